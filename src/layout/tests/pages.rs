//! Pages: sizes, margins, forced breaks.

use super::{compose, mm, page, texts};

const MARKS: &str = ".a{background:red;height:5mm}.b{background:lime;height:5mm}.c{background:blue;height:5mm}";

fn paged(css: &str, body: &str) -> Vec<crate::page::Page> {
    let (pages, faults) = compose(&format!("{MARKS}{css}"), body);
    assert_eq!(faults, []);
    pages
}

#[test]
fn the_page_has_its_size_and_margins() {
    let p = page(
        "@page{size:60mm 40mm;margin:4mm 5mm 6mm 7mm}.a{background:red;height:100%}body,html{height:100%}",
        "<div class=a></div>",
    );
    assert!((p.trim.width.to_mm() - 60.0).abs() < 1e-3 && (p.trim.height.to_mm() - 40.0).abs() < 1e-3);
    assert_eq!(mm(&p, "red"), [7.0, 4.0, 48.0, 30.0]);
}

#[test]
fn forced_breaks_before_and_after() {
    let pages =
        paged(".a{break-after:page}.c{break-before:page}", "<div class=a></div><div class=b></div><div class=c></div>");
    assert_eq!(pages.len(), 3);
    assert_eq!(mm(&pages[0], "red")[1], 0.0);
    assert_eq!(mm(&pages[1], "lime")[1], 0.0);
    assert_eq!(mm(&pages[2], "blue")[1], 0.0);
}

#[test]
fn the_older_names_of_breaks() {
    assert_eq!(paged(".a{page-break-after:always}", "<div class=a></div><div class=b></div>").len(), 2);
}

#[test]
fn no_empty_page_before_the_first_or_after_the_last() {
    let pages = paged(".a,.b{break-after:page;break-before:page}", "\n<div class=a></div>\n<div class=b></div>\n");
    assert_eq!(pages.len(), 2);
}

#[test]
fn breaks_are_followed_through_elements_that_are_alone() {
    let pages = paged(
        "main{display:block;padding:2mm;border:1mm solid black}.a{break-after:page}",
        "<main><div class=a></div><div class=b></div></main>",
    );
    assert_eq!(pages.len(), 2);
    assert_eq!(mm(&pages[0], "red"), [3.0, 3.0, 94.0, 5.0]);
    assert_eq!(mm(&pages[1], "lime"), [3.0, 0.0, 94.0, 5.0], "no edge where it is cut");
}

#[test]
fn a_break_that_cannot_be_followed_is_told() {
    let css = ".x{break-before:page}.f{display:flex}";
    let (_, faults) = compose(css, "<div class=f><div><p>あ</p><p class=x>い</p></div></div><div>う</div>");
    assert_eq!(super::told(&faults), [("unsupported-layout", ".x")]);
}

#[test]
fn every_page_has_the_ground() {
    let pages = paged("body{background:yellow}.a{break-after:page}", "<div class=a></div><div class=b></div>");
    assert!(pages.iter().all(|p| mm(p, "yellow") == [0.0, 0.0, 100.0, 100.0]));
}

#[test]
fn an_empty_document_is_an_empty_page() {
    let pages = paged("", "");
    assert_eq!(pages.len(), 1);
    assert_eq!(texts(&pages[0]), []);
}
