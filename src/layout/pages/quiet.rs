//! What lies too near a barcode: the quiet zone around it must stay free of ink, or scanners do not find it.
//!
//! When a page is finished its items are looked through, back to front. A plain shape that covers the whole zone is the
//! symbol's ground: what was below it does not count any more, and it must be light. All other ink that reaches into the
//! zone is a fault; white paint is none, unless it comes after the symbol and covers it.

use std::sync::Arc;

use crate::base::{Affine, Point, Pt, Rect};
use crate::color::{Blend, Ink};
use crate::layout::boxes::engine::Engine;
use crate::layout::boxes::tree::label;
use crate::layout::fault::{Fault, FaultKind};
use crate::markup::dom::{Node, NodeId, NodeKind};
use crate::markup::name::Name;
use crate::page::{GlyphRun, Item, Lies, Modules, Page, Path, Segment, box_of};

/// What reaches into the zone by less than this is rounding.
const HAIR: Pt = Pt(0.15);
/// Less light than this from a ground is too little contrast, in shares of white paper's.
const LIGHT: f32 = 0.6;
/// More light than this is no ink.
const WHITE: f32 = 0.97;

/// A symbol on the page.
#[derive(Debug)]
struct Zone {
    /// What must stay free, and the symbol itself.
    free: Rect,
    symbol: Rect,
    bits: Arc<[u64]>,
    /// It has been drawn: what comes now lies over it.
    drawn: bool,
    wrong: Option<FaultKind>,
}

impl Engine<'_> {
    /// Looks at every symbol's quiet zone.
    pub(in crate::layout) fn keep_quiet(&mut self, pages: &[Page], faults: &mut Vec<Fault>) {
        let is_symbol = |n: &Node| matches!(n.kind, NodeKind::Element { name: Name::BAR_CODE, .. });
        if !self.dom.nodes.iter().any(is_symbol) {
            return;
        }
        let mut told: Vec<NodeId> = Vec::new();
        for page in pages {
            let mut look = Look::default();
            for placed in &page.lists {
                look.find(&placed.list.items, &Affine::translate(placed.at.x, placed.at.y));
            }
            if look.zones.is_empty() {
                continue;
            }
            for placed in &page.lists {
                let m = Affine::translate(placed.at.x, placed.at.y);
                look.items(&placed.list.items, &m, Around { clip: None, solid: true });
            }
            for zone in look.zones {
                let Some(kind) = zone.wrong else { continue };
                let node = self.element_of(&zone.bits, &told);
                told.extend(node);
                let at = node.map_or(0, |n| self.dom.node(n).span.start);
                let element = node.map_or_else(|| "bar-code".into(), |n| label(self.dom, n));
                faults.push(Fault { kind, at, element });
            }
        }
    }

    /// The element whose symbol this is, of those that were not told yet: encoded once more, for a page does not say it.
    fn element_of(&mut self, bits: &Arc<[u64]>, told: &[NodeId]) -> Option<NodeId> {
        let dom = self.dom;
        let nodes = (0..dom.nodes.len()).filter_map(|i| u32::try_from(i).ok()).map(NodeId);
        let is = |n: &NodeId| dom.name(*n) == Some(Name::BAR_CODE);
        let all: Vec<NodeId> = nodes.filter(is).collect();
        let mut made = |n: &NodeId| self.symbol_box(*n).is_ok_and(|s| s.has(bits));
        let same: Vec<NodeId> = all.into_iter().filter(|n| made(n)).collect();
        same.iter().find(|n| !told.contains(n)).or_else(|| same.first()).copied()
    }
}

/// What an item stands in.
#[derive(Clone, Copy)]
struct Around {
    clip: Option<Rect>,
    /// It is drawn as it is: neither translucent nor blended.
    solid: bool,
}

#[derive(Default)]
struct Look {
    zones: Vec<Zone>,
    /// Symbols met on the second way.
    met: usize,
}

impl Look {
    /// The symbols of a list, in the order in which they are drawn.
    fn find(&mut self, items: &[Item], m: &Affine) {
        for item in items {
            match item {
                Item::Modules(modules) => self.zones.push(zone(modules, m)),
                Item::Group(group) => self.find(&group.items, &group.transform.then(m)),
                Item::List(at, list) => self.find(&list.items, &Affine::translate(at.x, at.y).then(m)),
                _ => {}
            }
        }
    }

