//! Our own rules on top of UAX 14: where a Japanese line must not end or start (JLREQ 3.1.7 to 3.1.11,
//! JIS X 4051 6.1), and what is not torn apart in addresses, prices, dates and names. They only ever forbid.

use super::class::{is_closing, is_inseparable, is_opening};
use crate::markup::style::LineBreak;

/// The characters around a possible line end: two before, two after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    pub second_before: Option<char>,
    pub before: char,
    pub after: char,
    pub second_after: Option<char>,
    /// The last character before that is no space.
    pub solid_before: Option<char>,
}

/// Whether the line must not end between `before` and `after`.
pub(super) fn forbids(a: Around, strictness: LineBreak) -> bool {
    if strictness == LineBreak::Anywhere {
        return false;
    }
    let (before, after) = (a.before, a.after);
    is_closing(after)
        && !(after.is_ascii() && is_spaced(before))
        && !(is_centred(after) && strictness == LineBreak::Loose)
        || never_first(after, strictness)
        || is_opening(before)
        || is_prefix(before) && (is_digit(after) || is_kanji_digit(after))
        || is_inseparable(before) && (before == after || matches!((before, after), ('〳' | '〴', '〵')))
        || number(a)
        || counted(a)
        || honorific(a)
}

/// Closing marks of Western text may follow a space (" :-)" or "a . b"): the space is where the line ends.
fn is_spaced(before: char) -> bool {
    before == ' '
}

/// Characters that start no line, beyond closing brackets and stops.
fn never_first(c: char, strictness: LineBreak) -> bool {
    match c {
        // Small kana, the prolonged sound mark, wave dashes: only strict.
        'ぁ'
        | 'ぃ'
        | 'ぅ'
        | 'ぇ'
        | 'ぉ'
        | 'っ'
        | 'ゃ'
        | 'ゅ'
        | 'ょ'
        | 'ゎ'
        | 'ゕ'
        | 'ゖ'
        | 'ァ'
        | 'ィ'
        | 'ゥ'
        | 'ェ'
        | 'ォ'
        | 'ッ'
        | 'ャ'
        | 'ュ'
        | 'ョ'
        | 'ヮ'
        | 'ヵ'
        | 'ヶ'
        | '\u{31F0}'..='\u{31FF}'
        | 'ー'
        | '〜'
        | '～'
        | '゠'
        | '\u{FF67}'..='\u{FF70}' => strictness == LineBreak::Strict,
        // Iteration marks and hyphens: not in loose.
        '々' | '〻' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ' | '‐' | '–' => strictness != LineBreak::Loose,
        '゛' | '゜' | '\u{FF9E}' | '\u{FF9F}' | '％' | '‰' | '℃' | '°' | '′' | '″' | '¢' => true,
        _ => false,
    }
}

