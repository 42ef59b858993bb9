//! What layout of one box gives, and what it was given: [`Space`] in, [`Fragment`] out. A fragment depends on
//! nothing but the box's subtree, its style and its space, so that it can be kept and used again anywhere.

use std::sync::Arc;

use super::fault::Fault;
use super::trace::Mark;
use crate::base::{Edges, Point, Pt, Rect, Size};
use crate::layout::boxes::float::FloatBox;
use crate::layout::boxes::tree::El;
use crate::layout::pages::carry::Rest;
use crate::layout::pages::cuts::{Gap, Repeat};
use crate::markup::dom::NodeId;
use crate::page::{Item, ItemList};

/// How a box's width is found. Widths are of border boxes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Width {
    /// As the style says; `auto` fills the containing block (CSS 2.2, section 10.3.3).
    Fill,
    /// As the style says; `auto` shrinks to fit the width that is available (section 10.3.5).
    Fit(Pt),
    /// Decided from outside.
    Known(Pt),
    /// No layout: the answer's `size.width` is the least width of the content box, `size.height` the greatest.
    Measure,
}

/// How a box's height is found. Heights are of border boxes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Height {
    /// As the style says.
    Style,
    /// As high as the content, whatever the style says.
    Content,
    /// Decided from outside. `definite`: percentages in the box may refer to it.
    Known { height: Pt, definite: bool },
}

/// What a box is given to be laid out in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Space {
    /// The containing block: percentages refer to it.
    pub block_width: Pt,
    /// `None` where the containing block's height depends on its content.
    pub block_height: Option<Pt>,
    pub width: Width,
    pub height: Height,
}

impl Space {
    /// A block in normal flow.
    #[must_use]
    pub fn flow(block_width: Pt, block_height: Option<Pt>) -> Self {
        Self { block_width, block_height, width: Width::Fill, height: Height::Style }
    }

    /// The space as numbers, for the key of a table: equal spaces, equal numbers.
    #[must_use]
    pub fn bits(&self) -> [u32; 5] {
        let (w, width) = match self.width {
            Width::Fill => (0, 0.0),
            Width::Fit(v) => (1, v.0),
            Width::Known(v) => (2, v.0),
            Width::Measure => (3, 0.0),
        };
        let (h, height) = match self.height {
            Height::Style => (0, 0.0),
            Height::Content => (1, 0.0),
            Height::Known { height, definite: false } => (2, height.0),
            Height::Known { height, definite: true } => (3, height.0),
        };
        let (b, block_height) = self.block_height.map_or((0, 0.0), |v| (1, v.0));
        let kinds = w | h << 2 | b << 4;
        [kinds, self.block_width.0.to_bits(), block_height.to_bits(), width.to_bits(), height.to_bits()]
    }
}

/// Vertical margins that meet: the largest positive and the most negative one (CSS 2.2, section 8.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Collapse {
    positive: f32,
    negative: f32,
}

impl Collapse {
    #[must_use]
    pub fn of(margin: Pt) -> Self {
        Self { positive: margin.0.max(0.0), negative: margin.0.min(0.0) }
    }
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { positive: self.positive.max(other.positive), negative: self.negative.min(other.negative) }
    }
    #[must_use]
    pub fn value(self) -> Pt {
        Pt(self.positive + self.negative)
    }
}

/// A positioned or translucent descendant that is painted apart from the flow (CSS 2.2, appendix E).
#[derive(Clone, Debug)]
pub struct Layer {
    /// 0 for `auto`.
    pub z: i32,
    /// A float, which lies on the blocks around it, below their lines, and beneath what is positioned.
    pub float: bool,
    /// Of a float: its border box reaches out of its margin box, so that lines may lie on it.
    pub overlaps: bool,
    /// Start of its element, from the start of the fragment's element: the order of the tree.
    pub order: u32,
    /// Of its border box, from the corner of the fragment's border box.
    pub at: Point,
    pub list: Arc<ItemList>,
}

impl Layer {
    /// Orders layers from back to front.
    #[must_use]
    pub fn key(&self) -> (i32, bool, u32) {
        (self.z, !self.float, self.order)
    }
}

