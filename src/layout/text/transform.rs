//! `text-transform` (CSS Text 4, section 2.1), with the rules of the languages whose letters differ.

use crate::markup::style::{LetterCase, TextTransform};

/// A language with rules of its own for capital and small letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Language {
    #[default]
    Other,
    /// Turkish and Azeri: i has a dot as a capital too.
    Dotted,
    /// Greek: capitals have no accents.
    Greek,
    /// Dutch: ij is one letter.
    Dutch,
}

impl Language {
    fn of(lang: &str) -> Self {
        let first = lang.split('-').next().unwrap_or_default();
        match () {
            () if first.eq_ignore_ascii_case("tr") || first.eq_ignore_ascii_case("az") => Self::Dotted,
            () if first.eq_ignore_ascii_case("el") => Self::Greek,
            () if first.eq_ignore_ascii_case("nl") => Self::Dutch,
            () => Self::Other,
        }
    }
}

/// What must be remembered from character to character.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Transform {
    in_word: bool,
    /// The last character was a capital Σ inside a word, now small: at its end it is written ς.
    sigma: bool,
    /// The last character began a Dutch word with I.
    dutch: bool,
    language: Language,
}

/// Full-width forms of U+FF61..=U+FF9F, in order.
const KATAKANA: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

/// Small kana, and the same in full size (CSS Text 4, appendix G).
const SMALL: &str = "ぁぃぅぇぉゕゖっゃゅょゎァィゥェォヵヶッャュョヮㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯ";
const FULL: &str = "あいうえおかけつやゆよわアイウエオカケツヤユヨワクシストヌハヒフヘホムラリルレロｱｲｳｴｵﾔﾕﾖﾂ";

impl Transform {
    /// Before a text of this language.
    pub(super) fn speaks(&mut self, lang: &str) {
        self.language = Language::of(lang);
    }

    pub(super) fn word_ends(&mut self, out: &mut String) {
        self.in_word = false;
        self.close(out);
    }

    /// A word ended: a σ at its end is written ς.
    fn close(&mut self, out: &mut String) {
        // The space behind it may be there already.
        let end = out.trim_end_matches([' ', '\n', '\t', '\u{3000}']).len();
        if std::mem::take(&mut self.sigma) && out.get(..end).is_some_and(|word| word.ends_with('σ')) {
            out.replace_range(end - 'σ'.len_utf8()..end, "ς");
        }
    }

    pub(super) fn push(&mut self, c: char, how: TextTransform, out: &mut String) {
        if self.sigma && c.is_alphabetic() {
            self.sigma = false;
        } else {
            self.close(out);
        }
        let start = out.len();
        match how.case {
            LetterCase::None => out.push(c),
            LetterCase::Uppercase => self.upper(c, out),
            LetterCase::Lowercase => self.lower(c, out),
            LetterCase::Capitalize => self.capital(c, out),
        }
        self.in_word = c.is_alphanumeric() || (self.in_word && (matches!(c, '\'' | '\u{2019}') || is_mark(c)));
        if how.full_size_kana || how.full_width {
            let cased = out.split_off(start);
            for c in cased.chars() {
                let full = SMALL.chars().position(|s| s == c).filter(|_| how.full_size_kana);
                let c = full.and_then(|i| FULL.chars().nth(i)).unwrap_or(c);
                if how.full_width {
                    full_width(c, out);
                } else {
                    out.push(c);
                }
            }
        }
    }

    fn upper(&self, c: char, out: &mut String) {
        match (self.language, c) {
            (Language::Dotted, 'i') => out.push('İ'),
            (Language::Greek, _) => match c {
                'ά' | 'Ά' => out.push('Α'),
                'έ' | 'Έ' => out.push('Ε'),
                'ή' | 'Ή' => out.push('Η'),
                'ί' | 'Ί' => out.push('Ι'),
                'ό' | 'Ό' => out.push('Ο'),
                'ύ' | 'Ύ' => out.push('Υ'),
                'ώ' | 'Ώ' => out.push('Ω'),
                'ΐ' => out.push('Ϊ'),
                'ΰ' => out.push('Ϋ'),
                '\u{301}' => {}
                _ => out.extend(c.to_uppercase()),
            },
            _ => out.extend(c.to_uppercase()),
        }
    }

    fn lower(&mut self, c: char, out: &mut String) {
        match (self.language, c) {
            (Language::Dotted, 'I') => out.push('ı'),
            (Language::Dotted, 'İ') => out.push('i'),
            (_, 'Σ') => {
                out.push('σ');
                self.sigma = self.in_word;
            }
            _ => out.extend(c.to_lowercase()),
        }
    }

    fn capital(&mut self, c: char, out: &mut String) {
        let dutch = std::mem::take(&mut self.dutch);
        if self.in_word || !c.is_alphabetic() {
            out.push(if dutch && c == 'j' { 'J' } else { c });
            return;
        }
        match c {
            // These have a form of their own at the head of a word.
            'ǆ' | 'Ǆ' => out.push('ǅ'),
            'ǉ' | 'Ǉ' => out.push('ǈ'),
            'ǌ' | 'Ǌ' => out.push('ǋ'),
            'ǳ' | 'Ǳ' => out.push('ǲ'),
            'ß' => out.push_str("Ss"),
            'i' if self.language == Language::Dotted => out.push('İ'),
            _ => out.extend(c.to_uppercase()),
        }
        self.dutch = self.language == Language::Dutch && matches!(c, 'i' | 'I');
    }
}

/// Combining marks do not end a word.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{AD}' | '\u{200D}')
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
