//! Emphasis marks (CSS Text Decoration 4, section 3; 圏点): one beside each character, half its size.
//!
//! A mark is laid out once for each style that asks for one, as an annotation is ([`super::ruby`]), and then set beside
//! the characters.

use std::ops::Range;
use std::sync::Arc;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

use super::item::{Block, InlineItem};
use super::output::{Run, TextLayout};
use super::paragraph::{Atom, Kind, Paragraph};
use super::ruby::{Annotation, annotate};
use super::{TextScratch, is_central};
use crate::asset::fallback::FontSet;
use crate::base::{Point, Pt};
use crate::markup::style::{Emphasis, TextStyle};

/// The mark of one style.
#[derive(Debug)]
pub(super) struct Mark {
    style: Arc<TextStyle>,
    annotation: Annotation,
    over: bool,
}

/// Styles whose marks are kept.
const MOST_MARKS: usize = 64;

fn asks(style: &TextStyle) -> bool {
    style.extras.as_ref().is_some_and(|e| e.emphasis != Emphasis::None)
}

/// Lays out the marks that a paragraph asks for and that are not known yet.
pub(super) fn prepare(scratch: &mut TextScratch, fonts: &FontSet, items: &[InlineItem<'_>], block: &Block<'_>) {
    let styles = items.iter().filter_map(|i| match i {
        InlineItem::Open { style, .. } | InlineItem::Ruby { style, .. } => Some(*style),
        _ => None,
    });
    for style in styles.chain([block.style]).filter(|s| asks(s)) {
        if find(&scratch.marks, style).is_some() {
            continue;
        }
        if scratch.marks.len() >= MOST_MARKS {
            scratch.marks.clear();
        }
        if let Some(mark) = lay_out(scratch, fonts, style) {
            scratch.marks.push(Arc::new(mark));
        }
    }
}

/// The mark of a style.
pub(super) fn find(marks: &[Arc<Mark>], style: &Arc<TextStyle>) -> Option<Arc<Mark>> {
    if !asks(style) {
        return None;
    }
    marks.iter().find(|m| Arc::ptr_eq(&m.style, style) || m.style == *style).map(Arc::clone)
}

fn lay_out(scratch: &mut TextScratch, fonts: &FontSet, style: &Arc<TextStyle>) -> Option<Mark> {
    let extras = style.extras.as_deref()?;
    let text: Arc<str> = match &extras.emphasis {
        Emphasis::None => return None,
        Emphasis::Mark(text) => Arc::clone(text),
        Emphasis::Filled(filled) => Arc::from(match (is_central(style), filled) {
            (true, true) => "\u{FE45}",
            (true, false) => "\u{FE46}",
            (false, true) => "\u{25CF}",
            (false, false) => "\u{25CB}",
        }),
    };
    let (vertical, position) = (is_central(style), extras.emphasis_position);
    let small = Arc::new(TextStyle {
        font_size: style.font_size * 0.5,
        color: extras.emphasis_color.unwrap_or(style.color),
        letter_spacing: Pt::ZERO,
        word_spacing: Pt::ZERO,
        font_features: Arc::default(),
        extras: None,
        ..TextStyle::clone(style)
    });
    let items = [InlineItem::Text { text: &text, at: 0, exact: false }];
    let annotation = annotate(scratch, fonts, &items, &Block::new(&small));
    Some(Mark { style: Arc::clone(style), annotation, over: if vertical { position.right } else { position.over } })
}

impl Mark {
    /// Its box above and below the box of the text.
    fn heights(&self) -> (f32, f32) {
        let height = self.annotation.height();
        if self.over { (height, 0.0) } else { (0.0, height) }
    }
}

/// Whether a character gets a mark: not spaces, not punctuation, no controls (section 3.4, `text-emphasis-skip`).
pub(super) fn takes(p: &Paragraph, atom: &Atom) -> bool {
    if atom.kind != Kind::Text || atom.glyphs == 0 {
        return false;
    }
    let Some(c) = p.char_at(atom.byte) else { return false };
    match c {
        // Punctuation by category, yet read as words.
        '#' | '%' | '&' | '@' | '§' | '¶' | '‰' | '‱' | '⁊' | '⁓' | '\u{66A}' | '\u{609}' | '\u{60A}' | '＃' | '％'
        | '＆' | '＠' => true,
        '〽' => true,
        _ => !matches!(
            CodePointMapData::<GeneralCategory>::new().get(c),
            GeneralCategory::SpaceSeparator
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::Unassigned
                | GeneralCategory::ConnectorPunctuation
                | GeneralCategory::DashPunctuation
                | GeneralCategory::OpenPunctuation
                | GeneralCategory::ClosePunctuation
                | GeneralCategory::InitialPunctuation
                | GeneralCategory::FinalPunctuation
                | GeneralCategory::OtherPunctuation
        ),
    }
}

/// How far an annotation over the character at `atom` reaches beyond the text on the mark's side: the mark goes
/// outside of it.
fn beside_ruby(p: &Paragraph, atom: usize, over: bool) -> f32 {
    let columns = p.rubies.iter().filter(|r| r.open < atom && atom < r.close);
    columns.map(|r| if over { r.heights().0 } else { r.heights().1 }).sum()
}

/// How far the marks of a line reach above and below its baseline.
pub(super) fn reach(p: &Paragraph, range: &Range<usize>) -> (Option<f32>, Option<f32>) {
    let (mut above, mut below) = (None::<f32>, None::<f32>);
    let mut last = None;
    for i in range.clone() {
        let Some(atom) = p.atoms.get(i) else { break };
        // One character of a span speaks for all, but over ruby.
        if last == Some(atom.span) && p.rubies.is_empty() {
            continue;
        }
        let Some(span) = p.spans.get(usize::from(atom.span)) else { continue };
        let Some(mark) = span.mark.as_ref().filter(|_| takes(p, atom)) else { continue };
        last = Some(atom.span);
        let (up, down) = mark.heights();
        let ruby = beside_ruby(p, i, mark.over);
        if up > 0.0 {
            above = Some(above.unwrap_or(f32::MIN).max(span.shift + span.ascent + up + ruby));
        }
        if down > 0.0 {
            below = Some(below.unwrap_or(f32::MIN).max(span.descent - span.shift + down + ruby));
        }
    }
    (above, below)
}

/// A mark to be set: the atom it belongs to, the middle of that, and the baseline of its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub atom: usize,
    pub middle: f32,
    pub baseline: f32,
}

