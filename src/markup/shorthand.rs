//! Shorthands, other names of properties, and properties that are known and not supported.

use std::sync::Arc;

use cssparser::Parser;

use super::generated::ListStyle;
use super::ground::Area;
use super::kind::{self, FontSizeWritten, Kind, LineHeightWritten, WeightWritten, Written, WrittenSize};
use super::property::{Longhand as L, Value};
use super::tracks::{self, SHORTHANDS as TRACKS};
use super::values::{self, Paint, Read, Sum, no};
use crate::color::Color;

const MARGIN: &[L] = &[L::MarginTop, L::MarginRight, L::MarginBottom, L::MarginLeft];
const PADDING: &[L] = &[L::PaddingTop, L::PaddingRight, L::PaddingBottom, L::PaddingLeft];
const INSET: &[L] = &[L::Top, L::Right, L::Bottom, L::Left];
const WIDTHS: &[L] = &[L::BorderTopWidth, L::BorderRightWidth, L::BorderBottomWidth, L::BorderLeftWidth];
const STYLES: &[L] = &[L::BorderTopStyle, L::BorderRightStyle, L::BorderBottomStyle, L::BorderLeftStyle];
const COLORS: &[L] = &[L::BorderTopColor, L::BorderRightColor, L::BorderBottomColor, L::BorderLeftColor];
const RADII: &[L] = &[L::RadiusTopLeft, L::RadiusTopRight, L::RadiusBottomRight, L::RadiusBottomLeft];
const BORDER: &[L] = &[
    L::BorderTopWidth,
    L::BorderRightWidth,
    L::BorderBottomWidth,
    L::BorderLeftWidth,
    L::BorderTopStyle,
    L::BorderRightStyle,
    L::BorderBottomStyle,
    L::BorderLeftStyle,
    L::BorderTopColor,
    L::BorderRightColor,
    L::BorderBottomColor,
    L::BorderLeftColor,
];
const BACKGROUND: &[L] = &[
    L::BackgroundColor,
    L::BackgroundImage,
    L::BackgroundPosition,
    L::BackgroundSize,
    L::BackgroundRepeat,
    L::BackgroundOrigin,
    L::BackgroundClip,
    L::BackgroundAttachment,
];
const VARIANT: &[L] =
    &[L::FontLigatures, L::FontCaps, L::FontNumeric, L::FontEastAsian, L::FontPosition, L::FontAlternates];
const FONT: &[L] = &[
    L::FontStyle,
    L::FontWeight,
    L::FontStretch,
    L::FontSize,
    L::LineHeight,
    L::FontFamily,
    L::FontFeatures,
    L::FontOptical,
    L::FontVariations,
];

