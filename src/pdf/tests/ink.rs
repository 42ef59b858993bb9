//! What colours become in the file.

use super::*;
use crate::asset::image::ImageStore;
use crate::asset::profile;
use crate::color::{Spot, SpotId};
use crate::page::{GroupItem, ImageItem, Shading, ShadingItem, ShadingKind, Stop};
use crate::pdf::{Colors, Screen};

fn press() -> Arc<Colors> {
    static PRESS: OnceLock<Arc<Colors>> = OnceLock::new();
    Arc::clone(PRESS.get_or_init(|| Arc::new(Colors::for_press(&profile::shipped()).expect("a press"))))
}

fn made_with(items: Vec<Item>, colors: &Arc<Colors>, files: &Files) -> Result<Vec<u8>, Fault> {
    let page = card(vec![(0.0, 0.0, Arc::new(ItemList::new(items, false)))]);
    let mut batch = Batch::new();
    Encoder::new(Compression::Fast).with_colors(colors, files).encode(&[page], &mut batch)?;
    let intent = Intent::new(profile::shipped(), None, None, None);
    let (standard, intent) = (Standard::X4, Some(Arc::new(intent)));
    let document = Document { standard, intent, colors: Arc::clone(colors), ..document() };
    let mut writer = Writer::new(Vec::new(), document, files.clone())?;
    writer.write(&batch, 0..1)?;
    Ok(writer.finish()?.1)
}

/// All objects as text, each once.
fn shown_with(items: Vec<Item>, colors: &Arc<Colors>, files: &Files) -> Vec<String> {
    let bytes = made_with(items, colors, files).expect("made");
    shown::objects(&bytes).into_values().filter(|o| !o.contains("/Type/ObjStm")).collect()
}

fn gradient(from: Ink, to: Ink) -> Item {
    let stop = |at, ink, alpha| Stop { at, ink, alpha };
    let kind = ShadingKind::Linear { from: Point::ZERO, to: Point::new(Pt(10.0), Pt(0.0)) };
    let stops = vec![stop(0.0, from, 1.0), stop(1.0, to, 0.5)];
    let shading = Arc::new(Shading { kind, transform: Affine::IDENTITY, stops });
    let segments = vec![Segment::Rect(Rect::new(Pt(0.0), Pt(0.0), Pt(10.0), Pt(10.0)))];
    Item::Shading(ShadingItem { segments, even_odd: false, shading })
}

fn spot(name: &str, alternate: [f32; 4], overprint: bool) -> SpotId {
    SpotId::of(&Spot::new(name, alternate, overprint).expect("an ink")).expect("room")
}

const BLUE: Ink = Ink::Rgb([21.0 / 255.0, 96.0 / 255.0, 160.0 / 255.0]);

