//! Lines shorter than their room (CSS Text 4, `text-wrap-style`): `balance` makes all lines alike, `pretty` keeps
//! the last line from being a single character or two. Both only ever narrow the measure that lines are filled to,
//! so that what a line may end with stays the affair of [`super::line`]; the number of lines stays the same.

use super::line::{self, Wanted};
use super::paragraph::{Kind, Paragraph};
use super::trim::Begins;
use crate::markup::composition::WrapStyle;

/// More lines than this are not balanced: nobody would see it.
const MOST_BALANCED: usize = 12;
/// More lines than this are not looked at for their last.
const MOST_LINES: usize = 400;
/// How many lines before the last give up characters to it.
const LOOK_BACK: usize = 4;
/// Halvings of the width that is searched: to a 256th of it.
const STEPS: usize = 8;
/// A last line shorter than this is left over, in em of the block; or than a third of the measure, if that is less.
const LEFT_OVER: f32 = 3.5;

/// From this atom on lines are filled to a measure narrower by this.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Plan {
    pub from: usize,
    pub by: f32,
}

pub(super) fn plan(p: &mut Paragraph, width: f32, push_in: bool, indent: &dyn Fn(Begins) -> f32) -> Plan {
    let style = p.spans.first().map_or(WrapStyle::Auto, |s| s.style.composition.wrap_style);
    if !matches!(style, WrapStyle::Balance | WrapStyle::Pretty) || !width.is_finite() || width <= 0.0 {
        return Plan::default();
    }
    let mut filler = Filler { p, width, push_in, indent };
    let most = if style == WrapStyle::Balance { MOST_BALANCED } else { MOST_LINES };
    let Some(lines) = filler.fill(0, Begins::First, 0.0, most) else { return Plan::default() };
    if lines.len() < 2 {
        return Plan::default();
    }
    if style == WrapStyle::Balance {
        return filler.narrowest(lines.len());
    }
    filler.pretty(&lines)
}

/// A line as it was filled: where it starts and how.
#[derive(Clone, Copy, Debug)]
struct Filled {
    start: usize,
    end: usize,
    begins: Begins,
}

struct Filler<'p> {
    p: &'p mut Paragraph,
    width: f32,
    push_in: bool,
    indent: &'p dyn Fn(Begins) -> f32,
}

impl Filler<'_> {
    /// Fills lines from an atom on to a measure narrower by `by`; `None` when they are more than `most`, or when
    /// something stands out.
    fn fill(&mut self, mut start: usize, mut begins: Begins, by: f32, most: usize) -> Option<Vec<Filled>> {
        let mut lines = Vec::new();
        while start < self.p.atoms.len() && line::has_content(self.p, start) {
            if lines.len() >= most {
                return None;
            }
            let width = self.width - (self.indent)(begins) - by;
            let wanted = Wanted { start, begins, width, push_in: self.push_in, placed: usize::MAX };
            let cut = line::cut(self.p, wanted);
            if cut.over.is_some() {
                return None;
            }
            let end = cut.end.max(start + 1);
            lines.push(Filled { start, end, begins });
            begins = if cut.last { Begins::AfterBreak } else { Begins::Soft };
            start = end;
        }
        Some(lines)
    }

    /// The greatest amount by which all lines can be narrower and stay as many.
    fn narrowest(&mut self, count: usize) -> Plan {
        let (mut low, mut high) = (0.0, self.width);
        for _ in 0..STEPS {
            let middle = (low + high) / 2.0;
            if self.fill(0, Begins::First, middle, count).is_some() {
                low = middle;
            } else {
                high = middle;
            }
        }
        Plan { from: 0, by: low }
    }

    /// The least change to the last few lines after which the last one is long enough.
    fn pretty(&mut self, lines: &[Filled]) -> Plan {
        let size = self.p.spans.first().map_or(0.0, |s| s.size);
        let enough = (LEFT_OVER * size).min(self.width / 3.0);
        let Some(last) = lines.last() else { return Plan::default() };
        if self.length(*last) >= enough {
            return Plan::default();
        }
        // Lines up to the last forced break belong together.
        let together = lines.iter().rev().position(|l| l.begins != Begins::Soft).map_or(1, |at| at + 1);
        let mut best: Option<Plan> = None;
        for back in 2..=LOOK_BACK.min(together) {
            let Some(first) = lines.len().checked_sub(back).and_then(|i| lines.get(i)).copied() else { break };
            // The narrower the lines, the longer the last: the least that is enough is searched from above.
            let (mut low, mut high, mut found) = (0.0, self.width / 3.0, None);
            for _ in 0..STEPS {
                let middle = (low + high) / 2.0;
                match self.fill(first.start, first.begins, middle, back) {
                    Some(filled) if filled.len() == back => {
                        if filled.last().is_some_and(|l| self.length(*l) >= enough) {
                            (high, found) = (middle, Some(middle));
                        } else {
                            low = middle;
                        }
                    }
                    _ => high = middle,
                }
            }
            if let Some(by) = found
                && best.is_none_or(|b| by < b.by)
            {
                best = Some(Plan { from: first.start, by });
            }
        }
        best.unwrap_or_default()
    }

    /// How long a line is, without what hangs at its end.
    fn length(&self, line: Filled) -> f32 {
        let (mut x, mut length) = (0.0, 0.0);
        for atom in self.p.atoms.get(line.start..line.end).unwrap_or_default() {
            if !matches!(atom.kind, Kind::Space | Kind::Break | Kind::Zero) {
                length = x + atom.advance;
            }
            x += atom.advance + atom.trail;
        }
        length
    }
}
