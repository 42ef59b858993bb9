//! One page: the paper it is on, its ground, what hangs on it, and what lies where the knife falls.

use std::sync::Arc;

use crate::base::{Edges, Point, Pt, Rect, Size};
use crate::color::{Color, Ink};
use crate::layout::boxes::engine::{Engine, TOLERANCE};
use crate::layout::boxes::sizes;
use crate::layout::boxes::tree::El;
use crate::layout::boxes::turn::Turn;
use crate::layout::fault::{Fault, FaultKind};
use crate::layout::fragment::{Layer, Parts, TextExtent};
use crate::layout::paint::ground;
use crate::layout::paint::shape::Corners;
use crate::layout::paint::svg;
use crate::markup::css::{PageStyle, Sheets, WhichPage};
use crate::markup::dom::NodeId;
use crate::markup::style::{Axes, Style};
use crate::page::{ImageItem, Item, ItemList, Page, Path, Placed, Segment};

/// Pages that are remembered, by what is asked for.
const MOST_PAPERS: usize = 64;

/// The pages that stylesheets describe, once they were asked for.
#[derive(Debug, Default)]
pub struct Papers {
    sheets: Option<Arc<Sheets>>,
    known: Vec<(WhichPage, Arc<PageStyle>)>,
}

impl Papers {
    /// A document with these stylesheets begins.
    pub fn begin(&mut self, sheets: &Arc<Sheets>) {
        if !self.sheets.as_ref().is_some_and(|known| Arc::ptr_eq(known, sheets)) {
            self.sheets = Some(Arc::clone(sheets));
            self.known.clear();
        }
    }

    /// The page that is asked for.
    pub fn of(&mut self, which: &WhichPage) -> Arc<PageStyle> {
        if let Some((_, style)) = self.known.iter().find(|(known, _)| known == which) {
            return Arc::clone(style);
        }
        let style = Arc::new(self.sheets.as_ref().map_or_else(PageStyle::default, |s| s.page(which)));
        if self.known.len() >= MOST_PAPERS {
            self.known.clear();
        }
        self.known.push((which.clone(), Arc::clone(&style)));
        style
    }
}

/// A page under way.
#[derive(Debug)]
pub struct Sheet {
    pub style: Arc<PageStyle>,
    /// Of the `page` property; empty for most.
    name: Arc<str>,
    canvas: Vec<Item>,
    /// The direction of the page's writing: everything that follows is seen along its lines.
    pub axes: Axes,
    /// Where the origin of `list` and `parts` lies on the page.
    pub at: Point,
    /// What is in the flow.
    pub list: Option<Arc<ItemList>>,
    /// What is not, and where texts lie.
    pub parts: Parts,
}

impl Sheet {
    /// The page's area, seen along its lines.
    #[must_use]
    pub fn area(&self) -> Rect {
        logical_area(&self.style, self.axes)
    }
}

/// The page's area, seen along its lines: where these are not horizontal, it begins in its own corner.
#[must_use]
pub fn logical_area(page: &PageStyle, axes: Axes) -> Rect {
    let paper = page_area(page);
    if axes.is_horizontal() { paper } else { Rect::new(Pt::ZERO, Pt::ZERO, paper.height, paper.width) }
}

