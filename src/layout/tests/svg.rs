//! Drawings in the page and in files, as the shapes that they become.

use super::*;
use crate::base::Pt;
use crate::color::Blend;
use crate::page::{GroupItem, Shading, ShadingKind, Stroke};

/// All items of the first page, groups before what is in them.
fn flat(pages: &[Page]) -> Vec<Item> {
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
    for list in pages.first().map(|p| p.lists.clone()).unwrap_or_default() {
        flat(&list.list.items, &mut out);
    }
    out
}

#[track_caller]
fn items(css: &str, body: &str) -> Vec<Item> {
    let (pages, faults) = compose(css, body);
    assert_eq!(faults, [], "no faults");
    flat(&pages)
}

fn paths(items: &[Item]) -> Vec<Path> {
    items.iter().filter_map(|i| if let Item::Path(p) = i { Some(p.clone()) } else { None }).collect()
}

fn groups(items: &[Item]) -> Vec<GroupItem> {
    items.iter().filter_map(|i| if let Item::Group(g) = i { Some(g.clone()) } else { None }).collect()
}

fn shadings(items: &[Item]) -> Vec<(Vec<Segment>, Shading)> {
    let one = |i: &Item| if let Item::Shading(s) = i { Some((s.segments.clone(), (*s.shading).clone())) } else { None };
    items.iter().filter_map(one).collect()
}

/// The rectangle around the ends of all segments, rounded to hundredths: left, top, right, bottom.
fn around(path: &[Segment]) -> [f32; 4] {
    let mut out = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    for segment in path {
        if let Segment::Move(p) | Segment::Line(p) | Segment::Cubic(_, _, p) = segment {
            out = [out[0].min(p.x.0), out[1].min(p.y.0), out[2].max(p.x.0), out[3].max(p.y.0)];
        }
    }
    out.map(|v| (v * 100.0).round() / 100.0)
}

#[test]
fn a_circle_is_a_path_of_four_curves() {
    let all = items("", "<svg width=40 height=40><circle cx=20 cy=20 r=10 fill='#f00'/></svg>");
    let paths = paths(&all);
    let [circle] = paths.as_slice() else { panic!("{paths:?}") };
    assert_eq!(circle.segments.iter().filter(|s| matches!(s, Segment::Cubic(..))).count(), 4);
    assert_eq!(circle.fill, Some(ink("red")));
    let [left, top, right, bottom] = around(&circle.segments);
    assert_eq!((right - left, bottom - top), (15.0, 15.0), "20 px are 15 pt");
    assert_eq!(left, 7.5);
}

#[test]
fn a_view_box_is_scaled_into_the_box_that_the_stylesheet_gives() {
    let svg = "<svg viewBox='0 0 10 10'><path d='M0 0h10v10h-10z' fill='lime'/></svg>";
    let at = |css: &str| around(&paths(&items(&format!("svg {{ display: block; {css} }}"), svg))[0].segments);
    assert_eq!(at("width: 30pt; height: 30pt"), [0.0, 0.0, 30.0, 30.0]);
    assert_eq!(at("width: 30pt"), [0.0, 0.0, 30.0, 30.0], "the height follows the ratio");
    assert_eq!(at("height: 30pt; width: 60pt"), [15.0, 0.0, 45.0, 30.0], "in the middle");
    let [left, _, right, _] = at("");
    assert!((right - left - 283.46).abs() < 0.02, "as wide as the page");
    let all = items("", "<svg><rect width='5' height='5'/></svg><svg width='20' height='10'></svg>");
    assert_eq!(paths(&all).len(), 1, "without a size it is 300 by 150 pixels");
}

#[test]
fn groups_bring_their_transforms_opacity_and_blending() {
    let body = "<svg width='80' height='80'><g transform='translate(20 10) scale(2)' opacity='.5'>\
        <rect width='10' height='10' fill='blue'/></g>\
        <rect style='mix-blend-mode: multiply' width='4' height='4'/></svg>";
    let all = items("svg { display: block }", body);
    assert_eq!(around(&paths(&all)[0].segments), [15.0, 7.5, 30.0, 22.5]);
    assert!(groups(&all).iter().any(|g| g.opacity == 0.5));
    assert!(groups(&all).iter().any(|g| g.blend == Blend::Multiply));
    assert_eq!(paths(&all)[1].fill, Some(Ink::BLACK), "black is black ink alone");
}

