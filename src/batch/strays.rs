//! Keys of other tables that find nothing there: what becomes of their rows.
//!
//! Rows of joined tables are judged once, when all tables are in memory; tables that others lead to come first, so that an
//! order that is left out takes its lines along. Records of the unit's table are judged one by one, as they are read.

use std::sync::Arc;

use super::grouped;
use super::job::Job;
use crate::base::{Diagnostic, Place};
use crate::campaign::Campaign;
use crate::campaign::tables::TableDef;
use crate::data::{Index, Join, OnFault, Record, Table, Typed};

/// What happens to a record with a key that finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Reject,
    Warn,
    Stop,
}

/// Rows of a joined table that were left out of it, or whose keys lead nowhere.
#[derive(Debug)]
pub struct LeftOut {
    /// Position of the table.
    pub table: usize,
    pub strays: Vec<StrayRows>,
}

/// Rows whose key in one column finds nothing.
#[derive(Debug)]
pub struct StrayRows {
    pub column: Arc<str>,
    /// The file that does not have the keys.
    pub to: String,
    pub policy: OnFault,
    /// Their numbers in the file, in its order.
    pub rows: Vec<u64>,
}

impl LeftOut {
    /// What is noted of a table.
    pub fn of(all: &mut Vec<Self>, table: usize) -> Option<&mut Self> {
        let at = all.iter().position(|l| l.table == table).unwrap_or_else(|| {
            all.push(Self { table, strays: Vec::new() });
            all.len() - 1
        });
        all.get_mut(at)
    }
}

/// Judges the rows of joined tables.
///
/// # Errors
/// The first row for which the campaign says `stop`.
pub(super) fn settle(
    campaign: &Campaign,
    tables: &mut [Option<Arc<Table>>],
    left_out: &mut Vec<LeftOut>,
    told: &mut Vec<Diagnostic>,
) -> Result<(), Vec<Diagnostic>> {
    for position in order(campaign) {
        let Some(def) = campaign.tables.get(position) else { continue };
        for join in &def.joins {
            let Some(other) = campaign.catalog.position(&join.to) else { continue };
            let to = tables.get(other).and_then(Option::clone);
            let Some(Some(table)) = tables.get_mut(position) else { continue };
            let stray: Vec<u32> = match to {
                Some(to) => Join::new(table, join.column, &to, 0).stray_rows(table, join.column).collect(),
                // The unit's table streams: its keys are looked over only where something hangs on them.
                None if other == campaign.unit && def.unknown_key.is_some_and(|p| p != OnFault::Warn) => {
                    let mut seen = Seen::new(table, join.column);
                    let mut reader = campaign.tables[other].reader()?;
                    let (mut record, mut key) = (reader.record(), String::new());
                    while reader.skim(&mut record, &mut key).map_err(|d| vec![d])? {
                        seen.see(table, &key);
                    }
                    seen.strays()
                }
                None => continue,
            };
            if stray.is_empty() {
                continue;
            }
            let policy = def.unknown_key.unwrap_or(OnFault::Warn);
            let label = campaign.tables.get(other).map_or("", |t| t.label.as_str());
            let d = tell(table, join.column, &stray, label, policy);
            if policy == OnFault::Stop {
                return Err(vec![d]);
            }
            told.push(d);
            if let Some(noted) = LeftOut::of(left_out, position) {
                let column = table.schema().columns.get(join.column).map(|c| Arc::clone(&c.name)).unwrap_or_default();
                let rows = stray.iter().map(|row| table.origin(*row).row).collect();
                noted.strays.push(StrayRows { column, to: label.to_owned(), policy, rows });
            }
            match policy {
                OnFault::Reject => {
                    *table = Arc::new(table.only(|row| stray.binary_search(&row).is_err()));
                }
                OnFault::Default => {
                    let (text, typed) = default(def, join.column);
                    if let Some(table) = Arc::get_mut(table) {
                        table.put(&stray, join.column, &text, typed).map_err(|d| vec![d])?;
                    }
                }
                OnFault::Warn | OnFault::Stop => {}
            }
        }
    }
    Ok(())
}

/// Rows of `table` whose key in `column` is not in the file `label`.
fn tell(table: &Table, column: usize, stray: &[u32], label: &str, policy: OnFault) -> Diagnostic {
    let column = table.schema().columns.get(column).map_or(String::new(), |c| c.name.to_string());
    let rows = match stray.len() {
        1 => "1 row names".to_owned(),
        n => format!("{} rows name", grouped(n as u64)),
    };
    let message = format!("{rows} a `{column}` that {label} does not have");
    let next: Vec<String> = stray.iter().skip(1).take(2).map(|r| table.origin(*r).row.to_string()).collect();
    let more = if stray.len() > 3 { ", …" } else { "" };
    let first = match (policy, next.is_empty()) {
        (OnFault::Stop, _) => "the run ends here".to_owned(),
        (_, true) => "the first of them".to_owned(),
        (_, false) => format!("the first of them; the next: {}{more}", next.join(", ")),
    };
    let place = Place::Cell { origin: table.origin(stray.first().copied().unwrap_or(0)), column: Some(column) };
    match policy {
        OnFault::Stop => Diagnostic::error("unknown-key", message)
            .at(place, first)
            .help("the campaign says `unknown_key = \"stop\"` for this table"),
        OnFault::Reject => {
            Diagnostic::warning("strays", message).at(place, first).help("these rows are left out of their table")
        }
        OnFault::Default => {
            Diagnostic::warning("strays", message).at(place, first).help("these rows have the column's default instead")
        }
        OnFault::Warn => Diagnostic::warning("strays", message).at(place, first).help("these rows are passed over"),
    }
}

