//! A campaign with its rows in memory, ready to build workers: made once per run, shared read-only.

use std::sync::Arc;

use rayon::prelude::*;

use super::context::Contexts;
use super::inserts::Merged;
use super::overview;
use super::post::Post;
use super::strays::{Keys, LeftOut};
use super::till;
use super::{grouped, strays};
use crate::asset::image::ImageStore;
use crate::base::{Diagnostic, Place, SourceText};
use crate::campaign::Campaign;
use crate::campaign::tables::TableDef;
use crate::data::policy::Told;
use crate::data::{Index, Read, Record, Reject, Table};
use crate::decide::decision::Outcome;
use crate::decide::evaluate::{Options, Report};
use crate::decide::tables::{Tables, singular};
use crate::decide::ways::Way;
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
    /// Rows that were left out of tables, or lead nowhere.
    pub left_out: Vec<LeftOut>,
    /// Japan Post's tables, where the campaign has `[post]`.
    pub post: Option<Post>,
    pub layout: Arc<layout::Shared>,
    /// Records that get no piece because an earlier one of their parcel does.
    pub merged: Merged,
}

/// Rows among which one that is printed is looked for.
const LOOKED_AT: u32 = 1000;

/// Rows of the largest table that many records are taken to share.
const SHARED_ROWS: u32 = 2_000;

/// A table with the rows that were left out of it, or why it cannot be read.
type Loaded = Result<(Table, Vec<Reject>), Vec<Diagnostic>>;

