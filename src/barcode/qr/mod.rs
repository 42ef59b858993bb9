//! QR symbols (ISO/IEC 18004), quickly: what depends only on version and level is made once (`Plan`), the
//! message is laid on whole rows of bits, and the eight masks are judged on machine words.
//!
//! The `qrcode` crate supplies bits, function patterns, format words and masks, and for ASCII text the outcome is
//! its own, module by module. Two things are done here: Reed-Solomon by table and the choice of the mask.
//! Japanese text whose characters all are in JIS X 0208 goes in in kanji mode, 13 bits a character, with its own choice
//! of modes (`segments`). Any other text beyond ASCII goes in as UTF-8 with its ECI designator: the crate would guess
//! Shift JIS kanji in the UTF-8 bytes, and readers would show other characters than those that were meant.

mod read;
pub(super) mod segments;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use qrcode::bits::{Bits, encode_auto};
use qrcode::canvas::{Canvas, MaskPattern, Module};
use qrcode::types::{Color, EcLevel, QrError, Version};

pub(super) use read::read;

use super::{Check, Fault, Symbol, gs1 as identifiers};
use crate::base::Edges;

/// How much of a symbol may be lost and still be read: about 7, 15, 25 and 30 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ecc {
    L,
    #[default]
    M,
    Q,
    H,
}

impl std::fmt::Display for Ecc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Ecc {
    /// `L`, `M`, `Q` or `H`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "L" | "l" => Some(Self::L),
            "M" | "m" => Some(Self::M),
            "Q" | "q" => Some(Self::Q),
            "H" | "h" => Some(Self::H),
            _ => None,
        }
    }

    pub(super) fn level(self) -> EcLevel {
        match self {
            Self::L => EcLevel::L,
            Self::M => EcLevel::M,
            Self::Q => EcLevel::Q,
            Self::H => EcLevel::H,
        }
    }
}

/// Buffers that one worker reuses.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Data and error correction in the order of the symbol.
    codewords: Vec<u8>,
    /// One block's remainder.
    remainder: Vec<u8>,
    rows: Vec<u64>,
    columns: Vec<u64>,
}

/// ECI assignment number of UTF-8 (AIM ECI specification, part 3).
const ECI_UTF8: u32 = 26;

/// The smallest symbol that holds the text.
///
/// # Errors
/// The text is empty or too long.
pub fn encode(text: &str, ecc: Ecc, scratch: &mut Scratch) -> Result<Symbol, Fault> {
    encode_from(text, ecc, 1, scratch)
}

/// The smallest symbol of this version (1 to 40) or a larger one: where the symbols of all records are to be alike.
///
/// # Errors
/// The text is empty or too long.
pub fn encode_from(text: &str, ecc: Ecc, least: i16, scratch: &mut Scratch) -> Result<Symbol, Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let bits = bits(text, ecc.level(), least).map_err(|_| too_long(text, ecc))?;
    symbol(bits, text, ecc, scratch)
}

/// Application identifiers in brackets with their values, as GS1 QR: FNC1 in the first position (section 7.4.8.2).
pub(super) fn gs1(value: &str, check: Check, ecc: Ecc, least: i16, scratch: &mut Scratch) -> Result<Symbol, Fault> {
    let elements = identifiers::parse(value, check)?;
    let signs = identifiers::joined(&elements).into_iter();
    // the separator stands in bytes as itself; only among letters it would be a %
    let text: String =
        signs.map(|s| if let identifiers::Piece::Char(c) = s { char::from(c) } else { '\u{1d}' }).collect();
    let bits = in_modes(&text, ecc.level(), least, true).map_err(|_| too_long(&text, ecc))?;
    symbol(bits, &text, ecc, scratch)
}

