//! What lies on what (CSS 2.2, appendix E).

use super::{Drawn, drawn, ink, page};

/// The colours of the grounds on a page, back to front.
fn order(css: &str, body: &str) -> Vec<&'static str> {
    let css = format!(
        "div{{width:10mm;height:5mm}}.r{{background:red}}.l{{background:lime}}.b{{background:blue}}.y{{background:yellow}}{css}"
    );
    let p = page(&css, body);
    let name = |d| match d {
        Drawn::Path(_, p) => ["red", "lime", "blue", "yellow"].into_iter().find(|n| p.fill == Some(ink(n))),
        _ => None,
    };
    drawn(&p).into_iter().filter_map(name).collect()
}

#[test]
fn the_order_of_the_tree_without_positions() {
    assert_eq!(order("", "<div class=r></div><div class=l></div>"), ["red", "lime"]);
}

#[test]
fn positioned_boxes_lie_on_the_flow() {
    assert_eq!(order(".r{position:relative}", "<div class=r></div><div class=l></div>"), ["lime", "red"]);
}

#[test]
fn z_index_orders_positioned_boxes() {
    let css = "div{position:absolute}.r{z-index:2}.l{z-index:1}.b{z-index:-1}";
    assert_eq!(
        order(css, "<div class=r></div><div class=l></div><div class=b></div><div class=y></div>"),
        ["blue", "yellow", "lime", "red"]
    );
}

#[test]
fn what_is_in_a_stacking_context_stays_in_it() {
    let css = ".r{position:relative;z-index:1}.l{position:absolute;z-index:99}.b{position:relative;z-index:2}";
    assert_eq!(order(css, "<div class=r><div class=l></div></div><div class=b></div>"), ["red", "lime", "blue"]);
}

#[test]
fn a_negative_child_lies_over_its_contexts_ground() {
    let css = ".r{position:relative;z-index:0}.l{position:absolute;z-index:-1}";
    assert_eq!(order(css, "<div class=r><div class=l></div><div class=b></div></div>"), ["red", "lime", "blue"]);
}

#[test]
fn without_a_context_a_negative_child_goes_behind_its_parent() {
    let css = ".r{position:relative}.l{position:absolute;z-index:-1}";
    assert_eq!(order(css, "<div class=r><div class=l></div></div>"), ["lime", "red"]);
}

#[test]
fn floats_lie_on_blocks_and_below_their_lines() {
    let css = ".l{float:left;margin-bottom:-5mm}.b{width:40mm}i{background:yellow}";
    assert_eq!(
        order(css, "<div class=l></div><div class=b><i>あ</i></div>"),
        ["blue", "lime", "yellow"],
        "the ground of the block that follows, the float, the line"
    );
    assert_eq!(
        order(css, "<section><div class=l></div><div class=b><i>あ</i></div></section>"),
        ["blue", "lime", "yellow"]
    );
}

#[test]
fn items_of_flex_boxes_and_grids_have_a_z_index_without_a_position() {
    let items = "<section><div class=r></div><div class=l></div></section>";
    assert_eq!(order("section{display:grid}.r{z-index:1}", items), ["lime", "red"]);
    assert_eq!(order("section{display:flex}.l{z-index:-1}", items), ["lime", "red"]);
    assert_eq!(order(".r{z-index:1}", items), ["red", "lime"], "in a block it says nothing");
}
