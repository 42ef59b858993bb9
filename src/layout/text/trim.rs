//! Trimming of full-width punctuation (CSS Text 4, `text-spacing-trim`; JLREQ 3.1.2 to 3.1.6): 」「 and 。」 share the
//! space between them, brackets lose theirs at the edges of lines, commas and stops may hang.
//!
//! A glyph keeps its advance; what goes is taken from the space behind it (`trail`), so that at the end of a line
//! it is there again, and from the edges of the line.

use super::class::Class;
use super::paragraph::{Atom, Kind, Paragraph};
use crate::markup::composition::{HangEnd, SpacingTrim};

/// What goes between two neighbours, in em: of the space behind the first, and of the space before the second.
pub(super) fn between(before: Class, after: Class, how: SpacingTrim) -> (f32, f32) {
    use Class::{Closing, Comma, Dividing, IdeographicSpace, MiddleDot, NarrowClosing, NarrowOpening, Opening, Stop};
    match how {
        SpacingTrim::SpaceAll => (0.0, 0.0),
        SpacingTrim::TrimAll => (before.tail(), after.lead()),
        _ => match (before, after) {
            // 」「 。「 」」 、」 」・ 」！ and before an ideographic space
            (
                Closing | Comma | Stop,
                Opening | Closing | Comma | Stop | MiddleDot | Dividing | NarrowClosing | IdeographicSpace,
            ) => (before.tail(), 0.0),
            // 「『 ・「
            (Opening | NarrowOpening | MiddleDot | IdeographicSpace, Opening) => (0.0, after.lead()),
            _ => (0.0, 0.0),
        },
    }
}

/// Takes away what neighbours share.
pub(super) fn apply(p: &mut Paragraph) {
    let mut before: Option<(usize, Class)> = None;
    for i in 0..p.atoms.len() {
        let Some(atom) = p.atoms.get(i).copied() else { break };
        match atom.kind {
            Kind::Zero | Kind::Float | Kind::Anchor => continue,
            Kind::Open | Kind::Close if atom.advance == 0.0 => continue,
            Kind::Text | Kind::Space => {}
            _ => {
                before = None;
                continue;
            }
        }
        if let Some((at, last)) = before
            && last.bit() & super::class::SPACED | atom.class.bit() & super::class::SPACED != 0
            && let Some(a) = p.atoms.get(at)
            && let Some(first) = p.spans.get(usize::from(a.span))
            && let Some(second) = p.spans.get(usize::from(atom.span))
        {
            let (tail, lead) = between(last, atom.class, first.style.composition.trim);
            let gone = tail * first.em() + lead * second.em();
            if gone != 0.0
                && let Some(a) = p.atoms.get_mut(at)
            {
                a.trail -= gone;
            }
        }
        before = Some((i, atom.class));
    }
}

/// How a line comes to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    /// The first line of the block.
    First,
    AfterBreak,
    Soft,
}

/// What goes before the first character of a line that starts at an atom, and which one that is: half of an
/// opening bracket, or all of one that hangs.
pub(super) fn lead(p: &Paragraph, start: usize, begins: Begins) -> (usize, f32) {
    const NOTHING: (usize, f32) = (usize::MAX, 0.0);
    if !p.edges {
        return NOTHING;
    }
    for (i, atom) in p.atoms.iter().enumerate().skip(start) {
        match atom.kind {
            Kind::Zero | Kind::Float | Kind::Anchor => continue,
            Kind::Open | Kind::Close if atom.advance == 0.0 => continue,
            Kind::Text => {}
            _ => return NOTHING,
        }
        let Some(span) = p.spans.get(usize::from(atom.span)) else { return NOTHING };
        let how = &span.style.composition;
        if how.hanging.first && begins == Begins::First && opens(p, atom) {
            return (i, atom.advance);
        }
        let goes = match how.trim {
            SpacingTrim::Normal | SpacingTrim::SpaceAll => false,
            SpacingTrim::SpaceFirst => begins == Begins::Soft,
            SpacingTrim::TrimStart | SpacingTrim::TrimBoth => true,
            SpacingTrim::TrimAll => return (i, atom.class.lead() * span.em()),
        };
        return if goes && atom.class == Class::Opening { (i, atom.class.lead() * span.em()) } else { NOTHING };
    }
    NOTHING
}

/// What goes behind the last character of a line: always, and where it would not fit otherwise.
pub(super) fn tail(p: &Paragraph, index: usize) -> (f32, f32) {
    let Some(atom) = p.atoms.get(index).filter(|a| a.kind == Kind::Text) else { return (0.0, 0.0) };
    let Some(span) = p.spans.get(usize::from(atom.span)) else { return (0.0, 0.0) };
    // What an element adds behind it keeps it from the edge.
    if p.atoms.get(index + 1).is_some_and(|a| a.kind == Kind::Close && a.advance != 0.0) {
        return (0.0, 0.0);
    }
    let how = &span.style.composition;
    let half = atom.class.tail() * span.em();
    let (mut always, mut needed) = match how.trim {
        SpacingTrim::SpaceAll => (0.0, 0.0),
        SpacingTrim::TrimAll => (half, half),
        _ if atom.class == Class::MiddleDot => (0.0, 0.0),
        SpacingTrim::TrimBoth => (half, half),
        _ => (0.0, half),
    };
    if how.hanging.end != HangEnd::No && is_stop(p, atom) {
        needed = atom.advance;
        if how.hanging.end == HangEnd::Force {
            always = atom.advance;
        }
    }
    if how.hanging.last && closes(p, atom) && !p.atoms.iter().skip(index + 1).any(is_content) {
        (always, needed) = (atom.advance, atom.advance);
    }
    (always, needed)
}

fn is_content(a: &Atom) -> bool {
    matches!(a.kind, Kind::Text | Kind::Box | Kind::Tab)
}

/// Opening brackets and quotes (CSS Text 3, section 9.2: Ps, Pi, Pf and the plain quotes).
fn opens(p: &Paragraph, atom: &Atom) -> bool {
    matches!(atom.class, Class::Opening | Class::NarrowOpening)
        || matches!(p.char_at(atom.byte), Some('\'' | '"' | '’' | '”' | '»'))
}

/// Closing brackets and quotes.
fn closes(p: &Paragraph, atom: &Atom) -> bool {
    atom.class == Class::Closing
        || matches!(p.char_at(atom.byte), Some('\'' | '"' | '’' | '”' | '»' | '«' | ')' | ']' | '}' | '｣'))
}

/// Commas and full stops that may hang (CSS Text 3, section 9.2).
fn is_stop(p: &Paragraph, atom: &Atom) -> bool {
    matches!(atom.class, Class::Comma | Class::Stop)
        || atom.class == Class::NarrowClosing
            && matches!(p.char_at(atom.byte), Some(',' | '.' | '､' | '｡' | '、' | '。' | '，' | '．'))
}
