//! One box: its width, its content, its height, and what it draws.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::flex;
use super::float::Floats;
use super::sizes::{self, Frame};
use super::tree::{El, Kid, Part};
use super::turn::{self, Turned};
use crate::asset::image::Image;
use crate::barcode::qr;
use crate::base::{Edges, Point, Pt, Rect, Size};
use crate::layout::Shared;
use crate::layout::cache::Cache;
use crate::layout::counters::Counted;
use crate::layout::fault::{Axis, Fault, FaultKind};
use crate::layout::fit::{self, Fit};
use crate::layout::fragment::{Collapse, Fragment, Height, Parts, Space, Width};
use crate::layout::paint::ground;
use crate::layout::paint::outside;
use crate::layout::paint::shape::{Corners, outline};
use crate::layout::text::{TextLayout, TextScratch};
use crate::layout::trace::Traced;
use crate::markup::dom::{Dom, NodeId};
use crate::markup::paged::OnOverflow;
use crate::markup::style::{Break, Clear, Dimension, Display, Style};
use crate::markup::styler::Styler;
use crate::page::{Item, ItemList, Segment};

/// Content that is taller or wider than its box by less than this is no fault: rounding of millimetres to points.
pub const TOLERANCE: Pt = Pt(0.1);

/// Everything that layout of one piece reads and writes.
#[derive(Debug)]
pub struct Engine<'a> {
    pub dom: &'a Dom,
    pub styler: &'a mut Styler,
    pub shared: &'a Shared,
    pub text: &'a mut TextScratch,
    pub qr: &'a mut qr::Scratch,
    pub cache: &'a mut Cache,
    /// What this very piece has already been asked for: boxes in flex containers are measured several times.
    pub memo: &'a mut Memo,
    pub spare: &'a mut Vec<TextLayout>,
    pub turned: &'a mut Turned,
    /// The default page's area: what boxes across the direction of the page have for the length of their lines
    /// where nothing else says it.
    pub page_area: Size,
    pub depth: usize,
    /// How text is changed in the box that is being fitted.
    pub fit: Option<Fit>,
    /// The next box to be computed notes where it may be cut.
    pub flowing: bool,
    /// Forced breaks are looked for at any depth.
    pub deep: bool,
    /// Page by page, where layout is traced.
    pub traced: Vec<Traced>,
    /// Texts that depend on their place in the document.
    pub counted: Counted,
    /// The floats that reach into the box that is laid out next.
    pub intruding: Floats,
    /// How far the content of the next box stands lower than usual: in a cell that is higher than its content.
    pub shift: Pt,
    /// Such boxes inside one another.
    pub shifting: u32,
}

/// Boxes of one piece by their place in the document, their space, and how text is changed in them.
pub type Memo = FxHashMap<(NodeId, Part, [u32; 5], u64), Arc<Fragment>>;

/// What the content of a box comes to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Content {
    pub height: Pt,
    /// Only in block containers: the children's margins that reach the box's edges.
    pub top: Collapse,
    pub bottom: Collapse,
    /// There is nothing in it but margins that meet.
    pub empty: bool,
    /// From the top of the border box.
    pub first_baseline: Option<Pt>,
    pub last_baseline: Option<Pt>,
}

/// The part of a box that lies on one page.
#[derive(Debug)]
pub struct Slice {
    pub kids: Vec<Kid>,
    pub first: bool,
    pub last: bool,
}

