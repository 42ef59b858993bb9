//! What is done to a cut CFF font: its charset is rewritten so that each glyph's character identifier is its id in
//! the original font (Adobe Technical Note 5176, clauses 9 and 13). Codes in the content then need no table, in
//! horizontal and in vertical writing.

use subsetter::GlyphRemapper;

/// `charset` among the operators of the Top DICT.
const CHARSET: u8 = 15;

/// The font with a charset of its own at its end. `None`: the font is not built as the subsetter builds it.
pub(super) fn with_identifiers(cff: &[u8], glyphs: &GlyphRemapper) -> Option<Vec<u8>> {
    let operand = charset_operand(cff)?;
    let mut out = cff.to_vec();
    let offset = i32::try_from(out.len()).ok()?;
    out.get_mut(operand..operand + 4)?.copy_from_slice(&offset.to_be_bytes());
    // Format 0: one identifier for each glyph but the first, which is .notdef and has 0.
    out.push(0);
    for id in glyphs.remapped_gids().skip(1) {
        out.extend_from_slice(&id.to_be_bytes());
    }
    Some(out)
}

/// Where the four bytes of the charset's offset stand in the font: the subsetter writes offsets as five-byte
/// integers (clause 4).
fn charset_operand(cff: &[u8]) -> Option<usize> {
    let names = usize::from(*cff.get(2)?);
    let (_, tops) = index(cff, names)?;
    let (first, _) = index(cff, tops)?;
    let (mut at, end) = first?;
    let mut operand = None;
    while at < end {
        match *cff.get(at)? {
            CHARSET => return operand,
            12 => at += 2,
            0..=21 => at += 1,
            28 => at += 3,
            29 => {
                operand = Some(at + 1);
                at += 5;
            }
            // A real number ends with a nibble of ones.
            30 => {
                at += 1;
                while cff.get(at).is_some_and(|b| b >> 4 != 0xF && b & 0xF != 0xF) {
                    at += 1;
                }
                at += 1;
            }
            32..=246 => at += 1,
            247..=254 => at += 2,
            _ => return None,
        }
    }
    None
}

/// The range of the first object of an INDEX (clause 5), if it has any, and where the INDEX ends.
#[allow(clippy::type_complexity)] // two ranges
fn index(cff: &[u8], at: usize) -> Option<(Option<(usize, usize)>, usize)> {
    let count = usize::from(u16::from_be_bytes([*cff.get(at)?, *cff.get(at + 1)?]));
    if count == 0 {
        return Some((None, at + 2));
    }
    let size = usize::from(*cff.get(at + 2)?);
    let offset = |i: usize| {
        let bytes = cff.get(at + 3 + i * size..at + 3 + (i + 1) * size)?;
        Some(bytes.iter().fold(0usize, |n, b| n << 8 | usize::from(*b)))
    };
    let data = at + 2 + (count + 1) * size;
    Some((Some((data + offset(0)?, data + offset(1)?)), data + offset(count)?))
}
