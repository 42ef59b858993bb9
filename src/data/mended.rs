//! Sheets of rejects that come back mended: what their rows say stands for the rows of the file that they are from.
//!
//! A mended row keeps its place: the number by which its piece and its coupon codes are called is that of the row in its
//! file. A cell that was not touched is read from the file's own bytes, so that one that could not be decoded does not become
//! text by coming back as `\xHH`; and what spreadsheets do to codes unasked (zeros in front taken off, long
//! numbers as `4.90E+12`) is undone.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::contents::{Cells, Cutter};
use super::csv::{Read, ReadOptions, Reader};
use super::encoding::Encoding;
use super::original::sign;
use crate::base::{Diagnostic, Origin, Place};

/// One cell of a mended row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// As it stands in the file.
    Same(Vec<u8>),
    /// In UTF-8.
    New(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    /// As it stands in the file.
    bytes: Vec<u8>,
    cells: Vec<Cell>,
}

impl Row {
    fn is_touched(&self) -> bool {
        self.cells.iter().any(|cell| matches!(cell, Cell::New(_)))
    }
}

/// Mended rows by their number in the file.
#[derive(Clone, Debug, Default)]
pub struct Mended {
    rows: FxHashMap<u64, Row>,
    encoding: Option<Encoding>,
    /// Cells that a spreadsheet had changed, and that were read as they had been.
    pub restored: u64,
}

/// A sheet as it was read.
#[derive(Debug)]
pub struct Sheet {
    label: Arc<str>,
    /// The columns of the file that its rows are from.
    columns: Vec<Arc<str>>,
    /// What the sheet calls that file.
    pub file: String,
    rows: Vec<SheetRow>,
}

#[derive(Debug)]
struct SheetRow {
    origin: Origin,
    row: u64,
    sign: String,
    cells: Vec<String>,
}

/// The columns of a sheet that say which row is meant.
const FILE: &str = "reject_file";
const ROW: &str = "reject_row";
const SIGN: &str = "reject_sign";
/// Faults by which a row of the sheet itself is not one.
const CUT: [&str; 3] = ["open-quote", "text-after-quote", "row-too-long"];

/// All columns that stand in a sheet behind those of the file.
const OWN: [&str; 6] = [FILE, ROW, "reject_line", "reject_code", "reject_reason", SIGN];

