//! Postcodes.

use std::fmt;

use crate::base::widths::is_hyphen_of_numbers;

/// A postcode of seven digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode(u32);

impl Postcode {
    /// Reads a postcode as people write it: `263-0023`, `2630023`, `〒２６３－００２３`. `None` for anything that is not
    /// seven digits with at most one hyphen behind the third.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['〒', '〶']).unwrap_or(text).trim();
        let (mut number, mut digits) = (0, 0);
        for c in text.chars() {
            let digit = match c {
                '0'..='9' => u32::from(c) - u32::from('0'),
                '０'..='９' => u32::from(c) - u32::from('０'),
                c if digits == 3 && is_hyphen_of_numbers(c) => {
                    // a second hyphen would make `digits` 3 again
                    digits = 13;
                    continue;
                }
                _ => return None,
            };
            if digits % 10 == 7 {
                return None;
            }
            number = number * 10 + digit;
            digits += 1;
        }
        (digits % 10 == 7).then_some(Self(number))
    }

    /// From its digits as a number below 10,000,000.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        (number < 10_000_000).then_some(Self(number))
    }

    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }

    /// The seven digits without a hyphen.
    #[must_use]
    pub fn digits(self) -> String {
        format!("{:07}", self.0)
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}-{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

/// A 郵便区番号: the first three digits of a postcode, or the first five where a post office has five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct District {
    /// The lowest postcode that can lie in it: districts are in the order of their postcodes.
    first: u32,
    five: bool,
}

impl District {
    /// The district that a postcode lies in.
    #[must_use]
    pub fn of(code: Postcode, five: bool) -> Self {
        let size = if five { 100 } else { 10_000 };
        Self { first: code.0 / size * size, five }
    }

    /// Whether it is told by five digits.
    #[must_use]
    pub fn has_five(self) -> bool {
        self.five
    }
}

impl fmt::Display for District {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.five {
            write!(f, "{:03}-{:02}", self.first / 10_000, self.first / 100 % 100)
        } else {
            write!(f, "{:03}", self.first / 10_000)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_are_read_as_people_write_them() {
        for text in ["263-0023", "2630023", " 〒263-0023 ", "２６３－００２３", "263ー0023", "〒 263−0023"]
        {
            assert_eq!(Postcode::parse(text).map(Postcode::number), Some(2_630_023), "{text}");
        }
        for text in
            ["", "26-30023", "263-002", "263-00234", "263--0023", "26a0023", "〒", "2630-023", "263-0023-", "٢٦٣٠٠٢٣"]
        {
            assert_eq!(Postcode::parse(text), None, "{text}");
        }
        assert_eq!(Postcode::parse("0010001").map(|p| p.to_string()).as_deref(), Some("001-0001"));
    }

    #[test]
    fn districts_have_three_digits_or_five() {
        let code = Postcode::parse("306-0433").expect("a postcode");
        assert_eq!(District::of(code, true).to_string(), "306-04");
        assert_eq!(District::of(code, false).to_string(), "306");
    }
}
