//! From the rules as typed to rules that can be followed: names become columns, texts become programs, and
//! every fault is told with its place.

use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;

use super::PlanInput;
use super::consent::{ConsentPlan, SuppressPlan};
use super::contact::ContactPlan;
use super::coupon::{CouponPlan, CouponRules};
use super::days;
use super::economy::Economy;
use super::groups::Segmentation;
use super::holdout::Draw;
use super::line::NAMES;
use super::nearest::StorePlan;
use super::plan_audience::HouseholdPlan;
use super::recommend::SlotsPlan;
use super::rule::{GroupNames, HistoryColumns, Names, Program, Scope, SheetName, Type, Uses};
use super::score::ScorePlan;
use super::segment::{CutsPlan, Named, OTHER, RfmPlan};
use super::sheet::{Answer, SheetPlan};
use super::spec::{AudienceSpec, CutsSpec, HistorySpec, Placed, RfmSpec};
use super::tables::{Catalog, TableInfo, singular};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place, SourceText};
use crate::data::schema::{Kind, Schema};

/// The rules of a campaign, compiled and checked against the columns of its tables.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) campaign: Arc<str>,
    pub(super) key_name: Arc<str>,
    pub(super) as_of: Date,
    pub(super) posting_date: Date,
    pub(super) catalog: Catalog,
    pub(super) unit: usize,
    /// The unit's key column, and the column that names the person.
    pub(super) key: usize,
    pub(super) person: usize,
    pub(super) history: Option<HistoryColumns>,
    /// Which of its lines count.
    pub(super) history_where: Option<Program>,
    pub(super) rfm: Option<RfmPlan>,
    pub(super) scores: Vec<ScorePlan>,
    pub(super) sheets: Vec<SheetPlan>,
    pub(super) groups: Vec<Segmentation>,
    pub(super) known: Known,
    pub(super) named: Vec<Named>,
    pub(super) audience: Option<Program>,
    pub(super) consent: ConsentPlan,
    pub(super) household: HouseholdPlan,
    pub(super) texts: Texts,
    pub(super) suppress: Vec<SuppressPlan>,
    pub(super) draw: Draw,
    pub(super) slots: Option<SlotsPlan>,
    pub(super) coupons: Vec<CouponPlan>,
    pub(super) coupon_rules: CouponRules,
    pub(super) economy: Economy,
    pub(super) contact: Option<ContactPlan>,
    pub(super) store: Option<StorePlan>,
}

/// Conditions as typed, for explanations: those of the segments and coupons in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    pub audience: Option<Arc<str>>,
    pub consent: Option<Arc<str>>,
    pub segments: Vec<Arc<str>>,
    /// Without one, the coupon is for everyone.
    pub coupons: Vec<Option<Arc<str>>>,
}

fn texts(input: &PlanInput<'_>) -> Texts {
    let text = |t: &Placed| Arc::from(t.get_ref().as_str());
    Texts {
        audience: input.audience.and_then(|a| a.condition.as_ref()).map(text),
        consent: input.audience.and_then(|a| a.consent.as_ref()).map(text),
        segments: input.segments.into_iter().flat_map(|s| &s.named).map(|n| text(&n.condition)).collect(),
        coupons: input.coupons.iter().map(|c| c.condition.as_ref().map(text)).collect(),
    }
}

/// Where in the campaign an expression stands: what is known there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Segment,
    Audience,
    Coordinates,
    StoreOnly,
    Rule,
    Product,
    Coupon,
}

/// What is known of a plan while it is compiled; also what names mean in tables of rules later.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub history: Option<HistoryColumns>,
    pub products: Option<usize>,
    pub stores: Option<usize>,
    pub rfm: bool,
    pub segment: bool,
    pub arm: bool,
    pub past: bool,
    pub segment_names: Vec<Arc<str>>,
    pub arm_names: Vec<Arc<str>>,
    pub groups: Vec<GroupNames>,
    pub scores: Vec<Arc<str>>,
    pub values: Vec<SheetName>,
    pub uses: Arc<Uses>,
}

