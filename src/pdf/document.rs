//! What a file says of itself.

use std::path::PathBuf;
use std::sync::Arc;

use super::dpart::Bundles;
use super::{Colors, Compression, Fault, Intent, Standard};

/// What a file says of itself, and how it is written. No personal data belongs here.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub title: String,
    /// The campaign's id, for PDF/VT; the title stands in for an empty one.
    pub job: String,
    /// The date that the campaign gives; never a clock's. Without one the file says nothing of when it was made.
    pub date: Option<jiff::civil::Date>,
    /// BCP 47 tag of the main language, such as `ja`; empty when there is none.
    pub language: String,
    /// All but [`Standard::Plain`] want a date and an output intent.
    pub standard: Standard,
    /// The printing condition; only used by standards that have one.
    pub intent: Option<Arc<Intent>>,
    /// What pictures are made into: the same as the pages' encoders have.
    pub colors: Arc<Colors>,
    /// For what the writer compresses itself.
    pub compression: Compression,
    /// A file that may be made (and is removed again) to hold the table of objects of a very large file
    /// while it is written: 32 bytes or so a piece. Without one the table stays in memory.
    pub spool: Option<PathBuf>,
    /// For PDF/VT: a level of bundles between the job and its records.
    pub bundles: Option<Bundles>,
}

impl Document {
    /// What stands against writing a file of its standard.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.standard.is_x4() {
            if self.date.is_none() {
                return Err(Fault::Standard("it must say when it was made, and there is no date"));
            }
            let intent = self.intent.as_ref().ok_or(Fault::Standard("there is no output intent"))?;
            if intent.profile.for_press().is_err() {
                return Err(Fault::Standard("the profile of the output intent is not that of a CMYK press"));
            }
        }
        Ok(())
    }

    /// The title; standards want one that is not empty.
    pub(super) fn title(&self) -> &str {
        if self.standard.is_x4() && self.title.trim().is_empty() { "Untitled" } else { &self.title }
    }
}

/// The program, as Producer and Creator.
pub(super) const PRODUCER: &str = concat!("Surimono ", env!("CARGO_PKG_VERSION"));
