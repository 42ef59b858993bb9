//! Styled markup to finished pages.
//!
//! A [`Composer`] is one worker's bundle of scratch space; what all workers read is in [`Shared`]. The value is
//! a list of [`Page`]s, with every [`Fault`] that was found on the way. A piece begins with page 1.
//!
//! * `address` – `<address-block>`, written out before the markup is read
//! * `boxes` – from an element and its room to a fragment: block, line, flex, grid, table, float, positions; [`text`] – lines
//! * `paint` – what a box draws
//! * `pages` – from the document to pages: breaks, flows that are longer than a page, what recurs on each
//! * `fit` – text that does not fit its box, changed until it does
//! * `counters` – texts that depend on their place in the document
//! * `fragment` – a laid out box; `cache` – those that recur from record to record
//! * `faces` – the measures of fonts that lengths can be in
//! * [`styles`] – what stylesheets ask for once in a run: fonts, warnings
//! * [`statics`] – which elements the template alone fixes
//! * [`trace`] – where elements and lines came to lie, on request
//! * [`fault`] – what can be wrong with a piece
//! * [`laps`] – how long the steps take, when that is asked for

mod address;
mod boxes;
mod cache;
mod counters;
mod faces;
pub mod fault;
pub mod fit;
mod fragment;
pub mod laps;
mod pages;
mod paint;
pub mod statics;
mod styles;
pub mod text;
pub mod trace;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use fault::{Axis, Fault, FaultKind};
pub use statics::Statics;

use crate::asset::fallback::FontSet;
use crate::asset::image::{Image, ImageStore};
use crate::barcode::qr;
use crate::barcode::size::Device;
use crate::base::{Diagnostic, Place, SourceText};
use crate::markup::css::{PageStyle, WhichPage};
use crate::markup::decode;
use crate::markup::dom::Dom;
use crate::markup::faces::Faces;
use crate::markup::html::{self, Syntax};
use crate::markup::name::Name;
use crate::markup::style::Orientation;
use crate::markup::styler::{LoadSheet, Styler};
use crate::page::Page;
use boxes::engine::Engine;
use cache::Cache;
use laps::{Laps, Step};
use text::{TextLayout, TextScratch};

/// The longest stylesheet.
const MAX_SHEET: u64 = 4 << 20;

/// Limits and switches of layout.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Keep fragments that recur. Off, every element is laid out anew; the pages are the same.
    pub caches: bool,
    /// More pages than this for one piece is a fault.
    pub max_pages: usize,
    /// Content that is longer than its page goes on on the next one. Off, that is a fault: a piece has the pages that
    /// its template gives it.
    pub flow: bool,
    /// Elements nested more deeply than this are a fault.
    pub max_depth: usize,
    /// Note where elements and lines come to lie ([`Composer::traced`]); nothing is kept from record to record then.
    pub trace: bool,
    /// What draws on paper, as far as barcodes want to know it.
    pub device: Device,
}

impl Default for Options {
    fn default() -> Self {
        let device = Device::default();
        Self { caches: true, max_pages: 200, flow: false, max_depth: 100, trace: false, device }
    }
}

/// What all workers of a run read.
#[derive(Debug)]
pub struct Shared {
    pub fonts: Arc<FontSet>,
    pub images: Arc<ImageStore>,
    /// The template's name, as [`crate::asset::loader::Files`] gave it: addresses in the markup are relative to it.
    pub template: String,
    pub statics: Statics,
    pub options: Options,
    /// The page where no `@page` rule says anything.
    pub paper: PageStyle,
    /// How the markup is read.
    pub syntax: Syntax,
}

impl Shared {
    #[must_use]
    pub fn new(fonts: Arc<FontSet>, images: Arc<ImageStore>, template: impl Into<String>) -> Self {
        let (statics, options) = (Statics::default(), Options::default());
        let (paper, syntax) = (PageStyle::default(), Syntax::Html);
        Self { fonts, images, template: template.into(), statics, options, paper, syntax }
    }

    /// `base` is the name of the file that names the picture; empty for the template.
    fn image(&self, base: &str, url: &str, stands: Orientation) -> Result<Arc<Image>, FaultKind> {
        let base = if base.is_empty() { &self.template } else { base };
        let found = match stands {
            Orientation::FromImage => self.images.get(base, url),
            Orientation::None => self.images.get_as_stored(base, url),
        };
        found.map_err(|f| FaultKind::Image { code: f.code(), message: f.message })
    }
}

/// Stylesheets come through the same door as pictures. The folder that the styler is told is the sheet's own
/// name, which is what that door wants to know.
struct Loader<'a>(&'a Shared);

impl LoadSheet for Loader<'_> {
    fn load(&mut self, base: &str, href: &str) -> Result<(Arc<SourceText>, String), Box<Diagnostic>> {
        let base = if base.is_empty() { &self.0.template } else { base };
        let loaded = self.0.images.files().read(base, href, MAX_SHEET).map_err(|f| Box::new(f.diagnostic()))?;
        let text = match String::from_utf8(loaded.bytes.into_owned()) {
            Ok(text) => text,
            Err(wrong) if self.0.images.files().is_site() => decode::stylesheet(wrong.as_bytes()),
            Err(_) => {
                let message = format!("the stylesheet {} is not UTF-8", loaded.name);
                return Err(Box::new(Diagnostic::error("file-broken", message)));
            }
        };
        Ok((SourceText::new(loaded.name.clone(), text), loaded.name))
    }

    fn paper(&self) -> PageStyle {
        self.0.paper.clone()
    }

    fn faces(&self) -> Option<Arc<dyn Faces>> {
        Some(Arc::clone(&self.0.fonts) as Arc<dyn Faces>)
    }
}

