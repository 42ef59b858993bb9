//! The products that recommendations start from: what the person bought last, or what is in this order.

use std::sync::Arc;

use crate::data::index::Index;
use crate::data::record::Record;
use crate::data::table::Table;
use crate::decide::rule::{NO_ROW, Scene};

/// So many different products of a person's history are looked at, the latest.
pub const MOST_ITEMS: usize = 20;

/// Which products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// The product last bought that was not returned.
    LastBought,
    /// All that was bought on the day of the last purchase.
    LastBasket,
    /// The last [`MOST_ITEMS`] different products.
    History,
    /// The rows of another table that belong to the record: the lines of an order.
    Lines { name: Arc<str>, table: usize, unit: usize, product: usize },
}

impl To {
    /// Position in the catalog of the table that it needs.
    #[must_use]
    pub fn table(&self) -> Option<usize> {
        match self {
            Self::Lines { table, .. } => Some(*table),
            _ => None,
        }
    }
}

/// One product to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its row in the table of products.
    pub product: u32,
    /// The purchase; [`NO_ROW`] for lines of another table.
    pub line: u32,
    pub day: i32,
}

/// The latest products of a person's history, the latest first (of one day, the last in the file first),
/// each once.
pub fn history(scene: &Scene<'_>, items: &mut Vec<Item>) {
    items.clear();
    let Some(history) = &scene.world.history else { return };
    for line in scene.lines.iter().copied().filter(|l| history.kept_since(*l, i32::MIN + 1)) {
        if let (Some(day), product) = (history.day(line), history.product(line))
            && product != NO_ROW
        {
            items.push(Item { product, line, day });
        }
    }
    items.sort_unstable_by(|a, b| b.day.cmp(&a.day).then_with(|| b.line.cmp(&a.line)));
    let mut kept = 0;
    for i in 0..items.len() {
        let item = items[i];
        if items[..kept].iter().all(|k| k.product != item.product) {
            items[kept] = item;
            kept += 1;
            if kept == MOST_ITEMS {
                break;
            }
        }
    }
    items.truncate(kept);
}

/// Rows of another table that belong to the record that is decided for.
#[derive(Debug)]
pub struct Lines {
    index: Index,
    table: Arc<Table>,
    /// The product of each row.
    products: Vec<u32>,
}

impl Lines {
    #[must_use]
    pub fn new(table: &Arc<Table>, unit: usize, product: usize, products: &Table) -> Self {
        let of = |row| products.find(table.text(row, product)).unwrap_or(NO_ROW);
        Self { index: Index::new(table, unit), products: (0..table.len()).map(of).collect(), table: Arc::clone(table) }
    }

    /// The products of the record with this key, in the order of the file, each once.
    pub fn items(&self, record: &Record, key: usize, items: &mut Vec<Item>) {
        items.clear();
        if key >= record.len() {
            return;
        }
        for row in self.index.rows_of(&self.table, record.text(key)) {
            let product = self.products.get(*row as usize).copied().unwrap_or(NO_ROW);
            if product != NO_ROW && items.len() < MOST_ITEMS && items.iter().all(|i| i.product != product) {
                items.push(Item { product, line: NO_ROW, day: 0 });
            }
        }
    }
}
