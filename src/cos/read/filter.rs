//! What a stream says when it is unpacked (ISO 32000-1, 7.4). Only what structure needs is unpacked here; pictures
//! and most page contents are copied as they are.

use std::io::Read as _;

use super::Fault;
use super::syntax::{Dict, Value};
use crate::cos::predictor::expected;

/// Filters one after the other.
const CHAIN: usize = 8;

/// A filter with its parameters, both resolved.
pub(super) struct Filter {
    pub(super) name: Box<[u8]>,
    pub(super) parameters: Option<Dict>,
}

/// Unpacks `data`; more than `most` bytes are refused.
pub(super) fn unpack(filters: &[Filter], data: Vec<u8>, most: usize) -> Result<Vec<u8>, Fault> {
    if filters.len() > CHAIN {
        return Err(Fault::TooLarge(format!("a stream with {} filters", filters.len())));
    }
    let mut data = data;
    for filter in filters {
        data = match &*filter.name {
            b"FlateDecode" | b"Fl" => predicted(filter, inflate(&data, most)?)?,
            b"LZWDecode" | b"LZW" => predicted(filter, lzw(&data, early(filter), most)?)?,
            b"ASCIIHexDecode" | b"AHx" => ascii_hex(&data)?,
            b"ASCII85Decode" | b"A85" => ascii_85(&data)?,
            b"RunLengthDecode" | b"RL" => run_length(&data, most)?,
            other => {
                let name = String::from_utf8_lossy(other);
                return Err(Fault::broken(format!("the filter {name} where text was to be expected")));
            }
        };
        if data.len() > most {
            return Err(too_long(most));
        }
    }
    Ok(data)
}

fn too_long(most: usize) -> Fault {
    Fault::TooLarge(format!("a stream unpacks to more than {most} bytes"))
}

fn inflate(data: &[u8], most: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(data.len().saturating_mul(4).min(most).min(1 << 20));
    let mut decoder = flate2::read::ZlibDecoder::new(data).take(most as u64 + 1);
    match decoder.read_to_end(&mut out) {
        Ok(_) if out.len() > most => Err(too_long(most)),
        Ok(_) => Ok(out),
        Err(_) => Err(Fault::broken("a compressed stream does not unpack")),
    }
}

fn parameter(filter: &Filter, key: &str) -> Option<i64> {
    filter.parameters.as_ref()?.get(key).and_then(Value::int)
}

fn early(filter: &Filter) -> bool {
    parameter(filter, "EarlyChange") != Some(0)
}

/// LZW (7.4.4.2): codes of 9 to 12 bits, high bit first.
fn lzw(data: &[u8], early: bool, most: usize) -> Result<Vec<u8>, Fault> {
    let wrong = || Fault::broken("an LZW stream does not unpack");
    // Each code from 258 on is a stretch of what was put out before.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let mut out = Vec::new();
    let mut last: Option<(usize, usize)> = None;
    let (mut bits, mut held, mut width) = (0u32, 0u32, 9u32);
    for byte in data {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        if held < width {
            continue;
        }
        held -= width;
        let code = bits >> held & ((1 << width) - 1);
        bits &= (1 << held) - 1;
        match code {
            256 => {
                table.clear();
                last = None;
                width = 9;
                continue;
            }
            257 => return Ok(out),
            _ => {}
        }
        let start = out.len();
        if code < 256 {
            out.push(code as u8);
        } else {
            let (at, length) = match table.get(code as usize - 258) {
                Some(entry) => *entry,
                // The code that is just being made: the last one with its own first byte.
                None if code as usize - 258 == table.len() => last.map(|(at, n)| (at, n + 1)).ok_or_else(wrong)?,
                None => return Err(wrong()),
            };
            if out.len() + length > most {
                return Err(too_long(most));
            }
            for i in at..at + length {
                let b = *out.get(i).ok_or_else(wrong)?;
                out.push(b);
            }
        }
        if let Some((at, length)) = last
            && table.len() < 4096 - 258
        {
            // The stretch before with the byte behind it, which is this one's first.
            table.push((at, length + 1));
        }
        last = Some((start, out.len() - start));
        // Codes grow one earlier than they must, by a slip of the first encoder that became the rule.
        let next = table.len() + 258 + usize::from(last.is_some()) - usize::from(!early);
        width = if next >= 2048 {
            12
        } else if next >= 1024 {
            11
        } else if next >= 512 {
            10
        } else {
            9
        };
    }
    Ok(out)
}

fn ascii_hex(data: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(data.len() / 2);
    let mut high = None;
    for b in data {
        let digit = match b {
            b'0'..=b'9' => b - b'0',
            b'a'..=b'f' => b - b'a' + 10,
            b'A'..=b'F' => b - b'A' + 10,
            b'>' => break,
            b if b.is_ascii_whitespace() || *b == 0 => continue,
            _ => return Err(Fault::broken("an ASCIIHex stream holds something else")),
        };
        match high.take() {
            None => high = Some(digit),
            Some(h) => out.push(h << 4 | digit),
        }
    }
    out.extend(high.map(|h| h << 4));
    Ok(out)
}

fn ascii_85(data: &[u8]) -> Result<Vec<u8>, Fault> {
    let wrong = || Fault::broken("an ASCII85 stream holds something else");
    let mut out = Vec::with_capacity(data.len() / 5 * 4);
    let mut group = [0u8; 5];
    let mut n = 0;
    for b in data {
        match b {
            b'z' if n == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group[n] = b - b'!';
                n += 1;
                if n == 5 {
                    out.extend_from_slice(&word_of(&group).ok_or_else(wrong)?);
                    n = 0;
                }
            }
            b'~' => break,
            b if b.is_ascii_whitespace() || *b == 0 => {}
            _ => return Err(wrong()),
        }
    }
    if n == 1 {
        return Err(wrong());
    }
    if n > 1 {
        group[n..].fill(84);
        out.extend_from_slice(word_of(&group).ok_or_else(wrong)?.get(..n - 1).unwrap_or_default());
    }
    Ok(out)
}

