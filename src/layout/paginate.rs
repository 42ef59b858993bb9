//! From the document to pages: forced breaks, the page area, the ground of the whole page, and what lies where the
//! knife falls (CSS Paged Media 3, CSS Break 3 section 3.1).
//!
//! Breaks are followed on the children of the body, and further down through elements that are alone in their
//! parent. Content that is longer than its page is a fault: a card has the pages that its template gives it.

use std::sync::Arc;

use super::boxes::{El, Kid};
use super::engine::{Engine, Slice, TOLERANCE};
use super::fault::{Axis, Fault, FaultKind};
use super::fit;
use super::fragment::{End, Fragment, Height, Layer, Parts, Space, TextExtent, Width};
use super::paint;
use super::shape::Corners;
use super::sizes;
use super::turn::Turn;
use crate::base::{Edges, Point, Pt, Rect, Size};
use crate::color::Color;
use crate::markup::css::PageStyle;
use crate::markup::dom::NodeId;
use crate::markup::paged::OnOverflow;
use crate::markup::style::{Break, Dimension, Display, Overflow, Style, TextStyle};
use crate::page::{Item, ItemList, Page, Path, Placed, Segment};

impl Engine<'_> {
    /// Lays out the whole document.
    pub(super) fn paginate(&mut self, page: &PageStyle, pages: &mut Vec<Page>, faults: &mut Vec<Fault>) {
        let Some(root) = self.dom.root() else { return };
        let html = self.el(root, None);
        let html = self.principal(html);
        if html.style.display == Display::None {
            return;
        }
        let groups = self.split(&html, faults);
        let count = groups.len();
        let limit = self.shared.options.max_pages;
        if count > limit {
            let kind = FaultKind::TooManyPages { limit };
            faults.push(Fault { kind, at: html.start, element: html.label(self.dom) });
        }
        for (i, kids) in groups.into_iter().take(limit).enumerate() {
            let slice = Slice { kids, first: i == 0, last: i + 1 == count };
            let made = self.page(&html, page, slice, faults);
            pages.push(made);
        }
    }

    /// The root as the page sees it: the page is written as its body is (CSS Writing Modes 4, section 8).
    fn principal(&mut self, mut html: El) -> El {
        let Some(body) = self.dom.body() else { return html };
        let mode = self.el(body, Some(&html.styled)).style.text.writing_mode;
        if mode != html.style.text.writing_mode {
            let mut style = Style::clone(&html.style);
            let mut text = TextStyle::clone(&style.text);
            text.writing_mode = mode;
            style.text = Arc::new(text);
            html.style = Arc::new(style);
            html.styled = Arc::new(html.styled.with_style(Arc::clone(&html.style)));
        }
        html
    }

    /// The children of a box, page by page.
    fn split(&mut self, el: &El, faults: &mut Vec<Fault>) -> Vec<Vec<Kid>> {
        let before = faults.len();
        let kids = self.kids(el, faults);
        for fault in faults.iter_mut().skip(before) {
            fault.at += el.start;
        }
        let in_flow = kids.iter().filter(|k| !matches!(k, Kid::Out(_))).count();
        let mut groups = Groups::default();
        for kid in kids {
            match kid {
                Kid::Block(block) => {
                    if block.style.break_before == Break::Page {
                        groups.turn = true;
                    }
                    let after = block.style.break_after == Break::Page;
                    if in_flow == 1 && self.is_divisible(&block) {
                        let parts = self.split(&block, faults);
                        let count = parts.len();
                        for (i, kids) in parts.into_iter().enumerate() {
                            groups.turn |= i > 0;
                            let (first, last) = (i == 0, i + 1 == count);
                            groups.add(Kid::Slice { el: block.clone(), kids, first, last });
                        }
                    } else {
                        groups.add(Kid::Block(block));
                    }
                    groups.turn |= after;
                }
                Kid::Out(_) | Kid::Float(_) => groups.add_aside(kid),
                kid => groups.add(kid),
            }
        }
        groups.finish()
    }

    fn is_divisible(&self, el: &El) -> bool {
        matches!(el.style.display, Display::Block | Display::FlowRoot)
            && el.style.height == Dimension::Auto
            && el.style.overflow == Overflow::Visible
            && el.style.opacity >= 1.0
            && !el.style.effects.as_ref().is_some_and(|e| e.is_stacking_context())
            && el.style.on_overflow == OnOverflow::Reject
            && !self.is_replaced(el)
            && !self.is_turned(el)
            && self.depth < self.shared.options.max_depth
    }

    fn page(&mut self, html: &El, style: &PageStyle, slice: Slice, faults: &mut Vec<Fault>) -> Page {
        let trim = style.size;
        let paper = page_area(style);
        let mut html = html.clone();
        // Everything down to the end of this function is seen along the lines of the page's own direction.
        let axes = self.own_axes(&html);
        html.style = self.turned.seen_along(&html.style, axes);
        let area = if axes.is_horizontal() { paper } else { Rect::new(Pt::ZERO, Pt::ZERO, paper.height, paper.width) };
        html.relative = super::block::relative(&html.style, area.width, Some(area.height));
        let top = if slice.first { sizes::margins(&html.style, area.width).top.unwrap_or(Pt::ZERO) } else { Pt::ZERO };
        let space = Space {
            block_width: area.width,
            block_height: Some(area.height),
            width: Width::Fill,
            height: Height::Style,
        };
        let canvas = self.canvas(&html, style, faults);
        let at_y = area.y + top + html.relative.y;
        let fits = |root: &Fragment| {
            !root.ends.iter().any(|e| e.bottom + at_y > area.bottom() + TOLERANCE)
                && !root.faults.iter().any(fit::is_overflow)
        };
        // A body that is to be fitted is fitted to the page.
        let shrinking = self.dom.body().map(|body| self.el(body, Some(&html.styled))).filter(|b| self.shrinks(b));
        let root = match shrinking {
            None => self.compute(&html, space, Some(slice)),
            Some(body) => {
                let Slice { kids, first, last } = slice;
                let again = |engine: &Self| Slice { kids: engine.fitted_kids(&kids), first, last };
                let root = self.compute(&html, space, Some(again(self)));
                if fits(&root) {
                    root
                } else {
                    let (fit, mut root, done) = self.climb(&body.style.copy_fit, root, |engine, _| {
                        let slice = again(engine);
                        let root = engine.compute(&html, space, Some(slice));
                        let done = fits(&root);
                        (root, done)
                    });
                    fit::tell(fit, done, &body.label(self.dom), &mut root.faults);
                    root
                }
            }
        };
        let at = Point::new(area.x + root.margin.left, area.y + top) + html.relative;

        let beyond = |e: &&End| e.bottom + at.y > area.bottom() + TOLERANCE;
        if let Some(end) = root.ends.iter().find(beyond) {
            let kind = FaultKind::Overflow { axis: Axis::Vertical, by: end.bottom + at.y - area.bottom() };
            let element = super::boxes::label(self.dom, end.node);
            faults.push(Fault { kind, at: end.at + html.start, element });
        }

        // what looks for a containing block finds the page area
        let mut parts = Parts {
            layers: root.layers,
            texts: root.texts,
            marks: root.marks,
            faults: root.faults,
            ..Parts::default()
        };
        let block = Rect::new(area.x - at.x, area.y - at.y, area.width, area.height);
        let mut waiting = root.escapes;
        while !waiting.is_empty() {
            for escape in waiting.drain(..) {
                self.place_escape(escape, block, html.start, &mut parts);
            }
            waiting.append(&mut parts.escapes);
        }
        let (mut at, mut list) = (at, root.list);
        if !axes.is_horizontal() {
            let turn = Turn::out(axes, area.size()).moved(Point::new(paper.x, paper.y));
            at = turn.point(at);
            list = turn.about_origin().list(&list);
            parts.turn(&turn.about_origin());
        }

        parts.layers.sort_by_key(Layer::key);
        let mut lists = Vec::with_capacity(parts.layers.len() + 2);
        if !canvas.is_empty() {
            lists.push(Placed { at: Point::ZERO, list: Arc::new(ItemList::new(canvas, false)) });
        }
        let below = parts.layers.partition_point(|l| l.z < 0);
        let placed = |l: &Layer| Placed { at: l.at + at, list: Arc::clone(&l.list) };
        lists.extend(parts.layers.iter().take(below).map(placed));
        let mut flow = Parts::default();
        flow.push_list(at, &list);
        match flow.items.as_slice() {
            [] => {}
            [Item::List(at, list)] => lists.push(Placed { at: *at, list: Arc::clone(list) }),
            _ => lists.push(Placed { at, list }),
        }
        lists.extend(parts.layers.iter().skip(below).map(placed));

        for fault in parts.faults {
            faults.push(Fault { at: fault.at + html.start, ..fault });
        }
        if self.shared.options.trace {
            let marks = parts.marks.iter().map(|m| m.map(|r| r.translated(at))).collect();
            self.traced.push(super::trace::Traced { page: trim, marks });
        }
        let mut starts = Vec::new();
        for text in &parts.texts {
            let text = TextExtent { rect: text.rect.translated(at), at: text.at + html.start };
            self.check_trim(&text, trim, &mut starts, faults);
        }
        Page { trim, bleed: style.bleed, slug: Pt::ZERO, lists }
    }

    /// Text must not be cut off.
    fn check_trim(&self, text: &TextExtent, trim: Size, starts: &mut Vec<(u32, NodeId)>, faults: &mut Vec<Fault>) {
        let r = text.rect;
        let beyond = [-r.x, -r.y, r.right() - trim.width, r.bottom() - trim.height];
        let by = beyond.into_iter().fold(Pt::ZERO, Pt::max);
        if by > TOLERANCE {
            let element = self.element_at(text.at, starts);
            let label = element.map_or_else(|| Arc::from("html"), |n| super::boxes::label(self.dom, n));
            faults.push(Fault { kind: FaultKind::OffPage { by }, at: text.at, element: label });
        }
    }

    /// The outermost element that starts at this byte. `starts` is filled at the first call: a piece may have
    /// very many such texts.
    fn element_at(&self, at: u32, starts: &mut Vec<(u32, NodeId)>) -> Option<NodeId> {
        if starts.is_empty() {
            let elements = self.dom.subtree(self.dom.root()?).filter(|n| self.dom.is_element(*n));
            starts.extend(elements.map(|n| (self.dom.node(n).span.start, n)));
            // stable: of those that start together the outermost stays first
            starts.sort_by_key(|(start, _)| *start);
        }
        let first = starts.partition_point(|(start, _)| *start < at);
        starts.get(first).filter(|(start, _)| *start == at).map(|(_, n)| *n)
    }

    /// The ground of the page with its bleed: the page's own, on it the root's or else the body's
    /// (CSS Backgrounds 3, section 2.11.2).
    fn canvas(&mut self, html: &El, page: &PageStyle, faults: &mut Vec<Fault>) -> Vec<Item> {
        let bleed = page.bleed;
        let area = Rect::new(Pt::ZERO, Pt::ZERO, page.size.width, page.size.height).inset(Edges::all(-bleed));
        let mut items = Vec::new();
        if page.background.is_visible() {
            fill(&mut items, area, page.background);
        }
        let has_ground = |s: &Style| s.visible && (s.background_color.is_visible() || !s.background_images.is_empty());
        let owner = if has_ground(&html.style) {
            Some(html.clone())
        } else {
            self.dom.body().map(|body| self.el(body, Some(&html.styled))).filter(|b| has_ground(&b.style))
        };
        if let Some(owner) = owner {
            let before = faults.len();
            let ground = owner.style.on_paper();
            let images = self.background_images(&owner, ground, faults);
            for fault in faults.iter_mut().skip(before) {
                fault.at = owner.start;
            }
            paint::ground(&mut items, ground, &images, |_| (area, Corners::default()));
        }
        items
    }
}

