//! `@page` (CSS Paged Media 3, sections 7 and 8) and `@font-face` (CSS Fonts 4, section 4).

use std::ops::Range;
use std::sync::Arc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, Parser, ParserState, QualifiedRuleParser, RuleBodyItemParser,
    RuleBodyParser,
};

use super::css::{self, FontFace, FontSource, Raw, Stylesheet};
use super::kind::{self, Kind as _, WeightWritten, Written, word};
use super::margin::{self, MarginPlace, MarginRule};
use super::property::Value;
use super::shorthand;
use super::style::{Dimension, LengthPercent};
use super::values::{self, Paint, Read, Sum, Units, no};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Edges, Pt, Size, SourceText};
use crate::color::{Color, Spots};

/// The page box after the cascade of `@page` rules.
#[derive(Clone, Debug)]
pub struct PageStyle {
    /// The trimmed page.
    pub size: Size,
    /// How far the page's ground goes beyond the trim.
    pub bleed: Pt,
    /// Percentages are of the page's width (left, right) or height (top, bottom).
    pub margin: Edges<Dimension>,
    pub background: Color,
    /// A picture or artwork that lies on the whole page, as written in the stylesheet, and the folder of the file in
    /// which it was written (see [`super::style::BackgroundImage`]).
    pub picture: Option<(Arc<str>, Arc<str>)>,
    /// The document's named inks.
    pub inks: Arc<Spots>,
    /// Printer's marks outside the bleed (section 7.3).
    pub marks: Marks,
    /// From the weakest to the strongest.
    pub boxes: Vec<MarginRule>,
}

/// `marks`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Where the sheet is to be cut.
    pub crop: bool,
    /// For laying sheets over one another.
    pub cross: bool,
}

/// Which page of a piece is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichPage {
    /// Of the `page` property; empty for `auto`.
    pub name: Arc<str>,
    pub first: bool,
    /// On the right hand of a spread, as the first page is; else on the left.
    pub right: bool,
    /// Nothing of the document stands on it.
    pub blank: bool,
}

impl WhichPage {
    /// The first page, of this name.
    #[must_use]
    pub fn first(name: Arc<str>) -> Self {
        Self { name, first: true, right: true, blank: false }
    }
}

/// The pages that a rule speaks of (section 3): all where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PageSelector {
    name: Arc<str>,
    first: bool,
    blank: bool,
    right: Option<bool>,
}

impl PageSelector {
    fn matches(&self, page: &WhichPage) -> bool {
        (self.name.is_empty() || self.name == page.name)
            && (!self.first || page.first)
            && (!self.blank || page.blank)
            && self.right.is_none_or(|right| right == page.right)
    }

    /// Section 3.1.
    fn specificity(&self) -> (bool, u8, bool) {
        (!self.name.is_empty(), u8::from(self.first) + u8::from(self.blank), self.right.is_some())
    }
}

/// `name:first, :left`; empty for all pages.
pub(super) fn selectors(input: &mut Parser<'_>) -> Read<Vec<PageSelector>> {
    if input.is_exhausted() {
        return Ok(vec![PageSelector::default()]);
    }
    input.parse_comma_separated(|input| {
        let mut selector = PageSelector::default();
        if let Ok(name) = input.try_parse(|i| i.expect_ident_cloned()) {
            selector.name = Arc::from(&*name);
        }
        while input.try_parse(Parser::expect_colon).is_ok() {
            match word(input)?.as_str() {
                "first" => selector.first = true,
                "blank" => selector.blank = true,
                "left" => selector.right = Some(false),
                "right" => selector.right = Some(true),
                _ => return no(),
            }
        }
        if selector == PageSelector::default() { no() } else { Ok(selector) }
    })
}

/// A4 (CSS leaves the size to us when nobody says it), no bleed, no margin, nothing drawn.
impl Default for PageStyle {
    fn default() -> Self {
        Self {
            size: Size::new(Pt::from_mm(210.0), Pt::from_mm(297.0)),
            bleed: Pt::ZERO,
            margin: Edges::all(Dimension::Value(LengthPercent::ZERO)),
            background: Color::TRANSPARENT,
            picture: None,
            inks: Arc::default(),
            marks: Marks::default(),
            boxes: Vec::new(),
        }
    }
}

