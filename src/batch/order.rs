//! The rows of the unit's table in the order of their postcodes, or of a column such as the sequence of picking.
//!
//! The table is read once to its end beside nothing: each row leaves its place, its postcode and, where its key came before,
//! the row that had it: 40 bytes a row, whatever is in it. The places are sorted, and the run then reads the rows by
//! them. Rows that cannot be read have no postcode; they come first, in the order of the file, and are read in a pass of
//! their own if there are any.

use std::sync::Arc;

use super::job::Job;
use super::post::Post;
use super::survey::{Duplicates, Survey};
use crate::base::Diagnostic;
use crate::data::{Field, Mended, Read, Reader, Record};
use crate::postal::posting::order_key;

/// Behind all others: the cell is empty.
const LAST: u64 = u64::MAX;

/// What a record is ordered by: the value of a cell. Texts are put to `words`, and their number is given.
fn rank(record: &Record, column: usize, words: &mut Vec<String>) -> u64 {
    let signed = |n: i64| n.cast_unsigned() ^ (1 << 63);
    match record.field(column) {
        Field::Missing => LAST,
        Field::Integer(n) => signed(n),
        Field::Bool(b) => u64::from(b),
        Field::Date(d) => signed(i64::from(d.year()) * 10_000 + i64::from(d.month()) * 100 + i64::from(d.day())),
        Field::Number(n) => {
            // IEEE 754 numbers have the order of their bits, but for the sign.
            let bits = n.to_bits();
            if bits >> 63 == 1 { !bits } else { bits ^ (1 << 63) }
        }
        Field::Text(_) | Field::List(_) => {
            words.push(record.text(column).trim().to_owned());
            words.len() as u64 - 1
        }
    }
}

/// Where one row stands in its file.
#[derive(Clone, Copy, Debug)]
struct Place {
    key: u64,
    length: u32,
    ordinal: u64,
    byte: u64,
    row: u32,
    line: u32,
    /// The row that had this row's key before; 0 for none.
    earlier: u32,
    /// What the file has there is not what is read.
    mended: bool,
}

/// Reads rows in the order of their postcodes.
#[derive(Debug)]
pub(super) struct Ordered {
    places: Arc<[Place]>,
    /// A reader of the file from its beginning, for the rows that cannot be read.
    faulty: Option<Reader>,
    reader: Reader,
    /// Rows that were not mended are left out.
    only: Option<Arc<Mended>>,
    from: u64,
    to: u64,
    next: usize,
    rows: u64,
}

/// Rows of a file that are looked at: from and to, counted from 1, and how many at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub from: u64,
    pub to: u64,
    pub limit: u64,
    /// Only rows that were mended.
    pub only_mended: bool,
}

