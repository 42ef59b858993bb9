//! Flex containers (CSS Flexbox 1). Taffy shares out the room; what is in an item is laid out here, by
//! [`Engine::lay_out`], whenever taffy asks how large it would be.

use std::sync::Arc;

use taffy::geometry::{Line, Point as TPoint, Rect as TRect, Size as TSize};
use taffy::prelude::{AvailableSpace, Layout, NodeId};
use taffy::style::{AlignContent, AlignItems, LengthPercentage, LengthPercentageAuto};
use taffy::tree::{Baselines, LayoutInput, LayoutOutput, RequestedAxis, RunMode, SizingMode};

use super::engine::{Content, Engine, TOLERANCE};
use super::grid;
use super::sizes::{self, Frame};
use super::tree::{El, Inl, Kid};
use crate::base::{Edges, Point, Pt, Size};
use crate::layout::fault::{Axis, Fault, FaultKind};
use crate::layout::fragment::{Escape, Fragment, Height, Parts, Space, Width};
use crate::layout::pages::cuts::Gap;
use crate::markup::paged::OnOverflow;
use crate::markup::style::{Align, BoxSizing, Break, Dimension, Direction, Display, FlexDirection, FlexWrap, Style};

#[must_use]
pub fn is_row(style: &Style) -> bool {
    matches!(style.flex_direction, FlexDirection::Row | FlexDirection::RowReverse)
}

#[must_use]
pub fn wraps(style: &Style) -> bool {
    style.flex_wrap != FlexWrap::Nowrap
}

/// What taffy calls the container; its items have the numbers from 0.
const CONTAINER: u64 = u64::MAX;

#[derive(Debug)]
enum What {
    El(El),
    /// Text directly in the container: an anonymous block.
    Run(Vec<Inl>),
}

struct Item {
    what: What,
    style: taffy::Style,
    layout: Layout,
    /// What percentages of it are of: a grid area.
    area: Option<(Pt, Option<Pt>)>,
}

struct Tree<'e, 'a> {
    engine: &'e mut Engine<'a>,
    owner: &'e El,
    container: taffy::Style,
    items: Vec<Item>,
    /// Content box of the container, which percentages of the items refer to.
    inner_width: Pt,
    inner_height: Option<Pt>,
}

/// Lays out the items of `el` and adds them to `parts`.
#[allow(clippy::too_many_arguments)]
pub fn lay_out(
    engine: &mut Engine<'_>,
    el: &El,
    space: &Space,
    frame: &Frame,
    width: Pt,
    height: Option<Pt>,
    definite: bool,
    parts: &mut Parts,
) -> Content {
    let style = &el.style;
    let inner_width = (width - frame.across).max(Pt::ZERO);
    let inner_height = height.filter(|_| definite).map(|h| (h - frame.down).max(Pt::ZERO));
    let origin = Point::new(frame.left(), frame.top());
    let (items, outs) = items(engine, el, inner_width, inner_height, parts);
    let mut container = container_style(style, space, frame, inner_width, inner_height);
    if el.is_grid() {
        container = grid::container(container, style, Some(inner_width), inner_height);
    }
    let mut tree = Tree { engine, owner: el, container, items, inner_width, inner_height };
    let input = LayoutInput {
        run_mode: RunMode::PerformLayout,
        sizing_mode: SizingMode::InherentSize,
        axis: RequestedAxis::Both,
        known_dimensions: TSize { width: Some(width.0), height: height.map(|h| h.0) },
        known_dimensions_are_definite: TSize { width: true, height: definite },
        parent_size: TSize { width: Some(space.block_width.0), height: space.block_height.map(|h| h.0) },
        available_space: TSize {
            width: AvailableSpace::Definite(width.0),
            height: height.map_or(AvailableSpace::MaxContent, |h| AvailableSpace::Definite(h.0)),
        },
        vertical_margins_are_collapsible: Line { start: false, end: false },
    };
    let output = if el.is_grid() {
        taffy::compute_grid_layout(&mut tree, NodeId::from(CONTAINER), input)
    } else {
        taffy::compute_flexbox_layout(&mut tree, NodeId::from(CONTAINER), input)
    };
    let content = tree.place(frame, Size::new(width, Pt(output.size.height)), parts);
    for out in outs {
        let room = static_room(style, &out.style, Size::new(inner_width, content.height));
        parts.escapes.push(Escape { el: out, at: origin, far: [false; 2], room });
    }
    content
}

