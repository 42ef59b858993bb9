//! What travels through the pipeline: the rows of one batch, what was made of them, and their fates.

use std::sync::Arc;

use crate::asset::font::Font;
use crate::base::Diagnostic;
use crate::data::{Record, Reject};
use crate::decide::segment::Cells;
use crate::layout::laps::Times;
use crate::ledger::Note;
use crate::pdf;
use crate::postal::Postcode;

/// Rows in one bunch. The cut follows from the order of the rows alone, so it is the same in every run.
pub const ROWS: usize = pdf::Batch::FULL;

/// Up to [`ROWS`] rows and what became of them. Used again and again: nothing here shrinks.
#[derive(Debug, Default)]
pub struct Bunch {
    /// The first `filled` are this turn's.
    pub rows: Vec<Row>,
    pub filled: usize,
    /// The encoded pieces of the rows that are printed, in their order.
    pub pieces: pdf::Batch,
    /// The lines of the rows' decisions, where these are what is made.
    pub lines: Vec<u8>,
    /// Nanoseconds that the stages took, when asked for.
    pub took: Took,
    /// A fault that the campaign says must stop the run.
    pub stop: Option<Diagnostic>,
}

impl Bunch {
    pub fn clear(&mut self) {
        self.filled = 0;
        self.pieces.clear();
        self.lines.clear();
        self.took = Took::default();
        self.stop = None;
    }
}

/// One row, from reading to its fate.
#[derive(Debug)]
pub struct Row {
    /// The record, when it could be read.
    pub record: Record,
    /// Set when the reader could not make a record of the row.
    pub unreadable: Option<Box<Reject>>,
    /// What a file of decisions says of the row, when a run follows one.
    pub given: Option<Given>,
    pub fate: Fate,
    /// The piece's id; empty until a decision was made.
    pub piece: String,
    /// Cells for the manifest: segment, coupon, code, url, coupon_product.
    pub extra: [String; EXTRA.len()],
    /// The products that the slots show, in their order; empty where one shows none.
    pub shown: Vec<String>,
    /// The person's segment, and the group of each further segmentation.
    pub segment: Option<Arc<str>>,
    pub segments: Vec<(Arc<str>, Arc<str>)>,
    /// The person's cells of recency, frequency and monetary value, where the campaign has them.
    pub rfm: Option<Cells>,
    /// The record's postcode and whether it has a customer barcode; with `[post]` only.
    pub postcode: Option<Postcode>,
    pub barcoded: bool,
    /// Stocked leaflets to add, each with its bin; with `[inserts] leaflets` only.
    pub leaflets: Vec<[String; 2]>,
    /// Codes and messages, for a rejected row.
    pub reasons: Vec<(&'static str, String)>,
    /// Faults that the campaign lets pass.
    pub warnings: Vec<Diagnostic>,
    /// What was done about content that did not fit, as the stylesheet asks.
    pub notes: Vec<Note>,
    /// What fallback fonts drew, each glyph once, and the characters that no font has.
    pub stood_in: Vec<(Arc<Font>, u16)>,
    pub missing: Vec<(char, Option<char>)>,
}

/// The manifest's columns behind the fixed ones, in the order of [`Row::extra`]. The last is there only in campaigns that
/// bind coupons to the products of slots.
pub const EXTRA: [&str; 5] = ["segment", "coupon", "code", "url", "coupon_product"];

impl Row {
    #[must_use]
    pub fn new(record: Record) -> Self {
        Self {
            record,
            unreadable: None,
            given: None,
            fate: Fate::Rejected,
            piece: String::new(),
            extra: Default::default(),
            shown: Vec::new(),
            segment: None,
            segments: Vec::new(),
            rfm: None,
            postcode: None,
            barcoded: false,
            leaflets: Vec::new(),
            reasons: Vec::new(),
            warnings: Vec::new(),
            notes: Vec::new(),
            stood_in: Vec::new(),
            missing: Vec::new(),
        }
    }

    pub fn clear(&mut self) {
        self.unreadable = None;
        self.given = None;
        self.fate = Fate::Rejected;
        self.piece.clear();
        self.extra.iter_mut().for_each(String::clear);
        self.shown.iter_mut().for_each(String::clear);
        self.segment = None;
        self.segments.clear();
        self.rfm = None;
        (self.postcode, self.barcoded) = (None, false);
        self.leaflets.clear();
        self.reasons.clear();
        self.warnings.clear();
        self.notes.clear();
        self.stood_in.clear();
        self.missing.clear();
    }

    pub fn reject(&mut self, code: &'static str, message: impl Into<String>) {
        self.fate = Fate::Rejected;
        self.reasons.push((code, message.into()));
    }
}

/// What a file of decisions says of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// It has no line.
    Missing,
    /// The line with this number, as it stands.
    Line { number: u64, text: String },
}

/// How a row ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The next piece in [`Bunch::pieces`] is its.
    Printed,
    /// With the cause, when the campaign did not draw it itself.
    HeldOut(Option<Arc<str>>),
    Suppressed(Arc<str>),
    OverBudget,
    Rejected,
}

/// Nanoseconds by stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Took {
    pub read: u64,
    pub decide: u64,
    pub render: u64,
    pub layout: u64,
    /// What `layout` is made of.
    pub steps: Times,
    pub encode: u64,
    pub commit: u64,
}

impl Took {
    /// The stage that has steps.
    pub const LAY_OUT: &'static str = "lay out";

    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.decide += other.decide;
        self.render += other.render;
        self.layout += other.layout;
        self.add_steps(&other.steps);
        self.encode += other.encode;
        self.commit += other.commit;
    }

    /// Adds the steps of one or more compositions.
    pub fn add_steps(&mut self, steps: &Times) {
        for (sum, step) in self.steps.iter_mut().zip(steps) {
            *sum = (step.0, sum.1 + step.1);
        }
    }

    /// The stages with their names, in the order in which a record passes them.
    #[must_use]
    pub fn stages(&self) -> [(&'static str, u64); 6] {
        [
            ("read", self.read),
            ("decide", self.decide),
            ("render", self.render),
            (Self::LAY_OUT, self.layout),
            ("encode", self.encode),
            ("commit", self.commit),
        ]
    }
}