impl Ordered {
    /// Looks the table over.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of(job: &Job, range: Range) -> Result<Self, Vec<Diagnostic>> {
        let one = |d: Diagnostic| vec![d];
        let unit = &job.campaign.tables[job.campaign.unit];
        let mut duplicates = Duplicates::after(Survey::of(unit)?);
        let mended = unit.options.mended.as_deref();
        let only = unit.options.mended.clone().filter(|_| range.only_mended);
        let mut reader = unit.reader()?;
        let mut record = reader.record();
        let mut places: Vec<Place> = Vec::new();
        let (mut seen, mut faulty) = (0u64, false);
        // Of a column of texts, the text of each place; they are ranked when all are there.
        let mut words: Vec<String> = Vec::new();
        // A row ends where the next one begins.
        let mut open: Option<Place> = None;
        let (mut taken, mut to) = (0u64, 0u64);
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let close = |open: &mut Option<Place>, end: u64, places: &mut Vec<Place>| {
            if let Some(mut place) = open.take() {
                place.length = small(end.saturating_sub(place.byte));
                places.push(place);
            }
        };
        loop {
            let read = reader.read(&mut record).map_err(one)?;
            let row = match &read {
                Read::Rejected(reject) => reject.origin.row,
                Read::Row | Read::End => record.origin.row,
            };
            let wanted = seen + 1 >= range.from
                && seen < range.to
                && taken < range.limit
                && only.as_ref().is_none_or(|only| only.has(row));
            let key = match &read {
                Read::End => {
                    close(&mut open, reader.byte(), &mut places);
                    break;
                }
                Read::Row => Some(()),
                Read::Rejected(reject) => {
                    close(&mut open, reject.origin.byte, &mut places);
                    None
                }
            };
            if key.is_some() {
                close(&mut open, record.origin.byte, &mut places);
                let earlier = unit.key.and_then(|key| duplicates.earlier(&record, key)).unwrap_or(0);
                if wanted {
                    let key = match job.campaign.inserts.order {
                        Some(column) => rank(&record, column, &mut words),
                        None => {
                            let post = job.campaign.post.as_ref();
                            let code = post.and_then(|p| Post::postcode(p, &job.tables, &record));
                            u64::from(order_key(code, |code| Post::district(job.post.as_ref(), code)))
                        }
                    };
                    open = Some(Place {
                        key,
                        length: 0,
                        ordinal: record.ordinal,
                        byte: record.origin.byte,
                        row: small(record.origin.row),
                        line: small(record.origin.line),
                        earlier: small(earlier),
                        mended: mended.is_some_and(|m| m.stands_for(record.origin.row)),
                    });
                }
            } else if wanted {
                faulty = true;
            }
            seen += 1;
            if wanted {
                taken += 1;
                to = seen;
            } else if seen >= range.to || taken >= range.limit {
                // What is behind the range matters to nothing but the end of its last row.
                if open.is_none() {
                    break;
                }
            }
        }
        if !words.is_empty() {
            let mut sorted: Vec<&str> = words.iter().map(String::as_str).collect();
            sorted.sort_unstable();
            sorted.dedup();
            for place in places.iter_mut().filter(|p| p.key != LAST) {
                let word = words.get(place.key as usize).map_or("", String::as_str);
                place.key = sorted.binary_search(&word).map_or(LAST, |at| at as u64);
            }
        }
        places.shrink_to_fit();
        places.sort_unstable_by_key(|p| (p.key, p.ordinal));
        let places: Arc<[Place]> = places.into();
        let slices = Arc::clone(&places);
        let mut at = 0;
        let next = move || {
            while slices.get(at).is_some_and(|place| place.mended) {
                at += 1;
            }
            let place = slices.get(at)?;
            at += 1;
            Some((place.byte, place.length))
        };
        let reader = unit.reader()?.in_order(Box::new(next)).map_err(one)?;
        let faulty = if faulty { Some(unit.reader()?) } else { None };
        Ok(Self { places, faulty, reader, only, from: range.from, to, next: 0, rows: taken })
    }

    /// Rows that will be read.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Reads the next row; the second value is the row that had its key before.
    ///
    /// # Errors
    /// The file cannot be read further, or has changed.
    pub fn read(&mut self, record: &mut Record) -> Result<(Read, Option<u64>), Diagnostic> {
        while let Some(reader) = &mut self.faulty {
            let past = reader.rows_read();
            if past >= self.to {
                self.faulty = None;
                break;
            }
            match reader.read(record)? {
                Read::End => self.faulty = None,
                Read::Row => {}
                Read::Rejected(_) if past + 1 < self.from => {}
                Read::Rejected(reject) if self.only.as_ref().is_some_and(|only| !only.has(reject.origin.row)) => {}
                rejected @ Read::Rejected(_) => return Ok((rejected, None)),
            }
        }
        let place = self.places.get(self.next);
        let read = match place.filter(|place| place.mended) {
            Some(place) => self.reader.read_mended(u64::from(place.row), record)?,
            None => self.reader.read(record)?,
        };
        if read == Read::End {
            return Ok((read, None));
        }
        let changed = || {
            Diagnostic::error("file-changed", format!("{} changed while it was read", record.origin.file))
                .help("run again when nothing writes to it")
        };
        let place = self.places.get(self.next).ok_or_else(changed)?;
        if !matches!(read, Read::Row) {
            return Err(changed());
        }
        self.next += 1;
        record.ordinal = place.ordinal;
        record.origin.row = u64::from(place.row);
        record.origin.line = u64::from(place.line);
        record.origin.byte = place.byte;
        Ok((read, Some(u64::from(place.earlier)).filter(|e| *e > 0)))
    }
}