/// The shorthands and what they stand for. Sides of CSS Logical Properties stand for the sides that they are in
/// writing from left to right, top to bottom; [`super::logical`] moves them where the element is written otherwise.
pub(super) const SHORTHANDS: &[(&str, &[L])] = &[
    ("all", L::ALL),
    ("margin", MARGIN),
    ("margin-block", &[L::MarginTop, L::MarginBottom]),
    ("margin-inline", &[L::MarginLeft, L::MarginRight]),
    ("padding", PADDING),
    ("padding-block", &[L::PaddingTop, L::PaddingBottom]),
    ("padding-inline", &[L::PaddingLeft, L::PaddingRight]),
    ("inset", INSET),
    ("inset-block", &[L::Top, L::Bottom]),
    ("inset-inline", &[L::Left, L::Right]),
    ("border", BORDER),
    ("border-top", &[L::BorderTopWidth, L::BorderTopStyle, L::BorderTopColor]),
    ("border-right", &[L::BorderRightWidth, L::BorderRightStyle, L::BorderRightColor]),
    ("border-bottom", &[L::BorderBottomWidth, L::BorderBottomStyle, L::BorderBottomColor]),
    ("border-left", &[L::BorderLeftWidth, L::BorderLeftStyle, L::BorderLeftColor]),
    ("border-width", WIDTHS),
    ("border-style", STYLES),
    ("border-color", COLORS),
    (
        "border-block",
        &[
            L::BorderTopWidth,
            L::BorderBottomWidth,
            L::BorderTopStyle,
            L::BorderBottomStyle,
            L::BorderTopColor,
            L::BorderBottomColor,
        ],
    ),
    ("border-block-start", &[L::BorderTopWidth, L::BorderTopStyle, L::BorderTopColor]),
    ("border-block-end", &[L::BorderBottomWidth, L::BorderBottomStyle, L::BorderBottomColor]),
    ("border-block-width", &[L::BorderTopWidth, L::BorderBottomWidth]),
    ("border-block-style", &[L::BorderTopStyle, L::BorderBottomStyle]),
    ("border-block-color", &[L::BorderTopColor, L::BorderBottomColor]),
    (
        "border-inline",
        &[
            L::BorderLeftWidth,
            L::BorderRightWidth,
            L::BorderLeftStyle,
            L::BorderRightStyle,
            L::BorderLeftColor,
            L::BorderRightColor,
        ],
    ),
    ("border-inline-start", &[L::BorderLeftWidth, L::BorderLeftStyle, L::BorderLeftColor]),
    ("border-inline-end", &[L::BorderRightWidth, L::BorderRightStyle, L::BorderRightColor]),
    ("border-inline-width", &[L::BorderLeftWidth, L::BorderRightWidth]),
    ("border-inline-style", &[L::BorderLeftStyle, L::BorderRightStyle]),
    ("border-inline-color", &[L::BorderLeftColor, L::BorderRightColor]),
    ("border-radius", RADII),
    ("background", BACKGROUND),
    ("outline", &[L::OutlineWidth, L::OutlineStyle, L::OutlineColor]),
    ("font", FONT),
    ("flex", &[L::FlexGrow, L::FlexShrink, L::FlexBasis]),
    ("flex-flow", &[L::FlexDirection, L::FlexWrap]),
    ("overflow", &[L::OverflowX, L::OverflowY]),
    ("gap", &[L::RowGap, L::ColumnGap]),
    ("list-style", &[L::ListStyle, L::ListPosition, L::ListImage]),
    ("text-decoration", &[L::TextDecoration, L::DecorationStyle, L::DecorationColor, L::DecorationThickness]),
    ("text-emphasis", &[L::EmphasisStyle, L::EmphasisColor]),
    ("font-variant", VARIANT),
    ("white-space", &[L::WhiteSpace, L::WrapMode]),
    ("text-wrap", &[L::WrapMode, L::WrapStyle]),
    ("place-content", &[L::AlignContent, L::JustifyContent]),
    ("place-items", &[L::AlignItems, L::JustifyItems]),
    ("place-self", &[L::AlignSelf, L::JustifySelf]),
    TRACKS[0],
    TRACKS[1],
    TRACKS[2],
    TRACKS[3],
    TRACKS[4],
];

/// Other names of longhands.
pub(super) const ALIASES: &[(&str, L)] = &[
    ("margin-block-start", L::MarginTop),
    ("margin-block-end", L::MarginBottom),
    ("margin-inline-start", L::MarginLeft),
    ("margin-inline-end", L::MarginRight),
    ("padding-block-start", L::PaddingTop),
    ("padding-block-end", L::PaddingBottom),
    ("padding-inline-start", L::PaddingLeft),
    ("padding-inline-end", L::PaddingRight),
    ("inset-block-start", L::Top),
    ("inset-block-end", L::Bottom),
    ("inset-inline-start", L::Left),
    ("inset-inline-end", L::Right),
    ("inline-size", L::Width),
    ("block-size", L::Height),
    ("min-inline-size", L::MinWidth),
    ("min-block-size", L::MinHeight),
    ("max-inline-size", L::MaxWidth),
    ("max-block-size", L::MaxHeight),
    ("border-block-start-width", L::BorderTopWidth),
    ("border-block-start-style", L::BorderTopStyle),
    ("border-block-start-color", L::BorderTopColor),
    ("border-block-end-width", L::BorderBottomWidth),
    ("border-block-end-style", L::BorderBottomStyle),
    ("border-block-end-color", L::BorderBottomColor),
    ("border-inline-start-width", L::BorderLeftWidth),
    ("border-inline-start-style", L::BorderLeftStyle),
    ("border-inline-start-color", L::BorderLeftColor),
    ("border-inline-end-width", L::BorderRightWidth),
    ("border-inline-end-style", L::BorderRightStyle),
    ("border-inline-end-color", L::BorderRightColor),
    ("border-start-start-radius", L::RadiusTopLeft),
    ("border-start-end-radius", L::RadiusTopRight),
    ("border-end-end-radius", L::RadiusBottomRight),
    ("border-end-start-radius", L::RadiusBottomLeft),
    ("page-break-before", L::BreakBefore),
    ("page-break-after", L::BreakAfter),
    ("page-break-inside", L::BreakInside),
    ("word-wrap", L::OverflowWrap),
    ("grid-row-gap", L::RowGap),
    ("grid-column-gap", L::ColumnGap),
];