fn word_of(group: &[u8; 5]) -> Option<[u8; 4]> {
    let n = group.iter().fold(0u64, |n, d| n * 85 + u64::from(*d));
    u32::try_from(n).ok().map(u32::to_be_bytes)
}

fn run_length(data: &[u8], most: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    let mut rest = data;
    while let [n, tail @ ..] = rest {
        let n = usize::from(*n);
        rest = match (n, tail) {
            (128, _) => break,
            (0..=127, _) => {
                let (bytes, tail) = tail
                    .split_at_checked(n + 1)
                    .ok_or_else(|| Fault::broken("a run-length stream ends within a run"))?;
                out.extend_from_slice(bytes);
                tail
            }
            (_, [b, tail @ ..]) => {
                out.resize(out.len() + 257 - n, *b);
                tail
            }
            (_, []) => return Err(Fault::broken("a run-length stream ends within a run")),
        };
        if out.len() > most {
            return Err(too_long(most));
        }
    }
    Ok(out)
}

/// Takes the predictor back (7.4.4.4): TIFF's for bytes, and PNG's.
fn predicted(filter: &Filter, data: Vec<u8>) -> Result<Vec<u8>, Fault> {
    let predictor = parameter(filter, "Predictor").unwrap_or(1);
    if predictor <= 1 {
        return Ok(data);
    }
    let wrong = || Fault::broken("a predictor with sizes that cannot be");
    let setting = |key, default| {
        let n = parameter(filter, key).unwrap_or(default);
        usize::try_from(n).ok().filter(|n| (1..=1 << 20).contains(n)).ok_or_else(wrong)
    };
    let (colors, bits, columns) = (setting("Colors", 1)?, setting("BitsPerComponent", 8)?, setting("Columns", 1)?);
    let pixel = (colors * bits).div_ceil(8);
    let row = (colors.checked_mul(bits).and_then(|n| n.checked_mul(columns)).ok_or_else(wrong)?).div_ceil(8);
    let mut data = data;
    if predictor == 2 {
        if bits != 8 {
            return Err(Fault::broken("a TIFF predictor of other than 8 bits in a stream of text"));
        }
        for row in data.chunks_mut(row) {
            for i in pixel..row.len() {
                row[i] = row[i].wrapping_add(row[i - pixel]);
            }
        }
        return Ok(data);
    }
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0u8; row];
    for coded in data.chunks(row + 1) {
        let (Some(kind), Some(coded)) = (coded.first(), coded.get(1..)) else { break };
        let mut plain = vec![0u8; row];
        for (i, b) in coded.iter().enumerate() {
            let left = if i >= pixel { plain[i - pixel] } else { 0 };
            let corner = if i >= pixel { above[i - pixel] } else { 0 };
            let guess = expected(*kind, left, above[i], corner).ok_or_else(wrong)?;
            plain[i] = b.wrapping_add(guess);
        }
        out.extend_from_slice(plain.get(..coded.len()).unwrap_or_default());
        above = plain;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(name: &str, data: &[u8]) -> Result<Vec<u8>, String> {
        let filters = [Filter { name: name.as_bytes().into(), parameters: None }];
        unpack(&filters, data.to_vec(), 1000).map_err(|e| e.to_string())
    }

    #[test]
    fn each_filter_by_the_example_of_its_clause() {
        assert_eq!(plain("ASCIIHexDecode", b"48 65 6C6c 6F7>"), Ok(b"Hellop".to_vec()));
        assert_eq!(plain("ASCII85Decode", b"87cURD]j7BEbo80~>"), Ok(b"Hello world!".to_vec()));
        assert_eq!(plain("RunLengthDecode", &[2, b'a', b'b', b'c', 254, b'z', 128]), Ok(b"abczzz".to_vec()));
        // ISO 32000-1, 7.4.4.2, example 2
        let coded = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        assert_eq!(plain("LZWDecode", &coded), Ok(vec![45, 45, 45, 45, 45, 65, 45, 45, 45, 66]));
    }

    #[test]
    fn what_grows_without_measure_is_refused() {
        let mut bomb = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(9));
        std::io::Write::write_all(&mut bomb, &[0; 100_000]).unwrap();
        let message = plain("FlateDecode", &bomb.finish().unwrap()).unwrap_err();
        assert!(message.contains("more than 1000 bytes"), "{message}");
        assert!(plain("RunLengthDecode", &[129, 0].repeat(50)).unwrap_err().contains("more than 1000"));
        assert!(plain("FlateDecode", b"no deflate").unwrap_err().contains("does not unpack"));
        assert!(plain("DCTDecode", b"").unwrap_err().contains("DCTDecode"));
    }

    #[test]
    fn the_predictors_of_png() {
        let dict = Dict(vec![((*b"Predictor").into(), Value::Int(15)), ((*b"Columns").into(), Value::Int(3))]);
        let filter = Filter { name: (*b"FlateDecode").into(), parameters: Some(dict) };
        let coded = vec![0, 1, 2, 3, 2, 1, 1, 1, 1, 5, 1, 1, 4, 1, 0, 0, 3, 2, 2, 2];
        let plain = predicted(&filter, coded).unwrap();
        assert_eq!(plain, [1, 2, 3, 2, 3, 4, 5, 6, 7, 6, 6, 7, 5, 7, 9]);
    }
}
