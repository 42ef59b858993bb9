//! GS1 DataBar Expanded and Expanded Stacked (ISO/IEC 24724, sections 7 and 8).
//!
//! 1. Identifiers and values become bits (`databar_bits`), twelve to a symbol character.
//! 2. A character is four bars and four spaces of 17 modules together, chosen by its number among all such.
//! 3. A check character comes first; between each pair of characters lies one of twelve finder patterns, whose order
//!    tells how many there are.

use super::check::Check;
use super::symbol::{Bars, Symbol, Tall};
use super::{Fault, databar_bits, gs1};

/// The widths of finder patterns A1, A2, B1 … F2 (table 14).
pub(super) const FINDERS: [[u8; 5]; 12] = [
    [1, 8, 4, 1, 1],
    [1, 1, 4, 8, 1],
    [3, 6, 4, 1, 1],
    [1, 1, 4, 6, 3],
    [3, 4, 6, 1, 1],
    [1, 1, 6, 4, 3],
    [3, 2, 8, 1, 1],
    [1, 1, 8, 2, 3],
    [2, 6, 5, 1, 1],
    [1, 1, 5, 6, 2],
    [2, 2, 9, 1, 1],
    [1, 1, 9, 2, 2],
];

/// Which finder patterns stand in a symbol of two, three … eleven of them (table 16).
pub(super) const SEQUENCES: [&[usize]; 10] = [
    &[0, 1],
    &[0, 3, 2],
    &[0, 5, 2, 7],
    &[0, 9, 2, 7, 4],
    &[0, 9, 2, 7, 6, 11],
    &[0, 9, 2, 7, 8, 11, 10],
    &[0, 1, 2, 3, 4, 5, 6, 7],
    &[0, 1, 2, 3, 4, 5, 6, 9, 8],
    &[0, 1, 2, 3, 4, 5, 6, 9, 10, 11],
    &[0, 1, 2, 3, 4, 7, 6, 9, 8, 11, 10],
];

/// Characters by the modules of their bars (table 13): the first number of the group, the number of its even parts, the
/// modules and the widest element of the odd and of the even part.
struct Group {
    first: u32,
    evens: u32,
    odd: (u32, u32),
    even: (u32, u32),
}

const GROUPS: [Group; 5] = [
    Group { first: 0, evens: 4, odd: (12, 7), even: (5, 2) },
    Group { first: 348, evens: 20, odd: (10, 5), even: (7, 4) },
    Group { first: 1388, evens: 52, odd: (8, 4), even: (9, 5) },
    Group { first: 2948, evens: 104, odd: (6, 3), even: (11, 6) },
    Group { first: 3988, evens: 204, odd: (4, 1), even: (13, 8) },
];

/// A character with its finder: eight, five and eight elements.
pub(super) const BLOCK: usize = 21;
/// Modules of one block.
const BLOCK_MODULES: usize = 49;
/// The least height of a row in modules (section 7.2.8 of the standard).
const HEIGHT: f32 = 34.0;

pub(super) fn expanded(value: &str, check: Check) -> Result<Symbol, Fault> {
    let (elements, text) = elements(value, check, 1)?;
    let mut bars = Bars::new();
    turns(&mut bars, &elements, false);
    Ok(Symbol::of_rows(&[(Tall::Grows, &bars)], (1, 1)).with_text(text))
}

