//! The money side of a campaign as compiled: what people are worth, what pieces cost and bring, and how many there may be.
//! [`super::value`] has the arithmetic.

use super::plan::{Compiler, Known, Stage};
use super::rule::{Program, Scene, Type, Value};
use super::spec::{AudienceSpec, HorizonSpec, MoneySpec};
use super::value::{Horizon, expected_margin, odds, rounded};
use crate::base::Share;

/// The cause under which those are counted whose piece would cost more than it brings.
pub const NOT_WORTHWHILE: &str = "costs more than it brings";
/// The cause under which those are counted whose piece would cost more than they are worth.
pub const ABOVE_VALUE: &str = "costs more than the customer is worth";

/// What is known of money.
#[derive(Clone, Debug, Default)]
pub struct Economy {
    ltv: Option<Ltv>,
    response: Option<Program>,
    order_margin: Option<Program>,
    basket: Option<Program>,
    rank_by: Option<Program>,
    only_worthwhile: bool,
    /// Yen for each piece.
    pub piece_cost: u32,
    pub pieces: Option<u64>,
    pub yen: Option<u64>,
}

#[derive(Clone, Debug)]
enum Ltv {
    Given(Program),
    Worked(Program, Horizon),
}

/// What one record comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// In yen.
    pub ltv: Option<i64>,
    /// What the piece is expected to bring, in yen.
    pub margin: Option<i64>,
    /// What it is expected to cost, coupon included, in yen.
    pub cost: i64,
}

impl Economy {
    /// Whether there may be fewer pieces than people.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.pieces.is_some() || self.yen.is_some()
    }

    /// Whether anything is said of money at all.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        self.ltv.is_some() || self.response.is_some() || self.is_short()
    }

    /// What an order of this person comes to, in yen; 0 when nothing says it.
    #[must_use]
    pub fn basket(&self, scene: &Scene<'_>) -> i64 {
        self.basket.as_ref().and_then(|b| yen(b, scene)).unwrap_or(0)
    }

    /// `coupons`: what the piece's coupons cost when they are used, in yen.
    #[must_use]
    pub fn worked(&self, scene: &Scene<'_>, coupons: i64) -> Worked {
        let ltv = match &self.ltv {
            Some(Ltv::Given(program)) => yen(program, scene),
            Some(Ltv::Worked(yearly, horizon)) => yen(yearly, scene).map(|y| horizon.value(y)),
            None => None,
        };
        let piece = i64::from(self.piece_cost);
        // Who never bought anything has no margin of an order: nothing is expected then.
        let response = self.response.as_ref().map(|r| number(r, scene).and_then(odds).unwrap_or(0));
        let order = self.order_margin.as_ref().and_then(|o| yen(o, scene)).unwrap_or(0);
        let margin = response.map(|odds| expected_margin(odds, order, coupons, piece));
        let cost = -expected_margin(response.unwrap_or(0), 0, coupons, piece);
        Worked { ltv, margin, cost }
    }

    /// Why no piece should be made for money's sake.
    #[must_use]
    pub fn refuses(&self, worked: &Worked) -> Option<&'static str> {
        if !self.only_worthwhile {
            return None;
        }
        if worked.margin.is_some_and(|m| m <= 0) {
            return Some(NOT_WORTHWHILE);
        }
        worked.ltv.is_some_and(|ltv| worked.cost > ltv).then_some(ABOVE_VALUE)
    }

    /// By what the person stands in the queue for a piece.
    #[must_use]
    pub fn rank(&self, scene: &Scene<'_>, worked: &Worked) -> i64 {
        match &self.rank_by {
            Some(program) => yen(program, scene).unwrap_or(i64::MIN),
            None => worked.margin.unwrap_or(0),
        }
    }
}

fn number(program: &Program, scene: &Scene<'_>) -> Option<f64> {
    match program.value(scene) {
        Value::Number(n) => Some(n),
        #[expect(clippy::cast_precision_loss, reason = "odds are 0 or 1 when they are whole")]
        Value::Integer(n) => Some(n as f64),
        _ => None,
    }
}

