//! Who of a household gets the piece, whose household is on a list, and arms whose shares hold in each segment: what
//! [a way through all records](super::ways) finds out before the first decision, where a campaign asks for one of these.
//!
//! What is kept of a record on the way is listed in [`Overview`], and only as much as the campaign asks for; afterwards
//! one byte a record is left, or two with arms in segments ([`Standing`]). Nothing depends on the order of the rows.
//! [`super::award`] does the same for budgets.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::Digest;

/// One person's household: 128 bits of the SHA-256 of its values.
pub type Household = u128;

/// The household that values tell; `None` when one of them is empty. Widths, case and blanks do not count.
#[must_use]
pub(super) fn household<'a>(values: impl Iterator<Item = Option<std::borrow::Cow<'a, str>>>) -> Option<Household> {
    let mut text = String::new();
    for value in values {
        let before = text.len();
        super::sameness::fold(&value?, &mut text);
        if text.len() == before {
            return None;
        }
        text.push('\u{1f}');
    }
    if text.is_empty() {
        return None;
    }
    let digest = Digest::of(text.as_bytes());
    let half: [u8; 16] = digest.0.get(..16)?.try_into().ok()?;
    Some(Household::from_be_bytes(half))
}

/// What a look at one record found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looked {
    /// Inside the audience, with consent, on no list of persons: a piece may go there.
    pub wanted: bool,
    pub household: Option<Household>,
    /// Why the record's household must not be written to: a number of the decider's causes.
    pub listed: Option<u8>,
    /// By this the household's piece is given: the highest first.
    pub rank: f64,
    /// Breaks ties: the smaller first.
    pub key: String,
    /// The number of the segment (`u16::MAX` for who is held out), and a keyed number, for arms within segments.
    pub stratum: u16,
    pub draw: u64,
}

/// What is asked of the look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub households: bool,
    /// One piece for each household.
    pub one_of_each: bool,
    /// The weights of the arms, when they are drawn within segments.
    pub arms: Option<Vec<u32>>,
}

/// All records while they are looked over, by ordinal.
#[derive(Debug, Default)]
pub struct Overview {
    asked: Asked,
    count: usize,
    wanted: Vec<bool>,
    /// 16 bytes a record, 8 more with one piece for each household, and 10 with arms in segments.
    households: Vec<Household>,
    listed: FxHashMap<Household, u8>,
    ranks: Vec<f64>,
    keys: String,
    ends: Vec<u32>,
    draws: Vec<(u16, u64)>,
}

/// No household.
const ALONE: Household = 0;

impl Overview {
    #[must_use]
    pub fn new(asked: Asked) -> Self {
        Self { asked, ..Self::default() }
    }

    /// Takes in a record: they come in the order of their ordinals. For ordinals between, of rows that are no records,
    /// nothing is asked.
    pub fn add(&mut self, ordinal: u64, looked: &Looked) {
        while (self.count as u64) < ordinal {
            self.push(&Looked::default());
        }
        self.push(looked);
    }

    fn push(&mut self, looked: &Looked) {
        self.count += 1;
        self.wanted.push(looked.wanted);
        if self.asked.households {
            let household = looked.household.unwrap_or(ALONE);
            self.households.push(household);
            if let Some(cause) = looked.listed.filter(|_| household != ALONE) {
                let known = self.listed.entry(household).or_insert(cause);
                *known = cause.min(*known);
            }
        }
        if self.asked.one_of_each {
            self.ranks.push(looked.rank);
            self.keys.push_str(&looked.key);
            self.ends.push(u32::try_from(self.keys.len()).unwrap_or(u32::MAX));
        }
        if self.asked.arms.is_some() {
            self.draws.push((looked.stratum, looked.draw));
        }
    }

    fn key(&self, at: usize) -> &str {
        let from = at.checked_sub(1).and_then(|n| self.ends.get(n)).map_or(0, |e| *e as usize);
        self.ends.get(at).and_then(|to| self.keys.get(from..*to as usize)).unwrap_or_default()
    }

    /// Whether `a` comes before `b` in their household.
    fn before(&self, a: usize, b: usize) -> bool {
        let rank = |n: usize| self.ranks.get(n).copied().unwrap_or(f64::NEG_INFINITY);
        rank(b).total_cmp(&rank(a)).then_with(|| self.key(a).cmp(self.key(b))).is_lt()
    }

