//! Coupon codes: unique without keeping a list, impossible to guess, and hard to mistype.
//!
//! A code stands for the pair (coupon rule, record), 10 and 40 bits, scrambled by a keyed permutation of
//! 50 bits: a balanced Feistel network (Luby and Rackoff 1988) of eight rounds whose round function is
//! SipHash-2-4 (Aumasson and Bernstein 2012) under keys from the campaign's secret. A permutation never maps
//! two pairs to one code; without the key, a code says nothing of its neighbours, and a guess hits one of n
//! issued codes with odds of n in 10^15.
//!
//! The 50 bits are ten characters of [`ALPHABET`]; the eleventh is a check character over GF(32): with
//! x_0 … x_10 the characters' values, the sum of α^i·x_i is 0, where α generates the field's 31 units. So any
//! one wrong character, and any two characters swapped, however far apart, are found.
//!
//! A till that reads digits alone gets a [`Codes::number`]: the record's number under a permutation of all numbers of so
//! many digits, made in the same way.

use std::fmt;

use crate::base::choice::Key;

/// 32 digits and capitals without 0, 1, I and O. What is read as I or 1 can only be L.
pub const ALPHABET: [u8; 32] = *b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// So many coupon rules may a campaign have.
pub const MOST_RULES: u64 = 1 << 10;
/// So many records.
pub const MOST_RECORDS: u64 = 1 << 40;

const HALF: u32 = 25;
const HALF_MASK: u64 = (1 << HALF) - 1;
const ROUNDS: usize = 8;
const LENGTH: usize = 11;

/// Powers of α in GF(32) with the primitive polynomial x^5 + x^2 + 1.
const POWERS: [u8; LENGTH] = {
    let mut powers = [1; LENGTH];
    let mut i = 1;
    while i < LENGTH {
        powers[i] = times(powers[i - 1], 2);
        i += 1;
    }
    powers
};

/// Product in GF(32).
const fn times(a: u8, b: u8) -> u8 {
    let (mut a, mut b, mut product) = (a, b, 0);
    while b != 0 {
        if b & 1 != 0 {
            product ^= a;
        }
        a <<= 1;
        if a & 32 != 0 {
            a ^= 0b10_0101;
        }
        b >>= 1;
    }
    product
}

/// Why a code is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// Not eleven characters of the alphabet.
    Form,
    /// A character is wrong, or two are swapped.
    Check,
    /// Well formed, but no coupon of this campaign has it.
    Unknown,
}

impl fmt::Display for CodeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "a code is eleven digits and capitals, as in 7KQ4-M2XD-9PX",
            Self::Check => "the check character does not fit: a character is wrong, or two are swapped",
            Self::Unknown => "no coupon of this campaign has this code",
        })
    }
}

/// Makes and reads the codes of one campaign.
#[derive(Clone)]
pub struct Codes {
    keys: [(u64, u64); ROUNDS],
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Codes(…)")
    }
}

impl Codes {
    /// Codes of two campaigns under one secret have nothing to do with each other.
    #[must_use]
    pub fn new(key: &Key, campaign: &str) -> Self {
        let word = |b: &[u8]| b.iter().fold(0u64, |n, b| (n << 8) | u64::from(*b));
        Self {
            keys: std::array::from_fn(|round| {
                let bytes = key.bytes(&format!("coupon-code-{round}"), campaign.as_bytes());
                (word(&bytes[..8]), word(&bytes[8..16]))
            }),
        }
    }

    /// The code of a rule's coupon for a record; `None` beyond [`MOST_RULES`] and [`MOST_RECORDS`].
    #[must_use]
    pub fn code(&self, rule: u64, record: u64) -> Option<String> {
        if rule >= MOST_RULES || record >= MOST_RECORDS {
            return None;
        }
        let pair = (rule << 40) | record;
        let mixed = self.scrambled(pair, HALF);
        let mut values = [0u8; LENGTH];
        for (i, value) in values.iter_mut().take(LENGTH - 1).enumerate() {
            *value = ((mixed >> (45 - 5 * i)) & 31) as u8;
        }
        values[LENGTH - 1] = check(&values);
        let mut code = String::with_capacity(LENGTH + 2);
        for (i, value) in values.iter().enumerate() {
            if i == 4 || i == 8 {
                code.push('-');
            }
            code.push(char::from(ALPHABET[usize::from(*value)]));
        }
        Some(code)
    }

