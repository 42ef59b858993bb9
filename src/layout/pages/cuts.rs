//! Where a flow that is longer than its page is cut (CSS Break 3, sections 4 and 5).
//!
//! The flow is laid out once, as if its page had no end, and it is noted where it may be cut: between blocks, and
//! between lines. Then pages are filled one after the other: each ends at the last place that is still on it. Places
//! that `break-*: avoid`, `orphans` or `widows` speak against are taken only where there is no other; what cannot be
//! cut at all is cut between its lines, and at last anywhere.

use std::sync::Arc;

use crate::base::{Point, Pt};
use crate::layout::fragment::{Layer, TextExtent};

/// A place where a flow may be cut. The margins between the two sides are dropped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Where what stays ends.
    pub before: Pt,
    /// Where what goes on begins.
    pub after: Pt,
    /// Rather not here.
    pub avoid: bool,
}

/// The part of a flow that lies on one page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    pub from: Pt,
    pub to: Pt,
    /// How high heads of tables that go on here stand above it, and their feet below it.
    pub above: Pt,
    pub below: Pt,
}

impl Stretch {
    #[must_use]
    pub fn new(from: Pt, to: Pt) -> Self {
        Self { from, to, above: Pt::ZERO, below: Pt::ZERO }
    }
}

/// A table whose rows may go on on further pages, each with its head and its foot again (CSS Tables 3, section 6.2).
#[derive(Clone, Debug)]
pub struct Repeat {
    /// Of the table's border box; everything else here is from there.
    pub at: Point,
    /// Where its rows begin and end, without head and foot.
    pub from: Pt,
    pub to: Pt,
    pub head: Option<Arc<Again>>,
    pub foot: Option<Arc<Again>>,
}

/// What stands on several pages.
#[derive(Debug)]
pub struct Again {
    pub top: Pt,
    pub height: Pt,
    pub layers: Vec<Layer>,
}

impl Repeat {
    /// Whether the table's rows are cut here.
    fn is_cut(&self, y: Pt) -> bool {
        self.at.y + self.from + HAIR < y && y + HAIR < self.at.y + self.to
    }
}

fn height(again: Option<&Arc<Again>>) -> Pt {
    again.map_or(Pt::ZERO, |a| a.height)
}

/// What stands once more on a page with this stretch, in coordinates of the flow.
#[must_use]
pub fn again(repeats: &[Repeat], stretch: &Stretch) -> Vec<Layer> {
    let mut layers = Vec::new();
    let mut put = |again: Option<&Arc<Again>>, repeat: &Repeat, y: &mut Pt| {
        if let Some(again) = again {
            let at = Point::new(repeat.at.x, *y - again.top);
            layers.extend(again.layers.iter().map(|l| Layer { at: l.at + at, ..l.clone() }));
            *y += again.height;
        }
    };
    if stretch.above > Pt::ZERO {
        let mut y = stretch.from - stretch.above;
        repeats.iter().filter(|r| r.is_cut(stretch.from)).for_each(|r| put(r.head.as_ref(), r, &mut y));
    }
    if stretch.below > Pt::ZERO {
        let mut y = stretch.to;
        repeats.iter().rev().filter(|r| r.is_cut(stretch.to)).for_each(|r| put(r.foot.as_ref(), r, &mut y));
    }
    layers
}

/// What stands in the way of cuts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Solid<'a> {
    /// Lines are not cut.
    pub texts: &'a [TextExtent],
    /// These are not cut where that can be helped.
    pub keeps: &'a [(Pt, Pt)],
    pub repeats: &'a [Repeat],
}

/// Lengths that are equal but for rounding.
const HAIR: Pt = Pt(0.05);

