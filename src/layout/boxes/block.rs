//! Block formatting: boxes one below the other, and the margins between them (CSS 2.2, sections 9.4.1 and 8.3.1).

use super::engine::{Content, Engine, Slice};
use super::float::Floats;
use super::sizes;
use super::tree::{El, Kid};
use crate::base::{Point, Pt};
use crate::layout::fault::{Fault, FaultKind};
use crate::layout::fragment::{Collapse, End, Escape, Parts, Space};
use crate::layout::pages::cuts::Gap;
use crate::markup::style::{Break, Dimension, Direction, Display, Position, Style};

/// The content box that children are laid out in.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// From the corner of the border box.
    pub origin: Point,
    pub width: Pt,
    pub height: Option<Pt>,
    /// Nothing keeps the first child's top margin, or the last one's bottom margin, from meeting the box's own.
    pub open_top: bool,
    pub open_bottom: bool,
}

impl Engine<'_> {
    /// Lays out the children of a block container. In one that pages are cut from (`paged`) it is noted where
    /// they end.
    /// `floats` reach into it from outside.
    pub(in crate::layout) fn block(
        &mut self,
        el: &El,
        kids: Vec<Kid>,
        place: Place,
        paged: bool,
        mut floats: Floats,
        parts: &mut Parts,
    ) -> Content {
        let mut flow =
            Flow { place, y: Pt::ZERO, pending: Collapse::default(), at_top: true, content: Content::default() };
        // how far down what may be parted from the next reaches, and whether it rather is not
        let mut last: Option<(Pt, bool)> = None;
        let rtl = el.style.text.direction == Direction::Rtl;
        for kid in kids {
            match kid {
                Kid::Out(out) => {
                    let rtl = rtl && place.width.is_finite();
                    let x = if rtl { place.origin.x + place.width } else { place.origin.x };
                    let at = Point::new(x, place.origin.y + flow.next_y(Collapse::default()));
                    parts.escapes.push(Escape { el: out, at, far: [rtl, false], room: Default::default() });
                }
                Kid::Inline(run) => {
                    let y = flow.next_y(Collapse::default());
                    let at = Point::new(place.origin.x, place.origin.y + y);
                    let drawn = parts.items.len();
                    let lines = self.inline(el, &run, at, place.width, Some(&mut floats), parts);
                    parts.in_lines(drawn);
                    if lines.count > 0 {
                        if paged {
                            parts.ends.push(End { bottom: at.y + lines.height, at: 0, node: el.node });
                        }
                        if parts.flowing {
                            note_gap(&mut last, at.y, lines.height, (false, false), parts);
                        }
                        flow.take(y, lines.height, Collapse::default(), Collapse::default());
                        flow.baselines(lines.first_baseline.map(|b| b + y), lines.last_baseline.map(|b| b + y));
                    }
                }
                Kid::Block(mut kid) => {
                    kid.relative = relative(&kid.style, place.width, place.height, el.style.text.direction);
                    // taken by the first layout of the box
                    self.flowing = parts.flowing && self.flows(&kid);
                    let (fragment, at) = if floats.is_empty() {
                        let fragment = self.lay_out(&kid, Space::flow(place.width, place.height));
                        let mut at = flow.add(&fragment);
                        if rtl && place.width.is_finite() {
                            // Where widths and margins do not add up, the left margin gives (CSS 2.2, section 10.3.3).
                            at.x = place.origin.x + place.width - fragment.size.width - fragment.margin.right;
                        }
                        (fragment, at)
                    } else {
                        let (fragment, at, cleared) = self.beside(&kid, &place, rtl, |top| flow.next_y(top), &floats);
                        flow.add_at(&fragment, at.y, cleared);
                        (fragment, at + place.origin)
                    };
                    self.flowing = false;
                    if parts.flowing && !fragment.through {
                        let avoid = |b: Break| b == Break::Avoid;
                        let avoid = (avoid(kid.style.break_before), avoid(kid.style.break_after));
                        note_gap(&mut last, at.y, fragment.size.height, avoid, parts);
                    }
                    parts.attach(&kid, &fragment, at, kid.start - el.start);
                    floats.take_in(&fragment, at);
                    if paged {
                        note_end(el, &kid, at.y + fragment.size.height, parts);
                    }
                    if !parts.sliced {
                        self.check_breaks(el, &kid, parts);
                    }
                }
                Kid::Float(float) => {
                    let y = place.origin.y + flow.next_y(Collapse::default());
                    let (node, start) = (float.node, float.start);
                    let bottom = self.float(el, float, &place, y, &mut floats, parts);
                    if paged {
                        parts.ends.push(End { bottom, at: start - el.start, node });
                    }
                }
                Kid::Slice { el: mut kid, kids, first, last: ends } => {
                    kid.relative = relative(&kid.style, place.width, place.height, el.style.text.direction);
                    let slice = Slice { kids, first, last: ends };
                    self.flowing = parts.flowing;
                    let fragment = self.compute(&kid, Space::flow(place.width, None), Some(slice));
                    let at = flow.add(&fragment);
                    if parts.flowing {
                        note_gap(&mut last, at.y, fragment.size.height, (false, false), parts);
                    }
                    parts.attach(&kid, &fragment, at, kid.start - el.start);
                    note_end(el, &kid, at.y + fragment.size.height, parts);
                }
            }
        }
        let mut content = flow.finish();
        if !floats.is_empty() {
            if parts.apart {
                content.height = content.height.max(floats.bottom() - place.origin.y);
            } else {
                parts.floats = floats.own();
            }
        }
        content
    }

    /// A forced break that is too deep in the tree to be followed is not passed over.
    pub(in crate::layout) fn check_breaks(&self, el: &El, kid: &El, parts: &mut Parts) {
        let (s, block) = (&kid.style, !el.is_flex());
        if s.break_before.is_forced() || s.break_after.is_forced() || (block && s.page != el.style.page) {
            let at = kid.start.saturating_sub(el.start);
            parts.faults.push(Fault { kind: FaultKind::DeepBreak, at, element: kid.label(self.dom) });
        }
    }

    /// Whether a box is cut where its page ends, and not carried over whole.
    fn flows(&self, el: &El) -> bool {
        self.is_divisible(el)
            || el.style.display == Display::ListItem && el.style.height == Dimension::Auto && !el.style.cuts()
            || el.has_items() && el.style.height == Dimension::Auto && !el.style.cuts() && !self.is_turned(el)
            || el.is_table() && el.style.height == Dimension::Auto && !el.style.cuts()
            || self.dom.body() == Some(el.node) && !el.is_flex()
    }
}

