//! The books close, whatever is wrong with the input: read = printed + held out + suppressed + over budget + rejected.
#![allow(clippy::unwrap_used)] // a test that cannot read what was made has failed

mod support;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use support::{Shop, root};

/// The tables of the campaign.
const TABLES: [&str; 5] = ["customers.csv", "products.csv", "purchases.csv", "stores.csv", "stops.csv"];

/// Something wrong in a table; numbers are taken modulo what is there.
#[derive(Clone, Debug)]
enum Fault {
    /// Some byte is another one.
    Byte { at: usize, to: u8 },
    /// Bytes come in between: no text of any encoding.
    Garbage { at: usize, bytes: Vec<u8> },
    /// A row loses a cell.
    Cell { row: usize, cell: usize },
    /// A cell is emptied.
    Empty { row: usize, cell: usize },
    /// A row comes again: its key is there twice.
    Again { row: usize },
    /// A cell's value is one that stands nowhere else.
    Stray { row: usize, cell: usize },
    /// A quotation mark opens and never closes.
    Quote { row: usize },
    /// The file ends in the middle.
    Cut { to: usize },
    /// Saved in another encoding, with the name in characters that it has and others do not.
    Recoded { from: usize },
}

fn fault() -> impl Strategy<Value = Fault> {
    let n = any::<usize>;
    prop_oneof![
        (n(), any::<u8>()).prop_map(|(at, to)| Fault::Byte { at, to }),
        (n(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Fault::Garbage { at, bytes }),
        (n(), n()).prop_map(|(row, cell)| Fault::Cell { row, cell }),
        (n(), n()).prop_map(|(row, cell)| Fault::Empty { row, cell }),
        n().prop_map(|row| Fault::Again { row }),
        (n(), n()).prop_map(|(row, cell)| Fault::Stray { row, cell }),
        n().prop_map(|row| Fault::Quote { row }),
        n().prop_map(|to| Fault::Cut { to }),
        n().prop_map(|from| Fault::Recoded { from }),
    ]
}

impl Fault {
    fn happen(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let length = bytes.len();
        let mut lines: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        let rows = lines.len();
        // The header stands: without it there is no table, and nothing is made.
        let row_of = |row: usize| if rows > 2 { 1 + row % (rows - 2) } else { 0 };
        let cells = |line: &[u8]| -> Vec<Vec<u8>> { line.split(|b| *b == b',').map(<[u8]>::to_vec).collect() };
        match self {
            Self::Byte { at, to } => {
                bytes[at % length] = *to;
                return;
            }
            Self::Garbage { at, bytes: more } => {
                let at = at % length;
                bytes.splice(at..at, more.iter().copied());
                return;
            }
            Self::Cut { to } => {
                bytes.truncate(length / 3 + to % length);
                return;
            }
            Self::Recoded { from } => {
                let at = from % length;
                let text = String::from_utf8_lossy(&bytes[at..]).into_owned();
                let (recoded, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
                bytes.truncate(at);
                bytes.extend_from_slice(&recoded);
                return;
            }
            Self::Again { row } => {
                let again = lines[row_of(*row)].clone();
                lines.insert(rows - 1, again);
            }
            Self::Quote { row } => lines[row_of(*row)].insert(0, b'"'),
            Self::Cell { row, cell } | Self::Empty { row, cell } | Self::Stray { row, cell } => {
                let line = &mut lines[row_of(*row)];
                let mut all = cells(line);
                let at = cell % all.len();
                match self {
                    Self::Cell { .. } => drop(all.remove(at)),
                    Self::Empty { .. } => all[at].clear(),
                    _ => all[at] = b"ZZ-99".to_vec(),
                }
                *line = all.join(&b","[..]);
            }
        }
        *bytes = lines.join(&b"\n"[..]);
    }
}

/// Everything that a run says of its rows agrees.
fn closes(shop: &Shop, out: &str) {
    let json: serde_json::Value = serde_json::from_slice(&shop.read(&format!("{out}/manifest.json"))).unwrap();
    let totals = &json["totals"];
    let n = |key: &str| totals[key].as_u64().unwrap();
    let of = ["printed", "held_out", "suppressed", "over_budget", "rejected"].map(n);
    assert_eq!(n("read"), of.iter().sum::<u64>(), "{totals}");
    let by = |key: &str| totals[key].as_object().unwrap().values().map(|v| v.as_u64().unwrap()).sum::<u64>();
    assert_eq!((by("suppressed_by"), by("rejected_by")), (n("suppressed"), n("rejected")), "{totals}");
    let rows = |name: &str| {
        let bytes = shop.read(&format!("{out}/{name}"));
        let mut reader = csv::Reader::from_reader(&*bytes);
        reader.records().map(Result::unwrap).count() as u64
    };
    assert_eq!(rows("manifest.csv"), n("read"));
    let mut outcomes: Vec<u64> = vec![0; 5];
    for row in json["rows"].as_array().unwrap() {
        let word = row["outcome"].as_str().unwrap();
        let at = ["printed", "held-out", "suppressed", "over-budget", "rejected"].iter().position(|w| *w == word);
        outcomes[at.unwrap()] += 1;
    }
    assert_eq!(outcomes, of, "line by line");
    if n("rejected") > 0 {
        let bytes = shop.read(&format!("{out}/rejects.csv"));
        let reader = csv::ReaderBuilder::new().flexible(true).from_reader(&*bytes);
        assert_eq!(reader.into_records().map(Result::unwrap).count() as u64, n("rejected"));
    }
}

/// Random bytes, missing cells, keys that come twice, strays, wrong encodings, in every table: the run ends, and
/// either makes nothing and says why, or its books close; `decide` counts the same rows.
#[test]
fn the_books_close_under_random_faults_in_every_table() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let faults = prop::collection::vec((0..TABLES.len(), fault()), 1..5);
    let original = root().join("tests/cases/books");
    let made = std::cell::Cell::new(0u32);
    let done = runner.run(&faults, |faults| {
        let shop = Shop::copy_of(&original);
        for (table, fault) in &faults {
            let mut bytes = shop.read(TABLES[*table]);
            fault.happen(&mut bytes);
            shop.write(TABLES[*table], &bytes);
        }
        let ran = shop.surimono(&["run", "campaign.toml"]);
        prop_assert!(matches!(ran.code, 0..=2), "ended with {}: {}", ran.code, ran.told);
        prop_assert!(!ran.told.contains("internal fault"), "{}", ran.told);
        if ran.code == 2 {
            prop_assert!(shop.list("out").is_empty(), "{:?}", shop.list("out"));
            prop_assert!(ran.told.contains("error["), "{}", ran.told);
            return Ok(());
        }
        made.set(made.get() + 1);
        closes(&shop, "out");
        let decided = shop.surimono(&["decide", "campaign.toml"]);
        prop_assert!(matches!(decided.code, 0 | 1), "{}", decided.told);
        let json: serde_json::Value = serde_json::from_slice(&shop.read("out/manifest.json")).unwrap();
        prop_assert_eq!(decided.out.lines().count() as u64, json["totals"]["read"].as_u64().unwrap());
        Ok(())
    });
    assert!(done.is_ok(), "{done:?}");
    assert!(made.get() >= 8, "most faults are rows' own: only {} runs were made", made.get());
}

/// Rejects, mended, are a table again: what is printed in the two runs together is everybody, each once.
#[test]
fn mended_rejects_come_in_again() {
    let shop = Shop::copy_of(&root().join("tests/cases/books"));
    let customers = shop.text("customers.csv");
    let broken = customers.replace("2020-03-03", "2020-33-03").replacen("C05,", ",", 1);
    assert_ne!(broken, customers);
    shop.write("customers.csv", broken.as_bytes());
    shop.surimono(&["run", "campaign.toml"]).is_made();
    closes(&shop, "out");
    let rejects = shop.text("out/rejects.csv");
    assert_eq!(rejects.lines().count(), 3, "{rejects}");
    let mended = rejects.replace("2020-33-03", "2020-03-03").replacen("\n,", "\nC05,", 1);
    shop.write("mended.csv", mended.as_bytes());
    let campaign = shop.text("campaign.toml");
    shop.write("again.toml", campaign.replace("customers.csv", "mended.csv").as_bytes());
    shop.surimono(&["run", "again.toml", "--out", "again"]).is_made();
    closes(&shop, "again");
    let read = |out: &str| -> serde_json::Value {
        serde_json::from_slice(&shop.read(&format!("{out}/manifest.json"))).unwrap()
    };
    let sum = |key: &str| read("out")["totals"][key].as_u64().unwrap() + read("again")["totals"][key].as_u64().unwrap();
    assert_eq!(read("again")["totals"]["rejected"], 0, "{}", read("again")["totals"]);
    assert_eq!(sum("printed") + sum("suppressed") + sum("held_out"), customers.lines().count() as u64 - 1);
}
