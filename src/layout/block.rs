//! Block formatting: boxes one below the other, and the margins between them (CSS 2.2, sections 9.4.1 and 8.3.1).

use super::boxes::{El, Kid};
use super::engine::{Content, Engine, Slice};
use super::float::Floats;
use super::fragment::{Collapse, End, Escape, Parts, Space};
use super::sizes;
use crate::base::{Point, Pt};
use crate::markup::style::{Break, Position, Style};

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
    pub(super) fn block(
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
        for kid in kids {
            match kid {
                Kid::Out(out) => {
                    let at = Point::new(place.origin.x, place.origin.y + flow.next_y(Collapse::default()));
                    parts.escapes.push(Escape { el: out, at, far: [false; 2], room: Default::default() });
                }
                Kid::Inline(run) => {
                    let y = flow.next_y(Collapse::default());
                    let at = Point::new(place.origin.x, place.origin.y + y);
                    let lines = self.inline(el, &run, at, place.width, Some(&mut floats), parts);
                    if lines.count > 0 {
                        if paged {
                            parts.ends.push(End { bottom: at.y + lines.height, at: 0, node: el.node });
                        }
                        flow.take(y, lines.height, Collapse::default(), Collapse::default());
                        flow.baselines(lines.first_baseline.map(|b| b + y), lines.last_baseline.map(|b| b + y));
                    }
                }
                Kid::Block(mut kid) => {
                    kid.relative = relative(&kid.style, place.width, place.height);
                    let (fragment, at) = if floats.is_empty() {
                        let fragment = self.lay_out(&kid, Space::flow(place.width, place.height));
                        let at = flow.add(&fragment);
                        (fragment, at)
                    } else {
                        let (fragment, at, cleared) = self.beside(&kid, &place, |top| flow.next_y(top), &floats);
                        flow.add_at(&fragment, at.y, cleared);
                        (fragment, at + place.origin)
                    };
                    parts.attach(&kid, &fragment, at, kid.start - el.start);
                    floats.take_in(&fragment, at);
                    if paged {
                        note_end(el, &kid, at.y + fragment.size.height, parts);
                    } else {
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
                Kid::Slice { el: mut kid, kids, first, last } => {
                    kid.relative = relative(&kid.style, place.width, place.height);
                    let slice = Slice { kids, first, last };
                    let fragment = self.compute(&kid, Space::flow(place.width, None), Some(slice));
                    let at = flow.add(&fragment);
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
    pub(super) fn check_breaks(&self, el: &El, kid: &El, parts: &mut Parts) {
        if kid.style.break_before == Break::Page || kid.style.break_after == Break::Page {
            let message = "a page break is followed only on children of the body, or of an element that is alone in it";
            self.unsupported(kid, el.start, message, &mut parts.faults);
        }
    }
}

fn note_end(el: &El, kid: &El, bottom: Pt, parts: &mut Parts) {
    parts.ends.push(End { bottom, at: kid.start - el.start, node: kid.node });
}

/// How far `position: relative` moves a box (CSS 2.2, section 9.4.3); left and top win.
#[must_use]
pub fn relative(style: &Style, width: Pt, height: Option<Pt>) -> Point {
    if style.position != Position::Relative {
        return Point::ZERO;
    }
    let i = &style.inset;
    let across = |d| sizes::definite(d, Some(width));
    let down = |d| sizes::definite(d, height);
    Point::new(
        across(i.left).or_else(|| across(i.right).map(|r| -r)).unwrap_or(Pt::ZERO),
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
    fn add(&mut self, f: &super::fragment::Fragment) -> Point {
        let y = self.next_y(f.top);
        self.add_at(f, y, false);
        Point::new(self.place.origin.x + f.margin.left, self.place.origin.y + y)
    }

    /// Adds a block that stands at `y`. One that was moved down there to clear floats keeps its margins apart from
    /// those above it (CSS 2.2, section 9.5.2).
    fn add_at(&mut self, f: &super::fragment::Fragment, y: Pt, cleared: bool) {
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
