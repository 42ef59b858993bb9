//! What of a laid out flow lies on which page. Items are dealt out, each to the page it stands on: text is never on
//! two. What reaches over a cut and can be seen on both sides (grounds, borders, tall pictures) is drawn on both, cut
//! at the page's stretch (`box-decoration-break: slice`).

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::cuts::Stretch;
use crate::base::{Affine, Point, Pt, Rect};
use crate::layout::paint::ground;
use crate::page::{Item, ItemList, Segment};

/// What stands over a cut by less than this stands on one side of it.
const HAIR: f32 = 0.05;

/// How far something reaches.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reach {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
}

impl Reach {
    const NOWHERE: Self =
        Self { left: f32::INFINITY, right: f32::NEG_INFINITY, top: f32::INFINITY, bottom: f32::NEG_INFINITY };

    fn of(r: &Rect) -> Self {
        Self { left: r.x.0, right: r.right().0, top: r.y.0, bottom: r.bottom().0 }
    }

    fn with(self, o: Self) -> Self {
        Self {
            left: self.left.min(o.left),
            right: self.right.max(o.right),
            top: self.top.min(o.top),
            bottom: self.bottom.max(o.bottom),
        }
    }

    fn moved(self, by: Point) -> Self {
        Self {
            left: self.left + by.x.0,
            right: self.right + by.x.0,
            top: self.top + by.y.0,
            bottom: self.bottom + by.y.0,
        }
    }

    fn transformed(self, m: &Affine) -> Self {
        let corner = |x: f32, y: f32| {
            let (x, y) = (m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f);
            Self { left: x, right: x, top: y, bottom: y }
        };
        corner(self.left, self.top)
            .with(corner(self.right, self.top))
            .with(corner(self.left, self.bottom))
            .with(corner(self.right, self.bottom))
    }

    fn of_segments(segments: &[Segment], edge: f32) -> Self {
        let point =
            |p: &Point| Self { left: p.x.0 - edge, right: p.x.0 + edge, top: p.y.0 - edge, bottom: p.y.0 + edge };
        segments.iter().fold(Self::NOWHERE, |reach, s| match s {
            Segment::Rect(r) => {
                let r = Self::of(r);
                reach.with(Self {
                    left: r.left - edge,
                    right: r.right + edge,
                    top: r.top - edge,
                    bottom: r.bottom + edge,
                })
            }
            Segment::Move(p) | Segment::Line(p) => reach.with(point(p)),
            Segment::Cubic(a, b, c) => reach.with(point(a)).with(point(b)).with(point(c)),
            Segment::Close => reach,
        })
    }
}

/// Deals out the items of flows whose stretches are these.
#[derive(Debug)]
pub struct Dealer<'a> {
    pages: &'a [Stretch],
    /// How far lists reach, by their address: they are asked for on every level above them.
    known: FxHashMap<*const ItemList, Reach>,
}

impl<'a> Dealer<'a> {
    #[must_use]
    pub fn new(pages: &'a [Stretch]) -> Self {
        Self { pages, known: FxHashMap::default() }
    }

    /// The page on which something begins that has its top here.
    #[must_use]
    pub fn page_at(&self, y: Pt) -> usize {
        self.pages.partition_point(|p| p.from.0 <= y.0 + HAIR).saturating_sub(1)
    }

    /// The list page by page, in its own coordinates; its origin lies at `at` of the flow. Empty where it has
    /// nothing.
    pub fn deal(&mut self, list: &Arc<ItemList>, at: Point) -> Vec<(usize, Arc<ItemList>)> {
        let reach = self.reach_of(list).moved(at);
        if reach.top > reach.bottom {
            return Vec::new();
        }
        let (first, last) = self.pages_of(&reach);
        if first == last {
            return vec![(first, Arc::clone(list))];
        }
        let mut dealt: Vec<Vec<Item>> = (first..=last).map(|_| Vec::new()).collect();
        for item in &list.items {
            self.item(item, at, first, &mut dealt);
        }
        let lists = dealt.into_iter().enumerate().filter(|(_, items)| !items.is_empty());
        lists.map(|(i, items)| (first + i, Arc::new(ItemList::new(items, false)))).collect()
    }

