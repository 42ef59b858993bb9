//! Compiled expressions and what they are worth for one person. Nothing is allocated here.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::Date;

use super::super::days;
use super::super::history::History;
use super::super::past::{PastPieces, Shown};
use super::super::score::Score;
use super::super::segment::Rfm;
use super::super::sheet::{Answer, Sheet};
use super::Value;
use super::cell::Test;
use super::parser::{Operator, Unit};
use crate::data::index::Index;
use crate::data::record::{Field, Record};
use crate::data::table::Table;

/// No row.
pub const NO_ROW: u32 = u32::MAX;

/// The rows that rules look into, the same for all people.
#[derive(Debug, Default)]
pub struct World {
    /// By position in the catalog; only the tables that rules need.
    pub tables: Vec<Option<Arc<Table>>>,
    pub history: Option<History>,
    pub past: Option<PastPieces>,
    pub products: Option<usize>,
    pub stores: Option<usize>,
    /// By position in the catalog: rows by the texts of a column, which holds the person's key, the record's, or what
    /// rules compare it with; only of tables that rules count.
    pub children: Vec<Vec<(usize, Index)>>,
    pub scores: Vec<Score>,
    pub sheets: Vec<Sheet>,
    /// The names of the groups of each segmentation, in the order of the campaign file.
    pub groups: Vec<Vec<Arc<str>>>,
    /// The cut points of each segmentation that is cut by quantiles; empty until they were worked out.
    pub cuts: Vec<Vec<f64>>,
}

/// So many segmentations may stand side by side.
pub const MOST_GROUPS: usize = 16;
/// Not (yet) put into a group.
const NO_GROUP: u16 = u16::MAX;

impl World {
    #[must_use]
    pub fn table(&self, position: usize) -> Option<&Table> {
        self.tables.get(position)?.as_deref()
    }

    /// The rows of a table whose text in an indexed column is `key`; none for an empty key.
    #[must_use]
    pub fn children_of(&self, table: usize, column: usize, key: &str) -> &[u32] {
        let indexes = self.children.get(table).filter(|_| !key.is_empty());
        let index = indexes.and_then(|of| of.iter().find(|(c, _)| *c == column));
        index.zip(self.table(table)).map_or(&[], |((_, index), table)| index.rows_of(table, key))
    }

    fn value(&self, table: Option<usize>, row: u32, column: usize) -> Value<'_> {
        if row == NO_ROW {
            return Value::Missing;
        }
        table.and_then(|t| self.table(t)).map_or(Value::Missing, |t| t.field(row, column).into())
    }
}

/// What is known about one person while their piece is decided.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    pub world: &'a World,
    pub record: Option<&'a Record>,
    /// The person's rows of the table of purchases.
    pub lines: &'a [u32],
    /// The last purchase that was kept.
    pub last: u32,
    pub rfm: Option<Rfm>,
    pub segment: Option<&'a str>,
    pub arm: Option<&'a str>,
    pub store: u32,
    pub store_km: f64,
    /// The product that is being weighed.
    pub product: u32,
    /// What earlier pieces showed the person.
    pub past: &'a [Shown],
    /// The key of the person, and that of the record.
    pub person: &'a str,
    pub key: &'a str,
    /// The row that is being counted, of the table that is counted.
    pub row: u32,
    /// The group of each segmentation, as a place in its names.
    pub groups: [u16; MOST_GROUPS],
}

impl<'a> Scene<'a> {
    /// Nothing known yet.
    #[must_use]
    pub fn new(world: &'a World) -> Self {
        Self {
            world,
            record: None,
            lines: &[],
            last: NO_ROW,
            rfm: None,
            segment: None,
            arm: None,
            store: NO_ROW,
            store_km: 0.0,
            product: NO_ROW,
            past: &[],
            person: "",
            key: "",
            row: NO_ROW,
            groups: [NO_GROUP; MOST_GROUPS],
        }
    }
}

