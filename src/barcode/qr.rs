//! QR symbols (ISO/IEC 18004).

use super::{Fault, Symbol};

/// How much of a symbol may be lost and still be read: about 7, 15, 25 and 30 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ecc {
    L,
    #[default]
    M,
    Q,
    H,
}

/// Buffers and tables that one worker reuses.
#[derive(Debug, Default)]
pub struct Scratch {}

/// The smallest symbol that holds the text.
///
/// # Errors
/// The text is empty or too long.
pub fn encode(text: &str, ecc: Ecc, scratch: &mut Scratch) -> Result<Symbol, Fault> {
    let _ = (ecc, scratch);
    Err(Fault::TooLong { bytes: text.len() })
}
