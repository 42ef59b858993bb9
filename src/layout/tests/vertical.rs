//! Vertical writing: boxes of one direction inside those of another, and how characters stand in vertical lines
//! (CSS Writing Modes 4).

use super::{Drawn, Fixture, compose, document, drawn, images, mm, page, pt, round, texts, told};
use crate::page::{GlyphRun, Lies, Page};

/// How far the middle of BIZ UDGothic's ascent and descent lies above its baseline, at 10 pt: (1802 − 246) / 2 of 2048.
const MIDDLE: f32 = 3.8;

fn runs(page: &Page) -> Vec<(f32, f32, GlyphRun)> {
    let of = |d| match d {
        Drawn::Text(at, run) => Some((round(at.x.0), round(at.y.0), run)),
        _ => None,
    };
    drawn(page).into_iter().filter_map(of).collect()
}

#[test]
fn kanji_stand_and_letters_lie_on_their_side() {
    let p = page(".v{writing-mode:vertical-rl;text-autospace:no-autospace}", "<div class=v>東京AB</div>");
    let runs = runs(&p);
    assert_eq!(runs.len(), 2);
    let (x, y, kanji) = &runs[0];
    assert_eq!((*x, *y, kanji.glyphs.len()), (5.0, 0.0, 2), "hung by the middle of the line");
    assert!(kanji.vertical && kanji.lies == Lies::Level);
    let (x, y, letters) = &runs[1];
    assert_eq!((*x, *y, letters.glyphs.len()), (round(5.0 - MIDDLE), 20.0, 2), "centred by ascent and descent");
    assert!(!letters.vertical && letters.lies == Lies::Right);
}

#[test]
fn text_orientation_turns_everything_or_nothing() {
    let all = |css: &str| {
        let p = page(&format!(".v{{writing-mode:vertical-rl;{css}}}"), "<div class=v>東A</div>");
        runs(&p).into_iter().map(|(x, y, r)| (x, y, r.vertical, r.lies, r.glyphs.len())).collect::<Vec<_>>()
    };
    assert_eq!(all("text-orientation:upright;text-autospace:no-autospace"), [(5.0, 0.0, true, Lies::Level, 2)]);
    let baseline = round(5.0 - MIDDLE);
    assert_eq!(
        all("text-orientation:sideways;text-autospace:no-autospace"),
        [(baseline, 0.0, false, Lies::Right, 2)],
        "on the alphabetic baseline"
    );
}

#[test]
fn sideways_lines_have_all_glyphs_on_one_side() {
    let p = page(".v{writing-mode:sideways-rl;text-autospace:no-autospace}", "<div class=v>東A</div>");
    let r = runs(&p);
    assert_eq!((r[0].2.lies, r[0].2.glyphs.len()), (Lies::Right, 2));
    let p = page(".v{writing-mode:sideways-lr;height:50pt;text-autospace:no-autospace}", "<div class=v>東A</div>");
    let r = runs(&p);
    assert_eq!((r[0].0, r[0].1, r[0].2.lies), (round(5.0 + MIDDLE), 50.0, Lies::Left), "from the foot upwards");
}

#[test]
fn lines_follow_one_another_to_the_left_or_to_the_right() {
    let columns = |mode: &str| {
        let p = page(&format!(".v{{writing-mode:{mode}}}"), "<div class=v>一<br>二<br>三</div>");
        texts(&p).into_iter().map(|t| t.0).collect::<Vec<_>>()
    };
    assert_eq!(columns("vertical-rl"), [25.0, 15.0, 5.0]);
    assert_eq!(columns("vertical-lr"), [5.0, 15.0, 25.0]);
}

#[test]
fn lines_break_at_the_height_of_the_box() {
    let p = page(".v{writing-mode:vertical-rl;height:40pt}", "<div class=v>一二三四五六七八九</div>");
    assert_eq!(texts(&p), [(25.0, 0.0, 4), (15.0, 0.0, 4), (5.0, 0.0, 1)]);
}

