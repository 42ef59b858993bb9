//! Styles of elements, with the caches of one worker. A cache never changes a result: it only answers again
//! what was computed before from the same inputs.
//!
//! **The key of a style** holds everything that the cascade looks at: the parent's [`Context`] (which stands for the sheets,
//! all ancestors and all inherited values), the element's name, its attributes as far as the sheets can see them
//! (`class`, `style`, `lang`, `hidden`, `id` if a selector names it, those in attribute selectors and `attr()`, `width` and `height` of
//! pictures), and, only when the sheets have selectors that ask for them, its place among its siblings, what comes before it
//! and whether it is empty. Left out: all other attributes and the element's content.
//! Keys are compared byte by byte, so two that share a hash are never confused.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::cascade::{self, Inherited, Sheets, Vars};
use super::css::{self, Stylesheet};
use super::dom::{Dom, NodeId};
use super::faces::Faces;
use super::hash;
use super::hints;
use super::margin::{MarginPlace, MarginText};
use super::name::{KNOWN, Name};
use super::page::PageStyle;
use super::selector;
use super::style::{Style, TextStyle};
use crate::base::{Diagnostic, Pt, SourceText};

/// Stands for everything that the styles of an element's descendants may depend on from above: the sheets, the
/// chain of ancestors as selectors see them (the element itself included), the inherited values. Two elements with equal contexts (from
/// the same [`Styler`]) and equal source bytes have equal styles throughout: their own and their descendants'.
/// A number is never used again for anything else, also when caches were cleared in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Context(pub u64);

/// What the cascade says of one element.
#[derive(Clone, Debug)]
pub struct Styled {
    pub style: Arc<Style>,
    /// For this element's children and everything below.
    pub context: Context,
    /// `::before`, if it makes a box (`content` is set and `display` is not `none`).
    pub before: Option<Arc<Style>>,
    /// `::after`, likewise.
    pub after: Option<Arc<Style>>,
    /// `::marker`, where a rule speaks of it.
    pub marker: Option<Arc<Style>>,
    /// `::first-letter`, if some rule is about it.
    pub first_letter: Option<Arc<Style>>,
    vars: Arc<Vars>,
    rem: Pt,
    rlh: Pt,
    root: Option<Arc<TextStyle>>,
}

impl Styled {
    /// The same element with another style of its own; what is below sees it and inherits from it.
    #[must_use]
    pub fn with_style(&self, style: Arc<Style>) -> Self {
        Self { style, ..self.clone() }
    }
}

/// Loads a stylesheet: the address as written and the folder of the file in which it was written, relative
/// to the template's folder. The answer is the text, named as the user knows it, and its own folder.
pub trait LoadSheet {
    /// # Errors
    /// Why the sheet cannot be had.
    fn load(&mut self, base: &str, href: &str) -> Result<(Arc<SourceText>, String), Box<Diagnostic>>;

    /// The page where no `@page` rule says anything.
    fn paper(&self) -> PageStyle {
        PageStyle::default()
    }

    /// What measures the fonts; without it the usual shares of the font size are taken.
    fn faces(&self) -> Option<Arc<dyn Faces>> {
        None
    }
}

/// For documents that load nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadNothing;

impl LoadSheet for LoadNothing {
    fn load(&mut self, _base: &str, href: &str) -> Result<(Arc<SourceText>, String), Box<Diagnostic>> {
        Err(Box::new(Diagnostic::error("css-not-loaded", format!("the stylesheet `{href}` cannot be loaded here"))))
    }
}

/// Different sets of sheets that are kept: a run normally has one for each template.
const MAX_SETS: usize = 16;
/// Styles that are kept, and bytes of their keys.
const MAX_STYLES: usize = 1 << 14;
const MAX_KEYS: usize = 4 << 20;
/// Chains of siblings that are kept.
const MAX_CHAINS: usize = 1 << 14;
/// Sheets that import one another.
const MAX_IMPORTS: usize = 64;
const MAX_IMPORT_DEPTH: usize = 8;

/// The styles of one worker's documents.
#[derive(Debug, Default)]
pub struct Styler {
    current: Set,
    /// The sets seen before, the latest last.
    sets: Vec<Set>,
    /// Numbers given out so far, for contexts and chains.
    given: u64,
    /// From a key's hash to the first entry with it.
    table: FxHashMap<u64, u32>,
    entries: Vec<Entry>,
    keys: Vec<u8>,
    key: Vec<u8>,
    chains: FxHashMap<Box<[u8]>, u64>,
    /// Of the document at hand: from an element to the number of the chain of elements before it.
    chained: FxHashMap<NodeId, u64>,
    /// Of the document at hand, where styles depend on what is around and inside elements: nothing is shared then.
    single: FxHashMap<(NodeId, u64), Arc<Styled>>,
}

