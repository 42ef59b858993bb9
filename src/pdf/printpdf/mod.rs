//! A second, independent back end: pages to a PDF through the printpdf crate, for small proofs and to hold
//! our own back end against. Compiled with the cargo feature `printpdf` only. It shares no drawing code with
//! the press path on purpose: here y is turned round once for the whole page, there for each list.
//!
//! * [`Backend`] – takes pieces, ends in the bytes of one file, all of it in memory
//! * `draw` – items to the crate's operations
//! * `picture` – pictures to its external objects
//!
//! What the crate cannot do, and what is made of it here (docs/decisions/printpdf.md):
//! no BleedBox (the MediaBox is the bleed box), no conformance, no vertical writing mode (glyph by glyph), no
//! subset fonts (whole files), no transparency groups ([`Shortfall::Opacity`]), no streaming ([`Backend::MOST`]).

mod draw;
mod picture;

use std::fmt;

use ::printpdf as theirs;
use theirs::{ExtendedGraphicsState, ExtendedGraphicsStateId, FontId, ParsedFont, PdfDocument, PdfFont, PdfPage};
use theirs::{XObject, XObjectId};

use super::document::PRODUCER;
use super::{Document, Fault};
use crate::asset::loader::Files;
use crate::page::Page;

/// Where the file does not look as the press path's would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// A translucent group has items that may cover each other: each is blended by itself.
    Opacity,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opacity => f.write_str(
                "printpdf has no transparency groups: where items of a translucent group lie over each other, \
                 the lower one shows through the upper one",
            ),
        }
    }
}

/// A document in the making.
#[derive(Debug)]
pub struct Backend {
    document: Document,
    files: Files,
    used: draw::Used,
    pages: Vec<PdfPage>,
}

/// What [`Backend::finish`] gives.
#[derive(Debug)]
pub struct Finished {
    pub bytes: Vec<u8>,
    pub shortfalls: Vec<Shortfall>,
}

impl Backend {
    /// Pieces that one file may have: the crate keeps all of them in memory, several times over.
    pub const MOST: usize = 200;

    /// A file for `pieces` pieces.
    ///
    /// # Errors
    /// [`Fault::TooManyPieces`] for more than [`Backend::MOST`].
    pub fn new(document: Document, files: Files, pieces: usize) -> Result<Self, Fault> {
        if pieces > Self::MOST {
            return Err(Fault::TooManyPieces { asked: pieces, most: Self::MOST });
        }
        Ok(Self { document, files, used: draw::Used::default(), pages: Vec::new() })
    }

    /// Draws the pages of one piece.
    ///
    /// # Errors
    /// [`Fault::NotANumber`], [`Fault::NoSuchGlyph`]; the piece is then not in the file.
    pub fn add(&mut self, pages: &[Page]) -> Result<(), Fault> {
        let from = self.pages.len();
        for (at, page) in pages.iter().enumerate() {
            match draw::page(at, page, &mut self.used) {
                Ok(page) => self.pages.push(page),
                Err(fault) => {
                    self.pages.truncate(from);
                    return Err(fault);
                }
            }
        }
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// A font that the crate cannot read, a picture that cannot be read again.
    pub fn finish(self) -> Result<Finished, Fault> {
        let mut pdf = PdfDocument::new(&self.document.title);
        let info = &mut pdf.metadata.info;
        PRODUCER.clone_into(&mut info.creator);
        "printpdf".clone_into(&mut info.producer);
        let days = self
            .document
            .date
            .and_then(|date| date.since(jiff::civil::date(1970, 1, 1)).ok())
            .map_or(0, |d| i64::from(d.get_days()));
        if let Ok(date) = theirs::OffsetDateTime::from_unix_timestamp(days * 86_400) {
            info.creation_date = date;
            info.modification_date = date;
            info.metadata_date = date;
        }
        for font in self.used.fonts.values() {
            let fault = || Fault::Font {
                font: font.postscript_name.clone(),
                reason: "printpdf finds no font in the file".to_owned(),
            };
            let mut parsed =
                ParsedFont::from_bytes(font.data.as_ref(), font.index as usize, &mut Vec::new()).ok_or_else(fault)?;
            parsed.font_name = Some(font.postscript_name.clone());
            pdf.resources.fonts.map.insert(FontId(draw::font_name(font.id)), PdfFont::new(parsed));
        }
        for image in self.used.images.values() {
            let picture = image
                .encode(&self.files)
                .map_err(|fault| Fault::Image { path: image.path.clone(), reason: fault.message })?;
            let object = XObject::External(picture::object(picture));
            pdf.resources.xobjects.map.insert(XObjectId(draw::image_name(&image.digest)), object);
        }
        for &thousandths in &self.used.opacities {
            let alpha = f32::from(thousandths) / 1000.0;
            let state =
                ExtendedGraphicsState::default().with_current_fill_alpha(alpha).with_current_stroke_alpha(alpha);
            pdf.resources.extgstates.map.insert(ExtendedGraphicsStateId(draw::opacity_name(thousandths)), state);
        }
        pdf.pages = self.pages;
        // The crate's warnings repeat what is checked above; it has no errors to give.
        let bytes = pdf.save(&theirs::PdfSaveOptions::default(), &mut Vec::new());
        let shortfalls = self.used.blended.then_some(Shortfall::Opacity).into_iter().collect();
        Ok(Finished { bytes, shortfalls })
    }
}
