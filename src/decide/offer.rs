//! From the coupons that a person may have to those that a piece carries, and whether the piece is worth making: the part
//! of a decision that knows of money. Where something is short, who gets it is [settled](super::ways) over all records
//! before.

use std::sync::Arc;

use super::award::{Awards, Candidate, Limits, Noted, Settled, Tally};
use super::coupon::{CouponPlan, on};
use super::decider::{Decider, Fault};
use super::decision::{Bound, Decision, NearestStore, Outcome, Slot, Value};
use super::economy::Worked;
use super::nearest::Home;
use super::plan::Plan;
use super::rule::{NO_ROW, Scene};
use super::spec::NoStore;
use super::standing::Verdict;
use super::trace::Trace;

/// A coupon that a person may have.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub rule: usize,
    /// The product that it is for, where it is bound to one.
    pub bound: Option<Bound>,
    /// The nearest store that honours it, where not all of them do.
    pub store: Option<NearestStore>,
}

/// What a person comes to, and by what they stand in the queue.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weighed {
    pub worked: Worked,
    pub rank: i64,
    /// A keyed number that decides between equals.
    pub draw: u64,
}

/// The coupons of a piece by the positions of their rules, without allocating for the first 64.
#[derive(Debug, Default)]
struct Held {
    first: u64,
    more: Vec<usize>,
    count: usize,
}

impl Held {
    fn has(&self, rule: usize) -> bool {
        if rule < 64 { self.first >> rule & 1 == 1 } else { self.more.contains(&rule) }
    }

    fn put(&mut self, rule: usize) {
        self.count += 1;
        if rule < 64 {
            self.first |= 1 << rule;
        } else {
            self.more.push(rule);
        }
    }
}

/// Budgets as settled, with the codes that came from pools.
#[derive(Debug, Default)]
pub(super) struct Settlement {
    pub awards: Awards,
    /// By coupon: the numbers of the records that have one from a pool, rising.
    holders: Vec<Vec<u64>>,
}

impl Plan {
    /// What is short, for a tally.
    fn limits(&self, pools: &[Vec<Arc<str>>]) -> Limits {
        let giving = |(coupon, pool): (&CouponPlan, &Vec<Arc<str>>)| {
            let mut giving = coupon.giving.clone();
            if coupon.pool.is_some() {
                let codes = pool.len() as u64;
                giving.count = Some(giving.count.map_or(codes, |c| c.min(codes)));
            }
            giving
        };
        Limits {
            pieces: self.economy.pieces,
            yen: self.economy.yen,
            per_piece: self.coupon_rules.per_piece,
            coupons: self.coupons.iter().zip(pools).map(giving).collect(),
            order: self.coupon_rules.order.clone(),
        }
    }

    /// Whether money decides who gets a piece.
    pub(super) fn weighs_money(&self) -> bool {
        self.economy.is_stated()
    }
}

impl Decider {
    /// An empty tally of what is short.
    #[must_use]
    pub(super) fn tally(&self) -> Tally {
        Tally::new(self.plan.limits(&self.pools))
    }

    /// Settles what is short; from now on [`Self::decide`] goes by it.
    pub(super) fn award(&mut self, tally: Tally) {
        // Who of a household gets the piece may have been settled on the same way.
        let awards = tally.settle(|record| self.gate.verdict(record) == Verdict::Free);
        let from_pool = |rule: usize| self.plan.coupons.get(rule).is_some_and(|c| c.pool.is_some());
        let holders = |rule| if from_pool(rule) { awards.holders(rule) } else { Vec::new() };
        let holders = (0..self.plan.coupons.len()).map(holders).collect();
        self.settlement = Some(Settlement { awards, holders });
    }

    /// What was settled, for the report.
    #[must_use]
    pub fn settled(&self) -> Option<&Settled> {
        self.settlement.as_ref().map(|s| s.awards.settled())
    }

    /// Whether there may be fewer pieces than people.
    #[must_use]
    pub fn is_budgeted(&self) -> bool {
        self.plan.economy.is_short()
    }

    /// Ids of the coupons, in the order in which [`Settled::coupons`] counts them, and whether each was short.
    pub fn coupon_ids(&self) -> impl Iterator<Item = (&str, bool)> {
        self.plan.coupons.iter().map(|c| (&*c.id, c.is_short()))
    }

