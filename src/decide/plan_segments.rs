//! Recency, frequency and monetary value, named segments, and the values that sheets give: from the rules as typed.

use super::days;
use super::plan::{Compiler, Known, Stage};
use super::rule::{HistoryColumns, SheetName, Type};
use super::segment::{CutsPlan, Named, OTHER, RfmPlan};
use super::sheet::Answer;
use super::spec::{CutsSpec, Placed, RfmSpec};
use crate::base::Diagnostic;
use crate::data::schema::Kind;

impl Compiler<'_, '_> {
    pub(super) fn rfm(&mut self, spec: &RfmSpec, history: Option<HistoryColumns>) -> Option<RfmPlan> {
        if let Some(from) = &spec.from {
            let table = self.table(from)?;
            if history.is_some_and(|h| h.table != table) {
                self.tell(from, "this is not the table of purchases", "not the one of [history]", None);
            }
        }
        let since = days::span(spec.window.get_ref())
            .and_then(|(count, unit)| days::moved(self.input.as_of, -count, unit))
            .map(|d| days::number(d) + 1);
        if since.is_none() {
            self.tell(&spec.window, "this is no span of time", "expected such as \"24 months\"", None);
        }
        let recency = spec.recency.days.get_ref();
        if recency.is_empty() || recency.len() > 9 || !recency.is_sorted_by(|a, b| a < b) {
            self.tell(&spec.recency.days, "cut points must rise", "1 to 9 rising numbers of days", None);
        }
        let frequency = self.cuts(&spec.frequency, &spec.window);
        let monetary = self.cuts(&spec.monetary, &spec.window);
        let Some(history) = history else {
            self.tell(&spec.window, "RFM needs a table of purchases", "no purchases are known", Some(
                "declare [tables.purchases] with `of = { customer_id = \"customers\" }`, or name the table in [history]"
                    .to_owned(),
            ));
            return None;
        };
        if history.amount.is_none() {
            self.faults.push(
                Diagnostic::error("plan-history", "no column of the purchases says what was paid")
                    .at_text(self.source(), spec.window.span(), "RFM needs it")
                    .help("give one the type `money`, and name it in [history] if there are several"),
            );
            return None;
        }
        Some(RfmPlan {
            since: since?,
            posting_date: self.input.posting_date,
            recency: recency.clone(),
            frequency: frequency?,
            monetary: monetary?,
        })
    }

    fn cuts(&mut self, spec: &CutsSpec, beside: &Placed) -> Option<CutsPlan> {
        match (&spec.quantiles, &spec.from) {
            (Some(n), None) if (2..=10).contains(n.get_ref()) => Some(CutsPlan::Quantiles(*n.get_ref())),
            (Some(n), None) => {
                self.tell(n, "this is no number of cells", "2 to 10", None);
                None
            }
            (None, Some(cuts)) => {
                if cuts.get_ref().is_empty() || cuts.get_ref().len() > 9 || !cuts.get_ref().is_sorted_by(|a, b| a < b) {
                    self.tell(cuts, "cut points must rise", "1 to 9 rising numbers", None);
                    return None;
                }
                Some(CutsPlan::From(cuts.get_ref().clone()))
            }
            (Some(n), Some(_)) => {
                self.tell(n, "cells are cut by `quantiles` or by `from`, not by both", "take one away", None);
                None
            }
            (None, None) => {
                let help = "write `frequency = { quantiles = 5 }` or `{ from = [2, 5, 10] }`".to_owned();
                self.tell(beside, "frequency and monetary value need cut points", "in this table", Some(help));
                None
            }
        }
    }

    pub(super) fn named(&mut self, known: &Known, unit: usize) -> Vec<Named> {
        let mut named: Vec<Named> = Vec::new();
        for spec in self.input.segments.into_iter().flat_map(|s| &s.named) {
            let name = spec.name.get_ref();
            if name.is_empty() || name == OTHER || named.iter().any(|n| *n.name == **name) {
                let label = if name == OTHER { "this name is kept for everyone else" } else { "not a new name" };
                self.tell(&spec.name, "a segment's name must be its own", label, None);
            }
            if let Some(condition) = self.condition(Some(&spec.condition), known, unit, Stage::Segment) {
                named.push(Named { name: name.as_str().into(), condition });
            }
        }
        named
    }

    /// The values that sheets give: first those that need neither segment nor arm nor store, so that segments
    /// can ask for them, later the others.
    pub(super) fn values(&mut self, known: &mut Known, unit: usize, late: bool) {
        let input = self.input;
        for (name, spec) in input.values {
            let word = name.get_ref().as_str();
            if known.values.iter().any(|v| *v.name == *word) {
                continue;
            }
            let stage = if late { Stage::Rule } else { Stage::Segment };
            let before = self.faults.len();
            // A value that asks for another would have to be worked out with it again and again.
            let others = std::mem::take(&mut known.values);
            let sheet = self.sheet(&spec.table, &[word, "value"], known, unit, stage);
            known.values = others;
            if !late {
                self.faults.truncate(before);
            }
            let Some(mut sheet) = sheet else { continue };
            if let Some(text) = &spec.otherwise {
                sheet.otherwise = self.answer(text, sheet.kind);
            }
            let (kind, answers) = (sheet.kind, Vec::new());
            self.sheets.push(sheet);
            known.values.push(SheetName { name: word.into(), sheet: self.sheets.len() - 1, kind, late, answers });
        }
    }

    /// A value as it would stand in a sheet.
    fn answer(&mut self, text: &Placed, kind: Type) -> Option<Answer> {
        use crate::data::cell;
        use crate::data::record::Typed;
        let of = match kind {
            Type::Text | Type::List => return Some(Answer::Text(text.get_ref().as_str().into())),
            Type::Bool => Kind::Bool,
            Type::Integer => Kind::Money,
            Type::Number => Kind::Number,
            Type::Date => Kind::Date,
        };
        match cell::parse(of, text.get_ref()) {
            Ok(Typed::Integer(n)) => Some(Answer::Integer(n)),
            Ok(Typed::Number(n)) => Some(Answer::Number(n)),
            Ok(Typed::Date(d)) => Some(Answer::Date(d)),
            Ok(Typed::Bool(b)) => Some(Answer::Bool(b)),
            _ => {
                self.tell(text, format!("the sheet gives {}", kind.words()), "this is none", None);
                None
            }
        }
    }
}
