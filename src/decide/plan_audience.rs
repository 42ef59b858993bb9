//! Who may be written to, who of a household is, and what is drawn: from the rules as typed.

use std::sync::Arc;

use super::consent::{ConsentDates, ConsentPlan, ConsentTablePlan, SuppressBy, SuppressPlan};
use super::days;
use super::holdout::Draw;
use super::plan::{Compiler, Known, Stage, like, path};
use super::rule::{Program, Type};
use super::spec::{ArmsWithin, AudienceSpec, ListedBy, Placed, SuppressSpec};
use super::tables::{TableInfo, singular};
use crate::base::{Diagnostic, Share};
use crate::data::schema::{Kind, covers_print};

/// What makes a household, and who of it gets the piece.
#[derive(Clone, Debug, Default)]
pub struct HouseholdPlan {
    pub by: Vec<Program>,
    pub one_of_each: bool,
    pub first: Option<Program>,
    /// The names of the columns in `by`, for lists that have them too.
    columns: Vec<String>,
}

impl Compiler<'_, '_> {
    pub(super) fn consent(
        &mut self,
        audience: &AudienceSpec,
        known: &Known,
        unit: usize,
        people: usize,
    ) -> ConsentPlan {
        let mut plan = ConsentPlan::default();
        if let Some(text) = &audience.consent {
            plan.flags.extend(self.program(text, known, unit, Stage::Audience, &[Type::Bool]));
        } else {
            let table = &self.input.catalog.tables[unit];
            let flags = table
                .schema
                .columns
                .iter()
                .filter(|c| c.kind == Kind::Bool && c.purpose.as_deref().is_some_and(covers_print));
            let scope = self.scope(known, unit, Stage::Audience);
            plan.flags =
                flags.filter_map(|c| Program::compile(&path(&singular(&table.name), &c.name), &scope).ok()).collect();
        }
        if let Some(dates) = &audience.consent_dates {
            let mut date = |text: &Placed| self.program(text, known, unit, Stage::Audience, &[Type::Date]);
            let withdrawn = dates.withdrawn.as_ref().and_then(&mut date);
            plan.dates = date(&dates.given).map(|given| ConsentDates { given, withdrawn });
        }
        if let Some(text) = &audience.consent_valid_for {
            plan.valid_for = days::span(text.get_ref());
            if plan.valid_for.is_none() {
                self.tell(text, "this is no span of time", "expected such as \"36 months\"", None);
            } else if audience.consent_dates.is_none() && audience.consents.is_none() {
                let help = "give `consent_dates` or `consents` too".to_owned();
                self.tell(text, "nothing says when consent was given", "counted from that day", Some(help));
            }
        }
        if let Some(name) = &audience.consents
            && let Some(table) = self.table(name)
        {
            let info = &self.input.catalog.tables[table];
            let people = &self.input.catalog.tables[people];
            let key = people.key.and_then(|k| info.schema.position(&people.schema.columns[k].name));
            let date =
                |column: &str| info.schema.position(column).filter(|c| info.schema.columns[*c].kind == Kind::Date);
            let (given, withdrawn) = (date("given_on"), date("withdrawn_on"));
            match (info.join_to(&people.name).or(key), given) {
                (Some(person), Some(given)) => {
                    let purpose = info.schema.position("purpose");
                    plan.table = Some(ConsentTablePlan { table, person, purpose, given, withdrawn });
                }
                (None, _) => {
                    let help = format!("write `of = {{ … = \"{}\" }}` in [tables.{}]", people.name, info.name);
                    self.tell(name, "nothing in this table says whose consent it is", "not joined", Some(help));
                }
                (_, None) => {
                    let help = format!("write `given_on = \"date\"` under [tables.{}.columns]", info.name);
                    let message = "this table has no date column `given_on`";
                    self.tell(name, message, "when was consent given?", Some(help));
                }
            }
            if withdrawn.is_none() && info.schema.position("withdrawn_on").is_some() {
                let help = format!("write `withdrawn_on = \"date\"` under [tables.{}.columns]", info.name);
                self.tell(
                    name,
                    "the column `withdrawn_on` of this table is not a date",
                    "not of type `date`",
                    Some(help),
                );
            }
        }
        plan
    }

    pub(super) fn household(&mut self, audience: &AudienceSpec, known: &Known, unit: usize) -> HouseholdPlan {
        let any = [Type::Text, Type::Integer];
        let mut plan = HouseholdPlan::default();
        for text in &audience.household {
            plan.by.extend(self.program(text, known, unit, Stage::Audience, &any));
            let column = text.get_ref().rsplit_once('.').map_or("", |n| n.1);
            plan.columns.push(column.trim().to_owned());
        }
        plan.one_of_each = audience.one_per_household.as_ref().is_some_and(|o| *o.get_ref());
        if let Some(one) = audience.one_per_household.as_ref().filter(|o| *o.get_ref() && audience.household.is_empty())
        {
            let help = "write `household = [\"customer.household_id\"]`, or postcode and address".to_owned();
            self.tell(one, "nothing says who belongs to a household", "`household` is not given", Some(help));
        }
        if let Some(first) = &audience.household_first {
            plan.first = self.program(first, known, unit, Stage::Audience, &[Type::Integer, Type::Number]);
            if !plan.one_of_each {
                self.tell(
                    first,
                    "`household_first` says who of a household gets the one piece",
                    "without `one_per_household = true` everyone does",
                    None,
                );
            }
        }
        plan
    }

