//! Plates from the operators of a file (ISO 32000-1, annex A): artwork that is placed, and finished files.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::function::Function;
use super::gradient::Axis;
use super::items::{Placed, planes};
use super::picture::of_pixels;
use super::raster::{Cell, Clip, Drop, INKS, Map, Meets, NAMED, Outline, Plates, byte, cell, thinned};
use crate::asset::image::jpeg_samples;
use crate::base::{Affine, Point, Pt, Rect};
use crate::color::{Blend, Ink, convert::Conversion};
use crate::cos::read::{self, Dict, Object, Reader, Stream, Value, operators};
use crate::page::Segment;

/// Forms within each other.
const DEPTH: usize = 20;
/// Operators of one page, forms included.
const OPERATORS: usize = 4_000_000;
/// States that wait for their `Q`.
const STATES: usize = 512;
/// Bytes of forms that are kept unpacked, and maps of pictures.
const KEPT: usize = 16 << 20;
const MAPS: usize = 1024;
/// Pixels of one picture.
const PIXELS: usize = 100_000_000;
/// Segments of one outline.
const SEGMENTS: usize = 200_000;
/// Steps of a gradient.
const STEPS: usize = 64;

/// The ink of a page of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FileInk {
    /// The most of any place, in percent.
    pub percent: f32,
    /// What could not be looked into: patterns, pictures and gradients of rare kinds.
    pub unread: u64,
}

/// Pages of one file, one after the other.
#[derive(Debug, Default)]
pub struct Scan {
    /// What the press makes of screen colours; the plain formula without.
    conversion: Option<Conversion>,
    maps: FxHashMap<u32, Option<Rc<Map>>>,
    forms: FxHashMap<u32, Rc<Vec<u8>>>,
    held: usize,
}

impl Scan {
    #[must_use]
    pub fn new(conversion: Option<Conversion>) -> Self {
        Self { conversion, ..Self::default() }
    }

    /// The most ink on a page of the file; `counts` says which named inks count.
    pub fn page(
        &mut self,
        reader: &mut Reader,
        page: &read::Page,
        content: &[u8],
        counts: &dyn Fn(&str) -> bool,
    ) -> FileInk {
        let media = &page.boxes.bleed;
        let plates = plates_of(media);
        let conversion = self.conversion.take();
        let mut walk = Walk::new(self, conversion.as_ref(), plates, counts);
        walk.whole(reader, content, &page.resources);
        let (most, unread) = (walk.plates.most().0, walk.unread);
        self.conversion = conversion;
        FileInk { percent: most * 100.0, unread }
    }
}

fn plates_of(area: &read::Rect) -> Plates {
    let (w, h) = (area.right - area.left, area.top - area.bottom);
    Plates::new(w, h, &Affine { a: 1.0, b: 0.0, c: 0.0, d: -1.0, e: -area.left, f: area.top })
}

/// The plates of a page that is placed elsewhere.
pub(in crate::pdf) fn placed(
    reader: &mut Reader,
    page: &read::Page,
    area: &read::Rect,
    conversion: Option<&Conversion>,
) -> Option<Placed> {
    let mut content = Vec::new();
    for stream in page.contents(reader).ok()? {
        content.extend(reader.unpacked(&stream).ok()?);
        content.push(b'\n');
    }
    let mut scan = Scan::default();
    let mut walk = Walk::new(&mut scan, conversion, plates_of(area).without_paper(), &|_| true);
    walk.whole(reader, &content, &page.resources);
    let names = walk.names.clone();
    Some(Placed { map: walk.plates.into_map(), names })
}

/// What an ink of a space is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Plane {
    At(usize),
    All,
    None,
}

#[derive(Clone, Debug, Default)]
enum Space {
    #[default]
    Gray,
    Rgb,
    Cmyk {
        /// Not by way of a profile: what is 0 may leave what is below alone.
        plain: bool,
    },
    Named(Rc<Vec<Plane>>),
    /// Its colours, ready.
    Indexed(Rc<Vec<(Cell, u16)>>),
    Pattern(Option<Rc<Self>>),
    Other,
}

impl Space {
    fn components(&self) -> usize {
        match self {
            Self::Gray | Self::Indexed(_) => 1,
            Self::Rgb | Self::Other => 3,
            Self::Cmyk { .. } => 4,
            Self::Named(all) => all.len(),
            Self::Pattern(_) => 0,
        }
    }
}

#[derive(Clone, Debug)]
struct Paint {
    space: Space,
    ink: Cell,
    /// The inks that overprinting puts in the place of what is below.
    planes: u16,
    pattern: Option<Box<[u8]>>,
}

#[derive(Clone, Debug)]
struct State {
    m: Affine,
    clip: Clip,
    fill: Paint,
    stroke: Paint,
    alpha: [f32; 2],
    over: [bool; 2],
    nonzero: bool,
    blend: Blend,
    mask: Option<Rc<Vec<u8>>>,
    width: f32,
    font: Option<Rc<Font>>,
    size: f32,
    spaces: [f32; 2],
    scale: f32,
    leading: f32,
    rise: f32,
    shown: bool,
}

#[derive(Debug, Default)]
struct Font {
    wide: bool,
    vertical: bool,
    usual: f32,
    first: usize,
    widths: Vec<f32>,
    by_code: FxHashMap<usize, f32>,
}

struct Walk<'s> {
    scan: &'s mut Scan,
    conversion: Option<&'s Conversion>,
    plates: Plates,
    names: Vec<Arc<str>>,
    counts: &'s dyn Fn(&str) -> bool,
    left: usize,
    unread: u64,
}

