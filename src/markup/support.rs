//! What of CSS is supported: one table for the diagnostics and for `docs/css-support.md`.

use super::kind;
use super::property::Longhand;
use super::shorthand::{ALIASES, SHORTHANDS};

/// How far a property is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    Yes,
    /// With the restriction that the table says.
    Partly,
    /// Known, and without effect here: whoever uses it is told.
    No,
    /// Accepted in silence, because nothing of it could be seen on paper.
    NoEffect,
}

/// Restrictions of supported properties.
const PARTLY: &[(&str, &str)] = &[
    ("display", "no `run-in`, two-word values"),
    ("position", "no `sticky`"),
    ("overflow", "nothing scrolls: `auto` and `scroll` cut as `hidden` does, and what is cut by them is told"),
    ("border-top-style", "`hidden` is `none`"),
    (
        "background-image",
        "`url()`, `linear-gradient()`, `radial-gradient()` and their repeating forms, as PDF shadings: process colours and greys stay process inks, with one screen colour among them all are RGB; no `conic-gradient()`, `image-set()`, no colour spaces to mix in",
    ),
    ("background-clip", "no `text`, `border-area`"),
    ("background-attachment", "`fixed` and `local` are as `scroll`: nothing moves on paper"),
    ("box-shadow", "without blur: a blurred shadow is not a value; spread and `inset` are drawn"),
    ("clip-path", "`inset()`, `circle()`, `ellipse()`, `polygon()` and the boxes of CSS; no `path()`, `url()`"),
    ("transform", "in two dimensions"),
    ("transform-origin", "in two dimensions"),
    ("translate", "in two dimensions"),
    ("rotate", "in two dimensions"),
    ("scale", "in two dimensions"),
    ("outline-style", "`auto` is `solid`"),
    (
        "content",
        "strings, `attr()`, `counter()`, `counters()`, quotes; no pictures; on `::before`, `::after` and `::marker`",
    ),
    ("font", "no system fonts, no small capitals"),
    ("font-style", "an angle is heeded by variable fonts; nothing is slanted that the font does not slant"),
    ("line-break", "`auto` is `strict`, for this is print"),
    ("text-autospace", "¼ em; no `punctuation`"),
    ("hyphens", "`auto` for da de en es fi fr it nb nl nn no pl pt ru sv uk, by `lang`"),
    ("word-break", "no `auto-phrase`"),
    ("text-spacing-trim", "by class, for glyphs of full width; `auto` is `trim-start`"),
    ("text-decoration-thickness", "`from-font` is `auto`: both are as the font says"),
    ("text-shadow", "no blur: ink has no soft edges"),
    ("text-underline-position", "one word"),
    (
        "font-variant",
        "no alternates but `historical-forms`; a face without the feature keeps its own forms, none are imitated",
    ),
    ("font-variant-alternates", "`normal` and `historical-forms`"),
    ("font-variant-caps", "by the face's own features; none are imitated"),
    ("font-variant-position", "by the face's own features; none are imitated"),
    (
        "ruby-merge",
        "`auto` merges where a reading is wider than its base; neighbouring pairs in one `<ruby>` belong together",
    ),
    (
        "ruby-overhang",
        "over kana up to one character of the ruby, over punctuation up to half of one, never over others",
    ),
    ("ruby-position", "no `inter-character`"),
    ("list-style-image", "outside the item, at its own size; inside it the type is used"),
    (
        "quotes",
        "`auto` knows the quotes of ja, zh-Hant, fr, de, it, es, pt, ru, uk, pl, cs; all others have English ones",
    ),
    (
        "list-style-type",
        "strings and the predefined styles from `decimal` to `trad-chinese-formal`; no `@counter-style`, no Armenian, Georgian, Hebrew, Ethiopic",
    ),
    ("caption-side", "`top` and `bottom`"),
    ("grid-template-columns", "no `subgrid`, `masonry`"),
    ("grid-template-rows", "no `subgrid`, `masonry`"),
    ("justify-items", "no `legacy`; `last baseline` is `end`; `safe` and `unsafe` are passed over"),
    ("align-items", "`last baseline` is `end`; `safe` and `unsafe` are passed over"),
    ("break-before", "`recto` is `right`, `verso` is `left`; no columns"),
    ("text-combine-upright", "`digits` up to 4"),
    ("aspect-ratio", "`auto` beside a ratio is dropped"),
    ("-surimono-overprint", "our own, inherited: `auto`, `on`, `off`; see ink.md"),
    ("-surimono-overflow", "our own: `reject`, `shrink`, `clip`, `continue` with a page's name; see templates.md"),
    (
        "-surimono-copy-fit",
        "our own, inherited: `tracking`, `scale`, `size`, `leading` with their floors; see templates.md",
    ),
];

