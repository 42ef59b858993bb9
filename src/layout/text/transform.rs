//! `text-transform` (CSS Text 3, section 2.1).

use crate::markup::style::TextTransform;

/// What must be remembered from character to character.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Transform {
    in_word: bool,
}

/// Full-width forms of U+FF61..=U+FF9F, in order.
const KATAKANA: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

impl Transform {
    pub(super) fn word_ends(&mut self) {
        self.in_word = false;
    }

    pub(super) fn push(&mut self, c: char, how: TextTransform, out: &mut String) {
        match how {
            TextTransform::None => out.push(c),
            TextTransform::Uppercase => out.extend(c.to_uppercase()),
            TextTransform::Lowercase => out.extend(c.to_lowercase()),
            TextTransform::Capitalize if !self.in_word && c.is_alphabetic() => out.extend(c.to_uppercase()),
            TextTransform::Capitalize => out.push(c),
            TextTransform::FullWidth => full_width(c, out),
        }
        self.in_word = c.is_alphanumeric() || (self.in_word && matches!(c, '\'' | '\u{2019}'));
    }
}

fn full_width(c: char, out: &mut String) {
    match c {
        ' ' => out.push('\u{3000}'),
        '!'..='~' => out.extend(char::from_u32(c as u32 + 0xFEE0)),
        '¥' => out.push('￥'),
        '\u{FF9E}' | '\u{FF9F}' => {
            // A half-width voicing mark joins the kana before it where there is such a kana.
            let voiced = out.chars().next_back().and_then(|base| voice(base, c == '\u{FF9F}'));
            match voiced {
                Some(kana) => {
                    out.pop();
                    out.push(kana);
                }
                None => out.push(if c == '\u{FF9E}' { '゛' } else { '゜' }),
            }
        }
        '\u{FF61}'..='\u{FF9D}' => out.extend(KATAKANA.chars().nth(c as usize - 0xFF61)),
        _ => out.push(c),
    }
}

fn voice(base: char, half: bool) -> Option<char> {
    let step = match (base, half) {
        ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', true) => 2,
        ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', false) => 1,
        ('カ' | 'キ' | 'ク' | 'ケ' | 'コ' | 'サ' | 'シ' | 'ス' | 'セ' | 'ソ', false) => 1,
        ('タ' | 'チ' | 'ツ' | 'テ' | 'ト', false) => 1,
        ('ウ', false) => return Some('ヴ'),
        _ => return None,
    };
    char::from_u32(base as u32 + step)
}
