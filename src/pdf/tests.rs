//! Whole files, read back and shown as text.

mod ink;
mod shown;

use std::sync::{Arc, OnceLock};

use super::{Batch, Compression, Document, Encoder, Fault, FileSummary, Intent, Standard, Writer};
use crate::asset::fallback::FontSet;
use crate::asset::font::{Font, FontId};
use crate::asset::loader::Files;
use crate::asset::profile::Profile;
use crate::base::{Affine, Point, Pt, Rect, Size};
use crate::color::Ink;
use crate::page::{Glyph, GlyphRun, GroupItem, Item, ItemList, Modules, Page, Path, Placed, Segment, Stroke};

fn fonts() -> &'static FontSet {
    static FONTS: OnceLock<FontSet> = OnceLock::new();
    FONTS.get_or_init(FontSet::shipped)
}

fn font(id: u16) -> &'static Arc<Font> {
    fonts().get(FontId(id)).expect("a shipped font")
}

fn run(font: &Arc<Font>, size: f32, x: f32, y: f32, text: &str) -> Item {
    let glyphs = text.chars().map(|c| Glyph { id: font.glyph(c).expect("a glyph"), ..Glyph::default() }).collect();
    let (size, origin) = (Pt(size), Point::new(Pt(x), Pt(y)));
    Item::Glyphs(GlyphRun {
        font: Arc::clone(font),
        size,
        ink: Ink::BLACK,
        origin,
        vertical: false,
        lies: Default::default(),
        stretch: 1.0,
        glyphs,
    })
}

fn block(x: f32, y: f32, w: f32, h: f32, ink: Ink) -> Item {
    Item::Path(Path::filled(vec![Segment::Rect(Rect::new(Pt(x), Pt(y), Pt(w), Pt(h)))], ink))
}

fn symbol(seed: usize) -> Modules {
    let bits =
        (0..33u64).map(|r| (r + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ (seed as u64) << 7) >> 31).collect::<Vec<_>>();
    let (at, module, bits) = (Point::ZERO, Pt(1.4), Arc::from(bits));
    let (heights, reduction, quiet) = (None, Pt::ZERO, crate::base::Edges::default());
    Modules { at, module, columns: 33, rows: 33, bits, heights, reduction, quiet, ink: Ink::BLACK }
}

fn document() -> Document {
    Document {
        title: "秋のご優待 2026".into(),
        date: Some(jiff::civil::date(2026, 10, 1)),
        language: "ja".into(),
        ..Document::default()
    }
}

fn files() -> Files {
    static DIR: OnceLock<tempfile::TempDir> = OnceLock::new();
    Files::open(DIR.get_or_init(|| tempfile::tempdir().expect("a folder")).path()).expect("a campaign's folder")
}

fn card(lists: Vec<(f32, f32, Arc<ItemList>)>) -> Page {
    let lists = lists.into_iter().map(|(x, y, list)| Placed { at: Point::new(Pt(x), Pt(y)), list }).collect();
    Page {
        trim: Size::new(Pt::from_mm(100.0), Pt::from_mm(148.0)),
        bleed: Pt::from_mm(3.0),
        slug: Pt::ZERO,
        name: "".into(),
        lists,
    }
}

/// The benchmark postcard's kind of piece: two pages, some 450 glyphs, a symbol.
fn piece(n: usize, art: &Arc<ItemList>, product: &Arc<ItemList>) -> Vec<Page> {
    let (p, m) = (font(2), font(4));
    let name = ["山田太郎", "佐藤花子", "高橋健", "渡邉美咲"][n % 4];
    let mut front = vec![
        run(m, 14.0, 150.0, 120.0, &format!("{name} 様")),
        run(m, 10.0, 150.0, 90.0, &format!("東京都千代田区丸の内一丁目{}番{}号", n % 30 + 1, n % 17 + 1)),
        run(p, 8.0, 20.0, 380.0, &format!("会員番号 {:08}", n * 7919 % 99_999_999)),
    ];
    for i in 0..6 {
        front.push(run(
            p,
            7.5,
            20.0,
            200.0 + 11.0 * i as f32,
            "いつもご愛顧いただき誠にありがとうございます。秋のご案内です。",
        ));
    }
    let mut back = vec![];
    for i in 0..3 {
        let y = 120.0 + 60.0 * i as f32;
        back.push(Item::List(Point::new(Pt(20.0), Pt(y)), Arc::clone(product)));
        back.push(run(p, 12.0, 120.0, y + 30.0, &format!("{}円", (n * 37 + i * 911) % 9000 + 500)));
    }
    back.push(run(p, 9.0, 20.0, 320.0, &format!("{name}様だけの特別なご優待コード {:010X}", n * 0x1357_9bdf)));
    let mut qr = symbol(n);
    qr.at = Point::new(Pt(220.0), Pt(350.0));
    back.push(Item::Modules(qr));
    vec![
        card(vec![(0.0, 0.0, Arc::clone(art)), (0.0, 0.0, Arc::new(ItemList::new(front, false)))]),
        card(vec![(0.0, 0.0, Arc::clone(art)), (0.0, 0.0, Arc::new(ItemList::new(back, false)))]),
    ]
}

