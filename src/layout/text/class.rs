//! Character classes after JLREQ, as far as spacing and line ends need them.

/// What a character is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Ideographs, kana and what is set like them.
    Ideograph,
    /// Letters and digits of Western width.
    Western,
    /// Opening brackets (cl-01).
    Opening,
    /// Closing brackets, commas, full stops, middle dots, dividing marks (cl-02 to cl-07).
    Closing,
    /// Dashes, leaders and others that are not parted from their like (cl-08).
    Inseparable,
    Space,
    Other,
}

#[inline]
pub(super) fn class(c: char) -> Class {
    match c {
        '0'..='9' | 'A'..='Z' | 'a'..='z' => Class::Western,
        ' ' | '\u{A0}' | '\u{3000}' => Class::Space,
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '々' | '〆' | '〇' | '\u{3400}'..='\u{9FFF}' => Class::Ideograph,
        _ if is_opening(c) => Class::Opening,
        _ if is_closing(c) => Class::Closing,
        _ if is_inseparable(c) => Class::Inseparable,
        '\u{C0}'..='\u{24F}' | '\u{370}'..='\u{52F}' => Class::Western,
        '゛'..='ゟ'
        | 'ヽ'..='ヿ'
        | '\u{31F0}'..='\u{31FF}'
        | '\u{3200}'..='\u{33FF}'
        | '\u{2460}'..='\u{24FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{20000}'..='\u{3FFFF}'
        | '\u{25A0}'..='\u{26FF}'
        | '〒'
        | '〓'
        | '〃'
        | '〻' => Class::Ideograph,
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
    matches!(c, '—' | '―' | '…' | '‥' | '⸺' | '⸻' | '─' | '〳' | '〴' | '〵')
}
