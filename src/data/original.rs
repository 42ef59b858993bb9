//! Rows given back as they came: the bytes of their file, in its encoding, with its delimiter and line ends, under what
//! stands above its first row.

use std::io::{self, Read as _};

use super::contents::{Cells, Cutter};
use super::encoding::Encoding;
use super::rows::Trouble;
use super::source::{Source, cannot_read};
use crate::base::{Diagnostic, Place};

/// Writes rows of a file as they stand in it, and shows their cells.
pub struct Original {
    /// What stands above the first row, in the text as it is read.
    head: Vec<u8>,
    line_end: &'static [u8],
    /// UTF-16, and whether the file begins with its mark.
    wide: Option<(Encoding, bool)>,
    is_sheet: bool,
    /// Of cells: UTF-8 or CP932.
    encoding: Encoding,
    delimiter: u8,
    cutter: Cutter,
    cells: Cells,
}

impl std::fmt::Debug for Original {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Original").field("encoding", &self.encoding).field("wide", &self.wide).finish_non_exhaustive()
    }
}

impl Original {
    /// `head` is how many bytes of the text stand above the first row.
    pub(super) fn of(source: &Source, head: u64, encoding: Encoding, delimiter: u8) -> Result<Self, Diagnostic> {
        let label = source.label();
        let (mut above, mut below) = (Vec::new(), Vec::new());
        let read = source.stream().and_then(|mut text| {
            text.by_ref().take(head).read_to_end(&mut above)?;
            text.take(LOOK).read_to_end(&mut below)
        });
        read.map_err(|fault| cannot_read(label, &fault).at(Place::File(label.to_string()), ""))?;
        // As the header row has it; without one, as the first row.
        let line_end = line_end(&above).or_else(|| {
            let first = memchr::memchr2(b'\n', b'\r', &below)?;
            let crlf = below.get(first..).is_some_and(|rest| rest.starts_with(b"\r\n"));
            line_end(below.get(..=first + usize::from(crlf))?)
        });
        Ok(Self {
            line_end: line_end.unwrap_or(b"\n"),
            head: above,
            wide: source.wide_with_mark(),
            is_sheet: source.sheet().is_some(),
            encoding,
            delimiter,
            cutter: Cutter::new(delimiter),
            cells: Cells::default(),
        })
    }

    /// Whether the file is one of rows: sheets of workbooks and tables of databases have none that could be given back.
    #[must_use]
    pub fn has_rows(&self) -> bool {
        !self.is_sheet
    }

    /// How a file of such rows is called: `csv`, `tsv` or `txt`.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        match self.delimiter {
            b',' => "csv",
            b'\t' => "tsv",
            _ => "txt",
        }
    }

    /// Writes what stands above the rows: byte order mark, titles, the names of the columns.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn write_head(&self, out: &mut impl io::Write) -> io::Result<()> {
        if let Some((encoding, true)) = self.wide {
            out.write_all(if encoding == Encoding::Utf16Be { &[0xFE, 0xFF] } else { &[0xFF, 0xFE] })?;
        }
        self.text(&self.head, out)
    }

    /// Writes one row, with a line end.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn write_row(&self, row: &[u8], out: &mut impl io::Write) -> io::Result<()> {
        self.text(row, out)?;
        self.text(self.line_end, out)
    }

    fn text(&self, bytes: &[u8], out: &mut impl io::Write) -> io::Result<()> {
        let Some((encoding, _)) = self.wide else { return out.write_all(bytes) };
        // Text that was narrowed is UTF-8; half a character became U+FFFD on the way.
        for unit in String::from_utf8_lossy(bytes).encode_utf16() {
            out.write_all(&if encoding == Encoding::Utf16Be { unit.to_be_bytes() } else { unit.to_le_bytes() })?;
        }
        Ok(())
    }

    /// The cells of a row as text, whatever their bytes: what is not understood stands as `\xHH`.
    pub fn cells(&mut self, row: &[u8]) -> impl Iterator<Item = String> {
        // Whatever keeps a row from being cut was told of it already.
        if self.cutter.cut(row, Some(Trouble::OpenQuote), "", &mut self.cells).is_err() {
            self.cells.clear();
        }
        self.cells.iter().map(|cell| self.encoding.show(cell))
    }
}

/// Bytes that are looked through for the first line end of a file without a header row.
const LOOK: u64 = 64 << 10;

/// The line end that a text ends with.
fn line_end(text: &[u8]) -> Option<&'static [u8]> {
    match text {
        [.., b'\r', b'\n'] => Some(b"\r\n"),
        [.., b'\r'] => Some(b"\r"),
        [.., b'\n'] => Some(b"\n"),
        _ => None,
    }
}

/// A short sign of a row's bytes: a sheet that comes back says by it which row it means. It begins with a letter, so that no
/// spreadsheet takes it for a number.
#[must_use]
pub fn sign(row: &[u8]) -> String {
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for b in row {
        h = (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h ^= h >> 33;
    format!("x{:08x}", (h ^ (h >> 17)) & 0xffff_ffff)
}
