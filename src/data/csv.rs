//! Delimited files to records.
//!
//! A row goes from [`super::source`] (unpacked, two-byte text narrowed) through [`super::rows`] (where it begins and
//! ends) to its cells, their text ([`super::encoding`]) and meaning ([`super::contents`]). All faults of a row are
//! collected; it then becomes a [`Reject`] with its cells, and reading goes on. A good row allocates nothing once the
//! buffers have grown.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::contents::{At, Cells, Contents, Cutter, Is, Layout, Pick};
use super::detect::{self, LOOK};
use super::encoding::{self, Encoding};
use super::mended::Mended;
use super::original::Original;
use super::policy::{Class, Policies};
use super::record::{Record, Typed};
use super::reject::{Reason, Reject};
use super::rows::{self, Rows, Span, Trouble};
use super::schema::{Column, Kind, Schema};
use super::source::{Packing, Reordered, Source, cannot_read, look};
use super::{cell, sheets};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Origin, Place};

pub use super::source::Places;

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
    /// How declared columns are read beyond their kind; by [`Reading::column`].
    pub readings: Vec<Reading>,
    /// Only declared columns are read.
    pub only_declared: bool,
    /// Columns that are not declared and have no name, or one that an earlier column has, are left out instead of told.
    pub loose_header: bool,
    /// The sheet of a workbook, or the table of a database; the first when not given.
    pub sheet: Option<SheetName>,
    /// The row that holds the names of the columns, from 1; what stands above it is passed over.
    pub header_row: Option<u32>,
    /// Rows that stand for those of the file.
    pub mended: Option<Arc<Mended>>,
    /// What faults in rows do.
    pub policies: Policies,
    /// Of rows with the same key one behind the other, only the first is read: an export with one row for each line
    /// of an order, read as a table of orders.
    pub first_of_key: bool,
    /// Rows whose cell in this column (by the file's name for it) is empty are passed over.
    pub only_with: Option<Arc<str>>,
    /// The column whose texts are the table's key: never empty, blanks around it are not part of it.
    pub key: Option<Arc<str>>,
    /// Names for the columns of a file that has no header row, from the left; columns without one, and those further
    /// right, are left out.
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
            readings: Vec::new(),
            only_declared: false,
            loose_header: false,
            sheet: None,
            header_row: None,
            mended: None,
            policies: Policies::default(),
            first_of_key: false,
            only_with: None,
            key: None,
            names: None,
            must_have_rows: false,
            cell_limit: 1 << 20,
            row_limit: 4 << 20,
        }
    }
}

/// How the cells of one declared column are read beyond their kind.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The column, as the campaign names it.
    pub column: Arc<str>,
    /// Its name in the file, where that is another one: any of these.
    pub from: Vec<Arc<str>>,
    /// What parts the items of a list.
    pub separator: Option<char>,
    /// What stands for an empty cell.
    pub default: Option<Arc<str>>,
    /// The file may lack it: it is then left out.
    pub optional: bool,
}

/// A sheet of a workbook, or a table of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetName {
    Named(Arc<str>),
    /// Counted from 1.
    Number(u32),
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
    source: Source,
    encoding: Encoding,
    row_limit: usize,
    warnings: Vec<Diagnostic>,
    outline: Outline,
    contents: Contents,
    ordinal: u64,
    /// Bytes of the text that stand above the first row.
    head: u64,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("file", self.source.label())
            .field("rows", &self.outline.rows)
            .finish_non_exhaustive()
    }
}

/// Finds the rows of a file, one after the other.
pub(super) struct Outline {
    pub layout: Arc<Layout>,
    rows: Rows<Box<dyn io::Read + Send>>,
    cutter: Cutter,
    cells: Cells,
}

impl Outline {
    fn new(layout: Arc<Layout>, rows: Rows<Box<dyn io::Read + Send>>) -> Self {
        Self { cutter: Cutter::new(layout.delimiter), cells: Cells::default(), layout, rows }
    }

