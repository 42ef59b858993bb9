//! Why a file cannot be read.

use std::fmt;

use crate::base::{Diagnostic, diag::Place};

/// Why a PDF file cannot be read. Says nothing of the file's texts.
#[derive(Debug)]
pub enum Fault {
    /// The system cannot open or read the file.
    Io(std::io::Error),
    /// There is no `%PDF-` at its beginning.
    NotPdf,
    /// It is encrypted (ISO 32000-1, 7.6), with or without a password.
    Encrypted,
    /// Something in it is not as the format wants it.
    Broken(String),
    /// It is larger, deeper or more repeated than this program reads.
    TooLarge(String),
}

impl Fault {
    pub(super) fn broken(what: impl Into<String>) -> Self {
        Self::Broken(what.into())
    }

    /// As a diagnostic about the file `name`.
    #[must_use]
    pub fn diagnostic(&self, name: &str) -> Diagnostic {
        let d = Diagnostic::error("pdf-input", format!("{name}: {self}")).at(Place::File(name.to_owned()), "");
        match self {
            Self::Encrypted => d.help("save it without a password and without restrictions"),
            Self::Broken(_) => {
                d.help("open it in the program that made it and save it anew, or mend it with `qpdf IN OUT`")
            }
            Self::Io(_) | Self::NotPdf | Self::TooLarge(_) => d,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(e) => write!(f, "the file cannot be read: {e}"),
            Self::NotPdf => write!(f, "this is no PDF file: it does not begin with %PDF-"),
            Self::Encrypted => write!(f, "the file is encrypted"),
            Self::Broken(what) => write!(f, "the PDF file is damaged: {what}"),
            Self::TooLarge(what) => write!(f, "the PDF file is beyond what is read: {what}"),
        }
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(e) => Some(e),
            _ => None,
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(e: std::io::Error) -> Self {
        Self::Io(e)
    }
}
