//! Input that wants to break the program: each ends soon, in pages or in faults, never in a panic.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use surimono::asset::fallback::FontSet;
use surimono::asset::image::ImageStore;
use surimono::asset::loader::Files;
use surimono::layout::{Composer, Fault, Shared};
use surimono::page::Page;

/// Far more than any of these takes; tests run unoptimised, and on busy machines.
const SOON: Duration = Duration::from_secs(60);

static FONTS: LazyLock<Arc<FontSet>> = LazyLock::new(|| Arc::new(FontSet::shipped()));

fn compose(html: &str) -> (Vec<Page>, Vec<Fault>) {
    let begun = Instant::now();
    let folder = tempfile::tempdir().expect("a folder");
    let files = Files::open(folder.path()).expect("it opens");
    let mut shared = Shared::new(Arc::clone(&FONTS), Arc::new(ImageStore::new(files)), "");
    shared.prepare(html, &[]);
    let mut composer = Composer::new(Arc::new(shared));
    let (mut pages, mut faults) = (Vec::new(), Vec::new());
    composer.compose(html, &mut pages, &mut faults);
    assert!(begun.elapsed() < SOON, "took {:?}", begun.elapsed());
    for fault in &faults {
        assert!(fault.to_string().len() < 2000, "a fault is told in few words: {fault}");
    }
    (pages, faults)
}

fn document(css: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html><head><style>@page{{size:100mm 148mm}}{css}</style></head><body>{body}</body></html>")
}

#[track_caller]
fn has_fault(faults: &[Fault], code: &str) {
    let codes: Vec<&str> = faults.iter().map(Fault::code).collect();
    assert!(codes.contains(&code), "no `{code}` among {codes:?}");
}

#[test]
fn ten_thousand_nested_elements_are_a_fault() {
    for tag in ["div", "span", "b", "ul", "section"] {
        let body = format!("<{tag}>").repeat(10_000) + "x" + &format!("</{tag}>").repeat(10_000);
        let (_, faults) = compose(&document("", &body));
        assert!(!faults.is_empty(), "{tag}");
    }
    // A table right in a table is put beside it by the rules of HTML: that many tables, none of them deep.
    compose(&document("", &"<table>".repeat(10_000)));
    compose(&document("", &"<table><tr><td>".repeat(10_000)));
    let unclosed = "<div><p><i>".repeat(10_000);
    assert!(!compose(&document("", &unclosed)).1.is_empty());
    let flex = document("div{display:flex}", &("<div>".repeat(10_000) + &"</div>".repeat(10_000)));
    assert!(!compose(&flex).1.is_empty());
}

#[test]
fn a_word_of_a_megabyte_is_too_long_for_its_line() {
    let (_, faults) = compose(&document("", &format!("<p>{}</p>", "a".repeat(1 << 20))));
    has_fault(&faults, "overflow");
}

#[test]
fn a_paragraph_of_a_megabyte_is_too_long_for_its_page() {
    for text in ["漢字とかな。", "word and ", "（「」、"] {
        let (_, faults) = compose(&document("", &format!("<p>{}</p>", text.repeat((1 << 20) / text.len()))));
        assert!(!faults.is_empty(), "{text}");
    }
}

#[test]
fn a_table_of_a_million_rows_ends() {
    let (pages, faults) = compose(&document("", &format!("<table>{}</table>", "<tr><td>1".repeat(1_000_000))));
    assert!(!faults.is_empty() && pages.len() < 1000, "{} pages", pages.len());
}

#[test]
fn variables_in_a_circle_are_as_if_unset() {
    let css = "p{--a:var(--b);--b:var(--c);--c:var(--a);width:var(--a);color:var(--b);margin:var(--c, 1mm)}";
    let (pages, faults) = compose(&document(css, "<p>x</p>"));
    assert_eq!((pages.len(), faults.len()), (1, 0), "{faults:?}");
}

#[test]
fn variables_that_double_sixty_times_stay_small() {
    let mut css = String::from("p{--v0:1px 1px;");
    for i in 1..60 {
        css += &format!("--v{i}:var(--v{}) var(--v{});", i - 1, i - 1);
    }
    css += "margin:var(--v59)}";
    compose(&document(&css, "<p>x</p>"));
}

#[test]
fn lengths_that_are_no_numbers_lay_out_to_something() {
    let lengths = [
        "0",
        "-1px",
        "calc(1px * 0 / 0)",
        "calc(1px / 0)",
        "calc(-1px / 0)",
        "1e39px",
        "-1e39px",
        "calc(1e38px * 10)",
        "1e-45px",
        "calc(infinity * 1px)",
        "calc(NaN * 1px)",
        "calc(100% * 1e30)",
        "-100%",
        "1e30em",
    ];
    let properties = [
        "width",
        "height",
        "margin",
        "padding",
        "border-width",
        "font-size",
        "line-height",
        "letter-spacing",
        "text-indent",
        "gap",
        "top",
        "left",
        "min-width",
        "max-height",
        "flex-basis",
        "border-radius",
        "background-size",
        "word-spacing",
    ];
    for display in ["block", "flex", "grid", "table", "inline-block"] {
        for length in lengths {
            for property in properties {
                let css = format!(
                    "div{{display:{display};position:relative;border:1px solid;background:lime;{property}:{length}}}"
                );
                compose(&document(&css, "<div><p>本文 text</p><b>x</b></div>"));
            }
        }
    }
}

#[test]
fn pages_without_size_or_beyond_all_sizes_are_made_or_told() {
    for size in ["0 0", "0.0001mm 100mm", "-5mm 10mm", "1e30mm 10mm", "calc(1mm/0) 5mm", "100km 3mm"] {
        for margin in ["0", "50%", "90mm", "-10mm", "1e30mm"] {
            compose(&format!(
                "<!DOCTYPE html><html><head><style>@page{{size:{size};margin:{margin};bleed:1e9mm}}</style></head>\
                 <body><p>本文</p></body></html>"
            ));
        }
    }
}

#[test]
fn numbers_that_count_too_far_are_bounded() {
    let css = "ol{counter-reset:x 2147483647}li::before{counter-increment:x 2147483647;content:counter(x, upper-roman)}\
               .g{display:grid;grid-template-columns:repeat(1000000,1px);grid-column:1/99999999}\
               .h>*{grid-column:-2000000000 / span 2000000000;grid-row:1999999999}";
    let body = "<ol start=2147483647><li>a<li value=-2147483648>b<li>c</ol><div class=g><div>1</div></div>\
                <div class='g h'><div>1</div></div><table><tr><td colspan=4294967296 rowspan=99999999999>1</table>";
    compose(&document(css, body));
}

#[test]
fn selectors_that_are_dear_to_match_end() {
    let css = format!("{}{{color:red}}", ":is(".repeat(200) + "p" + &")".repeat(200));
    compose(&document(&css, "<p>x</p>"));
    let css = format!("{} b{{color:red}}", "div ".repeat(60));
    let body = "<div>".repeat(60) + &"<b>x</b>".repeat(500) + &"</div>".repeat(60);
    compose(&document(&css, &body));
    let css: String = (0..5000).map(|i| format!("p:nth-child({i}n+{i}) > b ~ i:not(:has(u)){{color:red}}")).collect();
    compose(&document(&css, &"<p><b>x</b><i>y</i></p>".repeat(50)));
}
