//! What content refers to: fonts with the glyphs used, opacities, pictures, forms. Content names them by their value
//! or in the order of their first use, so that the same content has the same bytes on every worker.

use std::sync::Arc;

use super::object::{fixed, hex_byte, int};
use super::pictures::Use;
use super::shading::Dictionary;
use crate::asset::font::{Font, FontLabel};
use crate::base::Digest;
use crate::color::{Blend, Spot, SpotId};

/// One bit for each glyph of a font.
#[derive(Clone, Debug)]
pub(super) struct FontUse {
    pub(super) font: Arc<Font>,
    pub(super) glyphs: Vec<u64>,
}

/// The glyphs used of each font, by [`crate::asset::font::FontId`].
#[derive(Clone, Debug, Default)]
pub(super) struct GlyphSet {
    fonts: Vec<Option<FontUse>>,
}

impl GlyphSet {
    pub(super) fn of(&mut self, font: &Arc<Font>) -> &mut [u64] {
        let at = usize::from(font.id.0);
        if self.fonts.len() <= at {
            self.fonts.resize(at + 1, None);
        }
        let words = font.advances.len().div_ceil(64);
        &mut self.fonts[at].get_or_insert_with(|| FontUse { font: Arc::clone(font), glyphs: vec![0; words] }).glyphs
    }

    pub(super) fn add(&mut self, other: &Self) {
        for theirs in other.iter() {
            for (mine, theirs) in self.of(&theirs.font).iter_mut().zip(&theirs.glyphs) {
                *mine |= theirs;
            }
        }
    }