/// Known properties that have no effect here.
const NOT: &[&str] = &[
    "background-blend-mode",
    "border-image",
    "border-image-source",
    "box-decoration-break",
    "color-adjust",
    "column-count",
    "column-fill",
    "column-rule",
    "column-span",
    "column-width",
    "columns",
    "container",
    "container-type",
    "display-outside",
    "filter",
    "font-language-override",
    "font-size-adjust",
    "font-synthesis",
    "footnote-display",
    "image-resolution",
    "line-clamp",
    "marks",
    "mask",
    "mask-image",
    "shape-outside",
    "string-set",
    "text-overflow",
    "text-spacing",
    "zoom",
    "-webkit-line-clamp",
    "-webkit-box-orient",
    "-webkit-text-stroke",
];

/// Properties of screens and of how browsers draw.
const NO_EFFECT: &[&str] = &[
    "-moz-osx-font-smoothing",
    "-webkit-font-smoothing",
    "-webkit-print-color-adjust",
    "-webkit-text-size-adjust",
    "animation",
    "cursor",
    "image-rendering",
    "pointer-events",
    "print-color-adjust",
    "scroll-behavior",
    "text-rendering",
    "text-size-adjust",
    "touch-action",
    "transition",
    "user-select",
    "-webkit-user-select",
    "will-change",
];

/// How far the property of this name (lower case) is supported; `None` for one that is unknown.
#[must_use]
pub fn of(name: &str) -> Option<Support> {
    let supported = Longhand::named(name).is_some()
        || SHORTHANDS.iter().any(|(n, _)| *n == name)
        || ALIASES.iter().any(|(n, _)| *n == name);
    if supported {
        let partly = PARTLY.iter().any(|(n, _)| *n == name);
        return Some(if partly { Support::Partly } else { Support::Yes });
    }
    if NO_EFFECT.contains(&name) {
        return Some(Support::NoEffect);
    }
    NOT.contains(&name).then_some(Support::No)
}

/// The names of all supported properties.
pub fn names() -> impl Iterator<Item = &'static str> {
    let longhands = Longhand::ALL.iter().map(|l| l.name());
    longhands.chain(SHORTHANDS.iter().map(|(n, _)| *n)).chain(ALIASES.iter().map(|(n, _)| *n))
}