/// The sheets of a document, and what they were made from.
#[derive(Clone, Debug, Default)]
struct Set {
    sheets: Arc<Sheets>,
    /// The source of all `style` and `link` elements.
    source: Vec<u8>,
    context: u64,
    sees: Sees,
}

/// Which attributes the sheets can see.
#[derive(Clone, Debug, Default)]
struct Sees {
    /// By number, for the vocabulary.
    known: Vec<bool>,
    other: Vec<Arc<str>>,
}

#[derive(Debug)]
struct Entry {
    parent: u64,
    key: std::ops::Range<u32>,
    styled: Arc<Styled>,
    next: Option<u32>,
}

impl Styler {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a document: finds or parses the sheets that its `<style>` and `<link rel=stylesheet>` name.
    /// To be called before any [`style`](Self::style) of that document. Faults are in [`Sheets::diagnostics`].
    pub fn begin(&mut self, dom: &Dom, load: &mut dyn LoadSheet) -> &Arc<Sheets> {
        self.chained.clear();
        self.single.clear();
        self.key.clear();
        for node in &dom.sheets {
            self.key.extend_from_slice(dom.bytes(*node));
            // No tag holds this byte, so two elements cannot be taken for one.
            self.key.push(0);
        }
        if self.current.context == 0 || self.current.source != self.key {
            self.current = match self.sets.iter().position(|s| s.source == self.key) {
                Some(i) => self.sets.remove(i),
                None => {
                    if self.sets.len() >= MAX_SETS {
                        self.sets.remove(0);
                    }
                    self.given += 1;
                    let sheets = Arc::new(collect(dom, load));
                    Set { sees: Sees::of(&sheets), sheets, source: self.key.clone(), context: self.given }
                }
            };
            self.sets.push(self.current.clone());
        }
        &self.current.sheets
    }

    /// The sheets of the document that was begun.
    #[must_use]
    pub fn sheets(&self) -> &Arc<Sheets> {
        &self.current.sheets
    }

    /// The style of an element. `parent` is what this gave for its parent; `None` for the root.
    pub fn style(&mut self, dom: &Dom, element: NodeId, parent: Option<&Styled>) -> Arc<Styled> {
        let parent_context = parent.map_or(self.current.context, |p| p.context.0);
        if self.current.sheets.uses.surroundings {
            if let Some(found) = self.single.get(&(element, parent_context)) {
                return Arc::clone(found);
            }
            let styled = Arc::new(self.compute(dom, element, parent));
            self.single.insert((element, parent_context), Arc::clone(&styled));
            return styled;
        }
        let chain = if self.current.sheets.uses.siblings { self.chain(dom, element) } else { 0 };
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        self.write_key(dom, element, &mut key);
        key.extend_from_slice(&chain.to_le_bytes());
        let hash = hash::mix(hash::bytes(&key), parent_context);
        let mut at = self.table.get(&hash).copied();
        while let Some(entry) = at.and_then(|i| self.entries.get(i as usize)) {
            let known = self.keys.get(entry.key.start as usize..entry.key.end as usize);
            if entry.parent == parent_context && known == Some(&*key) {
                self.key = key;
                return Arc::clone(&entry.styled);
            }
            at = entry.next;
        }
        let styled = Arc::new(self.compute(dom, element, parent));
        self.keep(parent_context, &key, hash, &styled);
        self.key = key;
        styled
    }

    /// A margin box of a page: its style and what stands in it. `root` is the document's root as styled here.
    pub fn margin_box(
        &self,
        dom: &Dom,
        root: (NodeId, &Styled),
        place: MarginPlace,
        page: &PageStyle,
    ) -> Option<(Arc<Style>, Arc<[MarginText]>)> {
        let (node, styled) = root;
        let parent = Inherited {
            style: Arc::clone(&styled.style),
            vars: Arc::clone(&styled.vars),
            rem: styled.rem,
            rlh: styled.rlh,
            root: styled.root.clone(),
        };
        self.current.sheets.margin_box(dom, node, place, page, &parent)
    }

