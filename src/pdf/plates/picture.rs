//! The ink of pictures: where their fullest pixels are.

use std::sync::Arc;

use super::raster::{Cell, INKS, Map, cell};
use crate::asset::image::PdfImage;
use crate::asset::loader::Files;
use crate::pdf::colors::Colors;
use crate::pdf::pictures::Use;

/// The map of pixels as they are written: 1 component is grey, 4 are inks with 255 = solid, 3 are screen colours, whose
/// inks the press will find: estimated by the plain formula.
pub(in crate::pdf) fn of_pixels(width: u32, height: u32, components: u8, pixels: &[u8], alpha: Option<&[u8]>) -> Map {
    let ink = |at: usize| -> Cell {
        let opaque = alpha.map_or(255, |a| a.get(at).copied().unwrap_or(0));
        let weigh = |v: u8| ((u32::from(v) * u32::from(opaque) + 127) / 255) as u8;
        let mut out = [0; INKS + 1];
        out[INKS] = opaque;
        match components {
            4 => {
                let pixel = pixels.get(at * 4..at * 4 + 4).unwrap_or_default();
                out.iter_mut().zip(pixel).for_each(|(place, v)| *place = weigh(*v));
            }
            3 => {
                let share = |i: usize| f32::from(pixels.get(at * 3 + i).copied().unwrap_or(255)) / 255.0;
                let inks = crate::color::Ink::Rgb([share(0), share(1), share(2)]).to_cmyk();
                out = cell(inks, f32::from(opaque) / 255.0);
            }
            _ => out[3] = weigh(255 - pixels.get(at).copied().unwrap_or(255)),
        }
        out
    };
    Map::of(width as usize, height as usize, ink)
}

impl Colors {
    /// The map of a file that is passed through, which is decoded for nothing else.
    pub(in crate::pdf) fn map_of_file(&self, picture: &Use, files: &Files) -> Option<Arc<Map>> {
        let PdfImage::Raster { width, height, components, pixels, alpha, .. } = picture.image.decode(files).ok()?
        else {
            return None;
        };
        let map = of_pixels(width, height, components, &pixels, alpha.as_deref());
        // only inks still lie as in the file
        Some(Arc::new(if components == 4 { map.upright(picture.image.orientation) } else { map }))
    }
}