    /// The next row: where it stands, and its bytes by [`Self::bytes`].
    pub fn next(&mut self) -> Result<Option<Span>, Diagnostic> {
        let Some(span) = self.rows.next().map_err(|fault| {
            cannot_read(&self.layout.file, &fault).at(Place::File(self.layout.file.to_string()), "reading stopped here")
        })?
        else {
            return Ok(None);
        };
        // What reads as one row may be several: then only its first line is taken.
        let columns = self.layout.header.len();
        if span.trouble.is_none() && span.lines > 1 {
            let bytes = self.rows.bytes(&span);
            self.cutter.cut(bytes, None, &self.layout.file, &mut self.cells)?;
            if !self.cells.are_empty()
                && self.cells.len() != columns
                && rows::holds_rows(bytes, self.layout.delimiter, columns)
            {
                return Ok(Some(self.rows.first_line(&span)));
            }
        }
        Ok(Some(span))
    }

    pub fn bytes(&self, span: &Span) -> &[u8] {
        self.rows.bytes(span)
    }
}

impl Span {
    pub(super) fn at(&self) -> At {
        At { row: self.row, line: self.line, byte: self.byte, lines: self.lines, trouble: self.trouble }
    }
}

impl Reader {
    /// Opens the file at `path`, finds out what is not declared, and checks its header. `label` is the
    /// file's name as the campaign writes it; it stands in every origin.
    ///
    /// # Errors
    /// Every fault that the beginning of the file shows, all at once.
    pub fn open(path: &Path, label: &str, options: &ReadOptions) -> Result<Self, Vec<Diagnostic>> {
        let source = match sheets::open(path, label, options)? {
            Some(source) => source,
            None => Source::open(path, label, options.encoding).map_err(|d| vec![d])?,
        };
        Self::over(source, options)
    }

