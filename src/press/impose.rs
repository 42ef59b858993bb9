//! The run: finished pages from files into places on sheets, one sheet after the other.

use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::grid::{Grid, Place, turned};
use super::map::{Map, Placed};
use super::marks::{self, Shown};
use super::order::Sheets;
use super::pieces::{Input, Name, Pieces};
use super::plan::Plan;
use super::slug;
use super::turn::{Turn, back, back_edge};
use crate::asset::fallback::FontSet;
use crate::base::{Diagnostic, Digest, Edges, Place as Where, Pt, Size};
use crate::cos::object::{int, reference, text};
use crate::cos::read::{Boxes, Copier, Known, Page, Reader, Receiver, Value, packing, text_of};
use crate::ledger::outputs::Outputs;
use crate::pdf::{Binder, Compression, Document, Side, Standard};

/// Trims that differ by less are the same size: a tenth of a millimetre.
const SAME: Pt = Pt(0.28);
/// Contents of sheets that are remembered; there are few, as sheets are alike.
const CONTENTS: usize = 256;

/// What is imposed, and into what.
#[derive(Debug)]
pub struct Job<'a> {
    /// What the job is called, in the slug: ASCII letters, digits, `-`, `_`.
    pub name: &'a str,
    /// The file of sheets is called `STEM-sheets.pdf`.
    pub stem: &'a str,
    /// Its map is called `MAP.csv` and `MAP.json`.
    pub map: &'a str,
    /// Leaves of the job that lie on the sheets of earlier files.
    pub before: u64,
    /// The digest of the manifest.json of the run that made the pages.
    pub made_by: Option<String>,
    /// Files of finished pages in the order of the job, each with its name for messages.
    pub files: &'a [(PathBuf, String)],
    /// The manifest of the run that made them, with its name for messages.
    pub manifest: Option<(PathBuf, String)>,
    pub plan: &'a Plan,
    /// A file that may be made while the sheets are written, and is removed again.
    pub spool: Option<PathBuf>,
}

/// What was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Imposed {
    /// The file of sheets.
    pub file: String,
    pub sheets: u64,
    /// Sides that are printed: pages of the file.
    pub sides: u64,
    pub leaves: u64,
    /// Places on a sheet, across and down.
    pub up: (u16, u16),
    /// Whether pieces lie on their side.
    pub turned: bool,
    /// Places that stay empty on the last sheets.
    pub blanks: u64,
    pub bytes: u64,
    pub digest: Digest,
    /// The two files of its map.
    pub maps: [String; 2],
    pub pieces: u64,
    /// Pages of each piece, when all have the same number.
    pub pages: Option<u32>,
    /// Of the pages.
    pub trim: Size,
    pub bleed: Pt,
    pub sheet: Size,
    pub turn: Turn,
    /// Where the trims lie on the front of a sheet.
    pub places: Vec<Place>,
}

/// A leaf: which piece, and which of its leaves.
#[derive(Clone, Copy, Debug)]
struct Leaf {
    piece: u32,
    nth: u16,
}

