//! One cell of a sheet of rules: which values it lets through.
//!
//! `*` or nothing lets everything through. Otherwise a value, several parted by `|`, a comparison (`>= 1000`,
//! `!= gold`, `20以上`), or a span with both ends in it (`20-29`, `2026-01-01..2026-03-31`, `20〜`).
//! `(empty)` lets empty cells through, which nothing else but `*` does.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::date;

use super::{Type, Value};
use crate::data::cell;
use crate::data::record::Typed;
use crate::data::schema::Kind;
use crate::decide::days;

/// What a cell lets through. Numbers, days and truths are ranges of numbers, their ends in them.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Any,
    /// Only an empty cell.
    Empty,
    /// These texts, or all others.
    Texts {
        not: bool,
        texts: Box<[Box<str>]>,
    },
    Ranges(Box<[(f64, f64)]>),
}

/// An operator that a column's head may end with: `age >=`.
pub const OPERATORS: [&str; 7] = [">=", "<=", "!=", "==", ">", "<", "="];

impl Test {
    /// Reads a cell of a column whose values are of the kind `kind` and whose head ends with `operator`.
    ///
    /// # Errors
    /// Why the cell cannot be read, in words.
    pub fn read(kind: Type, operator: &str, text: &str) -> Result<Self, String> {
        let text = narrow(text.trim());
        if text.is_empty() || text == "*" {
            return Ok(Self::Any);
        }
        if matches!(&*text, "(empty)" | "(空)") {
            return Ok(Self::Empty);
        }
        let found = OPERATORS.iter().find(|o| text.starts_with(**o));
        let (own, rest) = found.map_or(("", &*text), |o| (*o, text[o.len()..].trim()));
        let operator = match (operator, own) {
            ("", own) => own,
            (head, "") => head,
            (head, own) => return Err(format!("the column's head says `{head}`, this cell says `{own}`")),
        };
        let not = operator == "!=";
        if matches!(kind, Type::Text | Type::List) {
            if !matches!(operator, "" | "=" | "==" | "!=") {
                return Err("texts have no order: write the texts themselves".to_owned());
            }
            let texts: BTreeSet<Box<str>> = rest.split('|').map(|t| t.trim().into()).collect();
            return Ok(Self::Texts { not, texts: texts.into_iter().collect() });
        }
        let mut ranges = Vec::new();
        for part in rest.split('|') {
            ranges.push(range(kind, operator, part.trim())?);
        }
        let ranges = sorted(ranges);
        if not {
            let whole = Set::Ranges(vec![(f64::NEG_INFINITY, f64::INFINITY)]);
            let Set::Ranges(others) = whole.minus(&Set::Ranges(ranges), kind) else { return Ok(Self::Any) };
            return Ok(Self::Ranges(others.into()));
        }
        Ok(Self::Ranges(ranges.into()))
    }

    #[must_use]
    pub fn holds(&self, value: &Value<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Empty => *value == Value::Missing,
            Self::Texts { not, texts } => match value {
                Value::Text(t) => texts.iter().any(|x| **x == **t) != *not,
                Value::List(items) => items.iter().any(|t| texts.iter().any(|x| **x == *t)) != *not,
                _ => false,
            },
            Self::Ranges(ranges) => {
                let n = match value {
                    #[expect(clippy::cast_precision_loss, reason = "yen beyond 2^53 do not occur")]
                    Value::Integer(n) => *n as f64,
                    Value::Number(n) => *n,
                    Value::Date(d) => f64::from(days::number(*d)),
                    Value::Bool(b) => f64::from(u8::from(*b)),
                    Value::Text(_) | Value::List(_) | Value::Missing => return false,
                };
                ranges.iter().any(|(low, high)| *low <= n && n <= *high)
            }
        }
    }
}

/// Full-width digits and signs as the narrow ones.
fn narrow(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '０'..='９' => out.push(char::from(b'0' + (u32::from(c) - u32::from('０')) as u8)),
            '＞' => out.push('>'),
            '＜' => out.push('<'),
            '＝' => out.push('='),
            '≧' | '≥' => out.push_str(">="),
            '≦' | '≤' => out.push_str("<="),
            '≠' => out.push_str("!="),
            '｜' => out.push('|'),
            '＊' => out.push('*'),
            '（' => out.push('('),
            '）' => out.push(')'),
            '～' => out.push('〜'),
            c => out.push(c),
        }
    }
    out
}

/// What stands between the two ends of a span.
const SPANS: [&str; 5] = ["..", "〜", "~", "–", "-"];

