//! Whether a folder holds what its manifest says: every file, unchanged, and nothing else; and whether the manifest
//! agrees with itself. Everything that is wrong is told at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::REPORTS;
use super::manifest::{self, Manifest, Other, Own, Row, Totals};
use super::sheets;
use crate::base::digest::Hasher;
use crate::base::{Diagnostic, Digest, Place};
use crate::cos::read::{Pages, Reader};
use crate::ledger::outputs::{MANIFEST, MANIFEST_CSV, TICKET};

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Files that the manifest names.
    pub files: u64,
    pub bytes: u64,
    pub rows: u64,
    pub pieces: u64,
    pub pages: u64,
    /// Sheets for the press, if there are any.
    pub sheets: u64,
    /// Of the manifest itself, to be compared with what the other side has.
    pub manifest: Option<Digest>,
    pub faults: Vec<Diagnostic>,
}

/// Faults of one kind among the rows that are told one by one; the rest is counted.
const TOLD: u64 = 5;
/// Pages of one piece that are held against its sheets.
const MOST_PAGES: usize = 10_000;
/// The largest manifest of one file among several.
const OWN: u64 = 1 << 20;

/// Re-reads everything in `folder`, which messages call `label`.
///
/// # Errors
/// There is nothing to judge by: no folder, or no manifest.
pub fn verify(folder: &Path, label: &str) -> Result<Verified, Diagnostic> {
    let names = names(folder).map_err(|e| {
        Diagnostic::error("cannot-read", format!("{label} cannot be read: {}", e.kind()))
            .at(Place::File(label.to_owned()), "")
    })?;
    let file = File::open(folder.join(MANIFEST)).map_err(|e| {
        let d = Diagnostic::error("no-manifest", format!("{label} has no {MANIFEST}: it holds no finished job"));
        match (e.kind(), names.iter().any(|n| n.ends_with(".partial"))) {
            (io::ErrorKind::NotFound, true) => d.help("a run is still writing there, or was killed: run it again"),
            (io::ErrorKind::NotFound, false) => d.help("name the output folder of a run"),
            (kind, _) => d.help(format!("the file is there and cannot be opened: {kind}")),
        }
    })?;
    let mut verified = Verified::default();
    let mut hashing = Hashing { from: file, hasher: Hasher::default(), bytes: 0 };
    let mut rows = Rows::new(folder);
    let read = manifest::read(BufReader::with_capacity(1 << 18, &mut hashing), &mut |row| rows.row(&row));
    let manifest = match read {
        Ok(manifest) => manifest,
        Err(e) => {
            let message = format!("{MANIFEST} cannot be read as a manifest: line {}, {}", e.line(), category(&e));
            verified
                .faults
                .push(Diagnostic::error("manifest-broken", message).at(Place::File(MANIFEST.to_owned()), ""));
            verified.rows = rows.rows;
            return Ok(verified);
        }
    };
    verified.manifest = Some(hashing.hasher.finish());
    verified.rows = rows.rows;
    rows.close(&manifest, &mut verified.faults);
    totals(&manifest, &rows, &mut verified.faults);

    let mut known: BTreeSet<&str> = BTreeSet::from([MANIFEST]);
    for file in &manifest.files {
        known.insert(&file.name);
        verified.files += 1;
        verified.pieces += file.pieces;
        verified.pages += file.pages;
        let stated = Other { name: file.name.clone(), bytes: file.bytes, sha256: file.sha256.clone() };
        if same(folder, "", &stated, &mut verified) {
            pages(folder, "", &file.name, file.pages, &mut verified.faults);
        }
        if let Some(list) = &file.list {
            known.insert(&list.name);
        }
    }
    for other in &manifest.others {
        known.insert(&other.name);
        verified.files += 1;
        if same(folder, "", other, &mut verified) {
            own(folder, other, &manifest, &mut verified.faults);
        }
    }
    for list in manifest.files.iter().filter_map(|f| f.list.as_ref()) {
        if !manifest.others.contains(list) {
            told(&mut verified.faults, "manifest-differs", &list.name, "the manifest says two things of it".to_owned());
        }
    }
    for name in &names {
        if known.contains(name.as_str()) || REPORTS.contains(&name.as_str()) {
            continue;
        }
        let (code, message) = match name.ends_with(".partial") {
            true => ("unfinished", "it was left by a run that did not end, and is no part of the job"),
            false => ("extra", "the manifest does not name it: it is no part of the job"),
        };
        told(&mut verified.faults, code, name, message.to_owned());
    }
    on_sheets(folder, &manifest, &rows, &mut verified);
    Ok(verified)
}

