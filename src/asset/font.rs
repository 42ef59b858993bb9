//! Font files and what layout and output need to know of them.
//!
//! A [`Font`] is read once and shared read-only. Its heart is a flat table from characters to glyphs that
//! also says of each character whether it is *plain*: no rule of the font that is on by default starts at
//! its glyph, so that the glyph and its natural advance are all that shaping would find, whatever the
//! neighbours. Where kerning with the next glyph is all that there is, the table says so, and [`Font::kern`]
//! knows it. Text of such characters never meets the shaper; [`Font::shaper`] is for the rest.
//! Bold and italic are never imitated: where a family lacks a face, the nearest one is used as it is.

use std::fmt;
use std::sync::{Arc, OnceLock};

use skrifa::instance::{LocationRef, NormalizedCoord, Size};
use skrifa::raw::tables::os2::SelectionFlags;
use skrifa::raw::types::Tag;
use skrifa::raw::{FontRef, TableProvider};
use skrifa::string::StringId;
use skrifa::{GlyphId, MetadataProvider};

use super::charmap::{CharTable, Variants};
use super::colored::Colors;
use super::halves::{self, Half, Halves};
use super::mapped::Mapped;
use super::pairs::Pairs;
use super::texts::Texts;
use super::touched;
use super::vertical::Vertical;

/// A font's place in its [`super::fallback::FontSet`], in the order of registration: the same in every
/// run, so that it can name the font in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FontId(pub u16);

/// A font's name in what is written: the place of its face in the set and, for an instance of a variable font, a number
/// of the place in the font's space; 0 for the face itself. Unlike a [`FontId`] it never depends on what was asked
/// for before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FontLabel(pub u16, pub u64);

/// The bytes of a font file: part of the program, read, or looked at where they lie.
#[derive(Clone)]
pub enum FontData {
    Shipped(&'static [u8]),
    Loaded(Arc<[u8]>),
    Mapped(Arc<Mapped>),
}

impl FontData {
    /// Whether the file is still what it was when it was opened; see [`super::mapped`].
    #[must_use]
    pub fn unchanged(&self) -> bool {
        match self {
            Self::Shipped(_) | Self::Loaded(_) => true,
            Self::Mapped(file) => file.unchanged(),
        }
    }
}

impl fmt::Debug for FontData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FontData({} bytes)", self.as_ref().len())
    }
}

impl AsRef<[u8]> for FontData {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Shipped(b) => b,
            Self::Loaded(b) => b,
            Self::Mapped(file) => file.as_ref().as_ref(),
        }
    }
}

/// What the rules of a font that are on by default can do to a character in horizontal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Nothing: the glyph and its natural advance stand.
    None,
    /// They kern it with the glyph behind it.
    Kerning,
    /// Anything: the shaper must be asked.
    Any,
}

/// Why bytes are no font that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FontFault {
    /// Not an OpenType file, or no such face in the collection.
    NotAFont,
    /// Packed for the web; see [`FontData::unpacked`].
    WebFont,
    /// WOFF or WOFF2, but its tables do not come out as it says.
    Packed,
    /// A table that every font needs is absent or broken; its tag.
    Table(&'static str),
    /// No Unicode character map, or an empty one.
    NoCharacters,
    /// A set holds at most 65,535 faces.
    TooMany,
}

impl fmt::Display for FontFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAFont => f.write_str("not an OpenType or TrueType font"),
            Self::WebFont => f.write_str("a font packed for the web"),
            Self::Packed => f.write_str(
                "a font packed for the web (WOFF) that cannot be unpacked: damaged, a collection, or of more than 64 MB",
            ),
            Self::Table(tag) => write!(f, "the font's table {tag} is absent or broken"),
            Self::NoCharacters => f.write_str("the font maps no Unicode characters"),
            Self::TooMany => f.write_str("more than 65,535 fonts"),
        }
    }
}

