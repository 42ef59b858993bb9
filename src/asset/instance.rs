//! One instance of a variable TrueType font as a static font.
//!
//! A variable font (OpenType, `fvar` and `gvar`) is one file for many weights. What is set and embedded is one point
//! in its space: the outlines and advances of all glyphs there are written as a plain `glyf` font, once, when
//! the stylesheets are prepared. From there on nothing knows that the font could be varied.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::types::Tag;
use skrifa::raw::{FontRef, TableProvider as _};
use skrifa::{GlyphId, MetadataProvider as _};

/// Bytes of outlines of one instance; more is no font anybody made.
const MOST_OUTLINES: usize = 64 << 20;

/// Tables that speak of variation, of hints for the default outlines, or of the file as it was.
const DROPPED: [&[u8; 4]; 17] = [
    b"fvar", b"gvar", b"avar", b"HVAR", b"VVAR", b"MVAR", b"STAT", b"cvar", b"cvt ", b"fpgm", b"prep", b"hdmx",
    b"VDMX", b"LTSH", b"DSIG", b"gasp", b"kern",
];

/// The least and the greatest weight of the font's axis `wght`; `None` for a font whose weight is fixed or whose
/// outlines are not TrueType's.
#[must_use]
pub fn weights(bytes: &[u8], index: u32) -> Option<(u16, u16)> {
    let font = FontRef::from_index(bytes, index).ok()?;
    font.table_data(Tag::new(b"gvar"))?;
    let axis = font.axes().get_by_tag(Tag::new(b"wght"))?;
    let whole = |v: f32| if v.is_finite() { v.clamp(1.0, 1000.0) as u16 } else { 400 };
    let (least, most) = (whole(axis.min_value()), whole(axis.max_value()));
    (least <= most).then_some((least, most))
}

/// The font at a weight, upright or, with an axis for it (`ital`, else `slnt`), slanted; weights outside of the axis are
/// its ends (CSS Fonts 4, section 2.2). `None`: not a variable TrueType font, or a broken one.
#[must_use]
pub fn cut(bytes: &[u8], index: u32, weight: u16, italic: bool) -> Option<Vec<u8>> {
    let font = FontRef::from_index(bytes, index).ok()?;
    font.table_data(Tag::new(b"gvar"))?;
    let axes = font.axes();
    let mut settings = vec![(Tag::new(b"wght"), f32::from(weight))];
    if italic {
        if axes.get_by_tag(Tag::new(b"ital")).is_some() {
            settings.push((Tag::new(b"ital"), 1.0));
        } else if let Some(axis) = axes.get_by_tag(Tag::new(b"slnt")) {
            // Of no angle stated CSS takes 14 degrees (CSS Fonts 4, section 2.4); the axis counts leftwards.
            settings.push((Tag::new(b"slnt"), -14.0f32));
            settings.retain(|(_, v)| v.is_finite() && axis.min_value().is_finite());
        }
    }
    let location = axes.location(settings);
    let location = LocationRef::from(&location);
    let count = font.maxp().ok()?.num_glyphs();
    let outlines = font.outline_glyphs();
    let metrics = font.glyph_metrics(Size::unscaled(), location);

    let (mut glyf, mut loca, mut hmtx) = (Vec::new(), Vec::new(), Vec::new());
    let (mut most_points, mut most_contours) = (0, 0);
    for id in 0..count {
        loca.extend_from_slice(&u32::try_from(glyf.len()).ok()?.to_be_bytes());
        let glyph = GlyphId::from(id);
        let mut pen = Points::default();
        if let Some(outline) = outlines.get(glyph) {
            outline.draw(DrawSettings::unhinted(Size::unscaled(), location), &mut pen).ok()?;
        }
        let left = pen.write(&mut glyf);
        most_points = most_points.max(pen.points.len());
        most_contours = most_contours.max(pen.ends.len());
        let advance = metrics.advance_width(glyph).unwrap_or(0.0).clamp(0.0, 65_535.0);
        hmtx.extend_from_slice(&(libm::roundf(advance) as u16).to_be_bytes());
        hmtx.extend_from_slice(&left.to_be_bytes());
        if glyf.len() > MOST_OUTLINES {
            return None;
        }
    }
    loca.extend_from_slice(&u32::try_from(glyf.len()).ok()?.to_be_bytes());

    let copied = |tag: &[u8; 4], changes: &[(usize, u16)]| {
        let mut table = font.table_data(Tag::new(tag))?.as_bytes().to_vec();
        for (at, value) in changes {
            table.get_mut(*at..at + 2)?.copy_from_slice(&value.to_be_bytes());
        }
        Some(table)
    };
    let number = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let mut tables = vec![
        (Tag::new(b"glyf"), glyf),
        (Tag::new(b"loca"), loca),
        (Tag::new(b"hmtx"), hmtx),
        // Offsets in `loca` are long.
        (Tag::new(b"head"), copied(b"head", &[(50, 1)])?),
        (Tag::new(b"hhea"), copied(b"hhea", &[(34, count)])?),
        (Tag::new(b"maxp"), copied(b"maxp", &[(6, number(most_points)), (8, number(most_contours))])?),
    ];
    if let Some(table) = copied(b"OS/2", &[(4, weight)]) {
        tables.push((Tag::new(b"OS/2"), table));
    }
    for record in font.table_directory().table_records() {
        let tag = record.tag();
        if !tables.iter().any(|(t, _)| *t == tag)
            && !DROPPED.iter().any(|d| Tag::new(d) == tag)
            && let Some(data) = font.table_data(tag)
        {
            tables.push((tag, data.as_bytes().to_vec()));
        }
    }
    file(tables)
}

