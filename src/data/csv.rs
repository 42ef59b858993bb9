//! Delimited files to records.
//!
//! A row goes from [`super::rows`] (where it begins and ends) through the `csv` crate (its cells, into a
//! reused `ByteRecord`) to its text ([`super::encoding`]) and meaning ([`super::cell`]). All faults of a row
//! are collected; it then becomes a [`Reject`] with its cells, and reading goes on. A good row allocates
//! nothing once the buffers have grown.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use csv::ByteRecord;

use super::cell;
use super::encoding::{self, Encoding, Evidence, Undecodable, Verdict};
use super::record::{Record, Typed};
use super::reject::{Reason, Reject};
use super::rows::{self, Rows, Span, Trouble};
use super::schema::{Column, Kind, Schema};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Origin, Place};

/// How a file is to be read. What is `None` is found out.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Insisted on when given; detected otherwise.
    pub encoding: Option<Encoding>,
    /// Cells that are plainly in the other encoding (UTF-8 rows pasted into a CP932 file, or the other way
    /// round) are read in it, and counted; without this they reject their row.
    pub repair: bool,
    /// `,`, tab, `;` or `|`; detected among the first three when not given.
    pub delimiter: Option<u8>,
    /// The columns that the campaign declares; every other column of the file is read as text.
    pub columns: Vec<Column>,
    /// The column whose texts are the table's key: never empty, blanks around it are not part of it.
    pub key: Option<Arc<str>>,
    /// Names for the columns of a file that has no header row.
    pub names: Option<Vec<Arc<str>>>,
    /// A file without any record is an error (the table that drives the run) rather than a warning.
    pub must_have_rows: bool,
    /// Longest cell in bytes.
    pub cell_limit: usize,
    /// Longest row in bytes; what is longer is never held in memory.
    pub row_limit: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            encoding: None,
            repair: false,
            delimiter: None,
            columns: Vec::new(),
            key: None,
            names: None,
            must_have_rows: false,
            cell_limit: 1 << 20,
            row_limit: 4 << 20,
        }
    }
}

/// What one call of [`Reader::read`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A good row; it is in the record now.
    Row,
    /// A row with faults; the record's contents mean nothing until the next good row.
    Rejected(Box<Reject>),
    End,
}

/// Reads one delimited file from its beginning to its end.
pub struct Reader {
    schema: Arc<Schema>,
    file: Arc<str>,
    key: Option<usize>,
    encoding: Encoding,
    delimiter: u8,
    repair: bool,
    cell_limit: usize,
    row_limit: usize,
    warnings: Vec<Diagnostic>,
    rows: Rows<Box<dyn io::Read + Send>>,
    parser: csv::Reader<Feed>,
    cells: ByteRecord,
    /// Faults of the row being read; kept to be filled again.
    reasons: Vec<Reason>,
    ordinal: u64,
    blank_rows: u64,
    repaired: u64,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("file", &self.file).field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// Gives byte offset and length of one row after the other.
pub type Places = Box<dyn FnMut() -> Option<(u64, u32)> + Send>;

/// The rows of a file, one behind the other in an order of their own.
struct Reordered {
    file: File,
    next: Places,
    /// Bytes of the row under way that are not read.
    left: u64,
    /// Whether what was given last ends with a line end.
    ended: bool,
}

impl io::Read for Reordered {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < out.len() {
            if self.left == 0 {
                // The last row of a file may have no line end.
                if !self.ended {
                    if let Some(place) = out.get_mut(filled) {
                        *place = b'\n';
                    }
                    (filled, self.ended) = (filled + 1, true);
                    continue;
                }
                let Some((byte, length)) = (self.next)() else { break };
                self.file.seek(SeekFrom::Start(byte))?;
                self.left = u64::from(length);
                continue;
            }
            let room = out.get_mut(filled..).unwrap_or_default();
            let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(room.len());
            let read = self.file.read(room.get_mut(..most).unwrap_or_default())?;
            if read == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter"));
            }
            self.left -= read as u64;
            filled += read;
            self.ended = out.get(filled - 1) == Some(&b'\n');
        }
        Ok(filled)
    }
}

