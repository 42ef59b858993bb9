//! characters.csv: the characters that the fonts of their text lacked: which fallback font drew each, or that none
//! has it, and in how many records. The file is there only when it has a row. Single characters name nobody.

use std::collections::BTreeMap;
use std::io::Write;

use super::outputs::{CHARACTERS, cannot};
use crate::base::Diagnostic;

/// Counts characters by text and font.
#[derive(Clone, Debug, Default)]
pub struct Characters {
    /// By character (with its variation selector) and font; no font: none has it.
    records: BTreeMap<(String, Option<String>), u64>,
}

impl Characters {
    /// One record more has this character from this font.
    pub fn add(&mut self, text: String, font: Option<String>) {
        *self.records.entry((text, font)).or_default() += 1;
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Writes the file: UTF-8 with a byte order mark, as spreadsheets want it.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn write(&self, out: impl Write) -> Result<(), Diagnostic> {
        let fault = |e: csv::Error| cannot("written", CHARACTERS, &std::io::Error::from(e));
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(["\u{FEFF}character", "code_points", "records", "font"]).map_err(fault)?;
        for ((text, font), records) in &self.records {
            let points: Vec<String> = text.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
            let font = font.as_deref().unwrap_or("(none)");
            csv.write_record([text.as_str(), &points.join(" "), &records.to_string(), font]).map_err(fault)?;
        }
        csv.flush().map_err(|e| cannot("written", CHARACTERS, &e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_by_font_and_told_with_their_code_points() {
        let mut characters = Characters::default();
        for _ in 0..2 {
            characters.add("葛\u{E0101}".into(), Some("IPAmjMincho".into()));
        }
        characters.add("\u{E000}".into(), None);
        let mut out = Vec::new();
        characters.write(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\u{FEFF}character,code_points,records,font\n葛\u{E0101},U+845B U+E0101,2,IPAmjMincho\n\u{E000},U+E000,1,(none)\n"
        );
    }
}
