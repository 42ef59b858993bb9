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
