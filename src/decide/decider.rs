//! A plan with the rows of its tables: what decides for each record.

use std::sync::Arc;

use super::Plan;
use super::admit::{Gate, Who};
use super::code::Codes;
use super::contact::Contacts;
use super::coupon::pool_codes;
use super::days;
use super::decision::{Decision, Outcome};
use super::history::History;
use super::holdout::Draw;
use super::nearest::Stores;
use super::offer::{Offer, Settlement};
use super::past::PastPieces;
use super::recommend::{self, Lesson, Shelf, Source};
use super::rows::rules_of_rows;
use super::rule::{NO_ROW, Program, Scene, World};
use super::score::Score;
use super::segment::{self, OTHER, RfmRule};
use super::sheet::Sheet;
use super::tables::Tables;
use super::trace::Trace;
use super::ways::Found;
use crate::base::Diagnostic;
use crate::base::choice::Key;
use crate::data::index::Index;
use crate::data::record::Record;

/// Why nothing could be decided for a record, which is then rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A stable word: `no-key`, `no-store`, `slot-empty`, `coupon-expiry`, `coupon-code`.
    pub code: &'static str,
    /// In words, without personal data.
    pub message: String,
}

impl Fault {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// One worker's reused memory.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) subject: Vec<u8>,
    pub(super) words: String,
    slots: recommend::Scratch,
    address: String,
    offers: Vec<Offer>,
    pub(super) trace: Trace,
}

impl Scratch {
    pub(super) fn tracing() -> Self {
        Self { trace: Trace::kept(), ..Self::default() }
    }

    pub(super) fn into_lines(self) -> Vec<String> {
        self.trace.into_lines()
    }
}

/// A plan with the rows of its tables; read-only, shared by all workers.
#[derive(Debug)]
pub struct Decider {
    pub(super) plan: Arc<Plan>,
    pub(super) key: Key,
    pub(super) codes: Codes,
    pub(super) world: World,
    pub(super) rfm: Option<RfmRule>,
    pub(super) other: Arc<str>,
    pub(super) gate: Gate,
    shelf: Shelf,
    /// Whether [`Self::learn`] was called.
    pub(super) has_learnt: bool,
    pub(super) stores: Stores,
    /// By coupon: the codes of its pool.
    pub(super) pools: Vec<Vec<Arc<str>>>,
    pub(super) settlement: Option<Settlement>,
    pub(super) contacts: Option<Contacts>,
    warnings: Vec<Diagnostic>,
    /// By row of the table of leaflets: which pieces it goes with; all, where nothing is said.
    pub(super) leaflet_rules: Vec<Option<Program>>,
}

