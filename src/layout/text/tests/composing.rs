//! The rules of a compositor: text, measure in em, and the lines with their widths in em.

use proptest::prelude::*;

use super::*;
use crate::markup::composition::{AlignLast, HangEnd, Hanging, TextIndent, TextJustify, WrapStyle};
use crate::markup::style::LengthPercent;

/// As a stylesheet has it that says nothing of composition.
fn plain() -> TextStyle {
    TextStyle { autospace: Autospace::NORMAL, composition: Composition::default(), ..style() }
}

fn with(change: impl FnOnce(&mut Composition)) -> TextStyle {
    let mut style = plain();
    change(&mut style.composition);
    style
}

fn trimmed(trim: SpacingTrim) -> TextStyle {
    with(|c| c.trim = trim)
}

fn justified() -> TextStyle {
    TextStyle { text_align: TextAlign::Justify, ..plain() }
}

/// The lines, each with its width in em.
fn lines(t: &str, em: f32, style: &TextStyle) -> Vec<(String, f32)> {
    let l = set(&[text(t)], style.clone(), em * 10.0);
    read(&l).into_iter().zip(l.lines.iter().map(|l| (l.width.0 * 10.0).round() / 100.0)).collect()
}

#[track_caller]
fn check(style: &TextStyle, t: &str, em: f32, expected: &[(&str, f32)]) {
    let found = lines(t, em, style);
    let found: Vec<(&str, f32)> = found.iter().map(|(t, w)| (t.as_str(), *w)).collect();
    assert_eq!(found, expected, "{t} at {em} em");
}

/// Where each glyph's origin stands on its line, in em.
fn origins(t: &str, em: f32, style: TextStyle) -> Vec<Vec<f32>> {
    let l = set(&[text(t)], style, em * 10.0);
    l.lines
        .iter()
        .map(|line| {
            let mut at = Vec::new();
            for run in &l.runs[line.runs.clone()] {
                let mut x = run.glyphs.origin.x.0;
                for g in &run.glyphs.glyphs {
                    at.push((x * 10.0).round() / 100.0);
                    let advance = f32::from(run.glyphs.font.advance(g.id)) / f32::from(run.glyphs.font.units_per_em);
                    x += (advance + g.extra / 1000.0) * run.glyphs.size.0;
                }
            }
            at
        })
        .collect()
}

#[test]
fn neighbouring_brackets_and_stops_share_their_space() {
    let width = |t: &str| lines(t, 100.0, &plain())[0].1;
    for (t, em) in [
        ("」「", 1.5),
        ("。」", 1.5),
        ("。「", 1.5),
        ("））", 1.5),
        ("「『", 1.5),
        ("）、", 1.5),
        ("、「", 1.5),
        ("」・", 1.5),
        ("・「", 1.5),
        ("」。", 1.5),
        ("」！", 1.5),
        ("！」", 2.0),
        ("あ」い", 3.0),
        ("「あ」", 3.0),
        ("）（（", 2.0),
        ("」\u{3000}あ", 2.5),
    ] {
        assert_eq!(width(t), em, "{t}");
    }
}

#[test]
fn the_ink_stays_beside_its_neighbour() {
    // 」 gives the space behind it, the second 『 the space before it.
    assert_eq!(origins("あ」「い", 9.0, plain()), [[0.0, 1.0, 1.5, 2.5]]);
    assert_eq!(origins("「『い", 9.0, plain()), [[0.0, 0.5, 1.5]]);
}

#[test]
fn space_all_trims_nothing_and_trim_all_everything() {
    assert_eq!(lines("「あ」、「い」。", 9.0, &trimmed(SpacingTrim::SpaceAll))[0].1, 8.0);
    assert_eq!(lines("「あ」、「い」。", 9.0, &trimmed(SpacingTrim::TrimAll))[0].1, 5.0);
}

