//! Borders as paths (CSS Backgrounds 3, section 4).

use super::ground::translucent;
use super::shape::{Corners, outline, ring};
use crate::base::{Edges, Point, Pt, Rect};
use crate::color::Ink;
use crate::markup::style::{Border, BorderStyle, Style};
use crate::page::{Item, Path, Segment, Stroke};

/// Widths of the four borders.
#[must_use]
pub fn widths(style: &Style) -> Edges<Pt> {
    let b = &style.border;
    Edges { top: b.top.width, right: b.right.width, bottom: b.bottom.width, left: b.left.width }
}

/// Whether anything of it can be seen.
#[must_use]
pub fn drawn(b: &Border) -> bool {
    b.width > Pt::ZERO && b.style != BorderStyle::None && b.color.is_visible()
}

/// Appends borders around `rect`, which is their outer edge.
pub fn paint(out: &mut Vec<Item>, borders: &Edges<Border>, rect: Rect, corners: &Corners) {
    let b = borders;
    let sides = [&b.top, &b.right, &b.bottom, &b.left];
    if !sides.iter().any(|s| drawn(s)) {
        return;
    }
    if sides.iter().any(|s| is_relief(s.style)) {
        relief(out, borders, rect, corners);
    } else if sides.iter().all(|s| *s == sides[0]) {
        uniform(out, sides[0], rect, corners);
    } else {
        by_side(out, borders, rect, corners);
    }
}

fn is_relief(style: BorderStyle) -> bool {
    matches!(style, BorderStyle::Groove | BorderStyle::Ridge | BorderStyle::Inset | BorderStyle::Outset)
}

/// How much black the sides in the shade have.
const SHADE: f32 = 0.4;

/// Borders that look carved or raised, lit from the top left (CSS Backgrounds 3, section 4.2): grooves and ridges are
/// two halves, of which each is sunk or raised.
fn relief(out: &mut Vec<Item>, borders: &Edges<Border>, rect: Rect, corners: &Corners) {
    let halved = |b: &Border| matches!(b.style, BorderStyle::Groove | BorderStyle::Ridge);
    let half = |w: Pt| w / 2.0;
    let each = |f: &dyn Fn(&Border, bool) -> Border| Edges {
        top: f(&borders.top, true),
        right: f(&borders.right, false),
        bottom: f(&borders.bottom, false),
        left: f(&borders.left, true),
    };
    let lit = |b: &Border, shaded: bool| {
        let ink = if shaded { b.color.ink.darker(SHADE) } else { b.color.ink };
        Border { style: BorderStyle::Solid, color: crate::color::Color { ink, ..b.color }, ..*b }
    };
    let whole = each(&|b, near| match b.style {
        BorderStyle::Inset => lit(b, near),
        BorderStyle::Outset => lit(b, !near),
        _ if halved(b) => Border { style: BorderStyle::None, ..*b },
        _ => *b,
    });
    by_side(out, &whole, rect, corners);
    let part = |inner: bool| {
        each(&|b, near| {
            let solid = match b.style {
                BorderStyle::Groove => lit(b, near != inner),
                BorderStyle::Ridge => lit(b, near == inner),
                _ => Border { style: BorderStyle::None, ..*b },
            };
            Border { width: half(b.width), ..solid }
        })
    };
    let b = borders;
    if [&b.top, &b.right, &b.bottom, &b.left].iter().any(|b| halved(b)) {
        by_side(out, &part(false), rect, corners);
        let edges = Edges {
            top: half(b.top.width),
            right: half(b.right.width),
            bottom: half(b.bottom.width),
            left: half(b.left.width),
        };
        by_side(out, &part(true), rect.inset(edges), &corners.inset(edges));
    }
}

