//! A discrete Bayesian network for each product: will this person buy it, given what is known of them?
//!
//! The evidence (rank, age, segment, what was bought) are nodes with a few classes each; every node depends on
//! whether the product is bought, and on at most one other node of the evidence, its parent. Without parents
//! this is naive Bayes; the parents are given in the campaign, or learnt: the tree of the largest mutual
//! information between the nodes (Chow and Liu, "Approximating discrete probability distributions with
//! dependence trees", 1968), of which an edge is kept where 2·n·I exceeds 2·(a − 1)·(b − 1) for nodes of a and b
//! classes (Akaike's criterion). The tree is the same for all products, so this is a tree-augmented naive Bayes
//! (Friedman, Geiger and Goldszmidt, "Bayesian network classifiers", 1997) whose edges do not depend on the
//! product.
//!
//! **Smoothing.** With s the smoothing (Laplace's: 1), n people, of whom b bought the product, and c(x, u) those
//! of them with class x in a node of k classes whose parent has class u: P(bought) = (b + s)/(n + 2s), and
//! P(x | u, bought) = (c(x, u) + s)/(c(·, u) + k·s); likewise for those who did not buy it. People of whom a
//! class or its parent's is not known are left out of that node's counts.
//!
//! **What is not known** of a person is summed out: exactly, by passing sums up the trees.

use std::cmp::Ordering;
use std::sync::Arc;

use rayon::prelude::*;

use super::bought::Bought;
use super::profile::Class;

/// No more products than this are modelled: the ones that most people bought.
pub const MOST_PRODUCTS: usize = 2_000;
/// So many products are offered to a person.
pub const OFFERED: usize = 64;

/// Which products come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The likeliest.
    Odds,
    /// Those whose odds are raised most by the evidence.
    Lift,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Structure {
    Naive,
    /// Learnt from the people.
    Tree,
    /// For each node of the evidence its parent; a forest.
    Given(Vec<Option<usize>>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub structure: Structure,
    pub smoothing: f64,
    /// So many people at least must have bought a product.
    pub min_support: u32,
    pub order: Order,
}

/// The model.
#[derive(Debug, PartialEq)]
pub struct Bayes {
    /// Rows of the products that are modelled, the most bought first.
    products: Vec<u32>,
    /// For each of them the log odds, and the share of people, without evidence.
    prior: Vec<f32>,
    share: Vec<f32>,
    order_by: Order,
    nodes: Vec<Node>,
    /// The nodes, parents before children.
    from_roots: Vec<usize>,
    /// Of each product the place in the order of keys.
    rank_of: Vec<u32>,
}

/// A node of the evidence. Its tables are by parent's class, own class, product.
#[derive(Debug, PartialEq)]
struct Node {
    parent: Option<usize>,
    children: Vec<usize>,
    classes: usize,
    parent_classes: usize,
    /// ln P(class | parent's, bought) − ln P(class | parent's, not bought)
    ratio: Vec<f32>,
    /// The two probabilities, kept for nodes that have a parent or children.
    yes: Vec<f32>,
    no: Vec<f32>,
}

/// A product for a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick {
    /// Row of the product.
    pub row: u32,
    /// The odds that the person buys it, as a share, and those of all people.
    pub share: f32,
    pub of_all: f32,
    /// The evidence that raises the odds most; where all of it together lowers them, the one that lowers them most.
    pub strongest: Option<u16>,
}

impl Pick {
    /// What the odds are and what makes them so, in words. `name` writes the evidence with this number.
    pub fn because(&self, out: &mut String, name: impl FnOnce(usize, &mut String) -> bool) {
        use std::fmt::Write as _;
        // As they are printed: what is equal there is not called higher.
        let tenths = |share: f32| libm::roundf(share * 1000.0);
        let (own, all) = (tenths(self.share), tenths(self.of_all));
        let (own, all) = (own / 10.0, all / 10.0);
        let side = match own.total_cmp(&all) {
            Ordering::Greater => {
                let _ = write!(out, "odds {own:.1} %, {all:.1} % for all");
                "for"
            }
            Ordering::Less => {
                let _ = write!(out, "odds {own:.1} %, below the {all:.1} % of all");
                "against"
            }
            Ordering::Equal => {
                let _ = write!(out, "odds {own:.1} %, as for all");
                return;
            }
        };
        let before = out.len();
        out.push_str("; ");
        if self.strongest.is_some_and(|i| name(i.into(), out)) {
            let _ = write!(out, " speaks most {side} it");
        } else {
            out.truncate(before);
        }
    }
}

