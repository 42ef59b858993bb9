//! The kinds of values that properties take: how each is read from CSS and what it computes to.

use std::sync::Arc;

use cssparser::Parser;

pub(super) use super::composition_kinds::*;
pub(super) use super::paged::{Fitting, LineCount, Overflowing};
use super::style::{self, BackgroundSize, Dimension, Feature, LengthPercent};
use super::values::{
    self, Paint, Read, Sum, Units, length, length_percent, no, number, number_or_percent, positive_length_percent,
    positive_number,
};
use crate::base::Pt;
use crate::color::{Color, Spots};

pub(super) use super::effects::Overprint;
pub(super) use super::effects::{
    Blending, BoxShadows, ClipPath, ClipRect, Isolation, OutlineColor, OutlineOffset, OutlineStyle, Rotate, Scale,
    TransformOrigin, Transforms, Translate,
};
pub(super) use super::generated::{Content, Increments, ListImage, ListPosition, ListStyle_, QuotePairs, Resets};
pub(super) use super::ground::{Areas, Attachments, Images, Orientation, Repeats, picture as image, repeat};
pub(super) use super::kind_text::*;

/// What computing needs to know of the element.
pub(super) struct About<'a> {
    pub units: Units<'a>,
    pub color: Color,
    /// The document's named inks.
    pub inks: &'a Spots,
    pub parent_size: Pt,
    pub parent_weight: u16,
    /// The element's attributes, for `attr()`.
    pub attribute: &'a dyn Fn(&str) -> Option<String>,
}

