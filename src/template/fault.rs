//! Why a record could not be rendered, and where in the template.

use std::ops::Range;
use std::sync::Arc;

use super::guard;
use super::scan::{Kind, Piece, paths, tokens};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};

/// A place in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    pub source: Arc<SourceText>,
    /// Bytes of the source that are meant.
    pub span: Range<usize>,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The field whose value it is: `customer.name`, `pick.product.price`.
    pub field: Option<String>,
}

impl Located {
    /// A place with the innermost field around it.
    #[must_use]
    pub fn new(source: &Arc<SourceText>, span: Range<usize>, pieces: &[Piece]) -> Self {
        let (line, column) = source.line_column(span.start);
        let field = field_at(&source.text, pieces, &span);
        Self { source: Arc::clone(source), span, line, column, field }
    }

    /// The template file, as the user would type it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.source.name
    }
}

/// The innermost path around a place; else the one in it, before it, or the first of the expression.
fn field_at(text: &str, pieces: &[Piece], span: &Range<usize>) -> Option<String> {
    let piece = pieces.iter().find(|p| p.span.contains(&span.start))?;
    if !matches!(piece.kind, Kind::Output | Kind::Tag) {
        return None;
    }
    let tokens = tokens(text, piece.inner.clone());
    let found = paths(&tokens, usize::from(piece.kind == Kind::Tag));
    let around = found.iter().filter(|p| p.span.contains(&span.start)).min_by_key(|p| p.span.len());
    let inside = || found.iter().find(|p| span.contains(&p.span.start));
    // a filter's name: what it was given stands before it
    let before = || found.iter().filter(|p| p.span.end <= span.start).max_by_key(|p| p.span.end);
    let first = || found.iter().min_by_key(|p| p.span.start).filter(|_| piece.kind == Kind::Output);
    around.or_else(inside).or_else(before).or_else(first).map(super::scan::Path::text)
}

/// Why a record could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `template-undefined`, `template-value`, `template-too-long`, `template-endless`.
    pub code: &'static str,
    pub message: String,
    pub at: Option<Box<Located>>,
    pub help: Vec<String>,
}

impl Fault {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), at: None, help: Vec::new() }
    }

    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let mut d = Diagnostic::error(self.code, self.message.clone());
        if let Some(at) = &self.at {
            d = d.at_text(&at.source, at.span.clone(), "");
        }
        d.help.clone_from(&self.help);
        d
    }
}

/// What Tera reports, in our words.
pub(super) fn of_report(message: &str, at: Option<Located>) -> Fault {
    let field = at.as_ref().and_then(|a| a.field.clone());
    let mut fault = if message.contains(guard::ENDLESS) {
        Fault::new("template-endless", guard::ENDLESS)
    } else if is_undefined(message) {
        let name = field.clone().unwrap_or_else(|| "a value".to_owned());
        let mut f = Fault::new(
            "template-undefined",
            format!("`{name}` has no value: there is no such field, or this record leaves it empty"),
        );
        if let Some(word) = nearest(message) {
            f.help.push(format!("did you mean `{word}`?"));
        }
        f.help.push(format!(
            "where it may be empty, write {{% if {name} %}} … {{% endif %}} or {{{{ {name} | default(value=\"…\") }}}}"
        ));
        f
    } else {
        let mut text = sentence(message);
        if let Some(name) = &field {
            text = format!("`{name}`: {text}");
        }
        Fault::new("template-value", text)
    };
    fault.at = at.map(Box::new);
    fault
}

/// Tera's several ways to say that something has no value.
fn is_undefined(message: &str) -> bool {
    (message.starts_with("Field `") && message.contains("` is not defined"))
        || (message.starts_with("Variable `")
            && (message.contains("is not defined") || message.contains("is undefined")))
        || message.starts_with("Tried to render a variable that is undefined")
        || message.starts_with("Cannot index into an undefined value")
        || message.starts_with("Cannot slice an undefined value")
        || message.contains("got `undefined`")
        || message.contains("`undefined`")
        || message.contains(guard::NOTHING)
}

/// The nearest of the names that Tera lists as available.
fn nearest(message: &str) -> Option<String> {
    let (head, list) = message.split_once(" Available ")?;
    let wanted = head.split('`').nth(1)?;
    let (_, names) = list.split_once(": ")?;
    did_you_mean(wanted, names.split(", ")).map(str::to_owned)
}

/// Tera's message as the middle of a line: no capital in front, no full stop.
pub(super) fn sentence(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let mut chars = message.chars();
    match (chars.next(), message.chars().nth(1)) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => message.to_owned(),
    }
}
