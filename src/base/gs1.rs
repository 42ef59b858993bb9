//! The check digit of GS1 numbers (GTIN, GLN, SSCC), which tills compute too.

/// The check digit of `digits` (values 0 to 9): weights 3 and 1 in turn from the right, to the next ten (GS1 General
/// Specifications, 7.9.1).
#[must_use]
pub fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().rev().enumerate().map(|(i, d)| u32::from(*d) * if i % 2 == 0 { 3 } else { 1 }).sum();
    ((10 - sum % 10) % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::check_digit;

    #[test]
    fn the_digit_of_a_number_known_from_the_specification() {
        // 629104150021-3, the example of 7.9.1
        assert_eq!(check_digit(&[6, 2, 9, 1, 0, 4, 1, 5, 0, 0, 2, 1]), 3);
        assert_eq!(check_digit(&[]), 0);
    }
}
