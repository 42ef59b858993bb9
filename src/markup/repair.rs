//! Markup that is not well formed, repaired as browsers do: html5ever reads it, the resulting tree is written
//! out as well-formed markup, and [`super::build`] reads that. So there is one builder of trees, and the spans
//! and hashes of a repaired tree mean exactly what they mean in any other.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName};

use super::build::{is_raw, is_void, skips_newline};
use super::fault::{Fault, FaultKind};
use super::html::{MAX_ATTRIBUTES, MAX_DEPTH};

/// The markup written out, and the way back: (byte of it, byte of the original), rising.
#[derive(Debug)]
pub(super) struct Repaired {
    pub source: String,
    pub map: Vec<(u32, u32)>,
}

/// Reads `source` as a browser does and writes out the tree.
pub(super) fn repair(source: &str) -> Result<Repaired, Fault> {
    if let Some(byte) = crowded_tag(source) {
        return Err(Fault { kind: FaultKind::TooManyAttributes, byte });
    }
    let state = Rc::new(State::default());
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let mut parser =
        html5ever::parse_document(Sink(Rc::clone(&state)), ParseOpts { tree_builder, ..ParseOpts::default() });
    // In small portions, so that hostile nesting is noticed before it costs much.
    let mut at = 0;
    while at < source.len() {
        let mut end = (at + 4096).min(source.len());
        while !source.is_char_boundary(end) {
            end += 1;
        }
        parser.process(StrTendril::from(&source[at..end]));
        if state.too_deep.get() {
            return Err(Fault { kind: FaultKind::TooDeep, byte: end });
        }
        at = end;
    }
    parser.finish();
    if state.too_deep.get() {
        return Err(Fault { kind: FaultKind::TooDeep, byte: source.len() });
    }
    let lines: Vec<u32> =
        std::iter::once(0).chain(memchr::memchr_iter(b'\n', source.as_bytes()).map(|i| i as u32 + 1)).collect();
    let nodes = state.nodes.borrow();
    Ok(Writer { nodes: &nodes, lines: &lines, out: String::with_capacity(source.len() + 64), map: Vec::new() }
        .document())
}

/// The first tag that has too many attributes: html5ever compares each with all others.
fn crowded_tag(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(i) = memchr::memchr(b'<', bytes.get(at..)?) {
        let start = at + i;
        at = start + 1;
        if bytes.get(at..)?.starts_with(b"!--") {
            at += memchr::memmem::find(&bytes[at..], b"-->").unwrap_or(0);
            continue;
        }
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let mut words = 0;
        let mut quote = 0;
        let mut value = false;
        let mut space = false;
        while let Some(b) = bytes.get(at) {
            match b {
                _ if quote != 0 && *b != quote => {}
                _ if quote != 0 => {
                    quote = 0;
                    space = true;
                }
                b'>' => break,
                b'"' | b'\'' if value => quote = *b,
                b' ' | b'\n' | b'\t' | b'\r' | 0x0C | b'/' => space = true,
                _ if space => {
                    words += usize::from(*b != b'=');
                    space = false;
                }
                _ => {}
            }
            value = *b == b'=' || (value && matches!(b, b' ' | b'\n' | b'\t' | b'\r' | 0x0C));
            at += 1;
        }
        if words > MAX_ATTRIBUTES {
            return Some(start);
        }
    }
    None
}

#[derive(Debug, Default)]
struct State {
    nodes: RefCell<Vec<Temp>>,
    line: Cell<u64>,
    too_deep: Cell<bool>,
}

#[derive(Debug)]
struct Temp {
    kind: Kind,
    parent: Option<usize>,
    children: Vec<usize>,
    line: u64,
}

#[derive(Debug)]
enum Kind {
    /// The document and the contents of templates.
    Root,
    Element {
        name: Rc<QualName>,
        attributes: Vec<Attribute>,
        template: Option<usize>,
    },
    Text(StrTendril),
    Comment,
}

#[derive(Clone, Debug)]
struct Handle {
    at: usize,
    name: Rc<QualName>,
}

struct Sink(Rc<State>);

impl Sink {
    fn make(&self, kind: Kind) -> usize {
        let mut nodes = self.0.nodes.borrow_mut();
        if nodes.is_empty() {
            nodes.push(Temp { kind: Kind::Root, parent: None, children: Vec::new(), line: 1 });
        }
        nodes.push(Temp { kind, parent: None, children: Vec::new(), line: self.0.line.get() });
        nodes.len() - 1
    }

