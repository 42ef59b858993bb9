//! Kerning of pairs without the shaper.
//!
//! Most faces with Japanese in them kern: Latin letters, and kana against each other. If that is all that the
//! font's rules do to a character, the shaper is not needed for it either: the pair adjustment lookups (GPOS
//! type 2) are kept here in a form in which one pair costs a few memory reads. Only what changes the first
//! glyph's advance and nothing else is taken; other lookups stay with the shaper.

use rustc_hash::FxHashMap;

use super::opentype::{coverage, follow, u16_at};

/// All pair lookups that act in horizontal text unasked.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Each lookup adds to the advance what the first of its subtables that knows the pair says.
    lookups: Vec<Vec<Subtable>>,
    /// By glyph: some subtable's coverage holds it.
    first: Vec<bool>,
}

#[derive(Debug)]
enum Subtable {
    /// Pairs one by one: first glyph above the second.
    Single(FxHashMap<u32, i16>),
    Classes {
        /// By glyph: its class as first of a pair, [`NOT_COVERED`] for others.
        first: Vec<u16>,
        /// By glyph: its class as second of a pair.
        second: Vec<u16>,
        columns: usize,
        values: Vec<i16>,
    },
}

const NOT_COVERED: u16 = u16::MAX;
/// Value format: the advance along the line and nothing else.
const X_ADVANCE: usize = 4;
/// What is kept of one font, in subtables and values: fonts that lie about their size are left to the shaper.
const MOST_SUBTABLES: usize = 24;
const MOST_VALUES: usize = 1 << 20;

impl Pairs {
    /// Takes a lookup whose subtables (types and bytes) are given. `None`: it is not of the simple kind, and
    /// nothing of it was taken.
    pub(super) fn take(&mut self, subtables: &[(usize, &[u8])], count: u16) -> Option<()> {
        if self.lookups.iter().map(Vec::len).sum::<usize>() + subtables.len() > MOST_SUBTABLES {
            return None;
        }
        let mut taken = Vec::with_capacity(subtables.len());
        let mut covered = vec![false; usize::from(count)];
        for (kind, table) in subtables {
            if *kind != 2 {
                return None;
            }
            coverage(follow(table, 2)?, |_, g| {
                if let Some(c) = covered.get_mut(g) {
                    *c = true;
                }
                Some(())
            })?;
            taken.push(match (u16_at(table, 0)?, u16_at(table, 4)?, u16_at(table, 6)?) {
                (1, X_ADVANCE, 0) => single(table)?,
                (2, X_ADVANCE, 0) => classes(table, count)?,
                _ => return None,
            });
        }
        if self.first.is_empty() {
            self.first = covered;
        } else {
            self.first.iter_mut().zip(covered).for_each(|(f, c)| *f |= c);
        }
        self.lookups.push(taken);
        Some(())
    }

    /// Whether the glyph can be the first of a pair.
    pub(super) fn starts(&self, glyph: u16) -> bool {
        self.first.get(usize::from(glyph)).copied().unwrap_or(false)
    }

    /// What is added to the advance of `first` when `second` follows, in font units.
    pub(super) fn kern(&self, first: u16, second: u16) -> i32 {
        self.lookups.iter().filter_map(|lookup| lookup.iter().find_map(|s| s.get(first, second))).map(i32::from).sum()
    }
}

impl Subtable {
    #[inline]
    fn get(&self, a: u16, b: u16) -> Option<i16> {
        match self {
            Self::Single(pairs) => pairs.get(&(u32::from(a) << 16 | u32::from(b))).copied(),
            Self::Classes { first, second, columns, values } => {
                let row = *first.get(usize::from(a)).filter(|c| **c != NOT_COVERED)?;
                let column = usize::from(second.get(usize::from(b)).copied().unwrap_or(0));
                if column >= *columns {
                    return None;
                }
                values.get(usize::from(row) * columns + column).copied()
            }
        }
    }
}

fn signed(data: &[u8], at: usize) -> Option<i16> {
    Some(u16_at(data, at)? as u16 as i16)
}

fn single(table: &[u8]) -> Option<Subtable> {
    let mut pairs = FxHashMap::default();
    let sets = u16_at(table, 8)?;
    coverage(follow(table, 2)?, |index, glyph| {
        if index >= sets {
            return None;
        }
        let set = follow(table, 10 + 2 * index)?;
        let mut last = None;
        for i in 0..u16_at(set, 0)? {
            let second = u16_at(set, 2 + 4 * i)?;
            // The shaper searches by halves, so it needs order; where there is none, it decides.
            if last.is_some_and(|l| l >= second) || pairs.len() >= MOST_VALUES {
                return None;
            }
            last = Some(second);
            pairs.entry((glyph as u32) << 16 | second as u32).or_insert(signed(set, 4 + 4 * i)?);
        }
        Some(())
    })?;
    Some(Subtable::Single(pairs))
}

fn classes(table: &[u8], count: u16) -> Option<Subtable> {
    let (rows, columns) = (u16_at(table, 12)?, u16_at(table, 14)?);
    if rows * columns > MOST_VALUES || rows >= usize::from(NOT_COVERED) {
        return None;
    }
    let class_of_first = class_table(follow(table, 8)?, count)?;
    let second = class_table(follow(table, 10)?, count)?;
    let mut first = vec![NOT_COVERED; usize::from(count)];
    coverage(follow(table, 2)?, |_, g| {
        if let (Some(slot), Some(class)) = (first.get_mut(g), class_of_first.get(g)) {
            // A class outside the matrix matches nothing.
            *slot = if usize::from(*class) < rows { *class } else { NOT_COVERED };
        }
        Some(())
    })?;
    let values = (0..rows * columns).map(|i| signed(table, 16 + 2 * i)).collect::<Option<_>>()?;
    Some(Subtable::Classes { first, second, columns, values })
}

/// A class definition (OpenType, common table formats) by glyph.
fn class_table(table: &[u8], count: u16) -> Option<Vec<u16>> {
    let mut classes = vec![0; usize::from(count)];
    let mut set = |glyph: usize, class: usize| {
        if let Some(c) = classes.get_mut(glyph) {
            *c = class as u16;
        }
    };
    match u16_at(table, 0)? {
        1 => {
            let start = u16_at(table, 2)?;
            for i in 0..u16_at(table, 4)? {
                set(start + i, u16_at(table, 6 + 2 * i)?);
            }
        }
        2 => {
            let mut next = 0;
            for i in 0..u16_at(table, 2)? {
                let at = 4 + 6 * i;
                let (first, last, class) = (u16_at(table, at)?, u16_at(table, at + 2)?, u16_at(table, at + 4)?);
                // Ranges out of order would be found or not by how one searches.
                if first < next || last < first {
                    return None;
                }
                next = last + 1;
                (first..=last).for_each(|g| set(g, class));
            }
        }
        _ => return None,
    }
    Some(classes)
}
