//! Where one file ends and the next begins, as the campaign says it.

use std::sync::Arc;

use super::resolve::Told;
use super::spec::SplitSpec;
use super::tables::TableDef;
use crate::base::Diagnostic;
use crate::base::diag::did_you_mean;

/// Several files instead of one. With nothing set there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// At most so many pieces in each file.
    pub pieces: Option<u32>,
    /// At most so many bytes in each file.
    pub bytes: Option<u64>,
    /// A new file for each value of this column of the unit's table.
    pub column: Option<Cut>,
    /// Rows that follow one another with the same value in this column stay in one file.
    pub bundle: Option<Cut>,
    /// The column's value stands in the names of the files.
    pub value_in_name: bool,
}

/// A column of the unit's table at which files are cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    pub name: Arc<str>,
    /// Its position.
    pub column: usize,
}

/// The smallest limit in bytes: fonts and the profile of the press are in every file.
const LEAST_BYTES: u64 = 100_000;

pub(super) fn resolve(
    spec: &SplitSpec,
    unit: Option<&TableDef>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Split> {
    let mut split = Split::default();
    if let Some(pieces) = &spec.pieces {
        match pieces.get_ref() {
            0 => {
                faults.push(told.error("campaign-split", pieces.span(), "a file holds at least one piece", "0 pieces"))
            }
            n => split.pieces = Some(*n),
        }
    }
    if let Some(bytes) = &spec.bytes {
        match size(bytes.get_ref()) {
            Some(n) if n >= LEAST_BYTES => split.bytes = Some(n),
            Some(_) => faults.push(
                told.error("campaign-split", bytes.span(), "no file can be as small as that", "too small").help(
                    "fonts and the profile of the press take more; a limit such as \"500MB\" or \"2GB\" is meant here",
                ),
            ),
            None => faults.push(told.error(
                "campaign-split",
                bytes.span(),
                format!("`{}` is not a size of files", bytes.get_ref()),
                "expected a size such as \"500MB\", \"2GB\" or \"4GiB\"",
            )),
        }
    }
    let mut cut = |name: &Option<toml::Spanned<String>>| {
        let name = name.as_ref()?;
        let unit = unit?;
        let found = unit.schema.position(name.get_ref());
        if found.is_none() {
            let d = told.error(
                "campaign-split",
                name.span(),
                format!("{} has no column `{}`", unit.label, name.get_ref()),
                "not a column of the table that pieces are made for",
            );
            let known = unit.schema.columns.iter().map(|c| &*c.name);
            faults.push(match did_you_mean(name.get_ref(), known) {
                Some(like) => d.help(format!("did you mean `{like}`?")),
                None => d,
            });
        }
        Some(Cut { name: name.get_ref().as_str().into(), column: found? })
    };
    split.column = cut(&spec.column);
    split.bundle = cut(&spec.bundle);
    if let Some(value) = &spec.value_in_name {
        split.value_in_name = *value.get_ref();
        if split.value_in_name && spec.column.is_none() {
            faults.push(
                told.error("campaign-split", value.span(), "there is no value to stand in the names", "no `column`")
                    .help("say with `column` which column's value is meant"),
            );
        }
    }
    (split != Split::default()).then_some(split)
}

/// `500MB`, `2 GB`, `4GiB`, `1500000`, `1.5GB`: bytes.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1u64 << 30,
        _ => return None,
    };
    // In thousandths, without floating point.
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.len() > 3 || (number.contains('.') && part.is_empty()) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let thousandths: u64 = format!("{part:0<3}").parse().ok()?;
    whole.checked_mul(unit)?.checked_add(unit.checked_mul(thousandths)? / 1000)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_in_tens_and_in_twos() {
        assert_eq!(size("500MB"), Some(500_000_000));
        assert_eq!(size(" 2 GB"), Some(2_000_000_000));
        assert_eq!(size("4GiB"), Some(4 << 30));
        assert_eq!(size("1.5GB"), Some(1_500_000_000));
        assert_eq!(size("1234567"), Some(1_234_567));
        for wrong in ["", "GB", "1.GB", "1TBB", "-3MB", "1.2345GB", "99999999999999999999"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }
}
