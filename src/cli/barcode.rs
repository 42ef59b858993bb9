//! `surimono barcode`: symbols alone, as PDF, SVG or PNG; of one value, or of one in each line of a file.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use super::End;
use super::args::BarcodeArgs;
use super::terminal::Terminal;
use crate::asset::fallback::FontSet;
use crate::asset::font::Font;
use crate::asset::loader::Files;
use crate::barcode::size::{Measures, Wanted, measure};
use crate::barcode::{Kind, Request, Symbol, draw, encode, qr};
use crate::base::xml::escaped;
use crate::base::{Diagnostic, Place, Point, Pt, Size};
use crate::batch::write_file;
use crate::color::Ink;
use crate::page::{Item, ItemList, Page, Placed};
use crate::{pdf, raster};

/// Bytes of a file of values.
const MAX_LINES: u64 = 64 << 20;
/// Pieces that are encoded before they are written.
const AT_ONCE: usize = 64;

type Made<T> = Result<T, Box<Diagnostic>>;

pub(super) fn barcode(args: &BarcodeArgs) -> End {
    let terminal = Terminal::new(false);
    match make(args) {
        Ok(()) => End::Made,
        Err(fault) => {
            terminal.tell(&[*fault]);
            terminal.line("nothing was made");
            End::NotMade
        }
    }
}

/// A symbol with its measures.
struct Ready {
    symbol: Symbol,
    measures: Measures,
}

fn fault(message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("bar-code", message))
}

fn make(args: &BarcodeArgs) -> Made<()> {
    let ending = args.out.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
    if !matches!(ending.as_str(), "pdf" | "svg" | "png") {
        return Err(fault("the file to write must end in .pdf, .svg or .png").help_with("name it with -o"));
    }
    let kind = Kind::parse(&args.kind).map_err(fault)?;
    let ready = all(args, kind)?;
    let fonts = FontSet::shipped();
    let font = fonts.first(&[draw::FAMILY.into()], 400, false).cloned();
    let one = || match &ready[..] {
        [one] => Ok(one),
        all => Err(fault(format!("a .{ending} file holds one symbol, and there are {}", all.len()))
            .help_with("write a .pdf, which has a page for each")),
    };
    match ending.as_str() {
        "svg" => put(&args.out, svg(one()?).as_bytes()),
        "png" => {
            let bytes = document(std::slice::from_ref(one()?), font.as_ref(), args)?;
            let drawing = |f: raster::Fault| fault(format!("the symbol cannot be drawn: {f}"));
            let dpi = args.dpi.unwrap_or(args.png_dpi);
            let proof = raster::Proof::open(bytes).map_err(drawing)?;
            let picture = proof.draw(0, f32::from(dpi), raster::Area::Trim).map_err(drawing)?;
            put(&args.out, &raster::png(&picture).map_err(drawing)?)
        }
        _ => put(&args.out, &document(&ready, font.as_ref(), args)?),
    }
}

/// All symbols that are asked for; the first wrong value ends it.
fn all(args: &BarcodeArgs, kind: Kind) -> Made<Vec<Ready>> {
    let mut request = Request::new(kind, "");
    let choices = [
        ("ecc", &args.ecc),
        ("version", &args.least_version),
        ("check", &args.check),
        ("ratio", &args.ratio),
        ("blocks", &args.blocks),
    ];
    for (name, text) in choices {
        if let Some(text) = text {
            request.set(name, text).map_err(|f| fault(f.to_string()))?;
        }
    }
    let wanted = wanted(args)?;
    let narrow = request.ratio.columns().0;
    let mut scratch = qr::Scratch::default();
    let mut one = |value: &str| {
        let symbol = encode(&Request { value, ..request }, &mut scratch).map_err(|f| f.to_string())?;
        let measures = measure(kind, &symbol, narrow, &wanted).map_err(|f| f.to_string())?;
        Ok::<Ready, String>(Ready { symbol, measures })
    };
    match (&args.value, &args.lines) {
        (Some(value), None) => Ok(vec![one(value).map_err(fault)?]),
        (None, Some(path)) => {
            let text = lines(path)?;
            let text = text.strip_suffix('\n').unwrap_or(&text);
            let each = |(i, line): (usize, &str)| {
                one(line.strip_suffix('\r').unwrap_or(line)).map_err(|m| fault(format!("line {}: {m}", i + 1)))
            };
            text.split('\n').enumerate().map(each).collect()
        }
        _ => {
            Err(fault("there is no value").help_with("write it behind the type, or give a file of values with --lines"))
        }
    }
}

fn wanted(args: &BarcodeArgs) -> Made<Wanted> {
    let mut wanted = Wanted { no_text: args.no_text, ..Wanted::default() };
    let length = |name: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => match Pt::parse(text).filter(|l| *l > Pt::ZERO) {
            Some(length) => Ok(Some(length)),
            None => Err(fault(format!("--{name} is `{text}`; it can be a length such as 0.33mm"))),
        },
    };
    wanted.module = length("module", &args.module)?;
    wanted.height = length("height", &args.height)?;
    wanted.across = length("width", &args.width)?;
    wanted.device.dpi = args.dpi.map_or(0.0, f32::from);
    if let Some(text) = &args.bwr {
        wanted.device.set_reduction(text).map_err(|f| fault(f.to_string()))?;
    }
    Ok(wanted)
}