/// What a font file says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The family name in English, or in whatever language there is.
    pub family: String,
    /// From 1 to 1000; 400 is regular.
    pub weight: u16,
    pub italic: bool,
}

/// Reads what face `index` of a font file says of itself: family, weight, style (OpenType, tables `name` and `OS/2`).
///
/// # Errors
/// [`FontFault::NotAFont`].
pub fn describe(bytes: &[u8], index: u32) -> Result<Described, FontFault> {
    let file = FontRef::from_index(bytes, index).map_err(|_| FontFault::NotAFont)?;
    let name = |id| file.localized_strings(id).english_or_first().map(|s| s.chars().collect::<String>());
    let family = name(StringId::TYPOGRAPHIC_FAMILY_NAME).or_else(|| name(StringId::FAMILY_NAME)).unwrap_or_default();
    let os2 = file.os2().ok();
    let weight = os2.as_ref().map_or(400, |t| t.us_weight_class().clamp(1, 1000));
    let italic = os2.is_some_and(|t| t.fs_selection().intersects(SelectionFlags::ITALIC | SelectionFlags::OBLIQUE));
    Ok(Described { family, weight, italic })
}

/// One face. Made once per run, shared read-only.
pub struct Font {
    pub id: FontId,
    pub label: FontLabel,
    /// The family name that CSS selects it by.
    pub family: Arc<str>,
    pub weight: u16,
    pub italic: bool,
    /// It draws what other faces lack; no style names it.
    pub stand_in: bool,
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
    /// Centre line of an underline above the baseline (negative: below) and its thickness, in font units.
    pub underline: (i16, i16),
    /// Top of a strike-through line above the baseline and its thickness, in font units.
    pub strikeout: (i16, i16),
    /// Horizontal advance of every glyph, in font units.
    pub advances: Vec<u16>,
    chars: CharTable,
    variants: Variants,
    /// Glyphs for which the ids behind the file's own stand: see [`Font::outline`].
    apart: Vec<u16>,
    pairs: Pairs,
    /// Has rules for single languages other than Japanese; see [`Font::is_plain_for`].
    other_languages: bool,
    /// Where in its space a variable font is drawn; empty: as it is without being varied.
    pub(super) place: Box<[NormalizedCoord]>,
    /// What glyphs in colour are drawn of; `None` for a font without any.
    pub colors: Option<Box<Colors>>,
    shaper: OnceLock<Option<harfrust::Font>>,
    texts: OnceLock<Texts>,
    /// Across and down.
    halves: [OnceLock<Option<Halves>>; 2],
    /// Made when the first vertical text meets the font.
    pub(super) vertical: OnceLock<Box<Vertical>>,
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Font({} {} {})", self.id.0, self.family, self.weight)
    }
}

impl Font {
    /// Reads a face.
    ///
    /// # Errors
    /// [`FontFault`] where the bytes lack what text cannot do without.
    pub fn load(
        data: FontData,
        index: u32,
        family: impl Into<Arc<str>>,
        weight: u16,
        italic: bool,
        id: FontId,
    ) -> Result<Self, FontFault> {
        Self::load_at(data, index, family, weight, italic, id, Box::default())
    }

