//! What a run of glyphs in colour is drawn of: pictures, or shapes filled one above the other (OpenType, `COLR`).
//!
//! Whatever draws a [`GlyphRun`] asks here when the run's font has colours, and draws the items after the run: where they
//! stand, the run itself has no outlines. A glyph's shapes are made once, in a measure in which one em is [`EM`], and
//! hang as one list in every run.
//!
//! What PDF has no word for is drawn by something near it: a sweep gradient by wedges of even colour, the composite
//! modes `src-out`, `dest-out`, `xor` without their cutting, `plus` as `screen`; `src-in`, `dest-in` and `-atop` are
//! cut by shapes or weighed by an even alpha, and left uncut where the mask is neither.

use std::sync::Arc;

use skrifa::color::{Brush, ColorPainter, ColorStop, CompositeMode, Extend, Transform};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::FontRef;
use skrifa::raw::types::BoundingBox;
use skrifa::{GlyphId, MetadataProvider as _};

use super::item::{
    GlyphRun, GroupItem, ImageItem, Item, ItemList, Path, Segment, Shading, ShadingItem, ShadingKind, Stop,
};
use crate::asset::colored::{Colors, Drawn, Kind, Picture};
use crate::asset::font::Font;
use crate::base::{Affine, Point, Pt, Rect};
use crate::color::{Blend, Ink};

/// One em in the lists of glyphs: matrices of usual sizes then have digits enough.
const EM: f32 = 100.0;
/// Segments of one glyph. The richest emoji have some ten thousand.
const MOST_SEGMENTS: usize = 200_000;
/// Times that a gradient begins anew, in each direction.
const MOST_REPEATS: f32 = 24.0;
/// Wedges of a sweep gradient that goes all round.
const WEDGES: u16 = 180;

/// What a glyph is drawn of.
#[derive(Debug)]
enum Look {
    /// It is not in colour: its outline is drawn as any other.
    Plain,
    Broken,
    Picture(Picture),
    Shapes(Arc<ItemList>),
    /// The ink of the text is in it: it is kept by that.
    Inked,
}

/// The items of a run's glyphs that are in colour, in page space.
///
/// # Errors
/// The first glyph whose colours cannot be drawn.
pub fn colored(run: &GlyphRun) -> Result<Vec<Item>, u16> {
    let font = &run.font;
    let Some(colors) = &font.colors else { return Ok(Vec::new()) };
    let mut items = Vec::new();
    let size = run.size.0;
    let per_unit = size / f32::from(font.units_per_em.max(1));
    let mut along = 0.0;
    for glyph in &run.glyphs {
        let (dx, dy) = (glyph.dx * size / 1000.0, glyph.dy * size / 1000.0);
        let drawn = look(font, colors, glyph.id, run.ink);
        let list = match drawn.downcast_ref::<Look>() {
            None | Some(Look::Plain | Look::Inked) => None,
            Some(Look::Broken) => return Err(glyph.id),
            Some(look) => Some(look),
        };
        // To the right and down in em, from the glyph's horizontal origin, to page space.
        let matrix = if run.vertical {
            let (x, y) = font.vertical_origin(glyph.id);
            let (x, y) = (dx - x * per_unit, along - dy + f32::from(y) * per_unit);
            let (a, d) = (size, size * run.stretch);
            Affine { a, b: 0.0, c: 0.0, d, e: run.origin.x.0 + x, f: run.origin.y.0 + y * run.stretch }
        } else {
            let (x, y) = run.lies.on_paper((along + dx) * run.stretch, -dy);
            let ((a, b), (c, d)) = (run.lies.on_paper(size * run.stretch, 0.0), run.lies.on_paper(0.0, size));
            Affine { a, b, c, d, e: run.origin.x.0 + x, f: run.origin.y.0 + y }
        };
        match list {
            Some(Look::Picture(picture)) => items.push(place(picture, &matrix)),
            Some(Look::Shapes(list)) => {
                let transform = Affine::scale(1.0 / EM, 1.0 / EM).then(&matrix);
                let inner = vec![Item::List(Point::ZERO, Arc::clone(list))];
                items.push(Item::Group(GroupItem { transform, ..GroupItem::new(inner) }));
            }
            _ => {}
        }
        let natural = if run.vertical { font.vertical_advance(glyph.id) } else { font.advance(glyph.id) };
        along += f32::from(natural) * per_unit + glyph.extra * size / 1000.0;
    }
    Ok(items)
}

