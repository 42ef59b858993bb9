//! What vertical setting needs to know of a font: how far each glyph goes down the line, where its vertical origin
//! lies, and which glyphs take its place (`vert`). Made at the first vertical text, once per font.
//!
//! Origins come from `VORG` (CFF); else from `vmtx` and the top of the outline, as OpenType has it (the origin is the
//! top side bearing above the outline); a font without vertical metrics gets a cell of one em, its ascent and descent
//! centred in it. The origin's x is the middle of the horizontal advance.

use skrifa::MetadataProvider as _;
use skrifa::instance::Size;
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::tables::vvar::Vvar;
use skrifa::raw::types::{F48Dot16, GlyphId};
use skrifa::raw::{FontRef, TableProvider};

use super::font::Font;
use super::touched;

/// See the head of this file. Font units.
#[derive(Debug)]
pub(super) struct Vertical {
    /// Of most glyphs.
    advance: u16,
    origin: i16,
    /// By glyph id; empty where all are as above.
    advances: Vec<u16>,
    origins: Vec<i16>,
    /// The font says itself how tall its glyphs are.
    measured: bool,
    /// By glyph id, what stands in its place in vertical lines; empty where nothing does.
    forms: Vec<u16>,
    /// By glyph id: some rule other than a plain exchange acts on it.
    touched: Vec<bool>,
}

impl Vertical {
    fn new(font: &Font) -> Self {
        let em = font.units_per_em;
        let count = font.advances.len();
        let middle = (i32::from(font.ascent) + i32::from(font.descent) + i32::from(em)) / 2;
        let mut vertical = Self {
            advance: em,
            origin: i16::try_from(middle).unwrap_or(font.ascent),
            advances: Vec::new(),
            origins: Vec::new(),
            measured: false,
            forms: Vec::new(),
            touched: vec![true; count],
        };
        let Ok(file) = FontRef::from_index(font.data.as_ref(), font.index) else { return vertical };
        vertical.read_metrics(&file, count);
        if vertical.measured && !font.place.is_empty() {
            vertical.vary(font, &file, count);
        }
        let Ok(glyphs) = u16::try_from(count) else { return vertical };
        let forms;
        (vertical.touched, forms) = touched::vertical(&file, glyphs, &font.simple_glyphs());
        if forms.iter().enumerate().any(|(g, f)| usize::from(*f) != g) {
            vertical.forms = forms;
        }
        vertical
    }

    fn read_metrics(&mut self, file: &FontRef<'_>, count: usize) {
        let Ok(vmtx) = file.vmtx() else { return };
        self.measured = true;
        let mut advances: Vec<u16> = vmtx.v_metrics().iter().take(count).map(|m| m.advance()).collect();
        let last = advances.last().copied().unwrap_or(self.advance);
        advances.resize(count, last);
        self.advance = most_common(&advances).unwrap_or(self.advance);
        if advances.iter().any(|a| *a != self.advance) {
            self.advances = advances;
        }
        if let Ok(vorg) = file.vorg() {
            self.origin = vorg.default_vert_origin_y();
            let mut origins = vec![self.origin; count];
            for m in vorg.vert_origin_y_metrics() {
                if let Some(o) = origins.get_mut(usize::from(m.glyph_index().to_u16())) {
                    *o = m.vert_origin_y();
                }
            }
            self.set_origins(origins);
        } else if let (Ok(glyf), Ok(loca)) = (file.glyf(), file.loca(None)) {
            let fallback = self.origin;
            let origin = |g: usize| {
                let id = GlyphId::new(g as u32);
                let bearing = vmtx.side_bearing(id)?;
                let outline = loca.get_glyf(id, &glyf).ok().flatten()?;
                i16::try_from(i32::from(outline.y_max()) + i32::from(bearing)).ok()
            };
            let origins: Vec<Option<i16>> = (0..count).map(origin).collect();
            let known: Vec<i16> = origins.iter().copied().flatten().collect();
            self.origin = most_common(&known).unwrap_or(fallback);
            let own = self.origin;
            self.set_origins(origins.into_iter().map(|o| o.unwrap_or(own)).collect());
        }
    }

