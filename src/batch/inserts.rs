//! Sheets that go into parcels: which records share one, and the list of leaflets to add.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::bunch::Row;
use super::context::Contexts;
use super::job::Job;
use crate::base::{Diagnostic, Place};
use crate::data::{Read, Record};
use crate::decide::Scratch;
use crate::decide::decision::{Decision, Outcome};
use crate::ledger::{Made, Output, Outputs};

/// Records that get no piece because an earlier one of the same parcel (or of the same order) gets one.
#[derive(Debug, Default)]
pub struct Merged {
    /// By ordinal.
    records: FxHashMap<u64, Arc<str>>,
    /// By the ordinal of a record that gets a piece: the rows of leaflets that go with the others in its parcel.
    leaflets: FxHashMap<u64, Vec<u32>>,
}

impl Merged {
    /// Decides for all records once, in the order of the file; nothing to do without `[inserts] one_per`.
    ///
    /// # Errors
    /// The table cannot be read.
    pub(super) fn of(job: &Job) -> Result<Self, Vec<Diagnostic>> {
        let columns = &job.campaign.inserts.one_per;
        if columns.is_empty() {
            return Ok(Self::default());
        }
        let causes: Vec<Arc<str>> =
            columns.iter().map(|(_, name)| format!("one piece for each {name}").into()).collect();
        let mut reader = job.campaign.tables[job.campaign.unit].reader()?;
        let mut record = reader.record();
        let mut scratch = Scratch::default();
        let mut records = FxHashMap::default();
        let mut leaflets: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        let by_rules = job.campaign.inserts.leaflets.is_some_and(|l| l.list.is_none());
        // By column: for which values a piece is made, and the key and the ordinal of its record; keys come once in a sound
        // table, and a second row of one is no piece.
        let mut made: Vec<FxHashMap<String, (String, u64)>> = columns.iter().map(|_| FxHashMap::default()).collect();
        let key = job.campaign.tables[job.campaign.unit].key;
        loop {
            match reader.read(&mut record).map_err(|d| vec![d])? {
                Read::End => break,
                Read::Rejected(_) => continue,
                Read::Row => {}
            }
            let values: Vec<String> = columns.iter().map(|(c, _)| record.text(*c).trim().to_owned()).collect();
            if values.iter().all(String::is_empty) || !job.keys().admits(&mut record) {
                continue;
            }
            let own = key.map_or(String::new(), |key| record.text(key).to_owned());
            // A cancelled order covers nothing, and shares no sheet.
            let decided = job.decider.decide(&record, record.number(), &mut scratch);
            let Some(decision) = decided.ok().filter(|d| d.outcome == Outcome::Print) else { continue };
            let shared = (0..).zip(values.iter().zip(&made)).find_map(|(n, (value, made)): (usize, _)| {
                made.get(value).filter(|_| !value.is_empty()).map(|first| (n, first))
            });
            // The sheet lies in the parcel of the first column: it covers what else lies there. One that lies elsewhere covers
            // only what it names.
            let lies_with = match shared {
                Some((n, (first, ordinal))) => {
                    if key.is_none() || *first != own {
                        records.extend(causes.get(n).map(|cause| (record.ordinal, Arc::clone(cause))));
                    }
                    if n > 0 {
                        continue;
                    }
                    if by_rules {
                        let rows = job.decider.judge(&record, &decision);
                        leaflets.entry(*ordinal).or_default().extend(rows.leaflets());
                    }
                    (first.clone(), *ordinal)
                }
                None => (own, record.ordinal),
            };
            for (value, made) in values.into_iter().zip(&mut made).filter(|(v, _)| !v.is_empty()) {
                made.entry(value).or_insert_with(|| lies_with.clone());
            }
        }
        Ok(Self { records, leaflets })
    }

    /// Why the record gets no piece of its own.
    #[must_use]
    pub fn cause(&self, record: &Record) -> Option<&Arc<str>> {
        self.records.get(&record.ordinal)
    }

    /// Takes the piece away from a record that shares another's, with what would have stood on it: no coupon is issued.
    pub fn settle(&self, record: &Record, decision: &mut Decision) {
        let Some(cause) = self.cause(record).filter(|_| decision.outcome == Outcome::Print) else { return };
        decision.outcome = Outcome::Suppressed { cause: Arc::clone(cause) };
        decision.slots.clear();
        decision.coupons.clear();
        (decision.arm, decision.store) = (None, None);
    }
}

/// Notes the leaflets of the record whose context was built last.
pub(super) fn note_leaflets(job: &Job, contexts: &Contexts, decision: &Decision, row: &mut Row) {
    let Some(leaflets) = job.campaign.inserts.leaflets else { return };
    let Some(Some(table)) = job.tables.get(leaflets.table) else { return };
    let leaflet = |at: u32| [leaflets.name, leaflets.bin].map(|column| table.text(at, column).trim().to_owned());
    match leaflets.list {
        Some(list) => row.leaflets.extend(contexts.rows_of_list(list).iter().map(|at| leaflet(*at))),
        None => {
            let mut rows: Vec<u32> = job.decider.judge(&row.record, decision).leaflets().collect();
            if let Some(others) = job.merged.leaflets.get(&row.record.ordinal) {
                rows.extend(others);
                rows.sort_unstable();
                rows.dedup();
            }
            row.leaflets.extend(rows.into_iter().map(leaflet));
        }
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
