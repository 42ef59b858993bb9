//! Which font of a set draws a character.
//!
//! A [`FontSet`] holds faces in the order of registration. A [`Chain`] is what a style's families come to:
//! the best face of each family in the order of preference (CSS Fonts 4, section 5.2), then the campaign's
//! fallback faces in its order, then all other faces of the set as a last resort. For each character the first
//! face of the chain that has it is taken; for a variation sequence the first that has the sequence.
//!
//! Private-use characters mean in each font what its maker pleased: only faces that the style names, or that
//! the campaign states for them, draw these.

use std::sync::{Arc, OnceLock};

use super::face::About;
use super::font::{Font, FontData, FontFault, FontId, FontLabel};
use super::variation::{self, Bounds, Made, Wish};

/// The faces that a campaign's text can use. Faces are read when they are first needed.
#[derive(Clone, Debug, Default)]
pub struct FontSet {
    faces: Vec<Face>,
    /// See [`FontSet::prefer`].
    preferred: Option<Arc<str>>,
    identity: u64,
    /// See [`FontSet::is_varied`].
    varied: bool,
    /// Ids from the number of faces on.
    made: Arc<Made>,
}

#[derive(Clone, Debug)]
struct Face {
    family: Arc<str>,
    weight: u16,
    italic: bool,
    index: u32,
    role: Role,
    /// It is a variable font.
    varies: bool,
    bounds: Bounds,
    data: FontData,
    font: OnceLock<Option<Arc<Font>>>,
}

/// What a face is there for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Styles name its family.
    #[default]
    Family,
    /// It draws what the faces of a style lack.
    Fallback,
    /// The same, private-use characters included.
    Private,
}

macro_rules! shipped {
    ($($family:literal $weight:literal $file:literal;)*) => {
        [$(($family, $weight, include_bytes!(concat!("../../fonts/", $file)).as_slice())),*]
    };
}

/// The faces that are part of the program (SIL Open Font Licence, see `fonts/`).
static SHIPPED: [(&str, u16, &[u8]); 6] = shipped! {
    "BIZ UDGothic" 400 "BIZUDGothic-Regular.ttf";
    "BIZ UDGothic" 700 "BIZUDGothic-Bold.ttf";
    "BIZ UDPGothic" 400 "BIZUDPGothic-Regular.ttf";
    "BIZ UDPGothic" 700 "BIZUDPGothic-Bold.ttf";
    "BIZ UDMincho" 400 "BIZUDMincho-Regular.ttf";
    "BIZ UDPMincho" 400 "BIZUDPMincho-Regular.ttf";
};

impl FontSet {
    /// No faces at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The faces that are part of the program.
    #[must_use]
    pub fn shipped() -> Self {
        let faces = SHIPPED.iter().map(|(family, weight, bytes)| Face {
            family: Arc::from(*family),
            weight: *weight,
            italic: false,
            index: 0,
            role: Role::Family,
            varies: false,
            bounds: Bounds::fixed(*weight),
            data: FontData::Shipped(bytes),
            font: OnceLock::new(),
        });
        let mut set = Self { faces: faces.collect(), ..Self::default() };
        set.identify();
        set
    }

    /// A number that differs between sets of different faces: caches that speak of ids compare it.
    #[must_use]
    pub fn identity(&self) -> u64 {
        self.identity
    }

    fn identify(&mut self) {
        use std::hash::{Hash, Hasher};
        let mut hasher = rustc_hash::FxHasher::default();
        for f in &self.faces {
            let bytes = f.data.as_ref();
            (&f.family, f.weight, f.italic, f.index, f.role, bytes.as_ptr() as usize, bytes.len()).hash(&mut hasher);
        }
        self.preferred.hash(&mut hasher);
        self.identity = hasher.finish();
        self.varied = self.faces.iter().any(|f| f.varies || f.bounds.stretch != (100.0, 100.0));
        self.made = Arc::default();
    }

    /// Adds a face, as `@font-face` names it. A later face with the same family, weight and style wins.
    ///
    /// # Errors
    /// [`FontFault`] when the bytes are no usable font: they are read at once.
    pub fn add(
        &mut self,
        data: FontData,
        index: u32,
        family: impl Into<Arc<str>>,
        weight: u16,
        italic: bool,
    ) -> Result<FontId, FontFault> {
        let id = FontId(u16::try_from(self.faces.len()).map_err(|_| FontFault::TooMany)?);
        let family = family.into();
        let font = Font::load(data.clone(), index, Arc::clone(&family), weight, italic, id)?;
        let font = OnceLock::from(Some(Arc::new(font)));
        let bounds = Bounds::fixed(weight);
        self.faces.push(Face { family, weight, italic, index, role: Role::Family, varies: false, bounds, data, font });
        self.identify();
        Ok(id)
    }

