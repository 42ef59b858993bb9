//! What is told about rules that cannot be followed.

use std::sync::Arc;

use jiff::civil::date;

use super::{Fault, HistoryColumns, Program, Scope};
use crate::data::schema::{Column, Kind, Schema};
use crate::decide::tables::{Catalog, Join, TableInfo};

fn table(name: &str, columns: &[(&str, Kind)], joins: &[(usize, &str)]) -> TableInfo {
    let columns = columns
        .iter()
        .map(|(name, kind)| Column { name: (*name).into(), kind: *kind, required: false, purpose: None })
        .collect();
    TableInfo {
        name: name.into(),
        schema: Arc::new(Schema { columns }),
        key: Some(0),
        joins: joins.iter().map(|(column, to)| Join { column: *column, to: (*to).into() }).collect(),
    }
}

fn catalog() -> Catalog {
    let customers = [
        ("customer_id", Kind::Text),
        ("status", Kind::Text),
        ("points", Kind::Integer),
        ("birth_date", Kind::Date),
        ("consent_dm", Kind::Bool),
        ("likes", Kind::List),
    ];
    let products = [("product_id", Kind::Text), ("category", Kind::Text), ("stock", Kind::Integer)];
    let purchases = [("customer_id", Kind::Text), ("product_id", Kind::Text), ("bought_at", Kind::Date)];
    Catalog {
        tables: vec![
            table("customers", &customers, &[]),
            table("products", &products, &[]),
            table("purchases", &purchases, &[(0, "customers"), (1, "products")]),
        ],
    }
}

fn compile(text: &str) -> Result<Program, Vec<Fault>> {
    let catalog = catalog();
    let history = HistoryColumns { table: 2, person: 0, product: Some(1), date: 2, quantity: None, amount: None };
    let scope = Scope {
        catalog: &catalog,
        unit: Some(0),
        history: Some(history),
        products: Some(1),
        stores: None,
        product: true,
        store: false,
        rfm: true,
        segment: true,
        arm: false,
        past: false,
        row: None,
        names: super::Names::default(),
        as_of: date(2026, 11, 21),
        posting_date: date(2026, 12, 1),
    };
    Program::compile(text, &scope)
}

/// The only fault: the text at its place, the message and the help.
fn fault(text: &str) -> (String, String, String) {
    let found = compile(text).expect_err(text);
    assert_eq!(found.len(), 1, "{text}: {found:#?}");
    let f = &found[0];
    (text[f.span.clone()].to_owned(), f.message.clone(), f.help.clone().unwrap_or_default())
}

#[test]
fn unknown_names_are_told_with_the_likely_one() {
    let (place, message, help) = fault("customer.statsu == \"active\"");
    assert_eq!(place, "statsu");
    assert!(message.contains("the table `customers` has no column `statsu`"), "{message}");
    assert_eq!(help, "did you mean `status`?");
    assert_eq!(fault("custmer.status == \"a\"").2, "did you mean `customer`?");
    assert_eq!(fault("rfm.x > 1").0, "x");
    assert_eq!(fault("boght(product)").2, "did you mean `bought`?");
    assert_eq!(fault("bought(categry = \"a\")").2, "did you mean `category`?");
    assert!(fault("store.km < 3").1.contains("[nearest_store]"));
    assert!(fault("customer").1.contains("whole row"));
    assert!(fault("customer.status.name").1.contains("below"));
}

#[test]
fn kinds_that_do_not_fit_are_told() {
    for (text, place) in [
        ("customer.points == \"3\"", "customer.points == \"3\""),
        ("customer.birth_date < \"2026-01-01\"", "customer.birth_date < \"2026-01-01\""),
        ("customer.points && true", "customer.points"),
        ("!customer.status", "customer.status"),
        ("customer.status + 1 > 2", "customer.status"),
        ("customer.consent_dm > false", "customer.consent_dm > false"),
        ("customer.status in [\"a\", 3]", "3"),
        ("customer.status in customer.status", "customer.status"),
        ("posting_date - customer.birth_date > 3", "posting_date - customer.birth_date"),
        ("age(customer.points) > 3", "customer.points"),
        ("date(\"2026-02-30\") < posting_date", "\"2026-02-30\""),
        ("customer.consent_dm ? 1 : \"a\"", "\"a\""),
        ("bought(product, within = 180)", "180"),
        ("3 days == 4", "3 days"),
        ("[1] == 2", "[1]"),
        ("size(customer.status, 2) > 1", "size(customer.status, 2)"),
        ("customer.points in [customer.points]", "customer.points"),
        ("customer.likes == \"a\"", "customer.likes == \"a\""),
        ("customer.likes.contains(\"a\")", "customer.likes"),
        ("3 in customer.likes", "3"),
    ] {
        assert_eq!(fault(text).0, place, "{text}");
    }
    assert!(fault("customer.points == \"3\"").2.contains("without quotes"));
    assert!(fault("customer.likes.contains(\"a\")").2.contains("in customer.interests"));
    assert!(fault("customer.status == 3").2.contains("give the column a type"));
}

#[test]
fn all_faults_of_a_rule_are_told_at_once() {
    let found = compile("customer.a == 1 && customer.b == 2 || age(customer.points) > c").expect_err("four faults");
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn long_rules_are_no_trouble() {
    let long = vec!["customer.points == 1"; 150].join(" || ");
    assert!(compile(&long).is_ok());
    let list = format!("customer.points in [{}]", vec!["1"; 10_000].join(","));
    assert!(compile(&list).is_ok());
}
