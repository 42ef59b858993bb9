//! Placed artwork: a page of a PDF file that a designer made elsewhere. It is looked at once (is it whole, how large is
//! its trim, may it go to press) and never drawn by us: the writer takes the page over as it is.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use crate::base::{Digest, Edges, Pt};
use crate::cos::read::{Dict, Fault, Object, Page, Pages, Reader, Rect, Space, Stream, Value, named, operators};

/// Bytes of one file.
pub const MAX_BYTES: u64 = 256 << 20;
/// Dictionaries of one page that are looked through.
const MAX_PARTS: usize = 50_000;
/// Forms and patterns within each other.
const MAX_DEPTH: usize = 28;
/// Things that are named one by one.
const MAX_NAMED: usize = 8;
/// Named inks of one page.
const MAX_INKS: usize = 64;

/// A page that can be placed.
#[derive(Clone, Debug)]
pub struct Artwork {
    /// From 0.
    pub page: usize,
    /// Of the whole file.
    pub file: Digest,
    /// Length of the file.
    pub file_bytes: u64,
    /// The trimmed page, upright: the natural size.
    pub width: Pt,
    pub height: Pt,
    /// How far what is drawn goes beyond the trim, upright.
    pub bleed: Edges<Pt>,
    /// From the file's coordinates to those in which the trim is the unit square, y up (ISO 32000-1, 8.3.4).
    pub matrix: [f64; 6],
    /// What is drawn at all, in the file's coordinates: the bleed box.
    pub area: Rect,
    /// It blends with what it is placed on or within itself.
    pub is_translucent: bool,
    /// The named inks that it asks for, by name.
    pub inks: Vec<NamedInk>,
    /// What a press may not like; each as the end of a sentence.
    pub doubts: Vec<String>,
}

/// A named ink of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedInk {
    pub name: String,
    /// The process inks that stand for its solid, where the page says so in a way that can be read.
    pub alternate: Option<[f32; 4]>,
}

/// Why a page is not placed, as the end of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    Broken(String),
    Unsupported(String),
    TooLarge(String),
}

impl Flaw {
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            Self::Broken(m) | Self::Unsupported(m) | Self::TooLarge(m) => m,
        }
    }
}

impl From<Fault> for Flaw {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Encrypted => {
                Self::Unsupported("is encrypted; save it without a password and without restrictions".to_owned())
            }
            Fault::TooLarge(what) => Self::TooLarge(format!("is beyond what is read: {what}")),
            Fault::Broken(what) => {
                Self::Broken(format!("is damaged: {what}; save it anew in the program that made it"))
            }
            Fault::NotPdf | Fault::Io(_) => Self::Broken("is no PDF file that can be read".to_owned()),
        }
    }
}

/// Whether a file is a PDF.
#[must_use]
pub fn is_pdf(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes.get(..1024).unwrap_or(bytes), b"%PDF-").is_some()
}

/// An address without the page that it names behind `#page=` (RFC 8118, section 3), and that page, from 0.
/// `None` where the address is not one of a PDF file.
#[must_use]
pub fn named_page(url: &str) -> Option<(&str, Option<usize>)> {
    let (file, fragment) = url.split_once('#').map_or((url, None), |(file, f)| (file, Some(f)));
    let is_pdf = file.len() > 4 && file.get(file.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case(".pdf"));
    if !is_pdf {
        return None;
    }
    let page = match fragment {
        None | Some("") => Some(0),
        Some(f) => f.strip_prefix("page=").and_then(|n| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1)),
    };
    Some((file, page))
}