/// Which keys of a column were met.
#[derive(Debug)]
struct Seen {
    index: Index,
    seen: Vec<bool>,
}

impl Seen {
    fn new(table: &Table, column: usize) -> Self {
        let index = Index::new(table, column);
        Self { seen: vec![false; index.count()], index }
    }

    fn see(&mut self, table: &Table, key: &str) {
        if let Some(seen) = self.index.group(table, key).and_then(|g| self.seen.get_mut(g as usize)) {
            *seen = true;
        }
    }

    /// The rows whose key was not met, in the order of the file.
    fn strays(&self) -> Vec<u32> {
        let unmet = (0u32..).zip(&self.seen).filter(|(_, seen)| !**seen);
        let mut rows: Vec<u32> = unmet.flat_map(|(group, _)| self.index.rows_in(group).iter().copied()).collect();
        rows.sort_unstable();
        rows
    }
}

/// Rows of joined tables that belong to no record of the unit's table, found while all records are looked at.
#[derive(Debug)]
pub(super) struct Strays {
    /// Position of the table, its column, and what was met.
    tables: Vec<(usize, usize, Seen)>,
}

impl Strays {
    pub fn new(job: &Job) -> Self {
        let unit = &job.campaign.tables[job.campaign.unit].name;
        let mut tables = Vec::new();
        for (position, def) in job.campaign.tables.iter().enumerate() {
            // With another policy they were judged when the tables were loaded.
            if def.unknown_key.is_some_and(|p| p != OnFault::Warn) {
                continue;
            }
            let Some(Some(table)) = job.tables.get(position) else { continue };
            for join in def.joins.iter().filter(|j| j.to == *unit) {
                tables.push((position, join.column, Seen::new(table, join.column)));
            }
        }
        Self { tables }
    }

    pub fn see(&mut self, job: &Job, record: &Record) {
        let Some(key) = job.campaign.tables[job.campaign.unit].key else { return };
        for (position, _, seen) in &mut self.tables {
            if let Some(Some(table)) = job.tables.get(*position) {
                seen.see(table, record.text(key));
            }
        }
    }

    /// What was found, when all records have been seen. A record that cannot be read has no key that is known.
    pub fn told(&self, job: &Job) -> Vec<Diagnostic> {
        let label = &job.campaign.tables[job.campaign.unit].label;
        let mut told = Vec::new();
        for (position, column, seen) in &self.tables {
            let strays = seen.strays();
            if let (Some(Some(table)), false) = (job.tables.get(*position), strays.is_empty()) {
                told.push(tell(table, *column, &strays, label, OnFault::Warn));
            }
        }
        told
    }
}

/// Positions of tables, those that others lead to before those.
fn order(campaign: &Campaign) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(campaign.tables.len());
    let mut left: Vec<usize> = (0..campaign.tables.len()).collect();
    while !left.is_empty() {
        let waits = |p: &usize| {
            let joins = campaign.tables.get(*p).map_or(&[][..], |t| &t.joins);
            joins.iter().filter_map(|j| campaign.catalog.position(&j.to)).any(|to| to != *p && left.contains(&to))
        };
        let (waiting, ready): (Vec<usize>, Vec<usize>) = left.iter().copied().partition(waits);
        // Tables that lead to each other wait for nothing.
        if ready.is_empty() {
            order.extend(waiting);
            break;
        }
        order.extend(ready);
        left = waiting;
    }
    order
}

/// What stands for a key that finds nothing.
fn default(def: &TableDef, column: usize) -> (String, Typed) {
    let column = def.schema.columns.get(column);
    let reading = column.and_then(|c| def.options.readings.iter().find(|r| r.column == c.name));
    match reading.and_then(|r| r.default.as_deref()) {
        Some(text) => (text.to_owned(), Typed::Text),
        None => (String::new(), Typed::Missing),
    }
}

/// Holds the keys of the unit's records against the tables that they are keys of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys<'a> {
    pub campaign: &'a Campaign,
    pub tables: &'a [Option<Arc<Table>>],
}

impl Keys<'_> {
    /// Judges one record, where the campaign says what happens to keys that find nothing; a `default` is put into it. `Some`
    /// is why it cannot be used, or what is to be told of it.
    pub fn admit(self, record: &mut Record) -> Option<(Verdict, &'static str, String)> {
        let unit = self.campaign.tables.get(self.campaign.unit)?;
        let policy = unit.unknown_key?;
        for join in &unit.joins {
            let other = self.campaign.catalog.position(&join.to);
            let Some(table) = other.and_then(|o| self.tables.get(o)).and_then(Option::as_ref) else { continue };
            let text = record.text(join.column).trim();
            if text.is_empty() || table.find(text).is_some() {
                continue;
            }
            if policy == OnFault::Default {
                let (text, typed) = default(unit, join.column);
                record.put(join.column, &text, typed);
                continue;
            }
            let column = unit.schema.columns.get(join.column).map_or("", |c| &*c.name);
            let message = format!("{column}: a key that {} does not have", table.file());
            let verdict = match policy {
                OnFault::Stop => Verdict::Stop,
                OnFault::Warn => Verdict::Warn,
                _ => Verdict::Reject,
            };
            return Some((verdict, "unknown-key", message));
        }
        None
    }

    /// The same, for a way through the records that tells nothing: whether this one can be used.
    pub fn admits(self, record: &mut Record) -> bool {
        self.admit(record).is_none_or(|(verdict, ..)| verdict == Verdict::Warn)
    }
}
