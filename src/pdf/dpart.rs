//! Document parts (ISO 16612-2; ISO 32000-2, 14.12): the job, its records, and what is said of each. A record is a
//! piece: its pages, and in its metadata nothing but ids.

use rustc_hash::FxHashMap;

use super::document::{Document, PRODUCER};
use super::metadata::uuid;
use super::object::{indirect, int, name, reference, text};
use super::resource::Needs;
use super::tree::{Node, Tree};
use crate::base::Digest;

/// Children of one inner node: a file of up to so many pieces has the job and its records and nothing between. A million
/// pieces have one level more.
const WIDTH: usize = 1024;

/// Names of the levels between the job and its records, from the records up. Three would hold more pieces than a PDF can
/// have objects.
const BETWEEN: [&str; 4] = ["", "Group", "Section", "Division"];

/// What the lowest parts are called where they are pieces.
pub(super) const RECORD: &str = "Record";

/// The tree of parts while pieces come.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// The number of the root dictionary.
    pub(super) number: u32,
    tree: Tree,
}

impl Parts {
    pub(super) fn new(number: u32) -> Self {
        Self { number, tree: Tree::new(WIDTH) }
    }

    /// Appends the part of one piece, object `number`: pages `first` to `last`. Gives the inner nodes that it completes.
    pub(super) fn piece(
        &mut self,
        out: &mut Vec<u8>,
        part: u32,
        (first, last): (u32, u32),
        id: &str,
        number: &mut impl FnMut() -> u32,
    ) -> Vec<Node> {
        let mut about = Vec::new();
        if !id.is_empty() {
            about.extend_from_slice(b"/CIP4_Root<</Type/CIP4_Root/CIP4_Recipient<</CIP4_UniqueID");
            text(&mut about, id);
            about.extend_from_slice(b">>>>");
        }
        self.leaf(out, part, (first, last), &about, number)
    }

    /// The same with any metadata: the entries `about`.
    pub(super) fn leaf(
        &mut self,
        out: &mut Vec<u8>,
        part: u32,
        (first, last): (u32, u32),
        about: &[u8],
        number: &mut impl FnMut() -> u32,
    ) -> Vec<Node> {
        out.extend_from_slice(b"<</Type/DPart/Parent ");
        reference(out, self.tree.parent(number));
        out.extend_from_slice(b"/Start ");
        reference(out, first);
        if last != first {
            out.extend_from_slice(b"/End ");
            reference(out, last);
        }
        if !about.is_empty() {
            out.extend_from_slice(b"/DPM<<");
            out.extend_from_slice(about);
            out.extend_from_slice(b">>");
        }
        out.extend_from_slice(b">>");
        self.tree.add(part, 1, number)
    }

    /// Appends an inner node. The topmost is the job.
    pub(super) fn node(&self, out: &mut Vec<u8>, node: &Node, document: &Document) {
        out.extend_from_slice(b"<</Type/DPart/Parent ");
        reference(out, node.parent.unwrap_or(self.number));
        if node.parent.is_none() {
            out.extend_from_slice(
                b"/DPM<</CIP4_Root<</Type/CIP4_Root/CIP4_Metadata<</CIP4_Conformance(base)/CIP4_Creator",
            );
            text(out, PRODUCER);
            out.extend_from_slice(b"/CIP4_JobID");
            text(out, if document.job.is_empty() { document.title() } else { &document.job });
            out.extend_from_slice(b">>>>>>");
        }
        out.extend_from_slice(b"/DParts[[");
        for kid in &node.kids {
            reference(out, *kid);
            out.push(b' ');
        }
        out.extend_from_slice(b"]]>>");
    }

    /// The inner nodes that are not complete yet; the last one is the job.
    pub(super) fn finish(&mut self, number: &mut impl FnMut() -> u32) -> Vec<Node> {
        std::mem::replace(&mut self.tree, Tree::new(WIDTH)).finish(number)
    }

    /// Appends the root dictionary for a tree with this job, whose lowest parts are called `lowest`.
    pub(super) fn root(&self, out: &mut Vec<u8>, job: &Node, lowest: &str) {
        indirect(out, self.number, |out| {
            out.extend_from_slice(b"<</Type/DPartRoot/DPartRootNode ");
            reference(out, job.number);
            out.extend_from_slice(b"/NodeNameList[/Job");
            for level in (1..=job.level).rev() {
                name(out, BETWEEN.get(level).unwrap_or(&"Level"));
            }
            name(out, lowest);
            out.extend_from_slice(b"]/RecordLevel ");
            int(out, job.level + 1);
            out.extend_from_slice(b">>");
        });
    }
}

