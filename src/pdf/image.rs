//! Pictures as image objects (ISO 32000-1, 8.9): JPEG files as they are, pixels with PNG's row filters.

use super::content::deflate;
use super::intent::Intent;
use super::object::{int, reference};
use crate::asset::image::PdfImage;
use crate::asset::profile;
use libdeflater::{CompressionLvl, Compressor};

/// What one picture becomes: dictionary entries and data for each of its objects. `soft_mask` and `profile`
/// are numbers that the writer gives them.
pub(super) struct Parts {
    /// The picture's own stream.
    pub(super) entries: Vec<u8>,
    pub(super) data: Vec<u8>,
    pub(super) soft_mask: Option<(Vec<u8>, Vec<u8>)>,
    /// An ICC profile's bytes and its number of components.
    pub(super) profile: Option<(Vec<u8>, u8)>,
    components: u8,
    /// A JPEG's pixels lie as in the file and may need turning.
    pub(super) turned: bool,
}

/// Splits a picture into its objects.
pub(super) fn parts(picture: PdfImage) -> Parts {
    match picture {
        PdfImage::Jpeg { bytes, width, height, components, inverted_cmyk, icc } => {
            let mut entries = head(width, height);
            entries.extend_from_slice(b"/Filter/DCTDecode");
            if inverted_cmyk && components == 4 {
                entries.extend_from_slice(b"/Decode[1 0 1 0 1 0 1 0]");
            }
            let profile = icc.map(|icc| (icc, components));
            Parts { entries, data: bytes, soft_mask: None, profile, components, turned: true }
        }
        PdfImage::Raster { width, height, components, pixels, alpha, icc } => {
            let (entries, data) = filtered(width, height, components, &pixels);
            let soft_mask = alpha.map(|alpha| {
                let (mut entries, data) = filtered(width, height, 1, &alpha);
                entries.extend_from_slice(b"/ColorSpace/DeviceGray");
                (entries, data)
            });
            let profile = icc.map(|icc| (icc, components));
            Parts { entries, data, soft_mask, profile, components, turned: false }
        }
    }
}

impl Parts {
    /// No colours that a CMYK press could take in two ways (ISO 15930-7): red, green and blue are those of sRGB
    /// where the file says nothing, and a picture in the very inks of the press needs no profile.
    pub(super) fn for_press(&mut self, intent: Option<&Intent>) {
        match &self.profile {
            None if self.components == 3 => self.profile = Some((profile::srgb().bytes.to_vec(), 3)),
            Some((icc, 4)) if intent.is_some_and(|i| *i.profile.bytes == **icc) => self.profile = None,
            _ => {}
        }
    }

    /// Adds the references to the objects beside the picture, now that they have numbers.
    pub(super) fn refer(&mut self, soft_mask: Option<u32>, profile: Option<u32>) {
        let out = &mut self.entries;
        match (profile, self.components) {
            (Some(number), _) => {
                out.extend_from_slice(b"/ColorSpace[/ICCBased ");
                reference(out, number);
                out.push(b']');
            }
            (None, 1) => out.extend_from_slice(b"/ColorSpace/DeviceGray"),
            (None, 4) => out.extend_from_slice(b"/ColorSpace/DeviceCMYK"),
            (None, _) => out.extend_from_slice(b"/ColorSpace/DeviceRGB"),
        }
        if let Some(number) = soft_mask {
            out.extend_from_slice(b"/SMask ");
            reference(out, number);
        }
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
                let v = row[i].wrapping_sub(match filter {
                    0 => 0,
                    1 => left,
                    2 => above[i],
                    3 => ((u16::from(left) + u16::from(above[i])) / 2) as u8,
                    _ => paeth(left, above[i], corner),
                });
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

/// PNG specification, 9.4.
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let p = i16::from(left) + i16::from(above) - i16::from(corner);
    let far = |v: u8| (p - i16::from(v)).abs();
    if far(left) <= far(above) && far(left) <= far(corner) {
        left
    } else if far(above) <= far(corner) {
        above
    } else {
        corner
    }
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