/// The symbol of a message.
fn symbol(bits: Bits, text: &str, ecc: Ecc, scratch: &mut Scratch) -> Result<Symbol, Fault> {
    let too_long = || too_long(text, ecc);
    let Version::Normal(version) = bits.version() else { return Err(too_long()) };
    let plan = plan(version, ecc).ok_or_else(too_long)?;
    plan.fill_codewords(&bits.into_bytes(), scratch);
    plan.place(scratch);
    let mask = match plan.words {
        1 => plan.best_mask::<1>(scratch),
        2 => plan.best_mask::<2>(scratch),
        _ => plan.best_mask::<3>(scratch),
    };
    let size = u16::try_from(plan.width).unwrap_or(u16::MAX);
    let bits: Arc<[u64]> = scratch.rows.iter().zip(&mask.rows).map(|(a, b)| a ^ b).collect();
    Ok(Symbol { columns: size, rows: size, bits, heights: Vec::new(), quiet: Edges::all(4.0), labels: Vec::new() })
}

fn too_long(text: &str, ecc: Ecc) -> Fault {
    let most = match ecc {
        Ecc::L => "7,089 digits, 4,296 letters and digits, 2,953 bytes or 1,817 kanji",
        Ecc::M => "5,596 digits, 3,391 letters and digits, 2,331 bytes or 1,435 kanji",
        Ecc::Q => "3,993 digits, 2,420 letters and digits, 1,663 bytes or 1,024 kanji",
        Ecc::H => "3,057 digits, 1,852 letters and digits, 1,273 bytes or 784 kanji",
    };
    Fault::TooLong {
        found: format!("it has {} characters", text.chars().count()),
        most: format!("one QR symbol at level {ecc} holds at most {most}, and no text is spread over several symbols"),
    }
}

/// Whether kanji mode and ASCII hold all of a text.
pub(super) fn kanji(text: &str) -> Option<()> {
    text.chars().all(|c| c.is_ascii() || segments::kanji(c).is_some()).then_some(())
}

/// The message in the smallest version from `least` on.
fn bits(text: &str, level: EcLevel, least: i16) -> Result<Bits, QrError> {
    if text.len() > 8000 {
        return Err(QrError::DataTooLong);
    }
    if text.is_ascii() {
        let bits = encode_auto(text.as_bytes(), level)?;
        match bits.version() {
            Version::Normal(version) if version < least => {}
            _ => return Ok(bits),
        }
        let mut bits = Bits::new(Version::Normal(least.min(40)));
        bits.push_optimal_data(text.as_bytes())?;
        bits.push_terminator(level)?;
        return Ok(bits);
    }
    if kanji(text).is_none() {
        return utf8_bits(text.as_bytes(), level, least);
    }
    in_modes(text, level, least, false)
}

/// The message in the modes that make it shortest, in the smallest version from `least` on; of GS1's identifiers when said.
fn in_modes(text: &str, level: EcLevel, least: i16, gs1: bool) -> Result<Bits, QrError> {
    let push = |bits: &mut Bits, version: i16| {
        if gs1 {
            bits.push_fnc1_first_position()?;
        }
        // a % among letters would be read as a separator
        match gs1 && text.contains('%') {
            true => bits.push_byte_data(text.as_bytes()),
            false => segments::push(text, Version::Normal(version), bits),
        }
    };
    // the modes are the same within each of the three ranges of lengths of a segment's count
    for range in [1..=9, 10..=26, 27..=40] {
        let last = *range.end();
        if last < least {
            continue;
        }
        let mut longest = Bits::new(Version::Normal(last));
        match push(&mut longest, last) {
            // more than a segment's count can say here
            Err(QrError::DataTooLong) => continue,
            pushed => pushed?,
        }
        let needed = longest.len();
        for version in range.filter(|v| *v >= least) {
            let mut bits = Bits::new(Version::Normal(version));
            if needed <= bits.max_len(level)? {
                push(&mut bits, version)?;
                bits.push_terminator(level)?;
                return Ok(bits);
            }
        }
    }
    Err(QrError::DataTooLong)
}

/// One segment of bytes, announced as UTF-8, in the smallest version.
fn utf8_bits(bytes: &[u8], level: EcLevel, least: i16) -> Result<Bits, QrError> {
    for version in least.max(1)..=40 {
        let mut bits = Bits::new(Version::Normal(version));
        let length_bits = if version < 10 { 8 } else { 16 };
        if 12 + 4 + length_bits + bytes.len() * 8 > bits.max_len(level)? {
            continue;
        }
        bits.push_eci_designator(ECI_UTF8)?;
        bits.push_byte_data(bytes)?;
        bits.push_terminator(level)?;
        return Ok(bits);
    }
    Err(QrError::DataTooLong)
}