/// Where an absolutely positioned child stands without insets: as if it were the only item (CSS Flexbox 1, section 4.1).
fn static_room(style: &Style, child: &Style, room: Size) -> [(Pt, f32); 2] {
    let share = |align: Align, reverse: bool| {
        let share = match align {
            Align::Center | Align::SpaceAround | Align::SpaceEvenly => 0.5,
            Align::End => return 1.0,
            Align::Start => return 0.0,
            Align::FlexEnd => 1.0,
            _ => 0.0,
        };
        if reverse { 1.0 - share } else { share }
    };
    if matches!(style.display, Display::Grid | Display::InlineGrid) {
        let either = |own: Align, items: Align| if own == Align::Normal { items } else { own };
        let across = share(either(child.justify_self, style.justify_items), false);
        return [(room.width, across), (room.height, share(either(child.align_self, style.align_items), false))];
    }
    let row = is_row(style);
    let reverse = matches!(style.flex_direction, FlexDirection::RowReverse | FlexDirection::ColumnReverse);
    let main = share(style.justify_content, reverse);
    let own = if child.align_self == Align::Normal { style.align_items } else { child.align_self };
    let cross = share(own, style.flex_wrap == FlexWrap::WrapReverse);
    if row { [(room.width, main), (room.height, cross)] } else { [(room.width, cross), (room.height, main)] }
}

/// The least and the greatest useful width of a grid's content box.
pub fn grid_widths(engine: &mut Engine<'_>, el: &El) -> (Pt, Pt) {
    let frame = Frame::new(&el.style, Pt::ZERO);
    let (items, _) = items(engine, el, Pt::ZERO, None, &mut Parts::default());
    let space = Space { width: Width::Measure, ..Space::flow(Pt::ZERO, None) };
    let container = container_style(&el.style, &space, &frame, Pt::ZERO, None);
    let container = grid::container(container, &el.style, None, None);
    let mut tree = Tree { engine, owner: el, container, items, inner_width: Pt::ZERO, inner_height: None };
    let mut width = |available: AvailableSpace| {
        let input = LayoutInput {
            run_mode: RunMode::ComputeSize,
            sizing_mode: SizingMode::ContentSize,
            axis: RequestedAxis::Horizontal,
            known_dimensions: TSize::NONE,
            known_dimensions_are_definite: TSize { width: false, height: false },
            parent_size: TSize::NONE,
            available_space: TSize { width: available, height: AvailableSpace::MaxContent },
            vertical_margins_are_collapsible: Line { start: false, end: false },
        };
        let output = taffy::compute_grid_layout(&mut tree, NodeId::from(CONTAINER), input);
        (Pt(output.size.width) - frame.across).max(Pt::ZERO)
    };
    (width(AvailableSpace::MinContent), width(AvailableSpace::MaxContent))
}

