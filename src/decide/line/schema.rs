//! A line as JSON Schema (draft 2020-12).

use serde_json::json;

use super::OUTCOMES;

/// The committed copy.
pub const COMMITTED: &str = "docs/decisions.schema.json";

/// The schema as text, with a trailing line break.
#[must_use]
pub fn text() -> String {
    let key = |what: &str| json!({ "type": "string", "minLength": 1, "description": what });
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Decision",
        "description": "One line of a file of decisions: what becomes of one record of a campaign. Every slot of the campaign is a member under its own name.",
        "type": "object",
        "required": ["outcome"],
        "properties": {
            "piece": {
                "type": "string", "pattern": "^[A-Za-z0-9_-]+-[0-9]{8,}$",
                "description": "The campaign's id and the record's number in its table, from 1, in 8 digits. May be left out: the record is then found by its key alone."
            },
            "customer": key("The record's key. When pieces are made for rows of another table, the member has the name of one of its rows: `order`."),
            "order": key("The record's key when pieces are made for orders."),
            "outcome": { "enum": OUTCOMES, "description": "What becomes of the record." },
            "cause": key("Why a suppressed record is not written to; `every campaign` for those held out of all of them."),
            "segment": key("A segment of the campaign, or `other`."),
            "segments": {
                "type": "object", "additionalProperties": { "type": "string", "minLength": 1 },
                "description": "The group of each further segmentation, by its name."
            },
            "arm": key("An arm of the campaign."),
            "coupon": { "$ref": "#/$defs/coupon" },
            "coupons": { "type": "array", "items": { "$ref": "#/$defs/coupon" }, "description": "Instead of `coupon`, when there are several." },
            "store": { "$ref": "#/$defs/store" },
            "value": {
                "type": "object", "additionalProperties": false,
                "description": "In yen.",
                "properties": {
                    "ltv": { "type": ["integer", "null"], "description": "What the customer is worth." },
                    "expected_margin": { "type": ["integer", "null"], "description": "What the piece is expected to bring." }
                }
            },
            "origin": {
                "type": "object", "additionalProperties": false,
                "description": "Where the record stood when it was decided; for people.",
                "properties": {
                    "file": { "type": "string" },
                    "sheet": { "type": "string" },
                    "row": { "type": "integer", "minimum": 1, "description": "As a spreadsheet shows it: the header is row 1." }
                }
            },
            "reasons": {
                "type": "array", "description": "Why the record is rejected.",
                "items": {
                    "type": "object", "additionalProperties": false, "required": ["code", "message"],
                    "properties": { "code": { "type": "string" }, "message": { "type": "string" } }
                }
            }
        },
        "additionalProperties": { "$ref": "#/$defs/slot" },
        "allOf": [{
            "if": { "properties": { "outcome": { "const": "suppressed" } } },
            "then": { "required": ["cause"] }
        }],
        "$defs": {
            "slot": {
                "type": "object", "required": ["product"], "additionalProperties": false,
                "description": "A place for a product, named as in `slots.names`.",
                "properties": {
                    "product": { "type": ["string", "null"], "description": "The product's key; null leaves a slot empty that may be." },
                    "by": key("Which rung of the ladder filled it; `given` when not said."),
                    "because": { "type": "string", "description": "The evidence." },
                    "note": { "type": "string", "description": "The rule's words for the customer." }
                }
            },
            "store": {
                "type": "object", "required": ["id", "km"], "additionalProperties": false,
                "description": "The nearest store.",
                "properties": {
                    "id": key("The store's key."),
                    "km": { "type": "number", "minimum": 0, "description": "How far away it is." },
                    "second": key("The key of the second choice.")
                }
            },
            "coupon": {
                "type": "object", "required": ["id"], "additionalProperties": false,
                "properties": {
                    "id": key("The coupon's id in the campaign."),
                    "slot": key("The slot whose product it is for, where the campaign binds the coupon to one."),
                    "product": key("The key of that product: the one that the slot shows."),
                    "code": key("The piece's own code. May be left out: the run issues it. Another code is a fault."),
                    "expires": { "type": "string", "format": "date", "description": "The last day; worked out as the campaign says when left out." },
                    "symbol": { "type": "string", "description": "What the till's barcode says." },
                    "store": { "$ref": "#/$defs/store", "description": "The nearest store that honours it, where not all do." }
                }
            }
        }
    });
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Run with `UPDATE=1` to write the committed copy anew.
    #[test]
    fn the_committed_schema_is_the_one_of_the_program() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(COMMITTED);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, text()).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(committed == text(), "{COMMITTED} is out of date: run `UPDATE=1 cargo test the_committed_schema`");
    }
}
