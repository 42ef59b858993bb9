//! The campaign's tables: from their entries in the file to headers that were read, and later to rows.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;

use super::presets::{self, Part};
use super::resolve::Told;
use super::spec_tables::{ColumnSpec, EncodingSpec, RowsSpec, SheetSpec, TableSpec};
use crate::asset::loader::Files;
use crate::base::diag::Label;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place, SourceText};
use crate::data::{Class, Column, Encoding, Kind, OnFault, ReadOptions, Reader, Reading, Schema, SheetName, Source};
use crate::decide::tables::{Catalog, Join, TableInfo};

/// A table whose header has been read.
#[derive(Debug)]
pub struct TableDef {
    pub name: Arc<str>,
    /// The file as the campaign names it.
    pub label: String,
    pub source: Source,
    pub options: ReadOptions,
    pub schema: Arc<Schema>,
    /// The names of all columns of the file, also of those that are not read.
    pub header: Arc<[Arc<str>]>,
    /// Which cell of a row is the key.
    pub key_cell: Option<usize>,
    pub key: Option<usize>,
    pub joins: Vec<Join>,
    /// What a key of another table that finds nothing there does, where the campaign says so.
    pub unknown_key: Option<OnFault>,
    /// What the file is, in words: encoding, delimiter, packing, sheet.
    pub form: String,
}

impl TableDef {
    /// Opens the file again, to read its rows.
    ///
    /// # Errors
    /// As [`Reader::open`]: the file may have changed since the campaign was resolved.
    pub fn reader(&self) -> Result<Reader, Vec<Diagnostic>> {
        Reader::over(self.source.clone(), &self.options)
    }
}

/// One table that is to be made of an entry of the file.
struct Wanted<'a> {
    name: Arc<str>,
    spec: &'a TableSpec,
    part: Option<&'static Part>,
    /// Whether the campaign itself names it, so that what its entry says is about it.
    named: bool,
    /// The table of the entry, which `""` in a part's joins means.
    first: Arc<str>,
}

