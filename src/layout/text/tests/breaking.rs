//! Where lines end: text + width in em → lines.

use super::*;

#[track_caller]
fn check(t: &str, em: f32, lines: &[&str]) {
    assert_eq!(broken(t, em), lines, "{t} at {em} em");
}

#[test]
fn text_that_fits_is_one_line() {
    check("秋のご優待", 5.0, &["秋のご優待"]);
    check("秋のご優待です。", 5.0, &["秋のご優待", "です。"]);
}

#[test]
fn kinsoku_holds_at_line_ends() {
    check("秋の優待、です", 4.0, &["秋の優", "待、です"]);
    check("秋の優待。", 4.0, &["秋の優", "待。"]);
    check("あいう「えお」", 4.0, &["あいう", "「えお」"]);
    check("あい（うえ）か", 5.0, &["あい（う", "え）か"]);
    check("お客様カード", 4.0, &["お客様", "カード"]);
    check("あいうっか", 3.0, &["あい", "うっか"]);
    check("佐々木", 2.0, &["佐々", "木"]);
}

#[test]
fn dashes_and_leaders_are_not_parted() {
    check("ご案内します……はい", 7.0, &["ご案内しま", "す……はい"]);
    check("ご案内します――はい", 7.0, &["ご案内します", "――はい"]);
}

#[test]
fn prices_dates_and_telephone_numbers_stay_whole() {
    check("秋のお得な1,980円です", 8.0, &["秋のお得な", "1,980円です"]);
    check("ただ今特価¥1,980", 6.0, &["ただ今特価", "¥1,980"]);
    check("有効期限は2026年12月31日", 9.0, &["有効期限は2026年", "12月31日"]);
    check("電話は0120-000-000まで", 6.0, &["電話は", "0120-000-000", "まで"]);
    check("営業10:00〜18:00", 5.0, &["営業", "10:00〜", "18:00"]);
}

#[test]
fn names_keep_their_titles() {
    check("山田太郎様", 4.0, &["山田太", "郎様"]);
    check("山田太郎 様", 5.0, &["山田太", "郎 様"]);
    check("株式会社山田\u{3000}御中", 7.0, &["株式会社山", "田\u{3000}御中"]);
    check("詳しい様子です", 3.0, &["詳しい", "様子で", "す"]);
}

#[test]
fn spaces_hang_at_the_end_of_a_line() {
    check("あいう えお", 3.0, &["あいう", "えお"]);
    check("あいう\u{3000}えお", 3.0, &["あいう", "えお"]);
    check("shop now here", 4.0, &["shop now", "here"]);
}

#[test]
fn latin_words_stay_whole_within_japanese() {
    check("新作の sweater が届きました", 6.0, &["新作の", "sweater が届", "きました"]);
    check("詳しくはwww.example.jpへ", 7.0, &["詳しくは", "www.example.jp", "へ"]);
}

#[test]
fn strictness_follows_the_style() {
    let loose = TextStyle { line_break: LineBreak::Normal, ..style() };
    assert_eq!(read(&set(&[text("あいうっか")], loose, 30.0)), ["あいう", "っか"]);
    let keep = TextStyle { word_break: WordBreak::KeepAll, ..style() };
    assert_eq!(read(&set(&[text("秋の優待、冬の優待")], keep, 60.0)), ["秋の優待、", "冬の優待"]);
}

#[test]
fn what_belongs_to_a_number_stays_with_it() {
    check("参加者は全部で3万人です", 9.0, &["参加者は全部で", "3万人です"]);
    check("年間で最大100万円まで", 7.0, &["年間で最大", "100万円まで"]);
    check("開催は2026/11/21です", 6.0, &["開催は", "2026/11/21で", "す"]);
    check("電話03-1234-5678へ", 6.0, &["電話", "03-1234-5678", "へ"]);
    check("本社は〒123-4567東京", 6.0, &["本社は", "〒123-4567東", "京"]);
    check("約3ヶ月の間の10時間を", 3.0, &["約3ヶ月", "の間の", "10時間", "を"]);
    check("全品￥1,200から", 3.5, &["全品", "￥1,200", "から"]);
}

