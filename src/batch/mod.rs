//! The pipeline: read, work in parallel, commit in order, account for every record.
//!
//! * [`sequencer`] – the bounded window: work on all cores, results in order

pub mod sequencer;
