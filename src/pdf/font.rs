//! Fonts as Type 0 fonts (ISO 32000-1, 9.7): codes in the content are the original glyph ids, so that
//! content is finished long before anyone knows which glyphs the file will need. At the end each font is
//! cut down to those. Codes are character identifiers (Identity-H and -V); from there a table leads to the
//! place in a cut TrueType font, and the cut CFF font's own charset does.

use std::io::Write as _;

use skrifa::raw::{FontRef, TableProvider as _, types::Tag};
use subsetter::GlyphRemapper;

use super::object::{fixed, hex_byte, int, name, real, reference};
use super::resource::{FontUse, glyphs_of};
use super::{Fault, cff};
use crate::asset::font::Font;
use crate::base::Digest;

/// The objects that one font becomes. Numbers are given by the writer.
pub(super) struct Embedded {
    /// `ABCDEF+Name`.
    base_font: String,
    /// The font file: entries of its dictionary, bytes.
    pub(super) file: (Vec<u8>, Vec<u8>),
    /// TrueType: from code to glyph of the cut font.
    pub(super) to_glyph: Option<Vec<u8>>,
    pub(super) to_unicode: Vec<u8>,
    widths: Vec<u8>,
    /// Advances and origins in vertical lines; empty where there are none in the file.
    heights: Vec<u8>,
    descriptor: Vec<u8>,
}

/// Cuts a font down to the glyphs used. `vertical`: some are set in vertical lines.
pub(super) fn embed(used: &FontUse, vertical: bool) -> Result<Embedded, Fault> {
    let font = &used.font;
    let fault = |reason: &str| Fault::Font { font: font.postscript_name.clone(), reason: reason.to_owned() };
    if !font.data.unchanged() {
        return Err(fault("its file was changed during the run"));
    }
    let glyphs: Vec<u16> = glyphs_of(&used.glyphs).collect();
    let face = FontRef::from_index(font.data.as_ref(), font.index).map_err(|e| fault(&e.to_string()))?;
    let mut remapper = GlyphRemapper::new();
    // By place in the font that is written, where it is written anew.
    let mut own: Vec<u16> = Vec::new();
    let cut = if font.is_written_anew() {
        own.push(0);
        own.extend(glyphs.iter().filter(|g| **g != 0));
        font.cut(&own).ok_or_else(|| fault("its outlines cannot be drawn"))?
    } else {
        if !names_are_sound(&face) {
            return Err(fault("its table name is broken"));
        }
        for &glyph in &glyphs {
            remapper.remap(font.outline(glyph));
        }
        subsetter::subset(font.data.as_ref(), font.index, &remapper).map_err(|e| fault(&e.to_string()))?
    };

    let cff = cut.starts_with(b"OTTO");
    let place = |glyph: u16| {
        let at = own.binary_search(&glyph).ok().and_then(|at| u16::try_from(at).ok());
        at.or_else(|| remapper.get(font.outline(glyph))).unwrap_or(0)
    };
    let file = if cff {
        let table = FontRef::new(&cut).ok().and_then(|f| f.table_data(Tag::new(b"CFF ")));
        let table = table.ok_or_else(|| fault("its outlines were lost"))?;
        let table = cff::with_identifiers(table.as_ref(), &remapper).ok_or_else(|| fault("its outlines were lost"))?;
        (b"/Subtype/CIDFontType0C".to_vec(), table)
    } else {
        let mut entries = b"/Length1 ".to_vec();
        int(&mut entries, cut.len());
        (entries, cut)
    };
    let to_glyph = (!cff).then(|| {
        let codes = glyphs.last().map_or(1, |g| usize::from(*g) + 1);
        let mut table = vec![0u8; codes * 2];
        for &glyph in &glyphs {
            table[usize::from(glyph) * 2..][..2].copy_from_slice(&place(glyph).to_be_bytes());
        }
        table
    });

    let prefix = prefix(font, &glyphs);
    let base_font = format!("{prefix}+{}", font.postscript_name);
    Ok(Embedded {
        widths: widths(font, &glyphs),
        heights: if vertical { heights(font, &glyphs) } else { Vec::new() },
        to_unicode: to_unicode(font, &glyphs),
        descriptor: descriptor(font, &face, &base_font),
        base_font,
        file,
        to_glyph,
    })
}

