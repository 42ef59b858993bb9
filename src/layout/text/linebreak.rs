//! Third step: where a line may start. The segmenter (UAX 14 with the strictness of CSS) proposes, the rules
//! of [`super::kinsoku`] forbid. Run only for text that does not fit its line.

use icu_locale_core::{LanguageIdentifier, langid};
use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness, LineBreakWordOption};
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

use super::class::Class;
use super::kinsoku::{self, Around};
use super::paragraph::{Kind, Paragraph};
use crate::markup::style::{LineBreak, TextStyle, WhiteSpace, WordBreak, WrapMode};

/// Marks the atoms that may start a line.
pub(super) fn mark(p: &mut Paragraph) {
    if p.marked {
        return;
    }
    p.marked = true;
    let mut ways: [Option<Way>; 8] = [None; 8];
    let mut known = 0;
    for span in &p.spans {
        let way = Way::of(&span.style);
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
    if !p.hyphens.is_empty() {
        super::hyphen::mark(p);
    }
    if !p.rubies.is_empty() {
        super::ruby::keep(p);
    }
}

/// A way of breaking: what of a style decides where lines may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    strictness: LineBreak,
    words: WordBreak,
    /// The language is Japanese or Chinese, for which CSS has rules of its own (CSS Text 3, section 5.3).
    wide: bool,
}

impl Way {
    fn of(style: &TextStyle) -> Self {
        let language = style.lang.get(..2).unwrap_or_default();
        let whole = style.lang.as_bytes().get(2).is_none_or(|b| *b == b'-');
        let wide = whole && (language.eq_ignore_ascii_case("ja") || language.eq_ignore_ascii_case("zh"));
        Self { strictness: style.line_break, words: style.word_break, wide }
    }
}

/// Whether words of the text are found only with knowledge of the language: Thai, Lao, Burmese, Khmer.
fn is_complex(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(0xE0, 0xE1, bytes).any(|i| {
        let next = bytes.get(i + 1).copied().unwrap_or(0);
        match bytes.get(i) {
            Some(0xE0) => (0xB8..=0xBB).contains(&next),
            _ => matches!(next, 0x80..=0x82 | 0x9E | 0x9F | 0xA7),
        }
    })
}

fn segmenter(way: Way, complex: bool) -> LineSegmenterBorrowed<'static> {
    static JAPANESE: LanguageIdentifier = langid!("ja");
    let mut options = LineBreakOptions::default();
    options.content_locale = way.wide.then_some(&JAPANESE);
    options.strictness = Some(match way.strictness {
        LineBreak::Strict => LineBreakStrictness::Strict,
        LineBreak::Normal => LineBreakStrictness::Normal,
        LineBreak::Loose => LineBreakStrictness::Loose,
        LineBreak::Anywhere => LineBreakStrictness::Anywhere,
    });
    options.word_option = Some(match way.words {
        WordBreak::Normal => LineBreakWordOption::Normal,
        WordBreak::BreakAll => LineBreakWordOption::BreakAll,
        WordBreak::KeepAll => LineBreakWordOption::KeepAll,
    });
    if complex {
        // Words of Thai, Lao, Burmese and Khmer by a small neural net: a third of the dictionaries' data.
        LineSegmenter::new_lstm(options)
    } else {
        LineSegmenter::new_for_non_complex_scripts(options)
    }
}

/// Marks what one way of breaking allows, where that way is in force.
fn pass(p: &mut Paragraph, way: Way) {
    let text = std::mem::take(&mut p.text);
    let mut at = 0;
    let mut before = 0;
    let complex = is_complex(&text);
    for byte in segmenter(way, complex).segment_str(&text) {
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
        if Way::of(style) != way
            || style.wrap_mode == WrapMode::Nowrap
            || around(&text, byte).is_some_and(|a| kinsoku::forbids(a, way.strictness))
        {
            continue;
        }
        // A soft hyphen breaks a word, where words are broken at all.
        let soft = text.as_bytes().get(..byte).is_some_and(|t| t.ends_with("\u{AD}".as_bytes()));
        if soft && p.hyphen(last.span).is_none() {
            continue;
        }
        // A line starts with the elements that begin here, and ends with those that end here.
        let mut first = at;
        while first > 0 && p.atoms.get(first - 1).is_some_and(|a| a.kind == Kind::Open) {
            first -= 1;
        }
        if let Some(atom) = p.atoms.get_mut(first) {
            (atom.breakable, atom.hyphen) = (true, soft);
        }
    }
    p.text = text;
    break_spaces(p, way);
}

/// `break-spaces`: a line may also end after each of several spaces (CSS Text 3, section 3).
fn break_spaces(p: &mut Paragraph, way: Way) {
    let breaks = |s: &super::paragraph::Span| {
        s.style.white_space == WhiteSpace::BreakSpaces
            && s.style.wrap_mode == WrapMode::Wrap
            && Way::of(&s.style) == way
    };
    if !p.spans.iter().any(breaks) {
        return;
    }
    let mut after_space = false;
    for atom in &mut p.atoms {
        let Some(span) = p.spans.get(usize::from(atom.span)) else { continue };
        if atom.kind == Kind::Text && breaks(span) {
            atom.breakable |= after_space;
            after_space = atom.class == Class::Space;
        } else if !matches!(atom.kind, Kind::Open | Kind::Close) {
            after_space = false;
        }
    }
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