/// Notes that the flow may be cut above something.
fn note_gap(
    last: &mut Option<(Pt, bool)>,
    top: Pt,
    height: Pt,
    (avoid_before, avoid_after): (bool, bool),
    parts: &mut Parts,
) {
    if let Some((before, avoid)) = *last {
        parts.gaps.push(Gap { before, after: top.max(before), avoid: avoid || avoid_before });
    }
    let bottom = top + height;
    *last = Some((last.map_or(bottom, |(l, _)| l.max(bottom)), avoid_after));
}

fn note_end(el: &El, kid: &El, bottom: Pt, parts: &mut Parts) {
    parts.ends.push(End { bottom, at: kid.start - el.start, node: kid.node });
}

/// How far `position: relative` moves a box (CSS 2.2, section 9.4.3); the side where lines of its containing block
/// begin wins, and the top.
#[must_use]
pub fn relative(style: &Style, width: Pt, height: Option<Pt>, direction: Direction) -> Point {
    if style.position != Position::Relative {
        return Point::ZERO;
    }
    let i = &style.inset;
    let across = |d| sizes::definite(d, Some(width));
    let down = |d| sizes::definite(d, height);
    let (left, right) = (across(i.left), across(i.right).map(|r| -r));
    Point::new(
        if direction == Direction::Rtl { right.or(left) } else { left.or(right) }.unwrap_or(Pt::ZERO),
        down(i.top).or_else(|| down(i.bottom).map(|b| -b)).unwrap_or(Pt::ZERO),
    )
}

/// How far down a block container is filled.
#[derive(Debug)]
struct Flow {
    place: Place,
    /// Bottom of the last box, from the top of the content box.
    y: Pt,
    /// Margins that have met below it.
    pending: Collapse,
    /// Nothing with a height yet.
    at_top: bool,
    content: Content,
}

impl Flow {
    /// The top of a box with this top margin, if it came next.
    fn next_y(&self, top: Collapse) -> Pt {
        if self.at_top && self.place.open_top { Pt::ZERO } else { self.y + self.pending.join(top).value() }
    }

    /// Adds a block; where its border box stands.
    fn add(&mut self, f: &crate::layout::fragment::Fragment) -> Point {
        let y = self.next_y(f.top);
        self.add_at(f, y, false);
        Point::new(self.place.origin.x + f.margin.left, self.place.origin.y + y)
    }

    /// Adds a block that stands at `y`. One that was moved down there to clear floats keeps its margins apart from
    /// those above it (CSS 2.2, section 9.5.2).
    fn add_at(&mut self, f: &crate::layout::fragment::Fragment, y: Pt, cleared: bool) {
        if cleared {
            if self.at_top && self.place.open_top {
                self.content.top = self.pending;
            }
            self.at_top = false;
            self.y = y;
            self.pending = Collapse::default();
            self.content.empty = false;
            if f.through {
                self.pending = f.top.join(f.bottom);
                self.place.open_bottom &= self.pending == Collapse::default();
                return;
            }
        }
        if f.through {
            self.pending = self.pending.join(f.top).join(f.bottom);
        } else {
            self.take(y, f.size.height, f.top, f.bottom);
            let shift = |b: Option<Pt>| b.map(|b| b + y);
            self.baselines(shift(f.first_baseline), shift(f.last_baseline));
        }
    }

    fn take(&mut self, y: Pt, height: Pt, top: Collapse, bottom: Collapse) {
        if self.at_top && self.place.open_top {
            self.content.top = self.pending.join(top);
        }
        self.at_top = false;
        self.y = y + height;
        self.pending = bottom;
    }

    /// Baselines from the top of the content box.
    fn baselines(&mut self, first: Option<Pt>, last: Option<Pt>) {
        let down = |b: Pt| b + self.place.origin.y;
        if self.content.first_baseline.is_none() {
            self.content.first_baseline = first.map(down);
        }
        self.content.last_baseline = last.map(down).or(self.content.last_baseline);
    }

    fn finish(mut self) -> Content {
        if self.at_top {
            self.content.empty = true;
            if self.place.open_top {
                self.content.top = self.pending;
            } else if self.place.open_bottom {
                self.content.bottom = self.pending;
            } else {
                self.y = self.pending.value();
            }
        } else if self.place.open_bottom {
            self.content.bottom = self.pending;
        } else {
            self.y += self.pending.value();
        }
        self.content.height = self.y.max(Pt::ZERO);
        self.content
    }
}