impl Engine<'_> {
    /// Lays out a box, or finds it laid out already.
    pub fn lay_out(&mut self, el: &El, space: Space) -> Arc<Fragment> {
        if self.flowing {
            return Arc::new(self.compute(el, space, None));
        }
        let known = if self.counted.is_around(el.node) { None } else { self.cache.key(self.dom, el, &space, self.fit) };
        let Some(key) = known else {
            return Arc::new(self.compute(el, space, None));
        };
        if let Some(found) = self.cache.get(&key, self.dom.bytes(el.node), &el.styled) {
            return found;
        }
        let fragment = Arc::new(self.compute(el, space, None));
        if fragment.escapes.is_empty() {
            self.cache.put(key, self.dom.bytes(el.node), &el.styled, &fragment);
        }
        fragment
    }

    /// As [`Self::lay_out`], for boxes that this piece will ask for again in the same space.
    pub fn lay_out_again(&mut self, el: &El, space: Space) -> Arc<Fragment> {
        if self.flowing {
            return self.lay_out(el, space);
        }
        let key = (el.node, el.part, space.bits(), self.fit.map_or(0, Fit::bits));
        if let Some(found) = self.memo.get(&key) {
            return Arc::clone(found);
        }
        let fragment = self.lay_out(el, space);
        self.memo.insert(key, Arc::clone(&fragment));
        fragment
    }

    /// Lays out a box anew; of a `slice`, only that part.
    pub fn compute(&mut self, el: &El, space: Space, slice: Option<Slice>) -> Fragment {
        let mut parts = Parts { flowing: std::mem::take(&mut self.flowing), ..Parts::default() };
        if self.depth >= self.shared.options.max_depth {
            let kind = FaultKind::TooDeep { limit: self.shared.options.max_depth };
            parts.faults.push(Fault { kind, at: 0, element: el.label(self.dom) });
            return Fragment { faults: parts.faults, ..Fragment::default() };
        }
        self.depth += 1;
        let fragment = match space.width {
            _ if self.is_turned(el) && slice.is_none() => self.across(el, space),
            Width::Measure => Fragment { size: self.measured(el), ..Fragment::default() },
            _ if slice.is_none() && el.style.on_overflow != OnOverflow::Reject => match &el.style.on_overflow {
                OnOverflow::Shrink if self.shrinks(el) => self.shrink(el, space),
                OnOverflow::Continue(name) if !self.is_flow_root(el) => self.carry(el, space, name),
                _ => self.whole(el, space, slice, parts),
            },
            _ => self.whole(el, space, slice, parts),
        };
        self.depth -= 1;
        fragment
    }

    pub(in crate::layout) fn whole(
        &mut self,
        el: &El,
        space: Space,
        slice: Option<Slice>,
        mut parts: Parts,
    ) -> Fragment {
        let floats = std::mem::take(&mut self.intruding);
        if el.is_table() {
            return self.table(el, space, parts);
        }
        let shift = std::mem::take(&mut self.shift);
        let style = &el.style;
        let mut frame = Frame::new(style, space.block_width);
        let mut margin = sizes::margins(style, space.block_width);
        if let Some(slice) = &slice {
            cut_edges(&mut frame, &mut margin, slice);
        }
        let replaced = if el.part == Part::Element { self.replaced(el, &mut parts.faults) } else { None };

        // -- width, and with it the horizontal margins
        let fixed_height = self.fixed_height(el, &space, &frame);
        let mut by_ratio = false;
        let (width, fixed_height) = match &replaced {
            Some(r) => {
                let (w, h) = r.size(style, &space, &frame, fixed_height);
                (w, Some(h))
            }
            None => {
                let width = self.width(el, &space, &frame, &margin, fixed_height);
                let height = fixed_height.or_else(|| height_by_ratio(style, &space, &frame, width));
                by_ratio = fixed_height.is_none() && height.is_some();
                (width, height)
            }
        };
        let margin = horizontal_margins(margin, &space, width);

        // -- content
        let origin = Point::new(frame.left(), frame.top() + shift);
        let inner_width = (width - frame.across).max(Pt::ZERO);
        let definite = !matches!(space.height, Height::Known { definite: false, .. });
        let inner_height = fixed_height.filter(|_| definite).map(|h| (h - frame.down).max(Pt::ZERO));
        let independent =
            !matches!(space.width, Width::Fill) || self.dom.root() == Some(el.node) || self.contains_floats(el);
        parts.apart = independent;
        let mut content = if let Some(replaced) = &replaced {
            let height = (fixed_height.unwrap_or(frame.down) - frame.down).max(Pt::ZERO);
            if style.visible {
                let corners = Corners::resolve(&style.radius, width, height + frame.down);
                let inset = Edges {
                    top: frame.top(),
                    right: frame.border.right + frame.padding.right,
                    bottom: frame.bottom(),
                    left: frame.left(),
                };
                let content = Rect::new(origin.x, origin.y, inner_width, height);
                let from = parts.items.len();
                if let Err(kind) = replaced.paint(&mut parts.items, style, content, &corners.inset(inset)) {
                    parts.faults.push(Fault { kind, at: 0, element: el.label(self.dom) });
                }
                ground::overprinted(&mut parts.items, from, style);
            }
            Content { height, ..Content::default() }
        } else if el.has_items() {
            flex::lay_out(self, el, &space, &frame, width, fixed_height, definite, &mut parts)
        } else {
            parts.sliced = slice.is_some();
            let paged = slice.is_some() || parts.flowing;
            let kids = match slice {
                Some(slice) => slice.kids,
                None => self.kids(el, &mut parts.faults),
            };
            let open_top = !independent && frame.top() == Pt::ZERO;
            let open_bottom = !independent
                && frame.bottom() == Pt::ZERO
                && fixed_height.is_none()
                && sizes::specified(style, style.min_height, space.block_height, Pt::ZERO)
                    .is_none_or(|m| m <= Pt::ZERO);
            let place = super::block::Place { origin, width: inner_width, height: inner_height, open_top, open_bottom };
            let floats = if independent { Floats::default() } else { floats };
            self.block(el, kids, place, paged, floats, &mut parts)
        };

        // -- height
        let natural = content.height + frame.down;
        let height = match space.height {
            Height::Content => natural,
            _ => fixed_height.unwrap_or_else(|| sizes::clamp_height(style, natural, space.block_height, frame.down)),
        };
        let cuts = style.cuts() && !self.is_viewport(el);
        // a height from a ratio gives way to content (CSS Sizing 4, section 5.1.1)
        let height = if by_ratio && !cuts { height.max(natural) } else { height };
        let too_tall =
            natural > height + TOLERANCE && !style.wants_cut() && replaced.is_none() && limit_is_meant(el, &space);
        if el.style.on_overflow == OnOverflow::Clip {
            parts.clipped = fit::cut(&el.label(self.dom), too_tall.then(|| natural - height), &mut parts.faults);
        } else if too_tall {
            let kind = FaultKind::Overflow { axis: Axis::Vertical, by: natural - height };
            parts.faults.push(Fault { kind, at: 0, element: el.label(self.dom) });
        }
        let size = Size::new(width, height);
        if el.style.break_inside == Break::Avoid {
            parts.gaps.iter_mut().for_each(|g| g.avoid = true);
        }
        if el.display() == Display::ListItem && el.part == Part::Element {
            self.marker(el, origin, inner_width, &mut content, &mut parts);
        }
        if el.is_positioned() || el.is_transformed() {
            let block = Rect::new(Pt::ZERO, Pt::ZERO, width, height).inset(frame.border);
            self.place_escapes(el, block, el.is_transformed(), &mut parts);
        }

        // -- margins as they collapse
        let own = |m: Option<Pt>| Collapse::of(m.unwrap_or(Pt::ZERO));
        let (own_top, own_bottom) = (own(margin.top), own(margin.bottom));
        let through = content.empty
            && !independent
            && replaced.is_none()
            && !el.has_items()
            && frame.down == Pt::ZERO
            && height == Pt::ZERO;
        let margin = margin.map_or_zero();
        if el.display() != Display::TableCell {
            self.mark_box(el, Rect::new(Pt::ZERO, Pt::ZERO, width, height), &mut parts);
        }
        Fragment {
            size,
            margin,
            top: own_top.join(content.top),
            bottom: own_bottom.join(content.bottom),
            through,
            first_baseline: content.first_baseline,
            last_baseline: content.last_baseline,
            ..self.finish(el, size, &frame, parts)
        }
    }

    /// The height that is decided without a look at the content.
    fn fixed_height(&self, el: &El, space: &Space, frame: &Frame) -> Option<Pt> {
        match space.height {
            Height::Known { height, .. } => Some(height),
            Height::Content => None,
            Height::Style => sizes::specified(&el.style, el.style.height, space.block_height, frame.down)
                .map(|h| sizes::clamp_height(&el.style, h, space.block_height, frame.down)),
        }
    }

    /// The used width of a box that is not replaced (CSS 2.2, sections 10.3.3, 10.3.5 and 10.4).
    fn width(
        &mut self,
        el: &El,
        space: &Space,
        frame: &Frame,
        margin: &Edges<Option<Pt>>,
        fixed_height: Option<Pt>,
    ) -> Pt {
        let style = &el.style;
        if let Width::Known(width) = space.width {
            return width;
        }
        let outer = margin.left.unwrap_or(Pt::ZERO) + margin.right.unwrap_or(Pt::ZERO);
        let specified = sizes::specified(style, style.width, Some(space.block_width), frame.across);
        let width = match (specified, style.width, space.width) {
            // measuring text costs as much as setting it: only where the width depends on it
            (Some(width), ..) => width,
            (None, Dimension::MinContent, _) => self.content_widths(el).0 + frame.across,
            (None, Dimension::MaxContent, _) => self.content_widths(el).1 + frame.across,
            (None, Dimension::FitContent, _) => self.fit(el, space.block_width - outer - frame.across) + frame.across,
            (None, _, Width::Fit(available)) => match fixed_height.and_then(|h| width_by_ratio(style, frame, h)) {
                Some(width) => width,
                None => self.fit(el, available - frame.across) + frame.across,
            },
            (None, ..) => match fixed_height.and_then(|h| width_by_ratio(style, frame, h)) {
                Some(width) => width,
                None => space.block_width - outer,
            },
        };
        sizes::clamp_width(style, width, space.block_width, frame.across)
    }

    /// Shrink-to-fit of the content box.
    fn fit(&mut self, el: &El, available: Pt) -> Pt {
        let (min, max) = self.content_widths(el);
        available.max(min).min(max)
    }

    /// The least and the greatest useful width of a box's content box.
    pub fn content_widths(&mut self, el: &El) -> (Pt, Pt) {
        let space = Space { block_width: Pt::ZERO, block_height: None, width: Width::Measure, height: Height::Content };
        let measured = self.lay_out_again(el, space);
        (measured.size.width, measured.size.height)
    }

    /// What a box asks of the one around it: least and greatest width with padding, border and margins. What
    /// is a percentage of a width that is not known yet counts as `auto` or nothing (CSS Sizing 3, section 5.2.1).
    pub fn contribution(&mut self, el: &El) -> (Pt, Pt) {
        let style = &el.style;
        let frame = Frame::new(style, Pt::ZERO);
        let margin = |d: Dimension| sizes::definite(d, None).unwrap_or(Pt::ZERO);
        let outer = margin(style.margin.left) + margin(style.margin.right);
        let specified = sizes::specified(style, style.width, None, frame.across);
        let (min, max) = match (specified, style.width) {
            (Some(width), _) => (width, width),
            (None, d) => {
                let (min, max) = self.content_widths(el);
                match d {
                    Dimension::MinContent => (min + frame.across, min + frame.across),
                    Dimension::MaxContent => (max + frame.across, max + frame.across),
                    _ => (min + frame.across, max + frame.across),
                }
            }
        };
        let least = sizes::specified(style, style.min_width, None, frame.across);
        let most = sizes::specified(style, style.max_width, None, frame.across);
        (sizes::clamp(min, least, most) + outer, sizes::clamp(max, least, most) + outer)
    }

    /// Intrinsic widths of the content box; see [`Width::Measure`].
    pub(in crate::layout) fn measured(&mut self, el: &El) -> Size {
        let mut faults = Vec::new();
        let replaced = if el.part == Part::Element { self.replaced(el, &mut faults) } else { None };
        let (mut min, mut max) = (Pt::ZERO, Pt::ZERO);
        if let Some(r) = replaced {
            let frame = Frame::new(&el.style, Pt::ZERO);
            let space =
                Space { block_width: Pt::ZERO, block_height: None, width: Width::Fit(Pt::ZERO), height: Height::Style };
            let fixed = self.fixed_height(el, &space, &frame);
            min = (r.size(&el.style, &space, &frame, fixed).0 - frame.across).max(Pt::ZERO);
            max = min;
        } else if el.is_table() {
            (min, max) = self.table_widths(el);
        } else if el.is_grid() {
            (min, max) = flex::grid_widths(self, el);
        } else {
            let kids = self.kids(el, &mut faults);
            let row = el.is_flex() && flex::is_row(&el.style);
            let wraps = flex::wraps(&el.style);
            let mut count = 0;
            // floats that stand beside one another, and beside what comes next
            let mut beside = Pt::ZERO;
            for kid in &kids {
                let (low, high) = match kid {
                    Kid::Out(_) => continue,
                    Kid::Float(float) => {
                        let (low, high) = self.contribution(float);
                        if float.style.clear != Clear::None {
                            max = max.max(beside);
                            beside = Pt::ZERO;
                        }
                        min = min.max(low);
                        beside += high;
                        continue;
                    }
                    Kid::Block(kid)
                        if beside > Pt::ZERO && (kid.style.clear != Clear::None || !self.contains_floats(kid)) =>
                    {
                        max = max.max(beside);
                        beside = Pt::ZERO;
                        self.contribution(kid)
                    }
                    Kid::Block(kid) | Kid::Slice { el: kid, .. } => self.contribution(kid),
                    Kid::Inline(run) => self.inline_widths(el, run),
                };
                count += 1;
                if row {
                    min = if wraps { min.max(low) } else { min + low };
                    max += high;
                } else {
                    min = min.max(low);
                    max = max.max(high + beside);
                    beside = Pt::ZERO;
                }
            }
            max = max.max(beside);
            if row && count > 1 {
                let gaps = el.style.column_gap.resolve(Pt::ZERO) * (count - 1) as f32;
                max += gaps;
                if !wraps {
                    min += gaps;
                }
            }
        }
        Size::new(min, max)
    }

    /// Draws the box around its content, and settles what is painted when.
    pub(in crate::layout) fn finish(&mut self, el: &El, size: Size, frame: &Frame, mut parts: Parts) -> Fragment {
        let style = &el.style;
        let border_box = Rect::new(Pt::ZERO, Pt::ZERO, size.width, size.height);
        let cuts = style.cuts() && !self.is_viewport(el);
        let clips = cuts || parts.clipped;
        let mut items = Vec::new();
        let (ground, drawn) = parts.ground.unwrap_or((border_box, true));
        // the ground of a cell is its table's to draw: it is as high as its rows
        if ground::is_decorated(style) && !self.is_canvas(el) && el.display() != Display::TableCell {
            let images = self.background_images(el, style, &mut parts.faults);
            if drawn {
                turn::decorate(&mut items, style.axes, style.on_paper(), ground, &images);
            } else {
                // collapsed borders are drawn by the table
                let mut paper = Style::clone(style.on_paper());
                let b = &mut paper.border;
                for side in [&mut b.top, &mut b.right, &mut b.bottom, &mut b.left] {
                    side.width = Pt::ZERO;
                }
                turn::decorate(&mut items, style.axes, &paper, ground, &images);
            }
        }
        let own = items.len();
        if parts.apart && parts.layers.iter().any(|l| l.float) {
            // floats are painted on the blocks of the context that they belong to
            parts.layers.sort_by_key(crate::layout::fragment::Layer::key);
            let drawn = std::mem::take(&mut parts.items);
            let (blocks, mut above) = if parts.layers.iter().any(|l| l.float && l.overlaps) {
                apart(&drawn, parts.lines, &parts.more_lines)
            } else {
                (drawn, Vec::new())
            };
            let mut flow = Parts { items: blocks, ..Parts::default() };
            for layer in parts.layers.iter().filter(|l| l.float) {
                flow.push_list(layer.at, &layer.list);
            }
            parts.layers.retain(|l| !l.float);
            parts.items = flow.items;
            parts.items.append(&mut above);
            (parts.lines, parts.more_lines) = ((0, 0), Vec::new());
        }
        if clips || el.is_stacking_context() {
            parts.layers.sort_by_key(crate::layout::fragment::Layer::key);
            let positive = parts.layers.partition_point(|l| l.z < 0);
            let mut content = Vec::with_capacity(parts.items.len() + parts.layers.len());
            let mut flow = Parts::default();
            for (i, layer) in parts.layers.iter().enumerate() {
                if i == positive {
                    flow.items.append(&mut parts.items);
                }
                flow.push_list(layer.at, &layer.list);
            }
            flow.items.append(&mut parts.items);
            content.append(&mut flow.items);
            parts.layers.clear();
            if clips {
                let corners = Corners::resolve(&style.radius, size.width, size.height).inset(frame.border);
                let mut clip = Vec::with_capacity(9);
                let padding_box = border_box.inset(frame.border);
                match if cuts { style.cut_sides() } else { (true, true) } {
                    (true, true) => outline(&mut clip, padding_box, &corners, false),
                    sides => clip.push(Segment::Rect(cut_open(padding_box, sides))),
                }
                ground::group(&mut items, 1.0, Some(clip), content);
                parts.texts.clear();
            } else {
                items.append(&mut content);
            }
            if let Some(effects) = &style.effects {
                outside::affect(el, effects, border_box, &mut items, &mut parts);
            } else if style.opacity < 1.0 {
                let inside = std::mem::take(&mut items);
                ground::group(&mut items, style.opacity, None, inside);
            }
        } else if let Some(effects) = &style.effects {
            items.append(&mut parts.items);
            outside::affect(el, effects, border_box, &mut items, &mut parts);
        } else if items.is_empty() {
            items = parts.items;
        } else {
            items.append(&mut parts.items);
        }
        let (lines, more_lines) = if clips || el.is_stacking_context() || style.effects.is_some() {
            ((0, 0), Vec::new())
        } else {
            // the box's own ground comes before them
            let ahead = own as u32;
            let moved = |(from, to): (u32, u32)| (from + ahead, to + ahead);
            let more = std::mem::take(&mut parts.more_lines);
            (moved(parts.lines), more.into_iter().map(moved).collect())
        };
        let recurs = el.part == Part::Element && !items.is_empty() && self.is_static(el);
        Fragment {
            list: Arc::new(ItemList { lines, more_lines, ..ItemList::new(items, recurs) }),
            layers: parts.layers,
            escapes: parts.escapes,
            texts: parts.texts,
            marks: parts.marks,
            ends: parts.ends,
            gaps: parts.gaps,
            keeps: parts.keeps,
            repeats: parts.repeats,
            rests: parts.rests,
            faults: parts.faults,
            floats: parts.floats,
            ..Fragment::default()
        }
    }

    /// Whether the template alone fixes the element.
    fn is_static(&self, el: &El) -> bool {
        let span = &self.dom.node(el.node).span;
        let source = self.dom.source.get(span.start as usize..span.end as usize);
        source.is_some_and(|s| self.shared.statics.contains(s))
    }

    /// The pictures of a background; a fault for each that cannot be had.
    pub fn background_images(&self, el: &El, style: &Style, faults: &mut Vec<Fault>) -> Vec<Option<Arc<Image>>> {
        let load = |b: &crate::markup::style::BackgroundImage| {
            self.shared.image(&b.base, &b.url, style.image_orientation).map_err(|kind| Fault {
                kind,
                at: 0,
                element: el.label(self.dom),
            })
        };
        let mut odd = Vec::new();
        let mut one = |b: &crate::markup::style::BackgroundImage| match b.gradient {
            Some(_) => Ok(None),
            None => load(b).map(|image| {
                let told = |kind| Fault { kind, at: 0, element: el.label(self.dom) };
                odd.extend(self.inks_of(&image).map(told));
                Some(image)
            }),
        };
        let images = style
            .background_images
            .iter()
            .map(|b| {
                one(b).unwrap_or_else(|f| {
                    faults.push(f);
                    None
                })
            })
            .collect();
        faults.append(&mut odd);
        images
    }

    /// What the root cuts, or where it cuts nothing the body, is cut by the page (CSS Overflow 3, section 3.3).
    pub(in crate::layout) fn is_viewport(&self, el: &El) -> bool {
        if el.part != Part::Element {
            return false;
        }
        let root = self.dom.root() == Some(el.node);
        // the styles of the root lie next to those of the body, and few bodies cut
        root || (self.dom.body() == Some(el.node) && el.style.on_overflow != OnOverflow::Clip)
    }

    /// What pages are made of: it is their height that limits it.
    fn is_flow_root(&self, el: &El) -> bool {
        self.is_canvas(el) && el.style.height == Dimension::Auto
    }

    /// The root's ground, or else the body's, is that of the whole page (CSS Backgrounds 3, section 2.11).
    fn is_canvas(&self, el: &El) -> bool {
        el.part == Part::Element && (self.dom.root() == Some(el.node) || self.dom.body() == Some(el.node))
    }
}

