//! An expression's text to tokens with their places.

use std::ops::Range;

use super::Fault;

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Word(String),
    Integer(i64),
    Number(f64),
    Text(String),
    /// An operator or bracket, as written.
    Sign(&'static str),
    End,
}

/// Longest first, so that `<=` is not read as `<` and `=`.
const SIGNS: [&str; 23] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")", "[", "]", ",", ".",
    "=",
];

/// Splits `text` into tokens; the last is always [`Token::End`].
pub fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Fault> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c.is_whitespace() {
            at += c.len_utf8();
        } else if c == '"' || c == '\'' {
            let (value, length) = quoted(rest, c).map_err(|message| Fault::new(at..text.len(), message))?;
            out.push((Token::Text(value), at..at + length));
            at += length;
        } else if c.is_ascii_digit() {
            let (token, length) = number(rest).map_err(|(length, message)| Fault::new(at..at + length, message))?;
            out.push((token, at..at + length));
            at += length;
        } else if c.is_alphabetic() || c == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            out.push((Token::Word(rest[..length].to_owned()), at..at + length));
            at += length;
        } else if let Some(sign) = SIGNS.iter().find(|s| rest.starts_with(**s)) {
            out.push((Token::Sign(sign), at..at + sign.len()));
            at += sign.len();
        } else {
            let place = at..at + c.len_utf8();
            let fault = Fault::new(place, format!("`{c}` has no meaning in a rule"));
            return Err(match c {
                '&' => fault.help("write `&&` for \"and\""),
                '|' => fault.help("write `||` for \"or\""),
                '“' | '”' | '「' | '」' => fault.help("write texts in straight quotes: \"…\""),
                _ => fault,
            });
        }
    }
    out.push((Token::End, text.len()..text.len()));
    Ok(out)
}

fn quoted(rest: &str, quote: char) -> Result<(String, usize), String> {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            _ if c == quote => return Ok((value, i + 1)),
            '\\' => match chars.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, c @ ('\\' | '"' | '\''))) => value.push(c),
                _ => return Err("after a backslash only n, t, a quote or a backslash may stand".to_owned()),
            },
            c => value.push(c),
        }
    }
    Err("this text has no closing quote".to_owned())
}

fn number(rest: &str) -> Result<(Token, usize), (usize, String)> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| {
        bytes[from..].iter().position(|b| !b.is_ascii_digit() && *b != b'_').map_or(bytes.len(), |n| from + n)
    };
    let mut end = digits(0);
    let fraction = bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    if fraction {
        end = digits(end + 1);
    }
    let plain: String = rest[..end].chars().filter(|c| *c != '_').collect();
    let token = if fraction { plain.parse().ok().map(Token::Number) } else { plain.parse().ok().map(Token::Integer) };
    token.map(|t| (t, end)).ok_or_else(|| (end, "this number is too large".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_grouped_and_words_may_be_japanese() {
        let t: Vec<Token> = tokens("1_000 <= 会員.ランク2").expect("valid").into_iter().map(|t| t.0).collect();
        assert_eq!(
            t,
            [
                Token::Integer(1000),
                Token::Sign("<="),
                Token::Word("会員".into()),
                Token::Sign("."),
                Token::Word("ランク2".into()),
                Token::End
            ]
        );
    }

    #[test]
    fn faults_know_their_place() {
        assert_eq!(tokens("a & b").expect_err("one ampersand").span, 2..3);
        assert_eq!(tokens("a == \"b").expect_err("open quote").span, 5..7);
        assert!(tokens("99999999999999999999").is_err());
    }
}
