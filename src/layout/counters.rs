//! Texts that depend on what stands before them in the document: counters and quotes (CSS Lists 3, section 4; CSS
//! Generated Content 3, section 3). Where a document has any, all of it is walked once before layout.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::layout::boxes::engine::Engine;
use crate::layout::boxes::tree::Part;
use crate::markup::dom::NodeId;
use crate::markup::name::Name;
use crate::markup::style::{ContentPiece, Display, Generated, Generating, Style, quotes_of};
use crate::markup::styler::Styled;

/// The most numbers that `counters()` writes one after the other.
const MAX_LEVELS: usize = 32;

/// The texts of one document.
#[derive(Debug, Default)]
pub struct Counted {
    texts: FxHashMap<(NodeId, u8), Arc<str>>,
    /// Elements with such a text in them: nothing of them is shared with other records.
    around: FxHashSet<NodeId>,
}

fn part(part: Part) -> u8 {
    match part {
        Part::Before => 0,
        Part::After => 1,
        Part::Element | Part::Table(_) | Part::Cell(_) => MARKER,
    }
}

const MARKER: u8 = 2;

impl Counted {
    /// The text of a generated box that depends on its place.
    #[must_use]
    pub fn text(&self, node: NodeId, of: Part) -> Option<&Arc<str>> {
        self.texts.get(&(node, part(of)))
    }

    #[must_use]
    pub fn is_around(&self, node: NodeId) -> bool {
        !self.around.is_empty() && self.around.contains(&node)
    }
}

/// A counter: its number, and how deep the element stands that made it.
#[derive(Clone, Copy, Debug)]
struct Count {
    value: i32,
    depth: usize,
}

#[derive(Debug, Default)]
struct Walk {
    counters: FxHashMap<Arc<str>, Vec<Count>>,
    /// Quotes that are open.
    quotes: usize,
    out: Counted,
}

impl Engine<'_> {
    /// Walks the document, if it has anything to count.
    pub(super) fn count(&mut self, html: &str) {
        let finds = |what: &str| memchr::memmem::find(html.as_bytes(), what.as_bytes()).is_some();
        if !(self.styler.sheets().uses_counters() || finds("<q") || finds("counter-")) {
            return;
        }
        let Some(root) = self.dom.root() else { return };
        let mut walk = Walk::default();
        self.count_element(root, None, 0, &mut walk);
        self.counted = walk.out;
    }

    fn count_element(&mut self, node: NodeId, parent: Option<&Styled>, depth: usize, walk: &mut Walk) -> bool {
        let styled = self.styler.style(self.dom, node, parent);
        if styled.style.display == Display::None {
            return false;
        }
        let name = self.dom.name(node);
        if matches!(name, Some(Name::OL | Name::UL | Name::MENU | Name::DIR)) {
            let start = self.dom.attr(node, Name::START).and_then(|v| v.trim().parse().ok()).unwrap_or(1i32);
            walk.reset(&Arc::from("list-item"), start.saturating_sub(1), depth);
        }
        if styled.style.display == Display::ListItem {
            let own: Option<i32> = self.dom.attr(node, Name::VALUE).and_then(|v| v.trim().parse().ok());
            match own {
                Some(value) => walk.set(&Arc::from("list-item"), value, depth),
                None => walk.add(&Arc::from("list-item"), 1, depth),
            }
        }
        walk.change(styled.style.generated.as_deref(), depth);
        let mut any = false;
        if let Some(marker) = &styled.marker {
            any |= walk.generate((node, MARKER), marker, depth + 1);
        }
        if let Some(before) = &styled.before {
            any |= walk.generate((node, 0), before, depth + 1);
        }
        let mut child = self.dom.node(node).first_child;
        while let Some(at) = child {
            child = self.dom.node(at).next_sibling;
            if self.dom.is_element(at) {
                any |= self.count_element(at, Some(&styled), depth + 1, walk);
            }
        }
        if let Some(after) = &styled.after {
            any |= walk.generate((node, 1), after, depth + 1);
        }
        walk.leave(depth);
        if any {
            walk.out.around.insert(node);
        }
        any
    }

    /// The text of `::before` or `::after`.
    pub(super) fn generated_text(&self, node: NodeId, of: Part, style: &Style) -> Option<Arc<str>> {
        let text = self.counted.text(node, of).or(style.content.as_ref())?;
        (!text.is_empty()).then(|| Arc::clone(text))
    }
}

