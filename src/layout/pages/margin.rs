//! Margin boxes: running heads and feet, page numbers (CSS Paged Media 3, sections 4 and 5.3).

use std::sync::Arc;

use super::sheet::page_area;
use crate::base::{Point, Pt, Rect};
use crate::layout::boxes::engine::{Engine, Slice};
use crate::layout::boxes::sizes::{self, Frame};
use crate::layout::boxes::tree::{El, Inl, Kid, Part};
use crate::layout::fault::Fault;
use crate::layout::fragment::{Fragment, Height, Parts, Space, Width};
use crate::markup::css::PageStyle;
use crate::markup::margin::{MarginPlace as P, MarginText};
use crate::markup::style::{LengthPercent, Style, VerticalAlign};
use crate::page::{ItemList, Placed};

/// A margin box that has something in it.
struct Filled {
    el: El,
    run: Vec<Inl>,
}

/// What a box asks of the length of its edge, of its margin box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Want {
    min: Pt,
    max: Pt,
    /// Its style says how long it is.
    fixed: bool,
}

impl Want {
    fn fixed(length: Pt) -> Self {
        Self { min: length, max: length, fixed: true }
    }
}

/// The three boxes along one edge, in the order in which they stand.
const EDGES: [([P; 3], bool); 4] = [
    ([P::TopLeft, P::TopCenter, P::TopRight], true),
    ([P::BottomLeft, P::BottomCenter, P::BottomRight], true),
    ([P::LeftTop, P::LeftMiddle, P::LeftBottom], false),
    ([P::RightTop, P::RightMiddle, P::RightBottom], false),
];

impl Engine<'_> {
    /// Hangs a page's margin boxes; it is the `number.0`th of `number.1`.
    pub(in crate::layout) fn margin_boxes(
        &mut self,
        html: &El,
        page: &PageStyle,
        number: (usize, usize),
        lists: &mut Vec<Placed>,
        faults: &mut Vec<Fault>,
    ) {
        let area = page_area(page);
        let (width, height) = (page.size.width, page.size.height);
        let (right, bottom) = (width - area.right(), height - area.bottom());
        let mut parts = Parts::default();
        for (place, block) in [
            (P::TopLeftCorner, Rect::new(Pt::ZERO, Pt::ZERO, area.x, area.y)),
            (P::TopRightCorner, Rect::new(area.right(), Pt::ZERO, right, area.y)),
            (P::BottomRightCorner, Rect::new(area.right(), area.bottom(), right, bottom)),
            (P::BottomLeftCorner, Rect::new(Pt::ZERO, area.bottom(), area.x, bottom)),
        ] {
            if let Some(filled) = self.filled(html, page, place, number) {
                self.margin_box(&filled, block, &mut parts);
            }
        }
        for (i, (places, across)) in EDGES.into_iter().enumerate() {
            let edge = match i {
                0 => Rect::new(area.x, Pt::ZERO, area.width, area.y),
                1 => Rect::new(area.x, area.bottom(), area.width, bottom),
                2 => Rect::new(Pt::ZERO, area.y, area.x, area.height),
                _ => Rect::new(area.right(), area.y, right, area.height),
            };
            let boxes = places.map(|place| self.filled(html, page, place, number));
            if boxes.iter().all(Option::is_none) {
                continue;
            }
            let room = if across { edge.width } else { edge.height };
            let wants = boxes.each_ref().map(|b| b.as_ref().map(|b| self.wants(b, &edge, across)));
            let lengths = share(wants, room);
            for (n, filled) in boxes.into_iter().enumerate() {
                let Some(filled) = filled else { continue };
                let length = lengths[n];
                let start = match n {
                    0 => Pt::ZERO,
                    1 => (room - length) / 2.0,
                    _ => room - length,
                };
                let block = if across {
                    Rect::new(edge.x + start, edge.y, length, edge.height)
                } else {
                    Rect::new(edge.x, edge.y + start, edge.width, length)
                };
                self.margin_box(&filled, block, &mut parts);
            }
        }
        faults.extend(parts.faults);
        if !parts.items.is_empty() {
            lists.push(Placed { at: Point::ZERO, list: Arc::new(ItemList::new(parts.items, false)) });
        }
    }

    /// A margin box with its text, if it is generated at all.
    fn filled(&mut self, html: &El, page: &PageStyle, place: P, (number, count): (usize, usize)) -> Option<Filled> {
        let (style, content) = self.styler.margin_box(self.dom, (html.node, &html.styled), place, page)?;
        let as_number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let mut text = String::new();
        for piece in content.iter() {
            match piece {
                MarginText::Text(t) => text.push_str(t),
                MarginText::Page(style) => text.push_str(&style.text(as_number(number))),
                MarginText::Pages(style) => text.push_str(&style.text(as_number(count))),
            }
        }
        let el = El { part: Part::Before, style, blockified: true, relative: Point::ZERO, ..html.clone() };
        Some(Filled { el, run: vec![Inl::Generated(text.into())] })
    }

    fn wants(&mut self, filled: &Filled, edge: &Rect, across: bool) -> Want {
        let style = &filled.el.style;
        let frame = Frame::new(style, edge.width);
        let margin = sizes::margins(style, edge.width);
        let outer = |a: Option<Pt>, b: Option<Pt>| a.unwrap_or(Pt::ZERO) + b.unwrap_or(Pt::ZERO);
        if across {
            let outer = outer(margin.left, margin.right);
            let fixed = sizes::specified(style, style.width, Some(edge.width), frame.across);
            if let Some(width) = fixed {
                return Want::fixed(width + outer);
            }
            let (min, max) = self.inline_widths(&filled.el, &filled.run);
            let bounded = |v: Pt| sizes::clamp_width(style, v + frame.across, edge.width, frame.across) + outer;
            Want { min: bounded(min), max: bounded(max), fixed: false }
        } else {
            let outer = outer(margin.top, margin.bottom);
            let fixed = sizes::specified(style, style.height, Some(edge.height), frame.down);
            if let Some(height) = fixed {
                return Want::fixed(height + outer);
            }
            let beside = margin.left.unwrap_or(Pt::ZERO) + margin.right.unwrap_or(Pt::ZERO);
            let width = (edge.width - beside).max(Pt::ZERO);
            let height = self.content(filled, width, edge, Height::Content).size.height + outer;
            Want { min: height, max: height, fixed: false }
        }
    }

    fn content(&mut self, filled: &Filled, width: Pt, block: &Rect, height: Height) -> Fragment {
        let space =
            Space { block_width: block.width, block_height: Some(block.height), width: Width::Known(width), height };
        let kids = vec![Kid::Inline(filled.run.clone())];
        self.compute(&filled.el, space, Some(Slice { kids, first: true, last: true }))
    }

    /// Lays out a margin box whose margin box is `block`.
    fn margin_box(&mut self, filled: &Filled, block: Rect, parts: &mut Parts) {
        let margin = sizes::margins(&filled.el.style, block.width);
        let z = |m: Option<Pt>| m.unwrap_or(Pt::ZERO);
        let width = (block.width - z(margin.left) - z(margin.right)).max(Pt::ZERO);
        let height = (block.height - z(margin.top) - z(margin.bottom)).max(Pt::ZERO);
        let natural = self.content(filled, width, &block, Height::Content).size.height;
        let room = (height - natural).max(Pt::ZERO);
        let above = match filled.el.style.vertical_align {
            VerticalAlign::Top | VerticalAlign::TextTop => Pt::ZERO,
            VerticalAlign::Bottom | VerticalAlign::TextBottom => room,
            _ => room / 2.0,
        };
        let mut style = Style::clone(&filled.el.style);
        let frame = Frame::new(&style, block.width);
        style.padding.top = LengthPercent::length(frame.padding.top + above);
        let el = El { style: Arc::new(style), ..filled.el.clone() };
        let filled = Filled { el, run: filled.run.clone() };
        let known = Height::Known { height: height.max(natural), definite: true };
        let fragment = self.content(&filled, width, &block, known);
        let at = Point::new(block.x + z(margin.left), block.y + z(margin.top));
        parts.attach(&filled.el, &fragment, at, 0);
    }
}

