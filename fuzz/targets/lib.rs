//! What all targets do with their input: everything that the program does between a file that somebody gave it and
//! the bytes of a PDF, or a decision. Any fault is fine; a panic, a hang or memory without bound is a bug.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use surimono::asset::fallback::FontSet;
use surimono::asset::image::ImageStore;
use surimono::asset::loader::Files;
use surimono::batch::decide::{DecideOptions, decide as decide_all};
use surimono::batch::{Faulty, Job, RunOptions, run as run_all};
use surimono::campaign::Campaign;
use surimono::layout::{Composer, Shared};
use surimono::pdf::{Batch, Compression, Document, Encoder, Writer};

/// A folder that outlives the process's inputs; each input overwrites the files that it brings.
fn folder() -> PathBuf {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder to write in")).path().to_path_buf()
}

fn fonts() -> Arc<FontSet> {
    static FONTS: OnceLock<Arc<FontSet>> = OnceLock::new();
    Arc::clone(FONTS.get_or_init(|| Arc::new(FontSet::shipped())))
}

/// Lays out a page and writes it, with further files beside it.
pub fn print(html: &str, beside: &[(&str, &[u8])]) {
    let folder = folder();
    for (name, bytes) in beside {
        std::fs::write(folder.join(name), bytes).expect("a file is written");
    }
    let files = Files::open(&folder).expect("the folder opens");
    let mut shared = Shared::new(fonts(), Arc::new(ImageStore::new(files.clone())), "");
    shared.prepare(html, &[]);
    let mut composer = Composer::new(Arc::new(shared));
    let (mut pages, mut faults) = (Vec::new(), Vec::new());
    composer.compose(html, &mut pages, &mut faults);
    for fault in &faults {
        let _ = fault.to_string();
    }
    let mut batch = Batch::new();
    if pages.is_empty() || Encoder::new(Compression::Fast).encode(&pages, &mut batch).is_err() {
        return;
    }
    let document = Document {
        title: String::new(),
        date: Default::default(),
        language: "ja".to_owned(),
        ..Document::default()
    };
    let Ok(mut writer) = Writer::new(std::io::sink(), document, files) else { return };
    if writer.write(&batch, 0..batch.len()).is_ok() {
        let _ = writer.finish();
    }
}

/// A small shop: a campaign that uses most of what there is, who its customers are and what they bought.
const SHOP: [(&str, &[u8]); 7] = [
    ("campaign.toml", include_bytes!("../seeds/campaign/everything.toml")),
    ("customers.csv", include_bytes!("../seeds/table/customers.csv")),
    ("purchases.csv", include_bytes!("../seeds/table/purchases.csv")),
    ("products.csv", "product_id,name,category,price,stock\nP1,茶,tea,1200,3\nP2,饅頭,sweets,300,0\nP3,羊羹,sweets,900,9\n".as_bytes()),
    ("stores.csv", b"store_id,latitude,longitude,closed_on\nS1,35.69,139.70,\nS2,34.70,135.50,2026-11-30\n"),
    ("campaign.key", b"thirty-two bytes that nobody knows"),
    ("card.html", "<!DOCTYPE html><html><head><style>@page { size: 100mm 148mm }</style></head><body>\
        <p>{{ customer.name }} {{ segment }} {% for pick in picks %}{{ pick.product.name }}{% endfor %}</p></body></html>".as_bytes()),
];

/// Opens the shop's campaign with some of its files written over, and decides for all.
fn job(folder: &Path, with: &[(&str, &[u8])]) -> Option<Arc<Job>> {
    for (name, bytes) in SHOP.iter().chain(with) {
        std::fs::write(folder.join(name), bytes).expect("a file is written");
    }
    let (campaign, told) = Campaign::open(&folder.join("campaign.toml"));
    for fault in &told {
        let _ = surimono::cli::report::render(fault, false);
    }
    let mut told = Vec::new();
    Job::load(campaign?, true, &mut told).ok().map(Arc::new)
}

/// Decides for all customers of the shop.
pub fn decide(with: &[(&str, &[u8])]) {
    let options = DecideOptions { threads: 1, records: None, limit: None };
    if let Some(job) = job(&folder(), with) {
        let _ = decide_all(&job, options, std::io::sink());
    }
}

/// Prints by decisions from elsewhere.
pub fn follow(decisions: &[u8]) {
    let folder = folder();
    let Some(job) = job(&folder, &[("decisions.jsonl", decisions)]) else { return };
    let options = RunOptions {
        out: folder.join("out"),
        label: "out".to_owned(),
        threads: 1,
        records: None,
        limit: None,
        split: None,
        decisions: Some((folder.join("decisions.jsonl"), Faulty::Reject)),
        force: true,
        only_mended: false,
        timings: false,
    };
    let _ = run_all(&job, &options, &mut |_| {});
}

/// Looks at a finished file, and at a page of it that is to be placed.
pub fn look(pdf: &[u8]) {
    use surimono::asset::artwork::Artwork;
    use surimono::delivery::preflight::{Options, preflight};
    let path = folder().join("job.pdf");
    std::fs::write(&path, pdf).expect("a file is written");
    if let Ok(report) = preflight(&path, Options { pages: 8, codes: 8, values: true }) {
        let _ = (report.html(), report.json());
    }
    let _ = Artwork::look(pdf.to_vec(), 1, true);
}
