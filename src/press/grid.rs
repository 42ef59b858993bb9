//! Where the places lie on the sheet. y runs down, the origin is the sheet's top left corner.

use super::plan::Plan;
use super::turn::Turn;
use crate::base::{Diagnostic, Edges, Pt, Rect, Size};

/// Lengths that differ by less are the same: a hundredth of a millimetre.
const SAME: f32 = 0.03;

/// Where one leaf lies on one side of the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Where the page's trim comes to lie.
    pub trim: Rect,
    /// Beyond the trim, what may be printed: half of the gutter towards a neighbour, all of the bleed at the outside.
    pub room: Edges<Pt>,
    /// Clockwise: 0, 90, 180 or 270.
    pub turn: u16,
}

/// A line across the whole sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edge {
    /// From head to foot, at this x.
    Down(Pt),
    /// From left to right, at this y.
    Across(Pt),
}

/// The front of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub sheet: Size,
    /// Across and down.
    pub up: (u16, u16),
    pub turn: u16,
    /// From left to right, then from head to foot.
    pub places: Vec<Place>,
    pub folds: Vec<Edge>,
}

/// `edges` as they lie when what has them is turned clockwise.
#[must_use]
pub fn turned<T: Copy>(e: Edges<T>, degrees: u16) -> Edges<T> {
    match degrees % 360 {
        90 => Edges { top: e.left, right: e.top, bottom: e.right, left: e.bottom },
        180 => Edges { top: e.bottom, right: e.left, bottom: e.top, left: e.right },
        270 => Edges { top: e.right, right: e.bottom, bottom: e.left, left: e.top },
        _ => e,
    }
}

/// One direction: how many, how wide each, what lies between and beyond.
#[derive(Clone, Copy, Debug)]
struct Run {
    each: Pt,
    gutter: Pt,
    /// Bleed before the first and behind the last.
    outer: (Pt, Pt),
}

impl Run {
    fn needs(&self, n: u16) -> Pt {
        self.each * f32::from(n) + self.gutter * f32::from(n.saturating_sub(1)) + self.outer.0 + self.outer.1
    }

    fn fits(&self, room: Pt) -> u16 {
        let step = self.each + self.gutter;
        let first = self.needs(1);
        if first.0 > room.0 + SAME || step.0 <= 0.0 {
            return 0;
        }
        (1 + ((room.0 + SAME - first.0) / step.0) as u32).min(100) as u16
    }

    /// Where item `i` begins, the first bleed at 0.
    fn at(&self, i: u16) -> Pt {
        self.outer.0 + (self.each + self.gutter) * f32::from(i)
    }
}

/// How the places lie when pieces are turned by so much.
struct Way {
    turn: u16,
    across: Run,
    down: Run,
}

fn way(plan: &Plan, trim: Size, bleed: Edges<Pt>, turn: u16) -> Way {
    let lying = turn % 180 == 90;
    let (width, height) = if lying { (trim.height, trim.width) } else { (trim.width, trim.height) };
    let b = turned(bleed, turn);
    let (x, y) = plan.gutter.unwrap_or((b.left + b.right, b.top + b.bottom));
    Way {
        turn,
        across: Run { each: width, gutter: x, outer: (b.left, b.right) },
        down: Run { each: height, gutter: y, outer: (b.top, b.bottom) },
    }
}

