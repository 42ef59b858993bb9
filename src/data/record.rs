//! One row of a table: its texts and what they mean.

use std::sync::Arc;

use jiff::civil::Date;

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

    #[must_use]
    pub fn field(&self, column: usize) -> Field<'_> {
        match self.typed[column] {
            Typed::Missing => Field::Missing,
            Typed::Text => Field::Text(self.text(column)),
            Typed::Integer(i) => Field::Integer(i),
            Typed::Number(n) => Field::Number(n),
            Typed::Date(d) => Field::Date(d),
            Typed::Bool(b) => Field::Bool(b),
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
