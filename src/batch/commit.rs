//! The ordered end of the pipeline: encoded pieces go to their files, every row to the ledger, rejected rows
//! to the rejects. Nothing has its final name before all of it is complete.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bunch::{Bunch, EXTRA, Fate, Row};
use super::inserts::LeafletFile;
use super::job::Job;
use super::post::Post;
use super::posting::PostingFiles;
use super::returned::{GivenBack, Returned, give_back};
use super::single::document;
use super::split::{Begins, Splitter, too_large};
use super::summary::Verdict;
use crate::base::{Diagnostic, Digest, Place, Pt, Size};
use crate::campaign::Campaign;
use crate::campaign::split::Split;
use crate::decide::segment::Cells;
use crate::delivery::ticket::Ticket;
use crate::ledger::manifest::{COLUMNS, LIST_COLUMNS, Listed, Part};
use crate::ledger::outputs::{CLOSING, MANIFEST, MANIFEST_CSV, SEGMENTS, TICKET};
use crate::ledger::segments::{self, Segmentations};
use crate::ledger::{Characters, Entry, Head, Made, Manifest, Notes, Output, Outputs, Totals};
use crate::pdf::{self, stamp::Stamper};

/// Writes what a run makes. Dropped without [`Committer::finish`], it leaves nothing behind.
pub struct Committer<'a> {
    campaign: &'a Campaign,
    post: Option<&'a Post>,
    job: &'a Job,
    outputs: Outputs,
    folder: PathBuf,
    splitter: Option<Splitter>,
    open: Option<OpenFile>,
    files: Vec<Listed>,
    manifest: Rows,
    /// The manifest's columns behind the fixed ones that are of [`EXTRA`], and the day of posting for the one behind them.
    own_columns: usize,
    posted: String,
    /// The sheet of the rows' file.
    sheet: Option<Arc<str>>,
    rejects: Option<Returned>,
    notes: Option<Notes<Output>>,
    leaflets: Option<LeafletFile>,
    characters: Characters,
    others: Vec<Made>,
    posting: Option<PostingFiles>,
    /// Trim and bleed of the first piece, and the fewest and the most pages of a piece: for the ticket.
    paper: Option<(Size, Pt)>,
    pages: (u32, u32),
    pub totals: Totals,
}

/// The rows of the manifest.
enum Rows {
    /// As they will stand.
    Named(Manifest<Output, Output>),
    /// Where a file's name tells how many files there are, the names come in at the end: until then the rows have the
    /// files' numbers.
    Numbered(Manifest<Output, std::io::Sink>),
}

/// The numbered rows, while they are written.
const NUMBERED: &str = "rows.csv";

impl std::fmt::Debug for Committer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Committer").field("totals", &self.totals).finish_non_exhaustive()
    }
}

/// The PDF file that is being written.
struct OpenFile {
    /// What the manifest's rows call it.
    name: Arc<str>,
    writer: pdf::Writer<Output>,
    pieces: u64,
    pages: u64,
    first_piece: String,
    last_piece: String,
    value: Option<String>,
    /// The table of its pieces, where there are several files.
    list: Option<csv::Writer<Output>>,
}

/// The day on which the pieces are posted; the name is the usual one of such a column.
const POSTED: &str = "posted_on";

/// What stands in for a piece that a batch does not have; rows and pieces are counted alike, so it is never used.
const NO_PIECE: (u32, Digest) = (0, Digest([0; 32]));

/// What a finished run made.
#[derive(Clone, Debug)]
pub struct Finished {
    pub totals: Totals,
    pub files: Vec<Listed>,
    /// What the posting costs and which discounts it meets, in lines; empty without `[post]`.
    pub posting: Vec<String>,
    /// Rows of joined tables that are given back.
    pub given_back: Vec<GivenBack>,
}

