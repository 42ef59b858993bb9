//! Decisions about what does not fit: copy-fit and its floors, cutting.

use super::{Drawn, Fixture, document};
use super::{compose, drawn, told};
use crate::layout::Axis;
use crate::layout::FaultKind;
use crate::layout::fit::Fit;
use crate::page::{GlyphRun, Page};

const FITTED: &str = ".n{-surimono-overflow:shrink}";

fn fitted(css: &str, body: &str) -> (Vec<Page>, Fit) {
    let (pages, faults) = compose(&format!("{FITTED}{css}"), body);
    assert_eq!(told(&faults), [("fitted", ".n")], "{faults:?}");
    let FaultKind::Fitted(fit) = faults[0].kind else { panic!("{faults:?}") };
    (pages, fit)
}

fn runs(page: &Page) -> Vec<GlyphRun> {
    drawn(page).into_iter().filter_map(|d| if let Drawn::Text(_, run) = d { Some(run) } else { None }).collect()
}

/// From the first origin to the end of the last glyph.
fn length(run: &GlyphRun) -> f32 {
    let units = |id| f32::from(run.font.advance(id)) * 1000.0 / f32::from(run.font.units_per_em);
    let sum: f32 = run.glyphs.iter().map(|g| units(g.id) + g.extra).sum();
    sum * run.size.0 / 1000.0 * run.stretch
}

#[test]
fn what_fits_is_left_as_it_is() {
    let (pages, faults) = compose(&format!("{FITTED}.n{{width:50pt;height:10pt}}"), "<div class=n>あいうえお</div>");
    assert_eq!(faults, []);
    assert_eq!((runs(&pages[0])[0].stretch, runs(&pages[0])[0].size.0), (1.0, 10.0));
}

#[test]
fn a_little_too_much_is_set_tighter_and_nothing_else() {
    // ten characters of 10 pt in 98 pt: 9 gaps must give 2 pt, so 0.22 pt each or 22.2 thousandths
    let (pages, fit) = fitted(".n{width:98pt;white-space:nowrap}", "<div class=n>あいうえおかきくけこ</div>");
    assert_eq!((fit.tracking, fit.scale, fit.size, fit.leading), (-23, 1000, 1000, 1000));
    let run = &runs(&pages[0])[0];
    assert!(length(run) <= 98.1 && length(run) > 97.5, "{}", length(run));
}

#[test]
fn then_glyphs_are_narrower() {
    // at −50 thousandths ten characters take 95.5 pt; in 85 pt they must be about 0.89 as wide
    let (pages, fit) = fitted(".n{width:85pt;white-space:nowrap}", "<div class=n>あいうえおかきくけこ</div>");
    assert_eq!((fit.tracking, fit.size, fit.leading), (-50, 1000, 1000));
    assert!((885..=896).contains(&fit.scale), "{fit:?}");
    let run = &runs(&pages[0])[0];
    assert!((run.stretch - f32::from(fit.scale) / 1000.0).abs() < 1e-6);
    assert!(length(run) <= 85.1 && length(run) > 84.0, "{}", length(run));
}

#[test]
fn then_smaller_and_the_floors_are_the_stylesheets() {
    let css = ".n{width:50pt;white-space:nowrap;-surimono-copy-fit:scale 80% size 60%}";
    let (pages, fit) = fitted(css, "<div class=n>あいうえおかきくけこ</div>");
    assert_eq!((fit.tracking, fit.scale, fit.leading), (0, 800, 1000));
    assert!((618..=626).contains(&fit.size), "{fit:?}");
    assert!((runs(&pages[0])[0].size.0 - 6.2).abs() < 0.1);
}

#[test]
fn below_the_floor_it_is_a_fault_with_millimetres() {
    let css = format!("{FITTED}.n{{width:50pt;white-space:nowrap;-surimono-copy-fit:scale 80%}}");
    let (_, faults) = compose(&css, "<div class=n>あいうえおかきくけこ</div>");
    assert_eq!(told(&faults), [("overflow", ".n")]);
    let FaultKind::NoFit { axis: Axis::Horizontal, by, .. } = faults[0].kind else { panic!("{faults:?}") };
    assert!((by.0 - 30.0).abs() < 0.2, "{by:?}");
    assert_eq!(
        faults[0].to_string(),
        "the content of `.n` is 10.6 mm too wide for it even with its copy-fit at the end (scale 80%)"
    );
}

