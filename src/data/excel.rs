//! Sheets of workbooks, read by the `calamine` crate.
//!
//! What a cell holds is a text or a number; what it shows is a matter of formats. Texts stay as they are. A number becomes
//! its digits (never `1.2E+11`), and a date only where the cell is formatted as one, or its column is declared as dates.
//! Zeros in front of a number that only its format shows are not in the file: a column of codes must be text.

use std::fs::File;
use std::io::{BufReader, Cursor, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use calamine::{Data, Reader as _, Sheets};
use jiff::civil::Date;

use super::csv::ReadOptions;
use super::schema::Kind;
use super::sheets::{Writer, number, wanted};
use super::source::{Sheet, Source};
use crate::base::Diagnostic;

/// A larger file is no workbook that a spreadsheet would open.
const MOST: u64 = 512 << 20;

/// Reads one sheet of the workbook at `path`.
///
/// # Errors
/// It cannot be read, or has no such sheet.
pub(super) fn sheet(path: &Path, label: &str, options: &ReadOptions) -> Result<Source, Diagnostic> {
    let broken = |why: &str| {
        Diagnostic::error("workbook", format!("{label} cannot be read as a workbook: {why}"))
            .help("save the sheet as CSV UTF-8, or the workbook anew as .xlsx")
    };
    let mut file = File::open(path).map_err(|e| broken(&e.kind().to_string()))?;
    unfold(&mut file).map_err(|why| broken(why))?;
    let mut bytes = Vec::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.take(MOST + 1).read_to_end(&mut bytes));
    read.map_err(|e| broken(&e.kind().to_string()))?;
    if bytes.len() as u64 > MOST {
        return Err(broken("it has more than 512 MiB"));
    }
    let mut book: Sheets<Cursor<Arc<[u8]>>> = calamine::open_workbook_auto_from_rs(Cursor::new(bytes.into()))
        .map_err(|_| broken("it is damaged, has a password, or is no workbook"))?;
    let names = book.sheet_names();
    let at = wanted(&names, options, label, "sheet")?;
    let name = names.get(at).cloned().unwrap_or_default();
    let range = book.worksheet_range(&name).map_err(|_| broken(&format!("its sheet `{name}` is damaged")))?;
    let (top, left) = range.start().unwrap_or((0, 0));
    let header_row = options.header_row.unwrap_or(1).saturating_sub(1).max(top);
    let header = range.rows().nth((header_row - top) as usize).unwrap_or_default();
    // Cells that are empty to the right of the header are no columns.
    let width = header.iter().rposition(|c| !matches!(c, Data::Empty)).map_or(0, |i| i + 1);
    let dates: Vec<bool> = header.iter().map(|c| is_date_column(&text(c, false), options)).collect();
    let mut out = Writer::default();
    for (row, cells) in (u64::from(top) + 1..).zip(range.rows()) {
        out.row(row);
        if row <= u64::from(header_row) {
            continue;
        }
        let used = cells.iter().rposition(|c| !matches!(c, Data::Empty)).map_or(0, |i| i + 1);
        if used == 0 {
            continue;
        }
        // A table that begins at column C has no empty columns A and B.
        let _ = left;
        for (i, cell) in cells.iter().enumerate().take(used.max(width)) {
            out.cell(&text(cell, dates.get(i).copied().unwrap_or(false)));
        }
        if !out.has_room() {
            return Err(broken("the sheet is too large"));
        }
    }
    Ok(Source::of_sheet(path, label, Sheet { name: name.as_str().into(), text: out.end() }))
}

fn is_date_column(name: &str, options: &ReadOptions) -> bool {
    let name = name.trim();
    let reading = options.readings.iter().find(|r| r.from.iter().any(|f| **f == *name));
    let declared = reading.map_or(name, |r| &r.column);
    options.columns.iter().any(|c| c.kind == Kind::Date && *c.name == *declared)
}

