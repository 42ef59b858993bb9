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

const CAMPAIGN: &str = r#"[campaign]
id = "dm"
title = "DM"
as_of = 2026-11-21
posting_date = 2026-12-01
allow_rejects = "100%"

[tables.customers]
file = "customers.csv"
key = "id"

[piece]
template = "card.html"

[post]
ken_all = "ken_all.csv"
jigyosyo = "jigyosyo.csv"
postcode = "postcode"
address = ["address", "building"]
bundle = 2
"#;

const CARD: &str = "<!DOCTYPE html><html lang=\"ja\"><head><style>@page { size: 100mm 148mm; margin: 10mm } \
                    </style></head><body><p>{{ customer.name }} 様</p><p>{{ postal_barcode }}</p></body></html>";

/// Rows in no order, a key twice, a row that cannot be read, no postcode, one that is not exact.
const CUSTOMERS: &str = "\
id,name,postcode,address,building
C1,山田,407-0033,山梨県韮崎市龍岡町下條南割,韮崎400
C2,佐藤,060-0906,北海道札幌市東区北六条東4丁目,郵便センター6号館
C3,鈴木,060-0000,北海道札幌市中央区大通西1丁目,
C4,高橋,,東京都千代田区霞が関1-3-2,
C5,田中,014-0113,秋田県大仙市堀見内,\"南田茂木
添60-1\"
C6,broken,\"open
C2,佐藤,060-0906,北海道札幌市東区北六条東4丁目,
C7,伊藤,065-0006,北海道札幌市東区北六条東8丁目,10号館
C8,渡辺,060-0906,札幌市東区北6条東4-5,
";

fn campaign(extra: &str) -> Shop {
    let shop = shop();
    shop.write("campaign.toml", format!("{CAMPAIGN}{extra}").as_bytes());
    shop.write("card.html", CARD.as_bytes());
    shop.write("customers.csv", CUSTOMERS.as_bytes());
    shop
}

/// The outcome of each row as the manifest lists it: source row, outcome.
fn manifest(shop: &Shop, out: &str) -> Vec<String> {
    let text = shop.text(&format!("{out}/manifest.csv"));
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let head = rows.headers().unwrap().clone();
    let at = |name: &str| head.iter().position(|h| h == name).unwrap_or_else(|| panic!("{name} in {head:?}"));
    let (row, outcome) = (at("source_row"), at("outcome"));
    rows.records().map(|r| r.unwrap()).map(|r| format!("{} {}", &r[row], &r[outcome])).collect()
}

