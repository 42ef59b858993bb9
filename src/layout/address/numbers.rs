//! Addresses in vertical lines: numbers as kanji, hyphens between them as strokes along the line, short Latin
//! words upright. What a careful hand writes: 十六 for 16, but 三〇一 for 301 (a number that is read digit by digit).

use crate::base::widths::is_hyphen_of_numbers;
use crate::template::japanese;

/// What stands between numbers in vertical lines: its vertical form is a stroke along the line (UAX 50: R).
const STROKE: char = '－';

/// Words of capitals up to this length (A棟, 12F) stand upright; other Latin words lie on their side.
const UPRIGHT: usize = 3;

/// The value of a digit, ASCII or full-width.
pub(super) fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

/// The digits of a text as ASCII, hyphens between them as `-`; everything else as it stands.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut after_digit = false;
    while let Some(c) = chars.next() {
        match digit(c) {
            Some(d) => out.push(char::from_digit(d, 10).unwrap_or(c)),
            None if after_digit && is_hyphen_of_numbers(c) && chars.peek().is_some_and(|n| digit(*n).is_some()) => {
                out.push('-')
            }
            None => out.push(c),
        }
        after_digit = digit(c).is_some();
    }
    out
}

/// A [`plain`] text as it is written in vertical lines.
pub(super) fn vertical(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len() * 2);
    let chars: Vec<char> = plain.chars().collect();
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        let run = |is: fn(&char) -> bool| chars[i..].iter().take_while(|c| is(c)).count();
        if c.is_ascii_digit() {
            let n = run(char::is_ascii_digit);
            number(&chars[i..i + n], &mut out);
            i += n;
        } else if c.is_ascii_alphabetic() {
            let n = run(char::is_ascii_alphabetic);
            let word: String = chars[i..i + n].iter().collect();
            let upright = n == 1 || n <= UPRIGHT && word.bytes().all(|b| b.is_ascii_uppercase());
            out.push_str(&if upright { japanese::full_width(&word) } else { word });
            i += n;
        } else {
            let between = i > 0 && chars[i - 1].is_ascii_digit() && chars.get(i + 1).is_some_and(char::is_ascii_digit);
            out.push(if c == '-' && between { STROKE } else { c });
            i += 1;
        }
    }
    out
}

/// Below a hundred a number is said (十六); above, and where it begins with a zero, it is spelled (三〇一).
fn number(digits: &[char], out: &mut String) {
    let text: String = digits.iter().collect();
    let said = match digits {
        [_] => None,
        ['0', _] => None,
        [_, _] => text.parse().ok().and_then(japanese::kanji_number),
        _ => None,
    };
    out.push_str(&said.unwrap_or_else(|| japanese::kanji_digits(&text)));
}

/// `2-3-4` as 2丁目3番4号, `3-4` behind a 丁目 as 3番4号. A [`plain`] text that is anything else stays: two numbers
/// alone may be 番地 and 枝番, which nothing here can know.
pub(super) fn spelled(plain: &str) -> String {
    let at = plain.find(|c: char| c.is_ascii_digit());
    let Some((front, numbers)) = at.map(|at| plain.split_at(at)) else { return plain.to_owned() };
    let (front, numbers) = match numbers.split_once("丁目") {
        Some((n, rest)) if n.bytes().all(|b| b.is_ascii_digit()) => (format!("{front}{n}丁目"), rest),
        _ => (front.to_owned(), numbers),
    };
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(numbers.len());
    let (numbers, rest) = numbers.split_at(end);
    let groups: Vec<&str> = numbers.split('-').collect();
    // 2-3-4号室 and 2-3番 say themselves what they are
    let bare = rest.is_empty() || rest.starts_with(char::is_whitespace);
    match groups.as_slice() {
        [b, c] if front.ends_with("丁目") && bare => format!("{front}{b}番{c}号{rest}"),
        [a, b, c] if bare && !front.ends_with("丁目") => format!("{front}{a}丁目{b}番{c}号{rest}"),
        _ => plain.to_owned(),
    }
}
