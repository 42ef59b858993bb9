//! WOFF 1.0 (W3C Recommendation, 2012): an OpenType file with its tables packed one by one.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::font::{FontData, FontFault};
use super::woff2;

/// Bytes of all tables once they are unpacked.
const MAX_UNPACKED: u64 = 64 << 20;

impl FontData {
    /// A plain OpenType file; one that is plain already as it is.
    ///
    /// # Errors
    /// [`FontFault::Packed`].
    pub fn unpacked(self) -> Result<Self, FontFault> {
        match self.as_ref().get(..4) {
            Some(b"wOFF") => unpack(self.as_ref()).map(|b| Self::Loaded(b.into())).ok_or(FontFault::Packed),
            Some(b"wOF2") => woff2::unpack(self.as_ref()).map(|b| Self::Loaded(b.into())).ok_or(FontFault::Packed),
            _ => Ok(self),
        }
    }
}

fn unpack(file: &[u8]) -> Option<Vec<u8>> {
    let flavor = file.get(4..8)?;
    let count = u16::from_be_bytes(file.get(12..14)?.try_into().ok()?);
    let directory = file.get(44..44 + 20 * usize::from(count))?;
    if flavor == b"ttcf" || count == 0 {
        return None;
    }
    let power = 15 - count.leading_zeros() as u16;
    let range = 16u16.checked_shl(u32::from(power)).filter(|_| power < 12)?;
    let mut out = flavor.to_vec();
    for number in [count, range, power, count.checked_mul(16)?.checked_sub(range)?] {
        out.extend(number.to_be_bytes());
    }
    let mut tables = Vec::new();
    let first = 12 + 16 * u32::from(count);
    let mut known: &[u8] = &[];
    for entry in directory.chunks_exact(20) {
        let (tag, rest) = entry.split_at(4);
        let number = |i: usize| Some(u32::from_be_bytes(rest.get(i..i + 4)?.try_into().ok()?));
        let (offset, packed, length) = (number(0)? as usize, number(4)? as usize, number(8)?);
        let too_large = tables.len() as u64 + u64::from(length) > MAX_UNPACKED;
        if tag <= known || packed > length as usize || too_large {
            return None;
        }
        known = tag;
        out.extend_from_slice(tag);
        out.extend_from_slice(rest.get(12..)?);
        out.extend((first + u32::try_from(tables.len()).ok()?).to_be_bytes());
        out.extend(length.to_be_bytes());
        let data = file.get(offset..offset.checked_add(packed)?)?;
        let before = tables.len();
        if packed == length as usize {
            tables.extend_from_slice(data);
        } else {
            ZlibDecoder::new(data).take(u64::from(length) + 1).read_to_end(&mut tables).ok()?;
        }
        if tables.len() - before != length as usize {
            return None;
        }
        tables.resize(tables.len().next_multiple_of(4), 0);
    }
    out.append(&mut tables);
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::asset::fallback::FontSet;
    use crate::asset::font::{Font, FontId};

    /// A plain file as WOFF.
    fn packed(plain: &[u8]) -> Vec<u8> {
        let u32_at = |at: usize| u32::from_be_bytes(plain[at..at + 4].try_into().unwrap()) as usize;
        let count = usize::from(u16::from_be_bytes(plain[4..6].try_into().unwrap()));
        let mut head = [b"wOFF".as_slice(), &plain[..4], &[0; 4], &plain[4..6], &[0; 30]].concat();
        let mut body = Vec::new();
        for at in (0..count).map(|i| 12 + 16 * i) {
            let table = &plain[u32_at(at + 8)..u32_at(at + 8) + u32_at(at + 12)];
            let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            zlib.write_all(table).unwrap();
            let zlib = zlib.finish().unwrap();
            let data = if zlib.len() < table.len() { &zlib } else { table };
            let offset = 44 + 20 * count + body.len();
            head.extend_from_slice(&plain[at..at + 4]);
            for number in [offset, data.len(), table.len(), u32_at(at + 4)] {
                head.extend((number as u32).to_be_bytes());
            }
            body.extend_from_slice(data);
        }
        head.extend(body);
        head
    }

    #[test]
    fn a_packed_font_is_the_font() {
        let set = FontSet::shipped();
        let plain = set.get(FontId(4)).unwrap();
        let woff = packed(plain.data.as_ref());
        assert!(woff.len() < plain.data.as_ref().len());
        let data = FontData::Loaded(woff.into()).unpacked().unwrap();
        let font = Font::load(data, 0, "Packed", 400, false, FontId(0)).unwrap();
        assert_eq!(font.postscript_name, plain.postscript_name);
        assert_eq!(font.advances, plain.advances);
        assert_eq!(font.glyph('水'), plain.glyph('水'));
    }

    #[test]
    fn broken_packages_are_told_and_bombs_do_not_go_off() {
        let plain = crate::asset::fallback::tests::tiny(&[('a', 1)], &[]);
        let bytes = plain.as_ref();
        let woff = packed(bytes);
        assert_eq!(FontData::Loaded(woff.clone().into()).unpacked().unwrap().as_ref()[..12], bytes[..12]);
        for end in 4..woff.len() {
            assert!(FontData::Loaded(woff[..end].into()).unpacked().is_err(), "{end} bytes");
        }
        for at in 4..44 + 20 * 5 {
            let mut wrong = woff.clone();
            wrong[at] ^= 0xff;
            if let Ok(data) = FontData::Loaded(wrong.into()).unpacked() {
                assert!(data.as_ref().len() < 1 << 20, "byte {at}");
            }
        }
        let mut bomb = woff;
        bomb[44 + 12..44 + 16].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(FontData::Loaded(bomb.into()).unpacked().unwrap_err(), FontFault::Packed);
    }
}
