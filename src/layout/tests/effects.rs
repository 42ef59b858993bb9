//! Gradients, transforms, blending, shapes that cut, shadows and outlines, as the items that they become.

use super::*;
use crate::base::Pt;
use crate::color::Blend;
use crate::layout::FaultKind;
use crate::page::{GroupItem, Shading, ShadingKind};

const PAGE: &str = "@page { size: 100pt 100pt; margin: 0 } body { margin: 0 } div { width: 40pt; height: 20pt }";

/// All items of the first page, groups before what is in them.
fn items(css: &str, body: &str) -> Vec<Item> {
    fn flat(items: &[Item], out: &mut Vec<Item>) {
        for item in items {
            out.push(item.clone());
            match item {
                Item::Group(g) => flat(&g.items, out),
                Item::List(_, list) => flat(&list.items, out),
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    let (pages, faults) = compose(&format!("{PAGE}{css}"), body);
    // what is turned may leave the page
    assert!(faults.iter().all(|f| matches!(f.kind, FaultKind::OffPage { .. })), "{faults:?}");
    for list in pages.first().map(|p| p.lists.clone()).unwrap_or_default() {
        flat(&list.list.items, &mut out);
    }
    out
}

fn shadings(css: &str) -> Vec<(Vec<Segment>, Shading)> {
    let all = items(css, "<div></div>");
    all.into_iter()
        .filter_map(|i| if let Item::Shading(s) = i { Some((s.segments, Shading::clone(&s.shading))) } else { None })
        .collect()
}

fn groups(css: &str) -> Vec<GroupItem> {
    let all = items(css, "<div><p>a</p></div>");
    all.into_iter().filter_map(|i| if let Item::Group(g) = i { Some(g) } else { None }).collect()
}

#[test]
fn a_gradient_fills_its_box_as_one_shading() {
    let all = shadings("div { background: linear-gradient(90deg, device-cmyk(1 0 0 0), device-cmyk(0 0 1 0)) }");
    let [(segments, shading)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(segments, &[Segment::Rect(Rect::new(Pt(0.0), Pt(0.0), Pt(40.0), Pt(20.0)))]);
    let ShadingKind::Linear { from, to } = shading.kind else { panic!("a line") };
    assert_eq!((from.x, to.x), (Pt(0.0), Pt(40.0)));
    assert!(shading.stops.iter().all(|s| matches!(s.ink, crate::color::Ink::Cmyk(_))), "inks stay inks");
    // a border is around it: the picture repeats beyond the padding box, cut at the border box
    assert_eq!(shadings("div { border: 2pt solid; background: linear-gradient(red, blue) }").len(), 9);
    assert_eq!(shadings("div { border: 2pt solid; background: linear-gradient(red, blue) no-repeat }").len(), 1);
    assert_eq!(shadings("div { background: linear-gradient(red, blue) 0 0 / 10pt 10pt }").len(), 8);
    assert_eq!(shadings("div { background: linear-gradient(red, blue) 0 0 / 12pt 8pt space }").len(), 6);
    assert_eq!(shadings("div { background: linear-gradient(red, blue) 0 0 / 12pt 8pt round }").len(), 9);
    assert_eq!(shadings("div { background: linear-gradient(red, blue), radial-gradient(red, blue) }").len(), 2);
}

#[test]
fn a_picture_is_placed_in_one_box_and_cut_at_another() {
    let rect = |css: &str| match shadings(css).as_slice() {
        [(segments, _)] => match segments.as_slice() {
            [Segment::Rect(r)] => [r.x.0, r.y.0, r.width.0, r.height.0],
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let css = |more: &str| {
        format!("div {{ padding: 3pt; border: 2pt solid; background-image: linear-gradient(red, blue); {more} }}")
    };
    let once = "background-repeat: no-repeat;";
    assert_eq!(rect(&css(once)), [2.0, 2.0, 46.0, 26.0], "the padding box");
    assert_eq!(rect(&css(&format!("{once} background-origin: content-box"))), [5.0, 5.0, 40.0, 20.0]);
    assert_eq!(rect(&css("background-origin: border-box")), [0.0, 0.0, 50.0, 30.0]);
    assert_eq!(rect(&css("background-origin: border-box; background-clip: content-box")), [5.0, 5.0, 40.0, 20.0]);
    assert_eq!(
        rect(&css(&format!("{once} background-size: 10pt 4pt; background-position: right 1pt bottom 2pt"))),
        [37.0, 22.0, 10.0, 4.0]
    );
    assert_eq!(
        rect(&css(&format!("{once} background-size: 10pt 4pt; background-position: right 1pt top"))),
        [37.0, 2.0, 10.0, 4.0]
    );
}

#[test]
fn transforms_turn_the_box_about_its_origin() {
    for (css, want) in [
        ("transform: translate(10pt, 50%)", [1.0, 0.0, 0.0, 1.0, 10.0, 10.0]),
        ("transform: scale(2)", [2.0, 0.0, 0.0, 2.0, -20.0, -10.0]),
        ("transform: scale(2); transform-origin: 0 0", [2.0, 0.0, 0.0, 2.0, 0.0, 0.0]),
        ("transform: rotate(90deg)", [0.0, 1.0, -1.0, 0.0, 30.0, -10.0]),
        ("transform: rotate(.25turn); transform-origin: left top", [0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
        ("transform: translate(10pt) scale(2); transform-origin: 0 0", [2.0, 0.0, 0.0, 2.0, 10.0, 0.0]),
        ("transform: scale(2) translate(10pt); transform-origin: 0 0", [2.0, 0.0, 0.0, 2.0, 20.0, 0.0]),
        ("translate: 5pt; scale: 2 1; transform-origin: 0 0", [2.0, 0.0, 0.0, 1.0, 5.0, 0.0]),
        ("rotate: 180deg", [-1.0, 0.0, 0.0, -1.0, 40.0, 20.0]),
        ("transform: matrix(1, 0, 0, 1, 4, 8)", [1.0, 0.0, 0.0, 1.0, 3.0, 6.0]),
        ("transform: skewX(45deg); transform-origin: 0 0", [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]),
    ] {
        let all = groups(&format!("div {{ {css} }}"));
        let [g] = all.as_slice() else { panic!("{css}: {all:?}") };
        let m = g.transform;
        let got = [m.a, m.b, m.c, m.d, m.e, m.f].map(|v| (v * 1000.0).round() / 1000.0 + 0.0);
        assert_eq!(got, want, "{css}");
    }
    assert!(items("div { transform: scale(0) }", "<div><p>a</p></div>").iter().all(|i| !matches!(i, Item::Glyphs(_))));
}

#[test]
fn a_transformed_box_holds_what_is_fixed_in_it() {
    let css = "div { transform: translate(10pt, 30pt) } p { position: fixed; left: 0; top: 0; margin: 0 }";
    let all = items(css, "<div><p>a</p></div>");
    assert!(
        all.iter().any(|i| matches!(i, Item::Group(g) if g.transform.e == 10.0 && !g.items.is_empty())),
        "the text is in the group: {all:?}"
    );
}

#[test]
fn text_that_a_transform_moves_off_the_page_is_told() {
    let body = "<div style='transform: translate(200pt)'>あいう</div>";
    let (_, faults) = compose(PAGE, body);
    assert!(faults.iter().any(|f| matches!(f.kind, FaultKind::OffPage { .. })), "{faults:?}");
}

#[test]
fn groups_blend_keep_to_themselves_and_are_cut() {
    let one = |css: &str| match groups(&format!("div {{ {css} }}")).as_slice() {
        [g] => g.clone(),
        other => panic!("{css}: {other:?}"),
    };
    assert_eq!(one("mix-blend-mode: multiply").blend, Blend::Multiply);
    assert!(one("isolation: isolate").isolated);
    assert_eq!(one("opacity: .5; transform: rotate(3deg)").opacity, 0.5);
    let points = one("clip-path: polygon(0 0, 100% 0, 50% 100%)").clip.expect("a clip");
    assert_eq!(points.len(), 4);
    assert!(points.contains(&Segment::Line(Point::new(Pt(20.0), Pt(20.0)))));
    let rect = one("clip-path: inset(2pt 25% 10% 4pt)").clip.expect("a clip");
    assert_eq!(rect, [Segment::Rect(Rect::new(Pt(4.0), Pt(2.0), Pt(26.0), Pt(16.0)))]);
    let circle = one("clip-path: circle(5pt at 10pt 10pt)").clip.expect("a clip");
    assert_eq!(circle.first(), Some(&Segment::Move(Point::new(Pt(5.0), Pt(10.0)))));
    assert!(groups("div { color: red }").is_empty(), "nothing of it costs nothing");
}

#[test]
fn shadows_lie_outside_and_inside_and_outlines_around() {
    let paths = |css: &str| items(css, "<div></div>").into_iter().filter(|i| matches!(i, Item::Path(_))).count();
    assert_eq!(paths("div { box-shadow: 2pt 2pt red, 0 0 0 3pt blue }"), 2);
    assert_eq!(paths("div { box-shadow: inset 2pt 2pt red }"), 1);
    assert_eq!(paths("div { box-shadow: 2pt 2pt transparent }"), 0);
    let outer = groups("div { box-shadow: 2pt 2pt red }");
    assert!(outer.iter().all(|g| g.clip.as_ref().is_some_and(|c| c.len() > 5)), "cut where the box is");
    assert_eq!(paths("div { outline: 1pt solid red; outline-offset: 2pt }"), 1);
    assert_eq!(paths("div { outline: 1pt none red }"), 0);
}

#[test]
fn reliefs_are_lit_from_the_top_left() {
    let inks = |style: &str| -> Vec<bool> {
        let all = items(&format!("div {{ border: 4pt {style} device-cmyk(0 0 0 .5) }}"), "<div></div>");
        all.iter()
            .filter_map(|i| match i {
                Item::Path(Path { fill: Some(crate::color::Ink::Black(k)), .. }) => Some(*k > 0.6),
                _ => None,
            })
            .collect()
    };
    assert_eq!(inks("inset"), [true, false, false, true], "top and left in the shade");
    assert_eq!(inks("outset"), [false, true, true, false]);
    assert_eq!(inks("groove"), [true, false, false, true, false, true, true, false]);
    assert_eq!(inks("ridge"), [false, true, true, false, true, false, false, true]);
}