#[test]
fn brackets_and_stops_take_their_vertical_forms() {
    let p = page(".v{writing-mode:vertical-rl;text-spacing-trim:space-all}", "<div class=v>「あ、。ー」</div>");
    let run = &runs(&p)[0].2;
    assert_eq!(run.glyphs.len(), 6, "one run, all upright");
    for (glyph, c) in run.glyphs.iter().zip("「あ、。ー」".chars()) {
        let flat = run.font.glyph(c).unwrap();
        assert_eq!(glyph.id != flat, c != 'あ' || run.font.has_vertical_form(flat), "{c}");
        let mut text = String::new();
        assert!(run.font.text(glyph.id, &mut text) && text == c.to_string(), "{c} can be had back: {text}");
    }
}

#[test]
fn a_box_is_as_wide_as_its_lines_and_as_high_as_its_text() {
    let p = page(".v{writing-mode:vertical-rl;background:red}", "<div class=v>一二三<br>四</div>");
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 20.0, 30.0]);
}

#[test]
fn sides_are_those_of_the_paper() {
    let css = ".v{writing-mode:vertical-rl;width:50pt;height:60pt;background:red;padding:1pt 2pt 3pt 4pt;margin:5pt 6pt 7pt 8pt;
        border-style:solid;border-color:black;border-width:1pt 2pt 3pt 4pt} p{background:lime}";
    let p = page(css, "<div class=v><p>一</div>");
    assert_eq!(pt(&p, "red"), [8.0, 5.0, 50.0 + 12.0, 60.0 + 8.0]);
    assert_eq!(
        pt(&p, "lime"),
        [8.0 + 8.0 + 40.0, 5.0 + 2.0, 10.0, 60.0],
        "a line at the right edge, as long as the box"
    );
}

#[test]
fn blocks_follow_one_another_to_the_left_and_their_margins_meet() {
    let css = ".v{writing-mode:vertical-rl;width:100pt;height:50pt} p{margin:0 4pt} .a{background:red}.b{background:lime;margin-right:9pt}";
    let p = page(css, "<div class=v><p class=a>一<p class=b>二</div>");
    assert_eq!(pt(&p, "red"), [86.0, 0.0, 10.0, 50.0]);
    assert_eq!(pt(&p, "lime"), [86.0 - 9.0 - 10.0, 0.0, 10.0, 50.0]);
}

#[test]
fn percentages_and_sizes_of_children_are_of_the_paper() {
    let css = ".v{writing-mode:vertical-rl;width:80pt;height:50pt} .a{width:50%;height:40%;background:red}";
    let p = page(css, "<div class=v><div class=a></div></div>");
    assert_eq!(pt(&p, "red"), [40.0, 0.0, 40.0, 20.0]);
}

#[test]
fn absolute_boxes_keep_to_the_sides_of_the_paper() {
    let css = ".v{writing-mode:vertical-rl;width:80pt;height:50pt;position:relative} .a{position:absolute;background:red;width:10pt;height:6pt}";
    let of = |inset: &str| pt(&page(&format!("{css}.a{{{inset}}}"), "<div class=v><div class=a></div></div>"), "red");
    assert_eq!(of("right:3pt;top:4pt"), [67.0, 4.0, 10.0, 6.0]);
    assert_eq!(of("left:3pt;bottom:4pt"), [3.0, 40.0, 10.0, 6.0]);
    assert_eq!(of(""), [70.0, 0.0, 10.0, 6.0], "where it would stand: at the start of the first line");
    let out = page(&format!("{css}.v{{position:static}}.a{{}}"), "<div class=v><div class=a></div></div>");
    assert_eq!(pt(&out, "red"), [70.0, 0.0, 10.0, 6.0], "also where the page is its containing block");
}

#[test]
fn relative_positions_are_of_the_paper() {
    let css = ".v{writing-mode:vertical-rl;width:80pt;height:50pt} .a{position:relative;left:-3pt;top:2pt;background:red;width:10pt}";
    let p = page(css, "<div class=v><div class=a></div></div>");
    assert_eq!(pt(&p, "red"), [67.0, 2.0, 10.0, 50.0]);
}

#[test]
fn flex_rows_run_down_and_columns_to_the_left() {
    let css = ".v{writing-mode:vertical-rl;width:60pt;height:50pt;display:flex;gap:2pt} .a{background:red;width:10pt;height:10pt}.b{background:lime;flex:1}";
    let body = "<div class=v><div class=a></div><div class=b></div></div>";
    let p = page(css, body);
    assert_eq!(pt(&p, "red"), [50.0, 0.0, 10.0, 10.0]);
    assert_eq!(pt(&p, "lime"), [0.0, 12.0, 60.0, 38.0], "what is left of the height, and all of the width");
    let p = page(&format!("{css}.v{{flex-direction:column}}"), body);
    assert_eq!(pt(&p, "red"), [50.0, 0.0, 10.0, 10.0]);
    assert_eq!(pt(&p, "lime"), [0.0, 0.0, 48.0, 50.0]);
}

