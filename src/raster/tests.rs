use super::*;
use image::Rgba;

/// A page of 40 × 30 pt with a bleed of 5: all black ink, and cyan in the left half of the trim.
const PDF: &[u8] = b"%PDF-1.6
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 50 40]/BleedBox[0 0 50 40]/TrimBox[5 5 45 35]/Resources<<>>/Contents 4 0 R>>endobj
4 0 obj<</Length 60>>stream
0 0 0 1 k 0 0 50 40 re f 1 0 0 0 k 5 5 20 30 re f           
endstream endobj
trailer<</Root 1 0 R/Size 5>>
";

#[test]
fn the_area_is_cut_out_at_the_resolution_asked_for() {
    let trim = rasterise(PDF, 0, 144.0, Area::Trim).expect("drawn");
    assert_eq!(trim.dimensions(), (80, 60));
    let Rgba([r, g, b, _]) = *trim.get_pixel(1, 1);
    assert!(r < 90 && g > 120 && b > 180, "cyan starts at the trim's corner: {r} {g} {b}");
    let Rgba([r, g, b, a]) = *trim.get_pixel(41, 1);
    assert!(r < 70 && g < 70 && b < 70 && a == 255, "black on the right half: {r} {g} {b}");
    let bleed = rasterise(PDF, 0, 72.0, Area::Bleed).expect("drawn");
    assert_eq!(bleed.dimensions(), (50, 40));
    assert!(bleed.get_pixel(2, 20)[0] < 70, "the bleed is black");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    assert_eq!(rasterise(b"no pdf", 0, 72.0, Area::Trim).unwrap_err(), Fault::NotPdf);
    assert_eq!(rasterise(PDF, 1, 72.0, Area::Trim).unwrap_err(), Fault::NoSuchPage { page: 1, pages: 1 });
    for dpi in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e9] {
        assert!(matches!(rasterise(PDF, 0, dpi, Area::Trim), Err(Fault::Size { .. })), "{dpi} dpi");
    }
}

#[test]
fn a_contact_sheet_holds_every_picture() {
    let pictures = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]].map(|c| RgbaImage::from_pixel(4, 6, Rgba(c)));
    let sheet = contact_sheet(&pictures, 2, 3);
    assert_eq!(sheet.dimensions(), (2 * 7 + 3, 2 * 9 + 3));
    assert_eq!(sheet.get_pixel(3, 3), &Rgba([255, 0, 0, 255]));
    assert_eq!(sheet.get_pixel(10, 3), &Rgba([0, 255, 0, 255]));
    assert_eq!(sheet.get_pixel(3, 12), &Rgba([0, 0, 255, 255]));
    assert_eq!(contact_sheet(&[], 0, 2).dimensions(), (5, 5));
}

#[test]
fn a_png_reads_back_as_the_same_picture() {
    let picture = rasterise(PDF, 0, 72.0, Area::Trim).expect("drawn");
    let bytes = png(&picture).expect("written");
    assert_eq!(bytes, png(&picture).expect("written"));
    assert_eq!(image::load_from_memory(&bytes).expect("a PNG").to_rgba8(), picture);
}
