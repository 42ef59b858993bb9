//! Sheets of rules: a table with one rule per row, as marketers keep them. Some columns say for whom, one says
//! what; the first row that fits counts, or the one with the lowest `priority`. Rows that nobody reaches and
//! people whom no row fits are told before a single record is decided.

use std::sync::Arc;

use super::plan::{Compiler, Known, Stage, path};
use super::rule::cell::{OPERATORS, Region, Test};
use super::rule::{Program, Scene, Type, Value};
use super::spec::Placed;
use super::tables::singular;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place};
use crate::data::record::Field;
use crate::data::schema::Kind;
use crate::data::table::Table;

/// So many columns may say for whom.
const MOST_COLUMNS: usize = 16;
/// So many pieces are looked at when rows are compared; beyond it nothing is told.
const MOST_PIECES: usize = 200_000;

/// A sheet as compiled, before its rows are read.
#[derive(Clone, Debug)]
pub struct SheetPlan {
    /// The table's name.
    pub name: Arc<str>,
    pub table: usize,
    pub conditions: Vec<ConditionColumn>,
    /// The column that says what, and the kind of its values.
    pub result: usize,
    pub kind: Type,
    pub priority: Option<usize>,
    /// What counts where no row fits; without it, gaps are told.
    pub otherwise: Option<Answer>,
    /// The texts that the result may be; none: any.
    pub answers: Vec<Arc<str>>,
}

/// A column that says for whom.
#[derive(Clone, Debug)]
pub struct ConditionColumn {
    pub column: usize,
    /// The path in the language, such as `last_bought.category`.
    pub path: String,
    pub operator: &'static str,
    pub program: Program,
    /// All its texts, where they are known.
    pub known: Vec<Arc<str>>,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Text(Arc<str>),
    Integer(i64),
    Number(f64),
    Date(jiff::civil::Date),
    Bool(bool),
}

impl Answer {
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        match self {
            Self::Text(t) => Value::Text(t),
            Self::Integer(n) => Value::Integer(*n),
            Self::Number(n) => Value::Number(*n),
            Self::Date(d) => Value::Date(*d),
            Self::Bool(b) => Value::Bool(*b),
        }
    }

    fn of(field: Field<'_>) -> Option<Self> {
        Some(match field {
            Field::Text(t) => Self::Text(t.trim().into()),
            Field::Integer(n) => Self::Integer(n),
            Field::Number(n) => Self::Number(n),
            Field::Date(d) => Self::Date(d),
            Field::Bool(b) => Self::Bool(b),
            _ => return None,
        })
    }
}

/// A column's head: the words without the operator at their end.
#[must_use]
pub fn head(word: &str) -> (&str, &'static str) {
    let word = word.trim();
    let found = OPERATORS.iter().find(|o| word.ends_with(**o));
    found.map_or((word, ""), |o| (word[..word.len() - o.len()].trim(), *o))
}

impl Compiler<'_, '_> {
    /// What a column of a sheet means: a path of the language, an expression, or the bare name of one of the
    /// unit's columns.
    pub(super) fn condition_column(
        &mut self,
        sheet: &Placed,
        column: usize,
        word: &str,
        known: &Known,
        unit: usize,
        stage: Stage,
    ) -> Option<ConditionColumn> {
        let (text, operator) = head(word);
        let info = &self.input.catalog.tables[unit];
        let birth = ["birth_date", "birthday", "birth_day", "生年月日"];
        let own = info.schema.position(text).is_some();
        let path = match text {
            _ if own => path(&singular(&info.name), text),
            "age" | "年齢" => birth
                .iter()
                .find(|b| info.schema.position(b).is_some())
                .map_or_else(|| text.to_owned(), |b| format!("age({})", path(&singular(&info.name), b))),
            _ => text.to_owned(),
        };
        let scope = self.scope(known, unit, stage);
        match Program::compile(&path, &scope) {
            Ok(program) => {
                let known = known.names_of(&path);
                Some(ConditionColumn { column, path, operator, program, known })
            }
            Err(found) => {
                let why = found.into_iter().next().map(|f| f.message).unwrap_or_default();
                let roots = scope.roots();
                let names = info.schema.columns.iter().map(|c| &*c.name).chain(roots.iter().map(String::as_str));
                let help = match did_you_mean(text, names.chain(["priority", "note"])) {
                    Some(like) => format!("did you mean `{like}`?"),
                    None => "columns say for whom: a column of the record, or a path such as customer.rank; \
                             `priority` and `note` may stand beside"
                        .to_owned(),
                };
                self.tell(sheet, format!("the column `{word}` means nothing: {why}"), "in this table", Some(help));
                None
            }
        }
    }

