//! Drawings: SVG as its own markup in a page, or as a file (SVG 2).
//!
//! [`Drawing::parse`] looks at one once: is it sound, how large does it want to be, what in it is not drawn. Its
//! shapes come from [`Drawing::tree`], for the size and the colour it is used with. Nothing outside of the drawing is
//! ever read, and what it may unfold to is bounded before anything unfolds.

use std::fmt::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};
use usvg::roxmltree;

/// Bytes of one drawing.
pub const MAX_BYTES: u64 = 4 << 20;
/// Elements, with all that references repeat, and segments of paths.
const MAX_PARTS: usize = 100_000;
/// Elements within one another, references followed.
const MAX_DEPTH: usize = 96;
/// Sides of the area that is drawn, in CSS pixels.
const SIDES: std::ops::RangeInclusive<f32> = 0.001..=1e6;

/// A drawing that was found sound.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// From the name in the root's start tag on, what this program sets left out, up to the end of that tag.
    head: String,
    /// All that follows the root's start tag, from its `>` or `/>`.
    rest: String,
    /// Lines before it, so that parsers count as in the file.
    lines: usize,
    name: String,
    has_color: bool,
    /// Its own width, in CSS pixels, where it says one that is no share of anything.
    pub width: Option<f32>,
    pub height: Option<f32>,
    /// Width by height, of its size or of its `viewBox`.
    pub ratio: Option<f32>,
    /// What it asks for that is not drawn; each as the end of a sentence.
    pub lacks: Vec<String>,
}

/// Why a drawing is not drawn at all, as the end of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    Broken(String),
    Unsupported(String),
    TooLarge(String),
}

impl Flaw {
    /// The same words as for files.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Broken(_) => "file-broken",
            Self::Unsupported(_) => "file-unsupported",
            Self::TooLarge(_) => "file-too-large",
        }
    }

    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            Self::Broken(m) | Self::Unsupported(m) | Self::TooLarge(m) => m,
        }
    }
}

/// Whether a file looks like a drawing: its root element comes first, but for prologue and comments.
#[must_use]
pub fn is_svg(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let at = bytes.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    let Some(rest) = bytes.get(at..).filter(|r| r.first() == Some(&b'<')) else { return false };
    let head = rest.get(..4096).unwrap_or(rest);
    memchr::memmem::find(head, b"<svg").is_some() || memchr::memmem::find(head, b":svg").is_some()
}

impl Drawing {
    /// Looks at a drawing. `placed` is one in a file, whose size is that of a picture: it is scaled as a whole.
    ///
    /// # Errors
    /// It is no well-formed XML, too large, or unfolds to too much.
    pub fn parse(source: &str, placed: bool) -> Result<Self, Flaw> {
        if source.len() as u64 > MAX_BYTES {
            return Err(Flaw::TooLarge("has more than 4 MiB of markup".to_owned()));
        }
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let start = prologue(source)?;
        let mut drawing = Self::root(source, start, placed)?;
        let (width, height) = drawing.natural();
        let text = drawing.text(width, height, None);
        let document = xml(&text)?;
        bounded(&document)?;
        drawing.lacks = not_drawn(&document);
        let tree = usvg::Tree::from_xmltree(&document, &options()).map_err(broken)?;
        let mut walk = Walk { lacks: &mut drawing.lacks, parts: 0 };
        walk.group(tree.root());
        if walk.parts > MAX_PARTS {
            return Err(Flaw::TooLarge(format!("has more than {MAX_PARTS} shapes and segments of paths")));
        }
        Ok(drawing)
    }

