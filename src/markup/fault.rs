//! Why markup cannot be laid out at all. Markup that is merely not well formed is repaired instead.

use std::fmt;

/// A fault in one record's markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// Byte of the markup that was given.
    pub byte: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// More bytes than [`super::html::MAX_BYTES`], or more than [`super::html::MAX_REPAIR_BYTES`] that need repair.
    TooLong,
    /// Elements nested deeper than [`super::html::MAX_DEPTH`].
    TooDeep,
    /// More attributes in one tag than [`super::html::MAX_ATTRIBUTES`].
    TooManyAttributes,
    /// More different names of elements and attributes than anyone uses.
    TooManyNames,
    /// Not well formed, and in a way that could not be repaired either.
    Unrepairable,
}

impl Fault {
    /// A stable word for the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            FaultKind::TooLong => "markup-too-long",
            FaultKind::TooDeep => "markup-too-deep",
            FaultKind::TooManyAttributes => "markup-too-many-attributes",
            FaultKind::TooManyNames => "markup-too-many-names",
            FaultKind::Unrepairable => "markup-unrepairable",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use super::html::{MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_REPAIR_BYTES};
        match self.kind {
            FaultKind::TooLong => write!(
                f,
                "the markup is longer than {MAX_BYTES} bytes, or longer than {MAX_REPAIR_BYTES} bytes and not well formed"
            ),
            FaultKind::TooDeep => write!(f, "elements are nested more than {MAX_DEPTH} deep"),
            FaultKind::TooManyAttributes => write!(f, "a tag has more than {MAX_ATTRIBUTES} attributes"),
            FaultKind::Unrepairable => f.write_str("the markup is not well formed and cannot be repaired"),
            FaultKind::TooManyNames => {
                f.write_str("the markup uses too many different names of elements and attributes")
            }
        }
    }
}

impl std::error::Error for Fault {}
