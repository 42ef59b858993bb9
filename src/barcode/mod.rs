//! Symbols from text: encoding, check digits, quiet zones, sizes. May import page, color, asset and base.
//!
//! 1. [`Request`] – the kind of symbol, its value and what was chosen about it
//! 2. [`encode`] – the value checked and made a [`Symbol`] of modules, by kind: [`qr`], `micro`, `ean`, `code128`, `wide`, `databar`,
//!    [`datamatrix`], [`japan_post`]; `gs1` holds the application identifiers, `check` the check digits
//! 3. [`size`] – the module in whole dots of the device, the height of the bars, what the kind allows
//! 4. [`draw`] – modules and text on the page
//!
//! [`read`] goes the other way: from drawn rectangles to what they say.

pub mod check;
mod code128;
mod databar;
mod databar_bits;
pub mod datamatrix;
pub mod draw;
mod ean;
mod fault;
mod gs1;
pub mod japan_post;
mod kind;
mod micro;
pub mod qr;
pub mod read;
pub mod size;
pub mod symbol;
pub mod wide;

#[cfg(test)]
mod tests;

pub use check::Check;
pub use fault::Fault;
pub use kind::Kind;
pub use symbol::Symbol;

use qr::Ecc;
use wide::{Nw7Check, Ratio};

/// A symbol that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub kind: Kind,
    pub value: &'a str,
    /// QR and Micro QR.
    pub ecc: Ecc,
    /// QR: no smaller version than this, from 1.
    pub version: u8,
    pub check: Check,
    /// NW-7.
    pub nw7: Nw7Check,
    /// ITF, NW-7 and Code 39.
    pub ratio: Ratio,
    /// GS1 DataBar Expanded Stacked: pairs of characters in a row.
    pub blocks: u8,
}

impl<'a> Request<'a> {
    #[must_use]
    pub fn new(kind: Kind, value: &'a str) -> Self {
        Self {
            kind,
            value,
            ecc: Ecc::default(),
            version: 1,
            check: Check::default(),
            nw7: Nw7Check::default(),
            ratio: Ratio::default(),
            blocks: 2,
        }
    }

    /// Sets what an attribute of `<bar-code>` (or an option of the command) says; false when there is no such one.
    ///
    /// # Errors
    /// The text is none of those that it can be.
    pub fn set(&mut self, name: &str, text: &str) -> Result<bool, Fault> {
        let wrong = |can: &str| Fault::Data(format!("`{name}` is `{text}`; it can be {can}"));
        match name {
            "ecc" => self.ecc = Ecc::parse(text).ok_or_else(|| wrong("L, M, Q or H"))?,
            "version" => {
                let version = text.parse().ok().filter(|v| (1..=40).contains(v));
                self.version = version.ok_or_else(|| wrong("a number from 1 to 40"))?;
            }
            "check" => {
                (self.check, self.nw7) = match text {
                    "auto" => (Check::Auto, self.nw7),
                    "none" => (Check::None, self.nw7),
                    "add" | "add-16" => (Check::Add, Nw7Check::Mod16),
                    "verify" | "verify-16" => (Check::Verify, Nw7Check::Mod16),
                    "add-7" => (Check::Add, Nw7Check::Seven),
                    "verify-7" => (Check::Verify, Nw7Check::Seven),
                    _ => return Err(wrong("auto, none, add or verify, for nw7 also add-7 or verify-7")),
                };
            }
            "ratio" => self.ratio = Ratio::parse(text).ok_or_else(|| wrong("2, 2.5 or 3"))?,
            "blocks" => {
                let blocks = text.parse().ok().filter(|b| (2..=10).contains(b));
                self.blocks = blocks.ok_or_else(|| wrong("a number from 2 to 10"))?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// The attributes that [`Request::set`] knows.
pub const CHOICES: [&str; 5] = ["ecc", "version", "check", "ratio", "blocks"];

/// Characters of kinds that have no limit of their own: no scanner reads as many.
const MOST_BARS: usize = 100;

/// Checks the value and makes it a symbol.
///
/// # Errors
/// Characters, length or check digit are not those of the kind, or there is more than its largest symbol holds.
pub fn encode(request: &Request<'_>, scratch: &mut qr::Scratch) -> Result<Symbol, Fault> {
    let Request { kind, value, check, ratio, .. } = *request;
    if value.is_empty() {
        return Err(Fault::Empty);
    }
    if matches!(kind, Kind::Itf | Kind::Nw7 | Kind::Code39) && value.len() > MOST_BARS {
        let most = format!("{} is made of {MOST_BARS} at most", kind.name());
        return Err(Fault::TooLong { found: format!("it has {} characters", value.chars().count()), most });
    }
    match kind {
        Kind::Qr => qr::encode_from(value, request.ecc, request.version.into(), scratch),
        Kind::Gs1Qr => qr::gs1(value, check, request.ecc, request.version.into(), scratch),
        Kind::MicroQr => micro::encode(value, request.ecc),
        Kind::Jan13 => ean::jan13(value, check),
        Kind::Jan8 => ean::jan8(value, check),
        Kind::Code128 => code128::code128(value),
        Kind::Gs1128 => code128::gs1_128(value, check),
        Kind::Itf => wide::itf(value, check, ratio),
        Kind::Itf14 => wide::itf14(value, check, ratio),
        Kind::Nw7 => wide::nw7(value, check, request.nw7, ratio),
        Kind::Code39 => wide::code39(value, check, ratio),
        Kind::DataBarExpanded => databar::expanded(value, check),
        Kind::DataBarExpandedStacked => databar::stacked(value, check, request.blocks.into()),
        Kind::DataMatrix => datamatrix::text(value),
        Kind::Gs1DataMatrix => datamatrix::gs1(value, check),
        Kind::JapanPost => japan_post::encode(value),
    }
}
