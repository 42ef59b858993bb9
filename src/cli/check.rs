//! `surimono check`: everything that can be wrong and be found without rendering.

use super::End;
use super::args::CampaignArg;
use super::open;
use super::terminal::Terminal;
use crate::batch::{check_rows, grouped};

pub(super) fn check(args: &CampaignArg) -> End {
    let terminal = Terminal::new(false);
    let Some(job) = open::job(&args.campaign, true, &terminal) else { return End::NotMade };
    let rows = match check_rows(&job, &mut |d| terminal.tell(std::slice::from_ref(d))) {
        Ok(rows) => rows,
        Err(faults) => {
            terminal.tell(&faults);
            return End::NotMade;
        }
    };
    for (def, table) in job.campaign.tables.iter().zip(&job.tables) {
        if let Some(table) = table {
            terminal.line(&format!("{}: {} rows", def.label, grouped(u64::from(table.len()))));
        }
    }
    terminal.line(&format!(
        "{}: {} records, {} of them cannot be used",
        job.campaign.tables[job.campaign.unit].label,
        grouped(rows.read),
        grouped(rows.rejected)
    ));
    if !job.campaign.allow_rejects.holds(rows.rejected, rows.read) {
        terminal.line(&format!("more than allow_rejects = {}", job.campaign.allow_rejects));
        return End::TooManyRejects;
    }
    terminal.line("no errors");
    End::Made
}