/// A font file of tables. Check sums stay empty: the file never leaves the program, its cut gets its own.
fn file(mut tables: Vec<(Tag, Vec<u8>)>) -> Option<Vec<u8>> {
    tables.sort_by_key(|(tag, _)| *tag);
    let mut out = vec![0, 1, 0, 0];
    out.extend_from_slice(&u16::try_from(tables.len()).ok()?.to_be_bytes());
    out.extend_from_slice(&[0; 6]);
    let mut at = 12 + 16 * tables.len();
    for (tag, data) in &tables {
        out.extend_from_slice(&tag.to_be_bytes());
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&u32::try_from(at).ok()?.to_be_bytes());
        out.extend_from_slice(&u32::try_from(data.len()).ok()?.to_be_bytes());
        at += data.len().next_multiple_of(4);
    }
    for (_, data) in &tables {
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    Some(out)
}

/// The points of a glyph: x, y, and whether the curve goes through it; and where each contour ends.
#[derive(Default)]
struct Points {
    points: Vec<(i16, i16, bool)>,
    ends: Vec<usize>,
    start: usize,
}

impl Points {
    fn push(&mut self, x: f32, y: f32, on: bool) {
        let whole = |v: f32| libm::roundf(v).clamp(-16_000.0, 16_000.0) as i16;
        self.points.push((whole(x), whole(y), on));
    }

    fn end(&mut self) {
        // A contour closes by itself.
        if self.points.len() > self.start + 1 && self.points.last() == self.points.get(self.start) {
            self.points.pop();
        }
        if self.points.len() > self.start {
            self.ends.push(self.points.len() - 1);
        }
        self.start = self.points.len();
    }

    /// Appends the glyph (OpenType, `glyf`, simple glyphs); its left edge. Without contours it has no bytes.
    fn write(&mut self, out: &mut Vec<u8>) -> i16 {
        self.end();
        let (Ok(contours), Some(first)) = (i16::try_from(self.ends.len()), self.points.first()) else { return 0 };
        if self.points.len() > usize::from(u16::MAX) {
            return 0;
        }
        let mut edges = (first.0, first.1, first.0, first.1);
        for (x, y, _) in &self.points {
            edges = (edges.0.min(*x), edges.1.min(*y), edges.2.max(*x), edges.3.max(*y));
        }
        for v in [contours, edges.0, edges.1, edges.2, edges.3] {
            out.extend_from_slice(&v.to_be_bytes());
        }
        for end in &self.ends {
            out.extend_from_slice(&(*end as u16).to_be_bytes());
        }
        out.extend_from_slice(&[0, 0]);
        let (mut flags, mut xs, mut ys) = (Vec::new(), Vec::new(), Vec::new());
        let mut before = (0, 0);
        for (x, y, on) in &self.points {
            let mut flag = u8::from(*on);
            // Short steps have bit 1 (y: 2), and bit 4 (y: 5) for their sign, or for no step at all.
            for (step, bytes, bit) in [(x - before.0, &mut xs, 0), (y - before.1, &mut ys, 1)] {
                match step {
                    0 => flag |= 0x10 << bit,
                    -255..=255 => {
                        flag |= 0x02 << bit | if step > 0 { 0x10 << bit } else { 0 };
                        bytes.push(step.unsigned_abs() as u8);
                    }
                    _ => bytes.extend_from_slice(&step.to_be_bytes()),
                }
            }
            before = (*x, *y);
            flags.push(flag);
        }
        out.extend(flags.into_iter().chain(xs).chain(ys));
        out.resize(out.len().next_multiple_of(4), 0);
        edges.0
    }
}

