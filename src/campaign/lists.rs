//! Lists for the template: which rows of which tables stand under which name.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;

use super::resolve::Told;
use super::spec::ListSpec;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};
use crate::decide::tables::{Catalog, PersonAt, singular};

/// All lists, ordered so that each stands behind the one that it needs.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    pub lists: Vec<List>,
}

/// Rows of one table whose column `by` holds the key.
#[derive(Clone, Debug)]
pub struct List {
    pub name: Arc<str>,
    /// Position in the catalog.
    pub table: usize,
    pub by: usize,
    pub is: KeyFrom,
    pub limit: usize,
    /// The number of its condition on rows, among those of the plan.
    pub rule: Option<usize>,
    /// Of rows with the same value in this column only the first is listed.
    pub one_per: Option<usize>,
    /// Rows whose cell in the column shares an item with what stands there are left out.
    pub never: Vec<(usize, Apart)>,
}

/// What a row of a list must share nothing with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// A column of the record.
    Record { column: usize },
    /// A column of the row that the record's column `via` means in another table.
    Joined { via: usize, table: usize, column: usize },
    /// A column of the customer whom the record names through another row: a shipment's order.
    Customer { at: PersonAt, table: usize, column: usize },
    /// A column of an earlier list's rows.
    List { list: usize, column: usize },
}

/// Where the keys of a list come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFrom {
    /// A column of the record.
    Record { column: usize },
    /// A column of each row of an earlier list; a key that occurs twice is looked up once.
    List { list: usize, column: usize },
}

/// Rows in one list when the campaign states no limit: a piece of paper does not hold more.
const DEFAULT_LIMIT: usize = 1000;

/// The conditions on the rows of lists, each with its table's name, for the plan.
pub(super) fn rules(specs: &BTreeMap<Spanned<String>, ListSpec>) -> Vec<(&Spanned<String>, &Spanned<String>)> {
    specs.values().filter_map(|s| Some((&s.from, s.condition.as_ref()?))).collect()
}

impl Lists {
    pub(super) fn resolve(
        specs: &BTreeMap<Spanned<String>, ListSpec>,
        catalog: &Catalog,
        unit: usize,
        source: &Arc<SourceText>,
        faults: &mut Vec<Diagnostic>,
    ) -> Self {
        let told = Told { source };
        let mut lists: Vec<List> = Vec::new();
        let mut waiting: Vec<(&Spanned<String>, &ListSpec)> = specs.iter().collect();
        // Conditions are numbered as `rules` hands them over.
        let ruled: Vec<&str> =
            specs.iter().filter(|(_, s)| s.condition.is_some()).map(|(n, _)| n.get_ref().as_str()).collect();
        // A list that draws on another waits for it; what still waits at the end draws on nothing.
        loop {
            let before = waiting.len();
            waiting.retain(|(name, spec)| {
                let from_list = spec.is.get_ref().split_once('.');
                if let Some((other, _)) = from_list
                    && !lists.iter().any(|l| &*l.name == other)
                {
                    return true;
                }
                // What it must share nothing with may be a list too.
                let owners = spec.never_with.values().filter_map(|w| w.get_ref().split_once('.'));
                let waits = |other: &str| {
                    specs.keys().any(|k| k.get_ref() == other)
                        && other != name.get_ref()
                        && !lists.iter().any(|l| &*l.name == other)
                };
                if owners.into_iter().any(|(other, _)| waits(other)) {
                    return true;
                }
                let rule = ruled.iter().position(|n| *n == name.get_ref());
                let list = one(name, spec, &lists, catalog, unit, told, faults);
                lists.extend(list.map(|list| List { rule, ..list }));
                false
            });
            if waiting.len() == before {
                break;
            }
        }
        for (_, spec) in waiting {
            let d = told.error(
                "list-unknown",
                spec.is.span(),
                format!("`{}` draws on a list that there is not", spec.is.get_ref()),
                "expected a column of the record, or `list.column` of another list",
            );
            let wanted = spec.is.get_ref().split('.').next().unwrap_or("");
            faults.push(match did_you_mean(wanted, specs.keys().map(|k| k.get_ref().as_str())) {
                Some(like) if like != wanted => d.help(format!("did you mean `{like}`?")),
                _ => d,
            });
        }
        Self { lists }
    }
}

