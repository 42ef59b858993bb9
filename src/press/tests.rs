//! Whole sheets: what is behind what, and what comes out of files.
#![allow(clippy::unwrap_used)] // a test that cannot set up has failed

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::grid::{Grid, Place};
use super::order::Order;
use super::paper::Paper;
use super::turn::{Head, Turn, back};
use super::{Imposed, Job, Plan, impose, plan};
use crate::base::{Diagnostic, Edges, Pt, Size};
use crate::cos::read::{Pages, Reader, Value};
use crate::ledger::Outputs;

/// Where the point (`u`, `v`) of a page (0 to 1 from its top left corner) comes to lie on the sheet.
fn lies(place: &Place, u: f32, v: f32) -> (f32, f32) {
    let (x, y) = match place.turn {
        90 => (1.0 - v, u),
        180 => (1.0 - u, 1.0 - v),
        270 => (v, 1.0 - u),
        _ => (u, v),
    };
    (place.trim.x.0 + x * place.trim.width.0, place.trim.y.0 + y * place.trim.height.0)
}

proptest! {
    /// The back held against the light: what the person sees who looks through the sheet.
    #[test]
    fn behind_each_front_lies_its_back(
        landscape in any::<bool>(), short in any::<bool>(), foot in any::<bool>(), quarter in 0u16..4,
        (across, down) in (1u16..4, 1u16..4), u in 0f32..1.0, v in 0f32..1.0,
    ) {
        let sheet = if landscape { "900x700" } else { "700x900" };
        let mut plan = Plan::new(Paper::parse(sheet).unwrap());
        (plan.up, plan.rotate, plan.gripper) = (Some((across, down)), Some(quarter * 90), Pt::from_mm(12.0));
        let turn = if short { Turn::ShortEdge } else { Turn::LongEdge };
        let head = if foot { Head::ToFoot } else { Head::ToHead };
        let trim = Size::new(Pt::from_mm(100.0), Pt::from_mm(148.0));
        let bleed = Edges { top: Pt(3.0), right: Pt(4.0), bottom: Pt(5.0), left: Pt(6.0) };
        let grid = Grid::new(&plan, turn, trim, bleed).unwrap();
        let behind = back(&grid.places, grid.sheet, turn, head);
        prop_assert_eq!(behind.len(), grid.places.len());
        for (front, back) in grid.places.iter().zip(&behind) {
            let (x, y) = lies(back, u, v);
            // The sheet is turned: at its side, or at its head.
            let upright = !landscape;
            let (x, y) = if upright != short { (grid.sheet.width.0 - x, y) } else { (x, grid.sheet.height.0 - y) };
            // A piece that is turned like a page of a book: its left is behind its right; head to foot it stands on
            // its head besides.
            let (fx, fy) = if foot { lies(front, u, 1.0 - v) } else { lies(front, 1.0 - u, v) };
            prop_assert!((x - fx).abs() < 0.01 && (y - fy).abs() < 0.01, "{:?} {:?}", front, back);
        }
    }

    #[test]
    fn places_keep_to_the_sheet_and_to_their_half_of_the_gutter(
        quarter in 0u16..4, gutter in 0f32..30.0, gripper in 0f32..60.0, single in any::<bool>(),
    ) {
        let mut plan = Plan::new(Paper::parse("B2").unwrap());
        plan.rotate = Some(quarter * 90);
        plan.gutter = Some(if single { (Pt::ZERO, Pt::ZERO) } else { (Pt(gutter), Pt(gutter)) });
        plan.gripper = Pt(gripper);
        let bleed = Edges::all(Pt::from_mm(3.0));
        let grid = Grid::new(&plan, Turn::None, Size::new(Pt(200.0), Pt(300.0)), bleed).unwrap();
        prop_assert!(grid.places.len() > 8);
        let area = |p: &Place| {
            [
                p.trim.x - p.room.left,
                p.trim.y - p.room.top,
                p.trim.right() + p.room.right,
                p.trim.bottom() + p.room.bottom,
            ]
            .map(|v| v.0)
        };
        for (i, a) in grid.places.iter().enumerate() {
            let [left, top, right, bottom] = area(a);
            prop_assert!(left >= 14.0 && top >= 14.0 && right <= grid.sheet.width.0 - 14.0);
            prop_assert!(bottom <= grid.sheet.height.0 - gripper.max(14.0) + 0.1);
            for b in &grid.places[i + 1..] {
                let [l, t, r, d] = area(b);
                let apart = right <= l + 0.01 || r <= left + 0.01 || bottom <= t + 0.01 || d <= top + 0.01;
                prop_assert!(apart, "{:?} lies on {:?}", a, b);
            }
        }
    }
}

