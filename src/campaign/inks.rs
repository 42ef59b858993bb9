//! `[inks]`: the named inks of the job, stated once. Stylesheets may use them without a rule of their own, and may not
//! say otherwise.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::resolve::Told;
use crate::base::Diagnostic;
use crate::color::{Spot, SpotKind, Spots};

/// One named ink beside the process inks: a house colour, white, varnish, the line that a cutter follows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InkSpec {
    /// Percent of cyan, magenta, yellow and black that stand for the solid ink on screens and on presses without it:
    /// `[0, 60, 90, 0]`.
    #[schemars(with = "[f64; 4]")]
    pub cmyk: Spanned<Vec<f64>>,
    /// What it is for; `"spot"` when not stated. White, varnish and the cutter's line do not count as ink on the paper.
    #[serde(default)]
    pub kind: InkKindSpec,
    /// It lies on top of what is below, which is then not cut away for it. When not stated: spot inks cut away, the others
    /// lie on top.
    #[serde(default)]
    pub overprint: Option<bool>,
}

/// What a named ink is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InkKindSpec {
    /// A colour.
    #[default]
    Spot,
    /// White beneath colours, on stock that is not white.
    White,
    /// Varnish or foil.
    Varnish,
    /// The line that a cutter or creaser follows; nothing is printed.
    Cutter,
}

/// The inks of the campaign; what is wrong with them is told.
pub(super) fn resolve(
    specs: &BTreeMap<Spanned<String>, InkSpec>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Arc<Spots> {
    let mut inks = Spots::default();
    for (name, spec) in specs {
        let alternate = match spec.cmyk.get_ref().as_slice() {
            &[c, m, y, k] if [c, m, y, k].iter().all(|v| (0.0..=100.0).contains(v)) => {
                [c, m, y, k].map(|v| (v / 100.0) as f32)
            }
            _ => {
                faults.push(
                    told.error(
                        "campaign-ink",
                        spec.cmyk.span(),
                        format!("`cmyk` of the ink {} is no colour", name.get_ref()),
                        "expected four numbers",
                    )
                    .help("write percent of cyan, magenta, yellow and black, each 0 to 100: `[0, 60, 90, 0]`"),
                );
                continue;
            }
        };
        let kind = match spec.kind {
            InkKindSpec::Spot => SpotKind::Color,
            InkKindSpec::White => SpotKind::White,
            InkKindSpec::Varnish => SpotKind::Varnish,
            InkKindSpec::Cutter => SpotKind::Cutter,
        };
        match Spot::of_kind(name.get_ref(), alternate, kind, spec.overprint) {
            Some(ink) => {
                inks.add(&ink);
            }
            None => faults.push(
                told.error("campaign-ink", name.span(), "an ink cannot have this name", "has a meaning of its own")
                    .help("name it as the press does, in up to 127 bytes; not as a process ink, `All` or `None`"),
            ),
        }
    }
    Arc::new(inks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Place, SourceText};

    #[derive(Deserialize)]
    struct File {
        inks: BTreeMap<Spanned<String>, InkSpec>,
    }

    fn read(text: &str) -> (Arc<Spots>, Vec<Diagnostic>) {
        let file: File = toml::from_str(text).expect("a file");
        let mut faults = Vec::new();
        let source = SourceText::new("campaign.toml", text);
        let inks = resolve(&file.inks, Told { source: &source }, &mut faults);
        (inks, faults)
    }

    #[test]
    fn what_is_not_colour_lies_on_top_unless_it_says_otherwise() {
        let (inks, faults) = read(
            "[inks]\n\"DIC 156\" = { cmyk = [0, 60, 90, 0] }\nVarnish = { cmyk = [0, 0, 10, 0], kind = \"varnish\" }\n\
             White = { cmyk = [0, 0, 0, 5], kind = \"white\", overprint = false }\n",
        );
        assert!(faults.is_empty(), "{faults:?}");
        let all: Vec<_> = inks.iter().map(|ink| (ink.name.to_string(), ink.kind, ink.overprint)).collect();
        let of = |name: &str, kind, over| (name.to_owned(), kind, over);
        assert_eq!(
            all,
            [
                of("DIC 156", SpotKind::Color, false),
                of("Varnish", SpotKind::Varnish, true),
                of("White", SpotKind::White, false)
            ]
        );
        assert_eq!(inks.iter().next().expect("an ink").alternate, [0.0, 0.6, 0.9, 0.0]);
    }

    #[test]
    fn what_is_no_ink_is_told_with_its_place() {
        let (inks, faults) = read(
            "[inks]\nCyan = { cmyk = [100, 0, 0, 0] }\nGold = { cmyk = [0, 20, 60] }\nSilver = { cmyk = [0, 0, 0, 140] }\n",
        );
        assert_eq!(inks.iter().count(), 0);
        let places: Vec<usize> = faults
            .iter()
            .map(|f| match &f.place {
                Some(Place::Text { source, span }) => {
                    source.text.get(..span.start).unwrap_or("").matches('\n').count() + 1
                }
                _ => 0,
            })
            .collect();
        assert_eq!(places, [2, 3, 4], "{faults:#?}");
        assert!(faults[1].message.contains("Gold"), "{faults:#?}");
    }
}