/// Sets the marks of a line.
pub(super) fn set(p: &Paragraph, wanted: &[Wanted], out: &mut TextLayout) {
    // The mark before, where its run ends and stands.
    let mut before: Option<(*const Mark, f32, f32)> = None;
    for w in wanted {
        let Some(span) = p.atoms.get(w.atom).and_then(|a| p.spans.get(usize::from(a.span))) else { continue };
        let Some(mark) = &span.mark else { continue };
        let a = &mark.annotation;
        let ruby = beside_ruby(p, w.atom, mark.over);
        let own = if mark.over {
            w.baseline - span.ascent - ruby - a.below
        } else {
            w.baseline + span.descent + ruby + a.above
        };
        let x = w.middle - a.width / 2.0;
        if let [one] = a.layout.runs.as_slice()
            && let Some((last, end, y)) = before
            && std::ptr::eq(last, &**mark)
            && y == own
            && let Some(run) = out.runs.last_mut()
        {
            if let Some(g) = run.glyphs.glyphs.last_mut() {
                g.extra += (x - end) * 1000.0 / (run.glyphs.size.0 * run.glyphs.stretch);
            }
            run.glyphs.glyphs.extend_from_slice(&one.glyphs.glyphs);
        } else {
            let corner = Point::new(Pt(x), Pt(own - a.baseline));
            for run in &a.layout.runs {
                let mut run = Run::clone(run);
                run.glyphs.origin = run.glyphs.origin + corner;
                out.runs.push(run);
            }
        }
        before = Some((&raw const **mark, x + a.width, own));
    }
}
