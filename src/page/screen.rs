//! Pages for looking at rather than for a press: greys, which layout makes of black ink alone, become greys of red,
//! green and blue, so that black in text and black in a picture are the same on every screen.

use std::sync::Arc;

use super::{Item, ItemList, Page};
use crate::color::Ink;

/// Turns greys into screen colours on all pages.
pub fn for_screen(pages: &mut [Page]) {
    for placed in pages.iter_mut().flat_map(|page| &mut page.lists) {
        placed.list = list(&placed.list);
    }
}

fn list(of: &ItemList) -> Arc<ItemList> {
    let mut items = of.items.clone();
    items.iter_mut().for_each(item);
    Arc::new(ItemList::new(items, of.recurs))
}

fn ink(ink: &mut Ink) {
    if let Ink::Black(k) = *ink {
        *ink = Ink::Rgb([1.0 - k; 3]);
    }
}

fn item(of: &mut Item) {
    match of {
        Item::Glyphs(run) => ink(&mut run.ink),
        Item::Path(path) => {
            path.fill.iter_mut().for_each(ink);
            path.stroke.iter_mut().for_each(|s| ink(&mut s.ink));
        }
        Item::Image(_) => {}
        Item::Modules(modules) => ink(&mut modules.ink),
        Item::Group(group) => group.items.iter_mut().for_each(item),
        Item::Shading(shading) => {
            let mut own = (*shading.shading).clone();
            own.stops.iter_mut().for_each(|s| ink(&mut s.ink));
            shading.shading = Arc::new(own);
        }
        Item::List(_, inner) => *inner = list(inner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Point, Pt, Size};
    use crate::page::{GroupItem, Path, Placed};

    #[test]
    fn greys_become_screen_colours_however_deep_they_are() {
        let path = Item::Path(Path::filled(Vec::new(), Ink::Black(0.25)));
        let inner = Arc::new(ItemList::new(vec![Item::Group(GroupItem::new(vec![path]))], false));
        let outer = Arc::new(ItemList::new(vec![Item::List(Point::ZERO, inner)], false));
        let lists = vec![Placed { at: Point::ZERO, list: outer }];
        let trim = Size::new(Pt(10.0), Pt(10.0));
        let mut pages = [Page { trim, bleed: Pt::ZERO, slug: Pt::ZERO, name: "".into(), lists }];
        for_screen(&mut pages);
        let shown = format!("{:?}", pages[0].lists[0].list.items);
        assert!(shown.contains("Rgb([0.75, 0.75, 0.75])") && !shown.contains("Black"), "{shown}");
    }
}
