//! What does not fit, is missing, or cannot be had: always told, never passed over.

use super::{Fixture, compose, document, told};
use crate::layout::Axis;
use crate::layout::Fault;
use crate::layout::FaultKind;

fn faults(css: &str, body: &str) -> Vec<Fault> {
    compose(css, body).1
}

#[test]
fn content_taller_than_its_box() {
    let f = faults(".a{height:15pt;width:40pt}", "<div class=a>あいうえおかきく</div>");
    assert_eq!(told(&f), [("overflow", ".a")]);
    let FaultKind::Overflow { axis: Axis::Vertical, by } = f[0].kind else { panic!("{f:?}") };
    assert!((by.0 - 5.0).abs() < 0.01);
    assert_eq!(f[0].to_string(), "the content of `.a` is 1.8 mm too tall for it");
}

#[test]
fn content_taller_than_its_greatest_height() {
    let f = faults("#x{max-height:15pt;width:40pt}", "<div id=x class=a>あいうえおかきく</div>");
    assert_eq!(told(&f), [("overflow", "#x")]);
}

#[test]
fn a_hair_is_no_fault() {
    assert_eq!(faults(".a{height:19.95pt;width:40pt}", "<div class=a>あいうえおかきく</div>"), []);
}

#[test]
fn a_box_that_cuts_its_content_wants_it_so() {
    assert_eq!(faults(".a{height:15pt;width:40pt;overflow:hidden}", "<div class=a>あいうえおかきく</div>"), []);
}

#[test]
fn a_word_that_cannot_be_broken() {
    let f = faults(".a{width:30pt}", "<div class=a>WWWWWWWWWWWW</div>");
    assert_eq!(told(&f), [("overflow", ".a")]);
    assert!(matches!(f[0].kind, FaultKind::Overflow { axis: Axis::Horizontal, by } if by.0 > 5.0), "{f:?}");
}

#[test]
fn items_that_do_not_fit_their_container() {
    let f = faults(
        ".f{display:flex;width:30mm}.f div{flex:none;width:20mm;height:1mm}",
        "<div class=f><div></div><div></div></div>",
    );
    assert_eq!(told(&f), [("overflow", ".f")]);
    assert!(
        matches!(f[0].kind, FaultKind::Overflow { axis: Axis::Horizontal, by } if (by.to_mm() - 10.0).abs() < 0.01)
    );
}

#[test]
fn items_that_are_too_tall_for_their_column() {
    let f = faults(
        ".f{display:flex;flex-direction:column;height:10mm}.f div{flex:none;height:8mm}",
        "<div class=f><div></div><div></div></div>",
    );
    assert_eq!(told(&f), [("overflow", ".f")]);
    assert!(matches!(f[0].kind, FaultKind::Overflow { axis: Axis::Vertical, by } if (by.to_mm() - 6.0).abs() < 0.01));
}

#[test]
fn content_beyond_the_page() {
    let f = faults(".a{height:60mm}.b{height:45mm}", "<div class=a></div><div class=b></div>");
    assert_eq!(told(&f), [("overflow", ".b")]);
    assert!(matches!(f[0].kind, FaultKind::Overflow { axis: Axis::Vertical, by } if (by.to_mm() - 5.0).abs() < 0.01));
}

#[test]
fn content_beyond_the_page_in_nested_wrappers() {
    let f = faults(
        "main{display:block;margin-top:3mm}.a{height:60mm}.b{height:45mm}",
        "<main><div class=a></div><div class=b></div></main>",
    );
    assert_eq!(told(&f), [("overflow", ".b")]);
    assert!(matches!(f[0].kind, FaultKind::Overflow { by, .. } if (by.to_mm() - 8.0).abs() < 0.01), "{f:?}");
}

#[test]
fn text_beyond_the_trim() {
    let f = faults("@page{bleed:3mm}.a{position:absolute;left:-2mm;top:5mm;width:30mm}", "<div class=a>あ</div>");
    assert_eq!(told(&f), [("off-page", ".a")]);
    assert!(matches!(f[0].kind, FaultKind::OffPage { by } if (by.to_mm() - 2.0).abs() < 0.01));
    let f = faults(".a{position:absolute;left:95mm;top:5mm;white-space:nowrap}", "<div class=a>あいうえお</div>");
    assert!(told(&f).contains(&("off-page", ".a")), "{f:?}");
}

#[test]
fn a_ground_may_lie_in_the_bleed() {
    assert_eq!(faults("@page{bleed:3mm}.a{position:absolute;inset:-3mm;background:red}", "<div class=a></div>"), []);
}

