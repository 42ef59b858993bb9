//! Where elements and lines came to lie: for tests, editors and other judges. Off unless [`super::Options::trace`]
//! says so; then nothing is kept from record to record, so that every mark speaks of the document at hand.
//!
//! Marks travel with fragments as texts and layers do: whoever moves or turns a fragment maps their rectangles
//! with [`Mark::map`].

use std::sync::Arc;

use super::fragment::Parts;
use super::text::Line;
use crate::base::{Point, Rect, Size};
use crate::layout::boxes::engine::Engine;
use crate::layout::boxes::tree::El;
use crate::markup::dom::{Dom, NodeId};

/// A box or a line, and where it lies: in a fragment, from the corner of its border box; in [`Traced`], from the
/// trim's top left corner.
#[derive(Clone, Debug)]
pub struct Mark {
    pub node: NodeId,
    /// Of a box, its border box; of a line, its line box as far as it is filled.
    pub rect: Rect,
    /// Of a line, its characters as they are set: white space collapsed, boxes as U+FFFC. `None` for a box.
    pub text: Option<Arc<str>>,
}

impl Mark {
    /// The same mark with its rectangle elsewhere.
    #[must_use]
    pub fn map(&self, to: impl FnOnce(Rect) -> Rect) -> Self {
        Self { node: self.node, rect: to(self.rect), text: self.text.clone() }
    }
}

/// The marks of one page, in the order in which boxes were finished: inner ones before outer ones.
#[derive(Clone, Debug, Default)]
pub struct Traced {
    pub page: Size,
    pub marks: Vec<Mark>,
}

impl Engine<'_> {
    /// Notes the border box of an element.
    pub(super) fn mark_box(&self, el: &El, rect: Rect, parts: &mut Parts) {
        if self.shared.options.trace && el.part == crate::layout::boxes::tree::Part::Element {
            parts.marks.push(Mark { node: el.node, rect, text: None });
        }
    }

    /// Notes a line of the block `el`; its text is the one that was laid out last.
    pub(super) fn mark_line(&self, el: &El, line: &Line, at: Point, parts: &mut Parts) {
        if self.shared.options.trace {
            let rect = Rect::new(at.x + line.left, at.y + line.top, line.width, line.height);
            let text = Arc::from(self.text.text_of(line));
            parts.marks.push(Mark { node: el.node, rect, text: Some(text) });
        }
    }
}

/// The marks as JSON, in CSS pixels: for each page its `width` and `height`, its `boxes` (tag, `id` if there is one,
/// the byte at which the element starts, its rectangles as x, y, width, height) and its `lines`.
#[must_use]
pub fn json(pages: &[Traced], dom: &Dom) -> serde_json::Value {
    use serde_json::{Value, json};
    let px = |v: crate::base::Pt| (f64::from(v.0) * 4.0 / 3.0 * 100.0).round() / 100.0;
    let rect = |r: &Rect| json!([px(r.x), px(r.y), px(r.width), px(r.height)]);
    let place = |node: NodeId| {
        let mut of = serde_json::Map::new();
        of.insert("tag".to_owned(), dom.element_name(node).into());
        if let Some(id) = dom.id(node) {
            of.insert("id".to_owned(), id.into());
        }
        of.insert("byte".to_owned(), dom.original(dom.node(node).span.start).into());
        of
    };
    let pages = pages.iter().map(|page| {
        let mut boxes: Vec<(NodeId, Vec<Value>)> = Vec::new();
        let mut lines = Vec::new();
        for mark in &page.marks {
            match &mark.text {
                Some(text) => {
                    let mut line = place(mark.node);
                    line.insert("text".to_owned(), Value::from(&**text));
                    line.insert("rect".to_owned(), rect(&mark.rect));
                    lines.push(Value::Object(line));
                }
                None => boxes.push((mark.node, vec![rect(&mark.rect)])),
            }
        }
        // stable: the rectangles of one element stay in order
        boxes.sort_by_key(|(node, _)| *node);
        boxes.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1.append(&mut next.1);
            }
            same
        });
        let boxes = boxes.into_iter().map(|(node, rects)| {
            let mut of = place(node);
            of.insert("rects".to_owned(), Value::Array(rects));
            Value::Object(of)
        });
        json!({
            "width": px(page.page.width), "height": px(page.page.height),
            "boxes": boxes.collect::<Vec<_>>(), "lines": lines,
        })
    });
    json!({ "unit": "px", "pages": pages.collect::<Vec<_>>() })
}
