//! The values of properties as written: lengths, sums of them, colours. Each function reads one value and leaves
//! the parser behind it; a value that is not of the kind is an error that says nothing, because the caller
//! knows which property it was for.

use std::sync::Arc;

use cssparser::{ParseError, Parser, Token};

use super::faces::{self, Asked};
use super::kind::About;
use super::style::LengthPercent;
use crate::base::Pt;
use crate::base::units::{PT_PER_MM, PT_PER_PX};
use crate::color::spot::NameKey;
use crate::color::{Color, Ink, SpotId, Spots};

/// The result of reading a value.
pub(super) type Read<T> = Result<T, ParseError<()>>;

pub(super) fn no<T>() -> Read<T> {
    Err(ParseError::custom(()))
}

/// A length or percentage as written: a sum with one term per kind of unit, which is all that `calc()` with
/// `+ - * /` can come to (CSS Values 4, section 10), and what the other functions add to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sum {
    pub pt: f32,
    pub em: f32,
    pub rem: f32,
    /// Line heights of the element and of the root.
    pub lh: f32,
    pub rlh: f32,
    /// `ex`, `ch`, `cap` and `ic` of the element's font and of the root's.
    pub face: [f32; 4],
    pub root_face: [f32; 4],
    /// Shares of the page's width and height, of the lesser and of the greater (1.0 = all of it).
    pub vw: f32,
    pub vh: f32,
    pub vmin: f32,
    pub vmax: f32,
    /// 1.0 = 100 %.
    pub percent: f32,
    pub math: Option<Arc<Math>>,
}

/// A function of lengths, which waits for the units.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Math {
    Min(Vec<Sum>),
    Max(Vec<Sum>),
    Plus(Sum, Sum),
    Times(Sum, f32),
    Step(Step, Sum, Sum),
    Abs(Sum),
}

/// Functions of a value and a step (section 10.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nearest,
    Up,
    Down,
    ToZero,
    Mod,
    Rem,
}

impl Step {
    fn of(self, a: f32, b: f32) -> f32 {
        if b == 0.0 || !a.is_finite() {
            return f32::NAN;
        }
        let low = (a / b).floor() * b;
        let (low, high) = if b > 0.0 { (low, low + b) } else { (low + b, low) };
        let exact = low == a || high == a;
        match self {
            _ if exact && !matches!(self, Self::Mod | Self::Rem) => a,
            Self::Nearest => {
                if a - low < high - a {
                    low
                } else {
                    high
                }
            }
            Self::Up => high,
            Self::Down => low,
            Self::ToZero => {
                if a < 0.0 {
                    high
                } else {
                    low
                }
            }
            Self::Mod => a - (a / b).floor() * b,
            Self::Rem => a - (a / b).trunc() * b,
        }
    }
}

/// What relative units are relative to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units<'a> {
    pub em: Pt,
    pub rem: Pt,
    pub lh: Pt,
    /// The root's line height.
    pub rlh: Pt,
    pub page: (Pt, Pt),
    /// The element's font and the root's; `None` where there is no element.
    pub face: Option<&'a Asked>,
    pub root_face: Option<&'a Asked>,
}

/// Lengths are bounded here (section 10.9.1): some 350 m.
const MAX_LENGTH: f32 = 1_000_000.0;

/// What is no number counts as 0, what is endless as the greatest length (section 10.9.1).
fn bounded(v: f32) -> f32 {
    if v.is_nan() { 0.0 } else { v.clamp(-MAX_LENGTH, MAX_LENGTH) }
}

impl Sum {
    pub(super) const ZERO: Self = Self {
        pt: 0.0,
        em: 0.0,
        rem: 0.0,
        lh: 0.0,
        rlh: 0.0,
        face: [0.0; 4],
        root_face: [0.0; 4],
        vw: 0.0,
        vh: 0.0,
        vmin: 0.0,
        vmax: 0.0,
        percent: 0.0,
        math: None,
    };

    pub(super) fn pt(pt: f32) -> Self {
        Self { pt, ..Self::ZERO }
    }

