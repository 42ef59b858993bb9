//! Floats (CSS 2.2, section 9.5). The same pages were measured in a browser.

use super::{all, compose, document, drawn, ink, page, pt, texts, told};
use crate::layout::tests::Drawn;

const BOXES: &str = ".l{float:left}.r{float:right}.l,.r{width:40pt;height:25pt}\
    .a{background:red}.b{background:lime}.c{background:blue}.d{background:yellow}";

fn floated(css: &str, body: &str) -> crate::page::Page {
    page(&format!("{BOXES}{css}"), body)
}

/// Where lines begin, and how many characters they have.
fn lines(p: &crate::page::Page) -> Vec<(f32, f32, usize)> {
    texts(p).into_iter().map(|(x, y, n)| (x, (y / 10.0).floor() * 10.0, n)).collect()
}

#[test]
fn lines_run_beside_floats_and_below_them() {
    let p = floated("body{width:100pt}", &format!("<div class='l a'></div>{}", "あ".repeat(30)));
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 40.0, 25.0]);
    assert_eq!(lines(&p), [(40.0, 0.0, 6), (40.0, 10.0, 6), (40.0, 20.0, 6), (0.0, 30.0, 10), (0.0, 40.0, 2)]);
}

#[test]
fn floats_stand_on_both_sides_and_drop_where_there_is_no_room() {
    let css = "body{width:100pt}";
    let p = floated(css, "<div class='l a'></div><div class='r b'></div><div class='l c'></div>");
    assert_eq!(pt(&p, "red")[..2], [0.0, 0.0]);
    assert_eq!(pt(&p, "lime")[..2], [60.0, 0.0]);
    assert_eq!(pt(&p, "blue")[..2], [0.0, 25.0]);
}

#[test]
fn a_float_hangs_into_the_blocks_behind_and_lies_on_their_grounds() {
    let p = floated("body{width:100pt}", "<div><div class='l a'></div>あ</div><p class=d>いう</p><p>え</p><p>お</p>");
    assert_eq!(pt(&p, "yellow"), [0.0, 10.0, 100.0, 10.0]);
    assert_eq!(lines(&p).iter().map(|l| l.0).collect::<Vec<_>>(), [40.0, 40.0, 40.0, 0.0]);
    let order: Vec<_> = drawn(&p)
        .iter()
        .filter_map(|d| match d {
            Drawn::Path(_, path) => path.fill,
            _ => None,
        })
        .collect();
    assert_eq!(order, [ink("yellow"), ink("red")]);
}

#[test]
fn clear_moves_a_block_below_and_keeps_its_margin_from_counting() {
    let p = floated(".c{clear:both;margin-top:8pt;height:5pt}", "<div class='l a'></div><p>あ</p><div class=c></div>");
    assert_eq!(pt(&p, "blue")[1], 25.0);
    let p = floated(".c{clear:right;height:5pt}", "<div class='l a'></div><p>あ</p><div class=c></div>");
    assert_eq!(pt(&p, "blue")[1], 10.0, "no float at the right");
}

#[test]
fn what_makes_a_context_holds_its_floats_and_keeps_out_of_others() {
    let p = floated(".k{overflow:hidden}", "<div class='k d'><div class='l a'></div></div><div class='d2'></div>");
    assert_eq!(pt(&p, "yellow")[3], 25.0);
    let p = floated(
        "body{width:100pt}.k{display:flow-root}.c{height:5pt;width:70pt}",
        "<div class='l a'></div><div class='k d'>あ</div><div class='k c'></div>",
    );
    assert_eq!(pt(&p, "yellow"), [40.0, 0.0, 60.0, 10.0]);
    assert_eq!(pt(&p, "blue"), [0.0, 25.0, 70.0, 5.0], "too wide for the room beside it");
    let p = floated(".k::after{content:'';display:block;clear:both}", "<div class='k d'><div class='l a'></div></div>");
    assert_eq!(pt(&p, "yellow")[3], 25.0);
}

#[test]
fn a_float_among_text_stands_in_its_line_or_below_it() {
    let body = |n| format!("<p>{}<b class='l a'></b>いう</p>", "あ".repeat(n));
    let p = floated("body{width:100pt}", &body(5));
    assert_eq!(pt(&p, "red")[..2], [0.0, 0.0]);
    assert_eq!(lines(&p), [(40.0, 0.0, 6), (40.0, 10.0, 1)]);
    let p = floated("body{width:100pt}", &body(7));
    assert_eq!(pt(&p, "red")[..2], [0.0, 10.0]);
    assert_eq!(lines(&p)[0], (0.0, 0.0, 9));
}

#[test]
fn floats_shrink_to_fit_and_have_margins() {
    let p = floated(".a{float:left;margin:2pt 3pt}.b{float:left}", "<p class=a>あいう</p><p class=b>え</p>");
    assert_eq!(pt(&p, "red"), [3.0, 2.0, 30.0, 10.0]);
    assert_eq!(pt(&p, "lime")[..2], [36.0, 0.0]);
    let p = floated(".d{float:left}", "<div class=d><i class='l a'></i><i class='l b'></i>あい</div>");
    assert_eq!(pt(&p, "yellow")[2], 100.0, "as wide as all of it on one line");
}

#[test]
fn a_negative_margin_lets_lines_begin_earlier() {
    let p = floated(".a{margin-left:-20pt}.w{padding-left:30pt}", "<div class=w><div class='l a'></div>あ</div>");
    assert_eq!((pt(&p, "red")[0], lines(&p)[0].0), (10.0, 50.0));
}

#[test]
fn a_word_that_fits_nowhere_beside_goes_below() {
    let p = floated("body{width:60pt}", "<div class='l a'></div><p>abcdefgh</p>");
    assert_eq!(lines(&p)[0].0, 0.0);
    assert!(lines(&p)[0].1 >= 20.0);
}

#[test]
fn floats_are_the_same_with_and_without_caches() {
    let body = format!("<div><div class='l a'></div>あ</div><p class=d>{}</p>", "い".repeat(60));
    let html = document(&format!("{BOXES}body{{width:150pt}}"), &body);
    let mut cached = super::Fixture::new(|_| {});
    let (first, _) = cached.compose(&html);
    for _ in 0..3 {
        let (again, _) = cached.compose(&html);
        assert_eq!(lines(&first[0]), lines(&again[0]));
    }
    let (fresh, _) = super::Fixture::new(|s| s.options.caches = false).compose(&html);
    assert_eq!(lines(&first[0]), lines(&fresh[0]));
}

#[test]
fn very_many_floats_end_soon() {
    let body = "<i class='l a'></i>".repeat(20_000);
    let (pages, faults) = compose(&format!("{BOXES}.l{{width:3pt;height:2pt}}"), &body);
    assert_eq!(all(&pages[0], "red").len(), 20_000);
    assert!(!told(&faults).is_empty(), "more than a page");
    let deep = "<div class=l>".repeat(60);
    let (pages, _) = compose(".l{float:left}", &format!("{deep}あ"));
    assert_eq!(pages.len(), 1);
}
