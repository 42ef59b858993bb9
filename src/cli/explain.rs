//! `surimono explain`: what one customer gets, and why.

use std::sync::Arc;

use super::End;
use super::args::ExplainArgs;
use super::open;
use super::terminal::Terminal;
use crate::batch::bunch::Fate;
use crate::batch::single::bunch_of;
use crate::batch::strays::Verdict;
use crate::batch::{Worker, find};
use crate::decide::decision::Outcome;
use crate::decide::{Fault, Scratch};

pub(super) fn explain(args: &ExplainArgs) -> End {
    let terminal = Terminal::new(false);
    let Some(job) = open::job(&args.campaign, true, &terminal) else { return End::NotMade };
    let mut record = match find(&job, &args.customer) {
        Ok(record) => record,
        Err(faults) => {
            terminal.tell(&faults);
            return End::NotMade;
        }
    };
    let refused = match job.admit(&mut record) {
        None | Some((Verdict::Warn, ..)) => None,
        Some((Verdict::Reject | Verdict::Stop, code, message)) => Some(Fault { code, message }),
    };
    if args.json {
        let decide = || job.decider.decide(&record, record.number(), &mut Scratch::default());
        let mut decided = refused.map_or_else(decide, Err);
        if let Ok(decision) = &mut decided {
            job.merged.settle(&record, decision);
        }
        let mut line = Vec::new();
        job.decider.write_line(&decided, &record, record.number(), &mut line);
        terminal.result(&String::from_utf8_lossy(&line));
        return End::Made;
    }
    if let Some(Fault { code, message }) = refused {
        terminal.result(&format!("{} is rejected before anything is decided ({code}): {message}\n", args.customer));
        return End::Made;
    }
    let mut lines = job.decider.explain(&record, record.number());
    // What only a page can tell.
    let decided = job.decider.decide(&record, record.number(), &mut Scratch::default());
    if decided.is_ok_and(|d| d.outcome == Outcome::Print) {
        let mut bunch = bunch_of(vec![record]);
        Worker::new(Arc::clone(&job), false).make(&mut bunch);
        if let Some(stop) = &bunch.stop {
            terminal.tell(std::slice::from_ref(stop));
        }
        for row in &bunch.rows {
            // Another row of its parcel or order has the sheet.
            if let (Fate::Suppressed(cause), Some(first)) =
                (&row.fate, lines.iter_mut().find(|l| l.starts_with("gets ")))
            {
                *first = format!("gets nothing: {cause}, and another row has it");
            }
        }
        for row in bunch.rows.iter().filter(|row| row.fate == Fate::Rejected) {
            for (code, message) in &row.reasons {
                lines.push(format!("is rejected when it is laid out ({code}): {message}"));
            }
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    terminal.result(&text);
    End::Made
}
