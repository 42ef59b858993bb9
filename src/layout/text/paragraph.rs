//! The paragraph as it is worked on: buffers that all steps share and that are used again.

use std::sync::Arc;

use super::class::Class;
use super::emphasis::Mark;
use super::output::TextFault;
use super::ruby::Ruby;
use crate::asset::fallback::Chain;
use crate::asset::font::{Font, FontId};
use crate::base::Edges;
use crate::markup::style::{Shadow, TextDecoration, TextStyle};
use crate::page::Lies;

/// An inline element, or (the first) the block itself.
#[derive(Debug)]
pub(super) struct Span {
    pub parent: u16,
    pub depth: u16,
    pub style: Arc<TextStyle>,
    pub chain: Arc<Chain>,
    /// The first available font: its measures set the line.
    pub font: Option<Arc<Font>>,
    /// Font size in points.
    pub size: f32,
    /// Glyphs are scaled along the line by this much (copy-fit); never 0.
    pub stretch: f32,
    /// Content area above and below the baseline (both positive as a rule).
    pub ascent: f32,
    pub descent: f32,
    /// The inline box with its half-leading, above and below its own baseline.
    pub above: f32,
    pub below: f32,
    /// How far its baseline lies above that of its `root`.
    pub shift: f32,
    /// The span that this one's baseline hangs on: 0, or one aligned to the line's top or bottom.
    pub root: u16,
    pub edge: Edge,
    pub decoration: TextDecoration,
    /// Seen along the line.
    pub shadows: Option<Arc<[Shadow]>>,
    /// Beside each character.
    pub mark: Option<Arc<Mark>>,
    pub visible: bool,
    pub painted: bool,
    pub id: usize,
    pub margin: Edges<f32>,
    pub inset: Edges<f32>,
    /// It is drawn so far to the right and down from where it stands.
    pub moved: (f32, f32),
    /// Of all that it draws; 1 = opaque.
    pub opacity: f32,
}

impl Span {
    /// One em along the line: copy-fit may have made the glyphs narrower.
    pub(super) fn em(&self) -> f32 {
        self.size * self.style.stretch
    }
}

/// What a span or box is aligned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Baseline,
    Top,
    Bottom,
}

/// A stretch of collected content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub kind: PieceKind,
    /// Bytes of the collected text.
    pub start: u32,
    pub end: u32,
    pub span: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    Text,
    /// Index into the boxes.
    Box(u32),
    Open,
    Close,
    Break,
    /// Index into the floats.
    Float(u32),
    /// What the caller calls it.
    Anchor(u32),
}

/// A box in the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct InlineBox {
    pub id: usize,
    pub width: f32,
    pub above: f32,
    pub below: f32,
    /// Above the baseline of the root.
    pub shift: f32,
    pub root: u16,
    pub edge: Edge,
}

/// The unit of line filling: a cluster of glyphs that stays together, a box, an edge of an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub kind: Kind,
    /// A line may start here.
    pub breakable: bool,
    pub span: u16,
    /// Where it starts in the collected text.
    pub byte: u32,
    /// First of its glyphs, or the index of its box.
    pub first: u32,
    pub glyphs: u16,
    /// A line that starts here leaves a hyphen at the end of the line before.
    pub hyphen: bool,
    /// What its first character is to its neighbours.
    pub class: Class,
    pub stand: Stand,
    /// Width, without what vanishes at the end of a line.
    pub advance: f32,
    /// Space after it that vanishes at the end of a line: letter spacing, autospace, less what trimming takes.
    pub trail: f32,
}

/// How an atom stands in its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stand {
    /// Along the line: upright in horizontal lines, on its side in vertical ones.
    #[default]
    Along,
    /// Upright in a vertical line.
    Upright,
    /// Several characters side by side in the square of one character of a vertical line.
    Combined,
}

/// How the lines of a paragraph lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lines {
    #[default]
    Level,
    /// Vertical, with the central baseline.
    Central,
    /// All of it on its side.
    Side(Lies),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// White space that hangs at the end of a line.
    Space,
    /// A preserved tab; its width depends on where it stands.
    Tab,
    /// Invisible and without width.
    Zero,
    Box,
    Open,
    Close,
    Break,
    /// `first` is the index of the float.
    Float,
    /// `first` is what the caller calls it.
    Anchor,
}

