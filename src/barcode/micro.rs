//! Micro QR (ISO/IEC 18004): the four small symbols with one finder pattern, by the `qrcode` crate.

use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern, Module};
use qrcode::ec::construct_codewords;
use qrcode::types::{Color, Version};

use super::qr::{Ecc, segments};
use super::read::message::{Form, Message, read as message};
use super::symbol::Symbol;
use super::{Fault, qr};

/// The smallest symbol that holds the text. Level H is not for Micro QR, and Q for the largest alone; the smallest, which
/// only finds errors, is taken for digits at level L.
pub(super) fn encode(text: &str, ecc: Ecc) -> Result<Symbol, Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    if ecc == Ecc::H {
        return Err(Fault::Data("Micro QR has no level H; it has L, M and Q".to_owned()));
    }
    if !text.is_ascii() && qr::kanji(text).is_none() {
        let message = "Micro QR takes ASCII, kana and the kanji of JIS X 0208; put other characters into a QR symbol";
        return Err(Fault::Data(message.to_owned()));
    }
    for version in (1..=4).map(Version::Micro) {
        let Some(data) = fitting(text, version, ecc) else { continue };
        let Ok((data, correction)) = construct_codewords(&data, version, ecc.level()) else { continue };
        let mut canvas = Canvas::new(version, ecc.level());
        canvas.draw_all_functional_patterns();
        canvas.draw_data(&data, &correction);
        let width = usize::try_from(version.width()).unwrap_or(0);
        let colors = canvas.apply_best_mask().into_colors();
        let size = u16::try_from(width).unwrap_or(u16::MAX);
        return Ok(Symbol::square(size, size, 2, |x, y| {
            colors.get(usize::from(y) * width + usize::from(x)) == Some(&Color::Dark)
        }));
    }
    let most = match ecc {
        Ecc::L => "35 digits, 21 letters and digits, 15 bytes or 9 kanji",
        Ecc::M => "30 digits, 18 letters and digits, 13 bytes or 8 kanji",
        _ => "21 digits, 13 letters and digits, 9 bytes or 5 kanji",
    };
    Err(Fault::TooLong {
        found: format!("it has {} characters", text.chars().count()),
        most: format!("Micro QR at level {ecc} holds at most {most}; a QR symbol holds more"),
    })
}

/// The data codewords, filled up. In the first and the third version the last one is four bits long, which the crate's
/// own filling does not take into account.
fn fitting(text: &str, version: Version, ecc: Ecc) -> Option<Vec<u8>> {
    let mut bits = Bits::new(version);
    let room = bits.max_len(ecc.level()).ok()?;
    segments::push(text, version, &mut bits).ok()?;
    let length = bits.len();
    if length > room {
        return None;
    }
    let Version::Micro(number) = version else { return None };
    let terminator = usize::try_from(2 * number + 1).unwrap_or(0);
    // what is not written is 0: the terminator, and the rest of its codeword
    let used = (length + terminator).min(room).div_ceil(8);
    let mut data = bits.into_bytes();
    data.resize(used, 0);
    let padding = [0b1110_1100, 0b0001_0001].into_iter().cycle();
    data.extend(padding.take((room / 8).saturating_sub(used)));
    data.resize(room.div_ceil(8), 0);
    Some(data)
}

/// What a square of modules says, if it is a Micro QR symbol that is right to its last module.
pub(super) fn read(side: usize, dark: &dyn Fn(usize, usize) -> bool) -> Option<Message> {
    let number = side.checked_sub(9).filter(|n| n.is_multiple_of(2) && (2..=8).contains(n))? / 2;
    let version = Version::Micro(i16::try_from(number).ok()?);
    let masks =
        [MaskPattern::HorizontalLines, MaskPattern::LargeCheckerboard, MaskPattern::Diamonds, MaskPattern::Meadow];
    for ecc in [Ecc::L, Ecc::M, Ecc::Q] {
        let Ok(room) = Bits::new(version).max_len(ecc.level()) else { continue };
        let mut blank = Canvas::new(version, ecc.level());
        blank.draw_all_functional_patterns();
        let places: Vec<(usize, usize)> = zigzag(side)
            .filter(|(x, y)| {
                i16::try_from(*x)
                    .ok()
                    .zip(i16::try_from(*y).ok())
                    .is_some_and(|(x, y)| blank.get(x, y) == Module::Empty)
            })
            .collect();
        for mask in masks {
            let mut canvas = blank.clone();
            canvas.apply_mask(mask);
            let colors = canvas.into_colors();
            let differs = |x: usize, y: usize| dark(x, y) != (colors.get(y * side + x) == Some(&Color::Dark));
            let bits: Vec<bool> = places.iter().take(room).map(|(x, y)| differs(*x, *y)).collect();
            let Some(found) = message(&bits, Form::Micro(number)).filter(|m| !m.text.is_empty()) else { continue };
            // what it says, made anew, is the same to the last module, error correction included
            let again = encode(&found.text, ecc);
            let same = |s: &Symbol| {
                usize::from(s.columns) == side
                    && (0..side).all(|y| (0..side).all(|x| s.is_dark(x as u16, y as u16) == dark(x, y)))
            };
            if again.is_ok_and(|s| same(&s)) {
                return Some(found);
            }
        }
    }
    None
}

/// All modules in the order in which data fills them: pairs of columns from the right, up and down in turn. The timing
/// pattern is the first column and row.
fn zigzag(side: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..side / 2).flat_map(move |i| {
        let x = side - 1 - 2 * i;
        (0..side).flat_map(move |j| {
            let y = if i % 2 == 0 { side - 1 - j } else { j };
            [(x, y), (x - 1, y)]
        })
    })
}
