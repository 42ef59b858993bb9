//! What is handed to the print shop, and how both sides can be sure of it. May import cos, raster, ledger, base.
//!
//! * [`manifest`] – the manifest of a finished job, read back row by row
//! * [`mod@preflight`] – a report on what the files hold
//! * [`sheets`] – the sheets for the press and their maps, read back
//! * [`ticket`] – the job ticket, XJDF
//! * [`mod@verify`] – whether all is there and unchanged

pub mod manifest;
pub mod preflight;
pub mod sheets;
pub mod ticket;
pub mod verify;

pub use preflight::preflight;
pub use verify::{Verified, verify};

/// The files of a preflight, which may lie beside a job's files and are no part of it.
pub const REPORTS: [&str; 2] = ["report.html", "report.json"];
