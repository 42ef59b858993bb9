//! The rarer inherited properties of text: ruby, emphasis marks, the finer points of lines along text, shadows,
//! forms of glyphs. They are kept apart, so that text that uses none of them carries only an empty pointer.

use std::sync::Arc;

use super::style::{Feature, LengthPercent};
use crate::base::Pt;
use crate::color::Color;

/// `ruby-position` (CSS Ruby 1, section 4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RubyPosition {
    /// The first annotation over, the second under, and so on.
    #[default]
    Alternate,
    /// In vertical lines: at the right side.
    Over,
    /// In vertical lines: at the left side.
    Under,
}

/// `ruby-align` (section 4.3): how room is shared out where base and annotation are not of one width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RubyAlign {
    Start,
    Center,
    SpaceBetween,
    /// JLREQ 3.3.6: between characters twice as much as at the ends.
    #[default]
    SpaceAround,
}

/// `ruby-merge` (section 4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RubyMerge {
    /// Each reading over its own base (mono ruby).
    #[default]
    Separate,
    /// All readings as one over all bases (group ruby).
    Merge,
    /// Separate where each reading fits over its base, else merged; lines may break inside (jukugo ruby).
    Auto,
}

/// `text-emphasis-style` (CSS Text Decoration 4, section 3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Emphasis {
    #[default]
    None,
    /// Only `filled` or `open` was said: a circle in horizontal lines, a sesame in vertical ones.
    Filled(bool),
    /// The mark itself: one character.
    Mark(Arc<str>),
}

/// `text-emphasis-position`: over or under in horizontal lines, right or left in vertical ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmphasisPosition {
    pub over: bool,
    pub right: bool,
}

impl Default for EmphasisPosition {
    fn default() -> Self {
        Self { over: true, right: true }
    }
}

/// `text-underline-position` (section 2.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnderlinePosition {
    /// Below the baseline, as the font says.
    #[default]
    Auto,
    FromFont,
    /// Below all descenders; in vertical lines at the left side.
    Under,
    /// In vertical lines at the left; in horizontal ones below the baseline.
    Left,
    /// In vertical lines at the right; in horizontal ones below the baseline.
    Right,
}

/// One shadow of text: a copy, moved, in another colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shadow {
    pub x: Pt,
    pub y: Pt,
    /// `None` is the text's own.
    pub color: Option<Color>,
}

/// The style of a line along text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineStyle {
    #[default]
    Solid,
    Double,
    Dotted,
    Dashed,
    Wavy,
}

/// How thick a line along text is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum LineThickness {
    /// `auto`: as the font says.
    #[default]
    Auto,
    /// A percentage is of the font size.
    Value(LengthPercent),
}

/// Which lines run along a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub underline: bool,
    pub overline: bool,
    pub line_through: bool,
}

impl Lines {
    #[must_use]
    pub fn any(self) -> bool {
        self.underline || self.overline || self.line_through
    }
}

/// `text-decoration` and what belongs to it (CSS Text Decoration 4, section 2).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TextDecoration {
    pub lines: Lines,
    pub style: LineStyle,
    /// `None` is the text's own.
    pub color: Option<Color>,
    pub thickness: LineThickness,
}

/// The direction in which lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    #[default]
    Ltr,
    Rtl,
}

/// `unicode-bidi` (CSS Writing Modes 4, section 2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnicodeBidi {
    #[default]
    Normal,
    Embed,
    Isolate,
    BidiOverride,
    IsolateOverride,
    Plaintext,
}

/// Everything of this module that is inherited; the initial values by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextExtras {
    pub ruby_position: RubyPosition,
    pub ruby_align: RubyAlign,
    pub ruby_merge: RubyMerge,
    /// `ruby-overhang: none`.
    pub ruby_stays: bool,
    pub emphasis: Emphasis,
    /// `None` is the text's own.
    pub emphasis_color: Option<Color>,
    pub emphasis_position: EmphasisPosition,
    /// `None` is `auto`; a percentage is of the font size.
    pub underline_offset: Option<LengthPercent>,
    pub underline_position: UnderlinePosition,
    /// The first lies on top.
    pub shadows: Arc<[Shadow]>,
    pub forms: Forms,
    pub axes: FontAxes,
    /// `-surimono-overprint`; `None` is `auto`: as each ink is.
    pub overprint: Option<bool>,
}

/// `font-stretch`, in per cent of the normal width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch(pub f32);

impl Default for Stretch {
    fn default() -> Self {
        Self(100.0)
    }
}

/// What is asked of a variable font beside weight and style (CSS Fonts 4, sections 2.3, 6.12 and 8.1).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FontAxes {
    pub stretch: Stretch,
    /// `font-optical-sizing: none`.
    pub one_design: bool,
    /// `font-variation-settings`.
    pub settings: Arc<[([u8; 4], f32)]>,
}

/// What asks for forms of glyphs, as OpenType features (CSS Fonts 4, section 6). [`Forms::features`] is what
/// they come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forms {
    pub kerning: Arc<[Feature]>,
    pub ligatures: Arc<[Feature]>,
    pub caps: Arc<[Feature]>,
    pub numeric: Arc<[Feature]>,
    pub east_asian: Arc<[Feature]>,
    pub position: Arc<[Feature]>,
    pub alternates: Arc<[Feature]>,
    /// `font-feature-settings`.
    pub settings: Arc<[Feature]>,
}

impl Forms {
    /// All features; what is set by tag comes last and wins (section 7.2).
    #[must_use]
    pub fn features(&self) -> Arc<[Feature]> {
        let lists = [
            &self.kerning,
            &self.ligatures,
            &self.caps,
            &self.numeric,
            &self.east_asian,
            &self.position,
            &self.alternates,
            &self.settings,
        ];
        match lists.iter().filter(|l| !l.is_empty()).count() {
            0 => Arc::default(),
            1 => lists.iter().find(|l| !l.is_empty()).map_or_else(Arc::default, |l| Arc::clone(l)),
            _ => lists.iter().flat_map(|l| l.iter().copied()).collect(),
        }
    }
}
