//! `surimono run`: the batch.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::json;

use super::End;
use super::args::{RunArgs, SplitLimit};
use super::impose;
use super::open;
use super::terminal::Terminal;
use crate::batch::{Event, Faulty, RunOptions, Took, Verdict, books, counted, grouped, run as run_batch};
use crate::campaign::split::Split;
use crate::delivery::sheets;
use crate::ledger::Totals;

/// Warnings of one kind that are told one by one, each once; the rest is counted.
const TOLD: usize = 5;

/// Where there is no progress bar, a line this often.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

pub(super) fn run(args: &RunArgs) -> End {
    let mut terminal = Terminal::new(args.json);
    let Some(job) = open::job(&args.campaign, !args.no_caches, &terminal) else { return End::NotMade };
    let campaign = &job.campaign;
    let options = RunOptions {
        out: args.out.clone().unwrap_or_else(|| campaign.output.folder.clone()),
        label: args.out.as_ref().map_or(campaign.output.label.clone(), |p| p.to_string_lossy().replace('\\', "/")),
        threads: args
            .threads
            .or_else(|| std::thread::available_parallelism().ok())
            .map_or(1, std::num::NonZeroUsize::get),
        records: args.records,
        limit: args.limit,
        only_mended: args.only_mended,
        split: split(args.split, campaign.output.split.clone()),
        decisions: args
            .decisions
            .clone()
            .map(|path| (path, if args.reject_faulty { Faulty::Reject } else { Faulty::Stop })),
        force: args.force,
        timings: args.timings,
    };
    terminal.event(&json!({ "event": "start", "campaign": &*campaign.id, "threads": options.threads }));
    let started = Instant::now();
    let mut warned: BTreeMap<&'static str, (u64, BTreeSet<String>)> = BTreeMap::new();
    let (mut last_line, mut last_words) = (Instant::now(), Instant::now());
    let mut records = 0;
    let result = run_batch(&job, &options, &mut |event| match event {
        Event::Start { records: expected } => {
            records = expected;
            terminal.event(&json!({ "event": "records", "records": records }));
            terminal.start(records);
        }
        Event::Warning(d) => {
            let (n, told) = warned.entry(d.code).or_default();
            *n += 1;
            // the same of another record is only counted
            if told.len() < TOLD && told.insert(d.message.clone()) {
                terminal.tell(std::slice::from_ref(d));
            }
        }
        Event::Progress { read, printed, rejected } => {
            let rate = printed as f64 / started.elapsed().as_secs_f64().max(1e-3);
            terminal.progress(read, rate, rejected);
            if last_line.elapsed().as_secs() >= 1 {
                last_line = Instant::now();
                if !terminal.has_bar() && last_words.elapsed() >= BETWEEN_LINES {
                    last_words = Instant::now();
                    terminal.line(&format!(
                        "{} of {} records, {rate:.0} pieces a second, {} rejected",
                        grouped(read),
                        grouped(records),
                        grouped(rejected)
                    ));
                }
                terminal.event(&json!({ "event": "progress", "read": read, "printed": printed, "rejected": rejected }));
            }
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    terminal.stop();
    for (code, (n, told)) in warned.iter().filter(|(_, (n, told))| *n > told.len() as u64) {
        terminal.line(&format!("warning[{code}]: {} in all, {} of them told", grouped(*n), told.len()));
    }
    let made = match result {
        Ok(made) => made,
        Err(faults) => {
            terminal.tell(&faults);
            terminal.line("nothing was made");
            terminal.event(&json!({ "event": "end", "made": false }));
            return End::NotMade;
        }
    };
    let totals = &made.finished.totals;
    let verdict = Verdict::of(totals, campaign.allow_rejects);
    terminal.line(&books(totals));
    tell_causes(&terminal, totals);
    for (what, n) in &totals.noted {
        terminal.line(&format!("  noted      {:>9}  {what}", grouped(*n)));
    }
    for line in &made.budgets {
        terminal.line(&format!("  {line}"));
    }
    for line in &made.finished.posting {
        terminal.line(line);
    }
    for f in &made.finished.files {
        terminal.line(&format!(
            "{}/{}: {}, {}, {} bytes",
            options.label,
            f.made.name,
            counted(f.pieces, "piece"),
            counted(f.pages, "page"),
            grouped(f.made.bytes)
        ));
    }
    let rate = if seconds > 0.0 { made.finished.totals.printed as f64 / seconds } else { 0.0 };
    terminal.line(&format!(
        "{} in {seconds:.2} s ({rate:.0} a second, {} thread{})",
        counted(totals.printed, "piece"),
        options.threads,
        if options.threads == 1 { "" } else { "s" }
    ));
    if args.timings {
        tell_times(&terminal, &made.took, totals.printed);
    }
    if verdict == Verdict::TooManyRejects {
        terminal.line(&format!(
            "more rejects than allow_rejects = {}: see {}/rejects.csv",
            campaign.allow_rejects, options.label
        ));
    }
    terminal.event(&json!({
        "event": "end", "made": true, "verdict": verdict, "totals": totals, "seconds": seconds,
        "files": made.finished.files.iter().map(|f| json!({
            "name": f.made.name, "pieces": f.pieces, "pages": f.pages, "bytes": f.made.bytes,
            "sha256": f.made.sha256.to_string(),
        })).collect::<Vec<_>>(),
    }));
    if let (Some(plan), Verdict::Made) = (&campaign.output.impose, verdict)
        && totals.printed > 0
    {
        let made = {
            let most = options.split.as_ref().and_then(|s| s.bytes);
            impose::after_run(campaign, plan, (&options.out, &options.label), (options.force, most), &terminal)
        };
        match made {
            Ok(imposed) => {
                let label = format!("{}/{}", options.label, sheets::FOLDER);
                imposed.iter().for_each(|one| impose::tell(&terminal, one, &label));
            }
            Err(fault) => {
                terminal.tell(&[fault]);
                terminal.line(&format!("the pages are in {}; no sheets were made", options.label));
                return End::NotMade;
            }
        }
    }
    match verdict {
        Verdict::Made => End::Made,
        Verdict::TooManyRejects => End::TooManyRejects,
    }
}

/// The books by cause.
pub(super) fn tell_causes(terminal: &Terminal, totals: &Totals) {
    for (cause, n) in &totals.held_out_by {
        terminal.line(&format!("  held out   {:>9}  {cause}", grouped(*n)));
    }
    for (cause, n) in &totals.suppressed_by {
        terminal.line(&format!("  suppressed {:>9}  {cause}", grouped(*n)));
    }
    for (code, n) in &totals.rejected_by {
        terminal.line(&format!("  rejected   {:>9}  {code}", grouped(*n)));
    }
}

/// The campaign's way of splitting, with the limit of the command line instead of its own.
fn split(limit: Option<SplitLimit>, campaign: Option<Split>) -> Option<Split> {
    let Some(limit) = limit else { return campaign };
    let (pieces, bytes) = match limit {
        SplitLimit::Pieces(n) => (Some(n), None),
        SplitLimit::Bytes(n) => (None, Some(n)),
    };
    Some(Split { pieces, bytes, ..campaign.unwrap_or_default() })
}

fn tell_times(terminal: &Terminal, took: &Took, printed: u64) {
    let per_piece = |nanoseconds: u64| nanoseconds as f64 / 1000.0 / printed.max(1) as f64;
    for (stage, nanoseconds) in took.stages() {
        let (seconds, each) = (nanoseconds as f64 / 1e9, per_piece(nanoseconds));
        terminal.line(&format!("  {stage:<10} {seconds:>9.3} s  {each:>7.1} µs a piece"));
        terminal.event(&json!({ "event": "timing", "stage": stage, "nanoseconds": nanoseconds }));
        if stage != Took::LAY_OUT {
            continue;
        }
        for (step, nanoseconds) in took.steps {
            let (seconds, each) = (nanoseconds as f64 / 1e9, per_piece(nanoseconds));
            terminal.line(&format!("    {step:<8} {seconds:>9.3} s  {each:>7.1} µs"));
            terminal.event(&json!({ "event": "timing", "stage": stage, "step": step, "nanoseconds": nanoseconds }));
        }
    }
}
