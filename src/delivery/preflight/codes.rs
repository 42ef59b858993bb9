//! QR symbols read back from drawn pages, by a reader that shares nothing with what drew them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::raster::{Area, Proof};

/// Dots to the inch of the pages that are read.
const DPI: f32 = 300.0;

/// The texts of the symbols on a page (from 0), in the order in which they are found; `None` if it cannot be drawn.
pub(super) fn read(proof: &Proof, page: usize) -> Option<Vec<Read>> {
    let picture = proof.draw(page, DPI, Area::Trim).ok()?;
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let light: Vec<u8> =
        picture.as_raw().chunks_exact(4).map(|p| p[..3].iter().copied().min().unwrap_or(255)).collect();
    // The reader is for photographs, and may stumble over what no photograph shows.
    catch_unwind(AssertUnwindSafe(|| {
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            light.get(y * width + x).copied().unwrap_or(255)
        });
        prepared.detect_grids().iter().map(|grid| grid.decode().ok().map(|(_, text)| text)).collect()
    }))
    .ok()
}

/// What a symbol says; `None` where it was found and could not be read.
pub(super) type Read = Option<String>;
