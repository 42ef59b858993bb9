//! Pictures of all kinds, sound and not. The files made by others are looked at when they lie beside the checkout.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::{DynamicImage, ImageFormat, RgbImage};

use super::image::{Image, ImageStore, PdfImage};
use super::loader::{Fault, FaultKind, Files};
use crate::base::Pt;

fn store(files: &[(&str, Vec<u8>)]) -> (tempfile::TempDir, ImageStore) {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let store = ImageStore::new(Files::open(dir.path()).unwrap());
    (dir, store)
}

fn look(bytes: Vec<u8>) -> Result<(Arc<Image>, PdfImage), Fault> {
    let (_dir, store) = store(&[("a", bytes)]);
    let image = store.get("", "a")?;
    let encoded = image.encode(store.files())?;
    Ok((image, encoded))
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A picture with enough going on in it that every byte of its file counts.
fn picture() -> DynamicImage {
    RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 4) as u8, (y * 5) as u8, (x * y) as u8])).into()
}

#[test]
fn every_kind_is_known() {
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Gif, ImageFormat::Tiff, ImageFormat::WebP] {
        let (image, encoded) = look(written(&picture(), format)).unwrap();
        assert_eq!((image.width, image.height, image.orientation), (64, 48, 1), "{format:?}");
        assert_eq!((image.natural_width, image.natural_height), (Pt(48.0), Pt(36.0)), "96 dpi");
        let PdfImage::Raster { components, pixels, .. } = encoded else { panic!("{format:?}") };
        assert_eq!((components, pixels.len()), (3, 64 * 48 * 3));
    }
    let (_, encoded) = look(written(&DynamicImage::from(picture().to_luma8()), ImageFormat::Png)).unwrap();
    assert!(matches!(encoded, PdfImage::Raster { components: 1, alpha: None, .. }));
    let bytes = written(&picture(), ImageFormat::Jpeg);
    let (_, encoded) = look(bytes.clone()).unwrap();
    assert_eq!(
        encoded,
        PdfImage::Jpeg { bytes, width: 64, height: 48, components: 3, inverted_cmyk: false, icc: None }
    );
}

#[test]
fn a_picture_that_is_cut_or_damaged_is_found() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp] {
        let whole = written(&picture(), format);
        for keep in [0, 1, 2, 3, 10, 30, whole.len() / 3, whole.len() / 2, whole.len() - 20] {
            let Err(fault) = look(whole[..keep].to_vec()) else { panic!("{format:?} cut to {keep}") };
            assert!(matches!(fault.kind, FaultKind::Broken | FaultKind::Unsupported), "{fault}");
            assert!(fault.message.starts_with("the picture a "), "{fault}");
        }
    }
    // holes in the data of a JPEG: most cannot be decoded, and none may panic
    let whole = written(&picture(), ImageFormat::Jpeg);
    let found = (0..40)
        .filter(|i| {
            let mut bytes = whole.clone();
            let at = 630 + i * (whole.len() - 650) / 40;
            bytes[at..at + 8].fill(0xff);
            look(bytes).is_err()
        })
        .count();
    assert!(found >= 30, "{found} of 40");
}