    /// Whether a column says what and not for whom: a sheet may give several values, a segmentation and coupons.
    fn says(&self, sheet: &Placed, column: &str) -> bool {
        let here = |table: &Placed| table.get_ref() == sheet.get_ref();
        let value = self.input.values.iter().any(|(name, v)| here(&v.table) && name.get_ref() == column);
        let segments = self.input.segments.into_iter().flat_map(|s| &s.others);
        let mut grouped = segments.filter(|(name, s)| s.table.as_ref().is_some_and(here) && name.get_ref() == column);
        let coupon = column == "coupon" && self.input.coupons.iter().any(|c| c.table.as_ref().is_some_and(here));
        value || coupon || grouped.next().is_some()
    }

    /// A sheet whose column `result` says what.
    pub(super) fn sheet(
        &mut self,
        name: &Placed,
        result: &[&str],
        known: &Known,
        unit: usize,
        stage: Stage,
    ) -> Option<SheetPlan> {
        let table = self.table(name)?;
        let info = &self.input.catalog.tables[table];
        let found = result.iter().find_map(|r| info.schema.position(r));
        if found.is_none() {
            let word = result.first().copied().unwrap_or_default();
            let help = format!("name the column that says what comes out `{word}`");
            let message = format!("the table `{}` has no column `{word}`", info.name);
            self.tell(name, message, "nothing comes out of it", Some(help));
        }
        let result = found?;
        let kind = match info.schema.columns[result].kind {
            Kind::Integer | Kind::Money => Type::Integer,
            Kind::Number => Type::Number,
            Kind::Date => Type::Date,
            Kind::Bool => Type::Bool,
            _ => Type::Text,
        };
        let mut plan = SheetPlan {
            name: Arc::clone(&info.name),
            table,
            conditions: Vec::new(),
            result,
            kind,
            priority: info.schema.position("priority"),
            otherwise: None,
            answers: Vec::new(),
        };
        let mut sound = true;
        for (column, c) in info.schema.columns.iter().enumerate() {
            if column == result || matches!(&*c.name, "priority" | "note" | "備考") || self.says(name, &c.name) {
                continue;
            }
            match self.condition_column(name, column, &c.name, known, unit, stage) {
                Some(condition) => plan.conditions.push(condition),
                None => sound = false,
            }
        }
        if plan.conditions.len() > MOST_COLUMNS {
            self.tell(name, format!("a sheet has at most {MOST_COLUMNS} columns of conditions"), "too many", None);
            return None;
        }
        sound.then_some(plan)
    }
}

/// A sheet with its rows.
#[derive(Debug)]
pub struct Sheet {
    columns: Vec<Program>,
    /// In the order in which they are tried.
    rows: Vec<Row>,
    otherwise: Option<Answer>,
}

#[derive(Debug)]
struct Row {
    tests: Box<[Test]>,
    answer: Answer,
    /// Its row in the table.
    row: u32,
}

