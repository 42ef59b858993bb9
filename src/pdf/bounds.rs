//! How far items reach: the box of a form.

use crate::base::Affine;
use crate::page::{GlyphRun, Item, Lies, Placed, Segment};

/// A growing box in page space (y down).
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Bounds {
    pub(super) const EMPTY: Self =
        Self { left: f32::INFINITY, top: f32::INFINITY, right: f32::NEG_INFINITY, bottom: f32::NEG_INFINITY };

    /// The box around `items`. Glyphs may reach half their size beyond their advance and twice as far above
    /// and below the baseline as most do: a form's box may be too large, never too small.
    pub(super) fn of(items: &[Item]) -> Self {
        let mut bounds = Self::EMPTY;
        bounds.add(items, &Affine::IDENTITY);
        bounds
    }

    /// The box around a list on its page.
    pub(super) fn placed(placed: &Placed) -> Self {
        let mut bounds = Self::EMPTY;
        bounds.add(&placed.list.items, &Affine::translate(placed.at.x, placed.at.y));
        bounds
    }

    /// Whether two boxes have a point in common.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let beside = self.right < other.left || other.right < self.left;
        let beyond = self.bottom < other.top || other.bottom < self.top;
        !(beside || beyond)
    }

    /// The same, seen through a matrix.
    pub(super) fn under(items: &[Item], m: &Affine) -> Self {
        let mut bounds = Self::EMPTY;
        bounds.add(items, m);
        bounds
    }

    /// What both have; `None` when that is no area.
    pub(super) fn within(&self, other: &Self) -> Option<Self> {
        let both = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (both.left < both.right && both.top < both.bottom).then_some(both)
    }

    /// Lower left and upper right corner with y up; a point when there is nothing.
    pub(super) fn corners(&self) -> [f32; 4] {
        if self.left <= self.right && self.top <= self.bottom {
            [self.left.floor(), (-self.bottom).floor(), self.right.ceil(), (-self.top).ceil()]
        } else {
            [0.0; 4]
        }
    }

    fn point(&mut self, x: f32, y: f32, m: &Affine) {
        let (x, y) = (m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f);
        self.left = self.left.min(x);
        self.right = self.right.max(x);
        self.top = self.top.min(y);
        self.bottom = self.bottom.max(y);
    }

    fn rect(&mut self, left: f32, top: f32, right: f32, bottom: f32, m: &Affine) {
        self.point(left, top, m);
        self.point(right, top, m);
        self.point(left, bottom, m);
        self.point(right, bottom, m);
    }

    fn add(&mut self, items: &[Item], m: &Affine) {
        for item in items {
            match item {
                Item::Glyphs(run) => {
                    let (x, y, size) = (run.origin.x.0, run.origin.y.0, run.size.0.abs());
                    let length = length(run);
                    if run.vertical {
                        self.rect(x - 1.5 * size, y - size, x + 1.5 * size, y + length + size, m);
                    } else if run.lies != Lies::Level {
                        // across the line as below, on whichever side that is
                        let (_, down) = run.lies.on_paper(length, 0.0);
                        let (top, bottom) = (y.min(y + down), y.max(y + down));
                        self.rect(x - 1.5 * size, top - 0.5 * size, x + 1.5 * size, bottom + 0.5 * size, m);
                    } else {
                        self.rect(x - 0.5 * size, y - 1.5 * size, x + length + 0.5 * size, y + 0.75 * size, m);
                    }
                }
                Item::Path(path) => {
                    // A mitred corner reaches further than half the width: 10 half widths at most (8.4.3.5).
                    let edge = path.stroke.as_ref().map_or(0.0, |s| s.width.0 * 5.0);
                    self.segments(&path.segments, edge, m);
                }
                Item::Image(image) => {
                    let r = &image.rect;
                    self.rect(r.x.0, r.y.0, r.right().0, r.bottom().0, m);
                }
                Item::Modules(modules) => {
                    let r = modules.rect();
                    self.rect(r.x.0, r.y.0, r.right().0, r.bottom().0, m);
                }
                Item::Group(group) => {
                    let m = group.transform.then(m);
                    match &group.clip {
                        Some(clip) => self.segments(clip, 0.0, &m),
                        None => self.add(&group.items, &m),
                    }
                }
                Item::Shading(shading) => self.segments(&shading.segments, 0.0, m),
                Item::List(at, list) => self.add(&list.items, &Affine::translate(at.x, at.y).then(m)),
            }
        }
    }

    /// The box around an outline.
    pub(super) fn around(segments: &[Segment], m: &Affine) -> Self {
        let mut bounds = Self::EMPTY;
        bounds.segments(segments, 0.0, m);
        bounds
    }

    fn segments(&mut self, segments: &[Segment], edge: f32, m: &Affine) {
        for p in segments.iter().flat_map(Segment::points) {
            self.rect(p.x.0 - edge, p.y.0 - edge, p.x.0 + edge, p.y.0 + edge, m);
        }
    }
}

/// How long a run of glyphs is at most, in points along its line.
pub(super) fn length(run: &GlyphRun) -> f32 {
    let per_em = f32::from(run.font.units_per_em.max(1));
    let mut length = 0.0;
    for glyph in &run.glyphs {
        let natural = run.font.advances.get(usize::from(glyph.id)).copied().unwrap_or(0);
        let natural = if run.vertical { run.font.vertical_advance(glyph.id) } else { natural };
        let natural = f32::from(natural) / per_em;
        length += (natural + glyph.extra.abs() / 1000.0) * run.size.0.abs();
    }
    // The room beside the line is as for text that is not scaled.
    length * run.stretch.abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Pt, Rect};
    use crate::color::Ink;
    use crate::page::{GroupItem, Path};

    #[test]
    fn a_turned_group_reaches_where_its_items_go() {
        let rect = Segment::Rect(Rect::new(Pt(0.0), Pt(0.0), Pt(10.0), Pt(4.0)));
        let quarter = Affine { a: 0.0, b: 1.0, c: -1.0, d: 0.0, e: 100.0, f: 50.0 };
        let items = vec![Item::Path(Path::filled(vec![rect], Ink::BLACK))];
        let group = Item::Group(GroupItem { transform: quarter, ..GroupItem::new(items) });
        assert_eq!(Bounds::of(&[group]).corners(), [96.0, -60.0, 100.0, -50.0]);
    }

    #[test]
    fn nothing_reaches_nowhere() {
        assert_eq!(Bounds::of(&[]).corners(), [0.0; 4]);
    }
}
