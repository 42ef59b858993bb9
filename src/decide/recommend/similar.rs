//! Products alike by what they are: their attributes and the words that describe them.
//!
//! Each column of the products is a field with a weight. A field's terms are pairs of characters and words of
//! a text, the values of an attribute, or the band of a number ([`super::terms`]). A term that stands f times in
//! a field of a product, and in that field of d of all n products, weighs (1 + ln f) · ln(1 + n/d): TF-IDF
//! (Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988). Each field's terms are
//! brought to length 1, so that the product of two products' fields is their cosine; the likeness of two
//! products is the mean of their fields' cosines by the fields' weights: 1 for products that agree in all.
//!
//! For each product the most alike are kept; equal ones in the order of their keys. In catalogues where a
//! product's terms stand in more than [`FOLLOWED`] products, the commonest are used to weigh what the rarer
//! ones found, not to find.

use std::cmp::Ordering;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::bought::span;

/// So many products are looked at for each product by way of its terms, the rarest first.
const FOLLOWED: usize = 4_096;
/// So many times as many as are kept are weighed exactly.
const WEIGHED: usize = 4;
/// So many different terms of a field count, the first ones.
const MOST_TERMS: usize = 512;

/// A product that is like another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Like {
    /// Row of the product.
    pub row: u32,
    /// 0 to 1.
    pub likeness: f32,
}

/// The terms of all products, while they are collected.
#[derive(Debug, Default)]
pub struct Collector {
    numbers: FxHashMap<(u32, Box<str>), u32>,
    /// In how many products each term stands.
    products: Vec<u32>,
    /// Per product and field: term and how often.
    fields: Vec<Vec<(u32, u32)>>,
    weights: Vec<f64>,
    now: Vec<(u32, u32)>,
}

impl Collector {
    /// `weights` of the fields, each above 0.
    #[must_use]
    pub fn new(weights: Vec<f64>) -> Self {
        Self { weights, ..Self::default() }
    }

    /// A term of the field that is being collected.
    pub fn term(&mut self, field: u32, term: &str) {
        let key = (field, Box::from(term));
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.products.push(0);
        }
        let room = self.now.len() < MOST_TERMS;
        match self.now.iter_mut().find(|(n, _)| *n == number) {
            Some((_, times)) => *times += 1,
            None if room => self.now.push((number, 1)),
            None => {}
        }
    }

    /// Ends a field; fields come in their order, for each product in the order of rows.
    pub fn end_field(&mut self) {
        for (number, _) in &self.now {
            if let Some(n) = self.products.get_mut(*number as usize) {
                *n += 1;
            }
        }
        self.fields.push(std::mem::take(&mut self.now));
    }

    /// The products as vectors.
    #[must_use]
    pub fn vectors(self) -> Vectors {
        let fields = self.weights.len().max(1);
        let rows = self.fields.len() / fields;
        #[expect(clippy::cast_precision_loss, reason = "a table has fewer than 2^32 rows")]
        let n = rows as f64;
        let total: f64 = self.weights.iter().sum();
        let mut vectors = Vectors { starts: vec![0], terms: Vec::new(), commonness: self.products.clone() };
        for product in self.fields.chunks(fields) {
            let from = vectors.terms.len();
            for (terms, weight) in product.iter().zip(&self.weights) {
                let weigh = |(number, times): &(u32, u32)| {
                    let among = self.products.get(*number as usize).copied().unwrap_or(1).max(1);
                    (1.0 + libm::log(f64::from(*times))) * libm::log(1.0 + n / f64::from(among))
                };
                let length = terms.iter().map(|t| weigh(t) * weigh(t)).sum::<f64>().sqrt();
                // The share of a field in the likeness is the product of two of these.
                let share = (weight / total).sqrt();
                for term in terms {
                    #[expect(clippy::cast_possible_truncation, reason = "seven digits do")]
                    vectors.terms.push((term.0, (weigh(term) / length * share) as f32));
                }
            }
            vectors.terms[from..].sort_unstable_by_key(|(number, _)| *number);
            vectors.starts.push(u32::try_from(vectors.terms.len()).unwrap_or(u32::MAX));
        }
        vectors
    }
}

/// Each product's terms with their weights, rising.
#[derive(Debug, Default)]
pub struct Vectors {
    starts: Vec<u32>,
    terms: Vec<(u32, f32)>,
    /// In how many products each term stands.
    commonness: Vec<u32>,
}

impl Vectors {
    fn of(&self, row: u32) -> &[(u32, f32)] {
        span(&self.starts, &self.terms, row)
    }

    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.len() < 2
    }

    /// How alike two products are, 0 to 1.
    #[must_use]
    pub fn likeness(&self, a: u32, b: u32) -> f32 {
        let (mut x, mut y) = (self.of(a), self.of(b));
        let mut sum = 0.0;
        while let (Some((a, p)), Some((b, q))) = (x.first(), y.first()) {
            match a.cmp(b) {
                Ordering::Less => x = &x[1..],
                Ordering::Greater => y = &y[1..],
                Ordering::Equal => {
                    sum += p * q;
                    (x, y) = (&x[1..], &y[1..]);
                }
            }
        }
        sum
    }
}

/// The model: each product's most alike.
#[derive(Debug, Default, PartialEq)]
pub struct Similar {
    starts: Vec<u32>,
    like: Vec<Like>,
}

