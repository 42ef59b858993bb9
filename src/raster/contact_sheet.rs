//! Several proofs on one picture.

use image::{Rgba, RgbaImage, imageops};

/// Between and around the pictures: a grey on which white paper stands out.
const TABLE: Rgba<u8> = Rgba([0xb4, 0xb4, 0xb4, 0xff]);

/// Pictures side by side in rows of `columns`, `gap` pixels apart and from the edge; each in a cell as large
/// as the largest of them, at its top left. Without pictures, an empty table of one cell.
#[must_use]
pub fn contact_sheet(pictures: &[RgbaImage], columns: usize, gap: u32) -> RgbaImage {
    let columns = columns.clamp(1, pictures.len().max(1));
    let rows = pictures.len().div_ceil(columns).max(1);
    let width = pictures.iter().map(RgbaImage::width).max().unwrap_or(1);
    let height = pictures.iter().map(RgbaImage::height).max().unwrap_or(1);
    let along = |count: usize, cell: u32| (cell + gap) * count as u32 + gap;
    let mut sheet = RgbaImage::from_pixel(along(columns, width), along(rows, height), TABLE);
    for (at, picture) in pictures.iter().enumerate() {
        let (x, y) = (along(at % columns, width), along(at / columns, height));
        imageops::replace(&mut sheet, picture, i64::from(x), i64::from(y));
    }
    sheet
}
