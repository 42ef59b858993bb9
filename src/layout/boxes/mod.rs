//! How boxes are laid out: from an element and the room it is given to a fragment with everything in its place. It is
//! noted on the way where a box may be cut between pages; which pages there are is not known here.
//!
//! * `tree`, `broken`, `first_letter` – which children of an element are blocks, lines, or out of the flow
//! * `engine` – one box: its width, its content, its height; `sizes` – its lengths
//! * `block`, `float`, `flex`, `grid`, `table`, `inline`, `inside`, `positioned`, `replaced` – the ways to lay out what is in
//!   a box
//! * `symbol` – barcodes
//! * `turn` – boxes of one direction of writing inside those of another
//! * `ruby` – annotations and their bases

pub mod block;
pub mod broken;
pub mod engine;
pub mod first_letter;
pub mod flex;
pub mod float;
pub mod grid;
pub mod inline;
pub mod inside;
pub mod positioned;
pub mod replaced;
pub mod ruby;
pub mod sizes;
pub mod symbol;
pub mod table;
pub mod tree;
pub mod turn;