    pub(super) fn percent(percent: f32) -> Self {
        Self { percent, ..Self::ZERO }
    }

    fn of_math(math: Math) -> Self {
        Self { math: Some(Arc::new(math)), ..Self::ZERO }
    }

    fn terms(&self) -> [f32; 18] {
        let [a, b, c, d] = self.face;
        let [e, f, g, h] = self.root_face;
        let Self { pt, em, rem, lh, rlh, vw, vh, vmin, vmax, percent, .. } = *self;
        [pt, em, rem, lh, rlh, a, b, c, d, e, f, g, h, vw, vh, vmin, vmax, percent]
    }

    fn of_terms(t: [f32; 18], math: Option<Arc<Math>>) -> Self {
        let [pt, em, rem, lh, rlh, a, b, c, d, e, f, g, h, vw, vh, vmin, vmax, percent] = t;
        let (face, root_face) = ([a, b, c, d], [e, f, g, h]);
        Self { pt, em, rem, lh, rlh, face, root_face, vw, vh, vmin, vmax, percent, math }
    }

    pub(super) fn times(&self, k: f32) -> Self {
        // a term that is not there stays so, also times infinity
        let terms = self.terms().map(|t| if t == 0.0 { 0.0 } else { t * k });
        let math =
            self.math.as_ref().map(|m| Arc::new(Math::Times(Self { math: Some(Arc::clone(m)), ..Self::ZERO }, k)));
        Self::of_terms(terms, math)
    }

    pub(super) fn plus(&self, o: &Self) -> Self {
        let mut terms = self.terms();
        terms.iter_mut().zip(o.terms()).for_each(|(a, b)| *a += b);
        let only = |m: &Arc<Math>| Self { math: Some(Arc::clone(m)), ..Self::ZERO };
        let math = match (&self.math, &o.math) {
            (Some(a), Some(b)) => Some(Arc::new(Math::Plus(only(a), only(b)))),
            (a, b) => a.as_ref().or(b.as_ref()).map(Arc::clone),
        };
        Self::of_terms(terms, math)
    }

    /// 100 % less this: a distance from the far side.
    pub(super) fn mirrored(&self) -> Self {
        Self::percent(1.0).plus(&self.times(-1.0))
    }

    /// Whether it is written as something below zero; relative units are never negative, so each term counts alone.
    fn is_negative(&self) -> bool {
        self.math.is_none() && self.terms().iter().all(|t| *t <= 0.0) && *self != Self::ZERO
    }

    /// Whether a percentage is part of it.
    pub(super) fn has_percent(&self) -> bool {
        self.percent != 0.0
            || self.math.as_ref().is_some_and(|m| match &**m {
                Math::Min(all) | Math::Max(all) => all.iter().any(Self::has_percent),
                Math::Plus(a, b) | Math::Step(_, a, b) => a.has_percent() || b.has_percent(),
                Math::Times(a, _) | Math::Abs(a) => a.has_percent(),
            })
    }

    pub(super) fn resolve(&self, units: &Units<'_>) -> LengthPercent {
        let line =
            LengthPercent { length: Pt(bounded(self.line(units))), percent: bounded(self.percent), bounds: None };
        match &self.math {
            None => line,
            // what needs more bounds than are kept is settled against the page's width
            Some(math) => {
                let value = math.resolve(units);
                line.plus(value)
                    .unwrap_or_else(|| LengthPercent::length(line.resolve(units.page.0) + value.resolve(units.page.0)))
            }
        }
    }

    /// As [`Self::resolve`], not below zero where that can be seen.
    pub(super) fn resolve_positive(&self, units: &Units<'_>) -> LengthPercent {
        let value = self.resolve(units);
        if value.is_length() { LengthPercent::length(value.length.max(Pt::ZERO)) } else { value }
    }