impl Grid {
    /// Places pieces of `trim` with `bleed` on the plan's sheet.
    ///
    /// # Errors
    /// They do not fit: by how much.
    pub fn new(plan: &Plan, turn: Turn, trim: Size, bleed: Edges<Pt>) -> Result<Self, Diagnostic> {
        let foot = plan.margin.max(plan.gripper);
        let turns: Vec<u16> = plan.rotate.map_or_else(|| vec![0, 90], |r| vec![r]);
        let ways: Vec<Way> = turns.into_iter().map(|turn| way(plan, trim, bleed, turn)).collect();
        // The press holds the sheet at its foot, and for the back at the edge that is then there.
        let room = |needed: Pt| {
            let sheet = plan.paper.size(needed + plan.margin + foot);
            let head = if turn != Turn::None && !turn.mirrors_across(sheet) { foot } else { plan.margin };
            (sheet, head, Size::new(sheet.width - plan.margin * 2.0, sheet.height - head - foot))
        };
        let rolls = plan.paper.height.is_none();
        let mut best: Option<(&Way, (u16, u16))> = None;
        for way in &ways {
            let wanted_down = plan.up.map_or(1, |u| u.1);
            let (_, _, free) = room(way.down.needs(wanted_down));
            let most = (way.across.fits(free.width), if rolls { u16::MAX } else { way.down.fits(free.height) });
            let up = match plan.up {
                Some(up) if up.0 <= most.0 && up.1 <= most.1 => up,
                Some(_) => continue,
                None if rolls => (most.0, 1),
                None => most,
            };
            let count = |up: (u16, u16)| u32::from(up.0) * u32::from(up.1);
            if count(up) > best.as_ref().map_or(0, |(_, b)| count(*b)) {
                best = Some((way, up));
            }
        }
        let Some((way, up)) = best else { return Err(too_small(plan, &ways, &room)) };
        let needed = Size::new(way.across.needs(up.0), way.down.needs(up.1));
        let (sheet, head, free) = room(needed.height);
        let left = plan.margin + (free.width - needed.width).max(Pt::ZERO) * 0.5;
        // In the middle of the sheet where the gripper lets it.
        let middle = (sheet.height - needed.height) * 0.5;
        let top = middle.max(head).min((sheet.height - foot - needed.height).max(Pt::ZERO));
        let b = turned(bleed, way.turn);
        let mut places = Vec::new();
        for row in 0..up.1 {
            for column in 0..up.0 {
                let trim =
                    Rect::new(left + way.across.at(column), top + way.down.at(row), way.across.each, way.down.each);
                let inner = |at_edge: bool, own: Pt, gutter: Pt| if at_edge { own } else { own.min(gutter * 0.5) };
                let room = Edges {
                    left: inner(column == 0, b.left, way.across.gutter),
                    right: inner(column + 1 == up.0, b.right, way.across.gutter),
                    top: inner(row == 0, b.top, way.down.gutter),
                    bottom: inner(row + 1 == up.1, b.bottom, way.down.gutter),
                };
                places.push(Place { trim, room, turn: way.turn });
            }
        }
        let folds = places.iter().flat_map(|p| plan.folds.iter().map(|f| fold(p, *f)));
        let mut distinct: Vec<Edge> = Vec::new();
        for fold in folds {
            if !distinct.iter().any(|d| near(*d, fold)) {
                distinct.push(fold);
            }
        }
        Ok(Self { sheet, up, turn: way.turn, places, folds: distinct })
    }
}

fn near(a: Edge, b: Edge) -> bool {
    match (a, b) {
        (Edge::Down(a), Edge::Down(b)) | (Edge::Across(a), Edge::Across(b)) => (a - b).0.abs() < SAME,
        _ => false,
    }
}

/// A fold at `from` from the left edge of a front.
fn fold(place: &Place, from: Pt) -> Edge {
    let r = place.trim;
    match place.turn {
        90 => Edge::Across(r.y + from),
        180 => Edge::Down(r.right() - from),
        270 => Edge::Across(r.bottom() - from),
        _ => Edge::Down(r.x + from),
    }
}

fn mm(length: Pt) -> String {
    let tenths = (length.to_mm() * 10.0).round() as i64;
    if tenths % 10 == 0 { format!("{}", tenths / 10) } else { format!("{}.{}", tenths / 10, (tenths % 10).abs()) }
}

fn too_small(plan: &Plan, ways: &[Way], room: &impl Fn(Pt) -> (Size, Pt, Size)) -> Diagnostic {
    let up = plan.up.unwrap_or((1, 1));
    // Of two ways the one that lacks less.
    let mut least: Option<(f32, String)> = None;
    for way in ways {
        let needs = Size::new(way.across.needs(up.0), way.down.needs(up.1));
        let (sheet, _, free) = room(needs.height);
        let (wide, high) = ((needs.width - free.width).max(Pt::ZERO), (needs.height - free.height).max(Pt::ZERO));
        let mut lacks = Vec::new();
        if wide.0 > SAME {
            lacks.push(format!("{} mm too wide", mm(wide)));
        }
        if high.0 > SAME {
            lacks.push(format!("{} mm too high", mm(high)));
        }
        let message = format!(
            "{}x{} pieces of {} x {} mm{} need {} x {} mm and the sheet {} ({} x {} mm) has {} x {} mm within its margins: {}",
            up.0,
            up.1,
            mm(way.across.each),
            mm(way.down.each),
            if way.turn % 180 == 90 { " (turned)" } else { "" },
            mm(needs.width),
            mm(needs.height),
            plan.paper.name,
            mm(sheet.width),
            mm(sheet.height),
            mm(free.width.max(Pt::ZERO)),
            mm(free.height.max(Pt::ZERO)),
            lacks.join(" and "),
        );
        let lack = wide.0 + high.0;
        if least.as_ref().is_none_or(|(l, _)| lack < *l) {
            least = Some((lack, message));
        }
    }
    let message = least.map_or_else(|| "the pieces do not fit on the sheet".to_owned(), |(_, m)| m);
    Diagnostic::error("sheet-too-small", message)
        .help("Take fewer places (--up), a narrower gutter (--gutter), smaller margins (--margin, --gripper) or a larger sheet.")
}
