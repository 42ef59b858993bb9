//! Symbols of bars in one row.

use super::super::check::gs1_digit;
use super::super::code128::WIDTHS;
use super::super::ean::{PARITY, PARITY_2, PARITY_5, SET_A};
use super::super::wide::{CODE39, CODE39_BARS, NW7, TWO_OF_FIVE};
use super::shape::Band;
use super::{Kind, Read};

/// Bars of ITF-14 within its frame.
const ITF14_BARS: usize = 39;

pub(super) fn read(bands: &[Band]) -> Option<Read> {
    // the guards of JAN reach lower, its add-on begins lower, and a frame has bars of its own
    let most = bands.iter().map(|b| b.bars.len()).max()?;
    let band = bands.iter().filter(|b| b.bars.len() == most).max_by(|a, b| a.height.total_cmp(&b.height))?;
    let bars = &band.bars[..];
    if bars.windows(2).any(|w| matches!(w, [a, b] if b.0 <= a.1)) {
        return None;
    }
    jan(bars).or_else(|| code128(bars)).or_else(|| code39(bars)).or_else(|| nw7(bars)).or_else(|| itf(bars))
}

type Bar = (f64, f64);

/// The width of a module, and what bars were made narrower by.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub module: f64,
    reduction: f64,
}

impl Scale {
    /// From the first bar's left edge to the last one's there are `span` modules; the first is `first` of them wide.
    /// Left edges are all moved alike by a reduction, so their distances are exact.
    pub fn of(bars: &[Bar], span: usize, first: usize) -> Option<Self> {
        let (a, z) = (bars.first()?, bars.last()?);
        let module = (z.0 - a.0) / span as f64;
        let reduction = first as f64 * module - (a.1 - a.0);
        (module > 0.0 && reduction.abs() < 0.5 * module).then_some(Self { module, reduction })
    }

    /// Widths in modules: a bar, a space, a bar …
    pub fn widths(&self, bars: &[Bar]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(2 * bars.len());
        let mut whole = |length: f64| {
            let modules = length / self.module;
            let n = libm::round(modules);
            ((1.0..=40.0).contains(&n) && (modules - n).abs() < 0.2).then(|| out.push(n as u8))
        };
        for (i, bar) in bars.iter().enumerate() {
            if let Some(before) = i.checked_sub(1).and_then(|i| bars.get(i)) {
                whole(bar.0 - before.1 - self.reduction)?;
            }
            whole(bar.1 - bar.0 + self.reduction)?;
        }
        Some(out)
    }
}

/// Widths as modules, `1` for dark.
fn modules(widths: &[u8]) -> String {
    let mut out = String::new();
    for (i, width) in widths.iter().enumerate() {
        let c = if i % 2 == 0 { '1' } else { '0' };
        out.extend(std::iter::repeat_n(c, usize::from(*width)));
    }
    out
}

/// A digit's bars and the set that they are in.
fn digit(pattern: &str) -> Option<(char, char)> {
    let flipped = |p: &str| p.chars().map(|c| if c == '1' { '0' } else { '1' }).collect::<String>();
    let number = |n: usize| char::from_digit(u32::try_from(n).ok()?, 10);
    if let Some(n) = SET_A.iter().position(|a| *a == pattern) {
        return Some((number(n)?, 'A'));
    }
    if let Some(n) = SET_A.iter().position(|a| flipped(a) == pattern) {
        return Some((number(n)?, 'C'));
    }
    let turned: String = flipped(pattern).chars().rev().collect();
    SET_A.iter().position(|a| *a == turned).and_then(number).map(|d| (d, 'B'))
}

/// Digits of seven modules each, and their sets.
fn digits(pattern: &str) -> Option<(String, String)> {
    let all: Vec<char> = pattern.chars().collect();
    all.chunks(7).map(|seven| digit(&seven.iter().collect::<String>())).collect::<Option<Vec<_>>>().map(|d| {
        let (digits, sets): (String, String) = d.into_iter().unzip();
        (digits, sets)
    })
}

