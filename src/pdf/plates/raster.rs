//! A coarse picture of a page in inks: one cell to a point (fewer on large pages), each with the share of every ink. What
//! is painted covers the cells whose middle lies in it; what is too thin for that, and text, only ever adds.

use std::rc::Rc;

use crate::base::{Affine, Point, Pt, Rect};
use crate::color::Blend;
use crate::page::Segment;

/// Named inks that are told apart; further ones share the last place.
pub(crate) const NAMED: usize = 7;
/// Cyan, magenta, yellow, black and the named inks.
pub(crate) const INKS: usize = 4 + NAMED;
/// The place of what is opaque in a [`Cell`].
const ALPHA: usize = INKS;
/// Cells of one page.
const MOST: f32 = 600_000.0;
/// Pieces that a curve is made of.
const PIECES: usize = 8;
/// Cells on a side of the map of a picture.
const TILES: usize = 24;
/// Lines of one outline.
const MOST_LINES: usize = 400_000;
/// Places at which one outline crosses rows of cells: what goes beyond is left out.
const MOST_CROSSINGS: usize = 2_000_000;
/// Cells that are looked at for one page, some three seconds: what comes later is not counted.
const MOST_WORK: u64 = 1_000_000_000;

/// Ink by ink, 255 = solid, already weighed by how opaque it is; the last place says how opaque.
pub(crate) type Cell = [u8; INKS + 1];

/// Paper: no ink, opaque.
const PAPER: Cell = {
    let mut cell = [0; INKS + 1];
    cell[ALPHA] = 255;
    cell
};

/// How what is painted meets what is below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meets {
    Covers,
    /// Only the inks with a bit here take the place of what is below.
    Overprints(u16),
    Blends(Blend),
}

impl Meets {
    pub(crate) const fn of(blend: Blend) -> Self {
        match blend {
            Blend::Normal => Self::Covers,
            other => Self::Blends(other),
        }
    }
}

/// What one place is painted with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drop {
    pub(crate) ink: Cell,
    /// Whether the whole cell is surely painted so.
    pub(crate) sure: bool,
}

/// Ink shares (0..1), for a flat area.
pub(crate) fn cell(process: [f32; 4], opacity: f32) -> Cell {
    let mut out = [0; INKS + 1];
    let opacity = opacity.clamp(0.0, 1.0);
    for (place, ink) in out.iter_mut().zip(process) {
        *place = byte(ink * opacity);
    }
    out[ALPHA] = byte(opacity);
    out
}

/// The same of a named ink at `plane`, one of `4..INKS`.
pub(crate) fn named(plane: usize, tint: f32, opacity: f32) -> Cell {
    let mut out = cell([0.0; 4], opacity);
    if let Some(place) = out.get_mut(plane).filter(|_| plane < INKS) {
        *place = byte(tint * opacity.clamp(0.0, 1.0));
    }
    out
}

pub(crate) fn byte(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

fn part(a: u8, b: u8) -> u8 {
    let product = u32::from(a) * u32::from(b) + 128;
    ((product + (product >> 8)) >> 8) as u8
}

/// `cell` seen through something that lets so much of it through.
pub(crate) fn thinned(cell: Cell, by: u8) -> Cell {
    if by == 255 { cell } else { cell.map(|v| part(v, by)) }
}

/// A stretch of cells in one row: row, from, to.
type Span = (u32, u32, u32);

/// What may be painted: the whole, a rectangle of it, or some of its cells.
#[derive(Clone, Debug)]
pub(crate) struct Clip {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
    mask: Option<Rc<Vec<bool>>>,
}

/// An outline in cells, as lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    lines: Vec<[f32; 4]>,
}

