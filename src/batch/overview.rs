//! The look over all records that comes before the first decision, for campaigns that ask for one piece a household,
//! lists of households, or arms within segments (and the place for a budget): on all cores, with the same result for any
//! number of them. [`crate::decide::standing`] says what is kept of a record.

use super::bunch::{Bunch, ROWS, Row};
use super::order::Range;
use super::pipeline::Source;
use super::sequencer::{self, Steps, Window};
use crate::base::Diagnostic;
use crate::campaign::tables::TableDef;
use crate::data::Record;
use crate::decide::standing::{Looked, Overview};
use crate::decide::{Decider, Scratch};

/// Rows, and what a look at each found.
#[derive(Debug, Default)]
struct Seen {
    rows: Bunch,
    /// With the ordinals of the records.
    looked: Vec<(u64, Looked)>,
}

struct Looking<'a> {
    decider: &'a Decider,
    blank: Record,
}

impl Steps<Seen, Scratch, Diagnostic> for Looking<'_> {
    fn buffer(&self) -> Seen {
        let rows = (0..ROWS).map(|_| Row::new(self.blank.clone())).collect();
        Seen { rows: Bunch { rows, ..Bunch::default() }, looked: Vec::with_capacity(ROWS) }
    }

    fn worker(&self) -> Scratch {
        Scratch::default()
    }

    fn work(&self, scratch: &mut Scratch, seen: &mut Seen) {
        seen.looked.clear();
        for row in &seen.rows.rows[..seen.rows.filled] {
            // A row that cannot be read, or whose key came before, takes nothing from anybody.
            if row.unreadable.is_none() && row.reasons.is_empty() {
                seen.looked.push((row.record.ordinal, self.decider.look(&row.record, scratch)));
            }
        }
    }
}

/// Looks all records over, if the campaign asks for it.
///
/// # Errors
/// The unit's table cannot be read.
pub(super) fn look_over(unit: &TableDef, decider: &mut Decider) -> Result<(), Vec<Diagnostic>> {
    let Some(asked) = decider.asks_for_a_look() else { return Ok(()) };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let mut source = Source::of_file(unit, threads, Range::new(None, None), |_| {})?;
    let mut overview = Overview::new(asked);
    let steps = Looking { decider, blank: unit.reader()?.record() };
    sequencer::run(
        Window::for_threads(threads),
        &steps,
        |seen: &mut Seen| {
            source.settle()?;
            source.fill(&mut seen.rows)
        },
        |seen| {
            seen.looked.iter().for_each(|(ordinal, looked)| overview.add(*ordinal, looked));
            Ok(())
        },
    )
    .map_err(|d| vec![d])?;
    decider.settle(overview);
    Ok(())
}
