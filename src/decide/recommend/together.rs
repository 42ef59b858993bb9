//! What is bought together: item–item collaborative filtering from purchases.
//!
//! With n(A) the number of groups (people, or baskets) that bought A, n(A,B) of those that bought both, and n
//! of all, the closeness of A and B is
//!
//! * cosine: n(A,B) / √(n(A)·n(B))
//! * lift: n(A,B)·n / (n(A)·n(B))
//!
//! times n(A,B) / (n(A,B) + shrink), which draws pairs that few have bought towards 0. Pairs in fewer than
//! `min_support` groups do not count. For each product the closest `neighbours` are kept; equal ones stand in
//! the order of n(A,B), then of their keys. A person's score of a product is the sum of its closeness to each
//! of the products that the person bought last (Sarwar et al., "Item-based collaborative filtering
//! recommendation algorithms", WWW10, 2001).
//!
//! Counts are whole numbers, and division and square root are exact to the last bit everywhere (IEEE 754), so
//! the model is the same on all machines; products are counted in parallel, each by itself, so it is the same
//! for any number of threads.

use rayon::prelude::*;

use super::bought::{Bought, span};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Cosine,
    Lift,
}

/// How the model is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    pub measure: Measure,
    /// So many groups at least must have bought both.
    pub min_support: u32,
    pub shrink: f64,
    /// So many are kept for each product.
    pub neighbours: usize,
}

/// A product that is bought with another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Row of the product.
    pub row: u32,
    /// How many groups bought both.
    pub both: u32,
    pub score: f32,
}

/// The model: each product's closest.
#[derive(Debug, Default, PartialEq)]
pub struct Together {
    /// In how many groups each product is.
    counts: Vec<u32>,
    starts: Vec<u32>,
    near: Vec<Near>,
}

impl Together {
    /// `rank_of` has for each product its place in the order of keys.
    #[must_use]
    pub fn new(bought: &Bought, rank_of: &[u32], settings: &Settings) -> Self {
        let size = u32::try_from(rank_of.len()).unwrap_or(u32::MAX);
        let counts = bought.counts(size);
        let buyers = bought.inverted(size);
        let lists: Vec<Vec<Near>> = (0..size)
            .into_par_iter()
            .with_min_len(64)
            .map_init(
                || (vec![0u32; size as usize], Vec::new()),
                |(both, touched), a| {
                    if counts.get(a as usize).is_none_or(|n| *n < settings.min_support.max(1)) {
                        return Vec::new();
                    }
                    for group in buyers.of(a) {
                        for b in bought.of(*group) {
                            let Some(n) = both.get_mut(*b as usize) else { continue };
                            if *n == 0 {
                                touched.push(*b);
                            }
                            *n += 1;
                        }
                    }
                    let list = closest(a, touched, both, &counts, bought.len(), rank_of, settings);
                    for b in touched.drain(..) {
                        both[b as usize] = 0;
                    }
                    list
                },
            )
            .collect();
        let mut model = Self { counts, starts: Vec::with_capacity(lists.len() + 1), near: Vec::new() };
        model.starts.push(0);
        for list in lists {
            model.near.extend(list);
            model.starts.push(u32::try_from(model.near.len()).unwrap_or(u32::MAX));
        }
        model.near.shrink_to_fit();
        model
    }

    /// The closest of a product, the closest first.
    #[must_use]
    pub fn of(&self, row: u32) -> &[Near] {
        span(&self.starts, &self.near, row)
    }

    /// In how many groups the product is.
    #[must_use]
    pub fn count(&self, row: u32) -> u32 {
        self.counts.get(row as usize).copied().unwrap_or(0)
    }

    /// Number of products that are close to some other.
    #[must_use]
    pub fn products(&self) -> usize {
        self.starts.windows(2).filter(|w| w[0] < w[1]).count()
    }
}

