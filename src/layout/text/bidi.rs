//! Text of both directions (UAX 9, by the `unicode-bidi` crate; CSS Writing Modes 4, section 2).
//!
//! A paragraph with right-to-left characters, or in a block of that direction, gets a level for each of its bytes. It is
//! shaped in stretches of one level, broken into lines in its logical order, and each line is put in order for the
//! eye when it is placed. All other paragraphs have no levels and pay only for one look at their bytes.

use std::ops::Range;

use unicode_bidi::{BidiInfo, Level};

use super::paragraph::{Kind, Paragraph};
use crate::markup::style::{Direction, UnicodeBidi};

/// Whether a text holds characters, or controls, that may be set from right to left.
fn may_turn(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Folded without branches, so that it is done many bytes at a time.
    let plain = bytes.iter().fold(false, |found, b| found | (0xD6..=0xE0).contains(b) | (*b == 0xF0));
    let second = |i: usize| bytes.get(i + 1).copied().unwrap_or(0);
    let third = |i: usize| bytes.get(i + 2).copied().unwrap_or(0);
    let found = plain
        && bytes.iter().enumerate().any(|(i, b)| match b {
            // U+0580..U+07FF, but for the Armenian letters at the beginning.
            0xD6 => second(i) >= 0x90,
            0xD7..=0xDF => true,
            // U+0800..U+08FF
            0xE0 => (0xA0..=0xA3).contains(&second(i)),
            // U+10800..U+10FFF and U+1E800..U+1EFFF
            0xF0 => second(i) == 0x90 && third(i) >= 0xA0 || second(i) == 0x9E && third(i) >= 0xA0,
            _ => false,
        });
    found
        || memchr::memchr2_iter(0xE2, 0xEF, bytes).any(|i| match bytes.get(i) {
            // U+200F, U+202B, U+202E, U+2067, U+2068
            Some(0xE2) => {
                second(i) == 0x80 && matches!(third(i), 0x8F | 0xAB | 0xAE)
                    || second(i) == 0x81 && matches!(third(i), 0xA7 | 0xA8)
            }
            // The forms of Hebrew and Arabic: U+FB1D..U+FDFF and U+FE70..U+FEFC
            _ => matches!(second(i), 0xAC..=0xB7 | 0xB9..=0xBB) && !(second(i) == 0xBB && third(i) >= 0xBD),
        })
}

/// What an element with this `unicode-bidi` puts before and behind its content (CSS Writing Modes 4, table 5).
pub fn controls(how: UnicodeBidi, direction: Direction) -> (&'static str, &'static str) {
    let rtl = direction == Direction::Rtl;
    match (how, rtl) {
        (UnicodeBidi::Normal, _) => ("", ""),
        (UnicodeBidi::Embed, false) => ("\u{202A}", "\u{202C}"),
        (UnicodeBidi::Embed, true) => ("\u{202B}", "\u{202C}"),
        (UnicodeBidi::Isolate, false) => ("\u{2066}", "\u{2069}"),
        (UnicodeBidi::Isolate, true) => ("\u{2067}", "\u{2069}"),
        (UnicodeBidi::BidiOverride, false) => ("\u{202D}", "\u{202C}"),
        (UnicodeBidi::BidiOverride, true) => ("\u{202E}", "\u{202C}"),
        (UnicodeBidi::IsolateOverride, false) => ("\u{2068}\u{202D}", "\u{202C}\u{2069}"),
        (UnicodeBidi::IsolateOverride, true) => ("\u{2068}\u{202E}", "\u{202C}\u{2069}"),
        (UnicodeBidi::Plaintext, _) => ("\u{2068}", "\u{2069}"),
    }
}