impl Walk {
    /// A counter of the same name that a sibling made is replaced, one from further up is hidden (section 4.3).
    fn reset(&mut self, name: &Arc<str>, value: i32, depth: usize) {
        let all = self.counters.entry(Arc::clone(name)).or_default();
        match all.last_mut() {
            Some(last) if last.depth == depth => last.value = value,
            _ => all.push(Count { value, depth }),
        }
    }

    fn add(&mut self, name: &Arc<str>, by: i32, depth: usize) {
        let all = self.counters.entry(Arc::clone(name)).or_default();
        match all.last_mut() {
            Some(last) => last.value = last.value.checked_add(by).unwrap_or(last.value),
            None => all.push(Count { value: by, depth }),
        }
    }

    fn set(&mut self, name: &Arc<str>, value: i32, depth: usize) {
        let all = self.counters.entry(Arc::clone(name)).or_default();
        match all.last_mut() {
            Some(last) => last.value = value,
            None => all.push(Count { value, depth }),
        }
    }

    fn change(&mut self, generated: Option<&Generated>, depth: usize) {
        let Some(g) = generated else { return };
        g.reset.iter().for_each(|(name, v)| self.reset(name, *v, depth));
        g.increment.iter().for_each(|(name, v)| self.add(name, *v, depth));
        g.set.iter().for_each(|(name, v)| self.set(name, *v, depth));
    }

    /// An element ends: the counters that its children made are gone.
    fn leave(&mut self, depth: usize) {
        #[allow(clippy::iter_over_hash_type)] // each is changed by itself, in whatever order
        for all in self.counters.values_mut() {
            while all.last().is_some_and(|c| c.depth > depth) {
                all.pop();
            }
        }
    }

    /// Settles the text of a generated box; whether it depends on its place.
    fn generate(&mut self, key: (NodeId, u8), style: &Style, depth: usize) -> bool {
        let Some(g) = style.generated.as_deref() else { return false };
        self.change(Some(g), depth);
        let placed = match &g.content {
            Generating::Pieces(pieces) => {
                let mut text = String::new();
                for piece in pieces.iter() {
                    self.write(piece, g, style, &mut text);
                }
                self.out.texts.insert(key, Arc::from(text));
                true
            }
            Generating::Nothing | Generating::Text(_) => false,
        };
        self.leave(depth);
        placed
    }

    fn write(&mut self, piece: &ContentPiece, g: &Generated, style: &Style, text: &mut String) {
        match piece {
            ContentPiece::Text(t) => text.push_str(t),
            ContentPiece::Counter(name, how) => {
                let value = self.counters.get(name).and_then(|all| all.last()).map_or(0, |c| c.value);
                text.push_str(&how.text(value));
            }
            ContentPiece::Counters(name, between, how) => {
                let all = self.counters.get(name).map(Vec::as_slice).unwrap_or_default();
                if all.is_empty() {
                    text.push_str(&how.text(0));
                }
                for (i, count) in all.iter().take(MAX_LEVELS).enumerate() {
                    if i > 0 {
                        text.push_str(between);
                    }
                    text.push_str(&how.text(count.value));
                }
            }
            ContentPiece::Quote { open, shown } => {
                if !open {
                    self.quotes = self.quotes.saturating_sub(1);
                }
                let depth = self.quotes;
                if *open {
                    self.quotes += 1;
                }
                if !shown {
                    return;
                }
                match &g.quotes {
                    Some(pairs) => {
                        let pair = pairs.get(depth).or(pairs.last());
                        text.push_str(pair.map_or("", |p| if *open { &p.0 } else { &p.1 }));
                    }
                    None => {
                        let pairs = quotes_of(&style.text.lang);
                        let pair = if depth == 0 { pairs[0] } else { pairs[1] };
                        text.push_str(if *open { pair.0 } else { pair.1 });
                    }
                }
            }
        }
    }
}
