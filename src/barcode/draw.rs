//! A measured symbol as items of a page.

use std::sync::Arc;

use super::size::Measures;
use super::symbol::{Label, Symbol};
use crate::asset::font::Font;
use crate::base::{Edges, Point, Pt};
use crate::color::Ink;
use crate::page::{Glyph, GlyphRun, Item, Lies, Modules};

/// The family whose digits stand below bars: even widths and open shapes, the nearest to OCR-B of what is shipped.
pub const FAMILY: &str = "BIZ UDGothic";

/// Draws the symbol into the box whose corner is `at`: its modules in one ink, then its text where there is a font for it.
pub fn draw(symbol: &Symbol, measures: &Measures, font: Option<&Arc<Font>>, at: Point, ink: Ink, out: &mut Vec<Item>) {
    let corner = Point::new(at.x + measures.left, at.y + measures.top);
    let module = measures.module;
    let quiet = &symbol.quiet;
    out.push(Item::Modules(Modules {
        at: corner,
        module,
        columns: symbol.columns,
        rows: symbol.rows,
        bits: Arc::clone(&symbol.bits),
        heights: (!measures.rows.is_empty()).then(|| Arc::from(&measures.rows[..])),
        reduction: measures.reduction,
        quiet: Edges {
            top: module * quiet.top,
            right: module * quiet.right,
            bottom: module * quiet.bottom,
            left: module * quiet.left,
        },
        ink,
    }));
    let (Some(text), Some(font)) = (measures.text, font) else { return };
    for (label, baseline) in text.baselines(&symbol.labels) {
        let origin = Point::new(corner.x + module * label.left, corner.y + baseline);
        if let Some(run) = run(label, module, font, text.size, origin, ink) {
            out.push(Item::Glyphs(run));
        }
    }
}

/// The text in the middle of its room, or each character in the middle of its cell.
fn run(label: &Label, module: Pt, font: &Arc<Font>, size: Pt, at: Point, ink: Ink) -> Option<GlyphRun> {
    let per_em = f32::from(font.units_per_em.max(1));
    let ids: Vec<u16> = label.text.chars().filter_map(|c| font.glyph(c)).collect();
    // in thousandths of the size
    let advance = |id: u16| f32::from(font.advance(id)) * 1000.0 / per_em;
    let thousandths = |length: Pt| length / size * 1000.0;
    let first = *ids.first()?;
    let (start, glyphs) = match label.cell {
        Some(cell) => {
            let cell = thousandths(module * cell);
            let room = thousandths(module * label.width);
            let before = (room - cell * ids.len() as f32) / 2.0 + (cell - advance(first)) / 2.0;
            let glyphs = ids.iter().enumerate().map(|(i, id)| {
                let next = ids.get(i + 1).copied();
                // from the middle of this one to the middle of the next
                let extra = next.map_or(0.0, |n| cell - (advance(*id) + advance(n)) / 2.0);
                Glyph { id: *id, extra, ..Glyph::default() }
            });
            (before, glyphs.collect())
        }
        None => {
            let width: f32 = ids.iter().map(|id| advance(*id)).sum();
            let glyphs = ids.iter().map(|id| Glyph { id: *id, ..Glyph::default() }).collect();
            ((thousandths(module * label.width) - width) / 2.0, glyphs)
        }
    };
    Some(GlyphRun {
        font: Arc::clone(font),
        size,
        ink,
        origin: Point::new(at.x + size * (start / 1000.0), at.y),
        vertical: false,
        lies: Lies::Level,
        stretch: 1.0,
        glyphs,
    })
}
