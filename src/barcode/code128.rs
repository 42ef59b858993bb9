//! Code 128 and GS1-128 (ISO/IEC 15417): the sets A, B and C chosen so that the symbol is as short as it can be.

use super::Fault;
use super::fault::only;
use super::gs1;
use super::symbol::{Bars, Symbol, Tall};

/// Widths of bars and spaces of the characters by their values; the last is the stop.
pub(super) const WIDTHS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];

const FNC1: u8 = 102;
const SHIFT: u8 = 98;
const STOP: u8 = 106;

/// Characters that one symbol may have; the standard sets no limit, readers do.
const MOST: usize = 80;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

const SETS: [Set; 3] = [Set::A, Set::B, Set::C];

impl Set {
    fn start(self) -> u8 {
        match self {
            Self::A => 103,
            Self::B => 104,
            Self::C => 105,
        }
    }

    /// The code that leads from another set to this one.
    fn latch(self) -> u8 {
        match self {
            Self::A => 101,
            Self::B => 100,
            Self::C => 99,
        }
    }

    /// The value of a character in set A or B.
    fn value(self, c: u8) -> Option<u8> {
        match self {
            Self::A if c < 32 => Some(c + 64),
            Self::A if c < 96 => Some(c - 32),
            Self::B if (32..128).contains(&c) => Some(c - 32),
            _ => None,
        }
    }
}

/// What a symbol holds: ASCII characters and FNC1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Char(u8),
    Fnc1,
}

/// Any ASCII text.
pub(super) fn code128(value: &str) -> Result<Symbol, Fault> {
    only(value, "ASCII characters", |c| c.is_ascii())?;
    let signs: Vec<Sign> = value.bytes().map(Sign::Char).collect();
    let shown = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Ok(symbol(&signs)?.with_text(shown))
}

/// Application identifiers in brackets with their values.
pub(super) fn gs1_128(value: &str, check: super::Check) -> Result<Symbol, Fault> {
    let elements = gs1::parse(value, check)?;
    let mut signs = vec![Sign::Fnc1];
    signs.extend(gs1::joined(&elements).into_iter().map(|s| match s {
        gs1::Piece::Char(c) => Sign::Char(c),
        gs1::Piece::Separator => Sign::Fnc1,
    }));
    if signs.iter().filter(|s| matches!(s, Sign::Char(_))).count() > 48 {
        let message =
            "a GS1-128 symbol holds at most 48 characters, identifiers included (GS1 General Specifications, 5.4.7)";
        return Err(Fault::Data(message.to_owned()));
    }
    Ok(symbol(&signs)?.with_text(gs1::shown(&elements)))
}

fn symbol(signs: &[Sign]) -> Result<Symbol, Fault> {
    if signs.is_empty() {
        return Err(Fault::Empty);
    }
    if signs.len() > MOST {
        let most = format!("one symbol holds at most {MOST}");
        return Err(Fault::TooLong { found: format!("it has {} characters", signs.len()), most });
    }
    let mut values = codes(signs);
    let sum = values.iter().enumerate().map(|(i, v)| i.max(1) as u32 * u32::from(*v)).sum::<u32>();
    values.push((sum % 103) as u8);
    values.push(STOP);
    let mut bars = Bars::new();
    for value in values {
        let widths = WIDTHS.get(usize::from(value)).copied().unwrap_or_default();
        bars.widths(&widths.bytes().map(|b| b - b'0').collect::<Vec<_>>());
    }
    Ok(Symbol::of_rows(&[(Tall::Grows, &bars)], (10, 10)))
}