/// All that does not depend on the message.
#[derive(Debug)]
struct Plan {
    /// Modules on a side.
    width: usize,
    /// 64-bit words in a row.
    words: usize,
    /// Where each data codeword of the symbol's order lies in the message.
    order: Vec<u16>,
    /// The blocks of the message that get their own error correction.
    blocks: Vec<Range<usize>>,
    ec_len: usize,
    /// For each leading coefficient, what it leaves in the remainder: 256 rows of `ec_len` bytes.
    remainders: Vec<u8>,
    /// Column and row of each bit of the codewords.
    place: Vec<(u8, u8)>,
    masks: Vec<Mask>,
}

/// What a symbol without data looks like under one mask, format word included: data is laid over it by XOR.
#[derive(Debug)]
struct Mask {
    rows: Vec<u64>,
    columns: Vec<u64>,
}

/// In the order of their numbers: of two that are as good, the first is taken.
const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

fn plan(version: i16, ecc: Ecc) -> Option<&'static Plan> {
    static PLANS: [OnceLock<Plan>; 160] = [const { OnceLock::new() }; 160];
    let slot = usize::try_from(version - 1).ok()? * 4 + ecc as usize;
    Some(PLANS.get(slot)?.get_or_init(|| Plan::new(Version::Normal(version), ecc.level())))
}

impl Plan {
    fn new(version: Version, level: EcLevel) -> Self {
        let side = version.width();
        let width = usize::try_from(side).unwrap_or(0);
        let words = width.div_ceil(64);
        let mut blank = Canvas::new(version, level);
        blank.draw_all_functional_patterns();

        let data_len = Bits::new(version).max_len(level).unwrap_or(0) / 8;
        // the crate keeps its tables of blocks to itself: let it interleave positions, low and high bytes apart
        let positions = |shift: u32| -> Vec<u8> { (0..data_len).map(|i| (i >> shift & 255) as u8).collect() };
        let interleaved =
            |shift| qrcode::ec::construct_codewords(&positions(shift), version, level).unwrap_or_default();
        let ((low, ec), (high, _)) = (interleaved(0), interleaved(8));
        let order: Vec<u16> = low.iter().zip(&high).map(|(l, h)| u16::from(*l) | u16::from(*h) << 8).collect();
        // the first codewords of all blocks come first, then the second ones
        let count = order.iter().position(|i| *i == 1).unwrap_or(1);
        let starts: Vec<usize> = order.iter().take(count).map(|i| usize::from(*i)).collect();
        let ends = starts.iter().skip(1).copied().chain([data_len]);
        let blocks: Vec<_> = starts.iter().copied().zip(ends).map(|(a, b)| a..b).collect();
        let ec_len = ec.len() / count.max(1);
        let remainders =
            (0..=255_u8).flat_map(|lead| qrcode::ec::create_error_correction_code(&[lead], ec_len)).collect();

        let place = zigzag(side).filter(|(x, y)| blank.get(*x, *y) == Module::Empty);
        let place = place.map(|(x, y)| (x as u8, y as u8)).take((order.len() + ec.len()) * 8).collect();

        let masks = MASKS.iter().map(|pattern| {
            let mut canvas = blank.clone();
            canvas.apply_mask(*pattern);
            let mut mask = Mask { rows: vec![0; width * words], columns: vec![0; width * words] };
            for (i, color) in canvas.into_colors().into_iter().enumerate() {
                if color == Color::Dark {
                    let (x, y) = (i % width, i / width);
                    mask.rows[y * words + x / 64] |= 1 << (x % 64);
                    mask.columns[x * words + y / 64] |= 1 << (y % 64);
                }
            }
            mask
        });
        Self { width, words, order, blocks, ec_len, remainders, place, masks: masks.collect() }
    }

