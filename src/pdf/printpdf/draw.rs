//! Items to the crate's operations. The page's y axis is turned round once, by the first matrix; all
//! numbers after it are page space as it is (y down), and text and pictures are turned upright again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ::printpdf as theirs;
use theirs::{Cmyk, Codepoint, Color, CurTransMat, ExtendedGraphicsStateId, Line, LineCapStyle, LineDashPattern};
use theirs::{LinePoint, Op, PaintMode, PdfFontHandle, PdfPage, Polygon, PolygonRing, Rgb, TextItem, TextMatrix};
use theirs::{WindingOrder, XObjectId, XObjectTransform};

use crate::asset::font::{Font, FontId};
use crate::asset::image::Image;
use crate::base::{Affine, Digest, Point, Pt};
use crate::color::Ink;
use crate::page::colored;
use crate::page::{
    Glyph, GlyphRun, GroupItem, ImageItem, Item, ItemList, Lies, Modules, Page, Path, Segment, ShadingItem,
    ShadingKind, Stroke,
};
use crate::pdf::Fault;

/// What the pages need beside their operations.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub(super) fonts: BTreeMap<FontId, Arc<Font>>,
    pub(super) images: BTreeMap<Digest, Arc<Image>>,
    /// In thousandths.
    pub(super) opacities: BTreeSet<u16>,
    /// A group was translucent whose items may overlap.
    pub(super) blended: bool,
}

/// Not `F1` … `F14`: the crate takes those for the standard fonts.
pub(super) fn font_name(font: FontId) -> String {
    format!("S{}", font.0)
}

pub(super) fn image_name(digest: &Digest) -> String {
    format!("I{:016x}", digest.short())
}

pub(super) fn opacity_name(thousandths: u16) -> String {
    format!("A{thousandths}")
}

/// Draws one page; `at` is its number within the piece.
pub(super) fn page(at: usize, page: &Page, used: &mut Used) -> Result<PdfPage, Fault> {
    let (width, height, bleed) = (page.trim.width.0, page.trim.height.0, page.bleed.0);
    let mut drawing = Drawing { ops: Vec::new(), used, alpha: 1.0, flaw: None };
    let edge = bleed + page.slug.0;
    let turned = [1.0, 0.0, 0.0, -1.0, edge, edge + height];
    drawing.matrix(turned);
    for placed in &page.lists {
        drawing.list(placed.at, &placed.list);
    }
    match drawing.flaw {
        None => {}
        Some(Flaw::NotANumber) => return Err(Fault::NotANumber { page: at }),
        Some(Flaw::NoSuchGlyph { font, glyph }) => return Err(Fault::NoSuchGlyph { page: at, font, glyph }),
    }
    let whole = boxed(0.0, 0.0, width + 2.0 * edge, height + 2.0 * edge);
    Ok(PdfPage {
        media_box: whole.clone(),
        crop_box: whole,
        trim_box: boxed(edge, edge, edge + width, edge + height),
        ops: drawing.ops,
    })
}

/// A page box by its corners. The crate writes `[x y width height]` where PDF wants two corners (ISO 32000-1,
/// 7.9.5), so the far corner is given as the size.
fn boxed(left: f32, bottom: f32, right: f32, top: f32) -> theirs::Rect {
    theirs::Rect::from_xywh(theirs::Pt(left), theirs::Pt(bottom), theirs::Pt(right), theirs::Pt(top))
}

#[derive(Debug)]
enum Flaw {
    NotANumber,
    NoSuchGlyph { font: String, glyph: u16 },
}

/// Operations under way.
struct Drawing<'a> {
    ops: Vec<Op>,
    used: &'a mut Used,
    /// The opacity of all groups around.
    alpha: f32,
    flaw: Option<Flaw>,
}

