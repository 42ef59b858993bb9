//! Marks that say which leaf of which piece this is, as the campaign says them.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::resolve::Told;
use crate::barcode::size::Device;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Digest, Pt};
use crate::press::integrity::{Edge, Integrity, Kind, On};

/// `[output.integrity]`: a mark on the piece by which machines that insert and fold see that nothing is missing, double or
/// in the wrong order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntegritySpec {
    pub mark: MarkSpec,
    /// Where the mark stands: an edge of the page, how far from this edge, and how far from the edge's upper or left end:
    /// `"right 4mm 20mm"` (this is also what is taken when not stated).
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub place: Option<Spanned<String>>,
    /// Which pages carry it.
    #[serde(default)]
    pub pages: MarkedSpec,
    /// The job's number in the Data Matrix, up to 999999. When not stated: one that is made from the campaign's id.
    #[serde(default)]
    #[schemars(with = "Option<u32>")]
    pub job: Option<Spanned<u32>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MarkSpec {
    /// A Data Matrix of 16 × 16 modules: job, sequence, leaf of so many, end of set.
    DataMatrix,
    /// Lines in ten places: benchmark, safety, end of set, parity, sequence and leaf modulo 8.
    Omr,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MarkedSpec {
    /// The first page of every two.
    #[default]
    Fronts,
    /// The second page of every two.
    Backs,
    All,
}

const PLACE: &str = "right 4mm 20mm";

pub(super) fn resolve(
    spec: &IntegritySpec,
    id: &str,
    device: Device,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Arc<Integrity>> {
    let place = spec.place.as_ref().map_or(PLACE, |p| p.get_ref().as_str());
    let place = match parse(place) {
        Ok(place) => Some(place),
        Err((message, help)) => {
            let span = spec.place.as_ref().map_or(0..0, Spanned::span);
            let d = told.error("campaign-integrity", span, message, "expected a place such as \"right 4mm 20mm\"");
            faults.push(help.into_iter().fold(d, Diagnostic::help));
            None
        }
    };
    let job = match &spec.job {
        None => (Digest::of(id.as_bytes()).short() % 1_000_000) as u32,
        Some(job) => {
            if *job.get_ref() > 999_999 {
                let what = "the job's number has at most six digits";
                faults.push(told.error("campaign-integrity", job.span(), what, "up to 999999"));
                return None;
            }
            *job.get_ref()
        }
    };
    let (edge, inset, from) = place?;
    let kind = match spec.mark {
        MarkSpec::DataMatrix => Kind::DataMatrix,
        MarkSpec::Omr => Kind::Omr,
    };
    let on = match spec.pages {
        MarkedSpec::Fronts => On::Fronts,
        MarkedSpec::Backs => On::Backs,
        MarkedSpec::All => On::All,
    };
    Some(Arc::new(Integrity { kind, edge, inset, from, on, job, device }))
}

/// An edge and two lengths; else what is wrong, and perhaps a help.
fn parse(text: &str) -> Result<(Edge, Pt, Pt), (String, Option<String>)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [edge, inset, from] = words[..] else {
        return Err((format!("`{text}` is no place: an edge and two lengths are meant"), None));
    };
    let edge = match edge {
        "top" => Edge::Top,
        "right" => Edge::Right,
        "bottom" => Edge::Bottom,
        "left" => Edge::Left,
        other => {
            let like = did_you_mean(other, ["top", "right", "bottom", "left"]);
            let message = format!("`{other}` is no edge: there are top, right, bottom and left");
            return Err((message, like.map(|l| format!("did you mean `{l}`?"))));
        }
    };
    let length = |word: &str| {
        let length = Pt::parse(word).filter(|l| (0.0..=14_400.0).contains(&l.0));
        length.ok_or_else(|| (format!("`{word}` is no length such as 4mm"), None))
    };
    Ok((edge, length(inset)?, length(from)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_an_edge_and_two_lengths() {
        assert_eq!(parse("left 4mm 2cm"), Ok((Edge::Left, Pt::from_mm(4.0), Pt::from_mm(20.0))));
        for (wrong, told) in [
            ("right 4mm", "an edge and two lengths"),
            ("rigth 4mm 20mm", "`rigth` is no edge"),
            ("right 4 20mm", "`4` is no length"),
            ("right -4mm 20mm", "`-4mm` is no length"),
        ] {
            let (message, _) = parse(wrong).unwrap_err();
            assert!(message.contains(told), "{message}");
        }
        assert_eq!(parse("rigth 4mm 20mm").unwrap_err().1.as_deref(), Some("did you mean `right`?"));
    }
}