impl Sheet {
    /// Reads a sheet of rejects.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn read(path: &std::path::Path, label: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader::open(path, label, &ReadOptions { loose_header: true, ..ReadOptions::default() })?;
        let header = Arc::clone(reader.header());
        let find = |name: &str| header.iter().position(|h| **h == *name);
        let (Some(file), Some(row), Some(seal)) = (find(FILE), find(ROW), find(SIGN)) else {
            let message = format!("{label} is no sheet of rejects: it has no columns `{FILE}`, `{ROW}` and `{SIGN}`");
            let help = "give `rejects.csv` or `rejects-NAME.csv` of an earlier run, mended, with all of its columns";
            return Err(vec![
                Diagnostic::error("no-rejects", message).at(Place::File(label.to_owned()), "").help(help),
            ]);
        };
        let mut original = reader.original().map_err(|d| vec![d])?;
        // Behind the sheet's own columns stands what a row had too many.
        let is_own = |name: &Arc<str>| OWN.contains(&&**name);
        let kept: Vec<usize> = (0..file).filter(|at| header.get(*at).is_some_and(|name| !is_own(name))).collect();
        let columns = kept.iter().filter_map(|at| header.get(*at)).cloned().collect();
        let mut sheet = Self { label: label.into(), columns, file: String::new(), rows: Vec::new() };
        let mut record = reader.record();
        let mut faults = Vec::new();
        loop {
            let (origin, cells): (Origin, Vec<String>) = match reader.read(&mut record).map_err(|d| vec![d])? {
                Read::End => break,
                Read::Row => (record.origin.clone(), original.cells(&record.bytes).collect()),
                // What is wrong with a cell is judged when it stands in its own file.
                Read::Rejected(reject) if reject.reasons.iter().all(|r| !CUT.contains(&r.code)) => {
                    (reject.origin, reject.cells)
                }
                Read::Rejected(reject) => {
                    faults.extend(reject.diagnostics());
                    continue;
                }
            };
            let cell = |at: usize| cells.get(at).map_or("", |c| c.trim());
            let place = |column: &str| Place::Cell { origin: origin.clone(), column: Some(column.into()) };
            if sheet.rows.is_empty() {
                cell(file).clone_into(&mut sheet.file);
            } else if sheet.file != cell(file) {
                let message = format!("the sheet has rows of {} and of {}", sheet.file, cell(file));
                let d = Diagnostic::error("rejects-of-several-files", message).at(place(FILE), "");
                faults.push(d.help("give the rejects of each table in a sheet of their own"));
                continue;
            }
            let Ok(number) = cell(row).parse::<u64>() else {
                let d = Diagnostic::error("not-a-row", "this is no number of a row").at(place(ROW), "");
                faults.push(d.help("leave the columns `reject_…` as they are"));
                continue;
            };
            let sign = cell(seal).to_owned();
            let own = kept.iter().map(|at| cells.get(*at).cloned().unwrap_or_default()).collect();
            sheet.rows.push(SheetRow { origin, row: number, sign, cells: own });
        }
        if faults.is_empty() { Ok(sheet) } else { Err(faults) }
    }

    /// Holds the sheet against the file that `reader` reads.
    ///
    /// # Errors
    /// The file has other columns, or other rows in these places; characters were lost on the way.
    pub fn mend(&self, reader: Reader) -> Result<Mended, Vec<Diagnostic>> {
        let (mut outline, _) = reader.into_parts();
        let layout = Arc::clone(&outline.layout);
        let keeps: Vec<bool> = layout.header.iter().map(|name| !OWN.contains(&&**name)).collect();
        let columns = || layout.header.iter().zip(&keeps).filter(|(_, keep)| **keep).map(|(name, _)| name);
        if !columns().eq(self.columns.iter()) {
            let message = format!("{} has other columns than {}", self.label, layout.file);
            let help = "leave the columns of the sheet as they are, in their order";
            return Err(vec![
                Diagnostic::error("mended-columns", message).at(Place::File(self.label.to_string()), "").help(help),
            ]);
        }
        let mut wanted: FxHashMap<u64, &SheetRow> = FxHashMap::default();
        let mut faults = Vec::new();
        let place =
            |row: &SheetRow, column: &str| Place::Cell { origin: row.origin.clone(), column: Some(column.to_owned()) };
        for row in &self.rows {
            if let Some(first) = wanted.insert(row.row, row) {
                let message = format!(
                    "row {} of {} stands in row {} of this sheet already",
                    row.row, layout.file, first.origin.row
                );
                faults.push(Diagnostic::error("mended-twice", message).at(place(row, ROW), ""));
            }
        }
        let mut mended = Mended { encoding: Some(layout.encoding), ..Mended::default() };
        let (mut cutter, mut cells) = (Cutter::new(layout.delimiter), Cells::default());
        while !wanted.is_empty() {
            let Some(span) = outline.next().map_err(|d| vec![d])? else { break };
            let Some(row) = wanted.remove(&span.row) else { continue };
            let bytes = outline.bytes(&span);
            if sign(bytes) != row.sign {
                faults.push(self.changed(row, &layout.file, place(row, SIGN)));
                continue;
            }
            cutter.cut(bytes, span.trouble, &layout.file, &mut cells).map_err(|d| vec![d])?;
            let mut new = row.cells.iter();
            let mut merged = Vec::with_capacity(keeps.len());
            for (at, keep) in keeps.iter().enumerate() {
                let was = layout.encoding.show(cells.get(at));
                let is = if *keep { new.next().map_or("", String::as_str) } else { was.as_str() };
                if is != was && is_lost(&was, is) {
                    let column = layout.header.get(at).map_or("", |c| &**c);
                    let message = "characters of this cell became question marks when the sheet was saved";
                    let d = Diagnostic::error("mended-lost", message).at(place(row, column), "");
                    faults.push(d.help("mend it again in the sheet as it was made, and save it as \"CSV UTF-8\""));
                }
                let kept = is == was || is_of_a_spreadsheet(&was, is);
                mended.restored += u64::from(kept && is != was);
                merged.push(if kept { Cell::Same(cells.get(at).to_vec()) } else { Cell::New(is.to_owned()) });
            }
            mended.rows.insert(row.row, Row { bytes: bytes.to_vec(), cells: merged });
        }
        let mut absent: Vec<&SheetRow> = wanted.into_values().collect();
        absent.sort_by_key(|row| row.origin.row);
        faults.extend(absent.into_iter().map(|row| self.changed(row, &layout.file, place(row, ROW))));
        if faults.is_empty() { Ok(mended) } else { Err(faults) }
    }

    fn changed(&self, row: &SheetRow, file: &str, place: Place) -> Diagnostic {
        let message = format!("row {} of {file} is not the row that this one was", row.row);
        Diagnostic::error("mended-other-row", message)
            .at(place, "")
            .help(format!("{file} has changed since {} was made: run again, and mend the new rejects", self.label))
    }
}

