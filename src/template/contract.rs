//! Which fields a template reads, known before any record is: so that a misspelt name is told by `check`, and
//! so that no column is built that no template reads. Beside `postcard.html`, a file `postcard.contract.toml` may
//! say what the template needs and what may be empty.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::engine::Source;
use super::scan::{Kind, Path, Token, paths, tokens, unquoted};
use crate::asset::loader::{FaultKind, Files};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};
use crate::data::schema::{self, Schema};

/// A place where a template reads a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// From the top: `["picks", "[]", "product", "price"]`, where `[]` is any member of a list.
    pub path: Vec<String>,
    pub source: Arc<SourceText>,
    /// The name in the template, which may be a loop's own (`pick.product.price`).
    pub span: Range<usize>,
}

/// All that the expressions of a template say about fields.
#[derive(Debug, Default)]
pub struct Uses {
    all: Vec<Use>,
    /// Every word and every literal text in an expression.
    words: BTreeSet<String>,
    /// Some name is computed, or a map is walked over: any field may be read.
    computed: bool,
}

impl Uses {
    /// All uses, in the order of the files.
    #[must_use]
    pub fn all(&self) -> &[Use] {
        &self.all
    }

    /// Whether the template may read a field of this name anywhere. False is certain.
    #[must_use]
    pub fn may_read(&self, field: &str) -> bool {
        self.computed || self.words.contains(field)
    }
}

/// What a template can be given, for the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// A text, a number, a date.
    Value,
    /// A value that may not be printed: what it was collected for does not cover print.
    Barred(Arc<str>),
    Fields(BTreeMap<String, Known>),
    Rows(Box<Known>),
    /// Not known before the run.
    Anything,
}

impl Known {
    #[must_use]
    pub fn fields<K: Into<String>>(fields: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Fields(fields.into_iter().map(|(k, v)| (k.into(), v)).collect())
    }

    #[must_use]
    pub fn rows(of: Self) -> Self {
        Self::Rows(Box::new(of))
    }

    /// The columns of a table.
    #[must_use]
    pub fn columns(schema: &Schema) -> Self {
        let known = |kind| if kind == schema::Kind::List { Self::rows(Self::Value) } else { Self::Value };
        Self::fields(schema.columns.iter().map(|c| {
            let barred = c.purpose.as_ref().filter(|p| !schema::covers_print(p));
            (&*c.name, barred.map_or_else(|| known(c.kind), |p| Self::Barred(Arc::clone(p))))
        }))
    }

    /// Where `path` leaves what is known: the number of the part that is not there.
    fn missing(&self, path: &[String]) -> Option<(usize, &Self)> {
        let mut at = self;
        for (i, part) in path.iter().enumerate() {
            at = match at {
                Self::Anything => return None,
                Self::Fields(_) if part == "[]" => return None,
                Self::Fields(fields) => match fields.get(part) {
                    Some(next) => next,
                    None => return Some((i, at)),
                },
                Self::Rows(row) if part == "[]" => row,
                Self::Rows(_) | Self::Value | Self::Barred(_) => return Some((i, at)),
            };
        }
        None
    }

    /// The purpose that keeps the value at the end of `path` from being printed.
    fn bars(&self, path: &[String]) -> Option<&Arc<str>> {
        let mut at = self;
        for part in path {
            at = match at {
                Self::Fields(fields) => fields.get(part)?,
                Self::Rows(row) if part == "[]" => row,
                Self::Barred(purpose) => return Some(purpose),
                _ => return None,
            };
        }
        match at {
            Self::Barred(purpose) => Some(purpose),
            _ => None,
        }
    }

    fn is_known(&self) -> bool {
        matches!(self, Self::Fields(_) | Self::Rows(_))
    }

    /// Whether `path` exists here or anywhere below.
    fn holds(&self, path: &[String]) -> bool {
        self.missing(path).is_none()
            || match self {
                Self::Fields(fields) => fields.values().any(|f| f.is_known() && f.holds(path)),
                Self::Rows(row) => row.is_known() && row.holds(path),
                Self::Value | Self::Barred(_) | Self::Anything => false,
            }
    }
}

