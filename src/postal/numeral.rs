//! Kanji numerals of addresses: 十一, 二十一, 一〇三.

/// The value of one kanji digit; not 十 and above.
pub(super) fn digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        _ => return None,
    })
}

/// Whether a kanji numeral can be made of this character.
pub(super) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || unit(c).is_some() || c == '万'
}

/// A run of kanji numerals as decimal digits: 二十一 is 21, 一〇三 is 103 (read digit by digit). `None` for what is
/// no number: 十十, 百千.
pub(super) fn decimal(run: &[char]) -> Option<String> {
    if run.is_empty() {
        return None;
    }
    if run.iter().all(|c| digit(*c).is_some()) {
        return Some(run.iter().filter_map(|c| digit(*c)).filter_map(|d| char::from_digit(d, 10)).collect());
    }
    let mut parts = run.split(|c| *c == '万');
    let (first, second, more) = (parts.next()?, parts.next(), parts.next());
    if more.is_some() {
        return None;
    }
    let value = match second {
        None => below_myriad(first)?,
        Some(rest) => {
            let rest = if rest.is_empty() { 0 } else { below_myriad(rest)? };
            below_myriad(first)? * 10_000 + rest
        }
    };
    Some(value.to_string())
}

/// 九千九百九十九 and below, or digits alone.
fn below_myriad(run: &[char]) -> Option<u64> {
    let (mut sum, mut last, mut pending) = (0, u64::MAX, None);
    for c in run {
        match (digit(*c), unit(*c)) {
            (Some(d), _) if pending.is_none() => pending = Some(u64::from(d)),
            (None, Some(u)) if u < last => {
                sum += pending.take().unwrap_or(1) * u;
                last = u;
            }
            _ => return None,
        }
    }
    if run.is_empty() { None } else { Some(sum + pending.unwrap_or(0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_said_or_spelled() {
        let read = |t: &str| decimal(&t.chars().collect::<Vec<_>>());
        for (text, value) in [
            ("十", "10"),
            ("十一", "11"),
            ("二十一", "21"),
            ("百", "100"),
            ("千二百三", "1203"),
            ("一〇三", "103"),
            ("〇五", "05"),
            ("一万二千", "12000"),
        ] {
            assert_eq!(read(text).as_deref(), Some(value), "{text}");
        }
        for text in ["", "十十", "百千", "万", "二三十", "一万二万三"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
