//! A QR symbol read back, without correcting anything.

use super::super::read::message::{Form, Message, read as message};
use super::{Ecc, Plan, Scratch, plan};

/// What a square of modules says, if it is a QR symbol that is right to its last module: patterns, format, data and error
/// correction.
pub(in crate::barcode) fn read(side: usize, dark: &dyn Fn(usize, usize) -> bool) -> Option<Message> {
    let version = side.checked_sub(17).filter(|n| n.is_multiple_of(4) && (4..=160).contains(n))? / 4;
    let number = i16::try_from(version).ok()?;
    [Ecc::L, Ecc::M, Ecc::Q, Ecc::H].into_iter().find_map(|ecc| {
        let plan = plan(number, ecc)?;
        (0..plan.masks.len()).find_map(|mask| plan.read(mask, dark)).and_then(|data| {
            let bits: Vec<bool> = data.iter().flat_map(|b| (0..8).rev().map(move |i| b >> i & 1 == 1)).collect();
            message(&bits, Form::Full(version))
        })
    })
}

impl Plan {
    /// The message under one mask; `None` when any module is not as it must be.
    fn read(&self, mask: usize, dark: &dyn Fn(usize, usize) -> bool) -> Option<Vec<u8>> {
        let mask = self.masks.get(mask)?;
        let masked =
            |x: usize, y: usize| mask.rows.get(y * self.words + x / 64).is_some_and(|w| w >> (x % 64) & 1 == 1);
        let mut codewords = vec![0_u8; self.place.len() / 8];
        let mut count = 0_usize;
        for (i, (x, y)) in self.place.iter().enumerate() {
            let (x, y) = (usize::from(*x), usize::from(*y));
            if dark(x, y) != masked(x, y) {
                count += 1;
                *codewords.get_mut(i / 8)? |= 1 << (7 - i % 8);
            }
        }
        // what is no data is as the mask has it
        let all = (0..self.width * self.width)
            .filter(|i| dark(i % self.width, i / self.width) != masked(i % self.width, i / self.width))
            .count();
        if all != count {
            return None;
        }
        let mut message = vec![0; self.order.len()];
        for (codeword, at) in codewords.iter().zip(&self.order) {
            *message.get_mut(usize::from(*at))? = *codeword;
        }
        let mut again = Scratch::default();
        self.fill_codewords(&message, &mut again);
        (again.codewords == codewords).then_some(message)
    }
}
