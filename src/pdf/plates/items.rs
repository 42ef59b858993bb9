//! Plates of a page from its items, by the same rules as its operators are written.

use std::sync::Arc;

use super::gradient::Axis;
use super::raster::{Cell, Clip, Drop, INKS, Map, Meets, NAMED, Outline, Plates, byte, cell, named};
use crate::asset::loader::Files;
use crate::base::{Affine, Point, Pt, Rect};
use crate::color::{Blend, Ink, Space, SpotId};
use crate::page::{GlyphRun, GroupItem, Item, Lies, Page, ShadingItem, ShadingKind, colored};
use crate::pdf::bounds::length;
use crate::pdf::colors::{Colors, Screen};
use crate::pdf::content::{SOLID, blends, is_white};
use crate::pdf::pictures::Use;

/// Text lies within so much of its size above and below the baseline.
const ABOVE: f32 = 0.88;
const BELOW: f32 = 0.22;

/// Paints one page after the other.
pub(in crate::pdf) struct Painter<'a> {
    colors: &'a Colors,
    files: &'a Files,
    plates: Plates,
    names: Vec<Arc<str>>,
    bleed: f32,
}

/// What the groups around say.
#[derive(Clone)]
struct Around {
    m: Affine,
    clip: Clip,
    over: Option<bool>,
    scale: f32,
}

impl<'a> Painter<'a> {
    /// The plates of `page` with its bleed.
    pub(in crate::pdf) fn paint(page: &Page, colors: &'a Colors, files: &'a Files) -> Self {
        let bleed = page.bleed;
        let (width, height) = (page.trim.width + bleed * 2.0, page.trim.height + bleed * 2.0);
        let plates = Plates::new(width.0, height.0, &Affine::translate(bleed, bleed));
        let mut painter = Self { colors, files, plates, names: Vec::new(), bleed: bleed.0 };
        let (clip, m) = (painter.plates.all(), painter.plates.to_cells);
        for placed in &page.lists {
            let m = Affine::translate(placed.at.x, placed.at.y).then(&m);
            painter.items(&placed.list.items, &Around { m, clip: clip.clone(), over: None, scale: 1.0 }, 0);
        }
        painter
    }

    /// The most ink of any place, 1 = one solid, and where, in points from the trim's corner.
    pub(in crate::pdf) fn most(&self) -> (f32, Rect) {
        let (most, [left, top, right, bottom]) = self.plates.most();
        let (x, y) = (self.plates.to_cells.a, self.plates.to_cells.d);
        let rect = Rect::new(
            Pt(left / x - self.bleed),
            Pt(top / y - self.bleed),
            Pt((right - left) / x),
            Pt((bottom - top) / y),
        );
        (most, rect)
    }

    /// The plate of a named ink.
    fn plane(&mut self, name: &Arc<str>, kind: Option<crate::color::SpotKind>) -> usize {
        let at = match self.names.iter().position(|n| n == name) {
            Some(at) => at,
            None => {
                self.names.push(Arc::clone(name));
                let place = 4 + (self.names.len() - 1).min(NAMED - 1);
                let kind = kind.or_else(|| self.colors.stated.iter().find(|i| i.name == *name).map(|i| i.kind));
                if let Some(counts) = self.plates.counts.get_mut(place) {
                    let shared = self.names.len() > NAMED && *counts;
                    *counts = shared || kind.is_none_or(|k| k.counts());
                }
                self.names.len() - 1
            }
        };
        4 + at.min(NAMED - 1)
    }

    fn cell(&mut self, ink: Ink, opacity: f32) -> Cell {
        match ink {
            Ink::Black(k) => cell([0.0, 0.0, 0.0, k], opacity),
            Ink::Rgb(rgb) => match &self.colors.screen {
                Screen::Converted(conversion) => cell(conversion.ink(rgb), opacity),
                _ => cell(ink.to_cmyk(), opacity),
            },
            Ink::Cmyk(inks) => cell(inks, opacity),
            Ink::Spot { ink: SpotId::UNDEFINED, .. } => cell([0.0; 4], 0.0),
            // printer's marks: lines and crosses beside what is printed
            Ink::Spot { ink: SpotId::REGISTRATION, .. } => cell([0.0; 4], opacity),
            Ink::Spot { ink, tint } => {
                let spot = ink.spot();
                let plane = self.plane(&spot.name, Some(spot.kind));
                named(plane, tint, opacity)
            }
        }
    }

    /// How an ink meets what is below; as the content's operators have it.
    fn meets(&self, ink: Ink, cell: &Cell, around: &Around, text: bool) -> Meets {
        let over = match (around.over, ink) {
            (Some(over), _) => over && !is_white(ink),
            (None, Ink::Black(k)) => text && k >= SOLID && self.colors.black_overprints,
            (None, Ink::Spot { ink, .. }) => ink != SpotId::REGISTRATION && ink.spot().overprint,
            (None, _) => false,
        };
        match over {
            false => Meets::Covers,
            true => Meets::Overprints(planes(cell)),
        }
    }

