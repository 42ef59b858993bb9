//! Other scripts than Japanese and Latin: Hebrew and Arabic from right to left, Thai without spaces between words. The
//! faces are small subsets of Noto.

use std::sync::Arc;

use super::{Drawn, Fixture, all, document, drawn, round};
use crate::asset::fallback::FontSet;
use crate::asset::font::FontData;
use crate::page::Page;

static ARABIC: &[u8] = include_bytes!("../../../tests/fixtures/fonts/NotoSansArabic-subset.ttf");
static HEBREW: &[u8] = include_bytes!("../../../tests/fixtures/fonts/NotoSansHebrew-subset.ttf");
static THAI: &[u8] = include_bytes!("../../../tests/fixtures/fonts/NotoSansThai-subset.ttf");

#[track_caller]
fn page(css: &str, body: &str) -> Page {
    let mut fixture = Fixture::new(|shared| {
        let mut fonts = FontSet::shipped();
        for (name, bytes) in [("Arabic", ARABIC), ("Hebrew", HEBREW), ("Thai", THAI)] {
            fonts.add(FontData::Shipped(bytes), 0, name, 400, false).expect("a font");
        }
        shared.fonts = Arc::new(fonts);
    });
    let (mut pages, faults) = fixture.compose(&document(css, body));
    assert_eq!(faults, [], "no faults");
    assert_eq!(pages.len(), 1);
    pages.remove(0)
}

/// Lines from top to bottom, each as the eye reads it from the left, with the place of its first glyph.
fn lines(page: &Page) -> Vec<(String, f32)> {
    let mut glyphs: Vec<(f32, f32, char)> = Vec::new();
    for d in drawn(page) {
        if let Drawn::Text(at, run) = d {
            let mut x = at.x.0;
            for g in &run.glyphs {
                glyphs.push((at.y.0, x, run.font.text_of(g.id).unwrap_or('\u{FFFD}')));
                let natural = f32::from(run.font.advance(g.id)) / f32::from(run.font.units_per_em);
                x += run.size.0 * (natural + g.extra / 1000.0);
            }
        }
    }
    glyphs.sort_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).expect("numbers"));
    let mut lines: Vec<(f32, String, f32)> = Vec::new();
    for (y, x, c) in glyphs {
        match lines.last_mut() {
            Some(line) if (line.0 - y).abs() < 1.0 => line.1.push(c),
            _ => lines.push((y, c.to_string(), round(x))),
        }
    }
    lines.into_iter().map(|(_, text, x)| (text, x)).collect()
}

fn read(css: &str, body: &str) -> Vec<String> {
    lines(&page(css, body)).into_iter().map(|l| l.0).collect()
}

#[test]
fn hebrew_among_japanese_runs_from_right_to_left() {
    assert_eq!(read("", "<p>秋שלום冬"), ["秋םולש冬"]);
    assert_eq!(read("", "<p dir=rtl>秋שלום冬"), ["冬םולש秋"]);
    // Numbers keep their order; brackets are turned and still open before what they hold.
    assert_eq!(read("", "<p dir=rtl>של (12) ום"), ["םו (12) לש"]);
}

#[test]
fn lines_are_broken_before_they_are_put_in_order() {
    assert_eq!(read("p{width:30pt}", "<p dir=rtl>שלום עולם"), ["םולש", "םלוע"]);
}

#[test]
fn a_right_to_left_block_begins_at_the_right() {
    let at = |css: &str| lines(&page(&format!("p{{width:100pt;{css}}}"), "<p>秋冬"))[0].1;
    assert_eq!(at(""), 0.0);
    assert_eq!(at("direction:rtl"), 80.0);
    assert_eq!(at("direction:rtl;text-align:end"), 0.0);
    assert_eq!(at("direction:rtl;text-align:left"), 0.0);
    assert_eq!(at("direction:rtl;text-align:justify"), 80.0, "the last line");
}

