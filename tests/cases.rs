//! Small campaigns with something wrong (or something worth keeping right) in each: the folders of
//! `tests/cases/`, each a campaign's folder as an operator would have it, with two things added:
//!
//! * `expect.toml` – the command, its exit code, words that must be told, words that must not (people's data),
//!   files that must be there afterwards and files that must not
//!   (and, where something made is looked at: a command before it, and what happens to files in between)
//! * `expected/` – what was told (`told.txt`) and files that were made, compared to the letter, but for
//!   digests, sizes and times
//!
//! `UPDATE=1 cargo test --test cases` writes `expected/` anew, for a person to read through before it is kept.
//! `CASES=word` runs only the cases with that word in their name.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)] // a test that cannot set up has failed

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Deserialize;
use support::{Shop, root};

/// What a case's `expect.toml` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// The arguments; `run campaign.toml` when nothing is said.
    #[serde(default = "run")]
    command: Vec<String>,
    exit: i32,
    /// A command before it, which must end well: what is then looked at must have been made.
    #[serde(default)]
    first: Vec<String>,
    /// What happens to files between the two.
    #[serde(default)]
    then: Vec<Damage>,
    /// Files of this machine without which the case is skipped, and says so: fonts of Debian packages.
    #[serde(default)]
    needs: Vec<String>,
    /// Words that the person must be told.
    #[serde(default)]
    tells: Vec<String>,
    /// Words that must stand neither in what is told nor in the manifest or the closing sheet: data of people.
    #[serde(default)]
    never: Vec<String>,
    /// Everything that must be in the output folder, in alphabetical order; nothing else may be there.
    #[serde(default)]
    made: Vec<String>,
    /// Files of the output folder to compare with `expected/`.
    #[serde(default)]
    compare: Vec<String>,
}

/// What happens to files on their way to a print shop.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Damage {
    Remove {
        file: String,
    },
    /// Only the first bytes are left.
    Cut {
        file: String,
        to: usize,
    },
    /// The byte at this place is another one.
    Flip {
        file: String,
        at: usize,
    },
    Copy {
        file: String,
        to: String,
    },
    /// Every occurrence of a text is replaced; there must be one.
    Replace {
        file: String,
        what: String,
        by: String,
    },
}

impl Damage {
    fn happen(&self, shop: &Shop) {
        match self {
            Self::Remove { file } => fs::remove_file(shop.path().join(file)).unwrap(),
            Self::Cut { file, to } => shop.write(file, &shop.read(file)[..*to]),
            Self::Flip { file, at } => {
                let mut bytes = shop.read(file);
                bytes[*at] ^= 1;
                shop.write(file, &bytes);
            }
            Self::Copy { file, to } => shop.write(to, &shop.read(file)),
            Self::Replace { file, what, by } => {
                let text = shop.text(file);
                assert!(text.contains(what.as_str()), "{what} is not in {file}");
                shop.write(file, text.replace(what.as_str(), by).as_bytes());
            }
        }
    }
}

fn run() -> Vec<String> {
    ["run", "campaign.toml"].map(str::to_owned).to_vec()
}

