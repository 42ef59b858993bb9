//! What glyphs of small test fonts are drawn of.

use super::*;
use crate::asset::font::{FontData, FontId};
use crate::page::{Glyph, Lies};

const COLORS: &[u8] = include_bytes!("../../tests/fixtures/colors.ttf");
const PICTURES: &[u8] = include_bytes!("../../tests/fixtures/pictures.ttf");

fn font(bytes: &[u8]) -> Arc<Font> {
    Arc::new(Font::load(FontData::Loaded(bytes.into()), 0, "x", 400, false, FontId(0)).unwrap())
}

/// Some text at 10 pt, its first origin at 20, 30.
fn run(font: &Arc<Font>, text: &str) -> GlyphRun {
    let glyphs = text.chars().map(|c| Glyph { id: font.glyph(c).unwrap(), ..Glyph::default() }).collect();
    GlyphRun {
        font: Arc::clone(font),
        size: Pt(10.0),
        ink: Ink::Cmyk([0.1, 0.2, 0.3, 0.4]),
        origin: Point::new(Pt(20.0), Pt(30.0)),
        vertical: false,
        lies: Lies::Level,
        stretch: 1.0,
        glyphs,
    }
}

/// What a letter of the test font is drawn of, 100 to the em.
fn shapes(c: char) -> Vec<Item> {
    let items = colored(&run(&font(COLORS), &c.to_string())).unwrap();
    let [Item::Group(group)] = items.as_slice() else { panic!("{items:?}") };
    let m = &group.transform;
    let thousandths = [m.a, m.b, m.c, m.d, m.e, m.f].map(|v| (v * 1000.0).round() as i32);
    assert_eq!(thousandths, [100, 0, 0, 100, 20_000, 30_000]);
    let [Item::List(Point::ZERO, list)] = group.items.as_slice() else { panic!("{group:?}") };
    list.items.clone()
}

fn extent(segments: &[Segment]) -> [i32; 4] {
    let [a, _, c, _] = bounds(segments);
    [a.x, a.y, c.x, c.y].map(|v| v.0.round() as i32)
}

const BOX: [i32; 4] = [10, -80, 90, 0];
const DISC: [i32; 4] = [10, -80, 90, 0];

#[test]
fn layers_of_version_0_lie_on_one_another_and_one_has_the_ink_of_the_text() {
    let [Item::Path(below), Item::Path(above)] = &shapes('A')[..] else { panic!() };
    assert_eq!((below.fill, extent(&below.segments)), (Some(Ink::from_srgb(255, 0, 0)), BOX));
    assert_eq!((above.fill, extent(&above.segments)), (Some(Ink::Cmyk([0.1, 0.2, 0.3, 0.4])), [30, -60, 70, -20]));
    // In another ink the same glyph is another drawing.
    let font = font(COLORS);
    let dark = GlyphRun { ink: Ink::BLACK, ..run(&font, "A") };
    for (run, ink) in [(run(&font, "A"), Ink::Cmyk([0.1, 0.2, 0.3, 0.4])), (dark, Ink::BLACK)] {
        let Some(Item::Group(group)) = colored(&run).unwrap().into_iter().next() else { panic!() };
        let [Item::List(_, list)] = group.items.as_slice() else { panic!() };
        let Some(Item::Path(above)) = list.items.last() else { panic!() };
        assert_eq!(above.fill, Some(ink));
    }
}

#[test]
fn gradients_are_shadings_within_the_shape() {
    let [Item::Shading(linear)] = &shapes('B')[..] else { panic!() };
    assert_eq!(extent(&linear.segments), BOX);
    let ShadingKind::Linear { from, to } = linear.shading.kind else { panic!() };
    let ends = [from, to].map(|p| linear.shading.transform.apply(p)).map(|p| (p.x.0.round(), p.y.0.round()));
    assert_eq!(ends, [(10.0, 0.0), (90.0, 0.0)]);
    assert_eq!(linear.shading.stops.iter().map(|s| s.at).collect::<Vec<_>>(), [0.0, 1.0]);

    let [Item::Shading(radial)] = &shapes('C')[..] else { panic!() };
    let ShadingKind::Radial { inner, center, outer, .. } = radial.shading.kind else { panic!() };
    assert_eq!((inner, center.x.0.round(), center.y.0.round(), outer.0.round()), (Pt::ZERO, 50.0, -40.0, 40.0));
}

#[test]
fn gradients_that_go_on_are_written_as_often_as_they_are_seen() {
    let [Item::Shading(reflected)] = &shapes('G')[..] else { panic!() };
    let at: Vec<_> = reflected.shading.stops.iter().map(|s| (s.at, s.ink)).collect();
    assert!(at.len() > 2 && at.windows(2).all(|w| w[0].0 <= w[1].0), "{at:?}");
    assert_eq!(at[1].1, at[2].1, "what is reflected goes on in the colour where it was");
    let [Item::Shading(repeated)] = &shapes('H')[..] else { panic!() };
    assert!(repeated.shading.stops.len() >= 6);
    let ShadingKind::Radial { outer, .. } = repeated.shading.kind else { panic!() };
    assert!(outer.0 >= 56.0, "the corner of the square is reached: {outer:?}");
}

#[test]
fn a_sweep_is_made_of_wedges() {
    let [Item::Group(sweep)] = &shapes('D')[..] else { panic!() };
    assert_eq!(sweep.items.len(), usize::from(WEDGES));
    assert_eq!(extent(sweep.clip.as_ref().unwrap()), DISC);
    // Red at the right, then against the clock by green to blue: the wedge above the right is still red.
    let ink = |i: usize| match &sweep.items[i] {
        Item::Path(p) => p.fill.unwrap().to_rgb(),
        other => panic!("{other:?}"),
    };
    let last = usize::from(WEDGES) - 1;
    assert!(ink(last)[0] > 0.9 && ink(0)[2] > 0.9, "{:?} {:?}", ink(last), ink(0));
    assert!(ink(last / 2)[1] > 0.5);
}

