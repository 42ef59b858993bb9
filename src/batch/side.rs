//! The address side of a piece, held against the post's rules: what is printed where comes from the finished page, what it
//! means from the elements that made it.
//!
//! | in the template | what it is |
//! |---|---|
//! | `<bar-code type="japan-post">`, `data-post="barcode"` | the customer barcode |
//! | `data-post="sender"`, or a class `sender` | the sender |
//! | `data-post="postcode"` | the postcode's boxes |
//! | `data-post="postage"`, or a class `postage` | the mark of postage paid |
//! | a line 「郵便はがき」, 「はがき」, POST CARD | the words |

use std::sync::Arc;

use super::bunch::{Bunch, Fate};
use super::job::Job;
use super::single::{bunch_of, write_pdf};
use super::worker::Worker;
use crate::base::{Affine, Diagnostic, Place, Pt, Rect};
use crate::campaign::post::Side as Settings;
use crate::campaign::spec_post::{Postage, SideKind};
use crate::data::{Read, Record};
use crate::layout::trace::Traced;
use crate::markup::dom::{Dom, NodeId};
use crate::page::{GlyphRun, Item, Lies, Page, box_of};
use crate::postal::side::{Area, Broken, Side};
use crate::raster;

/// Printed pieces that a check looks at.
const LOOKED_AT: usize = 25;

/// Rows among which they are looked for.
const ROWS: u64 = 1000;

/// What covers more of the page than this is a ground and nothing that is printed on it.
const GROUND: f32 = 0.6;

/// What was found wrong with one piece.
#[derive(Clone, Debug)]
pub struct Finding {
    pub piece: String,
    pub broken: Broken,
    /// The page with what is wrong marked, as PNG; for the first finding of each kind.
    pub picture: Option<Vec<u8>>,
}

/// Holds the address sides of the first pieces against the rules; each rule is told once, for the first piece that breaks
/// it. Layout must be traced ([`crate::layout::Options::trace`]). Empty without `[post] address_page`.
///
/// # Errors
/// The table cannot be read, a fault that must stop a run, or the page cannot be drawn.
pub fn inspect(job: &Arc<Job>) -> Result<Vec<Finding>, Vec<Diagnostic>> {
    let Some(settings) = job.campaign.post.as_ref().and_then(|p| p.side) else { return Ok(Vec::new()) };
    let one = |d: Diagnostic| vec![d];
    let mut reader = job.campaign.tables[job.campaign.unit].reader()?;
    let mut record = reader.record();
    let mut worker = Worker::new(Arc::clone(job), false).lenient();
    let mut found: Vec<Finding> = Vec::new();
    let mut looked = 0;
    while looked < LOOKED_AT && reader.rows_read() < ROWS {
        match reader.read(&mut record).map_err(one)? {
            Read::End => break,
            Read::Rejected(_) => continue,
            Read::Row => {}
        }
        let (bunch, broken) = inspect_one(&mut worker, settings, record.clone())?;
        let Some(broken) = broken else { continue };
        looked += 1;
        let piece = bunch.rows.first().map_or(String::new(), |r| r.piece.clone());
        let fresh: Vec<Broken> =
            broken.into_iter().filter(|b| !found.iter().any(|f| f.broken.code == b.code)).collect();
        if fresh.is_empty() {
            continue;
        }
        if job.campaign.paper.panels.is_some() {
            // The finished piece is the flat card, whose pages are others than those that were looked at.
            found.extend(fresh.into_iter().map(|broken| Finding { piece: piece.clone(), broken, picture: None }));
            continue;
        }
        let picture = picture(job, bunch, settings.page, &fresh)?;
        for (n, broken) in fresh.into_iter().enumerate() {
            found.push(Finding { piece: piece.clone(), broken, picture: (n == 0).then(|| picture.clone()) });
        }
    }
    Ok(found)
}