impl Artwork {
    /// Looks at page `page` (from 0). `strict`: what PDF/X-4 does not allow is a flaw, else a doubt.
    ///
    /// # Errors
    /// The file or the page cannot be placed.
    pub fn look(bytes: Vec<u8>, page: usize, strict: bool) -> Result<Self, Flaw> {
        let (file, file_bytes) = (Digest::of(&bytes), bytes.len() as u64);
        let mut reader = Reader::from_bytes(bytes)?;
        let pages = Pages::read(&mut reader)?;
        if page >= pages.len() {
            let there = match pages.len() {
                1 => "one page".to_owned(),
                n => format!("{n} pages"),
            };
            return Err(Flaw::Unsupported(format!("has {there}, so there is no page {}", page + 1)));
        }
        let found = pages.get(&mut reader, page)?;
        let mut look = Look::default();
        look.page(&mut reader, &found)?;
        look.layers(&mut reader)?;
        look.inks.sort_by(|a, b| a.name.cmp(&b.name));
        let (mut wrong, mut doubts) = look.told();
        if !strict {
            doubts.append(&mut wrong);
        }
        if !wrong.is_empty() {
            let what = wrong.join("; ");
            return Err(Flaw::Unsupported(format!("cannot go to press: page {} {what}", page + 1)));
        }
        let boxes = &found.boxes;
        let (trim, unit) = (boxes.trim, f64::from(boxes.unit));
        let area = if boxes.has_trim { boxes.bleed } else { boxes.crop };
        let (w, h) = (f64::from(trim.width().0), f64::from(trim.height().0));
        if !(w > 0.0 && h > 0.0 && unit > 0.0 && w * unit < 14_400.0 && h * unit < 14_400.0) {
            return Err(Flaw::Broken(format!("is damaged: page {} has no size", page + 1)));
        }
        let length = |v: f32| Pt((f64::from(v) * unit) as f32);
        let beyond = Edges {
            top: length(area.top - trim.top),
            right: length(area.right - trim.right),
            bottom: length(trim.bottom - area.bottom),
            left: length(trim.left - area.left),
        };
        let (x, y) = (f64::from(trim.left), f64::from(trim.bottom));
        let Edges { top, right, bottom, left } = beyond;
        // Turned clockwise for display (7.7.3.3): where the unit square's sides come to lie.
        let (matrix, bleed) = match boxes.rotate {
            90 => (
                [0.0, -1.0 / w, 1.0 / h, 0.0, -y / h, 1.0 + x / w],
                Edges { top: left, right: top, bottom: right, left: bottom },
            ),
            180 => (
                [-1.0 / w, 0.0, 0.0, -1.0 / h, 1.0 + x / w, 1.0 + y / h],
                Edges { top: bottom, right: left, bottom: top, left: right },
            ),
            270 => (
                [0.0, 1.0 / w, -1.0 / h, 0.0, 1.0 + y / h, -x / w],
                Edges { top: right, right: bottom, bottom: left, left: top },
            ),
            _ => ([1.0 / w, 0.0, 0.0, 1.0 / h, -x / w, -y / h], beyond),
        };
        let lies = matches!(boxes.rotate, 90 | 270);
        let (width, height) = (length(trim.width().0), length(trim.height().0));
        let (width, height) = if lies { (height, width) } else { (width, height) };
        Ok(Self {
            page,
            file,
            file_bytes,
            width,
            height,
            bleed,
            matrix,
            area,
            is_translucent: look.is_translucent,
            inks: look.inks,
            doubts,
        })
    }

    /// Whether anything is drawn beyond the trim.
    #[must_use]
    pub fn has_bleed(&self) -> bool {
        let Edges { top, right, bottom, left } = self.bleed;
        [top, right, bottom, left].iter().any(|b| b.0 > 0.01)
    }
}

/// What a page and everything that it draws asks for.
#[derive(Default)]
struct Look {
    seen: FxHashSet<u32>,
    parts: usize,
    is_translucent: bool,
    /// Names of fonts that are not embedded.
    fonts: Vec<String>,
    inks: Vec<NamedInk>,
    /// Where device RGB is asked for.
    device_rgb: Vec<&'static str>,
    /// The same of RGB with a profile.
    profile_rgb: Vec<&'static str>,
    /// Other things that PDF/X-4 has no place for.
    wrong: Vec<&'static str>,
    doubts: Vec<&'static str>,
}

fn once<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// Nested things that are still to be looked at.
enum Part {
    Resources(Value),
    Form(u32),
}