fn art() -> Arc<ItemList> {
    let star = vec![
        Segment::Move(Point::new(Pt(10.0), Pt(0.0))),
        Segment::Cubic(Point::new(Pt(15.0), Pt(0.0)), Point::new(Pt(20.0), Pt(5.0)), Point::new(Pt(20.0), Pt(10.0))),
        Segment::Line(Point::new(Pt(10.0), Pt(20.0))),
        Segment::Close,
    ];
    let edge = Stroke {
        ink: Ink::BLACK,
        width: Pt(0.5),
        dash: vec![Pt(2.0), Pt(1.0)],
        dash_phase: Pt(0.0),
        round_caps: false,
    };
    let leaf = Path { segments: star, fill: Some(Ink::Rgb([0.8, 0.3, 0.1])), even_odd: false, stroke: Some(edge) };
    Arc::new(ItemList::new(
        vec![
            block(-8.504, -8.504, 300.473, 60.0, Ink::Cmyk([0.0, 0.6, 0.8, 0.1])),
            run(font(3), 20.0, 20.0, 35.0, "秋の感謝祭"),
            run(font(2), 8.0, 20.0, 60.0, "毎日の暮らしに、少しの特別を。"),
            Item::Group(GroupItem {
                transform: Affine::translate(Pt(240.0), Pt(10.0)),
                opacity: 0.5,
                ..GroupItem::new(vec![Item::Path(leaf)])
            }),
        ],
        true,
    ))
}

fn product() -> Arc<ItemList> {
    Arc::new(ItemList::new(
        vec![
            block(0.0, 0.0, 60.0, 50.0, Ink::Black(0.1)),
            run(font(3), 9.0, 66.0, 10.0, "有機栽培コーヒー豆 200g"),
            run(font(2), 7.0, 66.0, 20.0, "深い香りとすっきりした後味"),
        ],
        false,
    ))
}

/// Encodes `pieces` pieces in batches on `threads` threads, each batch on whichever comes by, and writes them.
fn file(pieces: usize, threads: usize) -> (Vec<u8>, FileSummary) {
    let (art, product) = (art(), product());
    let starts: Vec<usize> = (0..pieces).step_by(Batch::FULL).collect();
    let mut batches: Vec<(usize, Batch)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let (starts, art, product) = (&starts, &art, &product);
                scope.spawn(move || {
                    let mut encoder = Encoder::new(Compression::Fast);
                    let mine = starts.iter().skip(worker).step_by(threads);
                    mine.map(|&start| {
                        let mut batch = Batch::new();
                        for n in start..pieces.min(start + Batch::FULL) {
                            encoder.encode(&piece(n, art, product), &mut batch).expect("encoded");
                        }
                        (start, batch)
                    })
                    .collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|w| w.join().expect("no panic")).collect()
    });
    batches.sort_by_key(|b| b.0);
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out, document(), files()).expect("begun");
    for (start, batch) in &batches {
        assert_eq!(writer.write(batch, 0..batch.len()).expect("written"), *start as u64 * 2);
    }
    let (summary, _) = writer.finish().expect("finished");
    (out, summary)
}

/// A file of these pages as one piece.
fn small(pages: &[Page]) -> Vec<u8> {
    made(pages, document())
}

fn made(pages: &[Page], document: Document) -> Vec<u8> {
    let mut batch = Batch::new();
    Encoder::new(Compression::Fast).encode(pages, &mut batch).expect("encoded");
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out, document, files()).expect("begun");
    writer.write(&batch, 0..1).expect("written");
    writer.finish().expect("finished");
    out
}

