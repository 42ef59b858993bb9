//! Heights, baselines, alignment, runs, faults. 10 pt BIZ UDGothic: ascent 1802, descent 246 of 2048 units.

use proptest::prelude::*;

use super::*;
use crate::color::Ink;

const ASCENT: f32 = 1802.0 / 2048.0 * 10.0;
const DESCENT: f32 = 246.0 / 2048.0 * 10.0;

#[track_caller]
fn near(a: Pt, b: f32) {
    assert!((a.0 - b).abs() < 1e-3, "{} is not {b}", a.0);
}

fn one(t: &str, style: TextStyle) -> Vec<String> {
    read(&set(&[text(t)], style, f32::INFINITY))
}

fn boxed(height: f32, vertical_align: VerticalAlign) -> InlineItem<'static> {
    InlineItem::Box { id: 7, width: Pt(12.0), height: Pt(height), baseline: Pt(height), vertical_align, at: 0 }
}

#[test]
fn a_line_is_as_high_as_its_font_or_its_line_height() {
    let l = set(&[text("秋")], style(), 100.0);
    near(l.lines[0].height, 10.0);
    near(l.lines[0].baseline, ASCENT);
    assert_eq!((l.width, l.runs.len()), (Pt(10.0), 1));
    let l = set(&[text("秋の優待")], TextStyle { line_height: LineHeight::Number(1.5), ..style() }, 20.0);
    near(l.lines[0].baseline, 2.5 + ASCENT);
    near(l.lines[1].baseline, 15.0 + 2.5 + ASCENT);
    near(l.height, 30.0);
}

#[test]
fn raised_lowered_and_aligned_content_makes_the_line_higher() {
    let inner = Arc::new(style());
    let open_as = |align| match open(1, &inner) {
        InlineItem::Open { id, style, decoration, visible, painted, margin, border, padding, .. } => {
            InlineItem::Open { id, style, vertical_align: align, decoration, visible, painted, margin, border, padding }
        }
        other => other,
    };
    let l = set(&[text("あ"), open_as(VerticalAlign::Sub), text("い"), InlineItem::Close], style(), 100.0);
    near(l.lines[0].height, 12.0);
    near(l.lines[0].baseline, ASCENT);
    assert_eq!(l.runs.len(), 2);
    near(l.runs[1].glyphs.origin.y, ASCENT + 2.0);
    let l = set(&[text("あ"), boxed(20.0, VerticalAlign::Baseline)], style(), 100.0);
    near(l.lines[0].height, 20.0 + DESCENT);
    assert_eq!(l.boxes[0].at, crate::base::Point::new(Pt(10.0), Pt(0.0)));
    let l = set(&[text("あ"), boxed(20.0, VerticalAlign::Top)], style(), 100.0);
    near(l.lines[0].height, 20.0);
    near(l.lines[0].baseline, ASCENT);
    let l = set(&[text("あ"), boxed(20.0, VerticalAlign::Bottom)], style(), 100.0);
    near(l.lines[0].baseline, 20.0 - DESCENT);
    let l = set(&[text("あ"), boxed(4.0, VerticalAlign::Middle)], style(), 100.0);
    near(l.boxes[0].at.y, ASCENT - 1108.0 / 2048.0 * 5.0 - 2.0);
}

#[test]
fn lines_are_aligned_and_indented() {
    let left = |align, indent: f32| {
        let s = Arc::new(TextStyle { text_align: align, ..style() });
        let mut out = TextLayout::default();
        let block = Block { indent: Pt(indent), ..Block::new(&s) };
        lay_out(&mut TextScratch::default(), fonts(), &[text("あいう")], &block, Pt(100.0), &mut out);
        out.runs[0].glyphs.origin.x
    };
    assert_eq!(left(TextAlign::Start, 0.0), Pt(0.0));
    assert_eq!(left(TextAlign::Left, 10.0), Pt(10.0));
    assert_eq!(left(TextAlign::Right, 0.0), Pt(70.0));
    assert_eq!(left(TextAlign::Center, 0.0), Pt(35.0));
    assert_eq!(left(TextAlign::Center, 10.0), Pt(40.0));
}

#[test]
fn justified_lines_fill_the_width_between_characters() {
    let l = set(&[text("ああああああ")], TextStyle { text_align: TextAlign::Justify, ..style() }, 35.0);
    let extras = |i: usize| l.runs[i].glyphs.glyphs.iter().map(|g| g.extra).collect::<Vec<_>>();
    assert_eq!(extras(0), [250.0, 250.0, 0.0]);
    assert_eq!(extras(1), [0.0, 0.0, 0.0], "the last line is not stretched");
    assert_eq!(l.lines[0].width, Pt(35.0));
    let composition = Composition { adjust: LineAdjust::PushOut, ..style().composition };
    let out = TextStyle { text_align: TextAlign::Justify, composition, ..style() };
    let l = set(&[text("あ、いう「えお」")], out, 75.0);
    let gaps: Vec<bool> = l.runs[0].glyphs.glyphs.iter().map(|g| g.extra > 0.0).collect();
    assert_eq!(gaps, [false, true, true, true, false, false], "not before 、 nor inside brackets");
}

