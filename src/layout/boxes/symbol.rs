//! `<bar-code>`: what its attributes say, how large the symbol is, and how it lies in its box.
//!
//! The content box holds the symbol with its quiet zone and its text, so that a symbol cannot be placed too near to
//! anything; with `quiet="0"` it is the symbol alone. A symbol whose `module` is stated has the size that follows; any other
//! fills its box. docs/barcodes.md lists kinds and attributes.

use std::sync::Arc;

use super::engine::Engine;
use crate::asset::font::Font;
use crate::barcode::size::{Wanted, measure};
use crate::barcode::{CHOICES, Kind, Request, Symbol, draw, encode};
use crate::base::{Point, Pt, Rect, Size};
use crate::color::Ink;
use crate::markup::dom::NodeId;
use crate::page::Item;

/// A symbol that is about to be placed.
#[derive(Debug)]
pub struct SymbolBox {
    kind: Kind,
    symbol: Symbol,
    /// Columns of a narrow bar.
    narrow: u8,
    wanted: Wanted,
    font: Option<Arc<Font>>,
    natural: (Pt, Pt),
}

impl SymbolBox {
    /// The side of a QR symbol for which no size is given.
    pub const SIDE: Pt = Pt::from_mm(20.0);

    /// Width and height of the content box where the style says nothing.
    pub fn natural(&self) -> (Pt, Pt) {
        self.natural
    }

    /// Whether it has these modules.
    pub fn has(&self, bits: &[u64]) -> bool {
        *self.symbol.bits == *bits
    }

    /// Draws into the content box.
    pub fn paint(&self, out: &mut Vec<Item>, content: Rect) -> Result<(), String> {
        let wanted = Wanted { across: Some(content.width), down: Some(content.height), ..self.wanted };
        let measures = measure(self.kind, &self.symbol, self.narrow, &wanted).map_err(|f| f.to_string())?;
        let Size { width, height } = measures.size;
        // in the middle of what is left over, where that is more than rounding
        let spare = |room: Pt, used: Pt| if room - used > Pt(1e-3) { (room - used) / 2.0 } else { Pt::ZERO };
        let at = Point::new(content.x + spare(content.width, width), content.y + spare(content.height, height));
        draw::draw(&self.symbol, &measures, self.font.as_ref(), at, Ink::BLACK, out);
        Ok(())
    }
}

impl Engine<'_> {
    /// Reads the attributes and encodes the value.
    pub(in crate::layout) fn symbol_box(&mut self, node: NodeId) -> Result<SymbolBox, String> {
        let dom = self.dom;
        let mut request = Request::new(Kind::parse(dom.attr_named(node, "type").unwrap_or(""))?, "");
        let mut wanted = Wanted { device: self.shared.options.device, ..Wanted::default() };
        let mut reduction = None;
        for attribute in dom.attributes(node) {
            let text = dom.str(&attribute.value);
            let wrong = |name: &str, can: &str| format!("`{name}` is `{text}`; it can be {can}");
            let length = |name: &str| {
                let length = Pt::parse(text).filter(|l| *l > Pt::ZERO);
                length.ok_or_else(|| wrong(name, "a length such as 0.33mm")).map(Some)
            };
            match dom.name_text(attribute.name) {
                "value" => request.value = text,
                "module" => wanted.module = length("module")?,
                "height" => wanted.height = length("height")?,
                "size" => wanted.module = Some(points(text).ok_or_else(|| wrong("size", "8 to 11.5, in points"))?),
                "text" => {
                    wanted.no_text = match text {
                        "on" => false,
                        "off" => true,
                        _ => return Err(wrong("text", "on or off")),
                    }
                }
                "quiet" => wanted.bare = text == "0",
                "dpi" => {
                    let dpi = text.parse().ok().filter(|d| (72.0..=10_000.0).contains(d));
                    let dpi: f32 = dpi.ok_or_else(|| wrong("dpi", "the dots in an inch of the device, 72 to 10000"))?;
                    wanted.device.dpi = dpi;
                }
                "bwr" => reduction = Some(text),
                name if CHOICES.contains(&name) => {
                    request.set(name, text).map_err(|f| f.to_string())?;
                }
                _ => {}
            }
        }
        if let Some(reduction) = reduction {
            wanted.device.set_reduction(reduction).map_err(|f| f.to_string())?;
        }
        let symbol = encode(&request, self.qr).map_err(|f| f.to_string())?;
        let (kind, narrow) = (request.kind, request.ratio.columns().0);
        let font = if symbol.labels.is_empty() || wanted.no_text {
            None
        } else {
            let family: [Arc<str>; 1] = [draw::FAMILY.into()];
            self.shared.fonts.first(&family, 400, false).cloned()
        };
        let natural = match (kind, wanted.module) {
            (Kind::Qr | Kind::Gs1Qr, None) => (SymbolBox::SIDE, SymbolBox::SIDE),
            _ => {
                let size = measure(kind, &symbol, narrow, &wanted).map_err(|f| f.to_string())?.size;
                (size.width, size.height)
            }
        };
        Ok(SymbolBox { kind, symbol, narrow, wanted, font, natural })
    }
}

/// The bar of a customer barcode of so many points: 0.6 mm at 10.
fn points(text: &str) -> Option<Pt> {
    let points: f32 = text.trim_end_matches("pt").trim().parse().ok()?;
    (8.0..=11.5).contains(&points).then(|| Pt::from_mm(0.06 * points))
}
