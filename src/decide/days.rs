//! Days as whole numbers, for arithmetic that needs no calendar; and spans of time as typed by people.

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use super::rule::Unit;

/// Days since 1970-01-01 in the Gregorian calendar.
///
/// Counts years from March, so that the leap day ends a year (Richards, "Calendars", in Explanatory
/// Supplement to the Astronomical Almanac, 3rd ed., 15.11).
#[must_use]
pub fn number(date: Date) -> i32 {
    let (year, month, day) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// `date` moved by so many units; `None` outside the calendar (years −9999 to 9999). The last day of a month
/// stays in its month: 31 January plus one month is 28 or 29 February.
#[must_use]
pub fn moved(date: Date, count: i64, unit: Unit) -> Option<Date> {
    let span: Result<Span, jiff::Error> = match unit {
        Unit::Days => 0.days().try_days(count),
        Unit::Weeks => 0.days().try_weeks(count),
        Unit::Months => 0.days().try_months(count),
        Unit::Years => 0.days().try_years(count),
    };
    date.checked_add(span.ok()?).ok()
}

/// `180 days`, `24 months`: a whole number above 0 and a unit.
#[must_use]
pub fn span(text: &str) -> Option<(i64, Unit)> {
    let (count, unit) = text.trim().split_once(char::is_whitespace)?;
    let count: i64 = count.parse().ok().filter(|n| *n > 0)?;
    Some((count, Unit::named(unit.trim())?))
}

/// Full years from `birth` to `day`: whoever is born on 29 February comes of age on 1 March.
#[must_use]
pub fn age(birth: Date, day: Date) -> i64 {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    i64::from(day.year()) - i64::from(birth.year()) - i64::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ages_change_on_the_birthday() {
        assert_eq!(age(date(2000, 12, 1), date(2026, 12, 1)), 26);
        assert_eq!(age(date(2000, 12, 2), date(2026, 12, 1)), 25);
        assert_eq!(age(date(2004, 2, 29), date(2025, 2, 28)), 20);
        assert_eq!(age(date(2004, 2, 29), date(2025, 3, 1)), 21);
    }

    #[test]
    fn months_end_with_the_month() {
        assert_eq!(moved(date(2027, 1, 31), 1, Unit::Months), Some(date(2027, 2, 28)));
        assert_eq!(moved(date(2026, 12, 1), 30, Unit::Days), Some(date(2026, 12, 31)));
        assert_eq!(moved(date(9999, 12, 31), 1, Unit::Days), None);
        assert_eq!(moved(date(2026, 1, 1), i64::MAX, Unit::Years), None);
    }

    #[test]
    fn spans_are_a_number_and_a_unit() {
        assert_eq!(span("24 months"), Some((24, Unit::Months)));
        assert_eq!(span("1 day"), Some((1, Unit::Days)));
        for wrong in ["", "24", "months", "0 days", "-3 days", "2 fortnights"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn days_count_as_the_calendar_does(y in -9999i16..=9999, n in 0i64..366) {
            let first = date(y, 1, 1);
            let later = first.checked_add(0.days().try_days(n).unwrap_or_default());
            if let Ok(later) = later {
                prop_assert_eq!(i64::from(number(later)) - i64::from(number(first)), n);
            }
            prop_assert_eq!(number(date(1970, 1, 1)), 0);
        }
    }
}
