//! Floats (CSS 2.2, section 9.5). A block formatting context knows its floats as [`Floats`], in the coordinates of
//! the block that is being filled: what stands in its way from outside, and what it added itself, which then hangs
//! out of it into the blocks behind.
//!
//! A block that no float reaches into is laid out as everywhere, and can be kept: its own floats are part of its
//! fragment. One that a float reaches into is laid out for this very place, and never kept.

use std::sync::Arc;

use super::engine::{Engine, TOLERANCE};
use super::sizes;
use super::tree::El;
use crate::base::{Point, Pt, Rect, Size};
use crate::layout::fragment::{Fragment, Parts, Space, Width};
use crate::layout::text::Around;
use crate::markup::style::{Clear, Dimension, Direction, Display, Float};

/// Lengths closer than this are the same.
const CLOSE: Pt = Pt(0.01);

/// The margin box of a float, from the corner of the border box that it is told with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloatBox {
    pub rect: Rect,
    pub left: bool,
}

/// The floats of a block formatting context.
#[derive(Clone, Debug)]
pub struct Floats {
    boxes: Vec<FloatBox>,
    /// How many came from outside.
    outside: usize,
    /// All before it end above `top`.
    first: usize,
    /// No float may stand higher than one before it.
    top: Pt,
    /// Where the lowest ends on each side.
    left: Pt,
    right: Pt,
}

impl Default for Floats {
    fn default() -> Self {
        let none = Pt(f32::NEG_INFINITY);
        Self { boxes: Vec::new(), outside: 0, first: 0, top: none, left: none, right: none }
    }
}

impl Floats {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }

    /// Whether any float ends below this height.
    #[must_use]
    pub fn reach_below(&self, y: Pt) -> bool {
        self.left.max(self.right) > y + CLOSE
    }

    /// Where the lowest float ends.
    #[must_use]
    pub fn bottom(&self) -> Pt {
        self.left.max(self.right)
    }

    /// Where the floats end that `clear` names.
    #[must_use]
    pub fn cleared(&self, clear: Clear) -> Option<Pt> {
        let bottom = match clear {
            Clear::None => return None,
            Clear::Left => self.left,
            Clear::Right => self.right,
            Clear::Both => self.bottom(),
        };
        bottom.is_finite().then_some(bottom)
    }

    fn live(&self, y: Pt) -> &[FloatBox] {
        self.boxes.get(if y >= self.top { self.first } else { 0 }..).unwrap_or_default()
    }

    /// What floats leave of the width from `left` to `right`, from `top` on for this height.
    #[must_use]
    pub fn room(&self, left: Pt, right: Pt, top: Pt, height: Pt) -> (Pt, Pt) {
        let (mut l, mut r) = (left, right);
        let bottom = top + height.max(CLOSE * 2.0);
        for f in self.live(top) {
            if f.rect.bottom() > top + CLOSE && f.rect.y + CLOSE < bottom && f.rect.height > Pt::ZERO {
                if f.left {
                    l = l.max(f.rect.right());
                } else {
                    r = r.min(f.rect.x);
                }
            }
        }
        (l, r)
    }

    /// The next height below `top` at which a float ends.
    #[must_use]
    pub fn below(&self, top: Pt) -> Option<Pt> {
        let ends = self.live(top).iter().map(|f| f.rect.bottom()).filter(|b| *b > top + CLOSE);
        ends.reduce(Pt::min)
    }

    /// Where a float's margin box comes to stand, not above `y`, between `l` and `r` (section 9.5.1).
    fn find(&self, float: Float, clear: Clear, size: Size, y: Pt, l: Pt, r: Pt) -> Point {
        let mut y = y.max(self.top);
        if let Some(clear) = self.cleared(clear) {
            y = y.max(clear);
        }
        loop {
            let (left, right) = self.room(l, r, y, Pt::ZERO);
            if (left <= l && right >= r) || size.width <= right - left + CLOSE {
                return Point::new(if float == Float::Left { left } else { right - size.width }, y);
            }
            match self.below(y) {
                Some(next) => y = next,
                None => return Point::new(if float == Float::Left { l } else { r - size.width }, y),
            }
        }
    }

    pub fn add(&mut self, float: FloatBox) {
        self.top = self.top.max(float.rect.y);
        let side = if float.left { &mut self.left } else { &mut self.right };
        *side = side.max(float.rect.bottom());
        self.boxes.push(float);
        while self.boxes.get(self.first).is_some_and(|f| f.rect.bottom() <= self.top) {
            self.first += 1;
        }
    }

    /// Takes back all but the first floats.
    fn truncate(&mut self, count: usize) {
        let mut again = Self { outside: self.outside, ..Self::default() };
        self.boxes.truncate(count);
        self.boxes.iter().for_each(|f| again.add(*f));
        *self = again;
    }

    /// What reaches into a box whose corner is `at`.
    #[must_use]
    pub fn inside(&self, at: Point) -> Self {
        let mut inside = Self::default();
        let back = Point::new(-at.x, -at.y);
        for f in self.live(at.y).iter().filter(|f| f.rect.bottom() > at.y + CLOSE) {
            inside.add(FloatBox { rect: f.rect.translated(back), left: f.left });
        }
        inside.outside = inside.boxes.len();
        inside
    }

    /// Takes over what hangs out of a child whose corner is `at`.
    pub fn take_in(&mut self, fragment: &Fragment, at: Point) {
        for f in &fragment.floats {
            self.add(FloatBox { rect: f.rect.translated(at), left: f.left });
        }
    }

    /// What did not come from outside.
    #[must_use]
    pub fn own(mut self) -> Vec<FloatBox> {
        self.boxes.drain(..self.outside.min(self.boxes.len()));
        self.boxes
    }
}

