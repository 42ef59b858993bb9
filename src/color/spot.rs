//! Named inks beside the process inks: a house colour, white, varnish, the line that a cutter follows. An ink is
//! its name with what stands for it where the press has no such ink; equal inks have equal numbers, so that a colour
//! stays a few plain numbers and can be compared.

use std::sync::{Arc, RwLock};

use crate::base::Digest;

/// Named inks that one process may meet.
const MAX: usize = 1024;
/// Bytes of a PDF name (ISO 32000-1, annex C.2).
pub const MAX_NAME: usize = 127;
/// Names that PDF gives a meaning of its own (ISO 32000-1, 8.6.6.4), and the process inks.
const RESERVED: [&str; 6] = ["All", "None", "Cyan", "Magenta", "Yellow", "Black"];

/// What a named ink is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpotKind {
    /// A colour of its own.
    #[default]
    Color,
    /// White beneath colours, on stock that is not white.
    White,
    /// Varnish or foil on top.
    Varnish,
    /// The line that a cutter or creaser follows: nothing is printed.
    Cutter,
}

impl SpotKind {
    /// The word for it in stylesheets and campaign files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Color => "spot",
            Self::White => "white",
            Self::Varnish => "varnish",
            Self::Cutter => "cutter",
        }
    }

    /// Whether it is ink that has to dry with the others: what counts against a limit of total ink.
    #[must_use]
    pub fn counts(self) -> bool {
        self == Self::Color
    }
}

/// A named ink.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// As the press knows it: `DIC 156`.
    pub name: Arc<str>,
    /// The process inks that stand for its solid, on screens and on presses without it.
    pub alternate: [f32; 4],
    /// It lies on top of what is below, which is not cut away for it: varnish, white, cutter lines.
    pub overprint: bool,
    pub kind: SpotKind,
    /// Of the name.
    pub digest: Digest,
}

impl Spot {
    /// An ink; `None` for a name that is empty, too long, or has a meaning of its own.
    #[must_use]
    pub fn new(name: &str, alternate: [f32; 4], overprint: bool) -> Option<Self> {
        let fits = !name.is_empty() && name.len() <= MAX_NAME && !name.contains('\0');
        let known = RESERVED.iter().any(|r| r.eq_ignore_ascii_case(name));
        (fits && !known && alternate.iter().all(|v| (0.0..=1.0).contains(v))).then(|| Self {
            name: Arc::from(name),
            alternate,
            overprint,
            kind: SpotKind::Color,
            digest: Digest::of(name.as_bytes()),
        })
    }

    /// An ink for a purpose: colours cut away what is below them, the others lie on top of it, unless it is stated.
    #[must_use]
    pub fn of_kind(name: &str, alternate: [f32; 4], kind: SpotKind, overprint: Option<bool>) -> Option<Self> {
        let ink = Self::new(name, alternate, overprint.unwrap_or(kind != SpotKind::Color))?;
        Some(Self { kind, ..ink })
    }

    fn registration() -> Self {
        let name = "All";
        let (kind, digest) = (SpotKind::Color, Digest::of(name.as_bytes()));
        Self { name: Arc::from(name), alternate: [1.0; 4], overprint: false, kind, digest }
    }
}

/// A [`Spot`] by number. The number means nothing beyond this process: what is written goes by the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpotId(u16);

/// The inks met so far. Kept for the whole process, which is bounded; entries never change.
static MET: RwLock<Vec<Arc<Spot>>> = RwLock::new(Vec::new());

impl SpotId {
    /// All inks of the press at once, spot inks too: printer's marks (ISO 32000-1, 8.6.6.4).
    pub const REGISTRATION: Self = Self(0);
    /// An ink that is named and defined nowhere: nothing can be drawn in it.
    pub const UNDEFINED: Self = Self(u16::MAX);

    /// The number of an ink; `None` when there are too many.
    #[must_use]
    pub fn of(spot: &Spot) -> Option<Self> {
        let at = |met: &[Arc<Spot>]| met.iter().position(|s| **s == *spot).and_then(|at| u16::try_from(at + 1).ok());
        if let Some(found) = MET.read().ok().and_then(|met| at(&met)) {
            return Some(Self(found));
        }
        let mut met = MET.write().ok()?;
        if let Some(found) = at(&met) {
            return Some(Self(found));
        }
        if met.len() >= MAX {
            return None;
        }
        met.push(Arc::new(spot.clone()));
        u16::try_from(met.len()).ok().map(Self)
    }

    /// The ink.
    #[must_use]
    pub fn spot(self) -> Arc<Spot> {
        let met = self.0.checked_sub(1).and_then(|at| MET.read().ok()?.get(usize::from(at)).cloned());
        met.unwrap_or_else(|| Arc::new(Spot::registration()))
    }
}

/// The named inks of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spots(Vec<(NameKey, SpotId)>);

/// A name in brief, as colours have it until their ink is looked up.
pub type NameKey = u64;

/// The key of a name.
#[must_use]
pub fn key(name: &str) -> NameKey {
    Digest::of(name.as_bytes()).short()
}

impl Spots {
    /// Adds an ink. The first definition of a name stands; whether this one says the same.
    pub fn add(&mut self, spot: &Spot) -> bool {
        let key = spot.digest.short();
        match self.0.iter().find(|(k, _)| *k == key) {
            Some((_, known)) => *known.spot() == *spot,
            None => {
                self.0.push((key, SpotId::of(spot).unwrap_or(SpotId::UNDEFINED)));
                true
            }
        }
    }

    /// The inks in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = Arc<Spot>> {
        self.0.iter().filter(|(_, id)| *id != SpotId::UNDEFINED).map(|(_, id)| id.spot())
    }

    /// The ink of this name; [`SpotId::UNDEFINED`] when there is none.
    #[must_use]
    pub fn get(&self, name: NameKey) -> SpotId {
        self.0.iter().find(|(k, _)| *k == name).map_or(SpotId::UNDEFINED, |(_, id)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_inks_have_equal_numbers_and_others_have_not() {
        let dic = Spot::new("DIC 156 (test)", [0.0, 0.6, 0.9, 0.0], false).expect("an ink");
        let other = Spot::new("DIC 156 (test)", [0.0, 0.6, 0.8, 0.0], false).expect("an ink");
        let (a, b) = (SpotId::of(&dic).expect("room"), SpotId::of(&other).expect("room"));
        assert_eq!(SpotId::of(&dic.clone()), Some(a));
        assert_ne!(a, b, "another alternate is another ink, which the writer refuses beside it");
        assert_eq!(*a.spot(), dic);
        assert_eq!(&*SpotId::REGISTRATION.spot().name, "All");
    }

    #[test]
    fn names_with_a_meaning_of_their_own_are_refused() {
        for name in ["", "All", "none", "Cyan", "black", &"x".repeat(128), "a\0b"] {
            assert!(Spot::new(name, [0.0; 4], false).is_none(), "{name}");
        }
        assert!(Spot::new("特色 金", [0.0; 4], false).is_some());
        assert!(Spot::new("Gold", [0.0, 0.0, 0.0, 1.5], false).is_none());
    }
}
