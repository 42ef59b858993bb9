//! Marks by which a machine that inserts and folds, or a camera behind it, sees that no leaf is missing, double or in the
//! wrong order: a Data Matrix, or lines for optical mark recognition (OMR). Black ink alone, on paper kept white.
//!
//! The Data Matrix holds 21 digits: job (6), sequence (8), leaf (3), leaves of the set (3), and 1 on the last leaf of the
//! set, else 0. OMR lines stand in ten places, one [`PITCH`] apart, each there or not:
//!
//! | place | line |
//! |---|---|
//! | 1 | benchmark (gate): always there, the reader begins here |
//! | 2 | safety: always there, so that a single spot of dirt is no mark |
//! | 3 | end of set: on the last leaf |
//! | 4 | parity: makes the number of all lines even |
//! | 5–7 | the set's sequence number modulo 8: 1, 2, 4 |
//! | 8–10 | the leaf within its set modulo 8: 1, 2, 4 |

use crate::barcode::{datamatrix, size::Device};
use crate::base::{Edges, Point, Pt, Rect, Size};
use crate::color::Ink;
use crate::page::Modules;
use crate::pdf::stamp::{Dark, Stamp, Stamped, Stamper};

/// The least width of a Data Matrix module; it is made a whole number of the device's dots.
const MODULE: Pt = Pt::from_mm(0.33);
/// Modules on a side, which the 21 digits always fill.
const SIDE: u16 = 16;
/// Modules that stay free around it: the standard asks for one.
const FREE: f32 = 2.0;
/// From one OMR line to the next: a sixth of an inch.
pub const PITCH: Pt = Pt(12.0);
/// How long and how thick OMR lines are.
pub const LENGTH: Pt = Pt::from_mm(8.0);
pub const STROKE: Pt = Pt::from_mm(0.5);
/// Paper around OMR lines.
const CLEAR: Pt = Pt::from_mm(3.0);
/// Places of OMR lines.
pub const LINES: u16 = 10;

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    DataMatrix,
    Omr,
}

/// The edge of the trim that a mark stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Top,
    Right,
    Bottom,
    Left,
}

/// Which pages carry the mark. They are the leaves that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The first page of every two.
    Fronts,
    /// The second.
    Backs,
    All,
}

/// The mark of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Integrity {
    pub kind: Kind,
    pub edge: Edge,
    /// From the edge to the mark (not to its clear zone).
    pub inset: Pt,
    /// From the upper or left end of the edge to the mark.
    pub from: Pt,
    pub on: On,
    /// The job's number, below 1,000,000.
    pub job: u32,
    pub device: Device,
}

/// A leaf of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The set's number in the job, from 1.
    pub sequence: u64,
    /// The leaf in its set, from 1, of so many.
    pub nth: u32,
    pub of: u32,
}

impl Integrity {
    /// Which leaf of its set a page (from 0) is, if it carries a mark: from 1, of so many.
    #[must_use]
    pub fn leaf(&self, page: usize, pages: usize) -> Option<(u32, u32)> {
        let (first, step) = match self.on {
            On::Fronts => (0, 2),
            On::Backs => (1, 2),
            On::All => (0, 1),
        };
        if page < first || page >= pages || !(page - first).is_multiple_of(step) {
            return None;
        }
        let count = |until: usize| u32::try_from(until.saturating_sub(first).div_ceil(step)).unwrap_or(u32::MAX);
        Some((count(page + 1), count(pages)))
    }

    fn module(&self) -> Pt {
        self.device.dot().map_or(MODULE, |dot| dot * (MODULE / dot - 1e-3).ceil().max(1.0))
    }

    /// Width and height of the mark as it stands on the page.
    fn size(&self) -> Size {
        match self.kind {
            Kind::DataMatrix => {
                let side = self.module() * f32::from(SIDE);
                Size::new(side, side)
            }
            Kind::Omr => {
                let along = PITCH * f32::from(LINES - 1) + STROKE;
                match self.edge {
                    Edge::Left | Edge::Right => Size::new(LENGTH, along),
                    Edge::Top | Edge::Bottom => Size::new(along, LENGTH),
                }
            }
        }
    }

    /// The mark on a page of this trim.
    #[must_use]
    pub fn rect(&self, trim: Size) -> Rect {
        let size = self.size();
        let (x, y) = match self.edge {
            Edge::Left => (self.inset, self.from),
            Edge::Right => (trim.width - self.inset - size.width, self.from),
            Edge::Top => (self.from, self.inset),
            Edge::Bottom => (self.from, trim.height - self.inset - size.height),
        };
        Rect::new(x, y, size.width, size.height)
    }

    /// The mark with the paper that stays free around it.
    #[must_use]
    pub fn zone(&self, trim: Size) -> Rect {
        let by = match self.kind {
            Kind::DataMatrix => self.module() * FREE,
            Kind::Omr => CLEAR,
        };
        self.rect(trim).inset(Edges::all(-by))
    }

    /// What the Data Matrix holds. Numbers wrap: the sequence after 99,999,999, leaves after 999.
    #[must_use]
    pub fn digits(&self, leaf: Leaf) -> String {
        let end = u8::from(leaf.nth == leaf.of);
        let (job, sequence) = (self.job % 1_000_000, leaf.sequence % 100_000_000);
        format!("{job:06}{sequence:08}{:03}{:03}{end}", leaf.nth % 1000, leaf.of % 1000)
    }

