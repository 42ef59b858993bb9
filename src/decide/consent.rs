//! Who may not be written to, and why. It is judged last: whatever a rule, a model or a file of decisions wants, nobody
//! gets a piece against their will.
//!
//! **The order of the books.** A person is counted under the first that holds: outside the audience, no
//! consent, suppressed (the lists in the order of the campaign), another of the household gets the piece, held out, printed. So
//! the hold-out is drawn among those who would have been written to, which is what makes it comparable with them.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::days;
use super::rule::{Program, Scene, Unit, Value};
use super::sameness::fold;
use super::standing::{Household, household};
use crate::data::index::Index;
use crate::data::record::Field;
use crate::data::schema::covers_print;
use crate::data::table::Table;

/// The cause under which those are counted whom the audience's condition leaves out.
pub const OUTSIDE: &str = "outside the audience";
/// The cause under which those are counted who did not agree to be written to.
pub const NO_CONSENT: &str = "no consent";
/// The cause of those of whose household another gets the piece.
pub const HOUSEHOLD: &str = "another of the household";
/// The cause under which those are held out who are held out of every campaign.
pub const EVERY_CAMPAIGN: &str = "every campaign";

/// Consent as compiled: all that the campaign states must be there.
#[derive(Clone, Debug, Default)]
pub struct ConsentPlan {
    pub flags: Vec<Program>,
    pub dates: Option<ConsentDates>,
    pub table: Option<ConsentTablePlan>,
    /// Consent that was given longer ago has lapsed.
    pub valid_for: Option<(i64, Unit)>,
}

/// Since when and until when the record itself says that consent holds.
#[derive(Clone, Debug)]
pub struct ConsentDates {
    pub given: Program,
    pub withdrawn: Option<Program>,
}

/// A table of consents: rows for each person and purpose, what was said and when.
#[derive(Clone, Debug)]
pub struct ConsentTablePlan {
    pub table: usize,
    /// The column that names the person.
    pub person: usize,
    pub purpose: Option<usize>,
    pub given: usize,
    pub withdrawn: Option<usize>,
}

/// Why somebody may not be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    Never,
    NotYet,
    Lapsed,
    Withdrawn,
}

impl Refusal {
    pub const ALL: [Self; 4] = [Self::Never, Self::NotYet, Self::Lapsed, Self::Withdrawn];

    /// The cause in the books.
    #[must_use]
    pub fn cause(self) -> &'static str {
        match self {
            Self::Never => NO_CONSENT,
            Self::NotYet => "consent not given yet",
            Self::Lapsed => "consent lapsed",
            Self::Withdrawn => "consent withdrawn",
        }
    }
}

/// Whether consent holds on the day on which pieces are posted.
///
/// # Errors
/// Why it does not.
pub fn holds_on(
    day: Date,
    given: Option<Date>,
    withdrawn: Option<Date>,
    valid_for: Option<(i64, Unit)>,
) -> Result<(), Refusal> {
    let Some(given) = given else {
        return Err(if withdrawn.is_some() { Refusal::Withdrawn } else { Refusal::Never });
    };
    if given > day {
        return Err(Refusal::NotYet);
    }
    // Who withdrew and agreed again later agrees.
    if withdrawn.is_some_and(|w| w <= day && w >= given) {
        return Err(Refusal::Withdrawn);
    }
    let until = valid_for.and_then(|(count, unit)| days::moved(given, count, unit));
    if until.is_some_and(|until| until < day) {
        return Err(Refusal::Lapsed);
    }
    Ok(())
}

/// A table of consents with its rows.
#[derive(Debug)]
pub struct Consents {
    plan: ConsentTablePlan,
    table: Arc<Table>,
    index: Index,
}

impl Consents {
    #[must_use]
    pub fn new(plan: ConsentTablePlan, table: Arc<Table>) -> Self {
        Self { index: Index::new(&table, plan.person), plan, table }
    }

    fn day(&self, row: u32, column: Option<usize>) -> Option<Date> {
        match column.map(|c| self.table.field(row, c)) {
            Some(Field::Date(day)) => Some(day),
            _ => None,
        }
    }

    /// What was said last on or before the day counts, of all rows for print: rows are a history, so that a withdrawal in a
    /// row of its own holds against the consents before it, and a later consent against the withdrawal.
    fn judge(&self, person: &str, day: Date, valid_for: Option<(i64, Unit)>) -> Result<(), Refusal> {
        let (mut given, mut withdrawn, mut to_come) = (None, None, None);
        for row in self.index.rows_of(&self.table, person) {
            if self.plan.purpose.is_some_and(|c| !covers_print(self.table.text(*row, c))) {
                continue;
            }
            match self.day(*row, Some(self.plan.given)) {
                Some(on) if on > day => to_come = Some(on),
                on => given = given.max(on),
            }
            // What will be withdrawn later still holds.
            withdrawn = withdrawn.max(self.day(*row, self.plan.withdrawn).filter(|on| *on <= day));
        }
        holds_on(day, given.or(to_come.filter(|_| withdrawn.is_none())), withdrawn, valid_for)
    }
}

