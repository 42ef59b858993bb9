//! What the rungs learn from the rows of the tables, once, before anything is decided.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;

use super::again::AgainPlan;
use super::alike::Alike;
use super::basket::{Lines, To};
use super::bayes::Bayes;
use super::bought::Bought;
use super::popular::{Count, Ranking};
use super::profile::Attribute;
use super::rules::{Goods, Ready};
use super::scores::Scores;
use super::similar::{Collector, Similar, Vectors};
use super::together::Together;
use super::{
    AlikePlan, BayesPlan, FieldPlan, KindPlan, Per, RungPlan, SimilarPlan, SlotsPlan, Terms, TogetherPlan, terms,
};
use crate::base::Diagnostic;
use crate::data::index::Index;
use crate::data::record::Field;
use crate::data::table::Table;
use crate::decide::days;
use crate::decide::history::History;
use crate::decide::rule::{NO_ROW, Program, World};

/// Of one person (or basket) with more different products than this, only the latest count: a wholesaler's
/// list would say nothing, and cost the square of its length.
const MOST_OF_A_GROUP: usize = 500;

/// Products and rungs, ready for people.
#[derive(Debug, Default)]
pub struct Shelf {
    /// The products' keys, by row.
    pub keys: Vec<Arc<str>>,
    /// The products' places in the order of their keys, by row.
    pub order: Vec<u32>,
    pub rungs: Vec<Rung>,
    /// For the likeness of products on one piece.
    pub(super) vectors: Option<Vectors>,
    /// The unit's key column, for lines that belong to a record.
    pub(super) unit_key: usize,
}

/// A rung with what it learnt.
#[derive(Debug)]
pub struct Rung {
    pub by: Arc<str>,
    pub kind: Kind,
    pub condition: Option<Program>,
    pub weight: u32,
    pub most: u32,
}

#[derive(Debug)]
pub enum Kind {
    Rules(Vec<Ready>),
    Popular(Ranking),
    Together {
        model: Together,
        plan: TogetherPlan,
        lines: Option<Lines>,
    },
    Similar {
        model: Similar,
        plan: SimilarPlan,
        lines: Option<Lines>,
    },
    /// Made when the people have been seen; `since` is the first day that counts.
    Bayes {
        model: Option<Bayes>,
        attributes: Vec<Attribute>,
        plan: BayesPlan,
        since: i32,
    },
    Alike {
        model: Alike,
        attributes: Vec<Attribute>,
        plan: AlikePlan,
        since: i32,
    },
    Scores(Option<Scores>),
    /// `since` is the first day that counts, `today` the campaign's.
    Again {
        plan: AgainPlan,
        since: i32,
        today: i32,
    },
}

/// What models learn from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub world: &'a World,
    pub as_of: Date,
    pub unit_key: usize,
}

impl Shelf {
    /// Learns what needs the tables alone. Faults in tables of rules go to `faults`.
    #[must_use]
    pub fn learn(plan: &SlotsPlan, source: Source<'_>, faults: &mut Vec<Diagnostic>) -> Self {
        let Some(products) = source.world.table(plan.products) else { return Self::default() };
        let keys: Vec<Arc<str>> = (0..products.len()).map(|row| products.text(row, plan.key).trim().into()).collect();
        let order = order(&keys);
        let needs_rank = plan.rungs.iter().any(|r| matches!(&r.kind, KindPlan::Rules(r) if r.offers_categories()));
        let rank = |days, count| ranking(source, products, plan.key, days, count);
        let ranked = needs_rank.then(|| rank(plan.ranked_days(), Count::Units));
        let goods = Goods { products, key: plan.key, category: plan.category, ranking: ranked.as_ref() };
        let mut rungs = Vec::with_capacity(plan.rungs.len());
        for rung in &plan.rungs {
            let kind = match &rung.kind {
                KindPlan::Rules(r) => {
                    let table = r.table.as_ref().and_then(|t| source.world.table(t.table));
                    Kind::Rules(r.ready(&goods, table, faults))
                }
                KindPlan::Popular { days, count } => Kind::Popular(rank(*days, *count)),
                KindPlan::Again(plan) => Kind::Again {
                    plan: *plan,
                    since: since(source.as_of, plan.days),
                    today: days::number(source.as_of),
                },
                KindPlan::Together(t) => Kind::Together {
                    model: Together::new(&groups(source, t.per, t.days), &order, &t.settings),
                    lines: lines(&t.to, source.world, products),
                    plan: t.clone(),
                },
                KindPlan::Similar(s) => {
                    // Only what somebody bought can be started from, unless it comes from another table.
                    let bought = s.to.table().is_none().then(|| bought(source, products.len()));
                    let wanted = |row: u32| bought.as_ref().is_none_or(|b| b.get(row as usize).is_some_and(|b| *b));
                    Kind::Similar {
                        model: Similar::new(&vectors(products, &s.fields), &order, s.neighbours, s.least, wanted),
                        lines: lines(&s.to, source.world, products),
                        plan: s.clone(),
                    }
                }
                KindPlan::Bayes(b) => Kind::Bayes {
                    model: None,
                    attributes: Vec::new(),
                    since: since(source.as_of, b.days),
                    plan: b.clone(),
                },
                KindPlan::Alike(a) => Kind::Alike {
                    model: Alike::default(),
                    attributes: Vec::new(),
                    since: since(source.as_of, a.days),
                    plan: a.clone(),
                },
                KindPlan::Scores(s) => {
                    let table = source.world.tables.get(s.table).and_then(Option::as_ref);
                    Kind::Scores(table.map(|t| Scores::new(s, t, products, &order)))
                }
            };
            let RungPlan { by, condition, weight, most, .. } = rung;
            rungs.push(Rung { by: Arc::clone(by), kind, condition: condition.clone(), weight: *weight, most: *most });
        }
        let vectors = plan.most_alike.map(|_| vectors(products, &plan.fields));
        Self { keys, order, rungs, vectors, unit_key: source.unit_key }
    }

