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
}
