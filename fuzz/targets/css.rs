//! Any text as a stylesheet, and as the style of an element, over a page with something of everything.
#![no_main]

use surimono_fuzz::print;

const BODY: &str = "<h1 id=a>題 Title</h1><p class=b>本文、「文章」。<b>太</b><i>Latin text</i><br>x<sup>2</sup></p>\
    <ul><li>一<li>二</ul><div class=c><div>1</div><div>2</div><span>3</span></div>\
    <table><caption>表</caption><tr><th>a<td>b<tr><td colspan=2>c</table><ruby>漢<rt>かん</rt></ruby>\
    <bar-code type=qr value=1></bar-code><hr>";

libfuzzer_sys::fuzz_target!(|css: &str| {
    print(&format!("<!DOCTYPE html><html><head><style>{css}</style></head><body>{BODY}</body></html>"), &[]);
    let inline = css.replace('"', "'").replace('&', "");
    print(&format!("<!DOCTYPE html><html><body style=\"{inline}\"><div style=\"{inline}\">{BODY}</div></body></html>"), &[]);
});
