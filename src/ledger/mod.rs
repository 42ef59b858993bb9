//! What became of each record, as types and as files that are written while the run goes on.
//!
//! Imports `base` only. Ends in the manifest, the rejects file and totals that close: every row that was
//! read is printed, held out, suppressed, over budget or rejected, and nothing is left over.
//!
//! * [`entry`] – one input row and its outcome
//! * [`totals`] – how many of each; they must add up
//! * [`manifest`] – manifest.csv and manifest.json, one line for each input row
//! * [`rejects`] – rejects.csv: the original rows with the reasons, to be mended and fed back
//! * [`notes`] – notes.csv: what was done about content that did not fit, in pieces that were printed
//! * [`segments`] – segments.csv: every segment and every RFM cell with count and share
//! * [`characters`] – characters.csv: what fallback fonts drew, and what no font has
//! * [`outputs`] – a folder of results that appear together or not at all

pub mod characters;
pub mod entry;
pub mod manifest;
pub mod notes;
pub mod outputs;
pub mod rejects;
pub mod segments;
pub mod totals;

pub use characters::Characters;
pub use entry::{Entry, Outcome};
pub use manifest::{Head, Listed, Manifest, Part};
pub use notes::{Note, Notes};
pub use outputs::{Made, Output, Outputs};
pub use rejects::Rejects;
pub use totals::Totals;