fn range(kind: Type, operator: &str, text: &str) -> Result<(f64, f64), String> {
    let all = (f64::NEG_INFINITY, f64::INFINITY);
    let step = |n: f64, up: bool| if up { after(n, kind) } else { before(n, kind) };
    let compared = |operator: &str, n: f64| match operator {
        ">=" => (n, all.1),
        ">" => (step(n, true), all.1),
        "<=" => (all.0, n),
        "<" => (all.0, step(n, false)),
        _ => (n, n),
    };
    let ordered = |kind: Type| kind != Type::Bool;
    if !operator.is_empty() {
        if !ordered(kind) && !matches!(operator, "=" | "==" | "!=") {
            return Err("yes and no have no order".to_owned());
        }
        return Ok(compared(operator, value(kind, text)?));
    }
    if ordered(kind) {
        for (word, operator) in [("以上", ">="), ("以下", "<="), ("未満", "<"), ("超", ">")] {
            if let Some(head) = text.strip_suffix(word) {
                return Ok(compared(operator, value(kind, head)?));
            }
        }
        if let (Type::Integer, Some(head)) = (kind, text.strip_suffix('代')) {
            let decade = value(kind, head)?;
            return Ok((decade, decade + 9.0));
        }
        if value(kind, text).is_err() {
            for sign in SPANS.into_iter().filter(|s| kind != Type::Date || !matches!(*s, "-" | "–")) {
                // Behind the first character: a minus before a number is no span.
                let Some((low, high)) = text.find(sign).map(|at| (&text[..at], &text[at + sign.len()..])) else {
                    continue;
                };
                let low = if low.trim().is_empty() { all.0 } else { value(kind, low)? };
                let high = if high.trim().is_empty() { all.1 } else { value(kind, high)? };
                if low > high {
                    return Err(format!("this span ends before it begins: {text}"));
                }
                return Ok((low, high));
            }
        }
    }
    value(kind, text).map(|n| (n, n))
}

fn value(kind: Type, text: &str) -> Result<f64, String> {
    let text = text.trim();
    let (data, expected) = match kind {
        Type::Bool => (Kind::Bool, "yes or no"),
        Type::Date => (Kind::Date, "a date such as 2026-12-01"),
        Type::Integer => (Kind::Money, "a whole number"),
        Type::Number | Type::Text | Type::List => (Kind::Number, "a number"),
    };
    let plain = text.trim_end_matches(['歳', '才', '回', '日']).trim();
    let text = if kind == Type::Integer { plain } else { text };
    match cell::parse(data, &text.replace('_', "")) {
        #[expect(clippy::cast_precision_loss, reason = "yen beyond 2^53 do not occur")]
        Ok(Typed::Integer(n)) => Ok(n as f64),
        Ok(Typed::Number(n)) if n.is_finite() => Ok(n),
        Ok(Typed::Date(d)) => Ok(f64::from(days::number(d))),
        Ok(Typed::Bool(b)) => Ok(f64::from(u8::from(b))),
        _ => Err(format!("expected {expected}")),
    }
}

fn whole(kind: Type) -> bool {
    kind != Type::Number
}

fn after(n: f64, kind: Type) -> f64 {
    if whole(kind) { n + 1.0 } else { n.next_up() }
}

fn before(n: f64, kind: Type) -> f64 {
    if whole(kind) { n - 1.0 } else { n.next_down() }
}

fn sorted(mut ranges: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    ranges.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    ranges
}

/// The values of one column that are left to a row: for telling rows that nobody reaches, and gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    empty: bool,
    set: Set,
}

#[derive(Clone, Debug, PartialEq)]
enum Set {
    Texts { not: bool, texts: BTreeSet<Box<str>> },
    Ranges(Vec<(f64, f64)>),
}

impl Region {
    /// Everything that a column can hold; `known` are all its texts, where they are known.
    #[must_use]
    pub fn all(kind: Type, known: &[std::sync::Arc<str>]) -> Self {
        match kind {
            Type::Text | Type::List if !known.is_empty() => {
                let texts = known.iter().map(|t| (&**t).into()).collect();
                Self { empty: false, set: Set::Texts { not: false, texts } }
            }
            Type::Text | Type::List => Self { empty: true, set: Set::Texts { not: true, texts: BTreeSet::new() } },
            Type::Bool => Self { empty: true, set: Set::Ranges(vec![(0.0, 1.0)]) },
            _ => Self { empty: true, set: Set::Ranges(vec![(f64::NEG_INFINITY, f64::INFINITY)]) },
        }
    }

