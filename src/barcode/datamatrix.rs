//! Data Matrix (ECC 200, ISO/IEC 16022), by the `datamatrix` crate, which finds the shortest encoding.

use datamatrix::{DataMatrixBuilder, SymbolList};

use super::check::Check;
use super::symbol::Symbol;
use super::{Fault, gs1};

/// Bytes that the largest symbol holds whatever they are. It would hold more digits, which nobody prints.
const MOST: usize = 1555;

/// The smallest square symbol that holds the bytes: 10 to 144 modules on a side, one free module around it.
///
/// # Errors
/// There are no bytes, or more than the largest symbol holds.
pub fn encode(bytes: &[u8]) -> Result<Symbol, Fault> {
    make(bytes.len(), |list| builder(list).encode(bytes))
}

/// A text: as Latin-1 where that has all its characters, else as UTF-8, announced.
pub(super) fn text(value: &str) -> Result<Symbol, Fault> {
    make(value.len(), |list| builder(list).encode_str(value))
}

/// Application identifiers in brackets with their values, as GS1 DataMatrix.
pub(super) fn gs1(value: &str, check: Check) -> Result<Symbol, Fault> {
    let elements = gs1::parse(value, check)?;
    let joined = gs1::joined(&elements);
    let bytes: Vec<u8> = joined.iter().map(|p| if let gs1::Piece::Char(c) = p { *c } else { 0x1d }).collect();
    make(bytes.len(), |list| builder(list).with_fnc1_start(true).encode(&bytes))
}

fn builder(list: SymbolList) -> DataMatrixBuilder {
    DataMatrixBuilder::new().with_symbol_list(list).with_macros(false)
}

fn make<E>(
    bytes: usize,
    encode: impl FnOnce(SymbolList) -> Result<datamatrix::DataMatrix, E>,
) -> Result<Symbol, Fault> {
    let too_long = || Fault::TooLong {
        found: format!("it has {bytes} bytes"),
        most: format!("a Data Matrix symbol holds at most {MOST} here"),
    };
    if bytes == 0 {
        return Err(Fault::Empty);
    }
    if bytes > MOST {
        return Err(too_long());
    }
    let code = encode(SymbolList::default().enforce_square()).map_err(|_| too_long())?;
    let bitmap = code.bitmap();
    let (columns, rows) = (bitmap.width(), bitmap.height());
    let bits = bitmap.bits();
    let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    Ok(Symbol::square(small(columns), small(rows), 1, |x, y| {
        bits.get(usize::from(y) * columns + usize::from(x)).copied().unwrap_or(false)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_square_is_taken() {
        assert_eq!(encode(b"123456").map(|s| (s.columns, s.rows)), Ok((10, 10)));
        assert_eq!(encode(b"JOB1-0000042/2").map(|s| (s.columns, s.rows)), Ok((16, 16)));
    }

    #[test]
    fn too_much_and_nothing_are_faults() {
        assert_eq!(encode(b""), Err(Fault::Empty));
        let told = encode(&[200; 1556]).unwrap_err().to_string();
        let wanted = "the value is too long: it has 1556 bytes; a Data Matrix symbol holds at most 1555 here";
        assert_eq!(told, wanted);
        assert_eq!(encode(&[200; 1555]).map(|s| s.columns), Ok(144));
    }
}
