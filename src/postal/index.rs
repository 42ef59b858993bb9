//! Japan Post's postcodes in memory: read once per run, looked up by code and by address.
//!
//! All names lie in one text; rows are 40 bytes and point into it. KEN_ALL of 2026 (124,511 towns) takes about 12 MB and
//! JIGYOSYO (22,416 places) about 3 MB; nothing grows afterwards.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::code::{District, Postcode};
use super::fold::folded;
use super::source::{self, OfficeRow, TownRow};
use super::town::{Named, names};
use crate::base::Diagnostic;

/// A part of the index's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slice {
    at: u32,
    length: u32,
}

/// What a row of KEN_ALL stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A town, or the part of one that its brackets name.
    Town,
    /// 「以下に掲載がない場合」: what the list does not name.
    Unlisted,
    /// 「…の次に番地がくる場合」: the number follows the town's (or the city's) name at once.
    Direct,
    /// 「…一円」: all of the municipality.
    Whole,
    /// A floor of a tall building.
    Floor,
}

#[derive(Clone, Copy, Debug)]
struct Town {
    code: Postcode,
    city: u16,
    kind: Kind,
    five: bool,
    chome: bool,
    name: Slice,
    /// The folded name, without what stands in brackets; what an address is looked up by.
    key: Slice,
    /// Of a floor: the folded name of its building.
    building: Slice,
}

#[derive(Clone, Copy, Debug)]
struct Office {
    code: Postcode,
    city: u16,
    five: bool,
    boxed: bool,
    name: Slice,
    town: Slice,
}

#[derive(Clone, Debug)]
struct City {
    prefecture: String,
    name: String,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Index {
    text: String,
    /// By postcode.
    towns: Vec<Town>,
    /// The same by municipality and key.
    by_name: Vec<u32>,
    /// By postcode.
    offices: Vec<Office>,
    cities: Vec<City>,
    /// Folded names of municipalities, with and without prefecture and county; in order.
    city_names: Vec<(String, u16)>,
    has_towns: bool,
    has_offices: bool,
}

/// A row of KEN_ALL.
#[derive(Clone, Copy, Debug)]
pub struct TownRef<'a> {
    index: &'a Index,
    town: Town,
}

impl<'a> TownRef<'a> {
    #[must_use]
    pub fn code(&self) -> Postcode {
        self.town.code
    }
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.town.kind
    }
    /// Whether the town is divided in 丁目.
    #[must_use]
    pub fn has_chome(&self) -> bool {
        self.town.chome
    }
    #[must_use]
    pub fn prefecture(&self) -> &'a str {
        self.index.cities.get(usize::from(self.town.city)).map_or("", |c| &c.prefecture)
    }
    #[must_use]
    pub fn city(&self) -> &'a str {
        self.index.cities.get(usize::from(self.town.city)).map_or("", |c| &c.name)
    }
    /// As Japan Post writes it, brackets included.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.index.slice(self.town.name)
    }
    pub(super) fn city_number(&self) -> u16 {
        self.town.city
    }
    pub(super) fn key(&self) -> &'a str {
        self.index.slice(self.town.key)
    }
    pub(super) fn building(&self) -> &'a str {
        self.index.slice(self.town.building)
    }
}

/// A place with a postcode of its own.
#[derive(Clone, Copy, Debug)]
pub struct OfficeRef<'a> {
    index: &'a Index,
    office: Office,
}

impl<'a> OfficeRef<'a> {
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.index.slice(self.office.name)
    }
    /// Whether it is a post office box.
    #[must_use]
    pub fn is_box(&self) -> bool {
        self.office.boxed
    }
    pub(super) fn city_number(&self) -> u16 {
        self.office.city
    }
    /// The town as the file has it.
    #[must_use]
    pub fn town(&self) -> &'a str {
        self.index.slice(self.office.town)
    }
}

/// Makes an index; names that recur are kept once.
#[derive(Default)]
struct Builder {
    index: Index,
    known: FxHashMap<String, Slice>,
    cities: FxHashMap<(String, String), u16>,
}

impl Builder {
    fn keep(&mut self, text: &str) -> Slice {
        if let Some(slice) = self.known.get(text) {
            return *slice;
        }
        let slice = Slice {
            at: u32::try_from(self.index.text.len()).unwrap_or(u32::MAX),
            length: u32::try_from(text.len()).unwrap_or(0),
        };
        self.index.text.push_str(text);
        self.known.insert(text.to_owned(), slice);
        slice
    }

    fn city(&mut self, prefecture: &str, city: &str) -> u16 {
        // Most rows have the city of the row before.
        if let Some(last) = self.index.cities.last()
            && last.name == city
            && last.prefecture == prefecture
        {
            return u16::try_from(self.index.cities.len() - 1).unwrap_or(u16::MAX);
        }
        let (index, next) = (&mut self.index, self.cities.len());
        *self.cities.entry((prefecture.to_owned(), city.to_owned())).or_insert_with(|| {
            index.cities.push(City { prefecture: prefecture.to_owned(), name: city.to_owned() });
            u16::try_from(next).unwrap_or(u16::MAX)
        })
    }

