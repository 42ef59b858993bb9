//! Inks and colours as the designer names them, and what a press makes of them.
//!
//! * [`Ink`], [`Color`] – a colour as written: black ink, process inks, a named ink, or a screen colour
//! * [`spot`] – the named inks
//! * [`convert`] – screen colours and pixels to the process inks of one press

pub mod convert;
pub mod spot;

pub use spot::{Spot, SpotId, SpotKind, Spots};

/// A colour as it goes to the page. Greys are black ink alone, so that text never becomes four inks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ink {
    /// Black ink only; 0 = paper, 1 = solid.
    Black(f32),
    /// Device red, green, blue, each 0..1. Never used for greys.
    Rgb([f32; 3]),
    /// Process inks, each 0..1: CSS `device-cmyk()`.
    Cmyk([f32; 4]),
    /// A share of a named ink, 0..1; [`SpotId::REGISTRATION`] is all inks at once.
    Spot { ink: SpotId, tint: f32 },
}

impl Ink {
    pub const BLACK: Self = Self::Black(1.0);
    pub const PAPER: Self = Self::Black(0.0);
    /// Every ink of the press: printer's marks.
    pub const REGISTRATION: Self = Self::Spot { ink: SpotId::REGISTRATION, tint: 1.0 };

    /// An sRGB colour; equal channels become black ink alone.
    #[must_use]
    pub fn from_srgb(r: u8, g: u8, b: u8) -> Self {
        if r == g && g == b {
            Self::Black(1.0 - f32::from(r) / 255.0)
        } else {
            Self::Rgb([f32::from(r) / 255.0, f32::from(g) / 255.0, f32::from(b) / 255.0])
        }
    }
}

/// A space that colours can be mixed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    Rgb,
    Cmyk,
    /// Tints of one named ink.
    Spot(SpotId),
}

impl Space {
    /// The space in which these colours run into one another: process inks, with greys as black ink alone, unless
    /// one of them is a screen colour; then all are taken for such. Tints of one named ink, to the paper's white, stay in
    /// that ink; beside other colours its alternate is taken.
    #[must_use]
    pub fn of(inks: impl Iterator<Item = Ink>) -> Self {
        let (mut spot, mut others, mut rgb) = (None, false, false);
        for ink in inks {
            match ink {
                Ink::Spot { ink, .. } if spot.is_none_or(|s| s == ink) => spot = Some(ink),
                Ink::Black(0.0) => {}
                Ink::Rgb(_) => rgb = true,
                _ => others = true,
            }
        }
        match spot {
            _ if rgb => Self::Rgb,
            Some(spot) if !others => Self::Spot(spot),
            _ => Self::Cmyk,
        }
    }
}

impl Ink {
    /// As process inks; a screen colour by the plain formula, without any profile.
    #[must_use]
    pub fn to_cmyk(self) -> [f32; 4] {
        match self {
            Self::Black(k) => [0.0, 0.0, 0.0, k],
            Self::Cmyk(cmyk) => cmyk,
            Self::Spot { ink, tint } => ink.spot().alternate.map(|v| v * tint),
            Self::Rgb([r, g, b]) => {
                let k = 1.0 - r.max(g).max(b);
                let part = |v: f32| if k >= 1.0 { 0.0 } else { (1.0 - v - k) / (1.0 - k) };
                [part(r), part(g), part(b), k]
            }
        }
    }

    /// As a screen colour; process inks by the plain formula, without any profile.
    #[must_use]
    pub fn to_rgb(self) -> [f32; 3] {
        match self {
            Self::Black(k) => [1.0 - k; 3],
            Self::Rgb(rgb) => rgb,
            Self::Cmyk([c, m, y, k]) => [c, m, y].map(|v| (1.0 - v) * (1.0 - k)),
            Self::Spot { .. } => Self::Cmyk(self.to_cmyk()).to_rgb(),
        }
    }

    /// The share of a named ink; 0 for other colours.
    #[must_use]
    pub fn tint_of(self, spot: SpotId) -> f32 {
        match self {
            Self::Spot { ink, tint } if ink == spot => tint,
            _ => 0.0,
        }
    }

    /// The colour at `share` of the way from this to `other`, in [`Space::of`] both.
    #[must_use]
    pub fn mix(self, other: Self, share: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * share;
        if let (Self::Black(a), Self::Black(b)) = (self, other) {
            return Self::Black(mix(a, b));
        }
        match Space::of([self, other].into_iter()) {
            Space::Rgb => {
                let (a, b) = (self.to_rgb(), other.to_rgb());
                Self::Rgb([mix(a[0], b[0]), mix(a[1], b[1]), mix(a[2], b[2])])
            }
            Space::Spot(ink) => Self::Spot { ink, tint: mix(self.tint_of(ink), other.tint_of(ink)) },
            Space::Cmyk => {
                let (a, b) = (self.to_cmyk(), other.to_cmyk());
                Self::Cmyk([mix(a[0], b[0]), mix(a[1], b[1]), mix(a[2], b[2]), mix(a[3], b[3])])
            }
        }
    }

    /// A darker colour: the same with this share of black in it.
    #[must_use]
    pub fn darker(self, share: f32) -> Self {
        match self {
            Self::Black(k) => Self::Black(k + (1.0 - k) * share),
            Self::Rgb(rgb) => Self::Rgb(rgb.map(|v| v * (1.0 - share))),
            Self::Cmyk([c, m, y, k]) => Self::Cmyk([c, m, y, k + (1.0 - k) * share]),
            Self::Spot { ink, tint } => Self::Spot { ink, tint: tint + (1.0 - tint) * share },
        }
    }
}

/// A colour with its opacity: CSS `<color>` after parsing. `alpha` 0 = nothing is drawn, 1 = opaque.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    pub ink: Ink,
    pub alpha: f32,
}

impl Color {
    pub const BLACK: Self = Self { ink: Ink::BLACK, alpha: 1.0 };
    pub const TRANSPARENT: Self = Self { ink: Ink::PAPER, alpha: 0.0 };

    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.alpha > 0.0
    }
}

/// How a group's colours meet those below (Compositing 1, section 10; ISO 32000-1, 11.3.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blend {
    #[default]
    Normal,
    Multiply,
    Screen,
    Overlay,
    Darken,
    Lighten,
    ColorDodge,
    ColorBurn,
    HardLight,
    SoftLight,
    Difference,
    Exclusion,
    Hue,
    Saturation,
    Color,
    Luminosity,
}

impl Blend {
    /// The name that PDF has for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Multiply => "Multiply",
            Self::Screen => "Screen",
            Self::Overlay => "Overlay",
            Self::Darken => "Darken",
            Self::Lighten => "Lighten",
            Self::ColorDodge => "ColorDodge",
            Self::ColorBurn => "ColorBurn",
            Self::HardLight => "HardLight",
            Self::SoftLight => "SoftLight",
            Self::Difference => "Difference",
            Self::Exclusion => "Exclusion",
            Self::Hue => "Hue",
            Self::Saturation => "Saturation",
            Self::Color => "Color",
            Self::Luminosity => "Luminosity",
        }
    }
}