/// Hands the `csv` crate one row at a time, each with a plain LF behind it.
#[derive(Debug, Default)]
struct Feed {
    row: Vec<u8>,
    at: usize,
}

impl io::Read for Feed {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = &self.row[self.at..];
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.at += n;
        Ok(n)
    }
}

/// How much of a file is looked at to find its encoding and delimiter.
const LOOK: usize = 256 << 10;

impl Reader {
    /// Opens the file at `path`, finds out what is not declared, and checks its header. `label` is the
    /// file's name as the campaign writes it; it stands in every origin.
    ///
    /// # Errors
    /// Every fault that the beginning of the file shows, all at once.
    pub fn open(path: &Path, label: &str, options: &ReadOptions) -> Result<Self, Vec<Diagnostic>> {
        let whole = || Place::File(label.to_owned());
        let cannot = |fault: io::Error| vec![cannot_read(label, &fault).at(whole(), "")];
        let mut file = File::open(path).map_err(cannot)?;
        if file.metadata().map_err(cannot)?.is_dir() {
            let fault = Diagnostic::error("cannot-read", format!("{label} is a folder, not a file"));
            return Err(vec![fault.at(whole(), "")]);
        }
        let start = look(&mut file, LOOK).map_err(cannot)?;
        if start.is_empty() {
            let fault = Diagnostic::error("empty-file", format!("{label} is empty: not even a header row"));
            return Err(vec![fault.at(whole(), "0 bytes").help("Export the table again, with its header row.")]);
        }
        let mut warnings = Vec::new();
        let bom = encoding::bom_length(&start);
        let encoding = find_encoding(&mut file, &start, bom, label, options, &mut warnings).map_err(|f| vec![f])?;
        let delimiter = find_delimiter(&start[bom..], options.delimiter);
        if delimiter == b'|' && encoding == Encoding::Cp932 {
            let fault = Diagnostic::error(
                "bar-in-cp932",
                format!("{label} cannot be split at bars: in CP932 a bar can be half of a character"),
            );
            return Err(vec![fault.at(whole(), "").help("Export the file with commas or tabs, or as UTF-8.")]);
        }
        file.seek(SeekFrom::Start(bom as u64)).map_err(cannot)?;
        let mut parser = csv::ReaderBuilder::new();
        parser.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(64 << 10);
        let mut reader = Self {
            schema: Arc::default(),
            file: label.into(),
            key: None,
            encoding,
            delimiter,
            repair: options.repair,
            cell_limit: options.cell_limit,
            row_limit: options.row_limit,
            warnings,
            rows: Rows::new(Box::new(file), delimiter, options.row_limit, bom as u64),
            parser: parser.from_reader(Feed::default()),
            cells: ByteRecord::new(),
            reasons: Vec::new(),
            ordinal: 0,
            blank_rows: 0,
            repaired: 0,
        };
        reader.header(options)?;
        reader.first_row(options)?;
        Ok(reader)
    }

    /// The same file with its rows in another order. `next` gives byte offset and length of each row, its line end
    /// included. Rows must be those that [`Reader::read`] read well; their ordinals and origins count in the new order.
    ///
    /// # Errors
    /// The file cannot be opened again.
    pub fn in_order(mut self, path: &Path, next: Places) -> Result<Self, Diagnostic> {
        let file = File::open(path).map_err(|e| cannot_read(&self.file, &e))?;
        let source = Reordered { file, next, left: 0, ended: true };
        self.rows = Rows::new(Box::new(source), self.delimiter, self.row_limit, 0);
        self.ordinal = 0;
        Ok(self)
    }

    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// A record to read into.
    #[must_use]
    pub fn record(&self) -> Record {
        Record::new(Arc::clone(&self.schema), Arc::clone(&self.file))
    }

    /// Position of the key column.
    #[must_use]
    pub fn key(&self) -> Option<usize> {
        self.key
    }

    /// The file's name as the campaign writes it.
    #[must_use]
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The encoding that the file is read in, declared or found out.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The delimiter, declared or found out.
    #[must_use]
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// What is odd about the file but no fault of one row: a mixture of encodings, no rows.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Rows so far whose cells are all empty (`,,,`): passed over, no records.
    #[must_use]
    pub fn blank_rows(&self) -> u64 {
        self.blank_rows
    }

