//! From a record to a [`Decision`](decision::Decision): who is written to, what they are shown, and why. The
//! same inputs and the same key give the same decision on every machine and in every order.
//!
//! May import `base`, `data` and `ledger`. docs/rules.md tells a marketer how to write all of it.
//!
//! * [`spec`] – the rules as typed in the campaign file
//! * [`tables`] – the tables as rules see them: names, columns, joins
//! * [`rule`] – the language of conditions and values
//! * [`Plan`] – the rules, compiled and checked; made once, before any row is read
//! * [`history`], [`past`], [`segment`], [`groups`], [`score`], [`sheet`], [`recommend`], [`coupon`] with [`code`],
//!   [`nearest`] with [`store`] and [`places`], [`consent`], [`holdout`] – the parts of a decision; `admit` – who gets a piece at all
//! * [`standing`] – what takes a look over all records: households, arms within segments, a budget
//! * [`Decider`] – a plan with the tables' rows; shared by all workers
//! * [`decision`] – the value in which deciding ends; [`line`] writes and reads it as JSON Lines;
//!   [`Decider::explain`] tells it in words
//! * [`evaluate`] – how good the recommendations are, measured on the last purchases

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
mod plan_rungs;
mod plan_slots;
pub mod recommend;
pub mod rule;
mod sameness;
pub mod score;
pub mod segment;
pub mod sheet;
pub mod spec;
pub mod spec_value;
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
    AudienceSpec, CouponSpec, HistorySpec, NearestStoreSpec, Placed, ScoreSpec, SegmentsSpec, SlotsSpec, ValueSpec,
};
use spec_value::{CouponRulesSpec, MoneySpec};
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
}

#[cfg(test)]
mod shop;
#[cfg(test)]
mod tests;
