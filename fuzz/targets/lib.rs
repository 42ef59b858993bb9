//! What all targets do with their input: everything that the program does between a file that somebody gave it and
//! the bytes of a PDF. Any fault is fine; a panic, a hang or memory without bound is a bug.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use surimono::asset::fallback::FontSet;
use surimono::asset::image::ImageStore;
use surimono::asset::loader::Files;
use surimono::layout::{Composer, Shared};
use surimono::pdf::{Batch, Compression, Document, Encoder, Writer};

/// A folder that outlives the process's inputs; each input overwrites the files that it brings.
fn folder() -> PathBuf {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder to write in")).path().to_path_buf()
}

fn fonts() -> Arc<FontSet> {
    static FONTS: OnceLock<Arc<FontSet>> = OnceLock::new();
    Arc::clone(FONTS.get_or_init(|| Arc::new(FontSet::shipped())))
}

/// Lays out a page and writes it, with further files beside it.
pub fn print(html: &str, beside: &[(&str, &[u8])]) {
    let folder = folder();
    for (name, bytes) in beside {
        std::fs::write(folder.join(name), bytes).expect("a file is written");
    }
    let files = Files::open(&folder).expect("the folder opens");
    let mut shared = Shared::new(fonts(), Arc::new(ImageStore::new(files.clone())), "");
    shared.prepare(html, &[]);
    let mut composer = Composer::new(Arc::new(shared));
    let (mut pages, mut faults) = (Vec::new(), Vec::new());
    composer.compose(html, &mut pages, &mut faults);
    for fault in &faults {
        let _ = fault.to_string();
    }
    let mut batch = Batch::new();
    if pages.is_empty() || Encoder::new(Compression::Fast).encode(&pages, &mut batch).is_err() {
        return;
    }
    let document = Document {
        title: String::new(),
        date: Default::default(),
        language: "ja".to_owned(),
        ..Document::default()
    };
    let Ok(mut writer) = Writer::new(std::io::sink(), document, files) else { return };
    if writer.write(&batch, 0..batch.len()).is_ok() {
        let _ = writer.finish();
    }
}
