//! What can go wrong between a page and the file.

use std::fmt;

use crate::base::Diagnostic;

/// Why a piece could not be encoded or a file not be written.
#[derive(Debug)]
pub enum Fault {
    /// A coordinate, size or colour of the piece's page is not a number or is beyond what PDF can hold.
    /// `page` counts from 0 within the piece.
    NotANumber { page: usize },
    /// A glyph id that the font does not have.
    NoSuchGlyph { page: usize, font: String, glyph: u16 },
    /// A colour in an ink that has a name and no definition.
    NoSuchInk { page: usize },
    /// Two definitions of a named ink in one file: a press could not know which is meant.
    InkTwice { ink: String, one: [f32; 4], other: [f32; 4] },
    /// A font that cannot be subset.
    Font { font: String, reason: String },
    /// A picture that could be measured but not be read again.
    Image { path: String, reason: String },
    /// The file would hold more indirect objects than PDF allows (ISO 32000-1, annex C.2: 8,388,607).
    TooManyObjects { objects: u64 },
    /// More pieces than a back end that keeps everything in memory takes.
    TooManyPieces { asked: usize, most: usize },
    /// What the file's standard asks for is not there.
    Standard(&'static str),
    /// The disk, most often.
    Io(std::io::Error),
}

impl Fault {
    /// As a diagnostic about the output as a whole.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error("pdf", self.to_string())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(what) => write!(f, "the file cannot keep its standard: {what}"),
            Self::NotANumber { page } => {
                write!(f, "page {} of the piece has a length or colour that is no usable number", page + 1)
            }
            Self::NoSuchGlyph { page, font, glyph } => {
                write!(f, "page {} of the piece uses glyph {glyph}, which the font {font} does not have", page + 1)
            }
            Self::NoSuchInk { page } => {
                write!(
                    f,
                    "page {} of the piece has a colour in a named ink that no `@-surimono-spot` rule defines",
                    page + 1
                )
            }
            Self::InkTwice { ink, one, other } => {
                let inks = |v: &[f32; 4]| v.map(|v| v.to_string()).join(" ");
                write!(
                    f,
                    "the ink {ink} is defined twice in one file, as device-cmyk({}) and as device-cmyk({})",
                    inks(one),
                    inks(other)
                )
            }
            Self::Font { font, reason } => write!(f, "the font {font} cannot be embedded: {reason}"),
            Self::Image { path, reason } => write!(f, "the picture {path} cannot be written: {reason}"),
            Self::TooManyObjects { objects } => write!(
                f,
                "the file would need {objects} objects and PDF allows 8388607: split the output into several files"
            ),
            Self::TooManyPieces { asked, most } => write!(
                f,
                "the printpdf back end keeps the whole file in memory and takes at most {most} pieces; \
                 this would be {asked}"
            ),
            Self::Io(e) => write!(f, "the file cannot be written: {e}"),
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
