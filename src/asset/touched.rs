//! Which glyphs the rules of a font can start at.
//!
//! A lookup of GSUB or GPOS acts at a glyph only if its first coverage (of the input, where it looks at
//! context) holds that glyph. A text of glyphs that no such coverage holds is therefore left as it is.
//! Collected are the lookups of all features that shaping turns on by itself in horizontal text, for the
//! default language and Japanese, in all scripts. A ligature needs all its parts: one that takes a glyph which
//! no simple character has (か with a combining ゜) cannot happen among plain characters and does not count, nor
//! does a rule whose context needs such a glyph. Pair kerning is set apart ([`super::pairs`]).
//! Where a table cannot be understood, every glyph counts as touched: the shaper then decides.

use skrifa::raw::FontRef;
use skrifa::raw::types::Tag;

use super::opentype::{coverage, follow, u16_at, u32_at};
use super::pairs::Pairs;

pub(super) struct Touched {
    /// By glyph id.
    pub glyphs: Vec<bool>,
    /// Other languages than Japanese have other rules than Japanese.
    pub other_languages: bool,
    /// Kerning that every script has.
    pub pairs: Pairs,
}

/// Features that the shaper applies unasked to horizontal text (OpenType, and HarfBuzz's defaults).
/// `frac`, `numr`, `dnom` act only beside U+2044, which is never plain.
const DEFAULT_FEATURES: [&[u8; 4]; 17] = [
    b"rvrn", b"ltra", b"ltrm", b"rand", b"ccmp", b"locl", b"mark", b"mkmk", b"rlig", b"abvm", b"blwm", b"calt",
    b"clig", b"curs", b"dist", b"kern", b"liga",
];

/// Of these, what is applied to vertical text as well, where `vert` comes in and kerning and ligatures of horizontal
/// text stay out (HarfBuzz's defaults).
const VERTICAL_FEATURES: [&[u8; 4]; 11] =
    [b"rvrn", b"ltra", b"ltrm", b"rand", b"ccmp", b"locl", b"mark", b"mkmk", b"rlig", b"abvm", b"blwm"];

/// `simple`: by glyph id, whether a character that the shaper treats by itself maps to the glyph.
pub(super) fn glyphs(file: &FontRef<'_>, count: u16, simple: &[bool]) -> Touched {
    among(file, count, simple, &DEFAULT_FEATURES)
}

/// As [`glyphs`], for vertical text; with it, by glyph id, what `vert` puts in each glyph's place. A `vert` that does
/// anything but exchange single glyphs counts as touching.
pub(super) fn vertical(file: &FontRef<'_>, count: u16, simple: &[bool]) -> (Vec<bool>, Vec<u16>) {
    let mut touched = among(file, count, simple, &VERTICAL_FEATURES);
    let mut forms: Vec<u16> = (0..count).collect();
    let gsub = file.table_data(Tag::new(b"GSUB"));
    if let Some(gsub) = gsub
        && exchange(gsub.as_bytes(), &mut forms, &mut touched.glyphs).is_none()
    {
        touched.glyphs.fill(true);
    }
    (touched.glyphs, forms)
}

/// Follows `vert` through the table, lookup after lookup.
fn exchange(table: &[u8], forms: &mut [u16], touched: &mut [bool]) -> Option<()> {
    let lookups = follow(table, 8)?;
    let wanted = wanted(table, &[b"vert"], &mut false)?.lookups;
    for (i, _) in wanted.iter().enumerate().filter(|(_, w)| **w) {
        let lookup = follow(lookups, 2 + 2 * i)?;
        let mut step: Vec<u16> = Vec::new();
        // The first subtable that knows a glyph decides.
        for j in (0..u16_at(lookup, 4)?).rev() {
            let (mut kind, mut subtable) = (u16_at(lookup, 0)?, follow(lookup, 6 + 2 * j)?);
            if kind == 7 {
                kind = u16_at(subtable, 2)?;
                subtable = subtable.get(u32_at(subtable, 4)?..)?;
            }
            let first = first_coverage(subtable, kind, 7)?;
            if kind != 1 {
                coverage(first, |_, g| mark(touched, g))?;
                continue;
            }
            if step.is_empty() {
                step = (0..=u16::MAX).take(forms.len()).collect();
            }
            let format = u16_at(subtable, 0)?;
            let delta = u16_at(subtable, 4)?;
            coverage(first, |index, glyph| {
                let to = match format {
                    1 => (glyph + delta) & 0xffff,
                    _ => u16_at(subtable, 6 + 2 * index)?,
                };
                if let Some(s) = step.get_mut(glyph) {
                    *s = u16::try_from(to).ok().filter(|t| usize::from(*t) < forms.len())?;
                }
                Some(())
            })?;
        }
        for form in forms.iter_mut() {
            if let Some(to) = step.get(usize::from(*form)) {
                *form = *to;
            }
        }
    }
    Some(())
}

