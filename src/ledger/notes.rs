//! notes.csv: pieces in which something did not fit and the stylesheet says what to do about it: text that was set
//! tighter or smaller, content that was cut or went on on a further page; and pieces in which characters of old systems
//! were printed as the campaign's table says. They are printed; this is for who wants
//! to see them first. The file is there only when it has a row. It holds no words of anyone.

use std::io::Write;

use super::outputs::{NOTES, cannot};
use crate::base::{Diagnostic, Origin};

/// One thing that was done in one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The stable word: `fitted`, `clipped`, `continued`, `gaiji`, `kana`, `low-resolution`, `ink-limit`.
    pub code: &'static str,
    /// The box, as the template names it; of characters, the field.
    pub element: String,
    /// What is counted together in the totals, beside code and box: the furthest rung of the ladder, a direction.
    pub class: String,
    /// What was done, in words, with how much.
    pub text: String,
}

/// Writes notes.csv.
#[derive(Debug)]
pub struct Notes<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Notes<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn begin(out: W) -> Result<Self, Diagnostic> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(["file", "row", "piece", "code", "box", "class", "note"]).map_err(csv_fault)?;
        Ok(Self { csv })
    }

    /// Writes one note.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn write(&mut self, origin: &Origin, piece: &str, note: &Note) -> Result<(), Diagnostic> {
        let mut number = itoa::Buffer::new();
        let row = number.format(origin.row);
        let cells = [&*origin.file, row, piece, note.code, &note.element, &note.class, &note.text];
        self.csv.write_record(cells).map_err(csv_fault)
    }

    /// Writes what is left and gives the writer back.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn end(self) -> Result<W, Diagnostic> {
        self.csv.into_inner().map_err(|fault| cannot("written", NOTES, fault.error()))
    }
}

fn csv_fault(fault: csv::Error) -> Diagnostic {
    cannot("written", NOTES, &std::io::Error::from(fault))
}
