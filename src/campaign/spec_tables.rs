//! `[tables.NAME]` as it is written: where the rows are, how their cells are read, and what is done about faults.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::data::policy::{OnFault, Policies};
use crate::data::schema::Kind;

/// One table: a file with a row of names and rows of cells.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableSpec {
    /// The file, relative to the campaign's folder: delimited text (also `.gz` or `.zst`), a workbook, or a database.
    #[schemars(with = "String")]
    pub file: Spanned<String>,
    /// Names and types for the columns of an export that many shops have: `shopify-orders`, `ec-cube-orders`,
    /// `next-engine-orders`, `yamato-b2` or `surimono-manifest`. What is stated here beside it goes first.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub preset: Option<Spanned<String>>,
    /// Found out from the bytes when not stated.
    #[serde(default)]
    pub encoding: Option<EncodingSpec>,
    /// `,`, `;`, `|` or `tab`; found out from the header when not stated.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub delimiter: Option<Spanned<String>>,
    /// The sheet of a workbook (or the table of a database), by its name or its number from 1; the first when not
    /// stated.
    #[serde(default)]
    #[schemars(with = "Option<SheetSpec>")]
    pub sheet: Option<Spanned<SheetSpec>>,
    /// The row with the names of the columns, from 1, where something stands above it.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub header_row: Option<Spanned<u32>>,
    /// Names for the columns of a file without a row of names, from the left: `["id", "", "name"]`. Columns with an empty
    /// name, and those further right, are left out.
    #[serde(default)]
    #[schemars(with = "Option<Vec<String>>")]
    pub header: Option<Vec<Spanned<String>>>,
    /// The column whose value names a row.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub key: Option<Spanned<String>>,
    /// Joins: this table's column = the table whose key it holds.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub of: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Which rows are read.
    #[serde(default)]
    pub rows: Option<RowsSpec>,
    /// What faults in rows do, by class.
    #[serde(default)]
    pub faults: FaultsSpec,
    /// How columns are read; a column that is not named here is text.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, ColumnSpec>")]
    pub columns: BTreeMap<Spanned<String>, ColumnSpec>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum EncodingSpec {
    #[serde(rename = "utf-8")]
    Utf8,
    /// Shift_JIS as Windows writes it, with the NEC and IBM extensions.
    #[serde(rename = "cp932")]
    Cp932,
    /// Excel's "Unicode text".
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
}

/// Which rows of a file are rows of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RowsSpec {
    All,
    /// Of rows with the same key one behind the other the first: orders out of a file with a row for each line.
    FirstOfKey,
}

/// `[tables.NAME.faults]`: what faults in its rows do, by class. Each is told with counts and the first places.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FaultsSpec {
    /// Bytes that are no text in the file's encoding: `reject`, `default` or `stop`.
    #[schemars(with = "Option<OnFault>")]
    pub undecodable: Option<Spanned<OnFault>>,
    /// Text that its column's type cannot be read from: `reject`, `default` or `stop`.
    #[schemars(with = "Option<OnFault>")]
    pub wrong_type: Option<Spanned<OnFault>>,
    /// An empty cell in a column that is `required`, and an empty key: `reject` or `stop`.
    #[schemars(with = "Option<OnFault>")]
    pub missing: Option<Spanned<OnFault>>,
    /// Rows with more or fewer cells than the header, or quotation marks that are not closed: `reject` or `stop`.
    #[schemars(with = "Option<OnFault>")]
    pub broken_row: Option<Spanned<OnFault>>,
    /// A key that stood in an earlier row; that one is kept: `reject` or `stop`.
    #[schemars(with = "Option<OnFault>")]
    pub duplicate_key: Option<Spanned<OnFault>>,
    /// A key of another table (`of`) that finds nothing there: `warn` (when not stated), `reject`, `default` or `stop`.
    #[schemars(with = "Option<OnFault>")]
    pub unknown_key: Option<Spanned<OnFault>>,
}

/// A sheet by its name or its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetSpec {
    Named(String),
    /// From 1.
    Number(u32),
}

impl<'de> Deserialize<'de> for SheetSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl serde::de::Visitor<'_> for Either {
            type Value = SheetSpec;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of a sheet, or its number from 1")
            }
            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<SheetSpec, E> {
                Ok(SheetSpec::Named(name.to_owned()))
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<SheetSpec, E> {
                match u32::try_from(number) {
                    Ok(n @ 1..) => Ok(SheetSpec::Number(n)),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Signed(number), &self)),
                }
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for SheetSpec {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sheet".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "anyOf": [{ "type": "string" }, { "type": "integer", "minimum": 1 }] })
    }
}

/// A column: its kind alone (`"date"`), or a table with more to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnSpec {
    pub kind: Option<Kind>,
    pub required: bool,
    pub purpose: Option<String>,
    pub from: Vec<String>,
    pub separator: Option<String>,
    pub default: Option<String>,
    pub optional: bool,
}

/// The long form of a column.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Column")]
struct LongColumn {
    /// How the cell's text is read.
    #[serde(default, rename = "type")]
    kind: Option<Kind>,
    /// An empty cell rejects the record.
    #[serde(default)]
    required: bool,
    /// What the data may be used for: `print`, `email`, …
    #[serde(default)]
    purpose: Option<String>,
    /// The column's name in the file, where it is not the one that the campaign uses: `from = "注文番号"`. Several
    /// names are tried in turn.
    #[serde(default)]
    from: NamesSpec,
    /// What parts the items of a `list`: one character. Any of `,` `、` `;` `|` when not stated.
    #[serde(default)]
    separator: Option<String>,
    /// What stands for an empty cell, and for one that cannot be read where `faults` says `default`.
    #[serde(default)]
    default: Option<String>,
    /// A file without this column is no fault.
    #[serde(default)]
    optional: bool,
}

/// One name, or several.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a name or a list of names")]
enum NamesSpec {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl<'de> Deserialize<'de> for ColumnSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = ColumnSpec;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a kind such as \"date\", or a table { type, required, purpose, from, … }")
            }
            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<ColumnSpec, E> {
                let kind = Kind::deserialize(serde::de::value::StrDeserializer::new(word))?;
                Ok(ColumnSpec { kind: Some(kind), ..ColumnSpec::default() })
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<ColumnSpec, A::Error> {
                let long = LongColumn::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(ColumnSpec {
                    kind: long.kind,
                    required: long.required,
                    purpose: long.purpose,
                    from: match long.from {
                        NamesSpec::None => Vec::new(),
                        NamesSpec::One(name) => vec![name],
                        NamesSpec::Several(names) => names,
                    },
                    separator: long.separator,
                    default: long.default,
                    optional: long.optional,
                })
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for ColumnSpec {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ColumnOrKind".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let kind = generator.subschema_for::<Kind>();
        let long = generator.subschema_for::<LongColumn>();
        schemars::json_schema!({ "anyOf": [kind, long] })
    }
}

impl FaultsSpec {
    /// The policies, without regard to whether each makes sense.
    pub(super) fn policies(&self) -> Policies {
        let of = |stated: &Option<Spanned<OnFault>>, usual| stated.as_ref().map_or(usual, |s| *s.get_ref());
        let usual = Policies::default();
        Policies {
            undecodable: of(&self.undecodable, usual.undecodable),
            wrong_type: of(&self.wrong_type, usual.wrong_type),
            missing: of(&self.missing, usual.missing),
            broken_row: of(&self.broken_row, usual.broken_row),
            duplicate_key: of(&self.duplicate_key, usual.duplicate_key),
            unknown_key: of(&self.unknown_key, usual.unknown_key),
        }
    }
}
