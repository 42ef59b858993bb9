//! The one file inside a zip archive, as tables are handed over: stored or deflated, not encrypted, not split.
//! (PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.)

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;
use libdeflater::Crc;

/// Why a zip archive cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is cut off, or its lists contradict each other.
    Broken,
    /// It holds none or several files.
    Files(usize),
    Encrypted,
    /// A way of compressing that is not deflate.
    Method(u16),
    /// What is inside is larger than the limit.
    TooLarge,
}

impl Fault {
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Broken => "the zip archive is damaged or cut off".to_owned(),
            Self::Files(n) => format!("the zip archive holds {n} files and must hold one"),
            Self::Encrypted => "the zip archive is locked with a password".to_owned(),
            Self::Method(m) => format!("the zip archive is packed in a way that is not read (method {m})"),
            Self::TooLarge => "the file in the zip archive is too large".to_owned(),
        }
    }
}

/// Whether bytes begin as a zip archive does.
#[must_use]
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The bytes of the only file in an archive; folders do not count.
///
/// # Errors
/// See [`Fault`].
pub fn only_file(zip: &[u8], limit: usize) -> Result<Vec<u8>, Fault> {
    let inside = list(&mut Cursor::new(zip))?.only(&mut Cursor::new(zip))?;
    if inside.size > limit as u64 || inside.packed > limit as u64 {
        return Err(Fault::TooLarge);
    }
    let mut bytes = Vec::new();
    let mut whole = inside.open(Cursor::new(zip)).map_err(|_| Fault::Broken)?;
    whole.read_to_end(&mut bytes).map_err(|_| Fault::Broken)?;
    Ok(bytes)
}

/// The file in an archive: where its bytes lie, and what they must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    /// Offset of the packed bytes, and how many they are.
    at: u64,
    packed: u64,
    /// Bytes when unpacked, and their checksum.
    size: u64,
    crc: u32,
    deflated: bool,
}

impl Inside {
    /// The unpacked bytes, while they are read; at their end they are held against their length and checksum.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub(super) fn open<'a, F: Read + Seek + Send + 'a>(self, mut file: F) -> io::Result<Box<dyn Read + Send + 'a>> {
        file.seek(SeekFrom::Start(self.at))?;
        let packed = io::BufReader::with_capacity(64 << 10, file).take(self.packed);
        Ok(if self.deflated {
            Box::new(Checked::new(DeflateDecoder::new(packed), self))
        } else {
            Box::new(Checked::new(packed, self))
        })
    }
}

/// Bytes that are held against what the archive says of them.
struct Checked<R> {
    inside: R,
    left: u64,
    crc: u32,
    sum: Crc,
}

impl<R: Read> Checked<R> {
    fn new(inside: R, said: Inside) -> Self {
        Self { inside, left: said.size, crc: said.crc, sum: Crc::new() }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let read = self.inside.read(out)?;
        self.sum.update(out.get(..read).unwrap_or_default());
        match self.left.checked_sub(read as u64) {
            Some(left) if read > 0 => self.left = left,
            Some(0) if self.sum.sum() == self.crc => {}
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
        Ok(read)
    }
}

/// What an archive lists.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct List {
    /// How many files; folders do not count.
    files: usize,
    /// The last of them.
    last: Option<Item>,
    /// Whether it is a workbook, by the file that each of them holds.
    pub workbook: bool,
}

/// One file of the list.
#[derive(Clone, Copy, Debug)]
struct Item {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    size: u32,
    local: u32,
}

