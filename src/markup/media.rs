//! Conditions of at-rules: media queries, answered for paper of the page's size (Media Queries 4), and `@supports`,
//! answered by what is read here (CSS Conditional 4).

use std::sync::Arc;

use cssparser::{ParseError, Parser, Token};

use super::property;
use super::selector;
use super::values::{self, Read, Sum, Units, no};
use crate::base::{Pt, Size};

/// A list of media queries; empty applies.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Media(Vec<Query>);

#[derive(Clone, Debug, PartialEq)]
struct Query {
    negated: bool,
    /// The type is `print` or `all`, or there is none.
    paper: bool,
    condition: Option<Condition>,
}

#[derive(Clone, Debug, PartialEq)]
enum Condition {
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Feature(Feature),
    Unknown,
}

/// A feature that is asked for. Comparisons hold from left to right: `value relation feature`.
#[derive(Clone, Debug, PartialEq)]
enum Feature {
    Width(Relation, Sum),
    Height(Relation, Sum),
    Ratio(Relation, f32),
    Landscape(bool),
    /// The answer does not depend on the page.
    Fixed(bool),
}

/// How the feature stands to the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
    /// In a boolean context: not zero.
    Present,
}

impl Relation {
    fn holds(self, feature: f32, value: f32) -> bool {
        // sizes come from millimetres: what is equal on paper is equal here
        let near = (feature - value).abs() <= 0.01;
        match self {
            Self::Less => feature < value && !near,
            Self::AtMost => feature < value || near,
            Self::Equal => near,
            Self::AtLeast => feature > value || near,
            Self::More => feature > value && !near,
            Self::Present => feature != 0.0,
        }
    }

    fn turned(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
            Self::More => Self::Less,
            same => same,
        }
    }
}

impl Media {
    /// Reads a list of queries up to the end of `input`. A query that is not understood counts as not met; the
    /// second value says whether there was one.
    pub(super) fn read(input: &mut Parser<'_>) -> (Self, bool) {
        let mut queries = Vec::new();
        let mut unknown = false;
        if input.is_exhausted() {
            return (Self(queries), false);
        }
        let read = input.parse_comma_separated(|input| -> Read<Query> {
            let query = input.try_parse(query);
            // what is left of a query that is not understood
            let mut more = false;
            while input.next().is_ok() {
                more = true;
            }
            let never = Query { negated: false, paper: false, condition: None };
            Ok(match query {
                Ok(query) if !more => {
                    unknown |= query.condition.as_ref().is_some_and(Condition::is_unknown);
                    query
                }
                _ => {
                    unknown = true;
                    never
                }
            })
        });
        queries.extend(read.unwrap_or_default());
        (Self(queries), unknown)
    }

    /// The answer, where it does not depend on the page.
    pub(super) fn constant(&self) -> Option<bool> {
        let depends = self.0.iter().any(|q| q.condition.as_ref().is_some_and(Condition::depends_on_page));
        (!depends).then(|| self.applies(Size::default()))
    }

    /// Whether paper of this size meets any of the queries.
    pub(super) fn applies(&self, page: Size) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|q| {
                let met = q.condition.as_ref().map_or(Some(true), |c| c.met(page));
                match met {
                    Some(met) => (q.paper && met) != q.negated,
                    None => false,
                }
            })
    }
}

impl Condition {
    fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Not(c) => c.is_unknown(),
            Self::All(all) | Self::Any(all) => all.iter().any(Self::is_unknown),
            Self::Feature(_) => false,
        }
    }

    fn depends_on_page(&self) -> bool {
        match self {
            Self::Unknown | Self::Feature(Feature::Fixed(_)) => false,
            Self::Not(c) => c.depends_on_page(),
            Self::All(all) | Self::Any(all) => all.iter().any(Self::depends_on_page),
            Self::Feature(_) => true,
        }
    }

    /// `None` where nobody can say (section 3.1).
    fn met(&self, page: Size) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Not(c) => c.met(page).map(|met| !met),
            Self::All(all) => {
                let met: Vec<_> = all.iter().map(|c| c.met(page)).collect();
                if met.contains(&Some(false)) { Some(false) } else { (!met.contains(&None)).then_some(true) }
            }
            Self::Any(all) => {
                let met: Vec<_> = all.iter().map(|c| c.met(page)).collect();
                if met.contains(&Some(true)) { Some(true) } else { (!met.contains(&None)).then_some(false) }
            }
            Self::Feature(f) => Some(f.met(page)),
        }
    }
}

impl Feature {
    fn met(&self, page: Size) -> bool {
        // the initial font size (section 1.3)
        let em = Pt(12.0);
        let units = Units {
            em,
            rem: em,
            lh: em * 1.2,
            rlh: em * 1.2,
            page: (page.width, page.height),
            face: None,
            root_face: None,
        };
        match self {
            Self::Width(r, v) => r.holds(page.width.0, v.length(&units).0),
            Self::Height(r, v) => r.holds(page.height.0, v.length(&units).0),
            Self::Ratio(r, v) => r.holds(page.width.0 * 100.0, page.height.0 * 100.0 * v),
            Self::Landscape(wanted) => (page.width > page.height) == *wanted,
            Self::Fixed(met) => *met,
        }
    }
}

