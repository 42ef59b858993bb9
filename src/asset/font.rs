//! Font files and what layout and output need to know of them.

use std::sync::Arc;

/// A font's place in its [`super::fallback::FontSet`], in the order of registration: the same in every
/// run, so that it can name the font in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FontId(pub u16);

/// The bytes of a font file: part of the program, or read from the campaign's folder.
#[derive(Clone)]
pub enum FontData {
    Shipped(&'static [u8]),
    Loaded(Arc<[u8]>),
}

impl std::fmt::Debug for FontData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FontData({} bytes)", self.as_ref().len())
    }
}

impl AsRef<[u8]> for FontData {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Shipped(b) => b,
            Self::Loaded(b) => b,
        }
    }
}

/// One face. Made once per run, shared read-only.
pub struct Font {
    pub id: FontId,
    /// The family name that CSS selects it by.
    pub family: Arc<str>,
    pub weight: u16,
    pub italic: bool,
    pub data: FontData,
    /// Index in a collection (TTC), else 0.
    pub index: u32,
    pub postscript_name: String,
    pub units_per_em: u16,
    /// Above the baseline, in font units (hhea, or OS/2 typo when USE_TYPO_METRICS is set).
    pub ascent: i16,
    /// Below the baseline, negative, in font units.
    pub descent: i16,
    pub line_gap: i16,
    pub cap_height: i16,
    pub x_height: i16,
    /// Horizontal advance of every glyph, in font units.
    pub advances: Vec<u16>,
}

impl std::fmt::Debug for Font {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Font({} {} {})", self.id.0, self.family, self.weight)
    }
}
