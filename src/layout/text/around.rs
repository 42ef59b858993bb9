//! Lines beside floats: what the block that owns them tells line filling (CSS 2.2, section 9.5).

use crate::base::Pt;

/// Where lines may stand. Heights are from the top of the content, widths from its left edge. Line filling asks
/// for one line after the other, downwards.
pub trait Around: std::fmt::Debug {
    /// From where to where a line at `top` that is `height` high may reach.
    fn room(&mut self, top: Pt, height: Pt) -> (Pt, Pt);

    /// The next place below `top` at which there is more room; `None` where nothing stands beside the line.
    fn below(&mut self, top: Pt) -> Option<Pt>;

    /// A float ([`super::InlineItem::Float`]) stands in the line at `top`, of which `used` is taken. True when it was
    /// placed, and the room for the line may be another; false when it waits for the line's end.
    fn float(&mut self, id: usize, top: Pt, used: Pt) -> bool;

    /// This float and those after it have gone to the next line after all.
    fn rewind(&mut self, id: usize);

    /// The line ends at `bottom`: what waited is placed from there on.
    fn line_ends(&mut self, bottom: Pt);
}
