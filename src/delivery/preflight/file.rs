//! One PDF file, judged by what stands in it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::content::Scanner;
use super::symbols::Symbols;
use super::{Finding, Level};
use crate::color::convert::{Conversion, How};
use crate::cos::read::{Boxes, Dict, Fault, Object, Pages, Reader, Value};
use crate::pdf::Scan;

/// Pictures under this resolution are told of: pixels to the inch where they lie largest.
const GOOD_PPI: f64 = 300.0;
/// Under this they look coarse to anyone.
const LOW_PPI: f64 = 150.0;
/// One-bit pictures show their steps earlier.
const GOOD_PPI_1_BIT: f64 = 600.0;
/// The bleed that shops ask for, with a hair's breadth off.
const BLEED_MM: f64 = 2.99;
const MM: f64 = 25.4 / 72.0;

/// The most ink that the job allows, if it says so, and named inks that are none on the paper.
#[derive(Clone, Debug, Default)]
pub(super) struct InkLimit {
    pub(super) percent: Option<u16>,
    pub(super) uncounted: Vec<String>,
}

impl InkLimit {
    fn whose(&self) -> &'static str {
        if self.percent.is_some() { " (the campaign's)" } else { " (that of the printing condition's profile)" }
    }
}

/// What a file is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Facts {
    pub version: String,
    /// `PDF/X-4`, `PDF/VT-1`; empty if the file says neither.
    pub standards: Vec<String>,
    pub title: String,
    pub producer: String,
    pub created: String,
    pub intent: Option<Intent>,
    pub pages: usize,
    /// Pages whose content was looked at.
    pub looked_at: usize,
    pub boxes: Vec<PageBoxes>,
    pub fonts: Vec<Font>,
    pub inks: Vec<String>,
    /// The most ink that comes together at one place of the pages that were looked at, in percent.
    pub most_ink: f64,
    /// The limit that it is held against: the campaign's, or what the profile of the output intent itself keeps to.
    pub ink_limit: Option<u16>,
    pub overprint: bool,
    pub transparency: bool,
    pub blend_modes: Vec<String>,
    pub pictures: Vec<Picture>,
    pub forms: Shared,
    /// Document parts (PDF/VT): leaves of the tree.
    pub parts: Option<u64>,
    pub symbols: Symbols,
}

/// The printing condition.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Intent {
    pub condition: String,
    pub info: String,
    /// Bytes of the profile, 0 if it is not in the file.
    pub profile_bytes: usize,
    pub channels: i64,
}

/// Pages with the same boxes; millimetres.
#[derive(Clone, Debug, Serialize)]
pub struct PageBoxes {
    pub pages: u64,
    pub first_page: usize,
    pub trim: [f64; 2],
    /// What stands over the trim at the left, below, at the right, above.
    pub bleed: [f64; 4],
    pub media: [f64; 2],
}

#[derive(Clone, Debug, Serialize)]
pub struct Font {
    pub name: String,
    pub kind: String,
    pub embedded: bool,
    pub subset: bool,
    /// Glyphs that have a width, where the font lists them.
    pub glyphs: Option<usize>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    /// The number of the object.
    pub object: u32,
    pub width: i64,
    pub height: i64,
    pub bits: i64,
    pub space: String,
    pub filter: String,
    /// Pixels to the inch where it lies largest.
    pub ppi: f64,
    pub uses: u64,
}

/// Form XObjects: what is written once and drawn often.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Shared {
    pub objects: u64,
    pub uses: u64,
    pub most_used: u64,
}

