//! Joins: the rows of a table by a foreign key, and the row that each foreign key means.

use super::cell;
use super::lookup::Lookup;
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
    column: usize,
    /// Text numbers of the column by group: `groups[g]` is a text that the group's rows have.
    texts: Vec<u32>,
    lookup: Lookup,
    /// `rows[starts[g]..starts[g + 1]]` are the rows of group `g`.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Index {
    /// Groups the rows of `table` by their text in `column` (blanks around it do not count; empty cells
    /// belong to no group).
    #[must_use]
    pub fn new(table: &Table, column: usize) -> Self {
        let mut index =
            Self { column, texts: Vec::new(), lookup: Lookup::default(), starts: vec![0], rows: Vec::new() };
        let Some(texts) = table.texts(column) else { return index };
        // Each different text is hashed once; rows then only count.
        let mut group_of_text = vec![u32::MAX; texts.count() as usize];
        for (number, group) in (0u32..).zip(&mut group_of_text) {
            let text = cell::trim(texts.at(number));
            if text.is_empty() {
                continue;
            }
            let of_group = |g: u32| index.texts.get(g as usize).map_or("", |n| cell::trim(texts.at(*n)));
            *group = match index.lookup.find(text, of_group) {
                Some(found) => found,
                None => {
                    let new = index.texts.len() as u32;
                    index.lookup.insert(text, new, of_group);
                    index.texts.push(number);
                    new
                }
            };
        }
        let group_of = |row| texts.of_row(row).and_then(|n| group_of_text.get(n as usize)).filter(|g| **g != u32::MAX);
        let mut starts = vec![0u32; index.texts.len() + 1];
        for group in (0..table.len()).filter_map(group_of) {
            starts[*group as usize + 1] += 1;
        }
        for g in 1..starts.len() {
            starts[g] += starts[g - 1];
        }
        let mut next = starts.clone();
        index.rows = vec![0; starts.last().map_or(0, |n| *n as usize)];
        for row in 0..table.len() {
            if let Some(group) = group_of(row) {
                let at = &mut next[*group as usize];
                index.rows[*at as usize] = row;
                *at += 1;
            }
        }
        index.starts = starts;
        index.texts.shrink_to_fit();
        index
    }

    /// The rows whose foreign key is `key`, in the order of the file. `table` is the one that was indexed.
    #[must_use]
    pub fn rows_of(&self, table: &Table, key: &str) -> &[u32] {
        let Some(texts) = table.texts(self.column) else { return &[] };
        let of_group = |g: u32| self.texts.get(g as usize).map_or("", |n| cell::trim(texts.at(*n)));
        let Some(group) = self.lookup.find(cell::trim(key), of_group) else { return &[] };
        let g = group as usize;
        match (self.starts.get(g), self.starts.get(g + 1)) {
            (Some(from), Some(to)) => self.rows.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The number of a key, below [`Self::count`].
    #[must_use]
    pub fn group(&self, table: &Table, key: &str) -> Option<u32> {
        let texts = table.texts(self.column)?;
        self.lookup.find(cell::trim(key), |g| self.texts.get(g as usize).map_or("", |n| cell::trim(texts.at(*n))))
    }

    /// How many different keys there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.texts.len()
    }

    /// The rows of a key by its number, in the order of the file.
    #[must_use]
    pub fn rows_in(&self, group: u32) -> &[u32] {
        let g = group as usize;
        match (self.starts.get(g), self.starts.get(g + 1)) {
            (Some(from), Some(to)) => self.rows.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The different keys, in the order of their first rows, each with its rows.
    pub fn groups<'a>(&'a self, table: &'a Table) -> impl Iterator<Item = (&'a str, &'a [u32])> {
        self.texts.iter().zip(self.starts.iter().zip(self.starts.iter().skip(1))).map(|(number, (from, to))| {
            let key = table.texts(self.column).map_or("", |t| cell::trim(t.at(*number)));
            (key, self.rows.get(*from as usize..*to as usize).unwrap_or_default())
        })
    }

    /// Rows whose key is not `known`; where the first `limit` of them stand.
    pub fn strays(&self, table: &Table, limit: usize, known: impl Fn(&str) -> bool) -> Strays {
        let mut rows: Vec<u32> = Vec::new();
        for (key, of_key) in self.groups(table) {
            if !known(key) {
                rows.extend_from_slice(of_key);
            }
        }
        rows.sort_unstable();
        Strays { rows: rows.len() as u64, first: rows.iter().take(limit).map(|r| table.origin(*r)).collect() }
    }

    /// Bytes of memory that the index holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        (self.texts.capacity() + self.starts.capacity() + self.rows.capacity()) * 4 + self.lookup.bytes()
    }
}

/// For each row of one table the row of another that its foreign key means: the product of each purchase.
#[derive(Debug)]
pub struct Join {
    /// By row of the first table; `u32::MAX` finds nothing.
    to: Vec<u32>,
    strays: Strays,
}

impl Join {
    /// Looks up the texts of `from`'s `column` in the key column of `to`; lists up to `limit` strays. An
    /// empty cell means no row and is no stray.
    #[must_use]
    pub fn new(from: &Table, column: usize, to: &Table, limit: usize) -> Self {
        let mut join = Self { to: Vec::new(), strays: Strays::default() };
        let Some(texts) = from.texts(column) else { return join };
        let found: Vec<Option<u32>> = (0..texts.count()).map(|n| to.find(texts.at(n))).collect();
        join.to.reserve_exact(from.len() as usize);
        for row in 0..from.len() {
            let number = texts.of_row(row).unwrap_or(u32::MAX);
            let target = found.get(number as usize).copied().flatten();
            if target.is_none() && !cell::trim(texts.at(number)).is_empty() {
                join.strays.rows += 1;
                if join.strays.first.len() < limit {
                    join.strays.first.push(from.origin(row));
                }
            }
            join.to.push(target.unwrap_or(u32::MAX));
        }
        join
    }

    /// The rows of the first table whose key finds nothing.
    pub fn stray_rows<'a>(&'a self, from: &'a Table, column: usize) -> impl Iterator<Item = u32> + 'a {
        (0..from.len())
            .filter(move |row| self.row_of(*row).is_none() && !cell::trim(from.text(*row, column)).is_empty())
    }

    /// The row of the other table that `row` belongs to.
    #[must_use]
    pub fn row_of(&self, row: u32) -> Option<u32> {
        self.to.get(row as usize).copied().filter(|r| *r != u32::MAX)
    }

    #[must_use]
    pub fn strays(&self) -> &Strays {
        &self.strays
    }
}
