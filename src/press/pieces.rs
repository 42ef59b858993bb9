//! Which pages are which piece, and what each is called: from the run's manifest, else from the file's document parts,
//! else by counting pages.

use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::base::{Diagnostic, Place};
use crate::cos::read::{Pages, Reader, parts};

/// A file of finished pages.
#[derive(Debug)]
pub(super) struct Input {
    /// As the user named it, for messages.
    pub(super) label: String,
    /// Its plain name, for the slug and the map.
    pub(super) name: String,
    pub(super) reader: Reader,
    pub(super) pages: Pages,
}

impl Input {
    pub(super) fn open(path: &Path, label: &str) -> Result<Self, Diagnostic> {
        let told = |e: crate::cos::read::Fault| e.diagnostic(label);
        let mut reader = Reader::open(path).map_err(told)?;
        let pages = Pages::read(&mut reader).map_err(told)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { label: label.to_owned(), name, reader, pages })
    }
}

/// Pages that belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) first: u32,
    pub(super) pages: u16,
    pub(super) input: u16,
}

/// What pieces are called.
#[derive(Debug)]
enum Names {
    /// They are only counted.
    None,
    /// Read again from the manifest when they are wanted: where each one's line begins.
    Manifest { file: File, lines: Vec<u64>, columns: Columns },
    /// One behind the other, and where each ends.
    Held { text: String, ends: Vec<usize> },
}

/// Positions of the manifest's columns.
#[derive(Clone, Copy, Debug)]
struct Columns {
    source: usize,
    row: usize,
    piece: usize,
    outcome: usize,
    file: usize,
    first: usize,
    last: usize,
}

/// All pieces in the order of the job.
#[derive(Debug)]
pub(super) struct Pieces {
    pub(super) all: Vec<Piece>,
    names: Names,
    buffer: Vec<u8>,
}

/// What one piece is called, and which row it comes from.
#[derive(Clone, Debug, Default)]
pub(super) struct Name {
    pub(super) piece: String,
    pub(super) source: String,
    pub(super) row: String,
}

impl Pieces {
    /// The pieces of `inputs`: by the lines of `manifest`, else by document parts, else so many pages each.
    pub(super) fn find(
        inputs: &mut [Input],
        manifest: Option<&(PathBuf, String)>,
        pages: u32,
    ) -> Result<Self, Diagnostic> {
        let mut all = Vec::new();
        if let Some((path, label)) = manifest {
            let names = from_manifest(inputs, path, label, &mut all)?;
            return Ok(Self { all, names, buffer: Vec::new() });
        }
        let (mut text, mut ends) = (String::new(), Vec::new());
        let mut named = false;
        for (i, input) in (0u16..).zip(inputs.iter_mut()) {
            let found = parts(&mut input.reader, &input.pages, |range, name| {
                all.push(Piece { first: range.start as u32, pages: range.len().min(0xffff) as u16, input: i });
                named |= !name.is_empty();
                text.push_str(name);
                ends.push(text.len());
            });
            if found.map_err(|e| e.diagnostic(&input.label))? {
                continue;
            }
            let step = pages.clamp(1, 1000) as usize;
            let count = input.pages.len();
            if count % step != 0 {
                let message = format!(
                    "{} has {count} pages, which is no whole number of pieces of {step} pages: {} {} left over",
                    input.label,
                    count % step,
                    if count % step == 1 { "is" } else { "are" }
                );
                return Err(Diagnostic::error("odd-pages", message)
                    .at(Place::File(input.label.clone()), "")
                    .help("Say how many pages a piece has (--pages N), or --duplex none for pieces without a back."));
            }
            for first in (0..count).step_by(step) {
                all.push(Piece { first: first as u32, pages: step as u16, input: i });
                ends.push(text.len());
            }
        }
        let names = if named { Names::Held { text, ends } } else { Names::None };
        Ok(Self { all, names, buffer: Vec::new() })
    }

