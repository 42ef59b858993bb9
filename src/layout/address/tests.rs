use super::Expander;
use super::numbers::{plain, spelled, vertical};
use super::split::split;

fn lines(attributes: &str) -> (String, Vec<String>) {
    let mut expander = Expander::default();
    let mut faults = Vec::new();
    assert!(expander.expand(&format!("<address-block {attributes}></address-block>"), &mut faults));
    (expander.html, faults.iter().map(ToString::to_string).collect())
}

/// The texts between the tags, one for each element that has any.
fn texts(attributes: &str) -> Vec<String> {
    let (html, faults) = lines(attributes);
    assert_eq!(faults, Vec::<String>::new());
    html.split(['<', '>']).skip(2).step_by(2).filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

#[test]
fn numbers_of_an_address_are_written_as_a_careful_hand_writes_them() {
    for (given, expected) in [
        ("8丁目24番17号", "八丁目二十四番十七号"),
        ("１６－５", "十六－五"),
        ("1-2ー3", "一－二－三"),
        ("パークハイツ617号室", "パークハイツ六一七号室"),
        ("サンコーポ10号棟", "サンコーポ十号棟"),
        ("A棟05", "Ａ棟〇五"),
        ("Sky Tower 12F", "Sky Tower 十二Ｆ"),
        ("中央三丁目", "中央三丁目"),
        ("ー", "ー"),
    ] {
        assert_eq!(vertical(&plain(given)), expected, "{given}");
    }
}

#[test]
fn three_numbers_are_chome_ban_and_go() {
    for (given, expected) in [
        ("豊洲2-3-4", "豊洲2丁目3番4号"),
        ("豊洲２丁目３－４", "豊洲2丁目3番4号"),
        ("豊洲二丁目3-4", "豊洲二丁目3番4号"),
        ("宇治16-5", "宇治16-5"),
        ("豊洲2-3-4-501", "豊洲2-3-4-501"),
        ("豊洲2-3-4号室", "豊洲2-3-4号室"),
        ("豊洲", "豊洲"),
    ] {
        assert_eq!(spelled(&plain(given)), expected, "{given}");
    }
}

#[test]
fn an_address_may_be_broken_between_its_parts() {
    for (given, parts, building) in [
        ("京都府宇治市宇治16-5", vec!["京都府", "宇治市", "宇治", "16-5"], None),
        ("東京都江東区豊洲８丁目 パークハイツ617", vec!["東京都", "江東区", "豊洲", "８丁目"], Some("パークハイツ617")),
        ("千葉県市川市市川南１丁目", vec!["千葉県", "市川市市川南", "１丁目"], None),
        ("神奈川県横浜市西区久保町31-24", vec!["神奈川県", "横浜市", "西区", "久保町", "31-24"], None),
        ("三重県四日市市諏訪町1-5", vec!["三重県", "四日市市諏訪町", "1-5"], None),
        ("北海道", vec!["北海道"], None),
        ("", vec![], None),
    ] {
        let found = split(given);
        assert_eq!((found.parts, found.building), (parts, building), "{given}");
    }
}

#[test]
fn a_person_has_a_title_in_front_and_an_honorific_behind() {
    let all = texts(
        "address='京都府宇治市宇治16-5' building='小萩荘301' company='小萩堂' section='営業部' title='部長' name='山田 太郎'",
    );
    assert_eq!(
        all,
        ["京都府", "宇治市", "宇治", "十六－五", "小萩荘三〇一", "小萩堂", "営業部", "部長", "山田", "太郎", "様"]
    );
    assert_eq!(texts("name='山田　太郎様'"), ["山田", "太郎", "様"]);
    assert_eq!(texts("name='田中 一郎先生' honorific='殿'"), ["田中", "一郎", "殿"]);
    assert_eq!(texts("name='山崎 孝行'"), ["山崎", "孝行", "様"]);
}

#[test]
fn a_company_alone_is_onchu_and_never_twice() {
    assert_eq!(texts("company='小萩堂'"), ["小萩堂", "御中"]);
    assert_eq!(texts("company='小萩堂' section='営業部'"), ["小萩堂", "営業部", "御中"]);
    assert_eq!(texts("company='小萩堂御中'"), ["小萩堂御中"]);
}

#[test]
fn people_at_one_address_share_the_family_name() {
    assert_eq!(texts("name='山田 太郎' joint='花子、一郎'"), ["山田", "太郎", "様", "花子", "様", "一郎", "様"]);
    assert_eq!(texts("name='山田 太郎' joint='山田 花子'"), ["山田", "太郎", "様", "花子", "様"]);
    assert_eq!(
        texts("name='山田 太郎' joint='鈴木 花子|一郎くん'"),
        ["山田", "太郎", "様", "鈴木", "花子", "様", "一郎くん", "様"]
    );
}

#[test]
fn horizontal_blocks_keep_their_digits_and_print_the_postcode() {
    let all = texts("writing=horizontal postcode='6110021' address='京都府宇治市宇治１６－５' name='山田 太郎'");
    assert_eq!(all, ["〒611-0021", "京都府", "宇治市", "宇治", "16-5", "山田", "太郎", "様"]);
}

#[test]
fn markup_in_a_name_stays_text() {
    let (html, _) = lines("name='&lt;b&gt; &amp;amp;'");
    assert!(html.contains("&lt;b&gt;") && html.contains("&amp;amp;"), "{html}");
}

#[test]
fn what_the_attributes_lack_or_contradict_is_told() {
    for (attributes, told) in [
        ("address='x'", "neither a `name` nor a `company`"),
        ("name='x' writing='up'", "`writing` is `up`"),
        ("name='x' numbers='roman'", "`numbers` is `roman`"),
        ("name='x' postcode='6110021'", "prints no `postcode`"),
    ] {
        let (_, faults) = lines(attributes);
        assert!(faults.len() == 1 && faults[0].contains(told), "{faults:?}");
    }
}

#[test]
fn faults_lie_in_the_attribute_that_the_text_came_from() {
    let page = "<p>x</p><address-block class=a name='山田 太郎' building='荘1'></address-block><p>y</p>";
    let mut expander = Expander::default();
    assert!(expander.expand(page, &mut Vec::new()));
    for (written, given) in
        [("太郎", "山田"), ("荘一", "荘1"), ("<p>y", "<p>y"), ("<p>x", "<p>x"), ("<address-", "<address-")]
    {
        let at = expander.html.find(written).unwrap();
        assert_eq!(expander.original(at as u32) as usize, page.find(given).unwrap(), "{written}");
    }
}

#[test]
fn other_elements_and_endless_tags_stay() {
    let mut expander = Expander::default();
    assert!(!expander.expand("<address>x</address>", &mut Vec::new()));
    for page in ["<address-blocks name=x>", "<address-block name='x", "<address-block"] {
        expander.expand(page, &mut Vec::new());
        assert_eq!(expander.html, page);
    }
    expander.expand("<address-block name=x/><i>", &mut Vec::new());
    assert!(expander.html.ends_with("</address-block><i>"), "{}", expander.html);
}