/// In rows of `blocks` pairs of characters each (2 to 10, even numbers only are turned about row by row).
pub(super) fn stacked(value: &str, check: Check, blocks: usize) -> Result<Symbol, Fault> {
    let (elements, text) = elements(value, check, blocks)?;
    let inside = elements.get(2..elements.len() - 2).unwrap_or_default();
    let all: Vec<&[u8]> = inside.chunks(BLOCK).collect();
    let count = all.len().div_ceil(blocks);
    let mut rows: Vec<Row> = Vec::with_capacity(count);
    for (number, part) in all.chunks(blocks).enumerate() {
        // every second row is turned about when rows hold an even number of blocks; a last row with an odd number of
        // missing ones is not, but begins one module later
        let is_second = number % 2 == 1;
        let missing = blocks - part.len();
        let shifted = is_second && blocks.is_multiple_of(2) && missing % 2 == 1;
        let turned = is_second && blocks.is_multiple_of(2) && !shifted;
        let mut elements: Vec<u8> = part.concat();
        if turned {
            elements.reverse();
        }
        let mut row = vec![if shifted { 2 } else { 1 }, 1];
        row.append(&mut elements);
        row.extend([1, 1]);
        let mut bars = Bars::new();
        turns(&mut bars, &row, is_second && !shifted);
        rows.push(Row {
            bars,
            turned,
            shifted,
            blocks: part.len(),
            half: part.last().is_some_and(|b| b.len() < BLOCK),
        });
    }
    let mut drawn: Vec<(Tall, Bars)> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            let above = rows.get(i - 1).map_or_else(Bars::new, Row::separator);
            let mut middle = Bars::new();
            middle.run(false, 5);
            while middle.len() < BLOCK_MODULES * blocks {
                middle.pattern("10");
            }
            drawn.extend([above, middle, row.separator()].map(|bars| (Tall::Modules(1.0), bars)));
        }
        drawn.push((Tall::Grows, row.bars.clone()));
    }
    let rows: Vec<(Tall, &Bars)> = drawn.iter().map(|(tall, bars)| (*tall, bars)).collect();
    // a row is some forty millimetres wide: more than 24 characters would be smaller than six points
    let lines = lines(&text, 12 * blocks);
    Ok(lines.into_iter().fold(Symbol::of_rows(&rows, (1, 1)), Symbol::with_text))
}

/// The text in lines of so many characters at most, broken before identifiers where that is possible.
fn lines(text: &str, most: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for c in text.chars() {
        match out.last_mut() {
            Some(line) if line.len() < most && !(c == '(' && line.len() + most / 2 > most) => line.push(c),
            _ => out.push(c.into()),
        }
    }
    out
}

/// The least height of the bars in modules.
pub(super) const fn least_height() -> f32 {
    HEIGHT
}

/// One row of a stacked symbol.
struct Row {
    bars: Bars,
    turned: bool,
    shifted: bool,
    blocks: usize,
    /// The last block has no second character.
    half: bool,
}

impl Row {
    /// The separator beside the row (section 8.2.2): its modules the other way round, but light at both ends, and in
    /// turn dark and light where a finder pattern is light.
    fn separator(&self) -> Bars {
        let row = &self.bars.0;
        let width = row.len();
        let mut out: Vec<bool> = row.iter().map(|dark| !dark).collect();
        for (i, dark) in out.iter_mut().enumerate() {
            if i < 4 + usize::from(self.shifted) || i + 4 >= width {
                *dark = false;
            }
        }
        for block in 0..self.blocks {
            // a row that is turned about and ends with half a block begins with its finder
            let start = match (self.shifted, self.turned && self.half) {
                (_, true) => 2,
                (true, _) => 20,
                _ => 19,
            };
            let finder = start + BLOCK_MODULES * block;
            // dark and light in turn from where a light element begins, as the row is read
            let mut was = false;
            for n in 0..15 {
                let i = finder + if self.turned { 14 - n } else { n };
                let (Some(dark), Some(out)) = (row.get(i), out.get_mut(i)) else { continue };
                *out = !dark && !was;
                was = *out;
            }
        }
        Bars(out)
    }
}

/// Elements in turn light and dark (or dark and light).
fn turns(bars: &mut Bars, elements: &[u8], dark_first: bool) {
    for (i, width) in elements.iter().enumerate() {
        bars.run((i % 2 == 0) == dark_first, usize::from(*width));
    }
}