impl Engine<'_> {
    /// A page with its ground and nothing else.
    pub(in crate::layout) fn sheet(
        &mut self,
        html: &El,
        which: WhichPage,
        papers: &mut Papers,
        faults: &mut Vec<Fault>,
    ) -> Sheet {
        let style = papers.of(&which);
        let name = which.name;
        let canvas = self.canvas(html, &style, faults);
        let axes = self.own_axes(html);
        Sheet { style, name, canvas, axes, at: Point::ZERO, list: None, parts: Parts::default() }
    }

    /// Finishes a page: `number` of so many, from 1.
    pub(in crate::layout) fn hang(
        &mut self,
        html: &El,
        sheet: Sheet,
        number: (usize, usize),
        faults: &mut Vec<Fault>,
    ) -> Page {
        let area = sheet.area();
        let Sheet { style, name, canvas, axes, mut at, mut list, mut parts } = sheet;
        let trim = style.size;
        if !axes.is_horizontal() {
            let paper = page_area(&style);
            let turn = Turn::out(axes, area.size()).moved(Point::new(paper.x, paper.y));
            at = turn.point(at);
            list = list.map(|list| turn.about_origin().list(&list));
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
        if let Some(list) = list {
            match list.items.as_slice() {
                [] => {}
                [Item::List(inner, only)] => lists.push(Placed { at: at + *inner, list: Arc::clone(only) }),
                _ => lists.push(Placed { at, list }),
            }
        }
        lists.extend(parts.layers.iter().skip(below).map(placed));
        if !style.boxes.is_empty() {
            self.margin_boxes(html, &style, number, &mut lists, faults);
        }
        let mut slug = Pt::ZERO;
        if style.marks != Default::default() {
            slug = super::marks::SLUG;
            let items = super::marks::items(&style);
            lists.push(Placed { at: Point::ZERO, list: Arc::new(ItemList::new(items, false)) });
        }
        if self.shared.options.trace {
            let marks = parts.marks.iter().map(|m| m.map(|r| r.translated(at))).collect();
            self.traced.push(crate::layout::trace::Traced { page: trim, marks });
        }
        let mut starts = Vec::new();
        for text in &parts.texts {
            let text = TextExtent { rect: text.rect.translated(at), at: text.at + html.start };
            self.check_trim(&text, trim, &mut starts, faults);
        }
        Page { trim, bleed: style.bleed, slug, name, lists }
    }

    /// Text must not be cut off.
    fn check_trim(&self, text: &TextExtent, trim: Size, starts: &mut Vec<(u32, NodeId)>, faults: &mut Vec<Fault>) {
        let r = text.rect;
        let beyond = [-r.x, -r.y, r.right() - trim.width, r.bottom() - trim.height];
        let by = beyond.into_iter().fold(Pt::ZERO, Pt::max);
        if by > TOLERANCE {
            let element = self.element_at(text.at, starts);
            let label = element.map_or_else(|| Arc::from("html"), |n| crate::layout::boxes::tree::label(self.dom, n));
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
        if let Some((url, base)) = &page.picture {
            self.page_picture(html, page, (base, url), area, &mut items, faults);
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
            ground::ground(&mut items, ground, &images, |_| (area, Corners::default()));
        }
        items
    }
}

impl Engine<'_> {
    /// The picture of an `@page` rule: artwork in its own size, its trim on the page's, cut at the page's bleed; any
    /// other picture covers the page with its bleed.
    fn page_picture(
        &mut self,
        html: &El,
        page: &PageStyle,
        (base, url): (&str, &str),
        area: Rect,
        items: &mut Vec<Item>,
        faults: &mut Vec<Fault>,
    ) {
        let element = || Arc::from("@page");
        let image = match self.shared.image(base, url, html.style.image_orientation) {
            Ok(image) => image,
            Err(kind) => return faults.push(Fault { kind, at: html.start, element: element() }),
        };
        let (w, h) = (image.natural_width, image.natural_height);
        let Some(art) = &image.art else {
            let factor = (area.width / w).max(area.height / h);
            let (width, height) = (w * factor, h * factor);
            if !(factor.is_finite() && factor > 0.0) {
                return;
            }
            let rect =
                Rect::new(area.x + (area.width - width) / 2.0, area.y + (area.height - height) / 2.0, width, height);
            let item = match &image.drawing {
                None => Some(Item::Image(ImageItem { image, rect })),
                Some(drawing) => svg::draw(drawing, rect, Ink::BLACK),
            };
            return ground::group(items, 1.0, Some(vec![Segment::Rect(area)]), item.into_iter().collect());
        };
        let told =
            |message: String| Fault { kind: FaultKind::Unsupported { message }, at: html.start, element: element() };
        faults.extend(art.doubts.iter().map(|doubt| told(format!("the artwork {url} {doubt}"))));
        let kinds = self.inks_of(&image);
        faults.extend(kinds.map(|kind| Fault { kind, at: html.start, element: element() }));
        let (size, mm) = (page.size, |v: Pt| (f64::from(v.to_mm()) * 10.0).round() / 10.0);
        let off = |a: Pt, b: Pt| (a - b).0.abs() > SAME_SIZE.0;
        if off(w, size.width) || off(h, size.height) {
            faults.push(told(format!(
                "the artwork {url} is {} × {} mm at its trim and the page {} × {} mm; they lie together at the upper left",
                mm(w),
                mm(h),
                mm(size.width),
                mm(size.height)
            )));
        } else if page.bleed > Pt::ZERO {
            let b = art.bleed;
            let least = [b.top, b.right, b.bottom, b.left].into_iter().fold(page.bleed, Pt::min);
            if page.bleed - least > SAME_SIZE {
                faults.push(told(format!(
                    "the artwork {url} has {} mm of bleed where the page has {} mm; its edge may show after cutting",
                    mm(least),
                    mm(page.bleed)
                )));
            }
        }
        let item = Item::Image(ImageItem { image: Arc::clone(&image), rect: Rect::new(Pt::ZERO, Pt::ZERO, w, h) });
        ground::group(items, 1.0, Some(vec![Segment::Rect(area)]), vec![item]);
    }
}

/// As far as artwork may differ from the page without a word: half a millimetre.
const SAME_SIZE: Pt = Pt::from_mm(0.5);

fn fill(items: &mut Vec<Item>, area: Rect, color: Color) {
    let path = Path::filled(vec![Segment::Rect(area)], color.ink);
    ground::translucent(items, color.alpha, Item::Path(path));
}

/// The trimmed page without its margins.
pub fn page_area(page: &PageStyle) -> Rect {
    let across = |d| sizes::definite(d, Some(page.size.width)).unwrap_or(Pt::ZERO);
    let down = |d| sizes::definite(d, Some(page.size.height)).unwrap_or(Pt::ZERO);
    let m = &page.margin;
    let edges = Edges { top: down(m.top), right: across(m.right), bottom: down(m.bottom), left: across(m.left) };
    Rect::new(Pt::ZERO, Pt::ZERO, page.size.width, page.size.height).inset(edges)
}