    /// Reads the root's start tag.
    fn root(source: &str, start: usize, placed: bool) -> Result<Self, Flaw> {
        let cut = || Flaw::Broken("is damaged: its root element's start tag is not closed".to_owned());
        let bytes = source.as_bytes();
        let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
        let is_end = |b: u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'=' | 0);
        let word = |from: usize| (from..bytes.len()).find(|i| is_end(at(*i))).unwrap_or(bytes.len());
        let name_end = word(start + 1);
        let name = source.get(start + 1..name_end).unwrap_or("").to_owned();
        if name != "svg" && !name.ends_with(":svg") {
            return Err(Flaw::Broken("is no SVG drawing: its root element is not `<svg>`".to_owned()));
        }
        let (mut head, mut i) = (String::new(), name_end);
        let (mut width, mut height, mut view, mut has_color) = (None, None, None, false);
        let mut spaces = [(false, " xmlns=\"http://www.w3.org/2000/svg\""), (false, XLINK)];
        spaces[0].0 = name != "svg";
        loop {
            while at(i).is_ascii_whitespace() {
                i += 1;
            }
            if matches!(at(i), b'>' | b'/') {
                break;
            }
            let end = word(i);
            let key = source.get(i..end).filter(|k| !k.is_empty()).ok_or_else(cut)?;
            i = end;
            while at(i).is_ascii_whitespace() {
                i += 1;
            }
            if at(i) != b'=' {
                // HTML has attributes without a value; XML knows none
                continue;
            }
            i += 1;
            while at(i).is_ascii_whitespace() {
                i += 1;
            }
            let quote = at(i);
            let (from, to) = if matches!(quote, b'"' | b'\'') {
                let close = memchr::memchr(quote, bytes.get(i + 1..).unwrap_or(&[])).ok_or_else(cut)?;
                (i + 1, i + 1 + close)
            } else {
                let close = (i..bytes.len()).find(|n| at(*n).is_ascii_whitespace() || at(*n) == b'>');
                (i, close.ok_or_else(cut)?)
            };
            i = if matches!(quote, b'"' | b'\'') { to + 1 } else { to };
            let value = source.get(from..to).ok_or_else(cut)?;
            match key {
                "width" => width = length(value),
                "height" => height = length(value),
                "x" | "y" => {}
                _ => {
                    match key {
                        _ if key.eq_ignore_ascii_case("viewBox") => view = Some(value),
                        "xmlns" => spaces[0].0 = true,
                        "xmlns:xlink" => spaces[1].0 = true,
                        "color" => has_color = true,
                        _ => {}
                    }
                    let key = if key.eq_ignore_ascii_case("viewBox") { "viewBox" } else { key };
                    let quote = if quote == b'\'' { '\'' } else { '"' };
                    let _ = write!(head, " {key}={quote}{value}{quote}");
                }
            }
        }
        spaces.iter().filter(|s| !s.0).for_each(|s| head.push_str(s.1));
        let numbers: Vec<f32> = view
            .unwrap_or("")
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|n| !n.is_empty())
            .map_while(|n| n.parse().ok())
            .collect();
        let viewed = match numbers.as_slice() {
            [_, _, w, h] if *w > 0.0 && *h > 0.0 && w.is_finite() && h.is_finite() => Some(w / h),
            _ => None,
        };
        if let (true, None, Some(w), Some(h)) = (placed, view, width, height) {
            let _ = write!(head, " viewBox=\"0 0 {w} {h}\"");
        }
        let ratio = match (width, height) {
            (Some(w), Some(h)) if w > 0.0 && h > 0.0 => Some(w / h),
            _ => viewed,
        };
        let lines = source.get(..i).unwrap_or("").matches('\n').count();
        let rest = source.get(i..).unwrap_or("").to_owned();
        Ok(Self { head, rest, lines, name, has_color, width, height, ratio, lacks: Vec::new() })
    }

    /// The size that it has where nobody asks for another, in CSS pixels (CSS 2.2, section 10.3.2).
    #[must_use]
    pub fn natural(&self) -> (f32, f32) {
        match (self.width, self.height, self.ratio) {
            (Some(w), Some(h), _) => (w, h),
            (Some(w), None, Some(r)) => (w, w / r),
            (None, Some(h), Some(r)) => (h * r, h),
            (None, None, Some(r)) if r < 2.0 => (150.0 * r, 150.0),
            (None, None, Some(r)) => (300.0, 300.0 / r),
            (w, h, None) => (w.unwrap_or(300.0), h.unwrap_or(150.0)),
        }
    }

    fn text(&self, width: f32, height: f32, color: Option<[u8; 3]>) -> String {
        let mut text = String::with_capacity(self.head.len() + self.rest.len() + self.lines + 80);
        text.extend(std::iter::repeat_n('\n', self.lines));
        let _ = write!(text, "<{} width=\"{width}\" height=\"{height}\"", self.name);
        if let Some([r, g, b]) = color.filter(|_| !self.has_color) {
            let _ = write!(text, " color=\"#{r:02x}{g:02x}{b:02x}\"");
        }
        text.push_str(&self.head);
        text.push_str(&self.rest);
        text
    }

    /// Its shapes as they lie in an area of this size, in CSS pixels; `color` is what `currentColor` stands for.
    /// `None` where there is no area.
    #[must_use]
    pub fn tree(&self, width: f32, height: f32, color: Option<[u8; 3]>) -> Option<usvg::Tree> {
        if !(SIDES.contains(&width) && SIDES.contains(&height)) {
            return None;
        }
        let text = self.text(width, height, color);
        usvg::Tree::from_xmltree(&xml(&text).ok()?, &options()).ok()
    }
}