impl Drawing<'_> {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Glyphs(run) if run.font.has_colors() => match colored::colored(run) {
                    // Text that only says what the pictures are is left to our own back end.
                    Ok(items) => self.items(&items),
                    Err(glyph) => {
                        let font = run.font.postscript_name.clone();
                        self.flaw.get_or_insert(Flaw::NoSuchGlyph { font, glyph });
                    }
                },
                Item::Glyphs(run) => self.run(run),
                Item::Path(path) => self.path(path),
                Item::Image(image) => self.image(image),
                Item::Modules(modules) => self.modules(modules),
                Item::Group(group) => self.group(group),
                Item::Shading(item) => self.shading(item),
                Item::List(at, list) => self.list(*at, list),
            }
        }
    }

    fn list(&mut self, at: Point, list: &ItemList) {
        if list.items.is_empty() {
            return;
        }
        self.saved(|drawing| {
            drawing.matrix([1.0, 0.0, 0.0, 1.0, at.x.0, at.y.0]);
            drawing.items(&list.items);
        });
    }

    /// What `draw` sets ends with it.
    fn saved(&mut self, draw: impl FnOnce(&mut Self)) {
        self.ops.push(Op::SaveGraphicsState);
        draw(self);
        self.ops.push(Op::RestoreGraphicsState);
    }

    fn number(&mut self, v: f32) -> f32 {
        if v.is_finite() {
            return v;
        }
        self.flaw.get_or_insert(Flaw::NotANumber);
        0.0
    }

    fn matrix(&mut self, m: [f32; 6]) {
        let m = m.map(|v| self.number(v));
        self.ops.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw(m) });
    }

    /// Greys are black ink alone, as on the press.
    fn color(&mut self, ink: Ink) -> Color {
        let mut share = |v: f32| self.number(v).clamp(0.0, 1.0);
        match ink {
            Ink::Black(k) => Color::Cmyk(Cmyk::new(0.0, 0.0, 0.0, share(k), None)),
            Ink::Rgb([r, g, b]) => Color::Rgb(Rgb::new(share(r), share(g), share(b), None)),
            // it knows no named inks: what stands for them
            Ink::Cmyk(_) | Ink::Spot { .. } => {
                let [c, m, y, k] = ink.to_cmyk();
                Color::Cmyk(Cmyk::new(share(c), share(m), share(y), share(k), None))
            }
        }
    }

    fn fill(&mut self, ink: Ink) {
        let col = self.color(ink);
        self.ops.push(Op::SetFillColor { col });
    }

    fn run(&mut self, run: &GlyphRun) {
        if run.glyphs.is_empty() {
            return;
        }
        self.used.fonts.entry(run.font.id).or_insert_with(|| Arc::clone(&run.font));
        self.ops.push(Op::StartTextSection);
        let size = theirs::Pt(self.number(run.size.0));
        let font = PdfFontHandle::External(theirs::FontId(font_name(run.font.id)));
        self.ops.push(Op::SetFont { font, size });
        self.fill(run.ink);
        if run.vertical {
            self.column(run)
        } else {
            self.line(run)
        }
        self.ops.push(Op::EndTextSection);
    }

    /// Horizontal text. Lengths along the line are in thousandths of the size.
    fn line(&mut self, run: &GlyphRun) {
        let mut pen = 0.0;
        let mut start = 0.0;
        let mut together = Vec::new();
        for glyph in &run.glyphs {
            let advance = self.advance(&run.font, glyph.id);
            // The crate writes widths as whole thousandths, rounded down; readers move by what is written.
            let owed = advance.trunc() - advance - glyph.extra;
            let code = code(&run.font, glyph, owed);
            if glyph.dx == 0.0 && glyph.dy == 0.0 && run.stretch == 1.0 {
                if together.is_empty() {
                    start = pen;
                }
                together.push(code);
            } else {
                self.show(run, start, 0.0, std::mem::take(&mut together));
                self.show(run, pen + glyph.dx, -glyph.dy, vec![code]);
            }
            pen += advance + glyph.extra;
        }
        self.show(run, start, 0.0, together);
    }

    /// Vertical text, for which the crate has no writing mode: each glyph is put where it belongs.
    fn column(&mut self, run: &GlyphRun) {
        let mut along = 0.0;
        for glyph in &run.glyphs {
            let centred = -self.advance(&run.font, glyph.id) / 2.0;
            let code = code(&run.font, glyph, 0.0);
            let per_em = 1000.0 / f32::from(run.font.units_per_em);
            let origin = f32::from(run.font.vertical_origin(glyph.id).1) * per_em;
            self.show(run, centred + glyph.dx, along + origin - glyph.dy, vec![code]);
            along += f32::from(run.font.vertical_advance(glyph.id)) * per_em + glyph.extra;
        }
    }

    /// Thousandths of the size.
    fn advance(&mut self, font: &Font, glyph: u16) -> f32 {
        match font.advances.get(usize::from(glyph)) {
            Some(units) => f32::from(*units) * 1000.0 / f32::from(font.units_per_em),
            None => {
                self.flaw.get_or_insert(Flaw::NoSuchGlyph { font: font.postscript_name.clone(), glyph });
                0.0
            }
        }
    }

    /// Shows glyphs so far right of and below the run's origin, in thousandths of the size.
    fn show(&mut self, run: &GlyphRun, right: f32, down: f32, codes: Vec<Codepoint>) {
        if codes.is_empty() {
            return;
        }
        let per_mille = run.size.0 / 1000.0;
        let (wide, tall) = if run.vertical { (1.0, run.stretch) } else { (run.stretch, 1.0) };
        let (wide, tall) = (self.number(wide), self.number(tall));
        let (right, down) = run.lies.on_paper(right * per_mille * wide, down * per_mille * tall);
        let x = self.number(run.origin.x.0 + right);
        let y = self.number(run.origin.y.0 + down);
        let matrix = match run.lies {
            Lies::Level => [wide, 0.0, 0.0, -tall, x, y],
            Lies::Right => [0.0, wide, tall, 0.0, x, y],
            Lies::Left => [0.0, -wide, -tall, 0.0, x, y],
        };
        // Upright in the page's turned coordinates.
        self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw(matrix) });
        self.ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(codes)] });
    }

    fn path(&mut self, path: &Path) {
        let rings = self.rings(&path.segments);
        if let Some(ink) = path.fill {
            self.fill(ink);
            let winding = if path.even_odd { WindingOrder::EvenOdd } else { WindingOrder::NonZero };
            self.polygon(rings.iter().map(|r| r.points.clone()).collect(), PaintMode::Fill, winding);
        }
        if let Some(stroke) = &path.stroke {
            self.stroke(stroke);
            // The crate's polygons always close their last ring and no other: lines are closed as they say.
            self.ops.extend(
                rings
                    .into_iter()
                    .map(|Ring { points, closed }| Op::DrawLine { line: Line { points, is_closed: closed } }),
            );
        }
    }

    fn stroke(&mut self, stroke: &Stroke) {
        let col = self.color(stroke.ink);
        self.ops.push(Op::SetOutlineColor { col });
        let pt = theirs::Pt(self.number(stroke.width.0));
        self.ops.push(Op::SetOutlineThickness { pt });
        let lengths: Vec<f32> = stroke.dash.iter().map(|d| self.number(d.0)).collect();
        let dash = LineDashPattern::new(self.number(stroke.dash_phase.0), &lengths);
        self.ops.push(Op::SetLineDashPattern { dash });
        let cap = if stroke.round_caps { LineCapStyle::Round } else { LineCapStyle::Butt };
        self.ops.push(Op::SetLineCapStyle { cap });
    }

    fn polygon(&mut self, rings: Vec<Vec<LinePoint>>, mode: PaintMode, winding_order: WindingOrder) {
        let rings = rings.into_iter().map(|points| PolygonRing { points }).collect();
        self.ops.push(Op::DrawPolygon { polygon: Polygon { rings, mode, winding_order } });
    }

    fn point(&mut self, p: Point, bezier: bool) -> LinePoint {
        let p = theirs::Point { x: theirs::Pt(self.number(p.x.0)), y: theirs::Pt(self.number(p.y.0)) };
        LinePoint { p, bezier }
    }

    /// Segments as rings of points, the only paths that the crate knows.
    fn rings(&mut self, segments: &[Segment]) -> Vec<Ring> {
        let mut rings: Vec<Ring> = Vec::new();
        // Where a segment that follows a closed ring begins (ISO 32000-1, 8.5.2.1).
        let mut home = Point::ZERO;
        for segment in segments {
            let ends: &[(Point, bool)] = match segment {
                Segment::Rect(r) => {
                    let corners = [(r.x, r.y), (r.right(), r.y), (r.right(), r.bottom()), (r.x, r.bottom())];
                    let points = corners.map(|(x, y)| self.point(Point::new(x, y), false)).to_vec();
                    rings.push(Ring { points, closed: true });
                    home = Point::new(r.x, r.y);
                    continue;
                }
                Segment::Move(p) => {
                    home = *p;
                    let points = vec![self.point(*p, false)];
                    rings.push(Ring { points, closed: false });
                    continue;
                }
                Segment::Close => {
                    if let Some(ring) = rings.last_mut() {
                        ring.closed = true;
                    }
                    continue;
                }
                Segment::Line(p) => &[(*p, false)],
                Segment::Cubic(a, b, c) => &[(*a, true), (*b, true), (*c, false)],
            };
            if rings.last().is_none_or(|ring| ring.closed) {
                let points = vec![self.point(home, false)];
                rings.push(Ring { points, closed: false });
            }
            let ends: Vec<LinePoint> = ends.iter().map(|(p, bezier)| self.point(*p, *bezier)).collect();
            if let Some(ring) = rings.last_mut() {
                ring.points.extend(ends);
            }
        }
        rings
    }

    fn image(&mut self, item: &ImageItem) {
        self.used.images.entry(item.image.digest).or_insert_with(|| Arc::clone(&item.image));
        let r = &item.rect;
        // Where a corner of the file's picture, y up, lands on the page, y down.
        let lands = |u: f32, v: f32| {
            let (x, y) = displayed(item.image.orientation, u, 1.0 - v);
            (r.x.0 + x * r.width.0, r.y.0 + y * r.height.0)
        };
        let ((x0, y0), (x1, y1), (x2, y2)) = (lands(0.0, 0.0), lands(1.0, 0.0), lands(0.0, 1.0));
        let id = XObjectId(image_name(&item.image.digest));
        self.saved(|drawing| {
            drawing.matrix([x1 - x0, y1 - y0, x2 - x0, y2 - y0, x0, y0]);
            let transform = XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() };
            drawing.ops.push(Op::UseXobject { id, transform });
        });
    }

    /// The dark places as rings of one polygon: one fill, so that no hairlines show between them.
    fn modules(&mut self, modules: &Modules) {
        self.fill(modules.ink);
        let rings = modules.rectangles().into_iter().map(|r| {
            let corners = [(r.x, r.y), (r.right(), r.y), (r.right(), r.bottom()), (r.x, r.bottom())];
            corners.map(|(x, y)| self.point(Point::new(x, y), false)).to_vec()
        });
        let rings = rings.collect();
        self.polygon(rings, PaintMode::Fill, WindingOrder::NonZero);
    }

    /// The crate has no shadings: bands or circles of one colour each, which is enough for a proof. Opacity is that
    /// of each band.
    fn shading(&mut self, item: &ShadingItem) {
        const BANDS: u16 = 64;
        /// Beyond anything that a page shows, in points.
        const FAR: f32 = 20_000.0;
        let shading = &item.shading;
        if shading.stops.is_empty() {
            return;
        }
        self.saved(|drawing| {
            let rings = drawing.rings(&item.segments).into_iter().map(|r| r.points).collect();
            let order = if item.even_odd { WindingOrder::EvenOdd } else { WindingOrder::NonZero };
            drawing.polygon(rings, PaintMode::Clip, order);
            let Affine { a, b, c, d, e, f } = shading.transform;
            drawing.matrix([a, b, c, d, e, f]);
            for band in 0..BANDS {
                let share = match shading.kind {
                    ShadingKind::Linear { .. } => f32::from(band) / f32::from(BANDS),
                    ShadingKind::Radial { .. } => 1.0 - f32::from(band) / f32::from(BANDS),
                };
                let stop = shading.at(share);
                drawing.fill(stop.ink);
                let thousandths = (drawing.number(stop.alpha * drawing.alpha).clamp(0.0, 1.0) * 1000.0).round() as u16;
                drawing.used.opacities.insert(thousandths);
                let gs = ExtendedGraphicsStateId(opacity_name(thousandths));
                drawing.ops.push(Op::LoadGraphicsState { gs });
                let points: Vec<Point> = match shading.kind {
                    ShadingKind::Linear { from, to } => {
                        let (dx, dy) = ((to.x - from.x).0, (to.y - from.y).0);
                        let length = libm::hypotf(dx, dy).max(1e-6);
                        let (ux, uy) = (dx / length, dy / length);
                        let start = if band == 0 { -FAR } else { share * length };
                        let corner = |along: f32, across: f32| {
                            Point::new(Pt(from.x.0 + ux * along - uy * across), Pt(from.y.0 + uy * along + ux * across))
                        };
                        vec![corner(start, -FAR), corner(FAR, -FAR), corner(FAR, FAR), corner(start, FAR)]
                    }
                    ShadingKind::Radial { focus, inner, center, outer } => {
                        let mix = |a: f32, b: f32| a + (b - a) * share;
                        let radius = if band == 0 { FAR } else { mix(inner.0, outer.0) };
                        let (x, y) = (mix(focus.x.0, center.x.0), mix(focus.y.0, center.y.0));
                        (0..64u16)
                            .map(|i| {
                                let angle = f32::from(i) * std::f32::consts::TAU / 64.0;
                                Point::new(Pt(x + radius * libm::cosf(angle)), Pt(y + radius * libm::sinf(angle)))
                            })
                            .collect()
                    }
                };
                let ring = points.into_iter().map(|p| drawing.point(p, false)).collect();
                drawing.polygon(vec![ring], PaintMode::Fill, WindingOrder::NonZero);
            }
        });
    }

    fn group(&mut self, group: &GroupItem) {
        let outer = self.alpha;
        let alpha = outer * self.number(group.opacity).clamp(0.0, 1.0);
        // At most 1000, so it fits.
        let thousandths = (alpha * 1000.0).round() as u16;
        if group.items.is_empty() || thousandths == 0 {
            return;
        }
        self.saved(|drawing| {
            let Affine { a, b, c, d, e, f } = group.transform;
            drawing.matrix([a, b, c, d, e, f]);
            if let Some(clip) = &group.clip {
                let rings = drawing.rings(clip).into_iter().map(|r| r.points).collect();
                drawing.polygon(rings, PaintMode::Clip, WindingOrder::NonZero);
            }
            if alpha != outer {
                drawing.used.opacities.insert(thousandths);
                drawing.used.blended |= overlaps(&group.items);
                let gs = ExtendedGraphicsStateId(opacity_name(thousandths));
                drawing.ops.push(Op::LoadGraphicsState { gs });
                drawing.alpha = alpha;
            }
            drawing.items(&group.items);
        });
        self.alpha = outer;
    }
}

