//! Absolute positions (CSS 2.2, sections 10.3.7, 10.3.8, 10.6.4 and 10.6.5).

use std::sync::Arc;

use super::engine::Engine;
use super::sizes::{self, Frame};
use super::tree::El;
use crate::base::{Point, Pt, Rect};
use crate::layout::fragment::{Escape, Fragment, Height, Parts, Space, Width};
use crate::markup::style::{Dimension, Direction, Position};

impl Engine<'_> {
    /// Places the absolutely positioned descendants that have been waiting for a containing block. Fixed ones
    /// wait on for the page, unless a transformed box is their page (`fixed`).
    pub(in crate::layout) fn place_escapes(&mut self, owner: &El, block: Rect, fixed: bool, parts: &mut Parts) {
        if parts.escapes.is_empty() {
            return;
        }
        let waiting = std::mem::take(&mut parts.escapes);
        for escape in waiting {
            if escape.el.style.position == Position::Fixed && !fixed {
                parts.escapes.push(escape);
            } else {
                self.place_escape(escape, block, owner, parts);
            }
        }
    }

    /// Lays out one box against its containing block, which is `owner`'s, and adds it; so also what escapes from it.
    pub(in crate::layout) fn place_escape(&mut self, escape: Escape, block: Rect, owner: &El, parts: &mut Parts) {
        let (at, fragment) = self.absolute(&escape.el, block, owner.style.text.direction, &escape);
        parts.attach(&escape.el, &fragment, at, escape.el.start.saturating_sub(owner.start));
    }

    /// `block` is the containing block, `flow` the corner of the box if it were in the flow (the one that `far` says);
    /// both, and the corner of the border box that comes back, in the same coordinates.
    fn absolute(&mut self, el: &El, block: Rect, direction: Direction, escape: &Escape) -> (Point, Arc<Fragment>) {
        let (flow, far, room) = (escape.at, escape.far, escape.room);
        let style = &el.style;
        let frame = Frame::new(style, block.width);
        let margin = sizes::margins(style, block.width);
        let zero = |m: Option<Pt>| m.unwrap_or(Pt::ZERO);
        let inset = &style.inset;
        let (left, right) =
            (sizes::definite(inset.left, Some(block.width)), sizes::definite(inset.right, Some(block.width)));
        let (top, bottom) =
            (sizes::definite(inset.top, Some(block.height)), sizes::definite(inset.bottom, Some(block.height)));
        let replaced = self.is_replaced(el);
        let static_left = flow.x - block.x;
        let static_top = flow.y - block.y;

        let outer = zero(margin.left) + zero(margin.right);
        let free = block.width - outer;
        let width = match (style.width, left, right) {
            (Dimension::Auto, Some(l), Some(r)) if !replaced && !(self.ratio_decides(el, top, bottom)) => {
                Width::Known(sizes::clamp_width(style, free - l - r, block.width, frame.across))
            }
            (_, Some(l), Some(r)) => Width::Fit(free - l - r),
            (_, Some(one), None) | (_, None, Some(one)) => Width::Fit(free - one),
            (_, None, None) => Width::Fit(if far[0] { static_left - outer } else { free - static_left }),
        };
        let outer_down = zero(margin.top) + zero(margin.bottom);
        let by_ratio = style.aspect_ratio.is_some();
        let height = match (style.height, top, bottom) {
            (Dimension::Auto, Some(t), Some(b)) if !replaced && (!by_ratio || style.width == Dimension::Auto) => {
                let height = block.height - outer_down - t - b;
                let height = sizes::clamp_height(style, height, Some(block.height), frame.down);
                Height::Known { height, definite: true }
            }
            _ => Height::Style,
        };
        let space = Space { block_width: block.width, block_height: Some(block.height), width, height };
        let fragment = self.lay_out(el, space);

        let size = fragment.size;
        let rtl = direction == Direction::Rtl;
        let in_flow = (static_left, far[0], room[0]);
        let x = match rtl && left.is_some() && right.is_some() {
            // what is too much goes at the end, where lines end on the left too
            true => {
                block.width
                    - size.width
                    - along(right, left, margin.right, margin.left, size.width, block.width, in_flow)
            }
            false => along(left, right, margin.left, margin.right, size.width, block.width, in_flow),
        };
        let y = along(top, bottom, margin.top, margin.bottom, size.height, block.height, (static_top, far[1], room[1]));
        (Point::new(block.x + x, block.y + y), fragment)
    }

    /// The width comes from a height that both vertical insets fix.
    #[allow(clippy::unused_self)]
    fn ratio_decides(&self, el: &El, top: Option<Pt>, bottom: Option<Pt>) -> bool {
        el.style.aspect_ratio.is_some() && top.is_some() && bottom.is_some()
    }
}

/// One axis: where the border box begins, from the start of the containing block. Margins that are `auto` share
/// the room between two insets; one that is too much is dropped at the end.
fn along(
    start: Option<Pt>,
    end: Option<Pt>,
    margin_start: Option<Pt>,
    margin_end: Option<Pt>,
    size: Pt,
    block: Pt,
    (in_flow, far, (room, share)): (Pt, bool, (Pt, f32)),
) -> Pt {
    match (start, end) {
        (Some(s), Some(e)) => {
            let room = block - s - e - size;
            let margin = match (margin_start, margin_end) {
                (Some(m), _) => m,
                (None, Some(m)) => room - m,
                (None, None) => (room / 2.0).max(Pt::ZERO),
            };
            s + margin
        }
        (Some(s), None) => s + margin_start.unwrap_or(Pt::ZERO),
        (None, Some(e)) => block - e - margin_end.unwrap_or(Pt::ZERO) - size,
        (None, None) => {
            let (start, end) = (margin_start.unwrap_or(Pt::ZERO), margin_end.unwrap_or(Pt::ZERO));
            let moved = (room - start - size - end) * share;
            if far { in_flow - moved - end - size } else { in_flow + moved + start }
        }
    }
}
