//! Rules of the marketing desk: written in the campaign, or one per row of a table.
//!
//! **A table of rules.** Columns that say for whom: `segment`, `arm`, any path of the language
//! (`customer.rank`, `last_bought.category`), or the bare name of a product's column, which means the product
//! last bought. Their cells are those of all sheets of rules (see [`crate::decide::rule::cell`]). Columns that say what: the key of the products (or `product`), or `offer_category`.
//! `priority` (lower first), `name` and `because` may stand beside; `note` is for people only.
//!
//! **The order.** Rules written in the campaign come before those of the table. In the table, rows with more
//! conditions come first, then lower priority, then the order of the file.

use std::fmt::Write as _;
use std::sync::Arc;

use super::popular::{Ranking, Seller};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place};
use crate::data::record::Field;
use crate::data::table::Table;
use crate::decide::rule::cell::Test;
use crate::decide::rule::{NO_ROW, Program, Scene};
use crate::decide::sheet::ConditionColumn;

/// The `rules` rung as compiled.
#[derive(Clone, Debug)]
pub struct RulesPlan {
    /// In the order in which they are tried.
    pub inline: Vec<InlineRule>,
    pub table: Option<TableRules>,
}

/// A rule of the campaign file.
#[derive(Clone, Debug)]
pub struct InlineRule {
    pub name: Arc<str>,
    pub condition: Option<Program>,
    pub offer: Wanted,
    pub note: Option<Arc<str>>,
    pub uses_last: bool,
    /// Where the rule's offer stands in the campaign file.
    pub place: Place,
}

#[derive(Clone, Debug)]
pub enum Wanted {
    Products(Vec<Arc<str>>),
    Category(Arc<str>),
}

/// Which columns of a table of rules say what.
#[derive(Clone, Debug)]
pub struct TableRules {
    pub name: Arc<str>,
    pub table: usize,
    pub conditions: Vec<ConditionColumn>,
    pub product: Option<usize>,
    pub category: Option<usize>,
    pub priority: Option<usize>,
    pub rule_name: Option<usize>,
    pub because: Option<usize>,
}

/// A rule with what it offers found.
#[derive(Debug)]
pub struct Ready {
    pub name: Arc<str>,
    conditions: Vec<Program>,
    pub offers: Vec<Offer>,
    pub note: Option<Arc<str>>,
    uses_last: bool,
}

/// One product of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    pub row: u32,
    /// Its rank in the rule's category and the units sold, for offers by category.
    pub rank: Option<(usize, i64, u32)>,
}

/// What offers are looked up in.
#[derive(Clone, Copy, Debug)]
pub struct Goods<'a> {
    pub products: &'a Table,
    pub key: usize,
    pub category: Option<usize>,
    /// For offers by category.
    pub ranking: Option<&'a Ranking>,
}

impl Ready {
    #[must_use]
    pub fn holds(&self, scene: &Scene<'_>) -> bool {
        self.conditions.iter().all(|c| c.holds(scene))
    }

    pub(super) fn because(&self, offer: &Offer, scene: &Scene<'_>, keys: &[Arc<str>], key: &str, out: &mut String) {
        if self.uses_last
            && scene.last != NO_ROW
            && let Some(history) = &scene.world.history
            && let Some(last) = keys.get(history.product(scene.last) as usize)
            && let Some(date) = history.date(scene.last)
        {
            let _ = write!(out, "bought {last} on {date}; ");
        }
        let _ = write!(out, "the rule '{}' offers {key}", self.name);
        if let Some((rank, units, days)) = offer.rank {
            let _ = write!(out, ", rank {rank} of its category with {units} sold in {days} days");
        }
    }
}

impl RulesPlan {
    /// Whether a rule may offer a whole category, for which bestsellers must be counted.
    #[must_use]
    pub fn offers_categories(&self) -> bool {
        self.inline.iter().any(|r| matches!(r.offer, Wanted::Category(_)))
            || self.table.as_ref().is_some_and(|t| t.category.is_some())
    }

    /// Looks up what the rules offer and compiles the rows of the table.
    pub fn ready(&self, goods: &Goods<'_>, table: Option<&Table>, faults: &mut Vec<Diagnostic>) -> Vec<Ready> {
        let mut rules = Vec::new();
        for rule in &self.inline {
            let mut tell = |message: String, like: Option<String>| {
                let d = Diagnostic::error("rule-offer", message).at(rule.place.clone(), "not in the table of products");
                faults.push(match like {
                    Some(like) => d.help(format!("did you mean `{like}`?")),
                    None => d,
                });
            };
            let offers = match &rule.offer {
                Wanted::Products(keys) => {
                    keys.iter().filter_map(|k| goods.product(k).map_err(|(m, l)| tell(m, l)).ok()).collect()
                }
                Wanted::Category(c) => goods.category(c).map_err(|(m, l)| tell(m, l)).unwrap_or_default(),
            };
            rules.push(Ready {
                name: Arc::clone(&rule.name),
                conditions: rule.condition.iter().cloned().collect(),
                offers,
                note: rule.note.clone(),
                uses_last: rule.uses_last,
            });
        }
        if let (Some(plan), Some(table)) = (&self.table, table) {
            rules.extend(plan.ready(goods, table, faults));
        }
        rules
    }
}