impl Look {
    fn page(&mut self, reader: &mut Reader, page: &Page) -> Result<(), Flaw> {
        if page.dict.get("Group").is_some_and(|g| *g != Value::Null) {
            self.is_translucent = true;
            self.group(reader, &page.dict)?;
        }
        if let Value::Array(notes) = reader.get(&page.dict, "Annots")?
            && !notes.is_empty()
        {
            self.doubts.push("has comments, links or form fields, which are not placed");
        }
        let own_default = self.has_default_rgb(reader, &page.resources)?;
        for stream in page.contents(reader)? {
            let content = self.packed(reader, &stream)?;
            self.content(&content, own_default);
        }
        self.walk(reader, page.resources.clone())
    }

    fn packed(&mut self, reader: &mut Reader, stream: &Stream) -> Result<Vec<u8>, Flaw> {
        Ok(reader.unpacked(stream)?)
    }

    fn walk(&mut self, reader: &mut Reader, first: Value) -> Result<(), Flaw> {
        let mut open = vec![(Part::Resources(first), 0)];
        while let Some((part, depth)) = open.pop() {
            self.parts += 1;
            if self.parts > MAX_PARTS || depth > MAX_DEPTH {
                return Err(Flaw::TooLarge("holds too many things within each other".to_owned()));
            }
            let mut found = Vec::new();
            match part {
                Part::Resources(value) => {
                    if let Value::Ref(n) = value
                        && !self.seen.insert(n)
                    {
                        continue;
                    }
                    if let Value::Dict(dict) = reader.resolved(&value)? {
                        self.resources(reader, &dict, &mut found)?;
                    }
                }
                Part::Form(number) => {
                    if !self.seen.insert(number) {
                        continue;
                    }
                    if let Object::Stream(stream) = reader.object(number)? {
                        self.drawn(reader, &stream, &mut found)?;
                    }
                }
            }
            open.extend(found.into_iter().map(|part| (part, depth + 1)));
        }
        Ok(())
    }

    /// A form, picture or tiling pattern.
    fn drawn(&mut self, reader: &mut Reader, stream: &Stream, out: &mut Vec<Part>) -> Result<(), Flaw> {
        let dict = &stream.dict;
        if dict.get("F").is_some() {
            once(&mut self.wrong, "refers to data in another file");
        }
        if dict.get("OPI").is_some() || dict.get("Ref").is_some() || dict.get("PS").is_some() {
            once(&mut self.wrong, "stands in for artwork in another file (OPI, reference or PostScript)");
        }
        let filters = match reader.get(dict, "Filter")? {
            Value::Array(all) => all,
            one => vec![one],
        };
        for filter in &filters {
            let filter = reader.resolved(filter)?;
            if filter.is_name("LZWDecode") || filter.is_name("LZW") || filter.is_name("Crypt") {
                once(&mut self.wrong, "holds data packed by LZW or encrypted, which PDF/X-4 does not allow");
            }
        }
        if reader.get(dict, "Subtype")?.is_name("Image") {
            if dict.get("Alternates").is_some() {
                once(&mut self.wrong, "holds a picture with alternates");
            }
            if dict.get("SMask").is_some_and(|m| *m != Value::Null) {
                self.is_translucent = true;
            }
            let mask = reader.get(dict, "ImageMask")? == Value::Bool(true);
            if !mask && let Some(space) = dict.get("ColorSpace") {
                self.space(reader, &space.clone(), "a picture", 0)?;
            }
            return Ok(());
        }
        if reader.get(dict, "Subtype")?.is_name("PS") {
            once(&mut self.wrong, "holds PostScript");
            return Ok(());
        }
        if dict.get("Group").is_some_and(|g| *g != Value::Null) {
            self.is_translucent = true;
            self.group(reader, dict)?;
        }
        let resources = dict.get("Resources").cloned().unwrap_or(Value::Null);
        let default = self.has_default_rgb(reader, &resources)?;
        let content = reader.unpacked(stream)?;
        self.content(&content, default);
        out.push(Part::Resources(resources));
        Ok(())
    }

    fn group(&mut self, reader: &mut Reader, owner: &Dict) -> Result<(), Flaw> {
        if let Value::Dict(group) = reader.get(owner, "Group")?
            && let Some(space) = group.get("CS")
        {
            self.space(reader, &space.clone(), "a transparency group", 0)?;
        }
        Ok(())
    }

