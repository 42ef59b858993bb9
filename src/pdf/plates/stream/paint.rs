//! What fills an outline: a plain ink, a tiling pattern, a gradient (ISO 32000-1, 8.7).

use super::{DEPTH, State, Walk, Within, matrix};
use crate::base::{Affine, Point, Pt};
use crate::color::Blend;
use crate::cos::read::{Object, Reader, Value, named};
use crate::pdf::plates::function::Function;
use crate::pdf::plates::gradient::Axis;
use crate::pdf::plates::raster::{Cell, Drop, Meets, Outline, Plates, byte, thinned};

/// Steps of a gradient.
const STEPS: usize = 64;

/// A gradient that is ready to be laid on.
struct Gradient {
    axis: Axis,
    /// Beyond its ends.
    goes_on: [bool; 2],
    /// Its inks in even steps.
    ramp: Vec<Cell>,
    /// The inks that it is about.
    about: u16,
}

impl Walk<'_> {
    pub(super) fn fill(
        &mut self,
        reader: &mut Reader,
        within: Within<'_>,
        state: &State,
        outline: &Outline,
        even_odd: bool,
    ) {
        let Within { resources, base, depth } = within;
        let (ink, meets) = self.ink(state, false);
        if let Some(name) = &state.fill.pattern {
            let list = self.entry(reader, resources, "Pattern");
            let value = named(&list, name);
            let pattern = reader.dict(&value);
            let own = reader.numbers(&pattern, "Matrix");
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
        let &[left, bottom, right, top] = reader.numbers(&stream.dict, "BBox").as_slice() else { return None };
        let (stretch, own) = (m.stretch().clamp(0.01, 100.0), reader.dict(stream.dict.get("Resources")?));
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
    pub(super) fn shading(
        &mut self,
        reader: &mut Reader,
        value: &Value,
        state: &State,
        m: &Affine,
        outline: &Outline,
        even_odd: bool,
    ) {
        let Some(Gradient { axis, goes_on, ramp, about }) = self.gradient(reader, value) else {
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

    fn gradient(&mut self, reader: &mut Reader, value: &Value) -> Option<Gradient> {
        let shading = reader.dict(value);
        let space = shading.get("ColorSpace").cloned()?;
        let space = self.space(reader, &space, 0);
        let coords = reader.numbers(&shading, "Coords");
        let axis = match (reader.get(&shading, "ShadingType").ok()?.int()?, coords.as_slice()) {
            (2, &[x0, y0, x1, y1]) => Axis::Linear { from: (x0, y0), to: (x1, y1) },
            (3, &[x0, y0, r0, x1, y1, r1]) => Axis::Radial { from: (x0, y0, r0), to: (x1, y1, r1) },
            _ => return None,
        };
        let goes_on = match reader.get(&shading, "Extend").ok()? {
            Value::Array(both) => [both.first() == Some(&Value::Bool(true)), both.get(1) == Some(&Value::Bool(true))],
            _ => [false; 2],
        };
        let (from, to) = match *reader.numbers(&shading, "Domain").as_slice() {
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
        Some(Gradient { axis, goes_on, ramp, about })
    }
}