fn among(file: &FontRef<'_>, count: u16, simple: &[bool], tags: &[&[u8; 4]]) -> Touched {
    let mut touched =
        Touched { glyphs: vec![false; usize::from(count)], other_languages: false, pairs: Pairs::default() };
    let table = |tag: &[u8; 4]| file.table_data(Tag::new(tag)).map(|d| d.as_bytes());
    // Apple's tables and the old `kern` act without coverages of this kind.
    let foreign = [b"morx", b"mort", b"kerx", b"trak", b"kern"].iter().any(|t| table(t).is_some());
    let understood = !foreign
        && table(b"GSUB").is_none_or(|t| collect(t, 7, count, simple, tags, &mut touched).is_some())
        && table(b"GPOS").is_none_or(|t| collect(t, 9, count, simple, tags, &mut touched).is_some())
        && table(b"GDEF").is_none_or(|t| marks(t, &mut touched.glyphs).is_some());
    if !understood {
        touched.glyphs.fill(true);
        touched.pairs = Pairs::default();
    }
    touched
}

/// Which lookups some features come to.
struct Wanted {
    /// By number: some script has it.
    lookups: Vec<bool>,
    /// By number: every script has it, and scripts that the font does not name are set by one of these.
    everywhere: Vec<bool>,
}

/// The lookups of the features `tags`, in Japanese where a script has rules of its own for it.
fn wanted(table: &[u8], tags: &[&[u8; 4]], other_languages: &mut bool) -> Option<Wanted> {
    if u16_at(table, 0)? != 1 {
        return None;
    }
    // Feature variations pick other lookups at some place of a variable font.
    if u16_at(table, 2)? >= 1 && u32_at(table, 10)? != 0 {
        return None;
    }
    let (scripts, features, lookups) = (follow(table, 4)?, follow(table, 6)?, follow(table, 8)?);
    let number = u16_at(lookups, 0)?;
    let mut wanted = Wanted { lookups: vec![false; number], everywhere: vec![true; number] };
    let mut has_default = false;
    for i in 0..u16_at(scripts, 0)? {
        has_default |= matches!(scripts.get(2 + 6 * i..6 + 6 * i)?, b"DFLT" | b"latn");
        let script = follow(scripts, 2 + 6 * i + 4)?;
        let mut usual = vec![false; number];
        if u16_at(script, 0)? != 0 {
            language(follow(script, 0)?, features, tags, &mut usual)?;
        }
        let mut japanese = None;
        for j in 0..u16_at(script, 2)? {
            let record = 4 + 6 * j;
            if script.get(record..record + 4)? == b"JAN " {
                let mut own = vec![false; number];
                language(follow(script, record + 4)?, features, tags, &mut own)?;
                *other_languages |= own != usual;
                japanese = Some(own);
            } else {
                *other_languages = true;
            }
        }
        let here = japanese.unwrap_or(usual);
        for ((w, e), h) in wanted.lookups.iter_mut().zip(&mut wanted.everywhere).zip(here) {
            *w |= h;
            *e &= h;
        }
    }
    if !has_default {
        wanted.everywhere.fill(false);
    }
    Some(wanted)
}

/// `extension`: the lookup type that only points to another (7 in GSUB, 9 in GPOS).
fn collect(
    table: &[u8],
    extension: usize,
    count: u16,
    simple: &[bool],
    tags: &[&[u8; 4]],
    touched: &mut Touched,
) -> Option<()> {
    let lookups = follow(table, 8)?;
    let Wanted { lookups: wanted, everywhere } = wanted(table, tags, &mut touched.other_languages)?;
    for (i, _) in wanted.iter().enumerate().filter(|(_, w)| **w) {
        let lookup = follow(lookups, 2 + 2 * i)?;
        let mut subtables = Vec::new();
        for j in 0..u16_at(lookup, 4)? {
            let (mut kind, mut subtable) = (u16_at(lookup, 0)?, follow(lookup, 6 + 2 * j)?);
            if kind == extension {
                kind = u16_at(subtable, 2)?;
                subtable = subtable.get(u32_at(subtable, 4)?..)?;
            }
            subtables.push((kind, subtable));
        }
        // Bits 1 and 2 pass over base glyphs and ligatures; marks are never plain.
        let flags = u16_at(lookup, 2)?;
        let kerning = extension == 9 && flags & 0b110 == 0 && everywhere.get(i) == Some(&true);
        if kerning && touched.pairs.take(&subtables, count).is_some() {
            continue;
        }
        for (kind, subtable) in subtables {
            if !possible(subtable, kind, extension, simple)? {
                continue;
            }
            let first = first_coverage(subtable, kind, extension)?;
            if (extension, kind) == (7, 4) {
                ligatures(subtable, first, simple, &mut touched.glyphs)?;
            } else {
                coverage(first, |_, g| mark(&mut touched.glyphs, g))?;
            }
        }
    }
    Some(())
}