/// A float that is laid out and looks for its place.
#[derive(Debug)]
pub struct Floating {
    pub el: El,
    pub fragment: Arc<Fragment>,
    /// Of its margin box.
    pub size: Size,
    /// From the corner of the margin box to that of the border box.
    pub inset: Point,
}

impl Floating {
    fn place(&self, floats: &mut Floats, y: Pt, l: Pt, r: Pt) -> Point {
        let style = &self.el.style;
        let corner = floats.find(style.float, style.clear, self.size, y, l, r);
        let rect = Rect::new(corner.x, corner.y, self.size.width, self.size.height);
        floats.add(FloatBox { rect, left: style.float == Float::Left });
        corner + self.inset
    }
}

/// Lines beside floats: their content box begins at `at`.
#[derive(Debug)]
pub struct Beside<'f> {
    pub floats: &'f mut Floats,
    /// By the numbers that the text calls them.
    pub floating: &'f [(usize, Floating)],
    pub at: Point,
    pub width: Pt,
    /// Which came to stand where: their border boxes; and how many floats there were before.
    pub placed: Vec<(usize, Point, usize)>,
    pub waiting: Vec<usize>,
}

impl Beside<'_> {
    fn put(&mut self, id: usize, y: Pt) {
        if let Ok(index) = self.floating.binary_search_by_key(&id, |(id, _)| *id)
            && let Some((_, floating)) = self.floating.get(index)
        {
            let before = self.floats.boxes.len();
            let at = floating.place(self.floats, self.at.y + y, self.at.x, self.at.x + self.width);
            self.placed.push((index, at, before));
        }
    }
}

impl Around for Beside<'_> {
    fn room(&mut self, top: Pt, height: Pt) -> (Pt, Pt) {
        let (l, r) = self.floats.room(self.at.x, self.at.x + self.width, self.at.y + top, height);
        (l - self.at.x, r - self.at.x)
    }

    fn below(&mut self, top: Pt) -> Option<Pt> {
        self.floats.below(self.at.y + top).map(|y| y - self.at.y)
    }

    fn float(&mut self, id: usize, top: Pt, used: Pt) -> bool {
        let fits = used <= Pt::ZERO || {
            let (l, r) = self.room(top, Pt::ZERO);
            let width = self.floating.binary_search_by_key(&id, |(id, _)| *id).ok();
            let floating = width.and_then(|i| self.floating.get(i)).map(|(_, f)| f);
            let clears = floating.and_then(|f| self.floats.cleared(f.el.style.clear));
            floating.is_some_and(|f| used + f.size.width <= r - l + CLOSE)
                && clears.is_none_or(|c| c <= self.at.y + top + CLOSE)
        };
        if !fits || !self.waiting.is_empty() {
            self.waiting.push(id);
            return false;
        }
        self.put(id, top);
        true
    }

    fn rewind(&mut self, id: usize) {
        self.waiting.retain(|w| *w < id);
        let keep = self.placed.iter().position(|(i, ..)| self.floating.get(*i).is_some_and(|(f, _)| *f >= id));
        if let Some((_, _, before)) = keep.and_then(|i| self.placed.get(i)) {
            self.floats.truncate(*before);
            self.placed.truncate(keep.unwrap_or(0));
        }
    }

    fn line_ends(&mut self, bottom: Pt) {
        for id in std::mem::take(&mut self.waiting) {
            self.put(id, bottom);
        }
    }
}

