//! `surimono proof`: the worst records, as PDF and PNG, with the reasons for showing each.

use std::io::Write as _;
use std::sync::Arc;

use super::End;
use super::args::{Backend, ProofArgs};
use super::open;
use super::terminal::Terminal;
use crate::base::{Diagnostic, Place};
use crate::batch::bunch::{Fate, Row};
use crate::batch::{Chosen, Job, Worker, bunch_of, worst, write_pdf};
use crate::data::{Read, Record};
use crate::ledger::Outputs;
use crate::raster;

pub(super) fn proof(args: &ProofArgs) -> End {
    let terminal = Terminal::new(false);
    if args.backend == Backend::Printpdf && !cfg!(feature = "printpdf") {
        terminal.tell(&[not_built_in()]);
        return End::NotMade;
    }
    let Some(job) = open::job_that_is_looked_at(&args.campaign, &terminal) else { return End::NotMade };
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

    let records = records(job, &chosen)?;
    let Drawn { rows, pages, pdf } = match args.backend {
        Backend::Surimono => draw(job, records)?,
        Backend::Printpdf => second_opinion(job, records, terminal)?,
    };
    let mut out = outputs.create("proof.pdf").map_err(one)?;
    out.write_all(&pdf).map_err(|e| vec![disk("proof.pdf", &e)])?;
    outputs.finish(out).map_err(one)?;
    let file = if pages.is_empty() { None } else { Some(raster::Proof::open(pdf).map_err(|f| vec![drawing(&f)])?) };

    let mut list = String::from("piece,row,pages,why,faults\n");
    let mut pages = pages.into_iter();
    let (mut page, mut faulty) = (0, 0);
    for (row, why) in rows.iter().zip(&chosen) {
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
        if row.fate == Fate::Printed
            && let Some(file) = &file
        {
            let pages = pages.next().unwrap_or(0);
            for n in 0..pages {
                let name = format!("{}-{}.png", row.piece, n + 1);
                let picture =
                    file.draw(page + n, f32::from(args.dpi), raster::Area::Trim).map_err(|f| vec![drawing(&f)])?;
                let png = raster::png(&picture).map_err(|f| vec![drawing(&f)])?;
                let mut out = outputs.create(&name).map_err(one)?;
                out.write_all(&png).map_err(|e| vec![disk(&name, &e)])?;
                outputs.finish(out).map_err(one)?;
            }
            page += pages;
        }
        let shown = if page >= first { format!("{first}-{page}") } else { "none".to_owned() };
        terminal.line(&format!("{}  row {}  {}", row.piece, row.record.origin.row, why.reasons.join(", ")));
        for fault in &faults {
            terminal.line(&format!("    {fault}"));
        }
        for note in &row.notes {
            terminal.line(&format!("    note: {}", note.text));
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
    let mut pictures = 0;
    let mut shown = None;
    for finding in crate::batch::side::inspect(job)? {
        if let Some(png) = &finding.picture {
            pictures += 1;
            let name = format!("address-side-{pictures}.png");
            let mut out = outputs.create(&name).map_err(one)?;
            out.write_all(png).map_err(|e| vec![disk(&name, &e)])?;
            outputs.finish(out).map_err(one)?;
            shown = Some(name);
        }
        let mut d = crate::batch::side::diagnostic(&finding, job.campaign.piece.template.name(), shown.as_deref());
        d.severity = crate::base::Severity::Warning;
        terminal.tell(&[d]);
    }
    let mut out = outputs.create("proof.csv").map_err(one)?;
    out.write_all(list.as_bytes()).map_err(|e| vec![disk("proof.csv", &e)])?;
    outputs.finish(out).map_err(one)?;
    outputs.commit().map_err(one)?;
    terminal.line(&format!("{label}: {} records, {page} pages, {faulty} with faults", chosen.len()));
    Ok(End::Made)
}

/// The rows of a proof, how many pages each printed one has, and the file.
struct Drawn {
    rows: Vec<Row>,
    pages: Vec<usize>,
    pdf: Vec<u8>,
}

/// The proof as the press path draws it.
fn draw(job: &Arc<Job>, records: Vec<Record>) -> Result<Drawn, Vec<Diagnostic>> {
    let mut bunch = bunch_of(records);
    // A proof shows what a run would reject: that is what it is for.
    Worker::new(Arc::clone(job), false).lenient().make(&mut bunch);
    if let Some(stop) = bunch.stop.take() {
        return Err(vec![stop]);
    }
    let pages = (0..bunch.pieces.len()).filter_map(|i| Some(bunch.pieces.piece(i)?.0 as usize)).collect();
    let bunches = [bunch];
    let pdf = write_pdf(job, &bunches, Vec::new()).map_err(|d| vec![d])?;
    let [bunch] = bunches;
    Ok(Drawn { rows: bunch.rows, pages, pdf })
}

/// The same pieces as the printpdf crate draws them.
#[cfg(feature = "printpdf")]
fn second_opinion(job: &Arc<Job>, records: Vec<Record>, terminal: &Terminal) -> Result<Drawn, Vec<Diagnostic>> {
    let fault = |f: crate::pdf::Fault| vec![f.diagnostic()];
    let files = job.campaign.files.clone();
    let mut backend =
        crate::pdf::printpdf::Backend::new(crate::batch::document(&job.campaign, None), files, records.len())
            .map_err(fault)?;
    let mut worker = Worker::new(Arc::clone(job), false).lenient();
    let mut drawn = Drawn { rows: Vec::with_capacity(records.len()), pages: Vec::new(), pdf: Vec::new() };
    for record in records {
        let mut bunch = bunch_of(vec![record]);
        worker.make(&mut bunch);
        if let Some(stop) = bunch.stop.take() {
            return Err(vec![stop]);
        }
        if bunch.rows.iter().any(|row| row.fate == Fate::Printed) {
            backend.add(worker.pages()).map_err(fault)?;
            drawn.pages.push(worker.pages().len());
        }
        drawn.rows.append(&mut bunch.rows);
    }
    let finished = backend.finish().map_err(fault)?;
    for shortfall in finished.shortfalls {
        terminal.tell(&[Diagnostic::warning("backend-shortfall", shortfall.to_string())]);
    }
    drawn.pdf = finished.bytes;
    Ok(drawn)
}

/// Refused before anything is read.
#[cfg(not(feature = "printpdf"))]
fn second_opinion(_: &Arc<Job>, _: Vec<Record>, _: &Terminal) -> Result<Drawn, Vec<Diagnostic>> {
    Err(vec![not_built_in()])
}

fn not_built_in() -> Diagnostic {
    Diagnostic::error("no-such-backend", "this surimono was built without printpdf")
        .help("build it with `cargo build --release --features printpdf`, or leave --backend out")
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