    /// Reads a face of a variable font at one place of its space ([`super::instance`]).
    ///
    /// # Errors
    /// As [`Font::load`].
    pub fn load_at(
        data: FontData,
        index: u32,
        family: impl Into<Arc<str>>,
        weight: u16,
        italic: bool,
        id: FontId,
        place: Box<[NormalizedCoord]>,
    ) -> Result<Self, FontFault> {
        if matches!(data.as_ref().get(..4), Some(b"wOFF" | b"wOF2")) {
            return Err(FontFault::WebFont);
        }
        let file = FontRef::from_index(data.as_ref(), index).map_err(|_| FontFault::NotAFont)?;
        let head = file.head().map_err(|_| FontFault::Table("head"))?;
        let hhea = file.hhea().map_err(|_| FontFault::Table("hhea"))?;
        let count = file.maxp().map_err(|_| FontFault::Table("maxp"))?.num_glyphs();
        let hmtx = file.hmtx().map_err(|_| FontFault::Table("hmtx"))?;
        let units_per_em = head.units_per_em();
        if units_per_em == 0 {
            return Err(FontFault::Table("head"));
        }

        let mut advances = Vec::with_capacity(usize::from(count));
        advances.extend(hmtx.h_metrics().iter().take(usize::from(count)).map(|m| m.advance()));
        let last = advances.last().copied().ok_or(FontFault::Table("hmtx"))?;
        advances.resize(usize::from(count), last);
        let varied = place.iter().any(|v| v.to_bits() != 0);
        let location = LocationRef::new(&place);
        if varied {
            let metrics = file.glyph_metrics(Size::unscaled(), location);
            for (glyph, advance) in (0u32..).zip(&mut advances) {
                if let Some(own) = metrics.advance_width(GlyphId::new(glyph)) {
                    *advance = libm::roundf(own).clamp(0.0, 65_535.0) as u16;
                }
            }
        }

        let (mut ascent, mut descent, mut line_gap) =
            (hhea.ascender().to_i16(), hhea.descender().to_i16(), hhea.line_gap().to_i16());
        let em = i32::from(units_per_em);
        let share = |thousandths: i32| i16::try_from(em * thousandths / 1000).unwrap_or(i16::MAX);
        let (mut cap_height, mut x_height) = (share(700), share(500));
        let mut strikeout = (share(280), share(50));
        // Where the file does not say how high letters are, two of them show it.
        let metrics = file.glyph_metrics(Size::unscaled(), LocationRef::default());
        let top = |c: char| {
            let top = file.charmap().map(c).and_then(|g| metrics.bounds(g))?.y_max;
            (top > 0.0 && top < f32::from(i16::MAX)).then_some(top as i16)
        };
        let os2 = file.os2().ok();
        let stated = |height: Option<i16>| height.filter(|v| *v > 0);
        x_height = stated(os2.as_ref().and_then(|t| t.sx_height())).or_else(|| top('x')).unwrap_or(x_height);
        cap_height = stated(os2.as_ref().and_then(|t| t.s_cap_height())).or_else(|| top('H')).unwrap_or(cap_height);
        if let Some(os2) = os2 {
            if os2.fs_selection().contains(SelectionFlags::USE_TYPO_METRICS) {
                (ascent, descent, line_gap) = (os2.s_typo_ascender(), os2.s_typo_descender(), os2.s_typo_line_gap());
            }
            if os2.y_strikeout_size() > 0 {
                strikeout = (os2.y_strikeout_position(), os2.y_strikeout_size());
            }
        }
        let mut underline = (share(-100), share(50));
        if let Ok(post) = file.post()
            && post.underline_thickness().to_i16() > 0
        {
            underline = (post.underline_position().to_i16(), post.underline_thickness().to_i16());
        }
        if varied && let Ok(mvar) = file.mvar() {
            let vary = |tag: &[u8; 4], value: &mut i16| {
                let delta = mvar.metric_delta(Tag::new(tag), &place).map_or(0.0, |d| d.to_f32());
                *value = libm::roundf(f32::from(*value) + delta).clamp(-32_768.0, 32_767.0) as i16;
            };
            vary(b"hasc", &mut ascent);
            vary(b"hdsc", &mut descent);
            vary(b"hlgp", &mut line_gap);
            vary(b"xhgt", &mut x_height);
            vary(b"cpht", &mut cap_height);
            vary(b"undo", &mut underline.0);
            vary(b"unds", &mut underline.1);
            vary(b"stro", &mut strikeout.0);
            vary(b"strs", &mut strikeout.1);
        }

        let charmap = file.charmap();
        let mut chars = CharTable::new(charmap.mappings().map(|(c, g)| (c, g.to_u32())), count);
        let touched = touched::glyphs(&file, count, &chars.simple_glyphs(count));
        chars.keep_plain(&touched.glyphs, |g| touched.pairs.starts(g));
        if chars.is_empty() {
            return Err(FontFault::NoCharacters);
        }
        let mut variants = Variants::new(&charmap, count);
        // Outlines that a table leads to can go by two ids; in CFF an id is the glyph.
        let mut apart = Vec::new();
        if file.table_data(Tag::new(b"glyf")).is_some() {
            apart = variants.name_apart(count, |c| chars.get(c).map(|e| e.glyph));
            for of in &apart {
                advances.push(advances.get(usize::from(*of)).copied().unwrap_or(0));
            }
        }
        let postscript_name = file
            .localized_strings(StringId::POSTSCRIPT_NAME)
            .english_or_first()
            .map_or_else(|| format!("Font{}", id.0), |s| s.chars().collect());
        Ok(Self {
            id,
            label: FontLabel(id.0, 0),
            family: family.into(),
            weight,
            italic,
            stand_in: false,
            index,
            postscript_name,
            units_per_em,
            ascent,
            descent,
            line_gap,
            cap_height,
            x_height,
            underline,
            strikeout,
            advances,
            chars,
            variants,
            apart,
            pairs: touched.pairs,
            other_languages: touched.other_languages,
            colors: Colors::of(&file),
            place: if varied { place } else { Box::default() },
            shaper: OnceLock::new(),
            halves: Default::default(),
            texts: OnceLock::new(),
            vertical: OnceLock::new(),
            data,
        })
    }

