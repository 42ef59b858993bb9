//! Shares of a whole, exact to a millionth: `"5%"`, `"0.25%"`.

use std::fmt;

/// A share in millionths: 1,000,000 is the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(pub u32);

impl Share {
    pub const NONE: Self = Self(0);

    /// Reads `5%`, `0.25 %`, `100%`; at most four decimals.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.trim().strip_suffix('%')?.trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || decimals.len() > 4 || !digits(whole) || !digits(decimals) {
            return None;
        }
        let fraction: u32 = format!("{decimals:0<4}").parse().ok()?;
        let millionths = whole.parse::<u32>().ok()? * 10_000 + fraction;
        (millionths <= 1_000_000).then_some(Self(millionths))
    }

    /// Whether `part` of `whole` is at most this share. Nothing of nothing is within every share.
    #[must_use]
    pub fn holds(self, part: u64, whole: u64) -> bool {
        u128::from(part) * 1_000_000 <= u128::from(whole) * u128::from(self.0)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        if rest == 0 {
            return write!(f, "{whole}%");
        }
        write!(f, "{whole}.{}%", format!("{rest:04}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_exactly_and_written_back() {
        for (text, millionths) in
            [("5%", 50_000), ("0.25%", 2_500), ("100%", 1_000_000), ("0%", 0), ("33.3333%", 333_333)]
        {
            assert_eq!(Share::parse(text), Some(Share(millionths)), "{text}");
            assert_eq!(Share(millionths).to_string(), text);
        }
        for wrong in ["5", "", "%", "-1%", "101%", "1.23456%", "a%", "１%"] {
            assert_eq!(Share::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_in_a_hundred_is_within_one_per_cent_and_two_are_not() {
        let one = Share(10_000);
        assert!(one.holds(1, 100) && one.holds(0, 0) && !one.holds(2, 100) && !Share::NONE.holds(1, 1_000_000));
    }
}
