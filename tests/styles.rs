//! What a template's stylesheets ask for once in a run: fonts of the campaign's own, warnings with their place.
#![allow(clippy::unwrap_used)] // a test that cannot set up has failed

mod support;

use support::{MINIMAL_TEMPLATE, Shop, root};

const ONE: &[u8] = "customer_id,name\nC1,山田 花子\n".as_bytes();

#[test]
fn a_font_of_the_campaign_is_loaded_and_embedded() {
    let shop = Shop::minimal(ONE);
    shop.write("fonts/mine.ttf", &std::fs::read(root().join("fonts/BIZUDMincho-Regular.ttf")).unwrap());
    let template = MINIMAL_TEMPLATE
        .replace("<style>", "<style>\n@font-face { font-family: Mine; src: url(fonts/mine.ttf) }")
        .replace("\"BIZ UDPGothic\"", "Mine");
    shop.write("card.html", template.as_bytes());
    shop.surimono(&["run", "campaign.toml"]).ends_with(0);
    let pdf = shop.read("out/minimal.pdf");
    let holds = |words: &[u8]| pdf.windows(words.len()).any(|w| w == words);
    assert!(holds(b"+BIZUDMincho-Regular") && !holds(b"BIZUDPGothic"), "the font of the campaign, and only it");
}

#[test]
fn a_font_that_is_absent_or_broken_ends_the_run_before_it_begins() {
    let shop = Shop::minimal(ONE);
    let with = |src: &str| {
        let rule = format!("<style>\n@font-face {{ font-family: Mine; src: {src} }}");
        shop.write("card.html", MINIMAL_TEMPLATE.replace("<style>", &rule).as_bytes());
        shop.surimono(&["run", "campaign.toml"])
    };
    with("url(fonts/none.ttf)").ends_with(2).tells("fonts/none.ttf").tells("card.html:3:");
    shop.write("fonts/bad.ttf", b"no font at all");
    with("url(fonts/bad.ttf)").ends_with(2).tells("font-broken");
    with("url(../../etc/passwd)").ends_with(2).does_not_tell("root:");
    with("local(Arial)").ends_with(2).tells("local()");
    assert!(shop.list("out").is_empty());
}

#[test]
fn a_property_that_is_not_supported_is_told_once_with_its_line() {
    let shop = Shop::minimal("customer_id,name\nC1,山田\nC2,佐藤\nC3,鈴木\n".as_bytes());
    shop.write("card.html", MINIMAL_TEMPLATE.replace(".name {", ".name { colour: red;").as_bytes());
    let ran = shop.surimono(&["run", "campaign.toml"]);
    ran.ends_with(0).tells("css-unknown-property").tells("card.html:5:9").tells("color");
    assert_eq!(ran.told.matches("css-unknown-property").count(), 1, "{}", ran.told);
}
