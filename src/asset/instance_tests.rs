//! Instances of small variable fonts: outlines, measures, kerning and names are those of their place.

use std::sync::Arc;

use super::*;
use crate::asset::face::faces;
use crate::asset::fallback::{FontSet, Role};
use crate::asset::font::{FontData, FontId, FontLabel};
use crate::asset::variation::{Bounds, MOST_INSTANCES, Slant, Wish, spot};

/// Bars: `I` is one of 20 units at weight 100, 80 at 400, 280 at 900, and 100 wider than its bar; `H` has two.
const BARS: &[u8] = include_bytes!("../../tests/fixtures/bars-variable.ttf");
/// A bar and a circle with CFF2 outlines.
const CUBIC: &[u8] = include_bytes!("../../tests/fixtures/axes-cff2.otf");
/// A bar with axes of weight, width, optical size and slant (see make_fonts.py beside it).
const AXES: &[u8] = include_bytes!("../../tests/fixtures/axes.ttf");

/// Named without a rule that would limit it.
fn set(family: &str, bytes: &'static [u8]) -> FontSet {
    let mut set = FontSet::shipped();
    set.add_later(FontData::Shipped(bytes), &faces(bytes).unwrap()[0], family, Role::Family).unwrap();
    set
}

fn get(set: &FontSet, family: &str, wish: &Wish) -> Arc<Font> {
    Arc::clone(set.chain_of(&[family.into()], wish).first(set).unwrap())
}

/// Left edge, right edge, top of `I`, and its advance, as embedded.
fn bar(font: &Font) -> [i32; 4] {
    let glyph = font.glyph('I').unwrap();
    let bytes = font.cut(&[0, glyph]).unwrap();
    let cut = FontRef::new(&bytes).unwrap();
    assert_eq!(cut.axes().iter().count(), 0, "what was cut cannot be varied again");
    let metrics = cut.glyph_metrics(Size::unscaled(), LocationRef::default());
    let bounds = metrics.bounds(GlyphId::new(1)).unwrap();
    let advance = metrics.advance_width(GlyphId::new(1)).unwrap();
    assert_eq!(advance, f32::from(font.advance(glyph)));
    [bounds.x_min, bounds.x_max, bounds.y_max, advance].map(|v| v as i32)
}

#[test]
fn a_bar_is_as_wide_as_its_weight_says() {
    let set = set("Bars", BARS);
    for (weight, width) in [(100, 20), (250, 50), (400, 80), (650, 180), (900, 280), (1000, 280)] {
        let font = get(&set, "Bars", &Wish::new(weight, false));
        let [left, right, _, advance] = bar(&font);
        assert_eq!([left, right, advance], [50, width + 50, width + 100], "weight {weight}");
    }
}

#[test]
fn each_axis_is_heeded() {
    let set = set("Axes", AXES);
    let usual = Wish::new(400, false);
    let drawn = |wish: Wish| bar(&get(&set, "Axes", &wish));
    assert_eq!(drawn(usual.clone()), [50, 130, 700, 180]);
    assert_eq!(drawn(Wish { weight: 900, ..usual.clone() }), [50, 330, 760, 380]);
    assert_eq!(drawn(Wish { stretch: 50.0, ..usual.clone() }), [50, 130, 700, 90]);
    assert_eq!(drawn(Wish { stretch: 150.0, ..usual.clone() }), [50, 130, 700, 270]);
    assert_eq!(drawn(Wish { optical: Some(8.0), ..usual.clone() }), [50, 150, 700, 220]);
    assert_eq!(drawn(Wish { optical: Some(500.0), ..usual.clone() }), [50, 90, 700, 120]);
    assert_eq!(drawn(Wish { slant: Slant::Oblique(10.0), ..usual.clone() }), [50, 255, 700, 180]);
    assert_eq!(drawn(Wish { slant: Slant::Italic, ..usual.clone() }), [50, 305, 700, 180]);
    // What is set by tag goes before all others.
    let settings = Arc::from([(*b"wght", 900.0), (*b"wdth", 50.0)]);
    assert_eq!(drawn(Wish { weight: 100, settings, ..usual }), [50, 330, 760, 290]);
}

#[test]
fn measures_and_kerning_are_those_of_the_instance() {
    let set = set("Axes", AXES);
    let regular = get(&set, "Axes", &Wish::new(400, false));
    let black = get(&set, "Axes", &Wish::new(900, false));
    let measures = |f: &Font| (f.ascent, f.x_height, f.cap_height, f.underline);
    assert_eq!(measures(&regular), (800, 500, 700, (-100, 40)));
    assert_eq!(measures(&black), (860, 560, 760, (-100, 140)));
    let i = regular.glyph('I').unwrap();
    assert_eq!((regular.vertical_advance(i), black.vertical_advance(i)), (1000, 1200));
    // 900 above the baseline at each weight: the top of the outline and the bearing above it.
    assert_eq!((regular.vertical_origin(i).1, black.vertical_origin(i).1), (900, 900));
    let kern = |font: &Font| {
        let mut buffer = harfrust::Buffer::new();
        buffer.push_str("AV");
        buffer.guess_segment_properties();
        let face = harfrust::ShaperFont::new(font.shaper().unwrap());
        harfrust::shape(&face, &mut buffer, harfrust::ShapeOptions::new()).unwrap();
        buffer.glyph_positions()[0].x_advance - i32::from(font.advance(font.glyph('A').unwrap()))
    };
    assert_eq!((kern(&regular), kern(&black)), (-20, -60));
}

