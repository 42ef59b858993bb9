//! The value in which deciding ends: everything that a template may show and everything that an audit
//! will ask for.

use std::sync::Arc;

use jiff::civil::Date;

use super::segment::Cells;
use super::symbol::SymbolKind;
use crate::base::Origin;

/// What was decided for one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// `<campaign id>-<record number, 8 digits>`; unique in the campaign, no personal data.
    pub piece: String,
    /// The value of the unit's key column: a customer's id, or an order's for inserts.
    pub customer: String,
    pub outcome: Outcome,
    pub segment: Option<Arc<str>>,
    /// The person's group of each segmentation, in the order of the campaign file.
    pub segments: Vec<(Arc<str>, Arc<str>)>,
    /// The person's cells of recency, frequency and monetary value, for the report; zeros for who bought nothing.
    pub rfm: Option<Cells>,
    pub arm: Option<Arc<str>>,
    /// In the order of the campaign's `slots.names`.
    pub slots: Vec<Slot>,
    pub coupons: Vec<Coupon>,
    pub store: Option<NearestStore>,
    pub value: Option<Value>,
    pub origin: Origin,
}

/// Whether a piece is printed, and if not, why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Print,
    /// Left out on purpose, to measure what the mailing brings; with a cause when the campaign did not draw it itself.
    HeldOut {
        cause: Option<Arc<str>>,
    },
    /// Not written to: no consent, on a suppression list, outside the audience.
    Suppressed {
        cause: Arc<str>,
    },
    OverBudget,
}

/// One place for a product, filled or (when the campaign allows it) empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    pub name: Arc<str>,
    /// The product's key.
    pub product: Option<Arc<str>>,
    /// Row of the product in its table, for the template's context.
    pub product_row: Option<u32>,
    /// Which rung of the ladder filled it: `rules`, `popular`, …
    pub by: Arc<str>,
    /// The evidence, in words fit for an audit.
    pub because: String,
    /// The rule's own words for the customer, when it has some.
    pub note: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Coupon {
    /// The coupon rule's id in the campaign.
    pub id: Arc<str>,
    pub title: Arc<str>,
    /// Unique and unguessable, with a check character: `7KQ4-M2XD-9PX`.
    pub code: String,
    pub expires: Option<Date>,
    pub terms: Option<Arc<str>>,
    pub value: Option<Worth>,
    /// The nearest store that honours it, where not all of them do.
    pub store: Option<NearestStore>,
    /// What the till reads.
    pub symbol: Option<Symbol>,
    /// The product that it is for, where it is bound to what a slot shows.
    pub bound: Option<Bound>,
}

/// A product that a slot shows and a coupon is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The slot's name.
    pub slot: Arc<str>,
    /// The product's key, and its row in its table.
    pub product: Arc<str>,
    pub row: u32,
}

impl Bound {
    /// To the product of a slot; `None` when it is empty.
    #[must_use]
    pub fn to(slot: &Slot) -> Option<Self> {
        let product = Arc::clone(slot.product.as_ref()?);
        Some(Self { slot: Arc::clone(&slot.name), product, row: slot.product_row? })
    }
}

/// A bar code's kind and value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub kind: SymbolKind,
    pub value: String,
}

/// What a coupon is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// So many per cent off, up to so many yen.
    Percent {
        percent: u32,
        up_to: Option<u32>,
    },
    Yen {
        yen: u32,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct NearestStore {
    /// The store's key.
    pub id: Arc<str>,
    pub row: u32,
    /// Great-circle distance in kilometres, to one decimal as printed.
    pub km: f64,
    pub second: Option<Arc<str>>,
}

/// What the customer is worth and what the piece is expected to bring, in yen.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub ltv: Option<i64>,
    pub expected_margin: Option<i64>,
}
