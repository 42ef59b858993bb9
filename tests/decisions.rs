//! Decisions as a file: written by `decide`, followed by `run --decisions`.
#![allow(clippy::unwrap_used)] // a test that cannot read what was made has failed

mod support;

use support::{Shop, root};

fn sample() -> Shop {
    Shop::copy_of(&root().join("sample-data/autumn-dm"))
}

fn same_folders(shop: &Shop, a: &str, b: &str) {
    assert_eq!(shop.list(a), shop.list(b));
    for name in shop.list(a) {
        assert!(
            shop.read(&format!("{a}/{name}")) == shop.read(&format!("{b}/{name}")),
            "{b}/{name} differs from {a}/{name}"
        );
    }
}

#[test]
fn decide_then_run_makes_the_bytes_of_run() {
    let shop = sample();
    shop.surimono(&["decide", "campaign.toml", "-o", "one.jsonl", "--threads", "1"]).ends_with(0).tells("read 2,0");
    shop.surimono(&["decide", "campaign.toml", "-o", "two.jsonl", "--threads", "2"]).ends_with(0);
    assert!(shop.read("one.jsonl") == shop.read("two.jsonl"), "the threads show");
    let lines = shop.text("one.jsonl");
    let rows = shop.read("data/customers.csv").iter().filter(|b| **b == b'\n').count() - 1;
    assert_eq!(lines.lines().count(), rows, "a line for each row");
    shop.surimono(&["run", "campaign.toml", "--limit", "300", "--out", "a"]).is_made();
    // The order of the lines does not matter.
    let mut turned: Vec<&str> = lines.lines().collect();
    turned.reverse();
    turned.rotate_left(700);
    shop.write("turned.jsonl", turned.join("\n").as_bytes());
    shop.surimono(&["run", "campaign.toml", "--limit", "300", "--out", "b", "--decisions", "turned.jsonl"]).is_made();
    same_folders(&shop, "a", "b");
    // Ids only: no customer's name stands in it.
    let names = shop.read("data/customers.csv");
    let (names, _, _) = encoding_rs::SHIFT_JIS.decode(&names);
    let column = names.lines().next().unwrap().split(',').position(|c| c == "name").unwrap();
    for name in names.lines().skip(1).filter_map(|l| l.split(',').nth(column)).filter(|n| n.chars().count() > 2) {
        assert!(!lines.contains(name), "a name stands in the decisions");
    }
}

#[test]
fn inserts_for_orders_go_the_same_way() {
    let shop = sample();
    shop.surimono(&["decide", "inserts.toml", "-o", "orders.jsonl"]).is_made();
    assert!(shop.text("orders.jsonl").starts_with("{\"piece\":"), "a line");
    assert!(shop.text("orders.jsonl").contains("\"order\":\""));
    shop.surimono(&["run", "inserts.toml", "--limit", "60", "--out", "a"]).is_made();
    shop.surimono(&["run", "inserts.toml", "--limit", "60", "--out", "b", "--decisions", "orders.jsonl"]).is_made();
    same_folders(&shop, "a", "b");
}

#[test]
fn what_an_editor_changes_is_printed() {
    let shop = sample();
    shop.surimono(&["decide", "campaign.toml", "-o", "d.jsonl", "--limit", "40"]).is_made();
    let lines = shop.text("d.jsonl");
    let first = lines.lines().find(|l| l.contains("\"outcome\":\"print\"")).unwrap();
    let line: serde_json::Value = serde_json::from_str(first).unwrap();
    let (piece, key) = (line["piece"].as_str().unwrap(), line["customer"].as_str().unwrap());
    let edited = format!("{{\"customer\":\"{key}\",\"outcome\":\"suppressed\",\"cause\":\"the shop's wish\"}}");
    shop.write("d.jsonl", lines.replace(first, &edited).as_bytes());
    shop.surimono(&["run", "campaign.toml", "--limit", "40", "--decisions", "d.jsonl"])
        .is_made()
        .tells("the shop's wish");
    let row = shop.text("out/manifest.csv").lines().find(|l| l.contains(piece)).unwrap().to_owned();
    assert!(row.contains("suppressed,the shop's wish"), "{row}");
}

#[test]
fn nobody_is_written_to_against_their_will() {
    let shop = sample();
    shop.surimono(&["decide", "campaign.toml", "-o", "d.jsonl", "--limit", "200"]).is_made();
    let lines = shop.text("d.jsonl");
    let of = |words: &str| lines.lines().find(|l| l.contains(words)).unwrap().to_owned();
    let (wanted, unwilling) = (of("\"outcome\":\"print\""), of("\"cause\":\"no consent\""));
    let field = |line: &str, name: &str| {
        serde_json::from_str::<serde_json::Value>(line).unwrap()[name].as_str().unwrap().to_owned()
    };
    let mut forced: serde_json::Value = serde_json::from_str(&wanted).unwrap();
    forced["piece"] = field(&unwilling, "piece").into();
    forced["customer"] = field(&unwilling, "customer").into();
    forced["coupon"].as_object_mut().unwrap().remove("code");
    shop.write("d.jsonl", lines.replace(&unwilling, &forced.to_string()).as_bytes());
    shop.surimono(&["run", "campaign.toml", "--limit", "200", "--decisions", "d.jsonl"]).is_made();
    let piece = field(&unwilling, "piece");
    let row = shop.text("out/manifest.csv").lines().find(|l| l.contains(&piece)).unwrap().to_owned();
    assert!(row.contains("suppressed,no consent"), "{row}");
}