impl<'a> Committer<'a> {
    /// # Errors
    /// The output folder cannot be used, or holds a finished run and `force` is not given.
    pub fn begin(job: &'a Job, folder: &Path, mut outputs: Outputs, split: Option<Split>) -> Result<Self, Diagnostic> {
        let (campaign, post) = (&job.campaign, job.post.as_ref());
        let manifest = match split {
            None => {
                let (csv, json) = (outputs.create(MANIFEST_CSV)?, outputs.create(MANIFEST)?);
                Rows::Named(Manifest::begin(csv, json, head(campaign))?)
            }
            Some(_) => Rows::Numbered(Manifest::begin(outputs.create(NUMBERED)?, std::io::sink(), head(campaign))?),
        };
        let leaflets = match campaign.inserts.leaflets {
            None => None,
            Some(_) => Some(LeafletFile::begin(&mut outputs)?),
        };
        Ok(Self {
            campaign,
            post,
            job,
            outputs,
            folder: folder.to_owned(),
            splitter: split.map(Splitter::new),
            open: None,
            files: Vec::new(),
            manifest,
            own_columns: own_columns(campaign),
            posted: campaign.posting_date.to_string(),
            sheet: None,
            rejects: None,
            notes: None,
            leaflets,
            characters: Characters::default(),
            others: Vec::new(),
            posting: campaign.post.as_ref().map(PostingFiles::new),
            paper: None,
            pages: (u32::MAX, 0),
            totals: Totals::default(),
        })
    }

    /// Writes one bunch.
    ///
    /// # Errors
    /// The disk does not take it, or a picture cannot be read again; the pieces cannot be split as asked.
    pub fn commit(&mut self, bunch: &Bunch) -> Result<(), Diagnostic> {
        let placed = match self.splitter.take() {
            None => self.write_all(bunch)?,
            Some(mut splitter) => {
                let placed = self.write_split(bunch, &mut splitter)?;
                self.splitter = Some(splitter);
                placed
            }
        };
        self.rows(bunch, &placed)
    }

