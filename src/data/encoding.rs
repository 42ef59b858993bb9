//! What the bytes of a file mean: UTF-8 or CP932, found out from a bounded part of it, or declared.
//!
//! Decoding goes cell by cell and after the row has been split, so that one broken cell spoils neither its
//! neighbours nor the rest of the file. Splitting first is safe in both encodings: every byte of a multi-byte
//! character is at least 0x80 in UTF-8 and at least 0x40 in CP932 (lead 0x81–0x9F, 0xE0–0xFC; trail 0x40–0x7E,
//! 0x80–0xFC), while comma (0x2C), semicolon (0x3B), tab, quotation mark (0x22), CR and LF all lie below. A
//! trail byte can be a backslash (0x5C) or a bar (0x7C): hence no escapes by backslash, and no bar as the
//! delimiter of a CP932 file.

use std::fmt::Write as _;

use encoding_rs::{EUC_JP, SHIFT_JIS};

/// How the bytes of a text file are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    #[serde(rename = "utf-8", alias = "utf8")]
    Utf8,
    /// Microsoft's Shift_JIS with NEC and IBM extensions; the WHATWG label "shift_jis".
    #[serde(alias = "shift_jis", alias = "shift-jis", alias = "sjis")]
    Cp932,
    /// Little-endian, as Excel's "Unicode text". Turned into UTF-8 before rows are looked for.
    #[serde(rename = "utf-16le", alias = "utf-16")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Cp932 => "CP932",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        })
    }
}

impl Encoding {
    /// Whether it has two bytes a unit.
    #[must_use]
    pub fn is_wide(self) -> bool {
        matches!(self, Self::Utf16Le | Self::Utf16Be)
    }

    /// What cells are read in: wide files are UTF-8 by the time that cells are cut out.
    #[must_use]
    pub(super) fn of_cells(self) -> Self {
        if self.is_wide() { Self::Utf8 } else { self }
    }
}

/// What a part of a file looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Lines with bytes above 0x7F that are UTF-8 throughout.
    pub utf8: u32,
    /// Lines that are not UTF-8, but CP932.
    pub cp932: u32,
    /// Lines that are neither.
    pub neither: u32,
    /// Lines (counted under `cp932` or `neither` too) that are EUC-JP throughout.
    pub euc_jp: u32,
}

/// The conclusion from [`Evidence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing but ASCII: both encodings read it alike.
    Ascii,
    Is(Encoding),
    /// EUC-JP, which is not read.
    EucJp,
    /// No encoding that we know.
    Unknown,
}

impl Evidence {
    /// Looks at whole lines. The last one counts only if the file ends there (`whole`), because a character
    /// may be cut in two.
    #[must_use]
    pub fn of(part: &[u8], whole: bool) -> Self {
        let mut evidence = Self::default();
        let end = if whole { part.len() } else { memchr::memrchr(b'\n', part).unwrap_or(part.len()) };
        for line in part[..end].split(|b| *b == b'\n') {
            if line.is_ascii() {
                continue;
            }
            if std::str::from_utf8(line).is_ok() {
                evidence.utf8 += 1;
                continue;
            }
            if SHIFT_JIS.decode_without_bom_handling_and_without_replacement(line).is_some() {
                evidence.cp932 += 1;
            } else {
                evidence.neither += 1;
            }
            if EUC_JP.decode_without_bom_handling_and_without_replacement(line).is_some() {
                evidence.euc_jp += 1;
            }
        }
        evidence
    }

    /// Lines that say anything.
    #[must_use]
    pub fn lines(&self) -> u32 {
        self.utf8 + self.cp932 + self.neither
    }

    /// Lines in `encoding`.
    #[must_use]
    pub fn lines_in(&self, encoding: Encoding) -> u32 {
        match encoding {
            Encoding::Cp932 => self.cp932,
            Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => self.utf8,
        }
    }

    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let lines = self.lines();
        if lines == 0 {
            return Verdict::Ascii;
        }
        // Kanji in CP932 begin with 0x88–0x9F, which EUC-JP does not have: a CP932 file passes for EUC-JP
        // only when it holds nothing but half-width kana, and that in each line.
        if self.utf8 == 0 && self.euc_jp == lines && lines >= 2 {
            return Verdict::EucJp;
        }
        // UTF-8 is tried first for each line because Japanese in CP932 is next to never valid UTF-8, while
        // Japanese in UTF-8 often is valid (and senseless) CP932.
        if self.neither > self.utf8 + self.cp932 {
            Verdict::Unknown
        } else if self.utf8 >= self.cp932 {
            Verdict::Is(Encoding::Utf8)
        } else {
            Verdict::Is(Encoding::Cp932)
        }
    }
}

