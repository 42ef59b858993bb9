//! Characters of addresses and forms that are written in several widths and shapes, and the one that is meant.

/// Hyphens and minus signs that people type between numbers. The long vowel mark is not among them: it is part of names.
#[must_use]
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '─' | '━' | '﹣' | '⁻' | '₋' | '˗')
}

/// The same, and the long vowel marks, which between two numbers are meant for hyphens.
#[must_use]
pub fn is_hyphen_of_numbers(c: char) -> bool {
    is_hyphen(c) || matches!(c, 'ー' | 'ｰ')
}

/// The ASCII character that a full-width form stands for; anything else is itself.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_are_ascii() {
        assert_eq!("Ａ－１０１　～ｱー".chars().map(half_width).collect::<String>(), "A-101 ~ｱー");
        assert!("-‐‑‒–—―−－─━﹣".chars().all(is_hyphen) && !"ー〜 1".chars().any(is_hyphen));
        assert!(is_hyphen_of_numbers('ー') && !is_hyphen_of_numbers('〜'));
    }
}
