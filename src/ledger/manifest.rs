//! manifest.csv and manifest.json: one line for each input row.

use std::io::Write;

use super::entry::Entry;
use super::outputs::Made;
use super::totals::Totals;
use crate::base::Diagnostic;

/// What the manifest says of the run before its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub campaign: String,
    /// The campaign's day, `2026-11-21`.
    pub as_of: String,
    /// Further columns behind the fixed ones, such as `code_url`; the caller gives their cells with each entry.
    pub extra: Vec<String>,
}

/// A finished file and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub made: Made,
    pub pieces: u64,
    pub pages: u64,
}

/// Writes both manifests at once.
#[derive(Debug)]
pub struct Manifest<C: Write, J: Write> {
    csv: C,
    json: J,
    head: Head,
}

impl<C: Write, J: Write> Manifest<C, J> {
    /// Writes the heads.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn begin(csv: C, json: J, head: Head) -> Result<Self, Diagnostic> {
        Ok(Self { csv, json, head })
    }

    /// Writes one line; `extra` has a cell for each of the head's further columns (missing ones are empty).
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn write(&mut self, entry: &Entry, extra: &[&str]) -> Result<(), Diagnostic> {
        let _ = (entry, extra, &self.head);
        Ok(())
    }

    /// Writes totals and files behind the rows and gives the writers back.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn end(self, totals: &Totals, files: &[Listed]) -> Result<(C, J), Diagnostic> {
        let _ = (totals, files);
        Ok((self.csv, self.json))
    }
}