/// One subpath.
struct Ring {
    points: Vec<LinePoint>,
    closed: bool,
}

/// A glyph with its text, so that it can be searched; `offset` is taken off its written width.
fn code(font: &Font, glyph: &Glyph, offset: f32) -> Codepoint {
    let mut text = String::new();
    let said = font.text(glyph.id, &mut text);
    Codepoint { gid: font.outline(glyph.id), offset, cid: said.then_some(text) }
}

/// Where a point of a picture's file is shown by its EXIF orientation (EXIF 2.32, tag 0x0112); both in
/// shares of width and height, y down.
fn displayed(orientation: u8, x: f32, y: f32) -> (f32, f32) {
    let (x, y) = if matches!(orientation, 5..=8) { (y, x) } else { (x, y) };
    let x = if matches!(orientation, 2 | 3 | 6 | 7) { 1.0 - x } else { x };
    let y = if matches!(orientation, 3 | 4 | 7 | 8) { 1.0 - y } else { y };
    (x, y)
}

/// Whether anything in `items` may cover anything else in it.
fn overlaps(items: &[Item]) -> bool {
    match items {
        [Item::Path(path)] => path.fill.is_some() && path.stroke.is_some(),
        [Item::Glyphs(run)] => run.font.has_colors(),
        [Item::Image(_) | Item::Modules(_) | Item::Shading(_)] => false,
        _ => true,
    }
}
