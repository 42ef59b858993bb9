//! Who gets a piece at all: the audience first; then, last of all that anybody decides, whether they may be written to;
//! and for those who may, the household and the draw.

use std::borrow::Cow;
use std::sync::Arc;

use super::Plan;
use super::consent::{Consents, EVERY_CAMPAIGN, HOUSEHOLD, OUTSIDE, Refusal, SuppressList};
use super::coupon::on;
use super::decider::{Decider, Scratch};
use super::decision::{Bound, Outcome, Slot};
use super::plan::Stage;
use super::rule::{Scene, Value};
use super::segment;
use super::standing::{Causes, Household, Standing, Verdict, household};
use super::tables::Tables;
use super::trace::Trace;
use super::why;
use crate::base::choice::Key;
use crate::data::record::Record;

/// What is needed to judge it.
#[derive(Debug)]
pub(super) struct Gate {
    pub suppress: Vec<SuppressList>,
    consents: Option<Consents>,
    outside: Arc<str>,
    another: Arc<str>,
    every_campaign: Arc<str>,
    /// In the order of [`Refusal::ALL`].
    refusals: [Arc<str>; 4],
    /// Of the lists of households of persons.
    pub causes: Causes,
    /// Draws who is held out of every campaign.
    shop: Key,
    pub standing: Option<Standing>,
}

/// Whom it is about.
#[derive(Clone, Copy)]
pub(super) struct Who<'a> {
    pub person: &'a str,
    pub unit: &'a str,
    pub number: u64,
    /// What is drawn for.
    pub subject: &'a [u8],
}

impl Gate {
    pub fn new(plan: &Plan, tables: &Tables, key: &Key) -> Self {
        let lists = plan.suppress.iter();
        let suppress: Vec<SuppressList> =
            lists.filter_map(|l| Some(SuppressList::new(l.clone(), Arc::clone(tables.get(l.table)?)))).collect();
        let mut causes = Causes::default();
        for list in suppress.iter().filter(|l| l.needs_look()) {
            for cause in list.causes() {
                let _ = causes.number(cause);
            }
        }
        let consents = plan.consent.table.as_ref();
        Self {
            consents: consents.and_then(|c| Some(Consents::new(c.clone(), Arc::clone(tables.get(c.table)?)))),
            suppress,
            outside: OUTSIDE.into(),
            another: HOUSEHOLD.into(),
            every_campaign: EVERY_CAMPAIGN.into(),
            refusals: Refusal::ALL.map(|r| r.cause().into()),
            causes,
            shop: key.clone(),
            standing: None,
        }
    }

    fn refusal(&self, why: Refusal) -> Arc<str> {
        let at = Refusal::ALL.iter().position(|r| *r == why).unwrap_or(0);
        Arc::clone(&self.refusals[at])
    }

    pub fn verdict(&self, number: u64) -> Verdict {
        self.standing.as_ref().map_or(Verdict::Free, |s| s.of(number))
    }

    /// The number of the record's arm, when arms are drawn within segments.
    pub fn arm(&self, number: u64) -> Option<usize> {
        self.standing.as_ref()?.arm(number)
    }
}

impl Decider {
    /// The same, with the shop's key for what is the same in all of its campaigns.
    #[must_use]
    pub fn with_shop_key(mut self, shop: &Key) -> Self {
        self.gate.shop = shop.clone();
        self
    }

    pub(super) fn household(&self, scene: &Scene<'_>) -> Option<Household> {
        household(self.plan.household.by.iter().map(|program| match program.value(scene) {
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Integer(n) => Some(Cow::Owned(n.to_string())),
            _ => None,
        }))
    }

    /// Why a person gets nothing, in the order of the books.
    pub(super) fn kept_back(
        &self,
        scene: &Scene<'_>,
        who: Who<'_>,
        words: &mut String,
        trace: &mut Trace,
    ) -> Option<Outcome> {
        let (plan, gate) = (&*self.plan, &self.gate);
        if plan.audience.as_ref().is_some_and(|a| !a.holds(scene)) {
            trace.line(|| {
                let text = plan.texts.audience.as_deref().unwrap_or_default();
                let parts = why::failing(text, &plan.scope(Stage::Audience), scene);
                format!("audience: outside, as {} does not hold", parts.join(" and "))
            });
            return Some(Outcome::Suppressed { cause: Arc::clone(&gate.outside) });
        }
        let household =
            if gate.suppress.iter().any(SuppressList::needs_household) { self.household(scene) } else { None };
        if let Some(outcome) = self.not_written_to(scene, who, household, words, trace) {
            return Some(outcome);
        }
        match gate.verdict(who.number) {
            Verdict::OtherOfHousehold => {
                trace.line(|| {
                    let why = if plan.household.first.is_some() {
                        "`household_first` is higher for them, or the same and their key is smaller"
                    } else {
                        "their key is smaller"
                    };
                    format!("household: another of the household gets its one piece ({why})")
                });
                return Some(Outcome::Suppressed { cause: Arc::clone(&gate.another) });
            }
            Verdict::Free | Verdict::Listed(_) => {}
        }
        if plan.draw.holds_out_always(&gate.shop, who.person) {
            let share = plan.draw.global_hold_out;
            trace.line(|| format!("held out: one of the {share} of all customers who get nothing from any campaign"));
            return Some(Outcome::HeldOut { cause: Some(Arc::clone(&gate.every_campaign)) });
        }
        if plan.draw.holds_out(&self.key, who.subject) {
            trace.line(|| format!("held out: drawn into the {} that get nothing", plan.draw.hold_out));
            return Some(Outcome::HeldOut { cause: None });
        }
        trace.line(|| "audience: inside, with consent, on no suppression list, not held out".to_owned());
        None
    }