/// One worker: turns markup into pages, one piece after the other.
#[derive(Debug)]
pub struct Composer {
    shared: Arc<Shared>,
    dom: Dom,
    styler: Styler,
    text: TextScratch,
    qr: qr::Scratch,
    cache: Cache,
    memo: boxes::engine::Memo,
    spare: Vec<TextLayout>,
    turned: boxes::turn::Turned,
    papers: pages::sheet::Papers,
    traced: Vec<trace::Traced>,
    address: address::Expander,
}

impl Composer {
    #[must_use]
    pub fn new(shared: Arc<Shared>) -> Self {
        let cache = Cache::new(shared.options.caches && !shared.options.trace);
        Self {
            shared,
            dom: Dom::new(),
            styler: Styler::new(),
            text: TextScratch::default(),
            qr: qr::Scratch::default(),
            cache,
            memo: FxHashMap::default(),
            spare: Vec::new(),
            turned: boxes::turn::Turned::default(),
            papers: pages::sheet::Papers::default(),
            traced: Vec::new(),
            address: address::Expander::default(),
        }
    }

    /// Lays out one piece. `pages` and `faults` are emptied first. A piece with faults still has its pages, so
    /// that a proof can show what is wrong; whether it may be printed is the caller's policy.
    pub fn compose(&mut self, html: &str, pages: &mut Vec<Page>, faults: &mut Vec<Fault>) {
        pages.clear();
        faults.clear();
        self.text.laps.begin(Step::Tokenise);
        if self.address.expand(html, faults) {
            let written = std::mem::take(&mut self.address.html);
            let known = faults.len();
            self.compose_timed(&written, pages, faults);
            for fault in faults.iter_mut().skip(known) {
                fault.at = self.address.original(fault.at);
            }
            self.address.html = written;
        } else {
            self.compose_timed(html, pages, faults);
        }
        self.text.laps.begin(Step::Idle);
    }

    fn compose_timed(&mut self, html: &str, pages: &mut Vec<Page>, faults: &mut Vec<Fault>) {
        if let Err(fault) = html::parse_as(self.shared.syntax, html, &mut self.dom) {
            let at = u32::try_from(fault.byte).unwrap_or(u32::MAX);
            faults.push(Fault { kind: FaultKind::Markup { message: fault.to_string() }, at, element: "html".into() });
            return;
        }
        self.text.laps.begin(Step::Style);
        let sheets = self.styler.begin(&self.dom, &mut Loader(&self.shared));
        self.papers.begin(sheets);
        let page = self.papers.of(&WhichPage::first(Arc::default()));
        // What all pieces share was told before the run; a piece may name a stylesheet of its own.
        faults.extend(sheets.diagnostics().filter(|d| d.is_error()).map(|d| Fault {
            kind: FaultKind::Stylesheet { code: d.code, message: d.message.clone() },
            at: match &d.place {
                Some(Place::File(name)) => html.find(name.as_str()).and_then(|at| u32::try_from(at).ok()).unwrap_or(0),
                _ => 0,
            },
            element: "head".into(),
        }));
        self.text.laps.begin(Step::Boxes);
        self.cache.begin();
        self.memo.clear();
        let mut engine = Engine {
            dom: &self.dom,
            styler: &mut self.styler,
            shared: &self.shared,
            text: &mut self.text,
            qr: &mut self.qr,
            cache: &mut self.cache,
            memo: &mut self.memo,
            spare: &mut self.spare,
            turned: &mut self.turned,
            page_area: pages::sheet::page_area(&page).size(),
            depth: 0,
            fit: None,
            flowing: false,
            deep: false,
            traced: Vec::new(),
            counted: counters::Counted::default(),
            intruding: boxes::float::Floats::default(),
            shift: crate::base::Pt::ZERO,
            shifting: 0,
        };
        engine.count(html);
        engine.paginate(&mut self.papers, pages, faults);
        engine.keep_quiet(pages, faults);
        self.traced = engine.traced;
        if self.dom.repaired.is_some() {
            for fault in faults.iter_mut() {
                fault.at = u32::try_from(self.dom.original(fault.at)).unwrap_or(u32::MAX);
            }
        }
    }

    /// The clock of this composer's steps.
    pub fn laps(&mut self) -> &mut Laps {
        &mut self.text.laps
    }

    /// Where the last piece's elements and lines lie, page by page, and its tree; empty unless [`Options::trace`] is set.
    #[must_use]
    pub fn traced(&self) -> (&[trace::Traced], &Dom) {
        (&self.traced, &self.dom)
    }

    /// The text of the last piece's `<title>` and the language of its root, empty where it has none.
    #[must_use]
    pub fn title_and_language(&self) -> (String, String) {
        let mut title = String::new();
        let named = |n: &_| self.dom.name(*n) == Some(Name::TITLE);
        if let Some(node) = self.dom.head().and_then(|head| self.dom.children(head).find(named)) {
            self.dom.text_content(node, &mut title);
        }
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let language = self.dom.root().and_then(|root| self.dom.attr_named(root, "lang")).unwrap_or("").trim();
        (title, language.to_owned())
    }

    /// How many elements were found laid out, of how many that were looked up; since the beginning.
    #[must_use]
    pub fn cache_hits(&self) -> (u64, u64) {
        (self.cache.hits, self.cache.lookups)
    }
}