const XLINK: &str = " xmlns:xlink=\"http://www.w3.org/1999/xlink\"";

/// No pictures, neither in files nor within the drawing.
fn options() -> usvg::Options<'static> {
    usvg::Options {
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    }
}

fn xml(text: &str) -> Result<roxmltree::Document<'_>, Flaw> {
    let limits =
        roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: 4 * MAX_PARTS as u32, ..Default::default() };
    roxmltree::Document::parse_with_options(text, limits).map_err(|e| match e {
        roxmltree::Error::NodesLimitReached => too_many(),
        e => Flaw::Broken(format!("is damaged: {e}")),
    })
}

fn too_many() -> Flaw {
    Flaw::TooLarge(format!("has or repeats more than {MAX_PARTS} elements"))
}

fn broken(error: usvg::Error) -> Flaw {
    match error {
        usvg::Error::ElementsLimitReached => too_many(),
        usvg::Error::InvalidSize => Flaw::Broken("has no size that can be drawn".to_owned()),
        e => Flaw::Broken(format!("is damaged: {e}")),
    }
}

/// Where the root element starts: behind the XML declaration, comments and the document type.
fn prologue(source: &str) -> Result<usize, Flaw> {
    let mut at = 0;
    loop {
        let rest = source.get(at..).unwrap_or("");
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let skip = |end: &str| trimmed.find(end).map(|i| i + end.len());
        let past = if trimmed.starts_with("<?") {
            skip("?>")
        } else if trimmed.starts_with("<!--") {
            skip("-->")
        } else if trimmed.starts_with("<!") {
            let end = skip(">");
            let subset = end.and_then(|end| trimmed.get(..end)).is_some_and(|t| t.contains('['));
            if subset {
                let message = "declares entities of its own, which are not read; save it without a document type";
                return Err(Flaw::Unsupported(message.to_owned()));
            }
            end
        } else if trimmed.starts_with('<') {
            return Ok(at);
        } else {
            return Err(Flaw::Broken("is no SVG drawing".to_owned()));
        };
        at += past.ok_or_else(|| Flaw::Broken("is damaged: what stands before its root is not closed".to_owned()))?;
    }
}

/// A length in CSS pixels; `None` for shares and for what is no length.
fn length(text: &str) -> Option<f32> {
    let text = text.trim();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    let number: f32 = text.get(..text.len() - unit.len())?.parse().ok()?;
    let factor = match unit {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "Q" | "q" => 96.0 / 101.6,
        "em" | "rem" => 16.0,
        "ex" | "ch" => 8.0,
        _ => return None,
    };
    Some(number * factor).filter(|v| SIDES.contains(v))
}

