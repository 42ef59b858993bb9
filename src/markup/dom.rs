//! The document tree: an arena that is filled anew for each record and never shrinks, so that parsing
//! does not allocate after the first records. Texts are ranges of the markup they came from.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::name::KNOWN;
pub use super::name::Name;

/// Index of a node in its [`Dom`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// The tree of one record's markup.
///
/// Filled by [`html::parse`](super::html::parse). Where the markup had to be repaired, `source` is the
/// repaired text (well formed, every tag written out) and all spans point into it; [`Dom::original`] leads back.
#[derive(Debug, Default)]
pub struct Dom {
    /// The text that the spans point into: what was parsed, or its repaired form.
    pub source: String,
    /// Texts whose characters differ from the source (entities decoded) live here.
    pub decoded: String,
    pub nodes: Vec<Node>,
    pub attributes: Vec<Attribute>,
    /// Why and where the markup had to be repaired as a browser does; `None` when it was well formed.
    pub repaired: Option<Repair>,
    pub(super) head: Option<NodeId>,
    pub(super) body: Option<NodeId>,
    /// Every `style` and `link`, in order.
    pub(super) sheets: Vec<NodeId>,
    pub(super) names: Names,
    /// For repaired markup: (byte of `source`, byte of the original), rising.
    pub(super) map: Vec<(u32, u32)>,
    pub(super) open: Vec<super::build::Open>,
}

/// The first place where markup was not well formed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Byte of the original markup.
    pub byte: usize,
    /// What was wrong, as a sentence without its full stop.
    pub reason: &'static str,
}

/// Names outside the vocabulary, as they occur in one document.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    ranges: Vec<Range<u32>>,
    /// From a hash of the text; a taken hash moves on by one, so that texts that collide both find a place.
    by_hash: FxHashMap<u64, u32>,
}

/// A run of characters: in the source as it stands, or decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    Source(Range<u32>),
    Decoded(Range<u32>),
}

#[derive(Clone, Debug)]
pub struct Node {
    pub kind: NodeKind,
    pub parent: Option<NodeId>,
    pub first_child: Option<NodeId>,
    pub next_sibling: Option<NodeId>,
    pub prev_sibling: Option<NodeId>,
    /// Place among the element children of its parent, from 1; 0 for texts.
    pub index: u32,
    /// How many of its children are elements.
    pub element_children: u32,
    /// The bytes of the source from the start of the start tag to the end of the end tag (or the text).
    pub span: Range<u32>,
    /// Where the start tag ends; for texts the end of the text.
    pub content: u32,
    /// Hash of the subtree's source: equal subtrees have equal hashes. Whoever relies on it compares the bytes too.
    pub hash: u64,
}

#[derive(Clone, Debug)]
pub enum NodeKind {
    Element { name: Name, attributes: Range<u32> },
    Text(Text),
}

#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: Name,
    pub value: Text,
    /// Where the value stands in the source, for faults; for a name without a value, the name.
    pub span: Range<u32>,
}

impl Dom {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Empties the tree and keeps its memory.
    pub fn clear(&mut self) {
        self.source.clear();
        self.clear_tree();
        self.repaired = None;
        self.map.clear();
    }

    pub(super) fn clear_tree(&mut self) {
        self.decoded.clear();
        self.nodes.clear();
        self.attributes.clear();
        self.head = None;
        self.body = None;
        self.sheets.clear();
        self.names.text.clear();
        self.names.ranges.clear();
        self.names.by_hash.clear();
        self.open.clear();
    }

    /// The root element (`html`); `None` before anything was parsed.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// The `head` element; there is one after every successful parse.
    #[must_use]
    pub fn head(&self) -> Option<NodeId> {
        self.head
    }

    /// The `body` element; there is one after every successful parse.
    #[must_use]
    pub fn body(&self) -> Option<NodeId> {
        self.body
    }