    fn items(&mut self, items: &[Item], m: &Affine, around: Around) {
        for item in items {
            match item {
                Item::Glyphs(run) => self.each(around, "text", |zone| glyphs(run, m, zone)),
                Item::Path(path) => self.path(path, m, around),
                Item::Image(image) => self.each(around, "a picture", |zone| overlap(m.around(image.rect), zone)),
                Item::Shading(shading) => {
                    self.each(around, "a gradient", |zone| reach(&shading.segments, m, None, zone).by);
                }
                Item::Modules(modules) => {
                    let own = self.met;
                    self.met += 1;
                    let rect = m.around(modules.rect());
                    for (i, zone) in self.zones.iter_mut().enumerate() {
                        if i == own {
                            zone.drawn = true;
                        } else {
                            zone.touch("another bar code", overlap(rect, zone.free));
                        }
                    }
                }
                Item::Group(group) => {
                    let inner = group.transform.then(m);
                    let own = group.clip.as_ref().map(|clip| box_of(clip, &inner).unwrap_or_default());
                    let clip = match (around.clip, own) {
                        (Some(a), Some(b)) => Some(a.within(b)),
                        (a, b) => a.or(b),
                    };
                    let solid = around.solid && group.opacity >= 1.0 && group.blend == Blend::Normal;
                    // within a clip that no zone meets there may still be symbols of their own
                    if group.opacity > 0.0 {
                        self.items(&group.items, &inner, Around { clip, solid });
                    }
                }
                Item::List(at, list) => self.items(&list.items, &Affine::translate(at.x, at.y).then(m), around),
            }
        }
    }

    fn each(&mut self, around: Around, what: &'static str, by: impl Fn(Rect) -> Pt) {
        for zone in &mut self.zones {
            let free = around.clip.map_or(zone.free, |clip| clip.within(zone.free));
            if free.width > Pt::ZERO && free.height > Pt::ZERO {
                zone.touch(what, by(free));
            }
        }
    }

    fn path(&mut self, path: &Path, m: &Affine, around: Around) {
        for zone in &mut self.zones {
            let free = around.clip.map_or(zone.free, |clip| clip.within(zone.free));
            if free.width <= Pt::ZERO || free.height <= Pt::ZERO {
                continue;
            }
            if let Some(stroke) = &path.stroke
                && light(stroke.ink) < WHITE
            {
                let met = reach(&path.segments, m, Some(stroke.width / 2.0), free);
                zone.touch("a line", met.edge);
            }
            let Some(ink) = path.fill else { continue };
            let met = reach(&path.segments, m, None, free);
            if met.by <= HAIR {
                continue;
            }
            let covers = met.inside && met.edge <= HAIR && free == zone.free;
            let light = light(ink);
            if zone.drawn {
                if overlap(box_of(&path.segments, m).unwrap_or_default(), zone.symbol) > HAIR {
                    zone.touch("a shape that covers it", met.by);
                } else if light < WHITE {
                    zone.touch("a shape", met.by);
                }
            } else if covers && around.solid {
                // a ground of its own: nothing below it shows any more
                zone.wrong = (light < LIGHT)
                    .then_some(FaultKind::QuietZone { what: "a ground too dark for scanners", by: Pt::ZERO });
            } else if light < WHITE && !(covers && light >= LIGHT) {
                zone.touch("a shape", met.by);
            }
        }
    }
}

impl Zone {
    /// The first fault is told; a later ground takes it back.
    fn touch(&mut self, what: &'static str, by: Pt) {
        if by > HAIR && self.wrong.is_none() {
            self.wrong = Some(FaultKind::QuietZone { what, by });
        }
    }
}

fn zone(modules: &Modules, m: &Affine) -> Zone {
    let rect = modules.rect();
    let quiet = modules.quiet;
    let free = Rect::new(
        rect.x - quiet.left,
        rect.y - quiet.top,
        rect.width + quiet.left + quiet.right,
        rect.height + quiet.top + quiet.bottom,
    );
    let bits = Arc::clone(&modules.bits);
    Zone { free: m.around(free), symbol: m.around(rect), bits, drawn: false, wrong: None }
}

/// The light that an ink leaves, 1 = paper.
fn light(ink: Ink) -> f32 {
    let [r, g, b] = ink.to_rgb();
    0.299 * r + 0.587 * g + 0.114 * b
}

/// How far one rectangle reaches into another: the shorter way out.
fn overlap(a: Rect, zone: Rect) -> Pt {
    let both = a.within(zone);
    if both.width <= Pt::ZERO || both.height <= Pt::ZERO {
        return Pt::ZERO;
    }
    let ways = [a.right() - zone.x, zone.right() - a.x, a.bottom() - zone.y, zone.bottom() - a.y];
    ways.into_iter().fold(Pt::INFINITY, Pt::min)
}