impl Job {
    /// Loads the tables that rules, lists and template need. Warnings (rows of joined tables that could not be
    /// read, strays) go to `told`.
    ///
    /// # Errors
    /// Every fault in the tables that keeps the campaign from running.
    pub fn load(campaign: Campaign, caches: bool, told: &mut Vec<Diagnostic>) -> Result<Self, Vec<Diagnostic>> {
        let mut left_out = Vec::new();
        let tables = tables(&campaign, told, &mut left_out)?;
        let post = Post::load(&campaign)?;
        let decider = Decider::new(Arc::clone(&campaign.plan), Tables::new(tables.clone()), &campaign.key)?;
        let mut decider = decider.with_shop_key(&campaign.shop_key);
        let keys = Keys { campaign: &campaign, tables: &tables };
        while let Some(way) = decider.next_way() {
            match way {
                Way::People => decider.learn(|see| people(keys, see))?,
                way => overview::go(keys, way, &mut decider)?,
            }
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
        shared.statics.share(shared_rows(&campaign, &tables));
        for source in campaign.piece.template.sources() {
            shared.statics.add_template(&source.text.text);
        }
        shared.options.caches = caches;
        shared.options.flow = campaign.paper.flow;
        shared.options.device = campaign.output.device;
        shared.paper.inks = Arc::clone(&campaign.inks);
        let merged = Merged::default();
        let mut job = Self { campaign, tables, lists, decider, left_out, post, layout: Arc::new(shared), merged };
        let unreadable = till::pools(&job);
        if !unreadable.is_empty() {
            return Err(unreadable);
        }
        job.merged = Merged::of(&job)?;
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

    /// Holds a record's keys against the tables that they are keys of, where the campaign says what happens to one that
    /// finds nothing there. `Some` is why the record cannot be used.
    pub fn admit(&self, record: &mut Record) -> Option<(strays::Verdict, &'static str, String)> {
        self.keys().admit(record)
    }

    pub(super) fn keys(&self) -> Keys<'_> {
        Keys { campaign: &self.campaign, tables: &self.tables }
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
                Read::Row if !self.keys().admits(&mut record) => {}
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

/// What templates show of rows that many records share. Only of tables so small that a row is shown often: a block that is
/// shown once costs more where it is written for many.
fn shared_rows(campaign: &Campaign, tables: &[Option<Arc<Table>>]) -> layout::statics::Shared {
    let small = |at: usize| tables.get(at).is_some_and(|t| t.as_ref().is_some_and(|t| t.len() <= SHARED_ROWS));
    let inner = campaign.plan.products().filter(|at| small(*at));
    let inner = inner.map(|at| singular(&campaign.catalog.tables[at].name).to_string()).into_iter().collect();
    let mut names =
        ["campaign.", "segment", "arm", "coupon.id", "coupon.title", "coupon.terms"].map(str::to_owned).to_vec();
    if campaign.plan.stores().is_some_and(small) {
        names.push("store.".to_owned());
    }
    layout::statics::Shared { inner, names, except: vec!["store.km".to_owned(), "store.second".to_owned()] }
}

/// Loads the tables that rules, lists and template need.
fn tables(
    campaign: &Campaign,
    told: &mut Vec<Diagnostic>,
    left_out: &mut Vec<LeftOut>,
) -> Result<Vec<Option<Arc<Table>>>, Vec<Diagnostic>> {
    let wanted = campaign.wanted_tables();
    let loaded: Vec<Option<Loaded>> = campaign
        .tables
        .par_iter()
        .enumerate()
        .map(|(position, def)| wanted.contains(&position).then(|| load(def)))
        .collect();
    let mut faults = Vec::new();
    let mut tables = Vec::with_capacity(loaded.len());
    for (position, result) in loaded.into_iter().enumerate() {
        tables.push(match result {
            None => None,
            Some(Ok((table, rejects))) => {
                tell_faults(&table, told);
                if !rejects.is_empty() {
                    LeftOut::of(left_out, position);
                }
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
    strays::settle(campaign, &mut tables, left_out, told)?;
    Ok(tables)
}

/// Hands the records of the unit's table on, until no more are wanted. Rows that cannot be used are passed over
/// here; they are told when pieces are made.
fn people(keys: Keys<'_>, see: &mut dyn FnMut(&Record) -> bool) -> Result<(), Vec<Diagnostic>> {
    let mut reader = keys.campaign.tables[keys.campaign.unit].reader()?;
    let mut record = reader.record();
    loop {
        match reader.read(&mut record).map_err(|d| vec![d])? {
            Read::End => return Ok(()),
            Read::Rejected(_) => {}
            Read::Row if !keys.admits(&mut record) => {}
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
    let tables = tables(campaign, told, &mut Vec::new())?;
    let decider = Decider::new(Arc::clone(&campaign.plan), Tables::new(tables.clone()), &campaign.key)?;
    let keys = Keys { campaign, tables: &tables };
    decider.evaluate(options, |see| people(keys, see))
}

fn load(def: &TableDef) -> Loaded {
    Table::load(def.reader()?).map_err(|d| vec![d])
}

/// What was wrong with rows of a joined table, by what it was: rows that were left out, and cells that have their
/// column's default.
fn tell_faults(table: &Table, told: &mut Vec<Diagnostic>) {
    told.extend(table.faults().told.iter().map(|t| tally(t, "left out of its table")));
    told.extend(table.defaulted().told.iter().map(|t| tally(t, "kept, with the column's default in this cell")));
}

/// A kind of fault as a warning: how many rows have it, and where the first stand. `so` is what became of a row.
pub(super) fn tally(t: &Told, so: &str) -> Diagnostic {
    let rows =
        |origins: &[crate::base::Origin]| origins.iter().map(|o| o.row.to_string()).collect::<Vec<_>>().join(", ");
    let warning = Diagnostic::warning(t.code, t.message.clone());
    let Some((first, others)) = t.first.split_first() else { return warning };
    let place = Place::Cell { origin: first.clone(), column: t.column.as_deref().map(str::to_owned) };
    if t.count == 1 {
        return warning.at(place, "").help(format!("the row is {so}"));
    }
    let more = if t.count > t.first.len() as u64 { ", …" } else { "" };
    let what = format!("the first of {} rows like this; the next: {}{more}", grouped(t.count), rows(others));
    warning.at(place, what).help(format!("each of these rows is {so}"))
}
