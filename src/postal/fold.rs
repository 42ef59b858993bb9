//! Texts of addresses made comparable: 霞ヶ関 and 霞が関, 北６条 and 北六条, 龍岡町下條 and 竜岡町下条 are one. Only for finding
//! and comparing: nothing that is folded is ever printed.

use super::numeral::{decimal, is_numeral};
use crate::base::widths::{self, is_hyphen};

/// Full-width ASCII as ASCII, hyphens as `-`, half-width ﾉ and ･ as their full-width selves.
pub(super) fn half_width(c: char) -> char {
    match c {
        '･' => '・',
        'ﾉ' => 'ノ',
        c if is_hyphen(c) => '-',
        c => widths::half_width(c),
    }
}

/// A folded text with the way back.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    pub chars: Vec<char>,
    /// For each character, where in the text the one that it comes from ends.
    pub ends: Vec<usize>,
}

impl Folded {
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }
}

/// Stands between a number in kanji and one in digits that follow one another.
const BETWEEN: char = '\u{1}';

/// Longer texts are no addresses: what is behind this many characters is not looked at.
const LONGEST: usize = 500;

/// Folds a text.
pub(super) fn fold(text: &str) -> Folded {
    let mut out = Folded::default();
    let given: Vec<(usize, char)> = text.char_indices().take(LONGEST).collect();
    let end = |i: usize| given.get(i).map_or(0, |(at, c)| at + c.len_utf8());
    let mut i = 0;
    while let Some((_, c)) = given.get(i).copied() {
        let run = given[i..].iter().take_while(|(_, c)| is_numeral(*c) && !matches!(c, '千' | '万')).count();
        if run > 0 {
            let numerals: Vec<char> = given[i..i + run].iter().map(|(_, c)| *c).collect();
            if let Some(digits) = decimal(&numerals) {
                if out.chars.last().is_some_and(char::is_ascii_digit) {
                    out.push(BETWEEN, end(i));
                }
                digits.chars().for_each(|d| out.push(d, end(i + run - 1)));
                i += run;
                // a blank between 十余二 and 1822 is not seen again
                if given[i..].iter().find_map(|(_, c)| one(*c)).is_some_and(|c| c.is_ascii_digit()) {
                    out.push(BETWEEN, end(i - 1));
                }
                continue;
            }
            numerals.iter().enumerate().for_each(|(n, c)| out.push(*c, end(i + n)));
            i += run;
            continue;
        }
        // half-width kana with a voiced mark are two characters
        if let ('\u{FF66}'..='\u{FF9D}', Some((_, mark @ ('ﾞ' | 'ﾟ')))) = (c, given.get(i + 1).copied())
            && let Some(voiced) = voiced(full_kana(c), mark == 'ﾞ')
        {
            if let Some(c) = one(voiced) {
                out.push(c, end(i + 1));
            }
            i += 2;
            continue;
        }
        let full = if ('\u{FF66}'..='\u{FF9D}').contains(&c) { full_kana(c) } else { c };
        match one(full) {
            // 銀座通り is 銀座通
            Some('リ') if out.chars.last() == Some(&'通') => out.extend_last(end(i)),
            Some(c) => out.push(c, end(i)),
            None => out.extend_last(end(i)),
        }
        i += 1;
    }
    out
}

impl Folded {
    fn push(&mut self, c: char, end: usize) {
        self.chars.push(c);
        self.ends.push(end);
    }
    /// What follows a character and says nothing belongs to it.
    fn extend_last(&mut self, end: usize) {
        if let Some(last) = self.ends.last_mut() {
            *last = end;
        }
    }
}

/// [`fold`] as a text alone.
pub(super) fn folded(text: &str) -> String {
    fold(text).text()
}