/// The items of a flex or grid container, in the order in which they are laid out, and what is out of flow.
fn items(
    engine: &mut Engine<'_>,
    el: &El,
    inner_width: Pt,
    inner_height: Option<Pt>,
    parts: &mut Parts,
) -> (Vec<Item>, Vec<El>) {
    let (mut items, mut outs) = (Vec::new(), Vec::new());
    for kid in engine.kids(el, &mut parts.faults) {
        match kid {
            Kid::Out(out) => outs.push(out),
            Kid::Inline(run) => {
                let style = taffy::Style { display: taffy::Display::Block, ..taffy::Style::DEFAULT };
                items.push((0, Item { what: What::Run(run), style, layout: Layout::new(), area: None }));
            }
            Kid::Block(mut kid) | Kid::Float(mut kid) | Kid::Slice { el: mut kid, .. } => {
                kid.relative = super::block::relative(&kid.style, inner_width, inner_height, el.style.text.direction);
                kid.item = true;
                engine.check_breaks(el, &kid, parts);
                let replaced = engine.is_replaced(&kid);
                let mut style = item_style(&kid.style, inner_width, inner_height, replaced);
                if el.is_grid() {
                    style = grid::item(style, &kid.style);
                }
                items.push((kid.style.order, Item { what: What::El(kid), style, layout: Layout::new(), area: None }));
            }
        }
    }
    items.sort_by_key(|(order, _)| *order);
    (items.into_iter().map(|(_, item)| item).collect(), outs)
}

impl Tree<'_, '_> {
    /// Adds the items where taffy put them.
    fn place(self, frame: &Frame, size: Size, parts: &mut Parts) -> Content {
        let mut content = Content { height: (size.height - frame.down).max(Pt::ZERO), ..Content::default() };
        let (mut right, mut bottom) = (Pt::ZERO, Pt::ZERO);
        if parts.flowing {
            self.note_gaps(parts);
        }
        for index in 0..self.items.len() {
            let Some(item) = self.items.get(index) else { break };
            let layout = item.layout;
            let at = Point::new(Pt(layout.location.x), Pt(layout.location.y));
            let (w, h) = (Pt(layout.size.width), Pt(layout.size.height));
            right = right.max(at.x + w + Pt(layout.margin.right));
            bottom = bottom.max(at.y + h + Pt(layout.margin.bottom));
            let baselines = match &item.what {
                What::El(kid) => {
                    let kid = kid.clone();
                    let space = self.space(item.area, Width::Known(w), Height::Known { height: h, definite: true });
                    let fragment = self.engine.lay_out_again(&kid, space);
                    parts.attach(&kid, &fragment, at, kid.start - self.owner.start);
                    (fragment.first_baseline, fragment.last_baseline)
                }
                What::Run(run) => {
                    let lines = self.engine.inline(self.owner, run, at, w, None, parts);
                    (lines.first_baseline, lines.last_baseline)
                }
            };
            if content.first_baseline.is_none() {
                content.first_baseline = baselines.0.map(|b| b + at.y);
            }
            content.last_baseline = baselines.1.map(|b| b + at.y).or(content.last_baseline);
        }
        // what does not fit downwards is told by whoever knows the height; what does not fit to the right, here
        content.height = content.height.max(bottom - frame.top());
        let room = size.width - frame.border.right - frame.padding.right;
        if right > room + TOLERANCE && !self.owner.style.cuts() {
            let kind = FaultKind::Overflow { axis: Axis::Horizontal, by: right - room };
            parts.faults.push(Fault { kind, at: 0, element: self.owner.label(self.engine.dom) });
        }
        content
    }

    /// Where no item stands the container may be cut: between the lines of a flex box, between the rows of a grid
    /// (CSS Flexbox 1, section 10; CSS Grid 2, section 12).
    fn note_gaps(&self, parts: &mut Parts) {
        let end = |i: &Item| Pt(i.layout.location.y + i.layout.size.height);
        let mut order: Vec<&Item> = self.items.iter().collect();
        order.sort_by(|a, b| a.layout.location.y.total_cmp(&b.layout.location.y));
        let avoids = |i: &Item, of: fn(&Style) -> Break| match &i.what {
            What::El(el) => of(&el.style) == Break::Avoid,
            What::Run(_) => false,
        };
        // how far down what came before reaches, and whether it rather stays with what follows
        let mut above: Option<(Pt, bool)> = None;
        for item in order {
            let top = Pt(item.layout.location.y);
            if let Some((before, avoid)) = above
                && top >= before - TOLERANCE
            {
                let avoid = avoid || avoids(item, |s| s.break_before);
                parts.gaps.push(Gap { before, after: top.max(before), avoid });
            }
            let own = (end(item), avoids(item, |s| s.break_after));
            above = Some(above.filter(|a| a.0 > own.0).unwrap_or(own));
        }
    }