/// The people that are learnt from: what they bought, and their class in each node of the evidence.
#[derive(Clone, Copy, Debug)]
pub struct People<'a> {
    pub bought: &'a Bought,
    /// By node, then by person.
    pub classes: &'a [Vec<Class>],
    /// Number of classes of each node.
    pub sizes: &'a [usize],
}

impl Bayes {
    /// Learns from all people. `rank_of` has for each product its place in the order of keys.
    #[must_use]
    pub fn new(people: People<'_>, rank_of: &[u32], settings: &Settings) -> Self {
        let size = u32::try_from(rank_of.len()).unwrap_or(u32::MAX);
        let counts = people.bought.counts(size);
        let least = settings.min_support.max(1);
        let mut products: Vec<u32> = (0..size).filter(|p| counts[*p as usize] >= least).collect();
        products.sort_unstable_by_key(|p| (std::cmp::Reverse(counts[*p as usize]), rank_of[*p as usize]));
        products.truncate(MOST_PRODUCTS);
        let n = f64::from(people.bought.len());
        let s = settings.smoothing;
        let buyers = |p: u32| f64::from(counts[p as usize]);
        #[expect(clippy::cast_possible_truncation, reason = "seven digits do")]
        let share: Vec<f32> = products.iter().map(|p| ((buyers(*p) + s) / (n + 2.0 * s)) as f32).collect();
        #[expect(clippy::cast_possible_truncation, reason = "seven digits do")]
        let prior = products.iter().map(|p| libm::log((buyers(*p) + s) / (n - buyers(*p) + s)) as f32).collect();
        let parents = match &settings.structure {
            Structure::Naive => vec![None; people.classes.len()],
            Structure::Given(parents) => parents.clone(),
            Structure::Tree => tree(&people),
        };
        let holders = people.bought.inverted(size);
        let nodes: Vec<Node> = (0..parents.len()).map(|i| node(i, &parents, &people, &products, &holders, s)).collect();
        let from_roots = from_roots(&parents);
        Self { products, prior, share, order_by: settings.order, nodes, from_roots, rank_of: rank_of.to_vec() }
    }

    /// Number of products that are modelled.
    #[must_use]
    pub fn products(&self) -> usize {
        self.products.len()
    }

    /// The parent of each node, as learnt or given.
    #[must_use]
    pub fn parents(&self) -> Vec<Option<usize>> {
        self.nodes.iter().map(|n| n.parent).collect()
    }

    /// The best [`OFFERED`] products for a person with these classes, the best first; equal ones by key.
    #[must_use]
    pub fn picks(&self, classes: &[Class]) -> Arc<[Pick]> {
        let m = self.products.len();
        let mut evidence = vec![0f32; m];
        let direct = self.nodes.iter().all(|n| !self.is_open(n, classes));
        let tables = || {
            let observed = |(i, node)| Some((i, self.observed(usize::from(i), node, classes)?));
            (0u16..).zip(&self.nodes).filter_map(observed)
        };
        for (_, table) in tables() {
            for (sum, ratio) in evidence.iter_mut().zip(table) {
                *sum += ratio;
            }
        }
        if !direct {
            for (p, sum) in evidence.iter_mut().enumerate() {
                *sum = self.exact(p, classes);
            }
        }
        let mut order: Vec<usize> = (0..m).collect();
        let score = |p: usize| match self.order_by {
            Order::Odds => self.prior[p] + evidence[p],
            Order::Lift => evidence[p],
        };
        let rank = |p: usize| self.rank_of.get(self.products[p] as usize).copied().unwrap_or(u32::MAX);
        let by = |a: &usize, b: &usize| -> Ordering {
            score(*b).total_cmp(&score(*a)).then_with(|| rank(*a).cmp(&rank(*b)))
        };
        if m > OFFERED {
            order.select_nth_unstable_by(OFFERED - 1, by);
            order.truncate(OFFERED);
        }
        order.sort_unstable_by(by);
        order
            .into_iter()
            .map(|p| {
                let log_odds = f64::from(self.prior[p] + evidence[p]);
                #[expect(clippy::cast_possible_truncation, reason = "a share in words has three digits")]
                let share = (1.0 / (1.0 + libm::exp(-log_odds))) as f32;
                let sign = if share < self.share[p] { -1.0 } else { 1.0 };
                let (mut most, mut strongest) = (0.0, None);
                for (i, table) in tables() {
                    let weight = sign * table.get(p).copied().unwrap_or(0.0);
                    if weight > most {
                        (most, strongest) = (weight, Some(i));
                    }
                }
                Pick { row: self.products[p], share, of_all: self.share[p], strongest }
            })
            .collect()
    }

