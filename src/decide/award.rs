//! Who goes without when there is not enough for everyone: the budget of pieces and the budgets of coupons, settled over
//! all records before any is printed.
//!
//! On [a way through all records](super::ways) each that would get a piece is [noted](Tally::note) with what the piece is
//! expected to bring, what it costs, and the coupons whose conditions hold. [`Tally::settle`] then fills the budget of
//! pieces from the highest margin downwards, and gives out the coupons one rule after the other; when decisions are made, each
//! record asks [`Awards`]. Nothing depends on the order in which records were noted, only on their numbers.
//!
//! Memory: 32 bytes a record, 8 for every 64 coupon rules, and 24 for each coupon of a budget that it may get.

use std::cmp::Reverse;

/// How a coupon rule gives: in the order in which the rules are settled.
#[derive(Clone, Debug, Default)]
pub struct Giving {
    /// So many of this coupon; `None` without a limit.
    pub count: Option<u64>,
    /// So many yen in all, as [`Candidate::cost`] counts them.
    pub yen: Option<u64>,
    /// Rules whose coupons never come together with this one.
    pub not_with: Vec<usize>,
}

impl Giving {
    /// Whether there may be fewer than people.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.count.is_some() || self.yen.is_some()
    }
}

/// A coupon that a record may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Position of its rule.
    pub rule: usize,
    /// Higher goes first where the coupon's budget is short.
    pub rank: i64,
    /// What it takes from the coupon's budget, in yen.
    pub cost: u32,
}

/// What is noted of a record that would get a piece.
#[derive(Clone, Copy, Debug)]
pub struct Noted {
    /// Its number; each is noted once.
    pub record: u64,
    /// What the piece is expected to bring, in yen; ranks for the budget of pieces.
    pub margin: i64,
    /// What the piece costs, in yen.
    pub cost: u32,
    /// Drawn into the hold-out: stands in the queue, but takes nothing from the budget.
    pub held: bool,
    /// A keyed number that decides between equals, so that nobody gains by standing higher in the file.
    pub draw: u64,
}

/// The limits of a campaign.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    pub pieces: Option<u64>,
    /// What all pieces may cost together.
    pub yen: Option<u64>,
    /// So many coupons may be on one piece.
    pub per_piece: usize,
    /// The coupon rules in the order of the campaign.
    pub coupons: Vec<Giving>,
    /// The order in which they are settled: each position once.
    pub order: Vec<usize>,
}

/// All that was noted.
#[derive(Debug)]
pub struct Tally {
    limits: Limits,
    words: usize,
    records: Vec<(u64, u64)>,
    money: Vec<(i64, u32, bool)>,
    eligible: Vec<u64>,
    /// By rule, for those with a budget.
    short: Vec<Vec<(i64, u32, u32)>>,
}

/// Who gets what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Awards {
    words: usize,
    /// Numbers of the records that get a piece, rising, and beside them the coupons of each as bits.
    records: Vec<u64>,
    given: Vec<u64>,
    settled: Settled,
}

/// What the report says of the budgets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Records that would get a piece, and those that do.
    pub wanted: u64,
    pub pieces: u64,
    /// What the pieces cost, in yen.
    pub yen: u64,
    /// The lowest margin that still got a piece, and the highest that did not.
    pub lowest_in: Option<i64>,
    pub highest_out: Option<i64>,
    /// What the left out would have brought, in yen.
    pub margin_out: i64,
    pub margin_in: i64,
    /// By coupon rule.
    pub coupons: Vec<CouponCount>,
}

/// How often a coupon was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CouponCount {
    pub given: u64,
    /// Yen of its budget; 0 for a coupon without one.
    pub yen: u64,
    /// People who would have got it, had the budget been larger.
    pub without: u64,
}

