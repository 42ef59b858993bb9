//! Gradients as stylesheets write them (CSS Images 4, section 3): read, and computed as far as they can be without
//! the box that they fill.

use std::sync::Arc;

use cssparser::Parser;

use super::kind::{self, About, word};
use super::style::LengthPercent;
use super::values::{self, Paint, Read, Sum, no};
use crate::base::Pt;
use crate::color::Color;

/// The most stops of one gradient.
const MAX_STOPS: usize = 256;

/// A gradient, for layout to fit into a box.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    pub line: GradientLine,
    pub stops: Arc<[GradientStop]>,
    pub repeating: bool,
}

/// Along what the colours run.
#[derive(Clone, Debug, PartialEq)]
pub enum GradientLine {
    /// Degrees: 0 upwards, 90 to the right.
    Angle(f32),
    /// Towards a corner: to the right (or left), to the bottom (or top).
    Corner {
        right: bool,
        bottom: bool,
    },
    Radial {
        extent: Extent,
        center: (LengthPercent, LengthPercent),
    },
}

/// How far a radial gradient reaches.
#[derive(Clone, Debug, PartialEq)]
pub enum Extent {
    /// As a circle (or an ellipse) to a side or a corner, the closest or the farthest.
    To {
        circle: bool,
        corner: bool,
        farthest: bool,
    },
    Circle(Pt),
    Ellipse(LengthPercent, LengthPercent),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GradientStop {
    /// A colour; without a place it is between its neighbours.
    Color(Color, Option<LengthPercent>),
    /// Where the colours beside it are mixed in halves.
    Hint(LengthPercent),
}

/// As written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    line: Line,
    stops: Vec<Stop>,
    repeating: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Line {
    Angle(f32),
    Corner { right: bool, bottom: bool },
    Radial { extent: Box<WrittenExtent>, center: (Sum, Sum) },
}

#[derive(Clone, Debug, PartialEq)]
enum WrittenExtent {
    To { circle: bool, corner: bool, farthest: bool },
    Circle(Sum),
    Ellipse(Sum, Sum),
}

#[derive(Clone, Debug, PartialEq)]
enum Stop {
    Color(Paint, Option<Sum>),
    Hint(Sum),
}

/// Reads a gradient function.
pub(super) fn read(input: &mut Parser<'_>) -> Read<Written> {
    let name = input.expect_function()?.to_ascii_lowercase();
    let (repeating, kind) = match name.strip_prefix("repeating-") {
        Some(rest) => (true, rest.to_owned()),
        None => (false, name),
    };
    input.parse_nested_block(|input| {
        let line = match kind.as_str() {
            "linear-gradient" => linear(input)?,
            "radial-gradient" => radial(input)?,
            _ => return no(),
        };
        let mut stops = Vec::new();
        loop {
            if let Ok(hint) = input.try_parse(values::length_percent) {
                // a hint stands between two colours
                if !matches!(stops.last(), Some(Stop::Color(..))) {
                    return no();
                }
                stops.push(Stop::Hint(hint));
            } else {
                let before = input.try_parse(values::length_percent).ok();
                let color = values::color(input)?;
                let first = before.or_else(|| input.try_parse(values::length_percent).ok());
                let second = first.is_some().then(|| input.try_parse(values::length_percent).ok()).flatten();
                stops.push(Stop::Color(color, first));
                if let Some(second) = second {
                    stops.push(Stop::Color(color, Some(second)));
                }
            }
            if stops.len() > MAX_STOPS {
                return no();
            }
            if input.is_exhausted() {
                break;
            }
            input.expect_comma()?;
        }
        let colors = stops.iter().filter(|s| matches!(s, Stop::Color(..))).count();
        if colors < 2 || matches!(stops.last(), Some(Stop::Hint(_))) {
            return no();
        }
        Ok(Written { line, stops, repeating })
    })
}

fn linear(input: &mut Parser<'_>) -> Read<Line> {
    if let Ok(angle) = input.try_parse(|i| values::angle(i, true)) {
        input.expect_comma()?;
        return Ok(Line::Angle(angle));
    }
    if input.try_parse(|i| i.expect_ident_matching("to")).is_err() {
        return Ok(Line::Angle(180.0));
    }
    let (mut across, mut down) = (None, None);
    while let Ok(word) = input.try_parse(word) {
        match word.as_str() {
            "left" if across.is_none() => across = Some(false),
            "right" if across.is_none() => across = Some(true),
            "top" if down.is_none() => down = Some(false),
            "bottom" if down.is_none() => down = Some(true),
            _ => return no(),
        }
    }
    input.expect_comma()?;
    Ok(match (across, down) {
        (Some(right), Some(bottom)) => Line::Corner { right, bottom },
        (Some(right), None) => Line::Angle(if right { 90.0 } else { 270.0 }),
        (None, Some(bottom)) => Line::Angle(if bottom { 180.0 } else { 0.0 }),
        (None, None) => return no(),
    })
}

fn radial(input: &mut Parser<'_>) -> Read<Line> {
    let (mut circle, mut to, mut sizes) = (None, None, Vec::new());
    let mut any = false;
    loop {
        if circle.is_none()
            && let Ok(c) = input.try_parse(|i| match word(i)?.as_str() {
                "circle" => Ok(true),
                "ellipse" => Ok(false),
                _ => no(),
            })
        {
            circle = Some(c);
        } else if to.is_none()
            && sizes.is_empty()
            && let Ok(t) = input.try_parse(|i| match word(i)?.as_str() {
                "closest-side" => Ok((false, false)),
                "farthest-side" => Ok((false, true)),
                "closest-corner" => Ok((true, false)),
                "farthest-corner" => Ok((true, true)),
                _ => no(),
            })
        {
            to = Some(t);
        } else if to.is_none()
            && sizes.len() < 2
            && let Ok(size) = input.try_parse(values::positive_length_percent)
        {
            sizes.push(size);
        } else {
            break;
        }
        any = true;
    }
    let mut center = (Sum::percent(0.5), Sum::percent(0.5));
    if input.try_parse(|i| i.expect_ident_matching("at")).is_ok() {
        center = kind::position(input)?;
        any = true;
    }
    if any {
        input.expect_comma()?;
    }
    let mut sizes = sizes.into_iter();
    let extent = match (sizes.next(), sizes.next(), circle) {
        (Some(x), Some(y), None | Some(false)) => WrittenExtent::Ellipse(x, y),
        (Some(r), None, None | Some(true)) if !r.has_percent() => WrittenExtent::Circle(r),
        (None, ..) => {
            let (corner, farthest) = to.unwrap_or((true, true));
            WrittenExtent::To { circle: circle == Some(true), corner, farthest }
        }
        _ => return no(),
    };
    Ok(Line::Radial { extent: Box::new(extent), center })
}

impl Written {
    pub(super) fn compute(&self, about: &About<'_>) -> Gradient {
        let at = |s: &Sum| s.resolve(&about.units);
        let line = match &self.line {
            Line::Angle(a) => GradientLine::Angle(*a),
            Line::Corner { right, bottom } => GradientLine::Corner { right: *right, bottom: *bottom },
            Line::Radial { extent, center } => GradientLine::Radial {
                center: (at(&center.0), at(&center.1)),
                extent: match &**extent {
                    WrittenExtent::To { circle, corner, farthest } => {
                        Extent::To { circle: *circle, corner: *corner, farthest: *farthest }
                    }
                    WrittenExtent::Circle(r) => Extent::Circle(r.length(&about.units).max(Pt::ZERO)),
                    WrittenExtent::Ellipse(x, y) => {
                        Extent::Ellipse(x.resolve_positive(&about.units), y.resolve_positive(&about.units))
                    }
                },
            },
        };
        let stops = self.stops.iter().map(|s| match s {
            Stop::Color(paint, place) => GradientStop::Color(paint.color(about), place.as_ref().map(at)),
            Stop::Hint(place) => GradientStop::Hint(at(place)),
        });
        Gradient { line, stops: stops.collect(), repeating: self.repeating }
    }
}
