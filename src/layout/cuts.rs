//! Where a flow that is longer than its page is cut (CSS Break 3, sections 4 and 5).
//!
//! The flow is laid out once, as if its page had no end, and it is noted where it may be cut: between blocks, and
//! between lines. Then pages are filled one after the other: each ends at the last place that is still on it. Places
//! that `break-*: avoid`, `orphans` or `widows` speak against are taken only where there is no other; what cannot be
//! cut at all is cut between its lines, and at last anywhere.

use super::fragment::TextExtent;
use crate::base::Pt;

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
}

/// Lengths that are equal but for rounding.
const HAIR: Pt = Pt(0.05);

/// Fills pages. `keeps` are not cut where that can be helped, as the lines of `texts` are not. `start` is where the first begins; `end` is where the flow ends; `room` says how high a page is,
/// counted from 0. More than `most` pages are not made: what is left then lies on the last one.
pub fn fill(
    mut gaps: Vec<Gap>,
    texts: &[TextExtent],
    keeps: &[(Pt, Pt)],
    start: Pt,
    end: Pt,
    mut room: impl FnMut(usize) -> Pt,
    most: usize,
) -> Vec<Stretch> {
    gaps.sort_by(|a, b| a.before.0.total_cmp(&b.before.0));
    let mut solids: Vec<(Pt, Pt)> =
        texts.iter().map(|t| (t.rect.y, t.rect.bottom())).filter(|(top, bottom)| bottom > top).collect();
    solids.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    let mut whole: Vec<(Pt, Pt)> = solids.iter().chain(keeps).copied().collect();
    whole.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    drop_crossed(&mut gaps, &whole);
    let mut pages = Vec::new();
    let mut from = start;
    while pages.len() < most.max(1) {
        let limit = from + room(pages.len()).max(Pt::ZERO) + HAIR;
        if end <= limit || pages.len() + 1 >= most {
            break;
        }
        let gap = last(&gaps, from, limit, false)
            .or_else(|| last(&gaps, from, limit, true))
            .or_else(|| between(&solids, from, limit))
            .unwrap_or(Gap { before: limit, after: limit, avoid: true });
        pages.push(Stretch { from, to: gap.before });
        // A page of no height takes a point at least, so that the end is reached.
        from = gap.after.max(from + Pt(1.0));
    }
    pages.push(Stretch { from, to: Pt::INFINITY });
    pages
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
        fill(gaps, texts, &[], Pt::ZERO, Pt(end), |_| Pt(100.0), 50).iter().map(|s| (s.from.0, s.to.0)).collect()
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
    fn what_cannot_be_cut_is_cut_between_lines_or_anywhere() {
        let line = |y| TextExtent { rect: Rect::new(Pt::ZERO, Pt(y), Pt(9.0), Pt(20.0)), at: 0 };
        let lines: Vec<_> = (0..10).map(|i| line(i as f32 * 22.0)).collect();
        assert_eq!(filled(Vec::new(), &lines, 218.0)[0], (0.0, 86.0));
        assert_eq!(filled(Vec::new(), &lines, 218.0)[1].0, 88.0);
        let count = filled(Vec::new(), &[], 1e9).len();
        assert_eq!(count, 50, "bounded");
    }
}