/// A three-panel card: its folds are marked, on the back at the other side, and no patch of the bar lies on a mark.
#[test]
fn marks_do_not_lie_on_each_other_and_folds_are_behind_folds() {
    let mut plan = Plan::new(Paper::parse("kiku-half").unwrap());
    plan.marks = plan::marks("all").unwrap();
    plan.folds = vec![Pt::from_mm(99.0), Pt::from_mm(199.0)];
    let trim = Size::new(Pt::from_mm(299.0), Pt::from_mm(148.0));
    let grid = Grid::new(&plan, Turn::LongEdge, trim, Edges::all(Pt::from_mm(3.0))).unwrap();
    let drawn = super::marks::draw(&grid.places, &grid.folds, grid.sheet, plan.marks);
    let folds: Vec<_> = drawn.lines.iter().filter(|l| l.dashed).collect();
    // At head and foot.
    assert_eq!(folds.len(), 4);
    assert_eq!(drawn.patches.len(), 12);
    for (patch, _) in &drawn.patches {
        for line in drawn.lines.iter().filter(|l| l.from.0 == l.to.0) {
            let inside = line.from.0.0 > patch.x.0 && line.from.0.0 < patch.right().0;
            let reaches =
                line.to.1.0.min(line.from.1.0) < patch.bottom().0 && line.to.1.0.max(line.from.1.0) > patch.y.0;
            assert!(!(inside && reaches), "{patch:?} lies on {line:?}");
        }
    }
    let behind = super::turn::back_edge(grid.folds[0], grid.sheet, Turn::LongEdge);
    let (super::grid::Edge::Down(front), super::grid::Edge::Down(back)) = (grid.folds[0], behind) else {
        panic!("folds run from head to foot");
    };
    assert!((front + back - grid.sheet.width).0.abs() < 0.01);
    assert!(drawn.slug.is_some());
}

/// A file of `count` pages of 100 × 148 mm with 3 mm of bleed; page `n` says `(page n)`.
fn pages(count: usize, extra: &str) -> Vec<u8> {
    let mut objects = vec!["<</Type/Catalog/Pages 2 0 R>>".to_owned()];
    let kids: Vec<String> = (0..count).map(|n| format!("{} 0 R", 4 + 2 * n)).collect();
    objects.push(format!("<</Type/Pages/Count {count}/Kids[{}]/MediaBox[0 0 300.472 436.535]>>", kids.join(" ")));
    objects.push("<</ProcSet[/PDF]>>".to_owned());
    for n in 0..count {
        let content = format!("(page {}) pop", n + 1);
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/TrimBox[8.504 8.504 291.968 428.031]/Resources 3 0 R/Contents {} 0 R{extra}>>",
            5 + 2 * n
        ));
        objects.push(format!("<</Length {}>>stream\n{content}\nendstream", content.len()));
    }
    written(&objects)
}

fn written(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.6\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (i, body) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", out.len());
        out.extend_from_slice(format!("{} 0 obj\n{body}\nendobj\n", i + 1).as_bytes());
    }
    let end = format!("{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", objects.len() + 1, out.len());
    out.extend_from_slice(end.as_bytes());
    out
}

struct Shop(tempfile::TempDir);

impl Shop {
    fn new(pdf: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("job.pdf"), pdf).unwrap();
        Self(dir)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn impose(&self, out: &str, plan: &Plan) -> Result<Imposed, Diagnostic> {
        let mut outputs = Outputs::begin(&self.path(out), out, false)?;
        let files = [(self.path("job.pdf"), "job.pdf".to_owned())];
        let manifest = self.path("manifest.csv");
        let manifest = manifest.is_file().then(|| (manifest, "manifest.csv".to_owned()));
        let job = Job {
            name: "job",
            stem: "job",
            map: "sheets",
            before: 0,
            made_by: None,
            files: &files,
            manifest,
            plan,
            spool: None,
        };
        let imposed = impose(&job, &mut outputs, &mut Vec::new(), &mut |_, _| {})?;
        outputs.commit()?;
        Ok(imposed)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }
}

