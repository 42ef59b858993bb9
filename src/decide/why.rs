//! Why a condition does not hold, in words: which of its parts fail, with the values that they were given. Only for
//! `explain`; a run never comes here. What is told goes to the operator's terminal and nowhere else.

use super::rule::{Program, Scene, Scope, Value};

/// The parts of a condition that do not hold, each with the values of the names in it.
pub(super) fn failing(text: &str, scope: &Scope<'_>, scene: &Scene<'_>) -> Vec<String> {
    let mut told = Vec::new();
    for part in conjuncts(text) {
        let Ok(program) = Program::compile(part, scope) else { continue };
        if !program.holds(scene) {
            told.push(with_values(part, scope, scene));
        }
    }
    if told.is_empty() {
        told.push(with_values(text, scope, scene));
    }
    told
}

/// `customer.status == "active"` (customer.status is "left")
pub(super) fn with_values(part: &str, scope: &Scope<'_>, scene: &Scene<'_>) -> String {
    let mut values: Vec<String> = Vec::new();
    for name in names(part) {
        if let Ok(program) = Program::compile(name, scope) {
            let told = match program.value(scene) {
                Value::Missing => format!("{name} is empty"),
                Value::Bool(b) => format!("{name} is {}", if b { "yes" } else { "no" }),
                Value::Integer(n) => format!("{name} is {n}"),
                Value::Number(n) => format!("{name} is {n}"),
                Value::Text(t) => format!("{name} is \"{t}\""),
                Value::Date(d) => format!("{name} is {d}"),
                Value::List(items) => {
                    format!("{name} is {}", items.iter().map(|i| format!("\"{i}\"")).collect::<Vec<_>>().join(", "))
                }
            };
            if !values.contains(&told) {
                values.push(told);
            }
        }
    }
    if values.is_empty() { format!("`{part}`") } else { format!("`{part}` ({})", values.join(", ")) }
}

/// The parts that must all hold: cut at `&&` where no bracket is open and no quotation mark. A text in which something
/// else binds weaker (`||`, `? :`) is one part.
fn conjuncts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut from) = (0u32, 0);
    let mut quote: Option<char> = None;
    let mut escaped = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if let Some(q) = quote {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == q {
                quote = None;
            }
            continue;
        }
        let twice = chars.peek().is_some_and(|(_, next)| *next == c);
        match c {
            '"' | '\'' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '|' if twice && depth == 0 => return vec![text.trim()],
            '?' if depth == 0 => return vec![text.trim()],
            '&' if twice && depth == 0 => {
                parts.push(text.get(from..at).unwrap_or_default().trim());
                chars.next();
                from = at + 2;
            }
            _ => {}
        }
    }
    parts.push(text.get(from..).unwrap_or_default().trim());
    parts
}

/// The names in an expression: words with points (`customer.rank`, `store.km`) or brackets (`customer["会員 番号"]`), and
/// single words. What is no name of a value does not compile and is passed over by the caller.
fn names(text: &str) -> Vec<&str> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut names = Vec::new();
    let mut rest = 0;
    while let Some(c) = text.get(rest..).and_then(|t| t.chars().next()) {
        if c == '"' || c == '\'' {
            // Past the text.
            let inner = text.get(rest + 1..).unwrap_or_default();
            rest += 1 + inner.find(c).map_or(inner.len(), |n| n + 1);
            continue;
        }
        if !(c.is_alphabetic() || c == '_') {
            rest += c.len_utf8();
            continue;
        }
        let from = rest;
        let mut to = from;
        loop {
            let tail = text.get(to..).unwrap_or_default();
            let length = tail.find(|c: char| !word(c)).unwrap_or(tail.len());
            to += length;
            let tail = text.get(to..).unwrap_or_default();
            if tail.starts_with("[\"") {
                to += tail.find("\"]").map_or(tail.len(), |n| n + 2);
            } else if tail.starts_with('.') && tail.get(1..).and_then(|t| t.chars().next()).is_some_and(word) {
                to += 1;
                continue;
            }
            break;
        }
        let name = text.get(from..to).unwrap_or_default();
        let called = text.get(to..).unwrap_or_default().starts_with('(');
        // `x.contains(…)` asks something of `x`; `age(…)` is no name.
        let name = if called { name.rsplit_once('.').map_or("", |n| n.0) } else { name };
        if !name.is_empty() && !matches!(name, "true" | "false" | "in") {
            names.push(name);
        }
        rest = to.max(from + 1);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_fall_into_parts() {
        assert_eq!(
            conjuncts("a == 1 && (b || c && d) && e.f(\"x && y\")"),
            ["a == 1", "(b || c && d)", "e.f(\"x && y\")"]
        );
        assert_eq!(conjuncts("a && b || c"), ["a && b || c"]);
        assert_eq!(conjuncts("a ? b && c : d"), ["a ? b && c : d"]);
        assert_eq!(conjuncts(""), [""]);
    }

    #[test]
    fn names_are_found_and_texts_are_not() {
        assert_eq!(
            names("customer.rank in [\"a.b\", 'c'] && age(customer.birth_date) > 20"),
            ["customer.rank", "customer.birth_date"]
        );
        assert_eq!(
            names("customer[\"会員 番号\"].contains(\"x\") || 会員.氏名 == \"\""),
            ["customer[\"会員 番号\"]", "会員.氏名"]
        );
        assert_eq!(names("rfm.r >= 4"), ["rfm.r"]);
    }
}
