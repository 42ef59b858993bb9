//! One line of JSON (RFC 8259) with the place of everything in it, so that a fault can underline the very word.

use std::borrow::Cow;
use std::ops::Range;

use super::LineFault;

/// A value and where it stands, in bytes of the line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// A name with its value.
pub(super) type Member<'a> = (At<Cow<'a, str>>, At<Json<'a>>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'a, str>),
    List(Vec<At<Json<'a>>>),
    Object(Vec<Member<'a>>),
}

impl Json<'_> {
    pub fn words(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// Deeper than this no line of ours goes.
const DEEPEST: u8 = 8;

/// Reads a whole line.
///
/// # Errors
/// The first place at which it is no JSON.
pub(super) fn parse(text: &str) -> Result<At<Json<'_>>, LineFault> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < text.len() {
        return Err(reader.wrong("the line goes on behind its object", "nothing may stand here"));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A fault at the character that comes next.
    fn wrong(&self, message: &str, label: &str) -> LineFault {
        let length = self.text.get(self.at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
        let message = if self.at >= self.text.len() { "the line ends too early" } else { message };
        LineFault::new("decision-json", self.at..self.at + length, message).label(label)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: u8) -> Result<At<Json<'a>>, LineFault> {
        self.blanks();
        let from = self.at;
        let value = match self.peek() {
            Some(b'{' | b'[') if depth >= DEEPEST => {
                return Err(self.wrong("objects lie too deep in one another", "here"));
            }
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Json::Text(self.string()?.value),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => match [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))]
                .into_iter()
                .find(|(word, _)| self.text.get(self.at..).is_some_and(|t| t.starts_with(word)))
            {
                Some((word, value)) => {
                    self.at += word.len();
                    value
                }
                None => {
                    return Err(self.wrong("this is not JSON", "expected a value: \"text\", 12, null, { … } or [ … ]"));
                }
            },
        };
        Ok(At { value, span: from..self.at })
    }

    fn object(&mut self, depth: u8) -> Result<Json<'a>, LineFault> {
        self.at += 1;
        let mut members: Vec<Member<'a>> = Vec::new();
        self.blanks();
        if self.eat(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("this is not JSON", "expected a name in quotation marks"));
            }
            let name = self.string()?;
            if members.iter().any(|(n, _)| n.value == name.value) {
                return Err(LineFault::new("decision-json", name.span, "this name stands twice in the object")
                    .label("the second time"));
            }
            self.blanks();
            if !self.eat(b':') {
                return Err(self.wrong("this is not JSON", "expected `:` behind the name"));
            }
            let value = self.value(depth + 1)?;
            members.push((name, value));
            self.blanks();
            if self.eat(b'}') {
                return Ok(Json::Object(members));
            }
            if !self.eat(b',') {
                return Err(self.wrong("this is not JSON", "expected `,` or `}`"));
            }
        }
    }

    fn list(&mut self, depth: u8) -> Result<Json<'a>, LineFault> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.eat(b']') {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.eat(b']') {
                return Ok(Json::List(items));
            }
            if !self.eat(b',') {
                return Err(self.wrong("this is not JSON", "expected `,` or `]`"));
            }
        }
    }

    fn string(&mut self) -> Result<At<Cow<'a, str>>, LineFault> {
        let from = self.at;
        let bytes = self.text.as_bytes();
        let (mut to, mut escaped) = (from + 1, false);
        loop {
            match bytes.get(to) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    to += 2;
                }
                Some(0..=0x1F) => {
                    self.at = to;
                    return Err(self.wrong("a text holds a control character", "write it as \\n, \\t or \\u00XX"));
                }
                Some(_) => to += 1,
                None => {
                    return Err(LineFault::new("decision-json", from..bytes.len(), "a text is not closed")
                        .label("this quotation mark has no partner"));
                }
            }
        }
        self.at = to + 1;
        let raw = self.text.get(from..self.at).unwrap_or_default();
        let value = if escaped {
            match serde_json::from_str::<String>(raw) {
                Ok(text) => Cow::Owned(text),
                Err(_) => {
                    return Err(LineFault::new("decision-json", from..self.at, "this text has a wrong escape")
                        .label("known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"));
                }
            }
        } else {
            Cow::Borrowed(raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default())
        };
        Ok(At { value, span: from..self.at })
    }

    fn number(&mut self) -> Result<Json<'a>, LineFault> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let raw = self.text.get(from..self.at).unwrap_or_default();
        match serde_json::from_str::<f64>(raw) {
            Ok(n) if n.is_finite() => Ok(Json::Number(n)),
            _ => {
                Err(LineFault::new("decision-json", from..self.at, "this is no number").label("not as JSON writes it"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_know_their_places() {
        let text = r#"{"a": ["x", 1.5, null], "秋\n": {"b": true}}"#;
        let read = parse(text).expect("JSON");
        let Json::Object(members) = &read.value else { panic!("an object") };
        assert_eq!(members[1].0.value, "秋\n");
        let Json::List(items) = &members[0].1.value else { panic!("a list") };
        assert_eq!(&text[items[1].span.clone()], "1.5");
        assert_eq!(&text[members[1].1.span.clone()], "{\"b\": true}");
    }

    #[test]
    fn faults_stand_where_they_are() {
        for (text, at, label) in [
            (r#"{"a" 1}"#, 5, "expected `:` behind the name"),
            (r#"{"a":1,}"#, 7, "expected a name in quotation marks"),
            (r#"{"a":tru}"#, 5, "expected a value: \"text\", 12, null, { … } or [ … ]"),
            (r#"{"a":1} x"#, 8, "nothing may stand here"),
            (r#"{"a":"x}"#, 5, "this quotation mark has no partner"),
            (r#"{"a":01}"#, 5, "not as JSON writes it"),
            (r#"{"a":1,"a":2}"#, 7, "the second time"),
        ] {
            let fault = parse(text).expect_err(text);
            assert_eq!((fault.span.start, fault.label.as_str()), (at, label), "{text}");
        }
        assert_eq!(parse("{\"a\":1").expect_err("cut").message, "the line ends too early");
        assert!(parse(&"[".repeat(100_000)).is_err(), "depth is bounded");
    }

    proptest! {
        #[test]
        fn any_text_is_judged_as_the_crate_judges_it(text in r#"[\[\]{}:,"a1\\ .\-]{0,12}|\PC*"#) {
            let ours = parse(&text);
            if ours.is_ok() {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
            } else if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
                // Only what we refuse on purpose: depth and names that stand twice.
                let again = value.to_string();
                prop_assert!(again.len() < text.trim().len() || text.matches(['[', '{']).count() > 8, "{}", text);
            }
        }
    }
}