fn closest(
    a: u32,
    touched: &[u32],
    both: &[u32],
    counts: &[u32],
    groups: u32,
    rank_of: &[u32],
    settings: &Settings,
) -> Vec<Near> {
    let least = settings.min_support.max(1);
    let count = |row: u32| f64::from(counts[row as usize]);
    let mut list: Vec<(f64, u32, u32)> = Vec::new();
    for b in touched.iter().copied().filter(|b| *b != a && both[*b as usize] >= least) {
        let n = both[b as usize];
        let product = count(a) * count(b);
        let close = match settings.measure {
            Measure::Cosine => f64::from(n) / product.sqrt(),
            Measure::Lift => f64::from(n) * f64::from(groups) / product,
        };
        list.push((close * (f64::from(n) / (f64::from(n) + settings.shrink)), n, b));
    }
    let order = |x: &(f64, u32, u32), y: &(f64, u32, u32)| {
        let rank = |row: u32| rank_of[row as usize];
        y.0.total_cmp(&x.0).then_with(|| y.1.cmp(&x.1)).then_with(|| rank(x.2).cmp(&rank(y.2)))
    };
    if settings.neighbours > 0 && list.len() > settings.neighbours {
        list.select_nth_unstable_by(settings.neighbours - 1, order);
        list.truncate(settings.neighbours);
    }
    list.sort_unstable_by(order);
    #[expect(clippy::cast_possible_truncation, reason = "the order is settled; seven digits do for sums")]
    list.into_iter().map(|(score, both, row)| Near { row, both, score: score as f32 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: Settings = Settings { measure: Measure::Cosine, min_support: 1, shrink: 0.0, neighbours: 10 };

    /// Five people and four products; worked out by hand:
    /// 1: A B, 2: A B C, 3: A B, 4: C, 5: A D. So n(A) = 4, n(B) = 3, n(C) = 2, n(D) = 1,
    /// n(A,B) = 3, n(A,C) = 1, n(B,C) = 1, n(A,D) = 1.
    fn people() -> Bought {
        let mut bought = Bought::default();
        for products in [vec![1, 0, 1], vec![0, 1, 2], vec![1, 0], vec![2, 2], vec![3, 0]] {
            bought.push(&mut products.clone());
        }
        bought
    }

    fn rounded(near: &[Near]) -> Vec<(u32, u32, i64)> {
        #[expect(clippy::cast_possible_truncation, reason = "small numbers, for comparing")]
        near.iter().map(|n| (n.row, n.both, libm::round(f64::from(n.score) * 1000.0) as i64)).collect()
    }

    #[test]
    fn cosine_is_what_was_worked_out_by_hand() {
        let model = Together::new(&people(), &[0, 1, 2, 3], &RAW);
        // A–B: 3/√12 = 0.866; A–D: 1/√4 = 0.5; A–C: 1/√8 = 0.354; B–C: 1/√6 = 0.408.
        assert_eq!(rounded(model.of(0)), [(1, 3, 866), (3, 1, 500), (2, 1, 354)]);
        assert_eq!(rounded(model.of(1)), [(0, 3, 866), (2, 1, 408)]);
        assert_eq!(rounded(model.of(2)), [(1, 1, 408), (0, 1, 354)]);
        assert_eq!(rounded(model.of(3)), [(0, 1, 500)]);
        assert_eq!([0, 1, 2, 3, 4].map(|p| model.count(p)), [4, 3, 2, 1, 0]);
    }

    #[test]
    fn lift_and_shrinkage_are_what_was_worked_out_by_hand() {
        let model = Together::new(&people(), &[0, 1, 2, 3], &Settings { measure: Measure::Lift, ..RAW });
        // A–B: 3·5/12 = 1.25; A–D: 1·5/4 = 1.25; A–C: 5/8 = 0.625. Of equal ones, more buyers come first.
        assert_eq!(rounded(model.of(0)), [(1, 3, 1250), (3, 1, 1250), (2, 1, 625)]);
        let model = Together::new(&people(), &[0, 1, 2, 3], &Settings { measure: Measure::Lift, shrink: 1.0, ..RAW });
        // Times 3/4 and 1/2.
        assert_eq!(rounded(model.of(0)), [(1, 3, 938), (3, 1, 625), (2, 1, 313)]);
    }

    #[test]
    fn too_little_support_does_not_count_and_only_the_closest_are_kept() {
        let model = Together::new(&people(), &[0, 1, 2, 3], &Settings { min_support: 2, ..RAW });
        assert_eq!(rounded(model.of(0)), [(1, 3, 866)]);
        assert_eq!(model.of(3), []);
        assert_eq!(model.products(), 2);
        let model = Together::new(&people(), &[0, 1, 2, 3], &Settings { neighbours: 1, ..RAW });
        assert_eq!(rounded(model.of(0)), [(1, 3, 866)]);
    }

    #[test]
    fn equal_ones_stand_in_the_order_of_their_keys() {
        let mut bought = Bought::default();
        bought.push(&mut vec![0, 1, 2]);
        // By key, product 2 comes before product 1.
        let model = Together::new(&bought, &[0, 2, 1], &RAW);
        assert_eq!(model.of(0).iter().map(|n| n.row).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn any_number_of_threads_makes_the_same_model() {
        let mut bought = Bought::default();
        let mut state = 1u64;
        for _ in 0..500 {
            let mut products: Vec<u32> = (0..12)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 33) as u32 % 97
                })
                .collect();
            bought.push(&mut products);
        }
        let rank: Vec<u32> = (0..97).collect();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| Together::new(&bought, &rank, &Settings { min_support: 2, ..RAW }))
        };
        assert_eq!(with(1), with(2));
        // What one says of a pair, the other says too.
        let model = with(2);
        for a in 0..97 {
            for near in model.of(a) {
                let back = model.of(near.row).iter().find(|n| n.row == a);
                assert!(back.is_none_or(|b| b.both == near.both));
            }
        }
    }
}
