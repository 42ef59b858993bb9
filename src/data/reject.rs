//! A row that cannot be used, with why, and with its cells, so that it can be given back to its owner.

use std::fmt;
use std::sync::Arc;

use crate::base::{Diagnostic, Origin, Place};

/// One reason why a row cannot be used. A row may have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A stable `kebab-case` word, such as `not-a-date`.
    pub code: &'static str,
    /// The column's name, when one cell is at fault.
    pub column: Option<Arc<str>>,
    /// What was found and what was expected. Never the cell's text, only its kind ("4 letters").
    pub message: String,
}

/// `postcode: found 6 digits; expected …`
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(column) = &self.column {
            write!(f, "{column}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// A rejected row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    pub origin: Origin,
    /// The row as it stands in its file, without its line end.
    pub bytes: Vec<u8>,
    /// All cells of the row as text, as many as it has, also those that no column of the table is read from. A byte that the encoding does not know stands as
    /// `\xHH`: nothing is replaced by U+FFFD. Long rows may be cut (the reason then says so).
    pub cells: Vec<String>,
    /// At least one, in the order of the columns.
    pub reasons: Vec<Reason>,
}

impl Reject {
    /// All reasons as one text: `postcode: 6 digits; expected …; birth_date: …`.
    #[must_use]
    pub fn why(&self) -> String {
        let mut out = String::new();
        for reason in &self.reasons {
            if !out.is_empty() {
                out.push_str("; ");
            }
            out.push_str(&reason.to_string());
        }
        out
    }

    /// One diagnostic for each reason, for showing on a terminal.
    pub fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> + '_ {
        self.reasons.iter().map(|reason| {
            Diagnostic::error(reason.code, reason.message.clone()).at(
                Place::Cell { origin: self.origin.clone(), column: reason.column.as_deref().map(str::to_owned) },
                "",
            )
        })
    }
}