/// What each form of each page of the file at `path` says, in the order in which they are drawn.
fn drawn(path: &Path) -> Vec<Vec<String>> {
    let mut reader = Reader::open(path).unwrap();
    let pages = Pages::read(&mut reader).unwrap();
    (0..pages.len())
        .map(|index| {
            let page = pages.get(&mut reader, index).unwrap();
            let streams = page.contents(&mut reader).unwrap();
            let content = reader.unpacked(&streams[0]).unwrap();
            let content = String::from_utf8(content).unwrap();
            let forms = reader.get(page.resources.dict().unwrap(), "XObject").unwrap();
            let name = |line: &str| line.split_whitespace().rev().nth(2).map(|n| n.trim_start_matches('/').to_owned());
            content
                .lines()
                .filter(|l| l.contains("/P"))
                .map(|line| {
                    let form = forms.dict().unwrap().get(&name(line).unwrap()).unwrap().clone();
                    let stream = reader.stream(&form).unwrap();
                    String::from_utf8(reader.unpacked(&stream).unwrap()).unwrap()
                })
                .collect()
        })
        .collect()
}

fn sra3() -> Plan {
    let mut plan = Plan::new(Paper::parse("SRA3").unwrap());
    plan.up = Some((2, 4));
    plan
}

#[test]
fn cut_and_stacked_sheets_hold_what_their_map_says() {
    // Ten pieces of a front and a back, five in a pile of two sheets.
    let shop = Shop::new(&pages(20, ""));
    let mut plan = sra3();
    plan.up = Some((1, 4));
    let made = shop.impose("out", &plan).unwrap();
    assert_eq!((made.sheets, made.sides, made.leaves, made.blanks), (3, 6, 10, 2));
    let drawn = drawn(&shop.path("out/job-sheets.pdf"));
    let says = |n: usize| format!("(page {n}) pop");
    // Fronts are odd pages; piles of three: 1–3, 4–6, 7–9, 10.
    assert_eq!(drawn[0], [1, 7, 13, 19].map(says));
    assert_eq!(drawn[1], [2, 8, 14, 20].map(says));
    assert_eq!(drawn[4], [5, 11, 17].map(says));
    let map = shop.text("out/sheets.csv");
    let rows: Vec<Vec<&str>> = map.lines().skip(1).map(|l| l.split(',').collect()).collect();
    assert_eq!(rows.len(), 20);
    for row in rows {
        let (sheet, side, place, page) = (row[0], row[1], row[2], row[7]);
        let index = (sheet.parse::<usize>().unwrap() - 1) * 2 + usize::from(side == "back");
        assert_eq!(drawn[index][place.parse::<usize>().unwrap() - 1], says(page.parse().unwrap()));
    }
    let json: serde_json::Value = serde_json::from_str(&shop.text("out/sheets.json")).unwrap();
    assert_eq!(json["sheets"][5]["placed"][2]["page"], 18);
    assert_eq!(json["places"].as_array().unwrap().len(), 8);
    assert_eq!(json["file"]["sha256"], made.digest.to_string());
}

#[test]
fn the_same_job_gives_the_same_bytes() {
    let shop = Shop::new(&pages(12, ""));
    shop.impose("one", &sra3()).unwrap();
    shop.impose("two", &sra3()).unwrap();
    for name in ["job-sheets.pdf", "sheets.csv", "sheets.json"] {
        let read = |dir: &str| fs::read(shop.path(&format!("{dir}/{name}"))).unwrap();
        assert!(read("one") == read("two"), "{name}");
    }
}

#[test]
fn pieces_keep_the_ids_of_their_manifest() {
    let shop = Shop::new(&pages(6, ""));
    let head = "source_file,source_row,source_line,piece,outcome,cause,file,first_page,last_page,sha256\n";
    let rows = "a.csv,2,2,p-1,printed,,job.pdf,1,2,x\n\
                a.csv,3,3,,held-out,,,,,\n\
                \"a, b.csv\",4,5,\"p\n2\",printed,,job.pdf,3,6,x\n";
    fs::write(shop.path("manifest.csv"), format!("{head}{rows}")).unwrap();
    let made = shop.impose("out", &sra3()).unwrap();
    // The second piece has two leaves.
    assert_eq!((made.leaves, made.sheets, made.blanks), (3, 1, 5));
    let json: serde_json::Value = serde_json::from_str(&shop.text("out/sheets.json")).unwrap();
    let placed = &json["sheets"][0]["placed"];
    assert_eq!(placed[0]["piece"], "p-1");
    assert_eq!((&placed[1]["piece"], &placed[2]["piece"]), (&"p\n2".into(), &"p\n2".into()));
    assert_eq!(
        (&placed[2]["source"], &placed[2]["row"], &placed[2]["page"]),
        (&"a, b.csv".into(), &4.into(), &5.into())
    );
    fs::write(shop.path("manifest.csv"), format!("{head}a.csv,2,2,p-1,printed,,job.pdf,1,2,x\n")).unwrap();
    let told = shop.impose("again", &sra3()).unwrap_err().message;
    assert!(told.contains("job.pdf has 6 pages and the manifest tells of 2"), "{told}");
}

