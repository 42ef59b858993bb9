//! A light reading of template source, with the same idea of where things begin and end as Tera's own lexer:
//! which parts are text, which are expressions, and which names the expressions use. Tera compiles; this only
//! looks. Source that Tera would refuse is read as well as it can be.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// `{{ … }}`
    Output,
    /// `{% … %}`
    Tag,
    /// `{# … #}` and `{% raw %} … {% endraw %}`.
    Inert,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub kind: Kind,
    /// With the delimiters.
    pub span: Range<usize>,
    /// Between the delimiters (and their hyphens).
    pub inner: Range<usize>,
    /// `-%}`: the white space behind is dropped.
    pub trims_behind: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    Word(&'a str),
    /// With the quotes.
    Quoted(&'a str),
    Number,
    Sign(&'a str),
}

/// A name and what is picked from it: `pick.product.price`, `customer["name"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub span: Range<usize>,
    /// A computed index is `[]`.
    pub parts: Vec<String>,
    /// Has `~` on either side, or is a member of a list: goes where Tera would pass over a missing value.
    pub glued: bool,
    /// May be missing: tested with `is`, given to `default` or reached with `?.`.
    pub forgiven: bool,
}

impl Path {
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            if !out.is_empty() && part != "[]" {
                out.push('.');
            }
            out.push_str(part);
        }
        out
    }
}

/// The pieces of a template, in order, without gaps.
#[must_use]
pub fn pieces(src: &str) -> Vec<Piece> {
    let bytes = src.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let opened = memchr::memchr_iter(b'{', &bytes[at..])
            .map(|i| at + i)
            .find(|i| matches!(bytes.get(i + 1), Some(b'{' | b'%' | b'#')));
        let Some(start) = opened else {
            out.push(Piece { kind: Kind::Text, span: at..bytes.len(), inner: at..bytes.len(), trims_behind: false });
            break;
        };
        if start > at {
            out.push(Piece { kind: Kind::Text, span: at..start, inner: at..start, trims_behind: false });
        }
        let piece = match bytes[start + 1] {
            b'#' => {
                let end = src[start + 2..].find("#}").map_or(src.len(), |i| start + 2 + i);
                delimited(bytes, Kind::Inert, start, end)
            }
            b'{' => delimited(bytes, Kind::Output, start, end_of(src, start + 2, "}}")),
            _ => {
                let tag = delimited(bytes, Kind::Tag, start, end_of(src, start + 2, "%}"));
                if src[tag.inner.clone()].trim() == "raw" { raw(src, &tag) } else { tag }
            }
        };
        at = piece.span.end;
        out.push(piece);
    }
    out
}

/// A piece whose closing delimiter stands at `end` (or is absent).
fn delimited(bytes: &[u8], kind: Kind, start: usize, end: usize) -> Piece {
    let from = (start + 2 + usize::from(bytes.get(start + 2) == Some(&b'-'))).min(end);
    let trims_behind = end > from && end < bytes.len() && bytes[end - 1] == b'-';
    let inner = from..if trims_behind { end - 1 } else { end };
    Piece { kind, span: start..(end + 2).min(bytes.len()), inner, trims_behind }
}

/// From `{% raw %}` to the end of `{% endraw %}`.
fn raw(src: &str, tag: &Piece) -> Piece {
    let mut at = tag.span.end;
    while let Some(start) = src[at..].find("{%").map(|i| at + i) {
        let end = end_of(src, start + 2, "%}");
        let close = delimited(src.as_bytes(), Kind::Tag, start, end);
        if src[close.inner.clone()].trim() == "endraw" {
            return Piece {
                kind: Kind::Inert,
                span: tag.span.start..close.span.end,
                inner: tag.span.end..start,
                trims_behind: close.trims_behind,
            };
        }
        at = start + 2;
    }
    Piece { kind: Kind::Inert, span: tag.span.start..src.len(), inner: tag.span.end..src.len(), trims_behind: false }
}

/// Where `close` stands outside of strings; the end of the source if nowhere.
fn end_of(src: &str, from: usize, close: &str) -> usize {
    let bytes = src.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => at = end_of_string(bytes, at, quote),
            _ if bytes[at..].starts_with(close.as_bytes()) => return at,
            _ => at += 1,
        }
    }
    src.len()
}

