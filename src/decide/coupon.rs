//! The coupons of a person: those whose conditions hold and that a store near the person honours, one after the other in
//! the order of giving, until the piece has as many as it may. A coupon may be [bound](CouponPlan::bound) to the product
//! that a slot shows.

use std::sync::Arc;

use toml::Spanned;

use super::award::Giving;
use super::code::{Codes, MOST_RULES};
use super::decision::{Bound, Coupon, NearestStore, Slot, Symbol, Worth};
use super::economy::yen;
use super::nearest::HonourPlan;
use super::plan::{Compiler, Known, Stage};
use super::rule::{NO_ROW, Program, Scene, Type, Value};
use super::sheet::Answer;
use super::spec::{CouponSpec, Names, Placed, PoolSpec, WorthSpec};
use super::symbol::{self, SymbolKind, SymbolPlan};
use super::value::coupon_cost;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place};
use crate::data::table::Table;

/// A coupon as compiled.
#[derive(Clone, Debug)]
pub struct CouponPlan {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub terms: Option<Arc<str>>,
    pub condition: Option<Program>,
    /// Positions of the slots whose product it is for; none: it is for no product.
    pub slots: Vec<usize>,
    /// The sheet that must give it.
    pub sheet: Option<usize>,
    pub expires: Option<Program>,
    pub value: Option<Worth>,
    /// Which stores honour it; none: all.
    pub stores: Option<HonourPlan>,
    pub giving: Giving,
    /// Who goes first where the budget is short.
    pub award_by: Option<Program>,
    pub cost: Option<Program>,
    pub symbol: Option<SymbolPlan>,
    /// Table and column of codes that somebody else made.
    pub pool: Option<(usize, usize)>,
}

/// How coupons are given.
#[derive(Clone, Debug, Default)]
pub struct CouponRules {
    /// So many on one piece.
    pub per_piece: usize,
    /// Positions of the coupons in the order of giving.
    pub order: Vec<usize>,
}