#[test]
fn step_and_repeat_writes_each_page_once() {
    let shop = Shop::new(&pages(2, ""));
    let mut plan = sra3();
    plan.order = Order::Repeat;
    let made = shop.impose("out", &plan).unwrap();
    assert_eq!((made.sheets, made.blanks), (1, 0));
    let path = shop.path("out/job-sheets.pdf");
    assert_eq!(drawn(&path)[0], vec!["(page 1) pop"; 8]);
    let mut reader = Reader::open(&path).unwrap();
    let pages = Pages::read(&mut reader).unwrap();
    let page = pages.get(&mut reader, 0).unwrap();
    let Value::Dict(forms) = reader.get(page.resources.dict().unwrap(), "XObject").unwrap() else { panic!() };
    assert_eq!(forms.get("P1"), forms.get("P8"));
}

/// What stands on a sheet, to be read by a person.
#[test]
fn a_sheet_as_text() {
    let shop = Shop::new(&pages(2, ""));
    let mut plan = Plan::new(Paper::parse("150x200").unwrap());
    (plan.marks, plan.slug, plan.rotate) = (plan::marks("none").unwrap(), false, Some(0));
    shop.impose("out", &plan).unwrap();
    let path = shop.path("out/job-sheets.pdf");
    let mut reader = Reader::open(&path).unwrap();
    let pages = Pages::read(&mut reader).unwrap();
    let page = pages.get(&mut reader, 1).unwrap();
    assert_eq!((page.boxes.trim.width().to_mm().round(), page.boxes.trim.height().to_mm().round()), (150.0, 200.0));
    let stream = page.contents(&mut reader).unwrap().remove(0);
    let text = String::from_utf8(reader.unpacked(&stream).unwrap()).unwrap();
    // 25 mm beside and 26 mm below the trim: 70.866 and 73.701 pt, less the bleed.
    assert_eq!(text, "q 62.362 65.197 300.472 436.535 re W n 1 0 0 1 62.362 65.197 cm /P1 Do Q\n/Marks Do\n");
}

#[test]
fn what_cannot_be_imposed_is_told_in_millimetres_and_pages() {
    let shop = Shop::new(&pages(3, ""));
    let told = |plan: &Plan| shop.impose("out", plan).unwrap_err().message;
    let mut plan = sra3();
    assert!(told(&plan).contains("3 pages, which is no whole number of pieces of 2 pages: 1 is left over"));
    plan.turn = Some(Turn::None);
    plan.up = Some((3, 4));
    let message = told(&plan);
    assert!(message.contains("3x4 pieces of") && message.contains("mm too"), "{message}");
    plan.up = Some((2, 4));
    plan.rotate = Some(0);
    let message = told(&plan);
    // Two cards upright: 4 x 148 + 3 x 6 + 6 = 616 mm, and 440 are there.
    assert!(message.contains("need 212 x 616 mm") && message.contains("has 310 x 440 mm"), "{message}");
    assert!(message.ends_with(": 176 mm too high"), "{message}");

    let mixed = String::from_utf8(pages(2, "")).unwrap();
    let mixed = mixed.replacen("/TrimBox[8.504 8.504 291.968 428.031]", "/TrimBox[8.504 8.504 281.968 428.031]", 1);
    let shop = Shop::new(mixed.as_bytes());
    let message = shop.impose("out", &sra3()).unwrap_err().message;
    assert!(message.contains("page 2 is 100.0 x 148.0 mm") && message.contains("have 96.5 x 148.0 mm"), "{message}");
    let shop = Shop::new(&pages(2, "/UserUnit 2"));
    assert!(shop.impose("out", &sra3()).unwrap_err().message.contains("other units than points"));
    let mut card = sra3();
    card.trim = Some(Size::new(Pt::from_mm(300.0), Pt::from_mm(148.0)));
    let shop = Shop::new(&pages(2, ""));
    let message = shop.impose("out", &card).unwrap_err().message;
    assert!(message.contains("the card must have 300.0 x 148.0 mm"), "{message}");
}
