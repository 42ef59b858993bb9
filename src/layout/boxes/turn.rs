//! Boxes of one direction of writing inside those of another (orthogonal flows: CSS Writing Modes 4, section 7.3).
//!
//! Every box is laid out along its own lines: x runs along them, y from block to block. Where a box meets one that is
//! written otherwise its fragment is turned, once, into the coordinates of the box around it; the page's are the last.
//! Positions, rectangles, paths and clips are turned. What they show is not: pictures, symbols and glyphs stand on the
//! paper as they did, for a glyph run says itself how its glyphs lie.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::engine::Engine;
use super::sizes::{self, Frame};
use super::tree::El;
use crate::asset::image::Image;
use crate::base::{Affine, Point, Pt, Rect, Size};
use crate::layout::fault::{Axis, FaultKind};
use crate::layout::fragment::{Collapse, Fragment, Height, Parts, Space, Width};
use crate::layout::paint::ground;
use crate::markup::style::{Axes, Dimension, LengthPercent, Style};
use crate::page::{GlyphRun, GroupItem, ImageItem, Item, ItemList, Modules, Path, Segment, Shading, ShadingItem};

/// Between coordinates along lines of some direction and those of the paper: the axes change places, and each may
/// change its sign. x' = sx · y + x0, y' = sy · x + y0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    sx: f32,
    sy: f32,
    x0: Pt,
    y0: Pt,
}

impl Turn {
    /// From along the lines to the paper, for a box of this size along its lines. `axes` are not horizontal.
    #[must_use]
    pub fn out(axes: Axes, size: Size) -> Self {
        match axes {
            Axes::Horizontal | Axes::VerticalLr => Self { sx: 1.0, sy: 1.0, x0: Pt::ZERO, y0: Pt::ZERO },
            Axes::VerticalRl => Self { sx: -1.0, sy: 1.0, x0: size.height, y0: Pt::ZERO },
            Axes::SidewaysLr => Self { sx: 1.0, sy: -1.0, x0: Pt::ZERO, y0: size.width },
        }
    }

    /// From the paper to along the lines, for a box of this size on the paper.
    #[must_use]
    pub fn within(axes: Axes, size: Size) -> Self {
        match axes {
            Axes::Horizontal | Axes::VerticalLr => Self { sx: 1.0, sy: 1.0, x0: Pt::ZERO, y0: Pt::ZERO },
            Axes::VerticalRl => Self { sx: 1.0, sy: -1.0, x0: Pt::ZERO, y0: size.width },
            Axes::SidewaysLr => Self { sx: -1.0, sy: 1.0, x0: size.height, y0: Pt::ZERO },
        }
    }

    /// The same about the origin.
    #[must_use]
    pub fn about_origin(self) -> Self {
        Self { x0: Pt::ZERO, y0: Pt::ZERO, ..self }
    }

    #[must_use]
    pub fn moved(self, by: Point) -> Self {
        Self { x0: self.x0 + by.x, y0: self.y0 + by.y, ..self }
    }

    #[must_use]
    pub fn point(&self, p: Point) -> Point {
        Point::new(p.y * self.sx + self.x0, p.x * self.sy + self.y0)
    }

    #[must_use]
    pub fn rect(&self, r: Rect) -> Rect {
        let near = self.point(Point::new(r.x, r.y));
        let x = if self.sx < 0.0 { near.x - r.height } else { near.x };
        let y = if self.sy < 0.0 { near.y - r.width } else { near.y };
        Rect::new(x, y, r.height, r.width)
    }

    fn segments(&self, segments: &mut [Segment]) {
        for s in segments {
            *s = match *s {
                Segment::Rect(r) => Segment::Rect(self.rect(r)),
                Segment::Move(p) => Segment::Move(self.point(p)),
                Segment::Line(p) => Segment::Line(self.point(p)),
                Segment::Cubic(a, b, c) => Segment::Cubic(self.point(a), self.point(b), self.point(c)),
                Segment::Close => Segment::Close,
            };
        }
    }

    /// What a transformation becomes that acts before this turn, when it acts after it.
    #[must_use]
    pub fn transform(&self, m: &Affine) -> Affine {
        if *m == Affine::IDENTITY {
            return *m;
        }
        let sign = self.sx * self.sy;
        // where the origin of the turned coordinates lies in the old ones
        let (x, y) = (-self.y0.0 * self.sy, -self.x0.0 * self.sx);
        let moved = Point::new(Pt(m.a * x + m.c * y + m.e), Pt(m.b * x + m.d * y + m.f));
        let to = self.point(moved);
        Affine { a: m.d, b: sign * m.c, c: sign * m.b, d: m.a, e: to.x.0, f: to.y.0 }
    }

    pub fn items(&self, items: &mut [Item]) {
        for item in items {
            self.item(item);
        }
    }