/// What the page shows, as operators with binary bytes in `<>`.
fn operators(page: &Page) -> String {
    let mut batch = Batch::new();
    Encoder::new(Compression::Fast).encode(std::slice::from_ref(page), &mut batch).expect("encoded");
    shown::text(&shown::inflate(&batch.bytes))
}

#[test]
fn a_file_reads_as_expected() {
    let text = run(font(2), 9.0, 10.0, 20.0, "秋A");
    let mut qr = symbol(1);
    (qr.columns, qr.rows, qr.bits) = (3, 2, Arc::from([0b101u64, 0b101]));
    let page = card(vec![(10.0, 20.0, Arc::new(ItemList::new(vec![text, Item::Modules(qr)], false)))]);
    let bytes = small(&[page]);
    assert_eq!(shown::file(&bytes), shown::expected("one_page", &bytes));
}

/// A profile of a press with next to nothing in it.
fn press() -> Arc<Intent> {
    let mut bytes = vec![0; 128];
    bytes[8] = 2;
    bytes[12..20].copy_from_slice(b"prtrCMYK");
    bytes[36..40].copy_from_slice(b"acsp");
    bytes.extend(3u32.to_be_bytes());
    for (tag, at, length) in [(b"desc", 168u32, 16u32), (b"A2B0", 168, 4), (b"B2A0", 168, 4)] {
        bytes.extend(tag);
        bytes.extend(at.to_be_bytes());
        bytes.extend(length.to_be_bytes());
    }
    bytes.extend(b"desc\0\0\0\0\0\0\0\x04Rosa");
    bytes[3] = bytes.len() as u8;
    let profile = Profile::read(&bytes).expect("a profile");
    Arc::new(Intent::new(Arc::new(profile), None, None, None))
}

fn for_press(standard: Standard) -> Document {
    Document { standard, intent: Some(press()), ..document() }
}

#[test]
fn a_file_for_the_press_reads_as_expected() {
    let block = |ink| block(0.0, 0.0, 9.0, 9.0, ink);
    let page = |items| card(vec![(10.0, 20.0, Arc::new(ItemList::new(items, false)))]);
    let black = page(vec![block(Ink::BLACK)]);
    let red = page(vec![block(Ink::Rgb([1.0, 0.0, 0.0])), block(Ink::Cmyk([0.0, 1.0, 1.0, 0.0]))]);
    let bytes = made(&[black, red], for_press(Standard::X4));
    assert_eq!(shown::file(&bytes), shown::expected("press", &bytes));
}

#[test]
fn a_file_with_document_parts_reads_as_expected() {
    let rows = (0..20).map(|i| block(0.0, 3.0 * i as f32, 50.0, 1.0, Ink::Black(0.5))).collect();
    let art = Arc::new(ItemList::new(rows, true));
    let page = |n: u8| {
        let own = block(f32::from(n), 0.0, 9.0, 9.0, Ink::BLACK);
        card(vec![(0.0, 0.0, Arc::clone(&art)), (10.0, 20.0, Arc::new(ItemList::new(vec![own], false)))])
    };
    let mut batch = Batch::new();
    let mut encoder = Encoder::new(Compression::Fast);
    for (id, pages) in [("spring-1", vec![page(1), page(2)]), ("spring-2", vec![page(3)]), ("spring-3", vec![page(4)])]
    {
        encoder.encode(&pages, &mut batch).expect("encoded");
        batch.identify(id, "");
    }
    let document = Document { job: "spring".into(), ..for_press(Standard::Vt1) };
    let mut writer = Writer::new(Vec::new(), document, files()).expect("begun");
    // as where one file ends and the next begins
    writer.write(&batch, 0..2).expect("written");
    writer.write(&batch, 2..3).expect("written");
    let (_, bytes) = writer.finish().expect("finished");
    assert_eq!(shown::file(&bytes), shown::expected("parts", &bytes));
}

#[test]
fn a_standard_wants_a_date_and_a_press() {
    let refused = |document: Document| match Writer::new(Vec::new(), document, files()) {
        Ok(_) => panic!("begun"),
        Err(fault) => fault.to_string(),
    };
    let x4 = || for_press(Standard::X4);
    assert!(refused(Document { date: None, ..x4() }).contains("no date"));
    assert!(refused(Document { intent: None, ..x4() }).contains("no output intent"));
    let screen = Arc::new(Intent::new(crate::asset::profile::srgb(), None, None, None));
    assert!(refused(Document { intent: Some(screen), ..x4() }).contains("not that of a CMYK press"));
}

