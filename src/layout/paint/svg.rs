//! Drawings as items of a page: shapes stay shapes, in the inks of the page.
//!
//! Points are taken to the page's own units here, so that a drawing in hundredths loses nothing to rounding later. A
//! stroke that the page's own strokes cannot be (its joins, its ends, its gradient, its slant) becomes the shape that
//! it covers.

use usvg::tiny_skia_path as skia;

use crate::asset::svg::Drawing;
use crate::base::{Affine, Point, Pt, Rect};
use crate::color::{Blend, Ink};
use crate::page::{GroupItem, Item, Path, Segment, Shading, ShadingItem, ShadingKind, Stop, Stroke};

/// CSS pixels to points.
const PIXEL: f32 = 0.75;
/// How much finer than a point the outlines of strokes are.
const FINER: f32 = 8.0;
/// As far from the page's corner as a point may lie, in points.
const FAR: f32 = 500_000.0;
/// Dashes of one stroke that is drawn as a shape.
const MAX_DASHES: f32 = 10_000.0;

/// The drawing filling `rect`, cut there. `color` is what `currentColor` stands for; where the drawing uses it, its
/// very ink is taken.
#[must_use]
pub fn draw(drawing: &Drawing, rect: Rect, color: Ink) -> Option<Item> {
    let rgb = color.to_rgb().map(|v| (v * 255.0).round().clamp(0.0, 255.0) as u8);
    let tree = drawing.tree(rect.width.0 / PIXEL, rect.height.0 / PIXEL, Some(rgb))?;
    let current = matches!(color, Ink::Cmyk(_) | Ink::Spot { .. }).then_some((rgb, color));
    let to_page = Affine::scale(PIXEL, PIXEL).then(&Affine::translate(rect.x, rect.y));
    let mut items = Vec::new();
    Pen { current }.group(tree.root(), &to_page, &mut items);
    let clip = Some(vec![Segment::Rect(rect)]);
    (!items.is_empty()).then(|| Item::Group(GroupItem { clip, ..GroupItem::new(items) }))
}

struct Pen {
    /// A colour of the drawing that stands for an ink.
    current: Option<([u8; 3], Ink)>,
}

