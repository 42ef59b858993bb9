//! Which part of a town a postcode is for, and whether an address lies in it.
//!
//! The brackets of KEN_ALL hold lists: `１～１９丁目`, `５、６丁目`, `１３００～２５１１番地`, `第９地割～第１１地割`, `４５０番地以下`, `その他`,
//! `次のビルを除く`, names of hamlets, streets of Kyoto. What cannot be told from the address is answered with
//! [`Fit::Maybe`], never guessed.

use super::fold::folded;

/// Whether an address lies in a part of a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    No,
    /// The address does not say, or the list says it in words that are not understood.
    Maybe,
    /// The list says その他: what no other part of the town has.
    Rest,
}

/// What a number of an address counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// Nothing is written behind it, or a hyphen.
    Bare,
    Chome,
    Banchi,
    /// Any other word: 地割, 線, 号, 区.
    Other,
}

/// What follows the town's name in an address, folded.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// All of it.
    text: String,
    /// What stands in front of the first number.
    lead: String,
    numbers: Vec<(u32, Unit)>,
    /// What stands before the town's name: streets of Kyoto.
    street: String,
}

/// Numbers of an address that are looked at.
const NUMBERS: usize = 6;

/// The numbers of a folded text with what they count, the text in front of the first, and the text behind the last.
fn numbers(text: &str) -> (String, Vec<(u32, Unit)>, String) {
    let mut lead = String::new();
    let mut found = Vec::new();
    let mut rest = text;
    let mut behind = String::new();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (front, number) = rest.split_at(at);
        if found.is_empty() {
            lead.push_str(front);
        }
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let (digits, after) = number.split_at(end);
        let unit = if after.starts_with("丁目") || after.starts_with('丁') {
            Unit::Chome
        } else if after.starts_with('番') {
            Unit::Banchi
        } else if after.is_empty() || after.starts_with(['-', 'ー', 'ノ', '\u{1}', '～', '「']) {
            Unit::Bare
        } else {
            Unit::Other
        };
        if found.len() < NUMBERS {
            found.push((digits.parse().unwrap_or(u32::MAX), unit));
        }
        rest = after;
        behind.clear();
        behind.push_str(after);
    }
    if found.is_empty() {
        lead.push_str(text);
    }
    (lead, found, behind)
}

impl Place {
    /// From what follows the town's name and what stands before it, both folded.
    pub fn new(rest: &str, street: &str) -> Self {
        let (lead, numbers, _) = numbers(rest);
        let lead = lead.strip_prefix("大字").or_else(|| lead.strip_prefix("小字")).unwrap_or(&lead);
        let lead = lead.strip_prefix('字').unwrap_or(lead).to_owned();
        Self { text: rest.to_owned(), lead, numbers, street: street.to_owned() }
    }

    /// Whether a number follows the town's name at once.
    pub fn begins_with_number(&self) -> bool {
        self.lead.is_empty() && !self.numbers.is_empty()
    }

    pub fn has_number(&self) -> bool {
        !self.numbers.is_empty()
    }

    /// The 丁目, when the address says it or has three numbers and the town has 丁目.
    fn chome(&self, divided: bool) -> Option<u32> {
        match self.numbers.as_slice() {
            [(n, Unit::Chome), ..] => Some(*n),
            [(n, Unit::Bare), _, ..] if divided && self.lead.is_empty() => Some(*n),
            _ => None,
        }
    }

    /// Whether the building stands in the address.
    pub fn names_building(&self, building: &str) -> bool {
        !building.is_empty() && self.text.contains(building)
    }

    /// The floor that the address names behind its building: 13階, 13F, B1F; `None` when it names none.
    pub fn floor(&self) -> Option<&str> {
        for (at, c) in self.text.char_indices() {
            if c == '階' || c == 'F' {
                let front = self.text.get(..at).unwrap_or("");
                let digits = front.len() - front.trim_end_matches(|c: char| c.is_ascii_digit()).len();
                if digits > 0 {
                    let below = front.len() - digits;
                    let cellar = front.get(..below).is_some_and(|f| f.ends_with(['B', '下']));
                    return front.get(if cellar { 0 } else { below }..).map(|f| if cellar { "B" } else { f });
                }
            }
        }
        None
    }
}