    /// The terms that are not percentages.
    fn line(&self, units: &Units<'_>) -> f32 {
        let (w, h) = units.page;
        let of_faces = if self.face == [0.0; 4] && self.root_face == [0.0; 4] {
            Pt::ZERO
        } else {
            units.em * faces::share(units.face, self.face) + units.rem * faces::share(units.root_face, self.root_face)
        };
        let v = Pt(self.pt)
            + of_faces
            + units.em * self.em
            + units.rem * self.rem
            + units.lh * self.lh
            + units.rlh * self.rlh
            + w * self.vw
            + h * self.vh
            + w.min(h) * self.vmin
            + w.max(h) * self.vmax;
        v.0
    }

    /// A length: percentages, where there are any, count as nothing.
    pub(super) fn length(&self, units: &Units<'_>) -> Pt {
        match &self.math {
            None => Pt(bounded(self.line(units))),
            Some(_) => self.resolve(units).resolve(Pt::ZERO),
        }
    }
}

impl Math {
    fn resolve(&self, units: &Units<'_>) -> LengthPercent {
        let page = units.page.0;
        let fold =
            |all: &[Sum], two: fn(LengthPercent, LengthPercent) -> Option<LengthPercent>, plain: fn(Pt, Pt) -> Pt| {
                let mut all = all.iter().map(|s| s.resolve(units));
                let first = all.next().unwrap_or_default();
                all.fold(first, |a, b| {
                    two(a, b).unwrap_or_else(|| LengthPercent::length(plain(a.resolve(page), b.resolve(page))))
                })
            };
        match self {
            Self::Min(all) => fold(all, LengthPercent::least, Pt::min),
            Self::Max(all) => fold(all, LengthPercent::greatest, Pt::max),
            Self::Plus(a, b) => {
                let (a, b) = (a.resolve(units), b.resolve(units));
                a.plus(b).unwrap_or_else(|| LengthPercent::length(a.resolve(page) + b.resolve(page)))
            }
            Self::Times(a, k) => {
                let value = a.resolve(units).times(*k);
                if value.length.is_finite() { value } else { LengthPercent::length(Pt(bounded(value.length.0))) }
            }
            Self::Step(step, a, b) => {
                let (a, b) = (a.resolve(units).resolve(page), b.resolve(units).resolve(page));
                LengthPercent::length(Pt(bounded(step.of(a.0, b.0))))
            }
            Self::Abs(a) => {
                let a = a.resolve(units);
                if a.is_length() {
                    LengthPercent::length(a.length.abs())
                } else {
                    LengthPercent::length(a.resolve(page).abs())
                }
            }
        }
    }
}

/// A dimension in one unit (CSS Values 4, section 6).
fn unit(value: f32, unit: &str) -> Option<Sum> {
    let pt = |k: f32| Some(Sum::pt(value * k));
    let mut sum = Sum::ZERO;
    let unit = unit.to_ascii_lowercase();
    // On paper the small, large and dynamic viewports are the page (section 6.1.2.1).
    let name = match unit.as_bytes() {
        [b's' | b'l' | b'd', b'v', ..] => unit.get(1..).unwrap_or(""),
        _ => unit.as_str(),
    };
    match name {
        "pt" => return pt(1.0),
        "px" => return pt(PT_PER_PX),
        "mm" => return pt(PT_PER_MM),
        "cm" => return pt(PT_PER_MM * 10.0),
        // A Japanese phototypesetter's unit: a quarter of a millimetre.
        "q" => return pt(PT_PER_MM / 4.0),
        "in" => return pt(72.0),
        "pc" => return pt(12.0),
        "em" => sum.em = value,
        "ex" => sum.face = [value, 0.0, 0.0, 0.0],
        "ch" => sum.face = [0.0, value, 0.0, 0.0],
        "cap" => sum.face = [0.0, 0.0, value, 0.0],
        "ic" => sum.face = [0.0, 0.0, 0.0, value],
        "rem" => sum.rem = value,
        "rex" => sum.root_face = [value, 0.0, 0.0, 0.0],
        "rch" => sum.root_face = [0.0, value, 0.0, 0.0],
        "rcap" => sum.root_face = [0.0, 0.0, value, 0.0],
        "ric" => sum.root_face = [0.0, 0.0, 0.0, value],
        "lh" => sum.lh = value,
        "rlh" => sum.rlh = value,
        "vw" | "vi" => sum.vw = value / 100.0,
        "vh" | "vb" => sum.vh = value / 100.0,
        "vmin" => sum.vmin = value / 100.0,
        "vmax" => sum.vmax = value / 100.0,
        _ => return None,
    }
    Some(sum)
}

