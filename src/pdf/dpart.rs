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

/// Names of the levels between the job and its records, or the job and its bundles, from below. Three would hold more
/// pieces than a PDF can have objects.
const BETWEEN: [&str; 3] = ["Group", "Section", "Division"];

/// Records that follow one another with the same key are parts of one bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bundles {
    /// Pieces of one bundle at most.
    pub most: u32,
    /// The keys are 郵便区番号, which the metadata tell. Other keys are told to nobody.
    pub districts: bool,
}

/// The bundle under way, or one that has ended.
#[derive(Clone, Debug)]
struct Bundle {
    /// From 1.
    number: u32,
    key: String,
    pieces: u32,
}

/// What the lowest parts are called where they are pieces.
pub(super) const RECORD: &str = "Record";

/// The tree of parts while pieces come.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// The number of the root dictionary.
    pub(super) number: u32,
    tree: Tree,
    bundles: Option<Bundles>,
    /// The bundle that pieces go to, and how many there were.
    open: Option<Bundle>,
    count: u32,
    /// Bundles that have ended, by the numbers of their nodes, until these are written.
    ended: Vec<(u32, Bundle)>,
}

impl Parts {
    pub(super) fn new(number: u32, bundles: Option<Bundles>) -> Self {
        Self { number, tree: Tree::new(WIDTH), bundles, open: None, count: 0, ended: Vec::new() }
    }

    /// Appends the part of one piece, object `number`: pages `first` to `last`. Gives the inner nodes that it completes. `key`
    /// is that of its bundle.
    pub(super) fn piece(
        &mut self,
        out: &mut Vec<u8>,
        part: u32,
        (first, last): (u32, u32),
        (id, key): (&str, &str),
        number: &mut impl FnMut() -> u32,
    ) -> Vec<Node> {
        self.ended.clear();
        let mut done = self.bundle(key, number);
        let mut about = Vec::new();
        if !id.is_empty() {
            about.extend_from_slice(b"/CIP4_Root<</Type/CIP4_Root/CIP4_Recipient<</CIP4_UniqueID");
            text(&mut about, id);
            about.extend_from_slice(b">>>>");
        }
        done.extend(self.leaf(out, part, (first, last), &about, number));
        done
    }

    /// Counts a piece of the bundle with this key; gives the inner nodes that end before it.
    fn bundle(&mut self, key: &str, number: &mut impl FnMut() -> u32) -> Vec<Node> {
        let Some(bundles) = self.bundles else { return Vec::new() };
        // A full node is completed with its last piece.
        let most = bundles.most.clamp(1, WIDTH as u32 - 1);
        if let Some(open) = self.open.as_mut().filter(|open| open.key == key && open.pieces < most) {
            open.pieces += 1;
            return Vec::new();
        }
        let done = self.end_bundle(number);
        self.count += 1;
        self.open = Some(Bundle { number: self.count, key: key.to_owned(), pieces: 1 });
        done
    }

