//! The values of properties as written: lengths, sums of them, colours. Each function reads one value and leaves
//! the parser behind it; a value that is not of the kind is an error that says nothing, because the caller
//! knows which property it was for.

use cssparser::{ParseError, Parser, Token};

use super::style::LengthPercent;
use crate::base::Pt;
use crate::base::units::{PT_PER_MM, PT_PER_PX};
use crate::color::{Color, Ink};

/// The result of reading a value.
pub(super) type Read<T> = Result<T, ParseError<()>>;

pub(super) fn no<T>() -> Read<T> {
    Err(ParseError::custom(()))
}

/// A length or percentage as written: a sum with one term per kind of unit, which is also all that `calc()` of
/// lengths and percentages can come to (CSS Values 4, section 10).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sum {
    pub pt: f32,
    pub em: f32,
    pub rem: f32,
    /// Line heights of the element.
    pub lh: f32,
    /// Shares of the page's width and height (1.0 = all of it).
    pub vw: f32,
    pub vh: f32,
    /// 1.0 = 100 %.
    pub percent: f32,
}

/// What relative units are relative to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units {
    pub em: Pt,
    pub rem: Pt,
    pub lh: Pt,
    pub page: (Pt, Pt),
}

impl Sum {
    pub(super) const ZERO: Self = Self { pt: 0.0, em: 0.0, rem: 0.0, lh: 0.0, vw: 0.0, vh: 0.0, percent: 0.0 };

    pub(super) fn pt(pt: f32) -> Self {
        Self { pt, ..Self::ZERO }
    }

    pub(super) fn percent(percent: f32) -> Self {
        Self { percent, ..Self::ZERO }
    }

    fn times(self, k: f32) -> Self {
        Self {
            pt: self.pt * k,
            em: self.em * k,
            rem: self.rem * k,
            lh: self.lh * k,
            vw: self.vw * k,
            vh: self.vh * k,
            percent: self.percent * k,
        }
    }

    fn plus(self, o: Self) -> Self {
        Self {
            pt: self.pt + o.pt,
            em: self.em + o.em,
            rem: self.rem + o.rem,
            lh: self.lh + o.lh,
            vw: self.vw + o.vw,
            vh: self.vh + o.vh,
            percent: self.percent + o.percent,
        }
    }

    /// Whether it is written as something below zero; relative units are never negative, so each term counts alone.
    fn is_negative(self) -> bool {
        [self.pt, self.em, self.rem, self.lh, self.vw, self.vh, self.percent].iter().all(|t| *t <= 0.0)
            && self != Self::ZERO
    }

    pub(super) fn is_finite(self) -> bool {
        [self.pt, self.em, self.rem, self.lh, self.vw, self.vh, self.percent].iter().all(|t| t.is_finite())
    }

    pub(super) fn resolve(self, units: &Units) -> LengthPercent {
        LengthPercent { length: self.length(units), percent: self.percent }
    }

    /// The part that is not a percentage.
    pub(super) fn length(self, units: &Units) -> Pt {
        Pt(self.pt)
            + units.em * self.em
            + units.rem * self.rem
            + units.lh * self.lh
            + units.page.0 * self.vw
            + units.page.1 * self.vh
    }
}

/// A dimension in one unit (CSS Values 4, section 6).
fn unit(value: f32, unit: &str) -> Option<Sum> {
    let pt = |k: f32| Some(Sum::pt(value * k));
    let mut sum = Sum::ZERO;
    match unit.to_ascii_lowercase().as_str() {
        "pt" => return pt(1.0),
        "px" => return pt(PT_PER_PX),
        "mm" => return pt(PT_PER_MM),
        "cm" => return pt(PT_PER_MM * 10.0),
        // A Japanese phototypesetter's unit: a quarter of a millimetre.
        "q" => return pt(PT_PER_MM / 4.0),
        "in" => return pt(72.0),
        "pc" => return pt(12.0),
        "em" | "ic" => sum.em = value,
        // Half an em stands for both where the font is not asked (section 6.1.1).
        "ex" | "ch" => sum.em = value / 2.0,
        "rem" => sum.rem = value,
        "lh" => sum.lh = value,
        "vw" | "vi" => sum.vw = value / 100.0,
        "vh" | "vb" => sum.vh = value / 100.0,
        _ => return None,
    }
    Some(sum)
}

