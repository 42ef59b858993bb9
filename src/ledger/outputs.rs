//! A folder of results that appear together or not at all.
//!
//! Every file is written as `NAME.partial` and gets its name only in [`Outputs::commit`], the manifest last:
//! a folder with a `manifest.json` holds a whole run. What an interrupted run left behind (`*.partial`) is
//! recognised and taken away by the next one, unless a run that is still going holds it. Only calls that
//! work alike on Linux, macOS and Windows are used.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::base::digest::Hasher;
use crate::base::{Diagnostic, Digest, Place};

/// The mark of a finished run; always the last to get its name.
pub const MANIFEST: &str = "manifest.json";
/// The same rows as a table.
pub const MANIFEST_CSV: &str = "manifest.csv";
/// The rejected rows.
pub const REJECTS: &str = "rejects.csv";
/// The file of what was done about content that did not fit.
pub const NOTES: &str = "notes.csv";
/// The counts of segments and RFM cells.
pub const SEGMENTS: &str = "segments.csv";

/// The closing sheet.
pub const CLOSING: &str = "closing.txt";
/// The job ticket.
pub const TICKET: &str = "ticket.xjdf";
/// The file of the characters that fonts lacked.
pub const CHARACTERS: &str = "characters.csv";

const PARTIAL: &str = ".partial";
/// Behind the name of an old result while new ones take its place.
const REPLACED: &str = ".replaced.partial";

/// A file being written, under its name with `.partial` behind it. Keeps the count and the digest of what
/// went in. Give it back to [`Outputs::finish`].
#[derive(Debug)]
pub struct Output {
    pub name: String,
    file: BufWriter<File>,
    bytes: u64,
    /// `None` where the writer in front of it keeps the digest: large files are hashed once only.
    hasher: Option<Hasher>,
}

impl Output {
    /// Leaves the digest to whoever writes here, who then ends the file with [`Outputs::finish_with`].
    #[must_use]
    pub fn without_digest(self) -> Self {
        Self { hasher: None, ..self }
    }

    /// Bytes written so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Write for Output {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let n = self.file.write(data)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&data[..n]);
        }
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that was written to its end, for the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub name: String,
    pub bytes: u64,
    pub sha256: Digest,
}

/// The transaction. Dropped without [`Outputs::commit`], it takes its unfinished files away again (on
/// Windows only those whose [`Output`] is closed; the rest is left to the next run).
#[derive(Debug)]
pub struct Outputs {
    folder: PathBuf,
    label: String,
    force: bool,
    /// Whether the folder was made here, and goes again if nothing comes of it.
    new_folder: bool,
    open: Vec<String>,
    made: Vec<String>,
}

impl Outputs {
    /// Prepares `folder` (made if absent) for new results. `label` is the folder's name for messages.
    ///
    /// # Errors
    /// The folder cannot be made, holds a finished run and `force` is not given, or another run is writing
    /// there now.
    pub fn begin(folder: &Path, label: &str, force: bool) -> Result<Self, Diagnostic> {
        let mut outputs = Self {
            folder: folder.to_owned(),
            label: label.to_owned(),
            force,
            new_folder: !folder.exists(),
            open: Vec::new(),
            made: Vec::new(),
        };
        if !force && outputs.path(MANIFEST).exists() {
            outputs.new_folder = false;
            return Err(outputs.exists(MANIFEST));
        }
        std::fs::create_dir_all(folder).map_err(|fault| outputs.cannot("made", "", &fault))?;
        outputs.take_leftovers_away()?;
        Ok(outputs)
    }

