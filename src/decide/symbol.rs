//! What a till reads from a coupon: the value of a bar code, one for each piece.

use super::code::Codes;
use super::decider::Decider;
use super::plan::Compiler;
use super::spec::SymbolSpec;
use crate::base::choice::Key;
use crate::base::gs1;

/// Digits of a JAN-13 code before its check digit.
const JAN: usize = 12;

/// A kind of bar code that coupons may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    Jan13,
    Code128,
    Gs1128,
    Nw7,
    Qr,
}

impl SymbolKind {
    const ALL: [(&'static str, Self); 5] = [
        ("jan13", Self::Jan13),
        ("code128", Self::Code128),
        ("gs1-128", Self::Gs1128),
        ("nw7", Self::Nw7),
        ("qr", Self::Qr),
    ];

    /// As the campaign and `<bar-code type="…">` write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// Parts of a symbol's value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Code,
    Number,
}

/// A coupon's symbol as compiled.
#[derive(Clone, Debug)]
pub struct SymbolPlan {
    pub kind: SymbolKind,
    parts: Vec<Part>,
    digits: u32,
    /// Coupons whose numbers would look alike share one row of numbers: so many of them, and which this is.
    sharing: (u64, u64),
    purpose: u64,
}

impl SymbolPlan {
    /// The symbol's value for the record with this number; `None` when the digits do not hold it.
    #[must_use]
    pub fn value(&self, code: &str, codes: &Codes, record: u64) -> Option<String> {
        let mut value = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => value.push_str(text),
                Part::Code => value.extend(code.chars().filter(|c| *c != '-')),
                Part::Number => {
                    let (all, which) = self.sharing;
                    let n = record.checked_mul(all)?.checked_add(which)?;
                    let number = codes.number(self.purpose, n, self.digits)?;
                    let width = self.digits as usize;
                    value.push_str(&format!("{number:0width$}"));
                }
            }
        }
        if self.kind == SymbolKind::Jan13 {
            let digits: Vec<u8> = value.bytes().map(|b| b.wrapping_sub(b'0')).collect();
            value.push(char::from(b'0' + gs1::check_digit(&digits)));
        }
        Some(value)
    }

    /// How many records its numbers suffice for; `None` when it has no number.
    #[must_use]
    pub fn room(&self) -> Option<u64> {
        self.parts.contains(&Part::Number).then(|| 10u64.pow(self.digits) / self.sharing.0.max(1))
    }

    fn looks_like(&self, other: &Self) -> bool {
        (self.kind, &self.parts, self.digits) == (other.kind, &other.parts, other.digits)
    }
}

/// Lets coupons with the same form of symbol draw from one row of numbers, so that no two pieces ever have the same.
pub fn share(plans: &mut [&mut SymbolPlan]) {
    for at in 0..plans.len() {
        let alike: Vec<usize> = (0..plans.len()).filter(|i| plans[*i].looks_like(plans[at])).collect();
        let which = alike.iter().position(|i| *i == at).unwrap_or(0) as u64;
        plans[at].sharing = (alike.len() as u64, which);
        // the first of them names the row
        plans[at].purpose = alike.first().map_or(0, |i| *i as u64);
    }
}

/// The parts of a value as typed.
///
/// # Errors
/// A name in braces that means nothing.
fn parts(spec: &SymbolSpec, kind: SymbolKind, id: &str) -> Result<Vec<Part>, String> {
    let usual = if kind == SymbolKind::Nw7 { "A{number}A" } else { "{code}" };
    let mut rest = spec.value.as_ref().map_or(usual, |v| v.get_ref().as_str());
    let mut parts = Vec::new();
    while let Some(at) = rest.find('{') {
        parts.push(Part::Text(rest[..at].to_owned()));
        let (name, after) = rest[at + 1..].split_once('}').unwrap_or((&rest[at + 1..], ""));
        parts.push(match name {
            "code" => Part::Code,
            "number" => Part::Number,
            "id" => Part::Text(id.to_owned()),
            _ => return Err(name.to_owned()),
        });
        rest = after;
    }
    parts.push(Part::Text(rest.to_owned()));
    parts.retain(|p| *p != Part::Text(String::new()));
    Ok(parts)
}

/// What a symbol would say on a few pieces, for holding it against the rules of its kind; `None` where the symbol has
/// faults that are told with the other rules, or asks for the codes of a pool.
#[must_use]
pub fn samples(spec: &SymbolSpec, id: &str, pool: bool) -> Option<(SymbolKind, Vec<String>)> {
    let (_, kind) = SymbolKind::ALL.iter().find(|(name, _)| name == spec.kind.get_ref())?;
    let digits = spec.digits.as_ref().map_or(10, |d| *d.get_ref());
    if *kind == SymbolKind::Jan13 || spec.prefix.is_some() || !(4..=18).contains(&digits) {
        return None;
    }
    let parts = parts(spec, *kind, id).ok().filter(|p| !pool || !p.contains(&Part::Code))?;
    let plan = SymbolPlan { kind: *kind, parts, digits, sharing: (1, 0), purpose: 0 };
    // Any key will do: as many pieces as it takes for a check digit to come out right on one and wrong on another.
    let codes = Codes::new(&Key::new(b"samples"), id);
    let value = |record| plan.value(&codes.code(0, record)?, &codes, record);
    Some((*kind, (1..=20).filter_map(value).collect()))
}

