//! `surimono render`: any HTML file to PDF, without a campaign. Whatever is wrong with the page is told as a warning
//! with its place, and the PDF shows what could be made of it.

use std::io::{Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::End;
use super::args::RenderArgs;
use super::terminal::Terminal;
use crate::asset::fallback::FontSet;
use crate::asset::font::{FontData, describe};
use crate::asset::image::ImageStore;
use crate::asset::loader::Files;
use crate::asset::profile::{self, Profile};
use crate::base::{Diagnostic, Place, Pt, Severity, Size, SourceText};
use crate::batch::write_file;
use crate::layout::{Composer, Fault, FaultKind, Shared, trace};
use crate::markup::css::PageStyle;
use crate::markup::decode;
use crate::markup::html::{MAX_BYTES, Syntax};
use crate::page::{Page, screen};
use crate::pdf;
use crate::raster;

/// Pages of one file.
const MAX_PAGES: usize = 2000;
/// Elements inside one another that layout follows.
const MAX_DEPTH: usize = 200;
/// Bytes of a font file.
const MAX_FONT: u64 = 256 << 20;
/// Warnings that are told one by one; the rest is counted.
const TOLD: usize = 100;

pub(super) fn render(args: &RenderArgs) -> End {
    let terminal = Terminal::new(false);
    match make(args, &terminal) {
        Ok(0) => End::Made,
        Ok(_) if args.strict => End::TooManyRejects,
        Ok(_) => End::Made,
        Err(fault) => {
            terminal.tell(&[*fault]);
            terminal.line("nothing was made");
            End::NotMade
        }
    }
}

type Made<T> = Result<T, Box<Diagnostic>>;

/// Makes the PDF; how many warnings there were.
fn make(args: &RenderArgs, terminal: &Terminal) -> Made<usize> {
    let (files, name) = open(args)?;
    let label = label(&args.page);
    let loaded = files.read_named(&name, MAX_BYTES as u64).map_err(|f| Box::new(f.diagnostic()))?;
    let (text, broken) = decode::page(&loaded);
    let source = SourceText::new(label.clone(), text);
    let mut told = Vec::new();
    if broken {
        let message = "bytes that its encoding does not have are shown as U+FFFD";
        told.push(Diagnostic::warning("page-encoding", message).at(Place::File(label.clone()), ""));
    }

    let fonts = Arc::new(fonts(&args.font)?);
    let images = Arc::new(ImageStore::new(files.clone()));
    let mut shared = Shared::new(fonts, images, name);
    shared.paper = paper(args)?;
    shared.syntax = syntax(&args.page);
    // one page is laid out once: nothing recurs
    shared.options.caches = false;
    shared.options.flow = true;
    shared.options.trace = args.boxes.is_some();
    shared.options.max_pages = MAX_PAGES;
    shared.options.max_depth = MAX_DEPTH;

    let press = Press::of(args)?;
    let drawn = catch_unwind(AssertUnwindSafe(|| draw(&press, &files, shared, &source, &mut told)));
    let Ok(drawn) = drawn else {
        return Err(Box::new(Diagnostic::error(
            "internal-fault",
            "a fault of the program kept the page from being made",
        )));
    };
    let drawn = drawn?;
    let count = told.len();
    told.truncate(TOLD);
    terminal.tell(&told);
    if count > TOLD {
        terminal.line(&format!("{} further warnings are not listed", count - TOLD));
    }
    write(args, &drawn, press, files)?;
    Ok(count)
}

/// The door to the page's files, and the page's name behind it.
fn open(args: &RenderArgs) -> Made<(Files, String)> {
    let page = label(&args.page);
    let fault = |message: String| Box::new(Diagnostic::error("page", message).at(Place::File(page.clone()), ""));
    let real = std::fs::canonicalize(&args.page).map_err(|e| fault(format!("it cannot be opened: {}", words(&e))))?;
    let beside = real.parent().unwrap_or(Path::new("/")).to_path_buf();
    let root = args.root.clone().unwrap_or(beside);
    let files = Files::site(&root).map_err(|f| Box::new(f.diagnostic()))?;
    let root = std::fs::canonicalize(&root).map_err(|e| fault(format!("--root cannot be opened: {}", words(&e))))?;
    let inside = real.strip_prefix(&root).map_err(|_| fault("it does not lie in the folder of --root".to_owned()))?;
    let parts: Option<Vec<&str>> = inside.iter().map(|p| p.to_str()).collect();
    let parts = parts.ok_or_else(|| fault("its name is not Unicode".to_owned()))?;
    Ok((files, parts.join("/")))
}

/// The system's error without what may hold a path.
fn words(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        kind => kind.to_string(),
    }
}

