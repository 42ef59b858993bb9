//! The rungs of a ladder from the rules as typed.

use std::sync::Arc;

use toml::Spanned;

use super::days;
use super::past::PastPlan;
use super::plan::{Compiler, Known, Stage, path, person_of};
use super::plan_history::{usual, usual_named};
use super::recommend::again::AgainPlan;
use super::recommend::basket::To;
use super::recommend::bayes::{self, Order, Structure};
use super::recommend::popular::Count;
use super::recommend::rules::RulesPlan;
use super::recommend::scores::ScoresPlan;
use super::recommend::together::{Measure, Settings};
use super::recommend::{
    AlikePlan, BayesPlan, FieldPlan, KindPlan, Per, RungPlan, SimilarPlan, Terms, TogetherPlan, Trait,
};
use super::rule::{Program, Type};
use super::spec::{PastSpec, Placed, RuleSpec, RungSpec};
use super::tables::{TableInfo, singular};
use crate::base::diag::did_you_mean;
use crate::data::schema::Kind;

/// The rungs that there are, and the keys that belong to each besides `by`, `weight` and `most`.
const RUNGS: [(&str, &[&str]); 8] = [
    ("rules", &["table", "rules"]),
    ("similar", &["to", "words", "values", "weights", "neighbours", "least", "where"]),
    ("bought_together", &["to", "per", "days", "min_support", "measure", "shrink", "neighbours", "where"]),
    ("bayes", &["evidence", "structure", "parents", "smoothing", "min_support", "measure", "days", "where"]),
    ("people_like_you", &["attributes", "min_support", "days", "where"]),
    ("scores", &["table", "model", "least", "where"]),
    ("bought_again", &["days", "min_support", "half_life", "where"]),
    ("popular", &["days", "measure", "where"]),
];
/// Columns of the products that are compared when a `similar` rung names none.
const WORDS: [&str; 4] = ["name", "title", "description", "blurb"];
const VALUES: [&str; 4] = ["category", "tags", "brand", "price"];

impl Compiler<'_, '_> {
    pub(super) fn rung(
        &mut self,
        spec: &RungSpec,
        known: &Known,
        unit: usize,
        products: &TableInfo,
    ) -> Option<RungPlan> {
        let by: Arc<str> = spec.by.get_ref().as_str().into();
        let Some((_, own)) = RUNGS.iter().find(|r| r.0 == &*by) else {
            let help = match did_you_mean(&by, RUNGS.iter().map(|r| r.0)) {
                Some(like) => format!("did you mean `{like}`?"),
                None => format!("rungs that there are: {}", RUNGS.map(|r| r.0).join(", ")),
            };
            self.tell(&spec.by, format!("there is no rung `{by}`"), "not known", Some(help));
            return None;
        };
        for (key, span) in keys(spec) {
            if !own.contains(&key) {
                let owners: Vec<&str> = RUNGS.iter().filter(|r| r.1.contains(&key)).map(|r| r.0).collect();
                let message = format!("`{key}` belongs to {}", owners.join(", "));
                let label = format!("not for `{by}`");
                let help = (key == "where" && &*by == "rules").then(|| "each rule has its own `where`".to_owned());
                self.tell(&Spanned::new(span, ()), message, &label, help);
            }
        }
        let kind = match &*by {
            "rules" => self.rules_rung(spec, known, unit, products),
            "popular" => self.popular_rung(spec, known),
            "bought_again" => self.again_rung(spec, known),
            "similar" => self.similar_rung(spec, known, unit, products),
            "bayes" => self.bayes_rung(spec, known, unit),
            "people_like_you" => self.alike_rung(spec, known, unit),
            "scores" => self.scores_rung(spec, known, unit),
            _ => self.together_rung(spec, known, unit),
        };
        let condition = match &*by {
            "rules" => None,
            _ => self.condition(spec.condition.as_ref(), known, unit, Stage::Product),
        };
        let weight = self.whole(spec.weight.as_ref(), 1..=1000, 1);
        let most = self.whole(spec.most.as_ref(), 1..=1000, u32::MAX);
        Some(RungPlan { by, kind: kind?, condition, weight, most })
    }

    /// A whole number within bounds, or what is meant when nothing is said.
    fn whole(&mut self, given: Option<&Spanned<u32>>, bounds: std::ops::RangeInclusive<u32>, usual: u32) -> u32 {
        let Some(given) = given else { return usual };
        if bounds.contains(given.get_ref()) {
            return *given.get_ref();
        }
        let expected = format!("{} to {}", bounds.start(), bounds.end());
        self.tell(given, "this number does not do", &expected, None);
        usual
    }