/// The longhands of a shorthand.
pub(super) fn longhands(name: &str) -> Option<&'static [L]> {
    SHORTHANDS.iter().find(|(n, _)| *n == name).map(|(_, l)| *l)
}

/// The longhand of this name, its own or another.
pub(super) fn alias(name: &str) -> Option<L> {
    L::named(name).or_else(|| ALIASES.iter().find(|(n, _)| *n == name).map(|(_, l)| *l))
}

/// One to four values for four sides (CSS Box 4, section 2.2).
fn sides<T: Clone>(
    input: &mut Parser<'_>,
    names: &[L],
    mut one: impl FnMut(&mut Parser<'_>) -> Read<T>,
    make: impl Fn(L, T) -> Value,
) -> Read<Vec<(L, Value)>> {
    let top = one(input)?;
    let right = input.try_parse(&mut one).unwrap_or_else(|_| top.clone());
    let bottom = input.try_parse(&mut one).unwrap_or_else(|_| top.clone());
    let left = input.try_parse(&mut one).unwrap_or_else(|_| right.clone());
    Ok(names.iter().zip([top, right, bottom, left]).map(|(l, v)| (*l, make(*l, v))).collect())
}

/// One or two values of the longhands themselves.
fn pair(input: &mut Parser<'_>, names: &[L], base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    let [first, second] = names else { return no() };
    let start = input.state();
    let a = first.read(input, base)?;
    let b = match input.try_parse(|i| second.read(i, base)) {
        Ok(b) => b,
        Err(_) => {
            // The one value counts for both: read it again as the other's.
            input.reset(&start);
            second.read(input, base)?
        }
    };
    Ok(vec![(*first, a), (*second, b)])
}

/// Reads a shorthand's value.
pub(super) fn read(name: &str, input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    match name {
        "margin" | "padding" | "inset" | "border-width" | "border-style" | "border-color" => {
            let names = longhands(name).unwrap_or(&[]);
            let mut values: Vec<Value> = Vec::with_capacity(4);
            let mut starts = Vec::with_capacity(4);
            // Each side's value is read as that side's: where the value is missing, the opposite side's is read again.
            for (i, longhand) in names.iter().enumerate() {
                input.skip_whitespace();
                let here = input.state();
                if let Ok(value) = input.try_parse(|p| longhand.read(p, base)) {
                    starts.push(here);
                    values.push(value);
                    continue;
                }
                if i == 0 {
                    return no();
                }
                let again = starts.get(if i == 1 { 0 } else { i - 2 }).cloned().or_else(|| starts.first().cloned());
                let Some(again) = again else { return no() };
                input.reset(&again);
                values.push(longhand.read(input, base)?);
                input.reset(&here);
                starts.push(again);
            }
            Ok(names.iter().copied().zip(values).collect())
        }
        "grid" | "grid-area" | "grid-column" | "grid-row" | "grid-template" => tracks::shorthand(name, input, base),
        "margin-block"
        | "margin-inline"
        | "padding-block"
        | "padding-inline"
        | "inset-block"
        | "inset-inline"
        | "border-block-width"
        | "border-block-style"
        | "border-block-color"
        | "border-inline-width"
        | "border-inline-style"
        | "border-inline-color"
        | "overflow"
        | "gap"
        | "place-content"
        | "place-items"
        | "place-self" => pair(input, longhands(name).unwrap_or(&[]), base),
        "border"
        | "border-top"
        | "border-right"
        | "border-bottom"
        | "border-left"
        | "border-block"
        | "border-block-start"
        | "border-block-end"
        | "border-inline"
        | "border-inline-start"
        | "border-inline-end" => border(name, input, base),
        "border-radius" => radius(input),
        "background" => background(input, base),
        "outline" => outline(input, base),
        "font" => font(input, base),
        "flex" => flex(input, base),
        "white-space" => white_space(input, base),
        "text-wrap" => {
            let (mut mode, mut style) = (None, None);
            while !input.is_exhausted() {
                if mode.is_none()
                    && let Ok(m) = input.try_parse(|i| kind::WrapMode::read(i, base))
                {
                    mode = Some(m);
                } else if style.is_none() {
                    style = Some(kind::WrapStyle::read(input, base)?);
                } else {
                    return no();
                }
            }
            Ok(vec![
                (L::WrapMode, Value::WrapMode(mode.unwrap_or_default())),
                (L::WrapStyle, Value::WrapStyle(style.unwrap_or_default())),
            ])
        }
        "flex-flow" => {
            let (mut direction, mut wrap) = (None, None);
            while !input.is_exhausted() {
                if direction.is_none()
                    && let Ok(d) = input.try_parse(|i| kind::FlexDirection::read(i, base))
                {
                    direction = Some(d);
                } else if wrap.is_none() {
                    wrap = Some(kind::FlexWrap::read(input, base)?);
                } else {
                    return no();
                }
            }
            Ok(vec![
                (L::FlexDirection, Value::FlexDirection(direction.unwrap_or_default())),
                (L::FlexWrap, Value::FlexWrap(wrap.unwrap_or_default())),
            ])
        }
        "list-style" => list(input, base),
        "text-decoration" | "text-emphasis" => any_order(input, longhands(name).unwrap_or(&[]), base),
        "font-variant" => {
            let [ligatures, caps, numeric, east_asian, position, alternates] = kind::font_variant(input)?;
            Ok(vec![
                (L::FontLigatures, Value::FontLigatures(ligatures)),
                (L::FontCaps, Value::FontCaps(caps)),
                (L::FontNumeric, Value::FontNumeric(numeric)),
                (L::FontEastAsian, Value::FontEastAsian(east_asian)),
                (L::FontPosition, Value::FontPosition(position)),
                (L::FontAlternates, Value::FontAlternates(alternates)),
            ])
        }
        _ => no(),
    }
}

/// Values of the given longhands in any order; those that are left out have their initial value.
fn any_order(input: &mut Parser<'_>, names: &[L], base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    let mut found: Vec<(L, Value)> = Vec::with_capacity(names.len());
    while !input.is_exhausted() {
        let mut open = names.iter().filter(|l| !found.iter().any(|(f, _)| f == *l));
        match open.find_map(|l| input.try_parse(|i| l.read(i, base)).ok().map(|v| (*l, v))) {
            Some(one) => found.push(one),
            None => return no(),
        }
    }
    if found.is_empty() {
        return no();
    }
    for longhand in names {
        if !found.iter().any(|(f, _)| f == longhand) {
            found.push((*longhand, Value::Wide(super::property::Wide::Initial)));
        }
    }
    Ok(found)
}

fn border(name: &str, input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    let (mut width, mut line, mut color) = (None, None, None);
    let mut any = false;
    while !input.is_exhausted() {
        if line.is_none()
            && let Ok(l) = input.try_parse(|i| kind::BorderStyle::read(i, base))
        {
            line = Some(l);
        } else if width.is_none()
            && let Ok(w) = input.try_parse(|i| kind::BorderWidth::read(i, base))
        {
            width = Some(w);
        } else if color.is_none() {
            color = Some(values::color(input)?);
        } else {
            return no();
        }
        any = true;
    }
    if !any {
        return no();
    }
    let width = width.unwrap_or(Sum::pt(2.25));
    let line = line.unwrap_or_default();
    let color = color.unwrap_or(Paint::Current);
    let names = longhands(name).unwrap_or(&[]);
    let value = |l: L| match l {
        L::BorderTopWidth => Value::BorderTopWidth(width.clone()),
        L::BorderRightWidth => Value::BorderRightWidth(width.clone()),
        L::BorderBottomWidth => Value::BorderBottomWidth(width.clone()),
        L::BorderLeftWidth => Value::BorderLeftWidth(width.clone()),
        L::BorderTopStyle => Value::BorderTopStyle(line),
        L::BorderRightStyle => Value::BorderRightStyle(line),
        L::BorderBottomStyle => Value::BorderBottomStyle(line),
        L::BorderLeftStyle => Value::BorderLeftStyle(line),
        L::BorderTopColor => Value::BorderTopColor(color),
        L::BorderRightColor => Value::BorderRightColor(color),
        L::BorderBottomColor => Value::BorderBottomColor(color),
        _ => Value::BorderLeftColor(color),
    };
    Ok(names.iter().map(|l| (*l, value(*l))).collect())
}

/// CSS Backgrounds 3, section 4.1: up to four widths, then after `/` up to four heights.
fn radius(input: &mut Parser<'_>) -> Read<Vec<(L, Value)>> {
    let corner = |l: L, v: (Sum, Sum)| match l {
        L::RadiusTopLeft => Value::RadiusTopLeft(v),
        L::RadiusTopRight => Value::RadiusTopRight(v),
        L::RadiusBottomRight => Value::RadiusBottomRight(v),
        _ => Value::RadiusBottomLeft(v),
    };
    let one = |i: &mut Parser<'_>| values::positive_length_percent(i);
    // The lengths ride in a value of any kind: only the order of the four is wanted here.
    let four = |i: &mut Parser<'_>| -> Read<Vec<Sum>> {
        let sides = sides(i, RADII, one, |_, s| Value::RadiusTopLeft((s.clone(), s)))?;
        Ok(sides
            .into_iter()
            .filter_map(|(_, v)| if let Value::RadiusTopLeft((s, _)) = v { Some(s) } else { None })
            .collect())
    };
    let x = four(input)?;
    let y = if input.try_parse(|i| i.expect_delim('/')).is_ok() { four(input)? } else { x.clone() };
    Ok(RADII.iter().zip(x.into_iter().zip(y)).map(|(l, v)| (*l, corner(*l, v))).collect())
}

