//! Files that are taken, and files that are refused with words that help.

use super::*;
use crate::cos::read::tests::file;

/// One page with these entries, resources and content.
fn page(entries: &str, resources: &str, content: &str) -> Vec<u8> {
    file(&[
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 320 440]{entries}/Contents 4 0 R/Resources<<{resources}>>>>"),
        &format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
    ])
}

const BOXES: &str = "/TrimBox[20 20 300 420]/BleedBox[11 12 308 427]";

fn told(bytes: Vec<u8>) -> String {
    Artwork::look(bytes, 0, true).expect_err("refused").message().to_owned()
}

/// Where the matrix leads a point of the file.
fn leads(art: &Artwork, x: f64, y: f64) -> (f64, f64) {
    let [a, b, c, d, e, f] = art.matrix;
    let near = |v: f64| (v * 1e6).round() / 1e6 + 0.0;
    (near(a * x + c * y + e), near(b * x + d * y + f))
}

#[test]
fn the_trim_is_its_size_and_comes_to_lie_on_the_unit_square() {
    let art = Artwork::look(page(BOXES, "", "0 0 0 1 k 0 0 9 9 re f"), 0, true).unwrap();
    assert_eq!((art.width, art.height), (Pt(280.0), Pt(400.0)));
    assert_eq!(art.bleed, Edges { top: Pt(7.0), right: Pt(8.0), bottom: Pt(8.0), left: Pt(9.0) });
    assert_eq!((leads(&art, 20.0, 20.0), leads(&art, 300.0, 420.0)), ((0.0, 0.0), (1.0, 1.0)));
    assert!(art.has_bleed() && !art.is_translucent && art.doubts.is_empty());
}

#[test]
fn a_page_that_lies_on_its_side_is_placed_upright() {
    // upright, the corners lower left and upper right of the trim
    for (turn, lower_left, upper_right, bleed) in [
        (90, (0.0, 1.0), (1.0, 0.0), [9.0, 7.0, 8.0, 8.0]),
        (180, (1.0, 1.0), (0.0, 0.0), [8.0, 9.0, 7.0, 8.0]),
        (270, (1.0, 0.0), (0.0, 1.0), [8.0, 8.0, 9.0, 7.0]),
    ] {
        let art = Artwork::look(page(&format!("{BOXES}/Rotate {turn}"), "", ""), 0, true).unwrap();
        assert_eq!((leads(&art, 20.0, 20.0), leads(&art, 300.0, 420.0)), (lower_left, upper_right), "{turn}");
        let size = if turn == 180 { (280.0, 400.0) } else { (400.0, 280.0) };
        assert_eq!((art.width.0, art.height.0), size, "{turn}");
        let Edges { top, right, bottom, left } = art.bleed;
        assert_eq!([top.0, right.0, bottom.0, left.0], bleed, "{turn}");
    }
}

#[test]
fn a_page_without_a_trim_is_as_large_as_it_is_seen() {
    let art = Artwork::look(page("/CropBox[10 10 110 60]", "", ""), 0, true).unwrap();
    assert_eq!((art.width, art.height, art.has_bleed()), (Pt(100.0), Pt(50.0), false));
}

#[test]
fn screen_colours_are_refused_wherever_they_stand() {
    assert!(
        told(page(BOXES, "", "1 0 0 rg 0 0 9 9 re f")).contains("page 1 uses screen colours (DeviceRGB) for a colour")
    );
    assert!(told(page(BOXES, "/ColorSpace<</C[/Indexed/DeviceRGB 1<000000ffffff>]>>", "")).contains("DeviceRGB"));
    assert!(told(page(BOXES, "/Shading<</S<</ShadingType 2/ColorSpace/DeviceRGB>>>>", "")).contains("for a gradient"));
    let spot = "/ColorSpace<</C[/Separation/Gold/DeviceRGB<<>>]>>";
    assert!(told(page(BOXES, spot, "")).contains("DeviceRGB"));
    assert!(told(page(BOXES, "", "BI /W 1/H 1/BPC 8/CS/RGB ID abc EI")).contains("for a picture"));
    assert!(
        told(page(&format!("{BOXES}/Group<</S/Transparency/CS/DeviceRGB>>"), "", "")).contains("transparency group")
    );
    // with a default for them they are no longer the device's
    let default = "/ColorSpace<</DefaultRGB[/ICCBased 9 0 R]>>";
    assert!(Artwork::look(page(BOXES, default, "1 0 0 rg"), 0, true).is_ok());
}

