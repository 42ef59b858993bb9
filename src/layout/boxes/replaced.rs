//! Boxes whose content is not text: `<img>`, `<svg>` and `<bar-code>`.
//!
//! What a symbol is like stands in `symbol`.

use std::sync::Arc;

use super::engine::Engine;
use super::sizes::{self, Frame};
use super::symbol::SymbolBox;
use super::tree::{El, Part};
use crate::asset::image::Image;
use crate::asset::svg::Drawing;
use crate::base::{Pt, Rect};
use crate::layout::fault::{Fault, FaultKind};
use crate::layout::fragment::{Height, Space, Width};
use crate::layout::laps::Step;
use crate::layout::paint::ground;
use crate::layout::paint::shape::{Corners, outline};
use crate::layout::paint::svg;
use crate::markup::name::Name;
use crate::markup::style::{BoxSizing, Dimension, Orientation, Style};
use crate::page::Item;

#[derive(Debug)]
pub struct Replaced {
    width: Pt,
    height: Pt,
    /// It has a ratio and no size: it is as wide as its containing block lets it be.
    fills: bool,
    content: What,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // one at a time, and never kept: a box would only cost
enum What {
    Picture(Arc<Image>),
    Drawing(Box<Drawing>),
    Symbol(SymbolBox),
    /// It could not be had; a fault says so.
    Nothing,
}

impl Engine<'_> {
    pub(in crate::layout) fn is_replaced(&self, el: &El) -> bool {
        match self.dom.name(el.node) {
            Some(Name::IMG | Name::BAR_CODE | Name::SVG | Name::EMBED | Name::VIDEO) => true,
            // what cannot be shown gives way to what stands in it
            Some(Name::OBJECT) => {
                el.part == Part::Element
                    && self.url(el).is_some_and(|url| self.shared.image("", url, Orientation::FromImage).is_ok())
            }
            _ => false,
        }
    }

    /// Where the picture is that an element shows.
    fn url(&self, el: &El) -> Option<&str> {
        let name = self.shows(el)?;
        self.dom.attr(el.node, name).filter(|url| !url.is_empty())
    }

    fn shows(&self, el: &El) -> Option<Name> {
        match self.dom.name(el.node)? {
            Name::OBJECT => Some(Name::DATA),
            Name::VIDEO => Name::known("poster"),
            _ => Some(Name::SRC),
        }
    }

    /// What the element shows instead of its children, if it does.
    pub(in crate::layout) fn replaced(&mut self, el: &El, faults: &mut Vec<Fault>) -> Option<Replaced> {
        match self.dom.name(el.node) {
            Some(Name::IMG) => Some(self.picture(el, faults)),
            Some(Name::OBJECT | Name::EMBED | Name::VIDEO) if self.is_replaced(el) => {
                if self.url(el).is_some() {
                    return Some(self.picture(el, faults));
                }
                let (width, height) = (Pt(300.0 * 0.75), Pt(150.0 * 0.75));
                Some(Replaced { width, height, fills: false, content: What::Nothing })
            }
            Some(Name::BAR_CODE) => Some(self.symbol(el, faults)),
            Some(Name::SVG) => Some(self.drawing(el, faults)),
            _ => None,
        }
    }

    fn picture(&mut self, el: &El, faults: &mut Vec<Fault>) -> Replaced {
        let name = self.shows(el).unwrap_or(Name::SRC);
        let url = self.url(el).unwrap_or("");
        let found = if url.is_empty() {
            Err(FaultKind::Image { code: "file-absent", message: "it has no `src`".to_owned() })
        } else {
            self.shared.image("", url, el.style.image_orientation)
        };
        match found {
            Ok(image) => {
                let drawing = image.drawing.as_deref();
                let doubts = image.art.as_deref().map_or(&[][..], |a| &a.doubts);
                for message in drawing.map_or(&[][..], |d| &d.lacks).iter().chain(doubts) {
                    let kind = FaultKind::Unsupported { message: message.clone() };
                    faults.push(Fault { kind, at: self.value_of(el, name), element: el.label(self.dom) });
                }
                let found: Vec<Fault> = self
                    .inks_of(&image)
                    .map(|kind| Fault { kind, at: self.value_of(el, name), element: el.label(self.dom) })
                    .collect();
                faults.extend(found);
                let fills = drawing.is_some_and(|d| d.width.is_none() && d.height.is_none() && d.ratio.is_some());
                let (width, height) = (image.natural_width, image.natural_height);
                Replaced { width, height, fills, content: What::Picture(image) }
            }
            Err(kind) => {
                faults.push(Fault { kind, at: self.value_of(el, name), element: el.label(self.dom) });
                Replaced { width: Pt::ZERO, height: Pt::ZERO, fills: false, content: What::Nothing }
            }
        }
    }