/// Elements that draw something which has no shape here.
fn not_drawn(document: &roxmltree::Document) -> Vec<String> {
    let mut lacks = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        let told = match name {
            "text" => "`<text>` is not drawn in drawings; turn it into paths",
            "image" | "feImage" => "`<image>` is not drawn in drawings; place the picture in the page",
            "foreignObject" => "`<foreignObject>` is not drawn in drawings",
            "animate" | "animateTransform" | "animateMotion" | "set" => "animations are not drawn in drawings",
            _ => continue,
        };
        tell(&mut lacks, told);
    }
    lacks
}

fn tell(lacks: &mut Vec<String>, what: &str) {
    if lacks.iter().all(|l| l != what) {
        lacks.push(what.to_owned());
    }
}

/// What is not drawn of the shapes, and how many there are.
struct Walk<'a> {
    lacks: &'a mut Vec<String>,
    parts: usize,
}

impl Walk<'_> {
    fn group(&mut self, group: &usvg::Group) {
        self.parts += 1;
        if group.mask().is_some() {
            tell(self.lacks, "masks are not drawn in drawings");
        }
        if !group.filters().is_empty() {
            tell(self.lacks, "filters are not drawn in drawings");
        }
        let mut clip = group.clip_path();
        while let Some(path) = clip {
            self.clip(path.root());
            clip = path.clip_path();
        }
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => self.group(group),
                usvg::Node::Path(path) => {
                    self.parts += path.data().len();
                    path.fill().into_iter().for_each(|f| self.paint(f.paint()));
                    path.stroke().into_iter().for_each(|s| self.paint(s.paint()));
                }
                usvg::Node::Image(_) | usvg::Node::Text(_) => {}
            }
        }
    }

    fn clip(&mut self, group: &usvg::Group) {
        if group.clip_path().is_some() {
            tell(self.lacks, "clip paths of the shapes within a `<clipPath>` are not followed in drawings");
        }
        for node in group.children() {
            match node {
                usvg::Node::Group(group) => self.clip(group),
                usvg::Node::Path(path) => {
                    self.parts += path.data().len();
                    let contours = path.data().verbs().iter().filter(|v| **v == usvg::tiny_skia_path::PathVerb::Move);
                    let many = contours.count() > 1;
                    if many && path.fill().is_some_and(|f| f.rule() == usvg::FillRule::EvenOdd) {
                        tell(self.lacks, "`clip-rule: evenodd` is taken for `nonzero` in drawings");
                    }
                }
                usvg::Node::Image(_) | usvg::Node::Text(_) => {}
            }
        }
    }

    fn paint(&mut self, paint: &usvg::Paint) {
        let spread = match paint {
            usvg::Paint::Color(_) => return,
            usvg::Paint::Pattern(_) => return tell(self.lacks, "patterns are not drawn in drawings"),
            usvg::Paint::LinearGradient(g) => g.spread_method(),
            usvg::Paint::RadialGradient(g) => g.spread_method(),
        };
        if spread != usvg::SpreadMethod::Pad {
            tell(self.lacks, "gradients do not repeat in drawings");
        }
    }
}

