//! `surimono decide`: who gets what, as lines of JSON.

use std::io::BufWriter;

use super::End;
use super::args::DecideArgs;
use super::open;
use super::terminal::Terminal;
use crate::batch::decide::{DecideOptions, Decided};
use crate::batch::{Verdict, decide as decide_all, grouped, write_file};

pub(super) fn decide(args: &DecideArgs) -> End {
    let terminal = Terminal::new(false);
    let Some(job) = open::job(&args.campaign, true, &terminal) else { return End::NotMade };
    let threads = args.threads.or_else(|| std::thread::available_parallelism().ok());
    let options = DecideOptions {
        threads: threads.map_or(1, std::num::NonZeroUsize::get),
        records: args.records,
        limit: args.limit,
    };
    let mut decided: Option<Decided> = None;
    let mut faults = Vec::new();
    match &args.out {
        None => match decide_all(&job, options, BufWriter::new(std::io::stdout().lock())) {
            Ok(all) => decided = Some(all),
            Err(more) => faults = more,
        },
        Some(path) => {
            let written = write_file(path, args.force, |mut out| match decide_all(&job, options, &mut out) {
                Ok(all) => {
                    decided = Some(all);
                    Ok(out)
                }
                Err(mut more) => {
                    // At least one is there; the first is what ends the writing.
                    let first = (!more.is_empty()).then(|| more.remove(0));
                    faults = more;
                    Err(first.unwrap_or_else(|| crate::base::Diagnostic::error("cannot-decide", "nothing was decided")))
                }
            });
            if let Err(fault) = written {
                faults.insert(0, fault);
            }
        }
    }
    let Some(Decided { totals }) = decided.filter(|_| faults.is_empty()) else {
        terminal.tell(&faults);
        terminal.line("nothing was decided");
        return End::NotMade;
    };
    let over =
        if totals.over_budget > 0 { format!(" + over budget {}", grouped(totals.over_budget)) } else { String::new() };
    terminal.line(&format!(
        "read {} = to print {} + held out {} + suppressed {}{over} + rejected {}",
        grouped(totals.read),
        grouped(totals.printed),
        grouped(totals.held_out),
        grouped(totals.suppressed),
        grouped(totals.rejected)
    ));
    super::run::tell_causes(&terminal, &totals);
    match Verdict::of(&totals, job.campaign.allow_rejects) {
        Verdict::Made => End::Made,
        Verdict::TooManyRejects => {
            terminal.line(&format!("more rejects than allow_rejects = {}", job.campaign.allow_rejects));
            End::TooManyRejects
        }
    }
}