    /// What is to be said of the named inks of placed artwork, beside those of the document.
    pub(in crate::layout) fn inks_of(&self, image: &Image) -> impl Iterator<Item = FaultKind> + use<> {
        let mut told = Vec::new();
        if let Some(art) = &image.art {
            let (file, page) = (&image.path, art.page + 1);
            let known = &self.styler.sheets().paper().inks;
            let mut unknown: Vec<&str> = Vec::new();
            for ink in &art.inks {
                let Some(stated) = known.iter().find(|s| *s.name == *ink.name) else {
                    unknown.push(&ink.name);
                    continue;
                };
                let say = |inks: [f32; 4]| {
                    let [c, m, y, k] = inks.map(|v| (v * 1000.0).round() / 10.0);
                    format!("C {c} M {m} Y {y} K {k} %")
                };
                // half a percent is what rounding to bytes makes of it
                let differs = |own: [f32; 4]| own.iter().zip(stated.alternate).any(|(a, b)| (a - b).abs() > 0.005);
                if let Some(own) = ink.alternate.filter(|own| differs(*own)) {
                    told.push(FaultKind::Image {
                        code: "ink-twice",
                        message: format!(
                            "the artwork {file} has the ink {} on page {page} as {} and this job as {}: a press could not know \
                             which is meant",
                            ink.name,
                            say(own),
                            say(stated.alternate)
                        ),
                    });
                }
            }
            if !unknown.is_empty() {
                let (inks, they, plates) = match unknown.len() {
                    1 => ("an ink", "It gets", "a plate of its own"),
                    _ => ("inks", "They get", "plates of their own"),
                };
                let message = format!(
                    "the artwork {file} has {inks} on page {page} that this job does not define: {}. {they} {plates}",
                    unknown.join(", ")
                );
                told.push(FaultKind::Unsupported { message });
            }
        }
        told.into_iter()
    }

    /// An `<svg>` in the page: its own markup, read as XML.
    fn drawing(&mut self, el: &El, faults: &mut Vec<Fault>) -> Replaced {
        let source = std::str::from_utf8(self.dom.bytes(el.node)).unwrap_or("");
        let element = || el.label(self.dom);
        match Drawing::parse(source, false) {
            Ok(drawing) => {
                for message in &drawing.lacks {
                    let kind = FaultKind::Unsupported { message: message.clone() };
                    faults.push(Fault { kind, at: 0, element: element() });
                }
                let (width, height) = drawing.natural();
                let (width, height) = (Pt(width * 0.75), Pt(height * 0.75));
                let fills = drawing.width.is_none() && drawing.height.is_none() && drawing.ratio.is_some();
                Replaced { width, height, fills, content: What::Drawing(Box::new(drawing)) }
            }
            Err(flaw) => {
                let message = format!("the drawing {}", flaw.message());
                faults.push(Fault { kind: FaultKind::Image { code: flaw.code(), message }, at: 0, element: element() });
                Replaced { width: Pt::ZERO, height: Pt::ZERO, fills: false, content: What::Nothing }
            }
        }
    }

    /// Where an attribute's value stands, from the element's start: it may come from a field of the record.
    pub(super) fn value_of(&self, el: &El, name: Name) -> u32 {
        self.dom.attribute(el.node, name).map_or(0, |a| a.span.start.saturating_sub(el.start))
    }

