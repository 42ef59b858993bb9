//! The sheets of a job, in the folder beside its pages: whether the files are as they were made, and whether their map
//! agrees with itself, with its table and with the manifest of the pages. Maps are read side by side, never as a whole.

use std::fmt;
use std::fs::File;
use std::hash::{Hash as _, Hasher as _};
use std::io::{BufReader, Read};
use std::path::Path;

use rustc_hash::{FxHashMap, FxHasher};
use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::manifest::Other;
use crate::base::{Diagnostic, Digest, Place};

/// The folder of sheets within a run's.
pub const FOLDER: &str = "sheets";
/// Faults of one kind in one map that are told one by one; the rest is counted.
const TOLD: u64 = 5;

/// One side of a sheet.
#[derive(Clone, Debug, Deserialize)]
struct Side {
    sheet: u64,
    side: String,
    placed: Vec<Placed>,
}

/// A page in its place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Placed {
    place: u64,
    number: u64,
    piece: String,
    page: u64,
    #[serde(default)]
    source: String,
    #[serde(default)]
    row: u64,
    file: String,
}

/// The file of sheets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Sheets {
    pub name: String,
    pub sheets: u64,
    pub sides: u64,
    pub bytes: u64,
    pub sha256: String,
}

/// What a map says beside its sides.
#[derive(Clone, Debug, Default)]
pub struct Map {
    pub file: Sheets,
    pub table: Other,
    /// The digest of the pages' manifest.
    pub manifest: Option<String>,
    up: (u64, u64),
}

/// Pages, counted so that their order does not matter: how many, and a sum over all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) pages: u64,
    sum: u64,
}

impl Tally {
    pub(super) fn add(&mut self, file: &str, page: u64) {
        let mut hasher = FxHasher::default();
        (file, page).hash(&mut hasher);
        self.pages += 1;
        self.sum = self.sum.wrapping_add(hasher.finish().wrapping_mul(0x9e37_79b9_7f4a_7c15));
    }

    pub(super) fn join(&mut self, other: Self) {
        self.pages += other.pages;
        self.sum = self.sum.wrapping_add(other.sum);
    }

    /// Whether this is `other` so many times.
    fn is(self, other: Self, times: u64) -> bool {
        Some(self.pages) == other.pages.checked_mul(times) && self.sum == other.sum.wrapping_mul(times)
    }
}

/// What the manifest says of a piece: first and last page, and which row of its source it is made of.
pub(super) type Pieces = FxHashMap<u64, (u32, u32, u32)>;

/// The name of the map, without its end, of the sheets on which the file `stem` is placed, one of so many files of a job.
#[must_use]
pub fn map_of(stem: &str, files: usize) -> String {
    match files {
        1 => FOLDER.to_owned(),
        _ => format!("{}-{FOLDER}", ascii(stem)),
    }
}

/// Names of files of sheets are ASCII, whatever the job is called.
#[must_use]
pub fn ascii(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    if name.trim_matches('-').is_empty() { "job".to_owned() } else { name }
}

/// The maps in a folder of sheets: plain names without their end.
#[must_use]
pub fn maps(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|e| e.file_name().to_string_lossy().into_owned());
    let mut maps: Vec<String> = names
        .filter_map(|n| Some(n.strip_suffix(".json")?.to_owned()))
        .filter(|stem| stem == FOLDER || stem.ends_with("-sheets"))
        .collect();
    maps.sort();
    maps
}

/// What was found in one map.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) map: Map,
    pub(super) tally: Tally,
    pub(super) faults: Vec<Diagnostic>,
}

