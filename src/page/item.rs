//! The things a page is made of.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use crate::asset::font::Font;
use crate::asset::image::Image;
use crate::base::{Affine, Edges, Point, Pt, Rect};
use crate::color::{Blend, Ink};

/// Items in coordinates of their own. A list that many records share is built once; a back end may keep
/// what it made of it in `encoded` (it is a pure function of the items, so it never changes the output).
#[derive(Debug, Default)]
pub struct ItemList {
    /// Back to front.
    pub items: Vec<Item>,
    /// True when the template itself, not the record, fixes all of this list: the same list is expected on
    /// very many pages. Decided from the template alone, never from what a cache happens to hold.
    pub recurs: bool,
    /// For the PDF back end: the finished operators of this list and what they refer to.
    pub encoded: OnceLock<Box<dyn Any + Send + Sync>>,
    /// For layout: the same list turned about its origin from one direction of writing to another, and whether
    /// its x and y were mirrored for that.
    pub turned: OnceLock<((bool, bool), Arc<ItemList>)>,
    /// For layout: which of the items belong to lines (from, to) rather than to blocks; the first such stretch, then
    /// the others.
    pub lines: (u32, u32),
    pub more_lines: Vec<(u32, u32)>,
}

impl ItemList {
    #[must_use]
    pub fn new(items: Vec<Item>, recurs: bool) -> Self {
        let (lines, more_lines) = ((0, 0), Vec::new());
        Self { items, recurs, encoded: OnceLock::new(), turned: OnceLock::new(), lines, more_lines }
    }
}

#[derive(Clone, Debug)]
pub enum Item {
    Glyphs(GlyphRun),
    Path(Path),
    Image(ImageItem),
    Modules(Modules),
    Group(GroupItem),
    Shading(ShadingItem),
    /// A further list at its own place: how a cached subtree hangs in its parent.
    List(Point, Arc<ItemList>),
}

/// Glyphs of one font, size and ink on one line.
#[derive(Clone, Debug)]
pub struct GlyphRun {
    pub font: Arc<Font>,
    pub size: Pt,
    pub ink: Ink,
    /// Where the first glyph's origin stands: on the baseline in horizontal text.
    pub origin: Point,
    /// Set top to bottom with vertical metrics: each glyph upright, hanging by its vertical origin.
    pub vertical: bool,
    /// How a run that is not vertical lies: its line, and with it all lengths, are turned about its origin.
    pub lies: Lies,
    /// The whole run scaled along its line, about its origin: glyphs, advances and the lengths in
    /// [`Glyph`] (長体 below 1 in horizontal text, 平体 in vertical text). 1 = as the font has it.
    pub stretch: f32,
    pub glyphs: Vec<Glyph>,
}

/// How a horizontal run of glyphs lies on the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lies {
    #[default]
    Level,
    /// A quarter turn clockwise: the line runs down. Western text in vertical lines.
    Right,
    /// A quarter turn against the clock: the line runs up.
    Left,
}

impl Lies {
    /// Along the line and square to it, to the right and down on the paper.
    #[must_use]
    pub fn on_paper(self, along: f32, across: f32) -> (f32, f32) {
        match self {
            Self::Level => (along, across),
            Self::Right => (-across, along),
            Self::Left => (across, -along),
        }
    }
}

/// One glyph. Units are thousandths of the font size, as in a PDF `TJ` array; the run's `stretch` comes on top.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Glyph {
    /// The glyph id in the original font file.
    pub id: u16,
    /// Space after the glyph beyond its natural advance; negative pulls the next one closer. 0 for most.
    pub extra: f32,
    /// Shift of this glyph alone, to the right and upwards. 0 for most.
    pub dx: f32,
    pub dy: f32,
}

/// A shape, filled and then stroked.
#[derive(Clone, Debug)]
pub struct Path {
    pub segments: Vec<Segment>,
    pub fill: Option<Ink>,
    pub even_odd: bool,
    pub stroke: Option<Stroke>,
}

impl Path {
    #[must_use]
    pub fn filled(segments: Vec<Segment>, ink: Ink) -> Self {
        Self { segments, fill: Some(ink), even_odd: false, stroke: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    Rect(Rect),
    Move(Point),
    Line(Point),
    Cubic(Point, Point, Point),
    Close,
}

impl Segment {
    /// Its corners; of a curve, also its control points, between which it stays.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        let (points, count) = match *self {
            Self::Rect(r) => {
                let (near, far) = (Point::new(r.x, r.y), Point::new(r.right(), r.bottom()));
                ([near, far, Point::new(near.x, far.y), Point::new(far.x, near.y)], 4)
            }
            Self::Move(p) | Self::Line(p) => ([p; 4], 1),
            Self::Cubic(a, b, c) => ([a, b, c, c], 3),
            Self::Close => ([Point::default(); 4], 0),
        };
        points.into_iter().take(count)
    }
}

