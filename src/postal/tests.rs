//! Addresses against extracts of Japan Post's tables (which are free of restrictions): the manual's examples, the
//! tables' quirks, refusals.

use super::index::{Index, Kind};
use super::*;
use crate::data::archive::tests::zip;

const KEN_ALL: &[u8] = include_bytes!("../../tests/fixtures/postal/ken_all.csv");
const UTF_KEN_ALL: &[u8] = include_bytes!("../../tests/fixtures/postal/utf_ken_all.csv");
const JIGYOSYO: &[u8] = include_bytes!("../../tests/fixtures/postal/jigyosyo.csv");

fn index() -> Index {
    Index::of(Some(KEN_ALL), "KEN_ALL.CSV", Some(JIGYOSYO), "JIGYOSYO.CSV").expect("the extracts are sound")
}

/// Confidence, value of the barcode or `-`, codes of the reasons.
fn told(index: &Index, code: &str, address: &str) -> (&'static str, String, String) {
    let j = judge(index, code, address);
    let reasons: Vec<&str> = j.reasons.iter().map(|r| r.code).collect();
    (j.confidence.word(), j.customer.map_or("-".to_owned(), |c| c.value()), reasons.join(" "))
}

#[test]
fn the_manuals_examples_are_exact() {
    let index = index();
    for (code, address, value) in [
        ("100-0013", "東京都千代田区霞が関1丁目3番2号　郵便プラザ503室", "10000131-3-2-503"),
        ("263-0023", "千葉市稲毛区緑町3丁目30-8　郵便ビル403号", "26300233-30-8-403"),
        ("014-0113", "秋田県大仙市堀見内　南田茂木　添60-1", "014011360-1"),
        ("110-0016", "東京都台東区台東5-6-3　ABCビル10F", "11000165-6-3-10"),
        ("060-0906", "北海道札幌市東区北六条東4丁目　郵便センター6号館", "06009064-6"),
        ("065-0006", "北海道札幌市東区北六条東8丁目　郵便センター10号館", "06500068-10"),
        ("407-0033", "山梨県韮崎市龍岡町下條南割　韮崎400", "4070033400"),
        ("273-0102", "千葉県鎌ケ谷市右京塚　東3丁目-20-5　郵便・A&bコーポB604号", "27301023-20-5B604"),
        ("198-0036", "東京都青梅市河辺町十一丁目六番地一号　郵便タワー601", "198003611-6-1-601"),
        ("027-0203", "岩手県宮古市大字津軽石第二十一地割大淵川480", "027020321-480"),
        ("590-0016", "大阪府堺市堺区中田出井町四丁六番十九号", "59000164-6-19"),
        ("080-0831", "北海道帯広市稲田町南七線　西28", "08008317-28"),
        ("317-0055", "茨城県日立市宮田町6丁目7-14　ABCビル2F", "31700556-7-14-2"),
        ("650-0046", "神戸市中央区港島中町9丁目7-6　郵便シティA棟1F1号", "65000469-7-6A1-1"),
        ("623-0011", "京都府綾部市青野町綾部6-7　LプラザB106", "62300116-7LB106"),
    ] {
        assert_eq!(told(&index, code, address), ("exact", value.to_owned(), "town".to_owned()), "{address}");
    }
    assert_eq!(
        told(&index, "064-0804", "札幌市中央区南四条西29丁目1524-23　第2郵便ハウス501"),
        ("exact", "064080429-1524-23-2-".to_owned(), "town cut".to_owned())
    );
}

#[test]
fn spellings_of_one_address_are_one() {
    let index = index();
    for address in [
        "北海道札幌市東区北６条東４丁目郵便センター６号館",
        "札幌市東区北6条東4丁目　郵便センター6号館",
        "北海道 札幌市東区 北六条東 四丁目 郵便センター6号館",
        "〒060-0906 北海道札幌市東区北六条東４丁目 郵便センター６号館",
    ] {
        assert_eq!(told(&index, "〒０６０－０９０６", address).1, "06009064-6", "{address}");
    }
    for address in ["東京都千代田区霞ヶ関1-3-2", "東京都千代田区霞ケ関１－３－２", "千代田区霞が関一丁目三番二号"]
    {
        assert_eq!(told(&index, "1000013", address).1, "10000131-3-2", "{address}");
    }
}

