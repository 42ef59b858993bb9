//! slips.pdf: a sheet for each bundle, to be put on it. Laid out like any page, from `slip.html` beside this file.

use std::sync::Arc;

use super::single::document;
use super::summary::grouped;
use crate::asset::fallback::FontSet;
use crate::asset::image::ImageStore;
use crate::base::xml::escaped;
use crate::base::{Diagnostic, Place, SourceText};
use crate::campaign::Campaign;
use crate::layout::{Composer, Shared};
use crate::ledger::{Made, Output, Outputs};
use crate::pdf;
use crate::postal::Slip;

pub(super) const SLIPS_PDF: &str = "slips.pdf";
const PAGE: &str = include_str!("slip.html");
/// Elements inside one another that layout follows.
const MAX_DEPTH: usize = 50;

/// The sheets under way.
pub(super) struct SlipPages {
    writer: pdf::Writer<Output>,
    composer: Composer,
    encoder: pdf::Encoder,
    batch: pdf::Batch,
    /// The page with what all slips share already in it.
    page: String,
}

impl SlipPages {
    pub fn begin(campaign: &Campaign, outputs: &mut Outputs) -> Result<Self, Diagnostic> {
        let date = campaign.posting_date;
        let date = format!("{}年{}月{}日", date.year(), date.month(), date.day());
        let page = PAGE.replace("{{ title }}", &escaped(&campaign.title)).replace("{{ date }}", &date);
        let images = Arc::new(ImageStore::new(campaign.files.clone()));
        let mut shared = Shared::new(Arc::new(FontSet::shipped()), images, "slip.html");
        shared.options.max_depth = MAX_DEPTH;
        let source = SourceText::new("slip.html", page.clone());
        if let Some(wrong) = shared.prepare(&page, &[&source]).into_iter().find(Diagnostic::is_error) {
            return Err(wrong);
        }
        let mut document = pdf::Document {
            title: format!("{} slips", campaign.id),
            compression: pdf::Compression::Small,
            bundles: None,
            ..document(campaign, None)
        };
        // a slip is nobody's record
        if document.standard == pdf::Standard::Vt1 {
            document.standard = pdf::Standard::X4;
        }
        let output = outputs.create(SLIPS_PDF)?;
        let writer = pdf::Writer::new(output, document, campaign.files.clone()).map_err(|f| f.diagnostic())?;
        Ok(Self {
            writer,
            composer: Composer::new(Arc::new(shared)),
            encoder: pdf::Encoder::new(pdf::Compression::Small),
            batch: pdf::Batch::new(),
            page,
        })
    }

    /// Adds the sheet of a bundle; `district` as it is written.
    pub fn add(&mut self, slip: &Slip, district: &str) -> Result<(), Diagnostic> {
        let html = [
            ("{{ district }}", if slip.district.is_some() { district } else { "番号なし" }),
            ("{{ pieces }}", &grouped(slip.pieces.into())),
            ("{{ bundle }}", &slip.bundle.to_string()),
            ("{{ of }}", &slip.of.to_string()),
            ("{{ number }}", &slip.number.to_string()),
            ("{{ first }}", &escaped(&slip.first)),
            ("{{ last }}", &escaped(&slip.last)),
        ]
        .iter()
        .fold(self.page.clone(), |html, (name, text)| html.replace(name, text));
        let (mut pages, mut faults) = (Vec::new(), Vec::new());
        self.composer.compose(&html, &mut pages, &mut faults);
        let cannot = |what: String| Diagnostic::error("slip", what).at(Place::File(SLIPS_PDF.to_owned()), "");
        // a title that is too long for the sheet is no reason to lose a run: the sheet shows what it can
        if let (true, Some(fault)) = (pages.is_empty(), faults.first()) {
            return Err(cannot(format!("slip {} cannot be laid out: {fault}", slip.number)));
        }
        self.encoder
            .encode(&pages, &mut self.batch)
            .map_err(|f| cannot(format!("slip {} cannot be drawn: {f}", slip.number)))?;
        if self.batch.len() == pdf::Batch::FULL {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), Diagnostic> {
        self.writer.write(&self.batch, 0..self.batch.len()).map_err(|f| f.diagnostic())?;
        self.batch.clear();
        Ok(())
    }

    pub fn end(mut self, outputs: &mut Outputs) -> Result<Made, Diagnostic> {
        self.write()?;
        let (_, output) = self.writer.finish().map_err(|f| f.diagnostic())?;
        outputs.finish(output)
    }
}
