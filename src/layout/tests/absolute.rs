//! Absolute positions (CSS 2.2, sections 10.3.7 and 10.6.4).

use super::{mm, page, pt, texts};

const BLOCK: &str = ".o{position:relative;width:80mm;height:60mm;margin:10mm}.a{position:absolute;background:red}";

fn placed(css: &str) -> [f32; 4] {
    let p = page(&format!("{BLOCK}.a{{{css}}}"), "<div class=o><div class=a></div></div>");
    mm(&p, "red")
}

#[test]
fn insets_and_sizes() {
    assert_eq!(placed("left:5mm;top:6mm;width:20mm;height:7mm"), [15.0, 16.0, 20.0, 7.0]);
    assert_eq!(placed("right:5mm;bottom:6mm;width:20mm;height:7mm"), [65.0, 57.0, 20.0, 7.0]);
}

#[test]
fn opposite_insets_make_the_size() {
    assert_eq!(placed("left:5mm;right:15mm;top:6mm;bottom:10mm"), [15.0, 16.0, 60.0, 44.0]);
    assert_eq!(placed("inset:0;margin:2mm"), [12.0, 12.0, 76.0, 56.0]);
}

#[test]
fn auto_margins_centre_between_insets() {
    assert_eq!(placed("inset:0;margin:auto;width:20mm;height:10mm"), [40.0, 35.0, 20.0, 10.0]);
    assert_eq!(placed("left:0;right:0;top:0;margin-left:auto;width:20mm;height:10mm"), [70.0, 10.0, 20.0, 10.0]);
}

#[test]
fn the_end_gives_way_when_all_three_are_given() {
    assert_eq!(placed("left:5mm;right:5mm;top:0;width:20mm;height:7mm"), [15.0, 10.0, 20.0, 7.0]);
}

#[test]
fn percentages_are_of_the_padding_box() {
    let css = "left:10%;top:10%;width:50%;height:50%";
    assert_eq!(placed(css), [18.0, 16.0, 40.0, 30.0]);
    let p = page(
        ".o{position:relative;width:80mm;height:60mm;padding:10mm;border:1mm solid black}.a{position:absolute;background:red;left:10%;top:10%;width:50%;height:50%}",
        "<div class=o><div class=a></div></div>",
    );
    assert_eq!(mm(&p, "red"), [11.0, 9.0, 50.0, 40.0], "100 × 80 mm inside the border");
}

#[test]
fn width_shrinks_to_the_text() {
    let p = page(&format!("{BLOCK}.a{{right:0;top:0}}"), "<div class=o><div class=a>あいう</div></div>");
    assert_eq!(pt(&p, "red")[2..], [30.0, 10.0]);
    assert!((pt(&p, "red")[0] - (255.118 - 30.0)).abs() < 0.01);
}

#[test]
fn without_insets_it_stands_where_the_flow_would_put_it() {
    let p = page(
        ".s{height:10mm}.a{position:absolute;background:red;width:5mm;height:5mm;margin-left:1mm}.b{background:lime;height:3mm}",
        "<div class=s></div><div class=a></div><div class=b></div>",
    );
    assert_eq!(mm(&p, "red"), [1.0, 10.0, 5.0, 5.0]);
    assert_eq!(mm(&p, "lime")[1], 10.0, "it takes no room");
}

#[test]
fn the_page_is_the_last_containing_block() {
    let p = page(
        "@page{margin:5mm}.s{margin:7mm}.a{position:absolute;background:red;left:0;bottom:0;width:4mm;height:4mm}.f{position:fixed;background:lime;right:0;top:0;width:4mm;height:4mm}.r{position:relative}",
        "<div class=s><div class=a></div></div><div class=r><div class=f></div></div>",
    );
    assert_eq!(mm(&p, "red"), [5.0, 91.0, 4.0, 4.0]);
    assert_eq!(mm(&p, "lime"), [91.0, 5.0, 4.0, 4.0]);
}

#[test]
fn a_picture_keeps_its_ratio() {
    let p = page("img{position:absolute;left:10pt;top:10pt;height:30pt}", "<img src=wide.png>");
    assert_eq!(super::images(&p), [[10.0, 10.0, 60.0, 30.0]]);
}

#[test]
fn text_inside_is_laid_out_in_the_width() {
    let p = page(".a{position:absolute;left:10pt;top:20pt;width:30pt}", "<div class=a>あいうえ</div>");
    let t = texts(&p);
    assert_eq!(t.len(), 2, "two lines");
    assert_eq!((t[0].0, t[0].2), (10.0, 3));
    assert_eq!((t[1].0, t[1].2), (10.0, 1));
    assert_eq!(t[1].1 - t[0].1, 10.0);
}

#[test]
fn right_to_left_the_right_side_wins_and_boxes_stand_at_the_right() {
    let css =
        "section{position:relative;direction:rtl;width:100pt;height:50pt}.a{background:red;width:20pt;height:10pt}";
    let at = |own: &str| {
        let p = super::page(&format!("{css}.a{{{own}}}"), "<section><div class=a></div></section>");
        super::pt(&p, "red")[0]
    };
    assert_eq!(at("position:absolute"), 80.0, "where it would stand in the flow");
    assert_eq!(at("position:absolute;left:10pt;right:5pt"), 75.0);
    assert_eq!(at("position:relative;left:10pt;right:5pt"), 75.0);
    assert_eq!(at("position:absolute;left:10pt"), 10.0);
}
