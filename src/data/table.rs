//! A whole table in memory, by column: what records are joined with.
//!
//! A column keeps each different text once, with its meaning, and for every row the number of its text:
//! four bytes a cell where texts repeat (customers, products, days, prices in a list of purchases). Where
//! they do not (keys, coordinates), the row's number is the text's, and the four bytes are saved too.

use std::sync::Arc;

use jiff::civil::Date;

use super::cell;
use super::csv::{Read, Reader};
use super::lookup::Lookup;
use super::record::{Field, Typed};
use super::reject::{Reason, Reject};
use super::schema::{Kind, Schema};
use crate::base::{Diagnostic, Origin, Place};

/// A table in memory. Rows are numbered from 0 in the order of the file, rejected rows left out.
#[derive(Debug)]
pub struct Table {
    schema: Arc<Schema>,
    file: Arc<str>,
    key: Option<usize>,
    rows: u32,
    columns: Vec<Texts>,
    keys: Lookup,
    /// Where the step from table row to file row or line changes: rarely, at blank lines, rejected rows and
    /// cells with line breaks.
    places: Vec<Break>,
    warnings: Vec<Diagnostic>,
}

#[derive(Clone, Copy, Debug)]
struct Break {
    from: u32,
    row: u64,
    line: u64,
}

/// One column.
#[derive(Debug)]
pub(super) struct Texts {
    arena: String,
    /// Where each text ends in `arena`.
    ends: Vec<u32>,
    values: Values,
    /// The text of each row; without it row and text have the same number.
    of_row: Option<Vec<u32>>,
    /// Only while loading.
    lookup: Lookup,
}

/// What the texts mean. `Missing` has a value that no text gives.
#[derive(Debug)]
enum Values {
    /// Also postcodes.
    Text,
    /// Missing: `i64::MIN`, which `cell` never reads because it negates.
    Integer(Vec<i64>),
    /// Missing: NaN.
    Number(Vec<f64>),
    /// Missing: the year −9999.
    Date(Vec<Date>),
    /// Missing: 2.
    Bool(Vec<u8>),
}

/// After so many rows it is decided whether a column repeats itself.
const PROBE: u32 = 1 << 15;