/// Whether the names of a font lie where a table of their size can hold them: the subsetter adds these numbers up in 16
/// bits.
fn names_are_sound(face: &FontRef<'_>) -> bool {
    let Some(table) = face.table_data(Tag::new(b"name")) else { return true };
    let u16_at = |at: usize| Some(u16::from_be_bytes(table.as_bytes().get(at..at + 2)?.try_into().ok()?));
    let (mut total, mut known) = (0u16, std::collections::BTreeSet::new());
    (0..usize::from(u16_at(2).unwrap_or(0))).all(|i| {
        let (length, offset) = (u16_at(6 + 12 * i + 8), u16_at(6 + 12 * i + 10));
        // A record that is not there is found out later.
        let (Some(length), Some(offset)) = (length, offset) else { return true };
        // Many records may share one string; it is written once.
        let more = if known.insert((offset, length)) { total.checked_add(length) } else { Some(total) };
        total = more.unwrap_or(total);
        more.is_some() && offset.checked_add(length).is_some()
    })
}

/// Object numbers of an embedded font's parts.
pub(super) struct Numbers {
    pub(super) file: u32,
    pub(super) descriptor: u32,
    pub(super) descendant: u32,
    pub(super) to_unicode: u32,
    pub(super) to_glyph: Option<u32>,
}

impl Embedded {
    /// The Type 0 font's dictionary.
    pub(super) fn font(&self, out: &mut Vec<u8>, numbers: &Numbers, vertical: bool) {
        out.extend_from_slice(b"<</Type/Font/Subtype/Type0/BaseFont");
        name(out, &self.base_font);
        out.extend_from_slice(if vertical { b"/Encoding/Identity-V" } else { b"/Encoding/Identity-H" });
        out.extend_from_slice(b"/DescendantFonts[");
        reference(out, numbers.descendant);
        out.extend_from_slice(b"]/ToUnicode ");
        reference(out, numbers.to_unicode);
        out.extend_from_slice(b">>");
    }

