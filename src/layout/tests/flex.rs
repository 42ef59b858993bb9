//! Flex containers (CSS Flexbox 1).

use super::{mm, page, pt, texts};

const ITEMS: &str = ".f{display:flex}.a{background:red}.b{background:lime}.c{background:blue}";

fn flexed(css: &str, body: &str) -> crate::page::Page {
    page(&format!("{ITEMS}{css}"), body)
}

const THREE: &str = "<div class=f><div class=a></div><div class=b></div><div class=c></div></div>";

#[test]
fn items_share_the_free_room_by_their_growth() {
    let p = flexed(".a,.b,.c{height:5mm}.a{width:10mm}.b{flex:1}.c{flex:2}", THREE);
    assert_eq!(mm(&p, "red"), [0.0, 0.0, 10.0, 5.0]);
    assert_eq!(mm(&p, "lime"), [10.0, 0.0, 30.0, 5.0]);
    assert_eq!(mm(&p, "blue"), [40.0, 0.0, 60.0, 5.0]);
}

#[test]
fn gaps_and_justification() {
    let p = flexed(".f{gap:5mm;justify-content:center}.a,.b,.c{width:20mm;height:5mm}", THREE);
    assert_eq!(mm(&p, "red")[0], 15.0);
    assert_eq!(mm(&p, "lime")[0], 40.0);
    assert_eq!(mm(&p, "blue")[0], 65.0);
    let p = flexed(".f{justify-content:space-between}.a,.b,.c{width:20mm;height:5mm}", THREE);
    assert_eq!(mm(&p, "lime")[0], 40.0);
    assert_eq!(mm(&p, "blue")[0], 80.0);
}

#[test]
fn items_stretch_or_are_aligned_across() {
    let p = flexed(
        ".f{height:20mm}.a{width:10mm}.b{width:10mm;height:4mm;align-self:center}.c{width:10mm;height:4mm;align-self:flex-end}",
        THREE,
    );
    assert_eq!(mm(&p, "red"), [0.0, 0.0, 10.0, 20.0]);
    assert_eq!(mm(&p, "lime"), [10.0, 8.0, 10.0, 4.0]);
    assert_eq!(mm(&p, "blue"), [20.0, 16.0, 10.0, 4.0]);
}

#[test]
fn lines_wrap() {
    let p = flexed(".f{flex-wrap:wrap;gap:2mm}.a,.b,.c{width:45mm;height:5mm}", THREE);
    assert_eq!(mm(&p, "lime"), [47.0, 0.0, 45.0, 5.0]);
    assert_eq!(mm(&p, "blue"), [0.0, 7.0, 45.0, 5.0]);
}

#[test]
fn a_column_stacks_and_pushes_down() {
    let p = flexed(".f{flex-direction:column;height:50mm}.a,.b,.c{height:5mm}.c{margin-top:auto}", THREE);
    assert_eq!(mm(&p, "red"), [0.0, 0.0, 100.0, 5.0]);
    assert_eq!(mm(&p, "lime"), [0.0, 5.0, 100.0, 5.0]);
    assert_eq!(mm(&p, "blue"), [0.0, 45.0, 100.0, 5.0]);
}

#[test]
fn order_changes_places() {
    let p = flexed(".a,.b,.c{width:10mm;height:5mm}.a{order:2}.c{order:-1}", THREE);
    assert_eq!([mm(&p, "blue")[0], mm(&p, "lime")[0], mm(&p, "red")[0]], [0.0, 10.0, 20.0]);
}

#[test]
fn text_items_are_as_wide_as_their_text_and_as_high_as_their_lines() {
    let p = flexed(".f{background:yellow}", "<div class=f><div class=a>あい</div><div class=b>うえお</div></div>");
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 20.0, 10.0]);
    assert_eq!(pt(&p, "lime"), [20.0, 0.0, 30.0, 10.0]);
    assert_eq!(pt(&p, "yellow")[3], 10.0);
}

#[test]
fn text_items_shrink_and_break_their_lines() {
    let p = flexed(
        ".f{width:40pt;background:yellow}.a{width:20pt;flex:none}.b{flex:1}",
        "<div class=f><div class=a></div><div class=b>うえおか</div></div>",
    );
    assert_eq!(pt(&p, "lime"), [20.0, 0.0, 20.0, 20.0], "two lines of two");
    assert_eq!(pt(&p, "red")[3], 20.0, "stretched");
}

#[test]
fn text_directly_inside_is_an_item() {
    let p = flexed(".a{width:10pt;height:10pt}", "<div class=f>あ<div class=a></div>い</div>");
    assert_eq!(pt(&p, "red")[0], 10.0);
    assert_eq!(texts(&p).iter().map(|t| t.0).collect::<Vec<_>>(), [0.0, 20.0]);
}

#[test]
fn containers_nest() {
    let p = flexed(
        ".f{height:30mm}.g{display:flex;flex-direction:column;flex:1;justify-content:flex-end}.a{height:6mm}.b{width:25%}",
        "<div class=f><div class=b></div><div class=g><div class=a></div></div></div>",
    );
    assert_eq!(mm(&p, "lime"), [0.0, 0.0, 25.0, 30.0]);
    assert_eq!(mm(&p, "red"), [25.0, 24.0, 75.0, 6.0]);
}

#[test]
fn padding_and_border_of_the_container_are_around_its_items() {
    let p = flexed(
        ".f{padding:3mm;border:1mm solid black;background:yellow}.a{width:10mm;height:5mm}",
        "<div class=f><div class=a></div></div>",
    );
    assert_eq!(mm(&p, "red"), [4.0, 4.0, 10.0, 5.0]);
    assert_eq!(mm(&p, "yellow"), [0.0, 0.0, 100.0, 13.0]);
}

#[test]
fn pictures_keep_their_ratio_as_items() {
    let p = flexed("img{width:20mm}.b{flex:1}", "<div class=f><img src=wide.png><div class=b>あ</div></div>");
    assert_eq!(super::images(&p)[0][2..], [56.69, 28.35]);
    assert_eq!(mm(&p, "lime"), [20.0, 0.0, 80.0, 10.0]);
}

#[test]
fn baselines_line_up() {
    let p = flexed(
        ".f{align-items:baseline}.a{font-size:20pt;line-height:20pt}",
        "<div class=f><div class=a>あ</div><div class=b>い</div></div>",
    );
    let t = texts(&p);
    assert_eq!(t[0].1, t[1].1);
}

#[test]
fn deeply_nested_containers_are_measured_in_reasonable_time() {
    let depth = 30;
    let body = format!("{}あ{}", "<div class=f><div class=g>".repeat(depth), "</div></div>".repeat(depth));
    let p = flexed(".g{flex:1}", &body);
    assert_eq!(texts(&p), [(0.0, texts(&p)[0].1, 1)]);
}
