//! The slots of one piece, filled from the rungs.
//!
//! Every rung hands out its products best first, each once a piece: a product that a guard refused for one
//! slot is refused for all later ones too, because guards only ever get stricter while a piece is filled.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fmt::Write as _;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::again;
use super::basket::{self, Item, To};
use super::bayes::Pick;
use super::learn::{Kind, Rung, Shelf};
use super::profile::{Attribute, Class};
use super::rules::{Offer, Ready};
use super::scores::Score;
use super::{Mix, Per, SlotsPlan, Trait};
use crate::decide::decision::Slot;
use crate::decide::rule::{Scene, Value};
use crate::decide::trace::Trace;

/// So many kinds of people a worker remembers the odds of, each by its classes in the evidence.
const REMEMBERED: usize = 4_096;

/// One worker's reused memory for filling slots, always from the same shelf.
#[derive(Debug, Default)]
pub struct Scratch {
    chosen: Vec<u32>,
    /// The person's latest products, once they are asked for.
    history: Vec<Item>,
    history_known: bool,
    lines: Vec<Item>,
    again: again::Bought,
    sums: Sums,
    states: Vec<State>,
    order: Vec<usize>,
}

/// How far a rung has come with this piece.
#[derive(Debug, Default)]
struct State {
    started: bool,
    /// The next in a list; for rules, the next rule.
    at: usize,
    /// For rules: the next offer of the rule.
    inner: usize,
    /// How many slots it filled.
    used: u32,
    /// What a model found, the best on top.
    found: BinaryHeap<Found>,
    /// The person's classes, for words.
    classes: Vec<Class>,
    picks: Option<Arc<[Pick]>>,
    /// The picks of each kind of people that came by.
    remembered: FxHashMap<Box<[Class]>, Arc<[Pick]>>,
}

/// A product that a model found for this person.
#[derive(Clone, Copy, Debug)]
struct Found {
    score: f64,
    /// Its place in the order of keys: the smaller wins among equals.
    order: u32,
    row: u32,
    /// The item that speaks most for it, by its number; of what is bought again, the last line.
    item: u32,
    /// How much it is borne out: how many bought both; of what is bought again, on how many days.
    both: u32,
    /// How close it is to that item.
    best: f32,
}

impl Ord for Found {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then_with(|| other.order.cmp(&self.order))
    }
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Found {}

/// Sums by product, cleared by what was touched.
#[derive(Debug, Default)]
struct Sums {
    of: Vec<Sum>,
    touched: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    score: f64,
    best: f32,
    item: u32,
    both: u32,
    touched: bool,
}

/// Why a product was not taken.
enum Refused<'a> {
    AlreadyThere,
    Never(&'a str),
    TooMany(u32),
    TooAlike(&'a str, f32),
}

/// What speaks for a product.
#[derive(Clone, Copy)]
enum Evidence<'a> {
    Rule(&'a Ready, &'a Offer),
    Sold(usize, i64),
    Found(Found),
    Pick(Pick),
    /// Rank, how many of the group bought it.
    Alike(usize, u32),
    /// Rank.
    Score(usize, Score),
}

/// The products of one piece while they are chosen.
struct Piece<'a, 's> {
    plan: &'a SlotsPlan,
    shelf: &'a Shelf,
    scene: Scene<'a>,
    person: &'s str,
    scratch: &'s mut Scratch,
    trace: &'s mut Trace,
}

/// Fills the slots of `person` from their ladders. Slots for which nothing was found are empty at the end.
pub fn fill<'a>(
    plan: &'a SlotsPlan,
    shelf: &'a Shelf,
    scene: &Scene<'a>,
    person: &str,
    scratch: &mut Scratch,
    slots: &mut Vec<Slot>,
    trace: &mut Trace,
) {
    scratch.begin(shelf);
    let mut piece = Piece { plan, shelf, scene: *scene, person, scratch, trace };
    for (name, ladder) in plan.names.iter().zip(&plan.ladders) {
        let slot = piece.slot(name, ladder).unwrap_or_else(|| {
            piece.trace.line(|| format!("  {name} stays empty: no rung has a product left that may be shown"));
            Slot {
                name: Arc::clone(name),
                product: None,
                product_row: None,
                by: Arc::from("nothing"),
                because: "no rung of the ladder had a product left that may be shown".to_owned(),
                note: None,
            }
        });
        slots.push(slot);
    }
}