/// Signs that stay with the number after them.
fn is_prefix(c: char) -> bool {
    matches!(c, '¥' | '￥' | '$' | '＄' | '£' | '￡' | '€' | '№' | '#' | '＃' | '〒' | '第' | '約' | '〶')
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn is_kanji_digit(c: char) -> bool {
    matches!(c, '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千')
}

/// Commas, points, colons, slashes and dashes between the digits of one number, time or telephone number.
fn is_joint(c: char) -> bool {
    matches!(
        c,
        ',' | '.'
            | ':'
            | '/'
            | '-'
            | '，'
            | '．'
            | '：'
            | '／'
            | '－'
            | '‐'
            | '‑'
            | '‒'
            | '–'
            | '−'
            | 'ー'
            | '・'
            | ')'
            | '）'
    )
}

/// What is counted or measured by the number before it.
fn is_counter(c: char) -> bool {
    matches!(
        c,
        '円' | '年'
            | '月'
            | '日'
            | '時'
            | '分'
            | '秒'
            | '個'
            | '点'
            | '本'
            | '枚'
            | '名'
            | '人'
            | '歳'
            | '才'
            | '号'
            | '番'
            | '階'
            | '丁'
            | '冊'
            | '回'
            | '倍'
            | '割'
            | '件'
            | '台'
            | '代'
            | '位'
            | '度'
            | '周'
            | '種'
            | '店'
            | '社'
            | '箱'
            | '袋'
            | '缶'
            | '杯'
            | '食'
            | '粒'
            | '錠'
            | '包'
            | '箇'
            | '万'
            | '億'
            | '千'
            | '百'
            | '兆'
            | '泊'
            | '棟'
            | '室'
            | '組'
            | '束'
            | '匹'
            | '頭'
            | '羽'
            | '株'
            | '口'
            | '通'
            | '便'
            | '段'
            | '級'
            | '等'
            | '期'
            | '世'
            | '条'
            | '項'
            | '％'
            | '%'
            | '‰'
            | '℃'
            | '°'
            | '㎏'
            | '㎜'
            | '㎝'
            | '㎞'
            | '㎎'
            | '㏄'
            | '㎡'
            | '㍑'
            | 'ヶ'
            | 'ケ'
            | 'か'
            | 'カ'
            | 'つ'
    )
}

/// Inside numbers, between a number and what it counts, inside times and telephone numbers.
fn number(a: Around) -> bool {
    let (before, after) = (a.before, a.after);
    let digit_before = is_digit(before);
    let digit_after = is_digit(after);
    // 3か月, but 1,200から
    let counts = !matches!(after, 'か' | 'カ' | 'ケ') || a.second_after.is_some_and(is_counted_by_kana);
    let counter = is_counter(after) && counts;
    digit_before && (digit_after || counter)
        || digit_before && is_joint(after) && a.second_after.is_some_and(is_digit)
        || is_joint(before) && digit_after && a.second_before.is_some_and(is_digit)
}

/// Inside 3万円, 10時間, 2ヶ月: the number's unit is more than one character.
fn counted(a: Around) -> bool {
    if !a.second_before.is_some_and(|c| is_digit(c) || is_kanji_digit(c)) {
        return false;
    }
    match a.before {
        '万' | '億' | '兆' | '千' | '百' => is_counter(a.after),
        '時' | '年' | '日' | '分' | '秒' | '週' => a.after == '間',
        'ヶ' | 'ケ' | 'か' | 'カ' | '箇' => is_counted_by_kana(a.after),
        _ => false,
    }
}

/// What か counts: 3か月, 2か所.
fn is_counted_by_kana(c: char) -> bool {
    matches!(c, '月' | '所' | '年' | '国' | '条')
}

/// Marks that stand in the middle of their square: a loose line may start with them (CSS Text 3, section 5.3).
fn is_centred(c: char) -> bool {
    matches!(c, '・' | '：' | '；' | '･' | '‼' | '⁇' | '⁈' | '⁉' | '！' | '？')
}

/// 様, 殿, 御中 and the like stay with the name before them, also across a space.
fn honorific(a: Around) -> bool {
    if matches!((a.before, a.after), ('御', '中') | ('先', '生') | ('各', '位')) {
        return true;
    }
    if a.before == 'さ' && matches!(a.after, 'ん' | 'ま') {
        return a.second_before.is_some_and(|c| c.is_alphabetic() && !is_hiragana(c));
    }
    if !a.solid_before.is_some_and(|c| c.is_alphanumeric() || is_closing(c)) {
        return false;
    }
    match (a.after, a.second_after) {
        ('御', Some('中')) => true,
        ('御', _) => false,
        ('さ', Some('ま' | 'ん')) => {
            is_spaced(a.before) || a.before == '\u{3000}' || a.before.is_alphabetic() && !is_hiragana(a.before)
        }
        ('先', Some('生')) | ('各', Some('位')) => {
            a.solid_before.is_some_and(|c| c.is_alphabetic() && !is_hiragana(c))
        }
        // 様子, 様式, 殿堂 are words of their own.
        ('様' | '殿' | '氏' | '宛' | '行', next) => match next {
            None => true,
            Some(n) => a.after != '行' && !n.is_alphanumeric() && n != '々' || a.after == '様' && is_hiragana(n),
        },
        _ => false,
    }
}

fn is_hiragana(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c)
}