/// Reads the map `stem` of `folder` and holds it against its table and the pieces of the manifest.
pub(super) fn read(folder: &Path, stem: &str, pieces: &Pieces) -> Found {
    let label = format!("{FOLDER}/{stem}.json");
    let table = File::open(folder.join(format!("{stem}.csv"))).ok();
    let mut check = Check {
        label,
        pieces,
        table: table.map(|f| csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::new(f))),
        record: csv::StringRecord::new(),
        front: None,
        up: (0, 0),
        last: 0,
        sides: 0,
        tally: Tally::default(),
        faults: Vec::new(),
        untold: 0,
    };
    let map = match open(folder, stem, &mut |map, side| check.side(map, &side)) {
        Ok(map) => map,
        Err(fault) => {
            check.fault(|| format!("it cannot be read as a map of sheets: {fault}"));
            Map::default()
        }
    };
    check.end(&map);
    let Check { tally, faults, .. } = check;
    Found { map, tally, faults }
}

/// Reads what a map says of its file, without looking at its sides.
#[must_use]
pub fn map(folder: &Path, stem: &str) -> Option<Map> {
    open(folder, stem, &mut |_, _| {}).ok()
}

/// How the map stands to the manifest and the table, side by side.
struct Check<'a> {
    label: String,
    pieces: &'a Pieces,
    table: Option<csv::Reader<BufReader<File>>>,
    record: csv::StringRecord,
    /// The front under way.
    front: Option<Side>,
    up: (u64, u64),
    last: u64,
    sides: u64,
    tally: Tally,
    faults: Vec<Diagnostic>,
    untold: u64,
}

impl Check<'_> {
    fn fault(&mut self, message: impl FnOnce() -> String) {
        if self.faults.len() as u64 >= TOLD {
            self.untold += 1;
            return;
        }
        let d = Diagnostic::error("sheet-map", message());
        self.faults.push(d.at(Place::File(self.label.clone()), ""));
    }

    fn side(&mut self, map: &Map, side: &Side) {
        self.up = map.up;
        self.sides += 1;
        let (sheet, word) = (side.sheet, side.side.as_str());
        let at = |p: &Placed| format!("sheet {sheet} {word} place {}", p.place);
        let follows = match word {
            "front" => sheet == self.last + 1,
            "back" => sheet == self.last && self.front.is_some(),
            _ => false,
        };
        if !follows {
            let last = self.last;
            self.fault(|| format!("sheet {sheet} {word} does not follow sheet {last}"));
        }
        self.last = sheet;
        let mut place = 0;
        for p in &side.placed {
            if p.place <= place || p.place > self.up.0 * self.up.1 {
                self.fault(|| format!("{}: there is no such place, or something lies there already", at(p)));
            }
            place = p.place;
            self.tally.add(&p.file, p.page);
            self.piece(p, &at);
            self.row(side, p, &at);
            if word == "back"
                && let Some(front) = self.front.as_ref().map(|f| f.placed.iter().find(|f| f.place == p.place))
                && front.is_none_or(|f| (f.number, &f.piece) != (p.number, &p.piece))
            {
                self.fault(|| format!("{}: {} is not behind its own front", at(p), p.piece));
            }
        }
        self.front = (word == "front").then(|| side.clone());
    }

    /// Whether the manifest knows the piece with this page and row.
    fn piece(&mut self, p: &Placed, at: &impl Fn(&Placed) -> String) {
        if self.pieces.is_empty() || p.piece.is_empty() {
            return;
        }
        match self.pieces.get(&Digest::of(p.piece.as_bytes()).short()) {
            None => self.fault(|| format!("{}: the manifest has no piece {}", at(p), p.piece)),
            Some((first, last, row)) => {
                if p.page < u64::from(*first) || p.page > u64::from(*last) {
                    self.fault(|| {
                        format!("{}: page {} is not of {}, which has {first} to {last}", at(p), p.page, p.piece)
                    });
                } else if p.row != 0 && p.row != u64::from(*row) {
                    self.fault(|| format!("{}: {} is made of row {row}, not {}", at(p), p.piece, p.row));
                }
            }
        }
    }

    /// Whether the table has the same line.
    fn row(&mut self, side: &Side, p: &Placed, at: &impl Fn(&Placed) -> String) {
        let Some(table) = &mut self.table else { return };
        let read = table.read_record(&mut self.record).unwrap_or(false);
        let cell = |i: usize| self.record.get(i).unwrap_or_default();
        let number = |i: usize| cell(i).parse::<u64>().unwrap_or_default();
        let same = read
            && (number(0), cell(1), number(2), number(5), cell(6), number(7))
                == (side.sheet, side.side.as_str(), p.place, p.number, p.piece.as_str(), p.page)
            && (p.row == 0 || (cell(8), number(9)) == (p.source.as_str(), p.row))
            && cell(10) == p.file;
        if !same {
            self.fault(|| format!("{}: its table says something else", at(p)));
        }
    }

    fn end(&mut self, map: &Map) {
        if let Some(table) = &mut self.table
            && table.read_record(&mut self.record).unwrap_or(false)
        {
            self.fault(|| "its table has more lines than it".to_owned());
        }
        let (sheets, sides) = (self.last, self.sides);
        if (map.file.sheets, map.file.sides) != (sheets, sides) {
            let (s, n) = (map.file.sheets, map.file.sides);
            self.fault(|| format!("it has {sheets} sheets with {sides} sides, and says {s} with {n}"));
        }
        if self.untold > 0 {
            let d = Diagnostic::error("sheet-map", format!("{} further faults of this kind", self.untold));
            self.faults.push(d.at(Place::File(self.label.clone()), ""));
        }
    }
}

