//! Named inks in stylesheets: `@-surimono-spot "DIC 156" { alternate: device-cmyk(0 .6 .9 0); overprint: on }`, and the names
//! that colours use. In the manner of `@color-profile` (CSS Color 5, section 4): a rule of the sheet that gives a name a
//! meaning, wherever in the document it stands.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use cssparser::Parser;

use super::css::{Raw, Stylesheet};
use super::page::PageStyle;
use super::values::{self, Paint, Read, no};
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};
use crate::color::{Ink, Spot, SpotKind, spot};

/// One definition.
#[derive(Debug)]
pub(super) struct InkRule {
    pub ink: Spot,
    /// What the rule itself says; where it says nothing, the campaign's word holds.
    kind: Option<SpotKind>,
    overprint: Option<bool>,
    /// The rule, for faults.
    place: (Arc<SourceText>, Range<usize>),
}

/// A name in a colour.
#[derive(Debug)]
pub(super) struct NamedInk {
    name: String,
    place: (Arc<SourceText>, Range<usize>),
}

/// The name of an ink: a string, or one word.
pub(super) fn name(input: &mut Parser<'_>) -> Read<String> {
    let name = input.expect_ident_or_string()?.to_string();
    if name.is_empty() || name.len() > spot::MAX_NAME { no() } else { Ok(name) }
}

/// Reads the block of an `@-surimono-spot` rule.
pub(super) fn rule(name: &str, raw: &[Raw], place: (Arc<SourceText>, Range<usize>), sheet: &mut Stylesheet) {
    let (mut alternate, mut overprint, mut kind) = (None, None, None);
    for raw in raw {
        let mut input = Parser::new(&raw.text);
        let done: Read<()> = input.parse_entirely(|i| match raw.name.as_str() {
            "alternate" => match values::color(i)? {
                Paint::Fixed(color) if matches!(color.ink, Ink::Cmyk(_) | Ink::Black(_)) && color.alpha == 1.0 => {
                    alternate = Some(color.ink.to_cmyk());
                    Ok(())
                }
                _ => no(),
            },
            "overprint" => {
                overprint = match super::kind::word(i)?.as_str() {
                    "on" => Some(true),
                    "off" => Some(false),
                    _ => return no(),
                };
                Ok(())
            }
            "kind" => {
                let word = super::kind::word(i)?;
                let all = [SpotKind::Color, SpotKind::White, SpotKind::Varnish, SpotKind::Cutter];
                kind = Some(all.into_iter().find(|k| k.word() == word).map_or_else(no, Ok)?);
                Ok(())
            }
            _ => no(),
        });
        if done.is_err() {
            sheet.diagnostics.push(
                Diagnostic::warning("css-ink", format!("`{}` is not understood in `@-surimono-spot`", raw.name))
                    .at_text(
                        &place.0,
                        raw.span.clone(),
                        "expected `alternate: device-cmyk(…)`, `kind: spot | white | varnish | cutter` or `overprint: on | off`",
                    ),
            );
        }
    }
    let told = |message: &str, help: &str| {
        Diagnostic::error("css-ink", message).at_text(&place.0, place.1.clone(), format!("ink {name}")).help(help)
    };
    let Some(alternate) = alternate else {
        sheet.diagnostics.push(told(
            "a named ink needs process inks that stand for it where the press does not have it",
            "add `alternate: device-cmyk(…)`",
        ));
        return;
    };
    match Spot::of_kind(name, alternate, kind.unwrap_or_default(), overprint) {
        Some(ink) => sheet.inks.push(InkRule { ink, kind, overprint, place }),
        None => sheet.diagnostics.push(told(
            "this name has a meaning of its own and cannot be that of an ink",
            "process inks are written as device-cmyk(), all inks at once as -surimono-registration()",
        )),
    }
}

/// What is said of an ink in one place, as far as it is said.
#[derive(Clone, Copy, PartialEq)]
struct Says {
    alternate: [f32; 4],
    kind: Option<SpotKind>,
    overprint: Option<bool>,
}

impl InkRule {
    fn says(&self) -> Says {
        Says { alternate: self.ink.alternate, kind: self.kind, overprint: self.overprint }
    }
}