/// Four equal borders.
fn uniform(out: &mut Vec<Item>, border: &Border, rect: Rect, corners: &Corners) {
    let ink = border.color.ink;
    let alpha = border.color.alpha;
    let w = border.width;
    match border.style {
        BorderStyle::None | BorderStyle::Groove | BorderStyle::Ridge | BorderStyle::Inset | BorderStyle::Outset => {}
        BorderStyle::Solid => {
            // a stroke along the middle is the same area where the corners are arcs of circles
            let strokable = corners.0.iter().all(|(x, y)| x == y && (*x == 0.0 || *x >= w.0 / 2.0));
            let path = if strokable && rect.width > w && rect.height > w {
                stroked(middle(rect, corners, w), ink, w, Vec::new(), false)
            } else {
                Path::filled(ring(rect, corners, Edges::all(w)), ink)
            };
            translucent(out, alpha, Item::Path(path));
        }
        BorderStyle::Double => {
            let third = w / 3.0;
            let inner = Edges::all(third * 2.0);
            let mut path = ring(rect, corners, Edges::all(third));
            path.extend(ring(rect.inset(inner), &corners.inset(inner), Edges::all(third)));
            translucent(out, alpha, Item::Path(Path::filled(path, ink)));
        }
        BorderStyle::Dashed | BorderStyle::Dotted if corners.are_square() => {
            let mut group = Vec::with_capacity(4);
            for side in Side::ALL {
                let (from, to) = side.middle(rect, Edges::all(w));
                group.push(dashes(from, to, border));
            }
            if alpha < 1.0 {
                super::ground::group(out, alpha, None, group);
            } else {
                out.append(&mut group);
            }
        }
        BorderStyle::Dashed | BorderStyle::Dotted => {
            let dotted = border.style == BorderStyle::Dotted;
            let dash = if dotted { vec![Pt::ZERO, w * 2.0] } else { vec![w * 2.0, w * 2.0] };
            let path = stroked(middle(rect, corners, w), ink, w, dash, dotted);
            translucent(out, alpha, Item::Path(path));
        }
    }
}

/// The line along the middle of a uniform border.
fn middle(rect: Rect, corners: &Corners, width: Pt) -> Vec<Segment> {
    let half = Edges::all(width / 2.0);
    let mut segments = Vec::with_capacity(9);
    outline(&mut segments, rect.inset(half), &corners.inset(half), false);
    segments
}

fn stroked(segments: Vec<Segment>, ink: Ink, width: Pt, dash: Vec<Pt>, round_caps: bool) -> Path {
    let stroke = Stroke { ink, width, dash, dash_phase: Pt::ZERO, round_caps };
    Path { segments, fill: None, even_odd: false, stroke: Some(stroke) }
}

/// A dashed or dotted line that begins and ends with a whole dash or dot.
fn dashes(from: Point, to: Point, border: &Border) -> Item {
    let w = border.width;
    let length = Pt((to.x - from.x).abs().0 + (to.y - from.y).abs().0);
    let dotted = border.style == BorderStyle::Dotted;
    let (mut from, mut to) = (from, to);
    let dash = if dotted {
        // centres of the first and last dot lie half a width inside
        let (dx, dy) = (direction(to.x - from.x), direction(to.y - from.y));
        let half = w / 2.0;
        from = from + Point::new(half * dx, half * dy);
        to = to + Point::new(half * -dx, half * -dy);
        let steps = ((length - w) / (w * 2.0)).round().max(1.0);
        vec![Pt::ZERO, (length - w) / steps]
    } else {
        let dash = w * 2.0;
        let count = ((length.0 + dash.0) / (dash.0 * 2.0)).round().max(2.0);
        vec![dash, ((length - dash * count) / (count - 1.0)).max(Pt(0.01))]
    };
    Item::Path(stroked(vec![Segment::Move(from), Segment::Line(to)], border.color.ink, w, dash, dotted))
}