/// The widths of all elements, light first, and the text.
fn elements(value: &str, check: Check, blocks: usize) -> Result<(Vec<u8>, String), Fault> {
    let identifiers = gs1::parse(value, check)?;
    // the last row of a stacked symbol holds two characters or more (section 8.1)
    let step = if blocks > 1 { 2 * blocks } else { 0 };
    let characters = databar_bits::characters(&identifiers, step)?;
    let count = characters.len() + 1;
    let sequence = SEQUENCES.get(count.div_ceil(2).saturating_sub(2)).copied().unwrap_or(SEQUENCES[0]);
    let widths: Vec<[u8; 8]> = characters.iter().map(|c| widths_of(u32::from(*c))).collect();
    let mut sum = 0;
    for (i, widths) in widths.iter().enumerate() {
        // a character weighs by the finder beside it and its side of it
        let finder = sequence.get(i.div_ceil(2)).copied().unwrap_or(0);
        let row = (2 * finder + usize::from(i % 2 == 0)).saturating_sub(1);
        for (j, width) in widths.iter().enumerate() {
            sum += weight(8 * row + j) * u32::from(*width);
        }
    }
    let first = widths_of(211 * (count as u32 - 4) + sum % 211);

    let mut out = vec![1, 1];
    let mut characters = widths.iter();
    for (i, finder) in sequence.iter().enumerate() {
        if i == 0 {
            out.extend(first);
        } else if let Some(widths) = characters.next() {
            out.extend(widths);
        }
        out.extend(FINDERS.get(*finder).unwrap_or(&FINDERS[0]));
        if let Some(widths) = characters.next() {
            out.extend(widths.iter().rev());
        }
    }
    out.extend([1, 1]);
    Ok((out, gs1::shown(&identifiers)))
}

/// Powers of 3 modulo 211 (table 15).
pub(super) fn weight(n: usize) -> u32 {
    (0..n).fold(1, |w, _| w * 3 % 211)
}

/// The widths of a character's elements.
pub(super) fn widths_of(number: u32) -> [u8; 8] {
    let group = GROUPS.iter().rev().find(|g| g.first <= number).unwrap_or(&GROUPS[0]);
    let (odd, even) = ((number - group.first) / group.evens, (number - group.first) % group.evens);
    let odd = widths(odd, group.odd.0, group.odd.1, false);
    let even = widths(even, group.even.0, group.even.1, true);
    [odd[0], even[0], odd[1], even[1], odd[2], even[2], odd[3], even[3]]
}

/// The four widths that come at place `value` of all ways to share out `modules` (annex B of the standard). Without
/// `any`, one at least is a single module.
fn widths(value: u32, modules: u32, widest: u32, any: bool) -> [u8; 4] {
    let (mut value, mut modules, widest) = (value as i32, modules as i32, widest as i32);
    let mut out = [0; 4];
    let mut has_narrow = false;
    for (i, out) in out.iter_mut().take(3).enumerate() {
        let rest = 3 - i as i32;
        let mut width = 1;
        loop {
            let narrow = has_narrow || width == 1;
            let mut ways = choose(modules - width - 1, rest - 1);
            if !any && !narrow && modules - width - rest >= rest {
                ways -= choose(modules - width - rest - 1, rest - 1);
            }
            if rest > 1 {
                let too_wide = widest + 1..=modules - width - (rest - 1);
                ways -= rest * too_wide.map(|other| choose(modules - width - other - 1, rest - 2)).sum::<i32>();
            } else if modules - width > widest {
                ways -= 1;
            }
            if value < ways || width + rest >= modules {
                has_narrow = narrow;
                break;
            }
            value -= ways;
            width += 1;
        }
        modules -= width;
        *out = width as u8;
    }
    out[3] = modules as u8;
    out
}

fn choose(n: i32, k: i32) -> i32 {
    if k > n {
        return 0;
    }
    (0..k).fold(1, |c, i| c * (n - i) / (i + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_its_own_widths() {
        let mut seen = std::collections::BTreeSet::new();
        for number in 0..4192 {
            let widths = widths_of(number);
            assert_eq!(widths.iter().map(|w| u32::from(*w)).sum::<u32>(), 17, "{number}");
            assert!(widths.iter().all(|w| *w > 0), "{number}");
            assert!(seen.insert(widths), "{number}");
        }
    }
}
