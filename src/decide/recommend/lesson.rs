//! What rungs learn from the people: every record of the unit's table is seen once, before anything is
//! decided.

use super::alike::Alike;
use super::bayes::{Bayes, People};
use super::bought::Bought;
use super::learn::{Kind, Shelf};
use super::profile::{Attribute, Class, Collected, Raw};
use super::{AlikePlan, BayesPlan, Trait};
use crate::decide::rule::{NO_ROW, Scene, Value};

/// No more records than this are learnt from, the first ones of the file: memory stays bounded.
pub const MOST_PEOPLE: u32 = 1 << 20;

/// The rungs that learn from people, with what they have seen.
#[derive(Debug)]
pub struct Lesson<'a> {
    pupils: Vec<Pupil<'a>>,
    seen: u32,
    products: Vec<u32>,
}

#[derive(Debug)]
struct Pupil<'a> {
    /// The rung's number.
    rung: usize,
    traits: &'a [Trait],
    /// The first day that counts.
    since: i32,
    bought: Bought,
    collected: Vec<Collected>,
}

/// What a rung learnt.
#[derive(Debug)]
pub struct Learnt {
    rung: usize,
    bought: Bought,
    attributes: Vec<Attribute>,
    classes: Vec<Vec<Class>>,
}

impl<'a> Lesson<'a> {
    #[must_use]
    pub fn new(shelf: &'a Shelf) -> Self {
        let pupils = shelf.rungs.iter().enumerate().filter_map(|(rung, r)| {
            let (traits, since) = match &r.kind {
                Kind::Bayes { plan, since, .. } => (plan.evidence.as_slice(), *since),
                Kind::Alike { plan, since, .. } => (plan.attributes.as_slice(), *since),
                _ => return None,
            };
            let collected = traits.iter().map(|_| Collected::default()).collect();
            Some(Pupil { rung, traits, since, bought: Bought::default(), collected })
        });
        Self { pupils: pupils.collect(), seen: 0, products: Vec::new() }
    }

    /// Sees one person. Whether more are wanted.
    pub fn see(&mut self, scene: &Scene<'_>) -> bool {
        for pupil in &mut self.pupils {
            for (t, collected) in pupil.traits.iter().zip(&mut pupil.collected) {
                collected.push(t.raw(scene));
            }
            self.products.clear();
            if let Some(history) = &scene.world.history {
                let kept = scene.lines.iter().copied().filter(|l| history.kept_since(*l, pupil.since));
                self.products.extend(kept.map(|l| history.product(l)).filter(|p| *p != NO_ROW));
            }
            pupil.bought.push(&mut self.products);
        }
        self.seen += 1;
        self.seen < MOST_PEOPLE
    }

    /// The end of the lesson.
    #[must_use]
    pub fn learnt(self) -> Vec<Learnt> {
        let of = |pupil: Pupil<'_>| {
            let finished = pupil.collected.into_iter().zip(pupil.traits).map(|(c, t)| c.finish(&t.label));
            let (attributes, classes) = finished.unzip();
            Learnt { rung: pupil.rung, bought: pupil.bought, attributes, classes }
        };
        self.pupils.into_iter().map(of).collect()
    }
}

impl Shelf {
    /// Whether a rung must see the people first.
    #[must_use]
    pub fn learns_from_people(&self) -> bool {
        self.rungs.iter().any(|r| matches!(r.kind, Kind::Bayes { .. } | Kind::Alike { .. }))
    }

    /// Makes models of what was learnt.
    pub fn adopt(&mut self, learnt: Vec<Learnt>) {
        for lesson in learnt {
            let Some(rung) = self.rungs.get_mut(lesson.rung) else { continue };
            match &mut rung.kind {
                Kind::Bayes { model, plan, attributes, .. } => {
                    let BayesPlan { settings, .. } = plan;
                    let sizes: Vec<usize> = lesson.attributes.iter().map(Attribute::len).collect();
                    let people = People { bought: &lesson.bought, classes: &lesson.classes, sizes: &sizes };
                    *model = Some(Bayes::new(people, &self.order, settings));
                    *attributes = lesson.attributes;
                }
                Kind::Alike { model, plan, attributes, .. } => {
                    let AlikePlan { min_support, .. } = plan;
                    *model = Alike::new(&lesson.bought, &lesson.classes, &self.order, *min_support);
                    *attributes = lesson.attributes;
                }
                _ => {}
            }
        }
    }
}

impl Trait {
    /// What it is of a person.
    #[must_use]
    pub fn raw<'a>(&'a self, scene: &Scene<'a>) -> Raw<'a> {
        match self.program.value(scene) {
            Value::Missing | Value::Date(_) => Raw::Missing,
            Value::Bool(true) => Raw::Text("yes"),
            Value::Bool(false) => Raw::Text("no"),
            #[expect(clippy::cast_precision_loss, reason = "bands of numbers, not books")]
            Value::Integer(n) => Raw::Number(n as f64),
            Value::Number(n) => Raw::Number(n),
            Value::Text(t) if t.trim().is_empty() => Raw::Missing,
            Value::Text(t) => Raw::Text(t.trim()),
            Value::List(items) if items.iter().next().is_none() => Raw::Missing,
            Value::List(items) => Raw::Text(items.text.trim()),
        }
    }
}
