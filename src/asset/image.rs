//! Pictures: looked at once, passed through where the PDF takes the file as it is (JPEG), decoded where not.

use std::borrow::Cow;
use std::io::Cursor;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader};
use rustc_hash::FxHashMap;

use super::artwork::{self, Artwork};
use super::data_url::{is_data, spoken};
use super::font::FontData;
use super::jpeg::{self, Wrong};
use super::loader::{Fault, FaultKind, Files};
use super::svg::{self, Drawing, Flaw};
use crate::base::{Digest, Pt};

/// Bytes of one picture file.
pub const MAX_BYTES: u64 = 64 << 20;
/// Pixels of one picture: A3 with bleed at 600 dpi is 72 million.
pub const MAX_PIXELS: u64 = 80_000_000;
/// Pictures whose looks are remembered; further ones are looked at each time they are asked for.
const MAX_KEPT: usize = 1 << 16;
/// Bytes of `data:` addresses whose pictures are remembered.
const MAX_ADDRESSES: usize = 32 << 20;

/// A picture that has been looked at but is not kept in memory: its bytes are read again when it is
/// written, once per output file, so that memory does not grow with the number of pictures.
#[derive(Debug)]
pub struct Image {
    /// Of the file's bytes: one object per digest in the output.
    pub digest: Digest,
    /// As the template named it, resolved against the campaign's folders; for messages and for reading again.
    pub path: String,
    /// Pixels as displayed (after EXIF orientation).
    pub width: u32,
    pub height: u32,
    /// Natural size: pixels at the file's own resolution, or 96 dpi (CSS Images 3, section 5.1).
    pub natural_width: Pt,
    pub natural_height: Pt,
    /// EXIF orientation that is left to do when drawing, 1..8; 1 = upright. Only JPEG files have another one.
    pub orientation: u8,
    /// Its pixels are taken as they lie, whatever the file says of its orientation; this is the file's digest, while
    /// `digest` is that of the file taken so.
    pub as_stored: Option<Digest>,
    /// It has no pixels: what is drawn instead.
    pub drawing: Option<Arc<Drawing>>,
    /// It is no file of its own, but these bytes of a font.
    pub within: Option<(FontData, Range<usize>)>,
    /// It is a page of a PDF file; it has no pixels either, and `digest` is of the file and the page.
    pub art: Option<Arc<Artwork>>,
}

/// A picture as the PDF takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PdfImage {
    /// The file itself: `DCTDecode`. Its pixels lie as in the file: when [`Image::orientation`] is not 1 the
    /// drawing matrix must turn it.
    Jpeg {
        bytes: Vec<u8>,
        /// Pixels as in the file, before orientation.
        width: u32,
        height: u32,
        /// 1, 3 or 4.
        components: u8,
        /// Adobe's inverted CMYK: the image dictionary needs `/Decode [1 0 1 0 1 0 1 0]`.
        inverted_cmyk: bool,
        /// The embedded profile, when it fits the number of components.
        icc: Option<Vec<u8>>,
    },
    /// Pixels, upright (orientation applied), 8 bits, rows from the top.
    Raster {
        width: u32,
        height: u32,
        /// 1 or 3; 4 of a JPEG file in process inks.
        components: u8,
        pixels: Vec<u8>,
        /// One byte a pixel for a soft mask, when anything is not opaque.
        alpha: Option<Vec<u8>>,
        icc: Option<Vec<u8>>,
    },
}

impl Image {
    /// Reads the file again and makes it ready for the PDF.
    ///
    /// # Errors
    /// The file has changed or gone since it was looked at.
    pub fn encode(&self, files: &Files) -> Result<PdfImage, Fault> {
        let bytes = self.read(files)?;
        let wrong = |w| fault(&self.path, w);
        if is_jpeg(&bytes) {
            let header = jpeg::scan(&bytes).map_err(wrong)?;
            if !header.rgb_by_ids || header.adobe.is_some() {
                return Ok(PdfImage::Jpeg {
                    width: header.width,
                    height: header.height,
                    components: header.components,
                    // Adobe writes CMYK upside down and marks it with APP14 (Technical Note 5116, section 18)
                    inverted_cmyk: header.components == 4 && header.adobe.is_some(),
                    icc: header.icc,
                    bytes: bytes.into_owned(),
                });
            }
        }
        let decoded = decode(&bytes, self.as_stored.is_none()).map_err(wrong)?;
        Ok(raster(decoded.pixels, decoded.icc))
    }

