//! What the content of pages draws: which inks, how large its pictures lie on the page, how often shared objects are
//! drawn. Reads operators (ISO 32000-1, annex A) with what matters of the graphics state, into forms too; draws nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::symbols::Filled;
use crate::barcode::read::Dark;
use crate::cos::read::{self as cos, Dict, Object, Reader, Value, named, numbers, operators};

/// Forms within each other.
const DEPTH: usize = 16;
/// Operators of one page, forms included.
const OPERATORS: usize = 4_000_000;
/// States that wait for their `Q`.
const STATES: usize = 512;
/// Bytes of forms that are kept unpacked.
const KEPT: usize = 32 << 20;

/// A matrix `[a b c d e f]`.
type Matrix = [f64; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// Everything seen so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Inks that something is drawn with.
    pub(super) inks: BTreeSet<String>,
    /// Screen colours without a profile.
    pub(super) device_rgb: bool,
    /// Colours that the press's own conversion makes: ICC profiles, Lab.
    pub(super) managed: bool,
    pub(super) blends: BTreeSet<String>,
    pub(super) transparent: bool,
    pub(super) overprint: bool,
    pub(super) fonts: BTreeSet<u32>,
    /// By object number: how often drawn, and the lowest resolution it comes to.
    pub(super) pictures: BTreeMap<u32, Use>,
    pub(super) forms: BTreeMap<u32, u64>,
    /// Rectangles that were filled at once, of the page that was read last: some of them are codes.
    pub(super) filled: Vec<Filled>,
    /// What could not be read.
    pub(super) unread: u64,
}

/// How a picture is used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub(super) times: u64,
    /// Pixels to the inch where it lies largest.
    pub(super) ppi: f64,
}

/// A form that was unpacked.
#[derive(Debug)]
struct Form {
    content: Vec<u8>,
    matrix: Matrix,
    resources: Option<Value>,
}

/// How colours are given at present.
#[derive(Clone, Debug, Default)]
enum Space {
    #[default]
    Gray,
    Rgb,
    Cmyk,
    Named(Rc<Vec<String>>),
    Managed,
}

#[derive(Clone, Debug)]
struct State {
    matrix: Matrix,
    fill: Space,
    stroke: Space,
}

/// A path under way, as long as it is made of rectangles alone.
#[derive(Debug, Default)]
struct Rectangles {
    /// As they were written.
    all: Vec<[f64; 4]>,
    /// Something else is part of it.
    other: bool,
}

impl Rectangles {
    fn rectangle(&mut self, numbers: &[f64]) {
        match numbers {
            [x, y, width, height] => self.all.push([*x, *y, *width, *height]),
            _ => self.other = true,
        }
    }

    /// What was filled; the next path begins.
    fn take(&mut self, m: Matrix) -> Option<Filled> {
        let Self { all, other } = std::mem::take(self);
        let turn = m[0] * m[3] - m[1] * m[2];
        if other || all.len() < 2 || turn == 0.0 || !turn.is_finite() {
            return None;
        }
        let dark = |[x, y, w, h]: [f64; 4]| {
            let (left, low) = (x.min(x + w), y.min(y + h));
            // y down, as a symbol is read
            let top = if turn > 0.0 { -(low + h.abs()) } else { low };
            Dark { x: left, y: top, width: w.abs(), height: h.abs() }
        };
        Some(Filled { dark: all.into_iter().map(dark).collect(), scale: libm::sqrt(turn.abs()) })
    }
}

/// Reads pages one after the other.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    pub(super) seen: Seen,
    forms: FxHashMap<u32, Option<Rc<Form>>>,
    held: usize,
    left: usize,
}

impl Scanner {
    /// Reads one page's content.
    pub(super) fn page(&mut self, reader: &mut Reader, content: &[u8], resources: &Value, unit: f64) {
        self.left = OPERATORS;
        let resources = reader.dict(resources);
        let matrix = [unit, 0.0, 0.0, unit, 0.0, 0.0];
        self.content(reader, content, &resources, matrix, 0);
    }