    /// The coupons that the person may have, in the order of giving; `slots` are what the piece shows.
    pub(super) fn offers(
        &self,
        scene: &Scene<'_>,
        slots: &[Slot],
        home: Home,
        out: &mut Vec<Offer>,
        trace: &mut Trace,
    ) {
        let plan = &*self.plan;
        out.clear();
        let stores = plan.store.as_ref();
        if plan.coupons.is_empty() {
            return;
        }
        if stores.is_some_and(|s| scene.store == NO_ROW && s.without(scene.segment) == NoStore::NoCoupon) {
            trace.line(|| "coupon: none, as there is no store".to_owned());
            return;
        }
        for rule in plan.coupon_rules.order.iter().copied() {
            let Some(coupon) = plan.coupons.get(rule) else { continue };
            let mut bound = None;
            let fits = if coupon.slots.is_empty() {
                coupon.holds(scene)
            } else {
                bound = coupon.bound(scene, slots);
                bound.is_some()
            };
            if !fits {
                trace.line(|| self.told_no_coupon(scene, slots, rule));
                continue;
            }
            match stores.and_then(|s| self.stores.honouring(s, rule, home)) {
                None => out.push(Offer { rule, bound, store: None }),
                Some(Some(store)) => {
                    trace.line(|| format!("store: {} at {:.1} km honours {}", store.id, store.km, coupon.id));
                    out.push(Offer { rule, bound, store: Some(store) });
                }
                Some(None) => trace.line(|| format!("coupon: not {}, no store near enough honours it", coupon.id)),
            }
            if out.len() == plan.coupon_rules.per_piece && !plan.needs_settling() && !plan.has_apart() {
                break;
            }
        }
    }

    /// Takes from `offers` what does not come on the piece: too many, apart from another, or not awarded to this record.
    pub(super) fn given(&self, offers: &mut Vec<Offer>, awards: Option<(&Awards, u64)>, trace: &mut Trace) {
        let mut held = Held::default();
        offers.retain(|offer| {
            let Some(coupon) = self.plan.coupons.get(offer.rule) else { return false };
            let fits = match awards {
                Some((awards, record)) => awards.has_coupon(record, offer.rule),
                None => self.comes(offer.rule, &mut held),
            };
            if !fits {
                trace.line(|| match awards {
                    Some(_) if coupon.is_short() => format!("coupon: not {}, there were not enough of it", coupon.id),
                    _ => format!("coupon: not {}, the piece has others", coupon.id),
                });
            }
            fits
        });
    }

    /// Whether a coupon comes on a piece with those that it has; it then has this one too.
    fn comes(&self, rule: usize, held: &mut Held) -> bool {
        let plan = &*self.plan;
        let Some(coupon) = plan.coupons.get(rule) else { return false };
        let apart = |r: &usize| held.has(*r);
        let fits = held.count < plan.coupon_rules.per_piece && !coupon.giving.not_with.iter().any(apart);
        if fits {
            held.put(rule);
        }
        fits
    }

    /// What the person comes to, were there enough of everything.
    pub(super) fn weigh(&self, scene: &Scene<'_>, offers: &[Offer], subject: &[u8]) -> Weighed {
        let plan = &*self.plan;
        let mut held = Held::default();
        let basket = plan.economy.basket(scene);
        let cost = |o: &Offer| plan.coupons.get(o.rule).map_or(0, |c| c.cost_on(basket, &on(scene, o.bound.as_ref())));
        let would = offers.iter().filter(|o| self.comes(o.rule, &mut held));
        let coupons = would.map(cost).fold(0i64, i64::saturating_add);
        let worked = plan.economy.worked(scene, coupons);
        Weighed { rank: plan.economy.rank(scene, &worked), worked, draw: self.key.number("budget", subject) }
    }

