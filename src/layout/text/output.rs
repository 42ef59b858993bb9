//! What inline layout gives back.

use std::ops::Range;
use std::sync::Arc;

use super::along;
use crate::base::{Point, Pt, Rect};
use crate::color::Ink;
use crate::markup::style::{LineStyle, Shadow};
use crate::page::{GlyphRun, GroupItem, Item};

/// Lines of text. Positions are relative to the top left corner of the content; y runs down.
#[derive(Debug, Default)]
pub struct TextLayout {
    pub lines: Vec<Line>,
    /// Glyph runs of all lines, in order; each line names its range.
    pub runs: Vec<Run>,
    /// Underlines, overlines and strike-throughs of all lines.
    pub decorations: Vec<DecorationLine>,
    pub boxes: Vec<BoxPlace>,
    /// Pieces of painted inline elements, outer ones before inner ones.
    pub fragments: Vec<Fragment>,
    /// Of the widest line, without hanging spaces.
    pub width: Pt,
    pub height: Pt,
    pub faults: Vec<TextFault>,
}

/// One line. The ranges point into the vectors of [`TextLayout`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub top: Pt,
    pub height: Pt,
    /// From the top of the content (not of the line).
    pub baseline: Pt,
    /// Where the content of the line starts and how wide it is, without hanging spaces.
    pub left: Pt,
    pub width: Pt,
    /// How far the content stands out beyond the width that was given; 0 where it fits.
    pub overflow: Pt,
    /// What of the collected text stands in it, for [`super::TextScratch::text_of`].
    pub bytes: (u32, u32),
    pub runs: Range<usize>,
    pub decorations: Range<usize>,
    pub boxes: Range<usize>,
    pub fragments: Range<usize>,
}

/// Glyphs of one face, size and ink on one line.
#[derive(Clone, Debug)]
pub struct Run {
    pub glyphs: GlyphRun,
    /// Opacity of the text's colour; 1 = opaque.
    pub alpha: f32,
    /// `-surimono-overprint`.
    pub overprint: Option<bool>,
    /// Copies beneath all text of the line, the first one on top.
    pub shadows: Option<Arc<[Shadow]>>,
}

/// A line along text.
#[derive(Clone, Debug, PartialEq)]
pub struct DecorationLine {
    /// The band of a solid line; others take more room below it.
    pub rect: Rect,
    pub ink: Ink,
    pub alpha: f32,
    /// `-surimono-overprint`.
    pub overprint: Option<bool>,
    /// Drawn over the text (strike-through); else beneath it.
    pub over: bool,
    pub style: LineStyle,
    pub shadows: Option<Arc<[Shadow]>>,
}

/// Where a box stands: the top left corner of its margin box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxPlace {
    pub id: usize,
    pub at: Point,
}

/// The part of a painted inline element on one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fragment {
    pub id: usize,
    /// Its border box, as far as it is on this line.
    pub rect: Rect,
    /// The element starts (ends) here: it has its left (right) border.
    pub starts: bool,
    pub ends: bool,
}