/// Refuses what unfolds to too much: every reference counts as all that it leads to (`<use>` of `<use>` of …).
fn bounded(document: &roxmltree::Document) -> Result<(), Flaw> {
    let mut by_id = FxHashMap::default();
    for node in document.descendants() {
        if let Some(id) = node.attribute("id") {
            by_id.entry(id).or_insert(node);
        }
    }
    let mut count = Count { by_id, known: FxHashMap::default(), open: FxHashSet::default(), sheet: Vec::new() };
    for style in document.descendants().filter(|n| n.tag_name().name() == "style") {
        count.rules(style.text().unwrap_or(""));
    }
    let (all, _) = count.of(document.root_element(), 0)?;
    // a marker stands at every point of a path
    let marks = document.descendants().filter(|n| n.tag_name().name() == "marker");
    let mut mark = 0usize;
    for marker in marks {
        mark = mark.max(count.of(marker, 0)?.0);
    }
    let shapes = document.descendants().filter_map(|n| n.attribute("d").or_else(|| n.attribute("points")));
    let points: usize = if mark > 0 { shapes.map(|d| d.len() / 2 + 1).sum() } else { 0 };
    let all = all.saturating_add(points.saturating_mul(mark));
    if all > MAX_PARTS { Err(too_many()) } else { Ok(()) }
}

struct Count<'a, 'input> {
    by_id: FxHashMap<&'a str, roxmltree::Node<'a, 'input>>,
    /// How many elements each comes to, and how deep they go.
    known: FxHashMap<roxmltree::NodeId, (usize, usize)>,
    /// Those that are being counted: who meets them again goes in a circle.
    open: FxHashSet<roxmltree::NodeId>,
    /// Of each rule in the drawing's stylesheets that refers to something: the last parts of its selectors, and
    /// what it refers to.
    sheet: Vec<(Vec<&'a str>, Vec<&'a str>)>,
}

impl<'a, 'input> Count<'a, 'input> {
    fn rules(&mut self, css: &'a str) {
        for rule in css.split('}') {
            let Some((selectors, body)) = rule.split_once('{') else { continue };
            let names: Vec<&str> = references(body).collect();
            if !names.is_empty() {
                let last = |s: &'a str| s.rsplit([' ', '>', '+', '~', '\n', '\t', '*', '/']).find(|s| !s.is_empty());
                let last = selectors.split(',').map(|s| last(s).unwrap_or("*"));
                self.sheet.push((last.collect(), names));
            }
        }
    }

    /// How many elements this one comes to, and how many are within one another.
    fn of(&mut self, node: roxmltree::Node<'a, 'input>, depth: usize) -> Result<(usize, usize), Flaw> {
        let known = self.known.get(&node.id()).copied();
        if depth + known.map_or(0, |k| k.1) > MAX_DEPTH {
            return Err(Flaw::TooLarge(format!("has elements nested or referred to more than {MAX_DEPTH} deep")));
        }
        if let Some(known) = known {
            return Ok(known);
        }
        if !self.open.insert(node.id()) {
            return Err(Flaw::Broken("refers to itself in a circle".to_owned()));
        }
        let mut names: Vec<&str> = Vec::new();
        for attribute in node.attributes() {
            match attribute.name() {
                "href" => names.extend(attribute.value().trim().strip_prefix('#')),
                _ => names.extend(references(attribute.value())),
            }
        }
        for (selectors, refers) in &self.sheet {
            if selectors.iter().any(|s| may_match(s, &node)) {
                names.extend(refers);
            }
        }
        let named: Vec<_> = names.iter().filter_map(|n| self.by_id.get(n).copied()).collect();
        let (mut sum, mut height) = (1usize, 0);
        for inside in node.children().filter(roxmltree::Node::is_element).chain(named) {
            let (more, deep) = self.of(inside, depth + 1)?;
            sum = sum.saturating_add(more);
            height = height.max(deep + 1);
        }
        self.open.remove(&node.id());
        self.known.insert(node.id(), (sum, height));
        Ok((sum, height))
    }
}

/// The names in `url(#…)`.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("url(").skip(1).filter_map(|part| {
        let (inside, _) = part.split_once(')')?;
        inside.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).strip_prefix('#')
    })
}

