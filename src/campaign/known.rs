//! What the template of a campaign can be given, for holding it against what the template reads: the same
//! names that `batch::context` builds for each record.

use std::collections::BTreeMap;

use super::lists::Lists;
use super::spec::Spec;
use crate::decide::Plan;
use crate::decide::tables::{Catalog, singular};
use crate::template::contract::Known;

/// Rows hang in rows to this depth, as in `batch::context`.
const DEPTH: u8 = 2;

pub(super) fn known(spec: &Spec, catalog: &Catalog, plan: &Plan, lists: &Lists) -> Known {
    let mut top: BTreeMap<String, Known> = BTreeMap::new();
    let mut put = |name: &str, known: Known| {
        top.insert(name.to_owned(), known);
    };
    let values = |names: &[&str]| Known::fields(names.iter().map(|n| (*n, Known::Value)));
    put("campaign", values(&["id", "title", "as_of", "posting_date"]));
    put("piece", if spec.piece.url.is_some() { values(&["id", "url"]) } else { values(&["id"]) });
    put("segment", Known::Value);
    if plan.segmentations().next().is_some() {
        put("segments", Known::fields(plan.segmentations().map(|name| (name, Known::Value))));
    }
    if spec.post.as_ref().is_some_and(|p| p.ken_all.is_some()) {
        put("postal_barcode", Known::Value);
    }
    if !spec.audience.arms.is_empty() {
        put("arm", Known::Value);
    }
    let store = || {
        let Known::Fields(mut fields) = Known::columns(&catalog.tables[plan.stores()?].schema) else { return None };
        fields.insert("km".to_owned(), Known::Value);
        fields.insert("second".to_owned(), Known::Value);
        Some(Known::Fields(fields))
    };
    if plan.has_coupons() {
        let coupon = || {
            let names = ["id", "title", "code", "expires", "terms", "symbol", "symbol_type", "slot"];
            let bound = plan.products().filter(|_| plan.binds_coupons());
            let values = names.iter().filter(|n| **n != "slot" || bound.is_some()).map(|n| (*n, Known::Value));
            let values = values.chain(bound.map(|products| ("product", row(catalog, products, 0))));
            Known::fields(values.chain(store().map(|s| ("store", s))))
        };
        put("coupon", coupon());
        put("coupons", Known::Rows(Box::new(coupon())));
    }
    if let Some(store) = store() {
        put("store", store);
    }
    if let (Some(slots), Some(products)) = (&spec.slots, plan.products()) {
        let pick = || {
            Known::fields(
                [("product", row(catalog, products, 0))]
                    .into_iter()
                    .chain(["by", "because", "note"].map(|name| (name, Known::Value))),
            )
        };
        for name in &slots.names {
            put(name.get_ref(), pick());
        }
        put("picks", Known::rows(pick()));
    }
    let unit = &catalog.tables[plan.unit()];
    for join in &unit.joins {
        let name = singular(&join.to);
        if let Some(to) = catalog.position(&join.to).filter(|_| name != "store" || plan.stores().is_none()) {
            put(&name, row(catalog, to, 0));
        }
    }
    if let Some((to, at)) = catalog.customers_of(plan.unit())
        && at.through.is_some()
    {
        put(&singular(&catalog.tables[to].name), row(catalog, to, 0));
    }
    for list in &lists.lists {
        put(&list.name, Known::rows(row(catalog, list.table, 0)));
    }
    put(&singular(&unit.name), Known::columns(&unit.schema));
    Known::Fields(top)
}

fn row(catalog: &Catalog, position: usize, depth: u8) -> Known {
    let table = &catalog.tables[position];
    let Known::Fields(mut fields) = Known::columns(&table.schema) else { return Known::Anything };
    if depth < DEPTH {
        for join in &table.joins {
            if let Some(to) = catalog.position(&join.to) {
                fields.insert(singular(&join.to), row(catalog, to, depth + 1));
            }
        }
    }
    Known::Fields(fields)
}
