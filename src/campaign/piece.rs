//! The piece: its template, the address that its code leads to, and what faults do.

use std::sync::Arc;

use super::resolve::Told;
use super::spec::{PaperSpec, PieceSpec, Policy};
use crate::asset::loader::Files;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};
use crate::template::Template;

/// What is made for each record that is printed.
#[derive(Debug)]
pub struct Piece {
    pub template: Template,
    pub url: Option<UrlPattern>,
    pub policies: Policies,
}

/// What a fault in one record does, by kind.
#[derive(Clone, Copy, Debug)]
pub struct Policies {
    pub overflow: Policy,
    pub missing_glyph: Policy,
    pub missing_field: Policy,
    pub image: Policy,
}

impl Piece {
    pub(super) fn resolve(
        spec: &PieceSpec,
        _paper: &PaperSpec,
        files: &Files,
        template: &str,
        source: &Arc<SourceText>,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let told = Told { source };
        let url = spec.url.as_ref().and_then(|u| match UrlPattern::parse(u.get_ref()) {
            Ok(pattern) => Some(pattern),
            Err(word) => {
                let d = told.error(
                    "piece-url",
                    u.span(),
                    format!("`{{{word}}}` cannot be filled in"),
                    format!("expected {}", KNOWN.map(|k| format!("{{{k}}}")).join(", ")),
                );
                faults.push(match did_you_mean(&word, KNOWN) {
                    Some(like) => d.help(format!("did you mean `{{{like}}}`?")),
                    None => d,
                });
                None
            }
        });
        let template = match Template::load(files, template) {
            Ok(template) => template,
            Err(told) => {
                faults.extend(told);
                return None;
            }
        };
        let policies = Policies {
            overflow: spec.overflow,
            missing_glyph: spec.missing_glyph,
            missing_field: spec.missing_field,
            image: spec.image,
        };
        Some(Self { template, url, policies })
    }
}

const KNOWN: [&str; 3] = ["piece", "code", "customer"];

/// An address with places to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlPattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Piece,
    Code,
    Customer,
}

impl UrlPattern {
    /// # Errors
    /// The word between braces that is not known.
    fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            parts.push(Part::Literal(rest[..open].to_owned()));
            let after = &rest[open + 1..];
            let close = after.find('}').ok_or_else(|| after.to_owned())?;
            parts.push(match &after[..close] {
                "piece" => Part::Piece,
                "code" => Part::Code,
                "customer" => Part::Customer,
                other => return Err(other.to_owned()),
            });
            rest = &after[close + 1..];
        }
        parts.push(Part::Literal(rest.to_owned()));
        parts.retain(|p| !matches!(p, Part::Literal(t) if t.is_empty()));
        Ok(Self { parts })
    }

    /// Writes the address of one piece into `out`. What is filled in is percent-encoded (RFC 3986, section 2.3:
    /// unreserved characters stand). Without a coupon, `{code}` stays empty.
    pub fn fill(&self, piece: &str, code: Option<&str>, customer: &str, out: &mut String) {
        out.clear();
        for part in &self.parts {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Piece => percent(piece, out),
                Part::Code => percent(code.unwrap_or(""), out),
                Part::Customer => percent(customer, out),
            }
        }
    }
}

fn percent(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(b));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(b >> 4)]));
            out.push(char::from(HEX[usize::from(b & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_filled_in_and_encoded() {
        let url = UrlPattern::parse("https://example.jp/a?p={piece}&c={code}").unwrap();
        let mut out = String::new();
        url.fill("autumn-00000017", Some("7KQ4-M2XD"), "C1", &mut out);
        assert_eq!(out, "https://example.jp/a?p=autumn-00000017&c=7KQ4-M2XD");
        UrlPattern::parse("{customer}").unwrap().fill("", None, "山 1", &mut out);
        assert_eq!(out, "%E5%B1%B1%201");
        assert_eq!(UrlPattern::parse("https://example.jp/{cod}"), Err("cod".to_owned()));
    }
}
