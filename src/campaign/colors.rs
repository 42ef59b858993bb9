//! What colours and pictures become in the output: the campaign's choices, checked.

use std::sync::Arc;

use toml::Spanned;

use super::resolve::Told;
use super::spec::{OutputSpec, RenderingIntentSpec, RgbSpec};
use crate::base::Diagnostic;
use crate::color::Spots;
use crate::color::convert::{Conversion, How, RenderingIntent};
use crate::pdf;

/// Pixels to the inch that can be meant.
const DPI: std::ops::RangeInclusive<u16> = 36..=2400;
/// Percent of ink: from one solid to all four.
const INK: std::ops::RangeInclusive<u16> = 100..=400;

/// Colours for the printing condition whose profile this is; as they are written without one.
pub(super) fn resolve(
    spec: &OutputSpec,
    press: Option<&[u8]>,
    inks: &Arc<Spots>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> (Arc<pdf::Colors>, pdf::Limits) {
    let mut within = |key: &str, value: Option<&Spanned<u16>>, range: std::ops::RangeInclusive<u16>, unit: &str| {
        let value = value?;
        if range.contains(value.get_ref()) {
            return Some(*value.get_ref());
        }
        let (least, most) = (range.start(), range.end());
        let message = format!("`{key}` is {}; it can be {least} to {most} {unit}", value.get_ref());
        faults.push(told.error("output-colors", value.span(), message, "out of range"));
        None
    };
    let dpi = within("dpi", spec.dpi.as_ref(), DPI, "pixels to the inch");
    let dpi_floor = within("dpi_floor", spec.dpi_floor.as_ref(), DPI, "pixels to the inch");
    let ink = within("ink_limit", spec.ink_limit.as_ref(), INK, "percent");
    let intent = match spec.rendering_intent {
        RenderingIntentSpec::RelativeColorimetric => RenderingIntent::RelativeColorimetric,
        RenderingIntentSpec::Perceptual => RenderingIntent::Perceptual,
        RenderingIntentSpec::Saturation => RenderingIntent::Saturation,
        RenderingIntentSpec::AbsoluteColorimetric => RenderingIntent::AbsoluteColorimetric,
    };
    let how = How { intent, black_point: spec.black_point_compensation.unwrap_or(true) };
    let screen = match (press, spec.rgb) {
        (None, _) => pdf::Screen::AsWritten,
        (Some(_), RgbSpec::Keep) => pdf::Screen::Kept,
        (Some(profile), RgbSpec::Convert) => match Conversion::new(profile, how) {
            Some(conversion) => pdf::Screen::Converted(Arc::new(conversion)),
            None => {
                faults.push(
                    Diagnostic::error(
                        "output-profile",
                        "no colours can be converted by the profile of the output intent",
                    )
                    .help("its tables are damaged; ask the print shop for it again"),
                );
                pdf::Screen::AsWritten
            }
        },
    };
    let mut colors = pdf::Colors::new(screen, true, dpi);
    colors.stated = Arc::clone(inks);
    (Arc::new(colors), pdf::Limits { dpi_floor, ink })
}