#[test]
fn layers_meet_as_they_say() {
    // A translucent yellow square, multiplied with what lies below it in the glyph alone.
    let [Item::Group(all)] = &shapes('E')[..] else { panic!() };
    assert!(all.isolated);
    let [Item::Path(_), Item::Group(above)] = all.items.as_slice() else { panic!("{all:?}") };
    assert_eq!(above.blend, Blend::Multiply);
    // The source in an even quarter of black: a quarter of the source.
    let [Item::Group(all)] = &shapes('F')[..] else { panic!() };
    let [Item::Group(quarter)] = all.items.as_slice() else { panic!("{all:?}") };
    assert_eq!((quarter.opacity, quarter.items.len()), (0.25, 1));
    // The source in a disc.
    let [Item::Group(all)] = &shapes('I')[..] else { panic!() };
    let [Item::Group(cut)] = all.items.as_slice() else { panic!("{all:?}") };
    assert_eq!(extent(cut.clip.as_ref().unwrap()), DISC);
}

#[test]
fn a_glyph_may_be_drawn_of_another_smaller_one() {
    let [Item::Group(half), Item::Shading(disc)] = &shapes('J')[..] else { panic!("{:?}", shapes('J')) };
    assert_eq!(half.opacity, 0.5);
    assert_eq!(extent(&disc.segments), [30, -60, 70, -20]);
}

#[test]
fn glyphs_stand_where_the_run_puts_them() {
    let font = font(PICTURES);
    let rects = |run: GlyphRun| -> Vec<[f32; 4]> {
        let items = colored(&run).unwrap();
        let rect = |item: &Item| match item {
            Item::Image(i) => [i.rect.x, i.rect.y, i.rect.width, i.rect.height].map(|v| v.0),
            other => panic!("{other:?}"),
        };
        items.iter().map(rect).collect()
    };
    // Eight pixels to the em, one of them below the baseline; the space between is no picture.
    let mut level = run(&font, "\u{1F600} \u{1F600}");
    assert_eq!(rects(level.clone()), [[20.0, 21.25, 10.0, 10.0], [40.0, 21.25, 10.0, 10.0]]);
    level.glyphs[0].extra = 100.0;
    level.stretch = 0.5;
    assert_eq!(rects(level.clone()), [[20.0, 21.25, 5.0, 10.0], [30.5, 21.25, 5.0, 10.0]]);
    level.vertical = true;
    level.stretch = 1.0;
    // It hangs by its middle, one em high: the baseline is 0.8 em below.
    assert_eq!(rects(level.clone()), [[15.0, 29.25, 10.0, 10.0], [15.0, 50.25, 10.0, 10.0]]);
    let lying = GlyphRun { vertical: false, lies: Lies::Right, ..run(&font, "\u{1F600}") };
    let items = colored(&lying).unwrap();
    let [Item::Group(turned)] = items.as_slice() else { panic!() };
    let Some(Item::Image(image)) = turned.items.first() else { panic!() };
    let on_paper = turned.transform.around(image.rect);
    assert_eq!([on_paper.x.0, on_paper.y.0].map(f32::round), [19.0, 20.0 + 10.0], "{on_paper:?}");
    let other = run(&font, "\u{1F600}");
    assert_eq!(colored(&other).unwrap().len(), 1);
}

#[test]
fn a_damaged_picture_is_told() {
    let font = font(PICTURES);
    let broken = run(&font, "\u{1F44E}");
    assert_eq!(colored(&broken).unwrap_err(), broken.glyphs[0].id);
}

#[test]
fn what_is_not_in_colour_has_no_items() {
    assert!(colored(&run(&font(COLORS), "p ")).unwrap().is_empty());
    let plain = font(include_bytes!("../../tests/fixtures/bars-variable.ttf"));
    assert!(!plain.has_colors() && colored(&run(&plain, "I")).unwrap().is_empty());
}

/// Everything that is asked of a font with colours.
fn draw_all(bytes: &[u8]) {
    let Ok(font) = Font::load(FontData::Loaded(bytes.into()), 0, "x", 400, false, FontId(0)) else { return };
    let font = Arc::new(font);
    for id in 0..40 {
        let glyphs = vec![Glyph { id, ..Glyph::default() }];
        let _ = colored(&GlyphRun { glyphs, ..run(&font, "") });
    }
    let _ = font.cut(&(0..40).collect::<Vec<_>>());
}

#[test]
fn a_circle_of_layers_is_broken_and_not_endless() {
    let mut bytes = COLORS.to_vec();
    // J refers to C: every other glyph it could refer to is tried, itself among them.
    let j = font(COLORS).glyph('J').unwrap();
    let c = font(COLORS).glyph('C').unwrap().to_be_bytes();
    let at = bytes.windows(3).position(|w| w == [11, c[0], c[1]]).unwrap();
    bytes[at + 1..at + 3].copy_from_slice(&j.to_be_bytes());
    let run = run(&font(&bytes), "J");
    assert_eq!(colored(&run).unwrap_err(), j);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]
    #[test]
    fn fonts_that_lie_do_not_panic(
        changes in proptest::collection::vec((0usize..2072, 0u8..=255), 1..30),
        picture in proptest::bool::ANY,
    ) {
        let mut bytes = if picture { PICTURES.to_vec() } else { COLORS.to_vec() };
        for (at, value) in changes {
            if let Some(b) = bytes.get_mut(at) {
                *b = value;
            }
        }
        draw_all(&bytes);
    }
}
