//! What the post is told of a run: posting.csv and posting.json, and slips.csv and slips.pdf for the bundles.

use std::io::Write as _;

use super::bunch::Row;
use super::post::Post;
use super::slips::SlipPages;
use super::summary::grouped;
use crate::base::{Diagnostic, Place};
use crate::campaign::Campaign;
use crate::campaign::post::Post as Settings;
use crate::campaign::spec_post::PostOrder;
use crate::ledger::{Made, Output, Outputs};
use crate::postal::{District, Posting, Slip};

const COUNTS: &str = "posting.csv";
const REPORT: &str = "posting.json";
const SLIPS: &str = "slips.csv";

/// Counts what is printed and writes what the post wants to know.
pub(super) struct PostingFiles {
    posting: Posting,
    slips: Option<(Output, SlipPages)>,
    ended: Vec<Slip>,
}

impl PostingFiles {
    pub fn new(settings: &Settings) -> Self {
        let ordered = settings.order == PostOrder::Postcode;
        Self { posting: Posting::new(settings.bundle, ordered), slips: None, ended: Vec::new() }
    }

    /// Counts a printed row.
    pub fn add(
        &mut self,
        campaign: &Campaign,
        post: Option<&Post>,
        row: &Row,
        outputs: &mut Outputs,
    ) -> Result<(), Diagnostic> {
        let district = row.postcode.map(|code| Post::district(post, code));
        self.posting.add(district, &row.piece, row.barcoded, &mut self.ended);
        self.write_slips(campaign, outputs)
    }

    fn write_slips(&mut self, campaign: &Campaign, outputs: &mut Outputs) -> Result<(), Diagnostic> {
        for slip in self.ended.drain(..) {
            let (out, pages) = match &mut self.slips {
                Some(both) => both,
                none => {
                    let mut out = outputs.create(SLIPS)?;
                    out.write_all(b"slip,district,bundle,of,pieces,first_piece,last_piece\n")
                        .map_err(|e| cannot(SLIPS, &e))?;
                    none.insert((out, SlipPages::begin(campaign, outputs)?))
                }
            };
            let district = name(slip.district);
            pages.add(&slip, &district)?;
            let Slip { number, bundle, of, pieces, first, last, .. } = slip;
            writeln!(out, "{number},{district},{bundle},{of},{pieces},{first},{last}")
                .map_err(|e| cannot(SLIPS, &e))?;
        }
        Ok(())
    }

    /// Writes the files; the lines to tell.
    pub fn end(
        mut self,
        campaign: &Campaign,
        settings: &Settings,
        outputs: &mut Outputs,
        made: &mut Vec<Made>,
    ) -> Result<Vec<String>, Diagnostic> {
        self.posting.end_district(&mut self.ended);
        self.write_slips(campaign, outputs)?;
        if let Some((out, pages)) = self.slips.take() {
            made.push(outputs.finish(out)?);
            made.push(pages.end(outputs)?);
        }
        let bundle = u64::from(settings.bundle);
        let mut out = outputs.create(COUNTS)?;
        let mut text = String::from("district,pieces,bundles,barcoded\n");
        for (district, count) in self.posting.counts() {
            text.push_str(&format!(
                "{},{},{},{}\n",
                name(district),
                count.pieces,
                count.pieces.div_ceil(bundle),
                count.barcoded
            ));
        }
        out.write_all(text.as_bytes()).map_err(|e| cannot(COUNTS, &e))?;
        made.push(outputs.finish(out)?);
        let Some(told) = self.posting.assess(&settings.rates, &settings.mail) else { return Ok(Vec::new()) };
        let mut json = serde_json::to_string_pretty(&told).unwrap_or_default();
        json.push('\n');
        let mut out = outputs.create(REPORT)?;
        out.write_all(json.as_bytes()).map_err(|e| cannot(REPORT, &e))?;
        made.push(outputs.finish(out)?);
        let mut lines = vec![format!(
            "posting: {} pieces to {} districts, {} with a customer barcode, {} yen at {} yen (rates of {})",
            grouped(told.pieces),
            grouped(told.districts as u64),
            grouped(told.barcoded),
            grouped(told.postage_yen),
            told.unit_yen,
            told.rates_valid_from
        )];
        for d in &told.discounts {
            lines.push(if d.met {
                format!(
                    "  meets  {}: {} % of {} pieces, {} yen less",
                    d.title,
                    d.percent,
                    grouped(d.pieces),
                    grouped(d.yen)
                )
            } else {
                format!("  misses {}: {}", d.title, d.why.join("; "))
            });
        }
        Ok(lines)
    }
}

fn name(district: Option<District>) -> String {
    district.map_or_else(|| "none".to_owned(), |d| d.to_string())
}

fn cannot(name: &str, e: &std::io::Error) -> Diagnostic {
    Diagnostic::error("cannot-write", format!("{name} cannot be written: {e}")).at(Place::File(name.to_owned()), "")
}
