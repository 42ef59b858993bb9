//! The campaign's fonts: files are found, faces chosen, everything wrong told. No font is read here beyond a few
//! tables; most runs need none of the large ones.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;

use super::resolve::Told;
use super::spec::{FontsSpec, IvsSpec};
use crate::asset::face::{About, MAX_FONT, choose, warnings};
use crate::asset::fallback::{FontSet, Role};
use crate::asset::font::FontData;
use crate::asset::loader::Files;
use crate::base::{Diagnostic, Severity};

/// What the campaign says of fonts.
#[derive(Clone, Debug)]
pub struct Fonts {
    /// The program's own faces and the campaign's.
    pub set: Arc<FontSet>,
    pub ivs: IvsSpec,
    /// There are fallback faces: what they draw is counted.
    pub stand_ins: bool,
}

/// Adds the font folders to the door; they are told where they are named.
pub(super) fn folders(
    spec: &FontsSpec,
    files: Option<Files>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Files> {
    spec.folders.iter().fold(files, |files, folder| {
        let files = files?;
        match files.clone().with_font_folder(Path::new(folder.get_ref())) {
            Ok(more) => Some(more),
            Err(e) => {
                faults.push(
                    told.error(e.code(), folder.span(), e.message.clone(), "this folder")
                        .help("on Debian the packages fonts-noto-cjk and fonts-ipamj-mincho bring such folders"),
                );
                Some(files)
            }
        }
    })
}

pub(super) fn resolve(spec: &FontsSpec, files: &Files, told: Told<'_>, faults: &mut Vec<Diagnostic>) -> Fonts {
    let mut set = FontSet::shipped();
    for (family, fonts) in &spec.families {
        for font in fonts {
            if let Some((data, about)) = open(font, files, told, faults) {
                add(&mut set, data, &about, family.get_ref(), Role::Family, font, told, faults);
            }
        }
    }
    let families = set.clone();
    for (fonts, role) in [(&spec.private_use, Role::Private), (&spec.fallback, Role::Fallback)] {
        for font in fonts {
            let name = font.get_ref();
            let known: Vec<_> = families.family(name).collect();
            if known.is_empty()
                && let Some((data, about)) = open(font, files, told, faults)
            {
                // Faces of one family take turns by weight, as they do where a style names them.
                add(&mut set, data, &about, &about.family, role, font, told, faults);
            }
            for (data, index) in known {
                // It was looked at when its family was added.
                let about =
                    crate::asset::face::faces(data.as_ref()).ok().and_then(|f| f.into_iter().nth(index as usize));
                if let Some(about) = about {
                    add(&mut set, data, &about, name, role, font, told, faults);
                }
            }
        }
    }
    let stand_ins = !(spec.fallback.is_empty() && spec.private_use.is_empty());
    Fonts { set: Arc::new(set), ivs: spec.ivs, stand_ins }
}

fn open(
    font: &Spanned<String>,
    files: &Files,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<(FontData, About)> {
    let (file, face) = font.get_ref().split_once('#').unwrap_or((font.get_ref(), ""));
    let (name, data) = match files.font("", file, MAX_FONT) {
        Ok(found) => found,
        Err(e) => {
            let mut d = told.error(e.code(), font.span(), e.message.clone(), "this font");
            d.help.clone_from(&e.help);
            faults.push(d);
            return None;
        }
    };
    match choose(&data, &name, face) {
        Ok(about) => {
            for (code, message) in warnings(&about, &name) {
                let mut d = told.error(code, font.span(), message, "this font");
                d.severity = Severity::Warning;
                faults.push(d);
            }
            Some((data, about))
        }
        Err(message) => {
            faults.push(told.error("font-broken", font.span(), message, "this font"));
            None
        }
    }
}

#[allow(clippy::too_many_arguments)] // what is added, and where to tell
fn add(
    set: &mut FontSet,
    data: FontData,
    about: &About,
    family: &str,
    role: Role,
    font: &Spanned<String>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) {
    if let Err(fault) = set.add_later(data, about, family, role) {
        faults.push(told.error("font-broken", font.span(), fault.to_string(), "this font"));
    }
}
