//! A tree to a compiled expression: every name looked up, every type checked, all faults told.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::eval::{By, Node, Over, Together, Wanted};
use super::parser::{Expr, ExprKind, Operator, Unit};
use super::scope::Scope;
use super::{Fault, Type};
use crate::base::diag::did_you_mean;
use crate::decide::days;
use crate::decide::tables::singular;

/// The functions, each with what it takes, for faults and documents.
const FUNCTIONS: [(&str, &str); 19] = [
    ("has", "has(value)"),
    ("missing", "missing(value)"),
    ("startsWith", "text.startsWith(\"…\")"),
    ("endsWith", "text.endsWith(\"…\")"),
    ("contains", "text.contains(\"…\")"),
    ("size", "size(text or list)"),
    ("date", "date(\"2026-12-01\")"),
    ("days_between", "days_between(earlier, later)"),
    ("age", "age(birth_date)"),
    ("year", "year(date)"),
    ("month", "month(date)"),
    ("day", "day(date)"),
    ("bought", "bought(product, within = 180 days)"),
    ("shown", "shown(product, pieces = 2)"),
    ("any", "any(TABLE, where = condition on a row)"),
    ("count", "count(TABLE, where = condition on a row)"),
    ("sum", "sum(TABLE.column, where = condition on a row)"),
    ("max", "max(TABLE.column, where = condition on a row)"),
    ("min", "min(TABLE.column, where = condition on a row)"),
];

/// What is to be done with a list.
const AMONG: &str = "ask whether a text is one of the list's: `\"茶\" in customer.interests`";

type Checked = Option<(Node, Type)>;

