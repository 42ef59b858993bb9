//! What sold best lately.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::data::table::Table;
use crate::decide::days;
use crate::decide::history::History;

/// The products by units sold.
#[derive(Debug)]
pub struct Ranking {
    pub days: u32,
    /// The best first; equal ones by key. Products of which nothing was sold are not here.
    pub sellers: Vec<Seller>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seller {
    /// Row in the table of products.
    pub row: u32,
    /// Units sold, returns taken off.
    pub units: i64,
}

impl Ranking {
    /// Counts the units sold on the `days` days that end with `as_of`.
    #[must_use]
    pub fn new(history: &History, products: &Table, key: usize, as_of: Date, days: u32) -> Self {
        let since = days::number(as_of).saturating_sub(i32::try_from(days).unwrap_or(i32::MAX)).saturating_add(1);
        let mut units = vec![0i64; products.len() as usize];
        for line in 0..history.len() {
            if history.day(line).is_some_and(|d| d >= since)
                && let Some(sold) = units.get_mut(history.product(line) as usize)
            {
                *sold += history.quantity(line);
            }
        }
        let mut sellers: Vec<Seller> =
            (0u32..).zip(units).filter(|(_, units)| *units > 0).map(|(row, units)| Seller { row, units }).collect();
        sellers.sort_by(|a, b| {
            b.units.cmp(&a.units).then_with(|| products.text(a.row, key).cmp(products.text(b.row, key)))
        });
        Self { days, sellers }
    }

    pub(super) fn because(&self, rank: usize, units: i64, out: &mut String) {
        let _ = write!(out, "{units} sold in {} days, rank {rank}", self.days);
    }
}
