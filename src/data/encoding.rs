//! What the bytes of a file mean.

/// How the bytes of a text file are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    /// Microsoft's Shift_JIS with NEC and IBM extensions; the WHATWG label "shift_jis".
    #[serde(alias = "shift_jis", alias = "shift-jis", alias = "sjis")]
    Cp932,
}
