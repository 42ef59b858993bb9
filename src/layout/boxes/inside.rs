//! What inline elements do to what stands in them: `position: relative` makes one the containing block of absolutely
//! positioned boxes (CSS 2.2, section 10.1), `opacity` makes all of it translucent; and where absolutely positioned
//! boxes would stand in their line.

use super::engine::Engine;
use super::inline::Flat;
use super::tree::El;
use crate::base::{Point, Pt, Rect};
use crate::layout::fragment::{Escape, Parts};
use crate::layout::paint::ground;
use crate::layout::text::TextLayout;
use crate::markup::style::Position;

/// Kept only for lines that have any of it.
#[derive(Debug)]
pub(in crate::layout) struct Inside {
    /// For each piece of content the innermost positioned element around it, and its opacity with that of all
    /// elements around it.
    of: Vec<(Option<usize>, f32)>,
    /// How many boxes escaped before these lines.
    base: usize,
    /// For each box that escaped from these lines, the element that holds it.
    owners: Vec<Option<usize>>,
    /// Which anchors stand in a line.
    placed: Vec<usize>,
}

impl Inside {
    /// `None` where there is nothing of this kind: most lines.
    pub(in crate::layout) fn of(flat: &[Flat], base: usize) -> Option<Self> {
        let special = |f: &Flat| match f {
            Flat::Anchor(_) => true,
            Flat::Effect(_, opacity) => *opacity < 1.0,
            Flat::Open(open) => open.el.is_positioned(),
            _ => false,
        };
        if !flat.iter().any(special) {
            return None;
        }
        let mut open: Vec<(Option<usize>, f32)> = vec![(None, 1.0)];
        let mut of = Vec::with_capacity(flat.len());
        for (i, f) in flat.iter().enumerate() {
            let (owner, opacity) = open.last().copied().unwrap_or((None, 1.0));
            match f {
                Flat::Open(o) => {
                    let own = if o.el.is_positioned() { Some(i) } else { owner };
                    let now = (own, opacity * o.el.style.opacity.clamp(0.0, 1.0));
                    open.push(now);
                    of.push(now);
                    continue;
                }
                Flat::Ruby(_) => open.push((owner, opacity)),
                Flat::Close if open.len() > 1 => {
                    open.pop();
                }
                _ => {}
            }
            of.push((owner, opacity));
        }
        Some(Self { of, base, owners: Vec::new(), placed: Vec::new() })
    }

    fn owner(&self, id: usize) -> Option<usize> {
        self.of.get(id).and_then(|o| o.0)
    }

    /// What was drawn from item `from` on belongs to the piece `id`.
    pub(in crate::layout) fn fade(&self, id: usize, from: usize, parts: &mut Parts) {
        let opacity = self.of.get(id).map_or(1.0, |o| o.1);
        if opacity < 1.0 && from < parts.items.len() {
            let drawn = parts.items.split_off(from);
            ground::group(&mut parts.items, opacity, None, drawn);
        }
    }

    /// A box was attached; `escapes` is how many boxes had escaped before.
    pub(in crate::layout) fn atom(&mut self, id: usize, items: usize, escapes: usize, parts: &mut Parts) {
        self.fade(id, items, parts);
        self.escaped(id, escapes, parts);
    }

    fn escaped(&mut self, id: usize, before: usize, parts: &Parts) {
        self.owners.resize(before.saturating_sub(self.base), None);
        self.owners.resize(parts.escapes.len().saturating_sub(self.base), self.owner(id));
    }

    /// An absolutely positioned box would stand here.
    pub(in crate::layout) fn anchor(&mut self, id: usize, el: &El, at: Point, parts: &mut Parts) {
        let before = parts.escapes.len();
        parts.escapes.push(Escape { el: el.clone(), at, far: [false; 2], room: Default::default() });
        self.placed.push(id);
        self.escaped(id, before, parts);
    }
}

impl Engine<'_> {
    /// After the last line: places what looks for a containing block and has found an inline element.
    pub(in crate::layout) fn place_inside(
        &mut self,
        el: &El,
        mut inside: Inside,
        flat: &[Flat],
        layout: &TextLayout,
        at: Point,
        parts: &mut Parts,
    ) {
        // what stands in no line, because there is nothing else
        for (id, f) in flat.iter().enumerate() {
            if let Flat::Anchor(out) = f
                && !inside.placed.contains(&id)
            {
                inside.anchor(id, out, at + Point::new(Pt::ZERO, layout.height), parts);
            }
        }
        inside.owners.resize(parts.escapes.len().saturating_sub(inside.base), None);
        if inside.owners.iter().all(Option::is_none) {
            return;
        }
        let waiting = parts.escapes.split_off(inside.base.min(parts.escapes.len()));
        for (escape, owner) in waiting.into_iter().zip(inside.owners) {
            match owner {
                Some(owner) if escape.el.style.position != Position::Fixed => {
                    let block = padding_box(owner, flat, layout).translated(at);
                    self.place_escape(escape, block, el, parts);
                }
                _ => parts.escapes.push(escape),
            }
        }
    }
}

/// From the padding edge of an element's first box to that of its last (CSS 2.2, section 10.1).
fn padding_box(id: usize, flat: &[Flat], layout: &TextLayout) -> Rect {
    let mut boxes = layout.fragments.iter().filter(|f| f.id == id);
    let (Some(Flat::Open(open)), Some(first)) = (flat.get(id), boxes.next()) else { return Rect::default() };
    let last = boxes.next_back().unwrap_or(first);
    let border = &open.frame.border;
    let (x, y) = (first.rect.x + border.left, first.rect.y + border.top);
    let (right, bottom) = (last.rect.right() - border.right, last.rect.bottom() - border.bottom);
    Rect::new(x, y, (right - x).max(Pt::ZERO), (bottom - y).max(Pt::ZERO))
}
