//! Colours to the inks of one press, through its ICC profile. The engine is Little CMS (docs/decisions/colour-engine.md);
//! what is stated here is which intent, from which space, and that the same colour always comes to the same inks.

use std::fmt;
use std::sync::{Arc, Mutex};

use lcms2::{ColorSpaceSignature, DisallowCache, Flags, GlobalContext, Intent, PixelFormat, Profile, Transform};

use crate::base::Digest;

/// What happens to colours that the press cannot print (ICC.1:2010, 0.4 and 6.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RenderingIntent {
    /// All colours are moved, so that their differences remain: photographs with strong colours.
    Perceptual,
    /// Colours that can be printed stay as they are, beside the paper's white; others become the nearest.
    #[default]
    RelativeColorimetric,
    /// Strong colours stay strong: charts.
    Saturation,
    /// As relative, with the paper's own colour imitated: proofs on other paper.
    AbsoluteColorimetric,
}

/// How colours are converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct How {
    pub intent: RenderingIntent,
    /// The darkest black of the picture becomes the darkest of the press, and what is between them is moved along (ISO
    /// 18619); without it shadows below the press's black are lost. Of no effect with the absolute intent.
    pub black_point: bool,
}

impl Default for How {
    fn default() -> Self {
        Self { intent: RenderingIntent::default(), black_point: true }
    }
}

/// Screen colours in 16 bits to inks in 16 bits.
type OfColors = Transform<[u16; 3], [u16; 4], GlobalContext, DisallowCache>;
/// The same in 8 bits.
type OfPixels = Transform<[u8; 3], [u8; 4], GlobalContext, DisallowCache>;

/// Conversions of pixels that are kept: one table is made in some 30 ms, and most pictures of a job share a profile.
const MOST_KEPT: usize = 8;

/// From screen colours to the inks of one press. Shared by all workers; holds no memory of what it converted.
pub struct Conversion {
    colors: OfColors,
    /// By the digest of the pictures' profile, `None` for sRGB; the one made last at the end.
    pixels: Mutex<Vec<(Option<Digest>, Arc<OfPixels>)>>,
    press: Vec<u8>,
    how: How,
}

impl fmt::Debug for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Conversion({} bytes, {:?})", self.press.len(), self.how)
    }
}

impl Conversion {
    /// A conversion to the press whose CMYK profile this is; `None` for what is no such profile.
    #[must_use]
    pub fn new(press: &[u8], how: How) -> Option<Self> {
        let profile = Profile::new_icc(press).ok()?;
        if profile.color_space() != ColorSpaceSignature::CmykData {
            return None;
        }
        let colors = Transform::new_flags_context(
            GlobalContext::new(),
            &Profile::new_srgb(),
            PixelFormat::RGB_16,
            &profile,
            PixelFormat::CMYK_16,
            intent(how),
            // the profile's own tables, not a coarser one made of them
            Flags::NO_CACHE | Flags::NO_OPTIMIZE | compensation(how),
        )
        .ok()?;
        Some(Self { colors, pixels: Mutex::default(), press: press.to_vec(), how })
    }

    /// An sRGB colour (each 0..1) as process inks (each 0..1).
    #[must_use]
    pub fn ink(&self, rgb: [f32; 3]) -> [f32; 4] {
        let fine = |v: f32| (v.clamp(0.0, 1.0) * 65535.0 + 0.5) as u16;
        let mut inks = [[0u16; 4]];
        self.colors.transform_pixels(&[rgb.map(fine)], &mut inks);
        inks[0].map(|v| f32::from(v) / 65535.0)
    }

    /// The most ink that the profile makes of any colour, in percent: what its maker held to be the most that the press takes.
    #[must_use]
    pub fn most_ink(&self) -> u16 {
        const STEPS: u16 = 15;
        let share = |n: u16| f32::from(n) / f32::from(STEPS);
        let most = (0..=STEPS)
            .flat_map(|r| (0..=STEPS).flat_map(move |g| (0..=STEPS).map(move |b| [r, g, b])))
            .map(|rgb| self.ink(rgb.map(share)).iter().sum::<f32>())
            .fold(0.0, f32::max);
        // to the next ten: limits are said so, and tables hold them nearly
        libm::ceilf(most * 10.0 - 0.15) as u16 * 10
    }

    /// Pixels, three bytes each, as process inks, four bytes each (255 = solid). `profile` is the picture's own; without one, or
    /// with one that cannot be used, they are sRGB.
    #[must_use]
    pub fn pixels(&self, profile: Option<&[u8]>, rgb: &[u8]) -> Vec<u8> {
        let own = profile.and_then(|p| Profile::new_icc(p).ok());
        let own = own.filter(|p| p.color_space() == ColorSpaceSignature::RgbData);
        let transform = own
            .and_then(|own| self.of_pixels(profile.map(Digest::of), &own))
            .or_else(|| self.of_pixels(None, &Profile::new_srgb()));
        let (pixels, _) = rgb.as_chunks::<3>();
        let mut inks = vec![[0u8; 4]; pixels.len()];
        if let Some(transform) = transform {
            transform.transform_pixels(pixels, &mut inks);
        }
        inks.into_flattened()
    }