fn text(cell: &Data, date: bool) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(n) if date => day(*n).unwrap_or_else(|| number(*n)),
        Data::Int(n) if date => day(*n as f64).unwrap_or_else(|| n.to_string()),
        Data::Float(n) => number(*n),
        Data::Int(n) => n.to_string(),
        Data::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(when) if when.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = when.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => date,
                (hour, minute, 0) => format!("{date} {hour:02}:{minute:02}"),
                (hour, minute, second) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        Data::DateTime(when) => number(when.as_f64()),
        Data::Error(error) => error.to_string(),
        #[allow(unreachable_patterns)]
        other => other.to_string(),
    }
}

/// A spreadsheet's count of days as a date. Day 60 is 29 February 1900, which there was not.
fn day(serial: f64) -> Option<String> {
    let days = serial.floor();
    if !(1.0..=2_958_465.0).contains(&days) {
        return None;
    }
    let first = if days < 60.0 { Date::new(1899, 12, 31) } else { Date::new(1899, 12, 30) }.ok()?;
    let date = first.checked_add(jiff::Span::new().try_days(days as i64).ok()?).ok()?;
    Some(date.to_string())
}

/// A workbook's parts may unfold to this much together, whatever its size, and beyond that to so many times its size.
const SMALL: u64 = 256 << 20;
const RATIO: u64 = 200;

