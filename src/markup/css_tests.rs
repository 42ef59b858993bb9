//! The cascade, values, page rules and diagnostics, each case a line.

use std::sync::Arc;

use proptest::prelude::*;

use super::css::WhichPage;
use super::css::{FontSource, Sheets, Stylesheet};
use super::dom::{Dom, NodeId};
use super::faces::{Faces, Measures};
use super::html;
use super::style::*;
use super::styler::{LoadNothing, LoadSheet, Styled, Styler};
use crate::base::{Diagnostic, Place, Pt, SourceText};
use crate::color::{Color, Ink};

/// A document with its styles: every element's, in the order of the document.
struct Document {
    dom: Dom,
    styled: Vec<(NodeId, Arc<Styled>)>,
    sheets: Arc<Sheets>,
}

fn style_all(styler: &mut Styler, dom: &Dom, load: &mut dyn LoadSheet) -> Vec<(NodeId, Arc<Styled>)> {
    styler.begin(dom, load);
    let mut out: Vec<(NodeId, Arc<Styled>)> = Vec::new();
    for node in dom.subtree(dom.root().expect("a root")).filter(|n| dom.is_element(*n)) {
        let parent = dom.parent(node).and_then(|p| out.iter().find(|(n, _)| *n == p)).map(|(_, s)| Arc::clone(s));
        out.push((node, styler.style(dom, node, parent.as_deref())));
    }
    out
}

fn document(html: &str) -> Document {
    let mut dom = Dom::new();
    html::parse(html, &mut dom).expect("parsed");
    let mut styler = Styler::new();
    let styled = style_all(&mut styler, &dom, &mut LoadNothing);
    Document { dom, styled, sheets: Arc::clone(styler.sheets()) }
}

impl Document {
    /// The element with `id=x`.
    fn x(&self) -> Arc<Styled> {
        let found = self.styled.iter().find(|(n, _)| self.dom.id(*n) == Some("x"));
        Arc::clone(&found.expect("an element with id=x").1)
    }
}

/// The style of `id=x` in `body`, under `css`.
pub(super) fn x(css: &str, body: &str) -> Arc<Style> {
    Arc::clone(&document(&format!("<style>{css}</style><body>{body}</body>")).x().style)
}

/// The style of one `div` under declarations.
pub(super) fn div(declarations: &str) -> Arc<Style> {
    x(&format!("div {{ {declarations} }}"), "<div id=x></div>")
}

const RED: Color = Color { ink: Ink::Rgb([1.0, 0.0, 0.0]), alpha: 1.0 };
const LIME: Color = Color { ink: Ink::Rgb([0.0, 1.0, 0.0]), alpha: 1.0 };
const BLUE: Color = Color { ink: Ink::Rgb([0.0, 0.0, 1.0]), alpha: 1.0 };

fn close(a: Pt, b: f32) -> bool {
    (a.0 - b).abs() < 1e-3
}

fn mm(n: f32) -> Dimension {
    Dimension::Value(LengthPercent::length(Pt::from_mm(n)))
}

#[test]
fn the_built_in_sheet_is_understood_in_full() {
    assert!(super::cascade::built_in_faults().is_empty(), "{:#?}", super::cascade::built_in_faults());
}

#[test]
fn the_stronger_declaration_wins() {
    let p = "<p id=x class='a b' title=t>x</p>";
    for (css, body, want) in [
        ("p { color: red } p { color: blue }", p, BLUE),
        (".a { color: blue } p { color: red }", p, BLUE),
        ("#x { color: blue } .a.b { color: red }", p, BLUE),
        ("p { color: blue !important } #x { color: red }", p, BLUE),
        ("p { color: red } ", "<p id=x style='color:blue'>x</p>", BLUE),
        ("p { color: blue !important } ", "<p id=x style='color:red'>x</p>", BLUE),
        ("p { color: red !important } ", "<p id=x style='color:blue!important'>x</p>", BLUE),
        ("[title] { color: blue } p { color: red }", p, BLUE),
        (":where(#x) { color: red } p { color: blue }", p, BLUE),
        (":is(#x, i) { color: blue } .a { color: red }", p, BLUE),
        ("body { color: blue }", p, BLUE),
        ("body { color: red } p { color: unset } body { color: blue }", p, BLUE),
        ("body { color: red } p { color: initial }", p, Color::BLACK),
        ("mark { color: red } mark { color: revert }", "<mark id=x>x</mark>", Color::BLACK),
        ("body { color: blue } p { color: red; color: inherit }", p, BLUE),
        ("p { color: blue; color: no-such-color }", p, BLUE),
        ("@media screen { p { color: red } } @media print { p { color: blue } }", p, BLUE),
        ("@media not print { p { color: red } } @media all { p { color: blue } }", p, BLUE),
    ] {
        assert_eq!(x(css, body).text.color, want, "{css}");
    }
}