/// One `@page` rule.
#[derive(Debug)]
pub(super) struct PageRule {
    selector: PageSelector,
    set: Arc<[Set]>,
    boxes: Arc<[MarginRule]>,
}

impl PageRule {
    /// Whether it is for pages of this name.
    pub fn is_for(&self, name: &str) -> bool {
        *self.selector.name == *name
    }

    /// Whether this rule is for all pages and says how big they are.
    pub fn states_size(&self) -> bool {
        self.selector == PageSelector::default() && self.set.iter().any(|s| matches!(s, Set::Size(_)))
    }
}

#[derive(Clone, Debug)]
enum Set {
    Size(Size),
    Bleed(Pt),
    Margin(usize, Written),
    Background(Paint),
    Picture(Option<(Arc<str>, Arc<str>)>),
    Marks(Marks),
}

/// On a page, `em` is the initial font size (section 5).
fn units(size: Size) -> Units<'static> {
    Units {
        em: Pt(12.0),
        rem: Pt(12.0),
        lh: Pt(14.4),
        rlh: Pt(14.4),
        page: (size.width, size.height),
        face: None,
        root_face: None,
    }
}

impl PageStyle {
    /// The page that a stylesheet of `@page` rules describes.
    ///
    /// # Errors
    /// The first thing in it that is not understood.
    pub fn described(source: &Arc<SourceText>) -> Result<Self, Box<Diagnostic>> {
        let sheet = Stylesheet::parse(source, &Arc::from(""));
        match sheet.diagnostics.into_iter().next() {
            Some(fault) => Err(Box::new(fault)),
            None => Ok(Self::cascade(Self::default(), sheet.pages.iter(), &WhichPage::default())),
        }
    }

    /// The rules for this page, the weakest first, over what holds where they say nothing.
    pub(super) fn cascade<'a>(initial: Self, rules: impl Iterator<Item = &'a PageRule>, which: &WhichPage) -> Self {
        let mut page = initial;
        let apply = |rule: &PageRule, page: &mut Self| {
            for set in rule.set.iter() {
                match set {
                    Set::Size(size) => page.size = *size,
                    Set::Bleed(bleed) => page.bleed = *bleed,
                    Set::Marks(marks) => page.marks = *marks,
                    Set::Background(paint) => page.background = paint.own(&page.inks).unwrap_or(Color::BLACK),
                    Set::Picture(picture) => page.picture.clone_from(picture),
                    Set::Margin(side, written) => {
                        let value = match written {
                            Written::Sum(sum) => Dimension::Value(sum.resolve(&units(page.size))),
                            _ => Dimension::Auto,
                        };
                        match side {
                            0 => page.margin.top = value,
                            1 => page.margin.right = value,
                            2 => page.margin.bottom = value,
                            _ => page.margin.left = value,
                        }
                    }
                }
            }
        };
        let mut matching: Vec<&PageRule> = rules.filter(|r| r.selector.matches(which)).collect();
        matching.sort_by_key(|r| r.selector.specificity());
        for rule in matching {
            apply(rule, &mut page);
            page.boxes.extend(rule.boxes.iter().cloned());
        }
        page
    }
}

/// Named sizes in millimetres, upright (section 7.1; `postcard` is the Japanese one, ours by name only).
pub(super) const SIZES: &[(&str, f32, f32)] = &[
    ("a2", 420.0, 594.0),
    ("a3", 297.0, 420.0),
    ("a4", 210.0, 297.0),
    ("a5", 148.0, 210.0),
    ("a6", 105.0, 148.0),
    ("b4", 250.0, 353.0),
    ("b5", 176.0, 250.0),
    ("jis-b4", 257.0, 364.0),
    ("jis-b5", 182.0, 257.0),
    ("jis-b6", 128.0, 182.0),
    ("letter", 215.9, 279.4),
    ("legal", 215.9, 355.6),
    ("ledger", 279.4, 431.8),
    ("postcard", 100.0, 148.0),
];