    /// Adds a face that may be varied within bounds, as `@font-face` names it. It is read at once.
    ///
    /// # Errors
    /// [`FontFault`] when the bytes are no usable font.
    pub fn add_bounded(
        &mut self,
        data: FontData,
        about: &About,
        family: impl Into<Arc<str>>,
        italic: bool,
        bounds: Bounds,
    ) -> Result<FontId, FontFault> {
        let id = self.add(data, about.index, family, bounds.weights.0, italic)?;
        if let Some(face) = self.faces.last_mut() {
            (face.bounds, face.varies) = (bounds, about.variable);
        }
        self.identify();
        Ok(id)
    }

    /// Whether faces differ by more than weight and style: then width, size and settings of a style count too.
    #[must_use]
    pub fn is_varied(&self) -> bool {
        self.varied
    }

    /// Sets the family for text that names none that is here; without one it is `sans-serif`.
    pub fn prefer(&mut self, family: impl Into<Arc<str>>) {
        self.preferred = Some(family.into());
        self.identify();
    }

    /// Adds a face that was looked at; it is read when text first needs it.
    ///
    /// # Errors
    /// [`FontFault::TooMany`].
    pub fn add_later(
        &mut self,
        data: FontData,
        about: &About,
        family: impl Into<Arc<str>>,
        role: Role,
    ) -> Result<FontId, FontFault> {
        let id = FontId(u16::try_from(self.faces.len()).map_err(|_| FontFault::TooMany)?);
        let (weight, italic, index, varies) = (about.weight, about.italic, about.index, about.variable);
        let width = f32::from(about.stretch);
        let stretch = about.widths.unwrap_or((width, width));
        let bounds = Bounds { weights: about.weights.unwrap_or((weight, weight)), stretch, leans: true };
        let (family, font) = (family.into(), OnceLock::new());
        self.faces.push(Face { family, weight, italic, index, role, varies, bounds, data, font });
        self.identify();
        Ok(id)
    }

    /// The bytes and places in their files of all faces of a family that styles name.
    pub fn family(&self, family: &str) -> impl Iterator<Item = (FontData, u32)> {
        self.faces
            .iter()
            .filter(|f| f.role == Role::Family && f.family.eq_ignore_ascii_case(family))
            .map(|f| (f.data.clone(), f.index))
    }

