//! Flows that are longer than their page, named pages, what goes on elsewhere, what recurs on every page.

use super::{Drawn, round};
use super::{Fixture, all, compose, document, drawn, mm, pt, told};
use crate::layout::Fault;
use crate::page::Page;

/// Pages of 100 pt by 55 pt: five lines of 10 pt and a half.
const SHORT: &str = "@page{size:100pt 55pt;margin:0}";

fn flowed(css: &str, body: &str) -> (Vec<Page>, Vec<Fault>) {
    Fixture::new(|s| s.options.flow = true).compose(&document(&format!("{SHORT}{css}"), body))
}

#[track_caller]
fn sound(css: &str, body: &str) -> Vec<Page> {
    let (pages, faults) = flowed(css, body);
    assert_eq!(faults, []);
    pages
}

/// The baselines' places on the page of all lines, from the top: the line's number and its first glyph's x.
fn lines(page: &Page) -> Vec<i32> {
    let baseline = |d| if let Drawn::Text(at, _) = d { Some((at.y.0 / 10.0).floor() as i32) } else { None };
    drawn(page).into_iter().filter_map(baseline).collect()
}

#[test]
fn lines_go_on_on_the_next_page_and_no_text_is_on_two() {
    let text = "あ<br>".repeat(12);
    let pages = sound("", &format!("<p>{text}</p>"));
    assert_eq!(pages.iter().map(lines).collect::<Vec<_>>(), [vec![0, 1, 2, 3, 4], vec![0, 1, 2, 3, 4], vec![0, 1]]);
}

#[test]
fn without_leave_to_flow_it_is_a_fault() {
    let (pages, faults) = compose(SHORT, &format!("<p>{}</p>", "あ<br>".repeat(12)));
    assert_eq!((pages.len(), told(&faults)[0]), (1, ("overflow", "p")));
}

#[test]
fn orphans_and_widows_stay_together() {
    // six lines: five fit, but one may not be left over alone
    let pages = sound("", &format!("<p>{}</p>", "あ<br>".repeat(6)));
    assert_eq!(pages.iter().map(|p| lines(p).len()).collect::<Vec<_>>(), [4, 2]);
    // a paragraph whose first line alone would stand at the end begins on the next page
    let pages = sound("", &format!("<p>{}</p><p>{}</p>", "あ<br>".repeat(4), "い<br>".repeat(4)));
    assert_eq!(pages.iter().map(|p| lines(p).len()).collect::<Vec<_>>(), [4, 4]);
    let pages = sound("p{orphans:1;widows:1}", &format!("<p>{}</p><p>{}</p>", "あ<br>".repeat(4), "い<br>".repeat(4)));
    assert_eq!(pages.iter().map(|p| lines(p).len()).collect::<Vec<_>>(), [5, 3]);
}

#[test]
fn margins_are_dropped_where_the_flow_is_cut() {
    let pages = sound(".a{background:red;height:30pt;margin:20pt 0}", "<div class=a></div><div class=a></div>");
    assert_eq!(pages.len(), 2);
    assert_eq!(pt(&pages[0], "red"), [0.0, 20.0, 100.0, 30.0]);
    assert_eq!(pt(&pages[1], "red"), [0.0, 0.0, 100.0, 30.0]);
}

#[test]
fn what_must_not_be_broken_goes_over_whole() {
    let pages = sound(
        ".a{background:red;break-inside:avoid}",
        &format!("<p>あ<br>い<br>う</p><div class=a>{}</div>", "<p>か</p>".repeat(4)),
    );
    assert_eq!(pages.len(), 2);
    assert_eq!(pt(&pages[1], "red"), [0.0, 0.0, 100.0, 40.0]);
}

#[test]
fn a_heading_stays_with_what_follows() {
    let pages = sound(
        "h2{font:inherit;margin:0;break-after:avoid}",
        &format!("{}<h2>H</h2><p>い<br>う<br>え</p>", "<p>あ</p>".repeat(4)),
    );
    assert_eq!(pages.iter().map(|p| lines(p).len()).collect::<Vec<_>>(), [4, 4]);
}

#[test]
fn grounds_and_borders_are_cut_where_the_page_is() {
    let pages = sound(
        ".a{background:red;border:2pt solid lime;padding:3pt}",
        &format!("<div class=a>{}</div>", "<p>か</p>".repeat(8)),
    );
    assert_eq!(pages.len(), 2);
    for (page, height) in pages.iter().zip([55.0, 35.0]) {
        let lists = format!("{:?}", page.lists);
        assert!(lists.contains("clip: Some"), "{lists}");
        let inked = drawn(page).iter().filter(|d| matches!(d, Drawn::Path(..))).count();
        assert!(inked >= 1, "the ground is on both pages");
        assert!(lines(page).len() as f32 * 10.0 <= height);
    }
    assert_eq!(pages.iter().map(|p| lines(p).len()).sum::<usize>(), 8);
}

