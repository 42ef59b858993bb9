//! Any bytes as a font file, horizontally and vertically.
#![no_main]

use surimono_fuzz::print;

const PAGE: &str = "<!DOCTYPE html><html><head><style>@font-face{font-family:x;src:url(f.ttf)}\
    body{font-family:x;font-feature-settings:'palt','liga'}div{writing-mode:vertical-rl;height:50mm}</style></head>\
    <body><p>AVToffi 0123 漢字かな、「」髙﨑𠮷葛󠄀</p><div>縦書き。ー「」12 Latin</div></body></html>";

libfuzzer_sys::fuzz_target!(|font: &[u8]| print(PAGE, &[("f.ttf", font)]));
