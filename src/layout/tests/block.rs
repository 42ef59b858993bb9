//! Blocks, their margins and sizes (CSS 2.2, chapters 8 and 10).

use super::{mm, page, pt};

const COLORS: &str = ".a{background:red}.b{background:lime}.c{background:blue}.d{background:yellow}";

fn styled(css: &str, body: &str) -> crate::page::Page {
    page(&format!("{COLORS}{css}"), body)
}

#[test]
fn blocks_stack_and_fill_the_width() {
    let p = styled(".a{height:10mm}.b{height:5mm}", "<div class=a></div><div class=b></div>");
    assert_eq!(mm(&p, "red"), [0.0, 0.0, 100.0, 10.0]);
    assert_eq!(mm(&p, "lime"), [0.0, 10.0, 100.0, 5.0]);
}

#[test]
fn margins_of_siblings_collapse_to_the_larger() {
    let p = styled(
        ".a{height:10pt;margin-bottom:8pt}.b{height:10pt;margin-top:5pt}",
        "<div class=a></div><div class=b></div>",
    );
    assert_eq!(pt(&p, "lime")[1], 18.0);
}

#[test]
fn a_negative_margin_is_added_to_the_largest_positive_one() {
    let p = styled(
        ".a{height:10pt;margin-bottom:8pt}.b{height:10pt;margin-top:-3pt}",
        "<div class=a></div><div class=b></div>",
    );
    assert_eq!(pt(&p, "lime")[1], 15.0);
}

#[test]
fn the_first_childs_margin_leaves_its_parent() {
    let p = styled(".a{margin-top:4pt}.b{margin-top:10pt;height:6pt}", "<div class=a><div class=b></div></div>");
    assert_eq!(pt(&p, "red"), [0.0, 10.0, 283.46, 6.0], "the parent starts where its child does");
    assert_eq!(pt(&p, "lime")[1], 10.0);
}

#[test]
fn padding_keeps_the_childs_margin_inside() {
    let p = styled(".a{padding-top:1pt}.b{margin-top:10pt;height:6pt}", "<div class=a><div class=b></div></div>");
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 283.46, 17.0]);
    assert_eq!(pt(&p, "lime")[1], 11.0);
}

#[test]
fn a_border_keeps_the_childs_margin_inside() {
    let p = styled(".a{border:1pt solid black}.b{margin:10pt 0;height:6pt}", "<div class=a><div class=b></div></div>");
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 283.46, 28.0]);
    assert_eq!(pt(&p, "lime"), [1.0, 11.0, 281.46, 6.0]);
}

#[test]
fn the_last_childs_margin_leaves_its_parent() {
    let p = styled(
        ".b{margin-bottom:10pt;height:6pt}.c{height:2pt}",
        "<div class=a><div class=b></div></div><div class=c></div>",
    );
    assert_eq!(pt(&p, "red")[3], 6.0);
    assert_eq!(pt(&p, "blue")[1], 16.0);
}

#[test]
fn a_height_keeps_the_last_childs_margin_inside() {
    let p = styled(
        ".a{height:20pt}.b{margin-bottom:10pt;height:6pt}.c{height:2pt}",
        "<div class=a><div class=b></div></div><div class=c></div>",
    );
    assert_eq!(pt(&p, "blue")[1], 20.0);
}

#[test]
fn margins_collapse_through_an_empty_block() {
    let p = styled(
        ".a{height:10pt;margin-bottom:4pt}.e{margin:9pt 0 6pt}.b{height:10pt;margin-top:5pt}",
        "<div class=a></div><div class=e></div><div class=b></div>",
    );
    assert_eq!(pt(&p, "lime")[1], 19.0, "4, 9, 6 and 5 meet: 9");
}

#[test]
fn a_flow_root_keeps_all_margins_inside() {
    let p = styled(".a{display:flow-root}.b{margin:10pt 0;height:6pt}", "<div class=a><div class=b></div></div>");
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 283.46, 26.0]);
}

#[test]
fn auto_margins_centre_a_block() {
    let p = styled(".a{width:60mm;height:5mm;margin:0 auto}", "<div class=a></div>");
    assert_eq!(mm(&p, "red"), [20.0, 0.0, 60.0, 5.0]);
}

