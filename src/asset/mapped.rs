//! Files that are looked at where they lie instead of being read: fonts of tens of megabytes of which a run
//! needs a few tables and a few hundred outlines.
//!
//! This is the one place in the program with `unsafe`. A mapping is only sound while nobody changes the file,
//! and no program can forbid that to others. What is done about it (docs/decisions/mapped-fonts.md):
//!
//! * only fonts are mapped, only from [`LEAST`] bytes on, read-only and private; nothing that is expected to
//!   change, such as tables of customers, ever is
//! * replacing a font by a new file of the same name, as package managers and editors do it, leaves the mapped
//!   one alone
//! * before anything that was drawn from a mapped font is put into a finished file, [`Mapped::unchanged`] asks
//!   whether the file still has the length and time of change that it had, and the run fails if not
//! * a file that is cut short under us ends the process by a signal: outputs have their final names only at
//!   the end, so that no half-made file can be taken for a finished one
#![allow(unsafe_code)]

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// Shorter files are read: it costs no more than mapping them, and nothing can happen to them then.
pub const LEAST: u64 = 1 << 20;

/// A file in memory without having been read.
#[derive(Debug)]
pub struct Mapped {
    map: memmap2::Mmap,
    file: File,
    length: u64,
    changed: Option<SystemTime>,
}

impl Mapped {
    /// # Errors
    /// The system cannot open or map the file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let about = file.metadata()?;
        // SAFETY: the bytes are only read, and only as bytes: every parser behind this checks what it reads
        // each time and keeps no reference that a changed byte could make wrong. What remains, that another
        // process changes or shortens the file meanwhile, is described above and found out by `unchanged`.
        let map = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Self { map, file, length: about.len(), changed: changed(&about) })
    }

    /// Whether the file has the length and the time of change that it had when it was opened.
    #[must_use]
    pub fn unchanged(&self) -> bool {
        self.file.metadata().is_ok_and(|m| m.len() == self.length && changed(&m) == self.changed)
    }
}

fn changed(about: &Metadata) -> Option<SystemTime> {
    about.modified().ok()
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_under_us_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("font.ttf");
        std::fs::write(&path, vec![7; 5000]).unwrap();
        let mapped = Mapped::open(&path).unwrap();
        assert_eq!(mapped.as_ref().len(), 5000);
        assert!(mapped.unchanged());
        // A new file of the same name does not touch the old one.
        std::fs::write(dir.path().join("new"), vec![8; 5000]).unwrap();
        std::fs::rename(dir.path().join("new"), &path).unwrap();
        assert!(mapped.unchanged() && mapped.as_ref().iter().all(|b| *b == 7));
        let mapped = Mapped::open(&path).unwrap();
        let longer = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
        longer.set_len(6000).unwrap();
        assert!(!mapped.unchanged());
    }
}
