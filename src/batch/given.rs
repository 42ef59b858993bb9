//! A file of decisions that a run follows instead of deciding itself.
//!
//! The file is read once to its end before anything is made: every line is held against the campaign, and its key,
//! place and number are kept, 40 bytes a line. The unit's table is then read once, so that every record has its line
//! and every line its record. All that is wrong is told at once, with line and column. The run itself reads each
//! line again when its record's turn comes: lines may stand in any order, though their own is the fastest.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::bunch;
use super::job::Job;
use super::sequencer::{self, Steps, Window};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place, SourceText};
use crate::data::{Read, Record};
use crate::decide::decision::Decision;
use crate::decide::line::{Line, LineFault};
use crate::decide::{Decider, Fault, Scratch};

/// Faults that are told one by one; the rest is counted.
const TOLD: usize = 50;
/// Keys that no record has, for which a like one is looked for.
const LIKENED: usize = 5;
/// A line is no longer than this.
const LONGEST: u64 = 1 << 20;
/// Lines that are judged together.
const LINES: usize = 256;

/// The file, looked over.
#[derive(Debug)]
pub struct Decisions {
    file: BufReader<File>,
    label: String,
    /// Where the reader stands.
    at: u64,
    /// In the order of their hashes.
    index: Vec<Entry>,
    seed: u64,
}

/// Where a record's line is.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    offset: u64,
    /// The record's number, when the line says it; 0 otherwise.
    number: u64,
    line: u32,
    length: u32,
    /// It gives way to another line with its key, and need not have a record.
    weak: bool,
}

/// What is done about faults in a file of decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Faulty {
    /// All are told, and nothing is made.
    #[default]
    Stop,
    /// Their records are rejected.
    Reject,
}

impl Decisions {
    /// Looks the file over. `range` are the records that the run is for, from and to, counted from 1.
    ///
    /// # Errors
    /// The file cannot be read; with [`Faulty::Stop`] also everything that is wrong with its lines. With
    /// [`Faulty::Reject`], that goes to `told`, as warnings.
    pub fn open(
        job: &Job,
        path: &Path,
        threads: usize,
        range: (u64, u64),
        faulty: Faulty,
        told: &mut Vec<Diagnostic>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let label = path.to_string_lossy().replace('\\', "/");
        let mut faults = Faults { label: label.clone(), first: Vec::new(), more: 0, keyless: false };
        let mut seed = 0;
        let mut given = loop {
            match Self::look(job, path, &label, seed, threads, &mut faults)? {
                Some(given) => break given,
                // Two keys under one hash: look again with other hashes.
                None => {
                    seed += 1;
                    faults.first.clear();
                    faults.more = 0;
                    faults.keyless = false;
                }
            }
        };
        given.meet_records(job, range, &mut faults)?;
        // Lines were read for telling, past the buffer.
        (given.at, given.file) = (0, BufReader::with_capacity(64 << 10, reopened(path, &label)?));
        let mut found = faults.end();
        if faulty == Faulty::Stop && !found.is_empty() {
            return Err(found);
        }
        for d in &mut found {
            d.severity = crate::base::Severity::Warning;
        }
        told.append(&mut found);
        Ok(given)
    }