fn label(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn syntax(page: &Path) -> Syntax {
    let ending = page.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
    if matches!(ending.as_str(), "xht" | "xhtml" | "xml") { Syntax::Xml } else { Syntax::Html }
}

/// The shipped faces, and those of `--font` under the names that they have.
fn fonts(paths: &[PathBuf]) -> Made<FontSet> {
    let mut set = FontSet::shipped();
    for path in paths {
        let fault = |message: String| {
            Box::new(
                Diagnostic::error("font", message).at(Place::File(label(path)), "").help("--font names a font file"),
            )
        };
        let mut bytes = Vec::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_FONT).read_to_end(&mut bytes))
            .map_err(|e| fault(format!("it cannot be read: {}", words(&e))))?;
        let data = FontData::Loaded(bytes.into()).unpacked().map_err(|f| fault(f.to_string()))?;
        let face = describe(data.as_ref(), 0).map_err(|f| fault(f.to_string()))?;
        let family: Arc<str> = Arc::from(face.family);
        set.add(data, 0, Arc::clone(&family), face.weight, face.italic).map_err(|f| fault(f.to_string()))?;
        if Some(path) == paths.first() {
            set.prefer(family);
        }
    }
    Ok(set)
}

/// The page of `--size` and `--margin`.
fn paper(args: &RenderArgs) -> Made<PageStyle> {
    let one = |option: &str, property: &str, value: &str| -> Made<()> {
        let source = SourceText::new(format!("--{option}"), format!("@page {{ {property}: {value} }}"));
        let fault = |message: String| Box::new(Diagnostic::error("option", message));
        if value.contains(['{', '}', ';']) {
            return Err(fault(format!("--{option} is one value, not `{value}`")));
        }
        PageStyle::described(&source).map(|_| ()).map_err(|d| fault(format!("--{option}: {} ({})", d.message, d.label)))
    };
    one("size", "size", &args.size)?;
    let sized = |margin: &str| {
        let text = format!("@page {{ size: {}; margin: {margin} }}", args.size);
        PageStyle::described(&SourceText::new("--size --margin", text))
    };
    if let Some(margin) = &args.margin {
        one("margin", "margin", margin)?;
        return sized(margin);
    }
    let Size { width, height } = sized("0")?.size;
    let (across, down) = (spare(width), spare(height));
    sized(&format!("{MARGIN}px {across}px {down}px {MARGIN}px"))
}

/// The default margin in CSS pixels, some 10 mm.
const MARGIN: f32 = 40.0;

/// The margin at the far side, so that what is between both is a whole number of pixels: edges that lie on pixels in a
/// browser's window then do so in `--png` too.
fn spare(length: Pt) -> f32 {
    let pixels = length.0 / 0.75;
    let inside = (pixels - 2.0 * MARGIN).round();
    if inside >= 1.0 { pixels - MARGIN - inside } else { MARGIN }
}

/// What was laid out, ready to be written.
struct Drawn {
    batch: pdf::Batch,
    title: String,
    language: String,
    boxes: String,
}

fn draw(
    press: &Press,
    files: &Files,
    mut shared: Shared,
    source: &Arc<SourceText>,
    told: &mut Vec<Diagnostic>,
) -> Made<Drawn> {
    for mut d in shared.prepare(&source.text, &[source]) {
        if d.code != "no-page-size" {
            d.severity = Severity::Warning;
            told.push(d);
        }
    }
    let paper = shared.paper.clone();
    let mut composer = Composer::new(Arc::new(shared));
    let (mut pages, mut faults) = (Vec::new(), Vec::new());
    composer.compose(&source.text, &mut pages, &mut faults);
    let mut batch = pdf::Batch::new();
    if pages.is_empty() {
        if let Some(fault) = faults.iter().find(|f| matches!(f.kind, FaultKind::Markup { .. })) {
            let mut d = warning(fault, source);
            d.severity = Severity::Error;
            return Err(Box::new(d));
        }
        // a document that shows nothing is an empty sheet
        pages.push(Page { trim: paper.size, bleed: paper.bleed, lists: Vec::new(), slug: Pt::ZERO, name: "".into() });
    }
    // stylesheets that cannot be had were told when they were looked for
    let faults = faults.iter().filter(|f| !matches!(f.kind, FaultKind::Stylesheet { .. }));
    told.extend(faults.map(|f| warning(f, source)));
    if press.intent.is_none() {
        screen::for_screen(&mut pages);
    }
    let mut encoder = pdf::Encoder::new(pdf::Compression::Small).with_colors(&press.colors, files);
    encoder
        .encode(&pages, &mut batch)
        .map_err(|f| Box::new(Diagnostic::error("encode", format!("the page cannot be drawn: {f}"))))?;
    let (title, language) = composer.title_and_language();
    let (traced, dom) = composer.traced();
    let boxes = if traced.is_empty() { String::new() } else { format!("{:#}\n", trace::json(traced, dom)) };
    Ok(Drawn { batch, title, language, boxes })
}

