//! The customer barcode's data: the address number that is taken from an address by the rules of Japan Post's
//! 郵便番号・バーコードマニュアル (pages 17 to 25), and the 20 characters and the check character that it becomes.

use std::fmt;

use super::code::Postcode;
use super::fold::half_width;
use super::numeral::{decimal, is_numeral};

/// Characters of the symbol without the check character.
const LENGTH: usize = 20;
/// Values of the characters: digits are themselves.
const HYPHEN: u8 = 10;
/// CC1; CC8 is 18.
const CC1: u8 = 11;
const CC4: u8 = 14;
/// The sum of all 21 values is a multiple of this (page 24).
const MODULUS: u32 = 19;

/// Bars of each value: 1 long, 2 semi-long upwards, 3 semi-long downwards, 4 timing (page 12).
const BARS: [&str; 19] = [
    "144", "114", "132", "312", "123", "141", "321", "213", "231", "411", "414", "324", "342", "234", "432", "243",
    "423", "441", "111",
];

/// A kanji numeral in front of one of these words is a number (page 19, supplementary rules).
const AFTER_NUMERAL: [&str; 9] = ["丁目", "丁", "番地", "番", "号", "地割", "線", "の", "ノ"];

/// The address number in what follows the town name of the postcode (住所B).
///
/// ```
/// # use surimono::postal::customer::address_number;
/// assert_eq!(address_number("東3丁目-20-5　郵便・A&bコーポB604号"), "3-20-5B604");
/// assert_eq!(address_number("十一丁目六番地一号　郵便タワー601"), "11-6-1-601");
/// ```
#[must_use]
pub fn address_number(address_b: &str) -> String {
    // 1 and 2 of the basic rules: half-width, upper case, four characters closed up.
    let mut chars: Vec<char> = address_b.chars().map(|c| half_width(c).to_ascii_uppercase()).collect();
    chars.retain(|c| !matches!(c, '&' | '/' | '・' | '.') && !is_invisible(*c));
    let chars = with_numerals(&chars);
    // 3 and 4: what is taken stands, every stretch of anything else is one hyphen.
    let letter = |i: usize| chars.get(i).is_some_and(char::is_ascii_uppercase);
    let mut taken = String::with_capacity(chars.len());
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1);
        let alone = !before.is_some_and(letter) && !letter(i + 1);
        // An F straight behind a digit is a floor, and is no letter of the number.
        let floor = *c == 'F' && before.and_then(|b| chars.get(b)).is_some_and(char::is_ascii_digit);
        let kept = c.is_ascii_digit() || c.is_ascii_uppercase() && alone && !floor;
        taken.push(if kept { *c } else { '-' });
    }
    // 5 and 6, and no hyphen beside a letter.
    let mut number = String::with_capacity(taken.len());
    for part in taken.split('-').filter(|p| !p.is_empty()) {
        let joined = number.ends_with(|c: char| c.is_ascii_uppercase())
            || part.starts_with(|c: char| c.is_ascii_uppercase())
            || number.is_empty();
        if !joined {
            number.push('-');
        }
        number.push_str(part);
    }
    number
}

/// Variation selectors, joiners and marks of direction: nobody sees them in an address, and they part nothing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
}

/// The same text with digits for the kanji numerals in front of 丁目, 番, 号 and the like.
fn with_numerals(chars: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(chars.len());
    let mut rest = chars;
    while let Some((first, behind)) = rest.split_first() {
        let run = rest.iter().take_while(|c| is_numeral(**c)).count();
        if run == 0 {
            out.push(*first);
            rest = behind;
            continue;
        }
        let (numerals, after) = rest.split_at(run);
        let counted = AFTER_NUMERAL.iter().any(|word| starts_with(after, word));
        match decimal(numerals).filter(|_| counted) {
            Some(digits) => {
                // 3四号 is two numbers
                if out.last().is_some_and(char::is_ascii_digit) {
                    out.push('-');
                }
                out.extend(digits.chars());
            }
            None => out.extend(numerals),
        }
        rest = after;
    }
    out
}

fn starts_with(chars: &[char], word: &str) -> bool {
    let mut chars = chars.iter();
    word.chars().all(|w| chars.next() == Some(&w))
}

/// What a customer barcode says: seven digits of the postcode, 13 characters of the address number, and the check
/// character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customer {
    values: [u8; LENGTH + 1],
    cut: bool,
    /// The letter of which only the control character fits.
    halved: Option<u8>,
}