/// Fills pages. `start` is where the first begins; `end` is where the flow ends; `room` says how high a page is,
/// counted from 0. More than `most` pages are not made: what is left then lies on the last one.
pub fn fill(
    mut gaps: Vec<Gap>,
    solid: Solid<'_>,
    start: Pt,
    end: Pt,
    mut room: impl FnMut(usize) -> Pt,
    most: usize,
) -> Vec<Stretch> {
    let Solid { texts, keeps, repeats } = solid;
    gaps.sort_by(|a, b| a.before.0.total_cmp(&b.before.0));
    let mut solids: Vec<(Pt, Pt)> =
        texts.iter().map(|t| (t.rect.y, t.rect.bottom())).filter(|(top, bottom)| bottom > top).collect();
    solids.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    let mut whole: Vec<(Pt, Pt)> = solids.iter().chain(keeps).copied().collect();
    whole.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    drop_crossed(&mut gaps, &whole);
    let find = |from: Pt, limit: Pt| {
        last(&gaps, from, limit, false)
            .or_else(|| last(&gaps, from, limit, true))
            .or_else(|| between(&solids, from, limit))
            .unwrap_or(Gap { before: limit, after: limit, avoid: true })
    };
    let (heads, feet) = (
        |y: Pt| repeats.iter().filter(|r| r.is_cut(y)).map(|r| height(r.head.as_ref()).0).sum::<f32>(),
        |y: Pt| repeats.iter().filter(|r| r.is_cut(y)).map(|r| height(r.foot.as_ref()).0).sum::<f32>(),
    );
    let mut pages = Vec::new();
    let mut from = start;
    loop {
        let room = room(pages.len()).max(Pt::ZERO);
        // heads and feet that would leave no room for rows are left out
        let fits = |height: f32| if height <= room.0 / 2.0 { Pt(height) } else { Pt::ZERO };
        let above = fits(heads(from));
        let limit = from + room - above + HAIR;
        if end <= limit || pages.len() + 1 >= most.max(1) {
            pages.push(Stretch { from, to: Pt::INFINITY, above, below: Pt::ZERO });
            return pages;
        }
        let mut gap = find(from, limit);
        let mut below = fits(feet(gap.before) + above.0) - above;
        if below > Pt::ZERO && gap.before + below > limit {
            gap = find(from, limit - below);
            below = below.min(Pt(feet(gap.before)));
        }
        pages.push(Stretch { from, to: gap.before, above, below: below.max(Pt::ZERO) });
        // A page of no height takes a point at least, so that the end is reached.
        from = gap.after.max(from + Pt(1.0));
    }
}

/// Takes out the places that go through a line of something beside the flow: a float, another column.
fn drop_crossed(gaps: &mut Vec<Gap>, solids: &[(Pt, Pt)]) {
    let mut lowest = Pt(f32::NEG_INFINITY);
    let mut next = solids.iter().peekable();
    gaps.retain(|gap| {
        while let Some((_, bottom)) = next.next_if(|(top, _)| *top < gap.before - HAIR) {
            lowest = lowest.max(*bottom);
        }
        lowest <= gap.after + HAIR
    });
}

/// The last place that is on the page.
fn last(gaps: &[Gap], from: Pt, limit: Pt, avoided: bool) -> Option<Gap> {
    let on_page = gaps.partition_point(|g| g.before <= limit);
    let candidates = gaps.get(..on_page).unwrap_or_default().iter().rev();
    candidates.take_while(|g| g.before > from + HAIR).find(|g| avoided || !g.avoid).copied()
}

