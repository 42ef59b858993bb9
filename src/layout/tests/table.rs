//! Tables (CSS 2.2, chapter 17). Many more pages are in `tests/browser`.

use super::{Drawn, all, compose, drawn, page, pt, texts};
use crate::page::Segment;

const CELLS: &str = "table{border-spacing:0}td,th{padding:0}.a{background:red}.b{background:lime}.c{background:blue}\
    .d{background:yellow}";

fn tabled(css: &str, body: &str) -> crate::page::Page {
    page(&format!("{CELLS}{css}"), body)
}

const FOUR: &str = "<table><tr><td class=a>あ<td class=b>いう<tr><td class=c>えおか<td class=d>き</table>";

#[test]
fn columns_are_as_wide_as_their_widest_cell_and_rows_as_high_as_their_highest() {
    let p = tabled("", FOUR);
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 30.0, 10.0]);
    assert_eq!(pt(&p, "lime"), [30.0, 0.0, 20.0, 10.0]);
    assert_eq!(pt(&p, "blue"), [0.0, 10.0, 30.0, 10.0]);
    let p = tabled("table{border-spacing:2pt 3pt}td{padding:1pt}", FOUR);
    assert_eq!(pt(&p, "red"), [2.0, 3.0, 32.0, 12.0]);
    assert_eq!(pt(&p, "yellow"), [36.0, 18.0, 22.0, 12.0]);
}

#[test]
fn a_wider_table_gives_room_by_what_columns_like() {
    let p = tabled("table{width:100pt}", FOUR);
    assert_eq!([pt(&p, "red")[2], pt(&p, "lime")[2]], [60.0, 40.0]);
    let p = tabled("table{width:100pt}.a{width:25%}", FOUR);
    assert_eq!([pt(&p, "red")[2], pt(&p, "lime")[2]], [25.0, 75.0]);
    let p = tabled("table{width:100pt;table-layout:fixed}.a{width:20pt}", FOUR.replace("えおか", "え").as_str());
    assert_eq!([pt(&p, "red")[2], pt(&p, "lime")[2]], [20.0, 80.0]);
}

#[test]
fn a_narrow_table_breaks_lines() {
    let p = tabled("body{width:40pt}", FOUR);
    assert_eq!(pt(&p, "blue")[3], 20.0);
    assert_eq!(pt(&p, "red")[2] + pt(&p, "lime")[2], 40.0);
}

#[test]
fn cells_span_columns_and_rows() {
    let body = "<table><tr><td class=a rowspan=2>あ<br>い<br>う<td class=b colspan=2>えおかき<tr><td class=c>く<td class=d>け</table>";
    let p = tabled("", body);
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 10.0, 30.0]);
    assert_eq!(pt(&p, "lime"), [10.0, 0.0, 40.0, 15.0]);
    assert_eq!(pt(&p, "blue"), [10.0, 15.0, 20.0, 15.0]);
    assert_eq!(pt(&p, "yellow"), [30.0, 15.0, 20.0, 15.0]);
}

#[test]
fn the_head_comes_first_and_the_foot_last() {
    let p = tabled("", "<table><tfoot class=a><tr><td>あ<tbody class=b><tr><td>い<thead class=c><tr><td>う</table>");
    assert_eq!([pt(&p, "blue")[1], pt(&p, "lime")[1], pt(&p, "red")[1]], [0.0, 10.0, 20.0]);
}

#[test]
fn captions_stand_above_or_below() {
    let p = tabled(
        "caption{background:red}table{background:yellow}.u caption{caption-side:bottom}",
        "<table><caption>あいう</caption><tr><td>え</table>",
    );
    assert_eq!(pt(&p, "red")[1], 0.0);
    assert_eq!(pt(&p, "yellow")[1], 30.0, "a caption makes the table no wider than its longest word");
    let p =
        tabled("caption{background:red;caption-side:bottom}", "<table><caption>あ</caption><tr><td class=b>え</table>");
    assert_eq!((pt(&p, "red")[1], pt(&p, "lime")[1]), (10.0, 0.0));
}

#[test]
fn content_of_cells_is_aligned_down() {
    let p = tabled(
        "tr{height:50pt}i{display:block;height:10pt;width:5pt}td{vertical-align:top}.m{vertical-align:middle}.l{vertical-align:bottom}",
        "<table><tr><td><i class=a></i><td class=m><i class=b></i><td class=l><i class=c></i></table>",
    );
    assert_eq!([pt(&p, "red")[1], pt(&p, "lime")[1], pt(&p, "blue")[1]], [0.0, 20.0, 40.0]);
    let p = tabled(
        "td{vertical-align:baseline}.k{font-size:20pt;line-height:20pt}",
        "<table><tr><td>あ<td class=k>い</table>",
    );
    assert_eq!(texts(&p)[0].1, texts(&p)[1].1);
}

/// Solid borders that are drawn as rectangles of one colour.
fn strokes(p: &crate::page::Page) -> Vec<[f32; 4]> {
    let mut found = Vec::new();
    for d in drawn(p) {
        if let Drawn::Path(at, path) = d
            && let [Segment::Rect(r)] = path.segments[..]
        {
            let r = r.translated(at);
            found.push([r.x.0, r.y.0, r.width.0, r.height.0].map(super::round));
        }
    }
    found
}

