//! From elements to boxes, one level at a time: which children of a box are blocks, which are runs of inline
//! content (CSS 2.2, section 9.2), which are taken out of the flow. Nothing below a child is looked at unless the
//! child is laid out anew.

use std::sync::Arc;

use super::broken::{Piece, Segment};
use super::engine::Engine;
use crate::base::Point;
use crate::layout::fault::{Fault, FaultKind};
use crate::layout::laps::Step;
use crate::markup::dom::{Dom, NodeId};
use crate::markup::name::Name;
use crate::markup::style::{Axes, Display, Float, Position, Style};
use crate::markup::styler::Styled;

/// Which box of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Element,
    Before,
    After,
    /// A box without an element around children of the element: the table, the cell around the first of them.
    Table(NodeId),
    Cell(NodeId),
}

/// A box that an element (or its `::before` or `::after`) makes.
#[derive(Clone, Debug)]
pub struct El {
    pub node: NodeId,
    pub part: Part,
    pub styled: Arc<Styled>,
    /// As it is seen along the lines of the box around it.
    pub style: Arc<Style>,
    /// Byte of the source at which its element starts.
    pub start: u32,
    /// What `position: relative` moves it by.
    pub relative: Point,
    /// The number that its list marker shows.
    pub ordinal: u32,
    /// An inline box that must be laid out as a block: a flex item, or out of flow.
    pub blockified: bool,
    /// An item of a flex or grid container.
    pub item: bool,
    /// What is in a box without an element.
    pub inside: Option<Arc<[Kid]>>,
    /// It depends on more than its element, its style and its space: never kept.
    pub apart: bool,
}

impl El {
    #[must_use]
    pub fn display(&self) -> Display {
        match self.style.display {
            d if !self.blockified => d,
            d => d.blockified(),
        }
    }

    #[must_use]
    pub fn is_out_of_flow(&self) -> bool {
        matches!(self.style.position, Position::Absolute | Position::Fixed)
    }

    #[must_use]
    pub fn is_positioned(&self) -> bool {
        self.style.position != Position::Static
    }

    /// Keeps all its descendants together in the order of painting (CSS 2.2, appendix E). Boxes that cut their
    /// content are counted too, so that the cut reaches everything inside.
    #[must_use]
    pub fn is_stacking_context(&self) -> bool {
        let s = &self.style;
        ((self.is_positioned() || self.item) && s.z_index.is_some())
            || s.opacity < 1.0
            || s.cuts()
            || self.is_drawn_as_one()
    }

    /// Painted apart from the flow around it.
    #[must_use]
    pub fn is_layer(&self) -> bool {
        self.is_positioned()
            || self.style.opacity < 1.0
            || (self.item && self.style.z_index.is_some())
            || self.is_drawn_as_one()
    }

    /// Transformed, blended, isolated or cut by a shape. Boxes that are parts of lines are none of it
    /// (CSS Transforms 1, section 3).
    #[must_use]
    pub fn is_drawn_as_one(&self) -> bool {
        self.style.effects.as_ref().is_some_and(|e| e.is_stacking_context())
    }

    /// A containing block of everything in it, fixed boxes too (CSS Transforms 1, section 2).
    #[must_use]
    pub fn is_transformed(&self) -> bool {
        self.style.effects.as_ref().is_some_and(|e| e.is_transformed())
    }

    #[must_use]
    pub fn is_flex(&self) -> bool {
        matches!(self.style.display, Display::Flex | Display::InlineFlex)
    }

    #[must_use]
    pub fn is_grid(&self) -> bool {
        matches!(self.style.display, Display::Grid | Display::InlineGrid)
    }

    #[must_use]
    pub fn is_table(&self) -> bool {
        matches!(self.style.display, Display::Table | Display::InlineTable)
    }

    /// A table or a part of one in which further parts stand.
    #[must_use]
    pub fn holds_table_parts(&self) -> bool {
        self.is_table()
            || matches!(
                self.style.display,
                Display::TableRowGroup
                    | Display::TableHeaderGroup
                    | Display::TableFooterGroup
                    | Display::TableRow
                    | Display::TableColumnGroup
            )
    }

    /// A flex or grid container: everything in it is an item.
    #[must_use]
    pub fn has_items(&self) -> bool {
        self.is_flex() || self.is_grid()
    }

