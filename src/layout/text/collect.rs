//! First step: one text out of all items, its white space collapsed (CSS Text 3, section 4.1.1) and its
//! letters transformed, with the places in the source remembered.

use std::sync::Arc;

use icu_properties::CodePointMapData;
use icu_properties::props::{EastAsianWidth, Script};

use super::emphasis::{self, Mark};
use super::item::{Block, InlineItem};
use super::paragraph::{Edge, InlineBox, Paragraph, Piece, PieceKind, Place};
use super::ruby::{Annotation, Ruby};
use super::span::{self, Chains};
use super::transform::Transform;
use crate::asset::fallback::FontSet;
use crate::base::{Edges, Pt};
use crate::markup::style::{RubyMerge, TextTransform, VerticalAlign, WhiteSpace};

/// Stands in the text for a box: UAX 14 class CB.
const OBJECT: char = '\u{FFFC}';

pub(super) fn collect(
    p: &mut Paragraph,
    chains: &mut Chains,
    marks: &[Arc<Mark>],
    fonts: &FontSet,
    items: &[InlineItem<'_>],
    block: &Block<'_>,
) {
    p.clear();
    p.room_above = block.room_above.0;
    span::root(p, chains, fonts, block);
    if let Some(s) = p.spans.last_mut() {
        s.mark = emphasis::find(marks, block.style);
        p.emphasized |= s.mark.is_some();
    }
    let mut c = Collector {
        p,
        after_space: true,
        newline: None,
        wide: false,
        transform: Transform::default(),
        base: usize::MAX,
    };
    let mut open: u16 = 0;
    for item in items {
        match *item {
            InlineItem::Text { text, at, exact } => c.text(text, at, exact, open),
            InlineItem::Box { id, width, height, baseline, vertical_align, at } => {
                let shape = [width.0, height.0, baseline.0].map(|v| if v.is_finite() { v } else { 0.0 });
                c.inline_box(id, shape, vertical_align, at, open);
            }
            InlineItem::Open { id, style, vertical_align, decoration, visible, painted, margin, border, padding } => {
                let (margin, border, padding) = (plain(margin), plain(border), plain(padding));
                let inset = Edges {
                    top: border.top + padding.top,
                    right: border.right + padding.right,
                    bottom: border.bottom + padding.bottom,
                    left: border.left + padding.left,
                };
                let Some(new) = span::open(c.p, chains, fonts, open, style, vertical_align) else { continue };
                if let Some(s) = c.p.spans.last_mut() {
                    s.mark = emphasis::find(marks, style);
                    c.p.emphasized |= s.mark.is_some();
                    (s.id, s.painted, s.decoration) = (id, painted, decoration);
                    s.visible = visible;
                    (s.margin, s.inset) = (margin, inset);
                }
                c.p.adorned |= painted || decoration.lines.any();
                open = new;
                c.piece(PieceKind::Open, open);
            }
            InlineItem::Ruby { style, decoration, visible, annotations, merge, group } => {
                let Some(new) = span::open(c.p, chains, fonts, open, style, VerticalAlign::Baseline) else { continue };
                if let Some(s) = c.p.spans.last_mut() {
                    s.mark = emphasis::find(marks, style);
                    c.p.emphasized |= s.mark.is_some();
                    (s.decoration, s.visible) = (decoration, visible);
                }
                open = new;
                c.piece(PieceKind::Open, open);
                c.ruby(new, annotations, merge, group);
            }
            InlineItem::Close => {
                if open != 0 {
                    if c.p.ruby_of(open).is_some() {
                        c.ruby_ends();
                    }
                    c.piece(PieceKind::Close, open);
                    open = c.p.spans.get(usize::from(open)).map_or(0, |s| s.parent);
                }
            }
            InlineItem::Effect { moved, opacity } => {
                if let Some(s) = c.p.spans.last_mut().filter(|s| s.depth > 0) {
                    s.moved = (s.moved.0 + moved.x.0, s.moved.1 + moved.y.0);
                    s.opacity *= opacity;
                }
            }
            InlineItem::Anchor { id } => {
                if let Ok(id) = u32::try_from(id) {
                    c.piece(PieceKind::Anchor(id), open);
                }
            }
            InlineItem::Break => c.line_break(open),
            InlineItem::Float { id, widths } => {
                let Ok(index) = u32::try_from(c.p.floats.len()) else { continue };
                c.p.floats.push((id, widths.0.0, widths.1.0));
                c.piece(PieceKind::Float(index), open);
            }
        }
    }
    c.transform.word_ends(&mut c.p.text);
    while open != 0 {
        c.piece(PieceKind::Close, open);
        open = c.p.spans.get(usize::from(open)).map_or(0, |s| s.parent);
    }
}

fn plain(e: Edges<Pt>) -> Edges<f32> {
    let f = |v: Pt| if v.is_finite() { v.0 } else { 0.0 };
    Edges { top: f(e.top), right: f(e.right), bottom: f(e.bottom), left: f(e.left) }
}

struct Collector<'p> {
    p: &'p mut Paragraph,
    /// The last thing was a collapsible space or the start of a line: a further space vanishes.
    after_space: bool,
    /// That space stands at this byte and had a line break among it.
    newline: Option<u32>,
    /// The character before that space was wide.
    wide: bool,
    transform: Transform,
    /// Where the last base of ruby began: white space there goes without a trace.
    base: usize,
}

