//! What the template of one piece sees: the record, what was decided for it, and the rows that belong to it.
//!
//! | name | what |
//! |---|---|
//! | the unit (`customer`, `order`) | the record's columns |
//! | the record's joins (`customer` of an order) | the columns of the row that it belongs to |
//! | `picks`, and each slot by its name | `product` (its columns), `by`, `because`, and `note`, the words of a rule that has some |
//! | `coupon` | `id`, `title`, `code`, `expires`, `terms`, `symbol` and `symbol_type`, `slot` and `product` (its columns) where it is for a slot's product, `store` where not all stores honour it; absent without one |
//! | `coupons` | all coupons of the piece, in the order of giving |
//! | `store` | the columns of the nearest store, and `km`; absent without one |
//! | `segment`, `arm` | names; absent without one |
//! | `segments` | the person's group of each further segmentation, by its name |
//! | `piece` | `id`, `url` |
//! | `postal_barcode` | the data of the customer barcode, empty when refused; with `[post]` only |
//! | `campaign` | `id`, `title`, `as_of`, `posting_date` |
//! | each of the campaign's lists | rows, each with the rows that it belongs to (`line.product`) |

use std::sync::Arc;

use tera::value::Key;
use tera::{Context, Map, Value};

use super::job::Job;
use super::post::Barcode;
use crate::campaign::lists::{Apart, KeyFrom, List};
use crate::data::gaiji::full_width_kana;
use crate::data::schema::covers_print;
use crate::data::{Field, Items, Record, Table};
use crate::decide::decision::{Coupon, Decision, NearestStore, Slot};
use crate::decide::tables::{PersonAt, singular};
use crate::ledger::Note;
use crate::template::context::{Shape, date};

/// Tables with no more rows than this are kept as template values once a row was used: products and stores,
/// not customers.
const KEPT_ROWS: u32 = 10_000;

/// One worker's maker of contexts.
#[derive(Debug)]
pub struct Contexts {
    context: Context,
    unit: String,
    shapes: Vec<Shape>,
    /// By catalog position, then by row.
    kept: Vec<Vec<Option<Value>>>,
    campaign: Value,
    slot_names: Vec<(Arc<str>, String)>,
    list_rows: Vec<Vec<u32>>,
    /// Characters that were swapped in the context that was built last.
    notes: Vec<Note>,
    url: String,
    /// The customer barcode of the context that was built last, and why its record is not printed.
    barcode: Barcode,
    address: String,
}

impl Contexts {
    #[must_use]
    pub fn new(job: &Job) -> Self {
        let campaign = &job.campaign;
        let mut about = Map::default();
        about.insert(Key::Str("id"), Value::from(&*campaign.id));
        about.insert(Key::Str("title"), Value::from(campaign.title.as_str()));
        about.insert(Key::Str("as_of"), date(campaign.as_of));
        about.insert(Key::Str("posting_date"), date(campaign.posting_date));
        let template = &campaign.piece.template;
        let shapes = campaign
            .catalog
            .tables
            .iter()
            .map(|t| {
                let one = singular(&t.name);
                // What may not be printed is not there, however a template asks for it.
                let printable = |column: &str| {
                    let found = t.schema.columns.iter().find(|c| &*c.name == column);
                    found.and_then(|c| c.purpose.as_deref()).is_none_or(covers_print)
                };
                Shape::new(
                    &t.schema,
                    |column| template.uses().may_read(column) && printable(column),
                    |column| template.contract().may_be_empty(&one, column),
                )
            })
            .collect();
        let kept = job
            .tables
            .iter()
            .map(|t| match t {
                Some(t) if t.len() <= KEPT_ROWS => vec![None; t.len() as usize],
                _ => Vec::new(),
            })
            .collect();
        Self {
            context: Context::new(),
            unit: campaign.unit_name(),
            shapes,
            kept,
            campaign: Value::from(about),
            slot_names: Vec::new(),
            list_rows: vec![Vec::new(); campaign.lists.lists.len()],
            notes: Vec::new(),
            url: String::new(),
            barcode: Barcode::default(),
            address: String::new(),
        }
    }

    /// The context that was built last.
    #[must_use]
    pub fn last(&self) -> &Context {
        &self.context
    }

    /// Moves what was swapped in the texts of the context that was built last to `out`.
    pub fn take_notes(&mut self, out: &mut Vec<Note>) {
        out.append(&mut self.notes);
    }

    /// Whether the record of the context that was built last has a customer barcode.
    #[must_use]
    pub fn has_barcode(&self) -> bool {
        !self.barcode.value.is_empty()
    }