impl Tally {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let words = limits.coupons.len().div_ceil(64);
        let short = vec![Vec::new(); limits.coupons.len()];
        Self { limits, words, records: Vec::new(), money: Vec::new(), eligible: Vec::new(), short }
    }

    /// Notes a record with the coupons that it may get.
    pub fn note(&mut self, noted: Noted, coupons: impl Iterator<Item = Candidate>) {
        let Ok(place) = u32::try_from(self.records.len()) else { return };
        self.records.push((noted.record, noted.draw));
        self.money.push((noted.margin, noted.cost, noted.held));
        let from = self.eligible.len();
        self.eligible.resize(from + self.words, 0);
        for coupon in coupons {
            let Some(giving) = self.limits.coupons.get(coupon.rule) else { continue };
            if let Some(word) = self.eligible.get_mut(from + coupon.rule / 64) {
                *word |= 1 << (coupon.rule % 64);
            }
            if giving.is_short()
                && let Some(list) = self.short.get_mut(coupon.rule)
            {
                list.push((coupon.rank, coupon.cost, place));
            }
        }
    }

    /// Puts another's notes behind these: workers note apart from each other.
    pub fn append(&mut self, other: Self) {
        let Ok(shift) = u32::try_from(self.records.len()) else { return };
        self.records.extend(other.records);
        self.money.extend(other.money);
        self.eligible.extend(other.eligible);
        for (mine, theirs) in self.short.iter_mut().zip(other.short) {
            mine.extend(theirs.into_iter().map(|(rank, cost, place)| (rank, cost, place.saturating_add(shift))));
        }
    }

    /// Settles who gets what. A record for which `may` does not hold gets no piece after all, and takes nothing.
    #[must_use]
    pub fn settle(mut self, may: impl Fn(u64) -> bool) -> Awards {
        let mut settled = Settled::default();
        let is_in = self.pieces(&may, &mut settled);
        let given = self.coupons(&is_in, &mut settled);
        let mut order: Vec<usize> = (0..self.records.len()).filter(|i| is_in.get(*i) == Some(&true)).collect();
        order.sort_unstable_by_key(|i| self.records.get(*i).map(|r| r.0));
        let number = |i: &usize| self.records.get(*i).map_or(0, |r| r.0);
        Awards {
            words: self.words,
            records: order.iter().map(number).collect(),
            given: order.iter().flat_map(|i| words(&given, *i, self.words)).copied().collect(),
            settled,
        }
    }

    /// From the highest margin downwards, equals by draw, until the next does not fit.
    fn pieces(&self, may: &dyn Fn(u64) -> bool, settled: &mut Settled) -> Vec<bool> {
        let mut order: Vec<usize> = (0..self.records.len()).collect();
        if self.limits.pieces.is_some() || self.limits.yen.is_some() {
            let key = |i: &usize| {
                let (record, draw) = self.records.get(*i).copied().unwrap_or_default();
                (Reverse(self.money.get(*i).map_or(0, |m| m.0)), draw, record)
            };
            order.sort_unstable_by_key(key);
        }
        let mut is_in = vec![false; self.records.len()];
        let mut is_full = false;
        for i in order {
            let (margin, cost, held) = self.money.get(i).copied().unwrap_or_default();
            if !self.records.get(i).is_some_and(|r| may(r.0)) {
                continue;
            }
            if held {
                if let Some(slot) = is_in.get_mut(i) {
                    *slot = !is_full;
                }
                continue;
            }
            settled.wanted += 1;
            let yen = settled.yen.saturating_add(u64::from(cost));
            is_full |= self.limits.pieces.is_some_and(|most| settled.pieces >= most)
                || self.limits.yen.is_some_and(|most| yen > most);
            if is_full {
                settled.highest_out = Some(settled.highest_out.map_or(margin, |m| m.max(margin)));
                settled.margin_out = settled.margin_out.saturating_add(margin);
                continue;
            }
            settled.pieces += 1;
            settled.yen = yen;
            settled.lowest_in = Some(settled.lowest_in.map_or(margin, |m| m.min(margin)));
            settled.margin_in = settled.margin_in.saturating_add(margin);
            if let Some(slot) = is_in.get_mut(i) {
                *slot = true;
            }
        }
        is_in
    }

    /// One rule after the other: each gives to whom it may, the highest rank first, equals by draw.
    fn coupons(&mut self, is_in: &[bool], settled: &mut Settled) -> Vec<u64> {
        let mut given = vec![0u64; self.eligible.len()];
        settled.coupons = vec![CouponCount::default(); self.limits.coupons.len()];
        for rule in self.limits.order.clone() {
            let Some(giving) = self.limits.coupons.get(rule).cloned() else { continue };
            let mut count = CouponCount::default();
            let mut take = |place: usize, cost: u32| {
                let held = words(&given, place, self.words);
                let has = |r: &usize| bit(held, *r);
                let number: u32 = held.iter().map(|w| w.count_ones()).sum();
                let is_free = is_in.get(place) == Some(&true)
                    && (number as usize) < self.limits.per_piece
                    && !giving.not_with.iter().any(has);
                if !is_free {
                    return;
                }
                let yen = count.yen.saturating_add(u64::from(cost));
                if giving.count.is_some_and(|most| count.given >= most) || giving.yen.is_some_and(|most| yen > most) {
                    count.without += 1;
                    return;
                }
                count.given += 1;
                count.yen = yen;
                if let Some(word) = given.get_mut(place * self.words + rule / 64) {
                    *word |= 1 << (rule % 64);
                }
            };
            if giving.is_short() {
                let mut list = self.short.get_mut(rule).map(std::mem::take).unwrap_or_default();
                list.sort_unstable_by_key(|(rank, _, place)| {
                    let (record, draw) = self.records.get(*place as usize).copied().unwrap_or_default();
                    (Reverse(*rank), draw, record)
                });
                list.into_iter().for_each(|(_, cost, place)| take(place as usize, cost));
            } else {
                let may = |place: &usize| bit(words(&self.eligible, *place, self.words), rule);
                (0..self.records.len()).filter(may).for_each(|place| take(place, 0));
            }
            if let Some(slot) = settled.coupons.get_mut(rule) {
                *slot = count;
            }
        }
        given
    }
}

