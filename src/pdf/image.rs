//! Pictures as image objects (ISO 32000-1, 8.9): JPEG files as they are, pixels with PNG's row filters.

use std::sync::Arc;

use jpeg_encoder::{ColorType, SamplingFactor};
use libdeflater::{CompressionLvl, Compressor};

use super::colors::{Colors, Screen};
use super::content::deflate;
use super::intent::Intent;
use super::object::{int, reference};
use super::pictures::Use;
use super::plates::{self, Map};
use super::smaller;
use crate::asset::image::PdfImage;
use crate::asset::loader::{Fault, Files};
use crate::asset::profile;
use crate::cos::predictor::expected;

/// What one picture becomes: dictionary entries and data for each of its objects.
#[derive(Debug)]
pub(super) struct Parts {
    /// Of the picture's own stream, but for what names other objects.
    entries: Vec<u8>,
    pub(super) data: Vec<u8>,
    pub(super) soft_mask: Option<(Vec<u8>, Vec<u8>)>,
    /// An ICC profile's bytes and its number of components.
    profile: Option<(Vec<u8>, u8)>,
    components: u8,
    /// A JPEG's pixels lie as in the file and may need turning.
    pub(super) turned: bool,
    /// Where its ink is; `None` where the pixels were not looked at.
    pub(super) map: Option<Arc<Map>>,
}

/// Quality of the photographs that are compressed anew (docs/decisions/colour-engine.md).
const QUALITY: u8 = 92;

/// Makes a picture ready for the file. A JPEG file that needs no change is passed through, and one that does becomes
/// JPEG again; what was without loss stays so.
pub(super) fn make(picture: &Use, colors: &Colors, files: &Files) -> Result<Parts, Fault> {
    let (image, step) = (&picture.image, picture.step);
    let mut encoded = image.encode(files)?;
    // What becomes JPEG again, and what of it still lies as in the file.
    let (mut photograph, mut lies) = (false, false);
    if let PdfImage::Jpeg { components, .. } = encoded {
        let other_space = components == 3 && colors.conversion().is_some();
        // Process inks are the designer's own: made smaller, never converted.
        if step > 1 || other_space {
            photograph = true;
            lies = components == 4;
            encoded = image.decode(files)?;
        }
    }
    if let PdfImage::Raster { width, height, components, pixels, alpha, .. } = &mut encoded
        && step > 1
    {
        smaller::picture(width, height, *components, pixels, alpha.as_mut(), step);
    }
    if let PdfImage::Raster { components, pixels, icc, .. } = &mut encoded
        && *components == 3
        && colors.conversion().is_some()
        && pixels.as_chunks::<3>().0.iter().all(|[r, g, b]| r == g && g == b)
    {
        // Grey is black ink alone, here as everywhere.
        *pixels = pixels.iter().step_by(3).copied().collect();
        (*components, *icc) = (1, None);
    }
    let mut map = None;
    if let PdfImage::Raster { width, height, components, pixels, alpha, icc } = &mut encoded {
        if let (Screen::Converted(conversion), 3) = (&colors.screen, *components) {
            *pixels = conversion.pixels(icc.take().as_deref(), pixels);
            *components = 4;
        }
        let found = plates::of_pixels(*width, *height, *components, pixels, alpha.as_deref());
        map = Some(Arc::new(if lies { found.upright(image.orientation) } else { found }));
    }
    if !matches!(colors.screen, Screen::AsWritten) {
        let (PdfImage::Jpeg { components, icc, .. } | PdfImage::Raster { components, icc, .. }) = &mut encoded;
        match components {
            3 => {
                icc.get_or_insert_with(|| profile::srgb().bytes.to_vec());
            }
            // Grey is black ink alone, and process inks are those of the press, whatever else a file says of them.
            _ => *icc = None,
        }
    }
    let mut parts = match encoded {
        PdfImage::Raster { width, height, components, pixels, alpha: None, icc } if photograph => {
            photographed(width, height, components, pixels, icc, lies)
        }
        other => parts(other),
    };
    parts.map = map;
    Ok(parts)
}

/// Pixels as a JPEG file, without subsampling of colours.
fn photographed(width: u32, height: u32, components: u8, pixels: Vec<u8>, icc: Option<Vec<u8>>, lies: bool) -> Parts {
    let mut data = Vec::new();
    let done = (|| {
        let (w, h) = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
        let kind = match components {
            1 => ColorType::Luma,
            3 => ColorType::Rgb,
            // With light and colour apart, as half the size for the same looks.
            _ => ColorType::CmykAsYcck,
        };
        let mut encoder = jpeg_encoder::Encoder::new(&mut data, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_1_1);
        encoder.set_optimized_huffman_tables(true);
        encoder.encode(&pixels, w, h, kind).ok()
    })();
    if done.is_none() {
        let mut parts = parts(PdfImage::Raster { width, height, components, pixels, alpha: None, icc });
        parts.turned = lies;
        return parts;
    }
    let mut parts = parts(PdfImage::Jpeg { bytes: data, width, height, components, inverted_cmyk: true, icc });
    // All others were turned before they were compressed.
    parts.turned = lies;
    parts
}

