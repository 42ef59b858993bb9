//! segments.csv: every segment of every segmentation with its count, its share and how many of it were printed, empty ones
//! too, and every cell of recency × frequency × monetary value. The file is there when the campaign has one of them.

use std::io::Write;
use std::sync::Arc;

use super::outputs::{SEGMENTS, cannot};
use super::totals::{InSegment, Totals, cell_name};
use crate::base::Diagnostic;

/// What a campaign parts people into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segmentations {
    /// Each with its segments, in the order of the campaign file.
    pub named: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// How many cells recency, frequency and monetary value have.
    pub rfm: Option<[u8; 3]>,
}

impl Segmentations {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty() && self.rfm.is_none()
    }
}

/// A share of a whole in per cent with one decimal, rounded half up, in whole numbers: `33.3%`.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let tenths = (part * 2_000 + whole) / (2 * whole).max(1);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// Writes the file.
///
/// # Errors
/// The disk does not take it.
pub fn write<W: Write>(out: W, of: &Segmentations, totals: &Totals) -> Result<W, Diagnostic> {
    let fault = |f: csv::Error| cannot("written", SEGMENTS, &std::io::Error::from(f));
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["segmentation", "segment", "rows", "share", "printed"]).map_err(fault)?;
    let mut line = |segmentation: &str, segment: &str, count: InSegment, all: u64| {
        let cells =
            [segmentation, segment, &count.rows.to_string(), &percent(count.rows, all), &count.printed.to_string()];
        csv.write_record(cells).map_err(fault)
    };
    for (segmentation, segments) in &of.named {
        let counts = totals.segments.get(segmentation);
        let all = counts.map_or(0, |c| c.values().map(|s| s.rows).sum());
        for segment in segments {
            let count = counts.and_then(|c| c.get(segment)).copied().unwrap_or_default();
            line(segmentation, segment, count, all)?;
        }
    }
    if let Some([r, f, m]) = of.rfm {
        let all = totals.rfm.values().map(|s| s.rows).sum();
        // The best cells first; those who bought nothing last.
        let cells = (1..=r).rev().flat_map(|r| (1..=f).rev().flat_map(move |f| (1..=m).rev().map(move |m| [r, f, m])));
        for cell in cells.chain([[0; 3]]) {
            line("rfm", &cell_name(cell), totals.rfm.get(&cell).copied().unwrap_or_default(), all)?;
        }
    }
    csv.into_inner().map_err(|f| cannot("written", SEGMENTS, f.error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_segment_and_every_cell_has_its_line() {
        let mut totals = Totals::default();
        for (segment, cell, printed) in [("vip", [2, 1, 2], true), ("other", [1, 1, 1], false), ("other", [0; 3], true)]
        {
            totals.segment("segment", segment, printed);
            totals.rfm_cell(cell, printed);
        }
        let names = ["vip", "dormant", "other"].map(Arc::from).to_vec();
        let of = Segmentations { named: vec![("segment".into(), names)], rfm: Some([2, 1, 2]) };
        let text = String::from_utf8(write(Vec::new(), &of, &totals).expect("written")).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "segmentation,segment,rows,share,printed",
                "segment,vip,1,33.3%,1",
                "segment,dormant,0,0.0%,0",
                "segment,other,2,66.7%,1",
                "rfm,2-1-2,1,33.3%,1",
                "rfm,2-1-1,0,0.0%,0",
                "rfm,1-1-2,0,0.0%,0",
                "rfm,1-1-1,1,33.3%,0",
                "rfm,none,1,33.3%,1",
            ]
        );
    }

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(
            [percent(1, 3), percent(2, 3), percent(1, 2_000), percent(0, 0)],
            ["33.3%", "66.7%", "0.1%", "0.0%"]
        );
        assert_eq!(percent(u64::MAX, u64::MAX), "100.0%");
    }
}