    /// Reads the file again and decodes it, also where [`Image::encode`] passes it through: always
    /// [`PdfImage::Raster`]. A JPEG file in process inks comes in its four inks, 255 = solid, and as it lies in the file: it
    /// still has to be turned by [`Image::orientation`].
    ///
    /// # Errors
    /// The file has changed or gone since it was looked at.
    pub fn decode(&self, files: &Files) -> Result<PdfImage, Fault> {
        let bytes = self.read(files)?;
        let wrong = |w| fault(&self.path, w);
        if is_jpeg(&bytes) && jpeg::scan(&bytes).map_err(wrong)?.components == 4 {
            let (width, height, pixels) = jpeg::inks(&bytes).map_err(wrong)?;
            return Ok(PdfImage::Raster { width, height, components: 4, pixels, alpha: None, icc: None });
        }
        let decoded = decode(&bytes, self.as_stored.is_none()).map_err(wrong)?;
        Ok(raster(decoded.pixels, decoded.icc))
    }

    fn read<'a>(&'a self, files: &'a Files) -> Result<Cow<'a, [u8]>, Fault> {
        if self.art.is_some() {
            let message = format!("the artwork {} has no pixels", spoken(&self.path));
            return Err(Fault::new(FaultKind::Unsupported, &self.path, message));
        }
        let bytes = match &self.within {
            Some((font, range)) => Cow::Borrowed(font.as_ref().get(range.clone()).unwrap_or_default()),
            None => files.read_named(&self.path, MAX_BYTES)?,
        };
        if Digest::of(&bytes) != self.as_stored.unwrap_or(self.digest) {
            let message = format!("the picture {} was changed while the run was using it", spoken(&self.path));
            return Err(Fault::new(FaultKind::Broken, &self.path, message).help("run again"));
        }
        Ok(bytes)
    }
}

/// All pictures that a run has met: each file is looked at once, whoever asks.
#[derive(Debug)]
pub struct ImageStore {
    files: Files,
    /// Artwork must be fit for PDF/X-4.
    strict: bool,
    /// By the file that names them and the name in it.
    asked: RwLock<FxHashMap<Box<str>, Looks>>,
    /// By the file's own name.
    seen: RwLock<Looks>,
    /// Of files that say how they are turned, the pictures that are not; `None` of files that say nothing. By digest: one
    /// file under two names is told by the first.
    stored: RwLock<FxHashMap<Digest, Option<Arc<Image>>>>,
    /// Bytes of the `data:` addresses in `asked`.
    addresses: AtomicUsize,
}

/// What looking at a file told; made by the first who asks, the others wait for it.
type Look = OnceLock<Result<Arc<Image>, Fault>>;
type Looks = FxHashMap<Box<str>, Arc<Look>>;

impl ImageStore {
    #[must_use]
    pub fn new(files: Files) -> Self {
        let (asked, seen, stored) = (RwLock::default(), RwLock::default(), RwLock::default());
        Self { files, strict: false, asked, seen, stored, addresses: AtomicUsize::new(0) }
    }

    /// With `strict`, artwork that PDF/X-4 does not allow is refused; else it only raises doubts.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The picture that `url` names in the file `base` (see [`Files::read`]).
    ///
    /// # Errors
    /// It is absent, broken, too large, of an unknown kind, or outside the folders.
    pub fn get(&self, base: &str, url: &str) -> Result<Arc<Image>, Fault> {
        let known = self.asked.read().ok().and_then(|asked| Some(Arc::clone(asked.get(base)?.get(url)?)));
        if let Some(look) = known {
            return look.get_or_init(|| self.look(base, url)).clone();
        }
        if is_data(url) && self.addresses.fetch_add(url.len(), Ordering::Relaxed) > MAX_ADDRESSES {
            return self.look(base, url);
        }
        let look = match self.asked.write() {
            Ok(mut asked) => {
                let kept: usize = asked.values().map(Looks::len).sum();
                let names = asked.entry(base.into()).or_default();
                match names.get(url) {
                    Some(look) => Arc::clone(look),
                    None if kept >= MAX_KEPT => Arc::default(),
                    None => Arc::clone(names.entry(url.into()).or_default()),
                }
            }
            Err(_) => Arc::default(),
        };
        look.get_or_init(|| self.look(base, url)).clone()
    }