fn jan(bars: &[Bar]) -> Option<Read> {
    let (kind, main, extra) = match bars.len() {
        30 | 37 | 46 => (Kind::Jan13, 30, bars.len() - 30),
        22 | 29 | 38 => (Kind::Jan8, 22, bars.len() - 22),
        _ => return None,
    };
    let total = if kind == Kind::Jan13 { 95 } else { 67 };
    let scale = Scale::of(bars.get(..main)?, total - 1, 1)?;
    let pattern = modules(&scale.widths(bars.get(..main)?)?);
    let inner = pattern.strip_prefix("101")?.strip_suffix("101")?;
    let half = inner.len() / 2 - 2;
    let (left, middle, right) = (inner.get(..half)?, inner.get(half..half + 5)?, inner.get(half + 5..)?);
    let ((a, sets), (b, others)) = (digits(left)?, digits(right)?);
    if middle != "01010" || others.chars().any(|c| c != 'C') {
        return None;
    }
    let mut text = match kind {
        Kind::Jan13 => PARITY.iter().position(|p| *p == sets)?.to_string(),
        _ if sets == "AAAA" => String::new(),
        _ => return None,
    };
    text.push_str(&a);
    text.push_str(&b);
    let numbers: Vec<u8> = text.bytes().map(|b| b - b'0').collect();
    let (check, body) = numbers.split_last()?;
    if *check != gs1_digit(body) {
        return None;
    }
    if extra > 0 {
        let pattern = modules(&scale.widths(bars.get(main..)?)?);
        text.push(' ');
        text.push_str(&add_on(&pattern)?);
    }
    Some(Read { kind, text, module: scale.module })
}

fn add_on(pattern: &str) -> Option<String> {
    let inner: Vec<char> = pattern.strip_prefix("1011")?.chars().collect();
    let mut read = String::new();
    let mut sets = String::new();
    for (i, nine) in inner.chunks(9).enumerate() {
        let seven: String = nine.iter().take(7).collect();
        let (d, set) = digit(&seven)?;
        read.push(d);
        sets.push(set);
        if (i + 1) * 9 < inner.len() && nine.get(7..)? != ['0', '1'] {
            return None;
        }
    }
    let number = |n: usize| read.as_bytes().get(n).map_or(0, |b| usize::from(b - b'0'));
    let wanted = match read.len() {
        2 => PARITY_2.get((10 * number(0) + number(1)) % 4)?,
        5 => PARITY_5.get((3 * (number(0) + number(2) + number(4)) + 9 * (number(1) + number(3))) % 10)?,
        _ => return None,
    };
    (*wanted == sets).then_some(read)
}

fn code128(bars: &[Bar]) -> Option<Read> {
    // three bars a character, and four of the stop
    let count = bars.len().checked_sub(4).filter(|n| n.is_multiple_of(3))? / 3;
    if count < 3 {
        return None;
    }
    let scale = Scale::of(bars, 11 * count + 11, 2)?;
    let widths = scale.widths(bars)?;
    let (all, stop) = widths.split_at(6 * count);
    let code = |w: &[u8]| {
        let text: String = w.iter().map(|n| char::from(b'0' + n.min(&9))).collect();
        WIDTHS.iter().position(|known| *known == text)
    };
    if code(stop)? != 106 {
        return None;
    }
    let codes: Vec<usize> = all.chunks(6).map(code).collect::<Option<_>>()?;
    let (check, body) = codes.split_last()?;
    if body.iter().enumerate().map(|(i, c)| i.max(1) * c).sum::<usize>() % 103 != *check {
        return None;
    }
    let mut set = match body.first()? {
        103 => 'A',
        104 => 'B',
        105 => 'C',
        _ => return None,
    };
    let (mut text, mut gs1, mut shift) = (String::new(), false, false);
    for (i, code) in body.iter().enumerate().skip(1) {
        let code = u8::try_from(*code).ok()?;
        let now = match (shift, set) {
            (true, 'A') => 'B',
            (true, _) => 'A',
            (false, set) => set,
        };
        shift = false;
        match (now, code) {
            (_, 102) if i == 1 => gs1 = true,
            (_, 102) => text.push('\u{1d}'),
            ('C', 0..=99) => text.push_str(&format!("{code:02}")),
            ('C', 100) | ('A', 100) => set = 'B',
            ('C', 101) | ('B', 101) => set = 'A',
            ('A' | 'B', 99) => set = 'C',
            ('A' | 'B', 98) => shift = true,
            ('A', 64..=95) => text.push(char::from(code - 64)),
            ('A' | 'B', 0..=95) => text.push(char::from(code + 32)),
            _ => return None,
        }
    }
    let kind = if gs1 { Kind::Gs1128 } else { Kind::Code128 };
    Some(Read { kind, text, module: scale.module })
}

