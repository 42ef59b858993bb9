//! Objects as they are written (ISO 32000-1, 7.2 and 7.3).

use super::super::object;

/// Arrays and dictionaries within each other; deeper ones are refused.
const DEPTH: usize = 64;

/// A direct object, or a reference to one.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// A number that is not whole, as it is written, so that copying does not change it.
    Real(Box<[u8]>),
    /// Without its slash, escapes resolved.
    Name(Box<[u8]>),
    /// Escapes resolved.
    String(Box<[u8]>),
    Array(Vec<Value>),
    Dict(Dict),
    /// The number of an object. Generations are not told apart: the table knows only the newest.
    Ref(u32),
}

/// A dictionary in the order of its keys in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dict(pub Vec<(Box<[u8]>, Value)>);

impl Dict {
    /// The value of `key`, unresolved; of a key that stands there twice, the last.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(k, _)| **k == *key.as_bytes()).map(|(_, v)| v)
    }
}

impl Value {
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(n) => Some(*n as f64),
            Self::Real(text) => std::str::from_utf8(text).ok()?.parse().ok().filter(|n: &f64| n.is_finite()),
            _ => None,
        }
    }

    #[must_use]
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Real(_) => self.number().map(|n| n as i64),
            _ => None,
        }
    }

    #[must_use]
    pub fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(d) => Some(d),
            _ => None,
        }
    }

    #[must_use]
    pub fn array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(a) => Some(a),
            _ => None,
        }
    }

    #[must_use]
    pub fn reference(&self) -> Option<u32> {
        match self {
            Self::Ref(n) => Some(*n),
            _ => None,
        }
    }

    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        matches!(self, Self::Name(n) if **n == *name.as_bytes())
    }

    /// Appends the object as it is written; `number` says what a reference becomes.
    ///
    /// # Errors
    /// Those of `number`.
    pub fn write<E>(&self, out: &mut Vec<u8>, number: &mut impl FnMut(u32) -> Result<u32, E>) -> Result<(), E> {
        match self {
            Self::Null => out.extend_from_slice(b" null"),
            Self::Bool(true) => out.extend_from_slice(b" true"),
            Self::Bool(false) => out.extend_from_slice(b" false"),
            Self::Int(n) => {
                out.push(b' ');
                object::int(out, *n);
            }
            Self::Real(text) => {
                out.push(b' ');
                out.extend_from_slice(text);
            }
            Self::Name(name) => object::name_of(out, name),
            Self::String(text) => object::string(out, text),
            Self::Array(items) => {
                out.push(b'[');
                for item in items {
                    item.write(out, number)?;
                }
                out.push(b']');
            }
            Self::Dict(dict) => {
                out.extend_from_slice(b"<<");
                for (key, value) in &dict.0 {
                    object::name_of(out, key);
                    value.write(out, number)?;
                }
                out.extend_from_slice(b">>");
            }
            Self::Ref(n) => {
                out.push(b' ');
                object::reference(out, number(*n)?);
            }
        }
        Ok(())
    }
}

/// Why there is no object here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The bytes end within it.
    Ends,
    /// This is no object.
    NoObject,
    TooDeep,
}

/// What is read next.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    Value(Value),
    ArrayBegin,
    ArrayEnd,
    DictBegin,
    DictEnd,
    Word(&'a [u8]),
}

/// Reads objects one after the other.
#[derive(Clone, Debug)]
pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

