//! Variable fonts by what stylesheets say of them. The face is a bar with axes of weight, width, optical size and slant.

use std::sync::Arc;

use super::{Drawn, Fixture, document, drawn};
use crate::asset::face::faces;
use crate::asset::fallback::{FontSet, Role};
use crate::asset::font::FontData;

static AXES: &[u8] = include_bytes!("../../../tests/fixtures/axes.ttf");

fn fixture() -> Fixture {
    Fixture::new(|shared| {
        let mut fonts = FontSet::shipped();
        fonts.add_later(FontData::Shipped(AXES), &faces(AXES).expect("a font")[0], "Axes", Role::Family).expect("room");
        shared.fonts = Arc::new(fonts);
    })
}

/// Each run's instance, and the advance of its first glyph in thousandths of the size.
fn instances(fixture: &mut Fixture, css: &str, body: &str) -> Vec<(String, u16)> {
    let (pages, faults) = fixture.compose(&document(&format!("p{{font:12px Axes}}{css}"), body));
    assert_eq!(faults, [], "no faults");
    drawn(&pages[0])
        .into_iter()
        .filter_map(|d| match d {
            Drawn::Text(_, run) => {
                let name = run.font.postscript_name.trim_start_matches("Axes-Regular").to_owned();
                Some((name, run.font.advance(run.glyphs[0].id)))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn stylesheets_move_the_axes() {
    let mut f = fixture();
    let mut one = |style: &str| instances(&mut f, "", &format!("<p style=\"{style}\">I")).remove(0);
    assert_eq!(one(""), (String::new(), 180));
    assert_eq!(one("font-weight:650"), ("-wght650".into(), 280));
    assert_eq!(one("font-stretch:50%"), ("-wdth50".into(), 90));
    assert_eq!(one("font-stretch:extra-expanded"), ("-wdth150".into(), 270));
    assert_eq!(one("font:bold condensed 12px Axes"), ("-wght700-wdth75".into(), 255));
    assert_eq!(one("font-style:oblique 10deg"), ("-slnt-10".into(), 180));
    assert_eq!(one("font-size:8px"), ("-opsz8".into(), 220));
    assert_eq!(one("font-size:8px;font-optical-sizing:none"), (String::new(), 180));
    assert_eq!(one("font-weight:100;font-variation-settings:'wght' 900,'wdth' 50"), ("-wght900-wdth50".into(), 290));
    // What a shorthand does not say it puts back.
    assert_eq!(one("font-stretch:50%;font-variation-settings:'wght' 900;font:12px Axes"), (String::new(), 180));
}

#[test]
fn an_instance_that_only_a_later_piece_asks_for_is_made_then() {
    let mut f = fixture();
    assert_eq!(instances(&mut f, "", "<p>I").len(), 1);
    let later = instances(&mut f, "", "<p>I<b style='font-weight:333'>I</b><i>I</i>");
    let names: Vec<&str> = later.iter().map(|i| i.0.as_str()).collect();
    assert_eq!(names, ["", "-wght333", "-slnt-14"]);
}

#[test]
fn static_faces_are_chosen_by_width() {
    let narrow = include_bytes!("../../../tests/fixtures/bars-variable.ttf");
    let mut f = Fixture::new(|shared| {
        let mut fonts = FontSet::shipped();
        let mut about = faces(narrow).expect("a font").remove(0);
        about.variable = false;
        for (stretch, weight) in [(100, 400), (75, 400), (50, 700)] {
            (about.stretch, about.weight, about.weights) = (stretch, weight, None);
            fonts.add_later(FontData::Shipped(narrow), &about, "Axes", Role::Family).expect("room");
        }
        shared.fonts = Arc::new(fonts);
    });
    let mut face = |style: &str| {
        let (pages, _) = f.compose(&document("p{font:12px Axes}", &format!("<p style=\"{style}\">I")));
        match drawn(&pages[0]).remove(0) {
            Drawn::Text(_, run) => run.font.id.0 - 6,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(face(""), 0);
    assert_eq!(face("font-weight:700"), 0, "width goes before weight");
    assert_eq!(face("font-stretch:80%"), 1, "narrower first");
    assert_eq!(face("font-stretch:60%"), 2);
    assert_eq!(face("font-stretch:200%"), 0);
}
