//! What the text of one cell means, by the kind of its column.
//!
//! Japanese business files write the same value in many ways: full-width digits, `¥` or `円`, `△` for minus,
//! years of an era. All of them are read; what is not certain is a fault with what was found (its kind, not
//! its text) and what was expected.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::record::Typed;
use super::schema::Kind;

/// Why a cell is not of its column's kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// A stable word, such as `not-a-date`.
    pub code: &'static str,
    pub message: String,
}

/// A postcode as it is written for people: `123-4567`.
pub type Postcode = [u8; 8];

/// The meaning of a cell. Blanks around it (also U+3000) do not count; nothing but blanks is missing.
///
/// # Errors
/// The text is not of this kind.
pub fn parse(kind: Kind, text: &str) -> Result<Typed, Wrong> {
    let text = trim(text);
    if text.is_empty() {
        return Ok(Typed::Missing);
    }
    let wrong = |hint| Err(wrong(kind, text, hint));
    match kind {
        Kind::Text => Ok(Typed::Text),
        Kind::List => Ok(Typed::List(None)),
        Kind::Integer => narrow(text, |t| integer(t, false)).map_or_else(|| wrong(""), |i| Ok(Typed::Integer(i))),
        Kind::Money => narrow(text, |t| integer(t, true)).map_or_else(|| wrong(""), |i| Ok(Typed::Integer(i))),
        Kind::Number => narrow(text, number).map_or_else(|| wrong(""), |n| Ok(Typed::Number(n))),
        Kind::Date => match date(text).or_else(|hint| plainer(text).map_or(Err(hint), |plain| date(&plain))) {
            Ok(date) => Ok(Typed::Date(date)),
            Err(hint) => wrong(hint),
        },
        Kind::Bool => boolean(text).map_or_else(|| wrong(""), |b| Ok(Typed::Bool(b))),
        Kind::Postcode => match postcode(text) {
            Ok(_) => Ok(Typed::Text),
            Err(hint) => wrong(hint),
        },
    }
}

/// The text without blanks at its ends: spaces, tabs, line ends and U+3000.
#[must_use]
pub fn trim(text: &str) -> &str {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        // Most cells begin and end with a visible ASCII character.
        (Some(b'!'..=b'~'), Some(b'!'..=b'~')) => text,
        _ => text.trim(),
    }
}

/// Seven digits, with or without a hyphen and 〒, as `123-4567`.
///
/// # Errors
/// The text is no postcode; the error is a hint, which may be empty.
pub fn postcode(text: &str) -> Result<Postcode, &'static str> {
    // An apostrophe in front keeps a spreadsheet from taking the zeros; exports for spreadsheets write it.
    let text = trim(text);
    let text = text.strip_prefix('\'').unwrap_or(text);
    let mut out = *b"000-0000";
    let found = narrow(text, |t| {
        let t = t.strip_prefix(&[token::POST]).unwrap_or(t);
        let (mut n, mut hyphen) = (0, None);
        for b in t.iter().filter(|b| **b != b' ') {
            match b {
                b'0'..=b'9' if n < 7 => {
                    out[if n < 3 { n } else { n + 1 }] = *b;
                    n += 1;
                }
                b'-' if hyphen.is_none() => hyphen = Some(n),
                _ => return None,
            }
        }
        Some((n, hyphen))
    });
    match found {
        Some((7, None | Some(3))) => Ok(out),
        Some((6, None) | (5, None)) => Err("a spreadsheet may have taken the zeros in front"),
        _ => Err(""),
    }
}

fn wrong(kind: Kind, text: &str, hint: &str) -> Wrong {
    let (code, expected) = match kind {
        Kind::Integer => ("not-an-integer", "a whole number such as 1200 or 1,200"),
        Kind::Money => ("not-yen", "whole yen such as 1200, ¥1,200 or 1,200円"),
        Kind::Number => ("not-a-number", "a decimal number such as 35.681"),
        Kind::Date => ("not-a-date", "a date such as 2026-11-21, 2026年11月21日 or 令和8年11月21日"),
        Kind::Bool => ("not-yes-or-no", "yes or no, such as true/false, 1/0, はい/いいえ, 可/不可 or ○/×"),
        Kind::Postcode => ("not-a-postcode", "seven digits such as 123-4567"),
        Kind::Text | Kind::List => ("not-text", "text"),
    };
    let mut message = format!("found {}; expected {expected}", describe(text));
    if !hint.is_empty() {
        let _ = write!(message, " ({hint})");
    }
    Wrong { code, message }
}

