//! Symbols of wide and narrow bars: Interleaved 2 of 5 and ITF-14 (ISO/IEC 16390), NW-7, elsewhere called Codabar (JIS X 0506),
//! and Code 39 (ISO/IEC 16388).

use super::Fault;
use super::check::{self, Check};
use super::fault::{digits, only};
use super::symbol::{Bars, Symbol, Tall};

/// How many times as wide as a narrow bar a wide one is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ratio {
    Two,
    /// 2.5: a narrow bar is two columns of the symbol and a wide one five.
    #[default]
    Half,
    Three,
}

impl Ratio {
    /// Columns of a narrow and of a wide bar.
    #[must_use]
    pub fn columns(self) -> (u8, u8) {
        match self {
            Self::Two => (1, 2),
            Self::Half => (2, 5),
            Self::Three => (1, 3),
        }
    }

    /// `2`, `2.5` or `3`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "2" => Some(Self::Two),
            "2.5" => Some(Self::Half),
            "3" => Some(Self::Three),
            _ => None,
        }
    }
}

/// How the check character of NW-7 is reckoned; its standard leaves it open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nw7Check {
    /// The characters' values, start and stop included, to the next sixteen.
    #[default]
    Mod16,
    /// The digits as one number modulo 7.
    Seven,
}

/// A row of wide and narrow bars.
struct Row {
    bars: Bars,
    narrow: u8,
    wide: u8,
}

impl Row {
    fn new(ratio: Ratio) -> Self {
        let (narrow, wide) = ratio.columns();
        Self { bars: Bars::new(), narrow, wide }
    }

    /// Bars and spaces in turn, a bar first: 1 = wide.
    fn character(&mut self, pattern: &str) {
        for (i, b) in pattern.bytes().enumerate() {
            let width = if b == b'1' { self.wide } else { self.narrow };
            self.bars.run(i % 2 == 0, usize::from(width));
        }
    }

    fn gap(&mut self) {
        self.bars.run(false, usize::from(self.narrow));
    }

    /// Ten narrow bars stay free on both sides.
    fn quiet(&self) -> (u16, u16) {
        let n = 10 * u16::from(self.narrow);
        (n, n)
    }

    fn symbol(self) -> Symbol {
        let quiet = self.quiet();
        Symbol::of_rows(&[(Tall::Grows, &self.bars)], quiet)
    }
}

/// Which two of five bars are wide.
pub(super) const TWO_OF_FIVE: [&str; 10] =
    ["00110", "10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010"];

/// Pairs of digits: the first of each as bars, the second as the spaces between them.
fn interleaved(digits: &[u8], ratio: Ratio) -> Row {
    let mut row = Row::new(ratio);
    row.character("0000");
    for pair in digits.chunks(2) {
        let pattern = |i: usize| TWO_OF_FIVE.get(usize::from(pair.get(i).copied().unwrap_or(0))).unwrap_or(&"00110");
        let mixed: String = pattern(0).chars().zip(pattern(1).chars()).flat_map(|(a, b)| [a, b]).collect();
        row.character(&mixed);
    }
    row.character("100");
    row
}

/// An even number of digits; a check digit only when asked for.
pub(super) fn itf(value: &str, check: Check, ratio: Ratio) -> Result<Symbol, Fault> {
    let mut digits = digits(value)?;
    match check {
        Check::Add => digits.push(check::gs1_digit(&digits)),
        Check::Verify => check::verify(&digits)?,
        Check::Auto | Check::None => {}
    }
    if !digits.len().is_multiple_of(2) {
        let with = if check == Check::Add { " with its check digit" } else { "" };
        let expected = format!("an even number of digits{with}; put a 0 before them");
        return Err(Fault::Length { found: value.len(), expected });
    }
    Ok(interleaved(&digits, ratio).symbol().with_text(check::text(&digits)))
}

/// 13 digits, or 14 with the check digit, between bearer bars.
pub(super) fn itf14(value: &str, check: Check, ratio: Ratio) -> Result<Symbol, Fault> {
    let digits = check::complete(digits(value)?, 14, check, "ITF-14")?;
    let row = interleaved(&digits, ratio);
    let (narrow, quiet) = (usize::from(row.narrow), usize::from(row.quiet().0));
    // The frame goes round the quiet zones (GS1 General Specifications, 5.3.2.4): its sides are outside them.
    let bearer = 2 * narrow;
    let mut framed = Bars::new();
    framed.run(true, bearer);
    framed.run(false, quiet);
    framed.0.extend_from_slice(&row.bars.0);
    framed.run(false, quiet);
    framed.run(true, bearer);
    let mut bar = Bars::new();
    bar.run(true, framed.len());
    let edge = Tall::Modules(bearer as f32);
    let text = check::text(&digits);
    // read as the packaging indicator, company and item, check digit
    let parts = [text.get(..1), text.get(1..3), text.get(3..8), text.get(8..13), text.get(13..)];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Ok(Symbol::of_rows(&[(edge, &bar), (Tall::Grows, &framed), (edge, &bar)], (0, 0)).with_text(text))
}

/// The characters of NW-7 in the order of their check values, and which of their four bars and three spaces are wide.
pub(super) const NW7: [(char, &str); 20] = [
    ('0', "0000011"),
    ('1', "0000110"),
    ('2', "0001001"),
    ('3', "1100000"),
    ('4', "0010010"),
    ('5', "1000010"),
    ('6', "0100001"),
    ('7', "0100100"),
    ('8', "0110000"),
    ('9', "1001000"),
    ('-', "0001100"),
    ('$', "0011000"),
    (':', "1000101"),
    ('/', "1010001"),
    ('.', "1010100"),
    ('+', "0010101"),
    ('A', "0011010"),
    ('B', "0101001"),
    ('C', "0001011"),
    ('D', "0001110"),
];

