//! Sheets of rejects that come back mended: which tables they are of.

use std::path::PathBuf;
use std::sync::Arc;

use super::{counted, grouped};
use crate::base::{Diagnostic, Place};
use crate::campaign::Campaign;
use crate::data::mended::Sheet;

/// Puts mended rows in the places of those that they were. What was done is said in lines, one for each sheet.
///
/// # Errors
/// Everything that is wrong with the sheets, and everything in which they do not fit the campaign's files.
pub fn mend(campaign: &mut Campaign, sheets: &[PathBuf]) -> Result<Vec<String>, Vec<Diagnostic>> {
    let (mut told, mut faults) = (Vec::new(), Vec::new());
    for path in sheets {
        let label = path.to_string_lossy().replace('\\', "/");
        match one(campaign, path, &label) {
            Ok(line) => told.push(line),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(told) } else { Err(faults) }
}

fn one(campaign: &mut Campaign, path: &std::path::Path, label: &str) -> Result<String, Vec<Diagnostic>> {
    let sheet = Sheet::read(path, label)?;
    let place = || Place::File(label.to_owned());
    let mut mended_rows = None;
    // An export that is several tables is mended in all of them.
    for table in &mut campaign.tables {
        let name = match table.source.sheet() {
            None => table.label.clone(),
            Some(sheet) => format!("{} [{sheet}]", table.label),
        };
        if name != sheet.file {
            continue;
        }
        let mut mended = sheet.mend(table.reader()?)?;
        mended_rows = Some((mended.counts(), mended.restored));
        if let Some(earlier) = &table.options.mended {
            mended.join(earlier).map_err(|row| {
                let message = format!("row {row} of {name} is mended in {label} and otherwise in a sheet before it");
                vec![Diagnostic::error("mended-twice", message).at(place(), "")]
            })?;
        }
        table.options.mended = Some(Arc::new(mended));
    }
    let Some(((rows, left), restored)) = mended_rows else {
        let message = format!("{label} has rows of `{}`, which is no table of this campaign", sheet.file);
        let files: Vec<&str> = campaign.tables.iter().map(|t| t.label.as_str()).collect();
        let d = Diagnostic::error("mended-no-table", message).at(place(), "");
        return Err(vec![d.help(format!("its tables are of {}", files.join(", ")))]);
    };
    let mut line = format!("{label}: {} of {} mended", counted(rows, "row"), sheet.file);
    if left > 0 {
        line.push_str(&format!(", {} left as {} came", grouped(left), if left == 1 { "it" } else { "they" }));
    }
    if restored > 0 {
        line.push_str(&format!("; {} read as before a spreadsheet changed what they show", counted(restored, "cell")));
    }
    Ok(line)
}