impl Outline {
    /// `closes`: what is open is closed, as for filling.
    pub(crate) fn of(segments: &[Segment], m: &Affine, closes: bool) -> Self {
        let mut out = Self::default();
        let end = |out: &mut Self, at, start| {
            if closes {
                out.line(at, start);
            }
        };
        let point = |p: &Point| {
            let p = m.apply(*p);
            (p.x.0, p.y.0)
        };
        let (mut start, mut at) = ((0.0, 0.0), (0.0, 0.0));
        for segment in segments {
            match segment {
                Segment::Rect(r) => {
                    end(&mut out, at, start);
                    let corners = [(r.x, r.y), (r.right(), r.y), (r.right(), r.bottom()), (r.x, r.bottom())]
                        .map(|(x, y)| point(&Point::new(x, y)));
                    for i in 0..4 {
                        out.line(corners[i], corners[(i + 1) % 4]);
                    }
                    (start, at) = (corners[0], corners[0]);
                }
                Segment::Move(p) => {
                    end(&mut out, at, start);
                    (start, at) = (point(p), point(p));
                }
                Segment::Line(p) => {
                    let to = point(p);
                    out.line(at, to);
                    at = to;
                }
                Segment::Cubic(a, b, c) => {
                    let (a, b, c) = (point(a), point(b), point(c));
                    let from = at;
                    for i in 1..=PIECES {
                        let t = i as f32 / PIECES as f32;
                        let mix = |p: [f32; 4]| {
                            let s = 1.0 - t;
                            s * s * s * p[0] + 3.0 * s * s * t * p[1] + 3.0 * s * t * t * p[2] + t * t * t * p[3]
                        };
                        let to = (mix([from.0, a.0, b.0, c.0]), mix([from.1, a.1, b.1, c.1]));
                        out.line(at, to);
                        at = to;
                    }
                }
                Segment::Close => {
                    out.line(at, start);
                    at = start;
                }
            }
        }
        end(&mut out, at, start);
        out
    }

    fn line(&mut self, a: (f32, f32), b: (f32, f32)) {
        if a != b && [a.0, a.1, b.0, b.1].iter().all(|v| v.is_finite()) && self.lines.len() < MOST_LINES {
            self.lines.push([a.0, a.1, b.0, b.1]);
        }
    }
}

/// A picture, or artwork, in cells of its own: the fullest of its pixels in each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Map {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) cells: Vec<Cell>,
    /// Whether all of the cell is so opaque.
    pub(crate) sure: Vec<bool>,
}

impl Map {
    /// The map of a picture with so many pixels; `at` gives the inks of each, row by row.
    pub(crate) fn of(width: usize, height: usize, mut at: impl FnMut(usize) -> Cell) -> Self {
        let (w, h) = (width.clamp(1, TILES), height.clamp(1, TILES));
        let mut cells = vec![[0; INKS + 1]; w * h];
        let mut most = vec![0u32; w * h];
        let mut least = vec![255u8; w * h];
        for y in 0..height {
            let row = y * h / height * w;
            for x in 0..width {
                let tile = row + x * w / width;
                let ink = at(y * width + x);
                let sum = sum(&ink) + 1;
                if sum > most[tile] {
                    (most[tile], cells[tile]) = (sum, ink);
                }
                least[tile] = least[tile].min(ink[ALPHA]);
            }
        }
        let sure = cells.iter().zip(least).map(|(cell, least)| cell[ALPHA] == least).collect();
        Self { width: w, height: h, cells, sure }
    }

    /// The same as it is seen when a file's EXIF data turn it (EXIF 2.32, tag 0x0112).
    pub(crate) fn upright(self, orientation: u8) -> Self {
        let (w, h) = (self.width, self.height);
        let (width, height) = if orientation >= 5 { (h, w) } else { (w, h) };
        let from = |x: usize, y: usize| match orientation {
            2 => (w - 1 - x, y),
            3 => (w - 1 - x, h - 1 - y),
            4 => (x, h - 1 - y),
            5 => (y, x),
            6 => (y, h - 1 - x),
            7 => (w - 1 - y, h - 1 - x),
            8 => (w - 1 - y, x),
            _ => (x, y),
        };
        let places: Vec<usize> = (0..width * height)
            .map(|at| {
                let (x, y) = from(at % width, at / width);
                y * w + x
            })
            .collect();
        let cells = places.iter().filter_map(|at| self.cells.get(*at).copied()).collect();
        let sure = places.iter().filter_map(|at| self.sure.get(*at).copied()).collect();
        Self { width, height, cells, sure }
    }

