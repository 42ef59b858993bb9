//! What is drawn on finished pages when their place in the job is known: marks that count pieces. The content of a page
//! is encoded before that, so a stamp is a stream of its own behind it.

use super::modules::Merger;
use super::object::real;
use crate::base::{Rect, Size};
use crate::page::Modules;

/// The operators that keep the graphics state of a page's content from its stamp: this before the content, and `Q` at the
/// beginning of the stamp.
pub(super) const BEFORE: &[u8] = b"q\n";
/// Decimals of lengths.
const PLACES: u32 = 3;

/// Which page of which piece.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stamped {
    /// The piece's number in the job, from 1.
    pub sequence: u64,
    /// From 0.
    pub page: usize,
    /// Pages of the piece.
    pub pages: usize,
    pub trim: Size,
}

/// A mark in black ink alone on paper that is kept white for it; origin at the trim's top left corner, y down.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Freed of all other ink first.
    pub clear: Rect,
    pub dark: Dark,
}

#[derive(Clone, Debug)]
pub enum Dark {
    Modules(Modules),
    Lines(Vec<Rect>),
}

/// Says what is stamped on which page.
pub trait Stamper: std::fmt::Debug + Send + Sync {
    /// `None`: nothing on this page.
    fn stamp(&self, which: Stamped) -> Option<Stamp>;
}

impl Stamp {
    /// The operators of the stream. `edge` is how far the media goes beyond the trim.
    pub(super) fn content(&self, edge: f32, height: f32, merger: &mut Merger) -> Vec<u8> {
        let mut out = b"Q q ".to_vec();
        out.extend_from_slice(b"1 0 0 1 ");
        for v in [edge, edge + height] {
            real(&mut out, v, PLACES);
            out.push(b' ');
        }
        out.extend_from_slice(b"cm ");
        // White covers what lies below: overprint is off, as at the beginning of every page (8.4.1).
        out.extend_from_slice(b"0 0 0 0 k ");
        rect(&mut out, &self.clear);
        out.extend_from_slice(b"f 0 0 0 1 k\n");
        match &self.dark {
            Dark::Modules(m) if m.is_plain() => {
                for v in [m.module.0, 0.0, 0.0, -m.module.0, m.at.x.0, -m.at.y.0] {
                    real(&mut out, v, 5);
                    out.push(b' ');
                }
                out.extend_from_slice(b"cm\n");
                merger.rectangles(m, &mut out);
            }
            Dark::Modules(m) => {
                m.rectangles().iter().for_each(|r| rect(&mut out, r));
                out.extend_from_slice(b"f\n");
            }
            Dark::Lines(lines) => {
                lines.iter().for_each(|r| rect(&mut out, r));
                out.extend_from_slice(b"f\n");
            }
        }
        out.extend_from_slice(b"Q\n");
        out
    }
}

/// With y up from the trim's top left corner.
fn rect(out: &mut Vec<u8>, r: &Rect) {
    for v in [r.x, -r.bottom(), r.width, r.height] {
        real(out, v.0, PLACES);
        out.push(b' ');
    }
    out.extend_from_slice(b"re\n");
}
