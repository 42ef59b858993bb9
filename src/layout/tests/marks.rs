//! Emphasis marks, lines along text, shadows, forms of glyphs.

use super::{Drawn, all, drawn, page, round, texts};
use crate::color::Ink;
use crate::page::{Page, Path, Segment};

/// The characters that are drawn, in order, with the place and size of each run.
fn runs(page: &Page) -> Vec<(String, f32, f32, f32)> {
    let of = |d| match d {
        Drawn::Text(at, run) => {
            let text = run.glyphs.iter().map(|g| run.font.text_of(g.id).unwrap_or('\u{FFFD}')).collect();
            Some((text, round(at.x.0), round(at.y.0), run.size.0))
        }
        _ => None,
    };
    drawn(page).into_iter().filter_map(of).collect()
}

fn paths(page: &Page) -> Vec<Path> {
    drawn(page).into_iter().filter_map(|d| if let Drawn::Path(_, path) = d { Some(path) } else { None }).collect()
}

#[test]
fn a_mark_half_the_size_stands_over_each_character_but_not_over_punctuation() {
    let p = page("p{line-height:20pt}em{font-style:normal;text-emphasis:dot}", "<p>あ<em>秋、冬 春</em>い");
    let runs = runs(&p);
    assert_eq!(runs.last().map(|r| (r.0.as_str(), r.3)), Some(("•••", 5.0)));
    let (text, marks) = (&runs[0], &runs[runs.len() - 1]);
    assert!(marks.2 < text.2 - 8.0, "above the text: {marks:?} {text:?}");
    // Over the middle of 秋, which is at 15.
    assert!((marks.1 - 12.5).abs() < 1.6, "{marks:?}");
    let under = page("p{line-height:20pt;text-emphasis:'※';text-emphasis-position:under}", "<p>秋");
    let under = self::runs(&under);
    assert_eq!(under[1].0, "※");
    assert_eq!((under[1].1, under[1].2 > under[0].2), (2.5, true));
}

#[test]
fn marks_have_their_own_colour_and_default_shapes() {
    let p = page("p{line-height:20pt;text-emphasis:filled red}", "<p>秋");
    let inks: Vec<Ink> =
        drawn(&p).into_iter().filter_map(|d| if let Drawn::Text(_, r) = d { Some(r.ink) } else { None }).collect();
    assert_eq!(inks[1], Ink::from_srgb(255, 0, 0));
    assert_eq!(runs(&p)[1].0, "●");
    let p = page("p{line-height:20pt;text-emphasis:open sesame}", "<p>秋");
    // Some faces draw ﹆ with the glyph of another character: the glyph is what counts.
    let sesame = drawn(&p).into_iter().filter_map(|d| if let Drawn::Text(_, r) = d { Some(r) } else { None }).nth(1);
    let sesame = sesame.expect("a mark");
    assert_eq!(Some(sesame.glyphs[0].id), sesame.font.glyph('﹆'));
}

#[test]
fn a_mark_stands_outside_of_a_reading() {
    let p = page("p{line-height:40pt;text-emphasis:circle}", "<p><ruby>秋<rt>あき</rt></ruby>冬");
    let runs = runs(&p);
    let y = |text: &str| runs.iter().find(|r| r.0.starts_with(text)).expect("drawn").2;
    assert_eq!(runs.iter().filter(|r| r.0.contains('●')).count(), 2, "none over the reading: {runs:?}");
    assert!(runs.iter().filter(|r| r.0 == "●").map(|r| r.2).fold(f32::MAX, f32::min) < y("あき"));
}

#[test]
fn marks_make_a_line_higher_where_they_find_no_room() {
    let height = |css: &str| all(&page(&format!("div{{background:red}}{css}"), "<div>秋</div>"), "red")[0][3];
    assert_eq!(height(""), 10.0);
    assert_eq!(height("div{text-emphasis:dot}"), 15.0);
    assert_eq!(height("div{text-emphasis:dot;line-height:20pt}"), 20.0);
}

#[test]
fn lines_along_text_have_thickness_offset_and_colour() {
    let line = |css: &str| {
        let p = page(&format!("p{{{css}}}"), "<p>秋");
        let path = paths(&p).remove(0);
        let Segment::Rect(r) = path.segments[0] else { panic!("a rectangle") };
        (round(r.y.0 - texts(&p)[0].1), round(r.height.0), path.fill)
    };
    let plain = line("text-decoration:underline");
    assert_eq!(line("text-decoration:underline 2pt").1, 2.0);
    assert_eq!(line("text-decoration:underline 10%").1, 1.0);
    assert_eq!(line("text-decoration:underline red").2, Some(Ink::from_srgb(255, 0, 0)));
    assert_eq!(line("text-decoration:underline;text-underline-offset:3pt").0, 3.0);
    // The descent of BIZ UDGothic is 246 of 2048 units.
    assert_eq!(line("text-decoration:underline;text-underline-position:under").0, 1.2);
    assert_eq!(line("text-decoration:underline;text-underline-position:under;text-underline-offset:1pt").0, 2.2);
    assert!(plain.0 > 0.0 && plain.1 > 0.0);
    let through = line("text-decoration:line-through");
    let thick = line("text-decoration:line-through 3pt");
    assert!((through.0 + through.1 / 2.0 - thick.0 - 1.5).abs() < 0.02, "thicker about the same middle");
}

#[test]
fn lines_along_text_are_doubled_dotted_dashed_and_wavy() {
    let path =
        |style: &str| paths(&page(&format!("p{{text-decoration:underline {style} 1pt}}"), "<p>秋の七草")).remove(0);
    assert_eq!(path("double").segments.len(), 2);
    let dotted = path("dotted").stroke.expect("a stroke");
    assert!(dotted.round_caps && dotted.dash[0].0 == 0.0);
    let dashed = path("dashed").stroke.expect("a stroke");
    let steps = (40.0 - dashed.dash[0].0) / (dashed.dash[0].0 + dashed.dash[1].0);
    assert!((steps - steps.round()).abs() < 1e-3, "a dash at both ends");
    let wavy = path("wavy");
    assert!(wavy.segments.iter().skip(1).all(|s| matches!(s, Segment::Cubic(..))) && wavy.segments.len() > 8);
}

#[test]
fn shadows_lie_beneath_the_text_and_its_lines() {
    let p = page("p{text-shadow:1pt 2pt red, -1pt 0 lime;text-decoration:underline}", "<p>秋");
    let order: Vec<(f32, Option<Ink>)> = drawn(&p)
        .into_iter()
        .map(|d| match d {
            Drawn::Text(at, run) => (round(at.x.0), Some(run.ink)),
            Drawn::Path(_, path) => match path.segments[0] {
                Segment::Rect(r) => (round(r.x.0), path.fill),
                _ => panic!("a rectangle"),
            },
            _ => panic!("text or line"),
        })
        .collect();
    let (red, lime) = (Some(Ink::from_srgb(255, 0, 0)), Some(Ink::from_srgb(0, 255, 0)));
    let xs: Vec<f32> = order.iter().map(|o| o.0).collect();
    assert_eq!(xs, [-1.0, 1.0, -1.0, 1.0, 0.0, 0.0]);
    assert_eq!([order[0].1, order[1].1, order[2].1, order[3].1], [lime, red, lime, red]);
}