fn size(input: &mut Parser<'_>) -> Read<Size> {
    let default = PageStyle::default().size;
    let positive = |sum: Sum| {
        let length = sum.length(&units(default));
        if length > Pt::ZERO && !sum.has_percent() && length.0 <= 14_400.0 { Ok(length) } else { no() }
    };
    if let Ok(width) = input.try_parse(values::length) {
        let width = positive(width)?;
        let height = match input.try_parse(values::length) {
            Ok(height) => positive(height)?,
            Err(_) => width,
        };
        return Ok(Size::new(width, height));
    }
    let (mut named, mut landscape) = (None, None);
    while !input.is_exhausted() {
        match word(input)?.as_str() {
            "portrait" if landscape.is_none() => landscape = Some(false),
            "landscape" if landscape.is_none() => landscape = Some(true),
            "auto" if named.is_none() => named = Some(default),
            other if named.is_none() => match SIZES.iter().find(|(n, ..)| *n == other) {
                Some((_, w, h)) => named = Some(Size::new(Pt::from_mm(*w), Pt::from_mm(*h))),
                None => return no(),
            },
            _ => return no(),
        }
    }
    if named.is_none() && landscape.is_none() {
        return no();
    }
    let size = named.unwrap_or(default);
    let (short, long) = (size.width.min(size.height), size.width.max(size.height));
    Ok(match landscape {
        Some(true) => Size::new(long, short),
        Some(false) => Size::new(short, long),
        None => size,
    })
}

const DESCRIPTORS: &[&str] = &[
    "size",
    "bleed",
    "margin",
    "margin-top",
    "margin-right",
    "margin-bottom",
    "margin-left",
    "background",
    "background-color",
    "background-image",
    "marks",
];

/// What stands in the block of an `@page` rule.
enum Body {
    Declaration(Raw),
    Margin(MarginPlace, Vec<Raw>),
    /// An at-rule that is no margin box.
    Unknown(Range<usize>),
}

fn bodies(input: &mut Parser<'_>) -> Vec<Body> {
    struct Collect;
    impl<'i> DeclarationParser<'i> for Collect {
        type Declaration = Body;
        type Error = ();
        fn parse_value(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>, start: &ParserState) -> Read<Body> {
            css::raw_value(&name, input, start).map_or_else(no, |raw| Ok(Body::Declaration(raw)))
        }
    }
    impl<'i> AtRuleParser<'i> for Collect {
        type Prelude = Option<MarginPlace>;
        type AtRule = Body;
        type Error = ();
        fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Read<Option<MarginPlace>> {
            let place = MarginPlace::named(&name.to_ascii_lowercase()).filter(|_| input.is_exhausted());
            while input.next().is_ok() {}
            Ok(place)
        }
        fn parse_block(
            &mut self,
            place: Option<MarginPlace>,
            start: &ParserState,
            input: &mut Parser<'i>,
        ) -> Read<Body> {
            let raw = css::raw_declarations(input);
            let from = start.position().byte_index();
            Ok(place.map_or(Body::Unknown(from..input.position().byte_index()), |place| Body::Margin(place, raw)))
        }
    }
    impl QualifiedRuleParser<'_> for Collect {
        type Prelude = ();
        type QualifiedRule = Body;
        type Error = ();
    }
    impl RuleBodyItemParser<'_, Body, ()> for Collect {
        fn parse_declarations(&self) -> bool {
            true
        }
        fn parse_qualified(&self) -> bool {
            false
        }
    }
    let mut out = Vec::new();
    let mut collect = Collect;
    let mut body = RuleBodyParser::new(input, &mut collect);
    while let Some(item) = body.next() {
        out.push(match item {
            Ok(body) => body,
            Err((_, slice, _)) => {
                let end = body.input.position().byte_index();
                let start = end.saturating_sub(slice.len());
                let span = start..start + slice.trim_end().len();
                let (name, text, value) = (String::new(), String::new(), span.clone());
                Body::Declaration(Raw { name, text, important: false, span, value, broken: true })
            }
        });
    }
    out
}

