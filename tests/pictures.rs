//! What is drawn lies where the page says: pages of our own making, written as PDF and drawn by another program's
//! rasteriser.

mod support;

use std::path::Path;
use std::sync::Arc;

use surimono::asset::loader::Files;
use surimono::base::{Point, Pt, Rect, Size};
use surimono::color::Ink;
use surimono::page::{self, Item, ItemList, Page, Placed, Segment};
use surimono::pdf::{Batch, Compression, Document, Encoder, Writer};
use surimono::raster::{Area, Proof, rasterise};

/// A postcard with one block of ink in a list that is placed on it, `copies` times over.
fn postcards(at: (f32, f32), block: Rect, copies: usize) -> Vec<u8> {
    let list = ItemList::new(vec![Item::Path(page::Path::filled(vec![Segment::Rect(block)], Ink::BLACK))], false);
    let page = Page {
        trim: Size::new(Pt::from_mm(100.0), Pt::from_mm(148.0)),
        bleed: Pt::from_mm(3.0),
        slug: Pt::ZERO,
        name: "".into(),
        lists: vec![Placed { at: Point::new(Pt(at.0), Pt(at.1)), list: Arc::new(list) }],
    };
    let mut batch = Batch::new();
    let mut encoder = Encoder::new(Compression::Fast);
    for _ in 0..copies {
        encoder.encode(std::slice::from_ref(&page), &mut batch).expect("encoded");
    }
    let document = Document {
        title: "Pictures".to_owned(),
        date: Some(jiff::civil::date(2026, 11, 21)),
        language: "ja".to_owned(),
        ..Document::default()
    };
    let folder = tempfile::tempdir().expect("a folder");
    let files = Files::open(folder.path()).expect("a door");
    let mut writer = Writer::new(Vec::new(), document, files).expect("begun");
    writer.write(&batch, 0..batch.len()).expect("written");
    writer.finish().expect("finished").1
}

fn rect(x: f32, y: f32, width: f32, height: f32) -> Rect {
    Rect::new(Pt(x), Pt(y), Pt(width), Pt(height))
}

#[test]
fn a_block_lies_where_its_list_is_placed() {
    let pdf = postcards((10.0, 20.0), rect(5.0, 5.0, 20.0, 10.0), 1);
    let picture = rasterise(&pdf, 0, 72.0, Area::Trim).expect("drawn");
    assert_eq!(picture.dimensions(), (283, 420));
    let dark = |x, y| picture.get_pixel(x, y)[0] < 100;
    assert!(dark(17, 27) && dark(33, 33));
    assert!(!dark(13, 30) && !dark(37, 30) && !dark(25, 23) && !dark(25, 37));
}

#[test]
fn the_bleed_is_printed_beyond_the_trim() {
    let pdf = postcards((0.0, 0.0), rect(-8.5, -8.5, 8.0, 8.0), 1);
    let trim = rasterise(&pdf, 0, 72.0, Area::Trim).expect("drawn");
    assert!(trim.pixels().all(|p| p[0] > 150), "nothing of it is left after cutting");
    let bleed = rasterise(&pdf, 0, 72.0, Area::Bleed).expect("drawn");
    assert!(bleed.get_pixel(4, 4)[0] < 100 && bleed.get_pixel(20, 20)[0] > 200);
}

#[test]
fn each_piece_has_its_page() {
    let proof = Proof::open(postcards((0.0, 0.0), rect(0.0, 0.0, 1.0, 1.0), 7)).expect("a PDF");
    assert_eq!(proof.pages(), 7);
}

/// Dots per inch of the kept pictures.
const DPI: f32 = 110.0;
const SMALL_DPI: f32 = 60.0;
/// How far a pixel may be off, of 255, and how many (per thousand) may be farther: rounding of other machines, not
/// another place of a character.
const OFF: u8 = 48;
const FARTHER: usize = 2;

/// Compares a page with the picture that was kept of it. `UPDATE=1` draws the pictures anew, to be looked at before
/// they are kept.
fn looks_as_it_did(pdf: &[u8], page: usize, dpi: f32, kept: &Path, what: &str) {
    let drawn = rasterise(pdf, page, dpi, Area::Trim).expect("drawn");
    let drawn = image::DynamicImage::from(drawn).to_luma8();
    if std::env::var_os("UPDATE").is_some() {
        drawn.save(kept).expect("written");
    }
    let kept = image::open(kept).expect("a kept picture").to_luma8();
    assert_eq!(kept.dimensions(), drawn.dimensions(), "{what}");
    let farther = kept.pixels().zip(drawn.pixels()).filter(|(a, b)| a[0].abs_diff(b[0]) > OFF).count();
    let allowed = kept.len() * FARTHER / 1000;
    assert!(farther <= allowed, "{what}: {farther} pixels look otherwise, {allowed} may");
}

/// The pages of `tests/pictures/*.html` look as they did when a person looked at them last.
#[test]
fn kept_pages_look_as_they_did() {
    let folder = support::root().join("tests/pictures");
    let mut pages: Vec<_> =
        std::fs::read_dir(&folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    pages.retain(|p| p.extension().is_some_and(|e| e == "html"));
    pages.sort();
    assert!(!pages.is_empty());
    for page in pages {
        let name = page.file_name().and_then(|n| n.to_str()).expect("a name").to_owned();
        let shop = support::Shop::copy_of(&folder);
        let ran = shop.surimono(&["render", &name, "-o", "page.pdf"]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.told);
        looks_as_it_did(&shop.read("page.pdf"), 0, DPI, &page.with_extension("png"), &name);
    }
}

/// The first piece of each shipped template looks as it did when a person looked at it last.
#[test]
fn the_first_piece_of_each_template_looks_as_it_did() {
    let shop = support::Shop::copy_of(&support::root().join("sample-data/autumn-dm"));
    for (campaign, pages) in [("campaign", 2), ("inserts", 1), ("pressure-card", 2)] {
        shop.surimono(&["run", &format!("{campaign}.toml"), "--limit", "4", "--out", campaign]).ends_with(0);
        let names = shop.list(campaign);
        let pdf = names.iter().find(|n| n.ends_with(".pdf")).expect("a PDF");
        let pdf = shop.read(&format!("{campaign}/{pdf}"));
        for page in 0..pages {
            let name = format!("{campaign}-{}.png", page + 1);
            let kept = support::root().join("tests/pictures/templates").join(&name);
            looks_as_it_did(&pdf, page, SMALL_DPI, &kept, &name);
        }
    }
}