impl Customer {
    /// The barcode of a postcode and an [`address_number`]: filled up with CC4, cut at 20 characters. Of a letter, which
    /// takes two characters, only the first stays when it is the twentieth (page 20).
    #[must_use]
    pub fn new(postcode: Postcode, number: &str) -> Self {
        let digits = postcode.digits();
        let mut values = [CC4; LENGTH + 1];
        let (mut at, mut cut, mut halved) = (0, false, None);
        for byte in digits.bytes().chain(number.bytes()) {
            let pair = match byte {
                b'0'..=b'9' => [Some(byte - b'0'), None],
                b'-' => [Some(HYPHEN), None],
                b'A'..=b'Z' => [Some(CC1 + (byte - b'A') / 10), Some((byte - b'A') % 10)],
                _ => continue,
            };
            if at == LENGTH - 1 && pair[1].is_some() {
                halved = Some(byte);
            }
            for value in pair.into_iter().flatten() {
                match values.get_mut(..LENGTH).and_then(|v| v.get_mut(at)) {
                    Some(place) => *place = value,
                    None => cut = true,
                }
                at += 1;
            }
        }
        let sum: u32 = values.iter().take(LENGTH).map(|v| u32::from(*v)).sum();
        let check = (MODULUS - sum % MODULUS) % MODULUS;
        if let Some(place) = values.last_mut() {
            *place = check as u8;
        }
        Self { values, cut, halved }
    }

    /// The barcode of a place with a postcode of its own (大口事業所): the postcode alone (page 22).
    #[must_use]
    pub fn of_office(postcode: Postcode) -> Self {
        Self::new(postcode, "")
    }

    /// Whether a part of the address number did not fit.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The value that a `<bar-code type="japan-post">` takes: postcode and address number, without fill and check
    /// character, cut where the symbol ends: `10000131-3-2-503`.
    #[must_use]
    pub fn value(&self) -> String {
        let mut text = String::with_capacity(LENGTH);
        let mut values = self.values.iter().take(LENGTH);
        while let Some(value) = values.next() {
            match *value {
                d @ 0..=9 => text.push(char::from(b'0' + d)),
                HYPHEN => text.push('-'),
                cc @ 11..=13 => {
                    let letter = values.next().map(|digit| b'A' + (cc - CC1) * 10 + digit.min(&9));
                    text.extend(letter.or(self.halved).map(char::from));
                }
                _ => break,
            }
        }
        text
    }

    /// The check character: a digit, `-` or CC1 to CC8.
    #[must_use]
    pub fn check(&self) -> String {
        self.values.last().map_or(String::new(), |v| name(*v))
    }

    /// The 67 bars, start and stop included: 1 long, 2 semi-long upwards, 3 semi-long downwards, 4 timing.
    #[must_use]
    pub fn bars(&self) -> String {
        let mut bars = String::with_capacity(67);
        bars.push_str("13");
        self.values.iter().for_each(|v| bars.push_str(BARS.get(usize::from(*v)).unwrap_or(&"")));
        bars.push_str("31");
        bars
    }
}

fn name(value: u8) -> String {
    match value {
        0..=9 => char::from(b'0' + value).to_string(),
        HYPHEN => "-".to_owned(),
        cc => format!("CC{}", cc - CC1 + 1),
    }
}