    pub(super) fn suppress(
        &mut self,
        audience: &AudienceSpec,
        known: &Known,
        (unit, person_table): (usize, usize),
        household: &HouseholdPlan,
    ) -> Vec<SuppressPlan> {
        let catalog = self.input.catalog;
        let mut lists = Vec::new();
        for placed in &audience.suppress {
            let spec = placed.get_ref();
            let name = Placed::new(placed.span(), spec.table.clone());
            let Some(table) = self.table(&name) else { continue };
            let info = &catalog.tables[table];
            let by = match spec.by {
                ListedBy::Id => self.listed_by_key(&name, info, unit, person_table),
                ListedBy::NameAndPostcode => self.listed_by_name(&name, spec, info, known, unit),
                ListedBy::Household if household.by.is_empty() => {
                    let help = "write `household = [\"customer.household_id\"]` in [audience]".to_owned();
                    self.tell(&name, "nothing says who belongs to a household", "a list of households", Some(help));
                    None
                }
                ListedBy::Household => {
                    let columns: Option<Vec<usize>> =
                        household.columns.iter().map(|c| info.schema.position(c)).collect();
                    match columns {
                        Some(columns) => Some(SuppressBy::Household(columns)),
                        None => match self.listed_by_key(&name, info, unit, person_table) {
                            Some(SuppressBy::Person(column)) => Some(SuppressBy::HouseholdOf(column)),
                            other => other,
                        },
                    }
                }
            };
            let Some(by) = by else { continue };
            let cause = info.schema.position("cause").or_else(|| info.schema.position("reason"));
            let since = info.schema.position("since").or_else(|| info.schema.position("date"));
            lists.push(SuppressPlan { name: Arc::clone(&info.name), table, by, cause, since });
        }
        lists
    }

    fn listed_by_key(
        &mut self,
        name: &Placed,
        info: &TableInfo,
        unit: usize,
        person_table: usize,
    ) -> Option<SuppressBy> {
        let catalog = self.input.catalog;
        let (unit_info, people) = (&catalog.tables[unit], &catalog.tables[person_table]);
        let key_name = |t: &TableInfo| t.key.map(|k| Arc::clone(&t.schema.columns[k].name));
        let column = |t: &TableInfo| info.join_to(&t.name).or_else(|| info.schema.position(&key_name(t)?));
        let by_person = column(people).map(SuppressBy::Person);
        let by_unit = || {
            let found = column(unit_info)?;
            Some(if person_table == unit { SuppressBy::Person(found) } else { SuppressBy::Unit(found) })
        };
        let by = by_person.or_else(by_unit).or(info.key.map(SuppressBy::Person));
        if by.is_none() {
            let help = format!("write `of = {{ … = \"{}\" }}` in [tables.{}]", people.name, info.name);
            self.tell(name, "nothing in this table says whom it means", "not joined", Some(help));
        }
        by
    }

    fn listed_by_name(
        &mut self,
        placed: &Placed,
        spec: &SuppressSpec,
        info: &TableInfo,
        known: &Known,
        unit: usize,
    ) -> Option<SuppressBy> {
        let mut column = |names: [&str; 2]| {
            let found = names.iter().find_map(|n| info.schema.position(n));
            if found.is_none() {
                let help = like(names[0], &info.schema);
                let message = format!("the table `{}` has no column `{}`", info.name, names[0]);
                self.tell(placed, message, "a list by name and postcode", Some(help));
            }
            found
        };
        let (name, postcode) = (column(["name", "氏名"]), column(["postcode", "郵便番号"]));
        let mut value = |text: Option<&Placed>, usual: &str| {
            let people = self.input.catalog.position("customers").map_or(unit, |c| c);
            let root = singular(&self.input.catalog.tables[people].name);
            let default = Placed::new(placed.span(), path(&root, usual));
            self.program(text.unwrap_or(&default), known, unit, Stage::Audience, &[Type::Text])
        };
        let of = (value(spec.name.as_ref(), "name"), value(spec.postcode.as_ref(), "postcode"));
        let of = Box::new((of.0?, of.1?));
        Some(SuppressBy::NameAndPostcode { name: name?, postcode: postcode?, of })
    }

    pub(super) fn draw(&mut self, audience: &AudienceSpec) -> Draw {
        let mut draw = Draw::default();
        for (text, share) in
            [(&audience.hold_out, &mut draw.hold_out), (&audience.global_hold_out, &mut draw.global_hold_out)]
        {
            let Some(text) = text else { continue };
            match Share::parse(text.get_ref()) {
                Some(parsed) => *share = parsed,
                None => self.tell(text, "this is no share", "expected such as \"5%\"", None),
            }
        }
        for (name, weight) in &audience.arms {
            if *weight.get_ref() == 0 {
                self.tell(weight, "an arm with weight 0 is never drawn", "expected 1 or more", None);
            }
            draw.arms.push((name.as_str().into(), *weight.get_ref()));
        }
        if let Some(within) = &audience.arms_within {
            match within.get_ref() {
                ArmsWithin::Segment => draw.within_segments = true,
            }
            if audience.arms.is_empty() {
                self.tell(within, "there are no arms to draw", "`arms` is not given", None);
            } else if self.input.segments.is_none_or(|s| s.named.is_empty()) {
                self.tell(within, "there are no segments to draw within", "no [[segments.named]]", None);
            } else if audience.arms.len() > 200 {
                self.faults.push(Diagnostic::error("plan", "at most 200 arms can be drawn within segments").at_text(
                    self.source(),
                    within.span(),
                    "too many arms",
                ));
            }
        }
        draw
    }
}