/// The file of values, or standard input for `-`.
fn lines(path: &Path) -> Made<String> {
    let name = path.to_string_lossy().into_owned();
    let wrong = |what: &str| Box::new(Diagnostic::error("bar-code", what).at(Place::File(name.clone()), ""));
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(MAX_LINES + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|f| f.take(MAX_LINES + 1).read_to_end(&mut bytes))
    };
    read.map_err(|e| wrong(&format!("it cannot be read: {}", e.kind())))?;
    if bytes.len() as u64 > MAX_LINES {
        return Err(wrong("it is larger than 64 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8"))
}

/// A page for each symbol, as large as the symbol with its quiet zone.
fn document(ready: &[Ready], font: Option<&Arc<Font>>, args: &BarcodeArgs) -> Made<Vec<u8>> {
    let wrong = |f: pdf::Fault| Box::new(f.diagnostic());
    let files = Files::open(Path::new(".")).map_err(|f| Box::new(f.diagnostic()))?;
    let mut encoder = pdf::Encoder::new(pdf::Compression::Small);
    let document = pdf::Document {
        title: format!("{} symbols", args.kind),
        compression: pdf::Compression::Small,
        ..pdf::Document::default()
    };
    let mut writer = pdf::Writer::new(Vec::new(), document, files).map_err(wrong)?;
    for part in ready.chunks(AT_ONCE) {
        let mut batch = pdf::Batch::new();
        for one in part {
            encoder
                .encode(&[page(one, font)], &mut batch)
                .map_err(|f| fault(format!("the symbol cannot be drawn: {f}")))?;
        }
        writer.write(&batch, 0..batch.len()).map_err(wrong)?;
    }
    let (_, bytes) = writer.finish().map_err(wrong)?;
    Ok(bytes)
}

fn page(one: &Ready, font: Option<&Arc<Font>>) -> Page {
    let mut items: Vec<Item> = Vec::new();
    let size = one.measures.size;
    // where there is no quiet zone above or below, a page still has an edge
    let edge = Pt::from_mm(1.0);
    draw::draw(&one.symbol, &one.measures, font, Point::new(Pt::ZERO, edge), Ink::BLACK, &mut items);
    let list = Arc::new(ItemList::new(items, false));
    Page {
        trim: Size::new(size.width, size.height + edge * 2.0),
        bleed: Pt::ZERO,
        slug: Pt::ZERO,
        name: "".into(),
        lists: vec![Placed { at: Point::ZERO, list }],
    }
}

/// The symbol in millimetres. Its text is text: the font is that of whoever shows it.
fn svg(one: &Ready) -> String {
    let mut items = Vec::new();
    draw::draw(&one.symbol, &one.measures, None, Point::ZERO, Ink::BLACK, &mut items);
    let size = one.measures.size;
    let (width, height) = (size.width.to_mm(), size.height.to_mm());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.4}mm\" height=\"{height:.4}mm\" viewBox=\"0 0 {width:.4} {height:.4}\">\n"
    );
    out.push_str("<path fill=\"#000\" d=\"");
    for item in &items {
        let Item::Modules(modules) = item else { continue };
        for r in modules.rectangles() {
            let [x, y, w, h] = [r.x, r.y, r.width, r.height].map(Pt::to_mm);
            let _ = write!(out, "M{x:.4} {y:.4}h{w:.4}v{h:.4}h-{w:.4}z");
        }
    }
    out.push_str("\"/>\n");
    if let Some(text) = one.measures.text {
        let module = one.measures.module;
        for (label, baseline) in text.baselines(&one.symbol.labels) {
            let baseline = one.measures.top + baseline;
            let count = label.text.chars().count();
            let mut write = |x: f32, text: String, y: Pt, size: Pt| {
                let (x, y, size) = ((one.measures.left + module * x).to_mm(), y.to_mm(), size.to_mm());
                let _ = writeln!(
                    out,
                    "<text x=\"{x:.4}\" y=\"{y:.4}\" font-size=\"{size:.4}\" font-family=\"'OCR-B', monospace\" text-anchor=\"middle\">{}</text>",
                    escaped(&text)
                );
            };
            let middle = label.left + label.width / 2.0;
            match label.cell {
                Some(cell) => {
                    for (i, c) in label.text.chars().enumerate() {
                        let x = middle + (i as f32 - (count as f32 - 1.0) / 2.0) * cell;
                        write(x, c.to_string(), baseline, text.size);
                    }
                }
                None => write(middle, label.text.clone(), baseline, text.size),
            }
        }
    }
    out.push_str("</svg>\n");
    out
}

fn put(path: &Path, bytes: &[u8]) -> Made<()> {
    let name = path.to_string_lossy().into_owned();
    write_file(path, true, |mut out| match out.write_all(bytes) {
        Ok(()) => Ok(out),
        Err(e) => {
            Err(Diagnostic::error("cannot-write", format!("it cannot be written: {}", e.kind()))
                .at(Place::File(name), ""))
        }
    })
    .map_err(Box::new)
}

trait Help {
    fn help_with(self, help: &str) -> Self;
}

impl Help for Box<Diagnostic> {
    fn help_with(self, help: &str) -> Self {
        Box::new(self.help(help))
    }
}