    /// Reads what was looked at before.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn over(source: Source, options: &ReadOptions) -> Result<Self, Vec<Diagnostic>> {
        let label = Arc::clone(source.label());
        let whole = || Place::File(label.to_string());
        let cannot = |fault: io::Error| vec![cannot_read(&label, &fault).at(whole(), "")];
        let start = source.stream().and_then(|mut s| look(&mut s, LOOK)).map_err(cannot)?;
        if start.is_empty() {
            let fault = Diagnostic::error("empty-file", format!("{label} is empty: not even a header row"));
            return Err(vec![fault.at(whole(), "0 bytes").help("Export the table again, with its header row.")]);
        }
        let mut warnings = Vec::new();
        let bom = encoding::bom_length(&start);
        let encoding = detect::find_encoding(&source, &start, bom, options, &mut warnings).map_err(|f| vec![f])?;
        let delimiter = detect::find_delimiter(&start[bom..], options.delimiter);
        if delimiter == b'|' && encoding == Encoding::Cp932 {
            let fault = Diagnostic::error(
                "bar-in-cp932",
                format!("{label} cannot be split at bars: in CP932 a bar can be half of a character"),
            );
            return Err(vec![fault.at(whole(), "").help("Export the file with commas or tabs, or as UTF-8.")]);
        }
        let mut stream = source.stream().map_err(cannot)?;
        io::copy(&mut io::Read::take(&mut stream, bom as u64), &mut io::sink()).map_err(cannot)?;
        let layout = Arc::new(Layout {
            schema: Arc::default(),
            file: Arc::clone(&label),
            sheet: source.sheet().cloned(),
            key: None,
            encoding: encoding.of_cells(),
            delimiter,
            repair: options.repair,
            cell_limit: options.cell_limit,
            header: Arc::default(),
            picks: Vec::new(),
            policies: options.policies,
            first_of_key: options.first_of_key,
            mended: options.mended.clone(),
            only_with: None,
        });
        let rows = Rows::new(stream, delimiter, options.row_limit, bom as u64);
        let mut outline = Outline::new(layout, rows);
        let layout = Arc::new(header(&mut outline, options)?);
        outline.layout = Arc::clone(&layout);
        let mut reader = Self {
            source,
            encoding,
            row_limit: options.row_limit,
            warnings,
            head: outline.rows.peeked().map_or(outline.rows.byte(), |first| first.byte),
            outline,
            contents: Contents::new(layout),
            ordinal: 0,
        };
        reader.first_row(options)?;
        Ok(reader)
    }

    /// The same file with its rows in another order. `next` gives byte offset and length of each row, its line end
    /// included. Rows must be those that [`Reader::read`] read well; their ordinals and origins count in the new order.
    ///
    /// # Errors
    /// The file cannot be opened again.
    pub fn in_order(mut self, next: Places) -> Result<Self, Diagnostic> {
        let source = Reordered { file: self.source.anywhere()?, next, left: 0, ended: true };
        self.outline.rows = Rows::new(Box::new(source), self.layout().delimiter, self.row_limit, 0);
        self.ordinal = 0;
        // Rows count in the new order now.
        self.contents.in_order = true;
        Ok(self)
    }

    fn layout(&self) -> &Arc<Layout> {
        &self.contents.layout
    }

    /// What is read, to be read again.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.layout().schema
    }

    /// For giving rows of the file back as they came.
    ///
    /// # Errors
    /// The file cannot be read again.
    pub fn original(&self) -> Result<Original, Diagnostic> {
        let layout = self.layout();
        Original::of(&self.source, self.head, layout.encoding, layout.delimiter)
    }

    /// The names of all columns of the file, also of those that are not read.
    #[must_use]
    pub fn header(&self) -> &Arc<[Arc<str>]> {
        &self.layout().header
    }

    /// Which cell of a row is the key.
    #[must_use]
    pub fn key_cell(&self) -> Option<usize> {
        let layout = self.layout();
        layout.key.and_then(|key| layout.picks.get(key)).map(|pick| pick.from)
    }

    /// A record to read into.
    #[must_use]
    pub fn record(&self) -> Record {
        let mut record = Record::new(Arc::clone(self.schema()), Arc::clone(self.file()));
        record.origin.sheet.clone_from(&self.layout().sheet);
        record
    }

    /// Position of the key column.
    #[must_use]
    pub fn key(&self) -> Option<usize> {
        self.layout().key
    }

    /// The file's name as the campaign writes it.
    #[must_use]
    pub fn file(&self) -> &Arc<str> {
        self.source.label()
    }

    /// The encoding that the file is read in, declared or found out.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The delimiter, declared or found out.
    #[must_use]
    pub fn delimiter(&self) -> u8 {
        self.layout().delimiter
    }

    /// What the file is, in words: `CP932, commas`, `UTF-8, tabs, gzip`, `sheet 会員`.
    #[must_use]
    pub fn form(&self) -> String {
        if let Some(sheet) = self.source.sheet() {
            return format!("sheet {sheet}");
        }
        let parted = match self.delimiter() {
            b'\t' => "tabs",
            b';' => "semicolons",
            b'|' => "bars",
            _ => "commas",
        };
        let packing = self.source.packing();
        let packed = if packing == Packing::None { String::new() } else { format!(", {packing}") };
        format!("{}, {parted}{packed}", self.encoding)
    }

    /// What is odd about the file but no fault of one row: a mixture of encodings, no rows.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Rows so far whose cells are all empty (`,,,`): passed over, no records.
    #[must_use]
    pub fn blank_rows(&self) -> u64 {
        self.contents.blank_rows
    }

    /// Cells so far that were read in the other encoding, as [`ReadOptions::repair`] allows.
    #[must_use]
    pub fn repaired(&self) -> u64 {
        self.contents.repaired
    }

    /// Rows read so far, good and rejected.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.ordinal
    }

    /// Offset behind what was read, in the text as it is read.
    #[must_use]
    pub fn byte(&self) -> u64 {
        self.outline.rows.byte()
    }

    /// Reads the next row. Rejected rows take a record's ordinal too.
    ///
    /// # Errors
    /// The file itself cannot be read further, or a row has a fault that the campaign says must stop the run.
    pub fn read(&mut self, record: &mut Record) -> Result<Read, Diagnostic> {
        loop {
            let Some(span) = self.outline.next()? else { return Ok(Read::End) };
            let is = self.contents.read(self.outline.bytes(&span), &span.at(), record)?;
            if matches!(is, Is::Blank | Is::Other) {
                continue;
            }
            record.ordinal = self.ordinal;
            self.ordinal += 1;
            let bytes = self.outline.bytes(&span);
            if is == Is::Good {
                record.bytes.clear();
                record.bytes.extend_from_slice(bytes);
                return Ok(Read::Row);
            }
            let reject = self.contents.reject(record.origin.clone(), bytes);
            if let Some(reason) = self.layout().policies.stop(&reject.reasons) {
                return Err(stopped(&reject.origin, reason));
            }
            return Ok(Read::Rejected(Box::new(reject)));
        }
    }

    /// Reads a mended row by its number in the file.
    ///
    /// # Errors
    /// None that a row which was read well can lead to.
    pub fn read_mended(&mut self, row: u64, record: &mut Record) -> Result<Read, Diagnostic> {
        let in_order = std::mem::replace(&mut self.contents.in_order, false);
        let is = self.contents.read(&[], &At { row, line: 0, byte: 0, lines: 1, trouble: None }, record);
        self.contents.in_order = in_order;
        record.bytes.clear();
        let layout = Arc::clone(self.layout());
        let bytes = layout.mended.as_ref().map_or(&[][..], |mended| mended.bytes(row));
        record.bytes.extend_from_slice(bytes);
        record.ordinal = self.ordinal;
        self.ordinal += 1;
        Ok(match is? {
            Is::Good => Read::Row,
            _ => Read::Rejected(Box::new(self.contents.reject(record.origin.clone(), bytes))),
        })
    }

    /// Passes over the next row; whether there was one. `key` gets the text of its key, or nothing where the row
    /// has none that is sure. For a look over the file before it is read: the other cells are not looked at.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn skim(&mut self, record: &mut Record, key: &mut String) -> Result<bool, Diagnostic> {
        key.clear();
        let layout = self.layout();
        let kind = layout.key.and_then(|at| Some(layout.schema.columns.get(at)?.kind));
        // What a key is in the end is simple to tell only here.
        if kind != Some(Kind::Text) || layout.encoding != Encoding::Utf8 || layout.repair {
            return Ok(match self.read(record)? {
                Read::End => false,
                Read::Rejected(_) => true,
                Read::Row => {
                    self.key().iter().for_each(|at| key.push_str(record.text(*at)));
                    true
                }
            });
        }
        loop {
            let Some(span) = self.outline.next()? else { return Ok(false) };
            if self.contents.cut(self.outline.bytes(&span), &span.at())? != Is::Good {
                continue;
            }
            self.ordinal += 1;
            if span.trouble.is_none() || self.contents.is_mended() {
                self.contents.key_into(key);
            }
            return Ok(true);
        }
    }

    /// The parts of a reader, for a table that is read by several workers.
    pub(super) fn into_parts(self) -> (Outline, Vec<Diagnostic>) {
        (self.outline, self.warnings)
    }

    /// Looks whether there is any row behind the header, without taking it.
    fn first_row(&mut self, options: &ReadOptions) -> Result<(), Vec<Diagnostic>> {
        if self.outline.rows.peek().map_err(|fault| vec![cannot_read(self.file(), &fault)])? {
            return Ok(());
        }
        let message = format!("{} has a header row and no records", self.file());
        let place = Place::File(self.file().to_string());
        if options.must_have_rows {
            let fault = Diagnostic::error("no-rows", message).at(place, "");
            return Err(vec![fault.help("Export the table again: this one drives the run.")]);
        }
        self.warnings.push(Diagnostic::warning("no-rows", message).at(place, ""));
        Ok(())
    }
}

