//! Ruby elements to columns of bases and annotations (CSS Ruby 1, section 2).
//!
//! What stands before an annotation is its base: `<rb>`s one by one, anything else together. Annotations belong to
//! the bases before them in order; more `<rt>`s than bases stand over nothing. An `<rtc>` begins a further level:
//! with `<rt>`s inside, one for each base, else one for all of them.

use std::sync::Arc;

use super::engine::Engine;
use super::inline::{Flat, item_of};
use super::tree::{El, Inl, Part, is_blank};
use crate::base::{Point, Pt};
use crate::layout::fragment::Parts;
use crate::layout::text::ruby::{Annotation, annotate};
use crate::layout::text::{Block, InlineItem};
use crate::markup::style::{Display, RubyMerge, RubyPosition};

/// A column of ruby, as it is given to `text`.
#[derive(Debug)]
pub struct Column {
    /// The element whose style the base has.
    pub el: El,
    pub annotations: Vec<Arc<Annotation>>,
    pub merge: RubyMerge,
    pub group: usize,
}

/// Bases, and the annotations that belong to them.
#[derive(Default)]
struct Segment {
    bases: Vec<Vec<Inl>>,
    levels: Vec<Level>,
    /// The last base takes in what comes next.
    open: bool,
    /// The last level takes further annotations.
    growing: bool,
}

#[derive(Default)]
struct Level {
    each: Vec<El>,
    all: Option<El>,
}

/// Where the content goes, and what it is measured against: the arguments of flattening.
pub struct Into<'a> {
    pub block: &'a El,
    pub width: Option<Pt>,
    pub at: Point,
    pub parts: &'a mut Parts,
    pub flat: &'a mut Vec<Flat>,
}

