//! Choices that look random, yet are the same for the same key and subject on every machine and in every
//! run: HMAC-SHA-256 (RFC 2104) of a purpose and a subject under the campaign's secret.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The campaign's secret. Never printed: `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        // HMAC takes keys of any length, so this cannot fail.
        Self(Hmac::new_from_slice(secret).expect("HMAC takes any key length"))
    }

    /// 256 keyed bits for `subject`; `purpose` keeps different uses of the same key apart.
    #[must_use]
    pub fn bytes(&self, purpose: &str, subject: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(subject);
        mac.finalize().into_bytes().into()
    }

    /// A number evenly spread over the 64-bit range.
    #[must_use]
    pub fn number(&self, purpose: &str, subject: &[u8]) -> u64 {
        let b = self.bytes(purpose, subject);
        u64::from_be_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])
    }

    /// Whether `subject` falls in a share of `millionths` per million.
    #[must_use]
    pub fn falls_in(&self, purpose: &str, subject: &[u8], millionths: u32) -> bool {
        // Multiply-shift maps 64 bits evenly onto 0..1_000_000.
        let n = (u128::from(self.number(purpose, subject)) * 1_000_000) >> 64;
        n < u128::from(millionths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_kept_within_the_binomial_bound() {
        let key = Key::new(b"test");
        let hits = (0..100_000u32).filter(|i| key.falls_in("hold-out", &i.to_be_bytes(), 50_000)).count();
        // sd = sqrt(100000 · 0.05 · 0.95) = 69; five of them.
        assert!((4_655..=5_345).contains(&hits), "{hits}");
    }

    #[test]
    fn purposes_do_not_move_together() {
        let key = Key::new(b"test");
        assert_ne!(key.number("a", b"x"), key.number("b", b"x"));
    }
}