/// One kind of value.
pub(super) trait Kind {
    /// As written.
    type Written;
    /// As computed.
    type Computed;
    /// `base` is the folder of the sheet, for addresses.
    fn read(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Self::Written>;
    fn compute(written: &Self::Written, about: &About<'_>) -> Self::Computed;
}

/// The word that comes next, in lower case.
pub(super) fn word(input: &mut Parser<'_>) -> Read<String> {
    Ok(input.expect_ident()?.to_ascii_lowercase())
}

/// Kinds whose values are words, each a variant of an enum.
macro_rules! words {
    ($($kind:ident { $($text:literal $(| $also:literal)* => $value:expr),* $(,)? })*) => {$(
        #[derive(Debug)]
        pub(super) struct $kind;
        impl Kind for $kind {
            type Written = style::$kind;
            type Computed = style::$kind;
            fn read(input: &mut Parser<'_>, _: &Arc<str>) -> Read<style::$kind> {
                use style::$kind::*;
                Ok(match word(input)?.as_str() { $($text $(| $also)* => $value,)* _ => return no() })
            }
            fn compute(written: &style::$kind, _: &About<'_>) -> style::$kind {
                *written
            }
        }
        impl $kind {
            /// All words of this kind.
            pub(super) const WORDS: &'static [&'static str] = &[$($text $(, $also)*),*];
        }
    )*};
}

words! {
    Display {
        "inline" => Inline, "block" => Block, "inline-block" => InlineBlock, "flex" => Flex, "inline-flex" => InlineFlex,
        "list-item" => ListItem, "flow-root" => FlowRoot, "contents" => Contents, "grid" => Grid, "inline-grid" => InlineGrid,
        "table" => Table, "inline-table" => InlineTable, "table-row-group" => TableRowGroup,
        "table-header-group" => TableHeaderGroup, "table-footer-group" => TableFooterGroup, "table-row" => TableRow,
        "table-cell" => TableCell, "table-column-group" => TableColumnGroup, "table-column" => TableColumn,
        "table-caption" => TableCaption, "none" => None,
        "ruby" => Ruby, "ruby-base" => RubyBase, "ruby-text" => RubyText,
        "ruby-base-container" => RubyBaseContainer, "ruby-text-container" => RubyTextContainer,
    }
    Position { "static" => Static, "relative" => Relative, "absolute" => Absolute, "fixed" => Fixed }
    Float { "none" => None, "left" | "inline-start" => Left, "right" | "inline-end" => Right }
    Clear { "none" => None, "left" | "inline-start" => Left, "right" | "inline-end" => Right, "both" => Both }
    TableLayout { "auto" => Auto, "fixed" => Fixed }
    BorderCollapse { "separate" => Separate, "collapse" => Collapse }
    CaptionSide { "top" | "block-start" => Top, "bottom" | "block-end" => Bottom }
    EmptyCells { "show" => Show, "hide" => Hide }
    Visibility { "visible" => Visible, "hidden" => Hidden, "collapse" => Collapse }
    WritingMode {
        "horizontal-tb" | "lr" | "lr-tb" | "rl" => HorizontalTb, "vertical-rl" | "tb" | "tb-rl" => VerticalRl,
        "vertical-lr" => VerticalLr, "sideways-rl" => SidewaysRl, "sideways-lr" => SidewaysLr,
    }
    TextOrientation { "mixed" => Mixed, "upright" => Upright, "sideways" | "sideways-right" => Sideways }
    BoxSizing { "content-box" => ContentBox, "border-box" => BorderBox }
    Overflow {
        "visible" => Visible, "hidden" => Hidden, "clip" => Clip, "scroll" | "auto" | "overlay" => Scroll,
    }
    BorderStyle { "none" => None, "hidden" => None, "solid" => Solid, "dashed" => Dashed, "dotted" => Dotted, "double" => Double,
        "groove" => Groove, "ridge" => Ridge, "inset" => Inset, "outset" => Outset,
    }
    TextAlign {
        "start" => Start, "end" => End, "left" => Left, "right" => Right, "center" => Center, "justify" => Justify,
        "justify-all" => JustifyAll,
    }
    WhiteSpace {
        "collapse" => Collapse, "preserve" => Preserve, "preserve-breaks" => PreserveBreaks,
        "preserve-spaces" => PreserveSpaces, "break-spaces" => BreakSpaces,
    }
    WrapMode { "wrap" => Wrap, "nowrap" => Nowrap }
    WordBreak { "normal" => Normal, "break-all" => BreakAll, "keep-all" => KeepAll }
    OverflowWrap { "normal" => Normal, "anywhere" => Anywhere, "break-word" => BreakWord }
    LineBreak { "auto" => Strict, "strict" => Strict, "normal" => Normal, "loose" => Loose, "anywhere" => Anywhere }
    FlexDirection { "row" => Row, "row-reverse" => RowReverse, "column" => Column, "column-reverse" => ColumnReverse }
    FlexWrap { "nowrap" => Nowrap, "wrap" => Wrap, "wrap-reverse" => WrapReverse }
    Align {
        "normal" | "auto" => Normal, "start" | "left" | "self-start" => Start, "end" | "right" | "self-end" => End, "flex-start" => FlexStart,
        "flex-end" => FlexEnd, "center" => Center, "baseline" => Baseline, "stretch" => Stretch,
        "space-between" => SpaceBetween, "space-around" => SpaceAround, "space-evenly" => SpaceEvenly,
    }
    Break {
        "auto" => Auto, "avoid" | "avoid-page" => Avoid, "page" | "always" => Page,
        "left" | "verso" => Left, "right" | "recto" => Right,
    }
    ObjectFit { "fill" => Fill, "contain" => Contain, "cover" => Cover, "none" => None, "scale-down" => ScaleDown }
}

pub(super) use super::tracks::{
    Areas_ as GridAreas, Flow as GridFlow, Line_ as GridLine, Template_ as GridTemplate, Tracks as GridTracks,
};
/// Declares a kind from two functions.
macro_rules! kind {
    ($(#[$doc:meta])* $kind:ident: $written:ty => $computed:ty, $read:expr, $compute:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(super) struct $kind;
        impl Kind for $kind {
            type Written = $written;
            type Computed = $computed;
            fn read(input: &mut Parser<'_>, base: &Arc<str>) -> Read<$written> {
                let read: fn(&mut Parser<'_>, &Arc<str>) -> Read<$written> = $read;
                read(input, base)
            }
            fn compute(written: &$written, about: &About<'_>) -> $computed {
                let compute: fn(&$written, &About<'_>) -> $computed = $compute;
                compute(written, about)
            }
        }
    };
}

kind!(
    /// CSS Box Alignment 3, section 4: without a second baseline to align to, `last baseline` is its fallback, `end`; what is
    /// said of overflow (`safe`, `unsafe`) is passed over.
    Aligning: style::Align => style::Align,
    |i, base| {
        let first = i.try_parse(|i| word(i).and_then(|w| match w.as_str() {
            "first" | "last" | "safe" | "unsafe" => Ok(w),
            _ => no(),
        }));
        let Ok(first) = first else { return Align::read(i, base) };
        let second = word(i)?;
        match (first.as_str(), second.as_str()) {
            ("first", "baseline") => Ok(style::Align::Baseline),
            ("last", "baseline") => Ok(style::Align::End),
            ("safe" | "unsafe", "center") => Ok(style::Align::Center),
            ("safe" | "unsafe", "start" | "self-start" | "left") => Ok(style::Align::Start),
            ("safe" | "unsafe", "end" | "self-end" | "right") => Ok(style::Align::End),
            ("safe" | "unsafe", "flex-start") => Ok(style::Align::FlexStart),
            ("safe" | "unsafe", "flex-end") => Ok(style::Align::FlexEnd),
            _ => no(),
        }
    },
    |v, _| *v
);

/// `auto`, a length or percentage, or a size that the content gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Written {
    Auto,
    Sum(Sum),
    Min,
    Max,
    Fit,
}

fn dimension(written: &Written, about: &About<'_>) -> Dimension {
    match written {
        Written::Auto => Dimension::Auto,
        Written::Sum(sum) => Dimension::Value(sum.resolve(&about.units)),
        Written::Min => Dimension::MinContent,
        Written::Max => Dimension::MaxContent,
        Written::Fit => Dimension::FitContent,
    }
}

/// A length, percentage, or one of the given words.
fn sized(input: &mut Parser<'_>, positive: bool, words: &[(&str, Written)]) -> Read<Written> {
    if let Ok(found) = input.try_parse(|i| {
        let word = word(i)?;
        words.iter().find(|(w, _)| *w == word).map_or_else(no, |(_, v)| Ok(v.clone()))
    }) {
        return Ok(found);
    }
    (if positive { positive_length_percent(input) } else { length_percent(input) }).map(Written::Sum)
}

const SIZES: &[(&str, Written)] = &[
    ("auto", Written::Auto),
    ("min-content", Written::Min),
    ("max-content", Written::Max),
    ("fit-content", Written::Fit),
    ("content", Written::Auto),
];
const NO_MAXIMUM: &[(&str, Written)] = &[
    ("none", Written::Auto),
    ("min-content", Written::Min),
    ("max-content", Written::Max),
    ("fit-content", Written::Fit),
];

kind!(Size: Written => Dimension, |i, _| sized(i, true, SIZES), dimension);
kind!(MaxSize: Written => Dimension, |i, _| sized(i, true, NO_MAXIMUM), dimension);
kind!(
    /// Margins and offsets.
    Offset: Written => Dimension, |i, _| sized(i, false, &[("auto", Written::Auto)]), dimension);
kind!(
    /// `digits` alone means two.
    TextCombineUpright: style::TextCombineUpright => style::TextCombineUpright,
    |i, _| match word(i)?.as_str() {
        "none" => Ok(style::TextCombineUpright::None),
        "all" => Ok(style::TextCombineUpright::All),
        "digits" => match i.try_parse(|i| Ok::<_, cssparser::ParseError<()>>(i.expect_integer()?)) {
            Err(_) => Ok(style::TextCombineUpright::Digits(2)),
            Ok(n) => u8::try_from(n).ok().filter(|n| (2..=4).contains(n)).map_or_else(no, |n| Ok(style::TextCombineUpright::Digits(n))),
        },
        _ => no(),
    },
    |v, _| *v
);
kind!(Padding: Sum => LengthPercent, |i, _| positive_length_percent(i), |s, a| s.resolve_positive(&a.units));
kind!(
    Gap: Sum => LengthPercent,
    |i, _| i.try_parse(|i| Ok(i.expect_ident_matching("normal").map(|()| Sum::ZERO)?)).or_else(|_: cssparser::ParseError<()>| positive_length_percent(i)),
    |s, a| s.resolve_positive(&a.units)
);
kind!(
    BorderWidth: Sum => Pt,
    |i, _| {
        if let Ok(word) = i.try_parse(word) {
            return match word.as_str() {
                "thin" => Ok(Sum::pt(0.75)),
                "medium" => Ok(Sum::pt(2.25)),
                "thick" => Ok(Sum::pt(3.75)),
                _ => no(),
            };
        }
        let sum = positive_length_percent(i)?;
        if sum.has_percent() { no() } else { Ok(sum) }
    },
    |s, a| s.length(&a.units).max(Pt::ZERO)
);
kind!(
    Color_: Paint => Color,
    |i, _| values::color(i),
    |p, a| p.color(a)
);
kind!(
    Corner: (Sum, Sum) => style::Radius,
    |i, _| {
        let x = positive_length_percent(i)?;
        let y = i.try_parse(positive_length_percent).unwrap_or_else(|_| x.clone());
        Ok((x, y))
    },
    |(x, y), a| style::Radius { x: x.resolve_positive(&a.units), y: y.resolve_positive(&a.units) }
);
kind!(
    BorderSpacing: (Sum, Sum) => (Pt, Pt),
    |i, _| {
        let x = positive_length(i)?;
        let y = i.try_parse(positive_length).unwrap_or_else(|_| x.clone());
        Ok((x, y))
    },
    |(x, y), a| (x.length(&a.units), y.length(&a.units))
);
fn positive_length(input: &mut Parser<'_>) -> Read<Sum> {
    let sum = positive_length_percent(input)?;
    if sum.percent == 0.0 { Ok(sum) } else { no() }
}

kind!(Opacity: f32 => f32, |i, _| number_or_percent(i), |v, _| v.clamp(0.0, 1.0));
kind!(Number: f32 => f32, |i, _| positive_number(i), |v, _| *v);
kind!(Integer: i32 => i32, |i, _| values::integer(i), |v, _| *v);
kind!(
    ZIndex: Option<i32> => Option<i32>,
    |i, _| if i.try_parse(|i| i.expect_ident_matching("auto")).is_ok() { Ok(None) } else { Ok(Some(values::integer(i)?)) },
    |v, _| *v
);
kind!(
    Ratio: Option<f32> => Option<f32>,
    |i, _| {
        let auto = i.try_parse(|i| i.expect_ident_matching("auto")).is_ok();
        if auto && i.is_exhausted() {
            return Ok(None);
        }
        let width = positive_number(i)?;
        let height = if i.try_parse(|i| i.expect_delim('/')).is_ok() { positive_number(i)? } else { 1.0 };
        Ok((width > 0.0 && height > 0.0).then(|| width / height))
    },
    |v, _| *v
);

fn list<T>(input: &mut Parser<'_>, one: impl FnMut(&mut Parser<'_>) -> Read<T>) -> Read<Arc<[T]>> {
    Ok(Arc::from(input.parse_comma_separated(one)?))
}

/// As written: `None` is `auto`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum WrittenSize {
    Cover,
    Contain,
    Size(Written, Written),
}

pub(super) fn background_size(input: &mut Parser<'_>) -> Read<WrittenSize> {
    const AUTO: &[(&str, Written)] = &[("auto", Written::Auto)];
    if input.try_parse(|i| i.expect_ident_matching("cover")).is_ok() {
        return Ok(WrittenSize::Cover);
    }
    if input.try_parse(|i| i.expect_ident_matching("contain")).is_ok() {
        return Ok(WrittenSize::Contain);
    }
    let x = sized(input, true, AUTO)?;
    let y = input.try_parse(|i| sized(i, true, AUTO)).unwrap_or(Written::Auto);
    Ok(WrittenSize::Size(x, y))
}

fn computed_size(size: &WrittenSize, about: &About<'_>) -> BackgroundSize {
    match size {
        WrittenSize::Cover => BackgroundSize::Cover,
        WrittenSize::Contain => BackgroundSize::Contain,
        WrittenSize::Size(Written::Auto, Written::Auto) => BackgroundSize::Auto,
        WrittenSize::Size(x, y) => BackgroundSize::Size(dimension(x, about), dimension(y, about)),
    }
}

/// `<position>` of one or two parts, or three or four with sides to measure from (CSS Values 4, section 8.3; CSS
/// Backgrounds 3, section 2.6).
pub(super) fn position(input: &mut Parser<'_>) -> Read<(Sum, Sum)> {
    #[derive(Clone, PartialEq)]
    enum Part {
        X(f32),
        Y(f32),
        Center,
        Offset(Sum),
    }
    let mut parts = Vec::new();
    while parts.len() < 4 {
        let part = input.try_parse(|i| {
            i.try_parse(length_percent).map(Part::Offset).or_else(|_| {
                Ok(match word(i)?.as_str() {
                    "left" => Part::X(0.0),
                    "right" => Part::X(1.0),
                    "top" => Part::Y(0.0),
                    "bottom" => Part::Y(1.0),
                    "center" => Part::Center,
                    _ => return no(),
                })
            })
        });
        let Ok(part) = part else { break };
        parts.push(part);
    }
    let half = || Sum::percent(0.5);
    // A distance from the far side counts backwards from 100 %.
    let from = |side: f32, by: &Sum| if side == 0.0 { by.clone() } else { by.mirrored() };
    let x = |p: &Part| match p {
        Part::X(side) => Some(Sum::percent(*side)),
        Part::Center => Some(half()),
        Part::Offset(o) => Some(o.clone()),
        Part::Y(_) => None,
    };
    let y = |p: &Part| match p {
        Part::Y(side) => Some(Sum::percent(*side)),
        Part::Center => Some(half()),
        Part::Offset(o) => Some(o.clone()),
        Part::X(_) => None,
    };
    use Part::{Center, Offset, X, Y};
    let side = |s: &f32| Sum::percent(*s);
    let found = match parts.as_slice() {
        [Y(v)] => Some((half(), side(v))),
        [one] => x(one).map(|x| (x, half())),
        [Y(v), other] if !matches!(other, Offset(_)) => x(other).map(|x| (x, side(v))),
        [Center, X(h)] => Some((side(h), half())),
        [a, b] => x(a).zip(y(b)),
        [X(h), Offset(a), Y(v)] | [Y(v), X(h), Offset(a)] => Some((from(*h, a), side(v))),
        [X(h), Y(v), Offset(b)] | [Y(v), Offset(b), X(h)] => Some((side(h), from(*v, b))),
        [X(h), Offset(a), Center] | [Center, X(h), Offset(a)] => Some((from(*h, a), half())),
        [Center, Y(v), Offset(b)] | [Y(v), Offset(b), Center] => Some((half(), from(*v, b))),
        [X(h), Offset(a), Y(v), Offset(b)] | [Y(v), Offset(b), X(h), Offset(a)] => Some((from(*h, a), from(*v, b))),
        _ => None,
    };
    found.map_or_else(no, Ok)
}

kind!(
    Sizes: Arc<[WrittenSize]> => Arc<[BackgroundSize]>,
    |i, _| list(i, background_size),
    |v, a| v.iter().map(|s| computed_size(s, a)).collect()
);
kind!(
    Positions: Arc<[(Sum, Sum)]> => Arc<[(LengthPercent, LengthPercent)]>,
    |i, _| list(i, position),
    |v, a| v.iter().map(|(x, y)| (x.resolve(&a.units), y.resolve(&a.units))).collect()
);
kind!(
    Place: (Sum, Sum) => (LengthPercent, LengthPercent),
    |i, _| position(i),
    |(x, y), a| (x.resolve(&a.units), y.resolve(&a.units))
);

/// One family's name: a string, or words (CSS Fonts 4, section 2.1.1).
pub(super) fn family(input: &mut Parser<'_>) -> Read<Arc<str>> {
    if let Ok(text) = input.try_parse(|i| i.expect_string_cloned()) {
        return Ok(Arc::from(&*text));
    }
    let mut name = input.expect_ident()?.to_string();
    while let Ok(more) = input.try_parse(|i| i.expect_ident_cloned()) {
        name.push(' ');
        name.push_str(&more);
    }
    Ok(Arc::from(name))
}

kind!(Families: Arc<[Arc<str>]> => Arc<[Arc<str>]>, |i, _| list(i, family), |v, _| Arc::clone(v));

/// `font-size` as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum FontSizeWritten {
    /// Percentages are of the parent's size.
    Sum(Sum),
    /// Times the parent's.
    Times(f32),
}

