//! The one file inside a zip archive, as Japan Post ships its tables: stored or deflated, not encrypted, not split.
//! (PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.)

use libdeflater::{Crc, Decompressor};

/// Why a zip archive cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is cut off, or its lists contradict each other.
    Broken,
    /// It holds none or several files.
    Files(usize),
    Encrypted,
    /// A way of compressing that is not deflate.
    Method(u16),
    /// What is inside is larger than the limit.
    TooLarge,
    /// The checksum is not that of what is inside.
    Checksum,
}

impl Fault {
    pub fn message(&self) -> String {
        match self {
            Self::Broken => "the zip archive is damaged or cut off".to_owned(),
            Self::Files(n) => format!("the zip archive holds {n} files and must hold one"),
            Self::Encrypted => "the zip archive is locked with a password".to_owned(),
            Self::Method(m) => format!("the zip archive is packed in a way that is not read (method {m})"),
            Self::TooLarge => "the file in the zip archive is too large for a table of postcodes".to_owned(),
            Self::Checksum => "the zip archive is damaged: its checksum is wrong".to_owned(),
        }
    }
}

/// Whether bytes begin as a zip archive does.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let n = u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?);
    usize::try_from(n).ok()
}

/// Bytes of the record that ends an archive, without its comment.
const END: usize = 22;

/// The bytes of the only file in an archive; folders do not count.
///
/// # Errors
/// See [`Fault`].
pub(super) fn only_file(zip: &[u8], limit: usize) -> Result<Vec<u8>, Fault> {
    let at = entry(zip)?;
    let part = |offset: usize| u16_at(zip, at + offset).ok_or(Fault::Broken);
    let long = |offset: usize| u32_at(zip, at + offset).ok_or(Fault::Broken);
    if part(8)? & 1 != 0 {
        return Err(Fault::Encrypted);
    }
    let (method, crc, packed, size, local) = (part(10)?, long(16)?, long(20)?, long(24)?, long(42)?);
    if size > limit || packed > limit {
        return Err(Fault::TooLarge);
    }
    // The local header has lengths of its own for what lies between it and the data.
    if zip.get(local..).is_none_or(|b| !b.starts_with(b"PK\x03\x04")) {
        return Err(Fault::Broken);
    }
    let names = u16_at(zip, local + 26).zip(u16_at(zip, local + 28)).ok_or(Fault::Broken)?;
    let start = local + 30 + usize::from(names.0) + usize::from(names.1);
    let data = start.checked_add(packed).and_then(|end| zip.get(start..end)).ok_or(Fault::Broken)?;
    let bytes = match method {
        0 if packed == size => data.to_vec(),
        0 => return Err(Fault::Broken),
        8 => {
            let mut out = vec![0; size];
            let made = Decompressor::new().deflate_decompress(data, &mut out).map_err(|_| Fault::Broken)?;
            if made != size {
                return Err(Fault::Broken);
            }
            out
        }
        other => return Err(Fault::Method(other)),
    };
    let mut sum = Crc::new();
    sum.update(&bytes);
    if sum.sum() as usize != crc {
        return Err(Fault::Checksum);
    }
    Ok(bytes)
}

/// Where the entry of the only file stands in the archive's list.
fn entry(zip: &[u8]) -> Result<usize, Fault> {
    // The end record stands last, behind at most 65,535 bytes of comment.
    let from = zip.len().saturating_sub(END + 65_535);
    let tail = zip.get(from..).ok_or(Fault::Broken)?;
    let end = memchr::memmem::rfind(tail, b"PK\x05\x06").map(|i| from + i).ok_or(Fault::Broken)?;
    if zip.len() < end + END {
        return Err(Fault::Broken);
    }
    let entries = u16_at(zip, end + 10).ok_or(Fault::Broken)?;
    let mut at = u32_at(zip, end + 16).ok_or(Fault::Broken)?;
    let mut found = None;
    let mut files = 0;
    for _ in 0..entries {
        if zip.get(at..).is_none_or(|b| !b.starts_with(b"PK\x01\x02")) {
            return Err(Fault::Broken);
        }
        let length = |offset: usize| u16_at(zip, at + offset).map(usize::from).ok_or(Fault::Broken);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let text = zip.get(at + 46..at + 46 + name).ok_or(Fault::Broken)?;
        if !text.ends_with(b"/") && !text.starts_with(b"__MACOSX/") {
            files += 1;
            found = Some(at);
        }
        at += 46 + name + extra + comment;
    }
    found.filter(|_| files == 1).ok_or(Fault::Files(files))
}

#[cfg(test)]
pub(super) mod tests {
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
        assert_eq!(only_file(&sum, 100), Err(Fault::Checksum));
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
