//! Dates, numbers and characters as Japanese print writes them.

use jiff::civil::{Date, Weekday};

use crate::base::widths;

/// First day of each era, the newest first.
const ERAS: &[(&str, i16, i8, i8)] =
    &[("令和", 2019, 5, 1), ("平成", 1989, 1, 8), ("昭和", 1926, 12, 25), ("大正", 1912, 7, 30), ("明治", 1873, 1, 1)];

/// 令和8年12月31日; the first year of an era is 元年. Before 1873, when Japan took the Gregorian calendar, the
/// western year stays.
#[must_use]
pub fn era_date(d: Date) -> String {
    let (month, day) = (d.month(), d.day());
    match ERAS.iter().find(|(_, y, m, dd)| (d.year(), month, day) >= (*y, *m, *dd)) {
        // Meiji counts from 1868
        Some((era, y, ..)) => match d.year() - if *era == "明治" { 1868 } else { *y } + 1 {
            1 => format!("{era}元年{month}月{day}日"),
            n => format!("{era}{n}年{month}月{day}日"),
        },
        None => format!("{}年{month}月{day}日", d.year()),
    }
}

/// 月 to 日.
#[must_use]
pub fn weekday(d: Date) -> &'static str {
    match d.weekday() {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// 千九百八十; None beyond 9999兆.
#[must_use]
pub fn kanji_number(n: u64) -> Option<String> {
    if n == 0 {
        return Some("〇".to_owned());
    }
    if n >= 10_u64.pow(16) {
        return None;
    }
    let mut out = String::new();
    for (power, myriad) in [(3, "兆"), (2, "億"), (1, "万"), (0, "")] {
        let four = n / 10_000_u64.pow(power) % 10_000;
        if four == 0 {
            continue;
        }
        for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = four / unit % 10;
            // 一 is not said before 十, 百 and 千, but it is before 千万 and above
            let silent = digit == 1 && unit > 1 && !(unit == 1000 && power > 0);
            if digit > 0 {
                if !silent {
                    out.push(DIGITS[digit as usize]);
                }
                out.push_str(name);
            }
        }
        out.push_str(myriad);
    }
    Some(out)
}

/// Each digit of a text, ASCII or full width, as kanji: for addresses in vertical lines.
#[must_use]
pub fn kanji_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => DIGITS[c as usize - '0' as usize],
            '０'..='９' => DIGITS[c as usize - '０' as usize],
            _ => c,
        })
        .collect()
}

/// ASCII as the full-width forms U+FF01 to U+FF5E; the blank as U+3000.
#[must_use]
pub fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ' ' => '\u{3000}',
            '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Full-width forms as ASCII.
#[must_use]
pub fn half_width(text: &str) -> String {
    text.chars().map(widths::half_width).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn eras_begin_on_their_first_day() {
        for (d, expected) in [
            (date(2019, 5, 1), "令和元年5月1日"),
            (date(2019, 4, 30), "平成31年4月30日"),
            (date(1989, 1, 8), "平成元年1月8日"),
            (date(1989, 1, 7), "昭和64年1月7日"),
            (date(1926, 12, 25), "昭和元年12月25日"),
            (date(1912, 7, 30), "大正元年7月30日"),
            (date(1873, 1, 1), "明治6年1月1日"),
            (date(1872, 12, 31), "1872年12月31日"),
        ] {
            assert_eq!(era_date(d), expected);
        }
    }

    #[test]
    fn numbers_are_said_as_they_are_written() {
        for (n, expected) in [
            (10, "十"),
            (11, "十一"),
            (100, "百"),
            (1000, "千"),
            (2026, "二千二十六"),
            (10_000, "一万"),
            (10_000_000, "一千万"),
            (100_000_000, "一億"),
            (12_345_678, "一千二百三十四万五千六百七十八"),
        ] {
            assert_eq!(kanji_number(n).unwrap(), expected);
        }
        assert_eq!(kanji_number(10_u64.pow(16)), None);
    }
}