fn fill(items: &mut Vec<Item>, area: Rect, color: Color) {
    let path = Path::filled(vec![Segment::Rect(area)], color.ink);
    paint::translucent(items, color.alpha, Item::Path(path));
}

/// The trimmed page without its margins.
pub(super) fn page_area(page: &PageStyle) -> Rect {
    let across = |d| sizes::definite(d, Some(page.size.width)).unwrap_or(Pt::ZERO);
    let down = |d| sizes::definite(d, Some(page.size.height)).unwrap_or(Pt::ZERO);
    let m = &page.margin;
    let edges = Edges { top: down(m.top), right: across(m.right), bottom: down(m.bottom), left: across(m.left) };
    Rect::new(Pt::ZERO, Pt::ZERO, page.size.width, page.size.height).inset(edges)
}

#[derive(Debug, Default)]
struct Groups {
    done: Vec<Vec<Kid>>,
    current: Vec<Kid>,
    /// Something in the flow is on the current page.
    begun: bool,
    /// The next thing in the flow begins a page.
    turn: bool,
}

impl Groups {
    fn add(&mut self, kid: Kid) {
        if self.turn && self.begun {
            self.done.push(std::mem::take(&mut self.current));
        }
        self.turn = false;
        self.begun = true;
        self.current.push(kid);
    }

    /// Takes no room: it stays on the page on which it is met.
    fn add_aside(&mut self, kid: Kid) {
        self.current.push(kid);
    }

    fn finish(mut self) -> Vec<Vec<Kid>> {
        if !self.current.is_empty() || self.done.is_empty() {
            self.done.push(self.current);
        }
        self.done
    }
}
