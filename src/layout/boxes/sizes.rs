//! Lengths of one box against its containing block: edges, preferred, least and greatest sizes.
//! All sizes here are of border boxes, whatever `box-sizing` says.

use crate::base::{Edges, Pt};
use crate::markup::style::{BoxSizing, Dimension, LengthPercent, Style};

/// Padding and border of a box, and the sums along both axes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame {
    pub padding: Edges<Pt>,
    pub border: Edges<Pt>,
    pub across: Pt,
    pub down: Pt,
}

impl Frame {
    /// Percentages of padding are of the containing block's *width* on all sides (CSS 2.2, section 8.4).
    #[must_use]
    pub fn new(style: &Style, block_width: Pt) -> Self {
        let r = |v: LengthPercent| v.resolve(block_width).max(Pt::ZERO);
        let p = &style.padding;
        let padding = Edges { top: r(p.top), right: r(p.right), bottom: r(p.bottom), left: r(p.left) };
        let border = crate::layout::paint::border::widths(style);
        Self {
            padding,
            border,
            across: padding.left + padding.right + border.left + border.right,
            down: padding.top + padding.bottom + border.top + border.bottom,
        }
    }

    /// From the border box's corner to the content box's.
    #[must_use]
    pub fn left(&self) -> Pt {
        self.border.left + self.padding.left
    }
    #[must_use]
    pub fn top(&self) -> Pt {
        self.border.top + self.padding.top
    }
    #[must_use]
    pub fn bottom(&self) -> Pt {
        self.border.bottom + self.padding.bottom
    }
}

/// A length that may be `auto`.
#[must_use]
pub fn definite(d: Dimension, reference: Option<Pt>) -> Option<Pt> {
    match (d, reference) {
        (Dimension::Value(v), Some(reference)) => Some(v.resolve(reference)),
        (Dimension::Value(v), None) if v.is_length() => Some(v.length),
        _ => None,
    }
}

/// Margins; `auto` counts as none where this is asked.
#[must_use]
pub fn margins(style: &Style, block_width: Pt) -> Edges<Option<Pt>> {
    let r = |d: Dimension| definite(d, Some(block_width));
    let m = &style.margin;
    Edges { top: r(m.top), right: r(m.right), bottom: r(m.bottom), left: r(m.left) }
}

/// A preferred, least or greatest size as the style has it, of the border box.
#[must_use]
pub fn specified(style: &Style, d: Dimension, reference: Option<Pt>, frame: Pt) -> Option<Pt> {
    definite(d, reference).map(|v| match style.box_sizing {
        BoxSizing::ContentBox => v.max(Pt::ZERO) + frame,
        BoxSizing::BorderBox => v.max(frame),
    })
}

/// Between the least and the greatest size; the least wins (CSS 2.2, section 10.4).
#[must_use]
pub fn clamp(value: Pt, min: Option<Pt>, max: Option<Pt>) -> Pt {
    let value = max.map_or(value, |m| value.min(m));
    min.map_or(value, |m| value.max(m))
}

#[must_use]
pub fn clamp_width(style: &Style, value: Pt, block_width: Pt, frame: Pt) -> Pt {
    let reference = Some(block_width);
    let min = specified(style, style.min_width, reference, frame);
    let max = specified(style, style.max_width, reference, frame);
    clamp(value, min, max).max(frame)
}

#[must_use]
pub fn clamp_height(style: &Style, value: Pt, block_height: Option<Pt>, frame: Pt) -> Pt {
    let min = specified(style, style.min_height, block_height, frame);
    let max = specified(style, style.max_height, block_height, frame);
    clamp(value, min, max).max(frame)
}