/// The last place between lines, whatever they belong to.
fn between(solids: &[(Pt, Pt)], from: Pt, limit: Pt) -> Option<Gap> {
    let mut found = None;
    let mut lowest: Option<Pt> = None;
    for (top, bottom) in solids {
        if let Some(before) = lowest
            && before > from + HAIR
            && before <= limit
            && *top >= before - HAIR
        {
            found = Some(Gap { before, after: top.max(before), avoid: true });
        }
        lowest = Some(lowest.map_or(*bottom, |l| l.max(*bottom)));
        if lowest.is_some_and(|l| l > limit) {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Rect;

    fn gap(at: f32) -> Gap {
        Gap { before: Pt(at), after: Pt(at), avoid: false }
    }

    fn filled(gaps: Vec<Gap>, texts: &[TextExtent], end: f32) -> Vec<(f32, f32)> {
        let solid = Solid { texts, ..Solid::default() };
        fill(gaps, solid, Pt::ZERO, Pt(end), |_| Pt(100.0), 50).iter().map(|s| (s.from.0, s.to.0)).collect()
    }

    #[test]
    fn a_page_ends_at_the_last_place_that_is_on_it() {
        let gaps = (1..=9).map(|i| gap(i as f32 * 30.0)).collect();
        assert_eq!(filled(gaps, &[], 285.0), [(0.0, 90.0), (90.0, 180.0), (180.0, 270.0), (270.0, f32::INFINITY)]);
    }

    #[test]
    fn margins_at_a_cut_are_dropped() {
        let gaps = vec![Gap { before: Pt(80.0), after: Pt(110.0), avoid: false }];
        assert_eq!(filled(gaps, &[], 200.0), [(0.0, 80.0), (110.0, f32::INFINITY)]);
    }

    #[test]
    fn what_is_avoided_is_taken_where_there_is_nothing_else() {
        let avoided = |at| Gap { avoid: true, ..gap(at) };
        assert_eq!(filled(vec![gap(40.0), avoided(90.0)], &[], 130.0)[0], (0.0, 40.0));
        assert_eq!(filled(vec![avoided(70.0), avoided(90.0)], &[], 130.0)[0], (0.0, 90.0));
    }

    #[test]
    fn no_cut_goes_through_a_line_beside_the_flow() {
        let beside = TextExtent { rect: Rect::new(Pt::ZERO, Pt(85.0), Pt(9.0), Pt(10.0)), at: 0 };
        assert_eq!(filled(vec![gap(80.0), gap(90.0)], &[beside], 130.0)[0], (0.0, 80.0));
    }

    #[test]
    fn heads_and_feet_take_their_room_on_each_page_that_rows_go_on_on() {
        let again = |top, height| Some(Arc::new(Again { top: Pt(top), height: Pt(height), layers: Vec::new() }));
        let table = |head, foot| Repeat {
            at: Point::ZERO,
            from: Pt(20.0),
            to: Pt(320.0),
            head: again(0.0, head),
            foot: again(320.0, foot),
        };
        let rows = || (1..=33).map(|i| gap(i as f32 * 10.0)).collect();
        let pages = |head, foot| {
            let repeats = [table(head, foot)];
            let solid = Solid { repeats: &repeats, ..Solid::default() };
            fill(rows(), solid, Pt::ZERO, Pt(330.0), |_| Pt(100.0), 50)
                .iter()
                .map(|s| (s.from.0, s.to.0, s.above.0, s.below.0))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            pages(20.0, 10.0),
            [
                (0.0, 90.0, 0.0, 10.0),
                (90.0, 160.0, 20.0, 10.0),
                (160.0, 230.0, 20.0, 10.0),
                (230.0, 300.0, 20.0, 10.0),
                (300.0, f32::INFINITY, 20.0, 0.0)
            ]
        );
        assert_eq!(pages(60.0, 0.0).len(), 4, "a head higher than half a page is not repeated");
    }

    #[test]
    fn what_cannot_be_cut_is_cut_between_lines_or_anywhere() {
        let line = |y| TextExtent { rect: Rect::new(Pt::ZERO, Pt(y), Pt(9.0), Pt(20.0)), at: 0 };
        let lines: Vec<_> = (0..10).map(|i| line(i as f32 * 22.0)).collect();
        assert_eq!(filled(Vec::new(), &lines, 218.0)[0], (0.0, 86.0));
        assert_eq!(filled(Vec::new(), &lines, 218.0)[1].0, 88.0);
        let count = filled(Vec::new(), &[], 1e9).len();
        assert_eq!(count, 50, "bounded");
    }
}
