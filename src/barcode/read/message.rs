//! The modes of QR and Micro QR (ISO/IEC 18004, section 7.4), read.

use encoding_rs::SHIFT_JIS;

/// What the data of a symbol say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::barcode) struct Message {
    pub text: String,
    /// FNC1 in the first position: GS1's identifiers.
    pub gs1: bool,
}

/// How a version writes its segments.
#[derive(Clone, Copy, Debug)]
pub(in crate::barcode) enum Form {
    /// QR, by its version from 1.
    Full(usize),
    /// Micro QR, by its version from 1.
    Micro(usize),
}

const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Digits,
    Letters,
    Bytes,
    Kanji,
}

impl Form {
    /// Bits that tell the number of characters.
    fn count(self, mode: Mode) -> usize {
        match self {
            Self::Micro(v) => match mode {
                Mode::Digits => v + 2,
                Mode::Letters | Mode::Bytes => v + 1,
                Mode::Kanji => v,
            },
            Self::Full(v) => {
                let range = usize::from(v > 9) + usize::from(v > 26);
                match mode {
                    Mode::Digits => 10 + 2 * range,
                    Mode::Letters => 9 + 2 * range,
                    Mode::Bytes => {
                        if range == 0 {
                            8
                        } else {
                            16
                        }
                    }
                    Mode::Kanji => 8 + 2 * range,
                }
            }
        }
    }
}

struct Bits<'b> {
    all: &'b [bool],
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        self.all.len().saturating_sub(self.at)
    }
    fn take(&mut self, count: usize) -> Option<usize> {
        let bits = self.all.get(self.at..self.at + count)?;
        self.at += count;
        Some(bits.iter().fold(0, |n, b| n << 1 | usize::from(*b)))
    }
}

/// Reads all segments.
pub(in crate::barcode) fn read(bits: &[bool], form: Form) -> Option<Message> {
    let mut bits = Bits { all: bits, at: 0 };
    let mut out = Message::default();
    // bytes are put together before they are read: a character may lie in two segments
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        let mode = match form {
            Form::Full(_) => {
                if bits.left() < 4 {
                    break;
                }
                match bits.take(4)? {
                    0 => break,
                    1 => Mode::Digits,
                    2 => Mode::Letters,
                    4 => Mode::Bytes,
                    8 => Mode::Kanji,
                    5 => {
                        out.gs1 = true;
                        continue;
                    }
                    7 => {
                        // ECI: one, two or three bytes
                        let first = bits.take(8)?;
                        let more = if first & 0x80 == 0 {
                            0
                        } else if first & 0x40 == 0 {
                            8
                        } else {
                            16
                        };
                        bits.take(more)?;
                        continue;
                    }
                    _ => return None,
                }
            }
            Form::Micro(version) => {
                let terminator = 2 * version + 1;
                let rest = bits.all.get(bits.at..).unwrap_or_default();
                if rest.iter().take(terminator).all(|b| !b) {
                    break;
                }
                match bits.take(version - 1)? {
                    0 => Mode::Digits,
                    1 => Mode::Letters,
                    2 => Mode::Bytes,
                    3 => Mode::Kanji,
                    _ => return None,
                }
            }
        };
        let count = bits.take(form.count(mode))?;
        if mode != Mode::Bytes {
            flush(&mut bytes, &mut out.text);
        }
        match mode {
            Mode::Digits => {
                for from in (0..count).step_by(3) {
                    let n = (count - from).min(3);
                    let value = bits.take([0, 4, 7, 10].get(n).copied()?)?;
                    out.text.push_str(&format!("{value:0n$}"));
                }
            }
            Mode::Letters => {
                let mut letters = String::new();
                for from in (0..count).step_by(2) {
                    if count - from >= 2 {
                        let pair = bits.take(11)?;
                        letters.push(char::from(*LETTERS.get(pair / 45)?));
                        letters.push(char::from(*LETTERS.get(pair % 45)?));
                    } else {
                        letters.push(char::from(*LETTERS.get(bits.take(6)?)?));
                    }
                }
                if out.gs1 {
                    // one % is FNC1, two are one (section 7.4.8.2)
                    letters = letters.replace("%%", "\u{0}").replace('%', "\u{1d}").replace('\u{0}', "%");
                }
                out.text.push_str(&letters);
            }
            Mode::Bytes => {
                for _ in 0..count {
                    bytes.push(u8::try_from(bits.take(8)?).ok()?);
                }
            }
            Mode::Kanji => {
                for _ in 0..count {
                    let value = bits.take(13)?;
                    let joined = ((value / 0xC0) << 8) | (value % 0xC0);
                    let code = joined + if joined + 0x8140 <= 0x9FFC { 0x8140 } else { 0xC140 };
                    let pair = [u8::try_from(code >> 8).ok()?, u8::try_from(code & 255).ok()?];
                    let (text, _, failed) = SHIFT_JIS.decode(&pair);
                    if failed {
                        return None;
                    }
                    out.text.push_str(&text);
                }
            }
        }
    }
    flush(&mut bytes, &mut out.text);
    Some(out)
}

/// Bytes as UTF-8, or what is none of it as Latin-1.
fn flush(bytes: &mut Vec<u8>, text: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(read) => text.push_str(read),
        Err(_) => text.extend(bytes.iter().map(|b| char::from(*b))),
    }
    bytes.clear();
}
