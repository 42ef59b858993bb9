//! What the post wants, as a user meets it: `surimono address`, the customer barcode in a campaign, the posting order,
//! the address side.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot set up has failed

mod support;

use std::io::Write as _;
use std::process::{Command, Stdio};

use support::{Shop, root};

/// A folder with extracts of Japan Post's tables.
fn shop() -> Shop {
    let shop = Shop::empty();
    for name in ["ken_all.csv", "utf_ken_all.csv", "jigyosyo.csv"] {
        shop.write(name, &std::fs::read(root().join("tests/fixtures/postal").join(name)).unwrap());
    }
    shop
}

/// Exit code, standard output, standard error of `surimono address` with a table on standard input.
fn from_table(shop: &Shop, args: &[&str], table: &[u8]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_surimono"))
        .arg("address")
        .args(args)
        .current_dir(shop.path())
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may have ended already when the table is wrong.
    let _ = child.stdin.take().unwrap().write_all(table);
    let out = child.wait_with_output().unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

#[test]
fn an_address_has_its_parts_confidence_reasons_and_bars() {
    let shop = shop();
    let ran = shop.surimono(&[
        "address",
        "060-0906",
        "北海道札幌市東区北六条東4丁目　郵便センター6号館",
        "--ken-all",
        "ken_all.csv",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    assert_eq!(
        ran.out,
        "\
postcode    060-0906
prefecture  北海道
city        札幌市東区
town        北六条東
number      4丁目
building    郵便センター6号館
confidence  exact
            municipality and town are those of the postcode [town]
barcode     06009064-6
characters  STC 0 6 0 0 9 0 6 4 - 6 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 9 SPC
bars        1314432114414441114432112341432143243243243243243243243243243241131
"
    );
}

#[test]
fn a_refused_address_is_told_with_reason_and_advice() {
    let shop = shop();
    let ran = shop.surimono(&[
        "address",
        "060-0000",
        "北海道札幌市中央区大通西1丁目",
        "--ken-all",
        "utf_ken_all.csv",
        "--json",
    ]);
    assert_eq!(ran.code, 1, "refused");
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["confidence"], "wrong");
    assert_eq!(told["reasons"][0]["code"], "unlisted");
    assert_eq!(told["suggested"][0], "060-0042");
    assert!(told["barcode"].is_null());
    assert_eq!(told["parts"]["town"], "大通西");
}

#[test]
fn a_table_is_told_row_by_row_in_either_encoding() {
    let shop = shop();
    let table = "会員,郵便番号,住所\nC1,110-0016,東京都台東区台東5-6-3　ABCビル10F\nC2,060-0000,北海道札幌市中央区大通西1丁目\n";
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(table);
    let mut told = Vec::new();
    for bytes in [table.as_bytes(), &cp932] {
        let (code, out, err) = from_table(&shop, &["--ken-all", "ken_all.csv"], bytes);
        assert_eq!(code, 0, "{err}");
        assert!(err.contains("1 addresses get no customer barcode"), "{err}");
        told.push(out);
    }
    assert_eq!(told[0], told[1]);
    let lines: Vec<&str> = told[0].lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with(
        "2,110-0016,\"東京都\",\"台東区\",\"台東\",\"5-6-3\",\"ABCビル10F\",exact,town,,11000165-6-3-10,9,13"
    ));
    assert!(lines[2].starts_with("3,060-0000,") && lines[2].ends_with(",wrong,unlisted,060-0042,,,"), "{}", lines[2]);
    // without a header, and as JSON lines
    let (code, out, _) =
        from_table(&shop, &["--ken-all", "ken_all.csv", "--json"], "1100016,東京都台東区台東5-6-3\n".as_bytes());
    assert_eq!((code, out.lines().count()), (0, 1));
}

#[test]
fn what_is_missing_or_wrong_is_told_and_nothing_is_guessed() {
    let shop = shop();
    let ran = shop.surimono(&["address", "100-0013", "東京都千代田区霞が関1"]);
    assert_eq!(ran.code, 2);
    assert!(ran.told.contains("postcodes-absent") && ran.told.contains("--ken-all"), "{}", ran.told);
    let ran = shop.surimono(&["address", "100-0013", "東京都", "--ken-all", "jigyosyo.csv"]);
    assert_eq!(ran.code, 2);
    assert!(ran.told.contains("this looks like JIGYOSYO.CSV"), "{}", ran.told);
    let ran = shop.surimono(&["address", "100-0013", "東京都", "--ken-all", "nowhere.csv"]);
    assert_eq!(ran.code, 2);
    let ran = shop.surimono(&["address", "100-0013", "--ken-all", "ken_all.csv"]);
    assert_eq!(ran.code, 2);
    for (table, word) in [("a,b\n1,2\n", "address-columns"), ("", "no-rows")] {
        let (code, _, err) = from_table(&shop, &["--ken-all", "ken_all.csv"], table.as_bytes());
        assert_eq!(code, 2);
        assert!(err.contains(word), "{err}");
    }
}