    /// What follows from all of them.
    #[must_use]
    pub fn settle(self) -> Standing {
        let mut verdicts = vec![FREE; self.count];
        let wanted = |n: usize| self.wanted.get(n).copied().unwrap_or(false);
        if self.asked.households {
            for (verdict, household) in verdicts.iter_mut().zip(&self.households) {
                if let Some(cause) = self.listed.get(household) {
                    *verdict = LISTED.saturating_add(*cause);
                }
            }
        }
        if self.asked.one_of_each {
            let mut first: FxHashMap<Household, usize> = FxHashMap::default();
            for (at, household) in self.households.iter().enumerate() {
                if *household == ALONE || !wanted(at) || verdicts.get(at) != Some(&FREE) {
                    continue;
                }
                let known = first.entry(*household).or_insert(at);
                if self.before(at, *known) {
                    *known = at;
                }
            }
            for (at, household) in self.households.iter().enumerate() {
                if let Some(chosen) = first.get(household)
                    && *chosen != at
                    && verdicts.get(at) == Some(&FREE)
                {
                    verdicts[at] = OTHER_OF_HOUSEHOLD;
                }
            }
        }
        let mut arms = Vec::new();
        if let Some(weights) = &self.asked.arms {
            arms = vec![NO_ARM; self.count];
            let mut drawn: Vec<(u16, u64, usize)> = self
                .draws
                .iter()
                .enumerate()
                .filter(|(at, (stratum, _))| *stratum != u16::MAX && wanted(*at) && verdicts.get(*at) == Some(&FREE))
                .map(|(at, (stratum, draw))| (*stratum, *draw, at))
                .collect();
            // Two equal draws of 64 bits under one key would be two equal persons.
            drawn.sort_unstable();
            for stratum in drawn.chunk_by(|a, b| a.0 == b.0) {
                for ((_, _, at), arm) in stratum.iter().zip(shares(weights, stratum.len())) {
                    arms[*at] = arm;
                }
            }
        }
        Standing { verdicts, arms }
    }
}

/// For `count` people in the order of their draws, their arms: the first ones get the first arm, and so on, each arm as
/// many as its weight says, to one person.
fn shares(weights: &[u32], count: usize) -> impl Iterator<Item = u8> {
    let total: u64 = weights.iter().map(|w| u64::from(*w)).sum::<u64>().max(1);
    let mut arms = Vec::with_capacity(count);
    let mut upto = 0u64;
    for (arm, weight) in (0u8..=254).zip(weights) {
        upto += u64::from(*weight);
        // Rounded to the nearest: each arm is at most one off its share.
        let end = (u128::from(upto) * count as u128 * 2 + u128::from(total)) / (u128::from(total) * 2);
        arms.resize(usize::try_from(end).unwrap_or(count).min(count), arm);
    }
    arms.into_iter()
}

const FREE: u8 = 0;
const OTHER_OF_HOUSEHOLD: u8 = 1;
const LISTED: u8 = 8;
/// So many causes of lists of households can be told apart.
pub(super) const MOST_CAUSES: usize = 200;
const NO_ARM: u8 = u8::MAX;

/// What the look over all records settled, by ordinal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    verdicts: Vec<u8>,
    arms: Vec<u8>,
}

/// What is settled for one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Free,
    /// Another of the household gets the piece.
    OtherOfHousehold,
    /// The household is on a list: the number of the cause.
    Listed(u8),
}

impl Standing {
    /// `number` is the record's, from 1.
    pub(super) fn of(&self, number: u64) -> Verdict {
        let at = number.checked_sub(1).and_then(|n| usize::try_from(n).ok());
        match at.and_then(|at| self.verdicts.get(at)).copied().unwrap_or(FREE) {
            OTHER_OF_HOUSEHOLD => Verdict::OtherOfHousehold,
            n if n >= LISTED => Verdict::Listed(n - LISTED),
            _ => Verdict::Free,
        }
    }