/// Degrees in one unit of angles (section 7.1).
fn angle_unit(value: f32, unit: &str) -> Option<f32> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "deg" => value,
        "grad" => value * 0.9,
        "turn" => value * 360.0,
        "rad" => value.to_degrees(),
        _ => return None,
    })
}

/// `<length-percentage>`, with `calc()` and the like; a bare `0` is a length.
pub(super) fn length_percent(input: &mut Parser<'_>) -> Read<Sum> {
    signed(input, false)
}

/// The same, not below zero: written so it is a fault, computed so it becomes 0 (section 10.9.1).
pub(super) fn positive_length_percent(input: &mut Parser<'_>) -> Read<Sum> {
    signed(input, true)
}

fn signed(input: &mut Parser<'_>, positive: bool) -> Read<Sum> {
    let sum = match input.next()?.clone() {
        Token::Dimension { value, unit: u, .. } => unit(value, &u),
        Token::Percentage { unit_value, .. } => Some(Sum::percent(unit_value)),
        Token::Number { value: 0.0, .. } => Some(Sum::ZERO),
        Token::Function(name) => match function(&name, input)? {
            Calc::Sum(sum) => return Ok(sum),
            _ => None,
        },
        _ => None,
    };
    let sound = |s: &Sum| s.terms().iter().all(|t| t.is_finite()) && !(positive && s.is_negative());
    sum.filter(sound).map_or_else(no, Ok)
}

/// `<length>`: no percentages.
pub(super) fn length(input: &mut Parser<'_>) -> Read<Sum> {
    let sum = length_percent(input)?;
    if sum.has_percent() { no() } else { Ok(sum) }
}

/// A value inside `calc()`.
#[derive(Clone, Debug)]
enum Calc {
    Number(f32),
    Sum(Sum),
    /// Degrees.
    Angle(f32),
}

impl Calc {
    fn times(self, k: f32) -> Self {
        match self {
            Self::Number(n) => Self::Number(n * k),
            Self::Sum(s) => Self::Sum(s.times(k)),
            Self::Angle(a) => Self::Angle(a * k),
        }
    }
}

fn calc_sum(input: &mut Parser<'_>) -> Read<Calc> {
    let mut left = calc_product(input)?;
    loop {
        let start = input.state();
        let sign = match input.next() {
            Ok(Token::Delim('+')) => 1.0,
            Ok(Token::Delim('-')) => -1.0,
            _ => {
                input.reset(&start);
                return Ok(left);
            }
        };
        left = match (left, calc_product(input)?) {
            (Calc::Number(a), Calc::Number(b)) => Calc::Number(a + b * sign),
            (Calc::Angle(a), Calc::Angle(b)) => Calc::Angle(a + b * sign),
            (Calc::Sum(a), Calc::Sum(b)) => Calc::Sum(a.plus(&b.times(sign))),
            _ => return no(),
        };
    }
}

fn calc_product(input: &mut Parser<'_>) -> Read<Calc> {
    let mut left = calc_value(input)?;
    loop {
        let start = input.state();
        let divide = match input.next() {
            Ok(Token::Delim('*')) => false,
            Ok(Token::Delim('/')) => true,
            _ => {
                input.reset(&start);
                return Ok(left);
            }
        };
        let right = calc_value(input)?;
        left = match (left, right, divide) {
            (value, Calc::Number(k), true) => value.times(1.0 / k),
            (Calc::Number(k), value, false) | (value, Calc::Number(k), false) => value.times(k),
            _ => return no(),
        };
    }
}

