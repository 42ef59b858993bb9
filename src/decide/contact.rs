//! People who were written to lately: how often, and how long ago.

use std::sync::Arc;

use super::days;
use super::plan::Compiler;
use super::plan_history::usual;
use super::spec::{ContactSpec, Placed};
use super::tables::{TableInfo, Tables};
use crate::data::index::Index;
use crate::data::record::Field;
use crate::data::schema::Kind;
use crate::data::table::Table;

/// The cause under which those are counted who had as many pieces as they may.
pub const TOO_OFTEN: &str = "written to often enough";
/// The cause under which those are counted whose last piece is too near.
pub const TOO_SOON: &str = "written to lately";

/// The rule as compiled; days count from 1970-01-01.
#[derive(Clone, Debug)]
pub struct ContactPlan {
    pub tables: Vec<PastTable>,
    /// So many pieces on or after a day, the one of this campaign included.
    at_most: Option<(u32, i32)>,
    /// No piece on or after a day.
    quiet: Option<i32>,
    posting_day: i32,
}

/// A table of past pieces.
#[derive(Clone, Copy, Debug)]
pub struct PastTable {
    /// Its position in the catalog.
    pub table: usize,
    person: usize,
    date: usize,
}

/// The past pieces with their rows.
#[derive(Debug)]
pub struct Contacts {
    plan: ContactPlan,
    pieces: Vec<Pieces>,
}

/// Those of one table.
#[derive(Debug)]
struct Pieces {
    index: Index,
    table: Arc<Table>,
    days: Vec<Option<i32>>,
}

impl Contacts {
    #[must_use]
    pub fn new(plan: ContactPlan, tables: &Tables) -> Self {
        let pieces = |of: &PastTable| {
            let table = Arc::clone(tables.get(of.table)?);
            let day = |row| match table.field(row, of.date) {
                Field::Date(d) => Some(days::number(d)),
                _ => None,
            };
            let days = (0..table.len()).map(day).collect();
            Some(Pieces { index: Index::new(&table, of.person), days, table })
        };
        Self { pieces: plan.tables.iter().filter_map(pieces).collect(), plan }
    }

    /// Why this person gets nothing now. Pieces on the posting date itself or after it do not count: they are other
    /// campaigns' plans, or this very one.
    #[must_use]
    pub fn cause(&self, person: &str) -> Option<&'static str> {
        let days = self.pieces.iter().flat_map(|p| {
            let rows = p.index.rows_of(&p.table, person).iter();
            rows.filter_map(|row| p.days.get(*row as usize).copied().flatten())
        });
        let (mut latest, mut count) = (None, 0u32);
        for day in days.filter(|d| *d < self.plan.posting_day) {
            latest = latest.max(Some(day));
            count += u32::from(self.plan.at_most.is_some_and(|(_, since)| day >= since));
        }
        if self.plan.quiet.zip(latest).is_some_and(|(since, last)| last >= since) {
            return Some(TOO_SOON);
        }
        self.plan.at_most.is_some_and(|(most, _)| count >= most).then_some(TOO_OFTEN)
    }
}

impl Compiler<'_, '_> {
    pub(super) fn contact(&mut self, spec: &ContactSpec, people: usize) -> Option<ContactPlan> {
        let names = &spec.table;
        let tables: Vec<PastTable> = names
            .get_ref()
            .0
            .iter()
            .filter_map(|name| self.past_table(&Placed::new(names.span(), name.clone()), spec.date.as_ref(), people))
            .collect();
        if names.get_ref().0.is_empty() {
            self.tell(names, "no table of past pieces is named", "name one or several", None);
        }
        let posting = self.input.posting_date;
        let mut since = |text: &super::spec::Placed| {
            let found = days::span(text.get_ref()).and_then(|(n, unit)| days::moved(posting, -n, unit));
            if found.is_none() {
                self.tell(text, "this is no span of time", "expected such as \"90 days\"", None);
            }
            found.map(days::number)
        };
        let quiet = spec.quiet.as_ref().and_then(&mut since);
        let within = spec.within.as_ref().and_then(&mut since);
        let at_most = match (&spec.at_most, within) {
            (Some(most), Some(since)) if *most.get_ref() > 0 => Some((*most.get_ref(), since)),
            (Some(most), None) if spec.within.is_none() => {
                self.tell(most, "so many pieces in what time?", "add `within = \"90 days\"`", None);
                None
            }
            (Some(most), Some(_)) => {
                self.tell(most, "nobody would ever be written to", "1 or more", None);
                None
            }
            _ => None,
        };
        if spec.at_most.is_none() && spec.quiet.is_none() {
            self.tell(&spec.table, "this leaves nobody out", "add `at_most` with `within`, or `quiet`", None);
        }
        let is_whole = !tables.is_empty() && tables.len() == names.get_ref().0.len();
        is_whole.then(|| ContactPlan { tables, at_most, quiet, posting_day: days::number(posting) })
    }