/// A number in whole yen.
pub(super) fn yen(program: &Program, scene: &Scene<'_>) -> Option<i64> {
    match program.value(scene) {
        Value::Integer(n) => Some(n),
        Value::Number(n) => Some(rounded(n)),
        _ => None,
    }
}

impl Compiler<'_, '_> {
    pub(super) fn economy(
        &mut self,
        spec: Option<&MoneySpec>,
        audience: &AudienceSpec,
        known: &Known,
        unit: usize,
    ) -> Economy {
        let default = MoneySpec::default();
        let spec = spec.unwrap_or(&default);
        let mut number = |text: Option<&super::spec::Placed>| {
            self.program(text?, known, unit, Stage::Coupon, &[Type::Integer, Type::Number])
        };
        let given = number(spec.ltv.as_ref());
        let response = number(spec.response.as_ref());
        let order_margin = number(spec.order_margin.as_ref());
        let basket = number(spec.basket.as_ref());
        let rank_by = number(audience.rank_by.as_ref());
        let worked = spec.horizon.as_ref().and_then(|h| self.horizon(h, known, unit));
        if let Some(ltv) = spec.ltv.as_ref().filter(|_| spec.horizon.is_some()) {
            self.tell(ltv, "a customer's value is given or worked out, not both", "or leave out `horizon`", None);
        }
        if let Some(response) = spec.response.as_ref().filter(|_| spec.order_margin.is_none()) {
            let help = "add `order_margin = \"…\"`, what an order leaves after the goods are paid".to_owned();
            self.tell(response, "odds alone say nothing of money", "without `order_margin`", Some(help));
        }
        if let Some(margin) = spec.order_margin.as_ref().filter(|_| spec.response.is_none()) {
            let help = "add `response = \"…\"`, a number from 0 to 1".to_owned();
            self.tell(margin, "an order's margin needs the odds of an order", "without `response`", Some(help));
        }
        let cost = audience.piece_cost.clone().unwrap_or_default();
        let piece_cost = cost.paper.saturating_add(cost.print).saturating_add(cost.postage);
        let budget = audience.budget.clone().unwrap_or_default();
        if let Some(yen) = budget.yen.as_ref().filter(|_| piece_cost == 0) {
            let help = "add `piece_cost = { paper = 6, print = 12, postage = 85 }` to [audience]".to_owned();
            self.tell(yen, "a budget in yen needs the cost of a piece", "without `piece_cost`", Some(help));
        }
        let is_ranked = rank_by.is_some() || response.is_some();
        if let Some(stated) = budget.pieces.as_ref().or(budget.yen.as_ref()).filter(|_| !is_ranked) {
            let warning = crate::base::Diagnostic::warning(
                "plan-budget",
                "the budget goes to people who are drawn: nothing ranks them",
            )
            .at_text(self.input.source, stated.span(), "who gets the pieces?")
            .help("add `rank_by = \"rfm.spent\"`, or `response` and `order_margin` in [money]");
            self.faults.push(warning);
        }
        Economy {
            ltv: given.map(Ltv::Given).or(worked),
            response,
            order_margin,
            basket,
            rank_by,
            only_worthwhile: spec.only_worthwhile.unwrap_or(true),
            piece_cost,
            pieces: budget.pieces.map(|p| *p.get_ref()),
            yen: budget.yen.map(|y| *y.get_ref()),
        }
    }

    fn horizon(&mut self, spec: &HorizonSpec, known: &Known, unit: usize) -> Option<Ltv> {
        let yearly = self.program(&spec.yearly, known, unit, Stage::Coupon, &[Type::Integer, Type::Number]);
        let years = *spec.years.get_ref();
        if !(1..=50).contains(&years) {
            self.tell(&spec.years, "this is no number of years", "1 to 50", None);
        }
        let mut share = |text: &super::spec::Placed| {
            let share = Share::parse(text.get_ref());
            if share.is_none() {
                self.tell(text, "this is no share", "expected such as \"70%\"", None);
            }
            share
        };
        let (stay, discount) = (share(&spec.stay), share(&spec.discount));
        Some(Ltv::Worked(yearly?, Horizon { years, stay: stay?.0, discount: discount?.0 }))
    }
}