    fn content(&mut self, reader: &mut Reader, content: &[u8], resources: &Dict, matrix: Matrix, depth: usize) {
        let mut state = State { matrix, fill: Space::Gray, stroke: Space::Gray };
        // Screen colours for which the page itself states a profile (8.6.5.6).
        let default_rgb = reader.entry(resources, "ColorSpace").get("DefaultRGB").is_some();
        let mut path = Rectangles::default();
        let mut states: Vec<State> = Vec::new();
        operators(content, &mut |word, operands| {
            if self.left == 0 {
                self.seen.unread += 1;
                return ControlFlow::Break(());
            }
            self.left -= 1;
            match word {
                b"q" if states.len() < STATES => states.push(state.clone()),
                b"Q" => {
                    if let Some(before) = states.pop() {
                        state = before;
                    }
                }
                b"re" => path.rectangle(&numbers(operands)),
                b"m" | b"l" | b"c" | b"v" | b"y" | b"h" => path.other = true,
                b"f" | b"F" | b"f*" => {
                    if let Some(filled) = path.take(state.matrix) {
                        self.seen.filled.push(filled);
                    }
                }
                b"n" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => path = Rectangles::default(),
                b"cm" => {
                    if let Some(m) = six(operands) {
                        state.matrix = times(m, state.matrix);
                    }
                }
                b"Do" => {
                    if let Some(Value::Name(name)) = operands.last() {
                        self.object(reader, resources, name, &state, (depth, default_rgb));
                    }
                }
                b"gs" => {
                    if let Some(Value::Name(name)) = operands.last() {
                        self.graphics_state(reader, resources, name, depth);
                    }
                }
                b"g" | b"G" => {
                    *side(&mut state, word) = Space::Gray;
                    self.gray(numbers(operands).first().copied());
                }
                b"k" | b"K" => {
                    *side(&mut state, word) = Space::Cmyk;
                    self.cmyk(&numbers(operands));
                }
                b"rg" | b"RG" => {
                    *side(&mut state, word) = Space::Rgb;
                    self.rgb(default_rgb);
                }
                b"sh" => {
                    if let Some(Value::Name(name)) = operands.last() {
                        self.shading(reader, resources, name, default_rgb);
                    }
                }
                b"cs" | b"CS" => {
                    if let Some(Value::Name(name)) = operands.last() {
                        *side(&mut state, word) = self.space(reader, resources, name);
                    }
                }
                b"sc" | b"SC" | b"scn" | b"SCN" => {
                    let values = numbers(operands);
                    match side(&mut state, word).clone() {
                        Space::Gray => self.gray(values.first().copied()),
                        Space::Rgb => self.rgb(default_rgb),
                        Space::Cmyk => self.cmyk(&values),
                        Space::Named(names) => self.named(&names, &values),
                        Space::Managed => self.seen.managed = true,
                    }
                }
                b"BI" => self.seen.unread += 1,
                _ => {}
            }
            ControlFlow::Continue(())
        });
    }

    fn rgb(&mut self, has_profile: bool) {
        match has_profile {
            true => self.seen.managed = true,
            false => self.seen.device_rgb = true,
        }
    }

    /// The colours at the ends of a gradient.
    fn shading(&mut self, reader: &mut Reader, resources: &Dict, name: &[u8], default_rgb: bool) {
        let list = reader.entry(resources, "Shading");
        let value = named(&list, name);
        let shading = reader.dict(&value);
        let space = space_of(reader, &shading);
        let mut waiting: Vec<Value> = shading.get("Function").cloned().into_iter().collect();
        for _ in 0..STATES {
            let Some(next) = waiting.pop() else { break };
            let function = match reader.resolved(&next) {
                Ok(Value::Array(all)) => {
                    waiting.extend(all);
                    continue;
                }
                Ok(Value::Dict(function)) => function,
                _ => continue,
            };
            if let Ok(Value::Array(parts)) = reader.get(&function, "Functions") {
                waiting.extend(parts);
            }
            for end in ["C0", "C1"] {
                let Ok(Value::Array(values)) = reader.get(&function, end) else { continue };
                let values: Vec<f64> = values.iter().filter_map(Value::number).collect();
                match &space {
                    Space::Gray => self.gray(values.first().copied()),
                    Space::Rgb => self.rgb(default_rgb),
                    Space::Cmyk => self.cmyk(&values),
                    Space::Named(names) => self.named(names, &values),
                    Space::Managed => self.seen.managed = true,
                }
            }
        }
    }