#[test]
fn equal_input_gives_equal_bytes_whatever_the_threads() {
    let (one, summary) = file(200, 1);
    for threads in [2, 7] {
        let (many, other) = file(200, threads);
        assert!(one == many, "{threads} threads gave other bytes");
        assert_eq!(summary, other);
    }
    assert_eq!(summary.sha256, crate::base::Digest::of(&one));
    assert_eq!((summary.bytes, summary.pages), (one.len() as u64, 400));
}

#[test]
fn every_object_lies_where_the_table_says() {
    let (bytes, summary) = file(130, 1);
    let objects = shown::objects(&bytes);
    assert_eq!(objects.len() as u64, summary.objects);
    assert_eq!(summary.pages, 260);
}

#[test]
fn a_further_piece_costs_little() {
    let bytes = |pieces| file(pieces, 1).0.len();
    let further = (bytes(192) - bytes(64)) / 128;
    assert!(further < 2_300, "{further} bytes a piece");
}

#[test]
fn keeping_a_list_does_not_show() {
    let shared = Arc::new(ItemList::new(
        vec![run(font(2), 9.0, 0.0, 9.0, "同じ"), block(0.0, 0.0, 5.0, 5.0, Ink::BLACK)],
        false,
    ));
    let alone = Arc::new(ItemList::new(shared.items.clone(), false));
    let other = Arc::clone(&shared);
    let with = |list: &Arc<ItemList>| {
        vec![run(font(3), 8.0, 1.0, 2.0, "外"), Item::List(Point::new(Pt(3.0), Pt(4.0)), Arc::clone(list))]
    };
    let kept = operators(&card(vec![(1.0, 2.0, Arc::new(ItemList::new(with(&shared), false)))]));
    drop(other);
    assert!(shared.encoded.get().is_some());
    let items = vec![run(font(3), 8.0, 1.0, 2.0, "外"), Item::List(Point::new(Pt(3.0), Pt(4.0)), alone)];
    assert_eq!(kept, operators(&card(vec![(1.0, 2.0, Arc::new(ItemList::new(items, false)))])));
}

#[test]
fn recurring_art_is_one_form() {
    let rows = (0..20).map(|i| block(0.0, 3.0 * i as f32, 50.0, 1.0, Ink::Black(0.5))).collect();
    let art = Arc::new(ItemList::new(rows, true));
    let pages: Vec<Page> = (0..3).map(|i| card(vec![(i as f32, 0.0, Arc::clone(&art))])).collect();
    let bytes = small(&pages);
    let objects = shown::objects(&bytes);
    let forms: Vec<_> = objects.values().filter(|o| o.contains("/Subtype/Form")).collect();
    assert_eq!(forms.len(), 1, "{forms:?}");
    assert!(forms[0].contains("/BBox[0 -58 50 0]"), "{}", forms[0]);
    assert!(operators(&pages[0]).ends_with(" Do\nQ\n"));
}

#[test]
fn a_translucent_group_is_blended_as_a_whole() {
    let items = vec![block(0.0, 0.0, 9.0, 9.0, Ink::BLACK), block(5.0, 5.0, 9.0, 9.0, Ink::PAPER)];
    let group = |items| GroupItem { opacity: 0.35, ..GroupItem::new(items) };
    let page = |group| card(vec![(0.0, 0.0, Arc::new(ItemList::new(vec![Item::Group(group)], false)))]);
    let bytes = small(&[page(group(items.clone()))]);
    let all: String = shown::objects(&bytes).into_values().collect();
    assert!(all.contains("/Group<</S/Transparency>>"));
    assert!(all.contains("/Group<</S/Transparency/CS/DeviceCMYK>>"), "the page says where it is blended");
    assert!(all.contains("/G.35<</ca .35/CA .35>>"));
    let one = operators(&page(group(items[..1].to_vec())));
    assert!(one.contains("/G.35 gs\n0 0 0 1 k\n") && !one.contains("Do"), "a single shape needs no form: {one}");
}