#[test]
fn fonts_that_are_not_embedded_are_named() {
    let fonts = "/Font<</A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/B<</Type/Font/Subtype/Type0/BaseFont/Ryumin-Light/DescendantFonts[<</FontDescriptor<</Flags 4>>>>]>>/C<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Gothic/FontDescriptor<</FontFile2 4 0 R>>>>>>";
    let message = told(page(BOXES, fonts, ""));
    assert_eq!(message, "cannot go to press: page 1 uses fonts that are not embedded: Helvetica, Ryumin-Light");
    let art = Artwork::look(page(BOXES, fonts, "1 0 0 rg"), 0, false).unwrap();
    assert_eq!(art.doubts.len(), 2, "a plain file may have them, and says so: {:?}", art.doubts);
}

#[test]
fn what_stands_in_forms_within_forms_is_found() {
    let form = |resources: &str, content: &str| {
        format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<{resources}>>/Length {}>>stream\n{content}\nendstream",
            content.len()
        )
    };
    let bytes = file(&[
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>>>",
        &form("/XObject<</Y 5 0 R>>", "/Y Do"),
        // it draws its holder: a circle must end
        &form("/XObject<</X 4 0 R>>/ExtGState<</G<</ca .5>>>>", "0 0 1 RG"),
    ]);
    assert!(told(bytes).contains("DeviceRGB"));
}

#[test]
fn transparency_is_seen() {
    let seen = |entries: &str, resources: &str| {
        Artwork::look(page(&format!("{BOXES}{entries}"), resources, ""), 0, true).unwrap().is_translucent
    };
    assert!(seen("/Group<</S/Transparency/CS/DeviceCMYK>>", ""));
    assert!(seen("", "/ExtGState<</G<</ca .5>>>>"));
    assert!(seen("", "/ExtGState<</G<</BM/Multiply>>>>"));
    assert!(!seen("", "/ExtGState<</G<</BM/Normal/ca 1>>>>"));
}

#[test]
fn layers_that_are_off_would_print_and_are_refused() {
    let bytes = |off: &str| {
        file(&[
            &format!("<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[4 0 R]/D<</Order[4 0 R]{off}>>>>>>"),
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</Properties<</M 4 0 R>>>>>>",
            "<</Type/OCG/Name(Draft)>>",
        ])
    };
    assert!(told(bytes("/OFF[4 0 R]")).contains("layers that are switched off"));
    assert!(Artwork::look(bytes(""), 0, true).is_ok());
}

#[test]
fn broken_encrypted_and_absent_pages_are_told_apart() {
    assert_eq!(told(b"GIF89a".to_vec()), "is no PDF file that can be read");
    let whole = page(BOXES, "", "0 g");
    let encrypted = String::from_utf8(whole.clone()).unwrap().replace("/Root 1 0 R", "/Root 1 0 R/Encrypt<<>>");
    assert!(told(encrypted.into_bytes()).contains("is encrypted"));
    let absent = Artwork::look(whole, 2, true).unwrap_err();
    assert_eq!(absent.message(), "has one page, so there is no page 3");
}

#[test]
fn addresses_name_their_page() {
    assert_eq!(named_page("art/Front.PDF"), Some(("art/Front.PDF", Some(0))));
    assert_eq!(named_page("art.pdf#page=2"), Some(("art.pdf", Some(1))));
    assert_eq!(named_page("art.pdf#page=0"), Some(("art.pdf", None)));
    assert_eq!(named_page("art.pdf#second"), Some(("art.pdf", None)));
    assert_eq!(named_page("art.png#page=2"), None);
    assert_eq!(named_page(".pdf"), None);
}

#[test]
fn named_inks_are_found_with_what_stands_for_them() {
    let solid = |inks: &str| format!("<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[{inks}]/N 1>>");
    let space = format!("[/Separation/DIC#20156/DeviceCMYK {}]", solid("0 .6 .9 0"));
    let gold = format!("[/Separation/Gold/DeviceCMYK {}]", solid("0 .2 .6 .2"));
    let both = format!(
        "[/DeviceN[/Cyan/Gold/Silver]/DeviceCMYK<</FunctionType 4>><</Colorants<</Gold {gold}>>>>]/C[/Separation/All/DeviceCMYK {}]",
        solid("1 1 1 1")
    );
    let resources = format!("/ColorSpace<</A {space}/B {both}>>");
    let art = Artwork::look(page("", &resources, "/A cs 1 scn 0 0 9 9 re f"), 0, true).unwrap();
    let ink = |name: &str, alternate| NamedInk { name: name.to_owned(), alternate };
    assert_eq!(
        art.inks,
        [ink("DIC 156", Some([0.0, 0.6, 0.9, 0.0])), ink("Gold", Some([0.0, 0.2, 0.6, 0.2])), ink("Silver", None)]
    );
}
