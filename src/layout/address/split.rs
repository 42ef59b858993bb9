//! Where an address may be broken into lines: behind the prefecture, behind the city, before the number; and where
//! the building begins. What cannot be told from the text alone is left in one part.

use super::numbers::digit;

const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// An address in the parts that lines keep together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub parts: Vec<&'a str>,
    /// What follows a blank behind the number.
    pub building: Option<&'a str>,
}

/// Splits a whole address.
pub(super) fn split(address: &str) -> Parts<'_> {
    let mut address = address.trim();
    let mut building = None;
    // 丁目 in kanji are part of the town; the number begins with the first digit
    let first_digit = address.find(|c| digit(c).is_some());
    if let Some(start) = first_digit
        && let Some(blank) = address[start..].find(char::is_whitespace)
    {
        let (number, rest) = address.split_at(start + blank);
        (address, building) = (number, Some(rest.trim_start()));
    }
    let mut parts = Vec::with_capacity(4);
    let mut rest = address;
    if let Some(prefecture) = PREFECTURES.iter().find(|p| rest.starts_with(**p)) {
        let (front, behind) = rest.split_at(prefecture.len());
        parts.push(front);
        rest = behind;
    }
    let number = rest.find(|c| digit(c).is_some()).unwrap_or(rest.len());
    let (mut place, number) = rest.split_at(number);
    while let Some((city, behind)) = city(place) {
        parts.push(city);
        place = behind;
    }
    parts.extend([place, number].into_iter().map(str::trim).filter(|p| !p.is_empty()));
    Parts { parts, building }
}

/// The city or ward at the front, where no other reading is possible: exactly one 市 (or 区), not at either end,
/// and no character before it that is often part of such a name. 四日市市, 市川市 and 八日市場市 stay whole.
fn city(place: &str) -> Option<(&str, &str)> {
    for mark in ["市", "区"] {
        let mut found = place.match_indices(mark);
        if let (Some((at, _)), None) = (found.next(), found.next()) {
            let end = at + mark.len();
            if at > 0 && end < place.len() {
                return Some(place.split_at(end));
            }
        }
    }
    None
}
