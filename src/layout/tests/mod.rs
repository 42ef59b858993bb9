//! Small documents and where their boxes come to lie, computed by hand from the specifications.

mod absolute;
mod block;
mod caching;
mod counters;
mod effects;
mod emoji;
mod fit;
mod flex;
mod float;
mod flow;
mod grid;
mod grounds;
mod lines;
mod marks;
mod overflow;
mod pages;
mod postcard;
mod ruby;
mod scripts;
mod stacking;
mod svg;
mod symbols;
mod table;
mod variable;
mod vertical;

use std::sync::Arc;

use super::{Composer, Fault, Shared};
use crate::asset::fallback::FontSet;
use crate::asset::image::ImageStore;
use crate::asset::loader::Files;
use crate::base::{Point, Rect};
use crate::color::Ink;
use crate::page::{GlyphRun, Item, Modules, Page, Path, Segment};

/// Pages of 100 mm × 100 mm without margins; lines of 10 pt text are 10 pt high, so that heights can be told.
pub const SHEET: &str = "@page{size:100mm 100mm;margin:0}html,body{margin:0;padding:0}\
    body{font:10pt/10pt 'BIZ UDGothic'}p,ul,ol,div{margin:0;padding:0}";

pub struct Fixture {
    pub composer: Composer,
    folder: tempfile::TempDir,
}

impl Fixture {
    pub fn new(change: impl FnOnce(&mut Shared)) -> Self {
        let folder = tempfile::tempdir().expect("a folder to write in");
        std::fs::write(folder.path().join("broken.png"), b"no picture").expect("a file is written");
        let files = Files::open(folder.path()).expect("the folder opens");
        let mut shared = Shared::new(Arc::new(FontSet::shipped()), Arc::new(ImageStore::new(files)), "");
        change(&mut shared);
        let fixture = Self { composer: Composer::new(Arc::new(shared)), folder };
        // at 96 dpi: 40 × 20 px are 30 × 15 pt
        fixture.picture("wide.png", 40, 20);
        fixture.picture("tall.png", 20, 40);
        fixture
    }

    pub fn picture(&self, name: &str, width: u32, height: u32) {
        let image = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
        image.save(self.folder.path().join(name)).expect("a picture is written");
    }

    pub fn file(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("a file is written");
    }

    pub fn compose(&mut self, html: &str) -> (Vec<Page>, Vec<Fault>) {
        let (mut pages, mut faults) = (Vec::new(), Vec::new());
        self.composer.compose(html, &mut pages, &mut faults);
        (pages, faults)
    }
}

/// A body under [`SHEET`] and further rules.
pub fn document(css: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html><head><style>{SHEET}{css}</style></head><body>{body}</body></html>")
}

/// Lays out a body and wants no fault and one page.
#[track_caller]
pub fn page(css: &str, body: &str) -> Page {
    let (mut pages, faults) = compose(css, body);
    assert_eq!(faults, [], "no faults");
    assert_eq!(pages.len(), 1, "one page");
    pages.remove(0)
}

pub fn compose(css: &str, body: &str) -> (Vec<Page>, Vec<Fault>) {
    Fixture::new(|_| {}).compose(&document(css, body))
}

/// A drawn thing with its place on the page.
#[derive(Clone, Debug)]
pub enum Drawn {
    Text(Point, GlyphRun),
    Path(Point, Path),
    Image(Rect),
    Modules(Point, Modules),
}

/// Everything on a page, back to front.
pub fn drawn(page: &Page) -> Vec<Drawn> {
    let mut out = Vec::new();
    for placed in &page.lists {
        walk(&placed.list.items, placed.at, &mut out);
    }
    out
}

