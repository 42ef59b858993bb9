//! The campaign's tables: from their entries in the file to headers that were read, and later to rows.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use toml::Spanned;

use super::resolve::Told;
use super::spec::{EncodingSpec, TableSpec};
use crate::asset::loader::Files;
use crate::base::diag::Label;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place, SourceText};
use crate::data::{Column, Encoding, ReadOptions, Reader, Schema};
use crate::decide::tables::{Catalog, Join, TableInfo};

/// A table whose header has been read.
#[derive(Debug)]
pub struct TableDef {
    pub name: Arc<str>,
    /// The file as the campaign names it.
    pub label: String,
    pub path: PathBuf,
    pub options: ReadOptions,
    pub schema: Arc<Schema>,
    pub key: Option<usize>,
    pub joins: Vec<Join>,
}

impl TableDef {
    /// Opens the file again, to read its rows.
    ///
    /// # Errors
    /// As [`Reader::open`]: the file may have changed since the campaign was resolved.
    pub fn reader(&self) -> Result<Reader, Vec<Diagnostic>> {
        Reader::open(&self.path, &self.label, &self.options)
    }
}

pub(super) fn resolve(
    specs: &BTreeMap<Spanned<String>, TableSpec>,
    files: &Files,
    source: &Arc<SourceText>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<TableDef> {
    let told = Told { source };
    let names: Vec<&str> = specs.keys().map(|n| n.get_ref().as_str()).collect();
    let mut tables = Vec::new();
    for (name, spec) in specs {
        let path = match files.locate(spec.file.get_ref()) {
            Ok(path) => path,
            Err(e) => {
                let mut d = told.error(e.code(), spec.file.span(), e.message.clone(), "this file");
                d.help.clone_from(&e.help);
                faults.push(d);
                continue;
            }
        };
        let options = ReadOptions {
            encoding: spec.encoding.map(|e| match e {
                EncodingSpec::Utf8 => Encoding::Utf8,
                EncodingSpec::Cp932 => Encoding::Cp932,
            }),
            delimiter: delimiter(spec, told, faults),
            columns: spec
                .columns
                .iter()
                .map(|(name, c)| Column {
                    name: name.get_ref().as_str().into(),
                    kind: c.kind,
                    required: c.required,
                    purpose: c.purpose.as_deref().map(Into::into),
                })
                .collect(),
            key: spec.key.as_ref().map(|k| k.get_ref().as_str().into()),
            ..ReadOptions::default()
        };
        match Reader::open(&path, spec.file.get_ref(), &options) {
            Ok(reader) => {
                faults.extend(reader.warnings().iter().cloned());
                let schema = Arc::clone(reader.schema());
                let joins = joins(spec, &schema, &names, told, faults);
                tables.push(TableDef {
                    name: name.get_ref().as_str().into(),
                    label: spec.file.get_ref().clone(),
                    path,
                    options,
                    key: reader.key(),
                    schema,
                    joins,
                });
            }
            Err(mut told) => {
                for d in &mut told {
                    if let Some(span) = asked(spec, d) {
                        let place = Place::Text { source: Arc::clone(source), span };
                        d.more.push(Label { place, text: "asked for here".to_owned() });
                    }
                }
                faults.extend(told);
            }
        }
    }
    // A join leads to a key: the other table must have one.
    for (name, spec) in specs {
        for target in spec.of.values() {
            if let Some(other) = specs.iter().find(|(n, _)| n.get_ref() == target.get_ref())
                && other.1.key.is_none()
            {
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
