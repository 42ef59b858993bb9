//! Selectors: the `selectors` crate's grammar and matching over our tree (Selectors 4, and the `&` of CSS Nesting).

use std::fmt;
use std::sync::Arc;

use cssparser::{ParseError, Parser, ToCss};
use precomputed_hash::PrecomputedHash;
use selectors::attr::{AttrSelectorOperation, CaseSensitivity, NamespaceConstraint};
use selectors::bloom::BloomFilter;
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode, SelectorCaches,
};
use selectors::matching::{ElementSelectorFlags, matches_selector};
use selectors::parser::{
    Combinator, Component, ParseRelative, Selector, SelectorImpl, SelectorList, SelectorParseErrorKind,
};
use selectors::{Element, OpaqueElement};

use super::dom::{Dom, NodeId};
use super::name::Name;

/// The kinds of names that selectors hold.
#[derive(Clone, Debug)]
pub(super) struct Impl;

/// A name in a selector, with its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    text: Arc<str>,
    hash: u32,
}

impl<'a> From<&'a str> for Word {
    fn from(text: &'a str) -> Self {
        Self { text: Arc::from(text), hash: super::hash::bytes(text.as_bytes()) as u32 }
    }
}

impl Default for Word {
    fn default() -> Self {
        Self::from("")
    }
}

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl PrecomputedHash for Word {
    fn precomputed_hash(&self) -> u32 {
        self.hash
    }
}

impl ToCss for Word {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        cssparser::serialize_identifier(&self.text, dest)
    }
}

/// Pseudo-classes that are not about the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PseudoClass {
    /// `:link`, `:any-link`
    Link,
    /// `:hover` and other states that nothing on paper is in.
    Never,
    /// `:lang()`: ranges in lower case.
    Lang(Vec<Arc<str>>),
}

impl ToCss for PseudoClass {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        match self {
            Self::Link => dest.write_str(":link"),
            Self::Never => dest.write_str(":hover"),
            Self::Lang(ranges) => write!(dest, ":lang({})", ranges.join(", ")),
        }
    }
}

impl selectors::parser::NonTSPseudoClass for PseudoClass {
    fn is_active_or_hover(&self) -> bool {
        false
    }
    fn is_user_action_state(&self) -> bool {
        false
    }
}

/// The boxes that an element can have beside its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pseudo {
    Before,
    After,
    Marker,
    FirstLetter,
}

impl ToCss for Pseudo {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        dest.write_str(match self {
            Self::Before => "::before",
            Self::After => "::after",
            Self::Marker => "::marker",
            Self::FirstLetter => "::first-letter",
        })
    }
}

impl selectors::parser::PseudoElement for Pseudo {
    fn is_before_or_after(&self) -> bool {
        matches!(self, Self::Before | Self::After)
    }
}

impl SelectorImpl for Impl {
    type ExtraMatchingData<'a> = ();
    type AttrValue = Word;
    type Identifier = Word;
    type LocalName = Word;
    type NamespaceUrl = Word;
    type NamespacePrefix = Word;
    type BorrowedNamespaceUrl = Word;
    type BorrowedLocalName = Word;
    type NonTSPseudoClass = PseudoClass;
    type PseudoElement = Pseudo;
}

struct Grammar;

impl<'i> selectors::parser::Parser<'i> for Grammar {
    type Impl = Impl;
    type Error = SelectorParseErrorKind;

    fn parse_is_and_where(&self) -> bool {
        true
    }

    fn parse_has(&self) -> bool {
        true
    }

    fn parse_nth_child_of(&self) -> bool {
        true
    }

    fn parse_parent_selector(&self) -> bool {
        true
    }

    /// A selector that is wrong inside `:is()` is a fault that the designer should hear of.
    fn allow_forgiving_selectors(&self) -> bool {
        false
    }

    fn parse_non_ts_pseudo_class(&self, name: &str) -> Result<PseudoClass, ParseError<SelectorParseErrorKind>> {
        match name.to_ascii_lowercase().as_str() {
            "link" | "any-link" => Ok(PseudoClass::Link),
            "hover" | "active" | "focus" | "focus-visible" | "focus-within" | "visited" | "target"
            | "target-within" => Ok(PseudoClass::Never),
            _ => Err(ParseError::custom(SelectorParseErrorKind::UnsupportedPseudoClassOrElement)),
        }
    }

