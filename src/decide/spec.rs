//! The tables of a campaign file that say who gets what, exactly as they are typed there. The campaign's own
//! `Spec` embeds these types, so that the file, its JSON Schema and the rules can never differ.
//!
//! Texts that hold an expression or a name carry their place in the file ([`Spanned`]), so that a fault can
//! underline the very word.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::spec_value::{BudgetSpec, ContactSpec, CouponBudgetSpec, PieceCostSpec, PoolSpec, SymbolSpec};

/// A text with its place in the campaign file.
pub type Placed = Spanned<String>;

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
    /// Which lines count: a condition on the row, `purchase.status != "cancelled"`. Without it, all.
    #[serde(rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Placed>,
    /// What the line cost in all, negative for a refund; `amount` when not said, or else the only money column.
    #[schemars(with = "Option<String>")]
    pub amount: Option<Placed>,
}

/// `[segments]`: named groups of people; the first that holds is the person's segment. Any other name is a
/// segmentation of its own: `[segments.life_stage]`.
#[derive(Clone, Debug, Default, JsonSchema)]
#[schemars(default)]
pub struct SegmentsSpec {
    pub rfm: Option<RfmSpec>,
    pub named: Vec<NamedSegmentSpec>,
    #[schemars(flatten, with = "BTreeMap<String, SegmentationSpec>")]
    pub others: BTreeMap<Placed, SegmentationSpec>,
}

impl<'de> Deserialize<'de> for SegmentsSpec {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> serde::de::Visitor<'de> for Entries {
            type Value = SegmentsSpec;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table of segments")
            }

            // Not flattened by serde, which would lose the places of all that is below.
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<SegmentsSpec, A::Error> {
                let mut spec = SegmentsSpec::default();
                while let Some(key) = map.next_key::<Placed>()? {
                    match key.get_ref().as_str() {
                        "rfm" => spec.rfm = Some(map.next_value()?),
                        "named" => spec.named = map.next_value()?,
                        _ => {
                            let value = map.next_value()?;
                            spec.others.insert(key, value);
                        }
                    }
                }
                Ok(spec)
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// `[segments.NAME]`: a segmentation beside the others, made in one of four ways: `groups` (rules), `value` with
/// cut points or quantiles, `table` (a sheet of rules), or `rows` and `columns` (a grid of two others).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SegmentationSpec {
    /// The first whose condition holds is the person's group.
    pub groups: Vec<NamedSegmentSpec>,
    /// The group of everyone else; `other` when not said.
    #[schemars(with = "Option<String>")]
    pub other: Option<Placed>,
    /// A number that is cut into groups, such as `customer.yearly_margin`.
    #[schemars(with = "Option<String>")]
    pub value: Option<Placed>,
    /// Rising cut points of `value`: from each on, one group higher.
    #[schemars(with = "Option<Vec<f64>>")]
    pub from: Option<Spanned<Vec<f64>>>,
    /// Instead of `from`: so many groups that hold equally many people, 2 to 100. People with equal values always share a
    /// group: the lower one.
    #[schemars(with = "Option<u32>")]
    pub quantiles: Option<Spanned<u32>>,
    /// The names of the groups: those of `value`, the lowest first (with `quantiles`, `1`, `2`, … when not said); or those
    /// that a sheet may give.
    #[schemars(with = "Vec<String>")]
    pub names: Vec<Placed>,
    /// A sheet with one rule per row; its column with the segmentation's name says which group.
    #[schemars(with = "Option<String>")]
    pub table: Option<Placed>,
    /// The segmentation that makes the rows of a grid, and the one that makes its columns.
    #[schemars(with = "Option<String>")]
    pub rows: Option<Placed>,
    #[schemars(with = "Option<String>")]
    pub columns: Option<Placed>,
    /// Names of the grid's cells, by row and column; without one, a cell is `row / column`.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
    pub cells: BTreeMap<Placed, BTreeMap<Placed, Placed>>,
}