    /// The fullest cell within a box of the unit square, y down.
    fn fullest(&self, (left, right): (f32, f32), (top, bottom): (f32, f32)) -> Option<Drop> {
        let range = |from: f32, to: f32, count: usize| {
            let last = count.checked_sub(1)?;
            let at = |v: f32| ((v * count as f32).max(0.0) as usize).min(last);
            // what only touches the next cell is not in it
            Some((at(from + 1e-4), at(to - 1e-4).max(at(from + 1e-4))))
        };
        let (xs, ys) = (range(left, right, self.width)?, range(top, bottom, self.height)?);
        let mut found: Option<(u32, Drop)> = None;
        let mut sure = true;
        for y in ys.0..=ys.1 {
            for x in xs.0..=xs.1 {
                let at = y * self.width + x;
                let ink = *self.cells.get(at)?;
                sure &= self.sure.get(at).copied().unwrap_or(false);
                let sum = sum(&ink) + u32::from(ink[ALPHA]);
                if found.is_none_or(|(most, _)| sum > most) {
                    found = Some((sum, Drop { ink, sure }));
                }
            }
        }
        found.map(|(_, drop)| Drop { sure, ..drop })
    }
}

/// All ink of a cell.
fn sum(cell: &Cell) -> u32 {
    cell.iter().take(INKS).map(|v| u32::from(*v)).sum()
}

/// The plates of a page, one over the other.
#[derive(Debug)]
pub(crate) struct Plates {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// From the page's coordinates to cells.
    pub(crate) to_cells: Affine,
    cells: Vec<Cell>,
    /// Inks that count against the limit.
    pub(crate) counts: [bool; INKS],
    /// Groups that are under way: what lies below them.
    below: Vec<Vec<Cell>>,
    /// Cells that were looked at.
    work: u64,
}

/// Groups within each other that are painted apart.
const MOST_GROUPS: usize = 12;

impl Plates {
    /// The plates of a box of a page; `to_cells` maps a coordinate of the page to points from the box's upper left corner.
    pub(crate) fn new(width: f32, height: f32, from_page: &Affine) -> Self {
        let area = (width * height).max(1.0);
        let scale = if area > MOST { (MOST / area).sqrt() } else { 1.0 };
        let cells = |v: f32| if v.is_finite() { ((v * scale).ceil().max(1.0) as usize).min(60_000) } else { 1 };
        let (mut w, mut h) = (cells(width), cells(height));
        // a ribbon: its longer side was cut
        if w * h > 2 * MOST as usize {
            (w, h) = (w.min(1_000), h.min(1_000));
        }
        let to_cells = from_page.then(&Affine::scale(w as f32 / width.max(1e-6), h as f32 / height.max(1e-6)));
        Self {
            width: w,
            height: h,
            to_cells,
            cells: vec![PAPER; w * h],
            counts: [true; INKS],
            below: Vec::new(),
            work: 0,
        }
    }

    /// The same without paper: for something that is placed elsewhere.
    pub(crate) fn without_paper(mut self) -> Self {
        self.cells.fill([0; INKS + 1]);
        self
    }

    /// Whether so much was painted that nothing more is.
    pub(crate) fn is_worn(&self) -> bool {
        self.work > MOST_WORK
    }

    /// The outline of the whole.
    pub(crate) fn whole(&self) -> Outline {
        let (w, h) = (self.width as f32, self.height as f32);
        let mut all = Outline::default();
        for (a, b) in [((0.0, 0.0), (w, 0.0)), ((w, 0.0), (w, h)), ((w, h), (0.0, h)), ((0.0, h), (0.0, 0.0))] {
            all.line(a, b);
        }
        all
    }

    /// The fullest cell.
    pub(crate) fn fullest(&self) -> Cell {
        self.cells.iter().max_by_key(|cell| (counted(cell, &self.counts), cell[ALPHA])).copied().unwrap_or_default()
    }

