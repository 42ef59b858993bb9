//! Lengths. Everything from layout to ink is measured in PostScript points, 1/72 inch, as [`Pt`].
//! CSS fixes the other absolute units by it (CSS Values 4, section 6.2): 1 px = 3/4 pt, 1 mm = 72/25.4 pt.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A length in points, 1/72 inch. Arithmetic is plain IEEE single precision, the same on every machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
#[repr(transparent)]
pub struct Pt(pub f32);

/// Points in one millimetre: 72 / 25.4.
pub const PT_PER_MM: f32 = 72.0 / 25.4;
/// Points in one CSS pixel: 72 / 96.
pub const PT_PER_PX: f32 = 0.75;

impl Pt {
    pub const ZERO: Self = Self(0.0);
    pub const INFINITY: Self = Self(f32::INFINITY);

    /// A length given in millimetres.
    #[must_use]
    pub const fn from_mm(mm: f32) -> Self {
        Self(mm * PT_PER_MM)
    }

    /// A length given in CSS pixels.
    #[must_use]
    pub const fn from_px(px: f32) -> Self {
        Self(px * PT_PER_PX)
    }

    /// Reads an absolute length as CSS writes it: `3mm`, `0.5in`, `12pt`; also `cm`, `Q`, `pc`, `px`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let unit_at = text.find(|c: char| c.is_ascii_alphabetic())?;
        let number: f32 = text[..unit_at].trim_end().parse().ok()?;
        let in_points = match &text[unit_at..] {
            "mm" => PT_PER_MM,
            "cm" => PT_PER_MM * 10.0,
            "Q" | "q" => PT_PER_MM / 4.0,
            "in" => 72.0,
            "pt" => 1.0,
            "pc" => 12.0,
            "px" => PT_PER_PX,
            _ => return None,
        };
        number.is_finite().then_some(Self(number * in_points))
    }

    /// This length in millimetres, for messages and job tickets.
    #[must_use]
    pub fn to_mm(self) -> f32 {
        self.0 / PT_PER_MM
    }

    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    #[must_use]
    pub fn is_finite(self) -> bool {
        self.0.is_finite()
    }
}

impl Add for Pt {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self(self.0 + o.0)
    }
}
impl Sub for Pt {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self(self.0 - o.0)
    }
}
impl AddAssign for Pt {
    fn add_assign(&mut self, o: Self) {
        self.0 += o.0;
    }
}
impl SubAssign for Pt {
    fn sub_assign(&mut self, o: Self) {
        self.0 -= o.0;
    }
}
impl Neg for Pt {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl Mul<f32> for Pt {
    type Output = Self;
    fn mul(self, k: f32) -> Self {
        Self(self.0 * k)
    }
}
impl Div<f32> for Pt {
    type Output = Self;
    fn div(self, k: f32) -> Self {
        Self(self.0 / k)
    }
}
impl Div<Pt> for Pt {
    type Output = f32;
    fn div(self, o: Pt) -> f32 {
        self.0 / o.0
    }
}
impl std::iter::Sum for Pt {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        Self(iter.map(|p| p.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_css_writes_them() {
        assert_eq!(Pt::parse("3mm"), Some(Pt::from_mm(3.0)));
        assert_eq!(Pt::parse(" 0.5in "), Some(Pt(36.0)));
        assert_eq!(Pt::parse("3"), None);
        assert_eq!(Pt::parse("mm"), None);
        assert_eq!(Pt::parse("3em"), None);
    }

    #[test]
    fn a_postcard_is_283_by_420_points() {
        assert!((Pt::from_mm(100.0).0 - 283.464_57).abs() < 1e-3);
        assert!((Pt::from_mm(148.0).0 - 419.527_56).abs() < 1e-3);
        assert!((Pt::from_mm(25.4).to_mm() - 25.4).abs() < 1e-4);
    }
}
