//! Printer's marks outside the bleed (CSS Paged Media 3, section 7.3): where the sheet is cut, and crosses to lay
//! sheets over one another. They are in the registration colour, all inks at once, so that every plate has them.

use crate::base::{Point, Pt, Rect};
use crate::color::Ink;
use crate::markup::css::PageStyle;
use crate::page::{Item, Path, Segment, Stroke};

/// How far the sheet goes on beyond the bleed for marks: 9 mm.
pub const SLUG: Pt = Pt(25.511_81);

/// From the bleed to a mark, the length of a crop mark, the radius of a cross's circle.
const GAP: Pt = Pt(2.834_646);
const LENGTH: Pt = Pt(19.842_52);
const RADIUS: Pt = Pt(5.669_291);
const WIDTH: Pt = Pt(0.25);

/// The marks of a page.
#[must_use]
pub fn items(style: &PageStyle) -> Vec<Item> {
    let (width, height, bleed) = (style.size.width, style.size.height, style.bleed);
    let mut segments = Vec::new();
    let mut line = |x0: Pt, y0: Pt, x1: Pt, y1: Pt| {
        segments.push(Segment::Move(Point::new(x0, y0)));
        segments.push(Segment::Line(Point::new(x1, y1)));
    };
    let (near, far) = (bleed + GAP, bleed + GAP + LENGTH);
    if style.marks.crop {
        for y in [Pt::ZERO, height] {
            line(-far, y, -near, y);
            line(width + near, y, width + far, y);
        }
        for x in [Pt::ZERO, width] {
            line(x, -far, x, -near);
            line(x, height + near, x, height + far);
        }
    }
    if style.marks.cross {
        let out = bleed + SLUG / 2.0;
        let (middle, centre) = (width / 2.0, height / 2.0);
        for (x, y) in [(middle, -out), (middle, height + out), (-out, centre), (width + out, centre)] {
            let reach = RADIUS * 1.5;
            line(x - reach, y, x + reach, y);
            line(x, y - reach, x, y + reach);
        }
        for (x, y) in [(middle, -out), (middle, height + out), (-out, centre), (width + out, centre)] {
            let around = Rect::new(x - RADIUS, y - RADIUS, RADIUS * 2.0, RADIUS * 2.0);
            let round = crate::markup::style::Radius {
                x: crate::markup::style::LengthPercent::length(RADIUS),
                y: crate::markup::style::LengthPercent::length(RADIUS),
            };
            let corners = crate::layout::paint::shape::Corners::resolve(&[round; 4], around.width, around.height);
            crate::layout::paint::shape::outline(&mut segments, around, &corners, false);
        }
    }
    let stroke =
        Stroke { ink: Ink::REGISTRATION, width: WIDTH, dash: Vec::new(), dash_phase: Pt::ZERO, round_caps: false };
    vec![Item::Path(Path { segments, fill: None, even_odd: false, stroke: Some(stroke) })]
}