/// `<length-percentage>`, with `calc()`; a bare `0` is a length.
pub(super) fn length_percent(input: &mut Parser<'_>) -> Read<Sum> {
    let sum = match input.next()?.clone() {
        Token::Dimension { value, unit: u, .. } => unit(value, &u),
        Token::Percentage { unit_value, .. } => Some(Sum::percent(unit_value)),
        Token::Number { value: 0.0, .. } => Some(Sum::ZERO),
        Token::Function(name) if name.eq_ignore_ascii_case("calc") => match input.parse_nested_block(calc_sum)? {
            Calc::Sum(sum) => Some(sum),
            Calc::Number(_) => None,
        },
        _ => None,
    };
    sum.filter(|s| s.is_finite()).map_or_else(no, Ok)
}

/// The same, not below zero.
pub(super) fn positive_length_percent(input: &mut Parser<'_>) -> Read<Sum> {
    let sum = length_percent(input)?;
    if sum.is_negative() { no() } else { Ok(sum) }
}

/// `<length>`: no percentages.
pub(super) fn length(input: &mut Parser<'_>) -> Read<Sum> {
    let sum = length_percent(input)?;
    if sum.percent == 0.0 { Ok(sum) } else { no() }
}

#[derive(Clone, Copy)]
enum Calc {
    Number(f32),
    Sum(Sum),
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
            (Calc::Sum(a), Calc::Sum(b)) => Calc::Sum(a.plus(b.times(sign))),
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
            (Calc::Number(a), Calc::Number(b), false) => Calc::Number(a * b),
            (Calc::Number(k), Calc::Sum(s), false) | (Calc::Sum(s), Calc::Number(k), false) => Calc::Sum(s.times(k)),
            (_, Calc::Number(0.0), true) => return no(),
            (Calc::Number(a), Calc::Number(b), true) => Calc::Number(a / b),
            (Calc::Sum(s), Calc::Number(k), true) => Calc::Sum(s.times(1.0 / k)),
            _ => return no(),
        };
    }
}

/// Nesting is bounded by the parser's own limit of blocks.
fn calc_value(input: &mut Parser<'_>) -> Read<Calc> {
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok(Calc::Number(value)),
        Token::Percentage { unit_value, .. } => Ok(Calc::Sum(Sum::percent(unit_value))),
        Token::Dimension { value, unit: u, .. } => unit(value, &u).map_or_else(no, |s| Ok(Calc::Sum(s))),
        Token::ParenthesisBlock => input.parse_nested_block(calc_sum),
        Token::Function(name) if name.eq_ignore_ascii_case("calc") => input.parse_nested_block(calc_sum),
        _ => no(),
    }
}

/// `<number>`, with `calc()`.
pub(super) fn number(input: &mut Parser<'_>) -> Read<f32> {
    let value = match input.next()?.clone() {
        Token::Number { value, .. } => value,
        Token::Function(name) if name.eq_ignore_ascii_case("calc") => match input.parse_nested_block(calc_sum)? {
            Calc::Number(value) => value,
            Calc::Sum(_) => return no(),
        },
        _ => return no(),
    };
    if value.is_finite() { Ok(value) } else { no() }
}

pub(super) fn positive_number(input: &mut Parser<'_>) -> Read<f32> {
    let value = number(input)?;
    if value < 0.0 { no() } else { Ok(value) }
}

/// A number or percentage, as a number.
pub(super) fn number_or_percent(input: &mut Parser<'_>) -> Read<f32> {
    input.try_parse(number).or_else(|_| Ok(input.expect_percentage()?))
}

/// A colour as written: `currentcolor` waits for the element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Paint {
    Current,
    Fixed(Color),
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

/// Degrees.
fn hue(input: &mut Parser<'_>) -> Read<f32> {
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok(value),
        Token::Dimension { value, unit, .. } => match unit.to_ascii_lowercase().as_str() {
            "deg" => Ok(value),
            "grad" => Ok(value * 0.9),
            "turn" => Ok(value * 360.0),
            "rad" => Ok(value * (180.0 / std::f32::consts::PI)),
            _ => no(),
        },
        _ => no(),
    }
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