    fn handle(&self, kind: Kind) -> Handle {
        let name = match &kind {
            Kind::Element { name, .. } => Rc::clone(name),
            _ => no_name(),
        };
        Handle { at: self.make(kind), name }
    }

    /// Puts `child` into `parent` at `index`, or joins a text with the text before it.
    fn insert(&self, parent: usize, index: usize, child: NodeOrText<Handle>) {
        let child = match child {
            NodeOrText::AppendNode(handle) => handle.at,
            NodeOrText::AppendText(text) => {
                let mut nodes = self.0.nodes.borrow_mut();
                let before = index.checked_sub(1).and_then(|i| nodes.get(parent)?.children.get(i).copied());
                if let Some(Temp { kind: Kind::Text(last), .. }) = before.and_then(|b| nodes.get_mut(b)) {
                    last.push_tendril(&text);
                    return;
                }
                drop(nodes);
                self.make(Kind::Text(text))
            }
        };
        self.detach(child);
        let mut nodes = self.0.nodes.borrow_mut();
        let mut depth = 0;
        let mut up = Some(parent);
        while let Some(at) = up {
            depth += 1;
            up = nodes.get(at).and_then(|n| n.parent);
        }
        if depth > MAX_DEPTH {
            self.0.too_deep.set(true);
        }
        if let Some(node) = nodes.get_mut(child) {
            node.parent = Some(parent);
        }
        if let Some(node) = nodes.get_mut(parent) {
            let index = index.min(node.children.len());
            node.children.insert(index, child);
        }
    }

    fn detach(&self, child: usize) {
        let mut nodes = self.0.nodes.borrow_mut();
        if let Some(parent) = nodes.get_mut(child).and_then(|n| n.parent.take())
            && let Some(parent) = nodes.get_mut(parent)
        {
            parent.children.retain(|c| *c != child);
        }
    }

    fn children(&self, at: usize) -> usize {
        self.0.nodes.borrow().get(at).map_or(0, |n| n.children.len())
    }
}