#[test]
fn selectors_match_as_the_specification_says() {
    let list = "<ul><li>a</li><li id=x class='two even' lang=ja data-n='1 2'>b</li><li></li></ul>";
    for (selector, matches) in [
        ("li", true),
        ("LI", true),
        ("ul > li", true),
        ("body > li", false),
        ("body li", true),
        ("li + li", true),
        ("li ~ li", true),
        ("li + li + li", false),
        (".two.even", true),
        (".Two", false),
        ("#x", true),
        ("li:first-child", false),
        ("li:last-child", false),
        ("li:nth-child(2)", true),
        ("li:nth-child(even)", true),
        ("li:nth-last-child(2)", true),
        ("li:nth-of-type(2)", true),
        ("li:only-child", false),
        ("li:not(.two)", false),
        ("li:not(.one, .three)", true),
        ("li:empty", false),
        ("li:not(:empty)", true),
        ("[lang=ja]", true),
        ("[lang|=ja]", true),
        ("[data-n~='2']", true),
        ("[data-n^='1 ']", true),
        ("[data-n$='3']", false),
        ("[data-n*=' ']", true),
        ("[class='TWO EVEN' i]", true),
        (":is(ol, ul) > :where(li)", true),
        (":root li", true),
        ("li:link", false),
    ] {
        let want = if matches { RED } else { Color::BLACK };
        assert_eq!(x(&format!("{selector} {{ color: red }}"), list).text.color, want, "{selector}");
    }
}

#[test]
fn shorthands_stand_for_their_parts() {
    let m = div("margin: 1mm 2mm 3mm").margin;
    assert_eq!((m.top, m.right, m.bottom, m.left), (mm(1.0), mm(2.0), mm(3.0), mm(2.0)));
    let m = div("margin: 0 auto").margin;
    assert_eq!((m.top, m.left), (mm(0.0), Dimension::Auto));
    let i = div("inset: 1mm auto auto -3mm").inset;
    assert_eq!((i.top, i.right, i.left), (mm(1.0), Dimension::Auto, mm(-3.0)));
    let b = div("color: red; border: .5pt solid").border;
    assert_eq!((b.left.width, b.left.style, b.left.color), (Pt(0.5), BorderStyle::Solid, RED));
    let b = div("border: 2pt dashed blue; border-left: none; border-width: 1pt 2pt").border;
    assert_eq!((b.top.width, b.right.width, b.left.width, b.top.color), (Pt(1.0), Pt(2.0), Pt(0.0), BLUE));
    assert_eq!(div("border-style: solid").border.top.width, Pt(2.25));
    let r = div("border-radius: 1pt 2pt / 3pt").radius;
    assert_eq!((r[0].x.length, r[1].x.length, r[2].y.length), (Pt(1.0), Pt(2.0), Pt(3.0)));
    let s = div("flex: 1");
    assert_eq!((s.flex_grow, s.flex_shrink, s.flex_basis), (1.0, 1.0, mm(0.0)));
    let s = div("flex: none");
    assert_eq!((s.flex_grow, s.flex_shrink, s.flex_basis), (0.0, 0.0, Dimension::Auto));
    let s = div("flex: 2 3 10mm; flex-flow: column wrap; gap: 1pt 2pt");
    assert_eq!((s.flex_grow, s.flex_shrink, s.flex_basis), (2.0, 3.0, mm(10.0)));
    assert_eq!((s.flex_direction, s.flex_wrap), (FlexDirection::Column, FlexWrap::Wrap));
    assert_eq!((s.row_gap.length, s.column_gap.length), (Pt(1.0), Pt(2.0)));
    let t = &div("font: italic bold 9pt/1.5 'BIZ UDPGothic', sans-serif").text;
    assert_eq!(
        (t.font_size, t.font_weight, t.font_style, t.line_height),
        (Pt(9.0), 700, FontStyle::Italic, LineHeight::Number(1.5))
    );
    assert_eq!(t.font_family.iter().map(|f| &**f).collect::<Vec<_>>(), ["BIZ UDPGothic", "sans-serif"]);
    let s = div("background: url(a.png) center / cover no-repeat, #fff");
    assert_eq!(s.background_color.ink, Ink::PAPER);
    let [image] = &*s.background_images else { panic!("one image: {:?}", s.background_images) };
    assert_eq!((&*image.url, image.size, image.repeat), ("a.png", BackgroundSize::Cover, (Repeat::No, Repeat::No)));
    assert_eq!(image.position, (LengthPercent::HALF, LengthPercent::HALF));
    assert_eq!(div("list-style: none").text.list_style, ListStyle::None);
    assert_eq!(div("overflow: hidden").overflow, (Overflow::Hidden, Overflow::Hidden));
    assert_eq!(div("overflow: auto visible").cut_sides(), (true, true));
    assert_eq!(div("overflow-x: clip").cut_sides(), (true, false));
    assert!(div("text-decoration: underline line-through").text_decoration.lines.line_through);
}

