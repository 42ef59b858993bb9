//! Rows that could not be used come back to whoever sent them: as a sheet with the reasons, and in the bytes of their
//! file, to be mended and fed back.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot set up has failed

mod support;

use std::fmt::Write as _;

use support::{MINIMAL_CAMPAIGN, Shop};

fn cp932(text: &str) -> Vec<u8> {
    encoding_rs::SHIFT_JIS.encode(text).0.into_owned()
}

fn utf16(text: &str) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

/// An operator has a CP932 export with a byte that is no character. The rejects in the file's own bytes open in a
/// Japanese Excel as the export does; mended there and given to the same campaign, they are printed.
#[test]
fn rejects_of_a_cp932_file_come_back_in_its_own_bytes() {
    let mut bytes = cp932("顧客番号,氏名,備考\r\n0001,花子,\"a,\r\nb\"\r\n0002,");
    bytes.extend(b"\x93\xFF");
    bytes.extend(cp932(",髙橋\r\n,健,\"c\"\"d\"\r\n0004,翔\r\n"));
    let shop = Shop::minimal(&bytes);
    let campaign = MINIMAL_CAMPAIGN
        .replace("customer_id", "顧客番号")
        .replace("key =", "columns = { name = { from = \"氏名\" } }\nencoding = \"cp932\"\nkey =");
    shop.write("campaign.toml", campaign.as_bytes());
    shop.surimono(&["run", "campaign.toml"]).ends_with(1).tells("read 4 = printed 1");
    let mut expected = cp932("顧客番号,氏名,備考\r\n0002,");
    expected.extend(b"\x93\xFF");
    expected.extend(cp932(",髙橋\r\n,健,\"c\"\"d\"\r\n0004,翔\r\n"));
    assert_eq!(shop.read("out/rejects.original.csv"), expected);
    // Column by column the sheet has what stands there, also in columns that the campaign does not name.
    let sheet = shop.text("out/rejects.csv");
    assert!(sheet.contains("0002,\\x93\\xFF,髙橋,customers.csv,3,4,undecodable,"), "{sheet}");

    let at = expected.windows(2).position(|w| w == b"\x93\xFF").unwrap();
    expected.splice(at..at + 2, cp932("次郎"));
    let mended = String::from_utf8(encoding_rs::SHIFT_JIS.decode(&expected).0.into_owned().into_bytes()).unwrap();
    let mended = mended.replace("\r\n,健", "\r\n0003,健").replace("0004,翔", "0004,翔,");
    shop.write("customers.csv", &cp932(&mended));
    shop.surimono(&["run", "campaign.toml", "--out", "again"]).ends_with(0).tells("read 3 = printed 3");
    assert!(!shop.list("again").iter().any(|f| f.contains("rejects")), "{:?}", shop.list("again"));
}

/// Titles above the names, tabs and UTF-16 stay what they are.
#[test]
fn what_stands_above_the_rows_comes_back_with_them() {
    let text = "会員一覧\t\t\r\n2026-11-21\t\t\r\ncustomer_id\tname\tpoints\r\n1\t花子\t12\r\n2\t健\tx\r\n";
    let shop = Shop::minimal(&utf16(text));
    let campaign =
        MINIMAL_CAMPAIGN.replace("key =", "header_row = 3\ncolumns = { points = { type = \"integer\" } }\nkey =");
    shop.write("campaign.toml", campaign.as_bytes());
    shop.surimono(&["run", "campaign.toml"]).ends_with(1);
    let expected = "会員一覧\t\t\r\n2026-11-21\t\t\r\ncustomer_id\tname\tpoints\r\n2\t健\tx\r\n";
    assert_eq!(shop.read("out/rejects.original.tsv"), utf16(expected));
    shop.write("customers.csv", &utf16(&expected.replace("\tx", "\t7")));
    shop.surimono(&["run", "campaign.toml", "--out", "again"]).ends_with(0).tells("read 1 = printed 1");
}

/// A file without a row of names begins with its first row, and so do its rejects.
#[test]
fn rejects_of_a_file_without_a_header_have_none() {
    let shop = Shop::minimal(b"1,A\r\n2\r\n3,C\r\n");
    let campaign = MINIMAL_CAMPAIGN.replace("key =", "header = [\"customer_id\", \"name\"]\nkey =");
    shop.write("campaign.toml", campaign.as_bytes());
    shop.surimono(&["run", "campaign.toml"]).ends_with(1).tells("read 3 = printed 2");
    assert_eq!(shop.text("out/rejects.original.csv"), "2\r\n");
}

