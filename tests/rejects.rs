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