fn place(picture: &Picture, matrix: &Affine) -> Item {
    let rect = Rect::new(Pt(picture.left), Pt(-picture.top), Pt(picture.width), Pt(picture.height));
    let image = Arc::clone(&picture.image);
    if matrix.b == 0.0 && matrix.c == 0.0 {
        return Item::Image(ImageItem { image, rect: matrix.around(rect) });
    }
    let scaled = |v: Pt| v * EM;
    let rect = Rect::new(scaled(rect.x), scaled(rect.y), scaled(rect.width), scaled(rect.height));
    let transform = Affine::scale(1.0 / EM, 1.0 / EM).then(matrix);
    Item::Group(GroupItem { transform, ..GroupItem::new(vec![Item::Image(ImageItem { image, rect })]) })
}

fn look(font: &Font, colors: &Colors, glyph: u16, ink: Ink) -> Drawn {
    let known = colors.kept(glyph, "");
    let inked = known.as_ref().is_some_and(|d| matches!(d.downcast_ref::<Look>(), Some(Look::Inked)));
    match known {
        Some(drawn) if !inked => return drawn,
        _ => {}
    }
    let words = format!("{ink:?}");
    if inked && let Some(drawn) = colors.kept(glyph, &words) {
        return drawn;
    }
    let (look, inked) = match colors.kind {
        Kind::Pictures => match font.picture(glyph) {
            None => (Look::Plain, false),
            Some(Ok(picture)) => (Look::Picture(picture), false),
            Some(Err(_)) => (Look::Broken, false),
        },
        Kind::Layers => paint(font, glyph, ink),
    };
    if !inked {
        return colors.keep(glyph, "", Arc::new(look));
    }
    colors.keep(glyph, "", Arc::new(Look::Inked));
    colors.keep(glyph, &words, Arc::new(look))
}

/// The shapes of a glyph, and whether the text's ink is among its colours.
fn paint(font: &Font, glyph: u16, ink: Ink) -> (Look, bool) {
    let Ok(file) = FontRef::from_index(font.data.as_ref(), font.index) else { return (Look::Broken, false) };
    let Some(color) = file.color_glyphs().get(GlyphId::from(font.outline(glyph))) else { return (Look::Plain, false) };
    let palettes = file.color_palettes();
    let palette = palettes.get(0);
    let scale = EM / f32::from(font.units_per_em.max(1));
    let mut painter = Painter {
        outlines: file.outline_glyphs(),
        location: font.location(),
        palette: palette.as_ref().map_or(&[], |p| p.colors()),
        ink,
        inked: false,
        base: Affine::scale(scale, -scale),
        transforms: vec![Affine::scale(scale, -scale)],
        frames: vec![Frame { cut: Cut::Layer, items: Vec::new(), flood: None }],
        left: MOST_SEGMENTS,
        broken: false,
    };
    let painted = color.paint(font.location(), &mut painter).is_ok();
    let inked = painter.inked;
    match painter.frames.into_iter().next() {
        Some(whole) if painted && !painter.broken => (Look::Shapes(Arc::new(ItemList::new(whole.items, true))), inked),
        _ => (Look::Broken, inked),
    }
}

/// Turns what a glyph asks for into items.
struct Painter<'a> {
    outlines: skrifa::outline::OutlineGlyphCollection<'a>,
    location: LocationRef<'a>,
    palette: &'a [skrifa::color::Color],
    ink: Ink,
    inked: bool,
    /// From font units (y up) to the list.
    base: Affine,
    /// The same with everything that is in force; never empty.
    transforms: Vec<Affine>,
    /// Never empty.
    frames: Vec<Frame>,
    /// Segments to go.
    left: usize,
    broken: bool,
}

