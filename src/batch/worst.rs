//! The worst records of a campaign, found so that nobody has to guess them: the longest value of each column
//! that the template prints, empty cells, the rarest characters, one of each segment and coupon, no store
//! near, an empty slot.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::job::Job;
use crate::base::Diagnostic;
use crate::data::schema::Kind;
use crate::data::{Read, Record};
use crate::decide::Scratch;
use crate::decide::decision::{Decision, Outcome};

/// A record worth looking at, with all reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Ordinal of the record in its table, from 0.
    pub ordinal: u64,
    pub reasons: Vec<String>,
}

/// How many records are shown for their rare characters.
const RARE: usize = 3;

/// Reads all records twice and chooses. Only records that would be printed count.
///
/// # Errors
/// The unit's table cannot be read.
pub fn worst(job: &Job) -> Result<Vec<Chosen>, Vec<Diagnostic>> {
    let unit = &job.campaign.tables[job.campaign.unit];
    let uses = job.campaign.piece.template.uses();
    let columns: Vec<usize> = unit
        .schema
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| matches!(c.kind, Kind::Text | Kind::Postcode) && uses.may_read(&c.name))
        .map(|(i, _)| i)
        .collect();
    let mut chosen: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let mut longest: Vec<(usize, u64)> = vec![(0, 0); columns.len()];
    let mut empty: Vec<Option<u64>> = vec![None; columns.len()];
    let mut firsts: BTreeMap<String, u64> = BTreeMap::new();
    let mut most: (usize, u64) = (0, 0);
    let mut counts: FxHashMap<char, u64> = FxHashMap::default();
    each(job, |record, decision| {
        let at = record.ordinal;
        let mut all = 0;
        for (n, column) in columns.iter().enumerate() {
            let text = record.text(*column).trim();
            let width = width(text);
            all += width;
            if width > longest[n].0 {
                longest[n] = (width, at);
            }
            if width == 0 {
                empty[n].get_or_insert(at);
            }
            for c in text.chars() {
                *counts.entry(c).or_default() += 1;
            }
        }
        if all > most.0 {
            most = (all, at);
        }
        let mut first = |what: String| {
            firsts.entry(what).or_insert(at);
        };
        if let Some(segment) = &decision.segment {
            first(format!("segment {segment}"));
        }
        if let Some(arm) = &decision.arm {
            first(format!("arm {arm}"));
        }
        for coupon in &decision.coupons {
            first(format!("coupon {}", coupon.id));
        }
        if decision.coupons.is_empty() && job.campaign.plan.has_coupons() {
            first("no coupon".to_owned());
        }
        if decision.store.is_none() && job.campaign.plan.stores().is_some() {
            first("no store near".to_owned());
        }
        for slot in decision.slots.iter().filter(|s| s.product.is_none()) {
            first(format!("empty slot {}", slot.name));
        }
        for slot in &decision.slots {
            first(format!("a slot filled by {}", slot.by));
        }
    })?;
    let name = |column: usize| &unit.schema.columns[column].name;
    for (n, (width, at)) in longest.iter().enumerate() {
        if *width > 0 {
            chosen.entry(*at).or_default().push(format!("longest {}", name(columns[n])));
        }
    }
    if most.0 > 0 {
        chosen.entry(most.1).or_default().push("most text".to_owned());
    }
    for (n, at) in empty.iter().enumerate() {
        if let Some(at) = at {
            chosen.entry(*at).or_default().push(format!("empty {}", name(columns[n])));
        }
    }
    for (what, at) in firsts {
        chosen.entry(at).or_default().push(what);
    }
    // A record is as rare as its rarest character; ties go to the earlier record.
    let mut rarest: Vec<(u64, u64, char)> = Vec::new();
    each(job, |record, _| {
        let rare = columns
            .iter()
            .flat_map(|c| record.text(*c).trim().chars())
            .map(|c| (counts.get(&c).copied().unwrap_or(0), c))
            .min();
        if let Some((count, c)) = rare {
            rarest.push((count, record.ordinal, c));
            rarest.sort_unstable();
            rarest.truncate(RARE);
        }
    })?;
    for (count, at, c) in rarest {
        let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
        chosen.entry(at).or_default().push(format!("rare character U+{:04X} ({times})", u32::from(c)));
    }
    Ok(chosen.into_iter().map(|(ordinal, reasons)| Chosen { ordinal, reasons }).collect())
}

/// Calls `look` for each record that would be printed.
fn each(job: &Job, mut look: impl FnMut(&Record, &Decision)) -> Result<(), Vec<Diagnostic>> {
    let mut reader = job.campaign.tables[job.campaign.unit].reader()?;
    let mut record = reader.record();
    let mut scratch = Scratch::default();
    loop {
        match reader.read(&mut record).map_err(|d| vec![d])? {
            Read::End => return Ok(()),
            Read::Rejected(_) => {}
            Read::Row if !job.keys().admits(&mut record) => {}
            Read::Row => {
                if let Ok(decision) = job.decider.decide(&record, record.number(), &mut scratch)
                    && decision.outcome == Outcome::Print
                {
                    look(&record, &decision);
                }
            }
        }
    }
}

/// Roughly how wide a text is set: Western letters count one, all others two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) < 0x2E80 { 1 } else { 2 }).sum()
}

/// The record with this key in the unit's table, or the reasons why it cannot be used.
///
/// # Errors
/// The table cannot be read, has no such key, or the row is faulty.
pub fn find(job: &Job, wanted: &str) -> Result<Record, Vec<Diagnostic>> {
    let def = &job.campaign.tables[job.campaign.unit];
    let Some(key) = def.key else {
        return Err(vec![
            Diagnostic::error("table-no-key", format!("{} has no key to find a row by", def.label))
                .help(format!("write `key = \"…\"` in [tables.{}]", def.name)),
        ]);
    };
    let mut reader = def.reader()?;
    let mut record = reader.record();
    loop {
        match reader.read(&mut record).map_err(|d| vec![d])? {
            Read::End => {
                let one = job.campaign.unit_name();
                return Err(vec![
                    Diagnostic::error("no-such-key", format!("there is no {one} `{wanted}`"))
                        .at(crate::base::Place::File(def.label.clone()), ""),
                ]);
            }
            Read::Row if record.text(key).trim() == wanted => return Ok(record),
            Read::Row => {}
            Read::Rejected(reject) => {
                if def.key_cell.and_then(|cell| reject.cells.get(cell)).is_some_and(|c| c.trim() == wanted) {
                    return Err(reject.diagnostics().collect());
                }
            }
        }
    }
}
