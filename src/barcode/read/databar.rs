//! GS1 DataBar Expanded, in one row or several.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::super::databar::{BLOCK, FINDERS, SEQUENCES, weight, widths_of};
use super::super::{check, databar_bits};
use super::linear::Scale;
use super::shape::Band;
use super::{Kind, Read};

/// Rows of the highest symbol: eleven blocks, two in a row.
const ROWS: usize = 6;

/// A row: its blocks, each by the widths of its elements.
type Blocks = Vec<Vec<u8>>;

pub(super) fn read(bands: &[Band]) -> Option<Read> {
    let tallest = bands.iter().map(|b| b.height).fold(0.0, f64::max);
    // separators are one module high
    let rows: Vec<&Band> = bands.iter().filter(|b| b.height > 0.5 * tallest).collect();
    if rows.len() > ROWS {
        return None;
    }
    // a row that is turned about has the finders of another row: only the whole says which way it goes
    let mut ways: Vec<Blocks> = vec![Vec::new()];
    let mut module = 0.0;
    for row in &rows {
        let (found, scale) = blocks(&row.bars)?;
        module = scale;
        ways = ways.iter().flat_map(|way| found.iter().map(|blocks| [&way[..], &blocks[..]].concat())).collect();
    }
    let text = ways.iter().find_map(|blocks| text(blocks))?;
    let kind = if rows.len() > 1 { Kind::DataBarExpandedStacked } else { Kind::DataBarExpanded };
    Some(Read { kind, text, module })
}

/// The blocks of a row, read either way, and the width of its modules. A block is a character, a finder and, except in a
/// last half block, a character the other way round.
fn blocks(bars: &[(f64, f64)]) -> Option<(Vec<Blocks>, f64)> {
    // the last half block has 13 elements
    if bars.len() < 8 {
        return None;
    }
    let mut found = Vec::new();
    let mut module = 0.0;
    for dark_first in [false, true] {
        for light_last in [false, true] {
            // elements with the light ones at the ends, which are not seen
            let all = 2 * bars.len() - 1 + usize::from(!dark_first) + usize::from(light_last);
            let Some(inner) = all.checked_sub(4) else { continue };
            let (full, rest) = (inner / BLOCK, inner % BLOCK);
            let half = match rest {
                0 => 0,
                13 => 1,
                _ => continue,
            };
            let total = 4 + 49 * full + 32 * half;
            let span = total - usize::from(!dark_first) - 1 - usize::from(light_last);
            let Some(scale) = Scale::of(bars, span, 1) else { continue };
            let Some(seen) = scale.widths(bars) else { continue };
            let mut elements = Vec::with_capacity(all);
            elements.extend((!dark_first).then_some(1));
            elements.extend(seen);
            elements.extend(light_last.then_some(1));
            let Some(inside) = elements.get(2..elements.len() - 2) else { continue };
            for turned in [false, true] {
                let mut inside = inside.to_vec();
                if turned {
                    inside.reverse();
                }
                let blocks: Vec<Vec<u8>> = inside.chunks(BLOCK).map(<[u8]>::to_vec).collect();
                let known = |b: &Vec<u8>| b.get(8..13).is_some_and(|f| FINDERS.iter().any(|k| k[..] == *f));
                if blocks.iter().all(known) {
                    found.push(blocks);
                    module = scale.module;
                }
            }
        }
    }
    (!found.is_empty()).then_some((found, module))
}

/// The value of a character by its widths.
fn number_of(widths: &[u8]) -> Option<u32> {
    static ALL: OnceLock<FxHashMap<[u8; 8], u32>> = OnceLock::new();
    let all = ALL.get_or_init(|| (0..4192).map(|n| (widths_of(n), n)).collect());
    all.get(widths).copied()
}

