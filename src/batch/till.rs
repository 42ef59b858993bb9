//! The codes of pools, held against the symbols that tills are to read them from, before anything is made.

use super::job::Job;
use crate::barcode::qr;
use crate::base::{Diagnostic, Place};
use crate::campaign::till::{help, judge};

/// Codes of a pool that are looked at: those behind them are judged on their pieces, which are rejected for it.
const LOOKED_AT: usize = 10_000;
/// So many of a pool's codes are told one by one.
const TOLD: usize = 5;

/// Every code that its symbol cannot hold.
#[must_use]
pub(super) fn pools(job: &Job) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut scratch = qr::Scratch::default();
    for pool in job.decider.pool_symbols() {
        let Some(table) = job.tables.get(pool.table).and_then(Option::as_deref) else { continue };
        let wrong = (0u32..).zip(pool.values.take(LOOKED_AT)).filter_map(|(row, value)| {
            let fault = judge(pool.kind, &value, &mut scratch).err()?;
            let column = table.schema().columns.get(pool.column).map(|c| c.name.to_string());
            let place = Place::Cell { origin: table.origin(row), column };
            let message =
                format!("a `{}` cannot hold this code of the coupon `{}`: {fault}", pool.kind.name(), pool.id);
            Some(
                Diagnostic::error("coupon-symbol", message)
                    .at(place, "this code")
                    .help(format!("mend the code, or: {}", help(pool.kind))),
            )
        });
        faults.extend(wrong.take(TOLD));
    }
    faults
}
