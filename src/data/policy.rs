//! What is done about faults in a table: the campaign says so for each class of them.

use std::sync::Arc;

use super::reject::Reason;
use crate::base::Origin;

/// What a fault does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnFault {
    /// The row is left out: of its table, or of the run with the reason in rejects.csv.
    #[default]
    Reject,
    /// The cell is read as its column's `default`, or as empty where it states none.
    Default,
    /// The run ends before anything is made.
    Stop,
    /// It is told, and the row is kept as it is.
    Warn,
}

/// What faults in a table's rows do, by class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policies {
    /// Bytes that are no text in the file's encoding: `reject`, `default` or `stop`.
    pub undecodable: OnFault,
    /// Text that its column's type cannot be read from: `reject`, `default` or `stop`.
    pub wrong_type: OnFault,
    /// An empty cell in a column that is `required`, and an empty key: `reject` or `stop`.
    pub missing: OnFault,
    /// Rows with more or fewer cells than the header, or quotation marks that are not closed: `reject` or `stop`.
    pub broken_row: OnFault,
    /// A key that stood in an earlier row; that one is kept: `reject` or `stop`.
    pub duplicate_key: OnFault,
    /// A key of another table (`of`) that finds nothing there: `reject`, `default`, `stop` or `warn`.
    pub unknown_key: OnFault,
}

impl Default for Policies {
    fn default() -> Self {
        let reject = OnFault::Reject;
        Self {
            undecodable: reject,
            wrong_type: reject,
            missing: reject,
            broken_row: reject,
            duplicate_key: reject,
            unknown_key: OnFault::Warn,
        }
    }
}

/// Faults of one kind have one policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Undecodable,
    WrongType,
    Missing,
    BrokenRow,
    DuplicateKey,
    UnknownKey,
}

impl Class {
    /// The class of a [`Reason::code`].
    #[must_use]
    pub fn of(code: &str) -> Self {
        match code {
            "undecodable" | "other-encoding" | "lost-character" | "nul" | "formula-error" => Self::Undecodable,
            "missing" => Self::Missing,
            "duplicate-key" => Self::DuplicateKey,
            "unknown-key" => Self::UnknownKey,
            code if code.starts_with("not-") => Self::WrongType,
            _ => Self::BrokenRow,
        }
    }

    /// The key in the campaign file.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::WrongType => "wrong_type",
            Self::Missing => "missing",
            Self::BrokenRow => "broken_row",
            Self::DuplicateKey => "duplicate_key",
            Self::UnknownKey => "unknown_key",
        }
    }

    /// What the campaign may say of it.
    #[must_use]
    pub fn choices(self) -> &'static [OnFault] {
        use OnFault::{Default, Reject, Stop, Warn};
        match self {
            Self::Undecodable | Self::WrongType => &[Reject, Default, Stop],
            Self::Missing | Self::BrokenRow | Self::DuplicateKey => &[Reject, Stop],
            Self::UnknownKey => &[Reject, Default, Stop, Warn],
        }
    }

    pub const ALL: [Self; 6] =
        [Self::Undecodable, Self::WrongType, Self::Missing, Self::BrokenRow, Self::DuplicateKey, Self::UnknownKey];
}

impl Policies {
    #[must_use]
    pub fn of(&self, class: Class) -> OnFault {
        match class {
            Class::Undecodable => self.undecodable,
            Class::WrongType => self.wrong_type,
            Class::Missing => self.missing,
            Class::BrokenRow => self.broken_row,
            Class::DuplicateKey => self.duplicate_key,
            Class::UnknownKey => self.unknown_key,
        }
    }

    /// The first reason that must stop the run.
    #[must_use]
    pub fn stop<'a>(&self, reasons: &'a [Reason]) -> Option<&'a Reason> {
        reasons.iter().find(|r| self.of(Class::of(r.code)) == OnFault::Stop)
    }
}

/// Faults of one code in one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub code: &'static str,
    pub column: Option<Arc<str>>,
    /// What was found at the first place.
    pub message: String,
    pub count: u64,
    /// Where the first of them stand, in the order of the file.
    pub first: Vec<Origin>,
}

/// Places of each kind of fault that are kept.
const FIRST: usize = 3;

/// Faults by code and column, counted, in the order in which they were first met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub told: Vec<Told>,
}

impl Tally {
    pub fn add(&mut self, reason: &Reason, origin: &Origin) {
        match self.told.iter_mut().find(|t| t.code == reason.code && t.column == reason.column) {
            Some(told) => {
                told.count += 1;
                if told.first.len() < FIRST {
                    told.first.push(origin.clone());
                }
            }
            None => self.told.push(Told {
                code: reason.code,
                column: reason.column.clone(),
                message: reason.message.clone(),
                count: 1,
                first: vec![origin.clone()],
            }),
        }
    }

    /// Takes back the first fault of this code and column.
    pub(super) fn take(&mut self, reason: &Reason) {
        if let Some(i) = self.told.iter().position(|t| t.code == reason.code && t.column == reason.column)
            && let Some(told) = self.told.get_mut(i)
        {
            told.count -= 1;
            told.first.drain(..1.min(told.first.len()));
            if told.count == 0 {
                self.told.remove(i);
            }
        }
    }

    /// Adds what was counted behind.
    pub fn append(&mut self, other: Self) {
        for mut more in other.told {
            match self.told.iter_mut().find(|t| t.code == more.code && t.column == more.column) {
                Some(told) => {
                    told.count += more.count;
                    let room = FIRST.saturating_sub(told.first.len());
                    told.first.extend(more.first.drain(..room.min(more.first.len())));
                }
                None => self.told.push(more),
            }
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}