/// An absolutely positioned descendant whose containing block lies further up.
#[derive(Clone, Debug)]
pub struct Escape {
    pub el: El,
    /// Where it would stand in the flow, from the corner of the fragment's border box.
    pub at: Point,
    /// Whether that is its right edge rather than its left, its lower rather than its upper one.
    pub far: [bool; 2],
    /// Room along each axis, from `at` on, in which it is placed as a flex container would (0 at its start, 1 at its end).
    pub room: [(Pt, f32); 2],
}

/// Where text lies, to be checked against the trim.
#[derive(Clone, Copy, Debug)]
pub struct TextExtent {
    pub rect: Rect,
    /// Start of the element, from the start of the fragment's element.
    pub at: u32,
}

/// Where a box ends that may stand across the end of its page.
#[derive(Clone, Debug)]
pub struct End {
    pub bottom: Pt,
    /// Start of the element, from the start of the fragment's element.
    pub at: u32,
    pub node: NodeId,
}

/// A box that is laid out.
#[derive(Debug, Default)]
pub struct Fragment {
    /// Of the border box.
    pub size: Size,
    /// Used horizontal margins, and the box's own vertical ones.
    pub margin: Edges<Pt>,
    /// The margins at the top and bottom as they take part in collapsing: the box's own with those of its
    /// first or last children.
    pub top: Collapse,
    pub bottom: Collapse,
    /// Nothing keeps the top and the bottom margin apart.
    pub through: bool,
    /// From the top of the border box.
    pub first_baseline: Option<Pt>,
    pub last_baseline: Option<Pt>,
    pub list: Arc<ItemList>,
    pub layers: Vec<Layer>,
    pub escapes: Vec<Escape>,
    pub texts: Vec<TextExtent>,
    /// Only where layout is traced.
    pub marks: Vec<Mark>,
    /// Only in boxes that pages are cut from: what they hold, in order, inner boxes first.
    pub ends: Vec<End>,
    /// Floats that belong to the block formatting context around the box.
    pub floats: Vec<FloatBox>,
    /// Only in flows that are longer than their page: where they may be cut.
    pub gaps: Vec<Gap>,
    /// Likewise: from where to where a float reaches, which is not cut.
    pub keeps: Vec<(Pt, Pt)>,
    /// Likewise: tables with a head or a foot.
    pub repeats: Vec<Repeat>,
    /// What boxes leave to pages of their own; with the start of their element, from the start of this one's.
    pub rests: Vec<(u32, Arc<Rest>)>,
    /// `at` is counted from the start of the element.
    pub faults: Vec<Fault>,
}

/// A fragment in the making.
#[derive(Debug, Default)]
pub struct Parts {
    /// Back to front, in the flow.
    pub items: Vec<Item>,
    /// Which of the items belong to lines; see [`ItemList::lines`].
    pub lines: (u32, u32),
    pub more_lines: Vec<(u32, u32)>,
    pub layers: Vec<Layer>,
    pub escapes: Vec<Escape>,
    pub texts: Vec<TextExtent>,
    /// Only where layout is traced.
    pub marks: Vec<Mark>,
    pub ends: Vec<End>,
    pub gaps: Vec<Gap>,
    pub keeps: Vec<(Pt, Pt)>,
    pub repeats: Vec<Repeat>,
    pub rests: Vec<(u32, Arc<Rest>)>,
    /// The places are noted where this box may be cut.
    pub flowing: bool,
    /// It is a part of its box, whose children were sorted to their pages.
    pub sliced: bool,
    pub faults: Vec<Fault>,
    /// What lies beyond the box is cut, though `overflow` does not say so.
    pub clipped: bool,
    pub floats: Vec<FloatBox>,
    /// The box keeps its floats to itself.
    pub apart: bool,
    /// Where its ground and borders are drawn, if not around all of it, and whether it has borders of its own.
    pub ground: Option<(Rect, bool)>,
}

