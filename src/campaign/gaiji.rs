//! The campaign's table of old characters, and the columns whose kana become full-width.

use std::ops::Range;

use super::resolve::Told;
use super::spec::GaijiSpec;
use super::tables::TableDef;
use crate::asset::loader::Files;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};
use crate::data;

/// What is printed for what old systems wrote.
#[derive(Clone, Debug, Default)]
pub struct Gaiji {
    pub table: data::gaiji::Gaiji,
    /// By position of the table and of its column.
    pub kana: Vec<(usize, usize)>,
}

impl Gaiji {
    /// Nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_empty() && self.kana.is_empty()
    }
}

/// The longest table of characters.
const LONGEST: u64 = 4 << 20;

pub(super) fn resolve(
    spec: &GaijiSpec,
    files: &Files,
    tables: &[TableDef],
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Gaiji {
    let mut gaiji = Gaiji::default();
    if let Some(file) = &spec.table {
        match files.read("", file.get_ref(), LONGEST) {
            Err(e) => {
                let mut d = told.error(e.code(), file.span(), e.message.clone(), "this table");
                d.help.clone_from(&e.help);
                faults.push(d);
            }
            Ok(loaded) => match data::gaiji::Gaiji::read(&loaded.bytes) {
                Ok(table) => gaiji.table = table,
                Err(wrong) => {
                    let text = String::from_utf8_lossy(&loaded.bytes);
                    let source = SourceText::new(loaded.name.clone(), &*text);
                    faults.extend(wrong.into_iter().map(|fault| {
                        let span = line(&text, fault.line);
                        Diagnostic::error("gaiji-table", fault.message).at_text(&source, span, "in this row")
                    }));
                }
            },
        }
    }
    for column in &spec.kana {
        let found = column.get_ref().split_once('.').and_then(|(table, name)| {
            let at = tables.iter().position(|t| &*t.name == table)?;
            Some((at, tables.get(at)?.schema.columns.iter().position(|c| &*c.name == name)?))
        });
        match found {
            Some(place) => gaiji.kana.push(place),
            None => {
                let known: Vec<String> = tables
                    .iter()
                    .flat_map(|t| t.schema.columns.iter().map(|c| format!("{}.{}", t.name, c.name)))
                    .collect();
                let message = format!("there is no column `{}`", column.get_ref());
                let d = told.error("gaiji-column", column.span(), message, "expected table.column");
                faults.push(match did_you_mean(column.get_ref(), known.iter().map(String::as_str)) {
                    Some(like) => d.help(format!("did you mean `{like}`?")),
                    None => d,
                });
            }
        }
    }
    gaiji
}

/// The bytes of a line, counted from 1, without its end.
fn line(text: &str, number: u64) -> Range<usize> {
    let skip = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    let start = text.split_inclusive('\n').take(skip).map(str::len).sum::<usize>();
    let length = text.get(start..).and_then(|t| t.lines().next()).map_or(0, str::len);
    start..start + length
}
