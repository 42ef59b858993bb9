//! A TOML text to a typed value, with **every** fault in it.
//!
//! serde stops at the first fault. Here the faulty key or value is noted, taken out of the parsed tree, and
//! the tree is read again, until it reads or nothing more can be taken out. A campaign file has a few
//! hundred keys, so even a file that is wrong throughout costs milliseconds. A key that must be there and is not
//! is told and then filled in, so that the checks behind this one find what is wrong in the rest; what they say
//! of the filling stands nowhere in the text and is dropped ([`of_filling`]).

use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};

/// More faults than this are not told: the file is not what its name says.
const MOST_FAULTS: usize = 100;

/// Reads `source` as a `T`. `None` when it could not be read at all; otherwise the value without its faulty
/// parts, good enough for the checks that follow to find their own faults in the rest.
pub fn read<T: DeserializeOwned>(source: &Arc<SourceText>, faults: &mut Vec<Diagnostic>) -> Option<T> {
    let (mut root, syntax) = DeTable::parse_recoverable(&source.text);
    for e in &syntax {
        let span = e.span().unwrap_or(0..0);
        faults.push(
            Diagnostic::error("campaign-syntax", format!("not valid TOML: {}", e.message()))
                .at_text(source, span, "here"),
        );
    }
    // Places from which we took something: a "missing field" there is our own doing.
    let mut holes: Vec<Range<usize>> = Vec::new();
    let mut fillings: Vec<Filling> = Vec::new();
    for _ in 0..MOST_FAULTS {
        let error = match T::deserialize(Deserializer::from(root.clone())) {
            // Behind broken syntax, what is missing may only have been misread.
            Ok(_) if !syntax.is_empty() => return None,
            Ok(value) => return Some(value),
            Err(e) => e,
        };
        let span = error.span().unwrap_or(0..0);
        let whole = root.span();
        // A filling of the wrong kind is changed for one of the next kind.
        if let Some(n) = span.start.checked_sub(source.text.len() + 1)
            && let Some(filling) = fillings.get_mut(n)
            && !error.message().starts_with("missing field")
        {
            filling.kind += 1;
            match filling.value(span) {
                Some(value) if put(root.get_mut(), whole, &filling.table, &filling.key, &value) => continue,
                _ => return None,
            }
        }
        let missing = error.message().strip_prefix("missing field `").and_then(|m| m.split('`').next());
        if missing.is_none() || !(!syntax.is_empty() || of_filling(source, &span) || holes.contains(&span)) {
            faults.push(explain(source, error.message(), span.clone()));
        }
        if let Some(key) = missing {
            let at = source.text.len() + 1 + fillings.len();
            let filling = Filling { table: span.clone(), key: key.to_owned(), kind: 0 };
            if let Some(value) = filling.value(at..at)
                && put(root.get_mut(), whole.clone(), &span, key, &value)
            {
                fillings.push(filling);
                continue;
            }
        }
        match take_out(root.get_mut(), whole, &span) {
            Some(hole) => holes.push(hole),
            None => return None,
        }
    }
    None
}

/// What stands in for a key that is missing; its span lies behind the text's end.
struct Filling {
    /// The span of the table that misses the key.
    table: Range<usize>,
    key: String,
    /// Kinds of value are tried one after the other.
    kind: usize,
}

impl Filling {
    fn value(&self, span: Range<usize>) -> Option<Spanned<DeValue<'static>>> {
        let value = match self.kind {
            0 => DeValue::String("?".into()),
            1 => DeValue::Datetime("2000-01-01".parse().ok()?),
            2 => DeValue::Table(DeTable::new()),
            3 => DeValue::Array(DeArray::new()),
            4 => DeValue::Boolean(false),
            5 => DeValue::parse("1").ok()?.into_inner(),
            _ => return None,
        };
        Some(Spanned::new(span, value))
    }
}

/// Whether a span of `source` is that of something filled in for a missing key.
#[must_use]
pub fn of_filling(source: &SourceText, span: &Range<usize>) -> bool {
    span.start > source.text.len()
}