/// How far the glyphs of a run that show something reach into the zone.
fn glyphs(run: &GlyphRun, m: &Affine, zone: Rect) -> Pt {
    let (size, origin) = (run.size, run.origin);
    let is_moved = m.a == 1.0 && m.d == 1.0 && m.b == 0.0 && m.c == 0.0;
    if is_moved && !run.vertical && run.lies == Lies::Level {
        // most lines are above or below
        let baseline = origin.y + Pt(m.f);
        if baseline - size > zone.bottom() || baseline + size * 0.2 < zone.y {
            return Pt::ZERO;
        }
    }
    let per_em = f32::from(run.font.units_per_em.max(1));
    let mut along = Pt::ZERO;
    let mut most = Pt::ZERO;
    for glyph in &run.glyphs {
        let natural = if run.vertical { run.font.vertical_advance(glyph.id) } else { run.font.advance(glyph.id) };
        let advance = size * (f32::from(natural) / per_em * run.stretch);
        // letters and kanji fill some nine tenths of their body
        let cell = if run.vertical {
            Rect::new(origin.x - size * 0.45, origin.y + along, size * 0.9, advance)
        } else {
            let (x0, y0) = run.lies.on_paper(along.0, -0.8 * size.0);
            let (x1, y1) = run.lies.on_paper((along + advance).0, 0.1 * size.0);
            let (x, y) = (Pt(x0.min(x1)) + origin.x, Pt(y0.min(y1)) + origin.y);
            Rect::new(x, y, Pt((x1 - x0).abs()), Pt((y1 - y0).abs()))
        };
        let by = overlap(m.around(cell), zone);
        if by > most && !run.font.text_of(glyph.id).is_some_and(char::is_whitespace) {
            most = by;
        }
        along += advance + size * (glyph.extra / 1000.0 * run.stretch);
    }
    most
}

/// How a shape meets the zone.
struct Reach {
    /// How far its outline reaches into it.
    edge: Pt,
    /// A corner of the zone lies in the shape.
    inside: bool,
    /// How far the shape does.
    by: Pt,
}

/// The outline piece by piece, filled, or drawn by a line with half this width; curves by the polygons of their control points, which they do not leave.
fn reach(segments: &[Segment], m: &Affine, half: Option<Pt>, zone: Rect) -> Reach {
    let (filled, half) = (half.is_none(), half.unwrap_or(Pt::ZERO));
    let mut out = Reach { edge: Pt::ZERO, inside: false, by: Pt::ZERO };
    let wide = Rect::new(zone.x - half, zone.y - half, zone.width + half * 2.0, zone.height + half * 2.0);
    let corner = Point::new(zone.x + zone.width / 2.0, zone.y + zone.height / 2.0);
    let mut winding = 0;
    let mut line = |a: Point, b: Point| {
        out.edge = out.edge.max(crossing(a, b, wide));
        // a ray to the right of the zone's middle
        if (a.y > corner.y) != (b.y > corner.y) {
            let at = a.x + (b.x - a.x) * ((corner.y - a.y) / (b.y - a.y));
            if at > corner.x {
                winding += if b.y > a.y { 1 } else { -1 };
            }
        }
    };
    let (mut start, mut last) = (Point::ZERO, Point::ZERO);
    for segment in segments {
        match segment {
            Segment::Rect(r) => {
                let corners = [(r.x, r.y), (r.right(), r.y), (r.right(), r.bottom()), (r.x, r.bottom())];
                let [a, b, c, d] = corners.map(|(x, y)| m.apply(Point::new(x, y)));
                line(a, b);
                line(b, c);
                line(c, d);
                line(d, a);
            }
            Segment::Move(p) => {
                if filled {
                    line(last, start);
                }
                (start, last) = (m.apply(*p), m.apply(*p));
            }
            Segment::Line(p) => {
                let p = m.apply(*p);
                line(last, p);
                last = p;
            }
            Segment::Cubic(a, b, c) => {
                for p in [a, b, c] {
                    let p = m.apply(*p);
                    line(last, p);
                    last = p;
                }
            }
            Segment::Close => {
                line(last, start);
                last = start;
            }
        }
    }
    if filled {
        line(last, start);
    }
    out.inside = winding != 0;
    out.by = if out.inside { overlap(box_of(segments, m).unwrap_or_default(), zone).max(out.edge) } else { out.edge };
    out
}

/// How deep a line goes into a rectangle: the depth of the deepest of some points of what lies in it.
fn crossing(a: Point, b: Point, zone: Rect) -> Pt {
    // Liang and Barsky: the part of the line between the zone's four sides
    let (dx, dy) = ((b.x - a.x).0, (b.y - a.y).0);
    let (mut from, mut to) = (0.0_f32, 1.0_f32);
    let sides =
        [(-dx, (a.x - zone.x).0), (dx, (zone.right() - a.x).0), (-dy, (a.y - zone.y).0), (dy, (zone.bottom() - a.y).0)];
    for (towards, room) in sides {
        if towards == 0.0 {
            if room < 0.0 {
                return Pt::ZERO;
            }
        } else if towards < 0.0 {
            from = from.max(room / towards);
        } else {
            to = to.min(room / towards);
        }
    }
    if from > to || (dx == 0.0 && dy == 0.0) {
        return Pt::ZERO;
    }
    let depth = |t: f32| {
        let (x, y) = (a.x + Pt(dx * t), a.y + Pt(dy * t));
        [x - zone.x, zone.right() - x, y - zone.y, zone.bottom() - y].into_iter().fold(Pt::INFINITY, Pt::min)
    };
    [from, (from + to) / 2.0, to].into_iter().map(depth).fold(Pt::ZERO, Pt::max)
}
