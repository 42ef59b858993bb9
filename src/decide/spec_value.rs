//! The tables of a campaign file about money: what people are worth, what pieces and coupons cost, and how much of
//! either there is; exactly as they are typed there (see [`super::spec`]).

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::spec::Placed;

/// `[money]`: what a customer is worth and what a piece is expected to bring.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MoneySpec {
    /// What the customer is worth in the years to come, in yen: a number such as `customer.ltv`. Or see `[money.horizon]`.
    #[schemars(with = "Option<String>")]
    pub ltv: Option<Placed>,
    /// Works the value out from what the customer brings in a year.
    pub horizon: Option<HorizonSpec>,
    /// The odds that a piece leads to an order: a number from 0 to 1 such as `rfm.r >= 4 ? 0.08 : 0.02`.
    #[schemars(with = "Option<String>")]
    pub response: Option<Placed>,
    /// The margin of that order, in yen: a number such as `rfm.spent / rfm.purchases * 0.3`.
    #[schemars(with = "Option<String>")]
    pub order_margin: Option<Placed>,
    /// What that order comes to, in yen, for coupons in per cent: a number such as `rfm.spent / rfm.purchases`.
    #[schemars(with = "Option<String>")]
    pub basket: Option<Placed>,
    /// `false` writes to people too whose piece is expected to cost more than it brings.
    #[schemars(with = "Option<bool>")]
    pub only_worthwhile: Option<bool>,
}

/// `[money.horizon]`: the present value of the margins of some years (docs/value.md has the formula).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HorizonSpec {
    /// The margin that the customer brings in a year, in yen: a number such as `rfm.spent / 2 * 0.3`.
    #[schemars(with = "String")]
    pub yearly: Placed,
    /// How many years count, 1 to 50.
    #[schemars(with = "u32")]
    pub years: Spanned<u32>,
    /// The share of customers that stays from one year to the next: `"70%"`.
    #[schemars(with = "String")]
    pub stay: Placed,
    /// What a yen of next year is worth less than one of today: `"5%"`.
    #[schemars(with = "String")]
    pub discount: Placed,
}

/// `audience.piece_cost`: yen for each piece.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PieceCostSpec {
    pub paper: u32,
    pub print: u32,
    pub postage: u32,
}

/// `audience.budget`: one of the two or both.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetSpec {
    #[schemars(with = "Option<u64>")]
    pub pieces: Option<Spanned<u64>>,
    /// What all pieces may cost together, by `piece_cost`.
    #[schemars(with = "Option<u64>")]
    pub yen: Option<Spanned<u64>>,
}

/// `audience.contact`: people who were written to lately are left out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactSpec {
    /// The table of past pieces, one row for each: the manifest of an earlier run, for instance.
    #[schemars(with = "String")]
    pub table: Placed,
    /// The column with the day of posting; `posted_on` when not said, or else the only date column.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub date: Option<Placed>,
    /// No more than so many pieces `within` the days before the posting date, this one included.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub at_most: Option<Spanned<u32>>,
    /// `"90 days"`; needed with `at_most`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub within: Option<Placed>,
    /// No piece for so long after the last one: `"14 days"`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub quiet: Option<Placed>,
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
