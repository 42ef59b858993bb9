//! From the document to pages: breaks, the pages that a flow is dealt out to, and what recurs on each of them
//! (CSS Paged Media 3, CSS Break 3).
//!
//! 1. The document is split at forced breaks and where the name of the page changes: on the children of the body and
//!    through elements that are alone in their parent; where a break was met deeper, once more at any depth of
//!    block flow. Each group begins a page.
//! 2. A group is laid out. If it is longer than its page, that is a fault, for a card has the pages that its
//!    template gives it; or, where the piece may have as many pages as it takes ([`crate::layout::Options::flow`], or
//!    `-surimono-overflow: continue` of the body), it is laid out once more with the places noted where it may be
//!    cut, and dealt out to pages (`cuts`, `slice`).
//! 3. What boxes leave to pages of another name (`carry`) follows the group.
//! 4. At last, when the number of pages is known, each is hung with what recurs: fixed boxes, margin boxes, marks.

use std::sync::Arc;

use super::cuts::{self, Solid, Stretch};
use super::sheet::{Papers, Sheet, logical_area};
use super::slice::Dealer;
use crate::base::{Point, Pt, Rect};
use crate::layout::boxes::engine::{Engine, Slice, TOLERANCE};
use crate::layout::boxes::sizes;
use crate::layout::boxes::tree::{El, Kid};
use crate::layout::fault::{Axis, Fault, FaultKind};
use crate::layout::fit;
use crate::layout::fragment::{End, Escape, Fragment, Height, Layer, Parts, Space, TextExtent, Width};
use crate::markup::css::WhichPage;
use crate::markup::paged::OnOverflow;
use crate::markup::style::{Break, Dimension, Direction, Display, Position, Style, TextStyle};
use crate::page::Page;

/// The pages of a piece under way.
#[derive(Debug)]
struct Book<'p> {
    papers: &'p mut Papers,
    sheets: Vec<Sheet>,
    /// Fixed boxes, with the sheet that they were met on; in coordinates of the page.
    fixed: Vec<(usize, Escape)>,
    /// More sheets are not made.
    most: usize,
}

impl Book<'_> {
    /// What the sheet of this number (from 0) is asked for as.
    fn which(number: usize, name: &Arc<str>, blank: bool) -> WhichPage {
        WhichPage { name: Arc::clone(name), first: number == 0, right: number.is_multiple_of(2), blank }
    }

    fn is_full(&self) -> bool {
        self.sheets.len() >= self.most
    }
}