#[test]
fn no_screen_colour_is_left_under_a_press() {
    let folder = tempfile::tempdir().expect("a folder");
    let picture = |x: u32, y: u32| image::Rgba([x as u8 * 10, y as u8 * 10, 90, if x > 5 { 255 } else { 100 }]);
    image::RgbaImage::from_fn(20, 20, picture).save(folder.path().join("a.png")).expect("saved");
    image::RgbImage::from_fn(20, 20, |x, y| image::Rgb([x as u8 * 10, y as u8, 9]))
        .save(folder.path().join("b.jpg"))
        .expect("saved");
    let files = Files::open(folder.path()).expect("a door");
    let store = ImageStore::new(files.clone());
    let rect = Rect::new(Pt(0.0), Pt(0.0), Pt(20.0), Pt(20.0));
    let placed = |name| Item::Image(ImageItem { image: store.get("", name).expect("a picture"), rect });
    let group = GroupItem {
        opacity: 0.5,
        ..GroupItem::new(vec![block(0.0, 0.0, 9.0, 9.0, BLUE), block(3.0, 0.0, 9.0, 9.0, BLUE)])
    };
    let items = || {
        vec![
            block(0.0, 0.0, 50.0, 50.0, BLUE),
            gradient(BLUE, Ink::Rgb([1.0, 0.0, 0.0])),
            gradient(BLUE, Ink::Black(0.0)),
            Item::Group(group.clone()),
            placed("a.png"),
            placed("b.jpg"),
        ]
    };
    let all = shown_with(items(), &press(), &files);
    for object in &all {
        assert!(!object.contains("DeviceRGB") && !object.contains(" rg\n") && !object.contains("ICCBased"), "{object}");
    }
    let has = |what: &str| all.iter().any(|o| o.contains(what));
    // what transicc says of the colour (89.48 58.64 10.26 2.06 %)
    assert!(has(".895 .586 .103 .021 k\n"), "{all:#?}");
    assert!(has(
        "/ColorSpace/DeviceCMYK/Coords[0 0 10 0]/Extend[true true]/Function<</FunctionType 2/Domain[0 1]/C0[.8948 .5864 .1026 .0206]/C1[0 0 0 0]/N 1>>"
    ));
    assert!(has("/Filter/DCTDecode/Decode[1 0 1 0 1 0 1 0]/ColorSpace/DeviceCMYK"));
    assert!(has("/Predictor 15/Colors 4/Columns 20>>/ColorSpace/DeviceCMYK/SMask"));

    let kept = Arc::new(Colors::new(Screen::Kept, true, None));
    let all = shown_with(items(), &kept, &files);
    assert!(
        all.iter().all(|o| !o.contains("DeviceRGB") && !o.contains(" rg\n")),
        "with their profile, not as the device's"
    );
    assert!(all.iter().any(|o| o.contains("/RGB cs .082 .376 .627 sc\n")));
}

#[test]
fn the_same_bytes_come_with_and_without_a_worker_that_prepares() {
    let folder = tempfile::tempdir().expect("a folder");
    image::RgbImage::from_fn(90, 60, |x, y| image::Rgb([x as u8, y as u8, 9]))
        .save(folder.path().join("b.jpg"))
        .expect("saved");
    let files = Files::open(folder.path()).expect("a door");
    let image = ImageStore::new(files.clone()).get("", "b.jpg").expect("a picture");
    let rect = Rect::new(Pt(0.0), Pt(0.0), Pt(9.0), Pt(6.0));
    let page = || {
        card(vec![(
            0.0,
            0.0,
            Arc::new(ItemList::new(vec![Item::Image(ImageItem { image: Arc::clone(&image), rect })], false)),
        )])
    };
    let conversion = |dpi| {
        let how = crate::color::convert::How::default();
        let made = crate::color::convert::Conversion::new(&profile::shipped().bytes, how).expect("a press");
        Arc::new(Colors::new(Screen::Converted(Arc::new(made)), true, dpi))
    };
    let written = |encoders: &Arc<Colors>, writers: &Arc<Colors>| {
        let mut batch = Batch::new();
        Encoder::new(Compression::Fast).with_colors(encoders, &files).encode(&[page()], &mut batch).expect("encoded");
        let document = Document { colors: Arc::clone(writers), ..document() };
        let mut writer = Writer::new(Vec::new(), document, files.clone()).expect("begun");
        writer.write(&batch, 0..1).expect("written");
        writer.finish().expect("finished").1
    };
    let (one, other) = (conversion(Some(300)), conversion(Some(300)));
    let bytes = written(&one, &one);
    assert_eq!(bytes, written(&one, &other), "the writer makes the same picture itself");
    // 720 pixels to the inch, of which every second is enough
    assert!(shown::objects(&bytes).values().any(|o| o.contains("/Width 45/Height 30")));
    let all = conversion(None);
    assert!(shown::objects(&written(&all, &all)).values().any(|o| o.contains("/Width 90/Height 60")));
}