/// Which of the bars and spaces are wide, `1`; the first space is behind the first bar. With the width of narrow bars.
fn wide(bars: &[Bar]) -> Option<(String, f64)> {
    let spaces = || bars.windows(2).filter_map(|w| Some(w.get(1)?.0 - w.first()?.1));
    let limits = |widths: &mut dyn Iterator<Item = f64>| {
        let (least, most) = widths.fold((f64::MAX, 0.0_f64), |(a, b), w| (a.min(w), b.max(w)));
        // wide ones are twice to three times as wide as narrow ones, give or take what ink spreads
        (least > 0.0 && most > 1.4 * least && most < 5.0 * least).then_some((least, (least + most) / 2.0))
    };
    let (narrow, of_bars) = limits(&mut bars.iter().map(|b| b.1 - b.0))?;
    let (narrow_space, of_spaces) = limits(&mut spaces())?;
    let mut out = String::new();
    let mut between = spaces();
    for bar in bars {
        out.push(if bar.1 - bar.0 > of_bars { '1' } else { '0' });
        if let Some(space) = between.next() {
            out.push(if space > of_spaces { '1' } else { '0' });
        }
    }
    Some((out, (narrow + narrow_space) / 2.0))
}

fn code39(bars: &[Bar]) -> Option<Read> {
    if !bars.len().is_multiple_of(5) {
        return None;
    }
    let (pattern, module) = wide(bars)?;
    let codes = characters(&pattern, 9, |p| CODE39_BARS.iter().position(|known| *known == p))?;
    let [43, inner @ .., 43] = &codes[..] else { return None };
    let text = inner.iter().map(|n| CODE39.chars().nth(*n)).collect::<Option<String>>()?;
    Some(Read { kind: Kind::Code39, text, module })
}

fn nw7(bars: &[Bar]) -> Option<Read> {
    if !bars.len().is_multiple_of(4) {
        return None;
    }
    let (pattern, module) = wide(bars)?;
    let codes = characters(&pattern, 7, |p| NW7.iter().position(|(_, known)| *known == p))?;
    let ends = |n: Option<&usize>| n.is_some_and(|n| *n >= 16);
    let inner = codes.get(1..codes.len().saturating_sub(1))?;
    if !ends(codes.first()) || !ends(codes.last()) || inner.is_empty() || inner.iter().any(|n| *n >= 16) {
        return None;
    }
    let text = codes.iter().filter_map(|n| NW7.get(*n)).map(|(c, _)| *c).collect();
    Some(Read { kind: Kind::Nw7, text, module })
}

/// Characters of so many elements with one narrow space between them.
fn characters(pattern: &str, length: usize, find: impl Fn(&str) -> Option<usize>) -> Option<Vec<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < pattern.len() {
        out.push(find(pattern.get(at..at + length)?)?);
        at += length;
        match pattern.get(at..=at) {
            Some("0") => at += 1,
            Some(_) => return None,
            None => {}
        }
    }
    Some(out)
}

fn itf(bars: &[Bar]) -> Option<Read> {
    let framed = bars.len() == ITF14_BARS + 2;
    let bars = if framed { bars.get(1..=ITF14_BARS)? } else { bars };
    if bars.len() % 5 != 4 || bars.len() < 9 {
        return None;
    }
    let (pattern, module) = wide(bars)?;
    let inner = pattern.strip_prefix("0000")?.strip_suffix("100")?;
    let mut text = String::new();
    let all: Vec<char> = inner.chars().collect();
    for ten in all.chunks(10) {
        for part in 0..2 {
            let five: String = ten.iter().skip(part).step_by(2).collect();
            let n = TWO_OF_FIVE.iter().position(|known| *known == five)?;
            text.push(char::from_digit(u32::try_from(n).ok()?, 10)?);
        }
    }
    let kind = if framed { Kind::Itf14 } else { Kind::Itf };
    Some(Read { kind, text, module })
}
