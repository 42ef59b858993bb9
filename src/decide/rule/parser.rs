//! Tokens to a tree. The syntax is a part of CEL (Common Expression Language), with two additions: spans of
//! time (`30 days`) and arguments with names (`within = 180 days`).

use std::ops::Range;

use super::Fault;
use super::lexer::{Token, tokens};

/// Deeper nesting than this is a fault: it would be no rule that a person can read, and the stack is finite.
const DEEPEST: usize = 64;
/// So many operators may one rule have; a chain of them nests as deeply as it is long.
const MOST_OPERATORS: usize = 400;

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    /// `30 days`
    Time(i64, Unit),
    List(Vec<Expr>),
    /// `customer.status`, `segment`: words with their places.
    Path(Vec<(String, Range<usize>)>),
    Not(Box<Expr>),
    Minus(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `condition ? then : otherwise`
    Choose(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `name(arguments)`; for a method, the value before the dot is the first argument.
    Call {
        name: String,
        name_span: Range<usize>,
        arguments: Vec<Expr>,
        named: Vec<(String, Range<usize>, Expr)>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Days,
    Weeks,
    Months,
    Years,
}

impl Unit {
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "day" | "days" => Self::Days,
            "week" | "weeks" => Self::Weeks,
            "month" | "months" => Self::Months,
            "year" | "years" => Self::Years,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Plus,
    Minus,
    Times,
    Over,
    Rest,
}

impl Operator {
    pub fn sign(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
            Self::Rest => "%",
        }
    }

    /// How tightly it binds, as in CEL: `||` loosest, `*` tightest.
    fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual
            | Self::In => 3,
            Self::Plus | Self::Minus => 4,
            Self::Times | Self::Over | Self::Rest => 5,
        }
    }

    fn of(token: &Token) -> Option<Self> {
        const ALL: [Operator; 14] = [
            Operator::Or,
            Operator::And,
            Operator::Equal,
            Operator::NotEqual,
            Operator::Less,
            Operator::LessOrEqual,
            Operator::Greater,
            Operator::GreaterOrEqual,
            Operator::In,
            Operator::Plus,
            Operator::Minus,
            Operator::Times,
            Operator::Over,
            Operator::Rest,
        ];
        let found = match token {
            Token::Sign(s) => *s,
            Token::Word(w) if w == "in" => "in",
            _ => return None,
        };
        ALL.into_iter().find(|o| o.sign() == found)
    }
}

