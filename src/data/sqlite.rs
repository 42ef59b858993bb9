//! Tables of SQLite databases, read by the `rusqlite` crate.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::csv::ReadOptions;
use super::sheets::{Writer, number, wanted};
use super::source::{Sheet, Source};
use crate::base::Diagnostic;

/// Reads one table (or view) of the database at `path`: its columns are row 1, as in a sheet.
///
/// # Errors
/// It cannot be read, or has no such table.
pub(super) fn sheet(path: &Path, label: &str, options: &ReadOptions) -> Result<Source, Diagnostic> {
    let broken = |_| {
        Diagnostic::error("database", format!("{label} cannot be read as a SQLite database"))
            .help("see whether another program holds it open, or export the table as CSV UTF-8")
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let base = Connection::open_with_flags(path, flags).map_err(broken)?;
    let names: Vec<String> = base
        .prepare("select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%' order by rowid")
        .and_then(|mut s| s.query_map([], |row| row.get(0)).and_then(Iterator::collect))
        .map_err(broken)?;
    let at = wanted(&names, options, label, "table")?;
    let name = names.get(at).cloned().unwrap_or_default();
    let select = format!("select * from \"{}\"", name.replace('"', "\"\""));
    let mut select = base.prepare(&select).map_err(broken)?;
    let mut out = Writer::default();
    out.row(1);
    let columns = select.column_count();
    select.column_names().iter().for_each(|c| out.cell(c));
    let mut rows = select.query([]).map_err(broken)?;
    let mut at = 1;
    while let Some(row) = rows.next().map_err(broken)? {
        at += 1;
        out.row(at);
        for column in 0..columns {
            match row.get_ref(column).map_err(broken)? {
                ValueRef::Null => out.cell(""),
                ValueRef::Integer(n) => out.cell(&n.to_string()),
                ValueRef::Real(n) => out.cell(&number(n)),
                // What is no text becomes U+FFFD, which no cell may have: its row is told.
                ValueRef::Text(text) | ValueRef::Blob(text) => out.cell(&String::from_utf8_lossy(text)),
            }
        }
        if !out.has_room() {
            return Err(Diagnostic::error("table-too-large", format!("the table `{name}` of {label} is too large")));
        }
    }
    Ok(Source::of_sheet(path, label, Sheet { name: name.as_str().into(), text: out.end() }))
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Kind, Read, ReadOptions, Reader, SheetName};
    use super::*;

    #[test]
    fn a_table_of_a_database_is_read_as_it_stands() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tables/shop.sqlite");
        let column = |name: &str, kind| Column { name: name.into(), kind, required: false, purpose: None };
        let options = ReadOptions {
            sheet: Some(SheetName::Named("会員".into())),
            columns: vec![column("points", Kind::Integer), column("joined", Kind::Date)],
            key: Some("customer_id".into()),
            ..ReadOptions::default()
        };
        let mut reader = Reader::open(&path, "shop.sqlite", &options).expect("opens");
        let mut record = reader.record();
        let texts = |r: &super::super::Record| (0..r.len()).map(|c| r.text(c).to_owned()).collect::<Vec<_>>();
        assert_eq!(reader.read(&mut record), Ok(Read::Row));
        assert_eq!(texts(&record), ["0001", "佐藤 花子", "1200", "0.5", "2026-11-02"]);
        assert_eq!(reader.read(&mut record), Ok(Read::Row));
        assert_eq!(texts(&record), ["0002", "鈴木, \"健\"", "", "2", "R8.11.3"]);
        let Ok(Read::Rejected(reject)) = reader.read(&mut record) else { panic!("bytes are no name") };
        assert_eq!((reject.reasons[0].code, reject.origin.row), ("lost-character", 4));
        let wrong = ReadOptions { sheet: Some(SheetName::Named("会貝".into())), ..options };
        assert_eq!(Reader::open(&path, "shop.sqlite", &wrong).expect_err("no such table")[0].code, "no-such-sheet");
    }
}