    /// The same, its pixels as they lie in the file: `image-orientation: none` (CSS Images 3, section 6.1).
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn get_as_stored(&self, base: &str, url: &str) -> Result<Arc<Image>, Fault> {
        let image = self.get(base, url)?;
        if image.drawing.is_some() || image.art.is_some() {
            return Ok(image);
        }
        if let Some(known) = self.stored.read().ok().and_then(|stored| stored.get(&image.digest).cloned()) {
            return Ok(known.unwrap_or(image));
        }
        let made = as_stored(&image, &image.read(&self.files)?).map(Arc::new);
        if let Ok(mut stored) = self.stored.write()
            && stored.len() < MAX_KEPT
        {
            stored.insert(image.digest, made.clone());
        }
        Ok(made.unwrap_or(image))
    }

    fn look(&self, base: &str, url: &str) -> Result<Arc<Image>, Fault> {
        if let Some((file, page)) = artwork::named_page(url).filter(|_| !is_data(url)) {
            return self.look_at_artwork(base, url, file, page);
        }
        let name = self.files.resolve(base, url)?;
        // what stands in its own name needs no second entry
        let data = is_data(url);
        let look = match self.seen.write() {
            Ok(mut seen) if !data && (seen.len() < MAX_KEPT || seen.contains_key(&*name)) => {
                Arc::clone(seen.entry(name.as_str().into()).or_default())
            }
            _ => Arc::default(),
        };
        look.get_or_init(|| {
            let bytes = self.files.read_named(&name, MAX_BYTES)?;
            let mut image = look_at(&name, &bytes)?;
            if self.files.is_site() && image.drawing.is_none() {
                (image.natural_width, image.natural_height) = (pixels(image.width), pixels(image.height));
            }
            Ok(Arc::new(image))
        })
        .clone()
    }

    /// A page of a PDF file. Not remembered by the file's own name: each page is another picture.
    fn look_at_artwork(&self, base: &str, url: &str, file: &str, page: Option<usize>) -> Result<Arc<Image>, Fault> {
        let name = self.files.resolve(base, file)?;
        let Some(page) = page else {
            let message = format!("{url} names no page of {file}");
            return Err(Fault::new(FaultKind::Unsupported, url, message)
                .help(format!("name one by its number, the first is 1: `{file}#page=2`")));
        };
        let bytes = self.files.read_named(&name, artwork::MAX_BYTES)?;
        let art = Artwork::look(bytes.into_owned(), page, self.strict).map_err(|flaw| {
            let kind = match &flaw {
                artwork::Flaw::Broken(_) => FaultKind::Broken,
                artwork::Flaw::Unsupported(_) => FaultKind::Unsupported,
                artwork::Flaw::TooLarge(_) => FaultKind::TooLarge,
            };
            Fault::new(kind, &*name, format!("the artwork {name} {}", flaw.message()))
        })?;
        let mut hasher = crate::base::digest::Hasher::default();
        hasher.update(&art.file.0);
        hasher.update(&(page as u64).to_be_bytes());
        Ok(Arc::new(Image {
            digest: hasher.finish(),
            path: name,
            width: art.width.0.ceil() as u32,
            height: art.height.0.ceil() as u32,
            natural_width: art.width,
            natural_height: art.height,
            orientation: 1,
            as_stored: None,
            drawing: None,
            within: None,
            art: Some(Arc::new(art)),
        }))
    }
}

/// So many CSS pixels.
fn pixels(count: u32) -> Pt {
    Pt(count as f32 * 0.75)
}

fn fault(name: &str, wrong: Wrong) -> Fault {
    let (kind, what) = match wrong {
        Wrong::Broken(what) => (FaultKind::Broken, what),
        Wrong::Unsupported(what) => (FaultKind::Unsupported, what),
    };
    let name = spoken(name);
    Fault::new(kind, &*name, format!("the picture {name} {what}"))
}

fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8])
}

/// Width, height, components and samples of a JPEG file within another file; `None` if it is damaged or too large.
#[must_use]
pub fn jpeg_samples(bytes: &[u8]) -> Option<(u32, u32, u8, Vec<u8>)> {
    let header = jpeg::scan(bytes).ok()?;
    (u64::from(header.width) * u64::from(header.height) <= MAX_PIXELS).then(|| jpeg::samples(bytes).ok())?
}

/// A picture that is a part of a font.
pub(super) fn inside(name: &str, font: &FontData, range: Range<usize>) -> Result<Image, Fault> {
    let bytes = font.as_ref().get(range.clone()).unwrap_or_default();
    if svg::is_svg(bytes) {
        return Err(fault(name, Wrong::Unsupported("is a drawing".into())));
    }
    let image = look_at(name, bytes)?;
    Ok(Image { within: Some((font.clone(), range)), ..image })
}

