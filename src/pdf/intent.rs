//! What the file is made for: the standard that it keeps, and the printing condition (ISO 32000-1, 14.11.5).

use std::sync::{Arc, OnceLock};

use super::content;
use super::object::{int, reference, text};
use crate::asset::profile::Profile;

/// The rules that a file keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standard {
    /// PDF 1.6 and no more.
    #[default]
    Plain,
    /// PDF/X-4 (ISO 15930-7).
    X4,
    /// PDF/VT-1 (ISO 16612-2), which is PDF/X-4 with the pieces as document parts.
    Vt1,
}

impl Standard {
    /// PDF/X-4 or what is built on it.
    #[must_use]
    pub fn is_x4(self) -> bool {
        self >= Self::X4
    }
}

/// The registry of printing conditions that all identifiers without a registry of their own are of.
const REGISTRY: &str = "http://www.color.org";

/// Printing conditions of the ICC's registry (registry.color.org/cmyk-registry) by the names of profiles that are known to
/// be made for them.
const KNOWN: [(&str, &str); 17] = [
    ("ISO Coated v2 300% (basICColor)", "FOGRA39"),
    ("ISO Coated v2 300% (ECI)", "FOGRA39"),
    ("ISO Coated v2 (ECI)", "FOGRA39"),
    ("Coated FOGRA39 (ISO 12647-2:2004)", "FOGRA39"),
    ("PSO Coated v3", "FOGRA51"),
    ("PSO Coated v3 (FOGRA51)", "FOGRA51"),
    ("PSO Uncoated v3 (FOGRA52)", "FOGRA52"),
    ("PSO Uncoated ISO12647 (ECI)", "FOGRA47"),
    ("Coated FOGRA27 (ISO 12647-2:2004)", "FOGRA27"),
    ("Uncoated FOGRA29 (ISO 12647-2:2004)", "FOGRA29"),
    ("U.S. Web Coated (SWOP) v2", "CGATS TR 001"),
    ("Coated GRACoL 2006 (ISO 12647-2:2004)", "CGATS TR 006"),
    ("Japan Color 2001 Coated", "JC200103"),
    ("Japan Color 2001 Uncoated", "JC200104"),
    ("Japan Color 2002 Newspaper", "JCN2002"),
    ("Japan Color 2003 Web Coated", "JCW2003"),
    ("Japan Color 2011 Coated", "JCS2011"),
];

/// A printing condition with its profile.
#[derive(Debug)]
pub struct Intent {
    /// Found fit for a press by [`Profile::for_press`].
    pub profile: Arc<Profile>,
    /// `OutputConditionIdentifier`: the name in the registry, or `Custom`.
    pub condition: String,
    /// `RegistryName`; none for conditions that are registered nowhere.
    pub registry: Option<String>,
    /// `Info`: the condition in words. Never empty.
    pub info: String,
    /// The profile compressed: made once, written into every file of a run.
    packed: OnceLock<Vec<u8>>,
}

impl Intent {
    /// The intent that a profile stands for; what is stated goes before what is known of it.
    #[must_use]
    pub fn new(
        profile: Arc<Profile>,
        condition: Option<String>,
        registry: Option<String>,
        info: Option<String>,
    ) -> Self {
        let known = KNOWN.iter().find(|(name, _)| *name == profile.description).map(|(_, id)| *id);
        let registered = |id: &str| KNOWN.iter().any(|(_, known)| *known == id);
        let registry = registry.or_else(|| match &condition {
            Some(id) => registered(id).then(|| REGISTRY.to_owned()),
            None => known.map(|_| REGISTRY.to_owned()),
        });
        let condition = condition.unwrap_or_else(|| known.unwrap_or("Custom").to_owned());
        let described = || if profile.description.is_empty() { &condition } else { &profile.description }.clone();
        let info = info.filter(|i| !i.is_empty()).unwrap_or_else(described);
        Self { profile, condition, registry, info, packed: OnceLock::new() }
    }

    /// Entries and data of the profile's stream.
    pub(super) fn stream(&self) -> (Vec<u8>, &[u8]) {
        let mut entries = b"/N ".to_vec();
        int(&mut entries, self.profile.components);
        entries.extend_from_slice(b"/Filter/FlateDecode");
        let packed = self.packed.get_or_init(|| {
            let mut packed = Vec::new();
            // Tables of colours hardly become smaller at higher levels.
            let level = libdeflater::CompressionLvl::new(1).unwrap_or_default();
            content::deflate(&mut libdeflater::Compressor::new(level), &self.profile.bytes, &mut packed);
            packed
        });
        (entries, packed)
    }

    /// The output intent's dictionary; `profile` is the number of its stream.
    pub(super) fn dictionary(&self, out: &mut Vec<u8>, profile: u32) {
        out.extend_from_slice(b"<</Type/OutputIntent/S/GTS_PDFX/OutputConditionIdentifier");
        text(out, &self.condition);
        if let Some(registry) = &self.registry {
            out.extend_from_slice(b"/RegistryName");
            text(out, registry);
        }
        out.extend_from_slice(b"/Info");
        text(out, &self.info);
        out.extend_from_slice(b"/DestOutputProfile ");
        reference(out, profile);
        out.extend_from_slice(b">>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::profile::shipped;

    fn named(description: &str) -> Arc<Profile> {
        Arc::new(Profile { description: description.to_owned(), ..(*shipped()).clone() })
    }

    fn words(intent: &Intent) -> (&str, Option<&str>, &str) {
        (&intent.condition, intent.registry.as_deref(), &intent.info)
    }

    #[test]
    fn known_profiles_bring_their_condition() {
        let intent = |d: &str| Intent::new(named(d), None, None, None);
        assert_eq!(
            words(&Intent::new(shipped(), None, None, None)),
            ("FOGRA39", Some(REGISTRY), "ISO Coated v2 300% (basICColor)")
        );
        let japan = intent("Japan Color 2011 Coated");
        assert_eq!(words(&japan), ("JCS2011", Some(REGISTRY), "Japan Color 2011 Coated"));
        assert_eq!(words(&intent("Our Indigo, winter")), ("Custom", None, "Our Indigo, winter"));
        assert_eq!(words(&intent("")), ("Custom", None, "Custom"));
    }

    #[test]
    fn what_the_campaign_states_goes_before() {
        let own = Intent::new(shipped(), Some("House 4".into()), None, Some("上質紙".into()));
        assert_eq!(words(&own), ("House 4", None, "上質紙"));
        let registered = Intent::new(named("x"), Some("JC200104".into()), None, None);
        assert_eq!(words(&registered), ("JC200104", Some(REGISTRY), "x"));
        let mut out = Vec::new();
        own.dictionary(&mut out, 7);
        assert_eq!(
            String::from_utf8(out).expect("ASCII"),
            "<</Type/OutputIntent/S/GTS_PDFX/OutputConditionIdentifier(House 4)/Info<feff4e0a8cea7d19>/DestOutputProfile 7 0 R>>"
        );
    }
}