    fn compute(&mut self, dom: &Dom, element: NodeId, parent: Option<&Styled>) -> Styled {
        let sheets = &self.current.sheets;
        let parent = parent.map(|p| Inherited {
            style: Arc::clone(&p.style),
            vars: Arc::clone(&p.vars),
            rem: p.rem,
            rlh: p.rlh,
            root: p.root.clone(),
        });
        let matching = sheets.matching(dom, element);
        let inline = dom.attr(element, Name::STYLE).map(|text| css::attribute(text, &Arc::from(""), None));
        let own = cascade::compute(sheets, dom, element, &matching.own, inline.as_ref(), parent.as_ref(), false);
        let pseudo = |blocks: &[cascade::Source<'_>]| {
            if blocks.is_empty() {
                return None;
            }
            let style = cascade::compute(sheets, dom, element, blocks, None, Some(&own), true).style;
            (style.content.is_some() && style.display != super::style::Display::None).then_some(style)
        };
        let (before, after) = (pseudo(&matching.before), pseudo(&matching.after));
        let marker = (!matching.marker.is_empty())
            .then(|| cascade::compute(sheets, dom, element, &matching.marker, None, Some(&own), true).style);
        let first = &matching.first_letter;
        let first_letter =
            (!first.is_empty()).then(|| cascade::compute(sheets, dom, element, first, None, Some(&own), true).style);
        self.given += 1;
        Styled {
            style: own.style,
            context: Context(self.given),
            before,
            after,
            marker,
            first_letter,
            vars: own.vars,
            rem: own.rem,
            rlh: own.rlh,
            root: own.root,
        }
    }

    fn keep(&mut self, parent: u64, key: &[u8], hash: u64, styled: &Arc<Styled>) {
        if self.entries.len() >= MAX_STYLES || self.keys.len() + key.len() > MAX_KEYS {
            self.table.clear();
            self.entries.clear();
            self.keys.clear();
        }
        let start = self.keys.len() as u32;
        self.keys.extend_from_slice(key);
        let at = self.entries.len() as u32;
        let next = self.table.insert(hash, at);
        let key = start..self.keys.len() as u32;
        self.entries.push(Entry { parent, key, styled: Arc::clone(styled), next });
    }

    /// What the sheets can see of the element alone.
    fn write_key(&self, dom: &Dom, element: NodeId, key: &mut Vec<u8>) {
        let name = dom.name(element).unwrap_or(Name::SPAN);
        write_name(dom, name, key);
        let hinted = hints::reads(Some(name));
        let sized = matches!(name, Name::IMG | Name::VIDEO | Name::CANVAS | Name::SVG | Name::OBJECT | Name::EMBED);
        for attribute in dom.attributes(element) {
            let value = dom.str(&attribute.value);
            let seen = match attribute.name {
                Name::CLASS | Name::STYLE | Name::LANG | Name::HIDDEN | Name::DIR => true,
                Name::ID if self.current.sheets.uses.ids.binary_search_by(|id| (**id).cmp(value)).is_ok() => true,
                Name::WIDTH | Name::HEIGHT if sized => true,
                name => (hinted && hints::READ.contains(&dom.name_text(name))) || self.current.sees.sees(dom, name),
            };
            if seen {
                write_name(dom, attribute.name, key);
                write_text(value, key);
            }
        }
        // What follows is no attribute.
        key.extend_from_slice(&(u16::MAX - 1).to_le_bytes());
        let uses = &self.current.sheets.uses;
        if uses.empty {
            key.push(u8::from(selector::is_empty(dom, element)));
        }
        if !(uses.index || uses.index_from_end || uses.of_type) {
            return;
        }
        let node = dom.node(element);
        let siblings = node.parent.map_or(1, |p| dom.node(p).element_children);
        if uses.index {
            key.extend_from_slice(&node.index.to_le_bytes());
        }
        if uses.index_from_end {
            key.extend_from_slice(&siblings.saturating_sub(node.index).to_le_bytes());
        }
        if uses.of_type
            && let Some(parent) = node.parent
        {
            let (mut before, mut after) = (0u32, 0u32);
            for child in dom.children(parent).filter(|c| dom.name(*c) == Some(name)) {
                let count = if child < element { &mut before } else { &mut after };
                *count += 1;
            }
            key.extend_from_slice(&before.to_le_bytes());
            key.extend_from_slice(&after.to_le_bytes());
        }
    }

    /// A number for the row of elements before this one, as the sheets see them; 0 for a first child.
    fn chain(&mut self, dom: &Dom, element: NodeId) -> u64 {
        let mut todo = Vec::new();
        let mut at = element;
        let mut chain = loop {
            if let Some(chain) = self.chained.get(&at) {
                break *chain;
            }
            let mut before = dom.node(at).prev_sibling;
            while let Some(text) = before.filter(|b| !dom.is_element(*b)) {
                before = dom.node(text).prev_sibling;
            }
            match before {
                Some(before) => {
                    todo.push(at);
                    at = before;
                }
                None => {
                    self.chained.insert(at, 0);
                    break 0;
                }
            }
        };
        while let Some(next) = todo.pop() {
            let mut key = std::mem::take(&mut self.key);
            key.clear();
            key.extend_from_slice(&chain.to_le_bytes());
            self.write_key(dom, at, &mut key);
            chain = match self.chains.get(&*key) {
                Some(chain) => *chain,
                None => {
                    if self.chains.len() >= MAX_CHAINS {
                        self.chains.clear();
                    }
                    self.given += 1;
                    self.chains.insert(key.clone().into_boxed_slice(), self.given);
                    self.given
                }
            };
            self.key = key;
            self.chained.insert(next, chain);
            at = next;
        }
        chain
    }
}

