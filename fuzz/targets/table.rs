//! Any bytes as tables: who the customers are, and what they bought.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| surimono_fuzz::decide(&[("customers.csv", bytes), ("purchases.csv", bytes)]));
