//! Joins: the rows of a table by a foreign key, and the row that each foreign key means.

use super::table::Table;
use crate::base::Origin;

/// Foreign keys that find nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strays {
    /// How many rows.
    pub rows: u64,
    /// Where the first of them stand, in the order of the file.
    pub first: Vec<Origin>,
}

/// The rows of a table by the texts of one of its columns: the purchases of each customer.
#[derive(Debug)]
pub struct Index {
    rows: Vec<u32>,
}

impl Index {
    /// Groups the rows of `table` by their text in `column` (blanks around it do not count).
    #[must_use]
    pub fn new(table: &Table, column: usize) -> Self {
        let _ = (table, column);
        Self { rows: Vec::new() }
    }

    /// The rows whose foreign key is `key`, in the order of the file. `table` is the one that was indexed.
    #[must_use]
    pub fn rows_of(&self, table: &Table, key: &str) -> &[u32] {
        let _ = (table, key);
        &self.rows
    }
}

/// For each row of one table the row of another that its foreign key means: the product of each purchase.
#[derive(Debug)]
pub struct Join {
    strays: Strays,
}

impl Join {
    /// Looks up the texts of `from`'s `column` in the key column of `to`; lists up to `limit` strays. An
    /// empty cell means no row and is no stray.
    #[must_use]
    pub fn new(from: &Table, column: usize, to: &Table, limit: usize) -> Self {
        let _ = (from, column, to, limit);
        Self { strays: Strays::default() }
    }

    /// The row of the other table that `row` belongs to.
    #[must_use]
    pub fn row_of(&self, row: u32) -> Option<u32> {
        let _ = row;
        None
    }

    #[must_use]
    pub fn strays(&self) -> &Strays {
        &self.strays
    }
}
