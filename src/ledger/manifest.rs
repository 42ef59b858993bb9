//! manifest.csv and manifest.json: one line for each input row, written while the run goes on.
//!
//! Both say the same of a row. The JSON file also says what the run was and, behind the rows because only
//! then it is known, which files it made and how the rows add up. Rows stand one to a line, so that the
//! file can be searched without a parser. Neither has a name or an address: ids, keys,
//! positions and digests.
//!
//! ```json
//! {"campaign":"2026-autumn-dm","as_of":"2026-11-21","rows":[
//! {"source":"data/customers.csv","row":2,"line":2,"piece":"2026-autumn-dm-00000001","outcome":"printed",
//!  "file":"pieces.pdf","first_page":1,"last_page":2,"sha256":"…","code_url":"https://…"},
//! {"source":"data/customers.csv","row":3,"line":3,"piece":"2026-autumn-dm-00000002","outcome":"suppressed","cause":"no-consent"}
//! ],"files":[
//! {"name":"pieces.pdf","pieces":1,"pages":2,"first_piece":"…","last_piece":"…","bytes":81920,"sha256":"…"}
//! ],"others":[
//! {"name":"manifest.csv","bytes":712,"sha256":"…"}
//! ],
//! "totals":{"read":2,"printed":1,…}}
//! ```

use std::io::{self, Write};

use super::entry::{Entry, Outcome};
use super::outputs::{MANIFEST, MANIFEST_CSV, Made, cannot};
use super::totals::Totals;
use crate::base::Diagnostic;

/// What the manifest says of the run before its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    pub campaign: String,
    /// The campaign's day, `2026-11-21`.
    pub as_of: String,
    /// Further columns behind the fixed ones, such as `code_url`; the caller gives their cells with each entry.
    pub extra: Vec<String>,
    /// The most ink at one place that the press takes, in percent, and the named inks that are none on the paper; for whoever
    /// judges the files.
    pub ink_limit: Option<u16>,
    pub no_ink: Vec<String>,
}

/// A finished file and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub made: Made,
    pub pieces: u64,
    pub pages: u64,
    /// Ids of the first and the last piece; empty where there is none.
    pub first_piece: String,
    pub last_piece: String,
    /// Set where the job has several files.
    pub part: Option<Part>,
}

/// One of several files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which one, from 1, and how many there are.
    pub part: usize,
    pub of: usize,
    /// Place of the first piece among all printed ones, from 1.
    pub from: u64,
    /// The value of the column at which the files are cut.
    pub value: Option<String>,
    /// The table of its pieces.
    pub list: Made,
}

impl Listed {
    /// As JSON, a line: what the job's manifest and the file's own say of it.
    fn json(&self, line: &mut Vec<u8>) {
        line.extend_from_slice(b"{\"name\":");
        text(line, &self.made.name);
        if let Some(part) = &self.part {
            number(line, b",\"part\":", part.part as u64);
            number(line, b",\"of\":", part.of as u64);
            number(line, b",\"from\":", part.from);
            number(line, b",\"to\":", part.from + self.pieces.saturating_sub(1));
            if let Some(value) = &part.value {
                line.extend_from_slice(b",\"value\":");
                text(line, value);
            }
        }
        number(line, b",\"pieces\":", self.pieces);
        number(line, b",\"pages\":", self.pages);
        if self.pieces > 0 {
            line.extend_from_slice(b",\"first_piece\":");
            text(line, &self.first_piece);
            line.extend_from_slice(b",\"last_piece\":");
            text(line, &self.last_piece);
        }
        size(line, &self.made);
        if let Some(part) = &self.part {
            line.extend_from_slice(b",\"list\":");
            file(line, &part.list);
        }
        line.push(b'}');
    }

    /// The file's own manifest: JSON with a line break at its end.
    #[must_use]
    pub fn own(&self, head: &Head) -> Vec<u8> {
        let mut line = b"{\"campaign\":".to_vec();
        text(&mut line, &head.campaign);
        line.extend_from_slice(b",\"as_of\":");
        text(&mut line, &head.as_of);
        line.extend_from_slice(b",\"file\":");
        self.json(&mut line);
        line.extend_from_slice(b"}\n");
        line
    }
}

/// The table of one file's pieces: its columns.
pub const LIST_COLUMNS: [&str; 7] =
    ["sequence", "piece", "source_file", "source_row", "first_page", "last_page", "sha256"];

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
    buffer: Vec<u8>,
    cause: String,
}

/// One line of the manifest, as both files write it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub source: &'a str,
    pub sheet: Option<&'a str>,
    pub row: u64,
    pub line: u64,
    pub piece: &'a str,
    pub outcome: &'a str,
    pub cause: &'a str,
    pub printed: Option<On<'a>>,
}