/// The fewest codes from each place on in each set, from the end backwards; then the way through them. Of ways that are
/// as short, the one that stays in its set is taken.
fn codes(signs: &[Sign]) -> Vec<u8> {
    let n = signs.len();
    // by place: the cost in sets A, B, C and the step taken there
    let mut cost = vec![[0_u32; 3]; n + 1];
    let mut step = vec![[Step::Latch(Set::B); 3]; n + 1];
    for at in (0..n).rev() {
        for (s, set) in SETS.iter().enumerate() {
            let mut best = (u32::MAX, Step::Latch(*set));
            let mut offer = |price: u32, how: Step| {
                if price < best.0 {
                    best = (price, how);
                }
            };
            match (signs[at], set) {
                (Sign::Fnc1, _) => offer(1 + cost[at + 1][s], Step::One),
                (Sign::Char(a), Set::C) => {
                    if let Some(Sign::Char(b)) = signs.get(at + 1)
                        && a.is_ascii_digit()
                        && b.is_ascii_digit()
                    {
                        offer(1 + cost[at + 2][s], Step::Pair);
                    }
                }
                (Sign::Char(c), _) if set.value(c).is_some() => offer(1 + cost[at + 1][s], Step::One),
                (Sign::Char(_), _) => offer(2 + cost[at + 1][s], Step::Shift),
            }
            cost[at][s] = best.0;
            step[at][s] = best.1;
        }
        // a change of set costs one code, and leads to a set that goes on by itself
        let direct = cost[at];
        for (s, _) in SETS.iter().enumerate() {
            for (o, other) in SETS.iter().enumerate() {
                if direct[o].saturating_add(1) < cost[at][s] {
                    cost[at][s] = direct[o] + 1;
                    step[at][s] = Step::Latch(*other);
                }
            }
        }
    }
    // of starts that are as good, C before B before A
    let first = cost[0];
    let start = [Set::C, Set::B, Set::A].into_iter().min_by_key(|s| first[*s as usize]).unwrap_or(Set::B);
    let mut out = vec![start.start()];
    let (mut at, mut set) = (0, start);
    while at < n {
        match (step[at][set as usize], signs[at]) {
            (Step::Latch(to), _) if to != set => {
                out.push(to.latch());
                set = to;
            }
            (Step::Latch(_), _) => break,
            (_, Sign::Fnc1) => {
                out.push(FNC1);
                at += 1;
            }
            (Step::One, Sign::Char(c)) => {
                out.push(set.value(c).unwrap_or(0));
                at += 1;
            }
            (Step::Shift, Sign::Char(c)) => {
                let other = if set == Set::A { Set::B } else { Set::A };
                out.push(SHIFT);
                out.push(other.value(c).unwrap_or(0));
                at += 1;
            }
            (Step::Pair, Sign::Char(a)) => {
                let b = if let Some(Sign::Char(b)) = signs.get(at + 1) { *b } else { b'0' };
                out.push(a.wrapping_sub(b'0') * 10 + b.wrapping_sub(b'0'));
                at += 2;
            }
        }
    }
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    One,
    Pair,
    Shift,
    Latch(Set),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<u8> {
        codes(&text.bytes().map(Sign::Char).collect::<Vec<_>>())
    }

    #[test]
    fn digits_go_in_pairs_where_that_is_shorter() {
        assert_eq!(of("1234"), [105, 12, 34]);
        assert_eq!(of("12345").len(), 5, "start, two pairs, a latch, a digit");
        assert_eq!(of("AB12"), [104, 33, 34, 17, 18], "two digits are not worth a change");
        assert_eq!(of("AB123456"), [104, 33, 34, 99, 12, 34, 56]);
    }

    #[test]
    fn control_characters_and_small_letters_share_a_symbol() {
        assert_eq!(of("\tA"), [103, 73, 33]);
        assert_eq!(of("a\tb"), [104, 65, 98, 73, 66], "one shift instead of two latches");
    }

    #[test]
    fn more_than_readers_take_is_a_fault() {
        let long = "x".repeat(81);
        let told = code128(&long).unwrap_err().to_string();
        assert_eq!(told, "the value is too long: it has 81 characters; one symbol holds at most 80");
        let told = code128("ab日").unwrap_err().to_string();
        assert_eq!(told, "character 3 is `日`; allowed are ASCII characters");
    }
}
