//! Which leaf lies on which sheet at which place. Leaves are counted from 0 in the order of the job.

/// In which order leaves come out of the cutter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Neighbours on the sheet are neighbours in the job: for sheets that are not stacked before they are cut.
    Sequential,
    /// Each pile under one place is a run of the job, and the piles laid on each other are the job. With a stack
    /// height, so many sheets make one such block and the next sheets another.
    CutAndStack { stack: Option<u64> },
    /// Every place of a sheet holds the same leaf: step and repeat.
    Repeat,
}

/// Leaves onto sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheets {
    order: Order,
    /// Places on a sheet; at least one.
    places: u64,
    leaves: u64,
}

impl Sheets {
    #[must_use]
    pub fn new(order: Order, places: usize, leaves: u64) -> Self {
        Self { order, places: (places as u64).max(1), leaves }
    }

    /// How many sheets it takes.
    #[must_use]
    pub fn count(&self) -> u64 {
        match self.order {
            Order::Repeat => self.leaves,
            Order::Sequential => self.leaves.div_ceil(self.places),
            Order::CutAndStack { .. } => {
                let block = self.block();
                let whole = self.leaves / (block * self.places);
                let rest = self.leaves % (block * self.places);
                whole * block + rest.div_ceil(self.places)
            }
        }
    }

    /// Sheets in one block that is cut and stacked; at least one.
    fn block(&self) -> u64 {
        let all = self.leaves.div_ceil(self.places).max(1);
        match self.order {
            Order::CutAndStack { stack: Some(stack) } => stack.clamp(1, all),
            _ => all,
        }
    }

    /// The leaf at `place` of `sheet`, both from 0; `None` where the place stays empty.
    #[must_use]
    pub fn leaf(&self, sheet: u64, place: usize) -> Option<u64> {
        let place = place as u64;
        if place >= self.places || sheet >= self.count() {
            return None;
        }
        let leaf = match self.order {
            Order::Repeat => sheet,
            Order::Sequential => sheet * self.places + place,
            Order::CutAndStack { .. } => {
                let block = self.block();
                let first = sheet / block * block * self.places;
                // The last block is only as high as it must be, so that its piles are full but for the last.
                let height = block.min((self.leaves - first).div_ceil(self.places));
                first + place * height + sheet % block
            }
        };
        (leaf < self.leaves).then_some(leaf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn orders() -> impl Strategy<Value = Order> {
        prop_oneof![
            Just(Order::Sequential),
            Just(Order::CutAndStack { stack: None }),
            (1u64..20).prop_map(|s| Order::CutAndStack { stack: Some(s) }),
        ]
    }

    proptest! {
        #[test]
        fn every_leaf_lies_at_exactly_one_place(order in orders(), places in 1usize..13, leaves in 0u64..400) {
            let sheets = Sheets::new(order, places, leaves);
            let mut seen = vec![0; leaves as usize];
            for sheet in 0..sheets.count() {
                let mut any = false;
                for place in 0..places {
                    if let Some(leaf) = sheets.leaf(sheet, place) {
                        seen[leaf as usize] += 1;
                        any = true;
                    }
                }
                prop_assert!(any, "sheet {} is empty", sheet);
            }
            prop_assert!(seen.iter().all(|n| *n == 1));
        }

        /// What the person at the cutter does: takes the piles of each block in the order of the places, top sheet first.
        #[test]
        fn piles_laid_on_each_other_are_the_job_and_blanks_lie_at_its_end(
            stack in proptest::option::of(1u64..20), places in 1usize..13, leaves in 1u64..400,
        ) {
            let sheets = Sheets::new(Order::CutAndStack { stack }, places, leaves);
            let block = stack.unwrap_or(u64::MAX).min(sheets.count());
            let mut job = Vec::new();
            let mut first = 0;
            while first < sheets.count() {
                let last = (first + block).min(sheets.count());
                for place in 0..places {
                    job.extend((first..last).map(|sheet| sheets.leaf(sheet, place)));
                }
                first = last;
            }
            let printed: Vec<u64> = job.iter().flatten().copied().collect();
            prop_assert_eq!(&printed, &(0..leaves).collect::<Vec<_>>());
            let blank = job.iter().position(Option::is_none).unwrap_or(job.len());
            prop_assert!(job[blank..].iter().all(Option::is_none), "a blank in the middle");
        }
    }

    #[test]
    fn ten_cards_four_up() {
        let rows = |order| -> Vec<Vec<Option<u64>>> {
            let sheets = Sheets::new(order, 4, 10);
            (0..sheets.count()).map(|s| (0..4).map(|p| sheets.leaf(s, p)).collect()).collect()
        };
        let some = |v: [i64; 4]| v.map(|n| u64::try_from(n).ok()).to_vec();
        assert_eq!(rows(Order::Sequential), [some([0, 1, 2, 3]), some([4, 5, 6, 7]), some([8, 9, -1, -1])]);
        let stacked = [some([0, 3, 6, 9]), some([1, 4, 7, -1]), some([2, 5, 8, -1])];
        assert_eq!(rows(Order::CutAndStack { stack: None }), stacked);
        let blocks = [some([0, 2, 4, 6]), some([1, 3, 5, 7]), some([8, 9, -1, -1])];
        assert_eq!(rows(Order::CutAndStack { stack: Some(2) }), blocks);
        assert_eq!(rows(Order::Repeat).len(), 10);
        assert_eq!(rows(Order::Repeat)[7], some([7; 4]));
    }
}