    pub(crate) fn all(&self) -> Clip {
        Clip { left: 0, top: 0, right: self.width as u32, bottom: self.height as u32, mask: None }
    }

    /// What of `clip` also lies in an outline.
    pub(crate) fn cut(&mut self, clip: &Clip, outline: &Outline, even_odd: bool) -> Clip {
        let spans = self.spans(outline, even_odd);
        let mut cut = Clip { left: u32::MAX, top: u32::MAX, right: 0, bottom: 0, mask: None };
        for (y, from, to) in &spans {
            cut.top = cut.top.min(*y);
            cut.bottom = cut.bottom.max(y + 1);
            cut.left = cut.left.min(*from);
            cut.right = cut.right.max(*to);
        }
        if spans.is_empty() {
            return Clip { left: 0, top: 0, right: 0, bottom: 0, mask: None };
        }
        let is_rect = spans.len() == (cut.bottom - cut.top) as usize
            && spans.iter().all(|(_, from, to)| (*from, *to) == (cut.left, cut.right));
        cut.left = cut.left.max(clip.left);
        cut.top = cut.top.max(clip.top);
        cut.right = cut.right.min(clip.right);
        cut.bottom = cut.bottom.min(clip.bottom);
        if is_rect {
            return Clip { mask: clip.mask.clone(), ..cut };
        }
        self.work += self.cells.len() as u64;
        let mut mask = vec![false; self.cells.len()];
        for (y, from, to) in spans {
            for x in from..to {
                let at = y as usize * self.width + x as usize;
                if let Some(place) = mask.get_mut(at) {
                    *place = clip.mask.as_ref().is_none_or(|m| m.get(at).copied().unwrap_or(false));
                }
            }
        }
        Clip { mask: Some(Rc::new(mask)), ..cut }
    }