    /// The message and its error correction, interleaved (section 7.6).
    fn fill_codewords(&self, message: &[u8], scratch: &mut Scratch) {
        let out = &mut scratch.codewords;
        out.clear();
        out.extend(self.order.iter().map(|i| message.get(usize::from(*i)).copied().unwrap_or(0)));
        let start = out.len();
        out.resize(start + self.blocks.len() * self.ec_len, 0);
        let remainder = &mut scratch.remainder;
        for (b, block) in self.blocks.iter().enumerate() {
            remainder.clear();
            remainder.resize(self.ec_len + 1, 0);
            for byte in message.get(block.clone()).unwrap_or_default() {
                let lead = usize::from(byte ^ remainder[0]);
                let row = &self.remainders[lead * self.ec_len..][..self.ec_len];
                for (i, r) in row.iter().enumerate() {
                    remainder[i] = remainder[i + 1] ^ r;
                }
            }
            for (i, r) in remainder[..self.ec_len].iter().enumerate() {
                out[start + i * self.blocks.len() + b] = *r;
            }
        }
    }

    /// The codewords as rows and, turned, as columns of bits (section 7.7.3).
    fn place(&self, scratch: &mut Scratch) {
        let Scratch { codewords, rows, columns, .. } = scratch;
        for lines in [&mut *rows, &mut *columns] {
            lines.clear();
            lines.resize(self.width * self.words, 0);
        }
        for (byte, eight) in codewords.iter().zip(self.place.chunks(8)) {
            for (k, (x, y)) in eight.iter().enumerate() {
                let bit = u64::from(byte >> (7 - k) & 1);
                let (x, y) = (usize::from(*x), usize::from(*y));
                rows[y * self.words + x / 64] |= bit << (x % 64);
                columns[x * self.words + y / 64] |= bit << (y % 64);
            }
        }
    }

    /// The mask with the least penalty (section 7.8.3).
    fn best_mask<const W: usize>(&self, scratch: &Scratch) -> &Mask {
        let mut best = (u32::MAX, &self.masks[0]);
        for mask in &self.masks {
            let score = self.penalty::<W>(&scratch.rows, &scratch.columns, mask, best.0);
            if score < best.0 {
                best = (score, mask);
            }
        }
        best.1
    }

    /// Features N1 to N4; the same score as the crate's except for a constant. Gives up when it cannot stay
    /// below `limit`.
    fn penalty<const W: usize>(&self, rows: &[u64], columns: &[u64], mask: &Mask, limit: u32) -> u32 {
        let n = self.width;
        let inside = ones::<W>(n - 1);
        let (mut runs, mut finders, mut blocks, mut dark) = (0, 0, 0, 0);
        let mut above: Option<([u64; W], [u64; W])> = None;
        for (line, mask) in rows.chunks_exact(W).zip(mask.rows.chunks_exact(W)) {
            let line: [u64; W] = std::array::from_fn(|w| line[w] ^ mask[w]);
            let same = same::<W>(line, inside);
            runs += run_score(same);
            finders += finder_count(line);
            dark += count(line);
            if let Some((line_above, same_above)) = above {
                let block: [u64; W] = std::array::from_fn(|w| same[w] & same_above[w] & !(line[w] ^ line_above[w]));
                blocks += count(block);
            }
            above = Some((line, same));
        }
        let total = (n * n) as u32;
        let balance = (dark * 200 / total).abs_diff(100);
        let so_far = runs + 3 * blocks + 40 * finders + balance;
        if so_far >= limit {
            return so_far;
        }
        for (line, mask) in columns.chunks_exact(W).zip(mask.columns.chunks_exact(W)) {
            let line: [u64; W] = std::array::from_fn(|w| line[w] ^ mask[w]);
            runs += run_score(same::<W>(line, inside));
            finders += finder_count(line);
        }
        runs + 3 * blocks + 40 * finders + balance
    }
}