/// The file beside a template.
#[derive(Debug, Default)]
pub struct Contract {
    source: Option<Arc<SourceText>>,
    needs: Vec<(String, Range<usize>)>,
    may_be_empty: BTreeMap<String, Range<usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    #[serde(default)]
    needs: Vec<Spanned<String>>,
    #[serde(default)]
    may_be_empty: Vec<Spanned<String>>,
}

/// Bytes of a contract.
const MAX_CONTRACT: u64 = 1 << 20;

impl Contract {
    /// The contract of a page, given by its path in the template's folder; empty when there is none.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub(super) fn load(files: &Files, page: &str) -> Result<Self, Box<Diagnostic>> {
        let path = format!("{}.contract.toml", page.strip_suffix(".html").unwrap_or(page));
        let loaded = match files.read_template(&path, MAX_CONTRACT) {
            Ok(loaded) => loaded,
            Err(f) if f.kind == FaultKind::Absent => return Ok(Self::default()),
            Err(f) => return Err(Box::new(f.diagnostic())),
        };
        let text = String::from_utf8_lossy(&loaded.bytes).into_owned();
        let source = SourceText::new(loaded.name, text);
        let spec: Spec = toml::from_str(&source.text).map_err(|e| {
            let span = e.span().unwrap_or(0..source.text.len().min(1));
            Box::new(Diagnostic::error("contract-syntax", e.message().trim().to_owned()).at_text(&source, span, ""))
        })?;
        let placed = |s: Spanned<String>| {
            let span = s.span();
            (s.into_inner(), span)
        };
        Ok(Self {
            needs: spec.needs.into_iter().map(placed).collect(),
            may_be_empty: spec.may_be_empty.into_iter().map(placed).collect(),
            source: Some(source),
        })
    }

    /// Whether an empty cell of `row.column` prints as nothing: `customer.address2`, `product.subtitle`.
    #[must_use]
    pub fn may_be_empty(&self, row: &str, column: &str) -> bool {
        !self.may_be_empty.is_empty() && self.may_be_empty.contains_key(&format!("{row}.{column}"))
    }
}

/// Compares what a template reads and what its contract says with what it can be given.
pub(super) fn check(uses: &Uses, contract: &Contract, known: &Known) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut told = BTreeSet::new();
    for u in &uses.all {
        if let Some(purpose) = known.bars(&u.path) {
            if told.insert((u.source.name.as_str(), u.span.start, u.path.clone())) {
                out.push(barred(&u.path, purpose).at_text(&u.source, u.span.clone(), "printed here"));
            }
            continue;
        }
        let Some((i, at)) = known.missing(&u.path) else { continue };
        if !told.insert((u.source.name.as_str(), u.span.start, u.path.clone())) {
            continue;
        }
        out.push(unknown(&u.path, i, at).at_text(&u.source, u.span.clone(), ""));
    }
    let Some(source) = &contract.source else { return out };
    for (path, span) in &contract.needs {
        let parts = parts(path);
        if let Some(purpose) = known.bars(&parts) {
            out.push(barred(&parts, purpose).at_text(source, span.clone(), "needed here"));
        } else if let Some((i, at)) = known.missing(&parts) {
            out.push(unknown(&parts, i, at).at_text(source, span.clone(), "needed here"));
        }
    }
    for (path, span) in &contract.may_be_empty {
        let parts = parts(path);
        if !known.holds(&parts) {
            let d = match known.missing(&parts) {
                Some((i, at)) => unknown(&parts, i, at),
                None => Diagnostic::error("template-unknown-field", format!("there is no field `{path}`")),
            };
            out.push(d.at_text(source, span.clone(), ""));
        }
    }
    out
}

/// `picks[].product` as parts.
fn parts(path: &str) -> Vec<String> {
    path.split('.')
        .flat_map(|part| {
            let (name, list) = part.strip_suffix("[]").map_or((part, None), |n| (n, Some("[]")));
            [name].into_iter().chain(list)
        })
        .map(str::to_owned)
        .collect()
}

fn barred(path: &[String], purpose: &str) -> Diagnostic {
    let name = Path { span: 0..0, parts: path.to_vec(), glued: false, forgiven: false }.text();
    Diagnostic::error("template-purpose", format!("`{name}` may not be printed: its purpose is `{purpose}`")).help(
        "take it out of the template; or, if people agreed to print too, write `purpose = \"print\"` in the campaign",
    )
}

