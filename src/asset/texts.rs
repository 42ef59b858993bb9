//! What a glyph says, for those who search a PDF or copy from it: the character that maps to it, or, where none
//! does, what the font's rules made it of: a ligature of its parts, a vertical, old or half-width form of the usual
//! one, an ideographic variation of the character with its selector.

use std::collections::BTreeMap;

use skrifa::raw::FontRef;
use skrifa::raw::types::Tag;

use super::charmap::Variants;
use super::opentype::{coverage, follow, u16_at, u32_at};

/// Texts of a font's glyphs.
#[derive(Debug)]
pub(super) struct Texts {
    /// By glyph: its character; '\0' for none.
    chars: Box<[char]>,
    /// What is more than one character.
    more: BTreeMap<u16, Box<str>>,
}

/// Substitutions of what was substituted: so often the rules are gone through.
const ROUNDS: usize = 3;
/// The longest text of one glyph, in bytes: some fonts have whole sentences as a ligature.
const LONGEST: usize = 64;
/// Entries of all rules that are looked at: fonts that lie about their size end here.
const MOST_STEPS: usize = 2_000_000;

impl Texts {
    /// `chars`: by glyph, the best of its characters.
    pub(super) fn new(chars: Box<[char]>, variants: &Variants, file: Option<&FontRef<'_>>) -> Self {
        let mut texts = Self { chars, more: BTreeMap::new() };
        for (c, selector, glyph) in variants.drawn() {
            if texts.chars.get(usize::from(glyph)) == Some(&'\0') {
                texts.more.entry(glyph).or_insert_with(|| [c, selector].iter().collect::<String>().into());
            }
        }
        let table = file.and_then(|f| f.table_data(Tag::new(b"GSUB")));
        if let Some(gsub) = table {
            let mut steps = MOST_STEPS;
            for _ in 0..ROUNDS {
                // A broken table leaves the texts that were found before.
                if texts.round(gsub.as_bytes(), &mut steps) != Some(true) {
                    break;
                }
            }
        }
        texts
    }

    /// The character of a glyph that has one.
    pub(super) fn char(&self, glyph: u16) -> Option<char> {
        self.chars.get(usize::from(glyph)).copied().filter(|c| *c != '\0')
    }

    /// Appends what the glyph says; whether it says anything.
    pub(super) fn push(&self, glyph: u16, out: &mut String) -> bool {
        if let Some(c) = self.char(glyph) {
            out.push(c);
            return true;
        }
        let more = self.more.get(&glyph);
        out.push_str(more.map_or("", AsRef::as_ref));
        more.is_some()
    }

    /// Goes through all substitutions once; whether anything was learnt.
    fn round(&mut self, gsub: &[u8], steps: &mut usize) -> Option<bool> {
        let mut learnt = false;
        let lookups = follow(gsub, 8)?;
        for i in 0..u16_at(lookups, 0)? {
            let lookup = follow(lookups, 2 + 2 * i)?;
            for j in 0..u16_at(lookup, 4)? {
                let (mut kind, mut subtable) = (u16_at(lookup, 0)?, follow(lookup, 6 + 2 * j)?);
                if kind == 7 {
                    kind = u16_at(subtable, 2)?;
                    subtable = subtable.get(u32_at(subtable, 4)?..)?;
                }
                if matches!(kind, 1 | 3 | 4) {
                    learnt |= self.subtable(kind, subtable, steps)?;
                }
            }
        }
        Some(learnt)
    }

