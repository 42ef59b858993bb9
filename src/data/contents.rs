//! From the bytes of one row to its typed cells, or to the reasons why it cannot be used.

use std::io;
use std::sync::Arc;

use csv::ByteRecord;

use super::cell;
use super::encoding::{self, Encoding, Undecodable};
use super::mended::{Cell, Mended};
use super::policy::{Class, OnFault, Policies};
use super::record::{Record, Typed};
use super::reject::{Reason, Reject};
use super::rows::{self, Trouble};
use super::schema::{Kind, Schema};
use crate::base::{Diagnostic, Origin};

/// What all rows of a file are read by.
#[derive(Debug)]
pub(super) struct Layout {
    pub schema: Arc<Schema>,
    pub file: Arc<str>,
    pub sheet: Option<Arc<str>>,
    pub key: Option<usize>,
    /// Of cells: UTF-8 or CP932.
    pub encoding: Encoding,
    pub delimiter: u8,
    pub repair: bool,
    pub cell_limit: usize,
    /// The names of the file's own columns.
    pub header: Arc<[Arc<str>]>,
    /// For each column of the schema, which cell of the row it is and how it is read.
    pub picks: Vec<Pick>,
    pub policies: Policies,
    pub mended: Option<Arc<Mended>>,
    /// Of rows with the same key one behind the other, only the first is read.
    pub first_of_key: bool,
    /// Rows whose cell in this column of the file is empty are passed over.
    pub only_with: Option<usize>,
}

impl Layout {
    /// The same for another schema.
    pub fn like(other: &Self) -> Self {
        Self {
            schema: Arc::clone(&other.schema),
            file: Arc::clone(&other.file),
            sheet: other.sheet.clone(),
            header: Arc::clone(&other.header),
            picks: other.picks.clone(),
            mended: other.mended.clone(),
            ..*other
        }
    }
}

/// One column of the schema.
#[derive(Clone, Debug, Default)]
pub(super) struct Pick {
    /// The cell of the row.
    pub from: usize,
    /// What parts the items of a list; `None` for the usual signs.
    pub separator: Option<char>,
    /// What stands for an empty cell, and for one that cannot be read where the campaign says so.
    pub default: Option<(Box<str>, Typed)>,
}

/// Where a row stands, and what is wrong with its outline.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub row: u64,
    pub line: u64,
    pub byte: u64,
    pub lines: u64,
    pub trouble: Option<Trouble>,
}

/// What one row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// All of its cells are empty.
    Blank,
    /// It is no row of this table: a further row of the same key, or one without what makes it one.
    Other,
    /// The record holds it.
    Good,
    /// Its reasons are kept until the next row.
    Faulty,
}

/// The cells of one row, their bytes one behind the other.
#[derive(Debug, Default)]
pub(super) struct Cells {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn push(&mut self, cell: &[u8]) {
        self.bytes.extend_from_slice(cell);
        self.ends.push(self.bytes.len());
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    fn start(&self, cell: usize) -> usize {
        cell.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }

    pub fn get(&self, cell: usize) -> &[u8] {
        self.ends.get(cell).and_then(|end| self.bytes.get(self.start(cell)..*end)).unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|cell| self.get(cell))
    }

    /// Whether no cell holds anything.
    pub fn are_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Cuts rows into cells.
pub(super) struct Cutter {
    delimiter: u8,
    parser: csv::Reader<Feed>,
    quoted: ByteRecord,
}

/// Hands the `csv` crate one row at a time, each with a plain LF behind it.
#[derive(Debug, Default)]
struct Feed {
    row: Vec<u8>,
    at: usize,
}

impl io::Read for Feed {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = self.row.get(self.at..).unwrap_or_default();
        let n = rest.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n;
        Ok(n)
    }
}

impl Cutter {
    pub fn new(delimiter: u8) -> Self {
        let mut parser = csv::ReaderBuilder::new();
        parser.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(64 << 10);
        Self { delimiter, parser: parser.from_reader(Feed::default()), quoted: ByteRecord::new() }
    }

