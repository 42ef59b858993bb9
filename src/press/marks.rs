//! What stands beside the pieces: where to cut and fold, where the middle is, how the inks lie. y runs down.
//!
//! The corners have the double marks of Japanese printing: 内トンボ on the trim, 外トンボ on the bleed, each line of the
//! one meeting a line of the other. Lines are in the registration colour, so that they are on every plate.

use super::grid::{Edge, Place};
use super::plan::Marks;
use crate::base::{Edges, Pt, Rect, Size};

/// The longest mark.
const LONG: Pt = Pt::from_mm(10.0);
/// Marks end so far from the edge of the sheet.
const EDGE: Pt = Pt::from_mm(1.0);
/// From the trim to the outer mark where the pieces have no bleed.
const OUTER: Pt = Pt::from_mm(3.0);
/// Shorter marks are of no use.
const SHORT: Pt = Pt::from_mm(2.0);
/// Width of all lines: 0.1 mm.
const LINE: Pt = Pt::from_mm(0.1);
const PATCH: Pt = Pt::from_mm(4.0);

/// A line in the registration colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub from: (Pt, Pt),
    pub to: (Pt, Pt),
    pub dashed: bool,
}

/// All that stands on one side of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    pub lines: Vec<Line>,
    /// Centre and radius.
    pub circles: Vec<((Pt, Pt), Pt)>,
    /// Areas of a process colour: C, M, Y, K in hundredths.
    pub patches: Vec<(Rect, [u8; 4])>,
    /// Where a line of text has room, if anywhere: its left end on the base line, and how it is turned (0 or 90).
    pub slug: Option<((Pt, Pt), u16)>,
}

/// The places as one block: around all trims, and how far what is printed goes beyond.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    trim: Rect,
    /// Outer marks.
    outer: Edges<Pt>,
    /// How long marks can be at each edge.
    length: Edges<Pt>,
}

fn block(places: &[Place], sheet: Size) -> Option<Block> {
    let first = places.first()?;
    let (mut left, mut top) = (first.trim.x, first.trim.y);
    let (mut right, mut bottom) = (first.trim.right(), first.trim.bottom());
    for place in places {
        left = left.min(place.trim.x);
        top = top.min(place.trim.y);
        right = right.max(place.trim.right());
        bottom = bottom.max(place.trim.bottom());
    }
    let mut outer = Edges::all(Pt::ZERO);
    for place in places {
        let at = |a: Pt, b: Pt| (a - b).0.abs() < 0.03;
        if at(place.trim.x, left) {
            outer.left = outer.left.max(place.room.left);
        }
        if at(place.trim.right(), right) {
            outer.right = outer.right.max(place.room.right);
        }
        if at(place.trim.y, top) {
            outer.top = outer.top.max(place.room.top);
        }
        if at(place.trim.bottom(), bottom) {
            outer.bottom = outer.bottom.max(place.room.bottom);
        }
    }
    let some = |v: Pt| if v.0 > 0.03 { v } else { OUTER };
    let outer =
        Edges { left: some(outer.left), right: some(outer.right), top: some(outer.top), bottom: some(outer.bottom) };
    let long = |room: Pt| {
        let length = (room - EDGE).min(LONG);
        if length.0 < SHORT.0 { Pt::ZERO } else { length }
    };
    let length = Edges {
        left: long(left - outer.left),
        top: long(top - outer.top),
        right: long(sheet.width - right - outer.right),
        bottom: long(sheet.height - bottom - outer.bottom),
    };
    Some(Block { trim: Rect::new(left, top, right - left, bottom - top), outer, length })
}

/// Distinct values in order.
fn distinct(values: impl Iterator<Item = Pt>) -> Vec<Pt> {
    let mut all: Vec<Pt> = values.collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.dedup_by(|a, b| (*a - *b).0.abs() < 0.03);
    all
}

