//! Which names an expression may use, and what they mean there.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;

use super::super::tables::{Catalog, PersonAt, singular};
use super::Type;
use super::eval::Node;
use crate::data::schema::{Kind, Schema};

/// The columns of the table of purchases, by what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryColumns {
    /// Position of the table in the catalog.
    pub table: usize,
    /// Whose purchase it was: a key of the people's table.
    pub person: usize,
    /// What was bought: a key of the products' table.
    pub product: Option<usize>,
    pub date: usize,
    pub quantity: Option<usize>,
    pub amount: Option<usize>,
}

/// A segmentation as rules see it.
#[derive(Clone, Debug)]
pub struct GroupNames {
    pub name: Arc<str>,
    /// Empty where they are only known when a sheet has been read.
    pub groups: Vec<Arc<str>>,
}

/// A sheet that gives a value, as rules see it.
#[derive(Clone, Debug)]
pub struct SheetName {
    pub name: Arc<str>,
    /// Its place among the sheets.
    pub sheet: usize,
    pub kind: Type,
    /// It asks for what is only known when segment, arm and store have been found.
    pub late: bool,
    /// The texts that may come out, where they are known.
    pub answers: Vec<Arc<str>>,
}

/// What the campaign itself names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// The table that is read record by record, so that its rows cannot be looked up.
    pub unit: Option<usize>,
    /// What `segment` may be.
    pub segments: &'a [Arc<str>],
    pub arms: &'a [Arc<str>],
    /// The segmentations that have been worked out here.
    pub groups: &'a [GroupNames],
    pub scores: &'a [Arc<str>],
    pub values: &'a [SheetName],
    /// Whether segment, arm and store have been found.
    pub late: bool,
    /// Takes down which tables are counted.
    pub uses: Option<&'a Uses>,
}

/// The tables whose rows rules count, each with the column that says whose they are.
#[derive(Debug, Default)]
pub struct Uses(Mutex<BTreeSet<(usize, usize)>>);

impl Uses {
    pub fn child(&self, table: usize, column: usize) {
        if let Ok(mut children) = self.0.lock() {
            children.insert((table, column));
        }
    }

    #[must_use]
    pub fn children(&self) -> Vec<(usize, usize)> {
        self.0.lock().map(|c| c.iter().copied().collect()).unwrap_or_default()
    }
}

/// What may be named in one place of the campaign.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub catalog: &'a Catalog,
    /// The table whose record is decided for; `None` where only stores or products are judged.
    pub unit: Option<usize>,
    pub history: Option<HistoryColumns>,
    /// The tables that `product` and `store` mean.
    pub products: Option<usize>,
    pub stores: Option<usize>,
    /// Whether a candidate product is being judged.
    pub product: bool,
    /// Whether a store has been looked for.
    pub store: bool,
    pub rfm: bool,
    pub segment: bool,
    pub arm: bool,
    /// Whether a table of past pieces is known.
    pub past: bool,
    /// The table whose rows are being counted, or judged one by one.
    pub row: Option<usize>,
    pub names: Names<'a>,
    pub as_of: Date,
    pub posting_date: Date,
}

/// A name and why it means nothing here.
#[derive(Debug)]
pub struct Unknown {
    /// Which word of the path.
    pub word: usize,
    pub message: String,
    /// Names that could stand there.
    pub known: Vec<String>,
}

