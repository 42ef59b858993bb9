//! The document tree: an arena that is filled anew for each record and never shrinks, so that parsing
//! does not allocate after the first records. Texts are ranges of the markup they came from.

use std::ops::Range;

/// Index of a node in its [`Dom`]. The root element has index 0... of `nodes`; see [`Dom::root`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// An element's name, attribute's name or class as an interned number: equal names, equal numbers.
/// The interner is process-wide and append-only; names of the HTML vocabulary have fixed numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub u32);

/// The tree of one record's markup.
#[derive(Debug, Default)]
pub struct Dom {
    /// The text that was parsed.
    pub source: String,
    /// Texts whose characters differ from the source (entities decoded) live here.
    pub decoded: String,
    pub nodes: Vec<Node>,
    pub attributes: Vec<Attribute>,
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
    /// The bytes of the source from the start of the start tag to the end of the end tag (or the text).
    pub span: Range<u32>,
    /// Hash of `source[span]`: equal subtrees have equal hashes. Whoever relies on it compares the bytes too.
    pub hash: u64,
}

#[derive(Clone, Debug)]
pub enum NodeKind {
    Document,
    Element { name: Name, attributes: Range<u32> },
    Text(Text),
}

#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: Name,
    pub value: Text,
    /// Where the value stands in the source, for faults.
    pub span: Range<u32>,
}