fn walk(items: &[Item], at: Point, out: &mut Vec<Drawn>) {
    for item in items {
        match item {
            Item::Glyphs(run) => out.push(Drawn::Text(run.origin + at, run.clone())),
            Item::Path(path) => out.push(Drawn::Path(at, path.clone())),
            Item::Image(image) => out.push(Drawn::Image(image.rect.translated(at))),
            Item::Modules(modules) => out.push(Drawn::Modules(modules.at + at, modules.clone())),
            Item::Shading(_) => {}
            Item::Group(group) => walk(&group.items, at, out),
            Item::List(inner, list) => walk(&list.items, at + *inner, out),
        }
    }
}

/// The colours that tests use to tell boxes apart.
pub fn ink(name: &str) -> Ink {
    match name {
        "red" => Ink::from_srgb(255, 0, 0),
        "lime" => Ink::from_srgb(0, 255, 0),
        "blue" => Ink::from_srgb(0, 0, 255),
        "aqua" => Ink::from_srgb(0, 255, 255),
        "yellow" => Ink::from_srgb(255, 255, 0),
        "fuchsia" => Ink::from_srgb(255, 0, 255),
        _ => panic!("no such colour in the tests: {name}"),
    }
}

/// Where the ground of this colour lies: x, y, width, height in points, rounded to hundredths.
#[track_caller]
pub fn pt(page: &Page, color: &str) -> [f32; 4] {
    let found = all(page, color);
    assert_eq!(found.len(), 1, "one box is {color}");
    found[0]
}

/// As [`pt`], in millimetres.
#[track_caller]
pub fn mm(page: &Page, color: &str) -> [f32; 4] {
    rect(page, color).map(|v| round(v / crate::base::units::PT_PER_MM))
}

#[track_caller]
fn rect(page: &Page, color: &str) -> [f32; 4] {
    let found: Vec<[f32; 4]> = rects(page, color);
    assert_eq!(found.len(), 1, "one box is {color}");
    found[0]
}

/// All grounds of this colour.
pub fn all(page: &Page, color: &str) -> Vec<[f32; 4]> {
    rects(page, color).into_iter().map(|r| r.map(round)).collect()
}

fn rects(page: &Page, color: &str) -> Vec<[f32; 4]> {
    let mut out = Vec::new();
    for d in drawn(page) {
        if let Drawn::Path(at, path) = d
            && path.fill == Some(ink(color))
            && let [Segment::Rect(r)] = path.segments[..]
        {
            let r = r.translated(at);
            out.push([r.x.0, r.y.0, r.width.0, r.height.0]);
        }
    }
    out
}

/// Where each run of text begins: the origin of its first glyph, and how many glyphs it has.
pub fn texts(page: &Page) -> Vec<(f32, f32, usize)> {
    let of = |d| match d {
        Drawn::Text(at, run) => Some((round(at.x.0), round(at.y.0), run.glyphs.len())),
        _ => None,
    };
    drawn(page).into_iter().filter_map(of).collect()
}

pub fn images(page: &Page) -> Vec<[f32; 4]> {
    let of = |d| match d {
        Drawn::Image(r) => Some([r.x.0, r.y.0, r.width.0, r.height.0].map(round)),
        _ => None,
    };
    drawn(page).into_iter().filter_map(of).collect()
}

pub fn round(v: f32) -> f32 {
    let r = (v * 100.0).round() / 100.0;
    if r == 0.0 { 0.0 } else { r }
}

/// Codes and elements of faults.
pub fn told(faults: &[Fault]) -> Vec<(&'static str, &str)> {
    faults.iter().map(|f| (f.code(), &*f.element)).collect()
}

/// The innermost rectangle that something on a page is cut at.
pub fn groups(lists: &[crate::page::Placed], found: &mut Option<Rect>) {
    fn look(items: &[Item], found: &mut Option<Rect>) {
        for item in items {
            match item {
                Item::Group(group) => {
                    if let Some([Segment::Rect(r)]) = group.clip.as_deref() {
                        *found = Some(*r);
                    }
                    look(&group.items, found);
                }
                Item::List(_, list) => look(&list.items, found),
                _ => {}
            }
        }
    }
    lists.iter().for_each(|l| look(&l.list.items, found));
}