    /// Starts the file `name`, a plain name without folders.
    ///
    /// # Errors
    /// It exists and `force` is not given; another run is writing it; it cannot be made.
    pub fn create(&mut self, name: &str) -> Result<Output, Diagnostic> {
        self.is_new(name)?;
        let path = self.path(&format!("{name}{PARTIAL}"));
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|fault| self.cannot("written", name, &fault))?;
        // Locked until it is finished, so that a second run in the same folder stops instead of mixing in.
        // File systems without locks are taken at their word.
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(self.busy(name));
        }
        self.open.push(name.to_owned());
        file.set_len(0).map_err(|fault| self.cannot("written", name, &fault))?;
        Ok(Output {
            name: name.to_owned(),
            file: BufWriter::with_capacity(256 << 10, file),
            bytes: 0,
            hasher: Some(Hasher::default()),
        })
    }

    fn is_new(&self, name: &str) -> Result<(), Diagnostic> {
        let plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':']);
        if !plain || name.ends_with(PARTIAL) || self.open.iter().chain(&self.made).any(|n| n == name) {
            let message = format!("`{name}` is not a new plain file name");
            return Err(Diagnostic::error("bad-output-name", message));
        }
        if !self.force && self.path(name).exists() {
            return Err(self.exists(name));
        }
        Ok(())
    }

    /// Flushes the file to the disk and closes it. It keeps its unfinished name until [`Outputs::commit`].
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn finish(&mut self, mut output: Output) -> Result<Made, Diagnostic> {
        let digest = output.hasher.take().unwrap_or_default().finish();
        self.finish_with(output, digest)
    }

    /// As [`Self::finish`], for a file whose digest its writer kept.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn finish_with(&mut self, output: Output, sha256: Digest) -> Result<Made, Diagnostic> {
        let Output { name, file, bytes, .. } = output;
        let file = file.into_inner().map_err(|fault| self.cannot("written", &name, fault.error()))?;
        file.sync_all().map_err(|fault| self.cannot("written", &name, &fault))?;
        drop(file);
        self.open.retain(|n| *n != name);
        self.made.push(name.clone());
        Ok(Made { name, bytes, sha256 })
    }

    /// Changes the name that a finished file will get.
    ///
    /// # Errors
    /// The new name is no new plain file name, or exists and `force` is not given; the disk does not take it.
    pub fn rename(&mut self, made: &mut Made, name: &str) -> Result<(), Diagnostic> {
        self.is_new(name)?;
        let (from, to) = (self.path(&format!("{}{PARTIAL}", made.name)), self.path(&format!("{name}{PARTIAL}")));
        std::fs::rename(from, to).map_err(|fault| self.cannot("named", name, &fault))?;
        self.made.retain(|n| *n != made.name);
        self.made.push(name.to_owned());
        name.clone_into(&mut made.name);
        Ok(())
    }

    /// Opens a finished file to be read.
    ///
    /// # Errors
    /// The disk does not give it.
    pub fn reopen(&self, made: &Made) -> Result<File, Diagnostic> {
        File::open(self.path(&format!("{}{PARTIAL}", made.name)))
            .map_err(|fault| self.cannot("read", &made.name, &fault))
    }

    /// Takes a finished file away that was needed only on the way.
    pub fn discard(&mut self, made: &Made) {
        self.made.retain(|n| *n != made.name);
        drop(std::fs::remove_file(self.path(&format!("{}{PARTIAL}", made.name))));
    }

    /// Gives all finished files their names, [`MANIFEST`] last. With `force`, what an older run left goes
    /// now and not before: its manifest's files and the files of the same names.
    ///
    /// # Errors
    /// A file was never finished, or cannot be renamed; then the folder is as it was before.
    pub fn commit(mut self) -> Result<(), Diagnostic> {
        if let Some(name) = self.open.first() {
            let message = format!("{}/{name} was not written to its end", self.label);
            return Err(Diagnostic::error("unfinished-output", message));
        }
        let mut names = std::mem::take(&mut self.made);
        names.sort_by_key(|n| (n == MANIFEST, n == MANIFEST_CSV));
        let mut old = if self.force { self.older_results() } else { Vec::new() };
        old.extend(names.iter().filter(|n| self.path(n).exists()).cloned());
        old.sort();
        old.dedup();
        // The old mark goes first: from here on nothing looks finished.
        old.sort_by_key(|n| n != MANIFEST);
        if let (false, Some(name)) = (self.force, old.first()) {
            let fault = self.exists(name);
            self.made = names;
            return Err(fault);
        }
        let mut steps: Vec<(PathBuf, PathBuf)> = Vec::new();
        for name in &old {
            steps.push((self.path(name), self.path(&format!("{name}{REPLACED}"))));
        }
        for name in &names {
            steps.push((self.path(&format!("{name}{PARTIAL}")), self.path(name)));
        }
        for (i, (from, to)) in steps.iter().enumerate() {
            if let Err(fault) = std::fs::rename(from, to) {
                let fault = self.cannot("named", &to.file_name().unwrap_or_default().to_string_lossy(), &fault);
                for (from, to) in steps[..i].iter().rev() {
                    // Nothing better can be done about a second fault than to tell the first.
                    drop(std::fs::rename(to, from));
                }
                self.made = names;
                return Err(fault);
            }
        }
        for name in &old {
            drop(std::fs::remove_file(self.path(&format!("{name}{REPLACED}"))));
        }
        // Makes the names last through a power cut where a folder can be flushed; elsewhere it does nothing.
        drop(File::open(&self.folder).and_then(|folder| folder.sync_all()));
        self.new_folder = false;
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Results of a finished run in the folder: its manifests, its rejects, and the files that its manifest
    /// names. Other files in the folder are nobody's business.
    fn older_results(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        if let Ok(mut reader) = csv::Reader::from_path(self.path(MANIFEST_CSV)) {
            let column = reader.headers().ok().and_then(|h| h.iter().position(|c| c == "file"));
            let mut record = csv::StringRecord::new();
            while let (Some(column), Ok(true)) = (column, reader.read_record(&mut record)) {
                let name = record.get(column).unwrap_or_default();
                // Pieces of a file stand together; a run has few files.
                let plain = !name.is_empty() && !name.contains(['/', '\\', ':']);
                if plain && !names.iter().rev().any(|n| n == name) {
                    names.push(name.to_owned());
                }
            }
        }
        // A file that is one of several has a list and a manifest of its own.
        let own: Vec<String> = names
            .iter()
            .filter_map(|n| n.strip_suffix(".pdf"))
            .flat_map(|stem| [format!("{stem}.csv"), format!("{stem}.json")])
            .collect();
        names.extend(own);
        let fixed = [MANIFEST, MANIFEST_CSV, REJECTS, NOTES, SEGMENTS, CHARACTERS, CLOSING, TICKET];
        names.extend(fixed.map(str::to_owned));
        names.retain(|n| self.path(n).is_file());
        names
    }

    fn take_leftovers_away(&self) -> Result<(), Diagnostic> {
        let cannot = |fault| self.cannot("read", "", &fault);
        for entry in std::fs::read_dir(&self.folder).map_err(cannot)? {
            let path = entry.map_err(cannot)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // Only names that this program gives: others may have unfinished files of their own here.
            let ours = name.strip_suffix(PARTIAL).is_some_and(|stem| {
                let stem = stem.strip_suffix(".replaced").unwrap_or(stem);
                [".pdf", ".csv", ".json", ".jsonl", ".txt", ".html", ".png", ".xjdf"].iter().any(|e| stem.ends_with(e))
            });
            if !ours || !path.is_file() {
                continue;
            }
            let held = OpenOptions::new()
                .write(true)
                .open(&path)
                .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
            if held {
                return Err(self.busy(name.trim_end_matches(PARTIAL)));
            }
            std::fs::remove_file(&path).map_err(|fault| self.cannot("replaced", &name, &fault))?;
        }
        Ok(())
    }

    fn exists(&self, name: &str) -> Diagnostic {
        let message = format!("{}/{name} exists: an earlier run's results are there", self.label);
        Diagnostic::error("output-exists", message)
            .at(Place::File(format!("{}/{name}", self.label)), "")
            .help("Name another output folder, or give --force to replace it once the new results are complete.")
    }

    fn busy(&self, name: &str) -> Diagnostic {
        let message = format!("another run is writing {}/{name} at this moment", self.label);
        Diagnostic::error("output-busy", message).help("Wait until it has ended, or name another output folder.")
    }

    fn cannot(&self, what: &str, name: &str, fault: &io::Error) -> Diagnostic {
        let full = if name.is_empty() { self.label.clone() } else { format!("{}/{name}", self.label) };
        cannot(what, &full, fault)
    }
}

