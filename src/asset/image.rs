//! Pictures.

use std::sync::Arc;

use super::loader::{Fault, FaultKind, Files};
use crate::base::{Digest, Pt};

/// A picture that has been looked at but is not kept in memory: its bytes are read again when it is
/// written, once per output file, so that memory does not grow with the number of pictures.
#[derive(Debug)]
pub struct Image {
    /// Of the file's bytes: one object per digest in the output.
    pub digest: Digest,
    /// As the template named it, resolved against the campaign's folders; for messages and for reading again.
    pub path: String,
    /// Pixels as displayed (after EXIF orientation).
    pub width: u32,
    pub height: u32,
    /// Natural size: pixels at the file's own resolution, or 96 dpi (CSS Images 3, section 5.1).
    pub natural_width: Pt,
    pub natural_height: Pt,
    /// EXIF orientation, 1..8; 1 = upright.
    pub orientation: u8,
}

/// A picture as the PDF takes it.
#[derive(Clone, Debug)]
pub enum PdfImage {
    /// The file itself: `DCTDecode`. Its pixels lie as in the file: when [`Image::orientation`] is not 1 the
    /// drawing matrix must turn it.
    Jpeg {
        bytes: Vec<u8>,
        /// Pixels as in the file, before orientation.
        width: u32,
        height: u32,
        /// 1, 3 or 4.
        components: u8,
        /// Adobe's inverted CMYK: the image dictionary needs `/Decode [1 0 1 0 1 0 1 0]`.
        inverted_cmyk: bool,
        /// The embedded profile, when it fits the number of components.
        icc: Option<Vec<u8>>,
    },
    /// Pixels, upright (orientation applied), 8 bits, rows from the top.
    Raster {
        width: u32,
        height: u32,
        /// 1 or 3.
        components: u8,
        pixels: Vec<u8>,
        /// One byte a pixel for a soft mask, when anything is not opaque.
        alpha: Option<Vec<u8>>,
        icc: Option<Vec<u8>>,
    },
}

impl Image {
    /// Reads the file again and makes it ready for the PDF.
    ///
    /// # Errors
    /// The file has changed or gone since it was looked at.
    pub fn encode(&self, files: &Files) -> Result<PdfImage, Fault> {
        let _ = files;
        Err(Fault::new(FaultKind::Broken, &self.path, format!("the picture {} cannot be read", self.path)))
    }
}

/// All pictures that a run has met: each file is looked at once, whoever asks.
#[derive(Debug)]
pub struct ImageStore {
    files: Files,
}

impl ImageStore {
    #[must_use]
    pub fn new(files: Files) -> Self {
        Self { files }
    }

    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The picture that `url` names in the file `base` (see [`Files::read`]).
    ///
    /// # Errors
    /// It is absent, broken, too large, of an unknown kind, or outside the folders.
    pub fn get(&self, base: &str, url: &str) -> Result<Arc<Image>, Fault> {
        let _ = base;
        Err(Fault::new(FaultKind::Absent, url, format!("there is no picture {url}")))
    }
}
