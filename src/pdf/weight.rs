//! How large a file will be: what is written already, what the end of the file still adds (fonts, page tree,
//! metadata, table of objects), and what further pieces add. The end is not estimated but made on trial, into
//! nothing, whenever it matters; so this stays true whatever else the end of a file comes to hold.

use std::io;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::dpart::Recurring;
use super::encoder::Sheet;
use super::resource::{Form, Needs};
use super::writer::{Sink, Writer};
use super::xref::{ENTRY, Xref};
use super::{Batch, Compression, Fault};
use crate::asset::profile::srgb;
use crate::base::Digest;
use crate::base::digest::Hasher;
use crate::cos::read::Known;

/// What a page adds at most beside its content, its resources and what these refer to: its dictionary, its places in
/// the page tree and in the table of objects, heads of objects.
const PAGE: u64 = 1_024;
/// What the stamp of a page adds at most: a symbol of 16 modules on a side, whose bars are made narrower.
const STAMP: u64 = 4_096;
/// The same of a form or a picture.
const OBJECT: u64 = 512;
/// What each entry of a resource dictionary adds at most.
const NAMED: u64 = 48;
/// The profile of sRGB with its object.
const SRGB: u64 = 4_096;
/// What is assumed of a glyph that was not there when the end of the file was last made on trial. Larger ones are found
/// out by the next trial, which comes before the limit.
const GLYPH: u64 = 4_096;
/// The same of a font.
const FONT: u64 = 1 << 20;

/// The end of the file when it was last made on trial.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weighed {
    /// Bytes; nothing was tried yet while this is 0.
    end: u64,
    glyphs: u64,
    fonts: u64,
    pages: u64,
}

impl<W: io::Write> Writer<W> {
    /// How many of the pieces from `first` on can be written so that the finished file has at most `limit` bytes:
    /// never too many, and too few by at most about a kilobyte a page.
    ///
    /// # Errors
    /// A picture or a font cannot be encoded.
    pub fn room(&mut self, batch: &Batch, first: usize, limit: u64) -> Result<usize, Fault> {
        let pieces = batch.pieces.get(first..).unwrap_or_default();
        let mut seen = FxHashSet::default();
        let mut added = Vec::with_capacity(pieces.len());
        // the profile of screen colours, which any of the pieces may bring
        let mut sum = if self.profiles.contains_key(&srgb().digest) { 0 } else { SRGB };
        for (sheets, _) in pieces {
            for sheet in batch.sheets.get(sheets.clone()).unwrap_or_default() {
                sum += self.sheet(batch, sheet, &mut seen)?;
            }
            added.push(sum);
        }
        let here = self.offset();
        if here + self.end_assumed(batch) + sum <= limit {
            return Ok(pieces.len());
        }
        let rest = limit.saturating_sub(here + self.end_tried(batch)?);
        Ok(added.partition_point(|sum| *sum <= rest))
    }

    /// What a page adds. `seen` holds what earlier pages of this batch have brought.
    fn sheet(&mut self, batch: &Batch, sheet: &Sheet, seen: &mut FxHashSet<Digest>) -> Result<u64, Fault> {
        let stamp = if self.stamps.is_some() { STAMP } else { 0 };
        let mut sum = PAGE + stamp + sheet.content.len() as u64;
        if let Some(needs) = batch.needs.get(sheet.needs) {
            sum += self.needs(needs, seen)?;
        }
        Ok(sum)
    }

