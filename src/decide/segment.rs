//! Segments: recency, frequency and monetary value first, then named groups by rule.

use std::sync::Arc;

use jiff::civil::Date;

use super::days;
use super::history::History;
use super::rule::{Program, Scene};

/// The name of the segment of those for whom no named one holds.
pub const OTHER: &str = "other";

/// A person's purchases within the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rfm {
    /// None without any purchase.
    pub cells: Option<Cells>,
    /// Days between the last purchase and the posting date.
    pub days: Option<i32>,
    /// Days on which something was bought that was not returned.
    pub purchases: u32,
    /// Yen, refunds taken off.
    pub spent: i64,
}

/// Each from 1 (low) upwards; all 0 for who bought nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    pub r: u8,
    pub f: u8,
    pub m: u8,
}

/// How RFM is worked out, as the campaign says.
#[derive(Clone, Debug)]
pub struct RfmPlan {
    /// First day of the window.
    pub since: i32,
    pub posting_date: Date,
    /// Rising days.
    pub recency: Vec<u32>,
    pub frequency: CutsPlan,
    pub monetary: CutsPlan,
}

#[derive(Clone, Debug)]
pub enum CutsPlan {
    /// So many cells that hold equally many people.
    Quantiles(u32),
    /// From each of these values on, one cell higher.
    From(Vec<i64>),
}

/// The plan with cut points worked out over all people.
#[derive(Clone, Debug)]
pub struct RfmRule {
    since: i32,
    posting_day: i32,
    recency: Vec<u32>,
    frequency: Cuts,
    monetary: Cuts,
}

/// Cut points in rising order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cuts {
    /// A value above a cut is in a higher cell: equal values share the lower one.
    Above(Vec<i64>),
    /// A value from the cut on is in a higher cell.
    From(Vec<i64>),
}

/// Of `n` rising values, the places of those after which a new one of `cells` cells begins: the k-th cut is the value of
/// rank ⌈k·n/cells⌉, counted from 1. A value above it is in a higher cell, so that equal values share the lower one.
pub fn quantile_ranks(n: usize, cells: u32) -> impl Iterator<Item = usize> {
    let cells = cells.max(1) as usize;
    (1..cells).filter_map(move |k| (k * n).div_ceil(cells).checked_sub(1))
}

impl Cuts {
    /// Cut points that part `values` (any order) into `cells` of equally many; where equal values lie across a
    /// border, all of them go to the lower cell. The k-th cut is the value of rank ⌈k·n/cells⌉, counted from 1.
    #[must_use]
    pub fn quantiles(mut values: Vec<i64>, cells: u32) -> Self {
        values.sort_unstable();
        Self::Above(quantile_ranks(values.len(), cells).filter_map(|at| values.get(at).copied()).collect())
    }

    /// The cell of a value, from 1.
    #[must_use]
    pub fn cell(&self, value: i64) -> u8 {
        let below = match self {
            Self::Above(cuts) => cuts.partition_point(|c| *c < value),
            Self::From(cuts) => cuts.partition_point(|c| *c <= value),
        };
        u8::try_from(below + 1).unwrap_or(u8::MAX)
    }
}

impl CutsPlan {
    fn cells(&self) -> u8 {
        match self {
            Self::Quantiles(cells) => u8::try_from(*cells).unwrap_or(u8::MAX),
            Self::From(cuts) => u8::try_from(cuts.len() + 1).unwrap_or(u8::MAX),
        }
    }
}

impl RfmPlan {
    /// How many cells recency, frequency and monetary value have.
    #[must_use]
    pub fn cells(&self) -> [u8; 3] {
        let recency = u8::try_from(self.recency.len() + 1).unwrap_or(u8::MAX);
        [recency, self.frequency.cells(), self.monetary.cells()]
    }
}

impl RfmRule {
    /// Works out the cut points over everyone who bought something within the window.
    #[must_use]
    pub fn new(plan: &RfmPlan, history: &History) -> Self {
        let mut rule = Self {
            since: plan.since,
            posting_day: days::number(plan.posting_date),
            recency: plan.recency.clone(),
            frequency: Cuts::From(Vec::new()),
            monetary: Cuts::From(Vec::new()),
        };
        let (mut often, mut much) = (Vec::new(), Vec::new());
        let quantiles = |p: &CutsPlan| matches!(p, CutsPlan::Quantiles(_));
        if quantiles(&plan.frequency) || quantiles(&plan.monetary) {
            for lines in history.people() {
                let rfm = rule.sums(history, lines);
                if rfm.purchases > 0 {
                    often.push(i64::from(rfm.purchases));
                    much.push(rfm.spent);
                }
            }
        }
        let cuts = |plan: &CutsPlan, values| match plan {
            CutsPlan::Quantiles(cells) => Cuts::quantiles(values, *cells),
            CutsPlan::From(cuts) => Cuts::From(cuts.clone()),
        };
        rule.frequency = cuts(&plan.frequency, often);
        rule.monetary = cuts(&plan.monetary, much);
        rule
    }

    fn sums(&self, history: &History, lines: &[u32]) -> Rfm {
        let mut rfm = Rfm::default();
        for line in lines.iter().copied() {
            let Some(day) = history.day(line).filter(|d| *d >= self.since) else { continue };
            rfm.spent = rfm.spent.saturating_add(history.amount(line));
            if history.kept_since(line, self.since) {
                rfm.purchases += u32::from(history.opens_day(line));
                let days = self.posting_day - day;
                rfm.days = Some(rfm.days.map_or(days, |d| d.min(days)));
            }
        }
        rfm
    }

    /// One person's values and cells.
    #[must_use]
    pub fn of(&self, history: &History, lines: &[u32]) -> Rfm {
        let mut rfm = self.sums(history, lines);
        if let Some(days) = rfm.days {
            let older = self.recency.partition_point(|cut| i64::from(*cut) < i64::from(days));
            rfm.cells = Some(Cells {
                r: u8::try_from(self.recency.len() + 1 - older).unwrap_or(u8::MAX),
                f: self.frequency.cell(rfm.purchases.into()),
                m: self.monetary.cell(rfm.spent),
            });
        }
        rfm
    }
}

/// A named segment.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: Arc<str>,
    pub condition: Program,
}

/// The first segment that holds.
#[must_use]
pub fn find<'a>(named: &'a [Named], scene: &Scene<'_>) -> Option<&'a Named> {
    named.iter().find(|n| n.condition.holds(scene))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_part_any_values_as_equally_as_ties_let_them() {
        let mut seed = 7u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for n in 0..60usize {
            for cells in 2..=10u32 {
                let different = 1 + next(40);
                #[expect(clippy::cast_possible_wrap, reason = "small")]
                let values: Vec<i64> = (0..n).map(|_| next(different) as i64 - 20).collect();
                let cuts = Cuts::quantiles(values.clone(), cells);
                let up_to = |k: u32| values.iter().filter(|v| u32::from(cuts.cell(**v)) <= k).count();
                for k in 1..cells {
                    let share = n * k as usize;
                    assert!(up_to(k) * cells as usize >= share, "{values:?} in {cells}: too few up to {k}");
                    // Without the last value, there would be too few: only equals make a cell larger.
                    let last = values.iter().filter(|v| u32::from(cuts.cell(**v)) <= k).max();
                    let others = values.iter().filter(|v| last.is_some_and(|l| *v < l)).count();
                    assert!(n == 0 || others * (cells as usize) < share, "{values:?} in {cells}: too many up to {k}");
                }
                assert_eq!(up_to(cells), n);
            }
        }
    }
}