    /// Whether a node is not known while something below it is.
    fn is_open(&self, node: &Node, classes: &[Class]) -> bool {
        let known = |i: usize| classes.get(i).is_some_and(|c| *c != 0);
        let own = self.nodes.iter().position(|n| std::ptr::eq(n, node)).unwrap_or_default();
        !known(own)
            && (0..self.nodes.len()).any(|i| {
                // Is `own` above the known node i?
                let mut at = self.nodes[i].parent;
                let mut steps = 0;
                while let Some(up) = at.filter(|_| steps < self.nodes.len()) {
                    if up == own {
                        return known(i);
                    }
                    at = self.nodes[up].parent;
                    steps += 1;
                }
                false
            })
    }

    /// The ratios of a known node whose parent is known too, by product.
    fn observed(&self, i: usize, node: &Node, classes: &[Class]) -> Option<&[f32]> {
        let class = usize::from(*classes.get(i)?).checked_sub(1)?;
        let above = match node.parent {
            Some(parent) => usize::from(*classes.get(parent)?).checked_sub(1)?,
            None => 0,
        };
        let m = self.products.len();
        let from = (above * node.classes + class) * m;
        self.nodes.get(i)?.ratio.get(from..from + m)
    }

    /// ln P(evidence | bought) − ln P(evidence | not bought) for one product, what is not known summed out.
    fn exact(&self, product: usize, classes: &[Class]) -> f32 {
        let of = |bought: bool| {
            let mut sums: Vec<Vec<f64>> = self.nodes.iter().map(|n| vec![0.0; n.parent_classes]).collect();
            for i in self.from_roots.iter().rev().copied() {
                let node = &self.nodes[i];
                let table = if bought { &node.yes } else { &node.no };
                let known = usize::from(classes.get(i).copied().unwrap_or(0)).checked_sub(1);
                for above in 0..node.parent_classes {
                    let term = |class: usize| {
                        let at = (above * node.classes + class) * self.products.len() + product;
                        let below: f64 =
                            node.children.iter().map(|c| sums[*c].get(class).copied().unwrap_or(1.0)).product();
                        f64::from(table.get(at).copied().unwrap_or(0.0)) * below
                    };
                    let sum = match known {
                        Some(class) => term(class),
                        None => (0..node.classes).map(term).sum(),
                    };
                    sums[i][above] = sum;
                }
            }
            let roots = self.nodes.iter().zip(&sums).filter(|(n, _)| n.parent.is_none());
            roots.map(|(_, s)| libm::log(s.first().copied().unwrap_or(1.0))).sum::<f64>()
        };
        #[expect(clippy::cast_possible_truncation, reason = "seven digits do")]
        let ratio = (of(true) - of(false)) as f32;
        ratio
    }
}