impl Pen {
    fn group(&self, group: &usvg::Group, outer: &Affine, out: &mut Vec<Item>) {
        let matrix = affine(group.transform()).then(outer);
        if !matrix.is_finite() {
            return;
        }
        let mut items = Vec::new();
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => self.group(group, &matrix, &mut items),
                usvg::Node::Path(path) => self.path(path, &matrix, &mut items),
                usvg::Node::Image(_) | usvg::Node::Text(_) => {}
            }
        }
        if items.is_empty() {
            return;
        }
        let mut cut = group.clip_path();
        while let Some(clip) = cut {
            let mut segments = Vec::new();
            shape_of_clip(clip.root(), &affine(clip.transform()).then(&matrix), &mut segments);
            if segments.is_empty() {
                return;
            }
            items = vec![Item::Group(GroupItem { clip: Some(segments), ..GroupItem::new(items) })];
            cut = clip.clip_path();
        }
        let (opacity, blend, isolated) = (group.opacity().get(), blend(group.blend_mode()), group.isolate());
        if opacity < 1.0 || blend != Blend::Normal || isolated {
            out.push(Item::Group(GroupItem { opacity, blend, isolated, ..GroupItem::new(items) }));
        } else {
            out.append(&mut items);
        }
    }

    fn path(&self, path: &usvg::Path, matrix: &Affine, out: &mut Vec<Item>) {
        if !path.is_visible() {
            return;
        }
        let before = out.len();
        let fill = |out: &mut Vec<Item>| {
            if let Some(fill) = path.fill() {
                let even_odd = fill.rule() == usvg::FillRule::EvenOdd;
                self.fill(path.data(), even_odd, fill.paint(), fill.opacity().get(), matrix, out);
            }
        };
        let stroke = |out: &mut Vec<Item>| {
            if let Some(stroke) = path.stroke() {
                self.stroke(path.data(), stroke, matrix, out);
            }
        };
        match path.paint_order() {
            usvg::PaintOrder::FillAndStroke => {
                fill(out);
                stroke(out);
            }
            usvg::PaintOrder::StrokeAndFill => {
                stroke(out);
                fill(out);
            }
        }
        // one item where a shape is filled and then stroked
        let joined = match out.get(before..) {
            Some([Item::Path(a), Item::Path(b)]) => a.stroke.is_none() && b.fill.is_none() && a.segments == b.segments,
            _ => false,
        };
        if joined
            && let Some(Item::Path(above)) = out.pop()
            && let Some(Item::Path(below)) = out.last_mut()
        {
            below.stroke = above.stroke;
        }
    }

    fn fill(
        &self,
        path: &skia::Path,
        even_odd: bool,
        paint: &usvg::Paint,
        opacity: f32,
        matrix: &Affine,
        out: &mut Vec<Item>,
    ) {
        let segments = segments(path, matrix);
        let item = match paint {
            usvg::Paint::Color(color) => {
                Item::Path(Path { fill: Some(self.ink(*color)), segments, even_odd, stroke: None })
            }
            usvg::Paint::Pattern(_) => return,
            usvg::Paint::LinearGradient(gradient) => {
                let point = |x, y| Point::new(Pt(x), Pt(y));
                let kind = ShadingKind::Linear {
                    from: point(gradient.x1(), gradient.y1()),
                    to: point(gradient.x2(), gradient.y2()),
                };
                self.shading(segments, even_odd, kind, gradient, matrix)
            }
            usvg::Paint::RadialGradient(gradient) => {
                let kind = ShadingKind::Radial {
                    focus: Point::new(Pt(gradient.fx()), Pt(gradient.fy())),
                    inner: Pt(gradient.fr().get()),
                    center: Point::new(Pt(gradient.cx()), Pt(gradient.cy())),
                    outer: Pt(gradient.r().get()),
                };
                self.shading(segments, even_odd, kind, gradient, matrix)
            }
        };
        if opacity < 1.0 {
            out.push(Item::Group(GroupItem { opacity, ..GroupItem::new(vec![item]) }));
        } else {
            out.push(item);
        }
    }

    fn shading(
        &self,
        segments: Vec<Segment>,
        even_odd: bool,
        kind: ShadingKind,
        gradient: &usvg::BaseGradient,
        matrix: &Affine,
    ) -> Item {
        let stops = gradient.stops().iter();
        let stops = stops.map(|s| Stop { at: s.offset().get(), ink: self.ink(s.color()), alpha: s.opacity().get() });
        let transform = affine(gradient.transform()).then(matrix);
        // its numbers are written in thousandths: a gradient from 0 to 1 is made as large as it is on the page
        let size = libm::sqrtf((transform.a * transform.d - transform.b * transform.c).abs());
        let by = if size.is_finite() && size > 1e-6 { size } else { 1.0 };
        let larger = |p: Point| Point::new(p.x * by, p.y * by);
        let kind = match kind {
            ShadingKind::Linear { from, to } => ShadingKind::Linear { from: larger(from), to: larger(to) },
            ShadingKind::Radial { focus, inner, center, outer } => ShadingKind::Radial {
                focus: larger(focus),
                inner: inner * by,
                center: larger(center),
                outer: outer * by,
            },
        };
        let transform = Affine::scale(1.0 / by, 1.0 / by).then(&transform);
        let shading = Shading { kind, transform, stops: stops.collect() };
        Item::Shading(ShadingItem { segments, even_odd, shading: shading.into() })
    }

    fn stroke(&self, path: &skia::Path, stroke: &usvg::Stroke, matrix: &Affine, out: &mut Vec<Item>) {
        let scale = libm::sqrtf((matrix.a * matrix.d - matrix.b * matrix.c).abs());
        if !(scale.is_finite() && scale > 0.0) {
            return;
        }
        if let (usvg::Paint::Color(color), true) = (stroke.paint(), is_plain(path, stroke, matrix)) {
            let dash = stroke.dasharray().unwrap_or(&[]).iter().map(|d| Pt(d * scale)).collect();
            let own = Stroke {
                ink: self.ink(*color),
                width: Pt(stroke.width().get() * scale),
                dash,
                dash_phase: Pt(stroke.dashoffset() * scale),
                round_caps: stroke.linecap() == usvg::LineCap::Round,
            };
            let path = Path { segments: segments(path, matrix), fill: None, even_odd: false, stroke: Some(own) };
            let opacity = stroke.opacity().get();
            if opacity < 1.0 {
                out.push(Item::Group(GroupItem { opacity, ..GroupItem::new(vec![Item::Path(path)]) }));
            } else {
                out.push(Item::Path(path));
            }
            return;
        }
        let shape = stroke.to_tiny_skia();
        let cut = shape.dash.as_ref().filter(|_| dashes(path, stroke) <= MAX_DASHES).and_then(|d| path.dash(d, scale));
        let cut = cut.as_ref().unwrap_or(path);
        if let Some(outline) = cut.stroke(&shape, scale * FINER) {
            self.fill(&outline, false, stroke.paint(), stroke.opacity().get(), matrix, out);
        }
    }

    fn ink(&self, color: usvg::Color) -> Ink {
        let rgb = [color.red, color.green, color.blue];
        match self.current {
            Some((current, ink)) if current == rgb => ink,
            _ => Ink::from_srgb(color.red, color.green, color.blue),
        }
    }
}