/// The least width at which nothing stands out, and the width at which nothing is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MinMax {
    pub min: Pt,
    pub max: Pt,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextFault {
    pub kind: TextFaultKind,
    /// Byte offset in the markup source: of the character where the text stands there as it is, else of
    /// the text.
    pub at: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TextFaultKind {
    /// No face of the set has this character (with this variation selector). The glyph `.notdef` stands in
    /// its place. Where only the sequence is unknown, the character's own glyph is drawn, and it is still a
    /// fault: the person's name would be written with another form.
    MissingGlyph(char, Option<char>),
    /// There is no room for a further instance of a variable font: it is drawn as it is.
    Instances,
    /// Something that must not be broken stands out of its line by this much.
    TooWide(Pt),
}

impl TextLayout {
    /// Empties the layout, keeping its memory.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.runs.clear();
        self.decorations.clear();
        self.boxes.clear();
        self.fragments.clear();
        self.faults.clear();
        self.width = Pt::ZERO;
        self.height = Pt::ZERO;
    }

    /// Distance from the top to the first line's baseline; `None` without lines.
    #[must_use]
    pub fn first_baseline(&self) -> Option<Pt> {
        self.lines.first().map(|l| l.baseline)
    }

    /// Distance from the top to the last line's baseline; `None` without lines.
    #[must_use]
    pub fn last_baseline(&self) -> Option<Pt> {
        self.lines.last().map(|l| l.baseline)
    }

    /// Draws the texts and decorations of some lines with the content's corner at `at`. Runs are taken, not
    /// copied. Backgrounds of fragments and the boxes are the caller's: fragments go beneath, boxes above.
    pub fn paint(&mut self, lines: Range<usize>, at: Point, out: &mut Vec<Item>) {
        for index in lines {
            let Some(line) = self.lines.get(index) else { return };
            let (runs, decorations) = (line.runs.clone(), line.decorations.clone());
            self.paint_shadows(runs.clone(), decorations.clone(), at, out);
            self.paint_decorations(decorations.clone(), false, at, out);
            for run in self.runs.get_mut(runs).unwrap_or_default() {
                let origin = run.glyphs.origin + at;
                let glyphs = std::mem::take(&mut run.glyphs.glyphs);
                if !glyphs.is_empty() {
                    let GlyphRun { font, size, ink, vertical, lies, stretch, .. } = &run.glyphs;
                    let (font, size, ink, vertical) = (std::sync::Arc::clone(font), *size, *ink, *vertical);
                    let (stretch, lies) = (*stretch, *lies);
                    push(
                        Item::Glyphs(GlyphRun { font, size, ink, origin, vertical, lies, stretch, glyphs }),
                        (run.alpha, run.overprint),
                        out,
                    );
                }
            }
            self.paint_decorations(decorations, true, at, out);
        }
    }

    /// Shadows lie beneath all text and lines of the line (CSS Text Decoration 4, section 4).
    fn paint_shadows(&self, runs: Range<usize>, decorations: Range<usize>, at: Point, out: &mut Vec<Item>) {
        let decorations = self.decorations.get(decorations).unwrap_or_default();
        for d in decorations {
            for shadow in d.shadows.iter().flat_map(|s| s.iter().rev()) {
                let line = along::shadow(d, shadow);
                push(Item::Path(along::path(&line, at)), (line.alpha, line.overprint), out);
            }
        }
        // Pictures throw none: a shadow is the text once more in another ink, and they have their own.
        for run in self.runs.get(runs).unwrap_or_default().iter().filter(|r| !r.glyphs.font.has_colors()) {
            for shadow in run.shadows.iter().flat_map(|s| s.iter().rev()) {
                let mut glyphs = run.glyphs.clone();
                glyphs.origin = glyphs.origin + at + Point::new(shadow.x, shadow.y);
                glyphs.ink = shadow.color.map_or(glyphs.ink, |c| c.ink);
                let alpha = shadow.color.map_or(run.alpha, |c| c.alpha);
                push(Item::Glyphs(glyphs), (alpha, run.overprint), out);
            }
        }
    }

    fn paint_decorations(&self, range: Range<usize>, over: bool, at: Point, out: &mut Vec<Item>) {
        for d in self.decorations.get(range).unwrap_or_default().iter().filter(|d| d.over == over) {
            push(Item::Path(along::path(d, at)), (d.alpha, d.overprint), out);
        }
    }
}

fn push(item: Item, (alpha, overprint): (f32, Option<bool>), out: &mut Vec<Item>) {
    if alpha >= 1.0 && overprint.is_none() {
        out.push(item);
    } else if alpha > 0.0 {
        let opacity = alpha.min(1.0);
        out.push(Item::Group(GroupItem { opacity, overprint, ..GroupItem::new(vec![item]) }));
    }
}