    /// The rows of an outline.
    fn spans(&mut self, outline: &Outline, even_odd: bool) -> Vec<Span> {
        let mut crossings: Vec<(u32, f32, i32)> = Vec::new();
        for &[x0, y0, x1, y1] in &outline.lines {
            if crossings.len() > MOST_CROSSINGS {
                break;
            }
            let (top, bottom, way) = if y0 < y1 { (y0, y1, 1) } else { (y1, y0, -1) };
            let first = (top - 0.5).ceil().max(0.0);
            let last = (bottom - 0.5).ceil().min(self.height as f32);
            let slope = (x1 - x0) / (y1 - y0);
            let mut row = first;
            while row < last {
                crossings.push((row as u32, x0 + (row + 0.5 - y0) * slope, way));
                row += 1.0;
            }
        }
        self.work += crossings.len() as u64;
        crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut spans: Vec<Span> = Vec::new();
        let column = |x: f32| (x - 0.5).ceil().clamp(0.0, self.width as f32) as u32;
        let (mut wound, mut row, mut from) = (0, u32::MAX, 0.0);
        for (y, x, way) in crossings {
            if y != row {
                (wound, row) = (0, y);
            }
            let inside = |w: i32| if even_odd { w % 2 != 0 } else { w != 0 };
            let before = inside(wound);
            wound += if even_odd { 1 } else { way };
            match (before, inside(wound)) {
                (false, true) => from = x,
                (true, false) => {
                    let (from, to) = (column(from), column(x));
                    match spans.last_mut() {
                        Some(last) if last.0 == y && last.2 == from && from < to => last.2 = to,
                        _ if from < to => spans.push((y, from, to)),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        spans
    }

    /// The cells that lines touch, for what is too thin to hold the middle of any.
    fn touched(&mut self, lines: &[[f32; 4]]) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for &[x0, y0, x1, y1] in lines {
            let long = (x1 - x0).abs().max((y1 - y0).abs()).min(4.0 * (self.width + self.height) as f32);
            let steps = (long * 2.0) as usize + 1;
            self.work += steps as u64;
            if self.is_worn() || spans.len() > MOST_CROSSINGS {
                break;
            }
            for i in 0..=steps {
                let t = i as f32 / steps as f32;
                let (x, y) = (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t);
                if x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height {
                    let span = (y as u32, x as u32, x as u32 + 1);
                    if spans.last() != Some(&span) {
                        spans.push(span);
                    }
                }
            }
        }
        spans.sort_unstable();
        spans.dedup();
        spans
    }

    /// Paints an outline.
    pub(crate) fn fill(&mut self, clip: &Clip, outline: &Outline, even_odd: bool, meets: Meets, ink: Cell) {
        self.fill_with(clip, outline, even_odd, meets, |_, _| Some(Drop { ink, sure: true }));
    }

    /// The same, from cell to cell.
    pub(crate) fn fill_with(
        &mut self,
        clip: &Clip,
        outline: &Outline,
        even_odd: bool,
        meets: Meets,
        at: impl Fn(f32, f32) -> Option<Drop>,
    ) {
        let spans = self.spans(outline, even_odd);
        if spans.is_empty() {
            let touched = self.touched(&outline.lines);
            self.paint(clip, &touched, meets, |x, y| at(x, y).map(|drop| Drop { sure: false, ..drop }));
        } else {
            self.paint(clip, &spans, meets, at);
        }
    }

    /// Strokes an outline; `width` in cells.
    pub(crate) fn stroke(&mut self, clip: &Clip, outline: &Outline, width: f32, meets: Meets, ink: Cell) {
        if width < 1.0 {
            let touched = self.touched(&outline.lines);
            return self.paint(clip, &touched, meets, |_, _| Some(Drop { ink, sure: false }));
        }
        let half = width / 2.0;
        let mut spans = Vec::new();
        for &[x0, y0, x1, y1] in &outline.lines {
            let long = ((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)).sqrt();
            if long <= 0.0 {
                continue;
            }
            self.work += 16;
            if self.is_worn() || spans.len() > MOST_CROSSINGS {
                break;
            }
            let (dx, dy) = ((x1 - x0) / long * half, (y1 - y0) / long * half);
            // a corner is filled by both of its lines
            let (x0, y0, x1, y1) = (x0 - dx, y0 - dy, x1 + dx, y1 + dy);
            let corners = [(x0 - dy, y0 + dx), (x1 - dy, y1 + dx), (x1 + dy, y1 - dx), (x0 + dy, y0 - dx)];
            let mut quad = Outline::default();
            for i in 0..4 {
                quad.line(corners[i], corners[(i + 1) % 4]);
            }
            spans.extend(self.spans(&quad, false));
        }
        // each cell once, as one shape
        spans.sort_unstable();
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if last.0 == span.0 && span.1 <= last.2 => last.2 = last.2.max(span.2),
                _ => joined.push(span),
            }
        }
        self.paint(clip, &joined, meets, |_, _| Some(Drop { ink, sure: true }));
    }

    /// Adds ink that may be anywhere in a box of cells, and hides nothing: text.
    pub(crate) fn sprinkle(&mut self, clip: &Clip, corners: [(f32, f32); 4], meets: Meets, ink: Cell) {
        let mut outline = Outline::default();
        for i in 0..4 {
            outline.line(corners[i], corners[(i + 1) % 4]);
        }
        self.fill_with(clip, &outline, false, meets, |_, _| Some(Drop { ink, sure: false }));
    }

    /// Draws a map into the unit square (y down) that `m` leads to cells.
    pub(crate) fn map(&mut self, clip: &Clip, map: &Map, m: &Affine, meets: Meets, through: &dyn Fn(Cell) -> Cell) {
        let Some(back) = m.inverse() else { return };
        let unit = Rect::new(Pt(0.0), Pt(0.0), Pt(1.0), Pt(1.0));
        let outline = Outline::of(&[Segment::Rect(unit)], m, true);
        let (du, dv) = ((back.a.abs() + back.c.abs()) / 2.0, (back.b.abs() + back.d.abs()) / 2.0);
        self.fill_with(clip, &outline, false, meets, |x, y| {
            let u = back.a * x + back.c * y + back.e;
            let v = back.b * x + back.d * y + back.f;
            let drop = map.fullest((u - du, u + du), (v - dv, v + dv))?;
            Some(Drop { ink: through(drop.ink), ..drop })
        });
    }

    fn paint(&mut self, clip: &Clip, spans: &[Span], meets: Meets, at: impl Fn(f32, f32) -> Option<Drop>) {
        for &(y, from, to) in spans {
            if y < clip.top || y >= clip.bottom {
                continue;
            }
            if self.is_worn() {
                return;
            }
            self.work += u64::from(to - from) + 8;
            let row = y as usize * self.width;
            for x in from.max(clip.left)..to.min(clip.right) {
                let place = row + x as usize;
                if clip.mask.as_ref().is_some_and(|m| !m.get(place).copied().unwrap_or(false)) {
                    continue;
                }
                let Some(drop) = at(x as f32 + 0.5, y as f32 + 0.5) else { continue };
                let Some(cell) = self.cells.get_mut(place) else { continue };
                let after = met(cell, &drop.ink, meets);
                if drop.sure || counted(&after, &self.counts) > counted(cell, &self.counts) {
                    *cell = after;
                }
            }
        }
    }

    /// What follows up to [`Self::end_group`] is painted apart; false where there are too many within each other.
    pub(crate) fn begin_group(&mut self) -> bool {
        if self.below.len() >= MOST_GROUPS || self.is_worn() {
            return false;
        }
        self.work += 8 * self.cells.len() as u64;
        let empty = vec![[0; INKS + 1]; self.cells.len()];
        self.below.push(std::mem::replace(&mut self.cells, empty));
        true
    }

    /// Lays the group on what was there before it, seen through `opacity` and, cell by cell, through `mask`.
    pub(crate) fn end_group(&mut self, opacity: u8, mask: Option<&[u8]>, meets: Meets) {
        let Some(below) = self.below.pop() else { return };
        let group = std::mem::replace(&mut self.cells, below);
        for (at, (cell, over)) in self.cells.iter_mut().zip(group).enumerate() {
            if over[ALPHA] > 0 {
                let here = mask.map_or(255, |m| m.get(at).copied().unwrap_or(0));
                *cell = met(cell, &thinned(over, part(opacity, here)), meets);
            }
        }
    }

    /// Takes the group away again and gives how light or opaque each cell of it is, 255 = all lets through (11.5).
    pub(crate) fn end_mask(&mut self, by_light: bool) -> Vec<u8> {
        let Some(below) = self.below.pop() else { return Vec::new() };
        let group = std::mem::replace(&mut self.cells, below);
        let light = |cell: Cell| {
            let [c, m, y, k] = [cell[0], cell[1], cell[2], cell[3]].map(u32::from);
            let dark = ((c * 30 + m * 59 + y * 11) / 100 + k).min(255);
            u32::from(cell[ALPHA]).saturating_sub(dark) as u8
        };
        group.into_iter().map(|cell| if by_light { light(cell) } else { cell[ALPHA] }).collect()
    }

    /// The most ink of any cell, 1 = one solid, with the cell's box: left, top, right, bottom in cells.
    pub(crate) fn most(&self) -> (f32, [f32; 4]) {
        let mut most = 0;
        let mut bounds = [u32::MAX, u32::MAX, 0, 0];
        for y in 0..self.height {
            let mut row = false;
            for x in 0..self.width {
                let sum = self.cells.get(y * self.width + x).map_or(0, |cell| counted(cell, &self.counts));
                let (x, y) = (x as u32, y as u32);
                if sum > most {
                    (most, bounds, row) = (sum, [x, y, x + 1, y + 1], true);
                } else if sum == most && most > 0 && (row || y <= bounds[3]) {
                    bounds = [bounds[0].min(x), bounds[1], bounds[2].max(x + 1), bounds[3].max(y + 1)];
                    row = true;
                }
            }
        }
        let bounds = if most == 0 { [0.0; 4] } else { bounds.map(|v| v as f32) };
        (most as f32 / 255.0, bounds)
    }

    /// The whole as a map, for placing it elsewhere.
    pub(crate) fn into_map(self) -> Map {
        let sure = self.cells.iter().map(|c| c[ALPHA] == 255 || c[ALPHA] == 0).collect();
        Map { width: self.width, height: self.height, cells: self.cells, sure }
    }
}

/// What counts of the ink of a cell.
fn counted(cell: &Cell, counts: &[bool; INKS]) -> u32 {
    cell.iter().zip(counts).filter(|(_, counts)| **counts).map(|(v, _)| u32::from(*v)).sum()
}

/// What comes of two layers (ISO 32000-1, 11.3.3 and 11.3.5, in inks: 0 is white).
fn met(below: &Cell, over: &Cell, meets: Meets) -> Cell {
    let mut out = *below;
    let left = 255 - over[ALPHA];
    let alpha = over[ALPHA].saturating_add(part(below[ALPHA], left));
    for (at, (place, ink)) in out.iter_mut().zip(over).take(INKS).enumerate() {
        let normal = ink.saturating_add(part(*place, left));
        *place = match meets {
            Meets::Covers => normal,
            Meets::Overprints(planes) if planes >> at & 1 == 1 => normal,
            Meets::Overprints(_) => *place,
            Meets::Blends(Blend::Screen) => part(*place, left).saturating_add(part(*place, *ink)),
            Meets::Blends(Blend::Lighten) => part(*place, left).saturating_add(part(*place, over[ALPHA]).min(*ink)),
            Meets::Blends(Blend::Darken) => part(*place, left).saturating_add(part(*place, over[ALPHA]).max(*ink)),
            // Multiply; and no other mode makes more of two inks than this
            Meets::Blends(_) => place.saturating_add(part(*ink, 255 - *place)),
        };
    }
    out[ALPHA] = alpha;
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: f32, y: f32, w: f32, h: f32) -> Outline {
        Outline::of(&[Segment::Rect(Rect::new(Pt(x), Pt(y), Pt(w), Pt(h)))], &Affine::IDENTITY, true)
    }

