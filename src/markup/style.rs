//! The computed style of one box: what layout reads. Values are computed as far as they can be without
//! layout (CSS Cascade 5, section 4.4): lengths absolute, percentages kept.
//!
//! One flat struct, shared by `Arc` between all elements with the same inputs to the cascade.

use std::sync::Arc;

pub use super::boxing::{BorderCollapse, CaptionSide, Clear, EmptyCells, Float, TableLayout, TableStyle, Visibility};
use super::composition::{Autospace, Composition, TextIndent};
pub use super::extras::*;
use super::tracks::Grid;

pub use super::effects::{BoxShadow, Effects, Form, Outline, Reach, Shape, Transform, turned};
pub use super::generated::{ContentPiece, Counts, Generated, Generating, ListStyle, Quotes, quotes_of};
pub use super::gradient::{Extent, Gradient, GradientLine, GradientStop};
pub use super::ground::{Area, Repeat};
use super::paged::{CopyFit, OnOverflow};
pub use super::writing::{Axes, TextCombineUpright, TextOrientation, WritingMode};
use crate::base::{Edges, Pt};
pub use crate::color::Blend as Blending;
use crate::color::Color;

/// A length, or a share of a reference length that only layout knows. `calc()` of both is kept as a sum, and what
/// `min()`, `max()` and `clamp()` leave open as bounds of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LengthPercent {
    pub length: Pt,
    /// 1.0 = 100 %.
    pub percent: f32,
    pub bounds: Option<Bounds>,
}

/// The lines (length and share) that a value stays between: not above `most`, and never below `least`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub least: (Pt, f32),
    pub most: (Pt, f32),
}

impl Bounds {
    const NONE: Self = Self { least: (Pt(f32::NEG_INFINITY), 0.0), most: (Pt::INFINITY, 0.0) };
}

/// The line that is lower (or, with `upper`, higher) at every reference from 0 up; `None` where they cross.
fn outer(a: (Pt, f32), b: (Pt, f32), upper: bool) -> Option<(Pt, f32)> {
    let below = |a: (Pt, f32), b: (Pt, f32)| a.0 <= b.0 && a.1 <= b.1;
    let infinite = |l: (Pt, f32)| !l.0.is_finite();
    match (infinite(a), infinite(b)) {
        (true, _) => Some(b),
        (_, true) => Some(a),
        _ if below(a, b) => Some(if upper { b } else { a }),
        _ if below(b, a) => Some(if upper { a } else { b }),
        _ => None,
    }
}

impl LengthPercent {
    pub const ZERO: Self = Self { length: Pt::ZERO, percent: 0.0, bounds: None };
    /// 50 %.
    pub const HALF: Self = Self::percent(0.5);
    /// 100 %.
    pub const ALL: Self = Self::percent(1.0);

    #[must_use]
    pub const fn length(length: Pt) -> Self {
        Self { length, percent: 0.0, bounds: None }
    }

    #[must_use]
    pub const fn percent(percent: f32) -> Self {
        Self { length: Pt::ZERO, percent, bounds: None }
    }

    /// Whether nothing in it depends on a reference.
    #[must_use]
    pub fn is_length(self) -> bool {
        self.percent == 0.0 && self.bounds.is_none()
    }

    #[must_use]
    pub fn resolve(self, reference: Pt) -> Pt {
        if self.is_length() {
            return self.length;
        }
        let at = |(length, percent): (Pt, f32)| if percent == 0.0 { length } else { length + reference * percent };
        let value = at((self.length, self.percent));
        match self.bounds {
            None => value,
            Some(b) => value.min(at(b.most)).max(at(b.least)),
        }
    }

    fn line(self) -> (Pt, f32) {
        (self.length, self.percent)
    }

    fn bounded(line: (Pt, f32), bounds: Bounds) -> Self {
        Self { length: line.0, percent: line.1, bounds: (bounds != Bounds::NONE).then_some(bounds) }
    }

