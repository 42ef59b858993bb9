//! Gradients of stylesheets fitted into a box, as shadings of the page (CSS Images 4, section 3).

use crate::base::{Affine, Point, Pt};
use crate::color::{Color, Ink};
use crate::markup::style::{Extent, Gradient, GradientLine, GradientStop};
use crate::page::{Shading, ShadingKind, Stop};

/// Stops of one shading: a gradient that repeats more often is drawn in its mean colour, as the eye sees it.
const MAX_STOPS: usize = 2048;
/// Pieces that stand for a curve of colours: beside a hint, and where colour and opacity change together.
const PIECES: usize = 8;
/// Nearer than this, in shares of the gradient's length, two stops stand at one place.
const NEAR: f32 = 1e-5;

/// A colour at its place, in shares of the gradient line.
#[derive(Clone, Copy, Debug)]
struct At {
    at: f32,
    color: Color,
}

/// The shading of a box of this size, from its upper left corner. `None` where nothing can be seen of it.
#[must_use]
pub fn shading(gradient: &Gradient, width: Pt, height: Pt) -> Option<Shading> {
    let (w, h) = (width.0, height.0);
    if !(w > 0.0 && h > 0.0) {
        return None;
    }
    match &gradient.line {
        GradientLine::Angle(angle) => {
            let (sin, cos) = crate::markup::style::turned(*angle);
            Some(linear(gradient, w, h, sin, -cos))
        }
        GradientLine::Corner { right, bottom } => {
            // at right angles to the line between the two other corners
            let length = libm::hypotf(w, h);
            let (x, y) = (h / length, w / length);
            Some(linear(gradient, w, h, if *right { x } else { -x }, if *bottom { y } else { -y }))
        }
        GradientLine::Radial { extent, center } => {
            let (cx, cy) = (center.0.resolve(width).0, center.1.resolve(height).0);
            let (rx, ry) = radii(extent, cx, cy, w, h);
            Some(radial(gradient, (cx, cy), (rx, ry), (w, h)))
        }
    }
}

fn linear(gradient: &Gradient, w: f32, h: f32, dx: f32, dy: f32) -> Shading {
    let length = (w * dx).abs() + (h * dy).abs();
    let stops = placed(&gradient.stops, length);
    let (stops, low, high) = spread(stops, gradient.repeating, 0.0, 1.0);
    let point = |share: f32| {
        let along = (share - 0.5) * length;
        Point::new(Pt(w / 2.0 + dx * along), Pt(h / 2.0 + dy * along))
    };
    let kind = ShadingKind::Linear { from: point(low), to: point(high) };
    Shading { kind, transform: Affine::IDENTITY, stops }
}

fn radial(gradient: &Gradient, center: (f32, f32), radius: (f32, f32), size: (f32, f32)) -> Shading {
    let (rx, ry) = (radius.0.max(1e-3), radius.1.max(1e-3));
    let far = |c: f32, size: f32, r: f32| c.abs().max((size - c).abs()) / r;
    let reach = libm::hypotf(far(center.0, size.0, rx), far(center.1, size.1, ry));
    let stops = placed(&gradient.stops, rx);
    let (mut stops, mut low, high) = spread(stops, gradient.repeating, 0.0, reach);
    if low < 0.0 {
        // no circle is smaller than a point
        let cut = -low / (high - low);
        let whole = Shading { kind: NOWHERE, transform: Affine::IDENTITY, stops };
        let first = whole.at(cut);
        stops = whole.stops;
        stops.retain(|s| s.at > cut);
        stops.insert(0, first);
        for stop in &mut stops {
            stop.at = if cut < 1.0 { (stop.at - cut) / (1.0 - cut) } else { 1.0 };
        }
        low = 0.0;
    }
    let high = high.max(low + NEAR);
    let kind =
        ShadingKind::Radial { focus: Point::ZERO, inner: Pt(low * rx), center: Point::ZERO, outer: Pt(high * rx) };
    let transform = Affine { a: 1.0, b: 0.0, c: 0.0, d: ry / rx, e: center.0, f: center.1 };
    Shading { kind, transform, stops }
}

const NOWHERE: ShadingKind = ShadingKind::Linear { from: Point::ZERO, to: Point::ZERO };

