//! A finished symbol: rows of modules, and the text that people read.

use std::sync::Arc;

use crate::base::Edges;

/// A symbol in modules, without its quiet zone, laid out as [`crate::page::Modules`] wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    pub columns: u16,
    pub rows: u16,
    /// Row by row, 1 = dark, each row padded to whole 64-bit words; bit 0 of a word is its leftmost module.
    pub bits: Arc<[u64]>,
    /// How high each row is; empty where all are as high as a module is wide.
    pub heights: Vec<Tall>,
    /// Modules that must stay free of ink beyond the symbol on each side. Less than none at the head or the foot: so far
    /// inside it the free zone ends already, because text stands there (JAN).
    pub quiet: Edges<f32>,
    /// The text that people read; empty in symbols of two dimensions.
    pub labels: Vec<Label>,
}

/// The height of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tall {
    /// In modules.
    Modules(f32),
    /// Whatever the height of the bars leaves; several such rows share it.
    Grows,
}

/// A text beside the bars, in modules from the symbol's left edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub text: String,
    pub left: f32,
    /// The text stands in the middle of this.
    pub width: f32,
    pub place: Beside,
    /// Each character in the middle of a cell this wide; without one the characters stand as the font has them.
    pub cell: Option<f32>,
}

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Below the bars; beside bars that reach further down.
    Below,
    /// In the room above bars that begin lower (add-ons of JAN).
    Above,
}

impl Symbol {
    /// A symbol of square modules.
    #[must_use]
    pub fn square(columns: u16, rows: u16, quiet: u16, dark: impl Fn(u16, u16) -> bool) -> Self {
        let quiet = f32::from(quiet);
        let mut bits = Bits::new(columns, rows);
        for row in 0..rows {
            (0..columns).filter(|column| dark(*column, row)).for_each(|column| bits.set(column, row));
        }
        Self { columns, rows, bits: bits.0.into(), heights: Vec::new(), quiet: Edges::all(quiet), labels: Vec::new() }
    }

    /// A symbol of rows that differ in height; shorter rows are light at their end.
    #[must_use]
    pub fn of_rows(rows: &[(Tall, &Bars)], sides: (u16, u16)) -> Self {
        let columns = rows.iter().map(|(_, bars)| bars.len()).max().unwrap_or(0);
        let (columns, count) = (small(columns), small(rows.len()));
        let mut bits = Bits::new(columns, count);
        for (y, (_, bars)) in rows.iter().enumerate() {
            for (x, _) in bars.0.iter().enumerate().filter(|(_, dark)| **dark) {
                bits.set(small(x), small(y));
            }
        }
        let quiet = Edges { top: 0.0, right: f32::from(sides.1), bottom: 0.0, left: f32::from(sides.0) };
        let heights = rows.iter().map(|(tall, _)| *tall).collect();
        Self { columns, rows: count, bits: bits.0.into(), heights, quiet, labels: Vec::new() }
    }

    /// The same with one text below its middle.
    #[must_use]
    pub fn with_text(mut self, text: String) -> Self {
        let width = f32::from(self.columns);
        self.labels.push(Label { text, left: 0.0, width, place: Beside::Below, cell: None });
        self
    }

    #[must_use]
    pub fn is_dark(&self, column: u16, row: u16) -> bool {
        let words = usize::from(self.columns).div_ceil(64);
        let word = self.bits.get(usize::from(row) * words + usize::from(column / 64));
        column < self.columns && word.is_some_and(|w| w >> (column % 64) & 1 == 1)
    }
}

fn small(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Rows of bits under way.
struct Bits(Vec<u64>, usize);

impl Bits {
    fn new(columns: u16, rows: u16) -> Self {
        let words = usize::from(columns).div_ceil(64);
        Self(vec![0; words * usize::from(rows)], words)
    }

    fn set(&mut self, column: u16, row: u16) {
        if let Some(word) = self.0.get_mut(usize::from(row) * self.1 + usize::from(column / 64)) {
            *word |= 1 << (column % 64);
        }
    }
}

/// A row of modules under way, dark or light from left to right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bars(pub Vec<bool>);

impl Bars {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// So many modules alike.
    pub fn run(&mut self, dark: bool, modules: usize) {
        self.0.resize(self.0.len() + modules, dark);
    }

    /// Bars and spaces in turn, a bar first.
    pub fn widths(&mut self, widths: &[u8]) {
        for (i, width) in widths.iter().enumerate() {
            self.run(i % 2 == 0, usize::from(*width));
        }
    }

    /// Modules written as `1` for dark and `0` for light.
    pub fn pattern(&mut self, pattern: &str) {
        self.0.extend(pattern.bytes().map(|b| b == b'1'));
    }
}