impl Engine<'_> {
    /// The content of an element of `display: ruby`.
    pub(in crate::layout) fn flatten_ruby(&mut self, el: &El, into: &mut Into<'_>) {
        let mut segments = vec![Segment::default()];
        if let Some(style) = &el.styled.before {
            let before = El { part: Part::Before, style: Arc::clone(style), ..el.clone() };
            base(&mut segments, Inl::El(before));
        }
        self.sort_ruby(el, &mut segments);
        if let Some(style) = &el.styled.after {
            let after = El { part: Part::After, style: Arc::clone(style), ..el.clone() };
            base(&mut segments, Inl::El(after));
        }
        let group = into.flat.len();
        for segment in segments {
            self.flatten_segment(el, segment, group, into);
        }
    }

    fn sort_ruby(&mut self, el: &El, segments: &mut Vec<Segment>) {
        let mut child = self.dom.node(el.node).first_child;
        while let Some(node) = child {
            child = self.dom.node(node).next_sibling;
            if let Some(text) = self.dom.text(node) {
                let open = segments.last().is_some_and(|s| s.open && s.levels.is_empty());
                if open || !is_blank(text) {
                    base(segments, Inl::Text(node));
                }
                continue;
            }
            if !self.dom.is_element(node) {
                continue;
            }
            let kid = self.el(node, Some(&el.styled));
            match kid.style.display {
                Display::None => {}
                Display::RubyText => {
                    let Some(segment) = segments.last_mut() else { continue };
                    if !segment.growing {
                        segment.levels.push(Level::default());
                    }
                    (segment.open, segment.growing) = (false, true);
                    if let Some(level) = segment.levels.last_mut() {
                        level.each.push(kid);
                    }
                }
                Display::RubyTextContainer => {
                    let level = self.level(kid);
                    let Some(segment) = segments.last_mut() else { continue };
                    segment.levels.push(level);
                    (segment.open, segment.growing) = (false, false);
                }
                Display::RubyBase => {
                    base(segments, Inl::El(kid));
                    if let Some(segment) = segments.last_mut() {
                        segment.open = false;
                    }
                }
                Display::RubyBaseContainer => self.sort_ruby(&kid, segments),
                _ => base(segments, Inl::El(kid)),
            }
        }
    }

    /// An annotation container: annotations one by one, or one for all bases.
    fn level(&mut self, el: El) -> Level {
        let mut each = Vec::new();
        let mut child = self.dom.node(el.node).first_child;
        while let Some(node) = child {
            child = self.dom.node(node).next_sibling;
            if self.dom.is_element(node) {
                let kid = self.el(node, Some(&el.styled));
                if kid.style.display == Display::RubyText {
                    each.push(kid);
                }
            }
        }
        if each.is_empty() { Level { each, all: Some(el) } } else { Level { each, all: None } }
    }

    fn flatten_segment(&mut self, el: &El, segment: Segment, group: usize, into: &mut Into<'_>) {
        let count = segment.levels.iter().map(|l| l.each.len()).chain([segment.bases.len()]).max().unwrap_or(0);
        let mut each: Vec<Vec<Arc<Annotation>>> = vec![Vec::new(); count];
        let mut all: Vec<Arc<Annotation>> = Vec::new();
        let mut merge = RubyMerge::Separate;
        for (index, level) in segment.levels.iter().enumerate() {
            for (column, kid) in each.iter_mut().zip(&level.each) {
                merge = kid.style.text.extras.as_ref().map_or(RubyMerge::Separate, |e| e.ruby_merge);
                column.push(self.annotation(kid, index, into));
            }
            if let Some(kid) = &level.all {
                all.push(self.annotation(kid, index, into));
            }
        }
        let outer = !all.is_empty();
        if outer {
            let column = Column { el: el.clone(), annotations: all, merge: RubyMerge::Separate, group };
            into.flat.push(Flat::Ruby(Box::new(column)));
        }
        let mut bases = segment.bases.into_iter();
        for annotations in each {
            let base = bases.next().unwrap_or_default();
            let paired = !annotations.is_empty();
            if paired {
                let column = Column { el: el.clone(), annotations, merge, group };
                into.flat.push(Flat::Ruby(Box::new(column)));
            }
            self.flatten(into.block, &base, into.width, into.at, into.parts, into.flat);
            if paired {
                into.flat.push(Flat::Close);
            }
        }
        if outer {
            into.flat.push(Flat::Close);
        }
    }

    /// Lays out an annotation. `level` counts from the base outwards.
    fn annotation(&mut self, el: &El, level: usize, into: &mut Into<'_>) -> Arc<Annotation> {
        let mut flat = Vec::new();
        self.flatten_children(into.block, el, into.width, into.at, into.parts, &mut flat);
        let (style, dom) = (Arc::clone(&el.style), self.dom);
        let block = Block { decoration: style.text_decoration, visible: style.visible, ..Block::new(&style.text) };
        let items: Vec<InlineItem<'_>> = flat.iter().enumerate().map(|(i, f)| item_of(dom, f, i)).collect();
        let mut annotation = annotate(self.text, &self.shared.fonts, &items, &block);
        let extras = style.text.extras.as_deref();
        annotation.over = match extras.map_or(RubyPosition::Alternate, |e| e.ruby_position) {
            RubyPosition::Alternate => level.is_multiple_of(2),
            RubyPosition::Over => true,
            RubyPosition::Under => false,
        };
        annotation.align = extras.map_or_else(Default::default, |e| e.ruby_align);
        annotation.overhangs = !extras.is_some_and(|e| e.ruby_stays);
        self.take_faults(into.block, &annotation.layout, into.parts);
        if !annotation.layout.boxes.is_empty() {
            let message = "pictures and boxes inside ruby annotations are not drawn";
            self.unsupported(el, into.block.start, message, &mut into.parts.faults);
        }
        Arc::new(annotation)
    }
}

/// Adds to the base at hand, or begins one; behind annotations a segment of its own.
fn base(segments: &mut Vec<Segment>, content: Inl) {
    if segments.last().is_none_or(|s| !s.levels.is_empty()) {
        segments.push(Segment::default());
    }
    let Some(segment) = segments.last_mut() else { return };
    let own = matches!(&content, Inl::El(el) if el.style.display == Display::RubyBase);
    match segment.bases.last_mut() {
        Some(last) if segment.open && !own => last.push(content),
        _ => segment.bases.push(vec![content]),
    }
    segment.open = true;
}