kind!(
    FontSize: FontSizeWritten => Pt,
    |i, _| {
        if let Ok(word) = i.try_parse(word) {
            // Shares of `medium`, 12 pt (CSS Fonts 4, section 2.5).
            let share = match word.as_str() {
                "xx-small" => 9.0 / 16.0,
                "x-small" => 10.0 / 16.0,
                "small" => 13.0 / 16.0,
                "medium" => 1.0,
                "large" => 18.0 / 16.0,
                "x-large" => 24.0 / 16.0,
                "xx-large" => 32.0 / 16.0,
                "xxx-large" => 48.0 / 16.0,
                "smaller" => return Ok(FontSizeWritten::Times(1.0 / 1.2)),
                "larger" => return Ok(FontSizeWritten::Times(1.2)),
                _ => return no(),
            };
            return Ok(FontSizeWritten::Sum(Sum::pt(12.0 * share)));
        }
        positive_length_percent(i).map(FontSizeWritten::Sum)
    },
    |v, about| match v {
        FontSizeWritten::Times(k) => about.parent_size * *k,
        FontSizeWritten::Sum(sum) => {
            let units = Units { em: about.parent_size, ..about.units };
            sum.resolve(&units).resolve(about.parent_size).max(Pt::ZERO)
        }
    }
);