/// One character; `None` for those that do not count.
fn one(c: char) -> Option<char> {
    let c = half_width(c).to_ascii_uppercase();
    Some(match c {
        c if c.is_whitespace() || c.is_control() => return None,
        '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}'
        | '\u{200B}'..='\u{200F}'
        | '\u{FEFF}'
        | '、'
        | ','
        | '\'' => {
            return None;
        }
        // ヶ is said が and か, and written ケ
        'ヶ' | 'ヵ' | 'ケ' | 'が' | 'ガ' | 'カ' | 'か' | 'け' | 'ゖ' | 'ゕ' => 'ケ',
        'の' | '之' | '乃' => 'ノ',
        '〜' | '~' | '∼' => '～',
        // hiragana as katakana, small as large
        'ぁ'..='ゖ' => large(char::from_u32(u32::from(c) + 0x60).unwrap_or(c)),
        'ァ'..='ヺ' => large(c),
        'ヽ' | 'ゝ' => '々',
        c => modern(c),
    })
}

fn large(c: char) -> char {
    match c {
        'ァ' => 'ア',
        'ィ' | 'ヰ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' | 'ヱ' => 'エ',
        'ォ' | 'ヲ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヅ' => 'ズ',
        'ヂ' => 'ジ',
        c => c,
    }
}

/// Half-width kana (JIS X 0201) to full-width.
fn full_kana(c: char) -> char {
    const FULL: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
    let at = u32::from(c).saturating_sub(0xFF66) as usize;
    FULL.chars().nth(at).unwrap_or(c)
}

fn voiced(c: char, dots: bool) -> Option<char> {
    let by = match (c, dots) {
        (
            'カ' | 'キ' | 'ク' | 'ケ' | 'コ' | 'サ' | 'シ' | 'ス' | 'セ' | 'ソ' | 'タ' | 'チ' | 'ツ' | 'テ' | 'ト',
            true,
        ) => 1,
        ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', true) => 1,
        ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', false) => 2,
        ('ウ', true) => return Some('ヴ'),
        _ => return None,
    };
    char::from_u32(u32::from(c) + by)
}

