//! The things a page is made of.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use crate::asset::font::Font;
use crate::asset::image::Image;
use crate::base::{Affine, Point, Pt, Rect};
use crate::color::Ink;

/// Items in coordinates of their own. A list that many records share is built once; a back end may keep
/// what it made of it in `encoded` (it is a pure function of the items, so it never changes the output).
#[derive(Debug, Default)]
pub struct ItemList {
    /// Back to front.
    pub items: Vec<Item>,
    /// True when the template itself, not the record, fixes all of this list: the same list is expected on
    /// very many pages. Decided from the template alone, never from what a cache happens to hold.
    pub recurs: bool,
    /// For the PDF back end: the finished operators of this list and what they refer to.
    pub encoded: OnceLock<Box<dyn Any + Send + Sync>>,
    /// For layout: the same list turned about its origin from one direction of writing to another, and whether
    /// its x and y were mirrored for that.
    pub turned: OnceLock<((bool, bool), Arc<ItemList>)>,
}

impl ItemList {
    #[must_use]
    pub fn new(items: Vec<Item>, recurs: bool) -> Self {
        Self { items, recurs, encoded: OnceLock::new(), turned: OnceLock::new() }
    }
}

#[derive(Clone, Debug)]
pub enum Item {
    Glyphs(GlyphRun),
    Path(Path),
    Image(ImageItem),
    Modules(Modules),
    Group(GroupItem),
    /// A further list at its own place: how a cached subtree hangs in its parent.
    List(Point, Arc<ItemList>),
}

/// Glyphs of one font, size and ink on one line.
#[derive(Clone, Debug)]
pub struct GlyphRun {
    pub font: Arc<Font>,
    pub size: Pt,
    pub ink: Ink,
    /// Where the first glyph's origin stands: on the baseline in horizontal text.
    pub origin: Point,
    /// Set top to bottom with vertical metrics.
    pub vertical: bool,
    /// The whole run scaled along its line, about its origin: glyphs, advances and the lengths in
    /// [`Glyph`] (長体 below 1 in horizontal text, 平体 in vertical text). 1 = as the font has it.
    pub stretch: f32,
    pub glyphs: Vec<Glyph>,
}

/// One glyph. Units are thousandths of the font size, as in a PDF `TJ` array; the run's `stretch` comes on top.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Glyph {
    /// The glyph id in the original font file.
    pub id: u16,
    /// Space after the glyph beyond its natural advance; negative pulls the next one closer. 0 for most.
    pub extra: f32,
    /// Shift of this glyph alone, to the right and upwards. 0 for most.
    pub dx: f32,
    pub dy: f32,
}

/// A shape, filled and then stroked.
#[derive(Clone, Debug)]
pub struct Path {
    pub segments: Vec<Segment>,
    pub fill: Option<Ink>,
    pub even_odd: bool,
    pub stroke: Option<Stroke>,
}

impl Path {
    #[must_use]
    pub fn filled(segments: Vec<Segment>, ink: Ink) -> Self {
        Self { segments, fill: Some(ink), even_odd: false, stroke: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    Rect(Rect),
    Move(Point),
    Line(Point),
    Cubic(Point, Point, Point),
    Close,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    pub ink: Ink,
    pub width: Pt,
    /// Lengths of dashes and gaps in turn; empty for a solid line.
    pub dash: Vec<Pt>,
    pub dash_phase: Pt,
    pub round_caps: bool,
}

/// A picture drawn into `rect`, the whole of it; cropping is a [`GroupItem`] with a clip.
#[derive(Clone, Debug)]
pub struct ImageItem {
    pub image: Arc<Image>,
    pub rect: Rect,
}

/// A matrix of square modules in one ink, such as a QR symbol. `at` is the corner of the first module:
/// quiet zones are kept free by layout and not part of this.
#[derive(Clone, Debug)]
pub struct Modules {
    pub at: Point,
    /// Side of one module.
    pub module: Pt,
    pub columns: u16,
    pub rows: u16,
    /// Row by row, 1 = dark, each row padded to whole 64-bit words; bit 0 of a word is its leftmost module.
    pub bits: Arc<[u64]>,
    pub ink: Ink,
}

impl Modules {
    /// 64-bit words in one row.
    #[must_use]
    pub fn words_per_row(&self) -> usize {
        usize::from(self.columns).div_ceil(64)
    }

    #[must_use]
    pub fn is_dark(&self, column: u16, row: u16) -> bool {
        let word = self.bits[usize::from(row) * self.words_per_row() + usize::from(column / 64)];
        word >> (column % 64) & 1 == 1
    }
}

/// Items drawn together, cut by a shape, turned, or made translucent as a whole.
#[derive(Clone, Debug)]
pub struct GroupItem {
    pub transform: Affine,
    /// Nonzero winding; in the group's own coordinates.
    pub clip: Option<Vec<Segment>>,
    /// 1 = opaque.
    pub opacity: f32,
    pub items: Vec<Item>,
}