    fn resources(&mut self, reader: &mut Reader, dict: &Dict, out: &mut Vec<Part>) -> Result<(), Flaw> {
        for (_, font) in entries(reader, dict, "Font")? {
            if let Value::Dict(font) = reader.resolved(&font)? {
                self.font(reader, &font, out)?;
            }
        }
        for (name, space) in entries(reader, dict, "ColorSpace")? {
            // A default stands for the device's own, which may then be used.
            if !name.starts_with(b"Default") {
                self.space(reader, &space, "a colour", 0)?;
            }
        }
        for (_, object) in entries(reader, dict, "XObject")? {
            out.extend(object.reference().map(Part::Form));
        }
        for (_, pattern) in entries(reader, dict, "Pattern")? {
            let Value::Dict(found) = reader.resolved(&pattern)? else { continue };
            if let Some(shading) = found.get("Shading") {
                self.shading(reader, &shading.clone())?;
            } else {
                out.extend(pattern.reference().map(Part::Form));
            }
        }
        for (_, shading) in entries(reader, dict, "Shading")? {
            self.shading(reader, &shading)?;
        }
        for (_, state) in entries(reader, dict, "ExtGState")? {
            if let Value::Dict(state) = reader.resolved(&state)? {
                self.state(reader, &state, out)?;
            }
        }
        Ok(())
    }

    fn shading(&mut self, reader: &mut Reader, value: &Value) -> Result<(), Flaw> {
        if let Value::Dict(shading) = reader.resolved(value)?
            && let Some(space) = shading.get("ColorSpace")
        {
            self.space(reader, &space.clone(), "a gradient", 0)?;
        }
        Ok(())
    }

    /// Graphics state parameters (8.4.5).
    fn state(&mut self, reader: &mut Reader, state: &Dict, out: &mut Vec<Part>) -> Result<(), Flaw> {
        let below_one = |v: Value| v.number().is_some_and(|n| n < 1.0);
        if below_one(reader.get(state, "ca")?) || below_one(reader.get(state, "CA")?) {
            self.is_translucent = true;
        }
        match reader.get(state, "BM")? {
            Value::Null => {}
            mode if mode.is_name("Normal") || mode.is_name("Compatible") => {}
            _ => self.is_translucent = true,
        }
        if let Value::Dict(mask) = reader.get(state, "SMask")? {
            self.is_translucent = true;
            out.extend(mask.get("G").and_then(Value::reference).map(Part::Form));
        }
        let tr2 = reader.get(state, "TR2")?;
        if state.get("TR").is_some() || state.get("HTP").is_some() || !(tr2 == Value::Null || tr2.is_name("Default")) {
            once(&mut self.wrong, "sets transfer curves or halftones of its own");
        }
        if let Some(Value::Array(font)) = state.get("Font")
            && let Some(font) = font.first()
            && let Value::Dict(font) = reader.resolved(&font.clone())?
        {
            self.font(reader, &font, out)?;
        }
        Ok(())
    }

    /// Whether a font is in the file (9.9).
    fn font(&mut self, reader: &mut Reader, font: &Dict, out: &mut Vec<Part>) -> Result<(), Flaw> {
        let kind = reader.get(font, "Subtype")?;
        if kind.is_name("Type3") {
            for (_, glyph) in entries(reader, font, "CharProcs")? {
                out.extend(glyph.reference().map(Part::Form));
            }
            out.extend(font.get("Resources").cloned().map(Part::Resources));
            return Ok(());
        }
        let holder = if kind.is_name("Type0") {
            match reader.get(font, "DescendantFonts")? {
                Value::Array(all) => match all.first() {
                    Some(first) => reader.resolved(&first.clone())?,
                    None => Value::Null,
                },
                _ => Value::Null,
            }
        } else {
            Value::Dict(font.clone())
        };
        let descriptor = match holder.dict() {
            Some(holder) => reader.get(holder, "FontDescriptor")?,
            None => Value::Null,
        };
        let embedded = descriptor
            .dict()
            .is_some_and(|d| ["FontFile", "FontFile2", "FontFile3"].iter().any(|k| d.get(k).is_some()));
        if !embedded {
            let name = match reader.get(font, "BaseFont")? {
                Value::Name(name) => {
                    String::from_utf8_lossy(&name).chars().filter(|c| !c.is_control()).take(80).collect()
                }
                _ => "without a name".to_owned(),
            };
            once(&mut self.fonts, name);
        }
        Ok(())
    }

