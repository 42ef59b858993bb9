//! The campaign's tables as the rules see them: names, columns, keys and joins first ([`Catalog`], all that
//! checking needs), the rows later.

use std::sync::Arc;

use crate::data::schema::Schema;
use crate::data::table::Table;

/// One table of the campaign, without its rows.
#[derive(Clone, Debug)]
pub struct TableInfo {
    /// As in `[tables.NAME]`.
    pub name: Arc<str>,
    pub schema: Arc<Schema>,
    /// The column of its key.
    pub key: Option<usize>,
    pub joins: Vec<Join>,
}

/// A column that holds keys of another table: one entry of `of = { column = "table" }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    pub column: usize,
    /// The name of the other table.
    pub to: Arc<str>,
}

/// All tables of a campaign, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    pub tables: Vec<TableInfo>,
}

impl Catalog {
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|t| &*t.name == name)
    }

    #[must_use]
    pub fn named(&self, name: &str) -> Option<&TableInfo> {
        self.position(name).map(|i| &self.tables[i])
    }

    /// The table whose rows go by this name in rules: `customer` for `customers`.
    #[must_use]
    pub fn by_singular(&self, word: &str) -> Option<usize> {
        self.tables.iter().position(|t| singular(&t.name) == word)
    }
}

/// Where rows of the unit's table name a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonAt {
    /// The unit's column with the person's key, or with the key of the row that says it.
    pub column: usize,
    /// The table of that row and its column with the person's key: a shipment's order.
    pub through: Option<(usize, usize)>,
}

impl Catalog {
    /// The table of customers and where rows of the table at `unit` name one: in a column of their own, or through a row
    /// that they belong to, the first table of `of` that is joined with the customers.
    #[must_use]
    pub fn customers_of(&self, unit: usize) -> Option<(usize, PersonAt)> {
        let customers = self.position("customers").filter(|c| *c != unit)?;
        let info = self.tables.get(unit)?;
        if let Some(column) = info.join_to("customers") {
            return Some((customers, PersonAt { column, through: None }));
        }
        info.joins.iter().find_map(|join| {
            let between = self.position(&join.to).filter(|t| *t != unit)?;
            let then = self.tables.get(between)?.join_to("customers")?;
            Some((customers, PersonAt { column: join.column, through: Some((between, then)) }))
        })
    }
}

impl TableInfo {
    /// The column through which rows of this table belong to rows of `table`.
    #[must_use]
    pub fn join_to(&self, table: &str) -> Option<usize> {
        self.joins.iter().find(|j| &*j.to == table).map(|j| j.column)
    }
}

/// The rows of the tables that a plan needs, by their position in the catalog; `None` for the others.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    rows: Vec<Option<Arc<Table>>>,
}

impl Tables {
    /// `rows` has an entry for each table of the catalog, in its order.
    #[must_use]
    pub fn new(rows: Vec<Option<Arc<Table>>>) -> Self {
        Self { rows }
    }

    #[must_use]
    pub fn get(&self, position: usize) -> Option<&Arc<Table>> {
        self.rows.get(position)?.as_ref()
    }

    pub(super) fn into_rows(self) -> Vec<Option<Arc<Table>>> {
        self.rows
    }
}

/// The name of one row of a table: `customers` → `customer`, `categories` → `category`, `news` stays when it
/// has no other plural. Tables with names in other scripts keep theirs.
#[must_use]
pub fn singular(table: &str) -> String {
    if let Some(stem) = table.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if let Some(stem) = table.strip_suffix("sses") {
        return format!("{stem}ss");
    }
    if table.ends_with("ss") {
        return table.to_owned();
    }
    table.strip_suffix('s').unwrap_or(table).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_named_in_the_singular() {
        for (table, row) in
            [("customers", "customer"), ("categories", "category"), ("address", "address"), ("会員", "会員")]
        {
            assert_eq!(singular(table), row);
        }
    }
}
