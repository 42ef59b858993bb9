//! Where people live, by postcode or by address: a table of places, such as the towns of Japan with their
//! coordinates. Several rows of one postcode or of one town give the middle of their points.

use rustc_hash::FxHashMap;

use super::store::point;
use super::tables::TableInfo;
use crate::data::record::Field;
use crate::data::schema::{Kind, Schema};
use crate::data::table::Table;

/// Which columns of a table of places say what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaceColumns {
    pub latitude: Option<usize>,
    pub longitude: Option<usize>,
    pub postcode: Option<usize>,
    pub prefecture: Option<usize>,
    pub city: Option<usize>,
    pub town: Option<usize>,
}

impl PlaceColumns {
    /// The columns by the names that they usually have.
    #[must_use]
    pub fn usual(info: &TableInfo) -> Self {
        let named = |names: &[&str], kinds: &[Kind]| {
            let found = names.iter().find_map(|n| info.schema.position(n));
            found.filter(|c| kinds.is_empty() || kinds.contains(&info.schema.columns[*c].kind))
        };
        let degrees = [Kind::Number, Kind::Integer];
        Self {
            latitude: named(&LATITUDE, &degrees),
            longitude: named(&LONGITUDE, &degrees),
            postcode: named(&["postcode", "postal_code", "postal_cd", "zip", "zipcode", "郵便番号"], &[]),
            prefecture: named(&["prefecture", "pref", "都道府県", "都道府県名"], &[]),
            city: named(&["city", "市区町村", "市区町村名"], &[]),
            town: named(&["town", "町域", "町域名", "大字町丁目名"], &[]),
        }
    }

    /// Whether rows can be found by the names of places.
    #[must_use]
    pub fn has_names(&self) -> bool {
        self.prefecture.is_some() && self.city.is_some()
    }
}

/// What a column of degrees north or south of the equator is usually called.
pub const LATITUDE: [&str; 3] = ["latitude", "lat", "緯度"];
/// What a column of degrees east or west of Greenwich is usually called.
pub const LONGITUDE: [&str; 4] = ["longitude", "lng", "lon", "経度"];

/// The column of degrees with one of the usual names, whatever its kind.
#[must_use]
pub fn degrees_column(schema: &Schema, names: &[&str]) -> Option<usize> {
    names.iter().find_map(|n| schema.position(n))
}

/// Points by postcode and by name.
#[derive(Debug, Default)]
pub struct Places {
    by_postcode: FxHashMap<u32, [f64; 3]>,
    by_name: FxHashMap<Box<str>, [f64; 3]>,
    /// Bytes of the longest name.
    longest: usize,
}

/// How exactly a place was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    Coordinates,
    Postcode,
    Address,
}

impl FoundBy {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Coordinates => "by its coordinates",
            Self::Postcode => "by the postcode",
            Self::Address => "by the town of the address",
        }
    }
}

impl Places {
    /// Reads all rows of `table`. With `codes`, a table of postcodes with the names of their places, codes are
    /// found even where the table of places has none.
    #[must_use]
    pub fn new(table: &Table, columns: PlaceColumns, codes: Option<(&Table, PlaceColumns)>) -> Self {
        let mut places = Self::default();
        let (mut of_code, mut of_name) = (FxHashMap::default(), FxHashMap::default());
        let mut name = String::new();
        for row in 0..table.len() {
            let degree = |column: Option<usize>| match column.map(|c| table.field(row, c)) {
                Some(Field::Number(n)) => Some(n),
                #[expect(clippy::cast_precision_loss, reason = "degrees are small")]
                Some(Field::Integer(n)) => Some(n as f64),
                _ => None,
            };
            let here = degree(columns.latitude).zip(degree(columns.longitude)).and_then(|(n, e)| point(n, e));
            let Some(here) = here else { continue };
            if let Some(code) = columns.postcode.and_then(|c| postcode(table.text(row, c))) {
                add(of_code.entry(code).or_default(), here);
            }
            if !columns.has_names() {
                continue;
            }
            let city = names(table, row, columns, &mut name);
            if name.len() > city {
                put(&mut of_name, &name, here);
                // 本町三丁目 is in 本町, for addresses that write its number otherwise.
                if let Some(whole) = without_chome(&name).filter(|w| w.len() > city) {
                    put(&mut of_name, whole, here);
                }
            }
        }
        // The sum points to the middle; rows that come in another order move it by less than a millimetre.
        #[expect(clippy::iter_over_hash_type, reason = "from one map to the other, whatever the order")]
        for (code, sum) in of_code {
            places.by_postcode.extend(middle(sum).map(|m| (code, m)));
        }
        #[expect(clippy::iter_over_hash_type, reason = "from one map to the other, whatever the order")]
        for (name, sum) in of_name {
            places.longest = places.longest.max(name.len());
            places.by_name.extend(middle(sum).map(|m| (name, m)));
        }
        if let Some((codes, columns)) = codes {
            places.add_codes(codes, columns);
        }
        places
    }

    /// Postcodes of which only the place's name is known.
    fn add_codes(&mut self, table: &Table, columns: PlaceColumns) {
        let mut of_code: FxHashMap<u32, [f64; 3]> = FxHashMap::default();
        let mut name = String::new();
        for row in 0..table.len() {
            let Some(code) = columns.postcode.and_then(|c| postcode(table.text(row, c))) else { continue };
            if self.by_postcode.contains_key(&code) {
                continue;
            }
            names(table, row, columns, &mut name);
            // What stands in brackets parts a town or joins towns: 荒巻（青葉）.
            let plain = name.split(['（', '(']).next().unwrap_or_default();
            if let Some(here) = self.by_name.get(plain) {
                add(of_code.entry(code).or_default(), *here);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "from one map to the other, whatever the order")]
        for (code, sum) in of_code {
            self.by_postcode.extend(middle(sum).map(|m| (code, m)));
        }
    }

