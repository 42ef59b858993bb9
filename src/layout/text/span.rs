//! Inline elements: their fonts, their height, and where their baseline lies (CSS 2.2, sections 10.8 and 10.8.1).

use std::sync::Arc;

use super::item::Block;
use super::paragraph::{Edge, InlineBox, Lines, Paragraph, Span};
use crate::asset::fallback::{Chain, FontSet};
use crate::asset::variation::{Slant, Wish};
use crate::base::{Edges, Pt};
use crate::markup::style::{Axes, FontStyle, LineHeight, Shadow, TextDecoration, TextStyle, VerticalAlign};

/// Chains of faces by what styles ask for; a few, bounded.
#[derive(Debug, Default)]
pub(super) struct Chains {
    known: Vec<Known>,
}

/// What a style asks for, and what it gets.
#[derive(Debug)]
struct Known {
    families: Arc<[Arc<str>]>,
    wish: Wish,
    chain: Arc<Chain>,
}

const MOST_CHAINS: usize = 64;

impl Chains {
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }

    fn get(&mut self, fonts: &FontSet, style: &TextStyle) -> Arc<Chain> {
        let (families, slant) = (&style.font_family, slant(style.font_style));
        let axes = style.extras.as_ref().map(|e| &e.axes).filter(|_| fonts.is_varied());
        // The size counts only where faces may be varied.
        let auto = fonts.is_varied() && axes.is_none_or(|a| !a.one_design);
        let size = style.font_size.0 * 4.0 / 3.0;
        let optical = (auto && size.is_finite()).then_some(size);
        let stretch = axes.map_or(100.0, |a| a.stretch.0);
        let found = self.known.iter().find(|k| {
            k.wish.weight == style.font_weight
                && k.wish.slant == slant
                && k.wish.stretch == stretch
                && k.wish.optical == optical
                && (Arc::ptr_eq(&k.families, families) || k.families == *families)
                && axes.map_or(k.wish.settings.is_empty(), |a| a.settings == k.wish.settings)
        });
        if let Some(k) = found {
            return Arc::clone(&k.chain);
        }
        if self.known.len() >= MOST_CHAINS {
            self.known.clear();
        }
        let settings = axes.map(|a| Arc::clone(&a.settings)).unwrap_or_default();
        let wish = Wish { weight: style.font_weight, stretch, slant, optical, settings };
        let chain = Arc::new(fonts.chain_of(families, &wish));
        self.known.push(Known { families: Arc::clone(families), wish, chain: Arc::clone(&chain) });
        chain
    }
}

fn slant(style: FontStyle) -> Slant {
    match style {
        FontStyle::Normal => Slant::Upright,
        FontStyle::Italic => Slant::Italic,
        FontStyle::Oblique(tenths) => Slant::Oblique(f32::from(tenths) / 10.0),
    }
}

/// The block itself, as the outermost span.
pub(super) fn root(p: &mut Paragraph, chains: &mut Chains, fonts: &FontSet, block: &Block<'_>) {
    p.lines = Lines::of(block.style);
    let mut span = new(chains, fonts, block.style, p.lines);
    span.decoration = block.decoration;
    span.visible = block.visible;
    p.adorned |= block.decoration.lines.any();
    p.spans.push(span);
}

fn new(chains: &mut Chains, fonts: &FontSet, style: &Arc<TextStyle>, lines: Lines) -> Span {
    let chain = chains.get(fonts, style);
    let font = chain.first(fonts).cloned();
    let size = if style.font_size.is_finite() { style.font_size.0.max(0.0) } else { 0.0 };
    let (mut ascent, mut descent, mut gap) = (0.8 * size, 0.2 * size, 0.0);
    if let Some(f) = &font {
        let em = size / f32::from(f.units_per_em);
        (ascent, descent) = (f32::from(f.ascent) * em, -f32::from(f.descent) * em);
        gap = f32::from(f.line_gap) * em;
    }
    let content = ascent + descent;
    if lines == Lines::Central {
        (ascent, descent) = (content / 2.0, content / 2.0);
    }
    let height = match style.line_height {
        LineHeight::Normal => content + gap,
        LineHeight::Number(n) => n * size,
        LineHeight::Length(l) => l.0,
    };
    let height = height * style.leading;
    let half_leading = if height.is_finite() { (height - content) / 2.0 } else { 0.0 };
    Span {
        parent: 0,
        depth: 0,
        style: Arc::clone(style),
        chain,
        font,
        size,
        stretch: if style.stretch > 0.0 { style.stretch } else { 1.0 },
        ascent,
        descent,
        above: ascent + half_leading,
        below: descent + half_leading,
        shift: 0.0,
        root: 0,
        edge: Edge::Baseline,
        decoration: TextDecoration::default(),
        shadows: shadows(style),
        mark: None,
        visible: true,
        painted: false,
        id: 0,
        margin: Edges::default(),
        inset: Edges::default(),
        moved: (0.0, 0.0),
        opacity: 1.0,
    }
}