    /// The CIDFont's dictionary.
    pub(super) fn descendant(&self, out: &mut Vec<u8>, numbers: &Numbers) {
        out.extend_from_slice(b"<</Type/Font/Subtype");
        out.extend_from_slice(if self.to_glyph.is_some() { b"/CIDFontType2" } else { b"/CIDFontType0" });
        out.extend_from_slice(b"/BaseFont");
        name(out, &self.base_font);
        out.extend_from_slice(b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ");
        reference(out, numbers.descriptor);
        if let Some(number) = numbers.to_glyph {
            out.extend_from_slice(b"/CIDToGIDMap ");
            reference(out, number);
        }
        out.extend_from_slice(&self.widths);
        out.extend_from_slice(&self.heights);
        out.extend_from_slice(b">>");
    }

    /// The font descriptor's dictionary.
    pub(super) fn descriptor(&self, out: &mut Vec<u8>, numbers: &Numbers) {
        out.extend_from_slice(&self.descriptor);
        out.extend_from_slice(if self.to_glyph.is_some() { b"/FontFile2 " } else { b"/FontFile3 " });
        reference(out, numbers.file);
        out.extend_from_slice(b">>");
    }
}

/// Six letters that tell this cut of the font from others (9.6.4): from the font and the glyphs.
fn prefix(font: &Font, glyphs: &[u16]) -> String {
    let mut key = font.postscript_name.clone().into_bytes();
    key.push(0);
    glyphs.iter().for_each(|g| key.extend_from_slice(&g.to_be_bytes()));
    let mut n = Digest::of(&key).short();
    (0..6)
        .map(|_| {
            let letter = char::from(b'A' + (n % 26) as u8);
            n /= 26;
            letter
        })
        .collect()
}

/// `/DW2` and `/W2` (9.7.4.3), in thousandths of the size: how far a glyph goes down the line, and where the origin by
/// which it hangs lies, from its horizontal one. Its x is half the width, as readers take it where nothing is said.
fn heights(font: &Font, glyphs: &[u16]) -> Vec<u8> {
    let per_em = 1000.0 / f32::from(font.units_per_em.max(1));
    let (advance, origin) = font.vertical_default();
    let mut out = b"/DW2[".to_vec();
    real(&mut out, f32::from(origin) * per_em, 3);
    out.push(b' ');
    real(&mut out, -f32::from(advance) * per_em, 3);
    out.push(b']');
    let mut others: Vec<(u16, u16, (f32, i16))> = glyphs
        .iter()
        .map(|g| (*g, font.vertical_advance(*g), font.vertical_origin(*g)))
        .filter(|(_, a, (_, o))| (*a, *o) != (advance, origin))
        .collect();
    others.sort_unstable_by_key(|o| o.0);
    if others.is_empty() {
        return out;
    }
    out.extend_from_slice(b"/W2[");
    for (code, advance, (x, y)) in others {
        int(&mut out, code);
        out.push(b'[');
        for v in [-f32::from(advance), x, f32::from(y)] {
            real(&mut out, v * per_em, 3);
            out.push(b' ');
        }
        out.push(b']');
    }
    out.push(b']');
    out
}

/// `/DW` and `/W` (9.7.4.3), in thousandths of the size with three decimals: what layout counted with.
fn widths(font: &Font, glyphs: &[u16]) -> Vec<u8> {
    let em = i64::from(font.units_per_em.max(1));
    // Millionths of the size.
    let width = |glyph: u16| {
        let units = i64::from(font.advances.get(usize::from(glyph)).copied().unwrap_or(0));
        (units * 1_000_000 + em / 2) / em
    };
    let pairs: Vec<(u16, i64)> = glyphs.iter().map(|g| (*g, width(*g))).collect();
    let mut out = b"/DW 1000/W[".to_vec();
    let mut next = None;
    for (cid, width) in pairs.into_iter().filter(|(_, w)| *w != 1_000_000) {
        if next == Some(cid) {
            out.push(b' ');
        } else {
            if next.is_some() {
                out.push(b']');
            }
            int(&mut out, cid);
            out.push(b'[');
        }
        fixed(&mut out, width, 3);
        next = cid.checked_add(1);
    }
    if next.is_some() {
        out.push(b']');
    }
    out.push(b']');
    out
}

fn descriptor(font: &Font, face: &FontRef<'_>, base_font: &str) -> Vec<u8> {
    let em = f32::from(font.units_per_em.max(1));
    let mut out = b"<</Type/FontDescriptor/FontName".to_vec();
    name(&mut out, base_font);
    // Symbolic: its characters are not limited to the standard Latin set (9.8.2, table 123).
    let mut flags = 4;
    let fixed_pitch = face.post().is_ok_and(|post| post.is_fixed_pitch() != 0);
    let angle = face.post().map_or(0.0, |post| post.italic_angle().to_f32());
    if fixed_pitch {
        flags |= 1;
    }
    if font.italic || angle != 0.0 {
        flags |= 64;
    }
    out.extend_from_slice(b"/Flags ");
    int(&mut out, flags);
    out.extend_from_slice(b"/FontBBox[");
    let corners = face.head().map(|h| [h.x_min(), h.y_min(), h.x_max(), h.y_max()]);
    for (i, v) in corners.unwrap_or([0, font.descent, font.units_per_em as i16, font.ascent]).into_iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        real(&mut out, f32::from(v) * 1000.0 / em, 0);
    }
    out.push(b']');
    for (key, v) in [
        ("ItalicAngle", angle),
        ("Ascent", f32::from(font.ascent) * 1000.0 / em),
        ("Descent", f32::from(font.descent) * 1000.0 / em),
        ("CapHeight", f32::from(font.cap_height) * 1000.0 / em),
        // No table holds the width of stems; readers use it only for fonts that they have to replace.
        ("StemV", if font.weight >= 600 { 140.0 } else { 80.0 }),
    ] {
        name(&mut out, key);
        out.push(b' ');
        real(&mut out, v, 0);
    }
    out
}