/// CSS Backgrounds 3, section 2.10: layers between commas, the colour in the last.
fn background(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    let mut color = Paint::Fixed(Color::TRANSPARENT);
    let (mut images, mut positions, mut sizes, mut repeats) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut origins, mut clips) = (Vec::new(), Vec::new());
    let mut colored = false;
    input.parse_comma_separated(|input| {
        if colored {
            return no();
        }
        let (mut image, mut position, mut size, mut repeat) = (None, None, None, None);
        let (mut origin, mut clip) = (None, None);
        let mut any = false;
        while !input.is_exhausted() {
            if image.is_none()
                && let Ok(i) = input.try_parse(|i| kind::image(i, base))
            {
                image = Some(i);
            } else if repeat.is_none()
                && let Ok(r) = input.try_parse(kind::repeat)
            {
                repeat = Some(r);
            } else if position.is_none()
                && let Ok(p) = input.try_parse(kind::position)
            {
                position = Some(p);
                if input.try_parse(|i| i.expect_delim('/')).is_ok() {
                    size = Some(kind::background_size(input)?);
                }
            } else if clip.is_none()
                && let Ok(area) = input.try_parse(super::ground::area)
            {
                // one area is both, the second is where it is cut
                if origin.is_none() {
                    origin = Some(area);
                } else {
                    clip = Some(area);
                }
            } else if input.try_parse(|i| i.expect_ident_matching("scroll")).is_ok()
                || input.try_parse(|i| i.expect_ident_matching("fixed")).is_ok()
                || input.try_parse(|i| i.expect_ident_matching("local")).is_ok()
            {
                // nothing moves on paper
            } else if !colored {
                color = values::color(input)?;
                colored = true;
            } else {
                return no();
            }
            any = true;
        }
        if !any {
            return no();
        }
        origins.push(origin.unwrap_or(Area::Padding));
        clips.push(clip.or(origin).unwrap_or(Area::Border));
        images.push(image.flatten());
        positions.push(position.unwrap_or((Sum::ZERO, Sum::ZERO)));
        sizes.push(size.unwrap_or(WrittenSize::Size(Written::Auto, Written::Auto)));
        repeats.push(repeat.unwrap_or_default());
        Ok(())
    })?;
    Ok(vec![
        (L::BackgroundColor, Value::BackgroundColor(color)),
        (L::BackgroundImage, Value::BackgroundImage(Arc::from(images))),
        (L::BackgroundPosition, Value::BackgroundPosition(Arc::from(positions))),
        (L::BackgroundSize, Value::BackgroundSize(Arc::from(sizes))),
        (L::BackgroundRepeat, Value::BackgroundRepeat(Arc::from(repeats))),
        (L::BackgroundOrigin, Value::BackgroundOrigin(Arc::from(origins))),
        (L::BackgroundClip, Value::BackgroundClip(Arc::from(clips))),
        (L::BackgroundAttachment, Value::BackgroundAttachment(())),
    ])
}

