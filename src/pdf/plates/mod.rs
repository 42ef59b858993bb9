//! How much ink lies where. A page becomes a coarse picture of its plates (`raster`), from the items that it is made of
//! (`items`) or from a file's operators (`stream`): artwork that is placed, and files that are judged. What is counted and
//! how exactly is told in docs/ink.md, and held against a separation by somebody else in tests/judges/inks.py.

mod function;
mod gradient;
mod items;
mod picture;
mod raster;
mod stream;

pub(super) use items::{Painter, Placed};
pub(super) use picture::of_pixels;
pub(super) use raster::Map;
pub(super) use stream::placed;
pub use stream::{FileInk, Scan};