    /// The middle of a postcode.
    #[must_use]
    pub fn of_postcode(&self, text: &str) -> Option<[f64; 3]> {
        self.by_postcode.get(&postcode(text)?).copied()
    }

    /// The middle of the town that an address begins with, by the longest name that fits. `folded` is memory
    /// to work in.
    #[must_use]
    pub fn of_address(&self, address: &str, folded: &mut String) -> Option<[f64; 3]> {
        folded.clear();
        for c in address.chars() {
            if folded.len() > self.longest {
                break;
            }
            fold(c, folded);
        }
        chome(folded);
        let mut end = folded.len().min(self.longest);
        while end > 0 {
            if let Some(found) = folded.get(..end).and_then(|name| self.by_name.get(name)) {
                return Some(*found);
            }
            end -= 1;
        }
        None
    }

    /// How many postcodes and how many names are known.
    #[must_use]
    pub fn len(&self) -> (usize, usize) {
        (self.by_postcode.len(), self.by_name.len())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == (0, 0)
    }
}

fn add(sum: &mut [f64; 3], point: [f64; 3]) {
    sum.iter_mut().zip(point).for_each(|(s, p)| *s += p);
}

fn put(of_name: &mut FxHashMap<Box<str>, [f64; 3]>, name: &str, here: [f64; 3]) {
    match of_name.get_mut(name) {
        Some(sum) => add(sum, here),
        None => {
            of_name.insert(name.into(), here);
        }
    }
}

/// The point of the sphere in the direction of a sum of points; none when they cancel each other out.
fn middle(sum: [f64; 3]) -> Option<[f64; 3]> {
    let length = libm::sqrt(sum.iter().map(|s| s * s).sum());
    (length > 1e-9).then(|| sum.map(|s| s / length))
}

/// Puts prefecture, city and town of a row into `out`, folded; gives the length of the first two.
fn names(table: &Table, row: u32, columns: PlaceColumns, out: &mut String) -> usize {
    out.clear();
    let part = |column: Option<usize>, out: &mut String| {
        for c in column.map_or("", |c| table.text(row, c)).chars() {
            fold(c, out);
        }
    };
    part(columns.prefecture, out);
    part(columns.city, out);
    let city = out.len();
    part(columns.town, out);
    chome(out);
    city
}

/// Seven digits, whichever way they are written.
#[must_use]
pub fn postcode(text: &str) -> Option<u32> {
    let (mut code, mut digits) = (0u32, 0);
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            '０'..='９' => u32::from(c) - u32::from('０'),
            '-' | '－' | '‐' | '−' | 'ー' | '―' | '〒' => continue,
            c if c.is_whitespace() => continue,
            _ => return None,
        };
        digits += 1;
        if digits > 7 {
            return None;
        }
        code = code * 10 + digit;
    }
    (digits == 7).then_some(code)
}

/// Spellings of one place made equal: blanks, small kana, full-width digits.
fn fold(c: char, out: &mut String) {
    match c {
        c if c.is_whitespace() => {}
        'ヶ' | 'ヵ' | 'が' => out.push('ケ'),
        'ノ' | '之' => out.push('の'),
        '０'..='９' => out.push(char::from(b'0' + (u32::from(c) - u32::from('０')) as u8)),
        c => out.push(c),
    }
}

/// The number before 丁目 in digits: 三丁目 and 3丁目 are the same.
fn chome(name: &mut String) {
    let Some(at) = name.find("丁目") else { return };
    let head = name.get(..at).unwrap_or_default();
    let start = head.trim_end_matches(|c| "一二三四五六七八九十".contains(c)).len();
    let number = head.get(start..).unwrap_or_default();
    if number.is_empty() {
        return;
    }
    let value = number.chars().fold((0u32, 0u32), |(sum, digit), c| match c {
        '十' => (sum + 10 * digit.max(1), 0),
        c => (sum, "一二三四五六七八九".chars().position(|d| d == c).map_or(0, |p| p as u32 + 1)),
    });
    name.replace_range(start..at, &(value.0 + value.1).to_string());
}

/// A name without its number of 丁目 at the end.
fn without_chome(name: &str) -> Option<&str> {
    let head = name.strip_suffix("丁目")?;
    Some(head.trim_end_matches(|c: char| c.is_ascii_digit())).filter(|w| w.len() < head.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_are_seven_digits_however_written() {
        for text in ["100-0005", "1000005", "〒100-0005", "１００－０００５", " 100 0005 "] {
            assert_eq!(postcode(text), Some(1_000_005), "{text}");
        }
        for text in ["", "100-000", "100-00051", "SW1A 1AA", "abc"] {
            assert_eq!(postcode(text), None, "{text}");
        }
    }

    #[test]
    fn the_number_of_a_chome_is_one_number() {
        for (written, told) in [
            ("本町三丁目", "本町3丁目"),
            ("本町十二丁目", "本町12丁目"),
            ("北二十条西三丁目", "北二十条西3丁目"),
            ("本町二十丁目", "本町20丁目"),
            ("本町4丁目", "本町4丁目"),
            ("三好", "三好"),
        ] {
            let mut name = written.to_owned();
            chome(&mut name);
            assert_eq!(name, told);
        }
        assert_eq!(without_chome("本町12丁目"), Some("本町"));
        assert_eq!(without_chome("本町"), None);
    }
}
