//! manifest.csv and manifest.json: one line for each input row, written while the run goes on.
//!
//! Both say the same of a row. The JSON file also says what the run was and, behind the rows because only
//! then it is known, which files it made and how the rows add up. Rows stand one to a line, so that the
//! file can be searched without a parser. There is no personal data in either: ids, positions and digests.
//!
//! ```json
//! {"campaign":"2026-autumn-dm","as_of":"2026-11-21","rows":[
//! {"source":"data/customers.csv","row":2,"line":2,"piece":"2026-autumn-dm-00000001","outcome":"printed",
//!  "file":"pieces.pdf","first_page":1,"last_page":2,"sha256":"…","code_url":"https://…"},
//! {"source":"data/customers.csv","row":3,"line":3,"piece":"2026-autumn-dm-00000002","outcome":"suppressed","cause":"no-consent"}
//! ],"files":[{"name":"pieces.pdf","pieces":1,"pages":2,"bytes":81920,"sha256":"…"}],
//! "totals":{"read":2,"printed":1,…}}
//! ```

use std::io::{self, Write};

use super::entry::{Entry, Outcome};
use super::outputs::{MANIFEST, MANIFEST_CSV, Made, cannot};
use super::totals::Totals;
use crate::base::Diagnostic;

/// What the manifest says of the run before its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub campaign: String,
    /// The campaign's day, `2026-11-21`.
    pub as_of: String,
    /// Further columns behind the fixed ones, such as `code_url`; the caller gives their cells with each entry.
    pub extra: Vec<String>,
}

/// A finished file and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub made: Made,
    pub pieces: u64,
    pub pages: u64,
}

/// The columns of manifest.csv before the caller's own.
pub const COLUMNS: [&str; 10] = [
    "source_file",
    "source_row",
    "source_line",
    "piece",
    "outcome",
    "cause",
    "file",
    "first_page",
    "last_page",
    "sha256",
];

/// Writes both manifests at once.
#[derive(Debug)]
pub struct Manifest<C: Write, J: Write> {
    csv: csv::Writer<C>,
    json: J,
    head: Head,
    rows: u64,
    /// The line being made; kept to be filled again.
    line: Vec<u8>,
    cause: String,
}

