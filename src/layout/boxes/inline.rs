//! Inline content: from elements to what `text` lays out, and from its lines to items.

use std::sync::Arc;

use super::engine::Engine;
use super::float::{Beside, Floating, Floats};
use super::inside::Inside;
use super::ruby::{Column, Into};
use super::sizes::{self, Frame};
use super::tree::{El, Inl, Part};
use super::turn;
use crate::asset::variation::MOST_INSTANCES;
use crate::base::{Edges, Point, Pt, Rect};
use crate::layout::fault::{Axis, Fault, FaultKind};
use crate::layout::fragment::{Fragment, Parts, Space, TextExtent, Width};
use crate::layout::pages::cuts::Gap;
use crate::layout::paint::ground;
use crate::layout::text::{self, Block, InlineItem, TextFaultKind, TextLayout};
use crate::markup::dom::{Dom, NodeId, NodeKind, Text};
use crate::markup::name::Name;
use crate::markup::style::{
    Border, Dimension, Direction, Display, Float, Style, TextDecoration, TextStyle, UnicodeBidi,
};

/// Lines that were laid out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lines {
    pub count: usize,
    pub height: Pt,
    /// From the top of the first line.
    pub first_baseline: Option<Pt>,
    pub last_baseline: Option<Pt>,
}

/// One piece of inline content with everything it needs kept alive.
#[derive(Debug)]
pub(in crate::layout) enum Flat {
    Text(NodeId),
    /// From this byte on.
    Tail(NodeId, usize),
    Generated(Arc<str>),
    Open(Box<Open>),
    Close,
    Break,
    Atom(Box<Atom>),
    Ruby(Box<Column>),
    /// Its contributions where it is only measured; taken away once it is placed.
    Float(Option<Box<Floating>>, (Pt, Pt)),
    /// An absolutely positioned box, where it stands in the text.
    Anchor(Box<El>),
    /// The element that was just opened is drawn elsewhere, or translucent.
    Effect(Point, f32),
}

#[derive(Debug)]
pub(in crate::layout) struct Open {
    pub el: El,
    pub frame: Frame,
    margin: Edges<Pt>,
    painted: bool,
    starts: bool,
    ends: bool,
}

/// A box that stands in a line as if it were one character.
#[derive(Debug)]
pub(in crate::layout) struct Atom {
    el: El,
    fragment: Arc<Fragment>,
    margin: Edges<Pt>,
    width: Pt,
    height: Pt,
    baseline: Pt,
}

fn all_or_zero(m: Edges<Option<Pt>>) -> Edges<Pt> {
    let z = |v: Option<Pt>| v.unwrap_or(Pt::ZERO);
    Edges { top: z(m.top), right: z(m.right), bottom: z(m.bottom), left: z(m.left) }
}

impl Engine<'_> {
    /// Lays out a run of inline content of the block `el` into lines whose top left corner is `at`.
    /// `floats` stand in their way; without them there are none, and none among the content.
    pub(in crate::layout) fn inline(
        &mut self,
        el: &El,
        run: &[Inl],
        at: Point,
        width: Pt,
        floats: Option<&mut Floats>,
        parts: &mut Parts,
    ) -> Lines {
        let mut flat = Vec::with_capacity(run.len());
        self.flatten(el, run, Some(width), at, parts, &mut flat);
        override_direction(&el.style, &mut flat);
        let mut layout = self.spare.pop().unwrap_or_default();
        match floats {
            Some(floats) if floats.reach_below(at.y) || flat.iter().any(|f| matches!(f, Flat::Float(..))) => {
                self.lay_out_beside(el, &mut flat, at, width, floats, &mut layout, parts);
            }
            _ => self.lay_out_lines(el, &flat, width, &mut layout),
        }
        self.take_faults(el, &layout, parts);
        if parts.flowing {
            let (orphans, widows) = (usize::from(el.style.orphans), usize::from(el.style.widows));
            let count = layout.lines.len();
            for (i, line) in layout.lines.iter().enumerate().skip(1) {
                let y = at.y + line.top;
                parts.gaps.push(Gap { before: y, after: y, avoid: i < orphans || count - i < widows });
            }
        }
        self.paint_lines(el, &flat, &mut layout, at, parts);
        let lines = Lines {
            count: layout.lines.len(),
            height: layout.height,
            first_baseline: layout.first_baseline(),
            last_baseline: layout.last_baseline(),
        };
        self.spare.push(layout);
        lines
    }

    /// The least and greatest useful width of a run.
    pub(in crate::layout) fn inline_widths(&mut self, el: &El, run: &[Inl]) -> (Pt, Pt) {
        let mut flat = Vec::with_capacity(run.len());
        self.flatten(el, run, None, Point::ZERO, &mut Parts::default(), &mut flat);
        override_direction(&el.style, &mut flat);
        let (style, dom) = (Arc::clone(&el.style), self.dom);
        let items: Vec<InlineItem<'_>> = flat.iter().enumerate().map(|(i, f)| item_of(dom, f, i)).collect();
        let block = block_of(&style, Pt::ZERO);
        let m = text::measure(self.text, &self.shared.fonts, &items, &block);
        (m.min, m.max)
    }

    fn lay_out_lines(&mut self, el: &El, flat: &[Flat], width: Pt, layout: &mut TextLayout) {
        let (style, dom) = (Arc::clone(&el.style), self.dom);
        let block = block_of(&style, style.text.text_indent.resolve(width));
        if let [one] = flat {
            let items = [item_of(dom, one, 0)];
            text::lay_out(self.text, &self.shared.fonts, &items, &block, width, layout);
        } else {
            let items: Vec<InlineItem<'_>> = flat.iter().enumerate().map(|(i, f)| item_of(dom, f, i)).collect();
            text::lay_out(self.text, &self.shared.fonts, &items, &block, width, layout);
        }
    }
}

