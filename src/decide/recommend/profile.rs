//! What people are like, in a few classes an attribute: ranks, prefectures, segments; ages and amounts in bands.
//!
//! A text's classes are its [`MOST_VALUES`] commonest values (equal ones in the order of their letters); the
//! rest are one class. Numbers are cut into [`BANDS`] bands of equally many people; people with equal numbers
//! share the lower band. The cut of rank ⌈k·n/5⌉ ends a band.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

/// So many values of a text are classes of their own.
pub const MOST_VALUES: usize = 30;
/// Bands of a number.
pub const BANDS: usize = 5;
/// So many different texts are told apart while they are counted; further ones are among the rest.
const TOLD_APART: usize = 1 << 16;

/// What an attribute is of one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Raw<'a> {
    Missing,
    Text(&'a str),
    Number(f64),
}

/// The class of a person in one attribute: 0 is missing, the others count from 1.
pub type Class = u16;

/// An attribute of all people, while it is collected.
#[derive(Debug, Default)]
pub struct Collected {
    texts: FxHashMap<Box<str>, u32>,
    counts: Vec<u32>,
    rows: Vec<Cell>,
}

#[derive(Clone, Copy, Debug)]
enum Cell {
    Missing,
    Text(u32),
    Number(f64),
}

/// An attribute's classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// As the campaign names it: `rank`, `age`.
    pub label: Box<str>,
    numbers: FxHashMap<Box<str>, Class>,
    names: Vec<Box<str>>,
    /// Whether there are values without a class of their own.
    rest: bool,
    /// Where bands end, both ends known: `cuts[k]` is the largest number of band k.
    cuts: Vec<f64>,
    least: f64,
    largest: f64,
}

impl Collected {
    pub fn push(&mut self, raw: Raw<'_>) {
        self.rows.push(match raw {
            Raw::Missing => Cell::Missing,
            Raw::Number(n) if n.is_finite() => Cell::Number(n),
            Raw::Number(_) => Cell::Missing,
            Raw::Text(text) => {
                let number = match self.texts.get(text) {
                    Some(number) => *number,
                    None if self.texts.len() >= TOLD_APART => u32::MAX,
                    None => {
                        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
                        self.texts.insert(text.into(), number);
                        self.counts.push(0);
                        number
                    }
                };
                if let Some(count) = self.counts.get_mut(number as usize) {
                    *count += 1;
                }
                Cell::Text(number)
            }
        });
    }

    /// The classes, and each person's.
    #[must_use]
    pub fn finish(self, label: &str) -> (Attribute, Vec<Class>) {
        let mut numbers: Vec<f64> =
            self.rows.iter().filter_map(|c| if let Cell::Number(n) = c { Some(*n) } else { None }).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        let mut cuts: Vec<f64> = (1..BANDS)
            .filter_map(|k| numbers.get((k * numbers.len()).div_ceil(BANDS).checked_sub(1)?).copied())
            .collect();
        cuts.dedup();
        // A cut at the largest number would leave the last band empty.
        let largest = numbers.last().copied().unwrap_or(0.0);
        cuts.retain(|c| *c < largest);
        let mut texts: Vec<(Box<str>, u32)> = self.texts.into_iter().collect();
        let count = |number: u32| self.counts.get(number as usize).copied().unwrap_or(0);
        texts.sort_unstable_by(|a, b| count(b.1).cmp(&count(a.1)).then_with(|| a.0.cmp(&b.0)));
        let unknown = self.rows.iter().any(|c| matches!(c, Cell::Text(u32::MAX)));
        let rest = texts.len() > MOST_VALUES || unknown;
        let mut class_of = vec![0 as Class; texts.len()];
        for (i, (_, number)) in texts.iter().enumerate() {
            class_of[*number as usize] = (i.min(MOST_VALUES) + 1) as Class;
        }
        texts.truncate(MOST_VALUES);
        let attribute = Attribute {
            label: label.into(),
            numbers: (1..).zip(&texts).map(|(class, (name, _))| (name.clone(), class)).collect(),
            names: texts.into_iter().map(|t| t.0).collect(),
            rest,
            cuts,
            least: numbers.first().copied().unwrap_or(0.0),
            largest,
        };
        let classes = self
            .rows
            .iter()
            .map(|cell| match cell {
                Cell::Missing => 0,
                Cell::Text(number) => class_of.get(*number as usize).copied().unwrap_or(MOST_VALUES as Class + 1),
                Cell::Number(n) => attribute.class(Raw::Number(*n)),
            })
            .collect();
        (attribute, classes)
    }
}

