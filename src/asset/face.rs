//! The faces that a font file holds, from a look at a few of its tables: enough to choose among them and to
//! say what is wrong, without reading the file.

use skrifa::MetadataProvider as _;
use skrifa::raw::tables::os2::SelectionFlags;
use skrifa::raw::types::Tag;
use skrifa::raw::{FileRef, FontRef, TableProvider as _};
use skrifa::string::StringId;

use super::font::{FontData, FontFault};

/// Bytes of a font file: the largest that are in use, collections of all Chinese, Japanese and Korean faces,
/// have some 100 MB.
pub const MAX_FONT: u64 = 256 << 20;

/// One face of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// Its place in a collection (TTC, OTC), else 0.
    pub index: u32,
    /// The family, as the file calls it in English.
    pub family: String,
    /// All names by which people may call it: family, typographic family, full name, PostScript name; in all
    /// languages of the file.
    pub names: Vec<String>,
    /// 1 to 1000; of a variable font, what it is without being varied.
    pub weight: u16,
    pub italic: bool,
    /// Per cent of the normal width (CSS Fonts 4, section 2.4).
    pub stretch: u16,
    /// The licence forbids embedding (OS/2 fsType: restricted licence and no milder right beside it).
    pub restricted: bool,
    /// The axis of weight of a variable font: least and greatest.
    pub weights: Option<(u16, u16)>,
    /// The axis of width, in per cent: least and greatest.
    pub widths: Option<(f32, f32)>,
    /// It can be varied (see [`super::variation`]).
    pub variable: bool,
    /// It has something that can be drawn: outlines (TrueType, CFF, CFF2) or pictures of glyphs.
    pub outlines: bool,
}

impl About {
    /// Whether a person means this face by `name`: without regard to ASCII case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.names.iter().any(|n| n.eq_ignore_ascii_case(name))
    }
}

/// A collection that holds more than this is no font anybody made.
const MOST_FACES: u32 = 256;

/// Looks at all faces of a file.
///
/// # Errors
/// The bytes are no font, are packed for the web, or a face lacks a table that text cannot do without.
pub fn faces(bytes: &[u8]) -> Result<Vec<About>, FontFault> {
    match bytes.get(..4) {
        Some(b"wOFF" | b"wOF2") => return Err(FontFault::WebFont),
        Some(_) => {}
        None => return Err(FontFault::NotAFont),
    }
    match FileRef::new(bytes).map_err(|_| FontFault::NotAFont)? {
        FileRef::Font(font) => Ok(vec![about(&font, 0)?]),
        FileRef::Collection(collection) => {
            let count = collection.len();
            if count == 0 || count > MOST_FACES {
                return Err(FontFault::NotAFont);
            }
            (0..count).map(|i| about(&collection.get(i).map_err(|_| FontFault::NotAFont)?, i)).collect()
        }
    }
}

/// The face that is meant by `name`; empty: the only one that there is.
///
/// # Errors
/// A sentence that names the file and says what is wrong.
pub fn choose(data: &FontData, file: &str, name: &str) -> Result<About, String> {
    let faces = faces(data.as_ref()).map_err(|fault| format!("{file} cannot be used: {fault}"))?;
    let drawn = |face: &About| {
        if face.outlines {
            return Ok(face.clone());
        }
        let why = "it has no outlines (TrueType, CFF, CFF2) and no pictures of a kind that is read (CBDT, sbix)";
        Err(format!("{file} cannot be used: {why}"))
    };
    if name.is_empty()
        && let [only] = faces.as_slice()
    {
        return drawn(only);
    }
    let known = || {
        let mut names: Vec<&str> = faces.iter().map(|f| f.family.as_str()).collect();
        names.dedup();
        names.join(", ")
    };
    if name.is_empty() {
        return Err(format!("{file} holds several faces: write which behind `#`, one of {}", known()));
    }
    faces
        .iter()
        .find(|f| f.is_called(name))
        .ok_or_else(|| format!("{file} holds no face that is called {name}, but {}", known()))
        .and_then(drawn)
}

/// What a campaign should know of a face before it prints with it: code word and sentence.
#[must_use]
pub fn warnings(about: &About, file: &str) -> Vec<(&'static str, String)> {
    let mut told = Vec::new();
    if about.restricted {
        told.push(("font-restricted", restricted(file)));
    }
    told
}

/// What is told of a face whose licence forbids what is done with it here.
fn restricted(file: &str) -> String {
    format!("the licence of {file} forbids embedding (OS/2 fsType 2): ask its maker before you print with it")
}

