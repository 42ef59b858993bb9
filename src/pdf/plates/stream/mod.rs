//! Plates from the operators of a file (ISO 32000-1, annex A): artwork that is placed, and finished files. Here is the walk
//! from operator to operator with the graphics state; `space` says which plates a colour lies on, `paint` fills outlines,
//! `picture` and `text` are the other things that leave ink.

mod paint;
mod picture;
mod space;
mod text;

use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use self::space::Space;
use self::text::{Font, font};
use super::items::{Placed, planes};
use super::raster::{Cell, Clip, Map, Meets, Outline, Plates, byte, cell, thinned};
use crate::base::{Affine, Point, Pt, Rect};
use crate::color::{Blend, convert::Conversion};
use crate::cos::read::{self, Dict, Object, Reader, Value, named, numbers, operators};
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

/// What does not change from operator to operator of one content stream.
#[derive(Clone, Copy, Debug)]
struct Within<'r> {
    resources: &'r Dict,
    /// From its own coordinates to cells, which patterns go by.
    base: Affine,
    /// How many forms it stands in.
    depth: usize,
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
        let resources = reader.dict(resources);
        self.content(reader, content, &resources, state, 0);
    }

    fn content(&mut self, reader: &mut Reader, content: &[u8], resources: &Dict, state: State, depth: usize) {
        let within = Within { resources, base: state.m, depth };
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
            let n: Vec<f32> = numbers(operands).into_iter().map(|n| n as f32).collect();
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
                        self.parameters(reader, within, name, &mut state);
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
                        self.fill(reader, within, &state, &outline, word.ends_with(b"*"));
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
                        let value = named(&list, name);
                        let all = self.plates.whole();
                        self.shading(reader, &value, &state, &state.m, &all, false);
                    }
                }
                b"Do" => {
                    if let Some(Value::Name(name)) = operands.last() {
                        let list = self.entry(reader, resources, "XObject");
                        if let Some(number) = named(&list, name).reference() {
                            self.object(reader, resources, number, &state, depth);
                        }
                    }
                }
                b"BI" => {
                    // its pixels may be anything; few write them, and small
                    let unit = Rect::new(Pt(0.0), Pt(0.0), Pt(1.0), Pt(1.0));
                    self.sprinkle(&state, &state.m, &unit);
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
                        let found = named(&fonts, name);
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

    /// A list of resources. To look through a long one costs as much as some operators.
    fn entry(&mut self, reader: &mut Reader, of: &Dict, key: &str) -> Dict {
        let found = reader.entry(of, key);
        self.left = self.left.saturating_sub(found.0.len() / 8);
        found
    }

    /// Graphics state parameters (8.4.5).
    fn parameters(&mut self, reader: &mut Reader, within: Within<'_>, name: &[u8], state: &mut State) {
        let Within { resources, depth, .. } = within;
        let list = self.entry(reader, resources, "ExtGState");
        let found = reader.dict(&named(&list, name));
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
                    // in the coordinates at the time when it is set (11.6.5.2)
                    let inner = State {
                        clip: self.plates.all(),
                        mask: None,
                        alpha: [1.0; 2],
                        blend: Blend::Normal,
                        over: [false; 2],
                        ..state.clone()
                    };
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
        let own = stream.dict.get("Resources").map(|r| reader.dict(&r.clone()));
        let m = reader.numbers(&stream.dict, "Matrix");
        let m = matrix(&m).unwrap_or(Affine::IDENTITY).then(&state.m);
        let mut inner = State { m, ..state.clone() };
        if let &[left, bottom, right, top] = reader.numbers(&stream.dict, "BBox").as_slice() {
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
}

fn side<'p>(state: &'p mut State, operator: &[u8]) -> &'p mut Paint {
    match operator.first().is_some_and(u8::is_ascii_uppercase) {
        true => &mut state.stroke,
        false => &mut state.fill,
    }
}

fn matrix(n: &[f32]) -> Option<Affine> {
    match *n {
        [a, b, c, d, e, f] => Some(Affine { a, b, c, d, e, f }).filter(Affine::is_finite),
        _ => None,
    }
}
