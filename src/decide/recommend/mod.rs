//! Products for slots: a ladder of rungs, tried from the top; guards that keep unfit products off the piece;
//! and for each slot the reason in words.
//!
//! * [`rules`] – what the marketing desk says: rules in the campaign and in tables
//! * [`popular`] – what sold best lately

pub mod popular;
pub mod rules;

use std::sync::Arc;

use super::decision::Slot;
use super::rule::{Program, Scene, Value};
use super::trace::Trace;
use popular::Ranking;
use rules::Ready;

/// The slots as compiled.
#[derive(Clone, Debug)]
pub struct SlotsPlan {
    pub names: Vec<Arc<str>>,
    /// For each slot.
    pub may_be_empty: Vec<bool>,
    /// Position of the table of products in the catalog.
    pub products: usize,
    /// Column of the products' key, and of their category if there is one.
    pub key: usize,
    pub category: Option<usize>,
    pub ladder: Vec<RungPlan>,
    pub never: Vec<Guard>,
    pub at_most: Option<(Program, u32)>,
}

/// A condition under which a product is not shown, with its text for explanations.
#[derive(Clone, Debug)]
pub struct Guard {
    pub text: Arc<str>,
    pub program: Program,
}

#[derive(Clone, Debug)]
pub enum RungPlan {
    Rules(rules::RulesPlan),
    Popular(popular::PopularPlan),
}

/// A rung with what it learnt from the rows.
#[derive(Debug)]
pub enum Rung {
    Rules { by: Arc<str>, rules: Vec<Ready> },
    Popular { by: Arc<str>, ranking: Arc<Ranking>, condition: Option<Program> },
}

/// Slots, ladder and product keys (by row), ready for people.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a> {
    pub plan: &'a SlotsPlan,
    pub ladder: &'a [Rung],
    pub keys: &'a [Arc<str>],
}

/// Why a product was not taken.
enum Refused<'a> {
    AlreadyThere,
    Never(&'a str),
    TooMany(u32),
}

/// The products of one piece while they are chosen.
struct Piece<'a, 's> {
    shelf: Shelf<'a>,
    scene: Scene<'a>,
    chosen: &'s mut Vec<u32>,
    slots: &'s mut Vec<Slot>,
    trace: &'s mut Trace,
}

/// Fills the slots from the ladder. Slots for which nothing was found are empty at the end.
pub fn fill<'a>(shelf: Shelf<'a>, scene: &Scene<'a>, chosen: &mut Vec<u32>, slots: &mut Vec<Slot>, trace: &mut Trace) {
    chosen.clear();
    let mut piece = Piece { shelf, scene: *scene, chosen, slots, trace };
    for rung in shelf.ladder {
        if piece.full() {
            break;
        }
        match rung {
            Rung::Rules { by, rules } => {
                for rule in rules {
                    if piece.full() {
                        break;
                    }
                    if !rule.holds(scene) {
                        continue;
                    }
                    piece.trace.line(|| format!("  the rule '{}' holds", rule.name));
                    for offer in &rule.offers {
                        piece.offer(offer.row, by, rule.note.as_ref(), |piece, key, out| {
                            rule.because(offer, &piece.scene, piece.shelf.keys, key, out);
                        });
                    }
                }
            }
            Rung::Popular { by, ranking, condition } => {
                for (rank, seller) in (1..).zip(&ranking.sellers) {
                    if piece.full() {
                        break;
                    }
                    piece.scene.product = seller.row;
                    if condition.as_ref().is_some_and(|c| !c.holds(&piece.scene)) {
                        continue;
                    }
                    piece.offer(seller.row, by, None, |_, _, out| ranking.because(rank, seller.units, out));
                }
            }
        }
    }
    for name in shelf.plan.names.iter().skip(slots.len()) {
        trace.line(|| format!("  {name} stays empty: no rung has a product left that may be shown"));
        slots.push(Slot {
            name: Arc::clone(name),
            product: None,
            product_row: None,
            by: Arc::from("nothing"),
            because: "no rung of the ladder had a product left that may be shown".to_owned(),
            note: None,
        });
    }
}

impl<'a> Piece<'a, '_> {
    fn full(&self) -> bool {
        self.slots.len() >= self.shelf.plan.names.len()
    }

    /// Puts the product into the next slot unless a guard refuses it.
    fn offer(
        &mut self,
        row: u32,
        by: &Arc<str>,
        note: Option<&Arc<str>>,
        because: impl FnOnce(&Self, &str, &mut String),
    ) {
        let (Some(name), Some(key)) = (self.shelf.plan.names.get(self.slots.len()), self.shelf.keys.get(row as usize))
        else {
            return;
        };
        self.scene.product = row;
        if let Err(refused) = self.judge(row) {
            self.trace.line(|| match refused {
                Refused::AlreadyThere => format!("  {key} ({by}): is already on the piece"),
                Refused::Never(text) => format!("  {key} ({by}): never when {text}"),
                Refused::TooMany(count) => format!("  {key} ({by}): {count} of its kind are on the piece already"),
            });
            return;
        }
        let mut words = String::with_capacity(96);
        because(self, key, &mut words);
        self.trace.line(|| format!("  {key} ({by}): taken for {name}, because {words}"));
        self.chosen.push(row);
        self.slots.push(Slot {
            name: Arc::clone(name),
            product: Some(Arc::clone(key)),
            product_row: Some(row),
            by: Arc::clone(by),
            because: words,
            note: note.cloned(),
        });
    }

    fn judge(&self, row: u32) -> Result<(), Refused<'a>> {
        let plan = self.shelf.plan;
        if self.chosen.contains(&row) {
            return Err(Refused::AlreadyThere);
        }
        if let Some(guard) = plan.never.iter().find(|g| g.program.holds(&self.scene)) {
            return Err(Refused::Never(&guard.text));
        }
        if let Some((per, most)) = &plan.at_most {
            let kind = per.value(&self.scene);
            let same = |other: &&u32| {
                let scene = Scene { product: **other, ..self.scene };
                kind != Value::Missing && per.value(&scene) == kind
            };
            if self.chosen.iter().filter(same).count() >= *most as usize {
                return Err(Refused::TooMany(*most));
            }
        }
        Ok(())
    }
}
