//! Where one file ends and the next begins, and what the files are called.
//!
//! It follows from the order of the rows and from what their pieces weigh, never from threads. A piece is never torn.

use rustc_hash::FxHashSet;

use super::bunch::Row;
use crate::base::{Diagnostic, Digest, Place};
use crate::campaign::split::{Cut, Split};
use crate::ledger::Listed;

/// Files of one job: the names count them with four digits at most.
const MOST_FILES: usize = 9_999;
/// Characters of a value that stands in a name.
const LONGEST_IN_NAME: usize = 24;

/// Decides piece by piece.
#[derive(Debug)]
pub(super) struct Splitter {
    rule: Split,
    /// The values of the column that had their files, by digest: a bounded number of bytes for each file.
    seen: FxHashSet<u64>,
    /// The value and the bundle of the last piece.
    value: Option<String>,
    bundle: Option<String>,
}

/// What a piece begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Begins {
    value: bool,
    bundle: bool,
}

impl Splitter {
    pub(super) fn new(rule: Split) -> Self {
        Self { rule, seen: FxHashSet::default(), value: None, bundle: None }
    }

    /// The limit in bytes.
    pub(super) fn bytes(&self) -> Option<u64> {
        self.rule.bytes
    }

    /// Whether a limit in bytes waits for the end of a bundle.
    pub(super) fn has_bundles(&self) -> bool {
        self.rule.bundle.is_some()
    }

    /// The value of a row that names its file.
    pub(super) fn value<'r>(&self, row: &'r Row) -> Option<&'r str> {
        self.rule.column.as_ref().map(|cut| row.record.text(cut.column).trim())
    }

    /// Takes note of the next piece's row: to be called once for each piece, in order.
    ///
    /// # Errors
    /// The column's value had its file already, or cannot stand in a name.
    pub(super) fn note(&mut self, row: &Row) -> Result<Begins, Diagnostic> {
        let begins = Begins {
            value: moved(self.rule.column.as_ref(), row, &mut self.value),
            bundle: moved(self.rule.bundle.as_ref(), row, &mut self.bundle),
        };
        if let (true, Some(cut), Some(value)) = (begins.value, &self.rule.column, &self.value) {
            if !self.seen.insert(Digest::of(value.as_bytes()).short()) {
                return Err(not_together(cut, row));
            }
            if self.rule.value_in_name {
                check_in_name(cut, row, value)?;
            }
        }
        Ok(begins)
    }

    /// Whether a file ends before a piece: `held` pieces are in it, and `fits` says that this one keeps the limit in
    /// bytes.
    pub(super) fn ends(&self, begins: Begins, held: u64, fits: bool) -> bool {
        if held == 0 {
            return false;
        }
        let full = !fits || self.rule.pieces.is_some_and(|most| held >= u64::from(most));
        let limited = self.rule.pieces.is_some() || self.rule.bytes.is_some();
        let ends = match (self.has_bundles(), limited) {
            (false, _) => full,
            (true, true) => full && begins.bundle,
            (true, false) => begins.bundle,
        };
        begins.value || ends
    }

    /// # Errors
    /// There are so many files that nobody can have meant it.
    pub(super) fn counts(&self, files: usize) -> Result<(), Diagnostic> {
        if files < MOST_FILES {
            return Ok(());
        }
        Err(Diagnostic::error("split-too-fine", format!("the pieces do not fit in {MOST_FILES} files"))
            .help("[output.split] makes very small files: state larger limits, or a column with fewer values"))
    }

    /// The final names of all files, without their ending: `JOB_PART-of-PARTS_FROM-TO_PAGESp`, numbers filled with zeros
    /// so that names sort in the order of the job.
    pub(super) fn stems(&self, job: &str, files: &[Listed]) -> Vec<String> {
        let digits = |n: u64| n.to_string().len();
        let parts = digits(files.len() as u64).max(2);
        let places = digits(files.iter().map(|f| f.pieces).sum());
        let mut from = 1;
        files
            .iter()
            .enumerate()
            .map(|(i, f)| {
                let to = from + f.pieces.saturating_sub(1);
                let value = match f.part.as_ref().and_then(|p| p.value.as_ref()) {
                    Some(value) if self.rule.value_in_name => format!("_{value}"),
                    _ => String::new(),
                };
                let of = files.len();
                let stem = format!(
                    "{job}_{:0parts$}-of-{of:0parts$}{value}_{from:0places$}-{to:0places$}_{}p",
                    i + 1,
                    f.pages
                );
                from = to + 1;
                stem
            })
            .collect()
    }
}

/// Sets `last` to the row's value; whether it is another one than before. The first is.
fn moved(cut: Option<&Cut>, row: &Row, last: &mut Option<String>) -> bool {
    let Some(cut) = cut else { return false };
    let value = row.record.text(cut.column).trim();
    match last {
        Some(last) if last == value => false,
        Some(last) => {
            last.clear();
            last.push_str(value);
            true
        }
        None => {
            *last = Some(value.to_owned());
            true
        }
    }
}

fn cell(cut: &Cut, row: &Row) -> Place {
    Place::Cell { origin: row.record.origin.clone(), column: Some(cut.name.to_string()) }
}

