//! Pages to PDF bytes, as a stream: pieces go to the file as they are made, shared things are written once,
//! fonts are subset at the end. May import page, asset, color, cos, base; ends in a finished file.
//!
//! * [`Encoder`] – one per worker: the pages of a piece to compressed content, into a [`Batch`]
//! * [`Batch`] – up to 64 pieces in order, with all that they refer to by digest
//! * [`Writer`] – the one ordered end: object numbers, offsets, shared objects, page tree, fonts, xref
//! * [`stamp`] – marks that count pieces, drawn when these are put in order
//! * [`Binder`] – a file of sheets that place pages of other files
//! * [`Document`] – what the file says of itself
//! * [`Standard`], [`Intent`] – which rules it keeps, and what it is printed on
//! * [`read`] – files that exist already: their pages, and copying what these need (they are `cos`'s)
//! * [`Colors`] – what colours and pictures are made into
//! * [`inspect`] – what is measured on pages: pixels to the inch, ink at one place
//!
//! ```text
//! Page ─ Encoder ─► Batch ─┐
//! Page ─ Encoder ─► Batch ─┼─► Writer ─► file, FileSummary
//! Page ─ Encoder ─► Batch ─┘
//! ```
//!
//! The bytes depend on the pages and the cutting into batches alone, never on which worker made what.

mod artwork;
mod binder;
mod bounds;
mod cff;
mod colors;
mod content;
mod document;
mod dpart;
mod encoder;
mod fault;
mod font;
mod image;
mod inspect;
mod intent;
mod metadata;
mod modules;
mod order;
mod pictures;
mod plates;
#[cfg(feature = "printpdf")]
pub mod printpdf;
mod resource;
mod shading;
mod smaller;
pub mod stamp;
mod tree;
mod weight;
mod writer;
mod xref;

use crate::cos::object;
pub use crate::cos::read;
pub use binder::{Binder, Side};
pub use colors::{Colors, Screen};
pub use document::Document;
pub use dpart::Bundles;
pub use encoder::{Batch, Compression, Encoder};
pub use fault::Fault;
pub use inspect::{Finding, Limits, inspect};
pub use intent::{Intent, Standard};
pub use plates::{FileInk, Scan};
pub use writer::{FileSummary, Writer};

#[cfg(test)]
mod tests;
