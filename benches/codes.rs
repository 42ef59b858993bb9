//! Ten million coupon codes: all different, and how many are made in a second on one core.
//!
//! `cargo bench --bench codes` (docs/performance.md has the figures).
#![allow(clippy::print_stdout, clippy::expect_used)] // a bench tells, and what it cannot make is a failure

use std::time::Instant;

use surimono::base::choice::Key;
use surimono::decide::code::{ALPHABET, Codes};

const RULES: u64 = 4;
const EACH: u64 = 2_500_000;

fn main() {
    let codes = Codes::new(&Key::new(b"a secret for the bench alone"), "bench");
    let start = Instant::now();
    // eleven characters of 32 are 55 bits: 80 MB for all of them, which any machine has
    let mut all: Vec<u64> = Vec::with_capacity((RULES * EACH) as usize);
    let value = |c: u8| ALPHABET.iter().position(|a| *a == c).expect("a character of codes") as u64;
    for rule in 0..RULES {
        for record in 1..=EACH {
            let code = codes.code(rule, record).expect("in range");
            all.push(code.bytes().filter(|b| *b != b'-').fold(0, |n, b| (n << 5) | value(b)));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let start = Instant::now();
    all.sort_unstable();
    let twice = all.windows(2).filter(|w| w[0] == w[1]).count();
    assert_eq!(twice, 0, "codes that occur twice");
    println!(
        "{} codes, all different; {:.0} a second on one core, {seconds:.1} s, and {:.1} s to compare them",
        all.len(),
        all.len() as f64 / seconds,
        start.elapsed().as_secs_f64()
    );
}
