//! What a style asks of a face beside its family, and the instances of variable fonts that come of it.
//!
//! An instance is made when text first asks for its place in the font's space, whichever record that is: which ones
//! a run has, and in what order, depends on threads. Nothing that is written does: in the file an instance goes by the
//! place itself ([`super::font::FontLabel`]).

use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;
use skrifa::MetadataProvider as _;
use skrifa::instance::NormalizedCoord;
use skrifa::raw::FontRef;
use skrifa::raw::types::Tag;

use super::font::Font;

/// What a style asks for (CSS Fonts 4, section 2).
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// 1 to 1000.
    pub weight: u16,
    /// Per cent of the normal width.
    pub stretch: f32,
    pub slant: Slant,
    /// `font-optical-sizing: auto`: the size in CSS pixels.
    pub optical: Option<f32>,
    /// `font-variation-settings`: go before all others.
    pub settings: Arc<[([u8; 4], f32)]>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Slant {
    #[default]
    Upright,
    Italic,
    /// Degrees, to the right.
    Oblique(f32),
}

impl Wish {
    /// Weight and style, and all else as usual.
    #[must_use]
    pub fn new(weight: u16, italic: bool) -> Self {
        let slant = if italic { Slant::Italic } else { Slant::Upright };
        Self { weight, stretch: 100.0, slant, optical: None, settings: Arc::default() }
    }

    #[must_use]
    pub fn is_italic(&self) -> bool {
        self.slant != Slant::Upright
    }
}

/// As far as a face may be varied: by its axes, or by the rule that names it (CSS Fonts 4, section 4.4).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Least and greatest.
    pub weights: (u16, u16),
    pub stretch: (f32, f32),
    /// Axes of slant are heeded.
    pub leans: bool,
}

impl Bounds {
    /// One weight, the normal width.
    #[must_use]
    pub fn fixed(weight: u16) -> Self {
        Self { weights: (weight, weight), stretch: (100.0, 100.0), leans: true }
    }
}

/// A place in a font's space, and what it is called there: `wght650-opsz9`.
pub(super) struct Spot {
    pub place: Box<[NormalizedCoord]>,
    pub name: String,
}

/// The longest name of a spot.
const LONGEST_NAME: usize = 60;

/// Where in its space a face comes nearest to what is asked for; values outside of an axis are its ends. `None`: it is drawn as
/// it is without being varied.
pub(super) fn spot(bytes: &[u8], index: u32, wish: &Wish, bounds: &Bounds) -> Option<Spot> {
    let font = FontRef::from_index(bytes, index).ok()?;
    let axes = font.axes();
    let has = |tag: &[u8; 4]| axes.get_by_tag(Tag::new(tag)).is_some();
    let weight = wish.weight.clamp(bounds.weights.0, bounds.weights.1.max(bounds.weights.0));
    let stretch = wish.stretch.max(bounds.stretch.0).min(bounds.stretch.1.max(bounds.stretch.0));
    let mut settings = vec![(*b"wght", f32::from(weight)), (*b"wdth", stretch)];
    settings.extend(wish.optical.map(|size| (*b"opsz", size)));
    // Of no angle stated CSS takes 14 degrees (section 2.4); the axis counts to the left.
    let lean = match wish.slant {
        _ if !bounds.leans => None,
        Slant::Upright => None,
        Slant::Italic if has(b"ital") => Some((*b"ital", 1.0)),
        Slant::Italic => Some((*b"slnt", -14.0)),
        Slant::Oblique(degrees) if has(b"slnt") => Some((*b"slnt", -degrees)),
        Slant::Oblique(degrees) => Some((*b"ital", if degrees > 0.0 { 1.0 } else { 0.0 })),
    };
    settings.extend(lean);
    for (tag, value) in wish.settings.iter() {
        settings.retain(|(t, _)| t != tag);
        settings.push((*tag, *value));
    }
    settings.retain(|(_, v)| v.is_finite());
    let location = axes.location(settings.iter().map(|(tag, v)| (Tag::new(tag), *v)));
    let place: Box<[NormalizedCoord]> = location.coords().into();
    if place.iter().all(|v| v.to_bits() == 0) {
        return None;
    }
    let mut name = String::new();
    for (axis, _) in axes.iter().zip(place.iter()).filter(|(_, v)| v.to_bits() != 0) {
        if let Some((tag, value)) = settings.iter().find(|(t, _)| Tag::new(t) == axis.tag()) {
            let value = value.clamp(axis.min_value().min(axis.max_value()), axis.max_value());
            let tag: String = tag.iter().map(|b| char::from(*b)).filter(char::is_ascii_alphanumeric).collect();
            name.push_str(&format!("-{tag}{value}"));
        }
    }
    if name.len() > LONGEST_NAME {
        name = format!("-{:016x}", hash(&place));
    }
    Some(Spot { place, name })
}

/// A number that tells places of one font apart, the same on every machine.
pub(super) fn hash(place: &[NormalizedCoord]) -> u64 {
    let bytes: Vec<u8> = place.iter().flat_map(|v| v.to_bits().to_be_bytes()).collect();
    // 0 is the font as it is.
    crate::base::Digest::of(&bytes).short().max(1)
}

/// Instances of variable fonts in one set.
pub const MOST_INSTANCES: usize = 512;

/// Slots by the face and the place in its space.
type Slots = FxHashMap<(usize, Box<[i16]>), usize>;

/// The instances of a set of faces. Slots are given out in order and never taken back, so that what is in one can be
/// lent without a lock.
#[derive(Debug)]
pub(super) struct Made {
    /// By the face and the place in its space.
    known: Mutex<Slots>,
    slots: Box<[OnceLock<Instance>]>,
}

/// One of them; read when text first needs it.
#[derive(Debug)]
pub(super) struct Instance {
    /// Which face of the set.
    pub face: usize,
    pub weight: u16,
    pub italic: bool,
    pub place: Box<[NormalizedCoord]>,
    pub name: String,
    pub font: OnceLock<Option<Arc<Font>>>,
}

impl Default for Made {
    fn default() -> Self {
        Self { known: Mutex::default(), slots: (0..MOST_INSTANCES).map(|_| OnceLock::new()).collect() }
    }
}

impl Made {
    /// The slot of an instance; it is given one if it has none. `None`: all are taken.
    pub(super) fn slot(&self, face: usize, weight: u16, italic: bool, spot: Spot) -> Option<usize> {
        let key = (face, spot.place.iter().map(|v| v.to_bits()).collect());
        let mut known = self.known.lock().ok()?;
        if let Some(slot) = known.get(&key) {
            return Some(*slot);
        }
        let slot = known.len();
        let Spot { place, name } = spot;
        self.slots.get(slot)?.set(Instance { face, weight, italic, place, name, font: OnceLock::new() }).ok()?;
        known.insert(key, slot);
        Some(slot)
    }

    pub(super) fn get(&self, slot: usize) -> Option<&Instance> {
        self.slots.get(slot)?.get()
    }
}
