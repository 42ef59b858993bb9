//! An address held against its postcode: what its parts are, how sure it is that the postcode is the right one and
//! why, and the customer barcode or the reason why there is none. The address itself is never changed.

use std::ops::Range;

use super::code::Postcode;
use super::customer::{Customer, address_number};
use super::fold::{Folded, fold, folded, half_width};
use super::index::{Index, Kind, TownRef};
use super::part::{self, Fit, Place};
use super::town;

/// How sure it is that the postcode is the address's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It is another place's, or no postcode.
    Wrong,
    /// It cannot be told: the list does not name the town, or the address is not understood.
    Unsure,
    /// The town is right; that the part of the town is, cannot be told.
    Likely,
    /// Municipality, town and part of the town are those of the postcode.
    Exact,
}

impl Confidence {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Unsure => "unsure",
            Self::Likely => "likely",
            Self::Exact => "exact",
        }
    }
}

/// Why something is as it is said. Never holds a text of the address.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Reason {
    /// A stable word, `kebab-case`.
    pub code: &'static str,
    pub text: String,
}

impl Reason {
    fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

/// Where the parts of an address stand in it. What was not found is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub prefecture: Range<usize>,
    pub city: Range<usize>,
    /// The town, with what stands before it (大字, streets of Kyoto).
    pub town: Range<usize>,
    /// What follows the town's name of the postcode (住所B): number and building.
    pub address_b: Range<usize>,
    /// The number in it: 丁目, 番 and 号 with what stands in front of them.
    pub number: Range<usize>,
    pub building: Range<usize>,
}

/// What was found out about an address and its postcode.
#[derive(Clone, Debug)]
pub struct Judged {
    pub postcode: Option<Postcode>,
    pub parts: Parts,
    pub confidence: Confidence,
    pub reasons: Vec<Reason>,
    /// The address number by the manual's rules; empty where the town was not found.
    pub number: String,
    /// `None`: refused; the reasons say why.
    pub customer: Option<Customer>,
    /// Postcodes that the address itself leads to, when the given one is not among them.
    pub suggested: Vec<Postcode>,
}

/// Postcodes that are suggested at most.
const SUGGESTED: usize = 5;

/// Holds an address against a postcode.
#[must_use]
pub fn judge(index: &Index, postcode: &str, address: &str) -> Judged {
    Judge::new(index, address).postcode(postcode)
}

/// The town that an address leads to, and what of the address is its name.
struct Found<'a> {
    city: u16,
    /// Rows with the same name; empty when the town is not known.
    rows: Vec<TownRef<'a>>,
    /// Characters of the folded address up to the end of the town's name.
    end: usize,
    place: Place,
}

struct Judge<'a> {
    index: &'a Index,
    address: &'a str,
    folded: Folded,
    /// Municipalities with the name that the address begins with, and the characters of that name.
    cities: (Vec<u16>, usize),
}

impl<'a> Judge<'a> {
    fn new(index: &'a Index, address: &'a str) -> Self {
        let mut folded = fold(address);
        let mut cities = index.cities_at(&folded.chars);
        // 〒 and a postcode in front of the address are not part of it
        if cities.0.is_empty() {
            let skip = folded.chars.iter().take_while(|c| matches!(c, '〒' | '-' | '0'..='9')).count();
            if skip > 0 {
                let found = index.cities_at(folded.chars.get(skip..).unwrap_or_default());
                if !found.0.is_empty() {
                    folded.chars.drain(..skip);
                    folded.ends.drain(..skip);
                    cities = found;
                }
            }
        }
        Self { index, address, folded, cities }
    }