#[test]
fn letter_spacing_stands_between_and_not_after() {
    let l = set(&[text("あいう")], TextStyle { letter_spacing: Pt(1.0), ..style() }, 100.0);
    let extras: Vec<f32> = l.runs[0].glyphs.glyphs.iter().map(|g| g.extra).collect();
    assert_eq!(extras, [100.0, 100.0, 0.0]);
    assert_eq!(l.width, Pt(32.0));
    let l = set(&[text("あaい")], TextStyle { autospace: Autospace::NORMAL, ..style() }, 100.0);
    assert_eq!(l.width, Pt(30.0), "a quarter em on both sides");
}

#[test]
fn white_space_collapses() {
    assert_eq!(one("  a  b \n c ", style()), ["a b c"]);
    assert_eq!(one("あ\n  い", style()), ["あい"], "no space for a line break between wide characters");
    assert_eq!(one("あ\na", style()), ["あ a"]);
    assert_eq!(one("あ い", style()), ["あ い"]);
    assert_eq!(one(" \n\t ", style()), [""; 0]);
    let pre_line = TextStyle { white_space: WhiteSpace::PreserveBreaks, ..style() };
    assert_eq!(one("a  b \n  c", pre_line), ["a b", "c"]);
    let pre = TextStyle { white_space: WhiteSpace::Preserve, wrap_mode: WrapMode::Nowrap, ..style() };
    assert_eq!(one("a\n  b", pre), ["a", "  b"]);
    let nowrap = TextStyle { wrap_mode: WrapMode::Nowrap, ..style() };
    assert_eq!(read(&set(&[text("あい うえ")], nowrap, 20.0)), ["あい うえ"]);
    let inner = Arc::new(style());
    let items = [text("a "), open(1, &inner), text(" b\n"), InlineItem::Close, text("い")];
    assert_eq!(read(&set(&items, style(), 100.0)), ["a b い"], "also across elements");
}

#[test]
fn breaks_are_forced_and_a_last_one_makes_no_line() {
    assert_eq!(read(&set(&[text("あ"), InlineItem::Break, text("い")], style(), 100.0)), ["あ", "い"]);
    assert_eq!(read(&set(&[text("あ"), InlineItem::Break], style(), 100.0)), ["あ"]);
    assert_eq!(read(&set(&[InlineItem::Break, InlineItem::Break], style(), 100.0)), ["", ""]);
}

#[test]
fn letters_are_transformed() {
    use crate::markup::style::LetterCase;
    let with = |t| TextStyle { text_transform: t, ..style() };
    let cased = |case| TextTransform { case, ..TextTransform::NONE };
    let wide = TextTransform { full_width: true, ..TextTransform::NONE };
    assert_eq!(one("straße", with(cased(LetterCase::Uppercase))), ["STRASSE"]);
    assert_eq!(one("it's an ITEM", with(cased(LetterCase::Capitalize))), ["It's An ITEM"]);
    assert_eq!(one("A-1 ｶﾞﾊﾟ", with(wide)), ["Ａ－１ ガパ"], "a collapsible space stays");
    let pre = TextStyle { white_space: WhiteSpace::Preserve, wrap_mode: WrapMode::Nowrap, ..with(wide) };
    assert_eq!(one("A B", pre), ["Ａ\u{3000}Ｂ"]);
    let kana = TextTransform { full_size_kana: true, ..TextTransform::NONE };
    assert_eq!(one("ちょっとキャッチ", with(kana)), ["ちよつとキヤツチ"]);
    assert_eq!(one("ｷｬｯﾁ", with(TextTransform { full_size_kana: true, ..wide })), ["キヤツチ"]);
    assert_eq!(one("Abc", with(TextTransform { case: LetterCase::Uppercase, ..wide })), ["ＡＢＣ"]);
    let speaking = |lang: &str, case| TextStyle { lang: Arc::from(lang), ..with(cased(case)) };
    assert_eq!(one("ΟΔΟΣ ΣΣ Σ", with(cased(LetterCase::Lowercase))), ["οδος σς σ"]);
    assert_eq!(one("Καλημέρα", speaking("el", LetterCase::Uppercase)), ["ΚΑΛΗΜΕΡΑ"]);
    assert_eq!(one("ij ijs", speaking("nl", LetterCase::Capitalize)), ["IJ IJs"]);
}