    fn past_table(&mut self, name: &Placed, date: Option<&Placed>, people: usize) -> Option<PastTable> {
        let table = self.table(name)?;
        let catalog = self.input.catalog;
        let (info, people) = (&catalog.tables[table], &catalog.tables[people]);
        let key = |t: &TableInfo| t.key.map(|k| Arc::clone(&t.schema.columns[k].name));
        let Some(person) = info.join_to(&people.name).or_else(|| info.schema.position(&key(people)?)) else {
            let help = format!("write `of = {{ … = \"{}\" }}` in [tables.{}]", people.name, info.name);
            self.tell(name, "nothing in this table says who got the piece", "not joined", Some(help));
            return None;
        };
        let date = match date {
            Some(column) => self.typed(column, info, &[Kind::Date], "a date"),
            None => {
                let found = usual(&info.schema, "posted_on", Kind::Date);
                if found.is_none() {
                    let help = format!("give a column the type `date` under [tables.{}.columns]", info.name);
                    self.tell(name, "no column says when the piece was posted", "no date", Some(help));
                }
                found
            }
        };
        Some(PastTable { table, person, date: date? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::csv::{ReadOptions, Reader};
    use crate::data::schema::Column;

    fn table(pieces: &[(&str, &str)]) -> Option<Arc<Table>> {
        let mut csv = "customer_id,posted_on\n".to_owned();
        pieces.iter().for_each(|(who, day)| csv.push_str(&format!("{who},{day}\n")));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("past.csv");
        std::fs::write(&path, csv).expect("written");
        let date = Column { name: "posted_on".into(), kind: Kind::Date, required: false, purpose: None };
        let options = ReadOptions { columns: vec![date], ..ReadOptions::default() };
        let reader = Reader::open(&path, "past", &options).expect("readable");
        Some(Arc::new(Table::load(reader).expect("loaded").0))
    }

    fn contacts(at_most: Option<(u32, i32)>, quiet: Option<i32>, runs: &[&[(&str, &str)]]) -> Contacts {
        let tables = (0..runs.len()).map(|table| PastTable { table, person: 0, date: 1 }).collect();
        let rows = Tables::new(runs.iter().map(|pieces| table(pieces)).collect());
        Contacts::new(ContactPlan { tables, at_most, quiet, posting_day: 100 }, &rows)
    }

    #[test]
    fn two_pieces_in_thirty_days_are_enough() {
        let past = contacts(
            Some((2, 70)),
            None,
            &[&[("a", "1970-03-12"), ("a", "1970-04-01"), ("b", "1970-03-11"), ("b", "1970-04-01")]],
        );
        // 1970-03-12 is day 70, 1970-03-11 day 69
        assert_eq!(past.cause("a"), Some(TOO_OFTEN));
        assert_eq!(past.cause("b"), None);
        assert_eq!(past.cause("nobody"), None);
    }

    #[test]
    fn the_pieces_of_several_runs_count_together() {
        let runs: [&[_]; 2] =
            [&[("a", "1970-03-12"), ("b", "1970-03-12")], &[("a", "1970-04-01"), ("c", "1970-04-01")]];
        let past = contacts(Some((2, 70)), Some(99), &runs);
        assert_eq!([past.cause("a"), past.cause("b"), past.cause("c")], [Some(TOO_OFTEN), None, None]);
        let past = contacts(None, Some(90), &runs);
        assert_eq!([past.cause("a"), past.cause("b"), past.cause("c")], [Some(TOO_SOON), None, Some(TOO_SOON)]);
    }

    #[test]
    fn quiet_days_begin_with_the_last_piece() {
        let past = contacts(None, Some(86), &[&[("a", "1970-03-28"), ("b", "1970-03-27"), ("c", "1970-04-11")]]);
        // day 86 is 1970-03-28; day 100 is the posting date itself
        assert_eq!(past.cause("a"), Some(TOO_SOON));
        assert_eq!([past.cause("b"), past.cause("c")], [None, None]);
    }
}
