//! Bad input that is too big, too many or too moody to lie in `tests/cases/`: made here, tried here.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot set up has failed

mod support;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use support::{MINIMAL_CAMPAIGN, MINIMAL_TEMPLATE, Shop, root};
use surimono::asset::fallback::FontSet;
use surimono::asset::image::ImageStore;
use surimono::asset::loader::Files;
use surimono::base::SourceText;
use surimono::campaign::Campaign;
use surimono::data::{Column, Kind, Read, ReadOptions, Reader};
use surimono::layout::{Composer, Shared};
use surimono::template::Template;

const PEOPLE: &[u8] = "customer_id,name\nC1,山田 花子\nC2,佐藤 健\nC3,鈴木 一郎\n".as_bytes();

/// Names in `out/` that look finished.
fn finished(shop: &Shop) -> Vec<String> {
    shop.list("out").into_iter().filter(|n| !n.ends_with(".partial")).collect()
}

#[test]
fn a_cell_of_50_megabytes_costs_its_row_and_nothing_else() {
    let mut bytes = "customer_id,name\nC1,山田 花子\nC2,".as_bytes().to_vec();
    bytes.resize(bytes.len() + (50 << 20), b'x');
    bytes.extend("\nC3,鈴木 一郎\n".as_bytes());
    let shop = Shop::minimal(&bytes);
    shop.surimono(&["run", "campaign.toml"]).ends_with(1).tells("read 3 = printed 2").tells("row-too-long");
    let rejects = shop.read("out/rejects.csv");
    assert!(rejects.len() < 1 << 20, "only the row's beginning is kept: {} bytes", rejects.len());
}

#[test]
fn a_quoted_cell_of_50_megabytes_of_lines_does_not_swallow_the_file() {
    let mut bytes = b"customer_id,name\nC1,\"".to_vec();
    while bytes.len() < 50 << 20 {
        bytes.extend(b"line after line without an end\n");
    }
    let shop = Shop::minimal(&bytes);
    let ran = shop.surimono(&["run", "campaign.toml", "--limit", "3"]);
    ran.ends_with(1).tells("open-quote").tells("read 3 = printed 0");
}

#[test]
fn a_line_without_an_end_is_refused_as_a_header() {
    let shop = Shop::minimal(&vec![b'a'; 20 << 20]);
    let ran = shop.surimono(&["run", "campaign.toml"]);
    ran.ends_with(2).tells("customers.csv");
    assert!(ran.told.len() < 5_000, "the line itself is not told: {} bytes", ran.told.len());
    assert!(shop.list("out").is_empty());
}

#[test]
fn a_killed_run_leaves_nothing_that_looks_finished_and_the_next_one_works() {
    let mut bytes = b"customer_id,name\n".to_vec();
    for n in 0..200_000 {
        writeln!(bytes, "C{n},山田 花子{n}").unwrap();
    }
    let shop = Shop::minimal(&bytes);
    let mut child = Command::new(env!("CARGO_BIN_EXE_surimono"))
        .args(["run", "campaign.toml", "--threads", "1"])
        .current_dir(shop.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while !shop.list("out").iter().any(|n| n.ends_with(".pdf.partial")) && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(100));
    assert!(child.try_wait().unwrap().is_none(), "the run is over before it could be killed");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(finished(&shop), Vec::<String>::new());
    assert!(!shop.list("out").is_empty(), "it was killed in the middle");
    shop.surimono(&["run", "campaign.toml", "--limit", "5"]).ends_with(0).tells("printed 5");
    assert_eq!(shop.list("out"), ["closing.txt", "manifest.csv", "manifest.json", "minimal.pdf"]);
}