impl Engine<'_> {
    /// Lines beside floats, and the floats among them.
    #[allow(clippy::too_many_arguments)]
    fn lay_out_beside(
        &mut self,
        el: &El,
        flat: &mut [Flat],
        at: Point,
        width: Pt,
        floats: &mut Floats,
        layout: &mut TextLayout,
        parts: &mut Parts,
    ) {
        let (style, dom) = (Arc::clone(&el.style), self.dom);
        let block = block_of(&style, style.text.text_indent.resolve(width));
        let take = |(i, f): (usize, &mut Flat)| match f {
            Flat::Float(floating, _) => floating.take().map(|f| (i, *f)),
            _ => None,
        };
        let floating: Vec<(usize, Floating)> = flat.iter_mut().enumerate().filter_map(take).collect();
        let items: Vec<InlineItem<'_>> = flat.iter().enumerate().map(|(i, f)| item_of(dom, f, i)).collect();
        let mut beside = Beside { floats, floating: &floating, at, width, placed: Vec::new(), waiting: Vec::new() };
        text::lay_out_around(self.text, &self.shared.fonts, &items, &block, width, &mut beside, layout);
        for (index, at, _) in beside.placed {
            if let Some((_, f)) = floating.get(index) {
                parts.attach_float(&f.el, &f.fragment, at, f.el.start - el.start);
            }
        }
    }
}

/// As `text` wants it. `id` is the place in the list, to find it again.
pub(in crate::layout) fn item_of<'b>(dom: &'b Dom, flat: &'b Flat, id: usize) -> InlineItem<'b> {
    match flat {
        Flat::Text(node) => {
            let n = dom.node(*node);
            let exact = matches!(&n.kind, NodeKind::Text(Text::Source(_)));
            InlineItem::Text { text: dom.text(*node).unwrap_or(""), at: n.span.start, exact }
        }
        Flat::Tail(node, from) => {
            let n = dom.node(*node);
            let exact = matches!(&n.kind, NodeKind::Text(Text::Source(_)));
            let text = dom.text(*node).and_then(|t| t.get(*from..)).unwrap_or("");
            let at = if exact { n.span.start.saturating_add(*from as u32) } else { n.span.start };
            InlineItem::Text { text, at, exact }
        }
        Flat::Generated(text) => InlineItem::Text { text, at: 0, exact: false },
        Flat::Open(open) => {
            let style = &open.el.style;
            InlineItem::Open {
                id,
                style: &style.text,
                vertical_align: style.vertical_align,
                decoration: style.text_decoration,
                visible: style.visible,
                painted: open.painted,
                margin: open.margin,
                border: open.frame.border,
                padding: open.frame.padding,
            }
        }
        Flat::Ruby(column) => InlineItem::Ruby {
            style: &column.el.style.text,
            decoration: TextDecoration::default(),
            visible: column.el.style.visible,
            annotations: &column.annotations,
            merge: column.merge,
            group: column.group,
        },
        Flat::Close => InlineItem::Close,
        Flat::Break => InlineItem::Break,
        Flat::Anchor(_) => InlineItem::Anchor { id },
        Flat::Effect(moved, opacity) => InlineItem::Effect { moved: *moved, opacity: *opacity },
        Flat::Float(_, widths) => InlineItem::Float { id, widths: *widths },
        Flat::Atom(atom) => InlineItem::Box {
            id,
            width: atom.width,
            height: atom.height,
            baseline: atom.baseline,
            vertical_align: atom.el.style.vertical_align,
            at: atom.el.start,
        },
    }
}