/// What blocks draw, and what lines draw, which lies above the floats around them (CSS 2.2, appendix E).
fn apart(items: &[Item], lines: (u32, u32), more: &[(u32, u32)]) -> (Vec<Item>, Vec<Item>) {
    let (mut blocks, mut above) = (Vec::new(), Vec::new());
    for (i, item) in items.iter().enumerate() {
        let in_lines = |(from, to): &(u32, u32)| (*from as usize..*to as usize).contains(&i);
        if in_lines(&lines) || more.iter().any(in_lines) {
            above.push(item.clone());
            continue;
        }
        if let Item::List(at, list) = item {
            let (ground, text) = apart(&list.items, list.lines, &list.more_lines);
            if !text.is_empty() {
                blocks.push(Item::List(*at, Arc::new(ItemList::new(ground, false))));
                above.push(Item::List(*at, Arc::new(ItemList::new(text, false))));
                continue;
            }
        }
        blocks.push(item.clone());
    }
    (blocks, above)
}

/// A box that is cut on some sides only.
fn cut_open(box_: Rect, (across, down): (bool, bool)) -> Rect {
    const FAR: Pt = Pt(20_000.0);
    let (x, width) = if across { (box_.x, box_.width) } else { (box_.x - FAR, box_.width + FAR * 2.0) };
    let (y, height) = if down { (box_.y, box_.height) } else { (box_.y - FAR, box_.height + FAR * 2.0) };
    Rect::new(x, y, width, height)
}