fn write_name(dom: &Dom, name: Name, key: &mut Vec<u8>) {
    if name.0 < KNOWN {
        key.extend_from_slice(&(name.0 as u16).to_le_bytes());
    } else {
        key.extend_from_slice(&u16::MAX.to_le_bytes());
        write_text(dom.name_text(name), key);
    }
}

fn write_text(text: &str, key: &mut Vec<u8>) {
    key.extend_from_slice(&(text.len() as u32).to_le_bytes());
    key.extend_from_slice(text.as_bytes());
}

impl Sees {
    fn of(sheets: &Sheets) -> Self {
        let mut sees = Self { known: vec![false; KNOWN as usize], other: Vec::new() };
        for attribute in &sheets.uses.attributes {
            match Name::known(attribute).and_then(|n| sees.known.get_mut(n.0 as usize)) {
                Some(known) => *known = true,
                None => sees.other.push(Arc::clone(attribute)),
            }
        }
        sees
    }

    fn sees(&self, dom: &Dom, name: Name) -> bool {
        match self.known.get(name.0 as usize) {
            Some(known) => *known,
            None => !self.other.is_empty() && self.other.iter().any(|o| **o == *dom.name_text(name)),
        }
    }
}

/// The sheets of a document, in order, with those that they import.
fn collect(dom: &Dom, load: &mut dyn LoadSheet) -> Sheets {
    let mut collecting = Collecting { load, sheets: Vec::new(), faults: Vec::new(), loads: 0 };
    let mut text = String::new();
    let mut styles = 0;
    for node in &dom.sheets {
        if dom.name(*node) == Some(Name::STYLE) {
            styles += 1;
            if !dom.attr(*node, Name::MEDIA).is_none_or(media_applies) {
                continue;
            }
            text.clear();
            dom.text_content(*node, &mut text);
            let name = if styles == 1 { "<style>".to_owned() } else { format!("<style> no. {styles}") };
            collecting.add(&SourceText::new(name, text.as_str()), &Arc::from(""), 0);
        } else if dom
            .attr(*node, Name::REL)
            .is_some_and(|r| r.split_ascii_whitespace().any(|w| w.eq_ignore_ascii_case("stylesheet")))
            && dom.attr(*node, Name::MEDIA).is_none_or(media_applies)
            && let Some(href) = dom.attr(*node, Name::HREF)
        {
            collecting.load("", href, 0);
        }
    }
    let paper = collecting.load.paper();
    let faces = collecting.load.faces();
    let mut sheets = Sheets::new(collecting.sheets, collecting.faults, paper);
    sheets.faces = faces;
    sheets
}

/// The `media` attribute, as far as types go.
fn media_applies(media: &str) -> bool {
    media.trim().is_empty()
        || media.split(',').any(|m| matches!(m.trim().to_ascii_lowercase().as_str(), "print" | "all" | "only print"))
}

struct Collecting<'a> {
    load: &'a mut dyn LoadSheet,
    sheets: Vec<Arc<Stylesheet>>,
    faults: Vec<Diagnostic>,
    loads: usize,
}

impl Collecting<'_> {
    fn load(&mut self, base: &str, href: &str, depth: usize) {
        self.loads += 1;
        if self.loads > MAX_IMPORTS || depth > MAX_IMPORT_DEPTH {
            if self.loads <= MAX_IMPORTS + 1 {
                self.faults.push(Diagnostic::error(
                    "css-imports",
                    format!("`{href}` is not loaded: stylesheets import one another too deep or too often"),
                ));
            }
            return;
        }
        match self.load.load(base, href) {
            Ok((source, folder)) => self.add(&source, &Arc::from(folder), depth),
            Err(fault) => self.faults.push(*fault),
        }
    }

    fn add(&mut self, source: &Arc<SourceText>, base: &Arc<str>, depth: usize) {
        let sheet = Stylesheet::parse(source, base);
        for import in &sheet.imports {
            self.load(&import.base, &import.href, depth + 1);
        }
        self.sheets.push(Arc::new(sheet));
    }
}
