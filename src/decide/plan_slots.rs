//! Slots from the rules as typed.

use std::sync::Arc;

use super::line::NAMES;
use super::plan::{Compiler, Known, Stage, path};
use super::recommend::popular::PopularPlan;
use super::recommend::rules::{ConditionColumn, InlineRule, RulesPlan, TableRules, Wanted};
use super::recommend::{Guard, RungPlan, SlotsPlan};
use super::rule::{Program, Type};
use super::spec::{Placed, RuleSpec, RungSpec};
use super::tables::{TableInfo, singular};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place};

/// The rungs that there are.
const RUNGS: [&str; 2] = ["rules", "popular"];
/// Over so many days products are ranked within a category when no `popular` rung says otherwise.
pub(super) const RANKED_DAYS: u32 = 90;

impl SlotsPlan {
    /// The tables that slots are filled from.
    pub fn tables(&self) -> impl Iterator<Item = usize> + '_ {
        let rules = self.ladder.iter().filter_map(|r| match r {
            RungPlan::Rules(r) => r.table.as_ref().map(|t| t.table),
            RungPlan::Popular(_) => None,
        });
        rules.chain([self.products])
    }

    /// The days over which bestsellers are counted for offers by category.
    pub(super) fn ranked_days(&self) -> u32 {
        let days = self.ladder.iter().find_map(|r| match r {
            RungPlan::Popular(p) => Some(p.days),
            RungPlan::Rules(_) => None,
        });
        days.unwrap_or(RANKED_DAYS)
    }
}

impl Compiler<'_, '_> {
    pub(super) fn slots(&mut self, known: &Known, unit: usize) -> Option<SlotsPlan> {
        let spec = self.input.slots?;
        let products = known.products?;
        let table = &self.input.catalog.tables[products];
        let mut names: Vec<Arc<str>> = Vec::new();
        for name in &spec.names {
            if name.get_ref().is_empty() || names.iter().any(|n| **n == **name.get_ref()) {
                self.tell(name, "a slot's name must be its own", "not a new name", None);
            }
            if NAMES.contains(&name.get_ref().as_str()) {
                let message = format!("a slot cannot be called `{}`", name.get_ref());
                self.tell(name, message, "templates and decisions use this name themselves", None);
            }
            names.push(name.get_ref().as_str().into());
        }
        for name in &spec.may_be_empty {
            if !names.iter().any(|n| **n == **name.get_ref()) {
                let help =
                    did_you_mean(name.get_ref(), names.iter().map(|n| &**n)).map(|l| format!("did you mean `{l}`?"));
                self.tell(name, format!("there is no slot `{}`", name.get_ref()), "not in `names`", help);
            }
        }
        let may_be_empty = names.iter().map(|n| spec.may_be_empty.iter().any(|e| **e.get_ref() == **n)).collect();
        let ladder = spec.ladder.iter().filter_map(|r| self.rung(r, known, unit, table)).collect();
        let never = spec
            .never
            .iter()
            .filter_map(|text| {
                let program = self.program(text, known, unit, Stage::Product, &[Type::Bool])?;
                Some(Guard { text: text.get_ref().as_str().into(), program })
            })
            .collect();
        let any = [Type::Text, Type::Integer, Type::Number, Type::Date, Type::Bool];
        let at_most = spec.at_most.as_ref().and_then(|a| {
            if *a.count.get_ref() == 0 {
                self.tell(&a.count, "at most 0 would leave every slot empty", "expected 1 or more", None);
            }
            Some((self.program(&a.per, known, unit, Stage::Product, &any)?, *a.count.get_ref()))
        });
        let Some(key) = table.key else {
            self.faults.push(
                Diagnostic::error("plan-no-key", format!("the table `{}` has no key", table.name))
                    .help(format!("write `key = \"…\"` in [tables.{}]", table.name)),
            );
            return None;
        };
        Some(SlotsPlan {
            names,
            may_be_empty,
            products,
            key,
            category: table.schema.position("category"),
            ladder,
            never,
            at_most,
        })
    }

    fn rung(&mut self, spec: &RungSpec, known: &Known, unit: usize, products: &TableInfo) -> Option<RungPlan> {
        let by: Arc<str> = spec.by.get_ref().as_str().into();
        match &*by {
            "rules" => {
                if let Some(d) = &spec.days {
                    self.tell(d, "`days` belongs to a `popular` rung", "not for `rules`", None);
                }
                if let Some(c) = &spec.condition {
                    self.tell(c, "`where` belongs to a `popular` rung", "each rule has its own", None);
                }
                let mut order: Vec<&RuleSpec> = spec.rules.iter().collect();
                order.sort_by_key(|r| r.priority);
                let inline = order.into_iter().filter_map(|r| self.inline(r, known, unit, products)).collect();
                let table = spec.table.as_ref().and_then(|t| self.table_rules(t, known, unit, products));
                if spec.table.is_none() && spec.rules.is_empty() {
                    let help =
                        "write `table = \"rules\"`, or rules here: `rules = [{ name = …, product = … }]`".to_owned();
                    self.tell(&spec.by, "this rung has no rules", "nothing to go by", Some(help));
                }
                Some(RungPlan::Rules(RulesPlan { by, inline, table }))
            }
            "popular" => {
                if let Some(t) = spec.table.as_ref().or(spec.rules.first().map(|r| &r.name)) {
                    self.tell(t, "`table` and `rules` belong to a `rules` rung", "not for `popular`", None);
                }
                if known.history.is_none_or(|h| h.product.is_none()) {
                    let help = "declare [tables.purchases] with `of = { product_id = \"products\", … }`".to_owned();
                    self.tell(
                        &spec.by,
                        "`popular` needs purchases that are joined with the products",
                        "nothing to count",
                        Some(help),
                    );
                }
                let days = match &spec.days {
                    Some(d) if (1..=36_500).contains(d.get_ref()) => *d.get_ref(),
                    Some(d) => {
                        self.tell(d, "this is no number of days", "1 to 36500", None);
                        return None;
                    }
                    None => {
                        self.tell(&spec.by, "`popular` must say over how many days", "`days = 90` is missing", None);
                        return None;
                    }
                };
                let condition = self.condition(spec.condition.as_ref(), known, unit, Stage::Product);
                Some(RungPlan::Popular(PopularPlan { by, days, condition }))
            }
            unknown => {
                let help = match did_you_mean(unknown, RUNGS) {
                    Some(like) => format!("did you mean `{like}`?"),
                    None => format!("rungs that there are: {}", RUNGS.join(", ")),
                };
                self.tell(&spec.by, format!("there is no rung `{unknown}`"), "not known", Some(help));
                None
            }
        }
    }