/// `full` cannot be `what`; in the words of the kind of fault, which are the same on every machine.
pub(super) fn cannot(what: &str, full: &str, fault: &io::Error) -> Diagnostic {
    Diagnostic::error("cannot-write", format!("{full} cannot be {what}: {}", fault.kind()))
}

impl Drop for Outputs {
    fn drop(&mut self) {
        for name in self.open.iter().chain(&self.made) {
            drop(std::fs::remove_file(self.path(&format!("{name}{PARTIAL}"))));
        }
        if self.new_folder {
            // Only an empty folder goes.
            drop(std::fs::remove_dir(&self.folder));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .map(|d| d.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect())
            .unwrap_or_default();
        names.sort();
        names
    }

    fn write(outputs: &mut Outputs, name: &str, text: &str) -> Made {
        let mut output = outputs.create(name).expect("can be made");
        output.write_all(text.as_bytes()).expect("can be written");
        outputs.finish(output).expect("can be finished")
    }

    /// A run whose only file besides the manifests is `pdf`.
    fn run(folder: &Path, force: bool, pdf: &str, text: &str) -> Result<(), Diagnostic> {
        let mut outputs = Outputs::begin(folder, "out", force)?;
        write(&mut outputs, MANIFEST, "{}");
        write(&mut outputs, MANIFEST_CSV, &format!("piece,file\na,{pdf}\nb,{pdf}\nc,\n"));
        write(&mut outputs, pdf, text);
        outputs.commit()
    }

    #[test]
    fn names_appear_together_at_the_end() {
        let parent = tempfile::tempdir().expect("tests can write");
        let folder = parent.path().join("out");
        let mut outputs = Outputs::begin(&folder, "out", false).expect("begins");
        let made = write(&mut outputs, "pieces.pdf", "abc");
        assert_eq!((made.bytes, made.sha256), (3, Digest::of(b"abc")));
        write(&mut outputs, MANIFEST, "{}");
        assert_eq!(names(&folder), ["manifest.json.partial", "pieces.pdf.partial"]);
        outputs.commit().expect("commits");
        assert_eq!(names(&folder), ["manifest.json", "pieces.pdf"]);
    }

    #[test]
    fn an_aborted_run_leaves_nothing() {
        let parent = tempfile::tempdir().expect("tests can write");
        let folder = parent.path().join("out");
        let mut outputs = Outputs::begin(&folder, "out", false).expect("begins");
        write(&mut outputs, "a.pdf", "abc");
        let open = outputs.create("b.pdf").expect("can be made");
        drop(open);
        assert_eq!(names(&folder).len(), 2);
        drop(outputs);
        assert!(!folder.exists());

        let mut outputs = Outputs::begin(&folder, "out", false).expect("begins");
        let open = outputs.create("b.pdf").expect("can be made");
        drop(open);
        assert_eq!(outputs.commit().expect_err("b.pdf is not finished").code, "unfinished-output");
        assert!(!folder.exists());
    }

    #[test]
    fn finished_results_are_replaced_only_by_force_and_only_when_the_new_ones_are_complete() {
        let parent = tempfile::tempdir().expect("tests can write");
        let folder = parent.path().join("out");
        run(&folder, false, "old.pdf", "1").expect("the first run");
        std::fs::write(folder.join("mine.pdf"), "not a result").expect("tests can write");
        assert_eq!(run(&folder, false, "new.pdf", "2").expect_err("exists").code, "output-exists");

        let mut outputs = Outputs::begin(&folder, "out", true).expect("begins");
        write(&mut outputs, "old.pdf", "3");
        drop(outputs);
        assert_eq!(std::fs::read(folder.join("old.pdf")).expect("kept"), b"1");
        assert_eq!(names(&folder), ["manifest.csv", "manifest.json", "mine.pdf", "old.pdf"]);

        run(&folder, true, "new.pdf", "2").expect("by force");
        assert_eq!(names(&folder), ["manifest.csv", "manifest.json", "mine.pdf", "new.pdf"]);
    }

    #[test]
    fn a_commit_that_fails_puts_everything_back() {
        let parent = tempfile::tempdir().expect("tests can write");
        let folder = parent.path().join("out");
        run(&folder, false, "old.pdf", "1").expect("the first run");
        let mut outputs = Outputs::begin(&folder, "out", true).expect("begins");
        write(&mut outputs, "old.pdf", "2");
        write(&mut outputs, MANIFEST, "{\"new\":1}");
        // Somebody takes the finished manifest away before it gets its name.
        std::fs::remove_file(folder.join("manifest.json.partial")).expect("is there");
        assert_eq!(outputs.commit().expect_err("cannot be named").code, "cannot-write");
        assert_eq!(std::fs::read(folder.join("old.pdf")).expect("back"), b"1");
        assert_eq!(std::fs::read(folder.join(MANIFEST)).expect("back"), b"{}");
        assert_eq!(names(&folder), ["manifest.csv", "manifest.json", "old.pdf"]);
    }

    #[test]
    fn leftovers_go_unless_a_run_holds_them() {
        let parent = tempfile::tempdir().expect("tests can write");
        let folder = parent.path();
        std::fs::write(folder.join("pieces-9.pdf.partial"), "half").expect("tests can write");
        std::fs::write(folder.join("film.mkv.partial"), "a download").expect("tests can write");
        let mut first = Outputs::begin(folder, "out", false).expect("begins");
        assert_eq!(names(folder), ["film.mkv.partial"]);
        let held = first.create("a.pdf").expect("can be made");
        assert_eq!(Outputs::begin(folder, "out", false).expect_err("held").code, "output-busy");
        drop(held);
        drop(first);
        Outputs::begin(folder, "out", false).expect("free again");
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let parent = tempfile::tempdir().expect("tests can write");
        let mut outputs = Outputs::begin(parent.path(), "out", false).expect("begins");
        for name in ["", "../a.pdf", "a/b.pdf", "a\\b.pdf", "C:a.pdf", ".a", "x.partial"] {
            assert_eq!(outputs.create(name).expect_err(name).code, "bad-output-name");
        }
    }
}
