//! Arguments to calls, diagnostics to a terminal, results to exit codes; one file a command.

pub mod args;
pub mod report;
