//! How lines of text are composed (CSS Text 4): the values of the properties that only line filling reads, apart
//! from the rest of [`super::style::TextStyle`].

use std::sync::Arc;

use super::style::LengthPercent;
use crate::base::Pt;

/// What line filling and spacing are told. All of it is inherited.
#[derive(Clone, Debug, PartialEq)]
pub struct Composition {
    pub trim: SpacingTrim,
    pub hanging: Hanging,
    pub align_last: AlignLast,
    pub justify: TextJustify,
    pub wrap_style: WrapStyle,
    pub adjust: LineAdjust,
    pub tab_size: TabSize,
    pub hyphens: Hyphens,
    /// `hyphenate-character`; `None` is `auto`.
    pub hyphenate_character: Option<Arc<str>>,
    /// `hyphenate-limit-chars`: letters of the whole word, before the break, after it.
    pub hyphenate_limits: [u8; 3],
}

impl Default for Composition {
    fn default() -> Self {
        Self {
            trim: SpacingTrim::default(),
            hanging: Hanging::default(),
            align_last: AlignLast::default(),
            justify: TextJustify::default(),
            wrap_style: WrapStyle::default(),
            adjust: LineAdjust::default(),
            tab_size: TabSize::Spaces(8.0),
            hyphens: Hyphens::default(),
            hyphenate_character: None,
            hyphenate_limits: LIMITS,
        }
    }
}

/// `text-spacing-trim` (CSS Text 4, section 8.3): which halves of full-width punctuation go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpacingTrim {
    /// Between neighbours; at the end of a line where it would not fit otherwise.
    #[default]
    Normal,
    /// Nowhere.
    SpaceAll,
    /// As `Normal`, and at the start of a line unless it is the first or follows a forced break.
    SpaceFirst,
    /// As `Normal`, and at the start of every line. `auto` is this: 天付き is how Japanese books are set.
    TrimStart,
    /// At the start and at the end of every line.
    TrimBoth,
    /// Everywhere.
    TrimAll,
}

/// `hanging-punctuation` (CSS Text 3, section 9.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hanging {
    /// An opening bracket at the start of the first line.
    pub first: bool,
    /// A closing bracket at the end of the last line.
    pub last: bool,
    pub end: HangEnd,
}

/// Whether a comma or full stop hangs at the end of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HangEnd {
    #[default]
    No,
    /// Where it would not fit otherwise.
    Allow,
    Force,
}

/// `text-align-last` (CSS Text 4, section 7.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlignLast {
    #[default]
    Auto,
    Start,
    End,
    Left,
    Right,
    Center,
    Justify,
}

/// `text-justify` (CSS Text 3, section 7.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextJustify {
    /// In the order of JLREQ 3.8.
    #[default]
    Auto,
    None,
    InterWord,
    InterCharacter,
}

/// `text-wrap-style` (CSS Text 4, section 5.1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WrapStyle {
    #[default]
    Auto,
    Balance,
    Pretty,
    Stable,
}

/// `-surimono-line-adjust`: whether a line may be set tighter so that a character that must not start the next
/// line still comes in (JLREQ 3.8.2: 追い込み), or always gives up characters instead (追い出し).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineAdjust {
    /// In justified text only.
    #[default]
    Auto,
    PushIn,
    PushOut,
}

/// `tab-size`: so many spaces, or a length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TabSize {
    Spaces(f32),
    Length(Pt),
}

/// `hyphens` (CSS Text 3, section 5.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hyphens {
    None,
    /// At soft hyphens.
    #[default]
    Manual,
    /// Also where the language's patterns say.
    Auto,
}

/// What `auto` means in `hyphenate-limit-chars` (CSS Text 4, section 6.3.2 proposes these).
pub(super) const LIMITS: [u8; 3] = [5, 2, 2];

/// `text-autospace` (CSS Text 4, section 8.4): between which a space of ¼ em is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Autospace {
    /// Between ideographs or kana and letters.
    pub alpha: bool,
    /// Between ideographs or kana and numerals.
    pub numeric: bool,
    /// A space that is written there already gives way.
    pub replace: bool,
}

impl Autospace {
    pub const NORMAL: Self = Self { alpha: true, numeric: true, replace: false };
    pub const NONE: Self = Self { alpha: false, numeric: false, replace: false };

    #[must_use]
    pub fn is_on(self) -> bool {
        self.alpha || self.numeric
    }
}

/// `text-indent` (CSS Text 3, section 8.1).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TextIndent {
    pub by: LengthPercent,
    /// All lines but those that would have it.
    pub hanging: bool,
    /// Also the lines after forced breaks.
    pub each_line: bool,
}

impl TextIndent {
    #[must_use]
    pub fn resolve(self, reference: Pt) -> Pt {
        self.by.resolve(reference)
    }
}
