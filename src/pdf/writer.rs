//! The ordered end of the file.

use std::io::Write;
use std::ops::Range;

use super::{Batch, Document, Fault};
use crate::base::Digest;

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSummary {
    pub bytes: u64,
    /// Of the whole file.
    pub sha256: Digest,
    pub pages: u64,
    pub objects: u64,
}

/// Writes one PDF file in order. Memory does not grow with the number of pieces.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    document: Document,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// [`Fault::Io`].
    pub fn new(out: W, document: Document) -> Result<Self, Fault> {
        Ok(Self { out, document })
    }

    /// Writes the pieces `pieces` of `batch`; gives the number (from 0) of the first page written. A whole
    /// batch is `0..batch.len()`; a part of one serves where a file ends after a given number of pieces.
    ///
    /// # Errors
    /// [`Fault::Io`], [`Fault::Image`] at the first use of a picture, [`Fault::TooManyObjects`].
    pub fn write(&mut self, batch: &Batch, pieces: Range<usize>) -> Result<u64, Fault> {
        let _ = (batch, pieces, &mut self.out, &self.document);
        Err(Fault::TooManyObjects { objects: 0 })
    }

    /// Writes fonts, page tree, metadata and the table of objects, and flushes.
    ///
    /// # Errors
    /// [`Fault::Io`], [`Fault::Font`].
    pub fn finish(self) -> Result<FileSummary, Fault> {
        Err(Fault::TooManyObjects { objects: 0 })
    }
}