    /// `days` where it may be left out.
    fn days(&mut self, spec: &RungSpec) -> Option<u32> {
        spec.days.as_ref().map(|d| self.whole(Some(d), 1..=36_500, 1))
    }

    /// Tells that a rung has no purchases to learn from.
    fn needs_purchases(&mut self, spec: &RungSpec, known: &Known) {
        if known.history.is_none_or(|h| h.product.is_none()) {
            let by = spec.by.get_ref();
            let help = "declare [tables.purchases] with `of = { product_id = \"products\", … }`".to_owned();
            let message = format!("`{by}` needs purchases that are joined with the products");
            self.tell(&spec.by, message, "nothing to count", Some(help));
        }
    }

    fn rules_rung(&mut self, spec: &RungSpec, known: &Known, unit: usize, products: &TableInfo) -> Option<KindPlan> {
        let mut order: Vec<&RuleSpec> = spec.rules.iter().collect();
        order.sort_by_key(|r| r.priority);
        let inline = order.into_iter().filter_map(|r| self.inline(r, known, unit, products)).collect();
        let table = spec.table.as_ref().and_then(|t| self.table_rules(t, known, unit, products));
        if spec.table.is_none() && spec.rules.is_empty() {
            let help = "write `table = \"rules\"`, or rules here: `rules = [{ name = …, product = … }]`".to_owned();
            self.tell(&spec.by, "this rung has no rules", "nothing to go by", Some(help));
        }
        Some(KindPlan::Rules(RulesPlan { inline, table }))
    }

    fn popular_rung(&mut self, spec: &RungSpec, known: &Known) -> Option<KindPlan> {
        self.needs_purchases(spec, known);
        if spec.days.is_none() {
            self.tell(&spec.by, "`popular` must say over how many days", "`days = 90` is missing", None);
            return None;
        }
        let count = match spec.measure.as_ref().map(|m| (m, m.get_ref().as_str())) {
            None | Some((_, "units")) => Count::Units,
            Some((_, "people")) => Count::People,
            Some((m, _)) => {
                self.tell(m, "this is no measure", "expected \"units\" or \"people\"", None);
                Count::Units
            }
        };
        Some(KindPlan::Popular { days: self.days(spec)?, count })
    }

    fn again_rung(&mut self, spec: &RungSpec, known: &Known) -> Option<KindPlan> {
        self.needs_purchases(spec, known);
        let today = self.input.as_of;
        let half_life = match &spec.half_life {
            None => 60.0,
            Some(text) => {
                let first = days::span(text.get_ref()).and_then(|(n, unit)| days::moved(today, -n, unit));
                let days = first.map(|first| days::number(today) - days::number(first)).filter(|d| *d > 0);
                if days.is_none() {
                    self.tell(text, "this is no span of time", "expected such as \"60 days\"", None);
                }
                f64::from(days?)
            }
        };
        let min_days = self.whole(spec.min_support.as_ref(), 1..=36_500, 2);
        Some(KindPlan::Again(AgainPlan { min_days, half_life, days: self.days(spec) }))
    }

    fn together_rung(&mut self, spec: &RungSpec, known: &Known, unit: usize) -> Option<KindPlan> {
        self.needs_purchases(spec, known);
        let measure = match spec.measure.as_ref().map(|m| (m, m.get_ref().as_str())) {
            None | Some((_, "cosine")) => Measure::Cosine,
            Some((_, "lift")) => Measure::Lift,
            Some((m, _)) => {
                self.tell(m, "this is no measure", "expected \"cosine\" or \"lift\"", None);
                Measure::Cosine
            }
        };
        let shrink = spec.shrink.as_ref().map_or(10.0, |s| *s.get_ref());
        if let Some(s) = &spec.shrink
            && !(0.0..=1e9).contains(s.get_ref())
        {
            self.tell(s, "this number does not do", "expected 0 or more", None);
        }
        let settings = Settings {
            measure,
            min_support: self.whole(spec.min_support.as_ref(), 1..=u32::MAX, 5),
            shrink,
            neighbours: self.whole(spec.neighbours.as_ref(), 1..=1000, 50) as usize,
        };
        let per = match spec.per.as_ref().map(|p| (p, p.get_ref().as_str())) {
            None | Some((_, "customer")) => Per::Customer,
            Some((_, "day")) => Per::Day,
            Some((name, _)) => {
                let history = known.history?;
                let info = &self.input.catalog.tables[history.table];
                Per::Column(self.column(name, info)?)
            }
        };
        let to = self.to(spec.to.as_ref(), To::History, known, unit)?;
        Some(KindPlan::Together(TogetherPlan { settings, per, days: self.days(spec), to }))
    }

