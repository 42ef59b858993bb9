//! The command `surimono`.

use std::process::ExitCode;

fn main() -> ExitCode {
    surimono::cli::main()
}
