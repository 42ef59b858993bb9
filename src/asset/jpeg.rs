//! JPEG files (ITU-T T.81) looked at from outside: what the frame says, what the markers say about colour,
//! resolution and orientation, and whether the file is whole. The pixels are passed through to the PDF, so a
//! file that a press would choke on must be found here.

/// What a PDF needs to know of a JPEG file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Header {
    pub width: u32,
    pub height: u32,
    /// 1, 3 or 4.
    pub components: u8,
    /// The transform of Adobe's APP14 marker, when there is one: 0 none, 1 YCbCr, 2 YCCK.
    pub adobe: Option<u8>,
    /// Three components that are red, green and blue although no marker says so: their ids spell RGB.
    pub rgb_by_ids: bool,
    /// EXIF orientation, 1..8.
    pub orientation: u8,
    /// Dots per inch across and down.
    pub dpi: Option<(f32, f32)>,
    /// The embedded profile, put together again.
    pub icc: Option<Vec<u8>>,
}

/// What is wrong with a file, to go behind "the picture … ".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Broken(String),
    Unsupported(String),
}

fn broken<T>(what: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong::Broken(what.into()))
}

const CUT_OFF: &str = "is cut off: the end of the picture is missing";

/// Reads all markers up to the end of the picture.
pub(super) fn scan(bytes: &[u8]) -> Result<Header, Wrong> {
    let mut header = Header { orientation: 1, ..Header::default() };
    let mut profile: Vec<(u8, u8, &[u8])> = Vec::new();
    let (mut jfif_dpi, mut exif_dpi) = (None, None);
    let mut scans = 0;
    let mut at = 2;
    loop {
        // any number of fill bytes may stand before a marker (B.1.1.2)
        while bytes.get(at) == Some(&0xff) && bytes.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let (Some(&first), Some(&marker)) = (bytes.get(at), bytes.get(at + 1)) else { return broken(CUT_OFF) };
        if first != 0xff {
            return broken(format!("is damaged: no marker where one should stand (byte {at})"));
        }
        at += 2;
        match marker {
            0xd9 => break,
            0x01 | 0xd0..=0xd7 => continue,
            0xd8 => return broken("is damaged: a second picture begins inside it"),
            _ => {}
        }
        let Some(length) = u16_at(bytes, at).map(usize::from) else { return broken(CUT_OFF) };
        let Some(segment) = bytes.get(at + 2..at + length.max(2)) else { return broken(CUT_OFF) };
        at += length.max(2);
        match marker {
            0xc0..=0xc2 => frame(segment, &mut header)?,
            0xc4 | 0xcc => {}
            0xc3 | 0xc5..=0xcf => {
                return Err(Wrong::Unsupported(
                    "is a lossless, arithmetic or hierarchical JPEG, which PDF does not know: save it as baseline"
                        .into(),
                ));
            }
            0xe0 if segment.starts_with(b"JFIF\0") => jfif_dpi = density(segment),
            0xe1 if segment.starts_with(b"Exif\0\0") => {
                if let Some(exif) = exif(&segment[6..]) {
                    header.orientation = exif.orientation.unwrap_or(1);
                    exif_dpi = exif.dpi;
                }
            }
            0xe2 if segment.starts_with(b"ICC_PROFILE\0") && segment.len() > 14 => {
                profile.push((segment[12], segment[13], &segment[14..]));
            }
            0xee if segment.starts_with(b"Adobe") => header.adobe = segment.get(11).copied(),
            0xda => {
                if header.components == 0 {
                    return broken("is damaged: its data come before its frame");
                }
                scans += 1;
                at = end_of_scan(bytes, at)?;
            }
            _ => {}
        }
    }
    if header.components == 0 || scans == 0 {
        return broken("is damaged: it holds no picture");
    }
    header.icc = assembled(profile, header.components);
    header.dpi = exif_dpi.or(jfif_dpi).filter(|(x, y)| (10.0..=10_000.0).contains(x) && (10.0..=10_000.0).contains(y));
    Ok(header)
}