    /// Text fits the page better than markup does: `#id`, or the first class, or the tag.
    #[must_use]
    pub fn label(&self, dom: &Dom) -> Arc<str> {
        label(dom, self.node)
    }
}

/// `#id`, or `.class` (the first), or the tag.
#[must_use]
pub fn label(dom: &Dom, node: NodeId) -> Arc<str> {
    if let Some(id) = dom.id(node).filter(|id| !id.is_empty()) {
        return format!("#{id}").into();
    }
    match dom.classes(node).next() {
        Some(class) => format!(".{class}").into(),
        None => dom.element_name(node).into(),
    }
}

/// What stands in a run of inline content, before it is opened.
#[derive(Clone, Debug)]
pub enum Inl {
    Text(NodeId),
    Generated(Arc<str>),
    El(El),
    /// Of an inline element that holds blocks, what stands between them.
    Piece(Box<Piece>),
    /// A text from this byte on.
    Tail(NodeId, usize),
}

/// A child of a block container or of a flex container.
#[derive(Clone, Debug)]
pub enum Kid {
    Block(El),
    /// Neighbouring inline content: an anonymous block.
    Inline(Vec<Inl>),
    /// Absolutely positioned: it takes no room.
    Out(El),
    /// A float before or between blocks; those among text stand in its run.
    Float(El),
    /// The part of an element that lies on one page.
    Slice {
        el: El,
        kids: Vec<Kid>,
        first: bool,
        last: bool,
    },
}

/// The children of a box while they are sorted.
struct Gather {
    /// The box is a flex or grid container.
    items: bool,
    /// The box is a table or a part of one that holds further parts.
    parts: bool,
    keep_spaces: bool,
    kids: Vec<Kid>,
    run: Vec<Inl>,
    /// Parts of a table that is not there.
    table: Vec<Kid>,
    next_ordinal: Option<u32>,
}