#[test]
fn two_runs_do_not_write_into_one_folder() {
    let mut bytes = b"customer_id,name\n".to_vec();
    for n in 0..200_000 {
        writeln!(bytes, "C{n},山田 花子{n}").unwrap();
    }
    let shop = Shop::minimal(&bytes);
    let mut first = Command::new(env!("CARGO_BIN_EXE_surimono"))
        .args(["run", "campaign.toml", "--threads", "1"])
        .current_dir(shop.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while !shop.list("out").iter().any(|n| n.ends_with(".pdf.partial")) && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = shop.surimono(&["run", "campaign.toml", "--limit", "1"]);
    let still = first.try_wait().unwrap().is_none();
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(still, "the first run is over before the second could meet it");
    second.ends_with(2).tells("another run is writing");
}

#[test]
fn an_output_folder_that_is_a_file_is_told() {
    let shop = Shop::minimal(PEOPLE);
    shop.write("out", b"a file");
    shop.surimono(&["run", "campaign.toml"]).ends_with(2).tells("out").tells("cannot be made");
    assert_eq!(shop.read("out"), b"a file");
}

#[cfg(unix)]
#[test]
fn an_output_folder_that_may_not_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::minimal(PEOPLE);
    let out = shop.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::set_permissions(&out, std::fs::Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(out.join("probe"), b"").is_ok() {
        eprintln!("skipped: this user may write anywhere");
        return;
    }
    shop.surimono(&["run", "campaign.toml"]).ends_with(2).tells("cannot be written").tells("nothing was made");
    std::fs::set_permissions(&out, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert!(shop.list("out").is_empty());
}

/// A limit on the size of files, as `ulimit -f` sets it, fails a write as a full disk does.
#[cfg(unix)]
#[test]
fn a_full_disk_ends_the_run_and_leaves_nothing_finished() {
    let mut bytes = b"customer_id,name\n".to_vec();
    for n in 0..3_000 {
        writeln!(bytes, "C{n},山田 花子{n}").unwrap();
    }
    let shop = Shop::minimal(&bytes);
    let ran = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" run campaign.toml", env!("CARGO_BIN_EXE_surimono")])
        .current_dir(shop.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(2), "{told}");
    assert!(told.contains("cannot be written") && told.contains("nothing was made"), "{told}");
    assert!(!told.contains("internal fault") && finished(&shop).is_empty(), "{told}");
    shop.surimono(&["run", "campaign.toml"]).ends_with(0).tells("printed 3,000");
}

#[test]
fn a_folder_is_not_replaced_by_an_insert() {
    let shop = Shop::minimal(PEOPLE);
    shop.write("one.pdf/kept.txt", b"kept");
    let ran = shop.surimono(&["insert", "campaign.toml", "--order", "C1", "--out", "one.pdf", "--force"]);
    ran.ends_with(2).tells("one.pdf").tells("no ordinary file");
    assert_eq!(shop.read("one.pdf/kept.txt"), b"kept");
    assert!(!shop.list(".").iter().any(|n| n.ends_with(".partial")));
}

#[test]
fn finished_results_are_not_overwritten_unless_forced() {
    let shop = Shop::minimal(PEOPLE);
    shop.surimono(&["run", "campaign.toml"]).ends_with(0);
    let before: Vec<Vec<u8>> = shop.list("out").iter().map(|n| shop.read(&format!("out/{n}"))).collect();
    shop.surimono(&["run", "campaign.toml", "--limit", "1"]).ends_with(2).tells("--force").tells("out/");
    let after: Vec<Vec<u8>> = shop.list("out").iter().map(|n| shop.read(&format!("out/{n}"))).collect();
    assert!(before == after, "nothing was touched");
    // A forced run that fails leaves the old results alone as well.
    shop.write("customers.csv", b"customer_id,name\n");
    shop.surimono(&["run", "campaign.toml", "--force"]).ends_with(2);
    let after: Vec<Vec<u8>> = shop.list("out").iter().map(|n| shop.read(&format!("out/{n}"))).collect();
    assert!(before == after, "a failed run replaces nothing");
    shop.write("customers.csv", PEOPLE);
    shop.surimono(&["run", "campaign.toml", "--force", "--limit", "1"]).ends_with(0).tells("printed 1");
}

