//! Caches never change a page.

use proptest::prelude::*;

use super::{Fixture, document};

const CSS: &str = "section{position:relative;width:90mm;height:40mm;background:#eee}\
    .a{position:absolute;left:5mm;top:4mm;width:30mm}.f{display:flex;gap:2mm}.g{flex:1}\
    .m{margin:3mm 2mm}.i{display:inline-block;border:1pt solid red}p{margin:2mm 0}.h{height:8mm}\
    li:nth-child(2){color:red}.b{border-radius:2mm;border:.5pt solid black}";

/// One small element of a document; numbers make some of them recur and some not.
fn element() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        Just("ご案内".to_owned()),
        (0..5u8).prop_map(|n| format!("商品{n} 1,{n}00円")),
        (0..10_000u16).prop_map(|n| format!("様{n}")),
        Just("長い文章がここに続きますので、行が折り返されます。".to_owned()),
    ];
    let leaf = (
        text,
        prop_oneof![Just("p"), Just("div"), Just("span"), Just("li"), Just("b")],
        prop_oneof![Just(""), Just("a"), Just("m"), Just("i"), Just("h"), Just("b"), Just("g")],
    )
        .prop_map(|(text, tag, class)| format!("<{tag} class=\"{class}\">{text}</{tag}>"));
    leaf.prop_recursive(3, 12, 4, |inner| {
        (
            prop::collection::vec(inner, 1..4),
            prop_oneof![Just("div"), Just("section"), Just("ol")],
            prop_oneof![Just(""), Just("f"), Just("m"), Just("b"), Just("g")],
        )
            .prop_map(|(kids, tag, class)| format!("<{tag} class=\"{class}\">{}</{tag}>", kids.concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Records that share some of their elements, several times over, so that the caches fill.
    #[test]
    fn pages_and_faults_are_the_same_with_and_without(records in prop::collection::vec(prop::collection::vec(element(), 1..4), 2..5)) {
        let mut with = Fixture::new(|_| {});
        let mut without = Fixture::new(|s| s.options.caches = false);
        let documents: Vec<String> = records.iter().map(|r| document(CSS, &r.concat())).collect();
        let plain: Vec<String> = documents.iter().map(|d| format!("{:?}", without.compose(d))).collect();
        for _ in 0..3 {
            for (html, expected) in documents.iter().zip(&plain) {
                prop_assert_eq!(&format!("{:?}", with.compose(html)), expected);
            }
        }
    }
}

#[test]
fn what_recurs_is_found_again() {
    let mut f = Fixture::new(|_| {});
    let html = |name: &str| document("", &format!("<p>{name}様</p><p>いつもありがとうございます。</p>"));
    for name in ["一", "二", "三"] {
        f.compose(&html(name));
    }
    let (hits, _) = f.composer.cache_hits();
    assert_eq!(hits, 1, "the greeting in the third record; the names never");
}

#[test]
fn faults_in_kept_fragments_point_into_the_present_record() {
    let mut f = Fixture::new(|_| {});
    for name in ["一", "二二", "三三三", "四四四四"] {
        let html = document("", &format!("<p>{name}</p><p>\u{e000}</p>"));
        let (_, faults) = f.compose(&html);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].at as usize, html.find('\u{e000}').expect("it is there"), "{name}");
    }
    assert!(f.composer.cache_hits().0 > 0, "the fragment was kept");
}

#[test]
fn lists_that_the_template_fixes_say_so() {
    let mut f = Fixture::new(|s| s.statics.add_template("<p>固定</p><p>{{ name }}</p>"));
    let (pages, _) = f.compose(&document("", "<p>固定</p><p>太郎</p>"));
    let mut recurs = Vec::new();
    for list in &pages[0].lists {
        for item in &list.list.items {
            if let crate::page::Item::List(_, inner) = item {
                recurs.push(inner.recurs);
            }
        }
    }
    assert_eq!(recurs, [true, false]);
}

#[test]
fn the_same_element_in_another_context_is_another_box() {
    let mut f = Fixture::new(|_| {});
    let css = ".x p{color:red}.y{width:20mm}";
    let html = document(
        css,
        "<div class=x><p>ご案内のお知らせです</p></div><div class=y><p>ご案内のお知らせです</p></div><p>ご案内のお知らせです</p>",
    );
    let mut g = Fixture::new(|s| s.options.caches = false);
    let expected = format!("{:?}", g.compose(&html));
    for _ in 0..3 {
        assert_eq!(format!("{:?}", f.compose(&html)), expected);
    }
}