    /// Takes the measures of a variable font to the place where it is drawn: `VVAR`, and the tops of the outlines there.
    fn vary(&mut self, font: &Font, file: &FontRef<'_>, count: usize) {
        let vvar = file.vvar().ok();
        let delta = |get: &dyn Fn(&Vvar<'_>, GlyphId) -> Option<F48Dot16>, glyph: GlyphId| {
            vvar.as_ref().and_then(|v| get(v, glyph)).map_or(0.0, |d| d.to_f64() as f32)
        };
        let whole = |v: f32| libm::roundf(v).clamp(-32_768.0, 32_767.0) as i16;
        let (mut advances, mut origins) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let (outlines, vorg, vmtx) = (file.outline_glyphs(), file.vorg().is_ok(), file.vmtx().ok());
        // Without them the bearing gives way to the outline's top, and the origin stays.
        let bearings = vvar.as_ref().is_some_and(|v| v.tsb_mapping().is_some());
        for (at, id) in (0..count).zip(0u32..) {
            let glyph = GlyphId::new(id);
            let advance = f32::from(self.advances.get(at).copied().unwrap_or(self.advance));
            let more = delta(&|v, g| v.advance_delta(g, &font.place), glyph);
            advances.push(libm::roundf(advance + more).clamp(0.0, 65_535.0) as u16);
            let own = f32::from(self.origins.get(at).copied().unwrap_or(self.origin));
            let mut top = Top(None);
            let settings = DrawSettings::unhinted(Size::unscaled(), font.location());
            origins.push(if vorg {
                whole(own + delta(&|v, g| v.v_origin_y_delta(g, &font.place), glyph))
            } else if bearings
                && outlines.get(glyph).is_some_and(|o| o.draw(settings, &mut top).is_ok())
                && let (Some(top), Some(bearing)) = (top.0, vmtx.as_ref().and_then(|v| v.side_bearing(glyph)))
            {
                whole(top + f32::from(bearing) + delta(&|v, g| v.tsb_delta(g, &font.place), glyph))
            } else {
                whole(own)
            });
        }
        self.advance = most_common(&advances).unwrap_or(self.advance);
        self.advances = if advances.iter().any(|a| *a != self.advance) { advances } else { Vec::new() };
        self.origin = most_common(&origins).unwrap_or(self.origin);
        self.origins.clear();
        self.set_origins(origins);
    }

    fn set_origins(&mut self, origins: Vec<i16>) {
        if origins.iter().any(|o| *o != self.origin) {
            self.origins = origins;
        }
    }

    fn form(&self, glyph: u16) -> u16 {
        self.forms.get(usize::from(glyph)).copied().unwrap_or(glyph)
    }

    fn is_touched(&self, glyph: u16) -> bool {
        self.touched.get(usize::from(glyph)).copied().unwrap_or(true)
    }
}

/// The highest point of an outline, its control points among them as in `glyf` boxes.
struct Top(Option<f32>);

impl Top {
    fn see(&mut self, y: f32) {
        self.0 = Some(self.0.map_or(y, |top| top.max(y)));
    }
}

impl OutlinePen for Top {
    fn move_to(&mut self, _: f32, y: f32) {
        self.see(y);
    }

    fn line_to(&mut self, _: f32, y: f32) {
        self.see(y);
    }

    fn quad_to(&mut self, _: f32, cy: f32, _: f32, y: f32) {
        self.see(cy);
        self.see(y);
    }

    fn curve_to(&mut self, _: f32, ay: f32, _: f32, by: f32, _: f32, y: f32) {
        [ay, by, y].into_iter().for_each(|y| self.see(y));
    }

    fn close(&mut self) {}
}

/// The value that occurs most often; the smallest of several.
fn most_common<T: Copy + Ord>(values: &[T]) -> Option<T> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let mut best: Option<(T, usize)> = None;
    for group in sorted.chunk_by(|a, b| a == b) {
        if best.is_none_or(|(_, n)| group.len() > n) {
            best = group.first().map(|v| (*v, group.len()));
        }
    }
    best.map(|(v, _)| v)
}

impl Font {
    fn vertical(&self) -> &Vertical {
        self.vertical.get_or_init(|| Box::new(Vertical::new(self)))
    }

    /// How far a glyph goes down a vertical line, in font units.
    #[must_use]
    pub fn vertical_advance(&self, glyph: u16) -> u16 {
        let v = self.vertical();
        v.advances.get(usize::from(self.outline(glyph))).copied().unwrap_or(v.advance)
    }

    /// Where a glyph hangs on a vertical line: to the right of and above its horizontal origin, in font units.
    #[must_use]
    pub fn vertical_origin(&self, glyph: u16) -> (f32, i16) {
        let v = self.vertical();
        let own = usize::from(self.outline(glyph));
        (f32::from(self.advance(glyph)) / 2.0, v.origins.get(own).copied().unwrap_or(v.origin))
    }

    /// Advance and height of the origin that most glyphs have in vertical lines, in font units.
    #[must_use]
    pub fn vertical_default(&self) -> (u16, i16) {
        let v = self.vertical();
        (v.advance, v.origin)
    }

    /// Whether the file itself has vertical metrics; where not, what the shaper says of them is not heeded.
    #[must_use]
    pub fn has_vertical_metrics(&self) -> bool {
        self.vertical().measured
    }

    /// The glyph of a character in vertical lines, upright, and whether it and its vertical advance are all that
    /// shaping would find.
    #[must_use]
    pub fn vertical_glyph_and_plain(&self, c: char) -> Option<(u16, bool)> {
        let (glyph, simple) = self.glyph_and_simple(c)?;
        let v = self.vertical();
        let form = v.form(glyph);
        Some((form, simple && !v.is_touched(glyph) && !v.is_touched(form)))
    }

    /// Whether the font has a form of its own for this glyph in vertical lines.
    #[must_use]
    pub fn has_vertical_form(&self, glyph: u16) -> bool {
        self.vertical().form(glyph) != glyph
    }
}