#[test]
fn named_inks_stand_once_with_their_alternate_and_tints_refer_to_them() {
    let dic = spot("DIC 156 特", [0.0, 0.6, 0.9, 0.0], false);
    let varnish = spot("Varnish (test)", [0.0, 0.0, 0.1, 0.0], true);
    let tint = |ink, tint| Ink::Spot { ink, tint };
    let items = vec![
        block(0.0, 0.0, 50.0, 50.0, tint(dic, 1.0)),
        block(0.0, 0.0, 50.0, 50.0, tint(varnish, 1.0)),
        block(0.0, 0.0, 50.0, 50.0, tint(dic, 0.3)),
        gradient(tint(dic, 1.0), Ink::PAPER),
        block(0.0, 0.0, 50.0, 50.0, Ink::REGISTRATION),
    ];
    let all = shown_with(items, &press(), &files());
    let count = |what: &str| all.iter().map(|o| o.matches(what).count()).sum::<usize>();
    let name = "/DIC#20156#20#e7#89#b9";
    assert_eq!(
        count(&format!("[/Separation{name}/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[0 .6 .9 0 ]/N 1>>]")),
        1
    );
    assert_eq!(count("[/Separation/Varnish#20#28test#29/DeviceCMYK"), 1);
    assert_eq!(count("[/Separation/All/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[1 1 1 1 ]/N 1>>]"), 1);
    assert_eq!(count("<</OP true/op true/OPM 1>>"), 1);
    let content = all.iter().find(|o| o.contains(" scn\n")).expect("the page");
    let varnish = format!(
        "/O1 gs\n/C{} cs 1 scn\n",
        &Spot::new("Varnish (test)", [0.0; 4], true).expect("an ink").digest.to_string()[..10]
    );
    assert!(content.contains(&varnish), "{content}");
    let dic = format!(
        "/O0 gs\n/C{} cs .3 scn\n",
        &Spot::new("DIC 156 特", [0.0; 4], true).expect("an ink").digest.to_string()[..10]
    );
    assert!(content.contains(&dic), "{content}");
    assert_eq!(count("/C0[1]/C1[0]/N 1"), 1, "the gradient is one of tints");
}

#[test]
fn solid_black_text_overprints_and_nothing_else_does() {
    let white = |item| match item {
        Item::Glyphs(run) => Item::Glyphs(GlyphRun { ink: Ink::PAPER, ..run }),
        other => other,
    };
    let items = vec![
        block(0.0, 0.0, 50.0, 50.0, Ink::BLACK),
        run(font(2), 9.0, 0.0, 9.0, "黒"),
        block(0.0, 0.0, 50.0, 5.0, Ink::BLACK),
        run(font(2), 9.0, 0.0, 9.0, "黒"),
        white(run(font(2), 9.0, 0.0, 9.0, "白")),
        Item::Modules(symbol(1)),
    ];
    let all = shown_with(items.clone(), &press(), &files());
    let content = all.iter().find(|o| o.contains("BT\n")).expect("the page");
    let states: Vec<&str> =
        content.split_inclusive('\n').filter(|l| l.ends_with("gs\n") || *l == "f\n" || l.ends_with("Tj\n")).collect();
    let kinds: Vec<&str> = states.iter().map(|l| if l.ends_with("Tj\n") { "text" } else { l.trim_end() }).collect();
    assert_eq!(kinds, ["f", "/O1 gs", "text", "/O0 gs", "f", "/O1 gs", "text", "/O0 gs", "text", "f"], "{content}");
    let plain = Arc::new(Colors::default());
    let bytes = made_with(items, &plain, &files()).expect("made");
    assert!(!shown::objects(&bytes).values().any(|o| o.contains("/O1")), "for screens nothing does");
}

#[test]
fn two_definitions_of_one_ink_in_one_file_are_a_fault() {
    let items = vec![
        block(0.0, 0.0, 5.0, 5.0, Ink::Spot { ink: spot("Gold (test)", [0.0, 0.2, 0.6, 0.2], false), tint: 1.0 }),
        block(0.0, 0.0, 5.0, 5.0, Ink::Spot { ink: spot("Gold (test)", [0.0, 0.2, 0.6, 0.3], false), tint: 1.0 }),
    ];
    let fault = made_with(items, &press(), &files()).expect_err("two");
    assert!(fault.to_string().contains("the ink Gold (test) is defined twice"), "{fault}");
    let nowhere = vec![block(0.0, 0.0, 5.0, 5.0, Ink::Spot { ink: SpotId::UNDEFINED, tint: 1.0 })];
    assert!(matches!(made_with(nowhere, &press(), &files()), Err(Fault::NoSuchInk { page: 0 })));
}

