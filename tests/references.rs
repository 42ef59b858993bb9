//! Small pictures of what is printed, looked at once and kept: pages of hard Japanese cases and of address blocks, and the first
//! piece of each shipped template. To draw them anew: `UPDATE=1 cargo test --test references`; then look at them.

use std::path::{Path, PathBuf};
use std::process::Command;

use image::GrayImage;
use surimono::raster::{Area, rasterise};

const DPI: f32 = 60.0;

/// Grey levels by which a pixel may differ before it counts: rasterisers change their edges.
const LEVEL: u8 = 48;

/// Share of pixels that may differ so: less than one glyph of the smallest text.
const SHARE: f64 = 0.0005;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn surimono(args: &[&str]) {
    let made = Command::new(env!("CARGO_BIN_EXE_surimono")).args(args).output().expect("it runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Compares each page of a PDF with `tests/references/NAME-n.png`.
fn compare(pdf: &Path, name: &str, pages: usize) {
    let bytes = std::fs::read(pdf).expect("a PDF");
    for page in 0..pages {
        let drawn = rasterise(&bytes, page, DPI, Area::Trim).expect("drawn");
        let drawn = image::DynamicImage::ImageRgba8(drawn).into_luma8();
        let file: PathBuf = root().join(format!("tests/references/{name}-{}.png", page + 1));
        if std::env::var_os("UPDATE").is_some() {
            drawn.save(&file).expect("the picture is written");
            continue;
        }
        let kept = image::open(&file).expect("a kept picture; see the head of this file").into_luma8();
        let off = differing(&drawn, &kept);
        if off > SHARE {
            let now = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.png", page + 1));
            drawn.save(&now).expect("the picture is written");
            panic!("{:.2} % of {} look different now: compare it with {}", off * 100.0, file.display(), now.display());
        }
    }
}

fn differing(a: &GrayImage, b: &GrayImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions(), "the size of the page");
    let off = a.as_raw().iter().zip(b.as_raw()).filter(|(a, b)| a.abs_diff(**b) > LEVEL).count();
    off as f64 / a.as_raw().len() as f64
}

#[test]
fn hard_japanese_cases_and_addresses_look_as_they_did() {
    for name in ["japanese", "address"] {
        let folder = tempfile::tempdir().expect("a folder");
        let pdf = folder.path().join("page.pdf");
        let page = root().join(format!("tests/references/{name}.html"));
        surimono(&["render", page.to_str().expect("a name"), "-o", pdf.to_str().expect("a name")]);
        compare(&pdf, name, 1);
    }
}

#[test]
fn the_first_piece_of_each_template_looks_as_it_did() {
    for (campaign, pages) in [("campaign", 2), ("inserts", 1), ("pressure-card", 2)] {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out");
        let path = root().join(format!("sample-data/autumn-dm/{campaign}.toml"));
        let (path, out) = (path.to_str().expect("a name"), out.to_str().expect("a name"));
        surimono(&["run", path, "--limit", "4", "--out", out]);
        let pdf = std::fs::read_dir(out).expect("a folder").filter_map(Result::ok).map(|e| e.path());
        let pdf = pdf.into_iter().find(|p| p.extension().is_some_and(|e| e == "pdf")).expect("a PDF");
        compare(&pdf, campaign, pages);
    }
}