/// Section 3.2.2.
fn radii(extent: &Extent, cx: f32, cy: f32, w: f32, h: f32) -> (f32, f32) {
    let (left, right, top, bottom) = (cx.abs(), (w - cx).abs(), cy.abs(), (h - cy).abs());
    match extent {
        Extent::Circle(r) => (r.0, r.0),
        Extent::Ellipse(x, y) => (x.resolve(Pt(w)).0.max(0.0), y.resolve(Pt(h)).0.max(0.0)),
        Extent::To { circle, corner, farthest } => {
            let pick = |a: f32, b: f32| if *farthest { a.max(b) } else { a.min(b) };
            let (x, y) = (pick(left, right), pick(top, bottom));
            match (circle, corner) {
                (true, true) => (libm::hypotf(x, y), libm::hypotf(x, y)),
                (true, false) => (pick(x, y), pick(x, y)),
                (false, true) => (x * std::f32::consts::SQRT_2, y * std::f32::consts::SQRT_2),
                (false, false) => (x, y),
            }
        }
    }
}

/// Every stop at its place (section 3.4.3), hints and changes of opacity drawn out. `length` is what percentages
/// are of, in points.
fn placed(stops: &[GradientStop], length: f32) -> Vec<At> {
    let share = |v: crate::markup::style::LengthPercent| {
        let share = if length > 0.0 { v.resolve(Pt(length)).0 / length } else { v.percent };
        share.clamp(-1e4, 1e4)
    };
    let last = stops.len().saturating_sub(1);
    let mut places: Vec<Option<f32>> = stops
        .iter()
        .enumerate()
        .map(|(i, s)| match s {
            GradientStop::Color(_, Some(v)) | GradientStop::Hint(v) => Some(share(*v)),
            GradientStop::Color(_, None) if i == 0 => Some(0.0),
            GradientStop::Color(_, None) if i == last => Some(1.0),
            GradientStop::Color(_, None) => None,
        })
        .collect();
    let mut least = f32::NEG_INFINITY;
    for place in places.iter_mut().flatten() {
        *place = place.max(least);
        least = *place;
    }
    // those without a place stand evenly between their neighbours
    let mut i = 0;
    while i < places.len() {
        if places.get(i).copied().flatten().is_some() {
            i += 1;
            continue;
        }
        let before = places.get(i.wrapping_sub(1)).copied().flatten().unwrap_or(0.0);
        let end = (i..places.len()).find(|n| places.get(*n).copied().flatten().is_some()).unwrap_or(places.len());
        let after = places.get(end).copied().flatten().unwrap_or(1.0);
        let steps = (end - i + 1) as f32;
        for (n, place) in places.iter_mut().skip(i).take(end - i).enumerate() {
            *place = Some(before + (after - before) * (n + 1) as f32 / steps);
        }
        i = end;
    }
    let mut out: Vec<At> = Vec::with_capacity(stops.len());
    let mut hint = None;
    for (stop, at) in stops.iter().zip(places) {
        let at = at.unwrap_or(0.0);
        match stop {
            GradientStop::Hint(_) => hint = Some(at),
            GradientStop::Color(color, _) => {
                let next = At { at, color: *color };
                if let Some(before) = out.last().copied() {
                    between(&mut out, before, next, hint.take());
                }
                out.push(next);
            }
        }
    }
    out
}

/// Adds what stands between two stops: colours are mixed with their opacity counted in (section 3.4.2), which a
/// shading and a mask that each change evenly do only where one of both stays.
fn between(out: &mut Vec<At>, a: At, b: At, hint: Option<f32>) {
    let span = b.at - a.at;
    if span <= NEAR {
        return;
    }
    let (clear_a, clear_b) = (a.color.alpha <= 0.0, b.color.alpha <= 0.0);
    let at = |share: f32| a.at + span * share;
    let curved =
        hint.is_some() || (a.color.alpha != b.color.alpha && a.color.ink != b.color.ink && !clear_a && !clear_b);
    // what cannot be seen has its neighbour's colour
    if clear_a && !clear_b {
        out.push(At { at: a.at, color: Color { ink: b.color.ink, alpha: 0.0 } });
    }
    if curved {
        // section 3.5.3: the hint is where half of the way is gone
        let half = hint.map_or(0.5, |h| ((h - a.at) / span).clamp(0.0, 1.0));
        for piece in 1..PIECES {
            let share = piece as f32 / PIECES as f32;
            let gone = if half <= 0.0 {
                1.0
            } else if half >= 1.0 {
                0.0
            } else {
                libm::powf(share, libm::logf(0.5) / libm::logf(half))
            };
            out.push(At { at: at(share), color: mixed(a.color, b.color, gone) });
        }
    }
    if clear_b && !clear_a {
        out.push(At { at: b.at, color: Color { ink: a.color.ink, alpha: 0.0 } });
    }
}