impl<C: Write, J: Write> Manifest<C, J> {
    /// Writes the heads.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn begin(csv: C, mut json: J, head: Head) -> Result<Self, Diagnostic> {
        let mut csv = csv::WriterBuilder::new().buffer_capacity(64 << 10).from_writer(csv);
        let columns = COLUMNS.iter().copied().chain(head.extra.iter().map(String::as_str));
        csv.write_record(columns).map_err(csv_fault)?;
        let mut line = Vec::new();
        line.extend_from_slice(b"{\"campaign\":");
        text(&mut line, &head.campaign);
        line.extend_from_slice(b",\"as_of\":");
        text(&mut line, &head.as_of);
        line.extend_from_slice(b",\"rows\":[");
        json.write_all(&line).map_err(json_fault)?;
        Ok(Self { csv, json, head, rows: 0, line, cause: String::new() })
    }

    /// Writes one line; `extra` has a cell for each of the head's further columns (missing ones are empty).
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn write(&mut self, entry: &Entry, extra: &[&str]) -> Result<(), Diagnostic> {
        self.cause.clear();
        match &entry.outcome {
            Outcome::Suppressed { cause } => self.cause.push_str(cause),
            Outcome::Rejected { reasons } => {
                for (i, reason) in reasons.iter().enumerate() {
                    self.cause.push_str(if i == 0 { "" } else { " " });
                    self.cause.push_str(reason);
                }
            }
            Outcome::Printed { .. } | Outcome::HeldOut | Outcome::OverBudget => {}
        }
        self.write_csv(entry, extra).map_err(csv_fault)?;
        self.write_json(entry, extra).map_err(json_fault)?;
        self.rows += 1;
        Ok(())
    }

    fn write_csv(&mut self, entry: &Entry, extra: &[&str]) -> csv::Result<()> {
        let csv = &mut self.csv;
        let mut number = itoa::Buffer::new();
        match &entry.origin.sheet {
            None => csv.write_field(entry.origin.file.as_bytes())?,
            Some(sheet) => csv.write_field(format!("{} [{sheet}]", entry.origin.file))?,
        }
        csv.write_field(number.format(entry.origin.row))?;
        csv.write_field(number.format(entry.origin.line))?;
        csv.write_field(&entry.piece)?;
        csv.write_field(entry.outcome.word())?;
        csv.write_field(&self.cause)?;
        if let Outcome::Printed { file, first_page, last_page, digest } = &entry.outcome {
            csv.write_field(file.as_bytes())?;
            csv.write_field(number.format(*first_page))?;
            csv.write_field(number.format(*last_page))?;
            csv.write_field(hex(&digest.0))?;
        } else {
            for _ in 0..4 {
                csv.write_field("")?;
            }
        }
        for i in 0..self.head.extra.len() {
            csv.write_field(extra.get(i).copied().unwrap_or_default())?;
        }
        csv.write_record(None::<&[u8]>)
    }

    fn write_json(&mut self, entry: &Entry, extra: &[&str]) -> io::Result<()> {
        let line = &mut self.line;
        line.clear();
        line.extend_from_slice(if self.rows == 0 { b"\n{\"source\":" } else { b",\n{\"source\":" });
        text(line, &entry.origin.file);
        if let Some(sheet) = &entry.origin.sheet {
            line.extend_from_slice(b",\"sheet\":");
            text(line, sheet);
        }
        number(line, b",\"row\":", entry.origin.row);
        number(line, b",\"line\":", entry.origin.line);
        if !entry.piece.is_empty() {
            line.extend_from_slice(b",\"piece\":");
            text(line, &entry.piece);
        }
        line.extend_from_slice(b",\"outcome\":");
        text(line, entry.outcome.word());
        if !self.cause.is_empty() {
            line.extend_from_slice(b",\"cause\":");
            text(line, &self.cause);
        }
        if let Outcome::Printed { file, first_page, last_page, digest } = &entry.outcome {
            line.extend_from_slice(b",\"file\":");
            text(line, file);
            number(line, b",\"first_page\":", u64::from(*first_page));
            number(line, b",\"last_page\":", u64::from(*last_page));
            line.extend_from_slice(b",\"sha256\":\"");
            line.extend_from_slice(&hex(&digest.0));
            line.push(b'"');
        }
        for (name, cell) in self.head.extra.iter().zip(extra) {
            if !cell.is_empty() {
                line.push(b',');
                text(line, name);
                line.push(b':');
                text(line, cell);
            }
        }
        line.push(b'}');
        self.json.write_all(line)
    }

    /// Rows written so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes files and totals behind the rows and gives the writers back. The books must close, also with
    /// the number of lines that were written here.
    ///
    /// # Errors
    /// The books do not close; the disk does not take it.
    pub fn end(mut self, totals: &Totals, files: &[Listed]) -> Result<(C, J), Diagnostic> {
        totals.closes()?;
        if self.rows != totals.read {
            let message = format!("{} rows were read, but the manifest has {} lines", totals.read, self.rows);
            return Err(Diagnostic::error("books-do-not-close", message));
        }
        let line = &mut self.line;
        line.clear();
        line.extend_from_slice(b"\n],\"files\":[");
        for (i, file) in files.iter().enumerate() {
            line.extend_from_slice(if i == 0 { b"\n{\"name\":" } else { b",\n{\"name\":" });
            text(line, &file.made.name);
            number(line, b",\"pieces\":", file.pieces);
            number(line, b",\"pages\":", file.pages);
            number(line, b",\"bytes\":", file.made.bytes);
            line.extend_from_slice(b",\"sha256\":\"");
            line.extend_from_slice(&hex(&file.made.sha256.0));
            line.extend_from_slice(b"\"}");
        }
        line.extend_from_slice(b"\n],\"totals\":");
        serde_json::to_writer(&mut *line, totals).map_err(|fault| json_fault(fault.into()))?;
        line.extend_from_slice(b"}\n");
        self.json.write_all(line).and_then(|()| self.json.flush()).map_err(json_fault)?;
        let csv = self.csv.into_inner().map_err(|fault| cannot("written", MANIFEST_CSV, fault.error()))?;
        Ok((csv, self.json))
    }
}

/// A JSON string.
fn text(line: &mut Vec<u8>, text: &str) {
    // Writing into memory cannot fail.
    drop(serde_json::to_writer(line, text));
}