/// What a text is made of, without giving it away: `4 letters and 2 digits`.
#[must_use]
pub fn describe(text: &str) -> String {
    let mut counts = [(0u32, "digit"), (0, "letter"), (0, "Japanese character"), (0, "sign"), (0, "blank")];
    for c in text.chars() {
        let class = match c {
            '0'..='9' | '０'..='９' => 0,
            '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' => 2,
            '々' | '〆' => 2,
            c if c.is_alphabetic() => 1,
            c if c.is_whitespace() => 4,
            _ => 3,
        };
        counts[class].0 += 1;
    }
    let mut out = String::new();
    let mut left = counts.iter().filter(|(n, _)| *n > 0).count();
    for (n, word) in counts.iter().filter(|(n, _)| *n > 0) {
        left -= 1;
        let _ = write!(out, "{n} {word}{}", if *n == 1 { "" } else { "s" });
        out.push_str(match left {
            0 => "",
            1 => " and ",
            _ => ", ",
        });
    }
    if out.is_empty() {
        out.push_str("nothing");
    }
    out
}

/// Signs outside ASCII that mean something get a control byte, so that what follows reads single bytes.
mod token {
    pub const YEN: u8 = 1;
    pub const MINUS_TRIANGLE: u8 = 2;
    pub const YEAR: u8 = 3;
    pub const MONTH: u8 = 4;
    pub const DAY: u8 = 5;
    pub const POST: u8 = 6;
    pub const FIRST: u8 = 7;
    pub const YEN_WORD: u8 = 8;
    pub const LAST: u8 = 8;
}

/// Longest text that is a number or a date, in characters.
const LONGEST: usize = 48;

/// Calls `read` with the text in single bytes: ASCII as it is, full-width forms as ASCII, signs as tokens.
/// `None` if the text has any other character or is too long.
fn narrow<T>(text: &str, read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
    if text.is_ascii() {
        let bytes = text.as_bytes();
        return if bytes.iter().any(|b| (1..=token::LAST).contains(b)) { None } else { read(bytes) };
    }
    let mut buffer = [0u8; LONGEST];
    let mut n = 0;
    for c in text.chars() {
        let b = match c {
            '\u{9}'..='\u{7E}' => c as u8,
            '０'..='９' => (c as u32 - '０' as u32) as u8 + b'0',
            '－' | '−' | '‐' | '‑' | '–' | '—' | '―' | 'ー' | 'ｰ' => b'-',
            '．' => b'.',
            '，' => b',',
            '／' => b'/',
            '：' => b':',
            '（' => b'(',
            '）' => b')',
            '＋' => b'+',
            '\u{3000}' => b' ',
            '¥' | '￥' => token::YEN,
            '円' => token::YEN_WORD,
            '△' | '▲' => token::MINUS_TRIANGLE,
            '年' => token::YEAR,
            '月' => token::MONTH,
            '日' => token::DAY,
            '〒' => token::POST,
            '元' => token::FIRST,
            _ => return None,
        };
        *buffer.get_mut(n)? = b;
        n += 1;
    }
    read(&buffer[..n])
}

/// A date without its weekday and with its time in digits: `2026年11月21日(土) 午前10時20分` as `2026年11月21日 10:20`.
/// `None` where there is nothing of the kind.
fn plainer(text: &str) -> Option<String> {
    if text.len() > LONGEST * 3 || !text.contains(['(', '（', '時', '午', '[', 'M', 'm']) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = match c {
            '(' | '（' => {
                let (inside, behind) = after.split_once([')', '）'])?;
                let day = inside.trim_end_matches("曜日").trim_end_matches('曜');
                let known = ["日", "月", "火", "水", "木", "金", "土", "祝", "土祝", "日祝"].contains(&day)
                    || ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].iter().any(|d| day.eq_ignore_ascii_case(d));
                if !known {
                    return None;
                }
                // A blank, so that a time right behind it is one.
                out.push(' ');
                trim(behind)
            }
            '午' => after.strip_prefix(['前', '後'])?,
            '時' => {
                out.push(':');
                if trim(after).is_empty() {
                    out.push_str("00");
                }
                after
            }
            '分' => {
                if !trim(after).is_empty() {
                    out.push(':');
                }
                after
            }
            '秒' => after,
            'A' | 'P' | 'a' | 'p' if after.starts_with(['M', 'm']) && out.contains(':') => {
                out.truncate(out.trim_end().len());
                after.get(1..).unwrap_or_default()
            }
            _ => {
                out.push(c);
                after
            }
        };
    }
    Some(trim(&out).to_owned())
}