#[test]
fn strokes_are_strokes_of_the_page_where_it_has_such() {
    let stroked = |attributes: &str, d: &str| -> Path {
        let body = format!("<svg width='80' height='80'><path fill='none' stroke='red' {attributes} d='{d}'/></svg>");
        paths(&items("svg { display: block }", &body)).remove(0)
    };
    let own = |p: &Path| -> Stroke { p.stroke.clone().expect("a stroke") };
    let line = stroked("stroke-width='4' stroke-dasharray='8 4' stroke-linecap='round'", "M8 8 H60");
    assert_eq!((own(&line).width, own(&line).dash, own(&line).round_caps), (Pt(3.0), vec![Pt(6.0), Pt(3.0)], true));
    assert_eq!(own(&stroked("", "M8 8h20v20h-20z")).width, Pt(0.75));
    // others become the shape that they cover
    let round = stroked("stroke-width='4' stroke-linejoin='round'", "M8 8 L30 60 L50 8");
    assert_eq!((round.stroke.clone(), round.fill), (None, Some(ink("red"))));
    let square = stroked("stroke-width='8' stroke-linecap='square'", "M20 20 H60");
    assert_eq!(around(&square.segments), [12.0, 12.0, 48.0, 18.0]);
    let slanted = stroked("stroke-width='8' transform='scale(1 2)'", "M20 20 H60");
    assert_eq!(around(&slanted.segments), [15.0, 24.0, 45.0, 36.0]);
}