impl Known {
    /// All texts that a path may be, where they are known.
    pub fn names_of(&self, path: &str) -> Vec<Arc<str>> {
        match path {
            "segment" => self.segment_names.clone(),
            "arm" => self.arm_names.clone(),
            _ => {
                let group = path.strip_prefix("segment.").and_then(|n| self.groups.iter().find(|g| *g.name == *n));
                group.map(|g| g.groups.clone()).unwrap_or_default()
            }
        }
    }

    pub fn scope<'a>(&'a self, catalog: &'a Catalog, unit: usize, dates: (Date, Date), stage: Stage) -> Scope<'a> {
        use Stage::{Audience, Coordinates, Coupon, Product, Rule, Segment, StoreOnly};
        let person = stage != StoreOnly;
        let late = matches!(stage, Rule | Product | Coupon);
        Scope {
            catalog,
            unit: person.then_some(unit),
            history: self.history.filter(|_| person),
            products: self.products,
            stores: self.stores,
            product: stage == Product,
            store: self.stores.is_some() && (late || stage == StoreOnly),
            rfm: self.rfm && person,
            segment: self.segment && (late || matches!(stage, Audience | Coordinates)) && stage != Segment,
            arm: self.arm && late,
            past: self.past && stage == Product,
            row: None,
            names: Names {
                unit: Some(unit),
                segments: &self.segment_names,
                arms: &self.arm_names,
                groups: if person { &self.groups } else { &[] },
                scores: if person { &self.scores } else { &[] },
                values: if person { &self.values } else { &[] },
                late,
                uses: Some(&self.uses),
            },
            as_of: dates.0,
            posting_date: dates.1,
        }
    }
}

impl Plan {
    /// Compiles all rules. Every fault is told, each with its place; `None` if one of them is an error.
    pub fn compile(input: &PlanInput<'_>, faults: &mut Vec<Diagnostic>) -> Option<Self> {
        let from = faults.len();
        let plan = Compiler { input, faults, sheets: Vec::new() }.plan();
        let sound = !faults.iter().skip(from).any(Diagnostic::is_error);
        plan.filter(|_| sound)
    }

    /// Position in the catalog of the table whose rows pieces are made for: the one to stream.
    #[must_use]
    pub fn unit(&self) -> usize {
        self.unit
    }

    /// Position in the catalog of the products that slots show.
    #[must_use]
    pub fn products(&self) -> Option<usize> {
        self.slots.as_ref().map(|s| s.products)
    }

    /// Position in the catalog of the stores.
    #[must_use]
    pub fn stores(&self) -> Option<usize> {
        self.store.as_ref().map(|s| s.table)
    }

    /// Whether some coupons never come together.
    pub(super) fn has_apart(&self) -> bool {
        self.coupons.iter().any(|c| !c.giving.not_with.is_empty())
    }

    /// What decisions call the key of a record: `customer`, `order`.
    #[must_use]
    pub fn key_name(&self) -> &str {
        &self.key_name
    }

    /// The names of the slots, in their order.
    pub fn slot_names(&self) -> &[Arc<str>] {
        self.slots.as_ref().map_or(&[], |slots| &slots.names)
    }

    /// The name of the piece of the record with this number.
    #[must_use]
    pub fn piece_id(&self, number: u64) -> String {
        format!("{}-{number:08}", self.campaign)
    }

    /// The number in the name of a piece of this campaign.
    #[must_use]
    pub fn piece_number(&self, id: &str) -> Option<u64> {
        let digits = id.strip_prefix(&*self.campaign)?.strip_prefix('-')?;
        let number = digits.parse().ok().filter(|n| *n > 0)?;
        (self.piece_id(number) == id).then_some(number)
    }

    /// Whether who gets what is known only after all rows were looked at: something is short.
    #[must_use]
    pub fn needs_settling(&self) -> bool {
        self.economy.is_short() || self.coupons.iter().any(CouponPlan::is_short)
    }

