//! One column of a table in memory.
//!
//! Each different text is kept once, with its meaning, and for every row the number of its text in as few bytes as the
//! numbers need: one while there are up to 256 texts, then two, then four. Where texts do not repeat (keys,
//! coordinates), the row's number is the text's, and those bytes are saved too.

use jiff::civil::Date;

use super::cell;
use super::lookup::Lookup;
use super::record::Typed;
use super::schema::Kind;

/// One column.
#[derive(Debug)]
pub(super) struct Texts {
    arena: String,
    /// Where each text ends in `arena`.
    ends: Vec<u32>,
    values: Values,
    /// The text of each row; without it row and text have the same number.
    of_row: Option<Numbers>,
    /// Only while loading.
    lookup: Lookup,
}

/// What the texts mean. `Missing` has a value that no text gives.
#[derive(Debug)]
enum Values {
    /// Also postcodes.
    Text,
    List(Option<char>),
    /// Missing: `i64::MIN`, which `cell` never reads because it negates.
    Integer(Vec<i64>),
    /// Missing: NaN.
    Number(Vec<f64>),
    /// Missing: the year −9999.
    Date(Vec<Date>),
    /// Missing: 2.
    Bool(Vec<u8>),
}

/// The numbers of rows, in as few bytes as the largest needs.
#[derive(Debug)]
enum Numbers {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Numbers {
    fn get(&self, row: usize) -> Option<u32> {
        match self {
            Self::One(v) => v.get(row).map(|n| u32::from(*n)),
            Self::Two(v) => v.get(row).map(|n| u32::from(*n)),
            Self::Four(v) => v.get(row).copied(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::One(v) => v.len(),
            Self::Two(v) => v.len(),
            Self::Four(v) => v.len(),
        }
    }

    /// Makes room for a number.
    fn widen(&mut self, number: u32) {
        *self = match self {
            Self::One(v) if number > 0xFF && number <= 0xFFFF => Self::Two(v.iter().map(|n| u16::from(*n)).collect()),
            Self::One(v) if number > 0xFFFF => Self::Four(v.iter().map(|n| u32::from(*n)).collect()),
            Self::Two(v) if number > 0xFFFF => Self::Four(v.iter().map(|n| u32::from(*n)).collect()),
            _ => return,
        };
    }

    fn push(&mut self, number: u32) {
        self.widen(number);
        match self {
            Self::One(v) => v.push(number as u8),
            Self::Two(v) => v.push(number as u16),
            Self::Four(v) => v.push(number),
        }
    }

    /// Appends the numbers that `map` has for those of a part.
    fn extend(&mut self, part: &Self, map: &[u32]) {
        self.widen(map.iter().copied().max().unwrap_or(0));
        let mapped = (0..part.len()).map(|row| part.get(row).and_then(|n| map.get(n as usize)).copied().unwrap_or(0));
        match self {
            Self::One(v) => v.extend(mapped.map(|n| n as u8)),
            Self::Two(v) => v.extend(mapped.map(|n| n as u16)),
            Self::Four(v) => v.extend(mapped),
        }
    }

    fn shrink(&mut self) {
        match self {
            Self::One(v) => v.shrink_to_fit(),
            Self::Two(v) => v.shrink_to_fit(),
            Self::Four(v) => v.shrink_to_fit(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::One(v) => v.capacity(),
            Self::Two(v) => v.capacity() * 2,
            Self::Four(v) => v.capacity() * 4,
        }
    }
}

impl Texts {
    /// A column without rows; `separator` is that of lists.
    pub(super) fn new(kind: Kind, separator: Option<char>) -> Self {
        let values = match kind {
            Kind::List => Values::List(separator),
            Kind::Text | Kind::Postcode => Values::Text,
            Kind::Integer | Kind::Money => Values::Integer(Vec::new()),
            Kind::Number => Values::Number(Vec::new()),
            Kind::Date => Values::Date(Vec::new()),
            Kind::Bool => Values::Bool(Vec::new()),
        };
        let of_row = Some(Numbers::One(Vec::new()));
        Self { arena: String::new(), ends: Vec::new(), values, of_row, lookup: Lookup::default() }
    }

    /// Without sharing from the beginning: texts do not repeat.
    pub(super) fn alone(mut self) -> Self {
        self.of_row = None;
        self
    }

    /// Whether equal texts share their number.
    pub(super) fn is_shared(&self) -> bool {
        self.of_row.is_some()
    }

    /// Number of different texts (or of rows, where texts do not repeat).
    pub(super) fn count(&self) -> u32 {
        self.ends.len() as u32
    }

    pub(super) fn at(&self, number: u32) -> &str {
        at(&self.arena, &self.ends, number)
    }

    pub(super) fn of_row(&self, row: u32) -> Option<u32> {
        match &self.of_row {
            Some(of_row) => of_row.get(row as usize),
            None => (row < self.count()).then_some(row),
        }
    }

    pub(super) fn push(&mut self, text: &str, typed: Typed) -> Result<(), Full> {
        let Some(of_row) = &mut self.of_row else { return self.push_text(text, typed).map(drop) };
        let (arena, ends) = (&self.arena, &self.ends);
        if let Some(number) = self.lookup.find(text, |n| at(arena, ends, n)) {
            of_row.push(number);
            return Ok(());
        }
        let number = ends.len() as u32;
        of_row.push(number);
        self.push_text(text, typed)?;
        let (arena, ends) = (&self.arena, &self.ends);
        self.lookup.insert(text, number, |n| at(arena, ends, n));
        Ok(())
    }

    fn push_text(&mut self, text: &str, typed: Typed) -> Result<(), Full> {
        self.arena.push_str(text);
        self.ends.push(u32::try_from(self.arena.len()).map_err(|_| Full)?);
        self.push_value(typed);
        Ok(())
    }

    /// Appends the rows of a part, which was read by another worker: what comes of it is the same as if each row had
    /// been pushed.
    pub(super) fn append(&mut self, part: &Self) -> Result<(), Full> {
        let Some(of_row) = &mut self.of_row else {
            let rows = part.of_row.as_ref().map_or(part.ends.len(), Numbers::len) as u32;
            for row in 0..rows {
                let number = part.of_row(row).unwrap_or(0);
                self.push_text(part.at(number), part.typed(number))?;
            }
            return Ok(());
        };
        let mut map = Vec::with_capacity(part.ends.len());
        let mut fresh = Vec::new();
        for number in 0..part.count() {
            let text = part.at(number);
            let (arena, ends) = (&self.arena, &self.ends);
            map.push(match self.lookup.find(text, |n| at(arena, ends, n)) {
                Some(known) => known,
                None => {
                    let new = self.ends.len() as u32;
                    self.arena.push_str(text);
                    self.ends.push(u32::try_from(self.arena.len()).map_err(|_| Full)?);
                    let (arena, ends) = (&self.arena, &self.ends);
                    self.lookup.insert(text, new, |n| at(arena, ends, n));
                    fresh.push(number);
                    new
                }
            });
        }
        match &part.of_row {
            Some(numbers) => of_row.extend(numbers, &map),
            None => map.iter().for_each(|n| of_row.push(*n)),
        }
        for number in fresh {
            let typed = part.typed(number);
            self.push_value(typed);
        }
        Ok(())
    }

    /// Adds the meaning of the text that was added last.
    fn push_value(&mut self, typed: Typed) {
        match (&mut self.values, typed) {
            (Values::Text | Values::List(_), _) => {}
            (Values::Integer(v), Typed::Integer(i)) => v.push(i),
            (Values::Integer(v), _) => v.push(i64::MIN),
            (Values::Number(v), Typed::Number(n)) => v.push(n),
            (Values::Number(v), _) => v.push(f64::NAN),
            (Values::Date(v), Typed::Date(d)) => v.push(d),
            (Values::Date(v), _) => v.push(Date::MIN),
            (Values::Bool(v), Typed::Bool(b)) => v.push(u8::from(b)),
            (Values::Bool(v), _) => v.push(2),
        }
    }

    pub(super) fn typed(&self, number: u32) -> Typed {
        let i = number as usize;
        match &self.values {
            Values::Text | Values::List(_) if cell::trim(self.at(number)).is_empty() => Typed::Missing,
            Values::Text => Typed::Text,
            Values::List(separator) => Typed::List(*separator),
            Values::Integer(v) => match v.get(i) {
                Some(&i) if i != i64::MIN => Typed::Integer(i),
                _ => Typed::Missing,
            },
            Values::Number(v) => match v.get(i) {
                Some(&n) if !n.is_nan() => Typed::Number(n),
                _ => Typed::Missing,
            },
            Values::Date(v) => match v.get(i) {
                Some(&d) if d != Date::MIN => Typed::Date(d),
                _ => Typed::Missing,
            },
            Values::Bool(v) => match v.get(i) {
                Some(&b) if b < 2 => Typed::Bool(b == 1),
                _ => Typed::Missing,
            },
        }
    }

    /// A column like this one without rows.
    pub(super) fn none(&self) -> Self {
        let values = match &self.values {
            Values::Text => Values::Text,
            Values::List(separator) => Values::List(*separator),
            Values::Integer(_) => Values::Integer(Vec::new()),
            Values::Number(_) => Values::Number(Vec::new()),
            Values::Date(_) => Values::Date(Vec::new()),
            Values::Bool(_) => Values::Bool(Vec::new()),
        };
        let of_row = self.of_row.as_ref().map(|_| Numbers::One(Vec::new()));
        Self { arena: String::new(), ends: Vec::new(), values, of_row, lookup: Lookup::default() }
    }

    /// These rows only.
    pub(super) fn only(&self, rows: &[u32]) -> Result<Self, Full> {
        let mut out = self.none();
        for row in rows {
            let number = self.of_row(*row).unwrap_or(0);
            out.push(self.at(number), self.typed(number))?;
        }
        out.shrink();
        Ok(out)
    }

    /// Gives some rows another text.
    pub(super) fn put(&mut self, rows: &[u32], text: &str, typed: Typed) -> Result<(), Full> {
        let mut out = self.none();
        let mut rows = rows.iter().peekable();
        let count = self.of_row.as_ref().map_or(self.ends.len(), Numbers::len) as u32;
        for row in 0..count {
            if rows.next_if_eq(&&row).is_some() {
                out.push(text, typed)?;
            } else {
                let number = self.of_row(row).unwrap_or(0);
                out.push(self.at(number), self.typed(number))?;
            }
        }
        out.shrink();
        *self = out;
        Ok(())
    }

    /// Gives up sharing: most texts stand only once.
    pub(super) fn unshare(&mut self) -> Result<(), Full> {
        let Some(of_row) = self.of_row.take() else { return Ok(()) };
        let empty = self.none();
        let shared = std::mem::replace(self, empty);
        (0..of_row.len()).try_for_each(|row| {
            let number = of_row.get(row).unwrap_or(0);
            self.push_text(shared.at(number), shared.typed(number))
        })
    }

    pub(super) fn shrink(&mut self) {
        self.arena.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.lookup = Lookup::default();
        match &mut self.values {
            Values::Text | Values::List(_) => {}
            Values::Integer(v) => v.shrink_to_fit(),
            Values::Number(v) => v.shrink_to_fit(),
            Values::Date(v) => v.shrink_to_fit(),
            Values::Bool(v) => v.shrink_to_fit(),
        }
        if let Some(of_row) = &mut self.of_row {
            of_row.shrink();
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let values = match &self.values {
            Values::Text | Values::List(_) => 0,
            Values::Integer(v) => v.capacity() * 8,
            Values::Number(v) => v.capacity() * 8,
            Values::Date(v) => v.capacity() * size_of::<Date>(),
            Values::Bool(v) => v.capacity(),
        };
        let of_row = self.of_row.as_ref().map_or(0, Numbers::bytes);
        self.arena.capacity() + self.ends.capacity() * 4 + values + of_row + self.lookup.bytes()
    }
}

fn at<'a>(arena: &'a str, ends: &[u32], number: u32) -> &'a str {
    let n = number as usize;
    let start = if n == 0 { 0 } else { ends.get(n - 1).map_or(0, |e| *e as usize) };
    let end = ends.get(n).map_or(start, |e| *e as usize);
    arena.get(start..end).unwrap_or_default()
}

/// More than 4 Gi bytes of text, or rows.
#[derive(Debug)]
pub(super) struct Full;