    fn postcode(&self, text: &str) -> Judged {
        let mut told = Judged {
            postcode: Postcode::parse(text),
            parts: Parts::default(),
            confidence: Confidence::Wrong,
            reasons: Vec::new(),
            number: String::new(),
            customer: None,
            suggested: Vec::new(),
        };
        let Some(code) = told.postcode else {
            let found: Vec<Found<'_>> = self.cities.0.iter().map(|c| self.town(*c)).collect();
            if let [found] = found.as_slice() {
                self.parts(found, &mut told);
            }
            told.reasons.push(Reason::new("postcode-form", "the postcode is not seven digits"));
            self.suggest(&mut told);
            return told;
        };
        let rows: Vec<TownRef<'_>> = self.index.towns_of(code).collect();
        let of_code = |city: &u16| rows.iter().any(|r| r.city_number() == *city);
        // The same name in several prefectures: the postcode says which is meant.
        let city = self.cities.0.iter().copied().find(of_code);
        let found = city.or(self.cities.0.first().copied()).map(|c| self.town(c));
        if let Some(found) = &found
            && (city.is_some() || self.cities.0.len() == 1)
        {
            self.parts(found, &mut told);
        }
        if rows.is_empty() {
            self.no_town(code, found.as_ref(), &mut told);
        } else {
            match (city, found) {
                (Some(_), Some(found)) => self.in_city(code, &rows, &found, &mut told),
                (None, Some(_)) => told.reasons.push(Reason::new(
                    "other-city",
                    format!("{code} is in {}, and the address is not", names_of(&rows)),
                )),
                _ => {
                    told.confidence = Confidence::Unsure;
                    told.reasons.push(Reason::new(
                        "city-unknown",
                        "the address does not begin with the name of a prefecture or municipality that is known",
                    ));
                }
            }
        }
        if told.confidence < Confidence::Likely {
            self.suggest(&mut told);
        }
        told
    }

    /// A postcode that KEN_ALL does not have: an office's, a box's, or none.
    fn no_town(&self, code: Postcode, found: Option<&Found<'_>>, told: &mut Judged) {
        let offices: Vec<_> = self.index.offices_of(code).collect();
        if !offices.is_empty() {
            let there = self.cities.0.iter().any(|c| offices.iter().any(|o| o.city_number() == *c));
            if !there {
                told.reasons.push(Reason::new(
                    "other-city",
                    format!("{code} belongs to an office in another municipality than the address's"),
                ));
                return;
            }
            let rest: String = self.folded.chars.iter().skip(self.cities.1).collect();
            let rest = rest.strip_prefix("大字").or_else(|| rest.strip_prefix('字')).unwrap_or(&rest).to_owned();
            let town = offices.iter().any(|o| rest.starts_with(&town::key_of(o.town())));
            told.confidence = if town { Confidence::Exact } else { Confidence::Likely };
            told.reasons.push(Reason::new(
                "office",
                "the postcode is an office's own: the customer barcode holds it alone, without an address number",
            ));
            if !town {
                told.reasons.push(Reason::new("office-town", "the address names another town than the office's entry"));
            }
            told.customer = Some(Customer::of_office(code));
            return;
        }
        if let (Some(number), Some(_)) = (self.box_number(code), found) {
            told.confidence = Confidence::Likely;
            told.reasons.push(Reason::new(
                "box",
                "the postcode has the form of a post office's for all its boxes: the customer barcode holds the box's number",
            ));
            told.number.clone_from(&number);
            told.customer = Some(Customer::new(code, &number));
            return;
        }
        let reason = if !self.index.has_towns() {
            "no table of towns (KEN_ALL) was given to find it in"
        } else if !self.index.has_offices() && code.number() / 1000 % 10 == 8 {
            "no town has it; it has the form of an office's own postcode, and no table of offices (JIGYOSYO) was given"
        } else {
            "there is no such postcode in Japan Post's tables"
        };
        told.reasons.push(Reason::new("postcode-unknown", format!("{code}: {reason}")));
    }

    /// The number of a box behind 私書箱 when the postcode can be the one of all boxes of its post office: …-869x where
    /// postcodes had three digits, …-…91 where they had five (manual, page 22).
    fn box_number(&self, code: Postcode) -> Option<String> {
        let five = self.index.area(code)?;
        let last = code.number() % 10_000;
        let boxes = if five { last % 100 == 91 } else { last / 10 == 869 };
        let at = self.address.find("私書箱").filter(|_| boxes)? + "私書箱".len();
        let behind: String = self.address.get(at..)?.chars().map(half_width).collect();
        let digits: String =
            behind.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        (1..=4).contains(&digits.len()).then_some(digits)
    }