#[test]
fn collapsed_borders_take_half_of_their_width_from_each_side() {
    let p = tabled(
        "table{border-collapse:collapse}td{border:2pt solid black}i{display:block;width:10pt;height:10pt}",
        "<table><tr><td><i class=a></i><td><i class=b></i></table>",
    );
    assert_eq!(pt(&p, "red"), [2.0, 2.0, 10.0, 10.0]);
    assert_eq!(pt(&p, "lime"), [14.0, 2.0, 10.0, 10.0]);
    let lines: Vec<_> = strokes(&p).into_iter().filter(|r| r[2] <= 2.0 || r[3] <= 2.0).collect();
    assert_eq!(
        lines,
        [
            [0.0, 0.0, 26.0, 2.0],
            [0.0, 12.0, 26.0, 2.0],
            [0.0, 0.0, 2.0, 14.0],
            [12.0, 0.0, 2.0, 14.0],
            [24.0, 0.0, 2.0, 14.0]
        ],
        "each line once, through to the corners"
    );
}

#[test]
fn the_wider_collapsed_border_wins_and_no_line_runs_through_a_cell() {
    let p = tabled(
        "table{border-collapse:collapse;border:4pt solid}td{border:1pt solid}td.k{border-right:6pt solid red}",
        "<table><tr><td class=k>あ<td>い<tr><td colspan=2>う</table>",
    );
    let red = all(&p, "red");
    assert_eq!(red.len(), 1);
    assert_eq!(red[0][2], 6.0);
    assert!(red[0][1] + red[0][3] < 17.0, "not into the second row: {red:?}");
}

#[test]
fn parts_outside_of_a_table_get_one() {
    let p = tabled(".t{display:table-cell}", "<div class='t a'>あ</div> <div class='t b'>い</div><p>う</p>");
    assert_eq!((pt(&p, "red")[0], pt(&p, "lime")[0]), (0.0, 10.0));
    assert_eq!(texts(&p).len(), 3);
    let p = tabled(".t{display:table}", "<div class=t>あ<span class=a>い</span></div>");
    assert_eq!(pt(&p, "red")[0], 10.0);
}

#[test]
fn tables_stand_in_lines_and_in_the_middle() {
    let p = tabled("table{display:inline-table}", &format!("あ{FOUR}い"));
    assert_eq!(pt(&p, "red")[0], 10.0);
    let p = tabled("body{width:100pt}table{margin:0 auto}", FOUR);
    assert_eq!(pt(&p, "red")[0], 25.0);
}

#[test]
fn grounds_lie_layer_on_layer_without_seams() {
    let p = tabled("tr{background:red}table{background:yellow}", "<table><tr><td>あ<td class=b>い</table>");
    assert_eq!(all(&p, "yellow"), [[0.0, 0.0, 20.0, 10.0]]);
    assert_eq!(all(&p, "red"), [[0.0, 0.0, 20.0, 10.0]]);
    assert_eq!(all(&p, "lime"), [[10.0, 0.0, 10.0, 10.0]]);
    let p = tabled("tr{background:red}table{border-spacing:2pt}", "<table><tr><td>あ<td>い</table>");
    assert_eq!(all(&p, "red").len(), 2, "not between the cells");
}

#[test]
fn empty_cells_and_rows_can_be_taken_away() {
    let p = tabled("table{empty-cells:hide;border-spacing:1pt}", "<table><tr><td class=a><td class=b>い</table>");
    assert_eq!((all(&p, "red").len(), all(&p, "lime").len()), (0, 1));
    let p = tabled(
        ".x{visibility:collapse}",
        "<table><tr><td class=a>あ<tr class=x><td class=b>い<tr><td class=c>う</table>",
    );
    assert_eq!((all(&p, "lime").len(), pt(&p, "blue")[1]), (0, 10.0));
}

#[test]
fn what_is_positioned_in_a_cell_knows_its_whole_height() {
    let p = tabled(
        "td{position:relative}.p{position:absolute;right:0;bottom:0;width:2pt;height:2pt}",
        "<table><tr><td>あ<i class='p a'></i><td>い<br>う</table>",
    );
    assert_eq!(pt(&p, "red"), [8.0, 18.0, 2.0, 2.0]);
}

#[test]
fn tables_are_the_same_with_and_without_caches() {
    let css = format!("{CELLS}table{{border-collapse:collapse}}td{{border:1pt solid}}");
    let html = super::document(&css, &format!("{FOUR}{FOUR}"));
    let mut cached = super::Fixture::new(|_| {});
    let first: Vec<_> = strokes(&cached.compose(&html).0[0]);
    for _ in 0..3 {
        assert_eq!(strokes(&cached.compose(&html).0[0]), first);
    }
    let fresh = super::Fixture::new(|s| s.options.caches = false).compose(&html).0;
    assert_eq!(strokes(&fresh[0]), first);
}

#[test]
fn very_large_tables_end() {
    let (_, faults) =
        compose(&format!("{CELLS}td{{height:5pt}}"), &format!("<table>{}</table>", "<tr><td>".repeat(20_000)));
    assert!(!faults.is_empty(), "longer than its page");
    let body =
        format!("<table><col span=1000><col span=1000>{}</table>", "<tr><td colspan=1000 rowspan=65534>".repeat(1000));
    let (_, faults) = compose(&format!("{CELLS}table{{border-collapse:collapse}}"), &body);
    assert!(!faults.is_empty());
    let deep = format!("{}あ{}", "<table><tr><td>".repeat(25), "</table>".repeat(25));
    let p = tabled("td{position:relative;vertical-align:bottom;height:30pt}", &deep);
    assert_eq!(texts(&p).len(), 1);
}

#[test]
fn columns_run_from_right_to_left_in_tables_of_that_direction() {
    let p = tabled("table{direction:rtl}", FOUR);
    assert_eq!([pt(&p, "red")[2], pt(&p, "lime")[2]], [30.0, 20.0]);
    assert_eq!(pt(&p, "red")[0] - pt(&p, "lime")[0], 20.0, "the first column stands to the right of the second");
    assert_eq!(pt(&p, "red")[0], pt(&p, "blue")[0]);
}