    /// What a cell lets through of everything.
    #[must_use]
    pub fn of(test: &Test, all: &Self, kind: Type) -> Self {
        match test {
            Test::Any => all.clone(),
            Test::Empty => Self { empty: all.empty, set: none(&all.set) },
            Test::Texts { not, texts } => {
                let set = Set::Texts { not: *not, texts: texts.iter().cloned().collect() };
                Self { empty: false, set: all.set.and(&set, kind) }
            }
            Test::Ranges(ranges) => Self { empty: false, set: all.set.and(&Set::Ranges(ranges.to_vec()), kind) },
        }
    }

    #[must_use]
    pub fn is_nothing(&self) -> bool {
        !self.empty && self.set.is_nothing()
    }

    #[must_use]
    pub fn and(&self, other: &Self, kind: Type) -> Self {
        Self { empty: self.empty && other.empty, set: self.set.and(&other.set, kind) }
    }

    #[must_use]
    pub fn minus(&self, other: &Self, kind: Type) -> Self {
        Self { empty: self.empty && !other.empty, set: self.set.minus(&other.set, kind) }
    }

    /// In words, behind the column's name: ` is gold or silver`.
    #[must_use]
    pub fn words(&self, kind: Type) -> String {
        let mut out = String::new();
        match &self.set {
            set if set.is_nothing() => out.push_str(" is empty"),
            Set::Texts { not: false, texts } => {
                let first: Vec<&str> = texts.iter().take(3).map(|t| &**t).collect();
                let _ = write!(out, " is {}", first.join(" or "));
            }
            Set::Texts { not: true, texts } if texts.is_empty() => out.push_str(" is anything"),
            Set::Texts { texts, .. } => {
                let first: Vec<&str> = texts.iter().take(3).map(|t| &**t).collect();
                let more = if texts.len() > 3 { " …" } else { "" };
                let _ = write!(out, " is none of {}{more}", first.join(", "));
            }
            Set::Ranges(ranges) => {
                let Some((low, high)) = ranges.first().copied() else { return out };
                let n = |n: f64| number(n, kind);
                let _ = match (low.is_finite(), high.is_finite()) {
                    (true, true) if low.total_cmp(&high).is_eq() => write!(out, " is {}", n(low)),
                    (true, true) => write!(out, " is {} to {}", n(low), n(high)),
                    (true, false) => write!(out, " is {} or more", n(low)),
                    (false, true) => write!(out, " is {} or less", n(high)),
                    (false, false) => write!(out, " is anything"),
                };
            }
        }
        out
    }
}

#[expect(clippy::cast_possible_truncation, reason = "days of the calendar")]
fn number(n: f64, kind: Type) -> String {
    match kind {
        Type::Date => {
            let day = date(1970, 1, 1).checked_add(0.days().days((n as i64).clamp(-700_000, 2_900_000)));
            day.map_or_else(|_| n.to_string(), |d| d.to_string())
        }
        Type::Bool => (if n > 0.0 { "yes" } else { "no" }).to_owned(),
        _ => n.to_string(),
    }
}

fn none(like: &Set) -> Set {
    match like {
        Set::Texts { .. } => Set::Texts { not: false, texts: BTreeSet::new() },
        Set::Ranges(_) => Set::Ranges(Vec::new()),
    }
}

impl Set {
    fn is_nothing(&self) -> bool {
        match self {
            Self::Texts { not, texts } => !not && texts.is_empty(),
            Self::Ranges(ranges) => ranges.is_empty(),
        }
    }

    fn not(&self) -> Self {
        match self {
            Self::Texts { not, texts } => Self::Texts { not: !not, texts: texts.clone() },
            Self::Ranges(_) => self.clone(),
        }
    }

    fn and(&self, other: &Self, kind: Type) -> Self {
        match (self, other) {
            (Self::Texts { not: a, texts: x }, Self::Texts { not: b, texts: y }) => {
                let (not, texts) = match (a, b) {
                    (false, false) => (false, x.intersection(y).cloned().collect()),
                    (false, true) => (false, x.difference(y).cloned().collect()),
                    (true, false) => (false, y.difference(x).cloned().collect()),
                    (true, true) => (true, x.union(y).cloned().collect()),
                };
                Self::Texts { not, texts }
            }
            (Self::Ranges(x), Self::Ranges(y)) => {
                let _ = kind;
                let mut both = Vec::new();
                for (a, b) in x {
                    both.extend(y.iter().map(|(c, d)| (a.max(*c), b.min(*d))).filter(|(low, high)| low <= high));
                }
                Self::Ranges(sorted(both))
            }
            _ => none(self),
        }
    }