/// Items under way, and what becomes of them.
struct Frame {
    cut: Cut,
    items: Vec<Item>,
    /// All that there is is this much of an even colour everywhere.
    flood: Option<f32>,
}

enum Cut {
    Clip(Vec<Segment>),
    Layer,
}

impl Painter<'_> {
    fn matrix(&self) -> Affine {
        self.transforms.last().copied().unwrap_or(self.base)
    }

    fn outline(&mut self, glyph: GlyphId) -> Vec<Segment> {
        let mut pen = Pen { matrix: self.matrix(), segments: Vec::new(), at: (0.0, 0.0), most: self.left };
        if let Some(outline) = self.outlines.get(glyph) {
            let settings = DrawSettings::unhinted(Size::unscaled(), self.location);
            self.broken |= outline.draw(settings, &mut pen).is_err();
        }
        self.left = self.left.saturating_sub(pen.segments.len());
        self.broken |= self.left == 0 || pen.segments.iter().any(|s| !is_sound(s));
        pen.segments
    }

    fn color(&mut self, index: u16, alpha: f32) -> (Ink, f32) {
        let alpha = if alpha.is_finite() { alpha.clamp(0.0, 1.0) } else { 0.0 };
        if index == 0xffff {
            self.inked = true;
            return (self.ink, alpha);
        }
        // An entry that the palette lacks is left out, as browsers do.
        self.palette
            .get(usize::from(index))
            .map_or((Ink::PAPER, 0.0), |c| (Ink::from_srgb(c.red, c.green, c.blue), alpha * f32::from(c.alpha) / 255.0))
    }

    fn stops(&mut self, stops: &[ColorStop]) -> Vec<Stop> {
        let color = |s: &ColorStop, this: &mut Self| {
            let (ink, alpha) = this.color(s.palette_index, s.alpha);
            Stop { at: s.offset, ink, alpha }
        };
        stops.iter().filter(|s| s.offset.is_finite()).map(|s| color(s, self)).collect()
    }

    fn push(&mut self, item: Item) {
        self.left = self.left.saturating_sub(1);
        self.broken |= self.left == 0;
        if let Some(frame) = self.frames.last_mut() {
            frame.flood = None;
            frame.items.push(item);
        }
    }

    /// Fills `shape` by a brush whose points are in `matrix`.
    fn fill_shape(&mut self, shape: Vec<Segment>, matrix: &Affine, brush: &Brush<'_>) {
        // The brush's own coordinates: the list's, as they would be without transforms.
        let Some(back) = self.base.inverse() else { return };
        let transform = back.then(matrix);
        let to = |p: &skrifa::raw::types::Point<f32>| self.base.apply(Point::new(Pt(p.x), Pt(p.y)));
        let reach = self.base.a;
        let sound = |v: &[f32]| v.iter().all(|v| v.is_finite() && v.abs() < 1e6);
        match brush {
            Brush::Solid { palette_index, alpha } => {
                let (ink, alpha) = self.color(*palette_index, *alpha);
                self.even(shape, ink, alpha);
            }
            Brush::LinearGradient { p0, p1, color_stops, extend } => {
                if !sound(&[p0.x, p0.y, p1.x, p1.y]) {
                    return;
                }
                let (from, to) = (to(p0), to(p1));
                let stops = self.stops(color_stops);
                let (dx, dy) = ((to.x - from.x).0, (to.y - from.y).0);
                let length = dx * dx + dy * dy;
                let ends = along(&shape, &transform, |p| ((p.x - from.x).0 * dx + (p.y - from.y).0 * dy) / length);
                let (stops, first, last) = repeated(stops, *extend, ends);
                let at = |t: f32| Point::new(from.x + Pt(dx * t), from.y + Pt(dy * t));
                self.shade(shape, stops, ShadingKind::Linear { from: at(first), to: at(last) }, transform);
            }
            Brush::RadialGradient { c0, r0, c1, r1, color_stops, extend } => {
                if !sound(&[c0.x, c0.y, *r0, c1.x, c1.y, *r1]) {
                    return;
                }
                let (c0, c1) = (to(c0), to(c1));
                let (r0, r1) = (r0 * reach, r1 * reach);
                let stops = self.stops(color_stops);
                let circle =
                    |t: f32| (Point::new(c0.x + (c1.x - c0.x) * t, c0.y + (c1.y - c0.y) * t), r0 + (r1 - r0) * t);
                // As far as circles grow to the shape's end, and shrink to a point.
                let far = along(&shape, &transform, |p| {
                    let (x, y) = ((p.x - c0.x).0, (p.y - c0.y).0);
                    (libm::sqrtf(x * x + y * y) - r0) / (r1 - r0)
                });
                let point = r0 / (r0 - r1);
                let ends = if r1 > r0 { (point, far.1.max(1.0)) } else { (far.0.min(0.0), point) };
                let (stops, first, last) = repeated(stops, *extend, ends);
                let (stops, first, last) = positive(stops, first, last, &circle);
                let ((focus, inner), (center, outer)) = (circle(first), circle(last));
                let kind = ShadingKind::Radial { focus, inner: Pt(inner.max(0.0)), center, outer: Pt(outer.max(0.0)) };
                self.shade(shape, stops, kind, transform);
            }
            Brush::SweepGradient { c0, start_angle, end_angle, color_stops, extend } => {
                if !sound(&[c0.x, c0.y, *start_angle, *end_angle]) {
                    return;
                }
                let center = to(c0);
                let stops = self.stops(color_stops);
                self.sweep(shape, center, (*start_angle, *end_angle), stops, *extend, transform);
            }
        }
    }

    fn even(&mut self, shape: Vec<Segment>, ink: Ink, alpha: f32) {
        if alpha <= 0.0 || shape.is_empty() {
            return;
        }
        let path = Item::Path(Path::filled(shape, ink));
        self.push(if alpha < 1.0 {
            Item::Group(GroupItem { opacity: alpha, ..GroupItem::new(vec![path]) })
        } else {
            path
        });
    }

    fn shade(&mut self, shape: Vec<Segment>, stops: Vec<Stop>, kind: ShadingKind, transform: Affine) {
        let (Some(first), Some(last)) = (stops.first(), stops.last()) else { return };
        let nowhere = match kind {
            ShadingKind::Linear { from, to } => from == to,
            ShadingKind::Radial { focus, inner, center, outer } => focus == center && inner == outer,
        };
        if stops.len() == 1 || first.at >= last.at {
            return self.even(shape, last.ink, last.alpha);
        }
        if nowhere || shape.is_empty() || !transform.is_finite() || stops.iter().all(|s| s.alpha == 0.0) {
            return;
        }
        let shading = Arc::new(Shading { kind, transform, stops });
        self.push(Item::Shading(ShadingItem { segments: shape, even_odd: false, shading }));
    }

    /// Wedges around `center`, each in the colour of its middle, cut by the shape. Opaque ones lie on one another by
    /// a little, so that no paper is seen between them.
    fn sweep(
        &mut self,
        shape: Vec<Segment>,
        center: Point,
        angles: (f32, f32),
        stops: Vec<Stop>,
        extend: Extend,
        transform: Affine,
    ) {
        let Some(back) = transform.inverse() else { return };
        if stops.is_empty() || shape.is_empty() {
            return;
        }
        let corners = bounds(&shape);
        let reach = corners.map(|p| {
            let p = back.apply(p);
            let (x, y) = ((p.x - center.x).0, (p.y - center.y).0);
            libm::sqrtf(x * x + y * y)
        });
        let reach = reach.into_iter().fold(0.0, f32::max) * 1.01;
        let step = 360.0 / f32::from(WEDGES);
        let line = Shading { kind: ShadingKind::Linear { from: center, to: center }, transform, stops };
        let lap = if line.stops.iter().all(|s| s.alpha == 1.0) { step / 2.0 } else { 0.0 };
        let mut wedges = Vec::with_capacity(usize::from(WEDGES));
        for i in 0..WEDGES {
            let from = f32::from(i) * step;
            let share = (from + step / 2.0 - angles.0) / (angles.1 - angles.0);
            let share = match extend {
                Extend::Repeat => share - libm::floorf(share),
                Extend::Reflect => {
                    let twice = share - 2.0 * libm::floorf(share / 2.0);
                    if twice > 1.0 { 2.0 - twice } else { twice }
                }
                _ => share,
            };
            if !share.is_finite() {
                continue;
            }
            let color = line.at(share);
            // The last does not lie on the first.
            let to = (from + step + lap).min(360.0);
            let edge = |degrees: f32| {
                let angle = degrees.to_radians();
                let (x, y) = (libm::cosf(angle) * reach, libm::sinf(angle) * reach);
                transform.apply(Point::new(center.x + Pt(x), center.y + Pt(y)))
            };
            let segments = vec![
                Segment::Move(transform.apply(center)),
                Segment::Line(edge(from)),
                Segment::Line(edge(to)),
                Segment::Close,
            ];
            if color.alpha > 0.0 && segments.iter().all(is_sound) {
                let path = Item::Path(Path::filled(segments, color.ink));
                wedges.push(if color.alpha < 1.0 {
                    Item::Group(GroupItem { opacity: color.alpha, ..GroupItem::new(vec![path]) })
                } else {
                    path
                });
            }
        }
        self.left = self.left.saturating_sub(wedges.len() * 4);
        self.push(Item::Group(GroupItem { clip: Some(shape), ..GroupItem::new(wedges) }));
    }

    /// The shape that is to be filled where none is given: all that the innermost clip leaves.
    fn room(&self) -> Vec<Segment> {
        let clip = self.frames.iter().rev().find_map(|f| match &f.cut {
            Cut::Clip(segments) => Some(segments),
            Cut::Layer => None,
        });
        let rect = match clip {
            Some(segments) => {
                let [a, _, c, _] = bounds(segments);
                Rect::new(a.x, a.y, c.x - a.x, c.y - a.y)
            }
            None => Rect::new(Pt(-EM), Pt(-2.0 * EM), Pt(4.0 * EM), Pt(3.0 * EM)),
        };
        vec![Segment::Rect(rect)]
    }

    fn merge(&mut self, mode: CompositeMode) {
        if self.frames.len() < 2 {
            return;
        }
        let (Some(source), Some(under)) = (self.frames.pop(), self.frames.last_mut()) else { return };
        let flood = under.flood.take();
        let layer = |items: Vec<Item>, blend: Blend| {
            // What is blended inside of the layer meets only the layer.
            Item::Group(GroupItem { blend, isolated: true, ..GroupItem::new(items) })
        };
        let over = |under: &mut Frame, items: Vec<Item>| {
            if !items.is_empty() {
                under.items.push(layer(items, Blend::Normal));
            }
        };
        match mode {
            CompositeMode::Clear => under.items.clear(),
            CompositeMode::Src => {
                under.items.clear();
                over(under, source.items);
            }
            CompositeMode::Dest => {}
            CompositeMode::DestOver => {
                if !source.items.is_empty() {
                    under.items.insert(0, layer(source.items, Blend::Normal));
                }
            }
            CompositeMode::SrcIn => {
                let mask = std::mem::take(&mut under.items);
                under.items.extend(masked(source.items, &mask, flood));
            }
            CompositeMode::DestIn => {
                let items = std::mem::take(&mut under.items);
                under.items.extend(masked(items, &source.items, source.flood));
            }
            CompositeMode::SrcAtop => {
                let inside = masked(source.items, &under.items, flood);
                under.items.extend(inside);
            }
            CompositeMode::DestAtop => {
                let items = std::mem::take(&mut under.items);
                let inside = masked(items, &source.items, source.flood);
                over(under, source.items);
                under.items.extend(inside);
            }
            CompositeMode::SrcOut => {
                under.items.clear();
                over(under, source.items);
            }
            CompositeMode::DestOut => {}
            mode => {
                let blend = blend(mode);
                if !source.items.is_empty() {
                    under.items.push(layer(source.items, blend));
                }
            }
        }
    }
}

