//! What a customer is worth and what a piece is expected to bring, in whole yen.
//!
//! *Value*: the margins that a customer is expected to bring within a horizon, as of today. With a yearly margin *m*, a
//! share *r* that stays from one year to the next, a discount rate *d* and *H* years, each year's margin at its end:
//!
//! ```text
//! value = Σ (t = 1 … H)  m · r^(t-1) / (1 + d)^t
//! ```
//!
//! *Expected margin of a piece*: `odds · (margin of an order - cost of the coupon) - cost of the piece`.
//!
//! Only the four operations on whole numbers and IEEE doubles are used, so every machine comes to the same yen; halves are
//! rounded away from zero.

/// A million: shares and odds are whole millionths.
pub const MILLION: i64 = 1_000_000;

/// How the value of a customer is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// 1 to 50.
    pub years: u32,
    /// The share that stays from one year to the next, in millionths.
    pub stay: u32,
    /// A year's discount, in millionths.
    pub discount: u32,
}

impl Horizon {
    /// The present value of so many yen of margin a year.
    #[must_use]
    pub fn value(&self, yearly: i64) -> i64 {
        let stay = f64::from(self.stay) / 1e6;
        let rate = 1.0 + f64::from(self.discount) / 1e6;
        let mut factor = 0.0;
        let (mut kept, mut grown) = (1.0, rate);
        for _ in 0..self.years {
            factor += kept / grown;
            kept *= stay;
            grown *= rate;
        }
        rounded(yearly as f64 * factor)
    }
}

/// What a piece is expected to bring, in yen; less than nothing when it costs more than it brings.
///
/// `odds` in millionths, everything else in yen.
#[must_use]
pub fn expected_margin(odds: i64, order: i64, coupon: i64, piece: i64) -> i64 {
    let brings = i128::from(odds.clamp(0, MILLION)) * (i128::from(order) - i128::from(coupon));
    let half = i128::from(MILLION / 2) * brings.signum();
    let yen = (brings + half) / i128::from(MILLION) - i128::from(piece);
    i64::try_from(yen).unwrap_or(if yen < 0 { i64::MIN } else { i64::MAX })
}

/// Odds as a rule gives them (0.03 is three in a hundred) in millionths; `None` outside 0 to 1.
#[must_use]
pub fn odds(share: f64) -> Option<i64> {
    (0.0..=1.0).contains(&share).then(|| rounded(share * 1e6))
}

/// To whole yen, halves away from zero; what is no number is 0.
#[must_use]
pub fn rounded(yen: f64) -> i64 {
    // beyond the ends of the type `as` stays at them
    libm::round(yen) as i64
}

/// What a coupon costs the shop when it is used on a basket of so many yen.
#[must_use]
pub fn coupon_cost(percent: Option<u32>, up_to: Option<u32>, yen: Option<u32>, basket: i64) -> i64 {
    match (percent, yen) {
        (Some(percent), _) => {
            // a share of a yen is given to the customer
            let off = (i128::from(basket.max(0)) * i128::from(percent) + 99) / 100;
            let off = i64::try_from(off).unwrap_or(i64::MAX);
            up_to.map_or(off, |most| off.min(i64::from(most)))
        }
        (None, Some(yen)) => i64::from(yen),
        (None, None) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_years_worked_out_by_hand() {
        // 10,000 a year, 70 % stay, 5 %: 10000/1.05 = 9523.81; 7000/1.1025 = 6349.21; 4900/1.157625 = 4232.80
        let horizon = Horizon { years: 3, stay: 700_000, discount: 50_000 };
        assert_eq!(horizon.value(10_000), 20_106);
        assert_eq!(horizon.value(0), 0);
        assert_eq!(horizon.value(-10_000), -20_106);
    }

    #[test]
    fn without_a_discount_and_with_everybody_staying_it_is_the_sum() {
        assert_eq!(Horizon { years: 4, stay: 1_000_000, discount: 0 }.value(1_234), 4_936);
        assert_eq!(Horizon { years: 5, stay: 0, discount: 0 }.value(1_234), 1_234);
    }

    #[test]
    fn a_piece_that_brings_in_less_than_it_costs_is_below_zero() {
        // 3 % of (2400 - 500) is 57; paper 6, print 12 and postage 85 are 103
        assert_eq!(expected_margin(30_000, 2_400, 500, 103), -46);
        assert_eq!(expected_margin(80_000, 2_400, 500, 103), 49);
        // 0.5 yen is rounded away from zero, below it towards it
        assert_eq!(expected_margin(500_000, 1, 0, 0), 1);
        assert_eq!(expected_margin(499_999, 1, 0, 0), 0);
        assert_eq!(expected_margin(500_000, 0, 1, 0), -1);
        assert_eq!(expected_margin(MILLION, i64::MAX, i64::MIN, 0), i64::MAX);
    }

    #[test]
    fn odds_are_shares() {
        assert_eq!([odds(0.03), odds(1.0), odds(0.0)], [Some(30_000), Some(MILLION), Some(0)]);
        assert_eq!([odds(3.0), odds(-0.1), odds(f64::NAN)], [None; 3]);
    }

    #[test]
    fn a_coupon_costs_what_it_takes_off() {
        assert_eq!(coupon_cost(Some(20), Some(3_000), None, 4_001), 801);
        assert_eq!(coupon_cost(Some(20), Some(3_000), None, 40_000), 3_000);
        assert_eq!(coupon_cost(None, None, Some(500), 100), 500);
        assert_eq!(coupon_cost(Some(10), None, None, -5), 0);
    }
}