    /// The postcode has rows in the address's municipality.
    fn in_city(&self, code: Postcode, rows: &[TownRef<'_>], found: &Found<'_>, told: &mut Judged) {
        let here: Vec<&TownRef<'_>> = rows.iter().filter(|r| r.city_number() == found.city).collect();
        let own: Vec<&TownRef<'_>> = found.rows.iter().filter(|r| r.code() == code).collect();
        if own.is_empty() {
            let unlisted = here.iter().any(|r| r.kind() == Kind::Unlisted);
            let (confidence, reason) = match (unlisted, found.rows.is_empty()) {
                (true, true) => (
                    Confidence::Unsure,
                    Reason::new(
                        "unlisted",
                        format!(
                            "{code} is for places that Japan Post's list does not name, and gets no customer barcode"
                        ),
                    ),
                ),
                (true, false) => (
                    Confidence::Wrong,
                    Reason::new(
                        "unlisted",
                        format!(
                            "{code} is for places that are not listed, and the town of the address has a postcode of its own"
                        ),
                    ),
                ),
                (false, true) => (
                    Confidence::Wrong,
                    Reason::new(
                        "town-unknown",
                        format!("{code} is for {}, and the address does not name it", towns(&here)),
                    ),
                ),
                (false, false) => (
                    Confidence::Wrong,
                    Reason::new(
                        "other-town",
                        format!("{code} is for {}, and the address is in another town", towns(&here)),
                    ),
                ),
            };
            told.confidence = confidence;
            told.reasons.push(reason);
            return;
        }
        match self.fit(code, found) {
            Fit::No => {
                told.confidence = Confidence::Wrong;
                told.reasons.push(Reason::new(
                    "other-part",
                    format!("the town has several postcodes, and {code} is for another part of it"),
                ));
                return;
            }
            Fit::Maybe | Fit::Rest => {
                told.confidence = Confidence::Likely;
                told.reasons.push(Reason::new(
                    "part-unsure",
                    format!(
                        "the town has several postcodes, and the address does not say for sure that {code} is its own"
                    ),
                ));
            }
            Fit::Yes => {
                told.confidence = Confidence::Exact;
                told.reasons.push(Reason::new("town", "municipality and town are those of the postcode"));
            }
        }
        told.number = address_number(self.address.get(told.parts.address_b.clone()).unwrap_or(""));
        if told.number.is_empty() {
            told.confidence = told.confidence.min(Confidence::Likely);
            told.reasons.push(Reason::new("no-number", "the address has no number behind the town"));
        }
        let customer = Customer::new(code, &told.number);
        if customer.is_cut() {
            told.reasons.push(Reason::new(
                "cut",
                "the address number is longer than the barcode holds and ends at its twentieth character",
            ));
        }
        told.customer = Some(customer);
    }

    /// Whether the address lies in the part that `code` is for, seen beside all other parts of the town.
    fn fit(&self, code: Postcode, found: &Found<'_>) -> Fit {
        let fits = self.fits(found);
        let own: Vec<Fit> = fits.iter().filter(|(c, _)| *c == code).map(|(_, f)| *f).collect();
        if own.contains(&Fit::Yes) {
            return Fit::Yes;
        }
        if own.contains(&Fit::Maybe) { Fit::Maybe } else { Fit::No }
    }

    /// The postcodes of the town's parts and whether the address lies in them; what is left over is settled.
    fn fits(&self, found: &Found<'_>) -> Vec<(Postcode, Fit)> {
        let place = &found.place;
        let building =
            found.rows.iter().filter(|r| r.kind() == Kind::Floor).any(|r| place.names_building(r.building()));
        let mut fits: Vec<(Postcode, Fit)> = found
            .rows
            .iter()
            .map(|row| {
                let fit = match (row.kind(), town::part(row.name())) {
                    (Kind::Floor, floor) if place.names_building(row.building()) => {
                        at_floor(floor.unwrap_or(""), place.floor())
                    }
                    (Kind::Floor, _) => Fit::No,
                    (_, Some("次のビルを除く")) if building => Fit::No,
                    (_, Some(part)) => part::fit(part, row.key(), row.has_chome(), place),
                    (_, None) => Fit::Rest,
                };
                (row.code(), fit)
            })
            .collect();
        let (yes, maybe) = (fits.iter().any(|f| f.1 == Fit::Yes), fits.iter().any(|f| f.1 == Fit::Maybe));
        // Two postcodes that both have what is left over cannot be told apart.
        let mut left = fits.iter().filter(|f| f.1 == Fit::Rest).map(|f| f.0);
        let first = left.next();
        let several = left.any(|c| Some(c) != first);
        for (_, fit) in fits.iter_mut().filter(|f| f.1 == Fit::Rest) {
            *fit = match (yes, maybe || several) {
                (true, _) => Fit::No,
                (false, true) => Fit::Maybe,
                (false, false) => Fit::Yes,
            };
        }
        fits
    }

    /// The town that the address names in a municipality: the longest name that fits.
    fn town(&self, city: u16) -> Found<'a> {
        let from = self.cities.1;
        let text: String = self.folded.chars.iter().skip(from).collect();
        let mut starts = vec![0];
        for word in ["大字", "字"] {
            if text.starts_with(word) {
                starts.push(word.chars().count());
                break;
            }
        }
        for start in starts {
            if let Some(found) = self.town_at(city, from + start, "") {
                return found;
            }
        }
        // 京都市中京区烏丸通御池上る二条殿町: the streets come first.
        if self.index.city_name(city).1.starts_with("京都市")
            && let Some(found) = self.behind_streets(city, from)
        {
            return found;
        }
        let place = Place::new(&text, "");
        let nameless = self.index.named(city, "");
        let rows: Vec<TownRef<'a>> = nameless
            .into_iter()
            .filter(|r| r.kind() == Kind::Whole || r.kind() == Kind::Direct && place.begins_with_number())
            .collect();
        // 利島村一円 is what some write
        let end = if rows.is_empty() && place.has_number() { self.number_at(from) } else { from };
        Found { city, rows, end, place }
    }