impl Similar {
    /// Keeps for each product that is `wanted` up to `neighbours` others with a likeness of `least` and more.
    /// `rank_of` has for each product its place in the order of keys.
    #[must_use]
    pub fn new(
        vectors: &Vectors,
        rank_of: &[u32],
        neighbours: usize,
        least: f32,
        wanted: impl Fn(u32) -> bool + Sync,
    ) -> Self {
        let rows = vectors.len();
        let mut starts = vec![0u32; vectors.commonness.len() + 1];
        for (i, n) in vectors.commonness.iter().enumerate() {
            starts[i + 1] = starts[i] + n;
        }
        let mut next = starts.clone();
        let mut holders = vec![(0u32, 0f32); starts.last().map_or(0, |n| *n as usize)];
        for row in 0..rows {
            for (term, weight) in vectors.of(row) {
                let at = &mut next[*term as usize];
                holders[*at as usize] = (row, *weight);
                *at += 1;
            }
        }
        let lists: Vec<Vec<Like>> = (0..rows)
            .into_par_iter()
            .with_min_len(64)
            .map_init(
                || (vec![0f32; rows as usize], Vec::new(), Vec::new()),
                |(sums, touched, order), a| {
                    if !wanted(a) {
                        return Vec::new();
                    }
                    order.clear();
                    order.extend_from_slice(vectors.of(a));
                    let common = |t: u32| vectors.commonness.get(t as usize).copied().unwrap_or(0);
                    order.sort_unstable_by_key(|(t, _)| (common(*t), *t));
                    let mut followed = 0;
                    for (term, weight) in order.iter() {
                        followed += common(*term) as usize;
                        if followed > FOLLOWED {
                            break;
                        }
                        for (b, other) in span(&starts, &holders, *term) {
                            let Some(sum) = sums.get_mut(*b as usize) else { continue };
                            if *sum == 0.0 {
                                touched.push(*b);
                            }
                            *sum += weight * other;
                        }
                    }
                    let mut list: Vec<Like> = Vec::with_capacity(touched.len());
                    for row in touched.drain(..) {
                        let likeness = std::mem::take(&mut sums[row as usize]);
                        if row != a {
                            list.push(Like { row, likeness });
                        }
                    }
                    let rank = |row: u32| rank_of.get(row as usize).copied().unwrap_or(u32::MAX);
                    let by = |x: &Like, y: &Like| {
                        y.likeness.total_cmp(&x.likeness).then_with(|| rank(x.row).cmp(&rank(y.row)))
                    };
                    let most = neighbours.max(1);
                    if list.len() > most * WEIGHED {
                        list.select_nth_unstable_by(most * WEIGHED - 1, by);
                        list.truncate(most * WEIGHED);
                    }
                    for like in &mut list {
                        like.likeness = vectors.likeness(a, like.row);
                    }
                    list.retain(|l| l.likeness >= least);
                    list.sort_unstable_by(by);
                    list.truncate(most);
                    list
                },
            )
            .collect();
        let mut model = Self { starts: vec![0], like: Vec::new() };
        for list in lists {
            model.like.extend(list);
            model.starts.push(u32::try_from(model.like.len()).unwrap_or(u32::MAX));
        }
        model.like.shrink_to_fit();
        model
    }

    /// The most alike of a product, the most alike first.
    #[must_use]
    pub fn of(&self, row: u32) -> &[Like] {
        span(&self.starts, &self.like, row)
    }
}

#[cfg(test)]
mod tests {
    use super::super::terms;
    use super::*;

    /// Products of a name (weight 1) and a category (weight 3).
    fn vectors(products: &[(&str, &str)]) -> Vectors {
        let mut collector = Collector::new(vec![1.0, 3.0]);
        for (name, category) in products {
            terms::of_text(name, |t| collector.term(0, t));
            collector.end_field();
            terms::of_values(category, |t| collector.term(1, t));
            collector.end_field();
        }
        collector.vectors()
    }

    fn close(a: f32, b: f64) -> bool {
        (f64::from(a) - b).abs() < 1e-6
    }

    #[test]
    fn likeness_is_what_was_worked_out_by_hand() {
        // Three products; ln 4 for a term of one, ln 2.5 for a term of two, ln 2 for a term of all.
        let v = vectors(&[("煎茶", "茶"), ("煎茶 缶", "茶"), ("最中", "菓子")]);
        // Names: {煎茶} and {煎茶, 缶}: ln 2.5 / √(ln² 2.5 + ln² 4) = 0.5515…; categories agree.
        let (two, one) = (libm::log(2.5), libm::log(4.0));
        let names = two / (two * two + one * one).sqrt();
        assert!(close(v.likeness(0, 1), 0.25 * names + 0.75), "{}", v.likeness(0, 1));
        assert!(close(v.likeness(0, 2), 0.0));
        assert!(close(v.likeness(1, 1), 1.0));
    }

    #[test]
    fn the_most_alike_come_first_and_equal_ones_by_key() {
        let v = vectors(&[("煎茶", "茶"), ("煎茶", "茶"), ("煎茶", "茶"), ("玉露", "茶"), ("最中", "菓子")]);
        let model = Similar::new(&v, &[4, 3, 2, 1, 0], 3, 0.01, |_| true);
        assert_eq!(model.of(0).iter().map(|l| l.row).collect::<Vec<_>>(), [2, 1, 3]);
        assert_eq!(model.of(4), []);
        let model = Similar::new(&v, &[4, 3, 2, 1, 0], 1, 0.01, |_| true);
        assert_eq!(model.of(3).len(), 1);
        assert_eq!(Similar::new(&v, &[4, 3, 2, 1, 0], 3, 0.9, |_| true).of(3), []);
    }

    #[test]
    fn any_number_of_threads_makes_the_same_model() {
        let names: Vec<String> =
            (0u32..300).map(|n| format!("品{}の{}", n.wrapping_mul(2_654_435_761) % 17, n % 23)).collect();
        let products: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "茶|器")).collect();
        let v = vectors(&products);
        let rank: Vec<u32> = (0..300).collect();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| Similar::new(&v, &rank, 20, 0.1, |_| true))
        };
        assert_eq!(with(1), with(2));
    }
}