/// Nesting is bounded by the parser's own limit of blocks.
fn calc_value(input: &mut Parser<'_>) -> Read<Calc> {
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok(Calc::Number(value)),
        Token::Percentage { unit_value, .. } => Ok(Calc::Sum(Sum::percent(unit_value))),
        Token::Dimension { value, unit: u, .. } => match (unit(value, &u), angle_unit(value, &u)) {
            (Some(sum), _) => Ok(Calc::Sum(sum)),
            (None, Some(angle)) => Ok(Calc::Angle(angle)),
            (None, None) => no(),
        },
        Token::ParenthesisBlock => input.parse_nested_block(calc_sum),
        Token::Ident(name) => Ok(Calc::Number(match name.to_ascii_lowercase().as_str() {
            "e" => std::f32::consts::E,
            "pi" => std::f32::consts::PI,
            "infinity" => f32::INFINITY,
            "-infinity" => f32::NEG_INFINITY,
            "nan" => f32::NAN,
            _ => return no(),
        })),
        Token::Function(name) => function(&name, input),
        _ => no(),
    }
}

/// The most arguments of one function.
const MAX_ARGUMENTS: usize = 64;

/// A math function (CSS Values 4, section 10), its name read already.
fn function(name: &str, input: &mut Parser<'_>) -> Read<Calc> {
    let name = name.to_ascii_lowercase();
    input.parse_nested_block(|input| {
        let mut step = Step::Nearest;
        match name.as_str() {
            "calc" => return calc_sum(input),
            "clamp" => return clamp(input),
            "round" => {
                let word = input.try_parse(|i| {
                    let step = match i.expect_ident()?.to_ascii_lowercase().as_str() {
                        "nearest" => Step::Nearest,
                        "up" => Step::Up,
                        "down" => Step::Down,
                        "to-zero" => Step::ToZero,
                        _ => return no(),
                    };
                    i.expect_comma()?;
                    Ok(step)
                });
                step = word.unwrap_or(step);
            }
            "mod" => step = Step::Mod,
            "rem" => step = Step::Rem,
            "min" | "max" | "abs" | "sign" | "sin" | "cos" | "tan" | "asin" | "acos" | "atan" | "atan2" | "pow"
            | "sqrt" | "hypot" | "log" | "exp" => {}
            _ => return no(),
        }
        let mut all = vec![calc_sum(input)?];
        while input.try_parse(Parser::expect_comma).is_ok() {
            if all.len() >= MAX_ARGUMENTS {
                return no();
            }
            all.push(calc_sum(input)?);
        }
        apply(&name, step, all)
    })
}

/// `clamp()`; `none` leaves a side open.
fn clamp(input: &mut Parser<'_>) -> Read<Calc> {
    let none = |i: &mut Parser<'_>| i.try_parse(|i| i.expect_ident_matching("none")).is_ok();
    let least = if none(input) { None } else { Some(calc_sum(input)?) };
    input.expect_comma()?;
    let value = calc_sum(input)?;
    input.expect_comma()?;
    let most = if none(input) { None } else { Some(calc_sum(input)?) };
    let value = match most {
        Some(most) => apply("min", Step::Nearest, vec![value, most])?,
        None => value,
    };
    match least {
        Some(least) => apply("max", Step::Nearest, vec![value, least]),
        None => Ok(value),
    }
}

