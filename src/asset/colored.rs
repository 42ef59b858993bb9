//! Glyphs that bring their own colours, emoji above all: layers of shapes (OpenType, `COLR` with `CPAL`), or pictures
//! (`CBDT` with `CBLC`, `sbix`). Such a glyph has no outline in the PDF's font: its code stands in the text, so that
//! the text can be searched and copied, and what is seen is drawn beside it ([`crate::page::colored`]).
//!
//! A font without these tables has none of this, and nothing is looked up for it.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;
use skrifa::bitmap::{BitmapData, BitmapFormat, BitmapGlyph, BitmapStrikes, Origin};
use skrifa::instance::Size;
use skrifa::raw::types::Tag;
use skrifa::raw::{FontRef, TableProvider as _};
use skrifa::{GlyphId, MetadataProvider as _};

use super::font::Font;
use super::image::{self, Image};

/// What a font has in colour, and what was made of it so far.
pub struct Colors {
    pub kind: Kind,
    /// What a glyph is drawn of, by the glyph and, where the ink of the text is in it, that ink in words. What draws
    /// keeps its own values here; each is a function of font, glyph and ink, so the output does not depend on them.
    kept: RwLock<Kept>,
}

/// A value of whoever draws.
pub type Drawn = Arc<dyn Any + Send + Sync>;
type Kept = FxHashMap<(u16, Box<str>), Drawn>;

/// Glyphs whose drawings are kept; further ones are made each time.
const MOST_KEPT: usize = 1 << 13;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `COLR`, either version.
    Layers,
    /// `CBDT` or `sbix`.
    Pictures,
}

impl fmt::Debug for Colors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Colors({:?})", self.kind)
    }
}

/// What of a font is in colour, from its tables. Shapes go before pictures: they are sharp at every size.
#[must_use]
pub(super) fn kind(file: &FontRef<'_>) -> Option<Kind> {
    let has = |tag: &[u8; 4]| file.table_data(Tag::new(tag)).is_some();
    if has(b"COLR") && file.colr().is_ok() {
        Some(Kind::Layers)
    } else if has(b"sbix") || has(b"CBDT") && has(b"CBLC") {
        Some(Kind::Pictures)
    } else {
        None
    }
}

impl Colors {
    pub(super) fn of(file: &FontRef<'_>) -> Option<Box<Self>> {
        kind(file).map(|kind| Box::new(Self { kind, kept: RwLock::default() }))
    }

    /// What was kept for a glyph.
    #[must_use]
    pub fn kept(&self, glyph: u16, ink: &str) -> Option<Drawn> {
        self.kept.read().ok()?.get(&(glyph, ink.into())).cloned()
    }

    /// Keeps what a glyph is drawn of; gives back what stands there now.
    pub fn keep(&self, glyph: u16, ink: &str, drawn: Drawn) -> Drawn {
        match self.kept.write() {
            Ok(mut kept) if kept.len() < MOST_KEPT => {
                Arc::clone(kept.entry((glyph, ink.into())).or_insert_with(|| Arc::clone(&drawn)))
            }
            _ => drawn,
        }
    }
}

/// The picture of a glyph and where it stands, in em: to the right of the glyph's origin and above its baseline.
#[derive(Clone, Debug)]
pub struct Picture {
    pub image: Arc<Image>,
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

/// Why a glyph in colour cannot be drawn: its picture is damaged or of a kind that is not read, or its layers lead
/// in a circle or have no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

impl Font {
    /// Whether glyphs of the font can be in colour.
    #[must_use]
    #[inline]
    pub fn has_colors(&self) -> bool {
        self.colors.is_some()
    }

    /// Whether a glyph is drawn in its own colours and not by its outline.
    #[must_use]
    pub fn is_colored(&self, glyph: u16) -> bool {
        let Some(colors) = &self.colors else { return false };
        let Ok(file) = FontRef::from_index(self.data.as_ref(), self.index) else { return false };
        let id = GlyphId::from(self.outline(glyph));
        match colors.kind {
            Kind::Layers => file.color_glyphs().get(id).is_some(),
            Kind::Pictures => picture(&file, id).is_some(),
        }
    }

    /// The picture of a glyph: its largest. `None`: it has none (a space, a letter with an outline).
    ///
    /// # Errors
    /// The picture is damaged, or packed in a way that is not read (only PNG is).
    pub fn picture(&self, glyph: u16) -> Option<Result<Picture, Broken>> {
        let file = FontRef::from_index(self.data.as_ref(), self.index).ok()?;
        let found = picture(&file, GlyphId::from(self.outline(glyph)))?;
        Some(self.placed(glyph, &found).ok_or(Broken))
    }

    fn placed(&self, glyph: u16, found: &BitmapGlyph<'_>) -> Option<Picture> {
        let BitmapData::Png(png) = found.data else { return None };
        // The bytes are a part of the font's.
        let start = (png.as_ptr() as usize).checked_sub(self.data.as_ref().as_ptr() as usize)?;
        let name = format!("{}#{glyph}", self.postscript_name);
        let image = image::inside(&name, &self.data, start..start.checked_add(png.len())?).ok()?;
        let em = f32::from(self.units_per_em);
        let (across, down) = (1.0 / found.ppem_x, 1.0 / found.ppem_y);
        let (width, height) = (found.width as f32 * across, found.height as f32 * down);
        let left = found.bearing_x / em + found.inner_bearing_x * across;
        let edge = found.bearing_y / em + found.inner_bearing_y * down;
        let top = match found.placement_origin {
            Origin::TopLeft => edge,
            Origin::BottomLeft => edge + height,
        };
        let sound = [left, top, width, height].iter().all(|v| v.is_finite() && v.abs() < MOST_EM);
        sound.then(|| Picture { image: Arc::new(image), left, top, width, height })
    }
}

/// No picture reaches further from its glyph's origin than this, in em.
const MOST_EM: f32 = 100.0;

fn picture<'a>(file: &FontRef<'a>, glyph: GlyphId) -> Option<BitmapGlyph<'a>> {
    let formats = [BitmapFormat::Sbix, BitmapFormat::Cbdt];
    let strikes = formats.into_iter().find_map(|format| BitmapStrikes::with_format(file, format))?;
    strikes.glyph_for_size(Size::unscaled(), glyph)
}