    /// The number of the record's arm, when arms are drawn within segments.
    pub(super) fn arm(&self, number: u64) -> Option<usize> {
        let at = number.checked_sub(1).and_then(|n| usize::try_from(n).ok())?;
        self.arms.get(at).copied().filter(|a| *a != NO_ARM).map(usize::from)
    }
}

/// The causes of lists of households, each with its number.
#[derive(Clone, Debug, Default)]
pub(super) struct Causes(pub Vec<Arc<str>>);

impl Causes {
    pub fn find(&self, cause: &Arc<str>) -> Option<u8> {
        let at = self.0.iter().position(|c| c == cause).unwrap_or(self.0.len().saturating_sub(1));
        u8::try_from(at).ok()
    }

    pub fn number(&mut self, cause: &Arc<str>) -> Option<u8> {
        let at = match self.0.iter().position(|c| c == cause) {
            Some(at) => at,
            None if self.0.len() < MOST_CAUSES => {
                self.0.push(Arc::clone(cause));
                self.0.len() - 1
            }
            None => MOST_CAUSES - 1,
        };
        u8::try_from(at).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(household: u128, rank: f64, key: &str) -> Looked {
        Looked {
            wanted: true,
            household: (household != 0).then_some(household),
            rank,
            key: key.to_owned(),
            ..Looked::default()
        }
    }

    fn settled(people: &[Looked], asked: Asked) -> Vec<(String, Verdict)> {
        let mut overview = Overview::new(asked);
        (0..).zip(people).for_each(|(n, p)| overview.add(n, p));
        let standing = overview.settle();
        let mut all: Vec<_> = (1..).zip(people).map(|(n, p)| (p.key.clone(), standing.of(n))).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    #[test]
    fn one_of_each_household_whatever_the_order() {
        let asked = Asked { households: true, one_of_each: true, arms: None };
        let mut people = vec![
            person(1, 10.0, "C3"),
            person(1, 20.0, "C2"),
            person(1, 20.0, "C1"),
            person(0, 0.0, "C4"),
            person(0, 0.0, "C5"),
            Looked { wanted: false, ..person(2, 99.0, "C6") },
            person(2, 1.0, "C7"),
        ];
        let expected = settled(&people, asked.clone());
        let of = |key: &str| expected.iter().find(|e| e.0 == key).map(|e| e.1);
        assert_eq!(of("C1"), Some(Verdict::Free), "of the highest, the smaller key");
        assert_eq!((of("C2"), of("C3")), (Some(Verdict::OtherOfHousehold), Some(Verdict::OtherOfHousehold)));
        assert_eq!((of("C4"), of("C5")), (Some(Verdict::Free), Some(Verdict::Free)), "without household");
        assert_eq!(of("C7"), Some(Verdict::Free), "who gets no piece anyway does not take it from others");
        for turn in 0..people.len() {
            people.rotate_left(1);
            people.swap(0, turn);
            assert_eq!(settled(&people, asked.clone()), expected);
        }
    }

    #[test]
    fn a_listed_household_is_listed_for_all_of_it() {
        let asked = Asked { households: true, ..Asked::default() };
        let listed = Looked { listed: Some(3), wanted: false, ..person(7, 0.0, "C1") };
        let all = settled(&[person(7, 0.0, "C2"), listed, person(8, 0.0, "C3")], asked);
        assert_eq!(
            all.iter().map(|a| a.1).collect::<Vec<_>>(),
            [Verdict::Listed(3), Verdict::Listed(3), Verdict::Free]
        );
    }

    #[test]
    fn shares_hold_in_each_segment_to_one_person() {
        for count in [0usize, 1, 2, 3, 10, 11, 997] {
            for weights in [vec![1, 1], vec![1, 3], vec![5, 2, 3], vec![1]] {
                let arms: Vec<u8> = shares(&weights, count).collect();
                assert_eq!(arms.len(), count);
                let total: u32 = weights.iter().sum();
                for (arm, weight) in (0u8..).zip(&weights) {
                    let n = arms.iter().filter(|a| **a == arm).count();
                    #[expect(clippy::cast_precision_loss, reason = "small")]
                    let off = n as f64 - count as f64 * f64::from(*weight) / f64::from(total);
                    assert!(off.abs() <= 1.0, "{count} {weights:?}: {off}");
                }
            }
        }
    }
}
