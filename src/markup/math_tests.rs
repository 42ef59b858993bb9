//! The math functions of CSS Values 4, section 10: a declaration a line.

use super::css_tests::{div, x};
use super::style::Dimension;
use crate::base::Pt;

/// The width in a containing block of 200 pt, in points.
fn width(value: &str) -> f32 {
    match div(&format!("font-size: 10pt; line-height: 2; width: {value}")).width {
        Dimension::Value(v) => v.resolve(Pt(200.0)).0,
        other => panic!("{value}: {other:?}"),
    }
}

#[test]
fn math_functions_come_to_lengths() {
    for (value, want) in [
        ("min(10pt, 20pt)", 10.0),
        ("max(10pt, 2em)", 20.0),
        ("min(50%, 30pt)", 30.0),
        ("min(10%, 30pt)", 20.0),
        ("min(30pt, 10%)", 20.0),
        ("max(10%, 30pt)", 30.0),
        ("max(50%, 30pt)", 100.0),
        ("clamp(10pt, 50%, 60pt)", 60.0),
        ("clamp(10pt, 1%, 60pt)", 10.0),
        ("clamp(10%, 30pt, 60%)", 30.0),
        ("clamp(20%, 30pt, 60%)", 40.0),
        ("clamp(none, 50%, 60pt)", 60.0),
        ("clamp(60pt, 5%, none)", 60.0),
        ("min(1em, 2em, 3pt, 50%)", 3.0),
        ("calc(100% - min(10%, 30pt))", 180.0),
        ("calc(2 * min(10%, 30pt) + 1pt)", 41.0),
        ("calc(-1 * max(-10%, -30pt))", 20.0),
        ("min(max(10%, 30pt), 25pt)", 25.0),
        ("max(min(50%, 30pt), 12pt)", 30.0),
        ("calc(pi * 10pt)", 31.415_927),
        ("calc(10pt * sin(30deg))", 5.0),
        ("calc(10pt * cos(0))", 10.0),
        ("calc(1pt * pow(2, 5))", 32.0),
        ("calc(1pt * sqrt(49))", 7.0),
        ("calc(1pt * hypot(3, 4))", 5.0),
        ("calc(1pt * exp(0))", 1.0),
        ("calc(1pt * log(8, 2))", 3.0),
        ("calc(1pt * max(1, 3, 2))", 3.0),
        ("calc(1pt * sign(-4) + 3pt)", 2.0),
        ("calc(1pt * abs(-4))", 4.0),
        ("abs(-3pt)", 3.0),
        ("round(13pt, 5pt)", 15.0),
        ("round(up, 11pt, 5pt)", 15.0),
        ("round(down, 14pt, 5pt)", 10.0),
        ("round(to-zero, 14pt, 5pt)", 10.0),
        ("mod(13pt, 5pt)", 3.0),
        ("rem(13pt, 5pt)", 3.0),
        ("1rlh", 14.4),
        ("1lh", 20.0),
        ("10vmin", 59.527_56),
        ("10vmax", 84.188_98),
        ("10vi", 59.527_56),
        ("10svb", 84.188_98),
        ("1cap", 7.0),
        ("2ric", 24.0),
    ] {
        let got = width(value);
        assert!((got - want).abs() < 0.01, "{value}: {got}, not {want}");
    }
}

#[test]
fn what_is_no_number_or_endless_is_bounded() {
    for (value, want) in [
        ("calc(1pt / 0)", 1_000_000.0),
        ("calc(-1pt / 0)", -1_000_000.0),
        ("calc(infinity * 1pt)", 1_000_000.0),
        ("calc(NaN * 1pt)", 0.0),
        ("calc(infinity * 1pt - infinity * 1pt)", 0.0),
        ("calc(0 / 0 * 1em)", 0.0),
        ("min(1pt / 0, 5pt)", 5.0),
        ("mod(5pt, 0pt)", 0.0),
        ("calc(1pt * sqrt(-1))", 0.0),
        ("1e30px", 1_000_000.0),
        ("calc(infinity * 1%)", 1_000_000.0),
    ] {
        let got = match div(&format!("left: {value}; position: absolute")).inset.left {
            Dimension::Value(v) => v.resolve(Pt(1.0)).0,
            other => panic!("{value}: {other:?}"),
        };
        assert_eq!(got, want, "{value}");
    }
    assert_eq!(div("opacity: calc(0 / 0)").opacity, 0.0);
    assert_eq!(div("flex-grow: calc(-1 * 5)").flex_grow, 0.0, "clamped, not dropped");
    assert_eq!(div("z-index: calc(2.5)").z_index, Some(3));
    assert_eq!(div("padding-left: calc(1pt - 5pt)").padding.left.length, Pt(0.0));
    assert_eq!(div("padding-left: 3pt; padding-left: -5pt").padding.left.length, Pt(3.0), "written so, it is a fault");
}

#[test]
fn kinds_are_not_mixed() {
    for value in
        ["min(1pt, 2)", "calc(1pt * 1pt)", "calc(1 + 1pt)", "min()", "clamp(1pt, 2pt)", "sin(1pt)", "calc(1deg)"]
    {
        assert_eq!(div(&format!("width: {value}")).width, Dimension::Auto, "{value}");
    }
}

#[test]
fn deep_and_broad_functions_come_to_an_end() {
    let deep = format!("{}1pt{}", "calc(".repeat(2000), ")".repeat(2000));
    let broad = format!("min({}1pt)", "50%,".repeat(2000));
    for value in [deep, broad] {
        x(&format!("p {{ width: {value} }}"), "<p id=x>a</p>");
    }
}