impl Scratch {
    fn begin(&mut self, shelf: &Shelf) {
        self.chosen.clear();
        self.history_known = false;
        self.states.resize_with(shelf.rungs.len(), State::default);
        for state in &mut self.states {
            state.started = false;
            state.at = 0;
            state.inner = 0;
            state.used = 0;
            state.found.clear();
            state.picks = None;
        }
        self.sums.of.resize(shelf.keys.len(), Sum::default());
    }
}

impl<'a> Piece<'a, '_> {
    /// The first product of the ladder that may be shown.
    fn slot(&mut self, name: &Arc<str>, ladder: &[usize]) -> Option<Slot> {
        let mut order = std::mem::take(&mut self.scratch.order);
        order.clear();
        order.extend_from_slice(ladder);
        if self.plan.mix == Mix::Turns
            && let Some((_, turns)) = order.split_last_mut()
        {
            let (rungs, states) = (&self.shelf.rungs, &self.scratch.states);
            let of = |i: usize| {
                let weight = rungs.get(i).map_or(1, |r| u64::from(r.weight));
                (weight, states.get(i).map_or(1, |s| u64::from(s.used) + 1))
            };
            // a.weight / a.next > b.weight / b.next, without division; equal ones stay in the ladder's order.
            turns.sort_by(|a, b| {
                let ((weight_a, next_a), (weight_b, next_b)) = (of(*a), of(*b));
                (weight_b * next_a).cmp(&(weight_a * next_b))
            });
        }
        let slot = order.iter().find_map(|number| {
            let rung = self.shelf.rungs.get(*number)?;
            if self.scratch.states.get(*number)?.used >= rung.most {
                return None;
            }
            while let Some((row, evidence)) = self.next(*number, rung) {
                if let Some(slot) = self.offer(name, row, *number, rung, evidence) {
                    self.scratch.states.get_mut(*number)?.used += 1;
                    return Some(slot);
                }
            }
            None
        });
        self.scratch.order = order;
        slot
    }

    /// The rung's next product.
    fn next(&mut self, number: usize, rung: &'a Rung) -> Option<(u32, Evidence<'a>)> {
        loop {
            let (row, evidence) = match &rung.kind {
                Kind::Rules(rules) => self.next_of_rules(number, rules)?,
                Kind::Popular(ranking) => {
                    let state = self.scratch.states.get_mut(number)?;
                    let seller = ranking.sellers.get(state.at)?;
                    state.at += 1;
                    (seller.row, Evidence::Sold(state.at, seller.units))
                }
                Kind::Together { model, plan, lines } => {
                    if self.starts(number)? {
                        self.items(&plan.to, lines.as_ref());
                        let near = |row| model.of(row).iter().map(|n| (n.row, n.score, n.both));
                        self.sum_up(number, &plan.to, near);
                    }
                    let found = self.scratch.states.get_mut(number)?.found.pop()?;
                    (found.row, Evidence::Found(found))
                }
                Kind::Similar { model, plan, lines } => {
                    if self.starts(number)? {
                        self.items(&plan.to, lines.as_ref());
                        let near = |row| model.of(row).iter().map(|l| (l.row, l.likeness, 0));
                        self.sum_up(number, &plan.to, near);
                    }
                    let found = self.scratch.states.get_mut(number)?.found.pop()?;
                    (found.row, Evidence::Found(found))
                }
                Kind::Bayes { model, attributes, plan, .. } => {
                    if self.starts(number)? {
                        self.classify(number, &plan.evidence, attributes);
                        let state = self.scratch.states.get_mut(number)?;
                        state.picks = Some(match state.remembered.get(state.classes.as_slice()) {
                            Some(picks) => Arc::clone(picks),
                            None => {
                                let picks = model.as_ref()?.picks(&state.classes);
                                if state.remembered.len() >= REMEMBERED {
                                    state.remembered.clear();
                                }
                                state.remembered.insert(state.classes.as_slice().into(), Arc::clone(&picks));
                                picks
                            }
                        });
                    }
                    let state = self.scratch.states.get_mut(number)?;
                    let pick = *state.picks.as_ref()?.get(state.at)?;
                    state.at += 1;
                    (pick.row, Evidence::Pick(pick))
                }
                Kind::Alike { model, attributes, plan, .. } => {
                    if self.starts(number)? {
                        self.classify(number, &plan.attributes, attributes);
                    }
                    let state = self.scratch.states.get_mut(number)?;
                    let (_, group) = model.of(&state.classes)?;
                    let (row, buyers) = *group.bought.get(state.at)?;
                    state.at += 1;
                    (row, Evidence::Alike(state.at, buyers))
                }
                Kind::Again { plan, since, today } => {
                    if self.starts(number)? {
                        let state = self.scratch.states.get_mut(number)?;
                        let mut found = std::mem::take(&mut state.found).into_vec();
                        let order = &self.shelf.order;
                        plan.of(&self.scene, *since, *today, &mut self.scratch.again, |a| {
                            let order = order.get(a.row as usize).copied().unwrap_or(u32::MAX);
                            let (row, score) = (a.row, a.score);
                            found.push(Found { score, order, row, item: a.line, both: a.days, best: 0.0 });
                        });
                        state.found = BinaryHeap::from(found);
                    }
                    let found = self.scratch.states.get_mut(number)?.found.pop()?;
                    (found.row, Evidence::Found(found))
                }
                Kind::Scores(scores) => {
                    let state = self.scratch.states.get_mut(number)?;
                    let score = *scores.as_ref()?.of(self.person).get(state.at)?;
                    state.at += 1;
                    (score.product, Evidence::Score(state.at, score))
                }
            };
            self.scene.product = row;
            if rung.condition.as_ref().is_none_or(|c| c.holds(&self.scene)) {
                return Some((row, evidence));
            }
        }
    }

    /// Whether the rung is asked for the first time for this piece.
    fn starts(&mut self, number: usize) -> Option<bool> {
        let state = self.scratch.states.get_mut(number)?;
        Some(!std::mem::replace(&mut state.started, true))
    }

    /// The person's classes in the attributes of a rung.
    fn classify(&mut self, number: usize, traits: &'a [Trait], attributes: &[Attribute]) {
        let Some(state) = self.scratch.states.get_mut(number) else { return };
        state.classes.clear();
        let scene = &self.scene;
        state.classes.extend(traits.iter().zip(attributes).map(|(t, a)| a.class(t.raw(scene))));
    }

    fn next_of_rules(&mut self, number: usize, rules: &'a [Ready]) -> Option<(u32, Evidence<'a>)> {
        let state = self.scratch.states.get_mut(number)?;
        loop {
            let rule = rules.get(state.at)?;
            if state.inner == 0 {
                if !rule.holds(&self.scene) {
                    state.at += 1;
                    continue;
                }
                self.trace.line(|| format!("  the rule '{}' holds", rule.name));
            }
            if let Some(offer) = rule.offers.get(state.inner) {
                state.inner += 1;
                return Some((offer.row, Evidence::Rule(rule, offer)));
            }
            state.at += 1;
            state.inner = 0;
        }
    }

    /// Finds what the model starts from.
    fn items(&mut self, to: &To, lines: Option<&basket::Lines>) {
        if let (To::Lines { .. }, Some(lines)) = (to, lines) {
            let items = &mut self.scratch.lines;
            items.clear();
            if let Some(record) = self.scene.record {
                lines.items(record, self.shelf.unit_key, items);
            }
        } else if !self.scratch.history_known {
            basket::history(&self.scene, &mut self.scratch.history);
            self.scratch.history_known = true;
        }
    }

    /// Sums up the closeness of products to the items: `near` gives row, closeness and support.
    fn sum_up<I: Iterator<Item = (u32, f32, u32)>>(&mut self, number: usize, to: &To, near: impl Fn(u32) -> I) {
        let Scratch { states, sums, history, lines, .. } = &mut *self.scratch;
        let Some(state) = states.get_mut(number) else { return };
        let items = started_from(to, history, lines);
        for (number, item) in (0u32..).zip(items) {
            for (row, score, both) in near(item.product) {
                let Some(sum) = sums.of.get_mut(row as usize) else { continue };
                if !sum.touched {
                    sums.touched.push(row);
                }
                if !sum.touched || score > sum.best {
                    (sum.best, sum.item, sum.both) = (score, number, both);
                }
                sum.touched = true;
                sum.score += f64::from(score);
            }
        }
        let mut found = std::mem::take(&mut state.found).into_vec();
        for row in sums.touched.drain(..) {
            let Some(sum) = sums.of.get_mut(row as usize) else { continue };
            let Sum { score, item, both, best, .. } = std::mem::take(sum);
            let order = self.shelf.order.get(row as usize).copied().unwrap_or(u32::MAX);
            if items.iter().all(|i| i.product != row) {
                found.push(Found { score, order, row, item, both, best });
            }
        }
        state.found = BinaryHeap::from(found);
    }

    /// The slot with this product, unless a guard refuses it.
    fn offer(&mut self, name: &Arc<str>, row: u32, number: usize, rung: &Rung, evidence: Evidence<'_>) -> Option<Slot> {
        let key = self.shelf.key(row)?;
        self.scene.product = row;
        let by = &rung.by;
        if let Err(refused) = self.judge(row) {
            self.trace.line(|| match refused {
                Refused::AlreadyThere => format!("  {key} ({by}): is already on the piece"),
                Refused::Never(text) => format!("  {key} ({by}): never when {text}"),
                Refused::TooMany(count) => format!("  {key} ({by}): {count} of its kind are on the piece already"),
                Refused::TooAlike(other, likeness) => {
                    format!("  {key} ({by}): {:.0} % alike with {other}, which is on the piece", likeness * 100.0)
                }
            });
            return None;
        }
        let mut words = String::with_capacity(96);
        let note = match evidence {
            Evidence::Rule(rule, offer) => {
                rule.because(offer, &self.scene, &self.shelf.keys, key, &mut words);
                rule.note.clone()
            }
            _ => {
                self.because(number, rung, evidence, &mut words);
                None
            }
        };
        self.trace.line(|| format!("  {key} ({by}): taken for {name}, because {words}"));
        self.scratch.chosen.push(row);
        Some(Slot {
            name: Arc::clone(name),
            product: Some(Arc::clone(key)),
            product_row: Some(row),
            by: Arc::clone(by),
            because: words,
            note,
        })
    }

    /// What speaks for the product, in words.
    fn because(&self, rung_number: usize, rung: &Rung, evidence: Evidence<'_>, out: &mut String) {
        let classes = self.scratch.states.get(rung_number).map_or(&[] as &[Class], |s| &s.classes);
        match (&rung.kind, evidence) {
            (Kind::Popular(ranking), Evidence::Sold(rank, units)) => ranking.because(rank, units, out),
            (Kind::Together { model, plan, .. }, Evidence::Found(found)) => {
                let Some(item) = self.start(&plan.to, &found, out) else { return };
                number(found.both, out);
                out.push_str(" of ");
                number(model.count(item.product), out);
                out.push_str(match plan.per {
                    Per::Customer => " who did bought this",
                    Per::Day | Per::Column(_) => " baskets with it held this",
                });
            }
            (Kind::Similar { plan, .. }, Evidence::Found(found)) if self.start(&plan.to, &found, out).is_some() => {
                let _ = write!(out, "{:.0} % alike", found.best * 100.0);
            }
            (Kind::Bayes { attributes, .. }, Evidence::Pick(pick)) => {
                pick.because(out, |i, out| match (attributes.get(i), classes.get(i)) {
                    (Some(attribute), Some(class)) => {
                        attribute.words(*class, out);
                        true
                    }
                    _ => false,
                });
            }
            (Kind::Alike { model, attributes, .. }, Evidence::Alike(rank, buyers)) => {
                let Some((level, group)) = model.of(classes) else { return };
                number(buyers, out);
                out.push_str(" of ");
                number(group.people, out);
                out.push_str(" with ");
                for (i, (attribute, class)) in attributes.iter().zip(classes).take(level).enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    attribute.words(*class, out);
                }
                let _ = write!(out, " bought this, rank {rank}");
            }
            (Kind::Again { .. }, Evidence::Found(found)) => {
                let last = self.scene.world.history.as_ref().and_then(|h| h.date(found.item));
                again::because(found.both, last, out);
            }
            (Kind::Scores(Some(scores)), Evidence::Score(rank, score)) => {
                let _ = write!(out, "score {}", score.score);
                if let Some(model) = scores.model(&score) {
                    let _ = write!(out, " of the model {model}");
                }
                let _ = write!(out, ", rank {rank}");
            }
            _ => {}
        }
    }

    /// The item that speaks most for what was found, in words: `bought P0007 on 2026-09-12; `.
    fn start(&self, to: &To, found: &Found, out: &mut String) -> Option<Item> {
        let items = started_from(to, &self.scratch.history, &self.scratch.lines);
        let item = items.get(found.item as usize).copied()?;
        let key = self.shelf.key(item.product)?;
        let date = self.scene.world.history.as_ref().and_then(|h| h.date(item.line));
        let _ = match (to, date) {
            (To::Lines { name, .. }, _) => write!(out, "{key} is in its {name}; "),
            (_, Some(date)) => write!(out, "bought {key} on {date}; "),
            (_, None) => write!(out, "bought {key}; "),
        };
        Some(item)
    }

    fn judge(&self, row: u32) -> Result<(), Refused<'a>> {
        if self.scratch.chosen.contains(&row) {
            return Err(Refused::AlreadyThere);
        }
        if let Some(guard) = self.plan.never.iter().find(|g| g.program.holds(&self.scene)) {
            return Err(Refused::Never(&guard.text));
        }
        for kind in &self.plan.at_most {
            let value = kind.per.value(&self.scene);
            let same = |other: &&u32| {
                let scene = Scene { product: **other, ..self.scene };
                value != Value::Missing && kind.per.value(&scene) == value
            };
            if self.scratch.chosen.iter().filter(same).count() >= kind.count as usize {
                return Err(Refused::TooMany(kind.count));
            }
        }
        if let (Some(most), Some(vectors)) = (self.plan.most_alike, &self.shelf.vectors) {
            for other in self.scratch.chosen.iter().copied() {
                let likeness = vectors.likeness(row, other);
                if likeness > most {
                    let key = self.shelf.key(other).map_or("", |k| &**k);
                    return Err(Refused::TooAlike(key, likeness));
                }
            }
        }
        Ok(())
    }
}

/// The items among those that were collected.
fn started_from<'i>(to: &To, history: &'i [Item], lines: &'i [Item]) -> &'i [Item] {
    match to {
        To::LastBought => history.get(..1).unwrap_or_default(),
        To::LastBasket => {
            let last = history.first().map_or(0, |i| i.day);
            &history[..history.iter().take_while(|i| i.day == last).count()]
        }
        To::History => history,
        To::Lines { .. } => lines,
    }
}

/// A number with its thousands parted: `3,310`.
fn number(n: u32, out: &mut String) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(n);
    for (i, digit) in digits.char_indices() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        let words = |n| {
            let mut out = String::new();
            number(n, &mut out);
            out
        };
        assert_eq!([0, 412, 3_310, 1_234_567].map(words), ["0", "412", "3,310", "1,234,567"]);
    }
}