    /// Cells so far that were read in the other encoding, as [`ReadOptions::repair`] allows.
    #[must_use]
    pub fn repaired(&self) -> u64 {
        self.repaired
    }

    /// Rows read so far, good and rejected.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.ordinal
    }

    /// Reads the next row. Rejected rows take a record's ordinal too.
    ///
    /// # Errors
    /// Only when the file itself cannot be read further.
    pub fn read(&mut self, record: &mut Record) -> Result<Read, Diagnostic> {
        loop {
            let Some(mut span) = self.next_span()? else { return Ok(Read::End) };
            self.parse(&span)?;
            if self.cells.as_slice().is_empty() && span.trouble.is_none() {
                self.blank_rows += 1;
                continue;
            }
            self.reasons.clear();
            self.split(&mut span)?;
            record.origin.row = span.row;
            record.origin.line = span.line;
            record.origin.byte = span.byte;
            record.ordinal = self.ordinal;
            self.ordinal += 1;
            if self.outline_is_good(&span) && self.fill(record, false) && self.encoding == Encoding::Cp932 {
                // A pasted row is UTF-8 in all its cells, also in those that could be either.
                self.reasons.clear();
                self.fill(record, true);
            }
            if self.reasons.is_empty() {
                return Ok(Read::Row);
            }
            return Ok(Read::Rejected(Box::new(self.reject(record.origin.clone()))));
        }
    }

    /// Passes over the next row; whether there was one. `key` gets the text of its key, or nothing where the row
    /// has none that is sure. For a look over the file before it is read: the other cells are not looked at.
    ///
    /// # Errors
    /// Only when the file itself cannot be read further.
    pub fn skim(&mut self, record: &mut Record, key: &mut String) -> Result<bool, Diagnostic> {
        key.clear();
        let column = self.key.and_then(|at| Some((at, self.schema.columns.get(at)?.kind)));
        // What a key is in the end is simple to tell only here.
        let Some((at, Kind::Text)) = column.filter(|_| self.encoding == Encoding::Utf8 && !self.repair) else {
            return Ok(match self.read(record)? {
                Read::End => false,
                Read::Rejected(_) => true,
                Read::Row => {
                    self.key.iter().for_each(|at| key.push_str(record.text(*at)));
                    true
                }
            });
        };
        loop {
            let Some(mut span) = self.next_span()? else { return Ok(false) };
            self.parse(&span)?;
            if self.cells.as_slice().is_empty() && span.trouble.is_none() {
                self.blank_rows += 1;
                continue;
            }
            self.split(&mut span)?;
            self.ordinal += 1;
            let cell = self.cells.get(at).unwrap_or_default();
            if span.trouble.is_none() && self.encoding.decode(cell, key).is_ok() {
                trim_from(key, 0);
            }
            return Ok(true);
        }
    }

    fn next_span(&mut self) -> Result<Option<Span>, Diagnostic> {
        self.rows.next().map_err(|fault| {
            cannot_read(&self.file, &fault).at(Place::File(self.file.to_string()), "reading stopped here")
        })
    }

    /// Takes only the first line of what reads as one row and is several.
    fn split(&mut self, span: &mut Span) -> Result<(), Diagnostic> {
        let columns = self.schema.columns.len();
        if span.trouble.is_none()
            && self.cells.len() != columns
            && span.lines > 1
            && rows::holds_rows(self.rows.bytes(span), self.delimiter, columns)
        {
            *span = self.rows.first_line(span);
            self.parse(span)?;
        }
        Ok(())
    }

    /// The cells of a row, into `cells`.
    fn parse(&mut self, span: &Span) -> Result<(), Diagnostic> {
        let feed = self.parser.get_mut();
        feed.at = 0;
        feed.row.clear();
        feed.row.extend_from_slice(self.rows.bytes(span));
        if matches!(span.trouble, Some(Trouble::OpenQuote | Trouble::TooLong)) && self.rows.open(span) {
            feed.row.push(b'"');
        }
        feed.row.push(b'\n');
        match self.parser.read_byte_record(&mut self.cells) {
            Ok(true) => Ok(()),
            // Both would mean that a row that was cut out whole is not one row for the parser.
            Ok(false) => Err(Diagnostic::error("cannot-read", format!("{} cannot be split in cells", self.file))),
            Err(fault) => Err(Diagnostic::error("cannot-read", format!("{}: {fault}", self.file))),
        }
    }

    /// Faults of the row as a whole: they leave no use in looking at its cells.
    fn outline_is_good(&mut self, span: &Span) -> bool {
        let columns = self.schema.columns.len();
        let last = self.cells.len().saturating_sub(1).min(columns.saturating_sub(1));
        let (code, column, message) = match span.trouble {
            Some(Trouble::OpenQuote) => (
                "open-quote",
                Some(last),
                "a quotation mark is opened here and not closed in this row; the row was taken to end with its \
                 line, and the next line read as a row of its own"
                    .to_owned(),
            ),
            Some(Trouble::TextAfterQuote) => (
                "text-after-quote",
                None,
                "text stands between a closing quotation mark and the next delimiter; a quotation mark inside a \
                 quoted cell is written twice"
                    .to_owned(),
            ),
            Some(Trouble::TooLong) => (
                "row-too-long",
                Some(last),
                "the row is longer than a row may be and was passed over; only its beginning is kept".to_owned(),
            ),
            None if self.cells.len() != columns => (
                "ragged",
                None,
                format!(
                    "the row has {} cell{}, the header has {columns}{}",
                    self.cells.len(),
                    if self.cells.len() == 1 { "" } else { "s" },
                    if span.lines > 1 {
                        format!("; it runs from line {} to line {}", span.line, span.line + span.lines - 1)
                    } else {
                        String::new()
                    }
                ),
            ),
            None => return true,
        };
        let column = column.and_then(|c| Some(Arc::clone(&self.schema.columns.get(c)?.name)));
        self.reasons.push(Reason { code, column, message });
        false
    }

    /// Decodes and types all cells; faults go to `reasons`. Whether a cell was read in the other encoding;
    /// with `pasted` all are that can be.
    fn fill(&mut self, record: &mut Record, pasted: bool) -> bool {
        record.text.clear();
        record.ends.clear();
        record.typed.clear();
        let all = self.cells.as_slice();
        // A few questions to the whole row spare them to each cell: is it ASCII or UTF-8 without lost
        // characters, has it a NUL, is a cell possibly too long.
        let sound = all.len() <= self.cell_limit && memchr::memchr(0, all).is_none();
        let plain = match self.encoding {
            Encoding::Utf8 if sound => std::str::from_utf8(all).ok().filter(|t| !encoding::has_lost(t)),
            Encoding::Cp932 if sound && all.is_ascii() => std::str::from_utf8(all).ok(),
            _ => None,
        };
        let mut repaired = 0;
        let mut from = 0;
        for (i, column) in self.schema.columns.iter().enumerate() {
            let start = record.text.len();
            let cell = self.cells.get(i).unwrap_or_default();
            let fault =
                |code: &'static str, message: String| Reason { code, column: Some(Arc::clone(&column.name)), message };
            // A row can be UTF-8 whose cells are not: a character with a delimiter in it is none, but the
            // cells of a row stand side by side here.
            if let Some(text) = plain.and_then(|p| p.get(from..from + cell.len())) {
                record.text.push_str(text);
            } else if cell.len() > self.cell_limit {
                self.reasons.push(fault(
                    "cell-too-long",
                    format!("the cell has {} bytes; at most {} are taken", cell.len(), self.cell_limit),
                ));
            } else if let Some(at) = memchr::memchr(0, cell) {
                self.reasons.push(fault("nul", format!("byte {} of the cell is NUL (00)", at + 1)));
            } else if pasted && !cell.is_ascii() && Encoding::Utf8.decode_plainly(cell, &mut record.text) {
                repaired += 1;
            } else if let Err(why) = self.encoding.decode(cell, &mut record.text) {
                match why {
                    Undecodable::Other(other) if self.repair && other.decode_plainly(cell, &mut record.text) => {
                        repaired += 1;
                    }
                    _ => self.reasons.push(fault(why.code(), why.message(self.encoding))),
                }
            }
            from += cell.len();
            let mut typed = type_cell(column.kind, record, start).unwrap_or_else(|wrong| {
                self.reasons.push(fault(wrong.code, wrong.message));
                Typed::Missing
            });
            if Some(i) == self.key {
                trim_from(&mut record.text, start);
            }
            if typed == Typed::Missing && (column.required || Some(i) == self.key) && !self.faulty(&column.name) {
                self.reasons.push(fault("missing", "the cell is empty, and must not be".to_owned()));
                typed = Typed::Missing;
            }
            record.ends.push(u32::try_from(record.text.len()).unwrap_or(u32::MAX));
            record.typed.push(typed);
        }
        // The first look at a pasted row is followed by a second, which counts.
        if pasted || self.encoding == Encoding::Utf8 {
            self.repaired += repaired;
        }
        repaired > 0
    }

    fn faulty(&self, column: &Arc<str>) -> bool {
        self.reasons.iter().any(|r| r.column.as_ref().is_some_and(|c| Arc::ptr_eq(c, column)))
    }

    fn reject(&mut self, origin: Origin) -> Reject {
        Reject { origin, cells: self.shown(), reasons: std::mem::take(&mut self.reasons) }
    }

    /// The cells of the latest row as text, whatever their bytes.
    pub(super) fn shown(&self) -> Vec<String> {
        self.cells.iter().map(|c| self.encoding.show(c)).collect()
    }

    /// Reads the header row (or takes the given names) and lays out the schema.
    fn header(&mut self, options: &ReadOptions) -> Result<(), Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let names: Vec<Arc<str>> = match &options.names {
            Some(names) => names.clone(),
            None => {
                let span = self.next_span().map_err(|f| vec![f])?;
                let Some(span) = span else {
                    let fault =
                        Diagnostic::error("empty-file", format!("{} has no header row, only blank lines", self.file));
                    return Err(vec![fault.at(Place::File(self.file.to_string()), "")]);
                };
                self.parse(&span).map_err(|f| vec![f])?;
                if let Some(trouble) = span.trouble {
                    let what = match trouble {
                        Trouble::OpenQuote => "has a quotation mark that is never closed",
                        Trouble::TextAfterQuote => "has text behind a closing quotation mark",
                        Trouble::TooLong => "is longer than a row may be",
                    };
                    let fault = Diagnostic::error("bad-header", format!("the header row of {} {what}", self.file));
                    return Err(vec![self.in_header(fault, None)]);
                }
                let mut names = Vec::with_capacity(self.cells.len());
                for (i, cell) in self.cells.iter().enumerate() {
                    let mut name = String::new();
                    if let Err(why) = self.encoding.decode(cell, &mut name) {
                        let message =
                            format!("the name of column {} in {}: {}", i + 1, self.file, why.message(self.encoding));
                        faults.push(self.in_header(Diagnostic::error(why.code(), message), None));
                        name = self.encoding.show(cell);
                    } else if name.contains('\0') {
                        let message = format!("the name of column {} in {} has a NUL byte", i + 1, self.file);
                        faults.push(self.in_header(Diagnostic::error("nul", message), None));
                    }
                    names.push(cell::trim(name.trim_start_matches('\u{FEFF}')).into());
                }
                names
            }
        };
        for (i, name) in names.iter().enumerate() {
            if name.is_empty() {
                let message = format!("column {} of {} has no name", i + 1, self.file);
                let help = "Give the column a name in the header row, or take the empty column out.";
                faults.push(self.in_header(Diagnostic::error("column-without-name", message), None).help(help));
            } else if let Some(first) = names[..i].iter().position(|n| n == name) {
                let message = format!("columns {} and {} of {} are both named `{name}`", first + 1, i + 1, self.file);
                faults.push(self.in_header(Diagnostic::error("duplicate-column", message), Some(name)));
            }
        }
        let declared = options.columns.iter().map(|c| &c.name).chain(&options.key);
        let mut missing: Vec<&Arc<str>> = Vec::new();
        for name in declared {
            if !names.contains(name) && !missing.contains(&name) {
                missing.push(name);
            }
        }
        for name in missing {
            let message = format!("{} has no column `{name}`", self.file);
            let mut fault = self.in_header(Diagnostic::error("missing-column", message), Some(name));
            let unused = names.iter().filter(|n| !options.columns.iter().any(|c| c.name == **n));
            fault = match did_you_mean(name, unused.map(|n| &**n)) {
                Some(near) => fault.help(format!("Did you mean `{near}`?")),
                None => fault.help(format!("It has {}.", list(&names))),
            };
            faults.push(fault);
        }
        if faults.is_empty() {
            let columns = names
                .into_iter()
                .map(|name| match options.columns.iter().find(|c| c.name == name) {
                    Some(column) => column.clone(),
                    None => Column { name, kind: Kind::Text, required: false, purpose: None },
                })
                .collect();
            let schema = Schema { columns };
            self.key = options.key.as_deref().and_then(|key| schema.position(key));
            self.schema = Arc::new(schema);
            Ok(())
        } else {
            Err(faults)
        }
    }

    fn in_header(&self, fault: Diagnostic, column: Option<&str>) -> Diagnostic {
        let origin = Origin { file: Arc::clone(&self.file), sheet: None, row: 1, line: 1, byte: 0 };
        fault.at(Place::Cell { origin, column: column.map(str::to_owned) }, "")
    }

    /// Looks whether there is any row behind the header, without taking it.
    fn first_row(&mut self, options: &ReadOptions) -> Result<(), Vec<Diagnostic>> {
        if self.rows.peek().map_err(|fault| vec![cannot_read(&self.file, &fault)])? {
            return Ok(());
        }
        let message = format!("{} has a header row and no records", self.file);
        let place = Place::File(self.file.to_string());
        if options.must_have_rows {
            let fault = Diagnostic::error("no-rows", message).at(place, "");
            return Err(vec![fault.help("Export the table again: this one drives the run.")]);
        }
        self.warnings.push(Diagnostic::warning("no-rows", message).at(place, ""));
        Ok(())
    }
}