/// The upright box around an outline seen through a matrix; of its curves, around the control points. `None` for an
/// outline without points.
#[must_use]
pub fn box_of(segments: &[Segment], m: &Affine) -> Option<Rect> {
    let mut points = segments.iter().flat_map(Segment::points).map(|p| m.apply(p));
    let first = points.next()?;
    let (near, far) = points.fold((first, first), |(near, far), p| {
        (Point::new(near.x.min(p.x), near.y.min(p.y)), Point::new(far.x.max(p.x), far.y.max(p.y)))
    });
    Some(Rect::new(near.x, near.y, far.x - near.x, far.y - near.y))
}

#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    pub ink: Ink,
    pub width: Pt,
    /// Lengths of dashes and gaps in turn; empty for a solid line.
    pub dash: Vec<Pt>,
    pub dash_phase: Pt,
    pub round_caps: bool,
}

/// A picture drawn into `rect`, the whole of it; cropping is a [`GroupItem`] with a clip.
#[derive(Clone, Debug)]
pub struct ImageItem {
    pub image: Arc<Image>,
    pub rect: Rect,
}

/// A symbol in one ink: rows of modules, square as in a QR symbol, or as high as their row, as bars are. `at` is the
/// corner of the first module: what must stay free around the symbol is beyond it.
#[derive(Clone, Debug)]
pub struct Modules {
    pub at: Point,
    /// Width of one module.
    pub module: Pt,
    pub columns: u16,
    pub rows: u16,
    /// Row by row, 1 = dark, each row padded to whole 64-bit words; bit 0 of a word is its leftmost module.
    pub bits: Arc<[u64]>,
    /// The height of each row, where modules are not square.
    pub heights: Option<Arc<[Pt]>>,
    /// What dark places are made narrower by, because ink spreads: half of it is taken from each edge.
    pub reduction: Pt,
    /// How far beyond the symbol no ink may lie; less than nothing where text reaches into the symbol's rectangle.
    pub quiet: Edges<Pt>,
    pub ink: Ink,
}

impl Modules {
    /// 64-bit words in one row.
    #[must_use]
    pub fn words_per_row(&self) -> usize {
        usize::from(self.columns).div_ceil(64)
    }

    #[must_use]
    pub fn is_dark(&self, column: u16, row: u16) -> bool {
        let word = self.bits.get(usize::from(row) * self.words_per_row() + usize::from(column / 64));
        column < self.columns && word.is_some_and(|w| w >> (column % 64) & 1 == 1)
    }

    /// The symbol without its quiet zone.
    #[must_use]
    pub fn rect(&self) -> Rect {
        let height = match &self.heights {
            Some(heights) => heights.iter().copied().sum(),
            None => self.module * f32::from(self.rows),
        };
        Rect::new(self.at.x, self.at.y, self.module * f32::from(self.columns), height)
    }

    /// Square modules, as wide as they are: whole numbers under one matrix say all.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.heights.is_none() && self.reduction == Pt::ZERO
    }

    /// The dark places as rectangles. Those of square modules that are made narrower overlap one another, so that no gap
    /// shows between them; others do not.
    #[must_use]
    pub fn rectangles(&self) -> Vec<Rect> {
        let mut out = Vec::new();
        let half = self.reduction / 2.0;
        let across = |from: u16, to: u16| {
            (self.at.x + self.module * f32::from(from) + half, self.module * f32::from(to - from) - self.reduction)
        };
        if self.heights.is_none() && self.reduction != Pt::ZERO {
            for row in 0..self.rows {
                let y = self.at.y + self.module * f32::from(row);
                self.runs(
                    |column| self.is_dark(column, row),
                    |from, to| {
                        let (x, width) = across(from, to);
                        out.push(Rect::new(x, y + half, width, self.module - self.reduction));
                    },
                );
                // what is dark in the next row too is joined to it, half a module into each
                self.runs(
                    |column| self.is_dark(column, row) && self.is_dark_below(column, row),
                    |from, to| {
                        let (x, width) = across(from, to);
                        out.push(Rect::new(x, y + self.module / 2.0, width, self.module));
                    },
                );
            }
            return out;
        }
        let mut open: Vec<(u16, u16, Pt)> = Vec::new();
        let mut y = self.at.y;
        for row in 0..=self.rows {
            let mut next: Vec<(u16, u16, Pt)> = Vec::new();
            if row < self.rows {
                self.runs(|column| self.is_dark(column, row), |from, to| next.push((from, to, y)));
            }
            // equal runs of rows that follow each other are one bar
            for (from, to, top) in open {
                match next.iter_mut().find(|n| (n.0, n.1) == (from, to)) {
                    Some(same) => same.2 = top,
                    None => {
                        let (x, width) = across(from, to);
                        out.push(Rect::new(x, top, width, y - top));
                    }
                }
            }
            open = next;
            y += match &self.heights {
                Some(heights) => heights.get(usize::from(row)).copied().unwrap_or(Pt::ZERO),
                None => self.module,
            };
        }
        out
    }

    fn is_dark_below(&self, column: u16, row: u16) -> bool {
        row + 1 < self.rows && self.is_dark(column, row + 1)
    }

    /// Calls `each` with the first column of every run and the one behind it.
    fn runs(&self, dark: impl Fn(u16) -> bool, mut each: impl FnMut(u16, u16)) {
        let mut start = None;
        for column in 0..=self.columns {
            match (start, column < self.columns && dark(column)) {
                (None, true) => start = Some(column),
                (Some(from), false) => {
                    each(from, column);
                    start = None;
                }
                _ => {}
            }
        }
    }
}

