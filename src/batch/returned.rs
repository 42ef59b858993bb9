//! Rows that are given back to whoever sent them: as a sheet with the reasons, and in the bytes of their file.
//!
//! Rows of the unit's table come as the run goes on. Rows of joined tables were left out when these were loaded, and only
//! their numbers are known where their keys lead nowhere: their files are gone through once more at the end, so that no
//! number of them takes memory beyond 8 bytes for each such key.

use std::fmt::Display;
use std::sync::Arc;

use super::job::Job;
use super::strays::LeftOut;
use crate::base::{Diagnostic, Place};
use crate::campaign::tables::TableDef;
use crate::data::original::sign;
use crate::data::{Mended, OnFault, Original, Read, Record, Reject, Table};
use crate::ledger::{Made, Output, Outputs, Rejects};

/// Writes the rows of one table.
#[derive(Debug)]
pub(super) struct Returned {
    sheet: Rejects<Output>,
    original: Original,
    rows: Option<Output>,
    mended: Option<Arc<Mended>>,
}

/// A sheet of rows that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenBack {
    pub rows: u64,
    /// The file that they are from.
    pub label: String,
    pub sheet: String,
    /// They are in their table all the same.
    pub kept: bool,
}

impl Returned {
    /// Begins `STEM.csv` and, where the rows are to be given back as they came too, `STEM.original.csv`.
    ///
    /// # Errors
    /// The table cannot be read again, or the disk does not take it.
    pub fn begin(outputs: &mut Outputs, stem: &str, def: &TableDef, as_they_came: bool) -> Result<Self, Diagnostic> {
        let reader = def.reader().map_err(first)?;
        let original = reader.original()?;
        let sheet = Rejects::begin(outputs.create(&format!("{stem}.csv"))?, def.header.iter().map(|c| &**c))?;
        let mut rows = None;
        if as_they_came && original.has_rows() {
            let name = format!("{stem}.original.{}", original.extension());
            let mut out = outputs.create(&name)?;
            original.write_head(&mut out).map_err(|e| cannot_write(&name, &e))?;
            rows = Some(out);
        }
        Ok(Self { sheet, original, rows, mended: def.options.mended.clone() })
    }

    /// A row that could not be read.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn unread<'r, D: Display>(
        &mut self,
        reject: &Reject,
        reasons: impl IntoIterator<Item = (&'r str, D)>,
    ) -> Result<(), Diagnostic> {
        let cells = reject.cells.iter().map(String::as_str);
        self.sheet.write(&reject.origin, &sign(&reject.bytes), cells, reasons)?;
        // Of a row that is too long only the beginning is kept, which is not the row that came.
        if reject.reasons.iter().any(|r| r.code == "row-too-long") { Ok(()) } else { self.row(&reject.bytes) }
    }

    /// A row that could be read, and not be used.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn record<'r, D: Display>(
        &mut self,
        record: &Record,
        reasons: impl IntoIterator<Item = (&'r str, D)>,
    ) -> Result<(), Diagnostic> {
        let sign = sign(&record.bytes);
        match self.mended.as_ref().and_then(|mended| mended.shown(record.origin.row)) {
            Some(cells) => self.sheet.write(&record.origin, &sign, cells, reasons)?,
            None => self.sheet.write(&record.origin, &sign, self.original.cells(&record.bytes), reasons)?,
        }
        self.row(&record.bytes)
    }

    fn row(&mut self, bytes: &[u8]) -> Result<(), Diagnostic> {
        let Some(out) = &mut self.rows else { return Ok(()) };
        self.original.write_row(bytes, out).map_err(|e| cannot_write(&out.name, &e))
    }

    /// Ends the files; how many rows there are, and the sheet's name.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn end(self, outputs: &mut Outputs, others: &mut Vec<Made>) -> Result<(u64, String), Diagnostic> {
        let rows = self.sheet.rows();
        let sheet = outputs.finish(self.sheet.end()?)?;
        let name = sheet.name.clone();
        others.push(sheet);
        if let Some(out) = self.rows {
            others.push(outputs.finish(out)?);
        }
        Ok((rows, name))
    }
}