impl Atom {
    /// A hyphen at the end of a line.
    pub(super) fn hyphen(h: Hyphen) -> Self {
        let (kind, class) = (Kind::Text, Class::NarrowClosing);
        let Hyphen { span, width: advance, first, glyphs } = h;
        let (stand, trail) = (Stand::Along, 0.0);
        Self { kind, breakable: false, span, byte: 0, first, glyphs, hyphen: false, class, stand, advance, trail }
    }
}

/// The hyphen of a span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hyphen {
    pub span: u16,
    pub width: f32,
    /// Its glyphs.
    pub first: u32,
    pub glyphs: u16,
}

/// A glyph of an atom; lengths in thousandths of the font size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shaped {
    pub id: u16,
    pub font: FontId,
    pub extra: f32,
    pub dx: f32,
    pub dy: f32,
}

/// From a byte of the collected text on, where the characters stand in the source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub byte: u32,
    pub source: u32,
    pub exact: bool,
}

#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub text: String,
    pub places: Vec<Place>,
    pub spans: Vec<Span>,
    pub pieces: Vec<Piece>,
    pub boxes: Vec<InlineBox>,
    pub box_places: Vec<u32>,
    /// Floats: what the caller calls them, least and greatest width.
    pub floats: Vec<(usize, f32, f32)>,
    /// Bases with annotations, in the order of their spans.
    pub rubies: Vec<Ruby>,
    /// The level of each byte (UAX 9); empty where all of it runs from left to right.
    pub levels: Vec<u8>,
    pub atom_levels: Vec<u8>,
    /// The paragraph runs from right to left.
    pub rtl: bool,
    /// Some span has marks of emphasis.
    pub emphasized: bool,
    /// Room above the first line for what stands out of it there.
    pub room_above: f32,
    pub atoms: Vec<Atom>,
    pub glyphs: Vec<Shaped>,
    pub faults: Vec<TextFault>,
    /// What stands at the end of a line that a word is broken at; empty where no word can be.
    pub hyphens: Vec<Hyphen>,
    /// A soft hyphen occurs.
    pub soft: bool,
    /// The classes that occur, each with its bit.
    pub classes: u32,
    /// Some style trims or hangs what stands at the start of a line.
    pub edges: bool,
    pub lines: Lines,
    /// The places where lines may start are marked in `atoms`.
    pub marked: bool,
    /// Some span is painted or decorated, or stands off the common baseline: lines need the long way.
    pub adorned: bool,
}

impl Paragraph {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.places.clear();
        self.spans.clear();
        self.pieces.clear();
        self.boxes.clear();
        self.box_places.clear();
        self.floats.clear();
        self.rubies.clear();
        self.emphasized = false;
        self.levels.clear();
        self.atom_levels.clear();
        self.rtl = false;
        self.atoms.clear();
        self.glyphs.clear();
        self.faults.clear();
        self.hyphens.clear();
        self.soft = false;
        self.classes = 0;
        self.edges = false;
        self.marked = false;
        self.adorned = false;
    }

    /// Where a byte of the collected text stands in the markup source.
    pub(super) fn source_of(&self, byte: u32) -> u32 {
        let after = self.places.partition_point(|p| p.byte <= byte);
        let Some(p) = after.checked_sub(1).and_then(|i| self.places.get(i)) else { return 0 };
        if p.exact { p.source + (byte - p.byte) } else { p.source }
    }

    /// Where an atom starts in the collected text; its end for what lies behind the last one.
    pub(super) fn byte_of(&self, atom: usize) -> u32 {
        self.atoms.get(atom).map_or(self.text.len() as u32, |a| a.byte)
    }

    /// The hyphen of a span; `None` where words are not broken.
    pub(super) fn hyphen(&self, span: u16) -> Option<Hyphen> {
        self.hyphens.iter().find(|h| h.span == span).copied()
    }

    /// An atom that is set from right to left.
    pub(super) fn is_turned(&self, atom: usize) -> bool {
        self.atom_levels.get(atom).is_some_and(|l| l % 2 == 1)
    }

    pub(super) fn char_at(&self, byte: u32) -> Option<char> {
        self.text.get(byte as usize..)?.chars().next()
    }

    /// The innermost element that holds both.
    pub(super) fn common(&self, mut a: u16, mut b: u16) -> u16 {
        while a != b {
            let (Some(x), Some(y)) = (self.spans.get(usize::from(a)), self.spans.get(usize::from(b))) else { return 0 };
            if x.depth >= y.depth && a != 0 {
                a = x.parent;
            } else {
                b = y.parent;
            }
        }
        a
    }
}