    /// Why the record of the context that was built last is not printed, as its postcode is not exact.
    pub fn take_refusal(&mut self) -> Option<String> {
        self.barcode.rejected.take()
    }

    /// Builds the context of one piece; with it the piece's own URL, empty when the campaign has none.
    pub fn build(&mut self, job: &Job, record: &Record, decision: &Decision) -> (&Context, &str) {
        self.notes.clear();
        self.url.clear();
        if let Some(pattern) = &job.campaign.piece.url {
            let code = decision.coupons.first().map(|c| c.code.as_str());
            pattern.fill(&decision.piece, code, &decision.customer, &mut self.url);
        }
        let mut context = Context::new();
        context.insert_value("campaign", self.campaign.clone());
        context.insert_value("piece", piece(&decision.piece, &self.url));
        if let Some(segment) = &decision.segment {
            context.insert_value("segment", Value::from(&**segment));
        }
        if !decision.segments.is_empty() {
            let mut groups = Map::default();
            for (segmentation, group) in &decision.segments {
                groups.insert(Key::from(segmentation.to_string()), Value::from(&**group));
            }
            context.insert_value("segments", Value::from(groups));
        }
        if let Some(arm) = &decision.arm {
            context.insert_value("arm", Value::from(&**arm));
        }
        if let Some(c) = decision.coupons.first() {
            let value = self.coupon(job, c);
            context.insert_value("coupon", value);
        }
        if job.campaign.plan.has_coupons() {
            let all: Vec<Value> = decision.coupons.iter().map(|c| self.coupon(job, c)).collect();
            context.insert_value("coupons", Value::from(all));
        }
        if let (Some(post), Some(settings)) = (&job.post, &job.campaign.post) {
            self.barcode = post.barcode(settings, &job.tables, record, &mut self.address);
            self.notes.extend(self.barcode.note.take());
            context.insert_value("postal_barcode", Value::from(self.barcode.value.as_str()));
        }
        let catalog = &job.campaign.catalog;
        if let Some(store) = &decision.store {
            let value = self.store(job, store);
            context.insert_value("store", value);
        }
        if !decision.slots.is_empty() {
            let mut picks = Vec::with_capacity(decision.slots.len());
            for slot in &decision.slots {
                // An empty slot has no pick: the template sees fewer of them.
                if let Some(value) = self.pick(job, slot) {
                    context.insert_value(self.slot_name(&slot.name), value.clone());
                    picks.push(value);
                }
            }
            context.insert_value("picks", Value::from(picks));
        }
        let unit = &catalog.tables[job.campaign.unit];
        for join in &unit.joins {
            let Some(position) = catalog.position(&join.to) else { continue };
            // `store` is the nearest one, as in rules, also when there is none.
            let name = singular(&join.to);
            if name == "store" && job.campaign.plan.stores().is_some() {
                continue;
            }
            let Some(table) = job.tables[position].as_deref() else { continue };
            if let Some(row) = table.find(record.text(join.column).trim()) {
                let value = self.row(job, position, table, row, 0);
                context.insert_value(name, value);
            }
        }
        // The customer of a shipment is its order's.
        if let Some((position, at)) = catalog.customers_of(job.campaign.unit)
            && at.through.is_some()
            && let Some(customers) = job.tables[position].as_deref()
            && let Some(row) = person(job, record, at).and_then(|key| customers.find(key))
        {
            let value = self.row(job, position, customers, row, 0);
            context.insert_value(singular(&catalog.tables[position].name), value);
        }
        self.lists(job, record, decision, &mut context);
        let unit = job.campaign.unit;
        let notes = &mut self.notes;
        let map = self.shapes[unit].record(record, |column, text| instead(job, unit, column, text, notes));
        context.insert_value(self.unit.clone(), Value::from(map));
        self.context = context;
        (&self.context, &self.url)
    }

    fn slot_name(&mut self, name: &Arc<str>) -> String {
        match self.slot_names.iter().find(|(n, _)| n == name) {
            Some((_, s)) => s.clone(),
            None => {
                self.slot_names.push((Arc::clone(name), name.to_string()));
                name.to_string()
            }
        }
    }