fn one(
    name: &Spanned<String>,
    spec: &ListSpec,
    earlier: &[List],
    catalog: &Catalog,
    unit: usize,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<List> {
    let Some(table) = catalog.position(spec.from.get_ref()) else {
        let d = told.error(
            "table-unknown",
            spec.from.span(),
            format!("there is no table `{}`", spec.from.get_ref()),
            "unknown table",
        );
        faults.push(match did_you_mean(spec.from.get_ref(), catalog.tables.iter().map(|t| &*t.name)) {
            Some(like) => d.help(format!("did you mean `{like}`?")),
            None => d,
        });
        return None;
    };
    let by = column(catalog, table, spec.by.get_ref(), &spec.by, told, faults);
    let is = match spec.is.get_ref().split_once('.') {
        None => {
            column(catalog, unit, spec.is.get_ref(), &spec.is, told, faults).map(|column| KeyFrom::Record { column })
        }
        Some((list, wanted)) => earlier.iter().position(|l| &*l.name == list).and_then(|list| {
            let column = column(catalog, earlier[list].table, wanted, &spec.is, told, faults)?;
            Some(KeyFrom::List { list, column })
        }),
    };
    Some(List {
        name: name.get_ref().as_str().into(),
        table,
        by: by?,
        is: is?,
        limit: spec.limit.unwrap_or(DEFAULT_LIMIT),
        rule: None,
        one_per: spec.one_per.as_ref().and_then(|c| column(catalog, table, c.get_ref(), c, told, faults)),
        never: spec
            .never_with
            .iter()
            .filter_map(|(of, with)| {
                let of = column(catalog, table, of.get_ref(), of, told, faults);
                of.zip(apart(with, earlier, catalog, unit, told, faults))
            })
            .collect(),
    })
}

/// `allergies`, `customer.allergies`, `lines.product_id`.
fn apart(
    with: &Spanned<String>,
    earlier: &[List],
    catalog: &Catalog,
    unit: usize,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Apart> {
    let Some((owner, wanted)) = with.get_ref().split_once('.') else {
        return column(catalog, unit, with.get_ref(), with, told, faults).map(|column| Apart::Record { column });
    };
    if let Some(list) = earlier.iter().position(|l| &*l.name == owner) {
        let column = column(catalog, earlier[list].table, wanted, with, told, faults)?;
        return Some(Apart::List { list, column });
    }
    let info = &catalog.tables[unit];
    if owner == singular(&info.name) {
        return column(catalog, unit, wanted, with, told, faults).map(|column| Apart::Record { column });
    }
    let far = catalog.customers_of(unit).filter(|c| c.1.through.is_some() && owner == "customer");
    if let Some((table, at)) = far {
        let column = column(catalog, table, wanted, with, told, faults)?;
        return Some(Apart::Customer { at, table, column });
    }
    let joined = info.joins.iter().find(|j| singular(&j.to) == owner);
    let Some((via, table)) = joined.and_then(|j| Some((j.column, catalog.position(&j.to)?))) else {
        let what = format!("`{owner}` is neither a list above nor a row that the record belongs to");
        let d = told.error("list-unknown", with.span(), what, "expected `customer.column` or `list.column`");
        let known = earlier.iter().map(|l| l.name.to_string()).chain(info.joins.iter().map(|j| singular(&j.to)));
        let known: Vec<String> = known.collect();
        faults.push(match did_you_mean(owner, known.iter().map(String::as_str)) {
            Some(like) => d.help(format!("did you mean `{like}`?")),
            None => d,
        });
        return None;
    };
    let column = column(catalog, table, wanted, with, told, faults)?;
    Some(Apart::Joined { via, table, column })
}

fn column(
    catalog: &Catalog,
    table: usize,
    wanted: &str,
    place: &Spanned<String>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let info = &catalog.tables[table];
    let found = info.schema.position(wanted);
    if found.is_none() {
        let d = told.error(
            "table-unknown-column",
            place.span(),
            format!("the table `{}` has no column `{wanted}`", info.name),
            "unknown column",
        );
        faults.push(match did_you_mean(wanted, info.schema.columns.iter().map(|c| &*c.name)) {
            Some(like) => d.help(format!("did you mean `{like}`?")),
            None => d,
        });
    }
    found
}
