//! The typed columns of a table.

use std::sync::Arc;

/// How the text of a cell is read. The text itself is always kept too: codes keep their leading zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// As it stands.
    #[default]
    Text,
    /// A whole number; grouping commas and full-width digits are accepted.
    Integer,
    /// Whole yen; also with ¥ or 円 and grouping commas, negative with `-`, `△`, `▲` or in parentheses.
    Money,
    /// A decimal number, such as a coordinate.
    Number,
    /// 2026-11-21, 2026/11/21, 20261121, 2026年11月21日, 令和8年11月21日, R8.11.21; a time or weekday behind it is passed over.
    Date,
    /// true/false, 1/0, yes/no, はい/いいえ, 有/無, 可/不可, ○/×, 同意する/同意しない; empty is missing.
    Bool,
    /// Several texts in one cell, such as `茶, 菓子`; what parts them is the column's `separator`.
    List,
    /// Seven digits with or without a hyphen; read as text `123-4567`.
    Postcode,
}

/// Whether a purpose, or a list of purposes (`email, print`), covers print.
#[must_use]
pub fn covers_print(purpose: &str) -> bool {
    purpose
        .split([',', ';', '|', '+', ' ', '・', '、'])
        .any(|p| ["print", "post", "dm", "all", "郵送", "紙", "印刷"].contains(&p.trim().to_lowercase().as_str()))
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: Arc<str>,
    pub kind: Kind,
    /// An empty cell rejects the record.
    pub required: bool,
    /// What the data may be used for, when the campaign says so (`print`, `email`, …).
    pub purpose: Option<Arc<str>>,
}

/// The columns of one table, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    pub columns: Vec<Column>,
}

impl Schema {
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| &*c.name == name)
    }
}