/// Old and variant forms of kanji that place names are written with, and the usual ones.
fn modern(c: char) -> char {
    // ASCII and kana are the most
    if u32::from(c) < 0x4E00 {
        return c;
    }
    match c {
        '萬' => '万',
        '與' => '与',
        '龜' => '亀',
        '亞' => '亜',
        '佛' => '仏',
        '假' => '仮',
        '會' => '会',
        '俠' => '侠',
        '兒' => '児',
        '圓' => '円',
        '處' => '処',
        '剱' | '劍' | '劔' => '剣',
        '剝' => '剥',
        '區' => '区',
        '醫' => '医',
        '參' => '参',
        '雙' => '双',
        '臺' => '台',
        '號' => '号',
        '𠮷' => '吉',
        '嚙' => '噛',
        '團' => '団',
        '國' => '国',
        '薗' => '園',
        '鹽' => '塩',
        '塡' => '填',
        '聲' => '声',
        '壹' => '壱',
        '賣' => '売',
        '壺' => '壷',
        '變' => '変',
        '學' => '学',
        '寶' => '宝',
        '實' => '実',
        '冨' => '富',
        '壽' => '寿',
        '專' => '専',
        '將' => '将',
        '嶽' => '岳',
        '峯' => '峰',
        '嶋' | '嶌' => '島',
        '嵜' | '﨑' => '崎',
        '巖' => '巌',
        '歸' => '帰',
        '廣' => '広',
        '辨' => '弁',
        '貳' => '弐',
        '彌' => '弥',
        '當' => '当',
        '德' => '徳',
        '應' => '応',
        '惠' => '恵',
        '戶' => '戸',
        '搖' => '揺',
        '齊' => '斉',
        '齋' => '斎',
        '舊' => '旧',
        '曾' => '曽',
        '條' => '条',
        '來' => '来',
        '桝' => '枡',
        '栢' => '柏',
        '栁' => '柳',
        '榮' => '栄',
        '桒' => '桑',
        '櫻' => '桜',
        '檜' => '桧',
        '樂' => '楽',
        '橫' => '横',
        '齒' => '歯',
        '氣' => '気',
        '澤' => '沢',
        '淺' => '浅',
        '濱' | '濵' => '浜',
        '渊' | '渕' => '淵',
        '澀' | '澁' => '渋',
        '溪' => '渓',
        '滿' => '満',
        '瀧' => '滝',
        '瀨' => '瀬',
        '爐' => '炉',
        '點' => '点',
        '燒' => '焼',
        '獨' => '独',
        '狹' => '狭',
        '瑤' => '瑶',
        '畫' => '画',
        '縣' => '県',
        '眞' => '真',
        '礪' => '砺',
        '禮' => '礼',
        '祇' => '祗',
        '禰' => '祢',
        '禱' => '祷',
        '祿' => '禄',
        '稻' => '稲',
        '穗' => '穂',
        '竈' => '竃',
        '龍' => '竜',
        '籠' => '篭',
        '粹' => '粋',
        '絲' => '糸',
        '經' => '経',
        '總' => '総',
        '緖' => '緒',
        '繩' => '縄',
        '縱' => '縦',
        '﨟' => '臈',
        '舩' => '船',
        '莖' => '茎',
        '莊' => '荘',
        '葢' => '蓋',
        '藏' => '蔵',
        '蘂' => '蕊',
        '籔' | '藪' => '薮',
        '螢' => '蛍',
        '蟬' => '蝉',
        '蠅' => '蝿',
        '蛎' => '蠣',
        '覺' => '覚',
        '觀' => '観',
        '讀' => '読',
        '諫' => '諌',
        '豐' => '豊',
        '贊' => '賛',
        '轉' => '転',
        '輕' => '軽',
        '邉' | '邊' => '辺',
        '遙' => '遥',
        '鄕' => '郷',
        '釋' => '釈',
        '埜' => '野',
        '釡' => '釜',
        '鐵' => '鉄',
        '鈎' => '鉤',
        '錢' => '銭',
        '鎭' => '鎮',
        '關' => '関',
        '靱' => '靭',
        '頸' => '頚',
        '賴' => '頼',
        '顯' => '顕',
        '舘' => '館',
        '驛' => '駅',
        '驗' => '験',
        '驒' => '騨',
        '髙' => '高',
        '鷗' => '鴎',
        '鶯' => '鴬',
        '麴' => '麹',
        '黑' => '黒',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_one_folded_name() {
        for same in [
            vec!["霞ヶ関", "霞が関", "霞ケ関", "霞ガ関"],
            vec!["北六条東", "北６条東", "北6条東", "北　六条 東"],
            vec!["龍岡町下條南割", "竜岡町下条南割"],
            vec!["一の宮", "一ノ宮", "1之宮"],
            vec!["三ツ木", "三ッ木", "３ッ木"],
            vec!["ﾆｾｺ", "ニセコ", "にせこ"],
            vec!["ﾊﾞﾊﾞ", "ババ"],
            vec!["二十四軒", "24軒"],
            vec!["銀座通り", "銀座通"],
        ] {
            let first = folded(same[0]);
            for text in &same {
                assert_eq!(folded(text), first, "{text}");
            }
        }
        assert_ne!(folded("一2"), folded("12"), "two numbers stay two");
        assert_eq!(folded("十余二 1822"), folded("十余二1822"), "with a blank between them too");
    }

    #[test]
    fn the_way_back_leads_behind_the_character() {
        let text = "北　二十条 西3";
        let f = fold(text);
        assert_eq!(f.text(), "北20条西3");
        let end = |n: usize| &text[f.ends[n]..];
        assert_eq!(end(0), "二十条 西3", "blanks belong to what is before them");
        assert_eq!((end(1), end(2)), ("条 西3", "条 西3"));
        assert_eq!(end(4), "3");
    }
}