    fn item(&mut self, item: &Item, at: Point, base: usize, dealt: &mut [Vec<Item>]) {
        let reach = self.reach(item).moved(at);
        let (first, last) = self.pages_of(&reach);
        let mut give = |page: usize, item: Item| {
            if let Some(items) = page.checked_sub(base).and_then(|i| dealt.get_mut(i)) {
                items.push(item);
            }
        };
        if first == last {
            return give(first, item.clone());
        }
        match item {
            // a line of text, a symbol: where it begins
            Item::Glyphs(_) | Item::Modules(_) => give(first, item.clone()),
            Item::List(inner, list) => {
                for (page, list) in self.deal(list, at + *inner) {
                    give(page, Item::List(*inner, list));
                }
            }
            Item::Group(group) if group.transform == Affine::IDENTITY => {
                let mut inside: Vec<Vec<Item>> = (first..=last).map(|_| Vec::new()).collect();
                for item in &group.items {
                    self.item(item, at, first, &mut inside);
                }
                for (i, items) in inside.into_iter().enumerate().filter(|(_, items)| !items.is_empty()) {
                    let mut part = group.clone();
                    part.items = items;
                    for item in self.clipped(first + i, at, &reach, vec![Item::Group(part)]) {
                        give(first + i, item);
                    }
                }
            }
            _ => {
                for page in first..=last {
                    for item in self.clipped(page, at, &reach, vec![item.clone()]) {
                        give(page, item);
                    }
                }
            }
        }
    }

    /// Items cut to a page's stretch.
    fn clipped(&self, page: usize, at: Point, reach: &Reach, items: Vec<Item>) -> Vec<Item> {
        let stretch = self.pages.get(page).copied().unwrap_or(Stretch::new(Pt::ZERO, Pt::ZERO));
        let Stretch { from, to, .. } = stretch;
        let top = if page == 0 { reach.top } else { reach.top.max(from.0) };
        let bottom = reach.bottom.min(to.0);
        let rect =
            Rect::new(Pt(reach.left) - at.x, Pt(top) - at.y, Pt(reach.right - reach.left), Pt((bottom - top).max(0.0)));
        let mut out = Vec::with_capacity(1);
        ground::group(&mut out, 1.0, Some(vec![Segment::Rect(rect)]), items);
        out
    }

    /// The first and the last page that something is on.
    fn pages_of(&self, reach: &Reach) -> (usize, usize) {
        let first = self.page_at(Pt(reach.top));
        let last = self.pages.partition_point(|p| p.from.0 < reach.bottom - HAIR).saturating_sub(1);
        (first, last.max(first))
    }

    fn reach_of(&mut self, list: &Arc<ItemList>) -> Reach {
        let key = Arc::as_ptr(list);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let reach = list.items.iter().fold(Reach::NOWHERE, |reach, item| reach.with(self.reach(item)));
        self.known.insert(key, reach);
        reach
    }

    /// Of a run it is its baseline that counts.
    fn reach(&mut self, item: &Item) -> Reach {
        match item {
            Item::Glyphs(run) => {
                let (x, y) = (run.origin.x.0, run.origin.y.0);
                Reach { left: x, right: x, top: y, bottom: y }
            }
            Item::Path(path) => {
                let edge = path.stroke.as_ref().map_or(0.0, |s| s.width.0 / 2.0);
                Reach::of_segments(&path.segments, edge)
            }
            Item::Shading(shading) => Reach::of_segments(&shading.segments, 0.0),
            Item::Image(image) => Reach::of(&image.rect),
            Item::Modules(m) => Reach::of(&m.rect()),
            Item::Group(group) => {
                let inside = match &group.clip {
                    Some(clip) => Reach::of_segments(clip, 0.0),
                    None => group.items.iter().fold(Reach::NOWHERE, |reach, item| reach.with(self.reach(item))),
                };
                if group.transform == Affine::IDENTITY { inside } else { inside.transformed(&group.transform) }
            }
            Item::List(at, list) => self.reach_of(list).moved(*at),
        }
    }
}
