//! `[audience]`: who is written to, and what a piece costs; exactly as typed (see [`super`]).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::{Names, OneOrMany, Placed};

/// `[audience]`: who is written to. Judged in this order, and a person is counted under the first that holds:
/// outside the audience, no consent, suppressed, another of the household, held out.
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
    /// The days that say whether consent holds on the posting date:
    /// `{ given = "customer.consented_on", withdrawn = "customer.withdrawn_on" }`.
    pub consent_dates: Option<ConsentDatesSpec>,
    /// A table of consents, one row or several for each person and purpose: its columns `given_on`, `withdrawn_on` and
    /// `purpose`. Of all rows for print, what was said last on or before the posting date counts; a person without one is
    /// not written to.
    #[schemars(with = "Option<String>")]
    pub consents: Option<Placed>,
    /// How long consent holds after it was given: `"36 months"`. Without it, until it is withdrawn.
    #[schemars(with = "Option<String>")]
    pub consent_valid_for: Option<Placed>,
    /// Tables of people who must not be written to: `"suppressions"`, or
    /// `{ table = "deceased", by = "name-and-postcode" }`. A column `cause` or `reason` in it tells why, `since` since when.
    #[schemars(with = "Vec<SuppressSpec>")]
    pub suppress: Vec<Spanned<SuppressSpec>>,
    /// What makes a household: `["customer.household_id"]`, or `["customer.postcode", "customer.address1"]`. People for
    /// whom one of them is empty are households of their own.
    #[schemars(with = "Vec<String>")]
    pub household: Vec<Placed>,
    /// One piece for each household.
    #[schemars(with = "Option<bool>")]
    pub one_per_household: Option<Spanned<bool>>,
    /// Who of a household gets it: the one for whom this number is highest, such as `rfm.spent`; of equals, and
    /// without it, the one with the smallest key.
    #[schemars(with = "Option<String>")]
    pub household_first: Option<Placed>,
    /// The share that is left out on purpose, to measure what the mailing brings: `"5%"`.
    #[schemars(with = "Option<String>")]
    pub hold_out: Option<Placed>,
    /// The share of all customers that gets nothing from any campaign: `"2%"`. Drawn by the shop's key and the customer
    /// alone, so that it is the same people in every campaign with the same `shop_key_file` (or `secret_file`).
    #[schemars(with = "Option<String>")]
    pub global_hold_out: Option<Placed>,
    /// Versions of the piece with their weights: `{ calm = 1, bold = 1 }`.
    #[schemars(with = "BTreeMap<String, u32>")]
    pub arms: BTreeMap<String, Spanned<u32>>,
    /// `"segment"`: the arms' shares hold in each segment, to one person.
    #[schemars(with = "Option<ArmsWithin>")]
    pub arms_within: Option<Spanned<ArmsWithin>>,
    /// How often a person may be written to.
    pub contact: Option<ContactSpec>,
    /// What one piece costs, in yen.
    pub piece_cost: Option<PieceCostSpec>,
    /// How many pieces there may be, or what they may cost together. The best go first (see `rank_by`).
    pub budget: Option<BudgetSpec>,
    /// By what the best are found: a number such as `rfm.spent`, the highest first. Without it by the margin that the
    /// piece is expected to bring (see `[money]`). Equals are drawn.
    #[schemars(with = "Option<String>")]
    pub rank_by: Option<Placed>,
}

/// `consent_dates`: since when and until when the record says that consent holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentDatesSpec {
    /// A date; empty: never given.
    #[schemars(with = "String")]
    pub given: Placed,
    /// A date; empty: not withdrawn.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub withdrawn: Option<Placed>,
}

/// Within what the shares of arms hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ArmsWithin {
    Segment,
}

/// A list of people who must not be written to: a table's name alone, or more.
#[derive(Clone, Debug, Default)]
pub struct SuppressSpec {
    pub table: String,
    pub by: ListedBy,
    pub name: Option<Placed>,
    pub postcode: Option<Placed>,
}

impl<'de> Deserialize<'de> for SuppressSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = SuppressSpec;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table's name, or a table { table, by }")
            }
            fn visit_str<E: serde::de::Error>(self, table: &str) -> Result<SuppressSpec, E> {
                Ok(SuppressSpec { table: table.to_owned(), ..SuppressSpec::default() })
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<SuppressSpec, A::Error> {
                let long = LongSuppress::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(SuppressSpec { table: long.table, by: long.by, name: long.name, postcode: long.postcode })
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for SuppressSpec {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ListOrTable".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let long = generator.subschema_for::<LongSuppress>();
        schemars::json_schema!({ "anyOf": [{ "type": "string" }, long] })
    }
}

/// How a list says whom it means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ListedBy {
    /// By the person's key, or the unit's: joined by `of`, a column with the key's name, or the list's own key.
    #[default]
    Id,
    /// By its columns `name` and `postcode`; widths, blanks, kana and old forms of kanji do not count.
    NameAndPostcode,
    /// By household: its columns named as those of `household`, or the key of any person of it.
    Household,
}

/// The long form of a list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "List")]
struct LongSuppress {
    /// The table.
    table: String,
    #[serde(default)]
    by: ListedBy,
    /// With `name-and-postcode`: the record's name; `customer.name` when not said.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    name: Option<Placed>,
    /// With `name-and-postcode`: the record's postcode; `customer.postcode` when not said.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    postcode: Option<Placed>,
}

/// `audience.contact`: people who were written to lately are left out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactSpec {
    /// The table of past pieces, one row for each, or several such tables: the manifests of earlier runs, for instance.
    #[schemars(with = "OneOrMany<String>")]
    pub table: Spanned<Names>,
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
