//! Points, sizes, rectangles. x runs to the right, y runs **down**, as in CSS; the origin of a page is the
//! top left corner of its trim box, so bleed lies at negative coordinates. Only `pdf` turns y round.

use super::units::Pt;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: Pt,
    pub y: Pt,
}

impl Point {
    pub const ZERO: Self = Self { x: Pt::ZERO, y: Pt::ZERO };

    #[must_use]
    pub const fn new(x: Pt, y: Pt) -> Self {
        Self { x, y }
    }
}

impl std::ops::Add for Point {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self { x: self.x + o.x, y: self.y + o.y }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub width: Pt,
    pub height: Pt,
}

impl Size {
    #[must_use]
    pub const fn new(width: Pt, height: Pt) -> Self {
        Self { width, height }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: Pt,
    pub y: Pt,
    pub width: Pt,
    pub height: Pt,
}

impl Rect {
    #[must_use]
    pub const fn new(x: Pt, y: Pt, width: Pt, height: Pt) -> Self {
        Self { x, y, width, height }
    }
    #[must_use]
    pub fn size(&self) -> Size {
        Size { width: self.width, height: self.height }
    }
    #[must_use]
    pub fn right(&self) -> Pt {
        self.x + self.width
    }
    #[must_use]
    pub fn bottom(&self) -> Pt {
        self.y + self.height
    }
    /// This rectangle made smaller by `edges` on each side; never less than empty.
    #[must_use]
    pub fn inset(&self, edges: Edges<Pt>) -> Self {
        Self {
            x: self.x + edges.left,
            y: self.y + edges.top,
            width: (self.width - edges.left - edges.right).max(Pt::ZERO),
            height: (self.height - edges.top - edges.bottom).max(Pt::ZERO),
        }
    }
    /// What lies within both; empty when nothing does.
    #[must_use]
    pub fn within(&self, other: Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        Self { x, y, width: (right - x).max(Pt::ZERO), height: (bottom - y).max(Pt::ZERO) }
    }
    #[must_use]
    pub fn translated(&self, by: Point) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y, ..*self }
    }
}

/// One value for each side of a box, in the order in which CSS writes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Edges<T> {
    pub top: T,
    pub right: T,
    pub bottom: T,
    pub left: T,
}

impl<T: Copy> Edges<T> {
    pub const fn all(v: T) -> Self {
        Self { top: v, right: v, bottom: v, left: v }
    }
}

/// x' = a·x + c·y + e, y' = b·x + d·y + f, in page space (y down).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    pub a: f32,
    pub b: f32,
    pub c: f32,
    pub d: f32,
    pub e: f32,
    pub f: f32,
}

impl Affine {
    pub const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    #[must_use]
    pub const fn translate(x: Pt, y: Pt) -> Self {
        Self { e: x.0, f: y.0, ..Self::IDENTITY }
    }

    #[must_use]
    pub const fn scale(x: f32, y: f32) -> Self {
        Self { a: x, d: y, ..Self::IDENTITY }
    }

    /// First this, then `outer`.
    #[must_use]
    pub fn then(&self, o: &Self) -> Self {
        Self {
            a: o.a * self.a + o.c * self.b,
            b: o.b * self.a + o.d * self.b,
            c: o.a * self.c + o.c * self.d,
            d: o.b * self.c + o.d * self.d,
            e: o.a * self.e + o.c * self.f + o.e,
            f: o.b * self.e + o.d * self.f + o.f,
        }
    }

    #[must_use]
    pub fn apply(&self, p: Point) -> Point {
        let (x, y) = (p.x.0, p.y.0);
        Point::new(Pt(self.a * x + self.c * y + self.e), Pt(self.b * x + self.d * y + self.f))
    }

    /// What leads back; `None` where an area becomes a line.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let det = self.a * self.d - self.b * self.c;
        if det == 0.0 || !det.is_finite() {
            return None;
        }
        let (a, b, c, d) = (self.d / det, -self.b / det, -self.c / det, self.a / det);
        Some(Self { a, b, c, d, e: -(a * self.e + c * self.f), f: -(b * self.e + d * self.f) })
    }

    /// The upright rectangle around a transformed one.
    #[must_use]
    pub fn around(&self, r: Rect) -> Rect {
        let corners = [(r.x, r.y), (r.right(), r.y), (r.right(), r.bottom()), (r.x, r.bottom())];
        let points = corners.map(|(x, y)| self.apply(Point::new(x, y)));
        let least = |f: fn(&Point) -> Pt| points.iter().map(f).fold(Pt::INFINITY, Pt::min);
        let most = |f: fn(&Point) -> Pt| points.iter().map(f).fold(-Pt::INFINITY, Pt::max);
        let (x, y) = (least(|p| p.x), least(|p| p.y));
        Rect::new(x, y, most(|p| p.x) - x, most(|p| p.y) - y)
    }

    /// How much the longer axis is stretched.
    #[must_use]
    pub fn stretch(&self) -> f32 {
        let (x, y) = (self.a * self.a + self.b * self.b, self.c * self.c + self.d * self.d);
        x.max(y).sqrt()
    }

    #[must_use]
    pub fn is_finite(&self) -> bool {
        [self.a, self.b, self.c, self.d, self.e, self.f].iter().all(|v| v.is_finite())
    }
}