/// A whole number: sign, digits, grouping commas every three digits, `.00`. As money also with a yen sign in
/// front (in CP932 the backslash is one) or behind.
fn integer(text: &[u8], money: bool) -> Option<i64> {
    let (mut negative, mut signed, mut yen, mut rest) = (false, false, false, text);
    // Accountants write what is below zero in parentheses.
    if let Some(inside) = rest.strip_prefix(b"(").and_then(|t| t.strip_suffix(b")")) {
        (negative, signed, rest) = (true, true, inside.trim_ascii());
    }
    // Sign and yen stand in front in either order: -¥100, ¥-100.
    while let Some((first, behind)) = rest.split_first() {
        match first {
            b'-' | &token::MINUS_TRIANGLE if !signed => (negative, signed) = (true, true),
            b'+' if !signed => signed = true,
            b'\\' | &token::YEN if money && !yen => yen = true,
            b' ' if signed || yen => {}
            _ => break,
        }
        rest = behind;
    }
    if money && !yen {
        rest = rest.strip_suffix(&[token::YEN_WORD]).unwrap_or(rest).trim_ascii_end();
    }
    let (whole, fraction) = match rest.iter().position(|b| *b == b'.') {
        Some(i) => (&rest[..i], &rest[i + 1..]),
        None => (rest, &b"0"[..]),
    };
    if fraction.is_empty() || fraction.iter().any(|b| *b != b'0') {
        return None;
    }
    let value = grouped(whole, |value: i64, digit| value.checked_mul(10)?.checked_add(i64::from(digit)))?;
    Some(if negative { -value } else { value })
}

/// Folds digits; commas are allowed only before each three last digits.
fn grouped(text: &[u8], mut push: impl FnMut(i64, u8) -> Option<i64>) -> Option<i64> {
    let mut value = 0;
    // Digits since the last comma; `groups` once there was one.
    let (mut run, mut groups) = (0, false);
    for b in text {
        match b {
            b'0'..=b'9' => {
                value = push(value, b - b'0')?;
                run += 1;
            }
            b',' if (groups && run == 3) || (!groups && (1..=3).contains(&run)) => (run, groups) = (0, true),
            _ => return None,
        }
    }
    ((groups && run == 3) || (!groups && run > 0)).then_some(value)
}

fn number(text: &[u8]) -> Option<f64> {
    let valid = text.iter().all(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
    if !valid || !text.iter().any(u8::is_ascii_digit) {
        // A grouped number, such as 1,234.5.
        let dot = text.iter().position(|b| *b == b'.').unwrap_or(text.len());
        let digits = text[..dot].strip_prefix(b"-").unwrap_or(&text[..dot]);
        grouped(digits, |_, _| Some(0))?;
        let mut plain = [0u8; LONGEST];
        let mut n = 0;
        for b in text.iter().filter(|b| **b != b',') {
            *plain.get_mut(n)? = *b;
            n += 1;
        }
        let ok = plain[..n].iter().all(|b| matches!(b, b'0'..=b'9' | b'-' | b'.'));
        return if ok { finite(&plain[..n]) } else { None };
    }
    finite(text)
}

fn finite(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.parse::<f64>().ok().filter(|n| n.is_finite())
}

fn boolean(text: &str) -> Option<bool> {
    const YES: [&str; 30] = [
        "1",
        "true",
        "yes",
        "y",
        "t",
        "on",
        "ok",
        "１",
        "はい",
        "可",
        "○",
        "〇",
        "◯",
        "◎",
        "✓",
        "✔",
        "レ",
        "有",
        "有り",
        "有る",
        "あり",
        "要",
        "する",
        "同意",
        "同意する",
        "承諾",
        "許可",
        "希望",
        "希望する",
        "済",
    ];
    const NO: [&str; 29] = [
        "0",
        "false",
        "no",
        "n",
        "f",
        "off",
        "ng",
        "０",
        "いいえ",
        "不可",
        "×",
        "✕",
        "╳",
        "✗",
        "無",
        "無し",
        "なし",
        "不要",
        "しない",
        "不同意",
        "非同意",
        "同意しない",
        "拒否",
        "不許可",
        "希望しない",
        "未",
        "未同意",
        "承諾しない",
        "否",
    ];
    let is = |words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(text));
    if is(&YES) {
        Some(true)
    } else if is(&NO) {
        Some(false)
    } else {
        None
    }
}