/// Shares an edge out among its three boxes (section 5.3.2). The middle one stands in the middle of the edge: it is
/// shared out first, against the larger of the other two on both sides.
fn share(wants: [Option<Want>; 3], room: Pt) -> [Pt; 3] {
    let alone = |w: Want| if w.fixed { w.max } else { room };
    match wants {
        [None, None, None] => [Pt::ZERO; 3],
        [Some(a), None, None] => [alone(a), Pt::ZERO, Pt::ZERO],
        [None, None, Some(c)] => [Pt::ZERO, Pt::ZERO, alone(c)],
        [None, Some(b), None] => [Pt::ZERO, alone(b), Pt::ZERO],
        [Some(a), None, Some(c)] => {
            let (a, c) = two(a, c, room);
            [a, Pt::ZERO, c]
        }
        [a, Some(b), c] => {
            let (a, c) = (a.unwrap_or_default(), c.unwrap_or_default());
            let beside = Want { min: a.min.max(c.min) * 2.0, max: a.max.max(c.max) * 2.0, fixed: false };
            let middle = two(b, beside, room).0;
            let side = ((room - middle) / 2.0).max(Pt::ZERO);
            let of = |w: Want| if w.fixed { w.max } else { side };
            [of(a), middle, of(c)]
        }
    }
}

/// Two boxes side by side: what both ask for at most, and the rest in that proportion; or, where that is too much,
/// the least and a share of the difference.
fn two(a: Want, b: Want, room: Pt) -> (Pt, Pt) {
    match (a.fixed, b.fixed) {
        (true, true) => return (a.max, b.max),
        (true, false) => return (a.max, (room - a.max).max(b.min)),
        (false, true) => return ((room - b.max).max(a.min), b.max),
        (false, false) => {}
    }
    let part = |of: Pt, sum: Pt| if sum > Pt::ZERO { of / sum } else { 0.5 };
    let (min, max) = (a.min + b.min, a.max + b.max);
    if max <= room {
        let rest = room - max;
        return (a.max + rest * part(a.max, max), b.max + rest * part(b.max, max));
    }
    if min <= room {
        let rest = room - min;
        let (da, db) = (a.max - a.min, b.max - b.min);
        return (a.min + rest * part(da, da + db), b.min + rest * part(db, da + db));
    }
    (room * part(a.min, min), room * part(b.min, min))
}
