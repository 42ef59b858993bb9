//! A few pieces outside a run: an insert on demand, a proof. One file, complete or absent.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bunch::{Bunch, Row};
use super::job::Job;
use crate::base::{Diagnostic, Place};
use crate::campaign::Campaign;
use crate::campaign::spec_post::PostOrder;
use crate::pdf;

/// What a PDF of this campaign says of itself; a large one has a `spool` for its table of objects.
#[must_use]
pub fn document(campaign: &Campaign, spool: Option<PathBuf>) -> pdf::Document {
    pdf::Document {
        title: campaign.title.clone(),
        job: campaign.id.to_string(),
        date: Some(campaign.as_of),
        language: "ja".to_owned(),
        standard: campaign.output.standard,
        intent: campaign.output.intent.clone(),
        colors: Arc::clone(&campaign.output.colors),
        compression: if campaign.output.small { pdf::Compression::Small } else { pdf::Compression::Fast },
        spool,
        bundles: bundles(campaign),
    }
}

/// What the records of a campaign are bundled by in PDF/VT: as the post wants them, or as files keep them together.
fn bundles(campaign: &Campaign) -> Option<pdf::Bundles> {
    let post = campaign.post.as_ref().filter(|post| post.order == PostOrder::Postcode);
    let split = || campaign.output.split.as_ref().and_then(|split| split.bundle.as_ref());
    match post {
        Some(post) => Some(pdf::Bundles { most: post.bundle, districts: true }),
        None => split().map(|_| pdf::Bundles { most: u32::MAX, districts: false }),
    }
}

/// What tells a row's bundle from the one before.
pub(super) fn bundle_key<'r>(job: &Job, row: &'r Row) -> Cow<'r, str> {
    let campaign = &job.campaign;
    match (bundles(campaign), &job.post) {
        (None, _) => Cow::Borrowed(""),
        (Some(pdf::Bundles { districts: true, .. }), Some(post)) => {
            row.postcode.map_or(Cow::Borrowed(""), |code| Cow::Owned(post.index.district(code).to_string()))
        }
        _ => {
            let cut = campaign.output.split.as_ref().and_then(|split| split.bundle.as_ref());
            Cow::Borrowed(cut.map_or("", |cut| row.record.text(cut.column).trim()))
        }
    }
}

/// Writes the pieces of `bunches` as one PDF.
///
/// # Errors
/// The file cannot be written, or a picture not be read again.
pub fn write_pdf<W: Write>(job: &Job, bunches: &[Bunch], out: W) -> Result<W, Diagnostic> {
    let files = job.campaign.files.clone();
    let mut writer = pdf::Writer::new(out, document(&job.campaign, None), files).map_err(|f| f.diagnostic())?;
    if let Some(integrity) = &job.campaign.output.integrity {
        writer = writer.stamped(Arc::clone(integrity) as Arc<dyn pdf::stamp::Stamper>, 1);
    }
    for bunch in bunches {
        writer.write(&bunch.pieces, 0..bunch.pieces.len()).map_err(|f| f.diagnostic())?;
    }
    Ok(writer.finish().map_err(|f| f.diagnostic())?.1)
}

/// Writes a file under a name that is not final and renames it when `write` has succeeded.
///
/// # Errors
/// It exists and `force` is not given, or the disk does not take it; then nothing is left behind.
pub fn write_file(
    path: &Path,
    force: bool,
    write: impl FnOnce(BufWriter<File>) -> Result<BufWriter<File>, Diagnostic>,
) -> Result<(), Diagnostic> {
    let name = path.to_string_lossy().replace('\\', "/");
    let fault = |what: String| Diagnostic::error("cannot-write", what).at(Place::File(name.clone()), "");
    if path.exists() && !path.is_file() {
        // A folder or a device: renaming over it would destroy it.
        return Err(fault("it is no ordinary file and is not replaced".to_owned()).help("name a file with --out"));
    }
    if path.exists() && !force {
        return Err(fault("the file exists already".to_owned()).help("give --force to overwrite it"));
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| fault(format!("its folder cannot be made: {e}")))?;
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = std::path::PathBuf::from(partial);
    let done = File::create(&partial)
        .map_err(|e| fault(format!("it cannot be written: {e}")))
        .and_then(|file| write(BufWriter::new(file)))
        .and_then(|out| out.into_inner().map_err(|e| fault(format!("it cannot be written: {}", e.error()))))
        .and_then(|file| file.sync_all().map_err(|e| fault(format!("it cannot be written: {e}"))))
        .and_then(|()| std::fs::rename(&partial, path).map_err(|e| fault(format!("it cannot be given its name: {e}"))));
    if done.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    done
}

/// A bunch with these rows.
#[must_use]
pub fn bunch_of(records: Vec<crate::data::Record>) -> Bunch {
    let filled = records.len();
    Bunch { rows: records.into_iter().map(Row::new).collect(), filled, ..Bunch::default() }
}