    fn similar_rung(&mut self, spec: &RungSpec, known: &Known, unit: usize, products: &TableInfo) -> Option<KindPlan> {
        let fields = self.fields(spec, products);
        if fields.is_empty() {
            let help = "name the columns: `words = [\"name\"], values = [\"category\"]`".to_owned();
            self.tell(&spec.by, "the products have no column to compare", "nothing to go by", Some(help));
        }
        let to = self.to(spec.to.as_ref(), To::LastBought, known, unit)?;
        if to.table().is_none() {
            self.needs_purchases(spec, known);
        }
        if let Some(least) = &spec.least
            && !(0.0..=1.0).contains(least.get_ref())
        {
            self.tell(least, "this is no likeness", "expected 0 to 1", None);
        }
        #[expect(clippy::cast_possible_truncation, reason = "seven digits do")]
        let least = spec.least.as_ref().map_or(0.1, |l| *l.get_ref() as f32);
        let neighbours = self.whole(spec.neighbours.as_ref(), 1..=1000, 50) as usize;
        Some(KindPlan::Similar(SimilarPlan { fields, neighbours, least, to }))
    }

    /// The columns by which products are compared.
    pub(super) fn fields(&mut self, spec: &RungSpec, products: &TableInfo) -> Vec<FieldPlan> {
        let mut fields = usual_fields(
            products,
            if spec.words.is_some() { &[] } else { &WORDS },
            if spec.values.is_some() { &[] } else { &VALUES },
        );
        for name in spec.words.iter().flatten() {
            fields.extend(self.column(name, products).map(|c| FieldPlan {
                column: c,
                weight: 1.0,
                terms: Terms::Words,
            }));
        }
        for name in spec.values.iter().flatten() {
            fields.extend(self.column(name, products).map(|c| FieldPlan {
                column: c,
                weight: 1.0,
                terms: values(products, c),
            }));
        }
        for (name, weight) in &spec.weights {
            let found = products.schema.position(name.get_ref());
            match fields.iter_mut().find(|f| Some(f.column) == found) {
                Some(field) if (1e-6..=1e6).contains(weight.get_ref()) => field.weight = *weight.get_ref(),
                Some(_) => self.tell(weight, "this is no weight", "expected a number above 0", None),
                None => {
                    let known = fields.iter().filter_map(|f| products.schema.columns.get(f.column)).map(|c| &*c.name);
                    let like = did_you_mean(name.get_ref(), known);
                    let help = like.map(|l| format!("did you mean `{l}`?"));
                    self.tell(
                        name,
                        format!("`{}` is not compared", name.get_ref()),
                        "not in `words` or `values`",
                        help,
                    );
                }
            }
        }
        fields
    }

    fn bayes_rung(&mut self, spec: &RungSpec, known: &Known, unit: usize) -> Option<KindPlan> {
        self.needs_purchases(spec, known);
        if spec.evidence.is_empty() {
            let help = "write `evidence = [\"segment\", \"age\"]`".to_owned();
            self.tell(&spec.by, "`bayes` must say what it knows of a person", "`evidence` is missing", Some(help));
        }
        let evidence = self.traits(&spec.evidence, known, unit)?;
        let mut structure = match spec.structure.as_ref().map(|m| (m, m.get_ref().as_str())) {
            None | Some((_, "naive")) => Structure::Naive,
            Some((_, "tree")) => Structure::Tree,
            Some((m, _)) => {
                self.tell(m, "this is no structure", "expected \"naive\" or \"tree\", or give `parents`", None);
                Structure::Naive
            }
        };
        if !spec.parents.is_empty() {
            if let Some(given) = &spec.structure {
                self.tell(given, "the structure is given by `parents`", "one too many", None);
            }
            structure = Structure::Given(self.parents(spec, &evidence)?);
        }
        let order = match spec.measure.as_ref().map(|m| (m, m.get_ref().as_str())) {
            None | Some((_, "odds")) => Order::Odds,
            Some((_, "lift")) => Order::Lift,
            Some((m, _)) => {
                self.tell(m, "this is no measure", "expected \"odds\" or \"lift\"", None);
                Order::Odds
            }
        };
        let smoothing = spec.smoothing.as_ref().map_or(1.0, |s| *s.get_ref());
        if let Some(s) = &spec.smoothing
            && !(1e-6..=1e6).contains(s.get_ref())
        {
            self.tell(s, "this number does not do", "expected above 0", None);
        }
        let min_support = self.whole(spec.min_support.as_ref(), 1..=u32::MAX, 10);
        let settings = bayes::Settings { structure, smoothing, min_support, order };
        Some(KindPlan::Bayes(BayesPlan { settings, evidence, days: self.days(spec) }))
    }

