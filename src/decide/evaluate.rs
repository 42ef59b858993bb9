//! How good the rungs are, before anything is printed: leave-last-out.
//!
//! Of everyone who bought on two days or more, all purchases of the last day are hidden. One product of that
//! day is the *target*: drawn by the seed among those that the person had not bought before. The models learn
//! from what is left, and each gives its best k products that the person has not bought. A *hit* is a target
//! among them, at place p; hit rate@k is the share of hits, NDCG@k the mean of 1 / log2(p + 1) (0 without a hit),
//! coverage the share of all products that were bought which anyone is given. Guards are left out: they say
//! what may be shown, not what is likely.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Decider;
use super::decider::Scratch;
use super::plan::Stage;
use super::recommend::popular::{Count, Ranking};
use super::recommend::{self, Guard, Kind, Lesson, Rung, Shelf, SlotsPlan, Source};
use super::rule::{NO_ROW, Program};
use super::segment::RfmRule;
use super::trace::Trace;
use super::ways::Way;
use crate::base::choice::Key;
use crate::data::record::Record;

/// No more people than this are asked, drawn by the seed.
pub const MOST_ASKED: u32 = 20_000;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many products each gives.
    pub k: usize,
    pub seed: u64,
    /// Whether products that the person bought before may be targets, and be given.
    pub repeats: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Report {
    pub k: usize,
    pub seed: u64,
    pub repeats: bool,
    /// How many people were asked.
    pub people: u32,
    /// How many products were bought by anyone in what was learnt from.
    pub products: u32,
    pub rows: Vec<Row>,
}

/// One rung, the ladder, or popularity.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Row {
    /// `ladder`, the rung's name (with its number where there are several), or `popularity`.
    pub name: String,
    pub hits: u32,
    pub hit_rate: f64,
    /// Half the width of the hit rate's 95 % interval.
    pub plus_minus: f64,
    pub ndcg: f64,
    pub coverage: f64,
    /// The share of people who were given anything.
    pub answered: f64,
}

/// One row while it is measured.
struct Measured {
    name: String,
    plan: SlotsPlan,
    hits: u32,
    gain: f64,
    answered: u32,
    given: Vec<bool>,
}

