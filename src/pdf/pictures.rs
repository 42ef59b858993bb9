//! Pictures on their way into the file. The worker that first meets a picture makes it ready (decoding, fewer pixels, the
//! press's inks, compression), so that the writer, which runs alone, finds it done. What lies ready is bounded:
//! beyond that the writer makes a picture itself, with the same result.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;

use super::colors::Colors;
use super::image::{self, Parts};
use super::plates::{self, Map, Placed};
use crate::asset::artwork::{Artwork, MAX_BYTES as MAX_BYTES_OF_ARTWORK};
use crate::asset::image::Image;
use crate::asset::loader::{Fault, Files};
use crate::base::Digest;
use crate::base::digest::Hasher;
use crate::cos::read::{Pages, Reader};

/// Bytes of finished pictures that are kept.
const MAX_BYTES: usize = 128 << 20;

/// A picture as one place wants it.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) image: Arc<Image>,
    /// So many times fewer pixels on a side; 1 = all of them.
    pub(super) step: u8,
    /// Of picture and step: one object in the file.
    pub(super) key: Digest,
}

impl Use {
    pub(super) fn new(image: &Arc<Image>, step: u8) -> Self {
        let key = if step > 1 {
            let mut hasher = Hasher::default();
            hasher.update(&image.digest.0);
            hasher.update(&[step]);
            hasher.finish()
        } else {
            image.digest
        };
        Self { image: Arc::clone(image), step, key }
    }
}

type Made = Arc<OnceLock<Result<Arc<Parts>, Fault>>>;

/// Finished pictures by key.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    made: FxHashMap<Digest, Made>,
    bytes: usize,
    /// Where their ink is, which outlives them.
    inks: FxHashMap<Digest, Option<Arc<Map>>>,
    /// The same of pages of other files.
    artwork: FxHashMap<Digest, Option<Arc<Placed>>>,
    /// Those that stand in a file already, the oldest first: the next file may want them again, but they go first.
    written: VecDeque<(Digest, usize)>,
}

/// Pictures whose ink is remembered, some eight kilobytes each; further ones are made again each time they are asked for.
const MAX_INKS: usize = 1 << 13;
/// The same of pages, up to eight megabytes each.
const MAX_ARTWORK: usize = 16;

impl Colors {
    /// Where the ink of a picture is, looked for once.
    pub(super) fn ink_map(&self, picture: &Use, files: &Files) -> Option<Arc<Map>> {
        let known = self.pictures.state.lock().ok().and_then(|state| state.inks.get(&picture.key).cloned());
        if let Some(known) = known {
            return known;
        }
        self.prepare(picture, files);
        let parts = self.picture(picture, files).ok()?;
        let found = parts.map.clone().or_else(|| self.map_of_file(picture, files));
        if let Ok(mut state) = self.pictures.state.lock()
            && state.inks.len() < MAX_INKS
        {
            state.inks.insert(picture.key, found.clone());
        }
        found
    }

    /// Where the ink of a page of another file is, looked for once.
    pub(super) fn artwork_ink(&self, image: &Image, art: &Artwork, files: &Files) -> Option<Arc<Placed>> {
        let known = self.pictures.state.lock().ok().and_then(|state| state.artwork.get(&image.digest).cloned());
        if let Some(known) = known {
            return known;
        }
        let look = || {
            let bytes = files.read_named(&image.path, MAX_BYTES_OF_ARTWORK).ok()?;
            let mut reader = Reader::from_bytes(bytes.into_owned()).ok()?;
            let page = Pages::read(&mut reader).ok()?.get(&mut reader, art.page).ok()?;
            plates::placed(&mut reader, &page, &art.area, self.conversion()).map(Arc::new)
        };
        let found = look();
        if let Ok(mut state) = self.pictures.state.lock()
            && state.artwork.len() < MAX_ARTWORK
        {
            state.artwork.insert(image.digest, found.clone());
        }
        found
    }

    /// Makes a picture ready ahead of the writer, unless too many lie ready. What is wrong with it the writer tells.
    pub(super) fn prepare(&self, picture: &Use, files: &Files) {
        if picture.image.art.is_some() {
            return;
        }
        let made = {
            let Ok(mut state) = self.pictures.state.lock() else { return };
            while state.bytes >= MAX_BYTES
                && let Some((oldest, bytes)) = state.written.pop_front()
            {
                state.made.remove(&oldest);
                state.bytes = state.bytes.saturating_sub(bytes);
            }
            if state.made.contains_key(&picture.key) || state.bytes >= MAX_BYTES {
                return;
            }
            Made::clone(state.made.entry(picture.key).or_default())
        };
        let parts = made.get_or_init(|| image::make(picture, self, files).map(Arc::new));
        if let (Ok(parts), Ok(mut state)) = (parts, self.pictures.state.lock()) {
            state.bytes += parts.bytes();
        }
    }

    /// The finished picture: made by a worker, waited for, or made here.
    pub(super) fn picture(&self, picture: &Use, files: &Files) -> Result<Arc<Parts>, Fault> {
        let made = self.pictures.state.lock().ok().and_then(|state| state.made.get(&picture.key).cloned());
        let Some(made) = made else { return image::make(picture, self, files).map(Arc::new) };
        let parts = made.get_or_init(|| image::make(picture, self, files).map(Arc::new)).clone()?;
        if let Ok(mut state) = self.pictures.state.lock()
            && !state.written.iter().any(|(key, _)| *key == picture.key)
        {
            state.written.push_back((picture.key, parts.bytes()));
        }
        Ok(parts)
    }
}