impl Parts {
    /// Takes over a child's fragment whose border box has its corner at `at`. `from_start` is how far the child's
    /// element starts behind the start of the one in the making.
    pub fn attach(&mut self, child: &El, fragment: &Fragment, at: Point, from_start: u32) {
        let at = at + child.relative;
        if child.is_layer() {
            self.push_layer(child, fragment, at, from_start, false);
        } else {
            self.push_list(at, &fragment.list);
        }
        self.take_rest(fragment, at, from_start);
    }

    /// What was drawn from item `from` on belongs to lines.
    pub fn in_lines(&mut self, from: usize) {
        let (from, to) = (from as u32, self.items.len() as u32);
        if from == to {
        } else if self.lines.0 == self.lines.1 {
            self.lines = (from, to);
        } else {
            self.more_lines.push((from, to));
        }
    }

    /// Takes over everything of a part that was laid out by itself with its corner at `at`.
    pub fn take_over(&mut self, other: Self, at: Point) {
        let list = Arc::new(ItemList::new(other.items, false));
        self.push_list(at, &list);
        let fragment = Fragment {
            layers: other.layers,
            escapes: other.escapes,
            texts: other.texts,
            marks: other.marks,
            ends: other.ends,
            faults: other.faults,
            ..Fragment::default()
        };
        self.take_rest(&fragment, at, 0);
    }

    /// As [`Self::attach`], for a float: it lies on the blocks around it.
    pub fn attach_float(&mut self, child: &El, fragment: &Fragment, at: Point, from_start: u32) {
        let at = at + child.relative;
        if self.flowing {
            self.keeps.push((at.y, at.y + fragment.size.height));
        }
        self.push_layer(child, fragment, at, from_start, !child.is_layer());
        self.take_rest(fragment, at, from_start);
    }

    fn push_layer(&mut self, child: &El, fragment: &Fragment, at: Point, order: u32, float: bool) {
        let z = if float { 0 } else { child.style.z_index.unwrap_or(0) };
        if !fragment.list.items.is_empty() {
            let m = &fragment.margin;
            let overlaps = float && [m.top, m.right, m.bottom, m.left].iter().any(|m| *m < Pt::ZERO);
            self.layers.push(Layer { z, float, overlaps, order, at, list: Arc::clone(&fragment.list) });
        }
    }

    fn take_rest(&mut self, fragment: &Fragment, at: Point, from_start: u32) {
        for l in &fragment.layers {
            self.layers.push(Layer { order: l.order + from_start, at: l.at + at, ..l.clone() });
        }
        for e in &fragment.escapes {
            self.escapes.push(Escape { el: e.el.clone(), at: e.at + at, far: e.far, room: e.room });
        }
        for t in &fragment.texts {
            self.texts.push(TextExtent { rect: t.rect.translated(at), at: t.at + from_start });
        }
        for m in &fragment.marks {
            self.marks.push(m.map(|r| r.translated(at)));
        }
        for e in &fragment.ends {
            self.ends.push(End { bottom: e.bottom + at.y, at: e.at + from_start, node: e.node });
        }
        for g in &fragment.gaps {
            self.gaps.push(Gap { before: g.before + at.y, after: g.after + at.y, avoid: g.avoid });
        }
        self.keeps.extend(fragment.keeps.iter().map(|(top, bottom)| (*top + at.y, *bottom + at.y)));
        self.repeats.extend(fragment.repeats.iter().map(|r| Repeat { at: r.at + at, ..r.clone() }));
        for (start, rest) in &fragment.rests {
            self.rests.push((start + from_start, Arc::clone(rest)));
        }
        for f in &fragment.faults {
            self.faults.push(Fault { at: f.at + from_start, ..f.clone() });
        }
    }

    /// Hangs in a list; one that only hangs in another is passed over.
    pub fn push_list(&mut self, at: Point, list: &Arc<ItemList>) {
        match list.items.as_slice() {
            [] => {}
            [Item::List(inner, only)] => self.items.push(Item::List(at + *inner, Arc::clone(only))),
            _ => self.items.push(Item::List(at, Arc::clone(list))),
        }
    }
}