    /// What piece `index` is called.
    pub(super) fn name(&mut self, index: usize) -> Result<Name, Diagnostic> {
        match &mut self.names {
            Names::None => Ok(Name::default()),
            Names::Held { text, ends } => {
                let start = index.checked_sub(1).and_then(|i| ends.get(i)).copied().unwrap_or(0);
                let end = ends.get(index).copied().unwrap_or(start);
                Ok(Name { piece: text.get(start..end).unwrap_or_default().to_owned(), ..Name::default() })
            }
            Names::Manifest { file, lines, columns } => {
                let at = lines.get(index).copied().unwrap_or(u64::MAX);
                let gone = || Diagnostic::error("manifest", "the manifest changed while it was read");
                let mut record = csv::ByteRecord::new();
                // A line is short; one with long texts is read again with more.
                let mut length = 1 << 10;
                loop {
                    file.seek(SeekFrom::Start(at)).map_err(|_| gone())?;
                    self.buffer.clear();
                    Read::by_ref(file).take(length).read_to_end(&mut self.buffer).map_err(|_| gone())?;
                    let whole = (self.buffer.len() as u64) < length;
                    let mut reader = csv::ReaderBuilder::new()
                        .has_headers(false)
                        .flexible(true)
                        .buffer_capacity(1 << 10)
                        .from_reader(self.buffer.as_slice());
                    let read = reader.read_byte_record(&mut record).map_err(|_| gone())?;
                    if read && (whole || reader.position().byte() < length) {
                        break;
                    }
                    if !read || length > 1 << 24 {
                        return Err(gone());
                    }
                    length *= 16;
                }
                let cell = |i| String::from_utf8_lossy(record.get(i).unwrap_or_default()).into_owned();
                Ok(Name { piece: cell(columns.piece), source: cell(columns.source), row: cell(columns.row) })
            }
        }
    }
}

fn from_manifest(inputs: &[Input], path: &Path, label: &str, all: &mut Vec<Piece>) -> Result<Names, Diagnostic> {
    let place = || Place::File(label.to_owned());
    let wrong = |message: String| Diagnostic::error("manifest", format!("{label}: {message}")).at(place(), "");
    let unreadable = |e: &dyn std::fmt::Display| wrong(format!("it cannot be read: {e}"));
    let file = File::open(path).map_err(|e| unreadable(&e.kind()))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).buffer_capacity(1 << 18).from_reader(file);
    let headers = reader.headers().map_err(|e| unreadable(&e))?.clone();
    let column =
        |name: &str| headers.iter().position(|h| h == name).ok_or_else(|| wrong(format!("it has no column {name}")));
    let columns = Columns {
        source: column("source_file")?,
        row: column("source_row")?,
        piece: column("piece")?,
        outcome: column("outcome")?,
        file: column("file")?,
        first: column("first_page")?,
        last: column("last_page")?,
    };
    let mut lines = Vec::new();
    let mut record = csv::ByteRecord::new();
    // Pages of each file that have an owner.
    let mut owned = vec![0usize; inputs.len()];
    while reader.read_byte_record(&mut record).map_err(|e| unreadable(&e))? {
        let cell = |i: usize| record.get(i).unwrap_or_default();
        if cell(columns.outcome) != b"printed" {
            continue;
        }
        let Some(input) = inputs.iter().position(|i| i.name.as_bytes() == cell(columns.file)) else { continue };
        let number = |i: usize| std::str::from_utf8(cell(i)).ok()?.parse::<u32>().ok();
        let line = record.position().map_or(0, csv::Position::line);
        let pages =
            number(columns.first).zip(number(columns.last)).filter(|(first, last)| 1 <= *first && first <= last);
        let Some((first, last)) = pages else {
            return Err(wrong(format!("line {line} does not say which pages its piece has")));
        };
        let (count, has) = (last - first + 1, inputs[input].pages.len());
        if last as usize > has {
            return Err(wrong(format!("line {line} tells of page {last} and {} has {has}", inputs[input].label))
                .help("The manifest is of another run than the PDF."));
        }
        if first as usize != owned[input] + 1 {
            return Err(wrong(format!(
                "line {line} begins at page {first} and page {} has no piece",
                owned[input] + 1
            )));
        }
        owned[input] = last as usize;
        let pages = u16::try_from(count).map_err(|_| wrong(format!("line {line} has a piece of {count} pages")))?;
        all.push(Piece { first: first - 1, pages, input: input as u16 });
        lines.push(record.position().map_or(0, csv::Position::byte));
    }
    for (input, owned) in inputs.iter().zip(owned) {
        if owned != input.pages.len() {
            let message = format!("{} has {} pages and the manifest tells of {owned}", input.label, input.pages.len());
            return Err(wrong(message).help("The manifest is of another run than the PDF."));
        }
    }
    let file = File::open(path).map_err(|e| unreadable(&e.kind()))?;
    Ok(Names::Manifest { file, lines, columns })
}