/// A pool's codes as a till would read them.
pub struct PoolSymbols<'a> {
    /// The coupon's.
    pub id: &'a str,
    pub kind: SymbolKind,
    pub table: usize,
    pub column: usize,
    /// One for each row of the table.
    pub values: Box<dyn Iterator<Item = String> + 'a>,
}

impl std::fmt::Debug for PoolSymbols<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PoolSymbols").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Decider {
    /// The symbols of coupons whose codes come from pools.
    pub fn pool_symbols(&self) -> impl Iterator<Item = PoolSymbols<'_>> {
        self.plan.coupons.iter().zip(&self.pools).filter_map(|(coupon, codes)| {
            let (plan, (table, column)) = (coupon.symbol.as_ref()?, coupon.pool?);
            let values = (1..).zip(codes).filter_map(|(record, code)| plan.value(code, &self.codes, record));
            Some(PoolSymbols { id: &coupon.id, kind: plan.kind, table, column, values: Box::new(values) })
        })
    }
}

impl Compiler<'_, '_> {
    pub(super) fn symbol(&mut self, spec: &SymbolSpec, id: &str) -> Option<SymbolPlan> {
        let word = spec.kind.get_ref();
        let Some((_, kind)) = SymbolKind::ALL.iter().find(|(name, _)| name == word) else {
            let names: Vec<&str> = SymbolKind::ALL.iter().map(|(name, _)| *name).collect();
            self.tell(&spec.kind, format!("coupons have no symbol `{word}`"), &names.join(", "), None);
            return None;
        };
        if *kind == SymbolKind::Jan13 {
            return self.jan(spec);
        }
        if let Some(prefix) = &spec.prefix {
            let help = format!("write the whole value, such as `value = \"{}{{number}}\"`", prefix.get_ref());
            self.tell(prefix, "only `jan13` has a prefix", "not here", Some(help));
            return None;
        }
        let digits = match &spec.digits {
            None => 10,
            Some(digits) if (4..=18).contains(digits.get_ref()) => *digits.get_ref(),
            Some(digits) => {
                self.tell(digits, "this is no length of a number", "4 to 18", None);
                return None;
            }
        };
        let parts = match parts(spec, *kind, id) {
            Ok(parts) => parts,
            Err(name) => {
                if let Some(value) = &spec.value {
                    let message = format!("`{{{name}}}` is nothing that a symbol may hold");
                    let help = "write `{code}`, the coupon's code, `{number}`, a number of the piece's own, or `{id}`";
                    self.tell(value, message, "expected {code}, {number} or {id}", Some(help.to_owned()));
                }
                return None;
            }
        };
        if let Some(value) =
            spec.value.as_ref().filter(|_| !parts.contains(&Part::Code) && !parts.contains(&Part::Number))
        {
            let help = "a coupon that everybody shares cannot be told from a copy of it".to_owned();
            let warning = crate::base::Diagnostic::warning("coupon-symbol", "this symbol is the same on every piece");
            self.faults
                .push(warning.at_text(self.input.source, value.span(), "neither {code} nor {number}").help(help));
        }
        Some(SymbolPlan { kind: *kind, parts, digits, sharing: (1, 0), purpose: 0 })
    }

    fn jan(&mut self, spec: &SymbolSpec) -> Option<SymbolPlan> {
        if let Some(value) = &spec.value {
            self.tell(value, "a `jan13` is made from its prefix", "write `prefix = \"29\"` instead", None);
            return None;
        }
        let Some(prefix) = &spec.prefix else {
            self.tell(&spec.kind, "a `jan13` needs its first digits", "add `prefix = \"29\"`", None);
            return None;
        };
        let text = prefix.get_ref();
        let is_number = text.bytes().all(|b| b.is_ascii_digit());
        if !is_number || !text.starts_with('2') || !(2..=8).contains(&text.len()) {
            let label = "expected 2 to 8 digits that begin with 20 to 29";
            let help = "write such as `prefix = \"29\"`: other numbers belong to articles and their makers".to_owned();
            self.tell(prefix, "this is no prefix for use within a shop", label, Some(help));
            return None;
        }
        let digits = u32::try_from(JAN - text.len()).ok()?;
        if let Some(stated) = spec.digits.as_ref().filter(|d| *d.get_ref() != digits) {
            let message = format!("{digits} digits are left for the number of a `jan13` with this prefix");
            self.tell(stated, message, "leave it out", None);
            return None;
        }
        let parts = vec![Part::Text(text.clone()), Part::Number];
        Some(SymbolPlan { kind: SymbolKind::Jan13, parts, digits, sharing: (1, 0), purpose: 0 })
    }
}
