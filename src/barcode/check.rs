//! Check digits: added where they are not there, verified where they are.

use super::Fault;
pub use crate::base::gs1::check_digit as gs1_digit;

/// What is done about a check digit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Check {
    /// Where the standard demands one: added when the value is one short, verified when it is complete. Else none.
    #[default]
    Auto,
    /// None, where the standard leaves the choice.
    None,
    /// The value has none yet.
    Add,
    /// The value's last character is one.
    Verify,
}

/// Digits with a GS1 check digit: `whole` digits with it.
pub(super) fn complete(mut digits: Vec<u8>, whole: usize, check: Check, what: &str) -> Result<Vec<u8>, Fault> {
    let found = digits.len();
    let adds = match check {
        Check::Add => true,
        Check::Verify => false,
        Check::Auto | Check::None => found + 1 == whole,
    };
    let wanted = if adds { whole - 1 } else { whole };
    if found != wanted {
        let expected = match check {
            Check::Auto | Check::None => {
                format!("{} digits, or {whole} with the check digit ({what})", whole - 1)
            }
            Check::Add => format!("{} digits, for the check digit is added ({what})", whole - 1),
            Check::Verify => format!("{whole} digits with the check digit ({what})"),
        };
        return Err(Fault::Length { found, expected });
    }
    if adds {
        digits.push(gs1_digit(&digits));
    } else {
        verify(&digits)?;
    }
    Ok(digits)
}

/// Digits whose last is their check digit.
pub(super) fn verify(digits: &[u8]) -> Result<(), Fault> {
    let Some((last, body)) = digits.split_last() else { return Err(Fault::Empty) };
    let right = gs1_digit(body);
    if right == *last {
        return Ok(());
    }
    Err(Fault::Check { found: last.to_string(), expected: right.to_string() })
}

/// Digits as text.
pub(super) fn text(digits: &[u8]) -> String {
    digits.iter().map(|d| char::from(b'0' + d % 10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_of_a_known_article() {
        assert_eq!(gs1_digit(&[4, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), 4);
        assert_eq!(gs1_digit(&[4, 9, 1, 2, 3, 4, 5]), 6);
        assert_eq!(complete(vec![4, 9, 1, 2, 3, 4, 5], 8, Check::Auto, "JAN-8"), Ok(vec![4, 9, 1, 2, 3, 4, 5, 6]));
    }

    #[test]
    fn a_wrong_digit_is_told_with_the_right_one() {
        let wrong = complete(vec![4, 9, 1, 2, 3, 4, 5, 0], 8, Check::Auto, "JAN-8").unwrap_err();
        assert_eq!(wrong.to_string(), "the check digit is `0` where it must be `6`");
        let short = complete(vec![4, 9], 8, Check::Auto, "JAN-8").unwrap_err();
        assert_eq!(
            short.to_string(),
            "the value has 2 characters; it must have 7 digits, or 8 with the check digit (JAN-8)"
        );
    }
}