/// `font-weight` as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum WeightWritten {
    Number(u16),
    Bolder,
    Lighter,
}

kind!(
    FontWeight: WeightWritten => u16,
    |i, _| {
        if let Ok(word) = i.try_parse(word) {
            return Ok(match word.as_str() {
                "normal" => WeightWritten::Number(400),
                "bold" => WeightWritten::Number(700),
                "bolder" => WeightWritten::Bolder,
                "lighter" => WeightWritten::Lighter,
                _ => return no(),
            });
        }
        let weight = number(i)?;
        if (1.0..=1000.0).contains(&weight) { Ok(WeightWritten::Number(weight as u16)) } else { no() }
    },
    // CSS Fonts 4, section 2.2.1.
    |v, about| match (v, about.parent_weight) {
        (WeightWritten::Number(weight), _) => *weight,
        (WeightWritten::Bolder, ..350) => 400,
        (WeightWritten::Bolder, 350..550) => 700,
        (WeightWritten::Bolder, parent) => parent.max(900),
        (WeightWritten::Lighter, parent @ ..100) => parent,
        (WeightWritten::Lighter, 100..550) => 100,
        (WeightWritten::Lighter, 550..750) => 400,
        (WeightWritten::Lighter, _) => 700,
    }
);

kind!(
    /// CSS Fonts 4, section 2.4: an angle from -90 to 90 degrees; `oblique` alone is taken for `italic`.
    FontStyle: style::FontStyle => style::FontStyle,
    |i, _| match word(i)?.as_str() {
        "normal" => Ok(style::FontStyle::Normal),
        "italic" => Ok(style::FontStyle::Italic),
        "oblique" => match i.try_parse(|i| super::values::angle(i, false)) {
            Err(_) => Ok(style::FontStyle::Italic),
            Ok(degrees) if degrees.abs() <= 90.0 => Ok(style::FontStyle::Oblique((degrees * 10.0) as i16)),
            Ok(_) => no(),
        },
        _ => no(),
    },
    |v, _| *v
);