    /// The parents of the evidence, which must make no circle.
    fn parents(&mut self, spec: &RungSpec, evidence: &[Trait]) -> Option<Vec<Option<usize>>> {
        let position = |word: &str| evidence.iter().position(|t| *t.label == *word);
        let mut parents = vec![None; evidence.len()];
        for (child, parent) in &spec.parents {
            for word in [child, parent] {
                if position(word.get_ref()).is_none() {
                    let like = did_you_mean(word.get_ref(), evidence.iter().map(|t| &*t.label));
                    let help = like.map(|l| format!("did you mean `{l}`?"));
                    self.tell(word, format!("`{}` is not in the evidence", word.get_ref()), "not known", help);
                }
            }
            let (child_at, parent_at) = (position(child.get_ref())?, position(parent.get_ref())?);
            parents[child_at] = Some(parent_at);
            let mut at = Some(parent_at);
            for _ in 0..=evidence.len() {
                at = at.and_then(|i| parents[i]);
                if at == Some(child_at) || parent_at == child_at {
                    self.tell(parent, "this makes a circle", "nothing may depend on itself", None);
                    return None;
                }
            }
        }
        Some(parents)
    }

    fn alike_rung(&mut self, spec: &RungSpec, known: &Known, unit: usize) -> Option<KindPlan> {
        self.needs_purchases(spec, known);
        if spec.attributes.is_empty() {
            let help = "write `attributes = [\"age\", \"prefecture\"]`, the most important first".to_owned();
            self.tell(&spec.by, "`people_like_you` must say in what", "`attributes` is missing", Some(help));
        }
        let attributes = self.traits(&spec.attributes, known, unit)?;
        let min_support = self.whole(spec.min_support.as_ref(), 1..=u32::MAX, 50);
        Some(KindPlan::Alike(AlikePlan { attributes, min_support, days: self.days(spec) }))
    }

    /// What is known of a person: a bare word is a column of the record, or `age`; anything else an expression.
    fn traits(&mut self, texts: &[Placed], known: &Known, unit: usize) -> Option<Vec<Trait>> {
        let info = &self.input.catalog.tables[unit];
        let root = singular(&info.name);
        let kinds = [Type::Text, Type::Integer, Type::Number, Type::Bool, Type::List];
        let mut traits = Vec::new();
        for text in texts {
            let word = text.get_ref().trim();
            let born = usual_named(&info.schema, "birth_date", Kind::Date);
            let (written, label) = match info.schema.position(word) {
                Some(_) => (path(&root, word), word),
                None if word == "age" && born.is_some() => (format!("age({root}.birth_date)"), word),
                None => (word.to_owned(), word.strip_prefix(&format!("{root}.")).unwrap_or(word)),
            };
            let label: Arc<str> = label.into();
            if written == word {
                let program = self.program(text, known, unit, Stage::Audience, &kinds);
                traits.extend(program.map(|program| Trait { label, program }));
                continue;
            }
            match Program::compile(&written, &self.scope(known, unit, Stage::Audience)) {
                Ok(program) if kinds.contains(&program.kind()) => traits.push(Trait { label, program }),
                Ok(program) => {
                    let help = (program.kind() == Type::Date).then(|| {
                        format!("count years or days: `age({written})`, `days_between({written}, posting_date)`")
                    });
                    self.tell(text, format!("this is {}", program.kind().words()), "too many different values", help);
                }
                Err(_) => self.tell(text, format!("`{written}` means nothing here"), "not known", None),
            }
        }
        (traits.len() == texts.len()).then_some(traits)
    }