#[test]
fn fixed_boxes_are_on_every_page() {
    let pages = sound(
        ".f{position:fixed;right:0;bottom:0;width:10pt;height:5pt;background:red}",
        &format!("<div class=f></div>{}", "<p>か</p>".repeat(12)),
    );
    assert_eq!(pages.len(), 3);
    assert!(pages.iter().all(|p| pt(p, "red") == [90.0, 50.0, 10.0, 5.0]));
}

#[test]
fn an_absolute_box_finds_the_page_that_it_is_on() {
    let pages = sound(
        ".x{position:absolute;left:0;bottom:0;width:10pt;height:5pt;background:red}",
        &format!("{}<div class=x></div>{}", "<p>か</p>".repeat(7), "<p>か</p>".repeat(2)),
    );
    assert_eq!(all(&pages[0], "red"), [] as [[f32; 4]; 0]);
    assert_eq!(pt(&pages[1], "red"), [0.0, 50.0, 10.0, 5.0]);
}

#[test]
fn breaks_are_followed_at_any_depth() {
    let pages = sound(
        ".x{break-before:page}.a{background:red;height:10pt}",
        "<p>あ</p><div><div><p>い</p><p class=x>う</p></div></div><div class=a></div>",
    );
    assert_eq!(pages.iter().map(|p| lines(p).len()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(pt(&pages[1], "red"), [0.0, 10.0, 100.0, 10.0], "what follows stays behind it");
}

#[test]
fn pages_by_name_have_their_own_size() {
    let pages = sound(
        "@page wide{size:200pt 40pt;margin:5pt}.w{page:wide;background:red;height:10pt}",
        "<p>あ</p><div class=w></div><div class=w></div><p>い</p>",
    );
    let sizes: Vec<_> = pages.iter().map(|p| (round(p.trim.width.0), round(p.trim.height.0))).collect();
    assert_eq!(sizes, [(100.0, 55.0), (200.0, 40.0), (100.0, 55.0)]);
    assert_eq!(all(&pages[1], "red"), [[5.0, 5.0, 190.0, 10.0], [5.0, 15.0, 190.0, 10.0]]);
}

#[test]
fn sides_of_the_spread_and_blank_pages() {
    let pages = sound(
        "@page:left{margin-left:20pt}@page:blank{background:yellow}.x{break-before:right}.a{background:red;height:10pt}",
        "<div class=a></div><div class='a x'></div><div class=a style='break-before:page'></div>",
    );
    assert_eq!(pages.len(), 4);
    assert_eq!(pt(&pages[1], "yellow"), [0.0, 0.0, 100.0, 55.0]);
    assert_eq!(pt(&pages[2], "red")[0], 0.0);
    assert_eq!(pt(&pages[3], "red")[0], 20.0);
}

#[test]
fn the_first_page_may_be_lower() {
    let pages = sound("@page:first{margin-top:20pt}p{orphans:1;widows:1}", &format!("<p>{}</p>", "あ<br>".repeat(10)));
    assert_eq!(pages.iter().map(lines).collect::<Vec<_>>(), [vec![2, 3, 4], vec![0, 1, 2, 3, 4], vec![0, 1]]);
}

#[test]
fn what_a_box_has_too_much_goes_on_on_a_page_of_that_name() {
    let css = "@page more{size:100pt 40pt;margin:10pt 0 0 30pt}p{orphans:1;widows:1}\
        .n{background:red;width:60pt;height:25pt;-surimono-overflow:continue more}";
    let (pages, faults) =
        compose(&format!("{SHORT}{css}"), &format!("<div class=n><p>{}</p></div>", "あ<br>".repeat(6)));
    assert_eq!(told(&faults), [("continued", ".n")]);
    assert_eq!(
        pages.iter().map(|p| (round(p.trim.height.0), lines(p))).collect::<Vec<_>>(),
        [(55.0, vec![0, 1]), (40.0, vec![1, 2, 3]), (40.0, vec![1]),]
    );
    assert_eq!(pt(&pages[0], "red"), [0.0, 0.0, 60.0, 25.0]);
    assert_eq!(super::texts(&pages[1])[0].0, 30.0);
    let (pages, faults) = compose(&format!("{SHORT}{css}"), "<div class=n><p>あ<br>い</p></div>");
    assert_eq!((pages.len(), faults.len()), (1, 0), "what fits makes no page");
}

#[test]
fn a_body_may_go_on_on_pages_of_another_name() {
    let css = "@page more{size:100pt 35pt}body{-surimono-overflow:continue more}p{orphans:1;widows:1}";
    let (pages, faults) = compose(&format!("{SHORT}{css}"), &format!("<p>{}</p>", "あ<br>".repeat(9)));
    assert_eq!(faults, []);
    assert_eq!(
        pages.iter().map(|p| (round(p.trim.height.0), lines(p).len())).collect::<Vec<_>>(),
        [(55.0, 5), (35.0, 3), (35.0, 1),]
    );
}

#[test]
fn a_page_that_nobody_declares_is_told() {
    let css = "@page{size:100pt 55pt}.n{height:15pt;-surimono-overflow:continue mroe}";
    let (_, faults) = compose(css, &format!("<div class=n><p>{}</p></div>", "あ<br>".repeat(6)));
    assert_eq!(told(&faults), [("continued", ".n"), ("unsupported-layout", ".n")]);
}

#[test]
fn margin_boxes_say_the_page() {
    let pages = sound(
        "@page{margin:15pt;@bottom-center{content:counter(page) ' / ' counter(pages);font:8pt 'BIZ UDGothic'}\
         @top-right{content:'右';background:red;vertical-align:top}}p{orphans:1;widows:1}",
        &format!("<p>{}</p>", "あ<br>".repeat(3)),
    );
    assert_eq!(pages.len(), 2);
    for page in &pages {
        let at = super::texts(page);
        let foot = at.iter().find(|t| t.1 > 40.0).expect("a foot");
        assert_eq!(foot.2, 5, "five characters");
        // five halves of 8 pt around the middle of 15..85
        assert!((foot.0 - 40.0).abs() < 0.1, "{foot:?}");
        assert_eq!(pt(page, "red"), [15.0, 0.0, 70.0, 15.0], "alone on its edge it has all of it");
        assert!(at.iter().any(|t| (t.0 - 73.0).abs() < 0.1 && t.1 < 15.0), "{at:?}");
    }
    let glyph = |p: &Page| {
        drawn(p).into_iter().find_map(|d| match d {
            Drawn::Text(at, run) if at.y.0 > 40.0 => Some(run.glyphs[0].id),
            _ => None,
        })
    };
    assert_ne!(glyph(&pages[0]), glyph(&pages[1]), "1 and 2");
}

#[test]
fn marks_lie_outside_the_bleed() {
    let pages = sound("@page{bleed:3mm;marks:crop cross}", "<p>あ</p>");
    assert!((pages[0].slug.to_mm() - 9.0).abs() < 1e-3);
    let path = drawn(&pages[0]).into_iter().find_map(|d| if let Drawn::Path(_, p) = d { Some(p) } else { None });
    let path = path.expect("marks");
    assert!(path.stroke.is_some() && path.segments.len() > 8 * 2);
    assert_eq!(sound("", "<p>あ</p>")[0].slug.0, 0.0);
}

#[test]
fn a_block_that_is_taller_than_a_page_is_cut_between_its_lines() {
    let pages = sound(
        ".f{display:flex}",
        &format!("<div class=f><div>{}</div><div>{}</div></div>", "あ<br>".repeat(7), "い<br>".repeat(9)),
    );
    assert_eq!(pages.len(), 2);
    assert_eq!(pages.iter().map(|p| lines(p).len()).sum::<usize>(), 16);
}

#[test]
fn a_float_is_not_cut() {
    let pages = sound(
        ".f{float:right;width:20pt;height:40pt;background:red}",
        &format!("{}<div class=f></div>{}", "<p>あ</p>".repeat(3), "<p>い</p>".repeat(5)),
    );
    assert_eq!(pages.len(), 2);
    assert_eq!(all(&pages[0], "red"), [] as [[f32; 4]; 0]);
    assert_eq!(pt(&pages[1], "red"), [80.0, 0.0, 20.0, 40.0]);
}

#[test]
fn vertical_pages_flow_to_the_left_and_their_feet_stand_upright() {
    let pages = sound(
        "@page{size:75pt 60pt;margin:10pt;@bottom-center{content:counter(page)}}body{writing-mode:vertical-rl}\
         .a{background:red;block-size:20pt}",
        &"<div class=a></div>".repeat(4),
    );
    assert_eq!(pages.len(), 2);
    assert_eq!(all(&pages[0], "red"), [[45.0, 10.0, 20.0, 40.0], [25.0, 10.0, 20.0, 40.0]]);
    assert_eq!(all(&pages[1], "red").len(), 2);
    let foot = |d: &Drawn| matches!(d, Drawn::Text(_, run) if !run.vertical);
    assert!(pages.iter().all(|p| drawn(p).iter().any(foot)));
}

#[test]
fn more_pages_than_may_be_are_not_made() {
    let mut fixture = Fixture::new(|s| {
        s.options.flow = true;
        s.options.max_pages = 3;
    });
    let (pages, faults) = fixture.compose(&document(SHORT, &"<p>あ</p>".repeat(100)));
    assert_eq!((pages.len(), told(&faults)[0].0), (3, "too-many-pages"));
}

#[test]
fn pages_of_no_height_come_to_an_end() {
    let (pages, _) = flowed("@page{margin:50pt}", &"<p>あ</p>".repeat(30));
    assert!(pages.len() <= 200);
    assert_eq!(
        mm(&sound("@page{margin:50pt 0 0}.a{background:red;height:10pt}", "<div class=a></div>")[0], "red")[2],
        35.28
    );
}

#[test]
fn tables_are_cut_between_rows_and_never_within_one() {
    let row = "<tr><td>あ<br>い<td>う";
    let pages = sound("table{border-spacing:0}td{padding:0}", &format!("<table>{}</table>", row.repeat(5)));
    // a row is two lines of its first cell and one of its second, which stands in its middle
    let rows: Vec<usize> = pages.iter().map(|p| lines(p).len() / 3).collect();
    assert_eq!(rows, [2, 2, 1]);
    assert!(pages.iter().all(|p| lines(p).len().is_multiple_of(3)), "no row is torn");
}

#[test]
fn the_head_and_the_foot_of_a_table_stand_on_each_page_that_it_goes_on_on() {
    let css = "table{border-spacing:0;width:60pt}td{padding:0}.h{background:red}.r{background:lime}.f{background:blue}";
    let table = format!(
        "<table><thead><tr><td class=h>品</thead><tfoot><tr><td class=f>計</tfoot>{}</table>",
        "<tr><td class=r>あ".repeat(7)
    );
    let pages = sound(css, &format!("<p>あ</p>{table}<p>い</p>"));
    let tops = |p: &Page, color| all(p, color).iter().map(|r| r[1]).collect::<Vec<_>>();
    let found: Vec<_> = pages.iter().map(|p| [tops(p, "red"), tops(p, "lime"), tops(p, "blue")]).collect();
    let rows = |rows: &[f32]| rows.to_vec();
    assert_eq!(
        found,
        [
            [rows(&[10.0]), rows(&[20.0, 30.0]), rows(&[40.0])],
            [rows(&[0.0]), rows(&[10.0, 20.0, 30.0]), rows(&[40.0])],
            [rows(&[0.0]), rows(&[10.0, 20.0]), rows(&[30.0])],
        ]
    );
    assert_eq!(lines(&pages[1]).len(), 5, "with their text");
    assert_eq!(lines(&pages[2]), [1, 2, 3, 4, 0], "the paragraph behind it follows");
}

#[test]
fn a_head_higher_than_half_a_page_stands_only_once() {
    let table =
        format!("<table><thead><tr><td class=h>一<br>二<br>三</thead>{}</table>", "<tr><td class=r>あ".repeat(7));
    let css = "table{border-spacing:0}td{padding:0}.h{background:red}";
    let pages = sound(css, &table);
    assert_eq!(pages.iter().map(|p| all(p, "red").len()).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn grids_and_flex_boxes_are_cut_between_their_rows() {
    let items = "<i class=a></i>".repeat(6);
    let css =
        "i{background:red;height:20pt;width:30pt}section{display:grid;grid-template-columns:30pt 30pt;row-gap:5pt}";
    let tops = |pages: &[Page]| {
        pages.iter().map(|p| all(p, "red").iter().map(|r| r[1]).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let pages = sound(css, &format!("<section>{items}</section>"));
    assert_eq!(tops(&pages), [vec![0.0, 0.0, 25.0, 25.0], vec![0.0, 0.0]], "two rows fit, the third goes over whole");
    let css = "i{background:red;height:20pt;width:30pt}section{display:flex;flex-wrap:wrap;width:60pt}";
    let pages = sound(css, &format!("<section>{items}</section>"));
    assert_eq!(tops(&pages), [vec![0.0, 0.0, 20.0, 20.0], vec![0.0, 0.0]]);
    let pages = sound(&format!("{css}i:nth-child(4){{break-after:avoid}}"), &format!("<section>{items}</section>"));
    assert_eq!(pages.len(), 2);
    assert_eq!(tops(&pages)[0].len(), 2, "what is to stay with the next goes over with it");
}
