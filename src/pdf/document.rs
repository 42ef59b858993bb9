//! What a file says of itself.

use std::path::PathBuf;

/// What a file says of itself, and how it is written. No personal data belongs here.
#[derive(Clone, Debug)]
pub struct Document {
    pub title: String,
    /// The date that the campaign gives; never a clock's.
    pub date: jiff::civil::Date,
    /// BCP 47 tag of the main language, such as `ja`.
    pub language: String,
    /// Level 6 instead of 1 for what the writer compresses itself.
    pub compression: super::Compression,
    /// A file that may be made (and is removed again) to hold the table of objects of a very large file
    /// while it is written; without one, the table stays in memory.
    pub spool: Option<PathBuf>,
}
