//! Heights, baselines, alignment, runs.

use super::*;

#[test]
fn a_line_is_as_high_as_its_font() {
    let l = set(&[text("秋")], style(), 100.0);
    // 1802 + 246 = 2048 units: exactly one em.
    assert_eq!(l.lines[0].height, Pt(10.0));
    assert!((l.lines[0].baseline.0 - 1802.0 / 2048.0 * 10.0).abs() < 1e-4);
    assert_eq!((l.width, l.height), (Pt(10.0), Pt(10.0)));
    assert_eq!(l.runs.len(), 1);
}