/// A fault that the campaign says must stop the run.
pub(super) fn stopped(origin: &Origin, reason: &Reason) -> Diagnostic {
    let column = reason.column.as_deref().map(str::to_owned);
    Diagnostic::error(reason.code, reason.message.clone())
        .at(Place::Cell { origin: origin.clone(), column }, "the run ends here")
        .help(format!("the campaign says `{} = \"stop\"` for this table", Class::of(reason.code).key()))
}

/// Reads the header row (or takes the given names) and lays out the columns.
fn header(outline: &mut Outline, options: &ReadOptions) -> Result<Layout, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let file = Arc::clone(&outline.layout.file);
    let names: Vec<Arc<str>> = match &options.names {
        Some(names) => given(outline, names)?,
        None => header_names(outline, options, &mut faults)?,
    };
    let row = outline.layout.clone();
    let at = |fault: Diagnostic, column: Option<&str>| in_header(&row, options, fault, column);
    let reading = |name: &Arc<str>| options.readings.iter().find(|r| r.column == *name);
    // Where a declared column is found in the file.
    let find = |name: &Arc<str>| match reading(name).filter(|r| !r.from.is_empty()) {
        Some(r) => r.from.iter().find_map(|from| names.iter().position(|n| n == from)),
        None => names.iter().position(|n| n == name),
    };
    let declared: Vec<(Option<usize>, &Column)> = options.columns.iter().map(|c| (find(&c.name), c)).collect();
    let is_declared = |i: usize| declared.iter().any(|(at, _)| *at == Some(i));
    let unusable = |i: usize, name: &Arc<str>| name.is_empty() || names[..i].contains(name);
    let loose = options.loose_header || options.names.is_some();
    let matters = |i: usize| is_declared(i) || !(options.only_declared || loose);
    for (i, name) in names.iter().enumerate().filter(|(i, _)| matters(*i)) {
        if name.is_empty() {
            let message = format!("column {} of {file} has no name", i + 1);
            let help = "Give the column a name in the header row, or take the empty column out.";
            faults.push(at(Diagnostic::error("column-without-name", message), None).help(help));
        } else if let Some(first) = names[..i].iter().position(|n| n == name) {
            let message = format!("columns {} and {} of {file} are both named `{name}`", first + 1, i + 1);
            faults.push(at(Diagnostic::error("duplicate-column", message), Some(name)));
        }
    }
    let key_apart = options.key.as_ref().filter(|k| !options.columns.iter().any(|c| c.name == **k));
    let mut missing: Vec<&Arc<str>> = Vec::new();
    for name in declared.iter().filter(|(at, _)| at.is_none()).map(|(_, c)| &c.name) {
        if !missing.contains(&name) && !reading(name).is_some_and(|r| r.optional) {
            missing.push(name);
        }
    }
    missing.extend(key_apart.filter(|k| find(k).is_none()));
    for name in missing {
        let wanted = reading(name).and_then(|r| r.from.first()).unwrap_or(name);
        let message = format!("{file} has no column `{wanted}`");
        let fault = at(Diagnostic::error("missing-column", message), Some(name));
        let unused = names.iter().enumerate().filter(|(i, _)| !declared.iter().any(|(at, _)| *at == Some(*i)));
        faults.push(match did_you_mean(wanted, unused.map(|(_, n)| &**n)) {
            Some(near) => fault.help(format!("Did you mean `{near}`?")),
            None => fault.help(format!("It has {}.", list(&names))),
        });
    }
    let only_with = options.only_with.as_ref().and_then(|wanted| names.iter().position(|n| n == wanted));
    let mut columns = Vec::new();
    let mut picks = Vec::new();
    for (from, name) in names.iter().enumerate() {
        let declared = declared.iter().find(|(at, _)| *at == Some(from)).map(|(_, c)| *c);
        let column = match declared {
            Some(column) => column.clone(),
            None if options.only_declared && options.key.as_ref() != Some(name) => continue,
            None if loose && unusable(from, name) => continue,
            None => Column { name: Arc::clone(name), kind: Kind::Text, required: false, purpose: None },
        };
        let mut pick = Pick { from, ..Pick::default() };
        if let Some(reading) = reading(&column.name) {
            pick.separator = reading.separator;
            pick.default = match reading.default.as_deref().map(|text| (text, cell::parse(column.kind, text))) {
                None => None,
                Some((text, Ok(Typed::List(_)))) => Some((text.into(), Typed::List(reading.separator))),
                Some((text, Ok(typed))) => Some((text.into(), typed)),
                Some((_, Err(wrong))) => {
                    let message = format!("the default of `{}`: {}", column.name, wrong.message);
                    faults.push(at(Diagnostic::error(wrong.code, message), Some(&column.name)));
                    None
                }
            };
        }
        columns.push(column);
        picks.push(pick);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let schema = Schema { columns };
    let key = options.key.as_deref().and_then(|key| schema.position(key));
    Ok(Layout {
        schema: Arc::new(schema),
        key,
        header: names.into(),
        picks,
        only_with,
        file,
        sheet: row.sheet.clone(),
        ..Layout::like(&row)
    })
}

