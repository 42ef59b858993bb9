//! What happens to finished pages on paper: imposition with identity. May import pdf, barcode, page, asset, ledger, base; ends in
//! sheets, and in a map that says for every sheet, side and place which piece lies there.
//!
//! * [`plan`] – what is wanted: sheet, copies, order, turning, marks
//! * [`paper`] – sheets by name and by size
//! * [`grid`] – where the places lie on the sheet, and how much bleed each has
//! * [`turn`] – the back of a sheet, from its front
//! * [`order`] – which leaf lies on which sheet at which place
//! * [`panels`] – pages of their own laid side by side into the leaf of a folded card
//! * [`marks`] – crop, centre, registration and fold marks, the colour bar
//! * [`integrity`] – marks that say which leaf of which piece this is
//! * `slug` – the line that says what a sheet is
//! * `pieces` – which pages are which piece, and what it is called
//! * `map` – sheets.csv and sheets.json
//! * [`impose`] – the run
//!
//! ```text
//! PDF files, manifest ─ pieces ─► leaves ─ order ─► sheets ─ grid, turn ─► forms in places ─► PDF, map
//! ```
//!
//! A leaf is what is cut out at one place: a front, and a back if the sheet is turned. A piece of four pages has two leaves.

pub mod grid;
pub mod impose;
pub mod integrity;
mod map;
pub mod marks;
pub mod order;
pub mod panels;
pub mod paper;
mod pieces;
pub mod plan;
mod slug;
pub mod turn;

pub use impose::{Imposed, Job, impose};
pub use plan::Plan;

#[cfg(test)]
mod tests;
