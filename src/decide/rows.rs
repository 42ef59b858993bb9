//! Conditions on rows that belong to a piece beside what is decided of it: which rows of a list are listed, and which
//! stocked leaflets go with it.

use super::decider::Decider;
use super::decision::Decision;
use super::plan::{Compiler, Known, Plan, Stage};
use super::rule::{Fault, Program, Scene, Scope, Type};
use super::spec::Placed;
use crate::base::{Diagnostic, Place};
use crate::data::record::Record;
use crate::data::table::Table;

/// A table in which each row may say by a rule which pieces it goes with: stocked leaflets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuledTable {
    /// Position in the catalog.
    pub table: usize,
    /// The column with the rules; an empty one goes with every piece.
    pub column: usize,
}

impl Compiler<'_, '_> {
    /// The conditions on rows of tables, in the order in which they were handed over.
    pub(super) fn row_rules(&mut self, known: &Known, unit: usize) -> Vec<Option<Program>> {
        let mut rules = Vec::with_capacity(self.input.row_rules.len());
        for (table, condition) in self.input.row_rules {
            // A table that there is not is told where the rows are asked for.
            let rule = self.input.catalog.position(table.get_ref()).and_then(|row| {
                let scope = Scope { row: Some(row), ..self.scope(known, unit, Stage::Coupon) };
                Program::compile_placed(self.source(), condition, &scope, &[Type::Bool], self.faults)
            });
            rules.push(rule);
        }
        rules
    }

    /// The table of leaflets, if it is one with rules.
    pub(super) fn ruled_table(&self, name: Option<&Placed>) -> Option<RuledTable> {
        let table = self.input.catalog.position(name?.get_ref())?;
        let column = self.input.catalog.tables.get(table)?.schema.position("where")?;
        Some(RuledTable { table, column })
    }
}

/// Compiles the rules in the rows of a table. What is wrong with one is told with its row and column.
pub(super) fn rules_of_rows(plan: &Plan, table: &Table, faults: &mut Vec<Diagnostic>) -> Vec<Option<Program>> {
    let Some(ruled) = plan.leaflets else { return Vec::new() };
    let scope = plan.scope(Stage::Coupon);
    let column = table.schema().columns.get(ruled.column).map(|c| c.name.to_string());
    let mut tell = |row: u32, fault: Fault| {
        let place = Place::Cell { origin: table.origin(row), column: column.clone() };
        let label = if fault.label.is_empty() { "in this rule" } else { &fault.label };
        let d = Diagnostic::error("rule-row", fault.message).at(place, label);
        faults.push(match fault.help {
            Some(help) => d.help(help),
            None => d,
        });
    };
    let mut rule = |row: u32| {
        let text = table.text(row, ruled.column).trim();
        if text.is_empty() {
            return None;
        }
        match Program::compile(text, &scope) {
            Ok(program) if program.kind() == Type::Bool => return Some(program),
            Ok(program) => {
                let message = format!("this is {}, and a rule is yes or no", program.kind().words());
                tell(row, Fault { span: 0..text.len(), message, label: String::new(), help: None });
            }
            Err(found) => found.into_iter().for_each(|fault| tell(row, fault)),
        }
        None
    };
    (0..table.len()).map(&mut rule).collect()
}

/// What is known of a piece, for judging rows.
#[derive(Debug)]
pub struct Judge<'a> {
    decider: &'a Decider,
    scene: Scene<'a>,
}

impl Decider {
    /// What is known of the piece that was decided on for a record.
    #[must_use]
    pub fn judge<'a>(&'a self, record: &'a Record, decision: &'a Decision) -> Judge<'a> {
        let mut scene = self.scene_of(record);
        scene.segment = decision.segment.as_deref();
        scene.arm = decision.arm.as_deref();
        if let Some(store) = &decision.store {
            (scene.store, scene.store_km) = (store.row, store.km);
        }
        Judge { decider: self, scene }
    }

    /// The table whose rows say by rules which pieces they go with.
    #[must_use]
    pub fn leaflets(&self) -> Option<RuledTable> {
        self.plan.leaflets
    }
}

impl Judge<'_> {
    /// Whether the condition with this number holds for a row of its table.
    #[must_use]
    pub fn holds(&self, rule: usize, row: u32) -> bool {
        let rule = self.decider.plan.row_rules.get(rule).and_then(Option::as_ref);
        rule.is_none_or(|rule| rule.holds(&Scene { row, ..self.scene }))
    }

    /// The rows of the table of leaflets that go with the piece, in the order of the table.
    pub fn leaflets(&self) -> impl Iterator<Item = u32> {
        let rules = &self.decider.leaflet_rules;
        (0u32..).zip(rules).filter(|(_, rule)| rule.as_ref().is_none_or(|r| r.holds(&self.scene))).map(|(row, _)| row)
    }
}