/// A share of the way between two colours, their opacity counted in.
fn mixed(a: Color, b: Color, share: f32) -> Color {
    let alpha = a.alpha + (b.alpha - a.alpha) * share;
    let weight = if alpha > 0.0 { b.alpha * share / alpha } else { share };
    Color { ink: a.ink.mix(b.ink, weight), alpha }
}

/// Stops in shares of their own span, and where on the gradient line it begins and ends; repeated until they reach
/// from `from` to `to`.
fn spread(stops: Vec<At>, repeating: bool, from: f32, to: f32) -> (Vec<Stop>, f32, f32) {
    let (Some(first), Some(last)) = (stops.first().copied(), stops.last().copied()) else {
        return (vec![Stop { at: 0.0, ink: Ink::PAPER, alpha: 0.0 }], 0.0, 1.0);
    };
    let stop = |at: f32, c: Color| Stop { at, ink: c.ink, alpha: c.alpha };
    let span = last.at - first.at;
    if span <= NEAR {
        if repeating {
            return (vec![stop(0.0, mean(&stops))], 0.0, 1.0);
        }
        // one colour up to the place, the other behind it
        let all = vec![stop(0.0, first.color), stop(0.5, first.color), stop(0.5, last.color), stop(1.0, last.color)];
        return (all, first.at - 0.01, first.at + 0.01);
    }
    if !repeating {
        let all = stops.iter().map(|s| stop((s.at - first.at) / span, s.color)).collect();
        return (all, first.at, last.at);
    }
    let before = ((from - first.at) / span).floor();
    let after = ((to - first.at) / span).ceil();
    let times = (after - before).max(1.0);
    if times * stops.len() as f32 > MAX_STOPS as f32 {
        return (vec![stop(0.0, mean(&stops))], 0.0, 1.0);
    }
    let mut all = Vec::with_capacity(stops.len() * times as usize);
    for n in 0..times as usize {
        all.extend(stops.iter().map(|s| stop((n as f32 + (s.at - first.at) / span) / times, s.color)));
    }
    (all, first.at + before * span, first.at + (before + times) * span)
}

