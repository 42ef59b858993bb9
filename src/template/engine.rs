//! Loading, compiling, rendering.

use std::fmt;
use std::io::Write;
use std::sync::{Arc, OnceLock};

use tera::{Context, ErrorKind, ReportError, Tera};

use super::contract::{self, Contract, Known, Uses};
use super::fault::{Fault, Located};
use super::guard::{self, Guarded};
use super::locate::Locator;
use super::scan::{Kind, Piece, Token, pieces, tokens, unquoted};
use super::{fault, filters};
use crate::asset::loader::{FaultKind, Files};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};

/// Bytes of one template file.
const MAX_SOURCE: u64 = 1 << 20;
/// Files of one template.
const MAX_FILES: usize = 500;
/// Read along when it lies in the template's folder: where components for all of its pages are defined.
const COMPONENTS: &str = "components.html";

/// One file of a template.
#[derive(Debug)]
pub struct Source {
    /// Path in the template's folder: what `include` and `extends` say.
    pub path: String,
    pub text: Arc<SourceText>,
    pub pieces: Vec<Piece>,
    guarded: Guarded,
}

impl Source {
    fn new(path: String, text: Arc<SourceText>) -> Self {
        let pieces = pieces(&text.text);
        let guarded = Guarded::new(&text.text, &pieces);
        Self { path, text, pieces, guarded }
    }

    /// What this file pulls in: the word (`include`, `extends`), the path, and where the path stands.
    pub fn links(&self) -> impl Iterator<Item = (&str, &str, std::ops::Range<usize>)> {
        self.pieces.iter().filter(|p| p.kind == Kind::Tag).filter_map(|p| {
            match tokens(&self.text.text, p.inner.clone()).get(..2)? {
                [(Token::Word(word @ ("include" | "extends")), _), (Token::Quoted(q), span)] => {
                    Some((*word, unquoted(q)?, span.start + 1..span.end - 1))
                }
                _ => None,
            }
        })
    }

    /// The innermost `for`, `if`, `block` or `filter` that has no end where one is due: its word and its tag.
    fn unclosed(&self) -> Option<(&str, std::ops::Range<usize>)> {
        let mut open: Vec<(&str, std::ops::Range<usize>)> = Vec::new();
        for piece in self.pieces.iter().filter(|p| p.kind == Kind::Tag) {
            let Some((Token::Word(word), _)) = tokens(&self.text.text, piece.inner.clone()).into_iter().next() else {
                continue;
            };
            match word {
                "for" | "if" | "block" | "filter" => open.push((word, piece.span.clone())),
                "endfor" | "endif" | "endblock" | "endfilter" => match open.pop() {
                    Some((opened, _)) if word.strip_prefix("end") == Some(opened) => {}
                    other => return other,
                },
                _ => {}
            }
        }
        open.pop()
    }

    /// A place of the guarded text that Tera compiled, in the text as written.
    fn located(&self, span: &std::ops::Range<usize>) -> Located {
        Located::new(&self.text, self.guarded.original_span(span), &self.pieces)
    }
}

/// A compiled template with all that it includes. Shared read-only by all workers.
pub struct Template {
    /// As [`Files`] named it.
    name: String,
    /// All files, the page itself first.
    sources: Vec<Source>,
    tera: Tera,
    uses: Uses,
    contract: Contract,
    locator: OnceLock<Option<Locator>>,
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Template({}, {} files)", self.name, self.sources.len())
    }
}

impl Template {
    /// Loads and compiles the template `name` (as [`Files::with_template`] gave it) and all that it reaches.
    ///
    /// # Errors
    /// Every fault found: absent files, syntax, cycles, unknown filters.
    pub fn load(files: &Files, name: &str) -> Result<Self, Vec<Diagnostic>> {
        let Some(path) = files.path_in_template(name) else {
            return Err(vec![Diagnostic::error(
                "template-outside",
                format!("{name} does not lie in the template's folder"),
            )]);
        };
        let sources = load_all(files, path)?;
        let mut faults: Vec<Diagnostic> = sources.iter().filter_map(syntax_fault).collect();
        faults.extend(cycles(&sources));
        let contract = Contract::load(files, path).map_err(|d| faults.push(*d)).unwrap_or_default();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut tera = Tera::new();
        filters::register(&mut tera);
        tera.autoescape_on(vec![".html", ".htm", ".xhtml", ".xml", ".svg"]);
        tera.add_raw_templates(sources.iter().map(|s| (s.path.as_str(), s.guarded.text.as_str())))
            .map_err(|e| compile_faults(&e, &sources))?;
        let uses = contract::uses(&sources);
        Ok(Self { name: name.to_owned(), sources, tera, uses, contract, locator: OnceLock::new() })
    }

