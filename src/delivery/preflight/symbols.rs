//! Codes read back from the rectangles that they are drawn with: all kinds, on every page that is looked at.
//!
//! Values may be personal: a report says how long they are, and the values themselves only when that is asked for.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Expected, Finding, Level};
use crate::barcode::read::{Dark, Found, read};

const MM: f64 = 25.4 / 72.0;

/// Rectangles that were filled at once, in the coordinates that they were written in, y down.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) dark: Vec<Dark>,
    /// Points for one unit of these coordinates.
    pub(super) scale: f64,
}

/// One code.
#[derive(Clone, Debug, Serialize)]
pub struct Symbol {
    /// From 1.
    pub page: usize,
    pub kind: &'static str,
    /// Characters of its value.
    pub characters: usize,
    pub module_mm: f64,
    /// Whether it says what the manifest says of its piece; absent where the manifest does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// The codes of one file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Symbols {
    pub found: Vec<Symbol>,
    /// Rectangles that lie as those of codes do, and could not be read; the pages, from 1.
    pub unread: Vec<usize>,
    /// By kind.
    pub kinds: Vec<OfKind>,
}

/// The codes of one kind.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OfKind {
    pub kind: &'static str,
    pub symbols: usize,
    /// Values that differ from each other.
    pub distinct: usize,
    pub agree: usize,
    pub least_module_mm: f64,
    pub most_module_mm: f64,
}

impl Symbols {
    /// Reads what was filled on a page (from 0).
    pub(super) fn page(&mut self, page: usize, filled: impl Iterator<Item = Filled>) {
        for Filled { dark, scale } in filled {
            match read(&dark) {
                Found::Nothing => {}
                Found::Unread => self.unread.push(page + 1),
                Found::Symbol(symbol) => self.found.push(Symbol {
                    page: page + 1,
                    kind: symbol.kind.name(),
                    characters: symbol.text.chars().count(),
                    module_mm: (symbol.module * scale * MM * 1000.0).round() / 1000.0,
                    agrees: None,
                    value: Some(symbol.text),
                }),
            }
        }
    }

    /// Holds the codes against the addresses that the manifest gives to pieces, and counts them. `looked_at` are the pages
    /// that were read (from 0).
    pub(super) fn judge(&mut self, urls: &Expected, looked_at: &[usize], values: bool) -> Vec<Finding> {
        let mut right: BTreeSet<usize> = BTreeSet::new();
        for symbol in &mut self.found {
            let page = symbol.page - 1;
            let piece = urls.range(..=page).next_back().filter(|(_, (last, _))| *last >= page);
            if let Some((first, (_, url))) = piece
                && symbol.value.as_ref() == Some(url)
            {
                symbol.agrees = Some(true);
                right.insert(*first);
            }
        }
        let whole = |first: usize, last: usize| (first..=last).all(|p| looked_at.binary_search(&p).is_ok());
        let pieces: Vec<usize> = urls.iter().filter(|(f, (l, _))| whole(**f, *l)).map(|(f, _)| *f).collect();
        let wrong: BTreeSet<usize> = pieces.iter().copied().filter(|p| !right.contains(p)).collect();
        for symbol in self.found.iter_mut().filter(|s| s.kind == "qr" && s.agrees.is_none()) {
            let page = symbol.page - 1;
            let piece = urls.range(..=page).next_back().filter(|(_, (last, _))| *last >= page);
            symbol.agrees = piece.filter(|(first, _)| wrong.contains(first)).map(|_| false);
        }
        self.count();
        let mut findings = Vec::new();
        let mut tell = |level, text| findings.push(Finding { level, rule: "codes", text });
        if !wrong.is_empty() {
            let (n, of) = (wrong.len(), pieces.len());
            tell(
                Level::Fault,
                format!("of {of} pieces whose bars were read, {n} have no code that says the manifest's URL"),
            );
        }
        if !self.unread.is_empty() {
            let pages: BTreeSet<usize> = self.unread.iter().copied().collect();
            let pages: Vec<String> = pages.iter().take(8).map(usize::to_string).collect();
            tell(
                Level::Warning,
                format!(
                    "{} groups of bars or modules are no code that can be read: pages {}",
                    self.unread.len(),
                    pages.join(", ")
                ),
            );
        }
        if !self.found.is_empty() && wrong.is_empty() {
            let kinds: Vec<String> = self.kinds.iter().map(|k| format!("{} {}", k.symbols, k.kind)).collect();
            let held = match pieces.len() {
                0 => String::new(),
                n => format!("; those of all {n} pieces say the manifest's URL"),
            };
            tell(Level::Good, format!("read from their bars on {} pages: {}{held}", looked_at.len(), kinds.join(", ")));
        }
        if !values {
            self.found.iter_mut().for_each(|s| s.value = None);
        }
        findings
    }

    fn count(&mut self) {
        let mut kinds: BTreeMap<&'static str, (OfKind, BTreeSet<&str>)> = BTreeMap::new();
        for s in &self.found {
            let (of, values) = kinds.entry(s.kind).or_insert_with(|| {
                let none = OfKind { kind: s.kind, least_module_mm: f64::MAX, ..OfKind::default() };
                (none, BTreeSet::new())
            });
            of.symbols += 1;
            of.agree += usize::from(s.agrees == Some(true));
            of.least_module_mm = of.least_module_mm.min(s.module_mm);
            of.most_module_mm = of.most_module_mm.max(s.module_mm);
            values.extend(s.value.as_deref());
        }
        self.kinds = kinds.into_values().map(|(of, values)| OfKind { distinct: values.len(), ..of }).collect();
    }
}