#[test]
fn proportional_faces_are_left_alone() {
    let style = TextStyle { font_family: Arc::from([Arc::from("BIZ UDPGothic")]), ..plain() };
    let all = with(|c| c.trim = SpacingTrim::SpaceAll);
    let all = TextStyle { font_family: Arc::clone(&style.font_family), ..all };
    assert_eq!(lines("あ」「い", 9.0, &style), lines("あ」「い", 9.0, &all));
}

#[test]
fn a_bracket_at_the_start_of_a_line() {
    let t = "「あい「うえ";
    let at = |trim| origins(t, 3.0, trimmed(trim)).iter().map(|l| l[0]).collect::<Vec<_>>();
    assert_eq!(at(SpacingTrim::Normal), [0.0, 0.0]);
    assert_eq!(at(SpacingTrim::SpaceFirst), [0.0, -0.5]);
    assert_eq!(at(SpacingTrim::TrimStart), [-0.5, -0.5]);
    check(&trimmed(SpacingTrim::TrimStart), t, 2.5, &[("「あい", 2.5), ("「うえ", 2.5)]);
}

#[test]
fn a_bracket_or_stop_at_the_end_of_a_line_is_half_where_it_must() {
    check(&plain(), "あいうえ。", 4.5, &[("あいうえ。", 4.5)]);
    check(&plain(), "あいうえ。", 5.0, &[("あいうえ。", 5.0)]);
    check(&plain(), "あいう」。か", 4.5, &[("あいう」。", 4.5), ("か", 1.0)]);
    check(&trimmed(SpacingTrim::SpaceAll), "あいうえ。", 4.5, &[("あいう", 3.0), ("え。", 2.0)]);
    check(&trimmed(SpacingTrim::TrimBoth), "あいうえ。", 5.0, &[("あいうえ。", 4.5)]);
}

#[test]
fn what_would_start_the_next_line_is_pushed_in() {
    // 、 in the line gives half an em, so that 。 comes in
    check(&justified(), "あ、いうえ。お", 5.0, &[("あ、いうえ。", 5.0), ("お", 1.0)]);
    // ー needs a whole em: two commas give it
    check(&justified(), "あ、い、うカードを", 6.0, &[("あ、い、うカー", 6.0), ("ドを", 2.0)]);
    // one comma does not, so that a character goes out, and the line is spaced
    check(&justified(), "あ、いううカードを", 6.0, &[("あ、いうう", 6.0), ("カードを", 4.0)]);
    // not where the text is not justified
    check(&plain(), "あ、いうえ。お", 5.0, &[("あ、いう", 4.0), ("え。お", 3.0)]);
    let pushed = with(|c| c.adjust = LineAdjust::PushIn);
    check(&pushed, "あ、いうえ。お", 5.0, &[("あ、いうえ。", 5.0), ("お", 1.0)]);
    let out = TextStyle { text_align: TextAlign::Justify, ..with(|c| c.adjust = LineAdjust::PushOut) };
    check(&out, "あ、いうえ。お", 5.0, &[("あ、いう", 5.0), ("え。お", 3.0)]);
}

#[test]
fn spaces_give_in_their_order() {
    // The word space (half an em here) gives a sixth, the middle dot and brackets the rest.
    let o = origins("ab cd・（えお）か、き", 9.0, justified());
    assert_eq!(o.len(), 2);
    // A full stop inside the line never gives.
    check(&justified(), "あ。いうえ。お", 5.0, &[("あ。いう", 5.0), ("え。お", 3.0)]);
    // Between Japanese and Western an eighth of an em is left.
    check(&justified(), "あa、いうえ。お", 5.75, &[("あa、いうえ。", 5.75), ("お", 1.0)]);
    check(&justified(), "あa、いうえ。お", 5.5, &[("あa、いう", 5.5), ("え。お", 3.0)]);
}

