//! What the campaign says of the post, resolved: files found, columns named, rates read.

use std::path::PathBuf;
use std::sync::Arc;

use toml::Spanned;

use super::resolve::Told;
use super::spec_post::{Inexact, PostOrder, PostSpec, Postage, SideKind};
use super::tables::TableDef;
use crate::asset::loader::Files;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, SourceText};
use crate::decide::tables::singular;
use crate::postal::Rates;

/// What is posted, and how. Without a `[post]` table there is none.
#[derive(Clone, Debug)]
pub struct Post {
    /// Path and name of Japan Post's tables.
    pub ken_all: Option<(PathBuf, String)>,
    pub jigyosyo: Option<(PathBuf, String)>,
    pub postcode: Option<Cell>,
    pub address: Vec<Cell>,
    pub inexact: Inexact,
    pub order: PostOrder,
    /// Pieces in one bundle at most.
    pub bundle: u32,
    pub mail: String,
    pub rates: Arc<Rates>,
    pub side: Option<Side>,
}

/// The address side.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// Its page, from 0.
    pub page: usize,
    pub kind: Option<SideKind>,
    pub postage: Postage,
}

/// A cell of a record, or of the row that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The column of the record that holds the other row's key, and that row's table.
    pub join: Option<(usize, usize)>,
    pub column: usize,
}

/// Bundles of more pieces than this are no bundles that a hand can hold.
const LARGEST_BUNDLE: u32 = 10_000;

/// The longest file of rates.
const LONGEST: u64 = 1 << 20;

pub(super) fn resolve(
    spec: &PostSpec,
    files: &Files,
    tables: &[TableDef],
    unit: Option<usize>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Post> {
    let file = |name: &Option<Spanned<String>>, faults: &mut Vec<Diagnostic>| {
        let name = name.as_ref()?;
        match files.locate(name.get_ref()) {
            Ok(path) => Some((path, name.get_ref().clone())),
            Err(e) => {
                let mut d = told.error(e.code(), name.span(), e.message.clone(), "this file");
                d.help.clone_from(&e.help);
                d.help.push("fetch it from Japan Post (post.japanpost.jp/zipcode/download.html)".to_owned());
                faults.push(d);
                None
            }
        }
    };
    let ken_all = file(&spec.ken_all, faults);
    let jigyosyo = file(&spec.jigyosyo, faults);
    let unit = unit?;
    let postcode = spec.postcode.as_ref().and_then(|c| cell(c, tables, unit, told, faults));
    let address = spec.address.iter().filter_map(|c| cell(c, tables, unit, told, faults)).collect();
    let needs_postcode =
        spec.order == PostOrder::Postcode || spec.inexact == Inexact::Reject || !spec.address.is_empty();
    if needs_postcode && spec.postcode.is_none() {
        let span = spec.address.first().map_or(0..0, Spanned::span);
        faults.push(
            told.error("post-postcode", span, "[post] does not say which column holds the postcode", "")
                .help("write `postcode = \"…\"` in [post], with the name of the column"),
        );
    }
    if spec.inexact == Inexact::Reject && (ken_all.is_none() || spec.address.is_empty()) && spec.ken_all.is_none() {
        let span = spec.postcode.as_ref().map_or(0..0, Spanned::span);
        faults.push(
            told.error("post-ken-all", span, "inexact postcodes cannot be told without Japan Post's table", "")
                .help("write `ken_all = \"ken_all.zip\"` and `address = [\"…\"]` in [post]"),
        );
    }
    let bundle = match &spec.bundle {
        Some(n) if *n.get_ref() == 0 || *n.get_ref() > LARGEST_BUNDLE => {
            let expected = format!("expected 1 to {LARGEST_BUNDLE}");
            faults.push(told.error("post-bundle", n.span(), "this is not a number of pieces in a bundle", expected));
            100
        }
        Some(n) => *n.get_ref(),
        None => 100,
    };
    let rates = rates(spec, files, told, faults)?;
    let mail = spec.mail.as_ref().map_or("postcard", |m| m.get_ref().as_str());
    if rates.postage(mail).is_none() {
        let span = spec.mail.as_ref().map_or(0..0, Spanned::span);
        let known: Vec<&str> = rates.mail.iter().map(|m| m.name.as_str()).collect();
        faults.push(
            told.error("post-mail", span, format!("the rates know no kind of mail `{mail}`"), "unknown kind")
                .help(format!("known: {}", known.join(", "))),
        );
    }
    let side = spec.address_page.as_ref().and_then(|page| match page.get_ref().checked_sub(1) {
        Some(n) => Some(Side { page: n as usize, kind: spec.kind, postage: spec.postage }),
        None => {
            faults.push(told.error("post-page", page.span(), "pages are counted from 1", "page 0"));
            None
        }
    });
    Some(Post {
        ken_all,
        jigyosyo,
        postcode,
        address,
        inexact: spec.inexact,
        order: spec.order,
        bundle,
        mail: mail.to_owned(),
        rates: Arc::new(rates),
        side,
    })
}

fn rates(spec: &PostSpec, files: &Files, told: Told<'_>, faults: &mut Vec<Diagnostic>) -> Option<Rates> {
    let Some(file) = &spec.rates else {
        return Rates::shipped().map_err(|e| faults.push(Diagnostic::error("post-rates", e))).ok();
    };
    match files.read("", file.get_ref(), LONGEST) {
        Err(e) => {
            let mut d = told.error(e.code(), file.span(), e.message.clone(), "this file");
            d.help.clone_from(&e.help);
            faults.push(d);
            None
        }
        Ok(loaded) => {
            let text = String::from_utf8_lossy(&loaded.bytes).into_owned();
            match Rates::read(&text) {
                Ok(rates) => Some(rates),
                Err(wrong) => {
                    let source = SourceText::new(loaded.name.clone(), text);
                    let d = Diagnostic::error("post-rates", format!("the file of rates cannot be used: {wrong}"));
                    faults.push(d.at_text(&source, 0..0, ""));
                    None
                }
            }
        }
    }
}

/// `postal_code` of the record, or `customer.postal_code` of the row that it belongs to.
fn cell(
    name: &Spanned<String>,
    tables: &[TableDef],
    unit: usize,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Cell> {
    let record = tables.get(unit)?;
    let (table, column) = match name.get_ref().split_once('.') {
        Some((table, column)) => (Some(table), column),
        None => (None, name.get_ref().as_str()),
    };
    let is = |def: &TableDef, word: &str| &*def.name == word || singular(&def.name) == word;
    let (join, of) = match table {
        None => (None, record),
        Some(word) if is(record, word) => (None, record),
        Some(word) => {
            let joined = record.joins.iter().find_map(|j| {
                let at = tables.iter().position(|t| t.name == j.to && is(t, word))?;
                Some((j.column, at))
            });
            let found = joined.and_then(|(c, at)| Some((Some((c, at)), tables.get(at)?)));
            let Some(found) = found else {
                let message = format!("a record of {} belongs to no row of `{word}`", record.label);
                let d = told.error("post-column", name.span(), message, "not a table that the record is joined to");
                faults.push(d);
                return None;
            };
            found
        }
    };
    let position = of.schema.position(column);
    if position.is_none() {
        let message = format!("{} has no column `{column}`", of.label);
        let d = told.error("post-column", name.span(), message, "not in the file's header");
        faults.push(match did_you_mean(column, of.schema.columns.iter().map(|c| &*c.name)) {
            Some(like) => d.help(format!("did you mean `{like}`?")),
            None => d,
        });
    }
    position.map(|column| Cell { join, column })
}
