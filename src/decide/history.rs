//! What people bought: the table of purchases, read once into what rules ask of it. Lines after `as_of` do
//! not count, and what came back is taken from what was bought.

use std::sync::Arc;

use jiff::civil::Date;

use super::days;
use super::rule::{HistoryColumns, NO_ROW};
use crate::data::index::Index;
use crate::data::record::Field;
use crate::data::table::Table;

/// No day: the line does not count.
const NO_DAY: i32 = i32::MIN;

/// The purchase stands: it was not returned.
const KEPT: u8 = 1;
/// It is the person's first standing purchase of its day.
const OPENS_DAY: u8 = 2;

/// All purchases, by line and by person.
#[derive(Debug)]
pub struct History {
    columns: HistoryColumns,
    table: Arc<Table>,
    lines: Index,
    day: Vec<i32>,
    flags: Vec<u8>,
    product: Vec<u32>,
    quantity: Vec<i32>,
    amount: Vec<i64>,
}

impl History {
    /// Reads all lines. `products` are what the lines' product keys mean.
    ///
    /// **Returns.** A line with a negative quantity (without such a column: a negative amount) takes that many
    /// pieces from the same person's latest earlier purchases of the same product. A purchase of which nothing
    /// is left does not count as bought. Money is simply summed, refunds included.
    #[must_use]
    pub fn new(table: Arc<Table>, columns: HistoryColumns, products: Option<&Table>, as_of: Date) -> Self {
        Self::counting(table, columns, products, as_of, |_| true)
    }

    /// The same of those lines alone that `counts` lets through: without cancelled ones.
    #[must_use]
    pub fn counting(
        table: Arc<Table>,
        columns: HistoryColumns,
        products: Option<&Table>,
        as_of: Date,
        counts: impl Fn(u32) -> bool,
    ) -> Self {
        let rows = table.len();
        let size = rows as usize;
        let mut h = Self {
            columns,
            lines: Index::new(&table, columns.person),
            day: vec![NO_DAY; size],
            flags: vec![0; size],
            product: vec![NO_ROW; size],
            quantity: vec![0; size],
            amount: vec![0; size],
            table,
        };
        let last_day = days::number(as_of);
        for (row, i) in (0..rows).zip(0usize..) {
            let Field::Date(date) = h.table.field(row, columns.date) else { continue };
            let day = days::number(date);
            if day > last_day || !counts(row) {
                continue;
            }
            h.day[i] = day;
            if let Some(Field::Integer(amount)) = columns.amount.map(|c| h.table.field(row, c)) {
                h.amount[i] = amount;
            }
            h.quantity[i] = match columns.quantity.map(|c| h.table.field(row, c)) {
                Some(Field::Integer(n)) => i32::try_from(n).unwrap_or(if n < 0 { i32::MIN } else { i32::MAX }),
                Some(_) | None if h.amount[i] < 0 => -1,
                Some(_) | None => 1,
            };
            if let (Some(column), Some(products)) = (columns.product, products) {
                h.product[i] = products.find(h.table.text(row, column)).unwrap_or(NO_ROW);
            }
        }
        let mut order = Vec::new();
        let mut stack = Vec::new();
        for (_, lines) in h.lines.groups(&h.table).filter(|(person, _)| !person.is_empty()) {
            order.clear();
            order.extend(lines.iter().filter(|l| h.day[**l as usize] != NO_DAY));
            net(&mut order, &mut stack, &h.table, &h.columns, &h.day, &h.quantity, &mut h.flags);
        }
        h
    }

    /// Position of the table in the catalog.
    #[must_use]
    pub fn position(&self) -> usize {
        self.columns.table
    }

    /// A person's lines, in the order of the file.
    #[must_use]
    pub fn lines_of(&self, person: &str) -> &[u32] {
        self.lines.rows_of(&self.table, person)
    }

    /// Every person's lines, in the order in which the file first names them.
    pub fn people(&self) -> impl Iterator<Item = &[u32]> {
        self.lines.groups(&self.table).filter(|(person, _)| !person.is_empty()).map(|(_, lines)| lines)
    }

    /// Whose purchase the line is.
    #[must_use]
    pub fn person(&self, line: u32) -> &str {
        self.table.text(line, self.columns.person).trim()
    }