impl ConsentPlan {
    /// Whether the person may be written to on the day.
    ///
    /// # Errors
    /// Why not.
    pub fn judge(&self, rows: Option<&Consents>, scene: &Scene<'_>, person: &str, day: Date) -> Result<(), Refusal> {
        if !self.flags.iter().all(|c| c.holds(scene)) {
            return Err(Refusal::Never);
        }
        if let Some(dates) = &self.dates {
            let date = |p: &Program| match p.value(scene) {
                Value::Date(d) => Some(d),
                _ => None,
            };
            let withdrawn = dates.withdrawn.as_ref().and_then(&date);
            holds_on(day, date(&dates.given), withdrawn, self.valid_for)?;
        }
        rows.map_or(Ok(()), |rows| rows.judge(person, day, self.valid_for))
    }
}

/// One list of people who must not be written to.
#[derive(Clone, Debug)]
pub struct SuppressPlan {
    /// The table's name in the campaign.
    pub name: Arc<str>,
    /// Its position in the catalog.
    pub table: usize,
    pub by: SuppressBy,
    /// The column that tells why, if there is one, and the one that tells since when.
    pub cause: Option<usize>,
    pub since: Option<usize>,
}

/// How a list says whom it means.
#[derive(Clone, Debug)]
pub enum SuppressBy {
    /// A column with the person's key.
    Person(usize),
    /// A column with the key of the unit (an order).
    Unit(usize),
    /// Columns with name and postcode, and what they are for a record.
    NameAndPostcode { name: usize, postcode: usize, of: Box<(Program, Program)> },
    /// Columns with what makes a household, in the order of the campaign.
    Household(Vec<usize>),
    /// A column with the key of a person, whose whole household is meant.
    HouseholdOf(usize),
}

/// A list with its rows.
#[derive(Debug)]
pub struct SuppressList {
    plan: SuppressPlan,
    table: Arc<Table>,
    index: Option<Index>,
    /// The first row of each name with postcode.
    names: FxHashMap<Box<str>, u32>,
    households: FxHashMap<Household, u32>,
    /// For each row `list: cause`, or the list's name.
    causes: Vec<Arc<str>>,
}

/// Words for the causes that every mailing knows, so that they are counted together however a list calls them.
const CAUSES: [(&str, &[&str]); 4] = [
    ("deceased", &["deceased", "dead", "died", "死亡", "逝去", "物故", "故人"]),
    ("moved", &["moved", "転居", "引越", "引越し", "転居先不明", "移転"]),
    ("returned", &["returned", "undeliverable", "返戻", "返送", "宛先不明", "あて所不明", "尋ねあたりません"]),
    ("complaint", &["complaint", "complaints", "苦情", "クレーム"]),
];

/// Causes in a list's own words that are counted apart: a column of remarks is no cause.
const MOST_WORDS: usize = 20;
/// Characters of such a cause.
const LONGEST_WORD: usize = 40;

impl SuppressList {
    #[must_use]
    pub fn new(plan: SuppressPlan, table: Arc<Table>) -> Self {
        let mut known: FxHashMap<&str, Arc<str>> = FxHashMap::default();
        let mut causes = Vec::with_capacity(table.len() as usize);
        let mut words = 0;
        for row in 0..table.len() {
            let cause = plan.cause.map_or("", |c| table.text(row, c)).trim();
            let told = known.entry(cause).or_insert_with(|| {
                let usual = CAUSES.iter().find(|(_, all)| all.contains(&cause.to_lowercase().as_str()));
                let word = match usual {
                    Some((word, _)) => word,
                    None if cause.is_empty() => return Arc::clone(&plan.name),
                    None if words >= MOST_WORDS || cause.chars().count() > LONGEST_WORD => "other",
                    None => {
                        words += 1;
                        cause
                    }
                };
                format!("{}: {word}", plan.name).into()
            });
            causes.push(Arc::clone(told));
        }
        drop(known);
        let index = match plan.by {
            SuppressBy::Person(c) | SuppressBy::Unit(c) | SuppressBy::HouseholdOf(c) => Some(Index::new(&table, c)),
            SuppressBy::NameAndPostcode { .. } | SuppressBy::Household(_) => None,
        };
        let mut list =
            Self { index, names: FxHashMap::default(), households: FxHashMap::default(), causes, plan, table };
        match list.plan.by.clone() {
            SuppressBy::NameAndPostcode { name, postcode, .. } => {
                for row in 0..list.table.len() {
                    let mut words = String::new();
                    if spell(list.table.text(row, name), list.table.text(row, postcode), &mut words) {
                        list.names.entry(words.into()).or_insert(row);
                    }
                }
            }
            SuppressBy::Household(columns) => {
                for row in 0..list.table.len() {
                    let cells = columns.iter().map(|c| Some(list.table.text(row, *c).into()));
                    if let Some(household) = household(cells) {
                        list.households.entry(household).or_insert(row);
                    }
                }
            }
            SuppressBy::Person(_) | SuppressBy::Unit(_) | SuppressBy::HouseholdOf(_) => {}
        }
        list
    }

