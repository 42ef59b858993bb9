//! What is drawn around boxes and what cuts them: shadows (CSS Backgrounds 3, section 6.1), outlines (CSS UI 4,
//! section 3), the shapes of `clip-path` (CSS Masking 1, section 3; CSS Shapes 1, section 3).

use super::border;
use super::ground::{area, group, translucent};
use super::shape::{Corners, outline};
use crate::base::{Affine, Edges, Point, Pt, Rect, Size};
use crate::color::Ink;
use crate::layout::boxes::tree::El;
use crate::layout::boxes::turn::{self, Turn};
use crate::layout::fragment::Parts;
use crate::markup::style::{Border, BoxShadow, Effects, Form, Reach, Shape, Style};
use crate::page::{GroupItem, Item, Path, Segment};

/// Appends the shadows that fall outside the box (`inset` false) or into it. The first lies on top.
pub fn shadows(out: &mut Vec<Item>, style: &Style, rect: Rect, corners: &Corners, inset: bool) {
    let Some(effects) = &style.effects else { return };
    for shadow in effects.shadows.iter().rev().filter(|s| s.inset == inset && s.color.is_visible()) {
        if inset {
            inner(out, style, rect, corners, shadow);
        } else {
            outer(out, rect, corners, shadow);
        }
    }
}

/// The shape of the box, moved and made larger, except where the box itself is.
fn outer(out: &mut Vec<Item>, rect: Rect, corners: &Corners, shadow: &BoxShadow) {
    let grown = Edges::all(-shadow.spread);
    let moved = rect.translated(Point::new(shadow.x, shadow.y));
    let cast = moved.inset(grown);
    if cast.width <= Pt::ZERO || cast.height <= Pt::ZERO {
        return;
    }
    let around = united(cast, rect).inset(Edges::all(Pt(-1.0)));
    let mut clip = frame(around);
    outline(&mut clip, rect, corners, true);
    let mut path = Vec::with_capacity(9);
    outline(&mut path, cast, &corners.inset(grown), false);
    let mut items = Vec::new();
    translucent(&mut items, shadow.color.alpha, Item::Path(Path::filled(path, shadow.color.ink)));
    group(out, 1.0, Some(clip), items);
}

/// Everything of the padding box that the moved and smaller one leaves open.
fn inner(out: &mut Vec<Item>, style: &Style, rect: Rect, corners: &Corners, shadow: &BoxShadow) {
    let edges = border::widths(style);
    let (inside, round) = (rect.inset(edges), corners.inset(edges));
    if inside.width <= Pt::ZERO || inside.height <= Pt::ZERO {
        return;
    }
    let smaller = Edges::all(shadow.spread);
    let hole = inside.translated(Point::new(shadow.x, shadow.y)).inset(smaller);
    let mut path = frame(united(inside, hole).inset(Edges::all(Pt(-1.0))));
    if hole.width > Pt::ZERO && hole.height > Pt::ZERO {
        outline(&mut path, hole, &round.inset(smaller), true);
    }
    let mut clip = Vec::with_capacity(9);
    outline(&mut clip, inside, &round, false);
    let mut items = Vec::new();
    translucent(&mut items, shadow.color.alpha, Item::Path(Path::filled(path, shadow.color.ink)));
    group(out, 1.0, Some(clip), items);
}

/// A rectangle, clockwise: what runs the other way inside it is a hole.
fn frame(r: Rect) -> Vec<Segment> {
    vec![
        Segment::Move(Point::new(r.x, r.y)),
        Segment::Line(Point::new(r.right(), r.y)),
        Segment::Line(Point::new(r.right(), r.bottom())),
        Segment::Line(Point::new(r.x, r.bottom())),
        Segment::Close,
    ]
}

fn united(a: Rect, b: Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect::new(x, y, a.right().max(b.right()) - x, a.bottom().max(b.bottom()) - y)
}