/// Where a piece is.
#[derive(Clone, Copy, Debug)]
pub struct On<'a> {
    pub file: &'a str,
    pub first_page: u64,
    pub last_page: u64,
    /// 64 hexadecimal digits.
    pub sha256: &'a str,
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
        if let Some(limit) = head.ink_limit {
            line.extend_from_slice(format!(",\"ink_limit\":{limit}").as_bytes());
        }
        for (at, name) in head.no_ink.iter().enumerate() {
            line.extend_from_slice(if at == 0 { b",\"no_ink\":[" } else { b"," });
            text(&mut line, name);
        }
        if !head.no_ink.is_empty() {
            line.push(b']');
        }
        line.extend_from_slice(b",\"rows\":[");
        json.write_all(&line).map_err(json_fault)?;
        Ok(Self { csv, json, head, rows: 0, buffer: line, cause: String::new() })
    }

    /// Writes one line; `extra` gives the cell of each of the head's further columns.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn write<'e>(&mut self, entry: &Entry, extra: impl Fn(usize) -> &'e str) -> Result<(), Diagnostic> {
        let mut cause = std::mem::take(&mut self.cause);
        cause.clear();
        let digits;
        let mut printed = None;
        match &entry.outcome {
            Outcome::Suppressed { cause: why } => cause.push_str(why),
            Outcome::Rejected { reasons } => {
                for (i, reason) in reasons.iter().enumerate() {
                    cause.push_str(if i == 0 { "" } else { " " });
                    cause.push_str(reason);
                }
            }
            Outcome::Printed { file, first_page, last_page, digest } => {
                digits = hex(&digest.0);
                let sha256 = std::str::from_utf8(&digits).unwrap_or_default();
                let (first_page, last_page) = (u64::from(*first_page), u64::from(*last_page));
                printed = Some(On { file, first_page, last_page, sha256 });
            }
            Outcome::HeldOut { cause: Some(why) } => cause.push_str(why),
            Outcome::HeldOut { cause: None } | Outcome::OverBudget => {}
        }
        let line = Line {
            source: &entry.origin.file,
            sheet: entry.origin.sheet.as_deref(),
            row: entry.origin.row,
            line: entry.origin.line,
            piece: &entry.piece,
            outcome: entry.outcome.word(),
            cause: &cause,
            printed,
        };
        let done = self.line(&line, extra);
        self.cause = cause;
        done
    }

    /// Writes one line as it stands.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn line<'e>(&mut self, line: &Line<'_>, extra: impl Fn(usize) -> &'e str) -> Result<(), Diagnostic> {
        self.write_csv(line, &extra).map_err(csv_fault)?;
        self.write_json(line, &extra).map_err(json_fault)?;
        self.rows += 1;
        Ok(())
    }

    fn write_csv<'e>(&mut self, line: &Line<'_>, extra: impl Fn(usize) -> &'e str) -> csv::Result<()> {
        let csv = &mut self.csv;
        let mut number = itoa::Buffer::new();
        match line.sheet {
            None => csv.write_field(line.source)?,
            Some(sheet) => csv.write_field(format!("{} [{sheet}]", line.source))?,
        }
        csv.write_field(number.format(line.row))?;
        csv.write_field(number.format(line.line))?;
        csv.write_field(line.piece)?;
        csv.write_field(line.outcome)?;
        csv.write_field(line.cause)?;
        if let Some(on) = &line.printed {
            csv.write_field(on.file)?;
            csv.write_field(number.format(on.first_page))?;
            csv.write_field(number.format(on.last_page))?;
            csv.write_field(on.sha256)?;
        } else {
            for _ in 0..4 {
                csv.write_field("")?;
            }
        }
        for i in 0..self.head.extra.len() {
            csv.write_field(extra(i))?;
        }
        csv.write_record(None::<&[u8]>)
    }

    fn write_json<'e>(&mut self, entry: &Line<'_>, extra: impl Fn(usize) -> &'e str) -> io::Result<()> {
        let line = &mut self.buffer;
        line.clear();
        line.extend_from_slice(if self.rows == 0 { b"\n{\"source\":" } else { b",\n{\"source\":" });
        text(line, entry.source);
        if let Some(sheet) = entry.sheet {
            line.extend_from_slice(b",\"sheet\":");
            text(line, sheet);
        }
        number(line, b",\"row\":", entry.row);
        number(line, b",\"line\":", entry.line);
        if !entry.piece.is_empty() {
            line.extend_from_slice(b",\"piece\":");
            text(line, entry.piece);
        }
        line.extend_from_slice(b",\"outcome\":");
        text(line, entry.outcome);
        if !entry.cause.is_empty() {
            line.extend_from_slice(b",\"cause\":");
            text(line, entry.cause);
        }
        if let Some(on) = &entry.printed {
            line.extend_from_slice(b",\"file\":");
            text(line, on.file);
            number(line, b",\"first_page\":", on.first_page);
            number(line, b",\"last_page\":", on.last_page);
            line.extend_from_slice(b",\"sha256\":");
            text(line, on.sha256);
        }
        for (i, name) in self.head.extra.iter().enumerate() {
            let cell = extra(i);
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

    /// Writes the rows of a manifest.csv again in whose column `file` the number of the file stands (from 0), now
    /// with the files' names. `sheet` is what stands in brackets behind the source's name.
    ///
    /// # Errors
    /// What was written cannot be read again; the disk does not take it.
    pub fn replay(&mut self, from: impl io::Read, sheet: Option<&str>, names: &[String]) -> Result<(), Diagnostic> {
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(256 << 10).from_reader(from);
        let mut record = csv::StringRecord::new();
        let bracket = sheet.map(|s| format!(" [{s}]"));
        while reader.read_record(&mut record).map_err(csv_fault)? {
            let cell = |i: usize| record.get(i).unwrap_or_default();
            let count = |i: usize| cell(i).parse::<u64>().unwrap_or_default();
            let source = bracket.as_ref().and_then(|b| cell(0).strip_suffix(b.as_str())).unwrap_or(cell(0));
            let printed = match cell(6) {
                "" => None,
                number => Some(On {
                    file: number.parse().ok().and_then(|n: usize| names.get(n)).map_or("", String::as_str),
                    first_page: count(7),
                    last_page: count(8),
                    sha256: cell(9),
                }),
            };
            let line = Line {
                source,
                sheet,
                row: count(1),
                line: count(2),
                piece: cell(3),
                outcome: cell(4),
                cause: cell(5),
                printed,
            };
            self.line(&line, |i| record.get(COLUMNS.len() + i).unwrap_or_default())?;
        }
        Ok(())
    }

    /// Ends the rows and gives the table back, and what is still to be written of the JSON file: it names the table's
    /// digest. The books must close, also with the number of lines that were written here.
    ///
    /// # Errors
    /// The books do not close; the disk does not take it.
    pub fn end(self, totals: &Totals) -> Result<(C, Tail<J>), Diagnostic> {
        totals.closes()?;
        if self.rows != totals.read {
            let message = format!("{} rows were read, but the manifest has {} lines", totals.read, self.rows);
            return Err(Diagnostic::error("books-do-not-close", message));
        }
        let csv = self.csv.into_inner().map_err(|fault| cannot("written", MANIFEST_CSV, fault.error()))?;
        Ok((csv, Tail { json: self.json, buffer: self.buffer }))
    }
}

