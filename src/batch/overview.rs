//! A way through all records before the first decision, for campaigns that ask for what one record alone does not tell:
//! households, arms within segments, budgets, quantiles of everybody. On all cores, with the same result for any number of
//! them. [`crate::decide::ways`] says what is found out, and what is kept of a record.
//!
//! It reads the whole table whatever part of it is printed, so that a part, an insert and a reprint come to what the whole
//! run comes to.

use super::bunch::{Bunch, ROWS, Row};
use super::order::Range;
use super::pipeline::Source;
use super::sequencer::{self, Steps, Window};
use super::strays::Keys;
use crate::base::Diagnostic;
use crate::data::Record;
use crate::decide::ways::{Found, Way};
use crate::decide::{Decider, Scratch};

/// Rows, and what was found in them.
#[derive(Debug)]
struct Seen {
    rows: Bunch,
    found: Found,
}

struct Looking<'a> {
    keys: Keys<'a>,
    decider: &'a Decider,
    way: Way,
    blank: Record,
}

impl Steps<Seen, Scratch, Diagnostic> for Looking<'_> {
    fn buffer(&self) -> Seen {
        let rows = (0..ROWS).map(|_| Row::new(self.blank.clone())).collect();
        Seen { rows: Bunch { rows, ..Bunch::default() }, found: Found::default() }
    }

    fn worker(&self) -> Scratch {
        Scratch::default()
    }

    fn work(&self, scratch: &mut Scratch, seen: &mut Seen) {
        seen.found = self.decider.nothing_found(self.way);
        for row in &mut seen.rows.rows[..seen.rows.filled] {
            // A row that cannot be used, or whose key came before, takes nothing from anybody.
            if row.unreadable.is_none() && row.reasons.is_empty() && self.keys.admits(&mut row.record) {
                self.decider.find(self.way, &row.record, scratch, &mut seen.found);
            }
        }
    }
}

/// Goes one way through all rows of the unit's table.
///
/// # Errors
/// The table cannot be read.
pub(super) fn go(keys: Keys<'_>, way: Way, decider: &mut Decider) -> Result<(), Vec<Diagnostic>> {
    let unit = &keys.campaign.tables[keys.campaign.unit];
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let mut source = Source::of_file(unit, threads, Range::new(None, None), |_| {})?;
    let mut gathered = decider.nothing_gathered(way);
    let steps = Looking { keys, decider, way, blank: unit.reader()?.record() };
    sequencer::run(
        Window::for_threads(threads),
        &steps,
        |seen: &mut Seen| {
            source.settle()?;
            source.fill(&mut seen.rows)
        },
        |seen| {
            gathered.take(std::mem::take(&mut seen.found));
            Ok(())
        },
    )
    .map_err(|d| vec![d])?;
    decider.settle(gathered);
    Ok(())
}
