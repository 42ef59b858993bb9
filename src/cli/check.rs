//! `surimono check`: everything that can be wrong and be found without rendering, and the address side of the first pieces.

use std::io::Write as _;
use std::sync::Arc;

use super::End;
use super::args::CampaignArg;
use super::open;
use super::terminal::Terminal;
use crate::base::Diagnostic;
use crate::batch::{Job, check_rows, grouped, side, write_file};

pub(super) fn check(args: &CampaignArg) -> End {
    let terminal = Terminal::new(false);
    let Some(job) = open::job_that_is_looked_at(args, &terminal) else { return End::NotMade };
    let rows = match check_rows(&job, &mut |d| terminal.tell(std::slice::from_ref(d))) {
        Ok(rows) => rows,
        Err(faults) => {
            terminal.tell(&faults);
            return End::NotMade;
        }
    };
    for (def, table) in job.campaign.tables.iter().zip(&job.tables) {
        if let Some(table) = table {
            let rows = grouped(u64::from(table.len()));
            terminal.line(&format!("{}: {rows} rows as {} ({})", def.label, def.name, def.form));
        }
    }
    let unit = &job.campaign.tables[job.campaign.unit];
    terminal.line(&format!(
        "{}: {} records, {} of them cannot be used ({})",
        unit.label,
        grouped(rows.read),
        grouped(rows.rejected),
        unit.form
    ));
    if !job.campaign.allow_rejects.holds(rows.rejected, rows.read) {
        terminal.line(&format!("more than allow_rejects = {}", job.campaign.allow_rejects));
        return End::TooManyRejects;
    }
    match address_side(&job, &terminal) {
        Ok(0) => {}
        Ok(_) => return End::NotMade,
        Err(faults) => {
            terminal.tell(&faults);
            return End::NotMade;
        }
    }
    terminal.line("no errors");
    End::Made
}

/// Holds the address side against the rules of the post; how many of them it breaks. Pictures of where are written beside
/// the campaign file.
fn address_side(job: &Arc<Job>, terminal: &Terminal) -> Result<usize, Vec<Diagnostic>> {
    let findings = side::inspect(job)?;
    let mut file = None;
    let mut pictures = 0;
    for finding in &findings {
        if let Some(png) = &finding.picture {
            pictures += 1;
            let name = format!("address-side-{pictures}.png");
            write_file(&job.campaign.folder.join(&name), true, |mut out| {
                let cannot = |e: std::io::Error| Diagnostic::error("cannot-write", format!("{name}: {e}"));
                out.write_all(png).map_err(cannot)?;
                Ok(out)
            })
            .map_err(|d| vec![d])?;
            file = Some(name);
        }
        terminal.tell(&[side::diagnostic(finding, job.campaign.piece.template.name(), file.as_deref())]);
    }
    Ok(findings.len())
}