impl Says {
    /// The same things said of another ink.
    fn of(&self, ink: &Spot) -> Self {
        // a hundredth of a percent is not a difference that anybody wrote
        let near = self.alternate.iter().zip(ink.alternate).all(|(a, b)| (a - b).abs() < 0.0001);
        Self {
            alternate: if near { self.alternate } else { ink.alternate },
            kind: self.kind.map(|_| ink.kind),
            overprint: self.overprint.map(|_| ink.overprint),
        }
    }
}

impl fmt::Display for Says {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [c, m, y, k] = self.alternate.map(|v| (f64::from(v) * 10_000.0).round() / 100.0);
        write!(f, "C {c} M {m} Y {y} K {k} %")?;
        if let Some(kind) = self.kind {
            write!(f, " of kind {}", kind.word())?;
        }
        match self.overprint {
            Some(true) => f.write_str(" that overprints"),
            Some(false) => f.write_str(" that does not overprint"),
            None => Ok(()),
        }
    }
}

/// Notes the names of inks in a declaration's value.
pub(super) fn note(raw: &Raw, source: &Arc<SourceText>, sheet: &mut Stylesheet) {
    const CALL: &[u8] = b"-surimono-spot(";
    for at in memchr::memmem::find_iter(raw.text.as_bytes(), CALL) {
        let Some(rest) = raw.text.get(at + CALL.len()..) else { continue };
        let Ok(name) = name(&mut Parser::new(rest)) else { continue };
        if !sheet.named_inks.iter().any(|n| n.name == name) {
            sheet.named_inks.push(NamedInk { name, place: (Arc::clone(source), raw.value.clone()) });
        }
    }
}

/// Gathers the definitions of all sheets. Two that differ, and names without any, are told.
pub(super) fn collect(sheets: &[Arc<Stylesheet>], paper: &mut PageStyle, faults: &mut Vec<Diagnostic>) {
    let rules = || sheets.iter().flat_map(|s| &s.inks);
    if rules().next().is_none() && sheets.iter().all(|s| s.named_inks.is_empty()) {
        return;
    }
    let mut inks = (*paper.inks).clone();
    for rule in rules() {
        let name = &rule.ink.name;
        let (source, span) = &rule.place;
        if let Some(stated) = paper.inks.iter().find(|ink| ink.name == *name) {
            // Stated in the campaign file: a sheet may say it again, or less of it.
            let says = rule.says();
            let meant = says.of(&stated);
            if says != meant {
                let message = format!(
                    "the ink {name} is {meant} in [inks] of the campaign and {says} here: a press could not know which is meant"
                );
                let fault = Diagnostic::error("ink-twice", message);
                faults.push(
                    fault
                        .at_text(source, span.clone(), "not what the campaign file says")
                        .help("say it in one place only, or the same in both"),
                );
            }
            continue;
        }
        if !inks.add(&rule.ink) {
            let message = format!(
                "the ink {name} is defined twice, and not in the same way: a press could not know which is meant"
            );
            faults.push(Diagnostic::error("ink-twice", message).at_text(
                source,
                span.clone(),
                "defined otherwise before",
            ));
        }
    }
    for used in sheets.iter().flat_map(|s| &s.named_inks) {
        if inks.get(spot::key(&used.name)) == spot::SpotId::UNDEFINED {
            let (source, span) = &used.place;
            let stated: Vec<Arc<Spot>> = paper.inks.iter().collect();
            let known: Vec<&str> = stated.iter().map(|ink| &*ink.name).chain(rules().map(|r| &*r.ink.name)).collect();
            let mut fault = Diagnostic::error("ink-undefined", format!("no rule says what the ink {} is", used.name))
                .at_text(source, span.clone(), "not defined");
            fault = match did_you_mean(&used.name, known) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help(format!(
                    "write `@-surimono-spot \"{}\" {{ alternate: device-cmyk(…) }}`, or define it in [inks] of the campaign",
                    used.name
                )),
            };
            faults.push(fault);
        }
    }
    paper.inks = Arc::new(inks);
}