impl<'a> From<Field<'a>> for Value<'a> {
    fn from(field: Field<'a>) -> Self {
        match field {
            Field::Missing => Self::Missing,
            Field::Text(t) => Self::Text(t),
            Field::Integer(n) => Self::Integer(n),
            Field::Number(n) => Self::Number(n),
            Field::Date(d) => Self::Date(d),
            Field::Bool(b) => Self::Bool(b),
            Field::List(items) => Self::List(items),
        }
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Missing, Self::Text)
    }
}

/// One step of a compiled expression.
#[derive(Clone, Debug)]
pub enum Node {
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(Box<str>),
    Date(Date),
    /// A column of the record that is decided for.
    Unit(usize),
    /// A column of the row that the record's column `via` means in another table.
    Joined {
        via: usize,
        table: usize,
        column: usize,
    },
    /// A column of the row that a row means which the record's column `via` means: the customer of a shipment's order.
    JoinedFar {
        via: usize,
        between: usize,
        then: usize,
        table: usize,
        column: usize,
    },
    Product(usize),
    Store(usize),
    StoreKm,
    LastPurchase(usize),
    LastBought(usize),
    Segment,
    Arm,
    Recency,
    Frequency,
    Monetary,
    RecencyDays,
    Purchases,
    Spent,
    Not(Box<Node>),
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Compare(Operator, Box<(Node, Node)>),
    In(Box<Node>, Box<[Node]>),
    /// Whether a text is one of a list's.
    Among(Box<(Node, Node)>),
    Arithmetic(Operator, Box<(Node, Node)>),
    Negative(Box<Node>),
    /// A date moved by a span of time.
    Moved(Box<Node>, i64, Unit),
    Choose(Box<(Node, Node, Node)>),
    Has(Box<Node>),
    StartsWith(Box<(Node, Node)>),
    EndsWith(Box<(Node, Node)>),
    Contains(Box<(Node, Node)>),
    Size(Box<Node>),
    DaysBetween(Box<(Node, Node)>),
    /// Full years on the day.
    Age(Box<Node>, Date),
    Year(Box<Node>),
    Month(Box<Node>),
    Day(Box<Node>),
    /// The group of a segmentation.
    Group(usize),
    Score(usize),
    /// What a sheet of rules says.
    Sheet(usize),
    /// Whether a cell of a sheet lets the value through.
    Fits(Box<(Node, Test)>),
    /// A column of the row that is being counted.
    Row {
        table: usize,
        column: usize,
    },
    /// A column of the row that the counted row's column `via` means in another table.
    RowJoined {
        from: usize,
        via: usize,
        table: usize,
        column: usize,
    },
    Over(Box<Over>),
    /// Whether the person bought it on or after the day `since` and did not return it.
    Bought {
        what: Wanted,
        since: i32,
    },
    /// Whether one of the person's last pieces showed the product that is being weighed, on or after the day.
    Shown {
        pieces: u32,
        since: i32,
    },
}

/// Rows of a table, taken together.
#[derive(Clone, Debug)]
pub struct Over {
    pub table: usize,
    /// The column by which they are found, and what it holds.
    pub column: usize,
    pub by: By,
    pub what: Together,
    /// The value of a row, for all but counting.
    pub value: Option<Node>,
    /// Which rows.
    pub condition: Option<Node>,
}

/// Which rows are taken together.
#[derive(Clone, Debug)]
pub enum By {
    /// Those that belong to the person.
    Person,
    /// Those that belong to the record.
    Record,
    /// Those whose column has this text.
    Text(Node),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    Any,
    Count,
    Sum,
    Largest,
    Smallest,
}

/// What `bought(…)` asks for.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// The product that is being weighed.
    Candidate,
    /// The product with this key.
    Key(Box<str>),
    /// Any product with this text in this column.
    With {
        column: usize,
        text: Box<str>,
    },
    Anything,
}

impl Node {
    pub fn holds(&self, scene: &Scene<'_>) -> bool {
        self.value(scene) == Value::Bool(true)
    }