    /// Reads all lines; none when two keys share a hash.
    fn look(
        job: &Job,
        path: &Path,
        label: &str,
        seed: u64,
        threads: usize,
        faults: &mut Faults,
    ) -> Result<Option<Self>, Vec<Diagnostic>> {
        let cannot = |e: &std::io::Error| vec![cannot(label, e)];
        let mut reader = BufReader::with_capacity(256 << 10, reopened(path, label)?);
        let (mut offset, mut number) = (0u64, 0u32);
        let mut index: Vec<Entry> = Vec::new();
        let steps = Judging { decider: &job.decider, seed };
        sequencer::run(
            Window::for_threads(threads),
            &steps,
            |lines: &mut Lines| {
                lines.clear();
                while lines.ends.len() < LINES {
                    let from = lines.text.len();
                    let length = reader.by_ref().take(LONGEST).read_until(b'\n', &mut lines.text)? as u64;
                    if length == 0 {
                        break;
                    }
                    number = number.saturating_add(1);
                    if length == LONGEST && lines.text.last() != Some(&b'\n') {
                        let message = format!("line {number} is longer than {} KiB", LONGEST >> 10);
                        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, message));
                    }
                    if lines.ends.is_empty() {
                        (lines.first, lines.offset) = (number, offset);
                        // A byte order mark does no harm.
                        if number == 1 && lines.text.starts_with("\u{feff}".as_bytes()) {
                            lines.text[..3].fill(b' ');
                        }
                    }
                    offset += length;
                    lines.ends.push(lines.text.len());
                    debug_assert!(lines.text.len() > from);
                }
                Ok(!lines.ends.is_empty())
            },
            |lines| {
                index.extend_from_slice(&lines.found);
                faults.keyless |= lines.keyless;
                for (n, fault) in std::mem::take(&mut lines.faults) {
                    let text = lines.text_of(n);
                    faults.add(u64::from(lines.first) + n as u64, Some(&String::from_utf8_lossy(text)), fault);
                }
                Ok(())
            },
        )
        .map_err(|e: std::io::Error| cannot(&e))?;
        let file = reopened(path, label)?;
        index.sort_unstable_by_key(|e| (e.hash, e.weak, e.line));
        let mut given = Self {
            file: BufReader::with_capacity(64 << 10, file),
            label: label.to_owned(),
            at: 0,
            index: Vec::new(),
            seed,
        };
        let mut twice: Vec<u32> = Vec::new();
        for pair in index.windows(2) {
            let [a, b] = pair else { continue };
            if a.hash != b.hash {
                continue;
            }
            let mut key = |e: &Entry| -> std::io::Result<(Option<String>, String)> {
                let text = given.text(e)?;
                Ok((job.decider.key_of_line(&text), text))
            };
            let (first, second) = (key(a).map_err(|e| cannot(&e))?, key(b).map_err(|e| cannot(&e))?);
            if first.0 != second.0 {
                return Ok(None);
            }
            twice.push(b.line);
            if b.weak {
                continue;
            }
            let name = job.campaign.plan.key_name();
            let at = second.1.find(&format!("\"{name}\"")).unwrap_or(0);
            let fault = LineFault {
                code: "decision-twice",
                span: at..at + name.len() + 2,
                message: format!("this {name} has a decision in line {} already", a.line),
                label: "the second one".to_owned(),
                help: Some("take one of the two lines away".to_owned()),
            };
            faults.add(u64::from(b.line), Some(&second.1), fault);
        }
        twice.sort_unstable();
        index.retain(|e| twice.binary_search(&e.line).is_err());
        given.index = index;
        Ok(Some(given))
    }

    /// Every record has its line, and every line its record.
    fn meet_records(&self, job: &Job, range: (u64, u64), faults: &mut Faults) -> Result<(), Vec<Diagnostic>> {
        let one = |d: Diagnostic| vec![d];
        let unit = &job.campaign.tables[job.campaign.unit];
        let Some(column) = unit.key else { return Ok(()) };
        let mut met = vec![false; self.index.len()];
        let mut reader = unit.reader()?;
        let mut record = reader.record();
        let mut seen = 0u64;
        let name = job.campaign.plan.key_name();
        // Where it is not known whom a line is for, nothing is missing for sure.
        let whole = !faults.keyless;
        loop {
            match reader.read(&mut record).map_err(one)? {
                Read::End => break,
                Read::Rejected(_) => seen += 1,
                Read::Row => {
                    seen += 1;
                    let key = record.text(column).trim();
                    if key.is_empty() {
                        continue;
                    }
                    match self.position(key) {
                        // A second row with the key is rejected, whatever the file says.
                        Some(at) if met[at] => {}
                        Some(at) => {
                            met[at] = true;
                            let entry = &self.index[at];
                            if entry.number != 0 && entry.number != record.number() {
                                let plan = &job.campaign.plan;
                                let message = format!(
                                    "the piece of this {name} is {}, and not {}",
                                    plan.piece_id(record.number()),
                                    plan.piece_id(entry.number)
                                );
                                let text = self.read_text(entry);
                                let at = text.find("\"piece\"").or_else(|| text.find("\"code\"")).unwrap_or(0);
                                let fault = LineFault {
                                    code: "decision-piece",
                                    span: at..at + 7,
                                    message,
                                    label: format!("{} has the number {}", record.origin, record.number()),
                                    help: Some(
                                        "the table has changed since: decide anew, or leave `piece` and codes out"
                                            .to_owned(),
                                    ),
                                };
                                faults.add(u64::from(entry.line), Some(&text), fault);
                            }
                        }
                        None if whole && (range.0..=range.1).contains(&seen) => {
                            let message = format!("this {name} has no line in {}", self.label);
                            let d = Diagnostic::error("decision-missing", message)
                                .at(Place::Cell { origin: record.origin.clone(), column: None }, "");
                            faults
                                .put(u64::MAX, d.help("decide anew, or add a line: its outcome may be `over-budget`"));
                        }
                        None => {}
                    }
                }
            }
        }
        let mut unmet: Vec<&Entry> =
            met.iter().zip(&self.index).filter(|(met, e)| !**met && !e.weak).map(|(_, e)| e).collect();
        if unmet.is_empty() {
            return Ok(());
        }
        unmet.sort_unstable_by_key(|e| e.line);
        let mut keys: Vec<(String, String, Option<String>)> = Vec::new();
        for entry in unmet.iter().take(TOLD) {
            let text = self.read_text(entry);
            let key = job.decider.key_of_line(&text).unwrap_or_default();
            keys.push((key, text, None));
        }
        // Only now, and only for a few, it is worth reading all keys again.
        let (mut reader, mut known) = (unit.reader()?, String::new());
        while reader.skim(&mut record, &mut known).map_err(one)? {
            for (key, _, like) in keys.iter_mut().take(LIKENED).filter(|k| k.2.is_none()) {
                if known.len().abs_diff(key.len()) <= 2 && did_you_mean(key, [known.as_str()]).is_some() {
                    *like = Some(known.clone());
                }
            }
        }
        for (entry, (key, text, like)) in unmet.iter().zip(&keys) {
            let at = text.find(&format!("\"{key}\"")).unwrap_or(0);
            let fault = LineFault {
                code: "decision-unknown-key",
                span: at..at + key.len() + 2,
                message: format!("there is no {name} `{key}` in {}", unit.label),
                label: "unknown".to_owned(),
                help: like.as_ref().map(|l| format!("did you mean `{l}`?")),
            };
            faults.add(u64::from(entry.line), Some(text), fault);
        }
        faults.more += unmet.len().saturating_sub(TOLD) as u64;
        Ok(())
    }

    fn position(&self, key: &str) -> Option<usize> {
        let hash = hash(key, self.seed);
        let at = self.index.partition_point(|e| e.hash < hash);
        self.index.get(at).is_some_and(|e| e.hash == hash).then_some(at)
    }

    /// What the file says of a record with this key.
    ///
    /// # Errors
    /// The file cannot be read again.
    pub fn of(&mut self, key: &str) -> Result<bunch::Given, Diagnostic> {
        let Some(entry) = self.position(key.trim()).and_then(|at| self.index.get(at)).copied() else {
            return Ok(bunch::Given::Missing);
        };
        match self.text(&entry) {
            Ok(text) => Ok(bunch::Given::Line { number: u64::from(entry.line), text }),
            Err(e) => Err(cannot(&self.label, &e)),
        }
    }

    fn text(&mut self, entry: &Entry) -> std::io::Result<String> {
        // A short way stays within what is buffered.
        let way = i64::try_from(entry.offset).unwrap_or(i64::MAX) - i64::try_from(self.at).unwrap_or(0);
        match way {
            0 => {}
            -4_096..=65_536 => self.file.seek_relative(way)?,
            _ => drop(self.file.seek(SeekFrom::Start(entry.offset))?),
        }
        let mut bytes = vec![0; entry.length as usize];
        self.at = u64::MAX;
        self.file.read_exact(&mut bytes)?;
        self.at = entry.offset + u64::from(entry.length);
        let text = String::from_utf8(bytes).map_err(|e| std::io::Error::new(std::io::ErrorKind::InvalidData, e))?;
        Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
    }

    /// The text of a line, for telling.
    fn read_text(&self, entry: &Entry) -> String {
        let mut bytes = vec![0; entry.length as usize];
        let mut file = self.file.get_ref();
        let read = file.seek(SeekFrom::Start(entry.offset)).and_then(|_| file.read_exact(&mut bytes));
        if read.is_err() {
            return String::new();
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// The decision for a record that its line tells; or why it is rejected.
pub(super) fn follow(
    decider: &Decider,
    given: &bunch::Given,
    record: &Record,
    scratch: &mut Scratch,
) -> Result<Decision, Fault> {
    let bunch::Given::Line { number, text } = given else {
        return Err(Fault { code: "decision-missing", message: "the file of decisions has no line for it".to_owned() });
    };
    let mut faults = Vec::new();
    match decider.read_line(text, &mut faults) {
        Some(line) => decider.follow(&line, record, record.number(), scratch),
        None => {
            let first = faults.into_iter().next();
            let (code, message) = first.map_or(("decision-json", String::new()), |f| (f.code, f.message));
            Err(Fault { code, message: format!("line {number} of the decisions: {message}") })
        }
    }
}

fn cannot(label: &str, e: &std::io::Error) -> Diagnostic {
    Diagnostic::error("decisions-file", format!("the file of decisions cannot be read: {e}"))
        .at(Place::File(label.to_owned()), "")
}

fn reopened(path: &Path, label: &str) -> Result<File, Vec<Diagnostic>> {
    File::open(path).map_err(|e| vec![cannot(label, &e)])
}

/// What is wrong, in the order of the lines.
struct Faults {
    label: String,
    first: Vec<(u64, Diagnostic)>,
    more: u64,
    /// Some faulty line does not even say whom it is for.
    keyless: bool,
}

impl Faults {
    fn add(&mut self, line: u64, text: Option<&str>, fault: LineFault) {
        if self.first.len() >= TOLD * 4 {
            self.more += 1;
            return;
        }
        let text = text.unwrap_or_default().trim_end_matches(['\r', '\n']);
        let source = SourceText::line(self.label.clone(), text, usize::try_from(line).unwrap_or(usize::MAX));
        let d = Diagnostic::error(fault.code, fault.message).at_text(&source, fault.span, fault.label);
        self.put(
            line,
            match fault.help {
                Some(help) => d.help(help),
                None => d,
            },
        );
    }

    fn put(&mut self, line: u64, d: Diagnostic) {
        if self.first.len() >= TOLD * 4 {
            self.more += 1;
            return;
        }
        self.first.push((line, d));
    }

    fn end(mut self) -> Vec<Diagnostic> {
        // The sort is stable: several faults of a line stay in their order.
        self.first.sort_by_key(|f| f.0);
        let more = self.more + self.first.len().saturating_sub(TOLD) as u64;
        let mut all: Vec<Diagnostic> = self.first.into_iter().take(TOLD).map(|f| f.1).collect();
        if more > 0 {
            let message = format!("{more} further faults of the decisions are not listed");
            all.push(Diagnostic::error("decisions-file", message).at(Place::File(self.label), ""));
        }
        all
    }
}

/// Some lines of the file, and what was found in them.
#[derive(Debug, Default)]
struct Lines {
    /// The number of the first, from 1, and its place.
    first: u32,
    offset: u64,
    text: Vec<u8>,
    ends: Vec<usize>,
    found: Vec<Entry>,
    faults: Vec<(usize, LineFault)>,
    keyless: bool,
}

impl Lines {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.found.clear();
        self.faults.clear();
        self.keyless = false;
    }

    fn text_of(&self, n: usize) -> &[u8] {
        let from = n.checked_sub(1).and_then(|n| self.ends.get(n)).copied().unwrap_or(0);
        self.ends.get(n).and_then(|to| self.text.get(from..*to)).unwrap_or_default()
    }
}

/// Judges lines on all cores.
struct Judging<'a> {
    decider: &'a Decider,
    seed: u64,
}