impl Decider {
    /// Measures the ladder of the first slot and each rung of the campaign. `pass` reads all records of the
    /// unit's table and hands each on, until it is told that no more are wanted; it is called twice.
    ///
    /// # Errors
    /// Whatever `pass` fails with. `Ok(None)` for a campaign without slots or without purchases.
    pub fn evaluate<E>(
        mut self,
        options: Options,
        mut pass: impl FnMut(&mut dyn FnMut(&Record) -> bool) -> Result<(), E>,
    ) -> Result<Option<Report>, E> {
        let plan = Arc::clone(&self.plan);
        let (Some(slots), Some(products)) =
            (&plan.slots, plan.products().and_then(|p| self.world.tables.get(p)?.clone()))
        else {
            return Ok(None);
        };
        let Some(targets) = self.hide(options) else { return Ok(None) };
        let Some(history) = &self.world.history else { return Ok(None) };
        self.rfm = plan.rfm.as_ref().map(|rfm| RfmRule::new(rfm, history));
        // What is hidden counts for nobody's group either.
        if plan.cuts_by_quantiles() {
            let (mut found, mut scratch) = (self.nothing_found(Way::Values), Scratch::default());
            pass(&mut |record| {
                self.find(Way::Values, record, &mut scratch, &mut found);
                true
            })?;
            let mut gathered = self.nothing_gathered(Way::Values);
            gathered.take(found);
            self.settle(gathered);
        }
        let Some(history) = &self.world.history else { return Ok(None) };
        let source = Source { world: &self.world, as_of: plan.as_of, unit_key: plan.key };
        let mut shelf = Shelf::learn(slots, source, &mut Vec::new());
        let mut sold = vec![false; shelf.keys.len()];
        for line in (0..history.len()).filter(|l| history.kept_since(*l, i32::MIN + 1)) {
            if let Some(sold) = sold.get_mut(history.product(line) as usize) {
                *sold = true;
            }
        }
        shelf.rungs.push(Rung {
            by: "popularity".into(),
            kind: Kind::Popular(Ranking::new(history, &products, slots.key, plan.as_of, 36_500, Count::Units)),
            condition: None,
            weight: 1,
            most: u32::MAX,
        });
        let mut lesson = Lesson::new(&shelf);
        if shelf.learns_from_people() {
            pass(&mut |record| {
                let mut scene = self.scene(record, self.person(record));
                self.name_segment(&mut scene);
                lesson.see(&scene)
            })?;
        }
        let learnt = lesson.learnt();
        shelf.adopt(learnt);
        let mut rows = self.rows(slots, &shelf, options);
        let mut scratches: Vec<recommend::Scratch> = rows.iter().map(|_| recommend::Scratch::default()).collect();
        let mut asked: FxHashMap<u32, u32> = targets;
        let (mut people, mut given) = (0, Vec::new());
        pass(&mut |record| {
            let person = self.person(record);
            let mut scene = self.scene(record, person);
            let Some(target) = scene.lines.first().and_then(|line| asked.remove(line)) else { return true };
            self.name_segment(&mut scene);
            people += 1;
            for (row, scratch) in rows.iter_mut().zip(&mut scratches) {
                given.clear();
                recommend::fill(&row.plan, &shelf, &scene, person, scratch, &mut given, &mut Trace::default());
                row.count(target, given.iter().filter_map(|slot| slot.product_row));
            }
            !asked.is_empty()
        })?;
        let products = u32::try_from(sold.iter().filter(|s| **s).count()).unwrap_or(u32::MAX);
        let rows = rows.into_iter().map(|row| row.finish(people, &sold, products)).collect();
        let Options { k, seed, repeats } = options;
        Ok(Some(Report { k, seed, repeats, people, products, rows }))
    }

    /// Hides the last day of everyone who is asked: by the first of a person's lines, the product that is looked
    /// for.
    fn hide(&mut self, options: Options) -> Option<FxHashMap<u32, u32>> {
        let key = Key::new(&options.seed.to_be_bytes());
        let mut targets = FxHashMap::default();
        let mut hidden: Vec<u32> = Vec::new();
        let history = self.world.history.as_mut()?;
        let everyone = u32::try_from(history.people().count()).unwrap_or(u32::MAX);
        let share = u64::from(MOST_ASKED) * 1_000_000 / u64::from(everyone.max(1));
        let share = u32::try_from(share).unwrap_or(u32::MAX);
        for lines in history.people() {
            let Some(first) = lines.first().copied() else { continue };
            let person = history.person(first);
            if share < 1_000_000 && !key.falls_in("recommend-asked", person.as_bytes(), share) {
                continue;
            }
            let kept = || lines.iter().copied().filter(|l| history.kept_since(*l, i32::MIN + 1));
            let Some(last) = kept().filter_map(|l| history.day(l)).max() else { continue };
            let before: Vec<u32> =
                kept().filter(|l| history.day(*l) < Some(last)).map(|l| history.product(l)).collect();
            if before.is_empty() {
                continue;
            }
            let mut of_day: Vec<u32> =
                kept().filter(|l| history.day(*l) == Some(last)).map(|l| history.product(l)).collect();
            of_day.retain(|p| *p != NO_ROW && (options.repeats || !before.contains(p)));
            of_day.sort_unstable();
            of_day.dedup();
            let draw = key.number("recommend-target", person.as_bytes());
            // Multiply-shift maps 64 bits evenly onto the products.
            let at = (u128::from(draw) * of_day.len() as u128) >> 64;
            let Some(target) = usize::try_from(at).ok().and_then(|i| of_day.get(i)) else { continue };
            targets.insert(first, *target);
            hidden.extend(lines.iter().filter(|l| history.day(**l) == Some(last)));
        }
        history.hide(&hidden);
        Some(targets)
    }