fn words(of: &[u64], place: usize, each: usize) -> &[u64] {
    of.get(place * each..(place + 1) * each).unwrap_or_default()
}

fn bit(words: &[u64], n: usize) -> bool {
    words.get(n / 64).is_some_and(|w| w >> (n % 64) & 1 == 1)
}

impl Awards {
    /// Whether a record gets a piece.
    #[must_use]
    pub fn has_piece(&self, record: u64) -> bool {
        self.records.binary_search(&record).is_ok()
    }

    /// Whether a record that gets a piece gets this rule's coupon.
    #[must_use]
    pub fn has_coupon(&self, record: u64, rule: usize) -> bool {
        self.records.binary_search(&record).is_ok_and(|i| bit(words(&self.given, i, self.words), rule))
    }

    /// The how-manieth of this rule's coupons a record gets, from 0, in the order of the records' numbers; `None` when it
    /// gets none. Each code of a pool goes to one record by this.
    ///
    /// Counts through all records before it, so a caller keeps what [`Self::holders`] says instead of asking often.
    #[must_use]
    pub fn holders(&self, rule: usize) -> Vec<u64> {
        let has = |(i, _): &(usize, &u64)| bit(words(&self.given, *i, self.words), rule);
        self.records.iter().enumerate().filter(has).map(|(_, r)| *r).collect()
    }

