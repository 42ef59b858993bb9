//! Pictures.

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