    /// A row with the rows that it belongs to, to a depth of two.
    fn row(&mut self, job: &Job, position: usize, table: &Table, row: u32, depth: u8) -> Value {
        if let Some(Some(value)) = self.kept[position].get(row as usize) {
            return value.clone();
        }
        let info = &job.campaign.catalog.tables[position];
        let before = self.notes.len();
        let notes = &mut self.notes;
        let instead = |column: usize, text: &str| instead(job, position, column, text, notes);
        let mut map = self.shapes[position].row(table, row, info.joins.len(), instead);
        if depth < 2 {
            for join in &info.joins {
                let Some(to) = job.campaign.catalog.position(&join.to) else { continue };
                let Some(other) = job.tables[to].as_deref() else { continue };
                if let Some(found) = other.find(table.text(row, join.column).trim()) {
                    let value = self.row(job, to, other, found, depth + 1);
                    map.insert(Key::from(singular(&join.to)), value);
                }
            }
        }
        let value = Value::from(map);
        // What is noted must be noted each time.
        if depth == 0
            && self.notes.len() == before
            && let Some(place) = self.kept[position].get_mut(row as usize)
        {
            *place = Some(value.clone());
        }
        value
    }

    fn pick(&mut self, job: &Job, slot: &Slot) -> Option<Value> {
        let position = job.campaign.plan.products()?;
        let table = job.tables[position].as_deref()?;
        let product = self.row(job, position, table, slot.product_row?, 0);
        let mut map = Map::default();
        map.insert(Key::Str("product"), product);
        map.insert(Key::Str("by"), Value::from(&*slot.by));
        map.insert(Key::Str("because"), Value::from(slot.because.as_str()));
        if let Some(note) = &slot.note {
            map.insert(Key::Str("note"), Value::from(&**note));
        }
        Some(Value::from(map))
    }

    fn coupon(&mut self, job: &Job, of: &Coupon) -> Value {
        let mut map = coupon(of);
        if let Some(bound) = &of.bound
            && let Some(position) = job.campaign.plan.products()
            && let Some(table) = job.tables[position].as_deref()
        {
            map.insert(Key::Str("slot"), Value::from(&*bound.slot));
            map.insert(Key::Str("product"), self.row(job, position, table, bound.row, 0));
        }
        if let Some(store) = &of.store {
            map.insert(Key::Str("store"), self.store(job, store));
        }
        Value::from(map)
    }

    fn store(&mut self, job: &Job, store: &NearestStore) -> Value {
        let mut map = Map::default();
        if let Some(position) = job.campaign.plan.stores()
            && let Some(table) = job.tables[position].as_deref()
        {
            let notes = &mut self.notes;
            let instead = |column: usize, text: &str| instead(job, position, column, text, notes);
            map = self.shapes[position].row(table, store.row, 2, instead);
        }
        map.insert(Key::Str("km"), Value::from(store.km));
        if let Some(second) = &store.second {
            map.insert(Key::Str("second"), Value::from(&**second));
        }
        Value::from(map)
    }

    /// Whether a row of a list shares nothing with what the list's `never_with` names.
    fn is_apart(&self, job: &Job, record: &Record, list: &List, table: &Table, row: u32) -> bool {
        list.never.iter().all(|(column, with)| {
            let mine = items(table, row, *column);
            let shares = |others: Items<'_>| others.iter().any(|other| mine.iter().any(|item| item == other));
            match *with {
                Apart::Record { column } => {
                    let others = match record.field(column) {
                        Field::List(items) => items,
                        _ => Items { text: record.text(column), separator: None },
                    };
                    !shares(others)
                }
                Apart::Joined { via, table, column } => {
                    let Some(Some(other)) = job.tables.get(table) else { return true };
                    let row = other.find(record.text(via).trim());
                    row.is_none_or(|row| !shares(items(other, row, column)))
                }
                Apart::Customer { at, table, column } => {
                    let Some(Some(other)) = job.tables.get(table) else { return true };
                    let row = person(job, record, at).and_then(|key| other.find(key));
                    row.is_none_or(|row| !shares(items(other, row, column)))
                }
                Apart::List { list, column } => {
                    let from = job.campaign.lists.lists.get(list).and_then(|l| job.tables.get(l.table)?.as_ref());
                    let (Some(other), Some(rows)) = (from, self.list_rows.get(list)) else { return true };
                    rows.iter().all(|row| !shares(items(other, *row, column)))
                }
            }
        })
    }

    /// The rows of a list in the context that was built last.
    #[must_use]
    pub fn rows_of_list(&self, list: usize) -> &[u32] {
        self.list_rows.get(list).map_or(&[], Vec::as_slice)
    }

