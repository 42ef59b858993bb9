//! Who may not be written to, and why.
//!
//! **The order of the books.** A person is counted under the first that holds: outside the audience, no
//! consent, suppressed (the lists in the order of the campaign), held out, printed. So the hold-out is drawn
//! among those who would have been written to, which is what makes it comparable with them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::data::index::Index;
use crate::data::table::Table;

/// The cause under which those are counted whom the audience's condition leaves out.
pub const OUTSIDE: &str = "outside the audience";
/// The cause under which those are counted who did not agree to be written to.
pub const NO_CONSENT: &str = "no consent";

/// One list of people who must not be written to.
#[derive(Clone, Debug)]
pub struct SuppressPlan {
    /// The table's name in the campaign.
    pub name: Arc<str>,
    /// Its position in the catalog.
    pub table: usize,
    /// The column that names the person or the unit.
    pub column: usize,
    /// Whether `column` holds keys of the unit (an order) rather than of the person.
    pub by_unit: bool,
    /// The column that tells why, if there is one.
    pub cause: Option<usize>,
}

/// A list with its rows.
#[derive(Debug)]
pub struct SuppressList {
    plan: SuppressPlan,
    table: Arc<Table>,
    index: Index,
    /// For each row `list: cause`, or the list's name.
    causes: Vec<Arc<str>>,
}

impl SuppressList {
    #[must_use]
    pub fn new(plan: SuppressPlan, table: Arc<Table>) -> Self {
        let mut known: FxHashMap<&str, Arc<str>> = FxHashMap::default();
        let mut causes = Vec::with_capacity(table.len() as usize);
        for row in 0..table.len() {
            let cause = plan.cause.map_or("", |c| table.text(row, c)).trim();
            let told = known.entry(cause).or_insert_with(|| {
                if cause.is_empty() { Arc::clone(&plan.name) } else { format!("{}: {cause}", plan.name).into() }
            });
            causes.push(Arc::clone(told));
        }
        drop(known);
        Self { index: Index::new(&table, plan.column), causes, plan, table }
    }

    /// Why the person (or the unit) is on this list: the first row that names them.
    #[must_use]
    pub fn cause(&self, person: &str, unit: &str) -> Option<&Arc<str>> {
        let key = if self.plan.by_unit { unit } else { person };
        let row = self.index.rows_of(&self.table, key).first()?;
        self.causes.get(*row as usize)
    }
}
