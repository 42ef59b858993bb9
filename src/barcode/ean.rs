//! JAN, the article numbers of Japan: EAN-13 and EAN-8 (ISO/IEC 15420), with add-ons of two or five digits.

use super::Fault;
use super::check::{self, Check};
use super::fault::digits;
use super::symbol::{Bars, Beside, Label, Symbol, Tall};

/// The digits' bars in set A, seven modules each; set B is set C from right to left, set C is set A with dark for light.
pub(super) const SET_A: [&str; 10] =
    ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];

/// Which of the six left digits are in set B: the first digit says so.
pub(super) const PARITY: [&str; 10] =
    ["AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"];

/// Sets of the two digits of an add-on, by their number modulo 4.
pub(super) const PARITY_2: [&str; 4] = ["AA", "AB", "BA", "BB"];

/// Sets of the five digits of an add-on, by their check value.
pub(super) const PARITY_5: [&str; 10] =
    ["BBAAA", "BABAA", "BAABA", "BAAAB", "ABBAA", "AABBA", "AAABB", "ABABA", "ABAAB", "AABAB"];

/// How far guards reach below the other bars, in modules.
const GUARD: f32 = 5.0;
/// The room for the digits of an add-on above its bars.
const ADD_ON_TEXT: f32 = 10.0;
/// Light modules between a symbol and its add-on (7 to 12).
const GAP: usize = 9;

/// `value`: 12 digits, or 13 with the check digit; behind a blank or `+` the 2 or 5 digits of an add-on.
pub(super) fn jan13(value: &str, check: Check) -> Result<Symbol, Fault> {
    let (main, add_on) = split(value);
    let all = check::complete(digits(main)?, 13, check, "JAN-13")?;
    let (Some(first), Some(left), Some(right)) = (all.first(), all.get(1..7), all.get(7..13)) else {
        return Err(Fault::Empty);
    };
    let mut bars = Bars::new();
    bars.pattern("101");
    bars_of(&mut bars, left, PARITY.get(usize::from(*first)).copied().unwrap_or("AAAAAA"));
    bars.pattern("01010");
    bars_of(&mut bars, right, "CCCCCC");
    bars.pattern("101");
    let labels = vec![label(&all[..1], -10.0, 7.0), label(left, 3.0, 42.0), label(right, 50.0, 42.0)];
    finish(bars, &[(0, 3), (45, 50), (92, 95)], labels, (11, 7), add_on)
}

/// `value`: 7 digits, or 8 with the check digit; behind a blank or `+` the 2 or 5 digits of an add-on.
pub(super) fn jan8(value: &str, check: Check) -> Result<Symbol, Fault> {
    let (main, add_on) = split(value);
    let all = check::complete(digits(main)?, 8, check, "JAN-8")?;
    let (left, right) = all.split_at(4);
    let mut bars = Bars::new();
    bars.pattern("101");
    bars_of(&mut bars, left, "AAAA");
    bars.pattern("01010");
    bars_of(&mut bars, right, "CCCC");
    bars.pattern("101");
    let labels = vec![label(left, 3.0, 28.0), label(right, 36.0, 28.0)];
    finish(bars, &[(0, 3), (31, 36), (64, 67)], labels, (7, 7), add_on)
}

fn split(value: &str) -> (&str, Option<&str>) {
    match value.split_once([' ', '+']) {
        Some((main, add_on)) => (main, Some(add_on)),
        None => (value, None),
    }
}

fn label(digits: &[u8], left: f32, width: f32) -> Label {
    Label { text: check::text(digits), left, width, place: Beside::Below, cell: Some(7.0) }
}

fn bars_of(bars: &mut Bars, digits: &[u8], sets: &str) {
    for (digit, set) in digits.iter().zip(sets.bytes()) {
        let a = SET_A.get(usize::from(*digit)).copied().unwrap_or("0001101");
        match set {
            b'A' => bars.pattern(a),
            b'B' => bars.0.extend(a.bytes().rev().map(|b| b == b'0')),
            _ => bars.0.extend(a.bytes().map(|b| b == b'0')),
        }
    }
}

fn finish(
    bars: Bars,
    guards: &[(usize, usize)],
    mut labels: Vec<Label>,
    quiet: (u16, u16),
    add_on: Option<&str>,
) -> Result<Symbol, Fault> {
    let within = |i: usize| guards.iter().any(|(from, to)| (*from..*to).contains(&i));
    let mut foot = Bars(bars.0.iter().enumerate().map(|(i, dark)| *dark && within(i)).collect());
    let Some(add_on) = add_on else {
        let mut symbol = Symbol::of_rows(&[(Tall::Grows, &bars), (Tall::Modules(GUARD), &foot)], quiet);
        symbol.quiet.bottom = -GUARD;
        symbol.labels = labels;
        return Ok(symbol);
    };
    let extra = add_on_bars(add_on)?;
    let left = (bars.len() + GAP) as f32;
    labels.push(Label {
        text: add_on.to_owned(),
        left,
        width: extra.len() as f32,
        place: Beside::Above,
        cell: Some(9.0),
    });
    let mut body = bars.clone();
    for row in [&mut body, &mut foot] {
        row.run(false, GAP);
        row.0.extend_from_slice(&extra.0);
    }
    let rows = [(Tall::Modules(ADD_ON_TEXT), &bars), (Tall::Grows, &body), (Tall::Modules(GUARD), &foot)];
    let mut symbol = Symbol::of_rows(&rows, (quiet.0, 5));
    symbol.quiet.bottom = -GUARD;
    symbol.quiet.top = -ADD_ON_TEXT;
    symbol.labels = labels;
    Ok(symbol)
}

/// The bars of an add-on (ISO/IEC 15420, 4.4).
fn add_on_bars(value: &str) -> Result<Bars, Fault> {
    let digits = digits(value)?;
    let number = |d: &[u8]| d.iter().fold(0, |n, d| n * 10 + usize::from(*d));
    let sets = match digits[..] {
        [_, _] => PARITY_2.get(number(&digits) % 4),
        [a, b, c, d, e] => {
            let sum = 3 * (u32::from(a) + u32::from(c) + u32::from(e)) + 9 * (u32::from(b) + u32::from(d));
            PARITY_5.get((sum % 10) as usize)
        }
        _ => None,
    };
    let Some(sets) = sets else {
        let expected = "2 or 5 digits in its add-on".to_owned();
        return Err(Fault::Length { found: digits.len(), expected });
    };
    let mut bars = Bars::new();
    bars.pattern("1011");
    for (i, digit) in digits.iter().enumerate() {
        if i > 0 {
            bars.pattern("01");
        }
        bars_of(&mut bars, &[*digit], sets.get(i..=i).unwrap_or("A"));
    }
    Ok(bars)
}