pub(super) fn resolve(
    specs: &BTreeMap<Spanned<String>, TableSpec>,
    files: &Files,
    source: &Arc<SourceText>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<TableDef> {
    let told = Told { source };
    let wanted = wanted(specs, told, faults);
    let names: Vec<&str> = wanted.iter().map(|w| &*w.name).collect();
    let keyed = |name: &str| {
        wanted.iter().any(|w| &*w.name == name && (w.spec.key.is_some() || w.part.is_some_and(|p| p.key.is_some())))
    };
    let mut tables = Vec::new();
    for w in &wanted {
        let spec = w.spec;
        let path = match files.locate(spec.file.get_ref()) {
            Ok(path) => path,
            Err(e) => {
                if w.named {
                    let mut d = told.error(e.code(), spec.file.span(), e.message.clone(), "this file");
                    d.help.clone_from(&e.help);
                    faults.push(d);
                }
                continue;
            }
        };
        let before = faults.len();
        let options = options(w, told, faults);
        if !w.named {
            // What is wrong with the entry was told with its first table.
            faults.truncate(before);
        }
        match Reader::open(&path, spec.file.get_ref(), &options) {
            Ok(reader) => {
                if w.named {
                    faults.extend(reader.warnings().iter().cloned());
                }
                let schema = Arc::clone(reader.schema());
                let mut joins = Vec::new();
                if w.named {
                    joins = self::joins(spec, &schema, &names, told, faults);
                }
                for (column, to) in w.part.map_or(&[][..], |p| p.of) {
                    let to = if to.is_empty() { &*w.first } else { *to };
                    let position = schema.position(column).filter(|c| joins.iter().all(|j: &Join| j.column != *c));
                    if let (Some(column), true) = (position, keyed(to)) {
                        joins.push(Join { column, to: to.into() });
                    }
                }
                tables.push(TableDef {
                    name: Arc::clone(&w.name),
                    label: spec.file.get_ref().clone(),
                    options,
                    key: reader.key(),
                    schema,
                    header: Arc::clone(reader.header()),
                    key_cell: reader.key_cell(),
                    joins,
                    unknown_key: spec.faults.unknown_key.as_ref().map(|u| *u.get_ref()),
                    form: reader.form(),
                    source: reader.source().clone(),
                });
            }
            Err(mut told) if w.named => {
                for d in &mut told {
                    if let Some(span) = asked(spec, d) {
                        let place = Place::Text { source: Arc::clone(source), span };
                        d.more.push(Label { place, text: "asked for here".to_owned() });
                    }
                }
                faults.extend(told);
            }
            // A further table of an export that lacks what makes it: a campaign that needs it says so.
            Err(_) => {}
        }
    }
    // A join leads to a key: the other table must have one.
    for (name, spec) in specs {
        for target in spec.of.values() {
            if names.contains(&target.get_ref().as_str()) && !keyed(target.get_ref()) {
                faults.push(
                    told.error(
                        "table-no-key",
                        target.span(),
                        format!("{} is joined to {}, which names no `key`", name.get_ref(), target.get_ref()),
                        "this table has no key",
                    )
                    .help(format!("write `key = \"…\"` in [tables.{}]", target.get_ref())),
                );
            }
        }
    }
    tables
}

/// The tables of the file: one for each entry, and the further ones of presets.
fn wanted<'a>(
    specs: &'a BTreeMap<Spanned<String>, TableSpec>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Wanted<'a>> {
    let mut wanted = Vec::new();
    for (name, spec) in specs {
        let first: Arc<str> = name.get_ref().as_str().into();
        let preset = spec.preset.as_ref().and_then(|p| {
            let found = presets::named(p.get_ref());
            if found.is_none() {
                let d = told.error(
                    "table-preset",
                    p.span(),
                    format!("there is no preset `{}`", p.get_ref()),
                    "unknown preset",
                );
                let all = || presets::PRESETS.iter().map(|p| p.name);
                faults.push(match did_you_mean(p.get_ref(), all()) {
                    Some(like) => d.help(format!("did you mean `{like}`?")),
                    None => d.help(format!("presets: {}", all().collect::<Vec<_>>().join(", "))),
                });
            }
            found
        });
        // An entry that goes by the name of a further table is that table: `[tables.order_lines]`.
        let own = preset.and_then(|p| p.parts.iter().find(|part| part.table == &*first).or(p.parts.first()));
        let table = |part, named, name: &Arc<str>| Wanted {
            name: Arc::clone(name),
            spec,
            part,
            named,
            first: Arc::clone(&first),
        };
        wanted.push(table(own, true, &first));
        let is_first = preset.and_then(|p| p.parts.first()).zip(own).is_some_and(|(a, b)| std::ptr::eq(a, b));
        for part in preset.filter(|_| is_first).map_or(&[][..], |p| p.parts).iter().skip(1) {
            if !specs.keys().any(|n| n.get_ref() == part.table) {
                wanted.push(table(Some(part), false, &part.table.into()));
            }
        }
    }
    wanted
}

fn options(w: &Wanted<'_>, told: Told<'_>, faults: &mut Vec<Diagnostic>) -> ReadOptions {
    let spec = w.spec;
    let (mut columns, mut readings) = (Vec::new(), Vec::new());
    for named in w.part.map_or(&[][..], |p| p.columns) {
        columns.push(Column { name: named.name.into(), kind: named.kind, required: false, purpose: None });
        readings.push(Reading {
            column: named.name.into(),
            from: named.from.iter().map(|f| (*f).into()).collect(),
            optional: !named.must,
            ..Reading::default()
        });
    }
    for (name, c) in spec.columns.iter().filter(|_| w.named) {
        column(name, c, &mut columns, &mut readings, told, faults);
    }
    if w.named {
        policies(spec, told, faults);
    }
    let mut policies = spec.faults.policies();
    if !w.named {
        policies.duplicate_key = OnFault::Reject;
    }
    let key = spec.key.as_ref().filter(|_| w.named).map(|k| k.get_ref().as_str());
    ReadOptions {
        encoding: spec.encoding.map(|e| match e {
            EncodingSpec::Utf8 => Encoding::Utf8,
            EncodingSpec::Cp932 => Encoding::Cp932,
            EncodingSpec::Utf16Le => Encoding::Utf16Le,
            EncodingSpec::Utf16Be => Encoding::Utf16Be,
        }),
        delimiter: delimiter(spec, told, faults),
        columns,
        readings,
        only_declared: w.part.is_some_and(|p| p.only_listed),
        loose_header: w.part.is_some(),
        sheet: spec.sheet.as_ref().map(|s| match s.get_ref() {
            SheetSpec::Named(name) => SheetName::Named(name.as_str().into()),
            SheetSpec::Number(n) => SheetName::Number(*n),
        }),
        header_row: header_row(spec, told, faults),
        names: header(spec, told, faults),
        policies,
        first_of_key: match spec.rows.filter(|_| w.named) {
            Some(rows) => rows == RowsSpec::FirstOfKey,
            None => w.part.is_some_and(|p| p.first_of_key),
        },
        only_with: w.part.and_then(|p| p.only_with).map(Into::into),
        key: key.or(w.part.and_then(|p| p.key)).map(Into::into),
        ..ReadOptions::default()
    }
}

/// What an entry says of one column; what it says goes before what the preset says.
fn column(
    name: &Spanned<String>,
    c: &ColumnSpec,
    columns: &mut Vec<Column>,
    readings: &mut Vec<Reading>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) {
    let separator = c.separator.as_deref().and_then(|s| {
        let mut chars = s.chars();
        let (one, more) = (chars.next(), chars.next());
        if one.is_none() || more.is_some() {
            let what = "what parts the items of a list is one character";
            faults.push(told.error("column-separator", name.span(), what, "its `separator` is not"));
        }
        one.filter(|_| more.is_none())
    });
    let at = columns.iter().position(|k| *k.name == **name.get_ref());
    if c.separator.is_some() && c.kind.or(at.and_then(|i| columns.get(i)).map(|k| k.kind)) != Some(Kind::List) {
        let d = told.error("column-separator", name.span(), "only lists have a separator", "not a list");
        faults.push(d.help("write `type = \"list\"` for this column, or take `separator` out"));
    }
    let column: Arc<str> = name.get_ref().as_str().into();
    match at.and_then(|i| columns.get_mut(i)) {
        Some(known) => {
            known.kind = c.kind.unwrap_or(known.kind);
            known.required = c.required;
            known.purpose = c.purpose.as_deref().map(Into::into);
        }
        None => columns.push(Column {
            name: Arc::clone(&column),
            kind: c.kind.unwrap_or_default(),
            required: c.required,
            purpose: c.purpose.as_deref().map(Into::into),
        }),
    }
    let mut reading = match readings.iter().position(|r| r.column == column) {
        Some(i) => readings.remove(i),
        None => Reading { column, ..Reading::default() },
    };
    if !c.from.is_empty() {
        reading.from = c.from.iter().map(|f| f.as_str().into()).collect();
    }
    reading.separator = separator.or(reading.separator);
    reading.default = c.default.as_deref().map(Into::into).or(reading.default);
    // A column that the campaign names is one that it wants.
    reading.optional = c.optional;
    readings.push(reading);
}

/// Tells policies that make no sense for their class.
fn policies(spec: &TableSpec, told: Told<'_>, faults: &mut Vec<Diagnostic>) {
    let f = &spec.faults;
    let stated = [&f.undecodable, &f.wrong_type, &f.missing, &f.broken_row, &f.duplicate_key, &f.unknown_key];
    for (class, stated) in Class::ALL.into_iter().zip(stated) {
        let Some(stated) = stated.as_ref().filter(|s| !class.choices().contains(s.get_ref())) else { continue };
        let word = |p: &OnFault| match p {
            OnFault::Reject => "`reject`",
            OnFault::Default => "`default`",
            OnFault::Stop => "`stop`",
            OnFault::Warn => "`warn`",
        };
        let choices: Vec<&str> = class.choices().iter().map(word).collect();
        let what = format!("{} is not for `{}`", word(stated.get_ref()), class.key());
        let d = told.error("table-policy", stated.span(), what, "does not fit this class of faults");
        faults.push(d.help(format!("choose {}", choices.join(" or "))));
    }
    if spec.rows == Some(RowsSpec::FirstOfKey) && spec.key.is_none() && spec.preset.is_none() {
        let what = "`rows = \"first-of-key\"` needs a `key`";
        faults.push(told.error("table-no-key", spec.file.span(), what, "this table names no key"));
    }
}

fn header_row(spec: &TableSpec, told: Told<'_>, faults: &mut Vec<Diagnostic>) -> Option<u32> {
    let stated = spec.header_row.as_ref()?;
    if *stated.get_ref() == 0 {
        faults.push(told.error("table-header-row", stated.span(), "rows are counted from 1", "there is no row 0"));
        return None;
    }
    Some(*stated.get_ref())
}

/// The names of the columns of a file without a row of names.
fn header(spec: &TableSpec, told: Told<'_>, faults: &mut Vec<Diagnostic>) -> Option<Vec<Arc<str>>> {
    let stated = spec.header.as_ref()?;
    for (i, name) in stated.iter().enumerate().filter(|(_, name)| !name.get_ref().is_empty()) {
        if let Some(first) = stated[..i].iter().position(|n| n.get_ref() == name.get_ref()) {
            let what = format!("columns {} and {} are both named `{}`", first + 1, i + 1, name.get_ref());
            faults.push(told.error("duplicate-column", name.span(), what, "a name that stood before"));
        }
    }
    if let Some(row) = &spec.header_row {
        let what = "`header` is for a file without a row of names, `header_row` says where that row is";
        faults.push(told.error("table-header-row", row.span(), what, "one of the two is too many"));
    }
    Some(stated.iter().map(|n| n.get_ref().as_str().into()).collect())
}

/// Where the campaign file names the column that a fault in a table is about.
fn asked(spec: &TableSpec, d: &Diagnostic) -> Option<Range<usize>> {
    let Some(Place::Cell { column: Some(column), .. }) = &d.place else { return None };
    let named = spec.columns.keys().chain(&spec.key).find(|name| name.get_ref() == column)?;
    Some(named.span())
}

fn delimiter(spec: &TableSpec, told: Told<'_>, faults: &mut Vec<Diagnostic>) -> Option<u8> {
    let stated = spec.delimiter.as_ref()?;
    match stated.get_ref().as_bytes() {
        [b @ (b',' | b';' | b'\t' | b'|')] => Some(*b),
        b"tab" => Some(b'\t'),
        _ => {
            faults.push(told.error(
                "table-delimiter",
                stated.span(),
                "this is not a delimiter",
                "expected \",\", \";\", \"|\" or \"tab\"",
            ));
            None
        }
    }
}

fn joins(
    spec: &TableSpec,
    schema: &Schema,
    tables: &[&str],
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Join> {
    let mut joins = Vec::new();
    for (column, target) in &spec.of {
        let position = schema.position(column.get_ref());
        if position.is_none() {
            let d = told.error(
                "table-unknown-column",
                column.span(),
                format!("{} has no column `{}`", spec.file.get_ref(), column.get_ref()),
                "not in the file's header",
            );
            faults.push(match did_you_mean(column.get_ref(), schema.columns.iter().map(|c| &*c.name)) {
                Some(like) => d.help(format!("did you mean `{like}`?")),
                None => d,
            });
        }
        if !tables.contains(&target.get_ref().as_str()) {
            let d = told.error(
                "table-unknown",
                target.span(),
                format!("there is no table `{}`", target.get_ref()),
                "unknown table",
            );
            faults.push(match did_you_mean(target.get_ref(), tables.iter().copied()) {
                Some(like) => d.help(format!("did you mean `{like}`?")),
                None => d.help(format!("tables: {}", tables.join(", "))),
            });
            continue;
        }
        if let Some(column) = position {
            joins.push(Join { column, to: target.get_ref().as_str().into() });
        }
    }
    joins
}

/// The tables as rules see them.
pub(super) fn catalog(tables: &[TableDef]) -> Catalog {
    Catalog {
        tables: tables
            .iter()
            .map(|t| TableInfo {
                name: Arc::clone(&t.name),
                schema: Arc::clone(&t.schema),
                key: t.key,
                joins: t.joins.clone(),
            })
            .collect(),
    }
}
