//! Colours that run into one another, as shading dictionaries (ISO 32000-1, 8.7.4.5.3 and 8.7.4.5.4) with stitched
//! exponential functions (7.10). Everything is a direct object, so a shading stands in the resources themselves.

use super::colors::{Colors, Screen};
use super::object::real;
use crate::base::Digest;
use crate::base::digest::Hasher;
use crate::color::{Ink, Space, SpotId};
use crate::page::{Shading, ShadingKind, Stop};

/// A finished dictionary, named by its digest. Its colour space may be an object of the file: it comes between both texts.
#[derive(Debug)]
pub(super) struct Dictionary {
    pub(super) digest: Digest,
    pub(super) before: Vec<u8>,
    pub(super) space: Inks,
    pub(super) after: Vec<u8>,
}

impl Dictionary {
    /// Bytes that it takes in a file, at most.
    pub(super) fn len(&self) -> u64 {
        (self.before.len() + self.after.len() + 64) as u64
    }
}

/// The space of a shading's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inks {
    Gray,
    Cmyk,
    /// Screen colours as they are.
    Rgb,
    /// Screen colours with their profile.
    Srgb,
    Spot(SpotId),
}

/// Decimals of points and radii, of places along the axis and of colours.
const POINT_PLACES: u32 = 3;
const PLACES: u32 = 5;
const INK_PLACES: u32 = 4;

/// The colours of a shading, in one space for all: see [`Space::of`]. Screen colours that are converted are so stop by stop,
/// each as a plain area of it would be, and the inks run evenly between them, as in programs for layout.
pub(super) fn colors(shading: &Shading, colors: Option<&Colors>) -> Dictionary {
    let space = Space::of(shading.stops.iter().map(|s| s.ink));
    match (space, colors.map(|c| &c.screen)) {
        (Space::Spot(spot), _) => dictionary(shading, Inks::Spot(spot), |stop| vec![stop.ink.tint_of(spot)]),
        (Space::Cmyk, _) => dictionary(shading, Inks::Cmyk, |stop| stop.ink.to_cmyk().to_vec()),
        (Space::Rgb, Some(Screen::Converted(conversion))) => dictionary(shading, Inks::Cmyk, |stop| match stop.ink {
            Ink::Rgb(rgb) => conversion.ink(rgb).to_vec(),
            ink => ink.to_cmyk().to_vec(),
        }),
        (Space::Rgb, kept) => {
            let inks = if matches!(kept, Some(Screen::Kept)) { Inks::Srgb } else { Inks::Rgb };
            dictionary(shading, inks, |stop| stop.ink.to_rgb().to_vec())
        }
    }
}

/// Its opacity, as light for a soft mask; `None` where it is opaque throughout.
pub(super) fn opacities(shading: &Shading) -> Option<Dictionary> {
    let translucent = shading.stops.iter().any(|s| s.alpha < 1.0);
    translucent.then(|| dictionary(shading, Inks::Gray, |stop| vec![stop.alpha]))
}

/// Whether a shading has numbers that can be written.
pub(super) fn is_sound(shading: &Shading) -> bool {
    let points = match shading.kind {
        ShadingKind::Linear { from, to } => vec![from.x.0, from.y.0, to.x.0, to.y.0],
        ShadingKind::Radial { focus, inner, center, outer } => {
            vec![focus.x.0, focus.y.0, inner.0, center.x.0, center.y.0, outer.0]
        }
    };
    let ink = |ink: Ink| ink.to_cmyk().iter().all(|v| v.is_finite());
    !shading.stops.is_empty()
        && points.iter().all(|v| v.abs() < 2_000_000.0)
        && shading.stops.iter().all(|s| s.at.is_finite() && s.alpha.is_finite() && ink(s.ink))
}

fn dictionary(shading: &Shading, space: Inks, parts: impl Fn(&Stop) -> Vec<f32>) -> Dictionary {
    let mut out = b"<</ShadingType ".to_vec();
    // y runs up in the file
    let coordinates = match shading.kind {
        ShadingKind::Linear { from, to } => {
            out.push(b'2');
            vec![from.x.0, -from.y.0, to.x.0, -to.y.0]
        }
        ShadingKind::Radial { focus, inner, center, outer } => {
            out.push(b'3');
            vec![focus.x.0, -focus.y.0, inner.0, center.x.0, -center.y.0, outer.0]
        }
    };
    out.extend_from_slice(b"/ColorSpace");
    let before = std::mem::replace(&mut out, b"/Coords".to_vec());
    array(&mut out, coordinates, POINT_PLACES);
    out.extend_from_slice(b"/Extend[true true]/Function");
    function(&mut out, &shading.stops, &parts);
    out.extend_from_slice(b">>");
    let mut hasher = Hasher::default();
    hasher.update(&before);
    match space {
        Inks::Gray => hasher.update(b"gray"),
        Inks::Cmyk => hasher.update(b"cmyk"),
        Inks::Rgb | Inks::Srgb => hasher.update(b"rgb"),
        Inks::Spot(spot) => hasher.update(&spot.spot().digest.0),
    }
    hasher.update(&out);
    Dictionary { digest: hasher.finish(), before, space, after: out }
}

fn array(out: &mut Vec<u8>, numbers: impl IntoIterator<Item = f32>, places: u32) {
    out.push(b'[');
    for (i, v) in numbers.into_iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        real(out, v, places);
    }
    out.push(b']');
}