/// The rules that an `@page` block makes, one for each selector.
pub(super) fn rules(
    selectors: Vec<PageSelector>,
    input: &mut Parser<'_>,
    base: &Arc<str>,
    source: &Arc<SourceText>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<PageRule> {
    let (mut raw, mut boxes) = (Vec::new(), Vec::new());
    for body in bodies(input) {
        match body {
            Body::Declaration(declaration) => raw.push(declaration),
            Body::Margin(place, raw) => boxes.push(margin::rule(place, raw, base, source, faults)),
            Body::Unknown(span) => {
                let text = source.text.get(span.clone()).unwrap_or("");
                let name = text.trim_start_matches('@').split(|c: char| !(c.is_alphanumeric() || c == '-')).next();
                let name = name.unwrap_or("");
                let fault = Diagnostic::warning("css-at-rule", format!("`@{name}` is no margin box of a page"));
                let fault = fault.at_text(source, span.start..span.start + name.len() + 1, "this has no effect");
                faults.push(match did_you_mean(name, MarginPlace::names()) {
                    Some(near) => fault.help(format!("did you mean `@{near}`?")),
                    None => fault,
                });
            }
        }
    }
    let (set, boxes): (Arc<[Set]>, Arc<[MarginRule]>) =
        (Arc::from(descriptors(&raw, base, source, faults)), Arc::from(boxes));
    let rule = |selector| PageRule { selector, set: Arc::clone(&set), boxes: Arc::clone(&boxes) };
    selectors.into_iter().map(rule).collect()
}

/// `[<color> || <image>] no-repeat?`: both are set, as by any shorthand.
fn background(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<Set>> {
    let (mut color, mut image) = (None, None);
    while !input.is_exhausted() {
        if image.is_none()
            && let Ok(found) = input.try_parse(|i| picture(i, base))
        {
            image = Some(found);
        } else if input.try_parse(|i| i.expect_ident_matching("no-repeat")).is_err() {
            if color.is_some() {
                return no();
            }
            color = Some(values::color(input)?);
        }
    }
    if color.is_none() && image.is_none() {
        return no();
    }
    Ok(vec![Set::Background(color.unwrap_or(Paint::Fixed(Color::TRANSPARENT))), Set::Picture(image.flatten())])
}

/// `none | <url>`
fn picture(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Option<(Arc<str>, Arc<str>)>> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(None);
    }
    match input.expect_url() {
        Ok(url) => Ok(Some((Arc::from(&*url), Arc::clone(base)))),
        Err(_) => no(),
    }
}

fn descriptors(raw: &[Raw], base: &Arc<str>, source: &Arc<SourceText>, faults: &mut Vec<Diagnostic>) -> Vec<Set> {
    let mut set = Vec::new();
    for raw in raw {
        let read = || -> Read<Vec<Set>> {
            let mut input = Parser::new(&raw.text);
            input.parse_entirely(|i| match raw.name.as_str() {
                "size" => Ok(vec![Set::Size(size(i)?)]),
                "bleed" => {
                    if i.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
                        return Ok(vec![Set::Bleed(Pt::ZERO)]);
                    }
                    let bleed = values::length(i)?.length(&units(PageStyle::default().size));
                    if bleed < Pt::ZERO || bleed.0 > 720.0 { no() } else { Ok(vec![Set::Bleed(bleed)]) }
                }
                "background" => background(i, base),
                "background-color" => Ok(vec![Set::Background(values::color(i)?)]),
                "background-image" => Ok(vec![Set::Picture(picture(i, base)?)]),
                "margin" => Ok(shorthand::read("margin", i, base)?
                    .into_iter()
                    .enumerate()
                    .filter_map(|(side, (_, v))| Some(Set::Margin(side, offset(&v)?)))
                    .collect()),
                "margin-top" => Ok(vec![Set::Margin(0, kind::Offset::read(i, base)?)]),
                "margin-right" => Ok(vec![Set::Margin(1, kind::Offset::read(i, base)?)]),
                "margin-bottom" => Ok(vec![Set::Margin(2, kind::Offset::read(i, base)?)]),
                "margin-left" => Ok(vec![Set::Margin(3, kind::Offset::read(i, base)?)]),
                "marks" => Ok(vec![Set::Marks(marks(i)?)]),
                _ => no(),
            })
        };
        match read() {
            Ok(values) => set.extend(values),
            Err(_) if raw.broken => {
                faults.push(Diagnostic::warning("css-syntax", "only declarations are supported in `@page`").at_text(
                    source,
                    raw.span.clone(),
                    "this has no effect",
                ))
            }
            Err(_) if DESCRIPTORS.contains(&raw.name.as_str()) => faults.push(
                Diagnostic::warning(
                    "css-unsupported-value",
                    format!("`{}` is not a supported value of `{}`", raw.text.trim(), raw.name),
                )
                .at_text(
                    source,
                    raw.value.clone(),
                    if raw.name == "size" {
                        "expected two lengths, or a name such as A4"
                    } else {
                        "not supported here"
                    },
                ),
            ),
            Err(_) => {
                let fault =
                    Diagnostic::warning("css-unknown-property", format!("`{}` has no effect in `@page`", raw.name))
                        .at_text(source, raw.span.clone(), "this has no effect");
                faults.push(match did_you_mean(&raw.name, DESCRIPTORS.iter().copied()) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault,
                });
            }
        }
    }
    set
}

