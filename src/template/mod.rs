//! Tera templates: compiled once, rendered for every record into a reused buffer, with a way back from the
//! markup to the template's lines.
//!
//! * [`engine`] – loading, compiling, rendering with limits
//! * [`locate`] – from a byte of the markup back to file, line, column and field
//! * [`contract`] – which fields a template uses, and which may be empty
//! * [`context`] – what a template sees of a record and its decision
//! * [`filters`] – what a marketer writes behind `|`

pub mod context;
pub mod contract;
pub mod engine;
pub mod fault;
pub mod filters;
pub mod guard;
pub mod japanese;
mod locate;
pub mod scan;

#[cfg(test)]
mod contract_tests;
#[cfg(test)]
mod tests;

pub use engine::Template;
pub use fault::{Fault, Located};