/// Puts `value` into the innermost table with the span `at` that has no such key, or has a filling there.
fn put(
    table: &mut DeTable<'_>,
    whole: Range<usize>,
    at: &Range<usize>,
    key: &str,
    value: &Spanned<DeValue<'static>>,
) -> bool {
    for (_, inner) in table.iter_mut() {
        let span = inner.span();
        let done = match inner.get_mut() {
            DeValue::Table(t) => put(t, span, at, key, value),
            DeValue::Array(items) => items.iter_mut().any(|item| {
                let span = item.span();
                match item.get_mut() {
                    DeValue::Table(t) => put(t, span, at, key, value),
                    _ => false,
                }
            }),
            _ => false,
        };
        if done {
            return true;
        }
    }
    if whole != *at || table.get(key).is_some_and(|v| v.span() != value.span()) {
        return false;
    }
    table.remove(key);
    table.insert(Spanned::new(value.span(), key.to_owned().into()), value.clone());
    true
}

/// A serde message in the words of the house.
fn explain(source: &Arc<SourceText>, message: &str, span: Range<usize>) -> Diagnostic {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let Some(found) = message.strip_prefix("unknown field").and(quoted.first()) {
        let known = &quoted[1..];
        let d = Diagnostic::error("campaign-unknown-key", format!("there is no key `{found}` here")).at_text(
            source,
            span,
            "unknown key",
        );
        let d = match did_you_mean(found, known.iter().copied()) {
            Some(like) => d.help(format!("did you mean `{like}`?")),
            None => d,
        };
        return if known.is_empty() { d } else { d.help(format!("keys that may stand here: {}", known.join(", "))) };
    }
    if let Some(found) = message.strip_prefix("unknown variant").and(quoted.first()) {
        let known = &quoted[1..];
        let d = Diagnostic::error("campaign-unknown-word", format!("`{found}` is not one of the known words")).at_text(
            source,
            span,
            format!("expected one of: {}", known.join(", ")),
        );
        return match did_you_mean(found, known.iter().copied()) {
            Some(like) => d.help(format!("did you mean `{like}`?")),
            None => d,
        };
    }
    if let Some(name) = message.strip_prefix("missing field").and(quoted.first()) {
        // The span is the whole table; its first line is where a reader looks.
        let first = source.text.get(span.clone()).and_then(|t| t.find('\n')).map_or(span.end, |n| span.start + n);
        return Diagnostic::error("campaign-missing-key", format!("the key `{name}` is missing"))
            .at_text(source, span.start..first, format!("`{name}` must be stated in this table"))
            .help(format!("add a line `{name} = …`"));
    }
    if message.ends_with("expected a TOML datetime") {
        return Diagnostic::error("campaign-value", "this is not a date")
            .at_text(source, span, "expected a date such as 2026-12-01")
            .help("a date stands without quotation marks");
    }
    let expected = message.split("expected ").nth(1).map_or(String::new(), |e| format!("expected {e}"));
    Diagnostic::error("campaign-value", message.to_owned()).at_text(source, span, expected)
}

/// Removes the smallest entry that the fault lies in. Gives the span of the table it was taken from.
fn take_out(table: &mut DeTable<'_>, whole: Range<usize>, at: &Range<usize>) -> Option<Range<usize>> {
    let mut deeper: Option<String> = None;
    let mut exact: Option<String> = None;
    for (key, value) in table.iter() {
        if key.span() == *at || value.span() == *at {
            exact = Some(key.get_ref().to_string());
            break;
        }
        if holds(&value.span(), at) || spread(value, at) {
            deeper = Some(key.get_ref().to_string());
        }
    }
    if let Some(key) = exact {
        // An array of tables shares its span with its first element: look inside before all goes.
        if let Some(hole) = table.get_mut(key.as_str()).and_then(|v| within(v, at)) {
            return Some(hole);
        }
        table.remove(key.as_str());
        return Some(whole);
    }
    let key = deeper?;
    if let Some(hole) = table.get_mut(key.as_str()).and_then(|v| within(v, at)) {
        return Some(hole);
    }
    table.remove(key.as_str());
    Some(whole)
}