/// Whether the file is UTF-16, and which: by its byte order mark or, without one, by what its units are. A file in
/// another encoding has no zeros; a stray NUL or two in it do not make line ends and Japanese of everything else.
#[must_use]
pub fn utf16(start: &[u8]) -> Option<Encoding> {
    match start {
        [0xFF, 0xFE, ..] => return Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let start = start.get(..start.len().min(4096)).unwrap_or_default();
    let units = start.len() / 2;
    let reads = |high: usize| {
        let (mut ascii, mut japanese, mut line_ends) = (0, 0, 0);
        for pair in start.chunks_exact(2) {
            match (pair.get(high), pair.get(1 - high)) {
                (Some(0), Some(b'\r' | b'\n')) => line_ends += 1,
                (Some(0), Some(b'\t' | b' '..=b'~')) => ascii += 1,
                (Some(0x30 | 0x4E..=0x9F | 0xFF), _) => japanese += 1,
                _ => {}
            }
        }
        let ascii = ascii + line_ends;
        line_ends > 0 && ascii >= 2 && ascii * 50 >= units && (ascii + japanese) * 10 >= units * 9
    };
    if reads(1) {
        Some(Encoding::Utf16Le)
    } else if reads(0) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// Bytes taken by byte order marks of UTF-8 at the start; some programs write two.
#[must_use]
pub fn bom_length(start: &[u8]) -> usize {
    let mut n = 0;
    while start[n..].starts_with(b"\xEF\xBB\xBF") {
        n += 3;
    }
    n
}

/// Why the bytes of a cell are not taken as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecodable {
    /// Bytes that the encoding does not know.
    Bytes {
        /// Offset in the cell, from 0.
        at: usize,
        /// The first of them (up to four).
        bytes: [u8; 4],
        count: u8,
    },
    /// Text in the other encoding, pasted in.
    Other(Encoding),
    /// U+FFFD: the character was lost before the file came here.
    Lost,
}

impl Undecodable {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Bytes { .. } => "undecodable",
            Self::Other(_) => "other-encoding",
            Self::Lost => "lost-character",
        }
    }

    /// In words; `encoding` is the one that the file is read in.
    #[must_use]
    pub fn message(&self, encoding: Encoding) -> String {
        match self {
            Self::Bytes { at, bytes, count } => {
                let mut hex = String::new();
                for b in &bytes[..usize::from(*count).min(4)] {
                    let _ = write!(hex, " {b:02X}");
                }
                format!("byte {} of the cell:{hex} is not {encoding}", at + 1)
            }
            Self::Other(other) => format!("the cell is {other} in a file that is {encoding}"),
            Self::Lost => "a character was lost (U+FFFD) before the file was written".to_owned(),
        }
    }
}

impl Encoding {
    /// Appends the text of one cell to `out`. On a fault `out` is as before. Nothing is ever replaced.
    ///
    /// # Errors
    /// The bytes are not this encoding, or plainly the other one.
    pub fn decode(self, cell: &[u8], out: &mut String) -> Result<(), Undecodable> {
        match self {
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be => match std::str::from_utf8(cell) {
                Ok(text) if has_lost(text) => Err(Undecodable::Lost),
                Ok(text) => {
                    out.push_str(text);
                    Ok(())
                }
                Err(fault) => {
                    // A character cut short, or broken text behind good one, is no pasted cell: reading it as
                    // CP932 would invent a kanji.
                    let from_the_start = cell[..fault.valid_up_to()].is_ascii() && fault.error_len().is_some();
                    if from_the_start && is_pasted_cp932(cell) {
                        return Err(Undecodable::Other(Self::Cp932));
                    }
                    Err(undecodable(cell, fault.valid_up_to()))
                }
            },
            Self::Cp932 => {
                if cell.is_ascii() {
                    // Cannot fail; without the check the borrow would need `unsafe`.
                    out.push_str(std::str::from_utf8(cell).unwrap_or_default());
                    return Ok(());
                }
                let start = out.len();
                let valid = decode_cp932(cell, out);
                match (is_pasted_utf8(cell, valid.is_ok().then(|| &out[start..])), valid) {
                    (true, _) => {
                        out.truncate(start);
                        Err(Undecodable::Other(Self::Utf8))
                    }
                    (false, Ok(())) => Ok(()),
                    (false, Err(at)) => {
                        out.truncate(start);
                        Err(undecodable(cell, at))
                    }
                }
            }
        }
    }

