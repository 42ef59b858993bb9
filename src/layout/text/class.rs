//! Character classes after JLREQ, as far as spacing and line ends need them.

/// What a character is to its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Class {
    /// No character at all.
    #[default]
    None,
    /// Ideographs, kana and their marks.
    Ideograph,
    /// Set like ideographs, yet not ideographs for `text-autospace` (CSS Text 4, section 8.4.1: Han, kana and
    /// their marks only): symbols, full-width forms, enclosed and squared characters. 〒611 and 10:00～19:00 stay
    /// close.
    Apart,
    /// Letters of Western width.
    Letter,
    /// Digits of Western width.
    Numeral,
    /// Opening brackets of full width (cl-01): the half before is space.
    Opening,
    /// Closing brackets of full width (cl-02): the half behind is space.
    Closing,
    /// Commas of full width (cl-07).
    Comma,
    /// Full stops of full width (cl-06).
    Stop,
    /// Middle dots, colons of full width (cl-05): a quarter is space on both sides.
    MiddleDot,
    /// Question and exclamation marks of full width (cl-04).
    Dividing,
    /// Brackets and marks without such space.
    NarrowOpening,
    NarrowClosing,
    /// Dashes, leaders and others that are not parted from their like (cl-08).
    Inseparable,
    /// A space between words.
    Space,
    IdeographicSpace,
    /// A box in the line.
    Object,
    Other,
}

impl Class {
    /// A set of classes has this bit for each.
    pub(super) const fn bit(self) -> u32 {
        1 << self as u8
    }

    /// The space before the ink that belongs to the glyph, in em.
    pub(super) fn lead(self) -> f32 {
        match self {
            Self::Opening => 0.5,
            Self::MiddleDot => 0.25,
            _ => 0.0,
        }
    }

    /// The space behind the ink.
    pub(super) fn tail(self) -> f32 {
        match self {
            Self::Closing | Self::Comma | Self::Stop => 0.5,
            Self::MiddleDot => 0.25,
            _ => 0.0,
        }
    }

    /// The class whose spaces lie where the font says that they do: its space before and behind, of an em of
    /// `units`. Fonts of Taiwan have commas in the middle of the em; marks without a form of half width keep all.
    pub(super) fn with_half(self, half: Option<(i32, i32)>, units: i32) -> Self {
        let Some((lead, tail)) = half else { return self.narrow() };
        // a tenth of an em: fonts round
        let near = |a: i32, b: i32| (a - b).abs() * 10 < units;
        match self {
            Self::Opening if near(lead, units / 2) => self,
            Self::Closing | Self::Comma | Self::Stop if near(tail, units / 2) => self,
            Self::Opening | Self::Closing | Self::Comma | Self::Stop | Self::MiddleDot
                if near(lead, units / 4) && near(tail, units / 4) =>
            {
                Self::MiddleDot
            }
            Self::Opening | Self::Closing | Self::Comma | Self::Stop | Self::MiddleDot => self.narrow(),
            other => other,
        }
    }

    /// The class where the glyph is not of full width: what it has of space is the font's affair.
    pub(super) fn narrow(self) -> Self {
        match self {
            Self::Opening => Self::NarrowOpening,
            Self::Closing | Self::Comma | Self::Stop | Self::MiddleDot | Self::Dividing => Self::NarrowClosing,
            other => other,
        }
    }

    pub(super) fn is_western(self) -> bool {
        matches!(self, Self::Letter | Self::Numeral)
    }
}

/// All classes whose glyphs have space to give.
pub(super) const SPACED: u32 =
    Class::Opening.bit() | Class::Closing.bit() | Class::Comma.bit() | Class::Stop.bit() | Class::MiddleDot.bit();

#[inline]
pub(super) fn class(c: char) -> Class {
    match c {
        'ぁ'..='ゖ' | '\u{3400}'..='\u{9FFF}' | 'ァ'..='ヺ' | 'ー' | '々' | '〆' | '〇' => Class::Ideograph,
        '0'..='9' => Class::Numeral,
        'A'..='Z' | 'a'..='z' => Class::Letter,
        ' ' | '\u{A0}' => Class::Space,
        '\u{3000}' => Class::IdeographicSpace,
        '、' | '，' => Class::Comma,
        '。' | '．' => Class::Stop,
        '・' | '：' | '；' => Class::MiddleDot,
        '！' | '？' | '‼' | '⁇' | '⁈' | '⁉' => Class::Dividing,
        '(' | '[' | '{' | '｢' | '«' => Class::NarrowOpening,
        ')' | ']' | '}' | ',' | '.' | ':' | ';' | '?' | '!' | '｣' | '､' | '｡' | '･' | '»' => {
            Class::NarrowClosing
        }
        _ if is_opening(c) => Class::Opening,
        _ if is_closing(c) => Class::Closing,
        _ if is_inseparable(c) => Class::Inseparable,
        '\u{C0}'..='\u{24F}' | '\u{370}'..='\u{52F}' => Class::Letter,
        '゛'..='ゟ'
        | 'ヽ'..='ヿ'
        | '\u{31F0}'..='\u{31FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
        | '〻' => Class::Ideograph,
        '〒'
        | '〓'
        | '〃'
        | '〜'
        | '\u{3200}'..='\u{33FF}'
        | '\u{2460}'..='\u{24FF}'
        | '\u{25A0}'..='\u{26FF}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}' => Class::Apart,
        _ => Class::Other,
    }
}
/// Opening brackets and quotation marks.
pub(super) fn is_opening(c: char) -> bool {
    matches!(
        c,
        '（' | '〔'
            | '［'
            | '｛'
            | '〈'
            | '《'
            | '「'
            | '『'
            | '【'
            | '｟'
            | '〘'
            | '〖'
            | '«'
            | '〝'
            | '('
            | '['
            | '{'
            | '‘'
            | '“'
            | '｢'
    )
}

/// Closing brackets, commas, stops and dividing marks.
pub(super) fn is_closing(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '．'
            | '・'
            | '：'
            | '；'
            | '？'
            | '！'
            | '‼'
            | '⁇'
            | '⁈'
            | '⁉'
            | '）'
            | '〕'
            | '］'
            | '｝'
            | '〉'
            | '》'
            | '」'
            | '』'
            | '】'
            | '｠'
            | '〙'
            | '〗'
            | '»'
            | '〟'
            | '’'
            | '”'
            | ')'
            | ']'
            | '}'
            | ','
            | '.'
            | ':'
            | ';'
            | '?'
            | '!'
            | '｣'
            | '､'
            | '｡'
            | '･'
    )
}

/// Dashes and leaders: a pair of them is one sign.
pub(super) fn is_inseparable(c: char) -> bool {
    matches!(c, '—' | '―' | '…' | '‥' | '⸺' | '⸻' | '─' | '〱' | '〲' | '〳' | '〴' | '〵')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_and_full_width_forms_are_no_ideographs() {
        assert!("〒～＋￥㈱①●〜".chars().all(|c| class(c) == Class::Apart));
        assert!("漢かカ々ーゝ".chars().all(|c| class(c) == Class::Ideograph));
    }

    #[test]
    fn every_bracket_has_a_class_of_its_own() {
        assert!("（「『【〔《〈［｛〝“".chars().all(|c| class(c) == Class::Opening));
        assert!("）」』】〕》〉］｝〟”".chars().all(|c| class(c) == Class::Closing));
        assert!("([{｢".chars().all(|c| class(c) == Class::NarrowOpening));
    }
}