impl Sheet {
    /// Reads the rows. Cells that cannot be read go to `faults`; rows that nobody reaches and gaps to
    /// `warnings`, each with its row and column.
    pub fn new(plan: &SheetPlan, table: &Table, faults: &mut Vec<Diagnostic>, warnings: &mut Vec<Diagnostic>) -> Self {
        let mut rows: Vec<(i64, Row)> = Vec::new();
        let place = |row: u32, column: Option<usize>| {
            let column = column.and_then(|c| table.schema().columns.get(c)).map(|c| c.name.to_string());
            Place::Cell { origin: table.origin(row), column }
        };
        for row in 0..table.len() {
            let before = faults.len();
            let mut tell = |column: usize, message: String, help: Option<String>| {
                let d = Diagnostic::error("rule-row", message).at(place(row, Some(column)), "this cell");
                faults.push(match help {
                    Some(help) => d.help(help),
                    None => d,
                });
            };
            let mut tests = Vec::with_capacity(plan.conditions.len());
            for c in &plan.conditions {
                match Test::read(c.program.kind(), c.operator, table.text(row, c.column)) {
                    Ok(test) => {
                        if let Some((wrong, help)) = unknown(&test, &c.known) {
                            let message = format!("`{}` is never `{wrong}`", c.path);
                            tell(c.column, message, Some(help));
                        }
                        tests.push(test);
                    }
                    Err(why) => tell(c.column, format!("this cell is no condition on {}: {why}", c.path), None),
                }
            }
            let answer = Answer::of(table.field(row, plan.result));
            match &answer {
                None => tell(plan.result, "this rule says nothing".to_owned(), None),
                Some(Answer::Text(t)) if !plan.answers.is_empty() && !plan.answers.contains(t) => {
                    let names: Vec<&str> = plan.answers.iter().map(|a| &**a).collect();
                    let help = did_you_mean(t, names.iter().copied()).map_or_else(
                        || format!("known here: {}", names.join(", ")),
                        |l| format!("did you mean `{l}`?"),
                    );
                    tell(plan.result, format!("there is no `{t}`"), Some(help));
                }
                Some(_) => {}
            }
            let priority = match plan.priority.map(|c| (c, table.text(row, c).trim())) {
                None | Some((_, "")) => i64::MAX,
                Some((c, text)) => text.parse().unwrap_or_else(|_| {
                    tell(c, "a priority is a whole number".to_owned(), None);
                    0
                }),
            };
            if let Some(answer) = answer.filter(|_| faults.len() == before) {
                rows.push((priority, Row { tests: tests.into(), answer, row }));
            }
        }
        rows.sort_by_key(|r| r.0);
        let rows: Vec<Row> = rows.into_iter().map(|r| r.1).collect();
        if faults.is_empty() {
            judge(plan, table, &rows, warnings);
        }
        Self {
            columns: plan.conditions.iter().map(|c| c.program.clone()).collect(),
            rows,
            otherwise: plan.otherwise.clone(),
        }
    }

    /// What the first row says that fits. Each column is worked out once at most; nothing is allocated.
    #[must_use]
    pub fn answer<'a>(&'a self, scene: &Scene<'a>) -> Option<&'a Answer> {
        let mut values: [Option<Value<'a>>; MOST_COLUMNS] = [None; MOST_COLUMNS];
        let mut fits = |row: &Row| {
            row.tests.iter().zip(&self.columns).zip(&mut values).all(|((test, column), value)| {
                *test == Test::Any || test.holds(value.get_or_insert_with(|| column.value(scene)))
            })
        };
        self.rows.iter().find(|r| fits(r)).map(|r| &r.answer).or(self.otherwise.as_ref())
    }

    /// All texts that may come out, in the order of the rows, each once.
    pub fn answers(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for answer in self.rows.iter().map(|r| &r.answer).chain(&self.otherwise) {
            if let Answer::Text(t) = answer
                && !names.contains(t)
            {
                names.push(Arc::clone(t));
            }
        }
        names
    }
}

/// A text of a test that its column never holds.
fn unknown<'t>(test: &'t Test, known: &[Arc<str>]) -> Option<(&'t str, String)> {
    let Test::Texts { texts, .. } = test else { return None };
    if known.is_empty() {
        return None;
    }
    let wrong = texts.iter().find(|t| !known.iter().any(|k| **k == ***t))?;
    let names: Vec<&str> = known.iter().map(|k| &**k).collect();
    let help = did_you_mean(wrong, names.iter().copied())
        .map_or_else(|| format!("known here: {}", names.join(", ")), |l| format!("did you mean `{l}`?"));
    Some((wrong, help))
}