/// The JSON file behind its rows.
#[derive(Debug)]
pub struct Tail<J: Write> {
    json: J,
    buffer: Vec<u8>,
}

impl<J: Write> Tail<J> {
    /// Writes files and totals, and gives the writer back. `others` are the further files of the folder; `sheets` says that
    /// the pages will be placed on sheets for the press, whose maps then belong to the job.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn end(mut self, totals: &Totals, files: &[Listed], others: &[Made], sheets: bool) -> Result<J, Diagnostic> {
        let line = &mut self.buffer;
        line.clear();
        line.extend_from_slice(b"\n],\"files\":[");
        for (i, file) in files.iter().enumerate() {
            line.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
            file.json(line);
        }
        line.extend_from_slice(b"\n],\"others\":[");
        for (i, other) in others.iter().enumerate() {
            line.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
            file(line, other);
        }
        line.extend_from_slice(if sheets { b"\n],\"sheets\":true,\"totals\":" } else { b"\n],\"totals\":" });
        serde_json::to_writer(&mut *line, totals).map_err(|fault| json_fault(fault.into()))?;
        line.extend_from_slice(b"}\n");
        self.json.write_all(line).and_then(|()| self.json.flush()).map_err(json_fault)?;
        Ok(self.json)
    }
}

/// `{"name":…,"bytes":…,"sha256":…}`
fn file(line: &mut Vec<u8>, made: &Made) {
    line.extend_from_slice(b"{\"name\":");
    text(line, &made.name);
    size(line, made);
    line.push(b'}');
}