    /// Writes all pieces into the one file; where each went: its file and first page.
    fn write_all(&mut self, bunch: &Bunch) -> Result<Vec<(Arc<str>, u64)>, Diagnostic> {
        if bunch.pieces.is_empty() {
            return Ok(Vec::new());
        }
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.open_next(None)?,
        };
        let mut placed = Vec::with_capacity(bunch.pieces.len());
        let mut page = open.writer.write(&bunch.pieces, 0..bunch.pieces.len()).map_err(|f| f.diagnostic())?;
        for index in 0..bunch.pieces.len() {
            let (pages, _) = bunch.pieces.piece(index).unwrap_or(NO_PIECE);
            placed.push((Arc::clone(&open.name), page));
            page += u64::from(pages);
        }
        if open.pieces == 0
            && let Some(row) = printed(bunch).next()
        {
            open.first_piece.clone_from(&row.piece);
        }
        if let Some(row) = printed(bunch).next_back() {
            open.last_piece.clone_from(&row.piece);
        }
        open.pieces += bunch.pieces.len() as u64;
        open.pages = open.writer.pages();
        self.open = Some(open);
        Ok(placed)
    }

    /// The same into several files.
    fn write_split(&mut self, bunch: &Bunch, splitter: &mut Splitter) -> Result<Vec<(Arc<str>, u64)>, Diagnostic> {
        let rows: Vec<&Row> = printed(bunch).collect();
        let begins: Vec<Begins> = rows.iter().map(|row| splitter.note(row)).collect::<Result<_, _>>()?;
        let count = bunch.pieces.len().min(rows.len());
        let mut placed: Vec<(Arc<str>, u64)> = Vec::with_capacity(count);
        let mut next = 0;
        while next < count {
            let mut open = match self.open.take() {
                Some(open) => open,
                None => {
                    splitter.counts(self.files.len())?;
                    self.open_next(splitter.value(rows[next]).map(str::to_owned))?
                }
            };
            let fits = match splitter.bytes() {
                None => count,
                Some(limit) => {
                    let room = open.writer.room(&bunch.pieces, next, limit).map_err(|f| f.diagnostic())?;
                    if room == 0 && open.pieces == 0 && !splitter.has_bundles() {
                        return Err(too_large(rows[next], limit));
                    }
                    next + room
                }
            };
            let ends = |at: &usize| splitter.ends(begins[*at], open.pieces + (*at - next) as u64, *at < fits);
            let until = (next..count).find(ends).unwrap_or(count);
            if until == next {
                self.close(open)?;
                continue;
            }
            let mut page = open.writer.write(&bunch.pieces, next..until).map_err(|f| f.diagnostic())?;
            for (index, row) in rows.iter().enumerate().take(until).skip(next) {
                let (pages, digest) = bunch.pieces.piece(index).unwrap_or(NO_PIECE);
                placed.push((Arc::clone(&open.name), page));
                open.pieces += 1;
                if open.pieces == 1 {
                    open.first_piece.clone_from(&row.piece);
                }
                let (first, last) = (page + 1, page + u64::from(pages));
                page = last;
                open.pages = last;
                let sequence = self.totals.printed + placed.len() as u64;
                if let Some(list) = &mut open.list {
                    let origin = &row.record.origin;
                    let cells = [
                        &sequence.to_string(),
                        &row.piece,
                        &*origin.file,
                        &origin.row.to_string(),
                        &first.to_string(),
                        &last.to_string(),
                        &digest.to_string(),
                    ];
                    list.write_record(cells).map_err(|e| cannot_list(&e.into()))?;
                }
            }
            open.last_piece.clone_from(&rows[until - 1].piece);
            next = until;
            self.open = Some(open);
        }
        Ok(placed)
    }

    /// Writes every row to the ledger.
    fn rows(&mut self, bunch: &Bunch, placed: &[(Arc<str>, u64)]) -> Result<(), Diagnostic> {
        let mut piece = 0;
        let unit = &self.campaign.tables[self.campaign.unit];
        for row in &bunch.rows[..bunch.filled] {
            let origin = row.unreadable.as_ref().map_or(&row.record.origin, |r| &r.origin);
            if self.sheet != origin.sheet {
                self.sheet.clone_from(&origin.sheet);
            }
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
                    if self.paper.is_none() {
                        self.paper = bunch.pieces.paper(piece);
                    }
                    self.pages = (self.pages.0.min(pages), self.pages.1.max(pages));
                    piece += 1;
                    if let Some(posting) = &mut self.posting {
                        posting.add(self.campaign, self.post, row, &mut self.outputs)?;
                    }
                    if let Some(leaflets) = &mut self.leaflets {
                        leaflets.add(row, self.campaign.tables[self.campaign.unit].key)?;
                    }
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
                Fate::HeldOut(cause) => crate::ledger::Outcome::HeldOut { cause: cause.clone() },
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
            let printed = matches!(outcome, crate::ledger::Outcome::Printed { .. });
            if let Some(segment) = &row.segment {
                self.totals.segment("segment", segment, printed);
            }
            for (segmentation, segment) in &row.segments {
                self.totals.segment(segmentation, segment, printed);
            }
            if let Some(Cells { r, f, m }) = row.rfm {
                self.totals.rfm_cell([r, f, m], printed);
            }
            let key = match &row.unreadable {
                None => unit.key.map(|key| row.record.text(key)),
                Some(reject) => unit.key_cell.and_then(|cell| reject.cells.get(cell)).map(String::as_str),
            };
            let posted = if printed { self.posted.as_str() } else { "" };
            let own = self.own_columns;
            let extra = |at: usize| match at.checked_sub(own) {
                None => row.extra.get(at).map_or("", String::as_str),
                Some(0) => key.map_or("", str::trim),
                Some(1) => posted,
                Some(slot) => row.shown.get(slot - 2).filter(|_| printed).map_or("", String::as_str),
            };
            let entry = Entry { origin: origin.clone(), piece: row.piece.clone(), outcome };
            match &mut self.manifest {
                Rows::Named(manifest) => manifest.write(&entry, extra)?,
                Rows::Numbered(manifest) => manifest.write(&entry, extra)?,
            }
        }
        Ok(())
    }

    fn reject(&mut self, row: &super::bunch::Row) -> Result<(), Diagnostic> {
        let rejects = match &mut self.rejects {
            Some(rejects) => rejects,
            none => {
                let unit = &self.campaign.tables[self.campaign.unit];
                none.insert(Returned::begin(&mut self.outputs, "rejects", unit, true)?)
            }
        };
        let reasons = row.reasons.iter().map(|(code, message)| (*code, message.as_str()));
        match &row.unreadable {
            Some(reject) => rejects.unread(reject, reasons),
            None => rejects.record(&row.record, reasons),
        }
    }

    fn open_next(&mut self, value: Option<String>) -> Result<OpenFile, Diagnostic> {
        let number = self.files.len();
        // Several files are counted until it is known how many there are.
        let (name, file, list) = match self.splitter_is_on() {
            true => {
                let stem = format!("part-{:06}", number + 1);
                let mut list = csv::Writer::from_writer(self.outputs.create(&format!("{stem}.csv"))?);
                list.write_record(LIST_COLUMNS).map_err(|e| cannot_list(&e.into()))?;
                (number.to_string(), format!("{stem}.pdf"), Some(list))
            }
            false => {
                let file = format!("{}.pdf", self.campaign.id);
                (file.clone(), file, None)
            }
        };
        let spool = self.folder.join(format!("{file}.objects.partial"));
        let document = document(self.campaign, Some(spool));
        let output = self.outputs.create(&file)?.without_digest();
        let mut writer = pdf::Writer::new(output, document, self.campaign.files.clone()).map_err(|f| f.diagnostic())?;
        if let Some(integrity) = &self.campaign.output.integrity {
            let before: u64 = self.files.iter().map(|f| f.pieces).sum();
            writer = writer.stamped(Arc::clone(integrity) as Arc<dyn Stamper>, before + 1);
        }
        Ok(OpenFile {
            name: name.into(),
            writer,
            pieces: 0,
            pages: 0,
            first_piece: String::new(),
            last_piece: String::new(),
            value,
            list,
        })
    }

    fn splitter_is_on(&self) -> bool {
        matches!(self.manifest, Rows::Numbered(_))
    }

    fn close(&mut self, open: OpenFile) -> Result<(), Diagnostic> {
        let (summary, output) = open.writer.finish().map_err(|f| f.diagnostic())?;
        let made = self.outputs.finish_with(output, summary.sha256)?;
        let part = match open.list {
            None => None,
            Some(list) => {
                let list = list.into_inner().map_err(|e| cannot_list(e.error()))?;
                let list = self.outputs.finish(list)?;
                Some(Part { part: self.files.len() + 1, of: 0, from: 0, value: open.value, list })
            }
        };
        self.files.push(Listed {
            made,
            pieces: open.pieces,
            pages: open.pages,
            first_piece: open.first_piece,
            last_piece: open.last_piece,
            part,
        });
        Ok(())
    }

    /// Gives the files of a job of several their names, and each its own manifest.
    fn name_parts(&mut self, splitter: &Splitter) -> Result<(), Diagnostic> {
        use std::io::Write as _;
        let stems = splitter.stems(&self.campaign.id, &self.files);
        let (of, mut from) = (self.files.len(), 1);
        let head = head(self.campaign);
        for (file, stem) in self.files.iter_mut().zip(stems) {
            self.outputs.rename(&mut file.made, &format!("{stem}.pdf"))?;
            if let Some(part) = &mut file.part {
                (part.of, part.from) = (of, from);
                self.outputs.rename(&mut part.list, &format!("{stem}.csv"))?;
                self.others.push(part.list.clone());
            }
            from += file.pieces;
            let name = format!("{stem}.json");
            let mut out = self.outputs.create(&name)?;
            out.write_all(&file.own(&head)).map_err(|e| cannot_write(&name, &e))?;
            self.others.push(self.outputs.finish(out)?);
        }
        Ok(())
    }

    /// Ends all files, checks that the books close for the `read` rows, and gives everything its final name.
    ///
    /// # Errors
    /// The disk does not take it, or a row has no outcome.
    pub fn finish(
        mut self,
        read: u64,
        segmentations: &Segmentations,
        closing: impl FnOnce(&Finished) -> String,
    ) -> Result<Finished, Diagnostic> {
        use std::io::Write as _;
        if let Some(open) = self.open.take() {
            self.close(open)?;
        }
        self.totals.read = read;
        self.totals.closes()?;
        self.files_hold_what_was_printed()?;
        if let Some(splitter) = self.splitter.take() {
            self.name_parts(&splitter)?;
        }
        if let Some(rejects) = self.rejects.take() {
            rejects.end(&mut self.outputs, &mut self.others)?;
        }
        if !self.characters.is_empty() {
            let mut out = self.outputs.create("characters.csv")?;
            self.characters.write(&mut out)?;
            self.others.push(self.outputs.finish(out)?);
        }
        if let Some(leaflets) = self.leaflets.take() {
            leaflets.end(&mut self.outputs, &mut self.others)?;
        }
        if let Some(notes) = self.notes.take() {
            let out = notes.end()?;
            self.others.push(self.outputs.finish(out)?);
        }
        if !segmentations.is_empty() {
            let out = segments::write(self.outputs.create(SEGMENTS)?, segmentations, &self.totals)?;
            self.others.push(self.outputs.finish(out)?);
        }
        if self.campaign.output.ticket {
            let mut out = self.outputs.create(TICKET)?;
            out.write_all(self.ticket().as_bytes()).map_err(|e| cannot_write(TICKET, &e))?;
            self.others.push(self.outputs.finish(out)?);
        }
        let mut posting = Vec::new();
        if let (Some(files), Some(post)) = (self.posting.take(), &self.campaign.post) {
            posting = files.end(self.campaign, post, &mut self.outputs, &mut self.others)?;
        }
        let mut given_back = Vec::new();
        for left_out in &self.job.left_out {
            given_back.extend(give_back(self.job, left_out, &mut self.outputs, &mut self.others)?);
        }
        let finished = Finished { totals: self.totals, files: self.files, posting, given_back };
        let mut out = self.outputs.create(CLOSING)?;
        out.write_all(closing(&finished).as_bytes()).map_err(|e| cannot_write(CLOSING, &e))?;
        self.others.push(self.outputs.finish(out)?);
        let manifest = match self.manifest {
            Rows::Named(manifest) => manifest,
            Rows::Numbered(rows) => {
                let (rows, _) = rows.end(&finished.totals)?;
                let rows = self.outputs.finish(rows)?;
                let (csv, json) = (self.outputs.create(MANIFEST_CSV)?, self.outputs.create(MANIFEST)?);
                let mut manifest = Manifest::begin(csv, json, head(self.campaign))?;
                let names: Vec<String> = finished.files.iter().map(|f| f.made.name.clone()).collect();
                manifest.replay(self.outputs.reopen(&rows)?, self.sheet.as_deref(), &names)?;
                self.outputs.discard(&rows);
                manifest
            }
        };
        let (csv, tail) = manifest.end(&finished.totals)?;
        self.others.push(self.outputs.finish(csv)?);
        let is_made = Verdict::of(&finished.totals, self.campaign.allow_rejects) == Verdict::Made;
        let sheets = self.campaign.output.impose.is_some() && finished.totals.printed > 0 && is_made;
        let json = tail.end(&finished.totals, &finished.files, &self.others, sheets)?;
        self.outputs.finish(json)?;
        self.outputs.commit()?;
        Ok(finished)
    }

    fn ticket(&self) -> String {
        let campaign = self.campaign;
        let ticket = Ticket {
            job: &campaign.id,
            title: &campaign.title,
            product: campaign.output.product.as_deref(),
            pieces: self.totals.printed,
            paper: self.paper,
            pages: (self.pages.0 == self.pages.1).then_some(self.pages.0),
            sides: campaign.paper.sides,
            media: &campaign.paper.media,
            posting_date: campaign.posting_date,
            placing: None,
            files: &self.files,
        };
        ticket.xml()
    }

    /// What is in the files must be what the rows say.
    fn files_hold_what_was_printed(&self) -> Result<(), Diagnostic> {
        let (pieces, pages) = self.files.iter().fold((0, 0), |sum, f| (sum.0 + f.pieces, sum.1 + f.pages));
        let t = &self.totals;
        if (pieces, pages) == (t.printed, t.pages) {
            return Ok(());
        }
        let message =
            format!("the rows say {} pieces on {} pages, and the files hold {pieces} on {pages}", t.printed, t.pages);
        Err(Diagnostic::error("books-do-not-close", message))
    }
}