/// Whether a text is nothing but controls of direction: no space collapses across them or is kept by them.
pub(super) fn is_controls(text: &str) -> bool {
    text.len() <= 6 && text.chars().all(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

/// Finds the levels of the collected text. `plaintext`: the text itself says which way it runs.
pub(super) fn resolve(p: &mut Paragraph, direction: Direction, plaintext: bool) {
    p.rtl = direction == Direction::Rtl && !plaintext;
    if !p.rtl && !may_turn(&p.text) {
        return;
    }
    let base = if direction == Direction::Rtl { Level::rtl() } else { Level::ltr() };
    let info = BidiInfo::new(&p.text, (!plaintext).then_some(base));
    if plaintext {
        p.rtl = info.paragraphs.first().is_some_and(|p| p.level.is_rtl());
    }
    if p.rtl || info.has_rtl() {
        p.levels.extend(info.levels.iter().map(|l| l.number()));
    }
}

/// The level of each atom, once all are there. Edges of an element lie as low as the lowest of its content; those of
/// right-to-left stretches change sides.
pub(super) fn level_atoms(p: &mut Paragraph) {
    let base = u8::from(p.rtl);
    let mut levels: Vec<u8> = Vec::with_capacity(p.atoms.len());
    // Open elements: the atom that opens it, and the lowest level inside so far.
    let mut open: Vec<(usize, Option<u8>)> = Vec::new();
    let mut before = base;
    for atom in &p.atoms {
        let level = match atom.kind {
            Kind::Open => {
                open.push((levels.len(), None));
                before
            }
            Kind::Close => match open.pop() {
                None => before,
                Some((start, inside)) => {
                    let mut own = inside.unwrap_or(before);
                    // the edges of an element from right to left lie the other way round, whatever is in it
                    let direction = p.spans.get(usize::from(atom.span)).map(|s| s.style.direction);
                    if direction == Some(Direction::Rtl) && own % 2 == 0 && own > 0 {
                        own -= 1;
                    }
                    if let Some(l) = levels.get_mut(start) {
                        *l = own;
                    }
                    if let (Some(outer), Some(inside)) = (open.last_mut(), inside) {
                        outer.1 = Some(outer.1.map_or(inside, |o| o.min(inside)));
                    }
                    own
                }
            },
            Kind::Tab | Kind::Break => base,
            _ => {
                let level = p.levels.get(atom.byte as usize).copied().unwrap_or(base);
                if let Some(innermost) = open.last_mut() {
                    innermost.1 = Some(innermost.1.map_or(level, |o| o.min(level)));
                }
                level
            }
        };
        before = level;
        levels.push(level);
    }
    for (atom, level) in p.atoms.iter_mut().zip(&levels) {
        let Some(span) = p.spans.get(usize::from(atom.span)).filter(|_| level % 2 == 1) else { continue };
        match atom.kind {
            Kind::Open => atom.advance = span.margin.right + span.inset.right,
            Kind::Close => atom.advance = span.margin.left + span.inset.left,
            _ => {}
        }
    }
    p.atom_levels = levels;
}

/// The atoms of a line in the order of the eye, counted from the line's first. What stands at its end and is not shown
/// goes with the paragraph's direction (rule L1).
pub(super) fn order(p: &Paragraph, range: &Range<usize>, content: usize, order: &mut Vec<usize>) {
    order.clear();
    let base = Level::new(u8::from(p.rtl)).unwrap_or(Level::ltr());
    let levels: Vec<Level> = p
        .atom_levels
        .get(range.clone())
        .unwrap_or_default()
        .iter()
        .enumerate()
        .map(|(i, l)| if i < content { Level::new(*l).unwrap_or(base) } else { base })
        .collect();
    order.extend(BidiInfo::reorder_visual(&levels));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_turn_is_looked_at_closely() {
        for text in [
            "春の優待",
            "Spring sale 10%",
            "Ա է Armenian",
            "ราคา ไทย",
            "𠮷野家 🎉",
            "全角！？（）",
            "“…――”",
            "\u{FEFF}",
        ] {
            assert!(!may_turn(text), "{text}");
        }
        for text in ["שלום", "السلام", "a\u{200F}b", "\u{2067}a\u{2069}", "ﷲ", "\u{FE8D}", "\u{10840}", "\u{1E900}", "ࠀ"]
        {
            assert!(may_turn(text), "{text}");
        }
    }
}
