//! Japan Post's tables as rows: KEN_ALL.CSV (CP932, long names over several rows), utf_ken_all.csv (UTF-8, one row each)
//! and JIGYOSYO.CSV (CP932), plain or as the zip files that they come in.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::base::{Diagnostic, Place};
use crate::data::encoding::{Evidence, Verdict};
use crate::data::{Encoding, archive};

/// No table of Japan Post is larger.
const LIMIT: usize = 64 << 20;

/// Columns of KEN_ALL.CSV and of utf_ken_all.csv.
const KEN_ALL: usize = 15;
/// Columns of JIGYOSYO.CSV.
const JIGYOSYO: usize = 13;

/// One row of KEN_ALL: what is needed of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TownRow {
    pub code: String,
    /// The postcode from before 1998, of three digits or of five.
    pub old: String,
    pub prefecture: String,
    pub city: String,
    pub town: String,
    /// Column 12: the town is divided in 丁目.
    pub chome: bool,
}

/// One row of JIGYOSYO.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct OfficeRow {
    pub code: String,
    pub old: String,
    pub name: String,
    pub prefecture: String,
    pub city: String,
    pub town: String,
    pub number: String,
    /// Column 11: a post office box and no place.
    pub boxed: bool,
}

/// The bytes of a table, out of its archive if it lies in one.
pub(super) fn read(path: &Path, label: &str) -> Result<Vec<u8>, Diagnostic> {
    let fault = |message: String| Diagnostic::error("postcodes-file", message).at(Place::File(label.to_owned()), "");
    let cannot = |e: std::io::Error| fault(format!("{label} cannot be read: {e}"));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(cannot)?;
    file.take(LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() > LIMIT {
        return Err(fault(format!("{label} is too large for a table of postcodes")));
    }
    if archive::is_zip(&bytes) {
        bytes = archive::only_file(&bytes, LIMIT).map_err(|f| {
            fault(format!("{label}: {}", f.message())).help("fetch it again from Japan Post, or unpack it first")
        })?;
    }
    Ok(bytes)
}

struct Table<'a> {
    rows: csv::Reader<&'a [u8]>,
    encoding: Encoding,
    row: csv::ByteRecord,
    label: &'a str,
    columns: usize,
    number: u64,
}

impl<'a> Table<'a> {
    fn open(bytes: &'a [u8], label: &'a str, columns: usize) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let look = bytes.get(..bytes.len().min(64 << 10)).unwrap_or(bytes);
        let encoding = match Evidence::of(look, look.len() == bytes.len()).verdict() {
            Verdict::Is(encoding) => encoding,
            _ => Encoding::Utf8,
        };
        let rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        Self { rows, encoding, row: csv::ByteRecord::new(), label, columns, number: 0 }
    }

    fn next(&mut self) -> Result<bool, Diagnostic> {
        let fault =
            |message: String| Diagnostic::error("postcodes-file", message).at(Place::File(self.label.to_owned()), "");
        self.number += 1;
        let (label, number) = (self.label, self.number);
        match self.rows.read_byte_record(&mut self.row) {
            Ok(false) => Ok(false),
            Ok(true) if self.row.len() == self.columns => Ok(true),
            Ok(true) => {
                let found = self.row.len();
                let d = fault(format!("row {number} of {label} has {found} columns and must have {}", self.columns));
                let (this, other) = if self.columns == KEN_ALL {
                    ("KEN_ALL.CSV or utf_ken_all.csv", "JIGYOSYO.CSV")
                } else {
                    ("JIGYOSYO.CSV", "KEN_ALL.CSV")
                };
                Err(if found == KEN_ALL + JIGYOSYO - self.columns {
                    d.help(format!("this looks like {other}, and {this} is wanted"))
                } else {
                    d.help(format!("give {this} as Japan Post ships it"))
                })
            }
            Err(e) => Err(fault(format!("row {number} of {label} cannot be read: {e}"))),
        }
    }

    /// Column `at`, counted from 1 as Japan Post counts them. The two editions write some signs differently.
    fn text(&self, at: usize, out: &mut String) -> Result<(), Diagnostic> {
        out.clear();
        let cell = self.row.get(at - 1).unwrap_or_default();
        if !self.encoding.decode_plainly(cell, out) {
            let message = format!("column {at} in row {} of {} is not {}", self.number, self.label, self.encoding);
            return Err(Diagnostic::error("postcodes-file", message).at(Place::File(self.label.to_owned()), ""));
        }
        if out.contains(['〜', '−']) {
            *out = out.replace('〜', "～").replace('−', "－");
        }
        Ok(())
    }

    fn flag(&self, at: usize) -> bool {
        self.row.get(at - 1) == Some(b"1")
    }
}

/// Calls `each` with every town; a name that stands over several rows is whole.
pub(super) fn towns(bytes: &[u8], label: &str, mut each: impl FnMut(&TownRow)) -> Result<(), Diagnostic> {
    let mut table = Table::open(bytes, label, KEN_ALL);
    let mut row = TownRow::default();
    let (mut open, mut town, mut code, mut city) = (false, String::new(), String::new(), String::new());
    while table.next()? {
        table.text(3, &mut code)?;
        table.text(8, &mut city)?;
        table.text(9, &mut town)?;
        // A list in brackets goes on in the next row, which repeats the rest.
        if open && code == row.code && city == row.city {
            row.town.push_str(&town);
        } else {
            if open {
                each(&row);
            }
            std::mem::swap(&mut row.code, &mut code);
            std::mem::swap(&mut row.city, &mut city);
            std::mem::swap(&mut row.town, &mut town);
            table.text(2, &mut row.old)?;
            table.text(7, &mut row.prefecture)?;
            row.chome = table.flag(12);
        }
        open = row.town.matches('（').count() > row.town.matches('）').count();
        if !open {
            each(&row);
        }
    }
    if open {
        each(&row);
    }
    Ok(())
}

/// Calls `each` with every place that has a postcode of its own.
pub(super) fn offices(bytes: &[u8], label: &str, mut each: impl FnMut(&OfficeRow)) -> Result<(), Diagnostic> {
    let mut table = Table::open(bytes, label, JIGYOSYO);
    let mut row = OfficeRow::default();
    while table.next()? {
        table.text(3, &mut row.name)?;
        table.text(4, &mut row.prefecture)?;
        table.text(5, &mut row.city)?;
        table.text(6, &mut row.town)?;
        table.text(7, &mut row.number)?;
        table.text(8, &mut row.code)?;
        table.text(9, &mut row.old)?;
        row.boxed = table.flag(11);
        each(&row);
    }
    Ok(())
}