    fn plates() -> Plates {
        Plates::new(50.0, 50.0, &Affine::IDENTITY)
    }

    fn percent(plates: &Plates) -> u32 {
        (plates.most().0 * 100.0).round() as u32
    }

    const WARM: [f32; 4] = [0.0, 1.0, 1.0, 0.0];
    const COLD: [f32; 4] = [1.0, 0.0, 0.0, 0.5];

    #[test]
    fn what_covers_takes_away_and_what_overprints_adds() {
        let mut p = plates();
        let all = p.all();
        p.fill(&all, &rect(0.0, 0.0, 30.0, 30.0), false, Meets::Covers, cell(WARM, 1.0));
        p.fill(&all, &rect(0.0, 0.0, 30.0, 30.0), false, Meets::Covers, cell(COLD, 1.0));
        assert_eq!(percent(&p), 150, "nothing is left of what was covered");
        p.fill(&all, &rect(10.0, 10.0, 5.0, 5.0), false, Meets::Overprints(0b0110), cell(WARM, 1.0));
        assert_eq!((percent(&p), p.most().1), (350, [10.0, 10.0, 15.0, 15.0]));
        p.fill(&all, &rect(10.0, 10.0, 5.0, 5.0), false, Meets::Covers, named(4, 0.5, 1.0));
        assert_eq!(percent(&p), 150);
    }