/// All modules in the order in which data fills them: pairs of columns from the right, up and down in turn,
/// past the vertical timing pattern.
fn zigzag(side: i16) -> impl Iterator<Item = (i16, i16)> {
    let pairs = (0..side / 2).map(move |i| {
        let x = side - 1 - 2 * i;
        if x <= 6 { x - 1 } else { x }
    });
    pairs.enumerate().flat_map(move |(i, x)| {
        (0..side).flat_map(move |j| {
            let y = if i % 2 == 0 { side - 1 - j } else { j };
            [(x, y), (x - 1, y)]
        })
    })
}

fn ones<const W: usize>(n: usize) -> [u64; W] {
    std::array::from_fn(|w| match n.saturating_sub(w * 64) {
        0 => 0,
        k if k >= 64 => u64::MAX,
        k => (1 << k) - 1,
    })
}

/// Towards bit 0 by fewer than 64.
fn down<const W: usize>(a: [u64; W], by: u32) -> [u64; W] {
    std::array::from_fn(|w| a[w] >> by | a.get(w + 1).map_or(0, |next| next << (64 - by)))
}

/// Away from bit 0 by fewer than 64.
fn up<const W: usize>(a: [u64; W], by: u32) -> [u64; W] {
    std::array::from_fn(|w| a[w] << by | if w > 0 { a[w - 1] >> (64 - by) } else { 0 })
}

fn and<const W: usize>(a: [u64; W], b: [u64; W]) -> [u64; W] {
    std::array::from_fn(|w| a[w] & b[w])
}

fn not<const W: usize>(a: [u64; W]) -> [u64; W] {
    a.map(|w| !w)
}

fn or<const W: usize>(a: [u64; W], b: [u64; W]) -> [u64; W] {
    std::array::from_fn(|w| a[w] | b[w])
}

fn count<const W: usize>(a: [u64; W]) -> u32 {
    a.iter().map(|w| w.count_ones()).sum()
}

/// Bit i: modules i and i + 1 are alike.
fn same<const W: usize>(line: [u64; W], inside: [u64; W]) -> [u64; W] {
    let next = down(line, 1);
    std::array::from_fn(|w| !(line[w] ^ next[w]) & inside[w])
}

/// N1: a run of five or more modules scores its length less two. Such a run is one of k ≥ 4 bits here; anding
/// four neighbours leaves k - 3 of them, and k - 1 is wanted.
fn run_score<const W: usize>(same: [u64; W]) -> u32 {
    let two = and(same, down(same, 1));
    let four = and(two, down(two, 2));
    if four == [0; W] {
        return 0;
    }
    count(four) + 2 * count(and(four, not(up(four, 1))))
}