/// Tells rows that nobody reaches, and the first gap.
fn judge(plan: &SheetPlan, table: &Table, rows: &[Row], warnings: &mut Vec<Diagnostic>) {
    let kinds: Vec<Type> = plan.conditions.iter().map(|c| c.program.kind()).collect();
    let all: Vec<Region> = plan.conditions.iter().map(|c| Region::all(c.program.kind(), &c.known)).collect();
    let boxed = |row: &Row| -> Vec<Region> {
        row.tests.iter().zip(&all).zip(&kinds).map(|((t, all), kind)| Region::of(t, all, *kind)).collect()
    };
    let boxes: Vec<Vec<Region>> = rows.iter().map(boxed).collect();
    let mut budget = MOST_PIECES;
    let mut left_of = |whole: Vec<Region>, earlier: &[Vec<Region>]| -> Option<Vec<Vec<Region>>> {
        let mut left = vec![whole];
        for taken in earlier {
            let mut next = Vec::new();
            for piece in left {
                budget = budget.checked_sub(1)?;
                minus(piece, taken, &kinds, &mut next);
            }
            left = next;
            if left.is_empty() {
                break;
            }
        }
        Some(left)
    };
    for (n, row) in rows.iter().enumerate() {
        let Some(left) = left_of(boxes[n].clone(), &boxes[..n]) else { return };
        if !left.is_empty() {
            continue;
        }
        let alone = boxes[..n].iter().position(|b| {
            let mut rest = Vec::new();
            minus(boxes[n].clone(), b, &kinds, &mut rest);
            rest.is_empty()
        });
        let why = match alone.and_then(|i| rows.get(i)) {
            Some(first) => format!("row {} fits whoever this row fits", table.origin(first.row).row),
            None => "the rows before it fit whoever this row fits".to_owned(),
        };
        warnings.push(
            Diagnostic::warning("rule-never", format!("nobody ever reaches this rule of `{}`", plan.name))
                .at(Place::Cell { origin: table.origin(row.row), column: None }, why)
                .help("move it up, or take it out"),
        );
    }
    if plan.otherwise.is_some() {
        return;
    }
    let Some(left) = left_of(all.clone(), &boxes) else { return };
    // A gap of people about whom something is known is worth more than one of empty cells.
    let known = |piece: &&Vec<Region>| piece.iter().zip(&kinds).all(|(r, k)| !r.words(*k).ends_with("empty"));
    let Some(gap) = left.iter().find(known).or(left.first()) else { return };
    let mut words: Vec<String> = Vec::new();
    for ((region, whole), (c, kind)) in gap.iter().zip(&all).zip(plan.conditions.iter().zip(&kinds)) {
        if region != whole {
            words.push(format!("{}{}", c.path, region.words(*kind)));
        }
    }
    let whom = if words.is_empty() { "anyone".to_owned() } else { words.join(" and ") };
    warnings.push(
        Diagnostic::warning("rule-gap", format!("no rule of `{}` fits where {whom}", plan.name))
            .at(Place::File(table.file().to_string()), "")
            .help("add a last row with `*` in every column, or say what counts otherwise"),
    );
}

/// The pieces of a box that lie outside another.
fn minus(mut piece: Vec<Region>, taken: &[Region], kinds: &[Type], out: &mut Vec<Vec<Region>>) {
    let apart = piece.iter().zip(taken).zip(kinds).any(|((a, b), k)| a.and(b, *k).is_nothing());
    if apart {
        out.push(piece);
        return;
    }
    for (n, (b, k)) in taken.iter().zip(kinds).enumerate() {
        let outside = piece[n].minus(b, *k);
        if !outside.is_nothing() {
            let mut rest = piece.clone();
            rest[n] = outside;
            out.push(rest);
        }
        piece[n] = piece[n].and(b, *k);
    }
}