/// What many repetitions look like from afar.
fn mean(stops: &[At]) -> Color {
    let mut mean = stops.first().map_or(Color::TRANSPARENT, |s| s.color);
    for (n, s) in stops.iter().enumerate().skip(1) {
        mean = mixed(mean, s.color, 1.0 / (n + 1) as f32);
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::style::LengthPercent;

    const RED: Color = Color { ink: Ink::Rgb([1.0, 0.0, 0.0]), alpha: 1.0 };
    const BLUE: Color = Color { ink: Ink::Rgb([0.0, 0.0, 1.0]), alpha: 1.0 };

    fn gradient(line: GradientLine, stops: &[GradientStop], repeating: bool) -> Gradient {
        Gradient { line, stops: stops.into(), repeating }
    }

    fn two(repeating: bool, from: f32, to: f32) -> Vec<GradientStop> {
        let _ = repeating;
        vec![
            GradientStop::Color(RED, Some(LengthPercent::percent(from))),
            GradientStop::Color(BLUE, Some(LengthPercent::percent(to))),
        ]
    }

    fn ends(s: &Shading) -> [f32; 4] {
        match s.kind {
            ShadingKind::Linear { from, to } => {
                [from.x.0, from.y.0, to.x.0, to.y.0].map(|v| (v * 100.0).round() / 100.0)
            }
            ShadingKind::Radial { inner, outer, .. } => [inner.0, outer.0, s.transform.d, s.transform.e],
        }
    }

    #[test]
    fn the_line_of_a_linear_gradient_meets_the_corners() {
        let plain = [GradientStop::Color(RED, None), GradientStop::Color(BLUE, None)];
        for (line, want) in [
            (GradientLine::Angle(180.0), [50.0, 0.0, 50.0, 40.0]),
            (GradientLine::Angle(90.0), [0.0, 20.0, 100.0, 20.0]),
            (GradientLine::Angle(0.0), [50.0, 40.0, 50.0, 0.0]),
            (GradientLine::Angle(-90.0), [100.0, 20.0, 0.0, 20.0]),
            (GradientLine::Angle(45.0), [15.0, 55.0, 85.0, -15.0]),
            (GradientLine::Corner { right: true, bottom: true }, [36.21, -14.48, 63.79, 54.48]),
        ] {
            let s = shading(&gradient(line.clone(), &plain, false), Pt(100.0), Pt(40.0)).expect("a shading");
            assert_eq!(ends(&s), want, "{line:?}");
        }
    }

    #[test]
    fn stops_without_a_place_stand_evenly_and_none_goes_back() {
        let stops = [
            GradientStop::Color(RED, None),
            GradientStop::Color(BLUE, None),
            GradientStop::Color(RED, None),
            GradientStop::Color(BLUE, Some(LengthPercent::length(Pt(60.0)))),
            GradientStop::Color(RED, Some(LengthPercent::percent(0.2))),
        ];
        let s = shading(&gradient(GradientLine::Angle(90.0), &stops, false), Pt(100.0), Pt(40.0)).expect("a shading");
        let at: Vec<f32> = s.stops.iter().map(|s| (s.at * 100.0).round() / 100.0).collect();
        assert_eq!(at, [0.0, 0.33, 0.67, 1.0, 1.0]);
        assert_eq!(ends(&s), [0.0, 20.0, 60.0, 20.0], "the shading ends with the last stop");
    }

    #[test]
    fn repeating_gradients_are_drawn_out_over_the_box() {
        let g = gradient(GradientLine::Angle(90.0), &two(true, 0.1, 0.35), true);
        let s = shading(&g, Pt(100.0), Pt(40.0)).expect("a shading");
        assert_eq!(s.stops.len(), 10);
        assert_eq!(ends(&s), [-15.0, 20.0, 110.0, 20.0]);
        let g = gradient(GradientLine::Angle(90.0), &two(true, 0.0, 0.00003), true);
        let s = shading(&g, Pt(100.0), Pt(40.0)).expect("a shading");
        assert_eq!(s.stops.len(), 1, "so fine that only the mean is seen");
    }

    #[test]
    fn radial_gradients_reach_where_they_say() {
        let center = (LengthPercent::percent(0.25), LengthPercent::HALF);
        let radial =
            |circle, corner, farthest| GradientLine::Radial { extent: Extent::To { circle, corner, farthest }, center };
        let plain = [GradientStop::Color(RED, None), GradientStop::Color(BLUE, None)];
        for (line, outer, flat) in [
            (radial(true, false, false), 20.0, 1.0),
            (radial(true, false, true), 75.0, 1.0),
            (radial(true, true, false), 32.015_62, 1.0),
            (radial(false, false, true), 75.0, 20.0 / 75.0),
            (radial(false, true, true), 106.066_02, 20.0 / 75.0),
        ] {
            let s = shading(&gradient(line.clone(), &plain, false), Pt(100.0), Pt(40.0)).expect("a shading");
            let [inner, r, d, x] = ends(&s);
            assert!(
                inner == 0.0 && (r - outer).abs() < 0.01 && (d - flat).abs() < 1e-4 && x == 25.0,
                "{line:?}: {s:?}"
            );
        }
    }

    #[test]
    fn transparent_keeps_its_neighbours_colour() {
        let stops = [GradientStop::Color(RED, None), GradientStop::Color(Color::TRANSPARENT, None)];
        let s = shading(&gradient(GradientLine::Angle(90.0), &stops, false), Pt(100.0), Pt(40.0)).expect("a shading");
        assert_eq!(s.at(0.5), Stop { at: 0.5, ink: RED.ink, alpha: 0.5 });
    }

    #[test]
    fn a_hint_is_where_half_the_way_is_gone() {
        let stops = [
            GradientStop::Color(Color { ink: Ink::Black(0.0), alpha: 1.0 }, None),
            GradientStop::Hint(LengthPercent::percent(0.25)),
            GradientStop::Color(Color { ink: Ink::Black(1.0), alpha: 1.0 }, None),
        ];
        let s = shading(&gradient(GradientLine::Angle(90.0), &stops, false), Pt(100.0), Pt(40.0)).expect("a shading");
        let Ink::Black(half) = s.at(0.25).ink else { panic!("black ink stays black ink") };
        assert!((half - 0.5).abs() < 0.01, "{half}");
    }

    #[test]
    fn hostile_places_come_to_something() {
        for (from, to) in [(f32::MAX, f32::MIN), (-1e30, 1e30), (0.0, 0.0), (1.0, 0.0)] {
            for repeating in [false, true] {
                for line in [
                    GradientLine::Angle(1e9),
                    GradientLine::Radial {
                        extent: Extent::Circle(Pt(0.0)),
                        center: (LengthPercent::percent(-1e6), LengthPercent::HALF),
                    },
                ] {
                    let s = shading(&gradient(line, &two(repeating, from, to), repeating), Pt(100.0), Pt(40.0));
                    assert!(s.is_some_and(|s| !s.stops.is_empty() && s.stops.len() <= MAX_STOPS));
                }
            }
        }
    }
}