#[test]
fn leaders_and_repeat_marks_are_not_parted() {
    check("あああ‥‥い", 4.0, &["ああ", "あ‥‥い"]);
    check("ああ〳〵い", 3.0, &["ああ", "〳〵い"]);
}

#[test]
fn teachers_and_companies_keep_their_titles_too() {
    check("担当の山田先生です", 6.0, &["担当の山", "田先生です"]);
    check("関係者各位", 4.0, &["関係", "者各位"]);
    check("株式会社山田御中", 7.0, &["株式会社山", "田御中"]);
    check("佐藤花子さん", 5.0, &["佐藤花", "子さん"]);
}

#[test]
fn how_strictly_lines_are_kept_is_said_by_line_break() {
    let with = |line_break| TextStyle { line_break, ..style() };
    let lines = |t: &str, em: f32, s: TextStyle| read(&set(&[text(t)], s, em * 10.0));
    assert_eq!(lines("あああカード", 4.0, with(LineBreak::Strict)), ["あああ", "カード"]);
    assert_eq!(lines("あああカード", 4.0, with(LineBreak::Normal)), ["あああカ", "ード"]);
    assert_eq!(lines("あああ佐々木", 4.0, with(LineBreak::Normal)), ["あああ", "佐々木"]);
    assert_eq!(lines("あああ佐々木", 4.0, with(LineBreak::Loose)), ["あああ佐", "々木"]);
    assert_eq!(lines("あああい・え", 4.0, with(LineBreak::Loose)), ["あああい", "・え"]);
    assert_eq!(lines("あああい。え", 4.0, with(LineBreak::Loose)), ["あああ", "い。え"]);
    assert_eq!(lines("あああい。え", 4.0, with(LineBreak::Anywhere)), ["あああい", "。え"]);
}

/// Lines with the hyphens that stand at their ends.
fn hyphenated(t: &str, em: f32, hyphens: Hyphens, lang: &str) -> Vec<String> {
    let composition = Composition { hyphens, ..Composition::default() };
    read(&set(&[text(t)], TextStyle { composition, lang: Arc::from(lang), ..style() }, em * 10.0))
}

#[test]
fn soft_hyphens_are_seen_where_a_line_ends_at_them() {
    let t = "extra\u{AD}ordinary";
    assert_eq!(hyphenated(t, 20.0, Hyphens::Manual, "en"), ["extraordinary"]);
    assert_eq!(hyphenated(t, 5.0, Hyphens::Manual, "en"), ["extra-", "ordinary"]);
    assert_eq!(hyphenated(t, 5.0, Hyphens::None, "en"), ["extraordinary"]);
    // the hyphen has no room beside the first part
    assert_eq!(hyphenated("a extra\u{AD}ordinary", 3.5, Hyphens::Manual, "en"), ["a", "extra-", "ordinary"]);
}

#[test]
fn words_are_broken_by_the_patterns_of_their_language() {
    let lines = hyphenated("an extensive hyphenation", 8.5, Hyphens::Auto, "en-GB");
    assert!(lines.iter().rev().skip(1).any(|l| l.ends_with('-')), "{lines:?}");
    assert_eq!(lines.concat().replace(['-', ' '], ""), "anextensivehyphenation");
    assert_eq!(hyphenated("an extensive hyphenation", 8.5, Hyphens::Auto, "ja"), ["an extensive", "hyphenation"]);
    let limits = Composition { hyphens: Hyphens::Auto, hyphenate_limits: [20, 2, 2], ..Composition::default() };
    let s = TextStyle { composition: limits, lang: Arc::from("en"), ..style() };
    assert_eq!(read(&set(&[text("an extensive hyphenation")], s, 85.0)), ["an extensive", "hyphenation"]);
}

#[test]
fn preserved_spaces_take_room_where_lines_may_end_behind_each() {
    let s = TextStyle { white_space: WhiteSpace::BreakSpaces, ..style() };
    assert_eq!(read(&set(&[text("ab      cd")], s, 20.0)), ["ab  ", "    ", "cd"]);
}
