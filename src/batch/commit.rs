//! The ordered end of the pipeline: encoded pieces go to their files, every row to the ledger, rejected rows
//! to the rejects. Nothing has its final name before all of it is complete.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bunch::{Bunch, EXTRA, Fate};
use super::single::document;
use crate::base::{Diagnostic, Digest, Place};
use crate::campaign::Campaign;
use crate::ledger::manifest::Listed;
use crate::ledger::{Characters, Entry, Head, Manifest, Notes, Output, Outputs, Rejects, Totals};
use crate::pdf;

/// Writes what a run makes. Dropped without [`Committer::finish`], it leaves nothing behind.
pub struct Committer<'a> {
    campaign: &'a Campaign,
    columns: Vec<Arc<str>>,
    outputs: Outputs,
    folder: PathBuf,
    split: Option<u32>,
    open: Option<OpenFile>,
    files: Vec<Listed>,
    manifest: Manifest<Output, Output>,
    rejects: Option<Rejects<Output>>,
    notes: Option<Notes<Output>>,
    characters: Characters,
    pub totals: Totals,
}

impl std::fmt::Debug for Committer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Committer").field("totals", &self.totals).finish_non_exhaustive()
    }
}

/// The PDF file that is being written.
struct OpenFile {
    name: Arc<str>,
    writer: pdf::Writer<Output>,
    pieces: u32,
    pages: u64,
}

/// What stands in for a piece that a batch does not have; rows and pieces are counted alike, so it is never used.
const NO_PIECE: (u32, Digest) = (0, Digest([0; 32]));

/// What a finished run made.
#[derive(Clone, Debug)]
pub struct Finished {
    pub totals: Totals,
    pub files: Vec<Listed>,
}

impl<'a> Committer<'a> {
    /// # Errors
    /// The output folder cannot be used, or holds a finished run and `force` is not given.
    pub fn begin(
        campaign: &'a Campaign,
        folder: &Path,
        mut outputs: Outputs,
        split: Option<u32>,
    ) -> Result<Self, Diagnostic> {
        let manifest = Manifest::begin(
            outputs.create("manifest.csv")?,
            outputs.create("manifest.json")?,
            Head {
                campaign: campaign.id.to_string(),
                as_of: campaign.as_of.to_string(),
                extra: EXTRA.iter().map(|s| (*s).to_owned()).collect(),
            },
        )?;
        let columns = campaign.tables[campaign.unit].schema.columns.iter().map(|c| Arc::clone(&c.name)).collect();
        Ok(Self {
            campaign,
            columns,
            outputs,
            folder: folder.to_owned(),
            split,
            open: None,
            files: Vec::new(),
            manifest,
            rejects: None,
            notes: None,
            characters: Characters::default(),
            totals: Totals::default(),
        })
    }

    /// Writes one bunch.
    ///
    /// # Errors
    /// The disk does not take it, or a picture cannot be read again.
    pub fn commit(&mut self, bunch: &Bunch) -> Result<(), Diagnostic> {
        // Where each piece went: its file and first page.
        let mut placed: Vec<(Arc<str>, u64)> = Vec::with_capacity(bunch.pieces.len());
        let mut next = 0;
        while next < bunch.pieces.len() {
            let mut open = match self.open.take() {
                Some(open) => open,
                None => self.open_next()?,
            };
            let room = self.split.map_or(usize::MAX, |most| (most - open.pieces) as usize);
            let until = next + room.min(bunch.pieces.len() - next);
            let mut page = open.writer.write(&bunch.pieces, next..until).map_err(|f| f.diagnostic())?;
            for index in next..until {
                let (pages, _) = bunch.pieces.piece(index).unwrap_or(NO_PIECE);
                placed.push((Arc::clone(&open.name), page));
                page += u64::from(pages);
                open.pages += u64::from(pages);
                open.pieces += 1;
            }
            next = until;
            if self.split == Some(open.pieces) {
                self.close(open)?;
            } else {
                self.open = Some(open);
            }
        }
        let mut piece = 0;
        for row in &bunch.rows[..bunch.filled] {
            let origin = row.unreadable.as_ref().map_or(&row.record.origin, |r| &r.origin);
            for (font, glyph) in &row.stood_in {
                let mut text = String::new();
                if font.text(*glyph, &mut text) {
                    self.characters.add(text, Some(font.postscript_name.clone()));
                }
            }
            for (c, selector) in &row.missing {
                self.characters.add([Some(*c), *selector].into_iter().flatten().collect(), None);
            }
            let outcome = match &row.fate {
                Fate::Printed => {
                    let (file, first) = &placed[piece];
                    let (pages, digest) = bunch.pieces.piece(piece).unwrap_or(NO_PIECE);
                    piece += 1;
                    for note in &row.notes {
                        let notes = match &mut self.notes {
                            Some(notes) => notes,
                            none => none.insert(Notes::begin(self.outputs.create("notes.csv")?)?),
                        };
                        notes.write(origin, &row.piece, note)?;
                        self.totals.note(note);
                    }
                    crate::ledger::Outcome::Printed {
                        file: Arc::clone(file),
                        first_page: u32::try_from(first + 1).unwrap_or(u32::MAX),
                        last_page: u32::try_from(first + u64::from(pages)).unwrap_or(u32::MAX),
                        digest,
                    }
                }
                Fate::HeldOut => crate::ledger::Outcome::HeldOut,
                Fate::Suppressed(cause) => crate::ledger::Outcome::Suppressed { cause: Arc::clone(cause) },
                Fate::OverBudget => crate::ledger::Outcome::OverBudget,
                Fate::Rejected => {
                    self.reject(row)?;
                    // Each code once, in the order in which they were met.
                    let mut reasons: Vec<&'static str> = Vec::new();
                    for (code, _) in &row.reasons {
                        if !reasons.contains(code) {
                            reasons.push(code);
                        }
                    }
                    crate::ledger::Outcome::Rejected { reasons }
                }
            };
            self.totals.add(&outcome);
            let extra = row.extra.each_ref().map(String::as_str);
            self.manifest.write(&Entry { origin: origin.clone(), piece: row.piece.clone(), outcome }, &extra)?;
        }
        Ok(())
    }

