//! From a record to a [`Decision`](decision::Decision): who is written to, what they are shown, and why. The
//! same inputs and the same key give the same decision on every machine and in every order.
//!
//! May import `base`, `data` and `ledger`. docs/rules.md tells a marketer how to write all of it.
//!
//! *As typed and as meant*, once, before any row is read:
//!
//! * [`spec`] – the rules as typed in the campaign file, by its tables
//! * [`tables`] – the tables as rules see them: names, columns, joins
//! * [`rule`] – the language of conditions and values
//! * [`Plan`] – the rules, compiled and checked: `plan` with `plan_history` (which columns mean what), `plan_segments`,
//!   `plan_audience`, `plan_slots` and `plan_rungs`; each part below compiles what is its own
//!
//! *The parts of a decision*, in the order in which they are worked out:
//!
//! * [`history`] – what people bought, returns taken off; [`past`] – what earlier pieces showed them
//! * [`segment`], [`groups`], [`score`], [`sheet`] – what people are parted into, what they did, what sheets of rules say of them
//! * [`consent`], [`contact`], [`holdout`] – who may not be written to, who was lately, who is left out on purpose; `sameness`
//!   – when two names are the same; `admit` – who gets a piece at all
//! * [`nearest`] with [`store`] and [`places`] – the store
//! * [`recommend`] – the products of the slots; [`evaluate`] – how good they are, measured on the last purchases
//! * [`coupon`] with [`code`] and [`symbol`] – the coupons; `offer` – which of them come on the piece
//! * [`economy`] with [`value`] – what people are worth and what pieces bring
//! * [`rows`] – conditions on rows that belong to a piece: lists, stocked leaflets
//!
//! *Over all records*, where one alone does not tell:
//!
//! * [`ways`] – the ways through all records before the first decision; [`standing`] – households and arms; [`award`] – budgets
//!
//! *For each record*:
//!
//! * [`Decider`] – a plan with the tables' rows; shared by all workers
//! * [`decision`] – the value in which deciding ends; [`line`] writes and reads it as JSON Lines
//! * `explain` – a decision in words; `trace` keeps what was weighed, `why` names the part of a condition that fails
//!
//! `days` counts calendar days for all of them; `shop` is where the tests shop.

mod admit;
pub mod award;
pub mod code;
pub mod consent;
pub mod contact;
pub mod coupon;
mod days;
mod decider;
pub mod decision;
pub mod economy;
pub mod evaluate;
mod explain;
pub mod groups;
pub mod history;
pub mod holdout;
pub mod line;
pub mod nearest;
mod offer;
pub mod past;
pub mod places;
mod plan;
mod plan_audience;
mod plan_history;
mod plan_rungs;
mod plan_segments;
mod plan_slots;
pub mod recommend;
pub mod rows;
pub mod rule;
mod sameness;
pub mod score;
pub mod segment;
pub mod sheet;
pub mod spec;
pub mod standing;
pub mod store;
pub mod symbol;
pub mod tables;
mod trace;
pub mod value;
pub mod ways;
mod why;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::base::SourceText;
use spec::{
    AudienceSpec, CouponRulesSpec, CouponSpec, HistorySpec, MoneySpec, NearestStoreSpec, Placed, ScoreSpec,
    SegmentsSpec, SlotsSpec, ValueSpec,
};
use tables::Catalog;

pub use decider::{Decider, Fault, Scratch};
pub use plan::Plan;

/// Everything that a plan is compiled from. Nothing of it is read again afterwards.
#[derive(Clone, Copy, Debug)]
pub struct PlanInput<'a> {
    /// The campaign file, to underline faults in; places in the specs are bytes of its text.
    pub source: &'a Arc<SourceText>,
    pub campaign: &'a str,
    /// Tables are read as they stood on this day: later purchases do not count.
    pub as_of: Date,
    /// Ages, recency, expiry and open stores are judged on this day.
    pub posting_date: Date,
    pub catalog: &'a Catalog,
    pub audience: Option<&'a AudienceSpec>,
    pub history: Option<&'a HistorySpec>,
    pub segments: Option<&'a SegmentsSpec>,
    pub scores: &'a BTreeMap<Placed, ScoreSpec>,
    pub values: &'a BTreeMap<Placed, ValueSpec>,
    pub slots: Option<&'a SlotsSpec>,
    pub coupons: &'a [CouponSpec],
    pub coupon_rules: Option<&'a CouponRulesSpec>,
    pub money: Option<&'a MoneySpec>,
    pub nearest_store: Option<&'a NearestStoreSpec>,
    /// Conditions on rows of tables, each with its table's name: which rows of a list are listed.
    pub row_rules: &'a [(&'a Placed, &'a Placed)],
    /// The table of stocked leaflets, where its rows may have rules (column `where`).
    pub leaflets: Option<&'a Placed>,
}

#[cfg(test)]
mod shop;
#[cfg(test)]
mod tests;
