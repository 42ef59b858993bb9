use std::sync::Arc;

use super::*;
use crate::base::Edges;
use crate::color::Color;
use crate::markup::composition::{Autospace, Composition, Hyphens, LineAdjust, SpacingTrim};
use crate::markup::style::{
    LineBreak, LineHeight, OverflowWrap, TextAlign, TextDecoration, TextStyle, TextTransform, VerticalAlign,
    WhiteSpace, WordBreak, WrapMode,
};

mod around;
mod breaking;
mod composing;
mod lines;
mod speed;

/// 10 pt BIZ UDGothic, where a Japanese character is 10 pt wide and a Latin one 5 pt.
fn style() -> TextStyle {
    TextStyle {
        font_family: Arc::from([Arc::from("BIZ UDGothic")]),
        font_size: Pt(10.0),
        autospace: Autospace::NONE,
        // every glyph as wide as it is drawn: what is trimmed is tested where it is the subject
        composition: Composition { trim: SpacingTrim::SpaceAll, ..Composition::default() },
        lang: Arc::from("ja"),
        ..TextStyle::initial()
    }
}

/// The shipped faces, read once for all tests.
fn fonts() -> &'static FontSet {
    static FONTS: std::sync::OnceLock<FontSet> = std::sync::OnceLock::new();
    FONTS.get_or_init(FontSet::shipped)
}

fn text(text: &str) -> InlineItem<'_> {
    InlineItem::Text { text, at: 0, exact: true }
}

fn open(id: usize, style: &Arc<TextStyle>) -> InlineItem<'_> {
    InlineItem::Open {
        id,
        style,
        vertical_align: VerticalAlign::Baseline,
        decoration: TextDecoration::default(),
        visible: true,
        painted: false,
        margin: Edges::default(),
        border: Edges::default(),
        padding: Edges::default(),
    }
}

/// Lays items out, `width` in points.
fn set(items: &[InlineItem<'_>], style: TextStyle, width: f32) -> TextLayout {
    let style = Arc::new(style);
    let mut out = TextLayout::default();
    let block = Block::new(&style);
    lay_out(&mut TextScratch::default(), fonts(), items, &block, Pt(width), &mut out);
    out
}

/// The text of each line, read back from its glyphs.
fn read(layout: &TextLayout) -> Vec<String> {
    layout
        .lines
        .iter()
        .map(|line| {
            let runs = &layout.runs[line.runs.clone()];
            let glyphs = runs.iter().flat_map(|r| r.glyphs.glyphs.iter().map(|g| (&r.glyphs.font, g.id)));
            glyphs.map(|(font, id)| font.text_of(id).unwrap_or('\u{FFFD}')).collect()
        })
        .collect()
}

/// The lines of a plain text at a width in em.
fn broken(t: &str, em: f32) -> Vec<String> {
    read(&set(&[text(t)], style(), em * 10.0))
}
