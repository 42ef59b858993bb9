//! What is drawn first where that does not show: what recurs below what changes, so that a press which keeps what recurs
//! meets it in one piece, and text last, so that its state is set once and its lines follow one another. The order
//! follows from the boxes around what is drawn alone, so a piece has the same bytes whichever run makes it.

use super::bounds::Bounds;
use crate::page::{Item, ItemList, Placed};

/// Most things that are put in order; more are drawn as they come.
const MOST: usize = 200;

/// Things of a lower rank are drawn below those of a higher one.
pub(super) const RANKS: u8 = 4;
const TEXT: u8 = 1;
const CHANGES: u8 = 2;

/// Scratch space.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The rank at which each thing is drawn.
    goes: Vec<u8>,
    /// How far each thing reaches, as far as anybody asked.
    reach: Vec<Option<Bounds>>,
}

impl Order {
    /// The ranks at which lists on a page are drawn, one for each; `None` where they are drawn as they come.
    pub(super) fn of_lists(&mut self, lists: &[Placed]) -> Option<&[u8]> {
        self.of(lists.len(), |i| lists.get(i).map_or(0, |p| list(&p.list)), |i| Bounds::placed(&lists[i]))
    }

    /// The same for items of one list.
    pub(super) fn of_items(&mut self, items: &[Item]) -> Option<&[u8]> {
        self.of(items.len(), |i| items.get(i).map_or(0, item), |i| Bounds::of(&items[i..=i]))
    }

    fn of(&mut self, count: usize, rank: impl Fn(usize) -> u8, bounds: impl Fn(usize) -> Bounds) -> Option<&[u8]> {
        if !(2..=MOST).contains(&count) || (1..count).all(|i| rank(i - 1) <= rank(i)) {
            return None;
        }
        self.goes.clear();
        self.reach.clear();
        self.reach.resize(count, None);
        let mut highest = 0;
        for i in 0..count {
            let mut mine = rank(i);
            // It stays above whatever it covers.
            if mine < highest {
                let reach = *self.reach[i].get_or_insert_with(|| bounds(i));
                for (j, other) in self.goes.iter().enumerate() {
                    if *other > mine && self.reach[j].get_or_insert_with(|| bounds(j)).meets(&reach) {
                        mine = *other;
                    }
                }
            }
            highest = highest.max(mine);
            self.goes.push(mine);
        }
        (!self.goes.is_sorted()).then_some(&self.goes)
    }
}

fn list(list: &ItemList) -> u8 {
    let text = list.items.iter().all(|item| matches!(item, Item::Glyphs(_)));
    if list.recurs { u8::from(text) * TEXT } else { CHANGES + u8::from(text) * TEXT }
}

fn item(item: &Item) -> u8 {
    match item {
        Item::List(_, inner) => list(inner),
        Item::Glyphs(_) => CHANGES + TEXT,
        _ => CHANGES,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::{Point, Pt, Rect};
    use crate::color::Ink;
    use crate::page::{Path, Segment};

    fn square() -> Item {
        let rect = Segment::Rect(Rect::new(Pt(0.0), Pt(0.0), Pt(10.0), Pt(10.0)));
        Item::Path(Path::filled(vec![rect], Ink::BLACK))
    }

    /// A block from `x` on, 10 wide.
    fn block(x: f32, recurs: bool) -> Placed {
        Placed { at: Point::new(Pt(x), Pt(0.0)), list: Arc::new(ItemList::new(vec![square()], recurs)) }
    }

    fn ranks(lists: &[Placed]) -> Option<Vec<u8>> {
        Order::default().of_lists(lists).map(<[u8]>::to_vec)
    }

    #[test]
    fn what_recurs_goes_below_where_that_does_not_show() {
        let (fixed, own) = (|x| block(x, true), |x| block(x, false));
        assert_eq!(ranks(&[fixed(0.0), own(0.0)]), None, "it is below already");
        assert_eq!(ranks(&[own(0.0), own(5.0)]), None);
        assert_eq!(ranks(&[own(0.0), fixed(20.0), own(20.0)]), Some(vec![2, 0, 2]));
        assert_eq!(ranks(&[own(0.0), fixed(5.0)]), None, "it covers what is below it");
        // what lies on something that stays has to stay too
        assert_eq!(ranks(&[own(0.0), fixed(5.0), fixed(12.0), fixed(40.0)]), Some(vec![2, 2, 2, 0]));
    }

    #[test]
    fn the_same_inside_a_list() {
        let inner = |x: f32| {
            let Placed { at, list } = block(x, true);
            Item::List(at, list)
        };
        let mut order = Order::default();
        // the ground of a block, what recurs on it, and what recurs beside it
        assert_eq!(order.of_items(&[square(), inner(5.0), inner(40.0)]), Some([2, 2, 0].as_slice()));
        assert_eq!(order.of_items(&[inner(40.0), square(), inner(5.0)]), None);
    }
}
