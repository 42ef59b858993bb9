//! The second back end (cargo feature `printpdf`): it draws what ours draws, within what the crate can do.
#![allow(clippy::unwrap_used)] // a test that cannot read what was made has failed

mod support;

#[cfg(not(feature = "printpdf"))]
#[test]
fn without_the_feature_the_option_says_how_to_build_it() {
    let shop = support::Shop::minimal(b"customer_id,name\n1,Hana\n");
    shop.surimono(&["proof", "campaign.toml", "--backend", "printpdf"]).ends_with(2).tells("--features printpdf");
    assert!(shop.list("proof").is_empty());
}

#[cfg(feature = "printpdf")]
mod built_in {
    use std::sync::Arc;

    use image::RgbaImage;
    use surimono::asset::fallback::FontSet;
    use surimono::asset::font::Font;
    use surimono::asset::image::ImageStore;
    use surimono::asset::loader::Files;
    use surimono::base::{Affine, Point, Pt, Rect, Size};
    use surimono::color::Ink;
    use surimono::page::{Glyph, GlyphRun, GroupItem, ImageItem, Item, ItemList, Modules, Page, Path, Placed};
    use surimono::page::{Segment, Stroke};
    use surimono::pdf::printpdf::{Backend, Shortfall};
    use surimono::pdf::{Batch, Compression, Document, Encoder, Fault, Writer};
    use surimono::raster::{Area, rasterise};

    use super::support::Shop;

    fn document() -> Document {
        Document {
            title: "見本".into(),
            date: Some(jiff::civil::date(2026, 11, 21)),
            language: "ja".into(),
            ..Document::default()
        }
    }

    fn at(x: f32, y: f32) -> Point {
        Point::new(Pt(x), Pt(y))
    }

    fn page(items: Vec<Item>) -> Page {
        let list = Arc::new(ItemList::new(items, false));
        let lists = vec![Placed { at: at(4.0, 6.0), list }];
        Page { trim: Size::new(Pt(200.0), Pt(260.0)), bleed: Pt(8.5), slug: Pt::ZERO, name: "".into(), lists }
    }

    fn run(font: &Arc<Font>, x: f32, y: f32, vertical: bool, text: &str, own: fn(usize) -> [f32; 3]) -> Item {
        let glyph = |(i, c)| {
            let [extra, dx, dy] = own(i);
            Glyph { id: font.glyph(c).unwrap(), extra, dx, dy }
        };
        let glyphs = text.chars().enumerate().map(glyph).collect();
        let font = Arc::clone(font);
        Item::Glyphs(GlyphRun {
            font,
            size: Pt(12.0),
            ink: Ink::BLACK,
            origin: at(x, y),
            vertical,
            lies: surimono::page::Lies::Level,
            stretch: 1.0,
            glyphs,
        })
    }

    /// A JPEG of four colours in its corners that asks to be turned.
    fn turned_jpeg(orientation: u8) -> Vec<u8> {
        let colour = |x: u32, y: u32| match (x < 16, y < 8) {
            (true, true) => image::Rgb([200u8, 30, 30]),
            (false, true) => image::Rgb([30, 160, 30]),
            (true, false) => image::Rgb([30, 30, 200]),
            (false, false) => image::Rgb([230, 200, 20]),
        };
        let mut jpeg = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_fn(32, 16, colour).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
        // EXIF: a big-endian TIFF head and one entry, tag 0x0112, one SHORT.
        let mut exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
        let mut bytes = jpeg.into_inner();
        bytes.splice(2..2, exif);
        bytes
    }

    fn png_with_alpha() -> Vec<u8> {
        let mut png = std::io::Cursor::new(Vec::new());
        RgbaImage::from_fn(24, 24, |x, y| {
            image::Rgba([(x * 10) as u8, 90, (y * 10) as u8, if x > y { 255 } else { 60 }])
        })
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
        png.into_inner()
    }