    /// The glyph that the character map gives, never glyph 0.
    #[must_use]
    pub fn glyph(&self, c: char) -> Option<u16> {
        self.chars.get(c).map(|e| e.glyph)
    }

    /// The glyph, and whether it and its advance are all that shaping would find.
    #[must_use]
    pub fn glyph_and_plain(&self, c: char) -> Option<(u16, bool)> {
        self.chars.get(c).map(|e| (e.glyph, e.plain))
    }

    /// The glyph, and whether the shaper treats the character by itself.
    pub(super) fn glyph_and_simple(&self, c: char) -> Option<(u16, bool)> {
        self.chars.get(c).map(|e| (e.glyph, e.simple))
    }

    /// By glyph id, whether a character that the shaper treats by itself maps to the glyph.
    pub(super) fn simple_glyphs(&self) -> Vec<bool> {
        self.chars.simple_glyphs(u16::try_from(self.advances.len()).unwrap_or(u16::MAX))
    }

    /// The glyph, and what shaping can do to it in horizontal text.
    #[must_use]
    #[inline]
    pub fn glyph_and_rules(&self, c: char) -> Option<(u16, Rules)> {
        self.chars.get(c).map(|e| {
            let rules = match (e.plain, e.paired) {
                (true, _) => Rules::None,
                (_, true) => Rules::Kerning,
                _ => Rules::Any,
            };
            (e.glyph, rules)
        })
    }

    /// What kerning adds to the advance of a glyph with [`Rules::Kerning`] before another glyph of a character
    /// that needs no more than kerning either; in font units.
    #[must_use]
    pub fn kern(&self, glyph: u16, next: u16) -> i32 {
        self.pairs.kern(glyph, next)
    }

    /// Whether text in this language may use plain characters without shaping: the font must not have rules
    /// of its own for a language other than Japanese. `lang` is BCP 47; empty means not stated.
    #[must_use]
    pub fn is_plain_for(&self, lang: &str) -> bool {
        !self.other_languages || lang.is_empty() || lang == "ja" || lang.starts_with("ja-")
    }