#[test]
fn every_case_ends_as_it_should() {
    let update = std::env::var_os("UPDATE").is_some();
    let only = std::env::var("CASES").unwrap_or_default();
    let mut cases: Vec<PathBuf> = fs::read_dir(root().join("tests/cases"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir() && name(p).contains(&only))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no case has `{only}` in its name");
    let told: Vec<(String, Vec<String>)> =
        cases.par_iter().map(|case| (name(case), check(case, update))).filter(|(_, wrong)| !wrong.is_empty()).collect();
    let mut report = String::new();
    for (case, wrong) in &told {
        let _ = writeln!(report, "\n=== {case}");
        for w in wrong {
            let _ = writeln!(report, "{w}");
        }
    }
    assert!(told.is_empty(), "{} of {} cases went wrong:\n{report}", told.len(), cases.len());
}

/// The names of a case as they went in, and what is read out of the PDF that came of them, page by page.
fn in_and_out(case: &str) -> Option<(Vec<String>, Vec<String>)> {
    let case = root().join("tests/cases").join(case);
    let expect: Expect = toml::from_str(&fs::read_to_string(case.join("expect.toml")).unwrap()).unwrap();
    if let Some(absent) = expect.needs.iter().find(|n| !Path::new(n).exists()) {
        println!("SKIPPED: {}: {absent} is not installed", name(&case));
        return None;
    }
    let shop = Shop::copy_of(&case);
    shop.surimono(&["run", "campaign.toml"]).ends_with(expect.exit);
    let pdf = shop.list("out").into_iter().find(|f| f.ends_with(".pdf")).unwrap();
    let pdf = shop.path().join("out").join(pdf);
    let Ok(read) = std::process::Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&pdf).arg("-").output()
    else {
        println!("SKIPPED: pdftotext is not installed");
        return None;
    };
    let printed = shop.text("out/manifest.csv");
    let printed: Vec<bool> = printed.lines().skip(1).map(|l| l.contains(",printed,")).collect();
    let customers = shop.text("customers.csv");
    let names = customers.lines().skip(1).zip(printed).filter(|(_, p)| *p);
    let names = names.map(|(l, _)| l.split_once(',').unwrap().1.to_owned()).collect();
    let pages = String::from_utf8(read.stdout).unwrap();
    let pages = pages.split('\u{c}').map(|p| p.trim_end_matches('\n').to_owned()).filter(|p| !p.is_empty()).collect();
    Some((names, pages))
}

