//! The command `surimono`.

fn main() {}
