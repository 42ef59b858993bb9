//! The decisions alone: one line for each row of the unit's table, in the order of the file, and nothing printed.

use std::io::Write;
use std::sync::Arc;

use super::bunch::{Bunch, Fate, ROWS, Row};
use super::job::Job;
use super::order::Range;
use super::pipeline::{Source, nothing_to_make};
use super::sequencer::{self, Steps, Window};
use super::strays::Verdict;
use crate::base::{Diagnostic, Place};
use crate::data::Record;
use crate::decide::decision::Outcome;
use crate::decide::{Fault, Scratch};
use crate::ledger::Totals;

/// Which records are decided for, and on how many threads.
#[derive(Clone, Copy, Debug)]
pub struct DecideOptions {
    pub threads: usize,
    /// From and to, both included, counted from 1 in the order of the file.
    pub records: Option<(u64, u64)>,
    pub limit: Option<u64>,
}

/// What was decided: the books, in which `printed` are the pieces that a run would go on to lay out.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    pub totals: Totals,
}

struct Deciding {
    job: Arc<Job>,
    blank: Record,
}

impl Steps<Bunch, Scratch, Diagnostic> for Deciding {
    fn buffer(&self) -> Bunch {
        Bunch { rows: (0..ROWS).map(|_| Row::new(self.blank.clone())).collect(), ..Bunch::default() }
    }

    fn worker(&self) -> Scratch {
        Scratch::default()
    }

    fn work(&self, scratch: &mut Scratch, bunch: &mut Bunch) {
        let Bunch { rows, filled, lines, stop, .. } = bunch;
        for row in &mut rows[..*filled] {
            self.row(row, scratch, lines, stop);
        }
    }
}

impl Deciding {
    fn row(&self, row: &mut Row, scratch: &mut Scratch, lines: &mut Vec<u8>, stop: &mut Option<Diagnostic>) {
        let decider = &self.job.decider;
        let unit = &self.job.campaign.tables[self.job.campaign.unit];
        if let Some(reject) = &row.unreadable {
            let whole = |r: &crate::data::Reason| (r.code, r.to_string());
            row.reasons.extend(reject.reasons.iter().map(whole));
            // The key stands in its cell, if the row was cut into cells at all.
            let key = unit.key_cell.and_then(|k| reject.cells.get(k)).filter(|k| !k.contains('\\')).map(|k| k.trim());
            let reasons = row.reasons.iter().map(|(code, message)| (*code, message.as_str()));
            decider.write_unread(key, reasons, &reject.origin, lines);
            row.fate = Fate::Rejected;
            return;
        }
        if !row.reasons.is_empty() {
            let record = &row.record;
            let key = unit.key.map(|k| record.text(k).trim());
            let reasons = row.reasons.iter().map(|(code, message)| (*code, message.as_str()));
            decider.write_unread(key, reasons, &record.origin, lines);
            return;
        }
        let admitted = match self.job.admit(&mut row.record) {
            None | Some((Verdict::Warn, ..)) => Ok(()),
            Some((Verdict::Reject, code, message)) => Err(Fault { code, message }),
            Some((Verdict::Stop, code, message)) => {
                let place = Place::Cell { origin: row.record.origin.clone(), column: None };
                let help = "the campaign says `unknown_key = \"stop\"` for this table";
                *stop = Some(Diagnostic::error(code, message).at(place, "deciding ends here").help(help));
                return;
            }
        };
        let record = &row.record;
        let mut decided = admitted.and_then(|()| decider.decide(record, record.number(), scratch));
        if let Ok(decision) = &mut decided {
            self.job.merged.settle(record, decision);
        }
        decider.write_line(&decided, record, record.number(), lines);
        match decided {
            Ok(decision) => {
                row.fate = match decision.outcome {
                    Outcome::Print => Fate::Printed,
                    Outcome::HeldOut { cause } => Fate::HeldOut(cause),
                    Outcome::Suppressed { cause } => Fate::Suppressed(cause),
                    Outcome::OverBudget => Fate::OverBudget,
                }
            }
            Err(fault) => row.reject(fault.code, fault.message),
        }
    }
}

fn count(totals: &mut Totals, row: &Row) {
    use crate::ledger::Outcome;
    totals.add(&match &row.fate {
        // No page is made of it yet.
        Fate::Printed => {
            totals.printed += 1;
            return;
        }
        Fate::HeldOut(cause) => Outcome::HeldOut { cause: cause.clone() },
        Fate::Suppressed(cause) => Outcome::Suppressed { cause: Arc::clone(cause) },
        Fate::OverBudget => Outcome::OverBudget,
        Fate::Rejected => Outcome::Rejected { reasons: row.reasons.iter().map(|r| r.0).collect() },
    });
}

/// Decides for every row and writes the lines to `out`, in constant memory. The bytes do not depend on the threads.
///
/// # Errors
/// Inputs that cannot be read, an output that cannot be written, books that do not close.
pub fn decide(job: &Arc<Job>, options: DecideOptions, mut out: impl Write) -> Result<Decided, Vec<Diagnostic>> {
    let one = |d: Diagnostic| vec![d];
    let unit = &job.campaign.tables[job.campaign.unit];
    let range = Range::new(options.records, options.limit);
    let mut source = Source::of_file(unit, options.threads, range, |_| {})?;
    let steps = Deciding { job: Arc::clone(job), blank: unit.reader()?.record() };
    let mut totals = Totals::default();
    sequencer::run(
        Window::for_threads(options.threads),
        &steps,
        |bunch| {
            source.settle()?;
            source.fill(bunch)
        },
        |bunch| {
            if let Some(stop) = bunch.stop.take() {
                return Err(stop);
            }
            for row in &bunch.rows[..bunch.filled] {
                count(&mut totals, row);
            }
            out.write_all(&bunch.lines).map_err(|e| {
                Diagnostic::error("cannot-write", format!("the decisions cannot be written: {}", e.kind()))
            })
        },
    )
    .map_err(one)?;
    out.flush().map_err(|e| {
        one(Diagnostic::error("cannot-write", format!("the decisions cannot be written: {}", e.kind())))
    })?;
    if source.read == 0 {
        return Err(one(nothing_to_make(&unit.label, source.seen, options.records)));
    }
    totals.read = source.read;
    totals.closes().map_err(|d| one(d.at(Place::File(unit.label.clone()), "")))?;
    Ok(Decided { totals })
}
