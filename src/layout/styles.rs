//! What stylesheets ask for once in a run: the campaign's own fonts, and warnings about what is not understood.

use std::sync::Arc;

use crate::asset::face::{About, MAX_FONT, choose, warnings};
use crate::asset::fallback::FontSet;
use crate::asset::font::{FontData, FontFault};
use crate::asset::variation::Bounds;
use crate::base::{Diagnostic, Place, SourceText};
use crate::layout::Loader;
use crate::layout::Shared;
use crate::markup::css::{self, FontFace, FontSource};
use crate::markup::dom::Dom;
use crate::markup::html;
use crate::markup::name::Name;
use crate::markup::styler::Styler;

impl Shared {
    /// Reads the stylesheets of one rendered piece, loads the fonts that they name, and tells what they say
    /// that is unknown, unsupported or cannot be loaded: once in a run. `templates` are the template's files,
    /// to show the place of what stands in a `<style>` element.
    pub fn prepare(&mut self, html: &str, templates: &[&Arc<SourceText>]) -> Vec<Diagnostic> {
        let mut dom = Dom::new();
        if html::parse_as(self.syntax, html, &mut dom).is_err() {
            // Told for each record by layout.
            return Vec::new();
        }
        let mut styler = Styler::new();
        let sheets = Arc::clone(styler.begin(&dom, &mut Loader(self)));
        let mut told: Vec<Diagnostic> = sheets.diagnostics().cloned().collect();
        let faces: Vec<&FontFace> = sheets.font_faces().collect();
        if !faces.is_empty() {
            let mut fonts = FontSet::clone(&self.fonts);
            told.extend(faces.into_iter().filter_map(|face| self.load_face(&mut fonts, face)));
            self.fonts = Arc::new(fonts);
        }
        if !sheets.states_page_size() && !told.iter().any(Diagnostic::is_error) {
            told.push(
                Diagnostic::warning("no-page-size", "no stylesheet says how big the page is; A4 is taken")
                    .at(Place::File(self.template.clone()), "")
                    .help("write `@page { size: 100mm 148mm; bleed: 3mm }`"),
            );
        }
        told.extend(attribute_faults(&dom));
        for d in &mut told {
            replace(d, templates);
        }
        told
    }

    /// Adds one face; what keeps it from being added is told.
    fn load_face(&self, fonts: &mut FontSet, face: &FontFace) -> Option<Diagnostic> {
        let (source, span) = &face.place;
        let told = |code, message: String| {
            Some(Diagnostic::error(code, message).at_text(source, span.clone(), format!("font {}", face.family)))
        };
        let mut last = None;
        for wanted in &face.sources {
            let FontSource::Url(url) = wanted else {
                last = told(
                    "font-local",
                    format!("the font {} is asked for by local(), and no font of the system is read", face.family),
                )
                .map(|d| d.help("put the font file into the campaign's folder and name it by url()"));
                continue;
            };
            let base = if face.base.is_empty() { self.template.as_str() } else { &face.base };
            // One face of a collection goes by its name behind `#`.
            let (file, face_name) = url.split_once('#').unwrap_or((url, ""));
            match self.images.files().font(base, file, MAX_FONT) {
                Err(f) => last = told(f.code(), f.message.clone()),
                Ok((name, data)) => match choose(&data, &name, face_name) {
                    Err(message) => last = told("font-broken", message),
                    Ok(about) => match add(fonts, data, &about, face) {
                        Ok(()) => {
                            let (code, message) = warnings(&about, &name).into_iter().next()?;
                            let mut d = told(code, message)?;
                            d.severity = crate::base::Severity::Warning;
                            return Some(d);
                        }
                        Err(fault) => last = told("font-broken", format!("{name} cannot be used: {fault}")),
                    },
                },
            }
        }
        last
    }
}

/// Adds a face with what its rule says of it.
fn add(fonts: &mut FontSet, data: FontData, about: &About, face: &FontFace) -> Result<(), FontFault> {
    let bounds = Bounds { weights: (face.weight, face.heaviest), stretch: face.stretch, leans: face.leans };
    fonts.add_bounded(data, about, Arc::clone(&face.family), face.italic, bounds).map(|_| ())
}

/// Different `style` attributes that are looked at for faults.
const MAX_ATTRIBUTES: usize = 1000;

/// What `style` attributes say that is not understood; the same text is told once.
fn attribute_faults(dom: &Dom) -> Vec<Diagnostic> {
    let mut seen = std::collections::BTreeSet::new();
    let mut told = Vec::new();
    let Some(root) = dom.root() else { return told };
    for node in dom.subtree(root) {
        let Some(attribute) = dom.attribute(node, Name::STYLE) else { continue };
        if seen.len() >= MAX_ATTRIBUTES {
            break;
        }
        let text = dom.str(&attribute.value);
        if seen.insert(text) {
            let name = format!("<{} style>", dom.element_name(node));
            told.extend(css::attribute_faults(&SourceText::new(name, text)));
        }
    }
    told
}

/// A stylesheet that cannot be loaded is told where the template names it. Places in a `<style>` element become places in the template's file, when the element's text stands there.
fn replace(d: &mut Diagnostic, templates: &[&Arc<SourceText>]) {
    if let Some(Place::File(name)) = &d.place
        && d.is_error()
    {
        let named = templates.iter().find_map(|t| t.text.find(name.as_str()).map(|at| (*t, at..at + name.len())));
        if let Some((template, span)) = named {
            d.place = Some(Place::Text { source: Arc::clone(template), span });
            d.label = "named here".to_owned();
        }
    }
    let Some(Place::Text { source, span }) = &mut d.place else { return };
    if !source.name.starts_with('<') {
        return;
    }
    for template in templates {
        if let Some(at) = template.text.find(&source.text) {
            *span = span.start + at..span.end + at;
            *source = Arc::clone(template);
            return;
        }
    }
}
