//! Stylesheets: CSS text to rules, page rules, font faces and imports.

use std::sync::Arc;

use super::style::{Dimension, Style};
use crate::base::{Diagnostic, Edges, Pt, Size, SourceText};
use crate::color::Color;

/// One parsed stylesheet.
#[derive(Debug, Default)]
pub struct Stylesheet {
    pub imports: Vec<Import>,
    pub font_faces: Vec<FontFace>,
    /// Everything in the sheet that is unknown or unsupported.
    pub diagnostics: Vec<Diagnostic>,
}

/// `@import`, or a `<link>`: an address to load, in the folder that it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub href: String,
    pub base: Arc<str>,
}

/// `@font-face` (CSS Fonts 4, section 4): data for whoever loads fonts.
#[derive(Clone, Debug, PartialEq)]
pub struct FontFace {
    pub family: Arc<str>,
    /// In order of preference.
    pub sources: Vec<FontSource>,
    /// Folder of the file in which it was written, relative to the template's folder; empty for the template.
    pub base: Arc<str>,
    /// 1..1000
    pub weight: u16,
    pub italic: bool,
    /// The rule, for faults.
    pub place: (Arc<SourceText>, std::ops::Range<usize>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FontSource {
    Url(String),
    Local(String),
}

/// The page box after the cascade of `@page` rules (CSS Paged Media 3).
#[derive(Clone, Debug, PartialEq)]
pub struct PageStyle {
    /// The trimmed page.
    pub size: Size,
    pub bleed: Pt,
    pub margin: Edges<Dimension>,
    pub background: Color,
}

impl Stylesheet {
    /// Parses CSS text. Never fails: what is not understood is dropped, as CSS wants it, and told in `diagnostics`.
    /// `base` is the folder of the file, relative to the template's.
    #[must_use]
    pub fn parse(source: &Arc<SourceText>, base: &Arc<str>) -> Self {
        let _ = (source, base);
        Self::default()
    }
}

/// All sheets of a document in the order of the cascade, ready to match.
#[derive(Debug, Default)]
pub struct Sheets {
    sheets: Vec<Arc<Stylesheet>>,
}

impl Sheets {
    /// The author's sheets in document order, behind the built-in one.
    #[must_use]
    pub fn new(author: Vec<Arc<Stylesheet>>) -> Self {
        Self { sheets: author }
    }

    /// The page of this name (`page: name`; empty for the default page).
    #[must_use]
    pub fn page(&self, name: &str) -> PageStyle {
        let _ = name;
        PageStyle {
            size: Size::new(Pt::from_mm(210.0), Pt::from_mm(297.0)),
            bleed: Pt::ZERO,
            margin: Edges::default(),
            background: Color::TRANSPARENT,
        }
    }

    pub fn font_faces(&self) -> impl Iterator<Item = &FontFace> {
        self.sheets.iter().flat_map(|s| &s.font_faces)
    }

    /// What the sheets say that is unknown or unsupported, and what could not be loaded.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.sheets.iter().flat_map(|s| &s.diagnostics)
    }

    /// The style from which the root inherits.
    #[must_use]
    pub fn initial(&self) -> Style {
        Style::initial()
    }
}
