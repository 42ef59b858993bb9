//! From the rules as typed to rules that can be followed: names become columns, texts become programs, and
//! every fault is told with its place.

use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;

use super::PlanInput;
use super::consent::{ConsentPlan, SuppressPlan};
use super::contact::ContactPlan;
use super::coupon::{CouponPlan, CouponRules};
use super::economy::Economy;
use super::groups::Segmentation;
use super::holdout::Draw;
use super::line::NAMES;
use super::nearest::StorePlan;
use super::plan_audience::HouseholdPlan;
use super::recommend::SlotsPlan;
use super::rows::RuledTable;
use super::rule::{GroupNames, HistoryColumns, Names, Program, Scope, SheetName, Type, Uses};
use super::score::ScorePlan;
use super::segment::{Named, OTHER, RfmPlan};
use super::sheet::SheetPlan;
use super::spec::{AudienceSpec, Placed};
use super::tables::{Catalog, PersonAt, TableInfo, singular};
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
    /// The unit's key column, and where its rows name the person.
    pub(super) key: usize,
    pub(super) person: PersonAt,
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
    pub(super) row_rules: Vec<Option<Program>>,
    pub(super) leaflets: Option<RuledTable>,
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
        needed.extend(self.contact.iter().flat_map(|c| &c.tables).map(|t| t.table));
        needed.extend(self.store.iter().flat_map(StorePlan::tables));
        needed.extend(self.known.products);
        needed.extend(self.sheets.iter().map(|s| s.table));
        needed.extend(self.row_tables());
        // What rules that stand in a table ask for is not known before it is read.
        if self.leaflets.is_some() {
            needed.extend((0..self.catalog.tables.len()).filter(|t| *t != self.unit));
        }
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
        let row_rules = self.row_rules(&known, unit);
        let leaflets = self.ruled_table(input.leaflets);
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
            row_rules,
            leaflets,
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
}

/// The table that persons are kept in and where the unit's rows name the person: the customers, when the unit is joined
/// with them or with a table that is (a shipment through its order), or else the unit itself.
pub(super) fn person_of(catalog: &Catalog, unit: usize, key: usize) -> (usize, PersonAt) {
    catalog.customers_of(unit).unwrap_or((unit, PersonAt { column: key, through: None }))
}

/// What decisions call the key of a row of the unit's table.
fn key_name(table: &str) -> Arc<str> {
    let name = singular(table);
    let taken = NAMES.contains(&name.as_str()) && !matches!(name.as_str(), "customer" | "order");
    if taken { "unit".into() } else { name.into() }
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
