//! The bits of GS1 DataBar Expanded (ISO/IEC 24724, section 7.2.5): an article number in 44 bits where one comes first, and
//! all else in a field with three sets of characters, each changed for another so that the whole is shortest.
//!
//! The further short forms of the standard (weights, prices and dates behind an article number) are not used: what
//! they hold is written in the general field, which every reader takes, at a few modules more.

use super::Fault;
use super::gs1::{Element, Piece, joined};

/// Symbol characters with the check character: 4 to 22.
const MOST: usize = 22;

/// The sets of the general field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// Pairs of digits and FNC1, 7 bits.
    Numeric,
    /// Digits in 5 bits, capitals in 6.
    Capitals,
    /// All characters: digits in 5 bits, letters in 7, others in 8.
    All,
}

const SETS: [Set; 3] = [Set::Numeric, Set::Capitals, Set::All];

/// Symbol characters of twelve bits. In rows of `step` characters the last row holds two at least.
pub(super) fn characters(elements: &[Element], step: usize) -> Result<Vec<u16>, Fault> {
    let mut bits = Bits::default();
    // no linkage to a two-dimensional component
    bits.push(0, 1);
    let article = match elements.first() {
        Some(first) if first.ai == "01" => first.value.get(..13),
        _ => None,
    };
    let (sizes, rest) = match article {
        Some(number) => {
            bits.push(0b1, 1);
            let at = bits.0.len();
            bits.push(0, 2);
            // the first digit alone, then three at a time; the check digit is left out
            let digit = |range: std::ops::Range<usize>| number.get(range).and_then(|n| n.parse().ok()).unwrap_or(0);
            bits.push(digit(0..1), 4);
            for i in 0..4 {
                bits.push(digit(1 + 3 * i..4 + 3 * i), 10);
            }
            (at, elements.get(1..).unwrap_or_default())
        }
        None => {
            bits.push(0b00, 2);
            let at = bits.0.len();
            bits.push(0, 2);
            (at, elements)
        }
    };
    let signs = joined(rest);
    let (mode, odd_digit) = general(&signs, &mut bits)?;
    let mut mode = mode;
    if let Some(digit) = odd_digit {
        // a last digit alone: in four bits where only four to six are left of the symbol, else with FNC1
        let left = room(bits.0.len(), step) - bits.0.len();
        if (4..=6).contains(&left) {
            bits.push(u32::from(digit) + 1, 4);
        } else {
            bits.push(11 * u32::from(digit) + 10 + 8, 7);
        }
        mode = Set::Numeric;
    }
    let total = room(bits.0.len(), step);
    if mode == Set::Numeric {
        bits.push(0, 4);
    }
    while bits.0.len() < total {
        bits.push(0b00100, 5);
    }
    bits.0.truncate(total);
    let count = total / 12 + 1;
    if count > MOST {
        return Err(Fault::TooLong {
            found: format!("its data need {count} symbol characters"),
            most: format!("GS1 DataBar Expanded holds at most {MOST}, that is 74 digits or 41 letters"),
        });
    }
    if let Some(bit) = bits.0.get_mut(sizes) {
        *bit = count % 2 == 1;
    }
    if let Some(bit) = bits.0.get_mut(sizes + 1) {
        *bit = count > 14;
    }
    let number = |c: &[bool]| c.iter().fold(0, |n, bit| n << 1 | u16::from(*bit));
    Ok(bits.0.chunks(12).map(number).collect())
}

/// The bits of the symbol that so many fit in.
fn room(bits: usize, step: usize) -> usize {
    let mut characters = bits.div_ceil(12).max(3);
    // with the check character, a last row of one character would be too short
    if step > 0 && (characters + 1) % step == 1 {
        characters += 1;
    }
    characters * 12
}

/// Bits under way.
#[derive(Debug, Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).rev().map(|i| value >> i & 1 == 1));
    }
}

/// What is done at a place in a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    One,
    Pair,
    Latch(Set),
    /// The last digit, in the numeric set.
    Last,
}

