//! The bytes of a file, by place. Read, not mapped: a file of gigabytes that is gone through at eight places at
//! once must not count as memory, and a file that another program cuts short is a fault here, not a signal.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use super::Fault;

#[derive(Debug)]
enum Bytes {
    File(File),
    Memory(Cursor<Vec<u8>>),
}

/// What a file's bytes are read from.
#[derive(Debug)]
pub(super) struct Source {
    bytes: Bytes,
    length: u64,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { bytes: Bytes::File(file), length })
    }

    pub(super) fn of(bytes: Vec<u8>) -> Self {
        let length = bytes.len() as u64;
        Self { bytes: Bytes::Memory(Cursor::new(bytes)), length }
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The bytes from `at` on into `out`, which is emptied first: `count` of them, or as many as the file has.
    pub(super) fn read(&mut self, at: u64, count: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
        out.clear();
        let count = self.length.saturating_sub(at).min(count as u64);
        if count == 0 {
            return Ok(());
        }
        match &mut self.bytes {
            Bytes::File(file) => {
                file.seek(SeekFrom::Start(at))?;
                file.take(count).read_to_end(out)?;
            }
            Bytes::Memory(bytes) => {
                bytes.set_position(at);
                bytes.take(count).read_to_end(out)?;
            }
        }
        if out.len() as u64 == count { Ok(()) } else { Err(Fault::broken("it became shorter while it was read")) }
    }
}