    /// The glyph of a character with a variation selector (cmap format 14): an ideographic variation
    /// sequence or a standardised one. `None` where the font does not list the sequence.
    #[must_use]
    pub fn variant(&self, c: char, selector: char) -> Option<u16> {
        self.variants.get(c, selector)?.or_else(|| self.glyph(c))
    }

    /// The glyph of the file that is drawn for an id. A variation sequence that the font draws with the usual glyph
    /// of its character has an id of its own, so that the selector is not lost to those who copy the text.
    #[must_use]
    #[inline]
    pub fn outline(&self, glyph: u16) -> u16 {
        let own = self.advances.len() - self.apart.len();
        usize::from(glyph).checked_sub(own).and_then(|at| self.apart.get(at)).copied().unwrap_or(glyph)
    }

    /// Whether the shaper leaves a sequence with this glyph as it is: the font has no rules for the glyph.
    #[must_use]
    pub fn is_plain_variant(&self, c: char, glyph: u16) -> bool {
        self.chars.get(c).is_some_and(|e| e.plain && e.glyph == self.outline(glyph))
    }

    /// Advance of a glyph in font units; 0 for a glyph that the font does not have.
    #[must_use]
    pub fn advance(&self, glyph: u16) -> u16 {
        self.advances.get(usize::from(glyph)).copied().unwrap_or(0)
    }

    /// The character that best stands for a glyph when its text is wanted back: a unified ideograph, ASCII
    /// or kana before a radical or a compatibility character; the lowest code point among equals. `None`
    /// for glyphs that no character maps to.
    #[must_use]
    pub fn text_of(&self, glyph: u16) -> Option<char> {
        self.texts().char(glyph)
    }

    /// Appends what a glyph says to those who search or copy: its character, or what the font's rules made it of
    /// (the letters of a ligature, the character of a vertical form, a character with its variation selector).
    /// Whether it says anything.
    pub fn text(&self, glyph: u16, out: &mut String) -> bool {
        self.texts().push(glyph, out)
    }

    fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| {
            let file = FontRef::from_index(self.data.as_ref(), self.index).ok();
            Texts::new(self.chars.reverse(self.advances.len()), &self.variants, file.as_ref())
        })
    }

    /// The space that a glyph of full width does without at half width, as the font says: `None` when it does
    /// not say (no `halt`, in vertical lines no `vhal`, nor a `palt` or `vpal` that shows it), `Some(None)` when this
    /// glyph has no such form.
    #[must_use]
    pub fn half(&self, glyph: u16, vertical: bool) -> Option<Option<Half>> {
        let halves = self.halves[usize::from(vertical)].get_or_init(|| {
            let file = FontRef::from_index(self.data.as_ref(), self.index).ok()?;
            halves::halves(&file, vertical)
        });
        halves.as_ref()?.get(glyph)
    }

    /// The face as the shaper wants it; made at the first use, shared by all workers. `None` only for a
    /// file that the shaper refuses.
    #[must_use]
    pub fn shaper(&self) -> Option<&harfrust::Font> {
        self.shaper
            .get_or_init(|| {
                let blob = match &self.data {
                    FontData::Shipped(bytes) => harfrust::font::Blob::from(*bytes),
                    FontData::Loaded(bytes) => harfrust::font::Blob::Shared(Arc::new(Arc::clone(bytes))),
                    FontData::Mapped(file) => {
                        let file: Arc<Mapped> = Arc::clone(file);
                        harfrust::font::Blob::Shared(file)
                    }
                };
                let font = harfrust::Font::new(blob, self.index)?;
                if self.place.is_empty() {
                    return Some(font);
                }
                Some(font.instance_builder().normalized_coords(self.place.iter().copied()).build())
            })
            .as_ref()
    }
}

/// Glyph ids fit in 16 bits in every file that has a `maxp` of this kind; larger ones are not drawn.
pub(super) fn small(glyph: GlyphId) -> Option<u16> {
    u16::try_from(glyph.to_u32()).ok().filter(|g| *g != 0)
}
