//! Faults as data: what is wrong, where, what was expected, what to do. Printing is another floor's work
//! (`cli::report`), so that a terminal, a JSON event and a test all read the same value.

use std::ops::Range;
use std::sync::Arc;

use super::origin::Origin;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// A text that spans point into: a campaign file, a template, a stylesheet.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceText {
    /// As the user would type it, relative to where they stand; never absolute unless they typed it so.
    pub name: String,
    pub text: String,
    /// The number of the text's first line in its file: 1, unless the text is a part of a file too large to be held.
    pub first_line: usize,
}

impl SourceText {
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Self::line(name, text, 1)
    }

    /// One line of a file that is read line by line.
    #[must_use]
    pub fn line(name: impl Into<String>, text: impl Into<String>, first_line: usize) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), first_line })
    }

    /// Line and column, both from 1; the column counts characters.
    #[must_use]
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let before = &self.text[..byte];
        let line = before.bytes().filter(|b| *b == b'\n').count() + self.first_line;
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        (line, before[start..].chars().count() + 1)
    }
}

/// Where a fault lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Bytes of a text that can be shown and underlined.
    Text { source: Arc<SourceText>, span: Range<usize> },
    /// A cell (or, without a column, a whole row) of a table.
    Cell { origin: Origin, column: Option<String> },
    /// A file as a whole, as the user would type it.
    File(String),
}

/// A further place that helps to understand the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub place: Place,
    pub text: String,
}

/// One fault. The message alone must make sense if only one line can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// A stable word for this kind of fault, `kebab-case`: tests, rejects and documents refer to it.
    pub code: &'static str,
    /// What is wrong: what was found. No personal data: rows and columns instead of names.
    pub message: String,
    pub place: Option<Place>,
    /// What stands at `place`, short, for under the underline: "expected a length such as 3mm".
    pub label: String,
    pub more: Vec<Label>,
    /// What to do about it, each a sentence.
    pub help: Vec<String>,
}

impl Diagnostic {
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            place: None,
            label: String::new(),
            more: Vec::new(),
            help: Vec::new(),
        }
    }

    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    #[must_use]
    pub fn at(mut self, place: Place, label: impl Into<String>) -> Self {
        self.place = Some(place);
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn at_text(self, source: &Arc<SourceText>, span: Range<usize>, label: impl Into<String>) -> Self {
        self.at(Place::Text { source: Arc::clone(source), span }, label)
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The known word most like `found`, if it is like enough to be worth offering ("did you mean").
#[must_use]
pub fn did_you_mean<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(&found.to_lowercase(), &k.to_lowercase()), k))
        .filter(|(d, k)| *d <= 1 + k.chars().count().min(found.chars().count()) / 3)
        .min()
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_start_at_one() {
        let s = SourceText::new("a", "秋の\nご優待");
        assert_eq!(s.line_column(0), (1, 1));
        assert_eq!(s.line_column("秋の\nご".len()), (2, 2));
        assert_eq!(s.line_column(1), (1, 1), "inside a character counts as its start");
    }

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        assert_eq!(did_you_mean("postcod", ["postcode", "name"]), Some("postcode"));
        assert_eq!(did_you_mean("zzz", ["postcode", "name"]), None);
    }
}
