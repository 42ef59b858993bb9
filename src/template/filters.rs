//! What a marketer writes behind `|`, beside Tera's own filters. [`TABLE`] is the list that the manual
//! (`docs/templates.md`) prints and the tests run. Messages never repeat the value: it may be personal.

use jiff::civil::Date;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::{guard, japanese};

/// One filter or function: what it does and an example that a test runs.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub name: &'static str,
    pub says: &'static str,
    pub example: &'static str,
    pub gives: &'static str,
}

const fn entry(name: &'static str, says: &'static str, example: &'static str, gives: &'static str) -> Entry {
    Entry { name, says, example, gives }
}

/// All of ours, in the order of the manual.
pub const TABLE: &[Entry] = &[
    entry("yen", "whole yen, grouped", r"{{ 1980 | yen }}", "1,980円"),
    entry("yen", "with the mark in front", r#"{{ 1980 | yen(style="¥") }}"#, "¥1,980"),
    entry("number", "a number, grouped", r"{{ 1234567 | number }}", "1,234,567"),
    entry("number", "with so many digits behind the point", r"{{ 3.14159 | number(digits=2) }}", "3.14"),
    entry("percent", "a share as per cent", r"{{ 0.2 | percent }}", "20%"),
    entry("km", "a distance in kilometres", r"{{ 2.34 | km }}", "2.3km"),
    entry("date", "a date in full", r#"{{ "2026-12-31" | date }}"#, "2026年12月31日"),
    entry("date", "in the Japanese calendar", r#"{{ "2026-12-31" | date(style="和暦") }}"#, "令和8年12月31日"),
    entry("date", "month and day", r#"{{ "2026-12-31" | date(style="月日") }}"#, "12月31日"),
    entry("date", "with the day of the week", r#"{{ "2026-12-31" | date(style="月日曜") }}"#, "12月31日（木）"),
    entry("date", "short", r#"{{ "2026-12-31" | date(style="short") }}"#, "12/31"),
    entry("date", "as computers write it", r#"{{ "2026-12-31" | date(style="iso") }}"#, "2026-12-31"),
    entry("date", "in a form of your own", r#"{{ "2026-12-31" | date(style="%Y.%m.%d") }}"#, "2026.12.31"),
    entry("weekday", "the day of the week", r#"{{ "2026-12-31" | weekday }}"#, "木"),
    entry("add_days", "a date so many days later", r#"{{ "2026-12-31" | add_days(days=30) }}"#, "2027-01-30"),
    entry("days_from", "days from another date", r#"{{ "2026-12-31" | days_from(date="2026-12-01") }}"#, "30"),
    entry("postcode", "seven digits as a postcode", r#"{{ "1000001" | postcode }}"#, "100-0001"),
    entry("postcode", "with the postal mark", r#"{{ "1000001" | postcode(mark=true) }}"#, "〒100-0001"),
    entry("honorific", "a name with 様 (not twice)", r#"{{ "山田 太郎" | honorific }}"#, "山田 太郎様"),
    entry(
        "honorific",
        "another title, set off",
        r#"{{ "青空商店" | honorific(title="御中", space=true) }}"#,
        "青空商店　御中",
    ),
    entry("family_name", "what stands before the blank", r#"{{ "山田 太郎" | family_name }}"#, "山田"),
    entry("kanji_number", "a number in kanji", r"{{ 1980 | kanji_number }}", "千九百八十"),
    entry("kanji_digits", "digits in a text as kanji", r#"{{ "1丁目20番" | kanji_digits }}"#, "一丁目二〇番"),
    entry("fullwidth", "ASCII as full-width characters", r#"{{ "A-101" | fullwidth }}"#, "Ａ－１０１"),
    entry("halfwidth", "full-width characters as ASCII", r#"{{ "Ａ－１０１" | halfwidth }}"#, "A-101"),
    entry(
        "truncate_chars",
        "at most so many characters",
        r#"{{ "あいうえお" | truncate_chars(length=4) }}"#,
        "あいう…",
    ),
];

/// Tera's own filters that templates may use: for "did you mean".
pub const OF_TERA: &[&str] = &[
    "safe",
    "default",
    "upper",
    "lower",
    "wordcount",
    "escape",
    "escape_html",
    "escape_xml",
    "newlines_to_br",
    "pluralize",
    "trim",
    "trim_start",
    "trim_end",
    "replace",
    "capitalize",
    "title",
    "truncate",
    "indent",
    "str",
    "int",
    "float",
    "length",
    "reverse",
    "split",
    "abs",
    "round",
    "first",
    "last",
    "nth",
    "join",
    "sort",
    "unique",
    "get",
    "values",
    "keys",
    "pairs",
    "group_by",
];

/// Adds all filters and functions of this folder.
pub fn register(tera: &mut Tera) {
    guard::register(tera);
    tera.register_filter("yen", yen);
    tera.register_filter("number", number);
    tera.register_filter("percent", percent);
    tera.register_filter("km", km);
    tera.register_filter("date", date);
    tera.register_filter("weekday", weekday);
    tera.register_filter("add_days", add_days);
    tera.register_filter("days_from", days_from);
    tera.register_filter("postcode", postcode);
    tera.register_filter("honorific", honorific);
    tera.register_filter("family_name", family_name);
    tera.register_filter("kanji_number", kanji_number);
    tera.register_filter("kanji_digits", |s: &str, _: Kwargs, _: &State| japanese::kanji_digits(s));
    tera.register_filter("fullwidth", |s: &str, _: Kwargs, _: &State| japanese::full_width(s));
    tera.register_filter("halfwidth", |s: &str, _: Kwargs, _: &State| japanese::half_width(s));
    tera.register_filter("truncate_chars", truncate_chars);
    tera.register_filter("join", join);
    tera.register_function("range", range);
}

/// A number from a number or from a text that reads as one.
#[derive(Clone, Copy)]
enum Figure {
    Whole(i128),
    Part(f64),
}

fn figure(value: &Value) -> TeraResult<Figure> {
    if value.is_undefined() {
        return Err(absent());
    }
    if let Some(i) = value.as_i128() {
        return Ok(Figure::Whole(i));
    }
    if let Some(f) = value.as_f64().filter(|f| f.is_finite()) {
        return Ok(Figure::Part(f));
    }
    let text: String = value
        .as_str()
        .map(|s| japanese::half_width(s).chars().filter(|c| !matches!(c, ',' | '¥' | '円' | ' ')).collect())
        .unwrap_or_default();
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(i), _) => Ok(Figure::Whole(i.into())),
        (_, Ok(f)) if f.is_finite() => Ok(Figure::Part(f)),
        _ => Err(Error::message("the value is not a number")),
    }
}

/// What [`super::engine`] recognises as a missing value.
fn absent() -> Error {
    let (expected_type, actual_type) = ("value".to_owned(), "undefined".to_owned());
    Error::new(tera::ErrorKind::InvalidArgument { expected_type, actual_type })
}

/// The number with thousands grouped and exactly `digits` digits behind the point, halves away from zero.
fn grouped(figure: Figure, digits: u32) -> TeraResult<String> {
    let digits = digits.min(9);
    let unit = 10_i128.pow(digits);
    let scaled = match figure {
        Figure::Whole(i) => i.checked_mul(unit),
        // beyond this an f64 has no digits behind the point
        Figure::Part(f) if f.abs() < 9e15 => Some((f * unit as f64).round() as i128),
        Figure::Part(_) => None,
    };
    let scaled = scaled.ok_or_else(|| Error::message("the number is too large to print"))?;
    let whole = (scaled.unsigned_abs() / unit.unsigned_abs()).to_string();
    let mut out = String::with_capacity(whole.len() * 4 / 3 + 12);
    if scaled < 0 {
        out.push('-');
    }
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if digits > 0 {
        let part = scaled.unsigned_abs() % unit.unsigned_abs();
        out.push('.');
        out.push_str(&format!("{part:0width$}", width = digits as usize));
    }
    Ok(out)
}

fn yen(value: Value, args: Kwargs, _: &State) -> TeraResult<String> {
    let text = grouped(figure(&value)?, 0)?;
    match args.get::<&str>("style")?.unwrap_or("円") {
        "円" => Ok(text + "円"),
        "¥" => Ok(match text.strip_prefix('-') {
            Some(amount) => format!("-¥{amount}"),
            None => format!("¥{text}"),
        }),
        _ => Err(Error::message("`yen` has the styles \"円\" and \"¥\"")),
    }
}

fn number(value: Value, args: Kwargs, _: &State) -> TeraResult<String> {
    let figure = figure(&value)?;
    match (args.get::<u32>("digits")?, figure) {
        (Some(digits), _) => grouped(figure, digits),
        (None, Figure::Whole(_)) => grouped(figure, 0),
        // as many digits as it has, as far as they matter in print
        (None, Figure::Part(_)) => {
            let text = grouped(figure, 6)?;
            Ok(text.trim_end_matches('0').trim_end_matches('.').to_owned())
        }
    }
}

fn percent(value: Value, args: Kwargs, _: &State) -> TeraResult<String> {
    let share = match figure(&value)? {
        Figure::Whole(i) => Figure::Whole(i.saturating_mul(100)),
        Figure::Part(f) => Figure::Part(f * 100.0),
    };
    Ok(grouped(share, args.get::<u32>("digits")?.unwrap_or(0))? + "%")
}

fn km(value: Value, args: Kwargs, _: &State) -> TeraResult<String> {
    Ok(grouped(figure(&value)?, args.get::<u32>("digits")?.unwrap_or(1))? + "km")
}

/// An ISO date, also when a time of day follows.
fn day(value: &Value) -> TeraResult<Date> {
    if value.is_undefined() {
        return Err(absent());
    }
    let text = value.as_str().unwrap_or_default();
    text.get(..10)
        .filter(|_| text.len() == 10 || matches!(text.as_bytes().get(10), Some(b'T' | b' ')))
        .and_then(|d| d.parse().ok())
        .ok_or_else(|| Error::message("the value is not a date such as 2026-12-31"))
}

fn date(value: Value, args: Kwargs, _: &State) -> TeraResult<String> {
    let d = day(&value)?;
    Ok(match args.get::<&str>("style")?.unwrap_or("西暦") {
        "西暦" => format!("{}年{}月{}日", d.year(), d.month(), d.day()),
        "和暦" => japanese::era_date(d),
        "月日" => format!("{}月{}日", d.month(), d.day()),
        "月日曜" => format!("{}月{}日（{}）", d.month(), d.day(), japanese::weekday(d)),
        "short" => format!("{}/{}", d.month(), d.day()),
        "iso" => d.to_string(),
        style if style.contains('%') => jiff::fmt::strtime::format(style, d)
            .map_err(|_| Error::message("`date` does not know a %-letter of this style: see docs/templates.md"))?,
        _ => {
            return Err(Error::message(
                "`date` has the styles \"西暦\", \"和暦\", \"月日\", \"月日曜\", \"short\", \"iso\" and forms such as \"%Y.%m.%d\"",
            ));
        }
    })
}

fn weekday(value: Value, _: Kwargs, _: &State) -> TeraResult<&'static str> {
    Ok(japanese::weekday(day(&value)?))
}

fn add_days(value: Value, args: Kwargs, _: &State) -> TeraResult<String> {
    let days = args.must_get::<i64>("days")?;
    let span = jiff::Span::new().try_days(days).map_err(|_| Error::message("too many days"))?;
    let later = day(&value)?.checked_add(span).map_err(|_| Error::message("too many days"))?;
    Ok(later.to_string())
}

fn days_from(value: Value, args: Kwargs, _: &State) -> TeraResult<i64> {
    let from = day(&args.must_get::<Value>("date")?)?;
    let span = from.until(day(&value)?).map_err(|_| Error::message("the dates lie too far apart"))?;
    Ok(span.get_days().into())
}

fn postcode(value: &str, args: Kwargs, _: &State) -> TeraResult<String> {
    let digits: String = japanese::half_width(value).chars().filter(char::is_ascii_digit).collect();
    let strange = japanese::half_width(value).chars().any(|c| !c.is_ascii_digit() && !"-〒 ‐−ー".contains(c));
    if digits.len() != 7 || strange {
        return Err(Error::message("the value is not a postcode of seven digits"));
    }
    let mark = if args.get::<bool>("mark")?.unwrap_or(false) { "〒" } else { "" };
    Ok(format!("{mark}{}-{}", &digits[..3], &digits[3..]))
}

fn honorific(value: &str, args: Kwargs, _: &State) -> TeraResult<String> {
    let title = args.get::<&str>("title")?.unwrap_or("様");
    let name = value.trim();
    if name.is_empty() {
        return Err(Error::message("there is no name to put a title behind"));
    }
    if ["様", "御中", "殿", "先生", title].iter().any(|t| name.ends_with(t)) {
        return Ok(name.to_owned());
    }
    let space = if args.get::<bool>("space")?.unwrap_or(false) { "\u{3000}" } else { "" };
    Ok(format!("{name}{space}{title}"))
}

fn family_name(value: &str, _: Kwargs, _: &State) -> TeraResult<String> {
    let first = value.split_whitespace().next().unwrap_or_default();
    if first.is_empty() { Err(Error::message("there is no name")) } else { Ok(first.to_owned()) }
}

fn kanji_number(value: Value, _: Kwargs, _: &State) -> TeraResult<String> {
    match figure(&value)? {
        Figure::Whole(i) => u64::try_from(i).ok().and_then(japanese::kanji_number),
        Figure::Part(_) => None,
    }
    .ok_or_else(|| Error::message("`kanji_number` wants a whole number from 0 to 9999兆"))
}

fn truncate_chars(value: &str, args: Kwargs, _: &State) -> TeraResult<String> {
    let length = args.must_get::<usize>("length")?;
    let end = args.get::<&str>("end")?.unwrap_or("…");
    if value.chars().nth(length).is_none() {
        return Ok(value.to_owned());
    }
    let room = length.saturating_sub(end.chars().count());
    Ok(value.chars().take(room).chain(end.chars()).collect())
}

/// Tera's `join` passes over what is undefined; here nothing is left out silently.
fn join(items: Vec<Value>, args: Kwargs, _: &State) -> TeraResult<String> {
    let sep = args.get::<&str>("sep")?.unwrap_or_default();
    let mut out = String::new();
    for (i, item) in items.iter().enumerate() {
        if item.is_undefined() {
            return Err(absent());
        }
        if i > 0 {
            out.push_str(sep);
        }
        match item.as_str() {
            Some(s) => out.push_str(s),
            None => out.push_str(&item.to_string()),
        }
    }
    Ok(out)
}

/// Tera's `range`, with what it makes counted as work.
fn range(args: Kwargs, _: &State) -> TeraResult<Vec<i64>> {
    let start = args.get::<i64>("start")?.unwrap_or(0);
    let end = args.must_get::<i64>("end")?;
    let step = args.get::<i64>("step_by")?.unwrap_or(1);
    if step <= 0 {
        return Err(Error::message("`range` wants a `step_by` of 1 or more"));
    }
    let length = i128::from(end).saturating_sub(start.into()).max(0) as u128 / step.unsigned_abs() as u128;
    guard::work(u64::try_from(length).unwrap_or(u64::MAX))?;
    Ok((start..end).step_by(usize::try_from(step).unwrap_or(usize::MAX)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &str) -> TeraResult<String> {
        guard::start_work();
        let mut tera = Tera::new();
        register(&mut tera);
        tera.add_raw_template("t.txt", template)?;
        tera.render("t.txt", &tera::Context::new())
    }

    #[test]
    fn the_table_tells_the_truth() {
        for e in TABLE {
            assert_eq!(render(e.example).unwrap(), e.gives, "{}", e.example);
            assert!(e.example.contains(&format!("| {}", e.name)), "{}", e.example);
        }
    }

    #[test]
    fn the_manual_has_the_table() {
        let manual =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/templates.md")).unwrap_or_default();
        for e in TABLE {
            let row = format!("| `{}` | {} | `{}` | {} |", e.name, e.says, e.example.replace('|', "\\|"), e.gives);
            assert!(manual.contains(&row), "docs/templates.md wants this row:\n{row}");
        }
    }

    #[test]
    fn numbers_at_their_edges() {
        for (template, expected) in [
            (r"{{ 0 | yen }}", "0円"),
            (r"{{ -1980 | yen }}", "-1,980円"),
            (r#"{{ -1980 | yen(style="¥") }}"#, "-¥1,980"),
            (r"{{ 999 | yen }}", "999円"),
            (r#"{{ "１，９８０円" | yen }}"#, "1,980円"),
            (r"{{ 0.5 | number(digits=0) }}", "1"),
            (r"{{ 2.5 | number }}", "2.5"),
            (r"{{ -0.04 | number(digits=1) }}", "0.0"),
            (r"{{ 0.155 | percent(digits=1) }}", "15.5%"),
            (r"{{ 1234.56 | km }}", "1,234.6km"),
            (r"{{ 10000 | kanji_number }}", "一万"),
            (r"{{ 0 | kanji_number }}", "〇"),
        ] {
            assert_eq!(render(template).unwrap(), expected, "{template}");
        }
    }

    #[test]
    fn what_cannot_be_shown_is_a_fault_that_does_not_repeat_the_value() {
        for template in [
            r#"{{ "秘密" | yen }}"#,
            r#"{{ "秘密" | date }}"#,
            r#"{{ "2026-02-30" | date }}"#,
            r#"{{ "2026-12-31秘密" | date }}"#,
            r#"{{ "2026-12-31" | date(style="秘密") }}"#,
            r#"{{ "2026-12-31" | date(style="%!") }}"#,
            r#"{{ "秘密12" | postcode }}"#,
            r#"{{ "123456" | postcode }}"#,
            r#"{{ "  " | honorific }}"#,
            r"{{ -1 | kanji_number }}",
            r"{{ 1e300 | yen }}",
            r#"{{ "2026-12-31" | add_days(days=99999999999) }}"#,
        ] {
            let Err(fault) = render(template) else { panic!("{template}") };
            let message = match fault.kind() {
                tera::ErrorKind::RenderingError(report) => report.message().to_owned(),
                other => other.to_string(),
            };
            assert!(!message.contains("秘密"), "{message}");
        }
    }

    #[test]
    fn titles_are_not_doubled_and_short_texts_not_cut() {
        assert_eq!(render(r#"{{ "山田様" | honorific }}"#).unwrap(), "山田様");
        assert_eq!(render(r#"{{ "あいうえ" | truncate_chars(length=4) }}"#).unwrap(), "あいうえ");
        assert_eq!(render(r#"{{ ["a", "b"] | join(sep="・") }}"#).unwrap(), "a・b");
    }
}