impl Steps<Lines, (), std::io::Error> for Judging<'_> {
    fn buffer(&self) -> Lines {
        Lines::default()
    }

    fn worker(&self) {}

    fn work(&self, (): &mut (), lines: &mut Lines) {
        let mut found = std::mem::take(&mut lines.found);
        let mut faults = std::mem::take(&mut lines.faults);
        let mut of_line: Vec<LineFault> = Vec::new();
        let (mut offset, mut keyless) = (lines.offset, false);
        for n in 0..lines.ends.len() {
            let bytes = lines.text_of(n);
            let here = offset;
            offset += bytes.len() as u64;
            let text = match std::str::from_utf8(bytes) {
                Ok(text) if text.trim().is_empty() => continue,
                Ok(text) => text,
                Err(e) => {
                    let at = e.valid_up_to();
                    faults.push((
                        n,
                        LineFault {
                            code: "decision-json",
                            span: at..at + 1,
                            message: "the line is not UTF-8, as JSON must be".to_owned(),
                            label: "from here".to_owned(),
                            help: None,
                        },
                    ));
                    keyless = true;
                    continue;
                }
            };
            let line: Option<Line> = self.decider.read_line(text, &mut of_line);
            // A faulty line is kept under its key, so that its record is the one that is rejected.
            let (key, record) = match line {
                Some(line) if line.key.is_none() => continue,
                Some(line) => (line.key.clone(), Some(line)),
                None => (self.decider.key_of_line(text), None),
            };
            faults.extend(of_line.drain(..).map(|f| (n, f)));
            keyless |= key.is_none();
            if let Some(key) = &key {
                found.push(Entry {
                    hash: hash(key, self.seed),
                    offset: here,
                    number: record.as_ref().and_then(|l| l.number).unwrap_or(0),
                    weak: record.as_ref().is_some_and(Line::gives_way),
                    line: lines.first.saturating_add(u32::try_from(n).unwrap_or(u32::MAX)),
                    length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
                });
            }
        }
        lines.found = found;
        lines.faults = faults;
        lines.keyless = keyless;
    }
}

/// FNV-1a with a final mix, the same on every machine.
fn hash(key: &str, seed: u64) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for b in key.bytes() {
        h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h = (h ^ (h >> 29)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    h ^ (h >> 32)
}