    fn scores_rung(&mut self, spec: &RungSpec, known: &Known, unit: usize) -> Option<KindPlan> {
        let Some(name) = &spec.table else {
            let help = "write `table = \"scores\"` and declare [tables.scores]".to_owned();
            self.tell(&spec.by, "`scores` must say which table", "`table` is missing", Some(help));
            return None;
        };
        let table = self.table(name)?;
        let (person, product) = (self.whose(table, name, unit), self.which(table, name, known));
        let info = &self.input.catalog.tables[table];
        let score = usual_named(&info.schema, "score", Kind::Number)
            .or_else(|| usual_named(&info.schema, "score", Kind::Integer));
        if score.is_none() {
            let help = format!("write `score = \"number\"` under [tables.{}.columns]", info.name);
            self.tell(name, "these scores have no column `score` of numbers", "nothing to order by", Some(help));
        }
        let model = info.schema.position("model");
        if let (Some(only), None) = (&spec.model, model) {
            self.tell(only, format!("the table `{}` has no column `model`", info.name), "nothing to choose by", None);
        }
        Some(KindPlan::Scores(ScoresPlan {
            table,
            person: person?,
            product: product?,
            score: score?,
            model,
            only: spec.model.as_ref().map(|m| m.get_ref().as_str().into()),
            least: spec.least.as_ref().map(|l| *l.get_ref()),
        }))
    }

    /// The column of a table that says whose a row is.
    pub(super) fn whose(&mut self, table: usize, name: &Placed, unit: usize) -> Option<usize> {
        let catalog = self.input.catalog;
        let (info, unit) = (&catalog.tables[table], &catalog.tables[unit]);
        let (people, _) = person_of(catalog, self.input.catalog.position(&unit.name)?, unit.key?);
        let people = &catalog.tables[people];
        let key = people.key.map(|k| &*people.schema.columns[k].name);
        let found = info.join_to(&people.name).or_else(|| info.schema.position(key?));
        if found.is_none() {
            let help = format!("write `of = {{ … = \"{}\" }}` in [tables.{}]", people.name, info.name);
            self.tell(
                name,
                format!("nothing in this table says which of the {}", people.name),
                "not joined",
                Some(help),
            );
        }
        found
    }

    /// The column of a table that says which product.
    fn which(&mut self, table: usize, name: &Placed, known: &Known) -> Option<usize> {
        let catalog = self.input.catalog;
        let (info, products) = (&catalog.tables[table], &catalog.tables[known.products?]);
        let key = products.key.map(|k| &*products.schema.columns[k].name);
        let found = info.join_to(&products.name).or_else(|| info.schema.position(key?));
        if found.is_none() {
            let help = format!("write `of = {{ … = \"{}\" }}` in [tables.{}]", products.name, info.name);
            self.tell(name, "nothing in this table says which product", "not joined", Some(help));
        }
        found
    }

    /// The table of past pieces.
    pub(super) fn past(&mut self, spec: &PastSpec, names: &[Arc<str>], known: &Known, unit: usize) -> Option<PastPlan> {
        let table = self.table(&spec.table)?;
        let person = self.whose(table, &spec.table, unit);
        let catalog = self.input.catalog;
        let (info, goods) = (&catalog.tables[table], &catalog.tables[known.products?]);
        let date = match &spec.date {
            Some(name) => Some(self.typed(name, info, &[Kind::Date], "a date")?),
            None => usual(&info.schema, "posted_on", Kind::Date),
        };
        let piece = match &spec.piece {
            Some(name) => Some(self.column(name, info)?),
            None => None,
        };
        let mut products: Vec<usize> = spec.products.iter().filter_map(|name| self.column(name, info)).collect();
        if spec.products.is_empty() {
            let key = goods.key.map(|k| &*goods.schema.columns[k].name);
            let joined = |c: usize| info.joins.iter().any(|j| j.column == c && *j.to == *goods.name);
            let named = |c: usize| {
                let name = &*info.schema.columns[c].name;
                Some(name) == key || names.iter().any(|n| **n == *name)
            };
            products = (0..info.schema.columns.len()).filter(|c| joined(*c) || named(*c)).collect();
        }
        if products.is_empty() {
            let help = format!("name its columns: `past = {{ table = \"{}\", products = [\"…\"] }}`", info.name);
            self.tell(&spec.table, "no column of this table holds products", "nothing was shown", Some(help));
        }
        Some(PastPlan { table, person: person?, date, products, piece })
    }

