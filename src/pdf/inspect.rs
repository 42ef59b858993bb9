//! What is measured on finished pages: how many pixels to the inch pictures have where they are drawn, and how much ink comes
//! together at one place (`plates`). Only done where the campaign states a limit.

use crate::asset::loader::Files;
use crate::base::{Affine, Pt, Rect};
use crate::page::{Item, Page};

use super::bounds::Bounds;
use super::colors::Colors;
use super::plates::Painter;

/// What is told when it is out of bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Pixels to the inch below which a picture is told.
    pub dpi_floor: Option<u16>,
    /// Percent of ink above which a page is told.
    pub ink: Option<u16>,
}

/// Something out of bounds, with its place in millimetres from the trim's corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// A picture with few pixels where it is drawn.
    Coarse { picture: String, ppi: u16, page: usize, place: Rect },
    /// The most ink of a page, in percent, and where.
    Ink { percent: u16, page: usize, place: Rect },
}

/// Measures pages; `colors` is what they are encoded with.
pub fn inspect(pages: &[Page], colors: &Colors, limits: Limits, files: &Files) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        if let Some(floor) = limits.dpi_floor {
            let bleed = page.bleed.0;
            let (right, bottom) = (page.trim.width.0 + bleed, page.trim.height.0 + bleed);
            let paper = Bounds { left: -bleed, top: -bleed, right, bottom };
            let mut walk = Walk { floor, page: number, found: &mut found };
            for placed in &page.lists {
                walk.items(&placed.list.items, &Affine::translate(placed.at.x, placed.at.y), paper, 0);
            }
        }
        if let Some(limit) = limits.ink {
            let (total, place) = Painter::paint(page, colors, files).most();
            let percent = (total * 100.0).round() as u16;
            // what the rounding of each plate to 255 steps makes of a limit that is just met
            if percent > limit && total * 100.0 > f32::from(limit) + 0.5 {
                found.push(Finding::Ink { percent, page: number, place });
            }
        }
    }
    found
}

fn rect(b: Bounds) -> Rect {
    Rect::new(Pt(b.left), Pt(b.top), Pt(b.right - b.left), Pt(b.bottom - b.top))
}

/// Looks for pictures with few pixels.
struct Walk<'a> {
    floor: u16,
    page: usize,
    found: &'a mut Vec<Finding>,
}

impl Walk<'_> {
    fn items(&mut self, items: &[Item], m: &Affine, clip: Bounds, depth: usize) {
        // deeper than elements can be nested
        if depth > 1000 {
            return;
        }
        for item in items {
            match item {
                Item::Group(group) => {
                    let m = group.transform.then(m);
                    let clip = match &group.clip {
                        Some(shape) => Bounds::around(shape, &m).within(&clip),
                        None => Some(clip),
                    };
                    if let Some(clip) = clip.filter(|_| group.opacity > 0.0) {
                        self.items(&group.items, &m, clip, depth + 1);
                    }
                }
                Item::List(at, list) => {
                    let m = Affine::translate(at.x, at.y).then(m);
                    self.items(&list.items, &m, clip, depth + 1);
                }
                // what has no pixels is judged when it is placed
                Item::Image(item) if item.image.art.is_none() => {
                    let bounds = Bounds::under(&[Item::Image(item.clone())], m).within(&clip);
                    let wide = (m.a * m.a + m.b * m.b).sqrt() * item.rect.width.0;
                    let high = (m.c * m.c + m.d * m.d).sqrt() * item.rect.height.0;
                    let ppi = (item.image.width as f32 * 72.0 / wide).min(item.image.height as f32 * 72.0 / high);
                    if let Some(bounds) = bounds.filter(|_| ppi < f32::from(self.floor) - 0.5) {
                        let (picture, place) = (item.image.path.clone(), rect(bounds));
                        self.found.push(Finding::Coarse { picture, ppi: ppi as u16, page: self.page, place });
                    }
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::{Point, Size};
    use crate::color::{Blend, Ink, Spot, SpotId};
    use crate::page::{GroupItem, ItemList, Path, Placed, Segment};

    fn block(x: f32, ink: Ink) -> Item {
        Item::Path(Path::filled(vec![Segment::Rect(Rect::new(Pt(x), Pt(0.0), Pt(20.0), Pt(20.0)))], ink))
    }

    fn most(items: Vec<Item>) -> Option<u16> {
        let list = Arc::new(ItemList::new(items, false));
        let trim = Size::new(Pt(100.0), Pt(100.0));
        let lists = vec![Placed { at: Point::ZERO, list }];
        let page = Page { trim, bleed: Pt::ZERO, slug: Pt::ZERO, name: "".into(), lists };
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let limits = Limits { dpi_floor: None, ink: Some(0) };
        match inspect(&[page], &Colors::default(), limits, &files).pop() {
            Some(Finding::Ink { percent, .. }) => Some(percent),
            _ => None,
        }
    }

    #[test]
    fn what_lies_on_top_cuts_away_and_what_overprints_adds() {
        let (warm, cold) = (Ink::Cmyk([0.0, 1.0, 1.0, 0.0]), Ink::Cmyk([1.0, 0.5, 0.0, 0.2]));
        assert_eq!(most(vec![block(0.0, warm), block(0.0, cold)]), Some(170), "nothing is left of what lies below");
        let varnish = Spot::new("Varnish (inspect)", [0.0, 0.0, 0.1, 0.0], true).unwrap();
        let varnish = Ink::Spot { ink: SpotId::of(&varnish).unwrap(), tint: 1.0 };
        assert_eq!(most(vec![block(0.0, warm), block(10.0, varnish)]), Some(300));
        assert_eq!(most(vec![block(0.0, warm), block(30.0, varnish)]), Some(200), "beside it, not on it");
        let multiply = GroupItem { blend: Blend::Multiply, ..GroupItem::new(vec![block(0.0, cold)]) };
        assert_eq!(most(vec![block(0.0, warm), Item::Group(multiply)]), Some(320), "at most 300 of three inks");
    }

    #[test]
    fn what_lies_beyond_the_paper_or_its_clip_does_not_count() {
        let warm = Ink::Cmyk([0.0, 1.0, 1.0, 0.0]);
        assert_eq!(most(vec![block(0.0, Ink::Black(0.5)), block(150.0, warm)]), Some(50));
        let clip = Some(vec![Segment::Rect(Rect::new(Pt(50.0), Pt(50.0), Pt(5.0), Pt(5.0)))]);
        let cut = Item::Group(GroupItem { clip, ..GroupItem::new(vec![block(0.0, warm)]) });
        assert_eq!(most(vec![block(0.0, Ink::Black(0.5)), cut]), Some(50));
    }
}