#[test]
fn the_direction_can_be_overridden_and_isolated() {
    assert_eq!(read("", "<p>秋<bdo dir=rtl>春夏冬</bdo>冬"), ["秋冬夏春冬"]);
    assert_eq!(read("p{direction:rtl;unicode-bidi:bidi-override}", "<p>春夏冬"), ["冬夏春"]);
    // Without isolation the number would be drawn to the name before it.
    assert_eq!(read("", "<p>秋 <bdi>שלום</bdi>: 3"), ["秋 םולש: 3"]);
    assert_eq!(read("", "<p>秋 <span>שלום</span>: 3"), ["秋 3 :םולש"]);
    assert_eq!(read("", "<p dir=auto>שלום秋</p><p dir=auto>秋שלום</p>"), ["秋םולש", "秋םולש"]);
}

#[test]
fn arabic_letters_join() {
    let page = page("", "<p dir=rtl>بببب");
    let ids: Vec<u16> = drawn(&page)
        .into_iter()
        .flat_map(|d| if let Drawn::Text(_, run) = d { run.glyphs.iter().map(|g| g.id).collect() } else { vec![] })
        .collect();
    assert!(ids.len() >= 4);
    assert!(ids.first() != ids.last() && ids.get(1) != ids.first(), "first, middle and last forms differ: {ids:?}");
}

#[test]
fn grounds_and_ends_of_inline_elements_go_round_their_text() {
    let p = page("b{font-weight:400;background:red;padding-left:2pt;padding-right:6pt}", "<p>秋<b>של</b>冬");
    let red = all(&p, "red")[0];
    let text = lines(&p);
    assert_eq!(text[0].0, "秋לש冬");
    assert_eq!(red[0], 10.0);
    // Behind a word of its own direction, the element ends at its left.
    let p = page("b{font-weight:400;background:red;padding-left:2pt;padding-right:6pt}", "<p>秋של <b>ום</b>");
    let (red, text) = (all(&p, "red"), lines(&p));
    assert_eq!((red.len(), text[0].0.as_str()), (1, "秋םו לש"));
    assert_eq!(red[0][0], 10.0);
    let p = page("b{font-weight:400;background:red;padding-left:2pt;padding-right:6pt}", "<p dir=rtl>של <b>ום</b> של");
    let red = all(&p, "red");
    assert_eq!(red.len(), 1);
    assert!(red[0][2] > 8.0, "{red:?}");
}

#[test]
fn blocks_flex_items_and_markers_begin_at_the_right() {
    let p = page(
        "div{width:100pt}i{display:block;width:30pt;height:5pt;background:red}.f{display:flex}\
         .f i{background:lime}.f i+i{width:20pt;background:blue}",
        "<div dir=rtl><i></i></div><div dir=rtl class=f><i></i><i></i></div>",
    );
    assert_eq!(all(&p, "red")[0][0], 70.0);
    assert_eq!(all(&p, "lime")[0][0], 70.0);
    assert_eq!(all(&p, "blue")[0][0], 50.0);
    let p = page("ul{width:100pt}li{margin-right:20pt}", "<ul dir=rtl><li>秋</ul>");
    let x: Vec<f32> = super::texts(&p).iter().map(|t| t.0).collect();
    assert!(x[0] == 70.0 && x[1] > 80.0, "{x:?}");
}

#[test]
fn thai_is_broken_between_words_and_not_inside_them() {
    // "price special for members"
    let broken = read("p{width:42pt}", "<p>ราคาพิเศษสำหรับสมาชิก");
    assert!(broken.len() > 1, "{broken:?}");
    let joined: String = broken.concat();
    assert_eq!(joined.chars().filter(|c| *c == '\u{FFFD}').count(), 0, "{broken:?}");
    let first: String = broken[0].chars().filter(|c| ('ก'..='ฮ').contains(c)).collect();
    assert!(["รค", "รคพศษ", "รคพศษสหรบ"].contains(&first.as_str()), "{broken:?}");
}

#[test]
fn korean_is_broken_between_syllables_or_kept() {
    let count = |css: &str, body: &str| {
        let mut fixture = Fixture::new(|_| {});
        let (pages, _) = fixture.compose(&document(&format!("p{{width:30pt;{css}}}"), body));
        let mut ys: Vec<f32> = super::texts(&pages[0]).iter().map(|t| t.1).collect();
        ys.dedup();
        ys.len()
    };
    // No shipped face has Hangul: the missing glyphs are as wide as any.
    assert!(count("", "<p lang=ko>가나다라마바사") > 1);
    assert_eq!(count("word-break:keep-all", "<p lang=ko>가나다라마바사"), 1);
}
