//! Where every object lies, kept small: entries go to a spool as soon as their numbers are complete, and
//! from there into the cross-reference stream (ISO 32000-1, 7.5.8).

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::PathBuf;

use flate2::write::ZlibEncoder;

/// Type, five bytes of offset or number, two bytes of index.
pub(super) const ENTRY: usize = 8;
/// Bytes that a spool keeps in memory before it asks for a file.
const IN_MEMORY: usize = 4 << 20;

/// Where an object lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Bytes from the beginning of the file.
    At(u64),
    /// Inside the object stream `stream`, as its object `index`.
    In { stream: u32, index: u16 },
}

impl Place {
    fn bytes(self) -> [u8; ENTRY] {
        let (kind, where_, index) = match self {
            Self::At(offset) => (1, offset, 0),
            Self::In { stream, index } => (2, u64::from(stream), index),
        };
        let w = where_.to_be_bytes();
        let i = index.to_be_bytes();
        [kind, w[3], w[4], w[5], w[6], w[7], i[0], i[1]]
    }
}

/// Bytes that are written once and read back once: in memory while they are few, else in a file that is
/// removed at the end.
#[derive(Debug)]
struct Spool {
    memory: Vec<u8>,
    file: Option<File>,
    path: Option<PathBuf>,
    length: u64,
}

impl Spool {
    fn new(path: Option<PathBuf>) -> Self {
        Self { memory: Vec::new(), file: None, path, length: 0 }
    }

