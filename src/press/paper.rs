//! Sheets by name and by size.

use crate::base::{Pt, Size};

/// Names that shops use, with width and height in millimetres, upright. Several may stand for one sheet.
const NAMED: [(&[&str], f32, f32); 16] = [
    (&["SRA3"], 320.0, 450.0),
    (&["SRA4"], 225.0, 320.0),
    (&["A3-wide", "A3ノビ", "A3nobi"], 329.0, 483.0),
    (&["A2"], 420.0, 594.0),
    (&["A3"], 297.0, 420.0),
    (&["A4"], 210.0, 297.0),
    (&["B2"], 515.0, 728.0),
    (&["B3"], 364.0, 515.0),
    (&["B4"], 257.0, 364.0),
    (&["kiku-full", "菊全"], 636.0, 939.0),
    (&["kiku-half", "菊半"], 469.0, 636.0),
    (&["kiku-4", "菊四"], 318.0, 469.0),
    (&["46-full", "四六全"], 788.0, 1091.0),
    (&["46-half", "四六半"], 545.0, 788.0),
    (&["46-4", "四六四"], 394.0, 545.0),
    (&["banner", "長尺"], 330.0, 1200.0),
];

/// A sheet as it goes to the press.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// As it was asked for.
    pub name: String,
    pub width: Pt,
    /// `None`: as long as what lies on it needs, as on a roll.
    pub height: Option<Pt>,
}

impl Paper {
    /// Reads `SRA3`, `菊四`, `SRA3 landscape`, `320x450` (millimetres), `330mm x 1200mm`, `520xauto` (a roll).
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = text.trim().to_owned();
        let (size, landscape) = match name.strip_suffix("landscape") {
            Some(rest) => (rest.trim(), true),
            None => (name.as_str(), false),
        };
        let named = NAMED.iter().find(|(names, ..)| names.iter().any(|n| n.eq_ignore_ascii_case(size)));
        let (width, height) = match named {
            Some((_, width, height)) => (Pt::from_mm(*width), Some(Pt::from_mm(*height))),
            None => numbers(size).ok_or_else(|| unknown(size))?,
        };
        match height {
            Some(height) if landscape => Ok(Self { name, width: height, height: Some(width) }),
            None if landscape => Err("a roll has no length that could lie across: give its width alone".to_owned()),
            height => Ok(Self { name, width, height }),
        }
    }

    /// The sheet's size; `needed` is what a roll is cut to.
    #[must_use]
    pub fn size(&self, needed: Pt) -> Size {
        Size::new(self.width, self.height.unwrap_or(needed))
    }
}

fn unknown(size: &str) -> String {
    let names = NAMED.iter().flat_map(|(names, ..)| names.iter().copied());
    let near = crate::base::diag::did_you_mean(size, names).map_or(String::new(), |n| format!(" (did you mean {n}?)"));
    let all: Vec<&str> = NAMED.iter().filter_map(|(names, ..)| names.first().copied()).collect();
    format!(
        "`{size}` is no sheet{near}: give a name ({}) or millimetres such as 320x450, or 520xauto for a roll",
        all.join(", ")
    )
}

fn numbers(text: &str) -> Option<(Pt, Option<Pt>)> {
    let (width, height) = text.split_once(['x', 'X', '×'])?;
    let height = height.trim();
    let height = if height.eq_ignore_ascii_case("auto") { None } else { Some(length(height)?) };
    Some((length(width)?, height))
}

/// Millimetres, or any length with its unit; from 10 mm to 5 m, which is what PDF and presses can hold.
#[must_use]
pub fn length(text: &str) -> Option<Pt> {
    let text = text.trim();
    let length = match text.parse::<f32>() {
        Ok(mm) => Pt::from_mm(mm),
        Err(_) => Pt::parse(text)?,
    };
    (length.0 >= Pt::from_mm(10.0).0 && length.0 <= 14_400.0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mm(text: &str) -> Option<(i32, Option<i32>)> {
        let paper = Paper::parse(text).ok()?;
        Some((paper.width.to_mm().round() as i32, paper.height.map(|h| h.to_mm().round() as i32)))
    }

    #[test]
    fn sheets_by_name_and_by_size() {
        assert_eq!(mm("SRA3"), Some((320, Some(450))));
        assert_eq!(mm("sra3 landscape"), Some((450, Some(320))));
        assert_eq!(mm("菊四"), Some((318, Some(469))));
        assert_eq!(mm("四六半"), Some((545, Some(788))));
        assert_eq!(mm("A3ノビ"), Some((329, Some(483))));
        assert_eq!(mm("330x1200"), Some((330, Some(1200))));
        assert_eq!(mm("330 mm × 660mm"), Some((330, Some(660))));
        assert_eq!(mm("520xauto"), Some((520, None)));
        assert_eq!(mm("0x100"), None);
        assert_eq!(mm("1e9x100"), None);
    }

    #[test]
    fn an_unknown_sheet_is_told_with_what_there_is() {
        let told = Paper::parse("SRA33").unwrap_err();
        assert!(told.contains("did you mean SRA3?") && told.contains("kiku-4") && told.contains("320x450"), "{told}");
    }
}
