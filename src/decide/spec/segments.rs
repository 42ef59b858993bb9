//! `[segments]`, `[scores]` and `[values]`: what people are parted into, and what is known of them; exactly as typed (see
//! [`super`]).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Placed;

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