/// Makes one piece and holds its address side against the rules; `None` when it is not printed.
fn inspect_one(
    worker: &mut Worker,
    settings: Settings,
    record: Record,
) -> Result<(Bunch, Option<Vec<Broken>>), Vec<Diagnostic>> {
    let mut bunch = bunch_of(vec![record]);
    worker.make(&mut bunch);
    if let Some(stop) = bunch.stop.take() {
        return Err(vec![stop]);
    }
    if bunch.rows.first().is_none_or(|r| r.fate != Fate::Printed) {
        return Ok((bunch, None));
    }
    let (traced, dom) = worker.traced();
    let Some((page, traced)) = worker.laid_out().get(settings.page).zip(traced.get(settings.page)) else {
        let message = format!("the piece has no page {}: it has {}", settings.page + 1, worker.laid_out().len());
        let broken = Broken { code: "post-page", message, at: None, wanted: None };
        return Ok((bunch, Some(vec![broken])));
    };
    let broken = read(page, traced, dom, settings).check();
    Ok((bunch, Some(broken)))
}

/// What stands on a page, as the rules see it.
fn read(page: &Page, traced: &Traced, dom: &Dom, settings: Settings) -> Side {
    let mm = |r: &Rect| Area::new(r.x.to_mm(), r.y.to_mm(), r.width.to_mm(), r.height.to_mm());
    let (width, height) = (page.trim.width, page.trim.height);
    let whole = Rect::new(Pt::ZERO, Pt::ZERO, width, height);
    let mut rects = Vec::new();
    for placed in &page.lists {
        let place = Affine::translate(placed.at.x, placed.at.y);
        items(&placed.list.items, &place, whole, &mut rects);
    }
    let large = whole.width.0 * whole.height.0 * GROUND;
    rects.retain(|r| r.width.0 * r.height.0 < large);
    let printed: Vec<Area> = rects.iter().map(mm).collect();
    let small = width.max(height).to_mm() <= 154.0 && width.min(height).to_mm() <= 107.0;
    let postcard = match settings.kind {
        Some(kind) => kind == SideKind::Postcard,
        // the sizes of 内国郵便約款 22
        None => small,
    };
    let mut side = Side {
        width: width.to_mm(),
        height: height.to_mm(),
        postcard,
        paid: settings.postage == Postage::Paid,
        ..Side::default()
    };
    let is = |node: NodeId, role: &str, class: bool| {
        dom.attr_named(node, "data-post") == Some(role) || class && dom.classes(node).any(|c| c == role)
    };
    for mark in &traced.marks {
        let area = mm(&mark.rect);
        match &mark.text {
            Some(text) => {
                let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
                if matches!(bare.as_str(), "郵便はがき" | "はがき" | "POSTCARD" | "郵便葉書") {
                    side.words.push(area);
                }
            }
            None => {
                let node = mark.node;
                let code = dom.element_name(node) == "bar-code" && dom.attr_named(node, "type") == Some("japan-post");
                if code || is(node, "barcode", false) {
                    // the bars are what is drawn in the element; around them it keeps room free
                    let bars = printed.iter().copied().filter(|a| a.inside(&area)).reduce(|a, b| a.with(&b));
                    side.barcodes.extend(bars);
                }
                if is(node, "postcode", false) {
                    side.boxes.push(area);
                }
                if is(node, "postage", true) {
                    side.postage.push(area);
                }
                // an empty element tells no sender
                if is(node, "sender", true) && printed.iter().any(|a| a.inside(&area)) {
                    side.sender.push(area);
                }
            }
        }
    }
    side.printed = printed;
    side
}

fn add(r: Rect, to_page: &Affine, clip: Rect, out: &mut Vec<Rect>) {
    let r = to_page.around(r).within(clip);
    if r.width.0 > 0.0 && r.height.0 > 0.0 {
        out.push(r);
    }
}

/// Rectangles around what items draw, in page coordinates, cut by the clips around them.
pub(super) fn items(list: &[Item], to_page: &Affine, clip: Rect, out: &mut Vec<Rect>) {
    for item in list {
        match item {
            Item::Glyphs(run) => add(around_run(run), to_page, clip, out),
            Item::Path(path) => {
                let stroked = path.stroke.as_ref().map(|s| s.width * 0.5);
                let filled = path.fill.as_ref().is_some_and(|i| *i != crate::color::Ink::PAPER);
                if let Some(r) = box_of(&path.segments, &Affine::IDENTITY).filter(|_| filled || stroked.is_some()) {
                    let by = stroked.unwrap_or(Pt::ZERO);
                    let grown = Rect::new(r.x - by, r.y - by, r.width + by * 2.0, r.height + by * 2.0);
                    add(grown, to_page, clip, out);
                }
            }
            Item::Image(image) => add(image.rect, to_page, clip, out),
            Item::Modules(m) => add(m.rect(), to_page, clip, out),
            Item::Shading(shading) => {
                if let Some(r) = box_of(&shading.segments, &Affine::IDENTITY) {
                    add(r, to_page, clip, out);
                }
            }
            Item::Group(group) => {
                let inner = group.transform.then(to_page);
                let clipped = group.clip.as_ref().and_then(|c| box_of(c, &inner));
                let clip = clipped.map_or(clip, |r| r.within(clip));
                items(&group.items, &inner, clip, out);
            }
            Item::List(at, list) => {
                items(&list.items, &Affine::translate(at.x, at.y).then(to_page), clip, out);
            }
        }
    }
}

