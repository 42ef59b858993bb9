//! Who bought what, each pair once: what all models count. A *group* is a person, or a basket.

/// The products of each group, as rows of the table of products.
#[derive(Clone, Debug)]
pub struct Bought {
    /// `products[starts[g]..starts[g + 1]]` are group g's, rising.
    starts: Vec<u32>,
    products: Vec<u32>,
}

impl Default for Bought {
    fn default() -> Self {
        Self { starts: vec![0], products: Vec::new() }
    }
}

impl Bought {
    /// Adds a group; the order of its products and repetitions do not matter. A group without products counts
    /// as a group.
    pub fn push(&mut self, products: &mut Vec<u32>) {
        products.sort_unstable();
        products.dedup();
        self.products.extend_from_slice(products);
        self.starts.push(u32::try_from(self.products.len()).unwrap_or(u32::MAX));
    }

    /// Number of groups.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.len() < 2
    }

    #[must_use]
    pub fn of(&self, group: u32) -> &[u32] {
        span(&self.starts, &self.products, group)
    }

    /// In how many groups each of `products` products is.
    #[must_use]
    pub fn counts(&self, products: u32) -> Vec<u32> {
        let mut counts = vec![0u32; products as usize];
        for p in &self.products {
            if let Some(count) = counts.get_mut(*p as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// The groups of each of `products` products, rising.
    #[must_use]
    pub fn inverted(&self, products: u32) -> Self {
        let mut starts = vec![0u32; products as usize + 1];
        for p in self.products.iter().filter(|p| **p < products) {
            starts[*p as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut groups = vec![0u32; starts.last().map_or(0, |n| *n as usize)];
        for group in 0..self.len() {
            for p in self.of(group).iter().filter(|p| **p < products) {
                let at = &mut next[*p as usize];
                groups[*at as usize] = group;
                *at += 1;
            }
        }
        Self { starts, products: groups }
    }
}

/// `items[starts[i]..starts[i + 1]]`, empty where there is none.
pub(super) fn span<'a, T>(starts: &[u32], items: &'a [T], i: u32) -> &'a [T] {
    let i = i as usize;
    match (starts.get(i), starts.get(i + 1)) {
        (Some(from), Some(to)) => items.get(*from as usize..*to as usize).unwrap_or_default(),
        _ => &[],
    }
}
