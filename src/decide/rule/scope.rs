//! Which names an expression may use, and what they mean there.

use jiff::civil::Date;

use super::super::tables::{Catalog, singular};
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
        }
        Err(self.unknown_root(root))
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
            "product" => "`product` is known only in `[slots]`, where products are weighed".to_owned(),
            "store" => "`store` is known only after the nearest store was found: declare `[nearest_store]`, and use \
                        it in slots and coupons"
                .to_owned(),
            "rfm" => "`rfm` is known only when `[segments.rfm]` is declared".to_owned(),
            "segment" => {
                "`segment` is not known here: segments are worked out from `[[segments.named]]` first".to_owned()
            }
            "arm" => "`arm` is known only when `audience.arms` is declared, and only in slots and coupons".to_owned(),
            "last_purchase" | "last_bought" => format!("`{root}` needs a table of purchases (see `[history]`)"),
            _ => format!("`{root}` is not known here"),
        };
        Unknown { word: 0, message, known: self.roots() }
    }

    /// Every first word that means something here.
    #[must_use]
    pub fn roots(&self) -> Vec<String> {
        let mut known = Vec::new();
        if let Some(unit) = self.unit.and_then(|u| self.catalog.tables.get(u)) {
            known.push(singular(&unit.name));
            known.extend(unit.joins.iter().map(|j| singular(&j.to)));
        }
        for (word, here) in [
            ("rfm", self.rfm),
            ("segment", self.segment),
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
        Kind::Text | Kind::Postcode | Kind::List => Type::Text,
        Kind::Integer | Kind::Money => Type::Integer,
        Kind::Number => Type::Number,
        Kind::Date => Type::Date,
        Kind::Bool => Type::Bool,
    }
}
