//! The run: rows are read, made on all cores, and committed in order.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::bunch::{Bunch, ROWS, Row, Took};
use super::commit::{Committer, Finished};
use super::given::{Decisions, Faulty};
use super::job::{Job, tally};
use super::order::{Ordered, Range};
use super::sequencer::{self, Steps, Window};
use super::strays::{Strays, Verdict};
use super::summary::{self, closing};
use super::survey::{Duplicates, Survey};
use super::worker::Worker;
use crate::base::{Diagnostic, Place};
use crate::campaign::spec_post::PostOrder;
use crate::campaign::split::Split;
use crate::campaign::tables::TableDef;
use crate::data::{Mended, OnFault, Read, Reader, Tally};
use crate::ledger::Outputs;

/// How a run is to go; what the command line may change.
#[derive(Clone, Debug)]
pub struct RunOptions {
    pub out: PathBuf,
    /// The output folder's name for messages.
    pub label: String,
    pub threads: usize,
    /// From and to, both included, counted from 1 in the order of the file.
    pub records: Option<(u64, u64)>,
    pub limit: Option<u64>,
    /// Only the records that a sheet of mended rejects has.
    pub only_mended: bool,
    /// Several files instead of one.
    pub split: Option<Split>,
    /// A file of decisions to follow, and what is done about its faults.
    pub decisions: Option<(PathBuf, Faulty)>,
    pub force: bool,
    pub timings: bool,
}

/// What a run tells while it goes on.
#[derive(Debug)]
pub enum Event<'a> {
    /// As soon as it is known: the rows that will be read.
    Start { records: u64 },
    /// After each bunch: rows read, pieces printed and rows rejected so far.
    Progress { read: u64, printed: u64, rejected: u64 },
    /// A fault that the campaign lets pass.
    Warning(&'a Diagnostic),
}

/// What a run made, and how long its stages took (summed over the workers) when asked for.
#[derive(Debug)]
pub struct RunResult {
    pub finished: Finished,
    /// What the budgets came to, in lines; empty when nothing was short.
    pub budgets: Vec<String>,
    pub took: Took,
}

struct Pipeline {
    job: Arc<Job>,
    timed: bool,
    blank: crate::data::Record,
}

impl Steps<Bunch, Worker, Diagnostic> for Pipeline {
    fn buffer(&self) -> Bunch {
        Bunch { rows: (0..ROWS).map(|_| Row::new(self.blank.clone())).collect(), ..Bunch::default() }
    }
    fn worker(&self) -> Worker {
        Worker::new(Arc::clone(&self.job), self.timed)
    }
    fn work(&self, worker: &mut Worker, bunch: &mut Bunch) {
        worker.make(bunch);
    }
}

