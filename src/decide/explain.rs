//! One decision in words, line by line, with everything that was weighed.

use super::decider::{Decider, Scratch};
use super::decision::Outcome;
use crate::data::record::Record;

impl Decider {
    /// The decision for one record in words; also why a person gets nothing. The decision is made anew, by the
    /// same code as in a run, so the words cannot differ from what is printed.
    #[must_use]
    pub fn explain(&self, record: &Record, number: u64) -> Vec<String> {
        let mut scratch = Scratch::tracing();
        let decided = self.decide(record, number, &mut scratch);
        let mut lines = Vec::new();
        match &decided {
            Ok(d) => {
                lines.push(format!("{} ({})", d.customer, d.origin));
                lines.push(match &d.outcome {
                    Outcome::Print => format!("gets the piece {}", d.piece),
                    Outcome::HeldOut { .. } => "gets nothing: held out, to measure what the mailing brings".to_owned(),
                    Outcome::Suppressed { cause } => format!("gets nothing: {cause}"),
                    Outcome::OverBudget => "gets nothing: the budget was spent on others".to_owned(),
                });
            }
            Err(fault) => {
                lines.push(format!("{}", record.origin));
                lines.push(format!("is rejected ({}): {}", fault.code, fault.message));
            }
        }
        lines.extend(scratch.into_lines());
        lines
    }
}