/// Whether a rule can act among simple glyphs: where it names every place of its context by a coverage (format
/// 3), each of them must hold a simple glyph.
fn possible(subtable: &[u8], kind: usize, extension: usize, simple: &[bool]) -> Option<bool> {
    if u16_at(subtable, 0)? != 3 {
        return Some(true);
    }
    let context = extension - 2;
    let mut at = 2;
    let groups = if kind == context { 1 } else { 3 };
    if kind != context && kind != context + 1 {
        return Some(true);
    }
    for _ in 0..groups {
        let places = u16_at(subtable, at)?;
        // In the plain context the number of lookups stands between the count and the coverages.
        let start = at + if kind == context { 4 } else { 2 };
        for i in 0..places {
            let mut any = false;
            coverage(follow(subtable, start + 2 * i)?, |_, g| {
                any |= simple.get(g).copied().unwrap_or(false);
                Some(())
            })?;
            if !any {
                return Some(false);
            }
        }
        at = start + 2 * places;
    }
    Some(true)
}

fn language(system: &[u8], features: &[u8], tags: &[&[u8; 4]], wanted: &mut [bool]) -> Option<()> {
    let required = u16_at(system, 2)?;
    if required != 0xffff {
        feature(features, required, wanted)?;
    }
    for k in 0..u16_at(system, 4)? {
        let index = u16_at(system, 6 + 2 * k)?;
        let tag = features.get(2 + 6 * index..2 + 6 * index + 4)?;
        if tag == b"rclt" || tags.iter().any(|d| d.as_slice() == tag) {
            feature(features, index, wanted)?;
        }
    }
    Some(())
}

fn feature(features: &[u8], index: usize, wanted: &mut [bool]) -> Option<()> {
    let feature = follow(features, 2 + 6 * index + 4)?;
    for l in 0..u16_at(feature, 2)? {
        *wanted.get_mut(u16_at(feature, 4 + 2 * l)?)? = true;
    }
    Some(())
}

/// The coverage that decides where a subtable starts to act. Context is type 5 and 6 in GSUB, 7 and 8 in GPOS.
fn first_coverage(subtable: &[u8], kind: usize, extension: usize) -> Option<&[u8]> {
    let context = extension - 2;
    let format = u16_at(subtable, 0)?;
    match (format, kind) {
        (3, k) if k == context => follow(subtable, 6),
        (3, k) if k == context + 1 && extension == 7 || (3, k) == (3, 8) && extension == 9 => {
            let input = 4 + 2 * u16_at(subtable, 2)?;
            follow(subtable, input + 2)
        }
        (1 | 2, _) => follow(subtable, 2),
        _ => None,
    }
}

fn mark(glyphs: &mut [bool], glyph: usize) -> Option<()> {
    if let Some(g) = glyphs.get_mut(glyph) {
        *g = true;
    }
    Some(())
}

/// Ligature substitution (GSUB type 4): only those whose further parts all can stand in plain text.
fn ligatures(subtable: &[u8], first: &[u8], simple: &[bool], glyphs: &mut [bool]) -> Option<()> {
    coverage(first, |index, glyph| {
        let set = follow(subtable, 6 + 2 * index)?;
        for i in 0..u16_at(set, 0)? {
            let ligature = follow(set, 2 + 2 * i)?;
            let parts = u16_at(ligature, 2)?;
            let mut possible = true;
            for k in 1..parts {
                let part = u16_at(ligature, 2 + 2 * k)?;
                possible &= simple.get(part).copied().unwrap_or(false);
            }
            if possible {
                mark(glyphs, glyph)?;
            }
        }
        Some(())
    })
}

/// Glyphs of class 3 (mark) lose their advance.
fn marks(gdef: &[u8], glyphs: &mut [bool]) -> Option<()> {
    if u16_at(gdef, 4)? == 0 {
        return Some(());
    }
    let classes = follow(gdef, 4)?;
    match u16_at(classes, 0)? {
        1 => {
            let first = u16_at(classes, 2)?;
            for i in 0..u16_at(classes, 4)? {
                if u16_at(classes, 6 + 2 * i)? == 3
                    && let Some(g) = glyphs.get_mut(first + i)
                {
                    *g = true;
                }
            }
        }
        2 => {
            for i in 0..u16_at(classes, 2)? {
                let at = 4 + 6 * i;
                if u16_at(classes, at + 4)? == 3 {
                    let (first, last) = (u16_at(classes, at)?, u16_at(classes, at + 2)?);
                    glyphs.iter_mut().take(last + 1).skip(first).for_each(|g| *g = true);
                }
            }
        }
        _ => return None,
    }
    Some(())
}
