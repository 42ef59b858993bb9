//! The closing sheet: what was read, what became of it, what was made. Without times, so that it is the same
//! for the same inputs.

use std::fmt::Write as _;

use super::commit::Finished;
use super::returned::GivenBack;
use crate::base::Share;
use crate::campaign::Campaign;
use crate::decide::Decider;
use crate::ledger::Totals;
use crate::ledger::segments::percent;

/// How a finished run is to be judged: the exit codes 0 and 1. A run that made nothing is an error and not a
/// verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Made, and no more rejects than the campaign allows.
    Made,
    /// Made, but with more rejects than the campaign allows.
    TooManyRejects,
}

impl Verdict {
    #[must_use]
    pub fn of(totals: &Totals, allowed: Share) -> Self {
        if allowed.holds(totals.rejected, totals.read) { Self::Made } else { Self::TooManyRejects }
    }
}

/// The one line in which the books close.
#[must_use]
pub fn books(t: &Totals) -> String {
    let over = if t.over_budget > 0 { format!(" + over budget {}", grouped(t.over_budget)) } else { String::new() };
    format!(
        "read {} = printed {} + held out {} + suppressed {}{over} + rejected {}",
        grouped(t.read),
        grouped(t.printed),
        grouped(t.held_out),
        grouped(t.suppressed),
        grouped(t.rejected)
    )
}

/// The closing sheet as text.
#[must_use]
pub fn closing(campaign: &Campaign, finished: &Finished, budgets: &[String]) -> String {
    let t = &finished.totals;
    let mut out = String::new();
    let _ = writeln!(out, "{}  {}", campaign.id, campaign.title);
    let _ = writeln!(out, "as of {}, posted {}\n", campaign.as_of, campaign.posting_date);
    let _ = writeln!(out, "{}", books(t));
    for (cause, n) in &t.held_out_by {
        let _ = writeln!(out, "  held out:   {:>9}  {cause}", grouped(*n));
    }
    for (cause, n) in &t.suppressed_by {
        let _ = writeln!(out, "  suppressed: {:>9}  {cause}", grouped(*n));
    }
    for (code, n) in &t.rejected_by {
        let _ = writeln!(out, "  rejected:   {:>9}  {code}", grouped(*n));
    }
    for (what, n) in &t.noted {
        let _ = writeln!(out, "  noted:      {:>9}  {what}", grouped(*n));
    }
    if !t.noted.is_empty() {
        let _ = writeln!(out, "  the pieces with notes are in notes.csv");
    }
    for line in budgets {
        let _ = writeln!(out, "  {line}");
    }
    if t.rejected > 0 {
        let _ = writeln!(out, "  the rejected rows, with reasons, are in rejects.csv");
    }
    for GivenBack { rows, label, sheet, kept } in &finished.given_back {
        let what = if *kept { "with keys that lead nowhere" } else { "left out of a joined table" };
        let _ = writeln!(out, "  {what}: {} of {label}, in {sheet}", counted(*rows, "row"));
    }
    segments(&mut out, t);
    if !t.segments.is_empty() || !t.rfm.is_empty() {
        let cells = if t.rfm.is_empty() { "" } else { ", and the cells of RFM," };
        let _ = writeln!(out, "  all segments{cells} are in segments.csv");
    }
    if Verdict::of(t, campaign.allow_rejects) == Verdict::TooManyRejects {
        let _ = writeln!(out, "  MORE REJECTS THAN allow_rejects = {}", campaign.allow_rejects);
    }
    out.push('\n');
    if finished.files.is_empty() {
        out.push_str("no piece was made\n");
    }
    for f in &finished.files {
        let _ = writeln!(
            out,
            "{}  {}, {}, {} bytes, sha256 {}",
            f.made.name,
            counted(f.pieces, "piece"),
            counted(f.pages, "page"),
            grouped(f.made.bytes),
            f.made.sha256
        );
    }
    out
}

/// Every segment with its count and its share of the rows for which something was decided.
fn segments(out: &mut String, t: &Totals) {
    for (segmentation, segments) in &t.segments {
        let all: u64 = segments.values().map(|s| s.rows).sum();
        for (segment, count) in segments {
            let _ = writeln!(
                out,
                "  {segmentation}: {:>9} {:>6}  {segment}, printed {}",
                grouped(count.rows),
                percent(count.rows, all),
                grouped(count.printed)
            );
        }
    }
}

/// What the budgets came to, in lines for the closing sheet.
#[must_use]
pub fn budgets(decider: &Decider) -> Vec<String> {
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
            // its cost counts only where its budget is in yen
            let yen = if count.yen > 0 { format!(", {} yen at most", grouped(count.yen)) } else { String::new() };
            lines.push(format!("coupon {id}: {} given{yen}, {} without", grouped(count.given), grouped(count.without)));
        }
    }
    lines
}

/// With its sign and grouped by thousands.
fn signed(n: i64) -> String {
    let digits = grouped(n.unsigned_abs());
    if n < 0 { format!("-{digits}") } else { digits }
}

/// So many things: `1 page`, `2,000 pages`.
#[must_use]
pub fn counted(n: u64, thing: &str) -> String {
    format!("{} {thing}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// 12345678 as `12,345,678`.
#[must_use]
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!((grouped(0), grouped(999), grouped(1000)), ("0".into(), "999".into(), "1,000".into()));
        assert_eq!(grouped(12_345_678), "12,345,678");
    }

    #[test]
    fn segments_are_told_with_count_and_share() {
        let mut totals = Totals::default();
        for (segment, printed) in [("vip", true), ("other", true), ("other", false)] {
            totals.segment("segment", segment, printed);
        }
        let mut out = String::new();
        segments(&mut out, &totals);
        assert_eq!(out, "  segment:         2  66.7%  other, printed 1\n  segment:         1  33.3%  vip, printed 1\n");
    }

    #[test]
    fn the_verdict_is_the_campaigns_share() {
        let totals = Totals { read: 100, rejected: 1, ..Totals::default() };
        assert_eq!(Verdict::of(&totals, Share(10_000)), Verdict::Made);
        assert_eq!(Verdict::of(&totals, Share(9_999)), Verdict::TooManyRejects);
        assert_eq!(Verdict::of(&Totals::default(), Share::NONE), Verdict::Made);
    }
}