/// Parses a whole expression.
pub fn parse(text: &str) -> Result<Expr, Fault> {
    let mut p = Parser { tokens: tokens(text)?, at: 0, depth: 0, operators: 0 };
    if *p.peek() == Token::End {
        return Err(Fault::new(0..text.len(), "there is no rule here").label("expected a condition or a value"));
    }
    let e = p.expression()?;
    match p.peek() {
        Token::End => Ok(e),
        Token::Sign("=") => Err(p.unexpected("the end").help("write `==` to compare")),
        Token::Word(w) if w == "and" => Err(p.unexpected("an operator").help("write `&&` for \"and\"")),
        Token::Word(w) if w == "or" => Err(p.unexpected("an operator").help("write `||` for \"or\"")),
        _ => Err(p.unexpected("an operator or the end")),
    }
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    depth: usize,
    operators: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |t| &t.0)
    }

    fn span(&self) -> Range<usize> {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0..0, |t| t.1.clone())
    }

    fn take(&mut self) -> (Token, Range<usize>) {
        let token = (self.peek().clone(), self.span());
        self.at += 1;
        token
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(s) if *s == sign)
    }

    fn accept(&mut self, sign: &str) -> bool {
        let yes = self.is(sign);
        self.at += usize::from(yes);
        yes
    }

    fn expect(&mut self, sign: &str) -> Result<Range<usize>, Fault> {
        let span = self.span();
        if self.accept(sign) { Ok(span) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let found = match self.peek() {
            Token::End => "the rule ends too early".to_owned(),
            Token::Word(w) => format!("`{w}` cannot stand here"),
            Token::Text(_) => "a text cannot stand here".to_owned(),
            Token::Integer(_) | Token::Number(_) => "a number cannot stand here".to_owned(),
            Token::Sign(s) => format!("`{s}` cannot stand here"),
        };
        Fault::new(self.span(), found).label(format!("expected {expected}"))
    }

    fn expression(&mut self) -> Result<Expr, Fault> {
        self.deeper(|p| {
            let condition = p.binary(1)?;
            if !p.accept("?") {
                return Ok(condition);
            }
            let then = p.expression()?;
            p.expect(":")?;
            let otherwise = p.expression()?;
            let span = condition.span.start..otherwise.span.end;
            Ok(Expr { kind: ExprKind::Choose(Box::new(condition), Box::new(then), Box::new(otherwise)), span })
        })
    }

    fn deeper(&mut self, f: impl FnOnce(&mut Self) -> Result<Expr, Fault>) -> Result<Expr, Fault> {
        if self.depth >= DEEPEST {
            return Err(Fault::new(self.span(), "this rule is nested too deeply")
                .help("split it, for example into two named segments"));
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    fn binary(&mut self, weakest: u8) -> Result<Expr, Fault> {
        let mut left = self.unary()?;
        while let Some(operator) = Operator::of(self.peek()).filter(|o| o.strength() >= weakest) {
            self.operators += 1;
            if self.operators > MOST_OPERATORS {
                return Err(Fault::new(self.span(), "this rule has too many parts")
                    .help("a long list of alternatives is shorter with `in [ … ]`"));
            }
            self.at += 1;
            let right = self.binary(operator.strength() + 1)?;
            let span = left.span.start..right.span.end;
            left = Expr { kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)), span };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, Fault> {
        let start = self.span().start;
        if self.accept("!") {
            let e = self.deeper(Self::unary)?;
            let span = start..e.span.end;
            return Ok(Expr { kind: ExprKind::Not(Box::new(e)), span });
        }
        if self.accept("-") {
            let e = self.deeper(Self::unary)?;
            let span = start..e.span.end;
            return Ok(Expr { kind: ExprKind::Minus(Box::new(e)), span });
        }
        self.member()
    }

    fn member(&mut self) -> Result<Expr, Fault> {
        let mut e = self.primary()?;
        loop {
            if self.accept(".") {
                let (token, span) = self.take();
                let Token::Word(word) = token else {
                    self.at -= 1;
                    return Err(self.unexpected("a name after the dot"));
                };
                if self.is("(") {
                    e = self.call(word, span, Some(e))?;
                } else {
                    e = extend(e, word, span)?;
                }
            } else if self.is("[") && matches!(e.kind, ExprKind::Path(_)) {
                self.at += 1;
                let (token, span) = self.take();
                let Token::Text(word) = token else {
                    self.at -= 1;
                    return Err(self.unexpected("a column's name in quotes"));
                };
                let end = self.expect("]")?.end;
                e = extend(e, word, span)?;
                e.span.end = end;
            } else {
                return Ok(e);
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, Fault> {
        let (token, span) = self.take();
        let kind = match token {
            Token::Integer(n) => match self.unit() {
                Some((unit, end)) => return Ok(Expr { kind: ExprKind::Time(n, unit), span: span.start..end }),
                None => ExprKind::Integer(n),
            },
            Token::Number(n) => ExprKind::Number(n),
            Token::Text(t) => ExprKind::Text(t),
            Token::Word(w) if w == "true" => ExprKind::Bool(true),
            Token::Word(w) if w == "false" => ExprKind::Bool(false),
            Token::Word(w) if w == "in" => {
                self.at -= 1;
                return Err(self.unexpected("a value"));
            }
            Token::Word(w) if self.is("(") => return self.call(w, span, None),
            Token::Word(w) => ExprKind::Path(vec![(w, span.clone())]),
            Token::Sign("(") => {
                let mut e = self.expression()?;
                e.span = span.start..self.expect(")")?.end;
                return Ok(e);
            }
            Token::Sign("[") => {
                let mut items = Vec::new();
                while !self.is("]") {
                    items.push(self.expression()?);
                    if !self.accept(",") {
                        break;
                    }
                }
                let end = self.expect("]")?.end;
                return Ok(Expr { kind: ExprKind::List(items), span: span.start..end });
            }
            _ => {
                self.at -= 1;
                return Err(self.unexpected("a value"));
            }
        };
        Ok(Expr { kind, span })
    }

    fn unit(&mut self) -> Option<(Unit, usize)> {
        let Token::Word(w) = self.peek() else { return None };
        let unit = Unit::named(w)?;
        let end = self.span().end;
        self.at += 1;
        Some((unit, end))
    }

    fn call(&mut self, name: String, name_span: Range<usize>, object: Option<Expr>) -> Result<Expr, Fault> {
        let start = object.as_ref().map_or(name_span.start, |o| o.span.start);
        self.expect("(")?;
        let mut arguments: Vec<Expr> = object.into_iter().collect();
        let mut named = Vec::new();
        while !self.is(")") {
            let is_named = matches!(self.peek(), Token::Word(_))
                && matches!(self.tokens.get(self.at + 1), Some((Token::Sign("="), _)));
            if is_named {
                let (token, span) = self.take();
                self.at += 1;
                let value = self.expression()?;
                if let Token::Word(word) = token {
                    named.push((word, span, value));
                }
            } else {
                arguments.push(self.expression()?);
            }
            if !self.accept(",") {
                break;
            }
        }
        let end = self.expect(")")?.end;
        Ok(Expr { kind: ExprKind::Call { name, name_span, arguments, named }, span: start..end })
    }
}

/// `a` and `.b` to `a.b`.
fn extend(e: Expr, word: String, span: Range<usize>) -> Result<Expr, Fault> {
    let ExprKind::Path(mut parts) = e.kind else {
        return Err(Fault::new(span, format!("`.{word}` has no column to belong to"))
            .label("only tables have columns")
            .help("methods end in brackets: `name.startsWith(\"…\")`"));
    };
    let whole = e.span.start..span.end;
    parts.push((word, span));
    Ok(Expr { kind: ExprKind::Path(parts), span: whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree with all brackets written.
    fn shape(e: &Expr) -> String {
        match &e.kind {
            ExprKind::Bool(b) => b.to_string(),
            ExprKind::Integer(n) => n.to_string(),
            ExprKind::Number(n) => n.to_string(),
            ExprKind::Text(t) => format!("{t:?}"),
            ExprKind::Time(n, u) => format!("{n} {u:?}"),
            ExprKind::List(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(",")),
            ExprKind::Path(p) => p.iter().map(|w| w.0.as_str()).collect::<Vec<_>>().join("."),
            ExprKind::Not(e) => format!("!{}", shape(e)),
            ExprKind::Minus(e) => format!("-{}", shape(e)),
            ExprKind::Binary(o, a, b) => format!("({} {} {})", shape(a), o.sign(), shape(b)),
            ExprKind::Choose(c, a, b) => format!("({} ? {} : {})", shape(c), shape(a), shape(b)),
            ExprKind::Call { name, arguments, named, .. } => {
                let mut parts: Vec<String> = arguments.iter().map(shape).collect();
                parts.extend(named.iter().map(|(n, _, e)| format!("{n}={}", shape(e))));
                format!("{name}({})", parts.join(","))
            }
        }
    }

    #[test]
    fn operators_bind_as_in_cel() {
        for (text, tree) in [
            ("a || b && c", "(a || (b && c))"),
            ("!a && b == 1 + 2 * 3", "(!a && (b == (1 + (2 * 3))))"),
            ("a - b - c", "((a - b) - c)"),
            ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
            ("x.y in [\"a\", \"b\",]", "(x.y in [\"a\",\"b\"])"),
            ("name.startsWith(\"P\")", "startsWith(name,\"P\")"),
            ("bought(product, within = 180 days)", "bought(product,within=180 Days)"),
            ("posting_date + 30 days", "(posting_date + 30 Days)"),
            ("customer[\"会員 番号\"] == -1", "(customer.会員 番号 == -1)"),
        ] {
            assert_eq!(shape(&parse(text).expect(text)), tree);
        }
    }

    #[test]
    fn what_cannot_be_read_says_where_and_what_was_expected() {
        for (text, place) in [
            ("a ==", 4..4),
            ("a = 1", 2..3),
            ("(a", 2..2),
            ("a and b", 2..5),
            ("1 2", 2..3),
            ("size(", 5..5),
            ("", 0..0),
            ("\"a\".b", 4..5),
        ] {
            assert_eq!(parse(text).expect_err(text).span, place, "{text}");
        }
    }

    #[test]
    fn endless_nesting_is_a_fault_and_no_crash() {
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"!".repeat(100_000)).is_err());
        assert!(parse(&format!("a{}", "+a".repeat(100_000))).is_err());
    }
}