#[test]
fn lengths_are_computed_to_points() {
    for (value, want) in [
        ("10mm", 28.346_457),
        ("1cm", 28.346_457),
        ("40Q", 28.346_457),
        ("1in", 72.0),
        ("1pc", 12.0),
        ("96px", 72.0),
        ("2em", 20.0),
        ("2rem", 16.0),
        ("1ex", 5.0),
        ("1ic", 10.0),
        ("2lh", 40.0),
        ("10vw", 28.346_457),
        ("calc(1in - 2 * 6pt)", 60.0),
        ("calc((1em + 2pt) * 2 / 4)", 6.0),
        ("calc(10mm + 1em)", 38.346_46),
        ("var(--w)", 7.0),
        ("calc(var(--w) * 2)", 14.0),
        ("var(--none, 3pt)", 3.0),
    ] {
        let style = x(
            &format!(
                "@page {{ size: 100mm 148mm }} html {{ font-size: 8pt }} div {{ --w: 7pt; font-size: 10pt; line-height: 2; width: {value} }}"
            ),
            "<div id=x></div>",
        );
        let Dimension::Value(width) = style.width else { panic!("{value}: {:?}", style.width) };
        assert!(close(width.length, want), "{value}: {width:?}");
    }
    let Dimension::Value(width) = div("width: calc(50% - 5mm)").width else { panic!("a width") };
    assert_eq!(width.percent, 0.5);
    assert!(close(width.length, -14.173_228));
    assert_eq!(div("width: calc(1pt * 1pt)").width, Dimension::Auto);
    assert_eq!(div("width: -1pt").width, Dimension::Auto);
}

/// A font of its own making for each family.
#[derive(Debug)]
struct Measured;

impl Faces for Measured {
    fn measures(&self, families: &[Arc<str>], weight: u16, italic: bool) -> Measures {
        let ex = if families.iter().any(|f| &**f == "Ahem") { 0.8 } else { 0.25 };
        Measures { ex, ch: f32::from(weight) / 1000.0, cap: if italic { 0.5 } else { 0.75 }, ic: 1.5 }
    }
}

impl LoadSheet for Measured {
    fn load(&mut self, base: &str, href: &str) -> Result<(Arc<SourceText>, String), Box<Diagnostic>> {
        LoadNothing.load(base, href)
    }

    fn faces(&self) -> Option<Arc<dyn Faces>> {
        Some(Arc::new(Measured))
    }
}

#[test]
fn lengths_of_fonts_are_of_the_elements_own_or_the_roots() {
    for (css, want) in [
        ("width: 2ex", 5.0),
        ("font-family: Ahem; width: 2ex", 16.0),
        ("width: 2ex; font: 20pt Ahem", 32.0),
        // the size is in the parent's font, as `em` is
        ("font-size: 4ex; width: 1em; font-family: Ahem", 8.0),
        ("width: 2ch", 8.0),
        ("width: 2ch; font-weight: bold", 14.0),
        ("width: 2cap", 15.0),
        ("width: 2cap; font-style: italic", 10.0),
        ("width: 2ic", 30.0),
        ("width: 2rex; font-family: serif", 12.8),
        ("width: 1rch; font-weight: bold", 3.2),
        ("width: calc(1ex + 1ch - 1em)", -3.5),
        ("width: max(1ex, 1ch)", 4.0),
        ("--w: 2ex; width: var(--w)", 5.0),
        ("line-height: 4ex; width: 1lh", 10.0),
        ("writing-mode: vertical-rl; text-orientation: upright; width: 2ch", 20.0),
    ] {
        let html = format!(
            "<style>html {{ font: 8pt Ahem }} body {{ font: 8pt serif }} #x {{ font-size: 10pt; {css} }}</style><body><div id=x>"
        );
        let mut dom = Dom::new();
        html::parse(&html, &mut dom).expect("parsed");
        let all = style_all(&mut Styler::new(), &dom, &mut Measured);
        let (_, styled) = all.iter().find(|(n, _)| dom.id(*n) == Some("x")).expect("an element with id=x");
        let Dimension::Value(width) = styled.style.width else { panic!("{css}: {:?}", styled.style.width) };
        assert!(close(width.length, want), "{css}: {width:?}");
    }
    assert_eq!(div("width: -1ex").width, Dimension::Auto);
}