/// Behind the closing quote.
fn end_of_string(bytes: &[u8], open: usize, quote: u8) -> usize {
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b if b == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The tokens of an expression or tag with their places.
#[must_use]
pub fn tokens(src: &str, range: Range<usize>) -> Vec<(Token<'_>, Range<usize>)> {
    let bytes = &src.as_bytes()[..range.end];
    let mut out = Vec::new();
    let mut at = range.start;
    while at < bytes.len() {
        let b = bytes[at];
        let run = |from: usize, f: fn(u8) -> bool| {
            bytes[from..].iter().position(|b| !f(*b)).map_or(bytes.len(), |i| from + i)
        };
        let end = match b {
            _ if b.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'"' | b'\'' | b'`' => end_of_string(bytes, at, b),
            _ if b == b'_' || b.is_ascii_alphabetic() => run(at, |b| b == b'_' || b.is_ascii_alphanumeric()),
            _ if b.is_ascii_digit() => run(at, |b| b == b'.' || b.is_ascii_digit()),
            _ => match bytes.get(at..at + 2) {
                Some(b"//" | b"**" | b"==" | b"!=" | b">=" | b"<=" | b"</" | b"?." | b"?[") => at + 2,
                // a character that no token may start with is passed over whole
                _ => (at + 1..=bytes.len()).find(|i| src.is_char_boundary(*i)).unwrap_or(bytes.len()),
            },
        };
        let text = &src[at..end];
        let token = match b {
            b'"' | b'\'' | b'`' => Token::Quoted(text),
            _ if b == b'_' || b.is_ascii_alphabetic() => Token::Word(text),
            _ if b.is_ascii_digit() => Token::Number,
            _ => Token::Sign(text),
        };
        out.push((token, at..end));
        at = end;
    }
    out
}

/// The content of a string literal that has no escapes in it.
#[must_use]
pub fn unquoted(quoted: &str) -> Option<&str> {
    let inner = quoted.get(1..quoted.len().checked_sub(1)?)?;
    (!inner.contains('\\')).then_some(inner)
}

const KEYWORDS: &[&str] = &[
    "true",
    "True",
    "false",
    "False",
    "none",
    "None",
    "null",
    "and",
    "or",
    "not",
    "is",
    "in",
    "if",
    "elif",
    "else",
    "for",
    "set",
    "set_global",
    "block",
    "filter",
    "include",
    "extends",
    "component",
    "raw",
    "break",
    "continue",
];

/// The paths that an expression reads, in order. `skip` leading tokens are not part of it (a tag's own words).
#[must_use]
pub fn paths(tokens: &[(Token<'_>, Range<usize>)], skip: usize) -> Vec<Path> {
    let sign = |i: Option<usize>, s: &str| i.and_then(|i| tokens.get(i)).is_some_and(|(t, _)| *t == Token::Sign(s));
    let word = |i: Option<usize>, s: &str| i.and_then(|i| tokens.get(i)).is_some_and(|(t, _)| *t == Token::Word(s));
    let mut out = Vec::new();
    // the brackets that are open: true for those of a list
    let mut open: Vec<bool> = Vec::new();
    let mut i = skip;
    while i < tokens.len() {
        match tokens[i].0 {
            Token::Sign("[") => open.push(true),
            Token::Sign("(" | "{") => open.push(false),
            Token::Sign("]" | ")" | "}") => drop(open.pop()),
            _ => {}
        }
        let before = i.checked_sub(1).filter(|b| *b >= skip);
        let Token::Word(name) = tokens[i].0 else {
            i += 1;
            continue;
        };
        let tested = word(before, "is") || (word(before, "not") && word(before.and_then(|b| b.checked_sub(1)), "is"));
        let names_filter = sign(before, "|");
        // `<Card …>` where a value is expected is a component, not a comparison
        let component = (sign(before, "<") || sign(before, "</"))
            && before.is_none_or(|b| b == skip || matches!(tokens[b - 1].0, Token::Sign(s) if s != ")" && s != "]"));
        let called = sign(Some(i + 1), "(");
        let argument = sign(Some(i + 1), "=");
        if KEYWORDS.contains(&name) || tested || names_filter || component || called || argument {
            // a component's name may have dots
            i += 1;
            while component && sign(Some(i), ".") {
                i += 2;
            }
            continue;
        }
        let first = i;
        let mut parts = vec![name.to_owned()];
        let mut forgiven = false;
        i += 1;
        loop {
            if sign(Some(i), ".") || sign(Some(i), "?.") {
                let Some((Token::Word(part), _)) = tokens.get(i + 1) else { break };
                forgiven |= sign(Some(i), "?.");
                parts.push((*part).to_owned());
                i += 2;
            } else if sign(Some(i), "[") || sign(Some(i), "?[") {
                forgiven |= sign(Some(i), "?[");
                let close = closing(tokens, i);
                match tokens.get(i + 1) {
                    Some((Token::Quoted(q), _)) if close == i + 2 => {
                        parts.push(unquoted(q).unwrap_or("[]").to_owned());
                    }
                    _ => {
                        parts.push("[]".to_owned());
                        out.extend(paths(tokens.get(..close).unwrap_or(tokens), i + 1));
                    }
                }
                i = close + 1;
            } else {
                break;
            }
        }
        let last = i.min(tokens.len()) - 1;
        forgiven |= word(Some(i), "is") || (sign(Some(i), "|") && word(Some(i + 1), "default"));
        let member = open.last() == Some(&true)
            && (sign(before, "[") || sign(before, ","))
            && (sign(Some(i), "]") || sign(Some(i), ","));
        let glued = member || sign(before, "~") || sign(Some(i), "~");
        out.push(Path { span: tokens[first].1.start..tokens[last].1.end, parts, glued, forgiven });
    }
    out
}

/// The bracket that closes the one at `open`, or the last token.
fn closing(tokens: &[(Token<'_>, Range<usize>)], open: usize) -> usize {
    let mut depth = 0_usize;
    for (i, (token, _)) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Sign("[" | "?[") => depth += 1,
            Token::Sign("]") => {
                depth -= 1;
                if depth == 0 {
                    return i;
                }
            }
            _ => {}
        }
    }
    tokens.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(src: &str) -> Vec<(Kind, &str)> {
        pieces(src).into_iter().map(|p| (p.kind, src.get(p.inner).unwrap())).collect()
    }

    #[test]
    fn pieces_end_where_tera_ends_them() {
        use Kind::{Inert, Output, Tag, Text};
        assert_eq!(
            read("a{{ \"}}\" }}b{%- if x -%} c {# {{ #}{% raw %}{{ y }}{% endraw %}{"),
            [
                (Text, "a"),
                (Output, " \"}}\" "),
                (Text, "b"),
                (Tag, " if x "),
                (Text, " c "),
                (Inert, " {{ "),
                (Inert, "{{ y }}"),
                (Text, "{"),
            ]
        );
    }

    fn used(expression: &str) -> Vec<String> {
        paths(&tokens(expression, 0..expression.len()), 0).iter().map(Path::text).collect()
    }

    #[test]
    fn paths_are_what_an_expression_reads() {
        for (expression, expected) in [
            ("customer.name | honorific", &["customer.name"][..]),
            ("a.b[c.d].e", &["c.d", "a.b[].e"]),
            ("a[\"b\"].c", &["a.b.c"]),
            ("x | default(value=y.z) | date(style=\"和暦\")", &["x", "y.z"]),
            ("f(a=1, b=c) and not d is defined", &["c", "d"]),
            ("a is not starting_with(\"x\") or b in c", &["a", "b", "c"]),
            ("<Card.big title=t.x n={y} />", &["t.x", "y"]),
            ("a < b", &["a", "b"]),
            ("1.5 + a.b?.c ~ \"x.y\"", &["a.b.c"]),
        ] {
            assert_eq!(used(expression), expected, "{expression}");
        }
    }

    #[test]
    fn gluing_and_forgiving_are_seen() {
        let all = |e: &str| -> Vec<(bool, bool)> {
            paths(&tokens(e, 0..e.len()), 0).iter().map(|p| (p.glued, p.forgiven)).collect()
        };
        assert_eq!(
            all("[a, b | f, c[d]] and e"),
            [(true, false), (false, false), (false, false), (true, false), (false, false)]
        );
        assert_eq!(all("a ~ b.c"), [(true, false), (true, false)]);
        assert_eq!(all("a | default(value=1)"), [(false, true)]);
        assert_eq!(all("a is defined and b"), [(false, true), (false, false)]);
    }

    proptest! {
        #[test]
        fn pieces_cover_everything(src in "[a{}%#\\-\"' \nx秋]{0,60}") {
            let mut at = 0;
            for piece in pieces(&src) {
                prop_assert_eq!(piece.span.start, at);
                prop_assert!(src.get(piece.inner.clone()).is_some());
                let _ = paths(&tokens(&src, piece.inner.clone()), 0);
                at = piece.span.end;
            }
            prop_assert_eq!(at, src.len());
        }

        #[test]
        fn any_expression_is_read_without_panic(src in "[a-c.?\\[\\]|~<>=()\"' 1is秋]{0,40}") {
            let _ = paths(&tokens(&src, 0..src.len()), 0);
        }
    }
}
