//! The tables of a campaign file that say who gets what, exactly as they are typed there. The campaign's own
//! `Spec` embeds these types, so that the file, its JSON Schema and the rules can never differ.
//!
//! Texts that hold an expression or a name carry their place in the file ([`Spanned`]), so that a fault can
//! underline the very word.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// A text with its place in the campaign file.
pub type Placed = Spanned<String>;

/// `[audience]`: who is written to. Judged in this order, and a person is counted under the first that holds:
/// outside the audience, no consent, suppressed, held out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AudienceSpec {
    /// What one piece is made for: the name of a table in the singular, `customer` (the default) or `order`.
    #[schemars(with = "Option<String>")]
    pub unit: Option<Placed>,
    /// Who belongs to the audience: a condition such as `customer.status == "active"`. Without it, everyone.
    #[serde(rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Placed>,
    /// Who may be written to: a condition such as `customer.consent_dm`. Without it, every column of type
    /// `bool` whose purpose is `print` must be true.
    #[schemars(with = "Option<String>")]
    pub consent: Option<Placed>,
    /// Tables of people who must not be written to. Each is joined to the audience's table, or its key is the
    /// person's. A column `cause` or `reason` in it tells why.
    #[schemars(with = "Vec<String>")]
    pub suppress: Vec<Placed>,
    /// The share that is left out on purpose, to measure what the mailing brings: `"5%"`.
    #[schemars(with = "Option<String>")]
    pub hold_out: Option<Placed>,
    /// Versions of the piece with their weights: `{ calm = 1, bold = 1 }`.
    #[schemars(with = "BTreeMap<String, u32>")]
    pub arms: BTreeMap<String, Spanned<u32>>,
}

/// `[history]`: the table of what people bought, and which of its columns say what. Needed only where the
/// names differ from the ones given here.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HistorySpec {
    /// The table; `purchases` when not said.
    #[schemars(with = "Option<String>")]
    pub table: Option<Placed>,
    /// The day of the purchase; `bought_at` when not said, or else the only date column.
    #[schemars(with = "Option<String>")]
    pub date: Option<Placed>,
    /// How many were bought, negative when they came back; `quantity` when not said. Without such a column
    /// every line is one piece, and a negative amount is a return.
    #[schemars(with = "Option<String>")]
    pub quantity: Option<Placed>,
    /// What the line cost in all, negative for a refund; `amount` when not said, or else the only money column.
    #[schemars(with = "Option<String>")]
    pub amount: Option<Placed>,
}

/// `[segments]`: named groups of people; the first that holds is the person's segment.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SegmentsSpec {
    pub rfm: Option<RfmSpec>,
    pub named: Vec<NamedSegmentSpec>,
}

/// `[segments.rfm]`: recency, frequency and monetary value, each a cell from 1 (low) upwards.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RfmSpec {
    /// The table of purchases; must be the one that `[history]` names.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub from: Option<Placed>,
    /// How far back purchases count, up to and with the campaign's `as_of` day: `"24 months"`.
    #[schemars(with = "String")]
    pub window: Placed,
    pub recency: RecencySpec,
    pub frequency: CutsSpec,
    pub monetary: CutsSpec,
}

/// Days between the last purchase and the posting date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecencySpec {
    /// Rising cut points: with `[30, 90, 180, 365]`, up to 30 days is 5, up to 90 is 4, … beyond 365 is 1.
    #[schemars(with = "Vec<u32>")]
    pub days: Spanned<Vec<u32>>,
}

/// Fixed cut points, or cells that hold equally many people. One of the two.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CutsSpec {
    /// The number of cells, 2 to 10. People with equal values always share a cell: the lower one.
    #[schemars(with = "Option<u32>")]
    pub quantiles: Option<Spanned<u32>>,
    /// Rising cut points: with `[2, 5, 10]`, below 2 is 1, from 2 is 2, from 5 is 3, from 10 is 4.
    #[schemars(with = "Option<Vec<i64>>")]
    pub from: Option<Spanned<Vec<i64>>>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedSegmentSpec {
    #[schemars(with = "String")]
    pub name: Placed,
    #[serde(rename = "where")]
    #[schemars(with = "String")]
    pub condition: Placed,
}

/// `[slots]`: places for products, filled from the top of the ladder to its foot.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotsSpec {
    #[schemars(with = "Vec<String>")]
    pub names: Vec<Placed>,
    /// The table of products; `products` when not said.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub table: Option<Placed>,
    pub ladder: Vec<RungSpec>,
    /// Conditions on `product.…`: a product for which one of them holds is never shown.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub never: Vec<Placed>,
    /// No more than so many products of a kind on one piece.
    #[serde(default)]
    pub at_most: Option<AtMostSpec>,
    /// Slots that may stay empty. For all others, finding nothing rejects the record.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub may_be_empty: Vec<Placed>,
}

/// One rung of the ladder. `by` says which kind; the other keys belong to that kind.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RungSpec {
    /// `rules` or `popular`.
    #[schemars(with = "String")]
    pub by: Placed,
    /// `rules`: a table with one rule per row; see docs/rules.md for its columns.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub table: Option<Placed>,
    /// `rules`: rules written here; they come before those of the table when the priority is equal.
    #[serde(default)]
    pub rules: Vec<RuleSpec>,
    /// `popular`: how many days before `as_of` are counted.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub days: Option<Spanned<u32>>,
    /// `popular`: only products for which this holds, such as `product.category == last_bought.category`.
    #[serde(default, rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Placed>,
}

