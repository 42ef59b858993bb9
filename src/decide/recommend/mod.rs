//! Products for slots: a ladder of rungs, tried from the top; guards that keep unfit products off the piece;
//! and for each slot the reason in words. docs/recommend.md tells a marketer how to write it.
//!
//! * [`learn`] – what the rungs learn from the rows, once: a [`Shelf`]
//! * [`fill`] – the slots of one piece, from the rungs of the shelf
//!
//! The rungs:
//!
//! * [`rules`] – what the marketing desk says: rules in the campaign and in tables
//! * [`similar`] – what is like what the person bought, by attributes and words ([`terms`])
//! * [`together`] – what is bought together with what the person bought
//! * [`bayes`] – what the person will buy, by the odds
//! * [`alike`] – what people like this person buy
//! * [`scores`] – what another model says
//! * [`again`] – what the person buys again and again
//! * [`popular`] – what sold best lately
//!
//! [`bought`] is what models count, [`basket`] what a person's products are taken from, [`profile`] what people
//! are like, [`lesson`] how rungs learn from them.

pub mod again;
pub mod alike;
pub mod basket;
pub mod bayes;
pub mod bought;
mod fill;
mod learn;
mod lesson;
pub mod popular;
pub mod profile;
pub mod rules;
pub mod scores;
pub mod similar;
pub mod terms;
pub mod together;

use std::sync::Arc;

use super::past::PastPlan;
use super::rule::Program;
use basket::To;

pub use fill::{Scratch, fill};
pub use learn::{Kind, Rung, Shelf, Source};
pub use lesson::{Learnt, Lesson};

/// The slots as compiled.
#[derive(Clone, Debug)]
pub struct SlotsPlan {
    pub names: Vec<Arc<str>>,
    /// For each slot.
    pub may_be_empty: Vec<bool>,
    /// Position of the table of products in the catalog.
    pub products: usize,
    /// Column of the products' key, and of their category if there is one.
    pub key: usize,
    pub category: Option<usize>,
    /// All rungs of all ladders.
    pub rungs: Vec<RungPlan>,
    /// For each slot its ladder: rungs by their number, from the top.
    pub ladders: Vec<Arc<[usize]>>,
    pub mix: Mix,
    pub never: Vec<Guard>,
    pub at_most: Vec<AtMost>,
    /// No product that is more alike than this to one on the piece: 0 to 1.
    pub most_alike: Option<f32>,
    /// What likeness is judged by.
    pub fields: Vec<FieldPlan>,
    pub past: Option<PastPlan>,
}

/// Which rung is asked first for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// Always the top one.
    Ladder,
    /// The one with the highest weight / (slots filled so far + 1): D'Hondt's rule. The last rung stays last.
    Turns,
}

/// A condition under which a product is not shown, with its text for explanations.
#[derive(Clone, Debug)]
pub struct Guard {
    pub text: Arc<str>,
    pub program: Program,
}

/// No more than `count` products with the same value.
#[derive(Clone, Debug)]
pub struct AtMost {
    pub per: Program,
    pub count: u32,
}

/// A rung as compiled.
#[derive(Clone, Debug)]
pub struct RungPlan {
    pub by: Arc<str>,
    pub kind: KindPlan,
    /// Only products for which this holds.
    pub condition: Option<Program>,
    /// For [`Mix::Turns`].
    pub weight: u32,
    /// It fills no more slots of a piece than this.
    pub most: u32,
}

#[derive(Clone, Debug)]
pub enum KindPlan {
    Rules(rules::RulesPlan),
    Popular { days: u32, count: popular::Count },
    Again(again::AgainPlan),
    Together(TogetherPlan),
    Similar(SimilarPlan),
    Bayes(BayesPlan),
    Alike(AlikePlan),
    Scores(scores::ScoresPlan),
}

/// The `similar` rung as compiled.
#[derive(Clone, Debug)]
pub struct SimilarPlan {
    pub fields: Vec<FieldPlan>,
    pub neighbours: usize,
    /// No less alike than this: 0 to 1.
    pub least: f32,
    pub to: To,
}

/// A column by which products are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldPlan {
    pub column: usize,
    pub weight: f64,
    pub terms: Terms,
}

/// What a column's terms are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    Words,
    Values,
    Bands,
}

/// The `bayes` rung as compiled.
#[derive(Clone, Debug)]
pub struct BayesPlan {
    pub settings: bayes::Settings,
    pub evidence: Vec<Trait>,
    /// So many days before `as_of` count; all when not said.
    pub days: Option<u32>,
}

/// The `people_like_you` rung as compiled.
#[derive(Clone, Debug)]
pub struct AlikePlan {
    /// The weightiest first.
    pub attributes: Vec<Trait>,
    pub min_support: u32,
    pub days: Option<u32>,
}

/// Something that is known of a person.
#[derive(Clone, Debug)]
pub struct Trait {
    /// As the campaign names it.
    pub label: Arc<str>,
    pub program: Program,
}

/// The `bought_together` rung as compiled.
#[derive(Clone, Debug)]
pub struct TogetherPlan {
    pub settings: together::Settings,
    pub per: Per,
    /// So many days before `as_of` count; all when not said.
    pub days: Option<u32>,
    pub to: To,
}

/// What counts as one group of products that were bought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// All that a person bought.
    Customer,
    /// All that a person bought on one day.
    Day,
    /// Lines with the same text in this column of the purchases.
    Column(usize),
}

#[cfg(test)]
mod tests;