    #[must_use]
    pub fn has_coupons(&self) -> bool {
        !self.coupons.is_empty()
    }

    /// Whether some coupon is for the product that a slot shows.
    #[must_use]
    pub fn binds_coupons(&self) -> bool {
        self.coupons.iter().any(|c| !c.slots.is_empty())
    }

    /// Positions in the catalog of the tables whose rows must be loaded, in rising order.
    #[must_use]
    pub fn needed_tables(&self) -> Vec<usize> {
        let mut needed: Vec<usize> = self.history.iter().map(|h| h.table).collect();
        needed.extend(self.suppress.iter().map(|s| s.table));
        needed.extend(self.consent.table.iter().map(|t| t.table));
        needed.extend(self.slots.iter().flat_map(SlotsPlan::tables));
        needed.extend(self.coupons.iter().filter_map(|c| Some(c.pool?.0)));
        needed.extend(self.contact.iter().map(|c| c.table));
        needed.extend(self.store.iter().flat_map(StorePlan::tables));
        needed.extend(self.known.products);
        needed.extend(self.sheets.iter().map(|s| s.table));
        needed.extend(self.row_tables());
        let joins = self.catalog.tables.get(self.unit).into_iter().flat_map(|t| &t.joins);
        needed.extend(joins.filter_map(|j| self.catalog.position(&j.to)));
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// The tables whose rows are counted or judged one by one, and those that these rows belong to.
    fn row_tables(&self) -> Vec<usize> {
        let mut tables: Vec<usize> = self.known.uses.children().iter().map(|c| c.0).collect();
        tables.extend(self.history_where.iter().zip(self.history).map(|(_, h)| h.table));
        let of = |t: usize| self.catalog.tables.get(t).map_or(&[][..], |t| &t.joins).iter();
        let joined: Vec<usize> =
            tables.iter().flat_map(|t| of(*t)).filter_map(|j| self.catalog.position(&j.to)).collect();
        tables.extend(joined);
        tables.retain(|t| *t != self.unit);
        tables
    }

    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    pub(super) fn scope(&self, stage: Stage) -> Scope<'_> {
        self.known.scope(&self.catalog, self.unit, (self.as_of, self.posting_date), stage)
    }
}

/// The table that the purchases' product keys belong to.
pub(super) fn products_of(catalog: &Catalog, history: Option<HistoryColumns>) -> Option<usize> {
    let h = history?;
    let table = catalog.tables.get(h.table)?;
    let join = table.joins.iter().find(|j| Some(j.column) == h.product)?;
    catalog.position(&join.to)
}

/// The work of [`Plan::compile`].
pub(super) struct Compiler<'a, 'f> {
    pub input: &'a PlanInput<'a>,
    pub faults: &'f mut Vec<Diagnostic>,
    /// All sheets of rules but those of slots.
    pub sheets: Vec<SheetPlan>,
}

