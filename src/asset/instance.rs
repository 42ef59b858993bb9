//! One instance of a variable font, and fonts that are written anew for the PDF.
//!
//! A variable font (OpenType, `fvar`) is one file for many weights. What is set and embedded is one place in its space:
//! measures, shaping and outlines are those of this place. No PDF holds a variable font, nor outlines of the kind
//! `CFF2`, nor a glyph in colours: the glyphs used of such a font are drawn and written as a plain `glyf` font.

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::FontRef;
use skrifa::raw::types::Tag;
use skrifa::{GlyphId, MetadataProvider as _};

use super::font::Font;

/// Bytes of outlines of one instance; more is no font anybody made.
const MOST_OUTLINES: usize = 64 << 20;

impl Font {
    /// The place in its space at which the font is drawn.
    #[must_use]
    pub fn location(&self) -> LocationRef<'_> {
        LocationRef::new(&self.place)
    }

    /// Whether the PDF's font must be written anew: what it is made of cannot stand in a PDF as it is.
    #[must_use]
    pub fn is_written_anew(&self) -> bool {
        let outlines = |tag: &[u8; 4]| {
            FontRef::from_index(self.data.as_ref(), self.index).is_ok_and(|f| f.table_data(Tag::new(tag)).is_some())
        };
        self.has_colors() || !self.place.is_empty() || outlines(b"CFF2")
    }

    /// The glyphs, in this order, as a plain TrueType font with nothing but outlines and advances. Glyphs in colour
    /// are empty there. `None`: the font's outlines cannot be drawn.
    #[must_use]
    pub fn cut(&self, glyphs: &[u16]) -> Option<Vec<u8>> {
        let font = FontRef::from_index(self.data.as_ref(), self.index).ok()?;
        let outlines = font.outline_glyphs();
        let count = u16::try_from(glyphs.len()).ok()?;
        let (mut glyf, mut loca, mut hmtx) = (Vec::new(), Vec::new(), Vec::new());
        let (mut most_points, mut most_contours) = (0, 0);
        let mut edges: Option<[i16; 4]> = None;
        for glyph in glyphs {
            loca.extend_from_slice(&u32::try_from(glyf.len()).ok()?.to_be_bytes());
            let mut pen = Points::default();
            if let Some(outline) = outlines.get(GlyphId::from(self.outline(*glyph)))
                && !self.is_colored(*glyph)
            {
                outline.draw(DrawSettings::unhinted(Size::unscaled(), self.location()), &mut pen).ok()?;
            }
            let own = pen.write(&mut glyf);
            if let Some([left, bottom, right, top]) = own {
                let [a, b, c, d] = edges.unwrap_or([left, bottom, right, top]);
                edges = Some([a.min(left), b.min(bottom), c.max(right), d.max(top)]);
            }
            most_points = most_points.max(pen.points.len());
            most_contours = most_contours.max(pen.ends.len());
            hmtx.extend_from_slice(&self.advance(*glyph).to_be_bytes());
            hmtx.extend_from_slice(&own.map_or(0, |e| e[0]).to_be_bytes());
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
        let mut maxp = vec![0, 1, 0, 0];
        // One zone, and no instructions.
        for v in [count, number(most_points), number(most_contours), 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0] {
            maxp.extend_from_slice(&v.to_be_bytes());
        }
        let [left, bottom, right, top] = edges.unwrap_or_default().map(|v| v as u16);
        file(vec![
            (Tag::new(b"glyf"), glyf),
            (Tag::new(b"loca"), loca),
            (Tag::new(b"hmtx"), hmtx),
            // Offsets in `loca` are long.
            (Tag::new(b"head"), copied(b"head", &[(36, left), (38, bottom), (40, right), (42, top), (50, 1)])?),
            (Tag::new(b"hhea"), copied(b"hhea", &[(34, count)])?),
            (Tag::new(b"maxp"), maxp),
        ])
    }
}

/// A font file of tables. Check sums stay empty, as readers of PDF ask for none.
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
    /// Where the pen is, not rounded.
    at: (f32, f32),
}

/// How far from a cubic curve the quadratic ones that stand for it may lie, in font units.
const OFF_CURVE: f32 = 0.3;

impl Points {
    fn push(&mut self, x: f32, y: f32, on: bool) {
        let whole = |v: f32| libm::roundf(v).clamp(-16_000.0, 16_000.0) as i16;
        self.points.push((whole(x), whole(y), on));
        self.at = (x, y);
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

    /// Appends the glyph (OpenType, `glyf`, simple glyphs); its edges: left, bottom, right, top. Without contours it
    /// has no bytes.
    fn write(&mut self, out: &mut Vec<u8>) -> Option<[i16; 4]> {
        self.end();
        let (contours, first) = (i16::try_from(self.ends.len()).ok()?, self.points.first()?);
        if self.points.len() > usize::from(u16::MAX) {
            return None;
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
        Some(edges.into())
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

    /// Cut into pieces, each of which is nearly a quadratic curve: half the number of pieces leaves eight times the
    /// error.
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let from = self.at;
        let third = |p: f32, a: f32, b: f32, q: f32| q - 3.0 * b + 3.0 * a - p;
        let (dx, dy) = (third(from.0, ax, bx, x), third(from.1, ay, by, y));
        let error = libm::sqrtf(dx * dx + dy * dy) * 0.0481;
        let pieces = libm::ceilf(libm::cbrtf(error / OFF_CURVE)).clamp(1.0, 16.0) as u16;
        // The curve and its tangent, in Bernstein's form.
        let point = |t: f32, p: f32, a: f32, b: f32, q: f32| {
            let u = 1.0 - t;
            u * u * u * p + 3.0 * u * u * t * a + 3.0 * u * t * t * b + t * t * t * q
        };
        let slope = |t: f32, p: f32, a: f32, b: f32, q: f32| {
            let u = 1.0 - t;
            3.0 * (u * u * (a - p) + 2.0 * u * t * (b - a) + t * t * (q - b))
        };
        let step = 1.0 / f32::from(pieces);
        for i in 0..pieces {
            let (t0, t1) = (f32::from(i) * step, f32::from(i + 1) * step);
            // The middle of what both ends' thirds say of the one control point.
            let control = |p: f32, a: f32, b: f32, q: f32| {
                let (start, end) = (point(t0, p, a, b, q), point(t1, p, a, b, q));
                (start + end) / 2.0 + (slope(t0, p, a, b, q) - slope(t1, p, a, b, q)) * step / 4.0
            };
            let (cx, cy) = (control(from.0, ax, bx, x), control(from.1, ay, by, y));
            let end =
                if i + 1 == pieces { (x, y) } else { (point(t1, from.0, ax, bx, x), point(t1, from.1, ay, by, y)) };
            self.quad_to(cx, cy, end.0, end.1);
        }
    }

    fn close(&mut self) {
        self.end();
    }
}

#[cfg(test)]
#[path = "instance_tests.rs"]
mod tests;