#[test]
fn a_vertical_box_is_an_item_of_a_horizontal_flex_row() {
    let css = ".f{display:flex} .v{writing-mode:vertical-rl;background:red}.b{background:lime;width:20pt}";
    let p = page(css, "<div class=f><div class=v>一二三<br>四五</div><div class=b></div></div>");
    assert_eq!(pt(&p, "red"), [0.0, 0.0, 20.0, 30.0]);
    assert_eq!(pt(&p, "lime"), [20.0, 0.0, 20.0, 30.0], "stretched to the height of the text");
}

#[test]
fn pictures_and_symbols_stand_upright() {
    let css = ".v{writing-mode:vertical-rl;width:100pt;height:90pt}img{display:block}bar-code{display:block;width:20pt;height:20pt;margin-right:8pt}";
    let p = page(css, "<div class=v><img src=wide.png><bar-code type=qr value=x quiet=0></bar-code></div>");
    assert_eq!(images(&p), [[70.0, 0.0, 30.0, 15.0]]);
    let symbols: Vec<_> = drawn(&p)
        .into_iter()
        .filter_map(|d| match d {
            Drawn::Modules(at, m) => Some((round(at.x.0), round(at.y.0), round(m.module.0 * f32::from(m.columns)))),
            _ => None,
        })
        .collect();
    assert_eq!(symbols, [(42.0, 0.0, 20.0)]);
}

#[test]
fn a_picture_in_a_vertical_line_is_centred_on_it() {
    let p = page(".v{writing-mode:vertical-rl;line-height:20pt}", "<div class=v>一<img src=tall.png>二</div>");
    assert_eq!(images(&p), [[2.5, 10.0, 15.0, 30.0]]);
    assert_eq!(texts(&p), [(10.0, 0.0, 2)], "one run, with room for the picture in it");
}

#[test]
fn a_horizontal_box_stands_in_a_vertical_one() {
    let css =
        ".v{writing-mode:vertical-rl;width:100pt;height:90pt}.h{writing-mode:horizontal-tb;background:red;width:40pt}";
    let p = page(css, "<div class=v>一<div class=h>横書き<br>二行</div></div>");
    assert_eq!(pt(&p, "red"), [50.0, 0.0, 40.0, 20.0]);
    let runs = runs(&p);
    assert!(runs[0].2.vertical && !runs[1].2.vertical);
    assert_eq!((runs[1].0, runs[2].0), (50.0, 50.0));
    assert_eq!(round(runs[2].1 - runs[1].1), 10.0, "its lines go down");
}

#[test]
fn digits_stand_side_by_side() {
    let css = ".v{writing-mode:vertical-rl;text-combine-upright:digits 2}";
    let p = page(css, "<div class=v>平成12年345</div>");
    let runs = runs(&p);
    let (x, y, digits) = &runs[1];
    assert!(!digits.vertical && digits.lies == Lies::Level && digits.glyphs.len() == 2);
    assert_eq!((*x, *y), (0.0, round(20.0 + 5.0 + MIDDLE)), "10 pt wide, in the square from 20 to 30");
    assert_eq!((runs[2].0, runs[2].1), (5.0, 30.0), "the next character follows after one em");
    assert_eq!(runs[3].2.lies, Lies::Right, "three digits are not combined");
}

#[test]
fn what_is_too_wide_for_one_em_is_made_narrower() {
    let css = ".v{writing-mode:vertical-rl}.t{text-combine-upright:all}";
    let p = page(css, "<div class=v>第<span class=t>100</span>回</div>");
    let runs = runs(&p);
    let width: f32 = runs[1]
        .2
        .glyphs
        .iter()
        .map(|g| f32::from(runs[1].2.font.advance(g.id)) / 2048.0 * 10.0 * runs[1].2.stretch)
        .sum();
    assert!(width <= 10.001, "{width}");
    assert_eq!(runs[2].1, 20.0);
}