fn warning(fault: &Fault, source: &Arc<SourceText>) -> Diagnostic {
    let mut start = (fault.at as usize).min(source.text.len());
    while !source.text.is_char_boundary(start) {
        start -= 1;
    }
    // a tag, or what stands there up to the next one
    let rest = source.text.get(start..).unwrap_or("");
    let end = if rest.starts_with('<') {
        rest.find('>').map_or(rest.len(), |i| i + 1)
    } else {
        rest.find('<').unwrap_or(rest.len())
    };
    let end = rest.get(..end).unwrap_or("").lines().next().map_or(0, str::len);
    Diagnostic::warning(fault.code(), fault.to_string()).at_text(source, start..start + end, "")
}

fn write(args: &RenderArgs, drawn: &Drawn, press: Press, files: Files) -> Made<()> {
    let default = || PathBuf::from(args.page.with_extension("pdf").file_name().unwrap_or("page.pdf".as_ref()));
    let out = args.out.clone().unwrap_or_else(default);
    let document = pdf::Document {
        title: drawn.title.clone(),
        job: String::new(),
        date: args.date,
        language: drawn.language.clone(),
        standard: args.standard.into(),
        intent: press.intent,
        colors: press.colors,
        compression: pdf::Compression::Small,
        spool: None,
        bundles: None,
    };
    let fault = |f: pdf::Fault| Box::new(f.diagnostic());
    let mut writer = pdf::Writer::new(Vec::new(), document, files).map_err(fault)?;
    writer.write(&drawn.batch, 0..drawn.batch.len()).map_err(fault)?;
    let (_, bytes) = writer.finish().map_err(fault)?;
    put(&out, &bytes)?;
    if let Some(boxes) = &args.boxes {
        put(boxes, drawn.boxes.as_bytes())?;
    }
    let Some(png) = &args.png else { return Ok(()) };
    let drawing = |f: raster::Fault| Box::new(Diagnostic::error("raster", format!("a page cannot be drawn: {f}")));
    let proof = raster::Proof::open(bytes).map_err(drawing)?;
    for page in 0..proof.pages() {
        let picture = proof.draw(page, f32::from(args.dpi), raster::Area::Trim).map_err(drawing)?;
        put(&numbered(png, page), &raster::png(&picture).map_err(drawing)?)?;
    }
    Ok(())
}

/// What the page is printed on; the default for screens.
#[derive(Default)]
struct Press {
    intent: Option<Arc<pdf::Intent>>,
    colors: Arc<pdf::Colors>,
}

impl Press {
    fn of(args: &RenderArgs) -> Made<Self> {
        let Some(intent) = intent(args)? else { return Ok(Self::default()) };
        let colors = pdf::Colors::for_press(&intent.profile).ok_or_else(|| {
            let message = "no colours can be converted by this profile: its tables are damaged";
            let path = args.profile.as_deref().map_or(String::new(), label);
            Box::new(Diagnostic::error("output-profile", message).at(Place::File(path), ""))
        })?;
        Ok(Self { intent: Some(intent), colors: Arc::new(colors) })
    }
}

/// The printing condition of a standard that wants one.
fn intent(args: &RenderArgs) -> Made<Option<Arc<pdf::Intent>>> {
    let profile = match &args.profile {
        _ if !pdf::Standard::from(args.standard).is_x4() => return Ok(None),
        None => profile::shipped(),
        Some(path) => {
            let fault = |message: String| {
                Box::new(
                    Diagnostic::error("output-profile", message)
                        .at(Place::File(label(path)), "")
                        .help("--profile names the CMYK output profile of a press"),
                )
            };
            let mut bytes = Vec::new();
            std::fs::File::open(path)
                .and_then(|file| file.take(profile::MAX_BYTES).read_to_end(&mut bytes))
                .map_err(|e| fault(format!("it cannot be read: {}", words(&e))))?;
            let read = Profile::read(&bytes).and_then(|p| p.for_press().map(|()| p));
            Arc::new(read.map_err(|flaw| fault(format!("{} {flaw}", label(path))))?)
        }
    };
    Ok(Some(Arc::new(pdf::Intent::new(profile, None, None, None))))
}

/// `a.png` for the first page, `a-2.png` for the second.
fn numbered(path: &Path, page: usize) -> PathBuf {
    if page == 0 {
        return path.to_path_buf();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map_or(String::new(), |e| format!(".{}", e.to_string_lossy()));
    path.with_file_name(format!("{stem}-{}{ending}", page + 1))
}

fn put(path: &Path, bytes: &[u8]) -> Made<()> {
    write_file(path, true, |mut out| match out.write_all(bytes) {
        Ok(()) => Ok(out),
        Err(e) => Err(Diagnostic::error("cannot-write", format!("it cannot be written: {}", e.kind()))
            .at(Place::File(label(path)), "")),
    })
    .map_err(Box::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_pages_have_their_number_before_the_ending() {
        assert_eq!(numbered(Path::new("out/a.png"), 0), Path::new("out/a.png"));
        assert_eq!(numbered(Path::new("out/a.b.png"), 1), Path::new("out/a.b-2.png"));
        assert_eq!(numbered(Path::new("a"), 9), Path::new("a-10"));
    }
}