/// An era of the Japanese calendar: its names, the Gregorian year before its first, its first and last day.
struct Era {
    names: [&'static str; 4],
    before: i16,
    first: Date,
    last: Date,
    hint: &'static str,
}

/// Meiji begins with its sixth year: until 2 December of 明治5年 the calendar was lunar (太政官布告第337号), and a day
/// of it is not the same day of the Gregorian calendar.
const ERAS: [Era; 5] = [
    Era {
        names: ["令和", "㋿", "R", "r"],
        before: 2018,
        first: jiff::civil::date(2019, 5, 1),
        last: jiff::civil::date(9999, 12, 31),
        hint: "令和 began on 2019-05-01",
    },
    Era {
        names: ["平成", "㍻", "H", "h"],
        before: 1988,
        first: jiff::civil::date(1989, 1, 8),
        last: jiff::civil::date(2019, 4, 30),
        hint: "平成 was 1989-01-08 to 2019-04-30",
    },
    Era {
        names: ["昭和", "㍼", "S", "s"],
        before: 1925,
        first: jiff::civil::date(1926, 12, 25),
        last: jiff::civil::date(1989, 1, 7),
        hint: "昭和 was 1926-12-25 to 1989-01-07",
    },
    Era {
        names: ["大正", "㍽", "T", "t"],
        before: 1911,
        first: jiff::civil::date(1912, 7, 30),
        last: jiff::civil::date(1926, 12, 25),
        hint: "大正 was 1912-07-30 to 1926-12-25",
    },
    Era {
        names: ["明治", "㍾", "M", "m"],
        before: 1867,
        first: jiff::civil::date(1873, 1, 1),
        last: jiff::civil::date(1912, 7, 30),
        hint: "明治 is read from 1873-01-01, when the calendar became the present one, to 1912-07-30",
    },
];

/// A day; a time of day behind it is passed over. `Err` is a hint, which may be empty.
fn date(text: &str) -> Result<Date, &'static str> {
    for era in &ERAS {
        let Some(rest) = era.names.iter().find_map(|name| text.strip_prefix(name)) else { continue };
        let (year, month, day) = narrow(trim(rest), |t| year_month_day(t, 2)).ok_or("")?;
        let date = Date::new(era.before.checked_add(year).ok_or("")?, month, day).map_err(|_| NO_SUCH_DAY)?;
        return if (era.first..=era.last).contains(&date) { Ok(date) } else { Err(era.hint) };
    }
    let (year, month, day) = narrow(text, |t| year_month_day(t, 4)).ok_or_else(|| {
        let digits = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit());
        if digits { "five digits may be a spreadsheet's count of days" } else { "" }
    })?;
    Date::new(year, month, day).map_err(|_| NO_SUCH_DAY)
}

const NO_SUCH_DAY: &str = "there is no such day";

/// `digits` is the most that a year has: 4 exactly, or 1 to 2 in an era.
fn year_month_day(text: &[u8], digits: usize) -> Option<(i16, i8, i8)> {
    let (year, n, rest) = leading(text)?;
    // 20261121 or, with its time, 20261121102030
    if digits == 4 && n == 8 {
        let time = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let rest = if matches!(time, 4 | 6) { rest.get(time..).unwrap_or_default() } else { rest };
        let rest_ok = is_time(rest);
        return rest_ok.then_some(((year / 10_000) as i16, (year / 100 % 100) as i8, (year % 100) as i8));
    }
    if (digits == 4 && n != 4) || n > digits || year == 0 {
        return None;
    }
    let (mark, rest) = rest.split_first()?;
    let (month, m, rest) = leading(rest.trim_ascii_start())?;
    let (second, rest) = rest.split_first()?;
    let (day, d, rest) = leading(rest.trim_ascii_start())?;
    if m > 2 || d > 2 {
        return None;
    }
    let rest = match (mark, second) {
        (b'-' | b'/' | b'.', again) if again == mark => rest,
        (&token::YEAR, &token::MONTH) => {
            let rest = rest.strip_prefix(&[token::DAY])?;
            // 2026年11月21日10:20
            if rest.first().is_some_and(u8::is_ascii_digit) {
                return is_clock(rest).then_some((year as i16, month as i8, day as i8));
            }
            rest
        }
        _ => return None,
    };
    is_time(rest).then_some((year as i16, month as i8, day as i8))
}