#[test]
fn gradients_are_shadings() {
    let body = "<svg width='40' height='20'><defs><linearGradient id='a'><stop stop-color='red'/>\
        <stop offset='1' stop-color='blue' stop-opacity='.5'/></linearGradient>\
        <radialGradient id='b'><stop stop-color='red'/><stop offset='1' stop-color='blue'/></radialGradient></defs>\
        <rect width='40' height='20' fill='url(#a)'/><rect width='40' height='20' fill='url(#b)'/></svg>";
    let all = shadings(&items("svg { display: block }", body));
    let [(shape, linear), (_, radial)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(around(shape), [0.0, 0.0, 30.0, 15.0]);
    let ShadingKind::Linear { from, to } = linear.kind else { panic!("a line") };
    let (from, to) = (linear.transform.apply(from), linear.transform.apply(to));
    assert!((from.x.0).abs() < 0.01 && (to.x.0 - 30.0).abs() < 0.01, "{from:?} {to:?}");
    assert_eq!((linear.stops[0].ink, linear.stops[1].alpha), (ink("red"), 0.5));
    let ShadingKind::Radial { center, .. } = radial.kind else { panic!("circles") };
    let center = radial.transform.apply(center);
    assert!((center.x.0 - 15.0).abs() < 0.01 && (center.y.0 - 7.5).abs() < 0.01, "{center:?}");
}

#[test]
fn clip_paths_cut_and_shapes_that_overlap_in_them_cut_no_hole() {
    let body = "<svg width='40' height='40'><clipPath id='c'><path d='M0 0h20v20h-20z'/><path d='M10 10v20h20v-20z'/>\
        </clipPath><rect width='40' height='40' clip-path='url(#c)'/></svg>";
    let all = groups(&items("svg { display: block }", body));
    let cut = all.iter().filter_map(|g| g.clip.as_ref()).find(|c| c.len() > 1).expect("a clip");
    assert_eq!(around(cut), [0.0, 0.0, 22.5, 22.5]);
    // both run clockwise on the paper
    let turns: Vec<f32> = cut
        .split(|s| matches!(s, Segment::Close))
        .filter(|c| c.len() > 2)
        .map(|c| {
            let p: Vec<_> = c
                .iter()
                .filter_map(|s| if let Segment::Move(p) | Segment::Line(p) = s { Some(*p) } else { None })
                .collect();
            (p[1].x - p[0].x).0 * (p[2].y - p[1].y).0 - (p[1].y - p[0].y).0 * (p[2].x - p[1].x).0
        })
        .collect();
    assert!(turns.len() == 2 && turns.iter().all(|t| *t > 0.0), "{turns:?}");
}

#[test]
fn the_text_s_ink_is_current_color_as_it_is() {
    let body = "<svg width='9' height='9'><path d='M0 0h9v9z' fill='currentColor'/></svg>";
    let fill = |css: &str| paths(&items(css, body))[0].fill;
    assert_eq!(fill("body { color: lime }"), Some(ink("lime")));
    assert_eq!(fill("body { color: device-cmyk(0 1 0 0) }"), Some(Ink::Cmyk([0.0, 1.0, 0.0, 0.0])));
}

#[test]
fn a_file_is_placed_like_a_picture() {
    let mut f = Fixture::new(|_| {});
    let shape = "<path d='M0 0h20v10h-20z' fill='#00f'/></svg>";
    f.file("a.svg", &format!("<?xml version='1.0'?>\n<!DOCTYPE svg>\n<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'>{shape}"));
    let mut at = |css: &str, body: &str| {
        let (pages, faults) = f.compose(&document(css, body));
        assert_eq!(faults, []);
        paths(&flat(&pages)).iter().map(|p| around(&p.segments)).collect::<Vec<_>>()
    };
    assert_eq!(at("img { display: block }", "<img src='a.svg'>"), [[0.0, 0.0, 15.0, 7.5]]);
    assert_eq!(at("img { display: block; width: 40pt }", "<img src='a.svg'>"), [[0.0, 0.0, 40.0, 20.0]]);
    let fit = "img { display: block; width: 40pt; height: 40pt; object-fit: ";
    assert_eq!(at(&format!("{fit}contain }}"), "<img src='a.svg'>"), [[0.0, 10.0, 40.0, 30.0]]);
    assert_eq!(at(&format!("{fit}cover }}"), "<img src='a.svg'>"), [[-20.0, 0.0, 60.0, 40.0]]);
    let ground = "div { width: 30pt; height: 15pt; background: url(a.svg) }";
    assert_eq!(at(ground, "<div></div>").len(), 4, "a background repeats it");
}

#[test]
fn shapes_that_reach_beyond_all_paper_have_places_that_can_be_written() {
    let body = "<svg width='80' height='80'><path d='M0 0L1e30 9e30 -1e38 4' transform='scale(1e8 1)'/></svg>";
    for path in paths(&items("svg { display: block }", body)) {
        assert!(around(&path.segments).iter().all(|v| v.abs() <= 500_000.0), "{path:?}");
    }
}

#[test]
fn what_is_not_drawn_is_told() {
    let told = |inside: &str| {
        let (_, faults) = compose("", &format!("<svg id='x' width='9' height='9'>{inside}</svg>"));
        faults.iter().map(|f| format!("{} {f}", f.code())).collect::<Vec<_>>().join("\n")
    };
    for (inside, word) in [
        ("<text>a</text>", "`<text>`"),
        ("<image href='b.png' width='5' height='5'/>", "`<image>`"),
        ("<mask id='m'><path d='M0 0h9v9z' fill='#fff'/></mask><path d='M0 0h9v9z' mask='url(#m)'/>", "masks"),
        ("<filter id='f'><feGaussianBlur stdDeviation='2'/></filter><path d='M0 0h9v9z' filter='url(#f)'/>", "filters"),
        (
            "<pattern id='p' width='2' height='2' patternUnits='userSpaceOnUse'><path d='M0 0h1v1z'/></pattern>\
             <path d='M0 0h9v9z' fill='url(#p)'/>",
            "patterns",
        ),
    ] {
        let told = told(inside);
        assert!(told.contains("unsupported-layout `#x`") && told.contains(word), "{word}: {told}");
    }
    assert_eq!(told("<path d='M0 0h9v9z'/><title>a</title>"), "");
}