/// Whether the page's own strokes look like it: butt or round ends, corners that are mitred or not there.
fn is_plain(path: &skia::Path, stroke: &usvg::Stroke, m: &Affine) -> bool {
    let (across, down) = (libm::hypotf(m.a, m.b), libm::hypotf(m.c, m.d));
    let similar =
        (across - down).abs() <= 1e-3 * across.max(down) && (m.a * m.c + m.b * m.d).abs() <= 1e-3 * across * down;
    let lines = path.verbs().iter().filter(|v| matches!(v, skia::PathVerb::Line)).count();
    let curves = path.verbs().iter().filter(|v| matches!(v, skia::PathVerb::Quad | skia::PathVerb::Cubic)).count();
    let no_corner = lines <= 1 && curves == 0;
    let mitred = stroke.linejoin() == usvg::LineJoin::Miter && (stroke.miterlimit().get() - 10.0).abs() < 0.01;
    let right_angles = stroke.linejoin() == usvg::LineJoin::Miter && curves == 0 && is_upright(path);
    similar && stroke.linecap() != usvg::LineCap::Square && (no_corner || mitred || right_angles)
}

/// All lines run across or down, so that no corner is sharp.
fn is_upright(path: &skia::Path) -> bool {
    let mut last = None;
    path.points().iter().all(|p| {
        let before: Option<skia::Point> = last.replace(*p);
        before.is_none_or(|b| b.x == p.x || b.y == p.y)
    })
}

/// About how many dashes a stroke has.
fn dashes(path: &skia::Path, stroke: &usvg::Stroke) -> f32 {
    let length: f32 = path.points().windows(2).map(|w| if let [a, b] = w { a.distance(*b) } else { 0.0 }).sum();
    let list = stroke.dasharray().unwrap_or(&[]);
    length / list.iter().sum::<f32>().max(f32::MIN_POSITIVE) * list.len() as f32
}

fn affine(t: usvg::Transform) -> Affine {
    Affine { a: t.sx, b: t.ky, c: t.kx, d: t.sy, e: t.tx, f: t.ty }
}

fn segments(path: &skia::Path, matrix: &Affine) -> Vec<Segment> {
    // what lies further out is cut away at the edge of the drawing, and could not be written
    let near = |v: Pt| Pt(if v.0.is_nan() { 0.0 } else { v.0.clamp(-FAR, FAR) });
    let at = |p: skia::Point| {
        let p = matrix.apply(Point::new(Pt(p.x), Pt(p.y)));
        Point::new(near(p.x), near(p.y))
    };
    let mut out = Vec::with_capacity(path.len());
    let mut last = skia::Point::zero();
    for segment in path.segments() {
        match segment {
            skia::PathSegment::MoveTo(p) => {
                out.push(Segment::Move(at(p)));
                last = p;
            }
            skia::PathSegment::LineTo(p) => {
                out.push(Segment::Line(at(p)));
                last = p;
            }
            skia::PathSegment::QuadTo(c, p) => {
                // the cubic with the same course
                let third =
                    |a: skia::Point| skia::Point::from_xy(a.x + (c.x - a.x) * 2.0 / 3.0, a.y + (c.y - a.y) * 2.0 / 3.0);
                out.push(Segment::Cubic(at(third(last)), at(third(p)), at(p)));
                last = p;
            }
            skia::PathSegment::CubicTo(a, b, p) => {
                out.push(Segment::Cubic(at(a), at(b), at(p)));
                last = p;
            }
            skia::PathSegment::Close => out.push(Segment::Close),
        }
    }
    out
}