    fn space(&self, area: Option<(Pt, Option<Pt>)>, width: Width, height: Height) -> Space {
        let (block_width, block_height) = area.unwrap_or((self.inner_width, self.inner_height));
        Space { block_width, block_height, width, height }
    }

    fn compute(&mut self, index: usize, input: LayoutInput) -> LayoutOutput {
        let is_grid = self.owner.is_grid();
        let Some(item) = self.items.get_mut(index) else { return LayoutOutput::HIDDEN };
        if is_grid {
            item.area = input.parent_size.width.map(|w| (Pt(w), input.parent_size.height.map(Pt)));
        }
        let area = item.area;
        let inherent = input.sizing_mode == SizingMode::InherentSize;
        let specified = if inherent { own_size(&item.style) } else { TSize::NONE };
        let known = TSize {
            width: input.known_dimensions.width.or(specified.width),
            height: input.known_dimensions.height.or(specified.height),
        };
        let only_width = input.run_mode == RunMode::ComputeSize && input.axis == RequestedAxis::Horizontal;
        match &item.what {
            What::El(kid) => {
                let kid = kid.clone();
                self.compute_el(&kid, area, known, input, inherent, only_width)
            }
            What::Run(_) => self.compute_run(index, known, input),
        }
    }

    fn compute_el(
        &mut self,
        kid: &El,
        area: Option<(Pt, Option<Pt>)>,
        known: TSize<Option<f32>>,
        input: LayoutInput,
        inherent: bool,
        only_width: bool,
    ) -> LayoutOutput {
        if let TSize { width: Some(width), height: Some(height) } = known
            && input.run_mode == RunMode::ComputeSize
        {
            return sized(width, height, None);
        }
        let block_width = area.map_or(self.inner_width, |a| a.0);
        let frame = Frame::new(&kid.style, block_width);
        let replaced = self.engine.is_replaced(kid);
        let width = match known.width {
            Some(width) => Width::Known(Pt(width)),
            None if replaced || self.engine.is_turned(kid) => Width::Fit(block_width),
            None => {
                let (min, max) = self.engine.content_widths(kid);
                let (min, max) = (min + frame.across, max + frame.across);
                let width = match input.available_space.width {
                    AvailableSpace::MinContent => min,
                    AvailableSpace::MaxContent => max,
                    AvailableSpace::Definite(a) => Pt(a).max(min).min(max),
                };
                let width = match (known.height, kid.style.aspect_ratio) {
                    (Some(h), Some(r)) if r > 0.0 => Pt(h * r),
                    _ => width,
                };
                Width::Known(if inherent {
                    sizes::clamp_width(&kid.style, width, block_width, frame.across)
                } else {
                    width
                })
            }
        };
        if only_width && let Width::Known(width) = width {
            return sized(width.0, 0.0, None);
        }
        let height = match known.height {
            Some(h) => Height::Known { height: Pt(h), definite: input.known_dimensions_are_definite.height },
            // the ratio of a picture and `aspect-ratio` make the height even where only content is asked for
            None if inherent || replaced || kid.style.aspect_ratio.is_some() => Height::Style,
            None => Height::Content,
        };
        let fragment = self.engine.lay_out_again(kid, self.space(area, width, height));
        sized(fragment.size.width.0, fragment.size.height.0, Some(&fragment))
    }