/// Lines of orders that there are not, lines with faulty cells, and products that come twice: every one is in its sheet,
/// however many there are.
#[test]
fn all_rows_that_are_left_out_of_joined_tables_are_given_back() {
    let shop = Shop::minimal(b"customer_id,name\n1,\xe8\x8a\xb1\n2,\xe5\xad\x90\n");
    let tables = r#"[tables.lines]
file = "lines.csv"
of = { order = "orders" }
columns = { n = { type = "integer" } }
faults = { unknown_key = "POLICY" }

[tables.orders]
file = "orders.csv"
key = "order"

[piece.lists.lines]
from = "lines"
by = "order"
is = "customer_id"

[piece]
"#;
    let mut lines = "order,n,note\n".to_owned();
    for i in 0..30_000 {
        let (order, n) = (if i % 2 == 0 { "A" } else { "Z" }, if i % 3 == 0 { "many" } else { "1" });
        let _ = writeln!(lines, "{order},{n},{i}");
    }
    shop.write("lines.csv", lines.as_bytes());
    shop.write("orders.csv", b"order,day\nA,1\nB,2\nA,3\n");
    for policy in ["reject", "warn"] {
        let campaign = MINIMAL_CAMPAIGN.replace("[piece]\n", &tables.replace("POLICY", policy));
        shop.write("campaign.toml", campaign.as_bytes());
        shop.surimono(&["run", "campaign.toml", "--force"]).ends_with(0);
        let rows = |name: &str| shop.text(&format!("out/{name}")).lines().count() - 1;
        assert_eq!(shop.text("out/rejects-orders.original.csv"), "order,day\nA,3\n");
        // Of the 20,000 lines that can be read, half lead nowhere.
        if policy == "reject" {
            assert_eq!(rows("rejects-lines.csv"), 20_000);
            assert_eq!(rows("rejects-lines.original.csv"), 20_000);
            let sheet = shop.text("out/rejects-lines.csv");
            assert!(
                sheet.contains("\r\nZ,1,1,lines.csv,3,3,unknown-key,order: orders.csv does not have it,x"),
                "{}",
                &sheet[..600]
            );
            assert!(sheet.contains("\r\nZ,many,3,lines.csv,5,5,not-an-integer,"), "{}", &sheet[..600]);
        } else {
            assert_eq!((rows("rejects-lines.csv"), rows("strays-lines.csv")), (10_000, 10_000));
            assert!(!shop.list("out").contains(&"strays-lines.original.csv".to_owned()));
            assert!(shop.text("out/closing.txt").contains("10,000 rows of lines.csv, in strays-lines.csv"));
        }
    }
}

const FOR_ALL: &str = r#"[campaign]
id = "spring"
title = "春のご案内"
as_of = 2026-11-21
posting_date = 2026-12-01
allow_rejects = "100%"
secret_file = "campaign.key"

[tables.customers]
file = "customers.csv"
encoding = "cp932"
key = "customer_id"
columns = { joined = { type = "date" } }

[tables.orders]
file = "orders.csv"
key = "order"
of = { customer_id = "customers" }

[tables.lines]
file = "lines.csv"
of = { order = "orders" }
columns = { n = { type = "integer" } }
faults = { unknown_key = "reject" }

[[coupons]]
id = "welcome"
title = "500円OFF"
value = { yen = 500 }

[piece.lists.lines]
from = "lines"
by = "order"
is = "last_order"

[piece]
template = "card.html"
"#;

const FOR_ALL_CARD: &str = r#"<!DOCTYPE html>
<html lang="ja"><head><title>card</title><style>
@page { size: 100mm 148mm; bleed: 3mm; margin: 0 }
body { margin: 0; font-family: "BIZ UDPGothic"; font-size: 12pt }
.name { position: absolute; left: 10mm; top: 10mm; width: 80mm; height: 60mm }
</style></head><body>
<div class="name">{{ customer.name }} 様 {{ coupon.code }}{% for line in lines %}<br>{{ line.n }}{% endfor %}</div>
</body></html>
"#;

