//! Micro QR (ISO/IEC 18004): the four small symbols with one finder pattern, by the `qrcode` crate.

use qrcode::bits::Bits;
use qrcode::canvas::Canvas;
use qrcode::ec::construct_codewords;
use qrcode::types::{Color, Version};

use super::qr::{Ecc, segments};
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