    fn named(&mut self, names: &[String], values: &[f64]) {
        for (name, tint) in names.iter().zip(values) {
            if *tint > 0.0 && name != "None" {
                self.seen.inks.insert(name.clone());
            }
        }
    }

    fn gray(&mut self, value: Option<f64>) {
        if value.is_some_and(|v| v < 1.0) {
            self.seen.inks.insert("Black".to_owned());
        }
    }

    fn cmyk(&mut self, values: &[f64]) {
        for (name, value) in ["Cyan", "Magenta", "Yellow", "Black"].iter().zip(values) {
            if *value > 0.0 {
                self.seen.inks.insert((*name).to_owned());
            }
        }
    }

    /// The colour space `name`, from the page's own list where it is none of the simple ones.
    fn space(&mut self, reader: &mut Reader, resources: &Dict, name: &[u8]) -> Space {
        let list = reader.entry(resources, "ColorSpace");
        cos::Space::of_name(reader, &list, name).map_or(Space::Managed, |found| meant(reader, found, 0))
    }

    fn object(&mut self, reader: &mut Reader, resources: &Dict, name: &[u8], state: &State, at: (usize, bool)) {
        let (depth, default_rgb) = at;
        let list = reader.entry(resources, "XObject");
        let Some(number) = named(&list, name).reference() else { return };
        if let Some(known) = self.seen.pictures.get(&number).copied() {
            // The pixels are known from the resolution of the first use only by reading again: rare enough.
            let Ok(Object::Stream(stream)) = reader.object(number) else { return };
            let ppi = resolution(reader, &stream.dict, state.matrix).min(known.ppi);
            self.seen.pictures.insert(number, Use { times: known.times + 1, ppi });
            return;
        }
        let form = match self.forms.get(&number) {
            Some(known) => known.clone(),
            None => {
                let Ok(Object::Stream(stream)) = reader.object(number) else { return };
                let subtype = reader.get(&stream.dict, "Subtype").unwrap_or(Value::Null);
                if subtype.is_name("Image") {
                    self.picture(reader, number, &stream.dict, state.matrix, default_rgb);
                    return;
                }
                let form = match reader.unpacked(&stream) {
                    Ok(content) => Some(Rc::new(Form {
                        content,
                        matrix: matrix_of(reader, &stream.dict),
                        resources: stream.dict.get("Resources").cloned(),
                    })),
                    Err(_) => {
                        self.seen.unread += 1;
                        None
                    }
                };
                if stream.dict.get("Group").is_some() {
                    self.seen.transparent = true;
                }
                let bytes = form.as_ref().map_or(0, |f| f.content.len());
                if self.held + bytes <= KEPT {
                    self.held += bytes;
                    self.forms.insert(number, form.clone());
                }
                form
            }
        };
        *self.seen.forms.entry(number).or_default() += 1;
        if depth >= DEPTH {
            self.seen.unread += 1;
            return;
        }
        if let Some(form) = form {
            let own = form.resources.as_ref().map(|r| reader.dict(r));
            self.fonts_of(reader, own.as_ref().unwrap_or(resources));
            let matrix = times(form.matrix, state.matrix);
            self.content(reader, &form.content, own.as_ref().unwrap_or(resources), matrix, depth + 1);
        }
    }

    fn picture(&mut self, reader: &mut Reader, number: u32, picture: &Dict, matrix: Matrix, default_rgb: bool) {
        let ppi = resolution(reader, picture, matrix);
        self.seen.pictures.insert(number, Use { times: 1, ppi });
        if picture.get("SMask").is_some() {
            self.seen.transparent = true;
        }
        if reader.get(picture, "ImageMask").unwrap_or(Value::Null) == Value::Bool(true) {
            return;
        }
        match space_of(reader, picture) {
            Space::Gray => drop(self.seen.inks.insert("Black".to_owned())),
            Space::Rgb => self.rgb(default_rgb),
            Space::Cmyk => {
                self.seen.inks.extend(["Cyan", "Magenta", "Yellow", "Black"].map(str::to_owned));
            }
            Space::Named(names) => self.seen.inks.extend(names.iter().cloned()),
            Space::Managed => self.seen.managed = true,
        }
    }

