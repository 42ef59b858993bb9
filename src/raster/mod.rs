//! Pages to pixels for proofs, through an existing PDF rasteriser rather than drawing of our own: what a
//! proof shows is what the file holds. May import base and color only; ends in pictures.

mod contact_sheet;

pub use contact_sheet::contact_sheet;

use std::fmt;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::util::TransformExt as _;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::Rect;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{self, Affine};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _, RgbaImage};

/// Pixels on one side of a proof, at most: what the rasteriser can count.
const MAX_SIDE: u16 = 16_000;

/// Why a page could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes are no PDF that can be read.
    NotPdf,
    /// The file has no page of this number (from 0).
    NoSuchPage { page: usize, pages: usize },
    /// No pixel at all, or more than a proof may have on one side.
    Size { width: u64, height: u64 },
    /// The PNG encoder's complaint.
    Png(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPdf => f.write_str("the file is no PDF that can be read"),
            Self::NoSuchPage { page, pages } => {
                write!(f, "there is no page {}: the file has {pages}", page.saturating_add(1))
            }
            Self::Size { width, height } => {
                write!(f, "a picture of {width} by {height} pixels cannot be made: 1 to {MAX_SIDE} on each side")
            }
            Self::Png(reason) => write!(f, "the PNG cannot be written: {reason}"),
        }
    }
}

impl std::error::Error for Fault {}

/// Which part of the page a proof shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Area {
    /// What remains after cutting: the trim box.
    #[default]
    Trim,
    /// With the bleed: the bleed box.
    Bleed,
    /// All of the page: the media box.
    Media,
}

/// A PDF whose pages can be drawn.
pub struct Proof {
    pdf: Pdf,
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proof({} pages)", self.pages())
    }
}

impl Proof {
    /// Reads a file's bytes.
    ///
    /// # Errors
    /// [`Fault::NotPdf`].
    pub fn open(pdf: Vec<u8>) -> Result<Self, Fault> {
        Pdf::new(pdf).map(|pdf| Self { pdf }).map_err(|_| Fault::NotPdf)
    }

    #[must_use]
    pub fn pages(&self) -> usize {
        self.pdf.pages().len()
    }

    /// Draws page `page` (from 0) on white at `dpi` pixels to the inch. Process inks are shown by the
    /// rasteriser's own simple conversion: good for looking at, no colour proof.
    ///
    /// # Errors
    /// [`Fault::NoSuchPage`], [`Fault::Size`].
    pub fn draw(&self, page: usize, dpi: f32, area: Area) -> Result<RgbaImage, Fault> {
        let pages = self.pages();
        let page = self.pdf.pages().get(page).ok_or(Fault::NoSuchPage { page, pages })?;
        let to_upright = page.initial_transform(true).to_kurbo();
        let shown = to_upright.transform_rect_bbox(area_of(page, area));
        let scale = f64::from(dpi) / 72.0;
        let pixels = |length: f64| (length * scale).round().clamp(0.0, 1e9) as u64;
        let size = Fault::Size { width: pixels(shown.width()), height: pixels(shown.height()) };
        let side = |length: f64| u16::try_from(pixels(length)).ok().filter(|n| (1..=MAX_SIDE).contains(n));
        let (Some(width), Some(height)) = (side(shown.width()), side(shown.height())) else { return Err(size) };

        let mut context = RenderContext::new(width, height);
        hayro::render_into(
            page,
            &RenderCache::new(),
            &InterpreterSettings::default(),
            &RenderSettings::default(),
            &mut context,
            Affine::scale(scale) * Affine::translate((-shown.x0, -shown.y0)) * to_upright,
        );
        context.flush();
        let mut pixmap = Pixmap::new(width, height);
        let settings = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() };
        context.render_with(&mut pixmap, &mut Resources::default(), settings);
        // On white everything is opaque, so that premultiplied pixels are plain ones.
        let bytes = pixmap.data_as_u8_slice().to_vec();
        RgbaImage::from_raw(u32::from(width), u32::from(height), bytes).ok_or(size)
    }
}

/// A box of the page, in its own coordinates; the crop box where the page does not say.
fn area_of(page: &Page<'_>, area: Area) -> kurbo::Rect {
    let key: &[u8] = match area {
        Area::Trim => b"TrimBox",
        Area::Bleed => b"BleedBox",
        Area::Media => b"MediaBox",
    };
    let own = page.raw().get::<Rect>(key).filter(|r| r.width() > 0.0 && r.height() > 0.0);
    let r = own.unwrap_or_else(|| page.intersected_crop_box());
    kurbo::Rect::new(r.x0, r.y0, r.x1, r.y1)
}

/// Draws one page of a PDF; see [`Proof`] for several.
///
/// # Errors
/// See [`Fault`].
pub fn rasterise(pdf: &[u8], page: usize, dpi: f32, area: Area) -> Result<RgbaImage, Fault> {
    Proof::open(pdf.to_vec())?.draw(page, dpi, area)
}

/// A picture as PNG bytes; the same picture gives the same bytes.
///
/// # Errors
/// [`Fault::Png`].
pub fn png(picture: &RgbaImage) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgba8)
        .map_err(|e| Fault::Png(e.to_string()))?;
    Ok(out)
}

#[cfg(test)]
mod tests;
