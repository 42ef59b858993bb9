//! What must stay free on a finished page: the paper around a mark that machines read, and where a card is glued.

use super::side::items;
use crate::base::{Affine, Pt, Rect};
use crate::page::Page;
use crate::press::integrity::Integrity;
use crate::press::plan::Preset;

/// Rectangles around what a page draws.
fn printed(page: &Page) -> Vec<Rect> {
    let whole = Rect::new(Pt::ZERO, Pt::ZERO, page.trim.width, page.trim.height);
    let mut rects = Vec::new();
    for placed in &page.lists {
        items(&placed.list.items, &Affine::translate(placed.at.x, placed.at.y), whole, &mut rects);
    }
    rects
}

/// What of a rectangle lies in another.
fn within(r: &Rect, zone: &Rect) -> Option<Rect> {
    let (x, y) = (r.x.max(zone.x), r.y.max(zone.y));
    let (right, bottom) = (r.right().min(zone.right()), r.bottom().min(zone.bottom()));
    (x < right && y < bottom).then(|| Rect::new(x, y, right - x, bottom - y))
}

fn covers(r: &Rect, zone: &Rect) -> bool {
    let near = Pt(0.05);
    r.x <= zone.x + near
        && r.y <= zone.y + near
        && r.right() + near >= zone.right()
        && r.bottom() + near >= zone.bottom()
}

fn mm(r: &Rect) -> String {
    let (x, y, w, h) = (r.x.to_mm(), r.y.to_mm(), r.width.to_mm(), r.height.to_mm());
    format!("{x:.1} mm from the left and {y:.1} mm from the top, {w:.1} × {h:.1} mm")
}

/// What is wrong with the place of the mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spoilt {
    /// It does not lie on the page, which no record can help.
    OffPage(String),
    /// Something is printed where it must be white. Grounds that lie under all of it are none: the mark covers them.
    Printed(String),
}

/// Whether the mark can stand on the pages of a piece.
pub(super) fn mark(integrity: &Integrity, pages: &[Page]) -> Option<Spoilt> {
    for (n, page) in pages.iter().enumerate() {
        if integrity.leaf(n, pages.len()).is_none() {
            continue;
        }
        let zone = integrity.zone(page.trim);
        let whole = Rect::new(Pt::ZERO, Pt::ZERO, page.trim.width, page.trim.height);
        if !covers(&whole, &zone) {
            let (w, h) = (page.trim.width.to_mm(), page.trim.height.to_mm());
            let zone = mm(&zone);
            return Some(Spoilt::OffPage(format!(
                "the integrity mark with its clear zone ({zone}) does not lie on page {} ({w:.1} × {h:.1} mm)",
                n + 1
            )));
        }
        let found = printed(page).into_iter().filter(|r| !covers(r, &zone)).find_map(|r| within(&r, &zone));
        if let Some(r) = found {
            return Some(Spoilt::Printed(format!(
                "page {}: something is printed in the clear zone of the integrity mark ({})",
                n + 1,
                mm(&r)
            )));
        }
    }
    None
}

/// What is printed where a card's panels are glued onto one another: for each panel the largest of it.
pub(super) fn glue(preset: &Preset, pages: &[Page]) -> Vec<String> {
    let mut told = Vec::new();
    let rects: Vec<Vec<Rect>> = pages.iter().map(printed).collect();
    let mut worst: Vec<(&str, usize, Rect)> = Vec::new();
    for (side, name, strip) in preset.glue_free() {
        let [x, y, w, h] = strip.map(Pt::from_mm);
        let strip = Rect::new(x, y, w, h);
        for r in rects.get(side).into_iter().flatten().filter_map(|r| within(r, &strip)) {
            let area = |r: &Rect| r.width.0 * r.height.0;
            match worst.iter_mut().find(|w| w.0 == name) {
                Some(known) if area(&known.2) >= area(&r) => {}
                Some(known) => known.2 = r,
                None => worst.push((name, side, r)),
            }
        }
    }
    for (name, side, r) in worst {
        let word = if side == 0 { "front" } else { "back" };
        told.push(format!(
            "panel {name} ({word}): something is printed in the {:.0} mm along its edges that stay free for the glue ({})",
            preset.strip,
            mm(&r)
        ));
    }
    told
}
