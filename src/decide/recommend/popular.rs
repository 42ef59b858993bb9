//! What sold best lately.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::data::table::Table;
use crate::decide::days;
use crate::decide::history::History;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Units sold, returns taken off.
    Units,
    /// People who bought and kept it.
    People,
}

/// The products by units sold, or by the people who bought them.
#[derive(Debug)]
pub struct Ranking {
    pub days: u32,
    count: Count,
    /// The best first; equal ones by key. Products of which nothing was sold are not here.
    pub sellers: Vec<Seller>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seller {
    /// Row in the table of products.
    pub row: u32,
    /// Units sold, returns taken off; or people.
    pub units: i64,
}

impl Ranking {
    /// Without purchases.
    #[must_use]
    pub fn none(days: u32) -> Self {
        Self { days, count: Count::Units, sellers: Vec::new() }
    }

    /// Counts what was sold on the `days` days that end with `as_of`.
    #[must_use]
    pub fn new(history: &History, products: &Table, key: usize, as_of: Date, days: u32, count: Count) -> Self {
        let since = days::number(as_of).saturating_sub(i32::try_from(days).unwrap_or(i32::MAX)).saturating_add(1);
        let mut units = vec![0i64; products.len() as usize];
        match count {
            Count::Units => {
                for line in 0..history.len() {
                    if history.day(line).is_some_and(|d| d >= since)
                        && let Some(sold) = units.get_mut(history.product(line) as usize)
                    {
                        *sold += history.quantity(line);
                    }
                }
            }
            Count::People => {
                let mut own = Vec::new();
                for lines in history.people() {
                    own.clear();
                    let kept = lines.iter().copied().filter(|l| history.kept_since(*l, since));
                    own.extend(kept.map(|l| history.product(l)));
                    own.sort_unstable();
                    own.dedup();
                    for product in &own {
                        if let Some(people) = units.get_mut(*product as usize) {
                            *people += 1;
                        }
                    }
                }
            }
        }
        let mut sellers: Vec<Seller> =
            (0u32..).zip(units).filter(|(_, units)| *units > 0).map(|(row, units)| Seller { row, units }).collect();
        sellers.sort_by(|a, b| {
            b.units.cmp(&a.units).then_with(|| products.text(a.row, key).cmp(products.text(b.row, key)))
        });
        Self { days, count, sellers }
    }

    pub(super) fn because(&self, rank: usize, units: i64, out: &mut String) {
        let what = match self.count {
            Count::Units => "sold",
            Count::People if units == 1 => "person bought it",
            Count::People => "people bought it",
        };
        let _ = write!(out, "{units} {what} in {} days, rank {rank}", self.days);
    }
}
