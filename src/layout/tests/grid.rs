//! Grid containers (CSS Grid 2), and elements without a box. Many more pages are in `tests/browser`.

use super::{page, pt, texts};

const ITEMS: &str = ".g{display:grid}.a{background:red}.b{background:lime}.c{background:blue}.d{background:yellow}";

fn gridded(css: &str, body: &str) -> crate::page::Page {
    page(&format!("{ITEMS}{css}"), body)
}

const FOUR: &str = "<div class=g><i class=a></i><i class=b></i><i class=c></i><i class=d></i></div>";

#[test]
fn tracks_share_what_is_left() {
    let css = ".g{width:200pt;grid-template-columns:50pt 1fr 2fr;gap:10pt;grid-auto-rows:20pt}";
    let p = gridded(css, FOUR);
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 50.0, 20.0]);
    assert_eq!(pt(&p, "lime"), [60.0, 0.0, 43.33, 20.0]);
    assert_eq!(pt(&p, "blue"), [113.33, 0.0, 86.67, 20.0]);
    assert_eq!(pt(&p, "yellow"), [0.0, 30.0, 50.0, 20.0]);
}

#[test]
fn areas_lines_and_spans_place_items() {
    let css = ".g{width:100pt;grid-template:'a a b' 10pt 'a a .' 10pt / 20pt 30pt 50pt}.a{grid-area:a}.b{grid-area:b}\
        .c{grid-column:2/-1;grid-row:3;height:5pt}.d{grid-area:2/3}";
    let p = gridded(css, FOUR);
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 50.0, 20.0]);
    assert_eq!(pt(&p, "lime"), [50.0, 0.0, 50.0, 10.0]);
    assert_eq!(pt(&p, "blue"), [20.0, 20.0, 80.0, 5.0]);
    assert_eq!(pt(&p, "yellow"), [50.0, 10.0, 50.0, 10.0]);
}

#[test]
fn tracks_repeat_as_often_as_there_is_room() {
    let css = ".g{width:100pt;grid-template-columns:repeat(auto-fill,minmax(30pt,1fr));grid-auto-rows:10pt}";
    let p = gridded(css, FOUR);
    assert_eq!([pt(&p, "red")[2], pt(&p, "blue")[0]], [33.33, 66.67]);
    assert_eq!(pt(&p, "yellow"), [0.0, 10.0, 33.33, 10.0]);
}

#[test]
fn columns_are_as_wide_as_their_text() {
    let p = gridded(
        ".g{display:inline-grid;grid-template-columns:auto auto}",
        "<div class=g><i class=a>あい</i><i class=b>う</i><i class=c>え</i><i class=d>おかき</i></div>",
    );
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 20.0, 10.0]);
    assert_eq!(pt(&p, "yellow"), [20.0, 10.0, 30.0, 10.0]);
}

#[test]
fn items_are_aligned_in_their_areas_and_shares_are_of_them() {
    let css = ".g{width:100pt;grid-template-columns:1fr 1fr;grid-auto-rows:40pt;place-items:center end}\
        .a,.b{width:50%;height:10pt}.b{place-self:start}.c{width:50%;padding:10%;height:0}.d{justify-self:stretch;height:1pt}";
    let p = gridded(css, FOUR);
    assert_eq!(pt(&p, "red"), [25.0, 15.0, 25.0, 10.0]);
    assert_eq!(pt(&p, "lime"), [50.0, 0.0, 25.0, 10.0]);
    assert_eq!(pt(&p, "blue"), [15.0, 55.0, 35.0, 10.0]);
    assert_eq!(pt(&p, "yellow"), [50.0, 59.5, 50.0, 1.0]);
}

#[test]
fn an_element_without_a_box_gives_its_place_to_its_children() {
    let p = gridded(
        ".g{width:90pt;grid-template-columns:repeat(3,1fr);grid-auto-rows:10pt}.x{display:contents;padding:9pt}",
        "<div class=g><div class=x><i class=a></i><i class=b></i></div><i class=c></i></div>",
    );
    assert_eq!([pt(&p, "red")[0], pt(&p, "lime")[0], pt(&p, "blue")[0]], [0.0, 30.0, 60.0]);
    let p = page(".x{display:contents}", "<div class=x>あ<b>い</b></div><p>う<span class=x>え</span></p>");
    assert_eq!(texts(&p).iter().map(|t| t.1).filter(|y| *y < 10.0).count(), texts(&p).len() - 1);
}

#[test]
fn a_grid_with_very_many_lines_ends_soon() {
    let p = gridded(
        ".g{grid-template-columns:repeat(9999,repeat(99,1pt))}.a{grid-column:span 9999;height:1pt}",
        "<div class=g><i class=a></i></div>",
    );
    assert_eq!(pt(&p, "red")[3], 1.0);
}
