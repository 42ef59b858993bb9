//! Symbols read back from the rectangles that they were drawn with, exactly: no picture is looked at, nothing is
//! corrected. What is read shows that a drawing is whole and says what was asked for. It goes through the tables that drew
//! it, so that it does not show that these are right: that is shown by readers of other people (tests/judges/barcodes.py).
//!
//! * `shape` – rectangles as squares of modules, or as bars in bands
//! * `linear` – JAN, Code 128, ITF, NW-7, Code 39; `databar` – DataBar Expanded in one row or several
//! * `post` – the four-state bars of Japan Post
//! * QR and Micro QR are read beside where they are made; Data Matrix by its crate; `message` – the modes of both QR kinds

mod databar;
mod linear;
pub(super) mod message;
mod post;
mod shape;

use super::{Kind, micro, qr};

/// A dark rectangle, in any unit, y down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dark {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// What a symbol says. FNC1 within GS1's kinds is U+001D.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    pub kind: Kind,
    pub text: String,
    /// Width of a module or a narrow bar, in the unit of the rectangles.
    pub module: f64,
}

/// What rectangles are, when they were filled at once.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    Symbol(Read),
    /// They lie as bars or modules do, and say nothing that is known.
    Unread,
    /// Something else.
    Nothing,
}

/// Fewer rectangles make no symbol: ITF of two digits has nine bars.
const LEAST: usize = 9;
/// So many bars are told of when they cannot be read.
const MANY: usize = 14;
/// More are no symbol of ours: the largest Data Matrix has some 10,000 modules.
const MOST: usize = 60_000;

/// Reads rectangles that were filled at once.
#[must_use]
pub fn read(dark: &[Dark]) -> Found {
    if !(LEAST..=MOST).contains(&dark.len()) {
        return Found::Nothing;
    }
    let numbers = |d: &Dark| [d.x, d.y, d.width, d.height].iter().all(|n| n.is_finite());
    if !dark.iter().all(|d| numbers(d) && d.width > 0.0 && d.height > 0.0) {
        return Found::Nothing;
    }
    if let Some(grid) = shape::Grid::of(dark) {
        let module = grid.module;
        let is = |kind, text| Found::Symbol(Read { kind, text, module });
        if let Some(message) = qr::read(grid.side, &|x, y| grid.is_dark(x, y)) {
            let kind = if message.gs1 { Kind::Gs1Qr } else { Kind::Qr };
            return is(kind, message.text);
        }
        if let Some(message) = micro::read(grid.side, &|x, y| grid.is_dark(x, y)) {
            return is(Kind::MicroQr, message.text);
        }
        return match data_matrix(&grid) {
            Some((kind, text)) => is(kind, text),
            None => Found::Unread,
        };
    }
    let Some(bands) = shape::bands(dark) else { return Found::Nothing };
    if let Some(text) = post::read(dark, &bands) {
        // a bar is half of the pitch
        let module = dark.first().map_or(0.0, |d| d.width);
        return Found::Symbol(Read { kind: Kind::JapanPost, text, module });
    }
    if let Some(read) = linear::read(&bands).or_else(|| databar::read(&bands)) {
        return Found::Symbol(read);
    }
    // many bars of several widths beside each other are a symbol that went wrong; frames and rules are not
    match shape::looks_like_bars(&bands) {
        true => Found::Unread,
        false => Found::Nothing,
    }
}

/// Data Matrix, by the crate that also makes them.
fn data_matrix(grid: &shape::Grid) -> Option<(Kind, String)> {
    let side = grid.side;
    let bits: Vec<bool> = (0..side * side).map(|i| grid.is_dark(i % side, i / side)).collect();
    let bytes = datamatrix::DataMatrix::decode(&bits, side).ok()?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => e.as_bytes().iter().map(|b| char::from(*b)).collect(),
    };
    let (map, _) = datamatrix::placement::MatrixMap::<bool>::try_from_bits(&bits, side).ok()?;
    // the first codeword of GS1's kind is FNC1
    let gs1 = map.codewords().first() == Some(&232);
    Some((if gs1 { Kind::Gs1DataMatrix } else { Kind::DataMatrix }, text))
}

/// What rectangles of a row say, for a value that is asked for in GS1's notation: `(01)…(10)…` as it is encoded.
#[must_use]
pub fn plain_gs1(value: &str) -> Option<String> {
    let elements = super::gs1::parse(value, super::Check::Auto).ok()?;
    let signs = super::gs1::joined(&elements);
    Some(signs.iter().map(|s| if let super::gs1::Piece::Char(c) = s { char::from(*c) } else { '\u{1d}' }).collect())
}

#[cfg(test)]
mod tests;
