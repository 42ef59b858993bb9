//! Floats, grids and tables in stylesheets and attributes.

use std::sync::Arc;

use super::css_tests::{div, x};
use super::style::*;
use super::tracks::*;
use crate::base::Pt;

fn pt(v: f32) -> Breadth<LengthPercent> {
    Breadth::Size(LengthPercent::length(Pt(v)))
}

#[test]
fn floats_are_blocks_unless_they_are_positioned() {
    let style = x("b{float:inline-end;clear:both}", "<b id=x></b>");
    assert_eq!((style.float, style.clear, style.display), (Float::Right, Clear::Both, Display::Block));
    assert_eq!(div("float:left;position:absolute").float, Float::None);
}

#[test]
fn lists_of_tracks() {
    let grid =
        div("grid-template-columns:[a] 10pt [b c] minmax(20pt,2fr) repeat(auto-fill,[d] 1fr fit-content(5pt)) [e]")
            .grid
            .clone();
    let columns = grid.expect("a grid").columns.clone().expect("columns");
    assert_eq!(columns.names.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 0, 1]);
    assert_eq!(columns.parts[0], Part::Track(Track { min: pt(10.0), max: pt(10.0) }));
    assert_eq!(columns.parts[1], Part::Track(Track { min: pt(20.0), max: Breadth::Fr(2.0) }));
    let Part::Repeat { times: Times::Fill, tracks, names } = &columns.parts[2] else { panic!("no repeat") };
    assert_eq!((tracks.len(), names.iter().map(Vec::len).collect::<Vec<_>>()), (2, vec![1, 0, 0]));
    assert_eq!(tracks[0], Track { min: Breadth::Auto, max: Breadth::Fr(1.0) });
}

#[test]
fn areas_are_rectangles() {
    let areas = |css: &str| div(&format!("grid-template-areas:{css}")).grid.as_ref().and_then(|g| g.areas.clone());
    let found = areas("'a a b' 'a a .' 'c...c...c'");
    assert_eq!(found, None, "not three columns everywhere");
    let found = areas("'a a b' 'a a .' 'c c c'").expect("areas");
    let list: Vec<_> = found.areas.iter().map(|a| (&*a.name, a.rows, a.columns)).collect();
    assert_eq!(list, [("a", (1, 3), (1, 3)), ("b", (1, 2), (3, 4)), ("c", (3, 4), (1, 4))]);
    assert_eq!(areas("'a b' 'b a'"), None, "no rectangles");
}

#[test]
fn lines_of_items() {
    let lines = |css: &str| {
        let g = div(css).grid.as_deref().cloned().unwrap_or_default();
        [g.row_start, g.column_start, g.row_end, g.column_end]
    };
    let name = |n: &str| GridLine::Named(Arc::from(n), 0);
    assert_eq!(lines("grid-area:a"), [name("a"), name("a"), name("a"), name("a")]);
    assert_eq!(lines("grid-row:2/span 3")[0], GridLine::Line(2));
    assert_eq!(lines("grid-row:2/span 3")[2], GridLine::Span(3));
    assert_eq!(lines("grid-column:b 2/-1")[1], GridLine::Named(Arc::from("b"), 2));
    assert_eq!(lines("grid-column:b 2/-1")[3], GridLine::Line(-1));
    assert_eq!(lines("grid-column:0"), [GridLine::Auto, GridLine::Auto, GridLine::Auto, GridLine::Auto]);
}

#[test]
fn shorthands_of_grids() {
    let grid = |css: &str| div(css).grid.as_deref().cloned().unwrap_or_default();
    let g = grid("grid:'a b' 10pt 'c c' / 1fr 2fr");
    assert_eq!(g.areas.map(|a| (a.rows, a.columns)), Some((2, 2)));
    assert_eq!(g.rows.map(|r| r.parts.len()), Some(2));
    assert_eq!(g.columns.map(|r| r.parts.len()), Some(2));
    let g = grid("grid: auto-flow dense 20pt / 50pt 50pt");
    assert_eq!((g.flow, g.auto_rows.map(|r| r.len())), (GridFlow { columns: false, dense: true }, Some(1)));
    let g = grid("grid: 50pt / auto-flow");
    assert!(g.flow.columns && g.rows.is_some());
    let style = div("place-items:center end;place-self:start");
    assert_eq!((style.align_items, style.justify_items), (Align::Center, Align::End));
    assert_eq!((style.align_self, style.justify_self), (Align::Start, Align::Start));
}

#[test]
fn attributes_of_tables_are_weaker_than_rules() {
    let table = "<table border cellpadding=4 cellspacing=0 width=50%><tr><td id=x bgcolor=lime align=right valign=top>";
    let cell = x("", table);
    assert_eq!(cell.border.left.width, Pt(0.75));
    assert_eq!(cell.padding.left.length, Pt(3.0));
    assert_eq!((cell.text.text_align, cell.vertical_align), (TextAlign::Right, VerticalAlign::Top));
    assert!(cell.background_color.is_visible());
    assert_eq!(x("td{padding:1pt}", table).padding.left.length, Pt(1.0));
    let whole = x("", "<table id=x border=2 cellspacing=0 width=50%>");
    assert_eq!((whole.border.top.width, whole.table.spacing), (Pt(1.5), (Pt::ZERO, Pt::ZERO)));
    assert_eq!(whole.width, Dimension::Value(LengthPercent { percent: 0.5, ..LengthPercent::ZERO }));
    assert_eq!(x("", "<img id=x align=right hspace=4>").float, Float::Right);
}

#[test]
fn table_properties_are_inherited_but_for_the_layout() {
    let cell = x(
        "table{border-collapse:collapse;border-spacing:1pt 2pt;table-layout:fixed;caption-side:bottom}",
        "<table><tr><td id=x>",
    );
    assert_eq!(cell.table.collapse, BorderCollapse::Collapse);
    assert_eq!(cell.table.spacing, (Pt(1.0), Pt(2.0)));
    assert_eq!((cell.table.layout, cell.table.caption), (TableLayout::Auto, CaptionSide::Bottom));
    assert_eq!(cell.display, Display::TableCell);
    assert_eq!(x("td{float:left}", "<table><tr><td id=x>").display, Display::Block);
}
