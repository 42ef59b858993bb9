//! Attributes of tables and pictures that say something of style (HTML Standard, section 15.3.8 to 15.4.3), as
//! declarations that every author's rule wins over.

use std::fmt::Write as _;

use super::dom::{Dom, NodeId};
use super::name::Name;

/// Attributes that are read here of elements for which [`reads`] says yes.
pub(super) const READ: &[&str] = &[
    "align",
    "valign",
    "width",
    "height",
    "border",
    "bordercolor",
    "cellpadding",
    "cellspacing",
    "bgcolor",
    "nowrap",
    "hspace",
    "vspace",
];

/// Whether this element's attributes are read here.
pub(super) fn reads(name: Option<Name>) -> bool {
    matches!(
        name,
        Some(
            Name::TABLE
                | Name::CAPTION
                | Name::COLGROUP
                | Name::COL
                | Name::THEAD
                | Name::TBODY
                | Name::TFOOT
                | Name::TR
                | Name::TD
                | Name::TH
                | Name::IMG
        )
    )
}

/// A number of pixels, or a share with `%`; nothing for what is neither, and for 0 where that says nothing.
fn length(text: &str, zero: bool) -> Option<String> {
    let text = text.trim_ascii();
    let end = text.bytes().position(|b| !b.is_ascii_digit() && b != b'.').unwrap_or(text.len());
    let number: f32 = text.get(..end)?.parse().ok().filter(|n: &f32| n.is_finite())?;
    if number == 0.0 && !zero {
        return None;
    }
    let unit = if text.get(end..)?.starts_with('%') { "%" } else { "px" };
    Some(format!("{number}{unit}"))
}

fn plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
}

/// The table around a part of it.
fn table(dom: &Dom, element: NodeId) -> Option<NodeId> {
    let mut at = dom.node(element).parent;
    while let Some(node) = at {
        if dom.name(node) == Some(Name::TABLE) {
            return Some(node);
        }
        at = dom.node(node).parent;
    }
    None
}

/// Appends declarations for the element's attributes.
pub(super) fn declarations(dom: &Dom, element: NodeId, out: &mut String) {
    let name = dom.name(element);
    if !reads(name) {
        return;
    }
    let attr = |n: &str| dom.attr_named(element, n);
    let align = attr("align").map(str::to_ascii_lowercase);
    let align = align.as_deref().map(str::trim);
    if name == Some(Name::IMG) {
        match align {
            Some("left" | "right") => _ = write!(out, "float:{};", align.unwrap_or("")),
            Some("top" | "middle" | "bottom") => _ = write!(out, "vertical-align:{};", align.unwrap_or("")),
            _ => {}
        }
        if let Some(space) = attr("hspace").and_then(|v| length(v, false)) {
            _ = write!(out, "margin-left:{space};margin-right:{space};");
        }
        if let Some(space) = attr("vspace").and_then(|v| length(v, false)) {
            _ = write!(out, "margin-top:{space};margin-bottom:{space};");
        }
        return;
    }
    if let Some(width) = attr("width").and_then(|v| length(v, false)) {
        _ = write!(out, "width:{width};");
    }
    if let Some(height) = attr("height").and_then(|v| length(v, false)) {
        _ = write!(out, "height:{height};");
    }
    if let Some(color) = attr("bgcolor").map(str::trim).filter(|c| plain(c)) {
        _ = write!(out, "background-color:{color};");
    }
    match (name, align) {
        (Some(Name::TABLE), Some("left" | "right")) => _ = write!(out, "float:{};", align.unwrap_or("")),
        (Some(Name::TABLE), Some("center")) => out.push_str("margin-left:auto;margin-right:auto;"),
        (Some(Name::CAPTION), Some("bottom")) => out.push_str("caption-side:bottom;"),
        (Some(Name::CAPTION | Name::TABLE), _) => {}
        (_, Some("left" | "right" | "center" | "justify")) => _ = write!(out, "text-align:{};", align.unwrap_or("")),
        _ => {}
    }
    let valign = attr("valign").map(str::to_ascii_lowercase);
    if let Some(word @ ("top" | "middle" | "bottom" | "baseline")) = valign.as_deref().map(str::trim) {
        _ = write!(out, "vertical-align:{word};");
    }
    if name == Some(Name::TABLE) {
        if let Some(space) = attr("cellspacing").and_then(|v| length(v, true)).filter(|s| s.ends_with("px")) {
            _ = write!(out, "border-spacing:{space};");
        }
        if let Some(border) = attr("border") {
            let width = if border.trim().is_empty() { Some("1px".to_owned()) } else { length(border, true) };
            _ = write!(out, "border:{} solid gray;", width.unwrap_or_else(|| "1px".to_owned()));
        }
    }
    if matches!(name, Some(Name::TD | Name::TH)) {
        if attr("nowrap").is_some() {
            out.push_str("white-space:nowrap;");
        }
        let Some(table) = table(dom, element) else { return };
        if let Some(padding) = dom.attr_named(table, "cellpadding").and_then(|v| length(v, true)) {
            _ = write!(out, "padding:{padding};");
        }
        if dom.attr_named(table, "border").is_some_and(|b| b.trim() != "0") {
            out.push_str("border:1px solid gray;");
        }
    }
    if let Some(color) = attr("bordercolor").map(str::trim).filter(|c| plain(c)) {
        _ = write!(out, "border-color:{color};");
    }
}