/// The same of the sheets, where the job has some: their files, their maps, and which pieces lie on them.
fn on_sheets(folder: &Path, manifest: &Manifest, rows: &Rows, verified: &mut Verified) {
    let at = folder.join(sheets::FOLDER);
    let maps = sheets::maps(&at);
    let mut known: BTreeSet<String> = BTreeSet::from([TICKET.to_owned()]);
    let (mut found, mut placed) = (Vec::new(), sheets::Tally::default());
    for stem in &maps {
        let mut one = sheets::read(&at, stem, &rows.pieces);
        verified.faults.append(&mut one.faults);
        let (file, table) = (&one.map.file, &one.map.table);
        known.extend([format!("{stem}.json"), table.name.clone(), file.name.clone()]);
        verified.files += 3;
        verified.sheets += file.sheets;
        let stated = Other { name: file.name.clone(), bytes: file.bytes, sha256: file.sha256.clone() };
        if same(&at, sheets::FOLDER, &stated, verified) {
            pages(&at, sheets::FOLDER, &file.name, file.sides, &mut verified.faults);
        }
        same(&at, sheets::FOLDER, table, verified);
        if let (Some(theirs), Some(ours)) = (&one.map.manifest, verified.manifest)
            && *theirs != ours.to_string()
        {
            let message = format!("its pages are of another run than {MANIFEST}");
            told(&mut verified.faults, "sheets-of-another-run", &format!("{}/{stem}.json", sheets::FOLDER), message);
        }
        placed.join(one.tally);
        found.push(one);
    }
    verified.faults.extend(sheets::all_placed(placed, rows.tally, &found));
    if manifest.sheets {
        for map in manifest.files.iter().map(|file| {
            let stem = file.name.strip_suffix(".pdf").unwrap_or(&file.name);
            sheets::map_of(stem, manifest.files.len())
        }) {
            if !maps.contains(&map) {
                let name = format!("{}/{map}.json", sheets::FOLDER);
                let message =
                    format!("{MANIFEST} says that the pages are placed on sheets, and their map is not there");
                told(&mut verified.faults, "missing", &name, message);
            }
        }
    }
    for name in names(&at).unwrap_or_default() {
        if known.contains(&name) || REPORTS.contains(&name.as_str()) {
            continue;
        }
        let (code, message) = match name.ends_with(".partial") {
            true => ("unfinished", "it was left by a run that did not end, and is no part of the job"),
            false => ("extra", "no map names it: it is no part of the job"),
        };
        told(&mut verified.faults, code, &format!("{}/{name}", sheets::FOLDER), message.to_owned());
    }
}

fn told(faults: &mut Vec<Diagnostic>, code: &'static str, name: &str, message: String) {
    faults.push(Diagnostic::error(code, message).at(Place::File(name.to_owned()), ""));
}

/// The words for what is wrong with JSON, without its text.
fn category(e: &serde_json::Error) -> &'static str {
    match e.classify() {
        serde_json::error::Category::Io => "the disk does not give it",
        serde_json::error::Category::Syntax => "it is not JSON",
        serde_json::error::Category::Data => "something has another form than in a manifest",
        serde_json::error::Category::Eof => "it ends too early",
    }
}

/// The files in the folder, in order, without those that systems leave there.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let systems = name.starts_with('.') || ["Thumbs.db", "desktop.ini"].contains(&name.as_str());
        if !systems && !entry.file_type()?.is_dir() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Bytes that are counted and digested on their way.
struct Hashing<R> {
    from: R,
    hasher: Hasher,
    bytes: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.hasher.update(&buffer[..n]);
        self.bytes += n as u64;
        Ok(n)
    }
}

/// Whether a name is one of a file in the folder itself: a manifest may come from anywhere.
pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':'])
}

/// Whether a file is there with the bytes that are stated. Messages call it by its name in `within`.
fn same(folder: &Path, within: &str, stated: &Other, verified: &mut Verified) -> bool {
    let shown = &shown(within, &stated.name);
    let faults = &mut verified.faults;
    if !is_plain(&stated.name) {
        told(
            faults,
            "manifest-broken",
            if within.is_empty() { MANIFEST } else { within },
            "it names a file outside its folder".to_owned(),
        );
        return false;
    }
    let mut hashing = match File::open(folder.join(&stated.name)) {
        Ok(from) => Hashing { from, hasher: Hasher::default(), bytes: 0 },
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            told(faults, "missing", shown, "it is not there".to_owned());
            return false;
        }
        Err(e) => {
            told(faults, "cannot-read", shown, format!("it cannot be read: {}", e.kind()));
            return false;
        }
    };
    let mut buffer = vec![0; 1 << 18];
    loop {
        match hashing.read(&mut buffer) {
            Ok(0) => break,
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => {
                told(faults, "cannot-read", shown, format!("it cannot be read: {}", e.kind()));
                return false;
            }
        }
    }
    verified.bytes += hashing.bytes;
    if hashing.bytes < stated.bytes {
        let message = format!("it is cut off: {} bytes are there, of {} bytes", hashing.bytes, stated.bytes);
        told(faults, "truncated", shown, message);
        return false;
    }
    if hashing.hasher.finish().to_string() != stated.sha256 {
        let message = match hashing.bytes == stated.bytes {
            true => "its bytes are not those that were made".to_owned(),
            false => format!("it has grown: {} bytes instead of {}", hashing.bytes, stated.bytes),
        };
        told(faults, "changed", shown, message);
        return false;
    }
    true
}