#[test]
fn a_postcode_that_is_not_the_towns_is_refused_with_the_reason() {
    let index = index();
    for (code, address, confidence, reason) in [
        ("060-0000", "北海道札幌市中央区大通西1丁目", "wrong", "unlisted"),
        ("060-0000", "北海道札幌市中央区名もない町1", "unsure", "unlisted"),
        ("060-0906", "北海道札幌市東区北六条東8丁目", "wrong", "other-part"),
        ("065-0006", "北海道札幌市東区北六条東4丁目", "wrong", "other-part"),
        ("100-0005", "東京都千代田区霞が関1-3-2", "wrong", "other-town"),
        ("100-0005", "東京都千代田区名もない町1", "wrong", "town-unknown"),
        ("263-0023", "東京都千代田区霞が関1-3-2", "wrong", "other-city"),
        ("999-9999", "東京都千代田区霞が関1-3-2", "wrong", "postcode-unknown"),
        ("1000", "東京都千代田区霞が関1-3-2", "wrong", "postcode-form"),
        ("", "", "wrong", "postcode-form"),
        ("100-0013", "", "unsure", "city-unknown"),
        ("100-0013", "霞が関1-3-2", "unsure", "city-unknown"),
    ] {
        assert_eq!(told(&index, code, address), (confidence, "-".to_owned(), reason.to_owned()), "{code} {address}");
    }
    let suggested = |code, address| {
        judge(&index, code, address).suggested.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(suggested("060-0906", "北海道札幌市東区北六条東8丁目"), "065-0006");
    assert_eq!(suggested("060-0000", "北海道札幌市中央区大通西1丁目"), "060-0042");
    assert_eq!(suggested("12", "東京都千代田区霞が関1-3-2"), "100-0013");
}

#[test]
fn the_tables_quirks() {
    let index = index();
    let exact = |code, address, value: &str| {
        let found = told(&index, code, address);
        assert_eq!((found.0, found.1.as_str()), ("exact", value), "{address}");
    };
    // 利島村一円, 岡谷市の次に番地がくる場合, 大島町の次に番地がくる場合, and the town that is called 一円
    exact("100-0301", "東京都利島村248", "1000301248");
    exact("394-0091", "長野県岡谷市100-2", "3940091100-2");
    exact("857-2427", "長崎県西海市大島町1605-1", "85724271605-1");
    exact("522-0317", "滋賀県犬上郡多賀町一円12", "522031712");
    exact("522-0317", "滋賀県多賀町一円12", "522031712");
    // several towns in one row
    exact("441-1324", "愛知県新城市奥井道3", "44113243");
    // 地割 as part of the name
    exact("029-5503", "岩手県和賀郡西和賀町穴明22地割5", "029550322-5");
    assert_eq!(told(&index, "029-5503", "岩手県和賀郡西和賀町穴明30地割5").2, "other-part");
    // streets of Kyoto before the town
    exact("604-0846", "京都市中京区両替町通押小路上る金吹町460", "6040846460");
    // floors of tall buildings
    exact("100-6413", "東京都千代田区丸の内2-7-3 東京ビルディング13階", "10064132-7-3-13");
    exact("100-6413", "東京都千代田区丸の内2-7-3 東京ビルディング13F", "10064132-7-3-13");
    assert_eq!(told(&index, "100-0005", "東京都千代田区丸の内2-7-3 東京ビルディング13階").2, "other-part");
    assert_eq!(told(&index, "100-6413", "東京都千代田区丸の内2-7-3 東京ビルディング1階").2, "other-part");
    exact("100-0005", "東京都千代田区丸の内1-1", "10000051-1");
    // one postcode in two prefectures
    assert_eq!(told(&index, "498-0000", "三重県桑名郡木曽岬町名もない町1").2, "unlisted");
    assert_eq!(told(&index, "498-0000", "愛知県弥富市名もない町1").2, "unlisted");
    // a list that is too long for one row, in the old edition
    let code = Postcode::parse("048-2402").expect("a postcode");
    let rows: Vec<String> = index.towns_of(code).map(|t| t.name().to_owned()).collect();
    assert_eq!(
        rows,
        ["大江（１丁目、２丁目「６５１、６６２、６６８番地」以外、３丁目５、１３－４、２０、６７８、６８７番地）"]
    );
}

#[test]
fn both_editions_and_their_archives_make_the_same_index() {
    let of = |bytes: &[u8]| {
        let index = Index::of(Some(bytes), "k", None, "").expect("sound");
        let codes = ["0600000", "0600042", "0482402", "6028368", "6040846", "2630023", "4980000", "8572427", "1006413"];
        let rows = |c: &str| {
            let code = Postcode::parse(c).expect("a postcode");
            index.towns_of(code).map(|t| format!("{code} {} {} {:?}", t.city(), t.name(), t.kind())).collect::<Vec<_>>()
        };
        codes.into_iter().flat_map(rows).collect::<Vec<String>>()
    };
    let old = of(KEN_ALL);
    assert!(old.len() > 8 && old.iter().any(|t| t.contains("大通西（１～１９丁目）")));
    assert_eq!(old, of(UTF_KEN_ALL));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ken_all.zip");
    std::fs::write(&path, zip(&[("KEN_ALL.CSV", KEN_ALL)], true)).expect("written");
    let packed = Index::read(Some((&path, "ken_all.zip")), None).expect("read");
    assert_eq!(packed.rows().0, index().rows().0);
    assert_eq!(
        packed.towns_of(Postcode::parse("0600000").expect("a code")).next().map(|t| t.kind()),
        Some(Kind::Unlisted)
    );
}

#[test]
fn offices_and_boxes_have_barcodes_of_their_own() {
    let index = index();
    assert_eq!(
        told(&index, "100-8792", "東京都千代田区大手町2-3-1"),
        ("exact", "1008792".to_owned(), "office".to_owned())
    );
    assert_eq!(told(&index, "100-8792", "東京都千代田区丸の内2-7-2").2, "office office-town");
    assert_eq!(told(&index, "100-8792", "千葉市稲毛区緑町1").2, "other-city");
    assert_eq!(
        told(&index, "060-8691", "札幌市中央区 札幌中央郵便局私書箱第29号"),
        ("likely", "060869129".to_owned(), "box".to_owned())
    );
    assert_eq!(told(&index, "060-8691", "札幌市中央区大通西1丁目").2, "postcode-unknown");
    let towns = Index::of(Some(KEN_ALL), "k", None, "").expect("sound");
    let reason = &judge(&towns, "100-8792", "東京都千代田区大手町2-3-1").reasons[0];
    assert!(reason.text.contains("JIGYOSYO"), "{}", reason.text);
}

#[test]
fn the_parts_are_ranges_of_the_address_as_it_stands() {
    let index = index();
    let address = " 北海道 札幌市東区　北６条東　４丁目５番６号　郵便センター　10号館";
    let parts = judge(&index, "0600906", address).parts;
    let at = |r: std::ops::Range<usize>| address[r].trim();
    assert_eq!(
        [at(parts.prefecture), at(parts.city), at(parts.town), at(parts.number), at(parts.building)],
        ["北海道", "札幌市東区", "北６条東", "４丁目５番６号", "郵便センター　10号館"]
    );
}

#[test]
fn districts_are_those_of_the_old_postcodes() {
    let index = index();
    let district = |code: &str| index.district(Postcode::parse(code).expect("a code")).to_string();
    assert_eq!(district("060-0042"), "060");
    assert_eq!(district("014-0113"), "014-01");
    assert_eq!(district("014-0191"), "014-01", "a box of the same post office");
    assert_eq!(district("999-9999"), "999");
}

#[test]
fn wrong_files_are_refused_and_told() {
    let fault = |towns: Option<&[u8]>, offices: Option<&[u8]>| {
        let d = Index::of(towns, "a.csv", offices, "b.csv").expect_err("refused").remove(0);
        (d.message, d.help.join(" "))
    };
    assert_eq!(
        fault(Some(JIGYOSYO), None),
        (
            "row 1 of a.csv has 13 columns and must have 15".to_owned(),
            "this looks like JIGYOSYO.CSV, and KEN_ALL.CSV or utf_ken_all.csv is wanted".to_owned()
        )
    );
    assert!(fault(None, Some(KEN_ALL)).1.contains("this looks like KEN_ALL.CSV"));
    assert!(fault(Some(b"a,b\n"), None).1.contains("as Japan Post ships it"));
    assert!(
        fault(Some(&[b"1,".repeat(8), b"\x81\x00,".to_vec(), b"1,1,1,1,1,1\n".to_vec()].concat()), None)
            .0
            .contains("column 9")
    );
}

#[test]
fn no_address_breaks_it() {
    let index = index();
    let long = "東京都千代田区霞が関".to_owned() + &"1-".repeat(100_000);
    for address in [
        long.as_str(),
        "東京都",
        "東京都千代田区",
        "東京都千代田区字",
        "京都市中京区上る",
        "京都市中京区上",
        "\u{0}\u{1}\u{FFFF}",
        "札幌市東区北六条東99999999999999999999丁目",
        "札幌市東区北六条東\u{1}4\u{1}",
        "１",
        "私書箱",
    ] {
        for code in ["1000013", "0600906", "0608691", "6040846", "4980000", "9999999", "x"] {
            let j = judge(&index, code, address);
            for r in
                [j.parts.prefecture, j.parts.city, j.parts.town, j.parts.address_b, j.parts.number, j.parts.building]
            {
                assert!(address.get(r).is_some(), "parts lie between characters");
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn free_input_never_breaks_it(code in "[0-9０-９〒ー-]{0,9}", address in "(東京都|京都市中京区|北海道札幌市東区|北六条東|丸の内|一|十|百|丁目|番|地割|[0-9A-Fa-z０-９ー－、（）「」 　上る東入階Ｆ]|\\PC){0,30}") {
        let index = index();
        let j = judge(&index, &code, &address);
        proptest::prop_assert!(address.get(j.parts.address_b.clone()).is_some());
        if let Some(c) = j.customer {
            proptest::prop_assert_eq!(c.bars().len(), 67);
        }
    }
}
