//! A campaign with its rows in memory, ready to build workers: made once per run, shared read-only.

use std::sync::Arc;

use rayon::prelude::*;

use super::context::Contexts;
use super::post::Post;
use crate::asset::image::ImageStore;
use crate::base::{Diagnostic, Place, SourceText};
use crate::campaign::Campaign;
use crate::campaign::tables::TableDef;
use crate::data::{Index, Join, Read, Record, Reject, Table};
use crate::decide::decision::Outcome;
use crate::decide::evaluate::{Options, Report};
use crate::decide::tables::Tables;
use crate::decide::{Decider, Scratch};
use crate::layout;

/// What all workers of a run share.
#[derive(Debug)]
pub struct Job {
    pub campaign: Campaign,
    /// By position in the catalog; the unit's own table streams and is not here.
    pub tables: Vec<Option<Arc<Table>>>,
    /// One for each of the campaign's lists: the rows of its table by its key column.
    pub lists: Vec<Index>,
    pub decider: Decider,
    /// Japan Post's tables, where the campaign has `[post]`.
    pub post: Option<Post>,
    pub layout: Arc<layout::Shared>,
}

/// Rows among which one that is printed is looked for.
const LOOKED_AT: u32 = 1000;

/// A table with the rows that were left out of it, or why it cannot be read.
type Loaded = Result<(Table, Vec<Reject>), Vec<Diagnostic>>;

/// Rejected rows of one table that are told one by one; the rest is counted.
const TOLD_REJECTS: usize = 10;

impl Job {
    /// Loads the tables that rules, lists and template need. Warnings (rows of joined tables that could not be
    /// read, strays) go to `told`.
    ///
    /// # Errors
    /// Every fault in the tables that keeps the campaign from running.
    pub fn load(campaign: Campaign, caches: bool, told: &mut Vec<Diagnostic>) -> Result<Self, Vec<Diagnostic>> {
        let tables = tables(&campaign, told)?;
        let post = Post::load(&campaign)?;
        let mut decider = Decider::new(Arc::clone(&campaign.plan), Tables::new(tables.clone()), &campaign.key)?;
        if decider.learns_from_people() {
            decider.learn(|see| people(&campaign, see))?;
        }
        told.extend(decider.warnings().iter().cloned());
        let lists = campaign
            .lists
            .lists
            .iter()
            .filter_map(|list| tables[list.table].as_deref().map(|t| Index::new(t, list.by)))
            .collect();
        let fonts = Arc::clone(&campaign.fonts.set);
        let images = Arc::new(ImageStore::new(campaign.files.clone()).strict(campaign.output.standard.is_x4()));
        let mut shared = layout::Shared::new(fonts, images, campaign.piece.template.name());
        for source in campaign.piece.template.sources() {
            shared.statics.add_template(&source.text.text);
        }
        shared.options.caches = caches;
        shared.options.flow = campaign.paper.flow;
        shared.options.device = campaign.output.device;
        shared.paper.inks = Arc::clone(&campaign.inks);
        let mut job = Self { campaign, tables, lists, decider, post, layout: Arc::new(shared) };
        if let Some(html) = job.first_markup()
            && let Some(shared) = Arc::get_mut(&mut job.layout)
        {
            let sources: Vec<&Arc<SourceText>> =
                job.campaign.piece.template.sources().iter().map(|s| &s.text).collect();
            let (wrong, odd): (Vec<_>, Vec<_>) =
                shared.prepare(&html, &sources).into_iter().partition(Diagnostic::is_error);
            told.extend(odd);
            if !wrong.is_empty() {
                return Err(wrong);
            }
        }
        Ok(job)
    }

    /// The markup of the first record that is printed, for what is asked of stylesheets once. `None` when the
    /// first rows have none: then nothing is likely to be printed at all.
    fn first_markup(&self) -> Option<String> {
        let mut reader = self.campaign.tables[self.campaign.unit].reader().ok()?;
        let mut record = reader.record();
        let (mut scratch, mut contexts) = (Scratch::default(), Contexts::new(self));
        let mut html = String::new();
        for _ in 0..LOOKED_AT {
            match reader.read(&mut record).ok()? {
                Read::End => return None,
                Read::Rejected(_) => {}
                Read::Row => {
                    let Ok(decision) = self.decider.decide(&record, record.number(), &mut scratch) else { continue };
                    if decision.outcome != Outcome::Print {
                        continue;
                    }
                    let (context, _) = contexts.build(self, &record, &decision);
                    if self.campaign.piece.template.render(context, &mut html).is_ok() {
                        return Some(html);
                    }
                }
            }
        }
        None
    }
}

