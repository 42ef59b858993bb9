//! `surimono recommend evaluate`: how good the recommendations of a campaign are.

use super::End;
use super::args::{RecommendCommand, RecommendEvaluateArgs};
use super::open;
use super::terminal::Terminal;
use crate::batch::job;
use crate::decide::evaluate::Options;

pub(super) fn recommend(command: &RecommendCommand) -> End {
    match command {
        RecommendCommand::Evaluate(args) => evaluate(args),
    }
}

fn evaluate(args: &RecommendEvaluateArgs) -> End {
    let terminal = Terminal::new(false);
    let Some(campaign) = open::campaign(&args.campaign, &terminal) else { return End::NotMade };
    let options = Options { k: usize::from(args.k), seed: args.seed, repeats: args.repeats };
    let mut warnings = Vec::new();
    let report = job::evaluate(&campaign, options, &mut warnings);
    terminal.tell(&warnings);
    match report {
        Ok(Some(report)) if args.json => {
            let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
            text.push('\n');
            terminal.result(&text);
            End::Made
        }
        Ok(Some(report)) => {
            terminal.result(&report.table());
            End::Made
        }
        Ok(None) => {
            terminal.line("error: there is nothing to measure: the campaign has no [slots], or no purchases");
            End::NotMade
        }
        Err(faults) => {
            terminal.tell(&faults);
            End::NotMade
        }
    }
}
