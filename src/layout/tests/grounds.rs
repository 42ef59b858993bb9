//! Backgrounds, borders, pictures, symbols, cuts and translucency.

use super::{Drawn, drawn, images, mm, page, pt};
use crate::color::Ink;
use crate::page::{Item, Segment};

#[test]
fn a_uniform_border_is_one_stroke_along_its_middle() {
    let p = page(".a{width:40pt;height:20pt;border:2pt solid black}", "<div class=a></div>");
    let Some(Drawn::Path(at, path)) = drawn(&p).pop() else { panic!("a path") };
    assert_eq!(path.fill, None);
    let stroke = path.stroke.expect("a stroke");
    assert_eq!((stroke.width.0, stroke.ink), (2.0, Ink::BLACK));
    let [Segment::Rect(r)] = path.segments[..] else { panic!("a rectangle") };
    let r = r.translated(at);
    assert_eq!([r.x.0, r.y.0, r.width.0, r.height.0], [1.0, 1.0, 42.0, 22.0]);
}

#[test]
fn round_corners_are_curves() {
    let p = page(".a{width:40pt;height:20pt;border-radius:6pt;background:red}", "<div class=a></div>");
    let Some(Drawn::Path(_, path)) = drawn(&p).pop() else { panic!("a path") };
    assert_eq!(path.segments.iter().filter(|s| matches!(s, Segment::Cubic(..))).count(), 4);
}

#[test]
fn one_border_is_one_polygon() {
    let p = page(".a{width:40pt;height:20pt;border-bottom:2pt solid red}", "<div class=a></div>");
    let Some(Drawn::Path(at, path)) = drawn(&p).pop() else { panic!("a path") };
    assert_eq!(path.fill, Some(super::ink("red")));
    let y: Vec<f32> = path
        .segments
        .iter()
        .filter_map(|s| match s {
            Segment::Move(q) | Segment::Line(q) => Some((q.y + at.y).0),
            _ => None,
        })
        .collect();
    assert_eq!(y, [22.0, 22.0, 20.0, 20.0]);
}

#[test]
fn dashes_begin_and_end_whole() {
    let p = page(".a{width:100pt;height:20pt;border:1pt dashed black}", "<div class=a></div>");
    let paths: Vec<_> =
        drawn(&p).into_iter().filter_map(|d| if let Drawn::Path(_, p) = d { Some(p) } else { None }).collect();
    assert_eq!(paths.len(), 4, "four sides");
    let dash = &paths[0].stroke.as_ref().expect("a stroke").dash;
    let (on, off) = (dash[0].0, dash[1].0);
    let count = (102.0 + off) / (on + off);
    assert!((count - count.round()).abs() < 1e-3, "{count} dashes fill 102 pt");
}

#[test]
fn a_background_covers_and_is_cut() {
    let p = page(".a{width:60pt;height:60pt;background:url(wide.png) center/cover no-repeat}", "<div class=a></div>");
    assert_eq!(images(&p), [[-30.0, 0.0, 120.0, 60.0]]);
    let group = p.lists.iter().flat_map(|l| flat(&l.list.items)).find_map(|i| match i {
        Item::Group(g) => g.clip.clone(),
        _ => None,
    });
    assert!(group.is_some(), "what stands out is cut");
}

fn flat(items: &[Item]) -> Vec<Item> {
    items
        .iter()
        .flat_map(|i| match i {
            Item::List(_, list) => flat(&list.items),
            Item::Group(g) => [vec![i.clone()], flat(&g.items)].concat(),
            other => vec![other.clone()],
        })
        .collect()
}

#[test]
fn backgrounds_repeat_and_are_placed() {
    let p = page(".a{width:90pt;height:15pt;background:url(wide.png)}", "<div class=a></div>");
    assert_eq!(images(&p).len(), 3);
    let p = page(".a{width:90pt;height:45pt;background:url(wide.png) right bottom no-repeat}", "<div class=a></div>");
    assert_eq!(images(&p), [[60.0, 30.0, 30.0, 15.0]]);
}

#[test]
fn object_fit() {
    let fit = |f: &str| {
        images(&page(&format!("img{{display:block;width:40pt;height:40pt;object-fit:{f}}}"), "<img src=wide.png>"))
    };
    assert_eq!(fit("fill"), [[0.0, 0.0, 40.0, 40.0]]);
    assert_eq!(fit("contain"), [[0.0, 10.0, 40.0, 20.0]]);
    assert_eq!(fit("cover"), [[-20.0, 0.0, 80.0, 40.0]]);
    assert_eq!(fit("none"), [[5.0, 12.5, 30.0, 15.0]]);
    assert_eq!(fit("scale-down"), [[5.0, 12.5, 30.0, 15.0]]);
}

#[test]
fn a_symbol_keeps_its_quiet_zone_inside_its_box() {
    let p = page("bar-code{display:block;width:29mm;height:29mm}", "<bar-code type=qr value='0123' ecc=M></bar-code>");
    let Some(Drawn::Modules(at, m)) = drawn(&p).pop() else { panic!("modules") };
    assert_eq!(m.columns, 21, "version 1");
    assert!((m.module.to_mm() - 1.0).abs() < 1e-3, "29 mm for 21 + 8 modules");
    assert!((at.x.to_mm() - 4.0).abs() < 1e-3 && (at.y.to_mm() - 4.0).abs() < 1e-3);
    assert_eq!(m.ink, Ink::BLACK);
}