fn about(font: &FontRef<'_>, index: u32) -> Result<About, FontFault> {
    let head = font.head().map_err(|_| FontFault::Table("head"))?;
    if head.units_per_em() == 0 {
        return Err(FontFault::Table("head"));
    }
    font.hhea().map_err(|_| FontFault::Table("hhea"))?;
    font.maxp().map_err(|_| FontFault::Table("maxp"))?;
    font.hmtx().map_err(|_| FontFault::Table("hmtx"))?;
    font.cmap().map_err(|_| FontFault::Table("cmap"))?;
    let mut names: Vec<String> = Vec::new();
    for id in [StringId::FAMILY_NAME, StringId::TYPOGRAPHIC_FAMILY_NAME, StringId::FULL_NAME, StringId::POSTSCRIPT_NAME]
    {
        for name in font.localized_strings(id).take(64) {
            let name: String = name.chars().take(200).collect();
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let english = |id| font.localized_strings(id).english_or_first().map(|n| n.chars().take(200).collect::<String>());
    let family = english(StringId::TYPOGRAPHIC_FAMILY_NAME)
        .or_else(|| english(StringId::FAMILY_NAME))
        .filter(|n| !n.is_empty())
        .unwrap_or_else(|| "unnamed".to_owned());
    let (mut weight, mut italic, mut stretch, mut restricted) = (400, false, 100, false);
    if let Ok(os2) = font.os2() {
        weight = os2.us_weight_class().clamp(1, 1000);
        let selection = os2.fs_selection();
        italic = selection.contains(SelectionFlags::ITALIC) || selection.contains(SelectionFlags::OBLIQUE);
        stretch = match os2.us_width_class() {
            1 => 50,
            2 => 63,
            3 => 75,
            4 => 88,
            6 => 113,
            7 => 125,
            8 => 150,
            9 => 200,
            _ => 100,
        };
        // Of several rights the mildest holds (OpenType, OS/2 fsType).
        restricted = os2.fs_type() & 0xF == 2;
    }
    let axis = |tag: &[u8; 4]| {
        let axis = font.axes().get_by_tag(Tag::new(tag))?;
        let (least, most) = (axis.min_value(), axis.max_value());
        (least.is_finite() && most.is_finite() && least <= most).then_some((least, most))
    };
    let weights = axis(b"wght").map(|(least, most)| (weight_of(least), weight_of(most)));
    let widths = axis(b"wdth");
    let table = |tag: &[u8; 4]| font.table_data(Tag::new(tag)).is_some();
    let outlines =
        table(b"glyf") && table(b"loca") || table(b"CFF ") || table(b"CFF2") || super::colored::kind(font).is_some();
    let variable = font.axes().iter().next().is_some();
    Ok(About { index, family, names, weight, italic, stretch, restricted, weights, widths, variable, outlines })
}

fn weight_of(value: f32) -> u16 {
    if value.is_finite() { value.clamp(1.0, 1000.0) as u16 } else { 400 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_of_a_collection_go_by_their_names() {
        let path = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";
        let Ok(bytes) = std::fs::read(path) else {
            println!("SKIPPED: {path} is not installed");
            return;
        };
        let faces = faces(&bytes).unwrap();
        assert_eq!(faces.len(), 10);
        let called = |name: &str| faces.iter().find(|f| f.is_called(name)).map(|f| (f.index, f.weight));
        assert_eq!(called("Noto Sans CJK JP"), Some((0, 700)));
        assert_eq!(called("noto sans mono cjk jp"), Some((5, 700)));
        assert_eq!(called("NotoSansCJKtc-Bold"), Some((3, 700)));
        assert_eq!(called("Noto Sans CJK"), None);
        assert!(faces.iter().all(|f| !f.restricted && !f.italic && f.stretch == 100 && f.weights.is_none()));
    }

    #[test]
    fn web_fonts_and_things_that_are_no_fonts_are_told_apart() {
        // Pictures are drawn, and so are outlines of every kind.
        for bytes in [
            include_bytes!("../../tests/fixtures/pictures.ttf").as_slice(),
            include_bytes!("../../tests/fixtures/fonts/NotoColorEmoji-subset.ttf"),
            include_bytes!("../../tests/fixtures/axes-cff2.otf"),
        ] {
            assert!(choose(&FontData::Shipped(bytes), "f", "").is_ok());
        }
        let mut bare = include_bytes!("../../tests/fixtures/bars-variable.ttf").to_vec();
        let glyf = bare.windows(4).position(|w| w == b"glyf").unwrap();
        bare[glyf] = b'x';
        let why = choose(&FontData::Loaded(bare.into()), "bare.ttf", "").unwrap_err();
        assert!(why.contains("no outlines"), "{why}");
        assert_eq!(faces(b"wOFF\0\x01\0\0"), Err(FontFault::WebFont));
        assert_eq!(faces(b"wOF2\0\x01\0\0"), Err(FontFault::WebFont));
        assert_eq!(faces(b"<html>"), Err(FontFault::NotAFont));
        assert_eq!(faces(b""), Err(FontFault::NotAFont));
        assert_eq!(faces(b"ttcf\0\x01\0\0\xff\xff\xff\xff"), Err(FontFault::NotAFont));
    }
}
