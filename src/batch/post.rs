//! The post's part in a run: each record's postcode and customer barcode.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::base::Diagnostic;
use crate::campaign::Campaign;
use crate::campaign::post::{Cell, Post as Settings};
use crate::campaign::spec_post::Inexact;
use crate::data::{Record, Table};
use crate::ledger::Note;
use crate::postal::{District, Index, Judged, Postcode, judge};

/// Japan Post's tables and what the campaign says of the post; shared by all workers.
#[derive(Debug)]
pub struct Post {
    pub index: Index,
    /// Whether records are held against the tables: the template prints the barcode, or what is inexact is rejected.
    judged: bool,
    /// Whether the template prints the barcode.
    printed: bool,
}

/// A record's barcode, and what is to be told of it.
#[derive(Debug, Default)]
pub struct Barcode {
    /// Empty when refused.
    pub value: String,
    pub note: Option<Note>,
    /// Why the record is not printed.
    pub rejected: Option<String>,
}

impl Post {
    /// Reads Japan Post's tables. `None` where the campaign has no `[post]`.
    ///
    /// # Errors
    /// A table cannot be read or is not the one that it should be.
    pub fn load(campaign: &Campaign) -> Result<Option<Self>, Vec<Diagnostic>> {
        let Some(settings) = &campaign.post else { return Ok(None) };
        let index = Index::read(
            settings.ken_all.as_ref().map(|(p, l)| (p.as_path(), l.as_str())),
            settings.jigyosyo.as_ref().map(|(p, l)| (p.as_path(), l.as_str())),
        )?;
        let read = campaign.piece.template.uses().may_read("postal_barcode");
        let judged = settings.ken_all.is_some()
            && settings.postcode.is_some()
            && !settings.address.is_empty()
            && (read || settings.inexact == Inexact::Reject);
        Ok(Some(Self { index, judged, printed: read }))
    }

    /// Whether the template prints customer barcodes.
    #[must_use]
    pub fn prints_barcodes(&self) -> bool {
        self.printed
    }

    /// The record's postcode, if it has one that can be read.
    #[must_use]
    pub fn postcode(settings: &Settings, tables: &[Option<Arc<Table>>], record: &Record) -> Option<Postcode> {
        Postcode::parse(text(settings.postcode?, tables, record))
    }

    /// The district that a postcode is sorted by: without Japan Post's table, its first three digits.
    #[must_use]
    pub fn district(post: Option<&Self>, code: Postcode) -> District {
        match post {
            Some(post) => post.index.district(code),
            None => District::of(code, false),
        }
    }

    /// The record's customer barcode; `scratch` is filled again for each record.
    #[must_use]
    pub fn barcode(
        &self,
        settings: &Settings,
        tables: &[Option<Arc<Table>>],
        record: &Record,
        scratch: &mut String,
    ) -> Barcode {
        let mut made = Barcode::default();
        let Some(postcode) = settings.postcode.filter(|_| self.judged) else { return made };
        scratch.clear();
        for cell in &settings.address {
            scratch.push_str(text(*cell, tables, record).trim());
            // parts of an address are parted by blanks, which the rules read as such
            scratch.push(' ');
        }
        let judged = judge(&self.index, text(postcode, tables, record), scratch);
        if let Some(customer) = judged.customer {
            made.value = customer.value();
        } else if settings.inexact == Inexact::Reject {
            made.rejected = Some(reasons(&judged));
            return made;
        }
        if judged.customer.is_none() || judged.reasons.len() > 1 || judged.reasons.iter().any(|r| r.code != "town") {
            let refused = if judged.customer.is_none() { "no customer barcode: " } else { "customer barcode: " };
            made.note = Some(Note {
                code: if judged.customer.is_none() { "postal-barcode-refused" } else { "postal-barcode" },
                element: "postal_barcode".to_owned(),
                class: judged.reasons.iter().map(|r| r.code).find(|c| *c != "town").unwrap_or("").to_owned(),
                text: format!("{refused}{}", reasons(&judged)),
            });
        }
        made
    }
}

/// Why, in words without anything of the person.
fn reasons(judged: &Judged) -> String {
    let mut text = String::new();
    for reason in judged.reasons.iter().filter(|r| r.code != "town") {
        let _ = write!(text, "{}{}", if text.is_empty() { "" } else { "; " }, reason.text);
    }
    if let [only] = judged.suggested.as_slice() {
        let _ = write!(text, "; {only} may be meant");
    }
    text
}

fn text<'a>(cell: Cell, tables: &'a [Option<Arc<Table>>], record: &'a Record) -> &'a str {
    match cell.join {
        None => record.text(cell.column),
        Some((key, table)) => {
            let Some(Some(table)) = tables.get(table) else { return "" };
            table.find(record.text(key).trim()).map_or("", |row| table.text(row, cell.column))
        }
    }
}
