//! What cannot be known from one record alone, found out before the first decision: as few ways through all records as it
//! takes, one after the other, each on all cores.
//!
//! [`Decider::next_way`] says what the next way is for, and `None` when nothing is left to find out. On each way every
//! record is [looked at](Decider::find), on any worker and in any order; what was found is [gathered](Gathered) in the
//! order of the records, and [settled](Decider::settle). One way serves for everything that does not hang on another: the
//! households and the budgets are one, unless arms hold within segments, as what a piece shows and costs may hang on its arm.

use super::admit::Who;
use super::award::Tally;
use super::consent::SuppressList;
use super::decider::{Decider, Scratch};
use super::groups;
use super::rule::{Scene, Value};
use super::standing::{Asked, Looked, Overview};
use crate::data::record::Record;

/// What a way through all records is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The values of which quantiles part people into groups.
    Values,
    /// What models learn from the people: [`Decider::learn`] goes this way itself.
    People,
    /// Who gets what: households and arms (`standing`), budgets (`short`), or both.
    Records { standing: bool, short: bool },
}

/// What a worker found in some records.
#[derive(Debug, Default)]
pub struct Found {
    pub(super) values: Vec<Vec<f64>>,
    /// With the records' ordinals, where standings are asked for.
    pub(super) looked: Option<Vec<(u64, Looked)>>,
    /// Where budgets are.
    pub(super) tally: Option<Tally>,
}

/// What was found in all records.
#[derive(Debug)]
pub struct Gathered {
    way: Way,
    values: Vec<Vec<f64>>,
    overview: Option<Overview>,
    tally: Option<Tally>,
}

impl Gathered {
    /// Takes in what was found; in the order of the records.
    pub fn take(&mut self, found: Found) {
        if self.values.is_empty() {
            self.values = found.values;
        } else {
            self.values.iter_mut().zip(found.values).for_each(|(all, more)| all.extend(more));
        }
        if let Some(overview) = &mut self.overview {
            found.looked.iter().flatten().for_each(|(ordinal, looked)| overview.add(*ordinal, looked));
        }
        if let (Some(all), Some(tally)) = (&mut self.tally, found.tally) {
            all.append(tally);
        }
    }
}

impl Decider {
    /// What the next way through all records is for; `None` when the first decision can be made.
    #[must_use]
    pub fn next_way(&self) -> Option<Way> {
        if self.plan.cuts_by_quantiles() && self.world.cuts.is_empty() {
            return Some(Way::Values);
        }
        if self.learns_from_people() && !self.has_learnt {
            return Some(Way::People);
        }
        let standing = self.asked().filter(|_| self.gate.standing.is_none());
        let short = self.plan.needs_settling() && self.settlement.is_none();
        let apart = standing.as_ref().is_some_and(|asked| asked.arms.is_some());
        let way = Way::Records { standing: standing.is_some(), short: short && !apart };
        (standing.is_some() || short).then_some(way)
    }

    /// What a look over all records must find out of households and arms; `None` when none is needed.
    fn asked(&self) -> Option<Asked> {
        let plan = &*self.plan;
        let asked = Asked {
            households: plan.household.one_of_each || self.gate.suppress.iter().any(SuppressList::needs_look),
            one_of_each: plan.household.one_of_each,
            arms: plan.draw.within_segments.then(|| plan.draw.arms.iter().map(|a| a.1).collect()),
        };
        (asked != Asked::default()).then_some(asked)
    }

    /// Nothing found yet, for a worker.
    #[must_use]
    pub fn nothing_found(&self, way: Way) -> Found {
        match way {
            Way::Values => Found { values: self.plan.no_values(), ..Found::default() },
            Way::People => Found::default(),
            Way::Records { standing, short } => {
                Found { looked: standing.then(Vec::new), tally: short.then(|| self.tally()), ..Found::default() }
            }
        }
    }

    /// Nothing gathered yet.
    #[must_use]
    pub fn nothing_gathered(&self, way: Way) -> Gathered {
        let Found { values, looked, tally } = self.nothing_found(way);
        let overview = looked.map(|_| Overview::new(self.asked().unwrap_or_default()));
        Gathered { way, values, overview, tally }
    }

    /// Looks at one record. Whoever cannot be decided for takes nothing from anybody; the fault is told when the record is
    /// decided for.
    pub fn find(&self, way: Way, record: &Record, scratch: &mut Scratch, found: &mut Found) {
        match way {
            Way::Values => self.plan.values_of(&self.scene(record, self.person(record)), &mut found.values),
            Way::People => {}
            Way::Records { .. } => {
                let _ = self.decided(record, record.number(), scratch, Some(found));
            }
        }
    }

    /// Goes by what was found from now on.
    pub fn settle(&mut self, gathered: Gathered) {
        let Gathered { way, values, overview, tally } = gathered;
        if way == Way::Values {
            self.world.cuts = groups::cuts(&self.plan, values);
        }
        if let Some(overview) = overview {
            self.gate.standing = Some(overview.settle());
        }
        if let Some(tally) = tally {
            self.award(tally);
        }
    }

    /// What the look over all records keeps of one. `wanted`: a piece may go there; `held`: drawn into a hold-out.
    pub(super) fn looked(&self, scene: &Scene<'_>, who: Who<'_>, wanted: bool, held: bool) -> Looked {
        let plan = &*self.plan;
        let listed = self.gate.suppress.iter().find_map(|l| Some(l.cause(l.row_of_member(who.person)?)));
        let rank = match plan.household.first.as_ref().map(|p| p.value(scene)) {
            #[expect(clippy::cast_precision_loss, reason = "an order among numbers that people give")]
            Some(Value::Integer(n)) => n as f64,
            Some(Value::Number(n)) if !n.is_nan() => n,
            _ => f64::NEG_INFINITY,
        };
        let stratum = plan.named.iter().position(|n| Some(&*n.name) == scene.segment).unwrap_or(plan.named.len());
        Looked {
            wanted,
            household: self.household(scene),
            listed: listed.and_then(|cause| self.gate.causes.find(cause)),
            rank,
            key: who.unit.to_owned(),
            stratum: if held { u16::MAX } else { u16::try_from(stratum).unwrap_or(u16::MAX - 1) },
            draw: plan.draw.number(&self.key, who.subject),
        }
    }
}
