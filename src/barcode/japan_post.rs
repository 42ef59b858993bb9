//! The customer barcode of Japan Post: 67 bars of four kinds (Japan Post, manual of postcodes and customer barcodes,
//! pages 12, 13 and 17 to 24).
//!
//! Here is the symbol of given characters: seven digits of the postcode and the address number. What the address
//! number of an address is belongs to `postal`.

use super::Fault;
use super::fault::only;
use super::symbol::{Bars, Symbol, Tall};
use crate::base::Edges;

/// Bars of the characters by their check values: 0 to 9, the hyphen, CC1 to CC8. 1 long, 2 half up, 3 half down, 4 short.
pub(super) const BARS: [&str; 19] = [
    "144", "114", "132", "312", "123", "141", "321", "213", "231", "411", "414", "324", "342", "234", "432", "243",
    "423", "441", "111",
];
pub(super) const HYPHEN: u8 = 10;
/// The control character before the digit of a letter: A to J; K to T and U to Z have the next ones.
pub(super) const CC1: u8 = 11;
/// What fills the places that are left.
pub(super) const CC4: u8 = 14;
/// 2 mm on all sides, in bars of 0.48 mm: those of 8 points, which are the narrowest.
const QUIET: f32 = 2.0 / 0.48;
/// Characters of the postcode and the address number.
const PLACES: usize = 20;

/// `value`: the postcode's seven digits and the address number, of digits, capitals and hyphens. Hyphens within the
/// postcode and behind it are dropped; what does not fit is cut off, as the manual says (page 21).
///
/// # Errors
/// Fewer than seven digits at the beginning; other characters.
pub fn encode(value: &str) -> Result<Symbol, Fault> {
    let all = characters(value)?;
    let mut rows = [Bars::new(), Bars::new(), Bars::new()];
    let symbol: Vec<u8> = "13".bytes().chain(all.iter().flat_map(|c| bars_of(*c))).chain("31".bytes()).collect();
    for (i, bar) in symbol.iter().enumerate() {
        let (up, down) = (matches!(bar, b'1' | b'2'), matches!(bar, b'1' | b'3'));
        for (row, dark) in rows.iter_mut().zip([up, true, down]) {
            if i > 0 {
                row.run(false, 1);
            }
            row.run(dark, 1);
        }
    }
    let [up, middle, down] = &rows;
    let tall = Tall::Modules(2.0);
    let mut symbol = Symbol::of_rows(&[(tall, up), (tall, middle), (tall, down)], (0, 0));
    symbol.quiet = Edges::all(QUIET);
    Ok(symbol)
}

fn bars_of(character: u8) -> impl Iterator<Item = u8> {
    BARS.get(usize::from(character)).copied().unwrap_or("111").bytes()
}

/// The check values of the 20 characters and of the check character (pages 19 and 20).
fn characters(value: &str) -> Result<Vec<u8>, Fault> {
    only(value, "digits, capitals and hyphens, the postcode's seven digits first", |c| {
        c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-'
    })?;
    let mut all = Vec::with_capacity(PLACES + 2);
    let mut rest = value.bytes().peekable();
    while all.len() < 7 {
        match rest.next() {
            Some(b) if b.is_ascii_digit() => all.push(b - b'0'),
            Some(b'-') if all.len() == 3 => {}
            _ => {
                let message = "the value does not begin with the seven digits of a postcode";
                return Err(Fault::Data(message.to_owned()));
            }
        }
    }
    rest.next_if_eq(&b'-');
    for b in rest {
        match b {
            b'0'..=b'9' => all.push(b - b'0'),
            b'A'..=b'Z' => {
                let letter = b - b'A';
                all.push(CC1 + letter / 10);
                all.push(letter % 10);
            }
            _ => all.push(HYPHEN),
        }
    }
    all.resize(PLACES, CC4);
    let sum: u32 = all.iter().map(|c| u32::from(*c)).sum();
    all.push(((19 - sum % 19) % 19) as u8);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(value: &str) -> String {
        let symbol = encode(value).unwrap();
        (0..67)
            .map(|i| match (symbol.is_dark(2 * i, 0), symbol.is_dark(2 * i, 2)) {
                (true, true) => '1',
                (true, false) => '2',
                (false, true) => '3',
                (false, false) => '4',
            })
            .collect()
    }

    #[test]
    fn the_manuals_first_example_has_its_bars() {
        let bars = "1311414414414414411431211441431241413241414114431243243243243241131";
        assert_eq!(states("10000131-3-2-503"), bars[..67.min(bars.len())].to_owned());
    }

    /// The check characters of Japan Post's examples (manual, page 25).
    #[test]
    fn the_manuals_examples_have_their_check_characters() {
        let examples = [
            ("10000131-3-2-503", 9),
            ("26300233-30-8-403", 5),
            ("014011360-1", 18),
            ("11000165-6-3-10", 9),
            ("06009064-6", 9),
            ("06500068-10", 9),
            ("4070033400", 10),
            ("27301023-20-5B604", 0),
            ("198003611-6-1-601", 18),
        ];
        for (value, check) in examples {
            assert_eq!(characters(value).unwrap().last(), Some(&check), "{value}");
        }
    }

    #[test]
    fn hyphens_of_the_postcode_do_not_count_and_a_letter_is_cut_behind_its_control_character() {
        assert_eq!(characters("100-0013-1-3").unwrap(), characters("10000131-3").unwrap());
        let cut = characters("1000013123456789012A").unwrap();
        assert_eq!((cut.len(), cut[19]), (21, CC1), "the twentieth is the letter's control character");
    }

    #[test]
    fn what_is_no_postcode_is_told() {
        assert!(encode("123-456").unwrap_err().to_string().contains("seven digits"));
        assert!(encode("1000013a").unwrap_err().to_string().starts_with("character 8 is `a`"));
    }
}