    /// Whom nobody may write to, whatever anybody decided: no consent, or on a list.
    fn not_written_to(
        &self,
        scene: &Scene<'_>,
        who: Who<'_>,
        household: Option<Household>,
        words: &mut String,
        trace: &mut Trace,
    ) -> Option<Outcome> {
        let (plan, gate) = (&*self.plan, &self.gate);
        let day = plan.posting_date;
        if let Err(refusal) = plan.consent.judge(gate.consents.as_ref(), scene, who.person, day) {
            let cause = gate.refusal(refusal);
            trace.line(|| {
                let text = plan.texts.consent.as_deref().filter(|_| refusal == Refusal::Never);
                let why = match text {
                    Some(text) => why::failing(text, &plan.scope(Stage::Audience), scene).join(" and "),
                    None => format!("judged on the posting date {day}"),
                };
                format!("consent: {cause}, {why}")
            });
            return Some(Outcome::Suppressed { cause });
        }
        let mut found: Option<Outcome> = None;
        for list in &gate.suppress {
            let Some(row) = list.row(scene, (who.person, who.unit), household, words) else { continue };
            trace.line(|| format!("suppressed: {}", list.told(row)));
            if found.is_none() {
                found = Some(Outcome::Suppressed { cause: Arc::clone(list.cause(row)) });
            }
            // Only who asks wants to know of further lists.
            if !trace.is_kept() {
                break;
            }
        }
        if found.is_none()
            && let Some(cause) = self.contacts.as_ref().and_then(|c| c.cause(who.person))
        {
            trace.line(|| format!("suppressed: {cause}"));
            found = Some(Outcome::Suppressed { cause: cause.into() });
        }
        if found.is_none()
            && let Verdict::Listed(cause) = gate.verdict(who.number)
        {
            let cause = gate.causes.0.get(usize::from(cause)).unwrap_or(&gate.another);
            trace.line(|| format!("suppressed: the household is on a list ({cause})"));
            found = Some(Outcome::Suppressed { cause: Arc::clone(cause) });
        }
        found
    }

    /// Why a record must not be printed although somebody decided so elsewhere.
    pub(super) fn forbidden(&self, record: &Record, number: u64, scratch: &mut Scratch) -> Option<Outcome> {
        let cell = |column: usize| if column < record.len() { record.text(column).trim() } else { "" };
        let (key, person) = (cell(self.plan.key), self.person(record));
        let mut scene = self.scene(record, person);
        if !self.plan.named.is_empty() {
            scene.segment = Some(segment::find(&self.plan.named, &scene).map_or(&self.other, |n| &n.name));
        }
        let person = if person.is_empty() { key } else { person };
        let Scratch { words, trace, .. } = scratch;
        let household =
            if self.gate.suppress.iter().any(SuppressList::needs_household) { self.household(&scene) } else { None };
        self.not_written_to(&scene, Who { person, unit: key, number, subject: &[] }, household, words, trace)
    }

    /// What is known of a record before anything is decided.
    pub(super) fn scene_of<'a>(&'a self, record: &'a Record) -> Scene<'a> {
        self.scene(record, self.person(record))
    }

    /// The segment in words, with those before it and why they are not it.
    pub(super) fn told_segment(&self, scene: &Scene<'_>, found: &str) -> String {
        let scope = self.plan.scope(Stage::Segment);
        let mut told = format!("segment: {found}");
        for (named, text) in self.plan.named.iter().zip(&self.plan.texts.segments) {
            if *named.name == *found {
                break;
            }
            let parts = why::failing(text, &scope, scene);
            told.push_str(&format!("\n  not {}, as {} does not hold", named.name, parts.join(" and ")));
        }
        told
    }

    /// Why a coupon is not the person's.
    pub(super) fn told_no_coupon(&self, scene: &Scene<'_>, slots: &[Slot], place: usize) -> String {
        let Some(coupon) = self.plan.coupons.get(place) else { return String::new() };
        let id = &coupon.id;
        let text = self.plan.texts.coupons.get(place).and_then(|t| t.as_deref()).unwrap_or_default();
        if coupon.slots.is_empty() {
            let parts = why::failing(text, &self.plan.scope(Stage::Coupon), scene);
            return format!("coupon: not {id}, as {} does not hold", parts.join(" and "));
        }
        let scope = self.plan.scope(Stage::Product);
        let told = |slot: &Slot| match Bound::to(slot) {
            None => format!("{} is empty", slot.name),
            Some(bound) => {
                let parts = why::failing(text, &scope, &on(scene, Some(&bound)));
                format!("{} does not hold for {} in {}", parts.join(" and "), bound.product, bound.slot)
            }
        };
        let all: Vec<String> = coupon.slots.iter().filter_map(|at| slots.get(*at)).map(told).collect();
        format!("coupon: not {id}, as {}", all.join("; "))
    }
}
