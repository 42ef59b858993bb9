//! Sides and sizes that are named after the direction of writing (CSS Logical Properties 1): `margin-inline-start`,
//! `block-size`, `border-start-end-radius`. They are read as the sides that they are in horizontal writing from
//! left to right, and find their place when the element's own direction is known: in one order with the
//! properties of the paper, so that the later one wins (section 4).

use super::property::{Longhand as L, Value};
use super::style::{Axes, Direction};

/// Sides from the top clockwise; corners from the top left clockwise; width before height.
const SIDES: &[[L; 4]] = &[
    [L::MarginTop, L::MarginRight, L::MarginBottom, L::MarginLeft],
    [L::PaddingTop, L::PaddingRight, L::PaddingBottom, L::PaddingLeft],
    [L::Top, L::Right, L::Bottom, L::Left],
    [L::BorderTopWidth, L::BorderRightWidth, L::BorderBottomWidth, L::BorderLeftWidth],
    [L::BorderTopStyle, L::BorderRightStyle, L::BorderBottomStyle, L::BorderLeftStyle],
    [L::BorderTopColor, L::BorderRightColor, L::BorderBottomColor, L::BorderLeftColor],
];
const CORNERS: [L; 4] = [L::RadiusTopLeft, L::RadiusTopRight, L::RadiusBottomRight, L::RadiusBottomLeft];
const SIZES: &[[L; 2]] = &[[L::Width, L::Height], [L::MinWidth, L::MinHeight], [L::MaxWidth, L::MaxHeight]];

/// Whether a property of this name speaks of the direction of writing.
pub(super) fn is_logical(name: &str) -> bool {
    name.contains("-inline")
        || name.contains("-block")
        || matches!(
            name,
            "inline-size"
                | "block-size"
                | "border-start-start-radius"
                | "border-start-end-radius"
                | "border-end-start-radius"
                | "border-end-end-radius"
        )
}

/// Where a side, corner or size that was read as one of horizontal writing from left to right lies on the paper.
pub(super) fn on_paper(longhand: L, axes: Axes, direction: Direction) -> L {
    let rtl = direction == Direction::Rtl;
    let index = |group: &[L]| group.iter().position(|l| *l == longhand);
    for group in SIDES {
        if let Some(i) = index(group) {
            let i = if rtl && i % 2 == 1 { 4 - i } else { i };
            return axes.sides().get(i).and_then(|side| group.get(*side)).copied().unwrap_or(longhand);
        }
    }
    if let Some(i) = index(&CORNERS) {
        let i = if rtl { [1, 0, 3, 2].get(i).copied().unwrap_or(i) } else { i };
        return axes.corners().get(i).and_then(|c| CORNERS.get(*c)).copied().unwrap_or(longhand);
    }
    if !axes.is_horizontal() {
        for [width, height] in SIZES {
            if longhand == *width {
                return *height;
            } else if longhand == *height {
                return *width;
            }
        }
    }
    longhand
}

macro_rules! among {
    ($value:expr, $target:expr; $($($property:ident)+;)*) => {
        match ($value, $target) {
            $(($(Value::$property(v))|+, target) => match target {
                $(L::$property => Value::$property(v.clone()),)+
                _ => $value.clone(),
            },)*
            (value, _) => value.clone(),
        }
    };
}

/// The value of one side as the value of another.
pub(super) fn moved(value: &Value, target: L) -> Value {
    among!(value, target;
        MarginTop MarginRight MarginBottom MarginLeft;
        PaddingTop PaddingRight PaddingBottom PaddingLeft;
        Top Right Bottom Left;
        BorderTopWidth BorderRightWidth BorderBottomWidth BorderLeftWidth;
        BorderTopStyle BorderRightStyle BorderBottomStyle BorderLeftStyle;
        BorderTopColor BorderRightColor BorderBottomColor BorderLeftColor;
        RadiusTopLeft RadiusTopRight RadiusBottomRight RadiusBottomLeft;
        Width Height;
        MinWidth MinHeight;
        MaxWidth MaxHeight;
    )
}