/// A rule: for whom, and what it offers. Exactly one of `product`, `products` and `category` says what.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSpec {
    #[schemars(with = "String")]
    pub name: Placed,
    #[serde(default, rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Placed>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub product: Option<Placed>,
    /// Several products, tried in this order.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub products: Vec<Placed>,
    /// Products of this category (column `category` of the products), the best selling first.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub category: Option<Placed>,
    /// Lower is tried first; 0 when not said. Equal ones are tried in the order in which they are written.
    #[serde(default)]
    pub priority: i64,
    /// Words for the customer, which the template may print: `お茶を長くお楽しみのお客様へ`.
    #[serde(default)]
    pub because: Option<String>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtMostSpec {
    /// What is counted: a value of the product such as `product.category`.
    #[schemars(with = "String")]
    pub per: Placed,
    #[schemars(with = "u32")]
    pub count: Spanned<u32>,
}

/// `[[coupons]]`: the first whose condition holds is the person's coupon.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CouponSpec {
    #[schemars(with = "String")]
    pub id: Placed,
    /// Without it, the coupon is for everyone.
    #[serde(default, rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Placed>,
    /// As printed: `全品20%OFF`.
    pub title: String,
    #[serde(default)]
    pub value: Option<WorthSpec>,
    /// The last day on which it holds: a date such as `posting_date + 30 days` or `date("2026-12-31")`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub expires: Option<Placed>,
    /// The line of small print.
    #[serde(default)]
    pub terms: Option<String>,
    /// The only stores that honour it, by their keys; the nearest of them is the piece's store.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub stores: Vec<Placed>,
    /// Only stores for which this holds honour it, a condition on `store.…` alone.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub store_where: Option<Placed>,
}

/// What a coupon is worth: so many per cent (up to an amount), or so many yen.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WorthSpec {
    #[schemars(with = "Option<u32>")]
    pub percent: Option<Spanned<u32>>,
    #[schemars(with = "Option<u32>")]
    pub up_to: Option<Spanned<u32>>,
    #[schemars(with = "Option<u32>")]
    pub yen: Option<Spanned<u32>>,
}

/// `[nearest_store]`: the nearest store that is open on the posting date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NearestStoreSpec {
    #[schemars(with = "String")]
    pub table: Placed,
    /// Where the person lives.
    pub at: PointSpec,
    /// Only stores for which this holds, a condition on `store.…` alone.
    #[serde(default, rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Placed>,
    /// Stores farther away than this are no help.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub max_km: Option<Spanned<f64>>,
    /// What happens when there is none (or nobody knows where the person lives).
    #[serde(default)]
    pub none: NoStore,
    /// The same for those of one segment: `{ vip = "reject", new = "no-coupon" }`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, NoStore>")]
    pub none_for: BTreeMap<Placed, NoStore>,
    /// Which columns of the stores say what.
    #[serde(default)]
    pub columns: StoreColumnsSpec,
}

/// Where the person lives: given in degrees, or looked up in a table of places by postcode or address. What
/// is found first counts: coordinates, then the postcode, then the address.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PointSpec {
    /// Degrees, such as `customer.latitude`.
    #[schemars(with = "Option<String>")]
    pub latitude: Option<Placed>,
    #[schemars(with = "Option<String>")]
    pub longitude: Option<Placed>,
    /// A postcode, such as `customer.postcode`; needs `table`.
    #[schemars(with = "Option<String>")]
    pub postcode: Option<Placed>,
    /// An address that begins with the prefecture, such as `customer.address`; needs `table`.
    #[schemars(with = "Option<String>")]
    pub address: Option<Placed>,
    /// The table of places: columns `latitude` and `longitude`, and `postcode` or `prefecture`, `city` and `town`.
    #[schemars(with = "Option<String>")]
    pub table: Option<Placed>,
    /// A table of postcodes with `prefecture`, `city` and `town`, when the table of places has no postcodes.
    #[schemars(with = "Option<String>")]
    pub postcodes: Option<Placed>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StoreColumnsSpec {
    /// Degrees; `latitude` when not said.
    #[schemars(with = "Option<String>")]
    pub latitude: Option<Placed>,
    /// Degrees; `longitude` when not said.
    #[schemars(with = "Option<String>")]
    pub longitude: Option<Placed>,
    /// The first day of business; `opened_on` when not said and there is such a column. Empty: always open.
    #[schemars(with = "Option<String>")]
    pub opened: Option<Placed>,
    /// The first day without business; `closed_on` when not said and there is such a column. Empty: not closing.
    #[schemars(with = "Option<String>")]
    pub closed: Option<Placed>,
}

/// What a person gets for whom no store is near enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoStore {
    /// The piece is made without a store; the template shows the online shop, where coupons hold too.
    #[default]
    Online,
    /// The piece is made without a store and without a coupon.
    NoCoupon,
    /// The record is rejected.
    Reject,
}
