//! The one place that writes to the terminal: results to standard output, everything else to standard error.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::report;
use crate::base::Diagnostic;

/// Where a command speaks. With `json`, everything is an event on standard output, one a line.
#[derive(Debug)]
pub struct Terminal {
    json: bool,
    styled: bool,
    bar: Option<ProgressBar>,
}

impl Terminal {
    #[must_use]
    pub fn new(json: bool) -> Self {
        let styled = !json && std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { json, styled, bar: None }
    }

    /// A line for the person who watches; nothing in JSON mode.
    pub fn line(&self, text: &str) {
        if self.json {
            return;
        }
        let write = || {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// What the command was asked for, on standard output, as it stands.
    pub fn result(&self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// An event for another program; nothing outside JSON mode.
    pub fn event(&self, event: &serde_json::Value) {
        if self.json {
            let _ = writeln!(std::io::stdout().lock(), "{event}");
        }
    }

    /// Tells diagnostics, each once.
    pub fn tell(&self, diagnostics: &[Diagnostic]) {
        for d in diagnostics {
            if self.json {
                self.event(&serde_json::json!({
                    "event": "diagnostic", "severity": d.severity, "code": d.code,
                    "message": d.message, "line": report::one_line(d), "help": d.help,
                }));
            } else {
                self.line(&format!("{}\n", report::render(d, self.styled)));
            }
        }
    }

    /// Starts a progress bar for so many records, on a terminal only.
    pub fn start(&mut self, records: u64) {
        if self.json || !std::io::stderr().is_terminal() {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(records), ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} records  {msg}  {eta} left") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        self.bar = Some(bar);
    }

    #[must_use]
    pub fn has_bar(&self) -> bool {
        self.bar.is_some()
    }

    /// Moves the bar to so many records; `rate` is pieces a second.
    pub fn progress(&self, read: u64, rate: f64, rejected: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(read);
            bar.set_message(format!("{rate:.0} pieces/s  {rejected} rejected"));
        }
    }

    pub fn stop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
