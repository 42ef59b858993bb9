//! Which rules apply: layers, nesting, media, `@supports`, and the selectors of level 4. Each case is a line: what
//! the sheet says, and whether the element with `id=x` comes out blue.

use super::css_tests::{div, x};
use crate::color::{Color, Ink};

const BLUE: Color = Color { ink: Ink::Rgb([0.0, 0.0, 1.0]), alpha: 1.0 };

fn is_blue(css: &str, body: &str) -> bool {
    x(css, body).text.color == BLUE
}

#[test]
fn media_are_answered_for_the_page() {
    for (query, applies) in [
        ("print", true),
        ("all", true),
        ("screen", false),
        ("not screen", true),
        ("not print", false),
        ("only print", true),
        ("screen, print", true),
        ("(min-width: 90mm)", true),
        ("(min-width: 100mm)", true),
        ("(max-width: 100mm)", true),
        ("(min-width: 101mm)", false),
        ("print and (max-height: 150mm)", true),
        ("screen and (max-height: 150mm)", false),
        ("(width: 100mm)", true),
        ("(width >= 100mm)", true),
        ("(width > 100mm)", false),
        ("(90mm < width < 110mm)", true),
        ("(110mm > width > 100mm)", false),
        ("(100mm <= width)", true),
        ("(orientation: portrait)", true),
        ("(orientation: landscape)", false),
        ("not (orientation: landscape)", true),
        ("(orientation: portrait) and (width < 50mm)", false),
        ("(orientation: landscape) or (width < 150mm)", true),
        ("((orientation: landscape) or (width < 150mm)) and (height)", true),
        ("(aspect-ratio < 1)", true),
        ("(aspect-ratio: 100/148)", true),
        ("(min-aspect-ratio: 1/1)", false),
        ("(color)", true),
        ("(monochrome)", false),
        ("(min-resolution: 300dpi)", true),
        ("(hover)", false),
        ("(hover: none)", true),
        ("(prefers-color-scheme: dark)", false),
        ("(prefers-color-scheme: light)", true),
        ("(prefers-reduced-motion: no-preference)", true),
        ("(speed: 3)", false),
        ("not (speed: 3)", false),
        ("(speed: 3) or (color)", true),
        ("print and", false),
        ("(", false),
    ] {
        let css = format!("@page {{ size: 100mm 148mm }} @media {query} {{ p {{ color: blue }} }}");
        assert_eq!(is_blue(&css, "<p id=x>a</p>"), applies, "{query}");
    }
}

#[test]
fn supports_is_answered_by_what_is_read() {
    for (condition, met) in [
        ("(display: flex)", true),
        ("(display: nonsense)", false),
        ("(no-such-property: 1)", false),
        ("(--any: thing)", true),
        ("not (display: nonsense)", true),
        ("(display: flex) and (color: red)", true),
        ("(display: flex) and (color: 3)", false),
        ("(display: nonsense) or (color: red !important)", true),
        ("((color: red) and (not (color: 1)))", true),
        ("(width: min(1px, 2%))", true),
        ("selector(a > b)", true),
        ("selector(:has(> b))", true),
        ("selector(::no-such)", false),
        ("font-tech(color-COLRv1)", false),
        ("not unknown(x)", true),
        ("(color: var(--x))", true),
    ] {
        let css = format!("@supports {condition} {{ p {{ color: blue }} }}");
        assert_eq!(is_blue(&css, "<p id=x>a</p>"), met, "{condition}");
    }
}

#[test]
fn layers_are_weaker_than_what_is_in_none_and_stronger_the_later() {
    for (css, blue) in [
        ("@layer a { p { color: blue } } @layer b { p { color: red } }", false),
        ("@layer b, a; @layer a { p { color: blue } } @layer b { p { color: red } }", true),
        ("p { color: blue } @layer a { #x { color: red } }", true),
        ("@layer a { p { color: blue !important } } @layer b { p { color: red !important } }", true),
        ("@layer a { p { color: blue !important } } p { color: red !important }", true),
        ("@layer a { @layer b { p { color: red } } p { color: blue } }", true),
        ("@layer a { p { color: blue } @layer b { #x { color: red } } }", true),
        ("@layer a.b { p { color: red } } @layer a { p { color: blue } }", true),
        ("@layer { p { color: red } } @layer { p { color: blue } }", true),
        ("@layer { p { color: red } } @layer a { p { color: blue } } @layer { i { color: red } }", true),
        ("@layer a { p { color: blue } } @layer b { p { color: red; color: revert-layer } }", true),
        ("@layer a { p { color: blue } } @layer b { p { color: red } } p { color: revert-layer }", false),
        ("p { color: blue } p { color: revert-layer }", false),
        ("body { color: blue } p { color: red } p { color: revert-layer }", true),
    ] {
        assert_eq!(is_blue(css, "<p id=x>a</p>"), blue, "{css}");
    }
}

