//! What is measured on finished pages: how many pixels to the inch pictures have where they are drawn, and how much ink comes
//! together at one place. Only done where the campaign states a limit.
//!
//! Ink is counted from what is drawn, item by item, not from pixels: an area has the sum of its inks, a gradient that of its
//! fullest stop, a picture that of its fullest pixel. What lies on top cuts away what is below, as on the press; where it
//! overprints or multiplies it adds to whatever its box touches below. So the figure is never too low for what is counted,
//! and the same on every machine. Pictures in process inks that pass through the file are not looked into.

use crate::asset::loader::Files;
use crate::base::{Affine, Pt, Rect};
use crate::color::{Blend, Ink};
use crate::page::{GroupItem, Item, Page};

use super::bounds::Bounds;
use super::colors::{Colors, Screen};
use super::pictures::Use;

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

/// Areas of one page that overprinting ones are held against.
const MAX_AREAS: usize = 4096;

/// One painted area.
#[derive(Clone, Copy, Debug)]
struct Area {
    bounds: Bounds,
    /// Cyan, magenta and yellow together, black, and named inks; 1 = solid.
    colors: f32,
    black: f32,
    spots: f32,
}

impl Area {
    fn total(&self) -> f32 {
        self.colors + self.black + self.spots
    }
}

/// Measures pages; `colors` is what they are encoded with.
pub fn inspect(pages: &[Page], colors: &Colors, limits: Limits, files: &Files) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let mut walk = Walk { colors, limits, files, page: number, areas: Vec::new(), most: None, found: &mut found };
        let bleed = page.bleed.0;
        let paper =
            Bounds { left: -bleed, top: -bleed, right: page.trim.width.0 + bleed, bottom: page.trim.height.0 + bleed };
        for placed in &page.lists {
            walk.items(&placed.list.items, &Affine::translate(placed.at.x, placed.at.y), paper, Meets::Covers, 0);
        }
        if let (Some((total, bounds)), Some(limit)) = (walk.most, limits.ink) {
            let percent = (total * 100.0).round() as u16;
            if percent > limit {
                found.push(Finding::Ink { percent, page: number, place: rect(bounds) });
            }
        }
    }
    found
}

fn rect(b: Bounds) -> Rect {
    Rect::new(Pt(b.left), Pt(b.top), Pt(b.right - b.left), Pt(b.bottom - b.top))
}

/// How an area meets what is below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meets {
    Covers,
    /// Its inks come on top of all that is below.
    Adds,
    /// Its inks take the place of the same inks below.
    Overprints,
}

struct Walk<'a> {
    colors: &'a Colors,
    limits: Limits,
    files: &'a Files,
    page: usize,
    areas: Vec<Area>,
    most: Option<(f32, Bounds)>,
    found: &'a mut Vec<Finding>,
}

