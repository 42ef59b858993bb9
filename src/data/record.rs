//! One row of a table: its texts and what they mean.

use std::sync::Arc;

use jiff::civil::Date;

use super::reject::Reason;
use super::schema::Schema;
use crate::base::Origin;

/// What a cell means, by its column's kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Field<'a> {
    /// Empty, or only blanks.
    #[default]
    Missing,
    Text(&'a str),
    /// Integers and whole yen.
    Integer(i64),
    Number(f64),
    Date(Date),
    Bool(bool),
    List(Items<'a>),
}

/// The items of a list: the text of a cell, and what parts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Items<'a> {
    /// As it stands in the file.
    pub text: &'a str,
    /// `None`: any of `,` `，` `、` `;` `；` `|` and line ends.
    pub separator: Option<char>,
}

impl<'a> Items<'a> {
    /// Each item, without blanks around it; empty ones do not count.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        let parts = move |c: char| match self.separator {
            Some(separator) => c == separator,
            None => matches!(c, ',' | '，' | '、' | ';' | '；' | '|' | '\n' | '\r'),
        };
        self.text.split(parts).map(super::cell::trim).filter(|item| !item.is_empty())
    }
}

/// The typed part of a cell; texts lie in the record's buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Typed {
    #[default]
    Missing,
    Text,
    Integer(i64),
    Number(f64),
    Date(Date),
    Bool(bool),
    /// Parted by this; see [`Items::separator`].
    List(Option<char>),
}

/// One row. Reused: the reader fills the same buffers again for the next row.
#[derive(Clone, Debug)]
pub struct Record {
    pub schema: Arc<Schema>,
    pub origin: Origin,
    /// Ordinal of the record in its table, from 0.
    pub ordinal: u64,
    /// All cells' texts, one after the other.
    pub text: String,
    /// Where each cell's text ends in `text`.
    pub ends: Vec<u32>,
    pub typed: Vec<Typed>,
    /// The row as it stands in its file, without its line end; of records that a [`Reader`](super::Reader) read.
    pub bytes: Vec<u8>,
    /// Cells that could not be read and have their column's default, as the campaign says.
    pub defaulted: Vec<Reason>,
}

impl Record {
    #[must_use]
    pub fn new(schema: Arc<Schema>, file: Arc<str>) -> Self {
        Self {
            schema,
            origin: Origin { file, sheet: None, row: 0, line: 0, byte: 0 },
            ordinal: 0,
            text: String::new(),
            ends: Vec::new(),
            typed: Vec::new(),
            bytes: Vec::new(),
            defaulted: Vec::new(),
        }
    }

    /// The record's number in its table, from 1 as people count: it stands in piece ids and makes coupon codes.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.ordinal + 1
    }

    /// The cell's text, decoded, otherwise as it stands in the file.
    #[must_use]
    pub fn text(&self, column: usize) -> &str {
        let start = if column == 0 { 0 } else { self.ends[column - 1] as usize };
        &self.text[start..self.ends[column] as usize]
    }

    /// Gives a cell another text.
    pub fn put(&mut self, column: usize, text: &str, typed: Typed) {
        let Some(end) = self.ends.get(column).map(|e| *e as usize) else { return };
        let start = column.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |e| *e as usize);
        if self.text.get(start..end).is_none() {
            return;
        }
        self.text.replace_range(start..end, text);
        for e in self.ends.iter_mut().skip(column) {
            *e = u32::try_from((*e as usize + text.len()).saturating_sub(end - start)).unwrap_or(u32::MAX);
        }
        if let Some(place) = self.typed.get_mut(column) {
            *place = typed;
        }
    }

    #[must_use]
    pub fn field(&self, column: usize) -> Field<'_> {
        match self.typed[column] {
            Typed::Missing => Field::Missing,
            Typed::Text => Field::Text(self.text(column)),
            Typed::Integer(i) => Field::Integer(i),
            Typed::Number(n) => Field::Number(n),
            Typed::Date(d) => Field::Date(d),
            Typed::Bool(b) => Field::Bool(b),
            Typed::List(separator) => Field::List(Items { text: self.text(column), separator }),
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}
