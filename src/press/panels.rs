//! The panels of a pressure-sealed card, each a page of its own, laid side by side into the front and the back of the flat
//! card. Bleed stays at the card's edges and is cut off at its folds.

use std::sync::Arc;

use super::plan::Preset;
use crate::base::diag::did_you_mean;
use crate::base::{Affine, Point, Pt, Rect, Size};
use crate::page::{GroupItem, Item, ItemList, Page, Placed, Segment};

/// Pages that differ from their panel by less have its size: CSS lengths are rounded to points.
const SAME: Pt = Pt(0.3);

/// Lays `pages` into the preset's leaf: its front and its back. Each page has a panel's name, and each panel a page.
///
/// # Errors
/// What is missing, left over, or of another size, all at once; each with words of help if there are any.
pub fn flatten(preset: &Preset, pages: &[Page]) -> Result<[Page; 2], Vec<(String, Option<String>)>> {
    let mut wrong: Vec<(String, Option<String>)> = Vec::new();
    let names = || preset.front.iter().chain(preset.back).copied();
    let list = || names().collect::<Vec<_>>().join(", ");
    for (n, page) in pages.iter().enumerate() {
        let name = &*page.name;
        if name.is_empty() {
            let help = format!("give what is on it a `page` of its own: {}", list());
            wrong.push((format!("page {} is no panel of a {}: it has no name", n + 1, preset.name), Some(help)));
        } else if !names().any(|known| known == name) {
            let like = did_you_mean(name, names()).map(|l| format!("did you mean `{l}`?"));
            let help = like.unwrap_or_else(|| format!("its panels are {}", list()));
            wrong.push((format!("a {} has no panel `{name}`", preset.name), Some(help)));
        } else if pages.iter().take(n).any(|p| *p.name == *name) {
            let help = "text that does not fit its panel goes on on another page: shorten it, or give its box a height";
            wrong.push((format!("page {} is the panel `{name}` again", n + 1), Some(help.to_owned())));
        }
        if page.slug > Pt::ZERO {
            let help = "leave `marks` out of `@page`: the marks of the whole card are made when it is placed on sheets";
            wrong.push((format!("page {} has crop marks, and folds are not cut", n + 1), Some(help.to_owned())));
        }
    }
    let bleed = pages.first().map_or(Pt::ZERO, |p| p.bleed);
    let mut sides = Vec::new();
    for side in 0..2 {
        let mut lists = Vec::new();
        for (name, left, width) in preset.panels(side) {
            let Some(page) = pages.iter().find(|p| *p.name == *name) else {
                let help =
                    format!("a panel that stays white is an empty element: <section style=\"page: {name}\"></section>");
                wrong.push((format!("the panel `{name}` has no page"), Some(help)));
                continue;
            };
            let (x, width, height) = (Pt::from_mm(left), Pt::from_mm(width), Pt::from_mm(preset.height));
            let differs = |a: Pt, b: Pt| (a - b).0.abs() > SAME.0;
            if differs(page.trim.width, width) || differs(page.trim.height, height) {
                let (w, h) = (page.trim.width.to_mm(), page.trim.height.to_mm());
                let (pw, ph) = (width.to_mm(), height.to_mm());
                let message = format!("the panel `{name}` is {w:.1} × {h:.1} mm and must be {pw:.1} × {ph:.1} mm");
                wrong.push((message, Some(format!("@page {name} {{ size: {pw:.0}mm {ph:.0}mm }}"))));
            }
            if differs(page.bleed, bleed) {
                let (own, others) = (page.bleed.to_mm(), bleed.to_mm());
                wrong.push((
                    format!("the panel `{name}` has {own:.1} mm of bleed and others have {others:.1} mm"),
                    None,
                ));
            }
            let at_left = if left < 0.05 { bleed } else { Pt::ZERO };
            let at_right = if x + width + SAME > Pt::from_mm(preset.width) { bleed } else { Pt::ZERO };
            let clip = Rect::new(-at_left, -bleed, width + at_left + at_right, height + bleed * 2.0);
            let items = page.lists.iter().map(|p| Item::List(p.at, Arc::clone(&p.list))).collect();
            let group = GroupItem {
                transform: Affine::translate(x, Pt::ZERO),
                clip: Some(vec![Segment::Rect(clip)]),
                ..GroupItem::new(items)
            };
            let recurs = page.lists.iter().all(|p| p.list.recurs);
            lists.push(Placed { at: Point::ZERO, list: Arc::new(ItemList::new(vec![Item::Group(group)], recurs)) });
        }
        let trim = Size::new(Pt::from_mm(preset.width), Pt::from_mm(preset.height));
        let name = if side == 0 { "front" } else { "back" };
        sides.push(Page { trim, bleed, slug: Pt::ZERO, name: name.into(), lists });
    }
    match <[Page; 2]>::try_from(sides) {
        Ok(sides) if wrong.is_empty() => Ok(sides),
        _ => Err(wrong),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test that cannot set up has failed
mod tests {
    use super::super::plan::{PRESETS, preset};
    use super::*;

    fn page(name: &str, width: f32) -> Page {
        let trim = Size::new(Pt::from_mm(width), Pt::from_mm(148.0));
        Page { trim, bleed: Pt::from_mm(3.0), slug: Pt::ZERO, name: name.into(), lists: Vec::new() }
    }

    fn panels(preset: &Preset) -> Vec<Page> {
        (0..2).flat_map(|side| preset.panels(side)).map(|(name, _, width)| page(name, width)).collect()
    }

    fn clips(page: &Page) -> Vec<(f32, f32, f32)> {
        let mm = |v: Pt| (v.to_mm() * 10.0).round() / 10.0;
        let group = |p: &Placed| match &p.list.items[..] {
            [Item::Group(g)] => match g.clip.as_deref() {
                Some([Segment::Rect(r)]) => (mm(Pt(g.transform.e)), mm(r.x), mm(r.right())),
                _ => panic!("no clip"),
            },
            _ => panic!("no group"),
        };
        page.lists.iter().map(group).collect()
    }

    #[test]
    fn the_short_panel_lies_right_on_the_front_and_left_on_the_back() {
        let card = preset("three-panel").unwrap();
        let [front, back] = flatten(card, &panels(card)).unwrap();
        assert_eq!(clips(&front), [(0.0, -3.0, 100.0), (100.0, 0.0, 100.0), (200.0, 0.0, 102.0)]);
        assert_eq!(clips(&back), [(0.0, -3.0, 99.0), (99.0, 0.0, 100.0), (199.0, 0.0, 103.0)]);
    }

    /// Folded as the preset says, each glued panel lies on another, and what is seen is outside.
    #[test]
    fn glued_strips_lie_at_the_edges_and_never_at_a_fold() {
        for card in &PRESETS {
            let strips = card.glue_free();
            assert!(!strips.iter().any(|(_, name, _)| ["address", "back"].contains(name)), "{}", card.name);
            for (side, name, [x, y, w, h]) in strips {
                let edges = [x < 0.01, y < 0.01, x + w > card.width - 0.01, y + h > card.height - 0.01];
                assert!(edges.contains(&true), "{side} {name}");
                if h > 100.0 {
                    assert!(edges[0] || edges[2], "{side} {name} lies at a fold");
                }
            }
        }
    }

    #[test]
    fn what_is_no_card_is_told_at_once() {
        let card = preset("v-card").unwrap();
        let mut pages = panels(card);
        pages[0] = page("adress", 100.0);
        pages[3] = page("inside-left", 90.0);
        let told: Vec<String> = flatten(card, &pages).unwrap_err().into_iter().map(|w| w.0).collect();
        let wanted = [
            "a v-card has no panel `adress`",
            "page 4 is the panel `inside-left` again",
            "the panel `back` has no page",
            "the panel `inside-right` has no page",
        ];
        assert_eq!(told, wanted);
        let mut pages = panels(card);
        pages[1] = page("address", 99.0);
        let told = flatten(card, &pages).unwrap_err();
        assert_eq!(told[0].0, "the panel `address` is 99.0 × 148.0 mm and must be 100.0 × 148.0 mm");
    }
}