impl Texts {
    fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text | Kind::Postcode => Values::Text,
            Kind::Integer | Kind::Money => Values::Integer(Vec::new()),
            Kind::Number => Values::Number(Vec::new()),
            Kind::Date => Values::Date(Vec::new()),
            Kind::Bool => Values::Bool(Vec::new()),
        };
        Self { arena: String::new(), ends: Vec::new(), values, of_row: Some(Vec::new()), lookup: Lookup::default() }
    }

    /// Number of different texts (or of rows, where texts do not repeat).
    pub(super) fn count(&self) -> u32 {
        self.ends.len() as u32
    }

    pub(super) fn at(&self, number: u32) -> &str {
        at(&self.arena, &self.ends, number)
    }

    pub(super) fn of_row(&self, row: u32) -> Option<u32> {
        match &self.of_row {
            Some(of_row) => of_row.get(row as usize).copied(),
            None => (row < self.count()).then_some(row),
        }
    }

    fn push(&mut self, text: &str, typed: Typed) -> Result<(), Full> {
        let Some(of_row) = &mut self.of_row else { return self.push_text(text, typed).map(drop) };
        let (arena, ends) = (&self.arena, &self.ends);
        if let Some(number) = self.lookup.find(text, |n| at(arena, ends, n)) {
            of_row.push(number);
            return Ok(());
        }
        let number = ends.len() as u32;
        of_row.push(number);
        self.push_text(text, typed)?;
        let (arena, ends) = (&self.arena, &self.ends);
        self.lookup.insert(text, number, |n| at(arena, ends, n));
        Ok(())
    }

    fn push_text(&mut self, text: &str, typed: Typed) -> Result<(), Full> {
        self.arena.push_str(text);
        self.ends.push(u32::try_from(self.arena.len()).map_err(|_| Full)?);
        match (&mut self.values, typed) {
            (Values::Text, _) => {}
            (Values::Integer(v), Typed::Integer(i)) => v.push(i),
            (Values::Integer(v), _) => v.push(i64::MIN),
            (Values::Number(v), Typed::Number(n)) => v.push(n),
            (Values::Number(v), _) => v.push(f64::NAN),
            (Values::Date(v), Typed::Date(d)) => v.push(d),
            (Values::Date(v), _) => v.push(Date::MIN),
            (Values::Bool(v), Typed::Bool(b)) => v.push(u8::from(b)),
            (Values::Bool(v), _) => v.push(2),
        }
        Ok(())
    }

    fn typed(&self, number: u32) -> Typed {
        let i = number as usize;
        match &self.values {
            Values::Text if cell::trim(self.at(number)).is_empty() => Typed::Missing,
            Values::Text => Typed::Text,
            Values::Integer(v) => match v.get(i) {
                Some(&i) if i != i64::MIN => Typed::Integer(i),
                _ => Typed::Missing,
            },
            Values::Number(v) => match v.get(i) {
                Some(&n) if !n.is_nan() => Typed::Number(n),
                _ => Typed::Missing,
            },
            Values::Date(v) => match v.get(i) {
                Some(&d) if d != Date::MIN => Typed::Date(d),
                _ => Typed::Missing,
            },
            Values::Bool(v) => match v.get(i) {
                Some(&b) if b < 2 => Typed::Bool(b == 1),
                _ => Typed::Missing,
            },
        }
    }

    /// Gives up sharing: most texts stand only once.
    fn unshare(&mut self) -> Result<(), Full> {
        let Some(of_row) = self.of_row.take() else { return Ok(()) };
        let kind = match self.values {
            Values::Text => Kind::Text,
            Values::Integer(_) => Kind::Integer,
            Values::Number(_) => Kind::Number,
            Values::Date(_) => Kind::Date,
            Values::Bool(_) => Kind::Bool,
        };
        let shared = std::mem::replace(self, Self::new(kind));
        self.of_row = None;
        of_row.iter().try_for_each(|n| self.push_text(shared.at(*n), shared.typed(*n)))
    }

    fn shrink(&mut self) {
        self.arena.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.lookup = Lookup::default();
        match &mut self.values {
            Values::Text => {}
            Values::Integer(v) => v.shrink_to_fit(),
            Values::Number(v) => v.shrink_to_fit(),
            Values::Date(v) => v.shrink_to_fit(),
            Values::Bool(v) => v.shrink_to_fit(),
        }
        if let Some(of_row) = &mut self.of_row {
            of_row.shrink_to_fit();
        }
    }

    fn bytes(&self) -> usize {
        let values = match &self.values {
            Values::Text => 0,
            Values::Integer(v) => v.capacity() * 8,
            Values::Number(v) => v.capacity() * 8,
            Values::Date(v) => v.capacity() * size_of::<Date>(),
            Values::Bool(v) => v.capacity(),
        };
        let of_row = self.of_row.as_ref().map_or(0, |v| v.capacity() * 4);
        self.arena.capacity() + self.ends.capacity() * 4 + values + of_row + self.lookup.bytes()
    }
}

fn at<'a>(arena: &'a str, ends: &[u32], number: u32) -> &'a str {
    let n = number as usize;
    let start = if n == 0 { 0 } else { ends.get(n - 1).map_or(0, |e| *e as usize) };
    let end = ends.get(n).map_or(start, |e| *e as usize);
    arena.get(start..end).unwrap_or_default()
}

/// More than 4 Gi bytes of text, or rows.
struct Full;

impl Table {
    /// Reads `reader` to its end. Rows with faults, and rows whose key stood in an earlier row, are given
    /// back; the first row of a key is kept.
    ///
    /// # Errors
    /// The file cannot be read further, or the table is too large to be kept (4 Gi bytes in one column).
    pub fn load(mut reader: Reader) -> Result<(Self, Vec<Reject>), Diagnostic> {
        let schema = Arc::clone(reader.schema());
        let mut table = Self {
            columns: schema.columns.iter().map(|c| Texts::new(c.kind)).collect(),
            schema,
            file: Arc::clone(reader.file()),
            key: reader.key(),
            rows: 0,
            keys: Lookup::default(),
            places: Vec::new(),
            warnings: Vec::new(),
        };
        let mut rejects = Vec::new();
        let mut record = reader.record();
        let full = |file: &str| {
            Diagnostic::error("table-too-large", format!("{file} is too large to be kept in memory"))
                .at(Place::File(file.to_owned()), "more than 4 GiB in one column")
        };
        if let Some(key) = table.key {
            // Keys do not repeat: there is nothing to share.
            table.columns[key].of_row = None;
        }
        loop {
            match reader.read(&mut record)? {
                Read::End => break,
                Read::Rejected(reject) => rejects.push(*reject),
                Read::Row => {
                    if let Some(key) = table.key
                        && let Some(first) = table.find(record.text(key))
                    {
                        rejects.push(table.duplicate(&record, reader.shown(), key, first));
                        continue;
                    }
                    table.push(&record).map_err(|Full| full(&table.file))?;
                }
            }
        }
        for column in &mut table.columns {
            column.shrink();
        }
        table.places.shrink_to_fit();
        table.warnings = reader.warnings().to_vec();
        Ok((table, rejects))
    }

