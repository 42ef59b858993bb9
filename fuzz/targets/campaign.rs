//! Any text as a campaign file over the tables of a small shop: keys, rules, segments, slots, coupons.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| surimono_fuzz::decide(&[("campaign.toml", text.as_bytes())]));