    fn needs(&mut self, needs: &Needs, seen: &mut FxHashSet<Digest>) -> Result<u64, Fault> {
        let named = needs.fonts.len() + needs.opacities.len() + needs.images.len() + needs.forms.len();
        let named = named + needs.masks.len() + needs.blends.len() + needs.overprints.len();
        let spaces = needs.spots.len() as u64 * OBJECT;
        let mut sum = spaces + NAMED * named as u64 + needs.shadings.iter().map(|s| s.len() + NAMED).sum::<u64>();
        for form in needs.forms.iter().chain(needs.masks.iter()) {
            sum += self.form(form, seen)?;
        }
        for picture in needs.images.iter() {
            if self.has_image(&picture.key) || !seen.insert(picture.key) {
                continue;
            }
            sum += match self.pictures_weighed.get(&picture.key) {
                Some(weight) => *weight,
                None => {
                    // on the safe side: a page takes at most its file with it
                    if let Some(art) = &picture.image.art {
                        self.pictures_weighed.insert(picture.key, art.file_bytes + OBJECT);
                        sum += art.file_bytes + OBJECT;
                        continue;
                    }
                    let colors = Arc::clone(&self.document.colors);
                    let parts = colors
                        .picture(picture, &self.files)
                        .map_err(|e| Fault::Image { path: picture.image.path.clone(), reason: e.message })?;
                    let weight = parts.bytes() as u64 + 4 * OBJECT;
                    self.pictures_weighed.insert(picture.key, weight);
                    weight
                }
            };
        }
        Ok(sum)
    }

    fn form(&mut self, form: &Form, seen: &mut FxHashSet<Digest>) -> Result<u64, Fault> {
        if self.has_form(&form.digest) || (form.recurs && !seen.insert(form.digest)) {
            return Ok(0);
        }
        Ok(OBJECT + form.data.len() as u64 + self.needs(&form.needs, seen)?)
    }

    /// The end of the file with the batch in it, on the safe side and quickly.
    fn end_assumed(&self, batch: &Batch) -> u64 {
        let last = &self.weighed;
        if last.end == 0 {
            return u64::MAX / 4;
        }
        let glyphs = self.glyphs.count() + batch.glyphs.count();
        let fonts = self.fonts.len() as u64 + batch.needs.iter().map(|n| n.fonts.len() as u64).sum::<u64>();
        let new_fonts = if self.fonts.len() as u64 > last.fonts { fonts - last.fonts } else { 0 };
        last.end + glyphs.saturating_sub(last.glyphs) * GLYPH + new_fonts * FONT + (self.pages - last.pages) * PAGE / 4
    }

    /// The end of the file with the batch's fonts in it, made on trial.
    fn end_tried(&mut self, batch: &Batch) -> Result<u64, Fault> {
        let mut trial = self.on_trial();
        trial.glyphs.add(&batch.glyphs);
        for needs in &batch.needs {
            trial.name_fonts(needs);
        }
        let (glyphs, fonts) = (trial.glyphs.count(), trial.fonts.len() as u64);
        let start = trial.offset();
        let (summary, _) = trial.finish()?;
        // The trial's table of objects is empty; a table that does not compress is as large as this.
        let table = (summary.objects + 64) * (ENTRY as u64 + 1);
        let end = summary.bytes.saturating_sub(start) + table + table / 1_000 + 1_024;
        self.weighed = Weighed { end, glyphs, fonts, pages: self.pages };
        Ok(end)
    }

    /// Gives every font that `needs` names its number.
    fn name_fonts(&mut self, needs: &Needs) {
        for &(id, vertical) in &needs.fonts {
            self.font_number(id, vertical);
        }
        for form in needs.forms.iter().chain(needs.masks.iter()) {
            self.glyphs.add_few(&form.glyphs);
            self.name_fonts(&form.needs);
        }
    }

    /// The same file with nowhere to go.
    fn on_trial(&self) -> Writer<io::Sink> {
        let mut document = self.document.clone();
        document.spool = None;
        Writer {
            known: Known::default(),
            sink: Sink { out: io::sink(), written: self.offset(), hasher: Hasher::default() },
            compressor: Compression::Small.compressor(),
            document,
            files: self.files.clone(),
            xref: Xref::on_trial(&self.xref),
            tree: self.tree.clone(),
            parts: self.parts.clone(),
            recurring: Recurring::default(),
            pages: self.pages,
            out: Vec::new(),
            packed: self.packed.clone(),
            glyphs: self.glyphs.clone(),
            fonts: self.fonts.clone(),
            images: FxHashMap::default(),
            profiles: FxHashMap::default(),
            forms: FxHashMap::default(),
            dictionaries: FxHashMap::default(),
            spots: FxHashMap::default(),
            scratch: Vec::new(),
            weighed: Weighed::default(),
            pictures_weighed: FxHashMap::default(),
            stamps: None,
        }
    }
}
