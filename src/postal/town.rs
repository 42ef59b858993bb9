//! The name of a town as KEN_ALL writes it, taken apart: which names an address may have, and what its brackets say
//! of the part that is meant.

use super::fold::{folded, half_width};
use super::index::Kind;
use super::numeral::is_numeral;

/// A name that an address may have, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub kind: Kind,
    pub key: String,
}

/// The names in a row of KEN_ALL.
pub(super) fn names(town: &str, city: &str) -> Vec<Named> {
    let one = |kind, key: String| vec![Named { kind, key }];
    if town.contains("以下に掲載がない場合") {
        return one(Kind::Unlisted, String::new());
    }
    if let Some(of) = town.strip_suffix("の次に番地がくる場合") {
        // of the city itself, or of a town in it
        let key = if city.ends_with(of) { String::new() } else { folded(of) };
        return one(Kind::Direct, key);
    }
    // 多賀町 has a town 一円
    if let Some(of) = town.strip_suffix("一円")
        && !of.is_empty()
        && city.ends_with(of)
    {
        return one(Kind::Whole, String::new());
    }
    let (name, part) = brackets(town);
    if part.is_some_and(|p| p.ends_with('階') || p.contains("階層不明")) {
        return one(Kind::Floor, folded(name));
    }
    // 穴明２２地割、穴明２３地割 and 種市第３９地割～第４５地割 name parts of 穴明 and 種市; 井道、奥井道、内井道 are three towns.
    let mut found: Vec<Named> = Vec::new();
    for name in name.split('、') {
        let name = key_of(without_section(name));
        if !name.is_empty() && !found.iter().any(|n| n.key == name) {
            found.push(Named { kind: Kind::Town, key: name });
        }
    }
    if found.is_empty() {
        found.push(Named { kind: Kind::Town, key: folded(name) });
    }
    found
}

/// A folded name without 大字 and 字 before it.
pub(super) fn key_of(name: &str) -> String {
    let key = folded(name);
    let bare = key.strip_prefix("大字").or_else(|| key.strip_prefix('字')).unwrap_or(&key);
    if bare.is_empty() { key } else { bare.to_owned() }
}

/// What stands before the number of a 地割.
fn without_section(name: &str) -> &str {
    let Some(at) = name.find("地割") else { return name };
    let number = |c: char| half_width(c).is_ascii_digit() || c == '第' || is_numeral(c);
    name.get(..at).unwrap_or(name).trim_end_matches(number)
}

/// A town's name and what stands in its last brackets.
pub(super) fn brackets(town: &str) -> (&str, Option<&str>) {
    let Some(inner) = town.strip_suffix('）') else { return (town, None) };
    // 名駅ミッドランドスクエア（高層棟）（１１階）: the last; but brackets within brackets belong to the outer ones
    let mut depth = 1;
    for (at, c) in inner.char_indices().rev() {
        match c {
            '）' => depth += 1,
            '（' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (inner.get(..at).unwrap_or(town), inner.get(at + '（'.len_utf8()..));
        }
    }
    (town, None)
}

/// What the row says of the part that is meant: its brackets, or the 地割 in its name.
pub(super) fn part(town: &str) -> Option<&str> {
    let (name, part) = brackets(town);
    part.or_else(|| {
        let front = without_section(name.split('、').next().unwrap_or(name));
        (front.len() < name.len() && name.contains("地割")).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(town: &str, city: &str) -> Vec<(Kind, String)> {
        names(town, city).into_iter().map(|n| (n.kind, n.key)).collect()
    }

    #[test]
    fn names_are_taken_apart() {
        let town = |t: &str| (Kind::Town, folded(t));
        assert_eq!(keys("大通西（１～１９丁目）", "札幌市中央区"), [town("大通西")]);
        assert_eq!(keys("以下に掲載がない場合", "札幌市中央区"), [(Kind::Unlisted, String::new())]);
        assert_eq!(keys("境町の次に番地がくる場合", "猿島郡境町"), [(Kind::Direct, String::new())]);
        assert_eq!(keys("大島町の次に番地がくる場合", "西海市"), [(Kind::Direct, "大島町".to_owned())]);
        assert_eq!(keys("利島村一円", "利島村"), [(Kind::Whole, String::new())]);
        assert_eq!(keys("一円", "犬上郡多賀町"), [town("一円")]);
        assert_eq!(keys("穴明２２地割、穴明２３地割", "和賀郡西和賀町"), [town("穴明")]);
        assert_eq!(keys("種市第３９地割～第４５地割（角浜、伝吉）", "九戸郡洋野町"), [town("種市")]);
        assert_eq!(keys("井道、奥井道、内井道", "新城市"), [town("井道"), town("奥井道"), town("内井道")]);
        assert_eq!(keys("丸の内ＪＰタワー（３８階）", "千代田区"), [(Kind::Floor, folded("丸の内ＪＰタワー"))]);
        assert_eq!(keys("霞が関霞が関ビル（地階・階層不明）", "千代田区")[0].0, Kind::Floor);
    }

    #[test]
    fn brackets_are_the_last_ones() {
        assert_eq!(
            brackets("名駅ミッドランドスクエア（高層棟）（１１階）"),
            ("名駅ミッドランドスクエア（高層棟）", Some("１１階"))
        );
        assert_eq!(brackets("葛巻（第４０地割「５７番地１２５、１７６を除く」～第４５地割）").0, "葛巻");
        assert_eq!(brackets("緑町"), ("緑町", None));
        assert_eq!(brackets("）"), ("）", None));
        assert_eq!(part("穴明２２地割、穴明２３地割"), Some("穴明２２地割、穴明２３地割"));
        assert_eq!(part("緑町"), None);
    }
}