trait OrZero {
    fn map_or_zero(self) -> Edges<Pt>;
}

impl OrZero for Edges<Option<Pt>> {
    fn map_or_zero(self) -> Edges<Pt> {
        let z = |m: Option<Pt>| m.unwrap_or(Pt::ZERO);
        Edges { top: z(self.top), right: z(self.right), bottom: z(self.bottom), left: z(self.left) }
    }
}

/// Where a box is cut between pages it has no edge (`box-decoration-break: slice`).
fn cut_edges(frame: &mut Frame, margin: &mut Edges<Option<Pt>>, slice: &Slice) {
    if !slice.first {
        frame.down -= frame.top();
        frame.padding.top = Pt::ZERO;
        frame.border.top = Pt::ZERO;
        margin.top = Some(Pt::ZERO);
    }
    if !slice.last {
        frame.down -= frame.bottom();
        frame.padding.bottom = Pt::ZERO;
        frame.border.bottom = Pt::ZERO;
        margin.bottom = Some(Pt::ZERO);
    }
}

/// Whether a height that content does not keep to is one that somebody set: by the style, or by a flex container
/// that had no more room.
fn limit_is_meant(el: &El, space: &Space) -> bool {
    let s = &el.style;
    matches!(space.height, Height::Known { .. }) || s.height != Dimension::Auto || s.max_height != Dimension::Auto
}