    fn parse_non_ts_functional_pseudo_class(
        &self,
        name: &str,
        input: &mut Parser<'i>,
        _: bool,
    ) -> Result<PseudoClass, ParseError<SelectorParseErrorKind>> {
        if !name.eq_ignore_ascii_case("lang") {
            return Err(ParseError::custom(SelectorParseErrorKind::UnsupportedPseudoClassOrElement));
        }
        let ranges = input.parse_comma_separated(|input| {
            let range = input.expect_ident_or_string()?;
            Ok::<_, ParseError<SelectorParseErrorKind>>(Arc::from(range.to_ascii_lowercase()))
        })?;
        Ok(PseudoClass::Lang(ranges))
    }

    fn parse_pseudo_element(&self, name: &str) -> Result<Pseudo, ParseError<SelectorParseErrorKind>> {
        match name.to_ascii_lowercase().as_str() {
            "before" => Ok(Pseudo::Before),
            "after" => Ok(Pseudo::After),
            "marker" => Ok(Pseudo::Marker),
            "first-letter" => Ok(Pseudo::FirstLetter),
            _ => Err(ParseError::custom(SelectorParseErrorKind::UnsupportedPseudoClassOrElement)),
        }
    }
}

/// Reads a list of selectors.
pub(super) fn parse(input: &mut Parser<'_>) -> Result<SelectorList<Impl>, ParseError<SelectorParseErrorKind>> {
    SelectorList::parse(&Grammar, input, ParseRelative::No)
}

/// The same inside the block of another rule, where a selector may begin with a combinator and `&` stands for the
/// outer one's.
pub(super) fn parse_nested(input: &mut Parser<'_>) -> Result<SelectorList<Impl>, ParseError<SelectorParseErrorKind>> {
    SelectorList::parse(&Grammar, input, ParseRelative::ForNesting)
}

/// One selector, for `@supports selector()`.
pub(super) fn parse_one(input: &mut Parser<'_>) -> Result<(), ParseError<SelectorParseErrorKind>> {
    SelectorList::parse(&Grammar, input, ParseRelative::No).map(|_| ())
}

/// What was wrong with a selector, for people.
pub(super) fn problem(kind: &SelectorParseErrorKind) -> &'static str {
    use SelectorParseErrorKind as K;
    match kind {
        K::UnsupportedPseudoClassOrElement => "this pseudo-class or pseudo-element is unknown or not supported",
        K::EmptySelector => "a selector is missing",
        K::DanglingCombinator => "a combinator has no selector after it",
        K::ClassNeedsIdent => "a class name must follow the `.`",
        K::PseudoElementExpectedIdent | K::PseudoElementExpectedColon | K::NoIdentForPseudo => {
            "a name must follow the `:`"
        }
        K::ExpectedNamespace | K::ExplicitNamespaceUnexpectedToken => "namespaces are not supported",
        _ => "this selector is not valid",
    }
}

/// What selectors look at besides an element's own name and its ancestors': decides what the key of a cached
/// style must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses {
    /// Place among all siblings from the start.
    pub index: bool,
    /// Place from the end.
    pub index_from_end: bool,
    /// Places among siblings of the same name.
    pub of_type: bool,
    /// Elements before it.
    pub siblings: bool,
    /// Whether it has content.
    pub empty: bool,
    /// What is in it or what its siblings are like: `:has()`, `:nth-child(… of …)`. Then no style is shared.
    pub surroundings: bool,
    /// Not selectors: some rule counts.
    pub counters: bool,
    pub ids: Vec<Arc<str>>,
    pub attributes: Vec<Arc<str>>,
}

impl Uses {
    pub(super) fn note(&mut self, selector: &Selector<Impl>) {
        for component in selector.iter_raw_match_order() {
            match component {
                Component::Combinator(Combinator::NextSibling | Combinator::LaterSibling) => self.siblings = true,
                Component::Nth(nth) => {
                    self.of_type |= nth.ty.is_of_type();
                    self.index |= !nth.ty.is_from_end();
                    self.index_from_end |= nth.ty.is_from_end() || nth.ty.is_only();
                }
                Component::Empty => self.empty = true,
                Component::ID(id) => self.ids.push(Arc::clone(&id.text)),
                Component::AttributeInNoNamespaceExists { local_name_lower: name, .. }
                | Component::AttributeInNoNamespace { local_name: name, .. } => {
                    self.attributes.push(Arc::clone(&name.text))
                }
                Component::AttributeOther(other) => self.attributes.push(Arc::clone(&other.local_name_lower.text)),
                Component::NonTSPseudoClass(PseudoClass::Link) => self.attributes.push(Arc::from("href")),
                Component::NthOf(nth) => {
                    self.surroundings = true;
                    nth.selectors().iter().for_each(|s| self.note(s));
                }
                Component::Has(list) => {
                    self.surroundings = true;
                    list.iter().for_each(|r| self.note(&r.selector));
                }
                Component::Negation(list) | Component::Is(list) | Component::Where(list) => {
                    list.slice().iter().for_each(|s| self.note(s));
                }
                _ => {}
            }
        }
    }
}

