//! Any bytes as decisions that somebody else made.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| surimono_fuzz::follow(bytes));