/// CSS Lists 3, section 3.5; `none` is for the type and the picture alike.
fn list(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    let (mut style, mut inside, mut image, mut nones) = (None, None, None, 0);
    let mut any = false;
    while !input.is_exhausted() {
        if nones < 2 && input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
            nones += 1;
        } else if inside.is_none()
            && let Ok(i) = input.try_parse(|i| kind::ListPosition::read(i, base))
        {
            inside = Some(i);
        } else if image.is_none()
            && let Ok(i) = input.try_parse(|i| kind::ListImage::read(i, base))
        {
            image = Some(i);
        } else if style.is_none() {
            style = Some(kind::ListStyle_::read(input, base)?);
        } else {
            return no();
        }
        any = true;
    }
    let none = usize::from(style.is_some()) + usize::from(image.is_some()) + nones;
    if !any || none > 2 {
        return no();
    }
    let style = style.unwrap_or(if nones > 0 { ListStyle::None } else { ListStyle::default() });
    Ok(vec![
        (L::ListStyle, Value::ListStyle(style)),
        (L::ListPosition, Value::ListPosition(inside.unwrap_or(false))),
        (L::ListImage, Value::ListImage(image.flatten())),
    ])
}

/// CSS UI 4, section 3.1.
fn outline(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    let (mut width, mut line, mut color) = (None, None, None);
    while !input.is_exhausted() {
        if line.is_none()
            && let Ok(l) = input.try_parse(|i| kind::OutlineStyle::read(i, base))
        {
            line = Some(l);
        } else if width.is_none()
            && let Ok(w) = input.try_parse(|i| kind::BorderWidth::read(i, base))
        {
            width = Some(w);
        } else if color.is_none() {
            color = Some(kind::OutlineColor::read(input, base)?);
        } else {
            return no();
        }
    }
    if width.is_none() && line.is_none() && color.is_none() {
        return no();
    }
    Ok(vec![
        (L::OutlineWidth, Value::OutlineWidth(width.unwrap_or(Sum::pt(2.25)))),
        (L::OutlineStyle, Value::OutlineStyle(line.unwrap_or_default())),
        (L::OutlineColor, Value::OutlineColor(color.flatten())),
    ])
}

