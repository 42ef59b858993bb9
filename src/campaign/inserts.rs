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
    /// Of rows with the same value in this column, only the first that would be printed gets a piece; with its name.
    pub one_per: Option<(usize, Arc<str>)>,
    /// Pieces are ordered by this column.
    pub order: Option<usize>,
    pub leaflets: Option<Leaflets>,
}

/// Stocked leaflets to add.
#[derive(Clone, Copy, Debug)]
pub struct Leaflets {
    /// Position of the list whose rows they are.
    pub list: usize,
    /// Columns of the list's table: what a leaflet is called, and where it lies.
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
    let mut column = |stated: &Option<Spanned<String>>| {
        let stated = stated.as_ref()?;
        let found = unit.schema.position(stated.get_ref());
        if found.is_none() {
            let what = format!("{} has no column `{}`", unit.label, stated.get_ref());
            let d = told.error("table-unknown-column", stated.span(), what, "not in the file's header");
            faults.push(match did_you_mean(stated.get_ref(), unit.schema.columns.iter().map(|c| &*c.name)) {
                Some(like) => d.help(format!("did you mean `{like}`?")),
                None => d,
            });
        }
        found
    };
    let one_per = column(&spec.one_per).zip(spec.one_per.as_ref().map(|s| s.get_ref().as_str().into()));
    let order = column(&spec.order);
    if let (Some(stated), true) = (&spec.order, by_post) {
        let what = "pieces are ordered by one thing: here, or by postcode in [post]";
        faults.push(told.error("inserts-order", stated.span(), what, "[post] says `order = \"postcode\"`"));
    }
    let leaflets = spec.leaflets.as_ref().zip(lists).and_then(|(stated, lists)| {
        let Some(list) = lists.lists.iter().position(|l| *l.name == **stated.get_ref()) else {
            let what = format!("there is no list `{}`", stated.get_ref());
            let d = told.error("list-unknown", stated.span(), what, "expected a name of [piece.lists]");
            faults.push(match did_you_mean(stated.get_ref(), lists.lists.iter().map(|l| &*l.name)) {
                Some(like) => d.help(format!("did you mean `{like}`?")),
                None => d,
            });
            return None;
        };
        let table = lists.lists.get(list).and_then(|l| tables.get(l.table))?;
        let bin = table.schema.position("bin");
        let (Some(name), Some(bin)) = (table.key, bin) else {
            let what = format!(
                "the table `{}` needs a `key` and a column `bin`, to say what to add and where it lies",
                table.name
            );
            faults.push(told.error("inserts-leaflets", stated.span(), what, "leaflets of this list"));
            return None;
        };
        Some(Leaflets { list, name, bin })
    });
    Inserts { one_per, order, leaflets }
}