impl Attribute {
    /// Number of classes without the missing.
    #[must_use]
    pub fn len(&self) -> usize {
        if self.is_of_numbers() { self.cuts.len() + 1 } else { self.names.len() + usize::from(self.rest) }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn is_of_numbers(&self) -> bool {
        self.names.is_empty() && self.least <= self.largest && !self.rest
    }

    /// The class of a value; a text that was not there when the classes were made belongs to the rest, or is
    /// missing where there is no rest.
    #[must_use]
    pub fn class(&self, raw: Raw<'_>) -> Class {
        match raw {
            Raw::Missing => 0,
            Raw::Number(n) if n.is_finite() => (self.cuts.partition_point(|c| *c < n) + 1) as Class,
            Raw::Number(_) => 0,
            Raw::Text(text) => match self.numbers.get(text) {
                Some(class) => *class,
                None if self.rest => MOST_VALUES as Class + 1,
                None => 0,
            },
        }
    }

    /// A class in words: `rank gold`, `age 31–45`.
    pub fn words(&self, class: Class, out: &mut String) {
        let _ = write!(out, "{} ", self.label);
        let Some(i) = usize::from(class).checked_sub(1) else {
            out.push_str("unknown");
            return;
        };
        if !self.is_of_numbers() {
            out.push_str(self.names.get(i).map_or("another", |n| n));
            return;
        }
        let whole = self.cuts.iter().chain([&self.least, &self.largest]).all(|c| libm::floor(*c) == *c);
        match (i.checked_sub(1).and_then(|i| self.cuts.get(i)), self.cuts.get(i)) {
            (None, None) => {
                let _ = write!(out, "{}–{}", self.least, self.largest);
            }
            (None, Some(to)) => {
                let _ = write!(out, "up to {to}");
            }
            (Some(over), Some(to)) if whole => {
                let _ = write!(out, "{}–{to}", over + 1.0);
            }
            (Some(over), Some(to)) => {
                let _ = write!(out, "over {over} up to {to}");
            }
            (Some(over), None) if whole => {
                let _ = write!(out, "from {}", over + 1.0);
            }
            (Some(over), None) => {
                let _ = write!(out, "over {over}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(a: &Attribute, class: Class) -> String {
        let mut out = String::new();
        a.words(class, &mut out);
        out
    }

    #[test]
    fn numbers_come_in_five_bands_of_equally_many() {
        let mut ages = Collected::default();
        for age in [20, 21, 30, 31, 40, 41, 50, 51, 60, 61] {
            ages.push(Raw::Number(f64::from(age)));
        }
        ages.push(Raw::Missing);
        let (a, classes) = ages.finish("age");
        assert_eq!(classes, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 0]);
        assert_eq!(a.len(), 5);
        assert_eq!([1, 2, 5, 0].map(|c| words(&a, c)), ["age up to 21", "age 22–31", "age from 52", "age unknown"]);
        assert_eq!([5.0, 22.0, 99.0].map(|n| a.class(Raw::Number(n))), [1, 2, 5]);
    }

    #[test]
    fn equal_numbers_share_the_lower_band() {
        let mut points = Collected::default();
        for n in [0, 0, 0, 0, 0, 0, 0, 5, 9, 10] {
            points.push(Raw::Number(f64::from(n)));
        }
        let (a, classes) = points.finish("points");
        // Ranks 2, 4, 6, 8 of ten: the cuts are 0, 0, 0 and 5.
        assert_eq!(classes, [1, 1, 1, 1, 1, 1, 1, 2, 3, 3]);
        assert_eq!(a.len(), 3);
        assert_eq!(words(&a, 3), "points from 6");
    }

    #[test]
    fn rare_texts_are_one_class() {
        let mut towns = Collected::default();
        for n in 0..40 {
            for _ in 0..=n {
                towns.push(Raw::Text(&format!("T{n:02}")));
            }
        }
        let (a, classes) = towns.finish("town");
        assert_eq!(a.len(), 31);
        assert_eq!((classes[0], *classes.last().expect("some")), (31, 1));
        assert_eq!((words(&a, 1), words(&a, 31)), ("town T39".into(), "town another".into()));
        assert_eq!(a.class(Raw::Text("nowhere")), 31);
        let mut ranks = Collected::default();
        ranks.push(Raw::Text("gold"));
        ranks.push(Raw::Text("blue"));
        let (a, classes) = ranks.finish("rank");
        assert_eq!(classes, [2, 1], "equally common: by letters");
        assert_eq!(a.class(Raw::Text("silver")), 0);
    }
}
