//! The language of conditions and values in a campaign: a typed part of CEL, compiled once against the
//! columns of the tables ([`Program::compile`]) and evaluated without allocation ([`Program::value`]).
//! docs/rules.md teaches it.
//!
//! **Missing values.** A cell may be empty. A comparison with a missing value is false, also `!=`; a missing
//! truth counts as false; arithmetic with a missing value is missing; `has(x)` and `missing(x)` ask.

pub mod cell;
mod check;
mod eval;
mod lexer;
mod parser;
mod scope;

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;

pub use eval::{MOST_GROUPS, NO_ROW, Scene, World};
pub use parser::Unit;
pub use scope::{GroupNames, HistoryColumns, Names, Scope, SheetName, Uses};

use crate::base::{Diagnostic, SourceText};
use crate::data::Items;

/// What an expression yields.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Value<'a> {
    #[default]
    Missing,
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(&'a str),
    Date(Date),
    /// Several texts of one cell.
    List(Items<'a>),
}

/// What kind of value an expression yields, known before any row is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Bool,
    /// Whole numbers and whole yen.
    Integer,
    Number,
    Text,
    Date,
    /// Several texts of one cell.
    List,
}

impl Type {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Bool => "a condition (true or false)",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::List => "a list of texts",
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Number)
    }
}

/// What is wrong with an expression; the place is in bytes of the expression's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub span: Range<usize>,
    pub message: String,
    pub label: String,
    pub help: Option<String>,
}

impl Fault {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), label: String::new(), help: None }
    }

    fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// As a diagnostic that underlines the place in the campaign file.
    #[must_use]
    pub fn in_file(self, source: &Arc<SourceText>, text: &Spanned<String>) -> Diagnostic {
        let span = within(source, text, &self.span);
        let label = if self.label.is_empty() { "here".to_owned() } else { self.label };
        let d = Diagnostic::error("rule", self.message).at_text(source, span, label);
        match self.help {
            Some(help) => d.help(help),
            None => d,
        }
    }
}

/// Where `part` of the value of a TOML string stands in the file: exact for strings without escapes, the
/// whole string otherwise.
fn within(source: &Arc<SourceText>, text: &Spanned<String>, part: &Range<usize>) -> Range<usize> {
    let whole = text.span();
    let raw = source.text.get(whole.clone()).unwrap_or_default();
    let Some(offset) = raw.find(text.get_ref().as_str()).filter(|_| !text.get_ref().is_empty()) else { return whole };
    let start = whole.start + offset;
    // At least one character, so that "the rule ends too early" underlines something: the closing quote.
    start + part.start..(start + part.end.max(part.start + 1)).min(whole.end.max(start + part.end))
}

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Program {
    root: eval::Node,
    kind: Type,
}

impl Program {
    /// Compiles `text` for use where `scope` says which names are known.
    ///
    /// # Errors
    /// The first fault of syntax, or every unknown name and every mismatch of types.
    pub fn compile(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Fault>> {
        let tree = parser::parse(text).map_err(|f| vec![f])?;
        let mut faults = Vec::new();
        match check::Checker::new(scope, &mut faults).expression(&tree) {
            Some((root, kind)) if faults.is_empty() => Ok(Self { root, kind }),
            _ => Err(faults),
        }
    }

    /// Compiles an expression of the campaign file that must be of one of the types `wanted`. Faults go to
    /// `faults` with their places.
    pub fn compile_placed(
        source: &Arc<SourceText>,
        text: &Spanned<String>,
        scope: &Scope<'_>,
        wanted: &[Type],
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        match Self::compile(text.get_ref(), scope) {
            Ok(p) if wanted.contains(&p.kind) => Some(p),
            Ok(p) => {
                let expected: Vec<&str> = wanted.iter().map(|t| t.words()).collect();
                faults.push(
                    Fault::new(0..text.get_ref().len(), format!("this is {}", p.kind.words()))
                        .label(format!("expected {}", expected.join(" or ")))
                        .in_file(source, text),
                );
                None
            }
            Err(found) => {
                faults.extend(found.into_iter().map(|f| f.in_file(source, text)));
                None
            }
        }
    }

    #[must_use]
    pub fn kind(&self) -> Type {
        self.kind
    }

    #[must_use]
    pub fn value<'a>(&'a self, scene: &Scene<'a>) -> Value<'a> {
        self.root.value(scene)
    }

    /// The condition that the value of this expression is let through by a cell of a sheet.
    #[must_use]
    pub fn fitting(&self, test: cell::Test) -> Self {
        Self { root: eval::Node::Fits(Box::new((self.root.clone(), test))), kind: Type::Bool }
    }

    /// Whether the condition holds; missing counts as no.
    #[must_use]
    pub fn holds(&self, scene: &Scene<'_>) -> bool {
        self.root.holds(scene)
    }
}

#[cfg(test)]
mod tests;