/// All shapes of a clip path as one: what any of them covers is seen. They are made to turn the same way, so that two
/// which overlap do not cut a hole.
fn shape_of_clip(group: &usvg::Group, outer: &Affine, out: &mut Vec<Segment>) {
    let matrix = affine(group.transform()).then(outer);
    for node in group.children() {
        match node {
            usvg::Node::Group(group) => shape_of_clip(group, &matrix, out),
            usvg::Node::Path(path) if path.is_visible() => {
                let own = segments(path.data(), &matrix);
                if area(&own) < 0.0 {
                    out.extend(turned_back(&own));
                } else {
                    out.extend(own);
                }
            }
            _ => {}
        }
    }
}

fn end(segment: &Segment) -> Option<Point> {
    match segment {
        Segment::Move(p) | Segment::Line(p) | Segment::Cubic(_, _, p) => Some(*p),
        Segment::Rect(_) | Segment::Close => None,
    }
}

/// Twice the area of the corners; below 0 where they run against the clock.
fn area(path: &[Segment]) -> f32 {
    let (mut sum, mut first, mut last) = (0.0, Point::ZERO, Point::ZERO);
    let cross = |a: Point, b: Point| a.x.0 * b.y.0 - b.x.0 * a.y.0;
    for segment in path {
        let Some(p) = end(segment) else { continue };
        if matches!(segment, Segment::Move(_)) {
            sum += cross(last, first);
            first = p;
        } else {
            let points = if let Segment::Cubic(a, b, p) = segment { vec![*a, *b, *p] } else { vec![p] };
            for p in points {
                sum += cross(last, p);
                last = p;
            }
        }
        last = p;
    }
    sum + cross(last, first)
}

/// The same contours run the other way round.
fn turned_back(path: &[Segment]) -> Vec<Segment> {
    let mut out = Vec::with_capacity(path.len());
    let starts: Vec<usize> =
        path.iter().enumerate().filter(|(_, s)| matches!(s, Segment::Move(_))).map(|s| s.0).collect();
    for (n, start) in starts.iter().enumerate() {
        let contour = path.get(*start..starts.get(n + 1).copied().unwrap_or(path.len())).unwrap_or(&[]);
        let drawn: Vec<&Segment> = contour.iter().filter(|s| end(s).is_some()).collect();
        let Some(last) = drawn.last().and_then(|s| end(s)) else { continue };
        out.push(Segment::Move(last));
        for pair in drawn.windows(2).rev() {
            let [before, segment] = pair else { continue };
            let Some(to) = end(before) else { continue };
            out.push(match segment {
                Segment::Cubic(a, b, _) => Segment::Cubic(*b, *a, to),
                _ => Segment::Line(to),
            });
        }
        out.push(Segment::Close);
    }
    out
}

fn blend(mode: usvg::BlendMode) -> Blend {
    use usvg::BlendMode as M;
    match mode {
        M::Normal => Blend::Normal,
        M::Multiply => Blend::Multiply,
        M::Screen => Blend::Screen,
        M::Overlay => Blend::Overlay,
        M::Darken => Blend::Darken,
        M::Lighten => Blend::Lighten,
        M::ColorDodge => Blend::ColorDodge,
        M::ColorBurn => Blend::ColorBurn,
        M::HardLight => Blend::HardLight,
        M::SoftLight => Blend::SoftLight,
        M::Difference => Blend::Difference,
        M::Exclusion => Blend::Exclusion,
        M::Hue => Blend::Hue,
        M::Saturation => Blend::Saturation,
        M::Color => Blend::Color,
        M::Luminosity => Blend::Luminosity,
    }
}