    /// Where the first digit behind `from` stands: the end of a town that is not known.
    fn number_at(&self, from: usize) -> usize {
        let digit = self.folded.chars.iter().skip(from).position(char::is_ascii_digit);
        digit.map_or(self.folded.chars.len(), |n| from + n)
    }

    fn town_at(&self, city: u16, from: usize, street: &str) -> Option<Found<'a>> {
        let chars = self.folded.chars.get(from..)?;
        let longest = chars.len().min(LONGEST_TOWN);
        for length in (1..=longest).rev() {
            let (name, rest) = chars.split_at(length);
            // 1 is not the town of 12丁目
            if name.last().is_some_and(char::is_ascii_digit) && rest.first().is_some_and(char::is_ascii_digit) {
                continue;
            }
            let key: String = name.iter().collect();
            let rest: String = rest.iter().collect();
            let place = Place::new(&rest, street);
            let rows: Vec<TownRef<'a>> = self
                .index
                .named(city, &key)
                .into_iter()
                .filter(|r| r.kind() != Kind::Direct || place.begins_with_number())
                .collect();
            if !rows.is_empty() {
                return Some(Found { city, rows, end: from + length, place });
            }
        }
        None
    }

    fn behind_streets(&self, city: u16, from: usize) -> Option<Found<'a>> {
        let chars = &self.folded.chars;
        let mark = |i: usize| {
            let two = |a: char, b: char| chars.get(i) == Some(&a) && chars.get(i + 1) == Some(&b);
            if two('東', '入') || two('西', '入') {
                Some(2)
            } else if matches!(chars.get(i), Some('上' | '下')) && chars.get(i + 1) == Some(&'ル') {
                Some(1)
            } else {
                None
            }
        };
        let (at, length) = (from..chars.len()).rev().find_map(|i| mark(i).map(|n| (i, n)))?;
        let mut start = at + length;
        let street: String = chars.get(from..start)?.iter().collect();
        if chars.get(start) == Some(&'ル') {
            start += 1;
        }
        self.town_at(city, start, &street)
    }

    fn parts(&self, found: &Found<'_>, told: &mut Judged) {
        let length = self.address.len();
        let end = |n: usize| n.checked_sub(1).and_then(|n| self.folded.ends.get(n)).copied().unwrap_or(0);
        let (prefecture, _) = self.index.city_name(found.city);
        let start = self.address.len() - self.address.trim_start().len();
        let behind = if self.address.get(start..).is_some_and(|a| a.starts_with(prefecture)) {
            start + prefecture.len()
        } else {
            start
        };
        let (city, town) = (end(self.cities.1), end(found.end));
        let b = town..length;
        let text = self.address.get(b.clone()).unwrap_or("");
        let number = b.start + number_end(text);
        told.parts = Parts {
            prefecture: start..behind,
            city: behind.min(city)..city,
            town: city..town.max(city),
            address_b: b.clone(),
            number: trimmed(self.address, b.start..number),
            building: trimmed(self.address, number..length),
        };
    }

    fn suggest(&self, told: &mut Judged) {
        for city in &self.cities.0 {
            let found = self.town(*city);
            let mut fits = self.fits(&found);
            if fits.iter().any(|f| f.1 == Fit::Yes) {
                fits.retain(|f| f.1 == Fit::Yes);
            }
            told.suggested.extend(fits.into_iter().filter(|f| f.1 != Fit::No).map(|f| f.0));
        }
        told.suggested.sort_unstable();
        told.suggested.dedup();
        told.suggested.retain(|c| Some(*c) != told.postcode);
        told.suggested.truncate(SUGGESTED);
    }
}