impl Engine<'_> {
    /// Lays out the whole document.
    pub(in crate::layout) fn paginate(&mut self, papers: &mut Papers, pages: &mut Vec<Page>, faults: &mut Vec<Fault>) {
        let Some(root) = self.dom.root() else { return };
        let html = self.el(root, None);
        let html = self.principal(html);
        if html.style.display == Display::None {
            return;
        }
        let told = faults.len();
        let most = self.shared.options.max_pages;
        let mut book = Book { papers, sheets: Vec::new(), fixed: Vec::new(), most };
        self.sheets(&html, &mut book, faults);
        if faults.iter().skip(told).any(|f| matches!(f.kind, FaultKind::DeepBreak)) {
            faults.truncate(told);
            book.sheets.clear();
            book.fixed.clear();
            self.deep = true;
            self.sheets(&html, &mut book, faults);
            self.deep = false;
        }
        let Book { mut sheets, fixed, .. } = book;
        self.repeat_fixed(&html, &fixed, &mut sheets, faults);
        let count = sheets.len();
        for (i, sheet) in sheets.into_iter().enumerate() {
            let page = self.hang(&html, sheet, (i + 1, count), faults);
            pages.push(page);
        }
    }

    fn sheets(&mut self, html: &El, book: &mut Book<'_>, faults: &mut Vec<Fault>) {
        let groups = self.split(html, faults);
        let count = groups.len();
        let mut all = true;
        for (i, group) in groups.into_iter().enumerate() {
            if book.is_full() {
                all = false;
                break;
            }
            all &= self.group(html, group, (i == 0, i + 1 == count), book, faults);
        }
        if !all {
            let kind = FaultKind::TooManyPages { limit: book.most };
            faults.push(Fault { kind, at: html.start, element: html.label(self.dom) });
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
    fn split(&mut self, el: &El, faults: &mut Vec<Fault>) -> Vec<Group> {
        let before = faults.len();
        let kids = self.kids(el, faults);
        for fault in faults.iter_mut().skip(before) {
            fault.at += el.start;
        }
        let in_flow = kids.iter().filter(|k| !matches!(k, Kid::Out(_))).count();
        let mut groups = Groups::new(&el.style.page);
        for kid in kids {
            match kid {
                Kid::Block(block) => {
                    groups.turn(block.style.break_before);
                    let after = block.style.break_after;
                    let name = Arc::clone(&block.style.page);
                    let divides =
                        self.is_divisible(&block) && (in_flow == 1 || (self.deep && self.holds_break(&block)));
                    if divides {
                        self.depth += 1;
                        let parts = self.split(&block, faults);
                        self.depth -= 1;
                        let count = parts.len();
                        for (i, part) in parts.into_iter().enumerate() {
                            groups.turned |= i > 0;
                            groups.right = part.right.or(groups.right);
                            let (first, last) = (i == 0, i + 1 == count);
                            let slice = Kid::Slice { el: block.clone(), kids: part.kids, first, last };
                            groups.add(slice, &part.name);
                        }
                    } else {
                        groups.add(Kid::Block(block), &name);
                    }
                    groups.turn(after);
                }
                Kid::Out(_) | Kid::Float(_) => groups.add_aside(kid),
                kid => groups.add(kid, &el.style.page),
            }
        }
        groups.finish()
    }

    /// Whether pages may be cut from this box.
    pub(in crate::layout) fn is_divisible(&self, el: &El) -> bool {
        matches!(el.style.display, Display::Block | Display::FlowRoot)
            && el.style.height == Dimension::Auto
            && (!el.style.cuts() || self.is_viewport(el))
            && el.style.opacity >= 1.0
            && !el.style.effects.as_ref().is_some_and(|e| e.is_stacking_context())
            && el.style.on_overflow == OnOverflow::Reject
            && !self.is_replaced(el)
            && !self.is_turned(el)
            && self.depth < self.shared.options.max_depth
    }

    /// Whether anything in the block flow of this box begins a page.
    fn holds_break(&mut self, el: &El) -> bool {
        let mut child = self.dom.node(el.node).first_child;
        self.depth += 1;
        let mut found = false;
        while let Some(node) = child
            && !found
        {
            child = self.dom.node(node).next_sibling;
            if !self.dom.is_element(node) {
                continue;
            }
            let kid = self.el(node, Some(&el.styled));
            if kid.style.display == Display::None || kid.is_out_of_flow() {
                continue;
            }
            let s = &kid.style;
            found = s.break_before.is_forced()
                || s.break_after.is_forced()
                || s.page != el.style.page
                || (self.is_divisible(&kid) && self.holds_break(&kid));
        }
        self.depth -= 1;
        found
    }

    /// Lays out what begins with one page. `false` when there were more pages than may be.
    fn group(
        &mut self,
        html: &El,
        group: Group,
        (first, last): (bool, bool),
        book: &mut Book<'_>,
        faults: &mut Vec<Fault>,
    ) -> bool {
        if let Some(right) = group.right
            && book.sheets.len().is_multiple_of(2) != right
            && book.sheets.len() + 1 < book.most
        {
            let which = Book::which(book.sheets.len(), &group.name, true);
            let blank = self.sheet(html, which, book.papers, faults);
            book.sheets.push(blank);
        }
        let which = Book::which(book.sheets.len(), &group.name, false);
        let sheet = self.sheet(html, which, book.papers, faults);
        let area = sheet.area();
        let mut html = html.clone();
        // Everything from here until the page is hung is seen along the lines of the page's own direction.
        html.style = self.turned.seen_along(&html.style, sheet.axes);
        html.relative =
            crate::layout::boxes::block::relative(&html.style, area.width, Some(area.height), Direction::Ltr);
        let top = if first { sizes::margins(&html.style, area.width).top.unwrap_or(Pt::ZERO) } else { Pt::ZERO };
        let space = Space {
            block_width: area.width,
            block_height: Some(area.height),
            width: Width::Fill,
            height: Height::Style,
        };
        let at_y = area.y + top + html.relative.y;
        let beyond = |e: &&End| e.bottom + at_y > area.bottom() + TOLERANCE;
        let body = self.dom.body().map(|body| self.el(body, Some(&html.styled)));
        let decision = body.as_ref().map_or(OnOverflow::Reject, |b| b.style.on_overflow.clone());
        // what follows has this name of page, where anything may follow
        let next = match decision {
            OnOverflow::Continue(name) => Some(name),
            OnOverflow::Reject if self.shared.options.flow => Some(group.name),
            _ => None,
        };
        let mut root;
        if let Some(body) = body.filter(|b| self.shrinks(b)) {
            // A body that is to be fitted is fitted to the page.
            let fits =
                |root: &Fragment| !root.ends.iter().any(|e| beyond(&e)) && !root.faults.iter().any(fit::is_overflow);
            let again = |engine: &Self| Slice { kids: engine.fitted_kids(&group.kids), first, last };
            let slice = again(self);
            root = self.compute(&html, space, Some(slice));
            if !fits(&root) {
                let (fit, made, done) = self.climb(&body.style.copy_fit, root, |engine, _| {
                    let slice = again(engine);
                    let root = engine.compute(&html, space, Some(slice));
                    let done = fits(&root);
                    (root, done)
                });
                root = made;
                fit::tell(fit, done, &body.label(self.dom), &mut root.faults);
            }
        } else if let Some(next) = next {
            root = self.compute(&html, space, Some(Slice { kids: group.kids.clone(), first, last }));
            if root.ends.iter().any(|e| beyond(&e)) {
                self.flowing = true;
                root = self.compute(&html, space, Some(Slice { kids: group.kids, first, last }));
                let at = Point::new(area.x + root.margin.left, at_y) + Point::new(html.relative.x, Pt::ZERO);
                return self.flow(&html, root, at, sheet, &next, book, faults);
            }
        } else {
            root = self.compute(&html, space, Some(Slice { kids: group.kids, first, last }));
        }
        let at = Point::new(area.x + root.margin.left, at_y) + Point::new(html.relative.x, Pt::ZERO);
        if let Some(end) = root.ends.iter().find(beyond) {
            let kind = FaultKind::Overflow { axis: Axis::Vertical, by: end.bottom + at.y - area.bottom() };
            let element = crate::layout::boxes::tree::label(self.dom, end.node);
            faults.push(Fault { kind, at: end.at + html.start, element });
        }
        let start = area.y - at.y;
        self.deal(&html, root, at, &[Stretch::new(start, Pt::INFINITY)], vec![sheet], book, faults)
    }

    /// A group that is longer than its page.
    #[allow(clippy::too_many_arguments)]
    fn flow(
        &mut self,
        html: &El,
        mut root: Fragment,
        at: Point,
        sheet: Sheet,
        next: &Arc<str>,
        book: &mut Book<'_>,
        faults: &mut Vec<Fault>,
    ) -> bool {
        let base = book.sheets.len();
        let most = book.most.saturating_sub(base).max(1);
        let (area, axes) = (sheet.area(), sheet.axes);
        let end = root.ends.iter().map(|e| e.bottom).fold(Pt::ZERO, Pt::max);
        let papers = &mut *book.papers;
        let room = |page: usize| match page {
            0 => area.height,
            _ => logical_area(&papers.of(&Book::which(base + page, next, false)), axes).height,
        };
        let gaps = std::mem::take(&mut root.gaps);
        let solid = Solid { texts: &root.texts, keeps: &root.keeps, repeats: &root.repeats };
        let mut stretches = cuts::fill(gaps, solid, area.y - at.y, end, room, most + 1);
        let all = stretches.len() <= most;
        stretches.truncate(most);
        let mut sheets = vec![sheet];
        while sheets.len() < stretches.len() {
            let which = Book::which(base + sheets.len(), next, false);
            sheets.push(self.sheet(html, which, book.papers, faults));
        }
        self.deal(html, root, at, &stretches, sheets, book, faults) && all
    }

    /// Deals the root's fragment out to sheets, each with its stretch of it.
    #[allow(clippy::too_many_arguments)]
    fn deal(
        &mut self,
        html: &El,
        root: Fragment,
        at: Point,
        stretches: &[Stretch],
        mut sheets: Vec<Sheet>,
        book: &mut Book<'_>,
        faults: &mut Vec<Fault>,
    ) -> bool {
        let base = book.sheets.len();
        let mut dealer = Dealer::new(stretches);
        let left = sheets.first().map_or(Pt::ZERO, |s| s.area().x);
        for (i, (sheet, stretch)) in sheets.iter_mut().zip(stretches).enumerate() {
            let area = sheet.area();
            sheet.at = match i {
                0 => at,
                _ => Point::new(at.x - left + area.x, area.y - stretch.from + stretch.above),
            };
        }
        let one = stretches.len() == 1;
        if let (true, Some(sheet)) = (one, sheets.first_mut()) {
            sheet.list = Some(root.list);
            sheet.parts = Parts { layers: root.layers, texts: root.texts, marks: root.marks, ..Parts::default() };
        } else {
            deal_parts(&mut dealer, &root, 0, &mut sheets);
            for (sheet, stretch) in sheets.iter_mut().zip(stretches) {
                sheet.parts.layers.extend(cuts::again(&root.repeats, stretch));
            }
        }
        // what looks for a containing block finds the area of the page that it is on
        let mut waiting = root.escapes;
        while let Some(next) = (!waiting.is_empty()).then(|| std::mem::take(&mut waiting)) {
            for escape in next {
                let page = if one { 0 } else { dealer.page_at(escape.at.y) };
                let Some(sheet) = sheets.get_mut(page) else { continue };
                if escape.el.style.position == Position::Fixed {
                    let at = escape.at + sheet.at;
                    book.fixed.push((base + page, Escape { at, ..escape }));
                    continue;
                }
                let area = sheet.area();
                let block = Rect::new(area.x - sheet.at.x, area.y - sheet.at.y, area.width, area.height);
                self.place_escape(escape, block, html, &mut sheet.parts);
                waiting.append(&mut sheet.parts.escapes);
            }
        }
        let from_root =
            root.faults.into_iter().chain(sheets.iter_mut().flat_map(|s| std::mem::take(&mut s.parts.faults)));
        faults.extend(from_root.map(|fault| Fault { at: fault.at + html.start, ..fault }));
        let mut rests = root.rests;
        rests.extend(sheets.iter_mut().flat_map(|s| std::mem::take(&mut s.parts.rests)));
        book.sheets.append(&mut sheets);
        rests.into_iter().all(|(at, rest)| self.carry_on(html, &rest, at, book, faults))
    }

    /// What a box leaves to pages of their own.
    fn carry_on(
        &mut self,
        html: &El,
        rest: &super::carry::Rest,
        at: u32,
        book: &mut Book<'_>,
        faults: &mut Vec<Fault>,
    ) -> bool {
        if book.is_full() {
            return false;
        }
        if !self.styler.sheets().names_page(&rest.name) {
            let message = format!("its content goes on on pages named `{0}`, and there is no `@page {0}`", rest.name);
            let kind = FaultKind::Unsupported { message };
            faults.push(Fault { kind, at: html.start + at, element: Arc::clone(&rest.element) });
        }
        let base = book.sheets.len();
        let most = book.most - base;
        let papers = &mut *book.papers;
        let axes = self.own_axes(html);
        let room = |page: usize| logical_area(&papers.of(&Book::which(base + page, &rest.name, false)), axes).height;
        let solid = Solid { texts: &rest.texts, keeps: &rest.keeps, repeats: &rest.repeats };
        let mut stretches = cuts::fill(rest.gaps.clone(), solid, rest.from, rest.end, room, most + 1);
        let all = stretches.len() <= most;
        stretches.truncate(most);
        let mut sheets = Vec::with_capacity(stretches.len());
        for stretch in &stretches {
            let which = Book::which(base + sheets.len(), &rest.name, false);
            let mut sheet = self.sheet(html, which, book.papers, faults);
            let area = sheet.area();
            sheet.at = Point::new(area.x - rest.left, area.y - stretch.from + stretch.above);
            sheet.parts.layers.extend(cuts::again(&rest.repeats, stretch));
            sheets.push(sheet);
        }
        // what stayed in the box comes before
        stretches.insert(0, Stretch::new(Pt(f32::NEG_INFINITY), rest.from));
        let texts = rest.texts.iter().map(|t| TextExtent { at: t.at + at, ..*t }).collect();
        let flow = Fragment { list: Arc::clone(&rest.list), layers: rest.layers.clone(), texts, ..Fragment::default() };
        deal_parts(&mut Dealer::new(&stretches), &flow, 1, &mut sheets);
        book.sheets.append(&mut sheets);
        all
    }

    /// Fixed boxes stand on every page (CSS 2.2, section 9.3.1).
    fn repeat_fixed(&mut self, html: &El, fixed: &[(usize, Escape)], sheets: &mut [Sheet], faults: &mut Vec<Fault>) {
        if fixed.is_empty() {
            return;
        }
        for (number, sheet) in sheets.iter_mut().enumerate() {
            let area = sheet.area();
            let block = Rect::new(area.x - sheet.at.x, area.y - sheet.at.y, area.width, area.height);
            for (met, escape) in fixed {
                let at = escape.at + Point::new(-sheet.at.x, -sheet.at.y);
                self.place_escape(Escape { at, ..escape.clone() }, block, html, &mut sheet.parts);
                while !sheet.parts.escapes.is_empty() {
                    for inner in std::mem::take(&mut sheet.parts.escapes) {
                        self.place_escape(inner, block, html, &mut sheet.parts);
                    }
                }
                let told = std::mem::take(&mut sheet.parts.faults);
                if *met == number {
                    faults.extend(told.into_iter().map(|fault| Fault { at: fault.at + html.start, ..fault }));
                }
            }
        }
    }
}

/// Deals a fragment's list, layers and texts out; `before` stretches lie before the first sheet.
fn deal_parts(dealer: &mut Dealer<'_>, flow: &Fragment, before: usize, sheets: &mut [Sheet]) {
    let on = |page: usize| page.checked_sub(before);
    for (page, list) in dealer.deal(&flow.list, Point::ZERO) {
        if let Some(sheet) = on(page).and_then(|i| sheets.get_mut(i)) {
            sheet.list = Some(list);
        }
    }
    for layer in &flow.layers {
        for (page, list) in dealer.deal(&layer.list, layer.at) {
            if let Some(sheet) = on(page).and_then(|i| sheets.get_mut(i)) {
                sheet.parts.layers.push(Layer { list, ..layer.clone() });
            }
        }
    }
    for text in &flow.texts {
        let page = dealer.page_at(text.rect.y + text.rect.height / 2.0);
        if let Some(sheet) = on(page).and_then(|i| sheets.get_mut(i)) {
            sheet.parts.texts.push(*text);
        }
    }
    for mark in &flow.marks {
        let page = dealer.page_at(mark.rect.y);
        if let Some(sheet) = on(page).and_then(|i| sheets.get_mut(i)) {
            sheet.parts.marks.push(mark.clone());
        }
    }
}

/// What begins with one page.
#[derive(Debug)]
struct Group {
    kids: Vec<Kid>,
    /// Of its pages.
    name: Arc<str>,
    /// The side of the spread that it must begin on.
    right: Option<bool>,
}

#[derive(Debug)]
struct Groups {
    done: Vec<Group>,
    current: Vec<Kid>,
    name: Arc<str>,
    side: Option<bool>,
    /// Something in the flow is on the current page.
    begun: bool,
    /// The next thing in the flow begins a page, on this side of the spread.
    turned: bool,
    right: Option<bool>,
}

impl Groups {
    fn new(name: &Arc<str>) -> Self {
        let name = Arc::clone(name);
        Self { done: Vec::new(), current: Vec::new(), name, side: None, begun: false, turned: false, right: None }
    }

    fn turn(&mut self, at: Break) {
        self.turned |= at.is_forced();
        match at {
            Break::Left => self.right = Some(false),
            Break::Right => self.right = Some(true),
            _ => {}
        }
    }

    fn add(&mut self, kid: Kid, name: &Arc<str>) {
        if self.begun && (self.turned || *name != self.name) {
            self.end();
        }
        if !self.begun {
            self.name = Arc::clone(name);
            self.side = self.right;
        }
        (self.turned, self.right, self.begun) = (false, None, true);
        self.current.push(kid);
    }

    /// Takes no room: it stays on the page on which it is met.
    fn add_aside(&mut self, kid: Kid) {
        self.current.push(kid);
    }

    fn end(&mut self) {
        let kids = std::mem::take(&mut self.current);
        self.done.push(Group { kids, name: Arc::clone(&self.name), right: self.side.take() });
        self.begun = false;
    }

    fn finish(mut self) -> Vec<Group> {
        if !self.current.is_empty() || self.done.is_empty() {
            self.end();
        }
        self.done
    }
}
