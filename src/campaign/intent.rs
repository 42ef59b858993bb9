//! The standard of the output and the printing condition behind it.

use std::sync::Arc;

use super::resolve::Told;
use super::spec::{OutputSpec, Standard};
use crate::asset::loader::Files;
use crate::asset::profile::{self, Profile};
use crate::base::Diagnostic;
use crate::pdf;

pub(super) fn standard(spec: &OutputSpec) -> pdf::Standard {
    match spec.standard {
        Standard::Plain => pdf::Standard::Plain,
        Standard::X4 => pdf::Standard::X4,
        Standard::Vt1 => pdf::Standard::Vt1,
    }
}

/// The output intent; none with the standard `plain`, or when its profile cannot be used, which is told.
pub(super) fn resolve(
    spec: &OutputSpec,
    files: Option<&Files>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Arc<pdf::Intent>> {
    if !standard(spec).is_x4() {
        if let Some(stated) = &spec.intent {
            let named = stated.profile.as_ref().or(stated.condition.as_ref());
            faults.push(
                told.error(
                    "output-intent",
                    named.map_or(0..0, toml::Spanned::span),
                    "a plain PDF states no printing condition",
                    "of no use with standard = \"plain\"",
                )
                .help("leave [output.intent] out, or write standard = \"pdf/x-4\""),
            );
        }
        return None;
    }
    let Some(stated) = &spec.intent else {
        return Some(Arc::new(pdf::Intent::new(profile::shipped(), None, None, None)));
    };
    if let Some(empty) = stated.condition.as_ref().filter(|c| c.get_ref().trim().is_empty()) {
        faults.push(told.error("output-intent", empty.span(), "the printing condition has no name", "empty"));
        return None;
    }
    let profile = match &stated.profile {
        None => profile::shipped(),
        Some(file) => {
            let loaded = match files?.read("", file.get_ref(), profile::MAX_BYTES) {
                Ok(loaded) => loaded,
                Err(e) => {
                    let mut d = told.error(e.code(), file.span(), e.message.clone(), "this profile");
                    d.help.clone_from(&e.help);
                    faults.push(d);
                    return None;
                }
            };
            match Profile::read(&loaded.bytes).and_then(|p| p.for_press().map(|()| p)) {
                Ok(profile) => Arc::new(profile),
                Err(flaw) => {
                    faults.push(
                        told.error(
                            "output-profile",
                            file.span(),
                            format!("{} {flaw}", loaded.name),
                            "expected a CMYK output profile",
                        )
                        .help("the print shop says which profile its press is printed with; leave the key out for FOGRA39"),
                    );
                    return None;
                }
            }
        }
    };
    let condition = stated.condition.as_ref().map(|c| c.get_ref().trim().to_owned());
    Some(Arc::new(pdf::Intent::new(profile, condition, stated.registry.clone(), stated.info.clone())))
}
