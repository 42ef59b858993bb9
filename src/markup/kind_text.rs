//! The kinds of values of the rarer properties of text: ruby, emphasis, lines along text, shadows, glyph forms.

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::kind::{About, Kind, word};
use super::style::{self, Feature, LengthPercent};
use super::values::{self, Paint, Read, Sum, length, length_percent, no};
use crate::color::Color;

use super::kind::{kind, words};

words! {
    RubyPosition { "alternate" => Alternate, "over" => Over, "under" => Under }
    RubyAlign { "start" => Start, "center" => Center, "space-between" => SpaceBetween, "space-around" => SpaceAround }
    RubyMerge { "separate" => Separate, "merge" | "collapse" => Merge, "auto" => Auto }
    UnderlinePosition {
        "auto" => Auto, "from-font" => FromFont, "under" => Under, "left" => Left, "right" => Right,
    }
    LineStyle { "solid" => Solid, "double" => Double, "dotted" => Dotted, "dashed" => Dashed, "wavy" => Wavy }
    Direction { "ltr" => Ltr, "rtl" => Rtl }
    UnicodeBidi {
        "normal" => Normal, "embed" => Embed, "isolate" => Isolate, "bidi-override" => BidiOverride,
        "isolate-override" => IsolateOverride, "plaintext" => Plaintext,
    }
}

kind!(
    TextTransform: style::TextTransform => style::TextTransform,
    |i, _| {
        let mut how = style::TextTransform::NONE;
        if i.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
            return Ok(how);
        }
        while i.try_parse(|i| {
            let case = match word(i)?.as_str() {
                "uppercase" => style::LetterCase::Uppercase,
                "lowercase" => style::LetterCase::Lowercase,
                "capitalize" => style::LetterCase::Capitalize,
                "full-width" if !how.full_width => {
                    how.full_width = true;
                    return Ok(());
                }
                "full-size-kana" if !how.full_size_kana => {
                    how.full_size_kana = true;
                    return Ok(());
                }
                _ => return no(),
            };
            if how.case != style::LetterCase::None {
                return no();
            }
            how.case = case;
            Ok(())
        }).is_ok() {}
        if how == style::TextTransform::NONE { no() } else { Ok(how) }
    },
    |v, _| *v
);

kind!(
    /// `auto` is false.
    RubyOverhang: bool => bool, |i, _| match word(i)?.as_str() { "auto" => Ok(false), "none" => Ok(true), _ => no() }, |v, _| *v);

kind!(
    Emphasis: style::Emphasis => style::Emphasis,
    |i, _| {
        if i.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
            return Ok(style::Emphasis::None);
        }
        if let Ok(text) = i.try_parse(|i| i.expect_string_cloned()) {
            // More than one character of a string is not asked for (section 3.1): the first is taken.
            let mut chars = text.char_indices();
            let end = chars.find(|(at, c)| *at > 0 && !is_joined(*c)).map_or(text.len(), |(at, _)| at);
            return match text.get(..end) {
                Some(mark) if !mark.is_empty() => Ok(style::Emphasis::Mark(Arc::from(mark))),
                _ => Ok(style::Emphasis::None),
            };
        }
        // What is no word of this property may be the colour of the shorthand.
        let (mut filled, mut shape) = (None, None);
        while i.try_parse(|i| {
            let marks = match word(i)?.as_str() {
                "filled" if filled.is_none() => {
                    filled = Some(true);
                    return Ok(());
                }
                "open" if filled.is_none() => {
                    filled = Some(false);
                    return Ok(());
                }
                "dot" => ["\u{2022}", "\u{25E6}"],
                "circle" => ["\u{25CF}", "\u{25CB}"],
                "double-circle" => ["\u{25C9}", "\u{25CE}"],
                "triangle" => ["\u{25B2}", "\u{25B3}"],
                "sesame" => ["\u{FE45}", "\u{FE46}"],
                _ => return no(),
            };
            if shape.replace(marks).is_some() { no() } else { Ok(()) }
        }).is_ok() {}
        match (filled, shape) {
            (None, None) => no(),
            (Some(filled), None) => Ok(style::Emphasis::Filled(filled)),
            (filled, Some([full, open])) => {
                Ok(style::Emphasis::Mark(Arc::from(if filled.unwrap_or(true) { full } else { open })))
            }
        }
    },
    |v, _| v.clone()
);

fn is_joined(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{3099}' | '\u{309A}' | '\u{200D}')
}

kind!(
    EmphasisPosition: style::EmphasisPosition => style::EmphasisPosition,
    |i, _| {
        let (mut over, mut right) = (None, None);
        while let Ok(word) = i.try_parse(word) {
            let (slot, value) = match word.as_str() {
                "over" => (&mut over, true),
                "under" => (&mut over, false),
                "right" => (&mut right, true),
                "left" => (&mut right, false),
                _ => return no(),
            };
            if slot.replace(value).is_some() {
                return no();
            }
        }
        let Some(over) = over else { return no() };
        Ok(style::EmphasisPosition { over, right: right.unwrap_or(true) })
    },
    |v, _| *v
);