    /// Ends a decision for money's sake, if it must be ended. `held`: drawn into the hold-out.
    pub(super) fn judged(
        &self,
        decision: &mut Decision,
        weighed: &Weighed,
        number: u64,
        held: Option<Outcome>,
        trace: &mut Trace,
    ) -> bool {
        let economy = &self.plan.economy;
        let Worked { ltv, margin, .. } = weighed.worked;
        if ltv.is_some() || margin.is_some() {
            decision.value = Some(Value { ltv, expected_margin: margin });
            trace.line(|| {
                let yen = |n: Option<i64>| n.map_or_else(|| "unknown".to_owned(), |n| format!("{n} yen"));
                format!("value: the customer {}, the piece is expected to bring {}", yen(ltv), yen(margin))
            });
        }
        if let Some(cause) = economy.refuses(&weighed.worked) {
            trace.line(|| format!("left out: {cause}"));
            decision.outcome = Outcome::Suppressed { cause: cause.into() };
            return true;
        }
        if economy.is_short() && self.settlement.as_ref().is_some_and(|s| !s.awards.has_piece(number)) {
            trace.line(|| "left out: the budget went to others".to_owned());
            decision.outcome = Outcome::OverBudget;
            return true;
        }
        let Some(held) = held else { return false };
        decision.outcome = held;
        true
    }

    /// Puts the coupons on the piece.
    pub(super) fn issue(
        &self,
        decision: &mut Decision,
        scene: &Scene<'_>,
        offers: &mut Vec<Offer>,
        number: u64,
        trace: &mut Trace,
    ) -> Result<(), Fault> {
        let plan = &*self.plan;
        let awards = self.settlement.as_ref().map(|s| (&s.awards, number));
        self.given(offers, awards, trace);
        for offer in offers.drain(..) {
            let Some(coupon) = plan.coupons.get(offer.rule) else { continue };
            if let Some(store) = &offer.store
                && decision.coupons.is_empty()
            {
                decision.store = Some(store.clone());
            }
            let code = self.pool_code(offer.rule, number)?;
            let scene = on(scene, offer.bound.as_ref());
            let issued = coupon.issue(offer.rule as u64, &self.codes, number, &scene, offer.store, code);
            let mut issued = issued.ok_or_else(|| {
                let message = format!("the record's number is too large for the codes of the coupon `{}`", coupon.id);
                Fault::new("coupon-code", message)
            })?;
            if coupon.expires.is_some() && issued.expires.is_none() {
                let message = format!("the expiry of the coupon `{}` is missing for this record", coupon.id);
                return Err(Fault::new("coupon-expiry", message));
            }
            issued.bound = offer.bound;
            trace.line(|| self.told_coupon(&issued));
            decision.coupons.push(issued);
        }
        if decision.coupons.is_empty() && !plan.coupons.is_empty() {
            trace.line(|| "coupon: none".to_owned());
        }
        Ok(())
    }

    /// The code of a pool that was awarded to a record; `None` for a coupon with codes of our own.
    pub(super) fn pool_code(&self, rule: usize, number: u64) -> Result<Option<&str>, Fault> {
        if self.plan.coupons.get(rule).is_none_or(|c| c.pool.is_none()) {
            return Ok(None);
        }
        let holders = self.settlement.as_ref().and_then(|s| s.holders.get(rule));
        let place = holders.and_then(|h| h.binary_search(&number).ok());
        match place.and_then(|p| self.pools.get(rule)?.get(p)) {
            Some(code) => Ok(Some(code)),
            None => Err(Fault::new("coupon-pool", "no code of the pool was given to this record")),
        }
    }

    /// Notes in `tally` what a record would take of what is short.
    pub(super) fn take_note(
        &self,
        tally: &mut Tally,
        scene: &Scene<'_>,
        offers: &[Offer],
        weighed: &Weighed,
        number: u64,
        held: bool,
    ) {
        let plan = &*self.plan;
        let candidate = |offer: &Offer| {
            let coupon = plan.coupons.get(offer.rule)?;
            let scene = on(scene, offer.bound.as_ref());
            let cost = if coupon.giving.yen.is_some() { coupon.takes(&scene) } else { 0 };
            Some(Candidate { rule: offer.rule, rank: coupon.rank(&scene), cost })
        };
        let coupons = offers.iter().filter(|_| !held).filter_map(candidate);
        let (rank, cost) = (weighed.rank, plan.economy.piece_cost);
        tally.note(Noted { record: number, margin: rank, cost, draw: weighed.draw, held }, coupons);
    }
}
