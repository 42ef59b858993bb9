//! The row filters of PNG (PNG specification, chapter 9), which Flate streams use as predictors (ISO 32000-1, 7.4.4.4).

/// What filter `kind` expects of a byte, from the same byte of the pixel to its left, above it, and above its left
/// neighbour; 0 beyond an edge. `None` for an unknown filter.
#[inline]
#[must_use]
pub fn expected(kind: u8, left: u8, above: u8, corner: u8) -> Option<u8> {
    Some(match kind {
        0 => 0,
        1 => left,
        2 => above,
        3 => ((u16::from(left) + u16::from(above)) / 2) as u8,
        4 => nearest(left, above, corner),
        _ => return None,
    })
}

/// Paeth's: the neighbour nearest to left + above - corner; of equal ones, in this order (9.4).
fn nearest(left: u8, above: u8, corner: u8) -> u8 {
    let p = i16::from(left) + i16::from(above) - i16::from(corner);
    let far = |v: u8| (p - i16::from(v)).abs();
    if far(left) <= far(above) && far(left) <= far(corner) {
        left
    } else if far(above) <= far(corner) {
        above
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_expects_what_its_section_says() {
        let by = |kind| expected(kind, 10, 21, 4);
        assert_eq!([by(0), by(1), by(2), by(3), by(4)], [Some(0), Some(10), Some(21), Some(15), Some(21)]);
        assert_eq!(expected(5, 10, 21, 4), None);
        assert_eq!(expected(3, 255, 255, 0), Some(255));
    }

    #[test]
    fn of_equally_near_neighbours_the_left_one_goes_first() {
        assert_eq!(expected(4, 7, 7, 7), Some(7));
        assert_eq!(expected(4, 8, 4, 6), Some(6));
        assert_eq!(expected(4, 6, 2, 2), Some(6));
        assert_eq!(expected(4, 2, 6, 2), Some(6));
    }
}