/// Horizontal margins that are `auto` share what is left of the containing block's width.
pub(in crate::layout) fn horizontal_margins(margin: Edges<Option<Pt>>, space: &Space, width: Pt) -> Edges<Option<Pt>> {
    if space.width != Width::Fill {
        return margin;
    }
    let room = space.block_width - width;
    let (left, right) = match (margin.left, margin.right) {
        (Some(left), right) => (left, right.unwrap_or(room - left)),
        (None, Some(right)) => ((room - right).max(Pt::ZERO), right),
        (None, None) => ((room / 2.0).max(Pt::ZERO), (room / 2.0).max(Pt::ZERO)),
    };
    Edges { left: Some(left), right: Some(right), ..margin }
}

/// `aspect-ratio` is of the box that `box-sizing` names (CSS Sizing 4, section 5.1).
fn height_by_ratio(style: &Style, space: &Space, frame: &Frame, width: Pt) -> Option<Pt> {
    if space.height == Height::Content || style.height != Dimension::Auto {
        return None;
    }
    let ratio = style.aspect_ratio.filter(|r| *r > 0.0)?;
    let height = match style.box_sizing {
        crate::markup::style::BoxSizing::ContentBox => (width - frame.across) / ratio + frame.down,
        crate::markup::style::BoxSizing::BorderBox => width / ratio,
    };
    Some(sizes::clamp_height(style, height, space.block_height, frame.down))
}

fn width_by_ratio(style: &Style, frame: &Frame, height: Pt) -> Option<Pt> {
    let ratio = style.aspect_ratio.filter(|r| *r > 0.0)?;
    Some(match style.box_sizing {
        crate::markup::style::BoxSizing::ContentBox => (height - frame.down) * ratio + frame.across,
        crate::markup::style::BoxSizing::BorderBox => height * ratio,
    })
}