/// Items within what a mask covers: weighed by it where it is one even alpha everywhere, cut where it is opaque
/// shapes.
fn masked(items: Vec<Item>, mask: &[Item], flood: Option<f32>) -> Option<Item> {
    if items.is_empty() || mask.is_empty() {
        return None;
    }
    if let Some(opacity) = flood {
        return Some(Item::Group(GroupItem { opacity, isolated: true, ..GroupItem::new(items) }));
    }
    let mut clip = Vec::new();
    let known = mask.iter().all(|item| shape_of(item, &mut clip));
    let clip = known.then_some(clip);
    Some(Item::Group(GroupItem { clip, isolated: true, ..GroupItem::new(items) }))
}

/// Appends the outline of an item that is an opaque shape.
fn shape_of(item: &Item, out: &mut Vec<Segment>) -> bool {
    match item {
        Item::Path(path) => out.extend_from_slice(&path.segments),
        Item::Shading(shading) if shading.shading.stops.iter().all(|s| s.alpha == 1.0) => {
            out.extend_from_slice(&shading.segments);
        }
        Item::Group(g)
            if g.clip.is_none() && g.opacity == 1.0 && g.transform == Affine::IDENTITY && g.items.len() == 1 =>
        {
            return g.items.iter().all(|i| matches!(i, Item::Path(_) | Item::Shading(_)) && shape_of(i, out));
        }
        _ => return false,
    }
    true
}