/// What a property takes, for messages; empty where it is too much to say.
pub(super) fn values(name: &str) -> String {
    let words: &[&str] = match name {
        "display" => kind::Display::WORDS,
        "position" => kind::Position::WORDS,
        "box-sizing" => kind::BoxSizing::WORDS,
        "overflow" | "overflow-x" | "overflow-y" => kind::Overflow::WORDS,
        "border-style" | "border-top-style" | "border-right-style" | "border-bottom-style" | "border-left-style" => {
            kind::BorderStyle::WORDS
        }
        "font-style" => &["normal", "italic", "oblique", "oblique 10deg"],
        "text-align" => kind::TextAlign::WORDS,
        "writing-mode" => kind::WritingMode::WORDS,
        "text-orientation" => kind::TextOrientation::WORDS,
        "text-combine-upright" => &["none", "all", "digits 2"],
        "white-space" => &["normal", "nowrap", "pre", "pre-wrap", "pre-line", "break-spaces"],
        "white-space-collapse" => kind::WhiteSpace::WORDS,
        "text-wrap-mode" => kind::WrapMode::WORDS,
        "text-wrap-style" => kind::WrapStyle::WORDS,
        "text-wrap" => &["wrap", "nowrap", "balance", "pretty", "stable"],
        "text-spacing-trim" => kind::SpacingTrim::WORDS,
        "hanging-punctuation" => &["none", "first", "last", "force-end", "allow-end"],
        "text-align-last" => kind::AlignLast::WORDS,
        "text-justify" => kind::TextJustify::WORDS,
        "hyphens" => kind::Hyphens::WORDS,
        "-surimono-line-adjust" => kind::LineAdjust::WORDS,
        "word-break" => kind::WordBreak::WORDS,
        "overflow-wrap" | "word-wrap" => kind::OverflowWrap::WORDS,
        "line-break" => kind::LineBreak::WORDS,
        "text-transform" => &["none", "uppercase", "lowercase", "capitalize", "full-width", "full-size-kana"],
        "flex-direction" => kind::FlexDirection::WORDS,
        "flex-wrap" => kind::FlexWrap::WORDS,
        "align-content" | "align-items" | "align-self" | "justify-content" | "justify-items" | "justify-self" => {
            kind::Align::WORDS
        }
        "break-before" | "break-after" | "break-inside" => kind::Break::WORDS,
        "float" => kind::Float::WORDS,
        "clear" => kind::Clear::WORDS,
        "visibility" => kind::Visibility::WORDS,
        "table-layout" => kind::TableLayout::WORDS,
        "border-collapse" => kind::BorderCollapse::WORDS,
        "caption-side" => kind::CaptionSide::WORDS,
        "empty-cells" => kind::EmptyCells::WORDS,
        "object-fit" => kind::ObjectFit::WORDS,
        "mix-blend-mode" => kind::Blending::WORDS,
        "-surimono-overprint" => &["auto", "on", "off"],
        "image-orientation" => kind::Orientation::WORDS,
        "list-style-type" => {
            let names: Vec<_> = super::counter::names().map(|n| format!("`{n}`")).collect();
            return format!("a string, `none`, {}", names.join(", "));
        }
        "text-autospace" => &["normal", "no-autospace", "ideograph-alpha", "ideograph-numeric", "insert", "replace"],
        "ruby-position" => kind::RubyPosition::WORDS,
        "ruby-align" => kind::RubyAlign::WORDS,
        "ruby-merge" => kind::RubyMerge::WORDS,
        "ruby-overhang" => &["auto", "none"],
        "text-underline-position" => kind::UnderlinePosition::WORDS,
        "text-decoration-style" => kind::LineStyle::WORDS,
        "direction" => kind::Direction::WORDS,
        "unicode-bidi" => kind::UnicodeBidi::WORDS,
        "text-shadow" => return "`none`, or shadows such as `0.3mm 0.3mm gray`, without blur".to_owned(),
        "color" | "background-color" => {
            return "a colour: a name, `#rrggbb`, `rgb()`, `hsl()`, `device-cmyk()`, `-surimono-spot()`".to_owned();
        }
        "width" | "height" | "min-width" | "min-height" => {
            return "`auto`, a length such as `3mm`, or a percentage".to_owned();
        }
        "font-size" => return "a length such as `9pt`, or a percentage".to_owned(),
        "line-height" => return "`normal`, a number, a length or a percentage".to_owned(),
        _ => return String::new(),
    };
    words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}