    fn item(&self, item: &mut Item) {
        match item {
            Item::Glyphs(GlyphRun { origin, .. }) => *origin = self.point(*origin),
            Item::Path(Path { segments, .. }) => self.segments(segments),
            Item::Image(ImageItem { rect, .. }) => *rect = self.rect(*rect),
            Item::Modules(modules) => self.modules(modules),
            Item::Shading(ShadingItem { segments, shading, .. }) => {
                self.segments(segments);
                let axes = Affine { a: 0.0, b: self.sy, c: self.sx, d: 0.0, e: self.x0.0, f: self.y0.0 };
                let transform = shading.transform.then(&axes);
                *shading = Arc::new(Shading { transform, ..Shading::clone(shading) });
            }
            Item::Group(GroupItem { transform, clip, items, .. }) => {
                *transform = self.transform(transform);
                if let Some(clip) = clip {
                    self.segments(clip);
                }
                self.items(items);
            }
            Item::List(at, list) => {
                *at = self.point(*at);
                *list = self.about_origin().list(list);
            }
        }
    }

    fn modules(&self, m: &mut Modules) {
        let upright = m.rect();
        let (width, height) = (upright.width, upright.height);
        // the symbol stands upright before and after: its sides do not change places
        let r = self.rect(upright);
        m.at = Point::new(r.x + (r.width - width) / 2.0, r.y + (r.height - height) / 2.0);
    }

    /// A list about its origin. One that others hold too is turned once for all of them.
    #[must_use]
    pub fn list(&self, list: &Arc<ItemList>) -> Arc<ItemList> {
        let turn = || {
            let mut items = list.items.clone();
            self.items(&mut items);
            let (lines, more_lines) = (list.lines, list.more_lines.clone());
            Arc::new(ItemList { lines, more_lines, ..ItemList::new(items, list.recurs) })
        };
        let key = (self.sx < 0.0, self.sy < 0.0);
        if Arc::strong_count(list) == 1 && !list.recurs {
            return turn();
        }
        let (known, turned) = list.turned.get_or_init(|| (key, turn()));
        if *known == key { Arc::clone(turned) } else { turn() }
    }

    /// All that a fragment holds; its own measures are the caller's to say.
    fn fragment(&self, f: Fragment) -> Fragment {
        let mut parts = Parts {
            layers: f.layers,
            escapes: f.escapes,
            texts: f.texts,
            marks: f.marks,
            faults: f.faults,
            ..Parts::default()
        };
        parts.turn(self);
        // The list hangs where the corner of the box that was comes to lie.
        parts.push_list(Point::ZERO, &f.list);
        self.items(&mut parts.items);
        Fragment {
            size: Size::new(f.size.height, f.size.width),
            list: Arc::new(ItemList::new(parts.items, f.list.recurs)),
            layers: parts.layers,
            escapes: parts.escapes,
            texts: parts.texts,
            marks: parts.marks,
            faults: parts.faults,
            ..Fragment::default()
        }
    }
}

impl Parts {
    /// Turns what is not painted in the flow.
    pub fn turn(&mut self, turn: &Turn) {
        let about = turn.about_origin();
        for layer in &mut self.layers {
            layer.at = turn.point(layer.at);
            layer.list = about.list(&layer.list);
        }
        for text in &mut self.texts {
            text.rect = turn.rect(text.rect);
        }
        for mark in &mut self.marks {
            *mark = mark.map(|r| turn.rect(r));
        }
        for escape in &mut self.escapes {
            escape.at = turn.point(escape.at);
            escape.room.swap(0, 1);
            escape.far = [(turn.sx < 0.0) != escape.far[1], (turn.sy < 0.0) != escape.far[0]];
        }
        for fault in &mut self.faults {
            if let FaultKind::Overflow { axis, .. } = &mut fault.kind {
                *axis = if *axis == Axis::Vertical { Axis::Horizontal } else { Axis::Vertical };
            }
        }
    }
}

/// Styles that were turned, by their address and the axes; each keeps the style alive that its address is of.
#[derive(Debug, Default)]
pub struct Turned {
    known: FxHashMap<(usize, Axes), (Arc<Style>, Arc<Style>)>,
}

const MOST_TURNED: usize = 4096;

impl Turned {
    /// `style` as it is seen along lines that lie as `axes` says.
    pub fn seen_along(&mut self, style: &Arc<Style>, axes: Axes) -> Arc<Style> {
        if style.axes == axes {
            return Arc::clone(style);
        }
        let key = (Arc::as_ptr(style) as usize, axes);
        if let Some((_, turned)) = self.known.get(&key) {
            return Arc::clone(turned);
        }
        if self.known.len() >= MOST_TURNED {
            self.known.clear();
        }
        let turned = style.seen_along(axes);
        self.known.insert(key, (Arc::clone(style), Arc::clone(&turned)));
        turned
    }
}