    fn compute_run(&mut self, index: usize, known: TSize<Option<f32>>, input: LayoutInput) -> LayoutOutput {
        let Some(Item { what: What::Run(run), .. }) = self.items.get(index) else { return LayoutOutput::HIDDEN };
        let width = match known.width {
            Some(width) => width,
            None => {
                let (min, max) = self.engine.inline_widths(self.owner, run);
                match input.available_space.width {
                    AvailableSpace::MinContent => min.0,
                    AvailableSpace::MaxContent => max.0,
                    AvailableSpace::Definite(a) => a.max(min.0).min(max.0),
                }
            }
        };
        let mut measured = Parts::default();
        let lines = self.engine.inline(self.owner, run, Point::ZERO, Pt(width), None, &mut measured);
        let height = known.height.unwrap_or(lines.height.0);
        let baselines = Baselines { first: lines.first_baseline.map(|b| b.0), last: lines.last_baseline.map(|b| b.0) };
        let size = TSize { width, height };
        LayoutOutput::from_sizes_and_baselines(
            size,
            TRect { left: 0.0, right: width, top: 0.0, bottom: height },
            baselines,
        )
    }
}

fn sized(width: f32, height: f32, fragment: Option<&Arc<Fragment>>) -> LayoutOutput {
    let baselines = Baselines {
        first: fragment.and_then(|f| f.first_baseline).map(|b| b.0),
        last: fragment.and_then(|f| f.last_baseline).map(|b| b.0),
    };
    let overflow = TRect { left: 0.0, right: width, top: 0.0, bottom: height };
    LayoutOutput::from_sizes_and_baselines(TSize { width, height }, overflow, baselines)
}

/// Preferred size between its bounds, where taffy's style has lengths for it.
fn own_size(style: &taffy::Style) -> TSize<Option<f32>> {
    let number = |v: LengthPercentageAuto| v.resolve_to_option(0.0, |_, _| 0.0).filter(|_| !v.is_auto());
    let one = |size: taffy::Dimension, min: LengthPercentageAuto, max: LengthPercentageAuto| {
        size.into_option().map(|v| {
            let v = number(max).map_or(v, |m| v.min(m));
            number(min).map_or(v, |m| v.max(m))
        })
    };
    TSize {
        width: one(style.size.width, style.min_size.width, style.max_size.width),
        height: one(style.size.height, style.min_size.height, style.max_size.height),
    }
}

fn dimension(v: Option<Pt>) -> taffy::Dimension {
    v.map_or(taffy::Dimension::auto(), |v| taffy::Dimension::length(v.0))
}

fn length_auto(v: Option<Pt>) -> LengthPercentageAuto {
    v.map_or(LengthPercentageAuto::auto(), |v| LengthPercentageAuto::length(v.0))
}

fn lengths(e: Edges<Pt>) -> TRect<LengthPercentage> {
    TRect {
        left: LengthPercentage::length(e.left.0),
        right: LengthPercentage::length(e.right.0),
        top: LengthPercentage::length(e.top.0),
        bottom: LengthPercentage::length(e.bottom.0),
    }
}

