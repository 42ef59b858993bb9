//! Values of our own properties: what is done with content that does not fit its box (`-surimono-overflow`), and
//! how far text may be changed to make it fit (`-surimono-copy-fit`). `docs/templates.md` tells authors of them.

use std::sync::Arc;

use cssparser::Parser;

use super::kind::{About, Kind, word};
use super::values::{Read, no};

/// What is done when content does not fit its box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OnOverflow {
    /// It is a fault.
    #[default]
    Reject,
    /// Text is changed within the bounds of [`CopyFit`]; what then does not fit is a fault.
    Shrink,
    /// It is cut, and that is noted.
    Clip,
    /// What does not fit goes on on pages of this name.
    Continue(Arc<str>),
}

/// How far copy-fit may go, rung by rung in this order. The values are where each rung ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyFit {
    /// Added between characters, in thousandths of an em; 0 or less.
    pub tracking: i16,
    /// Width of glyphs, size, and height of lines, each in thousandths of what they are; at most 1000.
    pub scale: u16,
    pub size: u16,
    pub leading: u16,
}

impl CopyFit {
    /// Nothing may be changed.
    pub const NONE: Self = Self { tracking: 0, scale: 1000, size: 1000, leading: 1000 };

    /// What is allowed where a stylesheet says nothing: changes that a reader hardly sees.
    #[must_use]
    pub const fn initial() -> Self {
        Self { tracking: -50, scale: 850, size: 800, leading: 900 }
    }
}

/// `reject | shrink | clip | continue <page name>`
#[derive(Debug)]
pub(super) struct Overflowing;

impl Kind for Overflowing {
    type Written = OnOverflow;
    type Computed = OnOverflow;
    fn read(input: &mut Parser<'_>, _: &Arc<str>) -> Read<OnOverflow> {
        Ok(match word(input)?.as_str() {
            "reject" => OnOverflow::Reject,
            "shrink" => OnOverflow::Shrink,
            "clip" => OnOverflow::Clip,
            "continue" => OnOverflow::Continue(Arc::from(&**input.expect_ident()?)),
            _ => return no(),
        })
    }
    fn compute(written: &OnOverflow, _: &About<'_>) -> OnOverflow {
        written.clone()
    }
}

/// `none`, or rungs with where they end: `tracking -50`, `scale 85%`, `size 80%`, `leading 90%`. Rungs that are
/// not named are not climbed.
#[derive(Debug)]
pub(super) struct Fitting;

impl Kind for Fitting {
    type Written = CopyFit;
    type Computed = CopyFit;
    fn read(input: &mut Parser<'_>, _: &Arc<str>) -> Read<CopyFit> {
        fn share(input: &mut Parser<'_>) -> Read<u16> {
            let share = input.expect_percentage()?;
            // a tenth is less than anyone can read
            if (0.1..=1.0).contains(&share) { Ok((share * 1000.0).round() as u16) } else { no() }
        }
        if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
            return Ok(CopyFit::NONE);
        }
        let (mut fit, mut named) = (CopyFit::NONE, [false; 4]);
        while !input.is_exhausted() {
            let rung = match word(input)?.as_str() {
                "tracking" => {
                    let thousandths = input.expect_number()?;
                    if !(-500.0..=0.0).contains(&thousandths) {
                        return no();
                    }
                    fit.tracking = thousandths.round() as i16;
                    0
                }
                "scale" => {
                    fit.scale = share(input)?;
                    1
                }
                "size" => {
                    fit.size = share(input)?;
                    2
                }
                "leading" => {
                    fit.leading = share(input)?;
                    3
                }
                _ => return no(),
            };
            if std::mem::replace(&mut named[rung], true) {
                return no();
            }
        }
        if named == [false; 4] { no() } else { Ok(fit) }
    }
    fn compute(written: &CopyFit, _: &About<'_>) -> CopyFit {
        *written
    }
}

/// `orphans` and `widows`: at least one line.
#[derive(Debug)]
pub(super) struct LineCount;

impl Kind for LineCount {
    type Written = u8;
    type Computed = u8;
    fn read(input: &mut Parser<'_>, _: &Arc<str>) -> Read<u8> {
        match input.expect_integer()? {
            n @ 1.. => Ok(u8::try_from(n).unwrap_or(u8::MAX)),
            _ => no(),
        }
    }
    fn compute(written: &u8, _: &About<'_>) -> u8 {
        *written
    }
}

#[cfg(test)]
mod tests {
    use super::super::property::{self, Value};
    use super::*;

    fn fit(text: &str) -> Option<CopyFit> {
        let values = property::read("-surimono-copy-fit", text, &Arc::from("")).ok()?;
        match values.first() {
            Some((_, Value::CopyFit(fit))) => Some(*fit),
            _ => None,
        }
    }

    #[test]
    fn rungs_that_are_not_named_are_not_climbed() {
        assert_eq!(fit("scale 90%"), Some(CopyFit { scale: 900, ..CopyFit::NONE }));
        let all = CopyFit { tracking: -30, scale: 800, size: 750, leading: 900 };
        assert_eq!(fit("leading 90% size 75% tracking -30 scale 80%"), Some(all), "in any order");
        assert_eq!(fit("none"), Some(CopyFit::NONE));
    }

    #[test]
    fn what_is_no_floor_is_refused() {
        for text in ["", "scale", "scale 0%", "scale 120%", "tracking 10", "size 80", "size 80% size 70%", "narrow 80%"]
        {
            assert_eq!(fit(text), None, "{text}");
        }
    }

    #[test]
    fn a_decision_is_a_word_and_a_page_has_a_name() {
        let read = |text: &str| match property::read("-surimono-overflow", text, &Arc::from("")).ok()?.first() {
            Some((_, Value::OnOverflow(on))) => Some(on.clone()),
            _ => None,
        };
        assert_eq!(read("shrink"), Some(OnOverflow::Shrink));
        assert_eq!(read("continue more"), Some(OnOverflow::Continue("more".into())));
        assert_eq!(read("continue"), None);
        assert_eq!(read("squeeze"), None);
    }
}
