//! Third step: where a line may start. The segmenter (UAX 14 with the strictness of CSS) proposes, the rules
//! of [`super::kinsoku`] forbid. Run only for text that does not fit its line.

use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness, LineBreakWordOption};
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

use super::kinsoku::{self, Around};
use super::paragraph::{Kind, Paragraph};
use crate::markup::style::{LineBreak, WordBreak, WrapMode};

/// Marks the atoms that may start a line.
pub(super) fn mark(p: &mut Paragraph) {
    if p.marked {
        return;
    }
    p.marked = true;
    let mut ways: [Option<(LineBreak, WordBreak)>; 4] = [None; 4];
    let mut known = 0;
    for span in &p.spans {
        let way = (span.style.line_break, span.style.word_break);
        if !ways.contains(&Some(way))
            && let Some(slot) = ways.get_mut(known)
        {
            *slot = Some(way);
            known += 1;
        }
    }
    for way in ways.into_iter().flatten() {
        pass(p, way);
    }
    if !p.rubies.is_empty() {
        super::ruby::keep(p);
    }
}

fn segmenter(way: (LineBreak, WordBreak)) -> LineSegmenterBorrowed<'static> {
    let mut options = LineBreakOptions::default();
    options.strictness = Some(match way.0 {
        LineBreak::Strict => LineBreakStrictness::Strict,
        LineBreak::Normal => LineBreakStrictness::Normal,
        LineBreak::Loose => LineBreakStrictness::Loose,
        LineBreak::Anywhere => LineBreakStrictness::Anywhere,
    });
    options.word_option = Some(match way.1 {
        WordBreak::Normal => LineBreakWordOption::Normal,
        WordBreak::BreakAll => LineBreakWordOption::BreakAll,
        WordBreak::KeepAll => LineBreakWordOption::KeepAll,
    });
    LineSegmenter::new_for_non_complex_scripts(options)
}

/// Marks what one way of breaking allows, where that way is in force.
fn pass(p: &mut Paragraph, way: (LineBreak, WordBreak)) {
    let text = std::mem::take(&mut p.text);
    let mut at = 0;
    let mut before = 0;
    for byte in segmenter(way).segment_str(&text) {
        // The first content that starts at this byte, and the content before it.
        while let Some(atom) = p.atoms.get(at) {
            let content = !matches!(atom.kind, Kind::Open | Kind::Close | Kind::Float | Kind::Anchor);
            if content && atom.byte as usize >= byte {
                break;
            }
            if content {
                before = at;
            }
            at += 1;
        }
        let (Some(next), Some(last)) = (p.atoms.get(at).copied(), p.atoms.get(before)) else { break };
        if byte == 0 || next.byte as usize != byte {
            continue;
        }
        let owner = if last.span == next.span { next.span } else { p.common(last.span, next.span) };
        let Some(style) = p.spans.get(usize::from(owner)).map(|s| &s.style) else { continue };
        if (style.line_break, style.word_break) != way
            || style.wrap_mode == WrapMode::Nowrap
            || around(&text, byte).is_some_and(|a| kinsoku::forbids(a, way.0))
        {
            continue;
        }
        // A line starts with the elements that begin here, and ends with those that end here.
        let mut first = at;
        while first > 0 && p.atoms.get(first - 1).is_some_and(|a| a.kind == Kind::Open) {
            first -= 1;
        }
        if let Some(atom) = p.atoms.get_mut(first) {
            atom.breakable = true;
        }
    }
    p.text = text;
}

/// The characters around a byte of the text; combining marks and selectors are looked through backwards.
pub(super) fn around(text: &str, byte: usize) -> Option<Around> {
    let mut back = text.get(..byte)?.chars().rev();
    let before = back.next()?;
    let second_before = back.next();
    let solid_before = if is_space(before) {
        std::iter::once(second_before).flatten().chain(back).find(|c| !is_space(*c))
    } else {
        Some(before)
    };
    let mut forth = text.get(byte..)?.chars();
    let after = forth.next()?;
    Some(Around { second_before, before, after, second_after: forth.next(), solid_before })
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\u{A0}')
}

/// Whether a line may end before this atom in an emergency (`overflow-wrap`): between any two clusters that
/// no rule of ours keeps together.
pub(super) fn emergency(p: &Paragraph, atom: usize) -> bool {
    let Some(a) = p.atoms.get(atom) else { return false };
    let Some(style) = p.spans.get(usize::from(a.span)).map(|s| &s.style) else { return false };
    if !matches!(a.kind, Kind::Text | Kind::Box | Kind::Open) || p.in_ruby(atom) {
        return false;
    }
    !around(&p.text, a.byte as usize).is_none_or(|x| kinsoku::forbids(x, style.line_break) && !western(x))
}

/// Kinsoku of numbers yields where a Western word or number must be torn anyway.
fn western(a: Around) -> bool {
    a.before.is_ascii() && a.after.is_ascii()
}

#[cfg(test)]
pub(super) fn mark_again(p: &mut Paragraph) {
    p.marked = false;
    mark(p);
}
