//! Loading, compiling, rendering.

use std::ops::Range;
use std::sync::Arc;

use crate::asset::loader::Files;
use crate::base::{Diagnostic, SourceText};

/// A place in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    pub source: Arc<SourceText>,
    /// Bytes of the source that are meant.
    pub span: Range<usize>,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The field whose value it is: `customer.name`, `pick.product.price`.
    pub field: Option<String>,
}

impl Located {
    /// The template file, as the user would type it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.source.name
    }
}

/// Why a record could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `template-undefined`, `template-value`, `template-too-long`, `template-endless`.
    pub code: &'static str,
    pub message: String,
    pub at: Option<Located>,
    pub help: Vec<String>,
}

impl Fault {
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let mut d = Diagnostic::error(self.code, self.message.clone());
        if let Some(at) = &self.at {
            d = d.at_text(&at.source, at.span.clone(), "");
        }
        d.help.clone_from(&self.help);
        d
    }
}

/// A compiled template with all that it includes. Shared read-only by all workers.
#[derive(Debug)]
pub struct Template {
    name: String,
}

impl Template {
    /// Loads and compiles the template and all that it reaches.
    ///
    /// # Errors
    /// Every fault found: absent files, syntax, cycles.
    pub fn load(files: &Files, name: &str) -> Result<Self, Vec<Diagnostic>> {
        let _ = files;
        Err(vec![Diagnostic::error("template-absent", format!("there is no template {name}"))])
    }

    /// The template's name, as `base` for the images and stylesheets that it names.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Renders into `out`, which is emptied first.
    ///
    /// # Errors
    /// A variable that is missing, a value that a filter refuses, output beyond the limit.
    pub fn render(&self, context: &tera::Context, out: &mut String) -> Result<(), Fault> {
        let _ = context;
        out.clear();
        Err(Fault {
            code: "template-undefined",
            message: format!("{} is empty", self.name),
            at: None,
            help: Vec::new(),
        })
    }

    /// Where in the templates byte `byte` of the markup for `context` was written. Renders again: only for faults.
    #[must_use]
    pub fn locate(&self, context: &tera::Context, byte: usize) -> Option<Located> {
        let _ = (context, byte);
        None
    }
}