/// The characters as the manual writes them: `STC 1 0 0 0 0 1 3 1 - 3 … CC4 9 SPC`.
impl fmt::Display for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("STC")?;
        self.values.iter().try_for_each(|v| write!(f, " {}", name(*v)))?;
        f.write_str(" SPC")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the manual (pages 19 to 25): postcode, what follows the town name, data, check character.
    const OFFICIAL: [(&str, &str, &str, &str); 17] = [
        ("1000013", "1丁目3番2号　郵便プラザ503室", "10000131-3-2-503", "9"),
        ("2630023", "3丁目30-8　郵便ビル403号", "26300233-30-8-403", "5"),
        ("0140113", "　南田茂木　添60-1", "014011360-1", "CC8"),
        ("1100016", "5-6-3　ABCビル10F", "11000165-6-3-10", "9"),
        ("0600906", "4丁目　郵便センター6号館", "06009064-6", "9"),
        ("0650006", "8丁目　郵便センター10号館", "06500068-10", "9"),
        ("4070033", "　韮崎400", "4070033400", "-"),
        ("2730102", "　東3丁目-20-5　郵便・A&bコーポB604号", "27301023-20-5B604", "0"),
        ("1980036", "十一丁目六番地一号　郵便タワー601", "198003611-6-1-601", "CC8"),
        ("0270203", "第二十一地割大淵川480", "027020321-480", "CC5"),
        ("5900016", "四丁六番十九号", "59000164-6-19", "CC2"),
        ("0800831", "南七線　西28", "08008317-28", "CC7"),
        ("3170055", "6丁目7-14　ABCビル2F", "31700556-7-14-2", "CC1"),
        ("6500046", "9丁目7-6　郵便シティA棟1F1号", "65000469-7-6A1-1", "5"),
        ("6230011", "綾部6-7　LプラザB106", "62300116-7LB106", "4"),
        ("0640804", "29丁目1524-23　第2郵便ハウス501", "064080429-1524-23-2-", "3"),
        // of the last letter only the control character is in the symbol
        ("9100067", "3丁目80-25　J1ビル2-B", "91000673-80-25J1-2B", "9"),
    ];

    #[test]
    fn the_examples_of_the_manual_come_out() {
        for (code, address, data, check) in OFFICIAL {
            let made = Customer::new(Postcode::parse(code).expect("a postcode"), &address_number(address));
            assert_eq!((made.value().as_str(), made.check().as_str()), (data, check), "{address}");
        }
    }

    #[test]
    fn bars_are_those_of_the_manual() {
        for (code, number, bars) in [
            ("1000013", "1-3-2-503", "1311414414414414411431211441431241413241414114431243243243243241131"),
            ("2630023", "3-30-8-403", "1313232131214414413231231241431214441423141412314431243243243214131"),
            ("2730102", "3-20-5B604", "1313221331214411414413231241413214441414132411432114412343243214431"),
        ] {
            let made = Customer::new(Postcode::parse(code).expect("a postcode"), number);
            assert_eq!(made.bars(), bars);
        }
    }

    #[test]
    fn a_letter_at_the_end_keeps_its_control_character_alone() {
        let code = Postcode::parse("9100067").expect("a postcode");
        let made = Customer::new(code, "3-80-25J1-2B");
        assert_eq!(made.to_string(), "STC 9 1 0 0 0 6 7 3 - 8 0 - 2 5 CC1 9 1 - 2 CC1 9 SPC");
        assert!(made.is_cut());
        assert_eq!(Customer::new(code, &made.value()[7..]).bars(), made.bars(), "the value makes the same symbol");
    }

    #[test]
    fn an_office_has_its_postcode_and_nothing_else() {
        let made = Customer::of_office(Postcode::parse("100-8792").expect("a postcode"));
        assert_eq!(made.value(), "1008792");
        assert_eq!(made.to_string().matches("CC4").count(), 13);
        assert!(!made.is_cut());
    }

    #[test]
    fn every_rule_of_the_manual() {
        for (address, number) in [
            ("", ""),
            ("　", ""),
            ("霞が関", ""),
            ("１−２‐３—４－５", "1-2-3-4-5"),
            ("1ー2ｰ3", "1-2-3"),
            ("---1---2---", "1-2"),
            ("a棟1", "A1"),
            ("ＡＢ棟１", "1"),
            ("A&B 5", "5"),
            ("A・5", "A5"),
            ("1/2", "12"),
            ("1.2.3", "123"),
            ("･1･2", "12"),
            ("2F", "2"),
            ("2Fビル3", "2-3"),
            ("２ｆ", "2"),
            ("F2", "F2"),
            ("2階F室", "2F"),
            ("2FA", "2"),
            ("B1F", "B1"),
            ("10F1号", "10-1"),
            ("J1-2-B", "J1-2B"),
            ("1-A-B-2", "1AB2"),
            ("百二十番地", "120"),
            ("一〇三号", "103"),
            ("三の二", "3"),
            ("三の二号", "3-2"),
            ("七ノ八番", "7-8"),
            ("3四号", "3-4"),
            ("十十番", ""),
            ("三条通", ""),
            ("第2郵便ハウス501", "2-501"),
            ("①-Ⅱ-３", "3"),
            ("é5", "5"),
            ("𠮷野家3", "3"),
            ("葛\u{E0100}3-\u{200B}4", "3-4"),
            ("ﾋﾞﾙ3ﾉ4", "3-4"),
        ] {
            assert_eq!(address_number(address), number, "{address}");
        }
    }

    #[test]
    fn nothing_that_is_written_breaks_it() {
        for address in ["一".repeat(100_000), "A".repeat(100_001), "1-".repeat(50_000), "\u{0}\u{FFFF}𝟘".to_owned()]
        {
            let number = address_number(&address);
            let made = Customer::new(Postcode::from_number(9_999_999).expect("a postcode"), &number);
            assert_eq!(made.bars().len(), 67);
        }
    }
}
