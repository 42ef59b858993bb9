//! What a box draws, as items of a page: nothing here changes where anything lies.
//!
//! * `ground` – backgrounds and pictures; `gradient` – shadings; `svg` – drawings
//! * `border` – the four sides; `shape` – round corners
//! * `outside` – shadows, outlines, and what cuts or moves a box as a whole

pub mod border;
pub mod gradient;
pub mod ground;
pub mod outside;
pub mod shape;
pub mod svg;