fn unknown(path: &[String], missing: usize, at: &Known) -> Diagnostic {
    let part = path.get(missing).map_or("", String::as_str);
    let text = |parts: &[String]| Path { span: 0..0, parts: parts.to_vec(), glued: false, forgiven: false }.text();
    let owner = text(path.get(..missing).unwrap_or_default());
    let message = match at {
        Known::Fields(_) if missing == 0 => format!("there is nothing named `{part}`"),
        Known::Fields(_) => format!("`{owner}` has no field `{part}`"),
        Known::Rows(_) => format!("`{owner}` is a list: its members have fields, not it"),
        _ => format!("`{owner}` is a single value and has no field `{part}`"),
    };
    let d = Diagnostic::error("template-unknown-field", message);
    let Known::Fields(fields) = at else { return d };
    match did_you_mean(part, fields.keys().map(String::as_str)) {
        Some(word) => d.help(format!("did you mean `{word}`?")),
        None if fields.len() <= 30 => {
            d.help(format!("there are: {}", fields.keys().map(String::as_str).collect::<Vec<_>>().join(", ")))
        }
        None => d,
    }
}

/// Names that Tera gives.
const OF_TERA: &[&str] = &["loop", "super", "self", "body", "__tera_context"];

/// Reads all expressions of all files, from the page on.
pub(super) fn uses(sources: &[Source]) -> Uses {
    let mut walk = Walk { sources, out: Uses::default(), set: BTreeSet::new(), reached: BTreeSet::new() };
    for source in sources {
        walk.collect_words(source);
    }
    // files that no other names (components) come after the page
    for i in 0..sources.len() {
        if !walk.reached.contains(&i) {
            walk.file(i, &mut Vec::new(), 0);
        }
    }
    walk.out
}

/// A name that the template itself gives, and the path that it stands for, if it is one.
type Binding = (String, Option<Vec<String>>);

struct Walk<'a> {
    sources: &'a [Source],
    out: Uses,
    /// Names given by `set` in any file: their scope reaches across files.
    set: BTreeSet<String>,
    reached: BTreeSet<usize>,
}

