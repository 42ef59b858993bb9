//! One stylesheet: CSS text to rules, page rules, font faces and imports, with everything told that is not understood.

use std::ops::Range;
use std::sync::Arc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, ParseErrorKind, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, StyleSheetParser, Token,
};
use selectors::SelectorList;

use super::inks::{InkRule, NamedInk};
use super::media::Media;
use super::page::{PageRule, PageSelector};
use super::property::{self, Declaration};
use super::selector::{self, Impl};
use super::support;
use super::values::Read;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};

pub use super::cascade::Sheets;
pub use super::page::{PageStyle, WhichPage};

/// One parsed stylesheet.
#[derive(Debug, Default)]
pub struct Stylesheet {
    pub imports: Vec<Import>,
    pub font_faces: Vec<FontFace>,
    /// Everything in the sheet that is unknown or unsupported.
    pub diagnostics: Vec<Diagnostic>,
    pub(super) rules: Vec<StyleRule>,
    /// Full names of layers in the order in which they are first named; those without a name have one that nobody
    /// can write.
    pub(super) layers: Vec<Arc<str>>,
    pub(super) pages: Vec<PageRule>,
    pub(super) inks: Vec<InkRule>,
    /// Names of inks in colours, each once.
    pub(super) named_inks: Vec<NamedInk>,
}

/// `@import`: an address to load, in the folder that it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub href: String,
    pub base: Arc<str>,
    /// The rule, for faults.
    pub place: (Arc<SourceText>, Range<usize>),
}

/// `@font-face` (CSS Fonts 4, section 4): data for whoever loads fonts.
#[derive(Clone, Debug, PartialEq)]
pub struct FontFace {
    pub family: Arc<str>,
    /// In order of preference.
    pub sources: Vec<FontSource>,
    /// Folder of the file in which it was written, relative to the template's folder; empty for the template.
    pub base: Arc<str>,
    /// 1..1000; of a range the least.
    pub weight: u16,
    /// The greatest weight of a range: what a variable font may be drawn at; else the same.
    pub heaviest: u16,
    /// Per cent of the normal width: least and greatest.
    pub stretch: (f32, f32),
    pub italic: bool,
    /// A variable font may lean as far as text asks for: the rule does not say that it stands upright.
    pub leans: bool,
    /// The rule, for faults.
    pub place: (Arc<SourceText>, Range<usize>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FontSource {
    Url(String),
    Local(String),
}

/// Selectors and what they set.
#[derive(Debug)]
pub(super) struct StyleRule {
    pub selectors: SelectorList<Impl>,
    pub block: Arc<Block>,
    /// Conditions that wait for the page's size; all must be met.
    pub media: Vec<Arc<Media>>,
    /// Place in [`Stylesheet::layers`].
    pub layer: Option<usize>,
}

/// The declarations of a rule or of a `style` attribute.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub declarations: Vec<Declaration>,
    pub custom: Vec<Custom>,
}

/// A custom property (CSS Custom Properties 1): any text.
#[derive(Debug)]
pub(super) struct Custom {
    pub name: Arc<str>,
    pub text: Arc<str>,
    pub important: bool,
}

impl Stylesheet {
    /// Parses CSS text. Never fails: what is not understood is dropped, as CSS wants it, and told in `diagnostics`.
    /// `base` is the folder of the file, relative to the template's; empty for the template.
    #[must_use]
    pub fn parse(source: &Arc<SourceText>, base: &Arc<str>) -> Self {
        let (media, nesting) = (Vec::new(), Vec::new());
        let mut rules = Rules { source, base, sheet: Self::default(), media, layer: None, nesting, unnamed: 0 };
        let mut input = Parser::new(&source.text);
        rules.all(&mut input);
        rules.sheet
    }
}

/// What a `style` attribute says that is not understood. `source` holds the attribute's text alone.
pub fn attribute_faults(source: &Arc<SourceText>) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    attribute(&source.text, &Arc::from(""), Some((source, &mut told)));
    told
}

/// Reads the text of a `style` attribute; what is not understood is dropped (and told, when asked for).
pub(super) fn attribute(
    text: &str,
    base: &Arc<str>,
    mut told: Option<(&Arc<SourceText>, &mut Vec<Diagnostic>)>,
) -> Block {
    let mut input = Parser::new(text);
    let raw = raw_declarations(&mut input);
    block(&raw, base, |fault| {
        if let Some((source, diagnostics)) = &mut told {
            diagnostics.push(fault.diagnostic(source));
        }
    })
}

