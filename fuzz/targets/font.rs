//! Any bytes as a font file: horizontally and vertically, in colour, and at places in the space of a variable font.
#![no_main]

use surimono_fuzz::print;

const PAGE: &str = "<!DOCTYPE html><html><head><style>@font-face{font-family:x;src:url(f.ttf);font-weight:1 1000}\
    body{font-family:x;font-feature-settings:'palt','liga'}div{writing-mode:vertical-rl;height:50mm}\
    .v{font-weight:650;font-stretch:80%;font-style:oblique 10deg;font-variation-settings:'wght' 333,'opsz' 9}\
    </style></head><body><p>AVToffi 0123 漢字かな、「」髙﨑𠮷葛󠄀 ABCDEFGHIJKL IOH</p>\
    <p>😀👩‍⚕️🇯🇵👍🏽1️⃣❤︎ 😀‍😀</p><p class=v>AVI 漢字😀ABC<span style='font-size:30pt'>IO</span></p>\
    <div>縦書き。ー「」12 Latin😀 <span class=v>AVI縦😀</span></div></body></html>";

libfuzzer_sys::fuzz_target!(|font: &[u8]| print(PAGE, &[("f.ttf", font)]));