    /// Which OMR lines are there: bit 0 is the benchmark.
    #[must_use]
    pub fn lines(leaf: Leaf) -> u16 {
        let end = u16::from(leaf.nth == leaf.of);
        let (set, nth) = ((leaf.sequence % 8) as u16, (leaf.nth % 8) as u16);
        let all = 0b11 | end << 2 | set << 4 | nth << 7;
        let parity = (all.count_ones() % 2) as u16;
        all | parity << 3
    }

    fn dark(&self, leaf: Leaf, rect: Rect) -> Option<Dark> {
        Some(match self.kind {
            Kind::DataMatrix => {
                // 21 digits fit in 16 x 16 modules whatever they are.
                let symbol = datamatrix::encode(self.digits(leaf).as_bytes()).ok()?;
                Dark::Modules(Modules {
                    at: Point::new(rect.x, rect.y),
                    module: self.module(),
                    columns: symbol.columns,
                    rows: symbol.rows,
                    bits: symbol.bits,
                    heights: None,
                    reduction: self.device.reduction,
                    quiet: Edges::all(self.module() * FREE),
                    ink: Ink::BLACK,
                })
            }
            Kind::Omr => {
                let lines = Self::lines(leaf);
                let line = |n: u16| {
                    let along = PITCH * f32::from(n);
                    match self.edge {
                        Edge::Left | Edge::Right => Rect::new(rect.x, rect.y + along, LENGTH, STROKE),
                        Edge::Top | Edge::Bottom => Rect::new(rect.x + along, rect.y, STROKE, LENGTH),
                    }
                };
                Dark::Lines((0..LINES).filter(|n| lines >> n & 1 == 1).map(line).collect())
            }
        })
    }
}

impl Stamper for Integrity {
    fn stamp(&self, which: Stamped) -> Option<Stamp> {
        let (nth, of) = self.leaf(which.page, which.pages)?;
        let leaf = Leaf { sequence: which.sequence, nth, of };
        Some(Stamp { clear: self.zone(which.trim), dark: self.dark(leaf, self.rect(which.trim))? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark(kind: Kind, on: On) -> Integrity {
        let (inset, from) = (Pt::from_mm(4.0), Pt::from_mm(20.0));
        Integrity { kind, edge: Edge::Right, inset, from, on, job: 1234, device: Device::default() }
    }

    #[test]
    fn leaves_are_the_pages_that_carry_the_mark() {
        let leaves = |on, pages| -> Vec<_> { (0..pages).map(|p| mark(Kind::Omr, on).leaf(p, pages)).collect() };
        assert_eq!(leaves(On::Fronts, 4), [Some((1, 2)), None, Some((2, 2)), None]);
        assert_eq!(leaves(On::Backs, 4), [None, Some((1, 2)), None, Some((2, 2))]);
        assert_eq!(leaves(On::Fronts, 1), [Some((1, 1))]);
        assert_eq!(leaves(On::Backs, 1), [None]);
        assert_eq!(leaves(On::All, 2), [Some((1, 2)), Some((2, 2))]);
    }

    #[test]
    fn a_data_matrix_holds_job_sequence_leaf_and_end_in_16_modules() {
        let mark = mark(Kind::DataMatrix, On::All);
        let leaf = Leaf { sequence: 42, nth: 2, of: 2 };
        assert_eq!(mark.digits(leaf), "001234000000420020021");
        assert_eq!(mark.digits(Leaf { nth: 1, ..leaf }), "001234000000420010020");
        let Some(Dark::Modules(m)) = mark.dark(leaf, Rect::default()) else { panic!("no symbol") };
        assert_eq!((m.columns, m.rows), (SIDE, SIDE));
    }

    #[test]
    fn modules_are_whole_dots_and_a_third_of_a_millimetre_or_more() {
        let mut mark = mark(Kind::DataMatrix, On::All);
        for (dpi, dots) in [(300.0, 4.0), (600.0, 8.0), (1200.0, 16.0)] {
            mark.device.dpi = dpi;
            assert!((mark.module().0 - dots * 72.0 / dpi).abs() < 1e-4, "{dpi}");
        }
    }

    #[test]
    fn the_mark_stands_where_it_is_told() {
        let trim = Size::new(Pt::from_mm(100.0), Pt::from_mm(148.0));
        let mut mark = mark(Kind::Omr, On::All);
        let mm = |r: Rect| [r.x, r.y, r.width, r.height].map(|v| (v.to_mm() * 10.0).round() / 10.0);
        assert_eq!(mm(mark.rect(trim)), [88.0, 20.0, 8.0, 38.6]);
        assert_eq!(mm(mark.zone(trim)), [85.0, 17.0, 14.0, 44.6]);
        mark.edge = Edge::Bottom;
        assert_eq!(mm(mark.rect(trim)), [20.0, 136.0, 38.6, 8.0]);
    }

    proptest! {
        /// What the reader of an inserter does.
        #[test]
        fn lines_are_read_back_and_one_wrong_line_is_noticed(sequence in 1u64..10_000_000, of in 1u32..20, at in 0u32..20, wrong in 2u16..LINES) {
            let leaf = Leaf { sequence, nth: at % of + 1, of };
            let lines = Integrity::lines(leaf);
            prop_assert_eq!(lines & 0b11, 0b11);
            prop_assert_eq!(lines.count_ones() % 2, 0);
            prop_assert_eq!(lines >> 2 & 1 == 1, leaf.nth == leaf.of);
            prop_assert_eq!(u64::from(lines >> 4 & 7), sequence % 8);
            prop_assert_eq!(u32::from(lines >> 7 & 7), leaf.nth % 8);
            prop_assert_eq!((lines ^ 1 << wrong).count_ones() % 2, 1);
        }
    }
}