fn query(input: &mut Parser<'_>) -> Read<Query> {
    if let Ok(condition) = input.try_parse(|i| condition(i, true)) {
        return Ok(Query { negated: false, paper: true, condition: Some(condition) });
    }
    let negated = input.try_parse(|i| i.expect_ident_matching("not")).is_ok();
    if !negated {
        let _ = input.try_parse(|i| i.expect_ident_matching("only"));
    }
    let kind = input.expect_ident_cloned()?.to_ascii_lowercase();
    let condition = match input.try_parse(|i| i.expect_ident_matching("and")) {
        Ok(()) => Some(condition(input, false)?),
        Err(_) => None,
    };
    Ok(Query { negated, paper: matches!(kind.as_str(), "print" | "all"), condition })
}

/// `not (…)`, `(…) and (…)`, `(…) or (…)`; the last only where `or` may stand.
fn condition(input: &mut Parser<'_>, or: bool) -> Read<Condition> {
    if input.try_parse(|i| i.expect_ident_matching("not")).is_ok() {
        return Ok(Condition::Not(Box::new(in_parentheses(input)?)));
    }
    let first = in_parentheses(input)?;
    let mut all = vec![first];
    for word in ["and", "or"] {
        while (word == "and" || or) && input.try_parse(|i| i.expect_ident_matching(word)).is_ok() {
            all.push(in_parentheses(input)?);
        }
        if all.len() > 1 {
            return Ok(if word == "and" { Condition::All(all) } else { Condition::Any(all) });
        }
    }
    all.pop().map_or_else(no, Ok)
}

fn in_parentheses(input: &mut Parser<'_>) -> Read<Condition> {
    match input.next()?.clone() {
        Token::ParenthesisBlock => input.parse_nested_block(|input| {
            if let Ok(inner) = input.try_parse(|i| i.parse_entirely(|i| condition(i, true))) {
                return Ok(inner);
            }
            if let Ok(feature) = input.try_parse(|i| i.parse_entirely(feature)) {
                return Ok(feature);
            }
            while input.next().is_ok() {}
            Ok(Condition::Unknown)
        }),
        Token::Function(_) => input.parse_nested_block(|input| {
            while input.next().is_ok() {}
            Ok(Condition::Unknown)
        }),
        _ => no(),
    }
}

fn relation(input: &mut Parser<'_>) -> Read<Relation> {
    let first = match input.next()? {
        Token::Delim(c) => *c,
        _ => return no(),
    };
    let equal = input
        .try_parse(|i| match i.next_including_whitespace()? {
            Token::Delim('=') => Ok(()),
            _ => no(),
        })
        .is_ok();
    match (first, equal) {
        ('<', false) => Ok(Relation::Less),
        ('<', true) => Ok(Relation::AtMost),
        ('>', false) => Ok(Relation::More),
        ('>', true) => Ok(Relation::AtLeast),
        ('=', false) => Ok(Relation::Equal),
        _ => no(),
    }
}

/// A value of a feature.
#[derive(Clone, Debug)]
enum Operand {
    Length(Sum),
    Number(f32),
    Word(String),
}

fn operand(input: &mut Parser<'_>) -> Read<Operand> {
    if let Ok(number) = input.try_parse(values::number) {
        if input.try_parse(|i| i.expect_delim('/')).is_ok() {
            let below = values::number(input)?;
            return if below == 0.0 { no() } else { Ok(Operand::Number(number / below)) };
        }
        return Ok(Operand::Number(number));
    }
    if let Ok(sum) = input.try_parse(values::length) {
        return Ok(Operand::Length(sum));
    }
    if let Ok(word) = input.try_parse(|i| i.expect_ident_cloned()) {
        return Ok(Operand::Word(word.to_ascii_lowercase()));
    }
    // a resolution
    match input.next()?.clone() {
        Token::Dimension { value, unit, .. } => match unit.to_ascii_lowercase().as_str() {
            "dpi" => Ok(Operand::Number(value)),
            "dppx" | "x" => Ok(Operand::Number(value * 96.0)),
            "dpcm" => Ok(Operand::Number(value * 2.54)),
            _ => no(),
        },
        _ => no(),
    }
}

