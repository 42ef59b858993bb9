//! Symbols of modules (QR and its kin) as few rectangles: runs of a row, joined downwards where the next
//! row has the same run, in whole modules under one matrix. One fill for the whole symbol, so that no
//! hairlines show between rectangles.

use super::object::int;
use crate::page::Modules;

/// A run of dark modules that may still grow downwards.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: u16,
    end: u16,
    top: u16,
}

/// Rows and columns of so many modules or more are not told apart by their length.
const LONG: usize = 8;

/// Scratch space.
#[derive(Debug, Default)]
pub(super) struct Merger {
    open: Vec<Run>,
    next: Vec<Run>,
    /// The rectangles by their shape: rows by their length, columns by theirs, others. Neighbours of one shape share more of
    /// their text, which compresses better.
    shapes: [Vec<u8>; 2 * LONG],
}

impl Merger {
    /// Appends `x y w h re` for every rectangle, in whole modules with y down, then `f`.
    pub(super) fn rectangles(&mut self, modules: &Modules, out: &mut Vec<u8>) {
        let words = modules.words_per_row();
        self.open.clear();
        self.shapes.iter_mut().for_each(Vec::clear);
        for row in 0..=modules.rows {
            self.next.clear();
            let from = usize::from(row) * words;
            let bits = modules.bits.get(from..from + words).filter(|_| row < modules.rows).unwrap_or(&[]);
            match bits {
                [word] if modules.columns < 64 => runs(word & ((1 << modules.columns) - 1), row, &mut self.next),
                _ => {
                    let mut column = 0;
                    while let Some(start) = first(bits, column, modules.columns, true) {
                        let end = first(bits, start, modules.columns, false).unwrap_or(modules.columns);
                        self.next.push(Run { start, end, top: row });
                        column = end;
                    }
                }
            }
            // Both lists are ordered by start: walk them side by side; equal runs grow, others are done.
            let mut i = 0;
            for open in &self.open {
                while i < self.next.len() && self.next[i].start < open.start {
                    i += 1;
                }
                match self.next.get_mut(i) {
                    Some(next) if next.start == open.start && next.end == open.end => next.top = open.top,
                    _ => {
                        let shape = match (usize::from(open.end - open.start), usize::from(row - open.top)) {
                            (columns, 1) if columns < LONG => columns - 1,
                            (1, rows) if rows < LONG => LONG + rows - 2,
                            (_, 1) => LONG - 1,
                            (1, _) => 2 * LONG - 2,
                            _ => 2 * LONG - 1,
                        };
                        rectangle(&mut self.shapes[shape], open, row);
                    }
                }
            }
            std::mem::swap(&mut self.open, &mut self.next);
        }
        self.shapes.iter().for_each(|s| out.extend_from_slice(s));
        out.extend_from_slice(b"f\n");
    }
}

/// The runs of a row that fits in one word with a light bit to spare.
fn runs(mut bits: u64, row: u16, out: &mut Vec<Run>) {
    let mut at = 0;
    while bits != 0 {
        let light = bits.trailing_zeros();
        let dark = (bits >> light).trailing_ones();
        let start = at + light as u16;
        at = start + dark as u16;
        out.push(Run { start, end: at, top: row });
        bits >>= light + dark;
    }
}

fn rectangle(out: &mut Vec<u8>, run: &Run, bottom: u16) {
    let numbers = [run.start, run.top, run.end - run.start, bottom - run.top];
    // No symbol that is in use has 256 modules on a side: its numbers come from a table, and go out at once.
    let mut line = [0; 20];
    let mut at = 0;
    for n in numbers {
        let Some((digits, length)) = NUMBERS.get(usize::from(n)) else {
            numbers.iter().for_each(|n| {
                int(out, *n);
                out.push(b' ');
            });
            out.extend_from_slice(b"re\n");
            return;
        };
        line[at..at + 4].copy_from_slice(digits);
        at += length;
    }
    line[at..at + 3].copy_from_slice(b"re\n");
    out.extend_from_slice(&line[..at + 3]);
}

/// The numbers from 0 to 255, each with a space behind it, and how many bytes that makes.
static NUMBERS: [([u8; 4], usize); 256] = {
    let mut table = [([b' '; 4], 2); 256];
    let mut n = 0;
    while n < 256 {
        let length = if n < 10 {
            1
        } else if n < 100 {
            2
        } else {
            3
        };
        let (mut rest, mut at) = (n, length);
        while at > 0 {
            at -= 1;
            table[n].0[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        table[n].1 = length + 1;
        n += 1;
    }
    table
};

/// The first column from `from` on whose module is dark (or light).
fn first(bits: &[u64], from: u16, columns: u16, dark: bool) -> Option<u16> {
    let mut word = usize::from(from / 64);
    let mut mask = u64::MAX << (from % 64);
    while let Some(&w) = bits.get(word) {
        let w = if dark { w } else { !w } & mask;
        if w != 0 {
            let column = (word * 64) as u32 + w.trailing_zeros();
            return u16::try_from(column).ok().filter(|c| *c < columns);
        }
        word += 1;
        mask = u64::MAX;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Edges, Point, Pt};
    use crate::color::Ink;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn symbol(columns: u16, rows: u16, dark: impl Fn(u16, u16) -> bool) -> Modules {
        let words = usize::from(columns).div_ceil(64);
        let mut bits = vec![0u64; words * usize::from(rows)];
        for row in 0..rows {
            for column in (0..columns).filter(|c| dark(*c, row)) {
                bits[usize::from(row) * words + usize::from(column / 64)] |= 1 << (column % 64);
            }
        }
        let (at, module, bits) = (Point::ZERO, Pt(1.0), Arc::from(bits));
        let (heights, reduction, quiet) = (None, Pt::ZERO, Edges::default());
        Modules { at, module, columns, rows, bits, heights, reduction, quiet, ink: Ink::BLACK }
    }

    fn drawn(modules: &Modules) -> String {
        let mut out = Vec::new();
        Merger::default().rectangles(modules, &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn equal_runs_below_each_other_become_one_rectangle() {
        let finder =
            symbol(7, 7, |x, y| x == 0 || x == 6 || y == 0 || y == 6 || (2..5).contains(&x) && (2..5).contains(&y));
        assert_eq!(drawn(&finder), "0 0 7 1 re\n0 6 7 1 re\n0 1 1 5 re\n6 1 1 5 re\n2 2 3 3 re\nf\n");
    }

    proptest! {
        #[test]
        fn the_rectangles_cover_each_dark_module_once(columns in 1u16..180, rows in 1u16..30, seed: u64) {
            let dark = |x: u16, y: u16| (u64::from(x) * 31 + u64::from(y) * 17 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 63 == 1;
            let mut count = vec![0u8; usize::from(columns) * usize::from(rows)];
            let drawn = drawn(&symbol(columns, rows, dark));
            for line in drawn.lines().filter(|l| l.ends_with("re")) {
                let n: Vec<usize> = line.split(' ').filter_map(|n| n.parse().ok()).collect();
                for y in n[1]..n[1] + n[3] {
                    for x in n[0]..n[0] + n[2] {
                        count[y * usize::from(columns) + x] += 1;
                    }
                }
            }
            for y in 0..rows {
                for x in 0..columns {
                    prop_assert_eq!(count[usize::from(y) * usize::from(columns) + usize::from(x)], u8::from(dark(x, y)));
                }
            }
        }
    }
}