/// The em boxes of a run, one beside the other: never less than its ink for Japanese text, and little more.
fn around_run(run: &GlyphRun) -> Rect {
    let size = run.size;
    // Blanks draw nothing.
    if run.glyphs.iter().all(|g| run.font.text_of(g.id).is_some_and(char::is_whitespace)) {
        return Rect::default();
    }
    let advance = |g: &crate::page::Glyph| {
        let own = if run.vertical {
            1000.0
        } else {
            f32::from(run.font.advance(g.id)) * 1000.0 / f32::from(run.font.units_per_em)
        };
        size * ((own + g.extra) / 1000.0 * run.stretch)
    };
    let length: Pt = run.glyphs.iter().map(advance).sum();
    let (up, down) = (size * 0.88, size * 0.12);
    let o = run.origin;
    if run.vertical {
        return Rect::new(o.x - size * 0.5, o.y, size, length);
    }
    match run.lies {
        Lies::Level => Rect::new(o.x, o.y - up, length, size),
        Lies::Right => Rect::new(o.x - down, o.y, size, length),
        Lies::Left => Rect::new(o.x - up, o.y - length, size, length),
    }
}

/// Resolution of the pictures.
const DPI: f32 = 150.0;

/// The page with red frames around what is wrong and blue ones around the area that the rule is about.
fn picture(job: &Job, bunch: Bunch, page: usize, broken: &[Broken]) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let fault = |e: raster::Fault| vec![Diagnostic::error("raster", format!("a page cannot be drawn: {e}"))];
    let pdf = write_pdf(job, &[bunch], Vec::new()).map_err(|d| vec![d])?;
    let proof = raster::Proof::open(pdf).map_err(fault)?;
    let page = page.min(proof.pages().saturating_sub(1));
    let mut picture = proof.draw(page, DPI, raster::Area::Trim).map_err(fault)?;
    for b in broken {
        for (area, ink) in [(b.wanted, [0, 80, 220, 255]), (b.at, [220, 0, 0, 255])] {
            if let Some(area) = area {
                frame(&mut picture, &area, ink);
            }
        }
    }
    raster::png(&picture).map_err(fault)
}

/// Draws a frame, three pixels thick.
fn frame(picture: &mut image::RgbaImage, area: &Area, ink: [u8; 4]) {
    let pixel = |mm: f32| (mm * DPI / 25.4).round() as i64;
    let (left, top, right, bottom) = (pixel(area.x), pixel(area.y), pixel(area.right()), pixel(area.bottom()));
    let (width, height) = (i64::from(picture.width()), i64::from(picture.height()));
    let mut put = |x: i64, y: i64| {
        if let (true, true, Ok(x), Ok(y)) = (x < width, y < height, u32::try_from(x), u32::try_from(y)) {
            picture.put_pixel(x, y, image::Rgba(ink));
        }
    };
    for thick in -1..=1 {
        for x in left.max(0)..=right.min(width) {
            put(x, top + thick);
            put(x, bottom + thick);
        }
        for y in top.max(0)..=bottom.min(height) {
            put(left + thick, y);
            put(right + thick, y);
        }
    }
}

/// A finding as a diagnostic; `file` is where its picture lies.
#[must_use]
pub fn diagnostic(finding: &Finding, template: &str, file: Option<&str>) -> Diagnostic {
    let message = format!("address side of {}: {}", finding.piece, finding.broken.message);
    let d = Diagnostic::error(finding.broken.code, message).at(Place::File(template.to_owned()), "");
    match file {
        Some(file) => d.help(format!("{file} shows where: red is what is wrong, blue what the rule is about")),
        None => d,
    }
}