/// Goes through the file of a joined table again and gives its rows back: those that were left out of it as
/// `rejects-NAME.csv`, those that lead nowhere and stay in it as `strays-NAME.csv`.
///
/// # Errors
/// The file cannot be read again, or the disk does not take it.
pub(super) fn give_back(
    job: &Job,
    left_out: &LeftOut,
    outputs: &mut Outputs,
    others: &mut Vec<Made>,
) -> Result<Vec<GivenBack>, Diagnostic> {
    let (Some(def), Some(Some(table))) =
        (job.campaign.tables.get(left_out.table), job.tables.get(left_out.table).map(Option::as_deref))
    else {
        return Ok(Vec::new());
    };
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    let name: String = def.name.chars().map(plain).collect();
    let (mut out, mut kept): (Option<Returned>, Option<Returned>) = (None, None);
    let mut reader = def.reader().map_err(first)?;
    let mut record = reader.record();
    loop {
        match reader.read(&mut record)? {
            Read::End => break,
            Read::Rejected(reject) => {
                let out = begun(&mut out, outputs, &format!("rejects-{name}"), def, true)?;
                out.unread(&reject, reject.reasons.iter().map(|r| (r.code, r.to_string())))?;
            }
            Read::Row => {
                let strays = || left_out.strays.iter().filter(|s| s.rows.binary_search(&record.origin.row).is_ok());
                let reasons = || strays().map(|s| ("unknown-key", format!("{}: {} does not have it", s.column, s.to)));
                if strays().any(|s| s.policy == OnFault::Reject) {
                    begun(&mut out, outputs, &format!("rejects-{name}"), def, true)?.record(&record, reasons())?;
                } else if let Some(why) = again(def, table, &record) {
                    let out = begun(&mut out, outputs, &format!("rejects-{name}"), def, true)?;
                    out.record(&record, [("duplicate-key", why)])?;
                } else if strays().next().is_some() {
                    begun(&mut kept, outputs, &format!("strays-{name}"), def, false)?.record(&record, reasons())?;
                }
            }
        }
    }
    let mut made = Vec::new();
    for (returned, kept) in [(out, false), (kept, true)] {
        if let Some(returned) = returned {
            let (rows, sheet) = returned.end(outputs, others)?;
            made.push(GivenBack { rows, label: def.label.clone(), sheet, kept });
        }
    }
    Ok(made)
}

fn begun<'o>(
    sheet: &'o mut Option<Returned>,
    outputs: &mut Outputs,
    stem: &str,
    def: &TableDef,
    as_they_came: bool,
) -> Result<&'o mut Returned, Diagnostic> {
    Ok(match sheet {
        Some(sheet) => sheet,
        none => none.insert(Returned::begin(outputs, stem, def, as_they_came)?),
    })
}

/// Why a row is not the one that its key stands for.
fn again(def: &TableDef, table: &Table, record: &Record) -> Option<String> {
    let key = def.key.filter(|_| !def.options.first_of_key)?;
    let column = def.schema.columns.get(key).map_or("", |c| &*c.name);
    match table.find(record.text(key)).map(|row| table.origin(row).row) {
        Some(row) if row == record.origin.row => None,
        Some(row) => Some(format!("{column}: the key of row {row} again; the first row is kept")),
        None => Some(format!("{column}: the key of an earlier row again, which is left out itself")),
    }
}

fn first(faults: Vec<Diagnostic>) -> Diagnostic {
    faults.into_iter().next().unwrap_or_else(|| Diagnostic::error("cannot-read", "a table cannot be read again"))
}

fn cannot_write(name: &str, fault: &std::io::Error) -> Diagnostic {
    Diagnostic::error("cannot-write", format!("{name} cannot be written: {}", fault.kind()))
        .at(Place::File(name.to_owned()), "")
}
