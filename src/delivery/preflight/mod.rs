//! Preflight of our own output, as a report that a client can read. It judges the files by what stands in them, not by
//! what made them; what it cannot see it says.
//!
//! * `file` – one PDF: standard, boxes, fonts, inks, pictures
//! * `content` – what the content of its pages draws
//! * `codes` – QR symbols read back from drawn pages; `symbols` – codes of all kinds read from the rectangles they are made of
//! * `html` – the report

mod codes;
mod content;
mod file;
mod html;
mod symbols;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Serialize;

use super::manifest;
use super::sheets;
use super::verify::verify;
use crate::base::digest::Hasher;
use crate::base::{Diagnostic, Digest, Place};
use crate::cos::read::Reader;
use crate::ledger::outputs::MANIFEST;
use crate::raster::Proof;

pub use file::Facts;
use file::InkLimit;
pub use symbols::{OfKind, Symbol, Symbols};

/// How a rule is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Good,
    Warning,
    Fault,
}

/// What was found of one rule.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub level: Level,
    pub rule: &'static str,
    pub text: String,
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Pages of each file whose content is looked at, evenly spread.
    pub pages: usize,
    /// Pages of each file that are drawn and read for codes.
    pub codes: usize,
    /// Whether the values of codes stand in the report.
    pub values: bool,
}

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub program: &'static str,
    /// The folder or file, as it was named.
    pub of: String,
    pub verdict: Level,
    pub job: Option<Job>,
    pub files: Vec<FileReport>,
}

/// What the manifest says of the job, and whether it is so.
#[derive(Clone, Debug, Serialize)]
pub struct Job {
    pub campaign: String,
    pub as_of: String,
    pub rows: u64,
    pub pieces: u64,
    pub pages: u64,
    pub manifest_sha256: Option<String>,
    pub findings: Vec<Finding>,
}

/// One file.
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
    pub pieces: Option<u64>,
    pub facts: Option<Facts>,
    pub codes: Option<Codes>,
    pub findings: Vec<Finding>,
}

/// QR symbols that were read back.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Codes {
    /// Pages that were drawn.
    pub pages: usize,
    pub found: usize,
    pub read: usize,
    /// Pieces whose manifest names a URL, and for how many it was read on their pages.
    pub expected: usize,
    pub right: usize,
}

/// Files above this size are not drawn: the rasteriser wants them in memory.
const DRAWN: u64 = 256 << 20;

/// Judges a folder of results, or one PDF file.
///
/// # Errors
/// There is nothing to judge.
pub fn preflight(path: &Path, options: Options) -> Result<Report, Diagnostic> {
    let of = path.to_string_lossy().replace('\\', "/");
    let name = |p: &Path| p.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned());
    let (job, files) = if path.is_dir() {
        let (job, listed, limit) = job(path, &of)?;
        let rows = expected(path, &listed, options);
        // A name that leads out of the folder was told of by the look over the manifest.
        let mut files: Vec<FileReport> = listed
            .iter()
            .filter(|f| super::verify::is_plain(&f.name))
            .map(|f| {
                let none = BTreeMap::new();
                judge(&path.join(&f.name), &f.name, (Some(f), &limit), rows.get(&f.name).unwrap_or(&none), options)
            })
            .collect();
        let folder = path.join(sheets::FOLDER);
        for stem in sheets::maps(&folder) {
            let Some(map) = sheets::map(&folder, &stem).filter(|m| super::verify::is_plain(&m.file.name)) else {
                continue;
            };
            let name = format!("{}/{}", sheets::FOLDER, map.file.name);
            let mut report = judge(&folder.join(&map.file.name), &name, (None, &limit), &BTreeMap::new(), options);
            // A sheet has no bleed: its own edges are not cut, its pieces are.
            for finding in report.findings.iter_mut().filter(|f| f.rule == "boxes" && f.level == Level::Warning) {
                finding.level = Level::Good;
                finding.text =
                    format!("{} sheets with {} sides, which are their own trim", map.file.sheets, map.file.sides);
            }
            files.push(report);
        }
        (Some(job), files)
    } else if path.is_file() {
        (None, vec![judge(path, &name(path), (None, &InkLimit::default()), &BTreeMap::new(), options)])
    } else {
        let d = Diagnostic::error("cannot-read", format!("{of} is neither a folder nor a file"));
        return Err(d.at(Place::File(of), ""));
    };
    let all = job.iter().flat_map(|j| &j.findings).chain(files.iter().flat_map(|f: &FileReport| &f.findings));
    let verdict = all.map(|f| f.level).max().unwrap_or(Level::Good);
    let program = concat!("Surimono ", env!("CARGO_PKG_VERSION"));
    Ok(Report { program, of, verdict, job, files })
}