/// A declaration before its value is looked at.
pub(super) struct Raw {
    pub name: String,
    /// The value without `!important`.
    pub text: String,
    pub important: bool,
    /// Of the whole declaration.
    pub span: Range<usize>,
    /// Of the value.
    pub value: Range<usize>,
    /// Not a declaration at all.
    pub broken: bool,
}

impl Raw {
    /// What is no declaration.
    fn broken(span: Range<usize>) -> Self {
        let (name, text) = (String::new(), String::new());
        Self { name, text, important: false, value: span.clone(), span, broken: true }
    }
}

/// The rest of a declaration, behind its colon; `None` where its value holds a block, which only custom properties
/// may.
pub(super) fn raw_value(name: &str, input: &mut Parser<'_>, start: &ParserState) -> Option<Raw> {
    input.skip_whitespace();
    let from = input.position();
    let custom = name.starts_with("--");
    while let Ok(token) = input.next_including_whitespace_and_comments() {
        if matches!(token, Token::CurlyBracketBlock) && !custom {
            return None;
        }
    }
    let text = input.slice_from(from);
    let value = from.byte_index()..from.byte_index() + text.trim_end().len();
    let (text, important) = match text.rfind('!') {
        Some(i) if text[i + 1..].trim().eq_ignore_ascii_case("important") => (&text[..i], true),
        _ => (text, false),
    };
    let name = if custom { name.to_owned() } else { name.to_ascii_lowercase() };
    let span = start.position().byte_index()..value.end;
    Some(Raw { name, text: text.to_owned(), important, span, value, broken: false })
}

/// A declaration that is dropped.
pub(super) struct Dropped<'a> {
    pub raw: &'a Raw,
    pub code: &'static str,
    pub message: String,
    pub label: String,
    pub help: Option<String>,
}

impl Dropped<'_> {
    pub(super) fn diagnostic(&self, source: &Arc<SourceText>) -> Diagnostic {
        let span = if self.code == "css-unsupported-value" { self.raw.value.clone() } else { self.raw.span.clone() };
        let fault = Diagnostic::warning(self.code, &self.message).at_text(source, span, &self.label);
        match &self.help {
            Some(help) => fault.help(help),
            None => fault,
        }
    }
}

/// Looks at the values.
pub(super) fn block(raw: &[Raw], base: &Arc<str>, mut drop: impl FnMut(Dropped<'_>)) -> Block {
    let mut block = Block::default();
    for raw in raw {
        if raw.broken {
            drop(Dropped {
                raw,
                code: "css-syntax",
                message: "this is not a declaration".to_owned(),
                label: "expected `property: value;`".to_owned(),
                help: None,
            });
        } else if raw.name.starts_with("--") {
            block.custom.push(Custom {
                name: Arc::from(&*raw.name),
                text: Arc::from(raw.text.trim()),
                important: raw.important,
            });
        } else {
            match property::read(&raw.name, &raw.text, base) {
                Ok(values) => {
                    let logical = super::logical::is_logical(&raw.name);
                    block.declarations.extend(values.into_iter().map(|(property, value)| Declaration {
                        property,
                        value,
                        important: raw.important,
                        logical,
                    }));
                }
                Err(_) => {
                    if let Some(dropped) = reason(raw) {
                        drop(dropped);
                    }
                }
            }
        }
    }
    block
}

/// Why a declaration is dropped; nothing where that cannot be seen on paper.
fn reason(raw: &Raw) -> Option<Dropped<'_>> {
    let name = &raw.name;
    let dropped = |code, message, label: String, help| Some(Dropped { raw, code, message, label, help });
    match support::of(name) {
        Some(support::Support::NoEffect) => None,
        Some(support::Support::No) => dropped(
            "css-unsupported-property",
            format!("the property `{name}` is not supported"),
            "this has no effect".to_owned(),
            None,
        ),
        Some(support::Support::Yes | support::Support::Partly) => {
            let expected = support::values(name);
            let label = if expected.is_empty() {
                "not a value that is supported here".to_owned()
            } else {
                format!("expected {expected}")
            };
            dropped(
                "css-unsupported-value",
                format!("`{}` is not a supported value of `{name}`", raw.text.trim()),
                label,
                None,
            )
        }
        None => {
            let near = did_you_mean(name, support::names());
            let help = near.map(|n| format!("did you mean `{n}`?"));
            dropped(
                "css-unknown-property",
                format!("the property `{name}` is unknown"),
                "this has no effect".to_owned(),
                help,
            )
        }
    }
}