#[test]
fn one_auto_margin_takes_all_that_is_left() {
    let p = styled(".a{width:60mm;height:5mm;margin-left:auto;margin-right:10mm}", "<div class=a></div>");
    assert_eq!(mm(&p, "red")[0], 30.0);
}

#[test]
fn widths_count_padding_and_border_as_box_sizing_says() {
    let css = ".a,.b{width:50mm;height:10mm;padding:2mm;border:1mm solid black}.b{box-sizing:border-box}";
    let p = styled(css, "<div class=a></div><div class=b></div>");
    assert_eq!(mm(&p, "red"), [0.0, 0.0, 56.0, 16.0]);
    assert_eq!(mm(&p, "lime"), [0.0, 16.0, 50.0, 10.0]);
}

#[test]
fn percentages_are_of_the_containing_block() {
    let p = styled(
        ".a{width:50%;height:40mm;padding:10%}.b{width:50%;height:25%;margin-left:10%}",
        "<div class=a><div class=b></div></div>",
    );
    assert_eq!(mm(&p, "red"), [0.0, 0.0, 70.0, 60.0]);
    assert_eq!(mm(&p, "lime"), [15.0, 10.0, 25.0, 10.0]);
}

#[test]
fn a_percentage_of_an_unknown_height_is_auto() {
    let p = styled(".b{height:50%}.c{height:3mm}", "<div class=a><div class=b><div class=c></div></div></div>");
    assert_eq!(mm(&p, "lime")[3], 3.0);
}

#[test]
fn least_sizes_win_over_greatest() {
    let p = styled(".a{width:80mm;max-width:40mm;min-width:50mm;min-height:7mm}", "<div class=a></div>");
    assert_eq!(mm(&p, "red"), [0.0, 0.0, 50.0, 7.0]);
}

#[test]
fn calc_and_aspect_ratio() {
    let p = styled(".a{width:calc(50% - 10mm);aspect-ratio:2/1}", "<div class=a></div>");
    assert_eq!(mm(&p, "red"), [0.0, 0.0, 40.0, 20.0]);
}

#[test]
fn relative_position_moves_the_box_and_nothing_else() {
    let p = styled(
        ".a{height:10mm;position:relative;left:3mm;top:-2mm}.b{height:5mm}",
        "<div class=a></div><div class=b></div>",
    );
    assert_eq!(mm(&p, "red"), [3.0, -2.0, 100.0, 10.0]);
    assert_eq!(mm(&p, "lime"), [0.0, 10.0, 100.0, 5.0]);
}

#[test]
fn what_is_not_displayed_takes_no_room() {
    let p = styled(".a{display:none;height:10mm}.b{height:5mm}", "<div class=a></div><div class=b></div>");
    assert_eq!(mm(&p, "lime")[1], 0.0);
}

#[test]
fn what_is_hidden_takes_room_and_is_not_drawn() {
    let p = styled(".a{visibility:hidden;height:10mm}.b{height:5mm}", "<div class=a>見えない</div><div class=b></div>");
    assert_eq!(mm(&p, "lime")[1], 10.0);
    assert_eq!(super::texts(&p), []);
    assert_eq!(super::all(&p, "red"), Vec::<[f32; 4]>::new());
}

#[test]
fn text_between_blocks_makes_lines_of_its_own() {
    let p = styled(".a{height:5pt}.b{height:5pt}", "<div class=a></div>あ<div class=b></div>");
    assert_eq!(pt(&p, "lime")[1], 15.0, "5 and one line of 10");
}

#[test]
fn spaces_between_blocks_make_no_line() {
    let p = styled(".a{height:5pt}.b{height:5pt}", "\n <div class=a></div>\n  <div class=b></div>\n");
    assert_eq!(pt(&p, "lime")[1], 5.0);
}

#[test]
fn a_block_inside_an_inline_element_is_a_block() {
    let p = styled(".b{height:5pt}", "<div class=a><span><div class=b></div></span></div>");
    assert_eq!(pt(&p, "lime"), [0.0, 0.0, 283.46, 5.0]);
    assert_eq!(pt(&p, "red")[3], 5.0);
}
