//! Text for XML and HTML.

/// `text` as the content of an element or of a quoted attribute: no markup in it, and a space for each control
/// character that XML 1.0 forbids (XML 1.0, 2.2) or that an attribute would lose.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_of_a_text_is_taken_for_markup() {
        assert_eq!(escaped("<a b=\"&\">\u{0}\n\u{ffff}花"), "&lt;a b=&quot;&amp;&quot;&gt;   花");
    }
}
