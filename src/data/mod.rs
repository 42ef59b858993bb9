//! Files to records, with positions: formats, encodings, typed fields, joins by key.
//!
//! * [`encoding`] – what the bytes are: UTF-8 (with one BOM or two), CP932
//! * [`csv`] – delimited files to [`record::Record`]s, one at a time into a reused buffer
//! * [`schema`] – the typed columns of a table
//! * [`record`] – one row, typed, with its origin
//! * [`table`] – a whole table in memory, by column, with its keys: what records are joined with

pub mod record;
pub mod schema;
