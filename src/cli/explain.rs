//! `surimono explain`: what one customer gets, and why.

use super::End;
use super::args::ExplainArgs;
use super::open;
use super::terminal::Terminal;
use crate::batch::find;
use crate::decide::Scratch;

pub(super) fn explain(args: &ExplainArgs) -> End {
    let terminal = Terminal::new(false);
    let Some(job) = open::job(&args.campaign.campaign, true, &terminal) else { return End::NotMade };
    let record = match find(&job, &args.customer) {
        Ok(record) => record,
        Err(faults) => {
            terminal.tell(&faults);
            return End::NotMade;
        }
    };
    if args.json {
        let decided = job.decider.decide(&record, record.number(), &mut Scratch::default());
        let mut line = Vec::new();
        job.decider.write_line(&decided, &record, record.number(), &mut line);
        terminal.result(&String::from_utf8_lossy(&line));
        return End::Made;
    }
    let mut text = job.decider.explain(&record, record.number()).join("\n");
    text.push('\n');
    terminal.result(&text);
    End::Made
}