/// Whether an address lies in the part that a row's brackets name. `divided`: the row says that the town has 丁目.
/// `town` is the town's folded name, which lists of 地割 repeat.
pub(super) fn fit(part: &str, town: &str, divided: bool, place: &Place) -> Fit {
    let mut items = split(part);
    for item in &mut items {
        if let Some(section) = item.strip_prefix(town).filter(|s| s.contains("地割")) {
            *item = section.to_owned();
        }
    }
    let mut units: Vec<&str> = Vec::with_capacity(items.len());
    // 「１、２丁目」: a unit counts for the numbers before it too.
    let mut unit = "";
    for item in items.iter().rev() {
        let own = unit_of(item);
        if !own.is_empty() || !item.ends_with(|c: char| c.is_ascii_digit()) {
            unit = own;
        }
        units.push(unit);
    }
    let mut best = Fit::No;
    for (item, unit) in items.iter().zip(units.into_iter().rev()) {
        match one(item, unit, divided, place) {
            Fit::Yes => return Fit::Yes,
            Fit::Rest => best = Fit::Rest,
            Fit::Maybe if best == Fit::No => best = Fit::Maybe,
            _ => {}
        }
    }
    best
}

/// The items of a list, folded; 「」 hold lists of their own.
fn split(part: &str) -> Vec<String> {
    let mut items = Vec::new();
    let (mut depth, mut from) = (0u32, 0);
    for (at, c) in part.char_indices() {
        match c {
            '「' | '（' => depth += 1,
            '」' | '）' => depth = depth.saturating_sub(1),
            '、' | '・' if depth == 0 => {
                items.push(folded(part.get(from..at).unwrap_or("")));
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    items.push(folded(part.get(from..).unwrap_or("")));
    items.retain(|i| !i.is_empty());
    items
}

const UNITS: [&str; 8] = ["丁目", "番地", "番", "地割", "線", "区", "号", "条"];

fn unit_of(item: &str) -> &'static str {
    let item = item.trim_end_matches("以上").trim_end_matches("以下").trim_end_matches("以降");
    let item = item.split('「').next().unwrap_or(item);
    UNITS.into_iter().find(|u| item.ends_with(u)).unwrap_or("")
}

fn one(item: &str, unit: &str, divided: bool, place: &Place) -> Fit {
    // What is said in 「」 narrows the item down or leaves something out of it: then an item that holds may not.
    let (plain, qualified) = match item.find('「') {
        Some(at) => {
            let behind = item.rfind('」').and_then(|end| item.get(end + '」'.len_utf8()..)).unwrap_or("");
            (format!("{}{behind}", item.get(..at).unwrap_or("")), true)
        }
        None => (item.to_owned(), false),
    };
    if plain == "その他" || plain == folded("その他") {
        return Fit::Rest;
    }
    if plain.ends_with(&folded("次のビルを除く")) {
        return Fit::Yes;
    }
    if plain == "全域" {
        return Fit::Yes;
    }
    if plain.ends_with(&folded("を除く")) || plain.ends_with("以外") || plain.contains("及ビ") {
        return Fit::Maybe;
    }
    let found = plain_item(&plain, unit, divided, place);
    if found == Fit::Yes && qualified { Fit::Maybe } else { found }
}

fn plain_item(item: &str, unit: &str, divided: bool, place: &Place) -> Fit {
    if item == "丁目" {
        return match place.chome(divided) {
            Some(_) => Fit::Yes,
            None if place.numbers.is_empty() => Fit::Maybe,
            None => Fit::No,
        };
    }
    if item == "番地" || item == "番" {
        return match place.numbers.first() {
            Some((_, Unit::Chome)) => Fit::No,
            Some((_, Unit::Banchi)) => Fit::Yes,
            Some((_, Unit::Bare)) if place.numbers.len() < 3 => Fit::Yes,
            _ => Fit::Maybe,
        };
    }
    let (name, wanted, _) = numbers(item);
    let name = name.trim_start_matches('第');
    if wanted.is_empty() {
        return named(name, place);
    }
    // 中島505～518番地, 本町1～3: the name must be there, and then the number.
    let lead = place.lead.trim_start_matches('第');
    if !name.is_empty() {
        if !lead.starts_with(name) && !place.text.contains(name) {
            return Fit::No;
        }
        if lead != name {
            return Fit::Maybe;
        }
    } else if !lead.is_empty() && unit != "地割" {
        // another hamlet of the town
        return Fit::No;
    }
    range(item, unit, divided, place, &wanted)
}

/// A hamlet, or in Kyoto the streets at whose corner the town lies.
fn named(name: &str, place: &Place) -> Fit {
    if name.is_empty() {
        return Fit::Maybe;
    }
    if !place.street.is_empty() {
        let bare = |t: &str| t.replace(['通', 'ル', 'リ'], "");
        return if bare(&place.street).ends_with(&bare(name)) { Fit::Yes } else { Fit::No };
    }
    if place.lead.starts_with(name) || place.text.starts_with(name) {
        Fit::Yes
    } else if place.text.contains(name) || place.lead.is_empty() && place.numbers.is_empty() {
        Fit::Maybe
    } else {
        Fit::No
    }
}

fn range(item: &str, unit: &str, divided: bool, place: &Place, wanted: &[(u32, Unit)]) -> Fit {
    let chome_in_item = item.contains("丁目") && unit != "丁目";
    let Some((first, _)) = wanted.first().copied() else { return Fit::Maybe };
    let (low, high) = match item.split_once('～') {
        Some((from, to)) => {
            let number = |t: &str| numbers(t).1.first().map(|(n, _)| *n);
            match (number(from), number(to)) {
                (Some(low), Some(high)) if !chome_in_item => (low, high),
                _ => return Fit::Maybe,
            }
        }
        None if item.ends_with("以上") || item.ends_with("以降") => (first, u32::MAX),
        None if item.ends_with("以下") => (0, first),
        None => (first, first),
    };
    if chome_in_item {
        return match place.chome(true) {
            Some(n) if n == first => Fit::Maybe,
            Some(_) => Fit::No,
            None => Fit::Maybe,
        };
    }
    let within = |n: u32| if low <= n && n <= high { Fit::Yes } else { Fit::No };
    let first_number = place.numbers.first().copied();
    match unit {
        "丁目" => match (place.chome(true), first_number) {
            (Some(n), _) if divided || matches!(first_number, Some((_, Unit::Chome))) => within(n),
            (_, Some((_, Unit::Banchi))) => Fit::No,
            _ => Fit::Maybe,
        },
        "地割" | "線" | "区" | "条" => {
            // the number that is followed by this very word
            let mut rest = place.text.as_str();
            while let Some(at) = rest.find(unit) {
                let front = rest.get(..at).unwrap_or("");
                let digits = front.len() - front.trim_end_matches(|c: char| c.is_ascii_digit()).len();
                if let Some(n) = front.get(front.len() - digits..).and_then(|d| d.parse().ok()) {
                    return within(n);
                }
                rest = rest.get(at + unit.len()..).unwrap_or("");
            }
            match first_number {
                Some((n, Unit::Bare)) if unit == "地割" => within(n),
                _ => Fit::Maybe,
            }
        }
        _ => match first_number {
            None => Fit::Maybe,
            Some((_, Unit::Chome)) => Fit::No,
            Some((n, Unit::Bare | Unit::Banchi)) => {
                // A branch number (67－4) that is asked for is the address's second number.
                let branches = item.contains('-') && (n == low || n == high);
                match within(n) {
                    Fit::Yes if branches => branch(item, place),
                    fit => fit,
                }
            }
            Some(_) => Fit::Maybe,
        },
    }
}

/// 748－1番地 is that number alone; in ranges the ends are left open.
fn branch(item: &str, place: &Place) -> Fit {
    let (_, wanted, _) = numbers(item);
    match (wanted.as_slice(), place.numbers.as_slice()) {
        ([(_, _), (w, _)], [_, (n, _), ..]) if !item.contains('～') => {
            if w == n {
                Fit::Yes
            } else {
                Fit::No
            }
        }
        _ => Fit::Maybe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(part: &str, rest: &str) -> Fit {
        fit(part, "", true, &Place::new(&folded(rest), ""))
    }

    #[test]
    fn chome_are_ranges_and_lists() {
        for (part, rest, expected) in [
            ("１～７丁目", "4丁目 郵便センター6号館", Fit::Yes),
            ("１～７丁目", "8丁目", Fit::No),
            ("１～７丁目", "八丁目", Fit::No),
            ("１～７丁目", "4-3-2", Fit::Yes),
            ("１～７丁目", "9-3", Fit::No),
            ("１～７丁目", "", Fit::Maybe),
            ("１～７丁目", "300番地", Fit::No),
            ("５、６丁目", "5丁目1-2", Fit::Yes),
            ("５、６丁目", "7丁目1-2", Fit::No),
            ("３丁目２８３番以上", "3丁目300", Fit::Maybe),
            ("３丁目２８３番以上", "4丁目300", Fit::No),
            ("丁目", "2丁目1", Fit::Yes),
            ("番地", "138番地", Fit::Yes),
            ("番地", "2丁目1", Fit::No),
        ] {
            assert_eq!(at(part, rest), expected, "{part} {rest}");
        }
    }

    #[test]
    fn lots_are_ranges_lists_and_branches() {
        for (part, rest, expected) in [
            ("１～１３１番地", "131番地", Fit::Yes),
            ("１～１３１番地", "132", Fit::No),
            ("１４５、１６９番地", "145-2", Fit::Yes),
            ("１４５、１６９番地", "146", Fit::No),
            ("４５０番地以下", "450", Fit::Yes),
            ("４５１番地以上", "450", Fit::No),
            ("３５番以降", "36番1号", Fit::Yes),
            ("７４８－１番地", "748-1", Fit::Yes),
            ("７４８－１番地", "748-2", Fit::No),
            ("６７－４～１１３－７番地", "90", Fit::Yes),
            ("６７－４～１１３－７番地", "67-1", Fit::Maybe),
            ("２５０～３４３番地「２５５番地を除く」", "255", Fit::Maybe),
            ("２５０～３４３番地「２５５番地を除く」", "400", Fit::No),
            ("第９地割～第１１地割", "第10地割5", Fit::Yes),
            ("第９地割～第１１地割", "12地割5", Fit::No),
            ("１線～３線", "西2線50", Fit::No),
        ] {
            assert_eq!(at(part, rest), expected, "{part} {rest}");
        }
    }

    #[test]
    fn hamlets_streets_and_what_is_left() {
        for (part, rest, expected) in [
            ("清浜", "字清浜12", Fit::Yes),
            ("清浜", "字東浦12", Fit::No),
            ("上原、小倉畔", "小倉畔3", Fit::Yes),
            ("その他", "9", Fit::Rest),
            ("次のビルを除く", "1-2", Fit::Yes),
            ("渡戸沢「筍沢温泉」", "渡戸沢3", Fit::Maybe),
            ("渡戸沢「筍沢温泉」", "別3", Fit::No),
        ] {
            assert_eq!(at(part, rest), expected, "{part} {rest}");
        }
        let kyoto =
            |street: &str| fit("御池通烏丸東入、御池通東洞院西入", "", false, &Place::new("123", &folded(street)));
        assert_eq!(kyoto("御池通烏丸東入る"), Fit::Yes);
        assert_eq!(kyoto("三条通烏丸東入"), Fit::No);
    }

    #[test]
    fn floors_are_told() {
        let floor = |t: &str| Place::new(&folded(t), "").floor().map(str::to_owned);
        assert_eq!(floor("2-7-3東京ビル13階").as_deref(), Some("13"));
        assert_eq!(floor("2-7-3東京ビル１３Ｆ").as_deref(), Some("13"));
        assert_eq!(floor("2-7-3東京ビルB1F").as_deref(), Some("B"));
        assert_eq!(floor("2-7-3東京ビル1301"), None);
    }
}