    /// Forgets lines, as if they came after `as_of`. Whole days of a person only: what was returned on other
    /// days is not worked out anew.
    pub fn hide(&mut self, lines: &[u32]) {
        for line in lines.iter().map(|l| *l as usize) {
            if let (Some(day), Some(flags)) = (self.day.get_mut(line), self.flags.get_mut(line)) {
                (*day, *flags) = (NO_DAY, 0);
            }
        }
    }

    /// Whether the line is a purchase that stands, on or after the day `since`.
    #[must_use]
    pub fn kept_since(&self, line: u32, since: i32) -> bool {
        let i = line as usize;
        self.flags.get(i).is_some_and(|f| f & KEPT != 0) && self.day.get(i).is_some_and(|d| *d >= since)
    }

    /// Whether the line is a standing purchase and the person's first of its day.
    #[must_use]
    pub fn opens_day(&self, line: u32) -> bool {
        self.flags.get(line as usize).is_some_and(|f| f & OPENS_DAY != 0)
    }

    /// The day of a line that counts.
    #[must_use]
    pub fn day(&self, line: u32) -> Option<i32> {
        self.day.get(line as usize).copied().filter(|d| *d != NO_DAY)
    }

    /// The date of a line, for words.
    #[must_use]
    pub fn date(&self, line: u32) -> Option<Date> {
        match self.table.field(line, self.columns.date) {
            Field::Date(d) if line != NO_ROW => Some(d),
            _ => None,
        }
    }

    /// The product's row in its table, or [`NO_ROW`].
    #[must_use]
    pub fn product(&self, line: u32) -> u32 {
        self.product.get(line as usize).copied().unwrap_or(NO_ROW)
    }

    #[must_use]
    pub fn amount(&self, line: u32) -> i64 {
        self.amount.get(line as usize).copied().unwrap_or(0)
    }

    #[must_use]
    pub fn quantity(&self, line: u32) -> i64 {
        self.quantity.get(line as usize).copied().map_or(0, i64::from)
    }

    #[must_use]
    pub fn len(&self) -> u32 {
        self.table.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The last purchase that stands (of those on one day, the last in the file).
    #[must_use]
    pub fn last(&self, lines: &[u32]) -> u32 {
        let standing = lines.iter().filter(|l| self.kept_since(**l, NO_DAY + 1));
        standing.max_by_key(|l| (self.day(**l), **l)).copied().unwrap_or(NO_ROW)
    }
}

/// Takes one person's returns from their purchases and marks what stands.
fn net(
    order: &mut [u32],
    stack: &mut Vec<(u32, i64)>,
    table: &Table,
    columns: &HistoryColumns,
    day: &[i32],
    quantity: &[i32],
    flags: &mut [u8],
) {
    let quantity = |l: u32| i64::from(quantity[l as usize]);
    for l in order.iter().filter(|l| quantity(**l) > 0) {
        flags[*l as usize] = KEPT;
    }
    if order.iter().any(|l| quantity(*l) < 0) {
        let product = |l: u32| columns.product.map_or("", |c| table.text(l, c)).trim();
        // On one day, purchases come before returns.
        order.sort_unstable_by(|a, b| {
            let key = |l: u32| (day[l as usize], quantity(l) < 0, l);
            product(*a).cmp(product(*b)).then_with(|| key(*a).cmp(&key(*b)))
        });
        let mut current: Option<&str> = None;
        for l in order.iter().copied() {
            if current != Some(product(l)) {
                stack.clear();
                current = Some(product(l));
            }
            if quantity(l) > 0 {
                stack.push((l, quantity(l)));
            }
            let mut back = -quantity(l);
            while back > 0
                && let Some((bought, left)) = stack.pop()
            {
                if left > back {
                    stack.push((bought, left - back));
                    break;
                }
                back -= left;
                flags[bought as usize] = 0;
            }
        }
    }
    order.sort_unstable_by_key(|l| (day[*l as usize], *l));
    let mut last = NO_DAY;
    for l in order.iter().map(|l| *l as usize) {
        if flags[l] & KEPT != 0 && day[l] != last {
            last = day[l];
            flags[l] |= OPENS_DAY;
        }
    }
}