    /// The key of the product in a row.
    #[must_use]
    pub fn key(&self, row: u32) -> Option<&Arc<str>> {
        self.keys.get(row as usize)
    }
}

/// The place of each key in their order.
fn order(keys: &[Arc<str>]) -> Vec<u32> {
    let mut rows: Vec<u32> = (0u32..).take(keys.len()).collect();
    rows.sort_by(|a, b| keys[*a as usize].cmp(&keys[*b as usize]));
    let mut order = vec![0; keys.len()];
    for (place, row) in (0u32..).zip(rows) {
        order[row as usize] = place;
    }
    order
}

fn ranking(source: Source<'_>, products: &Table, key: usize, days: u32, count: Count) -> Ranking {
    match &source.world.history {
        Some(h) => Ranking::new(h, products, key, source.as_of, days, count),
        None => Ranking::none(days),
    }
}

fn lines(to: &To, world: &World, products: &Table) -> Option<Lines> {
    let To::Lines { table, unit, product, .. } = to else { return None };
    Some(Lines::new(world.tables.get(*table)?.as_ref()?, *unit, *product, products))
}

/// The products by their terms.
fn vectors(products: &Table, fields: &[FieldPlan]) -> Vectors {
    let mut collector = Collector::new(fields.iter().map(|f| f.weight).collect());
    let mut band = String::new();
    for row in 0..products.len() {
        for (number, field) in (0u32..).zip(fields) {
            match field.terms {
                Terms::Words => terms::of_text(products.text(row, field.column), |t| collector.term(number, t)),
                Terms::Values => terms::of_values(products.text(row, field.column), |t| collector.term(number, t)),
                Terms::Bands => {
                    #[expect(clippy::cast_precision_loss, reason = "bands, not books")]
                    let n = match products.field(row, field.column) {
                        Field::Integer(n) => n as f64,
                        Field::Number(n) => n,
                        _ => 0.0,
                    };
                    if let Some(n) = terms::band(n) {
                        band.clear();
                        let _ = write!(band, "{n}");
                        collector.term(number, &band);
                    }
                }
            }
            collector.end_field();
        }
    }
    collector.vectors()
}

/// The first of the last `days` days up to `as_of`; the beginning of time when not said.
fn since(as_of: Date, days: Option<u32>) -> i32 {
    let all = i32::MIN + 1;
    days.map_or(all, |n| {
        days::number(as_of).saturating_sub(i32::try_from(n).unwrap_or(i32::MAX)).saturating_add(1).max(all)
    })
}

/// Which of so many products anyone bought and kept.
fn bought(source: Source<'_>, products: u32) -> Vec<bool> {
    let mut bought = vec![false; products as usize];
    let Some(history) = &source.world.history else { return bought };
    for line in (0..history.len()).filter(|l| history.kept_since(*l, i32::MIN + 1)) {
        if let Some(bought) = bought.get_mut(history.product(line) as usize) {
            *bought = true;
        }
    }
    bought
}

/// What was bought together: standing purchases of known products, by person, by day, or by basket.
fn groups(source: Source<'_>, per: Per, days: Option<u32>) -> Bought {
    let mut bought = Bought::default();
    let Some(history) = &source.world.history else { return bought };
    let since = since(source.as_of, days);
    let mut group = Group { items: Vec::new(), products: Vec::new() };
    match per {
        Per::Customer => {
            for lines in history.people() {
                group.collect(history, lines, since);
                group.push(&mut bought);
            }
        }
        Per::Day => {
            for lines in history.people() {
                group.collect(history, lines, since);
                group.items.sort_unstable();
                let mut all = std::mem::take(&mut group.items);
                for day in all.chunk_by(|a, b| a.0 == b.0) {
                    group.items.clear();
                    group.items.extend_from_slice(day);
                    group.push(&mut bought);
                }
                all.clear();
                group.items = all;
            }
        }
        Per::Column(column) => {
            let Some(table) = source.world.table(history.position()) else { return bought };
            let index = Index::new(table, column);
            for (_, lines) in index.groups(table) {
                group.collect(history, lines, since);
                group.push(&mut bought);
            }
        }
    }
    bought
}

/// One group while it is collected: day and product of each line.
struct Group {
    items: Vec<(i32, u32)>,
    products: Vec<u32>,
}

impl Group {
    fn collect(&mut self, history: &History, lines: &[u32], since: i32) {
        self.items.clear();
        for line in lines.iter().copied().filter(|l| history.kept_since(*l, since)) {
            if let (Some(day), product) = (history.day(line), history.product(line))
                && product != NO_ROW
            {
                self.items.push((day, product));
            }
        }
    }

    fn push(&mut self, bought: &mut Bought) {
        if self.items.is_empty() {
            return;
        }
        self.products.clear();
        if self.items.len() > MOST_OF_A_GROUP {
            // The latest day of each product, then the latest products; of one day, by row.
            self.items.sort_unstable_by_key(|(day, product)| (*product, std::cmp::Reverse(*day)));
            self.items.dedup_by_key(|(_, product)| *product);
            self.items.sort_unstable_by_key(|(day, product)| (std::cmp::Reverse(*day), *product));
            self.items.truncate(MOST_OF_A_GROUP);
        }
        self.products.extend(self.items.iter().map(|(_, product)| *product));
        bought.push(&mut self.products);
    }
}
