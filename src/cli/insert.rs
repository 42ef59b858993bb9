//! `surimono insert`: one piece on demand, at the packing table.

use std::sync::Arc;

use super::End;
use super::args::InsertArgs;
use super::open;
use super::terminal::Terminal;
use crate::batch::bunch::Fate;
use crate::batch::{Worker, bunch_of, find, write_file, write_pdf};

pub(super) fn insert(args: &InsertArgs) -> End {
    let terminal = Terminal::new(false);
    let Some(job) = open::job(&args.campaign, true, &terminal) else { return End::NotMade };
    let record = match find(&job, &args.order) {
        Ok(record) => record,
        Err(faults) => {
            terminal.tell(&faults);
            return End::NotMade;
        }
    };
    let mut bunch = bunch_of(vec![record]);
    Worker::new(Arc::clone(&job), false).make(&mut bunch);
    if let Some(stop) = &bunch.stop {
        terminal.tell(std::slice::from_ref(stop));
        return End::NotMade;
    }
    let row = &bunch.rows[0];
    terminal.tell(&row.warnings);
    let what = format!("{} {}", job.campaign.unit_name(), args.order);
    let why = match &row.fate {
        Fate::Printed => None,
        Fate::HeldOut(_) => Some("it is held out".to_owned()),
        Fate::Suppressed(cause) => Some(format!("suppressed ({cause})")),
        Fate::OverBudget => Some("over budget".to_owned()),
        Fate::Rejected => {
            Some(row.reasons.iter().map(|(code, m)| format!("{m} [{code}]")).collect::<Vec<_>>().join("; "))
        }
    };
    if let Some(why) = why {
        terminal.line(&format!("{what} gets no piece: {why}"));
        return End::NotMade;
    }
    // An order's id may hold what a file name may not.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name = if args.order.chars().all(plain) { &args.order } else { &row.piece };
    let path = args.out.clone().unwrap_or_else(|| job.campaign.output.folder.join(format!("{name}.pdf")));
    match write_file(&path, args.force, |out| write_pdf(&job, std::slice::from_ref(&bunch), out)) {
        Ok(()) => {
            terminal.result(&format!("{}\n", path.display()));
            End::Made
        }
        Err(fault) => {
            terminal.tell(&[fault]);
            End::NotMade
        }
    }
}