    fn inline(&mut self, spec: &RuleSpec, known: &Known, unit: usize, products: &TableInfo) -> Option<InlineRule> {
        let condition = self.condition(spec.condition.as_ref(), known, unit, Stage::Rule);
        let text = |p: &Placed| -> Arc<str> { p.get_ref().as_str().into() };
        let (offer, at) = match (&spec.product, spec.products.as_slice(), &spec.category) {
            (Some(p), [], None) => (Wanted::Products(vec![text(p)]), p),
            (None, [first, ..], None) => (Wanted::Products(spec.products.iter().map(text).collect()), first),
            (None, [], Some(c)) => {
                if products.schema.position("category").is_none() {
                    self.tell(c, "the products have no column `category`", "nothing to compare with", None);
                }
                (Wanted::Category(text(c)), c)
            }
            _ => {
                self.tell(
                    &spec.name,
                    "a rule offers exactly one of `product`, `products` and `category`",
                    "this rule",
                    None,
                );
                return None;
            }
        };
        Some(InlineRule {
            name: text(&spec.name),
            uses_last: spec.condition.as_ref().is_some_and(|c| c.get_ref().contains("last_")),
            condition,
            offer,
            note: spec.because.as_deref().map(Into::into),
            place: Place::Text { source: Arc::clone(self.source()), span: at.span() },
        })
    }

    /// What the columns of a table of rules mean; see [`super::recommend::rules`].
    fn table_rules(&mut self, name: &Placed, known: &Known, unit: usize, products: &TableInfo) -> Option<TableRules> {
        let table = self.table(name)?;
        let catalog = self.input.catalog;
        let info = &catalog.tables[table];
        let product_key = products.key.map(|k| &*products.schema.columns[k].name);
        let unit_info = &catalog.tables[unit];
        let mut rules = TableRules {
            name: Arc::clone(&info.name),
            table,
            conditions: Vec::new(),
            product: None,
            category: None,
            priority: None,
            rule_name: None,
            because: None,
        };
        for (column, c) in info.schema.columns.iter().enumerate() {
            let word = &*c.name;
            let place = match word {
                "product" => &mut rules.product,
                _ if Some(word) == product_key => &mut rules.product,
                "offer_category" => &mut rules.category,
                "priority" => &mut rules.priority,
                "name" | "rule" => &mut rules.rule_name,
                "because" => &mut rules.because,
                "note" => continue,
                _ => {
                    let (bought, person) = (products.schema.position(word), unit_info.schema.position(word));
                    let text = match (bought, person) {
                        (Some(_), None) => path("last_bought", word),
                        (None, Some(_)) => path(&singular(&unit_info.name), word),
                        (Some(_), Some(_)) => {
                            let help = format!(
                                "write `last_bought.{word}` or `{}.{word}` as the column's name",
                                singular(&unit_info.name)
                            );
                            self.tell(
                                name,
                                format!("the column `{word}` can mean two things"),
                                "in this table",
                                Some(help),
                            );
                            continue;
                        }
                        (None, None) => word.to_owned(),
                    };
                    let scope = self.scope(known, unit, Stage::Rule);
                    match Program::compile(&text, &scope) {
                        Ok(p) => rules.conditions.push(ConditionColumn { column, path: text, kind: p.kind() }),
                        Err(found) => {
                            let why = found.into_iter().next().map(|f| f.message).unwrap_or_default();
                            let words = ["product", "offer_category", "priority", "name", "because", "note", "segment"];
                            let names = words.into_iter().chain(unit_info.schema.columns.iter().map(|c| &*c.name));
                            let help = match did_you_mean(word, names) {
                                Some(like) => format!("did you mean `{like}`?"),
                                None => "columns say for whom (a path such as customer.rank), or are one of product, \
                                         offer_category, priority, name, because, note"
                                    .to_owned(),
                            };
                            self.tell(
                                name,
                                format!("the column `{word}` means nothing: {why}"),
                                "in this table",
                                Some(help),
                            );
                        }
                    }
                    continue;
                }
            };
            *place = Some(column);
        }
        if rules.product.is_none() && rules.category.is_none() {
            let help = format!("it needs a column `{}` or `offer_category`", product_key.unwrap_or("product"));
            self.tell(name, "this table of rules offers nothing", "no column says what", Some(help));
            return None;
        }
        Some(rules)
    }
}
