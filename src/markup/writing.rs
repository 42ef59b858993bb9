//! Directions of writing (CSS Writing Modes 4), and styles seen from another direction.
//!
//! Layout knows one direction only: lines run along x, blocks follow one another along y. A box that is written
//! otherwise is laid out from a *turned* style, whose width is what stands along its lines and whose top is where
//! its blocks start; what comes out is turned back. [`Axes`] says how the two lie to each other.

use std::sync::Arc;

use super::style::{Radii, Radius, Style};
use crate::base::Edges;

/// `writing-mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WritingMode {
    #[default]
    HorizontalTb,
    VerticalRl,
    VerticalLr,
    /// All glyphs lie on their side, turned clockwise.
    SidewaysRl,
    /// All glyphs lie on their side, turned against the clock.
    SidewaysLr,
}

/// `text-orientation`: how characters stand in vertical lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TextOrientation {
    /// As UAX 50 has it: kanji and kana upright, Western text on its side.
    #[default]
    Mixed,
    Upright,
    Sideways,
}

/// `text-combine-upright` (縦中横): what is set side by side within one em of a vertical line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TextCombineUpright {
    #[default]
    None,
    All,
    /// Runs of digits, no longer than this.
    Digits(u8),
}

/// How a box's lines and blocks lie on the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Axes {
    /// Lines from left to right, from top to bottom.
    #[default]
    Horizontal,
    /// Lines from top to bottom, from right to left.
    VerticalRl,
    /// Lines from top to bottom, from left to right.
    VerticalLr,
    /// Lines from bottom to top, from left to right.
    SidewaysLr,
}

impl WritingMode {
    #[must_use]
    pub const fn axes(self) -> Axes {
        match self {
            Self::HorizontalTb => Axes::Horizontal,
            Self::VerticalRl | Self::SidewaysRl => Axes::VerticalRl,
            Self::VerticalLr => Axes::VerticalLr,
            Self::SidewaysLr => Axes::SidewaysLr,
        }
    }
}

impl Axes {
    #[must_use]
    pub const fn is_horizontal(self) -> bool {
        matches!(self, Self::Horizontal)
    }

    /// For the start of blocks, the end of lines, the end of blocks, the start of lines (as they are top, right, bottom
    /// and left in horizontal writing): which side of the paper that is, counted from the top clockwise.
    #[must_use]
    pub const fn sides(self) -> [usize; 4] {
        match self {
            Self::Horizontal => [0, 1, 2, 3],
            Self::VerticalRl => [1, 2, 3, 0],
            Self::VerticalLr => [3, 2, 1, 0],
            Self::SidewaysLr => [3, 0, 1, 2],
        }
    }

    /// The same for corners, from the start of blocks and lines on (top left in horizontal writing), clockwise.
    #[must_use]
    pub fn corners(self) -> [usize; 4] {
        let s = self.sides();
        [corner(s[0], s[3]), corner(s[0], s[1]), corner(s[2], s[1]), corner(s[2], s[3])]
    }

    /// Edges on the paper as they are seen along the lines.
    #[must_use]
    pub fn edges_in<T: Copy>(self, e: Edges<T>) -> Edges<T> {
        let paper = [e.top, e.right, e.bottom, e.left];
        let s = self.sides();
        Edges { top: paper[s[0]], right: paper[s[1]], bottom: paper[s[2]], left: paper[s[3]] }
    }

    /// Edges seen along the lines as they lie on the paper.
    #[must_use]
    pub fn edges_out<T: Copy>(self, e: Edges<T>) -> Edges<T> {
        let mut paper = [e.top; 4];
        for (side, value) in self.sides().into_iter().zip([e.top, e.right, e.bottom, e.left]) {
            paper[side] = value;
        }
        Edges { top: paper[0], right: paper[1], bottom: paper[2], left: paper[3] }
    }

    fn radii(self, r: &Radii, out: bool) -> Radii {
        let swap = |r: Radius| if self.is_horizontal() { r } else { Radius { x: r.y, y: r.x } };
        let mut turned = *r;
        for (line, paper) in self.corners().into_iter().enumerate() {
            if out {
                turned[paper] = swap(r[line]);
            } else {
                turned[line] = swap(r[paper]);
            }
        }
        turned
    }
}