    fn town(&mut self, row: &TownRow) {
        let Some(code) = Postcode::parse(&row.code) else { return };
        let city = self.city(&row.prefecture, &row.city);
        let name = self.keep(&row.town);
        let five = row.old.trim().len() == 5;
        for Named { kind, key } in names(&row.town, &row.city) {
            let key = self.keep(&key);
            let building = Slice::default();
            self.index.towns.push(Town { code, city, kind, five, chome: row.chome, name, key, building });
        }
    }

    fn office(&mut self, row: &OfficeRow) {
        let Some(code) = Postcode::parse(&row.code) else { return };
        let city = self.city(&row.prefecture, &row.city);
        let (name, town) = (self.keep(&row.name), self.keep(&row.town));
        let five = row.old.trim().len() == 5;
        self.index.offices.push(Office { code, city, five, boxed: row.boxed, name, town });
    }

    fn end(self) -> Index {
        let mut index = self.index;
        index.text.shrink_to_fit();
        index.towns.shrink_to_fit();
        // Stable: rows of one code stay as the file has them.
        index.towns.sort_by_key(|t| t.code);
        index.offices.sort_by_key(|o| o.code);
        index.sort_names();
        index.part_buildings();
        index.sort_names();
        index.city_names = city_names(&index.cities);
        index
    }
}

