//! The finished page: positioned items and nothing else. This is the one value between layout and
//! everything that draws (PDF, proofs, imposition). Nothing here knows CSS; nothing that draws needs to.
//!
//! * [`Page`] – trim, bleed and the item lists placed on it, back to front
//! * [`ItemList`] – items in their own coordinates; shared between pages and records by `Arc`
//! * [`colored`] – what stands for glyphs in colour
//! * [`screen`] – the same pages for looking at
//! * [`Item`] – a glyph run, a path, an image, a symbol of modules, or a clipped or translucent group

pub mod colored;
mod item;
pub mod screen;
mod walk;

pub use item::{
    Glyph, GlyphRun, GroupItem, ImageItem, Item, ItemList, Lies, Modules, Path, Segment, Shading, ShadingItem,
    ShadingKind, Stop, Stroke, box_of,
};

use std::sync::Arc;

use crate::base::{Point, Pt, Size};

/// One side of one piece. Coordinates have their origin at the trim's top left corner, y down; what lies
/// in the bleed or the slug has negative coordinates or lies beyond the trim size.
#[derive(Clone, Debug)]
pub struct Page {
    pub trim: Size,
    /// How far the page is printed beyond the trim, the same on all sides.
    pub bleed: Pt,
    /// How far the sheet goes on beyond the bleed, for printer's marks; 0 without any.
    pub slug: Pt,
    /// Of the `page` property; empty for most.
    pub name: Arc<str>,
    /// Back to front.
    pub lists: Vec<Placed>,
}

/// An item list and where its origin lies on the page.
#[derive(Clone, Debug)]
pub struct Placed {
    pub at: Point,
    pub list: Arc<ItemList>,
}