fn feature(input: &mut Parser<'_>) -> Read<Condition> {
    // value relation feature [relation value]
    if let Ok((value, before, name)) = input.try_parse(|i| {
        let value = operand(i)?;
        let relation = relation(i)?;
        let name = i.expect_ident_cloned().map_err(ParseError::<()>::from)?.to_ascii_lowercase();
        if matches!(value, Operand::Word(_)) { no() } else { Ok((value, relation.turned(), name)) }
    }) {
        let mut all = vec![asked(&name, before, value)?];
        if !input.is_exhausted() {
            let after = relation(input)?;
            all.push(asked(&name, after, operand(input)?)?);
        }
        return Ok(Condition::All(all));
    }
    let name = input.expect_ident_cloned()?.to_ascii_lowercase();
    if input.is_exhausted() {
        return asked(&name, Relation::Present, Operand::Number(0.0));
    }
    if input.try_parse(Parser::expect_colon).is_ok() {
        let value = operand(input)?;
        return match (name.strip_prefix("min-"), name.strip_prefix("max-")) {
            (Some(name), _) => asked(name, Relation::AtLeast, value),
            (_, Some(name)) => asked(name, Relation::AtMost, value),
            _ => asked(&name, Relation::Equal, value),
        };
    }
    let relation = relation(input)?;
    asked(&name, relation, operand(input)?)
}

fn asked(name: &str, relation: Relation, value: Operand) -> Read<Condition> {
    let number = |own: f32| match &value {
        Operand::Number(v) => Ok(Feature::Fixed(relation.holds(own, *v))),
        _ => no(),
    };
    let word = |own: &str| match (&value, relation) {
        (Operand::Word(w), Relation::Equal) => Ok(Feature::Fixed(w == own)),
        (_, Relation::Present) => Ok(Feature::Fixed(own != "none")),
        _ => no(),
    };
    let sum = |value: &Operand| match value {
        Operand::Length(sum) => Ok(sum.clone()),
        Operand::Number(0.0) => Ok(Sum::ZERO),
        _ => no(),
    };
    let feature = match name {
        "width" | "device-width" => Feature::Width(relation, sum(&value)?),
        "height" | "device-height" => Feature::Height(relation, sum(&value)?),
        "aspect-ratio" | "device-aspect-ratio" => match value {
            Operand::Number(v) => Feature::Ratio(relation, v),
            _ => return no(),
        },
        "orientation" => match value {
            Operand::Word(w) if w == "landscape" => Feature::Landscape(true),
            Operand::Word(w) if w == "portrait" => Feature::Landscape(false),
            Operand::Number(_) if relation == Relation::Present => Feature::Fixed(true),
            _ => return no(),
        },
        "color" => number(8.0)?,
        "color-index" | "monochrome" | "grid" => number(0.0)?,
        // finer than any that a stylesheet asks for
        "resolution" => number(2400.0)?,
        "hover" | "any-hover" | "pointer" | "any-pointer" | "update" | "scripting" | "overflow-inline" => word("none")?,
        "overflow-block" => word("paged")?,
        "color-gamut" => word("srgb")?,
        "prefers-color-scheme" => word("light")?,
        "prefers-reduced-motion" | "prefers-reduced-transparency" | "prefers-contrast" | "prefers-reduced-data" => {
            if relation == Relation::Present {
                Feature::Fixed(false)
            } else {
                word("no-preference")?
            }
        }
        _ => return no(),
    };
    Ok(Condition::Feature(feature))
}

/// `@supports`: whether the condition is met by what is read here.
pub(super) fn supports(input: &mut Parser<'_>) -> Read<bool> {
    if input.try_parse(|i| i.expect_ident_matching("not")).is_ok() {
        return Ok(!supports_one(input)?);
    }
    let mut met = supports_one(input)?;
    for word in ["and", "or"] {
        let mut any = false;
        while input.try_parse(|i| i.expect_ident_matching(word)).is_ok() {
            let next = supports_one(input)?;
            met = if word == "and" { met && next } else { met || next };
            any = true;
        }
        if any {
            break;
        }
    }
    Ok(met)
}

fn supports_one(input: &mut Parser<'_>) -> Read<bool> {
    match input.next()?.clone() {
        Token::ParenthesisBlock => input.parse_nested_block(|input| {
            if let Ok(met) = input.try_parse(|i| i.parse_entirely(supports)) {
                return Ok(met);
            }
            let met = input.try_parse(declaration).unwrap_or(false);
            while input.next().is_ok() {}
            Ok(met)
        }),
        Token::Function(name) => input.parse_nested_block(|input| {
            let met = name.eq_ignore_ascii_case("selector") && input.parse_entirely(selector::parse_one).is_ok();
            while input.next().is_ok() {}
            Ok(met)
        }),
        _ => no(),
    }
}

/// `property: value`.
fn declaration(input: &mut Parser<'_>) -> Read<bool> {
    let name = input.expect_ident_cloned()?.to_string();
    input.expect_colon()?;
    input.skip_whitespace();
    let from = input.position();
    while input.next_including_whitespace_and_comments().is_ok() {}
    let text = input.slice_from(from);
    let text = match text.rfind('!') {
        Some(at) if text.get(at + 1..).is_some_and(|t| t.trim().eq_ignore_ascii_case("important")) => {
            text.get(..at).unwrap_or("")
        }
        _ => text,
    };
    Ok(name.starts_with("--") || property::read(&name.to_ascii_lowercase(), text, &Arc::from("")).is_ok())
}