/// Shadows fall on the paper; here they are seen along the line.
fn shadows(style: &TextStyle) -> Option<Arc<[Shadow]>> {
    let shadows = style.extras.as_ref().map(|e| &e.shadows).filter(|s| !s.is_empty())?;
    let turned = |f: fn(&Shadow) -> (Pt, Pt)| {
        let one = |s: &Shadow| {
            let (x, y) = f(s);
            Shadow { x, y, ..*s }
        };
        Some(shadows.iter().map(one).collect())
    };
    match style.writing_mode.axes() {
        Axes::Horizontal => Some(Arc::clone(shadows)),
        Axes::VerticalRl => turned(|s| (s.y, -s.x)),
        Axes::VerticalLr => turned(|s| (s.y, s.x)),
        Axes::SidewaysLr => turned(|s| (-s.y, s.x)),
    }
}

/// Adds an element inside `parent`. `None` when there are more than can be counted.
pub(super) fn open(
    p: &mut Paragraph,
    chains: &mut Chains,
    fonts: &FontSet,
    parent: u16,
    style: &Arc<TextStyle>,
    align: VerticalAlign,
) -> Option<u16> {
    let index = u16::try_from(p.spans.len()).ok().filter(|i| *i < u16::MAX)?;
    let mut span = new(chains, fonts, style, p.lines);
    let outer = p.spans.get(usize::from(parent))?;
    span.parent = parent;
    span.depth = outer.depth.saturating_add(1);
    (span.moved, span.opacity) = (outer.moved, outer.opacity);
    let (shift, edge) = shift(outer, p.lines, [span.above, span.below], span.above + span.below, align);
    span.edge = edge;
    if edge == Edge::Baseline {
        (span.root, span.shift) = (outer.root, outer.shift + shift);
    } else {
        (span.root, span.shift) = (index, 0.0);
    }
    p.spans.push(span);
    Some(index)
}

/// Sets a box on the baseline that `vertical-align` asks for.
pub(super) fn align_box(p: &Paragraph, b: &mut InlineBox, parent: u16, align: VerticalAlign) {
    let Some(outer) = p.spans.get(usize::from(parent)) else { return };
    let (shift, edge) = shift(outer, p.lines, [b.above, b.below], outer.above + outer.below, align);
    (b.root, b.shift, b.edge) = (outer.root, outer.shift + shift, edge);
}

/// How far the baseline goes up from the parent's. `above` and `below` are the extents of what is aligned;
/// percentages are of `line_height`.
fn shift(outer: &Span, lines: Lines, [above, below]: [f32; 2], line_height: f32, align: VerticalAlign) -> (f32, Edge) {
    let shift = match align {
        VerticalAlign::Baseline => 0.0,
        // Browsers' habit, as CSS leaves it open: a fifth down, a third up.
        VerticalAlign::Sub => -outer.size / 5.0,
        VerticalAlign::Super => outer.size / 3.0,
        VerticalAlign::Middle if lines == Lines::Central => (below - above) / 2.0,
        VerticalAlign::Middle => {
            let x_height = outer
                .font
                .as_ref()
                .map_or(0.5 * outer.size, |f| f32::from(f.x_height) / f32::from(f.units_per_em) * outer.size);
            x_height / 2.0 - (above - below) / 2.0
        }
        VerticalAlign::TextTop => outer.ascent - above,
        VerticalAlign::TextBottom => below - outer.descent,
        VerticalAlign::Top => return (0.0, Edge::Top),
        VerticalAlign::Bottom => return (0.0, Edge::Bottom),
        VerticalAlign::Shift(by) => by.resolve(Pt(line_height)).0,
    };
    (if shift.is_finite() { shift } else { 0.0 }, Edge::Baseline)
}