impl OutlinePen for Points {
    fn move_to(&mut self, x: f32, y: f32) {
        self.end();
        self.push(x, y, true);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push(x, y, true);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.push(cx, cy, false);
        self.push(x, y, true);
    }

    /// TrueType outlines have none.
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, x: f32, y: f32) {
        self.push(x, y, true);
    }

    fn close(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::fallback::{FontSet, MOST_INSTANCES};
    use crate::asset::font::FontData;

    /// Bars: `I` is one of 20 units at weight 100, 80 at 400, 280 at 900, and 100 wider than its bar; `H` has two.
    const BARS: &[u8] = include_bytes!("../../tests/fixtures/bars-variable.ttf");

    /// Advance and bounds of `I`.
    fn bar(bytes: &[u8]) -> (f32, f32, f32) {
        let font = FontRef::new(bytes).unwrap();
        let glyph = font.charmap().map('I').unwrap();
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let bounds = metrics.bounds(glyph).unwrap();
        (metrics.advance_width(glyph).unwrap(), bounds.x_min, bounds.x_max)
    }

    #[test]
    fn a_bar_is_as_wide_as_its_weight_says() {
        assert_eq!(weights(BARS, 0), Some((100, 900)));
        for (weight, width) in [(100, 20.0), (250, 50.0), (400, 80.0), (650, 180.0), (900, 280.0), (1000, 280.0)] {
            let bytes = cut(BARS, 0, weight, false).unwrap();
            assert_eq!(bar(&bytes), (width + 100.0, 50.0, width + 50.0), "weight {weight}");
            assert_eq!(weights(&bytes, 0), None, "what was cut cannot be varied again");
            let drawn = subsetter::subset(&bytes, 0, &subsetter::GlyphRemapper::new_from_glyphs_sorted(&[0, 2]));
            assert!(drawn.is_ok());
        }
    }

    #[test]
    fn a_set_has_a_face_for_each_weight_with_its_own_name() {
        let mut set = FontSet::shipped();
        set.add_later(
            FontData::Shipped(BARS),
            &crate::asset::face::faces(BARS).unwrap()[0],
            "Bars",
            crate::asset::fallback::Role::Family,
        )
        .unwrap();
        assert!(set.has_variable());
        assert_eq!(set.vary(&[100, 400, 700]), Ok(true));
        assert_eq!(set.vary(&[100, 400, 700]), Ok(true));
        assert_eq!(set.len(), 9, "six that are shipped, the font, and two more weights of it; none twice");
        let at = |weight| set.get(set.find("Bars", weight, false).unwrap()).unwrap();
        let advance = |weight: u16| at(weight).advance(at(weight).glyph('I').unwrap());
        assert_eq!([100, 400, 700].map(advance), [120, 180, 300]);
        assert_eq!(at(700).postscript_name, "Bars-Regular-wght700");
        assert_eq!(at(650).weight, 700, "a weight that was not cut takes the nearest");
    }

    #[test]
    fn instances_have_an_end() {
        let mut set = FontSet::new();
        for weight in 0..MOST_INSTANCES as u16 {
            assert_eq!(set.add_instance(&FontData::Shipped(BARS), 0, "Bars", 100 + weight, false), Ok(true));
        }
        assert_eq!(set.add_instance(&FontData::Shipped(BARS), 0, "Bars", 900, false), Ok(false));
    }

    #[test]
    fn a_static_font_is_not_cut() {
        let fixed = include_bytes!("../../fonts/BIZUDGothic-Regular.ttf");
        assert_eq!((weights(fixed, 0), cut(fixed, 0, 700, false)), (None, None));
    }

    proptest::proptest! {
        #[test]
        fn fonts_that_lie_do_not_panic(changes in proptest::collection::vec((0usize..1096, 0u8..=255), 1..30)) {
            let mut bytes = BARS.to_vec();
            for (at, value) in changes {
                bytes[at] = value;
            }
            let _ = (weights(&bytes, 0), cut(&bytes, 0, 650, true));
        }
    }
}
