//! What inline layout is given.

use std::sync::Arc;

use super::ruby::Annotation;
use crate::base::{Edges, Point, Pt};
use crate::markup::style::{RubyMerge, TextDecoration, TextStyle, VerticalAlign};

/// The block whose inline content is laid out: the style that lines have even where they are empty (the
/// strut), and the properties that belong to the block rather than to a piece of text.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    pub style: &'a Arc<TextStyle>,
    /// Lines drawn along all of the block's own text (CSS Text Decoration 3, section 2.1).
    pub decoration: TextDecoration,
    /// Indent of the first line, already resolved; usually `style.text_indent` against the block's width.
    pub indent: Pt,
    /// The text itself says which way it runs (`unicode-bidi: plaintext`).
    pub plaintext: bool,
    /// Room above the first line that annotations may use: the block's padding and margin there.
    pub room_above: Pt,
    /// False for `visibility: hidden`: room is kept, nothing is drawn.
    pub visible: bool,
}

impl<'a> Block<'a> {
    /// A visible block without decoration or indent.
    #[must_use]
    pub fn new(style: &'a Arc<TextStyle>) -> Self {
        Self {
            style,
            decoration: TextDecoration::default(),
            indent: Pt::ZERO,
            room_above: Pt::ZERO,
            plaintext: false,
            visible: true,
        }
    }
}

/// One piece of inline content, in document order. Text takes its style from the innermost element that is
/// open ([`InlineItem::Open`]), else from the [`Block`].
#[derive(Clone, Copy, Debug)]
pub enum InlineItem<'a> {
    /// Characters as the document has them; white space is collapsed here.
    Text {
        text: &'a str,
        /// Byte offset of the text in the markup source, for faults.
        at: u32,
        /// The text stands in the source byte for byte, so that `at` + offset is the place of each character;
        /// false where entities were decoded or text was generated: faults then name `at`.
        exact: bool,
    },
    /// Something with a size of its own: an image, a symbol, an inline block. Sizes are of its margin box.
    Box {
        /// Comes back in [`super::BoxPlace`].
        id: usize,
        width: Pt,
        height: Pt,
        /// From the top of the margin box down to its baseline; `height` where it has none.
        baseline: Pt,
        vertical_align: VerticalAlign,
        /// Byte offset in the markup source, for faults.
        at: u32,
    },
    /// An inline element begins. Every inline element must be opened and closed, also those without edges.
    Open {
        /// Comes back in [`super::Fragment`].
        id: usize,
        style: &'a Arc<TextStyle>,
        vertical_align: VerticalAlign,
        decoration: TextDecoration,
        visible: bool,
        /// Has a background or a border: its fragments are given back, line by line.
        painted: bool,
        margin: Edges<Pt>,
        border: Edges<Pt>,
        padding: Edges<Pt>,
    },
    /// A base with annotations begins; its content follows, and [`InlineItem::Close`].
    Ruby {
        /// The style of what is around it.
        style: &'a Arc<TextStyle>,
        decoration: TextDecoration,
        visible: bool,
        /// From the base outwards.
        annotations: &'a [Arc<Annotation>],
        merge: RubyMerge,
        /// Columns of one number may be merged.
        group: usize,
    },
    /// The innermost open element ends.
    Close,
    /// The innermost open element, with all that is in it, is drawn elsewhere than it stands (`position: relative`)
    /// or translucent. Follows its [`InlineItem::Open`]; most have none.
    Effect { moved: Point, opacity: f32 },
    /// A place in the text without width or height: where it stands comes back in [`super::BoxPlace`].
    Anchor { id: usize },
    /// A forced line break: `<br>`.
    Break,
    /// A float: it takes no room in the line itself, and lets no white space collapse that did not before.
    Float {
        /// Comes back in [`super::Around::float`].
        id: usize,
        /// Least and greatest width of its margin box, for [`super::measure`].
        widths: (Pt, Pt),
    },
}