/// The names that the campaign gives, one for each column of the file.
fn given(outline: &mut Outline, names: &[Arc<str>]) -> Result<Vec<Arc<str>>, Vec<Diagnostic>> {
    let layout = Arc::clone(&outline.layout);
    let place = || Place::File(layout.file.to_string());
    let cannot = |fault: io::Error| vec![cannot_read(&layout.file, &fault).at(place(), "")];
    outline.rows.peek().map_err(cannot)?;
    let mut cells = Cells::default();
    if let Some(span) = outline.rows.peeked() {
        let bytes = outline.rows.bytes(&span);
        outline.cutter.cut(bytes, span.trouble, &layout.file, &mut cells).map_err(|f| vec![f])?;
    }
    if cells.len() < names.len() {
        let (has, named) = (cells.len(), names.len());
        let message = format!("{} has {has} columns in its first row, and `header` names {named}", layout.file);
        return Err(vec![Diagnostic::error("header-too-long", message).at(place(), "")]);
    }
    let unnamed = std::iter::repeat_n(Arc::from(""), cells.len() - names.len());
    Ok(names.iter().cloned().chain(unnamed).collect())
}

/// The names in the header row, and what is wrong with them.
fn header_names(
    outline: &mut Outline,
    options: &ReadOptions,
    faults: &mut Vec<Diagnostic>,
) -> Result<Vec<Arc<str>>, Vec<Diagnostic>> {
    let layout = Arc::clone(&outline.layout);
    let file = &layout.file;
    let mut names = Vec::new();
    // What stands above the header row may be anything: titles, the day of the export.
    let wanted = u64::from(options.header_row.unwrap_or(1));
    let span = loop {
        match outline.next().map_err(|f| vec![f])? {
            None => {
                let message = match options.header_row {
                    Some(row) => format!("{file} ends before row {row}, which should have the names of its columns"),
                    None => format!("{file} has no header row, only blank lines"),
                };
                return Err(vec![Diagnostic::error("empty-file", message).at(Place::File(file.to_string()), "")]);
            }
            Some(span) if span.row >= wanted => break span,
            Some(_) => {}
        }
    };
    let mut cells = Cells::default();
    let cut = outline.cutter.cut(outline.rows.bytes(&span), span.trouble, file, &mut cells);
    cut.map_err(|f| vec![f])?;
    if let Some(trouble) = span.trouble {
        let what = match trouble {
            Trouble::OpenQuote => "has a quotation mark that is never closed",
            Trouble::TextAfterQuote => "has text behind a closing quotation mark",
            Trouble::TooLong => "is longer than a row may be",
        };
        let fault = Diagnostic::error("bad-header", format!("the header row of {file} {what}"));
        return Err(vec![in_header(&layout, options, fault, None)]);
    }
    for (i, cell) in cells.iter().enumerate() {
        let mut name = String::new();
        if let Err(why) = layout.encoding.decode(cell, &mut name) {
            let message = format!("the name of column {} in {file}: {}", i + 1, why.message(layout.encoding));
            faults.push(in_header(&layout, options, Diagnostic::error(why.code(), message), None));
            name = layout.encoding.show(cell);
        } else if name.contains('\0') {
            let message = format!("the name of column {} in {file} has a NUL byte", i + 1);
            faults.push(in_header(&layout, options, Diagnostic::error("nul", message), None));
        }
        names.push(cell::trim(name.trim_start_matches('\u{FEFF}')).into());
    }
    Ok(names)
}

fn in_header(layout: &Layout, options: &ReadOptions, fault: Diagnostic, column: Option<&str>) -> Diagnostic {
    let row = u64::from(options.header_row.unwrap_or(1));
    let origin = Origin { file: Arc::clone(&layout.file), sheet: layout.sheet.clone(), row, line: row, byte: 0 };
    fault.at(Place::Cell { origin, column: column.map(str::to_owned) }, "")
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