/// Counts a node's classes among buyers and others, for all products.
fn node(
    i: usize,
    parents: &[Option<usize>],
    people: &People<'_>,
    products: &[u32],
    holders: &Bought,
    smoothing: f64,
) -> Node {
    let parent = parents[i];
    let classes = people.sizes[i].max(1);
    let parent_classes = parent.map_or(1, |p| people.sizes[p].max(1));
    let children: Vec<usize> = (0..parents.len()).filter(|c| parents[*c] == Some(i)).collect();
    let cells = classes * parent_classes;
    let cell = |person: u32| {
        let class = usize::from(people.classes[i].get(person as usize).copied().unwrap_or(0)).checked_sub(1)?;
        let above = match parent {
            Some(p) => usize::from(people.classes[p].get(person as usize).copied().unwrap_or(0)).checked_sub(1)?,
            None => 0,
        };
        let at = above * classes + class;
        (at < cells).then_some(at)
    };
    let mut all = vec![0u32; cells];
    for person in 0..people.bought.len() {
        if let Some(at) = cell(person) {
            all[at] += 1;
        }
    }
    // By product, then turned so that all products of a cell lie together.
    let columns: Vec<Vec<[f32; 3]>> = products
        .par_iter()
        .with_min_len(16)
        .map(|product| {
            let mut buyers = vec![0u32; cells];
            for person in holders.of(*product) {
                if let Some(at) = cell(*person) {
                    buyers[at] += 1;
                }
            }
            let others: Vec<u32> = all.iter().zip(&buyers).map(|(a, b)| a - b).collect();
            let chance = |counts: &[u32], at: usize| {
                let above = at / classes * classes;
                let sum: u32 = counts[above..above + classes].iter().sum();
                #[expect(clippy::cast_precision_loss, reason = "classes are few")]
                let k = classes as f64;
                (f64::from(counts[at]) + smoothing) / (f64::from(sum) + k * smoothing)
            };
            #[expect(clippy::cast_possible_truncation, reason = "seven digits do")]
            (0..cells)
                .map(|at| {
                    let (yes, no) = (chance(&buyers, at), chance(&others, at));
                    [libm::log(yes / no) as f32, yes as f32, no as f32]
                })
                .collect()
        })
        .collect();
    let turned = |which: usize| {
        let mut table = Vec::with_capacity(cells * products.len());
        for at in 0..cells {
            table.extend(columns.iter().map(|c| c[at][which]));
        }
        table
    };
    let kin = parent.is_some() || !children.is_empty();
    Node {
        parent,
        classes,
        parent_classes,
        ratio: turned(0),
        yes: if kin { turned(1) } else { Vec::new() },
        no: if kin { turned(2) } else { Vec::new() },
        children,
    }
}