impl Engine<'_> {
    /// How the lines inside a box lie. Pictures and symbols always stand upright.
    pub(in crate::layout) fn own_axes(&self, el: &El) -> Axes {
        let axes = el.style.text.writing_mode.axes();
        if !axes.is_horizontal() && self.is_replaced_box(el) { Axes::Horizontal } else { axes }
    }

    /// Whether a box is written along other axes than the one around it.
    pub(in crate::layout) fn is_turned(&self, el: &El) -> bool {
        // Two comparisons where all is horizontal.
        let (around, inside) = (el.style.axes, el.style.text.writing_mode.axes());
        !(around.is_horizontal() && inside.is_horizontal()) && self.own_axes(el) != around
    }

    fn is_replaced_box(&self, el: &El) -> bool {
        el.part == super::tree::Part::Element && self.is_replaced(el)
    }

    /// Lays out a box that is written along other axes than the one around it, whose coordinates `space` and the
    /// fragment are in.
    pub(in crate::layout) fn across(&mut self, el: &El, space: Space) -> Fragment {
        let (around, own) = (el.style.axes, self.own_axes(el));
        let crossing = around.is_horizontal() != own.is_horizontal();
        let measured = space.width == Width::Measure;
        let frame = Frame::new(&el.style, space.block_width);
        let margin = sizes::margins(&el.style, space.block_width);
        let outer_down = margin.top.unwrap_or(Pt::ZERO) + margin.bottom.unwrap_or(Pt::ZERO);

        let style = self.turned.seen_along(&el.style, own);
        let mut inner = El { style, relative: Point::ZERO, ..el.clone() };
        let mut within = space;
        if crossing {
            // section 7.3.1: where the height is not known, that of the page
            let page = if own.is_horizontal() { self.page_area.width } else { self.page_area.height };
            let available = space.block_height.unwrap_or(page);
            within = Space {
                block_width: available,
                block_height: (!measured).then_some(space.block_width),
                width: match space.height {
                    Height::Known { height, .. } => Width::Known(height),
                    _ => Width::Fit(available - outer_down),
                },
                height: match space.width {
                    Width::Known(width) => Height::Known { height: width, definite: true },
                    _ => Height::Style,
                },
            };
            self.settle_percentages(&mut inner, &space, &el.style, own);
        } else if measured {
            return Fragment { size: self.measured(&inner), ..Fragment::default() };
        }

        let mut f = if self.shrinks(&inner) {
            self.shrink(&inner, within)
        } else {
            self.whole(&inner, within, None, Parts::default())
        };
        if !own.is_horizontal() {
            f = Turn::out(own, f.size).fragment(f);
        }
        if !around.is_horizontal() {
            f = Turn::within(around, f.size).fragment(f);
        }
        if measured {
            let width = (f.size.width - frame.across).max(Pt::ZERO);
            return Fragment { size: Size::new(width, width), ..Fragment::default() };
        }
        for escape in &mut f.escapes {
            escape.el.style = self.turned.seen_along(&escape.el.style, around);
        }
        let margin = super::engine::horizontal_margins(margin, &space, f.size.width);
        let or_zero = |m: Option<Pt>| m.unwrap_or(Pt::ZERO);
        let margin = crate::base::Edges {
            top: or_zero(margin.top),
            right: or_zero(margin.right),
            bottom: or_zero(margin.bottom),
            left: or_zero(margin.left),
        };
        Fragment { margin, top: Collapse::of(margin.top), bottom: Collapse::of(margin.bottom), ..f }
    }

    /// Percentages that do not mean the same along the box's own lines: paddings are of the *containing block's*
    /// line length on all sides, and a share of a height that is not known is `auto`.
    fn settle_percentages(&mut self, inner: &mut El, space: &Space, outer: &Style, own: Axes) {
        let has_share = |p: LengthPercent| p.percent != 0.0;
        let p = &outer.padding;
        let padded = [p.top, p.right, p.bottom, p.left].into_iter().any(has_share);
        let unknown = space.block_height.is_none() && matches!(outer.height, Dimension::Value(v) if has_share(v));
        if !padded && !unknown {
            return;
        }
        let mut style = Style::clone(&inner.style);
        if padded {
            let fixed = |v: LengthPercent| LengthPercent::length(v.resolve(space.block_width));
            let mut paper = style.axes.edges_out(style.padding);
            for side in [&mut paper.top, &mut paper.right, &mut paper.bottom, &mut paper.left] {
                *side = fixed(*side);
            }
            style.padding = own.edges_in(paper);
        }
        if unknown {
            style.width = Dimension::Auto;
        }
        inner.style = Arc::new(style);
    }
}

