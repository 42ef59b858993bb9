//! Lines: what stands in them, and what is drawn around it.

use super::{Fixture, all, document, images, page, pt, texts};
use crate::asset::fallback::FontSet;

#[test]
fn an_inline_block_stands_on_the_baseline_and_makes_the_line_higher() {
    let p = page(
        ".i{display:inline-block;width:20pt;height:30pt;background:red}.d{background:lime}",
        "<div class=d>あ<span class=i></span>い</div>",
    );
    let baseline = texts(&p)[0].1;
    assert_eq!(pt(&p, "red"), [10.0, super::round(baseline - 30.0), 20.0, 30.0]);
    assert!(pt(&p, "lime")[3] >= 30.0);
}

#[test]
fn an_inline_block_shrinks_to_its_text_and_shares_its_baseline() {
    let p = page(".i{display:inline-block;padding:2pt;background:red}", "<div>あ<span class=i>いう</span></div>");
    assert_eq!(pt(&p, "red")[2..], [24.0, 14.0]);
    let t = texts(&p);
    assert_eq!(t[0].1, t[1].1, "one baseline");
    assert_eq!(t[1].0, 12.0);
}

#[test]
fn a_picture_in_a_line() {
    let p = page("img{height:10pt;vertical-align:top}", "<div>あ<img src=wide.png></div>");
    assert_eq!(images(&p), [[10.0, 0.0, 20.0, 10.0]]);
}

#[test]
fn a_picture_without_sizes_has_its_natural_ones() {
    let p = page("img{display:block}", "<img src=tall.png>");
    assert_eq!(images(&p), [[0.0, 0.0, 15.0, 30.0]]);
}

#[test]
fn grounds_of_inline_elements_lie_behind_their_text() {
    let p = page("b{background:red;padding:0 2pt;font-weight:400}", "<div>あ<b>い</b>う</div>");
    let r = pt(&p, "red");
    assert_eq!((r[0], r[2]), (10.0, 14.0));
}

#[test]
fn an_inline_ground_is_cut_at_the_end_of_the_line() {
    let p = page(".w{width:30pt}b{background:red;font-weight:400}", "<div class=w>あ<b>いうえお</b></div>");
    let r = all(&p, "red");
    assert_eq!(r.iter().map(|r| (r[0], r[2])).collect::<Vec<_>>(), [(10.0, 20.0), (0.0, 20.0)]);
}

#[test]
fn forced_breaks() {
    let p = page(".b{background:red}", "<div class=b>あ<br>い<br>う</div>");
    assert_eq!(pt(&p, "red")[3], 30.0);
    assert_eq!(texts(&p).len(), 3);
}

#[test]
fn generated_content_stands_before_and_after() {
    let p = page("p::before{content:'※'}p::after{content:'終'}", "<p>あ</p>");
    assert_eq!(texts(&p).iter().map(|t| t.2).sum::<usize>(), 3);
}

#[test]
fn list_markers_stand_outside_on_the_first_baseline() {
    let p = page("ul{padding-left:20pt}", "<ul><li>あ</li><li>い</li></ul>");
    let t = texts(&p);
    assert_eq!(t.len(), 4);
    let (text, marker): (Vec<(f32, f32, usize)>, Vec<_>) = t.iter().copied().partition(|t| t.0 == 20.0);
    assert_eq!(text.len(), 2);
    assert!(marker.iter().all(|m| m.0 < 20.0 - 5.0 && text.iter().any(|t| t.1 == m.1)), "{t:?}");
}

#[test]
fn list_numbers_count() {
    let p = page("ol{padding-left:40pt}", "<ol start=9><li>あ</li><li>い</li></ol>");
    let glyphs: Vec<usize> = texts(&p).iter().filter(|t| t.0 != 40.0).map(|t| t.2).collect();
    assert_eq!(glyphs, [2, 3], "“9.” and “10.”");
}

#[test]
fn the_same_item_with_another_number_is_not_taken_from_the_cache() {
    let mut f = super::Fixture::new(|_| {});
    let html = super::document("ol{padding-left:40pt}", "<ol><li>あ</li><li>あ</li></ol>");
    for _ in 0..4 {
        let (pages, _) = f.compose(&html);
        let markers: Vec<u16> = super::drawn(&pages[0])
            .into_iter()
            .filter_map(|d| match d {
                super::Drawn::Text(at, run) if at.x.0 < 40.0 => run.glyphs.first().map(|g| g.id),
                _ => None,
            })
            .collect();
        assert_eq!(markers.len(), 2);
        assert_ne!(markers[0], markers[1]);
    }
}

#[test]
fn lengths_are_of_the_first_font_that_there_is() {
    let set = FontSet::shipped();
    let font = set.get(set.find("BIZ UDPMincho", 400, false).unwrap()).unwrap();
    let em = f32::from(font.units_per_em) / 10.0;
    let zero = f32::from(font.advance(font.glyph('0').unwrap())) / em;
    let [ex, cap] = [font.x_height, font.cap_height].map(|h| f32::from(h) / em);
    assert!((ex - 5.0).abs() > 0.1 && (zero - 5.0).abs() > 0.1, "fonts of which one could guess are no test");
    let css = "div{font-family:absent,'BIZ UDPMincho','BIZ UDGothic';height:10pt;background:red}";
    for (width, want) in [("10ex", ex * 10.0), ("10ch", zero * 10.0), ("10cap", cap * 10.0), ("10ic", 100.0)] {
        let page = page(css, &format!("<div style='width:{width}'></div>"));
        let got = pt(&page, "red")[2];
        assert!((got - want).abs() < 0.06, "{width}: {got}, not {want}");
    }
}

#[test]
fn sheets_and_pictures_may_stand_in_their_addresses() {
    const DOT: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
    let sheet = "data:text/css,img%7Bwidth:20pt;height:10pt%7D";
    let html = document("", &format!("<img src='{DOT}'>"))
        .replace("</head>", &format!("<link rel=stylesheet href=\"{sheet}\"></head>"));
    let (pages, faults) = Fixture::new(|_| ()).compose(&html);
    assert_eq!(faults, []);
    assert_eq!(images(&pages[0])[0][2..], [20.0, 10.0]);
}
