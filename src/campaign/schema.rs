//! The JSON Schema of the campaign file, for editors that complete and check as one types.

use super::spec::Spec;

/// Where the committed copy lies in the repository.
pub const COMMITTED: &str = "docs/campaign.schema.json";

/// The schema as text, JSON Schema draft 2020-12, with a trailing line break.
#[must_use]
pub fn text() -> String {
    let schema = schemars::schema_for!(Spec);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Run with `UPDATE=1` to write the committed copy anew.
    #[test]
    fn the_committed_schema_is_the_one_that_the_types_give() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(COMMITTED);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, text()).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(committed == text(), "{COMMITTED} is out of date: run `UPDATE=1 cargo test the_committed_schema`");
    }
}
