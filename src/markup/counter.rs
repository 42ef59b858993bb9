//! Numbers as text: the predefined counter styles (CSS Counter Styles 3, sections 6 and 7) in which lists are
//! marked and pages counted.

/// A predefined counter style.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Counter(&'static Style);

/// How a style makes text of a number (section 3).
#[derive(Debug, PartialEq, Eq, Hash)]
enum System {
    /// The same for every number.
    Cyclic(&'static str),
    /// Digits of a place-value system.
    Numeric(&'static [char; 10]),
    /// Digits, with a zero before numbers of one digit.
    LeadingZero,
    /// Letters as in the columns of a table: 1 is the first, after the last come two.
    Alphabetic(&'static str),
    /// One symbol each, for as many numbers as there are symbols.
    Fixed(&'static str),
    /// Weights and their signs, from the largest; up to the number given.
    Additive(&'static [(u32, &'static str)], u32),
    /// Digits and the marks of ten, hundred and thousand (section 7.1.2).
    EastAsian(&'static EastAsian),
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct EastAsian {
    digits: [&'static str; 10],
    /// Ten, hundred, thousand.
    marks: [&'static str; 3],
    negative: &'static str,
    /// Chinese: a zero stands for places that are left out; in the informal style ten is not "one ten".
    kind: Places,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Places {
    /// Ones before marks are not written, nor zeros.
    Short,
    /// Ones before marks are written, zeros not.
    Full,
    ChineseInformal,
    ChineseFormal,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Style {
    name: &'static str,
    system: System,
    /// What follows the number in a marker.
    suffix: &'static str,
}

const DOT: &str = ". ";
const TOUTEN: &str = "、";

const fn style(name: &'static str, system: System, suffix: &'static str) -> Style {
    Style { name, system, suffix }
}

const ROMAN: &[(u32, &str)] = &[
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];
const UPPER_ROMAN: &[(u32, &str)] = &[
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

const HIRAGANA: &str =
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをん";
const KATAKANA: &str =
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヰヱヲン";
const HIRAGANA_IROHA: &str =
    "いろはにほへとちりぬるをわかよたれそつねならむうゐのおくやまけふこえてあさきゆめみしゑひもせす";
const KATAKANA_IROHA: &str =
    "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス";
const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER_LATIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const GREEK: &str = "αβγδεζηθικλμνξοπρστυφχψω";

const JAPANESE_INFORMAL: EastAsian = EastAsian {
    digits: ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
    marks: ["十", "百", "千"],
    negative: "マイナス",
    kind: Places::Short,
};
const JAPANESE_FORMAL: EastAsian = EastAsian {
    digits: ["零", "壱", "弐", "参", "四", "伍", "六", "七", "八", "九"],
    marks: ["拾", "百", "阡"],
    negative: "マイナス",
    kind: Places::Full,
};
const HANGUL_FORMAL: EastAsian = EastAsian {
    digits: ["영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"],
    marks: ["십", "백", "천"],
    negative: "마이너스 ",
    kind: Places::Full,
};
const HANJA_INFORMAL: EastAsian = EastAsian {
    digits: ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
    marks: ["十", "百", "千"],
    negative: "마이너스 ",
    kind: Places::Short,
};
const HANJA_FORMAL: EastAsian = EastAsian {
    digits: ["零", "壹", "貳", "參", "四", "五", "六", "七", "八", "九"],
    marks: ["拾", "百", "仟"],
    negative: "마이너스 ",
    kind: Places::Full,
};
const SIMP_INFORMAL: EastAsian = EastAsian {
    digits: ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
    marks: ["十", "百", "千"],
    negative: "负",
    kind: Places::ChineseInformal,
};
const SIMP_FORMAL: EastAsian = EastAsian {
    digits: ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"],
    marks: ["拾", "佰", "仟"],
    negative: "负",
    kind: Places::ChineseFormal,
};
const TRAD_INFORMAL: EastAsian = EastAsian { negative: "負", ..SIMP_INFORMAL };
const TRAD_FORMAL: EastAsian = EastAsian {
    digits: ["零", "壹", "貳", "參", "肆", "伍", "陸", "柒", "捌", "玖"],
    marks: ["拾", "佰", "仟"],
    negative: "負",
    kind: Places::ChineseFormal,
};

static STYLES: &[Style] = &[
    style("disc", System::Cyclic("•"), " "),
    style("circle", System::Cyclic("◦"), " "),
    style("square", System::Cyclic("▪"), " "),
    style("disclosure-open", System::Cyclic("▾"), " "),
    style("disclosure-closed", System::Cyclic("▸"), " "),
    style("decimal", System::Numeric(&['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']), DOT),
    style("decimal-leading-zero", System::LeadingZero, DOT),
    style("cjk-decimal", System::Numeric(&['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九']), TOUTEN),
    style("japanese-informal", System::EastAsian(&JAPANESE_INFORMAL), TOUTEN),
    style("japanese-formal", System::EastAsian(&JAPANESE_FORMAL), TOUTEN),
    style("korean-hangul-formal", System::EastAsian(&HANGUL_FORMAL), ", "),
    style("korean-hanja-informal", System::EastAsian(&HANJA_INFORMAL), ", "),
    style("korean-hanja-formal", System::EastAsian(&HANJA_FORMAL), ", "),
    style("simp-chinese-informal", System::EastAsian(&SIMP_INFORMAL), TOUTEN),
    style("simp-chinese-formal", System::EastAsian(&SIMP_FORMAL), TOUTEN),
    style("trad-chinese-informal", System::EastAsian(&TRAD_INFORMAL), TOUTEN),
    style("trad-chinese-formal", System::EastAsian(&TRAD_FORMAL), TOUTEN),
    style("cjk-ideographic", System::EastAsian(&TRAD_INFORMAL), TOUTEN),
    style("cjk-earthly-branch", System::Fixed("子丑寅卯辰巳午未申酉戌亥"), TOUTEN),
    style("cjk-heavenly-stem", System::Fixed("甲乙丙丁戊己庚辛壬癸"), TOUTEN),
    style("hiragana", System::Alphabetic(HIRAGANA), TOUTEN),
    style("hiragana-iroha", System::Alphabetic(HIRAGANA_IROHA), TOUTEN),
    style("katakana", System::Alphabetic(KATAKANA), TOUTEN),
    style("katakana-iroha", System::Alphabetic(KATAKANA_IROHA), TOUTEN),
    style("lower-alpha", System::Alphabetic(LATIN), DOT),
    style("lower-latin", System::Alphabetic(LATIN), DOT),
    style("upper-alpha", System::Alphabetic(UPPER_LATIN), DOT),
    style("upper-latin", System::Alphabetic(UPPER_LATIN), DOT),
    style("lower-greek", System::Alphabetic(GREEK), DOT),
    style("lower-roman", System::Additive(ROMAN, 3999), DOT),
    style("upper-roman", System::Additive(UPPER_ROMAN, 3999), DOT),
    style("arabic-indic", System::Numeric(&['٠', '١', '٢', '٣', '٤', '٥', '٦', '٧', '٨', '٩']), DOT),
    style("persian", System::Numeric(&['۰', '۱', '۲', '۳', '۴', '۵', '۶', '۷', '۸', '۹']), DOT),
    style("devanagari", System::Numeric(&['०', '१', '२', '३', '४', '५', '६', '७', '८', '९']), DOT),
    style("thai", System::Numeric(&['๐', '๑', '๒', '๓', '๔', '๕', '๖', '๗', '๘', '๙']), DOT),
];

/// The names of all styles.
pub fn names() -> impl Iterator<Item = &'static str> {
    STYLES.iter().map(|s| s.name)
}

impl Counter {
    /// The style of this name (lower case).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        STYLES.iter().find(|s| s.name == name).map(Self)
    }

    /// The style `decimal`, the initial one of `counter()`.
    #[must_use]
    pub fn decimal() -> Self {
        Self::named("decimal").unwrap_or(Self(&STYLES[0]))
    }

    /// The style `disc`, the initial one of lists.
    #[must_use]
    pub fn disc() -> Self {
        Self(&STYLES[0])
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// A sign that says nothing of the number: `disc` and its like.
    #[must_use]
    pub fn is_bullet(self) -> bool {
        matches!(self.0.system, System::Cyclic(_))
    }

    /// What follows the number in a list's marker (section 3.3): a full stop and a space, or the Japanese comma.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        self.0.suffix
    }

    /// The number as text. What the style cannot say is said in decimal digits (section 2.1): those of the
    /// ideographic styles in `cjk-decimal`.
    #[must_use]
    pub fn text(self, number: i32) -> String {
        let size = number.unsigned_abs();
        let found = match &self.0.system {
            System::Cyclic(sign) => Some((*sign).to_owned()),
            System::Numeric(digits) => Some(signed(number, "-", &numeric(size, digits))),
            System::LeadingZero => Some(signed(number, "-", &format!("{size:02}"))),
            System::Alphabetic(letters) => (number > 0).then(|| alphabetic(size, letters)),
            System::Fixed(symbols) => {
                let nth = usize::try_from(i64::from(number) - 1).ok();
                nth.and_then(|n| symbols.chars().nth(n)).map(String::from)
            }
            System::Additive(weights, most) => (number > 0 && size <= *most).then(|| additive(size, weights)),
            System::EastAsian(set) => (size <= 9999).then(|| signed(number, set.negative, &east_asian(size, set))),
        };
        found.unwrap_or_else(|| {
            let ideographic = matches!(self.0.system, System::EastAsian(_) | System::Fixed(_));
            match Self::named("cjk-decimal").filter(|_| ideographic) {
                Some(other) => other.text(number),
                None => number.to_string(),
            }
        })
    }

    /// The text of a marker: number and suffix.
    #[must_use]
    pub fn marker(self, number: i32) -> String {
        let mut text = self.text(number);
        text.push_str(self.suffix());
        text
    }
}

fn signed(number: i32, negative: &str, text: &str) -> String {
    if number < 0 { format!("{negative}{text}") } else { text.to_owned() }
}

fn numeric(number: u32, digits: &[char; 10]) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|d| digits.get(d as usize).copied());
    number.to_string().chars().filter_map(digit).collect()
}

/// Section 3.1.4.
fn alphabetic(mut number: u32, letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let base = (letters.len() as u32).max(2);
    let mut out: Vec<char> = Vec::new();
    while number > 0 {
        number -= 1;
        out.extend(letters.get((number % base) as usize));
        number /= base;
    }
    out.iter().rev().collect()
}

fn additive(mut number: u32, weights: &[(u32, &str)]) -> String {
    let mut out = String::new();
    for (weight, sign) in weights {
        while *weight > 0 && number >= *weight {
            out.push_str(sign);
            number -= weight;
        }
    }
    out
}

/// Up to 9999 (sections 7.1 and 7.2).
fn east_asian(number: u32, set: &EastAsian) -> String {
    if number == 0 {
        return set.digits[0].to_owned();
    }
    let mut out = String::new();
    let mut skipped = false;
    for place in (0..4u32).rev() {
        let digit = number / 10u32.pow(place) % 10;
        if digit == 0 {
            skipped = !out.is_empty();
            continue;
        }
        let chinese = matches!(set.kind, Places::ChineseInformal | Places::ChineseFormal);
        if skipped && chinese {
            out.push_str(set.digits[0]);
        }
        skipped = false;
        let one_unsaid = digit == 1
            && place > 0
            && match set.kind {
                Places::Short => true,
                Places::ChineseInformal => place == 1 && number < 20,
                Places::Full | Places::ChineseFormal => false,
            };
        if !one_unsaid {
            out.push_str(set.digits.get(digit as usize).copied().unwrap_or(""));
        }
        if place > 0 {
            out.push_str(set.marks.get(place as usize - 1).copied().unwrap_or(""));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_each_style_says_them() {
        for (name, number, text) in [
            ("decimal", 12, "12"),
            ("decimal", -3, "-3"),
            ("decimal-leading-zero", 7, "07"),
            ("decimal-leading-zero", 107, "107"),
            ("cjk-decimal", 2026, "二〇二六"),
            ("japanese-informal", 0, "〇"),
            ("japanese-informal", 1, "一"),
            ("japanese-informal", 10, "十"),
            ("japanese-informal", 111, "百十一"),
            ("japanese-informal", 2026, "二千二十六"),
            ("japanese-informal", -5, "マイナス五"),
            ("japanese-informal", 10_000, "一〇〇〇〇"),
            ("japanese-formal", 111, "壱百壱拾壱"),
            ("japanese-formal", 3456, "参阡四百伍拾六"),
            ("korean-hangul-formal", 6001, "육천일"),
            ("korean-hanja-informal", 110, "百十"),
            ("simp-chinese-informal", 11, "十一"),
            ("simp-chinese-informal", 110, "一百一十"),
            ("simp-chinese-informal", 1001, "一千零一"),
            ("trad-chinese-formal", 10, "壹拾"),
            ("cjk-earthly-branch", 12, "亥"),
            ("cjk-earthly-branch", 13, "一三"),
            ("cjk-heavenly-stem", 1, "甲"),
            ("hiragana", 48, "ん"),
            ("hiragana", 49, "ああ"),
            ("katakana-iroha", 3, "ハ"),
            ("lower-alpha", 26, "z"),
            ("lower-alpha", 27, "aa"),
            ("upper-alpha", 703, "AAA"),
            ("lower-alpha", 0, "0"),
            ("lower-greek", 24, "ω"),
            ("lower-roman", 1994, "mcmxciv"),
            ("upper-roman", 4000, "4000"),
            ("thai", 42, "๔๒"),
        ] {
            assert_eq!(Counter::named(name).map(|c| c.text(number)), Some(text.to_owned()), "{name} {number}");
        }
    }

    #[test]
    fn every_number_of_every_style_is_some_text() {
        for name in names() {
            let counter = Counter::named(name).expect("a style");
            for number in [i32::MIN, -10_000, -1, 0, 1, 9_999, 10_000, i32::MAX] {
                assert!(!counter.text(number).is_empty(), "{name} {number}");
            }
        }
        assert_eq!(Counter::named("japanese-informal").map(|c| c.marker(3)), Some("三、".to_owned()));
        assert_eq!(Counter::decimal().marker(3), "3. ");
    }

    #[test]
    fn the_kana_of_iroha_are_all_different() {
        for letters in [HIRAGANA_IROHA, KATAKANA_IROHA, HIRAGANA, KATAKANA] {
            let mut all: Vec<char> = letters.chars().collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{letters}");
        }
    }
}