/// A function of arguments of one kind.
fn apply(name: &str, step: Step, all: Vec<Calc>) -> Read<Calc> {
    let numbers: Option<Vec<f32>> = all.iter().map(|c| if let Calc::Number(n) = c { Some(*n) } else { None }).collect();
    let angles: Option<Vec<f32>> = all.iter().map(|c| if let Calc::Angle(n) = c { Some(*n) } else { None }).collect();
    let radians = |c: &Calc| match c {
        Calc::Number(n) => Some(*n),
        Calc::Angle(a) => Some(a.to_radians()),
        Calc::Sum(_) => None,
    };
    let plain = |v: &[f32]| -> Option<f32> {
        let nan = v.iter().any(|v| v.is_nan());
        Some(match (name, v) {
            ("min" | "max", _) if nan => f32::NAN,
            ("min", _) => v.iter().copied().fold(f32::INFINITY, f32::min),
            ("max", _) => v.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            ("round" | "mod" | "rem", [a, b]) => step.of(*a, *b),
            ("round", [a]) => step.of(*a, 1.0),
            ("abs", [a]) => a.abs(),
            ("hypot", _) => libm::sqrtf(v.iter().map(|v| v * v).sum()),
            _ => return None,
        })
    };
    let one = radians(all.first().ok_or_else(|| ParseError::custom(()))?);
    let number = |v: f32| Ok(Calc::Number(v));
    match (name, numbers.as_deref(), one, all.len()) {
        ("sin", _, Some(a), 1) => return number(libm::sinf(a)),
        ("cos", _, Some(a), 1) => return number(libm::cosf(a)),
        ("tan", _, Some(a), 1) => return number(libm::tanf(a)),
        ("asin", Some([a]), ..) => return Ok(Calc::Angle(libm::asinf(*a).to_degrees())),
        ("acos", Some([a]), ..) => return Ok(Calc::Angle(libm::acosf(*a).to_degrees())),
        ("atan", Some([a]), ..) => return Ok(Calc::Angle(libm::atanf(*a).to_degrees())),
        ("atan2", Some([a, b]), ..) => return Ok(Calc::Angle(libm::atan2f(*a, *b).to_degrees())),
        ("pow", Some([a, b]), ..) => return number(libm::powf(*a, *b)),
        ("sqrt", Some([a]), ..) => return number(libm::sqrtf(*a)),
        ("log", Some([a]), ..) => return number(libm::logf(*a)),
        ("log", Some([a, b]), ..) => return number(libm::logf(*a) / libm::logf(*b)),
        ("exp", Some([a]), ..) => return number(libm::expf(*a)),
        ("sign", Some([a]), ..) => return number(if *a == 0.0 || a.is_nan() { *a } else { a.signum() }),
        ("sign", None, Some(a), 1) => return number(if a == 0.0 { 0.0 } else { a.signum() }),
        _ => {}
    }
    if let Some(v) = numbers.as_deref().and_then(plain) {
        return number(v);
    }
    if let Some(v) = angles.as_deref().and_then(plain) {
        return Ok(Calc::Angle(v));
    }
    let mut sums = Vec::with_capacity(all.len());
    for calc in all {
        let Calc::Sum(sum) = calc else { return no() };
        sums.push(sum);
    }
    let math = match (name, sums.as_slice()) {
        ("min", _) => Math::Min(sums),
        ("max", _) => Math::Max(sums),
        ("abs", [a]) => Math::Abs(a.clone()),
        ("round" | "mod" | "rem", [a, b]) => Math::Step(step, a.clone(), b.clone()),
        _ => return no(),
    };
    Ok(Calc::Sum(Sum::of_math(math)))
}

/// What `calc()` gave as a number: NaN is 0, endless the greatest number (section 10.9.1).
fn settled(value: f32) -> f32 {
    if value.is_nan() { 0.0 } else { value.clamp(f32::MIN, f32::MAX) }
}

/// `<number>`, with `calc()`.
pub(super) fn number(input: &mut Parser<'_>) -> Read<f32> {
    match input.next()?.clone() {
        Token::Number { value, .. } if value.is_finite() => Ok(value),
        Token::Function(name) => match function(&name, input)? {
            Calc::Number(value) => Ok(settled(value)),
            _ => no(),
        },
        _ => no(),
    }
}

/// Not below zero: written so it is a fault, computed so it becomes 0.
pub(super) fn positive_number(input: &mut Parser<'_>) -> Read<f32> {
    match input.next()?.clone() {
        Token::Number { value, .. } if value.is_finite() && value >= 0.0 => Ok(value),
        Token::Function(name) => match function(&name, input)? {
            Calc::Number(value) => Ok(settled(value).max(0.0)),
            _ => no(),
        },
        _ => no(),
    }
}