impl Decider {
    /// Works out what needs all rows: what was returned, cut points, bestsellers, the map of stores.
    ///
    /// # Errors
    /// Every fault in the tables that the rules stumble over, such as a rule that offers an unknown product.
    pub fn new(plan: Arc<Plan>, tables: Tables, key: &Key) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut warnings = Vec::new();
        for position in plan.needed_tables() {
            if tables.get(position).is_none() {
                let name = plan.catalog.tables.get(position).map_or("?", |t| &t.name);
                faults.push(Diagnostic::error("table-not-loaded", format!("the table `{name}` was not loaded")));
            }
        }
        let known = plan.known();
        let products = known.products.and_then(|p| tables.get(p)).cloned();
        let gate = Gate::new(&plan, &tables, key);
        let pool = |c: &super::coupon::CouponPlan| match c.pool.and_then(|(t, column)| Some((tables.get(t)?, column))) {
            Some((table, column)) => pool_codes(table, column, &mut faults),
            None => Vec::new(),
        };
        let pools = plan.coupons.iter().map(pool).collect();
        let contacts = plan.contact.as_ref().map(|c| Contacts::new(c.clone(), &tables));
        let past = plan
            .slots
            .as_ref()
            .and_then(|s| s.past.as_ref())
            .and_then(|past| Some(PastPieces::new(past, tables.get(past.table)?, products.as_deref()?)));
        let leaflets = plan.leaflets.and_then(|l| tables.get(l.table));
        // Before the rows are sorted by whose they are: a rule may count rows that no other one counts.
        let leaflet_rules = leaflets.map_or_else(Vec::new, |t| rules_of_rows(&plan, t, &mut faults));
        let mut world = World {
            tables: tables.into_rows(),
            past,
            products: known.products,
            stores: known.stores,
            ..World::default()
        };
        world.history = plan.history.and_then(|columns| {
            let table = world.tables.get(columns.table)?.as_ref()?;
            let counts =
                |row| plan.history_where.as_ref().is_none_or(|c| c.holds(&Scene { row, ..Scene::new(&world) }));
            Some(History::counting(Arc::clone(table), columns, products.as_deref(), plan.as_of, counts))
        });
        world.children.resize_with(plan.catalog.tables.len(), Vec::new);
        for (table, column) in known.uses.children() {
            let index = world.table(table).map(|t| Index::new(t, column));
            if let (Some(index), Some(of)) = (index, world.children.get_mut(table)) {
                of.push((column, index));
            }
        }
        world.scores = plan.scores.iter().map(|s| Score::new(s, &world)).collect();
        for sheet in &plan.sheets {
            if let Some(table) = world.table(sheet.table) {
                let sheet = Sheet::new(sheet, table, &mut faults, &mut warnings);
                world.sheets.push(sheet);
            }
        }
        world.groups = plan.group_names(&world.sheets);
        let rfm = plan.rfm.as_ref().zip(world.history.as_ref()).map(|(plan, history)| RfmRule::new(plan, history));
        let shelf = plan.slots.as_ref().map_or_else(Shelf::default, |s| {
            let source = Source { world: &world, as_of: plan.as_of, unit_key: plan.key };
            Shelf::learn(s, source, &mut faults)
        });
        let stores = plan.store.as_ref().map_or_else(Stores::default, |s| {
            Stores::new(s, &plan.coupons, days::number(plan.posting_date), &world, &mut faults, &mut warnings)
        });
        if plan.store.is_some() && stores.is_empty() && faults.is_empty() {
            warnings.push(Diagnostic::warning("no-stores", "no store is open on the posting date and may be shown"));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self {
            codes: Codes::new(key, &plan.campaign),
            key: key.clone(),
            world,
            rfm,
            other: OTHER.into(),
            gate,
            shelf,
            has_learnt: false,
            stores,
            pools,
            settlement: None,
            contacts,
            warnings,
            leaflet_rules,
            plan,
        })
    }

    /// What is odd in the tables without keeping the campaign from running.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Makes and reads the campaign's coupon codes.
    #[must_use]
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// Decides for one record of the unit's table; `number` is the record's number there, from 1, which
    /// makes the piece's name and its coupon code.
    ///
    /// # Errors
    /// A record for which nothing can be decided: an empty slot that must be filled, no store where one is
    /// demanded, no key.
    pub fn decide(&self, record: &Record, number: u64, scratch: &mut Scratch) -> Result<Decision, Fault> {
        self.decided(record, number, scratch, None)
    }

    /// Decides, or finds out for `found` what cannot be known from one record alone (see [`super::ways`]); the decision is
    /// then of no worth.
    pub(super) fn decided(
        &self,
        record: &Record,
        number: u64,
        scratch: &mut Scratch,
        mut found: Option<&mut Found>,
    ) -> Result<Decision, Fault> {
        let plan = &*self.plan;
        let Scratch { subject, words, slots: shelf_scratch, address, offers, trace } = scratch;
        let cell = |column: usize| if column < record.len() { record.text(column).trim() } else { "" };
        let (key, person) = (cell(plan.key), self.person(record));
        if key.is_empty() {
            return Err(Fault::new("no-key", "the record has no key"));
        }
        let mut decision = Decision {
            // On a way through the records nobody reads it.
            piece: if found.is_some() { String::new() } else { plan.piece_id(number) },
            customer: if found.is_some() { String::new() } else { key.to_owned() },
            outcome: Outcome::Print,
            segment: None,
            segments: Vec::new(),
            rfm: None,
            arm: None,
            slots: Vec::new(),
            coupons: Vec::new(),
            store: None,
            value: None,
            origin: record.origin.clone(),
        };
        let mut scene = self.scene(record, person);
        decision.rfm = scene.rfm.map(|rfm| rfm.cells.unwrap_or_default());
        trace.line(|| self.told_history(&scene));
        if !plan.groups.is_empty() && found.is_none() {
            decision.segments = plan.groups_of(&scene);
            trace.line(|| {
                let groups: Vec<String> = decision.segments.iter().map(|(s, g)| format!("{s} {g}")).collect();
                format!("groups: {}", groups.join(", "))
            });
        }
        if !plan.named.is_empty() {
            let found = self.name_segment(&mut scene);
            decision.segment = Some(Arc::clone(found));
            trace.line(|| self.told_segment(&scene, found));
        }
        // A guest's order names no person: the draw is by the unit then.
        let person = if person.is_empty() { key } else { person };
        let subject = Draw::subject(&plan.campaign, person, subject);
        let who = Who { person, unit: key, number, subject };
        let kept_back = self.kept_back(&scene, who, words, trace);
        if let Some(looked) = found.as_mut().and_then(|f| f.looked.as_mut()) {
            let held = matches!(kept_back, Some(Outcome::HeldOut { .. }));
            let wanted = held || kept_back.is_none();
            looked.push((record.ordinal, self.looked(&scene, who, wanted, held)));
        }
        let tally = match found {
            None => None,
            Some(found) => match &mut found.tally {
                None => return Ok(decision),
                some => some.as_mut(),
            },
        };
        // Where money decides, the hold-out is drawn among those for whom a piece pays: they are weighed like the others.
        let weighs = tally.is_some() || plan.weighs_money();
        let held = match kept_back {
            Some(outcome @ Outcome::HeldOut { .. }) if weighs => Some(outcome),
            Some(outcome) => {
                decision.outcome = outcome;
                return Ok(decision);
            }
            None => None,
        };
        let within = self.gate.arm(number).and_then(|at| plan.draw.arms.get(at)).map(|a| &a.0);
        if let Some(arm) = within.or_else(|| plan.draw.arm(&self.key, subject)) {
            scene.arm = Some(arm);
            decision.arm = Some(Arc::clone(arm));
            trace.line(|| format!("arm: {arm}"));
        }
        let mut home = None;
        if let Some(store) = &plan.store {
            home = self.stores.home(store, &scene, address);
            decision.store = self.stores.nearest(store, home, &mut scene, trace)?;
        }
        if let Some(slots) = &plan.slots {
            trace.line(|| "slots:".to_owned());
            decision.slots.reserve_exact(slots.names.len());
            recommend::fill(slots, &self.shelf, &scene, person, shelf_scratch, &mut decision.slots, trace);
            let empty = decision.slots.iter().zip(&slots.may_be_empty).find(|(s, may)| s.product.is_none() && !**may);
            if let Some((slot, _)) = empty {
                return Err(Fault::new(
                    "slot-empty",
                    format!("the slot `{}` stays empty: {}", slot.name, slot.because),
                ));
            }
        }
        self.offers(&scene, &decision.slots, home, offers, trace);
        if weighs {
            let weighed = self.weigh(&scene, offers, subject);
            if let Some(tally) = tally {
                if plan.economy.refuses(&weighed.worked).is_none() {
                    self.take_note(tally, &scene, offers, &weighed, number, held.is_some());
                }
                return Ok(decision);
            }
            if self.judged(&mut decision, &weighed, number, held, trace) {
                decision.slots.clear();
                decision.arm = None;
                decision.store = None;
                return Ok(decision);
            }
        }
        self.issue(&mut decision, &scene, offers, number, trace)?;
        Ok(decision)
    }

    /// Whether [`Self::learn`] must be given the people before anything is decided.
    #[must_use]
    pub fn learns_from_people(&self) -> bool {
        self.shelf.learns_from_people()
    }

    /// Lets models learn from the people: `pass` reads the records of the unit's table and hands each on, until
    /// it is told that no more are wanted.
    ///
    /// # Errors
    /// Whatever `pass` fails with.
    pub fn learn<E>(&mut self, pass: impl FnOnce(&mut dyn FnMut(&Record) -> bool) -> Result<(), E>) -> Result<(), E> {
        let mut lesson = Lesson::new(&self.shelf);
        pass(&mut |record| {
            let mut scene = self.scene(record, self.person(record));
            self.name_segment(&mut scene);
            lesson.see(&scene)
        })?;
        let learnt = lesson.learnt();
        self.shelf.adopt(learnt);
        self.has_learnt = true;
        Ok(())
    }

    /// The key of the person that a record belongs to.
    pub(super) fn person<'r>(&'r self, record: &'r Record) -> &'r str {
        let at = self.plan.person;
        let named = if at.column < record.len() { record.text(at.column).trim() } else { "" };
        match at.through {
            None => named,
            Some((table, column)) => {
                let row = self.world.table(table).and_then(|t| Some((t, t.find(named)?)));
                row.map_or("", |(table, row)| table.text(row, column).trim())
            }
        }
    }

    /// What is known of a person before anything is decided.
    pub(super) fn scene<'a>(&'a self, record: &'a Record, person: &'a str) -> Scene<'a> {
        let mut scene = Scene::new(&self.world);
        scene.record = Some(record);
        scene.person = person;
        scene.key = if self.plan.key < record.len() { record.text(self.plan.key).trim() } else { "" };
        if let Some(history) = self.world.history.as_ref().filter(|_| !person.is_empty()) {
            scene.lines = history.lines_of(person);
            scene.last = history.last(scene.lines);
            scene.rfm = self.rfm.as_ref().map(|rule| rule.of(history, scene.lines));
        }
        if let Some(past) = self.world.past.as_ref().filter(|_| !person.is_empty()) {
            scene.past = past.of(person);
        }
        self.plan.group(&self.world, &mut scene);
        scene
    }

    /// Finds the person's segment.
    pub(super) fn name_segment<'a>(&'a self, scene: &mut Scene<'a>) -> &'a Arc<str> {
        let found = segment::find(&self.plan.named, scene).map_or(&self.other, |n| &n.name);
        if !self.plan.named.is_empty() {
            scene.segment = Some(found);
        }
        found
    }

    /// Shows a test the scene as coupons see it.
    #[cfg(test)]
    pub(super) fn with_scene<T>(
        &self,
        record: &Record,
        look: impl FnOnce(&Scene<'_>, &super::rule::Scope<'_>) -> T,
    ) -> T {
        let mut scene = self.scene(record, self.person(record));
        scene.segment = segment::find(&self.plan.named, &scene).map(|n| &*n.name);
        if let Some(store) = &self.plan.store {
            let home = self.stores.home(store, &scene, &mut String::new());
            let _ = self.stores.nearest(store, home, &mut scene, &mut Trace::default());
        }
        look(&scene, &self.plan.scope(super::plan::Stage::Coupon))
    }

    pub(super) fn product_key(&self, line: u32) -> Option<&Arc<str>> {
        self.shelf.key(self.world.history.as_ref()?.product(line))
    }

    fn told_history(&self, scene: &Scene<'_>) -> String {
        let Some(history) = &self.world.history else { return "purchases: no table of them".to_owned() };
        let mut told = format!("purchases: {} lines", scene.lines.len());
        if scene.last != NO_ROW
            && let Some(date) = history.date(scene.last)
        {
            told.push_str(&format!("; the last that stands on {date}"));
            if let Some(key) = self.product_key(scene.last) {
                told.push_str(&format!(" ({key})"));
            }
        }
        if let Some(rfm) = scene.rfm {
            match (rfm.cells, rfm.days) {
                (Some(c), Some(days)) => told.push_str(&format!(
                    "; RFM {}-{}-{}: {days} days ago, bought on {} days, {} yen",
                    c.r, c.f, c.m, rfm.purchases, rfm.spent
                )),
                _ => told.push_str("; no RFM: nothing bought within the window"),
            }
        }
        told
    }

    pub(super) fn told_coupon(&self, c: &super::decision::Coupon) -> String {
        let expires = c.expires.map_or_else(|| "without expiry".to_owned(), |e| format!("until {e}"));
        let bound = c.bound.as_ref().map_or_else(String::new, |b| format!(", for {} in {}", b.product, b.slot));
        format!("coupon: {} ({}){bound}, code {}, {expires}", c.id, c.title, c.code)
    }
}