impl<'s> Walk<'s> {
    fn new(
        scan: &'s mut Scan,
        conversion: Option<&'s Conversion>,
        plates: Plates,
        counts: &'s dyn Fn(&str) -> bool,
    ) -> Self {
        Self { scan, conversion, plates, names: Vec::new(), counts, left: OPERATORS, unread: 0 }
    }

    fn whole(&mut self, reader: &mut Reader, content: &[u8], resources: &Value) {
        let black = Paint { space: Space::Gray, ink: cell([0.0, 0.0, 0.0, 1.0], 1.0), planes: 0b1111, pattern: None };
        let state = State {
            m: self.plates.to_cells,
            clip: self.plates.all(),
            fill: black.clone(),
            stroke: black,
            alpha: [1.0; 2],
            over: [false; 2],
            nonzero: false,
            blend: Blend::Normal,
            mask: None,
            width: 1.0,
            font: None,
            size: 0.0,
            spaces: [0.0; 2],
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            shown: true,
        };
        let resources = dict(reader, resources);
        self.content(reader, content, &resources, state, 0);
    }

    fn content(&mut self, reader: &mut Reader, content: &[u8], resources: &Dict, state: State, depth: usize) {
        let base = state.m;
        let mut state = state;
        let mut states: Vec<State> = Vec::new();
        let mut path: Vec<Segment> = Vec::new();
        let mut clipping: Option<bool> = None;
        let (mut text, mut line) = (Affine::IDENTITY, Affine::IDENTITY);
        operators(content, &mut |word, operands| {
            if self.left == 0 || self.plates.is_worn() {
                self.unread += 1;
                return ControlFlow::Break(());
            }
            self.left -= 1;
            let n = numbers(operands);
            let point = |at: usize| Some(Point::new(Pt(*n.get(at)?), Pt(*n.get(at + 1)?)));
            match word {
                b"q" if states.len() < STATES => states.push(state.clone()),
                b"Q" => {
                    if let Some(before) = states.pop() {
                        state = before;
                    }
                }
                b"cm" => {
                    if let Some(m) = matrix(&n) {
                        state.m = m.then(&state.m);
                    }
                }
                b"w" => state.width = n.first().copied().unwrap_or(1.0),
                b"gs" => {
                    if let Some(Value::Name(name)) = operands.last() {
                        self.parameters(reader, resources, name, &mut state, base, depth);
                    }
                }
                b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" if path.len() < SEGMENTS => {
                    let current = path.iter().rev().find_map(|s| match s {
                        Segment::Move(p) | Segment::Line(p) | Segment::Cubic(_, _, p) => Some(*p),
                        _ => None,
                    });
                    let segment = match word {
                        b"m" => point(0).map(Segment::Move),
                        b"l" => point(0).map(Segment::Line),
                        b"c" => (|| Some(Segment::Cubic(point(0)?, point(2)?, point(4)?)))(),
                        b"v" => (|| Some(Segment::Cubic(current?, point(0)?, point(2)?)))(),
                        b"y" => (|| Some(Segment::Cubic(point(0)?, point(2)?, point(2)?)))(),
                        b"re" => match n.as_slice() {
                            [x, y, w, h, ..] => {
                                let (x, w) = if *w < 0.0 { (x + w, -w) } else { (*x, *w) };
                                let (y, h) = if *h < 0.0 { (y + h, -h) } else { (*y, *h) };
                                Some(Segment::Rect(Rect::new(Pt(x), Pt(y), Pt(w), Pt(h))))
                            }
                            _ => None,
                        },
                        _ => Some(Segment::Close),
                    };
                    path.extend(segment);
                }
                b"W" => clipping = Some(false),
                b"W*" => clipping = Some(true),
                b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" | b"n" => {
                    let (fills, strokes) =
                        (!matches!(word, b"S" | b"s" | b"n"), !matches!(word, b"f" | b"F" | b"f*" | b"n"));
                    if fills {
                        let outline = Outline::of(&path, &state.m, true);
                        self.fill(reader, resources, &state, base, &outline, word.ends_with(b"*"), depth);
                    }
                    if strokes {
                        if matches!(word, b"s" | b"b" | b"b*") {
                            path.push(Segment::Close);
                        }
                        let outline = Outline::of(&path, &state.m, false);
                        let (ink, meets) = self.ink(&state, true);
                        self.plates.stroke(&state.clip, &outline, state.width * state.m.stretch(), meets, ink);
                    }
                    if let Some(even_odd) = clipping.take() {
                        let outline = Outline::of(&path, &state.m, true);
                        state.clip = self.plates.cut(&state.clip, &outline, even_odd);
                    }
                    path.clear();
                }
                b"g" | b"G" | b"rg" | b"RG" | b"k" | b"K" => {
                    let space = match word.len() {
                        2 => Space::Rgb,
                        _ if word.eq_ignore_ascii_case(b"g") => Space::Gray,
                        _ => Space::Cmyk { plain: true },
                    };
                    self.colored(side(&mut state, word), space, &n);
                }
                b"cs" | b"CS" => {
                    if let Some(Value::Name(name)) = operands.last() {
                        let space = self.space_named(reader, resources, name);
                        let first = match &space {
                            Space::Cmyk { .. } => vec![0.0, 0.0, 0.0, 1.0],
                            Space::Named(all) => vec![1.0; all.len()],
                            _ => vec![0.0; 3],
                        };
                        self.colored(side(&mut state, word), space, &first);
                    }
                }
                b"sc" | b"SC" | b"scn" | b"SCN" => {
                    let paint = side(&mut state, word);
                    let space = paint.space.clone();
                    match (&space, operands.last()) {
                        (Space::Pattern(under), Some(Value::Name(name))) => {
                            if let Some(under) = under {
                                self.colored(paint, Space::clone(under), &n);
                            }
                            paint.space = space;
                            paint.pattern = Some(name.clone());
                        }
                        _ => self.colored(paint, space, &n),
                    }
                }
                b"sh" => {
                    if let Some(Value::Name(name)) = operands.last() {
                        let list = self.entry(reader, resources, "Shading");
                        let value = get(&list, name);
                        let all = self.plates.whole();
                        self.shading(reader, &value, &state, &state.m, &all, false);
                    }
                }
                b"Do" => {
                    if let Some(Value::Name(name)) = operands.last() {
                        let list = self.entry(reader, resources, "XObject");
                        if let Some(number) = get(&list, name).reference() {
                            self.object(reader, resources, number, &state, depth);
                        }
                    }
                }
                b"BI" => {
                    // its pixels may be anything; few write them, and small
                    let unit = Rect::new(Pt(0.0), Pt(0.0), Pt(1.0), Pt(1.0));
                    self.sprinkle(&state, &state.m, &unit, false);
                    self.unread += 1;
                }
                b"BT" => (text, line) = (Affine::IDENTITY, Affine::IDENTITY),
                b"Tm" => {
                    if let Some(m) = matrix(&n) {
                        (text, line) = (m, m);
                    }
                }
                b"Td" | b"TD" => {
                    if let Some(by) = point(0) {
                        if word == b"TD" {
                            state.leading = -by.y.0;
                        }
                        line = Affine::translate(by.x, by.y).then(&line);
                        text = line;
                    }
                }
                b"T*" => {
                    line = Affine::translate(Pt(0.0), Pt(-state.leading)).then(&line);
                    text = line;
                }
                b"TL" => state.leading = n.first().copied().unwrap_or(0.0),
                b"Tc" => state.spaces[0] = n.first().copied().unwrap_or(0.0),
                b"Tw" => state.spaces[1] = n.first().copied().unwrap_or(0.0),
                b"Tz" => state.scale = n.first().copied().unwrap_or(100.0) / 100.0,
                b"Ts" => state.rise = n.first().copied().unwrap_or(0.0),
                b"Tr" => state.shown = !matches!(n.first().map(|v| *v as i32), Some(3 | 7)),
                b"Tf" => {
                    if let Some(Value::Name(name)) = operands.first() {
                        let fonts = self.entry(reader, resources, "Font");
                        let found = get(&fonts, name);
                        let font = font(reader, &found);
                        self.left = self.left.saturating_sub((font.widths.len() + font.by_code.len()) / 8);
                        state.font = Some(Rc::new(font));
                    }
                    state.size = n.last().copied().unwrap_or(0.0);
                }
                b"Tj" | b"TJ" | b"'" | b"\"" => {
                    if matches!(word, b"'" | b"\"") {
                        line = Affine::translate(Pt(0.0), Pt(-state.leading)).then(&line);
                        text = line;
                    }
                    if let Some(shown) = operands.last() {
                        self.show(&state, &mut text, shown);
                    }
                }
                _ => {}
            }
            ControlFlow::Continue(())
        });
    }

    /// The ink of a side with its opacity, and how it meets what is below.
    fn ink(&self, state: &State, stroke: bool) -> (Cell, Meets) {
        let (paint, at) = if stroke { (&state.stroke, 1) } else { (&state.fill, 0) };
        let meets = match (state.blend, state.over[at]) {
            (Blend::Normal, true) => match paint.space {
                Space::Cmyk { plain: true } if state.nonzero => Meets::Overprints(planes(&paint.ink)),
                _ => Meets::Overprints(paint.planes),
            },
            (blend, _) => Meets::of(blend),
        };
        (thinned(paint.ink, byte(state.alpha[at])), meets)
    }

    fn colored(&mut self, paint: &mut Paint, space: Space, values: &[f32]) {
        (paint.ink, paint.planes) = self.color(&space, values);
        paint.pattern = None;
        paint.space = space;
    }

    /// A colour in inks, opaque, and the inks that it is about.
    fn color(&mut self, space: &Space, values: &[f32]) -> (Cell, u16) {
        let v = |at: usize| values.get(at).copied().unwrap_or(0.0).clamp(0.0, 1.0);
        match space {
            Space::Gray => (cell([0.0, 0.0, 0.0, 1.0 - v(0)], 1.0), 0b1111),
            Space::Cmyk { .. } => (cell([v(0), v(1), v(2), v(3)], 1.0), 0b1111),
            Space::Rgb | Space::Other => {
                let rgb = [v(0), v(1), v(2)];
                let inks = match self.conversion {
                    Some(conversion) => conversion.ink(rgb),
                    None => Ink::Rgb(rgb).to_cmyk(),
                };
                (cell(inks, 1.0), 0b1111)
            }
            Space::Named(all) => {
                let mut out = cell([0.0; 4], 1.0);
                let mut about = 0;
                for (at, plane) in all.iter().enumerate() {
                    match plane {
                        Plane::None => {}
                        Plane::At(place) => {
                            if let Some(ink) = out.get_mut(*place) {
                                *ink = (*ink).max(byte(v(at)));
                            }
                            about |= 1 << place;
                        }
                        // printer's marks: lines and crosses beside what is printed
                        Plane::All => about |= (1 << INKS) - 1,
                    }
                }
                (out, about)
            }
            Space::Indexed(all) => {
                let at = values.first().copied().unwrap_or(0.0).max(0.0) as usize;
                all.get(at.min(all.len().saturating_sub(1))).copied().unwrap_or((cell([0.0; 4], 1.0), 0b1111))
            }
            Space::Pattern(_) => (cell([0.0; 4], 1.0), 0b1111),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one painting operator, which two callers have at hand")]
    fn fill(
        &mut self,
        reader: &mut Reader,
        resources: &Dict,
        state: &State,
        base: Affine,
        outline: &Outline,
        even_odd: bool,
        depth: usize,
    ) {
        let (ink, meets) = self.ink(state, false);
        if let Some(name) = &state.fill.pattern {
            let list = self.entry(reader, resources, "Pattern");
            let value = get(&list, name);
            let pattern = dict(reader, &value);
            let own = numbers_of(reader, pattern.get("Matrix"));
            let m = matrix(&own).unwrap_or(Affine::IDENTITY).then(&base);
            if let Some(shading) = pattern.get("Shading") {
                return self.shading(reader, &shading.clone(), state, &m, outline, even_odd);
            }
            let is_colored = pattern.get("PaintType").and_then(Value::int) != Some(2);
            let ink = if is_colored { self.tile(reader, &value, state, &m, depth) } else { Some(ink) };
            let Some(ink) = ink else {
                self.unread += 1;
                return;
            };
            return self
                .plates
                .fill_with(&state.clip, outline, even_odd, meets, |_, _| Some(Drop { ink, sure: false }));
        }
        match &state.mask {
            None => self.plates.fill(&state.clip, outline, even_odd, meets, ink),
            Some(mask) => {
                let width = self.plates.width;
                self.plates.fill_with(&state.clip, outline, even_odd, meets, |x, y| {
                    let through = mask.get(y as usize * width + x as usize).copied().unwrap_or(0);
                    Some(Drop { ink: thinned(ink, through), sure: true })
                });
            }
        }
    }

    /// The fullest ink of a tiling pattern.
    fn tile(&mut self, reader: &mut Reader, value: &Value, state: &State, m: &Affine, depth: usize) -> Option<Cell> {
        if depth >= DEPTH {
            return None;
        }
        let Object::Stream(stream) = reader.object(value.reference()?).ok()? else { return None };
        let content = reader.unpacked(&stream).ok()?;
        let &[left, bottom, right, top] = numbers_of(reader, stream.dict.get("BBox")).as_slice() else { return None };
        let (stretch, own) = (m.stretch().clamp(0.01, 100.0), dict(reader, stream.dict.get("Resources")?));
        let size = |v: f32| (v.abs() * stretch).clamp(1.0, 512.0);
        let to_points = Affine { a: stretch, b: 0.0, c: 0.0, d: -stretch, e: -left * stretch, f: top * stretch };
        let mut tile = Plates::new(size(right - left), size(top - bottom), &to_points).without_paper();
        tile.counts = self.plates.counts;
        std::mem::swap(&mut self.plates, &mut tile);
        let inner = State {
            m: self.plates.to_cells,
            clip: self.plates.all(),
            mask: None,
            alpha: [1.0; 2],
            blend: Blend::Normal,
            ..state.clone()
        };
        self.content(reader, &content, &own, inner, depth + 1);
        std::mem::swap(&mut self.plates, &mut tile);
        Some(thinned(tile.fullest(), byte(state.alpha[0])))
    }

    /// A gradient within an outline; `m` leads from its coordinates to cells.
    fn shading(
        &mut self,
        reader: &mut Reader,
        value: &Value,
        state: &State,
        m: &Affine,
        outline: &Outline,
        even_odd: bool,
    ) {
        let Some((axis, goes_on, ramp, about)) = self.gradient(reader, value) else {
            self.unread += 1;
            return;
        };
        let Some(back) = m.inverse() else { return };
        let meets = match (state.blend, state.over[0]) {
            (Blend::Normal, true) => Meets::Overprints(about),
            (blend, _) => Meets::of(blend),
        };
        let (width, opaque, mask) = (self.plates.width, byte(state.alpha[0]), state.mask.clone());
        self.plates.fill_with(&state.clip, outline, even_odd, meets, |x, y| {
            let p = back.apply(Point::new(Pt(x), Pt(y)));
            let t = axis.at((p.x.0, p.y.0), goes_on)?.clamp(0.0, 1.0);
            let ink = *ramp.get((t * STEPS as f32 + 0.5) as usize)?;
            let through = mask.as_ref().map_or(255, |m| m.get(y as usize * width + x as usize).copied().unwrap_or(0));
            Some(Drop { ink: thinned(thinned(ink, opaque), through), sure: true })
        });
    }

    #[allow(clippy::type_complexity)] // taken apart where it is asked for
    fn gradient(&mut self, reader: &mut Reader, value: &Value) -> Option<(Axis, [bool; 2], Vec<Cell>, u16)> {
        let shading = dict(reader, value);
        let space = shading.get("ColorSpace").cloned()?;
        let space = self.space(reader, &space, 0);
        let coords = numbers_of(reader, shading.get("Coords"));
        let axis = match (reader.get(&shading, "ShadingType").ok()?.int()?, coords.as_slice()) {
            (2, &[x0, y0, x1, y1]) => Axis::Linear { from: (x0, y0), to: (x1, y1) },
            (3, &[x0, y0, r0, x1, y1, r1]) => Axis::Radial { from: (x0, y0, r0), to: (x1, y1, r1) },
            _ => return None,
        };
        let goes_on = match reader.get(&shading, "Extend").ok()? {
            Value::Array(both) => [both.first() == Some(&Value::Bool(true)), both.get(1) == Some(&Value::Bool(true))],
            _ => [false; 2],
        };
        let (from, to) = match *numbers_of(reader, shading.get("Domain")).as_slice() {
            [from, to] => (from, to),
            _ => (0.0, 1.0),
        };
        let function = Function::read(reader, shading.get("Function")?, 0)?;
        let mut about = 0;
        let ramp = (0..=STEPS)
            .map(|i| {
                let (ink, planes) = self.color(&space, &function.at(from + (to - from) * i as f32 / STEPS as f32));
                about |= planes;
                ink
            })
            .collect();
        Some((axis, goes_on, ramp, about))
    }

    fn space_named(&mut self, reader: &mut Reader, resources: &Dict, name: &[u8]) -> Space {
        match name {
            b"DeviceGray" | b"G" => Space::Gray,
            b"DeviceRGB" | b"RGB" => Space::Rgb,
            b"DeviceCMYK" | b"CMYK" => Space::Cmyk { plain: true },
            b"Pattern" => Space::Pattern(None),
            _ => {
                let list = self.entry(reader, resources, "ColorSpace");
                self.space(reader, &get(&list, name), 0)
            }
        }
    }

    fn space(&mut self, reader: &mut Reader, value: &Value, depth: usize) -> Space {
        let Ok(value) = reader.resolved(value) else { return Space::Other };
        let parts = match &value {
            Value::Name(name) => return self.space_named(reader, &Dict::default(), name),
            Value::Array(parts) if depth < 4 => parts,
            _ => return Space::Other,
        };
        let next = |at: usize| parts.get(at).cloned().unwrap_or(Value::Null);
        let Ok(Value::Name(family)) = reader.resolved(&next(0)) else { return Space::Other };
        match &*family {
            b"ICCBased" => {
                let profile = dict(reader, &next(1));
                match profile.get("N").and_then(Value::int) {
                    Some(1) => Space::Gray,
                    Some(3) => Space::Rgb,
                    Some(4) => Space::Cmyk { plain: false },
                    _ => Space::Other,
                }
            }
            b"CalGray" => Space::Gray,
            b"Separation" | b"DeviceN" => {
                let names = match reader.resolved(&next(1)) {
                    Ok(Value::Array(names)) => names,
                    Ok(one) => vec![one],
                    Err(_) => return Space::Other,
                };
                let all = names.iter().take(64).map(|name| match reader.resolved(name) {
                    Ok(Value::Name(name)) => self.plane(&name),
                    _ => Plane::None,
                });
                Space::Named(Rc::new(all.collect()))
            }
            b"Indexed" | b"I" => {
                let base = self.space(reader, &next(1), depth + 1);
                let table = match next(3) {
                    Value::String(text) => text.into_vec(),
                    other => reader.stream(&other).and_then(|s| reader.unpacked(&s)).unwrap_or_default(),
                };
                let colors = table.chunks_exact(base.components().max(1)).take(256).map(|bytes| {
                    let values: Vec<f32> = bytes.iter().map(|b| f32::from(*b) / 255.0).collect();
                    self.color(&base, &values)
                });
                Space::Indexed(Rc::new(colors.collect()))
            }
            b"Pattern" => Space::Pattern(parts.get(1).map(|under| Rc::new(self.space(reader, under, depth + 1)))),
            b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" => self.space_named(reader, &Dict::default(), &family),
            b"CalRGB" => Space::Rgb,
            _ => Space::Other,
        }
    }

    /// A list of resources. To look through a long one costs as much as some operators.
    fn entry(&mut self, reader: &mut Reader, of: &Dict, key: &str) -> Dict {
        let found = of.get(key).cloned().map_or(Dict::default(), |value| dict(reader, &value));
        self.left = self.left.saturating_sub(found.0.len() / 8);
        found
    }

    fn plane(&mut self, name: &[u8]) -> Plane {
        match name {
            b"All" => return Plane::All,
            b"None" => return Plane::None,
            _ => {}
        }
        if let Some(at) = [&b"Cyan"[..], b"Magenta", b"Yellow", b"Black"].iter().position(|n| *n == name) {
            return Plane::At(at);
        }
        let name = String::from_utf8_lossy(name);
        let at = match self.names.iter().position(|n| **n == *name) {
            Some(at) => at,
            None => {
                self.names.push(Arc::from(&*name));
                let place = 4 + (self.names.len() - 1).min(NAMED - 1);
                if let Some(counts) = self.plates.counts.get_mut(place) {
                    *counts = (self.names.len() > NAMED && *counts) || (self.counts)(&name);
                }
                self.names.len() - 1
            }
        };
        Plane::At(4 + at.min(NAMED - 1))
    }

    /// Graphics state parameters (8.4.5).
    fn parameters(
        &mut self,
        reader: &mut Reader,
        resources: &Dict,
        name: &[u8],
        state: &mut State,
        base: Affine,
        depth: usize,
    ) {
        let list = self.entry(reader, resources, "ExtGState");
        let found = dict(reader, &get(&list, name));
        for (key, at) in [("ca", 0), ("CA", 1)] {
            if let Some(v) = reader.get(&found, key).ok().and_then(|v| v.number()) {
                state.alpha[at] = v as f32;
            }
        }
        if let Ok(Value::Bool(over)) = reader.get(&found, "OP") {
            state.over = [over; 2];
        }
        if let Ok(Value::Bool(over)) = reader.get(&found, "op") {
            state.over[0] = over;
        }
        if let Some(mode) = reader.get(&found, "OPM").ok().and_then(|v| v.int()) {
            state.nonzero = mode == 1;
        }
        if let Some(width) = reader.get(&found, "LW").ok().and_then(|v| v.number()) {
            state.width = width as f32;
        }
        let mode = match reader.get(&found, "BM") {
            Ok(Value::Array(all)) => all.into_iter().next(),
            Ok(Value::Null) | Err(_) => None,
            Ok(one) => Some(one),
        };
        if let Some(Value::Name(mode)) = mode {
            state.blend = match &*mode {
                b"Normal" | b"Compatible" => Blend::Normal,
                b"Screen" => Blend::Screen,
                b"Darken" => Blend::Darken,
                b"Lighten" => Blend::Lighten,
                _ => Blend::Multiply,
            };
        }
        match reader.get(&found, "SMask") {
            Ok(Value::Name(_)) => state.mask = None,
            Ok(Value::Dict(mask)) => {
                let by_light = reader.get(&mask, "S").is_ok_and(|s| s.is_name("Luminosity"));
                let group = mask.get("G").and_then(Value::reference);
                if let Some(number) = group.filter(|_| depth < DEPTH && self.plates.begin_group()) {
                    let inner = State {
                        m: base,
                        clip: self.plates.all(),
                        mask: None,
                        alpha: [1.0; 2],
                        blend: Blend::Normal,
                        over: [false; 2],
                        ..state.clone()
                    };
                    // in its own coordinates: those at the time it is set
                    let inner = State { m: state.m, ..inner };
                    self.object(reader, resources, number, &inner, depth + 1);
                    state.mask = Some(Rc::new(self.plates.end_mask(by_light)));
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, reader: &mut Reader, resources: &Dict, number: u32, state: &State, depth: usize) {
        let Ok(Object::Stream(stream)) = reader.object(number) else { return };
        let kind = reader.get(&stream.dict, "Subtype").unwrap_or(Value::Null);
        if kind.is_name("Image") {
            return self.picture(reader, number, &stream, state);
        }
        if depth >= DEPTH {
            self.unread += 1;
            return;
        }
        let content = match self.scan.forms.get(&number) {
            Some(known) => Rc::clone(known),
            None => {
                let Ok(content) = reader.unpacked(&stream).map(Rc::new) else {
                    self.unread += 1;
                    return;
                };
                if self.scan.held + content.len() <= KEPT {
                    self.scan.held += content.len();
                    self.scan.forms.insert(number, Rc::clone(&content));
                }
                content
            }
        };
        let own = stream.dict.get("Resources").map(|r| dict(reader, &r.clone()));
        let m = numbers_of(reader, stream.dict.get("Matrix"));
        let m = matrix(&m).unwrap_or(Affine::IDENTITY).then(&state.m);
        let mut inner = State { m, ..state.clone() };
        if let &[left, bottom, right, top] = numbers_of(reader, stream.dict.get("BBox")).as_slice() {
            let rect =
                Rect::new(Pt(left.min(right)), Pt(bottom.min(top)), Pt((right - left).abs()), Pt((top - bottom).abs()));
            let outline = Outline::of(&[Segment::Rect(rect)], &m, true);
            inner.clip = self.plates.cut(&state.clip, &outline, false);
        }
        let group = stream.dict.get("Group").is_some_and(|g| *g != Value::Null)
            && (state.alpha[0] < 1.0 || state.blend != Blend::Normal || state.mask.is_some())
            && self.plates.begin_group();
        if group {
            (inner.alpha, inner.blend, inner.mask) = ([1.0; 2], Blend::Normal, None);
        }
        self.content(reader, &content, own.as_ref().unwrap_or(resources), inner, depth + 1);
        if group {
            let mask = state.mask.as_ref().map(|m| m.as_slice());
            self.plates.end_group(byte(state.alpha[0]), mask, Meets::of(state.blend));
        }
    }

    fn picture(&mut self, reader: &mut Reader, number: u32, stream: &Stream, state: &State) {
        if reader.get(&stream.dict, "ImageMask").is_ok_and(|m| m == Value::Bool(true)) {
            let unit = Rect::new(Pt(0.0), Pt(0.0), Pt(1.0), Pt(1.0));
            return self.sprinkle(state, &state.m, &unit, false);
        }
        let map = match self.scan.maps.get(&number) {
            Some(known) => known.clone(),
            None => {
                let map = self.pixels(reader, stream).map(Rc::new);
                if self.scan.maps.len() < MAPS {
                    self.scan.maps.insert(number, map.clone());
                }
                map
            }
        };
        let Some(map) = map else {
            self.unread += 1;
            return;
        };
        let upright = Affine { a: 1.0, b: 0.0, c: 0.0, d: -1.0, e: 0.0, f: 1.0 };
        let opaque = byte(state.alpha[0]);
        let meets = Meets::of(state.blend);
        // a mask lets through what it lets through in the middle of each cell: few pictures have one from outside
        self.plates.map(&state.clip, &map, &upright.then(&state.m), meets, &|c| thinned(c, opaque));
    }

    /// The pixels of a picture in inks.
    fn pixels(&mut self, reader: &mut Reader, stream: &Stream) -> Option<Map> {
        let dict = &stream.dict;
        let size = |reader: &mut Reader, key| usize::try_from(reader.get(dict, key).ok()?.int()?).ok();
        let (width, height) = (size(reader, "Width")?, size(reader, "Height")?);
        if width == 0 || height == 0 || width.checked_mul(height)? > PIXELS {
            return None;
        }
        let space = dict.get("ColorSpace").cloned().map(|s| self.space(reader, &s, 0));
        let filter = match reader.get(dict, "Filter").ok()? {
            Value::Array(all) if all.len() == 1 => reader.resolved(all.first()?).ok()?,
            other => other,
        };
        let (samples, bits, components) = if filter.is_name("DCTDecode") || filter.is_name("DCT") {
            let mut data = Vec::new();
            reader.raw(stream, &mut data).ok()?;
            let (w, h, components, samples) = jpeg_samples(&data)?;
            if (w as usize, h as usize) != (width, height) {
                return None;
            }
            (samples, 8, usize::from(components))
        } else {
            let bits = reader.get(dict, "BitsPerComponent").ok()?.int()?;
            (reader.unpacked(stream).ok()?, usize::try_from(bits).ok()?, space.as_ref()?.components())
        };
        let space = space.unwrap_or(match components {
            1 => Space::Gray,
            4 => Space::Cmyk { plain: true },
            _ => Space::Rgb,
        });
        if components != space.components() || components == 0 || !matches!(bits, 1 | 2 | 4 | 8 | 16) {
            return None;
        }
        let decode = numbers_of(reader, dict.get("Decode"));
        let indexed = matches!(space, Space::Indexed(_));
        let row = (width * components * bits).div_ceil(8);
        let most = if bits == 16 { 255.0 } else { ((1usize << bits) - 1) as f32 };
        let sample = |at: usize, part: usize| -> u8 {
            let (x, y) = (at % width, at / width);
            let bit = (x * components + part) * bits;
            let byte = samples.get(y * row + bit / 8).copied().unwrap_or(0);
            if bits >= 8 { byte } else { byte >> (8 - bits - bit % 8) & ((1u16 << bits) - 1) as u8 }
        };
        let value = |v: u8, part: usize| -> f32 {
            let share = f32::from(v) / most;
            match (decode.get(part * 2), decode.get(part * 2 + 1)) {
                (Some(low), Some(high)) => low + (high - low) * share,
                _ if indexed => f32::from(v),
                _ => share,
            }
        };
        let alpha = match dict.get("SMask") {
            Some(mask) if *mask != Value::Null => Some(self.mask(reader, &mask.clone())?),
            _ => None,
        };
        let opaque = |at: usize| -> u8 {
            alpha.as_ref().map_or(255, |(w, h, data)| {
                let (x, y) = (at % width * w / width, at / width * h / height);
                data.get(y * w + x).copied().unwrap_or(0)
            })
        };
        // Each value of each component once: few pictures have so many colours that this costs.
        let tables: Vec<Vec<f32>> = (0..components).map(|part| (0..=255u8).map(|v| value(v, part)).collect()).collect();
        if matches!(space, Space::Rgb | Space::Other)
            && let Some(conversion) = self.conversion
        {
            let pixel = |at: usize| (0..3).map(move |part| (at, part));
            let rgb: Vec<u8> = (0..width * height)
                .flat_map(pixel)
                .map(|(at, part)| {
                    byte(tables.get(part).and_then(|t| t.get(usize::from(sample(at, part)))).copied().unwrap_or(0.0))
                })
                .collect();
            let inks = conversion.pixels(None, &rgb);
            let alpha: Option<Vec<u8>> = alpha.as_ref().map(|_| (0..width * height).map(opaque).collect());
            return Some(of_pixels(width as u32, height as u32, 4, &inks, alpha.as_deref()));
        }
        let mut values = vec![0.0; components];
        let mut seen: FxHashMap<u64, Cell> = FxHashMap::default();
        let keyed = components <= 8;
        Some(Map::of(width, height, |at| {
            let mut key = 0u64;
            for (part, value) in values.iter_mut().enumerate() {
                let v = sample(at, part);
                key = key << 8 | u64::from(v);
                *value = tables.get(part).and_then(|t| t.get(usize::from(v))).copied().unwrap_or(0.0);
            }
            let ink = match seen.get(&key).filter(|_| keyed) {
                Some(known) => *known,
                None => {
                    let ink = self.color(&space, &values).0;
                    if seen.len() < 1 << 16 {
                        seen.insert(key, ink);
                    }
                    ink
                }
            };
            thinned(ink, opaque(at))
        }))
    }

    /// A soft mask's samples.
    fn mask(&mut self, reader: &mut Reader, value: &Value) -> Option<(usize, usize, Vec<u8>)> {
        let stream = reader.stream(value).ok()?;
        let size = |reader: &mut Reader, key| usize::try_from(reader.get(&stream.dict, key).ok()?.int()?).ok();
        let (width, height) = (size(reader, "Width")?, size(reader, "Height")?);
        if width == 0 || height == 0 || width.checked_mul(height)? > PIXELS {
            return None;
        }
        let filter = reader.get(&stream.dict, "Filter").ok()?;
        if filter.is_name("DCTDecode") {
            let mut data = Vec::new();
            reader.raw(&stream, &mut data).ok()?;
            let (w, h, _, samples) = jpeg_samples(&data).filter(|(.., components, _)| *components == 1)?;
            return Some((w as usize, h as usize, samples));
        }
        let bits = usize::try_from(reader.get(&stream.dict, "BitsPerComponent").ok()?.int()?).ok()?;
        if !matches!(bits, 1 | 2 | 4 | 8) {
            return None;
        }
        let samples = reader.unpacked(&stream).ok()?;
        let row = (width * bits).div_ceil(8);
        let most = (1u32 << bits) - 1;
        let inverted = numbers_of(reader, stream.dict.get("Decode")).first().is_some_and(|v| *v > 0.5);
        let one = |at: usize| {
            let (x, y) = (at % width, at / width);
            let byte = u32::from(samples.get(y * row + x * bits / 8).copied().unwrap_or(0));
            let v = (byte >> (8 - bits - x * bits % 8) & most) * 255 / most;
            if inverted { 255 - v as u8 } else { v as u8 }
        };
        Some((width, height, (0..width * height).map(one).collect()))
    }

    /// Shows a text: its ink is somewhere in its box.
    fn show(&mut self, state: &State, text: &mut Affine, shown: &Value) {
        let (Some(font), size) = (&state.font, state.size) else { return };
        let mut long = 0.0;
        let mut string = |bytes: &[u8]| {
            let step = if font.wide { 2 } else { 1 };
            for code in bytes.chunks(step) {
                let code = code.iter().fold(0usize, |v, b| v << 8 | usize::from(*b));
                let width = font.by_code.get(&code).copied().unwrap_or_else(|| {
                    code.checked_sub(font.first).and_then(|at| font.widths.get(at)).copied().unwrap_or(font.usual)
                });
                let word = if step == 1 && code == 32 { state.spaces[1] } else { 0.0 };
                long +=
                    (width / 1000.0 * size + state.spaces[0] + word) * if font.vertical { 1.0 } else { state.scale };
            }
        };
        match shown {
            Value::String(bytes) => string(bytes),
            Value::Array(parts) => {
                let mut moved = 0.0;
                for part in parts {
                    match part {
                        Value::String(bytes) => string(bytes),
                        other => moved += other.number().unwrap_or(0.0) as f32,
                    }
                }
                long -= moved / 1000.0 * size * if font.vertical { -1.0 } else { state.scale };
            }
            _ => return,
        }
        if state.shown {
            let (left, bottom, width, height) = if font.vertical {
                (-size / 2.0, -long, size, long)
            } else {
                (0.0, state.rise - 0.22 * size, long, 1.1 * size)
            };
            let rect = Rect::new(Pt(left), Pt(bottom), Pt(width), Pt(height));
            self.sprinkle(state, &text.then(&state.m), &rect, true);
        }
        *text = if font.vertical {
            Affine::translate(Pt(0.0), Pt(-long)).then(text)
        } else {
            Affine::translate(Pt(long), Pt(0.0)).then(text)
        };
    }

    /// Ink that is somewhere in a box.
    fn sprinkle(&mut self, state: &State, m: &Affine, rect: &Rect, _text: bool) {
        let (ink, meets) = self.ink(state, false);
        let corners =
            [(rect.x, rect.y), (rect.right(), rect.y), (rect.right(), rect.bottom()), (rect.x, rect.bottom())].map(
                |(x, y)| {
                    let p = m.apply(Point::new(x, y));
                    (p.x.0, p.y.0)
                },
            );
        self.plates.sprinkle(&state.clip, corners, meets, ink);
    }
}

fn side<'p>(state: &'p mut State, operator: &[u8]) -> &'p mut Paint {
    match operator.first().is_some_and(u8::is_ascii_uppercase) {
        true => &mut state.stroke,
        false => &mut state.fill,
    }
}

fn numbers(operands: &[Value]) -> Vec<f32> {
    operands.iter().filter_map(Value::number).map(|n| n as f32).collect()
}

fn numbers_of(reader: &mut Reader, value: Option<&Value>) -> Vec<f32> {
    let Some(Ok(Value::Array(all))) = value.map(|v| reader.resolved(v)) else { return Vec::new() };
    all.iter().take(1024).filter_map(|v| reader.resolved(v).ok()?.number()).map(|n| n as f32).collect()
}

fn matrix(n: &[f32]) -> Option<Affine> {
    match *n {
        [a, b, c, d, e, f] => Some(Affine { a, b, c, d, e, f }).filter(Affine::is_finite),
        _ => None,
    }
}

fn get(of: &Dict, name: &[u8]) -> Value {
    of.0.iter().rev().find(|(key, _)| **key == *name).map_or(Value::Null, |(_, v)| v.clone())
}

fn dict(reader: &mut Reader, value: &Value) -> Dict {
    match reader.resolved(value) {
        Ok(Value::Dict(dict)) => dict,
        _ => Dict::default(),
    }
}

/// The widths of a font's glyphs (9.6.2 and 9.7.4.3).
fn font(reader: &mut Reader, value: &Value) -> Font {
    let found = dict(reader, value);
    let mut font = Font { usual: 500.0, ..Font::default() };
    if !reader.get(&found, "Subtype").is_ok_and(|s| s.is_name("Type0")) {
        font.first = found.get("FirstChar").and_then(Value::int).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        font.widths = numbers_of(reader, found.get("Widths"));
        if let Some(m) = matrix(&numbers_of(reader, found.get("FontMatrix"))) {
            font.widths.iter_mut().for_each(|w| *w *= m.a * 1000.0);
        }
        return font;
    }
    font.wide = true;
    font.vertical = reader.get(&found, "Encoding").is_ok_and(|e| matches!(e, Value::Name(n) if n.ends_with(b"-V")));
    font.usual = 1000.0;
    if font.vertical {
        return font;
    }
    let below = match reader.get(&found, "DescendantFonts") {
        Ok(Value::Array(all)) => all.first().map(|f| dict(reader, f)).unwrap_or_default(),
        _ => Dict::default(),
    };
    if let Some(usual) = reader.get(&below, "DW").ok().and_then(|v| v.number()) {
        font.usual = usual as f32;
    }
    let Ok(Value::Array(widths)) = reader.get(&below, "W") else { return font };
    let mut at = 0;
    while let Some(first) = widths.get(at).and_then(Value::int).and_then(|n| usize::try_from(n).ok()) {
        let next = widths.get(at + 1).map(|v| reader.resolved(v));
        match (next, widths.get(at + 2).and_then(Value::number)) {
            (Some(Ok(Value::Array(some))), _) => {
                for (i, width) in some.iter().filter_map(Value::number).enumerate() {
                    font.by_code.insert(first + i, width as f32);
                }
                at += 2;
            }
            (Some(Ok(last)), Some(width)) => {
                let last = last.int().and_then(|n| usize::try_from(n).ok()).unwrap_or(first);
                for code in first..=last.min(first + 65_535) {
                    font.by_code.insert(code, width as f32);
                }
                at += 3;
            }
            _ => break,
        }
        if font.by_code.len() > 70_000 {
            break;
        }
    }
    font
}