#[test]
fn colours_become_inks() {
    let ink = |r: f32, g: f32, b: f32| Ink::Rgb([r, g, b]);
    for (value, want, alpha) in [
        ("black", Ink::Black(1.0), 1.0),
        ("gray", Ink::from_srgb(128, 128, 128), 1.0),
        ("#333", Ink::from_srgb(0x33, 0x33, 0x33), 1.0),
        ("#f00", ink(1.0, 0.0, 0.0), 1.0),
        ("#ff000080", ink(1.0, 0.0, 0.0), 128.0 / 255.0),
        ("rgb(255, 0, 0)", ink(1.0, 0.0, 0.0), 1.0),
        ("rgb(100% 0% 0% / 50%)", ink(1.0, 0.0, 0.0), 0.5),
        ("rgba(0, 0, 0, .5)", Ink::Black(1.0), 0.5),
        ("hsl(120, 100%, 50%)", ink(0.0, 1.0, 0.0), 1.0),
        ("hsl(240deg 100% 50%)", ink(0.0, 0.0, 1.0), 1.0),
        ("device-cmyk(0 0.5 100% 0)", Ink::Cmyk([0.0, 0.5, 1.0, 0.0]), 1.0),
        ("device-cmyk(0 0 0 .8 / .5)", Ink::Black(0.8), 0.5),
        ("transparent", Ink::PAPER, 0.0),
    ] {
        let color = div(&format!("background: {value}")).background_color;
        assert_eq!(color.ink, want, "{value}");
        assert!((color.alpha - alpha).abs() < 1e-2, "{value}: {}", color.alpha);
    }
    assert_eq!(div("color: lime; background: currentcolor").background_color, LIME);
}

#[test]
fn variables_inherit_fall_back_and_never_loop() {
    for (css, want) in [
        ("html { --c: blue } p { color: var(--c) }", BLUE),
        ("p { --a: var(--b); --b: blue; color: var(--a) }", BLUE),
        ("p { color: var(--none, blue) }", BLUE),
        ("p { color: var(--none, var(--none, blue)) }", BLUE),
        ("html { --c: red } p { --c: blue; color: var(--c) }", BLUE),
        ("html { --c: blue } p { --c: var(--c); color: var(--c, lime) }", LIME),
        // A cycle makes everything on it invalid; what uses it falls back, or is unset.
        ("body { color: blue } p { --a: var(--b, red); --b: var(--a, red); color: red; color: var(--a) }", BLUE),
        ("p { --a: var(--b); --b: var(--a); color: var(--a, blue) }", BLUE),
        ("body { color: blue } p { --c: 3pt; color: var(--c) }", BLUE),
        ("html { --c: blue } p { --c: initial; color: var(--c, lime) }", LIME),
        ("html { --r: 0; --g: 255 } p { color: rgb(var(--r), var(--g), 0) }", LIME),
        ("p { --Case: blue; color: var(--Case) }", BLUE),
        ("p { --c: red !important; --c: blue; color: var(--c) }", RED),
    ] {
        assert_eq!(x(css, "<p id=x>a</p>").text.color, want, "{css}");
    }
    let b = x("p { --b: 1pt solid red; border: var(--b) }", "<p id=x>a</p>").border;
    assert_eq!((b.top.width, b.left.color), (Pt(1.0), RED));
    // Definitions that double each other end in a bound, not in the machine's memory.
    let doubling: String = (1..40).map(|i| format!("--a{i}: var(--a{}) var(--a{});", i - 1, i - 1)).collect();
    x(&format!("p {{ --a0: xxxxxxxx; {doubling} color: var(--a39) }}"), "<p id=x>a</p>");
}

