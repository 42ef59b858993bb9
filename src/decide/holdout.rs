//! Who is left out on purpose, and who gets which version: keyed choices by campaign and person. The order
//! of the file, the number of threads and the other people have no part in it.

use std::sync::Arc;

use crate::base::Share;
use crate::base::choice::Key;

/// The share that is held out and the arms with their weights.
#[derive(Clone, Debug, Default)]
pub struct Draw {
    pub hold_out: Share,
    /// The share that is held out of every campaign.
    pub global_hold_out: Share,
    /// In the order of their names.
    pub arms: Vec<(Arc<str>, u32)>,
    /// The arms' shares hold in each segment: that takes a look over all records.
    pub within_segments: bool,
}

impl Draw {
    /// What is drawn for: the campaign, a zero byte and the person's key.
    pub fn subject<'s>(campaign: &str, person: &str, buffer: &'s mut Vec<u8>) -> &'s [u8] {
        buffer.clear();
        buffer.extend_from_slice(campaign.as_bytes());
        buffer.push(0);
        buffer.extend_from_slice(person.as_bytes());
        buffer
    }

    #[must_use]
    pub fn holds_out(&self, key: &Key, subject: &[u8]) -> bool {
        self.hold_out.0 > 0 && key.falls_in("hold-out", subject, self.hold_out.0)
    }

    /// Whether the person is held out of every campaign: by the shop's key and the person alone, so that no campaign,
    /// no segment and no other person moves it.
    #[must_use]
    pub fn holds_out_always(&self, shop: &Key, person: &str) -> bool {
        self.global_hold_out.0 > 0 && shop.falls_in("global-hold-out", person.as_bytes(), self.global_hold_out.0)
    }

    /// A keyed number by which people are put in order for arms within segments.
    #[must_use]
    pub fn number(&self, key: &Key, subject: &[u8]) -> u64 {
        key.number("arm", subject)
    }

    /// The arm, in proportion to the weights; independent of the hold-out.
    #[must_use]
    pub fn arm(&self, key: &Key, subject: &[u8]) -> Option<&Arc<str>> {
        let total: u64 = self.arms.iter().map(|a| u64::from(a.1)).sum();
        if let [(only, _)] = self.arms.as_slice() {
            return Some(only);
        }
        if total == 0 {
            return None;
        }
        let drawn = (u128::from(key.number("arm", subject)) * u128::from(total)) >> 64;
        let mut upto = 0u128;
        self.arms
            .iter()
            .find(|a| {
                upto += u128::from(a.1);
                drawn < upto
            })
            .map(|a| &a.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw() -> Draw {
        Draw {
            hold_out: Share(50_000),
            global_hold_out: Share(20_000),
            arms: vec![("bold".into(), 1), ("calm".into(), 3)],
            within_segments: false,
        }
    }

    #[test]
    fn shares_and_weights_are_kept_and_do_not_move_together() {
        let (key, draw, mut buffer) = (Key::new(b"test"), draw(), Vec::new());
        let (mut held, mut bold, mut both) = (0u32, 0u32, 0u32);
        for n in 0..40_000 {
            let subject = Draw::subject("2026-autumn-dm", &format!("C{n:06}"), &mut buffer);
            let h = draw.holds_out(&key, subject);
            let b = draw.arm(&key, subject).is_some_and(|a| &**a == "bold");
            held += u32::from(h);
            bold += u32::from(b);
            both += u32::from(h && b);
        }
        // Five standard deviations: sqrt(40000·0.05·0.95) = 44, sqrt(40000·0.25·0.75) = 87, sqrt(40000·0.0125) = 22.
        assert!((1_780..=2_220).contains(&held), "{held}");
        assert!((9_565..=10_435).contains(&bold), "{bold}");
        assert!((390..=610).contains(&both), "{both}");
    }

    #[test]
    fn another_campaign_draws_anew() {
        let (key, draw, mut buffer) = (Key::new(b"test"), draw(), Vec::new());
        let mut held = |campaign: &str| -> Vec<u32> {
            (0..4_000)
                .filter(|n| draw.holds_out(&key, Draw::subject(campaign, &format!("C{n:06}"), &mut buffer)))
                .collect()
        };
        let (a, b) = (held("a"), held("b"));
        assert_eq!(a, held("a"));
        assert_ne!(a, b);
    }

    #[test]
    fn the_global_hold_out_is_the_same_people_in_every_campaign() {
        let (shop, draw) = (Key::new(b"the shop"), draw());
        let held = |draw: &Draw, shop: &Key| -> Vec<u32> {
            (0..50_000).filter(|n| draw.holds_out_always(shop, &format!("C{n:06}"))).collect()
        };
        let people = held(&draw, &shop);
        // sd = sqrt(50000·0.02·0.98) = 31; five of them.
        assert!((845..=1_155).contains(&people.len()), "{}", people.len());
        // No campaign's key, id or arms have a part in it; a larger share holds the same people and more.
        let larger = Draw { global_hold_out: Share(40_000), arms: Vec::new(), ..draw.clone() };
        let more = held(&larger, &shop);
        assert!(people.iter().all(|n| more.contains(n)) && more.len() > people.len());
        assert_ne!(people, held(&draw, &Key::new(b"another shop")));
        // It says nothing of who is held out of one campaign.
        let mut buffer = Vec::new();
        let both = people
            .iter()
            .filter(|n| draw.holds_out(&shop, Draw::subject("a", &format!("C{n:06}"), &mut buffer)))
            .count();
        assert!((10..=95).contains(&both), "5 % of 1,000: {both}");
    }

    #[test]
    fn without_arms_there_is_none() {
        assert_eq!(Draw::default().arm(&Key::new(b"test"), b"x"), None);
        assert!(!Draw::default().holds_out(&Key::new(b"test"), b"x"));
    }
}
