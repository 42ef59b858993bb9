//! Lines along text (CSS Text Decoration 4, section 2): where they run, how thick, and how they are drawn.

use super::is_central;
use super::output::{DecorationLine, TextLayout};
use super::paragraph::Span;
use crate::base::{Point, Pt, Rect};
use crate::color::Color;
use crate::markup::style::{LineStyle, LineThickness, Shadow, UnderlinePosition};
use crate::page::{Path, Segment, Stroke};

/// Dashes and waves beyond this many are left out: a slip of the pen in a stylesheet must not fill the disk.
const MOST: f32 = 20_000.0;

/// The lines along a span between two places of a line of text.
pub(super) fn decorate(span: &Span, from: f32, to: f32, baseline: f32, out: &mut TextLayout) {
    let Some(font) = &span.font else { return };
    let d = &span.decoration;
    let Color { ink, alpha } = d.color.unwrap_or(span.style.color);
    let alpha = alpha * span.opacity;
    if alpha <= 0.0 || to <= from {
        return;
    }
    let em = span.size / f32::from(font.units_per_em);
    let extras = span.style.extras.as_deref();
    let given = match d.thickness {
        LineThickness::Auto => None,
        LineThickness::Value(v) => Some(v.resolve(Pt(span.size)).0.max(0.0)),
    };
    let thickness = given.unwrap_or_else(|| (f32::from(font.underline.1) * em).max(0.0));
    // `upper` is how far the line's upper edge lies above the baseline.
    let mut line = |upper: f32, thickness: f32, over: bool| {
        let rect = Rect::new(Pt(from), Pt(baseline - upper), Pt(to - from), Pt(thickness));
        let shadows = span.shadows.clone();
        let overprint = extras.and_then(|e| e.overprint);
        out.decorations.push(DecorationLine { rect, ink, alpha, overprint, over, style: d.style, shadows });
    };
    if d.lines.underline {
        let position = extras.map_or(UnderlinePosition::Auto, |e| e.underline_position);
        let offset = extras.and_then(|e| e.underline_offset).map(|o| o.resolve(Pt(span.size)).0);
        let upper = if is_central(&span.style) {
            let east = matches!(span.style.lang.get(..2), Some("ja" | "ko"));
            match position {
                UnderlinePosition::Right => span.ascent + thickness + offset.unwrap_or(0.0),
                UnderlinePosition::Auto if east => span.ascent + thickness + offset.unwrap_or(0.0),
                _ => -span.descent - offset.unwrap_or(0.0),
            }
        } else {
            let by_font = f32::from(font.underline.0) * em;
            match (position, offset) {
                (UnderlinePosition::Under, offset) => -span.descent - offset.unwrap_or(0.0),
                (UnderlinePosition::FromFont, offset) => by_font - offset.unwrap_or(0.0),
                // From the baseline (section 2.8).
                (_, Some(offset)) => -offset,
                (_, None) => by_font,
            }
        };
        line(upper, thickness, false);
    }
    if d.lines.overline {
        line(span.ascent, thickness, false);
    }
    if d.lines.line_through {
        let own = f32::from(font.strikeout.1) * em;
        let central = is_central(&span.style);
        let middle = if central { 0.0 } else { f32::from(font.strikeout.0) * em - own / 2.0 };
        let thickness = given.unwrap_or(own);
        line(middle + thickness / 2.0, thickness, true);
    }
}

/// The shadow of a line: a copy in another place and colour.
pub(super) fn shadow(line: &DecorationLine, shadow: &Shadow) -> DecorationLine {
    let color = shadow.color.unwrap_or(Color { ink: line.ink, alpha: line.alpha });
    let rect = line.rect.translated(Point::new(shadow.x, shadow.y));
    DecorationLine { rect, ink: color.ink, alpha: color.alpha, shadows: None, ..line.clone() }
}

/// What draws a line whose band is `rect`.
pub(super) fn path(line: &DecorationLine, at: Point) -> Path {
    let r = line.rect.translated(at);
    let thick = r.height;
    let stroke = |dash: Vec<Pt>, round_caps| {
        let y = r.y + thick * 0.5;
        // Round dots begin and end with the text, not half a dot before.
        let inset = if round_caps { thick * 0.5 } else { Pt::ZERO };
        let segments =
            vec![Segment::Move(Point::new(r.x + inset, y)), Segment::Line(Point::new(r.x + r.width - inset, y))];
        let stroke = Stroke { ink: line.ink, width: thick, dash, dash_phase: Pt::ZERO, round_caps };
        Path { segments, fill: None, even_odd: false, stroke: Some(stroke) }
    };
    let solid = || Path::filled(vec![Segment::Rect(r)], line.ink);
    if thick.0 <= 0.0 || r.width.0 / thick.0 > MOST {
        return solid();
    }
    match line.style {
        LineStyle::Solid => solid(),
        LineStyle::Double => {
            // A second line of the same thickness, as far away as it is thick.
            let second = Rect { y: r.y + thick * 2.0, ..r };
            Path::filled(vec![Segment::Rect(r), Segment::Rect(second)], line.ink)
        }
        LineStyle::Dotted => {
            // As many dots as fit, the last one at the end.
            let room = r.width - thick;
            let steps = (room.0 / (thick.0 * 2.0)).round().max(1.0);
            if room.0 <= 0.0 { solid() } else { stroke(vec![Pt::ZERO, room * (1.0 / steps)], true) }
        }
        LineStyle::Dashed => {
            // Dashes of three, gaps of two thicknesses, and a dash at both ends.
            let (dash, gap) = (thick.0 * 3.0, thick.0 * 2.0);
            let steps = ((r.width.0 - dash) / (dash + gap)).round();
            if steps < 1.0 {
                return solid();
            }
            let k = r.width.0 / (steps * (dash + gap) + dash);
            stroke(vec![Pt(dash * k), Pt(gap * k)], false)
        }
        LineStyle::Wavy => {
            // Whole waves, four thicknesses long as near as may be, two high.
            let middle = r.y + thick * 1.5;
            let waves = (r.width.0 / (thick.0 * 5.0)).round().max(1.0);
            let half = Pt(r.width.0 / waves / 2.0);
            let high = thick * 2.0;
            let mut segments = vec![Segment::Move(Point::new(r.x, middle))];
            for i in 0..(waves as u32 * 2) {
                let x = r.x + half * i as f32;
                let y = if i % 2 == 0 { middle - high } else { middle + high };
                let (a, b) = (Point::new(x + half * 0.37, y), Point::new(x + half * 0.63, y));
                segments.push(Segment::Cubic(a, b, Point::new(x + half, middle)));
            }
            let stroke =
                Stroke { ink: line.ink, width: thick, dash: Vec::new(), dash_phase: Pt::ZERO, round_caps: false };
            Path { segments, fill: None, even_odd: false, stroke: Some(stroke) }
        }
    }
}