kind!(
    /// A colour that stays the text's own where it is `currentcolor`.
    OwnColor: Paint => Option<Color>,
    |i, _| values::color(i),
    |p, a| p.own(a.inks)
);

kind!(
    UnderlineOffset: Option<Sum> => Option<LengthPercent>,
    |i, _| if i.try_parse(|i| i.expect_ident_matching("auto")).is_ok() { Ok(None) } else { Ok(Some(length_percent(i)?)) },
    |v, a| v.as_ref().map(|s| s.resolve(&a.units))
);

kind!(
    Thickness: Option<Sum> => style::LineThickness,
    |i, _| {
        if i.try_parse(|i| i.expect_ident_matching("auto").or_else(|_| i.expect_ident_matching("from-font"))).is_ok() {
            return Ok(None);
        }
        values::positive_length_percent(i).map(Some)
    },
    |v, a| v.as_ref().map_or(style::LineThickness::Auto, |s| style::LineThickness::Value(s.resolve(&a.units)))
);

kind!(
    DecorationLines: style::Lines => style::Lines,
    |i, _| {
        let mut lines = style::Lines::default();
        if i.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
            return Ok(lines);
        }
        while i.try_parse(|i| {
            let slot = match word(i)?.as_str() {
                "underline" => &mut lines.underline,
                "overline" => &mut lines.overline,
                "line-through" => &mut lines.line_through,
                _ => return no(),
            };
            if std::mem::replace(slot, true) { no() } else { Ok(()) }
        }).is_ok() {}
        if lines.any() { Ok(lines) } else { no() }
    },
    |v, _| *v
);

/// One shadow as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ShadowWritten {
    x: Sum,
    y: Sum,
    color: Paint,
}

kind!(
    /// A blur other than 0 is not a value: ink has no soft edge that would not need a picture.
    Shadows: Arc<[ShadowWritten]> => Arc<[style::Shadow]>,
    |i, _| {
        if i.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
            return Ok(Arc::default());
        }
        let shadows = i.parse_comma_separated(|i| {
            let mut color = i.try_parse(values::color).ok();
            let (x, y) = (length(i)?, length(i)?);
            if let Ok(blur) = i.try_parse(length)
                && blur != Sum::ZERO
            {
                return no();
            }
            if color.is_none() {
                color = i.try_parse(values::color).ok();
            }
            Ok(ShadowWritten { x, y, color: color.unwrap_or(Paint::Current) })
        })?;
        Ok(Arc::from(shadows))
    },
    |v, a| v.iter().map(|s| style::Shadow {
        x: s.x.length(&a.units),
        y: s.y.length(&a.units),
        color: s.color.own(a.inks),
    }).collect()
);

/// The words of one `font-variant-*` property: what they exclude, and the features that they mean.
pub(super) type Words = &'static [(&'static str, u8, &'static [(&'static [u8; 4], u32)])];

/// Reads one word after the other; two words of one group contradict each other.
pub(super) fn forms(input: &mut Parser<'_>, known: Words) -> Read<Arc<[Feature]>> {
    let mut groups = 0u32;
    let mut features: Vec<Feature> = Vec::new();
    while let Ok((group, list)) = input.try_parse(|i| {
        let word = word(i)?;
        known.iter().find(|(w, ..)| *w == word).map_or_else(no, |(_, group, list)| Ok((*group, *list)))
    }) {
        let bit = 1u32 << group;
        if groups & bit != 0 {
            return no();
        }
        groups |= bit;
        features.extend(list.iter().map(|(tag, value)| (**tag, *value)));
    }
    if groups == 0 { no() } else { Ok(Arc::from(features)) }
}

/// The property's words, or `normal`.
fn forms_or_normal(input: &mut Parser<'_>, known: Words) -> Read<Arc<[Feature]>> {
    if input.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
        return Ok(Arc::default());
    }
    forms(input, known)
}

const NO_LIGATURES: &[(&[u8; 4], u32)] = &[(b"liga", 0), (b"clig", 0), (b"dlig", 0), (b"hlig", 0), (b"calt", 0)];