/// Types the cell whose text begins at `start` in the record's buffer; a postcode's text becomes `123-4567`.
fn type_cell(kind: Kind, record: &mut Record, start: usize) -> Result<Typed, cell::Wrong> {
    let text = record.text.get(start..).unwrap_or_default();
    let typed = cell::parse(kind, text)?;
    if kind == Kind::Postcode
        && typed == Typed::Text
        && let Ok(code) = cell::postcode(text)
    {
        record.text.truncate(start);
        record.text.push_str(std::str::from_utf8(&code).unwrap_or_default());
    }
    Ok(typed)
}

/// Takes the blanks off the text that begins at `start` and ends the buffer.
fn trim_from(text: &mut String, start: usize) {
    let tail = text.get(start..).unwrap_or_default();
    let trimmed = cell::trim(tail);
    if trimmed.len() != tail.len() {
        let lead = tail.len() - tail.trim_start().len();
        let length = trimmed.len();
        text.drain(start..start + lead);
        text.truncate(start + length);
    }
}

/// Up to a dozen names, for "It has …".
fn list(names: &[Arc<str>]) -> String {
    let mut out = String::new();
    for (i, name) in names.iter().take(12).enumerate() {
        out.push_str(if i == 0 { "" } else { ", " });
        out.push('`');
        out.extend(name.chars().take(40));
        out.push('`');
    }
    if names.len() > 12 {
        out.push_str(&format!(" and {} more", names.len() - 12));
    }
    out
}