/// The item's style with every percentage resolved; sizes are of the border box.
fn item_style(style: &Style, width: Pt, height: Option<Pt>, replaced: bool) -> taffy::Style {
    let frame = Frame::new(style, width);
    let across = |d: Dimension| sizes::specified(style, d, Some(width), frame.across);
    let down = |d: Dimension| sizes::specified(style, d, height, frame.down);
    let margin = sizes::margins(style, width);
    // of the border box, as all sizes are here; exact where there is no frame or `box-sizing` says so
    let ratio = style
        .aspect_ratio
        .filter(|r| *r > 0.0 && (style.box_sizing == BoxSizing::BorderBox || frame.across == Pt::ZERO));
    let basis = match style.flex_basis {
        Dimension::Auto => taffy::Dimension::auto(),
        Dimension::MaxContent => taffy::Dimension::max_content(),
        Dimension::MinContent => taffy::Dimension::min_content(),
        Dimension::FitContent => taffy::Dimension::fit_content(),
        d @ Dimension::Value(_) => dimension(across(d)),
    };
    let keyword = |d: Dimension, v: Option<Pt>| match d {
        Dimension::MaxContent => taffy::Dimension::max_content(),
        Dimension::MinContent => taffy::Dimension::min_content(),
        Dimension::FitContent => taffy::Dimension::fit_content(),
        _ => dimension(v),
    };
    taffy::Style {
        display: taffy::Display::Block,
        item_is_replaced: replaced,
        box_sizing: taffy::BoxSizing::BorderBox,
        // what is fitted or cut may be given less room than its content wants
        overflow: if style.cuts() || matches!(style.on_overflow, OnOverflow::Shrink | OnOverflow::Clip) {
            TPoint { x: taffy::Overflow::Hidden, y: taffy::Overflow::Hidden }
        } else {
            TPoint { x: taffy::Overflow::Visible, y: taffy::Overflow::Visible }
        },
        size: TSize { width: keyword(style.width, across(style.width)), height: dimension(down(style.height)) },
        min_size: TSize { width: length_auto(across(style.min_width)), height: length_auto(down(style.min_height)) },
        max_size: TSize { width: length_auto(across(style.max_width)), height: length_auto(down(style.max_height)) },
        aspect_ratio: ratio,
        margin: TRect {
            left: length_auto(margin.left),
            right: length_auto(margin.right),
            top: length_auto(margin.top),
            bottom: length_auto(margin.bottom),
        },
        padding: lengths(frame.padding),
        border: lengths(frame.border),
        align_self: align_items(style.align_self),
        flex_basis: basis,
        flex_grow: style.flex_grow.max(0.0),
        flex_shrink: style.flex_shrink.max(0.0),
        ..taffy::Style::DEFAULT
    }
}

fn container_style(style: &Style, space: &Space, frame: &Frame, width: Pt, height: Option<Pt>) -> taffy::Style {
    let down = |d: Dimension| sizes::specified(style, d, space.block_height, frame.down);
    let free = space.height == Height::Style;
    taffy::Style {
        display: taffy::Display::Flex,
        box_sizing: taffy::BoxSizing::BorderBox,
        min_size: TSize {
            width: LengthPercentageAuto::auto(),
            height: length_auto(down(style.min_height).filter(|_| free)),
        },
        max_size: TSize {
            width: LengthPercentageAuto::auto(),
            height: length_auto(down(style.max_height).filter(|_| free)),
        },
        padding: lengths(frame.padding),
        border: lengths(frame.border),
        direction: match style.text.direction {
            Direction::Ltr => taffy::Direction::Ltr,
            Direction::Rtl => taffy::Direction::Rtl,
        },
        flex_direction: match style.flex_direction {
            FlexDirection::Row => taffy::FlexDirection::Row,
            FlexDirection::RowReverse => taffy::FlexDirection::RowReverse,
            FlexDirection::Column => taffy::FlexDirection::Column,
            FlexDirection::ColumnReverse => taffy::FlexDirection::ColumnReverse,
        },
        flex_wrap: match style.flex_wrap {
            FlexWrap::Nowrap => taffy::FlexWrap::NoWrap,
            FlexWrap::Wrap => taffy::FlexWrap::Wrap,
            FlexWrap::WrapReverse => taffy::FlexWrap::WrapReverse,
        },
        align_items: align_items(style.align_items).unwrap_or(AlignItems::NORMAL),
        align_content: align_content(style.align_content),
        justify_content: align_content(style.justify_content),
        gap: TSize {
            width: LengthPercentage::length(style.column_gap.resolve(width).0.max(0.0)),
            height: LengthPercentage::length(style.row_gap.resolve(height.unwrap_or(Pt::ZERO)).0.max(0.0)),
        },
        ..taffy::Style::DEFAULT
    }
}