/// Whether the last part of a selector could mean this element; rather too often than not often enough.
fn may_match(part: &str, node: &roxmltree::Node) -> bool {
    let mut classes = node.attribute("class").unwrap_or("").split_ascii_whitespace();
    if part.contains('.') {
        return classes.any(|c| part.contains(c));
    }
    if part.contains('#') {
        return node.attribute("id").is_some_and(|id| part.contains(id));
    }
    let name = part.split([':', '[']).next().unwrap_or("");
    name.is_empty() || name == "*" || name == node.tag_name().name()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(source: &str) -> Flaw {
        Drawing::parse(source, true).expect_err("a flaw")
    }

    const NS: &str = "xmlns='http://www.w3.org/2000/svg'";

    #[test]
    fn sizes_are_lengths_and_shares_are_none() {
        let natural =
            |attributes: &str| Drawing::parse(&format!("<svg {NS} {attributes}/>"), true).expect("a drawing").natural();
        assert_eq!(natural("width='20' height='30px'"), (20.0, 30.0));
        assert_eq!(natural("width='72pt' height='1in'"), (96.0, 96.0));
        assert_eq!(natural("width='40' viewBox='0 0 2 1'"), (40.0, 20.0));
        assert_eq!(natural("width='100%' height='100%' viewBox='0,0,4,1'"), (300.0, 75.0));
        assert_eq!(natural(""), (300.0, 150.0));
    }

    #[test]
    fn damage_is_told_with_its_place() {
        let source = format!("<?xml version='1.0'?>\n<svg {NS}\n width='5'>\n<g>\n</svg>");
        let Flaw::Broken(message) = flaw(&source) else { panic!("broken") };
        assert!(message.contains("5:"), "the fifth line: {message}");
        assert!(matches!(flaw("<svg width='5"), Flaw::Broken(_)));
        assert!(matches!(flaw("hello"), Flaw::Broken(_)));
        assert!(matches!(flaw("<html/>"), Flaw::Broken(_)));
    }

    #[test]
    fn a_file_that_unfolds_is_refused() {
        let laughs =
            format!("<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>\n<svg {NS}><title>&b;</title></svg>");
        assert!(matches!(flaw(&laughs), Flaw::Unsupported(_)));
        // ten uses of ten uses of …
        let mut body = "<g id='n0'><path d='M0 0h1v1z'/></g>".to_owned();
        for n in 1..9 {
            let uses = format!("<use href='#n{}'/>", n - 1).repeat(10);
            body.push_str(&format!("<g id='n{n}'>{uses}</g>"));
        }
        assert!(matches!(flaw(&format!("<svg {NS}>{body}</svg>")), Flaw::TooLarge(_)));
        // the same through a stylesheet and clip paths that each make anew
        let mut body =
            "<style>.k{clip-path:url(#k)}</style><clipPath id='k'><path class='k' d='M0 0h1v1z'/></clipPath>"
                .to_owned();
        assert!(matches!(flaw(&format!("<svg {NS}>{body}</svg>")), Flaw::Broken(_)));
        body = format!("{}{}", "<g>".repeat(200), "</g>".repeat(200));
        assert!(matches!(flaw(&format!("<svg {NS}>{body}</svg>")), Flaw::TooLarge(_)));
        body = "<path d='M0 0".to_owned() + &"h1".repeat(200_000) + "'/>";
        assert!(matches!(flaw(&format!("<svg {NS}>{body}</svg>")), Flaw::TooLarge(_)));
        body = "<g/>".repeat(150_000);
        assert!(matches!(flaw(&format!("<svg {NS}>{body}</svg>")), Flaw::TooLarge(_)));
    }

    #[test]
    fn nothing_outside_is_read() {
        let source = format!("<svg {NS} width='5' height='5'><image href='/etc/hostname' width='5' height='5'/></svg>");
        let drawing = Drawing::parse(&source, true).expect("a drawing");
        assert_eq!(drawing.lacks.len(), 1);
        let tree = drawing.tree(5.0, 5.0, None).expect("a tree");
        assert!(!tree.root().children().iter().any(|n| matches!(n, usvg::Node::Image(_))));
    }
}
