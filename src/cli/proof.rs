//! `surimono proof`: the worst records, as PDF and PNG, with the reasons for showing each.

use std::io::Write as _;
use std::sync::Arc;

use super::End;
use super::args::ProofArgs;
use super::open;
use super::terminal::Terminal;
use crate::base::{Diagnostic, Place};
use crate::batch::bunch::Fate;
use crate::batch::{Chosen, Job, Worker, bunch_of, worst, write_pdf};
use crate::data::{Read, Record};
use crate::ledger::Outputs;
use crate::raster;

pub(super) fn proof(args: &ProofArgs) -> End {
    let terminal = Terminal::new(false);
    let Some(job) = open::job(&args.campaign.campaign, true, &terminal) else { return End::NotMade };
    match make(&job, args, &terminal) {
        Ok(end) => end,
        Err(faults) => {
            terminal.tell(&faults);
            terminal.line("nothing was made");
            End::NotMade
        }
    }
}

fn make(job: &Arc<Job>, args: &ProofArgs, terminal: &Terminal) -> Result<End, Vec<Diagnostic>> {
    let one = |d: Diagnostic| vec![d];
    let chosen = worst(job)?;
    if chosen.is_empty() {
        terminal.line("no record of this campaign would be printed: there is nothing to show");
        return Ok(End::NotMade);
    }
    let folder = args.out.clone().unwrap_or_else(|| job.campaign.folder.join("proof"));
    let label = folder.to_string_lossy().replace('\\', "/");
    let mut outputs = Outputs::begin(&folder, &label, args.force).map_err(one)?;

    let mut bunch = bunch_of(records(job, &chosen)?);
    // A proof shows what a run would reject: that is what it is for.
    let mut worker = Worker::new(Arc::clone(job), false).lenient();
    worker.make(&mut bunch);
    if let Some(stop) = bunch.stop.take() {
        return Err(vec![stop]);
    }
    let bunches = [bunch];
    let pdf = write_pdf(job, &bunches, Vec::new()).map_err(one)?;
    let [bunch] = bunches;
    let mut out = outputs.create("proof.pdf").map_err(one)?;
    out.write_all(&pdf).map_err(|e| vec![disk("proof.pdf", &e)])?;
    outputs.finish(out).map_err(one)?;

    let mut list = String::from("piece,row,pages,why,faults\n");
    let (mut page, mut piece, mut faulty) = (0, 0, 0);
    for (row, why) in bunch.rows.iter().zip(&chosen) {
        let faults: Vec<String> = row
            .reasons
            .iter()
            .map(|(code, m)| format!("{m} [{code}]"))
            .chain(row.warnings.iter().map(|d| format!("{} [{}]", d.message, d.code)))
            .collect();
        if !faults.is_empty() {
            faulty += 1;
        }
        let first = page + 1;
        if row.fate == Fate::Printed {
            let pages = bunch.pieces.piece(piece).map_or(0, |(pages, _)| pages as usize);
            for n in 0..pages {
                let name = format!("{}-{}.png", row.piece, n + 1);
                let picture = raster::rasterise(&pdf, page + n, f32::from(args.dpi), raster::Area::Trim)
                    .map_err(|f| vec![drawing(&f)])?;
                let png = raster::png(&picture).map_err(|f| vec![drawing(&f)])?;
                let mut out = outputs.create(&name).map_err(one)?;
                out.write_all(&png).map_err(|e| vec![disk(&name, &e)])?;
                outputs.finish(out).map_err(one)?;
            }
            page += pages;
            piece += 1;
        }
        let shown = if page >= first { format!("{first}-{page}") } else { "none".to_owned() };
        terminal.line(&format!("{}  row {}  {}", row.piece, row.record.origin.row, why.reasons.join(", ")));
        for fault in &faults {
            terminal.line(&format!("    {fault}"));
        }
        let cell = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
        list.push_str(&format!(
            "{},{},{shown},{},{}\n",
            row.piece,
            row.record.origin.row,
            cell(why.reasons.join("; ")),
            cell(faults.join("; "))
        ));
    }
    let mut out = outputs.create("proof.csv").map_err(one)?;
    out.write_all(list.as_bytes()).map_err(|e| vec![disk("proof.csv", &e)])?;
    outputs.finish(out).map_err(one)?;
    outputs.commit().map_err(one)?;
    terminal.line(&format!("{label}: {} records, {page} pages, {faulty} with faults", chosen.len()));
    Ok(End::Made)
}

fn drawing(fault: &raster::Fault) -> Diagnostic {
    Diagnostic::error("raster", format!("a page cannot be drawn: {fault}"))
}

fn disk(name: &str, e: &std::io::Error) -> Diagnostic {
    Diagnostic::error("cannot-write", format!("it cannot be written: {e}")).at(Place::File(name.to_owned()), "")
}

/// The chosen records, read again.
fn records(job: &Job, chosen: &[Chosen]) -> Result<Vec<Record>, Vec<Diagnostic>> {
    let mut reader = job.campaign.tables[job.campaign.unit].reader()?;
    let mut record = reader.record();
    let mut found = Vec::with_capacity(chosen.len());
    let mut wanted = chosen.iter().map(|c| c.ordinal).peekable();
    while let Some(next) = wanted.peek() {
        match reader.read(&mut record).map_err(|d| vec![d])? {
            Read::End => break,
            Read::Row if record.ordinal == *next => {
                found.push(record.clone());
                wanted.next();
            }
            Read::Row | Read::Rejected(_) => {}
        }
    }
    Ok(found)
}