fn blend(mode: CompositeMode) -> Blend {
    match mode {
        CompositeMode::Screen | CompositeMode::Plus => Blend::Screen,
        CompositeMode::Overlay => Blend::Overlay,
        CompositeMode::Darken => Blend::Darken,
        CompositeMode::Lighten => Blend::Lighten,
        CompositeMode::ColorDodge => Blend::ColorDodge,
        CompositeMode::ColorBurn => Blend::ColorBurn,
        CompositeMode::HardLight => Blend::HardLight,
        CompositeMode::SoftLight => Blend::SoftLight,
        CompositeMode::Difference => Blend::Difference,
        CompositeMode::Exclusion => Blend::Exclusion,
        CompositeMode::Multiply => Blend::Multiply,
        CompositeMode::HslHue => Blend::Hue,
        CompositeMode::HslSaturation => Blend::Saturation,
        CompositeMode::HslColor => Blend::Color,
        CompositeMode::HslLuminosity => Blend::Luminosity,
        _ => Blend::Normal,
    }
}

impl ColorPainter for Painter<'_> {
    fn push_transform(&mut self, t: Transform) {
        let own = affine(t);
        self.transforms.push(own.then(&self.matrix()));
    }

    fn pop_transform(&mut self) {
        if self.transforms.len() > 1 {
            self.transforms.pop();
        }
    }

    fn push_clip_glyph(&mut self, glyph: GlyphId) {
        let segments = self.outline(glyph);
        self.frames.push(Frame { cut: Cut::Clip(segments), items: Vec::new(), flood: None });
    }

    fn push_clip_box(&mut self, b: BoundingBox<f32>) {
        let m = self.matrix();
        let corner = |x: f32, y: f32| m.apply(Point::new(Pt(x), Pt(y)));
        let segments = vec![
            Segment::Move(corner(b.x_min, b.y_min)),
            Segment::Line(corner(b.x_max, b.y_min)),
            Segment::Line(corner(b.x_max, b.y_max)),
            Segment::Line(corner(b.x_min, b.y_max)),
            Segment::Close,
        ];
        self.broken |= segments.iter().any(|s| !is_sound(s));
        self.frames.push(Frame { cut: Cut::Clip(segments), items: Vec::new(), flood: None });
    }

    fn pop_clip(&mut self) {
        if self.frames.len() < 2 {
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        if let Cut::Clip(clip) = frame.cut
            && !frame.items.is_empty()
            && !clip.is_empty()
        {
            self.push(Item::Group(GroupItem { clip: Some(clip), ..GroupItem::new(frame.items) }));
        }
    }

    fn fill(&mut self, brush: Brush<'_>) {
        let matrix = self.matrix();
        let everywhere = matches!(self.frames.last(), Some(Frame { cut: Cut::Layer, items, .. }) if items.is_empty());
        self.fill_shape(self.room(), &matrix, &brush);
        if everywhere && let Brush::Solid { palette_index, alpha } = brush {
            let (_, alpha) = self.color(palette_index, alpha);
            if let Some(frame) = self.frames.last_mut() {
                frame.flood = Some(alpha);
            }
        }
    }

    fn fill_glyph(&mut self, glyph: GlyphId, transform: Option<Transform>, brush: Brush<'_>) {
        let shape = self.outline(glyph);
        let matrix = transform.map_or(self.matrix(), |t| affine(t).then(&self.matrix()));
        self.fill_shape(shape, &matrix, &brush);
    }

    fn push_layer(&mut self, _: CompositeMode) {
        self.frames.push(Frame { cut: Cut::Layer, items: Vec::new(), flood: None });
    }

    fn pop_layer_with_mode(&mut self, mode: CompositeMode) {
        self.merge(mode);
    }
}