    /// A number of `digits` decimal digits (1 to 18) that no other `n` under 10^digits has; `None` for a larger `n`. Numbers
    /// of different `purposes` have nothing to do with each other. A guess hits one of k issued numbers with odds of k in
    /// 10^digits: few digits are easy to guess.
    ///
    /// A Feistel network over the least even number of bits that holds them all, walked until it leads back among them
    /// (Black and Rogaway 2002, "cycle walking").
    #[must_use]
    pub fn number(&self, purpose: u64, n: u64, digits: u32) -> Option<u64> {
        let all = 10u64.checked_pow(digits).filter(|_| (1..=18).contains(&digits))?;
        if n >= all {
            return None;
        }
        let half = (u64::BITS - (all - 1).leading_zeros()).div_ceil(2);
        let keys = self.keys.map(|(k0, k1)| (k0 ^ 0x6e75_6d62_6572_0000 ^ u64::from(digits), k1 ^ purpose));
        let other = Self { keys };
        let mut mixed = other.scrambled(n, half);
        while mixed >= all {
            mixed = other.scrambled(mixed, half);
        }
        Some(mixed)
    }

    /// A keyed permutation of the numbers below 4^half.
    fn scrambled(&self, n: u64, half: u32) -> u64 {
        let mask = (1u64 << half) - 1;
        let (mut left, mut right) = (n >> half, n & mask);
        for keys in &self.keys {
            (left, right) = (right, left ^ (siphash(*keys, right) & mask));
        }
        (left << half) | right
    }

    /// Rule and record of a code as a person types it: hyphens, blanks and small letters do not matter.
    ///
    /// # Errors
    /// A code that was mistyped or invented. That its coupon was printed, only the manifest knows.
    pub fn verify(&self, code: &str) -> Result<(u64, u64), CodeFault> {
        let mut values = [0u8; LENGTH];
        let mut count = 0;
        for c in code.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let c = match c.to_ascii_uppercase() {
                'I' | '1' => 'L',
                c => c,
            };
            let value = ALPHABET.iter().position(|a| char::from(*a) == c).ok_or(CodeFault::Form)?;
            *values.get_mut(count).ok_or(CodeFault::Form)? = u8::try_from(value).map_err(|_| CodeFault::Form)?;
            count += 1;
        }
        if count != LENGTH {
            return Err(CodeFault::Form);
        }
        if sum(&values) != 0 {
            return Err(CodeFault::Check);
        }
        let mixed = values.iter().take(LENGTH - 1).fold(0u64, |n, v| (n << 5) | u64::from(*v));
        let (mut left, mut right) = (mixed >> HALF, mixed & HALF_MASK);
        for keys in self.keys.iter().rev() {
            (left, right) = (right ^ (siphash(*keys, left) & HALF_MASK), left);
        }
        let pair = (left << HALF) | right;
        Ok((pair >> 40, pair & (MOST_RECORDS - 1)))
    }
}

fn sum(values: &[u8; LENGTH]) -> u8 {
    values.iter().zip(POWERS).fold(0, |s, (v, p)| s ^ times(*v, p))
}

/// The last character's value that makes the sum 0: α^-10 times the sum of the others. α has order 31.
fn check(values: &[u8; LENGTH]) -> u8 {
    let inverse = (0..21).fold(1, |p, _| times(p, 2));
    times(sum(values), inverse)
}

