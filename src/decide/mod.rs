//! From a record to a [`Decision`]: who is written to, what they are shown, and why. The same inputs and the
//! same key give the same decision on every machine and in every order.
//!
//! * [`spec`] – the rules as typed in the campaign file
//! * [`tables`] – the tables as rules see them: names, columns, joins
//! * [`Plan`] – the rules, compiled and checked; made once, before any row is read
//! * [`Decider`] – a plan with the tables' rows; shared by all workers
//! * [`decision`] – the value in which deciding ends

pub mod decision;
pub mod spec;
pub mod tables;

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::choice::Key;
use crate::base::{Diagnostic, SourceText};
use crate::data::record::Record;

use decision::Decision;
use spec::{AudienceSpec, CouponSpec, HistorySpec, NearestStoreSpec, SegmentsSpec, SlotsSpec};
use tables::{Catalog, Tables};

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
    pub slots: Option<&'a SlotsSpec>,
    pub coupons: &'a [CouponSpec],
    pub nearest_store: Option<&'a NearestStoreSpec>,
}

/// The rules of a campaign, compiled and checked against the columns of its tables.
#[derive(Clone, Debug)]
pub struct Plan {
    campaign: Arc<str>,
    unit: usize,
}

impl Plan {
    /// Compiles all rules. Every fault is told, each with its place; `None` if one of them is an error.
    pub fn compile(input: &PlanInput<'_>, faults: &mut Vec<Diagnostic>) -> Option<Self> {
        let _ = faults;
        Some(Self { campaign: input.campaign.into(), unit: 0 })
    }

    /// Position in the catalog of the table whose rows pieces are made for: the one to stream.
    #[must_use]
    pub fn unit(&self) -> usize {
        self.unit
    }

    /// Positions in the catalog of the tables whose rows must be loaded.
    #[must_use]
    pub fn needed_tables(&self) -> Vec<usize> {
        Vec::new()
    }
}

/// Why nothing could be decided for a record, which is then rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A stable word: `slot-empty`, `no-store`, `no-key`, …
    pub code: &'static str,
    /// In words, without personal data.
    pub message: String,
}

/// One worker's reused memory.
#[derive(Debug, Default)]
pub struct Scratch {}

/// A plan with the rows of its tables; read-only, shared by all workers.
#[derive(Debug)]
pub struct Decider {
    plan: Arc<Plan>,
}

impl Decider {
    /// Works out what needs all rows: cut points, bestsellers, the map of stores.
    ///
    /// # Errors
    /// Every fault in the tables that the rules stumble over: a rules table with an unknown column or product,
    /// a store without coordinates.
    pub fn new(plan: Arc<Plan>, tables: Tables, key: &Key) -> Result<Self, Vec<Diagnostic>> {
        let _ = (tables, key);
        Ok(Self { plan })
    }

    /// Decides for one record of the unit's table; `number` is the record's ordinal there, which makes the
    /// piece's name and its coupon code.
    ///
    /// # Errors
    /// A record for which nothing can be decided: an empty slot that must be filled, no store where one is
    /// demanded, no key.
    pub fn decide(&self, record: &Record, number: u64, scratch: &mut Scratch) -> Result<Decision, Fault> {
        let _ = (record, scratch);
        Err(Fault { code: "no-rules", message: format!("{}: record {number}", self.plan.campaign) })
    }

    /// The decision for one record in words, line by line, with everything that was weighed; also why a person
    /// gets nothing.
    #[must_use]
    pub fn explain(&self, record: &Record, number: u64) -> Vec<String> {
        match self.decide(record, number, &mut Scratch::default()) {
            Ok(d) => vec![d.piece],
            Err(f) => vec![f.message],
        }
    }
}