    /// The sum; `None` where both have bounds.
    #[must_use]
    pub fn plus(self, o: Self) -> Option<Self> {
        let add = |a: (Pt, f32), b: (Pt, f32)| (a.0 + b.0, a.1 + b.1);
        let (with, line) = match (self.bounds, o.bounds) {
            (_, None) => (self, o.line()),
            (None, _) => (o, self.line()),
            _ => return None,
        };
        let bounds = with.bounds.map(|b| Bounds { least: add(b.least, line), most: add(b.most, line) });
        Some(Self { length: with.length + line.0, percent: with.percent + line.1, bounds })
    }

    #[must_use]
    pub fn times(self, k: f32) -> Self {
        let by = |l: (Pt, f32)| if l.0.is_finite() { (l.0 * k, l.1 * k) } else { l };
        let turned = |l: (Pt, f32)| if l.0.is_finite() { (l.0 * k, l.1 * k) } else { (-l.0, 0.0) };
        let bounds = self.bounds.map(|b| {
            if k < 0.0 {
                Bounds { least: turned(b.most), most: turned(b.least) }
            } else {
                Bounds { least: by(b.least), most: by(b.most) }
            }
        });
        Self { length: self.length * k, percent: self.percent * k, bounds }
    }

    /// The lesser of both at each reference; `None` where that would need more than two bounds.
    #[must_use]
    pub fn least(self, o: Self) -> Option<Self> {
        let (with, line) = match (self.bounds, o.bounds) {
            (_, None) => (self, o.line()),
            (None, _) => (o, self.line()),
            _ => return None,
        };
        let Some(b) = with.bounds else {
            return Some(outer(with.line(), line, false).map_or_else(
                || {
                    let (base, most) = if with.percent == 0.0 { (line, with.line()) } else { (with.line(), line) };
                    Self::bounded(base, Bounds { most, ..Bounds::NONE })
                },
                |l| Self::bounded(l, Bounds::NONE),
            ));
        };
        let least = if b.least.0.is_finite() { outer(b.least, line, false)? } else { b.least };
        Some(Self::bounded(with.line(), Bounds { least, most: outer(b.most, line, false)? }))
    }

    /// The greater of both at each reference; `None` where that would need more than two bounds.
    #[must_use]
    pub fn greatest(self, o: Self) -> Option<Self> {
        let (with, line) = match (self.bounds, o.bounds) {
            (_, None) => (self, o.line()),
            (None, _) => (o, self.line()),
            _ => return None,
        };
        let Some(b) = with.bounds else {
            return Some(outer(with.line(), line, true).map_or_else(
                || {
                    let (base, least) = if with.percent == 0.0 { (line, with.line()) } else { (with.line(), line) };
                    Self::bounded(base, Bounds { least, ..Bounds::NONE })
                },
                |l| Self::bounded(l, Bounds::NONE),
            ));
        };
        Some(Self::bounded(with.line(), Bounds { least: outer(b.least, line, true)?, ..b }))
    }
}

/// A size or an offset: `auto`, or a length or percentage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Dimension {
    #[default]
    Auto,
    Value(LengthPercent),
    MinContent,
    MaxContent,
    FitContent,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Display {
    #[default]
    Inline,
    Block,
    InlineBlock,
    Flex,
    InlineFlex,
    ListItem,
    FlowRoot,
    /// The parts of ruby (CSS Ruby 1, section 2.1).
    Ruby,
    RubyBase,
    RubyText,
    RubyBaseContainer,
    RubyTextContainer,
    /// No box of its own: its children stand in its place.
    Contents,
    Grid,
    InlineGrid,
    Table,
    InlineTable,
    TableRowGroup,
    TableHeaderGroup,
    TableFooterGroup,
    TableRow,
    TableCell,
    TableColumnGroup,
    TableColumn,
    TableCaption,
    None,
}

impl Display {
    /// As a box that stands by itself is laid out: a flex item, a float, one out of flow (CSS Display 3, section 2.7).
    #[must_use]
    pub fn blockified(self) -> Self {
        match self {
            Self::Inline | Self::InlineBlock | Self::Ruby => Self::Block,
            Self::InlineFlex => Self::Flex,
            Self::InlineGrid => Self::Grid,
            Self::InlineTable => Self::Table,
            part if part.is_table_part() => Self::Block,
            other => other,
        }
    }