kind!(
    /// CSS Fonts 4, section 2.3.
    FontStretch: style::Stretch => style::Stretch,
    |i, _| {
        if let Ok(stretch) = i.try_parse(stretch_word) {
            return Ok(stretch);
        }
        match i.expect_percentage()? {
            share if share.is_finite() && share >= 0.0 => Ok(style::Stretch(share * 100.0)),
            _ => no(),
        }
    },
    |v, _| *v
);

/// A width by its name.
pub(super) fn stretch_word(input: &mut Parser<'_>) -> Read<style::Stretch> {
    Ok(style::Stretch(match word(input)?.as_str() {
        "ultra-condensed" => 50.0,
        "extra-condensed" => 62.5,
        "condensed" => 75.0,
        "semi-condensed" => 87.5,
        "normal" => 100.0,
        "semi-expanded" => 112.5,
        "expanded" => 125.0,
        "extra-expanded" => 150.0,
        "ultra-expanded" => 200.0,
        _ => return no(),
    }))
}

kind!(
    /// `font-optical-sizing`: whether all sizes have one design.
    OpticalSizing: bool => bool,
    |i, _| match word(i)?.as_str() {
        "auto" => Ok(false),
        "none" => Ok(true),
        _ => no(),
    },
    |v, _| *v
);

