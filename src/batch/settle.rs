//! The first way through the rows, where a budget is short: everybody is weighed before anybody is printed.
//!
//! It reads the whole table whatever part of it is printed, so that a part, an insert and a reprint come to what the whole
//! run comes to.

use super::bunch::{Bunch, ROWS, Row};
use super::order::Range;
use super::pipeline::Source;
use super::sequencer::{self, Steps, Window};
use super::summary::{counted, grouped};
use crate::base::Diagnostic;
use crate::campaign::Campaign;
use crate::data::Record;
use crate::decide::award::Tally;
use crate::decide::{Decider, Scratch};

struct Noting<'a> {
    decider: &'a Decider,
    blank: Record,
}

impl Steps<Bunch, Scratch, Diagnostic> for Noting<'_> {
    fn buffer(&self) -> Bunch {
        Bunch { rows: (0..ROWS).map(|_| Row::new(self.blank.clone())).collect(), ..Bunch::default() }
    }

    fn worker(&self) -> Scratch {
        Scratch::default()
    }

    fn work(&self, scratch: &mut Scratch, bunch: &mut Bunch) {
        let mut tally = self.decider.tally();
        for row in &bunch.rows[..bunch.filled] {
            if row.unreadable.is_none() && row.reasons.is_empty() {
                self.decider.note(&row.record, row.record.number(), scratch, &mut tally);
            }
        }
        bunch.tally = Some(tally);
    }
}

/// Settles what the campaign is short of.
///
/// # Errors
/// The table cannot be read.
pub fn settle(campaign: &Campaign, decider: &mut Decider) -> Result<(), Vec<Diagnostic>> {
    if !campaign.plan.needs_settling() {
        return Ok(());
    }
    let threads = rayon::current_num_threads();
    let unit = &campaign.tables[campaign.unit];
    let mut source = Source::of_file(unit, threads, Range::new(None, None), |_| {})?;
    let steps = Noting { decider, blank: unit.reader()?.record() };
    let mut all: Tally = decider.tally();
    sequencer::run(
        Window::for_threads(threads),
        &steps,
        |bunch| {
            source.settle()?;
            source.fill(bunch)
        },
        |bunch| {
            if let Some(tally) = bunch.tally.take() {
                all.append(tally);
            }
            Ok(())
        },
    )
    .map_err(|d| vec![d])?;
    decider.award(all);
    Ok(())
}

/// What the budgets came to, in lines for the closing sheet.
#[must_use]
pub fn told(decider: &Decider) -> Vec<String> {
    let Some(settled) = decider.settled() else { return Vec::new() };
    let mut lines = Vec::new();
    if decider.is_budgeted() {
        let yen = |n: Option<i64>| n.map_or_else(|| "-".to_owned(), signed);
        lines.push(format!(
            "budget: {} of {} wanted, {} yen; lowest in {}, highest out {}; {} yen expected, {} yen left out",
            counted(settled.pieces, "piece"),
            grouped(settled.wanted),
            grouped(settled.yen),
            yen(settled.lowest_in),
            yen(settled.highest_out),
            signed(settled.margin_in),
            signed(settled.margin_out)
        ));
    }
    for ((id, is_short), count) in decider.coupon_ids().zip(&settled.coupons) {
        if is_short {
            lines.push(format!(
                "coupon {id}: {} given, {} yen at most, {} without",
                grouped(count.given),
                grouped(count.yen),
                grouped(count.without)
            ));
        }
    }
    lines
}

/// With its sign and grouped by thousands.
fn signed(n: i64) -> String {
    let digits = grouped(n.unsigned_abs());
    if n < 0 { format!("-{digits}") } else { digits }
}