    /// Number of faces; their ids run from 0 to one less.
    #[must_use]
    pub fn len(&self) -> usize {
        self.faces.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// A face, read now if it was not yet. `None`: no such id, or bytes that are no font.
    #[must_use]
    pub fn get(&self, id: FontId) -> Option<&Arc<Font>> {
        let Some(face) = self.faces.get(usize::from(id.0)) else { return self.instance(id) };
        face.font
            .get_or_init(|| {
                let family = Arc::clone(&face.family);
                let mut font = Font::load(face.data.clone(), face.index, family, face.weight, face.italic, id).ok()?;
                font.stand_in = face.role != Role::Family;
                Some(Arc::new(font))
            })
            .as_ref()
    }

    /// An instance of a variable font, read now if it was not yet.
    fn instance(&self, id: FontId) -> Option<&Arc<Font>> {
        let instance = self.made.get(usize::from(id.0).checked_sub(self.faces.len())?)?;
        let face = self.faces.get(instance.face)?;
        instance
            .font
            .get_or_init(|| {
                let (family, place) = (Arc::clone(&face.family), instance.place.clone());
                let (weight, italic) = (instance.weight, instance.italic);
                let (data, own) = (face.data.clone(), FontId(u16::try_from(instance.face).ok()?));
                // Whatever of it is written goes by the face: the id depends on what was asked for before.
                let mut font = Font::load_at(data, face.index, family, weight, italic, own, place).ok()?;
                font.id = id;
                font.stand_in = face.role != Role::Family;
                font.label = FontLabel(own.0, variation::hash(&instance.place));
                // Readers of the PDF know instances by their names.
                font.postscript_name.push_str(&instance.name);
                Some(Arc::new(font))
            })
            .as_ref()
    }

    /// The instance of a face that comes nearest to what is asked for: the face itself where it cannot be varied.
    /// `short`: there is no room for another.
    fn varied(&self, id: FontId, wish: &Wish, short: &mut bool) -> FontId {
        let at = usize::from(id.0);
        let Some(face) = self.faces.get(at).filter(|f| f.varies) else { return id };
        let Some(spot) = variation::spot(face.data.as_ref(), face.index, wish, &face.bounds) else { return id };
        let weight = wish.weight.clamp(face.bounds.weights.0, face.bounds.weights.1.max(face.bounds.weights.0));
        let made = self.made.slot(at, weight, wish.is_italic() || face.italic, spot);
        let made = made.and_then(|slot| u16::try_from(self.faces.len() + slot).ok());
        *short |= made.is_none();
        made.map_or(id, FontId)
    }

    /// The face of a family that fits best (CSS Fonts 4, section 5.2: width first, then style, then weight).
    /// Family names are compared without regard to ASCII case. Of a variable font it is the font as it is.
    #[must_use]
    pub fn find(&self, family: &str, weight: u16, italic: bool) -> Option<FontId> {
        self.best(family, &Wish::new(weight, italic))
    }

    fn best(&self, family: &str, wish: &Wish) -> Option<FontId> {
        let family = match () {
            () if family.eq_ignore_ascii_case("sans-serif") || family.eq_ignore_ascii_case("system-ui") => {
                "BIZ UDPGothic"
            }
            () if family.eq_ignore_ascii_case("serif") => "BIZ UDPMincho",
            () if family.eq_ignore_ascii_case("monospace") => "BIZ UDGothic",
            () => family,
        };
        self.faces
            .iter()
            .enumerate()
            .filter(|(_, f)| f.role == Role::Family && f.family.eq_ignore_ascii_case(family))
            .min_by_key(|(i, f)| (f.away(wish), std::cmp::Reverse(*i)))
            .and_then(|(i, _)| u16::try_from(i).ok())
            .map(FontId)
    }

    /// The face that sets the measure of text that asks for these families, as [`Chain::first`] says it.
    #[must_use]
    pub fn first(&self, families: &[Arc<str>], weight: u16, italic: bool) -> Option<&Arc<Font>> {
        let wish = Wish::new(weight, italic);
        let named = families.iter().chain(&self.preferred).filter_map(|f| self.best(f, &wish));
        let named = named.map(|id| self.varied(id, &wish, &mut false));
        named.flat_map(|id| self.get(id)).next().or_else(|| self.chain(families, weight, italic).first(self))
    }

    /// The faces to try, in order, for text that asks for these families in a weight and style.
    #[must_use]
    pub fn chain(&self, families: &[Arc<str>], weight: u16, italic: bool) -> Chain {
        self.chain_of(families, &Wish::new(weight, italic))
    }

    /// The faces to try, in order, for text that asks for these families; variable fonts that the style or the campaign
    /// names as instances, those of last resort as they are.
    #[must_use]
    pub fn chain_of(&self, families: &[Arc<str>], wish: &Wish) -> Chain {
        let mut fonts: Vec<FontId> = Vec::with_capacity(self.faces.len());
        let mut push = |id: FontId| {
            if !fonts.contains(&id) {
                fonts.push(id);
            }
        };
        let preferred = || families.iter().chain(&self.preferred).filter_map(|f| self.best(f, wish));
        preferred().for_each(&mut push);
        if preferred().next().is_none() {
            self.best("sans-serif", wish).into_iter().for_each(&mut push);
        }
        let named = fonts.len();
        // The campaign's fallback: of each of its families the nearest face first, in the order of the list.
        let faces = || self.faces.iter().zip(0..).map(|(f, i)| (f, FontId(i)));
        let stand_ins = || faces().filter(|(f, _)| f.role != Role::Family);
        let mut order: Vec<_> = stand_ins()
            .map(|(f, id)| {
                let family = stand_ins().position(|(o, _)| o.family == f.family);
                (family, f.away(wish), id)
            })
            .collect();
        order.sort();
        let mut push = |id: FontId| {
            if !fonts.contains(&id) {
                fonts.push(id);
            }
        };
        order.into_iter().for_each(|(.., id)| push(id));
        self.best("sans-serif", wish).into_iter().for_each(&mut push);
        // The rest: the nearest weight and style first, then the order of registration.
        let mut rest: Vec<_> = faces().map(|(f, id)| (f.away(wish), id)).collect();
        rest.sort();
        rest.into_iter().for_each(|(_, id)| push(id));
        let private = |id: &FontId| self.faces.get(usize::from(id.0)).is_some_and(|f| f.role == Role::Private);
        let private = fonts.iter().skip(named).filter(|id| private(id));
        let mut private: Box<[FontId]> = fonts.iter().take(named).chain(private).copied().collect();
        let mut short = false;
        if self.faces.iter().any(|f| f.varies) {
            let stands_in = |id: &FontId| self.faces.get(usize::from(id.0)).is_some_and(|f| f.role != Role::Family);
            let wanted: Vec<bool> = fonts.iter().enumerate().map(|(i, id)| i < named || stands_in(id)).collect();
            for (id, _) in fonts.iter_mut().zip(wanted).filter(|(_, wanted)| *wanted) {
                *id = self.varied(*id, wish, &mut short);
            }
            private.iter_mut().for_each(|id| *id = self.varied(*id, wish, &mut short));
        }
        Chain { fonts: fonts.into(), private, short }
    }
}

impl Face {
    /// How far the face is from what is asked for: width, style, weight.
    fn away(&self, wish: &Wish) -> ((u8, u32), bool, (u8, u16)) {
        let b = &self.bounds;
        let stretch = wish.stretch.max(b.stretch.0).min(b.stretch.1.max(b.stretch.0));
        let off = stretch - wish.stretch;
        // From the normal width down the narrower ones first, above it the wider ones.
        let far_side = if wish.stretch <= 100.0 { off > 0.0 } else { off < 0.0 };
        let weight = wish.weight.clamp(b.weights.0, b.weights.1.max(b.weights.0));
        let width = (u8::from(far_side), (off.abs() * 100.0) as u32);
        (width, self.italic != wish.is_italic(), distance(wish.weight, weight))
    }
}

/// How far a weight is from the desired one, in the order of CSS Fonts 4, section 5.2: from 400 to 500 first
/// upwards to 500, below 400 first downwards, above 500 first upwards.
fn distance(desired: u16, weight: u16) -> (u8, u16) {
    let away = desired.abs_diff(weight);
    match (desired, weight) {
        (d, w) if d == w => (0, 0),
        (400..=500, w) if w > desired && w <= 500 => (1, away),
        (400..=500, w) if w < desired => (2, away),
        (400..=500, _) => (3, away),
        (d, w) if d < 400 && w < d => (1, away),
        (d, w) if d > 500 && w > d => (1, away),
        _ => (2, away),
    }
}

/// The faces to try for one style, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    pub fonts: Box<[FontId]>,
    /// Those among them that may draw private-use characters.
    private: Box<[FontId]>,
    /// There was no room for an instance of a variable font: see [`variation::MOST_INSTANCES`].
    pub short: bool,
}