fn within(value: &mut Spanned<DeValue<'_>>, at: &Range<usize>) -> Option<Range<usize>> {
    let whole = value.span();
    match value.get_mut() {
        DeValue::Table(t) => take_out(t, whole, at),
        DeValue::Array(items) => {
            let n = items.iter().position(|i| i.span() == *at || holds(&i.span(), at) || spread(i, at))?;
            if let Some(hole) = items.get_mut(n).and_then(|i| within(i, at)) {
                return Some(hole);
            }
            let kept: DeArray<'_> = items.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, v)| v.clone()).collect();
            *items = kept;
            Some(whole)
        }
        _ => None,
    }
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Whether something below holds `at`: tables written in several places (`[a]`, later `[a.b]`) have spans
/// that do not hold their parts.
fn spread(value: &Spanned<DeValue<'_>>, at: &Range<usize>) -> bool {
    match value.get_ref() {
        DeValue::Table(t) => {
            t.iter().any(|(k, v)| k.span() == *at || v.span() == *at || holds(&v.span(), at) || spread(v, at))
        }
        DeValue::Array(a) => a.iter().any(|v| v.span() == *at || holds(&v.span(), at) || spread(v, at)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        name: String,
        #[serde(default)]
        parts: Vec<Part>,
        #[serde(default)]
        color: Option<Word>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Part {
        size: u32,
        #[serde(default)]
        #[allow(dead_code)]
        note: Option<String>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Word {
        Red,
        Green,
    }

    fn told(text: &str) -> (Option<Outer>, Vec<String>) {
        let source = SourceText::new("campaign.toml", text);
        let mut faults = Vec::new();
        let value = read(&source, &mut faults);
        let lines = faults
            .iter()
            .map(|f| match &f.place {
                Some(crate::base::Place::Text { source, span }) => {
                    let (l, c) = source.line_column(span.start);
                    format!("{l}:{c} {} {}", f.code, f.message)
                }
                _ => f.message.clone(),
            })
            .collect();
        (value, lines)
    }

    #[test]
    fn all_faults_are_told_in_one_go() {
        let (value, lines) = told(
            "name = 7\ncolour = 1\ncolor = \"gren\"\n[[parts]]\nsize = \"big\"\n[[parts]]\nnote = \"x\"\nsise = 2\n[[parts]]\nsize = 3\n",
        );
        assert_eq!(lines.len(), 5, "{lines:#?}");
        assert!(lines.iter().any(|l| l.starts_with("1:8 campaign-value")), "{lines:#?}");
        assert!(lines.iter().any(|l| l == "2:1 campaign-unknown-key there is no key `colour` here"), "{lines:#?}");
        assert!(lines.iter().any(|l| l.starts_with("3:9 campaign-unknown-word")), "{lines:#?}");
        assert!(lines.iter().any(|l| l.starts_with("5:8 campaign-value")), "{lines:#?}");
        assert!(lines.iter().any(|l| l.starts_with("8:1 campaign-unknown-key")), "{lines:#?}");
        let value = value.expect("what was wrong is filled in, so that the rest can be checked");
        assert_eq!((value.name.as_str(), value.parts[2].size), ("?", 3));
    }

    #[test]
    fn what_is_right_is_still_read() {
        let (value, lines) = told("name = \"a\"\ncolour = 1\ncolor = \"green\"\n[[parts]]\nsize = 3\n");
        let value = value.expect("only an unknown key was wrong");
        assert_eq!((value.name.as_str(), value.parts[0].size, lines.len()), ("a", 3, 1));
        assert!(matches!(value.color, Some(Word::Green)));
        assert!(!matches!(value.color, Some(Word::Red)));
    }

    #[test]
    fn broken_syntax_is_told_with_its_place() {
        let (_, lines) = told("name = \"a\nparts = [\n");
        assert!(lines[0].contains("campaign-syntax"), "{lines:#?}");
    }
}