    fn minus(&self, other: &Self, kind: Type) -> Self {
        match (self, other) {
            (Self::Texts { .. }, Self::Texts { .. }) => self.and(&other.not(), kind),
            (Self::Ranges(x), Self::Ranges(y)) => {
                let mut left = x.clone();
                for (c, d) in y {
                    let mut next = Vec::with_capacity(left.len() + 1);
                    for (a, b) in left {
                        if d < &a || c > &b {
                            next.push((a, b));
                            continue;
                        }
                        if *c > a {
                            next.push((a, before(*c, kind)));
                        }
                        if *d < b {
                            next.push((after(*d, kind), b));
                        }
                    }
                    left = next;
                }
                left.retain(|(low, high)| low <= high);
                Self::Ranges(left)
            }
            _ => self.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_say_which_values_they_let_through() {
        for (cell, yes, no) in [
            ("20-29", &[20, 25, 29][..], &[19, 30][..]),
            ("２０〜２９", &[20, 29], &[19, 30]),
            ("20代", &[20, 29], &[19, 30]),
            ("65歳以上", &[65, 90], &[64]),
            ("20未満", &[19, -3], &[20]),
            (">= 1,000", &[1000, 1001], &[999]),
            ("> 5", &[6], &[5]),
            ("!= 5", &[4, 6], &[5]),
            ("-3", &[-3], &[3, -2]),
            ("20〜", &[20, 99], &[19]),
            ("3|5|8-9", &[3, 5, 8, 9], &[4, 7, 10]),
            ("3,000円", &[3000], &[2999]),
        ] {
            let test = Test::read(Type::Integer, "", cell).expect(cell);
            for n in yes {
                assert!(test.holds(&Value::Integer(*n)), "{cell}: {n}");
            }
            for n in no {
                assert!(!test.holds(&Value::Integer(*n)), "{cell}: {n}");
            }
            assert!(!test.holds(&Value::Missing), "{cell}");
        }
        let head = Test::read(Type::Integer, ">=", "20").expect("a number");
        assert!(head.holds(&Value::Integer(20)) && !head.holds(&Value::Integer(19)));
        let dates = Test::read(Type::Date, "", "2026-01-01..2026-03-31").expect("a span");
        assert!(dates.holds(&Value::Date(date(2026, 3, 31))) && !dates.holds(&Value::Date(date(2026, 4, 1))));
        let texts = Test::read(Type::Text, "", "gold | silver").expect("texts");
        assert!(texts.holds(&Value::Text("silver")) && !texts.holds(&Value::Text("bronze")));
        let others = Test::read(Type::Text, "", "!= 茶|菓子").expect("texts");
        assert!(others.holds(&Value::Text("本")) && !others.holds(&Value::Text("茶")));
        assert!(Test::read(Type::Bool, "", "はい").expect("a truth").holds(&Value::Bool(true)));
        assert!(Test::read(Type::Text, "", "(empty)").expect("empty").holds(&Value::Missing));
        assert_eq!(Test::read(Type::Text, "", " ＊ "), Ok(Test::Any));
    }

    #[test]
    fn cells_that_cannot_be_read_say_why() {
        for (kind, head, cell, why) in [
            (Type::Integer, "", "viele", "expected a whole number"),
            (Type::Integer, "", "29-20", "ends before it begins"),
            (Type::Integer, ">=", "< 20", "the column's head says"),
            (Type::Date, "", "2026-02-30", "expected a date"),
            (Type::Text, "", "> gold", "texts have no order"),
            (Type::Bool, "", "> yes", "no order"),
        ] {
            let told = Test::read(kind, head, cell).expect_err(cell);
            assert!(told.contains(why), "{cell}: {told}");
        }
    }

    #[test]
    fn what_is_left_is_told_in_words() {
        let kind = Type::Integer;
        let all = Region::all(kind, &[]);
        let of = |cell: &str| Region::of(&Test::read(kind, "", cell).expect(cell), &all, kind);
        let left = all.minus(&of("0-19"), kind).minus(&of("30〜"), kind).minus(&of("<0"), kind);
        assert_eq!(left.words(kind), " is 20 to 29");
        let left = left.minus(&of("20-29"), kind);
        assert_eq!(left.words(kind), " is empty");
        assert!(left.minus(&of("(empty)"), kind).is_nothing());
        let known = ["a", "b"].map(Into::into);
        let texts = Region::all(Type::Text, &known);
        let a = Region::of(&Test::read(Type::Text, "", "a").expect("a"), &texts, Type::Text);
        assert_eq!(texts.minus(&a, Type::Text).words(Type::Text), " is b");
    }
}
