//! Generated content: `content`, counters, quotes, and where list markers stand (CSS Generated Content 3, CSS Lists
//! 3). What depends on the place in the document is kept as pieces for layout to fill in.

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::counter::Counter;
use super::kind::{About, Kind, kind, word};
use super::values::{self, Read, no};

/// The most counters that one declaration names, and pieces of one `content`.
const MAX_LIST: usize = 64;

/// A piece of `content` that waits for its place in the document.
#[derive(Clone, Debug, PartialEq)]
pub enum ContentPiece {
    Text(Arc<str>),
    /// The innermost counter of this name.
    Counter(Arc<str>, ListStyle),
    /// All counters of this name from the outermost, with a text between.
    Counters(Arc<str>, Arc<str>, ListStyle),
    /// Opening or closing; written or only counted.
    Quote {
        open: bool,
        shown: bool,
    },
}

/// How a number is written in a marker (CSS Lists 3, section 3.3).
#[derive(Clone, Debug, PartialEq)]
pub enum ListStyle {
    None,
    Numbered(Counter),
    /// This text for every number.
    Text(Arc<str>),
}

impl Default for ListStyle {
    fn default() -> Self {
        Self::Numbered(Counter::disc())
    }
}

impl ListStyle {
    /// The number alone.
    #[must_use]
    pub fn text(&self, number: i32) -> String {
        match self {
            Self::None => String::new(),
            Self::Numbered(counter) => counter.text(number),
            Self::Text(text) => text.to_string(),
        }
    }

    /// The whole marker; `None` where there is none.
    #[must_use]
    pub fn marker(&self, number: i32) -> Option<String> {
        match self {
            Self::None => None,
            Self::Numbered(counter) => Some(counter.marker(number)),
            Self::Text(text) => Some(text.to_string()),
        }
    }

    /// Whether all items have the same marker.
    #[must_use]
    pub fn is_bullet(&self) -> bool {
        match self {
            Self::Numbered(counter) => counter.is_bullet(),
            Self::None | Self::Text(_) => true,
        }
    }
}

/// Counters with a number each.
pub type Counts = Arc<[(Arc<str>, i32)]>;
/// Pairs of quotes from the outermost; `None` as the language has them.
pub type Quotes = Option<Arc<[(Arc<str>, Arc<str>)]>>;

/// `content` as far as it is known without the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Generating {
    #[default]
    Nothing,
    Text(Arc<str>),
    Pieces(Arc<[ContentPiece]>),
}

/// Most boxes have nothing of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Generated {
    /// Only where it waits for the document; a text stands in the style itself.
    pub content: Generating,
    pub reset: Counts,
    pub increment: Counts,
    pub set: Counts,
    /// Inherited, as are the next two.
    pub quotes: Quotes,
    /// Markers are part of the text.
    pub inside: bool,
    /// A picture in place of the marker: address and the folder that it is relative to.
    pub image: Option<(Arc<str>, Arc<str>)>,
}

/// A piece as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Attribute(Arc<str>),
    Piece(ContentPiece),
}

impl Piece {
    /// Whether it depends on the place in the document.
    pub(super) fn is_placed(&self) -> bool {
        !matches!(self, Self::Attribute(_) | Self::Piece(ContentPiece::Text(_)))
    }
}

pub(super) fn list_style(input: &mut Parser<'_>) -> Read<ListStyle> {
    if let Ok(text) = input.try_parse(|i| i.expect_string_cloned()) {
        return Ok(ListStyle::Text(Arc::from(&*text)));
    }
    let name = word(input)?;
    if name == "none" {
        return Ok(ListStyle::None);
    }
    Counter::named(&name).map_or_else(no, |c| Ok(ListStyle::Numbered(c)))
}

fn counter_name(input: &mut Parser<'_>) -> Read<Arc<str>> {
    let name = input.expect_ident_cloned()?;
    if name.eq_ignore_ascii_case("none") { no() } else { Ok(Arc::from(&*name)) }
}

fn piece(input: &mut Parser<'_>) -> Read<Piece> {
    let style = |i: &mut Parser<'_>| {
        if i.try_parse(Parser::expect_comma).is_ok() {
            list_style(i)
        } else {
            Ok(ListStyle::Numbered(Counter::decimal()))
        }
    };
    Ok(match input.next()?.clone() {
        Token::QuotedString(text) => Piece::Piece(ContentPiece::Text(Arc::from(&*text))),
        Token::Ident(name) => {
            let (open, shown) = match name.to_ascii_lowercase().as_str() {
                "open-quote" => (true, true),
                "close-quote" => (false, true),
                "no-open-quote" => (true, false),
                "no-close-quote" => (false, false),
                _ => return no(),
            };
            Piece::Piece(ContentPiece::Quote { open, shown })
        }
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            input.parse_nested_block(|i| match name.as_str() {
                "attr" => Ok(Piece::Attribute(Arc::from(word(i)?))),
                "counter" => {
                    let name = counter_name(i)?;
                    Ok(Piece::Piece(ContentPiece::Counter(name, style(i)?)))
                }
                "counters" => {
                    let name = counter_name(i)?;
                    i.expect_comma()?;
                    let between = Arc::from(&*i.expect_string_cloned()?);
                    Ok(Piece::Piece(ContentPiece::Counters(name, between, style(i)?)))
                }
                _ => no(),
            })?
        }
        _ => return no(),
    })
}