const fn is_space(b: u8) -> bool {
    matches!(b, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn is_delimiter(b: u8) -> bool {
    matches!(b, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex_digit(b: u8) -> Option<u8> {
    match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        b'A'..=b'F' => Some(b - b'A' + 10),
        _ => None,
    }
}

impl<'a> Parser<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// White space and comments (7.2.3, 7.2.4).
    pub(super) fn skip(&mut self) {
        while let Some(b) = self.peek() {
            if is_space(b) {
                self.at += 1;
            } else if b == b'%' {
                while self.peek().is_some_and(|b| b != b'\n' && b != b'\r') {
                    self.at += 1;
                }
            } else {
                return;
            }
        }
    }

    /// A run of regular characters; empty at the end or before a delimiter.
    fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(|b| !is_space(b) && !is_delimiter(b)) {
            self.at += 1;
        }
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// The word that comes next, such as `obj` or `stream`; `Ends` also where it could go on.
    pub(super) fn word(&mut self) -> Result<&'a [u8], Wrong> {
        self.skip();
        let word = self.regular();
        if self.at >= self.bytes.len() { Err(Wrong::Ends) } else { Ok(word) }
    }

    /// A whole number from 0 on.
    pub(super) fn count(&mut self) -> Result<u64, Wrong> {
        self.skip();
        let word = self.regular();
        if self.at >= self.bytes.len() {
            return Err(Wrong::Ends);
        }
        digits(word).ok_or(Wrong::NoObject)
    }

    pub(super) fn value(&mut self) -> Result<Value, Wrong> {
        match self.token()? {
            Token::Word(_) | Token::ArrayEnd | Token::DictEnd => Err(Wrong::NoObject),
            Token::Value(v) => self.maybe_reference(v),
            Token::ArrayBegin => self.array(1),
            Token::DictBegin => self.dict(1),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Wrong> {
        let mut items = Vec::new();
        loop {
            match self.token()? {
                Token::ArrayEnd => return Ok(Value::Array(items)),
                token => items.push(self.inner(token, depth)?),
            }
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Value, Wrong> {
        let mut entries = Vec::new();
        loop {
            match self.token()? {
                Token::DictEnd => return Ok(Value::Dict(Dict(entries))),
                Token::Value(Value::Name(key)) => {
                    let token = self.token()?;
                    entries.push((key, self.inner(token, depth)?));
                }
                _ => return Err(Wrong::NoObject),
            }
        }
    }

    fn inner(&mut self, token: Token<'_>, depth: usize) -> Result<Value, Wrong> {
        if depth >= DEPTH {
            return Err(Wrong::TooDeep);
        }
        match token {
            Token::Value(v) => self.maybe_reference(v),
            Token::ArrayBegin => self.array(depth + 1),
            Token::DictBegin => self.dict(depth + 1),
            Token::ArrayEnd | Token::DictEnd | Token::Word(_) => Err(Wrong::NoObject),
        }
    }

    /// `12` may be the beginning of `12 0 R`.
    fn maybe_reference(&mut self, value: Value) -> Result<Value, Wrong> {
        let Value::Int(n) = value else { return Ok(value) };
        let Ok(number) = u32::try_from(n) else { return Ok(value) };
        let mut ahead = self.clone();
        ahead.skip();
        let generation = ahead.regular();
        if generation.is_empty() || digits(generation).is_none() {
            return Ok(value);
        }
        ahead.skip();
        if ahead.regular() == b"R" {
            self.at = ahead.at;
            return Ok(Value::Ref(number));
        }
        Ok(value)
    }

    pub(super) fn token(&mut self) -> Result<Token<'a>, Wrong> {
        self.skip();
        let first = self.peek().ok_or(Wrong::Ends)?;
        match first {
            b'[' | b']' => {
                self.at += 1;
                Ok(if first == b'[' { Token::ArrayBegin } else { Token::ArrayEnd })
            }
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                Ok(Token::DictBegin)
            }
            b'>' => match self.bytes.get(self.at + 1) {
                Some(b'>') => {
                    self.at += 2;
                    Ok(Token::DictEnd)
                }
                Some(_) => Err(Wrong::NoObject),
                None => Err(Wrong::Ends),
            },
            b'<' => self.hex_string(),
            b'(' => self.string(),
            b'/' => {
                self.at += 1;
                let raw = self.regular();
                Ok(Token::Value(Value::Name(unescaped_name(raw))))
            }
            b'+' | b'-' | b'.' | b'0'..=b'9' => {
                let raw = self.regular();
                number(raw).map(Token::Value).ok_or(Wrong::NoObject)
            }
            _ => {
                let word = self.regular();
                Ok(match word {
                    b"true" => Token::Value(Value::Bool(true)),
                    b"false" => Token::Value(Value::Bool(false)),
                    b"null" => Token::Value(Value::Null),
                    b"" => return Err(Wrong::NoObject),
                    word => Token::Word(word),
                })
            }
        }
    }

    fn hex_string(&mut self) -> Result<Token<'a>, Wrong> {
        self.at += 1;
        let mut out = Vec::new();
        let mut half = None;
        loop {
            let b = self.peek().ok_or(Wrong::Ends)?;
            self.at += 1;
            match (hex_digit(b), half) {
                (Some(d), None) => half = Some(d),
                (Some(d), Some(high)) => {
                    out.push(high << 4 | d);
                    half = None;
                }
                (None, _) if b == b'>' => break,
                (None, _) if is_space(b) => {}
                (None, _) => return Err(Wrong::NoObject),
            }
        }
        // A digit that is missing counts as 0 (7.3.4.3).
        out.extend(half.map(|d| d << 4));
        Ok(Token::Value(Value::String(out.into())))
    }

    fn string(&mut self) -> Result<Token<'a>, Wrong> {
        self.at += 1;
        let mut out = Vec::new();
        let mut open = 1usize;
        loop {
            let b = self.peek().ok_or(Wrong::Ends)?;
            self.at += 1;
            match b {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(Token::Value(Value::String(out.into())));
                    }
                }
                b'\\' => {
                    self.escape(&mut out)?;
                    continue;
                }
                b'\r' => {
                    // Any end of line is one line feed (7.3.4.2).
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    out.push(b'\n');
                    continue;
                }
                _ => {}
            }
            out.push(b);
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), Wrong> {
        let b = self.peek().ok_or(Wrong::Ends)?;
        self.at += 1;
        match b {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'0'..=b'7' => {
                let mut code = u32::from(b - b'0');
                for _ in 0..2 {
                    let Some(d @ b'0'..=b'7') = self.peek() else { break };
                    code = code * 8 + u32::from(d - b'0');
                    self.at += 1;
                }
                out.push((code & 0xff) as u8);
            }
            other => out.push(other),
        }
        Ok(())
    }
}