/// Whether all pages of the manifest lie on the sheets once, or each at every place (step and repeat).
pub(super) fn all_placed(placed: Tally, made: Tally, found: &[Found]) -> Option<Diagnostic> {
    let places = found.first().map_or(1, |f| f.map.up.0 * f.map.up.1);
    if found.is_empty() || placed.is(made, 1) || placed.is(made, places) {
        return None;
    }
    let message = match placed.pages == made.pages {
        true => "other pages lie on the sheets than the manifest names".to_owned(),
        false => format!("{} pages lie on the sheets, and the manifest has {}", placed.pages, made.pages),
    };
    Some(Diagnostic::error("sheet-map", message).at(Place::File(FOLDER.to_owned()), ""))
}

fn open(folder: &Path, stem: &str, each: &mut dyn FnMut(&Map, Side)) -> Result<Map, String> {
    let file = File::open(folder.join(format!("{stem}.json"))).map_err(|e| e.kind().to_string())?;
    let reader: Box<dyn Read> = Box::new(BufReader::with_capacity(1 << 18, file));
    let mut json = serde_json::Deserializer::from_reader(reader);
    // The words of JSON's faults may hold text of the file, which has ids in it and nothing else.
    let map = Whole { each }.deserialize(&mut json).map_err(|e| format!("line {}", e.line()))?;
    json.end().map_err(|e| format!("line {}", e.line()))?;
    Ok(map)
}

struct Whole<'a> {
    each: &'a mut dyn FnMut(&Map, Side),
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = Map;
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Map, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Map;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the map of sheets")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Map, A::Error> {
        let mut map = Map::default();
        while let Some(key) = from.next_key::<String>()? {
            match key.as_str() {
                "up" => map.up = from.next_value()?,
                "sheets" => from.next_value_seed(Sides { map: &map, each: &mut *self.each })?,
                "file" => map.file = from.next_value()?,
                "table" => map.table = from.next_value()?,
                "manifest" => map.manifest = Some(from.next_value()?),
                _ => drop(from.next_value::<IgnoredAny>()?),
            }
        }
        Ok(map)
    }
}

struct Sides<'a> {
    map: &'a Map,
    each: &'a mut dyn FnMut(&Map, Side),
}

impl<'de> DeserializeSeed<'de> for Sides<'_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Sides<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sides of sheets")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut sides: A) -> Result<(), A::Error> {
        while let Some(side) = sides.next_element::<Side>()? {
            (self.each)(self.map, side);
        }
        Ok(())
    }
}