/// The marks of one side.
#[must_use]
pub fn draw(places: &[Place], folds: &[Edge], sheet: Size, marks: Marks) -> Drawn {
    let mut drawn = Drawn::default();
    let Some(block) = block(places, sheet) else { return drawn };
    let (trim, outer, length) = (block.trim, block.outer, block.length);
    // Where marks begin, going outwards.
    let edge = Edges {
        left: trim.x - outer.left,
        right: trim.right() + outer.right,
        top: trim.y - outer.top,
        bottom: trim.bottom() + outer.bottom,
    };
    let xs = distinct(places.iter().flat_map(|p| [p.trim.x, p.trim.right()]));
    let ys = distinct(places.iter().flat_map(|p| [p.trim.y, p.trim.bottom()]));
    let down = |drawn: &mut Drawn, x: Pt, dashed| {
        for (from, to, n) in
            [(edge.top, edge.top - length.top, length.top), (edge.bottom, edge.bottom + length.bottom, length.bottom)]
        {
            if n.0 > 0.0 {
                drawn.lines.push(Line { from: (x, from), to: (x, to), dashed });
            }
        }
    };
    let across = |drawn: &mut Drawn, y: Pt, dashed| {
        for (from, to, n) in
            [(edge.left, edge.left - length.left, length.left), (edge.right, edge.right + length.right, length.right)]
        {
            if n.0 > 0.0 {
                drawn.lines.push(Line { from: (from, y), to: (to, y), dashed });
            }
        }
    };
    if marks.crop {
        xs.iter().for_each(|x| down(&mut drawn, *x, false));
        ys.iter().for_each(|y| across(&mut drawn, *y, false));
        corners(&mut drawn, &block, edge);
    }
    for fold in folds {
        match fold {
            Edge::Down(x) => down(&mut drawn, *x, true),
            Edge::Across(y) => across(&mut drawn, *y, true),
        }
    }
    let (middle_x, middle_y) = (trim.x + trim.width * 0.5, trim.y + trim.height * 0.5);
    let half = Pt::from_mm(3.0);
    let heads = [(edge.top - length.top * 0.5, length.top), (edge.bottom + length.bottom * 0.5, length.bottom)];
    let sides = [(edge.left - length.left * 0.5, length.left), (edge.right + length.right * 0.5, length.right)];
    if marks.center {
        down(&mut drawn, middle_x, false);
        across(&mut drawn, middle_y, false);
        for (y, n) in heads.into_iter().filter(|h| h.1.0 > 0.0) {
            let half = half.min(n * 0.5);
            drawn.lines.push(Line { from: (middle_x - half, y), to: (middle_x + half, y), dashed: false });
        }
        for (x, n) in sides.into_iter().filter(|s| s.1.0 > 0.0) {
            let half = half.min(n * 0.5);
            drawn.lines.push(Line { from: (x, middle_y - half), to: (x, middle_y + half), dashed: false });
        }
    }
    if marks.registration {
        let aside = Pt::from_mm(9.0);
        let points = heads
            .into_iter()
            .flat_map(|(y, n)| [(middle_x - aside, y, n), (middle_x + aside, y, n)])
            .chain(sides.into_iter().flat_map(|(x, n)| [(x, middle_y - aside, n), (x, middle_y + aside, n)]));
        for (x, y, n) in points.filter(|p| p.2.0 > 0.0) {
            let r = (n * 0.3).min(Pt::from_mm(2.0));
            drawn.circles.push(((x, y), r));
            let arm = r * 1.5;
            drawn.lines.push(Line { from: (x - arm, y), to: (x + arm, y), dashed: false });
            drawn.lines.push(Line { from: (x, y - arm), to: (x, y + arm), dashed: false });
        }
    }
    if marks.bar {
        let folds = folds.iter().filter_map(|f| if let Edge::Down(x) = f { Some(*x) } else { None });
        bar(&mut drawn, &block, edge, &distinct(xs.iter().copied().chain(folds)), middle_x);
    }
    drawn.slug = slug(&block, edge, &xs, &ys);
    drawn
}

/// The outer marks: at each corner a line on the bleed from the trim outwards, in both directions.
fn corners(drawn: &mut Drawn, block: &Block, edge: Edges<Pt>) {
    let (trim, length) = (block.trim, block.length);
    for (x, trim_x, end_x, nx) in [
        (edge.left, trim.x, edge.left - length.left, length.left),
        (edge.right, trim.right(), edge.right + length.right, length.right),
    ] {
        for (y, trim_y, end_y, ny) in [
            (edge.top, trim.y, edge.top - length.top, length.top),
            (edge.bottom, trim.bottom(), edge.bottom + length.bottom, length.bottom),
        ] {
            if nx.0 > 0.0 {
                drawn.lines.push(Line { from: (trim_x, y), to: (end_x, y), dashed: false });
            }
            if ny.0 > 0.0 {
                drawn.lines.push(Line { from: (x, trim_y), to: (x, end_y), dashed: false });
            }
        }
    }
}

const INKS: [[u8; 4]; 12] = [
    [100, 0, 0, 0],
    [0, 100, 0, 0],
    [0, 0, 100, 0],
    [0, 0, 0, 100],
    [50, 0, 0, 0],
    [0, 50, 0, 0],
    [0, 0, 50, 0],
    [0, 0, 0, 50],
    [100, 100, 0, 0],
    [100, 0, 100, 0],
    [0, 100, 100, 0],
    [50, 40, 40, 0],
];