/// `none | [crop || cross]`
fn marks(input: &mut Parser<'_>) -> Read<Marks> {
    let mut marks = Marks::default();
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(marks);
    }
    while !input.is_exhausted() {
        let mark = match word(input)?.as_str() {
            "crop" => &mut marks.crop,
            "cross" => &mut marks.cross,
            _ => return no(),
        };
        if std::mem::replace(mark, true) {
            return no();
        }
    }
    if marks == Marks::default() { no() } else { Ok(marks) }
}

fn offset(value: &Value) -> Option<Written> {
    match value {
        Value::MarginTop(w) | Value::MarginRight(w) | Value::MarginBottom(w) | Value::MarginLeft(w) => Some(w.clone()),
        _ => None,
    }
}

pub(super) fn font_face(
    raw: &[Raw],
    place: (Arc<SourceText>, Range<usize>),
    base: &Arc<str>,
    source: &Arc<SourceText>,
    sheet: &mut Stylesheet,
) {
    let (mut family, mut sources, mut weight, mut heaviest, mut italic) = (None, Vec::new(), 400, 400, false);
    let (mut stretch, mut leans) = ((100.0, 100.0), true);
    for raw in raw {
        let mut input = Parser::new(&raw.text);
        let done: Read<()> = input.parse_entirely(|i| match raw.name.as_str() {
            "font-family" => {
                family = Some(kind::family(i)?);
                Ok(())
            }
            "src" => {
                sources = i.parse_comma_separated(font_source)?;
                Ok(())
            }
            "font-weight" => {
                let one = |i: &mut Parser<'_>| match kind::FontWeight::read(i, base)? {
                    WeightWritten::Number(n) => Ok(n),
                    _ => no(),
                };
                let first = one(i)?;
                // A range may stand the wrong way round (CSS Fonts 4, section 4.4).
                let second = if i.is_exhausted() { first } else { one(i)? };
                (weight, heaviest) = (first.min(second), first.max(second));
                Ok(())
            }
            "font-style" => {
                let style = kind::FontStyle::read(i, base)?;
                // A range of angles says no more than that there are some.
                if matches!(style, super::style::FontStyle::Oblique(_)) && !i.is_exhausted() {
                    super::values::angle(i, true)?;
                }
                (italic, leans) = (style == super::style::FontStyle::Italic, style != super::style::FontStyle::Normal);
                Ok(())
            }
            "font-stretch" => {
                let first = kind::FontStretch::read(i, base)?.0;
                let second = if i.is_exhausted() { first } else { kind::FontStretch::read(i, base)?.0 };
                stretch = (first.min(second), first.max(second));
                Ok(())
            }
            // When a face arrives does not matter to paper.
            "font-display" => {
                i.expect_ident()?;
                Ok(())
            }
            _ => no(),
        });
        if done.is_err() {
            sheet.diagnostics.push(
                Diagnostic::warning("css-font-face", format!("`{}` is not understood in `@font-face`", raw.name))
                    .at_text(source, raw.span.clone(), "this has no effect"),
            );
        }
    }
    match family {
        Some(family) if !sources.is_empty() => {
            sheet.font_faces.push(FontFace {
                family,
                sources,
                base: Arc::clone(base),
                weight,
                heaviest,
                stretch,
                italic,
                leans,
                place,
            });
        }
        _ => sheet.diagnostics.push(
            Diagnostic::warning("css-font-face", "`@font-face` needs `font-family` and `src`").at_text(
                source,
                place.1,
                "this face cannot be used",
            ),
        ),
    }
}

fn font_source(input: &mut Parser<'_>) -> Read<FontSource> {
    let source = if input.try_parse(|i| i.expect_function_matching("local")).is_ok() {
        FontSource::Local(input.parse_nested_block(|i| Ok(kind::family(i)?.to_string()))?)
    } else {
        FontSource::Url(input.expect_url()?.to_string())
    };
    while !input.is_exhausted() {
        input.expect_function()?;
        input.parse_nested_block(|i| {
            while i.next().is_ok() {}
            Ok(())
        })?;
    }
    Ok(source)
}
