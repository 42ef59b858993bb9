//! A quick 64-bit hash of bytes: sixteen bytes a step, folded by one wide multiplication. For tables whose
//! users compare what they find; it is no protection against someone who looks for collisions.

const K0: u64 = 0xA076_1D64_78BD_642F;
const K1: u64 = 0xE703_7ED1_A0B4_28DB;

/// Both halves of the 128-bit product, folded.
#[inline]
#[must_use]
pub fn mix(a: u64, b: u64) -> u64 {
    let p = u128::from(a ^ K0) * u128::from(b ^ K1);
    (p as u64) ^ ((p >> 64) as u64)
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(w) => u64::from_le_bytes(*w),
        None => {
            let mut w = [0; 8];
            for (to, from) in w.iter_mut().zip(bytes) {
                *to = *from;
            }
            u64::from_le_bytes(w)
        }
    }
}

/// The hash of `bytes`; the same on every machine.
#[inline]
#[must_use]
pub fn bytes(bytes: &[u8]) -> u64 {
    let mut hash = bytes.len() as u64;
    let mut rest = bytes;
    while let Some((chunk, more)) = rest.split_first_chunk::<16>() {
        hash = mix(hash ^ word(&chunk[..8]), word(&chunk[8..]));
        rest = more;
    }
    let (low, high) = rest.split_at(rest.len().min(8));
    mix(hash ^ word(low), word(high) ^ K0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_changed_byte_changes_the_hash() {
        let text: Vec<u8> = (0..100).collect();
        for len in 0..100 {
            let before = bytes(&text[..len]);
            assert_ne!(before, bytes(&text[..len + 1]), "longer than {len}");
            for i in 0..len {
                let mut other = text[..len].to_vec();
                other[i] ^= 1;
                assert_ne!(before, bytes(&other), "byte {i} of {len}");
            }
        }
    }
}