    /// The cells of a row.
    ///
    /// # Errors
    /// None that rows from [`rows`] can lead to.
    pub fn cut(&mut self, row: &[u8], trouble: Option<Trouble>, file: &str, out: &mut Cells) -> Result<(), Diagnostic> {
        out.clear();
        // Most rows have no quotation mark: their cells are what stands between the delimiters.
        if memchr::memchr(b'"', row).is_none() {
            let mut from = 0;
            for at in memchr::memchr_iter(self.delimiter, row) {
                out.push(row.get(from..at).unwrap_or_default());
                from = at + 1;
            }
            out.push(row.get(from..).unwrap_or_default());
            return Ok(());
        }
        let feed = self.parser.get_mut();
        feed.at = 0;
        feed.row.clear();
        feed.row.extend_from_slice(row);
        if matches!(trouble, Some(Trouble::OpenQuote | Trouble::TooLong)) && rows::is_open(row, self.delimiter) {
            feed.row.push(b'"');
        }
        feed.row.push(b'\n');
        match self.parser.read_byte_record(&mut self.quoted) {
            Ok(true) => {}
            // Both would mean that a row that was cut out whole is not one row for the parser.
            Ok(false) => return Err(Diagnostic::error("cannot-read", format!("{file} cannot be split in cells"))),
            Err(fault) => return Err(Diagnostic::error("cannot-read", format!("{file}: {fault}"))),
        }
        self.quoted.iter().for_each(|cell| out.push(cell));
        Ok(())
    }
}

/// Reads the contents of rows; each worker has its own.
pub(super) struct Contents {
    pub layout: Arc<Layout>,
    cutter: Cutter,
    pub cells: Cells,
    /// Faults of the row being read; kept to be filled again.
    pub reasons: Vec<Reason>,
    pub blank_rows: u64,
    pub repaired: u64,
    /// Rows come in another order than that of the file, so that their numbers do not say which they are.
    pub in_order: bool,
    /// Of a mended row, which cells are new, and in UTF-8; of others, none.
    new: Vec<bool>,
    /// The key of the row before, where that matters.
    pub last_key: String,
    this_key: String,
}

impl Contents {
    pub fn new(layout: Arc<Layout>) -> Self {
        Self {
            cutter: Cutter::new(layout.delimiter),
            layout,
            cells: Cells::default(),
            reasons: Vec::new(),
            blank_rows: 0,
            repaired: 0,
            in_order: false,
            new: Vec::new(),
            last_key: String::new(),
            this_key: String::new(),
        }
    }

    /// Cuts a row, and sees whether it is one of this table's; what its cells mean is for [`Self::read`].
    ///
    /// # Errors
    /// None that rows from [`rows`] can lead to.
    pub fn cut(&mut self, bytes: &[u8], at: &At) -> Result<Is, Diagnostic> {
        self.new.clear();
        let mended = self.layout.mended.as_ref().filter(|_| !self.in_order).and_then(|mended| mended.get(at.row));
        if let Some(cells) = mended {
            self.cells.clear();
            for cell in cells {
                self.new.push(matches!(cell, Cell::New(_)));
                self.cells.push(match cell {
                    Cell::Same(bytes) => bytes,
                    Cell::New(text) => text.as_bytes(),
                });
            }
        } else {
            self.cutter.cut(bytes, at.trouble, &self.layout.file, &mut self.cells)?;
        }
        let trouble = at.trouble.filter(|_| !self.is_mended());
        if self.cells.are_empty() && trouble.is_none() {
            self.blank_rows += 1;
            return Ok(Is::Blank);
        }
        if trouble.is_none() && self.cells.len() == self.layout.header.len() {
            let blank = |cell: &[u8]| cell.iter().all(u8::is_ascii_whitespace);
            if self.layout.only_with.is_some_and(|cell| blank(self.cells.get(cell))) {
                return Ok(Is::Other);
            }
            if self.layout.first_of_key {
                self.this_key.clear();
                self.key_into_this();
                if !self.this_key.is_empty() && self.this_key == self.last_key {
                    return Ok(Is::Other);
                }
                std::mem::swap(&mut self.this_key, &mut self.last_key);
            }
        }
        Ok(Is::Good)
    }

    /// Whether the row that was cut last is a mended one.
    pub fn is_mended(&self) -> bool {
        !self.new.is_empty()
    }

