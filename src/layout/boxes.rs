//! From elements to boxes, one level at a time: which children of a box are blocks, which are runs of inline
//! content (CSS 2.2, section 9.2), which are taken out of the flow. Nothing below a child is looked at unless the
//! child is laid out anew.

use std::sync::Arc;

use super::broken::{Piece, Segment};
use super::engine::Engine;
use super::fault::{Fault, FaultKind};
use super::laps::Step;
use crate::base::Point;
use crate::markup::dom::{Dom, NodeId};
use crate::markup::name::Name;
use crate::markup::style::{Axes, Display, Float, ListStyle, Overflow, Position, Style};
use crate::markup::styler::Styled;

/// Which box of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Element,
    Before,
    After,
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
        (self.is_positioned() && s.z_index.is_some())
            || s.opacity < 1.0
            || s.overflow == Overflow::Clip
            || self.is_drawn_as_one()
    }

    /// Painted apart from the flow around it.
    #[must_use]
    pub fn is_layer(&self) -> bool {
        self.is_positioned() || self.style.opacity < 1.0 || self.is_drawn_as_one()
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

impl Engine<'_> {
    /// The box of an element whose parent's styles are known.
    pub(super) fn el(&mut self, node: NodeId, parent: Option<&Styled>) -> El {
        let before = self.text.laps.begin(Step::Style);
        let styled = self.styler.style(self.dom, node, parent);
        self.text.laps.begin(before);
        let axes = parent.map_or(Axes::Horizontal, |p| p.style.text.writing_mode.axes());
        let style = self.turned.seen_along(&self.fitted(&styled.style), axes);
        let start = self.dom.node(node).span.start;
        El { node, part: Part::Element, styled, style, start, relative: Point::ZERO, ordinal: 0, blockified: false }
    }

    pub(super) fn generated(&mut self, el: &El, part: Part, style: &Arc<Style>) -> El {
        let style = self.turned.seen_along(&self.fitted(style), el.style.text.writing_mode.axes());
        El { part, style, relative: Point::ZERO, ordinal: 0, blockified: false, ..el.clone() }
    }

    /// The boxes directly inside `el`. In a flex container every element is a block.
    pub(super) fn kids(&mut self, el: &El, _faults: &mut Vec<Fault>) -> Vec<Kid> {
        let flex = el.is_flex();
        let mut kids = Vec::new();
        let mut run = Vec::new();
        if el.part != Part::Element {
            let text = el.style.content.as_ref().filter(|t| !t.is_empty());
            return text.map(|t| Kid::Inline(vec![Inl::Generated(Arc::clone(t))])).into_iter().collect();
        }
        let keep_spaces = keeps_spaces(&el.style);
        if let Some(style) = el.styled.before.as_ref() {
            let before = self.generated(el, Part::Before, style);
            self.sort_in(before, flex, &mut kids, &mut run);
        }
        let mut next_ordinal = None;
        let mut child = self.dom.node(el.node).first_child;
        while let Some(node) = child {
            child = self.dom.node(node).next_sibling;
            if let Some(text) = self.dom.text(node) {
                if !(run.is_empty() || flex) || keep_spaces || !is_blank(text) {
                    run.push(Inl::Text(node));
                }
                continue;
            }
            let mut kid = self.el(node, Some(&el.styled));
            match kid.style.display {
                Display::None => continue,
                Display::ListItem => {
                    let n = next_ordinal.unwrap_or_else(|| first_ordinal(self.dom, el.node));
                    let own = self.dom.attr(node, Name::VALUE).and_then(|v| v.trim().parse().ok());
                    kid.ordinal = own.unwrap_or(n);
                    next_ordinal = Some(kid.ordinal.saturating_add(1));
                    if matches!(kid.style.text.list_style, ListStyle::Disc | ListStyle::Circle | ListStyle::Square) {
                        kid.ordinal = 0;
                    }
                }
                _ => {}
            }
            self.sort_in(kid, flex, &mut kids, &mut run);
        }
        if let Some(style) = el.styled.after.as_ref() {
            let after = self.generated(el, Part::After, style);
            self.sort_in(after, flex, &mut kids, &mut run);
        }
        self.flush(&mut kids, &mut run, keep_spaces);
        kids
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
    pub(super) fn holds_block(&mut self, el: &El) -> bool {
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
                d if d.is_inline() && self.holds_block(&kid) => return true,
                _ => {}
            }
        }
        false
    }

    pub(super) fn unsupported(&self, el: &El, start: u32, message: &str, faults: &mut Vec<Fault>) {
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