/// The corner between two neighbouring sides, from the top left clockwise.
const fn corner(a: usize, b: usize) -> usize {
    match (a, b) {
        (0, 3) | (3, 0) => 0,
        (0, 1) | (1, 0) => 1,
        (2, 1) | (1, 2) => 2,
        _ => 3,
    }
}

impl Style {
    /// The style as it was computed: sides and sizes are those of the paper.
    #[must_use]
    pub fn on_paper(&self) -> &Self {
        self.paper.as_deref().unwrap_or(self)
    }

    /// This style, whichever way it is seen, as it is seen along lines that lie as `axes` says.
    #[must_use]
    pub fn seen_along(self: &Arc<Self>, axes: Axes) -> Arc<Self> {
        if self.axes == axes {
            return Arc::clone(self);
        }
        let paper = self.paper.as_ref().unwrap_or(self);
        if axes.is_horizontal() {
            return Arc::clone(paper);
        }
        let mut turned = Self { axes, paper: Some(Arc::clone(paper)), ..Self::clone(paper) };
        turned.inset = axes.edges_in(paper.inset);
        turned.margin = axes.edges_in(paper.margin);
        turned.padding = axes.edges_in(paper.padding);
        turned.border = axes.edges_in(paper.border);
        turned.radius = axes.radii(&paper.radius, false);
        turned.swap_sizes();
        Arc::new(turned)
    }

    /// A style that was changed after it was turned, back on the paper.
    #[must_use]
    pub fn laid_back(&self) -> Self {
        let axes = self.axes;
        let mut paper = Self { axes: Axes::Horizontal, paper: None, ..self.clone() };
        if axes.is_horizontal() {
            return paper;
        }
        paper.inset = axes.edges_out(self.inset);
        paper.margin = axes.edges_out(self.margin);
        paper.padding = axes.edges_out(self.padding);
        paper.border = axes.edges_out(self.border);
        paper.radius = axes.radii(&self.radius, true);
        paper.swap_sizes();
        paper
    }

    fn swap_sizes(&mut self) {
        std::mem::swap(&mut self.width, &mut self.height);
        std::mem::swap(&mut self.min_width, &mut self.min_height);
        std::mem::swap(&mut self.max_width, &mut self.max_height);
        self.overflow = (self.overflow.1, self.overflow.0);
        self.aspect_ratio = self.aspect_ratio.map(|r| if r > 0.0 { 1.0 / r } else { r });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Pt;
    use crate::markup::style::{Dimension, LengthPercent};

    const ALL: [Axes; 4] = [Axes::Horizontal, Axes::VerticalRl, Axes::VerticalLr, Axes::SidewaysLr];

    #[test]
    fn what_is_turned_and_laid_back_is_the_same() {
        let value = |v: f32| Dimension::Value(LengthPercent::length(Pt(v)));
        let mut style = Style::initial();
        style.margin = Edges { top: value(1.0), right: value(2.0), bottom: value(3.0), left: value(4.0) };
        style.radius = [1.0, 2.0, 3.0, 4.0]
            .map(|v| Radius { x: LengthPercent::length(Pt(v)), y: LengthPercent::length(Pt(v + 10.0)) });
        style.width = value(30.0);
        style.aspect_ratio = Some(2.0);
        let style = Arc::new(style);
        for axes in ALL {
            let turned = style.seen_along(axes);
            assert_eq!(turned.laid_back(), *style, "{axes:?}");
            assert_eq!(turned.on_paper(), &*style, "{axes:?}");
            assert!(Arc::ptr_eq(&turned.seen_along(Axes::Horizontal), &style), "{axes:?}");
        }
    }

    #[test]
    fn vertical_lines_start_at_the_top_and_follow_one_another_to_the_left() {
        let e = Edges { top: "top", right: "right", bottom: "bottom", left: "left" };
        let seen = Axes::VerticalRl.edges_in(e);
        assert_eq!((seen.top, seen.left, seen.bottom, seen.right), ("right", "top", "left", "bottom"));
        assert_eq!(Axes::VerticalRl.corners(), [1, 2, 3, 0], "the text begins in the top right corner");
    }
}