kind!(
    /// CSS Fonts 4, section 6.12; of several values for an axis the last counts.
    Variations: Arc<[([u8; 4], f32)]> => Arc<[([u8; 4], f32)]>,
    |i, _| {
        if i.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
            return Ok(Arc::default());
        }
        let all: Arc<[([u8; 4], f32)]> = list(i, |i| {
            let tag: [u8; 4] = match i.expect_string()?.as_bytes().try_into() {
                Ok(tag) => tag,
                Err(_) => return no(),
            };
            Ok((tag, number(i)?))
        })?;
        Ok(all)
    },
    |v, _| Arc::clone(v)
);

kind!(
    Features: Arc<[Feature]> => Arc<[Feature]>,
    |i, _| {
        if i.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
            return Ok(Arc::default());
        }
        list(i, |i| {
            let tag: [u8; 4] = match i.expect_string()?.as_bytes().try_into() {
                Ok(tag) => tag,
                Err(_) => return no(),
            };
            let value = i
                .try_parse(|i| i.expect_integer().map_err(cssparser::ParseError::<()>::from))
                .or_else(|_| i.try_parse(|i| match word(i)?.as_str() { "on" => Ok(1), "off" => Ok(0), _ => no() }))
                .unwrap_or(1);
            u32::try_from(value).map_or_else(|_| no(), |value| Ok((tag, value)))
        })
    },
    |v, _| Arc::clone(v)
);