/// Digits and `-$:/.+`, with or without start and stop A to D; without, both are A.
pub(super) fn nw7(value: &str, check: Check, how: Nw7Check, ratio: Ratio) -> Result<Symbol, Fault> {
    let upper = value.to_ascii_uppercase();
    let is_stop = |c: char| ('A'..='D').contains(&c);
    let bare = upper.strip_prefix(is_stop).zip(upper.chars().next());
    let (start, rest) = bare.map_or(('A', upper.as_str()), |(rest, start)| (start, rest));
    let bare = rest.strip_suffix(is_stop).zip(rest.chars().last());
    let (stop, body) = bare.map_or(('A', rest), |(body, stop)| (stop, body));
    let framed = |at: usize| at + usize::from(bare_start(&upper));
    if (bare_start(&upper)) != upper.ends_with(is_stop) {
        let message = "a start character A to D stands without its stop character, or the other way round";
        return Err(Fault::Data(message.to_owned()));
    }
    if body.is_empty() {
        return Err(Fault::Empty);
    }
    let expected = "the digits 0 to 9 and - $ : / . + between a start and a stop A to D";
    if let Err(Fault::Character { character, at, .. }) =
        only(body, expected, |c| NW7[..16].iter().any(|(n, _)| *n == c))
    {
        return Err(Fault::Character { character, at: framed(at), expected });
    }
    let value_of = |c: char| NW7.iter().position(|(n, _)| *n == c).unwrap_or(0);
    let reckoned = |body: &str| match how {
        Nw7Check::Mod16 => {
            let sum = value_of(start) + body.chars().map(value_of).sum::<usize>() + value_of(stop);
            NW7.get((16 - sum % 16) % 16).map_or('0', |(c, _)| *c)
        }
        Nw7Check::Seven => {
            let rest = body.bytes().filter(u8::is_ascii_digit).fold(0, |n, b| (n * 10 + u32::from(b - b'0')) % 7);
            char::from_digit(rest, 10).unwrap_or('0')
        }
    };
    let mut body = body.to_owned();
    match check {
        Check::Add => body.push(reckoned(&body)),
        Check::Verify => {
            let found = body.pop().unwrap_or(' ');
            let right = reckoned(&body);
            if found != right {
                return Err(Fault::Check { found: found.into(), expected: right.into() });
            }
            body.push(found);
        }
        Check::Auto | Check::None => {}
    }
    let mut row = Row::new(ratio);
    let whole = format!("{start}{body}{stop}");
    for (i, c) in whole.chars().enumerate() {
        if i > 0 {
            row.gap();
        }
        row.character(NW7.get(value_of(c)).map_or("0000000", |(_, p)| *p));
    }
    Ok(row.symbol().with_text(whole))
}

fn bare_start(upper: &str) -> bool {
    upper.starts_with(|c: char| ('A'..='D').contains(&c))
}

/// The characters of Code 39 in the order of their check values.
pub(super) const CODE39: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
/// Which of their five bars and four spaces are wide; the last is `*`, the start and stop.
pub(super) const CODE39_BARS: [&str; 44] = [
    "000110100",
    "100100001",
    "001100001",
    "101100000",
    "000110001",
    "100110000",
    "001110000",
    "000100101",
    "100100100",
    "001100100",
    "100001001",
    "001001001",
    "101001000",
    "000011001",
    "100011000",
    "001011000",
    "000001101",
    "100001100",
    "001001100",
    "000011100",
    "100000011",
    "001000011",
    "101000010",
    "000010011",
    "100010010",
    "001010010",
    "000000111",
    "100000110",
    "001000110",
    "000010110",
    "110000001",
    "011000001",
    "111000000",
    "010010001",
    "110010000",
    "011010000",
    "010000101",
    "110000100",
    "011000100",
    "010101000",
    "010100010",
    "010001010",
    "000101010",
    "010010100",
];

/// Upper-case letters, digits and `- . $ / + %` and blanks; a check character (modulus 43) only when asked for.
pub(super) fn code39(value: &str, check: Check, ratio: Ratio) -> Result<Symbol, Fault> {
    only(value, "the digits, A to Z, and - . $ / + % and the blank", |c| CODE39.contains(c))?;
    let value_of = |c: char| CODE39.chars().position(|n| n == c).unwrap_or(0);
    let reckoned = |body: &str| CODE39.chars().nth(body.chars().map(value_of).sum::<usize>() % 43).unwrap_or('0');
    let mut body = value.to_owned();
    match check {
        Check::Add => body.push(reckoned(&body)),
        Check::Verify => {
            let found = body.pop().unwrap_or(' ');
            let right = reckoned(&body);
            if found != right {
                return Err(Fault::Check { found: found.into(), expected: right.into() });
            }
            body.push(found);
        }
        Check::Auto | Check::None => {}
    }
    let mut row = Row::new(ratio);
    let stars = [CODE39_BARS.len() - 1];
    let all = stars.iter().copied().chain(body.chars().map(value_of)).chain(stars);
    for (i, value) in all.enumerate() {
        if i > 0 {
            row.gap();
        }
        row.character(CODE39_BARS.get(value).copied().unwrap_or("000000000"));
    }
    Ok(row.symbol().with_text(format!("*{body}*")))
}