/// No form of a character is changed on the way: not by normalising, not by the font, not by the PDF.
#[test]
fn names_come_out_of_the_pdf_byte_for_byte_as_they_went_in() {
    let mut wrong = Vec::new();
    for case in ["rare-kanji", "hard-names", "in-noto"] {
        let Some((names, pages)) = in_and_out(case) else { continue };
        assert_eq!(names.len(), pages.len(), "{case}");
        for (name, page) in names.iter().zip(&pages) {
            // Drawn in the usual form, as the campaign allows, and told.
            let name = name.replace('\u{E0107}', "");
            if page != &format!("{name} 様") {
                wrong.push(format!("{case}: {:04X?} {:04X?}", codes(&name), codes(page)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn codes(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Runs one case; everything that is not as it should be.
fn check(case: &Path, update: bool) -> Vec<String> {
    let expect: Expect = match toml::from_str(&fs::read_to_string(case.join("expect.toml")).unwrap_or_default()) {
        Ok(expect) => expect,
        Err(e) => return vec![format!("expect.toml: {e}")],
    };
    if let Some(absent) = expect.needs.iter().find(|n| !Path::new(n).exists()) {
        println!("SKIPPED: {}: {absent} is not installed", name(case));
        return Vec::new();
    }
    let shop = Shop::copy_of(case);
    let before = fingerprint(shop.path());
    if !expect.first.is_empty() {
        let first: Vec<&str> = expect.first.iter().map(String::as_str).collect();
        shop.surimono(&first).ends_with(0);
    }
    expect.then.iter().for_each(|damage| damage.happen(&shop));
    let args: Vec<&str> = expect.command.iter().map(String::as_str).collect();
    let ran = shop.surimono(&args);
    let mut wrong = Vec::new();
    if ran.code != expect.exit {
        wrong.push(format!("it ended with {} instead of {}; told:\n{}", ran.code, expect.exit, ran.told));
    }
    if ran.told.contains("internal fault") {
        wrong.push(format!("a fault of the program:\n{}", ran.told));
    }
    for words in &expect.tells {
        if !ran.told.contains(words) {
            wrong.push(format!("`{words}` is not told:\n{}", ran.told));
        }
    }
    let made = shop.list("out");
    if made != expect.made {
        wrong.push(format!("made {made:?} instead of {:?}", expect.made));
    }
    let public = ["manifest.csv", "manifest.json", "closing.txt"].into_iter().filter(|n| made.iter().any(|m| m == n));
    for words in &expect.never {
        if ran.told.contains(words) || ran.out.contains(words) {
            wrong.push(format!("`{words}` is told, but is a person's:\n{}", ran.told));
        }
        for file in public.clone().filter(|f| shop.text(&format!("out/{f}")).contains(words)) {
            wrong.push(format!("`{words}` stands in {file}, but is a person's"));
        }
    }
    for (file, bytes) in &before {
        if fs::read(shop.path().join(file)).ok().as_ref() != Some(bytes) {
            wrong.push(format!("the input {} was changed", file.display()));
        }
    }
    let mut compared = vec![("told.txt".to_owned(), ran.told.clone())];
    for file in &expect.compare {
        if made.contains(file) {
            compared.push((file.clone(), shop.text(&format!("out/{file}"))));
        } else {
            wrong.push(format!("out/{file} was not made and cannot be compared"));
        }
    }
    for (file, text) in compared {
        let path = case.join("expected").join(&file);
        let found = steady(&text);
        if update {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &found).unwrap();
            continue;
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{file} is not as expected:\n{}", difference(&expected, &found)));
        }
    }
    wrong
}

/// All files below `folder` with their bytes: what a run must leave alone.
fn fingerprint(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(folder.join(&at)).unwrap() {
            let entry = entry.unwrap();
            let path = at.join(entry.file_name());
            match entry.file_type().unwrap() {
                t if t.is_dir() => folders.push(path),
                _ => all.push((path, fs::read(entry.path()).unwrap_or_default())),
            }
        }
    }
    all
}

/// What may differ from one version of the program to the next without anyone caring, taken out: digests,
/// sizes of files, times.
fn steady(text: &str) -> String {
    let mut text = text.to_owned();
    for size in ["\"bytes\":", "FileSize=\""] {
        let mut parts = text.split(size);
        let mut steady = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            steady.push_str(size);
            steady.push('…');
            steady.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        text = steady;
    }
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        if line.contains(" s (") && line.contains(" a second, ") {
            continue;
        }
        let mut rest = line;
        while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
            let (before, from) = rest.split_at(start);
            out.push_str(before);
            let end = from.find(|c: char| !c.is_ascii_alphanumeric() && c != ',').unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            match word.split(',').map(|w| w.len() == 64 && w.bytes().all(|b| b.is_ascii_hexdigit())).collect::<Vec<_>>()
            {
                _ if after.starts_with(" bytes") && word.bytes().all(|b| b.is_ascii_digit() || b == b',') => {
                    out.push('…');
                }
                digest if digest.contains(&true) => {
                    let cells: Vec<&str> =
                        word.split(',').zip(&digest).map(|(w, d)| if *d { "…" } else { w }).collect();
                    out.push_str(&cells.join(","));
                }
                _ => out.push_str(word),
            }
            rest = after;
        }
        out.push_str(rest);
    }
    out
}

/// The lines that differ, with `-` what was expected and `+` what was found.
fn difference(expected: &str, found: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[same..].iter().rev().zip(b[same..].iter().rev()).take_while(|(x, y)| x == y).count();
    let mut out = format!("  from line {}:\n", same + 1);
    for line in &a[same..a.len() - tail] {
        let _ = writeln!(out, "  - {line}");
    }
    for line in &b[same..b.len() - tail] {
        let _ = writeln!(out, "  + {line}");
    }
    out
}

#[test]
fn digests_sizes_and_times_are_taken_out_of_what_is_compared() {
    let digest = "0123456789abcdef".repeat(4);
    let text = format!(
        "a.pdf,1,2,{digest},vip\nout/a.pdf: 3 pieces, 12,345 bytes\n3 pieces in 0.02 s (9 a second, 2 threads)\n"
    );
    assert_eq!(steady("{\"bytes\":12400,\"pages\":3}"), "{\"bytes\":…,\"pages\":3}");
    assert_eq!(steady(&text), "a.pdf,1,2,…,vip\nout/a.pdf: 3 pieces, … bytes\n");
}