    pub fn value<'a>(&'a self, s: &Scene<'a>) -> Value<'a> {
        match self {
            Self::Bool(b) => Value::Bool(*b),
            Self::Integer(n) => Value::Integer(*n),
            Self::Number(n) => Value::Number(*n),
            Self::Text(t) => Value::Text(t),
            Self::Date(d) => Value::Date(*d),
            Self::Unit(column) => s.record.map_or(Value::Missing, |r| cell(r, *column)),
            Self::Joined { via, table, column } => joined(s, *via, *table, *column),
            Self::JoinedFar { via, between, then, table, column } => match joined(s, *via, *between, *then) {
                Value::Text(key) => {
                    let other = s.world.table(*table).and_then(|t| Some((t, t.find(key.trim())?)));
                    other.map_or(Value::Missing, |(other, row)| other.field(row, *column).into())
                }
                _ => Value::Missing,
            },
            Self::Product(column) => s.world.value(s.world.products, s.product, *column),
            Self::Store(column) => s.world.value(s.world.stores, s.store, *column),
            Self::StoreKm if s.store == NO_ROW => Value::Missing,
            Self::StoreKm => Value::Number(s.store_km),
            Self::LastPurchase(column) => match &s.world.history {
                Some(h) => s.world.value(Some(h.position()), s.last, *column),
                None => Value::Missing,
            },
            Self::LastBought(column) => match &s.world.history {
                Some(h) => s.world.value(s.world.products, h.product(s.last), *column),
                None => Value::Missing,
            },
            Self::Segment => s.segment.into(),
            Self::Arm => s.arm.into(),
            Self::Recency => s.rfm.and_then(|r| r.cells).map_or(Value::Missing, |c| Value::Integer(c.r.into())),
            Self::Frequency => s.rfm.and_then(|r| r.cells).map_or(Value::Missing, |c| Value::Integer(c.f.into())),
            Self::Monetary => s.rfm.and_then(|r| r.cells).map_or(Value::Missing, |c| Value::Integer(c.m.into())),
            Self::RecencyDays => s.rfm.and_then(|r| r.days).map_or(Value::Missing, |d| Value::Integer(d.into())),
            Self::Purchases => s.rfm.map_or(Value::Missing, |r| Value::Integer(r.purchases.into())),
            Self::Spent => s.rfm.map_or(Value::Missing, |r| Value::Integer(r.spent)),
            Self::Not(e) => Value::Bool(!e.holds(s)),
            Self::And(all) => Value::Bool(all.iter().all(|e| e.holds(s))),
            Self::Or(any) => Value::Bool(any.iter().any(|e| e.holds(s))),
            Self::Compare(operator, sides) => {
                Value::Bool(compare(&sides.0.value(s), &sides.1.value(s)).is_some_and(|o| fits(*operator, o)))
            }
            Self::In(e, list) => {
                let value = e.value(s);
                Value::Bool(list.iter().any(|item| compare(&value, &item.value(s)) == Some(Ordering::Equal)))
            }
            Self::Among(sides) => Value::Bool(match (sides.0.value(s), sides.1.value(s)) {
                (Value::Text(text), Value::List(items)) => items.iter().any(|item| item == text),
                _ => false,
            }),
            Self::Arithmetic(operator, sides) => arithmetic(*operator, &sides.0.value(s), &sides.1.value(s)),
            Self::Negative(e) => match e.value(s) {
                Value::Integer(n) => n.checked_neg().map_or(Value::Missing, Value::Integer),
                Value::Number(n) => Value::Number(-n),
                _ => Value::Missing,
            },
            Self::Moved(e, count, unit) => match e.value(s) {
                Value::Date(d) => days::moved(d, *count, *unit).map_or(Value::Missing, Value::Date),
                _ => Value::Missing,
            },
            Self::Choose(parts) => {
                let (condition, then, otherwise) = &**parts;
                if condition.holds(s) { then.value(s) } else { otherwise.value(s) }
            }
            Self::Has(e) => Value::Bool(e.value(s) != Value::Missing),
            Self::StartsWith(sides) => texts(sides, s, |a, b| a.starts_with(b)),
            Self::EndsWith(sides) => texts(sides, s, |a, b| a.ends_with(b)),
            Self::Contains(sides) => texts(sides, s, |a, b| a.contains(b)),
            Self::Size(e) => match e.value(s) {
                Value::Text(t) => Value::Integer(i64::try_from(t.chars().count()).unwrap_or(i64::MAX)),
                Value::List(items) => Value::Integer(i64::try_from(items.iter().count()).unwrap_or(i64::MAX)),
                _ => Value::Missing,
            },
            Self::DaysBetween(sides) => match (sides.0.value(s), sides.1.value(s)) {
                (Value::Date(a), Value::Date(b)) => Value::Integer(i64::from(days::number(b) - days::number(a))),
                _ => Value::Missing,
            },
            Self::Age(e, day) => of_date(e, s, |birth| days::age(birth, *day)),
            Self::Year(e) => of_date(e, s, |d| d.year().into()),
            Self::Month(e) => of_date(e, s, |d| d.month().into()),
            Self::Day(e) => of_date(e, s, |d| d.day().into()),
            Self::Group(n) => {
                let group = s.groups.get(*n).copied().unwrap_or(NO_GROUP);
                s.world.groups.get(*n).and_then(|names| names.get(usize::from(group))).map(|g| &**g).into()
            }
            Self::Score(n) => {
                s.world.scores.get(*n).map_or(Value::Missing, |score| Value::Number(score.of(s.world, s.person)))
            }
            Self::Sheet(n) => {
                s.world.sheets.get(*n).and_then(|sheet| sheet.answer(s)).map_or(Value::Missing, Answer::value)
            }
            Self::Fits(parts) => Value::Bool(parts.1.holds(&parts.0.value(s))),
            Self::Row { table, column } => s.world.value(Some(*table), s.row, *column),
            Self::RowJoined { from, via, table, column } => {
                let row = s.world.table(*from).filter(|_| s.row != NO_ROW).zip(s.world.table(*table));
                row.and_then(|(from, to)| to.find(from.text(s.row, *via)))
                    .map_or(Value::Missing, |row| s.world.value(Some(*table), row, *column))
            }
            Self::Over(over) => together(over, s),
            Self::Bought { what, since } => Value::Bool(bought(what, *since, s)),
            Self::Shown { pieces, since } => Value::Bool(
                s.past.iter().any(|shown| shown.product == s.product && shown.piece <= *pieces && shown.day >= *since),
            ),
        }
    }
}

