//! What a file says of itself.

use std::path::PathBuf;

use super::Compression;

/// What a file says of itself, and how it is written. No personal data belongs here.
#[derive(Clone, Debug)]
pub struct Document {
    pub title: String,
    /// The date that the campaign gives; never a clock's. Without one the file says nothing of when it was made.
    pub date: Option<jiff::civil::Date>,
    /// BCP 47 tag of the main language, such as `ja`; empty when there is none.
    pub language: String,
    /// For what the writer compresses itself.
    pub compression: Compression,
    /// A file that may be made (and is removed again) to hold the table of objects of a very large file
    /// while it is written: 32 bytes or so a piece. Without one the table stays in memory.
    pub spool: Option<PathBuf>,
}

/// The program, as Producer and Creator.
pub(super) const PRODUCER: &str = concat!("Surimono ", env!("CARGO_PKG_VERSION"));
