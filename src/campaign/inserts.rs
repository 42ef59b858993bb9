//! Sheets that go into parcels: one for each parcel, in the order of packing, and what else goes in.

use std::sync::Arc;

use toml::Spanned;

use super::lists::Lists;
use super::resolve::Told;
use super::spec::InsertsSpec;
use super::tables::TableDef;
use crate::base::Diagnostic;
use crate::base::diag::did_you_mean;

/// What the campaign says of them.
#[derive(Clone, Debug, Default)]
pub struct Inserts {
    /// Of rows with the same value in one of these columns, only the first that would be printed gets a piece; with their
    /// names. The first is where the sheet lies.
    pub one_per: Vec<(usize, Arc<str>)>,
    /// Pieces are ordered by this column.
    pub order: Option<usize>,
    pub leaflets: Option<Leaflets>,
}

/// Stocked leaflets to add.
#[derive(Clone, Copy, Debug)]
pub struct Leaflets {
    /// Position of their table.
    pub table: usize,
    /// Position of the list whose rows they are; without one, each row's rule says which pieces it goes with.
    pub list: Option<usize>,
    /// Columns of the table: what a leaflet is called, and where it lies.
    pub name: usize,
    pub bin: usize,
}

pub(super) fn resolve(
    spec: &InsertsSpec,
    tables: &[TableDef],
    unit: Option<usize>,
    lists: Option<&Lists>,
    by_post: bool,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Inserts {
    let Some(unit) = unit.and_then(|u| tables.get(u)) else { return Inserts::default() };
    let mut column = |name: &str, at: std::ops::Range<usize>| {
        let found = unit.schema.position(name);
        if found.is_none() {
            let what = format!("{} has no column `{name}`", unit.label);
            let d = told.error("table-unknown-column", at, what, "not in the file's header");
            faults.push(match did_you_mean(name, unit.schema.columns.iter().map(|c| &*c.name)) {
                Some(like) => d.help(format!("did you mean `{like}`?")),
                None => d,
            });
        }
        found
    };
    let mut one_per = Vec::new();
    for (name, at) in spec.one_per.iter().flat_map(|s| s.get_ref().0.iter().map(|n| (n, s.span()))) {
        one_per.extend(column(name, at).map(|c| (c, Arc::from(name.as_str()))));
    }
    let order = spec.order.as_ref().and_then(|s| column(s.get_ref(), s.span()));
    if let (Some(stated), true) = (&spec.order, by_post) {
        let what = "pieces are ordered by one thing: here, or by postcode in [post]";
        faults.push(told.error("inserts-order", stated.span(), what, "[post] says `order = \"postcode\"`"));
    }
    let leaflets =
        spec.leaflets.as_ref().zip(lists).and_then(|(name, lists)| leaflets(name, tables, lists, told, faults));
    Inserts { one_per, order, leaflets }
}

/// The table or list of this name, with what is needed of it.
fn leaflets(
    stated: &Spanned<String>,
    tables: &[TableDef],
    lists: &Lists,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Leaflets> {
    let list = lists.lists.iter().position(|l| *l.name == **stated.get_ref());
    let own = || tables.iter().position(|t| *t.name == **stated.get_ref());
    let Some(position) = list.and_then(|l| Some(lists.lists.get(l)?.table)).or_else(own) else {
        let what = format!("there is no table and no list `{}`", stated.get_ref());
        let d = told.error("list-unknown", stated.span(), what, "expected a name of [tables] or of [piece.lists]");
        let names = lists.lists.iter().map(|l| &*l.name).chain(tables.iter().map(|t| &*t.name));
        faults.push(match did_you_mean(stated.get_ref(), names) {
            Some(like) => d.help(format!("did you mean `{like}`?")),
            None => d,
        });
        return None;
    };
    let table = tables.get(position)?;
    let column = |name: &str| table.schema.position(name);
    let (Some(name), Some(bin)) = (table.key, column("bin")) else {
        let what = format!(
            "the table `{}` needs a `key` and a column `bin`, to say what to add and where it lies",
            table.name
        );
        faults.push(told.error("inserts-leaflets", stated.span(), what, "leaflets of this table"));
        return None;
    };
    if list.is_none() && column("where").is_none() {
        let what = format!("the table `{}` needs a column `where`, to say what goes with which piece", table.name);
        let d = told.error("inserts-leaflets", stated.span(), what, "leaflets of this table");
        faults.push(
            d.help("write a rule in each row, such as `order.total >= 5000`; an empty one goes with every piece"),
        );
        return None;
    }
    Some(Leaflets { table: position, list, name, bin })
}