/// `<integer>`; what `calc()` gives is rounded, halves up (section 10.9.2).
pub(super) fn integer(input: &mut Parser<'_>) -> Read<i32> {
    if let Ok(whole) = input.try_parse(|i| i.expect_integer().map_err(ParseError::<()>::from)) {
        return Ok(whole);
    }
    match input.next()?.clone() {
        Token::Function(name) => match function(&name, input)? {
            Calc::Number(value) => Ok((settled(value) + 0.5).floor() as i32),
            _ => no(),
        },
        _ => no(),
    }
}

/// A number or percentage, as a number.
pub(super) fn number_or_percent(input: &mut Parser<'_>) -> Read<f32> {
    if let Ok(number) = input.try_parse(number) {
        return Ok(number);
    }
    match input.next()?.clone() {
        Token::Percentage { unit_value, .. } => Ok(unit_value),
        Token::Function(name) => match function(&name, input)? {
            Calc::Sum(sum) if sum.math.is_none() && sum == Sum::percent(sum.percent) => Ok(settled(sum.percent)),
            _ => no(),
        },
        _ => no(),
    }
}

/// `<angle>` in degrees; a bare 0 counts where `zero` says so.
pub(super) fn angle(input: &mut Parser<'_>, zero: bool) -> Read<f32> {
    match input.next()?.clone() {
        Token::Number { value: 0.0, .. } if zero => Ok(0.0),
        Token::Dimension { value, unit, .. } => angle_unit(value, &unit).filter(|v| v.is_finite()).map_or_else(no, Ok),
        Token::Function(name) => match function(&name, input)? {
            Calc::Angle(value) if value.is_finite() => Ok(value),
            Calc::Angle(_) => Ok(0.0),
            _ => no(),
        },
        _ => no(),
    }
}

/// A colour as written: `currentcolor` waits for the element, a named ink for the document's definitions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Paint {
    Current,
    Fixed(Color),
    Spot { name: NameKey, tint: f32, alpha: f32 },
}

impl Paint {
    /// The colour; of `currentcolor` that of the element's text.
    pub(super) fn color(self, about: &About<'_>) -> Color {
        self.own(about.inks).unwrap_or(about.color)
    }

    /// The colour; nothing of `currentcolor`.
    pub(super) fn own(self, inks: &Spots) -> Option<Color> {
        match self {
            Self::Current => None,
            Self::Fixed(color) => Some(color),
            Self::Spot { name, tint, alpha } => Some(Color { ink: Ink::Spot { ink: inks.get(name), tint }, alpha }),
        }
    }
}

