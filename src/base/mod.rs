//! Words that every other folder shares: lengths, geometry, places in files, faults and what to say of
//! them, digests and keyed choices. Nothing of ours lies below; only `std` and small crates are used here.

pub mod choice;
pub mod diag;
pub mod digest;
pub mod geom;
pub mod gs1;
pub mod origin;
pub mod share;
pub mod units;
pub mod widths;
pub mod xml;

pub use diag::{Diagnostic, Place, Severity, SourceText};
pub use digest::Digest;
pub use geom::{Affine, Edges, Point, Rect, Size};
pub use origin::Origin;
pub use share::Share;
pub use units::Pt;