impl Scope<'_> {
    /// What a path means here.
    pub fn resolve(&self, path: &[&str]) -> Result<(Node, Type), Unknown> {
        let Some((&root, rest)) = path.split_first() else {
            return Err(self.unknown_root(""));
        };
        if let Some(found) = self.of_row(root, rest) {
            return found;
        }
        if root == "segment" && !rest.is_empty() && !self.names.groups.is_empty() {
            let names = self.names.groups.iter().map(|g| &*g.name);
            return self.listed(rest, names, "segmentation").map(|n| (Node::Group(n), Type::Text));
        }
        if root == "score" && !self.names.scores.is_empty() {
            let names = self.names.scores.iter().map(|n| &**n);
            return self.listed(rest, names, "score").map(|n| (Node::Score(n), Type::Number));
        }
        if root == "value" && !self.names.values.is_empty() {
            let n = self.listed(rest, self.names.values.iter().map(|v| &*v.name), "value")?;
            let value = &self.names.values[n];
            if value.late && !self.names.late {
                let message = format!("the value `{}` asks for what is not known here yet", value.name);
                return Err(Unknown { word: 1, message, known: Vec::new() });
            }
            return Ok((Node::Sheet(value.sheet), value.kind));
        }
        let single = match root {
            "posting_date" => Some((Node::Date(self.posting_date), Type::Date)),
            "as_of" => Some((Node::Date(self.as_of), Type::Date)),
            "segment" if self.segment => Some((Node::Segment, Type::Text)),
            "arm" if self.arm => Some((Node::Arm, Type::Text)),
            _ => None,
        };
        if let Some(found) = single {
            return match rest.first() {
                None => Ok(found),
                Some(_) => Err(Unknown { word: 1, message: format!("`{root}` has no columns"), known: Vec::new() }),
            };
        }
        if root == "rfm" && self.rfm {
            return self.fixed(
                rest,
                root,
                &[
                    ("r", Node::Recency, Type::Integer),
                    ("f", Node::Frequency, Type::Integer),
                    ("m", Node::Monetary, Type::Integer),
                    ("recency_days", Node::RecencyDays, Type::Integer),
                    ("purchases", Node::Purchases, Type::Integer),
                    ("spent", Node::Spent, Type::Integer),
                ],
            );
        }
        if root == "store" && self.store {
            if rest == ["km"] {
                return Ok((Node::StoreKm, Type::Number));
            }
            return self.column(self.stores, rest, root, Node::Store);
        }
        if root == "product" && self.product {
            return self.column(self.products, rest, root, Node::Product);
        }
        if let Some(h) = self.history {
            if root == "last_purchase" {
                return self.column(Some(h.table), rest, root, Node::LastPurchase);
            }
            if root == "last_bought" && h.product.is_some() {
                return self.column(self.products, rest, root, Node::LastBought);
            }
        }
        if let Some(unit) = self.unit.and_then(|u| self.catalog.tables.get(u)) {
            if root == singular(&unit.name) {
                return self.column(self.unit, rest, root, Node::Unit);
            }
            for join in &unit.joins {
                if root == singular(&join.to) {
                    let table = self.catalog.position(&join.to);
                    let via = join.column;
                    return self.column(table, rest, root, |column| Node::Joined {
                        via,
                        table: table.unwrap_or_default(),
                        column,
                    });
                }
            }
            // The customer of a shipment is its order's.
            let far = (root == "customer").then(|| self.catalog.customers_of(self.unit?)).flatten();
            if let Some((table, PersonAt { column: via, through: Some((between, then)) })) = far {
                let node = |column| Node::JoinedFar { via, between, then, table, column };
                return self.column(Some(table), rest, root, node);
            }
        }
        Err(self.unknown_root(root))
    }

    /// A column of the row that is being counted, or of a row that it belongs to.
    fn of_row(&self, root: &str, rest: &[&str]) -> Option<Result<(Node, Type), Unknown>> {
        let position = self.row?;
        let table = self.catalog.tables.get(position)?;
        if root == singular(&table.name) {
            return Some(self.column(self.row, rest, root, |column| Node::Row { table: position, column }));
        }
        // The person stays the person, also where the row names them.
        let own = self.unit.and_then(|u| self.catalog.tables.get(u)).is_some_and(|u| root == singular(&u.name));
        let join = table.joins.iter().find(|j| root == singular(&j.to)).filter(|_| !own)?;
        let to = self.catalog.position(&join.to).filter(|t| Some(*t) != self.names.unit)?;
        let (from, via) = (position, join.column);
        Some(self.column(Some(to), rest, root, |column| Node::RowJoined { from, via, table: to, column }))
    }

    /// The place of the one word of `rest` among `names`.
    fn listed<'n>(
        &self,
        rest: &[&str],
        names: impl Iterator<Item = &'n str> + Clone,
        what: &str,
    ) -> Result<usize, Unknown> {
        let known = || names.clone().map(str::to_owned).collect();
        match rest {
            [name] => names.clone().position(|n| n == *name).ok_or_else(|| Unknown {
                word: 1,
                message: format!("there is no {what} `{name}`"),
                known: known(),
            }),
            [] => Err(Unknown { word: 0, message: format!("say which {what} is meant"), known: known() }),
            _ => Err(Unknown { word: 2, message: "nothing lies below this".to_owned(), known: Vec::new() }),
        }
    }

    fn fixed(&self, rest: &[&str], root: &str, names: &[(&str, Node, Type)]) -> Result<(Node, Type), Unknown> {
        let known = || names.iter().map(|n| n.0.to_owned()).collect();
        match rest {
            [name] => names.iter().find(|n| n.0 == *name).map(|n| (n.1.clone(), n.2)).ok_or_else(|| Unknown {
                word: 1,
                message: format!("`{root}` has no value `{name}`"),
                known: known(),
            }),
            [] => Err(Unknown {
                word: 0,
                message: format!("`{root}` alone is no value: say which, such as `{root}.{}`", names[0].0),
                known: known(),
            }),
            _ => Err(Unknown { word: 2, message: "nothing lies below this".to_owned(), known: Vec::new() }),
        }
    }

    fn column(
        &self,
        table: Option<usize>,
        rest: &[&str],
        root: &str,
        node: impl FnOnce(usize) -> Node,
    ) -> Result<(Node, Type), Unknown> {
        let Some(table) = table.and_then(|t| self.catalog.tables.get(t)) else { return Err(self.unknown_root(root)) };
        let columns = || table.schema.columns.iter().map(|c| c.name.to_string()).collect();
        match rest {
            [name] => table.schema.position(name).map(|c| (node(c), kind(&table.schema, c))).ok_or_else(|| Unknown {
                word: 1,
                message: format!("the table `{}` has no column `{name}`", table.name),
                known: columns(),
            }),
            [] => Err(Unknown {
                word: 0,
                message: format!(
                    "`{root}` is a whole row: say which column, such as `{root}.{}`",
                    first(&table.schema)
                ),
                known: Vec::new(),
            }),
            _ => Err(Unknown { word: 2, message: "nothing lies below a column".to_owned(), known: Vec::new() }),
        }
    }

    fn unknown_root(&self, root: &str) -> Unknown {
        let message = match root {
            "product" => {
                "`product` is known only in `[slots]`, where products are weighed, and in coupons with `for_slot`"
                    .to_owned()
            }
            "store" => "`store` is known only after the nearest store was found: declare `[nearest_store]`, and use \
                        it in slots and coupons"
                .to_owned(),
            "rfm" => "`rfm` is known only when `[segments.rfm]` is declared".to_owned(),
            "segment" => {
                "`segment` is not known here: segments are worked out from `[[segments.named]]` first".to_owned()
            }
            "arm" => "`arm` is known only when `audience.arms` is declared, and only in slots and coupons".to_owned(),
            "score" => "`score` is known only when `[scores.…]` is declared".to_owned(),
            "value" => "`value` is known only when `[values.…]` is declared".to_owned(),
            "last_purchase" | "last_bought" => format!("`{root}` needs a table of purchases (see `[history]`)"),
            _ => format!("`{root}` is not known here"),
        };
        Unknown { word: 0, message, known: self.roots() }
    }

    /// Every first word that means something here.
    #[must_use]
    pub fn roots(&self) -> Vec<String> {
        let mut known = Vec::new();
        if let Some(row) = self.row.and_then(|r| self.catalog.tables.get(r)) {
            known.push(singular(&row.name));
        }
        if let Some(unit) = self.unit.and_then(|u| self.catalog.tables.get(u)) {
            known.push(singular(&unit.name));
            known.extend(unit.joins.iter().map(|j| singular(&j.to)));
            let far = self.unit.and_then(|u| self.catalog.customers_of(u)).is_some_and(|c| c.1.through.is_some());
            known.extend(far.then(|| "customer".to_owned()));
        }
        for (word, here) in [
            ("rfm", self.rfm),
            ("segment", self.segment || !self.names.groups.is_empty()),
            ("score", !self.names.scores.is_empty()),
            ("value", !self.names.values.is_empty()),
            ("arm", self.arm),
            ("product", self.product),
            ("store", self.store),
            ("last_purchase", self.history.is_some()),
            ("last_bought", self.history.is_some_and(|h| h.product.is_some())),
            ("posting_date", true),
            ("as_of", true),
        ] {
            if here {
                known.push(word.to_owned());
            }
        }
        known
    }
}

fn first(schema: &Schema) -> &str {
    schema.columns.first().map_or("…", |c| &c.name)
}

fn kind(schema: &Schema, column: usize) -> Type {
    match schema.columns[column].kind {
        Kind::Text | Kind::Postcode => Type::Text,
        Kind::List => Type::List,
        Kind::Integer | Kind::Money => Type::Integer,
        Kind::Number => Type::Number,
        Kind::Date => Type::Date,
        Kind::Bool => Type::Bool,
    }
}