    /// The template's name, as `base` for the images and stylesheets that it names.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All files of the template, the page itself first.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Which fields the template reads.
    #[must_use]
    pub fn uses(&self) -> &Uses {
        &self.uses
    }

    /// What the file beside the template says.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Compares the fields that the template and its contract name with those that it can be given.
    #[must_use]
    pub fn check(&self, known: &Known) -> Vec<Diagnostic> {
        contract::check(&self.uses, &self.contract, known)
    }

    /// Renders into `out`, which is emptied first.
    ///
    /// # Errors
    /// A variable that is missing, a value that a filter refuses, output or work beyond the limits.
    pub fn render(&self, context: &Context, out: &mut String) -> Result<(), Fault> {
        guard::start_work();
        let mut bytes = std::mem::take(out).into_bytes();
        bytes.clear();
        let mut sink = Sink { out: &mut bytes, full: false };
        let done = self.tera.render_to(&self.sources[0].path, context, &mut sink);
        let full = sink.full;
        // Tera writes nothing but whole strings, so this is only a check
        let text = String::from_utf8(bytes);
        if full {
            return Err(Fault::new(
                "template-too-long",
                format!(
                    "the template makes more than {} MiB of markup for one record; is there a loop that does not end?",
                    guard::MAX_OUTPUT >> 20
                ),
            ));
        }
        done.map_err(|e| self.fault(&e))?;
        *out = text.map_err(|_| Fault::new("template-value", "the markup is not UTF-8"))?;
        Ok(())
    }

    /// Where in the templates byte `byte` of the markup for `context` was written. Compiles a second, marked
    /// copy at its first use and renders again: only for faults.
    #[must_use]
    pub fn locate(&self, context: &Context, markup: &str, byte: usize) -> Option<Located> {
        let locator = self.locator.get_or_init(|| Locator::new(&self.sources)).as_ref()?;
        locator.locate(&self.sources, context, markup, byte)
    }

    fn fault(&self, e: &tera::Error) -> Fault {
        match e.kind() {
            ErrorKind::RenderingError(report) => {
                let source = self.sources.iter().find(|s| s.path == report.filename());
                fault::of_report(report.message(), source.map(|s| s.located(&report.span().range)))
            }
            other => fault::of_report(&other.to_string(), None),
        }
    }
}

/// Where Tera writes to: grows up to the limit.
struct Sink<'a> {
    out: &'a mut Vec<u8>,
    full: bool,
}

