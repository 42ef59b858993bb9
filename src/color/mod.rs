//! Inks and colours as the designer names them. What a press makes of an RGB colour belongs here too
//! (profiles and conversion); at present RGB is carried through as written.

/// A colour as it goes to the page. Greys are black ink alone, so that text never becomes four inks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ink {
    /// Black ink only; 0 = paper, 1 = solid.
    Black(f32),
    /// Device red, green, blue, each 0..1. Never used for greys.
    Rgb([f32; 3]),
    /// Process inks, each 0..1: CSS `device-cmyk()`.
    Cmyk([f32; 4]),
}

impl Ink {
    pub const BLACK: Self = Self::Black(1.0);
    pub const PAPER: Self = Self::Black(0.0);

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
}

impl Space {
    /// The space in which these colours run into one another: process inks, with greys as black ink alone, unless
    /// one of them is a screen colour; then all are taken for such.
    #[must_use]
    pub fn of(mut inks: impl Iterator<Item = Ink>) -> Self {
        if inks.any(|i| matches!(i, Ink::Rgb(_))) { Self::Rgb } else { Self::Cmyk }
    }
}

impl Ink {
    /// As process inks; a screen colour by the plain formula, without any profile.
    #[must_use]
    pub fn to_cmyk(self) -> [f32; 4] {
        match self {
            Self::Black(k) => [0.0, 0.0, 0.0, k],
            Self::Cmyk(cmyk) => cmyk,
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
        }
    }

    /// The colour at `share` of the way from this to `other`, in [`Space::of`] both.
    #[must_use]
    pub fn mix(self, other: Self, share: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * share;
        match (self, other) {
            (Self::Black(a), Self::Black(b)) => Self::Black(mix(a, b)),
            _ if Space::of([self, other].into_iter()) == Space::Rgb => {
                let (a, b) = (self.to_rgb(), other.to_rgb());
                Self::Rgb([mix(a[0], b[0]), mix(a[1], b[1]), mix(a[2], b[2])])
            }
            _ => {
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