#[test]
fn a_foreign_file_of_the_same_name_is_kept() {
    let shop = Shop::minimal(PEOPLE);
    shop.write("out/minimal.pdf", b"somebody's own");
    shop.surimono(&["run", "campaign.toml"]).ends_with(2).tells("out/minimal.pdf");
    assert_eq!(shop.list("out"), ["minimal.pdf"]);
    assert_eq!(shop.read("out/minimal.pdf"), b"somebody's own");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_folder_is_refused() {
    let outside = Shop::minimal(PEOPLE);
    let shop = Shop::empty();
    shop.write("campaign.toml", MINIMAL_CAMPAIGN.as_bytes());
    shop.write("card.html", MINIMAL_TEMPLATE.as_bytes());
    std::os::unix::fs::symlink(outside.path().join("customers.csv"), shop.path().join("customers.csv")).unwrap();
    let ran = shop.surimono(&["run", "campaign.toml"]);
    ran.ends_with(2).tells("campaign.toml:9:8").tells("customers.csv");
    ran.does_not_tell(&outside.path().to_string_lossy());
    assert!(shop.list("out").is_empty());
}

#[test]
fn a_folder_where_a_file_should_be_is_told() {
    for name in ["customers.csv", "card.html", "campaign.toml"] {
        let shop = Shop::minimal(PEOPLE);
        std::fs::remove_file(shop.path().join(name)).unwrap();
        std::fs::create_dir(shop.path().join(name)).unwrap();
        shop.surimono(&["run", "campaign.toml"]).ends_with(2).tells(name);
        assert!(shop.list("out").is_empty());
    }
}

/// One page with one picture on it, laid out and encoded from the library.
fn compose(folder: &Path, picture: &str) -> Vec<String> {
    let files = Files::open(folder).unwrap();
    let images = Arc::new(ImageStore::new(files));
    let shared = Shared::new(Arc::new(FontSet::shipped()), images, "card.html");
    let html = format!(
        "<html><head><style>@page {{ size: 50mm 50mm }}</style></head><body><img src=\"{picture}\" \
         style=\"width: 20mm; height: 20mm\" alt=\"\"></body></html>"
    );
    let (mut pages, mut faults) = (Vec::new(), Vec::new());
    Composer::new(Arc::new(shared)).compose(&html, &mut pages, &mut faults);
    faults.iter().map(|f| f.code().to_owned()).collect()
}

#[test]
fn pictures_made_by_others_are_drawn_or_refused_with_a_word() {
    let folder = root().join("../shared/data/images");
    if !folder.is_dir() {
        eprintln!("skipped: no pictures beside the checkout");
        return;
    }
    let mut tried = 0;
    for kind in ["image-rs", "pillow", "skimage"] {
        let Ok(entries) = std::fs::read_dir(folder.join(kind)) else { continue };
        for entry in entries {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            let shop = Shop::minimal(format!("customer_id,name\nC1,{name}\n").as_bytes());
            std::fs::copy(folder.join(kind).join(&name), shop.path().join(&name)).unwrap();
            let page = MINIMAL_TEMPLATE.replace(
                "</body>",
                "<img src=\"{{ customer.name }}\" style=\"position: absolute; left: 10mm; top: 40mm; width: 30mm; \
                 height: 30mm\" alt=\"\"></body>",
            );
            shop.write("card.html", page.as_bytes());
            let ran = shop.surimono(&["run", "campaign.toml"]);
            let broken = name.starts_with("truncated") || name.starts_with("Bad");
            assert!(!ran.told.contains("internal fault"), "{name}: {}", ran.told);
            if broken {
                assert_eq!(ran.code, 1, "{name}: {}", ran.told);
                assert!(shop.text("out/rejects.csv").contains("file-broken"), "{}", shop.text("out/rejects.csv"));
            } else {
                assert_eq!(ran.code, 0, "{name}: {}", ran.told);
            }
            tried += 1;
        }
    }
    assert!(tried >= 8, "only {tried} pictures were there");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever bytes a file has: each row is good or rejected with a reason, and reading ends.
    #[test]
    fn any_bytes_are_read_as_a_table_or_refused(
        head in prop_oneof![Just(&b"customer_id,name\n"[..]), Just(&b""[..])],
        body in prop::collection::vec(prop_oneof![4 => any::<u8>(), 1 => Just(b','), 1 => Just(b'"'), 1 => Just(b'\n')], 0..3000),
    ) {
        let shop = Shop::empty();
        shop.write("t.csv", &[head, &body].concat());
        let options = ReadOptions {
            columns: vec![Column { name: "name".into(), kind: Kind::Date, required: true, purpose: None }],
            ..ReadOptions::default()
        };
        if let Ok(mut reader) = Reader::open(&shop.path().join("t.csv"), "t.csv", &options) {
            let mut record = reader.record();
            let mut rows = 0;
            loop {
                match reader.read(&mut record) {
                    Ok(Read::End) | Err(_) => break,
                    Ok(Read::Row) => prop_assert_eq!(record.len(), reader.schema().columns.len()),
                    Ok(Read::Rejected(reject)) => prop_assert!(!reject.reasons.is_empty()),
                }
                rows += 1;
                prop_assert!(rows <= body.len() + 1, "a row takes at least a byte");
            }
        }
    }

    /// Whatever bytes a campaign file has: it is refused with a fault that has a place.
    #[test]
    fn any_bytes_are_refused_as_a_campaign(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let shop = Shop::empty();
        shop.write("campaign.toml", &bytes);
        let (campaign, faults) = Campaign::open(&shop.path().join("campaign.toml"));
        prop_assert!(campaign.is_none());
        prop_assert!(!faults.is_empty() && faults.iter().all(|d| d.place.is_some()), "{faults:?}");
    }

    /// A sound campaign file with a stretch of it taken out or doubled: never a panic, never a silent refusal.
    #[test]
    fn a_damaged_campaign_file_is_refused_with_reasons(from in 0usize..2000, length in 1usize..60, double: bool) {
        let sound = std::fs::read_to_string(root().join("tests/cases/suppressed-and-held-out/campaign.toml")).unwrap();
        let edge = |at: usize| (0..=at.min(sound.len())).rev().find(|i| sound.is_char_boundary(*i)).unwrap();
        let (a, b) = (edge(from % sound.len()), edge(from % sound.len() + length));
        let damaged = if double {
            format!("{}{}", &sound[..b], &sound[a..])
        } else {
            format!("{}{}", &sound[..a], &sound[b..])
        };
        let shop = Shop::copy_of(&root().join("tests/cases/suppressed-and-held-out"));
        shop.write("campaign.toml", damaged.as_bytes());
        let (campaign, faults) = Campaign::open(&shop.path().join("campaign.toml"));
        prop_assert!(campaign.is_some() || faults.iter().any(|d| d.is_error()), "refused without a word:\n{damaged}");
        for d in &faults {
            // What is told must be fit to be drawn.
            prop_assert!(!surimono::cli::report::render(d, false).is_empty());
        }
    }

    /// Whatever stands in a template file: it compiles or is refused with a fault.
    #[test]
    fn any_text_is_a_template_or_refused(
        parts in prop::collection::vec(prop_oneof![
            Just("{{ ".to_owned()), Just(" }}".to_owned()), Just("{% for x in y %}".to_owned()), Just("{% endfor %}".to_owned()),
            Just("{% if ".to_owned()), Just("{% include \"card.html\" %}".to_owned()), Just("<p style=\"".to_owned()),
            Just("<style>".to_owned()), Just("@page { size: ".to_owned()), Just("</".to_owned()), Just("\u{fdd0}".to_owned()), "\\PC{0,12}",
        ], 0..14),
    ) {
        let shop = Shop::empty();
        let text = parts.concat();
        shop.write("card.html", text.as_bytes());
        let (files, name) = Files::open(shop.path()).unwrap().with_template("card.html").unwrap();
        match Template::load(&files, &name) {
            Err(faults) => prop_assert!(!faults.is_empty()),
            Ok(template) => {
                let mut html = String::new();
                if template.render(&Default::default(), &mut html).is_ok() {
                    let shared = Shared::new(Arc::new(FontSet::shipped()), Arc::new(ImageStore::new(files)), name);
                    let (mut pages, mut faults) = (Vec::new(), Vec::new());
                    Composer::new(Arc::new(shared)).compose(&html, &mut pages, &mut faults);
                    for fault in &faults {
                        let _ = template.locate(&Default::default(), &html, fault.at as usize);
                    }
                }
            }
        }
    }

    /// Pictures with bytes changed or cut off: drawn or refused, never a panic.
    #[test]
    fn a_damaged_picture_is_drawn_or_refused(
        jpeg: bool,
        cut in 0.0f64..1.0,
        changes in prop::collection::vec((0.0f64..1.0, any::<u8>()), 0..20),
    ) {
        let mut bytes = if jpeg {
            std::fs::read(root().join("sample-data/autumn-dm/data/images/p0001.jpg")).unwrap()
        } else {
            std::fs::read(root().join("tests/cases/image-broken/pictures/a.png")).unwrap()
        };
        for (at, byte) in changes {
            let at = (at * bytes.len() as f64) as usize;
            bytes[at] = byte;
        }
        if cut < 0.5 {
            bytes.truncate((bytes.len() as f64 * cut * 2.0) as usize);
        }
        let shop = Shop::empty();
        shop.write("a.bin", &bytes);
        for code in compose(shop.path(), "a.bin") {
            prop_assert!(code.starts_with("file-") || code == "off-page" || code == "overflow", "{code}");
        }
    }
}

#[test]
fn a_campaign_file_of_nothing_but_brackets_is_refused() {
    for text in
        ["[".repeat(100_000), "a = ".to_owned() + &"[".repeat(100_000), "{{{{".repeat(10_000), "[[a]]\n".repeat(20_000)]
    {
        let source = SourceText::new("campaign.toml", text.as_str());
        let mut faults = Vec::new();
        let _: Option<surimono::campaign::spec::Spec> = surimono::campaign::read::read(&source, &mut faults);
        assert!(faults.iter().any(|d| d.is_error()), "{}", &text[..20]);
    }
}
