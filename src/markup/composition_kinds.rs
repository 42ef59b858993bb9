//! How the values of [`super::composition`] are read.

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::composition as style;
use super::kind::{About, Kind, kind, word, words};
use super::values::{Read, Sum, length, length_percent, no, positive_number};

words! {
    SpacingTrim {
        "normal" => Normal, "space-all" => SpaceAll, "space-first" => SpaceFirst, "trim-start" => TrimStart,
        "trim-both" => TrimBoth, "trim-all" => TrimAll, "auto" => TrimStart,
    }
    AlignLast {
        "auto" => Auto, "start" => Start, "end" => End, "left" => Left, "right" => Right, "center" => Center,
        "justify" => Justify,
    }
    TextJustify {
        "auto" => Auto, "none" => None, "inter-word" => InterWord, "inter-character" | "distribute" => InterCharacter,
    }
    WrapStyle { "auto" => Auto, "balance" => Balance, "pretty" => Pretty, "stable" => Stable }
    LineAdjust { "auto" => Auto, "push-in" => PushIn, "push-out" => PushOut }
    Hyphens { "none" => None, "manual" => Manual, "auto" => Auto }
}

kind!(HangingPunctuation: style::Hanging => style::Hanging, |i, _| {
    let mut h = style::Hanging::default();
    let first = word(i)?;
    if first == "none" {
        return Ok(h);
    }
    let mut next = Ok(first);
    while let Ok(word) = next {
        match word.as_str() {
            "first" if !h.first => h.first = true,
            "last" if !h.last => h.last = true,
            "allow-end" if h.end == style::HangEnd::No => h.end = style::HangEnd::Allow,
            "force-end" if h.end == style::HangEnd::No => h.end = style::HangEnd::Force,
            _ => return no(),
        }
        next = i.try_parse(word_of);
    }
    Ok(h)
}, |v, _| *v);

fn word_of(input: &mut Parser<'_>) -> Read<String> {
    word(input)
}

kind!(Autospace: style::Autospace => style::Autospace, |i, _| {
    let mut a = style::Autospace::NONE;
    let mut next = Ok(word(i)?);
    let mut count = 0;
    while let Ok(word) = next {
        count += 1;
        match word.as_str() {
            "normal" | "auto" if count == 1 && i.is_exhausted() => return Ok(style::Autospace::NORMAL),
            "no-autospace" if count == 1 && i.is_exhausted() => return Ok(style::Autospace::NONE),
            "ideograph-alpha" if !a.alpha => a.alpha = true,
            "ideograph-numeric" if !a.numeric => a.numeric = true,
            "insert" => {}
            "replace" if !a.replace => a.replace = true,
            _ => return no(),
        }
        next = i.try_parse(word_of);
    }
    // `insert` and `replace` alone are said of what `normal` opens.
    if !a.is_on() {
        (a.alpha, a.numeric) = (true, true);
    }
    Ok(a)
}, |v, _| *v);

kind!(TextIndent: (Sum, bool, bool) => style::TextIndent, |i, _| {
    let (mut by, mut hanging, mut each_line) = (None, false, false);
    while !i.is_exhausted() {
        if by.is_none() && let Ok(sum) = i.try_parse(length_percent) {
            by = Some(sum);
            continue;
        }
        match word(i)?.as_str() {
            "hanging" if !hanging => hanging = true,
            "each-line" if !each_line => each_line = true,
            _ => return no(),
        }
    }
    by.map_or_else(no, |by| Ok((by, hanging, each_line)))
}, |(by, hanging, each_line), a| {
    style::TextIndent { by: by.resolve(&a.units), hanging: *hanging, each_line: *each_line }
});

/// A number of spaces, or a length.
#[derive(Clone, Debug, PartialEq)]
pub enum TabWritten {
    Spaces(f32),
    Length(Sum),
}

kind!(TabSize: TabWritten => style::TabSize, |i, _| {
    if let Ok(number) = i.try_parse(positive_number) {
        return Ok(TabWritten::Spaces(number));
    }
    length(i).map(TabWritten::Length)
}, |v, a| match v {
    TabWritten::Spaces(n) => style::TabSize::Spaces(*n),
    TabWritten::Length(sum) => style::TabSize::Length(sum.length(&a.units)),
});

kind!(HyphenateCharacter: Option<Arc<str>> => Option<Arc<str>>, |i, _| match i.next()? {
    Token::Ident(word) if word.eq_ignore_ascii_case("auto") => Ok(None),
    Token::QuotedString(text) => Ok(Some(Arc::from(&**text))),
    _ => no(),
}, |v, _| v.clone());

kind!(HyphenateLimits: [u8; 3] => [u8; 3], |i, _| {
    let mut limits = [None; 3];
    let mut count = 0;
    for limit in &mut limits {
        if i.is_exhausted() {
            break;
        }
        count += 1;
        if i.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
            continue;
        }
        let n = i.expect_integer()?;
        *limit = Some(u8::try_from(n.clamp(0, 255)).unwrap_or(u8::MAX));
        if n < 0 {
            return no();
        }
    }
    if count == 0 {
        return no();
    }
    let [all, before, after] = limits;
    let before = before.unwrap_or(style::LIMITS[1]);
    // What is not said of the end is as at the start.
    let after = if count == 2 { before } else { after.unwrap_or(style::LIMITS[2]) };
    Ok([all.unwrap_or(style::LIMITS[0]), before, after])
}, |v, _| *v);
