//! Boxes whose content goes on on a page of its own (`-surimono-overflow: continue name`): what fits stays in the
//! box, the rest goes to as many pages of that name as it takes, with the lines as they are.

use std::sync::Arc;

use super::cuts::{self, Gap, Repeat, Solid};
use super::slice::Dealer;
use crate::base::{Point, Pt};
use crate::color::Color;
use crate::layout::boxes::engine::{Engine, Slice, TOLERANCE};
use crate::layout::boxes::tree::El;
use crate::layout::fault::{Axis, Fault, FaultKind};
use crate::layout::fragment::{Fragment, Height, Layer, Parts, Space, TextExtent};
use crate::markup::style::Style;
use crate::page::{Item, ItemList};

/// What is left of a box's content.
#[derive(Debug)]
pub struct Rest {
    /// The pages that it goes on on.
    pub name: Arc<str>,
    pub element: Arc<str>,
    /// All of the content as one flow, of which this is what lies below `from`.
    pub list: Arc<ItemList>,
    pub gaps: Vec<Gap>,
    pub texts: Vec<TextExtent>,
    pub keeps: Vec<(Pt, Pt)>,
    pub repeats: Vec<Repeat>,
    pub layers: Vec<Layer>,
    pub from: Pt,
    pub end: Pt,
    /// Where the content begins across, in the flow's coordinates.
    pub left: Pt,
}

impl Engine<'_> {
    /// Lays out a box; what does not fit its height is left to pages of this name.
    pub(in crate::layout) fn carry(&mut self, el: &El, space: Space, name: &Arc<str>) -> Fragment {
        let first = self.whole(el, space, None, Parts::default());
        let too_tall = |f: &Fault| matches!(f.kind, FaultKind::Overflow { axis: Axis::Vertical, .. }) && f.at == 0;
        if !first.faults.iter().any(too_tall) {
            return first;
        }
        // the content alone, as high as it likes
        let bare = El { style: Arc::new(undecorated(&el.style)), ..el.clone() };
        let tall = Space { height: Height::Content, ..space };
        let flow = self.whole(&bare, tall, None, Parts { flowing: true, ..Parts::default() });
        // the box alone
        let nothing = Slice { kids: Vec::new(), first: true, last: true };
        let frame = self.whole(el, space, Some(nothing), Parts::default());

        let edges = crate::layout::boxes::sizes::Frame::new(&el.style, space.block_width);
        let room = frame.size.height - edges.bottom() - edges.top();
        let end = flow.size.height - edges.bottom();
        let rooms = |page: usize| if page == 0 { room } else { Pt::INFINITY };
        let solid = Solid { texts: &flow.texts, keeps: &flow.keeps, repeats: &flow.repeats };
        let stretches = cuts::fill(flow.gaps.clone(), solid, edges.top(), end, rooms, 2);
        let from = stretches.get(1).map_or(end, |s| s.from);
        let mut parts = Parts { faults: flow.faults, escapes: flow.escapes, ..Parts::default() };
        let mut dealer = Dealer::new(&stretches);
        parts.push_list(Point::ZERO, &frame.list);
        for (page, list) in dealer.deal(&flow.list, Point::ZERO) {
            if page == 0 {
                parts.items.push(Item::List(Point::ZERO, list));
            }
        }
        for layer in &flow.layers {
            for (_, list) in dealer.deal(&layer.list, layer.at).into_iter().filter(|(page, _)| *page == 0) {
                parts.layers.push(Layer { list, ..layer.clone() });
            }
        }
        if let Some(first) = stretches.first() {
            parts.layers.extend(cuts::again(&flow.repeats, first));
        }
        let stays = |t: &&TextExtent| t.rect.y + t.rect.height / 2.0 < from;
        parts.texts = flow.texts.iter().filter(stays).copied().collect();
        let element = el.label(self.dom);
        let kind = FaultKind::Continued { name: Arc::clone(name) };
        parts.faults.push(Fault { kind, at: 0, element: Arc::clone(&element) });
        let rest = Rest {
            name: Arc::clone(name),
            element,
            list: flow.list,
            gaps: flow.gaps,
            texts: flow.texts,
            keeps: flow.keeps,
            repeats: flow.repeats,
            layers: flow.layers.clone(),
            from,
            end: end.max(from + TOLERANCE),
            left: edges.left(),
        };
        parts.rests.push((0, Arc::new(rest)));
        Fragment {
            list: Arc::new(ItemList::new(parts.items, false)),
            layers: parts.layers,
            escapes: parts.escapes,
            texts: parts.texts,
            faults: parts.faults,
            rests: parts.rests,
            first_baseline: first.first_baseline,
            last_baseline: first.last_baseline,
            gaps: Vec::new(),
            ..frame
        }
    }
}

/// A style whose box takes the same room and draws nothing of its own.
fn undecorated(style: &Style) -> Style {
    let mut bare = style.clone();
    bare.background_color = Color::TRANSPARENT;
    bare.background_images = Arc::default();
    let border = &mut bare.border;
    for side in [&mut border.top, &mut border.right, &mut border.bottom, &mut border.left] {
        side.color = Color::TRANSPARENT;
    }
    bare
}
