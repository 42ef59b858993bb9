//! Colour spaces (ISO 32000-1, 8.6): which plates a colour lies on.

use std::rc::Rc;
use std::sync::Arc;

use super::Walk;
use crate::color::Ink;
use crate::cos::read::{self as cos, Dict, Reader, Value};
use crate::pdf::plates::raster::{Cell, INKS, NAMED, byte, cell};

/// Spaces within each other.
const DEPTH: usize = 4;

/// What an ink of a space is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plane {
    At(usize),
    All,
    None,
}

#[derive(Clone, Debug, Default)]
pub(super) enum Space {
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
    pub(super) fn components(&self) -> usize {
        match self {
            Self::Gray | Self::Indexed(_) => 1,
            Self::Rgb | Self::Other => 3,
            Self::Cmyk { .. } => 4,
            Self::Named(all) => all.len(),
            Self::Pattern(_) => 0,
        }
    }
}

impl Walk<'_> {
    /// A colour in inks, opaque, and the inks that it is about.
    pub(super) fn color(&mut self, space: &Space, values: &[f32]) -> (Cell, u16) {
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

    pub(super) fn space_named(&mut self, reader: &mut Reader, resources: &Dict, name: &[u8]) -> Space {
        let list = self.entry(reader, resources, "ColorSpace");
        match cos::Space::of_name(reader, &list, name) {
            Ok(found) => self.meant(reader, found, 0),
            Err(_) => Space::Other,
        }
    }

    pub(super) fn space(&mut self, reader: &mut Reader, value: &Value, depth: usize) -> Space {
        match cos::Space::read(reader, value) {
            Ok(found) if depth < DEPTH => self.meant(reader, found, depth),
            _ => Space::Other,
        }
    }

    fn meant(&mut self, reader: &mut Reader, found: cos::Space, depth: usize) -> Space {
        match found {
            cos::Space::DeviceGray | cos::Space::CalGray | cos::Space::Icc(1) => Space::Gray,
            cos::Space::DeviceRgb | cos::Space::CalRgb | cos::Space::Icc(3) => Space::Rgb,
            cos::Space::DeviceCmyk => Space::Cmyk { plain: true },
            cos::Space::Icc(4) => Space::Cmyk { plain: false },
            cos::Space::Icc(_) | cos::Space::Other => Space::Other,
            cos::Space::Named { names, .. } => {
                Space::Named(Rc::new(names.iter().map(|name| self.plane(name)).collect()))
            }
            cos::Space::Indexed { base, table } => {
                let base = self.space(reader, &base, depth + 1);
                let table = match table {
                    Value::String(text) => text.into_vec(),
                    other => reader.stream(&other).and_then(|s| reader.unpacked(&s)).unwrap_or_default(),
                };
                let colors = table.chunks_exact(base.components().max(1)).take(256).map(|bytes| {
                    let values: Vec<f32> = bytes.iter().map(|b| f32::from(*b) / 255.0).collect();
                    self.color(&base, &values)
                });
                Space::Indexed(Rc::new(colors.collect()))
            }
            cos::Space::Pattern(under) => {
                Space::Pattern(under.map(|under| Rc::new(self.space(reader, &under, depth + 1))))
            }
        }
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
}