kind!(
    Content: Option<Arc<[Piece]>> => Generating,
    |i, _| {
        if let Ok(word) = i.try_parse(|i| match word(i)?.as_str() { "none" | "normal" => Ok(()), _ => no() }) {
            let () = word;
            return Ok(None);
        }
        let mut pieces = Vec::new();
        while !i.is_exhausted() {
            // `/` begins the text for readers who do not see (section 2.1)
            if i.try_parse(|i| i.expect_delim('/')).is_ok() {
                while i.next().is_ok() {}
                break;
            }
            if pieces.len() >= MAX_LIST {
                return no();
            }
            pieces.push(piece(i)?);
        }
        if pieces.is_empty() { no() } else { Ok(Some(Arc::from(pieces))) }
    },
    |written, about| {
        let Some(pieces) = written else { return Generating::Nothing };
        let attribute = |name: &str| (about.attribute)(name).unwrap_or_default();
        if pieces.iter().any(Piece::is_placed) {
            let one = |p: &Piece| match p {
                Piece::Attribute(name) => ContentPiece::Text(Arc::from(attribute(name))),
                Piece::Piece(piece) => piece.clone(),
            };
            return Generating::Pieces(pieces.iter().map(one).collect());
        }
        let mut text = String::new();
        for piece in pieces.iter() {
            match piece {
                Piece::Attribute(name) => text.push_str(&attribute(name)),
                Piece::Piece(ContentPiece::Text(t)) => text.push_str(t),
                Piece::Piece(_) => {}
            }
        }
        Generating::Text(Arc::from(text))
    }
);

fn counts(input: &mut Parser<'_>, usual: i32) -> Read<Counts> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(Arc::default());
    }
    let mut all = Vec::new();
    while !input.is_exhausted() && all.len() < MAX_LIST {
        let name = counter_name(input)?;
        all.push((name, input.try_parse(values::integer).unwrap_or(usual)));
    }
    if all.is_empty() { no() } else { Ok(Arc::from(all)) }
}

kind!(Resets: Counts => Counts, |i, _| counts(i, 0), |v, _| Arc::clone(v));
kind!(Increments: Counts => Counts, |i, _| counts(i, 1), |v, _| Arc::clone(v));
kind!(ListStyle_: ListStyle => ListStyle, |i, _| list_style(i), |v, _| v.clone());
kind!(
    ListPosition: bool => bool,
    |i, _| match word(i)?.as_str() { "outside" => Ok(false), "inside" => Ok(true), _ => no() },
    |v, _| *v
);
kind!(
    ListImage: Option<(Arc<str>, Arc<str>)> => Option<(Arc<str>, Arc<str>)>,
    |i, base| {
        if i.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
            return Ok(None);
        }
        Ok(Some((Arc::from(&*i.expect_url()?), Arc::clone(base))))
    },
    |v, _| v.clone()
);
kind!(
    /// `auto` is as the language has them, `none` no quotes.
    QuotePairs: Quotes => Quotes,
    |i, _| {
        if let Ok(word) = i.try_parse(word) {
            return match word.as_str() { "auto" => Ok(None), "none" => Ok(Some(Arc::default())), _ => no() };
        }
        let mut pairs: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        while !i.is_exhausted() && pairs.len() < MAX_LIST {
            let open = Arc::from(&*i.expect_string_cloned()?);
            pairs.push((open, Arc::from(&*i.expect_string_cloned()?)));
        }
        if pairs.is_empty() { no() } else { Ok(Some(Arc::from(pairs))) }
    },
    |v, _| v.clone()
);

/// The quotes of a language (CLDR, "delimiters"), outer and inner.
#[must_use]
pub fn quotes_of(lang: &str) -> [(&'static str, &'static str); 2] {
    let lang = lang.to_ascii_lowercase();
    match lang.split('-').next().unwrap_or("") {
        "ja" => [("「", "」"), ("『", "』")],
        "zh" if lang.contains("tw") || lang.contains("hk") || lang.contains("hant") => [("「", "」"), ("『", "』")],
        "fr" => [("«\u{a0}", "\u{a0}»"), ("«\u{a0}", "\u{a0}»")],
        "ru" | "uk" => [("«", "»"), ("„", "“")],
        "it" | "es" | "pt" => [("«", "»"), ("“", "”")],
        "de" | "cs" => [("„", "“"), ("‚", "‘")],
        "pl" => [("„", "”"), ("«", "»")],
        _ => [("“", "”"), ("‘", "’")],
    }
}