#[test]
fn spacing_is_kept_to_the_thousandth_along_a_line() {
    let Item::Glyphs(mut run) = run(font(2), 10.0, 0.0, 0.0, "あああ") else { return };
    run.glyphs.iter_mut().for_each(|g| g.extra = -0.5);
    run.glyphs[1].dy = 100.0;
    let id = run.glyphs[0].id;
    let page = card(vec![(0.0, 0.0, Arc::new(ItemList::new(vec![Item::Glyphs(run)], false)))]);
    let code = format!("({})", shown::text(&id.to_be_bytes()));
    let code = &code[1..code.len() - 1];
    let all = operators(&page);
    let want = format!("[({code})]TJ 1 Ts[({code})1()]TJ 0 Ts[({code})]TJ\n");
    assert!(all.contains(&want), "{all} does not hold {want}");
}

#[test]
fn a_run_that_is_scaled_along_its_line_has_a_matrix_of_its_own() {
    let Item::Glyphs(mut flat) = run(font(2), 10.0, 3.0, 4.0, "ああ") else { return };
    flat.stretch = 0.8;
    let mut tall = flat.clone();
    tall.vertical = true;
    let items = vec![Item::Glyphs(flat), run(font(2), 10.0, 3.0, 20.0, "あ"), Item::Glyphs(tall)];
    let all = operators(&card(vec![(0.0, 0.0, Arc::new(ItemList::new(items, false)))]));
    assert!(all.contains(".8 0 0 1 3 -4 Tm("), "{all}");
    assert!(all.contains("1 0 0 .8 3 -4 Tm("), "{all}");
    assert!(all.contains("BT\n3 -20 Td("), "what follows is counted from the page again: {all}");
}

#[test]
fn a_slug_lies_between_the_bleed_and_the_edge_of_the_sheet() {
    let page = Page {
        slug: Pt(10.0),
        bleed: Pt(5.0),
        trim: Size::new(Pt(100.0), Pt(200.0)),
        name: "".into(),
        lists: Vec::new(),
    };
    let all: String = shown::objects(&small(&[page])).into_values().collect();
    for wanted in ["/MediaBox[0 0 130 230]", "/BleedBox[10 10 120 220]", "/TrimBox[15 15 115 215 ]"] {
        assert!(all.contains(wanted), "{wanted} is not in {all}");
    }
}

#[test]
fn what_cannot_be_drawn_leaves_the_batch_as_it_was() {
    let mut batch = Batch::new();
    let mut encoder = Encoder::new(Compression::Fast);
    let good = card(vec![(0.0, 0.0, art())]);
    encoder.encode(std::slice::from_ref(&good), &mut batch).expect("encoded");
    let bytes = batch.bytes.len();
    for bad in [f32::NAN, f32::INFINITY, 1e12] {
        let page = card(vec![(0.0, 0.0, Arc::new(ItemList::new(vec![block(bad, 0.0, 1.0, 1.0, Ink::BLACK)], false)))]);
        let fault = encoder.encode(&[good.clone(), page], &mut batch).expect_err("no number");
        assert!(matches!(fault, Fault::NotANumber { page: 1 }), "{fault}");
    }
    let Item::Glyphs(mut run) = run(font(2), 10.0, 0.0, 0.0, "あ") else { return };
    run.glyphs[0].id = u16::MAX;
    let page = card(vec![(0.0, 0.0, Arc::new(ItemList::new(vec![Item::Glyphs(run)], false)))]);
    let fault = encoder.encode(&[page], &mut batch).expect_err("no glyph");
    assert!(matches!(fault, Fault::NoSuchGlyph { page: 0, glyph: u16::MAX, .. }), "{fault}");
    assert_eq!((batch.len(), batch.sheets.len(), batch.bytes.len()), (1, 1, bytes));
}

#[test]
fn the_text_comes_back_out() {
    let (bytes, _) = file(2, 1);
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("card.pdf");
    std::fs::write(&path, bytes).expect("written");
    // Poppler is asked where it is installed; the structure is tested elsewhere.
    let Ok(found) = std::process::Command::new("pdftotext").arg(&path).arg("-").output() else { return };
    let text = String::from_utf8_lossy(&found.stdout);
    for wanted in ["山田太郎 様", "佐藤花子 様", "東京都千代田区丸の内", "有機栽培コーヒー豆 200g", "秋の感謝祭"]
    {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
}