impl Engine<'_> {
    /// The box of an element whose parent's styles are known.
    pub(in crate::layout) fn el(&mut self, node: NodeId, parent: Option<&Styled>) -> El {
        let before = self.text.laps.begin(Step::Style);
        let styled = self.styler.style(self.dom, node, parent);
        self.text.laps.begin(before);
        let axes = parent.map_or(Axes::Horizontal, |p| p.style.text.writing_mode.axes());
        let style = self.turned.seen_along(&self.fitted(&styled.style), axes);
        let start = self.dom.node(node).span.start;
        El {
            node,
            part: Part::Element,
            styled,
            style,
            start,
            relative: Point::ZERO,
            ordinal: 0,
            blockified: false,
            item: false,
            inside: None,
            apart: false,
        }
    }

    pub(in crate::layout) fn generated(&mut self, el: &El, part: Part, style: &Arc<Style>) -> El {
        let style = self.turned.seen_along(&self.fitted(style), el.style.text.writing_mode.axes());
        El {
            part,
            style,
            relative: Point::ZERO,
            ordinal: 0,
            blockified: false,
            item: false,
            inside: None,
            apart: false,
            ..el.clone()
        }
    }

    /// The boxes directly inside `el`. In a flex container every element is a block. Parts of a table come as blocks
    /// where they are in their place, and in a table without an element where they are not.
    pub(in crate::layout) fn kids(&mut self, el: &El, faults: &mut Vec<Fault>) -> Vec<Kid> {
        if let Some(inside) = &el.inside {
            return inside.to_vec();
        }
        if matches!(el.part, Part::Before | Part::After) {
            let text = self.generated_text(el.node, el.part, &el.style);
            return text.map(|t| Kid::Inline(vec![Inl::Generated(t)])).into_iter().collect();
        }
        let mut g = Gather {
            items: el.has_items(),
            parts: el.holds_table_parts(),
            keep_spaces: keeps_spaces(&el.style),
            kids: Vec::new(),
            run: Vec::new(),
            table: Vec::new(),
            next_ordinal: None,
        };
        if el.display() == Display::ListItem
            && el.part == Part::Element
            && el.style.generated.as_ref().is_some_and(|g| g.inside)
            && let Some(marker) = self.marker_text(el)
        {
            g.run.push(Inl::Generated(Arc::from(marker)));
        }
        self.gather(el, el, &mut g, faults);
        self.end_table(el, &mut g);
        let Gather { mut kids, mut run, keep_spaces, items, .. } = g;
        self.flush(&mut kids, &mut run, keep_spaces);
        if let Some(style) = el.styled.first_letter.as_ref().filter(|_| !items) {
            self.first_letter(el, style, &mut kids);
        }
        kids
    }

    /// Sorts the children of `from` in, which is `el` or, where that makes no box, an element inside it.
    fn gather(&mut self, el: &El, from: &El, g: &mut Gather, faults: &mut Vec<Fault>) {
        if let Some(style) = from.styled.before.as_ref() {
            let before = self.generated(from, Part::Before, style);
            self.take(el, before, g);
        }
        let mut child = self.dom.node(from.node).first_child;
        while let Some(node) = child {
            child = self.dom.node(node).next_sibling;
            if let Some(text) = self.dom.text(node) {
                let blank = is_blank(text) && !g.keep_spaces;
                if blank && (!g.table.is_empty() || g.parts) {
                    continue;
                }
                self.end_table(el, g);
                if !(g.run.is_empty() || g.items) || !blank {
                    g.run.push(Inl::Text(node));
                }
                continue;
            }
            let mut kid = self.el(node, Some(&from.styled));
            match kid.style.display {
                Display::None => continue,
                Display::Contents => {
                    if self.depth < self.shared.options.max_depth {
                        self.depth += 1;
                        self.gather(el, &kid, g, faults);
                        self.depth -= 1;
                    } else {
                        let kind = FaultKind::TooDeep { limit: self.shared.options.max_depth };
                        faults.push(Fault { kind, at: kid.start - el.start, element: kid.label(self.dom) });
                    }
                    continue;
                }
                Display::ListItem => {
                    let n = g.next_ordinal.unwrap_or_else(|| first_ordinal(self.dom, el.node));
                    let own = self.dom.attr(node, Name::VALUE).and_then(|v| v.trim().parse().ok());
                    kid.ordinal = own.unwrap_or(n);
                    g.next_ordinal = Some(kid.ordinal.saturating_add(1));
                    if kid.style.text.list_style.is_bullet() {
                        kid.ordinal = 0;
                    }
                }
                _ => {}
            }
            self.take(el, kid, g);
        }
        if let Some(style) = from.styled.after.as_ref() {
            let after = self.generated(from, Part::After, style);
            self.take(el, after, g);
        }
    }

    fn take(&mut self, el: &El, kid: El, g: &mut Gather) {
        if kid.style.display.is_table_part() && !g.items {
            if g.parts {
                self.flush(&mut g.kids, &mut g.run, false);
                g.kids.push(Kid::Block(kid));
            } else {
                g.table.push(Kid::Block(kid));
            }
            return;
        }
        self.end_table(el, g);
        self.sort_in(kid, g.items, &mut g.kids, &mut g.run);
    }

    /// Parts of a table that stand outside of one get a table around them (CSS 2.2, section 17.2.1).
    fn end_table(&mut self, el: &El, g: &mut Gather) {
        if g.table.is_empty() {
            return;
        }
        let inside = std::mem::take(&mut g.table);
        self.flush(&mut g.kids, &mut g.run, false);
        let table = self.anonymous(el, Display::Table, Part::Table, inside);
        g.kids.push(Kid::Block(table));
    }

    /// A box without an element inside `el`.
    pub(in crate::layout) fn anonymous(
        &mut self,
        el: &El,
        display: Display,
        part: fn(NodeId) -> Part,
        inside: Vec<Kid>,
    ) -> El {
        let first = |kid: &Kid| match kid {
            Kid::Block(e) | Kid::Out(e) | Kid::Float(e) | Kid::Slice { el: e, .. } => Some((e.node, e.start)),
            Kid::Inline(run) => run.iter().find_map(|i| match i {
                Inl::El(e) => Some((e.node, e.start)),
                Inl::Text(node) => Some((*node, self.dom.node(*node).span.start)),
                Inl::Piece(piece) => Some((piece.el.node, piece.el.start)),
                Inl::Tail(node, _) => Some((*node, self.dom.node(*node).span.start)),
                Inl::Generated(_) => None,
            }),
        };
        let (node, start) = inside.iter().find_map(first).unwrap_or((el.node, el.start));
        let style = Style { display, ..Style::anonymous(&el.style) };
        let style = self.turned.seen_along(&Arc::new(style), el.style.text.writing_mode.axes());
        El {
            part: part(node),
            style,
            start: start.max(el.start),
            relative: Point::ZERO,
            ordinal: 0,
            blockified: false,
            item: false,
            inside: Some(Arc::from(inside)),
            apart: true,
            ..el.clone()
        }
    }

    fn sort_in(&mut self, mut kid: El, flex: bool, kids: &mut Vec<Kid>, run: &mut Vec<Inl>) {
        if kid.is_out_of_flow() {
            kid.blockified = true;
            let blank = |i: &Inl| matches!(i, Inl::Text(n) if self.dom.text(*n).is_some_and(is_blank));
            if flex || run.iter().all(blank) {
                kids.push(Kid::Out(kid));
            } else {
                // where it would stand depends on the line
                run.push(Inl::El(kid));
            }
            return;
        }
        if kid.style.float != Float::None && !flex {
            kid.blockified = true;
            let blank = |i: &Inl| matches!(i, Inl::Text(n) if self.dom.text(*n).is_some_and(is_blank));
            if run.iter().all(blank) {
                kids.push(Kid::Float(kid));
            } else {
                run.push(Inl::El(kid));
            }
            return;
        }
        kid.blockified = flex;
        let inline = !flex && kid.style.display.is_inline_level();
        if inline && kid.style.display.is_inline() && kid.part == Part::Element && self.holds_block(&kid) {
            for segment in self.break_up(&kid) {
                match segment {
                    Segment::Inline(mut piece) => run.append(&mut piece),
                    Segment::Block(block) => {
                        self.flush(kids, run, false);
                        kids.push(Kid::Block(block));
                    }
                }
            }
            return;
        }
        if inline {
            run.push(Inl::El(kid));
        } else {
            self.flush(kids, run, false);
            kids.push(Kid::Block(kid));
        }
    }

    #[allow(clippy::unused_self)]
    fn flush(&self, kids: &mut Vec<Kid>, run: &mut Vec<Inl>, keep_spaces: bool) {
        if run.is_empty() {
            return;
        }
        let run = std::mem::take(run);
        let blank = |i: &Inl| matches!(i, Inl::Text(n) if self.dom.text(*n).is_some_and(is_blank));
        if keep_spaces || !run.iter().all(blank) {
            kids.push(Kid::Inline(run));
        }
    }

    /// Whether an inline element has a block in it.
    pub(in crate::layout) fn holds_block(&mut self, el: &El) -> bool {
        let mut child = self.dom.node(el.node).first_child;
        while let Some(node) = child {
            child = self.dom.node(node).next_sibling;
            if !self.dom.is_element(node) {
                continue;
            }
            let kid = self.el(node, Some(&el.styled));
            if kid.is_out_of_flow() || kid.style.float != Float::None {
                continue;
            }
            match kid.style.display {
                d if is_block_inside(d) => return true,
                Display::Contents if self.holds_block(&kid) => return true,
                d if d.is_inline() && self.holds_block(&kid) => return true,
                _ => {}
            }
        }
        false
    }

    pub(in crate::layout) fn unsupported(&self, el: &El, start: u32, message: &str, faults: &mut Vec<Fault>) {
        faults.push(Fault {
            kind: FaultKind::Unsupported { message: message.to_owned() },
            at: el.start.saturating_sub(start),
            element: el.label(self.dom),
        });
    }
}

/// Breaks the line that it stands in.
#[must_use]
pub fn is_block_inside(display: Display) -> bool {
    use Display::{Block, Flex, FlowRoot, Grid, ListItem, Table};
    matches!(display, Block | Flex | ListItem | FlowRoot | Grid | Table)
}

fn first_ordinal(dom: &Dom, list: NodeId) -> u32 {
    dom.attr(list, Name::START).and_then(|v| v.trim().parse().ok()).unwrap_or(1)
}

#[must_use]
pub fn keeps_spaces(style: &Style) -> bool {
    style.text.white_space.keeps_spaces()
}

/// Only characters that collapse (CSS Text 3, section 4.1.1).
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c'))
}