#[test]
fn nested_rules_are_those_of_their_outer_ones() {
    for (css, blue) in [
        ("div { p { color: blue } }", true),
        ("div { & p { color: blue } }", true),
        ("div { > p { color: blue } }", true),
        ("section { p { color: blue } }", false),
        ("p { .c& { color: blue } }", true),
        ("p { &.c { color: blue } }", true),
        ("p { &.d { color: blue } }", false),
        ("p { section & { color: blue } }", false),
        ("div, section { p:not(.d) { color: blue } }", true),
        ("p { color: red; @media print { color: blue } }", true),
        ("p { color: red; @media screen { color: blue } }", false),
        ("p { @supports (display: flex) { &.c { color: blue } } }", true),
        ("p { color: blue; & b { color: red } }", true),
        ("p { &.c { color: red } color: blue }", false),
        ("p { & { color: red } color: blue }", true),
        ("div { p { &.c { color: blue } } }", true),
        ("p { i:hover { color: red } color: blue }", true),
        ("@layer a { p { color: red } } p { @layer a { color: blue } }", true),
    ] {
        assert_eq!(is_blue(css, "<div><p id=x class=c>a</p></div>"), blue, "{css}");
    }
    let deep = format!("{}color: red{}", "p { & b, & i {".repeat(60), "} }".repeat(60));
    x(&deep, "<p id=x>a</p>");
}

#[test]
fn selectors_of_level_4_match() {
    let body = "<section lang=ja-JP><h2>t</h2><p class=a>1</p><p class=b>2</p><p id=x class='b c' data-k=Key>3 <b>s</b></p>\
                <p class=b>4</p></section>";
    for (selector, matches) in [
        ("p:has(b)", true),
        ("p:has(> b)", true),
        ("p:has(i)", false),
        ("p:has(+ p)", true),
        ("p:has(+ h2)", false),
        ("section:has(h2) > p", true),
        ("section:not(:has(h2)) > p", false),
        ("p:not(:has(i))", true),
        (":nth-child(2 of .b)", true),
        (":nth-child(1 of .b)", false),
        (":nth-last-child(2 of .b)", true),
        (":is(.c, .z)", true),
        (":where(#x)", true),
        ("p:not(.a, .z)", true),
        ("[data-k=key]", false),
        ("[data-k=key i]", true),
        ("[data-k=Key s]", true),
        ("[data-k^=K]", true),
        ("[data-k$=y]", true),
        ("[data-k*=e]", true),
        ("[class~=c]", true),
        ("section[lang|=ja] p", true),
        ("p:lang(ja)", true),
        ("p:lang(en, ja)", true),
        ("p:lang(ja-JP)", true),
        ("p:lang(j)", false),
        ("p:hover", false),
        ("p:not(:hover)", true),
        ("h2 ~ p", true),
        ("p:nth-of-type(3)", true),
        ("p:only-of-type", false),
    ] {
        assert_eq!(is_blue(&format!("{selector} {{ color: blue }}"), body), matches, "{selector}");
    }
}

#[test]
fn has_looks_through_large_documents_in_good_time() {
    let many = "<i></i>".repeat(30_000);
    let css = "p { color: red } div:has(b) p { color: blue }";
    assert!(!is_blue(css, &format!("<div>{many}<b></b><p id=x>a</p></div>")), "too large: the rule matches nothing");
    assert!(is_blue(css, "<div><b></b><p id=x>a</p></div>"));
}

#[test]
fn all_sets_everything() {
    let s = div("color: red; width: 3pt; margin: 1pt; all: initial");
    assert_eq!((s.text.color, s.display), (Color::BLACK, super::style::Display::Inline));
    assert_eq!(s.margin.top, super::style::Style::initial().margin.top);
    let s = x("body { color: blue } p { color: red; margin: 3pt; all: unset }", "<p id=x>a</p>");
    assert_eq!(s.text.color, BLUE);
    let s = x("p { color: red; display: inline; all: revert }", "<p id=x>a</p>");
    assert_eq!(s.display, super::style::Display::Block, "as the built-in sheet says");
}