/// A shape filled with colours that run into one another.
#[derive(Clone, Debug)]
pub struct ShadingItem {
    pub segments: Vec<Segment>,
    pub even_odd: bool,
    pub shading: Arc<Shading>,
}

/// Colours along a line or between two circles; beyond both ends the last colour goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Shading {
    pub kind: ShadingKind,
    /// From the shading's own coordinates to those of the item: an ellipse is a circle that is stretched.
    pub transform: Affine,
    /// At least one, in rising order.
    pub stops: Vec<Stop>,
}

impl Shading {
    /// The colour at a place along the axis.
    #[must_use]
    pub fn at(&self, at: f32) -> Stop {
        let after = self.stops.iter().position(|s| s.at > at);
        let stop = |i: usize| self.stops.get(i).copied().unwrap_or(Stop { at, ink: Ink::PAPER, alpha: 0.0 });
        match after {
            Some(0) => stop(0),
            None => stop(self.stops.len().saturating_sub(1)),
            Some(i) => {
                let (a, b) = (stop(i - 1), stop(i));
                let share = (at - a.at) / (b.at - a.at).max(f32::MIN_POSITIVE);
                Stop { at, ink: a.ink.mix(b.ink, share), alpha: a.alpha + (b.alpha - a.alpha) * share }
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ShadingKind {
    Linear {
        from: Point,
        to: Point,
    },
    /// From the circle around `focus` to the one around `center`.
    Radial {
        focus: Point,
        inner: Pt,
        center: Point,
        outer: Pt,
    },
}

/// A colour at its place: 0 = where the shading begins, 1 = where it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    pub at: f32,
    pub ink: Ink,
    pub alpha: f32,
}

/// Items drawn together, cut by a shape, turned, or made translucent as a whole.
#[derive(Clone, Debug)]
pub struct GroupItem {
    pub transform: Affine,
    /// Nonzero winding; in the group's own coordinates.
    pub clip: Option<Vec<Segment>>,
    /// 1 = opaque.
    pub opacity: f32,
    /// How the group as a whole meets what is below it.
    pub blend: Blend,
    /// What is in it blends with nothing outside (Compositing 1, section 2.2).
    pub isolated: bool,
    /// Whether what is drawn in it lies on top of what is below, which is then not cut away for it; `None` where each ink has
    /// its own way.
    pub overprint: Option<bool>,
    pub items: Vec<Item>,
}

impl GroupItem {
    /// Items that are only held together.
    #[must_use]
    pub fn new(items: Vec<Item>) -> Self {
        let (transform, blend) = (Affine::IDENTITY, Blend::Normal);
        Self { transform, clip: None, opacity: 1.0, blend, isolated: false, overprint: None, items }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(rows: &[u64], heights: Option<&[f32]>, reduction: f32) -> Modules {
        Modules {
            at: Point::new(Pt(10.0), Pt(20.0)),
            module: Pt(2.0),
            columns: 4,
            rows: rows.len() as u16,
            bits: Arc::from(rows),
            heights: heights.map(|h| h.iter().map(|h| Pt(*h)).collect()),
            reduction: Pt(reduction),
            quiet: Edges::default(),
            ink: Ink::BLACK,
        }
    }

    fn drawn(m: &Modules) -> Vec<[f32; 4]> {
        let mut all: Vec<_> = m.rectangles().iter().map(|r| [r.x.0, r.y.0, r.width.0, r.height.0]).collect();
        all.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
        all
    }

    #[test]
    fn bars_of_rows_that_follow_each_other_are_one() {
        let m = modules(&[0b1011, 0b0011], Some(&[30.0, 5.0]), 0.0);
        assert_eq!(drawn(&m), [[10.0, 20.0, 4.0, 35.0], [16.0, 20.0, 2.0, 30.0]]);
        assert_eq!((m.rect().width, m.rect().height), (Pt(8.0), Pt(35.0)));
    }

    #[test]
    fn bars_become_narrower_on_both_sides_and_not_shorter() {
        let m = modules(&[0b1011], Some(&[30.0]), 0.5);
        assert_eq!(drawn(&m), [[10.25, 20.0, 3.5, 30.0], [16.25, 20.0, 1.5, 30.0]]);
    }

    #[test]
    fn square_modules_become_narrower_at_every_edge_and_stay_joined() {
        // two above each other, and one aside
        let m = modules(&[0b0001, 0b1001], None, 0.5);
        assert_eq!(
            drawn(&m),
            [[10.25, 20.25, 1.5, 1.5], [10.25, 21.0, 1.5, 2.0], [10.25, 22.25, 1.5, 1.5], [16.25, 22.25, 1.5, 1.5]]
        );
    }
}
