//! The kinds of symbols and what each is called.

use crate::base::diag::did_you_mean;

/// A symbology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Qr,
    Gs1Qr,
    MicroQr,
    Jan13,
    Jan8,
    Code128,
    Gs1128,
    Itf,
    Itf14,
    Nw7,
    Code39,
    DataBarExpanded,
    DataBarExpandedStacked,
    DataMatrix,
    Gs1DataMatrix,
    JapanPost,
}

/// Each kind with its name first, then the names that it goes by elsewhere.
const NAMES: [(Kind, &[&str]); 16] = [
    (Kind::Qr, &["qr"]),
    (Kind::MicroQr, &["micro-qr"]),
    (Kind::Jan13, &["jan13", "ean13"]),
    (Kind::Jan8, &["jan8", "ean8"]),
    (Kind::Code128, &["code128"]),
    (Kind::Gs1128, &["gs1-128"]),
    (Kind::Itf, &["itf"]),
    (Kind::Itf14, &["itf14"]),
    (Kind::Nw7, &["nw7", "codabar"]),
    (Kind::Code39, &["code39"]),
    (Kind::DataBarExpanded, &["databar-expanded"]),
    (Kind::DataBarExpandedStacked, &["databar-expanded-stacked"]),
    (Kind::DataMatrix, &["datamatrix"]),
    (Kind::Gs1DataMatrix, &["gs1-datamatrix"]),
    (Kind::Gs1Qr, &["gs1-qr"]),
    (Kind::JapanPost, &["japan-post"]),
];

impl Kind {
    /// The kind of this name.
    ///
    /// # Errors
    /// There is none; the message says which there are.
    pub fn parse(name: &str) -> Result<Self, String> {
        let is = |n: &&str| n.eq_ignore_ascii_case(name);
        if let Some((kind, _)) = NAMES.iter().find(|(_, names)| names.iter().any(&is)) {
            return Ok(*kind);
        }
        let known: Vec<&str> = Self::names().collect();
        let meant = did_you_mean(name, known.iter().copied());
        Err(match meant {
            Some(meant) => format!("the type `{name}` is not known; did you mean `{meant}`?"),
            None => format!("the type `{name}` is not known; there are {}", known.join(", ")),
        })
    }

    /// What the kinds are called.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter_map(|(_, names)| names.first().copied())
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(kind, _)| *kind == self).and_then(|(_, names)| names.first()).copied().unwrap_or("")
    }

    /// Modules in two dimensions, which are read from any side.
    #[must_use]
    pub fn is_matrix(self) -> bool {
        matches!(self, Self::Qr | Self::Gs1Qr | Self::MicroQr | Self::DataMatrix | Self::Gs1DataMatrix)
    }
}