impl Collector<'_> {
    fn at(&self) -> u32 {
        self.p.text.len() as u32
    }

    fn piece(&mut self, kind: PieceKind, span: u16) {
        let at = self.at();
        self.p.pieces.push(Piece { kind, start: at, end: at, span });
    }

    fn place(&mut self, source: u32, exact: bool) {
        let byte = self.at();
        if let Some(last) = self.p.places.last() {
            let expected = if last.exact { last.source + (byte - last.byte) } else { last.source };
            if last.exact == exact && expected == source {
                return;
            }
        }
        self.p.places.push(Place { byte, source, exact });
    }

    fn text(&mut self, text: &str, at: u32, exact: bool, span: u16) {
        let Some(style) = self.p.spans.get(usize::from(span)).map(|s| Arc::clone(&s.style)) else { return };
        let transform = style.text_transform;
        if transform != TextTransform::NONE {
            self.transform.speaks(&style.lang);
        }
        let white = style.white_space;
        let collapse = !white.keeps_spaces();
        self.piece(PieceKind::Text, span);
        if !exact && super::bidi::is_controls(text) {
            self.place(at, false);
            self.p.text.push_str(text);
            let end = self.at();
            if let Some(piece) = self.p.pieces.last_mut() {
                piece.end = end;
            }
            return;
        }
        let mut at_byte = 0;
        while let Some(rest) = text.get(at_byte..).filter(|r| !r.is_empty()) {
            let source = if exact { at.saturating_add(at_byte as u32) } else { at };
            // Characters up to the next white space go over as they are.
            if transform == TextTransform::NONE {
                let end = rest.bytes().position(|b| b <= b' ').unwrap_or(rest.len());
                if let Some(part) = rest.get(..end).filter(|p| !p.is_empty()) {
                    if self.newline.is_some()
                        && let Some(c) = part.chars().next()
                    {
                        self.join(c);
                    }
                    self.after_space = false;
                    self.place(source, exact);
                    self.p.text.push_str(part);
                    at_byte += end;
                    continue;
                }
            }
            let Some(c) = rest.chars().next() else { break };
            at_byte += c.len_utf8();
            match c {
                ' ' | '\t' | '\n' | '\r' | '\u{C}' if collapse => {
                    let newline = matches!(c, '\n' | '\r' | '\u{C}');
                    if newline && white == WhiteSpace::PreserveBreaks {
                        self.place(source, exact);
                        self.preserved_break();
                    } else {
                        self.space(newline, source, exact);
                    }
                }
                '\t' | '\n' | '\r' if white == WhiteSpace::PreserveSpaces => {
                    self.after_space = false;
                    self.place(source, false);
                    self.p.text.push(' ');
                }
                '\n' | '\r' => {
                    self.place(source, exact);
                    self.preserved_break();
                }
                _ => {
                    if self.newline.is_some() {
                        self.join(c);
                    }
                    self.after_space = false;
                    self.place(source, exact);
                    if transform == TextTransform::NONE {
                        self.p.text.push(c);
                    } else {
                        self.transform.push(c, transform, &mut self.p.text);
                    }
                }
            }
            if transform != TextTransform::NONE && c.is_whitespace() {
                self.transform.word_ends(&mut self.p.text);
            }
        }
        let end = self.at();
        if let Some(piece) = self.p.pieces.last_mut() {
            piece.end = end;
        }
    }

    /// White space at the edges of a base goes (CSS Ruby 1, section 2.4).
    fn ruby(&mut self, span: u16, annotations: &[Arc<Annotation>], merge: RubyMerge, group: usize) {
        (self.after_space, self.newline, self.base) = (true, None, self.p.text.len());
        let (merged, parts) = (false, false);
        let annotations = annotations.to_vec();
        let (open, close, above, below) = (0, 0, 0.0, 0.0);
        self.p.rubies.push(Ruby { span, annotations, merge, group, merged, parts, open, close, above, below });
    }

    fn ruby_ends(&mut self) {
        self.newline = None;
        let end = self.at();
        if self.after_space && self.p.text.ends_with(' ') {
            let at = end - 1;
            if let Some(piece) =
                self.p.pieces.last_mut().filter(|p| p.kind == PieceKind::Text && p.start <= at && p.end == end)
            {
                piece.end = at;
                self.p.text.truncate(at as usize);
                for place in self.p.places.iter_mut().rev().take_while(|p| p.byte > at) {
                    place.byte = at;
                }
            }
        }
        self.after_space = false;
    }

    /// A collapsible space, or line break among spaces.
    fn space(&mut self, newline: bool, source: u32, exact: bool) {
        let newline = newline && self.base != self.p.text.len();
        if !self.after_space {
            self.wide = newline && self.p.text.chars().next_back().is_some_and(is_wide);
            self.newline = newline.then(|| self.at());
            self.place(source, exact);
            self.p.text.push(' ');
            self.after_space = true;
        } else if newline && self.newline.is_none() && self.p.text.ends_with(' ') {
            // The space that is already there belongs to a line break after all.
            let at = self.at() - 1;
            self.wide = self.p.text.chars().rev().nth(1).is_some_and(is_wide);
            self.newline = Some(at);
        }
    }

    /// A character follows a collapsed line break: between two wide characters the space goes (CSS Text 3,
    /// section 4.1.3), also beside U+200B.
    fn join(&mut self, c: char) {
        let Some(at) = self.newline.take() else { return };
        let before = self.p.text.get(..at as usize).and_then(|t| t.chars().next_back());
        let zero_width = c == '\u{200B}' || before == Some('\u{200B}');
        if !(zero_width || self.wide && is_wide(c)) || self.p.text.len() != at as usize + 1 {
            return;
        }
        self.p.text.truncate(at as usize);
        for piece in self.p.pieces.iter_mut().rev().take_while(|p| p.end > at) {
            piece.start = piece.start.min(at);
            piece.end = at;
        }
        for place in self.p.places.iter_mut().rev().take_while(|p| p.byte > at) {
            place.byte = at;
        }
    }

    fn preserved_break(&mut self) {
        self.p.text.push('\n');
        self.after_space = true;
        self.newline = None;
    }

    fn line_break(&mut self, span: u16) {
        self.piece(PieceKind::Break, span);
        self.preserved_break();
        let end = self.at();
        if let Some(piece) = self.p.pieces.last_mut() {
            piece.end = end;
        }
    }

    fn inline_box(&mut self, id: usize, [width, height, baseline]: [f32; 3], align: VerticalAlign, at: u32, span: u16) {
        self.newline = None;
        self.after_space = false;
        self.place(at, false);
        let Ok(index) = u32::try_from(self.p.boxes.len()) else { return };
        self.piece(PieceKind::Box(index), span);
        let mut b = InlineBox {
            id,
            width,
            above: baseline,
            below: height - baseline,
            shift: 0.0,
            root: 0,
            edge: Edge::Baseline,
        };
        span::align_box(self.p, &mut b, span, align);
        self.p.boxes.push(b);
        self.p.text.push(OBJECT);
        let end = self.at();
        if let Some(piece) = self.p.pieces.last_mut() {
            piece.end = end;
        }
    }
}

/// East Asian wide, full or half width, but not Hangul.
fn is_wide(c: char) -> bool {
    let width = CodePointMapData::<EastAsianWidth>::new().get(c);
    matches!(width, EastAsianWidth::Wide | EastAsianWidth::Fullwidth | EastAsianWidth::Halfwidth)
        && CodePointMapData::<Script>::new().get(c) != Script::Hangul
}