fn digits(word: &[u8]) -> Option<u64> {
    if word.is_empty() || word.len() > 19 {
        return None;
    }
    word.iter().try_fold(0u64, |n, b| b.is_ascii_digit().then(|| n * 10 + u64::from(b - b'0')))
}

fn number(raw: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(raw).ok()?;
    if let Ok(n) = text.parse::<i64>() {
        return Some(Value::Int(n));
    }
    // `parse` would take exponents and words too, which PDF does not know.
    if !raw.iter().all(|b| matches!(b, b'+' | b'-' | b'.' | b'0'..=b'9')) {
        return None;
    }
    match raw {
        // What other readers take for nothing.
        b"." | b"-" | b"-." | b"+" | b"+." => Some(Value::Int(0)),
        _ => text.parse::<f64>().ok().map(|_| Value::Real(raw.into())),
    }
}

fn unescaped_name(raw: &[u8]) -> Box<[u8]> {
    if !raw.contains(&b'#') {
        return raw.into();
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [b, tail @ ..] = rest {
        rest = tail;
        if *b == b'#'
            && let [high, low, tail @ ..] = tail
            && let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low))
        {
            out.push(high << 4 | low);
            rest = tail;
        } else {
            out.push(*b);
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &[u8]) -> Result<Value, Wrong> {
        Parser::new(text).value()
    }

    fn again(text: &str) -> String {
        let mut out = Vec::new();
        let value = read(format!("{text} ").as_bytes()).expect(text);
        value.write(&mut out, &mut |n| Ok::<_, ()>(n + 100)).expect("written");
        String::from_utf8_lossy(&out).trim().to_owned()
    }

    #[test]
    fn objects_come_back_as_they_were_with_other_numbers() {
        assert_eq!(again("<< /A 12 0 R /B [1 2 R 3 0 R] >>").as_str(), "<</A 112 0 R/B[ 101 0 R 103 0 R]>>");
        assert_eq!(again("[ 1 2 3 -.50 +4 0.0001 ]"), "[ 1 2 3 -.50 4 0.0001]");
        assert_eq!(again("(a\\(b\\)\\101(c)\\\n)"), "(a\\(b\\)A\\(c\\))");
        assert_eq!(again("<48 65 7>"), "(Hep)");
        assert_eq!(again("/A#20B#2f"), "/A#20B#2f");
        assert_eq!(again("[true false null]"), "[ true false null]");
        assert_eq!(again("[/Name/Other(x)<</K/V>>]"), "[/Name/Other(x)<</K/V>>]");
    }

    #[test]
    fn what_is_no_object_is_told() {
        assert_eq!(read(b"<</A"), Err(Wrong::Ends));
        assert_eq!(read(b"(abc"), Err(Wrong::Ends));
        assert_eq!(read(b"endobj "), Err(Wrong::NoObject));
        assert_eq!(read(b"<</A 1 2>>"), Err(Wrong::NoObject));
        assert_eq!(read(b"1e5 "), Err(Wrong::NoObject));
        assert_eq!(read("[".repeat(100_000).as_bytes()), Err(Wrong::TooDeep));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut parser = Parser::new(&bytes);
            while parser.at < bytes.len() && parser.value().is_ok() {}
        }

        #[test]
        fn strings_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut out = Vec::new();
            object::string(&mut out, &bytes);
            prop_assert_eq!(read(&out), Ok(Value::String(bytes.into())));
        }
    }
}