#[test]
fn missing_glyphs_are_named_with_their_place() {
    let item = |t| InlineItem::Text { text: t, at: 100, exact: true };
    let faults = |t| set(&[item(t)], style(), 100.0).faults;
    let missing = |c, s, at| TextFault { kind: TextFaultKind::MissingGlyph(c, s), at };
    assert_eq!(faults("山\u{20BB7}田"), [missing('\u{20BB7}', None, 103)]);
    assert_eq!(faults("a  \n \u{20BB7}"), [missing('\u{20BB7}', None, 105)]);
    assert_eq!(faults("山\u{E01EF}田"), [missing('山', Some('\u{E01EF}'), 100)]);
    assert_eq!(faults("髙橋"), []);
    let decoded = InlineItem::Text { text: "ab\u{20BB7}", at: 9, exact: false };
    assert_eq!(set(&[decoded], style(), 100.0).faults, [missing('\u{20BB7}', None, 9)]);
}

#[test]
fn faces_change_within_a_text_and_come_back() {
    use crate::asset::fallback::tests::tiny;
    let mut fonts = FontSet::shipped();
    let ivs = [('山', '\u{E01EF}', Some(2))];
    fonts.add(tiny(&[('\u{20BB7}', 1)], &ivs), 0, "Gaiji", 400, false).unwrap();
    let style = Arc::new(style());
    let mut out = TextLayout::default();
    let items = [text("山\u{20BB7}野山\u{E01EF}川")];
    lay_out(&mut TextScratch::default(), &fonts, &items, &Block::new(&style), Pt(100.0), &mut out);
    let runs: Vec<_> = out.runs.iter().map(|r| (r.glyphs.font.family.to_string(), r.glyphs.origin.x.0)).collect();
    let (gothic, gaiji) = ("BIZ UDGothic".to_string(), "Gaiji".to_string());
    assert_eq!(
        runs,
        [(gothic.clone(), 0.0), (gaiji.clone(), 10.0), (gothic.clone(), 15.0), (gaiji, 25.0), (gothic, 30.0)]
    );
    assert_eq!(out.runs[3].glyphs.glyphs[0].id, 2, "the form that the selector asks for");
    assert_eq!(out.faults, []);
}

#[test]
fn runs_are_joined_where_they_look_the_same() {
    let same = Arc::new(style());
    let red = Arc::new(TextStyle { color: Color { ink: Ink::Rgb([1.0, 0.0, 0.0]), alpha: 1.0 }, ..style() });
    let items = |s| [text("あ"), open(1, s), text("い"), InlineItem::Close, text("う")];
    assert_eq!(set(&items(&same), style(), 100.0).runs.len(), 1);
    let l = set(&items(&red), style(), 100.0);
    assert_eq!(l.runs.iter().map(|r| r.glyphs.origin.x.0).collect::<Vec<_>>(), [0.0, 10.0, 20.0]);
}

#[test]
fn what_cannot_be_broken_is_reported_or_torn() {
    let l = set(&[text("abcdefghij")], style(), 20.0);
    assert_eq!((l.lines.len(), l.lines[0].overflow), (1, Pt(30.0)));
    assert_eq!(l.faults, [TextFault { kind: TextFaultKind::TooWide(Pt(30.0)), at: 4 }]);
    let l = set(&[text("abcdefghij")], TextStyle { overflow_wrap: OverflowWrap::Anywhere, ..style() }, 20.0);
    assert_eq!((read(&l), l.faults.len()), (vec!["abcd".into(), "efgh".into(), "ij".into()], 0));
    let l = set(&[text("abcd efgh")], TextStyle { word_break: WordBreak::BreakAll, ..style() }, 15.0);
    assert_eq!(read(&l), ["abc", "d e", "fgh"]);
}

#[test]
fn lines_along_text_follow_the_font() {
    let s = Arc::new(style());
    let mut out = TextLayout::default();
    let decoration = TextDecoration {
        lines: crate::markup::style::Lines { underline: true, overline: false, line_through: true },
        ..TextDecoration::default()
    };
    let block = Block { decoration, ..Block::new(&s) };
    lay_out(&mut TextScratch::default(), fonts(), &[text("あい う ")], &block, Pt(100.0), &mut out);
    let (under, through) = (&out.decorations[0], &out.decorations[1]);
    assert_eq!((under.rect.x, under.rect.width), (Pt(0.0), Pt(35.0)), "the hanging space is left off");
    near(under.rect.y, ASCENT + 246.0 / 2048.0 * 10.0);
    near(under.rect.height, 102.0 / 2048.0 * 10.0);
    near(through.rect.y, ASCENT - 727.0 / 2048.0 * 10.0);
    assert!(!under.over && through.over);
}

