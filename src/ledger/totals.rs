//! How many rows had which outcome. The books must close.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entry::Outcome;
use super::notes::Note;
use crate::base::Diagnostic;

/// Rows by outcome, and by cause where there are several.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    /// Rows that were read, counted by the reader's side and not from the outcomes.
    pub read: u64,
    pub printed: u64,
    pub pages: u64,
    pub held_out: u64,
    pub suppressed: u64,
    pub over_budget: u64,
    pub rejected: u64,
    /// Suppressed rows by cause.
    pub suppressed_by: BTreeMap<Arc<str>, u64>,
    /// Rows held out for another cause than the campaign's own draw.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub held_out_by: BTreeMap<Arc<str>, u64>,
    /// Rejected rows by the first of their reasons: the parts add up to `rejected`.
    pub rejected_by: BTreeMap<&'static str, u64>,
    /// Notes on printed pieces, by what was done, where, and how far it went.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub noted: BTreeMap<String, u64>,
    /// Rows for which something was decided, by segmentation and segment.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub segments: BTreeMap<Arc<str>, BTreeMap<Arc<str>, InSegment>>,
    /// The same rows by their cells of recency, frequency and monetary value; zeros for who bought nothing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "by_name")]
    pub rfm: BTreeMap<[u8; 3], InSegment>,
}

/// The name of an RFM cell: `5-2-2`, or `none` for who bought nothing.
#[must_use]
pub fn cell_name([r, f, m]: [u8; 3]) -> String {
    if r == 0 { "none".to_owned() } else { format!("{r}-{f}-{m}") }
}

fn by_name<S: serde::Serializer>(cells: &BTreeMap<[u8; 3], InSegment>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(cells.iter().map(|(cell, count)| (cell_name(*cell), count)))
}

/// How many rows are in a segment, and how many of them were printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct InSegment {
    pub rows: u64,
    pub printed: u64,
}

/// Different notes that are counted apart: boxes may be named from the record.
const MOST_NOTED: usize = 100;

impl Totals {
    /// Counts one outcome. Does not count `read`: that is the reader's to say.
    pub fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Printed { first_page, last_page, .. } => {
                self.printed += 1;
                self.pages += u64::from(last_page.saturating_sub(*first_page)) + 1;
            }
            Outcome::HeldOut { cause } => {
                self.held_out += 1;
                if let Some(cause) = cause {
                    *self.held_out_by.entry(Arc::clone(cause)).or_default() += 1;
                }
            }
            Outcome::Suppressed { cause } => {
                self.suppressed += 1;
                // Looked up before inserting: `entry` would clone the cause for every row.
                match self.suppressed_by.get_mut(cause) {
                    Some(n) => *n += 1,
                    None => {
                        self.suppressed_by.insert(Arc::clone(cause), 1);
                    }
                }
            }
            Outcome::OverBudget => self.over_budget += 1,
            Outcome::Rejected { reasons } => {
                self.rejected += 1;
                *self.rejected_by.entry(reasons.first().copied().unwrap_or("unknown")).or_default() += 1;
            }
        }
    }

    /// Counts a row in its segment of a segmentation.
    pub fn segment(&mut self, segmentation: &str, segment: &str, printed: bool) {
        let one = InSegment { rows: 1, printed: u64::from(printed) };
        // Looked up before inserting, as above.
        match self.segments.get_mut(segmentation).and_then(|s| s.get_mut(segment)) {
            Some(count) => {
                count.rows += one.rows;
                count.printed += one.printed;
            }
            None => {
                self.segments.entry(segmentation.into()).or_default().insert(segment.into(), one);
            }
        }
    }

    /// Counts a row in its cell of recency, frequency and monetary value.
    pub fn rfm_cell(&mut self, cell: [u8; 3], printed: bool) {
        let count = self.rfm.entry(cell).or_default();
        count.rows += 1;
        count.printed += u64::from(printed);
    }

    /// Counts a note on a printed piece.
    pub fn note(&mut self, note: &Note) {
        let Note { code, element, class, .. } = note;
        let mut key = format!("{code} `{element}`: {class}");
        if self.noted.len() >= MOST_NOTED && !self.noted.contains_key(&key) {
            key = format!("{code}: others");
        }
        *self.noted.entry(key).or_default() += 1;
    }

    /// Rows with an outcome.
    #[must_use]
    pub fn accounted(&self) -> u64 {
        self.printed + self.held_out + self.suppressed + self.over_budget + self.rejected
    }

    /// Whether every row that was read has exactly one outcome.
    ///
    /// # Errors
    /// The books do not close; the message gives the difference.
    pub fn closes(&self) -> Result<(), Diagnostic> {
        let (read, accounted) = (self.read, self.accounted());
        if read == accounted {
            return Ok(());
        }
        let difference = if read > accounted {
            format!("{} rows have no outcome", read - accounted)
        } else {
            format!("{} outcomes have no row", accounted - read)
        };
        Err(Diagnostic::error(
            "books-do-not-close",
            format!(
                "read {read} = printed {} + held out {} + suppressed {} + over budget {} + rejected {} does not \
                 hold: {difference}",
                self.printed, self.held_out, self.suppressed, self.over_budget, self.rejected
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_an_outcome_is_named() {
        let mut totals = Totals { read: 3, ..Totals::default() };
        totals.add(&Outcome::HeldOut { cause: None });
        totals.add(&Outcome::Suppressed { cause: "no-consent".into() });
        let fault = totals.closes().expect_err("one row is missing");
        assert!(fault.message.ends_with("does not hold: 1 rows have no outcome"), "{}", fault.message);
        totals.add(&Outcome::Rejected { reasons: vec!["not-a-date", "ragged"] });
        assert_eq!(totals.closes(), Ok(()));
        assert_eq!(totals.rejected_by.get("not-a-date"), Some(&1));
        totals.add(&Outcome::OverBudget);
        assert!(totals.closes().expect_err("one too many").message.contains("1 outcomes have no row"));
    }
}
