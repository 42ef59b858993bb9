//! Reading OpenType tables as bytes: numbers, offsets, lists of glyphs (OpenType 1.9, chapter 2). What lies beyond
//! the end of a table is `None`, so that fonts that lie about themselves are given up on.

/// Two bytes as a number.
pub(super) fn u16_at(data: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes([*data.get(at)?, *data.get(at + 1)?])))
}

/// Four bytes as a number.
pub(super) fn u32_at(data: &[u8], at: usize) -> Option<usize> {
    Some(u16_at(data, at)? << 16 | u16_at(data, at + 2)?)
}

/// The bytes from an offset stored at `at`.
pub(super) fn follow(data: &[u8], at: usize) -> Option<&[u8]> {
    data.get(u16_at(data, at)?..)
}

/// Calls `each` with the index and the glyph of every entry.
pub(super) fn coverage(table: &[u8], mut each: impl FnMut(usize, usize) -> Option<()>) -> Option<()> {
    let count = u16_at(table, 2)?;
    match u16_at(table, 0)? {
        1 => (0..count).try_for_each(|i| each(i, u16_at(table, 4 + 2 * i)?)),
        2 => (0..count).try_for_each(|i| {
            let at = 4 + 6 * i;
            let (first, last, start) = (u16_at(table, at)?, u16_at(table, at + 2)?, u16_at(table, at + 4)?);
            (first..=last).try_for_each(|g| each(start + g - first, g))
        }),
        _ => None,
    }
}
