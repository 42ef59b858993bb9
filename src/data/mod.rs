//! Files to records, with positions: formats, encodings, typed fields, joins by key.
//!
//! Imports `base` only. Ends in [`record::Record`]s, read one at a time into a reused buffer, and in
//! [`table::Table`]s, which records are joined with.
//!
//! * [`encoding`] – what the bytes are: UTF-8 (with one BOM or two), CP932, or a mixture of both
//! * [`source`] – where the bytes come from: plain, packed or two-byte files, [`sheets`] of workbooks
//! * [`archive`] – the one file in a zip archive
//! * [`detect`] – encoding and delimiter, found out
//! * [`rows`] – where each row of a file begins and ends, within bounds
//! * [`csv`] – delimited files to records; a row with a fault becomes a [`reject::Reject`] and reading goes on
//! * [`contents`] – the cells of one row, decoded and typed, within the campaign's [`policy`] for faults
//! * [`cell`] – what the text of one cell means, by the kind of its column
//! * [`mended`] – sheets of rejects that come back, and stand for the rows that they are from
//! * [`original`] – rows given back in the bytes of their file
//! * [`schema`] – the typed columns of a table
//! * [`record`] – one row, typed, with its origin
//! * [`table`] – a whole table in memory, by column, with its key
//! * [`gaiji`] – characters of old systems, and what is printed for them
//! * [`index`] – the rows of a table by a foreign key, and the row that each foreign key means

pub mod archive;
pub mod cell;
mod column;
mod contents;
pub mod csv;
mod detect;
pub mod encoding;
#[cfg(feature = "excel")]
mod excel;
pub mod gaiji;
pub mod index;
mod lookup;
pub mod mended;
pub mod original;
pub mod policy;
pub mod record;
pub mod reject;
mod rows;
pub mod schema;
mod sheets;
pub mod source;
#[cfg(feature = "sqlite")]
mod sqlite;
pub mod table;

pub use csv::{Places, Read, ReadOptions, Reader, Reading, SheetName};
pub use encoding::Encoding;
pub use index::{Index, Join};
pub use mended::Mended;
pub use original::Original;
pub use policy::{Class, OnFault, Policies, Tally};
pub use record::{Field, Items, Record, Typed};
pub use reject::{Reason, Reject};
pub use schema::{Column, Kind, Schema};
pub use source::Source;
pub use table::Table;

#[cfg(test)]
mod tests;