    /// A cell for people to read, whatever its bytes: in this encoding, else in the other, else with each
    /// byte that is not understood as `\xHH`.
    #[must_use]
    pub fn show(self, cell: &[u8]) -> String {
        let mut out = String::new();
        match self.decode(cell, &mut out) {
            Ok(()) => return out,
            Err(Undecodable::Other(other)) if other.decode_plainly(cell, &mut out) => return out,
            Err(Undecodable::Lost) => return std::str::from_utf8(cell).unwrap_or_default().to_owned(),
            Err(_) => {}
        }
        let mut rest = cell;
        while let Some(first) = rest.first() {
            // One character at a time, the shortest that decodes.
            let len = (1..=4.min(rest.len())).find(|n| self.decode_plainly(&rest[..*n], &mut out));
            if len.is_none() {
                let _ = write!(out, "\\x{first:02X}");
            }
            rest = &rest[len.unwrap_or(1)..];
        }
        out
    }

    /// Appends the text if the bytes are valid in this encoding, whatever they would mean in the other.
    pub fn decode_plainly(self, cell: &[u8], out: &mut String) -> bool {
        let start = out.len();
        match self {
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be => match std::str::from_utf8(cell) {
                Ok(text) => {
                    out.push_str(text);
                    true
                }
                Err(_) => false,
            },
            Self::Cp932 => {
                let ok = decode_cp932(cell, out).is_ok();
                if !ok {
                    out.truncate(start);
                }
                ok
            }
        }
    }
}

/// Whether U+FFFD stands in a text. Its first byte is rare in Japanese, so that a search for that byte alone is
/// quick.
pub(super) fn has_lost(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(0xEF, bytes).any(|i| bytes[i..].starts_with(b"\xEF\xBF\xBD"))
}

fn undecodable(cell: &[u8], at: usize) -> Undecodable {
    let mut bytes = [0; 4];
    let found = &cell[at.min(cell.len())..];
    let count = found.len().min(4);
    bytes[..count].copy_from_slice(&found[..count]);
    Undecodable::Bytes { at, bytes, count: count as u8 }
}

/// Appends the text; `Err` is the offset of the first byte that is not understood (`out` then holds what came
/// before it).
fn decode_cp932(cell: &[u8], out: &mut String) -> Result<(), usize> {
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    // 3 bytes of UTF-8 at most for each byte (half-width kana), and some room that the decoder asks for.
    out.reserve(cell.len() * 3 + 16);
    let (result, read) = decoder.decode_to_string_without_replacement(cell, out, true);
    match result {
        encoding_rs::DecoderResult::InputEmpty => Ok(()),
        encoding_rs::DecoderResult::Malformed(bad, after) => {
            Err(read.saturating_sub(usize::from(bad) + usize::from(after)))
        }
        encoding_rs::DecoderResult::OutputFull => Err(read),
    }
}

/// Whether a cell of a CP932 file is UTF-8 that was pasted in; `as_cp932` is its CP932 reading, if it has one.
///
/// Being valid UTF-8 is not enough: two half-width kana (ﾅｵ is C5 B5) or an old kanji before another (齊田 is
/// EA 8E 93 63) are valid UTF-8 by chance. So the UTF-8 reading must be Japanese throughout, and either the
/// CP932 reading is none that people write (half-width kana next to kanji, controls, private characters), or
/// two of the UTF-8 characters stand side by side, which chance does not give: the second byte of a kanji in
/// 0x80–0xBF followed by a lead byte in 0x81–0x9F leaves one trail byte over.
fn is_pasted_utf8(cell: &[u8], as_cp932: Option<&str>) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    if !text.chars().all(|c| c.is_ascii() || is_japanese(c)) {
        return false;
    }
    let Some(reading) = as_cp932 else { return true };
    let odd = |c: char| matches!(c, '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' | '\u{FF61}'..='\u{FF9F}');
    let adjacent = text.chars().zip(text.chars().skip(1)).any(|(a, b)| !a.is_ascii() && !b.is_ascii());
    adjacent || reading.chars().any(odd)
}

/// Whether a cell of a UTF-8 file is CP932 that was pasted in: valid, and ordinary Japanese.
fn is_pasted_cp932(cell: &[u8]) -> bool {
    SHIFT_JIS
        .decode_without_bom_handling_and_without_replacement(cell)
        .is_some_and(|text| text.chars().all(|c| c.is_ascii() || is_japanese(c)))
}

