//! `surimono preflight`: a report on finished files.

use serde_json::json;

use super::End;
use super::args::PreflightArgs;
use super::terminal::Terminal;
use crate::base::{Diagnostic, Place};
use crate::batch::{counted, write_file};
use crate::delivery::preflight::{Finding, Level, Options};
use crate::delivery::{REPORTS, preflight as judge};

pub(super) fn preflight(args: &PreflightArgs) -> End {
    use std::io::Write as _;
    let terminal = Terminal::new(args.json);
    let report = match judge(&args.path, Options { pages: args.pages.max(1), codes: args.codes, values: args.values }) {
        Ok(report) => report,
        Err(fault) => {
            terminal.tell(&[fault]);
            terminal.event(&json!({ "event": "end", "judged": false }));
            return End::NotMade;
        }
    };
    let folder = match &args.out {
        Some(folder) => folder.clone(),
        None if args.path.is_dir() => args.path.clone(),
        None => std::path::PathBuf::from("."),
    };
    for (name, text) in REPORTS.into_iter().zip([report.html(), report.json()]) {
        let path = folder.join(name);
        let written = write_file(&path, true, |mut out| match out.write_all(text.as_bytes()) {
            Ok(()) => Ok(out),
            Err(e) => Err(Diagnostic::error("cannot-write", format!("it cannot be written: {}", e.kind()))
                .at(Place::File(name.to_owned()), "")),
        });
        if let Err(fault) = written {
            terminal.tell(&[fault]);
            return End::NotMade;
        }
    }
    let mut counts = [0u64; 3];
    let mut tell = |of: &str, findings: &[Finding]| {
        for f in findings {
            counts[f.level as usize] += 1;
            terminal.event(&json!({ "event": "finding", "of": of, "level": f.level, "rule": f.rule, "text": f.text }));
            let word = match f.level {
                Level::Good => continue,
                Level::Warning => "warning",
                Level::Fault => "fault",
            };
            terminal.line(&format!("{word} [{}] {of}: {}", f.rule, f.text));
        }
    };
    if let Some(job) = &report.job {
        tell(&job.campaign, &job.findings);
    }
    for file in &report.files {
        tell(&file.name, &file.findings);
    }
    let [good, warnings, faults] = counts;
    terminal.line(&format!(
        "{}: {good} good, {}, {}; the report is {}",
        report.of,
        counted(warnings, "warning"),
        counted(faults, "fault"),
        folder.join(REPORTS[0]).to_string_lossy().replace('\\', "/")
    ));
    terminal.event(&json!({
        "event": "end", "judged": true, "verdict": report.verdict, "good": good, "warnings": warnings, "faults": faults,
    }));
    if report.verdict == Level::Fault { End::TooManyRejects } else { End::Made }
}
