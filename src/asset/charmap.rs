//! The flat tables from characters to glyphs.

use skrifa::charmap::{Charmap, MapVariant};

use super::font::small;

/// What the table says of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub glyph: u16,
    pub plain: bool,
    pub simple: bool,
    /// Plain but for kerning with the glyph behind it.
    pub paired: bool,
}

const PAGE: usize = 256;
const PLAIN: u32 = 1 << 16;
/// The shaper treats the character by itself ([`is_simple`]).
const SIMPLE: u32 = 1 << 17;
const PAIRED: u32 = 1 << 18;

/// Two levels: the code point's upper bits give a page, the lower eight an entry in it. Page 0 is empty.
pub(super) struct CharTable {
    pages: Box<[u16]>,
    entries: Vec<u32>,
}

impl CharTable {
    /// `mappings` are code points and glyph ids; glyph 0 and glyphs from `count` on are left out.
    pub(super) fn new(mappings: impl Iterator<Item = (u32, u32)>, count: u16) -> Self {
        let mut table = Self { pages: vec![0; 0x11_0000 / PAGE].into(), entries: vec![0; PAGE] };
        for (code, glyph) in mappings {
            let (Some(c), Ok(glyph)) = (char::from_u32(code), u16::try_from(glyph)) else { continue };
            if glyph != 0 && glyph < count {
                table.set(c, u32::from(glyph) | if is_simple(c) { PLAIN | SIMPLE } else { 0 });
            }
        }
        // What these mean can be drawn by another character's glyph (UAX 14 and 50 treat them as the same
        // mark but for breaking); many fonts leave them out.
        for (c, stand_in) in [('\u{A0}', ' '), ('\u{2011}', '\u{2010}')] {
            if table.get(c).is_none()
                && let Some(e) = table.get(stand_in)
            {
                table.set(c, u32::from(e.glyph) | if e.plain { PLAIN | SIMPLE } else { 0 });
            }
        }
        table
    }

    /// By glyph id, whether a simple character maps to it.
    pub(super) fn simple_glyphs(&self, count: u16) -> Vec<bool> {
        let mut simple = vec![false; usize::from(count)];
        for e in self.entries.iter().filter(|e| **e & SIMPLE != 0) {
            if let Some(s) = simple.get_mut((e & 0xffff) as usize) {
                *s = true;
            }
        }
        simple
    }

    /// Characters whose glyphs are touched by rules are not plain; those that only kern are set apart.
    pub(super) fn keep_plain(&mut self, touched: &[bool], kerns: impl Fn(u16) -> bool) {
        for e in &mut self.entries {
            let glyph = (*e & 0xffff) as u16;
            if touched.get(usize::from(glyph)).copied().unwrap_or(true) {
                *e &= !PLAIN;
            } else if *e & PLAIN != 0 && kerns(glyph) {
                *e = *e & !PLAIN | PAIRED;
            }
        }
    }

    fn set(&mut self, c: char, entry: u32) {
        let code = c as usize;
        let Some(slot) = self.pages.get_mut(code / PAGE) else { return };
        if *slot == 0 {
            let Ok(page) = u16::try_from(self.entries.len() / PAGE) else { return };
            *slot = page;
            self.entries.resize(self.entries.len() + PAGE, 0);
        }
        let at = usize::from(*slot) * PAGE + code % PAGE;
        if let Some(e) = self.entries.get_mut(at) {
            *e = entry;
        }
    }

    #[inline]
    pub(super) fn get(&self, c: char) -> Option<Entry> {
        let code = c as usize;
        let page = usize::from(*self.pages.get(code / PAGE)?);
        let entry = *self.entries.get(page * PAGE + code % PAGE)?;
        let glyph = (entry & 0xffff) as u16;
        let (plain, simple, paired) = (entry & PLAIN != 0, entry & SIMPLE != 0, entry & PAIRED != 0);
        (glyph != 0).then_some(Entry { glyph, plain, simple, paired })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.len() == PAGE
    }

    /// For each glyph the best of its characters, '\0' where there is none.
    pub(super) fn reverse(&self, glyphs: usize) -> Box<[char]> {
        let mut best = vec!['\0'; glyphs].into_boxed_slice();
        for (high, page) in self.pages.iter().enumerate().filter(|(_, p)| **p != 0) {
            for low in 0..PAGE {
                let Some(c) = char::from_u32((high * PAGE + low) as u32) else { continue };
                let at = usize::from(*page) * PAGE + low;
                let glyph = self.entries.get(at).map_or(0, |e| e & 0xffff) as usize;
                if glyph == 0 {
                    continue;
                }
                if let Some(b) = best.get_mut(glyph)
                    && (*b == '\0' || rank(c) < rank(*b))
                {
                    *b = c;
                }
            }
        }
        best
    }
}