#[test]
fn text_inherits_and_boxes_do_not() {
    let s = x(
        "body { font-size: 10pt; letter-spacing: 1pt; width: 5pt; line-height: 150% } div { font-size: 2em }",
        "<div><p id=x>a</p></div>",
    );
    assert_eq!((s.text.font_size, s.text.letter_spacing, s.width), (Pt(20.0), Pt(1.0), Dimension::Auto));
    assert_eq!(s.text.line_height, LineHeight::Length(Pt(15.0)));
    let d = document("<html lang=ja><body><p id=x hidden>a</p></body></html>");
    assert_eq!(&*d.x().style.text.lang, "ja");
    assert_eq!(d.x().style.display, Display::None);
    let d = document("<p><b><b id=x>a</b></b></p>");
    assert_eq!(d.x().style.text.font_weight, 900);
    let d = document("<style>img { height: 2pt }</style><img id=x width=96 height=96>");
    assert_eq!(
        (d.x().style.width, d.x().style.height),
        (Dimension::Value(LengthPercent::length(Pt(72.0))), Dimension::Value(LengthPercent::length(Pt(2.0))))
    );
    let d = document("<div style='display:flex'><span id=x>a</span></div>");
    assert_eq!(d.x().style.display, Display::Block, "a flex item is a block");
}

#[test]
fn generated_content_takes_strings_and_attributes() {
    let d = document(
        "<style>p::before { content: '〒' attr(data-code); color: red } p:after { content: none } i::after { content: '' }</style><p id=x data-code=123>a</p>",
    );
    let x = d.x();
    let before = x.before.as_ref().expect("a ::before");
    assert_eq!((before.content.as_deref(), before.text.color), (Some("〒123"), RED));
    assert!(x.after.is_none());
    assert_eq!(before.display, Display::Inline);
}

#[test]
fn page_rules_give_size_bleed_and_margins() {
    let sheets = |css: &str| document(&format!("<style>{css}</style><p id=x>a</p>")).sheets;
    let page =
        sheets("@page { size: 100mm 148mm; bleed: 3mm; margin: 5mm 10% }").page(&WhichPage::first(Arc::default()));
    assert!(close(page.size.width, 283.464_57) && close(page.size.height, 419.527_56) && close(page.bleed, 8.503_937));
    assert_eq!((page.margin.top, page.margin.left), (mm(5.0), Dimension::Value(LengthPercent::percent(0.1))));
    for (size, width, height) in [
        ("A4", 210.0, 297.0),
        ("a4 landscape", 297.0, 210.0),
        ("landscape", 297.0, 210.0),
        ("JIS-B5", 182.0, 257.0),
        ("postcard", 100.0, 148.0),
        ("50mm", 50.0, 50.0),
        ("auto", 210.0, 297.0),
    ] {
        let page = sheets(&format!("@page {{ size: {size} }}")).page(&WhichPage::first(Arc::default()));
        assert!(
            (page.size.width.to_mm() - width).abs() < 1e-3 && (page.size.height.to_mm() - height).abs() < 1e-3,
            "{size}"
        );
    }
    let sheets = sheets("@page { size: A5; bleed: 3mm } @page front { size: A6; background: red }");
    assert_eq!(sheets.page(&WhichPage::first(Arc::from("front"))).background, RED);
    assert!(
        (sheets.page(&WhichPage::first(Arc::from("front"))).bleed.to_mm() - 3.0).abs() < 1e-3,
        "what a named page does not say, all pages say"
    );
    assert!((sheets.page(&WhichPage::first(Arc::from("other"))).size.width.to_mm() - 148.0).abs() < 1e-3);
    assert_eq!(&*x("div { page: front }", "<div><p id=x>a</p></div>").page, "front");
}

#[test]
fn font_faces_and_imports_are_given_out() {
    let source = SourceText::new(
        "style.css",
        "@import 'base.css' print; @import url(screen.css) screen; @font-face { font-family: My Font; src: local(X), url('a.ttf') format('truetype'); font-weight: bold }",
    );
    let sheet = Stylesheet::parse(&source, &Arc::from("parts"));
    assert!(sheet.diagnostics.is_empty(), "{:#?}", sheet.diagnostics);
    assert_eq!(sheet.imports.iter().map(|i| (&*i.href, &*i.base)).collect::<Vec<_>>(), [("base.css", "parts")]);
    let [face] = &*sheet.font_faces else { panic!("one face") };
    assert_eq!((&*face.family, face.weight, face.italic, &*face.base), ("My Font", 700, false, "parts"));
    assert_eq!(face.sources, [FontSource::Local("X".to_owned()), FontSource::Url("a.ttf".to_owned())]);
}