/// No town's name is longer.
const LONGEST_TOWN: usize = 40;

fn at_floor(row: &str, floor: Option<&str>) -> Fit {
    let unknown = row.contains("不明");
    match floor {
        None | Some("B") if unknown => Fit::Yes,
        None | Some("B") => Fit::No,
        Some(floor) if !unknown && folded(row).trim_end_matches('階') == floor => Fit::Yes,
        Some(_) => Fit::No,
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or("");
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.end - (part.len() - part.trim_end().len());
    start..end.max(start)
}

/// Words of the number of an address.
const WORDS: [&str; 11] = ["丁目", "丁", "番地", "番", "号", "地割", "線", "の", "ノ", "之", "ー"];

/// Where the number of an address ends: behind the first digits, hyphens and words such as 丁目 that stand together. A
/// kanji numeral counts where such a word follows it.
fn number_end(text: &str) -> usize {
    let ascii = |c: char| half_width(c).is_ascii_digit();
    let word_at = |at: usize| WORDS.iter().find(|w| text.get(at..).is_some_and(|t| t.starts_with(**w)));
    // Length of the numeral that begins at a place; 0 where none does.
    let numeral = |at: usize| {
        let rest = text.get(at..).unwrap_or("");
        let length = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        match rest.chars().next() {
            Some(c) if ascii(c) => length(|c| half_width(c).is_ascii_digit()),
            Some(c) if super::numeral::is_numeral(c) => {
                Some(length(super::numeral::is_numeral)).filter(|n| word_at(at + n).is_some()).unwrap_or(0)
            }
            _ => 0,
        }
    };
    let Some((mut end, _)) = text.char_indices().find(|(at, _)| numeral(*at) > 0) else { return 0 };
    while let Some(c) = text.get(end..).and_then(|t| t.chars().next()) {
        let length = numeral(end);
        if length > 0 {
            end += length;
        } else if half_width(c) == '-' {
            end += c.len_utf8();
        } else if let Some(word) = word_at(end) {
            // の and ー are of the number only between numbers
            if matches!(*word, "の" | "ノ" | "之" | "ー") && numeral(end + word.len()) == 0 {
                break;
            }
            end += word.len();
        } else {
            break;
        }
    }
    end
}

/// The municipalities of a postcode's rows, for messages.
fn names_of(rows: &[TownRef<'_>]) -> String {
    let mut names: Vec<String> = rows.iter().map(|r| format!("{}{}", r.prefecture(), r.city())).collect();
    names.dedup();
    names.truncate(3);
    names.join(", ")
}

fn towns(rows: &[&TownRef<'_>]) -> String {
    const TOLD: usize = 3;
    let mut names: Vec<&str> = rows.iter().take(TOLD).map(|r| r.name()).collect();
    if rows.len() > TOLD {
        names.push("…");
    }
    names.join("、")
}