/// The most telling part of a selector's last compound, to pass over most selectors quickly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Last {
    Id(Arc<str>),
    Class(Arc<str>),
    Name(Arc<str>),
    Any,
}

impl Last {
    pub(super) fn of(selector: &Selector<Impl>) -> Self {
        let mut last = Self::Any;
        let mut iter = selector.iter();
        loop {
            for component in iter.by_ref() {
                match component {
                    Component::ID(id) => return Self::Id(Arc::clone(&id.text)),
                    Component::Class(class) => last = Self::Class(Arc::clone(&class.text)),
                    Component::LocalName(name) if last == Self::Any => {
                        last = Self::Name(Arc::clone(&name.lower_name.text))
                    }
                    _ => {}
                }
            }
            // The pseudo-element is a compound of its own to the right of its element's.
            match iter.next_sequence() {
                Some(Combinator::PseudoElement) => {}
                _ => return last,
            }
        }
    }

    pub(super) fn may_match(&self, dom: &Dom, element: NodeId) -> bool {
        match self {
            Self::Id(id) => dom.id(element) == Some(id),
            Self::Class(class) => dom.classes(element).any(|c| c == &**class),
            Self::Name(name) => dom.element_name(element) == &**name,
            Self::Any => true,
        }
    }
}

/// An element as the matcher sees it.
#[derive(Clone, Copy)]
struct El<'a> {
    dom: &'a Dom,
    id: NodeId,
}

impl fmt::Debug for El<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.dom.element_name(self.id))
    }
}

/// Nodes of a document in which rules with `:has()` and `:nth-child(… of …)` are looked at; in larger ones they
/// match nothing.
pub(super) const MAX_LOOKED_AROUND: usize = 20_000;

/// Whether a selector looks at what is in an element or at what its siblings are like.
pub(super) fn looks_around(selector: &Selector<Impl>) -> bool {
    let mut uses = Uses::default();
    uses.note(selector);
    uses.surroundings
}

/// Runs the matcher over selectors of one document.
pub(super) struct Matcher<'a> {
    dom: &'a Dom,
    caches: SelectorCaches,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(dom: &'a Dom) -> Self {
        Self { dom, caches: SelectorCaches::default() }
    }

    /// Whether the document is small enough to look through for `:has()` and `:nth-child(… of …)`: the time grows
    /// with the square of its elements.
    pub(super) fn may_look_around(&self) -> bool {
        self.dom.nodes.len() <= MAX_LOOKED_AROUND
    }

    /// Whether `selector` matches `element`; one that ends in a pseudo-element is matched for the element that has it.
    pub(super) fn matches(&mut self, selector: &Selector<Impl>, element: NodeId) -> bool {
        let mode =
            if selector.has_pseudo_element() { MatchingMode::ForStatelessPseudoElement } else { MatchingMode::Normal };
        let mut context = MatchingContext::new(
            mode,
            None,
            &mut self.caches,
            QuirksMode::NoQuirks,
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        matches_selector(selector, 0, None, El { dom: self.dom, id: element }, &mut context)
    }
}

impl El<'_> {
    fn at(self, id: Option<NodeId>) -> Option<Self> {
        Some(Self { dom: self.dom, id: id? })
    }

    fn sibling(self, step: impl Fn(&super::dom::Node) -> Option<NodeId>) -> Option<Self> {
        let mut at = step(self.dom.node(self.id));
        while let Some(id) = at {
            if self.dom.is_element(id) {
                return self.at(at);
            }
            at = step(self.dom.node(id));
        }
        None
    }
}