/// B.2.2.
fn frame(segment: &[u8], header: &mut Header) -> Result<(), Wrong> {
    if header.components != 0 {
        return Err(Wrong::Unsupported("holds several frames".into()));
    }
    let (Some(&precision), Some(height), Some(width), Some(&components)) =
        (segment.first(), u16_at(segment, 1), u16_at(segment, 3), segment.get(5))
    else {
        return broken("is damaged: its frame header is too short");
    };
    if precision != 8 {
        return Err(Wrong::Unsupported(format!("has {precision} bits in a colour; JPEG for print has 8")));
    }
    if width == 0 || height == 0 {
        return broken("is damaged: it says that it has no width or no height");
    }
    if !matches!(components, 1 | 3 | 4) {
        return Err(Wrong::Unsupported(format!("has {components} colour components; 1, 3 or 4 are known")));
    }
    let Some(table) = segment.get(6..6 + usize::from(components) * 3) else {
        return broken("is damaged: its frame header is too short");
    };
    let ids: Vec<u8> = table.chunks_exact(3).map(|c| c[0]).collect();
    header.rgb_by_ids = ids == *b"RGB";
    (header.width, header.height, header.components) = (width.into(), height.into(), components);
    Ok(())
}

/// The marker behind a scan's data.
fn end_of_scan(bytes: &[u8], from: usize) -> Result<usize, Wrong> {
    let data = bytes.get(from..).unwrap_or_default();
    memchr::memchr_iter(0xff, data)
        .find(|i| !matches!(data.get(i + 1), None | Some(0x00 | 0xd0..=0xd7 | 0xff)))
        .map(|i| from + i)
        .ok_or_else(|| Wrong::Broken(CUT_OFF.into()))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// JFIF 1.02, page 5: 1 = dots per inch, 2 = dots per centimetre.
fn density(segment: &[u8]) -> Option<(f32, f32)> {
    let (x, y) = (f32::from(u16_at(segment, 8)?), f32::from(u16_at(segment, 10)?));
    match segment.get(7)? {
        1 => Some((x, y)),
        2 => Some((x * 2.54, y * 2.54)),
        _ => None,
    }
}

/// The parts of a profile in their order; dropped unless whole and of the right number of components
/// (ICC.1:2010, annex B.4 and section 7.2.6).
fn assembled(mut parts: Vec<(u8, u8, &[u8])>, components: u8) -> Option<Vec<u8>> {
    parts.sort_by_key(|(number, ..)| *number);
    let whole =
        parts.iter().enumerate().all(|(i, (n, of, _))| usize::from(*n) == i + 1 && usize::from(*of) == parts.len());
    let icc: Vec<u8> = parts.iter().flat_map(|(.., part)| part.iter().copied()).collect();
    (whole && fits(&icc, components)).then_some(icc)
}

/// Whether a profile is for pictures of so many components.
pub(super) fn fits(icc: &[u8], components: u8) -> bool {
    let space: &[u8] = match components {
        1 => b"GRAY",
        3 => b"RGB ",
        _ => b"CMYK",
    };
    let length = icc.get(..4).and_then(|l| l.try_into().ok()).map_or(0, u32::from_be_bytes);
    icc.get(16..20) == Some(space) && icc.get(36..40) == Some(b"acsp") && length as usize <= icc.len()
}

struct Exif {
    orientation: Option<u8>,
    dpi: Option<(f32, f32)>,
}

/// The first directory of a TIFF structure (Exif 2.32, section 4.6.4).
fn exif(tiff: &[u8]) -> Option<Exif> {
    let big = match tiff.get(..2)? {
        b"MM" => true,
        b"II" => false,
        _ => return None,
    };
    let u16_of = |b: &[u8]| -> Option<u16> {
        let b = b.try_into().ok()?;
        Some(if big { u16::from_be_bytes(b) } else { u16::from_le_bytes(b) })
    };
    let u32_of = |b: &[u8]| -> Option<u32> {
        let b = b.try_into().ok()?;
        Some(if big { u32::from_be_bytes(b) } else { u32::from_le_bytes(b) })
    };
    let directory = u32_of(tiff.get(4..8)?)? as usize;
    let count = usize::from(u16_of(tiff.get(directory..directory.checked_add(2)?)?)?);
    let (mut orientation, mut x, mut y, mut unit) = (None, None, None, 2);
    for entry in tiff.get(directory + 2..)?.chunks_exact(12).take(count) {
        let (tag, kind, value) = (u16_of(&entry[..2])?, u16_of(&entry[2..4])?, &entry[8..]);
        let rational = || -> Option<f32> {
            let at = u32_of(value)? as usize;
            let over = u32_of(tiff.get(at..at.checked_add(4)?)?)?;
            let under = u32_of(tiff.get(at + 4..at.checked_add(8)?)?)?;
            (under != 0).then(|| over as f32 / under as f32)
        };
        match (tag, kind) {
            (0x0112, 3) => orientation = u16_of(&value[..2]).and_then(|o| u8::try_from(o).ok()),
            (0x011a, 5) => x = rational(),
            (0x011b, 5) => y = rational(),
            (0x0128, 3) => unit = u16_of(&value[..2])?,
            _ => {}
        }
    }
    let per_inch = if unit == 3 { 2.54 } else { 1.0 };
    Some(Exif {
        orientation: orientation.filter(|o| (1..=8).contains(o)),
        dpi: x.zip(y).map(|(x, y)| (x * per_inch, y * per_inch)).filter(|_| matches!(unit, 2 | 3)),
    })
}

/// The pixels of a file in process inks, four bytes each, 255 = solid, as they lie in the file.
///
/// Adobe's files hold the inks upside down (Technical Note 5116, section 18).
pub(super) fn inks(bytes: &[u8]) -> Result<(u32, u32, Vec<u8>), Wrong> {
    let header = scan(bytes)?;
    let (width, height, _, mut samples) = samples(bytes)?;
    if header.adobe.is_some() {
        samples.iter_mut().for_each(|v| *v = 255 - *v);
    }
    Ok((width, height, samples))
}

/// Width, height, components and samples of a file, as a filter of PDF gives them: grey, red, green and blue, or four inks,
/// upside down where the file has them so.
pub(super) fn samples(bytes: &[u8]) -> Result<(u32, u32, u8, Vec<u8>), Wrong> {
    use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
    let header = scan(bytes)?;
    let damaged = || Wrong::Broken("is damaged: its data cannot be decoded".into());
    // What other programs do of four components (libjpeg, `jdapimin.c`): no marker is as transform 0.
    let space = match (header.components, header.adobe) {
        (1, _) => ColorSpace::Luma,
        (3, _) => ColorSpace::RGB,
        (_, Some(2)) => ColorSpace::YCCK,
        _ => ColorSpace::CMYK,
    };
    let options =
        DecoderOptions::new_safe().set_max_width(usize::MAX).set_max_height(usize::MAX).jpeg_set_out_colorspace(space);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let mut pixels = decoder.decode().map_err(|_| damaged())?;
    let wanted = u64::from(header.width) * u64::from(header.height) * u64::from(header.components);
    if pixels.len() as u64 != wanted {
        return Err(damaged());
    }
    if space == ColorSpace::YCCK {
        pixels.as_chunks_mut::<4>().0.iter_mut().for_each(|pixel| *pixel = from_ycck(*pixel));
    }
    Ok((header.width, header.height, header.components, pixels))
}

/// ITU-T T.871, section 7, and the complement, in whole numbers.
fn from_ycck([y, cb, cr, k]: [u8; 4]) -> [u8; 4] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let half = 1 << 15;
    let [r, g, b] = [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb]
        .map(|v| ((v + half) >> 16).clamp(0, 255) as u8);
    [255 - r, 255 - g, 255 - b, k]
}

/// Decodes the whole picture to be sure that it can be decoded; the pixels are dropped.
pub(super) fn check_data(bytes: &[u8]) -> Result<(), Wrong> {
    use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
    let options = DecoderOptions::new_safe().set_strict_mode(true).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let decoded = decoder.decode_headers().and_then(|()| {
        // Nobody looks at the pixels: they need not become RGB.
        if decoder.input_colorspace() == Some(ColorSpace::YCbCr) {
            decoder.set_options(options.jpeg_set_out_colorspace(ColorSpace::YCbCr));
        }
        decoder.decode()
    });
    match decoded {
        Ok(_) => Ok(()),
        // allowed by B.1.1.2, whatever the strict decoder thinks of it
        Err(e) if e.to_string().contains("Extra bytes between headers") => Ok(()),
        Err(_) => broken("is damaged: its data cannot be decoded"),
    }
}