#[test]
fn each_piece_has_its_barcode_and_what_is_refused_is_noted_without_personal_data() {
    let shop = campaign("");
    let ran = shop.surimono(&["run", "campaign.toml", "--out", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    assert_eq!(
        shop.text("out/posting.csv"),
        "district,pieces,bundles,barcoded\nnone,1,1,0\n014-01,1,1,1\n060,3,2,2\n065,1,1,1\n407,1,1,1\n"
    );
    let notes = shop.text("out/notes.csv");
    assert!(notes.contains("postal-barcode-refused") && notes.contains("unlisted"), "{notes}");
    assert!(notes.contains("060-0042 may be meant"), "{notes}");
    for never in ["山田", "大通西", "鈴木", "龍岡町"] {
        assert!(!notes.contains(never), "{never} in {notes}");
    }
    assert!(!shop.list("out").contains(&"slips.csv".to_owned()), "no bundles without the order");
    if let Ok(read) = Command::new("pdftotext").arg("-raw").arg(shop.path().join("out/dm.pdf")).arg("-").output() {
        let text = String::from_utf8(read.stdout).unwrap();
        for value in ["4070033400", "06009064-6", "014011360-1", "06500068-10", "06009064-5"] {
            assert!(text.contains(value), "{value} in {text}");
        }
    }
}

#[test]
fn a_campaign_may_reject_what_is_not_exact() {
    let shop = campaign("inexact = \"reject\"\n");
    let ran = shop.surimono(&["run", "campaign.toml", "--out", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    assert_eq!(ran.told.matches("postal-inexact").count(), 1, "{}", ran.told);
    let rejects = shop.text("out/rejects.csv");
    assert!(rejects.contains("postal-inexact") && rejects.contains("for places that are not listed"), "{rejects}");
}

#[test]
fn pieces_come_in_the_order_of_their_postcodes_with_any_number_of_threads() {
    let shop = campaign("order = \"postcode\"\n");
    let mut files = Vec::new();
    for (threads, out) in [("1", "one"), ("2", "two"), ("2", "again")] {
        let ran = shop.surimono(&["run", "campaign.toml", "--threads", threads, "--out", out]);
        assert_eq!(ran.code, 0, "{}", ran.told);
        assert!(ran.told.contains("misses 区分郵便物"), "{}", ran.told);
        let made: Vec<(String, Vec<u8>)> =
            shop.list(out).into_iter().map(|f| (f.clone(), shop.read(&format!("{out}/{f}")))).collect();
        files.push(made);
    }
    assert_eq!(files[0].iter().map(|f| &f.0).collect::<Vec<_>>(), files[1].iter().map(|f| &f.0).collect::<Vec<_>>());
    assert!(files[0] == files[1] && files[1] == files[2], "the same bytes");
    // what cannot be read first, then postcodes, then what has none; of one postcode in the order of the file
    assert_eq!(
        manifest(&shop, "one"),
        [
            "7 rejected",
            "6 printed",
            "4 printed",
            "3 printed",
            "8 rejected",
            "10 printed",
            "9 printed",
            "2 printed",
            "5 printed"
        ]
    );
    let rejects = shop.text("one/rejects.csv");
    assert!(rejects.contains("the key of row 3 again"), "{rejects}");
    assert_eq!(
        shop.text("one/slips.csv"),
        "\
slip,district,bundle,of,pieces,first_piece,last_piece
1,014-01,1,1,1,dm-00000005,dm-00000005
2,060,1,2,2,dm-00000003,dm-00000002
3,060,2,2,1,dm-00000009,dm-00000009
4,065,1,1,1,dm-00000008,dm-00000008
5,407,1,1,1,dm-00000001,dm-00000001
6,none,1,1,1,dm-00000004,dm-00000004
"
    );
    let report: serde_json::Value = serde_json::from_str(&shop.text("one/posting.json")).unwrap();
    assert_eq!((&report["pieces"], &report["districts"], &report["postage_yen"]), (&7.into(), &4.into(), &595.into()));
    assert_eq!(report["rates_valid_from"], "2024-10-01");
    // a part of the file, in the same order
    let ran = shop.surimono(&["run", "campaign.toml", "--records", "2..5", "--out", "part"]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    assert_eq!(manifest(&shop, "part"), ["6 printed", "4 printed", "3 printed", "5 printed"]);
}

#[test]
fn thresholds_are_met_by_the_campaigns_own_rates() {
    let shop = campaign("order = \"postcode\"\nrates = \"rates.toml\"\nmail = \"card\"\n");
    shop.write(
        "rates.toml",
        "valid_from = 2027-01-01\nsource = \"a contract\"\nmail = [{ name = \"card\", yen = 100 }]\n\
         [[discount]]\nname = \"sorted\"\ntitle = \"sorted\"\nneeds = [\"order\"]\n\
         steps = [{ pieces = 5, percent = 10 }, { pieces = 50, percent = 20 }]\n"
            .as_bytes(),
    );
    let ran = shop.surimono(&["run", "campaign.toml", "--out", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    assert!(ran.told.contains("meets  sorted: 10 % of 6 pieces, 60 yen less"), "{}", ran.told);
    let report: serde_json::Value = serde_json::from_str(&shop.text("out/posting.json")).unwrap();
    assert_eq!(report["discounts"][0]["next"]["missing"], 44);
}

#[test]
fn what_post_names_must_be_there() {
    for (extra, code) in [
        ("mail = \"parcel\"\n", "post-mail"),
        ("bundle_size = 3\n", "bundle_size"),
        ("rates = \"none.toml\"\n", "none.toml"),
        ("address_page = 0\n", "post-page"),
    ] {
        let shop = campaign(extra);
        let ran = shop.surimono(&["check", "campaign.toml"]);
        assert_eq!(ran.code, 2, "{extra}");
        assert!(ran.told.contains(code), "{extra} {}", ran.told);
    }
    let shop = campaign("");
    for (from, to, word) in [
        ("postcode = \"postcode\"", "postcode = \"postcod\"", "did you mean `postcode`?"),
        ("ken_all = \"ken_all.csv\"", "ken_all = \"nowhere.zip\"", "fetch it from Japan Post"),
        ("ken_all = \"ken_all.csv\"", "ken_all = \"jigyosyo.csv\"", "this looks like JIGYOSYO.CSV"),
        ("postcode = \"postcode\"", "", "post-postcode"),
        ("\"address\", ", "\"stores.address\", ", "post-column"),
    ] {
        shop.write("campaign.toml", CAMPAIGN.replace(from, to).as_bytes());
        let ran = shop.surimono(&["check", "campaign.toml"]);
        assert_eq!(ran.code, 2, "{to}");
        assert!(ran.told.contains(word), "{to} {}", ran.told);
    }
}

/// An address side that keeps all rules, but for what `change` does to it; the card's second page is blank.
fn side(change: (&str, &str), extra: &str) -> (Shop, support::Ran) {
    let card = r#"<!DOCTYPE html><html lang="ja"><head><style>
@page { size: 100mm 148mm; margin: 0 }
body { margin: 0; font-family: "BIZ UDPGothic"; font-size: 8pt; line-height: 1.2 }
div { position: absolute }
</style></head><body>
<div style="left: 40mm; top: 3mm; width: 20mm; text-align: center">郵便はがき</div>
<div data-post="postcode" style="left: 44.3mm; top: 12mm; width: 5.7mm; height: 8mm; background: #f88"></div>
<div data-post="postcode" style="left: 86.3mm; top: 12mm; width: 5.7mm; height: 8mm; background: #f88"></div>
<div style="left: 50mm; top: 30mm; width: 40mm">{{ customer.address }}<br>{{ customer.name }} 様</div>
<div data-post="barcode" style="left: 10mm; top: 100mm; width: 79.8mm; height: 3.6mm; background: #000"></div>
<div data-post="sender" style="left: 10mm; top: 130mm; width: 60mm">京都府宇治市宇治16-5 小萩堂</div>
</body></html>"#;
    assert!(card.contains(change.0), "{}", change.0);
    let shop = campaign(&format!("address_page = 1\n{extra}"));
    shop.write("card.html", card.replace(change.0, change.1).as_bytes());
    let ran = shop.surimono(&["check", "campaign.toml"]);
    (shop, ran)
}

#[test]
fn an_address_side_that_keeps_the_rules_is_told_nothing() {
    let (shop, ran) = side(("", ""), "");
    assert_eq!(ran.code, 0, "{}", ran.told);
    assert!(!shop.list(".").iter().any(|f| f.contains("address-side")));
}

#[test]
fn check_fails_with_the_place_and_a_picture_where_an_address_side_breaks_a_rule() {
    for (change, extra, code, place) in [
        (("郵便はがき", "お知らせ"), "", "post-words", "charged as a letter"),
        (("left: 50mm; top: 30mm", "left: 10mm; top: 30mm"), "", "post-corner", "x 10.0 y 30."),
        (("data-post=\"sender\"", ""), "", "post-sender", "no sender"),
        (("top: 100mm", "top: 126mm"), "", "post-barcode-quiet", "within 2 mm of the customer barcode"),
        (
            ("left: 10mm; top: 100mm", "left: 5mm; top: 100mm"),
            "",
            "post-barcode-edge",
            "x 5.0 y 100.0 mm, 79.8 × 3.6 mm",
        ),
        (("", ""), "postage = \"paid\"\n", "post-postage", "料金別納"),
        (("郵便はがき", "お知らせ"), "kind = \"letter\"\n", "", ""),
        (("left: 86.3mm; top: 12mm", "left: 86.3mm; top: 9mm"), "", "post-boxes", "must stand 12 and 8 mm"),
    ] {
        let (shop, ran) = side(change, extra);
        if code.is_empty() {
            assert_eq!(ran.code, 0, "{change:?} {extra} {}", ran.told);
            continue;
        }
        assert_eq!(ran.code, 2, "{change:?} {extra} {}", ran.told);
        assert!(ran.told.contains(code) && ran.told.contains(place), "{code} {place} {}", ran.told);
        let png = shop.read("address-side-1.png");
        let picture = image::load_from_memory(&png).unwrap().to_rgb8();
        assert_eq!((picture.width(), picture.height()), (591, 874), "100 × 148 mm at 150 dpi");
        assert!(!ran.told.contains("山田") && !ran.told.contains("龍岡町"), "nothing of the person is told");
    }
    // the frame lies where the message says
    let (shop, ran) = side(("left: 10mm; top: 100mm", "left: 5mm; top: 100mm"), "");
    assert_eq!(ran.code, 2);
    let picture = image::load_from_memory(&shop.read("address-side-1.png")).unwrap().to_rgb8();
    let at = |x: f32, y: f32| picture.get_pixel((x * 150.0 / 25.4).round() as u32, (y * 150.0 / 25.4).round() as u32).0;
    assert_eq!(at(5.0, 102.0), [220, 0, 0]);
    assert_eq!(at(10.0, 60.0), [0, 80, 220]);
}

#[test]
fn a_proof_shows_what_is_wrong_and_a_run_goes_on() {
    let (shop, _) = side(("data-post=\"sender\"", ""), "");
    let ran = shop.surimono(&["proof", "campaign.toml", "--out", "proof"]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    assert!(ran.told.contains("warning[post-sender]"), "{}", ran.told);
    assert!(shop.list("proof").contains(&"address-side-1.png".to_owned()));
    let ran = shop.surimono(&["run", "campaign.toml", "--out", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.told);
}

#[test]
fn a_page_that_is_not_there_is_told() {
    let (_, ran) = side(("", ""), "");
    assert_eq!(ran.code, 0);
    let shop = campaign("address_page = 2\n");
    let ran = shop.surimono(&["check", "campaign.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.told.contains("the piece has no page 2: it has 1"), "{}", ran.told);
}