#[test]
fn a_bomb_is_refused_before_it_is_decoded() {
    // 50,000 × 50,000 in a few bytes
    let mut png = written(&DynamicImage::new_luma8(1, 1), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(look(png).unwrap_err().kind, FaultKind::TooLarge);
    let mut jpeg = written(&picture(), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    let fault = look(jpeg).unwrap_err();
    assert_eq!(fault.kind, FaultKind::TooLarge);
    assert!(fault.message.contains("80 million"), "{fault}");
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, b| {
        (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}

#[test]
fn what_is_no_picture_is_named() {
    for (bytes, word) in
        [(&b"%PDF-1.7"[..], "PDF"), (b"\0\0\0\x18ftypheic", "HEIC"), (b"hello", "no picture"), (b"", "empty")]
    {
        let fault = look(bytes.to_vec()).unwrap_err();
        assert!(fault.message.contains(word), "{fault}");
    }
}

#[test]
fn a_file_is_looked_at_once_and_a_changed_one_is_not_written() {
    let (dir, store) = store(&[("a.png", written(&picture(), ImageFormat::Png))]);
    let first = store.get("", "a.png").unwrap();
    let second = store.get("template/x.css", "./a.png").unwrap();
    assert!(Arc::ptr_eq(&first, &second));
    std::fs::write(dir.path().join("a.png"), written(&DynamicImage::new_luma8(9, 9), ImageFormat::Png)).unwrap();
    assert!(Arc::ptr_eq(&first, &store.get("", "a.png").unwrap()));
    let fault = first.encode(store.files()).unwrap_err();
    assert!(fault.message.contains("was changed"), "{fault}");
}

#[test]
fn many_threads_see_one_picture() {
    let (_dir, store) = store(&[("a.png", written(&picture(), ImageFormat::Png))]);
    let images: Vec<_> = std::thread::scope(|s| {
        let all: Vec<_> = (0..8).map(|_| s.spawn(|| store.get("", "a.png").unwrap())).collect();
        all.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(images.iter().all(|i| Arc::ptr_eq(i, &images[0])));
}

/// The folder of pictures that others made, when it lies beside the checkout.
fn others() -> Option<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/images");
    dir.is_dir().then_some(dir)
}

#[test]
fn pictures_that_others_made() {
    let Some(dir) = others() else { return };
    let store = ImageStore::new(Files::open(&dir).unwrap());
    let get = |name: &str| store.get("", name).and_then(|i| Ok((Arc::clone(&i), i.encode(store.files())?)));
    for (name, kind) in
        [("pillow/truncated_jpeg.jpg", FaultKind::Broken), ("image-rs/Bad_shortfile.bmp", FaultKind::Broken)]
    {
        let fault = get(name).unwrap_err();
        assert_eq!(fault.kind, kind, "{fault}");
        assert!(fault.message.contains(name), "{fault}");
    }
    for (name, orientation) in [("pillow/hopper_orientation_6.jpg", 6), ("pillow/hopper_orientation_8.jpg", 8)] {
        let (image, encoded) = get(name).unwrap();
        assert_eq!((image.orientation, image.width, image.height), (orientation, 128, 128));
        assert!(matches!(encoded, PdfImage::Jpeg { components: 3, .. }));
    }
    let (image, encoded) = get("pillow/pil_sample_cmyk.jpg").unwrap();
    assert!(matches!(encoded, PdfImage::Jpeg { components: 4, inverted_cmyk: true, .. }));
    assert_eq!((image.width, image.height), (100, 100));
    assert!((image.natural_width.0 - 100.0 * 72.0 / 98.0).abs() < 40.0, "{:?}", image.natural_width);
    let (image, encoded) = get("pillow/icc_profile_big.jpg").unwrap();
    let PdfImage::Jpeg { icc, .. } = encoded else { panic!() };
    assert!(icc.unwrap().len() > 65_536, "put together from several markers");
    assert_eq!(image.natural_width, Pt(425.0 * 72.0 / 300.0));
    let (_, encoded) = get("pillow/transparent.png").unwrap();
    assert!(matches!(encoded, PdfImage::Raster { components: 3, alpha: Some(_), .. }));
    let (_, encoded) = get("image-rs/basn6a16.png").unwrap();
    assert!(matches!(encoded, PdfImage::Raster { components: 3, alpha: Some(_), .. }), "16 bits become 8");
    for name in ["skimage/coffee.png", "skimage/rocket.jpg"] {
        assert!(get(name).is_ok(), "{name}");
    }
}

#[test]
fn a_picture_may_stand_in_its_address() {
    let (_dir, store) = store(&[]);
    let bytes = written(&picture(), ImageFormat::Png);
    let url = format!("data:image/png,{}", bytes.iter().map(|b| format!("%{b:02x}")).collect::<String>());
    let image = store.get("", &url).unwrap();
    let (plain, encoded) = look(bytes).unwrap();
    assert_eq!((image.width, image.height, image.digest), (plain.width, plain.height, plain.digest));
    assert_eq!(image.encode(store.files()).unwrap(), encoded);
    assert!(Arc::ptr_eq(&image, &store.get("", &url).unwrap()), "looked at once");
    let fault = store.get("", &format!("data:image/png;base64,{}", "AAAA".repeat(1000))).unwrap_err();
    assert!(fault.kind == FaultKind::Unsupported || fault.kind == FaultKind::Broken, "{fault}");
    assert!(fault.message.len() < 200, "{fault}");
}

/// A JPEG file in process inks, 255 = solid, as Adobe writes them.
fn in_process_inks(kind: jpeg_encoder::ColorType, (w, h): (u16, u16), ink: impl Fn(u16, u16) -> [u8; 4]) -> Vec<u8> {
    let pixels: Vec<u8> = (0..h).flat_map(|y| (0..w).map(move |x| (x, y))).flat_map(|(x, y)| ink(x, y)).collect();
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, 95);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_1_1);
    encoder.encode(&pixels, w, h, kind).unwrap();
    out
}

#[test]
fn a_jpeg_in_process_inks_is_decoded_into_its_inks() {
    for kind in [jpeg_encoder::ColorType::Cmyk, jpeg_encoder::ColorType::CmykAsYcck] {
        let fresh = |x: u16, _| if x < 16 { [230, 20, 90, 0] } else { [0, 128, 255, 200] };
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("inks.jpg"), in_process_inks(kind, (32, 16), fresh)).unwrap();
        let store = ImageStore::new(Files::open(folder.path()).unwrap());
        let image = store.get("", "inks.jpg").unwrap();
        assert!(matches!(image.encode(store.files()).unwrap(), PdfImage::Jpeg { inverted_cmyk: true, .. }));
        let PdfImage::Raster { width: 32, height: 16, components: 4, pixels, alpha: None, icc: None } =
            image.decode(store.files()).unwrap()
        else {
            panic!("four inks")
        };
        for (at, pixel) in pixels.as_chunks::<4>().0.iter().enumerate() {
            let wanted = fresh((at % 32) as u16, 0);
            assert!(pixel.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 4), "{at}: {pixel:?} {wanted:?}");
        }
    }
}

/// A JPEG file that says in its EXIF data how it is turned.
fn turned_by_exif(orientation: u8) -> Vec<u8> {
    let mut jpeg = Vec::new();
    RgbImage::from_fn(40, 20, |x, _| image::Rgb(if x < 20 { [200, 30, 30] } else { [30, 30, 200] }))
        .write_to(&mut std::io::Cursor::new(&mut jpeg), ImageFormat::Jpeg)
        .unwrap();
    let mut exif = b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    jpeg.splice(2..2, exif);
    jpeg
}

#[test]
fn a_picture_as_stored_is_another_one_that_reads_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("side.jpg"), turned_by_exif(6)).unwrap();
    std::fs::write(folder.path().join("upright.jpg"), turned_by_exif(1)).unwrap();
    let store = ImageStore::new(Files::open(folder.path()).unwrap());
    let (seen, stored) = (store.get("", "side.jpg").unwrap(), store.get_as_stored("", "side.jpg").unwrap());
    assert_eq!((seen.width, seen.height, seen.orientation), (20, 40, 6));
    assert_eq!((stored.width, stored.height, stored.orientation), (40, 20, 1));
    assert_eq!((stored.natural_width, stored.natural_height), (seen.natural_height, seen.natural_width));
    assert_ne!(stored.digest, seen.digest, "another object in the file");
    assert!(Arc::ptr_eq(&stored, &store.get_as_stored("", "side.jpg").unwrap()));
    let size = |image: &Image| match image.decode(store.files()).unwrap() {
        PdfImage::Raster { width, height, pixels, .. } => (width, height, pixels[0] > 100),
        PdfImage::Jpeg { .. } => panic!("pixels"),
    };
    assert_eq!((size(&seen), size(&stored)), ((20, 40, true), (40, 20, true)));
    assert!(matches!(stored.encode(store.files()).unwrap(), PdfImage::Jpeg { width: 40, height: 20, .. }));
    let upright = store.get("", "upright.jpg").unwrap();
    assert!(Arc::ptr_eq(&upright, &store.get_as_stored("", "upright.jpg").unwrap()), "nothing to leave undone");
    // what was changed meanwhile is found out, by the file's own digest
    std::fs::write(folder.path().join("side.jpg"), turned_by_exif(8)).unwrap();
    assert!(stored.encode(store.files()).is_err() && stored.decode(store.files()).is_err());
}
