//! Fragments that recur from record to record, so that an element whose markup was met before is neither
//! styled inside, shaped nor laid out again.
//!
//! **The key.** A fragment is fixed by what its element's subtree says (its source bytes: looked up by their hash and
//! then compared), by the element's own computed style (the very `Arc` that the styler gave: kept here, so that
//! its address cannot stand for another), by everything that the styles inside may take from above (the styler's
//! context), by the [`Space`], by the number of a list item, and by the copy-fit of a box around it. Nothing else can reach a fragment: fonts and
//! images are the same for the whole run, and absolutely positioned boxes that look for a containing block further
//! up keep a fragment out of here.
//!
//! **Who gets in.** Only what was missed in two different records. A name or an address that occurs once passes
//! without taking a place, and without moving a product out.
//!
//! **Bounds.** Two generations: when the young one is full it becomes the old one and the old one is dropped; what
//! is found in the old one moves to the young one.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fit::Fit;
use super::fragment::{Fragment, Space};
use crate::layout::boxes::tree::{El, Part};
use crate::markup::dom::Dom;
use crate::markup::hash::mix;
use crate::markup::styler::{Context, Styled};

/// Places in the table of what was seen once; 8 bytes each.
const SEEN: usize = 1 << 14;
/// Rough bytes that one generation may hold.
const BUDGET: usize = 4 << 20;

/// See the head of this file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    subtree: u64,
    context: Context,
    space: [u32; 5],
    ordinal: u32,
    blockified: bool,
    fit: u64,
}

#[derive(Debug)]
struct Entry {
    bytes: Box<[u8]>,
    styled: Arc<Styled>,
    fragment: Arc<Fragment>,
}

/// One worker's fragments.
#[derive(Debug)]
pub struct Cache {
    on: bool,
    record: u32,
    /// Hash of what was missed, and in which record, by the low bits of the hash.
    seen: Vec<(u32, u32)>,
    young: FxHashMap<Key, Entry>,
    old: FxHashMap<Key, Entry>,
    weight: usize,
    /// Look-ups that found something, and all.
    pub hits: u64,
    pub lookups: u64,
}

impl Cache {
    #[must_use]
    pub fn new(on: bool) -> Self {
        Self {
            on,
            record: 0,
            seen: if on { vec![(0, 0); SEEN] } else { Vec::new() },
            young: FxHashMap::default(),
            old: FxHashMap::default(),
            weight: 0,
            hits: 0,
            lookups: 0,
        }
    }

    /// A new record begins.
    pub fn begin(&mut self) {
        self.record = self.record.wrapping_add(1).max(1);
    }

    /// `None` for what is never kept: generated boxes, and everything when caches are off.
    #[must_use]
    pub fn key(&self, dom: &Dom, el: &El, space: &Space, fit: Option<Fit>) -> Option<Key> {
        (self.on && el.part == Part::Element && !el.apart).then(|| Key {
            subtree: dom.node(el.node).hash,
            context: el.styled.context,
            space: space.bits(),
            ordinal: el.ordinal,
            blockified: el.blockified,
            fit: fit.map_or(0, Fit::bits),
        })
    }

    pub fn get(&mut self, key: &Key, bytes: &[u8], styled: &Arc<Styled>) -> Option<Arc<Fragment>> {
        self.lookups += 1;
        let same = |e: &Entry| Arc::ptr_eq(&e.styled, styled) && *e.bytes == *bytes;
        if let Some(entry) = self.young.get(key) {
            if same(entry) {
                self.hits += 1;
                return Some(Arc::clone(&entry.fragment));
            }
            return None;
        }
        if !self.old.get(key).is_some_and(same) {
            return None;
        }
        let entry = self.old.remove(key)?;
        let fragment = Arc::clone(&entry.fragment);
        self.hits += 1;
        self.insert(*key, entry);
        Some(fragment)
    }

    /// Keeps a fragment, if it was missed in an earlier record too.
    pub fn put(&mut self, key: Key, bytes: &[u8], styled: &Arc<Styled>, fragment: &Arc<Fragment>) {
        let [a, b, c, d, e] = key.space.map(u64::from);
        let h = mix(mix(key.subtree, key.context.0 ^ key.fit), mix(a << 32 | b, c << 32 | d) ^ e);
        let Some(slot) = self.seen.get_mut(h as usize % SEEN) else { return };
        let tag = (h >> 32) as u32;
        if slot.0 != tag || slot.1 == self.record || slot.1 == 0 {
            if slot.0 != tag || slot.1 == 0 {
                *slot = (tag, self.record);
            }
            return;
        }
        let entry = Entry { bytes: bytes.into(), styled: Arc::clone(styled), fragment: Arc::clone(fragment) };
        self.insert(key, entry);
    }

    fn insert(&mut self, key: Key, entry: Entry) {
        self.weight += entry.bytes.len() * 8 + 1024;
        if self.weight > BUDGET {
            self.weight = entry.bytes.len() * 8 + 1024;
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, entry);
    }
}