/// Splits a picture into its objects.
fn parts(picture: PdfImage) -> Parts {
    match picture {
        PdfImage::Jpeg { bytes, width, height, components, inverted_cmyk, icc } => {
            let mut entries = head(width, height);
            entries.extend_from_slice(b"/Filter/DCTDecode");
            if inverted_cmyk && components == 4 {
                entries.extend_from_slice(b"/Decode[1 0 1 0 1 0 1 0]");
            }
            let profile = icc.map(|icc| (icc, components));
            Parts { entries, data: bytes, soft_mask: None, profile, components, turned: true, map: None }
        }
        PdfImage::Raster { width, height, components, pixels, alpha, icc } => {
            let (entries, data) = filtered(width, height, components, &pixels);
            let soft_mask = alpha.map(|alpha| {
                let (mut entries, data) = filtered(width, height, 1, &alpha);
                entries.extend_from_slice(b"/ColorSpace/DeviceGray");
                (entries, data)
            });
            let profile = icc.map(|icc| (icc, components));
            Parts { entries, data, soft_mask, profile, components, turned: false, map: None }
        }
    }
}

impl Parts {
    /// The profile that its numbers are of, in a file for a CMYK press: no colours that it could take in two ways (ISO 15930-7). Red, green and blue are those of sRGB where the file says nothing, and a picture in the very inks of the press
    /// needs no profile.
    pub(super) fn profile(&self, press: Option<&Intent>) -> Option<(&[u8], u8)> {
        static SRGB: std::sync::OnceLock<std::sync::Arc<profile::Profile>> = std::sync::OnceLock::new();
        match &self.profile {
            None if self.components == 3 && press.is_some() => Some((&SRGB.get_or_init(profile::srgb).bytes, 3)),
            Some((icc, 4)) if press.is_some_and(|i| *i.profile.bytes == **icc) => None,
            own => own.as_ref().map(|(icc, components)| (icc.as_slice(), *components)),
        }
    }

    /// Bytes that it takes in memory.
    pub(super) fn bytes(&self) -> usize {
        let mask = self.soft_mask.as_ref().map_or(0, |(_, data)| data.len());
        self.data.len() + mask + self.profile.as_ref().map_or(0, |(icc, _)| icc.len())
    }

    /// The entries with the references to the objects beside the picture, now that they have numbers.
    pub(super) fn entries(&self, soft_mask: Option<u32>, profile: Option<u32>) -> Vec<u8> {
        let mut out = self.entries.clone();
        match (profile, self.components) {
            (Some(number), _) => {
                out.extend_from_slice(b"/ColorSpace[/ICCBased ");
                reference(&mut out, number);
                out.push(b']');
            }
            (None, 1) => out.extend_from_slice(b"/ColorSpace/DeviceGray"),
            (None, 4) => out.extend_from_slice(b"/ColorSpace/DeviceCMYK"),
            (None, _) => out.extend_from_slice(b"/ColorSpace/DeviceRGB"),
        }
        if let Some(number) = soft_mask {
            out.extend_from_slice(b"/SMask ");
            reference(&mut out, number);
        }
        out
    }
}

/// Entries that every image object has.
fn head(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"/Type/XObject/Subtype/Image/Width ".to_vec();
    int(&mut out, width);
    out.extend_from_slice(b"/Height ");
    int(&mut out, height);
    out.extend_from_slice(b"/BitsPerComponent 8");
    out
}

/// 8-bit pixels as a Flate stream with the row filters of PNG (7.4.4.4).
fn filtered(width: u32, height: u32, components: u8, pixels: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let step = usize::from(components.max(1));
    let row_bytes = (width as usize * step).max(1);
    let mut coded = Vec::with_capacity(pixels.len() + height as usize);
    let mut above = vec![0u8; row_bytes];
    let mut trial = vec![0u8; row_bytes];
    let mut best = vec![0u8; row_bytes];
    for row in pixels.chunks_exact(row_bytes) {
        let mut least = u64::MAX;
        let mut chosen = 0;
        for filter in 0..5u8 {
            let mut sum = 0u64;
            for i in 0..row_bytes {
                let left = if i >= step { row[i - step] } else { 0 };
                let corner = if i >= step { above[i - step] } else { 0 };
                let v = row[i].wrapping_sub(expected(filter, left, above[i], corner).unwrap_or(0));
                trial[i] = v;
                // PNG's rule of thumb: the row whose bytes are nearest to zero compresses best.
                sum += u64::from((v as i8).unsigned_abs());
            }
            if sum < least {
                least = sum;
                chosen = filter;
                std::mem::swap(&mut best, &mut trial);
            }
        }
        coded.push(chosen);
        coded.extend_from_slice(&best);
        above.copy_from_slice(row);
    }
    let mut data = Vec::new();
    deflate(&mut Compressor::new(CompressionLvl::default()), &coded, &mut data);
    let mut entries = head(width, height);
    entries.extend_from_slice(b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors ");
    int(&mut entries, components);
    entries.extend_from_slice(b"/Columns ");
    int(&mut entries, width);
    entries.extend_from_slice(b">>");
    (entries, data)
}

/// The matrix that shows the unit square upright for an EXIF orientation (EXIF 2.32, tag 0x0112), y up;
/// `None` when it is upright already.
pub(super) fn upright(orientation: u8) -> Option<[i8; 6]> {
    Some(match orientation {
        2 => [-1, 0, 0, 1, 1, 0],
        3 => [-1, 0, 0, -1, 1, 1],
        4 => [1, 0, 0, -1, 0, 1],
        5 => [0, -1, -1, 0, 1, 1],
        6 => [0, -1, 1, 0, 0, 1],
        7 => [0, 1, 1, 0, 0, 0],
        8 => [0, 1, -1, 0, 1, 0],
        _ => return None,
    })
}