    pub(super) fn add_few(&mut self, few: &[FewGlyphs]) {
        for few in few {
            let bits = self.of(&few.font);
            for &glyph in &few.glyphs {
                if let Some(word) = bits.get_mut(usize::from(glyph / 64)) {
                    *word |= 1 << (glyph % 64);
                }
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &FontUse> {
        self.fonts.iter().flatten()
    }

    /// Glyphs in the set.
    pub(super) fn count(&self) -> u64 {
        self.iter().flat_map(|u| &u.glyphs).map(|w| u64::from(w.count_ones())).sum()
    }

    /// The set as short lists of glyphs, for keeping.
    pub(super) fn few(&self) -> Vec<FewGlyphs> {
        self.iter()
            .map(|u| FewGlyphs { font: Arc::clone(&u.font), glyphs: glyphs_of(&u.glyphs).collect() })
            .filter(|f| !f.glyphs.is_empty())
            .collect()
    }

    /// Empties the set and keeps its memory.
    pub(super) fn clear(&mut self) {
        self.fonts.iter_mut().flatten().for_each(|u| u.glyphs.fill(0));
    }
}

/// The glyph ids of a set of bits, in order.
pub(super) fn glyphs_of(bits: &[u64]) -> impl Iterator<Item = u16> {
    bits.iter().enumerate().flat_map(|(i, &word)| {
        let mut word = word;
        std::iter::from_fn(move || {
            let bit = (word != 0).then(|| word.trailing_zeros())?;
            word &= word - 1;
            u16::try_from(i * 64 + bit as usize).ok()
        })
    })
}

/// The glyphs that a kept list uses of one font.
#[derive(Clone, Debug)]
pub(super) struct FewGlyphs {
    font: Arc<Font>,
    glyphs: Vec<u16>,
}

/// How what is in a form is put together (ISO 32000-1, 11.6.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Together {
    /// As if it were written where the form is drawn.
    No,
    /// Blended as a whole.
    Group,
    /// The same, and not with what is below.
    Isolated,
    /// Its light is the opacity of what is drawn under it as a soft mask (11.6.5.3).
    Mask,
}

/// A form XObject: content with resources of its own, written once and drawn by `Do`.
#[derive(Debug)]
pub(super) struct Form {
    /// Of its operators, box and everything that it refers to.
    pub(super) digest: Digest,
    /// Lower left and upper right corner, y up.
    pub(super) bbox: [f32; 4],
    /// Compressed operators.
    pub(super) data: Vec<u8>,
    pub(super) needs: Needs,
    pub(super) glyphs: Vec<FewGlyphs>,
    pub(super) group: Together,
    /// Expected on very many pages: written once in the file. Otherwise it belongs to one piece.
    pub(super) recurs: bool,
}

/// Things in the order of their first use, each once.
#[derive(Debug)]
pub(super) struct Listed<T> {
    items: Vec<Arc<T>>,
    /// Positions in `items`, in the order of the digests.
    order: Vec<u32>,
}

impl<T> Clone for Listed<T> {
    fn clone(&self) -> Self {
        Self { items: self.items.clone(), order: self.order.clone() }
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { items: Vec::new(), order: Vec::new() }
    }
}

/// What is told from others by a digest.
pub(super) trait Digested {
    fn digest(&self) -> &Digest;
}

impl Digested for Use {
    fn digest(&self) -> &Digest {
        &self.key
    }
}

impl Digested for Form {
    fn digest(&self) -> &Digest {
        &self.digest
    }
}

impl Digested for Dictionary {
    fn digest(&self) -> &Digest {
        &self.digest
    }
}

impl<T: Digested> Listed<T> {
    /// The position of `item`, which is put behind the others if it is new.
    pub(super) fn put(&mut self, item: &Arc<T>) -> u32 {
        let of = |at: &u32| self.items.get(*at as usize).map(|i| i.digest());
        match self.order.binary_search_by(|at| of(at).cmp(&Some(item.digest()))) {
            Ok(found) => self.order.get(found).copied().unwrap_or(0),
            Err(at) => {
                let number = self.items.len() as u32;
                self.order.insert(at, number);
                self.items.push(Arc::clone(item));
                number
            }
        }
    }

    pub(super) fn get(&self, at: u32) -> Option<&Arc<T>> {
        self.items.get(at as usize)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Arc<T>> {
        self.items.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn clear(&mut self) {
        self.items.clear();
        self.order.clear();
    }

    fn same(&self, other: &Self) -> bool {
        self.items.len() == other.items.len() && self.iter().zip(other.iter()).all(|(a, b)| a.digest() == b.digest())
    }
}

/// What content names by a letter and its place in the order of first use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    Form,
    Shading,
    Mask,
}

/// Appends `/I0`, `/X0`, `/S0` or `/M0`.
pub(super) fn name_of(out: &mut Vec<u8>, kind: Kind, number: u32) {
    out.extend_from_slice(match kind {
        Kind::Image => b"/I",
        Kind::Form => b"/X",
        Kind::Shading => b"/S",
        Kind::Mask => b"/M",
    });
    int(out, number);
}

/// The entries of a resource dictionary; each list holds everything once.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    /// Fonts, with `true` for vertical writing.
    pub(super) fonts: Vec<(FontLabel, bool)>,
    /// Opacities in thousandths.
    pub(super) opacities: Vec<u16>,
    pub(super) images: Listed<Use>,
    pub(super) forms: Listed<Form>,
    pub(super) shadings: Listed<Dictionary>,
    /// Soft masks.
    pub(super) masks: Listed<Form>,
    pub(super) blends: Vec<Blend>,
    /// Content has colours of red, green and blue.
    pub(super) rgb: bool,
    /// Named inks, in the order of their names: numbers differ from run to run.
    pub(super) spots: Vec<SpotId>,
    /// Screen colours with their profile.
    pub(super) srgb: bool,
    pub(super) overprints: Vec<Overprint>,
}

/// Whether what is drawn lies on top of what is below, as a graphics state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Overprint {
    Off,
    On,
}

impl Overprint {
    pub(super) fn name(self) -> &'static [u8] {
        match self {
            Self::Off => b"/O0",
            Self::On => b"/O1",
        }
    }
}

fn insert<T, K: Ord>(list: &mut Vec<T>, item: &T, key: impl Fn(&T) -> K)
where
    T: Clone,
{
    if let Err(at) = list.binary_search_by(|other| key(other).cmp(&key(item))) {
        list.insert(at, item.clone());
    }
}

impl Needs {
    pub(super) fn font(&mut self, font: FontLabel, vertical: bool) {
        insert(&mut self.fonts, &(font, vertical), |f| *f);
    }

    pub(super) fn opacity(&mut self, thousandths: u16) {
        insert(&mut self.opacities, &thousandths, |o| *o);
    }

    pub(super) fn spot(&mut self, spot: SpotId) {
        insert(&mut self.spots, &spot, |s| (Arc::clone(&s.spot().name), s.spot().alternate.map(f32::to_bits)));
    }

    pub(super) fn overprint(&mut self, overprint: Overprint) {
        insert(&mut self.overprints, &overprint, |o| *o);
    }