/// N3: 1011101 with four light modules before or behind; beyond the symbol counts as light.
fn finder_count<const W: usize>(d: [u64; W]) -> u32 {
    let core = and(and(d, down(d, 2)), and(down(d, 3), and(down(d, 4), down(d, 6))));
    let core = and(core, not(or(down(d, 1), down(d, 5))));
    if core == [0; W] {
        return 0;
    }
    let before = or(or(up(d, 1), up(d, 2)), or(up(d, 3), up(d, 4)));
    let behind = or(or(down(d, 7), down(d, 8)), or(down(d, 9), down(d, 10)));
    count(and(core, not(and(before, behind))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use qrcode::QrCode;

    use super::*;

    fn modules(symbol: &Symbol) -> Vec<bool> {
        let words = usize::from(symbol.columns).div_ceil(64);
        (0..usize::from(symbol.rows))
            .flat_map(|y| {
                (0..usize::from(symbol.columns)).map(move |x| symbol.bits[y * words + x / 64] >> (x % 64) & 1 == 1)
            })
            .collect()
    }

    /// What the crate makes of the same bits, with its own choice of mask.
    fn reference(text: &str, ecc: Ecc) -> QrCode {
        if text.is_ascii() {
            QrCode::with_error_correction_level(text, ecc.level()).unwrap()
        } else {
            QrCode::with_bits(bits(text, ecc.level(), 1).unwrap(), ecc.level()).unwrap()
        }
    }

    fn check(text: &str, ecc: Ecc, scratch: &mut Scratch) {
        let symbol = encode(text, ecc, scratch).unwrap();
        let expected = reference(text, ecc);
        assert_eq!(usize::from(symbol.columns), expected.width(), "{text}");
        let expected: Vec<bool> = expected.into_colors().into_iter().map(|c| c == Color::Dark).collect();
        assert_eq!(modules(&symbol), expected, "{text} {ecc:?}");
    }

    const LEVELS: [Ecc; 4] = [Ecc::L, Ecc::M, Ecc::Q, Ecc::H];

    #[test]
    fn every_version_and_level_is_the_crates_own() {
        let mut scratch = Scratch::default();
        for ecc in LEVELS {
            for version in 1..=40 {
                let room = Bits::new(Version::Normal(version)).max_len(ecc.level()).unwrap() / 8 - 4;
                let text: String =
                    (0..room).map(|i| char::from(b'a' + ((i * 7 + i / 11 + version as usize) % 26) as u8)).collect();
                check(&text, ecc, &mut scratch);
            }
        }
    }

    #[test]
    fn urls_and_japanese_are_the_crates_own() {
        let mut scratch = Scratch::default();
        for i in 0..600_u32 {
            let text = match i % 5 {
                0 => format!("https://example.jp/c/2026-autumn-dm-{i:08}?k={:x}", i.wrapping_mul(2_654_435_761)),
                1 => format!("HTTPS://EXAMPLE.JP/{i:012}"),
                2 => format!("{}", u64::from(i).pow(4)),
                3 => format!("秋のご優待{i}号 コーヒー豆"),
                _ => "ｱｲｳかな漢字🍁".repeat(1 + (i as usize % 20)),
            };
            check(&text, LEVELS[i as usize % 4], &mut scratch);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn any_text_is_the_crates_own(text in "\\PC{1,200}", level in 0_usize..4) {
            check(&text, LEVELS[level], &mut Scratch::default());
        }
    }

    #[test]
    fn the_smallest_version_is_taken_and_too_much_is_a_fault() {
        let mut scratch = Scratch::default();
        assert_eq!(encode("0123456789", Ecc::L, &mut scratch).unwrap().columns, 21);
        assert_eq!(encode(&"7".repeat(7089), Ecc::L, &mut scratch).unwrap().columns, 177);
        let told = encode(&"7".repeat(7090), Ecc::L, &mut scratch).unwrap_err().to_string();
        assert!(
            told.starts_with("the value is too long: it has 7090 characters; one QR symbol at level L holds"),
            "{told}"
        );
        assert!(matches!(encode(&"秋".repeat(2000), Ecc::L, &mut scratch), Err(Fault::TooLong { .. })));
        assert_eq!(encode("", Ecc::M, &mut scratch), Err(Fault::Empty));
    }

    #[test]
    fn kanji_take_thirteen_bits_each() {
        let mut scratch = Scratch::default();
        assert_eq!(encode(&"秋".repeat(1817), Ecc::L, &mut scratch).unwrap().columns, 177);
        assert!(encode(&"秋".repeat(1818), Ecc::L, &mut scratch).is_err());
        let level = EcLevel::L;
        // mode and count, ten kanji; mode and count, eight digits
        let mixed = "秋季限定優待券配布中20261122";
        let mut long = Bits::new(Version::Normal(5));
        segments::push(mixed, Version::Normal(5), &mut long).unwrap();
        assert_eq!(long.len(), 4 + 8 + 130 + 4 + 10 + 27);
        assert_eq!(bits(mixed, level, 1).unwrap().version(), Version::Normal(2));
        // a character beyond JIS X 0208 makes all of it UTF-8
        assert!(kanji("秋𠮷").is_none() && kanji("①").is_none() && kanji("〜").is_none() && kanji("ｱ").is_none());
    }

    #[test]
    fn a_least_version_makes_all_symbols_alike() {
        let mut scratch = Scratch::default();
        for text in ["1", "https://example.jp/a?b=c", "秋の味覚"] {
            assert_eq!(encode_from(text, Ecc::M, 6, &mut scratch).unwrap().columns, 41);
        }
    }
}