#[test]
fn an_element_says_whether_it_overprints_and_white_never_does() {
    let over = |overprint, items| Item::Group(GroupItem { overprint: Some(overprint), ..GroupItem::new(items) });
    let varnish = Ink::Spot { ink: spot("Varnish (over)", [0.0, 0.0, 0.1, 0.0], true), tint: 1.0 };
    let text = |ink| match run(font(2), 9.0, 0.0, 9.0, "黒") {
        Item::Glyphs(run) => Item::Glyphs(GlyphRun { ink, ..run }),
        other => other,
    };
    let states = |items: Vec<Item>| -> Vec<String> {
        let all = shown_with(items, &press(), &files());
        let content = all.iter().find(|o| o.contains("BT\n") || o.contains(" re\n")).expect("the page");
        let wanted = |l: &&str| l.ends_with("gs") || *l == "f" || l.ends_with("Tj");
        content.lines().filter(wanted).map(|l| l.rsplit_once(')').map_or(l, |_| "text").to_owned()).collect()
    };
    let cold = Ink::Cmyk([1.0, 0.5, 0.0, 0.0]);
    let area = |ink| block(0.0, 0.0, 9.0, 9.0, ink);
    let on = vec![area(cold), over(true, vec![area(cold), text(Ink::BLACK), area(Ink::PAPER)]), area(cold)];
    assert_eq!(states(on), ["f", "/O1 gs", "f", "text", "/O0 gs", "f", "f"], "what is white would vanish");
    let off = vec![area(cold), text(Ink::BLACK), over(false, vec![text(Ink::BLACK), area(varnish)]), area(varnish)];
    assert_eq!(states(off), ["f", "/O1 gs", "text", "/O0 gs", "text", "f", "/O1 gs", "f"]);
    // a list that is kept is drawn in both ways
    let list = Arc::new(ItemList::new(vec![text(Ink::BLACK)], false));
    let kept = |list: &Arc<ItemList>| Item::List(Point::ZERO, Arc::clone(list));
    let both = vec![area(cold), kept(&list), over(false, vec![kept(&list)]), kept(&list)];
    assert_eq!(states(both), ["f", "/O1 gs", "text", "/O0 gs", "text", "/O1 gs", "text"]);
}

#[test]
fn pictures_in_process_inks_are_made_smaller_and_otherwise_not_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let pixels = [255u8, 128, 0, 64].repeat(90 * 60);
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 95)
        .encode(&pixels, 90, 60, jpeg_encoder::ColorType::CmykAsYcck)
        .expect("a picture");
    std::fs::write(folder.path().join("inks.jpg"), &bytes).expect("written");
    let files = Files::open(folder.path()).expect("a door");
    let image = ImageStore::new(files.clone()).get("", "inks.jpg").expect("a picture");
    let made = |points: f32| {
        let rect = Rect::new(Pt(0.0), Pt(0.0), Pt(points), Pt(points / 1.5));
        let items = vec![Item::Image(ImageItem { image: Arc::clone(&image), rect })];
        let how = crate::color::convert::How::default();
        let made = crate::color::convert::Conversion::new(&profile::shipped().bytes, how).expect("a press");
        let colors = Arc::new(Colors::new(Screen::Converted(Arc::new(made)), true, Some(300)));
        made_with(items, &colors, &files).expect("made")
    };
    // 300 pixels to the inch: as it is
    let passed = made(21.6);
    assert!(memchr::memmem::find(&passed, &bytes).is_some(), "the file itself");
    // 720 of them: every second is enough
    let smaller = made(9.0);
    assert!(memchr::memmem::find(&smaller, &bytes).is_none());
    let object = shown::objects(&smaller).into_values().find(|o| o.contains("/Width 45/Height 30")).expect("smaller");
    assert!(object.contains("/DCTDecode/Decode[1 0 1 0 1 0 1 0]/ColorSpace/DeviceCMYK"), "{object}");
}
