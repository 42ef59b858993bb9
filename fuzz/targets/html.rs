//! Any text as a whole page.
#![no_main]
libfuzzer_sys::fuzz_target!(|html: &str| surimono_fuzz::print(html, &[]));