    fn subtable(&mut self, kind: usize, table: &[u8], steps: &mut usize) -> Option<bool> {
        let mut learnt = false;
        let format = u16_at(table, 0)?;
        coverage(follow(table, 2)?, |index, glyph| {
            *steps = steps.checked_sub(1)?;
            match kind {
                1 => {
                    let to = match format {
                        1 => (glyph + u16_at(table, 4)?) & 0xffff,
                        _ => u16_at(table, 6 + 2 * index)?,
                    };
                    learnt |= self.learn(to, &[glyph]);
                }
                3 => {
                    let set = follow(table, 6 + 2 * index)?;
                    for k in 0..u16_at(set, 0)? {
                        *steps = steps.checked_sub(1)?;
                        learnt |= self.learn(u16_at(set, 2 + 2 * k)?, &[glyph]);
                    }
                }
                _ => {
                    let set = follow(table, 6 + 2 * index)?;
                    for k in 0..u16_at(set, 0)? {
                        let ligature = follow(set, 2 + 2 * k)?;
                        let count = u16_at(ligature, 2)?;
                        *steps = steps.checked_sub(count + 1)?;
                        let mut parts = vec![glyph];
                        for p in 1..count {
                            parts.push(u16_at(ligature, 2 + 2 * p)?);
                        }
                        learnt |= self.learn(u16_at(ligature, 0)?, &parts);
                    }
                }
            }
            Some(())
        })?;
        Some(learnt)
    }

    /// Notes what a glyph is made of, if that is news.
    fn learn(&mut self, glyph: usize, parts: &[usize]) -> bool {
        let Some(slot) = self.chars.get(glyph).copied() else { return false };
        let Ok(glyph) = u16::try_from(glyph) else { return false };
        let form = is_form(slot);
        if slot != '\0' && !form {
            return false;
        }
        if let Some(known) = self.more.get(&glyph) {
            // Emoji fonts join sequences backwards as well, for text from right to left.
            if parts.contains(&usize::from(glyph)) || parts.len() < 3 {
                return false;
            }
            let texts: Option<Vec<char>> =
                parts.iter().map(|p| u16::try_from(*p).ok().and_then(|p| self.char(p))).collect();
            if let Some(parts) = texts
                && known.chars().eq(parts.iter().rev().copied())
                && rank(parts.first()) > rank(parts.last())
            {
                self.more.insert(glyph, parts.into_iter().collect());
                return true;
            }
            return false;
        }
        let mut text = String::new();
        for part in parts {
            let Ok(part) = u16::try_from(*part) else { return false };
            if part == glyph || !self.push(part, &mut text) || text.len() > LONGEST {
                return false;
            }
        }
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => {
                if is_form(c) {
                    return false;
                }
                if let Some(slot) = self.chars.get_mut(usize::from(glyph)) {
                    *slot = c;
                }
                true
            }
            (Some(_), Some(_)) => {
                // The text of more than one character goes before the character of the form.
                if let Some(slot) = self.chars.get_mut(usize::from(glyph)) {
                    *slot = '\0';
                }
                self.more.insert(glyph, text.into());
                true
            }
            _ => false,
        }
    }
}

/// Of two ends of a joined sequence of emoji the greater is the first one (Unicode Technical Standard 51, annex C):
/// people before what they do and grown ones before children, flags, animals and hearts before what is done to them,
/// pictures before signs.
fn rank(c: Option<&char>) -> Option<(bool, char)> {
    let first = matches!(
        c,
        Some(
            '\u{1F466}'
                ..='\u{1F469}'
                    | '\u{1F9D1}'
                    | '\u{1F3F3}'
                    | '\u{1F3F4}'
                    | '\u{1F408}'
                    | '\u{1F415}'
                    | '\u{1F426}'
                    | '\u{1F43B}'
                    | '\u{1F441}'
                    | '\u{1F62E}'
                    | '\u{1F635}'
                    | '\u{1F636}'
                    | '\u{2764}'
                    | '\u{26D3}'
                    | '\u{1F344}'
                    | '\u{1F34B}'
        )
    );
    c.map(|c| (first, *c))
}

/// Characters that stand for vertical forms of others, for Latin ligatures, or (in the supplementary private-use
/// planes) for what the font's maker had no other character for, such as keycaps; nobody types them.
fn is_form(c: char) -> bool {
    matches!(c, '\u{F0000}'..='\u{10FFFD}' | '\u{FB00}'..='\u{FB06}' | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE48}')
}
