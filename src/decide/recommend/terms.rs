//! The terms of a text by which products are compared: words where words are parted by blanks, pairs of
//! neighbouring characters where they are not (Japanese, Chinese).
//!
//! Letters are taken small, full-width letters and digits as the common ones, half-width katakana as they are.
//! Everything else (blanks, punctuation, brackets) parts.

/// Calls `each` for every term of the text, in its order.
pub fn of_text(text: &str, mut each: impl FnMut(&str)) {
    let mut word = String::new();
    let mut last: Option<char> = None;
    let mut pair = String::new();
    let mut alone = false;
    for c in text.chars().map(plain).chain([' ']) {
        let kind = Kind::of(c);
        if kind != Kind::Word && !word.is_empty() {
            each(&word);
            word.clear();
        }
        if kind != Kind::Dense {
            // A single character between others is a term by itself.
            if let Some(c) = last.take().filter(|_| alone) {
                pair.clear();
                pair.push(c);
                each(&pair);
            }
        }
        match kind {
            Kind::Word => word.extend(c.to_lowercase()),
            Kind::Dense => {
                if let Some(before) = last {
                    pair.clear();
                    pair.extend([before, c]);
                    each(&pair);
                    alone = false;
                } else {
                    alone = true;
                }
                last = Some(c);
            }
            Kind::Other => {}
        }
    }
}

/// Calls `each` for every value of a cell that may hold several, parted by `|`, `;`, `,`, `、` or `/`.
pub fn of_values(text: &str, mut each: impl FnMut(&str)) {
    for value in text.split(['|', ';', ',', '、', '，', '/']).map(str::trim).filter(|v| !v.is_empty()) {
        each(value);
    }
}

/// The band of a number: 1, 1.5, 2, 3, 4, 6, 8, 12, … are where bands begin; `None` for what is not positive.
#[must_use]
pub fn band(n: f64) -> Option<u32> {
    if !(n >= 1.0 && n.is_finite()) {
        return None;
    }
    let (mut band, mut from) = (0, 1.0f64);
    while n >= from * 2.0 {
        from *= 2.0;
        band += 2;
    }
    Some(band + u32::from(n >= from * 1.5))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Dense,
    Other,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            // CJK and kana, with the marks that lengthen and repeat.
            '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{3096}'
            | '\u{309D}'..='\u{309F}'
            | '\u{30A1}'..='\u{30FA}'
            | '\u{30FC}'..='\u{30FF}'
            | '\u{31F0}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF66}'..='\u{FF9F}'
            | '\u{20000}'..='\u{3FFFF}' => Self::Dense,
            c if c.is_alphanumeric() => Self::Word,
            _ => Self::Other,
        }
    }
}

/// Full-width letters and digits as the common ones.
fn plain(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        of_text(text, |t| out.push(t.to_owned()));
        out
    }

    #[test]
    fn words_stay_whole_and_japanese_comes_in_pairs() {
        assert_eq!(terms("Green Tea 80g"), ["green", "tea", "80g"]);
        assert_eq!(terms("深蒸し茶「まるみ」１００ｇ"), ["深蒸", "蒸し", "し茶", "まる", "るみ", "100g"]);
        assert_eq!(terms("茶"), ["茶"]);
        assert_eq!(terms("茶 set 器"), ["茶", "set", "器"]);
        assert_eq!(terms("コーヒー"), ["コー", "ーヒ", "ヒー"]);
        assert_eq!(terms(" 、。"), [""; 0]);
    }

    #[test]
    fn values_are_parted() {
        let mut out = Vec::new();
        of_values("贈りもの、定番| x ;", |v| out.push(v.to_owned()));
        assert_eq!(out, ["贈りもの", "定番", "x"]);
    }

    #[test]
    fn numbers_of_like_size_share_a_band() {
        assert_eq!(band(980.0), band(800.0));
        assert_eq!(band(1480.0), band(1100.0));
        assert_ne!(band(980.0), band(1480.0));
        assert_ne!(band(1600.0), band(1480.0));
        assert_eq!([1.0, 1.5, 2.0, 3.0, 4.0].map(band), [0, 1, 2, 3, 4].map(Some));
        assert_eq!([0.0, -5.0, f64::NAN, f64::INFINITY].map(band), [None; 4]);
    }
}