fn affine(t: Transform) -> Affine {
    let [a, b, c, d, e, f] = t.elements();
    Affine { a, b, c, d, e, f }
}

fn is_sound(segment: &Segment) -> bool {
    // A page can write no more.
    let near = |p: &Point| p.x.0.abs() < 1e6 && p.y.0.abs() < 1e6;
    match segment {
        Segment::Rect(r) => near(&Point::new(r.x, r.y)) && near(&Point::new(r.width, r.height)),
        Segment::Move(p) | Segment::Line(p) => near(p),
        Segment::Cubic(a, b, c) => near(a) && near(b) && near(c),
        Segment::Close => true,
    }
}

/// The corners of the upright rectangle around a shape, one after the other.
fn bounds(shape: &[Segment]) -> [Point; 4] {
    let (mut least, mut most) = ((f32::INFINITY, f32::INFINITY), (f32::NEG_INFINITY, f32::NEG_INFINITY));
    let mut point = |p: Point| {
        least = (least.0.min(p.x.0), least.1.min(p.y.0));
        most = (most.0.max(p.x.0), most.1.max(p.y.0));
    };
    for segment in shape {
        match segment {
            Segment::Rect(r) => {
                point(Point::new(r.x, r.y));
                point(Point::new(r.right(), r.bottom()));
            }
            Segment::Move(p) | Segment::Line(p) => point(*p),
            Segment::Cubic(a, b, c) => [*a, *b, *c].into_iter().for_each(&mut point),
            Segment::Close => {}
        }
    }
    if least.0 > most.0 {
        (least, most) = ((0.0, 0.0), (0.0, 0.0));
    }
    let at = |x: f32, y: f32| Point::new(Pt(x), Pt(y));
    [at(least.0, least.1), at(most.0, least.1), at(most.0, most.1), at(least.0, most.1)]
}

