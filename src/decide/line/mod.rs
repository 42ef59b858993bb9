//! Decisions as lines of JSON: what `decide` writes, a shop reviews, edits or makes elsewhere, and a run follows.
//! docs/decisions-file.md teaches the format.
//!
//! * [`write`] – a decision to its line
//! * [`read`] – a line to what it says, held against the campaign's names; every fault with its place
//! * [`follow`] – what a line says of a record, to the record's decision
//! * [`schema`] – the line as JSON Schema, for those who make it elsewhere
//! * `json` – JSON with places
//!
//! A line holds keys and never names: whoever reads it learns nothing of people that the ids do not tell.

mod follow;
mod json;
mod read;
mod schema;
mod write;

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::coupon::CouponPlan;
use super::decision::{Bound, NearestStore, Slot, Value};

pub use schema::{COMMITTED as SCHEMA, text as schema};

/// The names that lines (and templates) use themselves: no slot may be called so.
pub const NAMES: [&str; 17] = [
    "piece", "outcome", "cause", "segment", "segments", "arm", "coupon", "coupons", "store", "value", "origin",
    "reasons", "picks", "campaign", "customer", "order", "unit",
];

/// The words for outcomes; the same as in the manifest but for `print`, which is not done yet.
pub const OUTCOMES: [&str; 5] = ["print", "held-out", "suppressed", "over-budget", "rejected"];

/// What is wrong in a line; the place is in bytes of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    pub code: &'static str,
    pub span: Range<usize>,
    pub message: String,
    pub label: String,
    pub help: Option<String>,
}

impl LineFault {
    pub(super) fn new(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), label: String::new(), help: None }
    }

    fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The key of the record, such as a customer's; none only in lines about rows that could not be read.
    pub key: Option<String>,
    /// The record's number, as the piece's name or the coupon's code says.
    pub number: Option<u64>,
    pub said: Said,
    pub(super) segment: Option<Arc<str>>,
    pub(super) segments: Vec<(Arc<str>, Arc<str>)>,
    pub(super) arm: Option<Arc<str>>,
    pub(super) slots: Vec<Slot>,
    pub(super) coupons: Vec<GivenCoupon>,
    pub(super) store: Option<NearestStore>,
    pub(super) value: Option<Value>,
}

/// The outcome of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Print,
    /// With its cause, when it is held out of all campaigns.
    HeldOut(Option<Arc<str>>),
    Suppressed(Arc<str>),
    OverBudget,
    /// Codes and messages.
    Rejected(Vec<(String, String)>),
}

impl Line {
    /// Whether the line may be about a row that could not be read, or whose key stood in an earlier row: such a line
    /// gives way to any other with its key, and no record needs to be there for it.
    #[must_use]
    pub fn gives_way(&self) -> bool {
        self.number.is_none() && matches!(self.said, Said::Rejected(_))
    }
}

/// A coupon as a line gives it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GivenCoupon {
    /// The number of its rule in the campaign.
    pub rule: usize,
    /// None: the run issues it.
    pub code: Option<String>,
    /// None: worked out as the campaign says.
    pub expires: Option<Date>,
    /// The nearest store that honours it, where not all do.
    pub store: Option<NearestStore>,
    /// The slot and the product that it is for; `None`: as the campaign says.
    pub slot: Option<Arc<str>>,
    pub product: Option<Arc<str>>,
    /// Where it stands in the line.
    pub at: Range<usize>,
}

impl GivenCoupon {
    /// What the line shows that the coupon may be for: the products of the coupon's slots, as far as the line does not
    /// say which of them it is.
    pub fn candidates<'l>(&'l self, coupon: &'l CouponPlan, slots: &'l [Slot]) -> impl Iterator<Item = Bound> + 'l {
        let shown = coupon.slots.iter().filter_map(|at| slots.get(*at)).filter_map(Bound::to);
        shown.filter(|bound| {
            self.slot.as_ref().is_none_or(|s| *s == bound.slot)
                && self.product.as_ref().is_none_or(|p| *p == bound.product)
        })
    }
}
