//! Pictures and their soft masks (ISO 32000-1, 8.9 and 11.6.5).

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::space::Space;
use super::{MAPS, PIXELS, State, Walk};
use crate::asset::image::jpeg_samples;
use crate::base::{Affine, Pt, Rect};
use crate::cos::read::{Reader, Stream, Value};
use crate::pdf::plates::picture::of_pixels;
use crate::pdf::plates::raster::{Cell, Map, Meets, byte, thinned};

impl Walk<'_> {
    pub(super) fn picture(&mut self, reader: &mut Reader, number: u32, stream: &Stream, state: &State) {
        if reader.get(&stream.dict, "ImageMask").is_ok_and(|m| m == Value::Bool(true)) {
            let unit = Rect::new(Pt(0.0), Pt(0.0), Pt(1.0), Pt(1.0));
            return self.sprinkle(state, &state.m, &unit);
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
        let decode = reader.numbers(dict, "Decode");
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
        let inverted = reader.numbers(&stream.dict, "Decode").first().is_some_and(|v| *v > 0.5);
        let one = |at: usize| {
            let (x, y) = (at % width, at / width);
            let byte = u32::from(samples.get(y * row + x * bits / 8).copied().unwrap_or(0));
            let v = (byte >> (8 - bits - x * bits % 8) & most) * 255 / most;
            if inverted { 255 - v as u8 } else { v as u8 }
        };
        Some((width, height, (0..width * height).map(one).collect()))
    }
}
