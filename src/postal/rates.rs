//! Postage and discounts: data with a date, never code. The program brings one file; a campaign may bring its own.

use serde::Deserialize;

/// The rates that the program brings.
const SHIPPED: &str = include_str!("rates/2024-10-01.toml");

/// A file of rates.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// The day from which these rates hold.
    pub valid_from: toml::value::Datetime,
    /// Where they were read.
    pub source: String,
    pub mail: Vec<Mail>,
    #[serde(default)]
    pub discount: Vec<Discount>,
}

/// A kind of mail and its postage.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub name: String,
    /// Whole yen for one piece.
    pub yen: u32,
}

/// A discount with its thresholds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    pub name: String,
    /// As Japan Post calls it.
    pub title: String,
    #[serde(default)]
    pub needs: Vec<Need>,
    /// The kinds of mail that it is for; all when none is named.
    #[serde(default)]
    pub mail: Vec<String>,
    /// What no run can show and the sender has to agree on.
    #[serde(default)]
    pub asks: Option<String>,
    pub steps: Vec<Step>,
}

/// What a run must have for a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// A customer barcode: only pieces with one count.
    Barcode,
    /// The order of postcodes.
    Order,
}

/// So many pieces give so many percent.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub pieces: u64,
    pub percent: Percent,
}

/// Hundredths of a percent; written as a number of percent, `3` or `3.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u32);

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = f64::deserialize(deserializer)?;
        let hundredths = (percent * 100.0).round();
        if !(0.0..=10_000.0).contains(&hundredths) {
            return Err(serde::de::Error::custom("expected a percentage from 0 to 100"));
        }
        Ok(Self(hundredths as u32))
    }
}

impl Percent {
    /// This share of an amount, cut to whole yen.
    #[must_use]
    pub fn of(self, yen: u64) -> u64 {
        u64::try_from(u128::from(yen) * u128::from(self.0) / 10_000).unwrap_or(u64::MAX)
    }

    /// As a number of percent.
    #[must_use]
    pub fn number(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", self.number())
    }
}

impl Rates {
    /// Reads a file of rates.
    ///
    /// # Errors
    /// What is wrong with it, in words with the line.
    pub fn read(text: &str) -> Result<Self, String> {
        let rates: Self = toml::from_str(text).map_err(|e| e.to_string().trim_end().to_owned())?;
        for discount in &rates.discount {
            let rising = discount.steps.windows(2).all(|w| matches!(w, [a, b] if a.pieces < b.pieces));
            if discount.steps.is_empty() || !rising {
                return Err(format!(
                    "the steps of `{}` must be at least one, with rising numbers of pieces",
                    discount.name
                ));
            }
        }
        Ok(rates)
    }

    /// The rates that the program brings.
    ///
    /// # Errors
    /// Never for the file as it stands; a test reads it.
    pub fn shipped() -> Result<Self, String> {
        Self::read(SHIPPED)
    }

    /// The postage of a kind of mail.
    #[must_use]
    pub fn postage(&self, mail: &str) -> Option<u32> {
        self.mail.iter().find(|m| m.name == mail).map(|m| m.yen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rates_are_sound_and_have_a_date() {
        let rates = Rates::shipped().expect("sound");
        assert_eq!(rates.valid_from.to_string(), "2024-10-01");
        assert_eq!(rates.postage("postcard"), Some(85));
        assert!(rates.discount.iter().any(|d| d.name == "sorted" && d.steps.len() == 4));
    }

    #[test]
    fn wrong_rates_are_told() {
        for (text, word) in [
            (
                "valid_from = 2024-10-01\nsource = \"\"\nmail = []\n[[discount]]\nname = \"a\"\ntitle = \"\"\nsteps = []",
                "`a`",
            ),
            ("valid_from = 2024-10-01\nsource = \"\"\nmail = [{ name = \"postcard\", yen = -1 }]", "-1"),
            (
                "valid_from = 2024-10-01\nsource = \"\"\nmail = []\n[[discount]]\nname = \"a\"\ntitle = \"\"\nsteps = [{ pieces = 1, percent = 101.0 }]",
                "percentage",
            ),
            ("", "valid_from"),
        ] {
            let wrong = Rates::read(text).expect_err("refused");
            assert!(wrong.contains(word), "{wrong}");
        }
    }

    #[test]
    fn shares_are_cut_to_whole_yen() {
        assert_eq!(Percent(300).of(170_033), 5100);
        assert_eq!(Percent(350).of(u64::MAX), 645_636_042_579_834_306);
    }
}