    /// A colour space (8.6): whether red, green and blue are behind it.
    fn space(&mut self, reader: &mut Reader, value: &Value, what: &'static str, depth: usize) -> Result<(), Flaw> {
        if depth > 8 {
            return Ok(());
        }
        match Space::read(reader, value)? {
            Space::DeviceRgb => once(&mut self.device_rgb, what),
            Space::CalRgb | Space::Icc(3) => once(&mut self.profile_rgb, what),
            Space::Indexed { base, .. } | Space::Pattern(Some(base)) => self.space(reader, &base, what, depth + 1)?,
            Space::Named { names, alone, alternate, tint, attributes } => {
                for name in names.iter().take(MAX_INKS) {
                    let stands_for = match alone {
                        true => solid(reader, &alternate, &tint)?,
                        false => colorant(reader, &attributes, name)?,
                    };
                    self.named_ink(name, stands_for);
                }
                self.space(reader, &alternate, what, depth + 1)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn named_ink(&mut self, name: &[u8], alternate: Option<[f32; 4]>) {
        if matches!(name, b"All" | b"None" | b"Cyan" | b"Magenta" | b"Yellow" | b"Black") {
            return;
        }
        let name = String::from_utf8_lossy(name).into_owned();
        if let Some(known) = self.inks.iter_mut().find(|ink| ink.name == name) {
            known.alternate = known.alternate.or(alternate);
        } else if self.inks.len() < MAX_INKS {
            self.inks.push(NamedInk { name, alternate });
        }
    }

    fn has_default_rgb(&mut self, reader: &mut Reader, resources: &Value) -> Result<bool, Flaw> {
        let Value::Dict(dict) = reader.resolved(resources)? else { return Ok(false) };
        Ok(entries(reader, &dict, "ColorSpace")?.iter().any(|(name, _)| **name == *b"DefaultRGB"))
    }

    fn content(&mut self, content: &[u8], default_rgb: bool) {
        operators(content, &mut |word, operands| {
            let first = operands.first();
            let is_rgb = |v: Option<&Value>| v.is_some_and(|v| v.is_name("DeviceRGB") || v.is_name("RGB"));
            match word {
                b"rg" | b"RG" if !default_rgb => once(&mut self.device_rgb, "a colour"),
                b"cs" | b"CS" if !default_rgb && is_rgb(first) => once(&mut self.device_rgb, "a colour"),
                b"BI" if !default_rgb => {
                    let mut pairs = operands.chunks_exact(2);
                    let named = |v: &Value| v.is_name("CS") || v.is_name("ColorSpace");
                    if pairs.any(|p| p.first().is_some_and(named) && is_rgb(p.get(1))) {
                        once(&mut self.device_rgb, "a picture");
                    }
                }
                b"PS" => once(&mut self.wrong, "holds PostScript"),
                _ => {}
            }
            ControlFlow::Continue(())
        });
    }

    /// Layers that are switched off (8.11): the switch stays behind in the designer's file, and they would print.
    fn layers(&mut self, reader: &mut Reader) -> Result<(), Flaw> {
        let catalog = reader.catalog()?;
        let Value::Dict(layers) = reader.get(&catalog, "OCProperties")? else { return Ok(()) };
        let Value::Dict(shown) = reader.get(&layers, "D")? else { return Ok(()) };
        let off = matches!(reader.get(&shown, "OFF")?, Value::Array(off) if !off.is_empty());
        if off || reader.get(&shown, "BaseState")?.is_name("OFF") {
            return Err(Flaw::Unsupported(
                "has layers that are switched off, and they would be printed; delete them in a copy".to_owned(),
            ));
        }
        Ok(())
    }

    /// What is wrong with the page for a press, and what is doubtful, each as the end of "page 2 …".
    fn told(&self) -> (Vec<String>, Vec<String>) {
        let mut wrong = Vec::new();
        if !self.fonts.is_empty() {
            let named: Vec<&str> = self.fonts.iter().take(MAX_NAMED).map(String::as_str).collect();
            let more = self.fonts.len().saturating_sub(MAX_NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            wrong.push(format!("uses fonts that are not embedded: {}{more}", named.join(", ")));
        }
        if !self.device_rgb.is_empty() {
            wrong.push(format!(
                "uses screen colours (DeviceRGB) for {}; convert them to CMYK, or export as PDF/X-4",
                self.device_rgb.join(", ")
            ));
        }
        wrong.extend(self.wrong.iter().map(|w| (*w).to_owned()));
        let mut doubts: Vec<String> = self.doubts.iter().map(|d| (*d).to_owned()).collect();
        if !self.profile_rgb.is_empty() {
            let where_ = self.profile_rgb.join(", ");
            doubts.push(format!("uses screen colours with a profile for {where_}; the press will convert them"));
        }
        (wrong, doubts)
    }
}

/// What stands for one ink of several, by what the space says of it alone (8.6.6.5, table 71).
fn colorant(reader: &mut Reader, attributes: &Value, name: &[u8]) -> Result<Option<[f32; 4]>, Flaw> {
    let Value::Dict(attributes) = reader.resolved(attributes)? else { return Ok(None) };
    let Value::Dict(colorants) = reader.get(&attributes, "Colorants")? else { return Ok(None) };
    match Space::read(reader, &named(&colorants, name))? {
        Space::Named { alone: true, alternate, tint, .. } => solid(reader, &alternate, &tint),
        _ => Ok(None),
    }
}

/// The process inks that stand for a solid: what a function gives for 1, where it says so plainly.
fn solid(reader: &mut Reader, space: &Value, function: &Value) -> Result<Option<[f32; 4]>, Flaw> {
    let process = matches!(Space::read(reader, space)?, Space::DeviceCmyk | Space::Icc(4));
    let Value::Dict(found) = reader.resolved(function)? else { return Ok(None) };
    let numbers = |reader: &mut Reader, key: &str| -> Result<Vec<f32>, Flaw> {
        let Value::Array(all) = reader.get(&found, key)? else { return Ok(Vec::new()) };
        let all = all.iter().take(64).map(|v| reader.resolved(v)).collect::<Result<Vec<_>, _>>()?;
        Ok(all.iter().filter_map(Value::number).map(|n| n as f32).collect())
    };
    let inks = match reader.get(&found, "FunctionType")?.int() {
        Some(2) => numbers(reader, "C1")?,
        Some(0) => {
            // the last of the samples, eight bits each
            let (range, decode) = (numbers(reader, "Range")?, numbers(reader, "Decode")?);
            let bounds = if decode.len() == range.len() { decode } else { range };
            let size = numbers(reader, "Size")?.first().map_or(0, |n| *n as usize);
            let samples = match function.reference().map(|n| reader.object(n)) {
                Some(Ok(Object::Stream(stream))) if reader.get(&found, "BitsPerSample")?.int() == Some(8) => {
                    reader.unpacked(&stream).unwrap_or_default()
                }
                _ => Vec::new(),
            };
            let last = size.checked_sub(1).and_then(|at| samples.get(at * 4..at * 4 + 4)).unwrap_or_default();
            last.iter().zip(bounds.chunks_exact(2)).map(|(v, b)| b[0] + (b[1] - b[0]) * f32::from(*v) / 255.0).collect()
        }
        _ => Vec::new(),
    };
    Ok(<[f32; 4]>::try_from(inks).ok().filter(|_| process))
}

/// Names and what they stand for, unresolved.
type Entries = Vec<(Box<[u8]>, Value)>;

/// The entries of a dictionary of resources, unresolved.
fn entries(reader: &mut Reader, dict: &Dict, key: &str) -> Result<Entries, Flaw> {
    Ok(match reader.get(dict, key)? {
        Value::Dict(found) => found.0,
        _ => Vec::new(),
    })
}

#[cfg(test)]
#[path = "artwork_tests.rs"]
mod tests;