    /// Calls `f` with everything in order, in parts of at most `part` bytes.
    fn read_back(&mut self, part: usize, mut f: impl FnMut(&mut [u8]) -> io::Result<()>) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return self.memory.chunks_mut(part).try_for_each(f);
        };
        file.write_all(&self.memory)?;
        self.memory.clear();
        file.seek(SeekFrom::Start(0))?;
        let mut left = self.length;
        let mut buffer = vec![0; part];
        while left > 0 {
            let n = usize::try_from(left).unwrap_or(part).min(part);
            file.read_exact(&mut buffer[..n])?;
            f(&mut buffer[..n])?;
            left -= n as u64;
        }
        Ok(())
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.memory.len() + bytes.len() > IN_MEMORY
            && let Some(path) = &self.path
        {
            if self.file.is_none() {
                self.file = Some(OpenOptions::new().create(true).truncate(true).read(true).write(true).open(path)?);
            }
            if let Some(file) = &mut self.file {
                file.write_all(&self.memory)?;
                self.memory.clear();
            }
        }
        self.memory.extend_from_slice(bytes);
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.file.take().is_some()
            && let Some(path) = &self.path
        {
            // Nothing can be done about a file that will not go; it holds only offsets.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The table under way.
#[derive(Debug)]
pub(super) struct Xref {
    spool: Spool,
    path: Option<PathBuf>,
    /// Number of the first object in `window`.
    first: u32,
    /// Numbers given since the last flush.
    window: Vec<Option<Place>>,
    /// Numbers given long before their objects were written: fonts, nodes of the page tree.
    late: BTreeMap<u32, Place>,
}

impl Xref {
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        // Object 0 is the head of the list of free objects.
        Self { spool: Spool::new(path.clone()), path, first: 0, window: vec![None], late: BTreeMap::new() }
    }

    /// A table that gives the same numbers next, and holds no entries: for making the end of a file on trial.
    pub(super) fn on_trial(of: &Self) -> Self {
        Self { spool: Spool::new(None), path: None, first: of.next(), window: Vec::new(), late: BTreeMap::new() }
    }

    /// A new object number.
    pub(super) fn number(&mut self) -> u32 {
        self.window.push(None);
        self.next() - 1
    }

    /// The number that comes next.
    pub(super) fn next(&self) -> u32 {
        self.first + self.window.len() as u32
    }

    pub(super) fn put(&mut self, number: u32, place: Place) {
        let slot = number.checked_sub(self.first).and_then(|i| self.window.get_mut(i as usize));
        match slot {
            Some(slot) => *slot = Some(place),
            None => {
                self.late.insert(number, place);
            }
        }
    }

    /// Hands the numbers given so far to the spool.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        for place in &self.window {
            self.spool.write_all(&place.map_or([0; ENTRY], Place::bytes))?;
        }
        self.first += self.window.len() as u32;
        self.window.clear();
        Ok(())
    }

    /// The whole table, compressed, as a stream of rows for `/Predictor 12`: calls `head` with the length in
    /// bytes, then `out` with the bytes.
    pub(super) fn finish<T>(
        mut self,
        target: &mut T,
        head: impl FnOnce(&mut T, u64) -> io::Result<()>,
        mut out: impl FnMut(&mut T, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.flush()?;
        let path = self.path.take().map(|mut p| {
            p.as_mut_os_string().push(".z");
            p
        });
        let mut packer = ZlibEncoder::new(Spool::new(path), flate2::Compression::new(6));
        let mut above = [0u8; ENTRY];
        let mut number = 0u32;
        let late = std::mem::take(&mut self.late);
        self.spool.read_back(ENTRY * 4096, |rows| {
            for row in rows.chunks_exact(ENTRY) {
                let mut entry = [0u8; ENTRY];
                entry.copy_from_slice(row);
                if let Some(place) = late.get(&number) {
                    entry = place.bytes();
                }
                if number == 0 {
                    // Free, and never to be used again (7.5.4).
                    entry[6..].copy_from_slice(&[0xff, 0xff]);
                }
                // PNG's predictor "up": each byte less the one above it.
                let mut coded = [2u8; ENTRY + 1];
                for i in 0..ENTRY {
                    coded[i + 1] = entry[i].wrapping_sub(above[i]);
                }
                packer.write_all(&coded)?;
                above = entry;
                number += 1;
            }
            Ok(())
        })?;
        let mut packed = packer.finish()?;
        head(target, packed.length)?;
        packed.read_back(1 << 16, |bytes| out(target, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(xref: Xref) -> Vec<[u8; ENTRY]> {
        let mut packed = Vec::new();
        let mut length = 0;
        xref.finish(
            &mut packed,
            |_, n| {
                length = n;
                Ok(())
            },
            |packed, bytes| {
                packed.extend_from_slice(bytes);
                Ok(())
            },
        )
        .expect("written");
        assert_eq!(length, packed.len() as u64);
        let mut coded = Vec::new();
        flate2::read::ZlibDecoder::new(&packed[..]).read_to_end(&mut coded).expect("deflate");
        let mut above = [0u8; ENTRY];
        coded
            .chunks_exact(ENTRY + 1)
            .map(|row| {
                (0..ENTRY).for_each(|i| above[i] = above[i].wrapping_add(row[i + 1]));
                above
            })
            .collect()
    }

    fn filled(spool: Option<PathBuf>, objects: u32) -> Xref {
        let mut xref = Xref::new(spool);
        let late = xref.number();
        for i in 0..objects {
            let number = xref.number();
            xref.put(number, Place::At(u64::from(i) * 1000 + (1 << 33)));
            if i % 100 == 0 {
                xref.flush().expect("flushed");
            }
        }
        xref.put(late, Place::In { stream: 77, index: 3 });
        xref
    }

    #[test]
    fn late_objects_find_their_row() {
        let rows = table(filled(None, 250));
        assert_eq!(rows.len(), 252);
        assert_eq!(rows[0], [0, 0, 0, 0, 0, 0, 255, 255]);
        assert_eq!(rows[1], [2, 0, 0, 0, 0, 77, 0, 3]);
        assert_eq!(rows[2], [1, 2, 0, 0, 0, 0, 0, 0]);
        assert_eq!(rows[251], [1, 2, 0, 3, 204, 168, 0, 0]);
    }

    #[test]
    fn a_spool_in_a_file_gives_the_same_table_and_goes_away() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("x.spool");
        let many = (IN_MEMORY / ENTRY) as u32 * 2 + 7;
        assert!(table(filled(Some(path), many)) == table(filled(None, many)));
        assert_eq!(std::fs::read_dir(dir.path()).expect("readable").count(), 0);
    }
}