impl Compiler<'_, '_> {
    pub(super) fn coupons(&mut self, known: &Known, unit: usize) -> (Vec<CouponPlan>, CouponRules) {
        let per_piece = self.input.coupon_rules.and_then(|r| r.per_piece.as_ref());
        if let Some(stated) = per_piece.filter(|n| *n.get_ref() == 0) {
            self.tell(stated, "no piece would have a coupon", "expected 1 or more", None);
        }
        let per_piece = per_piece.map_or(1, |n| *n.get_ref() as usize);
        let mut plans: Vec<CouponPlan> = Vec::new();
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
            let sheet = spec.table.as_ref().map(|table| {
                let word = table.get_ref().as_str();
                if let Some((_, sheet)) = sheets.iter().find(|s| s.0 == word) {
                    return *sheet;
                }
                let sheet = self.coupon_sheet(table, known, unit);
                sheets.push((word, sheet));
                sheet
            });
            plans.push(self.coupon(spec, sheet.flatten(), known, unit));
        }
        let mut order: Vec<usize> = (0..plans.len()).collect();
        order.sort_by_key(|i| self.input.coupons.get(*i).map(|c| c.priority));
        if per_piece == 1 {
            self.never_given(&plans, &order);
        }
        self.symbols(&mut plans);
        (plans, CouponRules { per_piece, order })
    }

    fn coupon(&mut self, spec: &CouponSpec, sheet: Option<usize>, known: &Known, unit: usize) -> CouponPlan {
        let id = spec.id.get_ref();
        let slots = spec.for_slot.as_ref().map(|s| self.slots_of(s)).unwrap_or_default();
        let stage = if spec.for_slot.is_some() { Stage::Product } else { Stage::Coupon };
        let mut number =
            |text: Option<&Placed>| self.program(text?, known, unit, stage, &[Type::Integer, Type::Number]);
        let (award_by, cost) = (number(spec.award_by.as_ref()), number(spec.cost.as_ref()));
        let budget = spec.budget.clone().unwrap_or_default();
        let value = spec.value.as_ref().and_then(|v| self.worth(v));
        let costs = matches!(value, Some(Worth::Yen { .. } | Worth::Percent { up_to: Some(_), .. }));
        if let Some(yen) = budget.yen.as_ref().filter(|_| cost.is_none() && spec.cost.is_none() && !costs) {
            let help = "add `cost = \"…\"`, or `up_to` to its value".to_owned();
            self.tell(yen, "nothing says what one of these coupons costs", "a budget in yen", Some(help));
        }
        if let Some(by) = spec.award_by.as_ref().filter(|_| spec.budget.is_none() && spec.pool.is_none()) {
            self.tell(by, "there is enough of this coupon for everyone", "needs `budget` or `pool`", None);
        }
        CouponPlan {
            sheet,
            id: id.as_str().into(),
            title: spec.title.as_str().into(),
            terms: spec.terms.as_deref().map(Into::into),
            condition: self.condition(spec.condition.as_ref(), known, unit, stage),
            slots,
            expires: spec.expires.as_ref().and_then(|e| self.program(e, known, unit, stage, &[Type::Date])),
            value,
            stores: self.honour(&spec.stores, spec.store_where.as_ref(), known, unit),
            giving: Giving {
                count: budget.count.map(|c| *c.get_ref()),
                yen: budget.yen.map(|y| *y.get_ref()),
                not_with: self.apart(spec),
            },
            award_by,
            cost,
            symbol: spec.symbol.as_ref().and_then(|s| self.symbol(s, id)),
            pool: spec.pool.as_ref().and_then(|p| self.pool(p)),
        }
    }

    /// Positions of the slots whose product a coupon is for.
    fn slots_of(&mut self, names: &Spanned<Names>) -> Vec<usize> {
        let known: Vec<&str> = self.input.slots.iter().flat_map(|s| &s.names).map(|n| n.get_ref().as_str()).collect();
        if names.get_ref().0.is_empty() {
            self.tell(names, "the coupon is for no slot at all", "name a slot, or leave it out", None);
        }
        let mut slots = Vec::new();
        for name in &names.get_ref().0 {
            match known.iter().position(|k| k == name) {
                Some(at) if slots.contains(&at) => {
                    self.tell(names, format!("the slot `{name}` is named twice"), "once is enough", None);
                }
                Some(at) => slots.push(at),
                None => {
                    let help = match did_you_mean(name, known.iter().copied()) {
                        Some(like) => format!("did you mean `{like}`?"),
                        None if known.is_empty() => "declare it: `[slots]` with `names = [\"pick_1\"]`".to_owned(),
                        None => format!("slots of this campaign: {}", known.join(", ")),
                    };
                    self.tell(names, format!("there is no slot `{name}`"), "not in `slots.names`", Some(help));
                }
            }
        }
        slots
    }

    /// The coupons that never come with this one, whichever of both says it.
    fn apart(&mut self, spec: &CouponSpec) -> Vec<usize> {
        let own = spec.id.get_ref();
        let all = self.input.coupons;
        for other in &spec.not_with {
            if !all.iter().any(|c| c.id.get_ref() == other.get_ref()) || other.get_ref() == own {
                let names = all.iter().map(|c| c.id.get_ref().as_str()).filter(|id| id != own);
                let help = did_you_mean(other.get_ref(), names).map(|l| format!("did you mean `{l}`?"));
                self.tell(other, format!("there is no other coupon `{}`", other.get_ref()), "no such coupon", help);
            }
        }
        let says = |a: &CouponSpec, b: &str| a.not_with.iter().any(|n| n.get_ref() == b);
        let is_apart = |c: &&CouponSpec| c.id.get_ref() != own && (says(c, own) || says(spec, c.id.get_ref()));
        all.iter().enumerate().filter(|(_, c)| is_apart(c)).map(|(i, _)| i).collect()
    }

    fn pool(&mut self, spec: &PoolSpec) -> Option<(usize, usize)> {
        let table = self.table(&spec.table)?;
        let info = &self.input.catalog.tables[table];
        let column = match &spec.column {
            Some(name) => self.column(name, info),
            None => {
                let found = info.schema.position("code");
                if found.is_none() {
                    let help = "say which: `pool = { table = \"…\", column = \"…\" }`".to_owned();
                    self.tell(&spec.table, "this table has no column `code`", "codes come from it", Some(help));
                }
                found
            }
        };
        column.map(|c| (table, c))
    }

    /// Coupons behind one that everybody gets.
    fn never_given(&mut self, plans: &[CouponPlan], order: &[usize]) {
        let mut for_everyone = false;
        for i in order {
            let (Some(plan), Some(spec)) = (plans.get(*i), self.input.coupons.get(*i)) else { continue };
            if for_everyone {
                let help = "move it before the coupon without `where`, or give that one a condition".to_owned();
                self.tell(&spec.id, "nobody ever gets this coupon", "an earlier one is for everyone", Some(help));
            }
            for_everyone |= spec.condition.is_none()
                && spec.table.is_none()
                && spec.for_slot.is_none()
                && spec.stores.is_empty()
                && spec.store_where.is_none()
                && !plan.giving.is_short()
                && plan.pool.is_none();
        }
    }

    /// Gives numbers to symbols so that no two are alike, and tells prefixes that could make two alike.
    fn symbols(&mut self, plans: &mut [CouponPlan]) {
        let prefix = |spec: &CouponSpec| {
            let symbol = spec.symbol.as_ref().filter(|s| s.kind.get_ref() == SymbolKind::Jan13.name())?;
            symbol.prefix.clone()
        };
        let prefixes: Vec<_> = self.input.coupons.iter().filter_map(prefix).collect();
        for one in &prefixes {
            let longer = |p: &&Placed| {
                p.get_ref().len() < one.get_ref().len() && one.get_ref().starts_with(p.get_ref().as_str())
            };
            if let Some(other) = prefixes.iter().find(longer) {
                let message = format!("this prefix begins as another coupon's does (`{}`)", other.get_ref());
                let help = "take prefixes of which none begins another, or the same one for both".to_owned();
                self.tell(one, message, "two coupons could have the same number", Some(help));
            }
        }
        let mut all: Vec<&mut SymbolPlan> = plans.iter_mut().filter_map(|p| p.symbol.as_mut()).collect();
        symbol::share(&mut all);
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
    /// Whether there may be fewer of it than people.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.giving.is_short() || self.pool.is_some()
    }

    /// The product that the coupon is for, of those that the piece shows: the first slot of its own whose product fits.
    /// `scene` is the person's; the coupon's expressions are then worked out [on the product](on).
    #[must_use]
    pub fn bound(&self, scene: &Scene<'_>, slots: &[Slot]) -> Option<Bound> {
        let shown = self.slots.iter().filter_map(|at| slots.get(*at));
        shown.filter_map(Bound::to).find(|bound| self.holds(&on(scene, Some(bound))))
    }

    /// Whether the person may have it, for the product of the scene where it is [bound](Self::bound) to one.
    #[must_use]
    pub fn holds(&self, scene: &Scene<'_>) -> bool {
        let given = |sheet: usize| {
            let answer = scene.world.sheets.get(sheet).and_then(|s| s.answer(scene));
            matches!(answer, Some(Answer::Text(t)) if *t == self.id)
        };
        self.condition.as_ref().is_none_or(|c| c.holds(scene)) && self.sheet.is_none_or(given)
    }

    /// What it costs when it is used on a basket of so many yen.
    #[must_use]
    pub fn cost_on(&self, basket: i64, scene: &Scene<'_>) -> i64 {
        match (&self.cost, self.value) {
            (Some(cost), _) => yen(cost, scene).unwrap_or(0),
            (None, Some(Worth::Yen { yen })) => coupon_cost(None, None, Some(yen), basket),
            (None, Some(Worth::Percent { percent, up_to })) => coupon_cost(Some(percent), up_to, None, basket),
            (None, None) => 0,
        }
    }

    /// What one takes from the coupon's budget, in yen: the most that it may come to.
    #[must_use]
    pub fn takes(&self, scene: &Scene<'_>) -> u32 {
        let yen = self.cost_on(i64::MAX, scene);
        u32::try_from(yen.max(0)).unwrap_or(u32::MAX)
    }

    /// By what the person stands in the queue for it.
    #[must_use]
    pub fn rank(&self, scene: &Scene<'_>) -> i64 {
        self.award_by.as_ref().map_or(0, |by| yen(by, scene).unwrap_or(i64::MIN))
    }

    /// The coupon of the record with this number, with `code` when its codes come from a pool; `None` when the number is
    /// beyond what codes or the till's numbers can hold.
    #[must_use]
    pub fn issue(
        &self,
        rule: u64,
        codes: &Codes,
        number: u64,
        scene: &Scene<'_>,
        store: Option<NearestStore>,
        code: Option<&str>,
    ) -> Option<Coupon> {
        let expires = match self.expires.as_ref().map(|e| e.value(scene)) {
            Some(Value::Date(d)) => Some(d),
            _ => None,
        };
        let code = match code {
            Some(code) => code.to_owned(),
            None => codes.code(rule, number)?,
        };
        let symbol = match &self.symbol {
            Some(plan) => Some(Symbol { kind: plan.kind, value: plan.value(&code, codes, number)? }),
            None => None,
        };
        Some(Coupon {
            id: Arc::clone(&self.id),
            title: Arc::clone(&self.title),
            code,
            expires,
            terms: self.terms.clone(),
            value: self.value,
            store,
            symbol,
            bound: None,
        })
    }
}