    /// One of everything that a page can hold.
    fn everything(images: &ImageStore) -> Vec<Item> {
        let fonts = FontSet::shipped();
        let font = |family| fonts.get(fonts.find(family, 400, false).unwrap()).unwrap();
        let (gothic, mincho) = (font("BIZ UDPGothic"), font("BIZ UDMincho"));
        let block = |x, y, w, h, ink| Path::filled(vec![Segment::Rect(Rect::new(Pt(x), Pt(y), Pt(w), Pt(h)))], ink);
        let heart = vec![
            Segment::Move(at(20.0, 5.0)),
            Segment::Cubic(at(30.0, -10.0), at(50.0, 5.0), at(20.0, 35.0)),
            Segment::Cubic(at(-10.0, 5.0), at(10.0, -10.0), at(20.0, 5.0)),
            Segment::Close,
        ];
        let square = |from: f32, side: f32| {
            [at(from, from), at(from + side, from), at(from + side, from + side), at(from, from + side)]
        };
        let ring = |points: [Point; 4]| {
            let [first, rest @ ..] = points;
            let lines = rest.into_iter().map(Segment::Line);
            std::iter::once(Segment::Move(first)).chain(lines).chain([Segment::Close]).collect::<Vec<_>>()
        };
        let stroke = |dash: &[f32], round_caps| Stroke {
            ink: Ink::Rgb([0.1, 0.2, 0.7]),
            width: Pt(2.5),
            dash: dash.iter().map(|d| Pt(*d)).collect(),
            dash_phase: Pt(if dash.is_empty() { 0.0 } else { 2.0 }),
            round_caps,
        };
        let group = |x, y, clip, opacity, items| {
            let transform = Affine::translate(Pt(x), Pt(y));
            Item::Group(GroupItem { transform, clip, opacity, ..GroupItem::new(items) })
        };
        let bits: Vec<u64> = (0..21u64).map(|r| (r + 3).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let mut items = vec![
            Item::Path(block(-12.5, -14.5, 217.0, 30.0, Ink::Cmyk([0.0, 0.5, 0.8, 0.1]))),
            run(gothic, 5.0, 40.0, false, "印刷と Print 2026年", |_| [0.0; 3]),
            run(gothic, 5.0, 58.0, false, "字間を広げる、AVA", |i| {
                [if i % 2 == 0 { 250.0 } else { -80.0 }, 0.0, 0.0]
            }),
            run(gothic, 5.0, 78.0, false, "上がり下がり", |i| {
                [0.0, 40.0, if i % 2 == 0 { 200.0 } else { -150.0 }]
            }),
            run(mincho, 180.0, 30.0, true, "縦組みの、文字Ab", |_| [0.0; 3]),
            run(mincho, 160.0, 30.0, true, "縦にずらす字", |i| [100.0, if i == 2 { 300.0 } else { 0.0 }, 0.0]),
            group(
                10.0,
                90.0,
                None,
                1.0,
                vec![Item::Path(Path {
                    segments: heart.clone(),
                    fill: Some(Ink::Rgb([0.8, 0.1, 0.2])),
                    even_odd: false,
                    stroke: Some(stroke(&[], false)),
                })],
            ),
            group(
                70.0,
                90.0,
                None,
                1.0,
                vec![Item::Path(Path {
                    segments: [ring(square(0.0, 36.0)), ring(square(10.0, 16.0))].concat(),
                    fill: Some(Ink::Black(0.6)),
                    even_odd: true,
                    stroke: None,
                })],
            ),
            // an open line, dashed with round ends, then one that goes on from where a ring was closed
            Item::Path(Path {
                segments: vec![
                    Segment::Move(at(10.0, 140.0)),
                    Segment::Line(at(90.0, 140.0)),
                    Segment::Line(at(90.0, 150.0)),
                ],
                fill: None,
                even_odd: false,
                stroke: Some(stroke(&[6.0, 4.0], true)),
            }),
            Item::Path(Path {
                segments: [ring(square(150.0, 20.0)), vec![Segment::Line(at(130.0, 180.0))]].concat(),
                fill: None,
                even_odd: false,
                stroke: Some(stroke(&[], false)),
            }),
            // turned by 20 degrees, cut by a heart
            Item::Group(GroupItem {
                transform: Affine { a: 0.94, b: 0.342, c: -0.342, d: 0.94, e: 120.0, f: 190.0 },
                clip: Some(heart),
                ..GroupItem::new(vec![
                    Item::Path(block(-10.0, -10.0, 35.0, 60.0, Ink::Black(0.8))),
                    run(gothic, 0.0, 20.0, false, "切る", |_| [0.0; 3]),
                ])
            }),
            group(10.0, 160.0, None, 0.4, vec![Item::Path(block(0.0, 0.0, 40.0, 20.0, Ink::BLACK))]),
            Item::Modules(Modules {
                at: at(10.0, 190.0),
                module: Pt(2.0),
                columns: 21,
                rows: 21,
                bits: bits.into(),
                heights: None,
                reduction: Pt::ZERO,
                quiet: Default::default(),
                ink: Ink::BLACK,
            }),
        ];
        for orientation in 1..=8u8 {
            let image = images.get("", &format!("turned{orientation}.jpg")).unwrap();
            let (x, y) =
                (60.0 + 17.0 * f32::from((orientation - 1) % 4), 160.0 + 14.0 * f32::from((orientation - 1) / 4));
            items.push(Item::Image(ImageItem { image, rect: Rect::new(Pt(x), Pt(y), Pt(15.0), Pt(12.0)) }));
        }
        let image = images.get("", "alpha.png").unwrap();
        items.push(Item::Image(ImageItem { image, rect: Rect::new(Pt(60.0), Pt(200.0), Pt(40.0), Pt(30.0)) }));
        items
    }

    fn pictures() -> (Shop, ImageStore) {
        let shop = Shop::empty();
        (1..=8).for_each(|o| shop.write(&format!("turned{o}.jpg"), &turned_jpeg(o)));
        shop.write("alpha.png", &png_with_alpha());
        let files = Files::open(shop.path()).unwrap();
        (shop, ImageStore::new(files))
    }

    fn ours(page: Page, files: &Files) -> Vec<u8> {
        let mut batch = Batch::new();
        Encoder::new(Compression::Fast).encode(&[page], &mut batch).unwrap();
        let mut writer = Writer::new(Vec::new(), document(), files.clone()).unwrap();
        writer.write(&batch, 0..1).unwrap();
        writer.finish().unwrap().1
    }

    fn theirs(page: Page, files: &Files) -> (Vec<u8>, Vec<Shortfall>) {
        let mut backend = Backend::new(document(), files.clone(), 1).unwrap();
        backend.add(&[page]).unwrap();
        let finished = backend.finish().unwrap();
        (finished.bytes, finished.shortfalls)
    }

    /// Share of pixels that no pixel near the same place in the other picture is like.
    fn difference(a: &RgbaImage, b: &RgbaImage) -> f64 {
        assert_eq!(a.dimensions(), b.dimensions());
        let (width, height) = a.dimensions();
        let near = |p: &image::Rgba<u8>, q: &image::Rgba<u8>| p.0.iter().zip(q.0).all(|(p, q)| p.abs_diff(q) <= 48);
        let unlike = |a: &RgbaImage, b: &RgbaImage, x: u32, y: u32| {
            let around = |n: u32, most: u32| n.saturating_sub(1)..(n + 2).min(most);
            !around(y, height).any(|j| around(x, width).any(|i| near(a.get_pixel(x, y), b.get_pixel(i, j))))
        };
        let count = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .filter(|(x, y)| unlike(a, b, *x, *y) || unlike(b, a, *x, *y))
            .count();
        count as f64 / f64::from(width * height)
    }

    #[test]
    fn both_back_ends_draw_one_of_everything_alike() {
        let (_shop, images) = pictures();
        let items = everything(&images);
        // Two pixels to the point, so that the edges of pictures lie between pixels: rasterisers move others.
        let draw = |pdf: &[u8]| rasterise(pdf, 0, 144.0, Area::Media).unwrap();
        let press = draw(&ours(page(items.clone()), images.files()));
        let (bytes, shortfalls) = theirs(page(items.clone()), images.files());
        assert!(shortfalls.is_empty(), "{shortfalls:?}");
        let unlike = difference(&press, &draw(&bytes));
        assert!(unlike < 0.001, "{unlike} of the pixels are unlike");

        // The measure sees each single item that is missing.
        for missing in 0..items.len() {
            let mut fewer = items.clone();
            let item = fewer.remove(missing);
            let unlike = difference(&press, &draw(&ours(page(fewer), images.files())));
            assert!(unlike > 0.001, "{unlike} without {item:?}");
        }
    }

    #[test]
    fn the_boxes_are_the_bleed_and_the_trim() {
        let (_shop, images) = pictures();
        let (bytes, _) = theirs(page(Vec::new()), images.files());
        let text = String::from_utf8_lossy(&bytes);
        for wanted in ["/MediaBox[0 0 217 277]", "/CropBox[0 0 217 277]", "/TrimBox[8.5 8.5 208.5 268.5]"] {
            assert!(text.contains(wanted), "no {wanted} in {text}");
        }
        assert!(!text.contains("OutputIntent"), "it claims no conformance");
    }

    #[test]
    fn overlaps_in_a_translucent_group_are_told() {
        let (_shop, images) = pictures();
        let square =
            |x| Item::Path(Path::filled(vec![Segment::Rect(Rect::new(Pt(x), Pt(0.0), Pt(9.0), Pt(9.0)))], Ink::BLACK));
        let items = vec![square(0.0), square(5.0)];
        let group = GroupItem { opacity: 0.5, ..GroupItem::new(items) };
        assert_eq!(theirs(page(vec![Item::Group(group)]), images.files()).1, [Shortfall::Opacity]);
    }

    #[test]
    fn more_than_two_hundred_pieces_and_lengths_that_are_none_are_refused() {
        let (_shop, images) = pictures();
        let refused = Backend::new(document(), images.files().clone(), 201).unwrap_err();
        assert!(refused.to_string().contains("at most 200 pieces"), "{refused}");
        let mut backend = Backend::new(document(), images.files().clone(), 2).unwrap();
        let endless = Path::filled(vec![Segment::Line(at(f32::NAN, 0.0))], Ink::BLACK);
        let faulty = backend.add(&[page(Vec::new()), page(vec![Item::Path(endless)])]);
        assert!(matches!(faulty, Err(Fault::NotANumber { page: 1 })));
        backend.add(&[page(Vec::new())]).unwrap();
        let text = String::from_utf8_lossy(&backend.finish().unwrap().bytes).into_owned();
        assert_eq!(text.matches("/Type/Page/").count(), 1, "the faulty piece left nothing");
    }

    #[test]
    fn a_campaign_is_proofed_by_both_with_the_same_list() {
        let shop = Shop::minimal("customer_id,name\n1,花子\n2,太郎\n".as_bytes());
        // sizes are compared: without the profile of the press in one of them
        let plain = shop.text("campaign.toml") + "\n[output]\nstandard = \"plain\"\n";
        shop.write("campaign.toml", plain.as_bytes());
        shop.surimono(&["proof", "campaign.toml", "--out", "press"]).ends_with(0);
        shop.surimono(&["proof", "campaign.toml", "--out", "second", "--backend", "printpdf"]).ends_with(0);
        assert_eq!(shop.list("press"), shop.list("second"));
        assert_eq!(shop.text("press/proof.csv"), shop.text("second/proof.csv"));
        let (press, second) = (shop.read("press/proof.pdf").len(), shop.read("second/proof.pdf").len());
        assert!(second > 10 * press, "fonts are whole in one and cut in the other: {press} and {second} bytes");
    }
}