#[test]
fn linked_and_imported_sheets_stand_in_order() {
    struct Folder;
    impl LoadSheet for Folder {
        fn load(&mut self, base: &str, href: &str) -> Result<(Arc<SourceText>, String), Box<Diagnostic>> {
            let text = match (base, href) {
                ("", "css/main.css") => "@import 'base.css'; p { background: url(x.png) }",
                ("css", "base.css") => "p { color: red; text-align: right } @import 'base.css';",
                _ => return Err(Box::new(Diagnostic::error("css-not-loaded", format!("{base}/{href}")))),
            };
            Ok((SourceText::new(href, text), "css".to_owned()))
        }
    }
    let mut dom = Dom::new();
    html::parse("<link rel=stylesheet href=css/main.css><link rel=stylesheet href=no.css><style>p { color: blue }</style><p id=x>a</p>", &mut dom).expect("parsed");
    let mut styler = Styler::new();
    let styled = style_all(&mut styler, &dom, &mut Folder);
    let d = Document { dom, styled, sheets: Arc::clone(styler.sheets()) };
    let s = Arc::clone(&d.x().style);
    assert_eq!((s.text.color, s.text.text_align), (BLUE, TextAlign::Right));
    assert_eq!(&*s.background_images[0].base, "css");
    let codes: Vec<_> = d.sheets.diagnostics().map(|d| d.code).collect();
    assert_eq!(codes, ["css-imports", "css-not-loaded"], "a sheet that imports itself, one that is not there");
}

#[test]
fn what_is_not_understood_is_told_with_its_place() {
    for (css, code, line, column, under, help) in [
        ("p { colr: red }", "css-unknown-property", 1, 5, "colr: red", Some("did you mean `color`?")),
        ("p {\n  shape-outside: none;\n}", "css-unsupported-property", 2, 3, "shape-outside: none", None),
        ("p { display: run-in }", "css-unsupported-value", 1, 14, "run-in", None),
        ("p { width: 3m }", "css-unsupported-value", 1, 12, "3m", None),
        ("p { color: }", "css-unsupported-value", 1, 12, "", None),
        ("a:blank { color: red }", "css-selector", 1, 1, "a:blank", None),
        ("p::first-line { color: red }", "css-selector", 1, 1, "p::first-line", None),
        ("p > { color: red }", "css-selector", 1, 1, "p >", None),
        ("@container (x: y) { p { color: red } }", "css-at-rule", 1, 1, "@container", None),
        ("@supports x { p { color: red } }", "css-syntax", 1, 10, " x", None),
        ("p { b:foo { colr: red } }", "css-selector", 1, 5, "b:foo", None),
        ("p { & b { colr: red } }", "css-unknown-property", 1, 11, "colr: red", Some("did you mean `color`?")),
        ("@pag { size: A4 }", "css-at-rule", 1, 1, "@pag", Some("did you mean `@page`?")),
        ("@page :nth(2) { size: A4 }", "css-unsupported-page", 1, 6, " :nth(2) ", None),
        ("@page { size: A9 }", "css-unsupported-value", 1, 15, "A9", None),
        ("@page { bled: 3mm }", "css-unknown-property", 1, 9, "bled: 3mm", Some("did you mean `bleed`?")),
        ("@font-face { src: url(a) }", "css-font-face", 1, 1, "@font-face { src: url(a) ", None),
        ("@media (speed > 3px) { p { color: red } }", "css-unsupported-media", 1, 7, " (speed > 3px) ", None),
        ("@media (width > 3px) { @page { size: A5 } }", "css-unsupported-page", 1, 24, "@page", None),
        ("p { color red }", "css-syntax", 1, 5, "color red", None),
    ] {
        let source = SourceText::new("style.css", css);
        let sheet = Stylesheet::parse(&source, &Arc::from(""));
        let [fault] = &*sheet.diagnostics else { panic!("{css}: {:#?}", sheet.diagnostics) };
        let Some(Place::Text { source, span }) = &fault.place else { panic!("{css}: no place") };
        assert_eq!(fault.code, code, "{css}");
        assert_eq!(source.line_column(span.start), (line, column), "{css}");
        assert_eq!(source.text.get(span.clone()), Some(under), "{css}");
        assert_eq!(fault.help.first().map(String::as_str), help, "{css}");
        assert!(!fault.is_error());
    }
    let quiet = "p { cursor: pointer; print-color-adjust: exact; --any: { thing }; color: red }";
    assert!(Stylesheet::parse(&SourceText::new("a", quiet), &Arc::from("")).diagnostics.is_empty());
}