#[test]
fn commas_and_stops_hang_where_it_is_asked_for() {
    let hang = |end| with(|c| c.hanging = Hanging { end, ..Hanging::default() });
    check(&hang(HangEnd::Allow), "あいうえ。お", 4.0, &[("あいうえ。", 4.0), ("お", 1.0)]);
    check(&hang(HangEnd::Allow), "あいう。", 4.0, &[("あいう。", 4.0)]);
    check(&hang(HangEnd::Force), "あいう。", 4.0, &[("あいう。", 3.0)]);
    check(&hang(HangEnd::Allow), "あいうえ」お", 4.0, &[("あいう", 3.0), ("え」お", 3.0)]);
    let first = with(|c| c.hanging = Hanging { first: true, last: true, ..Hanging::default() });
    assert_eq!(origins("「あい」", 2.0, first), [[-1.0, 0.0, 1.0, 2.0]]);
}

#[test]
fn stretching_goes_from_words_to_characters() {
    // Japanese and Western open up to half an em first: two places, a quarter each.
    assert_eq!(origins("あaいいう", 4.0, justified())[0], [0.0, 1.25, 2.0, 3.0]);
    let extra = origins("ああaああいいい", 5.5, justified());
    assert_eq!(extra[0], [0.0, 1.0, 2.5, 3.5, 4.5]);
    // never inside a dash
    assert_eq!(origins("ああ――いいう", 5.5, justified())[0], [0.0, 1.17, 2.33, 3.33, 4.5]);
    let none = TextStyle { text_align: TextAlign::Justify, ..with(|c| c.justify = TextJustify::None) };
    assert_eq!(lines("ああああ", 3.5, &none)[0].1, 3.0);
    let word = TextStyle { text_align: TextAlign::Justify, ..with(|c| c.justify = TextJustify::InterWord) };
    assert_eq!(origins("あ いい abcdef", 5.0, word)[0], [0.0, 1.0, 3.0, 4.0]);
    let letters = TextStyle { text_align: TextAlign::Justify, ..with(|c| c.justify = TextJustify::InterCharacter) };
    assert_eq!(origins("abc abc", 1.8, letters)[0], [0.0, 0.65, 1.3]);
}

#[test]
fn the_last_line_has_an_alignment_of_its_own() {
    let last = |a| TextStyle { text_align: TextAlign::Justify, ..with(|c| c.align_last = a) };
    assert_eq!(origins("あいうえ", 3.0, last(AlignLast::End))[1], [2.0]);
    assert_eq!(origins("あいうえお", 3.0, last(AlignLast::Justify))[1], [0.0, 2.0]);
    let all = TextStyle { text_align: TextAlign::JustifyAll, ..plain() };
    assert_eq!(origins("あいうえお", 3.0, all)[1], [0.0, 2.0]);
    let center = TextStyle { text_align: TextAlign::Center, ..with(|c| c.align_last = AlignLast::Start) };
    assert_eq!(origins("あいうえお", 3.0, center)[1], [0.0, 1.0]);
}

#[test]
fn balanced_lines_are_alike() {
    let balance = with(|c| c.wrap_style = WrapStyle::Balance);
    check(&balance, "秋のご優待会のご案内", 8.0, &[("秋のご優待", 5.0), ("会のご案内", 5.0)]);
    check(&balance, "秋のご優待", 8.0, &[("秋のご優待", 5.0)]);
    check(&balance, "あいうえおかきくけこさ", 5.0, &[("あいうえ", 4.0), ("おかきく", 4.0), ("けこさ", 3.0)]);
}

#[test]
fn pretty_leaves_no_single_character() {
    let pretty = with(|c| c.wrap_style = WrapStyle::Pretty);
    check(&plain(), "秋のご優待会のご案内です", 11.0, &[("秋のご優待会のご案内で", 11.0), ("す", 1.0)]);
    check(&pretty, "秋のご優待会のご案内です", 11.0, &[("秋のご優待会のご", 8.0), ("案内です", 4.0)]);
    check(&pretty, "秋のご優待会のご案内です", 8.0, &[("秋のご優待会のご", 8.0), ("案内です", 4.0)]);
}