fn cell(record: &Record, column: usize) -> Value<'_> {
    if column < record.len() { record.field(column).into() } else { Value::Missing }
}

fn joined<'a>(s: &Scene<'a>, via: usize, table: usize, column: usize) -> Value<'a> {
    let (Some(record), Some(other)) = (s.record, s.world.table(table)) else { return Value::Missing };
    if via >= record.len() {
        return Value::Missing;
    }
    other.find(record.text(via)).map_or(Value::Missing, |row| other.field(row, column).into())
}

/// How two values stand to each other; `None` when one is missing.
fn compare(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (a, b) => number(a)?.partial_cmp(&number(b)?),
    }
}

#[expect(clippy::cast_precision_loss, reason = "yen beyond 2^53 do not occur, and a rule compares, it does not book")]
fn number(v: &Value<'_>) -> Option<f64> {
    match v {
        Value::Integer(n) => Some(*n as f64),
        Value::Number(n) => Some(*n),
        _ => None,
    }
}

fn fits(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        _ => false,
    }
}

/// Missing when a side is missing, the result is too large, or the divisor is 0. `/` always divides exactly.
fn arithmetic(operator: Operator, a: &Value<'_>, b: &Value<'_>) -> Value<'static> {
    if let (Value::Integer(a), Value::Integer(b)) = (a, b) {
        let whole = match operator {
            Operator::Plus => Some(a.checked_add(*b)),
            Operator::Minus => Some(a.checked_sub(*b)),
            Operator::Times => Some(a.checked_mul(*b)),
            Operator::Rest => Some(a.checked_rem_euclid(*b)),
            _ => None,
        };
        if let Some(result) = whole {
            return result.map_or(Value::Missing, Value::Integer);
        }
    }
    let (Some(a), Some(b)) = (number(a), number(b)) else { return Value::Missing };
    let result = match operator {
        Operator::Plus => a + b,
        Operator::Minus => a - b,
        Operator::Times => a * b,
        Operator::Over => a / b,
        Operator::Rest => a.rem_euclid(b),
        _ => return Value::Missing,
    };
    if result.is_finite() { Value::Number(result) } else { Value::Missing }
}