    #[test]
    fn half_opaque_ink_is_half_of_it_and_half_of_what_is_below() {
        let mut p = plates();
        let all = p.all();
        p.fill(&all, &rect(0.0, 0.0, 50.0, 50.0), false, Meets::Covers, cell(WARM, 1.0));
        p.fill(&all, &rect(0.0, 0.0, 20.0, 50.0), false, Meets::Covers, cell([1.0; 4], 0.5));
        assert_eq!(percent(&p), 300);
        p.fill(
            &all,
            &rect(20.0, 0.0, 30.0, 50.0),
            false,
            Meets::Blends(Blend::Multiply),
            cell([0.5, 0.5, 0.0, 1.0], 1.0),
        );
        assert_eq!(percent(&p), 350);
    }

    #[test]
    fn a_group_is_laid_on_as_one() {
        let mut p = plates();
        let all = p.all();
        assert!(p.begin_group());
        p.fill(&all, &rect(0.0, 0.0, 50.0, 50.0), false, Meets::Covers, cell(WARM, 1.0));
        p.fill(&all, &rect(0.0, 0.0, 50.0, 50.0), false, Meets::Covers, cell(COLD, 1.0));
        p.end_group(128, None, Meets::Covers);
        assert!((74..=76).contains(&percent(&p)), "half of what lies on top alone: {}", percent(&p));
    }