/// CSS Fonts 4, section 2.8: `[style || weight || width] size[/line-height] family`.
fn font(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    let (mut slant, mut weight, mut stretch) = (None, None, None);
    loop {
        if input.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
            continue;
        }
        if slant.is_none()
            && let Ok(s) = input.try_parse(|i| kind::FontStyle::read(i, base))
        {
            slant = Some(s);
        } else if weight.is_none()
            && let Ok(w) = input.try_parse(|i| kind::FontWeight::read(i, base))
        {
            weight = Some(w);
        } else if stretch.is_none()
            && let Ok(s) = input.try_parse(kind::stretch_word)
        {
            stretch = Some(s);
        } else {
            break;
        }
    }
    let size: FontSizeWritten = kind::FontSize::read(input, base)?;
    let line_height = if input.try_parse(|i| i.expect_delim('/')).is_ok() {
        kind::LineHeight::read(input, base)?
    } else {
        LineHeightWritten::Normal
    };
    let families = kind::Families::read(input, base)?;
    Ok(vec![
        (L::FontStyle, Value::FontStyle(slant.unwrap_or_default())),
        (L::FontWeight, Value::FontWeight(weight.unwrap_or(WeightWritten::Number(400)))),
        (L::FontStretch, Value::FontStretch(stretch.unwrap_or_default())),
        (L::FontSize, Value::FontSize(size)),
        (L::LineHeight, Value::LineHeight(line_height)),
        (L::FontFamily, Value::FontFamily(families)),
        (L::FontFeatures, Value::FontFeatures(Arc::default())),
        (L::FontOptical, Value::FontOptical(false)),
        (L::FontVariations, Value::FontVariations(Arc::default())),
    ])
}