    pub(super) fn blend(&mut self, blend: Blend) {
        insert(&mut self.blends, &blend, |b| *b);
    }

    /// Adds what is named by its value; what is named by its place is added where it is named.
    pub(super) fn add(&mut self, other: &Self) {
        other.fonts.iter().for_each(|f| self.font(f.0, f.1));
        other.opacities.iter().for_each(|o| self.opacity(*o));
        other.blends.iter().for_each(|b| self.blend(*b));
        self.rgb |= other.rgb;
        other.spots.iter().for_each(|s| self.spot(*s));
        other.overprints.iter().for_each(|o| self.overprint(*o));
        self.srgb |= other.srgb;
    }

    pub(super) fn clear(&mut self) {
        self.fonts.clear();
        self.opacities.clear();
        self.images.clear();
        self.forms.clear();
        self.shadings.clear();
        self.masks.clear();
        self.blends.clear();
        self.rgb = false;
        self.spots.clear();
        self.overprints.clear();
        self.srgb = false;
    }

    /// Whether both name the same things.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.fonts == other.fonts
            && self.opacities == other.opacities
            && self.blends == other.blends
            && self.rgb == other.rgb
            && self.spots == other.spots
            && self.overprints == other.overprints
            && self.srgb == other.srgb
            && self.images.same(&other.images)
            && self.forms.same(&other.forms)
            && self.shadings.same(&other.shadings)
            && self.masks.same(&other.masks)
    }

    /// Whether a form in here belongs to one piece alone.
    pub(super) fn has_single_use(&self) -> bool {
        self.forms.iter().chain(self.masks.iter()).any(|f| !f.recurs)
    }

    /// Whether anything needs a blending space; `soft` says which pictures have a soft mask.
    pub(super) fn is_translucent(&self, soft: &impl Fn(&Use) -> bool) -> bool {
        !self.opacities.is_empty()
            || !self.masks.is_empty()
            || !self.blends.is_empty()
            || self.images.iter().any(|i| soft(i))
            || self.forms.iter().any(|f| f.group != Together::No || f.needs.is_translucent(soft))
    }

    /// Everything that tells these needs from others, for digests.
    pub(super) fn digest_into(&self, hasher: &mut crate::base::digest::Hasher) {
        for (font, vertical) in &self.fonts {
            hasher.update(&font.0.to_be_bytes());
            if font.1 != 0 {
                hasher.update(&font.1.to_be_bytes());
            }
            hasher.update(&[u8::from(*vertical)]);
        }
        self.images.iter().for_each(|i| hasher.update(&i.key.0));
        self.forms.iter().for_each(|f| hasher.update(&f.digest.0));
        self.shadings.iter().for_each(|s| hasher.update(&s.digest.0));
        self.masks.iter().for_each(|m| hasher.update(&m.digest.0));
        self.blends.iter().for_each(|b| hasher.update(b.name().as_bytes()));
        for spot in self.spots.iter().map(|s| s.spot()) {
            hasher.update(spot.name.as_bytes());
            spot.alternate.iter().for_each(|v| hasher.update(&v.to_be_bytes()));
        }
    }

    /// Calls `each` with every picture, those of forms too.
    pub(super) fn each_picture(&self, each: &mut impl FnMut(&Use)) {
        self.images.iter().for_each(|picture| each(picture));
        for form in self.forms.iter().chain(self.masks.iter()) {
            form.needs.each_picture(each);
        }
    }
}

/// `F12` for horizontal, `V12` for vertical writing; for an instance of a variable font with its place, `F12i0123456789abcdef`.
pub(super) fn font_name(out: &mut Vec<u8>, font: FontLabel, vertical: bool) {
    out.extend_from_slice(if vertical { b"/V" } else { b"/F" });
    int(out, font.0);
    if font.1 != 0 {
        out.push(b'i');
        font.1.to_be_bytes().iter().for_each(|b| hex_byte(out, *b));
    }
}

/// `G.35`, by the opacity itself.
pub(super) fn opacity_name(out: &mut Vec<u8>, thousandths: u16) {
    out.extend_from_slice(b"/G");
    fixed(out, i64::from(thousandths), 3);
}

/// `C` and 40 bits of the name's digest: a named ink goes by its value, which may hold any characters.
pub(super) fn spot_name(out: &mut Vec<u8>, spot: &Spot) {
    out.extend_from_slice(b"/C");
    spot.digest.0[..5].iter().for_each(|b| hex_byte(out, *b));
}