    fn items(&mut self, items: &[Item], around: &Around, depth: usize) {
        // deeper than elements can be nested
        if depth > 1000 {
            return;
        }
        for item in items {
            match item {
                Item::Group(group) => self.group(group, around, depth),
                Item::List(at, list) => {
                    let m = Affine::translate(at.x, at.y).then(&around.m);
                    self.items(&list.items, &Around { m, ..around.clone() }, depth + 1);
                }
                Item::Image(item) => {
                    let r = &item.rect;
                    let m = Affine { a: r.width.0, d: r.height.0, e: r.x.0, f: r.y.0, ..Affine::IDENTITY };
                    if let Some(art) = &item.image.art {
                        self.artwork(&item.image, art, &m.then(&around.m), &around.clip);
                        continue;
                    }
                    let ppi = |pixels: u32, length: Pt| pixels as f32 * 72.0 / (length.0 * around.scale);
                    let ppi = ppi(item.image.width, r.width).min(ppi(item.image.height, r.height));
                    let step = self.colors.dpi.map_or(1.0, |dpi| (ppi / f32::from(dpi.max(1))).clamp(1.0, 64.0)) as u8;
                    if let Some(map) = self.colors.ink_map(&Use::new(&item.image, step), self.files) {
                        self.plates.map(&around.clip, &map, &m.then(&around.m), Meets::Covers, &|c| c);
                    }
                }
                Item::Glyphs(run) => self.text(run, around, depth),
                Item::Modules(modules) => {
                    let ink = self.cell(modules.ink, 1.0);
                    let over = around.over == Some(true);
                    let meets = if over { self.meets(modules.ink, &ink, around, false) } else { Meets::Covers };
                    let corners = corners(&around.m, &modules.rect());
                    self.plates.sprinkle(&around.clip, corners, meets, ink);
                }
                Item::Path(path) => {
                    if let Some(fill) = path.fill {
                        let ink = self.cell(fill, 1.0);
                        let meets = self.meets(fill, &ink, around, false);
                        let outline = Outline::of(&path.segments, &around.m, true);
                        self.plates.fill(&around.clip, &outline, path.even_odd, meets, ink);
                    }
                    if let Some(stroke) = &path.stroke {
                        let ink = self.cell(stroke.ink, 1.0);
                        let meets = self.meets(stroke.ink, &ink, around, false);
                        let outline = Outline::of(&path.segments, &around.m, false);
                        let width = stroke.width.0 * around.m.stretch();
                        self.plates.stroke(&around.clip, &outline, width, meets, ink);
                    }
                }
                Item::Shading(item) => self.shading(item, around),
            }
        }
    }

    fn group(&mut self, group: &GroupItem, around: &Around, depth: usize) {
        if group.opacity <= 0.0 {
            return;
        }
        let m = group.transform.then(&around.m);
        let clip = match &group.clip {
            Some(shape) => self.plates.cut(&around.clip, &Outline::of(shape, &m, true), false),
            None => around.clip.clone(),
        };
        let scale = around.scale * group.transform.stretch().max(1.0);
        let inner = Around { m, clip, over: group.overprint.or(around.over), scale };
        let apart = group.opacity < 1.0 || group.blend != Blend::Normal || group.isolated && blends(&group.items, 0);
        let apart = apart && self.plates.begin_group();
        self.items(&group.items, &inner, depth + 1);
        if apart {
            self.plates.end_group(byte(group.opacity), None, Meets::of(group.blend));
        }
    }

    fn text(&mut self, run: &GlyphRun, around: &Around, depth: usize) {
        if run.font.has_colors() {
            if let Ok(items) = colored::colored(run) {
                self.items(&items, around, depth + 1);
            }
            return;
        }
        let (x, y, size, long) = (run.origin.x.0, run.origin.y.0, run.size.0.abs(), length(run));
        let (left, top, right, bottom) = match run.lies {
            _ if run.vertical => (x - size / 2.0, y, x + size / 2.0, y + long),
            Lies::Level => (x, y - ABOVE * size, x + long, y + BELOW * size),
            Lies::Right => (x - BELOW * size, y, x + ABOVE * size, y + long),
            Lies::Left => (x - ABOVE * size, y - long, x + BELOW * size, y),
        };
        let ink = self.cell(run.ink, 1.0);
        let meets = self.meets(run.ink, &ink, around, true);
        let rect = Rect::new(Pt(left), Pt(top), Pt(right - left), Pt(bottom - top));
        self.plates.sprinkle(&around.clip, corners(&around.m, &rect), meets, ink);
    }