fn cmap_head(out: &mut Vec<u8>) {
    out.extend_from_slice(b"/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n");
    out.extend_from_slice(b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n");
    out.extend_from_slice(b"/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n");
    out.extend_from_slice(b"1 begincodespacerange\n<0000><ffff>\nendcodespacerange\n");
}

const CMAP_TAIL: &[u8] = b"endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend";

fn code(out: &mut Vec<u8>, code: u16) {
    out.push(b'<');
    code.to_be_bytes().iter().for_each(|b| hex_byte(out, *b));
    out.push(b'>');
}

/// The ToUnicode CMap (9.10.3).
fn to_unicode(font: &Font, glyphs: &[u16]) -> Vec<u8> {
    let mut out = Vec::new();
    cmap_head(&mut out);
    let known: Vec<(u16, String)> = glyphs
        .iter()
        .filter_map(|g| {
            let mut text = String::new();
            font.text(*g, &mut text).then_some((*g, text))
        })
        .collect();
    for hundred in known.chunks(100) {
        // Writing to a vector cannot fail.
        let _ = writeln!(out, "{} beginbfchar", hundred.len());
        for (glyph, text) in hundred {
            code(&mut out, *glyph);
            out.push(b'<');
            for unit in text.encode_utf16() {
                unit.to_be_bytes().iter().for_each(|b| hex_byte(&mut out, *b));
            }
            out.extend_from_slice(b">\n");
        }
        out.extend_from_slice(b"endbfchar\n");
    }
    out.extend_from_slice(CMAP_TAIL);
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::asset::font::{FontData, FontId};

    const NAMES: &[u8] = include_bytes!("../../tests/cases/rare-kanji/fonts/NotoSansCJKjp-names.otf");

    /// Loads a font, asks it everything that a run asks, and embeds its first glyphs.
    fn use_font(bytes: &[u8]) -> Option<Result<Embedded, Fault>> {
        let data = FontData::Loaded(bytes.into());
        let _ = crate::asset::face::faces(bytes);
        let font = Arc::new(Font::load(data, 0, "x", 400, false, FontId(0)).ok()?);
        let mut text = String::new();
        for glyph in (0..400).chain([u16::MAX]) {
            font.text(glyph, &mut text);
            let _ =
                (font.outline(glyph), font.vertical_advance(glyph), font.vertical_origin(glyph), font.kern(glyph, 7));
        }
        for c in "AVffi 山田葛邉𠮷「ガ」".chars() {
            let _ = (font.glyph_and_rules(c), font.vertical_glyph_and_plain(c), font.variant(c, '\u{E0102}'));
        }
        if let Some(face) = font.shaper() {
            let mut buffer = harfrust::Buffer::new();
            buffer.push_str("AVffi 山田葛\u{E0100}ガ");
            buffer.guess_segment_properties();
            let _ = harfrust::shape(&harfrust::ShaperFont::new(face), &mut buffer, harfrust::ShapeOptions::new());
        }
        let mut glyphs = vec![0; font.advances.len().div_ceil(64)];
        glyphs.iter_mut().take(2).for_each(|w| *w = u64::MAX);
        Some(embed(&FontUse { font, glyphs }, true))
    }

    #[test]
    fn a_cff_glyph_is_identified_by_its_original_id() {
        let embedded = use_font(NAMES).unwrap().unwrap();
        assert!(embedded.to_glyph.is_none());
        let cut = &embedded.file.1;
        // The charset of format 0 stands at the end: here the glyphs 1 to 127 keep their ids.
        let ids: Vec<u8> = (1u16..128).flat_map(u16::to_be_bytes).collect();
        assert_eq!(&cut[cut.len() - ids.len() - 1..], [&[0], &ids[..]].concat());
    }

    #[test]
    fn names_that_reach_too_far_are_a_fault() {
        let mut bytes = NAMES.to_vec();
        let entry = bytes.windows(4).position(|w| w == b"name").unwrap();
        let table = u32::from_be_bytes(bytes[entry + 8..entry + 12].try_into().unwrap()) as usize;
        // The length of the first name.
        bytes[table + 14..table + 18].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
        assert!(matches!(use_font(&bytes), Some(Err(Fault::Font { .. }))));
        assert!(matches!(use_font(NAMES), Some(Ok(_))));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
        #[test]
        fn fonts_that_lie_are_a_fault_or_a_wrong_glyph_and_never_a_panic(
            changes in proptest::collection::vec((0usize..49_292, 0u8..=255), 0..40),
            table in 0usize..600,
            cut in proptest::option::of(0usize..49_292),
        ) {
            let mut bytes = NAMES.to_vec();
            for (at, value) in changes {
                bytes[at] = value;
            }
            // The directory of tables and the heads of tables are where most lies are told.
            bytes[table] ^= 0x55;
            bytes.truncate(cut.unwrap_or(usize::MAX));
            let _ = use_font(&bytes);
        }
    }
}