fn text(blocks: &[Vec<u8>]) -> Option<String> {
    let sequence = SEQUENCES.get(blocks.len().checked_sub(2)?)?;
    let mut widths: Vec<Vec<u8>> = Vec::new();
    for (block, finder) in blocks.iter().zip(*sequence) {
        if block.get(8..13)? != FINDERS.get(*finder)? {
            return None;
        }
        widths.push(block.get(..8)?.to_vec());
        widths.extend(block.get(13..21).map(|w| w.iter().rev().copied().collect()));
    }
    let (first, rest) = widths.split_first()?;
    let mut sum = 0;
    for (i, widths) in rest.iter().enumerate() {
        let finder = sequence.get(i.div_ceil(2)).copied()?;
        let row = (2 * finder + usize::from(i % 2 == 0)).saturating_sub(1);
        for (j, width) in widths.iter().enumerate() {
            sum += weight(8 * row + j) * u32::from(*width);
        }
    }
    let count = u32::try_from(widths.len()).ok()?;
    if number_of(first)? != 211 * count.checked_sub(4)? + sum % 211 {
        return None;
    }
    let numbers: Vec<u32> = rest.iter().map(|w| number_of(w)).collect::<Option<_>>()?;
    let bits: Vec<bool> = numbers.iter().flat_map(|n| (0..12).rev().map(move |i| n >> i & 1 == 1)).collect();
    data(&bits)
}

struct Bits<'b> {
    all: &'b [bool],
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        self.all.len().saturating_sub(self.at)
    }
    fn peek(&self, count: usize) -> Option<u32> {
        Some(self.all.get(self.at..self.at + count)?.iter().fold(0, |n, b| n << 1 | u32::from(*b)))
    }
    fn take(&mut self, count: usize) -> Option<u32> {
        let n = self.peek(count)?;
        self.at += count;
        Some(n)
    }
}

/// The identifiers and values of a symbol (ISO/IEC 24724, section 7.2.5).
fn data(all: &[bool]) -> Option<String> {
    let mut bits = Bits { all, at: 1 };
    let mut text = String::new();
    if bits.take(1)? == 1 {
        bits.take(2)?;
        let mut number = bits.take(4)?.to_string();
        for _ in 0..4 {
            number.push_str(&format!("{:03}", bits.take(10)?));
        }
        let digits: Vec<u8> = number.bytes().map(|b| b - b'0').collect();
        text = format!("01{number}{}", check::gs1_digit(&digits));
    } else {
        if bits.take(1)? != 0 {
            return None;
        }
        bits.take(2)?;
    }
    let from = text.len();
    general(&mut bits, &mut text)?;
    // a digit that was left over is made a pair with FNC1
    if text.len() > from && text.ends_with('\u{1d}') {
        text.pop();
    }
    Some(text)
}

fn general(bits: &mut Bits<'_>, text: &mut String) -> Option<()> {
    use databar_bits::Set;
    let mut set = Set::Numeric;
    loop {
        match set {
            Set::Numeric => {
                if bits.left() < 4 {
                    return Some(());
                }
                if bits.left() < 7 {
                    if let digit @ 1..=10 = bits.take(4)? {
                        text.push(char::from_digit(digit - 1, 10)?);
                    }
                    return Some(());
                }
                if bits.peek(4)? == 0 {
                    bits.take(4)?;
                    set = Set::Capitals;
                    continue;
                }
                let pair = bits.take(7)?.checked_sub(8)?;
                for n in [pair / 11, pair % 11] {
                    text.push(if n == 10 { '\u{1d}' } else { char::from_digit(n, 10)? });
                }
            }
            Set::Capitals | Set::All => {
                if bits.left() < 3 {
                    return Some(());
                }
                if bits.peek(3)? == 0 {
                    bits.take(3)?;
                    set = Set::Numeric;
                    continue;
                }
                if bits.left() < 5 {
                    return Some(());
                }
                match bits.peek(5)? {
                    0b00100 => {
                        bits.take(5)?;
                        set = if set == Set::Capitals { Set::All } else { Set::Capitals };
                    }
                    0b01111 => {
                        bits.take(5)?;
                        text.push('\u{1d}');
                        set = Set::Numeric;
                    }
                    n @ 5..=14 => {
                        bits.take(5)?;
                        text.push(char::from_digit(n - 5, 10)?);
                    }
                    _ => text.push(letter(bits, set)?),
                }
            }
        }
    }
}

/// A character of more than five bits: the one that the writer gives these bits.
fn letter(bits: &mut Bits<'_>, set: databar_bits::Set) -> Option<char> {
    (6..=8).find_map(|length| {
        let value = bits.peek(length)?;
        let is = |c: &u8| databar_bits::code(set, *c) == Some((value, u32::try_from(length).unwrap_or(0)));
        let found = (b' '..=b'~').find(is)?;
        bits.take(length)?;
        Some(char::from(found))
    })
}