/// Draws the outline, then makes one of everything that is drawn: turned, cut, blended, translucent.
pub fn affect(el: &El, effects: &Effects, rect: Rect, items: &mut Vec<Item>, parts: &mut Parts) {
    let (axes, paper) = (el.style.axes, el.style.on_paper());
    if paper.visible {
        turn::drawn(items, axes, rect, |items, rect| outlined(items, paper, effects, rect));
    }
    if !effects.is_stacking_context() && paper.opacity >= 1.0 {
        return;
    }
    let cut = effects.clip.as_ref().map(|shape| {
        let mut cut = Vec::new();
        turn::drawn(&mut cut, axes, rect, |items, rect| {
            items.push(Item::Path(Path::filled(clip(paper, shape, rect), Ink::BLACK)));
        });
        match cut.pop() {
            Some(Item::Path(path)) => path.segments,
            _ => Vec::new(),
        }
    });
    let mut transform = Affine::IDENTITY;
    if effects.is_transformed() {
        let size =
            if axes.is_horizontal() { Size::new(rect.width, rect.height) } else { Size::new(rect.height, rect.width) };
        transform = effects.matrix(size.width, size.height);
        if !axes.is_horizontal() {
            transform = Turn::within(axes, size).transform(&transform);
        }
    }
    if transform.inverse().is_none() || !transform.is_finite() {
        // nothing is left of an area that becomes a line
        items.clear();
        parts.texts.clear();
        return;
    }
    if transform != Affine::IDENTITY {
        for text in &mut parts.texts {
            text.rect = transform.around(text.rect);
        }
        for mark in &mut parts.marks {
            *mark = mark.map(|r| transform.around(r));
        }
    }
    let inside = std::mem::take(items);
    let opacity = paper.opacity;
    if !inside.is_empty() && opacity > 0.0 {
        let blend = effects.blend;
        let whole = GroupItem { transform, clip: cut, opacity, blend, isolated: true, ..GroupItem::new(inside) };
        items.push(Item::Group(whole));
    }
}

/// Appends the outline of a box, outside its border box.
pub fn outlined(out: &mut Vec<Item>, style: &Style, effects: &Effects, rect: Rect) {
    let o = &effects.outline;
    let line = Border { width: o.width, style: o.style, color: o.color.unwrap_or(style.text.color) };
    if !border::drawn(&line) {
        return;
    }
    let grown = Edges::all(-(o.offset + o.width));
    let corners = Corners::resolve(&style.radius, rect.width, rect.height).inset(grown);
    border::paint(out, &Edges::all(line), rect.inset(grown), &corners);
}

/// The outline of a `clip-path`, for a box whose border box is `rect`.
#[must_use]
pub fn clip(style: &Style, shape: &Shape, rect: Rect) -> Vec<Segment> {
    let (within, corners) = area(style, rect, shape.area);
    let mut out = Vec::with_capacity(9);
    match &shape.form {
        Form::Area => outline(&mut out, within, &corners, false),
        Form::Inset(edges, radii) => {
            let (w, h) = (within.width, within.height);
            let mut e = Edges {
                top: edges.top.resolve(h),
                right: edges.right.resolve(w),
                bottom: edges.bottom.resolve(h),
                left: edges.left.resolve(w),
            };
            // edges that meet make an area of nothing where they do (CSS Shapes 1, section 3.1)
            let share = |sum: Pt, size: Pt| if sum > size && sum.0 > 0.0 { size / sum } else { 1.0 };
            let (across, down) = (share(e.left + e.right, w), share(e.top + e.bottom, h));
            (e.left, e.right, e.top, e.bottom) = (e.left * across, e.right * across, e.top * down, e.bottom * down);
            let inside = within.inset(e);
            outline(&mut out, inside, &Corners::resolve(radii, inside.width, inside.height), false);
        }
        Form::Ellipse { x, y, circle, center } => {
            let (cx, cy) = (center.0.resolve(within.width), center.1.resolve(within.height));
            let near = |at: Pt, size: Pt| (at.abs().min((size - at).abs()), at.abs().max((size - at).abs()));
            let (across, down) = (near(cx, within.width), near(cy, within.height));
            let (rx, ry) = if *circle {
                let diagonal = libm::hypotf(within.width.0, within.height.0) / std::f32::consts::SQRT_2;
                let r = match x {
                    Reach::Closest => across.0.min(down.0),
                    Reach::Farthest => across.1.max(down.1),
                    Reach::Value(v) => v.resolve(Pt(diagonal)),
                };
                (r, r)
            } else {
                let one = |reach: &Reach, near: (Pt, Pt), size: Pt| match reach {
                    Reach::Closest => near.0,
                    Reach::Farthest => near.1,
                    Reach::Value(v) => v.resolve(size),
                };
                (one(x, across, within.width), one(y, down, within.height))
            };
            let (rx, ry) = (rx.max(Pt::ZERO), ry.max(Pt::ZERO));
            let box_ = Rect::new(within.x + cx - rx, within.y + cy - ry, rx * 2.0, ry * 2.0);
            outline(&mut out, box_, &Corners([(rx.0, ry.0); 4]), false);
        }
        Form::Polygon { points, .. } => {
            for (i, (x, y)) in points.iter().enumerate() {
                let p = Point::new(within.x + x.resolve(within.width), within.y + y.resolve(within.height));
                out.push(if i == 0 { Segment::Move(p) } else { Segment::Line(p) });
            }
            out.push(Segment::Close);
        }
    }
    out
}