/// From 0 to 1 along the axis: one piece between each two stops. Where two stand at one place the colour jumps.
fn function(out: &mut Vec<u8>, stops: &[Stop], parts: &impl Fn(&Stop) -> Vec<f32>) {
    let mut points: Vec<(i64, Vec<f32>)> = Vec::with_capacity(stops.len() + 2);
    let unit = 10i64.pow(PLACES);
    let mut least = 0;
    for stop in stops {
        let at = ((f64::from(stop.at) * unit as f64).round() as i64).clamp(least, unit);
        least = at;
        points.push((at, parts(stop)));
    }
    if let Some((at, color)) = points.first().cloned()
        && at > 0
    {
        points.insert(0, (0, color));
    }
    if let Some((at, color)) = points.last().cloned()
        && at < unit
    {
        points.push((unit, color));
    }
    let pieces: Vec<_> = points.windows(2).filter(|w| matches!(w, [a, b] if a.0 < b.0)).collect();
    let one = |out: &mut Vec<u8>, from: &[f32], to: &[f32]| {
        out.extend_from_slice(b"<</FunctionType 2/Domain[0 1]/C0");
        array(out, from.iter().copied(), INK_PLACES);
        out.extend_from_slice(b"/C1");
        array(out, to.iter().copied(), INK_PLACES);
        out.extend_from_slice(b"/N 1>>");
    };
    match pieces.as_slice() {
        [[a, b]] => one(out, &a.1, &b.1),
        [] => {
            let color = points.first().map(|p| p.1.clone()).unwrap_or_default();
            one(out, &color, &color);
        }
        _ => {
            out.extend_from_slice(b"<</FunctionType 3/Domain[0 1]/Functions[");
            for piece in &pieces {
                if let [a, b] = piece {
                    one(out, &a.1, &b.1);
                }
            }
            out.extend_from_slice(b"]/Bounds");
            let bounds = pieces.iter().skip(1).filter_map(|p| p.first()).map(|p| p.0 as f32 / unit as f32);
            array(out, bounds, PLACES);
            out.extend_from_slice(b"/Encode");
            array(out, pieces.iter().flat_map(|_| [0.0, 1.0]), 0);
            out.extend_from_slice(b">>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Affine, Point, Pt};

    fn shading(stops: &[(f32, Ink, f32)]) -> Shading {
        Shading {
            kind: ShadingKind::Linear { from: Point::ZERO, to: Point::new(Pt(10.0), Pt(5.0)) },
            transform: Affine::IDENTITY,
            stops: stops.iter().map(|(at, ink, alpha)| Stop { at: *at, ink: *ink, alpha: *alpha }).collect(),
        }
    }

    fn text(d: &Dictionary) -> String {
        let space = match d.space {
            Inks::Gray => "/DeviceGray",
            Inks::Cmyk => "/DeviceCMYK",
            Inks::Rgb => "/DeviceRGB",
            Inks::Srgb => "/sRGB",
            Inks::Spot(_) => "/Spot",
        };
        let all = [&*d.before, space.as_bytes(), &*d.after].concat();
        String::from_utf8(all).expect("text")
    }

    #[test]
    fn two_process_colours_stay_in_their_inks() {
        let s = shading(&[(0.0, Ink::Cmyk([1.0, 0.0, 0.0, 0.0]), 1.0), (1.0, Ink::Black(0.5), 1.0)]);
        assert_eq!(
            text(&colors(&s, None)),
            "<</ShadingType 2/ColorSpace/DeviceCMYK/Coords[0 0 10 -5]/Extend[true true]/Function\
             <</FunctionType 2/Domain[0 1]/C0[1 0 0 0]/C1[0 0 0 .5]/N 1>>>>"
        );
        assert!(opacities(&s).is_none());
    }

    #[test]
    fn one_screen_colour_takes_all_to_its_space() {
        let s = shading(&[(0.0, Ink::Black(0.0), 0.5), (1.0, Ink::Rgb([1.0, 0.0, 0.0]), 1.0)]);
        assert!(
            text(&colors(&s, None)).contains("/DeviceRGB") && text(&colors(&s, None)).contains("/C0[1 1 1]/C1[1 0 0]")
        );
        let mask = opacities(&s).expect("a mask");
        assert!(text(&mask).contains("/DeviceGray") && text(&mask).contains("/C0[.5]/C1[1]"));
    }

    #[test]
    fn stops_are_stitched_and_jumps_leave_no_empty_piece() {
        let s = shading(&[
            (0.25, Ink::Black(0.0), 1.0),
            (0.5, Ink::Black(0.5), 1.0),
            (0.5, Ink::Black(1.0), 1.0),
            (0.75, Ink::Black(0.2), 1.0),
        ]);
        let all = colors(&s, None);
        assert!(text(&all).contains("/Bounds[.25 .5 .75]/Encode[0 1 0 1 0 1 0 1]"), "{}", text(&all));
        assert_eq!(text(&all).matches("/FunctionType 2").count(), 4);
    }

    #[test]
    fn one_stop_is_one_colour() {
        for at in [0.0, 0.5, 1.0] {
            let all = colors(&shading(&[(at, Ink::Black(0.3), 1.0)]), None);
            assert!(text(&all).contains("/C0[0 0 0 .3]/C1[0 0 0 .3]"), "{}", text(&all));
        }
    }
}