/// Leading digits (at most eight): value, count, what follows. 元 is the first year.
fn leading(text: &[u8]) -> Option<(u32, usize, &[u8])> {
    if let Some(rest) = text.strip_prefix(&[token::FIRST]) {
        return Some((1, 1, rest));
    }
    let n = text.iter().take(8).take_while(|b| b.is_ascii_digit()).count();
    if n == 0 {
        return None;
    }
    Some((text[..n].iter().fold(0, |v, b| v * 10 + u32::from(b - b'0')), n, &text[n..]))
}

/// Nothing, or a time of day as exports write it: ` 10:20`, `T10:20:30.5+09:00`, ` 10:20:30 +0900`.
fn is_time(text: &[u8]) -> bool {
    match text.split_first() {
        None => true,
        Some((b' ' | b'T', rest)) => is_clock(rest.trim_ascii_start()),
        Some(_) => false,
    }
}

fn is_clock(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_digit)
        && text.contains(&b':')
        && text.iter().all(|b| matches!(b, b'0'..=b'9' | b':' | b'.' | b'+' | b'-' | b'Z' | b' '))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Option<String> {
        match parse(Kind::Date, text) {
            Ok(Typed::Date(d)) => Some(d.to_string()),
            _ => None,
        }
    }

    #[test]
    fn times_and_weekdays_are_passed_over() {
        for text in [
            "2026-11-21 10:00:00 +0900",
            "2026-11-21T10:00:00.5+09:00",
            "20261121103000",
            "202611211030",
            "2026年11月21日10:20",
            "2026年11月21日(土)",
            "2026年11月21日（土曜日） 午前10時20分",
            "2026/11/21(土)10:20",
            "2026/11/21 10:20 AM",
            "令和8年11月21日（土）",
            "R8.11.21(土) 10時",
        ] {
            assert_eq!(day(text).as_deref(), Some("2026-11-21"), "{text}");
        }
        for text in ["2026-11-21 朝", "2026/11/21(仮)", "2026年11月", "2026112110", "11/21/2026", "2026/11/21 )"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn money_below_zero_and_words_of_consent() {
        for (text, yen) in
            [("(1,200)", -1200), ("（１，２００）", -1200), ("▲300円", -300), ("¥-5", -5), ("(¥80)", -80)]
        {
            assert_eq!(parse(Kind::Money, text), Ok(Typed::Integer(yen)), "{text}");
        }
        for text in ["(-5)", "(5", "5)", "()"] {
            assert!(parse(Kind::Money, text).is_err(), "{text}");
        }
        for (text, yes) in
            [("同意する", true), ("有", true), ("✔", true), ("同意しない", false), ("拒否", false), ("NG", false)]
        {
            assert_eq!(parse(Kind::Bool, text), Ok(Typed::Bool(yes)), "{text}");
        }
        assert_eq!(postcode("'0010010").map(|p| p.to_vec()), Ok(b"001-0010".to_vec()));
    }

    #[test]
    fn dates_in_all_their_spellings() {
        for text in [
            "2026-11-21",
            "2026/11/21",
            "2026.11.21",
            "20261121",
            "2026年11月21日",
            "２０２６年１１月２１日",
            "２０２６／１１／２１",
            "令和8年11月21日",
            "令和　８年１１月２１日",
            "㋿8年11月21日",
            "R8.11.21",
            "R08/11/21",
            " 2026-11-21 ",
            "　2026-11-21",
            "2026-11-21 10:22:33",
            "2026/11/21 1:02",
            "2026-11-21T10:22:33+09:00",
        ] {
            assert_eq!(day(text).as_deref(), Some("2026-11-21"), "{text}");
        }
        assert_eq!(day("2026/1/2").as_deref(), Some("2026-01-02"));
        assert_eq!(day("明治45年7月30日").as_deref(), Some("1912-07-30"));
        assert_eq!(day("大正元年7月30日").as_deref(), Some("1912-07-30"));
        assert_eq!(day("昭和64年1月7日").as_deref(), Some("1989-01-07"));
        assert_eq!(day("S39.10.10").as_deref(), Some("1964-10-10"));
        assert_eq!(day("平成元年1月8日").as_deref(), Some("1989-01-08"));
        assert_eq!(day("令和元年5月1日").as_deref(), Some("2019-05-01"));
        for text in [
            "2026-02-30",
            "2026-13-01",
            "21/11/2026",
            "11/21/26",
            "45982",
            "平成31年5月1日",
            "昭和64年1月8日",
            "明治5年1月1日",
            "令和0年1月1日",
            "2026-11/21",
            "2026年11月21",
            "2026-11-21x",
            "2026-11-21 10h",
            "2026-1123456789-1",
            "99999999999",
            "令和99999年1月1日",
            "年月日",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_and_yen() {
        let int = |kind, text| match parse(kind, text) {
            Ok(Typed::Integer(i)) => Some(i),
            _ => None,
        };
        for (text, value) in [
            ("1,234,567", 1_234_567),
            ("１２３４", 1234),
            ("-5", -5),
            ("－５", -5),
            ("+7", 7),
            ("0012", 12),
            ("3.00", 3),
        ] {
            assert_eq!(int(Kind::Integer, text), Some(value), "{text}");
            assert_eq!(int(Kind::Money, text), Some(value), "{text}");
        }
        for (text, value) in [
            ("¥1,200", 1200),
            ("￥１，２００", 1200),
            ("\\1,200", 1200),
            ("1,200円", 1200),
            ("1200 円", 1200),
            ("-¥300", -300),
            ("¥-300", -300),
            ("△300", -300),
            ("▲1,000円", -1000),
        ] {
            assert_eq!(int(Kind::Money, text), Some(value), "{text}");
            assert_eq!(int(Kind::Integer, text).is_some(), text == "△300", "{text}");
        }
        for text in
            ["1,23", "12,34,567", ",123", "1,", "1.5", "1.", "--1", "", "¥", "12a", "9223372036854775808", "1 2"]
        {
            assert_eq!(int(Kind::Money, text), None, "{text}");
        }
        let number = |text| match parse(Kind::Number, text) {
            Ok(Typed::Number(n)) => Some(n),
            _ => None,
        };
        assert_eq!(number("35.681236"), Some(35.681_236));
        assert_eq!(number("－１３９．５"), Some(-139.5));
        assert_eq!(number("1,234.5"), Some(1234.5));
        assert_eq!(number("1e3"), Some(1000.0));
        for text in ["nan", "inf", "1e999", "1,5", "35.6.8", "e", "-", "."] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn postcodes_keep_their_zeros_and_lost_zeros_are_guessed_at_only_in_words() {
        for text in ["0600001", "060-0001", "〒060-0001", "０６０－０００１", "〒 060 0001", "060ー0001"] {
            assert_eq!(postcode(text).as_ref().map(|p| &p[..]), Ok(&b"060-0001"[..]), "{text}");
        }
        for text in ["60-0001", "0600-001", "06000011", "060-000a", "-0600001", ""] {
            assert!(postcode(text).is_err(), "{text}");
        }
        let wrong = parse(Kind::Postcode, "600001").unwrap_err();
        assert_eq!(wrong.code, "not-a-postcode");
        assert_eq!(
            wrong.message,
            "found 6 digits; expected seven digits such as 123-4567 (a spreadsheet may have taken the zeros in front)"
        );
    }

    #[test]
    fn yes_and_no() {
        for text in ["TRUE", "1", "はい", "可", "○", "Yes"] {
            assert_eq!(parse(Kind::Bool, text), Ok(Typed::Bool(true)), "{text}");
        }
        for text in ["False", "0", "いいえ", "不可", "×", "no"] {
            assert_eq!(parse(Kind::Bool, text), Ok(Typed::Bool(false)), "{text}");
        }
        assert_eq!(parse(Kind::Bool, " 　"), Ok(Typed::Missing));
        assert_eq!(parse(Kind::Bool, "多分").unwrap_err().code, "not-yes-or-no");
    }

    #[test]
    fn a_text_is_described_without_being_told() {
        assert_eq!(describe("山田2a-1"), "2 digits, 1 letter, 2 Japanese characters and 1 sign");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            for kind in [Kind::Text, Kind::Integer, Kind::Money, Kind::Number, Kind::Date, Kind::Bool, Kind::Postcode] {
                let _ = parse(kind, &text);
            }
        }

        #[test]
        fn every_day_is_read_back(year in 1873i16..2100, month in 1i8..=12, day in 1i8..=28) {
            let date = Date::new(year, month, day).expect("these all exist");
            let text = format!("{year}年{month}月{day}日");
            prop_assert_eq!(parse(Kind::Date, &text), Ok(Typed::Date(date)));
            let era = ERAS.iter().find(|e| e.first <= date).expect("from 1873");
            let text = format!("{}{}年{month}月{day}日", era.names[0], year - era.before);
            prop_assert_eq!(parse(Kind::Date, &text), Ok(Typed::Date(date)));
        }
    }
}
