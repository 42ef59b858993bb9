//! Any bytes as a PDF file: as finished pages, and as artwork.
#![no_main]

libfuzzer_sys::fuzz_target!(|pdf: &[u8]| surimono_fuzz::look(pdf));