    fn graphics_state(&mut self, reader: &mut Reader, resources: &Dict, name: &[u8], depth: usize) {
        let list = reader.entry(resources, "ExtGState");
        let value = named(&list, name);
        let state = reader.dict(&value);
        if let Ok(Value::Name(blend)) = reader.get(&state, "BM")
            && *blend != *b"Normal"
        {
            self.seen.blends.insert(String::from_utf8_lossy(&blend).into_owned());
            self.seen.transparent = true;
        }
        for key in ["ca", "CA"] {
            if reader.get(&state, key).ok().and_then(|v| v.number()).is_some_and(|v| v < 1.0) {
                self.seen.transparent = true;
            }
        }
        for key in ["op", "OP"] {
            self.seen.overprint |= reader.get(&state, key).ok() == Some(Value::Bool(true));
        }
        if let Ok(Value::Dict(mask)) = reader.get(&state, "SMask") {
            self.seen.transparent = true;
            if let Some(number) = mask.get("G").and_then(Value::reference)
                && depth < DEPTH
            {
                *self.seen.forms.entry(number).or_default() += 1;
            }
        }
    }

    /// Notes the fonts that resources name.
    pub(super) fn fonts_of(&mut self, reader: &mut Reader, resources: &Dict) {
        let fonts = reader.entry(resources, "Font");
        self.seen.fonts.extend(fonts.0.iter().filter_map(|(_, v)| v.reference()));
    }
}

fn side<'s>(state: &'s mut State, operator: &[u8]) -> &'s mut Space {
    match operator.first().is_some_and(u8::is_ascii_uppercase) {
        true => &mut state.stroke,
        false => &mut state.fill,
    }
}

fn space_of(reader: &mut Reader, of: &Dict) -> Space {
    match of.get("ColorSpace") {
        None => Space::Gray,
        Some(value) => cos::Space::read(reader, &value.clone()).map_or(Space::Managed, |found| meant(reader, found, 0)),
    }
}

/// What a space is to the press.
fn meant(reader: &mut Reader, space: cos::Space, depth: usize) -> Space {
    match space {
        cos::Space::DeviceGray | cos::Space::Icc(1) => Space::Gray,
        cos::Space::DeviceRgb => Space::Rgb,
        cos::Space::DeviceCmyk | cos::Space::Icc(4) => Space::Cmyk,
        cos::Space::Named { names, .. } => {
            Space::Named(Rc::new(names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()))
        }
        // its base is none itself (8.6.6.3)
        cos::Space::Indexed { base, .. } if depth == 0 => {
            cos::Space::read(reader, &base).map_or(Space::Managed, |base| meant(reader, base, 1))
        }
        _ => Space::Managed,
    }
}

/// Pixels to the inch of a picture that fills the unit square under `matrix`: the lower of both directions.
fn resolution(reader: &mut Reader, picture: &Dict, m: Matrix) -> f64 {
    let mut pixels = |key: &str| reader.get(picture, key).ok().and_then(|v| v.number()).unwrap_or(0.0);
    let (width, height) = (pixels("Width"), pixels("Height"));
    let across = libm::hypot(m[0], m[1]) / 72.0;
    let down = libm::hypot(m[2], m[3]) / 72.0;
    if across <= 0.0 || down <= 0.0 { f64::MAX } else { (width / across).min(height / down) }
}

pub(super) fn matrix_of(reader: &mut Reader, of: &Dict) -> Matrix {
    let Ok(Value::Array(values)) = reader.get(of, "Matrix") else { return IDENTITY };
    let mut matrix = IDENTITY;
    for (slot, value) in matrix.iter_mut().zip(&values) {
        *slot = value.number().unwrap_or(*slot);
    }
    matrix
}

/// First `a`, then `b`.
fn times(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn six(operands: &[Value]) -> Option<Matrix> {
    numbers(operands).try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_turned_by_a_quarter_has_the_resolution_of_its_sides() {
        let m = times([0.0, 72.0, -144.0, 0.0, 5.0, 5.0], [0.5, 0.0, 0.0, 0.5, 0.0, 0.0]);
        assert_eq!((libm::hypot(m[0], m[1]), libm::hypot(m[2], m[3])), (36.0, 72.0));
    }
}