    /// What a cell of the row that was cut last is read in.
    fn encoding_of(&self, cell: usize) -> Encoding {
        if self.new.get(cell) == Some(&true) { Encoding::Utf8 } else { self.layout.encoding }
    }

    fn key_into_this(&mut self) {
        if let Some(pick) = self.layout.key.and_then(|key| self.layout.picks.get(key)) {
            let cell = self.cells.get(pick.from);
            if self.encoding_of(pick.from).decode(cell, &mut self.this_key).is_ok() {
                trim_from(&mut self.this_key, 0);
            }
        }
    }

    /// The key of the row that was cut last, if it is sure.
    pub fn key_into(&self, out: &mut String) {
        if let Some(pick) = self.layout.key.and_then(|key| self.layout.picks.get(key))
            && self.encoding_of(pick.from).decode(self.cells.get(pick.from), out).is_ok()
        {
            trim_from(out, 0);
        }
    }

    /// Reads one row into the record.
    ///
    /// # Errors
    /// None that rows from [`rows`] can lead to.
    pub fn read(&mut self, bytes: &[u8], at: &At, record: &mut Record) -> Result<Is, Diagnostic> {
        match self.cut(bytes, at)? {
            Is::Good => {}
            other => return Ok(other),
        }
        self.reasons.clear();
        record.defaulted.clear();
        record.origin.row = at.row;
        record.origin.line = at.line;
        record.origin.byte = at.byte;
        if (self.is_mended() || self.outline_is_good(at))
            && self.fill(record, false)
            && self.layout.encoding == Encoding::Cp932
        {
            // A pasted row is UTF-8 in all its cells, also in those that could be either.
            self.reasons.clear();
            record.defaulted.clear();
            self.fill(record, true);
        }
        Ok(if self.reasons.is_empty() { Is::Good } else { Is::Faulty })
    }