    /// What only stands in a table.
    #[must_use]
    pub fn is_table_part(self) -> bool {
        matches!(
            self,
            Self::TableRowGroup
                | Self::TableHeaderGroup
                | Self::TableFooterGroup
                | Self::TableRow
                | Self::TableCell
                | Self::TableColumnGroup
                | Self::TableColumn
                | Self::TableCaption
        )
    }

    /// Its content stands in the lines of what is around it; so does that of ruby and its parts.
    #[must_use]
    pub fn is_inline(self) -> bool {
        use Display::{Inline, Ruby, RubyBase, RubyBaseContainer, RubyText, RubyTextContainer};
        matches!(self, Inline | Ruby | RubyBase | RubyText | RubyBaseContainer | RubyTextContainer)
    }

    /// It stands in a line itself.
    #[must_use]
    pub fn is_inline_level(self) -> bool {
        self.is_inline() || matches!(self, Self::InlineBlock | Self::InlineFlex | Self::InlineGrid | Self::InlineTable)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position {
    #[default]
    Static,
    Relative,
    Absolute,
    Fixed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoxSizing {
    #[default]
    ContentBox,
    BorderBox,
}

/// What is not `visible` is cut at the padding box; `clip` and `hidden` say that the designer wants it cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    #[default]
    Visible,
    Clip,
    Hidden,
    /// `scroll` and `auto`: on paper as `hidden`, but not a wish that anything be cut.
    Scroll,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BorderStyle {
    #[default]
    None,
    Solid,
    Dashed,
    Dotted,
    Double,
    Groove,
    Ridge,
    Inset,
    Outset,
}

/// `width` is already 0 where the style is `none`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Border {
    pub width: Pt,
    pub style: BorderStyle,
    pub color: Color,
}

/// Horizontal and vertical radius of one corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Radius {
    pub x: LengthPercent,
    pub y: LengthPercent,
}

/// Top left, top right, bottom right, bottom left.
pub type Radii = [Radius; 4];

#[derive(Clone, Debug, PartialEq)]
pub struct BackgroundImage {
    /// As written in the stylesheet; resolved against `base`.
    pub url: Arc<str>,
    /// Folder of the file in which it was written, relative to the template's folder; empty for the template.
    pub base: Arc<str>,
    /// In place of a picture at `url`.
    pub gradient: Option<Arc<Gradient>>,
    pub size: BackgroundSize,
    pub position: (LengthPercent, LengthPercent),
    pub repeat: (Repeat, Repeat),
    pub origin: Area,
    pub clip: Area,
}

/// Whether pictures are turned as their files say (CSS Images 3, section 6.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    #[default]
    FromImage,
    /// As the pixels lie in the file.
    None,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum BackgroundSize {
    #[default]
    Auto,
    Cover,
    Contain,
    Size(Dimension, Dimension),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FontStyle {
    #[default]
    Normal,
    Italic,
    /// Tenths of a degree, to the right.
    Oblique(i16),
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum LineHeight {
    #[default]
    Normal,
    /// A multiple of the font size, inherited as such.
    Number(f32),
    Length(Pt),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextAlign {
    #[default]
    Start,
    End,
    Left,
    Right,
    Center,
    Justify,
    /// The last line too.
    JustifyAll,
}

/// `white-space-collapse` (CSS Text 4, section 4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhiteSpace {
    #[default]
    Collapse,
    Preserve,
    PreserveBreaks,
    /// Tabs and breaks become spaces.
    PreserveSpaces,
    /// As `Preserve`; spaces at the end of a line take room, and a line may end after each.
    BreakSpaces,
}

impl WhiteSpace {
    /// Spaces that were written stand as they were written.
    #[must_use]
    pub fn keeps_spaces(self) -> bool {
        matches!(self, Self::Preserve | Self::PreserveSpaces | Self::BreakSpaces)
    }
}

/// `text-wrap-mode` (CSS Text 4, section 5.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WrapMode {
    #[default]
    Wrap,
    Nowrap,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WordBreak {
    #[default]
    Normal,
    BreakAll,
    KeepAll,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverflowWrap {
    #[default]
    Normal,
    Anywhere,
    BreakWord,
}

/// How strictly kinsoku is kept; `auto` is strict here, for this is print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineBreak {
    #[default]
    Strict,
    Normal,
    Loose,
    Anywhere,
}

/// How `text-transform` changes letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LetterCase {
    #[default]
    None,
    Uppercase,
    Lowercase,
    Capitalize,
}

/// `text-transform`: letters first, then small kana, then full width (CSS Text 4, section 2.1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextTransform {
    pub case: LetterCase,
    pub full_width: bool,
    pub full_size_kana: bool,
}

impl TextTransform {
    pub const NONE: Self = Self { case: LetterCase::None, full_width: false, full_size_kana: false };
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum VerticalAlign {
    #[default]
    Baseline,
    Sub,
    Super,
    Middle,
    Top,
    Bottom,
    TextTop,
    TextBottom,
    Shift(LengthPercent),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlexDirection {
    #[default]
    Row,
    RowReverse,
    Column,
    ColumnReverse,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlexWrap {
    #[default]
    Nowrap,
    Wrap,
    WrapReverse,
}

/// Values of `align-*` and `justify-*`; `Normal` behaves as the container says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Normal,
    Start,
    End,
    FlexStart,
    FlexEnd,
    Center,
    Baseline,
    Stretch,
    SpaceBetween,
    SpaceAround,
    SpaceEvenly,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Break {
    #[default]
    Auto,
    Avoid,
    Page,
    /// A page on that side of the spread, with an empty one before it where it is needed.
    Left,
    Right,
}

impl Break {
    #[must_use]
    pub fn is_forced(self) -> bool {
        matches!(self, Self::Page | Self::Left | Self::Right)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ObjectFit {
    #[default]
    Fill,
    Contain,
    Cover,
    None,
    ScaleDown,
}

/// What `content` puts into `::before` and `::after`, already as text.
pub type Content = Option<Arc<str>>;

/// An OpenType feature setting: tag and value.
pub type Feature = ([u8; 4], u32);

/// The computed style of one box.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    // -- the box
    pub display: Display,
    /// It would stand in a line, were it not floating or absolutely positioned.
    pub was_inline: bool,
    pub position: Position,
    pub inset: Edges<Dimension>,
    pub z_index: Option<i32>,
    pub width: Dimension,
    pub height: Dimension,
    pub min_width: Dimension,
    pub min_height: Dimension,
    /// `Auto` stands for `none`.
    pub max_width: Dimension,
    pub max_height: Dimension,
    pub aspect_ratio: Option<f32>,
    pub margin: Edges<Dimension>,
    pub padding: Edges<LengthPercent>,
    pub border: Edges<Border>,
    pub radius: Radii,
    pub box_sizing: BoxSizing,
    /// Across and down.
    pub overflow: (Overflow, Overflow),
    pub visible: bool,
    pub visibility: Visibility,
    pub float: Float,
    pub clear: Clear,
    pub opacity: f32,
    // -- its ground
    pub background_color: Color,
    /// Front to back, as written.
    pub background_images: Arc<[BackgroundImage]>,
    /// What the colour fills.
    pub background_clip: Area,
    /// `None` where nothing of it is asked for.
    pub effects: Option<Arc<Effects>>,
    // -- flex
    pub flex_direction: FlexDirection,
    pub flex_wrap: FlexWrap,
    pub flex_grow: f32,
    pub flex_shrink: f32,
    pub flex_basis: Dimension,
    pub order: i32,
    pub align_content: Align,
    pub align_items: Align,
    pub align_self: Align,
    pub justify_content: Align,
    pub justify_items: Align,
    pub justify_self: Align,
    pub row_gap: LengthPercent,
    pub column_gap: LengthPercent,
    // -- grids and tables
    pub grid: Option<Arc<Grid>>,
    pub table: TableStyle,
    // -- pages
    pub break_before: Break,
    pub break_after: Break,
    pub break_inside: Break,
    /// Lines that stay together at the end and at the beginning of a page; inherited.
    pub orphans: u8,
    pub widows: u8,
    // -- replaced content
    pub object_fit: ObjectFit,
    /// Inherited.
    pub image_orientation: Orientation,
    pub object_position: (LengthPercent, LengthPercent),
    // -- generated content
    pub content: Content,
    /// `None` where nothing of it is asked for.
    pub generated: Option<Arc<Generated>>,
    // -- text (inherited)
    pub text: Arc<TextStyle>,
    pub text_decoration: TextDecoration,
    pub unicode_bidi: UnicodeBidi,
    pub vertical_align: VerticalAlign,
    /// The `page` property (CSS Paged Media 3, section 8): which `@page` rule's page this box wants; empty for `auto`.
    pub page: Arc<str>,
    // -- what does not fit (properties of our own)
    pub on_overflow: OnOverflow,
    /// Inherited.
    pub copy_fit: CopyFit,
    // -- not CSS: how layout sees the box
    /// The axes that sides and sizes are of ([`Style::seen_along`]); horizontal as computed.
    pub axes: Axes,
    /// The style as computed, where this one is turned.
    pub paper: Option<Arc<Style>>,
}

impl Style {
    /// Every property at its initial value.
    #[must_use]
    pub fn initial() -> Self {
        Self {
            display: Display::Inline,
            was_inline: false,
            position: Position::Static,
            inset: Edges::default(),
            z_index: None,
            width: Dimension::Auto,
            height: Dimension::Auto,
            min_width: Dimension::Auto,
            min_height: Dimension::Auto,
            max_width: Dimension::Auto,
            max_height: Dimension::Auto,
            aspect_ratio: None,
            margin: Edges::all(Dimension::Value(LengthPercent::ZERO)),
            padding: Edges::default(),
            border: Edges::all(Border { width: Pt::ZERO, style: BorderStyle::None, color: Color::BLACK }),
            radius: Radii::default(),
            box_sizing: BoxSizing::ContentBox,
            overflow: (Overflow::Visible, Overflow::Visible),
            visible: true,
            visibility: Visibility::Visible,
            float: Float::None,
            clear: Clear::None,
            opacity: 1.0,
            background_color: Color::TRANSPARENT,
            background_images: Arc::default(),
            background_clip: Area::Border,
            effects: None,
            flex_direction: FlexDirection::Row,
            flex_wrap: FlexWrap::Nowrap,
            flex_grow: 0.0,
            flex_shrink: 1.0,
            flex_basis: Dimension::Auto,
            order: 0,
            align_content: Align::Normal,
            align_items: Align::Normal,
            align_self: Align::Normal,
            justify_content: Align::Normal,
            justify_items: Align::Normal,
            justify_self: Align::Normal,
            row_gap: LengthPercent::ZERO,
            column_gap: LengthPercent::ZERO,
            grid: None,
            table: TableStyle::default(),
            break_before: Break::Auto,
            break_after: Break::Auto,
            break_inside: Break::Auto,
            orphans: 2,
            widows: 2,
            object_fit: ObjectFit::Fill,
            image_orientation: Orientation::FromImage,
            object_position: (LengthPercent::HALF, LengthPercent::HALF),
            content: None,
            generated: None,
            text: Arc::new(TextStyle::initial()),
            text_decoration: TextDecoration::default(),
            unicode_bidi: UnicodeBidi::Normal,
            vertical_align: VerticalAlign::Baseline,
            page: Arc::from(""),
            on_overflow: OnOverflow::Reject,
            copy_fit: CopyFit::initial(),
            axes: Axes::Horizontal,
            paper: None,
        }
    }

    /// Whether what lies beyond the padding box is cut, on any side.
    #[must_use]
    pub fn cuts(&self) -> bool {
        self.overflow != (Overflow::Visible, Overflow::Visible)
    }

    /// Which edges cut: those across (left and right), those down. Only `clip` leaves the other direction open
    /// (CSS Overflow 3, section 3.1).
    #[must_use]
    pub fn cut_sides(&self) -> (bool, bool) {
        let open = |o: Overflow, other: Overflow| {
            o == Overflow::Visible && matches!(other, Overflow::Visible | Overflow::Clip)
        };
        let (x, y) = self.overflow;
        (!open(x, y), !open(y, x))
    }

    /// What is cut was meant to be.
    #[must_use]
    pub fn wants_cut(&self) -> bool {
        self.cuts() && self.overflow.0 != Overflow::Scroll && self.overflow.1 != Overflow::Scroll
    }

    /// The style of a box without an element inside one of style `parent` (CSS Display 3, section 2.5):
    /// what is inherited is inherited, everything else is initial.
    #[must_use]
    pub fn anonymous(parent: &Self) -> Self {
        let initial = Self::initial();
        Self {
            border: Edges::all(Border { color: parent.text.color, ..initial.border.top }),
            visible: parent.visible,
            visibility: parent.visibility,
            table: TableStyle { layout: initial.table.layout, ..parent.table },
            text: Arc::clone(&parent.text),
            page: Arc::clone(&parent.page),
            copy_fit: parent.copy_fit,
            orphans: parent.orphans,
            widows: parent.widows,
            ..initial
        }
    }
}

impl TextStyle {
    /// Every property at its initial value: 12 pt (CSS's `medium`, 16 px) sans-serif in black.
    #[must_use]
    pub fn initial() -> Self {
        Self {
            color: Color::BLACK,
            font_family: Arc::from([Arc::from("sans-serif")]),
            font_size: Pt(12.0),
            font_weight: 400,
            font_style: FontStyle::Normal,
            font_features: Arc::default(),
            line_height: LineHeight::Normal,
            letter_spacing: Pt::ZERO,
            word_spacing: Pt::ZERO,
            stretch: 1.0,
            leading: 1.0,
            text_align: TextAlign::Start,
            text_indent: TextIndent::default(),
            white_space: WhiteSpace::Collapse,
            wrap_mode: WrapMode::Wrap,
            word_break: WordBreak::Normal,
            overflow_wrap: OverflowWrap::Normal,
            line_break: LineBreak::Strict,
            text_transform: TextTransform::NONE,
            autospace: Autospace::NORMAL,
            composition: Composition::default(),
            list_style: ListStyle::default(),
            direction: Direction::Ltr,
            writing_mode: WritingMode::HorizontalTb,
            orientation: TextOrientation::Mixed,
            combine: TextCombineUpright::None,
            extras: None,
            lang: Arc::from(""),
        }
    }
}

/// The inherited properties that shape text, apart, so that runs compare and share them cheaply.
#[derive(Clone, Debug, PartialEq)]
pub struct TextStyle {
    pub color: Color,
    /// Families in order of preference; generic names as written (`serif`, `sans-serif`).
    pub font_family: Arc<[Arc<str>]>,
    pub font_size: Pt,
    /// 1..1000; 400 regular, 700 bold.
    pub font_weight: u16,
    pub font_style: FontStyle,
    /// All that is asked for, by tag or by `font-variant` and `font-kerning`.
    pub font_features: Arc<[Feature]>,
    pub line_height: LineHeight,
    pub letter_spacing: Pt,
    pub word_spacing: Pt,
    /// Glyphs are scaled along the line, and the line's height, by this much: what copy-fit does
    /// (`-surimono-copy-fit`); 1 as computed by the cascade.
    pub stretch: f32,
    pub leading: f32,
    pub text_align: TextAlign,
    pub text_indent: TextIndent,
    pub white_space: WhiteSpace,
    pub wrap_mode: WrapMode,
    pub word_break: WordBreak,
    pub overflow_wrap: OverflowWrap,
    pub line_break: LineBreak,
    pub text_transform: TextTransform,
    /// Spacing of ¼ em between Japanese and Western.
    pub autospace: Autospace,
    /// What only line filling reads.
    pub composition: Composition,
    pub list_style: ListStyle,
    pub direction: Direction,
    pub writing_mode: WritingMode,
    pub orientation: TextOrientation,
    pub combine: TextCombineUpright,
    /// Ruby, emphasis and other rare things; `None` where all are initial.
    pub extras: Option<Arc<TextExtras>>,
    /// BCP 47, from `lang`; empty when nowhere stated.
    pub lang: Arc<str>,
}