fn shown(within: &str, name: &str) -> String {
    if within.is_empty() { name.to_owned() } else { format!("{within}/{name}") }
}

/// Counts the pages of a file that is as it was made; there should be `stated`.
fn pages(folder: &Path, within: &str, name: &str, stated: u64, faults: &mut Vec<Diagnostic>) {
    let shown = &shown(within, name);
    let count = Reader::open(&folder.join(name)).and_then(|mut reader| Ok(Pages::read(&mut reader)?.len()));
    match count {
        Ok(count) if count as u64 == stated => {}
        Ok(count) => {
            let says = if within.is_empty() { "the manifest" } else { "its map" };
            told(faults, "page-count", shown, format!("it has {count} pages, and {says} says {stated}"));
        }
        Err(fault) => {
            let message = format!("its pages cannot be read: {}", fault.diagnostic(shown).message);
            told(faults, "page-count", shown, message);
        }
    }
}

/// Compares the manifest of one file among several with the job's.
fn own(folder: &Path, other: &Other, job: &Manifest, faults: &mut Vec<Diagnostic>) {
    let Some(stem) = other.name.strip_suffix(".json") else { return };
    let Some(file) = job.files.iter().find(|f| f.name.strip_suffix(".pdf") == Some(stem)) else { return };
    let mut text = Vec::new();
    let read = File::open(folder.join(&other.name)).and_then(|f| f.take(OWN).read_to_end(&mut text));
    let own: Option<Own> = read.ok().and_then(|_| serde_json::from_slice(&text).ok());
    if !own.is_some_and(|own| own.campaign == job.campaign && own.file == *file) {
        told(faults, "manifest-differs", &other.name, format!("it says other things than {MANIFEST}"));
    }
}

/// What the rows say of one file.
#[derive(Clone, Debug, Default)]
struct Seen {
    pieces: u64,
    pages: u64,
    first_piece: String,
    last_piece: String,
}

/// The rows of both manifests, which must say the same, and must fill their files from the first page to the last.
struct Rows {
    rows: u64,
    outcomes: BTreeMap<String, u64>,
    files: BTreeMap<String, Seen>,
    /// By digests of piece ids.
    pieces: sheets::Pieces,
    /// All pages that were made.
    tally: sheets::Tally,
    table: Option<csv::Reader<File>>,
    record: csv::StringRecord,
    table_rows: u64,
    faults: Vec<Diagnostic>,
    counts: BTreeMap<&'static str, u64>,
}

