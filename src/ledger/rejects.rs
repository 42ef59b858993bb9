//! rejects.csv: the original rows with the reasons, to be mended and fed back.
//!
//! The file has the columns of the file that the rows are from, under their own names and in their order, and
//! six more behind them: `reject_file`, `reject_row`, `reject_line`, `reject_code`, `reject_reason`, and
//! `reject_sign`, which stands for the row's bytes: the row that is meant is known by it when the sheet comes back.
//!
//! It is UTF-8 with a byte order mark and CRLF, which is what a spreadsheet opens rightly by a double click.
//! Cells are given back exactly as they came. That includes cells which begin with `=`, `+`, `-` or `@` and
//! which a spreadsheet would take for a formula: changing them would damage telephone numbers and codes on
//! their way back. Who opens a file of strangers' data in a spreadsheet should import it as text, which also
//! keeps the zeros in front.

use std::fmt::{Display, Write as _};
use std::io::Write;

use super::outputs::{REJECTS, cannot};
use crate::base::{Diagnostic, Origin};

/// The columns behind the table's own.
pub const COLUMNS: [&str; 6] =
    ["reject_file", "reject_row", "reject_line", "reject_code", "reject_reason", "reject_sign"];

/// Writes rejects.csv, and the sheets of other tables.
#[derive(Debug)]
pub struct Rejects<W: Write> {
    csv: csv::Writer<W>,
    /// Whether each column of the table is given back: a file that was fed back has [`COLUMNS`] of its own,
    /// which are replaced.
    columns: Vec<bool>,
    rows: u64,
    codes: String,
    why: String,
}

impl<W: Write> Rejects<W> {
    /// Writes the header: the columns of the table that drives the run, then [`COLUMNS`].
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn begin<'a>(mut out: W, columns: impl IntoIterator<Item = &'a str>) -> Result<Self, Diagnostic> {
        out.write_all("\u{FEFF}".as_bytes()).map_err(|fault| cannot("written", REJECTS, &fault))?;
        let mut csv = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(out);
        let names: Vec<&str> = columns.into_iter().collect();
        let columns: Vec<bool> = names.iter().map(|name| !COLUMNS.contains(name)).collect();
        let kept = names.iter().zip(&columns).filter(|(_, keep)| **keep).map(|(name, _)| name);
        csv.write_record(kept.chain(&COLUMNS)).map_err(csv_fault)?;
        Ok(Self { csv, columns, rows: 0, codes: String::new(), why: String::new() })
    }

    /// Writes one row; `reasons` are pairs of code and explanation. A row with too few cells is filled up
    /// with empty ones; what it has too many stands behind the reasons. `sign` stands for its bytes.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn write<'a, C: AsRef<str>, D: Display>(
        &mut self,
        origin: &Origin,
        sign: &str,
        cells: impl IntoIterator<Item = C>,
        reasons: impl IntoIterator<Item = (&'a str, D)>,
    ) -> Result<(), Diagnostic> {
        self.codes.clear();
        self.why.clear();
        for (code, why) in reasons {
            if !self.why.is_empty() {
                self.why.push_str("; ");
            }
            // Each code once: a text that overflows in three places is one kind of fault.
            if !self.codes.split(' ').any(|known| known == code) {
                if !self.codes.is_empty() {
                    self.codes.push(' ');
                }
                self.codes.push_str(code);
            }
            // Writing into memory cannot fail.
            let _ = write!(self.why, "{why}");
        }
        self.row(origin, sign, cells).map_err(csv_fault)?;
        self.rows += 1;
        Ok(())
    }

    fn row<C: AsRef<str>>(
        &mut self,
        origin: &Origin,
        sign: &str,
        cells: impl IntoIterator<Item = C>,
    ) -> csv::Result<()> {
        let mut cells = cells.into_iter();
        for keep in &self.columns {
            let cell = cells.next();
            if *keep {
                self.csv.write_field(cell.as_ref().map_or("", C::as_ref))?;
            }
        }
        match &origin.sheet {
            None => self.csv.write_field(origin.file.as_bytes())?,
            Some(sheet) => self.csv.write_field(format!("{} [{sheet}]", origin.file))?,
        }
        let mut number = itoa::Buffer::new();
        self.csv.write_field(number.format(origin.row))?;
        self.csv.write_field(number.format(origin.line))?;
        self.csv.write_field(&self.codes)?;
        self.csv.write_field(&self.why)?;
        self.csv.write_field(sign)?;
        for cell in cells {
            self.csv.write_field(cell.as_ref())?;
        }
        self.csv.write_record(None::<&[u8]>)
    }

    /// Rows written so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes what is left and gives the writer back.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn end(self) -> Result<W, Diagnostic> {
        self.csv.into_inner().map_err(|fault| cannot("written", REJECTS, fault.error()))
    }
}

fn csv_fault(fault: csv::Error) -> Diagnostic {
    cannot("written", REJECTS, &std::io::Error::from(fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_with_every_reason() {
        let origin = |row| Origin { file: "data/c.csv".into(), sheet: None, row, line: row, byte: 0 };
        let mut rejects = Rejects::begin(Vec::new(), ["id", "電話"]).expect("memory");
        let reasons = [("not-a-date", "born: 4 letters"), ("missing", "id: empty")];
        rejects.write(&origin(7), "x7", ["", "+81-3, 1"], reasons).expect("memory");
        rejects.write(&origin(9), "x9", ["1"], [("ragged", "1 cell")]).expect("memory");
        rejects.write(&origin(11), "x11", ["1", "2", "3"], [("ragged", "3 cells")]).expect("memory");
        assert_eq!(rejects.rows(), 3);
        let text = String::from_utf8(rejects.end().expect("memory")).expect("UTF-8");
        assert_eq!(
            text,
            "\u{FEFF}id,電話,reject_file,reject_row,reject_line,reject_code,reject_reason,reject_sign\r\n\
             ,\"+81-3, 1\",data/c.csv,7,7,not-a-date missing,born: 4 letters; id: empty,x7\r\n\
             1,,data/c.csv,9,9,ragged,1 cell,x9\r\n\
             1,2,data/c.csv,11,11,ragged,3 cells,x11,3\r\n"
        );
    }

    #[test]
    fn a_file_that_was_fed_back_does_not_grow() {
        let columns = ["id", "reject_file", "reject_row", "reject_line", "reject_code", "reject_reason", "note"];
        let origin = Origin { file: "c.csv".into(), sheet: None, row: 2, line: 2, byte: 0 };
        let mut rejects = Rejects::begin(Vec::new(), columns).expect("memory");
        rejects.write(&origin, "x2", ["1", "old", "7", "7", "x", "y", "n"], [("missing", "id")]).expect("memory");
        let text = String::from_utf8(rejects.end().expect("memory")).expect("UTF-8");
        assert_eq!(
            text,
            "\u{FEFF}id,note,reject_file,reject_row,reject_line,reject_code,reject_reason,reject_sign\r\n1,n,c.csv,2,2,missing,id,x2\r\n"
        );
    }
}
