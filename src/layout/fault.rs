//! What can be wrong with a laid out piece. Each fault names the element and says by how much; none is ever
//! passed over in silence, and none holds a person's data beyond a single code point.

use std::fmt;
use std::sync::Arc;

use super::fit::Fit;
use crate::base::Pt;

/// One fault of one piece.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub kind: FaultKind,
    /// Byte in the markup that [`super::Composer::compose`] was given: the start of the element or text.
    pub at: u32,
    /// `#id`, or `.class`, or the tag of the element it happened in.
    pub element: Arc<str>,
}

/// The direction in which a box was too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Horizontal,
    Vertical,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// No font of the set draws this character.
    MissingGlyph(char),
    /// No font has this form of a character: the character and its variation selector. The usual form is drawn.
    MissingSequence(char, char),
    /// Content is larger than the box that must hold it.
    Overflow { axis: Axis, by: Pt },
    /// So much it is too large still, with its text changed as far as its copy-fit allows.
    NoFit { axis: Axis, by: Pt, fit: Fit },
    /// No fault: text was changed so that it fits its box, as its stylesheet asks.
    Fitted(Fit),
    /// No fault: what does not fit its box was cut, as its stylesheet asks.
    Clipped { axis: Axis, by: Pt },
    /// No fault: what does not fit goes on on pages of this name, as its stylesheet asks.
    Continued { name: Arc<str> },
    /// A forced break, or another name of page, where none is followed.
    DeepBreak,
    /// Text lies beyond the trim, where the knife cuts it off.
    OffPage { by: Pt },
    /// A picture that is absent, broken or not allowed: code word and message of the loader.
    Image { code: &'static str, message: String },
    /// A stylesheet that this piece names and that cannot be loaded: code word and message of the loader.
    Stylesheet { code: &'static str, message: String },
    /// A symbol that cannot be made: no value, too long a value, an unknown type.
    BarCode { message: String },
    /// Something lies so far inside what must stay free of ink around a symbol; or its ground is too dark.
    QuietZone { what: &'static str, by: Pt },
    /// Markup that had to be repaired.
    Markup { message: String },
    /// A property or a value that layout does not lay out.
    Unsupported { message: String },
    /// More pages than one piece may have.
    TooManyPages { limit: usize },
    /// Elements nested more deeply than layout follows.
    TooDeep { limit: usize },
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Horizontal => "wide",
            Self::Vertical => "tall",
        })
    }
}

impl Fault {
    /// Nothing is wrong: a decision of the stylesheet was carried out, and the report says so.
    #[must_use]
    pub fn is_note(&self) -> bool {
        matches!(self.kind, FaultKind::Fitted(_) | FaultKind::Clipped { .. } | FaultKind::Continued { .. })
    }

    /// The stable word for this kind of fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            FaultKind::MissingGlyph(_) => "missing-glyph",
            FaultKind::Overflow { .. } | FaultKind::NoFit { .. } => "overflow",
            FaultKind::Fitted(_) => "fitted",
            FaultKind::Clipped { .. } => "clipped",
            FaultKind::MissingSequence(..) => "missing-sequence",
            FaultKind::Continued { .. } => "continued",
            FaultKind::OffPage { .. } => "off-page",
            FaultKind::Image { code, .. } | FaultKind::Stylesheet { code, .. } => code,
            FaultKind::BarCode { .. } => "bar-code",
            FaultKind::QuietZone { .. } => "quiet-zone",
            FaultKind::Markup { .. } => "markup",
            FaultKind::Unsupported { .. } | FaultKind::DeepBreak => "unsupported-layout",
            FaultKind::TooManyPages { .. } => "too-many-pages",
            FaultKind::TooDeep { .. } => "too-deep",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let element = &self.element;
        match &self.kind {
            FaultKind::MissingGlyph(c) => {
                write!(f, "no font has the character U+{:04X} in `{element}`", u32::from(*c))
            }
            FaultKind::MissingSequence(c, selector) => {
                let (c, selector) = (u32::from(*c), u32::from(*selector));
                write!(f, "no font has the form U+{c:04X} U+{selector:04X} of a character in `{element}`")
            }
            FaultKind::Overflow { axis, by } => {
                write!(f, "the content of `{element}` is {:.1} mm too {axis} for it", by.to_mm())
            }
            FaultKind::NoFit { axis, by, fit } => write!(
                f,
                "the content of `{element}` is {:.1} mm too {axis} for it even with its copy-fit at the end ({fit})",
                by.to_mm()
            ),
            FaultKind::Continued { name } => write!(f, "the content of `{element}` goes on on a page `{name}`"),
            FaultKind::DeepBreak => {
                write!(f, "`{element}`: a page can begin only in the flow of blocks, not within items of other boxes")
            }
            FaultKind::Fitted(fit) => write!(f, "the text of `{element}` was changed to fit: {fit}"),
            FaultKind::Clipped { axis, by } => {
                write!(f, "the content of `{element}` is {:.1} mm too {axis} for it and was cut", by.to_mm())
            }
            FaultKind::OffPage { by } => {
                write!(f, "text of `{element}` lies {:.1} mm beyond the trim and would be cut off", by.to_mm())
            }
            FaultKind::Image { message, .. } => write!(f, "the picture of `{element}`: {message}"),
            FaultKind::Stylesheet { message, .. } => write!(f, "a stylesheet: {message}"),
            FaultKind::BarCode { message } => write!(f, "the bar code of `{element}`: {message}"),
            FaultKind::QuietZone { what, by } if *by > Pt::ZERO => {
                let by = by.to_mm();
                write!(f, "{what} lies {by:.1} mm inside the quiet zone of the bar code `{element}`")
            }
            FaultKind::QuietZone { what, .. } => write!(f, "the bar code of `{element}` has {what}"),
            FaultKind::Markup { message } | FaultKind::Unsupported { message } => write!(f, "`{element}`: {message}"),
            FaultKind::TooManyPages { limit } => write!(f, "the piece has more than {limit} pages"),
            FaultKind::TooDeep { limit } => write!(f, "`{element}` is nested more than {limit} elements deep"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_where_and_by_how_much() {
        let fault = Fault {
            kind: FaultKind::Overflow { axis: Axis::Vertical, by: Pt::from_mm(2.04) },
            at: 7,
            element: ".greeting".into(),
        };
        assert_eq!(fault.code(), "overflow");
        assert_eq!(fault.to_string(), "the content of `.greeting` is 2.0 mm too tall for it");
    }

    #[test]
    fn a_missing_glyph_is_named_by_its_code_point() {
        let fault = Fault { kind: FaultKind::MissingGlyph('𠮷'), at: 0, element: "p".into() };
        assert_eq!(fault.to_string(), "no font has the character U+20BB7 in `p`");
    }
}