impl Rows {
    fn new(folder: &Path) -> Self {
        let open = File::open(folder.join(MANIFEST_CSV)).ok();
        Self {
            rows: 0,
            outcomes: BTreeMap::new(),
            files: BTreeMap::new(),
            pieces: sheets::Pieces::default(),
            tally: sheets::Tally::default(),
            table: open.map(|f| csv::ReaderBuilder::new().flexible(true).from_reader(f)),
            record: csv::StringRecord::new(),
            table_rows: 0,
            faults: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    fn fault(&mut self, code: &'static str, message: impl FnOnce() -> String) {
        let n = self.counts.entry(code).or_default();
        *n += 1;
        if *n <= TOLD {
            let message = message();
            told(&mut self.faults, code, MANIFEST, message);
        }
    }

    fn row(&mut self, row: &Row) {
        self.rows += 1;
        let number = self.rows;
        match self.outcomes.get_mut(&row.outcome) {
            Some(n) => *n += 1,
            None => drop(self.outcomes.insert(row.outcome.clone(), 1)),
        }
        if let Some(table) = &mut self.table
            && table.read_record(&mut self.record).unwrap_or(false)
        {
            self.table_rows += 1;
            let cell = |i: usize| self.record.get(i).unwrap_or_default();
            let page = |i: usize| cell(i).parse::<u64>().unwrap_or_default();
            let alike = cell(3) == row.piece
                && cell(4) == row.outcome
                && cell(6) == row.file
                && (page(7), page(8)) == (row.first_page, row.last_page)
                && cell(9) == row.sha256;
            if !alike {
                self.fault("manifest-differs", || format!("its row {number} is not the one of {MANIFEST_CSV}"));
            }
        }
        if row.outcome != "printed" {
            return;
        }
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let made = (small(row.first_page), small(row.last_page), small(row.row));
        // A last page that lies in another world is told below and not counted up to.
        (row.first_page..=row.last_page).take(MOST_PAGES).for_each(|page| self.tally.add(&row.file, page));
        if self.pieces.insert(Digest::of(row.piece.as_bytes()).short(), made).is_some() {
            self.fault("piece-twice", || format!("row {number}: the piece {} stands in an earlier row too", row.piece));
        }
        let seen = match self.files.get_mut(&row.file) {
            Some(seen) => seen,
            None => self.files.entry(row.file.clone()).or_default(),
        };
        if seen.pieces == 0 {
            seen.first_piece.clone_from(&row.piece);
        }
        seen.last_piece.clone_from(&row.piece);
        seen.pieces += 1;
        let follows = row.first_page == seen.pages + 1 && row.last_page >= row.first_page;
        let before = seen.pages;
        seen.pages = row.last_page.max(before);
        if !follows {
            let (first, last) = (row.first_page, row.last_page);
            self.fault("pages", || {
                format!("row {number}: pages {first} to {last} do not follow page {before} of {}", row.file)
            });
        }
    }

    /// Holds what the rows say of the files against what the manifest says of them.
    fn close(&mut self, manifest: &Manifest, faults: &mut Vec<Diagnostic>) {
        if let Some(mut table) = self.table.take() {
            while table.read_record(&mut self.record).unwrap_or(false) {
                self.table_rows += 1;
            }
            let (rows, table_rows) = (self.rows, self.table_rows);
            if rows != table_rows {
                self.fault("manifest-differs", || format!("it has {rows} rows, and {MANIFEST_CSV} has {table_rows}"));
            }
        }
        for (name, seen) in std::mem::take(&mut self.files) {
            let Some(file) = manifest.files.iter().find(|f| f.name == name) else {
                self.fault("pages", || format!("pieces lie in {name}, which it does not list"));
                continue;
            };
            let said = (file.pieces, file.pages, file.first_piece.as_str(), file.last_piece.as_str());
            if said != (seen.pieces, seen.pages, seen.first_piece.as_str(), seen.last_piece.as_str()) {
                self.fault("pages", || {
                    format!(
                        "{name}: its rows have {} pieces on {} pages, from {} to {}; listed are {} on {}, from {} to {}",
                        seen.pieces, seen.pages, seen.first_piece, seen.last_piece, said.0, said.1, said.2, said.3
                    )
                });
            }
        }
        faults.append(&mut self.faults);
        for (code, n) in &self.counts {
            if *n > TOLD {
                told(faults, code, MANIFEST, format!("{n} faults of this kind in all"));
            }
        }
    }
}

/// Read = printed + held out + suppressed + over budget + rejected, and what the files hold is what was printed.
fn totals(manifest: &Manifest, rows: &Rows, faults: &mut Vec<Diagnostic>) {
    let Some(t) = &manifest.totals else {
        told(faults, "totals", MANIFEST, "it has no totals".to_owned());
        return;
    };
    let count = |word: &str| rows.outcomes.get(word).copied().unwrap_or_default();
    let counted = Totals {
        read: rows.rows,
        printed: count("printed"),
        pages: manifest.files.iter().map(|f| f.pages).sum(),
        held_out: count("held-out"),
        suppressed: count("suppressed"),
        over_budget: count("over-budget"),
        rejected: count("rejected"),
    };
    for (what, stated, found) in [
        ("rows", t.read, counted.read),
        ("printed pieces", t.printed, counted.printed),
        ("pages", t.pages, counted.pages),
        ("rows held out", t.held_out, counted.held_out),
        ("suppressed rows", t.suppressed, counted.suppressed),
        ("rows over budget", t.over_budget, counted.over_budget),
        ("rejected rows", t.rejected, counted.rejected),
        ("pieces in files", t.printed, manifest.files.iter().map(|f| f.pieces).sum()),
    ] {
        if stated != found {
            told(faults, "totals", MANIFEST, format!("its totals say {stated} {what}, and there are {found}"));
        }
    }
    let parts = [t.printed, t.held_out, t.suppressed, t.over_budget, t.rejected];
    if parts.iter().fold(0u64, |sum, n| sum.saturating_add(*n)) != t.read {
        told(faults, "totals", MANIFEST, format!("its outcomes do not add up to the {} rows that were read", t.read));
    }
}