/// Splits a block into declarations.
pub(super) fn raw_declarations(input: &mut Parser<'_>) -> Vec<Raw> {
    struct Collect;
    impl<'i> DeclarationParser<'i> for Collect {
        type Declaration = Raw;
        type Error = ();
        fn parse_value(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>, start: &ParserState) -> Read<Raw> {
            raw_value(&name, input, start).map_or_else(super::values::no, Ok)
        }
    }
    impl AtRuleParser<'_> for Collect {
        type Prelude = ();
        type AtRule = Raw;
        type Error = ();
    }
    impl QualifiedRuleParser<'_> for Collect {
        type Prelude = ();
        type QualifiedRule = Raw;
        type Error = ();
    }
    impl RuleBodyItemParser<'_, Raw, ()> for Collect {
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
        match item {
            Ok(raw) => out.push(raw),
            Err((_, slice, _)) => {
                let end = body.input.position().byte_index();
                let start = end.saturating_sub(slice.len());
                let span = start..start + slice.trim_end().len();
                out.push(Raw::broken(span));
            }
        }
    }
    out
}

/// The rules of a sheet.
struct Rules<'a> {
    source: &'a Arc<SourceText>,
    base: &'a Arc<str>,
    sheet: Stylesheet,
    /// The conditions around the rule at hand.
    media: Vec<Arc<Media>>,
    /// The layer around it.
    layer: Option<usize>,
    /// The selectors of the style rules around it.
    nesting: Vec<SelectorList<Impl>>,
    /// Layers without a name so far.
    unnamed: usize,
}

/// What stands before the block of an at-rule.
enum Prelude {
    /// Whether it applies.
    Media(Applies),
    /// Names; none for a layer without one.
    Layer(Vec<String>),
    FontFace,
    /// The ink's name.
    Ink(String),
    Page(Vec<PageSelector>),
    Import(String, bool),
    /// Already told; skipped.
    Skip,
}

impl<'i> Rules<'_> {
    fn all(&mut self, input: &mut Parser<'i>) {
        let mut faults = Vec::new();
        for item in StyleSheetParser::new(input, self) {
            if let Err((error, slice, _)) = item {
                faults.push((error, slice));
            }
        }
        for (error, slice) in faults {
            self.syntax(&error, slice);
        }
    }

    fn tell(&mut self, code: &'static str, message: impl Into<String>, span: Range<usize>, label: impl Into<String>) {
        self.sheet.diagnostics.push(Diagnostic::warning(code, message).at_text(self.source, span, label));
    }

    /// A rule that the parser gave up. `Told` says that the reason was told already.
    fn syntax(&mut self, error: &ParseError<Told>, slice: &str) {
        if matches!(error.kind, ParseErrorKind::Custom(Told)) {
            return;
        }
        // The slice is a part of the source: how far into it, its address tells.
        let start = slice.as_ptr().addr().saturating_sub(self.source.text.as_ptr().addr());
        let first = slice.lines().next().unwrap_or("").trim_end();
        self.tell(
            "css-syntax",
            "this rule is not valid CSS and is skipped",
            start..start + first.len(),
            "cannot be read",
        );
    }

    /// Media Queries 4; what is not understood is told and counts as not met.
    fn media(&mut self, input: &mut Parser<'i>) -> Applies {
        let start = input.position().byte_index();
        let (media, unknown) = Media::read(input);
        if unknown {
            let end = input.position().byte_index();
            self.tell("css-unsupported-media", "this media query is not understood", start..end, "counted as not met");
        }
        match media.constant() {
            Some(applies) => Applies::Always(applies),
            None => Applies::OnPages(Arc::new(media)),
        }
    }

