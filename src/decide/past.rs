//! What was shown in earlier pieces: a table with the person and the products of each piece.

use std::sync::Arc;

use super::days;
use crate::data::index::Index;
use crate::data::record::Field;
use crate::data::table::Table;

/// The table of past pieces as compiled.
#[derive(Clone, Debug)]
pub struct PastPlan {
    pub table: usize,
    /// Columns: whose piece it was, when it was posted, the products that it showed.
    pub person: usize,
    pub date: Option<usize>,
    pub products: Vec<usize>,
    /// A column whose equal texts make several rows one piece; without it, each row is one.
    pub piece: Option<usize>,
}

/// A product that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Row of the product.
    pub product: u32,
    /// In which of the person's pieces: 1 is the latest.
    pub piece: u32,
    /// The day it was posted; the beginning of time when that is not known.
    pub day: i32,
}

/// The past pieces by person.
#[derive(Debug)]
pub struct PastPieces {
    index: Index,
    table: Arc<Table>,
    starts: Vec<u32>,
    shown: Vec<Shown>,
    /// By row of the table: which person.
    groups: Vec<u32>,
}

impl PastPieces {
    /// Reads the table. A person's pieces are ordered by their day, the latest first; of one day, and where
    /// days are not known, the later row is the later piece.
    #[must_use]
    pub fn new(plan: &PastPlan, table: &Arc<Table>, products: &Table) -> Self {
        let index = Index::new(table, plan.person);
        let mut starts = vec![0u32];
        let mut shown = Vec::new();
        let mut groups = vec![u32::MAX; table.len() as usize];
        let mut order: Vec<(i32, u32)> = Vec::new();
        for (group, (_, rows)) in (0u32..).zip(index.groups(table)) {
            order.clear();
            for row in rows.iter().copied() {
                groups[row as usize] = group;
                let day = match plan.date.map(|c| table.field(row, c)) {
                    Some(Field::Date(d)) => days::number(d),
                    _ => i32::MIN,
                };
                order.push((day, row));
            }
            order.sort_unstable_by(|a, b| b.cmp(a));
            let mut pieces: Vec<&str> = Vec::new();
            let mut number = 0;
            for (day, row) in order.iter().copied() {
                let piece = match plan.piece.map(|c| table.text(row, c)) {
                    Some(text) => match pieces.iter().position(|p| *p == text) {
                        Some(at) => u32::try_from(at + 1).unwrap_or(u32::MAX),
                        None => {
                            pieces.push(text);
                            u32::try_from(pieces.len()).unwrap_or(u32::MAX)
                        }
                    },
                    None => {
                        number += 1;
                        number
                    }
                };
                for column in plan.products.iter().copied() {
                    if let Some(product) = products.find(table.text(row, column)) {
                        shown.push(Shown { product, piece, day });
                    }
                }
            }
            starts.push(u32::try_from(shown.len()).unwrap_or(u32::MAX));
        }
        shown.shrink_to_fit();
        Self { index, table: Arc::clone(table), starts, shown, groups }
    }

    /// What was shown to a person.
    #[must_use]
    pub fn of(&self, person: &str) -> &[Shown] {
        let first = self.index.rows_of(&self.table, person).first();
        let Some(group) = first.and_then(|row| self.groups.get(*row as usize)) else { return &[] };
        match (self.starts.get(*group as usize), self.starts.get(*group as usize + 1)) {
            (Some(from), Some(to)) => self.shown.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}