impl List {
    /// The only file.
    ///
    /// # Errors
    /// There are none or several, or it is packed in a way that is not read.
    pub fn only<F: Read + Seek>(&self, file: &mut F) -> Result<Inside, Fault> {
        let item = self.last.filter(|_| self.files == 1).ok_or(Fault::Files(self.files))?;
        if item.flags & 1 != 0 {
            return Err(Fault::Encrypted);
        }
        if item.size == u32::MAX || item.packed == u32::MAX {
            return Err(Fault::TooLarge);
        }
        let deflated = match item.method {
            0 if item.packed != item.size => return Err(Fault::Broken),
            0 => false,
            8 => true,
            other => return Err(Fault::Method(other)),
        };
        // The local header has lengths of its own for what lies between it and the data.
        let local = part(file, u64::from(item.local), LOCAL)?;
        let names = u16_at(&local, 26).zip(u16_at(&local, 28)).ok_or(Fault::Broken)?;
        if !local.starts_with(b"PK\x03\x04") {
            return Err(Fault::Broken);
        }
        let at = u64::from(item.local) + LOCAL + u64::from(names.0) + u64::from(names.1);
        let whole = file.seek(SeekFrom::End(0)).map_err(|_| Fault::Broken)?;
        if at + u64::from(item.packed) > whole {
            return Err(Fault::Broken);
        }
        Ok(Inside { at, packed: item.packed.into(), size: item.size.into(), crc: item.crc, deflated })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Up to `most` bytes from an offset.
fn part<F: Read + Seek>(file: &mut F, from: u64, most: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from)).map_err(|_| Fault::Broken)?;
    file.by_ref().take(most).read_to_end(&mut bytes).map_err(|_| Fault::Broken)?;
    Ok(bytes)
}

/// Bytes of the record that ends an archive, without its comment; of a file's own header, without its names; of a file
/// in the list, without its names.
const END: u64 = 22;
const LOCAL: u64 = 30;
const LISTED: usize = 46;
/// No list is read that is longer: 65,535 files with names of usual length.
const LONGEST: u64 = 16 << 20;

/// Reads the list of an archive.
///
/// # Errors
/// [`Fault::Broken`].
pub(super) fn list<F: Read + Seek>(file: &mut F) -> Result<List, Fault> {
    // The end record stands last, behind at most 65,535 bytes of comment.
    let whole = file.seek(SeekFrom::End(0)).map_err(|_| Fault::Broken)?;
    let tail = part(file, whole.saturating_sub(END + 65_535), END + 65_535)?;
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06").and_then(|at| tail.get(at..)).ok_or(Fault::Broken)?;
    if (end.len() as u64) < END {
        return Err(Fault::Broken);
    }
    let (entries, from) = u16_at(end, 10).zip(u32_at(end, 16)).ok_or(Fault::Broken)?;
    let bytes = part(file, from.into(), LONGEST)?;
    let (mut rest, mut list) = (bytes.as_slice(), List::default());
    for _ in 0..entries {
        let (item, name, length) = listed(rest).ok_or(Fault::Broken)?;
        if !name.ends_with(b"/") && !name.starts_with(b"__MACOSX/") {
            list.files += 1;
            list.last = Some(item);
            list.workbook |= matches!(name, b"[Content_Types].xml" | b"mimetype");
        }
        rest = rest.get(length..).ok_or(Fault::Broken)?;
    }
    Ok(list)
}