    /// The place of a layer in the list, found or added; a name with dots names layers inside one another.
    fn layer(&mut self, name: Option<&str>) -> usize {
        let outer = self.layer.and_then(|l| self.sheet.layers.get(l)).map(|l| format!("{l}.")).unwrap_or_default();
        let own = name.map_or_else(
            || {
                self.unnamed += 1;
                format!("\0{}", self.unnamed)
            },
            str::to_owned,
        );
        let full = format!("{outer}{own}");
        let ends = full.match_indices('.').map(|(at, _)| at).chain([full.len()]);
        let mut found = 0;
        for end in ends.collect::<Vec<_>>() {
            let part = full.get(..end).unwrap_or("");
            found = self.sheet.layers.iter().position(|l| **l == *part).unwrap_or_else(|| {
                self.sheet.layers.push(Arc::from(part));
                self.sheet.layers.len() - 1
            });
        }
        found
    }

    /// The block of a style rule, or of an at-rule inside one: declarations, and rules between them.
    fn body(&mut self, selectors: SelectorList<Impl>, input: &mut Parser<'i>) {
        self.nesting.push(selectors);
        let mut body = Body { rules: self, pending: Vec::new() };
        let mut faults = Vec::new();
        {
            let mut items = RuleBodyParser::new(input, &mut body);
            loop {
                let before = items.parser.rules.sheet.diagnostics.len();
                let Some(item) = items.next() else { break };
                if let Err((_, slice, _)) = item {
                    // why it is no rule either was told already
                    if items.parser.rules.sheet.diagnostics.len() > before {
                        continue;
                    }
                    let end = items.input.position().byte_index();
                    let start = end.saturating_sub(slice.len());
                    let span = start..start + slice.trim_end().len();
                    faults.push(Raw::broken(span));
                }
            }
        }
        body.pending.append(&mut faults);
        body.flush();
        self.nesting.pop();
    }

    /// Adds a rule with the conditions around it.
    fn add(&mut self, raw: &[Raw]) {
        let Some(selectors) = self.nesting.last().cloned() else { return };
        let mut faults = Vec::new();
        let block = block(raw, self.base, |dropped| faults.push(dropped.diagnostic(self.source)));
        raw.iter().for_each(|raw| super::inks::note(raw, self.source, &mut self.sheet));
        self.sheet.diagnostics.extend(faults);
        let (media, layer) = (self.media.clone(), self.layer);
        self.sheet.rules.push(StyleRule { selectors, block: Arc::new(block), media, layer });
    }

    /// Reads the selectors of a rule; a fault is told.
    fn selectors(&mut self, input: &mut Parser<'i>) -> Result<SelectorList<Impl>, ParseError<Told>> {
        input.skip_whitespace();
        let start = input.position();
        let read = match self.nesting.last() {
            None => selector::parse(input),
            Some(outer) => selector::parse_nested(input).map(|list| list.replace_parent_selector(outer)),
        };
        match read {
            Ok(list) => Ok(list),
            Err(error) => {
                while input.next().is_ok() {}
                let text = input.slice_from(start).trim_end();
                let label = match &error.kind {
                    ParseErrorKind::Custom(kind) => selector::problem(kind),
                    ParseErrorKind::Basic(_) => "this selector is not valid",
                };
                let span = start.byte_index()..start.byte_index() + text.len();
                self.tell(
                    "css-selector",
                    format!("the selector `{text}` is not understood; its rule is skipped"),
                    span,
                    label,
                );
                told()
            }
        }
    }

    /// The block of an at-rule that holds rules.
    fn group(&mut self, input: &mut Parser<'i>) {
        match self.nesting.last().cloned() {
            None => self.all(input),
            Some(selectors) => self.body(selectors, input),
        }
    }
}

/// Whether a group of rules applies.
enum Applies {
    Always(bool),
    /// Where the page is as this asks.
    OnPages(Arc<Media>),
}

/// Nested rules more deeply inside one another than this are told and skipped: each level may double the selectors.
const MAX_NESTING: usize = 12;

/// The parser of one block of a style rule.
struct Body<'r, 'a> {
    rules: &'r mut Rules<'a>,
    /// Declarations since the last nested rule.
    pending: Vec<Raw>,
}

impl Body<'_, '_> {
    fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if !pending.is_empty() {
            self.rules.add(&pending);
        }
    }
}

impl<'i> DeclarationParser<'i> for Body<'_, '_> {
    type Declaration = ();
    type Error = Told;
    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        start: &ParserState,
    ) -> Result<(), ParseError<Told>> {
        let raw = raw_value(&name, input, start);
        match raw {
            // a block in a value makes it a nested rule (CSS Syntax 3, section 5.5.6)
            Some(raw) => {
                self.pending.push(raw);
                Ok(())
            }
            None => Err(ParseError::unexpected_token()),
        }
    }
}

