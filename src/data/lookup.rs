//! Texts to numbers: an open table that holds only numbers, with the texts elsewhere.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

/// Finds the number of a text. The texts themselves belong to the caller, who gives a way to read them;
/// 4 bytes a slot, at most three quarters full. The seed is fixed and slots are never walked through, so
/// no order of hashing is seen anywhere.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    /// Number + 1; 0 is free.
    slots: Vec<u32>,
    used: usize,
}

impl Lookup {
    /// The number of `text`, if it was put in.
    pub fn find<'a>(&self, text: &str, text_of: impl Fn(u32) -> &'a str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = place(text, mask);
        loop {
            match self.slots[at].checked_sub(1) {
                None => return None,
                Some(number) if text_of(number) == text => return Some(number),
                Some(_) => at = (at + 1) & mask,
            }
        }
    }

    /// Puts in a `number` below `u32::MAX` under a text that is not in yet.
    pub fn insert<'a>(&mut self, text: &str, number: u32, text_of: impl Fn(u32) -> &'a str) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let old = std::mem::take(&mut self.slots);
            self.slots = vec![0; (old.len() * 2).max(16)];
            for slot in old {
                if let Some(number) = slot.checked_sub(1) {
                    self.put(text_of(number), number);
                }
            }
        }
        self.put(text, number);
        self.used += 1;
    }

    fn put(&mut self, text: &str, number: u32) {
        let mask = self.slots.len() - 1;
        let mut at = place(text, mask);
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = number + 1;
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * 4
    }
}

fn place(text: &str, mask: usize) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    // FxHash keeps its best bits on top.
    let hash = hasher.finish();
    ((hash ^ (hash >> 32)) as usize) & mask
}
