//! A first look over the table that pieces are made for: how many rows it has, and which keys occur twice.
//!
//! The second row with a key is rejected: its piece would be a second letter to the same person, with a second
//! coupon. Remembering every key would take memory that grows with the file, so the first reading passes keys
//! through a Bloom filter of fixed size (B. H. Bloom, 1970): what it has surely not seen before is unique. What
//! is left, true duplicates and a few that only look so, is few enough to be judged exactly in the second
//! reading, the run itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::Diagnostic;
use crate::campaign::tables::TableDef;
use crate::data::{Reader, Record};

/// Words of the filter: 8 MiB. At a million keys a false alarm is rarer than 1 in 10¹⁰, at ten million 1 in 40.
const WORDS: usize = 1 << 20;
/// Bits for each key.
const BITS: u32 = 6;

/// What the first reading found.
#[derive(Debug, Default)]
pub struct Survey {
    /// Rows of the file, good and bad.
    pub rows: u64,
    /// Hashes of keys that may occur twice.
    suspects: FxHashSet<u64>,
}

impl Survey {
    /// Reads the table once. A table without a key has no duplicates.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of(def: &TableDef) -> Result<Self, Vec<Diagnostic>> {
        Self::read(def.reader()?, def.key.is_some(), &AtomicBool::new(false)).map_err(|d| vec![d])
    }

    fn read(mut reader: Reader, keyed: bool, stop: &AtomicBool) -> Result<Self, Diagnostic> {
        let mut record = reader.record();
        let mut key = String::new();
        let mut filter = vec![0u64; if keyed { WORDS } else { 0 }];
        let mut survey = Self::default();
        while !stop.load(Ordering::Relaxed) && reader.skim(&mut record, &mut key)? {
            survey.rows += 1;
            if keyed && !key.is_empty() {
                let hash = hash(&key);
                if !add(&mut filter, hash) {
                    survey.suspects.insert(hash);
                }
            }
        }
        Ok(survey)
    }
}

/// Notes a key; whether it was surely new.
fn add(filter: &mut [u64], hash: u64) -> bool {
    let mut new = false;
    // Double hashing (Kirsch and Mitzenmacher, 2006): the halves of one hash make all probes.
    let (mut at, step) = (hash, hash.rotate_left(32) | 1);
    for _ in 0..BITS {
        let bit = at % (WORDS as u64 * 64);
        let (word, mask) = ((bit / 64) as usize, 1 << (bit % 64));
        new |= filter[word] & mask == 0;
        filter[word] |= mask;
        at = at.wrapping_add(step);
    }
    new
}

/// FNV-1a with a final mix: the same on every machine. Keys are compared as texts where it matters.
fn hash(key: &str) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for b in key.bytes() {
        h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h ^ (h >> 33)
}

/// Judges keys in the second reading. The first reading may still be under way on a thread of its own: until
/// it ends, every key is remembered, afterwards only those that may occur twice. What is told is the same.
#[derive(Debug, Default)]
pub struct Duplicates {
    under_way: Option<UnderWay>,
    suspects: FxHashSet<u64>,
    /// The first row of each remembered key.
    seen: FxHashMap<String, u64>,
}

/// A first reading on a thread of its own; it ends early when dropped.
#[derive(Debug)]
struct UnderWay {
    thread: Option<JoinHandle<Result<Survey, Diagnostic>>>,
    stop: Arc<AtomicBool>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Duplicates {
    /// After a first reading that has ended.
    #[must_use]
    pub fn after(survey: Survey) -> Self {
        Self { suspects: survey.suspects, ..Self::default() }
    }

    /// Begins the first reading beside the second.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn beside(def: &TableDef) -> Result<Self, Vec<Diagnostic>> {
        let (reader, keyed) = (def.reader()?, def.key.is_some());
        let stop = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&stop);
        let thread = std::thread::Builder::new().spawn(move || Survey::read(reader, keyed, &ends));
        match thread {
            Ok(thread) => Ok(Self { under_way: Some(UnderWay { thread: Some(thread), stop }), ..Self::default() }),
            // A machine that gives no thread: read first, then run.
            Err(_) => Survey::of(def).map(Self::after),
        }
    }

    /// The number of rows, once, as soon as the first reading has ended.
    ///
    /// # Errors
    /// The file could not be read to its end.
    pub fn settle(&mut self) -> Result<Option<u64>, Diagnostic> {
        let ended = |u: &UnderWay| u.thread.as_ref().is_some_and(JoinHandle::is_finished);
        if !self.under_way.as_ref().is_some_and(ended) {
            return Ok(None);
        }
        let Some(thread) = self.under_way.take().and_then(|mut u| u.thread.take()) else { return Ok(None) };
        let survey = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        self.suspects = survey.suspects;
        let suspects = &self.suspects;
        self.seen.retain(|key, _| suspects.contains(&hash(key)));
        Ok(Some(survey.rows))
    }

    /// The row that had this record's key before, if one had. Must be asked for every row in order.
    pub fn earlier(&mut self, record: &Record, key: usize) -> Option<u64> {
        let text = record.text(key);
        if self.under_way.is_none() && !self.suspects.contains(&hash(text)) {
            return None;
        }
        if let Some(row) = self.seen.get(text) {
            return Some(*row);
        }
        self.seen.insert(text.to_owned(), record.origin.row);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_new_once() {
        let mut filter = vec![0; WORDS];
        let mut alarms = 0;
        for n in 0..200_000 {
            alarms += u32::from(!add(&mut filter, hash(&format!("C{n:07}"))));
        }
        assert_eq!(alarms, 0, "a false alarm is rarer than that");
        for n in 0..200_000 {
            assert!(!add(&mut filter, hash(&format!("C{n:07}"))), "C{n:07} again is told");
        }
    }
}
