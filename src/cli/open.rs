//! What every command does first: open the campaign, tell its faults, load its tables.

use std::path::Path;
use std::sync::Arc;

use super::args::CampaignArg;
use super::terminal::Terminal;
use crate::base::Diagnostic;
use crate::batch::Job;
use crate::batch::mend::mend;
use crate::campaign::Campaign;

/// The campaign, when it has no error. Everything found is told.
pub(super) fn campaign(args: &CampaignArg, terminal: &Terminal) -> Option<Campaign> {
    let path: &Path = &args.campaign;
    let (campaign, told) = Campaign::open(path);
    terminal.tell(&told);
    let errors = told.iter().filter(|d| d.is_error()).count();
    if campaign.is_none() {
        let s = if errors == 1 { "" } else { "s" };
        terminal.line(&format!("{}: {errors} error{s}, nothing was made", path.display()));
    }
    let mut campaign = campaign?;
    match mend(&mut campaign, &args.mended) {
        Ok(lines) => lines.iter().for_each(|line| terminal.line(line)),
        Err(faults) => {
            terminal.tell(&faults);
            terminal.line("nothing was made");
            return None;
        }
    }
    Some(campaign)
}

/// The same as [`job`], told where everything lies where the campaign names an address side.
pub(super) fn job_that_is_looked_at(args: &CampaignArg, terminal: &Terminal) -> Option<Arc<Job>> {
    let mut job = job(args, true, terminal)?;
    if let Some(owned) = Arc::get_mut(&mut job)
        && owned.campaign.post.as_ref().is_some_and(|p| p.side.is_some())
        && let Some(layout) = Arc::get_mut(&mut owned.layout)
    {
        layout.options.trace = true;
    }
    Some(job)
}

/// The campaign with its tables, ready to make pieces.
pub(super) fn job(args: &CampaignArg, caches: bool, terminal: &Terminal) -> Option<Arc<Job>> {
    let campaign = campaign(args, terminal)?;
    let mut warnings: Vec<Diagnostic> = Vec::new();
    let job = Job::load(campaign, caches, &mut warnings);
    terminal.tell(&warnings);
    match job {
        Ok(job) => Some(Arc::new(job)),
        Err(faults) => {
            terminal.tell(&faults);
            terminal.line("nothing was made");
            None
        }
    }
}