    fn lists(&mut self, job: &Job, record: &Record, decision: &Decision, context: &mut Context) {
        let judge = job.campaign.lists.lists.iter().any(|l| l.rule.is_some());
        let judge = judge.then(|| job.decider.judge(record, decision));
        for (number, (list, index)) in job.campaign.lists.lists.iter().zip(&job.lists).enumerate() {
            let Some(table) = job.tables[list.table].as_deref() else { continue };
            let mut rows = std::mem::take(&mut self.list_rows[number]);
            rows.clear();
            let fits = |row: u32, rows: &[u32]| {
                let again = |column: usize| rows.iter().any(|r| table.text(*r, column) == table.text(row, column));
                let rule = list.rule.zip(judge.as_ref());
                rows.len() < list.limit
                    && !list.one_per.is_some_and(again)
                    && rule.is_none_or(|(rule, judge)| judge.holds(rule, row))
                    && self.is_apart(job, record, list, table, row)
            };
            match list.is {
                KeyFrom::Record { column } => {
                    for found in index.rows_of(table, record.text(column).trim()) {
                        if fits(*found, &rows) {
                            rows.push(*found);
                        }
                    }
                }
                KeyFrom::List { list: earlier, column } => {
                    let from = &job.campaign.lists.lists[earlier];
                    if let Some(source) = job.tables[from.table].as_deref() {
                        for row in &self.list_rows[earlier] {
                            for found in index.rows_of(table, source.text(*row, column).trim()) {
                                if !rows.contains(found) && fits(*found, &rows) {
                                    rows.push(*found);
                                }
                            }
                        }
                    }
                }
            }
            let values: Vec<Value> = rows.iter().map(|row| self.row(job, list.table, table, *row, 0)).collect();
            context.insert_value(list.name.to_string(), Value::from(values));
            self.list_rows[number] = rows;
        }
    }
}

/// The key of the person whom a record names.
fn person<'a>(job: &'a Job, record: &'a Record, at: PersonAt) -> Option<&'a str> {
    let named = record.text(at.column).trim();
    let Some((table, column)) = at.through else { return Some(named) };
    let table = job.tables.get(table)?.as_deref()?;
    table.find(named).map(|row| table.text(row, column).trim())
}

/// The items of a cell, by the usual signs where its column says nothing.
fn items(table: &Table, row: u32, column: usize) -> Items<'_> {
    match table.field(row, column) {
        Field::List(items) => items,
        _ => Items { text: table.text(row, column), separator: None },
    }
}

/// The text to print for a cell, where the campaign's table of old characters or its list of kana columns says so.
fn instead(job: &Job, table: usize, column: usize, text: &str, notes: &mut Vec<Note>) -> Option<String> {
    let gaiji = &job.campaign.gaiji;
    if gaiji.is_empty() {
        return None;
    }
    let mut note = |code, class: String, text| {
        let info = job.campaign.catalog.tables.get(table);
        let name = info.and_then(|t| Some((singular(&t.name), t.schema.columns.get(column)?)));
        let element = name.map_or(String::new(), |(t, c)| format!("{t}.{}", c.name));
        notes.push(Note { code, element, class, text });
    };
    let swapped = gaiji.table.swap(text, |c, swap| {
        let point = |c: char| format!("U+{:04X}", u32::from(c));
        let to: Vec<String> = swap.to.chars().map(point).collect();
        let why = if swap.note.is_empty() { String::new() } else { format!(" ({})", swap.note) };
        note("gaiji", point(c), format!("{} was printed as {}{why}", point(c), to.join(" ")));
    });
    if !gaiji.kana.contains(&(table, column)) {
        return swapped;
    }
    match full_width_kana(swapped.as_deref().unwrap_or(text)) {
        Some(full) => {
            note("kana", "half-width".to_owned(), "half-width kana were printed full-width".to_owned());
            Some(full)
        }
        None => swapped,
    }
}

fn piece(id: &str, url: &str) -> Value {
    let mut map = Map::default();
    map.insert(Key::Str("id"), Value::from(id));
    if !url.is_empty() {
        map.insert(Key::Str("url"), Value::from(url));
    }
    Value::from(map)
}

fn coupon(coupon: &Coupon) -> Map {
    let mut map = Map::default();
    map.insert(Key::Str("id"), Value::from(&*coupon.id));
    map.insert(Key::Str("title"), Value::from(&*coupon.title));
    map.insert(Key::Str("code"), Value::from(coupon.code.as_str()));
    if let Some(expires) = coupon.expires {
        map.insert(Key::Str("expires"), date(expires));
    }
    if let Some(terms) = &coupon.terms {
        map.insert(Key::Str("terms"), Value::from(&**terms));
    }
    if let Some(symbol) = &coupon.symbol {
        map.insert(Key::Str("symbol"), Value::from(symbol.value.as_str()));
        map.insert(Key::Str("symbol_type"), Value::from(symbol.kind.name()));
    }
    map
}
