//! Symbols from text: encoding, check digits, quiet zones.

pub mod qr;

use std::sync::Arc;

/// A symbol made of square modules, without its quiet zone, laid out as [`crate::page::Modules`] wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub columns: u16,
    pub rows: u16,
    /// Row by row, 1 = dark, each row padded to whole 64-bit words; bit 0 of a word is its leftmost module.
    pub bits: Arc<[u64]>,
    /// Modules that must stay free of ink on each side (QR: 4, ISO/IEC 18004 section 5.3.8).
    pub quiet_zone: u16,
}

/// A text that cannot become a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More than the largest symbol of this kind holds.
    TooLong { bytes: usize },
    /// Nothing to encode.
    Empty,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLong { bytes } => write!(f, "a text of {bytes} bytes is too long for one QR symbol"),
            Self::Empty => f.write_str("there is no text to put into the QR symbol"),
        }
    }
}

impl std::error::Error for Fault {}