/// How many columns of [`EXTRA`] a campaign's manifest has.
fn own_columns(campaign: &Campaign) -> usize {
    if campaign.plan.binds_coupons() { EXTRA.len() } else { EXTRA.len() - 1 }
}

/// What the manifests say of the run. Behind the columns of [`EXTRA`] stand those by which a later campaign joins it: whose
/// piece it was, when it was posted, and what it showed.
fn head(campaign: &Campaign) -> Head {
    let fixed = EXTRA.iter().take(own_columns(campaign)).copied();
    let mut extra: Vec<String> = fixed.chain([campaign.plan.key_name(), POSTED]).map(str::to_owned).collect();
    for slot in campaign.plan.slot_names() {
        let taken = extra.iter().map(String::as_str).chain(COLUMNS).any(|column| *column == **slot);
        extra.push(if taken { format!("slot_{slot}") } else { slot.to_string() });
    }
    Head {
        campaign: campaign.id.to_string(),
        as_of: campaign.as_of.to_string(),
        extra,
        ink_limit: campaign.output.limits.ink,
        no_ink: campaign.inks.iter().filter(|ink| !ink.kind.counts()).map(|ink| ink.name.to_string()).collect(),
    }
}

/// The rows of a bunch that are printed: one for each piece, in order.
fn printed(bunch: &Bunch) -> impl DoubleEndedIterator<Item = &Row> {
    bunch.rows[..bunch.filled].iter().filter(|row| row.fate == Fate::Printed)
}

fn cannot_write(name: &str, fault: &std::io::Error) -> Diagnostic {
    Diagnostic::error("cannot-write", format!("{name} cannot be written: {}", fault.kind()))
        .at(Place::File(name.to_owned()), "")
}

fn cannot_list(fault: &std::io::Error) -> Diagnostic {
    cannot_write("the list of a file's pieces", fault)
}