/// Writes the signs in the sets that make them shortest; the set at the end, and a digit that is left over.
fn general(signs: &[Piece], bits: &mut Bits) -> Result<(Set, Option<u8>), Fault> {
    for (i, sign) in signs.iter().enumerate() {
        if let Piece::Char(c) = sign
            && code(Set::All, *c).is_none()
        {
            let expected = "digits, letters and GS1's 82 characters";
            return Err(Fault::Character { character: char::from(*c), at: i + 1, expected });
        }
    }
    let n = signs.len();
    let mut cost = vec![[0_u32; 3]; n + 1];
    let mut step = vec![[Step::One; 3]; n + 1];
    for at in (0..n).rev() {
        for (s, set) in SETS.iter().enumerate() {
            let next = |i: usize, s: usize| cost.get(i).map_or(0, |c| c[s]);
            let (price, how) = match (signs[at], set) {
                (_, Set::Numeric) => match pair(signs, at) {
                    Some(_) => (7 + next(at + 2, 0), Step::Pair),
                    None if at + 1 == n && matches!(signs[at], Piece::Char(c) if c.is_ascii_digit()) => (7, Step::Last),
                    None => (u32::MAX, Step::One),
                },
                // FNC1 leads back to the numeric set
                (Piece::Separator, _) => (5 + next(at + 1, 0), Step::One),
                (Piece::Char(c), set) => match code(*set, c) {
                    Some((_, length)) => (length + next(at + 1, s), Step::One),
                    None => (u32::MAX, Step::One),
                },
            };
            cost[at][s] = price;
            step[at][s] = how;
        }
        // numeric and all lie two changes apart; the way through the capitals comes out of two rounds
        for _ in 0..2 {
            for (from, to, price) in [(0, 1, 4), (1, 0, 3), (1, 2, 5), (2, 1, 5), (2, 0, 3)] {
                let through = cost[at][to].saturating_add(price);
                if through < cost[at][from] {
                    cost[at][from] = through;
                    step[at][from] = Step::Latch(SETS[to]);
                }
            }
        }
    }
    let (mut at, mut set) = (0, Set::Numeric);
    while at < n {
        match step[at][set as usize] {
            Step::Latch(to) => {
                match (set, to) {
                    (Set::Numeric, _) => bits.push(0, 4),
                    (_, Set::Numeric) => bits.push(0, 3),
                    _ => bits.push(0b00100, 5),
                }
                set = to;
            }
            Step::Pair => {
                let (a, b) = pair(signs, at).unwrap_or((0, 0));
                bits.push(11 * u32::from(a) + u32::from(b) + 8, 7);
                at += 2;
            }
            Step::Last => {
                let digit = if let Piece::Char(c) = signs[at] { c.wrapping_sub(b'0') } else { 0 };
                return Ok((Set::Numeric, Some(digit)));
            }
            Step::One => {
                match signs[at] {
                    Piece::Separator => {
                        bits.push(0b01111, 5);
                        set = Set::Numeric;
                    }
                    Piece::Char(c) => {
                        let (value, length) = code(set, c).unwrap_or((0, 0));
                        bits.push(value, length);
                    }
                }
                at += 1;
            }
        }
    }
    Ok((set, None))
}

/// Two digits, or a digit and FNC1, as numbers from 0 to 10. Two FNC1 are no pair.
fn pair(signs: &[Piece], at: usize) -> Option<(u8, u8)> {
    let number = |p: &Piece| match p {
        Piece::Char(c) if c.is_ascii_digit() => Some(c - b'0'),
        Piece::Separator => Some(10),
        Piece::Char(_) => None,
    };
    let (a, b) = (number(signs.get(at)?)?, number(signs.get(at + 1)?)?);
    (a < 10 || b < 10).then_some((a, b))
}

/// A character's bits and how many they are.
pub(super) fn code(set: Set, c: u8) -> Option<(u32, u32)> {
    let n = u32::from(c);
    match (set, c) {
        (_, b'0'..=b'9') => Some((n - 43, 5)),
        (Set::Capitals, b'A'..=b'Z') => Some((n - 33, 6)),
        (Set::Capitals, b'*') => Some((0b11_1010, 6)),
        (Set::Capitals, b',' | b'-' | b'.' | b'/') => Some((n - 44 + 0b11_1011, 6)),
        (Set::All, b'A'..=b'Z') => Some((n - 1, 7)),
        (Set::All, b'a'..=b'z') => Some((n - 7, 7)),
        (Set::All, b'!' | b'"') => Some((n - 33 + 232, 8)),
        (Set::All, b'%'..=b'/') => Some((n - 37 + 234, 8)),
        (Set::All, b':'..=b'?') => Some((n - 58 + 245, 8)),
        (Set::All, b'_') => Some((251, 8)),
        (Set::All, b' ') => Some((252, 8)),
        _ => None,
    }
}