#[test]
fn a_symbol_without_quiet_zone_fills_its_box() {
    let p = page("bar-code{display:block}", "<bar-code type=qr value='0123' quiet=0></bar-code>");
    let Some(Drawn::Modules(at, m)) = drawn(&p).pop() else { panic!("modules") };
    assert_eq!((at.x.0, at.y.0), (0.0, 0.0));
    assert!(((m.module * 21.0).to_mm() - 20.0).abs() < 1e-3, "20 mm unless the style says otherwise");
}

#[test]
fn the_bodys_ground_is_that_of_the_page_with_its_bleed() {
    let p = page("@page{size:50mm 40mm;bleed:3mm;margin:5mm}body{background:red}", "あ");
    assert_eq!(mm(&p, "red"), [-3.0, -3.0, 56.0, 46.0]);
    assert!((p.bleed.to_mm() - 3.0).abs() < 1e-3);
}

#[test]
fn overflow_clip_cuts_at_the_padding_box() {
    let p = page(
        ".a{width:20pt;height:20pt;border:1pt solid black;overflow:hidden}.b{background:red;width:50pt;height:50pt}",
        "<div class=a><div class=b></div></div>",
    );
    let clip = p
        .lists
        .iter()
        .flat_map(|l| flat(&l.list.items))
        .find_map(|i| if let Item::Group(g) = i { g.clip } else { None });
    let Some([Segment::Rect(r)]) = clip.as_deref() else { panic!("a rectangle") };
    assert_eq!([r.x.0, r.y.0, r.width.0, r.height.0], [1.0, 1.0, 20.0, 20.0]);
}

#[test]
fn opacity_makes_one_group_of_all_inside() {
    let p = page(
        ".a{opacity:.5;background:red;height:9pt}.b{background:lime;height:5pt}",
        "<div class=a><div class=b></div></div>",
    );
    let groups: Vec<_> = p
        .lists
        .iter()
        .flat_map(|l| &l.list.items)
        .filter_map(|i| if let Item::Group(g) = i { Some(g) } else { None })
        .collect();
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].opacity, 0.5);
    assert_eq!(pt(&p, "lime")[3], 5.0);
}

#[test]
fn translucent_colours_are_groups() {
    let p = page(".a{background:rgb(255 0 0/50%);height:9pt}", "<div class=a></div>");
    assert_eq!(pt(&p, "red")[3], 9.0);
    assert!(p.lists.iter().flat_map(|l| flat(&l.list.items)).any(|i| matches!(i, Item::Group(g) if g.opacity == 0.5)));
}

#[test]
fn drawings_that_say_one_side_or_a_shape_are_sized_by_it() {
    let width = |svg: &str, size: &str| {
        let mut fixture = super::Fixture::new(|_| {});
        let shape = "<rect width='1000' height='1000' fill='red'/>";
        fixture.file("d.svg", &format!("<svg xmlns='http://www.w3.org/2000/svg' {svg}>{shape}</svg>"));
        let css = format!(".a{{width:120pt;height:60pt;background:url(d.svg) no-repeat;background-size:{size}}}");
        let (pages, faults) = fixture.compose(&super::document(&css, "<div class=a></div>"));
        assert_eq!(faults, []);
        let mut clip = None;
        super::groups(&pages[0].lists, &mut clip);
        clip.map(|r: crate::base::Rect| [super::round(r.width.0), super::round(r.height.0)])
    };
    assert_eq!(width("width='40' height='40'", "auto"), Some([30.0, 30.0]), "its own size");
    assert_eq!(width("width='40'", "auto"), Some([30.0, 60.0]), "the other side is the box's");
    assert_eq!(width("viewBox='0 0 10 10'", "auto"), Some([60.0, 60.0]), "as large as it may be in its shape");
    assert_eq!(width("viewBox='0 0 10 10'", "cover"), Some([120.0, 120.0]));
    assert_eq!(width("", "contain"), Some([120.0, 60.0]), "without a shape it fills the box");
    assert_eq!(width("", "30pt auto"), Some([30.0, 60.0]));
}

#[test]
fn an_object_shows_its_picture_or_else_what_stands_in_it() {
    let p = super::page("", "<object data=wide.png><b>あ</b></object>");
    assert_eq!((super::images(&p), super::texts(&p).len()), (vec![[0.0, 0.0, 30.0, 15.0]], 0));
    let p = super::page("", "<object data=absent.png><b>あ</b></object>");
    assert_eq!((super::images(&p).len(), super::texts(&p).len()), (0, 1));
}

#[test]
fn overprint_goes_down_to_all_that_an_element_draws() {
    let groups = |css: &str| -> Vec<(Option<bool>, usize)> {
        let p = page(
            &format!(
                ".a{{width:60pt;height:60pt;background:red;border:1pt solid black;{css}}} i{{-surimono-overprint:off}}"
            ),
            "<div class=a>甲<i>乙</i></div>",
        );
        let over = |i: &Item| match i {
            Item::Group(g) => Some((g.overprint, g.items.len())),
            _ => None,
        };
        p.lists.iter().flat_map(|l| flat(&l.list.items)).filter_map(|i| over(&i)).collect()
    };
    assert_eq!(groups(""), [(Some(false), 1)], "the second character alone");
    assert_eq!(groups("-surimono-overprint:on"), [(Some(true), 2), (Some(true), 1), (Some(false), 1)]);
}