fn for_all() -> Shop {
    let shop = Shop::empty();
    shop.write("campaign.toml", FOR_ALL.as_bytes());
    shop.write("card.html", FOR_ALL_CARD.as_bytes());
    shop.write("campaign.key", &std::fs::read(support::root().join("tests/cases/books/campaign.key")).unwrap());
    let mut customers = cp932(
        "customer_id,name,joined,last_order\r\n0001,山田,2020-01-01,A1\r\n0002,佐藤,2020-13-01,A1\r\n0003,\"鈴木\n一\",2020-01-03,A2\r\n0004,",
    );
    customers.extend(b"\x93\xFF");
    customers
        .extend(cp932(",2020-01-04,A2\r\n0005,高橋\r\n0006,田中,2020-01-06,A1\r\n0007,伊藤,2020-01-07,A1,,more\r\n"));
    shop.write("customers.csv", &customers);
    shop.write("orders.csv", b"order,customer_id\nA1,0001\nA2,0003\n");
    shop.write("lines.csv", b"order,n\nA1,1\nA1,two\nA3,3\nA2,4\n");
    shop
}

/// Row, outcome, piece and code of each line of a manifest.
fn pieces(shop: &Shop, out: &str) -> Vec<String> {
    let text = shop.text(&format!("{out}/manifest.csv"));
    let rows = csv::Reader::from_reader(text.as_bytes()).into_records().map(Result::unwrap).collect::<Vec<_>>();
    rows.iter().map(|r| [&r[1], &r[4], &r[3], &r[12]].join(" ")).collect()
}

/// Mended rows stand in the places of those that they were, in every table: their pieces have the numbers and codes that
/// they would have had. They can be printed with all others or alone.
#[test]
fn mended_sheets_are_fed_back_into_the_places_of_their_rows() {
    let shop = for_all();
    shop.surimono(&["run", "campaign.toml"]).ends_with(0).tells("read 7 = printed 3");
    let sheet = shop.text("out/rejects.csv");
    // C0004 is left as it is: its name is still no text, though it stands there as `\x93\xFF`.
    let mended = sheet.replace("2020-13-01", "2020-12-01").replace("0005,高橋,,,", "0005,髙橋,2020-01-05,A2,");
    assert_ne!(mended, sheet);
    shop.write("mended.csv", mended.as_bytes());
    let lines = shop.text("out/rejects-lines.csv").replace("A1,two", "A1,2").replace("A3,3", "A2,3");
    shop.write("mended-lines.csv", lines.as_bytes());
    let both = ["--mended", "mended.csv", "--mended", "mended-lines.csv"];
    shop.surimono(&[&["run", "campaign.toml", "--out", "all"][..], &both].concat())
        .ends_with(0)
        .tells("mended.csv: 2 rows of customers.csv mended, 2 left as they came")
        .tells("read 7 = printed 5");
    let only = shop.surimono(&[&["run", "campaign.toml", "--out", "only", "--only-mended"][..], &both].concat());
    only.ends_with(0).tells("read 4 = printed 2");
    let (first, all, only) = (pieces(&shop, "out"), pieces(&shop, "all"), pieces(&shop, "only"));
    for row in first.iter().filter(|r| r.contains(" printed ")) {
        assert!(all.contains(row), "{row} in {all:?}");
    }
    assert!(
        all[1].starts_with("3 printed spring-00000002 ") && all[4].starts_with("6 printed spring-00000005 "),
        "{all:?}"
    );
    assert_eq!(only, [&all[1], &all[3], &all[4], &all[6]].map(String::clone));
    assert!(!shop.list("all").contains(&"rejects-lines.csv".to_owned()), "{:?}", shop.list("all"));
    // What is still wrong is given back again, as it came and as it was mended.
    let again = shop.text("all/rejects.csv");
    assert_eq!(again.lines().count(), 3, "{again}");
    assert!(again.contains("0004,\\x93\\xFF,2020-01-04,A2,customers.csv,5,6,undecodable,"), "{again}");
    // The same decisions, one by one and for all.
    shop.surimono(&[&["decide", "campaign.toml", "-o", "d.jsonl"][..], &both].concat()).ends_with(0);
    let decided = shop.text("d.jsonl");
    let explained = shop.surimono(&[&["explain", "campaign.toml", "0005", "--json"][..], &both].concat()).out;
    assert_eq!(explained.trim(), decided.lines().nth(4).unwrap());
}