/// Patches at the head of the sheet, right of the middle; where a mark stands, further on.
fn bar(drawn: &mut Drawn, block: &Block, edge: Edges<Pt>, xs: &[Pt], middle: Pt) {
    if block.length.top.0 < PATCH.0 + 3.0 {
        return;
    }
    let top = edge.top - Pt::from_mm(1.0) - PATCH;
    let mut x = middle + Pt::from_mm(15.0);
    let end = block.trim.right();
    for ink in INKS {
        while let Some(mark) = xs.iter().find(|m| m.0 > x.0 - 2.0 && m.0 < x.0 + PATCH.0 + 2.0) {
            x = *mark + Pt(3.0);
        }
        if (x + PATCH).0 > end.0 {
            return;
        }
        drawn.patches.push((Rect::new(x, top, PATCH, PATCH), ink));
        x += PATCH;
    }
}

/// Between the first two marks at the foot, else at the head, else up the left side.
fn slug(block: &Block, edge: Edges<Pt>, xs: &[Pt], ys: &[Pt]) -> Option<((Pt, Pt), u16)> {
    let aside = Pt::from_mm(2.0);
    let height = super::slug::SIZE;
    let needs = height + Pt(2.0);
    let begin = *xs.first()? + aside;
    if block.length.bottom.0 >= needs.0 {
        return Some(((begin, edge.bottom + (block.length.bottom + height) * 0.5), 0));
    }
    if block.length.top.0 >= needs.0 {
        return Some(((begin, edge.top - (block.length.top - height) * 0.5), 0));
    }
    if block.length.left.0 >= needs.0 {
        return Some(((edge.left - (block.length.left - height) * 0.5, *ys.last()? - aside), 90));
    }
    None
}

impl Drawn {
    /// As operators of a content stream whose resources have the colour space `All`.
    #[must_use]
    pub fn content(&self, sheet: Size) -> Vec<u8> {
        let mut text = String::new();
        use std::fmt::Write as _;
        let x = |x: Pt| Shown(x.0);
        let y = |y: Pt| Shown(sheet.height.0 - y.0);
        let _ = writeln!(text, "q /All CS 1 SCN {} w", Shown(LINE.0));
        for dashed in [false, true] {
            let mut lines = self.lines.iter().filter(|l| l.dashed == dashed).peekable();
            if lines.peek().is_none() {
                continue;
            }
            if dashed {
                text.push_str("[2.835 1.417] 0 d\n");
            }
            for line in lines {
                let (a, b) = (line.from, line.to);
                let _ = writeln!(text, "{} {} m {} {} l", x(a.0), y(a.1), x(b.0), y(b.1));
            }
            text.push_str("S\n");
        }
        if !self.circles.is_empty() {
            text.push_str("[] 0 d\n");
        }
        for ((cx, cy), r) in &self.circles {
            circle(&mut text, cx.0, sheet.height.0 - cy.0, r.0);
        }
        for (r, ink) in &self.patches {
            for v in ink {
                let _ = write!(text, "{} ", Shown(f32::from(*v) / 100.0));
            }
            let _ = writeln!(text, "k {} {} {} {} re f", x(r.x), y(r.bottom()), Shown(r.width.0), Shown(r.height.0));
        }
        text.push_str("Q\n");
        text.into_bytes()
    }
}

/// Four Bézier curves.
fn circle(text: &mut String, x: f32, y: f32, r: f32) {
    use std::fmt::Write as _;
    let k = r * 0.552_28;
    let _ = writeln!(text, "{} {} m", Shown(x + r), Shown(y));
    let curves = [
        [x + r, y + k, x + k, y + r, x, y + r],
        [x - k, y + r, x - r, y + k, x - r, y],
        [x - r, y - k, x - k, y - r, x, y - r],
        [x + k, y - r, x + r, y - k, x + r, y],
    ];
    for curve in curves {
        curve.iter().for_each(|v| _ = write!(text, "{} ", Shown(*v)));
        text.push_str("c\n");
    }
    text.push_str("S\n");
}

/// A length with at most three decimals.
pub(super) struct Shown(pub(super) f32);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let thousandths = (f64::from(self.0) * 1000.0).round() as i64;
        if thousandths < 0 {
            f.write_str("-")?;
        }
        let (whole, part) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
        if part == 0 {
            write!(f, "{whole}")
        } else {
            write!(f, "{whole}.{}", format!("{part:03}").trim_end_matches('0'))
        }
    }
}
