//! PDF files that others made (or we did): objects, pages, and copying what a page needs into a file of ours.
//! Ends in [`Page`]s and in objects that a [`Receiver`] took over.
//!
//! * [`Reader`] – a file that lies open: objects by number, one at a time, from where they stand
//! * `source` – bytes of the file, by place
//! * `table` – where each object stands (cross-reference tables and streams)
//! * `syntax` – objects as [`Value`]s
//! * `filter` – what a stream says when it is unpacked
//! * `pages` – the pages in order, with what they inherit, and their boxes
//! * `content` – a page's operators
//! * `space` – colour spaces, one step at a time
//! * `lenient` – reading where what is absent or damaged is empty
//! * `parts` – document parts: which pages belong together
//! * `copy` – an object with all that it refers to, into another file, each once
//!
//! The file is untrusted. Nothing here trusts a length, a count or a reference: depths, sizes and repetitions
//! are bounded, and what is wrong is a [`Fault`] that says where. Encrypted files are refused.
//!
//! Memory is eight bytes an object and eight a page, besides a bounded store of unpacked object streams: a file
//! of a million pages is read in some tens of megabytes (docs/decisions/pdf-reader.md).

mod content;
mod copy;
mod fault;
mod filter;
mod lenient;
mod pages;
mod parts;
mod reader;
mod source;
mod space;
mod syntax;
mod table;

pub use content::operators;
pub use copy::{Copier, Known, Receiver, packing};
pub use fault::Fault;
pub use lenient::{named, numbers};
pub use pages::{Boxes, Page, Pages, Rect};
pub use parts::{parts, text_of};
pub use reader::{Object, Reader, Stream};
pub use space::Space;
pub use syntax::{Dict, Value};

#[cfg(test)]
pub mod tests;