/// Loads the tables that rules, lists and template need.
fn tables(campaign: &Campaign, told: &mut Vec<Diagnostic>) -> Result<Vec<Option<Arc<Table>>>, Vec<Diagnostic>> {
    let wanted = campaign.wanted_tables();
    let loaded: Vec<Option<Loaded>> = campaign
        .tables
        .par_iter()
        .enumerate()
        .map(|(position, def)| wanted.contains(&position).then(|| load(def)))
        .collect();
    let mut faults = Vec::new();
    let mut tables = Vec::with_capacity(loaded.len());
    for (result, def) in loaded.into_iter().zip(&campaign.tables) {
        tables.push(match result {
            None => None,
            Some(Ok((table, rejects))) => {
                tell_rejects(def, &rejects, told);
                Some(Arc::new(table))
            }
            Some(Err(more)) => {
                faults.extend(more);
                None
            }
        });
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    tell_strays(campaign, &tables, told);
    Ok(tables)
}

/// Hands the records of the unit's table on, until no more are wanted. Rows that cannot be read are passed over
/// here; they are told when pieces are made.
fn people(campaign: &Campaign, see: &mut dyn FnMut(&Record) -> bool) -> Result<(), Vec<Diagnostic>> {
    let mut reader = campaign.tables[campaign.unit].reader()?;
    let mut record = reader.record();
    loop {
        match reader.read(&mut record).map_err(|d| vec![d])? {
            Read::End => return Ok(()),
            Read::Rejected(_) => {}
            Read::Row if see(&record) => {}
            Read::Row => return Ok(()),
        }
    }
}

/// Measures the recommendations of a campaign (see [`crate::decide::evaluate`]); `None` where there is nothing to
/// measure. Warnings go to `told`.
///
/// # Errors
/// Every fault in the tables that keeps the campaign from running.
pub fn evaluate(
    campaign: &Campaign,
    options: Options,
    told: &mut Vec<Diagnostic>,
) -> Result<Option<Report>, Vec<Diagnostic>> {
    let tables = tables(campaign, told)?;
    let decider = Decider::new(Arc::clone(&campaign.plan), Tables::new(tables), &campaign.key)?;
    decider.evaluate(options, |see| people(campaign, see))
}

fn load(def: &TableDef) -> Loaded {
    Table::load(def.reader()?).map_err(|d| vec![d])
}

/// Rows that name a row of another table that there is not. They belong to nobody: told, and passed over.
fn tell_strays(campaign: &Campaign, tables: &[Option<Arc<Table>>], told: &mut Vec<Diagnostic>) {
    for (def, from) in campaign.tables.iter().zip(tables) {
        for join in &def.joins {
            let to = campaign.catalog.position(&join.to);
            let (Some(from), Some(to), Some(other)) = (from, to.and_then(|t| tables[t].as_ref()), to) else { continue };
            let joined = Join::new(from, join.column, to, 1);
            let strays = joined.strays();
            let Some(first) = strays.first.first() else { continue };
            let column = from.schema().columns[join.column].name.to_string();
            let rows = if strays.rows == 1 { "1 row names".to_owned() } else { format!("{} rows name", strays.rows) };
            let message = format!("{rows} a `{column}` that {} does not have", campaign.tables[other].label);
            told.push(
                Diagnostic::warning("strays", message)
                    .at(Place::Cell { origin: first.clone(), column: Some(column) }, "the first of them")
                    .help("these rows are passed over"),
            );
        }
    }
}

fn tell_rejects(def: &TableDef, rejects: &[Reject], told: &mut Vec<Diagnostic>) {
    for reject in rejects.iter().take(TOLD_REJECTS) {
        told.extend(reject.diagnostics().map(|mut d| {
            d.severity = crate::base::Severity::Warning;
            d.help.push("the row is left out of its table".to_owned());
            d
        }));
    }
    if rejects.len() > TOLD_REJECTS {
        told.push(
            Diagnostic::warning("table-rejects", format!("{} rows in all are left out", rejects.len()))
                .at(Place::File(def.label.clone()), ""),
        );
    }
}