/// Reads a file and judges it; at most `most` pages, evenly spread, are looked at.
///
/// # Errors
/// The file cannot be read.
pub(super) fn judge(
    reader: &mut Reader,
    most: usize,
    limit: &InkLimit,
    findings: &mut Vec<Finding>,
) -> Result<Facts, Fault> {
    let catalog = reader.catalog()?;
    let pages = Pages::read(reader)?;
    let mut facts = Facts { pages: pages.len(), ..Facts::default() };
    let press = identity(reader, &catalog, &mut facts).and_then(|p| Conversion::new(&p, How::default()));
    let own = press.as_ref().map(Conversion::most_ink);
    facts.ink_limit = limit.percent.or(own);
    let (mut scan, mut unread) = (Scan::new(press), 0);
    let counts = |name: &str| !limit.uncounted.iter().any(|n| n == name);
    forbidden(reader, &catalog, findings);

    let mut scanner = Scanner::default();
    let (mut untrimmed, mut outside, mut odd) = (0u64, 0u64, 0u64);
    let mut kinds: BTreeMap<String, PageBoxes> = BTreeMap::new();
    for index in 0..pages.len() {
        let Some(boxes) = pages.boxes(index) else { continue };
        untrimmed += u64::from(!boxes.has_trim);
        odd += u64::from(boxes.unit != 1.0);
        let kind = kind(boxes, index);
        outside += u64::from(kind.bleed.iter().any(|b| *b < -0.01));
        let key = format!("{:?}{:?}{:?}", kind.trim, kind.bleed, kind.media);
        kinds.entry(key).or_insert(PageBoxes { pages: 0, ..kind }).pages += 1;
    }
    let mut notes = 0u64;
    for index in spread(pages.len(), most) {
        let page = pages.get(reader, index)?;
        notes += u64::from(matches!(reader.get(&page.dict, "Annots"), Ok(Value::Array(a)) if !a.is_empty()));
        let resources = reader.dict(&page.resources);
        scanner.fonts_of(reader, &resources);
        let mut content = Vec::new();
        for stream in page.contents(reader)? {
            content.extend_from_slice(&reader.unpacked(&stream)?);
            content.push(b'\n');
        }
        scanner.page(reader, &content, &page.resources, f64::from(page.boxes.unit));
        facts.symbols.page(index, scanner.seen.filled.drain(..));
        let ink = scan.page(reader, &page, &content, &counts);
        facts.most_ink = facts.most_ink.max((f64::from(ink.percent) * 10.0).round() / 10.0);
        unread += ink.unread;
        facts.looked_at += 1;
    }
    facts.boxes = kinds.into_values().collect();
    facts.boxes.sort_by_key(|b| b.first_page);
    let seen = &scanner.seen;
    facts.inks = seen.inks.iter().cloned().collect();
    facts.overprint = seen.overprint;
    facts.transparency = seen.transparent;
    facts.blend_modes = seen.blends.iter().cloned().collect();
    for (number, used) in &seen.pictures {
        facts.pictures.push(picture(reader, *number, used.ppi, used.times)?);
    }
    facts.forms = Shared {
        objects: seen.forms.len() as u64,
        uses: seen.forms.values().sum(),
        most_used: seen.forms.values().copied().max().unwrap_or(0),
    };
    for number in &seen.fonts {
        facts.fonts.push(font(reader, *number)?);
    }
    facts.fonts.sort_by(|a, b| a.name.cmp(&b.name));

    let mut tell = |level, rule, text: String| findings.push(Finding { level, rule, text });
    standard(&facts, &mut tell);
    if untrimmed > 0 {
        tell(Level::Fault, "boxes", format!("{untrimmed} pages have no trim box: nobody can tell where to cut"));
    }
    if outside > 0 {
        tell(Level::Fault, "boxes", format!("the trim box of {outside} pages reaches out of the bleed box"));
    }
    if odd > 0 {
        tell(Level::Fault, "boxes", format!("{odd} pages have a unit of their own (UserUnit)"));
    }
    let bare: u64 = facts.boxes.iter().filter(|b| b.bleed.iter().any(|e| *e < BLEED_MM)).map(|b| b.pages).sum();
    match bare {
        0 if untrimmed + outside + odd == 0 => {
            tell(
                Level::Good,
                "boxes",
                "every page has a trim box, with at least 3 mm of bleed on each side".to_owned(),
            );
        }
        0 => {}
        n => tell(Level::Warning, "boxes", format!("{n} pages have less than 3 mm of bleed on some side")),
    }
    if notes > 0 {
        tell(Level::Fault, "forbidden", format!("{notes} pages have annotations"));
    }
    let bare: Vec<&str> = facts.fonts.iter().filter(|f| !f.embedded).map(|f| f.name.as_str()).collect();
    match bare.is_empty() {
        true => tell(Level::Good, "fonts", format!("all {} fonts are in the file", facts.fonts.len())),
        false => tell(Level::Fault, "fonts", format!("not in the file: {}", bare.join(", "))),
    }
    if seen.device_rgb {
        tell(Level::Fault, "colours", "there are screen colours (DeviceRGB) without a profile".to_owned());
    } else if seen.managed {
        tell(Level::Warning, "colours", "some colours have profiles of their own: the press converts them".to_owned());
    } else {
        tell(Level::Good, "colours", "all colours are given in inks".to_owned());
    }
    let most = facts.most_ink;
    match facts.ink_limit {
        // what rounding to bytes makes of a limit that is just met
        Some(most_allowed) if most > f64::from(most_allowed) + 1.0 => tell(
            Level::Warning,
            "ink",
            format!("up to {most} % of ink come together at one place; the limit is {most_allowed} %{}", limit.whose()),
        ),
        Some(most_allowed) => tell(
            Level::Good,
            "ink",
            format!(
                "at most {most} % of ink come together at one place; the limit is {most_allowed} %{}",
                limit.whose()
            ),
        ),
        None => tell(Level::Good, "ink", format!("at most {most} % of ink come together at one place")),
    }
    if unread > 0 {
        tell(
            Level::Warning,
            "ink",
            format!("{unread} parts are not in this figure (pictures, patterns and gradients of rare kinds)"),
        );
    }
    resolution(&facts, &mut tell);
    if seen.unread > 0 {
        let n = seen.unread;
        tell(
            Level::Warning,
            "content",
            format!("{n} parts of the content could not be looked at (inline pictures, depth)"),
        );
    }
    Ok(facts)
}

