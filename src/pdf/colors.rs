//! What the file's colours and pictures are made into: the campaign's choices, and the conversion that follows from them.

use std::sync::Arc;

use super::pictures::Pictures;
use crate::asset::profile::Profile;
use crate::color::Spots;
use crate::color::convert::{Conversion, How};

/// How colours and pictures are written. Shared by all workers and writers of a run.
#[derive(Debug, Default)]
pub struct Colors {
    pub screen: Screen,
    /// Solid black text lies on top of what is below, which is not cut away for it.
    pub black_overprints: bool,
    /// Pictures with at least twice so many pixels to the inch where they are drawn are made smaller.
    pub dpi: Option<u16>,
    /// The named inks that the campaign states.
    pub stated: Arc<Spots>,
    /// Pictures that workers have made ready for the writer.
    pub(super) pictures: Pictures,
}

/// What becomes of screen colours and RGB pictures.
#[derive(Debug, Default)]
pub enum Screen {
    /// Written as they are, `DeviceRGB`: for screens.
    #[default]
    AsWritten,
    /// Written as they are, with the profile that says what they are (sRGB, or a picture's own).
    Kept,
    /// The process inks of the press.
    Converted(Arc<Conversion>),
}

impl Colors {
    #[must_use]
    pub fn new(screen: Screen, black_overprints: bool, dpi: Option<u16>) -> Self {
        Self { screen, black_overprints, dpi, stated: Arc::default(), pictures: Pictures::default() }
    }

    /// Everything in the inks of this press, with the usual intent; `None` for a profile that converts nothing.
    #[must_use]
    pub fn for_press(profile: &Profile) -> Option<Self> {
        let conversion = Conversion::new(&profile.bytes, How::default())?;
        Some(Self::new(Screen::Converted(Arc::new(conversion)), true, None))
    }

    pub(super) fn conversion(&self) -> Option<&Conversion> {
        match &self.screen {
            Screen::Converted(conversion) => Some(conversion),
            _ => None,
        }
    }
}