#[test]
fn lines_too_many_for_a_height_are_set_anew() {
    // three lines of four in a box of two lines: with five in a line there are two lines and a rest
    let css = ".n{width:40pt;height:20pt}";
    let (pages, fit) = fitted(css, "<div class=n>あいうえおかきくけ</div>");
    assert_ne!(fit.scale, 1000);
    let lines: std::collections::BTreeSet<i32> = drawn(&pages[0])
        .iter()
        .filter_map(|d| if let Drawn::Text(at, _) = d { Some(at.y.0 as i32) } else { None })
        .collect();
    assert_eq!(lines.len(), 2);
}

#[test]
fn leading_is_the_last_rung() {
    let css = ".n{height:28.5pt;-surimono-copy-fit:leading 90%}";
    let (_, fit) = fitted(css, "<div class=n>あ<br>い<br>う</div>");
    assert_eq!(fit.tracking, 0);
    assert!((945..=953).contains(&fit.leading), "{fit:?}");
}

#[test]
fn spans_and_generated_text_and_items_change_alike() {
    let css = ".n{width:55pt;white-space:nowrap}.n b{font-size:20pt}.n::after{content:'様'}";
    let (pages, fit) = fitted(css, "<div class=n>あ<b>い</b>うえ</div>");
    assert!(fit.scale < 1000);
    assert!(runs(&pages[0]).iter().all(|r| r.stretch < 1.0), "{:?}", runs(&pages[0]));
    // an item gets what its container has left, and its text fits into that
    let css = ".f{display:flex;width:60pt}.l{width:20pt}.n{flex:1;white-space:nowrap;-surimono-copy-fit:scale 50%}";
    let (_, fit) = fitted(css, "<div class=f><div class=l></div><div class=n>あいうえお</div></div>");
    assert!((790..=804).contains(&fit.scale), "{fit:?}");
}

#[test]
fn what_is_to_be_cut_is_cut_and_noted() {
    let css = ".n{width:40pt;height:10pt;-surimono-overflow:clip}";
    let (pages, faults) = compose(css, "<div class=n>あいうえおかき</div>");
    assert_eq!(told(&faults), [("clipped", ".n")]);
    assert!(faults.iter().all(crate::layout::Fault::is_note));
    assert_eq!(faults[0].to_string(), "the content of `.n` is 3.5 mm too tall for it and was cut");
    assert!(format!("{:?}", pages[0].lists).contains("clip: Some"));
    let (pages, faults) = compose(css, "<div class=n>あいうえ</div>");
    assert_eq!(faults, []);
    assert!(!format!("{:?}", pages[0].lists).contains("clip: Some"), "what fits is not cut");
}

#[test]
fn a_body_is_fitted_to_its_page() {
    let css = "body{-surimono-overflow:shrink;-surimono-copy-fit:size 50%}@page{size:100pt 35pt}";
    let (pages, faults) = compose(css, "<p>あ</p><div><p>い<p>う</div><p>え</p>");
    assert_eq!(told(&faults), [("fitted", "body")], "{faults:?}");
    assert_eq!(pages.len(), 1);
    assert!(runs(&pages[0]).iter().all(|r| (8.6..=8.76).contains(&r.size.0)), "{:?}", runs(&pages[0]));
}

#[test]
fn the_same_with_and_without_caches_and_a_second_time() {
    let html = document(
        &format!("{FITTED}.n{{width:85pt;white-space:nowrap}}"),
        "<div class=n>あいうえおかきくけこ</div><p>あいう</p><div class=n>あいう</div>",
    );
    let mut cached = Fixture::new(|_| {});
    let mut plain = Fixture::new(|s| s.options.caches = false);
    let first = format!("{:?}", plain.compose(&html));
    for _ in 0..4 {
        assert_eq!(format!("{:?}", cached.compose(&html)), first);
    }
}
