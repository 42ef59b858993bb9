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
