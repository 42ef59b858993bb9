//! Inline layout: a run of inline content and a width come to lines of glyph runs.
//!
//! The steps, each in a file of its own:
//!
//! * [`item`] – what comes in: texts, boxes, the starts and ends of inline elements
//! * `collect` – white space, transformation of letters: one text with a style for each piece of it
//! * [`bidi`] – text from right to left: levels before shaping, the order of a line when it is placed
//! * `shape` – text to clusters of glyphs, each with its advance; faces chosen character by character
//! * `linebreak` – where a line may end: UAX 14 by the segmenter, kinsoku by our own rules on top
//! * `autospace`, `trim` – what neighbours do to the space between them
//! * `hyphen` – where words may be broken, and what then stands at the end of the line
//! * `line` – filling lines; [`Around`] – what stands beside them
//! * `wrap` – lines that shall be shorter than their room: balanced, without a single character left over
//! * `place` – heights and baselines (CSS 2.2, section 10.8), glyph runs, boxes, decorations
//! * [`ruby`] – annotations beside their bases; `emphasis` – marks beside characters; `along` – lines along text
//! * `justify` – what is left of a line's width, shared out
//! * [`output`] – what comes out: [`TextLayout`]
//! * `upright` – vertical lines: what stands in them and what lies on its side
//!
//! Lines are set along x, whatever the direction of writing: [`crate::layout::boxes::turn`] turns what comes out. Bold and italic are never imitated: the nearest face is used.

mod along;
mod around;
mod autospace;
pub mod bidi;
mod class;
mod collect;
mod emphasis;
mod hyphen;
pub mod item;
mod justify;
mod kinsoku;
mod line;
mod linebreak;
pub mod output;
mod paragraph;
mod place;
pub mod ruby;
mod shape;
mod span;
mod transform;
mod trim;
mod upright;
mod wrap;

#[cfg(test)]
mod tests;

pub use around::Around;
pub use item::{Block, InlineItem};
pub use output::{BoxPlace, DecorationLine, Fragment, Line, MinMax, Run, TextFault, TextFaultKind, TextLayout};

use std::sync::Arc;

use super::laps::{Laps, Step};
use crate::asset::fallback::FontSet;
use crate::base::Pt;
use crate::markup::style::{TextStyle, WritingMode};

/// One worker's buffers and caches for text. They only ever hold what can be computed again, so they never
/// change a result.
#[derive(Debug, Default)]
pub struct TextScratch {
    paragraph: paragraph::Paragraph,
    placer: place::Placer,
    chains: span::Chains,
    shaper: shape::Shaper,
    /// Marks of emphasis that were laid out; a few, bounded.
    marks: Vec<Arc<emphasis::Mark>>,
    /// The set of fonts that the caches speak of.
    fonts: u64,
    /// How long the steps take; the clock of the whole composer.
    pub laps: Laps,
}

impl TextScratch {
    /// The characters of a line of the text that was laid out last, without white space at their ends.
    #[must_use]
    pub fn text_of(&self, line: &Line) -> &str {
        let (from, to) = line.bytes;
        let text = self.paragraph.text.get(from as usize..to as usize).unwrap_or("");
        text.trim_matches([' ', '\t', '\n', '\r'])
    }

    /// Collects and shapes. Gives the step that was interrupted.
    fn prepare(&mut self, fonts: &FontSet, items: &[InlineItem<'_>], block: &Block<'_>) -> Step {
        let before = self.laps.begin(Step::Shape);
        if self.fonts != fonts.identity() {
            self.fonts = fonts.identity();
            self.chains.clear();
            self.shaper.clear();
            self.marks.clear();
        }
        emphasis::prepare(self, fonts, items, block);
        collect::collect(&mut self.paragraph, &mut self.chains, &self.marks, fonts, items, block);
        bidi::resolve(&mut self.paragraph, block.style.direction, block.plaintext);
        shape::shape(&mut self.paragraph, &mut self.shaper, fonts);
        if !self.paragraph.levels.is_empty() {
            bidi::level_atoms(&mut self.paragraph);
        }
        if !self.paragraph.rubies.is_empty() {
            ruby::fit(&mut self.paragraph);
        }
        self.laps.begin(Step::Lines);
        before
    }
}

impl TextScratch {
    fn flip(&self, block: &Block<'_>, out: &mut TextLayout) {
        if block.style.writing_mode == WritingMode::VerticalLr {
            let boxes = &self.paragraph.boxes;
            upright::flip(out, |id| boxes.iter().find(|b| b.id == id).map(|b| b.above + b.below));
        }
    }
}

/// Lays out inline content into lines of the given width ([`Pt::INFINITY`]: only forced breaks). `out` is
/// emptied first and its memory used again. Positions are relative to the top left corner of the content.
pub fn lay_out(
    scratch: &mut TextScratch,
    fonts: &FontSet,
    items: &[InlineItem<'_>],
    block: &Block<'_>,
    width: Pt,
    out: &mut TextLayout,
) {
    out.clear();
    let before = scratch.prepare(fonts, items, block);
    line::lay_out(&mut scratch.paragraph, &mut scratch.placer, fonts, block.indent.0, width.0, None, out);
    scratch.flip(block, out);
    scratch.laps.begin(before);
}

/// As [`lay_out`], beside floats and with floats among the items.
pub fn lay_out_around(
    scratch: &mut TextScratch,
    fonts: &FontSet,
    items: &[InlineItem<'_>],
    block: &Block<'_>,
    width: Pt,
    around: &mut dyn Around,
    out: &mut TextLayout,
) {
    out.clear();
    let before = scratch.prepare(fonts, items, block);
    line::lay_out(&mut scratch.paragraph, &mut scratch.placer, fonts, block.indent.0, width.0, Some(around), out);
    scratch.flip(block, out);
    scratch.laps.begin(before);
}

/// Whether lines of this style are vertical ones whose characters are centred on them, rather than standing on a
/// baseline (CSS Inline 3, `dominant-baseline: auto`).
#[must_use]
pub fn is_central(style: &TextStyle) -> bool {
    paragraph::Lines::of(style) == paragraph::Lines::Central
}

/// The widths between which a paragraph can be set (CSS Sizing 3, section 5.1).
pub fn measure(scratch: &mut TextScratch, fonts: &FontSet, items: &[InlineItem<'_>], block: &Block<'_>) -> MinMax {
    let before = scratch.prepare(fonts, items, block);
    let widths = line::measure(&mut scratch.paragraph, block.indent.0);
    scratch.laps.begin(before);
    widths
}