fn not_together(cut: &Cut, row: &Row) -> Diagnostic {
    Diagnostic::error("split-not-sorted", "rows with this value do not stand together: its file was closed before")
        .at(cell(cut, row), "")
        .help(format!(
            "sort the table by `{0}`, or name it as `bundle = \"{0}\"`: bundles may come back, and share files",
            cut.name
        ))
}

fn check_in_name(cut: &Cut, row: &Row, value: &str) -> Result<(), Diagnostic> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if !value.is_empty() && value.len() <= LONGEST_IN_NAME && value.bytes().all(plain) {
        return Ok(());
    }
    Err(Diagnostic::error("split-name", "this value cannot stand in a file's name").at(cell(cut, row), "").help(
        format!(
            "values in names have 1 to {LONGEST_IN_NAME} ASCII letters, digits and `-`; without `value_in_name` files \
             are numbered and the manifest tells the values"
        ),
    ))
}

/// A single piece is larger than a file may be.
pub(super) fn too_large(row: &Row, bytes: u64) -> Diagnostic {
    Diagnostic::error("split-bytes", format!("this piece alone makes a file of more than {bytes} bytes"))
        .at(Place::Cell { origin: row.record.origin.clone(), column: None }, "")
        .help("a piece is never torn: give `bytes` of [output.split] a larger size")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::schema::Kind;
    use crate::data::{Column, Record, Schema};
    use crate::ledger::{Made, Part};
    use std::sync::Arc;

    fn cut(column: usize) -> Option<Cut> {
        Some(Cut { name: ["shop", "zone"][column].into(), column })
    }

    /// Cuts `rows` of shop and zone; the sizes of the files.
    fn files(rule: Split, rows: &[(&str, &str)]) -> Result<Vec<u64>, Diagnostic> {
        let column = |name: &str| Column { name: name.into(), kind: Kind::Text, required: false, purpose: None };
        let schema = Arc::new(Schema { columns: vec![column("shop"), column("zone")] });
        let mut splitter = Splitter::new(rule);
        let mut sizes: Vec<u64> = Vec::new();
        for (shop, zone) in rows {
            let mut record = Record::new(Arc::clone(&schema), "c.csv".into());
            record.text = format!("{shop}{zone}");
            record.ends = vec![shop.len() as u32, (shop.len() + zone.len()) as u32];
            let begins = splitter.note(&Row::new(record))?;
            let held = sizes.last().copied().unwrap_or(0);
            match sizes.last_mut() {
                Some(open) if !splitter.ends(begins, held, true) => *open += 1,
                _ => sizes.push(1),
            }
        }
        Ok(sizes)
    }

    const ROWS: &[(&str, &str)] =
        &[("a", "1"), ("a", "1"), ("a", "2"), ("b", "2"), ("b", "3"), ("b", "3"), ("b", "3"), ("b", "1")];

    #[test]
    fn pieces_values_and_bundles_cut_each_in_their_way() {
        let by = |pieces, column, bundle| Split { pieces, column, bundle, ..Split::default() };
        assert_eq!(files(by(Some(3), None, None), ROWS).unwrap(), [3, 3, 2]);
        assert_eq!(files(by(None, cut(0), None), ROWS).unwrap(), [3, 5]);
        assert_eq!(files(by(Some(2), cut(0), None), ROWS).unwrap(), [2, 1, 2, 2, 1]);
        assert_eq!(files(by(None, None, cut(1)), ROWS).unwrap(), [2, 2, 3, 1]);
        assert_eq!(files(by(Some(3), None, cut(1)), ROWS).unwrap(), [4, 3, 1]);
        assert_eq!(files(by(Some(5), None, cut(1)), ROWS).unwrap(), [7, 1]);
        assert_eq!(files(by(None, cut(0), cut(1)), ROWS).unwrap(), [2, 1, 1, 3, 1]);
    }

    #[test]
    fn a_value_that_comes_back_is_refused() {
        let fault = files(Split { column: cut(1), ..Split::default() }, ROWS).unwrap_err();
        assert_eq!(fault.code, "split-not-sorted");
    }

    #[test]
    fn names_sort_in_the_order_of_the_job() {
        let listed = |pieces, pages, value: &str| Listed {
            made: Made { name: String::new(), bytes: 0, sha256: Digest([0; 32]) },
            pieces,
            pages,
            first_piece: String::new(),
            last_piece: String::new(),
            part: Some(Part {
                part: 0,
                of: 0,
                from: 0,
                value: Some(value.to_owned()),
                list: Made { name: String::new(), bytes: 0, sha256: Digest([0; 32]) },
            }),
        };
        let files = [listed(5000, 10_000, "A1"), listed(17, 34, "B")];
        let names = Splitter::new(Split::default()).stems("autumn", &files);
        assert_eq!(names, ["autumn_01-of-02_0001-5000_10000p", "autumn_02-of-02_5001-5017_34p"]);
        let named = Splitter::new(Split { value_in_name: true, ..Split::default() }).stems("autumn", &files);
        assert_eq!(named[0], "autumn_01-of-02_A1_0001-5000_10000p");
    }
}