    /// Faults of the row as a whole: they leave no use in looking at its cells.
    fn outline_is_good(&mut self, at: &At) -> bool {
        let columns = self.layout.header.len();
        let last = self.cells.len().saturating_sub(1).min(columns.saturating_sub(1));
        let (code, column, message) = match at.trouble {
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
                    if at.lines > 1 {
                        format!("; it runs from line {} to line {}", at.line, at.line + at.lines - 1)
                    } else {
                        String::new()
                    }
                ),
            ),
            None => return true,
        };
        let column = column.and_then(|c| Some(Arc::clone(self.layout.header.get(c)?)));
        self.reasons.push(Reason { code, column, message });
        false
    }

    /// Decodes and types all cells; faults go to `reasons`. Whether a cell was read in the other encoding;
    /// with `pasted` all are that can be.
    fn fill(&mut self, record: &mut Record, pasted: bool) -> bool {
        record.text.clear();
        record.ends.clear();
        record.typed.clear();
        let layout = Arc::clone(&self.layout);
        let encoding = layout.encoding;
        let all = self.cells.bytes.as_slice();
        // A few questions to the whole row spare them to each cell: is it ASCII or UTF-8 without lost
        // characters, has it a NUL, is a cell possibly too long.
        let sound = all.len() <= layout.cell_limit && memchr::memchr(0, all).is_none();
        let plain = match encoding {
            // Its cells have encodings of their own.
            _ if self.is_mended() => None,
            Encoding::Cp932 if sound && all.is_ascii() => std::str::from_utf8(all).ok(),
            Encoding::Cp932 => None,
            _ if sound => std::str::from_utf8(all).ok().filter(|t| !encoding::has_lost(t)),
            _ => None,
        };
        let mut repaired = 0;
        for (i, (column, pick)) in layout.schema.columns.iter().zip(&layout.picks).enumerate() {
            let start = record.text.len();
            let encoding = self.encoding_of(pick.from);
            let cell = self.cells.get(pick.from);
            let from = self.cells.start(pick.from);
            let fault =
                |code: &'static str, message: String| Reason { code, column: Some(Arc::clone(&column.name)), message };
            let mut wrong = None;
            // A row can be UTF-8 whose cells are not: a character with a delimiter in it is none, but the
            // cells of a row stand side by side here.
            if let Some(text) = plain.and_then(|p| p.get(from..from + cell.len())) {
                record.text.push_str(text);
            } else if cell.len() > layout.cell_limit {
                wrong = Some(fault(
                    "cell-too-long",
                    format!("the cell has {} bytes; at most {} are taken", cell.len(), layout.cell_limit),
                ));
            } else if let Some(at) = memchr::memchr(0, cell) {
                wrong = Some(fault("nul", format!("byte {} of the cell is NUL (00)", at + 1)));
            } else if pasted && !cell.is_ascii() && Encoding::Utf8.decode_plainly(cell, &mut record.text) {
                repaired += 1;
            } else if let Err(why) = encoding.decode(cell, &mut record.text) {
                match why {
                    Undecodable::Other(other) if layout.repair && other.decode_plainly(cell, &mut record.text) => {
                        repaired += 1;
                    }
                    _ => wrong = Some(fault(why.code(), why.message(encoding))),
                }
            }
            // What a formula says when it has no value is no value.
            if layout.sheet.is_some()
                && wrong.is_none()
                && is_formula_error(record.text.get(start..).unwrap_or_default())
            {
                wrong = Some(fault("formula-error", "the cell holds the error of a formula, not a value".to_owned()));
            }
            let mut typed = match wrong {
                Some(_) => Typed::Missing,
                None => match type_cell(column.kind, pick.separator, record, start) {
                    Ok(typed) => typed,
                    Err(why) => {
                        wrong = Some(fault(why.code, why.message));
                        Typed::Missing
                    }
                },
            };
            if Some(i) == layout.key {
                trim_from(&mut record.text, start);
            }
            let mut faulty = false;
            if let Some(reason) = wrong {
                // A key is never made up.
                let stands_in = Some(i) != layout.key
                    && layout.policies.of(Class::of(reason.code)) == OnFault::Default
                    && !(column.required && pick.default.is_none());
                if stands_in {
                    record.text.truncate(start);
                    record.defaulted.push(reason);
                } else {
                    self.reasons.push(reason);
                    faulty = true;
                }
            }
            if typed == Typed::Missing
                && !faulty
                && let Some((text, value)) = &pick.default
            {
                record.text.truncate(start);
                record.text.push_str(text);
                typed = *value;
            }
            if typed == Typed::Missing && (column.required || Some(i) == layout.key) && !faulty {
                self.reasons.push(fault("missing", "the cell is empty, and must not be".to_owned()));
            }
            record.ends.push(u32::try_from(record.text.len()).unwrap_or(u32::MAX));
            record.typed.push(typed);
        }
        // The first look at a pasted row is followed by a second, which counts.
        if pasted || encoding != Encoding::Cp932 {
            self.repaired += repaired;
        }
        repaired > 0
    }

    /// The row that was read last, with its bytes and its reasons.
    pub fn reject(&mut self, origin: Origin, bytes: &[u8]) -> Reject {
        Reject { origin, bytes: bytes.to_vec(), cells: self.shown(), reasons: std::mem::take(&mut self.reasons) }
    }

    /// All cells of the latest row as text, whatever their bytes.
    pub fn shown(&self) -> Vec<String> {
        self.cells.iter().enumerate().map(|(at, cell)| self.encoding_of(at).show(cell)).collect()
    }
}

fn is_formula_error(text: &str) -> bool {
    text.starts_with('#')
        && matches!(
            text,
            "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NULL!" | "#NUM!" | "#DATA!" | "#GETTING_DATA"
        )
}

/// Types the cell whose text begins at `start` in the record's buffer; a postcode's text becomes `123-4567`.
fn type_cell(kind: Kind, separator: Option<char>, record: &mut Record, start: usize) -> Result<Typed, cell::Wrong> {
    let text = record.text.get(start..).unwrap_or_default();
    let typed = cell::parse(kind, text)?;
    if kind == Kind::Postcode
        && typed == Typed::Text
        && let Ok(code) = cell::postcode(text)
    {
        record.text.truncate(start);
        record.text.push_str(std::str::from_utf8(&code).unwrap_or_default());
    }
    Ok(match typed {
        Typed::List(_) => Typed::List(separator),
        typed => typed,
    })
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