#[test]
fn a_character_that_no_font_has() {
    let html = document("", "<p>あ</p><p class=n>\u{e000}</p>");
    let f = Fixture::new(|_| {}).compose(&html).1;
    assert_eq!(told(&f), [("missing-glyph", ".n")]);
    assert_eq!(f[0].kind, FaultKind::MissingGlyph('\u{e000}'));
    assert_eq!(f[0].at as usize, html.find('\u{e000}').expect("it is there"));
}

#[test]
fn pictures_that_cannot_be_had() {
    let f = faults("", "<img id=a src=none.png><img id=b src=broken.png><img id=c src=../../etc/passwd><img id=d>");
    let told = told(&f);
    assert_eq!(told.iter().map(|t| t.1).collect::<Vec<_>>(), ["#a", "#b", "#c", "#d"]);
    assert_eq!((told[0].0, told[2].0, told[3].0), ("file-absent", "file-refused", "file-absent"));
}

#[test]
fn backgrounds_that_cannot_be_had() {
    let f = faults(".a{background:url(none.png);height:3mm}body{background:url(gone.png)}", "<div class=a></div>");
    assert_eq!(told(&f), [("file-absent", "body"), ("file-absent", ".a")]);
}

#[test]
fn symbols_that_cannot_be_made() {
    let f = faults(
        "",
        "<bar-code id=a type=qr value=''></bar-code><bar-code id=b type=ean13 value=1></bar-code><bar-code id=c type=qr value=1 ecc=X></bar-code>",
    );
    assert_eq!(told(&f), [("bar-code", "#a"), ("bar-code", "#b"), ("bar-code", "#c")]);
}

#[test]
fn too_many_pages_and_too_deep() {
    let mut f = Fixture::new(|s| s.options.max_pages = 3);
    let html = document("div{break-after:page}", &"<div>あ</div>".repeat(5));
    let (pages, faults) = f.compose(&html);
    assert_eq!((pages.len(), faults[0].code()), (3, "too-many-pages"));
    for tag in ["div", "span"] {
        let html = document("", &format!("{}あ{}", format!("<{tag}>").repeat(300), format!("</{tag}>").repeat(300)));
        let (_, faults) = f.compose(&html);
        assert!(faults.iter().any(|f| f.code() == "too-deep"), "{tag}: {faults:?}");
    }
    let html = document("div{display:flex}", &format!("{}あ{}", "<div>".repeat(300), "</div>".repeat(300)));
    assert!(f.compose(&html).1.iter().any(|f| f.code() == "too-deep"));
}

#[test]
fn markup_of_any_kind_does_no_harm() {
    let mut f = Fixture::new(|_| {});
    for html in [
        "",
        "x",
        "<",
        "<p",
        "</p>",
        "<html></html>",
        "<table><tr><td>a</table>",
        "<body style='display:none'>a",
        "<svg><path/></svg>",
        "<style>*{display:none}</style>a",
        "<style>html{position:absolute}</style>a",
        "<style>*{position:absolute;display:flex}</style><p>a<b>c",
    ] {
        let _ = f.compose(html);
    }
}

#[test]
fn what_would_scroll_is_cut_and_told() {
    let f = faults(".a{height:15pt;width:40pt;overflow:auto}", "<div class=a>あいうえおかきく</div>");
    assert_eq!(told(&f), [("overflow", ".a")]);
    assert_eq!(faults(".a{height:15pt;width:40pt;overflow-y:hidden}", "<div class=a>あいうえおかきく</div>"), []);
}

#[test]
fn clip_cuts_boxes_that_are_positioned_absolutely() {
    let cut = |css: &str| {
        let css = format!(".a{{width:40pt;height:20pt;background:red;clip:rect(5pt, 30pt, auto, 10pt)}}{css}");
        let (pages, faults) = compose(&css, "<div class=a></div>");
        assert_eq!(faults, []);
        let mut clips = Vec::new();
        for list in &pages[0].lists {
            for item in &list.list.items {
                if let crate::page::Item::Group(group) = item {
                    clips.extend(group.clip.clone());
                }
            }
        }
        clips
    };
    let point = |x, y| crate::base::Point::new(crate::base::Pt(x), crate::base::Pt(y));
    let [clip] = cut(".a{position:absolute}").try_into().expect("one cut");
    assert_eq!(clip[0], crate::page::Segment::Move(point(10.0, 5.0)));
    assert_eq!(clip[2], crate::page::Segment::Line(point(30.0, 20.0)), "auto is the box's own side");
    assert!(cut("").is_empty(), "of others it says nothing");
}
