//! What a font says of its full-width punctuation at half width (`halt`, in vertical lines `vhal`; where these are not,
//! `palt` and `vpal`: OpenType 1.9, registered features): where in the em the space lies that can be taken away.

use rustc_hash::FxHashMap;
use skrifa::raw::types::Tag;
use skrifa::raw::{FontRef, TableProvider as _};

use super::opentype::{coverage, follow, u16_at, u32_at};

/// The space before and behind the ink of a glyph that its half-width form does without, in font units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Half {
    pub lead: i32,
    pub tail: i32,
}

/// What a font says of half widths.
#[derive(Debug)]
pub(super) struct Halves {
    known: FxHashMap<u16, Half>,
    /// What is not in it has no half width; else the font does not say.
    complete: bool,
}

impl Halves {
    /// `None`: the font does not say; `Some(None)`: the glyph has no such form.
    pub(super) fn get(&self, glyph: u16) -> Option<Option<Half>> {
        match self.known.get(&glyph) {
            Some(half) => Some(Some(*half)),
            None => self.complete.then_some(None),
        }
    }
}

/// More glyphs than this are not looked at.
const MOST: usize = 20_000;

/// What the font says by `halt` (`vhal`); where it has no such feature, what its proportional widths (`palt`, `vpal`)
/// show. Contextual half widths (`chws`, `vchw`) are made of `halt` by those who make them, so it is there too. `None`: it has none of
/// these, or they cannot be read.
pub(super) fn halves(file: &FontRef<'_>, vertical: bool) -> Option<Halves> {
    let gpos = file.table_data(Tag::new(b"GPOS"))?;
    let gpos = gpos.as_bytes();
    let (exact, shown): (&[u8], &[u8]) = if vertical { (b"vhal", b"vpal") } else { (b"halt", b"palt") };
    if let Some(known) = feature(gpos, exact, vertical) {
        return Some(Halves { known, complete: true });
    }
    let em = i32::from(file.head().ok()?.units_per_em());
    let mut known = feature(gpos, shown, vertical)?;
    known.retain(|_, half| sided(half, em));
    Some(Halves { known, complete: false })
}

/// Makes the half width of a proportional one, which comes near to it: the space is at the side where most of it is, or
/// at both. `false`: there is too little to tell.
fn sided(half: &mut Half, em: i32) -> bool {
    let (lead, tail) = (half.lead.max(0), half.tail.max(0));
    if (lead + tail) * 3 < em {
        return false;
    }
    *half = match () {
        () if lead > 3 * tail => Half { lead: em / 2, tail: 0 },
        () if tail > 3 * lead => Half { lead: 0, tail: em / 2 },
        () => Half { lead: em / 4, tail: em / 4 },
    };
    true
}

fn feature(gpos: &[u8], tag: &[u8], vertical: bool) -> Option<FxHashMap<u16, Half>> {
    let (features, lookups) = (follow(gpos, 6)?, follow(gpos, 8)?);
    // every script and language has the same one, as far as fonts are known
    let record = (0..u16_at(features, 0)?).map(|i| 2 + 6 * i).find(|at| features.get(*at..at + 4) == Some(tag))?;
    let feature = follow(features, record + 4)?;
    let mut found = FxHashMap::default();
    for i in 0..u16_at(feature, 2)? {
        let lookup = follow(lookups, 2 + 2 * u16_at(feature, 4 + 2 * i)?)?;
        for s in 0..u16_at(lookup, 4)? {
            let mut table = follow(lookup, 6 + 2 * s)?;
            let mut kind = u16_at(lookup, 0)?;
            if kind == 9 {
                kind = u16_at(table, 2)?;
                table = table.get(u32_at(table, 4)?..)?;
            }
            if kind == 1 {
                single(table, vertical, &mut found)?;
            }
        }
    }
    Some(found)
}

/// A single adjustment (GPOS type 1).
fn single(table: &[u8], vertical: bool, found: &mut FxHashMap<u16, Half>) -> Option<()> {
    let (form, format) = (u16_at(table, 0)?, u16_at(table, 4)?);
    let size = 2 * (format & 0xff).count_ones() as usize;
    // Placement and advance along the line. Up is positive, and lines run down.
    let (placement, advance, sign) = if vertical { (2, 8, 1) } else { (1, 4, -1) };
    let field = |at: usize, bit: usize| -> Option<i32> {
        if format & bit == 0 {
            return Some(0);
        }
        let before = (format & (bit - 1)).count_ones() as usize;
        Some(i32::from(u16_at(table, at + 2 * before)? as u16 as i16))
    };
    coverage(follow(table, 2)?, |index, glyph| {
        let at = if form == 1 { 6 } else { 8 + size * index };
        let lead = sign * field(at, placement)?;
        let tail = -field(at, advance)? - lead;
        if found.len() < MOST {
            found.entry(u16::try_from(glyph).ok()?).or_insert(Half { lead, tail });
        }
        Some(())
    })
}