#[test]
fn lines_can_be_indented_behind_the_first_and_after_breaks() {
    let indent = |hanging, each_line| {
        let by = LengthPercent::length(Pt(10.0));
        let s = Arc::new(TextStyle { text_indent: TextIndent { by, hanging, each_line }, ..plain() });
        let mut out = TextLayout::default();
        let block = Block { indent: Pt(10.0), ..Block::new(&s) };
        let items = [text("あいうえ"), InlineItem::Break, text("か")];
        lay_out(&mut TextScratch::default(), fonts(), &items, &block, Pt(30.0), &mut out);
        out.lines.iter().map(|l| l.left.0).collect::<Vec<_>>()
    };
    assert_eq!(indent(false, false), [10.0, 0.0, 0.0]);
    assert_eq!(indent(false, true), [10.0, 0.0, 10.0]);
    assert_eq!(indent(true, false), [0.0, 10.0, 10.0]);
    assert_eq!(indent(true, true), [0.0, 10.0, 0.0]);
}

#[test]
fn a_space_between_japanese_and_western_can_be_replaced() {
    let replace = TextStyle { autospace: Autospace { replace: true, ..Autospace::NORMAL }, ..plain() };
    assert_eq!(lines("あ a い", 9.0, &replace)[0].1, 3.0);
    assert_eq!(lines("あaい", 9.0, &replace)[0].1, 3.0);
    let alpha = TextStyle { autospace: Autospace { numeric: false, ..Autospace::NORMAL }, ..plain() };
    assert_eq!(lines("あ1い", 9.0, &alpha)[0].1, 2.5);
}

const ALPHABET: &str = "あいうカタ漢字ーっ、。，「」（）『』…―・！？a1 ";

fn from_alphabet() -> impl Strategy<Value = String> {
    let chars: Vec<char> = ALPHABET.chars().collect();
    proptest::collection::vec(proptest::sample::select(chars), 0..60).prop_map(|v| v.into_iter().collect())
}

fn any_style() -> impl Strategy<Value = TextStyle> {
    let trims = [
        SpacingTrim::Normal,
        SpacingTrim::SpaceAll,
        SpacingTrim::SpaceFirst,
        SpacingTrim::TrimStart,
        SpacingTrim::TrimBoth,
        SpacingTrim::TrimAll,
    ];
    let wraps = [WrapStyle::Auto, WrapStyle::Balance, WrapStyle::Pretty];
    let aligns = [TextAlign::Start, TextAlign::Justify, TextAlign::JustifyAll, TextAlign::Center];
    let ends = [HangEnd::No, HangEnd::Allow, HangEnd::Force];
    let sample = proptest::sample::select::<SpacingTrim>;
    (sample(trims.to_vec()), 0usize..3, 0usize..4, 0usize..3).prop_map(move |(trim, wrap, align, end)| {
        let mut style = with(|c| {
            c.trim = trim;
            c.wrap_style = wraps[wrap];
            c.hanging = Hanging { end: ends[end], ..Hanging::default() };
        });
        style.text_align = aligns[align];
        style
    })
}

proptest! {
    #[test]
    fn nothing_is_lost_and_no_line_is_wider_than_its_measure(t in from_alphabet(), em in 3f32..20.0, style in any_style()) {
        let l = set(&[text(&t)], style, em * 10.0);
        let shown: String = read(&l).concat().replace(' ', "");
        let wanted: String = t.replace(' ', "");
        prop_assert_eq!(shown, wanted);
        for line in &l.lines {
            prop_assert!(line.overflow == Pt::ZERO || !l.faults.is_empty(), "{:?}", read(&l));
            prop_assert!(line.left.0 + line.width.0 <= em * 10.0 + 0.02 || line.overflow > Pt::ZERO, "{:?}", read(&l));
        }
    }

    #[test]
    fn no_line_starts_or_ends_with_what_must_not(t in from_alphabet(), em in 3f32..20.0, style in any_style()) {
        let lines = read(&set(&[text(&t)], style, em * 10.0));
        for pair in lines.windows(2) {
            let (end, start) = (pair[0].chars().last().unwrap(), pair[1].chars().next().unwrap());
            prop_assert!(!"ーっ、。，」）』・！？".contains(start), "{lines:?}");
            prop_assert!(!"「（『".contains(end), "{lines:?}");
        }
    }
}
