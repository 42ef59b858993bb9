//! Slots from the rules as typed.

use std::sync::Arc;

use super::line::NAMES;
use super::plan::{Compiler, Known, Stage, path};
use super::plan_rungs::all_usual_fields;
use super::recommend::rules::{InlineRule, TableRules, Wanted};
use super::recommend::{AtMost, FieldPlan, Guard, KindPlan, Mix, RungPlan, SlotsPlan};
use super::rule::Type;
use super::sheet::head;
use super::spec::{MixSpec, Placed, RuleSpec, RungSpec, SlotsSpec};
use super::tables::{TableInfo, singular};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place, Share};

/// Over so many days products are ranked within a category when no `popular` rung says otherwise.
const RANKED_DAYS: u32 = 90;

impl SlotsPlan {
    /// The tables that slots are filled from.
    pub fn tables(&self) -> impl Iterator<Item = usize> + '_ {
        let rungs = self.rungs.iter().filter_map(|r| match &r.kind {
            KindPlan::Rules(r) => r.table.as_ref().map(|t| t.table),
            KindPlan::Together(t) => t.to.table(),
            KindPlan::Similar(s) => s.to.table(),
            KindPlan::Scores(s) => Some(s.table),
            KindPlan::Popular { .. } | KindPlan::Again(_) | KindPlan::Bayes(_) | KindPlan::Alike(_) => None,
        });
        rungs.chain([self.products]).chain(self.past.as_ref().map(|p| p.table))
    }

    /// The days over which bestsellers are counted for offers by category.
    pub(super) fn ranked_days(&self) -> u32 {
        let days = self.rungs.iter().find_map(|r| match &r.kind {
            KindPlan::Popular { days, .. } => Some(*days),
            _ => None,
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
        let (rungs, ladders) = self.ladders(spec, &names, known, unit, table);
        let never = spec
            .never
            .iter()
            .filter_map(|text| {
                let program = self.program(text, known, unit, Stage::Product, &[Type::Bool])?;
                Some(Guard { text: text.get_ref().as_str().into(), program })
            })
            .collect();
        let any = [Type::Text, Type::Integer, Type::Number, Type::Date, Type::Bool];
        let at_most = spec.at_most.iter().filter_map(|a| {
            if *a.count.get_ref() == 0 {
                self.tell(&a.count, "at most 0 would leave every slot empty", "expected 1 or more", None);
            }
            let per = self.program(&a.per, known, unit, Stage::Product, &any)?;
            Some(AtMost { per, count: *a.count.get_ref() })
        });
        let at_most = at_most.collect();
        let past = spec.past.as_ref().and_then(|p| self.past(p, &names, known, unit));
        let (most_alike, fields) = self.most_alike(spec, &rungs, table);
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
            rungs,
            ladders,
            mix: match spec.mix {
                MixSpec::Ladder => Mix::Ladder,
                MixSpec::Turns => Mix::Turns,
            },
            never,
            at_most,
            most_alike,
            fields,
            past,
        })
    }

    /// All rungs, and for each slot the numbers of its own.
    fn ladders(
        &mut self,
        spec: &SlotsSpec,
        names: &[Arc<str>],
        known: &Known,
        unit: usize,
        products: &TableInfo,
    ) -> (Vec<RungPlan>, Vec<Arc<[usize]>>) {
        let mut rungs = Vec::new();
        let mut ladder = |this: &mut Self, specs: &[RungSpec]| -> Arc<[usize]> {
            let from = rungs.len();
            rungs.extend(specs.iter().filter_map(|r| this.rung(r, known, unit, products)));
            (from..rungs.len()).collect()
        };
        let common = ladder(self, &spec.ladder);
        let mut ladders = vec![common; names.len()];
        for (name, specs) in &spec.ladders {
            match names.iter().position(|n| **n == **name.get_ref()) {
                Some(slot) if !specs.is_empty() => ladders[slot] = ladder(self, specs),
                Some(_) => self.tell(name, "this ladder has no rungs", "nothing to climb", None),
                None => {
                    let like = did_you_mean(name.get_ref(), names.iter().map(|n| &**n));
                    let help = like.map(|l| format!("did you mean `{l}`?"));
                    self.tell(name, format!("there is no slot `{}`", name.get_ref()), "not in `names`", help);
                }
            }
        }
        if let Some(bare) = spec
            .names
            .iter()
            .find(|n| spec.ladder.is_empty() && spec.ladders.iter().all(|(name, _)| name.get_ref() != n.get_ref()))
        {
            let help = "write `ladder = [{ by = \"popular\", days = 90 }]`".to_owned();
            self.tell(bare, "this slot has no ladder", "nothing to fill it from", Some(help));
        }
        (rungs, ladders)
    }

    /// How alike products on a piece may be, and by which columns that is judged.
    fn most_alike(
        &mut self,
        spec: &SlotsSpec,
        rungs: &[RungPlan],
        products: &TableInfo,
    ) -> (Option<f32>, Vec<FieldPlan>) {
        let Some(given) = &spec.most_alike else { return (None, Vec::new()) };
        let Some(share) = Share::parse(given.get_ref()) else {
            self.tell(given, "this is no share", "expected such as \"60%\"", None);
            return (None, Vec::new());
        };
        let of_rung = rungs.iter().find_map(|r| match &r.kind {
            KindPlan::Similar(s) => Some(s.fields.clone()),
            _ => None,
        });
        let fields = of_rung.unwrap_or_else(|| all_usual_fields(products));
        if fields.is_empty() {
            self.tell(given, "the products have no column to compare", "nothing to go by", None);
        }
        #[expect(clippy::cast_precision_loss, reason = "up to a million")]
        (Some(share.0 as f32 / 1e6), fields)
    }

    pub(super) fn inline(
        &mut self,
        spec: &RuleSpec,
        known: &Known,
        unit: usize,
        products: &TableInfo,
    ) -> Option<InlineRule> {
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
    pub(super) fn table_rules(
        &mut self,
        name: &Placed,
        known: &Known,
        unit: usize,
        products: &TableInfo,
    ) -> Option<TableRules> {
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
                    let (plain, operator) = head(word);
                    let (bought, person) = (products.schema.position(plain), unit_info.schema.position(plain));
                    if bought.is_some() && person.is_some() {
                        let help = format!(
                            "write `last_bought.{plain}` or `{}.{plain}` as the column's name",
                            singular(&unit_info.name)
                        );
                        self.tell(
                            name,
                            format!("the column `{plain}` can mean two things"),
                            "in this table",
                            Some(help),
                        );
                        continue;
                    }
                    let text = match bought {
                        Some(_) => format!("{}{operator}", path("last_bought", plain)),
                        None => word.to_owned(),
                    };
                    rules.conditions.extend(self.condition_column(name, column, &text, known, unit, Stage::Rule));
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
