//! Scores of behaviour: what people did, weighed by kind, fading with time.

use std::sync::Arc;

use super::days;
use super::plan::{Compiler, Known, Stage};
use super::rule::{Program, Scene, Type, Value, World};
use super::spec::{Placed, ScoreSpec};
use crate::data::record::Field;
use crate::data::schema::Kind;

type Weights = Vec<(Arc<str>, f64)>;

/// A score as compiled.
#[derive(Clone, Debug)]
pub struct ScorePlan {
    pub name: Arc<str>,
    pub table: usize,
    /// Whose the rows are.
    column: usize,
    pub date: Option<usize>,
    /// First day that counts.
    since: Option<i32>,
    last: i32,
    /// On which the age of an event is counted, and after how many days it counts half.
    half: Option<(i32, f64)>,
    /// The column of kinds, and their weights.
    weights: Option<(usize, Weights)>,
    value: Option<Program>,
    condition: Option<Program>,
}

/// A score with what each row adds to it.
#[derive(Debug)]
pub struct Score {
    table: usize,
    column: usize,
    rows: Vec<f64>,
}

impl Score {
    /// Works out what each row adds.
    #[must_use]
    pub fn new(plan: &ScorePlan, world: &World) -> Self {
        let Some(table) = world.table(plan.table) else {
            return Self { table: plan.table, column: plan.column, rows: Vec::new() };
        };
        let worth = |row: u32| {
            let mut worth = 1.0;
            if let Some(column) = plan.date {
                let Field::Date(date) = table.field(row, column) else { return 0.0 };
                let day = days::number(date);
                if day > plan.last || plan.since.is_some_and(|s| day < s) {
                    return 0.0;
                }
                if let Some((today, half)) = plan.half {
                    worth *= libm::exp2(-f64::from(today - day) / half);
                }
            }
            if let Some((column, weights)) = &plan.weights {
                let kind = table.text(row, *column).trim();
                worth *= weights.iter().find(|w| *w.0 == *kind).map_or(0.0, |w| w.1);
            }
            let scene = Scene { row, ..Scene::new(world) };
            if plan.condition.as_ref().is_some_and(|c| !c.holds(&scene)) {
                return 0.0;
            }
            match plan.value.as_ref().map(|v| v.value(&scene)) {
                None => worth,
                #[expect(clippy::cast_precision_loss, reason = "scores are small")]
                Some(Value::Integer(n)) => worth * n as f64,
                Some(Value::Number(n)) => worth * n,
                Some(_) => 0.0,
            }
        };
        Self { table: plan.table, column: plan.column, rows: (0..table.len()).map(worth).collect() }
    }

    /// The person's score, to six decimals: so it does not hang on the order of the rows.
    #[must_use]
    pub fn of(&self, world: &World, person: &str) -> f64 {
        let rows = world.children_of(self.table, self.column, person);
        let sum = rows.iter().filter_map(|r| self.rows.get(*r as usize)).fold(0.0, |sum, worth| sum + worth);
        libm::round(sum * 1e6) / 1e6
    }
}

impl Compiler<'_, '_> {
    pub(super) fn scores(&mut self, known: &Known, person_table: usize) -> Vec<ScorePlan> {
        let input = self.input;
        input.scores.iter().filter_map(|(name, spec)| self.score(name, spec, known, person_table)).collect()
    }

    fn score(&mut self, name: &Placed, spec: &ScoreSpec, known: &Known, person_table: usize) -> Option<ScorePlan> {
        let input = self.input;
        let table = self.table(&spec.from)?;
        let info = &input.catalog.tables[table];
        let people = &input.catalog.tables[person_table];
        let Some(column) = info.join_to(&people.name) else {
            let help = format!("write `of = {{ … = \"{}\" }}` in [tables.{}]", people.name, info.name);
            self.tell(&spec.from, "nothing in this table says whose the rows are", "not joined", Some(help));
            return None;
        };
        known.uses.child(table, column);
        let date = match &spec.date {
            Some(date) => Some(self.typed(date, info, &[Kind::Date], "a date")?),
            None => super::plan_history::only(&info.schema, Kind::Date),
        };
        let span = |text: &Option<Placed>, compiler: &mut Self| -> Option<Option<(i64, super::rule::Unit)>> {
            let Some(text) = text else { return Some(None) };
            let found = days::span(text.get_ref());
            if found.is_none() {
                compiler.tell(text, "this is no span of time", "expected such as \"90 days\"", None);
            } else if date.is_none() {
                let help = "name it: `date = \"…\"`, a column of the type `date`".to_owned();
                compiler.tell(text, "no column says when", "needs a day", Some(help));
                return None;
            }
            found.map(Some)
        };
        let window = span(&spec.window, self)?;
        let half = span(&spec.half_life, self)?;
        let since = window.and_then(|(n, unit)| days::moved(input.as_of, -n, unit)).map(|d| days::number(d) + 1);
        let today = input.posting_date;
        let half = half.and_then(|(n, unit)| days::moved(today, -n, unit));
        let half = half.map(|d| (days::number(today), f64::from(days::number(today) - days::number(d))));
        let weights = match &spec.kind {
            Some(kind) => {
                let column = self.column(kind, info)?;
                if spec.weights.is_empty() {
                    self.tell(kind, "no kind has a weight", "`weights = { … }` is missing", None);
                    return None;
                }
                Some((column, spec.weights.iter().map(|(k, w)| (k.as_str().into(), *w)).collect()))
            }
            None if !spec.weights.is_empty() => {
                let help = "name it: `kind = \"…\"`".to_owned();
                self.tell(name, "no column says which weight a row has", "weights without `kind`", Some(help));
                return None;
            }
            None => None,
        };
        let part = |text: &Option<Placed>, wanted: &[Type], compiler: &mut Self| match text {
            None => Some(None),
            Some(text) => compiler.of_rows(text, known, table, wanted).map(Some),
        };
        let value = part(&spec.value, &[Type::Integer, Type::Number], self)?;
        let condition = part(&spec.condition, &[Type::Bool], self)?;
        let last = days::number(input.as_of);
        let name = name.get_ref().as_str().into();
        Some(ScorePlan { name, table, column, date, since, last, half, weights, value, condition })
    }

    /// An expression on the rows of a table, one by one.
    pub(super) fn of_rows(&mut self, text: &Placed, known: &Known, table: usize, wanted: &[Type]) -> Option<Program> {
        let scope = super::rule::Scope { row: Some(table), ..self.scope(known, 0, Stage::StoreOnly) };
        let scope = super::rule::Scope { store: false, ..scope };
        Program::compile_placed(self.input.source, text, &scope, wanted, self.faults)
    }
}