/// Imposes `job` into `outputs`, which it does not commit. `progress` is told of sheets done and in all; warnings go to
/// `told`.
///
/// # Errors
/// Why nothing can be made: files that cannot be read, pages that do not fit or differ, a manifest of another run.
pub fn impose(
    job: &Job<'_>,
    outputs: &mut Outputs,
    told: &mut Vec<Diagnostic>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Imposed, Diagnostic> {
    let plan = job.plan;
    let mut inputs = Vec::new();
    for (path, label) in job.files {
        inputs.push(Input::open(path, label)?);
    }
    let wanted = plan.pages.unwrap_or(if plan.turn == Some(Turn::None) { 1 } else { default_pages(&inputs) });
    let mut pieces = Pieces::find(&mut inputs, job.manifest.as_ref(), wanted)?;
    let most = pieces.all.iter().map(|p| p.pages).max().unwrap_or(0);
    let turn = plan.turn.unwrap_or(if most > 1 { Turn::LongEdge } else { Turn::None });
    let leaves = leaves(&pieces, &inputs, turn, plan.blank_backs)?;
    let (trim, bleed) = sizes(&inputs, plan, told)?;
    let grid = Grid::new(plan, turn, trim, bleed)?;
    let sheets = Sheets::new(plan.order, grid.places.len(), leaves.len() as u64);
    let behind = if turn == Turn::None { Vec::new() } else { back(&grid.places, grid.sheet, turn, plan.head) };

    let file = format!("{}-sheets.pdf", job.stem);
    let [csv_name, json_name] = ["csv", "json"].map(|end| format!("{}.{end}", job.map));
    let mut carried = Carried::of(&mut inputs, job.name)?;
    let fonts = FontSet::shipped();
    let font = fonts.first(&[Arc::from("BIZ UDGothic")], 400, false);
    let font = font.ok_or_else(|| Diagnostic::error("no-font", "the font of the slug is missing"))?;
    let output = outputs.create(&file)?.without_digest();
    let pdf = |f: crate::pdf::Fault| f.diagnostic();
    let document = Document { spool: job.spool.clone(), ..carried.document.clone() };
    let mut binder = Binder::new(output, document, Arc::clone(font)).map_err(pdf)?;
    let intents = carried.intents(&mut inputs, &mut binder)?;

    let front = marks::draw(&grid.places, &grid.folds, grid.sheet, plan.marks);
    let back_folds: Vec<_> = grid.folds.iter().map(|f| back_edge(*f, grid.sheet, turn)).collect();
    let reverse = marks::draw(&behind, &back_folds, grid.sheet, plan.marks);
    if plan.slug && front.slug.is_none() {
        told.push(
            Diagnostic::warning("no-room-for-slug", "the sheet has no room for the line that says what it is")
                .help("Take wider margins or a larger sheet, or --no-slug."),
        );
    }
    let (csv, json) = (outputs.create(&csv_name)?, outputs.create(&json_name)?);
    let mut map = Map::begin(csv, json, job.name, &grid, &behind)?;
    let mut run = Run {
        copiers: inputs.iter().map(|_| Copier::default()).collect(),
        inputs,
        known: carried.known,
        binder,
        registration: 0,
        contents: FxHashMap::default(),
        last: None,
        scratch: Vec::new(),
    };
    run.registration = run.registration_space();
    let sides: Vec<(&str, &[Place], &marks::Drawn)> = match turn {
        Turn::None => vec![("front", &grid.places, &front)],
        _ => vec![("front", &grid.places, &front), ("back", &behind, &reverse)],
    };
    let drawn: Vec<u32> = sides.iter().map(|(_, _, drawn)| run.marks(drawn, grid.sheet)).collect();
    let (count, vt) = (sheets.count(), carried.document.standard == Standard::Vt1);
    let (mut blanks, mut printed) = (0, 0);
    let mut names: Vec<Name> = Vec::new();
    for sheet in 0..count {
        let on: Vec<Option<u64>> = (0..grid.places.len()).map(|place| sheets.leaf(sheet, place)).collect();
        blanks += on.iter().filter(|l| l.is_none()).count() as u64;
        let numbers: Vec<u64> = on.iter().flatten().map(|l| l + 1 + job.before).collect();
        names.clear();
        for leaf in &on {
            let leaf = leaf.and_then(|l| leaves.get(l as usize));
            names.push(match leaf {
                Some(leaf) => pieces.name(leaf.piece as usize)?,
                None => Name::default(),
            });
        }
        let mut made: Vec<Made> = Vec::new();
        for ((index, (side, places, drawn_side)), marks) in sides.iter().enumerate().zip(&drawn) {
            let mut placed = Vec::new();
            let mut contents = Contents::default();
            for (place, leaf) in on.iter().enumerate() {
                let Some((number, leaf)) = leaf.and_then(|l| Some((l + 1 + job.before, leaves.get(l as usize)?)))
                else {
                    continue;
                };
                let Some(piece) = pieces.all.get(leaf.piece as usize) else { continue };
                let nth = u32::from(leaf.nth) * sides.len() as u32 + index as u32;
                if nth >= u32::from(piece.pages) {
                    continue;
                }
                let page = piece.first + nth;
                let form = run.form(usize::from(piece.input), page as usize, &mut contents)?;
                if let Some(to) = places.get(place) {
                    contents.place(place, form.0, &form.1, to, grid.sheet);
                }
                placed.push((place, number, piece.input, page));
            }
            map.side(
                sheet + 1,
                side,
                &placed
                    .iter()
                    .filter_map(|(place, number, input, page)| {
                        let name = names.get(*place)?;
                        Some(Placed {
                            place: place + 1,
                            number: *number,
                            piece: &name.piece,
                            page: u64::from(*page) + 1,
                            source: &name.source,
                            row: &name.row,
                            file: &run.inputs.get(usize::from(*input))?.name,
                        })
                    })
                    .collect::<Vec<_>>(),
            )?;
            let line = plan.slug.then(|| slug::line(job.name, &file, sheet + 1, count, side, &numbers));
            made.push(run.side(contents, *marks, drawn_side, line.as_deref(), grid.sheet)?);
            printed += 1;
        }
        let about = vt.then(|| about(job.name, sheet + 1, &names));
        let sides: Vec<Side<'_>> = made
            .iter()
            .map(|m| Side { size: grid.sheet, resources: &m.resources, contents: &m.contents, group: &m.group })
            .collect();
        run.binder.sheet(&sides, about.as_deref()).map_err(pdf)?;
        if sheet % 64 == 0 {
            progress(sheet, count);
        }
    }
    let mut catalog = Vec::new();
    if !intents.is_empty() {
        catalog.extend_from_slice(b"/OutputIntents");
        catalog.extend_from_slice(&intents);
    }
    let (summary, output) = run.binder.finish(&catalog).map_err(pdf)?;
    outputs.finish_with(output, summary.sha256)?;
    let (csv, tail) = map.end()?;
    let csv = outputs.finish(csv)?;
    let made = crate::ledger::Made { name: file.clone(), bytes: summary.bytes, sha256: summary.sha256 };
    outputs.finish(tail.end(&made, (count, printed), &csv, job.made_by.as_deref())?)?;
    Ok(Imposed {
        file,
        sheets: count,
        sides: printed,
        leaves: leaves.len() as u64,
        up: grid.up,
        turned: grid.turn % 180 == 90,
        blanks,
        bytes: summary.bytes,
        digest: summary.sha256,
        maps: [csv_name, json_name],
        pieces: pieces.all.len() as u64,
        pages: pieces
            .all
            .first()
            .map(|p| u32::from(p.pages))
            .filter(|n| pieces.all.iter().all(|p| u32::from(p.pages) == *n)),
        trim,
        bleed: bleed.top.max(bleed.right).max(bleed.bottom).max(bleed.left),
        sheet: grid.sheet,
        turn,
        places: grid.places,
    })
}

/// Without any other word: two pages a piece, unless that leaves one over and all would be fronts.
fn default_pages(inputs: &[Input]) -> u32 {
    if inputs.iter().all(|i| i.pages.len() == 1) { 1 } else { 2 }
}

fn leaves(pieces: &Pieces, inputs: &[Input], turn: Turn, blank_backs: bool) -> Result<Vec<Leaf>, Diagnostic> {
    let each: u16 = if turn == Turn::None { 1 } else { 2 };
    let mut leaves = Vec::with_capacity(pieces.all.len());
    for (index, piece) in pieces.all.iter().enumerate() {
        if each == 2 && piece.pages % 2 == 1 && !blank_backs {
            let label = inputs.get(usize::from(piece.input)).map_or("", |i| i.label.as_str());
            let message = format!(
                "{label}: the piece that begins at page {} has {} page{}, so its last leaf has no back",
                piece.first + 1,
                piece.pages,
                if piece.pages == 1 { "" } else { "s" }
            );
            return Err(Diagnostic::error("odd-pages", message)
                .at(Where::File(label.to_owned()), "")
                .help("Give --blank-backs to leave such backs empty, or --duplex none."));
        }
        for nth in 0..piece.pages.div_ceil(each) {
            leaves.push(Leaf { piece: index as u32, nth });
        }
    }
    if leaves.is_empty() {
        let label = inputs.first().map_or("", |i| i.label.as_str());
        return Err(Diagnostic::error("no-pages", format!("{label} has no pages")));
    }
    Ok(leaves)
}

/// Trim and bleed of a page as it is shown.
fn shown(boxes: &Boxes) -> (Size, Edges<Pt>) {
    let (trim, bleed) = (&boxes.trim, &boxes.bleed);
    let size = match boxes.rotate % 180 {
        90 => Size::new(trim.height(), trim.width()),
        _ => Size::new(trim.width(), trim.height()),
    };
    let edges = Edges {
        top: Pt(bleed.top - trim.top),
        right: Pt(bleed.right - trim.right),
        bottom: Pt(trim.bottom - bleed.bottom),
        left: Pt(trim.left - bleed.left),
    };
    (size, turned(edges, boxes.rotate))
}

/// The one size that all pages have, and the most bleed that each edge has in any.
fn sizes(inputs: &[Input], plan: &Plan, told: &mut Vec<Diagnostic>) -> Result<(Size, Edges<Pt>), Diagnostic> {
    let mut first: Option<(Size, &str)> = None;
    let mut most = Edges::all(Pt::ZERO);
    for input in inputs {
        let at = || Where::File(input.label.clone());
        let mut without_trim = 0usize;
        for index in 0..input.pages.len() {
            let Some(boxes) = input.pages.boxes(index) else { continue };
            without_trim += usize::from(!boxes.has_trim);
            if boxes.unit != 1.0 {
                let message = format!("{}: page {} is measured in other units than points", input.label, index + 1);
                return Err(Diagnostic::error("user-unit", message).at(at(), ""));
            }
            let (size, bleed) = shown(boxes);
            most = Edges {
                top: most.top.max(bleed.top),
                right: most.right.max(bleed.right),
                bottom: most.bottom.max(bleed.bottom),
                left: most.left.max(bleed.left),
            };
            let (wanted, of) = match (first, plan.trim) {
                (Some((size, label)), _) => (size, format!("those before it ({label}) have")),
                (None, Some(trim)) => (trim, "the card must have".to_owned()),
                (None, None) => (size, String::new()),
            };
            let differs = |a: Pt, b: Pt| (a - b).abs().0 > SAME.0;
            if differs(size.width, wanted.width) || differs(size.height, wanted.height) {
                let message = format!(
                    "{}: page {} is {:.1} x {:.1} mm and {of} {:.1} x {:.1} mm",
                    input.label,
                    index + 1,
                    size.width.to_mm(),
                    size.height.to_mm(),
                    wanted.width.to_mm(),
                    wanted.height.to_mm()
                );
                return Err(Diagnostic::error("page-sizes", message)
                    .at(at(), "")
                    .help("Pages of one sheet must have one trim size: impose pieces of each size on their own."));
            }
            first.get_or_insert((size, input.label.as_str()));
        }
        if without_trim > 0 {
            told.push(
                Diagnostic::warning(
                    "no-trim",
                    format!("{}: {without_trim} pages do not say where they are cut; all that is shown is taken for the trim", input.label),
                )
                .at(at(), "")
                .help("Such pages have no bleed. Export with a TrimBox and bleed."),
            );
        }
    }
    first.map(|(size, _)| (size, most)).ok_or_else(|| Diagnostic::error("no-pages", "there are no pages to impose"))
}

/// What the sheets take over from the files that they are made of.
struct Carried {
    document: Document,
    known: Known,
}

impl Carried {
    fn of(inputs: &mut [Input], job: &str) -> Result<Self, Diagnostic> {
        let mut document = Document {
            title: job.to_owned(),
            job: job.to_owned(),
            compression: Compression::Fast,
            ..Document::default()
        };
        let mut standard: Option<Standard> = None;
        for input in inputs.iter_mut() {
            let told = |e: crate::cos::read::Fault| e.diagnostic(&input.label);
            let reader = &mut input.reader;
            let found = standard_of(reader).map_err(told)?;
            standard = Some(standard.map_or(found, |s| s.min(found)));
            let info = reader.trailer().get("Info").cloned().unwrap_or(Value::Null);
            let info = reader.resolved(&info).map_err(told)?;
            if let (Value::Dict(info), None) = (&info, document.date) {
                if let Value::String(title) = reader.get(info, "Title").map_err(told)? {
                    document.title = text_of(&title);
                }
                for key in ["ModDate", "CreationDate"] {
                    if let (Value::String(date), None) = (reader.get(info, key).map_err(told)?, document.date) {
                        document.date = date_of(&date);
                    }
                }
            }
            let catalog = reader.catalog().map_err(told)?;
            if let Value::String(language) = reader.get(&catalog, "Lang").map_err(told)? {
                document.language = text_of(&language);
            }
        }
        // A file that says no day cannot be one of a standard that wants it.
        let standard = standard.filter(|_| document.date.is_some()).unwrap_or_default();
        document.standard = standard;
        Ok(Self { document, known: Known::default() })
    }

    /// The output intents as they are written in the catalog. All files must be made for the same one.
    fn intents<W: std::io::Write>(
        &mut self,
        inputs: &mut [Input],
        binder: &mut Binder<W>,
    ) -> Result<Vec<u8>, Diagnostic> {
        let mut found: Option<(Vec<u8>, String)> = None;
        for input in inputs {
            let told = |e: crate::cos::read::Fault| e.diagnostic(&input.label);
            let reader = &mut input.reader;
            let catalog = reader.catalog().map_err(told)?;
            let mut written = Vec::new();
            if let Value::Array(intents) = reader.get(&catalog, "OutputIntents").map_err(told)? {
                let intents: Result<Vec<Value>, _> = intents.iter().map(|i| reader.resolved(i)).collect();
                let intents = Value::Array(intents.map_err(told)?);
                Copier::default().write(reader, &intents, &mut written, &mut self.known, binder).map_err(told)?;
            }
            match &found {
                Some((intents, first)) if *intents != written => {
                    let message = format!("{first} and {} are made for different printing conditions", input.label);
                    return Err(Diagnostic::error("output-intents", message)
                        .help("Sheets can only be printed on one press: impose the files on their own."));
                }
                Some(_) => {}
                None => found = Some((written, input.label.clone())),
            }
        }
        Ok(found.map(|f| f.0).unwrap_or_default())
    }
}

/// The standard that a file says it keeps, of those that are known here.
fn standard_of(reader: &mut Reader) -> Result<Standard, crate::cos::read::Fault> {
    let catalog = reader.catalog()?;
    let Some(metadata @ Value::Ref(_)) = catalog.get("Metadata") else { return Ok(Standard::Plain) };
    let stream = reader.stream(metadata)?;
    let xmp = reader.unpacked(&stream)?;
    let says = |key: &str, value: &str| {
        memchr::memmem::find_iter(&xmp, key.as_bytes()).any(|at| {
            let rest = xmp.get(at + key.len()..).unwrap_or_default();
            // As an element (`>PDF/X-4<`) or an attribute (`="PDF/X-4"`).
            let rest: Vec<u8> =
                rest.iter().copied().filter(|b| !b.is_ascii_whitespace()).take(value.len() + 3).collect();
            let rest = rest.strip_prefix(b"=").unwrap_or(&rest);
            let rest = rest.get(1..).unwrap_or_default();
            rest.starts_with(value.as_bytes())
                && rest.get(value.len()).is_some_and(|b| matches!(b, b'<' | b'"' | b'\''))
        })
    };
    Ok(match says("GTS_PDFXVersion", "PDF/X-4") {
        true if says("GTS_PDFVTVersion", "PDF/VT-1") => Standard::Vt1,
        true => Standard::X4,
        false => Standard::Plain,
    })
}

/// `D:20261121…` (ISO 32000-1, 7.9.4): the day alone.
fn date_of(bytes: &[u8]) -> Option<jiff::civil::Date> {
    let text = text_of(bytes);
    let digits = text.strip_prefix("D:").unwrap_or(&text);
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i16>().ok();
    let (year, month, day) = (number(0..4)?, number(4..6).unwrap_or(1), number(6..8).unwrap_or(1));
    jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// One side of a sheet under way.
#[derive(Debug, Default)]
struct Contents {
    operators: Vec<u8>,
    forms: Vec<u8>,
    group: Vec<u8>,
}

impl Contents {
    /// Draws the form `number` at a place, cut to the room that it has there.
    fn place(&mut self, place: usize, number: u32, boxes: &Boxes, to: &Place, sheet: Size) {
        use std::io::Write as _;
        let trim = boxes.trim;
        // From here on y runs up, as in PDF.
        let (x, y) = (to.trim.x.0, sheet.height.0 - to.trim.bottom().0);
        let room = to.room;
        let clip = [
            x - room.left.0,
            y - room.bottom.0,
            to.trim.width.0 + room.left.0 + room.right.0,
            to.trim.height.0 + room.top.0 + room.bottom.0,
        ];
        let matrix = match (boxes.rotate + to.turn) % 360 {
            90 => [0.0, -1.0, 1.0, 0.0, x - trim.bottom, y + trim.right],
            180 => [-1.0, 0.0, 0.0, -1.0, x + trim.right, y + trim.top],
            270 => [0.0, 1.0, -1.0, 0.0, x + trim.top, y - trim.left],
            _ => [1.0, 0.0, 0.0, 1.0, x - trim.left, y - trim.bottom],
        };
        let out = &mut self.operators;
        out.extend_from_slice(b"q ");
        // Writing into a vector cannot fail.
        clip.iter().for_each(|v| _ = write!(out, "{} ", Shown(*v)));
        out.extend_from_slice(b"re W n ");
        matrix.iter().for_each(|v| _ = write!(out, "{} ", Shown(*v)));
        out.extend_from_slice(b"cm /P");
        int(out, place + 1);
        out.extend_from_slice(b" Do Q\n");
        self.forms.extend_from_slice(b"/P");
        int(&mut self.forms, place + 1);
        self.forms.push(b' ');
        reference(&mut self.forms, number);
    }
}

/// What a side of a sheet becomes.
struct Made {
    resources: Vec<u8>,
    contents: Vec<u32>,
    group: Vec<u8>,
}

/// A form that was written: file and page, its number, its boxes and its group.
type Last = (usize, usize, u32, Boxes, Vec<u8>);

struct Run<W: std::io::Write> {
    inputs: Vec<Input>,
    copiers: Vec<Copier>,
    known: Known,
    binder: Binder<W>,
    /// The number of the registration colour's space.
    registration: u32,
    /// Content streams of sheets, which are mostly the same ones.
    contents: FxHashMap<Vec<u8>, u32>,
    /// The form written last, which step and repeat wants again at each place.
    last: Option<Last>,
    scratch: Vec<u8>,
}

impl<W: std::io::Write> Run<W> {
    /// Separation `All`: on every plate (ISO 32000-1, 8.6.6.4).
    fn registration_space(&mut self) -> u32 {
        let number = self.binder.number();
        self.binder
            .object(number, b"[/Separation/All/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[1 1 1 1]/N 1>>]");
        number
    }

    /// The marks of one side as a form.
    fn marks(&mut self, drawn: &marks::Drawn, sheet: Size) -> u32 {
        let mut entries = b"/Type/XObject/Subtype/Form/BBox[0 0 ".to_vec();
        entries.extend_from_slice(format!("{} {}", Shown(sheet.width.0), Shown(sheet.height.0)).as_bytes());
        entries.extend_from_slice(b"]/Resources<</ColorSpace<</All ");
        reference(&mut entries, self.registration);
        entries.extend_from_slice(b">>>>");
        self.binder.packed_stream(&entries, &drawn.content(sheet))
    }

    /// The page as a form: its content as it stands in the file, its resources copied once.
    fn form(&mut self, input: usize, index: usize, contents: &mut Contents) -> Result<(u32, Boxes), Diagnostic> {
        if let Some((i, p, number, boxes, group)) = &self.last
            && (*i, *p) == (input, index)
        {
            if contents.group.is_empty() {
                contents.group.clone_from(group);
            }
            return Ok((*number, *boxes));
        }
        let gone = || Diagnostic::error("pdf-input", "there is no such file");
        let (Some(source), Some(copier)) = (self.inputs.get_mut(input), self.copiers.get_mut(input)) else {
            return Err(gone());
        };
        let Input { reader, pages, label, .. } = source;
        let told = |e: crate::cos::read::Fault| {
            let mut d = e.diagnostic(label);
            d.message = format!("{} (page {})", d.message, index + 1);
            d
        };
        let page = pages.get(reader, index).map_err(told)?;
        let b = page.boxes.bleed;
        let mut entries = b"/Type/XObject/Subtype/Form/BBox[".to_vec();
        let bbox = format!("{} {} {} {}]", Shown(b.left), Shown(b.bottom), Shown(b.right), Shown(b.top));
        entries.extend_from_slice(bbox.as_bytes());
        entries.extend_from_slice(b"/Resources");
        match &page.resources {
            Value::Null => entries.extend_from_slice(b"<<>>"),
            resources => {
                copier.write(reader, resources, &mut entries, &mut self.known, &mut self.binder).map_err(told)?;
            }
        }
        let mut group = Vec::new();
        if let Value::Dict(mut dict) = reader.get(&page.dict, "Group").map_err(told)? {
            copier
                .write(reader, &Value::Dict(dict.clone()), &mut group, &mut self.known, &mut self.binder)
                .map_err(told)?;
            // What is drawn on a page blends with nothing beneath it (11.4.7), so as a form it must stand alone.
            dict.0.retain(|(key, _)| **key != *b"I");
            dict.0.push(((*b"I").into(), Value::Bool(true)));
            entries.extend_from_slice(b"/Group");
            copier.write(reader, &Value::Dict(dict), &mut entries, &mut self.known, &mut self.binder).map_err(told)?;
        }
        let number = content(reader, &page, entries, &mut self.scratch, &mut self.binder).map_err(told)?;
        if contents.group.is_empty() {
            contents.group.clone_from(&group);
        }
        self.last = Some((input, index, number, page.boxes, group));
        Ok((number, page.boxes))
    }

    fn side(
        &mut self,
        contents: Contents,
        marks: u32,
        drawn: &marks::Drawn,
        line: Option<&str>,
        sheet: Size,
    ) -> Result<Made, Diagnostic> {
        let Contents { mut operators, forms, group } = contents;
        operators.extend_from_slice(b"/Marks Do\n");
        let number = match self.contents.get(&operators) {
            Some(number) => *number,
            None => {
                let number = self.binder.packed_stream(b"", &operators);
                if self.contents.len() < CONTENTS {
                    self.contents.insert(operators, number);
                }
                number
            }
        };
        let mut resources = b"/XObject<<".to_vec();
        resources.extend_from_slice(&forms);
        resources.extend_from_slice(b"/Marks ");
        reference(&mut resources, marks);
        resources.extend_from_slice(b">>");
        let mut numbers = vec![number];
        if let (Some(line), Some(((x, y), turn))) = (line, drawn.slug) {
            let (x, y) = (Shown(x.0), Shown(sheet.height.0 - y.0));
            let matrix = if turn == 90 { format!("0 1 -1 0 {x} {y}") } else { format!("1 0 0 1 {x} {y}") };
            let mut text = format!("BT 0 0 0 1 k /F {} Tf {matrix} Tm ", Shown(slug::SIZE.0)).into_bytes();
            self.binder.line(line, &mut text);
            text.extend_from_slice(b" ET\n");
            numbers.push(self.binder.packed_stream(b"", &text));
            resources.extend_from_slice(b"/Font<</F ");
            reference(&mut resources, self.binder.font());
            resources.extend_from_slice(b">>");
        }
        Ok(Made { resources, contents: numbers, group })
    }
}

/// Writes a page's content as a form with `entries`. One stream is copied as it is; several are joined.
fn content<W: std::io::Write>(
    reader: &mut Reader,
    page: &Page,
    mut entries: Vec<u8>,
    scratch: &mut Vec<u8>,
    binder: &mut Binder<W>,
) -> Result<u32, crate::cos::read::Fault> {
    let streams = page.contents(reader)?;
    if let [one] = &streams[..] {
        packing(reader, &one.dict, &mut entries)?;
        reader.raw(one, scratch)?;
        let number = binder.number();
        binder.stream(number, &entries, scratch);
        return Ok(number);
    }
    let mut all = Vec::new();
    for stream in &streams {
        all.extend_from_slice(&reader.unpacked(stream)?);
        // Streams are divided at tokens (7.8.2).
        all.push(b'\n');
    }
    Ok(binder.packed_stream(&entries, &all))
}

/// What a sheet's document part says of it: its own name, its number, and the pieces on it. No personal data.
fn about(job: &str, sheet: u64, names: &[Name]) -> Vec<u8> {
    let mut out = b"/CIP4_Root<</Type/CIP4_Root/CIP4_Recipient<</CIP4_UniqueID".to_vec();
    text(&mut out, &format!("{job}-sheet-{sheet:07}"));
    out.extend_from_slice(b">>>>/Surimono_Sheet ");
    int(&mut out, sheet);
    out.extend_from_slice(b"/Surimono_Pieces[");
    for name in names.iter().filter(|n| !n.piece.is_empty()) {
        text(&mut out, &name.piece);
    }
    out.push(b']');
    out
}