/// Sees that a ZIP archive does not unfold without bound, by unfolding it to nowhere.
fn unfold(file: &mut File) -> Result<(), &'static str> {
    let damaged = |_| "it is damaged";
    let size = file.metadata().map_err(damaged)?.len();
    let tail_at = size.saturating_sub(66_000);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(tail_at)).and_then(|_| file.take(66_000).read_to_end(&mut tail)).map_err(damaged)?;
    // An OLE container has no such end, and is not packed.
    let Some(end) = tail.windows(4).rposition(|w| w == b"PK\x05\x06") else { return Ok(()) };
    let long = |bytes: &[u8], at: usize| -> Option<u64> {
        Some(u64::from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)))
    };
    let short = |bytes: &[u8], at: usize| -> Option<u64> {
        Some(u64::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
    };
    let directory_at = long(&tail, end + 16).ok_or("it is damaged")?;
    let mut directory = Vec::new();
    file.seek(SeekFrom::Start(directory_at))
        .and_then(|_| file.take(16 << 20).read_to_end(&mut directory))
        .map_err(damaged)?;
    let most = SMALL.max(size.saturating_mul(RATIO));
    let (mut at, mut all) = (0usize, 0u64);
    while directory.get(at..at + 4) == Some(&b"PK\x01\x02"[..]) {
        let entry = directory.get(at..).unwrap_or_default();
        let read = || {
            Some((
                short(entry, 10)?,
                long(entry, 20)?,
                short(entry, 28)?,
                short(entry, 30)?,
                short(entry, 32)?,
                long(entry, 42)?,
            ))
        };
        let (method, packed, name, extra, comment, local) = read().ok_or("it is damaged")?;
        at += 46 + (name + extra + comment) as usize;
        if method != 8 {
            all = all.saturating_add(packed);
            continue;
        }
        let mut head = [0; 30];
        file.seek(SeekFrom::Start(local)).and_then(|_| file.read_exact(&mut head)).map_err(damaged)?;
        let skip = short(&head, 26).unwrap_or(0) + short(&head, 28).unwrap_or(0);
        file.seek(SeekFrom::Start(local + 30 + skip)).map_err(damaged)?;
        let bytes = flate2::read::DeflateDecoder::new(BufReader::new(std::io::Read::by_ref(file).take(packed)));
        let read = std::io::copy(&mut bytes.take(most - all.min(most) + 1), &mut std::io::sink()).map_err(damaged)?;
        all = all.saturating_add(read);
        if all > most {
            return Err("it unfolds to more than 200 times its size, which no workbook does");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::{Column, Field, Read, ReadOptions, Reader, Reading, SheetName};
    use super::*;

    fn workbook() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tables/members.xlsx")
    }

    fn options() -> ReadOptions {
        let column = |name: &str, kind| Column { name: name.into(), kind, required: false, purpose: None };
        ReadOptions {
            sheet: Some(SheetName::Named("会員".into())),
            header_row: Some(3),
            columns: vec![column("登録日", Kind::Date), column("until", Kind::Date), column("点数", Kind::Integer)],
            readings: vec![Reading { column: "until".into(), from: vec!["期限".into()], ..Reading::default() }],
            key: Some("会員番号".into()),
            ..ReadOptions::default()
        }
    }

    #[test]
    fn text_stays_text_and_dates_are_only_in_columns_of_dates() {
        let mut reader = Reader::open(&workbook(), "data/members.xlsx", &options()).expect("opens");
        let mut record = reader.record();
        assert_eq!(reader.read(&mut record), Ok(Read::Row));
        let texts: Vec<&str> = (0..record.len()).map(|c| record.text(c)).collect();
        assert_eq!(
            texts,
            ["0000123", "佐藤 花子", "0010010", "2026-11-02", "2026-11-21", "1200", "0.3", "一,二\n\"三\""]
        );
        assert_eq!(record.origin.to_string(), "data/members.xlsx [会員] row 4");
        assert_eq!(reader.read(&mut record), Ok(Read::Row));
        assert_eq!(record.text(3), "2026-11-03 10:20");
        assert_eq!((record.text(4), record.text(6)), ("2026-11-22", "100000000000"));
        assert_eq!(reader.read(&mut record), Ok(Read::Row));
        assert_eq!((record.text(0), record.text(2), record.text(7)), ("125", "1000001", "2026-11-21"));
        assert_eq!(record.field(3), Field::Date(jiff::civil::date(2026, 11, 4)));
        let Ok(Read::Rejected(reject)) = reader.read(&mut record) else { panic!("a formula's error is no name") };
        assert_eq!((reject.reasons[0].code, reject.origin.row), ("formula-error", 7));
        let Ok(Read::Rejected(reject)) = reader.read(&mut record) else { panic!("neither a date nor a number") };
        let why: Vec<&str> = reject.reasons.iter().map(|r| r.code).collect();
        assert_eq!(
            (why, reject.origin.row, reject.origin.sheet.as_deref()),
            (vec!["not-a-date", "not-an-integer"], 9, Some("会員"))
        );
        assert_eq!(reader.read(&mut record), Ok(Read::End));
        assert_eq!(reader.form(), "sheet 会員");
    }

    #[test]
    fn sheets_go_by_name_or_number_and_what_is_not_there_is_told() {
        let open = |sheet| Reader::open(&workbook(), "members.xlsx", &ReadOptions { sheet, ..options() });
        assert!(open(Some(SheetName::Number(2))).is_ok());
        let told = open(Some(SheetName::Named("会貝".into()))).expect_err("no such sheet");
        assert_eq!((told[0].code, told[0].help[0].contains("会員")), ("no-such-sheet", true));
        assert_eq!(open(Some(SheetName::Number(3))).expect_err("two sheets")[0].code, "no-such-sheet");
        assert_eq!(open(None).expect_err("the first sheet has no such columns")[0].code, "empty-file");
    }

    #[test]
    fn a_damaged_workbook_is_told_and_days_are_counted_as_spreadsheets_do() {
        let bytes = std::fs::read(workbook()).expect("there");
        let folder = tempfile::tempdir().expect("tests can write");
        let path = folder.path().join("cut.xlsx");
        for length in [30, bytes.len() / 2, bytes.len() - 30] {
            std::fs::write(&path, &bytes[..length]).expect("tests can write");
            for sheet in [options().sheet, None] {
                let told = Reader::open(&path, "cut.xlsx", &ReadOptions { sheet, ..options() });
                assert_eq!(told.expect_err("cut off")[0].code, "workbook");
            }
        }
        let days = [(1.0, "1900-01-01"), (59.0, "1900-02-28"), (61.0, "1900-03-01"), (46347.9, "2026-11-21")];
        for (serial, date) in days {
            assert_eq!(day(serial).as_deref(), Some(date));
        }
        assert_eq!((day(0.5), day(1e9)), (None, None));
    }
}