impl Element for El<'_> {
    type Impl = Impl;

    fn opaque(&self) -> OpaqueElement {
        OpaqueElement::new(self.dom.node(self.id))
    }
    fn parent_element(&self) -> Option<Self> {
        self.at(self.dom.parent(self.id))
    }
    fn parent_node_is_shadow_root(&self) -> bool {
        false
    }
    fn containing_shadow_host(&self) -> Option<Self> {
        None
    }
    fn is_pseudo_element(&self) -> bool {
        false
    }
    fn prev_sibling_element(&self) -> Option<Self> {
        self.sibling(|n| n.prev_sibling)
    }
    fn next_sibling_element(&self) -> Option<Self> {
        self.sibling(|n| n.next_sibling)
    }
    fn first_element_child(&self) -> Option<Self> {
        self.at(self.dom.children(self.id).find(|c| self.dom.is_element(*c)))
    }
    fn is_html_element_in_html_document(&self) -> bool {
        true
    }
    fn has_local_name(&self, name: &Word) -> bool {
        self.dom.element_name(self.id) == &*name.text
    }
    fn has_namespace(&self, _: &Word) -> bool {
        true
    }
    fn is_same_type(&self, other: &Self) -> bool {
        self.dom.name(self.id) == other.dom.name(other.id)
    }
    fn attr_matches(
        &self,
        _: &NamespaceConstraint<&Word>,
        name: &Word,
        operation: &AttrSelectorOperation<&Word>,
    ) -> bool {
        let value = match Name::known(&name.text) {
            Some(known) => self.dom.attr(self.id, known),
            None => self.dom.attr_named(self.id, &name.text),
        };
        value.is_some_and(|v| operation.eval_str(v))
    }
    fn match_non_ts_pseudo_class(&self, class: &PseudoClass, _: &mut MatchingContext<Impl>) -> bool {
        match class {
            PseudoClass::Link => self.is_link(),
            PseudoClass::Never => false,
            PseudoClass::Lang(ranges) => {
                let mut at = Some(self.id);
                while let Some(id) = at {
                    if let Some(lang) = self.dom.attr(id, Name::LANG) {
                        return ranges.iter().any(|range| speaks(lang, range));
                    }
                    at = self.dom.parent(id);
                }
                false
            }
        }
    }
    fn match_pseudo_element(&self, _: &Pseudo, _: &mut MatchingContext<Impl>) -> bool {
        false
    }
    fn apply_selector_flags(&self, _: ElementSelectorFlags) {}
    fn is_link(&self) -> bool {
        self.dom.name(self.id) == Some(Name::A) && self.dom.attr(self.id, Name::HREF).is_some()
    }
    fn is_html_slot_element(&self) -> bool {
        false
    }
    fn has_id(&self, id: &Word, case: CaseSensitivity) -> bool {
        self.dom.id(self.id).is_some_and(|own| case.eq(own.as_bytes(), id.text.as_bytes()))
    }
    fn has_class(&self, class: &Word, case: CaseSensitivity) -> bool {
        self.dom.classes(self.id).any(|own| case.eq(own.as_bytes(), class.text.as_bytes()))
    }
    fn has_custom_state(&self, _: &Word) -> bool {
        false
    }
    fn imported_part(&self, _: &Word) -> Option<Word> {
        None
    }
    fn is_part(&self, _: &Word) -> bool {
        false
    }
    fn is_empty(&self) -> bool {
        is_empty(self.dom, self.id)
    }
    fn is_root(&self) -> bool {
        self.dom.parent(self.id).is_none()
    }
    fn add_element_unique_hashes(&self, _: &mut BloomFilter) -> bool {
        false
    }
}

/// Whether a language tag is in a range: the range itself, or that and more after a hyphen (RFC 4647, section 3.3.1).
fn speaks(lang: &str, range: &str) -> bool {
    let (lang, range) = (lang.trim(), range.trim_start_matches("*-"));
    if range == "*" {
        return !lang.is_empty();
    }
    lang.get(..range.len()).is_some_and(|start| start.eq_ignore_ascii_case(range))
        && !range.is_empty()
        && matches!(lang.as_bytes().get(range.len()), None | Some(b'-'))
}

/// `:empty` (Selectors 3, section 6.6.5.1).
pub(super) fn is_empty(dom: &Dom, element: NodeId) -> bool {
    dom.children(element).all(|c| dom.text(c).is_some_and(str::is_empty))
}