impl Index {
    /// Reads Japan Post's tables, each plain or in its zip file; one of them may be absent.
    ///
    /// # Errors
    /// A file cannot be read or is not that table.
    pub fn read(ken_all: Option<(&Path, &str)>, jigyosyo: Option<(&Path, &str)>) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut bytes = |file: Option<(&Path, &str)>| {
            file.and_then(|(path, label)| source::read(path, label).map_err(|d| faults.push(d)).ok())
        };
        let (towns, offices) = (bytes(ken_all), bytes(jigyosyo));
        if !faults.is_empty() {
            return Err(faults);
        }
        let label = |file: Option<(&Path, &str)>| file.map_or(String::new(), |(_, label)| label.to_owned());
        Self::of(towns.as_deref(), &label(ken_all), offices.as_deref(), &label(jigyosyo))
    }

    /// The same from the bytes of the tables.
    ///
    /// # Errors
    /// As [`Index::read`].
    pub fn of(
        ken_all: Option<&[u8]>,
        ken_all_label: &str,
        jigyosyo: Option<&[u8]>,
        jigyosyo_label: &str,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut builder = Builder::default();
        if let Some(bytes) = ken_all {
            source::towns(bytes, ken_all_label, |row| builder.town(row)).map_err(|d| vec![d])?;
            builder.index.has_towns = true;
        }
        if let Some(bytes) = jigyosyo {
            source::offices(bytes, jigyosyo_label, |row| builder.office(row)).map_err(|d| vec![d])?;
            builder.index.has_offices = true;
        }
        Ok(builder.end())
    }

    /// Whether KEN_ALL was read.
    #[must_use]
    pub fn has_towns(&self) -> bool {
        self.has_towns
    }
    /// Whether JIGYOSYO was read.
    #[must_use]
    pub fn has_offices(&self) -> bool {
        self.has_offices
    }
    /// Rows of both tables.
    #[must_use]
    pub fn rows(&self) -> (usize, usize) {
        (self.towns.len(), self.offices.len())
    }

    /// Bytes that the index keeps.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let cities: usize = self.cities.iter().map(|c| c.name.len() + c.prefecture.len() + 48).sum();
        let names: usize = self.city_names.iter().map(|(n, _)| n.len() + 32).sum();
        self.text.capacity()
            + self.towns.capacity() * size_of::<Town>()
            + self.by_name.capacity() * 4
            + self.offices.capacity() * size_of::<Office>()
            + cities
            + names
    }

    fn slice(&self, s: Slice) -> &str {
        let at = s.at as usize;
        self.text.get(at..at + s.length as usize).unwrap_or("")
    }

    fn sort_names(&mut self) {
        let mut order: Vec<u32> = (0..u32::try_from(self.towns.len()).unwrap_or(u32::MAX)).collect();
        order.sort_by(|a, b| {
            let of = |n: &u32| self.towns.get(*n as usize).map(|t| (t.city, self.slice(t.key), t.code));
            of(a).cmp(&of(b))
        });
        self.by_name = order;
    }

    /// A floor's row writes town and building in one: its town is the longest other town that it begins with.
    fn part_buildings(&mut self) {
        let mut parted = Vec::new();
        for (n, town) in self.towns.iter().enumerate().filter(|(_, t)| t.kind == Kind::Floor) {
            let whole = self.slice(town.key);
            let ends: Vec<usize> = whole.char_indices().map(|(i, _)| i).skip(1).collect();
            let found = ends.into_iter().rev().find(|end| {
                let key = whole.get(..*end).unwrap_or("");
                self.named(town.city, key).iter().any(|t| t.kind() != Kind::Floor)
            });
            if let Some(end) = found {
                let (at, length) = (town.key.at, town.key.length);
                let end = u32::try_from(end).unwrap_or(length);
                parted.push((n, Slice { at, length: end }, Slice { at: at + end, length: length - end }));
            }
        }
        for (n, key, building) in parted {
            if let Some(town) = self.towns.get_mut(n) {
                (town.key, town.building) = (key, building);
            }
        }
    }

    fn reference(&self, town: Town) -> TownRef<'_> {
        TownRef { index: self, town }
    }

    /// The rows of a postcode, in the order of the file.
    pub fn towns_of(&self, code: Postcode) -> impl Iterator<Item = TownRef<'_>> {
        let from = self.towns.partition_point(|t| t.code < code);
        let rows = self.towns.get(from..).unwrap_or_default();
        rows.iter().take_while(move |t| t.code == code).map(|t| self.reference(*t))
    }

    /// The places whose own postcode this is.
    pub fn offices_of(&self, code: Postcode) -> impl Iterator<Item = OfficeRef<'_>> {
        let from = self.offices.partition_point(|t| t.code < code);
        let rows = self.offices.get(from..).unwrap_or_default();
        rows.iter().take_while(move |t| t.code == code).map(|o| OfficeRef { index: self, office: *o })
    }

    /// The towns of a municipality with this folded name, in the order of their codes.
    pub(super) fn named(&self, city: u16, key: &str) -> Vec<TownRef<'_>> {
        let town = |n: &u32| self.towns.get(*n as usize).copied();
        let before = |n: &u32| town(n).is_some_and(|t| (t.city, self.slice(t.key)) < (city, key));
        let from = self.by_name.partition_point(before);
        let rest = self.by_name.get(from..).unwrap_or_default();
        let same = rest.iter().map_while(|n| town(n).filter(|t| t.city == city && self.slice(t.key) == key));
        same.map(|t| self.reference(t)).collect()
    }

    /// The municipalities that a folded text begins with: those with the longest name, and its characters.
    pub(super) fn cities_at(&self, text: &[char]) -> (Vec<u16>, usize) {
        let mut start = String::new();
        let (mut found, mut length) = (Vec::new(), 0);
        for (n, c) in text.iter().enumerate().take(LONGEST_CITY) {
            start.push(*c);
            let from = self.city_names.partition_point(|(name, _)| *name < start);
            let same: Vec<u16> = self
                .city_names
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|(name, _)| *name == start)
                .map(|(_, c)| *c)
                .collect();
            if !same.is_empty() {
                (found, length) = (same, n + 1);
            }
        }
        (found, length)
    }

    /// The folded name of a municipality's town, or of the municipality: for messages of places.
    pub(super) fn city_name(&self, city: u16) -> (&str, &str) {
        self.cities.get(usize::from(city)).map_or(("", ""), |c| (&c.prefecture, &c.name))
    }

    /// The district that a postcode is sorted by. What no table has counts by three digits.
    #[must_use]
    pub fn district(&self, code: Postcode) -> District {
        let from = self.towns.partition_point(|t| t.code < code);
        let town = self.towns.get(from).filter(|t| t.code == code).map(|t| t.five);
        let from = self.offices.partition_point(|t| t.code < code);
        let office = self.offices.get(from).filter(|t| t.code == code).map(|t| t.five);
        // A box of a post office is in neither: its neighbours lie in the same area.
        let near = || {
            let at = self.towns.partition_point(|t| t.code.number() / 100 < code.number() / 100);
            self.towns.get(at).filter(|t| t.code.number() / 100 == code.number() / 100).map(|t| t.five)
        };
        District::of(code, town.or(office).or_else(near).unwrap_or(false))
    }

    /// Whether any town's code begins with the same three digits, and whether its post office had five.
    pub(super) fn area(&self, code: Postcode) -> Option<bool> {
        let area = code.number() / 10_000;
        let from = self.towns.partition_point(|t| t.code.number() / 10_000 < area);
        self.towns.get(from).filter(|t| t.code.number() / 10_000 == area).map(|t| t.five)
    }
}

/// No municipality's name is longer, its prefecture included.
const LONGEST_CITY: usize = 24;

/// Each municipality's name with its prefecture and without, and of towns in a county (郡) also without that.
fn city_names(cities: &[City]) -> Vec<(String, u16)> {
    let mut names = Vec::with_capacity(cities.len() * 4);
    for (n, city) in cities.iter().enumerate() {
        let n = u16::try_from(n).unwrap_or(u16::MAX);
        let prefecture = folded(&city.prefecture);
        let mut add = |name: &str| {
            names.push((name.to_owned(), n));
            names.push((format!("{prefecture}{name}"), n));
        };
        let name = folded(&city.name);
        add(&name);
        if name.ends_with(['町', '村']) {
            for mark in ["郡", "島"] {
                // 郡 stands neither first nor at the end: 大和郡山市 is no county
                let county = name.find(mark).map(|i| i + mark.len()).filter(|i| *i > mark.len());
                if let Some(short) = county.and_then(|i| name.get(i..)).filter(|s| s.chars().count() > 1) {
                    add(short);
                }
            }
        }
    }
    names.sort();
    names.dedup();
    names
}