    /// Every row's cause.
    pub fn causes(&self) -> impl Iterator<Item = &Arc<str>> {
        self.causes.iter()
    }

    /// Whether it is the list of the households of persons: that takes a look over all records.
    #[must_use]
    pub fn needs_look(&self) -> bool {
        matches!(self.plan.by, SuppressBy::HouseholdOf(_))
    }

    /// Whether a record's household must be worked out for it.
    #[must_use]
    pub fn needs_household(&self) -> bool {
        matches!(self.plan.by, SuppressBy::Household(_))
    }

    /// The row that names the person (or the unit, or the household): the first.
    #[must_use]
    pub fn row(
        &self,
        scene: &Scene<'_>,
        (person, unit): (&str, &str),
        household: Option<Household>,
        words: &mut String,
    ) -> Option<u32> {
        match &self.plan.by {
            SuppressBy::Person(_) => self.first_of(person),
            SuppressBy::Unit(_) => self.first_of(unit),
            SuppressBy::NameAndPostcode { of, .. } => {
                let (Value::Text(name), Value::Text(postcode)) = (of.0.value(scene), of.1.value(scene)) else {
                    return None;
                };
                words.clear();
                if spell(name, postcode, words) { self.names.get(words.as_str()).copied() } else { None }
            }
            SuppressBy::Household(_) => self.households.get(&household?).copied(),
            // The look over all records told it already.
            SuppressBy::HouseholdOf(_) => None,
        }
    }

    /// The row with which the person puts the whole household on the list.
    #[must_use]
    pub fn row_of_member(&self, person: &str) -> Option<u32> {
        if self.needs_look() { self.first_of(person) } else { None }
    }

    fn first_of(&self, key: &str) -> Option<u32> {
        self.index.as_ref()?.rows_of(&self.table, key).first().copied()
    }

    /// Why: the list's name, with the cause that the row tells.
    #[must_use]
    pub fn cause(&self, row: u32) -> &Arc<str> {
        self.causes.get(row as usize).unwrap_or(&self.plan.name)
    }

    /// `moved, since 2026-10-01 (data/suppressions.csv row 12)`
    #[must_use]
    pub fn told(&self, row: u32) -> String {
        let since = self.plan.since.map_or("", |c| self.table.text(row, c)).trim();
        let since = if since.is_empty() { String::new() } else { format!(", since {since}") };
        format!("{}{since} ({})", self.cause(row), self.table.origin(row))
    }
}

/// Name and postcode in the form in which they are compared; whether both are there.
fn spell(name: &str, postcode: &str, out: &mut String) -> bool {
    fold(name, out);
    if out.is_empty() {
        return false;
    }
    out.push('\u{1f}');
    let before = out.len();
    for c in postcode.chars() {
        match c {
            '0'..='9' => out.push(c),
            '０'..='９' => out.extend(char::from_u32(u32::from(c) - 0xFEE0)),
            _ => {}
        }
    }
    out.len() - before == 7
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn consent_holds_from_the_day_it_is_given_to_the_day_it_is_withdrawn() {
        let day = date(2026, 12, 1);
        let year = Some((1, Unit::Years));
        for (given, withdrawn, valid_for, expected) in [
            (None, None, None, Err(Refusal::Never)),
            (None, Some(date(2026, 1, 1)), None, Err(Refusal::Withdrawn)),
            (Some(date(2026, 12, 1)), None, None, Ok(())),
            (Some(date(2026, 12, 2)), None, None, Err(Refusal::NotYet)),
            (Some(date(2026, 1, 1)), Some(date(2026, 12, 1)), None, Err(Refusal::Withdrawn)),
            (Some(date(2026, 1, 1)), Some(date(2026, 12, 2)), None, Ok(())),
            (Some(date(2026, 6, 1)), Some(date(2026, 5, 31)), None, Ok(())),
            (Some(date(2025, 12, 1)), None, year, Ok(())),
            (Some(date(2025, 11, 30)), None, year, Err(Refusal::Lapsed)),
        ] {
            assert_eq!(holds_on(day, given, withdrawn, valid_for), expected, "{given:?} {withdrawn:?}");
        }
    }

    #[test]
    fn purposes_that_cover_print() {
        for yes in ["print", "email, print", "Print", "郵送・メール", "all"] {
            assert!(covers_print(yes), "{yes}");
        }
        for no in ["", "email", "printing press tours", "メール"] {
            assert!(!covers_print(no), "{no}");
        }
    }

    #[test]
    fn a_name_with_its_postcode_has_one_spelling() {
        let of = |name: &str, postcode: &str| {
            let mut out = String::new();
            spell(name, postcode, &mut out).then_some(out)
        };
        assert_eq!(of("髙橋　進", "〒１００－０００１"), of("高橋 進", "1000001"));
        assert!(of("高橋 進", "100-000").is_none() && of("", "1000001").is_none());
    }
}