impl<'i> QualifiedRuleParser<'i> for Body<'_, '_> {
    type Prelude = SelectorList<Impl>;
    type QualifiedRule = ();
    type Error = Told;

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<SelectorList<Impl>, ParseError<Told>> {
        // a declaration without its colon is no rule
        let start = input.state();
        while input.next().is_ok() {}
        let text = input.slice_from(start.position());
        input.reset(&start);
        if text.trim().is_empty() {
            return Err(ParseError::unexpected_token());
        }
        self.rules.selectors(input)
    }

    fn parse_block(
        &mut self,
        selectors: SelectorList<Impl>,
        start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<Told>> {
        self.flush();
        if self.rules.nesting.len() >= MAX_NESTING {
            let from = start.position().byte_index();
            self.rules.tell("css-syntax", "rules are nested too deeply", from..from + 1, "this rule is skipped");
            while input.next().is_ok() {}
            return Ok(());
        }
        self.rules.body(selectors, input);
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for Body<'_, '_> {
    type Prelude = Prelude;
    type AtRule = ();
    type Error = Told;

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<Prelude, ParseError<Told>> {
        AtRuleParser::parse_prelude(self.rules, name, input)
    }

    fn rule_without_block(&mut self, _: Prelude, _: &ParserState) -> Result<(), ()> {
        Ok(())
    }

    fn parse_block(
        &mut self,
        prelude: Prelude,
        start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<Told>> {
        self.flush();
        if self.rules.nesting.len() >= MAX_NESTING {
            while input.next().is_ok() {}
            return Ok(());
        }
        AtRuleParser::parse_block(self.rules, prelude, start, input)
    }
}

impl RuleBodyItemParser<'_, (), Told> for Body<'_, '_> {
    fn parse_declarations(&self) -> bool {
        true
    }
    fn parse_qualified(&self) -> bool {
        true
    }
}

/// The error of a rule whose fault has been told.
#[derive(Clone, Debug, PartialEq)]
struct Told;

fn told<T>() -> Result<T, ParseError<Told>> {
    Err(ParseError::custom(Told))
}

impl<'i> QualifiedRuleParser<'i> for Rules<'_> {
    type Prelude = SelectorList<Impl>;
    type QualifiedRule = ();
    type Error = Told;

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<SelectorList<Impl>, ParseError<Told>> {
        self.selectors(input)
    }

    fn parse_block(
        &mut self,
        selectors: SelectorList<Impl>,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<Told>> {
        self.body(selectors, input);
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for Rules<'_> {
    type Prelude = Prelude;
    type AtRule = ();
    type Error = Told;

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<Prelude, ParseError<Told>> {
        let start = input.position().byte_index();
        let keyword = start.saturating_sub(name.len() + 1)..start;
        match name.to_ascii_lowercase().as_str() {
            "media" => Ok(Prelude::Media(self.media(input))),
            "supports" => {
                let from = input.position();
                let met = input.parse_entirely(super::media::supports);
                if met.is_err() {
                    while input.next().is_ok() {}
                    let start = from.byte_index();
                    let end = start + input.slice_from(from).trim_end().len();
                    self.tell("css-syntax", "this condition is not understood", start..end, "counted as not met");
                }
                Ok(Prelude::Media(Applies::Always(met.unwrap_or(false))))
            }
            "layer" => {
                let names = input.try_parse(|input| {
                    input.parse_comma_separated(|input| {
                        let mut name = input.expect_ident_cloned()?.to_string();
                        while input.try_parse(|i| i.expect_delim('.')).is_ok() {
                            name.push('.');
                            name.push_str(&input.expect_ident_cloned()?);
                        }
                        Ok::<_, ParseError<Told>>(name)
                    })
                });
                if !input.is_exhausted() {
                    while input.next().is_ok() {}
                    self.tell("css-syntax", "a layer's name is words with dots", keyword, "this rule is skipped");
                    return Ok(Prelude::Skip);
                }
                Ok(Prelude::Layer(names.unwrap_or_default()))
            }
            "font-face" => Ok(Prelude::FontFace),
            "-surimono-spot" => match super::inks::name(input) {
                Ok(name) => Ok(Prelude::Ink(name)),
                Err(_) => {
                    while input.next().is_ok() {}
                    self.tell("css-ink", "a named ink needs its name", keyword, "expected a string");
                    Ok(Prelude::Skip)
                }
            },
            "import" => {
                let Ok(href) = input.expect_url_or_string() else {
                    self.tell("css-syntax", "`@import` needs an address", keyword, "expected `url(…)` or a string");
                    while input.next().is_ok() {}
                    return told();
                };
                let start = input.position().byte_index();
                let applies = match self.media(input) {
                    Applies::Always(applies) => applies,
                    Applies::OnPages(_) => {
                        let end = input.position().byte_index();
                        let label = "counted as not met";
                        self.tell(
                            "css-unsupported-media",
                            "an import cannot depend on the page's size",
                            start..end,
                            label,
                        );
                        false
                    }
                };
                Ok(Prelude::Import(href.to_string(), applies))
            }
            "page" => {
                let pages = super::page::selectors(input);
                if pages.is_err() || !input.is_exhausted() {
                    while input.next().is_ok() {}
                    let end = input.position().byte_index();
                    self.tell(
                        "css-unsupported-page",
                        "pages are chosen by name, `:first`, `:left`, `:right` and `:blank`",
                        start..end,
                        "this rule is skipped",
                    );
                    return Ok(Prelude::Skip);
                }
                Ok(Prelude::Page(pages.unwrap_or_default()))
            }
            "charset" => {
                while input.next().is_ok() {}
                Ok(Prelude::Skip)
            }
            other => {
                while input.next().is_ok() {}
                let known = ["media", "page", "font-face", "import", "supports", "layer", "-surimono-spot"];
                let mut fault =
                    Diagnostic::warning("css-at-rule", format!("`@{other}` is not supported; the rule is skipped"))
                        .at_text(self.source, keyword, "this has no effect");
                if let Some(near) = did_you_mean(other, known) {
                    fault = fault.help(format!("did you mean `@{near}`?"));
                }
                self.sheet.diagnostics.push(fault);
                Ok(Prelude::Skip)
            }
        }
    }

    fn rule_without_block(&mut self, prelude: Prelude, start: &ParserState) -> Result<(), ()> {
        if let Prelude::Layer(names) = &prelude {
            for name in names {
                self.layer(Some(name));
            }
        }
        if let Prelude::Import(href, true) = prelude {
            let from = start.position().byte_index();
            let text = self.source.text.get(from..).and_then(|t| t.split(';').next()).unwrap_or("");
            let place = (Arc::clone(self.source), from..from + text.len());
            self.sheet.imports.push(Import { href, base: Arc::clone(self.base), place });
        }
        Ok(())
    }

    fn parse_block(
        &mut self,
        prelude: Prelude,
        start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<Told>> {
        let from = start.position().byte_index();
        match prelude {
            Prelude::Media(Applies::Always(true)) => self.group(input),
            Prelude::Media(Applies::OnPages(media)) => {
                self.media.push(media);
                self.group(input);
                self.media.pop();
            }
            Prelude::Layer(names) => {
                let outer = self.layer;
                self.layer = Some(self.layer(names.first().map(String::as_str)));
                self.group(input);
                self.layer = outer;
            }
            Prelude::FontFace => {
                let raw = raw_declarations(input);
                let place = (Arc::clone(self.source), from..input.position().byte_index());
                super::page::font_face(&raw, place, self.base, self.source, &mut self.sheet);
            }
            Prelude::Ink(name) => {
                let raw = raw_declarations(input);
                let place = (Arc::clone(self.source), from..input.position().byte_index());
                super::inks::rule(&name, &raw, place, &mut self.sheet);
            }
            Prelude::Page(_) if !self.media.is_empty() => {
                let message = "an `@page` rule cannot depend on the page's own size";
                self.tell("css-unsupported-page", message, from..from + 5, "this rule is skipped");
            }
            Prelude::Page(selectors) => {
                let rules = super::page::rules(selectors, input, self.base, self.source, &mut self.sheet.diagnostics);
                self.sheet.pages.extend(rules);
            }
            Prelude::Media(Applies::Always(false)) | Prelude::Import(..) | Prelude::Skip => {}
        }
        // What the block holds beyond that is of no use; leaving it unread would be an error.
        while input.next().is_ok() {}
        Ok(())
    }
}
