//! Any bytes as a picture.
#![no_main]

use surimono_fuzz::print;

const PAGE: &str = "<!DOCTYPE html><html><body style='background:url(p)'><img src=p><img src=p width=40>\
    <div style='width:30mm;height:30mm;background:url(p) repeat'></div></body></html>";

libfuzzer_sys::fuzz_target!(|picture: &[u8]| print(PAGE, &[("p", picture)]));