/// From where to where a shape reaches in a gradient's own measure.
fn along(shape: &[Segment], transform: &Affine, measure: impl Fn(Point) -> f32) -> (f32, f32) {
    let Some(back) = transform.inverse() else { return (0.0, 1.0) };
    let all = bounds(shape).map(|p| measure(back.apply(p)));
    let sound = |v: f32, or: f32| if v.is_finite() { v.clamp(-MOST_REPEATS, MOST_REPEATS) } else { or };
    (
        sound(all.into_iter().fold(f32::INFINITY, f32::min), 0.0),
        sound(all.into_iter().fold(f32::NEG_INFINITY, f32::max), 1.0),
    )
}

/// Stops as often as they come within `ends`, and where their line then begins and ends.
fn repeated(stops: Vec<Stop>, extend: Extend, ends: (f32, f32)) -> (Vec<Stop>, f32, f32) {
    let reflect = matches!(extend, Extend::Reflect);
    if !reflect && !matches!(extend, Extend::Repeat) || stops.len() < 2 {
        return (stops, 0.0, 1.0);
    }
    let bound = |v: f32, or: f32| if v.is_finite() { v.clamp(-MOST_REPEATS, MOST_REPEATS) } else { or };
    let first = libm::floorf(bound(ends.0, 0.0)).min(0.0);
    let last = libm::ceilf(bound(ends.1, 1.0)).max(1.0);
    let mut all = Vec::new();
    let mut turn = first;
    while turn < last {
        let turned = reflect && libm::fmodf(turn, 2.0) != 0.0;
        let at = |s: &Stop, own: f32| Stop { at: (turn + own - first) / (last - first), ..*s };
        if turned {
            all.extend(stops.iter().rev().map(|s| at(s, 1.0 - s.at)));
        } else {
            all.extend(stops.iter().map(|s| at(s, s.at)));
        }
        turn += 1.0;
    }
    (all, first, last)
}

