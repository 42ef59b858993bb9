//! One input row and what became of it.

use std::sync::Arc;

use crate::base::{Digest, Origin};

/// What became of one input row. Exactly one of these for every row that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A piece was made.
    Printed {
        /// Name of the output file.
        file: Arc<str>,
        /// First and last page of the piece in that file, from 1.
        first_page: u32,
        last_page: u32,
        /// SHA-256 of the piece's content as it went to the file.
        digest: Digest,
    },
    /// Left out on purpose, to measure what the mailing brings.
    /// The cause is there when the campaign did not draw it itself.
    HeldOut { cause: Option<Arc<str>> },
    /// Not written to; the cause is the campaign's word for it (`no-consent`, a table's name, …).
    Suppressed { cause: Arc<str> },
    /// The budget was spent before this row's turn.
    OverBudget,
    /// A fault kept it from being printed; the codes of all reasons.
    Rejected { reasons: Vec<&'static str> },
}

impl Outcome {
    /// The word for it in the manifest.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Printed { .. } => "printed",
            Self::HeldOut { .. } => "held-out",
            Self::Suppressed { .. } => "suppressed",
            Self::OverBudget => "over-budget",
            Self::Rejected { .. } => "rejected",
        }
    }
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where the row stands in the input.
    pub origin: Origin,
    /// The piece's id; empty for a row that was rejected before it had one.
    pub piece: String,
    pub outcome: Outcome,
}