fn standard(facts: &Facts, tell: &mut impl FnMut(Level, &'static str, String)) {
    match facts.standards.as_slice() {
        [] => tell(Level::Warning, "standard", "the file says of no standard that it keeps it".to_owned()),
        names => tell(Level::Good, "standard", format!("the file says that it is {}", names.join(" and "))),
    }
    let x4 = facts.standards.iter().any(|s| s.starts_with("PDF/X"));
    match &facts.intent {
        None if x4 => tell(Level::Fault, "intent", "there is no output intent".to_owned()),
        None => tell(Level::Warning, "intent", "there is no output intent: what the inks mean is not said".to_owned()),
        Some(i) if i.profile_bytes == 0 => tell(Level::Fault, "intent", "the profile is not in the file".to_owned()),
        Some(i) if i.channels != 4 => {
            tell(Level::Fault, "intent", format!("the profile has {} channels and not the four inks", i.channels));
        }
        Some(i) => tell(Level::Good, "intent", format!("made for {}, with its profile in the file", i.condition)),
    }
    if facts.standards.iter().any(|s| s.starts_with("PDF/VT")) {
        match facts.parts {
            None | Some(0) => tell(Level::Fault, "parts", "there are no document parts".to_owned()),
            Some(n) => tell(Level::Good, "parts", format!("the file has {n} document parts")),
        }
    }
}

fn resolution(facts: &Facts, tell: &mut impl FnMut(Level, &'static str, String)) {
    let (mut low, mut coarse) = (Vec::new(), Vec::new());
    for p in &facts.pictures {
        let good = if p.bits == 1 { GOOD_PPI_1_BIT } else { GOOD_PPI };
        if p.ppi < LOW_PPI {
            low.push(p.object);
        } else if p.ppi < good - 0.5 {
            coarse.push(p.object);
        }
    }
    let list = |n: &[u32]| n.iter().take(8).map(u32::to_string).collect::<Vec<_>>().join(", ");
    if !low.is_empty() {
        let (n, which) = (low.len(), list(&low));
        tell(
            Level::Fault,
            "pictures",
            format!("{n} pictures have less than 150 ppi where they lie largest: objects {which}"),
        );
    }
    if !coarse.is_empty() {
        let (n, which) = (coarse.len(), list(&coarse));
        tell(
            Level::Warning,
            "pictures",
            format!("{n} pictures have less than 300 ppi (600 in one bit): objects {which}"),
        );
    }
    if low.is_empty() && coarse.is_empty() {
        let n = facts.pictures.len();
        let text =
            if n == 0 { "there are no pictures".to_owned() } else { format!("all {n} pictures have 300 ppi or more") };
        tell(Level::Good, "pictures", text);
    }
}

/// Up to `most` of `count`, evenly spread, with the first and the last, two and two: the sides of a leaf.
pub(super) fn spread(count: usize, most: usize) -> Vec<usize> {
    if count <= most {
        return (0..count).collect();
    }
    let pairs = (most / 2).max(1);
    let mut chosen: Vec<usize> = (0..pairs)
        .flat_map(|i| {
            let at = if pairs == 1 { 0 } else { (count - 2) / 2 * i / (pairs - 1) * 2 };
            [at, at + 1]
        })
        .filter(|i| *i < count)
        .collect();
    chosen.dedup();
    chosen
}

fn kind(boxes: &Boxes, index: usize) -> PageBoxes {
    let mm = |points: f32| (f64::from(points) * MM * 100.0).round() / 100.0;
    let (t, b) = (&boxes.trim, &boxes.bleed);
    PageBoxes {
        pages: 0,
        first_page: index + 1,
        trim: [mm(t.right - t.left), mm(t.top - t.bottom)],
        bleed: [mm(t.left - b.left), mm(t.bottom - b.bottom), mm(b.right - t.right), mm(b.top - t.top)],
        media: [mm(boxes.media.right - boxes.media.left), mm(boxes.media.top - boxes.media.bottom)],
    }
}

/// What the file says of itself.
/// Says what the file says of itself; gives the profile of its output intent.
fn identity(reader: &mut Reader, catalog: &Dict, facts: &mut Facts) -> Option<Vec<u8>> {
    let mut press = None;
    let version = match reader.get(catalog, "Version") {
        Ok(Value::Name(n)) => String::from_utf8_lossy(&n).into_owned(),
        _ => String::new(),
    };
    facts.version = version;
    let info = reader.trailer().get("Info").cloned().unwrap_or(Value::Null);
    let info = reader.dict(&info);
    facts.title = string(reader, &info, "Title");
    facts.producer = string(reader, &info, "Producer");
    facts.created = string(reader, &info, "CreationDate");
    let metadata = catalog.get("Metadata").cloned().unwrap_or(Value::Null);
    if let Ok(stream) = reader.stream(&metadata)
        && let Ok(packet) = reader.unpacked(&stream)
    {
        let packet = String::from_utf8_lossy(&packet);
        for key in ["pdfxid:GTS_PDFXVersion", "pdfvtid:GTS_PDFVTVersion"] {
            facts.standards.extend(said(&packet, key));
        }
    }
    if let Ok(Value::Array(intents)) = reader.get(catalog, "OutputIntents") {
        for intent in &intents {
            let intent = reader.dict(intent);
            if !reader.get(&intent, "S").is_ok_and(|s| s.is_name("GTS_PDFX")) {
                continue;
            }
            let profile = intent.get("DestOutputProfile").cloned().unwrap_or(Value::Null);
            let stream = reader.stream(&profile).ok();
            let channels = stream.as_ref().and_then(|s| reader.get(&s.dict, "N").ok()?.int()).unwrap_or(0);
            let profile = stream.and_then(|s| reader.unpacked(&s).ok());
            let bytes = profile.as_ref().map_or(0, Vec::len);
            press = profile;
            facts.intent = Some(Intent {
                condition: string(reader, &intent, "OutputConditionIdentifier"),
                info: string(reader, &intent, "Info"),
                profile_bytes: bytes,
                channels,
            });
        }
    }
    let root = reader.entry(catalog, "DPartRoot");
    if let Some(node) = root.get("DPartRootNode").cloned() {
        facts.parts = Some(leaves(reader, &node));
    }
    press
}

/// Leaves of the tree of document parts; the tree is walked once, level by level.
fn leaves(reader: &mut Reader, root: &Value) -> u64 {
    const MOST: usize = 1 << 24;
    let mut waiting = vec![root.clone()];
    let (mut leaves, mut visited) = (0, 0usize);
    while let Some(node) = waiting.pop() {
        visited += 1;
        if visited > MOST {
            break;
        }
        let node = reader.dict(&node);
        match reader.get(&node, "DParts") {
            Ok(Value::Array(groups)) => {
                for group in groups {
                    if let Ok(Value::Array(kids)) = reader.resolved(&group) {
                        waiting.extend(kids);
                    }
                }
            }
            _ => leaves += 1,
        }
    }
    leaves
}

/// What the XMP packet says under a key, as element or as attribute.
fn said(packet: &str, key: &str) -> Option<String> {
    let rest = packet.split_once(&format!("<{key}>")).map(|(_, r)| r.split('<').next());
    let attribute = || packet.split_once(&format!("{key}=\"")).map(|(_, r)| r.split('"').next());
    rest.or_else(attribute)?.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// A text string (7.9.2.2): UTF-16 with its mark, UTF-8 with its mark, else taken as ASCII.
fn string(reader: &mut Reader, of: &Dict, key: &str) -> String {
    let Ok(Value::String(bytes)) = reader.get(of, key) else { return String::new() };
    if let Some(utf16) = bytes.strip_prefix(b"\xfe\xff") {
        let units: Vec<u16> = utf16.chunks_exact(2).map(|p| u16::from_be_bytes([p[0], p[1]])).collect();
        return String::from_utf16_lossy(&units);
    }
    String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).into_owned()
}

/// What PDF/X forbids in a document.
fn forbidden(reader: &mut Reader, catalog: &Dict, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    for key in ["OpenAction", "AA", "AcroForm"] {
        if catalog.get(key).is_some() {
            found.push(key);
        }
    }
    if reader.entry(catalog, "Names").get("JavaScript").is_some() {
        found.push("JavaScript");
    }
    let (level, text) = match found.is_empty() {
        true => (Level::Good, "there are no actions, forms or scripts".to_owned()),
        false => (Level::Fault, format!("there is what no press may be given: {}", found.join(", "))),
    };
    findings.push(Finding { level, rule: "forbidden", text });
}

fn name(value: &Value) -> String {
    match value {
        Value::Name(n) => String::from_utf8_lossy(n).into_owned(),
        _ => String::new(),
    }
}

fn font(reader: &mut Reader, number: u32) -> Result<Font, Fault> {
    let font = reader.dict(&Value::Ref(number));
    let kind = name(&reader.get(&font, "Subtype")?);
    let mut base = name(&reader.get(&font, "BaseFont")?);
    let own = match reader.get(&font, "DescendantFonts")? {
        Value::Array(fonts) => fonts.first().map(|f| reader.dict(f)).unwrap_or_default(),
        _ => font.clone(),
    };
    let descendant = name(&reader.get(&own, "Subtype")?);
    let descriptor = reader.entry(&own, "FontDescriptor");
    let embedded =
        kind == "Type3" || ["FontFile", "FontFile2", "FontFile3"].iter().any(|k| descriptor.get(k).is_some());
    let prefix = base.as_bytes().get(..7);
    let subset = prefix.is_some_and(|p| p[6] == b'+' && p[..6].iter().all(u8::is_ascii_uppercase));
    if subset {
        base = base.split_off(7);
    }
    if base.is_empty() {
        base = "(without a name)".to_owned();
    }
    let vertical = reader.get(&font, "Encoding").is_ok_and(|e| name(&e).ends_with("-V"));
    let kind = match (descendant.as_str(), kind.as_str()) {
        ("CIDFontType2", _) => "TrueType, by glyph",
        ("CIDFontType0", _) => "CFF, by glyph",
        (_, kind) => kind,
    };
    let kind = if vertical { format!("{kind}, vertical") } else { kind.to_owned() };
    let glyphs = match reader.get(&own, "W")? {
        Value::Array(widths) => widths_of(reader, &widths),
        _ => match reader.get(&own, "Widths")? {
            Value::Array(widths) => Some(widths.len()),
            _ => None,
        },
    };
    Ok(Font { name: base, kind, embedded, subset, glyphs })
}

/// Glyphs that an array of widths lists one by one (9.7.4.3); `None` if it has ranges, which may have gaps.
fn widths_of(reader: &mut Reader, widths: &[Value]) -> Option<usize> {
    let mut count = 0;
    for pair in widths.chunks(2) {
        match pair {
            [_, list] => match reader.resolved(list) {
                Ok(Value::Array(list)) => count += list.len(),
                _ => return None,
            },
            _ => return None,
        }
    }
    Some(count)
}

fn picture(reader: &mut Reader, number: u32, ppi: f64, uses: u64) -> Result<Picture, Fault> {
    let picture = match reader.object(number)? {
        Object::Stream(stream) => stream.dict,
        Object::Value(_) => Dict::default(),
    };
    let mut int = |key: &str| reader.get(&picture, key).ok().and_then(|v| v.int()).unwrap_or(0);
    let (width, height, bits) = (int("Width"), int("Height"), int("BitsPerComponent"));
    let mask = reader.get(&picture, "ImageMask")? == Value::Bool(true);
    let space = match reader.get(&picture, "ColorSpace")? {
        Value::Array(parts) => match (parts.first().map(name).as_deref(), parts.get(1)) {
            (Some("ICCBased"), Some(profile)) => {
                let n = reader.dict(profile).get("N").and_then(Value::int).unwrap_or(0);
                format!("ICC, {n} channels")
            }
            (Some("Separation"), Some(ink)) => name(ink),
            (Some(family), _) => family.to_owned(),
            (None, _) => String::new(),
        },
        other => name(&other).trim_start_matches("Device").to_owned(),
    };
    let filter = match reader.get(&picture, "Filter")? {
        Value::Array(names) => names.iter().map(name).collect::<Vec<_>>().join(" "),
        one => name(&one),
    };
    let filter = filter.replace("Decode", "");
    let bits = if mask { 1 } else { bits };
    let space = if mask { "mask".to_owned() } else { space };
    let ppi = if ppi.is_finite() && ppi < 1e6 { (ppi * 10.0).round() / 10.0 } else { 0.0 };
    Ok(Picture { object: number, width, height, bits, space, filter, ppi, uses })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_chosen_in_pairs_with_the_first_and_the_last() {
        assert_eq!(spread(5, 10), [0, 1, 2, 3, 4]);
        assert_eq!(spread(100, 6), [0, 1, 48, 49, 98, 99]);
        assert_eq!(spread(1_000_000, 2), [0, 1]);
        assert!(spread(0, 4).is_empty());
    }

    #[test]
    fn a_packet_says_its_standard_as_element_or_attribute() {
        assert_eq!(said("<a:V>PDF/X-4</a:V>", "a:V").as_deref(), Some("PDF/X-4"));
        assert_eq!(said("<d a:V=\"PDF/VT-1\"/>", "a:V").as_deref(), Some("PDF/VT-1"));
        assert_eq!(said("<d/>", "a:V"), None);
    }
}
