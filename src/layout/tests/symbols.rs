//! Barcodes in their boxes, and what lies too near them.

use super::*;
use crate::base::Pt;

fn symbols(page: &Page) -> Vec<(Point, Modules)> {
    drawn(page).into_iter().filter_map(|d| if let Drawn::Modules(at, m) = d { Some((at, m)) } else { None }).collect()
}

fn messages(css: &str, body: &str) -> Vec<String> {
    compose(css, body).1.iter().map(ToString::to_string).collect()
}

const BLOCK: &str = "bar-code{display:block}";

#[test]
fn a_stated_module_makes_the_box() {
    let p = page(BLOCK, "<bar-code type=jan13 value=490123456789 module=0.33mm></bar-code>");
    let [(at, m)] = &symbols(&p)[..] else { panic!("one symbol") };
    assert!((m.module.to_mm() - 0.33).abs() < 1e-4);
    assert!((at.x.to_mm() - 11.0 * 0.33).abs() < 1e-3, "behind its quiet zone");
    assert_eq!(texts(&p).len(), 3, "one digit, six, six");
    let digits: Vec<f32> = texts(&p).iter().map(|t| t.1).collect();
    assert!(digits.iter().all(|y| *y == digits[0]), "on one line: {digits:?}");
}

#[test]
fn a_box_from_the_stylesheet_is_filled_in_whole_dots() {
    let css = "bar-code{display:block;width:40mm;height:20mm}";
    let p = page(css, "<bar-code type=code128 value=A1B2 dpi=600 text=off></bar-code>");
    let [(at, m)] = &symbols(&p)[..] else { panic!("one symbol") };
    let dots = m.module.0 / 72.0 * 600.0;
    assert!((dots - dots.round()).abs() < 1e-3 && dots > 5.0, "{dots} dots");
    let rect = m.rect();
    assert!((rect.height.to_mm() - 20.0).abs() < 1e-2);
    let middle = at.x + rect.width / 2.0;
    assert!((middle.to_mm() - 20.0).abs() < 1e-2, "what is left over lies on both sides");
    assert!(texts(&p).is_empty());
}

#[test]
fn the_device_of_the_run_counts_unless_the_symbol_says_otherwise() {
    let mut fixture = Fixture::new(|s| {
        s.options.device.dpi = 600.0;
        s.options.device.reduction = Pt(0.05);
    });
    let one = "<bar-code type=qr value=1 module=0.4mm></bar-code><bar-code type=qr value=2 module=0.4mm dpi=300 bwr=1dot></bar-code>";
    let (pages, faults) = fixture.compose(&document(BLOCK, one));
    assert_eq!(faults, []);
    let made = symbols(&pages[0]);
    let near = |a: Pt, b: f32| (a.0 - b).abs() < 1e-4;
    assert!(near(made[0].1.module, 9.0 * 0.12) && near(made[0].1.reduction, 0.05), "9.4 dots are 9");
    assert!(near(made[1].1.module, 5.0 * 0.24) && near(made[1].1.reduction, 0.24), "4.7 dots are 5");
}

#[test]
fn wrong_values_and_sizes_are_told() {
    let told = |attributes: &str| {
        let mut all = messages(BLOCK, &format!("<bar-code {attributes}></bar-code>"));
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    };
    assert_eq!(
        told("type=jan13 value=4901234567890"),
        "the bar code of `bar-code`: the check digit is `0` where it must be `4`"
    );
    assert_eq!(
        told("type=qr value=1 module=0.2mm"),
        "the bar code of `bar-code`: a module of 0.200 mm is too narrow for qr: 0.300 mm is the least"
    );
    assert_eq!(
        told("type=qr value=1 module=3"),
        "the bar code of `bar-code`: `module` is `3`; it can be a length such as 0.33mm"
    );
    assert_eq!(told("type=qr value=1 text=no"), "the bar code of `bar-code`: `text` is `no`; it can be on or off");
    assert_eq!(
        told("type=japan-post value=1000013 size=12"),
        "the bar code of `bar-code`: `size` is `12`; it can be 8 to 11.5, in points"
    );
    let css = "bar-code{display:block;width:20mm}";
    let small = messages(css, "<bar-code class=j type=jan13 value=490123456789></bar-code>");
    assert_eq!(
        small,
        [
            "the bar code of `.j`: a module of 0.177 mm is too narrow for jan13: 0.264 mm is the least; its box must be at least 29.9 mm wide"
        ]
    );
}

