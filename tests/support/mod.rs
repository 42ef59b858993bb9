//! What the integration tests share: running the program on a copy of a campaign's folder.
#![allow(dead_code, clippy::unwrap_used)] // each test file uses its part; a test that cannot set up has failed

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of its own for one test, taken away at the end.
pub struct Shop {
    folder: tempfile::TempDir,
}

impl Shop {
    /// A copy of `from` without what earlier runs made.
    pub fn copy_of(from: &Path) -> Self {
        let shop = Self::empty();
        copy(from, shop.path());
        shop
    }

    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A minimal campaign: `customers.csv` as given, one page per customer with the name on it.
    pub fn minimal(customers: &[u8]) -> Self {
        let shop = Self::empty();
        shop.write("campaign.toml", MINIMAL_CAMPAIGN.as_bytes());
        shop.write("card.html", MINIMAL_TEMPLATE.as_bytes());
        shop.write("customers.csv", customers);
        shop
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap_or_else(|e| panic!("{name}: {e}; there is {:?}", self.list(".")))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    /// The names in a folder, sorted; empty when there is no such folder.
    pub fn list(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path().join(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs the program in this folder.
    pub fn surimono(&self, args: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_surimono"))
            .args(args)
            .current_dir(self.path())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        Ran::of(output)
    }
}

pub const MINIMAL_CAMPAIGN: &str = r#"[campaign]
id = "minimal"
title = "Minimal"
as_of = 2026-11-21
posting_date = 2026-12-01
allow_rejects = "0%"

[tables.customers]
file = "customers.csv"
key = "customer_id"

[piece]
template = "card.html"
"#;

pub const MINIMAL_TEMPLATE: &str = r#"<!DOCTYPE html>
<html lang="ja"><head><title>card</title><style>
@page { size: 100mm 148mm; bleed: 3mm; margin: 0 }
body { margin: 0; font-family: "BIZ UDPGothic"; font-size: 12pt }
.name { position: absolute; left: 10mm; top: 10mm; width: 80mm; height: 12mm }
</style></head><body>
<div class="name">{{ customer.name }} 様</div>
</body></html>
"#;

pub struct Ran {
    pub code: i32,
    pub out: String,
    /// What was told to the person.
    pub told: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            told: String::from_utf8_lossy(&output.stderr).replace("\r\n", "\n"),
        }
    }

    #[track_caller]
    pub fn ends_with(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "told:\n{}\nout:\n{}", self.told, self.out);
        assert!(!self.told.contains("internal fault"), "{}", self.told);
        self
    }

    /// The pieces were made, however many of the few records were rejected.
    #[track_caller]
    pub fn is_made(&self) -> &Self {
        assert!(matches!(self.code, 0 | 1), "ended with {}; told:\n{}", self.code, self.told);
        self
    }

    #[track_caller]
    pub fn tells(&self, words: &str) -> &Self {
        assert!(self.told.contains(words), "`{words}` is not in what was told:\n{}", self.told);
        self
    }

    #[track_caller]
    pub fn does_not_tell(&self, words: &str) -> &Self {
        assert!(!self.told.contains(words), "`{words}` is in what was told:\n{}", self.told);
        self
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            if !matches!(entry.file_name().to_str(), Some("out" | "proof")) {
                copy(&source, &target);
            }
        } else {
            fs::copy(source, target).unwrap();
        }
    }
}