    /// The ladder, each of the campaign's rungs, and popularity.
    fn rows(&self, slots: &SlotsPlan, shelf: &Shelf, options: Options) -> Vec<Measured> {
        let mut never = Vec::new();
        if !options.repeats
            && let Ok(program) = Program::compile("bought(product)", &self.plan.scope(Stage::Product))
        {
            never.push(Guard { text: "bought(product)".into(), program });
        }
        let row = |name: String, ladder: Arc<[usize]>| Measured {
            name,
            plan: SlotsPlan {
                names: vec!["a".into(); options.k],
                may_be_empty: vec![true; options.k],
                ladders: vec![ladder; options.k],
                never: never.clone(),
                at_most: Vec::new(),
                most_alike: None,
                ..slots.clone()
            },
            hits: 0,
            gain: 0.0,
            answered: 0,
            given: vec![false; shelf.keys.len()],
        };
        let mut rows = Vec::new();
        if let Some(ladder) = slots.ladders.first() {
            rows.push(row("ladder".to_owned(), Arc::clone(ladder)));
        }
        for (number, rung) in shelf.rungs.iter().enumerate() {
            let same = |r: &&Rung| r.by == rung.by;
            let name = if shelf.rungs.iter().filter(same).count() > 1 {
                format!("{} {}", rung.by, shelf.rungs.iter().take(number + 1).filter(same).count())
            } else {
                rung.by.to_string()
            };
            rows.push(row(name, [number].into()));
        }
        rows
    }
}

impl Measured {
    fn count(&mut self, target: u32, given: impl Iterator<Item = u32>) {
        let mut any = false;
        for (place, product) in (1u32..).zip(given) {
            any = true;
            if let Some(given) = self.given.get_mut(product as usize) {
                *given = true;
            }
            if product == target {
                self.hits += 1;
                self.gain += 1.0 / libm::log2(f64::from(place) + 1.0);
            }
        }
        self.answered += u32::from(any);
    }

    fn finish(self, people: u32, sold: &[bool], products: u32) -> Row {
        let of = |part: f64, whole: u32| if whole == 0 { 0.0 } else { part / f64::from(whole) };
        let hit_rate = of(f64::from(self.hits), people);
        let covered = self.given.iter().zip(sold).filter(|(given, sold)| **given && **sold).count();
        Row {
            name: self.name,
            hits: self.hits,
            hit_rate,
            plus_minus: 1.96 * of(hit_rate * (1.0 - hit_rate), people).sqrt(),
            ndcg: of(self.gain, people),
            coverage: of(f64::from(u32::try_from(covered).unwrap_or(u32::MAX)), products),
            answered: of(f64::from(self.answered), people),
        }
    }
}

impl Report {
    /// The report as a table for people.
    #[must_use]
    pub fn table(&self) -> String {
        use std::fmt::Write as _;
        let k = self.k;
        let mut out = format!(
            "leave-last-out: {} people asked, {k} products each, {}, seed {}; {} products were bought\n\n",
            self.people,
            if self.repeats { "bought before or not" } else { "only such as they had not bought" },
            self.seed,
            self.products
        );
        let widest = self.rows.iter().map(|r| r.name.len()).max().unwrap_or(0).max(4);
        let heads = (format!("hit rate@{k}"), format!("NDCG@{k}"));
        let _ =
            writeln!(out, "{:widest$}  {:>16}  {:>8}  {:>8}  {:>8}", "rung", heads.0, heads.1, "coverage", "answered");
        for r in &self.rows {
            let rate = format!("{:.2} % ± {:.2}", r.hit_rate * 100.0, r.plus_minus * 100.0);
            let _ = writeln!(
                out,
                "{:widest$}  {rate:>16}  {:>8.4}  {:>6.2} %  {:>6.1} %",
                r.name,
                r.ndcg,
                r.coverage * 100.0,
                r.answered * 100.0
            );
        }
        out
    }
}
