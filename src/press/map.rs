//! The map: which piece lies on which sheet, on which side, at which place. sheets.csv has a line for each page that was
//! placed, sheets.json one for each side of a sheet; both have the same in them, and ids instead of people. A job in several
//! files has a map for each: `…-sheets.csv`, `…-sheets.json`.

use std::io::{self, Write};

use super::grid::{Grid, Place};
use crate::base::Diagnostic;
use crate::ledger::Made;

const CSV: &str = "the map of the sheets (CSV)";
const JSON: &str = "the map of the sheets (JSON)";

const COLUMNS: [&str; 11] =
    ["sheet", "side", "place", "column", "row", "number", "piece", "page", "source_file", "source_row", "file"];

/// A page in its place.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    /// From 1, from left to right and then down, on the front.
    pub(super) place: usize,
    /// The leaf's number in the job, from 1.
    pub(super) number: u64,
    pub(super) piece: &'a str,
    /// Of the file, from 1.
    pub(super) page: u64,
    pub(super) source: &'a str,
    /// Empty where nothing tells.
    pub(super) row: &'a str,
    pub(super) file: &'a str,
}

pub(super) struct Map<C: Write, J: Write> {
    csv: csv::Writer<C>,
    json: J,
    sides: u64,
    across: u16,
    line: Vec<u8>,
}

fn cannot(name: &str, fault: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error("cannot-write", format!("{name} cannot be written: {fault}"))
}

fn text(out: &mut Vec<u8>, text: &str) {
    // Serialising a string into a vector cannot fail.
    let _ = serde_json::to_writer(&mut *out, text);
}

impl<C: Write, J: Write> Map<C, J> {
    /// Writes the heads: what the sheet is and where its places are, in millimetres from its top left corner.
    pub(super) fn begin(csv: C, mut json: J, job: &str, grid: &Grid, back: &[Place]) -> Result<Self, Diagnostic> {
        let mut csv = csv::WriterBuilder::new().buffer_capacity(64 << 10).from_writer(csv);
        csv.write_record(COLUMNS).map_err(|e| cannot(CSV, &e))?;
        let mut line = b"{\"job\":".to_vec();
        text(&mut line, job);
        let mm = |v: crate::base::Pt| format!("{:.2}", v.to_mm());
        let head = format!(
            ",\"sheet\":{{\"width\":{},\"height\":{}}},\"up\":[{},{}],\"places\":[",
            mm(grid.sheet.width),
            mm(grid.sheet.height),
            grid.up.0,
            grid.up.1
        );
        line.extend_from_slice(head.as_bytes());
        let sides = [("front", grid.places.as_slice()), ("back", back)];
        let mut first = true;
        for (side, places) in sides {
            for (i, p) in places.iter().enumerate() {
                let place = format!(
                    "{}\n{{\"side\":\"{side}\",\"place\":{},\"x\":{},\"y\":{},\"width\":{},\"height\":{},\"turn\":{}}}",
                    if first { "" } else { "," },
                    i + 1,
                    mm(p.trim.x),
                    mm(p.trim.y),
                    mm(p.trim.width),
                    mm(p.trim.height),
                    p.turn
                );
                first = false;
                line.extend_from_slice(place.as_bytes());
            }
        }
        line.extend_from_slice(b"],\"sheets\":[");
        json.write_all(&line).map_err(|e| cannot(JSON, &e))?;
        Ok(Self { csv, json, sides: 0, across: grid.up.0.max(1), line })
    }

    /// Writes one side of a sheet (from 1).
    pub(super) fn side(&mut self, sheet: u64, side: &str, placed: &[Placed<'_>]) -> Result<(), Diagnostic> {
        self.write_csv(sheet, side, placed).map_err(|e| cannot(CSV, &e))?;
        self.write_json(sheet, side, placed).map_err(|e| cannot(JSON, &e))?;
        self.sides += 1;
        Ok(())
    }

    fn write_csv(&mut self, sheet: u64, side: &str, placed: &[Placed<'_>]) -> csv::Result<()> {
        let mut n = itoa::Buffer::new();
        for p in placed {
            let at = p.place.saturating_sub(1);
            let csv = &mut self.csv;
            csv.write_field(n.format(sheet))?;
            csv.write_field(side)?;
            csv.write_field(n.format(p.place))?;
            csv.write_field(n.format(at % usize::from(self.across) + 1))?;
            csv.write_field(n.format(at / usize::from(self.across) + 1))?;
            csv.write_field(n.format(p.number))?;
            csv.write_field(p.piece)?;
            csv.write_field(n.format(p.page))?;
            csv.write_field(p.source)?;
            csv.write_field(p.row)?;
            csv.write_field(p.file)?;
            csv.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    fn write_json(&mut self, sheet: u64, side: &str, placed: &[Placed<'_>]) -> io::Result<()> {
        let line = &mut self.line;
        line.clear();
        line.extend_from_slice(if self.sides == 0 { b"\n" } else { b",\n" });
        line.extend_from_slice(format!("{{\"sheet\":{sheet},\"side\":\"{side}\",\"placed\":[").as_bytes());
        for (i, p) in placed.iter().enumerate() {
            if i > 0 {
                line.push(b',');
            }
            line.extend_from_slice(format!("{{\"place\":{},\"number\":{},\"piece\":", p.place, p.number).as_bytes());
            text(line, p.piece);
            line.extend_from_slice(format!(",\"page\":{}", p.page).as_bytes());
            if !p.row.is_empty() {
                line.extend_from_slice(b",\"source\":");
                text(line, p.source);
                line.extend_from_slice(b",\"row\":");
                line.extend_from_slice(p.row.as_bytes());
            }
            line.extend_from_slice(b",\"file\":");
            text(line, p.file);
            line.push(b'}');
        }
        line.extend_from_slice(b"]}");
        self.json.write_all(line)
    }

    /// Ends the table; what was made comes behind the sheets.
    pub(super) fn end(mut self) -> Result<(C, Tail<J>), Diagnostic> {
        self.csv.flush().map_err(|e| cannot(CSV, &e))?;
        let csv = self.csv.into_inner().map_err(|e| cannot(CSV, &e.error()))?;
        Ok((csv, Tail { json: self.json, line: self.line }))
    }
}

/// The end of sheets.json.
pub(super) struct Tail<J> {
    json: J,
    line: Vec<u8>,
}

impl<J: Write> Tail<J> {
    /// Writes what the file of sheets and its table are, and which manifest their pages have.
    pub(super) fn end(
        mut self,
        file: &Made,
        (sheets, sides): (u64, u64),
        table: &Made,
        made_by: Option<&str>,
    ) -> Result<J, Diagnostic> {
        let line = &mut self.line;
        line.clear();
        line.extend_from_slice(b"\n],\"file\":{\"name\":");
        text(line, &file.name);
        let rest = format!(
            ",\"sheets\":{sheets},\"sides\":{sides},\"bytes\":{},\"sha256\":\"{}\"}},\"table\":{{\"name\":",
            file.bytes, file.sha256
        );
        line.extend_from_slice(rest.as_bytes());
        text(line, &table.name);
        line.extend_from_slice(format!(",\"bytes\":{},\"sha256\":\"{}\"}}", table.bytes, table.sha256).as_bytes());
        if let Some(digest) = made_by {
            line.extend_from_slice(b",\"manifest\":");
            text(line, digest);
        }
        line.extend_from_slice(b"}\n");
        self.json.write_all(line).map_err(|e| cannot(JSON, &e))?;
        Ok(self.json)
    }
}