/// Runs a campaign. Nothing has its final name unless the run ends well.
///
/// # Errors
/// What keeps the run from being made: inputs that cannot be read, outputs that cannot be written, a fault for
/// which the campaign says `stop`.
pub fn run(
    job: &Arc<Job>,
    options: &RunOptions,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<RunResult, Vec<Diagnostic>> {
    let campaign = &job.campaign;
    let unit = &campaign.tables[campaign.unit];
    let given = match &options.decisions {
        None => None,
        Some((path, faulty)) => {
            let mut told = Vec::new();
            let range = (Range::of(options).from, Range::of(options).end());
            let given = Decisions::open(job, path, options.threads, range, *faulty, &mut told)?;
            told.iter().for_each(|d| tell(Event::Warning(d)));
            Some(given)
        }
    };
    let by_postcode = campaign.post.as_ref().is_some_and(|p| p.order == PostOrder::Postcode);
    let mut source = if by_postcode || campaign.inserts.order.is_some() {
        let ordered = Ordered::of(job, Range::of(options))?;
        tell(Event::Start { records: ordered.rows() });
        Source::new(Feed::Ordered(Box::new(ordered)), Range::of(options), unit)
    } else {
        Source::of_file(unit, options.threads, Range::of(options), |rows| {
            tell(Event::Start { records: expected(rows, options) });
        })?
    };
    source.given = given.map(|g| (g, unit.key));
    // Told by the committing side as soon as the reading side knows it.
    let rows = Cell::new(None);
    let outputs = Outputs::begin(&options.out, &options.label, options.force).map_err(one)?;
    let mut committer = Committer::begin(job, &options.out, outputs, options.split.clone()).map_err(one)?;
    let pipeline = Pipeline { job: Arc::clone(job), timed: options.timings, blank: unit.reader()?.record() };
    let mut took = Took::default();
    let (mut read_time, timed) = (0u64, options.timings);
    sequencer::run(
        Window::for_threads(options.threads),
        &pipeline,
        |bunch| {
            let clock = timed.then(Instant::now);
            if let Some(known) = source.settle()? {
                rows.set(Some(known));
            }
            let more = source.fill(bunch);
            read_time += clock.map_or(0, |c| u64::try_from(c.elapsed().as_nanos()).unwrap_or(u64::MAX));
            more
        },
        |bunch| {
            let clock = timed.then(Instant::now);
            if let Some(stop) = bunch.stop.take() {
                return Err(stop);
            }
            if let Some(rows) = rows.take() {
                tell(Event::Start { records: expected(rows, options) });
            }
            for row in &bunch.rows[..bunch.filled] {
                for warning in &row.warnings {
                    tell(Event::Warning(warning));
                }
            }
            committer.commit(bunch)?;
            let t = &committer.totals;
            tell(Event::Progress { read: t.accounted(), printed: t.printed, rejected: t.rejected });
            bunch.took.commit = clock.map_or(0, |c| u64::try_from(c.elapsed().as_nanos()).unwrap_or(u64::MAX));
            took.add(&bunch.took);
            Ok(())
        },
    )
    .map_err(one)?;
    took.read = read_time;
    let read = source.read;
    for t in &source.defaulted.told {
        tell(Event::Warning(&tally(t, WITH_DEFAULT)));
    }
    if read == 0 {
        return Err(one(nothing_to_make(&campaign.tables[campaign.unit].label, source.seen, options.records)));
    }
    let budgets = summary::budgets(&job.decider);
    let finished = committer
        .finish(read, &job.decider.all_segments(), |finished| closing(campaign, finished, &budgets))
        .map_err(one)?;
    Ok(RunResult { finished, budgets, took })
}

/// A run over no rows at all is a mistake in the data or on the command line, and not a campaign of nobody.
pub(super) fn nothing_to_make(label: &str, rows: u64, records: Option<(u64, u64)>) -> Diagnostic {
    let d = match records {
        Some((from, _)) if rows > 0 => Diagnostic::error(
            "no-records",
            format!("{label} has {rows} records, and the first that is asked for is no. {from}"),
        )
        .help("give --records a range that lies in the file; records are counted from 1"),
        _ if rows > 0 => Diagnostic::error("no-records", "no record is asked for").help("give --limit 1 or more"),
        _ => Diagnostic::error("no-records", format!("{label} has a header row and no records")),
    };
    d.at(Place::File(label.to_owned()), "")
}

fn one(d: Diagnostic) -> Vec<Diagnostic> {
    vec![d]
}

/// How many of the file's rows a run will read.
fn expected(rows: u64, options: &RunOptions) -> u64 {
    let (from, to) = options.records.unwrap_or((1, u64::MAX));
    (rows.min(to) + 1).saturating_sub(from).min(options.limit.unwrap_or(u64::MAX))
}

impl Range {
    fn of(options: &RunOptions) -> Self {
        Self { only_mended: options.only_mended, ..Self::new(options.records, options.limit) }
    }

    pub(super) fn new(records: Option<(u64, u64)>, limit: Option<u64>) -> Self {
        let (from, to) = records.unwrap_or((1, u64::MAX));
        Self { from, to, limit: limit.unwrap_or(u64::MAX), only_mended: false }
    }

    /// The last record.
    pub(super) fn end(self) -> u64 {
        self.to.min((self.from - 1).saturating_add(self.limit))
    }
}

/// The rows of the unit's table that this run is for.
pub(super) struct Source {
    feed: Feed,
    range: Range,
    /// Rows seen, in and out of the range.
    pub seen: u64,
    /// Rows taken.
    pub read: u64,
    /// The decisions to follow, and the key's column.
    given: Option<(Decisions, Option<usize>)>,
    /// Cells that were read as their column's default.
    defaulted: Tally,
    /// Rows that were not mended are left out.
    only: Option<Arc<Mended>>,
    /// A key that comes again ends the run.
    one_of_each: bool,
    /// A key that comes again is passed over.
    first_of_key: bool,
}

/// Where rows come from.
enum Feed {
    /// The file, from its beginning to its end.
    File { reader: Box<Reader>, key: Option<usize>, duplicates: Duplicates },
    /// The file in the order of postcodes; only the rows of the range.
    Ordered(Box<Ordered>),
}

impl Source {
    fn new(feed: Feed, range: Range, unit: &TableDef) -> Self {
        Self {
            feed,
            range,
            seen: 0,
            read: 0,
            given: None,
            defaulted: Tally::default(),
            only: unit.options.mended.clone().filter(|_| range.only_mended),
            one_of_each: unit.options.policies.duplicate_key == OnFault::Stop,
            first_of_key: unit.options.first_of_key,
        }
    }

    /// The rows of a file in its order. `rows` is told their number if it is known at once: with one thread
    /// everything is done on it, one after the other.
    pub fn of_file(
        unit: &TableDef,
        threads: usize,
        range: Range,
        rows: impl FnOnce(u64),
    ) -> Result<Self, Vec<Diagnostic>> {
        let duplicates = if threads > 1 {
            Duplicates::beside(unit)?
        } else {
            let survey = Survey::of(unit)?;
            rows(survey.rows);
            Duplicates::after(survey)
        };
        let feed = Feed::File { reader: Box::new(unit.reader()?), key: unit.key, duplicates };
        Ok(Self::new(feed, range, unit))
    }

    /// The number of rows, once, as soon as the first reading beside this one has ended.
    pub fn settle(&mut self) -> Result<Option<u64>, Diagnostic> {
        match &mut self.feed {
            Feed::File { duplicates, .. } => duplicates.settle(),
            Feed::Ordered(_) => Ok(None),
        }
    }

    pub fn fill(&mut self, bunch: &mut Bunch) -> Result<bool, Diagnostic> {
        bunch.clear();
        let whole = matches!(self.feed, Feed::Ordered(_));
        while bunch.filled < ROWS && (whole || self.read < self.range.limit && self.seen < self.range.to) {
            let row = &mut bunch.rows[bunch.filled];
            row.clear();
            let (read, earlier) = match &mut self.feed {
                Feed::File { reader, key, duplicates } => {
                    let read = reader.read(&mut row.record)?;
                    let good = matches!(read, Read::Row);
                    let earlier = key.filter(|_| good).and_then(|key| duplicates.earlier(&row.record, key));
                    (read, earlier)
                }
                Feed::Ordered(ordered) => ordered.read(&mut row.record)?,
            };
            // A further row of a key that came before, in an export with several rows for each.
            if earlier.is_some() && self.first_of_key {
                continue;
            }
            if let Some(only) = self.only.as_ref().filter(|_| !whole) {
                let at = match &read {
                    Read::End => None,
                    Read::Row => Some(row.record.origin.row),
                    Read::Rejected(reject) => Some(reject.origin.row),
                };
                if at.is_some_and(|at| !only.has(at)) {
                    self.seen += 1;
                    continue;
                }
            }
            match read {
                Read::End => break,
                Read::Row => {
                    for reason in &row.record.defaulted {
                        self.defaulted.add(reason, &row.record.origin);
                    }
                    if let Some(earlier) = earlier {
                        let message = format!("the key of row {earlier} again; the first row is kept");
                        if self.one_of_each {
                            let place = Place::Cell { origin: row.record.origin.clone(), column: None };
                            let d = Diagnostic::error("duplicate-key", message).at(place, "the run ends here");
                            return Err(d.help("the campaign says `duplicate_key = \"stop\"` for this table"));
                        }
                        row.reject("duplicate-key", message);
                    } else if let Some((given, Some(key))) = &mut self.given
                        && (whole || self.seen + 1 >= self.range.from)
                    {
                        row.given = Some(given.of(row.record.text(*key))?);
                    }
                }
                Read::Rejected(reject) => row.unreadable = Some(reject),
            }
            self.seen += 1;
            if whole || self.seen >= self.range.from {
                bunch.filled += 1;
                self.read += 1;
            }
        }
        Ok(bunch.filled > 0)
    }
}

/// Rows of the unit's table, as they were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub read: u64,
    pub rejected: u64,
}

