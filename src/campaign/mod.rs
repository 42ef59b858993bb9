//! The campaign file: as it is written ([`spec::Spec`]) and as it is meant ([`Campaign`]), and every check
//! that needs no rendering.
//!
//! * [`read`] – the text to a typed `Spec`, telling all faults at once
//! * [`spec`] – the tables and keys of the file; the JSON Schema is made from the same types
//! * [`tables`], [`lists`], [`piece`], [`fonts`], [`gaiji`], [`post`], [`split`], [`inks`], [`inserts`], [`impose`], [`integrity`], [`till`], `presets`, `intent` – the
//!   parts of the file, resolved
//! * [`resolve`] – names to tables, templates, fonts and rules; what is left is a [`Campaign`] that can build workers
//! * [`schema`] – the JSON Schema that editors complete the file with

mod colors;
pub mod fonts;
pub mod gaiji;
pub mod impose;
pub mod inks;
pub mod inserts;
pub mod integrity;
mod intent;
mod known;
pub mod lists;
pub mod piece;
pub mod post;
mod presets;
pub mod read;
pub mod resolve;
pub mod schema;
pub mod spec;
pub mod spec_post;
pub mod spec_tables;
pub mod split;
pub mod tables;
pub mod till;

pub use resolve::Campaign;