fn direction(d: Pt) -> f32 {
    if d.0 > 0.0 {
        1.0
    } else if d.0 < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// Appends one border by itself, which fills `rect`; `down` where it runs from top to bottom.
pub fn line(out: &mut Vec<Item>, border: &Border, rect: Rect, down: bool) {
    if rect.width <= Pt::ZERO || rect.height <= Pt::ZERO {
        return;
    }
    let ink = border.color.ink;
    let item = match border.style {
        BorderStyle::None => return,
        BorderStyle::Dashed | BorderStyle::Dotted => {
            let middle = Point::new(rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
            let (from, to) = if down {
                (Point::new(middle.x, rect.y), Point::new(middle.x, rect.bottom()))
            } else {
                (Point::new(rect.x, middle.y), Point::new(rect.right(), middle.y))
            };
            dashes(from, to, border)
        }
        BorderStyle::Double => {
            let third = border.width / 3.0;
            let (first, second) = if down {
                let one = Rect { width: third, ..rect };
                (one, Rect { x: rect.right() - third, ..one })
            } else {
                let one = Rect { height: third, ..rect };
                (one, Rect { y: rect.bottom() - third, ..one })
            };
            Item::Path(Path::filled(vec![Segment::Rect(first), Segment::Rect(second)], ink))
        }
        _ => Item::Path(Path::filled(vec![Segment::Rect(rect)], ink)),
    };
    translucent(out, border.color.alpha, item);
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Top,
    Right,
    Bottom,
    Left,
}

impl Side {
    const ALL: [Self; 4] = [Self::Top, Self::Right, Self::Bottom, Self::Left];

    fn of(self, borders: &Edges<Border>) -> &Border {
        match self {
            Self::Top => &borders.top,
            Self::Right => &borders.right,
            Self::Bottom => &borders.bottom,
            Self::Left => &borders.left,
        }
    }

    /// The line along the middle of this side, from corner to corner.
    fn middle(self, r: Rect, w: Edges<Pt>) -> (Point, Point) {
        match self {
            Self::Top => (Point::new(r.x, r.y + w.top / 2.0), Point::new(r.right(), r.y + w.top / 2.0)),
            Self::Right => {
                (Point::new(r.right() - w.right / 2.0, r.y), Point::new(r.right() - w.right / 2.0, r.bottom()))
            }
            Self::Bottom => {
                (Point::new(r.right(), r.bottom() - w.bottom / 2.0), Point::new(r.x, r.bottom() - w.bottom / 2.0))
            }
            Self::Left => (Point::new(r.x + w.left / 2.0, r.bottom()), Point::new(r.x + w.left / 2.0, r.y)),
        }
    }

    /// The part of the border that belongs to this side: bounded by the lines through the outer and inner
    /// corners, drawn `reach` times as deep as the border is wide.
    fn wedge(self, r: Rect, w: Edges<Pt>, reach: f32) -> Vec<Segment> {
        let (l, t, rt, b) = (r.x, r.y, r.right(), r.bottom());
        let inner = [
            Point::new(l + w.left * reach, t + w.top * reach),
            Point::new(rt - w.right * reach, t + w.top * reach),
            Point::new(rt - w.right * reach, b - w.bottom * reach),
            Point::new(l + w.left * reach, b - w.bottom * reach),
        ];
        let outer = [Point::new(l, t), Point::new(rt, t), Point::new(rt, b), Point::new(l, b)];
        let (i, j) = match self {
            Self::Top => (0, 1),
            Self::Right => (1, 2),
            Self::Bottom => (2, 3),
            Self::Left => (3, 0),
        };
        vec![
            Segment::Move(outer[i]),
            Segment::Line(outer[j]),
            Segment::Line(inner[j]),
            Segment::Line(inner[i]),
            Segment::Close,
        ]
    }
}

/// Borders that differ from side to side.
fn by_side(out: &mut Vec<Item>, borders: &Edges<Border>, rect: Rect, corners: &Corners) {
    let b = borders;
    let w = Edges { top: b.top.width, right: b.right.width, bottom: b.bottom.width, left: b.left.width };
    let round = !corners.are_square();
    let reach = if round {
        let across = rect.width.0 / (w.left + w.right).0.max(0.001);
        let down = rect.height.0 / (w.top + w.bottom).0.max(0.001);
        across.min(down).max(1.0)
    } else {
        1.0
    };
    let mut items = Vec::with_capacity(4);
    for side in Side::ALL {
        let border = side.of(borders);
        if !drawn(border) {
            continue;
        }
        let item = match border.style {
            BorderStyle::Dashed | BorderStyle::Dotted => {
                let (from, to) = side.middle(rect, w);
                dashes(from, to, border)
            }
            BorderStyle::Double => {
                let third = |e: Edges<Pt>, k: f32| Edges {
                    top: e.top * k,
                    right: e.right * k,
                    bottom: e.bottom * k,
                    left: e.left * k,
                };
                let mut path = side.wedge(rect, third(w, 1.0 / 3.0), 1.0);
                path.extend(side.wedge(rect.inset(third(w, 2.0 / 3.0)), third(w, 1.0 / 3.0), 1.0));
                Item::Path(Path::filled(path, border.color.ink))
            }
            _ => Item::Path(Path::filled(side.wedge(rect, w, reach), border.color.ink)),
        };
        translucent(&mut items, border.color.alpha, item);
    }
    if round {
        super::ground::group(out, 1.0, Some(ring(rect, corners, w)), items);
    } else {
        out.append(&mut items);
    }
}