/// Which pictures and forms truly recur, so that it is worth telling a press that keeps them (ISO 16612-2): those
/// that at least two pieces of the batch that brings them draw. It follows from the order of the records alone.
#[derive(Debug, Default)]
pub(super) struct Recurring {
    /// The piece that used it last, and how many did.
    seen: FxHashMap<Digest, (usize, u32)>,
}

impl Recurring {
    pub(super) fn clear(&mut self) {
        self.seen.clear();
    }

    /// Counts what the piece `piece` draws.
    pub(super) fn count(&mut self, piece: usize, needs: &Needs) {
        let forms = needs.forms.iter().chain(needs.masks.iter());
        let own = needs.images.iter().map(|i| &i.key).chain(forms.clone().map(|f| &f.digest));
        for digest in own {
            let seen = self.seen.entry(*digest).or_insert((usize::MAX, 0));
            if seen.0 != piece {
                *seen = (piece, seen.1 + 1);
            }
        }
        forms.for_each(|form| self.count(piece, &form.needs));
    }

    /// Appends to the entries of a picture or form what a press may rely on: how far it recurs, and a name that the same
    /// content has in every file.
    pub(super) fn hint(&self, entries: &mut Vec<u8>, digest: &Digest) {
        if self.seen.get(digest).is_some_and(|(_, pieces)| *pieces > 1) {
            entries.extend_from_slice(b"/GTS_Scope/File/GTS_XID(uuid:");
            entries.extend_from_slice(uuid(digest).as_bytes());
            entries.push(b')');
        }
    }

    /// The same for a picture, which depends on nothing around it once it names its rendering intent.
    pub(super) fn hint_image(&self, entries: &mut Vec<u8>, digest: &Digest) {
        let before = entries.len();
        self.hint(entries, digest);
        if entries.len() > before {
            if memchr::memmem::find(entries, b"/Intent/").is_none() {
                entries.extend_from_slice(b"/Intent/RelativeColorimetric");
            }
            entries.extend_from_slice(b"/GTS_Encapsulated true");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// A tree of `pieces` pieces of two pages each; what its root says, and how many nodes it has.
    fn tree(pieces: u32) -> (String, usize) {
        let mut last = 1;
        let mut number = || {
            last += 1;
            last
        };
        let mut parts = Parts::new(1);
        let mut bodies: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        let document = Document { job: "秋".into(), ..Document::default() };
        let mut inner = Vec::new();
        for n in 0..pieces {
            let part = number();
            let mut body = Vec::new();
            inner.extend(parts.piece(&mut body, part, (n * 2 + 10, n * 2 + 11), &format!("p-{n}"), &mut number));
            bodies.insert(part, body);
        }
        inner.extend(parts.finish(&mut number));
        let job = inner.pop().expect("a job");
        let mut root = Vec::new();
        parts.root(&mut root, &job, RECORD);
        inner.push(job);
        for node in &inner {
            assert!(node.kids.len() <= WIDTH);
            let mut body = Vec::new();
            parts.node(&mut body, node, &document);
            for kid in &node.kids {
                let parent = format!("<</Type/DPart/Parent {} 0 R", node.number);
                let kid = bodies.get(kid).cloned().or_else(|| {
                    let mut body = Vec::new();
                    parts.node(&mut body, inner.iter().find(|n| n.number == *kid)?, &document);
                    Some(body)
                });
                assert!(kid.expect("a node").starts_with(parent.as_bytes()));
            }
        }
        (String::from_utf8(root).expect("ASCII"), inner.len())
    }

    #[test]
    fn a_job_has_its_records_and_little_between() {
        let (root, nodes) = tree(1);
        assert!(root.contains("/NodeNameList[/Job/Record]/RecordLevel 1>>"), "{root}");
        assert_eq!(nodes, 1);
        assert_eq!(tree(1024).1, 2, "the group that was just completed hangs under the job");
        let (root, nodes) = tree(5000);
        assert!(root.contains("/NodeNameList[/Job/Group/Record]/RecordLevel 2>>"), "{root}");
        assert_eq!(nodes, 6);
    }

    #[test]
    fn a_part_says_its_pages_and_its_id() {
        let mut parts = Parts::new(1);
        let mut next = 7;
        let mut number = || {
            next += 1;
            next
        };
        let mut one = Vec::new();
        parts.piece(&mut one, 5, (20, 20), "spring-1", &mut number);
        parts.piece(&mut one, 6, (21, 24), "", &mut number);
        assert_eq!(
            String::from_utf8(one).expect("ASCII"),
            "<</Type/DPart/Parent 8 0 R/Start 20 0 R/DPM<</CIP4_Root<</Type/CIP4_Root/CIP4_Recipient<</CIP4_UniqueID(spring-1)>>>>>>>>\
             <</Type/DPart/Parent 8 0 R/Start 21 0 R/End 24 0 R>>"
        );
    }
}