    fn symbol(&mut self, el: &El, faults: &mut Vec<Fault>) -> Replaced {
        let before = self.text.laps.begin(Step::Symbols);
        let made = self.symbol_box(el.node);
        self.text.laps.begin(before);
        match made {
            Ok(symbol) => {
                let (width, height) = symbol.natural();
                Replaced { width, height, fills: false, content: What::Symbol(symbol) }
            }
            Err(message) => {
                let at = self.value_of(el, Name::VALUE);
                faults.push(Fault { kind: FaultKind::BarCode { message }, at, element: el.label(self.dom) });
                Replaced { width: SymbolBox::SIDE, height: SymbolBox::SIDE, fills: false, content: What::Nothing }
            }
        }
    }
}

impl Replaced {
    fn ratio(&self) -> Option<f32> {
        (self.width.0 > 0.0 && self.height.0 > 0.0).then(|| self.width / self.height)
    }

    /// Used width and height of the border box (CSS 2.2, sections 10.3.2, 10.6.2 and 10.4).
    pub fn size(&self, style: &Style, space: &Space, frame: &Frame, fixed_height: Option<Pt>) -> (Pt, Pt) {
        let block = Some(space.block_width);
        let known_width = match space.width {
            Width::Known(w) => Some(w),
            _ => sizes::specified(style, style.width, block, frame.across),
        };
        let ratio = style.aspect_ratio.filter(|r| *r > 0.0);
        let content_ratio = ratio.filter(|_| style.box_sizing == BoxSizing::ContentBox).or_else(|| self.ratio());
        let height_of = |w: Pt| content_ratio.map(|r| (w - frame.across).max(Pt::ZERO) / r + frame.down);
        let width_of = |h: Pt| content_ratio.map(|r| (h - frame.down).max(Pt::ZERO) * r + frame.across);
        let (mut width, mut height) = match (known_width, fixed_height) {
            (Some(w), Some(h)) => return (self.clamp_unless_known(style, space, frame, w), h),
            (Some(w), None) => (w, height_of(w).unwrap_or(self.height + frame.down)),
            (None, Some(h)) => (width_of(h).unwrap_or(self.width + frame.across), h),
            // CSS 2.2, section 10.3.2, its last but one paragraph
            (None, None) if self.fills && space.width == Width::Fill => {
                let margin = sizes::margins(style, space.block_width);
                let margins = margin.left.unwrap_or(Pt::ZERO) + margin.right.unwrap_or(Pt::ZERO);
                let width = (space.block_width - margins).max(frame.across);
                (width, height_of(width).unwrap_or(self.height + frame.down))
            }
            (None, None) => (self.width + frame.across, self.height + frame.down),
        };
        // the greatest and least sizes keep the ratio where only one side was given
        let clamped = self.clamp_unless_known(style, space, frame, width);
        if clamped != width {
            width = clamped;
            if fixed_height.is_none() {
                height = height_of(width).unwrap_or(height);
            }
        }
        if fixed_height.is_none() && space.height != Height::Content {
            let clamped = sizes::clamp_height(style, height, space.block_height, frame.down);
            if clamped != height {
                height = clamped;
                if known_width.is_none() && style.width == Dimension::Auto {
                    width = self.clamp_unless_known(style, space, frame, width_of(height).unwrap_or(width));
                }
            }
        }
        (width, height)
    }

    #[allow(clippy::unused_self)]
    fn clamp_unless_known(&self, style: &Style, space: &Space, frame: &Frame, width: Pt) -> Pt {
        match space.width {
            Width::Known(w) => w,
            _ => sizes::clamp_width(style, width, space.block_width, frame.across),
        }
    }

    /// Draws the content into its content box; what is wrong with its size, in words.
    pub fn paint(&self, out: &mut Vec<Item>, style: &Style, content: Rect, corners: &Corners) -> Result<(), FaultKind> {
        match &self.content {
            What::Picture(image) => ground::picture(out, style, content, corners, image),
            What::Drawing(drawing) => {
                let drawn = svg::draw(drawing, content, style.text.color.ink);
                if corners.are_square() {
                    out.extend(drawn);
                } else {
                    let mut clip = Vec::with_capacity(9);
                    outline(&mut clip, content, corners, false);
                    ground::group(out, 1.0, Some(clip), drawn.into_iter().collect());
                }
            }
            What::Symbol(symbol) => {
                return symbol.paint(out, content).map_err(|message| FaultKind::BarCode { message });
            }
            What::Nothing => {}
        }
        Ok(())
    }
}