impl Walk<'_> {
    fn items(&mut self, items: &[Item], m: &Affine, clip: Bounds, meets: Meets, depth: usize) {
        // deeper than elements can be nested
        if depth > 1000 {
            return;
        }
        for item in items {
            let one = std::slice::from_ref(item);
            let bounds = || Bounds::under(one, m).within(&clip);
            match item {
                Item::Group(group) => self.group(group, m, clip, meets, depth),
                Item::List(at, list) => {
                    let m = Affine::translate(at.x, at.y).then(m);
                    self.items(&list.items, &m, clip, meets, depth + 1);
                }
                // what has no pixels is judged when it is placed
                Item::Image(item) if item.image.art.is_some() => {}
                Item::Image(item) => {
                    let Some(bounds) = bounds() else { continue };
                    let wide = (m.a * m.a + m.b * m.b).sqrt() * item.rect.width.0;
                    let high = (m.c * m.c + m.d * m.d).sqrt() * item.rect.height.0;
                    let ppi = (item.image.width as f32 * 72.0 / wide).min(item.image.height as f32 * 72.0 / high);
                    if self.limits.dpi_floor.is_some_and(|floor| ppi < f32::from(floor) - 0.5) {
                        self.found.push(Finding::Coarse {
                            picture: item.image.path.clone(),
                            ppi: ppi as u16,
                            page: self.page,
                            place: rect(bounds),
                        });
                    }
                    let step = self.colors.dpi.map_or(1.0, |dpi| (ppi / f32::from(dpi)).clamp(1.0, 64.0)) as u8;
                    if self.limits.ink.is_some()
                        && let Some((total, colors)) = self.colors.most_ink(&Use::new(&item.image, step), self.files)
                    {
                        let share = |v: u16| f32::from(v) / 255.0;
                        let area =
                            Area { bounds, colors: share(colors), black: share(total) - share(colors), spots: 0.0 };
                        self.area(area, meets);
                    }
                }
                _ if self.limits.ink.is_none() => {}
                Item::Glyphs(run) => self.ink(run.ink, bounds(), meets, true),
                Item::Modules(modules) => self.ink(modules.ink, bounds(), meets, false),
                Item::Path(path) => {
                    for ink in path.fill.into_iter().chain(path.stroke.as_ref().map(|s| s.ink)) {
                        self.ink(ink, bounds(), meets, false);
                    }
                }
                Item::Shading(item) => {
                    for stop in item.shading.stops.iter().filter(|s| s.alpha > 0.0) {
                        self.ink(stop.ink, bounds(), meets, false);
                    }
                }
            }
        }
    }

    fn group(&mut self, group: &GroupItem, m: &Affine, clip: Bounds, meets: Meets, depth: usize) {
        if group.opacity <= 0.0 {
            return;
        }
        let m = group.transform.then(m);
        let clip = match &group.clip {
            Some(shape) => match Bounds::around(shape, &m).within(&clip) {
                Some(clip) => clip,
                None => return,
            },
            None => clip,
        };
        let meets = if group.blend == Blend::Normal { meets } else { Meets::Adds };
        self.items(&group.items, &m, clip, meets, depth + 1);
    }

    fn ink(&mut self, ink: Ink, bounds: Option<Bounds>, meets: Meets, text: bool) {
        let Some(bounds) = bounds else { return };
        let area = |[c, m, y, k]: [f32; 4], spots: f32| Area { bounds, colors: c + m + y, black: k, spots };
        let (area, overprints) = match (ink, &self.colors.screen) {
            (Ink::Black(k), _) => (area([0.0, 0.0, 0.0, k], 0.0), text && k >= 0.9995 && self.colors.black_overprints),
            (Ink::Spot { ink, tint }, _) => {
                let spot = ink.spot();
                (area([0.0; 4], tint), spot.overprint)
            }
            (Ink::Rgb(rgb), Screen::Converted(conversion)) => (area(conversion.ink(rgb), 0.0), false),
            (other, _) => (area(other.to_cmyk(), 0.0), false),
        };
        let meets = if overprints && meets == Meets::Covers { Meets::Overprints } else { meets };
        self.area(area, meets);
    }

    fn area(&mut self, area: Area, meets: Meets) {
        let mut most = area;
        if meets != Meets::Covers {
            for below in self.areas.iter().filter(|b| b.bounds.within(&area.bounds).is_some()) {
                let sum = |a: f32, b: f32, full: f32| match meets {
                    Meets::Adds => (a + b).min(full),
                    _ if a > 0.0 => a,
                    _ => b,
                };
                let both = Area {
                    bounds: area.bounds,
                    colors: sum(area.colors, below.colors, 3.0),
                    black: sum(area.black, below.black, 1.0),
                    spots: area.spots + below.spots,
                };
                if both.total() > most.total() {
                    most = both;
                }
            }
        }
        if self.areas.len() < MAX_AREAS {
            self.areas.push(most);
        }
        if self.most.is_none_or(|(total, _)| most.total() > total) {
            self.most = Some((most.total(), most.bounds));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::{Point, Size};
    use crate::color::{Spot, SpotId};
    use crate::page::{ItemList, Path, Placed, Segment};

    fn block(x: f32, ink: Ink) -> Item {
        Item::Path(Path::filled(vec![Segment::Rect(Rect::new(Pt(x), Pt(0.0), Pt(20.0), Pt(20.0)))], ink))
    }

    fn most(items: Vec<Item>) -> Option<u16> {
        let list = Arc::new(ItemList::new(items, false));
        let trim = Size::new(Pt(100.0), Pt(100.0));
        let lists = vec![Placed { at: Point::ZERO, list }];
        let page = Page { trim, bleed: Pt::ZERO, slug: Pt::ZERO, lists };
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
        assert_eq!(most(vec![block(0.0, warm), block(0.0, cold)]), Some(200));
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