fn texts(sides: &(Node, Node), s: &Scene<'_>, test: impl Fn(&str, &str) -> bool) -> Value<'static> {
    match (sides.0.value(s), sides.1.value(s)) {
        (Value::Text(a), Value::Text(b)) => Value::Bool(test(a, b)),
        _ => Value::Bool(false),
    }
}

fn of_date(e: &Node, s: &Scene<'_>, f: impl Fn(Date) -> i64) -> Value<'static> {
    match e.value(s) {
        Value::Date(d) => Value::Integer(f(d)),
        _ => Value::Missing,
    }
}

fn together<'a>(over: &'a Over, s: &Scene<'a>) -> Value<'a> {
    let key = match &over.by {
        By::Person => s.person,
        By::Record => s.key,
        By::Text(node) => match node.value(s) {
            Value::Text(text) => text,
            _ => "",
        },
    };
    let rows = s.world.children_of(over.table, over.column, key);
    let history = s.world.history.as_ref().filter(|h| h.position() == over.table);
    let mut scene = Scene { row: NO_ROW, ..*s };
    let (mut count, mut best) = (0i64, Value::Missing);
    for row in rows.iter().copied() {
        // Of purchases, only lines that count: up to the campaign's day, and not cancelled.
        if history.is_some_and(|h| h.day(row).is_none()) {
            continue;
        }
        scene.row = row;
        if over.condition.as_ref().is_some_and(|c| !c.holds(&scene)) {
            continue;
        }
        count += 1;
        let Some(value) = &over.value else {
            if over.what == Together::Any {
                break;
            }
            continue;
        };
        let value = value.value(&scene);
        if value == Value::Missing {
            continue;
        }
        let better = |wanted: Ordering| compare(&value, &best) == Some(wanted);
        let taken = match over.what {
            _ if best == Value::Missing => true,
            Together::Largest => better(Ordering::Greater),
            Together::Smallest => better(Ordering::Less),
            Together::Sum => {
                best = arithmetic(Operator::Plus, &best, &value);
                if best == Value::Missing {
                    return best;
                }
                false
            }
            Together::Any | Together::Count => false,
        };
        if taken {
            best = value;
        }
    }
    match over.what {
        Together::Any => Value::Bool(count > 0),
        Together::Count => Value::Integer(count),
        Together::Sum if best == Value::Missing => Value::Integer(0),
        Together::Sum | Together::Largest | Together::Smallest => best,
    }
}

fn bought(what: &Wanted, since: i32, s: &Scene<'_>) -> bool {
    let Some(history) = &s.world.history else { return false };
    let lines = s.lines.iter().filter(|line| history.kept_since(**line, since));
    let products = s.world.products.and_then(|p| s.world.table(p));
    match what {
        Wanted::Anything => lines.count() > 0,
        Wanted::Candidate => s.product != NO_ROW && lines.into_iter().any(|l| history.product(*l) == s.product),
        Wanted::Key(key) => {
            let wanted = products.and_then(|p| p.find(key));
            wanted.is_some_and(|w| lines.into_iter().any(|l| history.product(*l) == w))
        }
        Wanted::With { column, text } => products.is_some_and(|p| {
            lines.into_iter().any(|l| history.product(*l) != NO_ROW && p.text(history.product(*l), *column) == &**text)
        }),
    }
}
