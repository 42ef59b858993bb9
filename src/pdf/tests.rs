//! Whole files, read back and shown as text.

use std::sync::{Arc, OnceLock};

use super::{Batch, Compression, Document, Encoder, FileSummary, Writer};
use crate::asset::fallback::FontSet;
use crate::asset::font::{Font, FontId};
use crate::asset::loader::Files;
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
    Item::Glyphs(GlyphRun { font: Arc::clone(font), size, ink: Ink::BLACK, origin, vertical: false, glyphs })
}

fn block(x: f32, y: f32, w: f32, h: f32, ink: Ink) -> Item {
    Item::Path(Path::filled(vec![Segment::Rect(Rect::new(Pt(x), Pt(y), Pt(w), Pt(h)))], ink))
}

fn symbol(seed: usize) -> Modules {
    let bits =
        (0..33u64).map(|r| (r + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ (seed as u64) << 7) >> 31).collect::<Vec<_>>();
    Modules { at: Point::ZERO, module: Pt(1.4), columns: 33, rows: 33, bits: Arc::from(bits), ink: Ink::BLACK }
}

fn document() -> Document {
    Document {
        title: "秋のご優待 2026".into(),
        date: jiff::civil::date(2026, 10, 1),
        language: "ja".into(),
        compression: Compression::Fast,
        spool: None,
    }
}

fn files() -> Files {
    static DIR: OnceLock<tempfile::TempDir> = OnceLock::new();
    Files::open(DIR.get_or_init(|| tempfile::tempdir().expect("a folder")).path()).expect("a campaign's folder")
}

fn card(lists: Vec<(f32, f32, Arc<ItemList>)>) -> Page {
    let lists = lists.into_iter().map(|(x, y, list)| Placed { at: Point::new(Pt(x), Pt(y)), list }).collect();
    Page { trim: Size::new(Pt::from_mm(100.0), Pt::from_mm(148.0)), bleed: Pt::from_mm(3.0), lists }
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
                clip: None,
                opacity: 0.5,
                items: vec![Item::Path(leaf)],
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

fn file(pieces: usize, write: &mut impl std::io::Write) -> FileSummary {
    let (art, product) = (art(), product());
    let mut writer = Writer::new(write, document(), files()).expect("begun");
    let mut encoder = Encoder::new(Compression::Fast);
    let mut batch = Batch::new();
    for n in 0..pieces {
        encoder.encode(&piece(n, &art, &product), &mut batch).expect("encoded");
        if batch.len() == Batch::FULL || n + 1 == pieces {
            writer.write(&batch, 0..batch.len()).expect("written");
            batch.clear();
        }
    }
    writer.finish().expect("finished").0
}

#[test]
fn sample() {
    let mut out = Vec::new();
    let summary = file(200, &mut out);
    assert_eq!(summary.bytes, out.len() as u64);

    println!("{summary:?}");
}