#[test]
fn cubic_outlines_become_quadratic_ones_and_stay_where_they_were() {
    let set = set("Cubic", CUBIC);
    let font = get(&set, "Cubic", &Wish::new(900, false));
    let o = font.glyph('O').unwrap();
    assert_eq!(font.advance(o), 380);
    let bytes = font.cut(&[0, o]).unwrap();
    let cut = FontRef::new(&bytes).unwrap();
    let mut pen = Points::default();
    let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
    cut.outline_glyphs().get(GlyphId::new(1)).unwrap().draw(settings, &mut pen).unwrap();
    // A circle of 378 around 450, 350.
    let on: Vec<_> = pen.points.iter().filter(|p| p.2).collect();
    assert!(on.len() >= 8, "{on:?}");
    for (x, y, _) in on {
        let (x, y) = (f32::from(*x) - 450.0, f32::from(*y) - 350.0);
        assert!((libm::sqrtf(x * x + y * y) - 378.0).abs() < 1.5, "{x} {y}");
    }
}

#[test]
fn a_rule_says_how_far_a_font_may_be_varied() {
    let mut set = FontSet::shipped();
    let about = &faces(AXES).unwrap()[0];
    let mut add = |family: &str, weights, stretch, leans| {
        let bounds = Bounds { weights, stretch, leans };
        set.add_bounded(FontData::Shipped(AXES), about, family, false, bounds).unwrap();
    };
    add("One", (400, 400), (100.0, 100.0), false);
    add("Some", (100, 400), (50.0, 75.0), true);
    // Two rules share the weights of one family.
    add("Two", (100, 500), (100.0, 100.0), true);
    add("Two", (501, 900), (100.0, 100.0), true);
    let wish = Wish { weight: 900, stretch: 200.0, slant: Slant::Oblique(20.0), ..Wish::new(400, false) };
    assert_eq!(bar(&get(&set, "One", &wish)), [50, 130, 700, 180]);
    assert_eq!(bar(&get(&set, "Some", &wish)), [50, 380, 700, 135]);
    let heavy = get(&set, "Two", &Wish::new(900, false));
    assert_eq!((bar(&heavy)[1], heavy.label.0), (330, 9), "the second rule's face");
}

#[test]
fn an_instance_goes_by_its_place_and_not_by_when_it_was_asked_for() {
    let (a, b) = (set("Axes", AXES), set("Axes", AXES));
    let names = |set: &FontSet, weights: &[u16]| -> Vec<(FontLabel, String)> {
        let mut names: Vec<_> = weights
            .iter()
            .map(|w| get(set, "Axes", &Wish::new(*w, false)))
            .map(|f| (f.label, f.postscript_name.clone()))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&a, &[400, 650, 700]), names(&b, &[700, 400, 650]));
    let seven = get(&a, "Axes", &Wish::new(700, false));
    assert!(seven.postscript_name.ends_with("-wght700"), "{}", seven.postscript_name);
    let again = get(&a, "Axes", &Wish { optical: Some(12.0), ..Wish::new(700, false) });
    assert!(Arc::ptr_eq(&seven, &again), "the usual optical size is the same place");
    assert_eq!(get(&a, "Axes", &Wish::new(400, false)).label, FontLabel(6, 0), "the face itself");
}

#[test]
fn instances_have_an_end() {
    let set = set("Bars", BARS);
    let chain = |n: usize| {
        let settings = Arc::from([(*b"wght", 100.0 + n as f32)]);
        set.chain_of(&["Bars".into()], &Wish { settings, ..Wish::new(400, false) })
    };
    // One of these weights is the face itself.
    assert!((0..=MOST_INSTANCES).all(|n| !chain(n).short));
    assert!(chain(MOST_INSTANCES + 1).short);
    assert!(!chain(3).short, "what is there stays");
}

#[test]
fn a_static_font_has_one_place() {
    let set = FontSet::shipped();
    assert!(!set.is_varied());
    let font = get(&set, "BIZ UDGothic", &Wish { stretch: 50.0, ..Wish::new(650, true) });
    assert!(!font.is_written_anew() && font.label == FontLabel(font.id.0, 0));
    assert!(self::set("x", CUBIC).get(FontId(6)).unwrap().is_written_anew());
}

proptest::proptest! {
    #[test]
    fn fonts_that_lie_do_not_panic(
        changes in proptest::collection::vec((0usize..2472, 0u8..=255), 1..30),
        which in 0..3,
    ) {
        let mut bytes = [BARS, CUBIC, AXES][which as usize].to_vec();
        for (at, value) in changes {
            if let Some(b) = bytes.get_mut(at) {
                *b = value;
            }
        }
        let wish = Wish { optical: Some(9.0), stretch: 80.0, ..Wish::new(650, true) };
        let bounds = Bounds { weights: (1, 1000), stretch: (1.0, 1000.0), leans: true };
        let place = spot(&bytes, 0, &wish, &bounds).map(|s| s.place).unwrap_or_default();
        if let Ok(font) = Font::load_at(FontData::Loaded(bytes.into()), 0, "x", 650, true, FontId(0), place) {
            let _ = font.cut(&[0, 1, 2, 3, 700]);
            let _ = (font.vertical_advance(2), font.vertical_origin(2), font.shaper());
        }
    }
}