    fn shading(&mut self, item: &ShadingItem, around: &Around) {
        let shading = &item.shading;
        let (Some(first), Some(back)) = (shading.stops.first(), shading.transform.then(&around.m).inverse()) else {
            return;
        };
        let space = Space::of(shading.stops.iter().map(|s| s.ink));
        let ramp: Vec<(f32, Cell)> = shading
            .stops
            .iter()
            .map(|stop| {
                let ink = match (space, stop.ink) {
                    (Space::Spot(ink), tint) => Ink::Spot { ink, tint: tint.tint_of(ink) },
                    (_, Ink::Rgb(rgb)) => Ink::Rgb(rgb),
                    (_, other) => Ink::Cmyk(other.to_cmyk()),
                };
                (stop.at, self.cell(ink, stop.alpha))
            })
            .collect();
        let mut all = [0; INKS + 1];
        for (_, cell) in &ramp {
            all.iter_mut().zip(cell).for_each(|(a, b)| *a = (*a).max(*b));
        }
        let meets = match self.meets(first.ink, &all, around, false) {
            Meets::Overprints(_) => Meets::Overprints(match space {
                Space::Spot(_) => planes(&all),
                // a mode of flat colours alone: all four take the place of what is below (8.6.7)
                _ => 0b1111,
            }),
            other => other,
        };
        let axis = match shading.kind {
            ShadingKind::Linear { from, to } => Axis::Linear { from: (from.x.0, from.y.0), to: (to.x.0, to.y.0) },
            ShadingKind::Radial { focus, inner, center, outer } => {
                Axis::Radial { from: (focus.x.0, focus.y.0, inner.0), to: (center.x.0, center.y.0, outer.0) }
            }
        };
        let outline = Outline::of(&item.segments, &around.m, true);
        self.plates.fill_with(&around.clip, &outline, item.even_odd, meets, |x, y| {
            let p = back.apply(Point::new(Pt(x), Pt(y)));
            let t = axis.at((p.x.0, p.y.0), [true, true])?;
            Some(Drop { ink: between(&ramp, t)?, sure: true })
        });
    }

    /// Places the plates of artwork, its named inks on those of the same name.
    fn artwork(
        &mut self,
        image: &crate::asset::image::Image,
        art: &crate::asset::artwork::Artwork,
        m: &Affine,
        clip: &Clip,
    ) {
        let Some(ink) = self.colors.artwork_ink(image, art, self.files) else { return };
        let places: Vec<usize> = ink.names.iter().map(|name| self.plane(name, None)).collect();
        let through = move |cell: Cell| -> Cell {
            let mut out = cell;
            out[4..INKS].fill(0);
            for (from, to) in places.iter().enumerate() {
                let tint = cell.get(4 + from.min(NAMED - 1)).copied().unwrap_or(0);
                if let Some(place) = out.get_mut(*to) {
                    *place = (*place).max(tint);
                }
            }
            out
        };
        // From the art's box (y down) to the file's coordinates, to its trim as the unit square (y up), to ours.
        let a = &art.area;
        let (w, h) = (a.right - a.left, a.top - a.bottom);
        let to_file = Affine { a: w, b: 0.0, c: 0.0, d: -h, e: a.left, f: a.top };
        let [ma, mb, mc, md, me, mf] = art.matrix.map(|v| v as f32);
        let to_unit = Affine { a: ma, b: mb, c: mc, d: md, e: me, f: mf };
        let turned = Affine { a: 1.0, b: 0.0, c: 0.0, d: -1.0, e: 0.0, f: 1.0 };
        let m = to_file.then(&to_unit).then(&turned).then(m);
        self.plates.map(clip, &ink.map, &m, Meets::Covers, &through);
    }
}

/// Plates, and their inks by name, of something that is placed.
#[derive(Debug)]
pub(in crate::pdf) struct Placed {
    pub(in crate::pdf) map: Map,
    pub(in crate::pdf) names: Vec<Arc<str>>,
}

/// A bit for each ink that is there.
pub(super) fn planes(cell: &Cell) -> u16 {
    cell.iter().take(INKS).enumerate().filter(|(_, v)| **v > 0).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// The colour at a place along a row of stops.
fn between(ramp: &[(f32, Cell)], at: f32) -> Option<Cell> {
    let after = ramp.partition_point(|(stop, _)| *stop <= at);
    let (Some((from, a)), Some((to, b))) = (after.checked_sub(1).and_then(|i| ramp.get(i)), ramp.get(after)) else {
        return if after == 0 { ramp.first() } else { ramp.last() }.map(|(_, cell)| *cell);
    };
    let share = (at - from) / (to - from).max(f32::MIN_POSITIVE);
    let mut out = *a;
    for (place, end) in out.iter_mut().zip(b) {
        let (from, to) = (f32::from(*place), f32::from(*end));
        *place = (from + (to - from) * share + 0.5) as u8;
    }
    Some(out)
}

fn corners(m: &Affine, r: &Rect) -> [(f32, f32); 4] {
    [(r.x, r.y), (r.right(), r.y), (r.right(), r.bottom()), (r.x, r.bottom())].map(|(x, y)| {
        let p = m.apply(Point::new(x, y));
        (p.x.0, p.y.0)
    })
}