fn number(line: &mut Vec<u8>, key: &[u8], value: u64) {
    line.extend_from_slice(key);
    line.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = [0; 64];
    for (pair, b) in out.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(b >> 4)];
        pair[1] = DIGITS[usize::from(b & 15)];
    }
    out
}

fn json_fault(fault: io::Error) -> Diagnostic {
    cannot("written", MANIFEST, &fault)
}

fn csv_fault(fault: csv::Error) -> Diagnostic {
    cannot("written", MANIFEST_CSV, &io::Error::from(fault))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Digest, Origin};

    fn entry(row: u64, outcome: Outcome) -> Entry {
        Entry {
            origin: Origin { file: "data/会員.csv".into(), sheet: None, row, line: row + 1, byte: 0 },
            piece: if matches!(outcome, Outcome::Rejected { .. }) { String::new() } else { format!("dm-{row:08}") },
            outcome,
        }
    }

    #[test]
    fn both_files_say_the_same_and_the_json_is_valid() {
        let head = Head { campaign: "dm \"1\"".into(), as_of: "2026-11-21".into(), extra: vec!["code_url".into()] };
        let mut manifest = Manifest::begin(Vec::new(), Vec::new(), head).expect("memory");
        let printed =
            Outcome::Printed { file: "pieces.pdf".into(), first_page: 3, last_page: 4, digest: Digest::of(b"abc") };
        let entries = [
            (entry(2, printed), "https://example.jp/?a=1,2"),
            (entry(3, Outcome::Suppressed { cause: "no-consent".into() }), ""),
            (entry(4, Outcome::Rejected { reasons: vec!["not-a-date", "missing"] }), ""),
            (entry(5, Outcome::HeldOut), ""),
            (entry(6, Outcome::OverBudget), ""),
        ];
        let mut totals = Totals { read: 5, ..Totals::default() };
        for (entry, url) in &entries {
            manifest.write(entry, &[url]).expect("memory");
            totals.add(&entry.outcome);
        }
        let made = Made { name: "pieces.pdf".into(), bytes: 9, sha256: Digest::of(b"x") };
        let (csv, json) = manifest.end(&totals, &[Listed { made, pieces: 1, pages: 2 }]).expect("closes");

        let json: serde_json::Value = serde_json::from_slice(&json).expect("valid JSON");
        assert_eq!(json["campaign"], "dm \"1\"");
        assert_eq!(json["rows"][0]["code_url"], "https://example.jp/?a=1,2");
        assert_eq!(json["rows"][0]["last_page"], 4);
        assert_eq!(json["rows"][2]["cause"], "not-a-date missing");
        assert_eq!(json["rows"][2].get("piece"), None);
        assert_eq!(json["rows"][4]["outcome"], "over-budget");
        assert_eq!(json["files"][0]["bytes"], 9);
        assert_eq!(json["totals"]["printed"], 1);
        assert_eq!(json["totals"]["suppressed_by"]["no-consent"], 1);

        let lines: Vec<String> = String::from_utf8(csv).expect("UTF-8").lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 6);
        assert_eq!(
            lines[1],
            format!(
                "data/会員.csv,2,3,dm-00000002,printed,,pieces.pdf,3,4,{},\"https://example.jp/?a=1,2\"",
                Digest::of(b"abc")
            )
        );
        assert_eq!(lines[3], "data/会員.csv,4,5,,rejected,not-a-date missing,,,,,");
    }

    #[test]
    fn a_manifest_without_a_line_for_each_row_does_not_end() {
        let head = Head { campaign: "dm".into(), as_of: "2026-11-21".into(), extra: Vec::new() };
        let manifest = Manifest::begin(Vec::new(), Vec::new(), head.clone()).expect("memory");
        let totals = Totals { read: 1, held_out: 1, ..Totals::default() };
        let fault = manifest.end(&totals, &[]).expect_err("one line is missing");
        assert_eq!(fault.message, "1 rows were read, but the manifest has 0 lines");
        let manifest = Manifest::begin(Vec::new(), Vec::new(), head).expect("memory");
        let (_, json) = manifest.end(&Totals::default(), &[]).expect("nothing read, nothing made");
        serde_json::from_slice::<serde_json::Value>(&json).expect("valid JSON");
    }
}
