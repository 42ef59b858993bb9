//! manifest.json read back: rows one at a time, so that a manifest of a million rows takes no more memory than one of
//! ten. The order of its keys is not relied on.

use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What the manifest says beside its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    pub campaign: String,
    pub as_of: String,
    pub files: Vec<File>,
    pub others: Vec<Other>,
    pub totals: Option<Totals>,
    /// The pages are placed on sheets in the folder beside them.
    pub sheets: bool,
    /// The most ink at one place, in percent, and named inks that are none on the paper.
    pub ink_limit: Option<u16>,
    pub no_ink: Vec<String>,
}

/// One PDF file of the job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct File {
    pub name: String,
    pub part: Option<u64>,
    pub of: Option<u64>,
    pub from: Option<u64>,
    pub to: Option<u64>,
    pub value: Option<String>,
    #[serde(default)]
    pub pieces: u64,
    #[serde(default)]
    pub pages: u64,
    #[serde(default)]
    pub first_piece: String,
    #[serde(default)]
    pub last_piece: String,
    pub bytes: u64,
    pub sha256: String,
    pub list: Option<Other>,
}

/// Any other file of the job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Other {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

/// The manifest that a file of several has of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Own {
    pub campaign: String,
    pub file: File,
}

/// How the rows add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Totals {
    pub read: u64,
    pub printed: u64,
    pub pages: u64,
    pub held_out: u64,
    pub suppressed: u64,
    pub over_budget: u64,
    pub rejected: u64,
}

/// One input row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Row {
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub row: u64,
    #[serde(default)]
    pub piece: String,
    pub outcome: String,
    #[serde(default)]
    pub file: String,
    #[serde(default)]
    pub first_page: u64,
    #[serde(default)]
    pub last_page: u64,
    #[serde(default)]
    pub sha256: String,
    #[serde(default)]
    pub url: String,
}

/// Reads a manifest and hands its rows to `each`.
///
/// # Errors
/// What keeps it from being read: it is no JSON, is cut off, or lacks what every manifest has.
pub fn read(from: impl Read, each: &mut dyn FnMut(Row)) -> Result<Manifest, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_reader(from);
    let manifest = Whole { each }.deserialize(&mut json)?;
    json.end()?;
    Ok(manifest)
}

struct Whole<'a> {
    each: &'a mut dyn FnMut(Row),
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = Manifest;
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Manifest, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Manifest;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the manifest of a job")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Manifest, A::Error> {
        let mut manifest = Manifest::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "campaign" => manifest.campaign = map.next_value()?,
                "as_of" => manifest.as_of = map.next_value()?,
                "rows" => map.next_value_seed(Rows { each: self.each })?,
                "files" => manifest.files = map.next_value()?,
                "others" => manifest.others = map.next_value()?,
                "totals" => manifest.totals = Some(map.next_value()?),
                "sheets" => manifest.sheets = map.next_value()?,
                "ink_limit" => manifest.ink_limit = map.next_value()?,
                "no_ink" => manifest.no_ink = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(manifest)
    }
}

struct Rows<'a> {
    each: &'a mut dyn FnMut(Row),
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the rows of a job")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element::<Row>()? {
            (self.each)(row);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_one_by_one_and_unknown_keys_do_no_harm() {
        let text = r#"{"totals":{"read":2,"printed":1,"pages":2,"held_out":1,"suppressed":0,"over_budget":0,"rejected":0,
            "suppressed_by":{}},"rows":[{"source":"c.csv","row":2,"outcome":"printed","piece":"a","file":"x.pdf","new":1},
            {"outcome":"held-out"}],"files":[{"name":"x.pdf","bytes":3,"sha256":"ab"}],"more":[1]}"#;
        let mut rows = Vec::new();
        let manifest = read(text.as_bytes(), &mut |row| rows.push(row)).expect("can be read");
        assert_eq!((rows.len(), rows[0].file.as_str(), rows[1].outcome.as_str()), (2, "x.pdf", "held-out"));
        assert_eq!(manifest.files[0].bytes, 3);
        assert_eq!(manifest.totals.expect("has totals").printed, 1);
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_no_manifest() {
        for text in ["", "{", r#"{"rows":[{"outcome":"printed"}"#, "[]", "{}{}"] {
            assert!(read(text.as_bytes(), &mut |_| {}).is_err(), "{text}");
        }
    }
}