    /// What recommendations start from.
    fn to(&mut self, given: Option<&Placed>, usual: To, known: &Known, unit: usize) -> Option<To> {
        let Some(given) = given else { return Some(usual) };
        match given.get_ref().as_str() {
            "history" => return Some(To::History),
            "last_basket" => return Some(To::LastBasket),
            "last_bought" => return Some(To::LastBought),
            _ => {}
        }
        let catalog = self.input.catalog;
        let Some(table) = catalog.position(given.get_ref()) else {
            let words = ["history", "last_basket", "last_bought"];
            let help =
                match did_you_mean(given.get_ref(), words.into_iter().chain(catalog.tables.iter().map(|t| &*t.name))) {
                    Some(like) => format!("did you mean `{like}`?"),
                    None => "expected history, last_basket, last_bought, or a table such as order_lines".to_owned(),
                };
            self.tell(given, "nothing to start from", "not known", Some(help));
            return None;
        };
        let (info, unit) = (&catalog.tables[table], &catalog.tables[unit]);
        let products = known.products.map(|p| &catalog.tables[p].name);
        let joins = (info.join_to(&unit.name), products.and_then(|p| info.join_to(p)));
        let (Some(of_unit), Some(product)) = joins else {
            let products = products.map_or("products", |p| &**p);
            let help =
                format!("write `of = {{ … = \"{}\", … = \"{products}\" }}` in [tables.{}]", unit.name, info.name);
            let message = format!("the rows of `{}` must belong to {} and name {products}", info.name, unit.name);
            self.tell(given, message, "not joined with both", Some(help));
            return None;
        };
        Some(To::Lines { name: Arc::clone(&info.name), table, unit: of_unit, product })
    }
}

/// The columns of these names, where there are such.
pub(super) fn usual_fields(products: &TableInfo, words: &[&str], value_names: &[&str]) -> Vec<FieldPlan> {
    let key = products.key;
    let find = |name: &&str| products.schema.position(name).filter(|c| Some(*c) != key);
    let words = words.iter().filter_map(find).map(|c| FieldPlan { column: c, weight: 1.0, terms: Terms::Words });
    let of_values = value_names.iter().filter_map(find);
    words.chain(of_values.map(|c| FieldPlan { column: c, weight: 1.0, terms: values(products, c) })).collect()
}

/// The usual columns by which products are compared.
pub(super) fn all_usual_fields(products: &TableInfo) -> Vec<FieldPlan> {
    usual_fields(products, &WORDS, &VALUES)
}

fn values(products: &TableInfo, column: usize) -> Terms {
    match products.schema.columns[column].kind {
        Kind::Integer | Kind::Money | Kind::Number => Terms::Bands,
        _ => Terms::Values,
    }
}

/// The keys that a rung has besides those that all may have, with their places.
fn keys(spec: &RungSpec) -> Vec<(&'static str, std::ops::Range<usize>)> {
    let mut keys = Vec::new();
    let placed = [
        ("table", &spec.table),
        ("where", &spec.condition),
        ("to", &spec.to),
        ("per", &spec.per),
        ("measure", &spec.measure),
        ("structure", &spec.structure),
        ("model", &spec.model),
        ("half_life", &spec.half_life),
    ];
    keys.extend(placed.iter().filter_map(|(key, v)| Some((*key, v.as_ref()?.span()))));
    let numbers = [("days", &spec.days), ("min_support", &spec.min_support), ("neighbours", &spec.neighbours)];
    keys.extend(numbers.iter().filter_map(|(key, v)| Some((*key, v.as_ref()?.span()))));
    let parts = [("shrink", &spec.shrink), ("least", &spec.least), ("smoothing", &spec.smoothing)];
    keys.extend(parts.iter().filter_map(|(key, v)| Some((*key, v.as_ref()?.span()))));
    let lists = [("words", spec.words.as_ref()), ("values", spec.values.as_ref())];
    keys.extend(lists.iter().filter_map(|(key, v)| Some((*key, v.as_ref()?.first()?.span()))));
    let lists = [("evidence", &spec.evidence), ("attributes", &spec.attributes)];
    keys.extend(lists.iter().filter_map(|(key, v)| Some((*key, v.first()?.span()))));
    keys.extend(spec.weights.keys().next().map(|k| ("weights", k.span())));
    keys.extend(spec.parents.keys().next().map(|k| ("parents", k.span())));
    keys.extend(spec.rules.first().map(|r| ("rules", r.name.span())));
    keys
}