/// The page `docs/css-support.md`.
#[must_use]
pub fn document() -> String {
    use std::fmt::Write as _;
    let mut out = String::from(
        "# What of CSS is supported\n\n\
         Generated from `src/markup/support.rs`; a test compares. To write it anew: `UPDATE=1 cargo test --lib markup::support`.\n\n\
         Everything that a stylesheet says beyond this is dropped, as CSS wants it, and told as a warning with its place.\n\n\
         ## Selectors\n\n\
         Selectors level 4: all combinators, attributes with `i` and `s`, `:is() :where() :not()` with lists, `:has()`, `:nth-child(… of …)`, \
         `:lang()`, `:any-link`, `:root`, `:empty`, the `nth` and `only` families; `&` and rules inside rules (CSS Nesting). `::before`, `::after`, `::marker`, `::first-letter` (inline; of text directly in its block). \
         States such as `:hover` are understood and never met. No namespaces, no `::first-line`. \
         In documents of more than 20,000 nodes `:has()` and `:nth-child(… of …)` match nothing; without them styles are shared between equal elements, with them each is computed.\n\n\
         ## Values\n\n\
         Lengths in `mm cm Q in pt pc px em rem ex rex ch rch cap rcap ic ric lh rlh vw vh vi vb vmin vmax` and the `s`, `l`, `d` forms of the last (`ex ch cap ic` are of the first font that there is for the element's families, in `@page` and `@media` \
         half an `em`, half, 0.7 and one; `v…` are of the page as trimmed, `vi` of its width), percentages, angles. \
         `calc() min() max() clamp() round() mod() rem() abs() sign() sin() cos() tan() asin() acos() atan() atan2() pow() sqrt() hypot() log() exp()` with `pi e infinity NaN`, for lengths, percentages, numbers, whole numbers and angles: \
         what is no number counts as 0, lengths are bounded at ±1,000,000 pt. Lengths and percentages together may have one lower and one upper bound; what needs more, and `round() mod() rem() abs()` of percentages, is settled against the page's width. \
         `var()` with fallback (cycles and more than 64 KB are invalid at computed-value time); `inherit initial unset revert revert-layer`, `all`. \
         Colours: names, `#rgb` to `#rrggbbaa`, `rgb()`, `hsl()`, `transparent`, `currentcolor`, `device-cmyk(c m y k / a)`, \
         `-surimono-spot(\"NAME\", tint / a)` in a named ink, `-surimono-registration(tint)` in all inks at once (see [ink.md](ink.md)). \
         Greys become black ink alone.\n\n\
         ## At-rules\n\n\
         `@page` with names, `:first`, `:left`, `:right`, `:blank`; in it `size`, `bleed`, `margin`, `marks`, `background-color`, `background-image: url()` (once, on the whole page), and the \
         sixteen margin boxes (`@top-left` …) with `content` of strings, `counter(page)` and `counter(pages)`; \
         sizes by name: ",
    );
    let sizes: Vec<_> = super::page::SIZES.iter().map(|(n, ..)| format!("`{n}`")).collect();
    let _ = write!(
        out,
        "{}, with `portrait` or `landscape`. `@font-face` with `font-family`, `src`, `font-weight` (one value, or a range for a variable font), `font-style`. `@import`. \
         `@media` with types (`print` and `all` apply), `not`, `and`, `or`, and the features `width height aspect-ratio orientation` of the page as trimmed (also as ranges), `color monochrome resolution` and those of screens, \
         which are answered as paper does; an `@page` rule or an import cannot depend on the page's size. `@supports` with declarations and `selector()`, answered by this table. `@layer`, named, nested and without a name. `@-surimono-spot` with `alternate`, `kind` and `overprint` defines a named ink. No `@container`, `@counter-style`, `@scope`.\n\n## Properties\n\n\
         | property | supported | how |\n|---|---|---|\n",
        sizes.join(" ")
    );
    let mut all: Vec<(&str, Support)> = names().filter_map(|n| Some((n, of(n)?))).collect();
    all.extend(NOT.iter().map(|n| (*n, Support::No)));
    all.sort_unstable_by_key(|(n, _)| *n);
    for (name, support) in all {
        let note = PARTLY.iter().find(|(n, _)| *n == name).map_or("", |(_, note)| note);
        let alias = ALIASES
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, l)| {
                if super::logical::is_logical(name) {
                    format!("in horizontal writing `{}`", l.name())
                } else {
                    format!("as `{}`", l.name())
                }
            })
            .unwrap_or_default();
        let word = match support {
            Support::Yes => "yes",
            Support::Partly => "partly",
            Support::No => "no",
            Support::NoEffect => "no effect",
        };
        let _ = writeln!(out, "| `{name}` | {word} | {note}{alias} |");
    }
    let quiet: Vec<_> = NO_EFFECT.iter().map(|n| format!("`{n}`")).collect();
    let _ = write!(
        out,
        "\nAccepted without a warning, because nothing of them could be seen on paper: {}.\n",
        quiet.join(", ")
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_in_docs_is_the_table_here() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/css-support.md");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, document()).expect("docs can be written");
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == document(), "docs/css-support.md is out of date: UPDATE=1 cargo test --lib markup::support");
    }

    #[test]
    fn no_property_is_in_two_lists() {
        for name in NOT.iter().chain(NO_EFFECT) {
            assert!(!names().any(|n| n == *name), "{name}");
        }
        for (name, _) in PARTLY {
            assert_eq!(of(name), Some(Support::Partly), "{name}");
        }
    }
}
