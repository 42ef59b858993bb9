//! One worker's part: pages to compressed content.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use libdeflater::{CompressionLvl, Compressor};
use rustc_hash::FxHashSet;

use super::Fault;
use super::colors::Colors;
use super::content::{Content, Flaw, deflate};
use super::order::{Order, RANKS};
use super::pictures::Use;
use super::resource::{GlyphSet, Needs};
use crate::asset::loader::Files;
use crate::base::digest::Hasher;
use crate::base::{Digest, Pt, Size};
use crate::page::{Page, Placed};

/// How hard streams are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// libdeflate level 1.
    #[default]
    Fast,
    /// libdeflate level 6: some 6 % smaller for twice the time.
    Small,
}

impl Compression {
    pub(super) fn compressor(self) -> Compressor {
        let level = match self {
            Self::Fast => CompressionLvl::new(1),
            Self::Small => CompressionLvl::new(6),
        };
        Compressor::new(level.unwrap_or_default())
    }
}

/// One page of a batch.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sheet {
    /// Its compressed content in [`Batch::bytes`].
    pub(super) content: Range<usize>,
    /// Index in [`Batch::needs`].
    pub(super) needs: usize,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) bleed: f32,
    /// From the edge of the media to the edge of the bleed.
    pub(super) slug: f32,
}

/// Encoded pieces in order, up to [`Batch::FULL`] of them. Can be cleared and used again.
#[derive(Debug, Default)]
pub struct Batch {
    pub(super) pieces: Vec<(Range<usize>, Digest)>,
    pub(super) sheets: Vec<Sheet>,
    pub(super) bytes: Vec<u8>,
    pub(super) needs: Vec<Needs>,
    pub(super) glyphs: GlyphSet,
    /// The ids of pieces that have one and the keys of their bundles, by their positions in `pieces`.
    ids: Vec<(usize, Range<usize>, Range<usize>)>,
    id_text: String,
}

impl Batch {
    /// Pieces in a full batch. The cutting into batches shows in the file, so it must follow from the order
    /// of the records alone.
    pub const FULL: usize = 64;

    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Empties the batch and keeps its memory.
    pub fn clear(&mut self) {
        self.pieces.clear();
        self.sheets.clear();
        self.bytes.clear();
        self.needs.clear();
        self.glyphs.clear();
        self.ids.clear();
        self.id_text.clear();
    }

    /// Gives the piece that was encoded last its id, for files with document parts ([`super::Standard::Vt1`]), and the key
    /// of its bundle (see [`super::Bundles`]). No personal data: it is the same id as in the manifest.
    pub fn identify(&mut self, id: &str, bundle: &str) {
        let from = self.id_text.len();
        self.id_text.push_str(id);
        let end = self.id_text.len();
        self.id_text.push_str(bundle);
        if let Some(last) = self.pieces.len().checked_sub(1) {
            self.ids.push((last, from..end, end..self.id_text.len()));
        }
    }

    /// The id of piece `index` and the key of its bundle; empty when it was given none.
    pub(super) fn id(&self, index: usize) -> (&str, &str) {
        let found = self.ids.binary_search_by_key(&index, |(at, ..)| *at).ok().and_then(|i| self.ids.get(i));
        let text = |range: &Range<usize>| self.id_text.get(range.clone()).unwrap_or("");
        found.map_or(("", ""), |(_, id, key)| (text(id), text(key)))
    }

    /// Number of pieces.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Trim size and bleed of the first page of piece `index`.
    #[must_use]
    pub fn paper(&self, index: usize) -> Option<(Size, Pt)> {
        let sheet = self.sheets.get(self.pieces.get(index)?.0.start)?;
        Some((Size::new(Pt(sheet.width), Pt(sheet.height)), Pt(sheet.bleed)))
    }

    /// Number of pages of piece `index` of this batch, and the SHA-256 digest of its encoded content.
    #[must_use]
    pub fn piece(&self, index: usize) -> Option<(u32, Digest)> {
        self.pieces.get(index).map(|(pages, digest)| (pages.len() as u32, *digest))
    }
}

/// Pages to compressed content streams; one per worker, with its own scratch space.
pub struct Encoder {
    compressor: Compressor,
    content: Content,
    order: Order,
    press: Option<Press>,
}

/// What a worker makes ready for the writer.
struct Press {
    colors: Arc<Colors>,
    files: Files,
    /// Pictures that it has met.
    met: FxHashSet<Digest>,
}

