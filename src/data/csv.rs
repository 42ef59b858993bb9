//! Delimited files to records.

use std::path::Path;
use std::sync::Arc;

use super::encoding::Encoding;
use super::record::Record;
use super::reject::Reject;
use super::schema::{Column, Schema};
use crate::base::Diagnostic;

/// How a file is to be read. What is `None` is found out.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Insisted on when given; detected otherwise.
    pub encoding: Option<Encoding>,
    /// Cells that are plainly in the other encoding (UTF-8 rows pasted into a CP932 file, or the other way
    /// round) are read in it, and counted; without this they reject their row.
    pub repair: bool,
    /// `,`, tab, `;` or `|`; detected among the first three when not given.
    pub delimiter: Option<u8>,
    /// The columns that the campaign declares; every other column of the file is read as text.
    pub columns: Vec<Column>,
    /// The column whose texts are the table's key: never empty, blanks around it are not part of it.
    pub key: Option<Arc<str>>,
    /// Names for the columns of a file that has no header row.
    pub names: Option<Vec<Arc<str>>>,
    /// A file without any record is an error (the table that drives the run) rather than a warning.
    pub must_have_rows: bool,
    /// Longest cell in bytes.
    pub cell_limit: usize,
    /// Longest row in bytes; what is longer is never held in memory.
    pub row_limit: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            encoding: None,
            repair: false,
            delimiter: None,
            columns: Vec::new(),
            key: None,
            names: None,
            must_have_rows: false,
            cell_limit: 1 << 20,
            row_limit: 4 << 20,
        }
    }
}

/// What one call of [`Reader::read`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A good row; it is in the record now.
    Row,
    /// A row with faults; the record's contents mean nothing until the next good row.
    Rejected(Box<Reject>),
    End,
}

/// Reads one delimited file from its beginning to its end.
#[derive(Debug)]
pub struct Reader {
    schema: Arc<Schema>,
    file: Arc<str>,
    key: Option<usize>,
    warnings: Vec<Diagnostic>,
}

impl Reader {
    /// Opens the file at `path`, finds out what is not declared, and checks its header. `label` is the
    /// file's name as the campaign writes it; it stands in every origin.
    ///
    /// # Errors
    /// Every fault that the beginning of the file shows, all at once.
    pub fn open(path: &Path, label: &str, options: &ReadOptions) -> Result<Self, Vec<Diagnostic>> {
        let _ = (path, options);
        Err(vec![Diagnostic::error("cannot-read", format!("{label} cannot be read"))])
    }

    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// A record to read into.
    #[must_use]
    pub fn record(&self) -> Record {
        Record::new(Arc::clone(&self.schema), Arc::clone(&self.file))
    }

    /// Position of the key column.
    #[must_use]
    pub fn key(&self) -> Option<usize> {
        self.key
    }

    /// What is odd about the file but no fault of one row: an encoding that was guessed, no rows.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Reads the next row. Rejected rows take a record's ordinal too.
    ///
    /// # Errors
    /// Only when the file itself cannot be read further.
    pub fn read(&mut self, record: &mut Record) -> Result<Read, Diagnostic> {
        let _ = record;
        Ok(Read::End)
    }
}