impl Engine<'_> {
    /// Lays out a float in a containing block of this size.
    pub(in crate::layout) fn floating(
        &mut self,
        mut el: El,
        width: Pt,
        height: Option<Pt>,
        direction: Direction,
    ) -> Floating {
        el.relative = super::block::relative(&el.style, width, height, direction);
        el.blockified = true;
        let margin = sizes::margins(&el.style, width);
        let [top, right, bottom, left] =
            [margin.top, margin.right, margin.bottom, margin.left].map(|m| m.unwrap_or(Pt::ZERO));
        let space = Space { width: Width::Fit(width - left - right), ..Space::flow(width, height) };
        let fragment = self.lay_out(&el, space);
        let size = Size::new(fragment.size.width + left + right, fragment.size.height + top + bottom);
        Floating { el, fragment, size, inset: Point::new(left, top) }
    }

    /// Lays out a float directly in a block and places it, not above `y`; where its border box ends.
    pub(in crate::layout) fn float(
        &mut self,
        owner: &El,
        el: El,
        place: &super::block::Place,
        y: Pt,
        floats: &mut Floats,
        parts: &mut Parts,
    ) -> Pt {
        let floating = self.floating(el, place.width, place.height, owner.style.text.direction);
        let at = floating.place(floats, y, place.origin.x, place.origin.x + place.width);
        parts.attach_float(&floating.el, &floating.fragment, at, floating.el.start - owner.start);
        at.y + floating.fragment.size.height
    }

    /// Whether floats outside keep out of the box, and those inside stay in it (section 9.4.1).
    pub(in crate::layout) fn contains_floats(&self, el: &El) -> bool {
        let style = &el.style;
        (style.cuts() && !self.is_viewport(el))
            || style.on_overflow != crate::markup::paged::OnOverflow::Reject
            || self.is_turned(el)
            || !matches!(el.display(), Display::Block | Display::ListItem | Display::Inline)
            || self.is_replaced(el)
    }

    /// Lays out a block where floats may stand beside it or have to be cleared. The answer is its fragment, where it
    /// stands from the corner of the content box, and whether it was moved down to clear floats.
    pub(in crate::layout) fn beside(
        &mut self,
        kid: &El,
        place: &super::block::Place,
        rtl: bool,
        next_y: impl Fn(crate::layout::fragment::Collapse) -> Pt,
        floats: &Floats,
    ) -> (Arc<Fragment>, Point, bool) {
        let space = Space::flow(place.width, place.height);
        let origin = place.origin;
        let flowing = self.flowing;
        let plain = self.lay_out_again(kid, space);
        let clear = floats.cleared(kid.style.clear).map(|c| c - origin.y);
        let mut cleared = clear.filter(|c| *c > next_y(plain.top) + CLOSE);
        let mut y = cleared.unwrap_or_else(|| next_y(plain.top));
        let left = match rtl && place.width.is_finite() {
            true => place.width - plain.size.width - plain.margin.right,
            false => plain.margin.left,
        };
        let plain_at = |y| Point::new(left, y);
        if !floats.reach_below(origin.y + y) {
            let at = plain_at(y);
            return (plain, at, cleared.is_some());
        }
        if self.contains_floats(kid) {
            let (fragment, at) = self.squeezed(kid, place, rtl, plain, y, floats);
            return (fragment, at, cleared.is_some());
        }
        let mut fragment = Arc::clone(&plain);
        // floats may change which margins meet at its top, and with them where it stands
        for _ in 0..3 {
            self.intruding = floats.inside(Point::new(origin.x + left, origin.y + y));
            self.flowing = flowing;
            fragment = Arc::new(self.compute(kid, space, None));
            self.intruding = Floats::default();
            cleared = clear.filter(|c| *c > next_y(fragment.top) + CLOSE);
            let again = cleared.unwrap_or_else(|| next_y(fragment.top));
            if (again - y).abs() <= CLOSE {
                break;
            }
            y = again;
        }
        (fragment, plain_at(y), cleared.is_some())
    }

    #[allow(clippy::too_many_arguments)]
    /// A box that must not overlap floats: beside them where there is room for it, else below.
    fn squeezed(
        &mut self,
        kid: &El,
        place: &super::block::Place,
        rtl: bool,
        plain: Arc<Fragment>,
        mut y: Pt,
        floats: &Floats,
    ) -> (Arc<Fragment>, Point) {
        let (left, right) = (place.origin.x, place.origin.x + place.width);
        let margin = sizes::margins(&kid.style, place.width);
        let own = (margin.left.unwrap_or(Pt::ZERO), margin.right.unwrap_or(Pt::ZERO));
        let fills = kid.style.width == Dimension::Auto
            && !self.is_replaced(kid)
            && !matches!(kid.display(), Display::Table | Display::InlineTable);
        let frame = sizes::Frame::new(&kid.style, place.width);
        let least = if fills { self.content_widths(kid).0 + frame.across } else { Pt::ZERO };
        loop {
            let room = |height| {
                let (l, r) = floats.room(left, right, place.origin.y + y, height);
                (l.max(left + own.0), r.min(right - own.1))
            };
            let (l, r) = room(Pt::ZERO);
            let fragment = if fills {
                let width = sizes::clamp_width(&kid.style, (r - l).max(least), place.width, frame.across);
                self.lay_out_again(kid, Space { width: Width::Known(width), ..Space::flow(place.width, place.height) })
            } else {
                Arc::clone(&plain)
            };
            let (l, r) = room(fragment.size.height);
            let next = floats.below(place.origin.y + y).map(|b| b - place.origin.y);
            if fragment.size.width <= r - l + TOLERANCE || next.is_none() {
                // automatic margins share the room that there is
                let spare = (r - l - fragment.size.width).max(Pt::ZERO);
                let shift = match (margin.left, margin.right) {
                    (None, None) if !fills => spare / 2.0,
                    (None, Some(_)) if !fills => spare,
                    _ if rtl => spare,
                    _ => Pt::ZERO,
                };
                return (fragment, Point::new(l + shift - left, y));
            }
            y = next.unwrap_or(y);
        }
    }
}
