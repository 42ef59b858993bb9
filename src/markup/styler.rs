//! Styles of elements, with the caches of one worker. A cache never changes a result: it only answers again
//! what was computed before from the same inputs.

use std::sync::Arc;

use super::css::Sheets;
use super::dom::{Dom, NodeId};
use super::style::Style;
use crate::base::{Diagnostic, SourceText};

/// Stands for everything that the styles of an element's descendants may depend on from above: the sheets, the
/// chain of ancestors as selectors see them, the inherited values. Equal contexts (from the same [`Styler`])
/// and equal source bytes of two elements' *contents* give equal styles throughout. Never used again for anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Context(pub u64);

/// What the cascade says of one element.
#[derive(Clone, Debug)]
pub struct Styled {
    pub style: Arc<Style>,
    /// For this element's children and everything below.
    pub context: Context,
    /// `::before`, if it makes a box (`content` is set).
    pub before: Option<Arc<Style>>,
    /// `::after`, if it makes a box.
    pub after: Option<Arc<Style>>,
}

/// Loads a stylesheet: the address as written and the folder of the file in which it was written, relative
/// to the template's folder. The answer is the text, named as the user knows it, and its own folder.
pub trait LoadSheet {
    /// # Errors
    /// Why the sheet cannot be had.
    fn load(&mut self, base: &str, href: &str) -> Result<(Arc<SourceText>, String), Box<Diagnostic>>;
}

/// For documents that load nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadNothing;

impl LoadSheet for LoadNothing {
    fn load(&mut self, _base: &str, href: &str) -> Result<(Arc<SourceText>, String), Box<Diagnostic>> {
        Err(Box::new(Diagnostic::error("css-not-loaded", format!("the stylesheet `{href}` cannot be loaded here"))))
    }
}

/// The styles of one worker's documents.
#[derive(Debug, Default)]
pub struct Styler {
    sheets: Arc<Sheets>,
}

impl Styler {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a document: finds or parses the sheets that its `<style>` and `<link rel=stylesheet>` name.
    /// To be called before any [`style`](Self::style) of that document.
    pub fn begin(&mut self, dom: &Dom, load: &mut dyn LoadSheet) -> &Arc<Sheets> {
        let _ = (dom, load);
        &self.sheets
    }

    /// The sheets of the document that was begun.
    #[must_use]
    pub fn sheets(&self) -> &Arc<Sheets> {
        &self.sheets
    }

    /// The style of an element. `parent` is what this gave for its parent; `None` for the root.
    pub fn style(&mut self, dom: &Dom, element: NodeId, parent: Option<&Styled>) -> Arc<Styled> {
        let _ = (dom, element);
        let style = match parent {
            Some(parent) => Style::anonymous(&parent.style),
            None => Style::initial(),
        };
        Arc::new(Styled { style: Arc::new(style), context: Context(0), before: None, after: None })
    }
}
