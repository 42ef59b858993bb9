//! Keeps the floors of the house (docs/architecture.md): a folder may use only folders on lower floors.

#![allow(clippy::unwrap_used)] // a test that cannot read the sources has failed

use std::fs;
use std::path::{Path, PathBuf};

/// Each folder of `src` and its floor. `layout` and `layout/text` share one.
const FLOORS: &[(&str, u8)] = &[
    ("base", 0),
    ("color", 1),
    ("cos", 1),
    ("data", 1),
    ("ledger", 1),
    ("asset", 2),
    ("decide", 2),
    ("markup", 2),
    ("postal", 2),
    ("page", 3),
    ("template", 3),
    ("barcode", 4),
    ("pdf", 4),
    ("raster", 4),
    ("layout", 5),
    ("press", 5),
    ("delivery", 5),
    ("measure", 5),
    ("campaign", 6),
    ("batch", 7),
    ("serve", 8),
    ("cli", 9),
];

fn floor(folder: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == folder).map(|(_, floor)| *floor)
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The folders named by `crate::NAME` and `crate::{NAME, …}` in a text, with their lines.
fn uses(text: &str) -> Vec<(usize, String)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let line = text[..at].matches('\n').count() + 1;
        let comment = text.lines().nth(line - 1).is_some_and(|l| l.trim_start().starts_with("//"));
        if comment || text[..at].ends_with(is_word) {
            continue;
        }
        let rest = &text[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push((line, rest.chars().take_while(|c| is_word(*c)).collect()));
            continue;
        };
        // `{a::b, c, d::{e, f}}`: the first word of each part at depth 0.
        let mut depth = 0;
        let mut word = String::new();
        let mut taken = false;
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' | ':' if depth == 0 => {
                    if !taken && !word.is_empty() {
                        found.push((line, std::mem::take(&mut word)));
                    }
                    taken = c == ':';
                    if c == '}' {
                        break;
                    }
                }
                c if depth == 0 && !taken && is_word(c) => word.push(c),
                _ => {}
            }
        }
    }
    found
}

#[test]
fn every_arrow_points_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut forbidden = Vec::new();
    let mut arrows = 0;
    for file in &files {
        let inside = file.strip_prefix(&src).unwrap();
        let Some(folder) = inside.parent().and_then(|p| p.iter().next()).and_then(|f| f.to_str()) else {
            continue; // lib.rs and main.rs stand above all floors
        };
        let from = floor(folder).unwrap_or_else(|| panic!("src/{folder} has no floor: add it to FLOORS and the docs"));
        for (line, to) in uses(&fs::read_to_string(file).unwrap()) {
            let Some(to_floor) = floor(&to).filter(|_| to != folder) else { continue };
            arrows += 1;
            if to_floor >= from {
                forbidden.push(format!(
                    "src/{}:{line}: {folder} (floor {from}) uses {to} (floor {to_floor})",
                    inside.display()
                ));
            }
        }
    }
    assert!(arrows > 20, "the reader of `use` lines found only {arrows} arrows");
    assert!(forbidden.is_empty(), "arrows that do not point down:\n{}", forbidden.join("\n"));
}

#[test]
fn the_reader_of_use_lines_reads_them() {
    let text = "use crate::base::Pt;\nuse crate::{data::record::Record, page, asset::{font, image}};\n// crate::cli::x\nlet x = crate::pdf::y();";
    let names: Vec<String> = uses(text).into_iter().map(|(_, n)| n).collect();
    assert_eq!(names, ["base", "data", "page", "asset", "pdf"]);
}

#[test]
fn every_folder_says_what_it_is() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(&src).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let head = fs::read_to_string(path.join("mod.rs")).unwrap();
            assert!(head.starts_with("//! "), "{} has no header", path.join("mod.rs").display());
        }
    }
}