#[test]
fn contexts_are_equal_where_styles_must_be() {
    let html = "<style>.a b { color: red } li:first-child { color: blue }</style><div class=a><p><b>x</b></p><p><b>x</b></p></div><div class=c><p><b>x</b></p></div><ul><li>1</li><li>2</li><li>3</li></ul>";
    let d = document(html);
    let of = |name: &str| -> Vec<_> {
        d.styled.iter().filter(|(n, _)| d.dom.element_name(*n) == name).map(|(_, s)| Arc::clone(s)).collect()
    };
    let b = of("b");
    assert_eq!(b.iter().map(|s| s.style.text.color).collect::<Vec<_>>(), [RED, RED, Color::BLACK]);
    let li = of("li");
    assert_eq!(li.iter().map(|s| s.style.text.color).collect::<Vec<_>>(), [BLUE, Color::BLACK, Color::BLACK]);
    assert_ne!(b[1].context, b[2].context);
    // The same document again: nothing new is made.
    let mut styler = Styler::new();
    let once = style_all(&mut styler, &d.dom, &mut LoadNothing);
    let twice = style_all(&mut styler, &d.dom, &mut LoadNothing);
    assert!(once.iter().zip(&twice).all(|((_, a), (_, b))| Arc::ptr_eq(a, b)));
    // Attributes that no sheet looks at do not make a new style.
    let mut other = Dom::new();
    html::parse(&html.replace("<p>", "<p data-id=7 id=some>"), &mut other).expect("parsed");
    let third = style_all(&mut styler, &other, &mut LoadNothing);
    assert!(once.iter().zip(&third).all(|((_, a), (_, b))| Arc::ptr_eq(a, b)));
}

#[test]
fn naughty_strings_do_no_harm() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/naughty_strings/blns.json");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let strings: Vec<String> = serde_json::from_str(&text).expect("a list of strings");
    assert!(strings.len() > 400);
    for s in &strings {
        document(&format!("<style>{s}</style><p id=x class=\"{s}\" style=\"{s}\">{s}</p>"));
        let _ = Stylesheet::parse(&SourceText::new("a", s.as_str()), &Arc::from(""));
        let _ = Stylesheet::parse(
            &SourceText::new("a", format!("p {{ {s}: {s} }} {s} {{ color: {s} }} @page {{ size: {s} }}")),
            &Arc::from(""),
        );
    }
}

/// Not a test but a stopwatch: `cargo test --release --lib markup::css_tests::how_long -- --ignored --nocapture`.
#[test]
#[ignore = "a stopwatch"]
fn how_long_parsing_and_styling_take() {
    let item = "<div class=\"item\"><img class=pic src=\"img/p0001.jpg\"><p class=name>秋の味覚 栗ごはんの素 二合用</p><p class=price>¥1,280 <small>税込</small></p></div>\n";
    let html = format!(
        "<!DOCTYPE html><html lang=ja><head><meta charset=utf-8><style>{}</style></head><body>{}</body></html>",
        ".item { margin: 1mm } .item .name { font-size: 7pt } .price { font-weight: bold } .pic { width: 26mm } "
            .repeat(8),
        item.repeat(16)
    );
    let (mut dom, mut styler) = (Dom::new(), Styler::new());
    let rounds = 20_000u32;
    let mut elements = 0;
    let mut spent = [std::time::Duration::ZERO; 2];
    let mut stack: Vec<(NodeId, Arc<Styled>)> = Vec::new();
    for _ in 0..rounds {
        let start = std::time::Instant::now();
        html::parse(&html, &mut dom).expect("parsed");
        let parsed = std::time::Instant::now();
        styler.begin(&dom, &mut LoadNothing);
        elements = 0;
        let root = dom.root().expect("a root");
        stack.push((root, styler.style(&dom, root, None)));
        while let Some((node, styled)) = stack.pop() {
            elements += 1;
            for child in dom.children(node).filter(|c| dom.is_element(*c)) {
                stack.push((child, styler.style(&dom, child, Some(&styled))));
            }
        }
        spent[0] += parsed - start;
        spent[1] += parsed.elapsed();
    }
    let us = |d: std::time::Duration| d.as_secs_f64() * 1e6 / f64::from(rounds);
    eprintln!("{} bytes, {elements} elements: parse {:.2} µs, style {:.2} µs", html.len(), us(spent[0]), us(spent[1]));
}

fn sheet() -> impl Strategy<Value = String> {
    let selector = prop_oneof![
        Just("p"),
        Just("b"),
        Just(".a"),
        Just("#i"),
        Just("p + b"),
        Just("b ~ p"),
        Just("div > p"),
        Just("b:first-child"),
        Just("p:nth-last-child(2)"),
        Just("b:nth-of-type(2)"),
        Just("p:empty"),
        Just("[data-x]"),
        Just("[data-x='1'] b"),
        Just("x-y"),
        Just("p:not(.a)"),
        Just(":is(.a, .b) + *"),
        Just("p::before"),
    ];
    let body = prop_oneof![
        Just("color: red"),
        Just("color: blue !important"),
        Just("font-size: 2em"),
        Just("--v: 3pt"),
        Just("width: var(--v)"),
        Just("margin: inherit"),
        Just("content: attr(data-x) 'x'"),
        Just("border: 1em solid"),
        Just("color: revert"),
    ];
    prop::collection::vec((selector, body), 0..8)
        .prop_map(|rules| rules.into_iter().map(|(s, b)| format!("{s} {{ {b} }}")).collect::<Vec<_>>().join(" "))
}