pub(super) const LIGATURES: Words = &[
    ("common-ligatures", 0, &[(b"liga", 1), (b"clig", 1)]),
    ("no-common-ligatures", 0, &[(b"liga", 0), (b"clig", 0)]),
    ("discretionary-ligatures", 1, &[(b"dlig", 1)]),
    ("no-discretionary-ligatures", 1, &[(b"dlig", 0)]),
    ("historical-ligatures", 2, &[(b"hlig", 1)]),
    ("no-historical-ligatures", 2, &[(b"hlig", 0)]),
    ("contextual", 3, &[(b"calt", 1)]),
    ("no-contextual", 3, &[(b"calt", 0)]),
];
pub(super) const CAPS: Words = &[
    ("small-caps", 0, &[(b"smcp", 1)]),
    ("all-small-caps", 0, &[(b"smcp", 1), (b"c2sc", 1)]),
    ("petite-caps", 0, &[(b"pcap", 1)]),
    ("all-petite-caps", 0, &[(b"pcap", 1), (b"c2pc", 1)]),
    ("unicase", 0, &[(b"unic", 1)]),
    ("titling-caps", 0, &[(b"titl", 1)]),
];
pub(super) const NUMERIC: Words = &[
    ("lining-nums", 0, &[(b"lnum", 1)]),
    ("oldstyle-nums", 0, &[(b"onum", 1)]),
    ("proportional-nums", 1, &[(b"pnum", 1)]),
    ("tabular-nums", 1, &[(b"tnum", 1)]),
    ("diagonal-fractions", 2, &[(b"frac", 1)]),
    ("stacked-fractions", 2, &[(b"afrc", 1)]),
    ("ordinal", 3, &[(b"ordn", 1)]),
    ("slashed-zero", 4, &[(b"zero", 1)]),
];
pub(super) const EAST_ASIAN: Words = &[
    ("jis78", 0, &[(b"jp78", 1)]),
    ("jis83", 0, &[(b"jp83", 1)]),
    ("jis90", 0, &[(b"jp90", 1)]),
    ("jis04", 0, &[(b"jp04", 1)]),
    ("simplified", 0, &[(b"smpl", 1)]),
    ("traditional", 0, &[(b"trad", 1)]),
    ("full-width", 1, &[(b"fwid", 1)]),
    ("proportional-width", 1, &[(b"pwid", 1)]),
    ("ruby", 2, &[(b"ruby", 1)]),
];
pub(super) const POSITION: Words = &[("sub", 0, &[(b"subs", 1)]), ("super", 0, &[(b"sups", 1)])];
pub(super) const ALTERNATES: Words = &[("historical-forms", 0, &[(b"hist", 1)])];

macro_rules! variants {
    ($($kind:ident $words:ident;)*) => {$(
        kind!($kind: Arc<[Feature]> => Arc<[Feature]>, |i, _| forms_or_normal(i, $words), |v, _| Arc::clone(v));
    )*};
}

variants! {
    Caps CAPS;
    Numeric NUMERIC;
    EastAsian EAST_ASIAN;
    FontPosition POSITION;
    Alternates ALTERNATES;
}

kind!(
    Ligatures: Arc<[Feature]> => Arc<[Feature]>,
    |i, _| {
        if i.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
            return Ok(no_ligatures());
        }
        forms_or_normal(i, LIGATURES)
    },
    |v, _| Arc::clone(v)
);

pub(super) fn no_ligatures() -> Arc<[Feature]> {
    NO_LIGATURES.iter().map(|(tag, value)| (**tag, *value)).collect()
}

kind!(
    /// `auto` leaves it to the font, as `normal` does.
    Kerning: Arc<[Feature]> => Arc<[Feature]>,
    |i, _| match word(i)?.as_str() {
        "auto" => Ok(Arc::default()),
        "normal" => Ok(Arc::from([(*b"kern", 1)])),
        "none" => Ok(Arc::from([(*b"kern", 0), (*b"vkrn", 0)])),
        _ => no(),
    },
    |v, _| Arc::clone(v)
);

/// The lists of the `font-variant` shorthand, in the order ligatures, caps, numeric, East Asian, position, alternates
/// (CSS Fonts 4, section 6.11).
pub(super) fn font_variant(input: &mut Parser<'_>) -> Read<[Arc<[Feature]>; 6]> {
    let mut lists: [Vec<Feature>; 6] = Default::default();
    if input.try_parse(|i| i.expect_ident_matching("normal")).is_ok() {
        return Ok(lists.map(Arc::from));
    }
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        let [first, rest @ ..] = lists;
        drop(first);
        let [a, b, c, d, e] = rest.map(Arc::from);
        return Ok([no_ligatures(), a, b, c, d, e]);
    }
    let mut seen: [u32; 6] = [0; 6];
    let mut any = false;
    while !input.is_exhausted() {
        let Token::Ident(name) = input.next()?.clone() else { return no() };
        let all = [LIGATURES, CAPS, NUMERIC, EAST_ASIAN, POSITION, ALTERNATES];
        let found = all.iter().zip(lists.iter_mut().zip(seen.iter_mut())).find_map(|(words, slot)| {
            words.iter().find(|(w, ..)| name.eq_ignore_ascii_case(w)).map(|(_, group, list)| (*group, *list, slot))
        });
        let Some((group, list, (features, seen))) = found else { return no() };
        if *seen & (1 << group) != 0 {
            return no();
        }
        *seen |= 1 << group;
        features.extend(list.iter().map(|(tag, value)| (**tag, *value)));
        any = true;
    }
    if any { Ok(lists.map(Arc::from)) } else { no() }
}