fn size(line: &mut Vec<u8>, made: &Made) {
    number(line, b",\"bytes\":", made.bytes);
    line.extend_from_slice(b",\"sha256\":\"");
    line.extend_from_slice(&hex(&made.sha256.0));
    line.push(b'"');
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
        let head = Head {
            campaign: "dm \"1\"".into(),
            as_of: "2026-11-21".into(),
            extra: vec!["code_url".into()],
            ..Head::default()
        };
        let mut manifest = Manifest::begin(Vec::new(), Vec::new(), head).expect("memory");
        let printed =
            Outcome::Printed { file: "pieces.pdf".into(), first_page: 3, last_page: 4, digest: Digest::of(b"abc") };
        let entries = [
            (entry(2, printed), "https://example.jp/?a=1,2"),
            (entry(3, Outcome::Suppressed { cause: "no-consent".into() }), ""),
            (entry(4, Outcome::Rejected { reasons: vec!["not-a-date", "missing"] }), ""),
            (entry(5, Outcome::HeldOut { cause: None }), ""),
            (entry(6, Outcome::OverBudget), ""),
        ];
        let mut totals = Totals { read: 5, ..Totals::default() };
        for (entry, url) in &entries {
            manifest.write(entry, |_| url).expect("memory");
            totals.add(&entry.outcome);
        }
        let made = Made { name: "pieces.pdf".into(), bytes: 9, sha256: Digest::of(b"x") };
        let listed = Listed {
            made,
            pieces: 1,
            pages: 2,
            first_piece: "dm-00000002".into(),
            last_piece: "dm-00000002".into(),
            part: None,
        };
        let other = Made { name: "closing.txt".into(), bytes: 3, sha256: Digest::of(b"abc") };
        let (csv, tail) = manifest.end(&totals).expect("closes");
        let json = tail.end(&totals, &[listed], &[other], false).expect("memory");

        let json: serde_json::Value = serde_json::from_slice(&json).expect("valid JSON");
        assert_eq!(json["campaign"], "dm \"1\"");
        assert_eq!(json["rows"][0]["code_url"], "https://example.jp/?a=1,2");
        assert_eq!(json["rows"][0]["last_page"], 4);
        assert_eq!(json["rows"][2]["cause"], "not-a-date missing");
        assert_eq!(json["rows"][2].get("piece"), None);
        assert_eq!(json["rows"][4]["outcome"], "over-budget");
        assert_eq!(json["files"][0]["bytes"], 9);
        assert_eq!(json["files"][0]["last_piece"], "dm-00000002");
        assert_eq!(json["others"][0]["sha256"], Digest::of(b"abc").to_string());
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
    fn rows_written_with_numbers_of_files_come_back_with_names() {
        let head =
            Head { campaign: "dm".into(), as_of: "2026-11-21".into(), extra: vec!["url".into()], ..Head::default() };
        let printed = |file: &str| Outcome::Printed {
            file: file.into(),
            first_page: 1,
            last_page: 2,
            digest: Digest::of(b"abc"),
        };
        let mut rows = Manifest::begin(Vec::new(), io::sink(), head.clone()).expect("memory");
        let mut straight = Manifest::begin(Vec::new(), Vec::new(), head.clone()).expect("memory");
        let mut again = Manifest::begin(Vec::new(), Vec::new(), head).expect("memory");
        let names = ["a.pdf".to_owned(), "b.pdf".to_owned()];
        let outcomes = [
            (printed("0"), printed("a.pdf")),
            (Outcome::Rejected { reasons: vec!["x"] }, Outcome::Rejected { reasons: vec!["x"] }),
            (printed("1"), printed("b.pdf")),
        ];
        let mut totals = Totals { read: 3, ..Totals::default() };
        for (row, (numbered, named)) in (2..).zip(outcomes) {
            let mut numbered = entry(row, numbered);
            numbered.origin.sheet = Some("顧客".into());
            rows.write(&numbered, |_| "u,\"1").expect("memory");
            totals.add(&named);
            let named = Entry { outcome: named, ..numbered };
            straight.write(&named, |_| "u,\"1").expect("memory");
        }
        let (rows, _) = rows.end(&totals).expect("closes");
        again.replay(&rows[..], Some("顧客"), &names).expect("memory");
        let both = [straight, again].map(|m| {
            let (csv, tail) = m.end(&totals).expect("closes");
            (csv, tail.end(&totals, &[], &[], false).expect("memory"))
        });
        assert_eq!(both[0], both[1]);
    }

    #[test]
    fn a_manifest_without_a_line_for_each_row_does_not_end() {
        let head = Head { campaign: "dm".into(), as_of: "2026-11-21".into(), extra: Vec::new(), ..Head::default() };
        let manifest = Manifest::begin(Vec::new(), Vec::new(), head.clone()).expect("memory");
        let totals = Totals { read: 1, held_out: 1, ..Totals::default() };
        let fault = manifest.end(&totals).expect_err("one line is missing");
        assert_eq!(fault.message, "1 rows were read, but the manifest has 0 lines");
        let manifest = Manifest::begin(Vec::new(), Vec::new(), head).expect("memory");
        let (_, tail) = manifest.end(&Totals::default()).expect("nothing read, nothing made");
        let json = tail.end(&Totals::default(), &[], &[], false).expect("memory");
        serde_json::from_slice::<serde_json::Value>(&json).expect("valid JSON");
    }
}
