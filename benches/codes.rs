//! Ten million coupon codes: all different, and how many are made in a second on one core.
//!
//! `cargo bench --bench codes` (docs/performance.md has the figures).
#![allow(clippy::print_stdout, clippy::expect_used)] // a bench tells, and what it cannot make is a failure

use std::time::Instant;

use surimono::base::choice::Key;
use surimono::decide::code::Codes;

const RULES: u64 = 4;
const EACH: u64 = 2_500_000;

fn main() {
    let codes = Codes::new(&Key::new(b"a secret for the bench alone"), "bench");
    let start = Instant::now();
    // eleven characters fit in 16 bytes, which sort faster than texts
    let mut all: Vec<u128> = Vec::with_capacity((RULES * EACH) as usize);
    for rule in 0..RULES {
        for record in 1..=EACH {
            let code = codes.code(rule, record).expect("in range");
            all.push(code.bytes().filter(|b| *b != b'-').fold(0, |n, b| (n << 8) | u128::from(b)));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    all.sort_unstable();
    let twice = all.windows(2).filter(|w| w[0] == w[1]).count();
    assert_eq!(twice, 0, "codes that occur twice");
    println!("{} codes, all different; {:.0} a second on one core", all.len(), all.len() as f64 / seconds);
}
