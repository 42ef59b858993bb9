//! What `ex`, `ch`, `cap` and `ic` are of: measures of an element's first available font (CSS Values 4, section 6.1.1).
//! They are asked for when a length in such a unit is met, and at no other time.

use std::cell::OnceCell;
use std::sync::Arc;

use super::style::{FontStyle, TextOrientation, TextStyle, WritingMode};

/// A font's measures as shares of its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// The height of small letters.
    pub ex: f32,
    /// The advance of `0`.
    pub ch: f32,
    /// The height of capitals.
    pub cap: f32,
    /// The advance of 水.
    pub ic: f32,
}

/// What is taken where a font cannot be asked.
impl Default for Measures {
    fn default() -> Self {
        Self { ex: 0.5, ch: 0.5, cap: 0.7, ic: 1.0 }
    }
}

/// Measures fonts. The answer depends on nothing but the question, as long as this lives.
pub trait Faces: std::fmt::Debug + Send + Sync {
    /// The first font that there is for these families.
    fn measures(&self, families: &[Arc<str>], weight: u16, italic: bool) -> Measures;
}

/// The font of one element, which is asked at most once.
#[derive(Debug)]
pub(super) struct Asked {
    faces: Option<Arc<dyn Faces>>,
    families: Arc<[Arc<str>]>,
    weight: u16,
    italic: bool,
    /// All characters of a vertical line stand upright: advances are heights.
    upright: bool,
    known: OnceCell<Measures>,
}

impl Asked {
    pub(super) fn new(faces: Option<&Arc<dyn Faces>>, text: &TextStyle) -> Self {
        Self {
            faces: faces.map(Arc::clone),
            families: Arc::clone(&text.font_family),
            weight: text.font_weight,
            italic: text.font_style != FontStyle::Normal,
            upright: text.writing_mode != WritingMode::HorizontalTb && text.orientation == TextOrientation::Upright,
            known: OnceCell::new(),
        }
    }

    fn measures(&self) -> Measures {
        *self.known.get_or_init(|| {
            let faces = self.faces.as_ref();
            let found = faces.map_or_else(Measures::default, |f| f.measures(&self.families, self.weight, self.italic));
            if self.upright { Measures { ch: 1.0, ic: 1.0, ..found } } else { found }
        })
    }
}

/// So many `ex`, `ch`, `cap` and `ic`, as a share of the font size.
pub(super) fn share(face: Option<&Asked>, [ex, ch, cap, ic]: [f32; 4]) -> f32 {
    let of = face.map_or_else(Measures::default, Asked::measures);
    of.ex * ex + of.ch * ch + of.cap * cap + of.ic * ic
}