/// Pictures that a worker remembers having met; those beyond are looked up each time.
const MAX_MET: usize = 1 << 16;

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Encoder")
    }
}

impl Encoder {
    #[must_use]
    pub fn new(compression: Compression) -> Self {
        Self { compressor: compression.compressor(), content: Content::default(), order: Order::default(), press: None }
    }

    /// Writes colours and pictures as `colors` says; without, they are written as they are. `files` is where pictures are
    /// read from.
    #[must_use]
    pub fn with_colors(mut self, colors: &Arc<Colors>, files: &Files) -> Self {
        self.content = Content::new(Arc::clone(colors));
        self.press = Some(Press { colors: Arc::clone(colors), files: files.clone(), met: FxHashSet::default() });
        self
    }

    /// Encodes one piece and appends it to `batch`; gives the SHA-256 digest of what the piece looks like
    /// (content, boxes, pictures), for the ledger.
    ///
    /// # Errors
    /// Says why the piece cannot be drawn; it is then not in the batch.
    pub fn encode(&mut self, pages: &[Page], batch: &mut Batch) -> Result<Digest, Fault> {
        let (sheets, bytes) = (batch.sheets.len(), batch.bytes.len());
        // The glyphs are collected in the batch's own set while content is made.
        std::mem::swap(&mut self.content.glyphs, &mut batch.glyphs);
        let mut hasher = Hasher::default();
        let done = pages.iter().enumerate().try_for_each(|(at, page)| self.page(at, page, batch, &mut hasher));
        std::mem::swap(&mut self.content.glyphs, &mut batch.glyphs);
        if let Err(fault) = done {
            batch.sheets.truncate(sheets);
            batch.bytes.truncate(bytes);
            return Err(fault);
        }
        let digest = hasher.finish();
        batch.pieces.push((sheets..batch.sheets.len(), digest));
        Ok(digest)
    }

    fn page(&mut self, at: usize, page: &Page, batch: &mut Batch, hasher: &mut Hasher) -> Result<(), Fault> {
        let (width, height, bleed, slug) = (page.trim.width.0, page.trim.height.0, page.bleed.0, page.slug.0);
        let edge = bleed + slug;
        // 14,400 units is the largest page (annex C.2); NaN fails here too.
        let fits = |v: f32| v > 0.0 && v + 2.0 * edge <= 14_400.0;
        if !(fits(width) && fits(height) && bleed >= 0.0 && slug >= 0.0) {
            return Err(Fault::NotANumber { page: at });
        }
        self.content.clear();
        let draw = |content: &mut Content, placed: &Placed| {
            content.list(edge + placed.at.x.0, edge + height - placed.at.y.0, &placed.list);
        };
        match self.order.of_lists(&page.lists) {
            None => page.lists.iter().for_each(|placed| draw(&mut self.content, placed)),
            Some(ranks) => {
                for rank in 0..RANKS {
                    let lists = page.lists.iter().zip(ranks).filter(|(_, goes)| **goes == rank);
                    lists.for_each(|(placed, _)| draw(&mut self.content, placed));
                }
            }
        }
        match self.content.flaw.take() {
            None => {}
            Some(Flaw::NotANumber) => return Err(Fault::NotANumber { page: at }),
            Some(Flaw::NoSuchInk) => return Err(Fault::NoSuchInk { page: at }),
            Some(Flaw::NoSuchGlyph { font, glyph }) => return Err(Fault::NoSuchGlyph { page: at, font, glyph }),
        }
        let from = batch.bytes.len();
        deflate(&mut self.compressor, &self.content.out, &mut batch.bytes);
        [width, height, bleed, slug].iter().for_each(|v| hasher.update(&v.to_be_bytes()));
        self.content.needs.digest_into(hasher);
        hasher.update(&batch.bytes[from..]);

        let known = batch.needs.iter().position(|n| n.same(&self.content.needs));
        let needs = known.unwrap_or_else(|| {
            if let Some(press) = &mut self.press {
                self.content.needs.each_picture(&mut |picture| press.prepare(picture));
            }
            batch.needs.push(self.content.needs.clone());
            batch.needs.len() - 1
        });
        batch.sheets.push(Sheet { content: from..batch.bytes.len(), needs, width, height, bleed, slug });
        Ok(())
    }
}

impl Press {
    fn prepare(&mut self, picture: &Use) {
        if self.met.len() >= MAX_MET || self.met.insert(picture.key) {
            self.colors.prepare(picture, &self.files);
        }
    }
}