/// As [`ground::decorate`], for a box that may be seen along lines of any direction. `paper` is its style on the paper.
pub fn decorate(out: &mut Vec<Item>, axes: Axes, paper: &Style, rect: Rect, images: &[Option<Arc<Image>>]) {
    if axes.is_horizontal() {
        return ground::decorate(out, paper, rect, images);
    }
    let size = Size::new(rect.height, rect.width);
    let mut items = Vec::new();
    ground::decorate(&mut items, paper, Rect::new(Pt::ZERO, Pt::ZERO, size.width, size.height), images);
    Turn::within(axes, size).moved(Point::new(rect.x, rect.y)).items(&mut items);
    out.append(&mut items);
}

/// Draws on the paper what belongs to a box that may be seen along lines of any direction; `rect` is as it is seen.
pub fn drawn(out: &mut Vec<Item>, axes: Axes, rect: Rect, draw: impl FnOnce(&mut Vec<Item>, Rect)) {
    if axes.is_horizontal() {
        return draw(out, rect);
    }
    let size = Size::new(rect.height, rect.width);
    let mut items = Vec::new();
    draw(&mut items, Rect::new(Pt::ZERO, Pt::ZERO, size.width, size.height));
    Turn::within(axes, size).moved(Point::new(rect.x, rect.y)).items(&mut items);
    out.append(&mut items);
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERTICAL: [Axes; 3] = [Axes::VerticalRl, Axes::VerticalLr, Axes::SidewaysLr];

    fn pt(x: f32, y: f32) -> Point {
        Point::new(Pt(x), Pt(y))
    }

    #[test]
    fn within_undoes_out() {
        let size = Size::new(Pt(100.0), Pt(30.0));
        let paper = Size::new(Pt(30.0), Pt(100.0));
        let m = Affine { a: 1.0, b: 2.0, c: 3.0, d: 4.0, e: 5.0, f: 6.0 };
        for axes in VERTICAL {
            let (out, within) = (Turn::out(axes, size), Turn::within(axes, paper));
            let rect = Rect::new(Pt(10.0), Pt(5.0), Pt(20.0), Pt(4.0));
            assert_eq!(within.point(out.point(pt(7.0, 3.0))), pt(7.0, 3.0), "{axes:?}");
            assert_eq!(within.rect(out.rect(rect)), rect, "{axes:?}");
            assert_eq!(within.transform(&out.transform(&m)), m, "{axes:?}");
        }
    }

    #[test]
    fn the_first_line_of_vertical_text_is_at_the_right_or_the_left() {
        // a box of lines 100 long, 30 for all of them; the first is 12 high
        let size = Size::new(Pt(100.0), Pt(30.0));
        let first = Rect::new(Pt::ZERO, Pt::ZERO, Pt(50.0), Pt(12.0));
        let rl = Turn::out(Axes::VerticalRl, size).rect(first);
        assert_eq!(rl, Rect::new(Pt(18.0), Pt::ZERO, Pt(12.0), Pt(50.0)));
        let lr = Turn::out(Axes::VerticalLr, size).rect(first);
        assert_eq!(lr, Rect::new(Pt::ZERO, Pt::ZERO, Pt(12.0), Pt(50.0)));
        let up = Turn::out(Axes::SidewaysLr, size).rect(first);
        assert_eq!(up, Rect::new(Pt::ZERO, Pt(50.0), Pt(12.0), Pt(50.0)), "it starts at the foot");
    }

    #[test]
    fn a_transformation_acts_alike_before_and_after_a_turn() {
        let m = Affine { a: 0.5, b: 0.25, c: -1.0, d: 2.0, e: 3.0, f: -4.0 };
        let apply = |m: &Affine, p: Point| pt(m.a * p.x.0 + m.c * p.y.0 + m.e, m.b * p.x.0 + m.d * p.y.0 + m.f);
        for axes in VERTICAL {
            let turn = Turn::out(axes, Size::new(Pt(64.0), Pt(32.0)));
            let p = pt(8.0, 2.0);
            assert_eq!(apply(&turn.transform(&m), turn.point(p)), turn.point(apply(&m, p)), "{axes:?}");
        }
    }

    #[test]
    fn a_symbol_stays_square_where_it_was() {
        let bits: Arc<[u64]> = Arc::from([0u64; 21]);
        let (module, ink) = (Pt(1.0), crate::color::Ink::BLACK);
        let (heights, reduction, quiet) = (None, Pt::ZERO, crate::base::Edges::default());
        let at = pt(10.0, 4.0);
        let mut m = Modules { at, module, columns: 21, rows: 21, bits, heights, reduction, quiet, ink };
        Turn::out(Axes::VerticalRl, Size::new(Pt(60.0), Pt(40.0))).modules(&mut m);
        assert_eq!(m.at, pt(40.0 - 4.0 - 21.0, 10.0));
    }
}