    #[must_use]
    pub fn settled(&self) -> &Settled {
        &self.settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(tally: &mut Tally, record: u64, margin: i64, coupons: &[Candidate]) {
        let noted = Noted { record, margin, cost: 103, held: false, draw: record.wrapping_mul(0x9e37_79b9_7f4a_7c15) };
        tally.note(noted, coupons.iter().copied());
    }

    fn coupon(rule: usize, rank: i64, cost: u32) -> Candidate {
        Candidate { rule, rank, cost }
    }

    fn limits(coupons: Vec<Giving>) -> Limits {
        let order = (0..coupons.len()).collect();
        Limits { per_piece: 1, coupons, order, ..Limits::default() }
    }

    #[test]
    fn the_budget_is_filled_to_the_yen_from_the_highest_margin() {
        let mut tally = Tally::new(Limits { yen: Some(310), ..limits(Vec::new()) });
        for (record, margin) in [(1, 50), (2, 400), (3, 120), (4, 90), (5, 400)] {
            note(&mut tally, record, margin, &[]);
        }
        let awards = tally.settle(|_| true);
        // three pieces of 103 yen are 309; a fourth would make 412
        assert_eq!([1, 2, 3, 4, 5].map(|r| awards.has_piece(r)), [false, true, true, false, true]);
        let settled = awards.settled();
        assert_eq!((settled.wanted, settled.pieces, settled.yen), (5, 3, 309));
        assert_eq!((settled.lowest_in, settled.highest_out), (Some(120), Some(90)));
        assert_eq!((settled.margin_in, settled.margin_out), (920, 140));
    }

    #[test]
    fn a_budget_of_exactly_the_cost_is_enough() {
        let mut tally = Tally::new(Limits { yen: Some(206), ..limits(Vec::new()) });
        (1..=3).for_each(|record| note(&mut tally, record, 10, &[]));
        assert_eq!(tally.settle(|_| true).settled().pieces, 2);
    }

    #[test]
    fn equals_are_drawn_and_not_taken_in_the_order_of_the_file() {
        let pieces = |records: &mut dyn Iterator<Item = u64>| {
            let mut tally = Tally::new(Limits { pieces: Some(10), ..limits(Vec::new()) });
            records.for_each(|r| note(&mut tally, r, 7, &[]));
            tally.settle(|_| true)
        };
        let (up, down) = (pieces(&mut (1..=100)), pieces(&mut (1..=100).rev()));
        assert_eq!(up, down);
        assert!((11..=100).any(|r| up.has_piece(r)), "some of the later ones are among the ten");
    }

    #[test]
    fn the_held_out_stand_in_the_queue_and_take_nothing() {
        let mut tally = Tally::new(Limits { pieces: Some(2), ..limits(Vec::new()) });
        for (record, margin, held) in [(1, 90, true), (2, 80, false), (3, 70, false), (4, 60, true), (5, 50, false)] {
            tally.note(Noted { record, margin, cost: 100, draw: record, held }, std::iter::empty());
        }
        let awards = tally.settle(|_| true);
        // after the second piece the next who wants one finds the budget used up; until then it is open
        assert_eq!([1, 2, 3, 4, 5].map(|r| awards.has_piece(r)), [true, true, true, true, false]);
        assert_eq!((awards.settled().wanted, awards.settled().pieces, awards.settled().yen), (3, 2, 200));
    }

    #[test]
    fn a_coupon_runs_out_and_the_next_rule_takes_over() {
        let short = Giving { count: Some(2), ..Giving::default() };
        let mut tally = Tally::new(limits(vec![short, Giving::default()]));
        for (record, rank) in [(1, 10), (2, 30), (3, 20), (4, 5)] {
            note(&mut tally, record, 0, &[coupon(0, rank, 500), coupon(1, 0, 0)]);
        }
        let awards = tally.settle(|_| true);
        assert_eq!([1, 2, 3, 4].map(|r| awards.has_coupon(r, 0)), [false, true, true, false]);
        assert_eq!([1, 2, 3, 4].map(|r| awards.has_coupon(r, 1)), [true, false, false, true]);
        let counts = &awards.settled().coupons;
        assert_eq!(counts[0], CouponCount { given: 2, yen: 1_000, without: 2 });
        assert_eq!(counts[1], CouponCount { given: 2, yen: 0, without: 0 });
        assert_eq!(awards.holders(0), [2, 3]);
    }

    #[test]
    fn a_budget_in_yen_passes_over_what_is_too_dear_and_gives_the_rest() {
        let giving = Giving { yen: Some(1_000), ..Giving::default() };
        let mut tally = Tally::new(limits(vec![giving]));
        for (record, rank, cost) in [(1, 9, 600), (2, 8, 500), (3, 7, 400)] {
            note(&mut tally, record, 0, &[coupon(0, rank, cost)]);
        }
        let awards = tally.settle(|_| true);
        assert_eq!([1, 2, 3].map(|r| awards.has_coupon(r, 0)), [true, false, true]);
        assert_eq!(awards.settled().coupons[0], CouponCount { given: 2, yen: 1_000, without: 1 });
    }

    #[test]
    fn some_coupons_never_come_together() {
        let apart = |with: &[usize]| Giving { not_with: with.to_vec(), ..Giving::default() };
        let mut tally = Tally::new(Limits { per_piece: 3, ..limits(vec![apart(&[1]), apart(&[0]), apart(&[])]) });
        note(&mut tally, 1, 0, &[coupon(0, 0, 0), coupon(1, 0, 0), coupon(2, 0, 0)]);
        note(&mut tally, 2, 0, &[coupon(1, 0, 0), coupon(2, 0, 0)]);
        let awards = tally.settle(|_| true);
        assert_eq!([0, 1, 2].map(|c| awards.has_coupon(1, c)), [true, false, true]);
        assert_eq!([0, 1, 2].map(|c| awards.has_coupon(2, c)), [false, true, true]);
    }

    #[test]
    fn who_gets_no_piece_takes_no_coupon() {
        let short = Giving { count: Some(1), ..Giving::default() };
        let mut tally = Tally::new(Limits { pieces: Some(1), ..limits(vec![short]) });
        note(&mut tally, 1, 5, &[coupon(0, 100, 0)]);
        note(&mut tally, 2, 9, &[coupon(0, 1, 0)]);
        let awards = tally.settle(|_| true);
        assert!(!awards.has_coupon(1, 0) && awards.has_coupon(2, 0));
    }

    #[test]
    fn who_may_not_get_a_piece_takes_nothing() {
        let short = || vec![Giving { count: Some(1), ..Giving::default() }];
        let noted = |numbers: &[u64]| {
            let mut tally = Tally::new(Limits { pieces: Some(2), ..limits(short()) });
            numbers.iter().for_each(|n| note(&mut tally, *n, *n as i64, &[coupon(0, *n as i64, 0)]));
            tally
        };
        let awards = noted(&[1, 2, 3, 4]).settle(|record| record != 4);
        assert_eq!(awards, noted(&[1, 2, 3]).settle(|_| true), "as if it had never been noted");
        assert!(awards.has_coupon(3, 0) && !awards.has_piece(4) && !awards.has_piece(1));
    }

    /// What comes of any people, costs and limits: to the yen, in the order of margins, and whoever noted whom.
    #[test]
    fn budgets_hold_for_any_people() {
        use proptest::prelude::*;
        use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
        type Person = (i64, u32, bool, Vec<(i64, u32)>);
        type Coupons = Vec<(Option<u64>, Option<u64>, Vec<usize>)>;
        type Short = (Option<u64>, Option<u64>, usize, Coupons);
        let person = (-50i64..50, 0u32..200, prop::bool::weighted(0.1), prop::collection::vec((0i64..5, 0u32..900), 3));
        let people = prop::collection::vec(person, 0..60);
        let giving =
            (prop::option::of(0u64..20), prop::option::of(0u64..9_000), prop::collection::vec(0usize..3, 0..2));
        let limits =
            (prop::option::of(0u64..40), prop::option::of(0u64..5_000), 1usize..4, prop::collection::vec(giving, 3));
        let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let run = |(people, (pieces, yen, per_piece, giving)): (Vec<Person>, Short)| {
            let giving = giving.into_iter().enumerate();
            // Whichever of two says that they are apart, both know it, as in a plan.
            let said: Vec<(usize, Giving)> =
                giving.map(|(n, (count, yen, not_with))| (n, Giving { count, yen, not_with })).collect();
            let apart =
                |a: usize, b: usize| a != b && (said[a].1.not_with.contains(&b) || said[b].1.not_with.contains(&a));
            let coupons =
                said.iter().map(|(n, g)| Giving { not_with: (0..3).filter(|o| apart(*n, *o)).collect(), ..g.clone() });
            let coupons: Vec<Giving> = coupons.collect();
            let limits = Limits { pieces, yen, per_piece, coupons: coupons.clone(), order: vec![2, 0, 1] };
            let draw = |record: u64| record.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let noted = |tally: &mut Tally, record: u64| {
                let (margin, cost, held, offers) = &people[record as usize - 1];
                let offers = offers.iter().enumerate().filter(|_| !held);
                let offers = offers.map(|(rule, (rank, cost))| Candidate { rule, rank: *rank, cost: *cost });
                tally.note(Noted { record, margin: *margin, cost: *cost, draw: draw(record), held: *held }, offers);
            };
            let all = 1..=people.len() as u64;
            let mut tally = Tally::new(limits.clone());
            all.clone().for_each(|record| noted(&mut tally, record));
            let (mut one, mut two) = (Tally::new(limits.clone()), Tally::new(limits));
            all.clone().rev().for_each(|record| noted(if record % 3 == 0 { &mut one } else { &mut two }, record));
            one.append(two);
            let awards = tally.settle(|_| true);
            prop_assert_eq!(&one.settle(|_| true), &awards, "whoever noted whom");

            let person = |record: u64| &people[record as usize - 1];
            let stands = |record: u64| (Reverse(person(record).0), draw(record));
            let paid: Vec<u64> = all.clone().filter(|r| !person(*r).2).collect();
            let (is_in, out): (Vec<u64>, Vec<u64>) = paid.iter().partition(|r| awards.has_piece(**r));
            let settled = awards.settled();
            let cost: u64 = is_in.iter().map(|r| u64::from(person(*r).1)).sum();
            prop_assert_eq!(
                (settled.wanted, settled.pieces, settled.yen),
                (paid.len() as u64, is_in.len() as u64, cost)
            );
            prop_assert!(pieces.is_none_or(|most| settled.pieces <= most) && yen.is_none_or(|most| cost <= most));
            prop_assert!(is_in.iter().all(|a| out.iter().all(|b| stands(*a) < stands(*b))), "the highest margins");
            if let Some(next) = out.iter().min_by_key(|r| stands(**r)) {
                let fits = pieces.is_none_or(|most| settled.pieces < most)
                    && yen.is_none_or(|most| cost + u64::from(person(*next).1) <= most);
                prop_assert!(!fits, "nothing is left that would do for the next");
            }
            for (rule, giving) in coupons.iter().enumerate() {
                let holders: Vec<u64> = all.clone().filter(|r| awards.has_coupon(*r, rule)).collect();
                let count = settled.coupons[rule];
                prop_assert_eq!(count.given, holders.len() as u64);
                prop_assert!(giving.count.is_none_or(|most| count.given <= most));
                if giving.is_short() {
                    let cost: u64 = holders.iter().map(|r| u64::from(person(*r).3[rule].1)).sum();
                    prop_assert_eq!(count.yen, cost);
                    prop_assert!(giving.yen.is_none_or(|most| cost <= most));
                }
                for record in holders {
                    prop_assert!(awards.has_piece(record) && !person(record).2);
                    prop_assert!(!giving.not_with.iter().any(|other| awards.has_coupon(record, *other)));
                    prop_assert!((0..3).filter(|r| awards.has_coupon(record, *r)).count() <= per_piece);
                }
            }
            Ok(())
        };
        runner.run(&(people, limits), run).unwrap_or_else(|fault| panic!("{fault}"));
    }

    #[test]
    fn notes_of_several_workers_come_to_the_same() {
        let rules = || limits((0..70).map(|n| Giving { count: Some(n), ..Giving::default() }).collect());
        let all: Vec<(u64, Vec<Candidate>)> = (1..500u64)
            .map(|r| {
                (
                    r,
                    (0..70)
                        .filter(|c| !(r as usize + c).is_multiple_of(3))
                        .map(|c| coupon(c, (r as i64 * 7) % 13, 1))
                        .collect(),
                )
            })
            .collect();
        let mut one = Tally::new(rules());
        all.iter().for_each(|(r, c)| note(&mut one, *r, (*r as i64 * 31) % 17, c));
        let (mut first, mut second) = (Tally::new(rules()), Tally::new(rules()));
        for (r, c) in &all {
            note(if r % 5 < 2 { &mut first } else { &mut second }, *r, (*r as i64 * 31) % 17, c);
        }
        second.append(first);
        assert_eq!(one.settle(|_| true), second.settle(|_| true));
    }
}