/// A person's scene with the product that a coupon is bound to, if it is.
#[must_use]
pub fn on<'a>(scene: &Scene<'a>, bound: Option<&Bound>) -> Scene<'a> {
    Scene { product: bound.map_or(NO_ROW, |b| b.row), ..*scene }
}

/// The codes of a pool, with the faults of its table: every code once, none empty.
pub(super) fn pool_codes(table: &Table, column: usize, faults: &mut Vec<Diagnostic>) -> Vec<Arc<str>> {
    let mut first: rustc_hash::FxHashMap<Arc<str>, u32> = rustc_hash::FxHashMap::default();
    let mut codes: Vec<Arc<str>> = Vec::with_capacity(table.len() as usize);
    let told = faults.len();
    for row in 0..table.len() {
        let code: Arc<str> = table.text(row, column).trim().into();
        let mut tell = |message: String| {
            // a pool of a million codes could be wrong a million times
            if faults.len() < told + 20 {
                let place = Place::Cell { origin: table.origin(row), column: None };
                faults.push(Diagnostic::error("coupon-pool", message).at(place, "this code"));
            }
        };
        if code.is_empty() {
            tell("a code of the pool is empty".to_owned());
        } else if let Some(before) = first.insert(Arc::clone(&code), row) {
            tell(format!("a code stands in the pool twice: first in row {}", table.origin(before).row));
        }
        codes.push(code);
    }
    codes
}
