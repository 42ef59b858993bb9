//! Sheets of workbooks and tables of databases as delimited text.
//!
//! Both are read through crates that are heavy and so stand behind features (docs/decisions/tables.md); without them
//! the file is known for what it is, and the advice is to save it as CSV.

use std::fs::File;
use std::path::Path;

use super::archive;
use super::csv::ReadOptions;
use super::source::{Source, look};
use crate::base::{Diagnostic, Place};

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A workbook in a ZIP archive: .xlsx, .xlsm, .xlsb, .ods.
    Zip,
    /// A workbook in an OLE container: .xls.
    Ole,
    Sqlite,
}

impl Form {
    /// `is_meant` says that the campaign takes the file for a workbook.
    fn of(start: &[u8], file: &mut File, is_meant: bool) -> Option<Self> {
        if archive::is_zip(start) {
            // Another archive may hold a table as text; what is in a damaged one is not known.
            archive::list(file).map_or(is_meant, |list| list.workbook).then_some(Self::Zip)
        } else if start.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            Some(Self::Ole)
        } else if start.starts_with(b"SQLite format 3\0") {
            Some(Self::Sqlite)
        } else {
            None
        }
    }
}

/// Reads the sheet that is asked for, if the file at `path` is a workbook or a database.
///
/// # Errors
/// It is one, and cannot be read.
pub(super) fn open(path: &Path, label: &str, options: &ReadOptions) -> Result<Option<Source>, Vec<Diagnostic>> {
    // A file that cannot be opened is told by who reads it as text.
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    let is_meant =
        options.sheet.is_some() || ending.is_some_and(|e| matches!(&*e, "xlsx" | "xlsm" | "xlsb" | "xls" | "ods"));
    let form = |mut file: File| Form::of(&look(&mut file, 16).ok()?, &mut file, is_meant);
    let Some(form) = File::open(path).ok().and_then(form) else {
        return match (&options.sheet, path.is_file()) {
            (Some(_), true) => {
                let fault = Diagnostic::error("no-sheets", format!("{label} is a text file, and has no sheets"));
                Err(vec![fault.at(Place::File(label.to_owned()), "").help("take `sheet` out of the campaign file")])
            }
            _ => Ok(None),
        };
    };
    if options.names.is_some() {
        let fault = Diagnostic::error("no-header", format!("{label} is no text file: its columns have names"));
        let help = "take `header` out of the campaign file; `from` gives a column another name";
        return Err(vec![fault.at(Place::File(label.to_owned()), "").help(help)]);
    }
    read(form, path, label, options).map(Some)
}

fn read(form: Form, path: &Path, label: &str, options: &ReadOptions) -> Result<Source, Vec<Diagnostic>> {
    let place = || Place::File(label.to_owned());
    let made = match form {
        #[cfg(feature = "excel")]
        Form::Zip | Form::Ole => super::excel::sheet(path, label, options),
        #[cfg(feature = "sqlite")]
        Form::Sqlite => super::sqlite::sheet(path, label, options),
        #[allow(unreachable_patterns)]
        other => {
            let (what, feature) = match other {
                Form::Zip | Form::Ole => ("a workbook", "excel"),
                Form::Sqlite => ("a SQLite database", "sqlite"),
            };
            let _ = (path, options);
            let message = format!("{label} is {what}, which this build of surimono does not read");
            let help = format!("save it as CSV UTF-8, or use a build with the feature `{feature}`");
            Err(Diagnostic::error("not-built-in", message).help(help))
        }
    };
    made.map_err(|d| vec![d.at(place(), "")])
}

/// Writes rows as delimited text whose lines stand where the rows stood.
#[cfg(any(feature = "excel", feature = "sqlite"))]
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: Vec<u8>,
    row: u64,
    first: bool,
}

/// A sheet takes no more memory than this.
#[cfg(any(feature = "excel", feature = "sqlite"))]
const MOST: usize = 1 << 30;

#[cfg(any(feature = "excel", feature = "sqlite"))]
impl Writer {
    /// Goes on to a row, counted from 1; rows in between are blank.
    pub fn row(&mut self, row: u64) {
        while self.row < row {
            if self.row > 0 {
                self.text.push(b'\n');
            }
            self.row += 1;
        }
        self.first = true;
    }

    pub fn cell(&mut self, text: &str) {
        if !self.first {
            self.text.push(b',');
        }
        self.first = false;
        if text.contains(['"', ',', '\n', '\r']) {
            self.text.push(b'"');
            self.text.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.text.push(b'"');
        } else {
            self.text.extend_from_slice(text.as_bytes());
        }
    }

    /// Whether there is room for more.
    pub fn has_room(&self) -> bool {
        self.text.len() < MOST
    }

    pub fn end(mut self) -> std::sync::Arc<[u8]> {
        self.text.push(b'\n');
        self.text.into()
    }
}

/// A number as its cell shows it: whole numbers without a fraction, others with up to 15 digits.
#[cfg(any(feature = "excel", feature = "sqlite"))]
pub(super) fn number(n: f64) -> String {
    if n.fract() == 0.0 && n.abs() < 1e15 {
        return format!("{}", n as i64);
    }
    let rounded: f64 = format!("{n:.14e}").parse().unwrap_or(n);
    format!("{rounded}")
}

/// The sheet that is asked for: its place among `names`.
#[cfg(any(feature = "excel", feature = "sqlite"))]
pub(super) fn wanted(names: &[String], options: &ReadOptions, label: &str, what: &str) -> Result<usize, Diagnostic> {
    use super::csv::SheetName;
    use crate::base::diag::did_you_mean;
    let found = match &options.sheet {
        None => (!names.is_empty()).then_some(0),
        Some(SheetName::Number(n)) => (*n as usize).checked_sub(1).filter(|n| *n < names.len()),
        Some(SheetName::Named(name)) => names.iter().position(|n| **n == **name),
    };
    found.ok_or_else(|| {
        let list: Vec<String> = names.iter().take(12).map(|n| format!("`{n}`")).collect();
        let all =
            if list.is_empty() { format!("it has no {what} at all") } else { format!("it has {}", list.join(", ")) };
        match &options.sheet {
            Some(SheetName::Named(name)) => {
                let d = Diagnostic::error("no-such-sheet", format!("{label} has no {what} `{name}`"));
                match did_you_mean(name, names.iter().map(String::as_str)) {
                    Some(near) => d.help(format!("did you mean `{near}`?")),
                    None => d.help(all),
                }
            }
            Some(SheetName::Number(n)) => {
                Diagnostic::error("no-such-sheet", format!("{label} has no {what} number {n}")).help(all)
            }
            None => Diagnostic::error("no-such-sheet", format!("{label} has no {what}")),
        }
    })
}