#[test]
fn ink_in_the_quiet_zone_is_told_with_its_symbol() {
    let css = ".c{position:relative;width:60mm;height:60mm}.q{position:absolute;left:10mm;top:10mm;width:29mm;height:29mm}\
        .t{position:absolute;left:11mm;top:20mm}.b{position:absolute;left:10mm;top:36mm;width:9mm;height:9mm}.n{position:absolute;left:0;top:42mm}";
    let symbol = "<bar-code class=q type=qr value=0123></bar-code>";
    let near = |what: &str| messages(css, &format!("<div class=c>{symbol}{what}</div>"));
    assert_eq!(near("<div class=n>text</div>"), [""; 0]);
    let text = near("<div class=t>あ</div>");
    assert!(
        matches!(&text[..], [m] if m.starts_with("text lies") && m.ends_with("quiet zone of the bar code `.q`")),
        "{text:?}"
    );
    let shape = near("<div class=b style='background:red'></div>");
    assert_eq!(shape, ["a shape lies 3.0 mm inside the quiet zone of the bar code `.q`"]);
    assert_eq!(near("<div class=b style='background:white'></div>"), [""; 0], "white is no ink");
    let picture = near("<img class=b src=wide.png>");
    assert_eq!(picture, ["a picture lies 3.0 mm inside the quiet zone of the bar code `.q`"]);
    let border = near("<div class=b style='border:1mm solid black'></div>");
    assert!(matches!(&border[..], [m] if m.starts_with("a ")), "{border:?}");
    let around =
        near("<div style='position:absolute;left:9mm;top:9mm;width:29mm;height:29mm;border:1mm solid black'></div>");
    assert_eq!(around, [""; 0], "a frame just outside");
    let white = near("<div style='position:absolute;left:20mm;top:20mm;width:5mm;height:5mm;background:white'></div>");
    assert!(matches!(&white[..], [m] if m.starts_with("a shape that covers it")), "{white:?}");
}

#[test]
fn a_ground_of_its_own_makes_a_symbol_right_on_anything() {
    let css = ".c{position:relative;width:60mm;height:60mm;background:url(wide.png)}\
        .w{position:absolute;left:5mm;top:5mm;width:40mm;height:40mm}.q{position:absolute;left:10mm;top:10mm;width:29mm;height:29mm}";
    let on = |ground: &str| {
        let symbol = "<bar-code class=q type=qr value=0123></bar-code>";
        messages(css, &format!("<div class=c><div class=w style='{ground}'></div>{symbol}</div>"))
    };
    assert_eq!(on("background:white;border-radius:2mm"), [""; 0]);
    assert_eq!(on("background:#fe9"), [""; 0], "a light ground");
    assert_eq!(on("background:#236"), ["the bar code of `.q` has a ground too dark for scanners"]);
    let bare = on("");
    assert!(matches!(&bare[..], [m] if m.starts_with("a picture lies")), "{bare:?}");
}

#[test]
fn the_second_of_two_symbols_is_told_by_its_own_name() {
    let css = "bar-code{display:block;width:20mm;height:20mm}p{position:absolute;left:5mm;top:21mm}";
    let body = "<bar-code id=a type=qr value=A></bar-code><bar-code id=b type=qr value=B></bar-code><p>あ</p>";
    let (_, faults) = compose(css, body);
    assert_eq!(told(&faults), [("quiet-zone", "#b")]);
    let html = document(css, body);
    assert!(html[faults[0].at as usize..].starts_with("<bar-code id=b"), "with its place");
}

#[test]
fn the_text_of_jan_and_its_add_on_is_no_ink_in_its_own_quiet_zone() {
    page(BLOCK, "<bar-code type=jan13 value='490123456789 12'></bar-code>");
    page(BLOCK, "<bar-code type=gs1-128 value='(01)04912345678904'></bar-code>");
    page(BLOCK, "<bar-code type=itf14 value=1491234567890></bar-code>");
}