    #[test]
    fn thin_lines_and_text_add_and_hide_nothing() {
        let mut p = plates();
        let all = p.all();
        p.fill(&all, &rect(0.0, 0.0, 50.0, 50.0), false, Meets::Covers, cell(COLD, 1.0));
        p.fill(&all, &rect(5.0, 5.2, 30.0, 0.1), false, Meets::Covers, cell([1.0, 1.0, 1.0, 0.0], 1.0));
        assert_eq!(percent(&p), 300);
        p.stroke(&all, &rect(5.0, 5.2, 30.0, 20.0), 0.2, Meets::Covers, cell([0.0; 4], 1.0));
        assert_eq!(percent(&p), 300, "white text lets all between it stand");
        p.stroke(&all, &rect(10.0, 10.0, 20.0, 20.0), 4.0, Meets::Covers, cell([1.0; 4], 1.0));
        assert_eq!((percent(&p), p.most().1), (400, [8.0, 8.0, 32.0, 32.0]));
    }

    #[test]
    fn outlines_cut_and_holes_stay_open() {
        let mut p = plates();
        let round = {
            let p = |x, y| Point::new(Pt(x), Pt(y));
            [
                Segment::Move(p(25.0, 5.0)),
                Segment::Cubic(p(36.0, 5.0), p(45.0, 14.0), p(45.0, 25.0)),
                Segment::Cubic(p(45.0, 36.0), p(36.0, 45.0), p(25.0, 45.0)),
                Segment::Cubic(p(14.0, 45.0), p(5.0, 36.0), p(5.0, 25.0)),
                Segment::Cubic(p(5.0, 14.0), p(14.0, 5.0), p(25.0, 5.0)),
                Segment::Rect(Rect::new(Pt(20.0), Pt(20.0), Pt(10.0), Pt(10.0))),
            ]
        };
        let outline = Outline::of(&round, &Affine::IDENTITY, true);
        let all = p.all();
        let clip = p.cut(&all, &outline, true);
        p.fill(&clip, &rect(0.0, 0.0, 50.0, 50.0), false, Meets::Covers, cell(WARM, 1.0));
        let at = |p: &Plates, x: usize, y: usize| sum(&p.cells[y * p.width + x]);
        assert_eq!([at(&p, 25, 10), at(&p, 25, 25), at(&p, 6, 6), at(&p, 0, 25)], [510, 0, 0, 0]);
    }

    #[test]
    fn a_picture_counts_where_it_is_seen() {
        // dark at the left, light at the right
        let map = Map::of(200, 100, |at| cell([0.0, 0.0, 0.0, if at % 200 < 20 { 1.0 } else { 0.2 }], 1.0));
        let m = Affine { a: 40.0, b: 0.0, c: 0.0, d: 20.0, e: 5.0, f: 5.0 };
        let mut p = plates();
        let all = p.all();
        p.map(&all, &map, &m, Meets::Covers, &|c| c);
        assert_eq!(percent(&p), 100);
        p.fill(&all, &rect(0.0, 0.0, 15.0, 50.0), false, Meets::Covers, cell([0.0; 4], 1.0));
        assert_eq!(percent(&p), 20, "the dark part is covered");
        let turned = Map::of(2, 1, |at| cell([0.0, 0.0, 0.0, at as f32], 1.0)).upright(6);
        assert_eq!((turned.width, turned.height), (1, 2));
        assert_eq!([turned.cells[0][3], turned.cells[1][3]], [0, 255], "what was right is below");
    }
}
