//! When two spellings of a name or an address are the same: widths, case, and blanks do not count, nor do the
//! forms of a kanji that old registers know beside the usual one (髙 and 高).
//!
//! This is for finding people who must not be written to, where a form too many does less harm than one too few; nothing
//! that is printed goes through it.

/// Forms of kanji in names that official lists give beside the usual one (the Ministry of Justice's table of contracted
/// forms for names, JIS X 0213 annex 6): only pairs that are one name to the post.
const FORMS: [(char, char); 27] = [
    ('髙', '高'),
    ('﨑', '崎'),
    ('嵜', '崎'),
    ('碕', '崎'),
    ('齋', '斎'),
    ('斉', '斎'),
    ('齊', '斎'),
    ('邊', '辺'),
    ('邉', '辺'),
    ('澤', '沢'),
    ('濱', '浜'),
    ('濵', '浜'),
    ('櫻', '桜'),
    ('廣', '広'),
    ('國', '国'),
    ('嶋', '島'),
    ('嶌', '島'),
    ('德', '徳'),
    ('惠', '恵'),
    ('榮', '栄'),
    ('眞', '真'),
    ('龍', '竜'),
    ('瀧', '滝'),
    ('槇', '槙'),
    ('薗', '園'),
    ('𠮷', '吉'),
    ('黑', '黒'),
];

/// Adds `text` to `out` in the form in which spellings are compared.
pub(super) fn fold(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() => {}
            // Selectors of a form.
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {}
            // Hyphens, dashes and long marks of all widths are one sign: people type one for another.
            '-' | '‐'..='―' | '−' | '－' | 'ー' | 'ｰ' | '﹣' | '﹘' => out.push('-'),
            // Full-width ASCII.
            '！'..='～' => {
                let plain = char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c);
                out.extend(plain.to_lowercase());
            }
            // Voiced marks join the kana before them.
            'ﾞ' | '\u{3099}' | '゛' | 'ﾟ' | '\u{309A}' | '゜' => {
                let step = if matches!(c, 'ﾞ' | '\u{3099}' | '゛') { 1 } else { 2 };
                if let Some(before) = out.pop() {
                    out.push(join(before, step).unwrap_or(before));
                }
            }
            c => {
                let c = half(c).unwrap_or(c);
                // Hiragana and katakana are one.
                let c = if ('ぁ'..='ゖ').contains(&c) { char::from_u32(u32::from(c) + 0x60).unwrap_or(c) } else { c };
                let c = FORMS.iter().find(|f| f.0 == c).map_or(c, |f| f.1);
                out.extend(c.to_lowercase());
            }
        }
    }
}

/// Half-width katakana to full width (JIS X 0201).
fn half(c: char) -> Option<char> {
    const FULL: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
    let at = u32::from(c).checked_sub(0xFF66)?;
    FULL.chars().nth(usize::try_from(at).ok()?)
}

/// A katakana with its voiced (1) or half-voiced (2) mark.
fn join(c: char, step: u32) -> Option<char> {
    let takes = match step {
        1 => "カキクケコサシスセソタチツテトハヒフヘホ".contains(c),
        _ => "ハヒフヘホ".contains(c),
    };
    match c {
        'ウ' if step == 1 => Some('ヴ'),
        _ if takes => char::from_u32(u32::from(c) + step),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        fold(text, &mut out);
        out
    }

    #[test]
    fn spellings_of_one_name_are_one() {
        for (a, b) in [
            ("山田 花子", "山田　花子"),
            ("髙橋 進", "高橋進"),
            ("ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダハナコ"),
            ("やまだ はなこ", "ﾔﾏﾀﾞﾊﾅｺ"),
            ("Ｓｍｉｔｈ Ｊｏｈｎ", "SMITH john"),
            ("渡邉 一", "渡辺一"),
            ("１－２－３", "1-2-3"),
            ("葛\u{E0100}城", "葛城"),
        ] {
            assert_eq!(folded(a), folded(b), "{a} and {b}");
        }
        assert_ne!(folded("山田花子"), folded("山田花"));
        assert_ne!(folded("ハナ"), folded("バナ"));
        assert_ne!(folded("1-23"), folded("12-3"));
        assert_eq!(folded("ﾊﾟﾋﾟ"), "パピ");
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC*") {
            let once = folded(&text);
            proptest::prop_assert_eq!(folded(&once), once);
        }
    }
}
