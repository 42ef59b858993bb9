//! The measures of fonts that lengths can be in.

use std::sync::Arc;

use crate::asset::fallback::FontSet;
use crate::markup::faces::{Faces, Measures};

impl Faces for FontSet {
    fn measures(&self, families: &[Arc<str>], weight: u16, italic: bool) -> Measures {
        let usual = Measures::default();
        let Some(font) = self.first(families, weight, italic) else { return usual };
        let em = f32::from(font.units_per_em);
        let advance = |c| font.glyph(c).map(|g| f32::from(font.advance(g)) / em);
        Measures {
            ex: f32::from(font.x_height) / em,
            ch: advance('0').unwrap_or(usual.ch),
            cap: f32::from(font.cap_height) / em,
            ic: advance('水').unwrap_or(usual.ic),
        }
    }
}
