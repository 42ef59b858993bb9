//! Inline elements that hold blocks: they are broken into pieces around them (CSS 2.2, section 9.2.1.1). The first
//! piece has the element's start edge and the last one its end edge, also where there is nothing else in it.

use super::engine::Engine;
use super::tree::{El, Inl, Part, is_block_inside};
use crate::markup::style::{Display, Float};

/// A part of an inline element, between blocks in it.
#[derive(Clone, Debug)]
pub struct Piece {
    pub el: El,
    pub inside: Vec<Inl>,
    /// The element starts (ends) here.
    pub starts: bool,
    pub ends: bool,
}

/// What an inline element with blocks comes to.
#[derive(Debug)]
pub(in crate::layout) enum Segment {
    Inline(Vec<Inl>),
    Block(El),
}

impl Engine<'_> {
    /// Breaks up an inline element that holds blocks.
    pub(in crate::layout) fn break_up(&mut self, el: &El) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut run = Vec::new();
        if self.depth < self.shared.options.max_depth {
            self.depth += 1;
            self.segments(el, &mut segments, &mut run);
            self.depth -= 1;
        }
        segments.push(Segment::Inline(run));
        let pieces = segments.iter().filter(|s| matches!(s, Segment::Inline(_))).count();
        let mut index = 0;
        for segment in &mut segments {
            if let Segment::Inline(run) = segment {
                index += 1;
                let inside = std::mem::take(run);
                let piece = Piece { el: el.clone(), inside, starts: index == 1, ends: index == pieces };
                run.push(Inl::Piece(Box::new(piece)));
            }
        }
        segments
    }

    fn segments(&mut self, el: &El, segments: &mut Vec<Segment>, run: &mut Vec<Inl>) {
        if let Some(style) = el.styled.before.as_ref() {
            run.push(Inl::El(self.generated(el, Part::Before, style)));
        }
        let mut child = self.dom.node(el.node).first_child;
        while let Some(node) = child {
            child = self.dom.node(node).next_sibling;
            if !self.dom.is_element(node) {
                run.push(Inl::Text(node));
                continue;
            }
            let mut kid = self.el(node, Some(&el.styled));
            let display = kid.style.display;
            if display == Display::None {
                continue;
            }
            if kid.is_out_of_flow() || kid.style.float != Float::None {
                kid.blockified = true;
                run.push(Inl::El(kid));
            } else if is_block_inside(display) {
                segments.push(Segment::Inline(std::mem::take(run)));
                segments.push(Segment::Block(kid));
            } else if display.is_inline() && self.holds_block(&kid) {
                for segment in self.break_up(&kid) {
                    match segment {
                        Segment::Inline(mut inner) => run.append(&mut inner),
                        block @ Segment::Block(_) => {
                            segments.push(Segment::Inline(std::mem::take(run)));
                            segments.push(block);
                        }
                    }
                }
            } else {
                run.push(Inl::El(kid));
            }
        }
        if let Some(style) = el.styled.after.as_ref() {
            run.push(Inl::El(self.generated(el, Part::After, style)));
        }
    }
}