    fn reject(&mut self, row: &super::bunch::Row) -> Result<(), Diagnostic> {
        let rejects = match &mut self.rejects {
            Some(rejects) => rejects,
            none => {
                let out = self.outputs.create("rejects.csv")?;
                none.insert(Rejects::begin(out, self.columns.iter().map(|c| &**c))?)
            }
        };
        let reasons = row.reasons.iter().map(|(code, message)| (*code, message.as_str()));
        match &row.unreadable {
            Some(r) => rejects.write(&r.origin, r.cells.iter().map(String::as_str), reasons),
            None => {
                let record = &row.record;
                rejects.write(&record.origin, (0..record.len()).map(|i| record.text(i)), reasons)
            }
        }
    }

    fn open_next(&mut self) -> Result<OpenFile, Diagnostic> {
        let name = match self.split {
            Some(_) => format!("{}-{:04}.pdf", self.campaign.id, self.files.len() + 1),
            None => format!("{}.pdf", self.campaign.id),
        };
        let spool = self.folder.join(format!("{name}.objects.partial"));
        let document = document(self.campaign, Some(spool));
        let output = self.outputs.create(&name)?.without_digest();
        let writer = pdf::Writer::new(output, document, self.campaign.files.clone()).map_err(|f| f.diagnostic())?;
        Ok(OpenFile { name: name.into(), writer, pieces: 0, pages: 0 })
    }

    fn close(&mut self, open: OpenFile) -> Result<(), Diagnostic> {
        let (summary, output) = open.writer.finish().map_err(|f| f.diagnostic())?;
        let made = self.outputs.finish_with(output, summary.sha256)?;
        self.files.push(Listed { made, pieces: u64::from(open.pieces), pages: open.pages });
        Ok(())
    }

    /// Ends all files, checks that the books close for the `read` rows, and gives everything its final name.
    ///
    /// # Errors
    /// The disk does not take it, or a row has no outcome.
    pub fn finish(mut self, read: u64, closing: impl FnOnce(&Finished) -> String) -> Result<Finished, Diagnostic> {
        use std::io::Write as _;
        if let Some(open) = self.open.take() {
            self.close(open)?;
        }
        self.totals.read = read;
        self.totals.closes()?;
        if let Some(rejects) = self.rejects.take() {
            let out = rejects.end()?;
            self.outputs.finish(out)?;
        }
        if !self.characters.is_empty() {
            let mut out = self.outputs.create("characters.csv")?;
            self.characters.write(&mut out)?;
            self.outputs.finish(out)?;
        }
        if let Some(notes) = self.notes.take() {
            let out = notes.end()?;
            self.outputs.finish(out)?;
        }
        let finished = Finished { totals: self.totals, files: self.files };
        let mut out = self.outputs.create("closing.txt")?;
        out.write_all(closing(&finished).as_bytes()).map_err(|e| {
            Diagnostic::error("cannot-write", format!("closing.txt cannot be written: {e}"))
                .at(Place::File("closing.txt".to_owned()), "")
        })?;
        self.outputs.finish(out)?;
        let (csv, json) = self.manifest.end(&finished.totals, &finished.files)?;
        self.outputs.finish(csv)?;
        self.outputs.finish(json)?;
        self.outputs.commit()?;
        Ok(finished)
    }
}
