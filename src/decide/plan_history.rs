//! The table of purchases and that of products: which columns mean what.

use super::plan::Compiler;
use super::rule::HistoryColumns;
use super::spec::HistorySpec;
use super::tables::Catalog;
use crate::base::Diagnostic;
use crate::data::schema::{Kind, Schema};

/// The table that the purchases' product keys belong to.
pub(super) fn products_of(catalog: &Catalog, history: Option<HistoryColumns>) -> Option<usize> {
    let h = history?;
    let table = catalog.tables.get(h.table)?;
    let join = table.joins.iter().find(|j| Some(j.column) == h.product)?;
    catalog.position(&join.to)
}

/// The column of the usual name, or else the only one of its kind.
pub(super) fn usual(schema: &Schema, name: &str, kind: Kind) -> Option<usize> {
    usual_named(schema, name, kind).or_else(|| only(schema, kind))
}

/// The only column of a kind.
pub(super) fn only(schema: &Schema, kind: Kind) -> Option<usize> {
    let mut of_kind = (0..schema.columns.len()).filter(|c| schema.columns[*c].kind == kind);
    of_kind.next().filter(|_| of_kind.next().is_none())
}

pub(super) fn usual_named(schema: &Schema, name: &str, kind: Kind) -> Option<usize> {
    schema.position(name).filter(|c| schema.columns[*c].kind == kind)
}

impl Compiler<'_, '_> {
    pub(super) fn history(&mut self, person_table: usize) -> Option<HistoryColumns> {
        let input = self.input;
        let default = HistorySpec::default();
        let spec = input.history.unwrap_or(&default);
        let table = match &spec.table {
            Some(name) => self.table(name)?,
            None => input.catalog.position("purchases")?,
        };
        let info = &input.catalog.tables[table];
        let people = &input.catalog.tables[person_table];
        // Only whoever needs purchases is told what is wrong with them.
        let needed =
            input.history.is_some() || input.slots.is_some() || input.segments.is_some_and(|s| s.rfm.is_some());
        let key_name = people.key.map(|k| &*people.schema.columns[k].name);
        let person = info.join_to(&people.name).or_else(|| info.schema.position(key_name?));
        let Some(person) = person else {
            if needed {
                self.faults.push(
                    Diagnostic::error(
                        "plan-history",
                        format!("nothing joins the table `{}` with `{}`", info.name, people.name),
                    )
                    .help(format!("write `of = {{ … = \"{}\" }}` in [tables.{}]", people.name, info.name)),
                );
            }
            return None;
        };
        let date = match &spec.date {
            Some(name) => self.typed(name, info, &[Kind::Date], "a date"),
            None => usual(&info.schema, "bought_at", Kind::Date),
        };
        let amount = match &spec.amount {
            Some(name) => self.typed(name, info, &[Kind::Money, Kind::Integer], "an amount of money"),
            None => usual(&info.schema, "amount", Kind::Money)
                .or_else(|| usual_named(&info.schema, "amount", Kind::Integer)),
        };
        let quantity = match &spec.quantity {
            Some(name) => self.typed(name, info, &[Kind::Integer], "a whole number"),
            None => usual_named(&info.schema, "quantity", Kind::Integer),
        };
        let Some(date) = date else {
            if needed && spec.date.is_none() {
                self.faults.push(
                    Diagnostic::error(
                        "plan-history",
                        format!("no column of `{}` is the day of the purchase", info.name),
                    )
                    .help(format!(
                        "give one the type `date` under [tables.{}.columns], and name it in [history] if there \
                             are several",
                        info.name
                    )),
                );
            }
            return None;
        };
        let products = input.slots.and_then(|s| s.table.as_ref()).map_or("products", |t| t.get_ref().as_str());
        let product = info.join_to(products);
        Some(HistoryColumns { table, person, product, date, quantity, amount })
    }

    /// The table that `product` means.
    pub(super) fn products(&mut self, history: Option<HistoryColumns>) -> Option<usize> {
        match self.input.slots {
            Some(slots) => match &slots.table {
                Some(name) => self.table(name),
                None => {
                    let found = self.input.catalog.position("products");
                    if found.is_none() {
                        self.faults.push(
                            Diagnostic::error("plan", "there is no table `products` to fill slots from")
                                .help("declare [tables.products], or name the table: `slots.table = \"…\"`"),
                        );
                    }
                    found
                }
            },
            None => products_of(self.input.catalog, history),
        }
    }
}