/// Parents before children.
fn from_roots(parents: &[Option<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(parents.len());
    loop {
        let before = order.len();
        for (i, parent) in parents.iter().enumerate() {
            if !order.contains(&i) && parent.is_none_or(|p| order.contains(&p)) {
                order.push(i);
            }
        }
        if order.len() == before {
            return order;
        }
    }
}

/// The tree of the largest mutual information: each node's parent. Equal edges in the order of the nodes.
fn tree(people: &People<'_>) -> Vec<Option<usize>> {
    let nodes = people.classes.len();
    let mut parents = vec![None; nodes];
    let mut edges: Vec<(f64, usize, usize)> = Vec::new();
    for a in 0..nodes {
        for b in a + 1..nodes {
            let (information, n) = mutual(people, a, b);
            #[expect(clippy::cast_precision_loss, reason = "classes are few")]
            let freedom = (people.sizes[a].max(1) - 1) as f64 * (people.sizes[b].max(1) - 1) as f64;
            if 2.0 * n * information > 2.0 * freedom {
                edges.push((information, a, b));
            }
        }
    }
    // Prim's: grow from the first node; then from the next one that is not reached.
    let mut reached = vec![false; nodes];
    for root in 0..nodes {
        if reached[root] {
            continue;
        }
        reached[root] = true;
        loop {
            let next = edges
                .iter()
                .filter(|e| reached[e.1] != reached[e.2])
                .max_by(|x, y| x.0.total_cmp(&y.0).then_with(|| (y.1, y.2).cmp(&(x.1, x.2))));
            let Some((_, a, b)) = next.copied() else { break };
            let (known, new) = if reached[a] { (a, b) } else { (b, a) };
            parents[new] = Some(known);
            reached[new] = true;
        }
    }
    parents
}

/// Mutual information of two nodes in nats, among the people of whom both are known, and how many those are.
fn mutual(people: &People<'_>, a: usize, b: usize) -> (f64, f64) {
    let (ka, kb) = (people.sizes[a].max(1), people.sizes[b].max(1));
    let mut joint = vec![0u32; ka * kb];
    let mut total = 0u32;
    for (x, y) in people.classes[a].iter().zip(&people.classes[b]) {
        if let (Some(x), Some(y)) = (usize::from(*x).checked_sub(1), usize::from(*y).checked_sub(1))
            && let Some(n) = joint.get_mut(x * kb + y)
        {
            *n += 1;
            total += 1;
        }
    }
    let n = f64::from(total);
    let row = |x: usize| joint[x * kb..(x + 1) * kb].iter().sum::<u32>();
    let column = |y: usize| (0..ka).map(|x| joint[x * kb + y]).sum::<u32>();
    let mut information = 0.0;
    for x in 0..ka {
        for y in 0..kb {
            let both = joint[x * kb + y];
            if both > 0 {
                let expected = f64::from(row(x)) * f64::from(column(y));
                information += f64::from(both) / n * libm::log(f64::from(both) * n / expected);
            }
        }
    }
    (information, n)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAIVE: Settings =
        Settings { structure: Structure::Naive, smoothing: 1.0, min_support: 1, order: Order::Odds };

    /// Ten people with rank (1 gold, 2 silver) and age (1 young, 2 old, 0 not known); product 0 is bought by
    /// four, product 1 by three.
    fn people() -> (Bought, Vec<Vec<Class>>) {
        let rank = vec![1, 1, 1, 2, 2, 2, 2, 2, 2, 1];
        let age = vec![1, 1, 2, 2, 2, 2, 0, 1, 1, 2];
        let mut bought = Bought::default();
        for products in [&[0][..], &[0], &[0, 1], &[0], &[1], &[1], &[], &[], &[], &[]] {
            bought.push(&mut products.to_vec());
        }
        (bought, vec![rank, age])
    }

    fn close(a: f32, b: f64) -> bool {
        (f64::from(a) - b).abs() < 1e-5
    }

    #[test]
    fn naive_odds_are_what_was_worked_out_by_hand() {
        let (bought, classes) = people();
        let model = Bayes::new(People { bought: &bought, classes: &classes, sizes: &[2, 2] }, &[0, 1], &NAIVE);
        // Product 0: P = 5/12 against 7/12. Gold: buyers 3 of 4, (3+1)/(4+2) = 4/6; others 1 of 6, 2/8.
        // Young: buyers 2 of 4, 3/6; others 2 of 5, 3/7.
        let odds = (5.0 / 7.0) * ((4.0 / 6.0) / (2.0 / 8.0)) * ((3.0 / 6.0) / (3.0 / 7.0));
        let pick = model.picks(&[1, 1])[0];
        assert_eq!((pick.row, pick.strongest), (0, Some(0)));
        assert!(close(pick.share, odds / (1.0 + odds)), "{pick:?}");
        assert!(close(pick.of_all, 5.0 / 12.0));
        // A silver rank and nothing else: buyers 1 of 4, 2/6; others 5 of 6, 6/8.
        let odds = (5.0 / 7.0) * ((2.0 / 6.0) / (6.0 / 8.0));
        let picks = model.picks(&[2, 0]);
        let pick = picks.iter().find(|p| p.row == 0).expect("modelled");
        assert!(close(pick.share, odds / (1.0 + odds)));
        assert_eq!(pick.strongest, Some(0));
        // Nothing known: the odds of all people, the likelier product first.
        assert_eq!(model.picks(&[0, 0]).iter().map(|p| p.row).collect::<Vec<_>>(), [0, 1]);
        assert!(close(model.picks(&[0, 0])[1].share, 4.0 / 12.0));
    }

    #[test]
    fn words_say_whether_the_evidence_raises_or_lowers_the_odds() {
        let (bought, classes) = people();
        let model = Bayes::new(People { bought: &bought, classes: &classes, sizes: &[2, 2] }, &[0, 1], &NAIVE);
        let words = |classes: &[Class]| {
            let picks = model.picks(classes);
            let mut out = String::new();
            picks.iter().find(|p| p.row == 0).expect("modelled").because(&mut out, |i, out| {
                out.push_str(["rank", "age"][i]);
                true
            });
            out
        };
        // 5/7 · 64/24 · 42/36 = 2.222 : 1; silver: 5/7 · 24/54 = 0.317 : 1
        assert_eq!(words(&[1, 1]), "odds 69.0 %, 41.7 % for all; rank speaks most for it");
        assert_eq!(words(&[2, 0]), "odds 24.1 %, below the 41.7 % of all; rank speaks most against it");
        assert_eq!(words(&[0, 0]), "odds 41.7 %, as for all");
        // A young silver: age speaks for it, and rank against it by more.
        assert_eq!(words(&[2, 1]), "odds 27.0 %, below the 41.7 % of all; rank speaks most against it");
    }

    #[test]
    fn what_is_not_known_is_summed_out() {
        let (bought, classes) = people();
        let people = People { bought: &bought, classes: &classes, sizes: &[2, 2] };
        let settings = Settings { structure: Structure::Given(vec![None, Some(0)]), ..NAIVE };
        let model = Bayes::new(people, &[0, 1], &settings);
        // Product 0, age below rank. Buyers: gold young 2, gold old 1, silver old 1. P(young | gold) = 3/5,
        // P(young | silver) = 1/3, P(gold) = 4/6. Others of known age: gold old 1; silver old 2, young 2:
        // P(young | gold) = 1/3, P(young | silver) = 3/6, P(gold) = 2/8.
        let yes = 4.0 / 6.0 * 3.0 / 5.0 + 2.0 / 6.0 * 1.0 / 3.0;
        let no = 2.0 / 8.0 * 1.0 / 3.0 + 6.0 / 8.0 * 3.0 / 6.0;
        let odds: f64 = 5.0 / 7.0 * yes / no;
        let picks = model.picks(&[0, 1]);
        let pick = picks.iter().find(|p| p.row == 0).expect("modelled");
        assert!(close(pick.share, odds / (1.0 + odds)), "{pick:?} {odds}");
        // Both known: the product of the two.
        let odds: f64 = 5.0 / 7.0 * (4.0 / 6.0 * 3.0 / 5.0) / (2.0 / 8.0 * 1.0 / 3.0);
        assert!(close(model.picks(&[1, 1])[0].share, odds / (1.0 + odds)));
        // Only the parent known: the child is left out.
        let odds: f64 = 5.0 / 7.0 * (4.0 / 6.0) / (2.0 / 8.0);
        assert!(close(model.picks(&[1, 0])[0].share, odds / (1.0 + odds)));
    }

    #[test]
    fn the_tree_joins_what_belongs_together() {
        // Node 1 follows node 0 nearly always; node 2 is alternate and tells nothing of either.
        let mut classes: Vec<Vec<Class>> = vec![Vec::new(); 3];
        let mut bought = Bought::default();
        for n in 0u16..400 {
            let a = n / 2 % 2;
            classes[0].push(a + 1);
            classes[1].push(if n % 50 == 0 { 2 - a } else { a + 1 });
            classes[2].push(n % 2 + 1);
            bought.push(&mut vec![u32::from(n % 3)]);
        }
        let people = People { bought: &bought, classes: &classes, sizes: &[2, 2, 2] };
        let settings = Settings { structure: Structure::Tree, ..NAIVE };
        let model = Bayes::new(people, &[0, 1, 2], &settings);
        assert_eq!(model.parents(), [None, Some(0), None]);
        // Mutual information of two equal fair coins is ln 2.
        let twice = [classes[0].clone(), classes[0].clone()];
        let (information, n) = mutual(&People { bought: &bought, classes: &twice, sizes: &[2, 2] }, 0, 1);
        assert!((information - libm::log(2.0)).abs() < 1e-12 && n == 400.0);
    }

    #[test]
    fn lift_puts_first_what_the_evidence_raises() {
        let mut bought = Bought::default();
        let mut rank = Vec::new();
        // Everybody buys 0; gold buys 1 more often.
        for n in 0..40u16 {
            let gold = n % 4 == 0;
            rank.push(if gold { 1 } else { 2 });
            bought.push(&mut if gold && n % 8 == 0 { vec![0, 1] } else { vec![0] });
        }
        let classes = [rank];
        let people = People { bought: &bought, classes: &classes, sizes: &[2] };
        let first = |order| Bayes::new(people, &[0, 1], &Settings { order, ..NAIVE }).picks(&[1])[0].row;
        assert_eq!((first(Order::Odds), first(Order::Lift)), (0, 1));
    }
}