impl Report {
    /// The report as a page that needs nothing else.
    #[must_use]
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// The same for programs.
    #[must_use]
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn job(folder: &Path, label: &str) -> Result<(Job, Vec<manifest::File>, InkLimit), Diagnostic> {
    let verified = verify(folder, label)?;
    let open = File::open(folder.join(MANIFEST)).ok();
    let manifest = open.and_then(|f| manifest::read(BufReader::new(f), &mut |_| {}).ok()).unwrap_or_default();
    let mut findings: Vec<Finding> = verified
        .faults
        .iter()
        .map(|d| {
            let place = match &d.place {
                Some(Place::File(name)) => format!("{name}: "),
                _ => String::new(),
            };
            Finding { level: Level::Fault, rule: d.code, text: format!("{place}{}", d.message) }
        })
        .collect();
    if findings.is_empty() {
        let text = "all files are there and unchanged, and the books close".to_owned();
        findings.push(Finding { level: Level::Good, rule: "complete", text });
    }
    let job = Job {
        campaign: manifest.campaign,
        as_of: manifest.as_of,
        rows: verified.rows,
        pieces: verified.pieces,
        pages: verified.pages,
        manifest_sha256: verified.manifest.map(|d| d.to_string()),
        findings,
    };
    let limit = InkLimit { percent: manifest.ink_limit, uncounted: manifest.no_ink };
    Ok((job, manifest.files, limit))
}

/// The pieces of which a page will be drawn, by file and first page (from 0): their last page and the URL of their code.
type Expected = BTreeMap<usize, (usize, String)>;

fn expected(folder: &Path, files: &[manifest::File], options: Options) -> BTreeMap<String, Expected> {
    let pages = |f: &manifest::File| {
        let count = usize::try_from(f.pages).unwrap_or(0);
        let mut all = file::spread(count, options.codes);
        all.extend(file::spread(count, options.pages));
        all.sort_unstable();
        all.dedup();
        all
    };
    let chosen: BTreeMap<&str, Vec<usize>> = files.iter().map(|f| (f.name.as_str(), pages(f))).collect();
    let mut found: BTreeMap<String, Expected> = BTreeMap::new();
    let Ok(open) = File::open(folder.join(MANIFEST)) else { return found };
    let read = manifest::read(BufReader::new(open), &mut |row| {
        let Some(pages) = chosen.get(row.file.as_str()).filter(|_| !row.url.is_empty() && row.first_page > 0) else {
            return;
        };
        let page = |n: u64| usize::try_from(n - 1).unwrap_or(usize::MAX);
        let (first, last) = (page(row.first_page), page(row.last_page.max(row.first_page)));
        let at = pages.partition_point(|p| *p < first);
        if pages.get(at).is_some_and(|p| *p <= last) {
            found.entry(row.file).or_default().insert(first, (last, row.url));
        }
    });
    // A manifest that cannot be read to its end was told of already.
    drop(read);
    found
}

fn judge(
    path: &Path,
    name: &str,
    (listed, limit): (Option<&manifest::File>, &InkLimit),
    urls: &Expected,
    options: Options,
) -> FileReport {
    let mut report = FileReport {
        name: name.to_owned(),
        bytes: 0,
        sha256: String::new(),
        pieces: listed.map(|f| f.pieces),
        facts: None,
        codes: None,
        findings: Vec::new(),
    };
    let unread = |text: String| Finding { level: Level::Fault, rule: "file", text };
    match digest(path) {
        Ok((bytes, sha256)) => (report.bytes, report.sha256) = (bytes, sha256.to_string()),
        Err(e) => {
            report.findings.push(unread(format!("it cannot be read: {}", e.kind())));
            return report;
        }
    }
    let facts =
        Reader::open(path).and_then(|mut reader| file::judge(&mut reader, options.pages, limit, &mut report.findings));
    match facts {
        Ok(mut facts) => {
            let looked_at = file::spread(facts.pages, options.pages);
            report.findings.extend(facts.symbols.judge(urls, &looked_at, options.values));
            if facts.version.is_empty() {
                facts.version = version(path).unwrap_or_default();
            }
            report.facts = Some(facts);
        }
        Err(fault) => {
            report.findings.push(unread(fault.diagnostic(name).message));
            return report;
        }
    }
    report.codes = read_codes(path, report.bytes, urls, options);
    let judged = report.codes.as_ref().map(|codes| judge_codes(codes, !urls.is_empty()));
    report.findings.extend(judged.unwrap_or_else(|| {
        let text = "codes were not read back: the file is too large to be drawn, or none was asked for".to_owned();
        Some(Finding { level: Level::Warning, rule: "codes", text })
    }));
    if let (Some(facts), Some(listed)) = (&report.facts, listed)
        && facts.pages as u64 != listed.pages
    {
        report.findings.push(unread(format!("it has {} pages, and the manifest says {}", facts.pages, listed.pages)));
    }
    report
}

fn judge_codes(codes: &Codes, known: bool) -> Option<Finding> {
    let Codes { pages, found, read, expected, right } = *codes;
    let (level, text) = match (known, found) {
        (true, _) if right < expected => (
            Level::Fault,
            format!(
                "of {expected} pieces that were drawn, {} have no code that says the manifest's URL",
                expected - right
            ),
        ),
        (true, _) => {
            (Level::Good, format!("on {pages} pages {read} QR symbols were read; all {expected} pieces have theirs"))
        }
        (false, 0) => return None,
        (false, _) if read < found => (
            Level::Warning,
            format!("on {pages} pages {found} QR symbols were found, and {read} of them could be read"),
        ),
        (false, _) => (Level::Good, format!("on {pages} pages all {read} QR symbols could be read")),
    };
    Some(Finding { level, rule: "codes", text })
}

/// What the first line of a file says: `%PDF-1.6`.
fn version(path: &Path) -> Option<String> {
    use std::io::Read as _;
    let mut line = [0; 8];
    File::open(path).ok()?.read_exact(&mut line).ok()?;
    std::str::from_utf8(line.strip_prefix(b"%PDF-")?).ok().map(str::to_owned)
}

fn digest(path: &Path) -> std::io::Result<(u64, Digest)> {
    use std::io::Read as _;
    let mut file = File::open(path)?;
    let (mut hasher, mut bytes, mut buffer) = (Hasher::default(), 0, vec![0; 1 << 18]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, hasher.finish())),
            n => {
                hasher.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}

fn read_codes(path: &Path, bytes: u64, urls: &Expected, options: Options) -> Option<Codes> {
    if options.codes == 0 || bytes > DRAWN {
        return None;
    }
    let proof = Proof::open(std::fs::read(path).ok()?).ok()?;
    let mut codes = Codes::default();
    let mut texts: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for page in file::spread(proof.pages(), options.codes) {
        let read = codes::read(&proof, page)?;
        codes.pages += 1;
        codes.found += read.len();
        let read: Vec<String> = read.into_iter().flatten().collect();
        codes.read += read.len();
        texts.insert(page, read);
    }
    for (first, (last, url)) in urls {
        // Only pieces of which every page was drawn can be judged.
        if !(*first..=*last).all(|p| texts.contains_key(&p)) {
            continue;
        }
        codes.expected += 1;
        let right = texts.range(*first..=*last).any(|(_, read)| read.iter().any(|text| text == url));
        codes.right += usize::from(right);
    }
    Some(codes)
}