/// What a spreadsheet does on saving is undone where it can be, and told where it cannot.
#[test]
fn what_spreadsheets_do_to_a_sheet_does_no_harm() {
    let shop = for_all();
    shop.surimono(&["run", "campaign.toml"]).ends_with(0);
    let sheet = shop.text("out/rejects.csv").replace("2020-13-01", "2020-12-01");
    // Opened by a double click and saved: the zeros are gone, and it is CP932 now.
    let saved = sheet.trim_start_matches('\u{feff}').replace("\r\n000", "\r\n");
    shop.write("saved.csv", &cp932(&saved));
    shop.surimono(&["run", "campaign.toml", "--out", "all", "--mended", "saved.csv"])
        .ends_with(0)
        .tells("4 cells read as before a spreadsheet changed what they show")
        .tells("printed 4");
    assert!(shop.text("all/manifest.csv").contains(",0002,2026-12-01"), "{}", shop.text("all/manifest.csv"));
    // Characters that CP932 lacks are question marks now: nobody is written to as `??`.
    shop.write("lost.csv", sheet.replace("高橋", "??").as_bytes());
    let lost = shop.surimono(&["run", "campaign.toml", "--out", "no", "--mended", "lost.csv"]);
    lost.ends_with(2).tells("mended-lost").tells("CSV UTF-8").does_not_tell("高橋");
    // The file changed meanwhile: row 3 is another one.
    let customers = shop.read("customers.csv");
    let at = customers.windows(6).position(|w| w == b"\r\n0002").unwrap();
    shop.write("customers.csv", &[&customers[..at], b"\r\n0009,,2020-01-09,", &customers[at..]].concat());
    shop.write("mended.csv", sheet.as_bytes());
    let changed = shop.surimono(&["run", "campaign.toml", "--out", "no", "--mended", "mended.csv"]);
    changed.ends_with(2).tells("row 3 of customers.csv is not the row that this one was").tells("has changed since");
    // Something else altogether.
    let other = shop.surimono(&["run", "campaign.toml", "--out", "no", "--mended", "orders.csv"]);
    other.ends_with(2).tells("orders.csv is no sheet of rejects");
    assert!(shop.list("no").is_empty());
}

/// In the order of the post, mended rows come where their new postcodes belong.
#[test]
fn mended_rows_come_in_posting_order_too() {
    let shop = Shop::copy_of(&support::root().join("tests/cases/post-in-order"));
    let customers = shop.text("customers.csv");
    let campaign = shop.text("campaign.toml").replace("title =", "allow_rejects = \"100%\"\ntitle =");
    shop.write("campaign.toml", campaign.as_bytes());
    shop.surimono(&["run", "campaign.toml", "--out", "whole"]).is_made();
    let broken = customers.replacen("C2,", ",", 1).replacen("C5,田中,014-0113", "C5,\"田中,014-0113", 1);
    assert_ne!(broken, customers);
    shop.write("customers.csv", broken.as_bytes());
    shop.surimono(&["run", "campaign.toml"]).is_made();
    let mended: Vec<String> = shop
        .text("out/rejects.csv")
        .lines()
        // The row with the open quotation mark is left as it came.
        .map(|line| line.replacen(",佐藤", "C2,佐藤", usize::from(!line.contains("open-quote"))))
        .collect();
    shop.write("mended.csv", mended.join("\r\n").as_bytes());
    let told = shop.surimono(&["run", "campaign.toml", "--out", "all", "--mended", "mended.csv"]);
    told.is_made();
    let (whole, all) = (pieces(&shop, "whole"), pieces(&shop, "all"));
    let place =
        |rows: &[String], row: &str| rows.iter().filter(|r| r.contains(" printed ")).position(|r| r.starts_with(row));
    assert!(place(&all, "3 ").is_some(), "{all:?}");
    assert_eq!(place(&all, "3 ") < place(&all, "2 "), place(&whole, "3 ") < place(&whole, "2 "), "{all:?}");
    let one = shop.surimono(&["run", "campaign.toml", "--out", "one", "--mended", "mended.csv", "--only-mended"]);
    one.is_made().tells("printed 1");
}