/// One entry of the list: the file, its name, and the entry's length.
fn listed(bytes: &[u8]) -> Option<(Item, &[u8], usize)> {
    let (word, long) = (|at| u16_at(bytes, at), |at| u32_at(bytes, at));
    let item = Item {
        flags: word(8)?,
        method: word(10)?,
        crc: long(16)?,
        packed: long(20)?,
        size: long(24)?,
        local: long(42)?,
    };
    let [name, extra, comment] = [word(28)?, word(30)?, word(32)?].map(usize::from);
    let text = bytes.get(LISTED..LISTED + name).filter(|_| bytes.starts_with(b"PK\x01\x02"))?;
    Some((item, text, LISTED + name + extra + comment))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An archive as Japan Post writes them, with the files given.
    pub fn zip(files: &[(&str, &[u8])], deflate: bool) -> Vec<u8> {
        let (mut out, mut list) = (Vec::new(), Vec::new());
        for (name, bytes) in files {
            let mut crc = Crc::new();
            crc.update(bytes);
            let data = if deflate {
                let mut packer = libdeflater::Compressor::new(libdeflater::CompressionLvl::fastest());
                let mut packed = vec![0; packer.deflate_compress_bound(bytes.len())];
                let n = packer.deflate_compress(bytes, &mut packed).expect("room");
                packed.truncate(n);
                packed
            } else {
                bytes.to_vec()
            };
            let local = out.len() as u32;
            let mut common = Vec::new();
            common.extend([20u16, 0, if deflate { 8 } else { 0 }, 0, 0].iter().flat_map(|v| v.to_le_bytes()));
            common.extend([crc.sum(), data.len() as u32, bytes.len() as u32].iter().flat_map(|v| v.to_le_bytes()));
            common.extend((name.len() as u16).to_le_bytes());
            common.extend(0u16.to_le_bytes());
            out.extend(b"PK\x03\x04");
            out.extend(&common);
            out.extend(name.as_bytes());
            out.extend(data);
            list.extend(b"PK\x01\x02\x14\x00");
            list.extend(&common);
            list.extend([0; 10]);
            list.extend(local.to_le_bytes());
            list.extend(name.as_bytes());
        }
        let start = out.len() as u32;
        out.extend(&list);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend((files.len() as u16).to_le_bytes());
        out.extend((files.len() as u16).to_le_bytes());
        out.extend((list.len() as u32).to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend([0, 0]);
        out
    }

    #[test]
    fn the_only_file_comes_out_whole() {
        let text = "0600000,札幌\r\n".repeat(500);
        for deflate in [true, false] {
            let z = zip(&[("KEN_ALL.CSV", text.as_bytes())], deflate);
            assert!(is_zip(&z));
            assert_eq!(only_file(&z, 1 << 20), Ok(text.clone().into_bytes()));
        }
        let z = zip(&[("folder/", b""), ("folder/KEN_ALL.CSV", b"x")], false);
        assert_eq!(only_file(&z, 10), Ok(b"x".to_vec()));
    }

    #[test]
    fn workbooks_are_known_by_what_they_hold() {
        let of = |names: &[&str]| {
            let files: Vec<(&str, &[u8])> = names.iter().map(|n| (*n, &b"x"[..])).collect();
            list(&mut Cursor::new(zip(&files, true))).map(|l| l.workbook)
        };
        assert_eq!(of(&["[Content_Types].xml", "xl/workbook.xml"]), Ok(true));
        assert_eq!(of(&["mimetype", "content.xml"]), Ok(true));
        assert_eq!(of(&["customers.csv"]), Ok(false));
    }

    #[test]
    fn archives_that_are_wrong_are_refused() {
        let z = zip(&[("A.CSV", b"aaaaaaaaaaaaaaaaaaaaaaaa")], true);
        assert_eq!(only_file(&z, 10), Err(Fault::TooLarge));
        assert_eq!(only_file(&zip(&[("A", b"a"), ("B", b"b")], true), 10), Err(Fault::Files(2)));
        assert_eq!(only_file(&zip(&[], true), 10), Err(Fault::Files(0)));
        assert_eq!(only_file(b"PK\x03\x04", 10), Err(Fault::Broken));
        let mut locked = z.clone();
        let list = memchr::memmem::find(&z, b"PK\x01\x02").expect("a list");
        locked[list + 8] = 1;
        assert_eq!(only_file(&locked, 100), Err(Fault::Encrypted));
        let mut other = z.clone();
        other[list + 10] = 12;
        assert_eq!(only_file(&other, 100), Err(Fault::Method(12)));
        let mut sum = z.clone();
        sum[list + 16] ^= 1;
        assert_eq!(only_file(&sum, 100), Err(Fault::Broken));
        for cut in 0..z.len() {
            assert!(only_file(&z[..cut], 100).is_err(), "cut at {cut}");
        }
        // any byte may be wrong: nothing panics
        for at in 0..z.len() {
            let mut broken = z.clone();
            broken[at] = 0xFF;
            let _ = only_file(&broken, 100);
        }
    }
}