    fn push(&mut self, record: &super::record::Record) -> Result<(), Full> {
        let row = self.rows;
        for (i, column) in self.columns.iter_mut().enumerate() {
            if row == PROBE && column.of_row.is_some() && column.count() > PROBE / 2 {
                column.unshare()?;
            }
            column.push(record.text(i), record.typed[i])?;
        }
        if let Some(key) = self.key {
            let texts = &self.columns[key];
            self.keys.insert(record.text(key), row, |n| texts.at(n));
        }
        let here = Break { from: row, row: record.origin.row, line: record.origin.line };
        if self.places.last().is_none_or(|last| last.at(row) != (here.row, here.line)) {
            self.places.push(here);
        }
        self.rows = row.checked_add(1).filter(|n| *n < u32::MAX).ok_or(Full)?;
        Ok(())
    }

    fn duplicate(&self, record: &super::record::Record, cells: Vec<String>, key: usize, first: u32) -> Reject {
        let message = format!("the key of row {} again; the first row is kept", self.origin(first).row);
        let column = self.schema.columns.get(key).map(|c| Arc::clone(&c.name));
        Reject {
            origin: record.origin.clone(),
            cells,
            reasons: vec![Reason { code: "duplicate-key", column, message }],
        }
    }

    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The file's name as the campaign writes it.
    #[must_use]
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.rows
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Position of the key column.
    #[must_use]
    pub fn key(&self) -> Option<usize> {
        self.key
    }

    /// The reader's warnings about the file as a whole.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The row whose key is `key` (blanks around it do not count). Always `None` without a key column.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<u32> {
        let texts = self.columns.get(self.key?)?;
        self.keys.find(cell::trim(key), |n| texts.at(n))
    }

    /// The meaning of a cell; `Missing` outside the table.
    #[must_use]
    pub fn field(&self, row: u32, column: usize) -> Field<'_> {
        let Some(texts) = self.columns.get(column) else { return Field::Missing };
        let Some(number) = texts.of_row(row) else { return Field::Missing };
        match texts.typed(number) {
            Typed::Missing => Field::Missing,
            Typed::Text => Field::Text(texts.at(number)),
            Typed::Integer(i) => Field::Integer(i),
            Typed::Number(n) => Field::Number(n),
            Typed::Date(d) => Field::Date(d),
            Typed::Bool(b) => Field::Bool(b),
        }
    }

    /// The text of a cell; empty outside the table.
    #[must_use]
    pub fn text(&self, row: u32, column: usize) -> &str {
        let Some(texts) = self.columns.get(column) else { return "" };
        texts.of_row(row).map_or("", |number| texts.at(number))
    }

    /// A small number that stands for the text of a cell: equal exactly where the texts of the column are
    /// equal, if the column is shared (see [`Self::distinct`]). For counting without hashing.
    #[must_use]
    pub fn number(&self, row: u32, column: usize) -> Option<u32> {
        self.columns.get(column)?.of_row(row)
    }

    /// How many numbers [`Self::number`] gives for a column, and whether equal texts share theirs.
    #[must_use]
    pub fn distinct(&self, column: usize) -> (u32, bool) {
        self.columns.get(column).map_or((0, true), |c| (c.count(), c.of_row.is_some()))
    }

    /// Where a row stands in its file. `byte` is not kept and is 0.
    #[must_use]
    pub fn origin(&self, row: u32) -> Origin {
        let i = self.places.partition_point(|p| p.from <= row);
        let (row, line) = i.checked_sub(1).and_then(|i| self.places.get(i)).map_or((0, 0), |p| p.at(row));
        Origin { file: Arc::clone(&self.file), sheet: None, row, line, byte: 0 }
    }

    /// Bytes of memory that the table holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(Texts::bytes).sum::<usize>()
            + self.keys.bytes()
            + self.places.capacity() * size_of::<Break>()
    }

    pub(super) fn texts(&self, column: usize) -> Option<&Texts> {
        self.columns.get(column)
    }
}

impl Break {
    fn at(&self, row: u32) -> (u64, u64) {
        let step = u64::from(row - self.from);
        (self.row + step, self.line + step)
    }
}