fn cannot_read(label: &str, fault: &io::Error) -> Diagnostic {
    // The system's own words differ from machine to machine; the kind does not.
    Diagnostic::error("cannot-read", format!("{label} cannot be read: {}", fault.kind()))
}

/// Up to `most` bytes from where the file stands.
fn look(file: &mut File, most: usize) -> io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The encoding, declared or found. An export whose first part is ASCII says nothing yet: then the file
/// is read on to the first part that does.
fn find_encoding(
    file: &mut File,
    start: &[u8],
    bom: usize,
    label: &str,
    options: &ReadOptions,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Encoding, Diagnostic> {
    let place = || Place::File(label.to_owned());
    let save_as = "Save it as CSV UTF-8, or as CSV (which is CP932 on a Japanese machine).";
    if encoding::is_utf16(start) {
        let fault = Diagnostic::error("utf-16", format!("{label} is UTF-16, which is not read"));
        return Err(fault.at(place(), "").help(save_as));
    }
    if bom > 0 {
        return match options.encoding {
            Some(Encoding::Cp932) => {
                let message = format!("{label} is declared CP932, but begins with the mark of UTF-8 (EF BB BF)");
                let help = "Take `encoding` out of the campaign file: it is found out.";
                Err(Diagnostic::error("wrong-encoding", message).at(place(), "").help(help))
            }
            _ => Ok(Encoding::Utf8),
        };
    }
    let mut evidence = Evidence::of(start, start.len() < LOOK);
    if start.len() == LOOK && evidence.lines() == 0 {
        let cannot = |fault| cannot_read(label, &fault).at(place(), "");
        loop {
            let part = look(file, LOOK).map_err(cannot)?;
            if part.is_ascii() && part.len() == LOOK {
                continue;
            }
            // The part may begin inside a character.
            let from = memchr::memchr(b'\n', &part).map_or(0, |i| i + 1);
            evidence = Evidence::of(part.get(from..).unwrap_or_default(), part.len() < LOOK);
            if evidence.lines() > 0 || part.len() < LOOK {
                break;
            }
        }
    }
    let verdict = evidence.verdict();
    if let Some(declared) = options.encoding {
        if evidence.lines() > 0 && evidence.lines_in(declared) == 0 {
            let found = match verdict {
                Verdict::Is(other) if other != declared => format!("reads as {other}"),
                _ => "is another encoding".to_owned(),
            };
            let message = format!("{label} is declared {declared}, but {found}");
            let help = "Take `encoding` out of the campaign file: it is found out.";
            return Err(Diagnostic::error("wrong-encoding", message).at(place(), "").help(help));
        }
        return Ok(declared);
    }
    let other = match verdict {
        Verdict::Ascii => return Ok(Encoding::Utf8),
        Verdict::EucJp => {
            let fault = Diagnostic::error("euc-jp", format!("{label} looks like EUC-JP, which is not read"));
            let help = "If it is CP932 with half-width kana only, say `encoding = \"cp932\"`.";
            return Err(fault.at(place(), "").help(save_as).help(help));
        }
        Verdict::Unknown => {
            let message = format!("{label} is neither UTF-8 nor CP932");
            return Err(Diagnostic::error("unknown-encoding", message).at(place(), "").help(save_as));
        }
        Verdict::Is(Encoding::Utf8) => Encoding::Cp932,
        Verdict::Is(Encoding::Cp932) => Encoding::Utf8,
    };
    let Verdict::Is(found) = verdict else { return Ok(Encoding::Utf8) };
    if evidence.lines_in(other) > 0 || evidence.neither > 0 {
        let message = format!(
            "{label} is read as {found}, but not all of its lines are {found}: {} {other}, {} neither",
            evidence.lines_in(other),
            evidence.neither
        );
        warnings.push(
            Diagnostic::warning("mixed-encodings", message)
                .at(place(), "")
                .help("each cell that cannot be read is told with its row and column"),
        );
    }
    Ok(found)
}

/// The delimiter that stands most often in the first row, outside quotation marks; the comma if none does.
fn find_delimiter(start: &[u8], declared: Option<u8>) -> u8 {
    if let Some(declared) = declared {
        return declared;
    }
    let mut counts = [(0usize, b','), (0, b'\t'), (0, b';')];
    let mut quoted = false;
    for b in start.iter().skip_while(|b| matches!(b, b'\r' | b'\n')) {
        match b {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(_, d)| d == b).for_each(|(n, _)| *n += 1),
            _ => {}
        }
    }
    // The first of equals: the comma.
    counts.iter().rev().max_by_key(|(n, _)| *n).map_or(b',', |(_, d)| *d)
}