impl Walk<'_> {
    fn collect_words(&mut self, source: &Source) {
        let src = &source.text.text;
        for piece in source.pieces.iter().filter(|p| matches!(p.kind, Kind::Output | Kind::Tag)) {
            let tokens = tokens(src, piece.inner.clone());
            for (i, (token, _)) in tokens.iter().enumerate() {
                match token {
                    Token::Word("__tera_context") => self.out.computed = true,
                    Token::Word(word) => drop(self.out.words.insert((*word).to_owned())),
                    Token::Quoted(q) => match unquoted(q) {
                        Some(text) => drop(self.out.words.insert(text.to_owned())),
                        None => self.out.computed = true,
                    },
                    _ => {}
                }
                // `a[b]`, `for key, value in map`
                let index = matches!(token, Token::Sign("[" | "?["))
                    && matches!(tokens.get(i + 1), Some((Token::Word(_), _)))
                    && i > 0
                    && matches!(tokens[i - 1].0, Token::Word(w) if !matches!(w, "in" | "and" | "or" | "not" | "if"));
                let pairs = i == 2 && *token == Token::Sign(",") && tokens[0].0 == Token::Word("for");
                self.out.computed |= index || pairs;
            }
            if let Some([(Token::Word("set" | "set_global"), _), (Token::Word(name), _)]) = tokens.get(..2) {
                self.set.insert((*name).to_owned());
            }
        }
        for filter in ["values", "keys", "pairs", "get", "group_by", "map", "sort", "unique"] {
            // these reach fields without naming them
            self.out.computed |= self.out.words.contains(filter);
        }
    }

    fn file(&mut self, number: usize, scope: &mut Vec<Binding>, depth: usize) {
        self.reached.insert(number);
        let Some(source) = self.sources.get(number) else { return };
        let src = &source.text.text;
        // where the scope of each open loop or component began
        let mut frames: Vec<usize> = Vec::new();
        for piece in source.pieces.iter().filter(|p| matches!(p.kind, Kind::Output | Kind::Tag)) {
            let tokens = tokens(src, piece.inner.clone());
            let before = scope.len();
            if let Some(i) = tokens.iter().skip(1).position(|(t, _)| *t == Token::Word("for")) {
                // a list made by a loop of its own: its names live in this expression only
                scope.extend(names(&tokens[i + 2..]).map(|n| (n, None)));
            }
            if piece.kind == Kind::Output {
                self.read(source, &tokens, 0, scope);
                scope.truncate(before);
                continue;
            }
            match tokens.first().map(|(t, _)| *t) {
                Some(Token::Word("for")) => {
                    let at = tokens.iter().position(|(t, _)| *t == Token::Word("in")).unwrap_or(tokens.len());
                    let member = self.read(source, &tokens, at + 1, scope).map(|mut path| {
                        path.push("[]".to_owned());
                        path
                    });
                    frames.push(before);
                    let names: Vec<String> = names(&tokens[1..]).collect();
                    let single = names.len() == 1;
                    scope.extend(names.into_iter().map(|n| (n, member.clone().filter(|_| single))));
                }
                Some(Token::Word("component")) => {
                    frames.push(before);
                    scope.extend(tokens.iter().filter_map(|(t, _)| match t {
                        Token::Word(w) => Some(((*w).to_owned(), None)),
                        _ => None,
                    }));
                }
                Some(Token::Word("endfor" | "endcomponent")) => scope.truncate(frames.pop().unwrap_or(0)),
                Some(Token::Word("set" | "set_global")) => {
                    let value = match tokens.get(2) {
                        Some((Token::Sign("="), _)) => self.read(source, &tokens, 3, scope),
                        _ => None,
                    };
                    scope.truncate(before);
                    if let Some((Token::Word(name), _)) = tokens.get(1) {
                        scope.push(((*name).to_owned(), value));
                    }
                }
                Some(Token::Word("if" | "elif")) => drop(self.read(source, &tokens, 1, scope)),
                Some(Token::Word("filter")) => drop(self.read(source, &tokens, 2, scope)),
                Some(Token::Sign("<")) => drop(self.read(source, &tokens, 0, scope)),
                Some(Token::Word("include" | "extends")) => {
                    let named = tokens.get(1).and_then(|(t, _)| match t {
                        Token::Quoted(q) => unquoted(q),
                        _ => None,
                    });
                    let next = named.and_then(|n| self.sources.iter().position(|s| s.path == n));
                    if let Some(next) = next.filter(|_| depth < self.sources.len()) {
                        self.file(next, &mut scope.clone(), depth + 1);
                    }
                }
                _ => {}
            }
            if !matches!(tokens.first(), Some((Token::Word("for" | "component" | "set" | "set_global"), _))) {
                scope.truncate(before.min(scope.len()));
            }
        }
    }

    /// Notes what an expression reads; its path, if it is nothing but one.
    fn read(
        &mut self,
        source: &Source,
        tokens: &[(Token<'_>, Range<usize>)],
        skip: usize,
        scope: &[Binding],
    ) -> Option<Vec<String>> {
        let found = paths(tokens, skip);
        let mut only = None;
        for path in &found {
            let Some(first) = path.parts.first() else { continue };
            let full = match scope.iter().rev().find(|(name, _)| name == first) {
                Some((_, None)) => continue,
                Some((_, Some(stands_for))) => stands_for.iter().chain(&path.parts[1..]).cloned().collect(),
                None if self.set.contains(first) || OF_TERA.contains(&first.as_str()) => continue,
                None => path.parts.clone(),
            };
            let whole = tokens.get(skip).is_some_and(|(_, s)| s.start == path.span.start)
                && tokens.last().is_some_and(|(_, s)| s.end == path.span.end);
            if whole {
                only = Some(full.clone());
            }
            self.out.all.push(Use { path: full, source: Arc::clone(&source.text), span: path.span.clone() });
        }
        only
    }
}

/// The names in front of `in`.
fn names<'a>(tokens: &'a [(Token<'a>, Range<usize>)]) -> impl Iterator<Item = String> + 'a {
    tokens.iter().map(|(t, _)| *t).take_while(|t| *t != Token::Word("in")).filter_map(|t| match t {
        Token::Word(w) => Some(w.to_owned()),
        _ => None,
    })
}
