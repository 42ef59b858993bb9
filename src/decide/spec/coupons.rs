//! `[[coupons]]` and `[coupon_rules]`: who holds which coupon, how many there are, and what the till reads; exactly as typed
//! (see [`super`]).

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Names, OneOrMany, Placed};

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
    /// A slot, or a list of them: the coupon is for the product that the slot shows, `product.…` in `where`, `cost`,
    /// `award_by` and `expires`. Of several slots, the first whose product fits; without one, the piece has no such coupon.
    #[serde(default)]
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub for_slot: Option<Spanned<Names>>,
    /// A sheet of rules whose column `coupon` says which coupon, `-` for none: this one is for those to whom
    /// the sheet gives it.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub table: Option<Placed>,
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
    /// Lower is given first; 0 when not said. Equal ones are given in the order in which they are written.
    #[serde(default)]
    pub priority: i64,
    /// Coupons that never come on the same piece with this one, by their ids.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub not_with: Vec<Placed>,
    /// How many there are, or how much they may cost together.
    #[serde(default)]
    pub budget: Option<CouponBudgetSpec>,
    /// Who goes first where the budget is short: a number such as `rfm.spent`, the highest first. Without it, and among
    /// equals, it is drawn.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub award_by: Option<Placed>,
    /// What one takes from a budget in yen: a number such as `500`. Without it `value.yen`, or `value.up_to`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub cost: Option<Placed>,
    /// What the till reads.
    #[serde(default)]
    pub symbol: Option<SymbolSpec>,
    /// Codes that somebody else made, each given once, instead of ours.
    #[serde(default)]
    pub pool: Option<PoolSpec>,
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

/// `[coupon_rules]`: how coupons come together.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CouponRulesSpec {
    /// So many coupons may be on one piece; 1 when not said.
    #[schemars(with = "Option<u32>")]
    pub per_piece: Option<Spanned<u32>>,
}

/// A coupon's budget: one of the two or both.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CouponBudgetSpec {
    #[schemars(with = "Option<u64>")]
    pub count: Option<Spanned<u64>>,
    /// What all of them may cost together, were every one of them used.
    #[schemars(with = "Option<u64>")]
    pub yen: Option<Spanned<u64>>,
}

/// A coupon's codes from a table, each given once, in the order of the table to people in the order of theirs.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolSpec {
    #[schemars(with = "String")]
    pub table: Placed,
    /// `code` when not said.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub column: Option<Placed>,
}

/// What the till reads: a bar code's kind and value, which the template gets as `coupon.symbol`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SymbolSpec {
    /// `jan13`, `code128`, `gs1-128`, `nw7` or `qr`.
    #[serde(rename = "type")]
    #[schemars(with = "String")]
    pub kind: Placed,
    /// `jan13`: its first digits, beginning with 20 to 29, the numbers for use within a shop. A number of the piece's own
    /// and the check digit follow.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub prefix: Option<Placed>,
    /// The others: a text in which `{code}` is the coupon's code without hyphens, `{number}` a number of the piece's own
    /// and `{id}` the coupon's id. `{code}` when not said, for `nw7` `A{number}A`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub value: Option<Placed>,
    /// How many digits `{number}` has, 4 to 18; 10 when not said.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub digits: Option<Spanned<u32>>,
}
