//! Character references (HTML Standard, section 13.2.5.72): the common names and all numbers.

/// What follows an `&`.
pub(super) enum Decoded {
    /// The character, and how many bytes after the `&` stood for it.
    Char(char, usize),
    /// No reference: the `&` is itself.
    Plain,
    /// One of the many that are not in the table here, or one with a rule of its own.
    Unknown,
}

#[rustfmt::skip]
const NAMED: &[(&str, char)] = &[
    ("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{A0}'), ("yen", '¥'),
    ("copy", '©'), ("reg", '®'), ("trade", '™'), ("deg", '°'), ("plusmn", '±'), ("times", '×'), ("divide", '÷'),
    ("middot", '·'), ("hellip", '…'), ("mdash", '—'), ("ndash", '–'), ("lsquo", '‘'), ("rsquo", '’'), ("ldquo", '“'),
    ("rdquo", '”'), ("laquo", '«'), ("raquo", '»'), ("bull", '•'), ("dagger", '†'), ("para", '¶'), ("sect", '§'),
    ("euro", '€'), ("pound", '£'), ("cent", '¢'), ("frac12", '½'), ("frac14", '¼'), ("frac34", '¾'), ("sup2", '²'),
    ("sup3", '³'), ("larr", '←'), ("rarr", '→'), ("uarr", '↑'), ("darr", '↓'), ("hearts", '♥'), ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'), ("thinsp", '\u{2009}'), ("zwj", '\u{200D}'), ("zwnj", '\u{200C}'), ("shy", '\u{AD}'),
    ("minus", '−'), ("infin", '∞'), ("ne", '≠'), ("le", '≤'), ("ge", '≥'),
];

/// Reads the reference whose `&` stands just before `rest`.
pub(super) fn decode(rest: &str) -> Decoded {
    let bytes = rest.as_bytes();
    match bytes.first() {
        Some(b'#') => number(bytes),
        Some(b) if b.is_ascii_alphanumeric() => {
            let end = bytes.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(bytes.len());
            if bytes.get(end) != Some(&b';') {
                return Decoded::Unknown;
            }
            match NAMED.iter().find(|(name, _)| name.as_bytes() == &bytes[..end]) {
                Some((_, c)) => Decoded::Char(*c, end + 1),
                None => Decoded::Unknown,
            }
        }
        _ => Decoded::Plain,
    }
}

fn number(bytes: &[u8]) -> Decoded {
    let (radix, digits) = match bytes.get(1) {
        Some(b'x' | b'X') => (16, 2),
        _ => (10, 1),
    };
    let mut value = 0u32;
    let mut at = digits;
    while let Some(digit) = bytes.get(at).and_then(|b| char::from(*b).to_digit(radix)) {
        // More digits than any character has: saturate beyond the last character.
        value = (value * radix + digit).min(0x11_0000);
        at += 1;
    }
    if at == digits || bytes.get(at) != Some(&b';') {
        return Decoded::Unknown;
    }
    match char::from_u32(value) {
        // NUL and the C1 controls stand for other characters.
        Some(c) if value != 0 && !(0x80..0xA0).contains(&value) => Decoded::Char(c, at + 1),
        _ => Decoded::Unknown,
    }
}
