//! The tables of a campaign file that say who gets what, exactly as they are typed there. The campaign's own
//! `Spec` embeds these types, so that the file, its JSON Schema and the rules can never differ.
//!
//! * `audience` – who is written to, how often, at what cost
//! * `segments` – segments, RFM, scores of behaviour, values from sheets
//! * `coupons`, `money`, `stores`
//! * here – the history of purchases, and the slots with their rungs
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

mod audience;
mod coupons;
mod money;
mod segments;
mod stores;

pub use audience::{
    ArmsWithin, AudienceSpec, BudgetSpec, ConsentDatesSpec, ContactSpec, ListedBy, PieceCostSpec, SuppressSpec,
};
pub use coupons::{CouponBudgetSpec, CouponRulesSpec, CouponSpec, PoolSpec, SymbolSpec, WorthSpec};
pub use money::{HorizonSpec, MoneySpec};
pub use segments::{
    CutsSpec, NamedSegmentSpec, RecencySpec, RfmSpec, ScoreSpec, SegmentationSpec, SegmentsSpec, ValueSpec,
};
pub use stores::{NearestStoreSpec, NoStore, PointSpec, StoreColumnsSpec};

/// A text with its place in the campaign file.
pub type Placed = Spanned<String>;

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
    /// `rules`, `similar`, `bought_together`, `bought_again`, `bayes`, `people_like_you`, `scores` or `popular`.
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
    /// How many people (or baskets) must bear a finding out. `bought_again`: on how many days the person must have bought
    /// it; 2 when not said.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub min_support: Option<Spanned<u32>>,
    /// `bought_together`: `cosine` (when not said) or `lift`. `bayes`: `odds` (when not said) or `lift`. `popular`: `units`
    /// (when not said) or `people`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub measure: Option<Placed>,
    /// `bought_again`: after how long a day with a purchase counts half; `"60 days"` when not said.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub half_life: Option<Placed>,
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

/// Names: one, or a list.
#[derive(Clone, Debug, Default)]
pub struct Names(pub Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name, or a list of them")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Names, E> {
                Ok(Names(vec![name.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Names, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Names)
            }
        }
        deserializer.deserialize_any(Either)
    }
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