impl Mended {
    /// The cells of a row, if it was mended. A row that was left as it was stands as its file has it: the sheet may
    /// have cut it otherwise, or filled it up.
    pub(super) fn get(&self, row: u64) -> Option<&[Cell]> {
        self.rows.get(&row).filter(|row| row.is_touched()).map(|row| row.cells.as_slice())
    }

    /// Whether the row with this number is read from here.
    #[must_use]
    pub fn stands_for(&self, row: u64) -> bool {
        self.get(row).is_some()
    }

    /// A mended row as it stands in the file.
    pub(super) fn bytes(&self, row: u64) -> &[u8] {
        self.rows.get(&row).map_or(&[], |row| &row.bytes)
    }

    /// Adds the rows of another sheet. A row that stands in both and was left as it was in one is what the other says.
    ///
    /// # Errors
    /// The number of a row that both say differently.
    pub fn join(&mut self, other: &Self) -> Result<(), u64> {
        let mut numbers: Vec<&u64> = other.rows.keys().collect();
        numbers.sort_unstable();
        for number in numbers {
            let Some(theirs) = other.rows.get(number) else { continue };
            match self.rows.get(number) {
                Some(ours) if ours.is_touched() && theirs.is_touched() && ours != theirs => return Err(*number),
                Some(ours) if ours.is_touched() => {}
                _ => drop(self.rows.insert(*number, theirs.clone())),
            }
        }
        Ok(())
    }

    /// Whether the sheet has the row with this number, mended or left as it was.
    #[must_use]
    pub fn has(&self, row: u64) -> bool {
        self.rows.contains_key(&row)
    }

    /// The cells of a mended row for people to read.
    #[must_use]
    pub fn shown(&self, row: u64) -> Option<Vec<String>> {
        let encoding = self.encoding.unwrap_or(Encoding::Utf8);
        let show = |cell: &Cell| match cell {
            Cell::Same(bytes) => encoding.show(bytes),
            Cell::New(text) => text.clone(),
        };
        self.get(row).map(|cells| cells.iter().map(show).collect())
    }

    /// How many rows were mended, and how many left as they were.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        let touched = self.rows.values().filter(|row| row.is_touched()).count();
        (touched as u64, (self.rows.len() - touched) as u64)
    }
}

/// Whether a text is what a spreadsheet makes of a code that is opened and saved: its zeros in front gone, or a long number
/// with an exponent.
fn is_of_a_spreadsheet(was: &str, is: &str) -> bool {
    if was.is_empty() || !was.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let number = was.trim_start_matches('0');
    if is == number || number.is_empty() && is == "0" {
        return true;
    }
    // 4901234567894 becomes 4.90123E+12: its first digits, rounded, and how many follow the first.
    let Some((digits, exponent)) = is.split_once("E+") else { return false };
    let Some((whole, fraction)) = digits.split_once('.').or(Some((digits, ""))) else { return false };
    let is_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 1 || !is_digits(whole) || !is_digits(fraction) {
        return false;
    }
    if exponent.parse::<usize>().ok().and_then(|e| e.checked_add(1)) != Some(number.len()) {
        return false;
    }
    match (number.parse::<f64>(), is.replace("E+", "e").parse::<f64>()) {
        (Ok(was), Ok(is)) => {
            let step = 10f64
                .powi(i32::try_from(number.len()).unwrap_or(i32::MAX) - 1 - i32::try_from(fraction.len()).unwrap_or(0));
            (was - is).abs() <= step
        }
        _ => false,
    }
}

/// Whether characters outside of ASCII became question marks, and nothing else changed.
fn is_lost(was: &str, is: &str) -> bool {
    let (mut was, mut is) = (was.chars(), is.chars());
    let mut lost = false;
    loop {
        match (was.next(), is.next()) {
            (None, None) => return lost,
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some('?')) if !a.is_ascii() => lost = true,
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_does_to_codes_is_known() {
        for (was, is) in
            [("0001234", "1234"), ("000", "0"), ("4901234567894", "4.90123E+12"), ("100000000000", "1E+11")]
        {
            assert!(is_of_a_spreadsheet(was, is), "{was} {is}");
        }
        for (was, is) in [("0001234", "12345"), ("12", "13"), ("", "0"), ("4901234567894", "4.80E+12"), ("C01", "1")] {
            assert!(!is_of_a_spreadsheet(was, is), "{was} {is}");
        }
        assert!(
            is_lost("𠮷野 健", "?野 健") && !is_lost("吉野", "𠮷野") && !is_lost("a?", "a?") && !is_lost("ab", "a?")
        );
    }
}