/// CSS Text 4, section 4.3.
fn white_space(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    use super::style::{WhiteSpace as W, WrapMode as M};
    let known = input.try_parse(|i| {
        Ok(match kind::word(i)?.as_str() {
            "normal" => (W::Collapse, M::Wrap),
            "pre" => (W::Preserve, M::Nowrap),
            "pre-wrap" => (W::Preserve, M::Wrap),
            "pre-line" => (W::PreserveBreaks, M::Wrap),
            _ => return no(),
        })
    });
    let (space, mode) = match known {
        Ok((space, mode)) => (Some(space), Some(mode)),
        Err(_) => {
            let (mut space, mut mode) = (None, None);
            while !input.is_exhausted() {
                if mode.is_none()
                    && let Ok(m) = input.try_parse(|i| kind::WrapMode::read(i, base))
                {
                    mode = Some(m);
                } else if space.is_none() {
                    space = Some(kind::WhiteSpace::read(input, base)?);
                } else {
                    return no();
                }
            }
            if space.is_none() && mode.is_none() {
                return no();
            }
            (space, mode)
        }
    };
    Ok(vec![
        (L::WhiteSpace, Value::WhiteSpace(space.unwrap_or_default())),
        (L::WrapMode, Value::WrapMode(mode.unwrap_or_default())),
    ])
}

/// CSS Flexbox 1, section 7.1.1.
fn flex(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    let values = |grow: f32, shrink: f32, basis: Written| {
        vec![
            (L::FlexGrow, Value::FlexGrow(grow)),
            (L::FlexShrink, Value::FlexShrink(shrink)),
            (L::FlexBasis, Value::FlexBasis(basis)),
        ]
    };
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(values(0.0, 0.0, Written::Auto));
    }
    let (mut grow, mut shrink, mut basis) = (None, None, None);
    while !input.is_exhausted() {
        if grow.is_none()
            && let Ok(g) = input.try_parse(values::positive_number)
        {
            grow = Some(g);
            shrink = input.try_parse(values::positive_number).ok();
        } else if basis.is_none() {
            basis = Some(kind::Size::read(input, base)?);
        } else {
            return no();
        }
    }
    if grow.is_none() && basis.is_none() {
        return no();
    }
    // Left out: growing and shrinking 1, basis 0.
    Ok(values(grow.unwrap_or(1.0), shrink.unwrap_or(1.0), basis.unwrap_or(Written::Sum(Sum::ZERO))))
}