/// SipHash-2-4 of one 64-bit word.
fn siphash((k0, k1): (u64, u64), word: u64) -> u64 {
    let mut v = [
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ];
    for block in [word, 8 << 56] {
        v[3] ^= block;
        round(&mut v);
        round(&mut v);
        v[0] ^= block;
    }
    v[2] ^= 0xff;
    for _ in 0..4 {
        round(&mut v);
    }
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

fn round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[2] = v[2].rotate_left(32);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes() -> Codes {
        Codes::new(&Key::new(b"test"), "2026-autumn-dm")
    }

    #[test]
    fn siphash_is_the_published_one() {
        // The 64-bit test vector for the input 00 01 … 07 under the key 00 01 … 0f (vectors.h of the
        // reference implementation): 62 24 93 9a 79 f5 f5 93.
        let hash = siphash((0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908), 0x0706_0504_0302_0100);
        assert_eq!(hash.to_le_bytes(), [0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93]);
    }

    #[test]
    fn a_million_codes_are_all_different() {
        let codes = codes();
        let mut all: Vec<String> = (0..4)
            .flat_map(|rule| (0..250_000).map(move |n| (rule, n)))
            .map(|(r, n)| codes.code(r, n).expect("in range"))
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 1_000_000);
    }

    #[test]
    fn neighbours_have_nothing_in_common() {
        let codes = codes();
        // Two random codes agree in one of ten places with odds of 1/32 each: 0.3125 places on average.
        let same: usize = (0..10_000)
            .map(|n| {
                let (a, b) = (codes.code(0, n).expect("in range"), codes.code(0, n + 1).expect("in range"));
                a.bytes().zip(b.bytes()).take(11).filter(|(a, b)| a == b && *a != b'-').count()
            })
            .sum();
        // Nine characters are compared (the hyphens at 4 and 9 are not): 10,000 · 9/32 = 2,812, sd about 52.
        assert!((2_550..=3_075).contains(&same), "{same}");
    }

    #[test]
    fn other_campaigns_and_other_keys_have_other_codes() {
        let other = Codes::new(&Key::new(b"test"), "2027-spring-dm");
        let key = Codes::new(&Key::new(b"tesu"), "2026-autumn-dm");
        let code = codes().code(1, 7);
        assert_ne!(code, other.code(1, 7));
        assert_ne!(code, key.code(1, 7));
    }

    #[test]
    fn every_single_error_and_every_swap_is_found() {
        let codes = codes();
        for n in 0..50 {
            let code: Vec<char> = codes.code(3, n).expect("in range").chars().filter(|c| *c != '-').collect();
            for i in 0..LENGTH {
                for wrong in ALPHABET.map(char::from) {
                    let mut typed = code.clone();
                    typed[i] = wrong;
                    let expected = if wrong == code[i] { Ok((3, n)) } else { Err(CodeFault::Check) };
                    assert_eq!(codes.verify(&typed.iter().collect::<String>()), expected);
                }
                for j in 0..LENGTH {
                    let mut typed = code.clone();
                    typed.swap(i, j);
                    let found = codes.verify(&typed.iter().collect::<String>());
                    assert_eq!(found.is_ok(), code[i] == code[j]);
                }
            }
        }
    }

    #[test]
    fn numbers_of_so_many_digits_are_a_permutation() {
        let codes = codes();
        for digits in 1..=5 {
            let all = 10u64.pow(digits);
            let mut numbers: Vec<u64> = (0..all).map(|n| codes.number(7, n, digits).expect("in range")).collect();
            assert!(digits == 1 || numbers != (0..all).collect::<Vec<_>>(), "not as they came");
            numbers.sort_unstable();
            assert_eq!(numbers, (0..all).collect::<Vec<_>>());
            assert_eq!(codes.number(7, all, digits), None);
        }
        assert_ne!(codes.number(7, 1, 10), codes.number(8, 1, 10));
        assert!(codes.number(7, 0, 18).is_some_and(|n| n < 10u64.pow(18)));
        assert_eq!([codes.number(7, 0, 0), codes.number(7, 0, 19)], [None, None]);
    }

    #[test]
    fn codes_look_as_promised() {
        let code = codes().code(0, 1).expect("in range");
        assert_eq!(code.len(), 13);
        assert_eq!((code.as_bytes()[4], code.as_bytes()[9]), (b'-', b'-'));
        assert!(!code.contains(['0', '1', 'I', 'O']));
        assert_eq!(codes().code(MOST_RULES, 0), None);
        assert_eq!(codes().code(0, MOST_RECORDS), None);
        assert_eq!(codes().verify("7KQ4-M2XD"), Err(CodeFault::Form));
        assert_eq!(codes().verify("７KQ4-M2XD-9PX"), Err(CodeFault::Form));
    }

    proptest! {
        #[test]
        fn what_is_made_is_read(rule in 0..MOST_RULES, record in 0..MOST_RECORDS) {
            let codes = codes();
            let code = codes.code(rule, record).expect("in range");
            prop_assert_eq!(codes.verify(&code), Ok((rule, record)));
            prop_assert_eq!(codes.verify(&code.replace('-', " ").to_lowercase()), Ok((rule, record)));
        }

        #[test]
        fn any_text_is_judged_without_panic(text in ".*") {
            let _ = codes().verify(&text);
        }
    }
}