    /// The conversion from a profile with this digest.
    fn of_pixels(&self, digest: Option<Digest>, from: &Profile) -> Option<Arc<OfPixels>> {
        let mut kept = self.pixels.lock().ok()?;
        if let Some((_, transform)) = kept.iter().find(|(known, _)| *known == digest) {
            return Some(Arc::clone(transform));
        }
        let press = Profile::new_icc(&self.press).ok()?;
        // A table of 49 instead of 33 steps a side: takes 30 ms more, and halves the error.
        let flags = Flags::NO_CACHE | Flags::HIGHRES_PRECALC | compensation(self.how);
        let (rgb, cmyk) = (PixelFormat::RGB_8, PixelFormat::CMYK_8);
        let transform =
            Transform::new_flags_context(GlobalContext::new(), from, rgb, &press, cmyk, intent(self.how), flags)
                .ok()?;
        let transform = Arc::new(transform);
        if kept.len() >= MOST_KEPT {
            kept.remove(0);
        }
        kept.push((digest, Arc::clone(&transform)));
        Some(transform)
    }
}

fn intent(how: How) -> Intent {
    match how.intent {
        RenderingIntent::Perceptual => Intent::Perceptual,
        RenderingIntent::RelativeColorimetric => Intent::RelativeColorimetric,
        RenderingIntent::Saturation => Intent::Saturation,
        RenderingIntent::AbsoluteColorimetric => Intent::AbsoluteColorimetric,
    }
}

fn compensation(how: How) -> Flags {
    if how.black_point { Flags::BLACKPOINT_COMPENSATION } else { Flags::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `transicc -i '*sRGB' -o ISOcoated_v2_300_bas.icc` (Little CMS 2.14) says of these colours with `-t 1 -b`, with
    /// `-t 0 -b` and with `-t 1`, in percent.
    type Recorded = ([f32; 3], [[f32; 4]; 3]);
    const RECORDED: [Recorded; 6] = [
        (
            [21.0, 96.0, 160.0],
            [
                [89.4804, 58.6435, 10.2632, 2.0630],
                [88.1392, 56.8841, 10.0481, 3.7720],
                [94.3954, 61.1200, 8.7556, 2.3087],
            ],
        ),
        ([255.0, 0.0, 0.0], [[0.0, 91.9585, 96.7987, 0.0], [0.0, 89.8329, 97.6684, 0.0], [0.0, 90.7317, 100.0, 0.0]]),
        ([0.0, 255.0, 0.0], [[54.2382, 0.0, 92.7993, 0.0], [53.5302, 0.0, 88.7205, 0.0], [54.9249, 0.0, 95.7092, 0.0]]),
        (
            [192.0, 0.0, 32.0],
            [
                [15.2132, 98.8296, 84.8356, 9.5079],
                [14.4533, 99.6262, 87.4998, 8.1483],
                [15.9716, 99.9817, 91.1437, 10.1747],
            ],
        ),
        (
            [30.0, 20.0, 10.0],
            [
                [64.1794, 65.9571, 67.7806, 84.2405],
                [60.5692, 65.9236, 73.2265, 85.2750],
                [64.1032, 73.1807, 70.4005, 91.5877],
            ],
        ),
        (
            [250.0, 240.0, 230.0],
            [[3.3539, 6.3050, 11.2139, 0.0], [3.5401, 6.3447, 10.8156, 0.0], [3.3845, 6.4164, 11.3893, 0.0]],
        ),
    ];

    const PRESS: &[u8] = include_bytes!("../../profiles/ISOcoated_v2_300_bas.icc");

    fn ways() -> [How; 3] {
        let relative = How { intent: RenderingIntent::RelativeColorimetric, black_point: true };
        let perceptual = How { intent: RenderingIntent::Perceptual, ..relative };
        [relative, perceptual, How { black_point: false, ..relative }]
    }

    #[test]
    fn colours_are_those_that_transicc_gives() {
        for (way, how) in ways().into_iter().enumerate() {
            let conversion = Conversion::new(PRESS, how).expect("a press");
            for (rgb, wanted) in RECORDED {
                let got = conversion.ink(rgb.map(|v| v / 255.0));
                for (got, wanted) in got.iter().zip(wanted[way]) {
                    assert!((got * 100.0 - wanted).abs() < 0.05, "{rgb:?} {how:?}: {got} {wanted}");
                }
            }
        }
    }

    #[test]
    fn pixels_are_within_three_of_255_of_their_colours() {
        for (way, how) in ways().into_iter().enumerate().take(2) {
            let conversion = Conversion::new(PRESS, how).expect("a press");
            for (rgb, wanted) in RECORDED {
                let pixels = conversion.pixels(None, &rgb.map(|v| v as u8));
                for (got, wanted) in pixels.iter().zip(wanted[way]) {
                    assert!((f32::from(*got) - wanted * 2.55).abs() < 3.0, "{rgb:?} {how:?}: {got} {}", wanted * 2.55);
                }
            }
            // a profile that is none, or of other colours, is as good as none
            let plain = conversion.pixels(None, &[21, 96, 160]);
            assert_eq!(conversion.pixels(Some(b"no profile"), &[21, 96, 160]), plain);
            assert_eq!(conversion.pixels(Some(PRESS), &[21, 96, 160]), plain);
        }
    }

    #[test]
    fn paper_stays_paper_and_what_is_no_press_is_refused() {
        let conversion = Conversion::new(PRESS, How::default()).expect("a press");
        assert_eq!(conversion.most_ink(), 300, "as its name says");
        assert!(conversion.ink([1.0; 3]).iter().all(|v| *v < 0.005));
        assert!(conversion.ink([f32::NAN, 2.0, -1.0]).iter().all(|v| (0.0..=1.0).contains(v)));
        assert!(Conversion::new(&PRESS[..1000], How::default()).is_none());
        assert!(Conversion::new(b"", How::default()).is_none());
    }
}