/// A face that has a character.
#[derive(Clone, Copy, Debug)]
pub struct Pick<'a> {
    pub font: &'a Arc<Font>,
    pub glyph: u16,
    /// The glyph and its natural advance are all that shaping would find.
    pub plain: bool,
}

impl Chain {
    /// The face that sets the line's measure: the first that can be read.
    #[must_use]
    pub fn first<'a>(&self, set: &'a FontSet) -> Option<&'a Arc<Font>> {
        self.fonts.iter().find_map(|id| set.get(*id))
    }

    /// The first face that has the character, or the sequence of character and variation selector.
    #[must_use]
    pub fn pick<'a>(&self, set: &'a FontSet, c: char, selector: Option<char>) -> Option<Pick<'a>> {
        let fonts = if is_private(c) { &self.private } else { &self.fonts };
        fonts.iter().find_map(|id| {
            let font = set.get(*id)?;
            match selector {
                None => font.glyph_and_plain(c).map(|(glyph, plain)| Pick { font, glyph, plain }),
                Some(s) => font.variant(c, s).map(|glyph| Pick { font, glyph, plain: font.is_plain_variant(c, glyph) }),
            }
        })
    }

    /// The first face that draws the character as a picture, in colour, or as text, without (Unicode Technical Standard
    /// 51, section 1.4.3: U+FE0F and U+FE0E); where none does, the first that has it.
    #[must_use]
    pub fn pick_style<'a>(&self, set: &'a FontSet, c: char, picture: bool) -> Option<Pick<'a>> {
        // Colours first: most faces have none, and are then not asked for the glyph.
        let styled = self.fonts.iter().find_map(|id| {
            let font = set.get(*id).filter(|f| f.has_colors() == picture)?;
            let (glyph, plain) = font.glyph_and_plain(c)?;
            Some(Pick { font, glyph, plain })
        });
        styled.or_else(|| self.pick(set, c, None))
    }
}

/// A private-use character (Unicode 23.5).
#[must_use]
pub fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

#[cfg(test)]
#[path = "font_tests.rs"]
pub(crate) mod tests;