/// `<color>` (CSS Color 4, the parts that have a meaning in ink, and `device-cmyk()` of CSS Color 5).
pub(super) fn color(input: &mut Parser<'_>) -> Read<Paint> {
    let fixed = |ink, alpha: f32| Ok(Paint::Fixed(Color { ink, alpha: alpha.clamp(0.0, 1.0) }));
    match input.next()?.clone() {
        Token::Hash(hash) | Token::IDHash(hash) => match cssparser::color::parse_hash_color(hash.as_bytes()) {
            Ok((r, g, b, alpha)) => fixed(Ink::from_srgb(r, g, b), alpha),
            Err(()) => no(),
        },
        Token::Ident(name) => {
            if name.eq_ignore_ascii_case("currentcolor") {
                return Ok(Paint::Current);
            }
            if name.eq_ignore_ascii_case("transparent") {
                return Ok(Paint::Fixed(Color::TRANSPARENT));
            }
            match cssparser::color::parse_named_color(&name) {
                Ok((r, g, b)) => fixed(Ink::from_srgb(r, g, b), 1.0),
                Err(()) => no(),
            }
        }
        Token::Function(name) => match name.to_ascii_lowercase().as_str() {
            "rgb" | "rgba" => input.parse_nested_block(|i| {
                let (channels, alpha) = channels::<3>(i, |i| {
                    let byte = i.try_parse(number).or_else(|_| i.expect_percentage().map(|p| p * 255.0))?;
                    Ok(byte)
                })?;
                let [r, g, b] = channels.map(|c| c.clamp(0.0, 255.0));
                // Decimals are kept: inks are finer than bytes.
                let ink =
                    if r == g && g == b { Ink::Black(1.0 - r / 255.0) } else { Ink::Rgb([r, g, b].map(|c| c / 255.0)) };
                Ok(Paint::Fixed(Color { ink, alpha }))
            }),
            "hsl" | "hsla" => input.parse_nested_block(|i| {
                let mut first = true;
                let (channels, alpha) = channels::<3>(i, |i| {
                    if std::mem::take(&mut first) {
                        return hue(i);
                    }
                    i.try_parse(Parser::expect_percentage).or_else(|_| number(i).map(|n| n / 100.0))
                })?;
                let [h, s, l] = channels;
                let [r, g, b] = hsl(h, s.clamp(0.0, 1.0), l.clamp(0.0, 1.0));
                let ink = if r == g && g == b { Ink::Black(1.0 - r) } else { Ink::Rgb([r, g, b]) };
                Ok(Paint::Fixed(Color { ink, alpha }))
            }),
            "-surimono-spot" => input.parse_nested_block(|i| {
                let name = super::inks::name(i)?;
                let (tint, alpha) = tint(i, true)?;
                Ok(Paint::Spot { name: crate::color::spot::key(&name), tint, alpha })
            }),
            "-surimono-registration" => input.parse_nested_block(|i| {
                let (tint, alpha) = tint(i, false)?;
                Ok(Paint::Fixed(Color { ink: Ink::Spot { ink: SpotId::REGISTRATION, tint }, alpha }))
            }),
            "device-cmyk" => input.parse_nested_block(|i| {
                let (channels, alpha) = channels::<4>(i, number_or_percent)?;
                let [c, m, y, k] = channels.map(|c| c.clamp(0.0, 1.0));
                let ink = if c == 0.0 && m == 0.0 && y == 0.0 { Ink::Black(k) } else { Ink::Cmyk([c, m, y, k]) };
                Ok(Paint::Fixed(Color { ink, alpha }))
            }),
            _ => no(),
        },
        _ => no(),
    }
}

/// A share of an ink, all of it when not stated, behind a comma where `behind` says that something stands before it; then
/// perhaps an opacity after `/`.
fn tint(input: &mut Parser<'_>, behind: bool) -> Read<(f32, f32)> {
    let (mut tint, mut alpha) = (1.0, 1.0);
    let stated = if behind { input.try_parse(Parser::expect_comma).is_ok() } else { !input.is_exhausted() };
    if stated {
        tint = number_or_percent(input)?.clamp(0.0, 1.0);
    }
    if !input.is_exhausted() {
        input.expect_delim('/')?;
        alpha = number_or_percent(input)?.clamp(0.0, 1.0);
    }
    Ok((tint, alpha))
}

/// N channels with spaces or commas between, then perhaps an opacity after `/` or a comma.
fn channels<const N: usize>(
    input: &mut Parser<'_>,
    mut channel: impl FnMut(&mut Parser<'_>) -> Read<f32>,
) -> Read<([f32; N], f32)> {
    let mut values = [0.0; N];
    for (i, value) in values.iter_mut().enumerate() {
        if i > 0 {
            let _ = input.try_parse(Parser::expect_comma);
        }
        *value = channel(input)?;
    }
    let mut alpha = 1.0;
    if !input.is_exhausted() {
        input.try_parse(Parser::expect_comma).or_else(|_| input.expect_delim('/'))?;
        alpha = number_or_percent(input)?.clamp(0.0, 1.0);
    }
    Ok((values, alpha))
}

/// Degrees, bare numbers too.
fn hue(input: &mut Parser<'_>) -> Read<f32> {
    input.try_parse(number).or_else(|_| angle(input, false))
}

/// CSS Color 4, section 7.1.
fn hsl(hue: f32, s: f32, l: f32) -> [f32; 3] {
    let hue = hue.rem_euclid(360.0);
    let channel = |n: f32| {
        let k = (n + hue / 30.0) % 12.0;
        let a = s * l.min(1.0 - l);
        l - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    };
    [channel(0.0), channel(8.0), channel(4.0)]
}