/// How gladly a character is given back as the text of a glyph: low is better.
fn rank(c: char) -> u8 {
    match c as u32 {
        // Unified ideographs that stand among the compatibility ones for history's sake.
        0xFA0E | 0xFA0F | 0xFA11 | 0xFA13 | 0xFA14 | 0xFA1F | 0xFA21 | 0xFA23 | 0xFA24 | 0xFA27..=0xFA29 => 0,
        // Spaces of other widths: U+0020 and U+3000 are what is typed.
        0xA0 | 0xAD | 0x2000..=0x200F | 0x2011 => 2,
        // Radicals, compatibility ideographs and forms.
        0x2E80..=0x2FDF | 0xF900..=0xFAFF | 0xFE10..=0xFE6F | 0xFF00..=0xFFEF | 0x2_F800..=0x2_FA1F => 3,
        0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF => 4,
        _ => 0,
    }
}

/// Characters that the shaper treats one by one: not marks, not default-ignorable, left to right, of a
/// script without rules of its own. Only these can be plain.
fn is_simple(c: char) -> bool {
    match c as u32 {
        0xAD | 0x2044 | 0x3164 | 0xFFA0 => false,
        0x20..=0x7E
        | 0xA0..=0x2FF
        | 0x370..=0x482
        | 0x48A..=0x52F
        | 0x1E00..=0x1FFF
        | 0x2000..=0x200A
        | 0x2010..=0x2027
        | 0x202F..=0x205F
        | 0x2070..=0x20CF
        | 0x2100..=0x2BFF
        | 0x2E00..=0x3029
        | 0x3030..=0x3098
        | 0x309B..=0x312F
        | 0x3190..=0xA4CF
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF01..=0xFF9F
        | 0xFFE0..=0xFFEE
        | 0x2_0000..=0x3_FFFF => true,
        _ => false,
    }
}

/// The variation sequences of a font, in order.
#[derive(Default)]
pub(super) struct Variants {
    /// Character, selector, glyph; glyph 0: the character's own.
    sequences: Vec<(char, char, u16)>,
}

impl Variants {
    pub(super) fn new(charmap: &Charmap<'_>, count: u16) -> Self {
        let mut sequences: Vec<_> = charmap
            .variant_mappings()
            .filter_map(|(c, selector, found)| {
                let glyph = match found {
                    MapVariant::UseDefault => 0,
                    MapVariant::Variant(g) => small(g).filter(|g| *g < count)?,
                };
                Some((char::from_u32(c)?, char::from_u32(selector)?, glyph))
            })
            .collect();
        sequences.sort_unstable();
        Self { sequences }
    }

    /// Character, selector and glyph of the sequences that have a glyph of their own, in order.
    pub(super) fn drawn(&self) -> impl Iterator<Item = (char, char, u16)> {
        self.sequences.iter().copied().filter(|s| s.2 != 0)
    }

    /// Gives each sequence that is drawn with its character's own glyph a glyph id of its own from `first` on, as
    /// far as ids reach; returns the glyphs that those ids stand for.
    pub(super) fn name_apart(&mut self, first: u16, own: impl Fn(char) -> Option<u16>) -> Vec<u16> {
        let mut stand_for = Vec::new();
        for (c, _, glyph) in self.sequences.iter_mut().filter(|s| s.2 == 0) {
            let Some(id) = u16::try_from(stand_for.len()).ok().and_then(|n| first.checked_add(n)) else { break };
            let Some(of) = own(*c).filter(|_| id < u16::MAX) else { continue };
            *glyph = id;
            stand_for.push(of);
        }
        stand_for
    }

    /// `None`: not listed. `Some(None)`: listed, drawn with the character's own glyph.
    pub(super) fn get(&self, c: char, selector: char) -> Option<Option<u16>> {
        let at = self.sequences.binary_search_by_key(&(c, selector), |s| (s.0, s.1)).ok()?;
        self.sequences.get(at).map(|s| Some(s.2).filter(|g| *g != 0))
    }
}
