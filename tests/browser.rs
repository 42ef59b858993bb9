//! An outside judge of layout: what Chromium answered, when it was asked once where it puts the boxes and lines of
//! the small pages in `tests/browser/pages/`, against what we do with the same pages and the same fonts.
//!
//! * `pages/*.html` – the pages of an area, each under its name (`== name`); what stands under `== *` is before each of
//!   them, and `prelude.html` before all
//! * `answers/*.json` – for each page the rectangles of elements with an id (x, y, width, height in CSS pixels, for
//!   inline elements one for each line) and, for elements marked `lines`, the text of each line; made by `record.py`
//! * `allowed.toml` – every difference that is allowed, with its reason; one that is no longer there is an error
//!
//! Rectangles may differ by 0.6 px: browsers round the heights of fonts to whole pixels and lengths to 1/64 px. Lines
//! must be the same to the letter. `UPDATE=1` takes what is no longer needed out of `allowed.toml` and adds what is new
//! under [`UNSEEN`], which fails until a person gives it a reason. `PAGE=word` looks at some pages only and tells all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a test that cannot set up has failed

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value;
use surimono::asset::fallback::FontSet;
use surimono::asset::image::ImageStore;
use surimono::asset::loader::Files;
use surimono::layout::{Composer, Shared};

/// How far the edges of a rectangle may be from Chromium's, in CSS pixels.
const TOLERANCE: f64 = 0.6;
/// The reason that `UPDATE=1` gives.
const UNSEEN: &str = "not looked into yet";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser")
}

type Rects = BTreeMap<String, Vec<[f64; 4]>>;
type Lines = BTreeMap<String, Vec<String>>;

/// Areas with their pages: name and markup.
fn pages() -> Vec<(String, Vec<(String, String)>)> {
    let prelude = fs::read_to_string(folder().join("prelude.html")).unwrap();
    let mut areas: Vec<PathBuf> = fs::read_dir(folder().join("pages")).unwrap().map(|e| e.unwrap().path()).collect();
    areas.retain(|p| p.extension().is_some_and(|e| e == "html"));
    areas.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let mut shared = String::new();
        let mut found = Vec::new();
        for part in text.split("== ").skip(1) {
            let (name, body) = part.split_once('\n').unwrap();
            if name == "*" {
                shared = body.to_owned();
            } else {
                found
                    .push((name.to_owned(), format!("<!DOCTYPE html><meta charset=\"utf-8\">{prelude}{shared}{body}")));
            }
        }
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), found)
    };
    areas.iter().map(read).collect()
}

/// What we make of a page.
fn ours(markup: &str, fonts: &Arc<FontSet>) -> (Rects, Lines) {
    let images = Arc::new(ImageStore::new(Files::site(&folder().join("pages")).unwrap()));
    let mut shared = Shared::new(Arc::clone(fonts), images, "page.html");
    shared.options.trace = true;
    let mut composer = Composer::new(Arc::new(shared));
    let (mut made, mut faults) = (Vec::new(), Vec::new());
    composer.compose(markup, &mut made, &mut faults);
    let (traced, dom) = composer.traced();
    let (mut rects, mut lines) = (Rects::new(), Lines::new());
    for mark in traced.iter().flat_map(|page| &page.marks) {
        let Some(id) = dom.id(mark.node) else { continue };
        match &mark.text {
            None => {
                let r = mark.rect;
                let px = [r.x, r.y, r.width, r.height].map(|v| f64::from(v.0) * 4.0 / 3.0);
                rects.entry(id.to_owned()).or_default().push(px);
            }
            Some(text) => lines.entry(id.to_owned()).or_default().push(plain(text)),
        }
    }
    lines.values_mut().for_each(|l| l.retain(|t| !t.is_empty()));
    (rects, lines)
}

/// A line as the recording tool writes it.
fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '\u{FFFC}' | '\u{200B}' | '\u{AD}')).collect();
    let words: Vec<&str> = text.split([' ', '\t', '\n', '\r']).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

/// What differs on a page: the id (`lines(id)` for its lines), and in words how.
fn differences(answer: &Value, (rects, lines): &(Rects, Lines)) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (id, theirs) in answer["boxes"].as_object().unwrap() {
        let theirs: Vec<[f64; 4]> = serde_json::from_value(theirs.clone()).unwrap();
        let own = rects.get(id).cloned().unwrap_or_default();
        // an element that draws no box has none, or one without a size
        let shown = |all: &[[f64; 4]]| all.iter().any(|r| r[2] > TOLERANCE || r[3] > TOLERANCE);
        let edges = |r: &[f64; 4]| [r[0], r[1], r[0] + r[2], r[1] + r[3]];
        let near = |a: &[f64; 4], b: &[f64; 4]| edges(a).iter().zip(edges(b)).all(|(a, b)| (a - b).abs() <= TOLERANCE);
        let same = own.len() == theirs.len() && own.iter().zip(&theirs).all(|(a, b)| near(a, b));
        if !same && (shown(&own) || shown(&theirs)) {
            let words = |all: &[[f64; 4]]| {
                let one = |r: &[f64; 4]| r.map(|v| format!("{:.2}", v).trim_end_matches(".00").to_owned()).join(" ");
                all.iter().map(one).collect::<Vec<_>>().join(" | ")
            };
            found.push((id.clone(), format!("{id}: {} instead of {}", words(&own), words(&theirs))));
        }
    }
    for (id, theirs) in answer["lines"].as_object().unwrap() {
        let theirs: Vec<String> = serde_json::from_value(theirs.clone()).unwrap();
        let own = lines.get(id).cloned().unwrap_or_default();
        if own != theirs {
            let what = format!("lines({id})");
            found.push((what.clone(), format!("{what}: {} instead of {}", own.join(" / "), theirs.join(" / "))));
        }
    }
    found
}

