//! What a template sees of rows: a map by column name, made as cheaply as Tera allows.
//!
//! Texts stand as they are in the file; integers and whole yen as numbers; dates as ISO texts, for the `date`
//! filter; lists as lists of texts. A cell that is empty is left out, so that using it is a fault, unless the template's contract says
//! that it may be empty: then it is an empty text.

use std::sync::Arc;

use tera::value::Key;
use tera::{Map, Value};

use crate::data::record::{Field, Record};
use crate::data::schema::Schema;
use crate::data::table::Table;

/// The columns of one table as a template sees them; made once per run.
#[derive(Clone, Debug)]
pub struct Shape {
    columns: Vec<ShapeColumn>,
}

#[derive(Clone, Debug)]
struct ShapeColumn {
    position: usize,
    key: Key<'static>,
    may_be_empty: bool,
}

impl Shape {
    /// `used` tells which columns the template names at all (others are not built), `may_be_empty` which of
    /// them the contract lets be empty.
    #[must_use]
    pub fn new(schema: &Schema, used: impl Fn(&str) -> bool, may_be_empty: impl Fn(&str) -> bool) -> Self {
        let columns = schema
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| used(&c.name))
            .map(|(position, c)| ShapeColumn {
                position,
                key: Key::String(Arc::clone(&c.name)),
                may_be_empty: may_be_empty(&c.name),
            })
            .collect();
        Self { columns }
    }

    /// A row as a map, with room for `more` entries of the caller's.
    fn map<'a>(
        &self,
        more: usize,
        field: impl Fn(usize) -> Field<'a>,
        mut instead: impl FnMut(usize, &str) -> Option<String>,
    ) -> Map {
        let mut map = Map::with_capacity_and_hasher(self.columns.len() + more, Default::default());
        for column in &self.columns {
            let value = match field(column.position) {
                Field::Missing if column.may_be_empty => Value::from(""),
                Field::Missing => continue,
                Field::Text(text) => match instead(column.position, text) {
                    None => Value::from(text),
                    Some(other) => Value::from(other),
                },
                Field::Integer(n) => Value::from(n),
                Field::Number(n) => Value::from(n),
                Field::Date(date) => {
                    let mut text = [0; 10];
                    Value::from(iso(date, &mut text))
                }
                Field::Bool(b) => Value::from(b),
                Field::List(items) => Value::from(items.iter().map(Value::from).collect::<Vec<Value>>()),
            };
            map.insert(column.key.clone(), value);
        }
        map
    }

    /// The record as a map. `instead` is asked for the text of each column that is shown, and may give another.
    #[must_use]
    pub fn record(&self, record: &Record, instead: impl FnMut(usize, &str) -> Option<String>) -> Map {
        self.map(0, |column| record.field(column), instead)
    }

    /// A row of a table as a map with room for `more` entries; `instead` as for a record.
    #[must_use]
    pub fn row(&self, table: &Table, row: u32, more: usize, instead: impl FnMut(usize, &str) -> Option<String>) -> Map {
        self.map(more, |column| table.field(row, column), instead)
    }
}

/// A date as ISO text, without allocating. Years outside 0–9999 do not come out of the readers.
fn iso(date: jiff::civil::Date, text: &mut [u8; 10]) -> &str {
    let (year, month, day) = (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs());
    let digit = |n: u16| b'0' + (n % 10) as u8;
    let two = |n: u8| [digit(u16::from(n / 10)), digit(u16::from(n))];
    *text = [
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        two(month)[0],
        two(month)[1],
        b'-',
        two(day)[0],
        two(day)[1],
    ];
    std::str::from_utf8(text).unwrap_or("")
}

/// A key of a template map from a name that lives as long as the program or the run.
#[must_use]
pub fn key(name: &Arc<str>) -> Key<'static> {
    Key::String(Arc::clone(name))
}

/// A date as templates see it.
#[must_use]
pub fn date(date: jiff::civil::Date) -> Value {
    Value::from(iso(date, &mut [0; 10]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::record::Typed;
    use crate::data::schema::{Column, Kind};
    use jiff::civil::Date;

    #[test]
    fn an_empty_cell_is_absent_unless_the_contract_lets_it_be_empty() {
        let column = |name: &str, kind| Column { name: name.into(), kind, required: false, purpose: None };
        let schema = Arc::new(Schema {
            columns: vec![
                column("name", Kind::Text),
                column("address2", Kind::Text),
                column("rank", Kind::Text),
                column("joined", Kind::Date),
                column("unused", Kind::Text),
            ],
        });
        let mut record = Record::new(Arc::clone(&schema), "a.csv".into());
        record.text.push_str("山田");
        record.ends = vec![6, 6, 6, 6, 6];
        record.typed =
            vec![Typed::Text, Typed::Missing, Typed::Missing, Typed::Date(Date::constant(2026, 1, 9)), Typed::Text];
        let shape = Shape::new(&schema, |c| c != "unused", |c| c == "address2");
        let map = shape.record(&record, |_, _| None);
        let get = |name: &'static str| map.get(&Key::Str(name)).and_then(|v| v.as_str().map(str::to_owned));
        assert_eq!(get("name").as_deref(), Some("山田"));
        assert_eq!(get("address2").as_deref(), Some(""));
        assert_eq!(get("rank"), None);
        assert_eq!(get("joined").as_deref(), Some("2026-01-09"));
        assert_eq!(map.len(), 3);
    }
}
