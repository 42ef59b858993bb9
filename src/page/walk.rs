//! A way through everything on a page.

use super::{GlyphRun, Item, ItemList, Page};

impl Page {
    /// Calls `each` with every run of glyphs on the page.
    pub fn runs(&self, each: &mut impl FnMut(&GlyphRun)) {
        self.lists.iter().for_each(|placed| placed.list.runs(each));
    }
}

impl ItemList {
    /// Calls `each` with every run of glyphs in the list and those in it.
    pub fn runs(&self, each: &mut impl FnMut(&GlyphRun)) {
        runs(&self.items, each);
    }
}

fn runs(items: &[Item], each: &mut impl FnMut(&GlyphRun)) {
    for item in items {
        match item {
            Item::Glyphs(run) => each(run),
            Item::Group(group) => runs(&group.items, each),
            Item::List(_, list) => list.runs(each),
            _ => {}
        }
    }
}
