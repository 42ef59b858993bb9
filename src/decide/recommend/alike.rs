//! What people like this person buy: the products that most people with the same attributes bought.
//!
//! The attributes stand in the order of their weight. Where fewer than `min_support` people agree in all of
//! them, the last is left out, then the one before it; with one attribute left and still too few, the rung has
//! nothing to say. Products are counted by people, not by units; equal ones stand in the order of their keys.

use rustc_hash::FxHashMap;

use super::bought::Bought;
use super::profile::Class;

/// So many products are kept for each group of people.
const KEPT: usize = 100;

/// The model.
#[derive(Debug, Default, PartialEq)]
pub struct Alike {
    /// By the classes of the first attributes, as many as agree.
    groups: FxHashMap<Box<[Class]>, Group>,
}

/// People who agree in their first attributes.
#[derive(Debug, PartialEq)]
pub struct Group {
    pub people: u32,
    /// Row of the product and how many of them bought it, the most first.
    pub bought: Vec<(u32, u32)>,
}

impl Alike {
    /// `classes` by attribute, then by person; `rank_of` has for each product its place in the order of keys.
    #[must_use]
    pub fn new(bought: &Bought, classes: &[Vec<Class>], rank_of: &[u32], min_support: u32) -> Self {
        let of = |person: u32, attribute: usize| {
            classes.get(attribute).and_then(|c| c.get(person as usize)).copied().unwrap_or(0)
        };
        let mut people: Vec<u32> = (0..bought.len()).collect();
        people.sort_by(|a, b| {
            (0..classes.len()).map(|i| of(*a, i)).cmp((0..classes.len()).map(|i| of(*b, i))).then_with(|| a.cmp(b))
        });
        let mut counts = vec![0u32; rank_of.len()];
        let mut touched = Vec::new();
        let mut groups = FxHashMap::default();
        for level in 1..=classes.len() {
            let same = |a: &u32, b: &u32| (0..level).all(|i| of(*a, i) == of(*b, i));
            for group in people.chunk_by(same) {
                let Some(first) = group.first() else { continue };
                let key: Box<[Class]> = (0..level).map(|i| of(*first, i)).collect();
                let size = u32::try_from(group.len()).unwrap_or(u32::MAX);
                if size < min_support.max(1) || key.contains(&0) {
                    continue;
                }
                for product in group.iter().flat_map(|person| bought.of(*person)) {
                    let Some(count) = counts.get_mut(*product as usize) else { continue };
                    if *count == 0 {
                        touched.push(*product);
                    }
                    *count += 1;
                }
                let mut best: Vec<(u32, u32)> =
                    touched.drain(..).map(|p| (p, std::mem::take(&mut counts[p as usize]))).collect();
                best.sort_unstable_by_key(|(p, n)| (std::cmp::Reverse(*n), rank_of[*p as usize]));
                best.truncate(KEPT);
                best.shrink_to_fit();
                groups.insert(key, Group { people: size, bought: best });
            }
        }
        Self { groups }
    }

    /// The people most like a person with these classes who are enough, and in how many attributes they agree.
    #[must_use]
    pub fn of(&self, classes: &[Class]) -> Option<(usize, &Group)> {
        (1..=classes.len()).rev().find_map(|level| Some((level, self.groups.get(classes.get(..level)?)?)))
    }

    /// Number of groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_agree_in_as_many_attributes_as_are_borne_out() {
        let mut bought = Bought::default();
        for products in [&[0, 1][..], &[1], &[1, 2], &[2], &[0], &[0]] {
            bought.push(&mut products.to_vec());
        }
        let rank = vec![1, 1, 1, 1, 2, 2];
        let town = vec![1, 1, 2, 0, 1, 1];
        let model = Alike::new(&bought, &[rank, town], &[0, 2, 1], 2);
        // Rank 1 in town 1: two people, both bought 1, one bought 0.
        let (level, group) = model.of(&[1, 1]).expect("two people");
        assert_eq!((level, group.people, group.bought.as_slice()), (2, 2, &[(1, 2), (0, 1)][..]));
        // Rank 1 in town 2: one person only; all of rank 1: 1 three times, 2 twice, 0 once.
        let (level, group) = model.of(&[1, 2]).expect("four people");
        assert_eq!((level, group.people, group.bought.as_slice()), (1, 4, &[(1, 3), (2, 2), (0, 1)][..]));
        // The town is not known.
        assert_eq!(model.of(&[1, 0]).map(|f| f.0), Some(1));
        // A rank that nobody has.
        assert_eq!(model.of(&[3, 1]), None);
        assert_eq!(model.of(&[0, 1]), None);
        assert_eq!(model.len(), 4);
    }

    #[test]
    fn equal_products_stand_in_the_order_of_their_keys() {
        let mut bought = Bought::default();
        bought.push(&mut vec![0, 1, 2]);
        let model = Alike::new(&bought, &[vec![1]], &[1, 2, 0], 1);
        assert_eq!(model.of(&[1]).expect("one").1.bought, [(2, 1), (0, 1), (1, 1)]);
    }
}