/// All that layout wants to know of a file, and whether it is sound.
fn look_at(name: &str, bytes: &[u8]) -> Result<Image, Fault> {
    if svg::is_svg(bytes) {
        return look_at_drawing(name, bytes);
    }
    let wrong = |w| fault(name, w);
    let (width, height, orientation, dpi) = if is_jpeg(bytes) {
        let header = jpeg::scan(bytes).map_err(wrong)?;
        check_size(name, header.width, header.height)?;
        jpeg::check_data(bytes).map_err(wrong)?;
        if header.rgb_by_ids && header.adobe.is_none() {
            // goes through the decoder, which turns it
            let (w, h, dpi) = turned(header.orientation, header.width, header.height, header.dpi);
            (w, h, 1, dpi)
        } else {
            let (w, h, dpi) = turned(header.orientation, header.width, header.height, header.dpi);
            (w, h, header.orientation, dpi)
        }
    } else {
        let decoded = decode(bytes, true).map_err(|w| match w {
            Wrong::Unsupported(what) if what == TOO_LARGE => too_large(name),
            w => wrong(w),
        })?;
        (decoded.pixels.width(), decoded.pixels.height(), 1, png_dpi(bytes))
    };
    let (x, y) = dpi.unwrap_or((96.0, 96.0));
    Ok(Image {
        digest: Digest::of(bytes),
        path: name.to_owned(),
        width,
        height,
        natural_width: Pt(width as f32 * 72.0 / x),
        natural_height: Pt(height as f32 * 72.0 / y),
        orientation,
        as_stored: None,
        drawing: None,
        within: None,
        art: None,
    })
}

/// The picture with its pixels as they lie in the file; `None` where they lie as they are to be seen.
fn as_stored(image: &Image, bytes: &[u8]) -> Option<Image> {
    let orientation = if is_jpeg(bytes) {
        jpeg::scan(bytes).ok()?.orientation
    } else {
        let format = image::guess_format(bytes).ok().filter(ImageFormat::reading_enabled)?;
        let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder().ok()?;
        decoder.orientation().unwrap_or(Orientation::NoTransforms).to_exif()
    };
    if orientation == 1 {
        return None;
    }
    let mut hasher = crate::base::digest::Hasher::default();
    hasher.update(&image.digest.0);
    hasher.update(b"as stored");
    let lies = orientation >= 5;
    let swap = |a, b| if lies { (b, a) } else { (a, b) };
    let ((width, height), (natural_width, natural_height)) = (
        if lies { (image.height, image.width) } else { (image.width, image.height) },
        swap(image.natural_width, image.natural_height),
    );
    Some(Image {
        digest: hasher.finish(),
        path: image.path.clone(),
        width,
        height,
        natural_width,
        natural_height,
        orientation: 1,
        as_stored: Some(image.digest),
        drawing: None,
        within: image.within.clone(),
        art: None,
    })
}

/// A drawing: its size counts CSS pixels, as those of the file do where it says nothing else.
fn look_at_drawing(name: &str, bytes: &[u8]) -> Result<Image, Fault> {
    let flawed = |flaw: Flaw| {
        let kind = match &flaw {
            Flaw::Broken(_) => FaultKind::Broken,
            Flaw::Unsupported(_) => FaultKind::Unsupported,
            Flaw::TooLarge(_) => FaultKind::TooLarge,
        };
        Fault::new(kind, name, format!("the drawing {name} {}", flaw.message()))
    };
    if bytes.len() as u64 > svg::MAX_BYTES {
        return Err(flawed(Flaw::TooLarge("has more than 4 MiB".into())));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| flawed(Flaw::Broken("is not UTF-8".into())))?;
    let drawing = Drawing::parse(text, true).map_err(flawed)?;
    let (width, height) = drawing.natural();
    Ok(Image {
        digest: Digest::of(bytes),
        path: name.to_owned(),
        width: width.ceil().max(1.0) as u32,
        height: height.ceil().max(1.0) as u32,
        natural_width: Pt(width * 0.75),
        natural_height: Pt(height * 0.75),
        orientation: 1,
        as_stored: None,
        drawing: Some(Arc::new(drawing)),
        within: None,
        art: None,
    })
}

type Dpi = Option<(f32, f32)>;

/// Width, height and resolution as displayed: orientations 5 to 8 lie on their side.
fn turned(orientation: u8, width: u32, height: u32, dpi: Dpi) -> (u32, u32, Dpi) {
    if orientation >= 5 { (height, width, dpi.map(|(x, y)| (y, x))) } else { (width, height, dpi) }
}

const TOO_LARGE: &str = "is too large";

