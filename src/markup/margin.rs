//! Margin boxes of pages (CSS Paged Media 3, section 4): where they stand, what stands in them, how they look.

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::counter::Counter;
use super::css::{self, Block, Raw};
use super::values::{Read, no};
use crate::base::{Diagnostic, SourceText};

/// The sixteen margin boxes, clockwise from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarginPlace {
    TopLeftCorner,
    TopLeft,
    TopCenter,
    TopRight,
    TopRightCorner,
    RightTop,
    RightMiddle,
    RightBottom,
    BottomRightCorner,
    BottomRight,
    BottomCenter,
    BottomLeft,
    BottomLeftCorner,
    LeftBottom,
    LeftMiddle,
    LeftTop,
}

impl MarginPlace {
    const NAMES: [(&'static str, Self); 16] = [
        ("top-left-corner", Self::TopLeftCorner),
        ("top-left", Self::TopLeft),
        ("top-center", Self::TopCenter),
        ("top-right", Self::TopRight),
        ("top-right-corner", Self::TopRightCorner),
        ("right-top", Self::RightTop),
        ("right-middle", Self::RightMiddle),
        ("right-bottom", Self::RightBottom),
        ("bottom-right-corner", Self::BottomRightCorner),
        ("bottom-right", Self::BottomRight),
        ("bottom-center", Self::BottomCenter),
        ("bottom-left", Self::BottomLeft),
        ("bottom-left-corner", Self::BottomLeftCorner),
        ("left-bottom", Self::LeftBottom),
        ("left-middle", Self::LeftMiddle),
        ("left-top", Self::LeftTop),
    ];

    /// By the name of its at-rule, in lower case.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(n, _)| *n == name).map(|(_, place)| *place)
    }

    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().map(|(n, _)| *n)
    }

    /// What the default style sheet of section 4.4 says of it: `text-align` and `vertical-align`.
    pub(super) fn built_in(self) -> (&'static str, &'static str) {
        use MarginPlace as P;
        match self {
            P::TopLeftCorner | P::BottomLeftCorner => ("right", "middle"),
            P::TopRightCorner | P::BottomRightCorner => ("left", "middle"),
            P::TopLeft | P::BottomLeft => ("left", "middle"),
            P::TopCenter | P::BottomCenter | P::LeftMiddle | P::RightMiddle => ("center", "middle"),
            P::TopRight | P::BottomRight => ("right", "middle"),
            P::LeftTop | P::RightTop => ("center", "top"),
            P::LeftBottom | P::RightBottom => ("center", "bottom"),
        }
    }
}

/// A piece of what stands in a margin box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarginText {
    Text(Arc<str>),
    /// The number of the page in its piece, from 1.
    Page(Counter),
    /// The number of pages of the piece.
    Pages(Counter),
}

/// What one `@page` rule says of one margin box.
#[derive(Clone, Debug)]
pub struct MarginRule {
    pub place: MarginPlace,
    /// `None`: it says nothing of it; empty: nothing is to be there.
    pub content: Option<Arc<[MarginText]>>,
    pub(super) block: Arc<Block>,
}

/// Reads the declarations of a margin box.
pub(super) fn rule(
    place: MarginPlace,
    raw: Vec<Raw>,
    base: &Arc<str>,
    source: &Arc<SourceText>,
    faults: &mut Vec<Diagnostic>,
) -> MarginRule {
    let mut text = None;
    let mut rest = Vec::with_capacity(raw.len());
    for raw in raw {
        if raw.name != "content" {
            rest.push(raw);
            continue;
        }
        match Parser::new(&raw.text).parse_entirely(content) {
            Ok(pieces) => text = Some(pieces),
            Err(_) => faults.push(
                Diagnostic::warning(
                    "css-unsupported-value",
                    format!("`{}` is not a supported value of `content` here", raw.text.trim()),
                )
                .at_text(
                    source,
                    raw.value.clone(),
                    "expected strings, `counter(page)` and `counter(pages)`",
                ),
            ),
        }
    }
    let block = css::block(&rest, base, |dropped| faults.push(dropped.diagnostic(source)));
    MarginRule { place, content: text, block: Arc::new(block) }
}

fn content(input: &mut Parser<'_>) -> Read<Arc<[MarginText]>> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok()
        || input.try_parse(|i| i.expect_ident_matching("normal")).is_ok()
    {
        return Ok(Arc::default());
    }
    let mut pieces = Vec::new();
    while !input.is_exhausted() {
        let piece = match input.next()?.clone() {
            Token::QuotedString(text) => MarginText::Text(Arc::from(&*text)),
            Token::Function(name) if name.eq_ignore_ascii_case("counter") => input.parse_nested_block(|i| {
                let counter = i.expect_ident_cloned()?;
                let style = if i.try_parse(Parser::expect_comma).is_ok() {
                    match Counter::named(&i.expect_ident()?.to_ascii_lowercase()) {
                        Some(style) => style,
                        None => return no(),
                    }
                } else {
                    Counter::decimal()
                };
                match &*counter {
                    "page" => Ok(MarginText::Page(style)),
                    "pages" => Ok(MarginText::Pages(style)),
                    _ => no(),
                }
            })?,
            _ => return no(),
        };
        pieces.push(piece);
    }
    if pieces.is_empty() { no() } else { Ok(Arc::from(pieces)) }
}
