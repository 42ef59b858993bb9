//! Outlines of boxes: rectangles with round corners, and the rings between two of them.

use crate::base::{Edges, Point, Pt, Rect};
use crate::markup::style::Radii;
use crate::page::Segment;

/// Distance of the control points of a quarter circle drawn as one cubic, for radius 1: 4/3 · (√2 − 1).
const KAPPA: f32 = 0.552_284_8;

/// Used radii of one box: horizontal and vertical, from the top left corner clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Corners(pub [(f32, f32); 4]);

impl Corners {
    /// Resolves radii against the border box and makes them small enough that no two overlap
    /// (CSS Backgrounds 3, section 5.5).
    #[must_use]
    pub fn resolve(radii: &Radii, width: Pt, height: Pt) -> Self {
        let mut c = radii.map(|r| (r.x.resolve(width).0.max(0.0), r.y.resolve(height).0.max(0.0)));
        for corner in &mut c {
            if corner.0 == 0.0 || corner.1 == 0.0 {
                *corner = (0.0, 0.0);
            }
        }
        let sums = [
            (width.0, c[0].0 + c[1].0),
            (width.0, c[3].0 + c[2].0),
            (height.0, c[0].1 + c[3].1),
            (height.0, c[1].1 + c[2].1),
        ];
        let factor = sums.iter().filter(|(_, sum)| *sum > 0.0).map(|(side, sum)| side / sum).fold(1.0_f32, f32::min);
        if factor < 1.0 {
            for corner in &mut c {
                corner.0 *= factor;
                corner.1 *= factor;
            }
        }
        Self(c)
    }

    #[must_use]
    pub fn are_square(&self) -> bool {
        self.0.iter().all(|c| c.0 <= 0.0)
    }

    /// The radii of the same outline moved inwards (or, below zero, outwards) by `by`; what is sharp stays so.
    #[must_use]
    pub fn inset(&self, by: Edges<Pt>) -> Self {
        let [a, b, c, d] = self.0;
        let less = |r: (f32, f32), x: Pt, y: Pt| {
            let sharp = r.0 <= 0.0 || r.1 <= 0.0;
            let (x, y) = (r.0 - x.0, r.1 - y.0);
            if sharp || x <= 0.0 || y <= 0.0 { (0.0, 0.0) } else { (x, y) }
        };
        Self([
            less(a, by.left, by.top),
            less(b, by.right, by.top),
            less(c, by.right, by.bottom),
            less(d, by.left, by.bottom),
        ])
    }
}

fn point(x: f32, y: f32) -> Point {
    Point::new(Pt(x), Pt(y))
}

/// Appends the outline of `rect` with round `corners`, clockwise; with `reversed`, against the clock, so that it
/// is a hole in an outline around it under the nonzero rule.
pub fn outline(out: &mut Vec<Segment>, rect: Rect, corners: &Corners, reversed: bool) {
    if corners.are_square() && !reversed {
        out.push(Segment::Rect(rect));
    } else {
        trace(out, rect, corners, reversed);
    }
}

/// As [`outline`], never as a [`Segment::Rect`], whose direction is the back end's affair.
fn trace(out: &mut Vec<Segment>, rect: Rect, corners: &Corners, reversed: bool) {
    let (l, t, r, b) = (rect.x.0, rect.y.0, rect.right().0, rect.bottom().0);
    let [tl, tr, br, bl] = corners.0;
    let k = 1.0 - KAPPA;
    // each corner: where the curve starts, its two control points, where it ends, going clockwise
    let curves = [
        [(l, t + tl.1), (l, t + tl.1 * k), (l + tl.0 * k, t), (l + tl.0, t)],
        [(r - tr.0, t), (r - tr.0 * k, t), (r, t + tr.1 * k), (r, t + tr.1)],
        [(r, b - br.1), (r, b - br.1 * k), (r - br.0 * k, b), (r - br.0, b)],
        [(l + bl.0, b), (l + bl.0 * k, b), (l, b - bl.1 * k), (l, b - bl.1)],
    ];
    let mut start = true;
    let mut add = |curve: [(f32, f32); 4], out: &mut Vec<Segment>| {
        let [from, c1, c2, to] = curve.map(|(x, y)| point(x, y));
        out.push(if start { Segment::Move(from) } else { Segment::Line(from) });
        start = false;
        if from != to {
            out.push(Segment::Cubic(c1, c2, to));
        }
    };
    if reversed {
        for mut curve in curves.into_iter().rev() {
            curve.reverse();
            add(curve, out);
        }
    } else {
        for curve in curves {
            add(curve, out);
        }
    }
    out.push(Segment::Close);
}

/// The area between `rect` and the same moved inwards by `edges`: right under both winding rules.
#[must_use]
pub fn ring(rect: Rect, corners: &Corners, edges: Edges<Pt>) -> Vec<Segment> {
    let mut out = Vec::with_capacity(18);
    trace(&mut out, rect, corners, false);
    let inner = rect.inset(edges);
    if inner.width > Pt::ZERO && inner.height > Pt::ZERO {
        trace(&mut out, inner, &corners.inset(edges), true);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::style::{LengthPercent, Radius};

    fn radii(pt: f32) -> Radii {
        [Radius { x: LengthPercent::length(Pt(pt)), y: LengthPercent::length(Pt(pt)) }; 4]
    }

    #[test]
    fn radii_that_would_overlap_are_made_smaller_together() {
        let c = Corners::resolve(&radii(30.0), Pt(40.0), Pt(100.0));
        assert_eq!(c.0, [(20.0, 20.0); 4]);
    }

    #[test]
    fn a_square_box_is_one_rectangle() {
        let mut out = Vec::new();
        let rect = Rect::new(Pt(1.0), Pt(2.0), Pt(3.0), Pt(4.0));
        outline(&mut out, rect, &Corners::default(), false);
        assert_eq!(out, [Segment::Rect(rect)]);
    }

    #[test]
    fn a_round_box_starts_and_ends_its_corners_on_its_sides() {
        let mut out = Vec::new();
        let rect = Rect::new(Pt(0.0), Pt(0.0), Pt(100.0), Pt(50.0));
        outline(&mut out, rect, &Corners::resolve(&radii(10.0), Pt(100.0), Pt(50.0)), false);
        assert_eq!(out[0], Segment::Move(point(0.0, 10.0)));
        assert!(matches!(out[1], Segment::Cubic(_, _, end) if end == point(10.0, 0.0)));
        assert_eq!(out[2], Segment::Line(point(90.0, 0.0)));
        assert_eq!(out.last(), Some(&Segment::Close));
        assert_eq!(out.len(), 9, "four lines or moves, four curves, one close");
    }

    #[test]
    fn the_inner_outline_of_a_ring_has_smaller_radii() {
        let c = Corners::resolve(&radii(10.0), Pt(100.0), Pt(50.0)).inset(Edges::all(Pt(4.0)));
        assert_eq!(c.0[0], (6.0, 6.0));
        let none = Corners::resolve(&radii(3.0), Pt(100.0), Pt(50.0)).inset(Edges::all(Pt(4.0)));
        assert!(none.are_square());
    }
}
