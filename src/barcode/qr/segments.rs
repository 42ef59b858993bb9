//! The modes of a QR message, changed where that makes it shorter (ISO/IEC 18004, section 7.4 and annex J).
//!
//! For each character and mode the fewest bits up to there are reckoned, in sixths of a bit, for a digit takes three and a
//! third and a letter five and a half. Text of ASCII and of kanji that JIS X 0208 has goes in without any ECI.

use encoding_rs::SHIFT_JIS;
use qrcode::bits::Bits;
use qrcode::types::{Mode, QrError, Version};

/// The modes in the order in which one is taken of several that are as short.
const MODES: [Mode; 4] = [Mode::Byte, Mode::Alphanumeric, Mode::Numeric, Mode::Kanji];

/// The two bytes of Shift JIS that kanji mode takes for a character: those of JIS X 0208 whose meaning all decoders agree on.
pub(super) fn kanji(c: char) -> Option<[u8; 2]> {
    // Microsoft's and the JIS committee's tables of Shift JIS give these codes to different characters
    if matches!(
        c,
        '～' | '〜'
            | '∥'
            | '‖'
            | '－'
            | '−'
            | '￠'
            | '¢'
            | '￡'
            | '£'
            | '￢'
            | '¬'
            | '―'
            | '—'
            | '＼'
            | '￣'
            | '￥'
    ) {
        return None;
    }
    let mut buffer = [0; 4];
    let (bytes, _, failed) = SHIFT_JIS.encode(c.encode_utf8(&mut buffer));
    let [a, b] = bytes[..] else { return None };
    // rows 1 to 8 and 16 to 84; the rest are extensions of single makers
    let within =
        matches!(a, 0x81..=0x84 | 0x89..=0x9f | 0xe0..=0xe9) || a == 0x88 && b >= 0x9f || a == 0xea && b <= 0xa4;
    (!failed && within).then_some([a, b])
}

fn is_alphanumeric(c: char) -> bool {
    c.is_ascii_digit() || c.is_ascii_uppercase() || " $%*+-./:".contains(c)
}

/// Sixths of a bit for a character.
fn price(c: char, mode: Mode) -> Option<u32> {
    match mode {
        Mode::Numeric => c.is_ascii_digit().then_some(20),
        Mode::Alphanumeric => is_alphanumeric(c).then_some(33),
        Mode::Byte => c.is_ascii().then_some(48),
        Mode::Kanji => kanji(c).map(|_| 78),
    }
}

/// Sixths of a bit to begin a mode. The smaller Micro QR symbols have no bytes and no kanji.
fn head(mode: Mode, version: Version) -> Option<u32> {
    match (version, mode) {
        (Version::Micro(1), Mode::Numeric) => {}
        (Version::Micro(1), _) | (Version::Micro(2), Mode::Byte | Mode::Kanji) => return None,
        _ => {}
    }
    u32::try_from(6 * (version.mode_bits_count() + mode.length_bits_count(version))).ok()
}

/// Writes a text of ASCII and kanji in the modes that make it shortest in this version.
pub fn push(text: &str, version: Version, bits: &mut Bits) -> Result<(), QrError> {
    let chars: Vec<char> = text.chars().collect();
    // by character: the mode before it that leads to each mode at it most cheaply
    let mut before: Vec<[usize; 4]> = Vec::with_capacity(chars.len());
    let mut cost = [u32::MAX; 4];
    for (i, c) in chars.iter().enumerate() {
        let mut next = [u32::MAX; 4];
        let mut from = [0; 4];
        for (m, mode) in MODES.iter().enumerate() {
            let (Some(price), Some(head)) = (price(*c, *mode), head(*mode, version)) else { continue };
            for (p, paid) in cost.iter().enumerate() {
                let paid = if i == 0 { 0 } else { *paid };
                // a new segment begins on a whole bit
                let start =
                    if i > 0 && p == m { paid } else { (paid.div_ceil(6).saturating_mul(6)).saturating_add(head) };
                if paid != u32::MAX && start.saturating_add(price) < next[m] {
                    next[m] = start + price;
                    from[m] = p;
                }
            }
        }
        cost = next;
        before.push(from);
    }
    let Some(mut mode) = (0..4).filter(|m| cost[*m] != u32::MAX).min_by_key(|m| cost[*m]) else {
        return Err(QrError::UnsupportedCharacterSet);
    };
    let mut modes = vec![0; chars.len()];
    for (slot, from) in modes.iter_mut().zip(&before).rev() {
        *slot = mode;
        mode = from[mode];
    }
    let mut at = 0;
    while let Some(m) = modes.get(at) {
        let end = modes[at..].iter().position(|n| n != m).map_or(chars.len(), |n| at + n);
        let part = &chars[at..end];
        let ascii = || part.iter().map(|c| *c as u8).collect::<Vec<_>>();
        match MODES[*m] {
            Mode::Numeric => bits.push_numeric_data(&ascii())?,
            Mode::Alphanumeric => bits.push_alphanumeric_data(&ascii())?,
            Mode::Byte => bits.push_byte_data(&ascii())?,
            Mode::Kanji => {
                let bytes: Vec<u8> = part.iter().filter_map(|c| kanji(*c)).flatten().collect();
                bits.push_kanji_data(&bytes)?;
            }
        }
        at = end;
    }
    Ok(())
}