#[test]
fn combined_digits_break_from_their_neighbours_like_a_character() {
    let css = ".v{writing-mode:vertical-rl;height:30pt;text-combine-upright:digits 2}";
    let p = page(css, "<div class=v>一二三12四五</div>");
    let tops: Vec<(f32, f32)> = runs(&p).into_iter().map(|r| (r.0, r.1)).collect();
    assert_eq!(tops.first(), Some(&(15.0, 0.0)));
    assert_eq!(tops.get(1).map(|t| t.0), Some(0.0), "the digits begin the second line");
}

#[test]
fn the_page_begins_at_the_right_when_its_body_is_vertical() {
    let p = page("body{writing-mode:vertical-rl}p{background:red}", "<p>一二三</p>");
    let [x, y, width, height] = mm(&p, "red");
    assert_eq!((round(x + width), y, height), (100.0, 0.0, 100.0));
    let p = page("html{writing-mode:vertical-lr}p{background:red}", "<p>一二三</p>");
    assert_eq!(pt(&p, "red")[..2], [0.0, 0.0]);
}

#[test]
fn pages_break_in_vertical_bodies() {
    let (pages, faults) =
        compose("body{writing-mode:vertical-rl}.b{break-before:page}p{background:red}", "<p>一</p><p class=b>二</p>");
    assert_eq!(faults, []);
    assert_eq!(pages.len(), 2);
    for p in &pages {
        let [x, _, width, _] = mm(p, "red");
        assert_eq!(round(x + width), 100.0);
    }
}

#[test]
fn lines_are_aligned_along_themselves() {
    let css = |align: &str| format!(".v{{writing-mode:vertical-rl;height:50pt;text-align:{align}}}");
    let top = |align: &str| texts(&page(&css(align), "<div class=v>一二三</div>"))[0].1;
    assert_eq!([top("start"), top("center"), top("end"), top("right")], [0.0, 10.0, 20.0, 20.0]);
}

#[test]
fn text_that_is_too_long_is_told_with_the_side_of_the_paper() {
    let (_, faults) =
        compose(".v{writing-mode:vertical-rl;height:20pt;white-space:nowrap}", "<div class=v>一二三四</div>");
    assert_eq!(told(&faults), [("overflow", ".v")]);
    assert!(
        faults[0].to_string().contains("high") || format!("{:?}", faults[0].kind).contains("Vertical"),
        "{:?}",
        faults[0]
    );
}

#[test]
fn logical_sides_follow_the_direction_of_writing() {
    let css = ".v{writing-mode:vertical-rl;width:100pt;height:50pt}\
        .a{inline-size:20pt;block-size:10pt;margin-block-start:3pt;margin-inline-start:4pt;background:red}";
    let p = page(css, "<div class=v><div class=a></div></div>");
    assert_eq!(pt(&p, "red"), [100.0 - 3.0 - 10.0, 4.0, 10.0, 20.0]);
    let css = ".a{inline-size:20pt;block-size:10pt;margin-inline-start:4pt;margin-left:5pt;background:red}";
    assert_eq!(pt(&page(css, "<div class=a></div>"), "red"), [5.0, 0.0, 20.0, 10.0], "the later one wins");
    let css = ".a{width:20pt;height:10pt;margin-left:5pt;margin-inline-start:4pt;background:red}";
    assert_eq!(pt(&page(css, "<div class=a></div>"), "red"), [4.0, 0.0, 20.0, 10.0]);
}

#[test]
fn vertical_pages_are_the_same_without_caches() {
    let css = ".v{writing-mode:vertical-rl;height:60pt;background:red;text-combine-upright:digits 2}.l{writing-mode:vertical-lr}";
    let body = "<div class=v>令和8年12月<p>「東京」AB</p><div class=l>左から<img src=wide.png></div></div>";
    let html = document(css, body);
    let mut seen = Vec::new();
    for caches in [true, false] {
        let mut fixture = Fixture::new(|s| s.options.caches = caches);
        for _ in 0..3 {
            let (pages, faults) = fixture.compose(&html);
            assert_eq!(faults, []);
            seen.push(format!("{:?}", drawn(&pages[0])));
        }
    }
    assert!(seen.iter().all(|s| *s == seen[0]));
}
