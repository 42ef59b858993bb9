//! The coupon of a person: the first whose condition holds and that a store near the person honours.

use std::sync::Arc;

use super::code::{Codes, MOST_RULES};
use super::decision::{Coupon, NearestStore, Worth};
use super::nearest::HonourPlan;
use super::plan::{Compiler, Known, Stage};
use super::rule::{Program, Scene, Type, Value};
use super::sheet::Answer;
use super::spec::{Placed, WorthSpec};

/// A coupon as compiled.
#[derive(Clone, Debug)]
pub struct CouponPlan {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub terms: Option<Arc<str>>,
    pub condition: Option<Program>,
    /// The sheet that must give it.
    pub sheet: Option<usize>,
    pub expires: Option<Program>,
    pub value: Option<Worth>,
    /// Which stores honour it; none: all.
    pub stores: Option<HonourPlan>,
}

impl Compiler<'_, '_> {
    pub(super) fn coupons(&mut self, known: &Known, unit: usize) -> Vec<CouponPlan> {
        let mut plans: Vec<CouponPlan> = Vec::new();
        let mut for_everyone = false;
        let mut sheets: Vec<(&str, Option<usize>)> = Vec::new();
        for (n, spec) in (0u64..).zip(self.input.coupons) {
            let id = spec.id.get_ref();
            if id.is_empty() || plans.iter().any(|p| *p.id == **id) {
                self.tell(&spec.id, "a coupon's id must be its own", "not a new id", None);
            }
            if n >= MOST_RULES {
                self.tell(&spec.id, format!("a campaign has at most {MOST_RULES} coupons"), "one too many", None);
                break;
            }
            if for_everyone {
                let help = "move it before the coupon without `where`, or give that one a condition".to_owned();
                self.tell(&spec.id, "nobody ever gets this coupon", "an earlier one is for everyone", Some(help));
            }
            for_everyone |= spec.condition.is_none()
                && spec.table.is_none()
                && spec.stores.is_empty()
                && spec.store_where.is_none();
            let sheet = spec.table.as_ref().map(|table| {
                let word = table.get_ref().as_str();
                if let Some((_, sheet)) = sheets.iter().find(|s| s.0 == word) {
                    return *sheet;
                }
                let sheet = self.coupon_sheet(table, known, unit);
                sheets.push((word, sheet));
                sheet
            });
            plans.push(CouponPlan {
                sheet: sheet.flatten(),
                id: id.as_str().into(),
                title: spec.title.as_str().into(),
                terms: spec.terms.as_deref().map(Into::into),
                condition: self.condition(spec.condition.as_ref(), known, unit, Stage::Coupon),
                expires: spec.expires.as_ref().and_then(|e| self.program(e, known, unit, Stage::Coupon, &[Type::Date])),
                value: spec.value.as_ref().and_then(|v| self.worth(v)),
                stores: self.honour(&spec.stores, spec.store_where.as_ref(), known, unit),
            });
        }
        plans
    }

    /// A sheet whose column `coupon` says which coupon a person gets.
    fn coupon_sheet(&mut self, table: &Placed, known: &Known, unit: usize) -> Option<usize> {
        let mut sheet = self.sheet(table, &["coupon", "coupon_id", "クーポン"], known, unit, Stage::Coupon)?;
        if sheet.kind != Type::Text {
            self.tell(table, "coupons are named by texts", "its column is no text", None);
            return None;
        }
        sheet.answers = self.input.coupons.iter().map(|c| c.id.get_ref().as_str().into()).collect();
        sheet.answers.push("-".into());
        self.sheets.push(sheet);
        Some(self.sheets.len() - 1)
    }

    fn worth(&mut self, spec: &WorthSpec) -> Option<Worth> {
        match (&spec.percent, &spec.up_to, &spec.yen) {
            (Some(p), up_to, None) if (1..=100).contains(p.get_ref()) => {
                Some(Worth::Percent { percent: *p.get_ref(), up_to: up_to.as_ref().map(|u| *u.get_ref()) })
            }
            (None, None, Some(yen)) => Some(Worth::Yen { yen: *yen.get_ref() }),
            (Some(wrong), ..) | (None, Some(wrong), _) => {
                self.tell(
                    wrong,
                    "this is no value of a coupon",
                    "expected `{ percent = 1 to 100 }`, that with `up_to`, or `{ yen = … }`",
                    None,
                );
                None
            }
            (None, None, None) => None,
        }
    }
}

impl CouponPlan {
    /// Whether the person may have it.
    #[must_use]
    pub fn holds(&self, scene: &Scene<'_>) -> bool {
        let given = |sheet: usize| {
            let answer = scene.world.sheets.get(sheet).and_then(|s| s.answer(scene));
            matches!(answer, Some(Answer::Text(t)) if *t == self.id)
        };
        self.condition.as_ref().is_none_or(|c| c.holds(scene)) && self.sheet.is_none_or(given)
    }

    /// The coupon of the record with this number; `None` when its number is beyond what codes can hold.
    #[must_use]
    pub fn issue(
        &self,
        rule: u64,
        codes: &Codes,
        number: u64,
        scene: &Scene<'_>,
        store: Option<NearestStore>,
    ) -> Option<Coupon> {
        let expires = match self.expires.as_ref().map(|e| e.value(scene)) {
            Some(Value::Date(d)) => Some(d),
            _ => None,
        };
        Some(Coupon {
            id: Arc::clone(&self.id),
            title: Arc::clone(&self.title),
            code: codes.code(rule, number)?,
            expires,
            terms: self.terms.clone(),
            value: self.value,
            store,
        })
    }
}