/// What is so where an element starts, and where it ends, as what is so at its left and at its right.
fn sides(el: &El, starts: bool, ends: bool) -> (bool, bool) {
    if el.style.text.direction == Direction::Rtl { (ends, starts) } else { (starts, ends) }
}

/// A block whose `unicode-bidi` overrides what the characters say.
fn override_direction(style: &Style, flat: &mut Vec<Flat>) {
    if matches!(style.unicode_bidi, UnicodeBidi::BidiOverride | UnicodeBidi::IsolateOverride) {
        let (before, behind) = text::bidi::controls(UnicodeBidi::BidiOverride, style.text.direction);
        flat.insert(0, Flat::Generated(Arc::from(before)));
        flat.push(Flat::Generated(Arc::from(behind)));
    }
}

fn block_of(style: &Style, indent: Pt) -> Block<'_> {
    let room_above = match style.margin.top {
        Dimension::Value(margin) => margin.length + style.padding.top.length,
        _ => style.padding.top.length,
    };
    Block {
        style: &style.text,
        decoration: style.text_decoration,
        indent,
        plaintext: style.unicode_bidi == UnicodeBidi::Plaintext,
        room_above,
        visible: style.visible,
    }
}

impl Engine<'_> {
    /// Opens inline elements and lays out the boxes among them. Without a `width`, only measures.
    pub(in crate::layout) fn flatten(
        &mut self,
        el: &El,
        run: &[Inl],
        width: Option<Pt>,
        at: Point,
        parts: &mut Parts,
        flat: &mut Vec<Flat>,
    ) {
        for inl in run {
            match inl {
                Inl::Text(node) => flat.push(Flat::Text(*node)),
                Inl::Generated(text) => flat.push(Flat::Generated(Arc::clone(text))),
                Inl::El(inner) => self.flatten_el(el, inner, width, at, parts, flat),
                Inl::Tail(node, from) => flat.push(Flat::Tail(*node, *from)),
                Inl::Piece(piece) => {
                    self.open_inline(&piece.el, width.unwrap_or(Pt::ZERO), (piece.starts, piece.ends), flat);
                    self.flatten(el, &piece.inside, width, at, parts, flat);
                    flat.push(Flat::Close);
                }
            }
        }
    }

    fn flatten_el(
        &mut self,
        block: &El,
        el: &El,
        width: Option<Pt>,
        at: Point,
        parts: &mut Parts,
        flat: &mut Vec<Flat>,
    ) {
        if el.is_out_of_flow() {
            if width.is_some() {
                flat.push(Flat::Anchor(Box::new(El { blockified: true, ..el.clone() })));
            }
            return;
        }
        if el.style.float != Float::None {
            flat.push(match width {
                Some(w) => Flat::Float(
                    Some(Box::new(self.floating(el.clone(), w, None, block.style.text.direction))),
                    Default::default(),
                ),
                None => Flat::Float(None, self.contribution(&El { blockified: true, ..el.clone() })),
            });
            return;
        }
        let reference = width.unwrap_or(Pt::ZERO);
        if el.part == Part::Element {
            match self.dom.name(el.node) {
                Some(Name::BR) => return flat.push(Flat::Break),
                Some(Name::WBR) => return flat.push(Flat::Generated(Arc::from("\u{200b}"))),
                _ => {}
            }
        }
        if el.style.display == Display::Contents {
            // no box of its own, but its text has its style
            let none = Open {
                frame: Frame::default(),
                margin: Edges::default(),
                painted: false,
                starts: true,
                ends: true,
                el: el.clone(),
            };
            flat.push(Flat::Open(Box::new(none)));
            if self.depth < self.shared.options.max_depth {
                self.depth += 1;
                self.flatten_children(block, el, width, at, parts, flat);
                self.depth -= 1;
            }
            flat.push(Flat::Close);
            return;
        }
        if !el.display().is_inline() || (el.part == Part::Element && self.is_replaced(el)) {
            let atom = self.atom(el, width);
            return flat.push(Flat::Atom(Box::new(atom)));
        }
        if self.depth >= self.shared.options.max_depth {
            let kind = FaultKind::TooDeep { limit: self.shared.options.max_depth };
            parts.faults.push(Fault { kind, at: el.start - block.start, element: el.label(self.dom) });
            return;
        }
        self.depth += 1;
        self.open_inline(el, reference, (true, true), flat);
        let (before, behind) = text::bidi::controls(el.style.unicode_bidi, el.style.text.direction);
        if !before.is_empty() {
            flat.push(Flat::Generated(Arc::from(before)));
        }
        if el.part == Part::Element && el.display() == Display::Ruby {
            self.flatten_ruby(el, &mut Into { block, width, at, parts, flat });
        } else if el.part == Part::Element {
            self.flatten_children(block, el, width, at, parts, flat);
        } else if let Some(text) = self.generated_text(el.node, el.part, &el.style) {
            flat.push(Flat::Generated(text));
        }
        if !behind.is_empty() {
            flat.push(Flat::Generated(Arc::from(behind)));
        }
        flat.push(Flat::Close);
        self.depth -= 1;
    }

    /// Opens an inline element, or a piece of one: without the edge where it does not start or end.
    fn open_inline(&self, el: &El, reference: Pt, (starts, ends): (bool, bool), flat: &mut Vec<Flat>) {
        let mut frame = Frame::new(&el.style, reference);
        let mut margin = all_or_zero(sizes::margins(&el.style, reference));
        let (left, right) = sides(el, starts, ends);
        if !left {
            (frame.padding.left, frame.border.left, margin.left) = (Pt::ZERO, Pt::ZERO, Pt::ZERO);
        }
        if !right {
            (frame.padding.right, frame.border.right, margin.right) = (Pt::ZERO, Pt::ZERO, Pt::ZERO);
        }
        // a trace wants to know of every element
        let painted = ground::is_decorated(&el.style) || el.is_positioned() || self.shared.options.trace;
        flat.push(Flat::Open(Box::new(Open { frame, margin, painted, starts, ends, el: el.clone() })));
        let moved = super::block::relative(&el.style, reference, None, el.style.text.direction);
        if moved != Point::ZERO || el.style.opacity < 1.0 {
            flat.push(Flat::Effect(moved, el.style.opacity.max(0.0)));
        }
    }

    pub(in crate::layout) fn flatten_children(
        &mut self,
        block: &El,
        el: &El,
        width: Option<Pt>,
        at: Point,
        parts: &mut Parts,
        flat: &mut Vec<Flat>,
    ) {
        if let Some(style) = &el.styled.before {
            let before = self.generated(el, Part::Before, style);
            self.flatten_el(block, &before, width, at, parts, flat);
        }
        let mut child = self.dom.node(el.node).first_child;
        while let Some(node) = child {
            child = self.dom.node(node).next_sibling;
            if self.dom.is_element(node) {
                let inner = self.el(node, Some(&el.styled));
                if inner.style.display != Display::None {
                    self.flatten_el(block, &inner, width, at, parts, flat);
                }
            } else {
                flat.push(Flat::Text(node));
            }
        }
        if let Some(style) = &el.styled.after {
            let after = self.generated(el, Part::After, style);
            self.flatten_el(block, &after, width, at, parts, flat);
        }
    }

    /// An inline block, an inline flex container, a picture or a symbol.
    fn atom(&mut self, el: &El, width: Option<Pt>) -> Atom {
        let block_width = width.unwrap_or(Pt::ZERO);
        let mut el = el.clone();
        el.relative = super::block::relative(&el.style, block_width, None, el.style.text.direction);
        let margin = all_or_zero(sizes::margins(&el.style, block_width));
        let outer = margin.left + margin.right;
        let (fragment, width) = match width {
            Some(w) => {
                let space = Space { width: Width::Fit(w - outer), ..Space::flow(w, None) };
                let fragment = self.lay_out(&el, space);
                let width = fragment.size.width + outer;
                (fragment, width)
            }
            // what is measured is how wide it gets at most: a line can be broken on both sides of it
            None => (Arc::default(), self.contribution(&el).1),
        };
        let height = fragment.size.height + margin.top + margin.bottom;
        // a box that cuts its content, or has no lines, stands on its bottom margin edge (CSS 2.2, section 10.8.1)
        let baseline = match fragment.last_baseline {
            Some(b) if !el.style.cuts() => {
                margin.top + if el.has_items() || el.is_table() { fragment.first_baseline.unwrap_or(b) } else { b }
            }
            // in the middle of upright vertical lines, by its own middle
            _ if !el.style.axes.is_horizontal() && text::is_central(&el.style.text) => height / 2.0,
            _ => height,
        };
        Atom { el, fragment, margin, width, height, baseline }
    }

    pub(in crate::layout) fn take_faults(&self, el: &El, layout: &TextLayout, parts: &mut Parts) {
        for f in &layout.faults {
            let kind = match f.kind {
                TextFaultKind::MissingGlyph(c, None) => FaultKind::MissingGlyph(c),
                TextFaultKind::MissingGlyph(c, Some(selector)) => FaultKind::MissingSequence(c, selector),
                TextFaultKind::Instances => FaultKind::Unsupported {
                    message: format!(
                        "more than {MOST_INSTANCES} instances of variable fonts (different weights, widths, sizes)"
                    ),
                },
                TextFaultKind::TooWide(_) if el.style.wants_cut() => continue,
                TextFaultKind::TooWide(by) => FaultKind::Overflow { axis: Axis::Horizontal, by },
            };
            let at = f.at.saturating_sub(el.start);
            parts.faults.push(Fault { kind, at, element: el.label(self.dom) });
        }
    }

    /// Grounds of inline elements, then texts, then boxes, line by line.
    fn paint_lines(&mut self, el: &El, flat: &[Flat], layout: &mut TextLayout, at: Point, parts: &mut Parts) {
        let mut inside = Inside::of(flat, parts.escapes.len());
        for index in 0..layout.lines.len() {
            let Some(line) = layout.lines.get(index).cloned() else { break };
            for i in line.fragments.clone() {
                if let Some(f) = layout.fragments.get(i).copied() {
                    let items = parts.items.len();
                    self.paint_inline_ground(flat, f, at, el.start, parts);
                    if let Some(inside) = &inside {
                        inside.fade(f.id, items, parts);
                    }
                }
            }
            layout.paint(index..index + 1, at, &mut parts.items);
            self.mark_line(el, &line, at, parts);
            if !line.runs.is_empty() {
                let rect = Rect::new(at.x + line.left, at.y + line.top, line.width, line.height);
                parts.texts.push(TextExtent { rect, at: 0 });
            }
            for i in line.boxes.clone() {
                let Some(place) = layout.boxes.get(i).copied() else { continue };
                match flat.get(place.id) {
                    Some(Flat::Atom(atom)) => {
                        let corner = at + place.at + Point::new(atom.margin.left, atom.margin.top);
                        let (items, escapes) = (parts.items.len(), parts.escapes.len());
                        parts.attach(&atom.el, &atom.fragment, corner, atom.el.start - el.start);
                        if let Some(inside) = &mut inside {
                            inside.atom(place.id, items, escapes, parts);
                        }
                    }
                    Some(Flat::Anchor(out)) => {
                        if let Some(inside) = &mut inside {
                            // a block would begin below the line that it stands in (CSS 2.2, section 10.6.4)
                            let inline = out.style.was_inline;
                            let below = !inline && place.at.x > line.left;
                            let x = if inline { place.at.x } else { Pt::ZERO };
                            let y = if below { line.top + line.height } else { line.top };
                            inside.anchor(place.id, out, at + Point::new(x, y), parts);
                        }
                    }
                    _ => {}
                }
            }
        }
        if let Some(inside) = inside {
            self.place_inside(el, inside, flat, layout, at, parts);
        }
    }

    fn paint_inline_ground(&mut self, flat: &[Flat], f: text::Fragment, at: Point, start: u32, parts: &mut Parts) {
        let Some(Flat::Open(open)) = flat.get(f.id) else { return };
        let style = &open.el.style;
        let before = parts.faults.len();
        let images = self.background_images(&open.el, style, &mut parts.faults);
        for fault in parts.faults.iter_mut().skip(before) {
            fault.at = open.el.start - start;
        }
        let rect = f.rect.translated(at);
        self.mark_box(&open.el, rect, parts);
        if !ground::is_decorated(style) {
            return;
        }
        let (left, right) = sides(&open.el, open.starts, open.ends);
        let (starts, ends) = (f.starts && left, f.ends && right);
        if starts && ends {
            turn::decorate(&mut parts.items, style.axes, style.on_paper(), rect, &images);
            return;
        }
        // where it is broken between lines it has no edge and no round corners
        let mut broken = Style::clone(style);
        let none = |b: Border| Border { width: Pt::ZERO, ..b };
        if !starts {
            broken.border.left = none(broken.border.left);
            broken.radius[0] = crate::markup::style::Radius::default();
            broken.radius[3] = crate::markup::style::Radius::default();
        }
        if !ends {
            broken.border.right = none(broken.border.right);
            broken.radius[1] = crate::markup::style::Radius::default();
            broken.radius[2] = crate::markup::style::Radius::default();
        }
        let axes = broken.axes;
        let broken = if axes.is_horizontal() { broken } else { broken.laid_back() };
        turn::decorate(&mut parts.items, axes, &broken, rect, &images);
    }

    /// The marker of a list item, outside its box, on the baseline of its first line
    /// (CSS Lists 3, section 3).
    pub(in crate::layout) fn marker(
        &mut self,
        el: &El,
        origin: Point,
        width: Pt,
        content: &mut super::engine::Content,
        parts: &mut Parts,
    ) {
        if el.style.generated.as_ref().is_some_and(|g| g.inside) {
            return;
        }
        if self.marker_image(el, origin, content, parts) {
            return;
        }
        let Some(text) = self.marker_text(el) else { return };
        let text = text.trim_end();
        let own_style = el.styled.marker.as_ref().unwrap_or(&el.style);
        let mut style = TextStyle::clone(&own_style.text);
        style.text_align = crate::markup::style::TextAlign::Left;
        style.text_indent = crate::markup::composition::TextIndent::default();
        let style = Arc::new(style);
        let items = [InlineItem::Text { text, at: el.start, exact: false }];
        let mut layout = self.spare.pop().unwrap_or_default();
        let block = Block { visible: el.style.visible, ..Block::new(&style) };
        text::lay_out(self.text, &self.shared.fonts, &items, &block, Pt::INFINITY, &mut layout);
        self.take_faults(el, &layout, parts);
        let own = layout.first_baseline().unwrap_or(Pt::ZERO);
        let baseline = content.first_baseline.unwrap_or(origin.y + own);
        let gap = style.font_size * 0.5;
        let x = match el.style.text.direction {
            Direction::Ltr => origin.x - gap - layout.width,
            Direction::Rtl => origin.x + width + gap,
        };
        let at = Point::new(x, baseline - own);
        layout.paint(0..1, at, &mut parts.items);
        let empty = content.height < layout.height && content.first_baseline.is_none();
        if empty {
            content.height = layout.height;
            content.first_baseline = Some(baseline);
            content.last_baseline = Some(baseline);
            content.empty = false;
        }
        self.spare.push(layout);
    }

    /// What the marker of a list item says, with what follows its number; `None` where it has none.
    pub(in crate::layout) fn marker_text(&self, el: &El) -> Option<String> {
        if let Some(marker) = &el.styled.marker
            && marker.content.is_some()
        {
            return Some(self.generated_text(el.node, Part::Element, marker)?.to_string());
        }
        let style = &el.styled.marker.as_ref().unwrap_or(&el.style).text.list_style;
        style.marker(i32::try_from(el.ordinal).unwrap_or(i32::MAX))
    }

    /// Draws a picture in place of the marker, standing on the first baseline; false where there is none.
    fn marker_image(&mut self, el: &El, origin: Point, content: &super::engine::Content, parts: &mut Parts) -> bool {
        let Some((url, base)) = el.style.generated.as_ref().and_then(|g| g.image.as_ref()) else { return false };
        let image = match self.shared.image(base, url, el.style.image_orientation) {
            Ok(image) => image,
            Err(kind) => {
                parts.faults.push(Fault { kind, at: 0, element: el.label(self.dom) });
                return false;
            }
        };
        let (width, height) = (image.natural_width, image.natural_height);
        let baseline = content.first_baseline.unwrap_or(origin.y + height);
        let gap = el.style.text.font_size * 0.5;
        let rect = Rect::new(origin.x - gap - width, baseline - height, width, height);
        if el.style.visible {
            parts.items.push(crate::page::Item::Image(crate::page::ImageItem { image, rect }));
        }
        true
    }
}