fn elements() -> impl Strategy<Value = String> {
    let attributes = prop_oneof![
        Just(""),
        Just(" class=a"),
        Just(" class='a b'"),
        Just(" id=i"),
        Just(" data-x=1"),
        Just(" data-x=2"),
        Just(" style='width: 2em'"),
        Just(" lang=ja"),
        Just(" data-y=3"),
        Just(" hidden"),
    ];
    let name = prop_oneof![Just("div"), Just("p"), Just("b"), Just("x-y")];
    let leaf = prop_oneof![Just(String::new()), Just("text".to_owned())];
    leaf.prop_recursive(4, 30, 5, move |inner| {
        prop::collection::vec((name.clone(), attributes.clone(), inner), 0..5)
            .prop_map(|e| e.into_iter().map(|(n, a, c)| format!("<{n}{a}>{c}</{n}>")).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn caches_never_change_a_result(css in sheet(), bodies in prop::collection::vec(elements(), 1..5)) {
        let mut styler = Styler::new();
        for body in &bodies {
            let html = format!("<style>{css}</style><body>{body}</body>");
            let mut dom = Dom::new();
            html::parse(&html, &mut dom).expect("parsed");
            let warm = style_all(&mut styler, &dom, &mut LoadNothing);
            for (node, styled) in &warm {
                // From nothing, up the chain of parents and no further.
                let mut chain = vec![*node];
                while let Some(parent) = dom.parent(chain[chain.len() - 1]) {
                    chain.push(parent);
                }
                let mut cold = Styler::new();
                cold.begin(&dom, &mut LoadNothing);
                let mut parent: Option<Arc<Styled>> = None;
                for at in chain.iter().rev() {
                    parent = Some(cold.style(&dom, *at, parent.as_deref()));
                }
                let fresh = parent.expect("the node itself");
                prop_assert_eq!(&*fresh.style, &*styled.style, "{}", html);
                prop_assert_eq!(&fresh.before, &styled.before);
            }
        }
    }

    #[test]
    fn any_text_is_a_stylesheet(css in ".*") {
        let _ = Stylesheet::parse(&SourceText::new("a", css), &Arc::from(""));
    }

    #[test]
    fn any_tokens_are_a_stylesheet(css in "[a-c{}:;()@#.,!/*'\"\\\\ \\[\\]<>=~|^$+0-9%é秋-]{0,80}") {
        let _ = Stylesheet::parse(&SourceText::new("a", css.clone()), &Arc::from(""));
        document(&format!("<style>p {{ {css} }}</style><p id=x style=\"{}\">a</p>", css.replace('"', "'")));
    }
}

#[test]
fn rare_properties_of_text_are_read_inherited_and_kept_apart() {
    let div = |css: &str| x(&format!("div {{ {css} }}"), "<div><b id=x></b></div>");
    assert!(div("").text.extras.is_none());
    let extras = |css: &str| TextExtras::clone(div(css).text.extras.as_deref().expect("extras"));
    assert_eq!(extras("ruby-align: center").ruby_align, RubyAlign::Center);
    assert_eq!(extras("text-emphasis: open dot red").emphasis, Emphasis::Mark(Arc::from("\u{25E6}")));
    assert_eq!(extras("text-emphasis-style: '※x'").emphasis, Emphasis::Mark(Arc::from("※")));
    assert_eq!(extras("text-emphasis: filled").emphasis, Emphasis::Filled(true));
    assert_eq!(extras("text-shadow: 1pt 2pt, red 0 0").shadows.len(), 2);
    assert_eq!(&*div("font-variant: small-caps tabular-nums").text.font_features, [(*b"smcp", 1), (*b"tnum", 1)]);
    let both = div("font-kerning: none; font-feature-settings: 'palt'");
    assert_eq!(&*both.text.font_features, [(*b"kern", 0), (*b"vkrn", 0), (*b"palt", 1)]);
    assert!(div("text-shadow: 1pt 1pt 2pt red").text.extras.is_none(), "blur is no value");
}
