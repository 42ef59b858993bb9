//! Words broken between lines (CSS Text 3, section 5.4): at soft hyphens, and with `hyphens: auto` where the patterns
//! of the language say. Patterns are asked only for text that does not fit its line.

use super::class::Class;
use super::paragraph::{Hyphen, Kind, Paragraph, Shaped};
use crate::asset::fallback::FontSet;
use crate::markup::composition::Hyphens;
use crate::markup::style::WrapMode;

/// The longest word that patterns are asked for, in bytes; longer ones are no words.
const LONGEST: usize = 100;

/// Gives every span in which words may be broken its hyphen.
pub(super) fn prepare(p: &mut Paragraph, fonts: &FontSet) {
    for index in 0..p.spans.len() {
        let (Some(s), Ok(span)) = (p.spans.get(index), u16::try_from(index)) else { break };
        let how = &s.style.composition;
        if how.hyphens == Hyphens::None || s.style.wrap_mode == WrapMode::Nowrap {
            continue;
        }
        // U+2010 where there is such a glyph, as CSS wants it; but Japanese faces draw it as wide as an ideograph.
        let width = |c| s.chain.pick(fonts, c, None).map(|pick| pick.font.advance(pick.glyph));
        let auto = match (width('\u{2010}'), width('-')) {
            (Some(wide), Some(narrow)) if wide > narrow => "-",
            (Some(_), _) => "\u{2010}",
            (None, _) => "-",
        };
        let text = how.hyphenate_character.as_deref().unwrap_or(auto);
        let first = p.glyphs.len() as u32;
        let (mut width, mut glyphs) = (0.0, 0u16);
        for c in text.chars().take(8) {
            let Some(pick) = s.chain.pick(fonts, c, None) else { continue };
            p.glyphs.push(Shaped { id: pick.glyph, font: pick.font.id, extra: 0.0, dx: 0.0, dy: 0.0 });
            width += f32::from(pick.font.advance(pick.glyph)) * s.em() / f32::from(pick.font.units_per_em);
            glyphs += 1;
        }
        p.hyphens.push(Hyphen { span, width, first, glyphs });
    }
}

/// Marks where words may be broken by the patterns of their language.
pub(super) fn mark(p: &mut Paragraph) {
    let text = std::mem::take(&mut p.text);
    let mut at = 0;
    while let Some(atom) = p.atoms.get(at).copied() {
        let start = at;
        at += 1;
        if atom.class != Class::Letter || atom.kind != Kind::Text {
            continue;
        }
        while p.atoms.get(at).is_some_and(|a| a.class == Class::Letter && a.kind == Kind::Text && a.span == atom.span) {
            at += 1;
        }
        let Some(style) = p.spans.get(usize::from(atom.span)).map(|s| &s.style) else { continue };
        let how = &style.composition;
        if how.hyphens != Hyphens::Auto || style.wrap_mode == WrapMode::Nowrap {
            continue;
        }
        let Some(language) = language(&style.lang) else { continue };
        let from = atom.byte as usize;
        let to = p.atoms.get(at).map_or(text.len(), |a| a.byte as usize);
        let word = text.get(from..to).unwrap_or_default();
        // A character of another kind may be part of the last cluster.
        let word = word.trim_end_matches(|c: char| !c.is_alphabetic());
        let [all, before, after] = how.hyphenate_limits.map(usize::from);
        let letters = word.chars().count();
        if letters < all.max(before + after) || word.len() > LONGEST {
            continue;
        }
        let mut byte = from;
        let mut passed = 0;
        let mut next = start;
        for syllable in hypher::hyphenate(word, language) {
            byte += syllable.len();
            passed += syllable.chars().count();
            if passed < before || letters.saturating_sub(passed) < after.max(1) {
                continue;
            }
            while next < at && p.atoms.get(next).is_some_and(|a| (a.byte as usize) < byte) {
                next += 1;
            }
            if let Some(a) = p.atoms.get_mut(next).filter(|a| a.byte as usize == byte && !a.breakable) {
                (a.breakable, a.hyphen) = (true, true);
            }
        }
    }
    p.text = text;
}

/// The patterns for a BCP 47 language.
fn language(lang: &str) -> Option<hypher::Lang> {
    let [a, b, rest @ ..] = lang.as_bytes() else { return None };
    if !matches!(rest, [] | [b'-', ..]) {
        return None;
    }
    let code = [a.to_ascii_lowercase(), b.to_ascii_lowercase()];
    hypher::Lang::from_iso(if code == *b"no" { *b"nb" } else { code })
}
