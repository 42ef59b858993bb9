//! The back of a sheet, from its front.

use super::grid::{Edge, Place};
use crate::base::{Edges, Rect, Size};

/// At which edge the sheet is turned for its back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Not printed on the back.
    None,
    /// As pages of a book: left and right change, if the sheet is upright.
    LongEdge,
    /// As a calendar on a wall: head and foot change, if the sheet is upright.
    ShortEdge,
}

/// How the back of a piece stands when the piece is turned like the page of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// Upright: head to head.
    ToHead,
    /// On its head: head to foot.
    ToFoot,
}

impl Turn {
    /// Whether left and right change (else head and foot do), on a sheet of this size.
    #[must_use]
    pub fn mirrors_across(self, sheet: Size) -> bool {
        let upright = sheet.height.0 >= sheet.width.0;
        upright == (self == Self::LongEdge)
    }
}

/// The places of the back in the order of the front's: what lies behind the first of the front is the first here.
#[must_use]
pub fn back(front: &[Place], sheet: Size, turn: Turn, head: Head) -> Vec<Place> {
    let across = turn.mirrors_across(sheet);
    front
        .iter()
        .map(|place| {
            let r = place.trim;
            // A sheet that is turned at its side brings x to the other side and leaves y.
            let trim = if across {
                Rect { x: sheet.width - r.right(), ..r }
            } else {
                Rect { y: sheet.height - r.bottom(), ..r }
            };
            let room = if across { across_edges(place.room) } else { down_edges(place.room) };
            let upright = if across { 360 - place.turn } else { 540 - place.turn };
            let turn = match head {
                Head::ToHead => upright,
                Head::ToFoot => upright + 180,
            } % 360;
            Place { trim, room, turn }
        })
        .collect()
}

fn across_edges<T>(e: Edges<T>) -> Edges<T> {
    Edges { left: e.right, right: e.left, ..e }
}

fn down_edges<T>(e: Edges<T>) -> Edges<T> {
    Edges { top: e.bottom, bottom: e.top, ..e }
}

/// A line of the front as it lies on the back.
#[must_use]
pub fn back_edge(edge: Edge, sheet: Size, turn: Turn) -> Edge {
    match (edge, turn.mirrors_across(sheet)) {
        (Edge::Down(x), true) => Edge::Down(sheet.width - x),
        (Edge::Across(y), false) => Edge::Across(sheet.height - y),
        (edge, _) => edge,
    }
}