/// Reason, and for each page (`area/name`) what may differ on it.
type Allowed = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn boxes_and_lines_lie_where_chromium_puts_them() {
    let only = std::env::var("PAGE").ok();
    let update = std::env::var_os("UPDATE").is_some() && only.is_none();
    let path = folder().join("allowed.toml");
    let mut allowed: Allowed = toml::from_str(&fs::read_to_string(&path).unwrap_or_default()).unwrap();
    let fonts = Arc::new(FontSet::shipped());

    let mut all = Vec::new();
    for (area, pages) in pages() {
        let text = fs::read_to_string(folder().join(format!("answers/{area}.json"))).unwrap();
        let answers: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(answers["pages"].as_object().unwrap().len(), pages.len(), "{area}: run record.py");
        for (name, markup) in pages {
            let answer = answers["pages"][&name].clone();
            assert!(!answer.is_null(), "no answer for {area}/{name}: run record.py");
            all.push((format!("{area}/{name}"), markup, answer));
        }
    }
    if let Some(word) = &only {
        all.retain(|(name, ..)| name.contains(word.as_str()));
    }
    assert!(only.is_some() || all.len() >= 300, "only {} pages", all.len());

    let found: BTreeMap<String, Vec<(String, String)>> = all
        .par_iter()
        .map(|(name, markup, answer)| (name.clone(), differences(answer, &ours(markup, &fonts))))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    let mut wrong = String::new();
    if only.is_some() {
        for (page, found) in &found {
            let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
            let _ = writeln!(wrong, "{page}\n    {}", words.join("\n    "));
        }
        assert!(found.is_empty(), "\n{wrong}");
        return;
    }

    let mut expected: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for (reason, pages) in &allowed {
        for (page, what) in pages {
            let what = what.split_whitespace().map(str::to_owned).collect();
            let twice = expected.insert(page.clone(), (reason.clone(), what));
            assert!(twice.is_none(), "{page} stands twice in allowed.toml");
        }
    }
    let mut fixed: Allowed = Allowed::new();
    for (page, found) in &found {
        let (reason, what) = expected.remove(page).unwrap_or_default();
        let differs = |w: &String| found.iter().any(|(f, _)| f == w);
        let new: Vec<&(String, String)> = found.iter().filter(|(f, _)| !what.contains(f)).collect();
        for (_, words) in &new {
            let _ = writeln!(wrong, "{page}: {words}");
        }
        for gone in what.iter().filter(|w| !differs(w)) {
            let _ = writeln!(wrong, "{page}: {gone} is right now; take it out of allowed.toml");
        }
        let reason = if reason.is_empty() { UNSEEN.to_owned() } else { reason };
        let what = found.iter().map(|(f, _)| f.as_str()).collect::<Vec<_>>().join(" ");
        fixed.entry(reason).or_default().insert(page.clone(), what);
    }
    for page in expected.keys() {
        let _ = writeln!(wrong, "{page} is right now; take it out of allowed.toml");
    }
    if update {
        fs::write(&path, written(&fixed)).unwrap();
        (allowed, wrong) = (fixed, String::new());
    }
    println!("{} pages, {} as Chromium lays them out; allowed:", all.len(), all.len() - found.len());
    for (reason, pages) in &allowed {
        let parts: usize = pages.values().map(|w| w.split_whitespace().count()).sum();
        println!("{:5} pages, {parts:4} parts  {reason}", pages.len());
    }
    if allowed.contains_key(UNSEEN) {
        let _ = writeln!(wrong, "allowed.toml: give what is `{UNSEEN}` a reason");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn written(allowed: &Allowed) -> String {
    let mut out = String::from(
        "# Where we lay out otherwise than Chromium: a table for each reason, in it each page with what differs.\n\
         # The test tells what is new here and what is no longer needed; see tests/browser.rs.\n",
    );
    for (reason, pages) in allowed {
        let _ = writeln!(out, "\n[{reason:?}]");
        for (page, what) in pages {
            let _ = writeln!(out, "{page:?} = {what:?}");
        }
    }
    out
}