pub struct Checker<'a> {
    scope: &'a Scope<'a>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Checker<'a> {
    pub fn new(scope: &'a Scope<'a>, faults: &'a mut Vec<Fault>) -> Self {
        Self { scope, faults }
    }

    fn fault(&mut self, fault: Fault) -> Checked {
        self.faults.push(fault);
        None
    }

    pub fn expression(&mut self, e: &Expr) -> Checked {
        match &e.kind {
            ExprKind::Bool(b) => Some((Node::Bool(*b), Type::Bool)),
            ExprKind::Integer(n) => Some((Node::Integer(*n), Type::Integer)),
            ExprKind::Number(n) => Some((Node::Number(*n), Type::Number)),
            ExprKind::Text(t) => Some((Node::Text(t.as_str().into()), Type::Text)),
            ExprKind::Time(..) => self.fault(
                Fault::new(e.span.clone(), "a span of time is no value by itself")
                    .label("can only be added to a date, taken from one, or follow `within =`")
                    .help("to compare, count days: `days_between(customer.joined_at, posting_date) > 30`"),
            ),
            ExprKind::List(_) => self
                .fault(Fault::new(e.span.clone(), "a list is no value by itself").label("lists stand only after `in`")),
            ExprKind::Path(words) => self.path(words),
            ExprKind::Not(inner) => {
                let node = self.of(inner, &[Type::Bool], "`!`")?.0;
                Some((Node::Not(Box::new(node)), Type::Bool))
            }
            ExprKind::Minus(inner) => {
                let (node, kind) = self.of(inner, &[Type::Integer, Type::Number], "`-`")?;
                Some(match node {
                    Node::Integer(n) => (Node::Integer(-n), kind),
                    Node::Number(n) => (Node::Number(-n), kind),
                    node => (Node::Negative(Box::new(node)), kind),
                })
            }
            ExprKind::Binary(operator, a, b) => self.binary(e, *operator, a, b),
            ExprKind::Choose(condition, then, otherwise) => {
                let condition = self.of(condition, &[Type::Bool], "`?`");
                let (a, b) = (self.expression(then), self.expression(otherwise));
                let ((condition, _), (a, kind), (b, other)) = (condition?, a?, b?);
                let kind = match (kind, other) {
                    (a, b) if a == b => a,
                    (a, b) if a.is_number() && b.is_number() => Type::Number,
                    _ => {
                        return self.fault(
                            Fault::new(otherwise.span.clone(), "both results must be of one kind").label(format!(
                                "this is {}, the other {}",
                                other.words(),
                                kind.words()
                            )),
                        );
                    }
                };
                Some((Node::Choose(Box::new((condition, a, b))), kind))
            }
            ExprKind::Call { name, name_span, arguments, named } => self.call(e, name, name_span, arguments, named),
        }
    }

    fn path(&mut self, words: &[(String, Range<usize>)]) -> Checked {
        let path: Vec<&str> = words.iter().map(|w| w.0.as_str()).collect();
        match self.scope.resolve(&path) {
            Ok(found) => Some(found),
            Err(unknown) => {
                let (word, span) = words.get(unknown.word).or(words.last()).cloned().unwrap_or_default();
                let mut fault = Fault::new(span, unknown.message).label("unknown here");
                let like = did_you_mean(&word, unknown.known.iter().map(String::as_str));
                if let Some(like) = like {
                    fault = fault.help(format!("did you mean `{like}`?"));
                } else if !unknown.known.is_empty() {
                    fault = fault.help(format!("known here: {}", unknown.known.join(", ")));
                }
                self.fault(fault)
            }
        }
    }

    /// An operand that must be of one of the types.
    fn of(&mut self, e: &Expr, wanted: &[Type], who: &str) -> Checked {
        let (node, kind) = self.expression(e)?;
        if wanted.contains(&kind) {
            return Some((node, kind));
        }
        let words: Vec<&str> = wanted.iter().map(|t| t.words()).collect();
        let fault = Fault::new(e.span.clone(), format!("{who} needs {}", words.join(" or ")))
            .label(format!("this is {}", kind.words()));
        self.fault(if kind == Type::List { fault.help(AMONG) } else { fault })
    }

    fn binary(&mut self, e: &Expr, operator: Operator, a: &Expr, b: &Expr) -> Checked {
        let sign = format!("`{}`", operator.sign());
        match operator {
            Operator::And | Operator::Or => {
                let mut parts = Vec::new();
                chain(e, operator, &mut parts);
                let before = self.faults.len();
                let nodes: Vec<Node> =
                    parts.iter().filter_map(|p| self.of(p, &[Type::Bool], &sign)).map(|c| c.0).collect();
                if self.faults.len() > before {
                    return None;
                }
                let nodes = nodes.into_boxed_slice();
                Some((if operator == Operator::And { Node::And(nodes) } else { Node::Or(nodes) }, Type::Bool))
            }
            Operator::In => self.membership(a, b),
            Operator::Plus | Operator::Minus | Operator::Times | Operator::Over | Operator::Rest => {
                if let ExprKind::Time(count, unit) = b.kind
                    && matches!(operator, Operator::Plus | Operator::Minus)
                {
                    let node = self.of(a, &[Type::Date], &sign)?.0;
                    let count = if operator == Operator::Plus { count } else { -count };
                    return Some((Node::Moved(Box::new(node), count, unit), Type::Date));
                }
                let (x, y) = (self.expression(a), self.expression(b));
                let ((x, left), (y, right)) = (x?, y?);
                if left == Type::Date && right == Type::Date && operator == Operator::Minus {
                    return self.fault(
                        Fault::new(e.span.clone(), "dates cannot be subtracted")
                            .label("dates")
                            .help("write `days_between(earlier, later)`"),
                    );
                }
                for (side, kind) in [(a, left), (b, right)] {
                    if !kind.is_number() {
                        let fault = Fault::new(side.span.clone(), format!("{sign} needs numbers"))
                            .label(format!("this is {}", kind.words()));
                        return self.fault(if left == Type::Date {
                            fault.help("to a date, add a span of time: `posting_date + 30 days`")
                        } else {
                            fault
                        });
                    }
                }
                let whole = left == Type::Integer && right == Type::Integer && operator != Operator::Over;
                let kind = if whole { Type::Integer } else { Type::Number };
                Some((Node::Arithmetic(operator, Box::new((x, y))), kind))
            }
            _ => {
                let (x, y) = (self.expression(a), self.expression(b));
                let ((x, left), (y, right)) = (x?, y?);
                if !comparable(left, right) {
                    return self.mismatch(e, a, left, b, right);
                }
                if left == Type::Bool && !matches!(operator, Operator::Equal | Operator::NotEqual) {
                    return self
                        .fault(Fault::new(e.span.clone(), "conditions have no order").label("use `==` or `!=`"));
                }
                if matches!(operator, Operator::Equal | Operator::NotEqual) {
                    self.named_text(&x, b);
                    self.named_text(&y, a);
                }
                Some((Node::Compare(operator, Box::new((x, y))), Type::Bool))
            }
        }
    }

    fn mismatch(&mut self, e: &Expr, a: &Expr, left: Type, b: &Expr, right: Type) -> Checked {
        let fault = Fault::new(e.span.clone(), format!("{} cannot be compared with {}", left.words(), right.words()))
            .label("different kinds");
        let (text, other) = if left == Type::Text { (a, right) } else { (b, left) };
        let literal = matches!(text.kind, ExprKind::Text(_));
        let fault = match (left == Type::Text || right == Type::Text, literal, other) {
            (true, true, Type::Date) => fault.help("write dates as date(\"2026-12-01\")"),
            (true, true, Type::Integer | Type::Number) => fault.help("write numbers without quotes"),
            (true, false, Type::Integer | Type::Number | Type::Date) => fault.help(
                "the column is read as text: put the value in quotes, or give the column a type under \
                 `[tables.….columns]`",
            ),
            _ if left == Type::List || right == Type::List => fault.help(AMONG),
            _ => fault,
        };
        self.fault(fault)
    }

    fn membership(&mut self, a: &Expr, list: &Expr) -> Checked {
        let left = self.expression(a);
        let ExprKind::List(items) = &list.kind else {
            let (right, kind) = self.expression(list)?;
            if kind == Type::List {
                let (left, kind) = left?;
                return match kind {
                    Type::Text => Some((Node::Among(Box::new((left, right))), Type::Bool)),
                    _ => self.fault(
                        Fault::new(a.span.clone(), "the items of a list are texts")
                            .label(format!("this is {}", kind.words())),
                    ),
                };
            }
            return self.fault(
                Fault::new(list.span.clone(), "`in` needs a list")
                    .label("expected [ … ], or a column of the type list")
                    .help("to look inside a text, write `text.contains(\"…\")`"),
            );
        };
        let before = self.faults.len();
        let mut nodes = Vec::with_capacity(items.len());
        for item in items {
            let Some((node, kind)) = self.expression(item) else { continue };
            let constant =
                matches!(node, Node::Bool(_) | Node::Integer(_) | Node::Number(_) | Node::Text(_) | Node::Date(_));
            if !constant {
                self.fault(Fault::new(item.span.clone(), "a list holds only fixed values").label("not fixed"));
            }
            if let Some((_, left)) = &left
                && !comparable(*left, kind)
            {
                self.mismatch(item, a, *left, item, kind);
            }
            if let Some((left, _)) = &left {
                self.named_text(left, item);
            }
            nodes.push(node);
        }
        let left = left?.0;
        (self.faults.len() == before).then(|| (Node::In(Box::new(left), nodes.into_boxed_slice()), Type::Bool))
    }

    fn call(
        &mut self,
        e: &Expr,
        name: &str,
        name_span: &Range<usize>,
        arguments: &[Expr],
        named: &[(String, Range<usize>, Expr)],
    ) -> Checked {
        let Some((_, usage)) = FUNCTIONS.iter().find(|f| f.0 == name) else {
            let fault = Fault::new(name_span.clone(), format!("there is no function `{name}`")).label("unknown");
            let fault = match did_you_mean(name, FUNCTIONS.iter().map(|f| f.0)) {
                Some(like) => fault.help(format!("did you mean `{like}`?")),
                None => fault.help(format!("functions: {}", FUNCTIONS.map(|f| f.0).join(", "))),
            };
            return self.fault(fault);
        };
        if name == "bought" {
            return self.bought(e, arguments, named);
        }
        if name == "shown" {
            return self.shown(e, arguments, named);
        }
        let together = match name {
            "any" => Some(Together::Any),
            "count" => Some(Together::Count),
            "sum" => Some(Together::Sum),
            "max" => Some(Together::Largest),
            "min" => Some(Together::Smallest),
            _ => None,
        };
        if let Some(what) = together {
            return self.together(e, what, usage, arguments, named);
        }
        let count = match name {
            "startsWith" | "endsWith" | "contains" | "days_between" => 2,
            _ => 1,
        };
        if arguments.len() != count || !named.is_empty() {
            let fault = Fault::new(e.span.clone(), format!("`{name}` is called with the wrong arguments"))
                .label(format!("expected {usage}"));
            return self.fault(fault);
        }
        let who = format!("`{name}`");
        match (name, arguments) {
            ("date", [e]) => self.date(e),
            ("has", [e]) => Some((Node::Has(Box::new(self.expression(e)?.0)), Type::Bool)),
            ("missing", [e]) => Some((Node::Not(Box::new(Node::Has(Box::new(self.expression(e)?.0)))), Type::Bool)),
            ("size", [e]) => {
                Some((Node::Size(Box::new(self.of(e, &[Type::Text, Type::List], &who)?.0)), Type::Integer))
            }
            (_, [a, b]) => {
                let wanted = if name == "days_between" { Type::Date } else { Type::Text };
                let (a, b) = (self.of(a, &[wanted], &who), self.of(b, &[wanted], &who));
                let sides = Box::new((a?.0, b?.0));
                Some(match name {
                    "startsWith" => (Node::StartsWith(sides), Type::Bool),
                    "endsWith" => (Node::EndsWith(sides), Type::Bool),
                    "contains" => (Node::Contains(sides), Type::Bool),
                    _ => (Node::DaysBetween(sides), Type::Integer),
                })
            }
            (_, [e]) => {
                let day = Box::new(self.of(e, &[Type::Date], &who)?.0);
                let node = match name {
                    "age" => Node::Age(day, self.scope.posting_date),
                    "year" => Node::Year(day),
                    "month" => Node::Month(day),
                    _ => Node::Day(day),
                };
                Some((node, Type::Integer))
            }
            _ => None,
        }
    }

    fn date(&mut self, e: &Expr) -> Checked {
        if let ExprKind::Text(text) = &e.kind
            && let Ok(date) = text.parse::<Date>()
        {
            return Some((Node::Date(date), Type::Date));
        }
        self.fault(
            Fault::new(e.span.clone(), "this is no date")
                .label("expected a day of the calendar such as \"2026-12-01\""),
        )
    }

    /// `count(family_members, where = …)`, `sum(purchases.amount)`: the rows of another table that belong to the
    /// person or to the record.
    fn together(
        &mut self,
        e: &Expr,
        what: Together,
        usage: &str,
        arguments: &[Expr],
        named: &[(String, Range<usize>, Expr)],
    ) -> Checked {
        let counting = matches!(what, Together::Any | Together::Count);
        let words = match arguments {
            [Expr { kind: ExprKind::Path(words), .. }] if words.len() == if counting { 1 } else { 2 } => words,
            _ => {
                return self.fault(
                    Fault::new(e.span.clone(), "it is not said which rows are meant")
                        .label(format!("expected {usage}")),
                );
            }
        };
        let scope = *self.scope;
        if scope.row.is_some() {
            return self.fault(
                Fault::new(e.span.clone(), "rows cannot be counted while rows are counted").label("one too many"),
            );
        }
        let (table_name, span) = &words[0];
        let Some(table) = scope.catalog.position(table_name) else {
            let names = scope.catalog.tables.iter().map(|t| &*t.name);
            let like = did_you_mean(table_name, names.clone());
            let help = like.map_or_else(
                || format!("tables of this campaign: {}", names.collect::<Vec<_>>().join(", ")),
                |like| format!("did you mean `{like}`?"),
            );
            return self.fault(
                Fault::new(span.clone(), format!("there is no table `{table_name}`"))
                    .label("not in [tables]")
                    .help(help),
            );
        };
        let info = &scope.catalog.tables[table];
        let unit = scope.unit.and_then(|u| scope.catalog.tables.get(u));
        let of_unit = unit.and_then(|u| info.join_to(&u.name));
        let people = scope.unit.and_then(|u| scope.catalog.customers_of(u));
        let of_person = people.and_then(|_| info.join_to("customers")).map(|c| (c, By::Person));
        // A shipment counts its order's lines.
        let mut joins = unit.into_iter().flat_map(|u| &u.joins);
        let of_row = joins.find_map(|j| Some((info.join_to(&j.to)?, By::Text(Node::Unit(j.column)))));
        let inner = Scope { row: Some(table), ..scope };
        let joined =
            of_unit.map(|c| (c, if people.is_none() { By::Person } else { By::Record })).or(of_person).or(of_row);
        let compared = || named.iter().find_map(|(name, _, e)| (name == "where").then(|| self.compared(e, &inner))?);
        let Some((column, by)) = joined.or_else(compared) else {
            let whose = unit.map_or("customers", |u| &*u.name);
            let row = singular(table_name);
            return self.fault(
                Fault::new(span.clone(), format!("nothing joins the table `{table_name}` with `{whose}`"))
                    .label("whose rows?")
                    .help(format!("write `of = {{ … = \"{whose}\" }}` in [tables.{table_name}]"))
                    .help(format!(
                        "or say in `where` what a column of texts must be: `{row}.… == {}.…`",
                        singular(whose)
                    )),
            );
        };
        if let Some(uses) = scope.names.uses {
            uses.child(table, column);
        }
        let mut over = Over { table, column, by, what, value: None, condition: None };
        let mut kind = if what == Together::Any { Type::Bool } else { Type::Integer };
        if let [_, (column, span)] = words.as_slice() {
            let row = singular(&info.name);
            let path = ExprKind::Path(vec![(row, span.clone()), (column.clone(), span.clone())]);
            let (node, found) =
                Checker::new(&inner, self.faults).expression(&Expr { kind: path, span: span.clone() })?;
            if what == Together::Sum && !found.is_number() {
                return self.fault(
                    Fault::new(span.clone(), "only numbers can be added up")
                        .label(format!("this is {}", found.words())),
                );
            }
            over.value = Some(node);
            kind = found;
        }
        for (name, span, value) in named {
            if name != "where" || over.condition.is_some() {
                return self.fault(
                    Fault::new(span.clone(), format!("there is no `{name}` here")).label("expected `where = …`, once"),
                );
            }
            over.condition = Some(Checker::new(&inner, self.faults).of(value, &[Type::Bool], "`where`")?.0);
        }
        Some((Node::Over(Box::new(over)), kind))
    }

    /// A column of texts in the rows of `inner` that a condition on them compares with a text that is the same for all of
    /// them: `coupon.upc == redemption.upc`. The rows are found by it.
    fn compared(&self, e: &Expr, inner: &Scope<'_>) -> Option<(usize, By)> {
        let ExprKind::Binary(operator, a, b) = &e.kind else { return None };
        match operator {
            Operator::And => self.compared(a, inner).or_else(|| self.compared(b, inner)),
            Operator::Equal => [(a, b), (b, a)].into_iter().find_map(|(column, text)| {
                let node = |scope: &Scope<'_>, e: &Expr| Checker::new(scope, &mut Vec::new()).expression(e);
                let (Node::Row { column, .. }, Type::Text) = node(inner, column)? else { return None };
                // What means another thing here and there is not the same for all rows.
                let (there, here) = (node(inner, text)?, node(self.scope, text)?);
                let same = format!("{there:?}") == format!("{here:?}");
                (same && here.1 == Type::Text && inner.row != inner.names.unit).then_some((column, By::Text(here.0)))
            }),
            _ => None,
        }
    }

    /// Whether a text that something is compared with can be its value at all: the names of segments and
    /// arms, and what comes out of sheets, are known.
    fn named_text(&mut self, node: &Node, text: &Expr) {
        let ExprKind::Text(written) = &text.kind else { return };
        let names = &self.scope.names;
        let (what, known): (&str, &[Arc<str>]) = match node {
            Node::Segment => ("segment", names.segments),
            Node::Arm => ("arm", names.arms),
            Node::Group(n) => ("group", names.groups.get(*n).map_or(&[], |g| g.groups.as_slice())),
            Node::Sheet(n) => {
                ("answer", names.values.iter().find(|v| v.sheet == *n).map_or(&[], |v| v.answers.as_slice()))
            }
            _ => return,
        };
        if known.is_empty() || known.iter().any(|k| **k == **written) {
            return;
        }
        let names: Vec<&str> = known.iter().map(|k| &**k).collect();
        let help = did_you_mean(written, names.iter().copied())
            .map_or_else(|| format!("known here: {}", names.join(", ")), |like| format!("did you mean `{like}`?"));
        let fault = Fault::new(text.span.clone(), format!("there is no {what} `{written}`")).label("never holds");
        self.faults.push(fault.help(help));
    }

    /// `bought(product)`, `bought("P0007")`, `bought(category = "茶")`, each with `within = 180 days`.
    fn bought(&mut self, e: &Expr, arguments: &[Expr], named: &[(String, Range<usize>, Expr)]) -> Checked {
        if self.scope.history.is_none_or(|h| h.product.is_none()) {
            return self.fault(
                Fault::new(e.span.clone(), "`bought` needs a table of purchases that is joined with the products")
                    .label("no purchases are known")
                    .help("declare it in `[tables]` with `of = { … }`, and name it in `[history]`"),
            );
        }
        let mut what = match arguments {
            [] => Wanted::Anything,
            [one] => self.wanted(one)?,
            [_, second, ..] => {
                return self.fault(
                    Fault::new(second.span.clone(), "`bought` asks for one product")
                        .label("expected `within = 180 days`"),
                );
            }
        };
        let mut since = i32::MIN + 1;
        for (name, span, value) in named {
            if name == "within" {
                let Some(first) = self.within(value) else { continue };
                since = first;
                continue;
            }
            let products = self.scope.products.and_then(|p| self.scope.catalog.tables.get(p));
            let column = products.and_then(|p| p.schema.position(name));
            match (column, &value.kind, &what) {
                (Some(column), ExprKind::Text(text), Wanted::Anything) => {
                    what = Wanted::With { column, text: text.as_str().into() };
                }
                (Some(_), ExprKind::Text(_), _) => {
                    self.fault(Fault::new(span.clone(), "`bought` asks for one thing").label("one too many"));
                }
                (Some(_), ..) => {
                    self.fault(Fault::new(value.span.clone(), "expected a text in quotes").label("no text"));
                }
                (None, ..) => {
                    let columns = products.into_iter().flat_map(|p| p.schema.columns.iter().map(|c| &*c.name));
                    let like = did_you_mean(name, columns.chain(["within"]));
                    let fault = Fault::new(span.clone(), format!("the products have no column `{name}`"))
                        .label("expected `within` or a column of the products");
                    self.fault(match like {
                        Some(like) => fault.help(format!("did you mean `{like}`?")),
                        None => fault,
                    });
                }
            }
        }
        Some((Node::Bought { what, since }, Type::Bool))
    }

    /// `shown(product)`, with `pieces = 2` or `within = 90 days`.
    fn shown(&mut self, e: &Expr, arguments: &[Expr], named: &[(String, Range<usize>, Expr)]) -> Checked {
        if !self.scope.past {
            return self.fault(
                Fault::new(e.span.clone(), "`shown` needs a table of past pieces")
                    .label("no past pieces are known")
                    .help("declare it in `[tables]`, and name it in `[slots]`: `past = { table = \"…\" }`"),
            );
        }
        let [one] = arguments else {
            return self.fault(
                Fault::new(e.span.clone(), "`shown` asks for the product that is weighed")
                    .label("expected shown(product, pieces = 2)"),
            );
        };
        match self.wanted(one)? {
            Wanted::Candidate => {}
            _ => {
                return self.fault(
                    Fault::new(one.span.clone(), "`shown` asks for the product that is weighed")
                        .label("expected `product`"),
                );
            }
        }
        let (mut pieces, mut since) = (u32::MAX, i32::MIN);
        for (name, span, value) in named {
            match (name.as_str(), &value.kind) {
                ("within", _) => since = self.within(value).unwrap_or(since),
                ("pieces", ExprKind::Integer(n)) if *n > 0 => pieces = u32::try_from(*n).unwrap_or(u32::MAX),
                ("pieces", _) => {
                    self.fault(
                        Fault::new(value.span.clone(), "this is no number of pieces").label("expected 1 or more"),
                    );
                }
                _ => {
                    self.fault(
                        Fault::new(span.clone(), format!("`shown` knows no `{name}`"))
                            .label("expected `pieces = 2` or `within = 90 days`"),
                    );
                }
            }
        }
        Some((Node::Shown { pieces, since }, Type::Bool))
    }

    fn wanted(&mut self, e: &Expr) -> Option<Wanted> {
        match &e.kind {
            ExprKind::Text(key) => Some(Wanted::Key(key.as_str().into())),
            ExprKind::Path(words) if words.len() == 1 && words[0].0 == "product" => {
                if self.scope.product {
                    return Some(Wanted::Candidate);
                }
                self.path(words);
                None
            }
            _ => {
                self.fault(
                    Fault::new(e.span.clone(), "`bought` does not know what to look for")
                        .label("expected `product`, a product's key in quotes, or a column: category = \"…\""),
                );
                None
            }
        }
    }

    /// The first day of a span that ends on the posting date.
    fn within(&mut self, e: &Expr) -> Option<i32> {
        let span: Option<(i64, Unit)> = match &e.kind {
            ExprKind::Time(count, unit) => Some((*count, *unit)),
            ExprKind::Text(text) => days::span(text),
            _ => None,
        };
        let first = span.and_then(|(count, unit)| days::moved(self.scope.posting_date, -count, unit));
        if first.is_none() {
            self.fault(Fault::new(e.span.clone(), "this is no span of time").label("expected such as `180 days`"));
        }
        first.map(days::number)
    }
}

/// The parts of `a && b && c`, however they are nested to the left.
fn chain<'e>(e: &'e Expr, operator: Operator, parts: &mut Vec<&'e Expr>) {
    let mut at = e;
    let from = parts.len();
    while let ExprKind::Binary(o, a, b) = &at.kind
        && *o == operator
    {
        parts.push(b);
        at = a;
    }
    parts.push(at);
    parts[from..].reverse();
}

fn comparable(a: Type, b: Type) -> bool {
    (a == b && a != Type::List) || (a.is_number() && b.is_number())
}
