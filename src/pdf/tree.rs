//! Trees that are balanced while nobody knows how much will come: so many nodes make one of the next level, and so
//! on. One is the page tree (ISO 32000-1, 7.7.3), in which each batch is a node.

use super::object::{indirect, int, reference};

/// Children of one inner node of the page tree.
pub(super) const WIDTH: usize = 64;

/// A node whose children are still coming.
#[derive(Clone, Debug)]
struct Open {
    number: u32,
    kids: Vec<u32>,
    pages: u64,
}

/// The inner nodes that are not complete yet, lowest level first.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    open: Vec<Open>,
    width: usize,
}

/// A finished node, to be written.
pub(super) struct Node {
    pub(super) number: u32,
    pub(super) parent: Option<u32>,
    /// 0 for the nodes above those that were added.
    pub(super) level: usize,
    pub(super) kids: Vec<u32>,
    pages: u64,
}

impl Node {
    /// As a node of the page tree.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        indirect(out, self.number, |out| {
            out.extend_from_slice(b"<</Type/Pages");
            if let Some(parent) = self.parent {
                out.extend_from_slice(b"/Parent ");
                reference(out, parent);
            }
            out.extend_from_slice(b"/Count ");
            int(out, self.pages);
            out.extend_from_slice(b"/Kids[");
            for kid in &self.kids {
                reference(out, *kid);
                out.push(b' ');
            }
            out.extend_from_slice(b"]>>");
        });
    }
}

impl Tree {
    /// A tree whose nodes have up to `width` children.
    pub(super) fn new(width: usize) -> Self {
        Self { open: Vec::new(), width }
    }

    /// The parent of the node that is added next.
    pub(super) fn parent(&mut self, number: &mut impl FnMut() -> u32) -> u32 {
        self.level(0, number)
    }

    fn level(&mut self, level: usize, number: &mut impl FnMut() -> u32) -> u32 {
        if self.open.len() == level {
            self.open.push(Open { number: 0, kids: Vec::new(), pages: 0 });
        }
        let open = &mut self.open[level];
        if open.number == 0 {
            open.number = number();
        }
        open.number
    }

    /// Hangs a node under the parent asked for before; gives the inner nodes that this completes.
    pub(super) fn add(&mut self, node: u32, pages: u64, number: &mut impl FnMut() -> u32) -> Vec<Node> {
        let mut done = Vec::new();
        let (mut level, mut node, mut pages) = (0, node, pages);
        loop {
            self.level(level, number);
            let open = &mut self.open[level];
            open.kids.push(node);
            open.pages += pages;
            if open.kids.len() < self.width {
                return done;
            }
            (node, pages) = self.complete(level, number, &mut done);
            level += 1;
        }
    }

    /// Completes the lowest inner node although it could have more children, if it has any; gives it and the nodes above
    /// that this completes too.
    pub(super) fn close(&mut self, number: &mut impl FnMut() -> u32) -> Vec<Node> {
        let mut done = Vec::new();
        if self.open.first().is_some_and(|open| !open.kids.is_empty()) {
            let (mut node, mut pages) = self.complete(0, number, &mut done);
            let mut level = 1;
            loop {
                let open = &mut self.open[level];
                open.kids.push(node);
                open.pages += pages;
                if open.kids.len() < self.width {
                    break;
                }
                (node, pages) = self.complete(level, number, &mut done);
                level += 1;
            }
        }
        done
    }

    /// Takes the node under way out of its level; gives its number and pages, for its parent, which is under way then.
    fn complete(&mut self, level: usize, number: &mut impl FnMut() -> u32, done: &mut Vec<Node>) -> (u32, u64) {
        let parent = Some(self.level(level + 1, number));
        let full = std::mem::replace(&mut self.open[level], Open { number: 0, kids: Vec::new(), pages: 0 });
        done.push(Node { number: full.number, parent, level, kids: full.kids, pages: full.pages });
        (full.number, full.pages)
    }

    /// Sees to it that the root is not the lowest inner node, if there is anything in the tree.
    pub(super) fn deepen(&mut self, number: &mut impl FnMut() -> u32) {
        if self.open.len() == 1 && self.open.first().is_some_and(|open| !open.kids.is_empty()) {
            self.level(1, number);
        }
    }

    /// Completes everything; the last node is the root.
    pub(super) fn finish(mut self, number: &mut impl FnMut() -> u32) -> Vec<Node> {
        let mut done: Vec<Node> = Vec::new();
        if self.open.is_empty() {
            self.level(0, number);
        }
        let mut carried: Option<(u32, u64)> = None;
        for level in 0..self.open.len() {
            if let Some((node, pages)) = carried.take() {
                self.level(level, number);
                self.open[level].kids.push(node);
                self.open[level].pages += pages;
                if let Some(last) = done.last_mut() {
                    last.parent = Some(self.open[level].number);
                }
            }
            let open = &mut self.open[level];
            // An inner level that was just completed has neither number nor children.
            if open.number == 0 {
                continue;
            }
            carried = Some((open.number, open.pages));
            let kids = std::mem::take(&mut open.kids);
            done.push(Node { number: open.number, parent: None, level, kids, pages: open.pages });
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Builds a tree of `batches` and checks parents, counts and depth.
    fn check(batches: u32) -> usize {
        let mut last = 0u32;
        let mut number = || {
            last += 1;
            last
        };
        let mut tree = Tree::new(WIDTH);
        let mut nodes = Vec::new();
        let mut parents = BTreeMap::new();
        for _ in 0..batches {
            let parent = tree.parent(&mut number);
            let node = number();
            parents.insert(node, parent);
            nodes.extend(tree.add(node, 128, &mut number));
        }
        nodes.extend(tree.finish(&mut number));
        let root = nodes.last().expect("a root");
        assert_eq!(root.parent, None);
        assert_eq!(root.pages, u64::from(batches) * 128);
        let mut children = 0;
        for node in &nodes {
            if let Some(parent) = node.parent {
                parents.insert(node.number, parent);
            }
            children += node.kids.len();
        }
        for node in &nodes {
            for kid in &node.kids {
                assert_eq!(parents.get(kid), Some(&node.number));
            }
        }
        assert_eq!(children, parents.len(), "every node hangs somewhere, once");
        let mut depth = 0;
        let mut at = 2;
        while let Some(parent) = parents.get(&at) {
            depth += 1;
            at = *parent;
        }
        depth
    }

    #[test]
    fn every_node_hangs_under_its_parent_and_the_tree_stays_flat() {
        assert_eq!(check(1), 1);
        assert_eq!(check(63), 1);
        assert_eq!(check(65), 2);
        assert_eq!(check(64 * 64 + 1), 3);
        assert!(check(15_625) <= 3, "a million pieces");
        check(64);
        check(128);
        check(4096);
    }
}
