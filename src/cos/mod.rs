//! The objects that every PDF file is made of (ISO 32000-1, 7.2 to 7.5; "COS" to those who wrote the first readers),
//! as bytes, without any opinion of what they mean. May import base.
//!
//! * [`object`] – written: numbers, names, strings, references, streams
//! * [`predictor`] – what the row filters of Flate streams expect
//! * [`read`] – read: files that others made (or we did), their pages, and copying what a page needs
//!
//! It stands below `asset`, which looks at placed artwork with it, and below `pdf`, which writes with it.

pub mod object;
pub mod predictor;
pub mod read;