/// `[scores.NAME]`: what people did, weighed and added up; rules ask for it as `score.NAME`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreSpec {
    /// The table of events, joined with the people by `of`.
    #[schemars(with = "String")]
    pub from: Placed,
    /// The day of the event; the only date column when not said.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub date: Option<Placed>,
    /// Only events of so long before `as_of`: `"90 days"`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub window: Option<Placed>,
    /// After so long an event counts half, after twice as long a quarter: `"30 days"`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub half_life: Option<Placed>,
    /// The column that says which weight an event has.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub kind: Option<Placed>,
    /// The weight of each kind; other kinds count nothing.
    #[serde(default)]
    pub weights: BTreeMap<String, f64>,
    /// A number of the row that it counts as often as: `interest.score`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub value: Option<Placed>,
    /// Which rows count: a condition on the row, `event.shop == "web"`.
    #[serde(default, rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Placed>,
}

/// `[values.NAME]`: a value that a sheet of rules gives each person; rules ask for it as `value.NAME`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueSpec {
    /// The sheet; its column with the value's name says what comes out.
    #[schemars(with = "String")]
    pub table: Placed,
    /// What counts where no row fits, as it would stand in the sheet. Without it, the value is missing there.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub otherwise: Option<Placed>,
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
    /// The rungs for all slots that have no ladder of their own.
    #[serde(default)]
    pub ladder: Vec<RungSpec>,
    /// Slots with a ladder of their own: `[slots.ladders] pick_2 = [{ by = "popular", days = 90 }]`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<RungSpec>>")]
    pub ladders: BTreeMap<Spanned<String>, Vec<RungSpec>>,
    /// Which rung is asked first for a slot: always the top one (`ladder`, when not said), or each in its turn
    /// by `weight` (`turns`); the last rung stays last.
    #[serde(default)]
    pub mix: MixSpec,
    /// Conditions on `product.…`: a product for which one of them holds is never shown.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub never: Vec<Placed>,
    /// No more than so many products of a kind on one piece: one `{ per = …, count = … }`, or a list of them.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany<AtMostSpec>")]
    pub at_most: Vec<AtMostSpec>,
    /// No product that is more alike than this to one that is on the piece already: `"60%"`. Judged as by a
    /// `similar` rung: the first one's columns, or the usual ones.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub most_alike: Option<Placed>,
    /// The table of what earlier pieces showed, for `shown(product, pieces = 2)`.
    #[serde(default)]
    pub past: Option<PastSpec>,
    /// Slots that may stay empty. For all others, finding nothing rejects the record.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub may_be_empty: Vec<Placed>,
}

/// `past = { table = "past_pieces" }`: what earlier pieces showed. The table is joined with the people, and each
/// row has one or more products.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PastSpec {
    #[schemars(with = "String")]
    pub table: Placed,
    /// When the piece was posted; the only date column when not said. Without one, later rows are later pieces.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub date: Option<Placed>,
    /// The columns that hold products; when not said, those joined with the products, and those named as slots.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub products: Vec<Placed>,
    /// A column whose equal texts make several rows one piece, such as `campaign`. Without it each row is one.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub piece: Option<Placed>,
}

/// How the rungs share the slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MixSpec {
    #[default]
    Ladder,
    Turns,
}

