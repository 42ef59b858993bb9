//! Reads one large table into memory and prints what it took; `benches/tables.py` makes the table and calls this.
#![allow(clippy::print_stdout)] // a benchmark tells what it measured

use std::path::Path;
use std::time::Instant;

use surimono::data::{Column, Index, Kind, ReadOptions, Reader, Table};

fn main() {
    let Some(path) = std::env::var_os("TABLE") else {
        println!("skipped: no TABLE is given; run benches/tables.py");
        return;
    };
    let column = |name: &str, kind| Column { name: name.into(), kind, required: false, purpose: None };
    let options = ReadOptions {
        columns: vec![
            column("bought_at", Kind::Date),
            column("quantity", Kind::Integer),
            column("amount", Kind::Money),
        ],
        ..ReadOptions::default()
    };
    let clock = Instant::now();
    let reader = match Reader::open(Path::new(&path), "purchases.csv", &options) {
        Ok(reader) => reader,
        Err(faults) => {
            println!("{faults:?}");
            return;
        }
    };
    let (table, rejects) = match Table::load(reader) {
        Ok(loaded) => loaded,
        Err(fault) => {
            println!("{fault:?}");
            return;
        }
    };
    let loaded = clock.elapsed().as_secs_f64();
    let clock = Instant::now();
    let index = Index::new(&table, 0);
    let indexed = clock.elapsed().as_secs_f64();
    let lines = f64::from(table.len());
    println!(
        "{} threads: {} lines, {} rejected, read in {loaded:.2} s = {:.0} lines/s; {:.1} bytes a line, {:.1} with the index by customer (made in {indexed:.2} s)",
        rayon::current_num_threads(),
        table.len(),
        rejects.len(),
        lines / loaded,
        table.bytes() as f64 / lines,
        (table.bytes() + index.bytes()) as f64 / lines,
    );
}
