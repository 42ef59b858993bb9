//! Sheets that go into parcels: which records share one, and the list of leaflets to add.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::bunch::Row;
use super::context::Contexts;
use super::job::Job;
use crate::base::{Diagnostic, Place};
use crate::data::{Read, Record};
use crate::decide::Scratch;
use crate::decide::decision::Outcome;
use crate::ledger::{Made, Output, Outputs};

/// Records that get no piece because an earlier one of the same parcel (or of the same order) gets one.
#[derive(Debug, Default)]
pub struct Merged {
    /// By ordinal.
    records: FxHashSet<u64>,
    cause: Option<Arc<str>>,
}

impl Merged {
    /// Decides for all records once, in the order of the file; nothing to do without `[inserts] one_per`.
    ///
    /// # Errors
    /// The table cannot be read.
    pub(super) fn of(job: &Job) -> Result<Self, Vec<Diagnostic>> {
        let Some((column, name)) = &job.campaign.inserts.one_per else { return Ok(Self::default()) };
        let mut reader = job.campaign.tables[job.campaign.unit].reader()?;
        let mut record = reader.record();
        let mut scratch = Scratch::default();
        let mut records = FxHashSet::default();
        // Whether a piece is made for a value; keys come once in a sound table, and a second row of one is no piece.
        let mut made: FxHashMap<String, String> = FxHashMap::default();
        let key = job.campaign.tables[job.campaign.unit].key;
        loop {
            match reader.read(&mut record).map_err(|d| vec![d])? {
                Read::End => break,
                Read::Rejected(_) => continue,
                Read::Row => {}
            }
            let value = record.text(*column).trim().to_owned();
            if value.is_empty() || !job.keys().admits(&mut record) {
                continue;
            }
            let own = key.map_or(String::new(), |key| record.text(key).to_owned());
            if let Some(first) = made.get(&value) {
                if key.is_none() || *first != own {
                    records.insert(record.ordinal);
                }
                continue;
            }
            let decided = job.decider.decide(&record, record.number(), &mut scratch);
            if decided.is_ok_and(|d| d.outcome == Outcome::Print) {
                made.insert(value, own);
            }
        }
        Ok(Self { records, cause: Some(format!("one piece for each {name}").into()) })
    }

    /// Why the record gets no piece of its own.
    pub(super) fn cause(&self, record: &Record) -> Option<&Arc<str>> {
        self.cause.as_ref().filter(|_| self.records.contains(&record.ordinal))
    }
}

/// Notes the leaflets of the record whose context was built last.
pub(super) fn note_leaflets(job: &Job, contexts: &Contexts, row: &mut Row) {
    let Some(leaflets) = job.campaign.inserts.leaflets else { return };
    let table = job.campaign.lists.lists.get(leaflets.list).and_then(|l| job.tables.get(l.table)?.as_ref());
    let Some(table) = table else { return };
    for at in contexts.rows_of_list(leaflets.list) {
        let text = |column| table.text(*at, column).trim().to_owned();
        row.leaflets.push([text(leaflets.name), text(leaflets.bin)]);
    }
}

/// The list of leaflets.
const LEAFLETS: &str = "leaflets.csv";

/// Writes `leaflets.csv`: for each printed piece, in the order of the pieces, which leaflets to add and where they lie.
pub(super) struct LeafletFile {
    csv: csv::Writer<Output>,
    /// Number of the piece in the output, from 1.
    number: u64,
}

impl LeafletFile {
    pub fn begin(outputs: &mut Outputs) -> Result<Self, Diagnostic> {
        let mut csv = csv::Writer::from_writer(outputs.create(LEAFLETS)?);
        csv.write_record(["number", "piece", "key", "leaflet", "bin"]).map_err(cannot)?;
        Ok(Self { csv, number: 0 })
    }

    /// Adds a printed row; `key` is the column of its key.
    pub fn add(&mut self, row: &Row, key: Option<usize>) -> Result<(), Diagnostic> {
        self.number += 1;
        let number = self.number.to_string();
        let key = key.map_or("", |key| row.record.text(key));
        for [leaflet, bin] in &row.leaflets {
            self.csv.write_record([number.as_str(), &row.piece, key, leaflet, bin]).map_err(cannot)?;
        }
        Ok(())
    }

    pub fn end(self, outputs: &mut Outputs, made: &mut Vec<Made>) -> Result<(), Diagnostic> {
        let out = self.csv.into_inner().map_err(|e| told(e.error().kind()))?;
        made.push(outputs.finish(out)?);
        Ok(())
    }
}

fn cannot(fault: csv::Error) -> Diagnostic {
    told(std::io::Error::from(fault).kind())
}

fn told(kind: std::io::ErrorKind) -> Diagnostic {
    Diagnostic::error("cannot-write", format!("{LEAFLETS} cannot be written: {kind}"))
        .at(Place::File(LEAFLETS.to_owned()), "")
}