/// One rung of a ladder. `by` says which kind; docs/recommend.md says which of the other keys belong to it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RungSpec {
    /// `rules`, `similar`, `bought_together`, `bayes`, `people_like_you`, `scores` or `popular`.
    #[schemars(with = "String")]
    pub by: Placed,
    /// `rules`: a table with one rule per row; see docs/rules.md for its columns. `scores`: the table of scores.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub table: Option<Placed>,
    /// `rules`: rules written here; they come before those of the table when the priority is equal.
    #[serde(default)]
    pub rules: Vec<RuleSpec>,
    /// How many days before `as_of` are counted. `popular` must say it; for others, all when not said.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub days: Option<Spanned<u32>>,
    /// Only products for which this holds, such as `product.category == last_bought.category`. Not for `rules`.
    #[serde(default, rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Placed>,
    /// What recommendations start from: `history` (the last 20 products), `last_basket`, `last_bought`, or a table
    /// whose rows belong to the record and name products, such as `order_lines`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub to: Option<Placed>,
    /// `bought_together`: within what: by one `customer` (when not said), on one `day`, or in one basket: the name of
    /// a column of the purchases, such as `basket_id`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub per: Option<Placed>,
    /// How many people (or baskets) must bear a finding out.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub min_support: Option<Spanned<u32>>,
    /// `bought_together`: `cosine` (when not said) or `lift`. `bayes`: `odds` (when not said) or `lift`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub measure: Option<Placed>,
    /// `bought_together`: pairs that few bought are drawn towards 0 by n / (n + shrink); 10 when not said.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub shrink: Option<Spanned<f64>>,
    /// How many of the closest products are kept for each product; 50 when not said.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub neighbours: Option<Spanned<u32>>,
    /// `similar`: columns of the products that hold words; when not said, `name`, `title`, `description`, `blurb`.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub words: Option<Vec<Placed>>,
    /// `similar`: columns of the products that hold values, several parted by `|`, `;`, `,`, `、` or `/`, or numbers;
    /// when not said, `category`, `tags`, `brand`, `price`.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub values: Option<Vec<Placed>>,
    /// `similar`: what a column weighs; 1 when not said: `{ category = 3 }`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, f64>")]
    pub weights: BTreeMap<Spanned<String>, Spanned<f64>>,
    /// `similar`: no less alike than this, 0 to 1; 0.1 when not said. `scores`: no lower score.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub least: Option<Spanned<f64>>,
    /// `bayes`: what is known of a person: columns of the record, `segment`, `age`, or any value of the language.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub evidence: Vec<Placed>,
    /// `bayes`: how the evidence hangs together: `naive` (when not said), or a `tree` that is learnt.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub structure: Option<Placed>,
    /// `bayes`: what depends on what, where you know it: `{ rank = "age" }`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub parents: BTreeMap<Spanned<String>, Placed>,
    /// `bayes`: what is added to every count; 1 when not said (Laplace).
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub smoothing: Option<Spanned<f64>>,
    /// `people_like_you`: what people must have in common, the most important first; as for `evidence`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub attributes: Vec<Placed>,
    /// `scores`: only the rows of this model (column `model`).
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub model: Option<Placed>,
    /// With `mix = "turns"`: a rung of weight 2 has twice as many turns as one of weight 1.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub weight: Option<Spanned<u32>>,
    /// The rung fills no more slots of a piece than this.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub most: Option<Spanned<u32>>,
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

/// One, or a list. Written out because places in the file are lost in serde's untagged enums.
fn one_or_many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct Either<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table in braces, or a list of them")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(seq))
        }
    }
    deserializer.deserialize_any(Either(PhantomData))
}

/// What [`one_or_many`] reads, for the schema.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
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
    /// A slot, or a list of them: the coupon is for the product that the slot shows, `product.…` in `where`, `cost`,
    /// `award_by` and `expires`. Of several slots, the first whose product fits; without one, the piece has no such coupon.
    #[serde(default)]
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub for_slot: Option<Spanned<SlotNames>>,
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

/// Names of slots: one, or a list.
#[derive(Clone, Debug, Default)]
pub struct SlotNames(pub Vec<String>);

impl<'de> Deserialize<'de> for SlotNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = SlotNames;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a slot's name, or a list of them")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<SlotNames, E> {
                Ok(SlotNames(vec![name.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<SlotNames, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(SlotNames)
            }
        }
        deserializer.deserialize_any(Either)
    }
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