#[test]
fn fragments_of_elements_go_over_lines() {
    let s = Arc::new(style());
    let edges = |v| Edges::all(Pt(v));
    let element = InlineItem::Open {
        id: 3,
        style: &s,
        vertical_align: VerticalAlign::Baseline,
        decoration: TextDecoration::default(),
        visible: true,
        painted: true,
        margin: edges(1.0),
        border: edges(0.5),
        padding: edges(1.5),
    };
    let l = set(&[text("あ"), element, text("いうえ"), InlineItem::Close], style(), 34.0);
    assert_eq!(read(&l), ["あいう", "え"]);
    let (a, b) = (l.fragments[0], l.fragments[1]);
    assert_eq!((a.id, a.starts, a.ends, b.starts, b.ends), (3, true, false, false, true));
    assert_eq!((a.rect.x, a.rect.width), (Pt(11.0), Pt(22.0)));
    near(a.rect.y, -2.0);
    near(a.rect.height, 14.0);
    assert_eq!((b.rect.x, b.rect.width), (Pt(0.0), Pt(12.0)));
    assert_eq!(l.runs[0].glyphs.glyphs[0].extra, 300.0, "the element's left edge is a gap in the run");
}

fn measured(t: &str) -> MinMax {
    let s = Arc::new(style());
    measure(&mut TextScratch::default(), fonts(), &[text(t)], &Block::new(&s))
}

#[test]
fn least_and_greatest_widths() {
    assert_eq!(measured("あいう abc"), MinMax { min: Pt(15.0), max: Pt(50.0) });
    assert_eq!(measured("あ、い "), MinMax { min: Pt(20.0), max: Pt(30.0) });
    assert_eq!(measured(""), MinMax::default());
}

const ALPHABET: &str = "あいカタ漢字様ーっ、。，「」（）『』…―・！？％々0123456789,.-¥円年月日abcXYZ";

fn from_alphabet() -> impl Strategy<Value = String> {
    let chars: Vec<char> = ALPHABET.chars().collect();
    proptest::collection::vec(proptest::sample::select(chars), 0..60).prop_map(|v| v.into_iter().collect())
}

proptest! {
    #[test]
    fn every_character_stands_on_exactly_one_line(t in from_alphabet(), width in 1f32..200.0, anywhere: bool) {
        let wrap = if anywhere { OverflowWrap::Anywhere } else { OverflowWrap::Normal };
        let l = set(&[text(&t)], TextStyle { overflow_wrap: wrap, ..style() }, width);
        prop_assert_eq!(read(&l).concat(), t);
    }

    #[test]
    fn kinsoku_is_never_broken(t in from_alphabet(), width in 1f32..200.0) {
        let lines = read(&set(&[text(&t)], style(), width));
        for pair in lines.windows(2) {
            let (end, start) = (pair[0].chars().last().unwrap(), pair[1].chars().next().unwrap());
            prop_assert!(!"ーっ、。，」）』・！？％々円".contains(start) || !end.is_ascii_digit() && start == '円', "{lines:?}");
            prop_assert!(!"「（『¥".contains(end) || end == '¥' && !start.is_ascii_digit(), "{lines:?}");
            prop_assert!(!(end == start && "…―".contains(end)), "{lines:?}");
            prop_assert!(!(end.is_ascii_digit() && start.is_ascii_digit()), "{lines:?}");
        }
    }

    #[test]
    fn any_text_at_all_is_laid_out(t in "\\PC{0,40}", u in ".{0,20}", width in 0f32..150.0) {
        let inner = Arc::new(TextStyle { white_space: WhiteSpace::Preserve, text_align: TextAlign::Justify, ..style() });
        let items = [text(&t), open(1, &inner), text(&u), InlineItem::Close, boxed(5.0, VerticalAlign::Top), text(&t)];
        let l = set(&items, TextStyle { text_align: TextAlign::Justify, ..style() }, width);
        prop_assert_eq!(l.boxes.len(), 1);
        prop_assert!(l.height.is_finite() && l.width.is_finite());
    }

    #[test]
    fn a_text_fits_the_width_it_was_measured_to_need(t in from_alphabet()) {
        let m = measured(&t);
        prop_assert!(m.min.0 <= m.max.0 + 0.01);
        prop_assert!(set(&[text(&t)], style(), m.max.0).lines.len() <= 1);
        let narrow = set(&[text(&t)], style(), m.min.0);
        prop_assert!(narrow.lines.iter().all(|l| l.overflow == Pt::ZERO), "{:?}", read(&narrow));
    }
}
