//! What a piece costs in the two back ends, from finished pages to the file's bytes:
//! `cargo bench --features printpdf --bench printpdf -- CAMPAIGN [PIECES]`, at most 200 pieces.
//! Says CPU time, bytes and peak memory (Linux); two runs with different PIECES give what one more piece costs.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a bench that cannot measure has failed

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use surimono::batch::bunch::Fate;
use surimono::batch::{Job, Worker, bunch_of, document};
use surimono::campaign::Campaign;
use surimono::data::Read;
use surimono::page::Page;
use surimono::pdf::printpdf::Backend;
use surimono::pdf::{Batch, Compression, Encoder, Writer};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let Some(campaign) = args.first() else {
        println!("skipped: no campaign is given (CAMPAIGN [PIECES])");
        return;
    };
    let wanted = args.get(1).map_or(Backend::MOST, |n| n.parse().unwrap());
    let job = Arc::new(Job::load(Campaign::open(Path::new(campaign)).0.unwrap(), true, &mut Vec::new()).unwrap());
    let pieces = pieces(&job, wanted);
    let pages = pieces.iter().map(Vec::len).sum::<usize>();
    println!("{} pieces, {pages} pages laid out", pieces.len());

    let (time, memory) = (cpu(), peak());
    let mut encoder = Encoder::new(Compression::Fast);
    let mut writer = Writer::new(Vec::new(), document(&job.campaign, None), job.campaign.files.clone()).unwrap();
    for some in pieces.chunks(Batch::FULL) {
        let mut batch = Batch::new();
        for pages in some {
            encoder.encode(pages, &mut batch).unwrap();
        }
        writer.write(&batch, 0..batch.len()).unwrap();
    }
    let drawn = cpu();
    let bytes = writer.finish().unwrap().1;
    tell("press path", pieces.len(), drawn - time, cpu() - drawn, peak() - memory, &bytes);

    let (time, memory) = (cpu(), peak());
    let mut backend = Backend::new(document(&job.campaign, None), job.campaign.files.clone(), pieces.len()).unwrap();
    for pages in &pieces {
        backend.add(pages).unwrap();
    }
    let drawn = cpu();
    let bytes = backend.finish().unwrap().bytes;
    tell("printpdf", pieces.len(), drawn - time, cpu() - drawn, peak() - memory, &bytes);
}

fn tell(what: &str, pieces: usize, draw: f64, finish: f64, memory: f64, bytes: &[u8]) {
    let each = 1e6 / pieces as f64;
    println!(
        "{what}: {:.0} µs a piece drawing, {:.1} ms finishing the file; {} bytes, peak memory grew by {:.1} MB",
        draw * each,
        finish * 1e3,
        bytes.len(),
        memory / 1e6
    );
}

/// The pages of the first records that are printed.
fn pieces(job: &Arc<Job>, wanted: usize) -> Vec<Vec<Page>> {
    let mut reader = job.campaign.tables[job.campaign.unit].reader().unwrap();
    let mut record = reader.record();
    let mut worker = Worker::new(Arc::clone(job), false);
    let mut pieces = Vec::new();
    while pieces.len() < wanted {
        match reader.read(&mut record).unwrap() {
            Read::End => break,
            Read::Rejected(_) => {}
            Read::Row => {
                let mut bunch = bunch_of(vec![record.clone()]);
                worker.make(&mut bunch);
                if bunch.rows.iter().any(|row| row.fate == Fate::Printed) {
                    pieces.push(worker.pages().to_vec());
                }
            }
        }
    }
    pieces
}

/// Seconds that this thread has run; wall time where the system does not say.
fn cpu() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok());
    spent.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |ns| ns / 1e9)
}

/// Most bytes that the process has had in memory; 0 where the system does not say.
fn peak() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<f64>().ok()).map_or(0.0, |kb| kb * 1024.0)
}