impl Goods<'_> {
    fn product(&self, key: &str) -> Result<Offer, (String, Option<String>)> {
        match self.products.find(key) {
            Some(row) => Ok(Offer { row, rank: None }),
            None => {
                let keys = (0..self.products.len()).map(|r| self.products.text(r, self.key));
                Err((format!("there is no product `{key}`"), did_you_mean(key, keys).map(str::to_owned)))
            }
        }
    }

    /// All products of a category: those that sold, the best first, then the others by key.
    fn category(&self, name: &str) -> Result<Vec<Offer>, (String, Option<String>)> {
        let Some(column) = self.category else { return Err(("the products have no column `category`".into(), None)) };
        let (p, within) = (self.products, |row: u32| self.products.text(row, column).trim() == name);
        let (sellers, days) = self.ranking.map_or((&[] as &[Seller], 0), |r| (&r.sellers, r.days));
        let sold: Vec<&Seller> = sellers.iter().filter(|s| within(s.row)).collect();
        let mut unsold: Vec<u32> = (0..p.len()).filter(|r| within(*r) && sold.iter().all(|s| s.row != *r)).collect();
        unsold.sort_by(|a, b| p.text(*a, self.key).cmp(p.text(*b, self.key)));
        let mut offers: Vec<Offer> =
            (1..).zip(sold).map(|(rank, s)| Offer { row: s.row, rank: Some((rank, s.units, days)) }).collect();
        offers.extend(unsold.into_iter().map(|row| Offer { row, rank: None }));
        if offers.is_empty() {
            let names = (0..p.len()).map(|r| p.text(r, column).trim());
            return Err((
                format!("no product is of the category `{name}`"),
                did_you_mean(name, names).map(str::to_owned),
            ));
        }
        Ok(offers)
    }
}

impl TableRules {
    fn ready(&self, goods: &Goods<'_>, table: &Table, faults: &mut Vec<Diagnostic>) -> Vec<Ready> {
        let mut rules = Vec::new();
        for row in 0..table.len() {
            let text = |column: Option<usize>| column.map_or("", |c| table.text(row, c).trim());
            let mut tell = |column: Option<usize>, message: String, help: Option<String>| {
                let column = column.and_then(|c| table.schema().columns.get(c)).map(|c| c.name.to_string());
                let d = Diagnostic::error("rule-row", message)
                    .at(Place::Cell { origin: table.origin(row), column }, "this rule");
                faults.push(match help {
                    Some(help) => d.help(help),
                    None => d,
                });
            };
            let mut conditions = Vec::new();
            let mut uses_last = false;
            for c in &self.conditions {
                let cell = text(Some(c.column));
                match Test::read(c.program.kind(), c.operator, cell) {
                    Ok(Test::Any) => {}
                    Ok(test) => {
                        conditions.push(c.program.fitting(test));
                        uses_last |= c.path.starts_with("last_");
                    }
                    Err(why) => tell(Some(c.column), format!("this cell is no condition on {}: {why}", c.path), None),
                }
            }
            let like = |like: Option<String>| like.map(|l| format!("did you mean `{l}`?"));
            let offers = match (text(self.product), text(self.category)) {
                ("", "") => {
                    tell(self.product.or(self.category), "this rule offers nothing".into(), None);
                    continue;
                }
                (key, "") => goods.product(key).map(|o| vec![o]).map_err(|e| (self.product, e)),
                ("", name) => goods.category(name).map_err(|e| (self.category, e)),
                _ => {
                    tell(self.product, "a rule offers a product or a category, not both".into(), None);
                    continue;
                }
            };
            let offers = match offers {
                Ok(offers) => offers,
                Err((column, (message, near))) => {
                    tell(column, message, like(near));
                    continue;
                }
            };
            let priority = match self.priority.map(|c| table.field(row, c)) {
                Some(Field::Integer(n)) => n,
                None | Some(Field::Missing) => i64::MAX,
                Some(_) => match text(self.priority).parse() {
                    Ok(n) => n,
                    Err(_) => {
                        tell(self.priority, "a priority is a whole number".into(), None);
                        continue;
                    }
                },
            };
            let name = match text(self.rule_name) {
                "" => format!("{} row {}", self.name, table.origin(row).row).into(),
                name => name.into(),
            };
            let note = Some(text(self.because)).filter(|n| !n.is_empty()).map(Into::into);
            rules.push((
                std::cmp::Reverse(conditions.len()),
                priority,
                Ready { name, conditions, offers, note, uses_last },
            ));
        }
        rules.sort_by_key(|r| (r.0, r.1));
        rules.into_iter().map(|r| r.2).collect()
    }
}