impl Write for Sink<'_> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        self.write_all(buf).map(|()| buf.len())
    }

    fn write_all(&mut self, buf: &[u8]) -> std::io::Result<()> {
        if self.out.len() + buf.len() > guard::MAX_OUTPUT {
            self.full = true;
            return Err(std::io::ErrorKind::OutOfMemory.into());
        }
        self.out.extend_from_slice(buf);
        Ok(())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The page and all files that it reaches, breadth first, each once.
fn load_all(files: &Files, page: &str) -> Result<Vec<Source>, Vec<Diagnostic>> {
    let read = |path: &str| -> Result<Source, Box<Diagnostic>> {
        let loaded = files.read_template(path, MAX_SOURCE).map_err(|f| Box::new(f.diagnostic()))?;
        let text = String::from_utf8(loaded.bytes.into_owned()).map_err(|e| {
            let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            let message = format!("{} is not UTF-8 from line {line} on", loaded.name);
            let place = crate::base::Place::File(loaded.name.clone());
            Box::new(Diagnostic::error("template-encoding", message).at(place, "").help("save the file as UTF-8"))
        })?;
        // editors on Windows put a byte order mark in front, which would become a character on paper
        let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
        Ok(Source::new(path.to_owned(), SourceText::new(loaded.name, text)))
    };
    let mut sources = vec![read(page).map_err(|d| vec![*d])?];
    let mut faults = Vec::new();
    if page != COMPONENTS {
        match files.read_template(COMPONENTS, MAX_SOURCE) {
            Err(f) if f.kind == FaultKind::Absent => {}
            _ => match read(COMPONENTS) {
                Ok(source) => sources.push(source),
                Err(d) => faults.push(*d),
            },
        }
    }
    let mut next = 0;
    while let Some(source) = sources.get(next) {
        let text = Arc::clone(&source.text);
        let links: Vec<_> = source.links().map(|(_, path, span)| (path.to_owned(), span)).collect();
        for (path, span) in links {
            if sources.iter().any(|s| s.path == path) {
                continue;
            }
            if sources.len() >= MAX_FILES {
                faults.push(
                    Diagnostic::error("template-too-many", format!("the template has more than {MAX_FILES} files"))
                        .at_text(&text, span, ""),
                );
                return Err(faults);
            }
            match read(&path) {
                Ok(source) => sources.push(source),
                Err(mut d) => {
                    d.place = None;
                    faults.push(d.at_text(&text, span, "named here"));
                }
            }
        }
        next += 1;
    }
    if faults.is_empty() { Ok(sources) } else { Err(faults) }
}

/// What Tera's parser says of one file, in the text as written.
fn syntax_fault(source: &Source) -> Option<Diagnostic> {
    let e = Tera::new().add_raw_template(&source.path, &source.text.text).err()?;
    let ErrorKind::SyntaxError(report) = e.kind() else { return None };
    Some(syntax_diagnostic(report, source))
}

fn syntax_diagnostic(report: &ReportError, source: &Source) -> Diagnostic {
    let len = source.text.text.len();
    let range = &report.span().range;
    let start = range.start.min(len);
    // Tera tells where it noticed; the tag that is still open is what has to be mended.
    if let Some((word, span)) = source.unclosed() {
        return Diagnostic::error("template-syntax", format!("this {{% {word} %}} is not closed"))
            .at_text(&source.text, span, "opened here")
            .help(format!("write {{% end{word} %}} where it ends"));
    }
    Diagnostic::error("template-syntax", fault::sentence(report.message())).at_text(
        &source.text,
        start..range.end.clamp(start, len),
        "",
    )
}

/// Each way round in a circle of `include` and `extends`, told at the link that closes it.
fn cycles(sources: &[Source]) -> Vec<Diagnostic> {
    /// `open`: the way from the page; `done`: files that lead into no circle that was not told.
    fn walk<'a>(
        sources: &'a [Source],
        at: &'a Source,
        open: &mut Vec<&'a str>,
        done: &mut Vec<&'a str>,
        out: &mut Vec<Diagnostic>,
    ) {
        open.push(&at.path);
        for (word, path, span) in at.links() {
            if let Some(i) = open.iter().position(|p| *p == path) {
                let mut way = open[i..].to_vec();
                way.push(path);
                let does = if word == "include" { "includes" } else { "extends" };
                out.push(
                    Diagnostic::error("template-circle", format!("{} {does} itself: {}", path, way.join(" → ")))
                        .at_text(&at.text, span, "closes the circle"),
                );
            } else if !done.contains(&path)
                && let Some(next) = sources.iter().find(|s| s.path == path)
            {
                walk(sources, next, open, done, out);
            }
        }
        open.pop();
        done.push(&at.path);
    }
    let (mut done, mut out) = (Vec::new(), Vec::new());
    for source in sources {
        if !done.contains(&source.path.as_str()) {
            walk(sources, source, &mut Vec::new(), &mut done, &mut out);
        }
    }
    out
}

/// What Tera finds when it puts the files together. It tells places only as text
/// (`error: … --> file:line:column`), so that text is read.
fn compile_faults(e: &tera::Error, sources: &[Source]) -> Vec<Diagnostic> {
    let message = match e.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            return match sources.iter().find(|s| s.path == report.filename()) {
                Some(source) => vec![syntax_diagnostic(report, source)],
                None => vec![Diagnostic::error("template-syntax", fault::sentence(report.message()))],
            };
        }
        other => other.to_string(),
    };
    let faults: Vec<Diagnostic> = message.split("\n\n").filter_map(|report| linked_fault(report, sources)).collect();
    if faults.is_empty() { vec![Diagnostic::error("template-fault", fault::sentence(&message))] } else { faults }
}

fn linked_fault(report: &str, sources: &[Source]) -> Option<Diagnostic> {
    let mut lines = report.lines();
    let message = lines.next()?.strip_prefix("error: ")?;
    let (_, place) = lines.next()?.split_once("--> ")?;
    let mut place = place.rsplitn(3, ':');
    let column: usize = place.next()?.parse().ok()?;
    let line: usize = place.next()?.parse().ok()?;
    let path = place.next()?;
    let source = sources.iter().find(|s| s.path == path)?;
    let text = &source.guarded.text;
    let start_of_line = match line {
        1 => 0,
        n => text.match_indices('\n').nth(n - 2)?.0 + 1,
    };
    let start = start_of_line + text[start_of_line..].chars().take(column - 1).map(char::len_utf8).sum::<usize>();
    let width = report.lines().last()?.matches('^').count().max(1);
    let end = start + text[start..].chars().take(width).map(char::len_utf8).sum::<usize>();
    let span = source.guarded.original_span(&(start..end));
    let mut d = Diagnostic::error("template-unknown", fault::sentence(message)).at_text(&source.text, span, "");
    if let Some(name) = message.strip_prefix("Unknown filter `").and_then(|m| m.strip_suffix('`')) {
        let known = filters::TABLE.iter().map(|e| e.name).chain(filters::OF_TERA.iter().copied());
        if let Some(word) = did_you_mean(name, known) {
            d = d.help(format!("did you mean `{word}`?"));
        }
    }
    Some(d)
}