fn no_name() -> Rc<QualName> {
    Rc::new(QualName::new(None, html5ever::ns!(), html5ever::local_name!("")))
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = &'a QualName;

    fn finish(self) {}
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_document(&self) -> Handle {
        if self.0.nodes.borrow().is_empty() {
            self.0.nodes.borrow_mut().push(Temp { kind: Kind::Root, parent: None, children: Vec::new(), line: 1 });
        }
        Handle { at: 0, name: no_name() }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        &target.name
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let template = flags.template.then(|| self.make(Kind::Root));
        self.handle(Kind::Element { name: Rc::new(name), attributes, template })
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.handle(Kind::Comment)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.handle(Kind::Comment)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.at, self.children(parent.at), child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, before: &Handle, child: NodeOrText<Handle>) {
        if self.0.nodes.borrow().get(element.at).is_some_and(|n| n.parent.is_some()) {
            self.append_before_sibling(element, child);
        } else {
            self.append(before, child);
        }
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        let at = match self.0.nodes.borrow().get(target.at).map(|n| &n.kind) {
            Some(Kind::Element { template: Some(contents), .. }) => *contents,
            _ => target.at,
        };
        Handle { at, name: no_name() }
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.at == y.at
    }

    fn append_before_sibling(&self, sibling: &Handle, new: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(handle) = &new {
            self.detach(handle.at);
        }
        let place = {
            let nodes = self.0.nodes.borrow();
            nodes
                .get(sibling.at)
                .and_then(|n| n.parent)
                .and_then(|parent| Some((parent, nodes.get(parent)?.children.iter().position(|c| *c == sibling.at)?)))
        };
        if let Some((parent, index)) = place {
            self.insert(parent, index, new);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, more: Vec<Attribute>) {
        if let Some(Temp { kind: Kind::Element { attributes, .. }, .. }) = self.0.nodes.borrow_mut().get_mut(target.at)
        {
            for attribute in more {
                if attributes.iter().all(|a| a.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.at);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.0.nodes.borrow_mut();
        let children = nodes.get_mut(node.at).map(|n| std::mem::take(&mut n.children)).unwrap_or_default();
        for child in &children {
            if let Some(child) = nodes.get_mut(*child) {
                child.parent = Some(new_parent.at);
            }
        }
        if let Some(parent) = nodes.get_mut(new_parent.at) {
            parent.children.extend(children);
        }
    }

    fn set_current_line(&self, line: u64) {
        self.0.line.set(line);
    }
}

/// Writes the tree as markup that [`super::build`] reads without any rule of repair.
struct Writer<'a> {
    nodes: &'a [Temp],
    /// Where each line of the original starts.
    lines: &'a [u32],
    out: String,
    map: Vec<(u32, u32)>,
}

impl Writer<'_> {
    fn document(mut self) -> Repaired {
        let html = self.nodes.first().and_then(|root| root.children.iter().copied().find(|c| self.local(*c) == "html"));
        match html {
            Some(html) => self.tree(html),
            None => self.out.push_str("<html><head></head><body></body></html>"),
        }
        Repaired { source: self.out, map: self.map }
    }

    fn local(&self, at: usize) -> &str {
        match self.nodes.get(at).map(|n| &n.kind) {
            Some(Kind::Element { name, .. }) => &name.local,
            _ => "",
        }
    }

    /// Without recursion: the input decides how deep the tree is.
    fn tree(&mut self, html: usize) {
        enum Step {
            Enter { at: usize, level: usize, foreign: bool },
            Leave { name: String },
            EmptyBody,
        }
        let mut steps = vec![Step::Enter { at: html, level: 0, foreign: false }];
        while let Some(step) = steps.pop() {
            let (at, level, foreign) = match step {
                Step::Leave { name } => {
                    self.out.push_str("</");
                    self.out.push_str(&name);
                    self.out.push('>');
                    continue;
                }
                Step::EmptyBody => {
                    self.out.push_str("<body></body>");
                    continue;
                }
                Step::Enter { at, level, foreign } => (at, level, foreign),
            };
            let Some(node) = self.nodes.get(at) else { continue };
            let original = self.lines.get((node.line.max(1) - 1) as usize).copied().unwrap_or(0);
            if self.map.last().is_none_or(|(_, last)| *last != original) {
                self.map.push((self.out.len() as u32, original));
            }
            match &node.kind {
                Kind::Root => {}
                Kind::Comment => self.out.push_str("<!-- -->"),
                Kind::Text(text) => {
                    let parent = node.parent.map_or("", |p| self.local(p)).to_ascii_lowercase();
                    if parent == "script" && !foreign {
                        continue;
                    }
                    if is_raw(&parent) && !foreign {
                        self.out.push_str(text);
                    } else {
                        escape(text, &mut self.out);
                    }
                }
                Kind::Element { attributes, name, .. } => {
                    let mut local = name.local.as_str().to_ascii_lowercase();
                    let structural = matches!(local.as_str(), "html" | "head" | "body");
                    let in_place = match local.as_str() {
                        "html" => level == 0,
                        _ => level == 1,
                    };
                    if structural && (!in_place || foreign) {
                        local.insert_str(0, "x-");
                    }
                    let inside = foreign || matches!(local.as_str(), "svg" | "math");
                    // drawings are read once more, as XML, which tells capitals and small letters apart
                    let written = if foreign && !structural { name.local.to_string() } else { local.clone() };
                    self.out.push('<');
                    self.out.push_str(&written);
                    for attribute in attributes {
                        self.out.push(' ');
                        if let Some(prefix) = &attribute.name.prefix
                            && !prefix.is_empty()
                        {
                            self.out.push_str(prefix);
                            self.out.push(':');
                        }
                        self.out.push_str(&attribute.name.local);
                        self.out.push_str("=\"");
                        escape(&attribute.value, &mut self.out);
                        self.out.push('"');
                    }
                    self.out.push('>');
                    if is_void(&local) && !foreign {
                        continue;
                    }
                    if skips_newline(&local) && !foreign {
                        self.out.push('\n');
                    }
                    let needs_body =
                        local == "html" && level == 0 && !node.children.iter().any(|c| self.local(*c) == "body");
                    steps.push(Step::Leave { name: written });
                    if needs_body {
                        steps.push(Step::EmptyBody);
                    }
                    let children = node.children.iter().rev();
                    steps.extend(children.map(|c| Step::Enter { at: *c, level: level + 1, foreign: inside }));
                }
            }
        }
    }
}

pub(super) fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(i) = rest.find(['&', '<', '>', '"', '\r']) {
        out.push_str(&rest[..i]);
        out.push_str(match rest.as_bytes()[i] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#13;",
        });
        rest = &rest[i + 1..];
    }
    out.push_str(rest);
}