fn too_large(name: &str) -> Fault {
    let millions = MAX_PIXELS / 1_000_000;
    Fault::new(
        FaultKind::TooLarge,
        name,
        format!("the picture {name} has more than the {millions} million pixels that are allowed"),
    )
    .help("save it at the resolution of print: 350 pixels to the inch are enough")
}

fn check_size(name: &str, width: u32, height: u32) -> Result<(), Fault> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS { Err(too_large(name)) } else { Ok(()) }
}

struct Decoded {
    /// Upright.
    pixels: DynamicImage,
    icc: Option<Vec<u8>>,
}

/// Decodes everything that is not passed through; `upright`: turned as the file says.
fn decode(bytes: &[u8], upright: bool) -> Result<Decoded, Wrong> {
    if bytes.is_empty() {
        return Err(Wrong::Broken("is an empty file".into()));
    }
    let format = image::guess_format(bytes).ok().filter(ImageFormat::reading_enabled);
    let Some(format) = format else { return Err(Wrong::Unsupported(unknown(bytes))) };
    let words = |e: ImageError| match e {
        ImageError::Limits(_) => Wrong::Unsupported(TOO_LARGE.into()),
        ImageError::Unsupported(_) => {
            Wrong::Unsupported("is of a kind that is not known; save it as PNG or JPEG".into())
        }
        ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            Wrong::Broken("is cut off: the end of the picture is missing".into())
        }
        _ => Wrong::Broken("is damaged: its data cannot be decoded".into()),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = image::Limits::default();
    // pixels are asked before memory is taken for them; 16 bits and alpha take 8 bytes each
    limits.max_alloc = Some(MAX_PIXELS * 8 + (64 << 20));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(words)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Wrong::Broken("has no width or no height".into()));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Wrong::Unsupported(TOO_LARGE.into()));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let icc = decoder.icc_profile().ok().flatten();
    let mut pixels = DynamicImage::from_decoder(decoder).map_err(words)?;
    if upright {
        pixels.apply_orientation(orientation);
    }
    Ok(Decoded { pixels, icc })
}

/// What a file is that no decoder of ours knows, in words that help.
fn unknown(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(512)];
    let has = |s: &[u8]| memchr::memmem::find(head, s).is_some();
    let kind = if head.starts_with(b"%PDF") {
        return "is a PDF file; name it `….pdf` to have a page of it placed as artwork".into();
    } else if has(b"ftyphei") || has(b"ftypmif1") {
        "is a HEIC photo"
    } else if has(b"ftypavif") {
        "is an AVIF picture"
    } else if head.starts_with(b"8BPS") {
        "is a Photoshop file"
    } else {
        return "is no picture of a known kind (PNG, JPEG, WebP, TIFF, BMP, GIF)".into();
    };
    format!("{kind}, which cannot be placed; save it as PNG or JPEG")
}

/// `pHYs` (PNG, section 11.3.5.3): pixels in a metre.
fn png_dpi(bytes: &[u8]) -> Dpi {
    let mut at = 8;
    if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return None;
    }
    loop {
        let u32_at = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let length = u32_at(at)? as usize;
        match bytes.get(at + 4..at + 8)? {
            b"pHYs" if bytes.get(at + 16) == Some(&1) => {
                let (x, y) = (u32_at(at + 8)? as f32 * 0.0254, u32_at(at + 12)? as f32 * 0.0254);
                let sensible = 10.0..=10_000.0;
                return (sensible.contains(&x) && sensible.contains(&y)).then_some((x, y));
            }
            b"IDAT" | b"pHYs" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

/// Eight bits a colour; grey stays grey; alpha apart, and only if it says anything.
fn raster(pixels: DynamicImage, icc: Option<Vec<u8>>) -> PdfImage {
    let (width, height) = (pixels.width(), pixels.height());
    let color = pixels.color();
    let (components, pixels, alpha) = match (color.has_color(), color.has_alpha()) {
        (false, false) => (1, pixels.into_luma8().into_raw(), None),
        (true, false) => (3, pixels.into_rgb8().into_raw(), None),
        (false, true) => {
            let both = pixels.into_luma_alpha8().into_raw();
            (1, both.iter().step_by(2).copied().collect(), Some(both.iter().skip(1).step_by(2).copied().collect()))
        }
        (true, true) => {
            let all = pixels.into_rgba8().into_raw();
            let colors = all.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
            (3, colors, Some(all.iter().skip(3).step_by(4).copied().collect()))
        }
    };
    let alpha = alpha.filter(|a: &Vec<u8>| a.iter().any(|a| *a != 255));
    let icc = icc.filter(|icc| jpeg::fits(icc, components));
    PdfImage::Raster { width, height, components, pixels, alpha, icc }
}