    fn end_bundle(&mut self, number: &mut impl FnMut() -> u32) -> Vec<Node> {
        let done = self.tree.close(number);
        if let (Some(node), Some(bundle)) = (done.first(), self.open.take()) {
            self.ended.push((node.number, bundle));
        }
        done
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
        if let Some((_, bundle)) = self.ended.iter().find(|(ended, _)| *ended == node.number) {
            // ISO 21812-1: an external id is a name.
            out.extend_from_slice(b"/DPM<</CIP4_Root<</Type/CIP4_Root/CIP4_ExternalID/bundle-");
            int(out, bundle.number);
            if self.bundles.is_some_and(|b| b.districts) && !bundle.key.is_empty() {
                out.extend_from_slice(b"/CIP4_Recipient<</CIP4_Contact<</CIP4_Address<</CIP4_PostalCode");
                text(out, &bundle.key);
                out.extend_from_slice(b">>>>>>");
            }
            out.extend_from_slice(b">>>>");
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
        self.ended.clear();
        let mut done = Vec::new();
        if self.bundles.is_some() {
            done = self.end_bundle(number);
            self.tree.deepen(number);
        }
        done.extend(std::mem::replace(&mut self.tree, Tree::new(WIDTH)).finish(number));
        done
    }

    /// Appends the root dictionary for a tree with this job, whose lowest parts are called `lowest`.
    pub(super) fn root(&self, out: &mut Vec<u8>, job: &Node, lowest: &str) {
        indirect(out, self.number, |out| {
            out.extend_from_slice(b"<</Type/DPartRoot/DPartRootNode ");
            reference(out, job.number);
            out.extend_from_slice(b"/NodeNameList[/Job");
            let bundles = usize::from(self.bundles.is_some() && job.level > 0);
            for level in (bundles..job.level).rev() {
                name(out, BETWEEN.get(level - bundles).unwrap_or(&"Level"));
            }
            if bundles > 0 {
                name(out, "Bundle");
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
        let mut parts = Parts::new(1, None);
        let mut bodies: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        let document = Document { job: "秋".into(), ..Document::default() };
        let mut inner = Vec::new();
        for n in 0..pieces {
            let part = number();
            let mut body = Vec::new();
            inner.extend(parts.piece(&mut body, part, (n * 2 + 10, n * 2 + 11), (&format!("p-{n}"), ""), &mut number));
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
    fn a_million_records_are_two_levels_deep_and_cost_few_bytes() {
        let mut last = 1;
        let mut number = || {
            last += 1;
            last
        };
        let mut parts = Parts::new(1, None);
        let document = Document::default();
        let mut compressor = super::super::Compression::Small.compressor();
        let (mut body, mut packed, mut sampled) = (Vec::new(), Vec::new(), 0);
        let mut kids = 0;
        for n in 0..1_000_000u32 {
            let id = format!("spring-{:012x}", u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16);
            let part = number();
            let pages = (n * 3 + 500, n * 3 + 501);
            for node in parts.piece(&mut body, part, pages, (&id, ""), &mut number) {
                kids = kids.max(node.kids.len());
                parts.node(&mut body, &node, &document);
            }
            if n % 64 == 63 {
                // as the object streams of a file hold them
                if n % 6400 == 63 {
                    super::super::content::deflate(&mut compressor, &body, &mut packed);
                    sampled += 64;
                }
                body.clear();
            }
        }
        let nodes = parts.finish(&mut number);
        assert_eq!(nodes.last().expect("a job").level, 1, "the job, groups, records");
        assert!(kids <= WIDTH && nodes.iter().all(|node| node.kids.len() <= WIDTH));
        let bytes = packed.len() / sampled;
        assert!(bytes < 40, "{bytes} bytes a record");
    }

    #[test]
    fn records_of_one_district_hang_under_their_bundle() {
        let mut last = 100;
        let mut number = || {
            last += 1;
            last
        };
        let mut parts = Parts::new(1, Some(Bundles { most: 2, districts: true }));
        let document = Document { job: "spring".into(), ..Document::default() };
        let mut said = Vec::new();
        let (mut pieces, mut nodes) = (Vec::new(), Vec::new());
        for (part, key) in (10..).zip(["060", "060", "060", "064", "", ""]) {
            let done = parts.piece(&mut pieces, part, (part, part), ("p", key), &mut number);
            done.iter().for_each(|node| parts.node(&mut said, node, &document));
            nodes.extend(done);
        }
        let done = parts.finish(&mut number);
        done.iter().for_each(|node| parts.node(&mut said, node, &document));
        nodes.extend(done);
        let job = nodes.pop().expect("a job");
        assert_eq!(
            nodes.iter().map(|n| n.kids.clone()).collect::<Vec<_>>(),
            [vec![10, 11], vec![12], vec![13], vec![14, 15]]
        );
        assert!(nodes.iter().all(|n| n.parent == Some(job.number)));
        assert_eq!(job.kids, nodes.iter().map(|n| n.number).collect::<Vec<_>>());
        let said = String::from_utf8(said).expect("ASCII");
        let district = |n: u32, key: &str| {
            format!(
                "/CIP4_ExternalID/bundle-{n}/CIP4_Recipient<</CIP4_Contact<</CIP4_Address<</CIP4_PostalCode({key})>>>>>>>>>>"
            )
        };
        assert!(said.contains(&district(2, "060")) && said.contains(&district(3, "064")), "{said}");
        assert!(said.contains("/CIP4_ExternalID/bundle-4>>>>/DParts[[14 0 R 15 0 R ]]"), "{said}");
        let mut root = Vec::new();
        parts.root(&mut root, &job, RECORD);
        let root = String::from_utf8(root).expect("ASCII");
        assert!(root.contains("/NodeNameList[/Job/Bundle/Record]/RecordLevel 2>>"), "{root}");
    }

    #[test]
    fn many_bundles_stay_at_one_depth_and_keys_of_other_kinds_are_told_to_nobody() {
        let mut last = 10_000;
        let mut number = || {
            last += 1;
            last
        };
        let mut parts = Parts::new(1, Some(Bundles { most: u32::MAX, districts: false }));
        let document = Document::default();
        let mut said = Vec::new();
        let mut nodes = Vec::new();
        for n in 0..3000u32 {
            let done = parts.piece(&mut said, n + 2, (n, n), ("", &format!("shop{n}")), &mut number);
            done.iter().for_each(|node| parts.node(&mut said, node, &document));
            nodes.extend(done);
        }
        let done = parts.finish(&mut number);
        done.iter().for_each(|node| parts.node(&mut said, node, &document));
        nodes.extend(done);
        let job = nodes.last().expect("a job");
        assert_eq!((job.level, job.kids.len()), (2, 3));
        assert_eq!(nodes.iter().filter(|n| n.level == 0).count(), 3000);
        assert_eq!(nodes.iter().filter(|n| n.level == 1).map(|n| n.kids.len()).sum::<usize>(), 3000);
        let mut root = Vec::new();
        parts.root(&mut root, job, RECORD);
        assert!(String::from_utf8_lossy(&root).contains("[/Job/Group/Bundle/Record]/RecordLevel 3"));
        assert!(!String::from_utf8_lossy(&said).contains("shop"));
    }

    #[test]
    fn a_part_says_its_pages_and_its_id() {
        let mut parts = Parts::new(1, None);
        let mut next = 7;
        let mut number = || {
            next += 1;
            next
        };
        let mut one = Vec::new();
        parts.piece(&mut one, 5, (20, 20), ("spring-1", ""), &mut number);
        parts.piece(&mut one, 6, (21, 24), ("", ""), &mut number);
        assert_eq!(
            String::from_utf8(one).expect("ASCII"),
            "<</Type/DPart/Parent 8 0 R/Start 20 0 R/DPM<</CIP4_Root<</Type/CIP4_Root/CIP4_Recipient<</CIP4_UniqueID(spring-1)>>>>>>>>\
             <</Type/DPart/Parent 8 0 R/Start 21 0 R/End 24 0 R>>"
        );
    }
}
