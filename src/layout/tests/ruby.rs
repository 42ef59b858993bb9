//! Ruby, by hand from JLREQ 3.3: 10 pt BIZ UDGothic, where every character is one em wide, and readings of 5 pt.

use super::{Drawn, all, compose, drawn, page, round, told};
use crate::page::Page;

/// Every glyph with the place of its origin.
fn glyphs(page: &Page) -> Vec<(char, f32, f32)> {
    let mut out = Vec::new();
    for d in drawn(page) {
        if let Drawn::Text(at, run) = d {
            let em = run.size.0 * run.stretch;
            let mut x = at.x.0;
            for g in &run.glyphs {
                out.push((run.font.text_of(g.id).unwrap_or('\u{FFFD}'), round(x), round(at.y.0)));
                x += em * (f32::from(run.font.advance(g.id)) / f32::from(run.font.units_per_em) + g.extra / 1000.0);
            }
        }
    }
    out
}

/// The characters with their places along the line, in the order of the page.
fn along(css: &str, body: &str) -> Vec<(char, f32)> {
    glyphs(&page(&format!("p{{line-height:20pt;text-autospace:no-autospace}}{css}"), body))
        .into_iter()
        .map(|(c, x, _)| (c, x))
        .collect()
}

#[track_caller]
fn set(css: &str, body: &str, expected: &[(char, f32)]) {
    assert_eq!(along(css, body), expected, "{css} {body}");
}

#[test]
fn a_reading_is_centred_over_its_base_and_follows_it_in_the_text() {
    set("", "<p>あ<ruby>漢<rt>か</rt></ruby>い", &[('あ', 0.0), ('漢', 10.0), ('か', 12.5), ('い', 20.0)]);
    set("", "<p><ruby>漢<rt>かん</rt></ruby>い", &[('漢', 0.0), ('か', 0.0), ('ん', 5.0), ('い', 10.0)]);
}

#[test]
fn a_short_reading_is_spread_twice_as_much_between_as_at_the_ends() {
    // 30 − 10 = 20 pt over two characters: 5 before, 10 between, 5 behind.
    set(
        "",
        "<p><ruby>東西南<rt>かき</rt></ruby>",
        &[('東', 0.0), ('西', 10.0), ('南', 20.0), ('か', 5.0), ('き', 20.0)],
    );
    // At the ends never more than one character of the ruby.
    set(
        "",
        "<p><ruby>一二三四五<rt>かき</rt></ruby>",
        &[('一', 0.0), ('二', 10.0), ('三', 20.0), ('四', 30.0), ('五', 40.0), ('か', 5.0), ('き', 40.0)],
    );
    set("ruby{ruby-align:center}", "<p><ruby>東西<rt>か</rt></ruby>", &[('東', 0.0), ('西', 10.0), ('か', 7.5)]);
    set("ruby{ruby-align:start}", "<p><ruby>東西<rt>か</rt></ruby>", &[('東', 0.0), ('西', 10.0), ('か', 0.0)]);
    set(
        "ruby{ruby-align:space-between}",
        "<p><ruby>東西<rt>かき</rt></ruby>",
        &[('東', 0.0), ('西', 10.0), ('か', 0.0), ('き', 15.0)],
    );
}

#[test]
fn a_long_reading_reaches_over_kana_and_not_over_ideographs() {
    // 25 pt over 10 pt: 7.5 stand out on both sides, of which kana take 5, one character of the ruby.
    let over = along("", "<p>の<ruby>承<rt>うけたまわ</rt></ruby>る");
    assert_eq!(over[0..3], [('の', 0.0), ('承', 12.5), ('う', 5.0)]);
    assert_eq!(over[7], ('る', 25.0));
    let beside = along("", "<p>字<ruby>承<rt>うけたまわ</rt></ruby>漢");
    assert_eq!(beside[0..3], [('字', 0.0), ('承', 17.5), ('う', 10.0)]);
    assert_eq!(beside[7], ('漢', 35.0));
    let forbidden = along("p{ruby-overhang:none}", "<p>の<ruby>承<rt>うけたまわ</rt></ruby>る");
    assert_eq!(forbidden[7], ('る', 35.0));
    // The space behind 」 and before 「 gives half a character.
    let brackets = along("p{text-spacing-trim:space-all}", "<p>」<ruby>志<rt>こころざし</rt></ruby>「");
    assert_eq!((brackets[1], brackets[7]), (('志', 15.0), ('「', 30.0)));
}

#[test]
fn a_base_is_spread_under_a_long_reading() {
    // 35 over 20: 15 for two characters.
    let t = along("", "<p>字<ruby>一二<rt>あいうえおかき</rt></ruby>字");
    assert_eq!([t[1], t[2], t[3], t[10]], [('一', 13.75), ('二', 31.25), ('あ', 10.0), ('字', 45.0)]);
}

#[test]
fn at_the_ends_of_a_line_a_reading_stays_inside_it() {
    let t = along("", "<p><ruby>承<rt>うけたまわ</rt></ruby>る<br>の<ruby>承<rt>うけたまわ</rt></ruby>");
    assert_eq!((t[0], t[1], t[6]), (('承', 7.5), ('う', 0.0), ('る', 20.0)));
    // The second line: 10 + 25 − 5.
    assert_eq!((t[8], t[9], t[13]), (('承', 12.5), ('う', 5.0), ('わ', 25.0)));
    let narrow = along("p{width:30pt}", "<p>のの<ruby>承<rt>うけたまわ</rt></ruby>る");
    assert_eq!((narrow[2], narrow[3]), (('承', 7.5), ('う', 0.0)), "a new line begins with all of it");
}

