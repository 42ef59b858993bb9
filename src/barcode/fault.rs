//! What is wrong with a value. A message says what is wrong and what is expected; it never repeats the value, which may
//! be a person's, beyond the one character that does not belong in it.

use std::fmt;

/// A value that cannot become a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing to encode.
    Empty,
    /// More than the largest symbol of this kind holds: how much there is, and what fits.
    TooLong { found: String, most: String },
    /// A character that this kind does not have: its place from 1.
    Character { character: char, at: usize, expected: &'static str },
    /// So many characters, and how many there must be.
    Length { found: usize, expected: String },
    /// The check digit that is there, and the one that belongs there.
    Check { found: String, expected: String },
    /// Data that break a rule of their own: what is wrong, in words.
    Data(String),
    /// A size that the kind does not allow.
    Size(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no value to put into the symbol"),
            Self::TooLong { found, most } => write!(f, "the value is too long: {found}; {most}"),
            Self::Character { character, at, expected } if character.is_control() => {
                let code = u32::from(*character);
                write!(f, "character {at} is the control character U+{code:04X}; allowed are {expected}")
            }
            Self::Character { character, at, expected } => {
                write!(f, "character {at} is `{character}`; allowed are {expected}")
            }
            Self::Length { found, expected } => write!(f, "the value has {found} characters; it must have {expected}"),
            Self::Check { found, expected } => {
                write!(f, "the check digit is `{found}` where it must be `{expected}`")
            }
            Self::Data(message) | Self::Size(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Fault {}

/// The first character that is not allowed.
pub(super) fn only(value: &str, expected: &'static str, allowed: impl Fn(char) -> bool) -> Result<(), Fault> {
    match value.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        Some((i, character)) => Err(Fault::Character { character, at: i + 1, expected }),
        None => Ok(()),
    }
}

/// Digits, as numbers.
pub(super) fn digits(value: &str) -> Result<Vec<u8>, Fault> {
    only(value, "the digits 0 to 9", |c| c.is_ascii_digit())?;
    Ok(value.bytes().map(|b| b - b'0').collect())
}