pub fn align_items(a: Align) -> Option<AlignItems> {
    Some(match a {
        Align::Normal | Align::SpaceBetween | Align::SpaceAround | Align::SpaceEvenly => return None,
        Align::Start => AlignItems::START,
        Align::End => AlignItems::END,
        Align::FlexStart => AlignItems::FLEX_START,
        Align::FlexEnd => AlignItems::FLEX_END,
        Align::Center => AlignItems::CENTER,
        Align::Baseline => AlignItems::BASELINE,
        Align::Stretch => AlignItems::STRETCH,
    })
}

fn align_content(a: Align) -> AlignContent {
    match a {
        Align::Normal | Align::Baseline => AlignContent::NORMAL,
        Align::Start => AlignContent::START,
        Align::End => AlignContent::END,
        Align::FlexStart => AlignContent::FLEX_START,
        Align::FlexEnd => AlignContent::FLEX_END,
        Align::Center => AlignContent::CENTER,
        Align::Stretch => AlignContent::STRETCH,
        Align::SpaceBetween => AlignContent::SPACE_BETWEEN,
        Align::SpaceAround => AlignContent::SPACE_AROUND,
        Align::SpaceEvenly => AlignContent::SPACE_EVENLY,
    }
}

/// Numbers of items, or none.
#[derive(Debug)]
pub struct Ids(std::ops::Range<u64>);

impl Iterator for Ids {
    type Item = NodeId;
    fn next(&mut self) -> Option<NodeId> {
        self.0.next().map(NodeId::from)
    }
}

impl taffy::TraversePartialTree for Tree<'_, '_> {
    type ChildIter<'b>
        = Ids
    where
        Self: 'b;

    fn child_ids(&self, parent: NodeId) -> Ids {
        Ids(0..self.child_count(parent) as u64)
    }
    fn child_count(&self, parent: NodeId) -> usize {
        if u64::from(parent) == CONTAINER { self.items.len() } else { 0 }
    }
    fn get_child_id(&self, _: NodeId, index: usize) -> NodeId {
        NodeId::from(index as u64)
    }
}

impl Tree<'_, '_> {
    fn style_of(&self, id: NodeId) -> &taffy::Style {
        self.items.get(u64::from(id) as usize).map_or(&self.container, |i| &i.style)
    }
}

impl taffy::LayoutPartialTree for Tree<'_, '_> {
    type CoreContainerStyle<'b>
        = &'b taffy::Style
    where
        Self: 'b;
    type CustomIdent = String;

    fn get_core_container_style(&self, id: NodeId) -> &taffy::Style {
        self.style_of(id)
    }
    fn set_unrounded_layout(&mut self, id: NodeId, layout: &Layout) {
        if let Some(item) = self.items.get_mut(u64::from(id) as usize) {
            item.layout = *layout;
        }
    }
    fn compute_child_layout(&mut self, id: NodeId, input: LayoutInput) -> LayoutOutput {
        self.compute(u64::from(id) as usize, input)
    }
}

impl taffy::LayoutFlexboxContainer for Tree<'_, '_> {
    type FlexboxContainerStyle<'b>
        = &'b taffy::Style
    where
        Self: 'b;
    type FlexboxItemStyle<'b>
        = &'b taffy::Style
    where
        Self: 'b;

    fn get_flexbox_container_style(&self, id: NodeId) -> &taffy::Style {
        self.style_of(id)
    }
    fn get_flexbox_child_style(&self, id: NodeId) -> &taffy::Style {
        self.style_of(id)
    }
}

impl taffy::LayoutGridContainer for Tree<'_, '_> {
    type GridContainerStyle<'b>
        = &'b taffy::Style
    where
        Self: 'b;
    type GridItemStyle<'b>
        = &'b taffy::Style
    where
        Self: 'b;

    fn get_grid_container_style(&self, id: NodeId) -> &taffy::Style {
        self.style_of(id)
    }
    fn get_grid_child_style(&self, id: NodeId) -> &taffy::Style {
        self.style_of(id)
    }
}
