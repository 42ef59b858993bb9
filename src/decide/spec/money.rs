//! `[money]`: what a customer is worth and what a piece is expected to bring; exactly as typed (see [`super`]).

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Placed;

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