impl<'a> Compiler<'a, '_> {
    fn plan(&mut self) -> Option<Plan> {
        let input = self.input;
        let default = AudienceSpec::default();
        let audience = input.audience.unwrap_or(&default);
        let unit = self.unit(audience)?;
        let table = &input.catalog.tables[unit];
        let Some(key) = table.key else {
            self.faults.push(
                Diagnostic::error("plan-no-key", format!("the table `{}` has no key", table.name))
                    .help(format!("write `key = \"…\"` in [tables.{}]: pieces are named and drawn by it", table.name)),
            );
            return None;
        };
        let (person_table, person) = person_of(input.catalog, unit, key);
        let history = self.history(person_table);
        let mut known = Known {
            history,
            products: self.products(history),
            stores: input.nearest_store.and_then(|s| input.catalog.position(s.table.get_ref())),
            rfm: input.segments.is_some_and(|s| s.rfm.is_some()) && history.is_some(),
            segment: false,
            arm: !audience.arms.is_empty(),
            past: input.slots.is_some_and(|s| s.past.is_some()),
            segment_names: Vec::new(),
            arm_names: audience.arms.keys().map(|a| a.as_str().into()).collect(),
            groups: Vec::new(),
            scores: Vec::new(),
            values: Vec::new(),
            uses: Arc::default(),
        };
        let history_where = input.history.and_then(|h| h.condition.as_ref()).zip(history);
        let history_where = history_where.and_then(|(text, h)| self.of_rows(text, &known, h.table, &[Type::Bool]));
        let rfm = input.segments.and_then(|s| s.rfm.as_ref()).and_then(|r| self.rfm(r, history));
        let scores = self.scores(&known, person_table);
        known.scores = scores.iter().map(|s| Arc::clone(&s.name)).collect();
        self.values(&mut known, unit, false);
        let groups = self.segmentations(&mut known, unit);
        let named = self.named(&known, unit);
        known.segment = input.segments.is_some_and(|s| !s.named.is_empty());
        known.segment_names =
            input.segments.into_iter().flat_map(|s| &s.named).map(|n| n.name.get_ref().as_str().into()).collect();
        if known.segment {
            known.segment_names.push(OTHER.into());
        }
        self.values(&mut known, unit, true);
        let consent = self.consent(audience, &known, unit, person_table);
        let household = self.household(audience, &known, unit);
        let audience_where = self.condition(audience.condition.as_ref(), &known, unit, Stage::Audience);
        let suppress = self.suppress(audience, &known, (unit, person_table), &household);
        let draw = self.draw(audience);
        let slots = self.slots(&known, unit);
        let (coupons, coupon_rules) = self.coupons(&known, unit);
        let economy = self.economy(input.money, audience, &known, unit);
        let contact = audience.contact.as_ref().and_then(|c| self.contact(c, person_table));
        let store = self.store(&known, unit);
        Some(Plan {
            campaign: input.campaign.into(),
            key_name: key_name(&table.name),
            as_of: input.as_of,
            posting_date: input.posting_date,
            catalog: input.catalog.clone(),
            unit,
            key,
            person,
            history,
            history_where,
            rfm,
            scores,
            sheets: std::mem::take(&mut self.sheets),
            groups,
            known,
            named,
            audience: audience_where,
            consent,
            suppress,
            household,
            texts: texts(input),
            draw,
            slots,
            coupons,
            coupon_rules,
            economy,
            contact,
            store,
        })
    }

    pub(super) fn source(&self) -> &'a Arc<SourceText> {
        self.input.source
    }

    pub(super) fn scope<'s>(&self, known: &'s Known, unit: usize, stage: Stage) -> Scope<'s>
    where
        'a: 's,
    {
        known.scope(self.input.catalog, unit, (self.input.as_of, self.input.posting_date), stage)
    }

    /// Tells a fault at a value of the campaign file.
    pub(super) fn tell<T>(&mut self, at: &Spanned<T>, message: impl Into<String>, label: &str, help: Option<String>) {
        let d = Diagnostic::error("plan", message).at_text(self.input.source, at.span(), label);
        self.faults.push(match help {
            Some(help) => d.help(help),
            None => d,
        });
    }

    /// An expression of one of the types.
    pub(super) fn program(
        &mut self,
        text: &Placed,
        known: &Known,
        unit: usize,
        stage: Stage,
        wanted: &[Type],
    ) -> Option<Program> {
        let scope = self.scope(known, unit, stage);
        Program::compile_placed(self.input.source, text, &scope, wanted, self.faults)
    }

    /// A condition, if there is one.
    pub(super) fn condition(
        &mut self,
        text: Option<&Placed>,
        known: &Known,
        unit: usize,
        stage: Stage,
    ) -> Option<Program> {
        self.program(text?, known, unit, stage, &[Type::Bool])
    }

    /// A table by its name.
    pub(super) fn table(&mut self, name: &Placed) -> Option<usize> {
        let found = self.input.catalog.position(name.get_ref());
        if found.is_none() {
            let names: Vec<&str> = self.input.catalog.tables.iter().map(|t| &*t.name).collect();
            let help = match did_you_mean(name.get_ref(), names.iter().copied()) {
                Some(like) => format!("did you mean `{like}`?"),
                None => format!("tables of this campaign: {}", names.join(", ")),
            };
            self.tell(name, format!("there is no table `{}`", name.get_ref()), "not in [tables]", Some(help));
        }
        found
    }

    /// A column of a table by its name.
    pub(super) fn column(&mut self, name: &Placed, table: &TableInfo) -> Option<usize> {
        let found = table.schema.position(name.get_ref());
        if found.is_none() {
            let help = like(name.get_ref(), &table.schema);
            let message = format!("the table `{}` has no column `{}`", table.name, name.get_ref());
            self.tell(name, message, "no such column", Some(help));
        }
        found
    }

    /// A column that must be of a kind.
    pub(super) fn typed(&mut self, name: &Placed, table: &TableInfo, kinds: &[Kind], expected: &str) -> Option<usize> {
        let column = self.column(name, table)?;
        if !kinds.contains(&table.schema.columns[column].kind) {
            let help = format!("give it a type under [tables.{}.columns]", table.name);
            self.tell(name, format!("the column `{}` is not {expected}", name.get_ref()), expected, Some(help));
            return None;
        }
        Some(column)
    }

    fn unit(&mut self, audience: &AudienceSpec) -> Option<usize> {
        let word = audience.unit.as_ref().map_or("customer", |u| u.get_ref());
        let found = self.input.catalog.by_singular(word);
        if found.is_none() {
            let rows: Vec<String> = self.input.catalog.tables.iter().map(|t| singular(&t.name)).collect();
            let help = match did_you_mean(word, rows.iter().map(String::as_str)) {
                Some(like) => format!("did you mean `{like}`?"),
                None => format!("known here: {}", rows.join(", ")),
            };
            match &audience.unit {
                Some(unit) => self.tell(unit, format!("no table holds `{word}` rows"), "no such table", Some(help)),
                // Without any table that could be read, that is the fault, and it has been told.
                None if rows.is_empty() => {}
                None => self.faults.push(
                    Diagnostic::error("plan", "there is no table `customers` to make pieces for")
                        .at(Place::File(self.input.source.name.clone()), "")
                        .help("declare [tables.customers], or name another table's row: `audience.unit = \"order\"`"),
                ),
            }
        }
        found
    }

    fn history(&mut self, person_table: usize) -> Option<HistoryColumns> {
        let input = self.input;
        let default = HistorySpec::default();
        let spec = input.history.unwrap_or(&default);
        let table = match &spec.table {
            Some(name) => self.table(name)?,
            None => input.catalog.position("purchases")?,
        };
        let info = &input.catalog.tables[table];
        let people = &input.catalog.tables[person_table];
        // Only whoever needs purchases is told what is wrong with them.
        let needed =
            input.history.is_some() || input.slots.is_some() || input.segments.is_some_and(|s| s.rfm.is_some());
        let key_name = people.key.map(|k| &*people.schema.columns[k].name);
        let person = info.join_to(&people.name).or_else(|| info.schema.position(key_name?));
        let Some(person) = person else {
            if needed {
                self.faults.push(
                    Diagnostic::error(
                        "plan-history",
                        format!("nothing joins the table `{}` with `{}`", info.name, people.name),
                    )
                    .help(format!("write `of = {{ … = \"{}\" }}` in [tables.{}]", people.name, info.name)),
                );
            }
            return None;
        };
        let date = match &spec.date {
            Some(name) => self.typed(name, info, &[Kind::Date], "a date"),
            None => usual(&info.schema, "bought_at", Kind::Date),
        };
        let amount = match &spec.amount {
            Some(name) => self.typed(name, info, &[Kind::Money, Kind::Integer], "an amount of money"),
            None => usual(&info.schema, "amount", Kind::Money)
                .or_else(|| usual_named(&info.schema, "amount", Kind::Integer)),
        };
        let quantity = match &spec.quantity {
            Some(name) => self.typed(name, info, &[Kind::Integer], "a whole number"),
            None => usual_named(&info.schema, "quantity", Kind::Integer),
        };
        let Some(date) = date else {
            if needed && spec.date.is_none() {
                self.faults.push(
                    Diagnostic::error(
                        "plan-history",
                        format!("no column of `{}` is the day of the purchase", info.name),
                    )
                    .help(format!(
                        "give one the type `date` under [tables.{}.columns], and name it in [history] if there \
                             are several",
                        info.name
                    )),
                );
            }
            return None;
        };
        let products = input.slots.and_then(|s| s.table.as_ref()).map_or("products", |t| t.get_ref().as_str());
        let product = info.join_to(products);
        Some(HistoryColumns { table, person, product, date, quantity, amount })
    }

    /// The table that `product` means.
    fn products(&mut self, history: Option<HistoryColumns>) -> Option<usize> {
        match self.input.slots {
            Some(slots) => match &slots.table {
                Some(name) => self.table(name),
                None => {
                    let found = self.input.catalog.position("products");
                    if found.is_none() {
                        self.faults.push(
                            Diagnostic::error("plan", "there is no table `products` to fill slots from")
                                .help("declare [tables.products], or name the table: `slots.table = \"…\"`"),
                        );
                    }
                    found
                }
            },
            None => products_of(self.input.catalog, history),
        }
    }

    fn rfm(&mut self, spec: &RfmSpec, history: Option<HistoryColumns>) -> Option<RfmPlan> {
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

    fn named(&mut self, known: &Known, unit: usize) -> Vec<Named> {
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
    fn values(&mut self, known: &mut Known, unit: usize, late: bool) {
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
            Type::Text => return Some(Answer::Text(text.get_ref().as_str().into())),
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

/// The table that persons are kept in and the unit's column that names the person: the customers, when the
/// unit is joined with them, or else the unit itself.
pub(super) fn person_of(catalog: &Catalog, unit: usize, key: usize) -> (usize, usize) {
    let joined = catalog.tables[unit].join_to("customers").zip(catalog.position("customers"));
    joined.map_or((unit, key), |(column, table)| (table, column))
}

/// What decisions call the key of a row of the unit's table.
fn key_name(table: &str) -> Arc<str> {
    let name = singular(table);
    let taken = NAMES.contains(&name.as_str()) && !matches!(name.as_str(), "customer" | "order");
    if taken { "unit".into() } else { name.into() }
}

/// The column of the usual name, or else the only one of its kind.
pub(super) fn usual(schema: &Schema, name: &str, kind: Kind) -> Option<usize> {
    usual_named(schema, name, kind).or_else(|| only(schema, kind))
}

/// The only column of a kind.
pub(super) fn only(schema: &Schema, kind: Kind) -> Option<usize> {
    let mut of_kind = (0..schema.columns.len()).filter(|c| schema.columns[*c].kind == kind);
    of_kind.next().filter(|_| of_kind.next().is_none())
}

pub(super) fn usual_named(schema: &Schema, name: &str, kind: Kind) -> Option<usize> {
    schema.position(name).filter(|c| schema.columns[*c].kind == kind)
}

pub(super) fn like(word: &str, schema: &Schema) -> String {
    let names: Vec<&str> = schema.columns.iter().map(|c| &*c.name).collect();
    match did_you_mean(word, names.iter().copied()) {
        Some(like) => format!("did you mean `{like}`?"),
        None => format!("its columns: {}", names.join(", ")),
    }
}

/// A path of the language to a column with any name.
pub(super) fn path(root: &str, column: &str) -> String {
    let plain = column.chars().all(|c| c.is_alphanumeric() || c == '_')
        && column.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if plain {
        format!("{root}.{column}")
    } else {
        format!("{root}[\"{}\"]", column.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