#[test]
fn a_base_is_not_torn_and_pairs_are() {
    let lines = |css: &str, body: &str| {
        let page = page(&format!("p{{width:20pt;line-height:20pt}}{css}"), body);
        let mut at: Vec<f32> = glyphs(&page).into_iter().filter(|g| "漢字東京市".contains(g.0)).map(|g| g.2).collect();
        at.dedup();
        at.len()
    };
    assert_eq!(lines("", "<p>あ<ruby>漢字<rt>かんじ</rt></ruby>"), 1);
    assert_eq!(lines("", "<p>あ<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>"), 2, "mono");
    assert_eq!(lines("ruby{ruby-merge:merge}", "<p>あ<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>"), 1, "group");
    assert_eq!(lines("ruby{ruby-merge:auto}", "<p>あ<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>"), 2, "jukugo");
    assert_eq!(lines("p{overflow-wrap:anywhere}", "<p><ruby>漢字<rt>かんじ</rt></ruby>"), 1);
}

#[test]
fn a_jukugo_is_set_as_one_only_where_a_reading_is_too_long() {
    let fits = along("ruby{ruby-merge:auto}", "<p><ruby>京<rt>きょ</rt>都<rt>と</rt></ruby>");
    assert_eq!(fits, [('京', 0.0), ('き', 0.0), ('ょ', 5.0), ('都', 10.0), ('と', 12.5)]);
    // 15 + 5 = 20 over 20: with the third character of きょう over 都.
    let joined = along("ruby{ruby-merge:auto}", "<p><ruby>京<rt>きょう</rt>都<rt>と</rt></ruby>字");
    let expected = [('京', 0.0), ('都', 10.0), ('き', 0.0), ('ょ', 5.0), ('う', 10.0), ('と', 15.0), ('字', 20.0)];
    assert_eq!(joined, expected);
    let group = along("ruby{ruby-merge:merge}", "<p><ruby><rb>京<rb>都<rt>か<rt>き</ruby>");
    assert_eq!(group, [('京', 0.0), ('都', 10.0), ('か', 2.5), ('き', 12.5)]);
}

#[test]
fn readings_go_with_their_bases_in_order() {
    let pairs = along("", "<p><ruby><rb>東<rb>京<rt>と<rt>き</ruby>");
    assert_eq!(pairs, [('東', 0.0), ('と', 2.5), ('京', 10.0), ('き', 12.5)]);
    // Parentheses for those who know no ruby are not shown, white space around the parts goes.
    let spaced = along("", "<p>あ<ruby>\n  漢 <rp>(</rp><rt> か </rt><rp>)</rp>\n  字\n <rt>じ</rt>\n</ruby>い");
    let expected = [('あ', 0.0), ('漢', 10.0), ('か', 12.5), ('字', 20.0), ('じ', 22.5), ('い', 30.0)];
    assert_eq!(spaced, expected);
    let before = along("", "<p>あ <ruby>\n漢<rt>か</rt></ruby>");
    assert_eq!(before[2], ('漢', 15.0), "a space before the ruby stays");
}

#[test]
fn two_readings_stand_on_both_sides() {
    let page = page("p{line-height:30pt}", "<p><ruby>東京<rt>ひがし</rt><rtc>Tokyo</rtc></ruby>");
    let all = glyphs(&page);
    let y = |c| all.iter().find(|g| g.0 == c).expect("drawn").2;
    assert!(y('ひ') < y('東') && y('東') < y('T'));
    let under = super::page("rt{ruby-position:under}", "<p><ruby>東<rt>ひ</rt></ruby>");
    let under = glyphs(&under);
    assert!(under[1].2 > under[0].2);
}

#[test]
fn a_line_is_higher_only_where_the_reading_finds_no_room_above() {
    let height = |css: &str, body: &str| {
        let ground = format!("div{{background:red}}{css}");
        round(all(&page(&ground, &format!("<div>{body}</div>")), "red")[0][3])
    };
    let one = "あ<ruby>漢<rt>かん</rt></ruby>";
    let two = format!("{one}<br>{one}");
    // 5 pt of ruby: with lines as high as their text there is no room at all.
    assert_eq!(height("", one), 15.0);
    assert_eq!(height("", &two), 30.0);
    // Half of it fits over the text of the line, half below that of the line before.
    assert_eq!(height("div{line-height:15pt}", &two), 30.0);
    assert_eq!(height("div{line-height:12pt}", &two), 30.0, "3 pt short on each line");
    assert_eq!(height("div{line-height:20pt}", &two), 40.0);
    // Padding and margin of the block are room too.
    assert_eq!(height("div{padding-top:5pt}", one), 15.0);
    assert_eq!(height("div{margin-top:5pt}", one), 10.0);
    assert_eq!(height("rt{ruby-position:under}", &two), 30.0);
}

#[test]
fn justified_lines_open_beside_columns() {
    let t = along("p{width:45pt;text-align:justify}", "<p>あ<ruby>漢字<rt>かんじじ</rt></ruby>いうえ");
    assert_eq!([t[0], t[1], t[7]].map(|g| g.0), ['あ', '漢', 'い']);
    let gap = t[1].1 - 10.0;
    assert!(gap > 1.0, "before the column");
    let (first, last) = (t[3].1, t[6].1 + 5.0);
    let (left, right) = (first - t[1].1, t[2].1 + 10.0 - last);
    assert!((left - right).abs() < 0.02, "the reading stays in the middle of its base: {left} {right}");
}

#[test]
fn faults_inside_readings_are_told() {
    let (_, faults) = compose("", "<p id=x><ruby>漢<rt>\u{10FFFD}</rt></ruby>");
    assert_eq!(told(&faults), [("missing-glyph", "#x")]);
}