/// Kana, kanji, Japanese punctuation and full-width forms: what Japanese business data is made of.
fn is_japanese(c: char) -> bool {
    matches!(c,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203E}' | '\u{2100}'..='\u{22FF}' | '\u{2460}'..='\u{266F}'
        | '\u{3000}'..='\u{30FF}' | '\u{3200}'..='\u{33FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF01}'..='\u{FFEF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cp932(text: &str) -> Vec<u8> {
        let (bytes, _, lost) = SHIFT_JIS.encode(text);
        assert!(!lost, "{text}");
        bytes.into_owned()
    }

    fn decode(encoding: Encoding, bytes: &[u8]) -> Result<String, Undecodable> {
        let mut out = String::from("<");
        encoding.decode(bytes, &mut out).map(|()| out[1..].to_owned())
    }

    #[test]
    fn the_majority_of_lines_decides() {
        let mut bytes = cp932("氏名,住所\n髙橋 一郎,東京都千代田区\n㈱山田商店,①番地\n");
        assert_eq!(Evidence::of(&bytes, true).verdict(), Verdict::Is(Encoding::Cp932));
        bytes.extend("鈴木 花子,大阪府\n".as_bytes());
        assert_eq!(Evidence::of(&bytes, true), Evidence { utf8: 1, cp932: 3, neither: 0, euc_jp: 0 });
        assert_eq!(Evidence::of(&bytes, true).verdict(), Verdict::Is(Encoding::Cp932));
        assert_eq!(Evidence::of("氏名\n山田\n".as_bytes(), true).verdict(), Verdict::Is(Encoding::Utf8));
        assert_eq!(Evidence::of(b"name\nyamada\n", true).verdict(), Verdict::Ascii);
        let (euc, _, _) = EUC_JP.encode("氏名,住所\n山田,東京都\n");
        assert_eq!(Evidence::of(&euc, true).verdict(), Verdict::EucJp);
        assert_eq!(Evidence::of(b"a\nM\xFCller\xA0\xFF\n", true).verdict(), Verdict::Unknown);
    }

    #[test]
    fn a_character_cut_by_the_end_of_the_part_is_no_evidence() {
        let text = "氏名\n山田";
        let cut = &text.as_bytes()[..text.len() - 1];
        assert_eq!(Evidence::of(cut, false), Evidence { utf8: 1, ..Evidence::default() });
    }

    #[test]
    fn utf_16_is_seen_with_and_without_its_mark() {
        let bytes: Vec<u8> = "name,postcode\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(utf16(&bytes), Some(Encoding::Utf16Le));
        assert_eq!(utf16(b"\xFF\xFEn\0"), Some(Encoding::Utf16Le));
        assert_eq!(utf16(b"name,postcode\n"), None);
        assert_eq!(utf16("氏名,住所,郵便番号\n山田,上町,123".as_bytes()), None);
        assert_eq!(utf16(b"id,name\n1,a\0\n2,b\0\0\n"), None, "stray NULs");
        let text = "会員番号,氏名,住所\r\nC000001,山田 上太郎,東京都練馬区上石神井\r\n";
        let wide = |big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        assert_eq!(utf16(&wide(false)), Some(Encoding::Utf16Le));
        assert_eq!(utf16(&wide(true)), Some(Encoding::Utf16Be));
    }

    #[test]
    fn names_that_are_valid_utf_8_by_chance_stay_cp932() {
        for name in ["ﾅｵ", "齊田", "豐田", "齊藤", "表示ソ能", "髙﨑", "〜～−－∥", "齊田 豐田"]
        {
            let bytes = SHIFT_JIS.encode(name).0.into_owned();
            if SHIFT_JIS.encode(name).2 {
                continue; // 〜 and − have no code in CP932 as WHATWG has it
            }
            assert_eq!(decode(Encoding::Cp932, &bytes).as_deref(), Ok(name));
        }
    }

    #[test]
    fn pasted_cells_are_told_from_broken_ones() {
        for text in ["東京", "東", "ありがとう", "山田 太郎", "〒", "高橋", "1丁目2-3 メゾン", "ア"]
        {
            assert_eq!(decode(Encoding::Cp932, text.as_bytes()), Err(Undecodable::Other(Encoding::Utf8)), "{text}");
            assert_eq!(Encoding::Cp932.show(text.as_bytes()), text);
            let bytes = cp932(text);
            assert_eq!(decode(Encoding::Utf8, &bytes), Err(Undecodable::Other(Encoding::Cp932)), "{text}");
            assert_eq!(Encoding::Utf8.show(&bytes), text);
        }
        let cut = decode(Encoding::Utf8, b"ab\xE6\x9D");
        assert_eq!(cut, Err(Undecodable::Bytes { at: 2, bytes: [0xE6, 0x9D, 0, 0], count: 2 }));
        assert_eq!(cut.unwrap_err().message(Encoding::Utf8), "byte 3 of the cell: E6 9D is not UTF-8");
        let broken = decode(Encoding::Cp932, b"\x93\x8C\x8B\xFD\x00").unwrap_err();
        assert_eq!(broken, Undecodable::Bytes { at: 2, bytes: [0x8B, 0xFD, 0, 0], count: 3 });
        assert_eq!(Encoding::Cp932.show(b"\x93\x8C\x8B\xFD"), "東\\x8B\\xFD");
        assert_eq!(decode(Encoding::Utf8, "佐\u{FFFD}木".as_bytes()), Err(Undecodable::Lost));
    }
}