    /// The node itself. Ids come from this tree; one from another tree may name another node, and one that
    /// lies outside is answered with the root's.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).unwrap_or_else(|| &self.nodes[0])
    }

    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    /// The children in order, elements and texts.
    #[must_use]
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { dom: self, next: self.node(id).first_child }
    }

    /// `id` and everything below it, in the order of the document.
    #[must_use]
    pub fn subtree(&self, id: NodeId) -> Subtree<'_> {
        Subtree { dom: self, top: id, next: Some(id) }
    }

    #[must_use]
    pub fn is_element(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, NodeKind::Element { .. })
    }

    /// An element's name; `None` for texts.
    #[must_use]
    pub fn name(&self, id: NodeId) -> Option<Name> {
        match self.node(id).kind {
            NodeKind::Element { name, .. } => Some(name),
            NodeKind::Text(_) => None,
        }
    }

    /// An element's name as text, in lower case; empty for texts.
    #[must_use]
    pub fn element_name(&self, id: NodeId) -> &str {
        self.name(id).map_or("", |n| self.name_text(n))
    }

    #[must_use]
    pub fn name_text(&self, name: Name) -> &str {
        match name.known_text() {
            Some(text) => text,
            None => self
                .names
                .ranges
                .get((name.0 - KNOWN) as usize)
                .and_then(|r| self.names.text.get(r.start as usize..r.end as usize))
                .unwrap_or(""),
        }
    }

    /// The attributes as written, without repetitions; empty for texts.
    #[must_use]
    pub fn attributes(&self, id: NodeId) -> &[Attribute] {
        match &self.node(id).kind {
            NodeKind::Element { attributes, .. } => {
                self.attributes.get(attributes.start as usize..attributes.end as usize).unwrap_or(&[])
            }
            NodeKind::Text(_) => &[],
        }
    }

    #[must_use]
    pub fn attribute(&self, id: NodeId, name: Name) -> Option<&Attribute> {
        self.attributes(id).iter().find(|a| a.name == name)
    }

    /// The value of an attribute of the vocabulary; empty for one written without a value.
    #[must_use]
    pub fn attr(&self, id: NodeId, name: Name) -> Option<&str> {
        self.attribute(id, name).map(|a| self.str(&a.value))
    }

    /// The value of an attribute by its name in lower case.
    #[must_use]
    pub fn attr_named(&self, id: NodeId, name: &str) -> Option<&str> {
        self.attributes(id).iter().find(|a| self.name_text(a.name) == name).map(|a| self.str(&a.value))
    }

    #[must_use]
    pub fn id(&self, id: NodeId) -> Option<&str> {
        self.attr(id, Name::ID)
    }

    pub fn classes(&self, id: NodeId) -> impl Iterator<Item = &str> {
        self.attr(id, Name::CLASS).unwrap_or("").split_ascii_whitespace()
    }

    /// A text node's characters; `None` for elements.
    #[must_use]
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            NodeKind::Text(text) => Some(self.str(text)),
            NodeKind::Element { .. } => None,
        }
    }

    /// The characters of all texts in the subtree, added to `out`.
    pub fn text_content(&self, id: NodeId, out: &mut String) {
        for node in self.subtree(id) {
            out.push_str(self.text(node).unwrap_or(""));
        }
    }

    /// The characters that a range stands for.
    #[must_use]
    pub fn str(&self, text: &Text) -> &str {
        let (buffer, range) = match text {
            Text::Source(r) => (&self.source, r),
            Text::Decoded(r) => (&self.decoded, r),
        };
        buffer.get(range.start as usize..range.end as usize).unwrap_or("")
    }

    /// The subtree's source text: two nodes in the same context with equal bytes are equal in everything.
    #[must_use]
    pub fn bytes(&self, id: NodeId) -> &[u8] {
        let span = &self.node(id).span;
        self.source.as_bytes().get(span.start as usize..span.end as usize).unwrap_or(&[])
    }

    /// Where a byte of `source` stood in the markup that was given to the parser. Exact unless the markup
    /// was repaired; then the start of the line in which the construct ended.
    #[must_use]
    pub fn original(&self, byte: u32) -> usize {
        if self.repaired.is_none() {
            return byte as usize;
        }
        let at = self.map.partition_point(|(repaired, _)| *repaired <= byte);
        at.checked_sub(1).and_then(|i| self.map.get(i)).map_or(0, |(_, original)| *original as usize)
    }

    /// The number of a name in lower case; `None` when the document has too many different names.
    pub(super) fn intern(&mut self, text: &str) -> Option<Name> {
        if let Some(name) = Name::known(text) {
            return Some(name);
        }
        let mut hash = super::hash::bytes(text.as_bytes());
        while let Some(at) = self.names.by_hash.get(&hash) {
            let range = self.names.ranges.get(*at as usize)?;
            if self.names.text.get(range.start as usize..range.end as usize) == Some(text) {
                return Some(Name(KNOWN + at));
            }
            hash = hash.wrapping_add(1);
        }
        let at = u32::try_from(self.names.ranges.len()).ok().filter(|n| *n < MAX_NAMES)?;
        let start = u32::try_from(self.names.text.len()).ok()?;
        self.names.text.push_str(text);
        self.names.ranges.push(start..u32::try_from(self.names.text.len()).ok()?);
        self.names.by_hash.insert(hash, at);
        Some(Name(KNOWN + at))
    }
}

/// Different names outside the vocabulary that one document may use.
const MAX_NAMES: u32 = 4096;

/// See [`Dom::children`].
#[derive(Clone, Debug)]
pub struct Children<'a> {
    dom: &'a Dom,
    next: Option<NodeId>,
}

impl Iterator for Children<'_> {
    type Item = NodeId;
    fn next(&mut self) -> Option<NodeId> {
        let id = self.next?;
        self.next = self.dom.node(id).next_sibling;
        Some(id)
    }
}

/// See [`Dom::subtree`].
#[derive(Clone, Debug)]
pub struct Subtree<'a> {
    dom: &'a Dom,
    top: NodeId,
    next: Option<NodeId>,
}

impl Iterator for Subtree<'_> {
    type Item = NodeId;
    fn next(&mut self) -> Option<NodeId> {
        let id = self.next?;
        self.next = self.dom.node(id).first_child.or_else(|| {
            let mut at = id;
            loop {
                if at == self.top {
                    return None;
                }
                if let Some(next) = self.dom.node(at).next_sibling {
                    return Some(next);
                }
                at = self.dom.parent(at)?;
            }
        });
        Some(id)
    }
}