/// The part of a line of circles whose radii are not negative.
fn positive(stops: Vec<Stop>, first: f32, last: f32, circle: &impl Fn(f32) -> (Point, f32)) -> (Vec<Stop>, f32, f32) {
    let (r0, r1) = (circle(first).1, circle(last).1);
    if r0 >= 0.0 && r1 >= 0.0 {
        return (stops, first, last);
    }
    if r0 <= 0.0 && r1 <= 0.0 {
        return (Vec::new(), first, last);
    }
    // Where, from 0 to 1, the circle is a point.
    let point = r0 / (r0 - r1);
    let edge = Shading {
        kind: ShadingKind::Linear { from: Point::ZERO, to: Point::ZERO },
        transform: Affine::IDENTITY,
        stops,
    };
    let middle = edge.at(point);
    let at = first + (last - first) * point;
    if r0 < 0.0 {
        let kept = edge.stops.iter().filter(|s| s.at > point);
        let kept = kept.map(|s| Stop { at: (s.at - point) / (1.0 - point), ..*s });
        (std::iter::once(Stop { at: 0.0, ..middle }).chain(kept).collect(), at, last)
    } else {
        let kept = edge.stops.iter().filter(|s| s.at < point).map(|s| Stop { at: s.at / point, ..*s });
        (kept.chain(std::iter::once(Stop { at: 1.0, ..middle })).collect(), first, at)
    }
}

/// Takes an outline over into a list's measure.
struct Pen {
    matrix: Affine,
    segments: Vec<Segment>,
    at: (f32, f32),
    most: usize,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> Point {
        self.matrix.apply(Point::new(Pt(x), Pt(y)))
    }

    fn push(&mut self, segment: Segment, at: (f32, f32)) {
        self.at = at;
        if self.segments.len() <= self.most {
            self.segments.push(segment);
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push(Segment::Move(self.point(x, y)), (x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push(Segment::Line(self.point(x, y)), (x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let near = |from: f32, c: f32| from + (c - from) * 2.0 / 3.0;
        let (a, b) = (self.point(near(self.at.0, cx), near(self.at.1, cy)), self.point(near(x, cx), near(y, cy)));
        self.push(Segment::Cubic(a, b, self.point(x, y)), (x, y));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.push(Segment::Cubic(self.point(ax, ay), self.point(bx, by), self.point(x, y)), (x, y));
    }

    fn close(&mut self) {
        self.push(Segment::Close, self.at);
    }
}

#[cfg(test)]
#[path = "colored_tests.rs"]
mod tests;
