//! Arguments to calls, diagnostics to a terminal, results to exit codes; one file a command.
//!
//! * [`args`] – the command line as typed
//! * [`terminal`] – the one place that writes to the terminal
//! * [`report`] – diagnostics drawn with the text underlined
//! * [`run`], [`check`], [`proof`], [`insert`], [`render`], [`impose`], [`decide`], [`explain`], [`recommend`], [`address`], [`verify`],
//!   [`preflight`],
//!   [`barcode`] – the commands

mod address;
pub mod args;
mod barcode;
mod check;
mod decide;
mod explain;
mod impose;
mod insert;
mod open;
mod preflight;
mod proof;
mod recommend;
mod render;
pub mod report;
mod run;
mod terminal;
mod verify;

use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser as _;
use terminal::Terminal;

/// How a command ended; the exit code of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All made; rejects, if any, within what the campaign allows.
    Made = 0,
    /// Made, but with more rejects than the campaign allows; or what was looked at is not as it should be.
    TooManyRejects = 1,
    /// Not made.
    NotMade = 2,
}

/// The program: reads the command line, does what it says, gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    // A panic's own words may hold a record's texts; the place is enough to mend it.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or(String::new(), |l| format!(" at {}:{}", l.file(), l.line()));
        Terminal::new(false).line(&format!("internal fault{place}; please report it"));
    }));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            // Help and version are what was asked for; anything else is not made.
            return ExitCode::from(if e.use_stderr() { End::NotMade as u8 } else { 0 });
        }
    };
    let end = match &cli.command {
        Command::Run(args) => run::run(args),
        Command::Check(args) => check::check(args),
        Command::Proof(args) => proof::proof(args),
        Command::Insert(args) => insert::insert(args),
        Command::Render(args) => render::render(args),
        Command::Impose(args) => impose::impose(args),
        Command::Explain(args) => explain::explain(args),
        Command::Recommend(command) => recommend::recommend(command),
        Command::Address(args) => address::address(args),
        Command::Verify(args) => verify::verify(args),
        Command::Preflight(args) => preflight::preflight(args),
        Command::Barcode(args) => barcode::barcode(args),
        Command::Decide(args) => decide::decide(args),
        Command::Schema(args) => {
            let text = if args.decisions { crate::decide::line::schema() } else { crate::campaign::schema::text() };
            Terminal::new(false).result(&text);
            End::Made
        }
    };
    ExitCode::from(end as u8)
}
