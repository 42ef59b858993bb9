//! Where a record came from, so that a person can find it in the file that they sent.

use std::fmt;
use std::sync::Arc;

/// The place of one record in a source file. Carried from the reader to the ledger and never recomputed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Origin {
    /// The file as the campaign names it (relative, `/` between parts), never an absolute path.
    pub file: Arc<str>,
    /// The sheet, for formats that have several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Arc<str>>,
    /// The row as a spreadsheet shows it: the header is row 1, the first record row 2. A quoted cell with
    /// line breaks inside still counts as one row.
    pub row: u64,
    /// The line of the file on which the record starts, from 1, as a text editor shows it.
    pub line: u64,
    /// Offset of the record's first byte in the file (before decoding), from 0.
    #[serde(skip)]
    pub byte: u64,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            Some(sheet) => write!(f, "{} [{}] row {}", self.file, sheet, self.row),
            None => write!(f, "{} row {}", self.file, self.row),
        }
    }
}