/// `line-height` as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum LineHeightWritten {
    Normal,
    Number(f32),
    Sum(Sum),
}

kind!(
    LineHeight: LineHeightWritten => style::LineHeight,
    |i, _| {
        if i.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
            return Ok(LineHeightWritten::Normal);
        }
        // A bare 0 is a number here.
        if let Ok(number) = i.try_parse(positive_number) {
            return Ok(LineHeightWritten::Number(number));
        }
        positive_length_percent(i).map(LineHeightWritten::Sum)
    },
    |v, about| match v {
        LineHeightWritten::Normal => style::LineHeight::Normal,
        LineHeightWritten::Number(n) => style::LineHeight::Number(*n),
        LineHeightWritten::Sum(sum) => style::LineHeight::Length(sum.resolve(&about.units).resolve(about.units.em)),
    }
);
kind!(
    Spacing: Sum => Pt,
    |i, _| if i.try_parse(|i| i.expect_ident_matching("normal")).is_ok() { Ok(Sum::ZERO) } else { length(i) },
    |s, a| s.length(&a.units)
);

/// `vertical-align` as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum VerticalWritten {
    Word(style::VerticalAlign),
    Shift(Sum),
}

kind!(
    VerticalAlign: VerticalWritten => style::VerticalAlign,
    |i, _| {
        use style::VerticalAlign as V;
        if let Ok(word) = i.try_parse(word) {
            return Ok(VerticalWritten::Word(match word.as_str() {
                "baseline" => V::Baseline,
                "sub" => V::Sub,
                "super" => V::Super,
                "middle" => V::Middle,
                "top" => V::Top,
                "bottom" => V::Bottom,
                "text-top" => V::TextTop,
                "text-bottom" => V::TextBottom,
                _ => return no(),
            }));
        }
        length_percent(i).map(VerticalWritten::Shift)
    },
    |v, about| match v {
        VerticalWritten::Word(v) => *v,
        VerticalWritten::Shift(sum) => style::VerticalAlign::Shift(sum.resolve(&about.units)),
    }
);
kind!(
    PageName: Arc<str> => Arc<str>,
    |i, _| {
        let name = i.expect_ident()?.clone();
        Ok(if name.eq_ignore_ascii_case("auto") { Arc::from("") } else { Arc::from(&*name) })
    },
    |v, _| Arc::clone(v)
);

pub(super) use {kind, words};