/// Reads all rows of the unit's table and tells what is wrong with them; nothing is decided or made.
///
/// # Errors
/// The file cannot be read.
pub fn check_rows(job: &Job, tell: &mut dyn FnMut(&Diagnostic)) -> Result<Rows, Vec<Diagnostic>> {
    let mut reader = job.campaign.tables[job.campaign.unit].reader()?;
    let mut record = reader.record();
    let mut rows = Rows::default();
    let mut defaulted = Tally::default();
    let mut strays = Strays::new(job);
    loop {
        match reader.read(&mut record).map_err(one)? {
            Read::End => break,
            Read::Row => {
                record.defaulted.iter().for_each(|r| defaulted.add(r, &record.origin));
                strays.see(job, &record);
                if let Some((verdict, code, message)) = job.admit(&mut record) {
                    let place = Place::Cell { origin: record.origin.clone(), column: None };
                    match verdict {
                        Verdict::Warn => tell(&Diagnostic::warning(code, message).at(place, "")),
                        Verdict::Reject | Verdict::Stop => {
                            rows.rejected += 1;
                            tell(&Diagnostic::error(code, message).at(place, ""));
                        }
                    }
                }
            }
            Read::Rejected(reject) => {
                rows.rejected += 1;
                reject.diagnostics().for_each(|d| tell(&d));
            }
        }
        rows.read += 1;
    }
    defaulted.told.iter().for_each(|t| tell(&tally(t, WITH_DEFAULT)));
    strays.told(job).iter().for_each(tell);
    Ok(rows)
}

/// What became of a record with a cell that could not be read, where the campaign says so.
const WITH_DEFAULT: &str = "kept, with the column's default in this cell";
