//! What a line says of a record, to the record's decision.
//!
//! Whom the campaign must not write to (no consent, on a suppression list) is judged again, whatever the line says:
//! that comes last, and for decisions from elsewhere too.

use std::sync::Arc;

use super::super::coupon::on;
use super::super::decider::{Decider, Fault, Scratch};
use super::super::decision::{Decision, Outcome};
use super::{Line, Said};
use crate::data::Record;

/// The codes of faults with which a decision rejects a record; a line with another code is counted under
/// `decision-rejected`.
const CODES: [&str; 10] = [
    "no-key",
    "no-store",
    "slot-empty",
    "coupon-expiry",
    "coupon-code",
    "coupon-pool",
    "coupon-budget",
    "coupon-product",
    "decision-missing",
    "decision-rejected",
];

impl Decider {
    /// The decision for a record that a line tells.
    ///
    /// # Errors
    /// The line is not this record's, or says that the record is rejected.
    pub fn follow(&self, line: &Line, record: &Record, number: u64, scratch: &mut Scratch) -> Result<Decision, Fault> {
        let plan = &*self.plan;
        let key = if plan.key < record.len() { record.text(plan.key).trim() } else { "" };
        if key.is_empty() {
            return Err(Fault::new("no-key", "the record has no key"));
        }
        if line.key.as_deref() != Some(key) || line.number.is_some_and(|n| n != number) {
            let message = format!("the line is not of the piece {}", plan.piece_id(number));
            return Err(Fault::new("decision-piece", message));
        }
        let outcome = match &line.said {
            Said::Rejected(reasons) => {
                let (code, message) = reasons.first().map_or(("", ""), |(c, m)| (c.as_str(), m.as_str()));
                let known = CODES.into_iter().find(|c| *c == code);
                let message = match known {
                    Some(_) => message.to_owned(),
                    None => format!("{code}: {message}"),
                };
                return Err(Fault::new(known.unwrap_or("decision-rejected"), message));
            }
            Said::HeldOut(cause) => Outcome::HeldOut { cause: cause.clone() },
            Said::Suppressed(cause) => Outcome::Suppressed { cause: Arc::clone(cause) },
            Said::OverBudget => Outcome::OverBudget,
            Said::Print => match self.forbidden(record, number, scratch) {
                Some(outcome) => outcome,
                None => Outcome::Print,
            },
        };
        let mut decision = Decision {
            piece: plan.piece_id(number),
            customer: key.to_owned(),
            outcome,
            segment: line.segment.clone(),
            segments: line.segments.clone(),
            rfm: plan.rfm.as_ref().and_then(|_| self.scene_of(record).rfm).map(|rfm| rfm.cells.unwrap_or_default()),
            arm: line.arm.clone(),
            slots: Vec::new(),
            coupons: Vec::new(),
            store: None,
            value: line.value.clone(),
            origin: record.origin.clone(),
        };
        if decision.outcome != Outcome::Print {
            return Ok(decision);
        }
        decision.slots.clone_from(&line.slots);
        decision.store.clone_from(&line.store);
        for given in &line.coupons {
            let Some(coupon) = plan.coupons.get(given.rule) else { continue };
            let mut scene = self.scene_of(record);
            scene.segment = line.segment.as_deref();
            scene.arm = line.arm.as_deref();
            if let Some(store) = &line.store {
                (scene.store, scene.store_km) = (store.row, store.km);
            }
            // Judged anew: a pick that was edited never carries the coupon of another product.
            let mut bound = None;
            if !coupon.slots.is_empty() {
                bound = given.candidates(coupon, &line.slots).find(|b| coupon.holds(&on(&scene, Some(b))));
                if bound.is_none() {
                    let message = format!("the coupon `{}` is not for the product that its slot shows", coupon.id);
                    return Err(Fault::new("coupon-product", message));
                }
                scene = on(&scene, bound.as_ref());
            }
            let code = self.pool_code(given.rule, number)?;
            let issued = coupon.issue(given.rule as u64, self.codes(), number, &scene, given.store.clone(), code);
            let mut issued =
                issued.ok_or_else(|| Fault::new("coupon-code", "the record's number is too large for a code"))?;
            issued.bound = bound;
            let same = |typed: &String| match code {
                Some(code) => typed == code,
                None => self.codes().verify(typed) == self.codes().verify(&issued.code),
            };
            if given.code.as_ref().is_some_and(|typed| !same(typed)) {
                let message = format!("the code of the coupon `{}` is not this piece's", issued.id);
                return Err(Fault::new("decision-code", message));
            }
            if given.expires.is_some() {
                issued.expires = given.expires;
            }
            if coupon.expires.is_some() && issued.expires.is_none() {
                let message = format!("the expiry of the coupon `{}` is missing for this record", issued.id);
                return Err(Fault::new("coupon-expiry", message));
            }
            decision.coupons.push(issued);
        }
        Ok(decision)
    }
}
